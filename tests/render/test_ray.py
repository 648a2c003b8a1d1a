"""Pictures by rays, judged by what must be seen in them rather than by their every pixel."""

import numpy as np
import pytest

from stagecraft.errors import VenueError
from stagecraft.geometry import shapes
from stagecraft.render import camera, tone
from stagecraft.render.description import Camera
from stagecraft.render.picture import keyed, png, still, write_png
from stagecraft.render.ray import picture
from stagecraft.render.scene_description import describe
from stagecraft.scene import About, Part, Scene

from .conftest import BLUE, RED

SMALL = (160, 90)


def at(image, view, point):
    """Mean colour of the 3 × 3 pixels round a world point."""
    (x, y), _ = camera.project(view, (image.shape[1], image.shape[0]), point)
    return image[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("look", ["work", "show"])
@pytest.mark.parametrize("view", ["overview", "front", "plan"])
def test_a_picture_is_no_flat_field(scene, view, look):
    image = still(scene, view, size=SMALL, samples=1, look=look)
    assert image.shape == (90, 160, 3)
    assert image.std() > 8


def test_the_work_light_is_light_and_the_show_is_dark(scene):
    assert still(scene, size=SMALL, samples=1).mean() > 120
    assert still(scene, seat="L C1", size=SMALL, samples=1, look="show").mean() < 90


def test_the_screen_shows_the_designers_own_colours(scene):
    view = Camera((0, -2, 2), (0, 3, 2), 60.0)
    image = picture(describe(scene), view, (320, 180), 2, "work")
    np.testing.assert_allclose(at(image, view, [-1.0, 3, 2.0]), RED, atol=2)
    np.testing.assert_allclose(at(image, view, [1.0, 3, 2.0]), BLUE, atol=2)


def test_the_screen_throws_its_colour_on_the_stage(scene):
    view = Camera((0, -2, 4.5), (0, 1.5, 0.6), 60.0)
    dark = Scene(scene.about, {}, tuple(r for r in scene.records if type(r).__name__ != "Light"))
    image = picture(describe(dark), view, (160, 90), 4, "show").astype(float)
    left, right = at(image, view, [-1.5, 2.6, 0.6]), at(image, view, [1.5, 2.6, 0.6])
    assert left[0] > left[2]
    assert right[2] > right[0]


def test_a_lamp_lights_its_aim_and_a_wall_in_between_takes_it_away(scene):
    view = Camera((0, -4, 4.5), (0, 1, 0.6), 50.0)
    wall = Part("wall", shapes.box(4, 0.1, 1.2, (0, -0.4, 2.6)))
    lit = at(picture(describe(scene), view, SMALL, 2, "show"), view, [0.3, 1.0, 0.6]).mean()
    shaded = Scene(scene.about, {}, (*scene.records, wall))
    beam = Camera((0, 2.9, 4.0), (0, 1, 0.6), 50.0)
    before = at(picture(describe(scene), beam, SMALL, 2, "show"), beam, [0.3, 1.0, 0.6]).mean()
    after = at(picture(describe(shaded), beam, SMALL, 2, "show"), beam, [0.3, 1.0, 0.6]).mean()
    assert lit > 30
    assert after < before * 0.6


def test_in_the_show_nothing_is_lost_in_black_and_the_lit_stage_is_brightest(scene):
    view = Camera((0, -9, 3), (0, 1, 1.0), 60.0)
    image = picture(describe(scene), view, SMALL, 2, "show")
    chairs = at(image, view, [*scene.seats.at[0][:2], scene.seats.at[0][2] + 0.4])
    assert chairs.mean() > 6
    assert at(image, view, [0.3, 1.0, 0.6]).mean() > 1.5 * chairs.mean()


def test_haze_leaves_a_screen_its_blacks(scene):
    view = Camera((0, -2, 2), (0, 3, 2), 60.0)
    shown = picture(describe(scene), view, (320, 180), 2, "show")
    np.testing.assert_allclose(at(shown, view, [-1.0, 3, 2.0]), RED, atol=30)


def test_corners_are_darker_than_open_walls(scene):
    plain = Scene(About("x"), {}, tuple(r for r in scene.records if r.element == "room"))
    view = Camera((0, -3, 2), (5, 4, 2), 60.0)
    image = picture(describe(plain), view, SMALL, 4, "work")
    assert at(image, view, [4.9, 4, 2.0]).mean() < at(image, view, [2.5, 4, 2.0]).mean() - 3


def test_the_same_seed_gives_the_same_bytes_and_soft_light_is_smooth(scene):
    first, second = (png(still(scene, "front", size=SMALL, samples=2)) for _ in range(2))
    assert first == second
    view = Camera((0, -3, 2.5), (0, -9, 2.5), 40.0)
    wall = picture(describe(scene), view, SMALL, 4, "work")[30:50, 40:120].astype(float).mean(axis=2)
    steps = np.abs(np.diff(wall, axis=1))
    assert steps.mean() < 1.0


def test_people_sit_in_front_and_never_on_the_viewers_own_eyes(scene):
    full = still(scene, seat="L C1", size=SMALL, samples=1)
    empty = still(scene, seat="L C1", size=SMALL, samples=1, people=False)
    changed = np.abs(full.astype(int) - empty).max(axis=2) > 20
    assert changed.mean() > 0.005
    view = camera.from_seat(scene, "L C1")
    (x, y), _ = camera.project(view, SMALL, scene.seats.eyes[camera.find_seat(scene, "L B1")])
    rows = slice(max(int(y), 0), int(y) + 12)
    assert changed[rows, max(int(x) - 6, 0) : int(x) + 6].any()


def test_a_wall_hides_the_stage_from_the_seat_behind_it(scene):
    view = camera.from_seat(scene, "R C1")
    wall = Part("board", shapes.box(12, 0.1, 4, (0, -1.0, 0)), colour=(0.0, 0.9, 0.0))
    image = picture(describe(Scene(scene.about, {}, (*scene.records, wall))), view, SMALL, 1, "work")
    red, green, blue = at(image, view, [0, 3, 2])
    assert green > red + 40
    assert green > blue + 40


@pytest.mark.parametrize(
    "records",
    [(), (Part("dot", shapes.box(1e-3, 1e-3, 1e-3)),), (Part("hill", shapes.box(5e3, 5e3, 10)),)],
)
@pytest.mark.parametrize("look", ["work", "show"])
def test_odd_scenes_still_give_a_picture(records, look):
    for view in ("overview", "front", "plan"):
        assert still(Scene(About("odd"), {}, records), view, size=(40, 24), samples=1, look=look).shape == (24, 40, 3)


def test_wrong_wishes_are_answered(scene):
    with pytest.raises(ValueError, match="pixels"):
        still(scene, size=(0, 90))
    with pytest.raises(ValueError, match="sample"):
        still(scene, samples=0)
    with pytest.raises(VenueError, match="no seat"):
        still(scene, seat="Z 99")


def test_a_png_reads_back_as_it_was(scene, tmp_path):
    from PIL import Image

    image = still(scene, size=SMALL, samples=1)
    write_png(image, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as file:
        np.testing.assert_array_equal(np.asarray(file), image)


def test_srgb_goes_there_and_back():
    steps = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(tone.encoded(tone.decoded(steps)) * 255, steps, atol=0.01)


def test_shadows_are_lifted_at_the_foot_of_the_curve_only_and_stay_in_order():
    light = np.linspace(0, 4, 4000, dtype=np.float32)
    plain, lifted = tone.filmic(light), tone.filmic(light, shadows=0.5)
    assert (np.diff(lifted) >= -1e-6).all()
    assert lifted[20] > 1.5 * plain[20]
    np.testing.assert_allclose(lifted[2000:], plain[2000:], atol=1e-3)


def test_a_key_stands_in_the_lower_left_corner_and_leaves_the_rest_alone():
    image = np.full((360, 640, 3), 200, np.uint8)
    key = [((1.0, 0.0, 0.0), "severe: 1"), ((0.0, 0.0, 1.0), "clear: 20")]
    made = keyed(image, "Views", key)
    assert made.shape == image.shape
    changed = np.argwhere((made != image).any(axis=2))
    assert changed[:, 0].min() > 180
    assert changed[:, 1].max() < 320
    red, blue = (np.argwhere((made == colour).all(axis=2))[:, 0].mean() for colour in ([255, 0, 0], [0, 0, 255]))
    assert red < blue
    assert (keyed(image, "Views", key) == made).all()
