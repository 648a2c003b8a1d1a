"""EG02 … EG08: how many exits, how wide, how far apart, how far away. Worked numbers are named after their documents."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.checks import CHECKS, check
from stagecraft.checks.ruleset import load as sets
from stagecraft.geometry.frame import frame
from stagecraft.scene import mirrored, moved
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("uk-england", "us-ibc", "de-mvstaettvo", "fr-erp-l")


def scene(*elements, guests=None, **house):
    brief = {"brief": {"guests": guests}} if guests else {}
    return build(Venue.model_validate({"name": "T", "elements": list(elements), **brief, **house}))


def room(*widths, x=(-10, 10), y=(-20, 10), height=5, swing="out"):
    """A hall with exits of these widths, shared between its rear and its front wall."""
    places = [(x[0] + (k // 2 + 1) * (x[1] - x[0]) / (len(widths) // 2 + 2), y[k % 2]) for k in range(len(widths))]
    doors = [
        {"id": f"D{k + 1}", "at": list(at), "width": width, "swing": swing}
        for k, (at, width) in enumerate(zip(places, widths))
    ]
    return {"id": "hall", "type": "room", "x": list(x), "y": list(y), "height": height, "doors": doors}


def chairs(rows=2, seats=10, **more):
    return {"id": "S", "type": "seating", "chair": None, "own_depth": 0.6, "width": 0.5, "pitch": 1.0, "rows": rows,
            "seats": seats, "front": [0, -2], **more}  # fmt: skip


def report(house, rules="house"):
    return check(house, [rules])


def found(house, code, rules="house"):
    return [f for f in report(house, rules).findings if f.code == code]


def outcome(house, code, rules="house"):
    return next(o for o in report(house, rules).outcomes if o.code == code)


def rule(id):
    return next(r for name in ("house", *PLACES) for r in sets([name])[0].rules if r.id == id)


# worked numbers


def test_approved_document_b_table_2_3_capacity_of_an_exit_by_its_width():
    capacity = rule("UK-EX-W").values["capacity"]
    widths = np.array([749, 750, 850, 1000, 1050, 1095, 1100, 1200, 1250, 1500, 1800]) / 1000
    assert capacity.at(widths).tolist() == [0, 60, 110, 110, 220, 220, 220, 240, 250, 300, 360]


@pytest.mark.parametrize(
    ("widths", "carried"),
    [([0.85] * 4, 330), ([1.05] * 3, 440), ([1.25] * 3, 500), ([1.5, 1.05, 1.05], 440), ([1.8, 1.2, 1.2, 1.05], 700)],
)
def test_approved_document_b_2_21_rooms_after_the_widest_exit_is_discounted(widths, carried):
    hall = room(*widths)
    assert not found(scene(hall, chairs(), guests=carried), "EG03", "uk-england")
    (one,) = found(scene(hall, chairs(), guests=carried + 1), "EG03", "uk-england")
    assert (one.measured, one.required, one.severity) == (carried, carried + 1, "error")


def test_approved_document_b_table_2_2_number_of_exits():
    exits = rule("UK-EX-N").values["exits"]
    assert exits.at([1, 60, 61, 600, 601, 5000]).tolist() == [1, 1, 2, 2, 3, 3]


def test_ibc_1006_500_and_501_people_have_two_and_three_exits():
    exits = rule("US-EX-N").values["exits"]
    assert exits.at([49, 50, 500, 501, 1000, 1001]).tolist() == [1, 2, 2, 3, 3, 4]
    hall = room(2.0, 2.0)
    assert not found(scene(hall, chairs(), guests=500), "EG02", "us-ibc")
    (one,) = found(scene(hall, chairs(), guests=501), "EG02", "us-ibc")
    assert one.message == "2 exits for 501 people, asked 3"


def test_ibc_1005_3_2_width_of_500_people():
    """0.2 in a person: 100 in (2540 mm); with sprinklers and a voice alarm 0.15 in: 75 in (1905 mm)."""
    values = rule("US-EX-W").values
    assert values["capacity"].at([2.540, 2.5399]).tolist() == [500, 499]
    assert values["sprinklered"].at([1.905, 1.9049]).tolist() == [500, 499]


def test_ibc_1005_5_losing_an_exit_leaves_half_of_the_width():
    """72 in + 36 in carry 360 + 180; of 361 people the lesser leaves 180, less than half."""
    hall = room(1.8288, 0.9144)
    assert not found(scene(hall, chairs(), guests=360), "EG03", "us-ibc")
    (one,) = found(scene(hall, chairs(), guests=361), "EG03", "us-ibc")
    assert (one.measured, one.required, one.group) == (180, 180.5, "exit lost")


def test_mvstaettvo_7_1_20_metres_for_200_people_and_0_90_in_small_rooms():
    assert not found(scene(room(0.9, 0.9), chairs(), guests=200), "EG03", "de-mvstaettvo")
    (one,) = found(scene(room(0.9, 0.9), chairs(), guests=201), "EG03", "de-mvstaettvo")
    assert one.measured == 0
    assert not found(scene(room(1.2, 1.2), chairs(), guests=400), "EG03", "de-mvstaettvo")
    assert found(scene(room(1.2, 1.2), chairs(), guests=401), "EG03", "de-mvstaettvo")


def test_mvstaettvo_7_way_by_the_clear_height_of_the_room():
    for id in ("DE-TD", "HOUSE-TRAVEL"):
        way = rule(id).values["travel"].at([4, 5, 7.4, 7.5, 10, 12.5, 20, 25])
        assert way == pytest.approx([30, 30, 30, 35, 40, 45, 60, 60]), id


def test_co_38_exits_and_units_of_passage():
    assert rule("FR-EX-N").values["exits"].at([500, 501, 1000, 1001]).tolist() == [2, 3, 3, 4]
    widths = np.array([0.89, 0.90, 1.39, 1.40, 1.79, 1.80, 2.39, 2.40])
    assert rule("FR-EX-W").values["capacity"].at(widths).tolist() == [0, 100, 100, 200, 200, 300, 300, 400]


# the reference event


@cache
def ref_500(without=0):
    """504 seats, or 500: with the last four of the front row killed."""
    venue = load(ROOT / "assets/examples/ref-500/venue.yaml")
    house = build(venue)
    if without:
        rows = list(house.seat_rows)
        status = rows[0].status.copy()
        status[:without] = "kill"
        new = replace(rows[0], status=status)
        house = replace(house, records=tuple(new if r is rows[0] else r for r in house.records))
    return house


VERDICTS = {
    "uk-england": {"EG02": "pass", "EG03": "fail", "EG04": "not checked", "EG05": "pass", "EG06": "pass", "EG07": "pass"},
    "us-ibc": {"EG02": "pass", "EG03": "pass", "EG04": "pass", "EG05": "pass", "EG06": "pass", "EG07": "pass"},
    "de-mvstaettvo": {"EG02": "not checked", "EG03": "pass", "EG04": "not checked", "EG05": "pass", "EG06": "not checked",
                      "EG07": "not checked"},
    "fr-erp-l": {"EG02": "pass", "EG03": "fail", "EG04": "not checked", "EG05": "not checked", "EG06": "not checked",
                 "EG07": "not checked"},
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_ref_500_by_the_rules_of_each_place(place):
    outcomes = {o.code: o.verdict for o in report(ref_500(), place).outcomes}
    assert {code: outcomes[code] for code in VERDICTS[place]} == VERDICTS[place]


def test_ref_500_three_exits_of_1250_mm_carry_500_of_504_when_one_is_discounted():
    (one,) = found(ref_500(), "EG03", "uk-england")
    assert (one.measured, one.required) == (500, 504)
    assert one.message.endswith("carry 500 people without D1, asked 504")
    assert not found(ref_500(4), "EG03", "uk-england")


def test_504_people_have_an_exit_more_than_500_by_the_american_code():
    (three,) = (o.measured for o in report(ref_500(), "us-ibc").outcomes if o.code == "EG02")
    (two,) = (o.measured for o in report(ref_500(4), "us-ibc").outcomes if o.code == "EG02")
    assert (three, two) == ("3 exits for 504 people, asked 3", "3 exits for 500 people, asked 2")


# crew counts


def test_crew_and_staff_leave_too():
    house = scene(room(2.0), chairs(2, 10), brief={"guests": 20, "crew": 40})
    assert not found(house, "EG02")
    (one,) = found(scene(room(2.0), chairs(2, 10), brief={"guests": 20, "crew": 40, "staff": 1}), "EG02")
    assert one.message == "1 exit for 61 people, asked 2"
    assert one.details == ("people: 20 guests, 40 crew and 1 staff",)


# how far apart


def doors(*at, x=(-10, 10), y=(-20, 10), **more):
    named = [{"id": f"D{n}", "at": list(p), "width": 2.0} | more for n, p in enumerate(at, 1)]
    return {"id": "hall", "type": "room", "x": list(x), "y": list(y), "height": 5, "doors": named}


def test_ibc_1007_1_1_half_the_diagonal():
    """A hall of 40 × 30 m has a diagonal of 50 m: exits 25 m apart in its long wall pass, 24.9 m do not."""
    for apart, wrong in ((25.0, 0), (24.9, 1)):
        hall = doors((-apart / 2, -20), (apart / 2, -20), x=(-20, 20))
        faults = found(scene(hall, chairs()), "EG04", "us-ibc")
        assert len(faults) == wrong, apart
    assert faults[0].required == pytest.approx(25.0)
    assert "asked 25.00 m: 1/2 of the room's diagonal of 50.00 m" in faults[0].message
    assert "1/3" in outcome(scene(hall, chairs()), "EG04", "us-ibc").note


def test_exits_side_by_side_are_one_direction():
    """2.4 m apart in the rear wall: from 18 m in front of them they lie 8° apart, and the way parts only near them."""
    near = scene(doors((-1.2, -20), (1.2, -20)), chairs())
    (one,) = found(near, "EG06")
    assert one.measured > 10
    far = scene(doors((-10, -10), (10, -10)), chairs())
    assert not found(far, "EG06")
    (close,) = found(near, "EG04")
    assert (close.measured, close.required) == pytest.approx((2.4, np.hypot(20, 30) / 3), abs=1e-3)
    assert not found(far, "EG04")


# how far away


def test_a_way_of_more_than_is_asked_is_told_with_the_worst_seat_and_its_exit():
    house = scene(doors((0, -20), (0, 60), y=(-20, 60)), chairs(2, 6, front=[0, 22]))
    (one,) = found(house, "EG05")
    seats = house.seats
    k = int(np.argmax(np.round(np.abs(seats.at[:, 1] - 20), 3)))
    assert one.required == 30.0
    assert one.measured > 30.0
    assert "asked 30.00 m" in one.message
    assert seats.block[k] in one.message
    assert not found(scene(doors((0, -20), (0, 60), y=(-20, 60)), chairs(2, 6, front=[0, 50])), "EG05")


def test_rows_and_floors_have_their_own_ways_in_england():
    """Table 2.1: 32 m from seats in rows, 45 m from the rest of the house."""
    hall = {"id": "hall", "type": "room", "x": [-5, 5], "y": [-50, 50], "height": 5,
            "doors": [{"id": "A", "at": [0, -50]}, {"id": "B", "at": [0, 50]}]}  # fmt: skip
    area = {"id": "floor", "type": "standing", "size": [4, 4], "at": [0, 8]}
    assert not found(scene(hall, area), "EG05", "uk-england")
    (one,) = found(scene(hall, {**area, "at": [0, 0]}), "EG05", "uk-england")
    assert one.group == "floor"
    assert one.measured == pytest.approx(50, abs=0.1)
    (rows,) = found(scene(hall, chairs(2, 6, front=[0, 1])), "EG05", "uk-england")
    assert rows.required == 32.0


def test_the_american_common_path_is_30_feet_for_rows_and_75_for_fewer_than_50_people():
    """One closed end: a row of 20 at 0.5 m is 10 m from its gangway, more than 30 ft (9.144 m)."""

    def house(guests):
        hall = {"id": "hall", "type": "room", "x": [-10.1, 3], "y": [-20, 10], "height": 5,
                "doors": [{"id": "A", "at": [1.5, -20]}, {"id": "B", "at": [1.5, 10]}]}  # fmt: skip
        return scene(hall, chairs(2, 20, front=[-5, -2]), guests=guests)

    (one,) = found(house(60), "EG06", "us-ibc")
    assert one.required == pytest.approx(30 * 0.3048)
    assert 9.144 < one.measured < 12
    assert not found(house(40), "EG06", "us-ibc")


def test_places_on_a_floor_without_steps_are_said_not_to_be_measured():
    balcony = {"id": "B", "type": "balcony", "size": [10, 5], "level": 3.0, "at": [0, -12]}
    house = scene(room(2.0, 2.0), balcony, chairs(), chairs(2, 6, on="B", front=None, at=[0, -1]) | {"id": "circle"})
    assert not found(house, "EG05")
    assert "not measured: 12 places of circle" in outcome(house, "EG05").note


def test_rows_between_walls_have_no_way_out_and_that_is_a_fault():
    house = scene(room(2.0, 2.0, x=(-2.6, 2.6)), chairs(4, 10))
    (one,) = found(house, "EG05")
    assert "30 seats, to any exit at all" in one.message


# doors


def test_a_door_that_opens_inward_for_more_than_sixty_people():
    for guests, wrong in ((60, 0), (61, 2)):
        faults = found(scene(room(2.0, 2.0, swing="in"), chairs(), guests=guests), "EG07", "uk-england")
        assert len(faults) == wrong
    assert faults[0].message == "D1 opens inward, asked outward for more than 60 people (61 are in the house)"


def test_ibc_1010_doors_of_32_inches_clear():
    for width, wrong in ((0.8128, 0), (0.81, 1)):
        faults = found(scene(room(2.0, width), chairs()), "EG07", "us-ibc")
        assert len(faults) == wrong
    assert faults[0].measured == pytest.approx(0.81)
    assert faults[0].required == pytest.approx(0.8128)


def test_a_sliding_door_is_said_not_to_be_looked_at():
    assert "slide" in outcome(scene(room(2.0, 2.0, swing="slide"), chairs()), "EG07").note


def test_a_door_that_nobody_gets_to_counts_as_none_and_is_told_whatever_the_rules():
    drape = {"id": "drape", "type": "drape", "name": "Rear drape", "from": [-10, -17], "to": [10, -17], "height": 4}
    house = scene(doors((0, -20), (0, 10)), drape, chairs(4, 20))
    (blocked,) = found(house, "EG08", "de-mvstaettvo")
    assert blocked.message == "D1: Rear drape stands in the way"
    assert blocked.elements == ("hall", "drape")
    (few,) = found(house, "EG02")
    assert few.message == "1 exit for 80 people, asked 2; D1 cannot be got to"


# odd houses


@pytest.mark.parametrize(
    ("house", "words"),
    [
        (scene(chairs()), {"EG02": "no room is drawn", "EG03": "no room is drawn", "EG05": "no room is drawn"}),
        (scene(room(2.0)), {"EG02": "nobody is in the house", "EG03": "nobody is in the house", "EG05": "no seats and no standing"}),
        (scene(room(), chairs()), {"EG03": "no exit", "EG04": "no exit", "EG05": "no exit", "EG06": "no exit", "EG07": "no exit"}),
        (scene(room(2.0), chairs(), places=[{"seats": "S", "kill": "all"}]),
         {"EG02": "nobody is in the house", "EG06": "nobody is in the house"}),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_says_why(house, words):
    for code, reason in words.items():
        one = outcome(house, code)
        assert one.verdict == "not checked", code
        assert reason in one.note, code


def test_a_room_without_a_door_is_one_clear_finding():
    house = scene(room(), chairs())
    told = [f for f in report(house).findings if f.code.startswith("EG")]
    assert [f.code for f in told] == ["EG02"]
    assert told[0].message == "no exit for 20 people, asked 1"
    assert "draw the room's doors" in told[0].fix


def test_one_seat_in_a_room_with_one_door():
    house = scene(room(2.0, y=(-12, 6)), chairs(1, 1))
    assert not [f for f in report(house).findings if f.code.startswith("EG")]


# turned, mirrored, in feet


def egress(house, rules):
    return [
        (f.code, f.severity, f.group, round(f.measured or 0, 1))
        for f in report(house, rules).findings
        if f.code.startswith("EG")
    ], [(o.code, o.verdict) for o in report(house, rules).outcomes if o.code.startswith("EG")]


@pytest.mark.parametrize("rules", ["uk-england", "us-ibc"])
def test_turning_mirroring_or_showing_feet_changes_no_verdict(rules):
    house = scene(doors((-3, -20), (9, 10), (6, 10), width=1.0), chairs(12, 24), guests=620)
    straight = egress(house, rules)
    matrix = frame((100.0, 50.0, 0.0), 41.0)
    turned = replace(house, records=tuple(moved(r, matrix) for r in house.records))
    twin = replace(house, records=tuple(mirrored(r, {n: n for n in house.elements}) for r in house.records))
    feet = replace(house, about=replace(house.about, units="ft"))
    assert straight[0]
    assert egress(turned, rules) == straight
    assert egress(twin, rules) == straight
    assert egress(feet, rules) == straight


# the sets


@pytest.mark.parametrize("place", PLACES)
def test_every_law_has_a_row_for_every_check_of_exits(place):
    """A row with figures, or one that says why there are none; what is a fault of the model needs no rule."""
    asked = {one.check.name for one in sets([place])[0].rules}
    assert {one.name for one in CHECKS.values() if one.code.startswith("EG") and not one.model} <= asked


def test_who_sits_in_a_closed_ring_of_tiers_is_told_to_leave_a_way():
    hall = {**room(1.8, 1.8, 1.8, x=(-14, 14), y=(-14, 14))}
    ring = {"id": "S", "type": "seating", "rows": 6, "curve": 4.5, "arc": [-180, 180], "riser": 0.2, "front": [0, -4.5]}
    (few,) = found(scene(hall, ring), "EG02")
    assert (few.measured, few.required) == (0, 2)
    assert few.message.endswith("D1, D2 and D3 cannot be got to")
    assert few.fix == "leave a way from the places to D1, D2 and D3"


def test_a_gangway_is_led_past_a_column_and_the_house_stays_where_it_is():
    hall = room(1.8, 1.8) | {"columns": [{"id": "K1", "at": [0, -5], "size": [0.4, 0.4]}]}
    (near,) = found(scene(hall, chairs(rows=6, seats=22, aisles=[{"path": [[0, 1], [0, -7]]}])), "EG01")
    assert near.fix == "hall K1 stays: lead the gangway past it"
