"""The waist: what records say of themselves."""

import numpy as np
import pytest

from stagecraft.analysis.taken import corners
from stagecraft.build import build
from stagecraft.scene import Door, Walkway
from stagecraft.venue.document import Venue

HOUSE = [
    {"id": "hall", "type": "room", "size": [20, 20], "height": 8, "at": [0, -6]},
    {"id": "deck", "type": "platform", "size": [6, 6], "height": 1, "at": [0, -8]},
    {"id": "step", "type": "platform", "size": [4, 4], "height": 0.4, "on": "deck"},
    {"id": "S", "type": "seating", "on": "step", "rows": 2, "seats": 4, "front": [0, 1], "pitch": 0.95},
    {"id": "pit", "type": "standing", "size": [3, 2], "at": [-5, -3]},
]


@pytest.fixture(scope="module")
def house():
    return build(Venue.model_validate({"name": "T", "elements": HOUSE}))


@pytest.mark.parametrize(
    ("heading", "right", "left"), [(90, (4, 5), (2, 5)), (0, (3, 4), (3, 6)), (180, (3, 6), (3, 4))]
)
def test_the_sides_of_a_door_are_those_of_who_goes_out(heading, right, left):
    door = Door("hall", "D1", np.array([3.0, 5.0, 0.0]), heading, 2.0, 2.1)
    assert np.array(door.sides) == pytest.approx(np.array([right, left]), abs=1e-12)
    assert np.cross([*door.out, 0], [*door.along, 0])[2] == pytest.approx(1)


def test_what_carries_an_element_is_named_all_the_way_down(house):
    assert house.carriers("S") == ("step", "deck")
    assert house.carriers("hall") == ()
    assert house.carriers("nobody") == ()


def test_only_areas_without_places_of_their_own_are_standing_areas(house):
    assert [area.element for area in house.standing_areas] == ["pit"]


def test_places_cover_their_floor_however_they_are_asked(house):
    (front, back) = house.seat_rows
    rings = corners(house.seats)
    assert rings == pytest.approx(np.concatenate([corners(front), corners(back)]))
    behind_left, behind_right, right, left = rings[0]
    assert (behind_right - behind_left) == pytest.approx((house.seats.width[0], 0))
    assert (left - behind_left) == pytest.approx((0, house.seats.depth[0]))
    assert (right - left) == pytest.approx(behind_right - behind_left)


def test_the_ground_is_the_floor_of_the_lowest_room():
    assert build(Venue.model_validate({"name": "T", "elements": []})).ground == 0
    rooms = [
        {"id": id, "type": "room", "size": [5, 5], "height": 3, "at": at}
        for id, at in (("a", [0, 0, 1]), ("b", [9, 0, -2]))
    ]
    assert build(Venue.model_validate({"name": "T", "elements": rooms})).ground == -2


def test_the_plan_of_each_copy_of_a_table_lies_where_it_stands():
    tables = {"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 8, "count": 4}
    (part,) = (p for p in build(Venue.model_validate({"name": "T", "elements": [tables]})).parts if p.system == "table")
    assert len(part.plans()) == part.count == 4
    for plan, matrix in zip(part.plans(), part.transforms):
        assert (plan.centroid.x, plan.centroid.y) == pytest.approx(matrix[:2, 3], abs=1e-6)
        assert plan.area == pytest.approx(part.solid.footprint.area)


def test_a_way_knows_how_far_and_how_high_it_is():
    way = Walkway("S", "g1", np.array([[0, 0, 0], [3, 4, 1], [3, 4, 2], [3, 14, 4]], float), 1.2)
    assert way.along == pytest.approx([0, 5, 5, 15])
    assert way.height(np.array([2.5, 10])) == pytest.approx([0.5, 3])
    assert way.path.length == pytest.approx(15)
