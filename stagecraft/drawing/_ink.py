"""Where the ink of finished marks lies: words as turned boxes, lines as strokes. All in millimetres of the paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from stagecraft.drawing import lettering
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Ellipse,
    Fill,
    Insert,
    Leader,
    Line,
    Mark,
    Point,
    Shape,
    Style,
    Symbol,
    Text,
)
from stagecraft.drawing.strokes import (
    TEXT,
    attribute_text,
    cos_sin,
    curve,
    flattened,
    oval,
    resolved,
    text_lines,
    turned,
)
from stagecraft.geometry.frame import Floats
from stagecraft.units import Units

Whole: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]

TOUCH = 0.05
"""What lies on something by less only touches it. [mm]"""
CHORD = 0.05
"""Curves are taken as chords no farther from them. [mm]"""
THIN = 0.18
"""Pens up to this width may run under words that have a white ground. [mm]"""
SMALL = 12.0
"""Nothing is written over a symbol smaller than this, with or without a ground. [mm]"""
LIGHT = 0.175
"""Relative luminance of a solid area on which black words stand out 4.5 : 1, and which is a ground to write on.
Source: WCAG 2.1, 1.4.3."""
BELOW = 0.31
"""How far letters reach below the line, as a multiple of the capital height."""
ABOVE = 0.3
"""How far accents reach above capitals."""
NEVER = ("centre", "setting", "datum", "dims")
"""Systems whose lines are never written over, however thin."""
WAYS = ("escape", "sight")
"""Systems whose lines are interrupted by words that have a white ground, however thick: they are dashed all along."""
GHOSTS = ("beyond", "hidden", "overhead", "pattern")
"""Roles whose lines may run under words that have a white ground."""


class Words(NamedTuple):
    """Lines of text, (n,) each."""

    text: list[str]
    box: Floats
    """(n, 6) middle, half length, half height, cosine and sine of the turn."""
    masked: Truths
    own: Whole
    """Index of the mark that they belong to."""


class Strokes(NamedTuple):
    """Straight pieces of lines, (n,) each."""

    ends: Floats
    """(n, 4) x, y of the first and the last point."""
    firm: Truths
    """Never written over; the others only by words with a white ground."""
    own: Whole
    kind: NDArray[np.str_]
    """What it is: `line`, `leader`, `dimension line`, `extension line`, `symbol`."""


@dataclass(frozen=True)
class Ink:
    words: Words
    strokes: Strokes
    stamps: Whole
    """Marks that are symbols."""
    reach: Floats
    """(n, 4) box that holds each of them."""
    areas: list[tuple[int, bool, Any]]
    """(mark, firm, polygon) of filled areas."""
    at: Callable[[Floats], Floats]
    """Millimetres of the marks → of the paper."""


def ink(marks: Sequence[Mark], symbols: Mapping[str, Symbol], units: Units, scale: float = 1.0,
        anchor: Point = (0.0, 0.0), at: Point = (0.0, 0.0), blocks: bool = False) -> Ink:  # fmt: skip
    """The ink of marks drawn at 1:`scale`, their point `anchor` at `at` of the paper.

    blocks : each line of a text is as long as its longest
    """

    def place(points: Any) -> Floats:
        return np.asarray((np.asarray(points, float).reshape(-1, 2) - anchor) / scale + at)

    lines: list[tuple[int, Text]] = []
    runs: list[tuple[Floats, bool, int, str]] = []
    stamps: list[int] = []
    boxes: list[Floats] = []
    areas: list[tuple[int, bool, Any]] = []
    half = {name: _half(symbol) for name, symbol in symbols.items()}
    for k, mark in enumerate(marks):
        match mark:
            case Text():
                lines.append((k, mark))
            case Dimension():
                shape = resolved(mark, scale, units)
                *extensions, line = shape.lines
                runs.append((np.array(line), True, k, "dimension line"))
                runs += [(np.array(run), True, k, "extension line") for run in (*extensions, *shape.ticks)]
                lines.append(
                    (k, Text(mark.style, mark.text_at, shape.text, TEXT, shape.turn, "centre", "middle", True))
                )
            case Leader():
                runs.append((np.array(mark.points), True, k, "leader"))
            case Insert():
                symbol = symbols[mark.symbol]
                stamps.append(k)
                low, high = half[mark.symbol]
                corners = [turned(mark.at, p, *cos_sin(mark.turn)) for p in
                           (low, (high[0], low[1]), high, (low[0], high[1]))]  # fmt: skip
                boxes.append(np.array([np.min(corners, axis=0), np.max(corners, axis=0)]))
                values = dict(mark.attributes)
                for name, slot, height in symbol.slots:
                    if name in mark.shown and values.get(name):
                        label = attribute_text(mark, symbol, values[name], slot, height)
                        lines.append((k, replace(label, height=height / scale)))
            case Fill():
                if (polygon := _polygon(mark, place)) is not None:
                    areas.append((k, *polygon))
            case Line() | Circle() | Arc() | Ellipse():
                if mark.style.system != "underlay" and layer_for(mark.style).plot:
                    runs += [(run, firm(mark.style), k, "line") for run in _runs(mark, scale)]
            case _:
                assert_never(mark)
    reach = np.concatenate([place(box).reshape(1, 4) for box in boxes]) if boxes else np.zeros((0, 4))
    return Ink(_words(lines, place, blocks), _strokes(runs, place), np.array(stamps, np.int64), reach, areas, place)


def firm(style: Style) -> bool:
    """Whether lines of a style are never written over."""
    if style.system in NEVER or style.role == "cut":
        return True
    return style.role not in GHOSTS and style.system not in WAYS and layer_for(style).lineweight > THIN


def _words(lines: Iterable[tuple[int, Text]], place: Callable[[Floats], Floats], blocks: bool) -> Words:
    text: list[str] = []
    rows: list[tuple[float, ...]] = []
    masked: list[bool] = []
    own: list[int] = []
    ends: list[Point] = []
    for k, mark in lines:
        c, s = cos_sin(mark.turn)
        for line, down in text_lines(mark):
            if not line.strip():
                continue
            below, above = _ink_of(line)
            wide = lettering.size(mark.text if blocks else line, mark.height)[0] / 2
            middle = {"left": wide, "centre": 0.0, "right": -wide}[mark.align]
            tall = mark.height * (below + above) / 2
            rows.append((*turned((0.0, 0.0), (middle, down - below * mark.height + tall), c, s), wide, tall, c, s))
            text.append(line)
            masked.append(mark.mask)
            own.append(k)
            ends.append(mark.at)
    box = np.array(rows).reshape(-1, 6)
    if len(box):
        box[:, :2] += place(np.array(ends))
    return Words(text, box, np.array(masked, bool), np.array(own, np.int64))


@lru_cache(maxsize=4096)
def _ink_of(line: str) -> tuple[float, float]:
    """How far the letters of a line reach below and above its base line, as multiples of the capital height."""
    odd = any(ord(c) > 0x24F for c in line)
    low = any(c in "gjpqyQ,;()[]{}_|@$/ç" for c in line)
    accented = any(unicodedata.decomposition(c)[:1] not in ("", "<") and c.isupper() for c in line)
    return (BELOW if low or odd else 0.0), 1.0 + (ABOVE if accented or odd else 0.0)


def _strokes(runs: Sequence[tuple[Floats, bool, int, str]], place: Callable[[Floats], Floats]) -> Strokes:
    pieces = [np.concatenate([run[:-1], run[1:]], axis=1) for run, *_ in runs if len(run) > 1]
    count = [max(len(run) - 1, 0) for run, *_ in runs]
    ends = np.concatenate([np.zeros((0, 4)), *pieces])
    ends = np.concatenate([place(ends[:, :2]), place(ends[:, 2:])], axis=1)
    which = np.repeat(np.arange(len(runs)), count)
    longer = np.abs(ends[:, :2] - ends[:, 2:]).max(axis=1, initial=0.0) > 1e-9
    sort = np.array([kind for *_, kind in runs], np.str_)
    return Strokes(ends[longer], np.array([f for _, f, *_ in runs], bool)[which][longer],
                   np.array([k for _, _, k, _ in runs], np.int64)[which][longer], sort[which][longer])  # fmt: skip


def _runs(mark: Line | Circle | Arc | Ellipse, scale: float) -> Iterator[Floats]:
    flat = CHORD * scale
    match mark:
        case Line():
            points = flattened(mark, flat)
            yield np.array([*points, points[0]] if mark.closed and points else points).reshape(-1, 2)
        case Circle():
            yield np.array(curve(mark.centre, mark.radius, 0.0, 360.0, flat))
        case Arc():
            yield np.array(curve(mark.centre, mark.radius, mark.start, mark.end, flat))
        case Ellipse():
            yield np.array(oval(mark, flat))


def symbol_strokes(symbol: Symbol, mark: Insert, scale: float, place: Callable[[Floats], Floats]) -> Strokes:
    """The lines of one symbol where it is set down."""
    lines = [part for part in symbol.marks if not isinstance(part, Fill)]
    c, s = cos_sin(mark.turn)
    carry = np.array([[c, s], [-s, c]])
    low, high = _half(symbol)
    field = len(symbol.marks) == 1 and not symbol.slots  # a mere outline, as of a place in an arena
    small = max(high[0] - low[0], high[1] - low[1]) < SMALL * scale and mark.style.role not in GHOSTS and not field
    hard = small or firm(mark.style)
    runs = [(run @ carry + mark.at, hard, 0, "symbol") for part in lines for run in _runs(part, scale)]
    return _strokes(runs, place)


def _half(symbol: Symbol) -> tuple[Point, Point]:
    """Box of a symbol about its origin. [mm of the venue]"""
    points = [np.asarray(p) for part in symbol.marks for p in _corners(part)]
    if not points:
        return (0.0, 0.0), (0.0, 0.0)
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    return (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))


def _corners(mark: Shape) -> Iterator[Point]:
    match mark:
        case Line():
            yield from flattened(mark, 1.0) if any(mark.bulges) else mark.points
        case Circle() | Arc():
            (x, y), r = mark.centre, mark.radius
            yield from ((x - r, y - r), (x + r, y + r))
        case Ellipse():
            (x, y), r = mark.centre, float(np.hypot(*mark.major))
            yield from ((x - r, y - r), (x + r, y + r))
        case Fill():
            for ring in mark.rings:
                yield from ring
        case _:
            assert_never(mark)


def _polygon(mark: Fill, place: Callable[[Floats], Floats]) -> tuple[bool, Any] | None:
    """Whether nothing may be written on an area, and the area; None for a ground to write on."""
    import shapely

    rings = [ring for ring in mark.rings if len(ring) > 2]
    if not rings or mark.style.system == "underlay":
        return None
    if mark.colour is not None and _luminance(mark.colour) >= LIGHT:
        return None
    area = shapely.Polygon(place(np.array(rings[0])), [place(np.array(ring)) for ring in rings[1:]])
    return mark.pattern == "solid", area if area.is_valid else shapely.make_valid(area)


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of an sRGB colour. Source: IEC 61966-2-1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def bounds(box: Floats) -> Floats:
    """(n, 4) upright boxes round turned ones."""
    x, y, wide, tall, c, s = box.T
    across, up = np.abs(c) * wide + np.abs(s) * tall, np.abs(s) * wide + np.abs(c) * tall
    return np.stack([x - across, y - up, x + across, y + up], axis=1)


def pressed(a: Floats, b: Floats) -> Floats:
    """(n,) how far turned boxes lie on each other, pair by pair; less than 0 where they are apart. [mm]"""
    way = b[:, :2] - a[:, :2]
    depth = np.full(len(a), np.inf)
    for one in (a, b):
        for x, y in ((one[:, 4], one[:, 5]), (-one[:, 5], one[:, 4])):
            reach = np.zeros(len(a))
            for box in (a, b):
                reach += box[:, 2] * np.abs(box[:, 4] * x + box[:, 5] * y)
                reach += box[:, 3] * np.abs(-box[:, 5] * x + box[:, 4] * y)
            depth = np.minimum(depth, reach - np.abs(way[:, 0] * x + way[:, 1] * y))
    return depth


def struck(a: Floats, ends: Floats) -> Floats:
    """(n,) how deep a stroke runs in a turned box, pair by pair; 0 where it only touches it or passes by. [mm]"""
    c, s = a[:, 4], a[:, 5]

    def inside(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        x, y = x - a[:, 0], y - a[:, 1]
        return c * x + s * y, c * y - s * x

    (px, py), (qx, qy) = inside(ends[:, 0], ends[:, 1]), inside(ends[:, 2], ends[:, 3])
    first, last = np.zeros(len(a)), np.ones(len(a))
    with np.errstate(divide="ignore", invalid="ignore"):
        for p, q, half in ((px, qx, a[:, 2] - TOUCH), (py, qy, a[:, 3] - TOUCH)):
            run = q - p
            one, two = (-half - p) / run, (half - p) / run
            still = np.abs(run) < 1e-12
            within = np.abs(p) < half
            low = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(one, two))
            high = np.where(still, np.where(within, np.inf, -np.inf), np.maximum(one, two))
            first, last = np.maximum(first, low), np.minimum(last, high)
    nx, ny = py - qy, qx - px
    size = np.maximum(np.hypot(nx, ny), 1e-12)
    deep = (a[:, 2] * np.abs(nx) + a[:, 3] * np.abs(ny) - np.abs(nx * px + ny * py)) / size
    return np.where(last > first, deep, 0.0)


def turned_boxes(box: Floats) -> Any:
    """Turned boxes (n, 6) as polygons."""
    import shapely

    x, y, wide, tall, c, s = box.T
    corners = [(x + i * wide * c - j * tall * s, y + i * wide * s + j * tall * c) for i, j in
               ((-1, -1), (1, -1), (1, 1), (-1, 1))]  # fmt: skip
    return shapely.polygons(np.stack([np.stack(corner, axis=1) for corner in corners], axis=1))
