"""The sheet of sightlines: the heat map of what fixed things leave each seat, and the section with its sightlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stagecraft.analysis.seen import MATTERS
from stagecraft.analysis.views import Views
from stagecraft.drawing._paper import (
    COLUMN,
    FILING,
    GAP,
    LEAST_TITLE,
    MARGIN,
    SIZES,
    STRIP,
    USUAL,
    Block,
    Box,
    frame_marks,
    on_paper,
    shifted,
)
from stagecraft.drawing._texts import corner_block, notes_block, title_symbol
from stagecraft.drawing.heatmap import heat_map
from stagecraft.drawing.marks import Drawing, Mark, Point, Sheet
from stagecraft.drawing.section import section
from stagecraft.drawing.sheet import placed_view
from stagecraft.scene import Scene

KIND = "Sightline drawing"
PAPERS = ("A3", "A2", "A1", "A0")
COARSER = 1.25
"""A map may be this much coarser than one alone, where that takes a smaller paper: its letters are still read."""


def sightline_sheet(
    scene: Scene, views: Views, bands: Mapping[str, float], number: str = "102", of: tuple[int, int] = (1, 1)
) -> Sheet | None:
    """Heat map of the shares seen past fixed things, and the section with sightlines, at one scale, the finest on the smallest paper.

    bands : least share of each band of view by its name, as the rules have it

    None where there are no seats or nothing to be seen is named, and where no paper is large enough.
    """
    if not len(scene.seats) or not any(view.role in MATTERS for view in views.targets.values()):
        return None
    first = heat_map(scene, views, bands=bands, what="share").scale
    found: Sheet | None = None
    papers: Sequence[str] = PAPERS
    for scale in reversed([float(scale) for scale in USUAL if first / 2 <= scale <= COARSER * first]):
        drawn = (
            heat_map(scene, views, scale=scale, bands=bands, what="share"),
            section(scene, scale=scale, views=views, full=True),
        )
        made = _composed(scene, drawn, number, of, papers)
        if made is None:
            break
        found, papers = made, (next(name for name in PAPERS if SIZES[name] == made.size),)
    return found


def _composed(
    scene: Scene, drawn: tuple[Drawing, Drawing], number: str, of: tuple[int, int], papers: Sequence[str]
) -> Sheet | None:
    """Both views, the notes and the title block on the first of the papers that holds them."""
    notes = notes_block(scene, drawn)
    sizes = [
        (max(wide, LEAST_TITLE) + 2, tall + STRIP + 4) for wide, tall in (on_paper(one, one.scale) for one in drawn)
    ]
    for paper in papers:
        corner = corner_block(scene, drawn, paper, number, of, KIND)
        size = SIZES[paper]
        inside = FILING + GAP, MARGIN + GAP, size[0] - MARGIN, size[1] - MARGIN - GAP
        laid = _beside(sizes, notes, corner, inside) or _beneath(sizes, notes, corner, inside)
        if laid is None:
            continue
        boxes, at = laid
        marks: list[Mark] = [*frame_marks(size, paper)]
        views = []
        for index, (one, box) in enumerate(zip(drawn, boxes), 1):
            view, more = placed_view(one, one.scale, box, str(index), paper)
            views.append(view)
            marks += more
        low = size[0] - MARGIN - COLUMN, MARGIN + corner.height
        for block, place in ((notes, at), (corner, low)):
            marks += [shifted(mark, place) for mark in block.marks]
        symbol = title_symbol(scene, drawn, paper, number, of, KIND)[0]
        title = ", ".join(part for part in (scene.about.name, scene.about.setup, "sightlines") if part)
        return Sheet(number, title, size, tuple(views), tuple(marks), {symbol.name: symbol})
    return None


def _beside(
    sizes: Sequence[tuple[float, float]], notes: Block, corner: Block, inside: Box
) -> tuple[tuple[Box, Box], Point] | None:
    """The map at the left, the section at the right of it; beneath that the notes and the title block."""
    left, low, right, high = inside
    (wide, tall), (long, flat) = sizes
    room = right - left - wide - GAP
    abreast = room >= 2 * COLUMN + GAP
    under = max(notes.height, corner.height) if abreast else notes.height + GAP + corner.height
    if max(long, COLUMN) > room or tall > high - low or flat + GAP + under > high - low:
        return None
    split, floor = left + wide + GAP, high - flat
    at = (split, floor - GAP) if abreast else (right - COLUMN, floor - GAP)
    return ((left, low, left + wide, high), (split, floor, right, high)), at


def _beneath(
    sizes: Sequence[tuple[float, float]], notes: Block, corner: Block, inside: Box
) -> tuple[tuple[Box, Box], Point] | None:
    """The section above, the map beneath it; at the right of that the notes and the title block."""
    left, low, right, high = inside
    (wide, tall), (long, flat) = sizes
    floor = high - flat - GAP
    if max(long, wide + GAP + COLUMN) > right - left or max(tall, notes.height + GAP + corner.height) > floor - low:
        return None
    split = right - COLUMN - GAP
    return ((left, low, split, floor), (left, high - flat, right, high)), (right - COLUMN, floor)
