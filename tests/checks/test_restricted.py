"""SL02: who is found behind what, in whose words, and who is left in peace."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.geometry import shapes
from stagecraft.scene import Origin, Part
from stagecraft.venue.load import load
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block, figure, led

EXAMPLES = Path(__file__).resolve().parents[2] / "assets" / "examples"


def sl02(house):
    return [f for f in check(house).findings if f.code == "SL02"]


def outcome(house):
    return next(o for o in check(house).outcomes if o.code == "SL02")


def column(x, y, diameter=0.8):
    return Part("room", shapes.cylinder(diameter / 2, 0, 8, (x, y)), system="column", name="K1",
                blocks="architecture", movable=False)  # fmt: skip


def test_a_column_is_named_with_the_side_it_hides_at_the_worst_seat():
    house = scene(row(1, [(-3, -10), (4, -10)]), row(2, [(-3, -11), (4, -11)]), column(-2.3, -8), *led(6))
    (found,) = sl02(house)
    assert found.message == (
        "stalls, rows A–B (2 seats), to led: worst: row A seat 1 sees 32 %, severe: column K1, right of led"
    )
    assert found.details == ("row B seat 1 sees 52 %, restricted: column K1, in front of led",)
    assert (found.severity, found.kind, found.verified) == ("warning", "guidance", True)
    assert (found.group, found.target, found.required, found.unit) == ("stalls", "led", 0.66, "share")
    assert found.measured == pytest.approx(0.3245, abs=1e-3)  # tangents from two eyes, 63 mm apart
    assert found.at == (-3.0, -10.0, 1.2)
    assert set(found.elements) == {"stalls", "led", "room"}
    assert found.fix == "column K1 stays: move led or these seats, or offer them as restricted view"
    assert outcome(house).note.splitlines() == [
        "led, past fixed things: 2 clear, 1 restricted, 1 severe",
        "heads in front, worst row B of stalls: led clear above 2.5 m; stated, not a fault",
    ]


def test_what_can_be_moved_is_to_be_moved():
    seat = row(1, [(0, -10)])
    (found,) = sl02(scene(seat, block("cam", (-3, -6, 0), (0.4, -5.5, 6), system="camera"), *led()))
    assert found.fix == "move or lower cam, or move these seats"
    truss = block("T1", (-9, -6, 1.3), (9, -5.7, 2.4), "rigging", system="truss")
    (found,) = sl02(scene(seat, truss, *led()))
    assert found.fix == "raise or move truss T1"
    named = {"T1": Origin("thing", np.eye(4), name="Front truss")}
    (found,) = sl02(scene(seat, truss, *led(), elements=named))
    assert found.fix == "raise or move Front truss"
    assert "Front truss, " in found.message


def test_a_third_may_be_hidden_and_is_stated():
    """0.66 is asked: a wall that hides 0.30 is no finding, one that hides 0.38 is."""

    def behind(height):
        return scene(row(1, [(0, -10)]), block("wall", (-9, -5.01, 0), (9, -5, height)), *led(low=1.2, high=5.2))

    assert not sl02(behind(1.2 + 0.30 * 4 / 2))
    assert outcome(behind(1.2 + 0.30 * 4 / 2)).note.startswith("led, past fixed things: 1 side")
    assert outcome(behind(1.2 + 0.30 * 4 / 2)).verdict == "pass"
    assert sl02(behind(1.2 + 0.38 * 4 / 2))
    assert outcome(behind(1.2)).note == ""


def test_captions_that_a_sill_hides_are_stated_though_most_of_the_screen_is_seen():
    """1.0 of 4 m hidden leaves 0.75 of the screen and 0.25 of its lower third."""
    sill = block("sill", (-9, -5.01, 0), (9, -5, 1.2 + 1.0 / 2))
    house = scene(row(1, [(-1, -10), (1, -10)]), sill, *led(low=1.2, high=5.2))
    assert not sl02(house)
    assert outcome(house).note.splitlines() == [
        "led, past fixed things: 2 side",
        "led, captions: 2 more seats see less than 66 % of its lower third, the least 25 %: sill, bottom of led",
    ]


def test_heads_in_front_never_make_a_seat_restricted():
    house = scene(*(row(k, [(x, -3 - 0.5 * k) for x in (-1, -0.5, 0, 0.5, 1)], eye=2.0 - 0.3 * k) for k in (1, 2, 3)),
                  target((0, 0, 0.2)))  # fmt: skip
    assert {f.code for f in check(house).findings if f.code.startswith("SL")} == {"SL01"}


def test_a_screen_counts_from_where_its_content_begins():
    seat, sill = row(1, [(0, -10)]), block("sill", (-9, -5.01, 0), (9, -5, 2.1))
    assert sl02(scene(seat, sill, *led(low=1.2, high=5.2)))
    assert not sl02(scene(seat, sill, *led(low=1.2, high=5.2, safe=1.8)))


def test_a_presenter_is_not_hidden_by_what_they_stand_at():
    seat, speaker = row(1, [(0, -10)]), figure(at=(0, 0, 1.0))
    lectern = block("lectern", (-0.3, -0.7, 1.0), (0.3, -0.4, 2.15))
    assert not sl02(scene(seat, lectern, *speaker))
    scenery = block("flat", (-0.3, -3.0, 1.0), (0.3, -2.8, 2.7))
    assert sl02(scene(seat, scenery, *speaker))
    pier = block("room", (-0.4, -0.9, 1.0), (0.4, -0.4, 4.0), "architecture", movable=False)
    assert sl02(scene(seat, pier, *speaker))


def test_screens_of_a_feed_count_as_one():
    records = (row(1, [(-3, -10)]), block("wall", (-9, -5, 0), (0, -4.9, 9)),
               *led(2, x=-5, element="left"), *led(2, x=5, element="right"))  # fmt: skip
    house = scene(*records)
    assert [f.target for f in sl02(house)] == ["left"]
    assert not sl02(replace(house, feeds={"imag": ("left", "right")}))
    assert [f.target for f in sl02(replace(house, feeds={"imag": ("left",)}))] == ["feed imag"]


def test_who_sees_the_back_of_a_screen_is_told_so():
    (found,) = sl02(scene(row(1, [(0, 8)], facing=-90.0), *led()))
    assert found.message.endswith("row A seat 1 sees 0 %, severe: led turns its back")
    assert found.fix == "turn led towards these seats, or name it in a feed with a screen that they see"


def test_killed_seats_and_those_that_turn_their_back_are_left_in_peace():
    wall = block("wall", (-9, -5, 0), (9, -4.9, 9))
    assert sl02(scene(row(1, [(0, -10)]), wall, *led()))
    assert not sl02(scene(row(1, [(0, -10), (0, -3)], status=["kill", "open"]), wall, *led()))
    assert not sl02(scene(row(1, [(0, -10)], facing=-90.0), wall, *led()))
    (found,) = sl02(scene(row(1, [(0, -10)], facing=-90.0, place="table"), wall, *led()))
    assert found.message.startswith("stalls, table A (1 seat), to led: worst: table A seat 1 sees 0 %, severe: wall, ")


def test_the_worst_block_comes_first():
    wall = block("wall", (-9, -5.01, 0), (0, -5, 9))
    found = sl02(scene(row(1, [(1, -10)], element="right"), row(1, [(-5, -10)], element="left"), wall, *led()))
    assert [f.group for f in found] == ["left", "right"]
    assert found[0].measured < found[1].measured


def test_what_cannot_be_checked_says_why():
    assert outcome(scene(*led())).note == "no seats"
    assert outcome(scene(row(1, [(0, -10)], status="kill"), *led())).note == "all places are killed"
    bare = outcome(scene(row(1, [(0, -10)])))
    assert (bare.verdict, bare.note) == (
        "not checked", "nothing to be seen is named: a target, a presenter or a screen",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "setup"),
    [
        ("keynote-500", None),
        ("ballroom", "theatre"),
        ("ballroom", "classroom"),
        ("ballroom", "cabaret"),
        ("ballroom", "banquet"),
        ("ballroom", "reception"),
        ("lecture-raked", None),
        ("minimal", None),
        ("ref-500", None),
    ],
)
def test_good_rooms_are_quiet(name, setup):
    venue = load(EXAMPLES / name / "venue.yaml")
    house = build(venue, setup=setup) if setup else build(venue)
    assert not sl02(house)
    assert outcome(house).verdict == "pass"
