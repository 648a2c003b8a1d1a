"""Odd scenes: each gets a clear word (not checked, a finding, an error), none passes in silence."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.analysis.visible import visible
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.errors import VenueError
from stagecraft.scene import Part, Target, Viewer
from stagecraft.venue.load import loads
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block, figure, led

ABOUT_VIEWS = ("SL01", "SL02", "SL03", "SL04", "SL05", "SL06", "SL07", "SL08")
SEATS = row(1, [(-2, -10), (2, -10)]), row(2, [(-2, -11), (2, -11)])


def said(house, code):
    """(verdict, all that is said) of one check."""
    report = check(house)
    outcome = next(one for one in report.outcomes if one.code == code)
    found = [one.message for one in report.findings if one.code == code]
    return outcome.verdict, " / ".join([*found, outcome.note])


def test_what_a_ray_meets_behind_the_targets_own_frame_counts_for_that_ray_only():
    """A deep frame of the screen's own stands before its left third, a pillar before its right third."""
    frame = block("led", (-5, -1, 0), (-5 / 3, -0.9, 8))
    pillar = block("pillar", (5 / 3, -1, 0), (5, -0.9, 8))
    view = visible(scene(row(1, [(0, -10)]), *led(), frame, pillar), apart=0.0)
    seen = view.targets["led"]
    edge = 5 / 3 * 10 / 9  # the pillar's inner edge, carried on to the screen
    assert seen.share == pytest.approx([(5 + edge) / 10], abs=2e-3)
    assert view.causes[int(seen.cause[0, 0])].element == "pillar"
    assert np.count_nonzero(seen.cause[0] >= 0) == 1


# no numbers


NAN = float("nan")


@pytest.mark.parametrize(
    ("odd", "word"),
    [
        (row(3, [(NAN, -12)]), "eye of seat stalls/3/0"),
        (target((0, NAN, 1)), "focus"),
        (target((0, 0, 1), (1, 0, float("inf"))), "focus"),
        (Viewer("cam", "Camera", np.array([0, -5, NAN]), np.zeros(3)), "Camera"),
        (Part("box", block("box", (0, 0, 0), (1, 1, 1)).solid, np.full((1, 4, 4), NAN)), "box"),
    ],
)
def test_what_is_at_no_finite_number_is_an_error_with_its_name(odd, word):
    with pytest.raises(VenueError, match=word):
        visible(scene(*SEATS, *led(), odd))


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("odd", [row(3, [(NAN, -12)]), target((0, NAN, 1)), target((0, float("inf"), 1))])
def test_a_check_of_what_is_at_no_finite_number_never_passes(odd):
    with suppress(VenueError):
        report = check(scene(*SEATS, odd, *figure()))
        assert "pass" not in [one.verdict for one in report.outcomes if one.code in ("SL01", "SL02")]


def test_a_file_cannot_say_it():
    with pytest.raises(VenueError, match="nan"):
        loads("schema: 1\nname: x\nelements:\n  - {id: A, type: seating, rows: 1, seats: 2, front: [.nan, -3]}")


# nothing there


def test_without_targets_nothing_about_views_is_checked():
    for code in ABOUT_VIEWS:
        verdict, why = said(scene(*SEATS), code)
        assert verdict == "not checked", code
        assert why, code


@pytest.mark.parametrize(
    "records",
    [
        (),
        (row(1, np.zeros((0, 2))),),
        (row(1, [(0, -10)], removed_by="K1"),),
        (row(1, [(0, -10)], status="kill"),),
    ],
    ids=["no rows", "an empty row", "all removed", "all killed"],
)
def test_without_seats_nothing_about_views_is_checked(records):
    house = scene(
        *records, *led(), *figure(), target((0, 0, 1)), target((0, 5, 3), role="sign", name="exit", element="exit")
    )
    for code in ABOUT_VIEWS:
        verdict, why = said(house, code)
        assert verdict == "not checked", code
        assert why, code
    assert all(len(view.c) == len(house.seats) for view in views(house).targets.values())


def test_one_seat_alone_is_answered():
    house = scene(row(1, [(0, -10)]), *led(), *figure(at=(0, -1, 0.6)))
    assert {code: said(house, code)[0] for code in ("SL01", "SL02", "SL03", "SL04", "SL06")} == dict.fromkeys(
        ("SL01", "SL02", "SL03", "SL04", "SL06"), "pass"
    )


# behind, inside, out of sight


def test_a_target_behind_every_seat_is_not_checked():
    for behind in (figure(at=(0.0, -20.0, 0.8)), (target((0, -20, 1)),)):
        for code in ("SL01", "SL02"):
            verdict, why = said(scene(*SEATS, *behind), code)
            assert verdict == "not checked", (code, why)
            assert "face" in why, (code, why)


def test_screens_behind_every_seat_are_not_checked():
    corners = np.array([[5.0, -20, 1], [-5, -20, 1], [-5, -20, 5], [5, -20, 5]])
    screen, goal, _ = led()
    behind = type(screen)("led", corners[None], None), type(goal)("led", "led", corners, "screen", "surface")
    for code in ("SL02", "SL04", "SL05", "SL06"):
        verdict, why = said(scene(*SEATS, *behind), code)
        assert (verdict, "faces" in why) == ("not checked", True), (code, why)


def test_a_target_behind_some_seats_says_for_how_many():
    back = row(3, [(-2, 5), (0, 5), (2, 5)], facing=90)
    for code in ("SL01", "SL02"):
        verdict, why = said(scene(*SEATS, back, *figure(at=(0.0, 0.0, 0.8))), code)
        assert verdict == "pass"
        assert "3 seats" in why, (code, why)


def test_a_seat_inside_a_solid_is_found_with_the_name_of_the_solid():
    pier = block("pier", (-3, -10.6, 0), (-1, -9.4, 4), "architecture")
    for what in (figure(at=(0, 0, 0.8)), led()):
        verdict, why = said(scene(*SEATS, pier, *what), "SL02")
        assert verdict == "fail"
        assert "row A seat 1 sees 0 %, severe: pier" in why


WALL = block("wall", (-20, -5, 0), (20, -4.9, 20), "architecture")


def test_what_nobody_can_see_is_found():
    for what in (figure(at=(0, 0, 0.8)), led(), (target((0, 0, 1)),)):
        verdict, why = said(scene(*SEATS, WALL, *what), "SL02")
        assert verdict == "fail"
        assert "(4 seats)" in why
        assert "sees 0 %, severe: wall" in why


def test_an_exit_sign_that_nobody_can_see_is_found():
    corners = np.array([(-0.2, 0, 2.2), (0.2, 0, 2.2), (0.2, 0, 2.4), (-0.2, 0, 2.4)])
    sign = Target("exit", "Exit", corners, "sign", "surface")
    assert said(scene(*SEATS, sign, *figure()), "SL08")[0] == "pass"
    verdict, why = said(scene(*SEATS, sign, WALL, *figure()), "SL08")
    assert verdict == "fail"
    assert "Exit" in why or "exit" in why


def test_a_camera_that_sees_nothing_of_whom_it_is_aimed_at_is_found():
    cam = Viewer("cam", "Camera 1", np.array([0.0, -12.0, 2.2]), np.array([0.0, 0.0, 1.5]), "camera", 20.0)
    assert said(scene(*SEATS, cam, *figure(at=(0, 0, 0.6))), "SL07")[0] == "pass"
    verdict, why = said(scene(*SEATS, cam, WALL, *figure(at=(0, 0, 0.6))), "SL07")
    assert verdict == "fail"
    assert "Camera 1" in why


def test_a_screen_that_turns_its_back_is_found_as_such():
    """A screen that looks upstage, away from everybody."""
    corners = np.array([[5.0, 0, 1], [-5, 0, 1], [-5, 0, 5], [5, 0, 5]])
    screen, goal, _ = led()
    away = type(screen)("led", corners[None], None), type(goal)("led", "led", corners, "screen", "surface")
    verdict, why = said(scene(*SEATS, *away), "SL02")
    assert verdict == "fail"
    assert "led turns its back" in why


def test_a_seat_in_the_plane_of_a_screen_and_a_seat_at_the_target_are_answered():
    house = scene(
        row(1, [(8, 0)], facing=180), row(2, [(0, -10)]), *led(), target((0, -10, 1.2), name="own", element="own")
    )
    found = visible(house)
    assert found.targets["led"].away.tolist() == [1, 0]
    assert found.targets["own"].share[1] == 1
    seen = views(house).targets
    assert np.isnan(seen["own"].c[1])
    assert np.isnan(seen["led"].heights[0])
    assert "sees 0 %" in said(house, "SL02")[1]


def test_a_target_without_size_is_a_point():
    flat = Target("dot", "dot", np.zeros((4, 3)) + (0, 0, 1.5), "focus", "surface")
    found = visible(scene(*SEATS, flat, block("post", (-1.2, -6, 0), (-0.8, -5.8, 4))), apart=0.0)
    assert set(np.unique(found.targets["dot"].share)) == {0.0, 1.0}


def test_a_house_of_nothing_but_a_file_head_is_an_error_or_not_checked():
    house = build(loads("schema: 1\nname: Empty\nelements:\n  - {id: hall, type: room, size: [5, 5], height: 3}"))
    assert {said(house, code)[0] for code in ABOUT_VIEWS} == {"not checked"}
