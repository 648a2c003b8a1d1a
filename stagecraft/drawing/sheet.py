"""Sheets: views put on ISO paper with frame, title block, notes and counts. All in millimetres of the paper."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, assert_never

import numpy as np

from stagecraft.analysis.views import Views
from stagecraft.assets import folder
from stagecraft.drawing import lettering
from stagecraft.drawing.layers import Layer, layer_for
from stagecraft.drawing.lettering import LEAST
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Drawing,
    Fill,
    Insert,
    Leader,
    Line,
    Mark,
    Placed,
    Point,
    Sheet,
    Style,
    Symbol,
    Text,
)  # fmt: skip
from stagecraft.errors import VenueError
from stagecraft.scene import Pick, Revision, Scene
from stagecraft.units import length, small

SIZES: dict[str, tuple[float, float]] = {
    "A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0), "A1": (841.0, 594.0), "A0": (1189.0, 841.0),
}  # fmt: skip
"""ISO 216, lying. [mm]"""
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""ISO 5455: 1:n."""
FILING, MARGIN = 20.0, 10.0
"""ISO 5457: left margin, and the other three."""
GAP = 8.0
"""Between what stands on a sheet."""
COLUMN = 180.0
"""Width of the title block and of the texts above it."""
STRIP = 16.0
"""Height of a view's title with its scale bar."""
LOOKED_AT = 30
"""Arrangements whose largest hole is measured."""
LEAST_TITLE = 90.0
"""Width that a view's title takes at least."""
SMALL = 0.75
"""Notes in smaller lettering, 1.8 mm tall, where the paper is small."""
PRICES = {"A4": 0.1, "A3": 0.04, "A2": 0.0, "A1": 0.0, "A0": 0.3}
"""What speaks against a paper, in parts of its area: small ones crowd, the largest is awkward on site."""
FRAME, TITLE, NOTE = Style("frame"), Style("title"), Style("note")
NONE = "—"

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Block:
    """Something to put on a sheet: marks about its own upper left corner, y upwards (so never above 0)."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def sheet_of(drawing: Drawing) -> Sheet:
    """One view alone on the smallest ISO paper that it fits at its scale, standing or lying."""
    papers = sorted((w * h, (w, h), name) for name, (a, b) in SIZES.items() for w, h in ((a, b), (b, a)))
    for scale in [drawing.scale, *(s for s in SCALES if s > drawing.scale)]:
        wide, tall = on_paper(drawing, scale)
        for _, (w, h), name in papers:
            low, high = (FILING, MARGIN), (w - MARGIN, h - MARGIN)
            if wide + 2 * GAP <= high[0] - low[0] and tall + STRIP + 3 * GAP <= high[1] - low[1]:
                view, marks = _view(drawing, scale, (*low, *high), "", name)
                return Sheet("", drawing.title or drawing.name, (w, h), (view,), (*_frame((w, h), name), *marks))
    raise VenueError(f"'{drawing.title or drawing.name}' is too large for any sheet at 1:{SCALES[-1]}")


def general_arrangement(
    scene: Scene,
    plan: Drawing,
    section: Drawing,
    elevation: Drawing,
    size: str = "auto",
    number: str = "101",
    of: tuple[int, int] = (1, 1),
    seen: Views | None = None,
) -> Sheet:
    """Plan, section and front elevation with all that a maker must know, on one sheet.

    size : "A4" … "A0", or "auto" for the one that these views fill best
    seen : what the seats see, for the table of sightlines
    of : number of this sheet and how many there are
    """
    views = (plan, section, elevation)
    ranked = arrangements(scene, views, [tuple(on_paper(view, view.scale) for view in views)], size, seen=seen)
    if not ranked:
        paper = "A0" if size == "auto" else size
        raise VenueError(f"the three views do not fit on {paper}: choose a larger paper or a smaller scale")
    return _composed(scene, views, ranked[0], number, of)


@dataclass(frozen=True)
class Layout:
    """Where the views, the corner (title block and what is above it) and the text blocks stand."""

    paper: str
    choice: int
    """Which of the sizes offered."""
    views: tuple[Box, ...]
    corner: Box
    texts: tuple[Point, ...]
    """Upper left corner of each text block."""
    score: float
    """Share of the sheet that is filled, less what speaks against it."""
    text: tuple[Block, ...]
    """The text blocks that stand there."""
    boxes: tuple[Box, ...]
    """All that stands on the sheet, as tight as it is."""

    @cached_property
    def hole(self) -> float:
        """Largest empty rectangle, as a share of the sheet."""
        wide, tall = SIZES[self.paper]
        return _largest_hole(self.boxes, (FILING, MARGIN, wide - MARGIN, tall - MARGIN)) / (wide * tall)


def arrangements(
    scene: Scene,
    views: Sequence[Drawing],
    sizes: Sequence[Sequence[tuple[float, float]]],
    size: str = "auto",
    prices: Sequence[float] = (),
    seen: Views | None = None,
) -> list[Layout]:
    """Every way to put the views on a sheet, the one that fills it best first.

    sizes : widths and heights that the views may take on paper, several choices [mm]
    prices : what speaks against each choice, in parts of the sheet's area
    """
    if size != "auto" and size not in SIZES:
        raise VenueError(f"'{size}' is no paper size: use {', '.join(SIZES)} or auto")
    papers = [size] if size != "auto" else ["A3", "A2", "A1", "A0"]
    corner = _corner_block(scene, views, "A1", "101", (1, 1))
    amounts = _amounts(text_blocks(scene, views, seen))
    found = [
        replace(layout, text=text, score=layout.score - 0.05 * amount)
        for paper in papers
        for choice, chosen in enumerate(sizes)
        for amount, text in enumerate(amounts)
        for layout in _layouts(paper, choice, chosen, prices[choice] if prices else 0.0, corner, text)
    ]
    best = sorted(found, key=lambda layout: -layout.score)[:LOOKED_AT]
    return sorted(best, key=lambda layout: layout.hole / 2 - layout.score)


def _composed(scene: Scene, views: Sequence[Drawing], layout: Layout, number: str, of: tuple[int, int]) -> Sheet:
    name = layout.paper
    size = SIZES[name]
    marks: list[Mark] = [*_frame(size, name)]
    placed = []
    for index, (drawing, box) in enumerate(zip(views, _on_one_centre_line(views, layout.views)), 1):
        view, more = _view(drawing, drawing.scale, box, str(index), name)
        placed.append(view)
        marks += more
    corner = _corner_block(scene, views, name, number, of)
    symbol = _title_symbol(scene, views, name, number, of)[0]
    for block, at in zip((corner, *layout.text), ((layout.corner[0], layout.corner[3]), *layout.texts)):
        marks += [_shifted(mark, at) for mark in block.marks]
    return Sheet(number, _title(scene), size, tuple(placed), tuple(marks), {symbol.name: symbol})


# Arrangement


def _amounts(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """All text blocks; all in smaller lettering; then one less each time, the notes last of all."""
    small = tuple(_smaller(block, SMALL) for block in blocks)
    return [tuple(blocks), *(small[:count] for count in range(len(small), 0, -1))]


def _smaller(block: Block, k: float) -> Block:
    marks = tuple(
        replace(mark, height=mark.height * k) if isinstance(mark, Text) else mark
        for mark in (_scaled(mark, k, (0.0, 0.0)) for mark in block.marks)
    )
    return Block(block.width * k, block.height * k, marks)


def _layouts(
    paper: str, choice: int, sizes: Sequence[tuple[float, float]], price: float, corner: Block, texts: Sequence[Block]
) -> Iterator[Layout]:
    """Every arrangement of views of these sizes that fits the paper."""
    wide, tall = SIZES[paper]
    area = (FILING + GAP, MARGIN + GAP, wide - MARGIN, tall - MARGIN - GAP)
    title = (area[2] - corner.width, MARGIN, area[2], MARGIN + corner.height)
    boxes = [(max(w, LEAST_TITLE) + 2, h + STRIP + 4) for w, h in sizes]
    space = (area[2] - area[0]) * (area[3] - area[1])
    for arrange in ARRANGEMENTS:
        for right in (title[0] - GAP, area[2] - GAP):
            placed = arrange((area[0], area[1], right, area[3]), boxes, title)
            if placed is None or not _clear([*placed, title], area):
                continue
            spots = _spots(texts, [*placed, (*title[:3], title[3] + GAP / 2)], area)
            if spots is None:
                continue
            filled = sum(w * h for w, h in (*boxes, (corner.width, corner.height)))
            filled += sum(block.width * block.height for block in texts)
            score = filled / space - price - PRICES[paper] + CUSTOMARY.get(arrange, 0.0)
            tight = [_within(box, size) for box, size in zip(placed, boxes)]
            blocks = [(x, y - block.height, x + block.width, y) for (x, y), block in zip(spots, texts)]
            yield Layout(paper, choice, tuple(placed), title, spots, score, tuple(texts), (*tight, *blocks, title))


def _within(box: Box, size: tuple[float, float]) -> Box:
    """What a view of this size covers in the middle of its place."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2


def _largest_hole(boxes: Sequence[Box], area: Box, step: float = 12.0) -> float:
    """Area of the largest empty rectangle, on a grid. [mm²]"""
    columns, rows = int((area[2] - area[0]) / step), int((area[3] - area[1]) / step)
    free = np.ones((rows, columns), bool)
    for x0, y0, x1, y1 in boxes:
        left, low = max(int((x0 - area[0]) / step), 0), max(int((y0 - area[1]) / step), 0)
        free[low : math.ceil((y1 - area[1]) / step), left : math.ceil((x1 - area[0]) / step)] = False
    best, heights = 0, np.zeros(columns, int)
    for row in free:
        heights = np.where(row, heights + 1, 0)
        open_runs: list[tuple[int, int]] = []  # (start, height), heights rising
        for k, height in enumerate([*heights.tolist(), 0]):
            start = k
            while open_runs and open_runs[-1][1] > height:
                start, tall = open_runs.pop()
                best = max(best, tall * (k - start))
            if not open_runs or open_runs[-1][1] < height:
                open_runs.append((start, height))
    return best * step * step


Arranged = list[Box] | None


def _beside_stack(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan at left, section over elevation at right."""
    (pw, ph), (sw, sh), (ew, eh) = sizes
    x0, y0, x1, y1 = area
    wide = max(sw, ew)
    slack = x1 - x0 - pw - wide - GAP
    if slack < 0 or ph > y1 - y0:
        return None
    split = x0 + pw + slack / 2
    floor = title[3] + GAP if x1 > title[0] else y0
    free = y1 - floor - sh - eh - GAP
    if free < 0:
        return None
    middle = y1 - sh - free / 2 - GAP / 2
    return [(x0, y0, split, y1), (split + GAP, middle, x1, y1), (split + GAP, floor, x1, middle - GAP)]


def _beside_close_stack(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan at left, section close over elevation at the upper right; texts go below."""
    placed = _beside_stack(area, sizes, title)
    if placed is None:
        return None
    plan, upper, lower = placed
    (_, sh), (_, eh) = sizes[1:]
    low = area[3] - sh - GAP
    return [plan, (upper[0], low, upper[2], area[3]), (lower[0], low - 2 * GAP - eh, lower[2], low - GAP)]


def _under_section(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Section along the top, plan below at left, elevation beside it."""
    (pw, ph), (sw, sh), (ew, eh) = sizes
    x0, y0, x1, y1 = area
    slack = y1 - y0 - sh - ph - GAP
    if slack < 0 or sw > x1 - x0 or pw + ew + GAP > x1 - x0:
        return None
    level = y1 - sh - slack / 2
    split = x0 + pw + (x1 - x0 - pw - ew - GAP) / 2
    floor = title[3] + GAP if x1 > title[0] else y0
    low = max(floor, level - GAP - eh - 30)
    return [(x0, y0, split, level - GAP), (x0, level, min(x1, x0 + sw + 30), y1), (split + GAP, low, x1, level - GAP)]


def _over_elevation(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan over elevation at left, on one centre line; section at right."""
    (pw, ph), (sw, sh), (ew, eh) = sizes
    x0, y0, x1, y1 = area
    wide = max(pw, ew)
    slack, free = x1 - x0 - wide - sw - GAP, y1 - y0 - ph - eh - GAP
    if slack < 0 or free < 0:
        return None
    split, level = x0 + wide + slack / 2, y0 + eh + free / 2
    floor = title[3] + GAP if x1 > title[0] else y0
    return [(x0, level + GAP, split, y1), (split + GAP, max(floor, y1 - sh - 30), x1, y1), (x0, y0, split, level)]


def _three_across(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan, section and elevation side by side."""
    x0, y0, x1, y1 = area
    slack = (x1 - x0 - sum(w for w, _ in sizes) - 2 * GAP) / 3
    if slack < 0:
        return None
    out, left = [], x0
    for w, _ in sizes:
        out.append((left, title[3] + GAP if left + w + slack > title[0] else y0, left + w + slack, y1))
        left += w + slack + GAP
    return out if all(b[3] - b[1] >= h for b, (_, h) in zip(out, sizes)) else None


def _over_section(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan at the upper left, section below it, elevation at right."""
    (pw, ph), (sw, sh), (ew, eh) = sizes
    placed = _over_elevation(area, [(pw, ph), (ew, eh), (sw, sh)], title)
    return placed and [placed[0], placed[2], placed[1]]


def _one_over_another(area: Box, sizes: Sequence[tuple[float, float]], title: Box) -> Arranged:
    """Plan, elevation and section one below the other, for a wide room."""
    x0, y0, x1, y1 = area
    (_, ph), (_, sh), (_, eh) = sizes
    slack = (y1 - y0 - ph - sh - eh - 2 * GAP) / 3
    if slack < 0 or max(w for w, _ in sizes) > x1 - x0:
        return None
    first, second = y1 - ph - slack, y1 - ph - eh - GAP - 2 * slack
    right = title[0] - GAP if second - GAP - sh - slack < title[3] else x1
    return [(x0, first, x1, y1), (x0, y0, right, second - GAP), (x0, second, x1, first - GAP)]


ARRANGEMENTS = (
    _beside_stack, _beside_close_stack, _under_section, _over_elevation, _three_across, _over_section, _one_over_another,
)  # fmt: skip


CUSTOMARY: dict[object, float] = {_beside_stack: 0.06, _beside_close_stack: 0.06}
"""What speaks for an arrangement that readers know: plan at left, section over elevation at right."""


def _clear(boxes: Sequence[Box], area: Box) -> bool:
    """All stand inside the area, none over another."""
    inside = all(b[0] >= area[0] - 1e-6 and b[3] <= area[3] + 1e-6 and b[2] <= area[2] + 1e-6 for b in boxes)
    return inside and not any(_meet(a, b) for a, b in itertools.combinations(boxes, 2))


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6 and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6


def _spots(texts: Sequence[Block], taken: Sequence[Box], area: Box) -> tuple[Point, ...] | None:
    """Upper left corner of each text: as far to the right, then as high as there is room."""
    boxes, out = list(taken), []
    for block in texts:
        w, h = block.width, block.height
        lefts = {area[2] - w, *(b[0] - GAP - w for b in boxes), *(b[2] + GAP for b in boxes), area[0]}
        tops = {area[3], *(b[1] - GAP for b in boxes)}
        spots = ((x, y, (x, y - h, x + w, y)) for x in sorted(lefts, reverse=True) for y in sorted(tops, reverse=True))
        free = (
            (x, y, box) for x, y, box in spots
            if box[0] >= area[0] and box[1] >= area[1] and box[2] <= area[2] + 1e-6
            and not any(_meet(box, b) for b in boxes)
        )  # fmt: skip
        spot = next(free, None)
        if spot is None:
            return None
        out.append((spot[0], spot[1]))
        boxes.append(spot[2])
    return tuple(out)


def on_paper(drawing: Drawing, scale: float) -> tuple[float, float]:
    """Width and height on paper at another scale than the drawing's own."""
    (x0, y0), (x1, y1) = drawing.extent
    return (x1 - x0) / scale, (y1 - y0) / scale


def _on_one_centre_line(views: Sequence[Drawing], places: Sequence[Box]) -> list[Box]:
    """Plan and elevation that stand one over the other at one scale are moved until their x = 0 lie in one line."""
    (plan, _, elevation), (upper, beside, lower) = views, places
    if plan.scale != elevation.scale or not _meet((upper[0], 0, upper[2], 1), (lower[0], 0, lower[2], 1)):
        return list(places)
    lines, slack = [], []
    for view, box in ((plan, upper), (elevation, lower)):
        (x0, _), (x1, _) = view.extent
        lines.append((box[0] + box[2]) / 2 - (x0 + x1) / 2 / view.scale)
        slack.append(max((box[2] - box[0] - max((x1 - x0) / view.scale, LEAST_TITLE)) / 2 - 1, 0.0))
    way = lines[0] - lines[1]
    if sum(slack) < abs(way):
        return list(places)
    second = min(abs(way), slack[1]) * (1 if way > 0 else -1)
    return [_moved(upper, second - way), beside, _moved(lower, second)]


def _moved(box: Box, by: float) -> Box:
    return box[0] + by, box[1], box[2] + by, box[3]


# A view and its title


def _view(drawing: Drawing, scale: float, box: Box, number: str, paper: str) -> tuple[Placed, list[Mark]]:
    """A view in the middle of its place, its title and scale bar right below."""
    (ex0, ey0), (ex1, _) = drawing.extent
    wide, tall = on_paper(drawing, scale)
    middle = (box[0] + box[2]) / 2
    low = box[1] + STRIP + max((box[3] - box[1] - tall - STRIP) / 2, 0.0)
    window = ((middle - wide / 2 - 1, low - 1), (middle + wide / 2 + 1, low + tall + 1))
    placed = Placed(drawing, ((window[0][0] + window[1][0]) / 2, low), ((ex0 + ex1) / 2, ey0), scale, window)
    left = middle - max(wide, LEAST_TITLE - 2) / 2
    return placed, _view_title(drawing, scale, number, paper, (left, low - 3), max(wide, LEAST_TITLE - 2))


def _view_title(drawing: Drawing, scale: float, number: str, paper: str, at: Point, room: float) -> list[Mark]:
    """Number in a circle, name, scale, and a bar at the right where it has room."""
    x, y = at
    room = min(room, 170.0)
    out: list[Mark] = []
    if number:
        out += [Circle(TITLE, (x + 5, y - 6), 5.0), Text(TITLE, (x + 5, y - 6), number, 5.0, 0.0, "centre", "middle")]
        x, room = x + 13, room - 13
    bar, length = _scale_bar(scale, drawing.units)
    lines, height = lettering.fit(drawing.title or drawing.name, (max(room, 40.0), 5.0), 5.0)
    out.append(Text(TITLE, (x, y - 5), "\n".join(lines), height))
    out.append(Line(TITLE, ((x, y - 6.6), (x + room, y - 6.6))))
    words = f"1:{scale:g} @ {paper}"
    out.append(Text(NOTE, (x, y - 11.2), words, 3.5))
    if room - lettering.width(words, 3.5) > length + 16:
        out += [_shifted(mark, (x + room - length - 4, y - 9.6)) for mark in bar]
    return out


def _scale_bar(scale: float, units: str) -> tuple[list[Mark], float]:
    """Alternating black and white fields with round lengths; its length. Upper left corner at 0, 0."""
    unit = 304.8 if units == "ft" else 1000.0
    step = next(s for s in _round_steps() if s * unit / scale >= 8)
    field = step * unit / scale
    count = max(2, min(5, int(60 / field)))
    out: list[Mark] = []
    for k in range(count):
        ring = ((k * field, -1.6), ((k + 1) * field, -1.6), ((k + 1) * field, 0.0), (k * field, 0.0))
        out.append(Line(TITLE, ring, closed=True))
        if k % 2 == 0:
            out.append(Fill(TITLE, (ring,), "solid"))
    for k in range(count + 1):
        number = f"{k * step:g}"
        words = number if k < count else f"{number} {units}"
        left = k * field - lettering.width(number, LEAST) / 2
        out.append(Text(NOTE, (left, -2.3), words, LEAST, valign="top"))
    return out, count * field + 6


def _round_steps() -> Iterator[float]:
    return (m * 10.0**e for e in range(-3, 6) for m in (1, 2, 5))


# Frame


def _frame(size: tuple[float, float], name: str) -> list[Mark]:
    """ISO 5457: frame, grid references in 50 mm fields from the middle, centring marks, size of the paper."""
    w, h = size
    x0, y0, x1, y1 = FILING, MARGIN, w - MARGIN, h - MARGIN
    out: list[Mark] = [Line(FRAME, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), closed=True)]
    e = 5.0
    out.append(Line(TITLE, ((x0 - e, y0 - e), (x1 + e, y0 - e), (x1 + e, y1 + e), (x0 - e, y1 + e)), closed=True))
    cx, cy = w / 2, h / 2
    for middle, low, high, across in ((cx, x0, x1, True), (cy, y0, y1, False)):
        half = math.ceil(max(high - middle, middle - low) / 50 - 1e-6)
        marks = [middle + 50 * k for k in range(-half + 1, half) if low + 10 < middle + 50 * k < high - 10 and k]
        edges = [low, *sorted([*marks, middle]), high]
        names = [str(k + 1) for k in range(len(edges))] if across else _letters(len(edges))
        for p in marks:
            ends = ((y0 - e, y0), (y1, y1 + e)) if across else ((x0 - e, x0), (x1, x1 + e))
            out += [Line(TITLE, ((p, a), (p, b)) if across else ((a, p), (b, p))) for a, b in ends]
        fields = list(itertools.pairwise(edges))
        for label, (a, b) in zip(names, fields if across else reversed(fields)):
            m = (a + b) / 2
            spots = ((m, y0 - e / 2), (m, y1 + e / 2)) if across else ((x0 - e / 2, m), (x1 + e / 2, m))
            out += [Text(TITLE, spot, label, 2.5, 0.0, "centre", "middle") for spot in spots]
    reach = e + 5
    out += [
        Line(FRAME, ((cx, y0 - e), (cx, y0 + 5))), Line(FRAME, ((cx, y1 - 5), (cx, y1 + e))),
        Line(FRAME, ((x0 - reach + 5, cy), (x0 + 5, cy))), Line(FRAME, ((x1 - 5, cy), (x1 + e, cy))),
    ]  # fmt: skip
    out.append(Text(TITLE, (x1 + e, y0 - e - 1), name, 2.5, 0.0, "right", "top"))
    return out


def _letters(count: int) -> list[str]:
    """A, B, C … without I and O."""
    plain = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in "IO"]
    return [*plain, *(a + b for a in plain for b in plain)][:count]


# Title block


def _title(scene: Scene) -> str:
    return ", ".join(part for part in (scene.about.name, scene.about.setup, "general arrangement") if part)


def _corner_block(scene: Scene, views: Sequence[Drawing], paper: str, number: str, of: tuple[int, int]) -> Block:
    """Title block, revisions above it, and the rigging warning on top."""
    _, insert = _title_symbol(scene, views, paper, number, of)
    tall = _title_data()["size"][1]
    revisions = _revision_table(scene.about.revisions)
    banner = _banner("NOT FOR RIGGING UNTIL APPROVED") if _has_rigging(scene) else Block(COLUMN, 0.0, ())
    height = tall + revisions.height + banner.height
    marks: list[Mark] = [_shifted(mark, (0.0, 0.0)) for mark in banner.marks]
    marks += [_shifted(mark, (0.0, -banner.height)) for mark in revisions.marks]
    marks.append(_shifted(insert, (0.0, -height)))
    return Block(COLUMN, height, tuple(marks))


def _has_rigging(scene: Scene) -> bool:
    return bool(scene.of(Pick)) or any(part.system == "truss" for part in scene.parts)


def _banner(text: str) -> Block:
    box = ((0.0, 0.0), (COLUMN, 0.0), (COLUMN, -10.0), (0.0, -10.0))
    words = Text(NOTE, (COLUMN / 2, -5.0), text, 5.0, 0.0, "centre", "middle")
    return Block(COLUMN, 10.0, (Line(FRAME, box, closed=True), words))


@lru_cache(maxsize=1)
def _title_data() -> dict[str, Any]:
    from ruamel.yaml import YAML

    data: dict[str, Any] = YAML(typ="safe").load(folder("drawing") / "title_block.yaml")
    return data


def _title_symbol(
    scene: Scene, views: Sequence[Drawing], paper: str, number: str, of: tuple[int, int]
) -> tuple[Symbol, Insert]:
    """The title block as a symbol whose attributes are the values, and its insert at 0, 0 (lower left corner).

    A value that takes several lines is several attributes: TITLE, TITLE_2 …
    """
    about, data = scene.about, _title_data()
    scales = list(dict.fromkeys(f"1:{view.scale:g}" for view in views))
    state = " ".join(part for part in (about.file.replace("\\", "/").rsplit("/", 1)[-1], about.hash) if part)
    cue = f", cue {about.cue}" if about.cue else ""
    values = {
        "CLIENT": about.client, "EVENT": "\n".join(part for part in (about.event, about.dates) if part),
        "CREATOR": about.author, "APPROVED": "", "STATUS": "", "DATE": about.date, "TITLE": f"{about.name}: {about.setup}" if about.setup else about.name,
        "SUBTITLE": _first_upper(", ".join(_first_lower(view.title or view.name) for view in views)) + cue,
        "TYPE": "General arrangement drawing", "REFERENCE": state, "NUMBER": number, "REV": about.rev,
        "SCALE": ", ".join(scales), "SIZE": paper, "SHEET": f"{of[0]} / {of[1]}",
    }  # fmt: skip
    w, h = (float(side) for side in data["size"])
    marks: list[Line] = [Line(FRAME, ((0.0, 0.0), (w, 0.0), (w, h), (0.0, h)), closed=True)]
    small = float(data["label_height"])
    slots: list[tuple[str, Point, float]] = []
    attributes: list[tuple[str, str]] = []
    for cell in data["cells"]:
        (x, y), (cw, ch) = cell["at"], cell["size"]
        marks += [Line(TITLE, ((x, y), (x, y + ch))), Line(TITLE, ((x, y), (x + cw, y)))]
        slots.append((f"LABEL_{cell['key']}", (x + 1.5, y + ch - 1.2 - small), small))
        attributes.append((f"LABEL_{cell['key']}", cell["label"]))
        room = (cw - 3.0, ch - small - 4.2)
        lines, tall = lettering.fit(values[cell["key"]] or NONE, room, float(cell["height"]))
        step = tall * lettering.LEADING
        base = y + 1.5 + (room[1] - tall - step * (len(lines) - 1)) / 2 + step * (len(lines) - 1)
        for k, line in enumerate(lines):
            key = cell["key"] if k == 0 else f"{cell['key']}_{k + 1}"
            slots.append((key, (x + 1.5, base - k * step), tall))
            attributes.append((key, line))
    symbol = Symbol(data["name"], tuple(marks), tuple(slots), "left")
    shown = tuple(key for key, _ in attributes)
    return symbol, Insert(TITLE, data["name"], (0.0, 0.0), 0.0, tuple(attributes), shown)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _revision_table(revisions: Sequence[Revision]) -> Block:
    """The last eight revisions, oldest first."""
    rows = [(r.rev, r.date, r.note, r.by) for r in revisions[-8:]] or [(NONE, NONE, "no revision yet", NONE)]
    return _table(None, ("Rev", "Date", "Description", "By"), rows, (16.0, 24.0, 120.0, 20.0))


# Texts beside the views


def text_blocks(scene: Scene, views: Sequence[Drawing], seen: Views | None = None) -> list[Block]:
    """Notes, counts, sightlines and legend; the most needed first."""
    blocks = [
        _notes(scene, views), _capacity(scene), _symbols(scene, views[0]), _sightlines(scene, seen), _legend(views),
    ]  # fmt: skip
    return [block for block in blocks if block.height]


MOST_NOTES = 24
"""More than these are counted, and stand in the report."""


def _notes(scene: Scene, views: Sequence[Drawing]) -> Block:
    datum = f" ({scene.about.datum})" if scene.about.datum else ""
    notes = [*dict.fromkeys(note for view in views for note in view.notes)]
    notes.append(
        f"Setting-out point (SOP): centre line × setting line on the audience floor: x 0, y 0, level 0{datum}."
    )
    if len(notes) > MOST_NOTES:
        left = len(notes) - MOST_NOTES + 1
        notes = [*notes[: MOST_NOTES - 1], f"{left} more stand-ins and omissions: see the report."]
    out: list[Mark] = [Text(NOTE, (0.0, -3.5), "NOTES", 3.5)]
    y = -7.5
    for number, note in enumerate(notes, 1):
        lines = lettering.wrap(note, COLUMN - 8, 2.5)
        out.append(Text(NOTE, (0.0, y), f"{number}", 2.5, valign="top"))
        out += [Text(NOTE, (6.0, y - 4.0 * k), line, 2.5, valign="top") for k, line in enumerate(lines)]
        y -= 4.0 * len(lines) + 1.0
    return Block(COLUMN, -y, tuple(out))


def _capacity(scene: Scene) -> Block:
    """Seats by block and status; sum at the foot."""
    seats = scene.seats
    if not len(seats):
        return Block(0.0, 0.0, ())
    counted = Counter(zip(seats.block.tolist(), seats.status.tolist()))
    special = Counter(zip(seats.block.tolist(), seats.place.tolist()))
    names = sorted({block for block, _ in counted})
    states, places = ("open", "hold", "kill"), ("wheelchair", "companion")

    def row(name: str, of: Sequence[str]) -> tuple[str, ...]:
        by_state = [sum(counted[b, s] for b in of) for s in states]
        figures = [*by_state, sum(by_state), *(sum(special[b, p] for b in of) for p in places)]
        return (name, *(str(figure) if figure else NONE for figure in figures))

    rows = [row(name or NONE, [name]) for name in names] if 1 < len(names) <= 12 else []
    rows.append(row("All seats", names))
    head = ("Block", "Open", "Hold", "Kill", "Total", "of these wheelchair", "companion")
    return _table("SEATS", head, rows, (54.0, 19.0, 19.0, 19.0, 19.0, 28.0, 22.0), numbers=True)


def _sightlines(scene: Scene, seen: Views | None) -> Block:
    """For each thing to be seen the seat with the least C-value, the farthest seat and the widest angle."""
    if seen is None or not len(seen.ids):
        return Block(0.0, 0.0, ())
    seats, units = scene.seats, scene.about.units
    rows = []
    for view in [view for view in seen.targets.values() if view.role in ("focus", "person", "screen")][:MOST_TARGETS]:
        told = np.where(np.isfinite(view.c), view.c, np.inf)
        worst = int(told.argmin())
        known = bool(np.isfinite(told[worst]))
        seat = f"{seats.block[worst]} {seats.row[worst]}{seats.seat[worst]}".strip()
        rows.append((
            view.target, small(float(told[worst]), units) if known else NONE, seat if known else NONE,
            length(float(view.distance.max()), units, 1), f"{float(view.angle.max()):.0f}°",
        ))  # fmt: skip
    if not rows:
        return Block(0.0, 0.0, ())
    head = ("To", "Least C-value", "Seat", "Farthest seat", "Widest angle")
    return _table("SIGHTLINES", head, rows, (64.0, 28.0, 36.0, 28.0, 24.0), numbers=True)


MOST_TARGETS = 8
"""More than these stand in the report."""


def _symbols(scene: Scene, plan: Drawing) -> Block:
    """Every symbol of the plan with what it is and how many there are."""
    counted = Counter(mark.symbol for mark in plan.marks if isinstance(mark, Insert))
    known = [(name, plan.symbols[name]) for name in counted]
    if not known:
        return Block(0.0, 0.0, ())
    shown = known if len(known) <= 24 else known[:23]
    rows = [("", _named(scene, name), str(counted[name])) for name, _ in shown]
    if len(shown) < len(known):
        rows.append(("", "other symbols", str(sum(counted[name] for name, _ in known[23:]))))
    table = _table("ON THE PLAN", ("Symbol", "Item", "Qty"), rows, (20.0, 140.0, 20.0), numbers=True)
    samples: list[Mark] = []
    for (_, symbol), top in zip(shown, _row_tops(rows, (20.0, 140.0, 20.0), titled=True)):
        samples += _sample(symbol, plan.scale, (10.0, top - ROW / 2), (17.0, ROW - 1.0))
    return replace(table, marks=(*table.marks, *samples))


def _named(scene: Scene, symbol: str) -> str:
    """What a symbol stands for, in the catalogue's words where it comes from there."""
    for code, item in scene.items.items():
        if symbol == code or symbol.endswith(f"-{code}"):
            name = item.model if item.maker.lower() == "generic" else item.label
            return name or code
    if symbol == "RIG-POINT":
        return "Rigging point"
    kind, _, rest = symbol.partition("-")
    words = (rest or kind).replace("-", " ").replace("_", " ").strip().lower()
    if kind == "SEAT":
        words += " place" if rest in ("WHEELCHAIR", "COMPANION", "STANDING") else ""
    return words[:1].upper() + words[1:]


def _sample(symbol: Symbol, scale: float, at: Point, room: tuple[float, float]) -> list[Mark]:
    """The symbol's lines as small as on the plan, smaller where they have no room."""
    points = [p for mark in symbol.marks for p in _corners(mark)]
    if not points:
        return []
    low = (min(p[0] for p in points), min(p[1] for p in points))
    high = (max(p[0] for p in points), max(p[1] for p in points))
    k = min(1 / scale, room[0] / max(high[0] - low[0], 1e-6), room[1] / max(high[1] - low[1], 1e-6))
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    move = (at[0] - middle[0] * k, at[1] - middle[1] * k)
    return [_scaled(mark, k, move) for mark in symbol.marks if not isinstance(mark, Fill)]


def _legend(views: Sequence[Drawing]) -> Block:
    """The line types that mean something, in two columns."""
    used: dict[str, tuple[Style, Layer]] = {}
    for style in dict.fromkeys(mark.style for view in views for mark in view.marks):
        layer = layer_for(style)
        told = layer.linetype != "Continuous" or style.role == "cut"
        if told and layer.plot and style.role not in ("id", "dims", "pattern"):
            used.setdefault(layer.name, (style, layer))
    if not used:
        return Block(0.0, 0.0, ())
    out: list[Mark] = [Text(NOTE, (0.0, -3.5), "LINES", 3.5)]
    rows = math.ceil(len(used) / 2)
    for k, (style, layer) in enumerate(used.values()):
        x, y = (k // rows) * COLUMN / 2, -9.0 - (k % rows) * 5.0
        out.append(Line(style, ((x, y), (x + 24.0, y))))
        words = layer.description[:1].upper() + layer.description[1:]
        lines, tall = lettering.fit(words, (COLUMN / 2 - 30.0, 4.5), 2.5)
        out.append(Text(NOTE, (x + 27.0, y), "\n".join(lines), tall, 0.0, "left", "middle"))
    return Block(COLUMN, 8.0 + rows * 5.0, tuple(out))


ROW = 6.0
"""Height of a table row of one line."""


def _table(
    title: str | None,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    numbers: bool = False,
) -> Block:
    """A ruled table; texts wrap in their cells; with `numbers` all but the words stand at the right."""
    top = -5.5 if title else 0.0
    out: list[Mark] = [Text(NOTE, (0.0, -3.5), title, 3.5)] if title else []
    wide = sum(widths)
    y = top
    for number, row in enumerate((head, *rows)):
        height = 2.5 if number else 2.0
        cells = [lettering.wrap(text, room - 3.0, height) for text, room in zip(row, widths)]
        tall = _row_height(cells)
        x = 0.0
        for column, (lines, room) in enumerate(zip(cells, widths)):
            right = numbers and column > 0 and (len(widths) > 3 or column == 2)
            place = x + room - 1.5 if right else x + 1.5
            for k, line in enumerate(lines):
                at = (place, y - (tall - 4.0 * (len(lines) - 1)) / 2 - 4.0 * k)
                out.append(Text(NOTE, at, line, height, 0.0, "right" if right else "left", "middle"))
            x += room
        out.append(Line(TITLE, ((0.0, y), (wide, y))))
        y -= tall
    out.append(Line(FRAME if title is None else TITLE, ((0.0, top), (wide, top), (wide, y), (0.0, y)), closed=True))
    x = 0.0
    for room in widths[:-1]:
        x += room
        out.append(Line(TITLE, ((x, top), (x, y))))
    return Block(wide, -y, tuple(out))


def _row_height(cells: Sequence[Sequence[str]]) -> float:
    return ROW + 4.0 * (max(len(lines) for lines in cells) - 1)


def _row_tops(rows: Sequence[Sequence[str]], widths: Sequence[float], titled: bool) -> Iterator[float]:
    """Upper edge of each row that `_table` rules."""
    y = (-5.5 if titled else 0.0) - ROW
    for row in rows:
        yield y
        y -= _row_height([lettering.wrap(text, room - 3.0, 2.5) for text, room in zip(row, widths)])


# Moving marks


def _shifted(mark: Any, by: Point) -> Any:
    return _scaled(mark, 1.0, by)


def _scaled(mark: Any, k: float, by: Point) -> Any:
    """A mark made k times as large about the origin, then moved."""

    def to(p: Point) -> Point:
        return p[0] * k + by[0], p[1] * k + by[1]

    match mark:
        case Line() | Leader():
            return replace(mark, points=tuple(to(p) for p in mark.points))
        case Circle() | Arc():
            return replace(mark, centre=to(mark.centre), radius=mark.radius * k)
        case Fill():
            return replace(mark, rings=tuple(tuple(to(p) for p in ring) for ring in mark.rings))
        case Text() | Insert():
            return replace(mark, at=to(mark.at))
        case Dimension():
            return replace(
                mark, start=to(mark.start), end=to(mark.end), line_at=to(mark.line_at), text_at=to(mark.text_at)
            )
        case _:
            assert_never(mark)


def _corners(mark: Line | Circle | Arc | Fill) -> Sequence[Point]:
    match mark:
        case Line():
            return mark.points
        case Circle() | Arc():
            (x, y), r = mark.centre, mark.radius
            return [(x - r, y - r), (x + r, y + r)]
        case Fill():
            return [p for ring in mark.rings for p in ring]
        case _:
            assert_never(mark)
