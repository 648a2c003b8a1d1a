"""Rows and seats have the names that a house gives them."""

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.venue.document import Venue
from stagecraft.venue.numbering import row_letters


def scene(*seating, **house):
    elements = [{"id": f"S{n}", "type": "seating", "front": [0, -3 - 30 * n], **one} for n, one in enumerate(seating)]
    return build(Venue.model_validate({"name": "T", "elements": elements, **house}))


def seats_from_left(scene, block, row):
    """Numbers of a row as they stand from −x to +x."""
    seats = scene.seats.where((scene.seats.block == block) & (scene.seats.row == row))
    return seats.seat[np.argsort(seats.at[:, 0])].astype(int).tolist()


def test_letters_leave_out_i_and_o_and_go_on_with_aa():
    names = [row_letters(n) for n in range(26)]
    assert "".join(names[:24]) == "ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert names[24:] == ["AA", "AB"]
    assert row_letters(24 + 24 * 24) == "AAA"
    assert [row_letters(n, skip=()) for n in (8, 25, 26, 701, 702)] == ["I", "Z", "AA", "ZZ", "AAA"]
    assert [row_letters(n, skip=[*"BCDEFGHIJKLMNOPQRSTUVWXYZ"]) for n in range(3)] == ["A", "AA", "AAA"]


def test_no_two_rows_share_a_name():
    names = [row_letters(n) for n in range(2000)]
    assert len(set(names)) == 2000
    assert not set("IO") & set("".join(names))


def test_a_house_of_thirty_rows_goes_from_a_to_af():
    rows = scene({"rows": 30, "seats": 2}).seats.row.tolist()
    assert rows[::2] == [*"ABCDEFGHJKLMNPQRSTUVWXYZ", "AA", "AB", "AC", "AD", "AE", "AF"]


def test_numbers_begin_at_house_left_or_house_right():
    one = {"rows": 1, "seats": 5}
    assert seats_from_left(scene(one), "S0", "A") == [1, 2, 3, 4, 5]  # the audience's left is −x
    assert seats_from_left(scene(one, numbering={"from": "house_right"}), "S0", "A") == [5, 4, 3, 2, 1]
    assert seats_from_left(scene(one, numbering={"start": 101}), "S0", "A") == [101, 102, 103, 104, 105]


def test_each_block_begins_anew_or_the_row_is_numbered_through():
    one = {"rows": 2, "seats": [3, 2, 3], "blocks": ["L", "C", "R"]}
    apart = scene(one)
    assert [seats_from_left(apart, block, "B") for block in "LCR"] == [[1, 2, 3], [1, 2], [1, 2, 3]]
    through = scene(one, numbering={"continuous_blocks": True})
    assert [seats_from_left(through, block, "B") for block in "LCR"] == [[1, 2, 3], [4, 5], [6, 7, 8]]
    back = scene(one, numbering={"continuous_blocks": True, "from": "house_right"})
    assert [seats_from_left(back, block, "B") for block in "LCR"] == [[8, 7, 6], [5, 4], [3, 2, 1]]


def test_elements_side_by_side_are_numbered_as_one():
    side = [{"rows": 2, "seats": 3, "front": [x, -3]} for x in (4, -4, 0)]
    joint = scene(*side, numbering={"continuous_across": ["S0", "S1", "S2"]})
    assert [seats_from_left(joint, block, "A") for block in ("S1", "S2", "S0")] == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert [seats_from_left(scene(*side), block, "A") for block in ("S1", "S2", "S0")] == [[1, 2, 3]] * 3


def test_a_second_element_goes_on_with_the_letters():
    assert scene({"rows": 1, "seats": 1, "first_row": 9}).seats.row.tolist() == ["J"]  # I is left out
    assert scene({"rows": 2, "seats": 1, "first_row": 9}, numbering={"rows": "numbers"}).seats.row.tolist() == [
        "9",
        "10",
    ]


def test_tables_keep_their_numbers():
    elements = [{"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 3, "count": 4, "without": [2]}]
    seats = build(Venue.model_validate({"name": "T", "elements": elements})).seats
    assert seats.row.tolist() == ["1"] * 3 + ["3"] * 3 + ["4"] * 3
    assert seats.seat.tolist() == ["1", "2", "3"] * 3


HOUSE = {"rows": 10, "seats": [4, 6], "blocks": ["L", "R"]}


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ("L", 40), ("S0", 100), ("*", 100), ("L/A", 4), ("L/A-B", 8), ("L/H-J", 8), ("*/A", 10), ("R/*/1-2", 20), ("R/C/1-6", 6), ("R/C/6", 1),
        ("R/A,C/1,3-4", 6), ("L/A/3-99", 2), (" L / A ", 4), (["L/A", "L/A/1", "R/K"], 10),
    ],
)  # fmt: skip
def test_a_selector_takes_so_many_seats(selector, count):
    seats = scene(HOUSE, places=[{"seats": selector, "category": "VIP"}]).seats
    assert int((seats.category == "VIP").sum()) == count


def test_later_places_win_and_each_says_one_thing():
    seats = scene(HOUSE, places=[
        {"seats": "L", "category": "VIP"}, {"seats": "L/A", "category": "press", "hold": "speakers", "owner": "show caller",
                                           "release": "2026-12-01"},
        {"seats": "L/A/1", "kill": "pillar"}, {"seats": "R/A/1", "place": "wheelchair"}, {"seats": "R/A/2", "place": "companion"},
    ]).seats  # fmt: skip
    by = {f"{b}/{r}/{s}": n for n, (b, r, s) in enumerate(zip(seats.block, seats.row, seats.seat))}

    def at(name):
        n = by[name]
        return tuple(str(getattr(seats, field)[n]) for field in ("place", "category", "status", "owner", "reason"))

    assert at("L/B/1") == ("chair", "VIP", "open", "", "")
    assert at("L/A/2") == ("chair", "press", "hold", "show caller", "speakers, until 2026-12-01")
    assert at("L/A/1") == ("chair", "press", "kill", "", "pillar")
    assert (at("R/A/1")[0], at("R/A/2")[0], at("R/A/3")[0]) == ("wheelchair", "companion", "chair")
    eyes = seats.eyes[:, 2]
    assert (eyes[by["R/A/1"]], eyes[by["R/A/2"]]) == (pytest.approx(1.15), pytest.approx(1.20))
