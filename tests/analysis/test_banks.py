"""Banks: what sits side by side, what stands in front of a row and beyond its ends."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft import scene as waist
from stagecraft.analysis.banks import REACH, banks
from stagecraft.build import build
from stagecraft.geometry import frame as frames
from stagecraft.venue.document import Venue
from tests.analysis._house import row, scene


def venue(*elements, **fields):
    return build(Venue.model_validate({"name": "test", "elements": elements, **fields}))


def seating(**fields):
    return {"id": "s", "type": "seating", "front": [0, 0], "chair": None, "own_depth": 0.6, **fields}


def straight(n, x=0.0, y=0.0, width=0.5):
    return np.c_[x + (np.arange(n) - (n - 1) / 2) * width, np.full(n, y)]


def moved(one, turn=0.0, at=(0.0, 0.0)):
    """The same house, turned and shifted."""
    matrix = frames.frame((*at, 0.0), turn)
    return replace(one, records=tuple(waist.moved(record, matrix) for record in one.records))


def test_three_rows_of_two_blocks_are_six_banks():
    found = banks(venue(seating(rows=3, seats=[7, 5], gangway=1.2, pitch=0.95)))
    assert found.count.tolist() == [7, 5] * 3
    assert found.seatway[2:] == pytest.approx(0.95 - 0.60)
    assert np.isnan(found.seatway[:2]).all()
    assert found.right[0::2] == pytest.approx(1.2)
    assert found.left[1::2] == pytest.approx(1.2)
    assert (found.left[0::2] == REACH).all()


def test_places_are_counted_and_neighboured_from_the_left_of_who_sits_there():
    one = venue(seating(rows=1, seats=4))
    found = banks(one)
    assert found.order.tolist() == [0, 1, 2, 3]
    assert one.seats.at[found.first[0], 0] < one.seats.at[found.last[0], 0]
    assert found.neighbours.tolist() == [[-1, 1], [0, 2], [1, 3], [2, -1]]


def test_the_order_in_which_a_row_is_written_does_not_matter():
    """As a plan that was read from elsewhere may have it."""
    order = np.array([3, 0, 4, 1, 2])
    found = banks(scene(row(1, straight(5)[order])))
    assert found.order.tolist() == order.tolist()
    assert found.neighbours[1].tolist() == [-1, 3]


def test_a_gap_of_30_cm_is_none_and_a_wider_one_parts_a_bank():
    def of(gap):
        return len(banks(scene(row(1, [(0, 0), (0.5 + gap, 0)], width=0.5))))

    assert (of(0.30), of(0.301)) == (1, 2)


def test_two_elements_set_flush_are_one_bank():
    found = banks(scene(row(1, straight(4, -1.0), element="a"), row(1, straight(4, 1.0), element="b")))
    assert found.count.tolist() == [8]


def test_a_wheelchair_beside_its_companion_is_in_one_bank_with_him():
    found = banks(venue(seating(rows=1, seats=6, pattern=["wheelchair", "companion"])))
    assert found.count.tolist() == [6]


def test_a_seat_that_nobody_put_back_leaves_a_way_as_wide_as_itself():
    spoilt = row(1, straight(5), width=0.5, removed_by=["", "", "rug", "", ""])
    found = banks(scene(spoilt))
    assert found.count.tolist() == [2, 2]
    assert found.right[0] == pytest.approx(0.5)


def test_a_column_in_its_place_leaves_what_is_beside_it():
    room = {"id": "r", "type": "room", "size": [20, 20], "height": 5,
            "columns": [{"id": "K1", "at": [0, -0.3], "size": [0.3, 0.6]}]}  # fmt: skip
    found = banks(venue(room, seating(rows=1, seats=5, width=0.5)))
    assert found.count.tolist() == [2, 2]
    assert found.right[0] == pytest.approx(0.1)
    assert found.left[1] == pytest.approx(0.1)


def test_a_wall_beyond_the_end_of_a_row_and_a_door_in_it():
    room = {
        "id": "r",
        "type": "room",
        "size": [7.0, 20],
        "height": 5,
        "doors": [{"id": "D", "at": [3.5, -0.3], "width": 1.2}],
    }
    found = banks(venue(room, seating(rows=1, seats=10, width=0.5)))
    assert found.left[0] == pytest.approx(1.0)
    assert found.right[0] == REACH


def test_a_stage_in_front_of_the_first_row():
    stage = {"id": "stage", "type": "stage", "size": [10, 4], "height": 0.8, "at": [0, 1.7], "skirt": False}
    assert banks(venue(stage, seating(rows=1, seats=6))).seatway == pytest.approx([1.7])


@pytest.mark.parametrize(("height", "rails", "clear"), [(0.5, [], 0.4), (0.2, [], REACH), (0.2, ["rear"], 0.34)])
def test_the_rim_of_a_platform_or_its_rail_in_front_of_the_first_row(height, rails, clear):
    """The chairs begin 0.4 m from the edge; a rail of 40 mm stands 40 mm inside it; a step down of 0.2 m ends no way."""
    deck = {"id": "p", "type": "platform", "size": [8, 3], "height": height, "at": [0, 0], "rails": rails}
    rows = seating(rows=1, seats=6, front=[0, 1.1], on="p")
    found = banks(venue(deck, rows))
    assert np.nan_to_num(found.seatway[0], nan=REACH) == pytest.approx(clear, abs=0.011)


def test_a_balcony_does_not_stand_in_the_way_of_the_rows_under_it_nor_its_columns_in_that_of_those_on_it():
    gallery = {"id": "g", "type": "balcony", "at": [0, -3], "size": [12, 8], "level": 3.5, "parapet": 0.8,
               "columns": [{"id": "K1", "at": [0, -1.2], "diameter": 0.4}]}  # fmt: skip
    below = seating(rows=3, seats=6, pitch=1.0, front=[-3, -3])
    above = {**seating(rows=3, seats=6, pitch=1.0), "id": "up", "on": "g", "front": [0, -0.8]}
    one = venue(gallery, below, above)
    found = banks(one)
    owner = one.seats.element[found.first]
    assert found.seatway[owner == "s"][1:] == pytest.approx(0.4)
    assert found.seatway[owner == "up"] == pytest.approx([0.7, 0.4, 0.4])


def test_what_is_flown_above_heads_is_in_nobodys_way_and_cloth_is_none():
    truss = {"id": "T", "type": "truss", "item": "truss.prolyte.h30v", "from": [-4, 1], "to": [4, 1], "trim": 4}
    assert np.isnan(banks(venue(truss, seating(rows=1, seats=6))).seatway).all()


@pytest.mark.parametrize("curve", [6.0, 12.0, 40.0])
def test_curved_rows_have_the_seatway_that_they_are_laid_out_with(curve):
    """The corners of chairs that look to one point come nearer; to the millimetre it is pitch less depth all the same."""
    found = banks(venue(seating(rows=6, seats=[9, 9], gangway=1.2, pitch=0.95, curve=curve)))
    assert found.count.tolist() == [9] * 12
    assert found.seatway[2:] == pytest.approx(0.35, abs=2e-3)
    assert (found.seatway[2:] > 0.35 - 1e-6).all()


def test_both_wings_of_a_chevron_are_one_bank_where_no_gangway_parts_them():
    found = banks(venue(seating(rows=4, seats=12, chevron=15)))
    assert found.count.tolist() == [12] * 4


def test_a_row_that_closes_to_a_ring_has_no_end():
    angle = np.arange(12) * 30.0
    radius = 0.5 / (2 * np.tan(np.radians(15)))
    xy = radius * np.stack([np.cos(np.radians(angle)), np.sin(np.radians(angle))], 1)
    found = banks(scene(row(1, xy, facing=angle + 180.0, width=0.5)))
    assert found.count.tolist() == [12]
    assert (found.left[0], found.right[0]) == (0.0, 0.0)
    assert (found.neighbours >= 0).all()
    assert sorted(found.order.tolist()) == list(range(12))


def test_a_tier_ends_where_its_floor_ends():
    """Steps of 0.2 m: from the first floor that is more than 0.25 m up, the side is a drop."""
    found = banks(venue(seating(rows=4, seats=6, riser=0.2, pitch=0.9)))
    assert found.left[:2].tolist() == [REACH, REACH]
    assert found.left[2:] == pytest.approx(0.0, abs=1e-6)
    wide = banks(venue(seating(rows=4, seats=6, riser=0.2, pitch=0.9, sides=1.1)))
    assert wide.left[2:] == pytest.approx(1.1)


def test_the_last_of_curved_tiers_leads_across_its_gangways():
    """Straight on along the row, the rim behind it comes inwards: 0.1 m in 1.4 m at 10 m."""
    round_house = seating(rows=5, arc=[0, 360], curve=6, pitch=0.95, riser=0.2, radial=[0, 90, 180, 270])
    found = banks(venue(round_house))
    assert len(found) == 20
    assert (np.minimum(found.left, found.right) > 1.0).all()


def test_tables_are_no_banks_but_stand_in_the_way_of_others():
    tables = {"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 8, "places": [[0, 3]]}
    one = venue(tables, seating(rows=1, seats=6))
    found = banks(one)
    assert found.count.tolist() == [6]
    assert (found.of[one.seats.place == "table"] == -1).all()
    assert 0.5 < found.seatway[0] < 2.0


def test_a_hall_without_seats_has_no_banks():
    assert len(banks(venue({"id": "r", "type": "room", "size": [7, 7], "height": 5}))) == 0
    assert len(banks(scene(row(1, np.zeros((0, 2)))))) == 0


def test_one_seat_is_a_bank():
    found = banks(scene(row(1, [(0.0, 0.0)])))
    assert (found.count.tolist(), found.first.tolist(), found.last.tolist()) == ([1], [0], [0])
    assert found.neighbours.tolist() == [[-1, -1]]


HOUSES = st.fixed_dictionaries({
    "rows": st.integers(1, 4), "seats": st.lists(st.integers(1, 7), min_size=1, max_size=3),
    "gangway": st.sampled_from([0.9, 1.2]), "pitch": st.sampled_from([0.9, 0.95, 1.1]), "stagger": st.booleans(),
    "curve": st.sampled_from([None, 15.0]), "riser": st.sampled_from([0.0, 0.15]),
})  # fmt: skip


@given(house=HOUSES, turn=st.floats(-180, 180), x=st.floats(-50, 50))
@settings(max_examples=25, deadline=None)
def test_turning_and_shifting_a_house_changes_no_bank(house, turn, x):
    one = venue({"id": "r", "type": "room", "size": [24, 24], "height": 6}, seating(**house))
    here, there = banks(one), banks(moved(one, turn, (x, 2 * x)))
    assert (here.of == there.of).all()
    assert (here.order == there.order).all()
    for name in ("seatway", "left", "right"):
        assert getattr(here, name) == pytest.approx(getattr(there, name), abs=1e-6, nan_ok=True)


@given(house=HOUSES)
@settings(max_examples=25, deadline=None)
def test_in_a_mirror_left_is_right(house):
    elements = {"id": "r", "type": "room", "size": [24, 24], "height": 6}, seating(**house)
    one = venue(*elements)
    names = {id: id for id in one.elements}
    here, there = banks(one), banks(replace(one, records=tuple(waist.mirrored(r, names) for r in one.records)))

    def of(found, left, right):
        return sorted(zip(found.count.tolist(), np.nan_to_num(found.seatway, nan=9).round(6).tolist(),
                          getattr(found, left).round(6).tolist(), getattr(found, right).round(6).tolist()))  # fmt: skip

    assert of(here, "left", "right") == of(there, "right", "left")
