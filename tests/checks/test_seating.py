"""Seating: rows, seatways, gangways, blocks, tables and steps; worked numbers by document, and small houses."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft import scene as waist
from stagecraft.analysis.banks import banks
from stagecraft.analysis.gangways import gangways
from stagecraft.build import build
from stagecraft.checks import check, ruleset
from stagecraft.geometry import frame as frames
from stagecraft.venue.document import Venue

SETS = {one.id: one for one in ruleset.load(ruleset.known_sets())}
LAWS = ["uk-england", "us-ibc", "de-mvstaettvo", "fr-erp-l"]
HALL = {"id": "hall", "type": "room", "size": [60, 60], "height": 9}


def rule(id):
    return next(r for one in SETS.values() for r in one.rules if r.id == id)


def house(*elements, hall=HALL, **fields):
    return build(Venue.model_validate({"name": "test", "elements": [hall, *elements], **fields}))


def seating(**fields):
    return {"id": "s", "type": "seating", "front": [0, 8], "chair": None, "own_depth": 0.6, "width": 0.55, **fields}


def said(scene, name, rules):
    """Findings of one check under one rule set, and how it ended."""
    report = check(scene, (rules,))
    outcome = next(one for one in report.outcomes if one.name == name)
    return [one for one in report.findings if one.name == name], outcome


# ── what the documents say ──────────────────────────────────────────────────────────────────────────────────────


def test_ibc_2018_1029_13_2_1_dual_access():
    asked = rule("US-ROW-DUAL").values["both"].at([14, 15, 20, 24, 30, 47, 48, 100]) / 0.0254
    assert asked == pytest.approx([12.0, 12.3, 13.8, 15.0, 16.8, 21.9, 22, 22], abs=1e-9)
    assert rule("US-ROW-COUNT").values["both"].one(0.35) == 100


def test_ibc_2018_1029_13_2_2_single_access():
    asked = rule("US-ROW-DUAL").values["one"].at([7, 8, 10, 12, 16, 18, 23, 24]) / 0.0254
    assert asked == pytest.approx([12.0, 12.6, 13.8, 15.0, 17.4, 18.6, 21.6, 22], abs=1e-9)


def test_bs_9999_annex_d_table_d_1():
    """The most places that each seatway allows, to the millimetre on both sides of every step."""
    both, one = rule("UK-SEATWAY").values["both"], rule("UK-SEATWAY").values["one"]

    def most(table, width, top):
        return max((n for n in range(1, top) if table.one(n) <= width / 1000 + 1e-6), default=0)

    edges = {300: 14, 325: 16, 350: 18, 375: 20, 400: 22, 425: 24, 450: 26, 475: 28}
    for width, n in edges.items():
        assert most(both, width, 60) == n
        assert most(both, width - 1, 60) == edges.get(width - 25, 0)
    assert (most(both, 499, 60), most(both, 500, 60)) == (28, 59)
    assert [most(one, w, 60) for w in (299, 300, 324, 325, 350, 375, 400, 425, 500)] == [0, 7, 7, 8, 9, 10, 11, 12, 12]
    assert rule("UK-ROW").values["one"].one(0.5) == 12


def test_erp_l_28_gauge():
    asked = rule("FR-GAUGE").values["both"].at([16, 17, 20, 28, 29, 50])
    assert asked == pytest.approx([0.35, 0.37, 0.43, 0.59, 0.60, 0.60])
    assert [rule("FR-ROW").values[k].one(0.35) for k in ("both", "one")] == [50, 8]


def test_mvstaettvo_10_3_to_6():
    assert rule("DE-SEATWAY").values["both"].at([1, 20]).tolist() == [0.4, 0.4]
    assert [rule("DE-ROW").values[k].one(0.4) for k in ("both", "one")] == [20, 10]
    assert rule("DE-BLOCK").values["rows_most"] == 30
    assert rule("DE-TABLE").values["between"].one(10) == 1.5


def test_approved_document_k_2013_1_4j():
    assert rule("UK-GANGWAY").values["width"].at([1, 50, 51, 500]).tolist() == [0.9, 0.9, 1.1, 1.1]


def test_ibc_2018_1029_9_1_aisles():
    values = rule("US-AISLE").values

    def inches(key, counts):
        return (values[key].at(counts) / 0.0254).round(9).tolist()

    assert inches("width", [14, 15, 49, 50]) == [30, 36, 36, 42]
    assert inches("one_side", [14, 15]) == [30, 36]
    assert inches("stepped", [49, 50]) == [36, 48]
    assert inches("carried", [252, 126]) == [50.4, 25.2]


def test_ibc_2018_1029_13_1_between_tables():
    """Twice 19 in, and 12 in, 21 in for a way of 30 ft, 36 in, 44 in."""
    way, chair = rule("US-TABLE").values["between"], rule("US-TABLE").values["chair"]
    assert [round(1000 * (2 * chair + one)) for one in (way.one(0), way.one(30 * 0.3048), 36 * 0.0254, 44 * 0.0254)] == [
        1270, 1499, 1880, 2083,
    ]  # fmt: skip


@pytest.mark.parametrize("name", LAWS)
def test_every_law_has_a_row_for_every_check_of_seating(name):
    assert {r.check.code for r in SETS[name].rules if r.check.code.startswith("SE")} == {
        f"SE0{n}" for n in range(1, 10)
    }


# ── seatways ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("pitch", "good"), [(0.8999, False), (0.90, True), (0.9249, False), (0.925, True)])
def test_14_seats_need_300_mm_in_england_and_16_need_325(pitch, good):
    n = 14 if pitch < 0.91 else 16
    found, outcome = said(house(seating(rows=4, seats=[n, n], pitch=pitch, sides=1.2)), "narrow-seatway", "uk-england")
    assert (outcome.verdict == "pass") is good
    if not good:
        (one,) = found
        assert one.measured == pytest.approx(pitch - 0.6)
        assert f"asked {300 if n == 14 else 325}.0 mm" in one.message


def test_12_in_are_304_8_mm():
    """A seatway of 304.7 mm is too narrow, though both are 305 mm to the millimetre; the message tells them apart."""
    found, _ = said(house(seating(rows=3, seats=[10, 10], pitch=0.9047)), "narrow-seatway", "us-ibc")
    assert "304.7 mm, asked 304.8 mm" in found[0].message
    assert said(house(seating(rows=3, seats=[10, 10], pitch=0.9048)), "narrow-seatway", "us-ibc")[1].verdict == "pass"


def test_the_seatway_goes_by_the_ends_that_are_open():
    """12 places: 300 mm between two gangways, 425 mm where the other end stands at a wall."""
    hall = {**HALL, "size": [2 * 12 * 0.55 + 1.2 + 2 * 0.02, 60]}
    both = said(house(seating(rows=3, seats=[12, 12], pitch=0.95)), "narrow-seatway", "uk-england")[1]
    found, _ = said(house(seating(rows=3, seats=[12, 12], pitch=0.95), hall=hall), "narrow-seatway", "uk-england")
    assert both.verdict == "pass"
    assert found[0].required == pytest.approx(0.425)
    assert "open at one end" in found[0].message
    assert "rows of 9 places" in found[0].fix


def test_a_row_with_no_way_out_is_told_plainly():
    hall = {**HALL, "size": [10 * 0.55 + 0.2, 60]}
    found, outcome = said(house(seating(rows=3, seats=10), hall=hall), "narrow-seatway", "house")
    assert outcome.verdict == "fail"
    assert "2 rows have no gangway at either end" in found[0].message
    assert "0.10 m and 0.10 m beyond its ends, asked 0.90 m" in found[0].message


def test_a_front_row_is_left_forwards():
    hall = {**HALL, "size": [10 * 0.55 + 0.2, 60]}
    assert said(house(seating(rows=1, seats=10), hall=hall), "narrow-seatway", "house")[1].verdict == "pass"


def test_wheelchair_spaces_before_a_row_are_in_its_way():
    """A space is 1.4 m deep: it begins 1.9 m before the row and leaves 0.5 m less its chair's depth."""
    places = {"id": "wc", "type": "seating", "rows": 1, "seats": 6, "front": [0, 9.55], "pattern": ["wheelchair"]}
    found, _ = said(house(places, seating(rows=2, seats=[9, 9], pitch=1.0)), "narrow-seatway", "house")
    assert found[0].measured == pytest.approx(0.15)
    assert "s1 row A" in found[0].message or "row B" in found[0].message


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rules", "n", "good"),
    [("de-mvstaettvo", 20, True), ("de-mvstaettvo", 21, False), ("fr-erp-l", 50, True), ("fr-erp-l", 51, False),
     ("us-ibc", 100, True), ("us-ibc", 101, False)],
)  # fmt: skip
def test_the_longest_row_between_two_gangways(rules, n, good):
    found, outcome = said(
        house(seating(rows=3, seats=n, pitch=1.19, sides=1.2), hall={**HALL, "size": [90, 60]}), "long-row", rules
    )
    assert (outcome.verdict == "pass") is good
    if not good:
        assert (found[0].measured, found[0].required) == (n, n - 1)


@pytest.mark.parametrize(("rules", "most"), [("uk-england", 12), ("de-mvstaettvo", 10), ("fr-erp-l", 8)])
def test_the_longest_row_from_one_gangway(rules, most):
    for n, good in ((most, True), (most + 1, False)):
        hall = {**HALL, "size": [2 * n * 0.55 + 1.2 + 0.04, 60]}
        found, outcome = said(house(seating(rows=3, seats=[n, n], pitch=1.1), hall=hall), "long-row", rules)
        assert (outcome.verdict == "pass") is good
        if not good:
            assert f"{n} places, from one gangway at most {most}" in found[0].message


def test_a_seat_that_is_gone_divides_a_row():
    """21 places in a row are too many in Germany; without the one in the middle a way of 0.55 m parts them, but it is none."""
    one = house(seating(rows=3, seats=21, pitch=1.0, sides=1.2, without=["2/1"]))
    found, _ = said(one, "long-row", "de-mvstaettvo")
    assert len(found) == 1
    assert banks(one).count.tolist() == [21, 10, 10, 21]


# ── gangways ────────────────────────────────────────────────────────────────────────────────────────────────────


def blocks_of(n, rows=18, gangway=1.2, **more):
    return seating(rows=rows, seats=[n, n], pitch=0.95, gangway=gangway, **more)


def test_ref_500_a_gangway_for_252_who_leave_both_ways_and_one_way():
    """Half of each row of 14 + 14 for the gangway between: 252, 126 each way. With a wall behind the last row all 252
    leave at the front: 5 mm × 252 = 1260 mm in England, 0.2 in × 252 = 50.4 in = 1280 mm in the US,
    1.20 m for 200 in Germany, and widths between."""
    open_house = house(blocks_of(14))
    (way,) = gangways(open_house, banks(open_house), 0.9)
    assert (way.served, way.ways, way.flow, way.sides, way.slope) == (252, 2, 126, 2, 0)
    for rules in LAWS:
        assert said(open_house, "narrow-gangway", rules)[1].verdict == "pass"
    behind = 8 - 17 * 0.95 - 0.6 - 0.3
    wall = {"id": "wall", "type": "scenery", "at": [0, behind], "size": [40, 0.2, 3]}
    closed = house(blocks_of(14), wall)
    (way,) = gangways(closed, banks(closed), 0.9)
    assert (way.ways, way.flow) == (1, 252)
    for rules, asked in (("uk-england", 1.260), ("us-ibc", 252 * 0.2 * 0.0254), ("de-mvstaettvo", 252 * 0.006)):
        (found,), _ = said(closed, "narrow-gangway", rules)
        assert found.required == pytest.approx(asked)
        assert "252 persons leave one way" in found.message


def test_1100_mm_in_england_and_900_for_fifty():
    few, many = blocks_of(5, rows=10, gangway=0.9), blocks_of(6, rows=10, gangway=0.9)  # 50 and 60 who come this way
    assert said(house(few), "narrow-gangway", "uk-england")[1].verdict == "pass"
    (found,), _ = said(house(many), "narrow-gangway", "uk-england")
    assert (found.measured, found.required) == (0.9, 1.1)


def test_killed_places_hold_nobody():
    one = house(blocks_of(6, rows=10, gangway=0.9), places=[{"seats": "*/A-B", "kill": "no view"}])
    assert said(one, "narrow-gangway", "uk-england")[1].verdict == "pass"


def test_steps_make_a_gangway_wider_in_the_us():
    """42 in level and 48 in stepped with rows on both sides."""
    level, stepped = (blocks_of(10, rows=6, gangway=1.1, sides=1.2, riser=riser) for riser in (0.0, 0.15))
    assert said(house(level), "narrow-gangway", "us-ibc")[1].verdict == "pass"
    (found,), _ = said(house(stepped), "narrow-gangway", "us-ibc")
    assert found.required == pytest.approx(48 * 0.0254)
    sloping = blocks_of(10, rows=6, gangway=1.1, sides=1.2, riser=0.95 / 8)
    assert said(house(sloping), "narrow-gangway", "us-ibc")[1].verdict == "pass"


def test_a_gangway_that_ends_at_a_wall_is_a_dead_end_of_its_length():
    wall = {"id": "wall", "type": "scenery", "at": [0, 8 - 19 * 0.95 - 0.6 - 0.3], "size": [40, 0.2, 3]}
    (found,), _ = said(house(blocks_of(10, rows=20), wall), "dead-end-gangway", "us-ibc")
    assert found.measured == pytest.approx(19 * 0.95)
    assert "20 rows" in found.message
    sixteen = {"id": "wall", "type": "scenery", "at": [0, 8 - 15 * 0.95 - 0.6 - 0.3], "size": [40, 0.2, 3]}
    assert said(house(blocks_of(10, rows=16), sixteen), "dead-end-gangway", "us-ibc")[1].verdict == "pass"
    crossed = blocks_of(10, rows=20, cross=[{"after": 10, "width": 1.2}])
    far = {"id": "wall", "type": "scenery", "at": [0, 8 - 19 * 0.95 - 0.8 - 0.6 - 0.3], "size": [40, 0.2, 3]}
    assert said(house(crossed, far), "dead-end-gangway", "us-ibc")[1].verdict == "pass"


@pytest.mark.parametrize(("first", "good"), [(0.40, True), (0.41, False)])
def test_two_steps_lead_down_from_a_gangway_and_no_more(first, good):
    """Tiers with a drop behind the last row: where the first stands too high as well, its gangways lead nowhere."""
    found, outcome = said(
        house(seating(rows=6, seats=[5, 5], riser=0.2, first_riser=first)), "dead-end-gangway", "us-ibc"
    )
    assert (outcome.verdict == "pass") is good
    if not good:
        assert "leads nowhere" in found[0].message


@pytest.mark.parametrize(("y", "good"), [(-0.9, True), (-0.8, False)])
def test_the_tiers_of_a_balcony_are_stepped_down_from_onto_its_floor(y, good):
    """Down 350 mm, then 0.8 m or 0.7 m to the parapet, where 30 in are asked: the 6 m above the stalls are not that drop."""
    gallery = {"id": "g", "type": "balcony", "at": [0, 0], "size": [20, 9], "level": 6.0, "parapet": 0.8}
    circle = seating(rows=4, seats=[5, 5], riser=0.4, first_riser=0.35, on="g", rails=["rear", "left", "right"])
    circle |= {"at": [0, y]}
    del circle["front"]
    found, _ = said(house(gallery, circle), "dead-end-gangway", "us-ibc")
    assert [one.message.split(":")[0] for one in found] == ([] if good else ["s gangway 1 leads nowhere"])


@pytest.mark.parametrize(
    ("pitch", "middle", "good"),
    [(0.95, 12, False), (1.0, 12, True), (1.0, 14, False), (1.25, 24, True), (1.25, 25, False)],
)
def test_ibc_2018_1029_8_1_a_second_way_through_a_row_across_the_gangway(pitch, middle, good):
    """Side rows closed by a wall, gangways by one behind the last row. Across the gangway 12 in + 0.6 in for each place beyond
    seven: 12 places need 15 in (381 mm), of 350 and 400 mm; 14 need 411 mm; 24 need 564 mm, and 25 are too many."""
    wide = middle * 0.55 / 2 + 1.2 + 6 * 0.55 + 0.1
    end = 8 - 13 * pitch - 0.7
    doors = [{"id": "A", "at": [-wide, 11]}, {"id": "B", "at": [wide, 11]}]
    hall = {"id": "hall", "type": "room", "x": [-wide, wide], "y": [end, 12], "height": 6, "doors": doors}
    _, outcome = said(
        house(seating(rows=14, seats=[6, middle, 6], gangway=1.2, pitch=pitch), hall=hall), "long-common-path", "us-ibc"
    )
    assert outcome.verdict == ("pass" if good else "fail")
    if good:
        assert "longest without a choice: 3.0" in outcome.measured


@pytest.mark.parametrize("width", [0.5, 0.55, 0.6])
def test_a_row_that_ends_a_part_of_a_place_from_its_gangway_opens_onto_it(width):
    """Rows of whole places between radial gangways: each leaves a part of a place free at both of its ends."""
    arc = {
        "curve": 6,
        "arc": [-95, 95],
        "radial": [-57, -19, 19, 57],
        "sides": 1.2,
        "pitch": 0.95,
        "rows": 8,
        "width": width,
    }
    scene = house(seating(riser=0.34, own_depth=0.6, rails=["rear", "left", "right"], front=None, at=[0, 8]) | arc)
    served = sum(way.served for way in gangways(scene, banks(scene), 0.9))
    assert served == len(scene.seats)


def test_a_row_ahead_of_a_gangway_does_not_open_onto_it():
    """Nine places a metre in front of the first row, the last of them before the gangway's end."""
    ahead = seating(id="w", rows=1, seats=9, front=[-2.6, 9.6])
    alone, with_it = house(blocks_of(6)), house(blocks_of(6), ahead)
    served = [
        [way.served for way in gangways(one, banks(one), 0.9) if way.walkway.element == "s"] for one in (alone, with_it)
    ]
    assert served[0] == served[1]


# ── blocks, chairs, seats ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "cross", "good"), [(30, (), True), (31, (), False), (31, [{"after": 10, "width": 1.2}], True)]
)
def test_thirty_rows_without_a_gangway_across(rows, cross, good):
    one = house(seating(rows=rows, seats=[5, 5], pitch=1.0, front=[0, 20], cross=cross))
    found, outcome = said(one, "large-block", "de-mvstaettvo")
    assert (outcome.verdict == "pass") is good
    if not good:
        assert (found[0].measured, found[0].required) == (31, 30)


def test_two_elements_behind_one_another_are_one_block():
    front, back = (
        seating(rows=16, seats=8, pitch=1.0, front=[0, 20]),
        seating(rows=16, seats=8, pitch=1.0, front=[0, 4]),
    )
    (found,), _ = said(house({**front, "id": "a"}, {**back, "id": "b"}), "large-block", "de-mvstaettvo")
    assert (found.elements, found.measured) == (("b",), 32)


@pytest.mark.parametrize(
    ("rules", "words"),
    [("uk-england", "60 loose chairs in rows: order them with links and join them in lengths of 4 to 14"), ("us-ibc", ""),
     ("de-mvstaettvo", "join them in lengths of 2 or more")],
)  # fmt: skip
def test_loose_chairs_are_a_remark_and_no_fault(rules, words):
    found, outcome = said(house(seating(rows=6, seats=[5, 5], chair="fur.chair.banquet")), "loose-chairs", rules)
    assert (found, outcome.verdict) == ([], "pass")
    assert words in outcome.note
    assert bool(outcome.note) is bool(words)


def test_more_chairs_than_may_be_linked_and_fewer():
    rows = seating(rows=4, seats=[3, 16], chair="fur.chair.banquet")
    note = said(house(rows), "loose-chairs", "uk-england")[1].note
    assert "4 rows have fewer than 4" in note
    assert "4 rows have more than 14" in note


def test_the_chairs_of_the_house_are_not_loose_nor_those_at_tables():
    tables = {"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 10, "count": 12}
    assert said(house(seating(rows=20, seats=[9, 9])), "loose-chairs", "uk-england")[1].note == ""
    assert said(house(tables), "loose-chairs", "uk-england")[1].note == ""


def test_half_a_metre_a_seat_in_germany():
    assert said(house(seating(rows=2, seats=5, width=0.50)), "narrow-seat", "de-mvstaettvo")[1].verdict == "pass"
    (found,), _ = said(house(seating(rows=2, seats=5, width=0.49)), "narrow-seat", "de-mvstaettvo")
    assert "10 places are narrower than 500 mm; the narrowest 490 mm" in found.message


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def rounds(gap, **more):
    """Two rounds of 1.83 m so far apart."""
    d = 1.83
    return {
        "id": "t",
        "type": "tables",
        "item": "fur.table.round6",
        "seats": 10,
        "places": [[0, 0], [d + gap, 0]],
        **more,
    }


@pytest.mark.parametrize(("rules", "least"), [("de-mvstaettvo", 1.50), ("house", 52 * 0.0254), ("us-ibc", 50 * 0.0254)])
def test_rounds_with_chairs_back_to_back(rules, least):
    one = house(rounds(1.0))
    part = next(p for p in one.parts if p.system == "table")
    real = float(part.transforms[1, 0, 3] - part.transforms[0, 0, 3] - np.ptp(part.solid.bounds[:, 0]))
    (found,), _ = said(one, "near-tables", rules)
    assert found.measured == pytest.approx(real, abs=2e-3)
    assert found.required == pytest.approx(least)
    assert not said(house(rounds(1.0 + least - real + 0.003)), "near-tables", rules)[0]


def test_tables_pushed_together_are_one_and_desks_in_rows_need_a_chair_between():
    """36 in where one of two desks has chairs towards the other."""
    desk = {
        "id": "t",
        "type": "tables",
        "item": "fur.table.trestle6",
        "seats": 3,
        "open": 180,
        "columns": 2,
        "count": 4,
    }
    one = house({**desk, "spacing": [1.83, 0.76 + 0.80]})
    (found,), _ = said(one, "near-tables", "house")
    assert found.required == pytest.approx(36 * 0.0254)
    assert "1 gap between tables" in found.message


def test_a_table_with_chairs_at_a_wall():
    found, _ = said(house({**rounds(3.0), "places": [[28.0, 0]]}), "near-tables", "house")
    assert found[0].required == pytest.approx(48 * 0.0254)
    assert "and the wall" in found[0].message


# ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tiers(riser, pitch=0.9):
    return house(seating(rows=5, seats=[5, 5], pitch=pitch, riser=riser, sides=1.2))


@pytest.mark.parametrize(
    ("riser", "good"),
    [(0.099, False), (0.100, True), (0.190, True), (0.191, False), (0.1999, False), (0.200, True), (0.380, True)],
)
def test_approved_document_k_dead_band_between_190_and_200_mm(riser, good):
    found, outcome = said(tiers(riser), "uneven-steps", "uk-england")
    assert (outcome.verdict == "pass") is good
    if 0.19 < riser < 0.2:
        assert "1 step would be" in found[0].message
        assert "a rise of 190 mm or of 200 mm a row" in found[0].fix


def test_the_dead_band_is_england_s_alone():
    assert said(tiers(0.195), "uneven-steps", "us-ibc")[1].verdict == "pass"
    assert said(tiers(0.195), "uneven-steps", "house")[1].verdict == "pass"


def test_ibc_2018_1029_14_steps():
    """Up to 8 in, 9 in where sightlines need it; above, two steps: 9.1 in are 4.55 in each, in a tread of 11 in."""
    inch = 0.0254
    assert said(tiers(8 * inch), "uneven-steps", "us-ibc")[1].note == ""
    assert "for sightlines" in said(tiers(9 * inch), "uneven-steps", "us-ibc")[1].note
    assert said(tiers(9.1 * inch, pitch=22 * inch + 0.1), "uneven-steps", "us-ibc")[1].verdict == "pass"
    three, _ = said(
        house(seating(rows=5, seats=[5, 5], pitch=0.82, riser=19 * inch, sides=1.2)), "uneven-steps", "us-ibc"
    )
    assert "asked 279 mm deep" in three[0].message


def test_a_slope_of_less_than_1_in_8_is_a_ramp_in_the_us():
    assert said(tiers(0.09, pitch=0.9), "uneven-steps", "us-ibc")[1].verdict == "pass"


def test_35_degrees():
    """0.95 m: 0.665 m a row is 34.99°, 0.666 m 35.03°."""
    assert said(tiers(0.665, 0.95), "uneven-steps", "uk-england")[1].verdict == "pass"
    (found,), _ = said(tiers(0.666, 0.95), "uneven-steps", "uk-england")
    assert found.unit == "°"
    assert "35.1°, asked at most 35°" in found.message


@pytest.mark.parametrize(
    ("rows", "cross", "good"), [(21, (), True), (22, (), False), (22, [{"after": 11, "width": 1.2}], True)]
)
def test_approved_document_k_2013_1_4_forty_steps_steeper_than_25_degrees(rows, cross, good):
    """Two steps of 190 mm in 0.80 m are 25.4°: 20 rises are 40 steps, 21 are 42."""
    steep = house(seating(rows=rows, seats=[5, 5], pitch=0.8, own_depth=0.5, riser=0.38, front=[0, 15], cross=cross))
    found, outcome = said(steep, "uneven-steps", "uk-england")
    assert (outcome.verdict == "pass") is good
    if not good:
        assert (found[0].measured, found[0].required) == (42, 40)


# ── any house ───────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = (
    "narrow-seatway",
    "long-row",
    "narrow-gangway",
    "large-block",
    "uneven-steps",
    "dead-end-gangway",
    "narrow-seat",
)
HOUSES = st.fixed_dictionaries({
    "rows": st.integers(2, 5), "seats": st.lists(st.integers(3, 16), min_size=1, max_size=3),
    "gangway": st.sampled_from([0.9, 1.1, 1.25]), "pitch": st.sampled_from([0.88, 0.93, 1.02]),
    "curve": st.sampled_from([None, 18.0]), "riser": st.sampled_from([0.0, 0.12, 0.195]), "sides": st.sampled_from([0.0, 1.0]),
})  # fmt: skip


def verdicts(scene, rules):
    report = check(scene, (rules,))
    kept = [one for one in report.outcomes if one.name in NAMES]
    return sorted((o.rule, o.verdict) for o in kept), sorted(
        (f.rule, f.message.split(";")[0], round(f.measured or 0, 5), round(f.required or 0, 5))
        for f in report.findings if f.name in NAMES
    )  # fmt: skip


@given(fields=HOUSES, turn=st.sampled_from([17.0, 90.0, -133.0]), rules=st.sampled_from(LAWS))
@settings(max_examples=20, deadline=None)
def test_turning_and_mirroring_a_house_changes_no_verdict(fields, turn, rules):
    one = house(seating(**fields))
    matrix, names = frames.frame((3.0, -7.0, 0.0), turn), {id: id for id in one.elements}
    turned = replace(one, records=tuple(waist.moved(record, matrix) for record in one.records))
    mirrored = replace(one, records=tuple(waist.mirrored(record, names) for record in one.records))
    here = verdicts(one, rules)
    assert verdicts(turned, rules) == here
    assert verdicts(mirrored, rules)[0] == here[0]


@given(fields=HOUSES, rules=st.sampled_from(LAWS))
@settings(max_examples=12, deadline=None)
def test_feet_and_metres_give_the_same_verdicts(fields, rules):
    feet = {k: v if k in ("rows", "seats") or v is None else f"{v / 0.3048!r} ft" for k, v in fields.items()}
    metres, shown = house(seating(**fields)), house(seating(**feet), units="ft")
    assert verdicts(metres, rules)[0] == verdicts(shown, rules)[0]


@pytest.mark.parametrize("rules", [*LAWS, "house"])
def test_odd_houses_are_not_checked_and_say_why(rules):
    killed = house(seating(rows=2, seats=5), places=[{"seats": "*/*", "kill": "closed"}])
    single = house(seating(rows=1, seats=1))
    for scene in (
        house(),
        killed,
        single,
        build(Venue.model_validate({"name": "none", "elements": [seating(rows=2, seats=3)]})),
    ):
        for outcome in check(scene, (rules,)).outcomes:
            if outcome.code.startswith("SE") and outcome.verdict == "not checked":
                assert outcome.note
    assert said(house(), "narrow-seatway", rules)[1].note == "no seats"
    assert math.isnan(banks(single).seatway[0])


@pytest.mark.parametrize(("riser", "inches"), [("8 in", 70.0), ("7 in", 60.0), ("6 in", 60.0)])
def test_ibc_2018_1029_6_1_stepped_aisle(tmp_path, riser, inches):
    """200 persons, with a handrail: 0.3 in each, and 0.005 in more for every 0.1 in of riser above 7 in."""
    import stagecraft as sc
    from stagecraft.checks import check

    stalls = {"id": "S", "type": "seating", "rows": 10, "seats": [10, 10], "riser": riser, "front": [0, -3]}
    hall = {"id": "hall", "type": "room", "x": [-5.62, 5.62], "y": [-12.52, 6], "height": 8,
            "doors": [{"id": "D1", "at": [0, 6]}]}  # fmt: skip
    report = check(sc.build(sc.Venue(name="T", elements=(hall, stalls))), ["us-ibc"])
    (found,) = (f for f in report.findings if f.code == "SE03")
    assert found.required / 0.0254 == pytest.approx(inches)
