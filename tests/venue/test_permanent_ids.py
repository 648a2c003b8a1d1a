"""A seat keeps its permanent id, and with it its holder, as long as it is the same seat."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.venue.document import Venue

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def house(seating, foh_at=(30.0, -6.0), turn=0.0, numbering=None):
    return build(Venue.model_validate({"name": "T", "numbering": numbering or {}, "elements": [
        {"id": "A", "type": "seating", "front": [0, -3], "turn": turn, **seating},
        {"id": "foh", "type": "foh", "at": list(foh_at), "size": [3, 2]},
    ]}))  # fmt: skip


def where(scene):
    """Permanent id → position, of every seat ever laid out."""
    return {id: at for row in scene.seat_rows for id, at in zip(row.ids.tolist(), row.at)}


@st.composite
def layouts(draw):
    """A seating element with one to five blocks."""
    blocks = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    return {
        "rows": draw(st.integers(1, 5)), "seats": blocks, "gangway": draw(st.sampled_from([0.9, 1.2, 2.0])),
        "align": draw(st.sampled_from(["left", "centre", "right"])), "width": draw(st.sampled_from([0.5, 0.55])),
        "curve": draw(st.sampled_from([None, 12.0])), "riser": draw(st.sampled_from([0.0, 0.15])),
    }  # fmt: skip


@QUICK
@given(layouts(), st.integers(1, 6))
def test_rows_added_at_the_back_leave_every_seat_where_it_was(layout, more):
    before, after = where(house(layout)), where(house({**layout, "rows": layout["rows"] + more}))
    assert set(before) < set(after)
    for id, at in before.items():
        assert at == pytest.approx(after[id], abs=1e-9)


@QUICK
@given(layouts(), st.integers(1, 4))
def test_seats_added_at_both_ends_leave_every_seat_where_it_was(layout, more):
    layout = {**layout, "align": "centre"}
    seats = list(layout["seats"])
    if len(seats) == 1:
        seats = [seats[0] + 2 * more]
    else:
        seats[0], seats[-1] = seats[0] + more, seats[-1] + more
    before, after = where(house(layout)), where(house({**layout, "seats": seats}))
    assert len(after) == len(before) + 2 * more * layout["rows"]
    for id, at in before.items():
        assert at == pytest.approx(after[id], abs=1e-9)


@QUICK
@given(layouts(), st.integers(1, 4), st.sampled_from([0, -1]))
def test_seats_added_at_one_end_of_several_blocks_keep_all_other_ids(layout, more, end):
    layout = {**layout, "align": "centre", "seats": [*layout["seats"], 4]}
    seats = list(layout["seats"])
    seats[end] += more
    assert set(where(house(layout))) < set(where(house({**layout, "seats": seats})))


@QUICK
@given(layouts(), st.integers(1, 4), st.sampled_from(["left", "right"]))
def test_seats_added_at_the_free_end_keep_all_other_ids(layout, more, align):
    seats = list(layout["seats"])
    seats[-1 if align == "left" else 0] += more
    before, after = (where(house({**layout, "align": align, "seats": s})) for s in (layout["seats"], seats))
    assert set(before) < set(after)
    # an aligned row stays at its end; the element's middle has moved by half of what was added
    moved = np.array([after[id] - at for id, at in before.items()])
    if layout["curve"] is None:
        assert np.abs(np.abs(moved[:, 0]) - more * layout["width"] / 2).max() < 1e-9
        assert np.abs(moved[:, 1:]).max() < 1e-9


@QUICK
@given(
    layouts(),
    st.sampled_from(["letters", "numbers"]),
    st.sampled_from(["house_left", "house_right"]),
    st.integers(0, 300),
    st.booleans(),
)
def test_renumbering_changes_labels_and_nothing_else(layout, rows, side, start, through):
    numbering = {"rows": rows, "from": side, "start": start, "continuous_blocks": through, "skip": ["I"]}
    plain, renumbered = house(layout), house(layout, numbering=numbering)
    assert plain.seats.ids.tolist() == renumbered.seats.ids.tolist()
    assert (plain.seats.at == renumbered.seats.at).all()
    labels = list(zip(renumbered.seats.block, renumbered.seats.row, renumbered.seats.seat))
    assert len(set(labels)) == len(labels)  # and they are a house's: no two alike


@QUICK
@given(layouts(), st.floats(-4, 4), st.floats(-8, -3))
def test_moving_foh_takes_other_seats_and_renames_nobody(layout, x, y):
    before, after = house(layout), house(layout, foh_at=(x, y))
    assert where(before).keys() == where(after).keys()
    stays = np.isin(before.seats.ids, after.seats.ids)
    assert before.seats.where(stays).ids.tolist() == after.seats.ids.tolist()
    for field in ("at", "row", "seat", "block"):
        assert (getattr(before.seats.where(stays), field) == getattr(after.seats, field)).all()


@QUICK
@given(layouts(), st.floats(-180, 180))
def test_turning_the_room_turns_every_seat_with_it(layout, turn):
    before, after = where(house(layout)), where(house(layout, turn=turn))
    assert list(before) == list(after)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    for id, at in before.items():
        x, y = at[0], at[1] + 3  # about the middle of the front row
        assert after[id] == pytest.approx([c * x - s * y, s * x + c * y - 3, at[2]], abs=1e-9)


def test_slots_are_counted_from_the_rows_middle():
    def slots(seats):
        return [id.split("/")[2] for id in where(house({"rows": 1, "seats": seats}))]

    assert slots([5]) == ["-2", "-1", "1", "2", "3"]
    assert slots([4]) == ["-2", "-1", "1", "2"]
    assert slots([2, 3]) == ["-2", "-1", "1", "2", "3"]  # from the middle gangway
    assert slots([1, 3, 2]) == ["-2", "-1", "1", "2", "3", "4"]


@pytest.mark.parametrize("seats", range(1, 40))
def test_one_seat_more_takes_no_id_away(seats):
    """Whichever number a row has: what was sold stays sold."""
    fewer, more = (set(where(house({"rows": 3, "seats": n}))) for n in (seats, seats + 1))
    assert fewer < more
    assert len(more - fewer) == 3


def test_an_id_says_element_row_and_slot():
    assert list(where(house({"rows": 2, "seats": 2}))) == ["A/1/-1", "A/1/1", "A/2/-1", "A/2/1"]


KINDS = {
    "arc": {"curve": 6, "arc": [-80, 110]}, "ring": {"curve": 4, "arc": [-180, 180]},
    "path": {"path": [[-8, 3], [-3, 0], [3, 0], [8, 3]]}, "curve": {"path": [[-8, 3], [0, 0], [8, 3]], "smooth": True},
    "counts": {"seats": [8, 10, 8], "by_row": {"2": [6, 10, 9]}, "without": ["1/-2"]},
    "widths": {"seats": [9, 12], "width": [0.5, 0.52, 0.55]},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_rows_added_at_the_back_of_every_kind_leave_every_seat_where_it_was(kind):
    before, after = (where(house({**KINDS[kind], "rows": rows})) for rows in (5, 7))
    assert set(before) < set(after)
    assert all(at == pytest.approx(after[id], abs=1e-9) for id, at in before.items())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turn", [-90.0, 37.0, 180.0])
def test_turning_rows_of_every_kind_turns_every_seat_with_them(kind, turn):
    before, after = (where(house({**KINDS[kind], "rows": 4}, turn=angle)) for angle in (0.0, turn))
    assert list(before) == list(after)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    for id, (x, y, z) in before.items():
        assert after[id] == pytest.approx([c * x - s * (y + 3), s * x + c * (y + 3) - 3, z], abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_gangway_or_a_vomitory_takes_seats_and_renames_nobody(kind):
    layout = {**KINDS[kind], "rows": 6, "riser": 0.4}
    before = where(house(layout))
    for cut in (
        {"aisles": [{"path": [[-1.5, 2], [-2, -9]], "width": 1.1}]},
        {"aisles": [{"path": [[2, 2], [2, -9]]}, {"path": [[-9, -3.2], [9, -3.2]], "width": 1.5}]},
        {"vomitories": [{"at": 1, "from": 3, "width": 1.4}]},
    ):
        after = where(house({**layout, **cut}))
        assert set(after) < set(before)
        assert all(at == pytest.approx(before[id]) for id, at in after.items())


@pytest.mark.parametrize("arc", [[-60, 60], [-90, 110], [-170, 20]])
def test_an_arc_that_goes_further_round_leaves_every_seat_its_id(arc):
    small, large = (where(house({"rows": 5, "curve": 6, "arc": a})) for a in ([-50, 20], arc))
    assert set(small) < set(large)
    assert all(at == pytest.approx(large[id], abs=1e-9) for id, at in small.items())


@pytest.mark.parametrize("inner", [[[-3, 0], [3, 0]], [[0, -1]], [[-4, 0.5], [-1, -1], [2, -0.5]]])
@pytest.mark.parametrize("left", [0.0, 1.4])
@pytest.mark.parametrize("right", [0.6, 2.5])
def test_a_path_that_grows_at_either_end_leaves_every_seat_where_it_was(inner, left, right):
    def rows(left, right):
        first, last = np.array([-8, 2]) - inner[0], np.array([8, 2]) - inner[-1]
        reach = (1 + left / np.linalg.norm(first), 1 + right / np.linalg.norm(last))
        ends = (inner[0] + first * reach[0], inner[-1] + last * reach[1])
        return where(house({"rows": 5, "path": [ends[0].tolist(), *inner, ends[1].tolist()]}))

    small, large = rows(0.0, 0.0), rows(left, right)
    assert set(small) < set(large)
    assert all(at == pytest.approx(large[id], abs=1e-9) for id, at in small.items())


@QUICK
@given(st.floats(0.1, 4), st.floats(0.1, 4), st.floats(-6, 6), st.floats(-12, -4))
def test_an_area_that_grows_or_gets_a_hole_leaves_every_seat_where_it_was(left, right, x, y):
    def rows(left, right, **more):
        room = {"id": "hall", "type": "room", "x": [-8 - left, 8 + right], "y": [-16, 4], "height": 5, **more}
        fill = {"id": "A", "type": "seating", "front": [0, -3], "within": "hall"}
        return where(build(Venue.model_validate({"name": "T", "elements": [room, fill]})))

    small, large = rows(0, 0), rows(left, right)
    holed = rows(left, right, holes=[[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]])
    assert set(small) <= set(large)
    assert set(holed) <= set(large)
    for some in (small, holed):
        assert all(at == pytest.approx(large[id], abs=1e-9) for id, at in some.items())


@pytest.mark.parametrize("kind", KINDS)
def test_gangways_moved_or_widened_rename_nobody(kind):
    cuts = [
        {"path": [[-1.5, 2], [-2, -9]]},
        {"path": [[-1.9, 2], [-2.4, -9]]},
        {"path": [[-1.5, 2], [-2, -9]], "width": 1.8},
    ]
    whole = where(house({**KINDS[kind], "rows": 5}))
    for aisle in cuts:
        after = where(house({**KINDS[kind], "rows": 5, "aisles": [aisle]}))
        assert set(after) < set(whole)
        assert all(at == pytest.approx(whole[id]) for id, at in after.items())


@pytest.mark.parametrize("radial", [[-90, 0, 90, 180], [-90, 10, 90, 180], [-90, 0, 90, 170], [45]])
@pytest.mark.parametrize("gangway", [1.2, 1.8])
def test_radial_gangways_take_seats_of_a_ring_and_rename_nobody(radial, gangway):
    ring = {"rows": 5, "curve": 4, "arc": [-180, 180]}
    whole, after = where(house(ring)), where(house({**ring, "radial": radial, "gangway": gangway}))
    assert set(after) < set(whole)
    assert all(at == pytest.approx(whole[id]) for id, at in after.items())


@pytest.mark.parametrize("rows", range(1, 9))
def test_a_telescopic_unit_keeps_its_ids_however_far_it_is_open(rows):
    def unit(**fields):
        drawn = {
            "id": "U",
            "type": "telescopic",
            "rows": 8,
            "stored_depth": 1.4,
            "seats": [7, 9],
            "riser": 0.25,
            **fields,
        }
        return set(where(build(Venue.model_validate({"name": "T", "elements": [drawn]}))))

    assert unit(open_rows=rows) <= unit()
    assert len(unit(open_rows=rows)) == 16 * rows
