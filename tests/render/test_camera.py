"""Cameras: a ray through a pixel comes back to that pixel, and a seat is found by the name on its ticket."""

import numpy as np
import pytest

from stagecraft.errors import VenueError
from stagecraft.render import camera
from stagecraft.render.description import Camera
from stagecraft.render.scene_description import describe
from stagecraft.scene import About, Scene

SIZE = (320, 180)


@pytest.mark.parametrize(
    "view", [Camera((1, -9, 3), (0, 2, 1), 50.0), Camera((0, 0, 20), (0, 0, 0), up=(0, 1, 0), ortho=12.0)]
)
def test_a_point_on_the_ray_through_a_pixel_projects_onto_that_pixel(view):
    pixels = np.array([[0.5, 0.5], [160.0, 90.0], [300.25, 20.75]])
    origins, ways = camera.rays(view, SIZE, pixels)
    back, depth = camera.project(view, SIZE, origins + ways * 7.0)
    np.testing.assert_allclose(back, pixels, atol=1e-3)
    assert (depth > 0).all()


def test_half_the_field_of_view_reaches_the_edge_of_the_picture():
    view = Camera((0, 0, 0), (0, 1, 0), fov=90.0)
    pixels, depth = camera.project(view, SIZE, [[3.0, 3.0, 0.0], [0.0, -1.0, 0.0]])
    assert pixels[0] == pytest.approx([320, 90])
    assert depth.tolist() == [3.0, -1.0]


def test_up_is_up_and_right_is_right():
    view = Camera((0, -5, 1), (0, 0, 1))
    pixels, _ = camera.project(view, SIZE, [[1, 0, 1], [0, 0, 2]])
    assert pixels[0][0] > 160
    assert pixels[1][1] < 90


def test_the_overview_holds_everything_and_fills_the_picture(scene):
    description = describe(scene)
    view = camera.overview(description, SIZE)
    points = camera._corners(camera.seen_from(description, view))
    pixels, depth = camera.project(view, SIZE, points)
    assert (depth > 0).all()
    assert pixels.min() >= 0
    assert (pixels.max(axis=0) <= SIZE).all()
    reach = np.ptp(pixels, axis=0) / SIZE
    assert reach.max() > 0.9


def test_the_overview_looks_over_the_near_walls_and_through_the_ceiling(scene):
    description = describe(scene)
    view = camera.overview(description, SIZE)
    shown = camera.seen_from(description, view)
    assert not [one.name for one in shown.instances if one.shell == "ceiling"]
    walls = np.concatenate([one.triangles.mean(axis=1) for one in shown.instances if one.name == "room"])
    assert (walls[:, 1] > 3.9).any()  # the wall behind the stage stays
    assert (walls[:, 0] > 4.9).any()  # and the far side wall
    assert not ((walls[:, 0] < -4.99) & (np.abs(walls[:, 1]) < 3)).any()  # the near side wall is gone
    assert not [one.name for one in shown.instances if "D1" in one.name]  # with its door
    assert [one.name for one in shown.instances if one.name == "column"]


def test_a_sign_in_the_corner_goes_or_stays_as_a_whole(scene):
    from dataclasses import replace

    from stagecraft.geometry import shapes
    from stagecraft.scene import Part

    box = Part("fire", shapes.box(0.5, 0.4, 1.2, (4.7, -9.75, 0)), system="fire")
    description = describe(replace(scene, records=(*scene.records, box)))
    shown = camera.seen_from(description, camera.overview(description, SIZE))
    assert [len(one.triangles) for one in shown.instances if one.name == "fire"] in ([], [12])


def test_from_inside_nothing_is_left_away(scene):
    description = describe(scene)
    assert camera.seen_from(description, camera.from_seat(scene, "L A1")) is description
    assert camera.seen_from(description, Camera((0, -9, 3), (0, 0, 1))) is description


@pytest.mark.parametrize("name", ["L C2", "l c2", "L/C/2", "L C 2", "LC2", "stalls/L3/2", " STALLS/L3/2 "])
def test_a_seat_is_found_by_any_of_its_names(scene, name):
    index = camera.find_seat(scene, name)
    assert scene.seats.ids[index] == "stalls/L3/2"
    assert camera.from_seat(scene, name).eye == pytest.approx((-2.5, -4.95, 1.2))


def test_a_seat_that_two_blocks_have_is_asked_for_again(scene):
    with pytest.raises(VenueError, match=r"'C2' is 2 seats: 'L C2' \(stalls/L3/2\), 'R C2' \(stalls/R3/2\); name one"):
        camera.find_seat(scene, "C2")


def test_a_seat_that_is_not_there_names_its_neighbours(scene):
    with pytest.raises(VenueError, match="there is no seat 'L C9'; the nearest are 'L C"):
        camera.find_seat(scene, "L C9")
    with pytest.raises(VenueError, match="nobody is seated here"):
        camera.find_seat(Scene(About("empty"), {}, ()), "A1")


def test_a_saved_view_is_known_by_name_and_a_wrong_one_is_answered(scene):
    description = describe(scene)
    assert camera.standard("balcony", scene, description).fov == 50.0
    with pytest.raises(VenueError, match=r"no camera 'overveiw'; did you mean 'overview'\?"):
        camera.standard("overveiw", scene, description)


def test_the_plan_has_the_stage_at_the_top(scene):
    view = camera.plan(describe(scene), SIZE)
    pixels, _ = camera.project(view, SIZE, [[0, 2, 0], [0, -5, 0], [3, 0, 0], [-3, 0, 0]])
    assert pixels[0, 1] < pixels[1, 1]
    assert pixels[2, 0] > pixels[3, 0]
