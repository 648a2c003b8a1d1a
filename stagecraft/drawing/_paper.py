"""What sheets are made of: ISO sizes and frame, blocks of marks, ruled tables. All in millimetres of the paper."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Drawing,
    Ellipse,
    Fill,
    Insert,
    Leader,
    Line,
    Mark,
    Point,
    Shape,
    Style,
    Text,
)

SIZES: dict[str, tuple[float, float]] = {
    "A4": (297.0, 210.0), "A3": (420.0, 297.0), "A2": (594.0, 420.0), "A1": (841.0, 594.0), "A0": (1189.0, 841.0),
}  # fmt: skip
"""ISO 216, lying. [mm]"""
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""ISO 5455: 1:n."""
COARSE = (10_000, 20_000, 50_000, 100_000)
"""For what is larger than any building: there is always a sheet."""
USUAL = (20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 600, 750, 1000, 1500, 2000, 2500, *COARSE)
"""Closer than those of ISO 5455, for pictures that are looked at and not measured. 1:n"""
FILING, MARGIN = 20.0, 10.0
"""ISO 5457: left margin, and the other three."""
GAP = 8.0
"""Between what stands on a sheet."""
COLUMN = 180.0
"""Width of the title block and of the texts above it."""
STRIP = 16.0
"""Height of a view's title with its scale bar."""
LEAST_TITLE = 90.0
"""Width that a view's title takes at least."""
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


def on_paper(drawing: Drawing, scale: float) -> tuple[float, float]:
    """Width and height on paper at another scale than the drawing's own."""
    (x0, y0), (x1, y1) = drawing.extent
    return (x1 - x0) / scale, (y1 - y0) / scale


def frame_marks(size: tuple[float, float], name: str) -> list[Mark]:
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


ROW = 6.0
"""Height of a table row of one line."""


def ruled(
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
        height = 2.5 if number else 2.4
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


def row_tops(rows: Sequence[Sequence[str]], widths: Sequence[float], titled: bool) -> Iterator[float]:
    """Upper edge of each row that `ruled` draws, below the table's own upper edge. [mm of the paper]"""
    y = (-5.5 if titled else 0.0) - ROW
    for row in rows:
        yield y
        y -= _row_height([lettering.wrap(text, room - 3.0, 2.5) for text, room in zip(row, widths)])


def shifted(mark: Any, by: Point) -> Any:
    return scaled(mark, 1.0, by)


def scaled(mark: Any, k: float, by: Point) -> Any:
    """A mark made k times as large about the origin, then moved."""

    def to(p: Point) -> Point:
        return p[0] * k + by[0], p[1] * k + by[1]

    match mark:
        case Line() | Leader():
            return replace(mark, points=tuple(to(p) for p in mark.points))
        case Circle() | Arc():
            return replace(mark, centre=to(mark.centre), radius=mark.radius * k)
        case Ellipse():
            return replace(mark, centre=to(mark.centre), major=(mark.major[0] * k, mark.major[1] * k))
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


def corners_of(mark: Shape) -> Sequence[Point]:
    match mark:
        case Line():
            return mark.points
        case Circle() | Arc():
            (x, y), r = mark.centre, mark.radius
            return [(x - r, y - r), (x + r, y + r)]
        case Ellipse():
            (x, y), r = mark.centre, math.hypot(*mark.major)
            return [(x - r, y - r), (x + r, y + r)]
        case Fill():
            return [p for ring in mark.rings for p in ring]
        case _:
            assert_never(mark)
