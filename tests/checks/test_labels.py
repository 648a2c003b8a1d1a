"""Labels: numbers that are left out and labels that look alike are told; what houses do on purpose is not."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.scene import SeatRow
from stagecraft.venue.document import Venue


def house(numbering=None, *more, **fields):
    seating = {
        "id": "S",
        "type": "seating",
        "rows": 3,
        "seats": [4, 5, 6],
        "at": [0, -3],
        "blocks": ["L", "C", "R"],
        **fields,
    }
    return build(Venue.model_validate({"name": "T", "numbering": numbering or {}, "elements": [seating, *more]}))


def relabelled(scene, **labels):
    """The scene with other labels: {permanent id: label} for `seat`, `row` or `block`."""

    def other(row):
        values = {
            name: np.array(
                [new.get(i, old) for i, old in zip(row.ids.tolist(), getattr(row, name).tolist())], dtype=np.str_
            )
            for name, new in labels.items()
        }
        return replace(row, **values)

    return replace(scene, records=tuple(other(r) if isinstance(r, SeatRow) else r for r in scene.records))


def found(scene, code):
    return [f for f in check(scene).findings if f.code == code]


def outcome(scene, code):
    return next(o for o in check(scene).outcomes if o.code == code)


@pytest.mark.parametrize(
    "numbering",
    [
        {}, {"continuous_blocks": True}, {"order": "odd_even"}, {"order": "centre_out"}, {"step": 2}, {"start": 101, "step": 5},
        {"order": "odd_even", "of": {"C": {"order": "through", "start": 101}}}, {"continuous_blocks": True, "of": {"C": {"start": 101}}},
        {"from": "house_right", "seat_prefix": "s"}, {"rows": "numbers", "rows_from": "back"},
    ],
)  # fmt: skip
def test_no_way_of_numbering_leaves_a_number_out(numbering):
    foh = {"id": "foh", "type": "foh", "at": [0.3, -3.6], "size": [2, 1.4]}
    for scene in (house(numbering), house(numbering, foh), house(numbering, seats=[2, 5, 9])):
        assert found(scene, "MD04") == []
        assert outcome(scene, "MD04").verdict == "pass"


def test_a_number_that_is_left_out_is_named_with_its_row():
    scene = relabelled(house(), seat={"S/2/-2": "14", "S/3/3": "7"})  # 14 2 3 4 5 and 1 2 3 4 7
    (f,) = found(scene, "MD04")
    assert f.severity == "note"
    assert f.group == "C"
    assert f.message == "block C: 2 rows leave numbers out; row B has no 6, 7, 8 and 5 more"
    assert f.details == ("row C has no 5 and 6",)
    assert f.measured == 10.0


def test_a_number_that_a_killed_seat_has_or_had_is_not_left_out():
    seats = [{"seats": "C/B/3", "kill": "column"}]
    scene = build(Venue.model_validate({"name": "T", "places": seats, "elements": [
        {"id": "S", "type": "seating", "rows": 3, "seats": [4, 5, 6], "at": [0, -3], "blocks": ["L", "C", "R"]}]}))  # fmt: skip
    assert found(scene, "MD04") == []


def test_numbers_that_another_block_of_the_row_has_are_not_left_out():
    scene = house({"continuous_blocks": True}, blocks=["side", "centre", "side"])
    assert found(scene, "MD04") == []


def test_labels_that_differ_in_capitals_or_blanks_only_are_told():
    (f,) = found(relabelled(house(), seat={"S/1/1": "4 "}), "MD05")
    assert f.severity == "warning"
    assert f.message == (
        "block C: 1 label differs from another in capitals or blanks only; 'C' 'A' '4 ' (S/1/1) and 'C' 'A' '4' (S/1/2)"
    )


def test_two_blocks_whose_names_differ_in_a_capital_look_alike():
    elements = [{"id": i, "type": "seating", "rows": 1, "seats": 2, "at": [x, -3], "blocks": [b]}
                for i, x, b in (("a", -3, "Stalls"), ("b", 3, "STALLS "))]  # fmt: skip
    scene = build(Venue.model_validate({"name": "T", "elements": elements}))
    (f,) = found(scene, "MD05")
    assert f.message == (
        "block Stalls: 2 labels differ from another in capitals or blanks only; "
        "'Stalls' 'A' '1' (a/1/-1) and 'STALLS ' 'A' '1' (b/1/-1)"
    )
    assert found(scene, "MD01") == []


def test_no_seats_and_no_numbers_are_not_checked():
    empty = build(
        Venue.model_validate({"name": "T", "elements": [{"id": "s", "type": "stage", "size": [6, 3], "height": 1}]})
    )
    assert (outcome(empty, "MD04").verdict, outcome(empty, "MD05").verdict) == ("not checked", "not checked")
    lettered = relabelled(house(rows=1, seats=2, blocks=["L"]), seat={"S/1/-1": "a", "S/1/1": "b"})
    assert outcome(lettered, "MD04").verdict == "not checked"


def test_the_same_label_twice_is_a_duplicate_and_not_alike():
    scene = relabelled(house(), seat={"S/1/1": "1"})
    assert len(found(scene, "MD01")) == 1
    assert found(scene, "MD05") == []


def test_a_row_counted_to_both_sides_without_a_block_each_gives_labels_twice():
    (f,) = found(house({"order": "centre_out"}, rows=1, seats=8, blocks=["S"]), "MD01")
    assert f.message.startswith("block S: 4 labels are given to more than one place; row A seat 4: S/1/-4, S/1/4")
    assert (
        f.fix == "give each side of the centre a block of its own, or number odd and even (numbering: order: odd_even)"
    )
    assert found(house({"order": "odd_even"}, rows=1, seats=8, blocks=["S"]), "MD01") == []
