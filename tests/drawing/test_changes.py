"""Change-overs and changes since an issue: what differs is drawn and told once, what stands still is not."""

import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.diff import diff
from stagecraft.drawing.changes import between, change_lines, change_over_plan, changes_plan, changes_sheets, entries
from stagecraft.drawing.cloud import cloud, clouds
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Circle, Insert, Leader, Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.strokes import flattened
from stagecraft.scene import Scene
from stagecraft.venue.load import issued, load, loads

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
SETUPS = ["theatre", "classroom", "cabaret", "banquet", "reception"]
HALL = """
schema: 1
name: Hall
revisions: [{rev: P01, date: 2026-11-01}, {rev: P02, date: 2026-11-08}]
elements:
  - {id: hall, type: room, x: [-12, 12], y: [-16, 8], height: 6}
  - {id: stage, type: stage, at: [0, 0], size: [8, 4], height: 0.8}
  - {id: lectern, type: lectern, on: stage, at: [-2, 1]}
  - {id: desk, type: foh, name: FOH, at: [0, -13], size: [3, 2]}
  - {id: A, type: seating, rows: 6, seats: [8, 8], gangway: 1.2, front: [0, -4]}
"""


@cache
def made(*swaps: tuple[str, str]) -> Scene:
    text = HALL
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return build(loads(text))


@cache
def ballroom(setup: str) -> Scene:
    return build(load(EXAMPLES / "ballroom" / "venue.yaml"), setup)


@cache
def keynote() -> tuple[Scene, Scene]:
    venue = load(EXAMPLES / "keynote-500" / "venue.yaml")
    return build(issued(venue)[1]), build(venue)


def words(marks) -> list[str]:
    return [mark.text for mark in marks if isinstance(mark, Text)]


# --- the change-over


@pytest.mark.parametrize(("old", "new"), [*pairwise(SETUPS), ("reception", "theatre")])
def test_every_place_that_comes_is_drawn_once_and_no_other(old, new):
    change = between(ballroom(old), ballroom(new))
    come = {new_id for new_id in change.new.seats.ids.tolist() if new_id not in set(change.old.seats.ids.tolist())}
    marks = change_over_plan(change).marks
    drawn = [
        dict(mark.attributes)["ID"] for mark in marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")
    ]
    assert sorted(drawn) == sorted(come)


@pytest.mark.parametrize(("old", "new"), [*pairwise(SETUPS)])
def test_what_the_lines_count_closes_with_the_two_houses(old, new):
    change = between(ballroom(old), ballroom(new))
    places = {"Out": 0, "In": 0}
    for line in change_lines(change):
        if found := re.search(r"(\d+) places?", line.was):
            places[line.kind] += int(found[1])
    assert len(change.old.seats) - places["Out"] + places["In"] == len(change.new.seats)
    kinds = {kind: {line.what for line in change_lines(change) if line.kind == kind} for kind in ("Out", "In")}
    names = {kind: {scene.elements[one].name or one for one in ones} for kind, scene, ones in (
        ("Out", change.old, change.old.elements.keys() - change.new.elements.keys()),
        ("In", change.new, change.new.elements.keys() - change.old.elements.keys()))}  # fmt: skip
    assert {k: {one.replace("_", " ") for one in v} for k, v in names.items()} == kinds


def test_what_moves_is_told_once_with_what_it_carries_and_has_an_arrow():
    change = between(made(), made(("at: [0, 0]", "at: [0, 1.2]")))
    (line,) = change_lines(change)
    assert (line.kind, line.what, line.was) == ("Moves", "stage", "1200 mm, with lectern")
    (arrow,) = [
        mark for mark in change_over_plan(change).marks if isinstance(mark, Leader) and mark.style.role == "beyond"
    ]
    (head, tail) = arrow.points
    assert (head[0] - tail[0], head[1] - tail[1]) == pytest.approx((0, 1200))


def test_what_goes_out_is_crossed_and_what_comes_in_is_not():
    without = made(("  - {id: desk, type: foh, name: FOH, at: [0, -13], size: [3, 2]}\n", ""))
    out = change_over_plan(between(made(), without)).marks
    come = change_over_plan(between(without, made())).marks
    cross = [mark for mark in out if isinstance(mark, Line) and mark.style.role == "hidden" and len(mark.points) == 2]
    assert any(math.dist(*mark.points) == pytest.approx(1000 * math.hypot(3, 2), rel=0.01) for mark in cross)
    assert not any(mark.style.system == "change" and mark.style.role == "hidden" for mark in come)
    assert any("OUT: FOH" in word for word in words(out))
    assert any("IN: FOH" in word for word in words(come))


@pytest.mark.parametrize("far", [0.0009, 0.0011])
def test_what_moves_less_than_a_millimetre_stands_still_as_it_does_in_a_difference(far):
    other = made(("at: [0, -13]", f"at: [0, {-13 - far:.4f}]"))
    assert between(made(), other).any == (not diff(made(), other).empty) == (far > 0.001)
    assert bool(list(changes_sheets(Job(other, before=("P01", made()))))) == (far > 0.001)


def test_two_equal_states_are_no_sheet():
    job = Job(made(), before=("P01", made()), follows=("day", made()))
    assert list(changes_sheets(job)) == []
    assert list(changes_sheets(Job(made()))) == []


# --- since an issue


def test_the_keynote_tells_its_changes():
    old, new = keynote()
    told = {(line.what, line.was, line.now, line.by) for line in entries(between(old, new))}
    assert ("Camera 1", "x 1200", "x 0", "1200 mm") in told
    assert ("FOH", "y -18400", "y -18700", "300 mm") in told
    assert ("FOH", "6.000 × 0.750 × 0.910 m", "7.200 × 2.400 × 1.210 m", "another size") in told
    assert ("Seats, C", "204 places", "196 places", "14 gone, 6 new") in told


def test_every_change_that_has_a_place_stands_in_a_cloud():
    old, new = keynote()
    change = between(old, new)
    lines = entries(change)
    page = changes_plan(change, "P01")
    tags = [dict(mark.attributes) for mark in page.marks if isinstance(mark, Insert) and mark.symbol == "REV-TAG"]
    assert {tag["REV"] for tag in tags} == {"P02"}
    numbers = {int(n) for tag in tags for part in tag["CHANGE"].split(", ") for n in _run(part)}
    assert numbers == {k for k, line in enumerate(lines, 1) if line.boxes}
    rims = [shapely.Polygon(mark.points) for mark in page.marks if isinstance(mark, Line) and mark.style.system == "revision" and mark.bulges]  # fmt: skip
    assert len(rims) == len(tags)
    for line in lines:
        for box in line.boxes:
            assert any(rim.contains(shapely.box(*box)) for rim in rims)


def _run(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


def test_new_labels_are_counted_by_block_and_not_clouded():
    other = made(("id: A, type: seating", "id: A, first_row: 3, type: seating"))
    lines = entries(between(made(), other))
    assert [(line.what, line.was, line.now, line.by, line.boxes) for line in lines] == [
        (f"Seats, {block}", "48 places", "48 places", "48 with another label", ()) for block in ("A1", "A2")
    ]


def test_a_turn_and_another_shape_are_told():
    (turned,) = entries(between(made(), made(("at: [0, -13], size", "turn: 5, at: [0, -13], size"))))
    assert turned.by == "turned 5.0°"
    (shape,) = entries(between(made(), made(("size: [3, 2]", "size: [3, 2], consoles: 2"))))
    assert shape.by == "another shape"


# --- clouds


def test_a_cloud_is_of_true_arcs_that_bulge_outwards():
    rim = cloud(shapely.box(0, 0, 3000, 1000), 100)
    assert rim.closed
    assert len(rim.bulges) == len(rim.points)
    assert min(rim.bulges) > 0
    inside, outside = shapely.Polygon(rim.points), shapely.Polygon(flattened(rim, 0.1))
    assert inside.area == pytest.approx(3e6)
    # A circular segment over a chord c with bulge b: c²/8·(θ − sin θ)/sin²(θ/2), θ = 4·atan b.
    chords = np.linalg.norm(np.diff([*rim.points, rim.points[0]], axis=0), axis=1)
    theta = 4 * math.atan(rim.bulges[0])
    segments = float((chords**2).sum()) / 8 * (theta - math.sin(theta)) / math.sin(theta / 2) ** 2
    assert outside.area == pytest.approx(inside.area + segments, rel=1e-3)
    assert 400 < chords.min() <= chords.max() < 800


def test_changes_that_lie_close_together_share_a_cloud():
    boxes = [(0.0, 0.0, 500.0, 500.0), (600.0, 0.0, 900.0, 500.0), (5000.0, 0.0, 5500.0, 500.0), (0.0, 0.0, 0.0, 0.0)]
    assert [held for _, held in clouds(boxes, 100)] == [[0, 1, 3], [2]]
    assert clouds([], 100) == []


# --- papers


def sheets(job: Job):
    return [Composer(job.scene).sheet(draft) for draft in changes_sheets(job)]


@pytest.mark.parametrize(("old", "new"), [*pairwise(SETUPS)])
def test_no_word_lies_on_another_on_change_overs(old, new):
    (sheet,) = sheets(Job(ballroom(new), follows=(old, ballroom(old))))
    assert (sheet.key, sheet.number) == ("change-over", f"601-{new}")
    assert [str(fault) for fault in overlaps(sheet)] == []


def test_no_word_lies_on_another_on_the_keynotes_changes():
    old, new = keynote()
    (sheet,) = sheets(Job(new, before=("P01", old)))
    assert (sheet.key, sheet.number, sheet.title) == ("changes", "602", "Changes since P01")
    assert [str(fault) for fault in overlaps(sheet)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{id: t, type: target, points: [[0, 0, 1]]}", "{id: t, type: target, points: [[0, 3, 1]]}"),
        ("{id: r, type: room, size: [3, 3], height: 3}", "{id: r, type: room, size: [4, 3], height: 3}"),
        ("{id: r, type: room, size: [3, 3], height: 3}", "{id: s, type: stage, size: [2, 2], height: 0.4}"),
        ("{id: s, type: stage, size: [2, 2], height: 0.4}", f"{{id: s, name: {'席 ' * 90}, type: lectern}}"),
        ("{id: c, type: standing, size: [6, 5]}", "{id: c, type: standing, size: [6, 6]}"),
        ("{id: r, type: room, size: [9, 9], height: 3}", "{id: A, type: seating, path: [[-40, 0], [0, 30], [40, 0]], rows: 20}"),
    ],
    ids=["a target", "the room", "another house", "another type", "standing", "twenty rows along a path"],
)  # fmt: skip
@pytest.mark.parametrize("back", [False, True])
def test_odd_changes_are_good_sheets(old, new, back):
    one, two = (build(loads(f"schema: 1\nname: H\nunits: ft\nelements: [{text}]\n")) for text in ((new, old) if back else (old, new)))  # fmt: skip
    for sheet in sheets(Job(two, before=("P01", one), follows=("day", one))):
        assert overlaps(sheet.views[0].drawing) == []


def test_round_things_go_and_come_as_true_circles():
    """A table of 1.83 m in either state is a circle of that radius, not a polygon."""
    change = between(ballroom("cabaret"), ballroom("banquet"))
    page = change_over_plan(change)
    for style in ("hidden", "line"):
        tables = [mark for mark in page.marks if isinstance(mark, Insert) and mark.symbol == "fur.table.round6" and mark.style.role == style]  # fmt: skip
        assert len(tables) == {"hidden": 20, "line": 18}[style]
    (rim,) = page.symbols["fur.table.round6"].marks
    assert isinstance(rim, Circle)
    assert rim.radius == pytest.approx(915, abs=1)


# --- rigging points

RIG = (
    "elements:\n",
    "elements:\n  - {id: T, type: truss, from: [-6, 1], to: [6, 1], trim: 5, picks: [-5, {at: 0, name: M}, 5]}\n",
)


def test_a_point_that_moves_along_its_truss_and_a_load_that_somebody_entered_are_told():
    other = made(RIG, ("picks: [-5, {at: 0, name: M}, 5]", "picks: [-5, {at: 0.5, name: M, load: 300, author: A. Rigger}, 5, 5.5]"))  # fmt: skip
    change = between(made(RIG), other)
    lines = entries(change)
    assert [(line.what, line.was, line.now, line.by) for line in lines] == [
        ("Point M", "x 0", "x 500, 300 kg (A. Rigger)", "500 mm, another load"),
        ("Point T.4", "—", "x 5500, y 1000", "new"),
    ]
    (draft,) = changes_sheets(Job(other, before=("P01", made(RIG))))
    assert draft.warning == "NOT FOR RIGGING UNTIL APPROVED"
    points = [
        mark for mark in changes_plan(change, "P01").marks if isinstance(mark, Insert) and mark.symbol == "RIG-POINT"
    ]
    assert sorted(mark.at[0] for mark in points) == [0, 500, 5500]


def test_points_that_go_with_their_truss_are_told_with_it():
    lower = between(made(RIG), made(RIG, ("trim: 5", "trim: 4.5")))
    assert [(line.what, line.was, line.now, line.by) for line in entries(lower)] == [
        ("T", "z 5000", "z 4500", "500 mm")
    ]
    assert entries(between(made(), made(RIG)))[0].by == "new"
    assert len(entries(between(made(), made(RIG)))) == 1


def test_sheets_on_which_nothing_rigged_is_otherwise_bear_no_warning():
    (draft,) = changes_sheets(Job(made(RIG, ("at: [0, -13]", "at: [0, -12]")), before=("P01", made(RIG))))
    assert draft.warning == ""
