"""Wheelchair places, the ways to them, ramps: worked numbers by document, and small rooms."""

import math

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.checks import ruleset
from stagecraft.geometry.ramps import flights

SETS = {one.id: one for one in ruleset.load(ruleset.known_sets())}


def rule(id):
    return next(r for one in SETS.values() for r in one.rules if r.id == id)


def test_ada_2010_table_221_2_1_1():
    asked = rule("US-WC-N").values["places"]
    assert asked.at([500, 501, 650, 651, 1000, 5000, 5001, 5200, 5201, 20000]).tolist() == [
        6, 7, 7, 8, 10, 36, 37, 37, 38, 111,
    ]  # fmt: skip
    assert asked.at([4, 25, 26, 50, 51, 150, 151, 300, 301]).tolist() == [1, 1, 2, 2, 4, 4, 5, 5, 6]


def test_approved_document_m_2015_table_3():
    """Permanent and removable places together."""
    asked = rule("UK-WC-N").values["places"]
    assert asked.at([100, 350, 500, 600, 601, 1201]).tolist() == [6, 6, 6, 6, 7, 13]
    assert math.isnan(asked.one(10_000))


def test_berlin_betrvo_26_4():
    assert rule("DE-WC-N").values["places"].at([100, 201, 500, 1200]).tolist() == [2, 3, 5, 12]


@pytest.mark.parametrize(
    ("rise", "n", "going", "landings"),
    [(0.3, 1, 4.286, 2.4), (0.6, 2, 4.286, 3.9), (0.9, 2, 8.182, 3.9), (1.0, 2, 10.0, 3.9), (1.2, 3, 6.667, 5.4)],
)
def test_approved_document_m_2015_table_1_ramps(rise, n, going, landings):
    values = rule("UK-RAMP").values
    count, each = flights(rise, values["one_in"].one, values["rise"])
    assert (count, round(each, 3)) == (n, going)
    assert 2 * values["landing"] + (count - 1) * values["between"] == pytest.approx(landings)
    assert [values["one_in"].one(g) for g in (2, 5, 10)] == [12, 15, 20]


@pytest.mark.parametrize(("rise", "n", "going"), [(0.3, 1, 3.6), (0.6, 1, 7.2), (0.9, 2, 10.8), (1.2, 2, 14.4)])
def test_ibc_2018_1012_ramps(rise, n, going):
    values = rule("US-RAMP").values
    count, each = flights(rise, values["one_in"].one, values["rise"])
    assert (count, round(count * each, 6)) == (n, going)


def test_no_flight_climbs_what_the_rule_does_not_allow():
    assert flights(0.6, lambda g: 12 if g <= 2 else math.nan, most=2) == (0, math.inf)
    assert flights(0.3, lambda g: 12 if g <= 2 else math.nan)[0] == 2


ROOM = """
name: T
rules: [RULES]
elements:
  - {id: hall, type: room, x: [-10, 10], y: [-16, 4], height: 5, doors: [{id: D1, at: [-10, -14], width: 1.2}]}
"""


def report(tmp_path, lines, rules="uk-england", head=""):
    path = tmp_path / "venue.yaml"
    text = ROOM.replace("RULES", rules) + "".join(f"  - {{{line}}}\n" for line in lines) + head
    path.write_text(text, encoding="utf-8")
    return sc.check(sc.build(sc.load(path)), [rules])


def of(report, code):
    return [f for f in report.findings if f.code == code]


def how(report, code):
    (outcome,) = (o for o in report.outcomes if o.code == code)
    return outcome


ROWS = "id: S, type: seating, rows: 10, seats: 20, front: [0, -2.5]"
CHAIRS = "id: W, type: seating, rows: 1, seats: 6, pattern: [wheelchair, companion], front: [-4, -13]"


def test_five_hundred_and_four_seats_ask_for_another_place_than_five_hundred(tmp_path):
    """ADA: six to 500 seats, seven from 501 on; the places themselves count."""
    asked = []
    for rows in ("rows: 25, seats: 20", "rows: 28, seats: 18"):
        found = of(report(tmp_path, [f"id: S, type: seating, {rows}, front: [0, 3], pitch: 0.6"], "us-ibc"), "AC01")
        asked.append(found[0].required)
    assert asked == [6, 7]


def test_places_that_are_laid_out_are_counted_and_sized(tmp_path):
    seen = report(tmp_path, [ROWS, CHAIRS, CHAIRS.replace("id: W", "id: V").replace("[-4, -13]", "[6, -13]")])
    for code in ("AC01", "AC02", "AC03", "AC04", "AC06"):
        assert how(seen, code).verdict == "pass", how(seen, code)
    assert how(seen, "AC01").measured == "6 wheelchair places of 212, asked 6"


def test_a_chair_called_a_wheelchair_place_is_too_small(tmp_path):
    places = "places:\n  - {seats: S/A/1-2, place: wheelchair}\n"
    (found,) = of(report(tmp_path, [ROWS], head=places), "AC02")
    assert found.message == "S, row A seats 1, 2: 500 mm wide, asked 900 mm and 508 mm deep, asked 1400 mm"
    assert found.fix == "lay them out as wheelchair places, with wheelchair_space: [900 mm, 1400 mm]"


@pytest.mark.parametrize("turn", [0, 90, -30])
def test_a_wheelchair_place_in_which_chairs_stand_is_told(tmp_path, turn):
    """A place is 1.40 m deep: laid out a metre before a row of chairs it reaches 0.40 m into them."""
    a = math.radians(turn)
    rows = [f"id: A, type: seating, rows: 4, seats: 14, turn: {turn}, front: [{3 * math.sin(a)}, {-3 * math.cos(a)}]"]
    rows += ["id: W, type: seating, rows: 1, seats: [4, 4], gangway: 3, pattern: [wheelchair, companion], "
             f"turn: {turn}, front: [{2 * math.sin(a)}, {-2 * math.cos(a)}]"]  # fmt: skip
    found = of(report(tmp_path, rows), "AC02")
    assert [one.measured for one in found] == pytest.approx([1.0, 1.0])
    assert "reaches 0.40 m into it" in found[0].message
    assert {"A", "W"} == set(found[0].elements)
    clear = [
        rows[0],
        rows[1].replace(f"{2 * math.sin(a)}, {-2 * math.cos(a)}", f"{1.6 * math.sin(a)}, {-1.6 * math.cos(a)}"),
    ]
    assert not of(report(tmp_path, clear), "AC02")


def test_wheelchair_places_in_rows_closer_than_they_are_deep_are_told(tmp_path):
    rows = "id: W, type: seating, rows: 2, seats: 4, pattern: [wheelchair, companion], front: [0, -2]"
    (found,) = of(report(tmp_path, [rows]), "AC02")
    assert found.message == "W, rows A, B (4 places): W, row B seat 1 reaches 0.45 m into it"
    assert not of(report(tmp_path, [rows + ", pitch: 1.9"]), "AC02")


@pytest.mark.parametrize(
    ("n", "laid", "said"),
    [
        (100, 0, "0 wheelchair places among 100, asked 1 and 5 seats that can be taken out"),
        (350, 3, "3 wheelchair places among 350, asked 4 and 2 seats that can be taken out"),
        (350, 4, "with 2 seats that can be taken out there are the 6 places that are asked"),
        (600, 5, "5 wheelchair places among 600, asked 6"),
        (350, 6, ""),
    ],
)
def test_approved_document_m_2015_table_3_permanent_places_and_seats_that_are_taken_out(tmp_path, n, laid, said):
    places = f"places:\n  - {{seats: S/A/1-{laid}, place: wheelchair}}\n" if laid else ""
    rows = f"id: S, type: seating, rows: {n // 25}, seats: 25, pitch: 0.6, front: [0, 3]"
    seen = report(tmp_path, [rows], head=places)
    found = of(seen, "AC01")
    assert [one.message for one in found] == ([said] if "among" in said else [])
    assert how(seen, "AC01").note == ("" if found else said)


def test_places_in_one_row_stand_together(tmp_path):
    wide = CHAIRS.replace("seats: 6", "seats: 12")
    (found,) = of(report(tmp_path, [ROWS, wide]), "AC03")
    assert "all 6 wheelchair places stand together (W, row A seats 1, 3, 5, 7, 9, 11)" in found.message


def test_a_wheelchair_user_without_a_companion(tmp_path):
    lone = CHAIRS.replace("seats: 6", "seats: 3").replace("[wheelchair, companion]", "[wheelchair]")
    (found,) = of(report(tmp_path, [ROWS, lone], "us-ibc"), "AC06")
    assert found.message == "W, row A seats 1, 2, 3: no seat for a companion beside them"
    one = CHAIRS.replace("seats: 6", "seats: 3").replace(
        "[wheelchair, companion]", "[wheelchair, companion, wheelchair]"
    )
    (found,) = of(report(tmp_path, [ROWS, one], "us-ibc"), "AC06")
    assert found.message.startswith("W, row A seat 3:")
    assert how(report(tmp_path, [ROWS, one]), "AC06").measured == "1 of 2 wheelchair places with a seat beside"


@pytest.mark.parametrize(("gap", "fault"), [(0.89, True), (0.91, False)])
def test_the_way_is_as_wide_as_its_narrowest_place(tmp_path, gap, fault):
    """A bar across the room leaves one gap."""
    bar = f"id: bar, type: scenery, plate: {{size: [{20 - gap}, 0.5], height: 1.1}}, at: [{gap / 2}, -12.2]"
    bar = f"id: bar, type: platform, size: [{20 - gap}, 0.5], height: 1.1, at: [{gap / 2}, -12.2]"
    front = CHAIRS.replace("[-4, -13]", "[0, -8]")
    found = of(report(tmp_path, [front, bar]), "AC04")
    assert bool(found) is fault
    if fault:
        assert found[0].measured == pytest.approx(gap, abs=0.011)
        assert found[0].message.startswith(
            "W, row A seats 1, 3, 5: the widest way to an exit is only 0.88 m wide, asked 900 mm"
        )


def test_a_blocked_way_and_a_raised_place(tmp_path):
    bar = "id: bar, type: platform, size: [20, 0.5], height: 1.1, at: [0, -12.2]"
    (found,) = of(report(tmp_path, [CHAIRS.replace("[-4, -13]", "[0, -8]"), bar]), "AC04")
    assert "the widest way to an exit is blocked, asked 900 mm" in found.message
    up = [
        "id: P, type: platform, size: [8, 3], height: 0.4, at: [0, -8]",
        CHAIRS.replace("front: [-4, -13]", "on: P, front: [0, 1]"),
    ]
    assert (
        "0.40 m from the floor of the exits; no ramp is drawn: how they get there was not checked"
        in how(report(tmp_path, up), "AC04").note
    )
    led = [*up, "id: R, type: ramp, height: 0.4, length: 6.67, at: [0, -9.5]"]
    assert "a ramp leads to that height" in how(report(tmp_path, led), "AC04").note


def test_a_steep_ramp_says_what_would_do(tmp_path):
    stage = "id: stage, type: stage, size: [8, 3], height: 0.9"
    steep = "id: R, type: ramp, height: 0.9, length: 9, width: 1.5"
    (found,) = of(report(tmp_path, [stage, steep]), "AC05")
    assert found.message == "R: rises 0.90 m in one flight, asked at most 0.50 m"
    assert found.fix == "2 flights of 8.19 m with landings of 3.90 m together, or a platform lift"
    (found,) = of(report(tmp_path, [stage, steep.replace("0.9", "0.3").replace("length: 9", "length: 3")]), "AC05")
    assert found.message == "R: 1 : 10.0, asked at most 1 : 13.0"
    assert (
        how(report(tmp_path, [stage, steep.replace("0.9", "0.3").replace("length: 9", "length: 4.3")]), "AC05").verdict
        == "pass"
    )


def test_a_stage_wants_a_ramp_or_a_lift(tmp_path):
    stage = "id: stage, type: stage, size: [8, 3], height: 0.9"
    (found,) = of(report(tmp_path, [stage]), "AC07")
    assert found.message == "stage, 0.90 m high: neither ramp nor lift leads up"
    assert found.severity == "note"
    ramp = "id: R, type: ramp, height: 0.9, length: 18, width: 1.5"
    assert how(report(tmp_path, [stage, ramp]), "AC07").measured == "R leads up to stage"
    lift = "id: lift, type: platform, name: Platform lift, size: [1.1, 1.4], height: 0.1, at: [5, -0.8]"
    assert not of(report(tmp_path, [stage, lift.replace("[5, -0.8]", "[3, -0.8]")]), "AC07")
    assert of(report(tmp_path, [stage, lift.replace("[5, -0.8]", "[9, -6]")]), "AC07")


def test_what_is_not_researched_is_said(tmp_path):
    seen = report(tmp_path, [ROWS, CHAIRS], "fr-erp-l")
    assert {how(seen, f"AC0{k}").verdict for k in range(1, 8)} == {"not checked"}
    assert how(seen, "AC01").note == "not researched for France"


def test_nobody_and_nothing_is_not_checked(tmp_path):
    seen = report(tmp_path, ["id: a, type: target, at: [0, 0, 1]"])
    assert {how(seen, f"AC0{k}").verdict for k in range(1, 8)} == {"not checked"}


def test_a_mirrored_room_has_the_same_verdicts(tmp_path):
    lines = [ROWS.replace("front: [0", "front: [1"), CHAIRS]
    one = report(tmp_path, lines)
    two = report(tmp_path, [line.replace("[1, -2.5]", "[-1, -2.5]").replace("[-4, -13]", "[4, -13]") for line in lines])
    access = [[(f.code, f.measured, f.required) for f in r.findings if f.code.startswith("AC")] for r in (one, two)]
    assert access[0] == access[1]  # its doors are not mirrored: ways to them differ
    assert np.isfinite([f.measured for f in one.findings if f.measured is not None]).all()
