"""Nested sheets on paper say what the files for the router hold, part by part."""

from __future__ import annotations

import pytest

from stagecraft.analysis.making import to_make
from stagecraft.analysis.nesting import nest
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Circle, Dimension, Line, Text
from stagecraft.drawing.nest_sheet import nest_sheets
from stagecraft.drawing.overlaps import overlaps
from tests.schedules.test_cut_list import workshop

ONLY = ["flat", "plinth", "fascia"]


@pytest.fixture(scope="module")
def scene():
    return workshop(only=ONLY)


@pytest.fixture(scope="module")
def drafts(scene):
    return list(nest_sheets(Job(scene)))


def words(draft) -> list[str]:
    drawing = draft.views[0].make(10)
    blocks = draft.blocks([drawing])
    return [mark.text for block in blocks for mark in block.marks if isinstance(mark, Text)]


def test_every_part_on_every_sheet_is_drawn_and_named(scene, drafts):
    found = nest(to_make(scene), scene.stock)
    by_number = {f"nest-{sheet.number}": sheet for sheet in found.sheets}
    for draft in drafts:
        if draft.key not in by_number:
            continue
        sheet, drawing = by_number[draft.key], draft.views[0].make(10)
        rims = [
            m
            for m in drawing.marks
            if isinstance(m, (Line, Circle)) and (m.style.system, m.style.role) == ("set", "line")
        ]
        assert len(rims) == sum(len(one.loops) for one in sheet.laid)
        shown = [mark.text for mark in drawing.marks if isinstance(mark, Text)]
        named = [one.piece.mark for one in sheet.laid if one.piece.mark in shown]
        assert named or any("see" in note for note in drawing.notes)


def test_a_sheet_says_its_file_its_yield_and_that_no_offset_is_in_it(scene, drafts):
    first = nest(to_make(scene), scene.stock).sheets[0]
    assert drafts[0].number == "551"
    said = words(drafts[0])
    assert any(f"{first.name}.dxf" in text for text in said)
    assert f"{100 * first.share:.1f} % of the sheet" in said
    assert any("no offset" in note for note in drafts[0].notes)


def test_the_lists_of_all_sheets_together_are_the_cut_list(scene, drafts):
    found = nest(to_make(scene), scene.stock)
    counted: dict[str, int] = {}
    for draft in drafts:
        said = words(draft)
        alike = sum(draft.key == f"nest-{sheet.number}" for sheet in found.sheets)
        if not alike:
            continue
        number = draft.title.split(":")[0].removeprefix("Nested sheets ").removesuffix(", alike")
        first, _, last = number.partition(" to ")
        times = int(last) - int(first) + 1 if last else 1
        for mark in {one.piece.mark for one in next(s for s in found.sheets if draft.key == f"nest-{s.number}").laid}:
            here = said[said.index(mark) + 3]
            counted[mark] = counted.get(mark, 0) + times * int(here.split(" of ")[0])
    wanted = {piece.mark: piece.quantity for piece in to_make(scene) if piece.kind == "sheet"}
    lacking = {piece.mark for piece, _ in found.left}
    assert counted == {mark: many for mark, many in wanted.items() if mark not in lacking}


def test_the_sheet_is_measured_as_it_is_bought(scene, drafts):
    sizes = {round(abs(m.end[0] - m.start[0]) + abs(m.end[1] - m.start[1])) for m in drafts[0].views[0].make(10).marks
             if isinstance(m, Dimension)}  # fmt: skip
    assert sizes == {round(1000 * side) for side in nest(to_make(scene), scene.stock).sheets[0].stock.size}


def test_bars_have_a_saw_list(drafts):
    assert drafts[-1].key == "nest-bars"
    assert "SAW LIST" in words(drafts[-1])


def test_no_label_lies_on_anything(scene, drafts):
    composer = Composer(scene)
    for draft in (drafts[0], drafts[len(drafts) // 2], drafts[-1]):
        assert overlaps(composer.sheet(draft)) == []


def test_without_stock_or_pieces_there_is_no_sheet():
    assert list(nest_sheets(Job(workshop(stock=(), only=["flat"])))) == []
    assert list(nest_sheets(Job(workshop(only=[])))) == []
