"""What a tape can touch: walls that stand across each other, else columns."""

import numpy as np
import pytest

from stagecraft.analysis.tapes import Column, Wall, named, references, walls_of
from stagecraft.build import build
from stagecraft.venue.load import loads

POINTS = np.array([(-4.0, 1.0), (0.0, 1.0), (4.0, 1.5)])


def hall(room: str):
    return build(loads(f"schema: 1\nname: Hall\nelements:\n  - {{id: hall, type: room, height: 6, {room}}}\n"))


def test_in_a_box_the_nearest_two_walls_are_measured_from_square():
    found = references(hall("x: [-9, 11], y: [-20, 7]"), POINTS)
    assert named(found) == ["SR wall", "US wall"]
    assert found[0].distance(POINTS).tolist() == pytest.approx([5, 9, 13])
    assert found[1].distance(POINTS).tolist() == pytest.approx([6, 6, 5.5])
    assert found[0].foot(POINTS[0]).tolist() == pytest.approx([-9, 1])


def test_a_room_that_stands_askew_is_measured_from_its_own_walls():
    """Turned about 0, 0 with everything in it, all distances are as before."""
    a = np.radians(30)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    corners = np.array([(-9, -20), (11, -20), (11, 7), (-9, 7)]) @ turn.T
    there = "outline: [" + ", ".join(f"[{x:.9f}, {y:.9f}]" for x, y in corners) + "]"
    one = references(hall("x: [-9, 11], y: [-20, 7]"), POINTS)
    two = references(hall(there), POINTS @ turn.T)
    away = [sorted(tuple(np.round(tape.distance(p), 6)) for tape in found)
            for found, p in ((one, POINTS), (two, POINTS @ turn.T))]  # fmt: skip
    np.testing.assert_allclose(away[0], away[1], atol=1e-6)


def test_walls_that_a_square_tape_misses_come_last():
    """Upstage there is a niche: no wall there is opposite to all points, the wall downstage is, far as it is."""
    found = references(hall("outline: [[-9, -20], [9, -20], [9, 7], [-3, 7], [-3, 3], [-9, 3]]"), POINTS)
    assert named(found) == ["SR wall", "DS wall"]
    assert all(wall.meets(POINTS).all() for wall in found)


def test_where_there_are_no_straight_walls_columns_are_measured_to_their_face():
    angle = np.radians(np.arange(0, 360, 5))
    ring = ", ".join(f"[{9 * np.cos(a):.6f}, {9 * np.sin(a):.6f}]" for a in angle)
    room = f"outline: [{ring}], columns: [{{id: K1, at: [-5, 1], diameter: 0.6}}, {{id: K2, at: [5, 5], size: [1, 1]}}]"
    found = references(hall(room), POINTS)
    assert named(found) == ["column K1", "column K2"]
    assert all(isinstance(one, Column) for one in found)
    assert found[0].distance(POINTS)[0] == pytest.approx(1 - 0.3, abs=0.001)
    assert found[1].distance(POINTS)[1] == pytest.approx(np.hypot(4.5, 3.5))


def test_without_a_room_there_is_nothing_to_touch():
    scene = build(loads("schema: 1\nname: Hall\nelements: [{id: s, type: stage, size: [4, 3], height: 0.5}]\n"))
    assert references(scene, POINTS) == ()
    assert references(hall("size: [10, 10]"), np.zeros((0, 2))) == ()


def test_a_wall_is_named_by_where_it_lies():
    middle = {
        wall.name: ((wall.start + wall.end) / 2).round(6).tolist()
        for wall in walls_of(hall("x: [-9, 11], y: [-20, 7]"))
    }
    assert middle == {"DS wall": [1, -20], "SL wall": [11, -6.5], "US wall": [1, 7], "SR wall": [-9, -6.5]}
    assert all(isinstance(wall, Wall) and wall.distance(POINTS).min() > 0 for wall in walls_of(hall("size: [30, 30]")))


def test_a_wall_behind_another_is_no_reference():
    """The proscenium's jambs stand between these points and the upstage wall: the tape goes to the wall behind the audience."""
    text = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-12, 12], y: [-20, 8], height: 9}
  - {id: pros, type: proscenium, at: [0, 0], opening: [8, 6], wall: [24, 9]}
"""
    scene = build(loads(text))
    points = np.array([(-9.0, -3.0), (9.0, -3.0)])
    assert [wall.name for wall in references(scene, points)] == ["SR wall", "DS wall"]
    assert [wall.name for wall in references(scene, points * (0.3, 1))] == ["SR wall", "US wall"]
