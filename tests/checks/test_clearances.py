"""Clearances: each fault found with its figures, its clause and what cures it; quiet where all is well."""

from dataclasses import replace

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.checks import check
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame
from stagecraft.scene import Part, Scene, mirrored, moved
from tests.analysis._house import scene

HALL = "{id: hall, type: room, x: [-12, 12], y: [-20, 8], height: 7, doors: [{id: D1, at: [12, -10]}, {id: D2, at: [0, -20], swing: in}]}"
STAGE = "{id: stage, type: stage, size: [10, 5], height: 0.9, deck: null}"


def built(*elements, units="m"):
    lines = "\n".join(f"  - {one}" for one in elements)
    return sc.build(sc.loads(f"schema: 1\nname: Test\nunits: {units}\nelements:\n{lines}\n"))


def found(house, code, *rules):
    return [one for one in check(house, rules).findings if one.code == code]


def outcome(house, code, *rules):
    return next(one for one in check(house, rules).outcomes if one.code == code)


def turned(house: Scene, matrix) -> Scene:
    return replace(house, records=tuple(moved(record, matrix) for record in house.records))


# CL03 unguarded-edge


def test_a_stage_of_0_9_m_is_guarded_by_england_and_america_and_not_by_house_figures():
    """PR-STAGE-GUARD: 380 mm (Approved Document K, K2), 30 in (IBC 1015.2)."""
    house = built(HALL, STAGE)
    assert not found(house, "CL03")
    for rules, asked in (("uk-england", 0.38), ("us-ibc", 30 * 0.0254)):
        (one,) = found(house, "CL03", rules)
        assert (one.severity, one.required, one.measured) == ("error", pytest.approx(asked), pytest.approx(0.9))
        assert "stage, upstage, house left and house right: 20.00 m of edge up to 0.90 m" in one.message


@pytest.mark.parametrize(("height", "count"), [(0.75, 0), (0.762, 0), (0.77, 1)])
def test_30_inches_are_compared_as_written(height, count):
    assert len(found(built(HALL, STAGE.replace("0.9", str(height))), "CL03", "us-ibc")) == count


@pytest.mark.parametrize(("height", "count"), [(1.0, 0), (1.01, 1)])
def test_germany_asks_for_the_front_edge_too_above_1_m(height, count):
    """PR-STAGE-GUARD-DE: DGUV Vorschrift 17 s. 6, the front edge included."""
    rails = "{id: stage, type: stage, size: [10, 5], height: %s, deck: null, rails: [rear, left, right]}"
    house = built(HALL, rails % height)
    assert len(found(house, "CL03", "de-mvstaettvo")) == count
    assert not found(house, "CL03", "us-ibc")


def test_the_audiences_side_is_said_to_be_open_by_intent():
    assert outcome(built(HALL, STAGE), "CL03", "uk-england").note == "open by intent, though higher than 0.38 m: stage"


def test_a_kept_rule_says_how_high_the_highest_open_edge_is():
    assert outcome(built(HALL, STAGE), "CL03").measured == "up to 0.90 m without a guard, asked above 1.00 m"
    guarded = STAGE.replace("deck: null", "deck: null, rails: [rear, left, right]")
    assert outcome(built(HALL, guarded), "CL03").measured == "every edge has a guard, asked above 1.00 m"


def test_rails_on_three_sides_of_a_stage_are_enough_and_low_ones_are_not():
    rails = STAGE.replace("deck: null", "deck: null, rails: [rear, left, right]")
    assert not found(built(HALL, rails), "CL03", "uk-england")
    (one,) = found(built(HALL, rails.replace("rails:", "rail_height: 1.0, rails:")), "CL03", "uk-england")
    assert (one.measured, one.required) == (pytest.approx(1.0, abs=0.02), pytest.approx(1.1))
    assert "what stands along it is 1.0" in one.message


def test_800_mm_are_enough_within_530_mm_of_seats():
    """Approved Document K (2013) diagram 3.1."""
    for front, count in ((-0.53, 0), (-0.6, 1)):
        house = built(
            HALL,
            "{id: gallery, type: balcony, at: [0, -14], size: [22, 6], level: 3, parapet: 0.8}",
            f"{{id: C, type: seating, on: gallery, at: [0, {front}], rows: 2, seats: 40, width: 0.55, pitch: 0.9}}",
        )
        assert len(found(house, "CL03", "uk-england")) == count, front


def test_tiers_need_rails_at_their_rear_and_sides():
    tiers = "{id: T, type: seating, rows: 6, seats: 12, riser: 0.35, front: [0, -4], rails: [%s]}"
    assert not found(built(HALL, tiers % "rear, left, right"), "CL03")
    (one,) = found(built(HALL, tiers % "rear"), "CL03")
    assert "house left and house right" in one.message
    (one,) = found(built(HALL, tiers % ""), "CL03")
    assert one.measured == pytest.approx(5 * 0.35)


def test_what_stands_beside_a_stage_is_no_fall():
    wings = [
        f"{{id: wing{x}, type: platform, at: [{x}, 2.5], size: [4, 5], height: 0.9, rails: [front, rear, {side}]}}"
        for x, side in ((-7, "left"), (7, "right"))
    ]
    (one,) = found(built(HALL, STAGE, *wings), "CL03", "us-ibc")
    assert one.message.startswith("stage, upstage: 9.50 m")  # its corners lie beside the rails of the wings


def test_nothing_raised_nothing_checked():
    assert outcome(built(HALL), "CL03").verdict == "not checked"


# CL04 near-rigging


@pytest.mark.parametrize(("trim", "count"), [(6.2, 0), (6.3, 1)])
def test_a_truss_457_mm_below_the_ceiling(trim, count):
    """PR-SPRINK: 18 in below sprinkler deflectors, IFC 315.3.1; written for storage, so a note."""
    house = built(HALL, f"{{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, 0], to: [5, 0], trim: {trim}}}")
    some = found(house, "CL04")
    assert len(some) == count
    for one in some:
        assert (one.severity, one.required) == ("note", pytest.approx(0.4572))
        assert one.measured == pytest.approx(7 - trim - 0.29, abs=0.02)
    assert outcome(house, "CL04").verdict == "pass"


def test_a_truss_beside_a_low_part_of_the_ceiling():
    zone = HALL.replace("height: 7", "height: 7, ceiling: [{id: duct, at: [0, 1.2], size: [6, 2], height: 5}]")
    (one,) = found(
        built(zone, "{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, 0], to: [5, 0], trim: 5.1}"), "CL04"
    )
    assert one.elements == ("T1", "hall")
    assert one.measured == pytest.approx(0.2 - 0.145, abs=0.01)
    assert "from hall duct" in one.message


# CL05 small-service-space


@pytest.mark.parametrize(("y", "said"), [(7.4, "finding"), (7.0, "remark"), (6.0, "nothing")])
def test_room_behind_an_led_wall(y, said):
    """PR-LED-REAR: 1.0 m behind its deepest part, 0.6 m at least; trade practice."""
    house = built(HALL, f"{{id: led, type: led_wall, panel: led.roe.bp2v2, columns: 8, rows: 5, at: [0, {y}]}}")
    (free,) = {round(8 - y - 0.09, 6)}
    some = found(house, "CL05")
    assert len(some) == (said == "finding")
    for one in some:
        assert (one.kind, one.severity, one.measured) == ("trade", "note", pytest.approx(free))
        assert one.elements == ("led", "hall")
    assert bool(outcome(house, "CL05").note) == (said == "remark")


@pytest.mark.parametrize("more", ["service: front", "at: [0, 7.7, 2.5]"])
def test_walls_mended_from_the_front_or_let_down_need_none(more):
    at = "" if "at:" in more else "at: [0, 7.7], "
    assert not found(
        built(HALL, f"{{id: led, type: led_wall, panel: led.roe.bp2v2, columns: 8, rows: 5, {at}{more}}}"), "CL05"
    )


# CL07 near-stage


@pytest.mark.parametrize(
    ("front", "said"), [(-0.8, "finding"), (-0.9144, "remark"), (-1.4, "remark"), (-1.5, "nothing")]
)
def test_the_front_row_stands_36_inches_from_the_stage(front, said):
    """PR-FIRST: 0.91 m (MIT), 1.5 m is good."""
    house = built(HALL, STAGE, f"{{id: A, type: seating, rows: 3, seats: 10, front: [0, {front}]}}")
    some = found(house, "CL07")
    assert len(some) == (said == "finding")
    for one in some:
        assert one.measured == pytest.approx(-front)
        assert one.message.startswith("10 places (A row A) 0.80 m from stage")
        assert one.fix.startswith("move them back by 120 mm")
    assert bool(outcome(house, "CL07").note) == (said == "remark")


def test_places_on_the_stage_are_not_in_front_of_it():
    assert not found(built(HALL, STAGE, "{id: panel, type: seating, on: stage, rows: 1, seats: 4, at: [0, 2]}"), "CL07")


# CL08 occupied-keep-clear


def test_everything_in_a_space_kept_clear_is_named():
    house = built(
        HALL,
        "{id: way, type: keep_clear, at: [-6, 0], size: [2, 8], why: way to the loading dock}",
        "{id: box1, type: scenery, at: [-6, 1], size: [1, 1, 1]}",
        "{id: box2, type: scenery, at: [-5.2, -2], size: [1, 1, 1]}",
        "{id: box3, type: scenery, at: [-4.4, -2], size: [0.8, 1, 1]}",
    )
    (one,) = found(house, "CL08")
    assert one.elements == ("way", "box1", "box2")
    assert one.message.startswith(
        "way to the loading dock: box1 (1.00 m × 1.00 m × 1.00 m of it) stands in it, and 1 more"
    )
    assert one.fix == "move box1, box2 out of it, or the space"


def test_a_drape_in_the_drop_zone_of_the_safety_curtain():
    pros = "{id: pros, type: proscenium, opening: [10, 5], wall: [20, 7], curtain: 0.4}"
    drape = "{id: legs, type: drape, from: [-3, %s], to: [3, %s], height: 4, item: drp.tsc.3300}"
    stage = "{id: stage, type: stage, at: [0, -1], size: [9, 8], height: 0.5, deck: null}"
    hall = HALL.replace("y: [-20, 8]", "y: [-20, 12]")
    assert not found(built(hall, stage, pros, drape % (2, 2)), "CL08")
    (one,) = found(built(hall, stage, pros, drape % (0.2, 0.2)), "CL08")
    assert one.message.startswith("drop zone of the safety curtain: legs")
    assert not found(built(hall, stage, pros.replace("0.4", "0"), drape % (0.2, 0.2)), "CL08")


# CL09 near-exit-or-fire-point


@pytest.mark.parametrize(("x", "count"), [(11.2, 1), (10.6, 1), (10.4, 0)])
def test_a_case_before_a_way_out(x, count):
    house = built(HALL, f"{{id: case, type: scenery, at: [{x}, -10.6], size: [1, 1, 1]}}")
    some = found(house, "CL09")
    assert len(some) == count
    for one in some:
        assert one.measured == pytest.approx(12 - x - 0.5, abs=2e-3)
        assert one.message.startswith("exit D1: case")
        assert one.severity == "error"


def test_what_closes_an_exit_altogether_is_told_once():
    house = built(
        HALL,
        "{id: case, type: scenery, at: [11.5, -10], size: [1, 2.4, 2]}",
        "{id: A, type: seating, rows: 2, seats: 4, front: [0, -4]}",
    )
    assert [one.name for one in check(house).findings if "case" in one.elements] == ["blocked-exit"]


def test_a_door_that_is_no_exit_needs_no_room_before_it():
    hall = HALL.replace("at: [12, -10]", "at: [12, -10], exit: false")
    assert not found(built(hall, "{id: case, type: scenery, at: [11.2, -10], size: [1, 1, 1]}"), "CL09")


@pytest.mark.parametrize(("y", "count"), [(-5.0, 1), (-5.2, 0)])
def test_the_reach_of_a_fire_point_is_as_deep_as_the_rule_says(y, count):
    """0.6 m before it, though less is drawn; its front looks to −y at y = −4.15."""
    house = built(
        HALL,
        "{id: fire, type: fire_point, at: [-5, -4], clear: 0.2}",
        f"{{id: case, type: scenery, at: [-5, {y}], size: [0.6, 0.6, 1]}}",
    )
    assert len(found(house, "CL09")) == count


# CL10 blocked-door


@pytest.mark.parametrize(("at", "count"), [("0.4, -19.6", 1), ("0.0, -18.8", 0), ("0.9, -19.3", 1), ("1.3, -19.4", 0)])
def test_what_stands_in_the_sweep_of_a_leaf_that_opens_inwards(at, count):
    """Two leaves of 0.9 m, hinged at x = ±0.9."""
    house = built(HALL, f"{{id: case, type: scenery, at: [{at}], size: [0.5, 0.5, 1]}}")
    assert len([one for one in found(house, "CL10") if "D2" in one.message]) == count


def test_a_leaf_that_opens_outwards_sweeps_nothing_inside():
    assert not found(built(HALL, "{id: case, type: scenery, at: [11.6, -10], size: [0.5, 0.5, 1]}"), "CL10")


def test_a_doorway_itself_is_kept_free():
    house = built(
        HALL.replace("id: hall", "id: hall, wall: 0.4"),
        "{id: case, type: scenery, at: [12.2, -10], size: [0.3, 0.3, 1]}",
    )
    (one,) = found(house, "CL10")
    assert one.message == "door D1, opening outwards: case stands in the doorway and leaves 0.75 m of 1.80 m"


def test_what_is_in_the_sweep_of_an_exit_is_told_once():
    house = built(HALL, "{id: case, type: scenery, at: [0.4, -19.6], size: [0.5, 0.5, 1]}")
    assert [one.code for one in check(house).findings if "case" in one.elements] == ["CL10"]


def test_places_in_the_sweep_count():
    house = built(
        HALL.replace("id: D2, at: [0, -20]", "id: D2, at: [0, -20], exit: false"),
        "{id: A, type: seating, rows: 1, seats: 6, front: [0, -19.2]}",
    )
    (one,) = found(house, "CL10")
    assert one.elements == ("hall", "A")


# all of them


SPOILT = [
    HALL, STAGE.replace("0.9", "1.2"),
    "{id: A, type: seating, rows: 3, seats: 10, front: [0, -0.6]}",
    "{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, 0], to: [5, 0], trim: 6.5}",
    "{id: led, type: led_wall, panel: led.roe.bp2v2, columns: 8, rows: 5, at: [0, 7.6]}",
    "{id: way, type: keep_clear, at: [-8, 0], size: [2, 8], why: way to the dock}",
    "{id: box, type: scenery, at: [-8, 1], size: [1, 1, 1]}",
    "{id: case, type: scenery, at: [11.2, -10.6], size: [1, 1, 1]}",
    "{id: crate, type: scenery, at: [0.4, -19.5], size: [0.6, 0.6, 1]}",
]  # fmt: skip
CODES = ["CL03", "CL04", "CL05", "CL07", "CL08", "CL09", "CL10"]


def figures(house):
    return sorted(
        (one.code, round(one.measured, 3), one.elements) for one in check(house).findings if one.code in CODES
    )


def test_a_spoilt_hall_has_each_fault():
    assert {code for code, *_ in figures(built(*SPOILT))} == set(CODES)


def test_turning_the_house_leaves_every_figure():
    house = built(*SPOILT)
    assert figures(turned(house, frame((0, 0, 0), 90))) == figures(house)


def test_feet_and_metres_give_the_same_verdicts():
    metres, feet = (check(built(*SPOILT, units=units)) for units in ("m", "ft"))
    assert [(o.rule, o.verdict) for o in metres.outcomes] == [(o.rule, o.verdict) for o in feet.outcomes]
    assert all(" m " not in f.message for f in feet.findings if f.code in ("CL03", "CL07"))


def test_an_empty_venue_says_of_each_why_it_was_not_checked():
    for code in CODES:
        one = outcome(scene(Part("x", shapes.box(1, 1, 1))), code)
        assert one.verdict == "not checked"
        assert one.note


def test_killed_places_are_nobodys():
    house = sc.build(sc.loads(
        f"schema: 1\nname: T\nelements:\n  - {HALL}\n  - {STAGE}\n  - {{id: A, type: seating, rows: 1, seats: 4, front: [0, -0.5]}}\n"
        "places: [{seats: A, kill: staff}]\n"))  # fmt: skip
    assert outcome(house, "CL07").verdict == "not checked"
    assert np.all(house.seats.status == "kill")


# CL06 crossed-beam


SCREEN = "{id: screen, type: screen, image: [4, 2.25], at: [0, 6, 2.5]}"
PROJECTOR = "{id: P1, type: item, item: proj.panasonic.ptrz120, at: [0, -8, 4.5], turn: 180}"


def test_a_free_beam_is_quiet_and_says_what_its_lens_must_do():
    house = built(HALL, SCREEN, PROJECTOR)
    assert not found(house, "CL06")
    note = outcome(house, "CL06").note
    assert "this picture needs a throw of 3.43 to 1" in note  # (6 + 8 − 0.29) / 4


def test_a_truss_in_the_beam_is_named_with_its_distance_and_by_how_much_to_move_it():
    """At y = −1 the beam's lower side, from the lens at 4.60 to the picture's lower edge at 2.50, is 3.58 m high."""
    rig = "{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, -1], to: [5, -1], trim: %s}"
    assert not found(built(HALL, SCREEN, PROJECTOR, rig % 3.1), "CL06")
    (one,) = found(built(HALL, SCREEN, PROJECTOR, rig % 3.5), "CL06")
    assert one.elements == ("P1", "screen", "T1")
    assert one.message.startswith("the beam of P1 to screen is crossed: T1 6.64 m from the lens")
    assert one.fix == "lower T1 by 240 mm"


def test_people_who_stand_at_their_places_are_in_a_low_beam():
    low = PROJECTOR.replace("-8, 4.5", "-8, 1.2")
    seats = "{id: A, type: seating, rows: 3, seats: 4, front: [0, -3]}"
    (one,) = found(built(HALL, SCREEN, low, seats), "CL06")
    assert "people at places of A" in one.message
    assert one.required == pytest.approx(2.0)
    assert 1.2 < one.measured < 2.0
    assert not found(built(HALL, SCREEN, PROJECTOR, seats), "CL06")


def test_a_presenter_before_a_picture_on_the_floor_is_in_the_light():
    speaker = "{id: speaker, type: presenter, at: [0, 4]}"
    low = SCREEN.replace("6, 2.5", "6, 0.8")
    (one,) = found(built(HALL, low, PROJECTOR, speaker), "CL06")
    assert "people at speaker" in one.message
    assert not found(built(HALL, SCREEN, PROJECTOR, speaker), "CL06")


def test_without_a_projector_no_beam_is_known():
    assert outcome(built(HALL, SCREEN), "CL06").verdict == "not checked"
    assert outcome(built(HALL, PROJECTOR), "CL06").verdict == "not checked"
    assert (
        "looks at no projection screen: P1" in outcome(built(HALL, SCREEN, PROJECTOR.replace("180", "0")), "CL06").note
    )


# CL11 narrow-stage-passage


@pytest.mark.parametrize(("y", "count"), [(7.0, 1), (6.8, 1), (6.5, 0)])
def test_germany_asks_for_1_20_m_behind_the_background_of_a_stage(y, count):
    """PR-STAGE-GAP: MVStättVO § 7 (2)."""
    drape = f"{{id: cyc, type: drape, from: [-4, {y}], to: [4, {y}], height: 5, item: drp.tsc.3300}}"
    house = built(HALL, STAGE, drape)
    some = found(house, "CL11", "de-mvstaettvo")
    assert len(some) == count
    for one in some:
        assert one.elements == ("cyc", "hall")
        assert one.measured == pytest.approx(8 - y, abs=0.1)
    assert not found(house, "CL11")


def test_a_narrow_piece_of_set_is_no_background():
    house = built(HALL, STAGE, "{id: flat, type: scenery, at: [0, 7.5], size: [2, 0.1, 3]}")
    assert not found(house, "CL11", "de-mvstaettvo")


# CL02 low-headroom over steps and ramps


@pytest.mark.parametrize(
    ("way", "trim", "count"),
    [
        ("{id: way, type: stairs, at: [0, 0], height: 0.9, steps: 6}", 2.6, 1),
        ("{id: way, type: stairs, at: [0, 0], height: 0.9, steps: 6}", 3.2, 0),
        ("{id: way, type: ramp, at: [0, 0], height: 0.6, length: 7.2}", 2.3, 1),
        ("{id: way, type: ramp, at: [0, 0], height: 0.6, length: 7.2}", 2.9, 0),
    ],
)
def test_headroom_is_looked_at_over_steps_and_ramps(way, trim, count):
    """2.10 m above the tread or the slope below the truss, at y = −0.4."""
    rig = f"{{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, -0.4], to: [5, -0.4], trim: {trim}}}"
    some = found(built(HALL, way, rig), "CL02")
    assert len(some) == count
    for one in some:
        assert one.elements == ("T1", "way")
        assert one.measured < 2.1


@pytest.mark.parametrize("turn", [33.0, 180.0])
def test_turning_the_house_by_any_angle_leaves_every_figure(turn):
    house = built(*SPOILT)
    away = figures(turned(house, frame((3, -4, 0), turn)))
    assert [(code, names) for code, _, names in away] == [(code, names) for code, _, names in figures(house)]
    assert [size for _, size, _ in away] == pytest.approx([size for _, size, _ in figures(house)], abs=2e-3)


def test_mirroring_the_house_leaves_every_figure():
    house = built(*SPOILT)
    names = {name: name for name in house.elements}
    twin = replace(house, records=tuple(mirrored(record, names) for record in house.records))
    assert [(code, names) for code, _, names in figures(twin)] == [(code, names) for code, _, names in figures(house)]
