"""The count closes, or stagecraft says that it has a bug."""

from dataclasses import replace

import pytest

from stagecraft.geometry import shapes
from stagecraft.scene import KitLine, Part
from stagecraft.schedules.closure import ClosureError, closure
from stagecraft.schedules.kit import kit_list
from stagecraft.schedules.seats import seat_list
from tests.schedules._house import CHAIR, hall, scene

PLAN = {f"SEAT-{CHAIR}": 10, "SEAT-WHEELCHAIR": 1, "LECTERN": 1}


def test_eleven_places_are_eleven_inserts_eleven_rows_and_ten_chairs():
    house = hall()
    found = closure(house, PLAN, len(seat_list(house)), kit_list(house))
    assert (found.places, found.wheelchair, found.own_chairs, found.chairs) == (11, 1, 0, 10)
    assert found.blocks == {f"SEAT-{CHAIR}": 10, "SEAT-WHEELCHAIR": 1}


@pytest.mark.parametrize(
    ("plan", "listed", "words"),
    [
        (PLAN | {"SEAT-WHEELCHAIR": 2}, 11, "11 places, 12 seat inserts on the plan, 11 rows in the seat list"),
        (PLAN, 12, "11 places, 11 seat inserts on the plan, 12 rows in the seat list"),
        ({}, 11, "11 places, 0 seat inserts on the plan, 11 rows in the seat list"),
    ],
)
def test_a_difference_is_a_bug_and_says_so_with_the_numbers(plan, listed, words):
    house = hall()
    with pytest.raises(ClosureError, match="a bug in stagecraft") as caught:
        closure(house, plan, listed, kit_list(house))
    assert words in str(caught.value)
    assert isinstance(caught.value, AssertionError)


def test_a_chair_too_many_on_the_kit_is_a_difference():
    house = hall()
    kit = kit_list(house)
    more = [n + (item == CHAIR) for n, item in zip(kit.values["quantity"], kit.values["item"])]
    with pytest.raises(ClosureError, match="11 chairs on the kit, but 11 places − 1 wheelchair − 0 without"):
        closure(house, PLAN, 11, replace(kit, values=dict(kit.values) | {"quantity": more}))


def test_chairs_that_are_no_seats_and_spares_do_not_disturb_it():
    panel = Part("panel", shapes.box(0.4, 0.4, 0.9), item=CHAIR)
    house = hall(panel, KitLine("crew", CHAIR, 4), KitLine("stalls", CHAIR, 20, "spares"))
    assert closure(house, PLAN, 11, kit_list(house)).chairs == 10


def test_an_empty_house_closes():
    empty = scene()
    assert closure(empty, {}, 0, kit_list(empty)).places == 0
