"""Free distances between sorts of parts, what stands in a space, and edges: closed forms on scenes made by hand."""

import numpy as np
import pytest

from stagecraft.analysis.clearances import Sort, drops, footprints, hangs, nearest, occupants
from stagecraft.analysis.gaps import Bodies
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.geometry.outline import outline, rectangle
from stagecraft.scene import Edge, Origin, Part, Space
from tests.analysis._house import row, scene

SET, WALLS = Sort(blocks=("set",)), Sort(blocks=("architecture",))


def box(element, low, high, **more):
    return Part(element, shapes.cuboid(low, high), **more)


def wall(x=5.0):
    return box("hall", (x, -9, 0), (x + 0.2, 9, 5), system="wall", blocks="architecture", movable=False)


def on(host, hung=False):
    return Origin("thing", np.eye(4), host, hung)


def test_the_nearest_pair_of_all_copies_speaks_for_two_parts():
    posts = Part("posts", shapes.box(0.2, 0.2, 1), frames(np.array([[0, 0, 0], [4.0, 2, 0], [3, -2, 0]])))
    (found,) = nearest(scene(posts, wall()), SET, WALLS, 2.0)
    assert (found.a.element, found.b.element) == ("posts", "hall")
    assert found.size == pytest.approx(5.0 - 4.1)
    assert found.at_a[:1] == pytest.approx((4.1,))
    assert found.at_b[:1] == pytest.approx((5.0,))
    assert 1.9 <= found.at_a[1] <= 2.1


@pytest.mark.parametrize(("within", "count"), [(0.5, 0), (0.899, 0), (0.9, 1), (3.0, 1)])
def test_only_what_is_as_near_as_asked_is_told(within, count):
    assert len(nearest(scene(box("a", (3.1, 0, 0), (4.1, 1, 1)), wall()), SET, WALLS, within)) == count


def test_what_carries_and_what_hangs_from_it_are_no_pair():
    parts = (
        box("T1", (0, 0, 5), (4, 0.3, 5.3), blocks="rigging"),
        box("lamp", (1, 0, 4.6), (1.2, 0.2, 5)),
        box("clamp", (1, 0, 4.9), (1.2, 0.2, 4.95)),
    )
    house = scene(*parts, elements={"lamp": on("T1", True), "clamp": on("lamp")})
    assert not nearest(house, Sort(blocks=("rigging",)), SET, 1.0)
    assert hangs(house, parts[1])
    assert hangs(house, parts[2])
    assert len(nearest(scene(*parts), Sort(blocks=("rigging",)), SET, 1.0)) == 2


def test_one_sort_against_itself_gives_each_pair_once():
    house = scene(*(box(name, (x, 0, 0), (x + 1, 1, 1)) for name, x in (("a", 0), ("b", 1.5), ("c", 3.2))))
    found = nearest(house, SET, SET, 1.0)
    assert [(one.a.element, one.b.element, round(one.size, 6)) for one in found] == [("a", "b", 0.5), ("b", "c", 0.7)]


def test_people_and_chairs_are_nothing_to_keep_away_from():
    some = box("host", (4.5, 0, 0), (4.8, 1, 2), system="person"), box("seat", (4.5, 3, 0), (4.9, 4, 1), of_seats=True)
    assert not nearest(scene(*some, wall()), Sort(), WALLS, 1.0)


def test_turning_and_mirroring_a_house_leaves_its_gaps():
    a, b = box("a", (0, 0, 0), (1, 1, 1)), Part("b", shapes.wedge(1, 2, 1), frame((2.5, 1, 0.5), 30)[None])
    (plain,) = nearest(scene(a, b), SET, SET, 3.0)
    away = frame((40, -7, 2), 77)
    for turned in ((a.moved(away), b.moved(away)), (a.mirrored(), b.mirrored())):
        (found,) = nearest(scene(*turned), SET, SET, 3.0)
        assert found.size == pytest.approx(plain.size, abs=1e-9)


def test_what_reaches_into_a_space_is_given_as_far_as_it_does():
    bodies = Bodies(scene(box("crate", (0.5, 0, 0), (3, 1, 1))))
    (one,) = occupants(bodies, rectangle(2, 2), 0.0, 2.0, lambda part: False)
    assert one.points.min(axis=0) == pytest.approx((0.5, 0, 0), abs=2e-3)
    assert one.points.max(axis=0) == pytest.approx((1, 1, 1), abs=2e-3)


@pytest.mark.parametrize("low", [(1.0, 0, 0), (0, 0, 2.0), (0, 1.0, -1)])
def test_what_stands_against_a_space_is_not_in_it(low):
    bodies = Bodies(scene(box("crate", low, np.add(low, 1))))
    assert not list(occupants(bodies, rectangle(2, 2), 0.0, 2.0, lambda part: False))


def test_a_space_of_two_halves_with_a_thin_neck_is_looked_at_in_both():
    neck = [
        (0, 0),
        (2, 0),
        (2, 0.9995),
        (4, 0.9995),
        (4, 0),
        (6, 0),
        (6, 2),
        (4, 2),
        (4, 1.0005),
        (2, 1.0005),
        (2, 2),
        (0, 2),
    ]
    bodies = Bodies(scene(box("a", (0.5, 0.5, 0), (1, 1, 1)), box("b", (4.5, 0.5, 0), (5, 1, 1))))
    found = occupants(bodies, outline(neck), 0.0, 2.0, lambda part: False)
    assert [one.part.element for one in found] == ["a", "b"]


def test_a_space_inside_a_solid_is_occupied():
    bodies = Bodies(scene(box("block", (-9, -9, -9), (9, 9, 9))))
    assert len(list(occupants(bodies, rectangle(1, 1), 0.0, 2.0, lambda part: False))) == 1


def test_footprints_are_turned_with_their_seats():
    (plain, turned) = footprints(
        scene(row(1, [(0, 0)], width=0.5, depth=0.8), row(2, [(5, 0)], width=0.5, depth=0.8, facing=0.0)).seats
    )
    assert plain.bounds == pytest.approx((-0.25, -0.4, 0.25, 0.4))
    assert turned.bounds == pytest.approx((4.6, -0.25, 5.4, 0.25))


# edges


def stage(*more, height=1.2, guarded=False):
    """4 × 3 m, front edge on the setting line, open by intent."""
    corners = np.array([(-2, 0), (2, 0), (2, 3), (-2, 3)], float)
    edges = [
        Edge("stage", np.c_[[a, b], [height, height]], height, guarded, k == 0)
        for k, (a, b) in enumerate(zip(corners, np.roll(corners, -1, axis=0)))
    ]
    deck = box("stage", (-2, 0, 0), (2, 3, height), system="stage")
    room = Space("hall", rectangle(30, 30), 0.0, 8.0)
    return scene(deck, room, Space("stage", rectangle(4, 3, (0, 1.5)), height, 99.0, "stage"), *edges, *more)


def test_an_edge_falls_by_the_height_of_its_floor():
    found = drops(stage())
    assert [round(float(one.fall.max()), 6) for one in found] == [1.2] * 4
    assert sum(one.length.sum() for one in found) == pytest.approx(14.0)
    assert [tuple(one.out[0].round(6) + 0.0) for one in found] == [(0, -1), (1, 0), (0, 1), (-1, 0)]


def test_steps_beside_an_edge_shorten_the_fall_as_far_as_they_reach():
    front, *_ = drops(stage(box("steps", (-2, -0.3, 0), (-1, 0, 1.0))))
    assert front.length[front.fall < 0.3].sum() == pytest.approx(1.0)
    assert front.fall.min() == pytest.approx(0.2)


def test_a_floor_level_with_it_leaves_no_edge():
    _, right, *_ = drops(stage(box("wing", (2, 0, 0), (5, 3, 1.2))))
    assert right.fall.max() == pytest.approx(0.0)


def test_the_wall_of_the_room_lets_nobody_fall():
    house = stage(box("hall", (-9, 3.1, 0), (9, 3.3, 8), system="wall", blocks="architecture"))
    assert drops(house)[2].guard.min() == pytest.approx(8 - 1.2)
    assert drops(house)[0].guard.max() == 0


def test_a_rail_is_as_high_as_it_rises_above_the_edge_and_guards_as_far_as_it_goes():
    rail = Part("stage", shapes.guard_rail((1.96, 0, 1.2), (1.96, 1.5, 1.2), 1.1), system="rail", soft=True)
    right = drops(stage(rail))[1]
    assert right.guard.max() == pytest.approx(1.1, abs=0.02)
    assert right.length[right.guard > 0].sum() == pytest.approx(1.75, abs=0.26)


def test_an_edge_said_to_be_guarded_is_where_nothing_is_drawn():
    assert np.isinf(drops(stage(guarded=True))[1].guard).all()


def test_a_stage_that_people_look_at_from_its_side_is_open_there_too():
    seats = row(1, [(6.0, 1.5)], facing=180.0)
    assert [bool(one.audience.all()) for one in drops(stage(seats))] == [True, True, False, False]
    assert [bool(one.audience.any()) for one in drops(stage())] == [True, False, False, False]


def test_places_behind_an_edge_are_as_far_from_it_as_they_stand():
    seats = row(1, [(0.0, 1.0)], floor=1.2, depth=0.5)
    assert drops(stage(seats))[0].seated.min() == pytest.approx(0.75, abs=0.05)


def test_a_scene_without_edges_or_without_a_room():
    assert drops(scene(wall())) == ()
    edge = Edge("deck", np.array([[0.0, 0, 2], [1, 0, 2]]), 2.0, False)
    (one,) = drops(scene(edge, box("deck", (0, 0, 0), (1, 1, 2))))
    assert one.fall.max() == pytest.approx(2.0)
