"""The lint of labels: what lies on what, and what belongs to it."""

from __future__ import annotations

import math

import pytest

from stagecraft.drawing.lettering import width
from stagecraft.drawing.marks import (
    Circle,
    Dimension,
    Drawing,
    Fill,
    Insert,
    Leader,
    Line,
    Placed,
    Sheet,
    Style,
    Symbol,
    Text,
)
from stagecraft.drawing.overlaps import overlaps

NOTE, CUT, SEEN = Style("note", "id"), Style("wall", "cut"), Style("wall", "beyond")
DIMS = Style("dims", "dims")


def said(*marks, symbols=None, scale=1.0):
    return [(fault.words, fault.on) for fault in overlaps(Drawing("d", marks, symbols or {}, scale=scale))]


def text(words="WORDS", at=(0.0, 0.0), **how):
    return Text(how.pop("style", NOTE), at, words, how.pop("height", 2.5), **how)


def test_a_text_on_another_is_told_with_how_far_it_would_have_to_move():
    (fault,) = overlaps(Drawing("d", (text("ONE"), text("TWO", (1.0, 2.0))), scale=1.0))
    assert (fault.words, fault.on) == ("ONE", "'TWO'")
    assert fault.by == pytest.approx(0.5, abs=1e-9)  # capitals 2.5 high, 2.0 apart
    assert fault.at == pytest.approx((width("ONE") / 2, 1.25), abs=1e-3)


def test_texts_side_by_side_and_one_above_another_only_touch():
    assert said(text("ONE"), text("TWO", (width("ONE"), 0.0)), text("XXX", (0.0, 2.5))) == []


def test_letters_that_reach_below_the_line_lie_on_what_is_there():
    assert said(text("top", (0.0, 2.5)), text("ONE")) == [("top", "'ONE'")]
    assert said(text("tot", (0.0, 2.5)), text("ONE")) == []


def test_lines_of_one_text_are_no_overlap_and_each_has_its_own_width():
    long = text("A VERY LONG LINE\nI", valign="top")
    assert said(long) == []
    assert said(long, text("BESIDE", (4.0, -6.5))) == []
    assert len(said(long, text("BESIDE", (4.0, -2.5)))) == 1


def test_a_turned_text_is_a_turned_box():
    """Its upright box holds the corner where the other stands; it itself does not."""
    slanting = text("A LONG LINE ALONG A SLOPE", turn=45.0)
    far = width("A LONG LINE ALONG A SLOPE") * math.sqrt(0.5)
    assert said(slanting, text("I", (far - 3.0, 1.0))) == []
    assert said(slanting, text("I", (far / 2, far / 2))) != []


def test_scale_makes_what_stands_apart_lie_on_each_other():
    apart = (text("ONE"), text("TWO", (width("ONE") * 100, 0.0)))
    assert said(*apart, scale=100.0) == []
    assert said(*apart, scale=200.0) == [("ONE", "'TWO'")]


@pytest.mark.parametrize(
    ("style", "mask", "on"),
    [
        (CUT, True, "line on A-WALL-CUT"),
        (SEEN, True, None),
        (SEEN, False, "line on A-WALL-BYND"),
        (Style("truss", "overhead"), True, None),
        (Style("stage"), True, "line on S-DECK"),
        (Style("centre"), True, "line on G-CNTR"),
        (Style("setting"), True, "line on G-SETL"),
        (Style("underlay"), False, None),
        (Style("escape"), True, None),
        (Style("escape"), False, "line on E-ESC"),
    ],
)
def test_a_white_ground_helps_over_thin_lines_only(style, mask, on):
    through = Line(style, ((-10.0, 1.0), (30.0, 1.0)))
    assert said(text(mask=mask), through) == ([("WORDS", on)] if on else [])


def test_a_circle_about_a_text_is_no_overlap_and_one_through_it_is():
    middle = text("X", align="centre", valign="middle")
    assert said(middle, Circle(CUT, (0.0, 0.0), 3.0)) == []
    assert said(middle, Circle(CUT, (0.0, 0.0), 0.6)) == [("X", "line on A-WALL-CUT")]


def dimension(at=(50.0, 12.05), end=100.0):
    return Dimension(DIMS, (0.0, 0.0), (end, 0.0), (0.0, 10.0), at)


def test_a_dimension_may_stand_on_its_own_line_and_not_on_its_own_extension_lines():
    assert said(dimension()) == []
    assert said(dimension((50.0, 10.0))) == []
    assert said(dimension((0.0, 11.0))) == [("100", "extension line")]


def test_a_text_on_a_dimension_a_tick_or_an_extension_line_is_told():
    assert said(dimension(), text("T", (70.0, 9.0), mask=True)) == [("T", "dimension line")]
    assert said(dimension(), text("T", (99.0, 4.0), mask=True)) == [("T", "extension line")]
    assert said(dimension(), text("T", (45.0, 11.5), mask=True)) == [("100", "'T'")]


def test_a_leader_ends_at_its_own_text_and_runs_through_no_other():
    mine = Leader(NOTE, ((30.0, 20.0), (0.0, 1.25)))
    assert said(mine, text(align="right", valign="bottom")) == []
    assert said(mine, text(align="right"), text("OTHER", (12.0, 9.0))) == [("OTHER", "leader")]
    assert said(Leader(NOTE, ((-30.0, 1.25), (-0.5, 1.25))), text(align="right")) == [("WORDS", "leader")]


CHAIR = Symbol("CHAIR", (Line(Style("seating"), ((-250, -250), (250, -250), (250, 250), (-250, 250)), True),),
               (("SEAT", (0.0, 0.0), 180.0),))  # fmt: skip


def chair(at=(0.0, 0.0), number="7", turn=0.0):
    return Insert(Style("seating"), "CHAIR", at, turn, (("SEAT", number),), ("SEAT",))


def test_a_seat_holds_its_number_and_nothing_is_written_over_it():
    told = said(chair(), text("7A", (200.0, 0.0), mask=True), symbols={"CHAIR": CHAIR}, scale=100.0)
    assert told == [("7A", "symbol CHAIR")]
    assert said(chair(), chair((500.0, 0.0), "8"), symbols={"CHAIR": CHAIR}, scale=100.0) == []
    assert said(chair(), chair((100.0, 0.0), "8"), symbols={"CHAIR": CHAIR}, scale=100.0) != []


def test_a_number_wider_than_its_seat_lies_on_the_next():
    row = (chair(), chair((500.0, 0.0), "10000"))
    assert ("7", "'10000'") not in said(*row, symbols={"CHAIR": CHAIR}, scale=100.0)
    assert ("10000", "symbol CHAIR") in said(*row, symbols={"CHAIR": CHAIR}, scale=100.0)


def test_a_cut_face_is_no_ground_and_a_light_area_is_one():
    square = (((-5.0, -5.0), (30.0, -5.0), (30.0, 10.0), (-5.0, 10.0)),)
    assert said(text(), Fill(Style("wall", "pattern"), square, "solid")) == [("WORDS", "area on A-PATT")]
    assert said(text(), Fill(Style("wall", "pattern"), square)) == [("WORDS", "area on A-PATT")]
    assert said(text(mask=True), Fill(Style("wall", "pattern"), square)) == []
    assert said(text(), Fill(Style("seating"), square, "solid", (0.85, 0.85, 0.85))) == []
    assert said(text(), Fill(Style("seating"), square, "solid", (0.1, 0.1, 0.2))) != []


def sheet(*views, marks=()):
    return Sheet("101", "t", (210.0, 297.0), views, marks)


def placed(*marks, window=((20.0, 20.0), (120.0, 120.0)), at=(70.0, 70.0), scale=100.0):
    return Placed(Drawing("plan", marks, scale=scale), at, (0.0, 0.0), scale, window)


def test_a_text_over_the_edge_of_its_view_or_of_the_paper_is_clipped():
    (fault,) = overlaps(sheet(placed(text("CLIPPED", (4500.0, 0.0)))))
    assert fault.on == "edge of the plan"
    assert fault.by == pytest.approx(115.0 + width("CLIPPED") - 120.0, abs=1e-3)
    assert [fault.on for fault in overlaps(sheet(marks=(text(at=(205.0, 10.0)),)))] == ["edge of the paper"]


def test_words_of_a_view_and_of_the_sheet_are_weighed_together():
    over = sheet(placed(text("VIEW")), marks=(text("TITLE", (71.0, 71.0)),))
    assert [(fault.words, fault.on) for fault in overlaps(over)] == [("VIEW", "'TITLE'")]


def test_what_a_window_cuts_off_is_not_there():
    """The wall runs on outside the window, where the sheet has its notes."""
    wall = Line(CUT, ((-8000.0, 0.0), (8000.0, 0.0)))
    assert overlaps(sheet(placed(wall), marks=(text(at=(125.0, 69.0)),))) == []
    assert len(overlaps(sheet(placed(wall), marks=(text(at=(105.0, 69.0)),)))) == 1
