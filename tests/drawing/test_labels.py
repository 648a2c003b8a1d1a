"""Labels are placed, and settle when the drawing is finished: none lies on what it does not belong to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import stagecraft as sc
from stagecraft.drawing._labels import Loose, Places, Rows, Spot, Way, around, dimension
from stagecraft.drawing._settle import settled
from stagecraft.drawing._widths import gangway_width
from stagecraft.drawing.lettering import width
from stagecraft.drawing.marks import Dimension, Drawing, Insert, Leader, Line, Mark, Sheet, Style, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.plan import plan
from stagecraft.issue import book_of
from stagecraft.session import Session

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml"))
TORTURE = ROOT / "tests" / "data" / "torture" / "venue.yaml"
NOTE, CUT = Style("note", "id"), Style("wall", "cut")


def finished(marks: list[Mark], scale: float = 1.0) -> Drawing:
    found, left = settled(marks, {}, scale, "m")
    return Drawing("d", tuple(found), scale=scale, notes=tuple(left))


def texts(drawing: Drawing) -> dict[str, Text]:
    return {mark.text: mark for mark in drawing.marks if isinstance(mark, Text)}


def test_a_label_that_a_later_line_runs_through_moves() -> None:
    places = Places(1.0)
    marks = places.name(NOTE, "LABEL", [(list(around((0, 0, 10, 10), 1.0)), 2.5, None)])
    at = marks[-1].at
    through = Line(CUT, ((at[0] + 2, -50.0), (at[0] + 2, 50.0)))
    assert overlaps(Drawing("d", (*marks, through), scale=1.0))
    drawing = finished([*marks, through])
    assert overlaps(drawing) == []
    assert texts(drawing)["LABEL"].at != at


def test_a_label_on_which_nothing_lies_stays_and_forgets_its_other_places() -> None:
    marks = Places(1.0).name(NOTE, "LABEL", [(list(around((0, 0, 10, 10), 1.0)), 2.5, None)])
    (mark,) = finished(marks).marks
    assert type(mark) is Text
    assert mark.at == marks[0].at


def test_an_earlier_label_makes_room_for_one_that_has_a_single_place() -> None:
    """The first took the only place of the second; it has another."""
    first = Loose(
        NOTE, (0.0, 0.0), "FIRST", ways=(Way((Spot(0, 0, "left", "bottom"), Spot(0, 20, "left", "bottom")), 2.5),)
    )
    second = Loose(NOTE, (0.0, 0.0), "SECOND", ways=(Way((Spot(0, 0, "left", "bottom"),), 2.5),), waits=True)
    drawing = finished([first, second])
    assert texts(drawing)["FIRST"].at == (0.0, 20.0)
    assert texts(drawing)["SECOND"].at == (0.0, 0.0)
    assert drawing.notes == ()


def test_what_has_no_place_at_all_is_told_and_not_drawn() -> None:
    wall = Line(CUT, ((-50.0, 1.0), (50.0, 1.0)))
    only = Loose(NOTE, (0.0, 0.0), "NOWHERE", ways=(Way((Spot(0, 0, "left", "bottom"),), 2.5),))
    drawing = finished([only, wall])
    assert texts(drawing) == {}
    assert drawing.notes == ("NOWHERE",)


def test_a_leader_goes_with_its_label() -> None:
    places = Places(1.0)
    places.keep([(-4.0, -4.0, 14.0, 14.0)])
    marks = places.name(NOTE, "FAR", [(list(around((0, 0, 10, 10), 1.0)), 2.5, None)])
    assert isinstance(marks[0], Leader)
    x, y = marks[-1].at
    wall = Line(CUT, ((x + 1, y - 30), (x + 1, y + 30)))
    about = [Line(CUT, ((-d, -d), (10 + d, -d), (10 + d, 10 + d), (-d, 10 + d)), True) for d in (1.0, 2.0, 3.0, 4.0)]
    drawing = finished([*marks, wall, *about])
    leaders = [mark for mark in drawing.marks if isinstance(mark, Leader)]
    assert [leader.points[-1] for leader in leaders] == [texts(drawing)["FAR"].at]
    assert overlaps(drawing) == []


def test_an_axis_is_broken_where_a_word_has_to_stand_in_it() -> None:
    number = Text(NOTE, (0.0, 0.0), "14", align="centre", valign="middle", mask=True)
    drawing = finished([number, Line(Style("centre"), ((0.0, -40.0), (0.0, 40.0)))])
    pieces = [mark for mark in drawing.marks if isinstance(mark, Line)]
    assert len(pieces) == 2
    assert sum(abs(p[1] - q[1]) for p, q in (piece.points for piece in pieces)) == pytest.approx(80.0 - 2.5 - 2 * 0.5)
    assert overlaps(drawing) == []


def test_an_extension_line_begins_behind_a_word_that_cannot_move() -> None:
    size = Dimension(Style("dims", "dims"), (0.0, 0.0), (50.0, 0.0), (0.0, 40.0), (25.0, 42.05))
    word = Text(NOTE, (50.0, 20.0), "7", align="centre", valign="middle")
    drawing = finished([size, word])
    (found,) = (mark for mark in drawing.marks if isinstance(mark, Dimension))
    assert overlaps(Drawing("d", (size, word), scale=1.0))
    assert overlaps(drawing) == []
    assert (found.start, found.end[0]) == ((0.0, 0.0), 50.0)  # what is measured is the same
    assert 19.0 < found.end[1] < 22.0


@pytest.mark.parametrize(("count", "run"), [(3, 250.0), (5, 400.0), (12, 250.0)])
def test_dimensions_too_short_for_their_words_stand_apart_or_are_told(count: int, run: float) -> None:
    rows = Rows(Places(100.0), 0, 0.0, 800.0, "m")
    stops = [(x * run, -2000.0) for x in range(count + 1)]
    rows.add(*itertools.pairwise(stops))
    rows.add((stops[0], stops[-1]))
    drawing = finished(rows.marks(), 100.0)
    assert overlaps(drawing) == []
    assert sum(isinstance(mark, Dimension) for mark in drawing.marks) + len(drawing.notes) == count + 1
    assert set(drawing.notes) <= {f"dimension {run:g}"}
    assert len(drawing.notes) <= count - 3


def test_a_dimension_s_text_moves_off_a_word_that_came_later() -> None:
    places = Places(1.0)
    size = dimension(places, (0.0, 0.0), (80.0, 0.0), 20.0, 0, "m")
    word = Text(NOTE, size.text_at, "XX", align="centre", valign="middle")
    assert overlaps(Drawing("d", (size, word), scale=1.0))
    assert overlaps(finished([size, word])) == []


def test_the_width_of_a_gangway_goes_along_it_to_where_nothing_lies() -> None:
    import numpy as np

    places = Places(100.0)
    marks = gangway_width(np.array([[0.0, 0.0], [0.0, 10.0]]), 1.2, "m", places)
    steps = [Line(Style("platform"), ((-600.0, y), (600.0, y))) for y in np.arange(4000.0, 6100.0, 50.0).tolist()]
    drawing = finished([*marks, *steps], 100.0)
    (size,) = (mark for mark in drawing.marks if isinstance(mark, Dimension))
    assert abs(size.start[0] - size.end[0]) == pytest.approx(1200.0)
    assert not 4000.0 < size.text_at[1] < 6050.0
    assert overlaps(drawing) == []


def test_labels_that_a_page_moved_aside_settle_there() -> None:
    """A level that is drawn beside another is moved as a whole before it settles."""
    places = Places(1.0)
    (label,) = places.name(NOTE, "LABEL", [(list(around((0, 0, 10, 10), 1.0)), 2.5, None)])
    moved = replace(label, at=(label.at[0] + 500.0, label.at[1]))
    wall = Line(CUT, ((moved.at[0] + 1, -50.0), (moved.at[0] + 1, 50.0)))
    assert 480.0 < texts(finished([moved, wall]))["LABEL"].at[0] < 530.0


def test_the_same_marks_settle_the_same() -> None:
    def once() -> Drawing:
        places = Places(1.0)
        marks: list[Mark] = []
        for k in range(40):
            x = 3.0 * k
            marks += places.name(NOTE, f"N{k}", [(list(around((x, 0, x + 1, 1), 1.0)), 1.8, None)])
        return finished([*marks, Line(CUT, ((0.0, 3.0), (130.0, 3.0)))])

    assert once().marks == once().marks
    assert overlaps(once()) == []


# --- every sheet of every example


@cache
def every_sheet(path: Path) -> tuple[tuple[str, Sheet], ...]:
    session = Session.of(path)
    assert session.venue is not None
    setups = list(session.venue.setups) or [""]
    return tuple(
        (setup, sheet) for setup in setups for sheet in book_of(session.at(setup) if setup else session).sheets
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_no_label_lies_on_anything_on_any_sheet(path: Path) -> None:
    faults = {(setup, sheet.key): [str(fault) for fault in overlaps(sheet)] for setup, sheet in every_sheet(path)}
    assert len(faults) > 5
    assert {key: found for key, found in faults.items() if found} == {}


def test_the_lint_bites_where_a_label_of_an_example_is_moved() -> None:
    """A word onto another, a word onto a dimension, the words of a dimension onto its own tick, larger letters."""
    view = plan(sc.build(sc.load(ROOT / "assets" / "examples" / "ref-500" / "venue.yaml")))
    assert overlaps(view) == []
    words = [k for k, mark in enumerate(view.marks) if isinstance(mark, Text) and "\n" not in mark.text]
    sizes = [k for k, mark in enumerate(view.marks) if isinstance(mark, Dimension) and mark.angle == 0]
    sizes.sort(key=lambda k: -math.dist(view.marks[k].start, view.marks[k].end))

    def told(change: Callable[[list[Mark]], None]) -> set[str]:
        marks = list(view.marks)
        change(marks)
        return {fault.on for fault in overlaps(replace(view, marks=tuple(marks)))}

    def onto(marks: list[Mark]) -> None:
        marks[words[0]] = replace(marks[words[0]], at=marks[words[1]].at, align=marks[words[1]].align)

    def line(marks: list[Mark]) -> None:
        size = marks[sizes[0]]
        on = 0.7 * size.start[0] + 0.3 * size.end[0], size.line_at[1]
        marks[words[0]] = replace(marks[words[0]], at=on, align="centre", valign="middle")

    def tick(marks: list[Mark]) -> None:
        size = marks[sizes[0]]
        marks[sizes[0]] = replace(size, text_at=size.line_at)

    def wider(marks: list[Mark]) -> None:
        for k in words:
            marks[k] = replace(marks[k], height=2.0 * marks[k].height)

    assert any(on.startswith("'") for on in told(onto))
    assert told(line) & {"dimension line", "extension line"}
    assert "extension line" in told(tick)
    assert told(wider)


# --- what makes labels hard


@cache
def hard() -> sc.Scene:
    return sc.build(sc.load(TORTURE))


@pytest.mark.parametrize("scale", [50, 100, 200])
def test_three_hundred_points_forty_pieces_and_two_thousand_seats_have_no_label_on_another(scale: float) -> None:
    scene = hard()
    view = plan(scene, scale)
    assert overlaps(view) == []
    assert len(scene.seats) == 2000
    points = [mark for mark in view.marks if isinstance(mark, Insert) and mark.symbol == "RIG-POINT"]
    assert len(points) == 300
    said = {mark.text.split("\n")[0] for mark in view.marks if isinstance(mark, Text)}
    names = {dict(point.attributes)["ID"] for point in points}
    missing = names - said
    left = next((note for note in view.notes if note.startswith("Names left out")), "")
    assert bool(missing) <= bool(left)  # nothing is lost without a word
    if " more, " not in left:
        assert all(name in left for name in missing)


def test_letters_take_the_room_that_their_script_needs() -> None:
    assert width("\u05d0\u05d1\u05d2") == width("\u05d2\u05d1\u05d0")  # from the right as from the left
    assert width("e\u0301") == pytest.approx(width("e"))  # an accent of its own takes none
    assert width("\u6f22\u5b57") == pytest.approx(2 * width("\u6f22"))
    assert width("\u6f22") > width("\u0628") > 0
    assert width("\u202b\u05d0\u202c") == width("\u05d0")  # marks of direction take none
