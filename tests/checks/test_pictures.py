"""SL03–SL06: faces too far away, pictures seen aslant, too small or too high; who is found and who is left in peace."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.checks import check, explain
from stagecraft.scene import Screen
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block


def picture(element="led", width=4.0, low=1.0, height=2.0, x=0.0, y=0.0):
    w = width / 2
    facets = np.array([[[x - w, y, low], [x + w, y, low], [x + w, y, low + height], [x - w, y, low + height]]])
    return Screen(element, facets, None), target(
        *facets[0], name=element, role="screen", kind="surface", element=element
    )


def host(y=0.0):
    return target((0, y, 2.0), (0, y, 2.75), name="host", role="person", element="host")


def rows(*y, x=(-1.0, 0.0, 1.0), **more):
    return [row(k + 1, [(u, -d) for u in x], eye=1.2 + 0.4 * k, **more) for k, d in enumerate(y)]


def found(house, code):
    return [f for f in check(house).findings if f.code == code]


def outcome(house, code):
    return next(o for o in check(house).outcomes if o.code == code)


# faces


def test_a_face_is_read_within_20_m():
    (one,) = found(scene(*rows(19.9, 20.1, 24.0), host()), "SL03")
    assert one.message == (
        "6 seats, to host: stalls rows B–C; worst: row C seat 1: 24.02 m away and there is no feed imag; "
        "faces are read within 20.00 m"
    )
    assert (one.severity, one.kind, one.verified, one.required, one.unit) == ("note", "trade", False, 20.0, "m")
    assert one.measured == pytest.approx(np.hypot(24, 1))
    assert one.fix.startswith("a camera's picture on a screen that these rows see, in feed imag")
    assert not found(scene(*rows(12, 19.9), host()), "SL03")


def test_a_row_of_which_some_see_the_face_is_left_in_peace():
    assert not found(scene(row(1, [(0, -19.9), (9, -19.9)]), host()), "SL03")
    assert found(scene(row(1, [(0, -19.9), (9, -19.9)], status=["kill", "open"]), host()), "SL03")


def test_faces_are_silent_where_a_camera_s_picture_reaches_the_seat():
    seats = rows(19.0, 24.0)
    house = scene(*seats, host(), *picture(y=1.0))
    assert found(house, "SL03")
    assert found(replace(house, feeds={"deck": ("led",)}), "SL03")
    assert not found(replace(house, feeds={"IMAG": ("led",)}), "SL03")


def test_a_camera_s_picture_that_is_hidden_or_seen_aslant_reaches_nobody():
    feeds = {"imag": ("led",)}
    wall = block("flat", (-6, -2, 0), (6, -1.9, 9))
    hidden = replace(scene(*rows(19.0, 24.0), host(), *picture(y=1.0), wall), feeds=feeds)
    (one,) = found(hidden, "SL03")
    assert "sees no picture of feed imag" in one.message
    assert one.fix.startswith("a screen that these rows see, in feed imag")
    aslant = replace(scene(*rows(24.0), host(), *picture(x=50.0)), feeds=feeds)
    assert found(aslant, "SL03")
    both = replace(
        scene(*rows(24.0), host(), *picture(x=50.0), *picture("other", y=1.0)), feeds={"imag": ("led", "other")}
    )
    assert not found(both, "SL03")


# aslant


@pytest.mark.parametrize(("x", "fails"), [(6.65, False), (6.67, True), (-6.67, True), (-6.65, False)])
def test_60_degrees_are_measured_from_the_far_edge(x, fails):
    """5 m in front of a picture 4 m wide: the far edge is seen from 60° where x + 2 = 5·tan 60°."""
    assert 5 * np.tan(np.radians(60)) - 2 == pytest.approx(6.66, abs=1e-3)
    house = scene(row(1, [(0, -5), (x, -5)]), *picture())
    assert bool(found(house, "SL04")) == fails


def test_who_looks_aslant_is_told_by_how_much():
    (one,) = found(scene(row(1, [(0, -5), (9, -5)]), *picture()), "SL04")
    assert one.message == (
        "1 seat, to led: stalls row A; worst: row A seat 2: 66° off the picture's axis from its far edge, asked at most 60°"
    )
    assert (one.severity, one.kind, one.unit, one.required) == ("note", "standard", "°", 60.0)
    assert "AETM" in one.source


def test_a_feed_passes_when_one_of_its_screens_does():
    records = (row(1, [(9, -5)]), *picture(), *picture("side", x=9.0))
    assert [f.target for f in found(scene(*records), "SL04")] == ["led"]
    assert not found(replace(scene(*records), feeds={"deck": ("led", "side")}), "SL04")
    (one,) = found(replace(scene(*records), feeds={"deck": ("led",)}), "SL04")
    assert one.target == "feed deck"
    assert one.elements == ("stalls", "led")


def test_the_back_of_a_screen_and_who_turns_away_are_no_matter_of_angles():
    assert not found(scene(row(1, [(9, 2)], facing=-90.0), *picture()), "SL04")
    assert not found(scene(row(1, [(9, -5)], facing=-90.0), *picture()), "SL04")
    (one,) = found(scene(row(1, [(9, -5)], facing=-90.0, place="table"), *picture()), "SL04")
    assert "stalls table A;" in one.message


# small


def read(*records, screens=("led",), feed="deck"):
    return replace(scene(*records), feeds={feed: screens})


def test_3_percent_are_read_from_6_heights():
    """IH 1.5 and 10.5 m: 3.5 %, as published; 9 m are 6 heights and 3 %."""
    wall = picture(low=0.45, height=1.5)
    (one,) = found(read(row(1, [(0, -10.5)]), *wall), "SL05")
    assert one.message == (
        "1 seat, to feed deck: stalls row A; worst: row A seat 1: reads nothing smaller than 3.5 % of the picture's height, "
        "asked 3 %"
    )
    assert (one.measured, one.severity) == (pytest.approx(0.035), "note")
    assert one.fix == (
        "letters of at least 3.5 % of the picture's height, or a picture 17 % higher, or another screen of its feed nearer to "
        "these rows"
    )
    assert not found(read(row(1, [(0, -9.0)]), *wall), "SL05")
    assert found(read(row(1, [(0, -9.01)]), *wall), "SL05")


def test_a_picture_as_much_higher_as_is_said_is_read():
    grown = picture(low=1.2 - 1.5 * 1.17 / 2, height=1.5 * 1.17)
    assert not found(read(row(1, [(0, -10.5)]), *grown), "SL05")


def test_what_a_screen_of_no_feed_shows_nobody_has_said_and_what_can_be_read_is_stated():
    house = scene(row(1, [(0, -10.5)]), *picture(low=0.45, height=1.5))
    assert not found(house, "SL05")
    assert outcome(house, "SL05").note == "led: letters of 3.5 % of the picture's height are read from every seat"
    assert outcome(scene(row(1, [(0, 3)], facing=-90.0), *picture()), "SL05").note == "no seat faces a screen"


def test_a_camera_s_picture_is_looked_at_from_8_heights():
    near, far = (read(row(1, [(0, -d)]), *picture(low=0.2), feed="imag") for d in (16.0, 16.1))
    assert not found(near, "SL05")
    (one,) = found(far, "SL05")
    assert one.message.endswith("8.1 × the picture's height away, asked at most 8")
    assert found(replace(near, feeds={"deck": ("led",)}), "SL05")


def test_one_screen_of_a_feed_that_is_near_enough_is_enough():
    records = (row(1, [(0, -20)]), *picture(), *picture("delay", y=-12.0, low=3.0))
    assert found(read(*records), "SL05")
    assert not found(read(*records, screens=("led", "delay")), "SL05")


def test_a_row_that_reads_in_part_is_left_in_peace():
    assert not found(read(row(1, [(0, -11.9), (5, -11.9)]), *picture(low=0.2)), "SL05")


# high


def test_a_row_looks_up_by_at_most_30_degrees():
    """From 4 m the top of a picture at 1.2 + 4·tan 30° = 3.51 m."""
    top = 1.2 + 4 * np.tan(np.radians(30))
    seats = row(1, [(-1, -4), (1, -4)])
    assert not found(scene(seats, *picture(low=1.5, height=top - 1.5)), "SL06")
    (one,) = found(scene(seats, *picture(low=1.5, height=top - 1.5 + 0.2)), "SL06")
    assert one.message == (
        "2 seats, to led: stalls row A; worst: row A seat 1: its top stands 32° above the eye, asked at most 30°"
    )
    assert (one.severity, one.unit) == ("note", "°")


def test_a_high_picture_needs_a_whole_row_or_more():
    wall = picture(low=1.5, height=2.2)
    assert not found(scene(row(1, [(0, -4), (9, -4)]), *wall), "SL06")
    assert found(scene(row(1, [(0, -4), (9, -4)], status=["open", "kill"]), *wall), "SL06")
    split = row(1, [(0, -4), (9, -4)], block=np.array(["L", "R"]))
    (one,) = found(scene(split, *wall), "SL06")
    assert one.message.startswith("1 seat, to led: L row A; worst: ")


# all of them


@pytest.mark.parametrize("code", ["SL03", "SL04", "SL05", "SL06"])
def test_what_cannot_be_checked_says_why(code):
    wanted = "no presenter is named" if code == "SL03" else "no screen is named"
    seats = row(1, [(0, -4)])
    assert (outcome(scene(seats), code).verdict, outcome(scene(seats), code).note) == ("not checked", wanted)
    assert outcome(scene(host(), *picture()), code).note == "no seats"
    assert outcome(scene(row(1, [(0, -4)], status="kill"), host(), *picture()), code).note == "all places are killed"
    assert outcome(scene(seats, host(), *picture()), code).verdict == "pass"


@pytest.mark.parametrize("code", ["SL03", "SL04", "SL05", "SL06", "SL07", "SL08"])
def test_each_is_explained_with_its_figures_and_its_source(code):
    text = explain(code)
    assert text.startswith(code)
    assert "house 2026-11: " in text
    assert ("The clause itself was not read" in text) == (code in ("SL03", "SL08"))


def test_one_picture_is_found_fault_with_once_whatever_the_blocks():
    """Its cure is one: a larger picture."""
    wall = picture(low=1.5, height=2.2)
    split = row(1, [(0, -4), (0.6, -4), (1.2, -4)], block=np.array(["L", "R", "R"]))
    (one,) = found(scene(split, *wall), "SL06")
    assert one.message.startswith("3 seats, to led: L row A (1), R row A (2); worst: L, row A seat 1: its top stands ")
    assert (one.group, len(one.details)) == ("led", 0)


def test_a_row_that_is_hardly_too_near_is_told_so_that_one_sees_it():
    """The top of the picture stands 0.1° over 30°."""
    away = (4.2 - 1.2) / np.tan(np.radians(30.1))
    (one,) = found(scene(row(1, [(0, -away)]), *picture(low=1.2, height=3.0)), "SL06")
    assert one.message.endswith("its top stands 30.1° above the eye, asked at most 30°")


def test_whoever_reads_the_presenter_s_face_needs_no_camera_s_picture_of_it():
    """A front row 8 m from the presenter, a screen far beside and high above it: found for slides, not for a camera."""
    near = row(1, [(0, -8)])
    far = row(2, [(-30, -21)], eye=1.6)
    high = picture(x=16.0, y=-2.0, low=10.0, height=3.0)
    for code in ("SL04", "SL06"):
        deck = read(near, *high, host(), feed="deck")
        assert found(deck, code), code
        assert not found(read(near, *high, host(), feed="imag"), code), code
        assert found(read(near, *high, feed="imag"), code), code  # nobody is there whose face could be read
    (one,) = found(read(near, far, *high, host(), feed="imag"), "SL04")
    assert one.message.startswith("1 seat, ")
