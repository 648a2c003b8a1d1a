"""Ways to the exits: closed forms, what may not be crossed, what blocks a door, and where there is a choice."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from stagecraft.analysis._floor import BODY, Floor
from stagecraft.analysis.banks import banks
from stagecraft.analysis.travel import APART, route, travel
from stagecraft.build import build
from stagecraft.geometry import paths
from stagecraft.geometry.frame import frame
from stagecraft.scene import mirrored, moved
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load

ROOT = Path(__file__).resolve().parents[2]


def scene(*elements, **house):
    return build(Venue.model_validate({"name": "T", "elements": list(elements), **house}))


def room(x=(-10, 10), y=(-20, 10), doors=((0, -20),), **more):
    named = [{"id": f"D{n}", "at": list(at), "width": 2.0} for n, at in enumerate(doors, 1)]
    return {"id": "hall", "type": "room", "x": list(x), "y": list(y), "height": 6, "doors": named, **more}


def rows(**fields):
    return {"id": "S", "type": "seating", "chair": None, "own_depth": 0.6, "width": 0.5, "pitch": 1.0, **fields}


def one_chair(x, y, turn=0):
    """A chair whose person begins at `x`, `y`; it looks upstage, or with turn: 180 to −y."""
    return rows(rows=1, seats=1, front=[x, y + (BODY if turn else -BODY)], turn=turn)


def dist(*points):
    return float(np.linalg.norm(np.diff(np.array(points, float), axis=0), axis=1).sum())


# how long a way is


def test_an_l_shaped_way_bends_once_a_quarter_of_a_metre_from_the_corner():
    hall = {"id": "hall", "type": "room", "outline": [[0, 0], [20, 0], [20, 4], [4, 4], [4, 20], [0, 20]], "height": 4,
            "doors": [{"id": "D", "at": [20, 2], "width": 1.2}]}  # fmt: skip
    found = travel(scene(hall, one_chair(2, 18, turn=180)))
    assert found.distance[0] == pytest.approx(dist((2, 18), (3.75, 3.75), (19.75, 2), (20, 2)), abs=1e-6)


def test_along_the_row_down_the_middle_of_the_gangway_and_to_the_door():
    """Rows of 7 + 7 to either side of a gangway at x = 0, and a door on its axis behind: |x| across, then straight."""
    house = scene(room(x=(-4.3, 4.3)), rows(rows=10, seats=[7, 7], gangway=1.2, front=[0, -2]))
    found, seats = travel(house), house.seats
    behind = seats.key > 1
    way = seats.at[:, 1] + 0.3 + 0.2  # half a chair and half the seatway of 0.4 m
    assert found.distance[behind] == pytest.approx((np.abs(seats.at[:, 0]) + way + 20)[behind], abs=1e-6)


def test_a_stepped_gangway_is_as_long_as_its_slope():
    """Steps of 0.2 m in 1 m, the door in front: |x| across, down the slope to the front row, then on the level."""
    house = scene(room(doors=[(0, 10)]), rows(rows=10, seats=[7, 7], gangway=1.2, riser=0.2, front=[0, -2]))
    found, seats = travel(house), house.seats
    stepped = seats.key > 2
    first = -2 - 0.3
    slope = (first - (seats.at[:, 1] + 0.5)) * np.hypot(1.0, 0.2)
    assert found.distance[stepped] == pytest.approx((np.abs(seats.at[:, 0]) + slope + 10 - first)[stepped], abs=1e-6)


def test_round_a_stage():
    stage = {"id": "stage", "type": "stage", "size": [8, 4], "height": 1.0}
    found = travel(scene(room(doors=[(0, 10)]), stage, one_chair(0, -5)))
    assert found.distance[0] == pytest.approx(dist((0, -5), (4.25, -0.25), (4.25, 4.25), (0, 9.75), (0, 10)), abs=1e-6)


def test_round_a_column_is_two_tangents_and_an_arc():
    hall = room(doors=[(0, 10)], columns=[{"id": "K", "at": [0, 0], "diameter": 3.0}])
    found = travel(scene(hall, one_chair(0, -8)))
    radius, near, far = 1.5 + BODY, 8.0, 9.75
    turn = np.pi - np.arccos(radius / near) - np.arccos(radius / far)
    exact = np.sqrt(near**2 - radius**2) + np.sqrt(far**2 - radius**2) + radius * turn + BODY
    assert found.distance[0] == pytest.approx(exact, rel=0.005)


def test_the_farthest_point_of_a_standing_area_is_its_corner():
    area = {"id": "floor", "type": "standing", "size": [10, 8], "at": [0, 0]}
    (found,) = travel(scene(room(doors=[(0, 10)]), area)).areas
    assert found.distance == pytest.approx(dist((5, -4), (0, 9.75), (0, 10)))
    assert found.at[:2] in (pytest.approx((5, -4)), pytest.approx((-5, -4)))


def test_a_stage_is_left_by_its_steps():
    stage = {"id": "stage", "type": "stage", "size": [8, 4], "height": 1.0}
    steps = {"id": "steps", "type": "stairs", "height": 1.0, "steps": 5, "at": [0, 0]}
    (without,) = travel(scene(room(), stage)).areas
    (found,) = travel(scene(room(), stage, steps)).areas
    assert without.distance == np.inf
    flight = 4 * 0.28
    on_stage, on_floor = dist((4, 4), (0, 0)), 20 - flight
    assert found.distance == pytest.approx(on_stage + np.hypot(flight, 1.0) + on_floor, rel=0.01)


# what may not be crossed


@cache
def built(path):
    house = build(load(ROOT / path))
    return house, travel(house)


HOUSES = ["assets/examples/keynote-500/venue.yaml", "assets/examples/ref-500/venue.yaml",
          "assets/examples/lecture-raked/venue.yaml", "tests/data/rooms/chevron.yaml"]  # fmt: skip


@pytest.mark.parametrize("path", HOUSES)
def test_a_route_is_as_long_as_the_distance_says_and_ends_at_the_door(path):
    house, found = built(path)
    for seat in np.flatnonzero(~found.unreached)[::7]:
        line = route(house, found, int(seat))
        assert line[0] == pytest.approx(house.seats.at[seat])
        assert line[-1][:2] == pytest.approx(found.exits[found.exit[seat]].at[:2], abs=0.8)
        runs = np.diff(line[1:], axis=0)
        sloped = np.linalg.norm(runs, axis=1).sum()
        off = np.flatnonzero(np.abs(runs[:, 2]) > 1e-9)[:1]  # the gangway's tread at a row's end is level with the row
        level = sloped - np.linalg.norm(runs[off]) + np.linalg.norm(runs[off, :2])
        assert found.distance[seat] == pytest.approx(sloped, abs=0.02) or found.distance[seat] == pytest.approx(
            level, abs=0.02
        )


@pytest.mark.parametrize("path", HOUSES)
def test_no_route_leads_over_a_chair_of_another_row_or_through_a_wall(path):
    house, found = built(path)
    seats = house.seats
    look = np.radians(seats.facing)
    ahead = np.stack([np.cos(look), np.sin(look)], 1) * (seats.depth[:, None] / 2 - 0.01)
    right = np.stack([np.sin(look), -np.cos(look)], 1) * (seats.width[:, None] / 2 - 0.01)
    chairs = shapely.polygons(
        seats.at[:, None, :2] + np.stack([ahead + right, right - ahead, -ahead - right, ahead - right], 1)
    )
    tree = shapely.STRtree(chairs)
    inside = house.rooms[0].outline.polygon.buffer(0.01)
    for seat in np.flatnonzero(~found.unreached)[::5]:
        line = shapely.LineString(route(house, found, int(seat))[1:, :2])
        assert inside.covers(line)
        level = np.abs(seats.at[tree.query(line, predicate="intersects"), 2] - seats.at[seat, 2]) < 1.5
        assert not level.any(), seats.ids[seat]


def test_nobody_goes_through_another_row():
    """A block whose left ends stand at the wall: its way is by its right end, though the door is at the left."""
    house = scene(room(x=(-2.1, 6), doors=[(-1, -20)]), rows(rows=6, seats=8, front=[0, -2]))
    found = travel(house)
    back = house.seats.key > 1
    assert (found.net.side[back] == 1).all()


@pytest.mark.parametrize("path", [*HOUSES, "tests/data/rooms/cabaret.yaml"])
def test_who_looks_only_so_far_finds_the_same_ways(path, monkeypatch):
    """Among many points each looks at the nearest hundred only: ways bend at the same corners."""
    house, found = built(path)
    monkeypatch.setattr(paths, "_MANY", 10)
    monkeypatch.setattr(paths, "_ENOUGH", 100)
    near = travel(house)
    assert near.unreached.tolist() == found.unreached.tolist()
    some = ~found.unreached
    assert near.distance[some] == pytest.approx(found.distance[some], rel=0.01)
    assert (near.distance[some] > found.distance[some] - 1e-9).all()


# the same ways however it is turned


def carried(house, carry):
    return replace(house, records=tuple(carry(record) for record in house.records))


@pytest.mark.parametrize("path", [*HOUSES, "tests/data/rooms/cabaret.yaml"])
def test_turning_or_mirroring_the_venue_changes_no_way(path):
    house, found = built(path)
    turned = travel(carried(house, lambda r: moved(r, frame((13.0, -7.0, 0.0), 33.0))))
    twin_house = carried(house, lambda r: mirrored(r, {name: name for name in house.elements}))
    twin = travel(twin_house)
    assert turned.distance == pytest.approx(found.distance, abs=0.05)
    assert turned.common == pytest.approx(found.common, abs=0.05)
    at = house.seats.at * [-1, 1, 1]
    match = np.array([int(np.abs(twin_house.seats.at - p).sum(1).argmin()) for p in at])
    assert twin.distance[match] == pytest.approx(found.distance, abs=0.05)
    assert twin.common[match] == pytest.approx(found.common, abs=0.05)


# doors


def case(x, y, width=1.0):
    return {"id": "case", "type": "scenery", "size": [width, 0.8, 1.0], "at": [x, y]}


def test_a_door_behind_a_drape_is_not_reached_and_the_drape_is_named():
    drape = {"id": "drape", "type": "drape", "from": [-10, -17], "to": [10, -17], "height": 5}
    found = travel(scene(room(doors=[(0, -20), (0, 10)]), drape, one_chair(0, 0)))
    assert found.blocked == (("drape",), ())
    assert found.exit.tolist() == [1]
    assert [found.reached(0), found.reached(1)] == [False, True]


def test_what_stands_before_a_door_takes_of_its_clear_width():
    """Of a door of 2 m, from −1 to 1, a case from −1.4 to −0.4 leaves 1.4 m; one across it leaves nothing."""
    part = travel(scene(room(doors=[(0, -20)]), case(-0.9, -19.6), one_chair(0, 0)))
    assert part.clear[0] == pytest.approx(1.4)
    assert part.blocked == ((),)
    whole = travel(scene(room(doors=[(0, -20)]), case(0, -19.6, 3.0), one_chair(0, 0)))
    assert whole.clear[0] == 0.0
    assert whole.blocked == (("case",),)
    assert whole.unreached.tolist() == [True]
    assert whole.raised.tolist() == [False]


# choice


def test_a_row_that_is_closed_at_one_end_has_its_first_choice_in_the_gangway():
    """Left end at the wall; the gangway to the right leads to a door in front and one behind."""
    house = scene(
        room(x=(-4, 8), doors=[(0.6, -20), (0.6, 10)]), rows(rows=10, seats=[8, 6], gangway=1.2, front=[0.5, -2])
    )
    found, seats = travel(house), house.seats
    left = (seats.section == 0) & (seats.key > 1)
    middle = 0.5 * (seats.at[:, 0][left].max() + seats.at[:, 0][seats.section == 1].min())
    assert found.common[left] == pytest.approx(middle - seats.at[left, 0], abs=0.02)
    assert np.isfinite(found.second[left]).all()


def test_a_row_open_at_both_ends_has_a_choice_at_the_seat():
    house = scene(room(doors=[(-10, -8), (10, -8)]), rows(rows=10, seats=[10], front=[0, -2]))
    found, seats = travel(house), house.seats
    behind = seats.key > 1
    assert found.common[behind] == pytest.approx(0.0)
    nearest, other = found.distance[behind], found.second[behind]
    assert (other > nearest - 1e-9).all()


def test_one_exit_is_no_choice_at_all():
    house = scene(room(doors=[(0, -20)]), rows(rows=10, seats=[7, 7], gangway=1.2, front=[0, -2]))
    found = travel(house)
    assert found.common == pytest.approx(found.distance)
    assert np.isinf(found.second).all()


@pytest.mark.parametrize("apart", [30.0, APART, 60.0])
def test_two_doors_ahead_are_a_choice_from_where_their_directions_differ_enough(apart):
    """Approved Document B (2019) volume 2, 2.10: the directions are 45° or more apart at the person."""
    found = travel(scene(room(doors=[(-2, 10), (3, 10)]), one_chair(0, -10)), apart)
    here, one, other = np.array([0.0, -10]), np.array([-2, 9.75]), np.array([3, 9.75])
    turn = here + (one - here) / np.linalg.norm(one - here) * found.common[0]
    a, b = one - turn, other - turn
    angle = np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    assert angle == pytest.approx(apart, abs=0.01)
    assert found.second[0] == pytest.approx(found.common[0] + np.linalg.norm(b) + BODY)


def test_a_dead_end_gangway_is_part_of_the_common_way():
    """A tier whose gangway leads down only: no choice before its foot."""
    house = scene(room(doors=[(-10, 4), (10, 4)]), rows(rows=10, seats=[7, 7], gangway=1.2, riser=0.3, front=[0, -2]))
    found, seats = travel(house), house.seats
    last = seats.key == 10
    first = -2 - 0.3
    slope = (first - (seats.at[last, 1] + 0.5)) * np.hypot(1.0, 0.3)
    assert found.common[last] == pytest.approx(np.abs(seats.at[last, 0]) + slope, abs=0.3)


# nothing there


def test_nothing_is_reached_where_there_is_no_room_no_door_or_no_seat():
    bare = travel(scene(rows(rows=2, seats=4)))
    assert (bare.unreached.all(), bare.exits, len(bare.distance)) == (True, (), 8)
    shut = travel(scene(room(doors=[]), rows(rows=2, seats=4)))
    assert (shut.unreached.all(), shut.raised.any()) == (True, False)
    empty = travel(scene(room()))
    assert (len(empty.distance), empty.blocked) == (0, ((),))


def test_seats_on_a_floor_without_steps_are_raised():
    balcony = {"id": "B", "type": "balcony", "size": [10, 5], "level": 3.0, "at": [0, -12]}
    house = scene(room(), balcony, rows(rows=2, seats=6, on="B", at=[0, -1]), one_chair(0, 0) | {"id": "chair"})
    found = travel(house)
    high = house.seats.element == "S"
    assert found.raised.tolist() == high.tolist()
    assert found.unreached.tolist() == high.tolist()


def test_what_stands_in_a_gangway_closes_it_and_who_can_goes_the_other_way():
    """A case of 1.1 m in a gangway of 1.2 m, before row 6: the rows behind it leave to the rear, if there is a door."""
    block = case(0, -6.5, 1.1) | {"size": [1.1, 0.5, 1.0]}
    seating = rows(rows=10, seats=[7, 7], gangway=1.2, front=[0, -2])
    both = scene(room(x=(-4.3, 4.3), doors=[(0, -20), (0, 10)]), seating, block)
    found, behind = travel(both), both.seats.key >= 7
    assert (found.exit[behind] == 0).all()
    assert (found.exit[both.seats.key <= 4] == 1).all()
    front = scene(room(x=(-4.3, 4.3), y=(-12.5, 10), doors=[(0, 10)]), seating, block)
    shut = travel(front)
    assert shut.unreached.tolist() == (front.seats.key >= 6).tolist()


def test_a_low_platform_is_stepped_on_to_and_a_stage_is_left_by_its_steps_only():
    """0.2 m is a step; a choir on a stage of 0.6 m needs stairs."""
    low = {"id": "P", "type": "platform", "size": [8, 4], "height": 0.2, "at": [0, -8]}
    found = travel(scene(room(), low, rows(rows=2, seats=6, on="P", front=[0, 1.5])))
    assert not found.unreached.any()
    stage = {"id": "stage", "type": "stage", "size": [8, 4], "height": 0.6}
    steps = {"id": "steps", "type": "stairs", "height": 0.6, "steps": 4, "at": [0, 0]}
    choir = rows(rows=2, seats=6, on="stage", front=[0, 3.4])
    up = travel(scene(room(), stage, choir))
    assert (up.unreached.all(), up.raised.all()) == (True, True)
    down = travel(scene(room(), stage, steps, choir))
    assert not down.unreached.any()
    assert (down.distance > 20).all()


def test_a_ramp_is_as_long_as_its_slope():
    stage = {"id": "stage", "type": "stage", "size": [8, 4], "height": 0.6}
    ramp = {"id": "ramp", "type": "ramp", "height": 0.6, "length": 7.2, "at": [0, 0]}
    (found,) = travel(scene(room(), stage, ramp)).areas
    assert found.distance == pytest.approx(dist((4, 4), (0, 0)) + np.hypot(7.2, 0.6) + 20 - 7.2, rel=0.005)


def test_a_fine_grid_over_the_same_floor_finds_no_shorter_way_and_hardly_a_longer_one():
    """Tables, a stage and a desk: by a grid of 0.1 m with eight neighbours a way is up to 8.3 % longer, never shorter."""
    house = build(load(ROOT / "tests/data/rooms/cabaret.yaml"))
    area = Floor(house, house.rooms[0], banks(house)).ground.area
    x0, y0, x1, y1 = area.bounds
    x, y = np.arange(x0 + 1e-3, x1, 0.1), np.arange(y0 + 1e-3, y1, 0.1)
    at = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    free = shapely.contains_xy(area, at[..., 0], at[..., 1])
    number = np.where(free, np.cumsum(free).reshape(free.shape) - 1, -1)
    pairs = []
    for i, j in ((1, 0), (0, 1), (1, 1), (1, -1)):
        a = number[: len(x) - i, max(0, -j) : len(y) - max(0, j)]
        b = number[i:, max(0, j) : len(y) + min(0, j)]
        pairs.append(np.stack([a, b], axis=-1)[(a >= 0) & (b >= 0)])
    links, points = np.concatenate(pairs), at[free]
    length = np.linalg.norm(points[links[:, 0]] - points[links[:, 1]], axis=1)
    found = travel(house)
    for k, door in enumerate(found.exits):
        out = np.array([np.cos(np.radians(door.heading)), np.sin(np.radians(door.heading))])
        foot = int(np.linalg.norm(points - (door.at[:2] - BODY * out), axis=1).argmin())
        away, _ = paths.shortest(len(points), links, length, np.array([foot]))
        for seat in np.flatnonzero(found.exit == k)[::5]:
            start = route(house, found, int(seat))[1, :2]
            near = int(np.linalg.norm(points - start, axis=1).argmin())
            assert 0.99 * found.distance[seat] - 0.3 < away[near] + BODY < 1.083 * found.distance[seat] + 0.3


def test_who_sits_on_a_balcony_leaves_by_its_own_door():
    """The door of the upper foyer is an exit of the balcony's floor, and of no other."""
    hall = {"id": "hall", "type": "room", "x": [-10, 10], "y": [-20, 0], "height": 9,
            "doors": [{"id": "D1", "at": [-10, -2]}, {"id": "D2", "at": [10, -19], "width": 1.2, "floor": 5}]}  # fmt: skip
    house = (
        hall,
        {"id": "gallery", "type": "balcony", "at": [0, -12], "size": [20, 8], "level": 5},
        {"id": "circle", "type": "seating", "on": "gallery", "rows": 2, "seats": 10, "at": [0, -2]},
        {"id": "stalls", "type": "seating", "rows": 2, "seats": 10, "front": [0, -3]},
    )
    scene = build(Venue(name="T", elements=house))
    ways = travel(scene)
    of = scene.seats.element
    assert ways.exits[ways.exit[of == "circle"][0]].name == "D2"
    assert {ways.exits[k].name for k in ways.exit[of == "circle"]} == {"D2"}
    assert {ways.exits[k].name for k in ways.exit[of == "stalls"]} == {"D1"}
    straight = np.hypot(10 - scene.seats.at[of == "circle", 0], -19 - scene.seats.at[of == "circle", 1])
    assert (ways.distance[of == "circle"] >= straight - 1e-6).all()
    assert (ways.distance[of == "circle"] <= straight * np.sqrt(2) + 1.0).all()
