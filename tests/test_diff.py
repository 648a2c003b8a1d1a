"""What changed is told by what stays the same when a file is tidied, and the way back is its mirror."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft.analysis.restricted import restricted
from stagecraft.analysis.views import views
from stagecraft.build import build
from stagecraft.checks.finding import Finding, Report
from stagecraft.diff import Difference, Seat, diff, diff_json, diff_text
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-8, 8], y: [-14, 5], height: 5}
  - {id: stage, type: stage, size: [STAGE, 3], height: 0.6}
  - {id: speaker, type: presenter, on: stage, at: [0, 1]}
  - {id: wall, type: led_wall, panel: led.roe.bp2v2, columns: COLUMNS, rows: 4, at: [SHIFT, 3.2]}
  - {id: A, type: seating, rows: ROWS, seats: [SEATS, 6], front: [0, FRONT], chair: fur.chair.banquet}
numbering: {rows: LABELS}
places:
  - {seats: A1/FIRST/1-2, category: CATEGORY, status: STATUS}
"""
USUAL = {"STAGE": 6, "COLUMNS": 8, "SHIFT": 0, "ROWS": 8, "SEATS": 6, "FRONT": -2}


def text(labels="letters", category="VIP", status=None, **fields):
    """The venue file of the hall."""
    out = (
        HALL.replace("LABELS", labels)
        .replace("FIRST", "A" if labels == "letters" else "1")
        .replace("CATEGORY", category)
    )
    out = out.replace(", status: STATUS", f", {status}" if status else "")
    for name, value in (USUAL | {key.upper(): value for key, value in fields.items()}).items():
        out = out.replace(name, str(value))
    return out


@cache
def hall(**fields):
    return build(loads(text(**fields)))


@cache
def seen(**fields):
    return views(hall(**fields))


def test_comments_order_and_units_make_no_difference():
    lines = text().strip().splitlines()
    start = lines.index("elements:") + 1
    elements = [line for line in lines[start:] if line.startswith("  - {id")]
    others = [line for line in lines if line not in elements]
    tidied = "\n".join([*others[:2], "units: ft", "# a comment", *others[2:3], *elements[::-1], *others[3:]])
    other = build(loads(tidied))
    assert list(other.elements) != list(hall().elements)
    found = diff(hall(), other, old_views=seen(), new_views=views(other))
    assert found == Difference()
    assert found.empty
    assert diff_text(found) == "no difference\n"
    assert diff_json(found)["empty"] is True


def test_a_row_more_is_so_many_seats_and_chairs_more():
    found = diff(hall(), hall(rows=9))
    assert len(found.seats_new) == 12
    assert {seat.id.split("/")[1] for seat in found.seats_new} == {"9"}
    assert found.seats_gone == found.seats_moved == found.seats_renamed == ()
    assert [(count.item, count.old, count.new) for count in found.kit] == [("fur.chair.banquet", 96, 108)]


def test_a_block_moved_back_moves_its_seats_by_as_much_and_its_element():
    found = diff(hall(), hall(front=-2.3))
    assert len(found.seats_moved) == 96
    assert {round(move.distance, 9) for move in found.seats_moved} == {0.3}
    assert [(move.id, round(move.distance, 9)) for move in found.elements_moved] == [("A", 0.3)]
    assert found.seats_gone == found.seats_new == found.kit == ()
    assert "96 of A moved 0.300 m" in diff_text(found)


def test_twins_of_one_name_are_told_apart_by_their_ids():
    def named(x, name):
        return build(
            loads(
                text().replace(
                    "  - {id: A,", f"  - {{id: m, name: {name}, type: lectern, at: [{x}, -1]}}\n  - {{id: A,"
                )
            )
        )

    assert "  m (Desk) moved 0.500 m\n" in diff_text(diff(named(2, "Desk"), named(2.5, "Desk")))
    assert "  m (Desk, now Stand) moved 0.500 m\n" in diff_text(diff(named(2, "Desk"), named(2.5, "Stand")))


def test_what_comes_and_goes_is_summed_up():
    gone, new = (Seat("A/1/1", "A A1"),), (Seat("A/9/1", "A J1"), Seat("A/9/2", "A J2"))
    assert diff_text(Difference(seats_gone=gone, seats_new=new)) == (
        "seats\n  1 gone: A A1\n  2 new: A J1, A J2\n  1 more in all\n"
    )


def test_a_venue_in_feet_is_compared_in_feet():
    feet = diff_text(diff(hall(), hall(front=-2.3048)), "ft")
    assert "  A moved 1'-0\"\n" in feet
    assert " m\n" not in feet
    assert 'moved under 1/8"' in diff_text(diff(hall(), hall(front=-2.0015)), "ft")


def test_half_a_millimetre_is_no_move_and_two_are():
    assert diff(hall(), hall(front=-2.0005)).seats_moved == ()
    assert len(diff(hall(), hall(front=-2.002)).seats_moved) == 96


def test_new_letters_rename_seats_and_touch_nothing_else():
    found = diff(hall(), hall(labels="numbers"))
    assert len(found.seats_renamed) == 96
    first = found.seats_renamed[0]
    assert (first.id, first.was, first.now) == ("A/1/-6", "A1 A1", "A1 1/1")
    assert diff_text(found) == (
        "seats\n  96 of A have other labels: A1 A1 is now A1 1/1, A1 A2 is now A1 1/2, A1 A3 is now A1 1/3 …\n"
    )
    assert replace(found, seats_renamed=()).empty


def test_a_place_rule_changes_category_and_status():
    found = diff(hall(), hall(category="press", status="hold: desk"))
    assert [(change.id, change.what, change.old, change.new) for change in found.seats_changed] == [
        (seat, what, old, new)
        for seat in ("A/1/-6", "A/1/-5")
        for what, old, new in (("category", "VIP", "press"), ("reason", "", "desk"), ("status", "open", "hold"))
    ]
    assert "status open → hold, 2 seats: A1 A1, A1 A2" in diff_text(found)
    one = diff(hall(), build(loads(text() + "  - {seats: A1/B/1, hold: desk}\n")))
    assert "status open → hold, 1 seat: A1 B1" in diff_text(one)


def test_a_wider_stage_and_wall_are_changed_elements_and_more_kit():
    found = diff(hall(), hall(stage=8, columns=10, shift=0.25))
    assert {change.id for change in found.elements_changed} >= {"stage", "wall"}
    assert [move.id for move in found.elements_moved] == ["wall"]
    assert ("led.roe.bp2v2", 32, 40) in [(count.item, count.old, count.new) for count in found.kit]
    wall = next(change for change in found.elements_changed if change.id == "wall")
    assert (wall.old.split(" × ")[0], wall.new.split(" × ")[0]) == ("4.000", "5.000")


def test_a_door_more_is_another_shape_of_the_same_size():
    doors = build(loads(text().replace("height: 5}", "height: 5, doors: [{id: D1, at: [0, -14]}]}")))
    found = diff(hall(), doors)
    assert [change.id for change in found.elements_changed] == ["hall"]


def test_elements_come_and_go():
    more = build(loads(text().replace("  - {id: A,", "  - {id: mark, type: target, at: [0, 0, 2]}\n  - {id: A,")))
    assert diff(hall(), more).elements_new == ("mark",)
    assert diff(more, hall()).elements_gone == ("mark",)


def test_findings_are_told_apart_by_code_group_and_target_not_by_their_figures():
    def report(*findings):
        return Report("", {}, tuple(findings))

    stalls = Finding("SL01", "low-c-value", "warning", "guidance", "clears by 10 mm", group="stalls", target="led")
    better = replace(stalls, message="clears by 20 mm")
    circle = replace(stalls, group="circle")
    assert diff(hall(), hall(), report(stalls), report(better)).empty
    found = diff(hall(), hall(), report(stalls), report(stalls, circle))
    assert [fault.group for fault in found.findings_new] == ["circle"]
    assert diff_text(found) == "findings\n  new   SL01 low-c-value circle to led: clears by 10 mm\n"
    assert diff(hall(), hall(), report(stalls), None).empty


def test_the_ten_most_changed_c_values_are_named_and_all_are_counted():
    found = diff(hall(), hall(front=-3), old_views=seen(), new_views=seen(front=-3))
    was, now = seen().worst, seen(front=-3).worst
    both = np.isfinite(was) & np.isfinite(now)
    sizes = np.sort(np.abs(now[both] - was[both]))[::-1]
    assert found.c_values_changed == int((sizes > 0.001).sum()) > 10
    assert len(found.c_values) == 10
    assert [change.size for change in found.c_values] == pytest.approx(sizes[:10])


BANDS = {"clear": 0.95, "slight": 0.8, "side": 0.66, "restricted": 0.33, "severe": 0.0}


def board(x: float, killed: str = ""):
    """The hall with a high board that stands close before the front row at x. [m]"""
    lines = text().replace(
        "  - {id: A,", f"  - {{id: board, type: scenery, size: [1.2, 0.05, 3], at: [{x}, -1.2]}}\n  - {{id: A,"
    )
    return build(loads(lines + (f"  - {{seats: {killed}, kill: sold as one}}\n" if killed else "")))


def test_seats_that_see_less_are_told_by_band_and_the_way_back_sees_better():
    aside, before = board(-7), board(-1.6)
    made = views(aside), views(before)
    bands = [restricted(scene, seen, BANDS).band for scene, seen in zip((aside, before), made)]
    assert aside.seats.ids.tolist() == before.seats.ids.tolist()
    lower = {
        one: (old, new)
        for one, old, new in zip(aside.seats.ids.tolist(), *(side.tolist() for side in bands))
        if [*BANDS].index(new) > [*BANDS].index(old)
    }
    there = diff(aside, before, old_views=made[0], new_views=made[1], bands=BANDS)
    assert {one.id: (one.old, one.new) for one in there.views_worse} == lower
    assert ("A/1/-3", "A1 A4", "side", "severe") in [(one.id, one.now, one.old, one.new) for one in there.views_worse]
    assert there.views_better == ()
    worst = [one.new for one in there.views_worse]
    assert worst == sorted(worst, key=[*BANDS].index, reverse=True)
    lines = diff_text(there).splitlines()
    told = lines[lines.index("views past fixed things") + 1 :]
    assert told[0].startswith("  worse: side → severe, ")
    assert sum(int(line.split(" seat")[0].split(", ")[-1]) for line in told) == len(lower)
    back = diff(before, aside, old_views=made[1], new_views=made[0], bands=BANDS)
    assert back == there.reversed()
    assert (len(back.views_better), back.views_worse) == (len(lower), ())


def test_without_bands_no_view_changes_and_a_killed_seat_has_none():
    aside, before, killed = board(-7), board(-1.6), board(-1.6, "A1/A/4")
    made = views(aside)
    assert diff(aside, before, old_views=made, new_views=views(before)).views_worse == ()
    assert diff(aside, before, bands=BANDS).views_worse == ()
    found = diff(aside, killed, old_views=made, new_views=views(killed), bands=BANDS)
    assert "A/1/-3" not in [one.id for one in found.views_worse]
    assert found.views_worse


def test_json_is_plain_and_whole():
    found = diff(hall(), hall(rows=9, columns=9))
    content = json.loads(json.dumps(diff_json(found)))
    assert content["empty"] is False
    assert len(content["seats_new"]) == 12
    assert content["kit"][0] == {"item": "fur.chair.banquet", "description": "generic Banquet stacking chair", "why": "",
                                 "old": 96, "new": 108}  # fmt: skip


def test_the_text_names_a_dozen_and_counts_the_rest():
    lines = diff_text(diff(hall(), hall(rows=12))).splitlines()
    assert lines[0] == "seats"
    assert lines[1].startswith("  48 new: ")
    assert lines[1].endswith(" and 36 more")


def test_rows_are_in_order_of_number_not_of_letters():
    new = [seat.id for seat in diff(hall(rows=1), hall(rows=12)).seats_new]
    assert [int(one.split("/")[1]) for one in new] == sorted(int(one.split("/")[1]) for one in new)
    assert [int(one.split("/")[2]) for one in new[:12]] == sorted(int(one.split("/")[2]) for one in new[:12])


states = st.fixed_dictionaries(
    {
        "rows": st.integers(1, 4), "seats": st.integers(2, 7), "front": st.sampled_from([-2, -2.5, -4]),
        "columns": st.integers(1, 3), "shift": st.sampled_from([0, 0.0005, 1]), "stage": st.sampled_from([4, 6]),
        "labels": st.sampled_from(["letters", "numbers"]), "category": st.sampled_from(["VIP", "press"]),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(states, states)
def test_the_way_back_mirrors_the_way_there(a, b):
    there = diff(hall(**a), hall(**b), old_views=seen(**a), new_views=seen(**b))
    back = diff(hall(**b), hall(**a), old_views=seen(**b), new_views=seen(**a))
    assert there == back.reversed()
    assert there.reversed().reversed() == there
    assert diff(hall(**a), hall(**a), old_views=seen(**a), new_views=seen(**a)).empty
    assert there.empty == (diff_text(there) == "no difference\n")


def test_a_rigging_point_that_moves_along_its_truss_is_told_and_one_that_goes_with_it_is_not():
    def rigged(picks, trim=5):
        truss = f"  - {{id: T, type: truss, from: [-6, 1], to: [6, 1], trim: {trim}, picks: [{picks}]}}\n"
        return build(loads(text().replace("numbering:", f"{truss}numbering:")))

    before, after = rigged("-5, 0"), rigged("-5, {at: 0.5, name: T.2, load: 300, author: A. Rigger}, 5")
    found = diff(before, after)
    assert [(one.id, one.old, one.new) for one in found.points] == [
        ("T/T.2", "0.000 m, 1.000 m", "0.500 m, 1.000 m, 300 kg (A. Rigger)"), ("T/T.3", "", "5.000 m, 1.000 m"),
    ]  # fmt: skip
    assert "T.3: none → 5.000 m, 1.000 m" in diff_text(found)
    assert diff(after, before) == found.reversed()
    assert diff(before, rigged("-5, 0", trim=4)).points == ()
