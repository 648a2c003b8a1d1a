"""What is meant becomes what stands: frames, hosts, obstacles, units, chairs."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.geometry.frame import points
from stagecraft.scene import Part, Screen
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load, loads

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def made(*elements, **house):
    return build(Venue.model_validate({"name": "T", "elements": list(elements), **house}))


def bounds(scene, element, name=None):
    """Lowest and highest corner of an element's parts. [m]"""
    boxes = [part.bounds for part in scene.parts if part.element == element and name in (None, part.name)]
    return np.array([np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)])


TRUSS = {"id": "T1", "type": "truss", "from": [-4, 2], "to": [4, 2], "trim": 6.0}
SCREEN = {"id": "s", "type": "screen", "image": [4, 2], "border": 0, "hung": "T1", "at": [1, 0, 0.2]}
STAGE = {"id": "stage", "type": "stage", "size": [8, 4], "height": 0.8}


# --- hosts


def test_a_screen_hung_two_tenths_below_a_truss_at_six_metres_has_its_top_at_five_eight():
    low, high = bounds(made(TRUSS, SCREEN), "s")
    assert (low[2], high[2]) == pytest.approx((3.8, 5.8))
    assert (low[0], high[0], low[1]) == pytest.approx((-1, 3, 2))


@QUICK
@given(st.floats(3, 12), st.floats(0, 0.9), st.floats(-2, 2), st.floats(-180, 180))
def test_moving_the_trim_moves_what_hangs_there(trim, drop, along, turn):
    scene = made({**TRUSS, "trim": trim}, {**SCREEN, "at": [along, 0.3, drop], "turn": turn})
    assert bounds(scene, "s")[1, 2] == pytest.approx(trim - drop)
    assert scene.elements["s"].frame[:2, 3] == pytest.approx([along, 2.3])
    facet = next(record for record in scene.records if isinstance(record, Screen)).facets[0]
    assert facet[2, 2] == pytest.approx(trim - drop)  # the picture's upper edge goes with it


def test_a_truss_across_the_room_turns_what_hangs_there():
    along = made({**TRUSS, "from": [3, -2], "to": [3, 6]}, {**SCREEN, "at": [1, 0, 0]})
    assert along.elements["s"].frame[:2, 3] == pytest.approx([3, 3])
    same = made({**TRUSS, "from": [3, 6], "to": [3, -2]}, {**SCREEN, "at": [1, 0, 0]})
    assert same.elements["s"].frame == pytest.approx(along.elements["s"].frame)  # whichever way it was drawn


def test_on_counts_from_the_hosts_top_and_goes_with_it():
    lectern = {"id": "l", "type": "lectern", "on": "stage", "at": [1, 2, 0.1]}
    assert bounds(made(STAGE, lectern), "l")[0, 2] == pytest.approx(0.9)
    assert bounds(made({**STAGE, "height": 1.2}, lectern), "l")[0, 2] == pytest.approx(1.3)
    turned = made({**STAGE, "at": [5, 0], "turn": 90}, lectern)
    assert turned.elements["l"].frame[:3, 3] == pytest.approx([3, 1, 0.9])


def test_hosts_may_stand_on_hosts_in_any_order_of_the_file():
    scene = made(
        {"id": "l", "type": "lectern", "on": "p"},
        {"id": "p", "type": "platform", "size": [2, 2], "height": 0.3, "on": "stage", "at": [1, 2]},
        STAGE,
    )
    assert scene.elements["l"].frame[:3, 3] == pytest.approx([1, 2, 1.1])
    assert next(part.element for part in scene.parts) == "l"  # papers keep the order of the file


def test_what_hangs_from_what_hangs():
    lamp = {"id": "a", "type": "item", "item": "snd.db.v8", "hung": "T1", "at": [0, 0, 0.5]}
    below = {"id": "b", "type": "item", "item": "snd.db.v8", "hung": "a", "at": [0, 0, 0.1]}
    scene = made(TRUSS, lamp, below)
    assert bounds(scene, "a")[1, 2] == pytest.approx(5.5)
    assert bounds(scene, "b")[1, 2] == pytest.approx(bounds(scene, "a")[0, 2] - 0.1)


# --- obstacles


SEATING = {
    "id": "A",
    "type": "seating",
    "rows": 4,
    "seats": 9,
    "width": 0.5,
    "pitch": 1.0,
    "front": [0, -3],
    "chair": None,
    "own_depth": 0.5,
}


def test_a_column_takes_exactly_the_seats_that_it_stands_in():
    # row B's chairs stand from y −4.0 to −4.5; seats 5 and 6 meet at x = 0.25
    column = {"id": "C1", "at": [0.25, -4.25], "diameter": 0.3}
    scene = made({"id": "hall", "type": "room", "size": [30, 30], "height": 5, "columns": [column]}, SEATING)
    gone = scene.laid_out.where(scene.laid_out.removed_by != "")
    assert [f"{row}{seat}" for row, seat in zip(gone.row, gone.seat)] == ["B5", "B6"]
    assert set(gone.removed_by.tolist()) == {"hall"}
    assert (len(scene.seats), len(scene.laid_out)) == (34, 36)
    left = scene.seats.where(scene.seats.row == "B")
    assert left.seat.tolist() == ["1", "2", "3", "4", "7", "8", "9"]  # nobody is renumbered


def test_touching_takes_no_seat():
    column = {"id": "C1", "at": [0.0, -3.75], "size": [2.0, 0.5]}  # between row A's backs and row B's fronts
    scene = made({"id": "hall", "type": "room", "size": [30, 30], "height": 5, "columns": [column]}, SEATING)
    assert len(scene.seats) == 36


def test_what_stands_above_heads_takes_no_seat():
    box = {"id": "b", "type": "scenery", "size": [2, 2, 0.5], "at": [0, -5, 1.3]}
    assert len(made(SEATING, box).seats) == 36
    assert len(made(SEATING, {**box, "at": [0, -5, 1.1]}).seats) < 36


def test_avoid_lets_an_element_take_seats_that_else_would_not():
    person = {"id": "p", "type": "presenter", "at": [0, -3.25]}
    assert len(made(SEATING, person).seats) == 36
    assert len(made({**SEATING, "avoid": ["p"]}, person).seats) < 36


def test_a_twin_avoids_what_its_model_avoids():
    """Two persons, each in the middle of one wing: both wings lose the same number of places."""
    wing = {**SEATING, "front": [-8, -3], "mirror": True, "avoid": ["left", "right"]}
    people = [{"id": id, "type": "presenter", "at": [x, -4.2]} for id, x in (("left", -8), ("right", 8))]
    scene = made(wing, *people)
    by_wing = [(scene.seats.element == id).sum() for id in (SEATING["id"], f"{SEATING['id']}_mirror")]
    assert by_wing[0] == by_wing[1] < 36


def test_chairs_are_as_many_as_seats_that_need_one():
    scene = made(
        {**SEATING, "chair": "fur.chair.banquet", "pattern": ["wheelchair", "companion", "chair"]},
        {"id": "foh", "type": "foh", "at": [0, -5.5], "size": [2, 1.6]},
    )
    seats = scene.seats
    assert len(seats) < 36
    chairs = sum(part.count for part in scene.of(Part) if part.of_seats)
    assert chairs == len(seats) - int((seats.place == "wheelchair").sum())
    tags = [tag for part in scene.of(Part) if part.of_seats for tag in part.tags]
    assert sorted(tags) == sorted(seats.ids[seats.place != "wheelchair"].tolist())


# --- units, turning, shifting


def test_feet_and_metres_make_the_same_room():
    metric = loads(
        "name: T\nelements:\n  - {id: hall, type: room, size: [18.288, 24.384], height: 6.096}\n"
        "  - {id: stage, type: stage, size: [9.7536, 4.8768], height: 0.9144}\n"
        "  - {id: A, type: seating, rows: 5, seats: [6, 6], pitch: 0.9144, width: 0.508, gangway: 1.2192, front: [0, -3.3528]}\n"
    )
    feet = loads(
        'name: T\nunits: ft\nelements:\n  - {id: hall, type: room, size: [60 ft, "80\'"], height: 20\'-0"}\n'
        "  - {id: stage, type: stage, size: [32', 16 feet], height: 36 in}\n"
        '  - {id: A, type: seating, rows: 5, seats: [6, 6], pitch: 3\', width: 20", gangway: 4 ft, front: [0, "-11\'"]}\n'
    )
    one, two = build(metric), build(feet)
    assert one.seats.ids.tolist() == two.seats.ids.tolist()
    assert one.seats.at == pytest.approx(two.seats.at, abs=1e-9)
    assert [p.name for p in one.parts] == [p.name for p in two.parts]
    for a, b in zip(one.parts, two.parts):
        assert a.bounds == pytest.approx(b.bounds, abs=1e-9)
        assert a.solid.volume == pytest.approx(b.solid.volume)
    assert (one.about.units, two.about.units) == ("m", "ft")


@QUICK
@given(
    st.floats(-20, 20),
    st.floats(-20, 20),
    st.floats(-180, 180),
    st.sampled_from([None, 15.0]),
    st.sampled_from([0.0, 0.2]),
)
def test_turning_and_shifting_a_host_changes_no_count_and_no_distance(x, y, turn, curve, riser):
    seating = {
        "id": "A",
        "type": "seating",
        "rows": 4,
        "seats": [5, 6],
        "front": [0, -4],
        "on": "floor",
        "curve": curve,
        "riser": riser,
    }
    column = {"id": "c", "type": "scenery", "diameter": 0.4, "height": 3, "at": [1.6, -5.3], "on": "floor"}
    floor = {"id": "floor", "type": "platform", "size": [30, 30], "height": 0.2}
    plain, moved = made(floor, seating, column), made({**floor, "at": [x, y], "turn": turn}, seating, column)
    assert plain.seats.ids.tolist() == moved.seats.ids.tolist()
    assert len(plain.parts) == len(moved.parts)
    frame = moved.elements["floor"].frame
    assert points(frame, plain.seats.at) == pytest.approx(moved.seats.at, abs=1e-9)
    assert points(frame, plain.seats.eyes) == pytest.approx(moved.seats.eyes, abs=1e-9)


# --- odd venues


@pytest.mark.parametrize(
    "elements",
    [
        [],
        [{"id": "A", "type": "seating", "rows": 1, "seats": 1}],
        [{"id": "hall", "type": "room", "size": [0.5, 0.5], "height": 0.3}],
        [{"id": "l", "type": "lectern", "on": "s"}, {"id": "s", "type": "screen", "image": [1, 1]}],
        [{"id": "A", "type": "seating", "rows": 2000, "seats": 1}],
        [{"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 0, "count": 1}],
        [
            {"id": "hall", "type": "room", "size": [9000, 9000], "height": 900},
            {"id": "A", "type": "seating", "rows": 2, "seats": 2},
        ],
    ],
    ids=[
        "nothing",
        "one seat",
        "a cupboard",
        "on a screen",
        "one file of people",
        "a table without places",
        "a huge hall",
    ],
)
def test_odd_venues_stand(elements):
    scene = made(*elements)
    assert set(scene.elements) == {element["id"] for element in elements}
    assert np.isfinite(scene.seats.at).all()


def test_seats_that_an_object_takes_all_leave_an_empty_house():
    scene = made(SEATING, {"id": "b", "type": "scenery", "size": [20, 20, 1]})
    assert (len(scene.seats), len(scene.laid_out)) == (0, 36)


def test_building_twice_gives_the_same_scene(tmp_path):
    (tmp_path / "venue.yaml").write_text(
        "name: T\nelements:\n  - {id: A, type: seating, rows: 3, seats: 4}\n  - {id: l, type: lectern}\n"
    )
    one, two = (build(load(tmp_path / "venue.yaml")) for _ in range(2))
    assert one.about == two.about
    assert [type(r).__name__ for r in one.records] == [type(r).__name__ for r in two.records]
    assert all((a.transforms == b.transforms).all() for a, b in zip(one.parts, two.parts))
    assert (one.elements["l"].file, one.elements["l"].line) == ("venue.yaml", 4)
