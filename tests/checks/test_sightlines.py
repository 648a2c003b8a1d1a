"""SL01: who is found, what is said, what would cure it, and who is left in peace."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.checks import check
from stagecraft.geometry import sightline
from stagecraft.scene import About, Screen
from tests.analysis._house import ref_500, row, scene, target

CHEST = target((0, 0, 2.2), name="ref_chest")
EDGE = target((0, 0, 0.9), name="ref_edge")


def sl01(house, **more):
    return [f for f in check(house, **more).findings if f.code == "SL01"]


def outcome(house, code="SL01"):
    return next(o for o in check(house).outcomes if o.code == code)


def test_ref_500_fails_at_the_chest_in_its_last_four_rows():
    (found,) = sl01(ref_500(CHEST))
    assert found.message == (
        "stalls, rows O–R (4 of 18), to ref_chest: worst: row R clears row Q by 49 mm, asked 60 mm"
    )
    assert found.measured == pytest.approx(0.04935, abs=5e-6)
    assert (found.required, found.unit, found.severity, found.kind) == (0.06, "m", "error", "guidance")
    assert "HC 164" in found.source
    assert len(found.details) == 3


def test_ref_500_looks_252_mm_below_the_eyes_of_its_first_row_at_the_stage_edge():
    (found,) = sl01(ref_500(EDGE))
    assert "rows B–R (17 of 18)" in found.message
    assert "row R looks 252 mm below the eyes of row A" in found.message
    assert found.measured == pytest.approx(-0.2517, abs=5e-5)


def test_the_worst_block_and_target_comes_first():
    found = sl01(ref_500(CHEST, EDGE))
    assert [f.target for f in found] == ["ref_edge", "ref_chest"]


def test_what_is_said_to_cure_it_does():
    """A focus raised by what the finding says passes, and 20 mm less does not."""
    (found,) = sl01(ref_500(CHEST))
    assert found.fix.startswith("a focus 220 mm higher")
    assert not sl01(ref_500(target((0, 0, 2.42))))
    assert sl01(ref_500(target((0, 0, 2.40))))


def test_the_riser_that_is_offered_cures_the_block():
    (found,) = sl01(ref_500(CHEST))
    assert found.fix.endswith("or a riser of 70 mm from row to row")

    def raked(riser):
        x = np.concatenate([-(0.6 + 0.55 * (np.arange(14) + 0.5))[::-1], 0.6 + 0.55 * (np.arange(14) + 0.5)])
        rows = [row(k + 1, np.c_[x, np.full(28, -3.1 - 0.95 * k)], floor=riser * k, tiered=True) for k in range(18)]
        return scene(*rows, CHEST)

    assert not sl01(raked(0.070))
    assert sl01(raked(0.065))


def test_exactly_60_mm_passes():
    y = sightline.rake_heights(4.0, 0.22, 0.95, 0.06, 20)
    x = (np.arange(10) - 4.5) * 0.5
    rows = [row(k + 1, np.c_[x, np.full(10, -4.0 - 0.95 * k)], floor=y[k] - 1.2, tiered=True) for k in range(20)]
    assert not sl01(scene(*rows, target((0, 0, 0))))
    lower = [
        row(k + 1, np.c_[x, np.full(10, -4.0 - 0.95 * k)], floor=y[k] * 0.99 - 1.2, tiered=True) for k in range(20)
    ]
    assert sl01(scene(*lower, target((0, 0, 0))))


def test_a_flat_floor_does_not_promise_the_stage_edge():
    edge = target((-5, 0, 0.9), (5, 0, 0.9), name="stage front edge", role="floor")
    speaker = target((0, 0.5, 1.0), (0, 0.5, 2.9), name="speaker", role="person")
    house = ref_500(edge, speaker)
    assert not sl01(house)
    note = outcome(house).note
    assert note.startswith("stage front edge: 28 of 504 seats see it")
    assert "stated, not a fault" in note


def test_on_a_flat_floor_the_screen_counts_from_where_its_content_begins():
    facets = np.array([[[-4, 1, 1.0], [4, 1, 1.0], [4, 1, 4.0], [-4, 1, 4.0]]], float)
    wall = target((-4, 1, 1), (4, 1, 1), name="led", role="screen", element="led")
    assert sl01(ref_500(Screen("led", facets, None), wall))[0].target == "led"
    assert not sl01(ref_500(Screen("led", facets, None, content_safe_from=1.6), wall))


def test_a_seat_has_a_feed_when_any_one_of_its_screens_passes():
    """The left screen hangs high, the right one stands on the floor: together they serve, alone the right one fails."""
    screens = []
    for name, x, z in (("left", -6, 4.0), ("right", 6, 0.5)):
        edge = [(x - 1, 0, z), (x + 1, 0, z)]
        facets = np.array([[*edge, (x + 1, 0, z + 1), (x - 1, 0, z + 1)]], float)
        screens += [Screen(name, facets, None), target(*edge, name=name, role="screen", element=name)]
    house = ref_500(*screens)
    assert [f.target for f in sl01(house)] == ["right"]
    assert not sl01(replace(house, feeds={"imag": ("left", "right")}))
    low = sl01(replace(house, feeds={"imag": ("right",)}))
    assert low[0].target == "feed imag"
    assert "right" in low[0].elements


def test_no_cure_is_offered_that_nobody_could_build():
    (found,) = sl01(scene(row(1, [(0, -4)]), row(2, [(0, -4.21)]), target((0, 0, -12.0))))
    assert found.fix == "another place for the block: neither a higher focus nor risers cure it"


def test_killed_seats_and_guests_at_tables_are_left_in_peace():
    front, rear = row(1, [(0, -4)]), {"key": 2, "xy": [(0, -4.5)]}
    low = target((0, 0, 1.3))
    assert sl01(scene(front, row(**rear), low))
    assert not sl01(scene(front, row(**rear, status="kill"), low))
    house = scene(front, row(**rear, place="table"), low)
    assert not sl01(house)
    assert "guests at tables" in outcome(house).note


def test_what_cannot_be_checked_says_why():
    assert outcome(scene(row(1, [(0, -4)]))).verdict == "not checked"
    assert "nothing to be seen is named" in outcome(scene(row(1, [(0, -4)]))).note
    assert outcome(scene(CHEST)).note == "no seats"
    assert outcome(scene(row(1, [(0, 4), (1, 4)]), CHEST)).note == "no seat faces what is to be seen"
    assert outcome(scene(row(1, [(0, -4)], status="kill"), CHEST)).note == "all places are killed"
    assert outcome(scene(row(1, [(0, -4)], place="table"), CHEST)).note == "all places are at tables"
    away = outcome(scene(row(1, [(0, -4), (0, 4)]), CHEST))
    assert away.verdict == "pass"
    assert away.note == "ref_chest: not checked for 1 seats that face away from it or stand at it"


def test_blocks_of_one_name_in_two_elements_are_told_apart():
    rows = [
        r
        for name, x in (("left", -0.4), ("right", 0.4))
        for r in (
            row(1, [(x, -4)], element=name, block="L"),
            row(2, [(x, -4.5)], element=name, block="L"),
        )
    ]
    assert [f.group for f in sl01(scene(*rows, target((0, 0, 1.3))))] == ["left L", "right L"]


def test_feet_and_metres_find_the_same():
    metres, feet = (sl01(ref_500_in(units)) for units in ("m", "ft"))
    assert [f.measured for f in metres] == [f.measured for f in feet]
    assert 'clears row Q by 2", asked 2 3/8"' in feet[0].message


def ref_500_in(units):
    house = ref_500(CHEST)
    return scene(*house.records, about=About("test", units=units))


def test_views_that_were_made_are_used_and_not_made_again():
    house, other = ref_500(CHEST), ref_500(EDGE)
    assert sl01(house, views=views(other))[0].target == "ref_edge"
