"""Where views and texts stand on a sheet: every customary arrangement is tried, the fullest one is taken."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stagecraft.analysis.views import Views
from stagecraft.drawing._paper import (
    FILING,
    GAP,
    LEAST_TITLE,
    MARGIN,
    SIZES,
    STRIP,
    Block,
    Box,
    scaled,
)
from stagecraft.drawing._texts import corner_block, text_blocks
from stagecraft.drawing.marks import (
    Drawing,
    Point,
    Text,
)
from stagecraft.errors import VenueError
from stagecraft.scene import Scene

LOOKED_AT = 30
"""Arrangements whose largest hole is measured."""
SMALL = 0.75
"""Notes in smaller lettering, 1.8 mm tall, where the paper is small."""
PRICES = {"A4": 0.1, "A3": 0.04, "A2": 0.0, "A1": 0.0, "A0": 0.3}
"""What speaks against a paper, in parts of its area: small ones crowd, the largest is awkward on site."""


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
    corner = corner_block(scene, views, "A1", "101", (1, 1))
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


def _amounts(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """All text blocks; all in smaller lettering; then one less each time, the notes last of all."""
    small = tuple(_smaller(block, SMALL) for block in blocks)
    return [tuple(blocks), *(small[:count] for count in range(len(small), 0, -1))]


def _smaller(block: Block, k: float) -> Block:
    marks = tuple(
        replace(mark, height=mark.height * k) if isinstance(mark, Text) else mark
        for mark in (scaled(mark, k, (0.0, 0.0)) for mark in block.marks)
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
            tight = [_within(box, size) for box, size in zip(placed, boxes)]
            taken = list(placed)
            if not _meet((placed[0][0], 0, placed[0][2], 1), (placed[2][0], 0, placed[2][2], 1)):
                taken[0] = (*tight[0][:3], placed[0][3])  # texts may stand under the plan
            spots = _spots(texts, [*taken, (*title[:3], title[3] + GAP / 2)], area)
            if spots is None:
                continue
            filled = sum(w * h for w, h in (*boxes, (corner.width, corner.height)))
            filled += sum(block.width * block.height for block in texts)
            score = filled / space - price - PRICES[paper] + CUSTOMARY.get(arrange, 0.0)
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
            and not any(_meet((box[0], box[1] - GAP / 2, box[2], box[3] + GAP / 2), b) for b in boxes)
        )  # fmt: skip
        spot = next(free, None)
        if spot is None:
            return None
        out.append((spot[0], spot[1]))
        boxes.append(spot[2])
    return tuple(out)


def on_one_centre_line(views: Sequence[Drawing], places: Sequence[Box]) -> list[Box]:
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
