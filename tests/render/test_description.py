"""What a picture is made of."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.geometry import shapes
from stagecraft.geometry.shading import corner_normals, feature_edges, linear, without_seams
from stagecraft.render.scene_description import describe
from stagecraft.scene import About, Part, Scene, Screen, SeatRow


def test_every_part_is_there_once_with_all_its_copies(scene):
    shown = {one.name: one for one in describe(scene).instances}
    for part in scene.parts:
        assert len(shown[part.label].transforms) == part.count
        assert shown[part.label].tags == part.tags


def test_a_box_has_twelve_edges_and_a_cylinder_only_its_two_rims():
    assert len(feature_edges(shapes.box(1, 2, 3))) == 12
    assert len(feature_edges(shapes.cylinder(1, 0, 2, sides=24))) == 48
    assert len(feature_edges(shapes.sphere(1.0, rings=12, sides=24))) == 0


def test_a_lintel_meets_its_wall_without_a_line_and_the_jamb_under_it_keeps_its_own():
    wall, lintel = shapes.box(2, 0.2, 5, (1, 0, 0)), shapes.box(1, 0.2, 3, (-0.5, 0, 2))
    lines, above = without_seams([feature_edges(wall), feature_edges(lintel)])
    here = np.abs(lines[..., 0]).max(axis=1) < 1e-6
    upright = lines[here & (np.ptp(lines[..., 2], axis=1) > 1e-6)]
    assert sorted(map(tuple, np.sort(upright[..., 2], axis=1).tolist())) == [(0.0, 2.0), (0.0, 2.0)]
    assert len(lines) == 11  # the upper line across the wall's end is gone
    assert len(above) == 9  # of the lintel's end only the line over the door is left


def test_round_things_are_shaded_round_and_flat_things_flat():
    assert corner_normals(shapes.box(1, 1, 1)) is None
    ball = shapes.sphere(2.0, rings=16, sides=24)
    normals = corner_normals(ball)
    assert (normals * ball.triangles / 2).sum(axis=2).min() > 0.98
    tube = shapes.cylinder(1, 0, 2, sides=48)
    normals = corner_normals(tube)
    caps = tube.surface < 2
    assert np.abs(normals[caps][..., 2]).min() == pytest.approx(1)
    side = normals[~caps]
    np.testing.assert_allclose((side[..., :2] * tube.triangles[~caps][..., :2]).sum(axis=2), 1, atol=1e-3)


def test_people_sit_on_every_seat_but_the_viewers_own(scene):
    own = str(scene.seats.ids[-1])
    shown = describe(scene, people=True, without=own)
    heads = np.concatenate([one.transforms[:, :3, 3] for one in shown.instances if "face" in one.name])
    others = scene.seats.eyes[scene.seats.ids != own]
    assert {tuple(np.round(h, 3)) for h in heads} == {tuple(np.round(e, 3).astype(np.float32)) for e in others}
    assert not [one for one in describe(scene).instances if one.group == "people"]


def test_a_seated_head_ends_at_the_height_that_sightlines_use(scene):
    shown = describe(scene, people=True)
    top = max(one.triangles[..., 2].max() for one in shown.instances if one.group == "people")
    assert top == pytest.approx(scene.about.head, abs=1e-3)


def test_who_stands_has_legs_that_reach_the_floor(scene):
    risen = tuple(
        replace(r, risen=np.ones(r.count, bool), eyes=r.at + [0, 0, scene.stature.standing_eye])
        if isinstance(r, SeatRow) else r for r in scene.records
    )  # fmt: skip
    legs = [one for one in describe(replace(scene, records=risen), people=True).instances if "legs" in one.name]
    assert sum(len(one.transforms) for one in legs) == len(scene.seats)
    low = min((one.triangles[..., 2].min() + one.transforms[:, 2, 3]).min() for one in legs)
    assert low == pytest.approx(scene.seats.at[:, 2].min(), abs=0.02)
    assert not [one for one in describe(scene, people=True).instances if "legs" in one.name]


def test_a_picture_runs_over_all_facets_by_their_length(scene):
    facets = np.array(
        [[[0, 0, 0], [3, 0, 0], [3, 0, 2], [0, 0, 2]], [[3, 0, 0], [4, 0, 0], [4, 0, 2], [3, 0, 2]]], float
    )
    bent = Scene(scene.about, {}, (Screen("led", facets, None, "slide.png"),))
    surfaces = describe(bent).screens
    assert [s.uv for s in surfaces] == [(0.0, 0.75), (0.75, 1.0)]
    assert surfaces[0].image.shape[:2] == (320, 640)  # 4 × 2 m takes all of a 640 × 320 picture


def test_a_picture_of_other_proportions_is_cut_never_squeezed(scene):
    square = np.array([[[0, 0, 0], [2, 0, 0], [2, 0, 2], [0, 0, 2]]], float)
    image = describe(Scene(scene.about, {}, (Screen("led", square, None, "slide.png"),))).screens[0].image
    assert image.shape[:2] == (320, 320)
    assert image[0, 100].tolist() == [200, 30, 40]
    assert image[0, 300].tolist() == [20, 60, 210]


def test_a_missing_picture_leaves_the_screen_plain(scene):
    face = np.array([[[0, 0, 0], [2, 0, 0], [2, 0, 2], [0, 0, 2]]], float)
    assert describe(Scene(scene.about, {}, (Screen("led", face, None, "none.png"),))).screens[0].image is None


def test_middle_grey_is_a_fifth_of_the_light():
    assert linear((0.5, 0.5, 0.5))[0] == pytest.approx(0.2140, abs=1e-4)


def test_an_empty_scene_and_a_lone_part_can_be_described():
    assert [one.name for one in describe(Scene(About("x"), {}, ())).instances] == ["floor"]
    lone = Scene(About("x"), {}, (Part("a", shapes.box(1, 1, 1)),))
    assert len(describe(lone).instances) == 2
