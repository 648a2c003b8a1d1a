"""Marks on paper: a Sheet taken apart into the few strokes, areas and words that any page description knows.

`plot(sheet, painter)` resolves scales, layers, dimensions, hatches and symbols; PDF and SVG are painters.
All lengths in millimetres of the paper, y upwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, Protocol, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from stagecraft.drawing import lettering
from stagecraft.drawing.layers import Layer, layer_for, linetypes
from stagecraft.drawing.marks import (
    Arc,
    Book,
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
    Sheet,
    Style,
    Symbol,
    Text,
)  # fmt: skip
from stagecraft.drawing.sheet import sheet_of
from stagecraft.units import Units, drawn

Colour: TypeAlias = tuple[float, float, float]
"""sRGB, 0 … 1."""
Rings: TypeAlias = Sequence[Sequence[Point]]
Place: TypeAlias = Callable[[Point], Point]

WHITE: Colour = (1.0, 1.0, 1.0)
SHADE: Colour = (0.72, 0.72, 0.72)
"""Grey of a cut face too thin for a hatch."""
HATCH = 1.27
"""Distance of hatch lines."""
FLAT = 0.01
"""Largest distance between a curve and the chords drawn for it."""
TICK, ARROW, TEXT = 1.8, 2.5, 2.5
"""Tick, arrow and text height of a dimension."""
EXTENSION_GAP, EXTENSION_BEYOND, TEXT_GAP = 2.0, 1.5, 0.8
MASK = 0.4
"""White border round a masked text."""


class Pen(NamedTuple):
    width: float
    colour: Colour
    dashes: tuple[float, ...] = ()


class Painter(Protocol):
    def stroke(self, points: Sequence[Point], closed: bool, pen: Pen) -> None: ...

    def area(self, rings: Rings, colour: Colour) -> None: ...

    def words(self, text: str, at: Point, height: float, turn: float, align: str, colour: Colour) -> None:
        """One line of text on its base line."""

    def clip(self, low: Point, high: Point) -> AbstractContextManager[None]: ...

    def stamp(self, key: tuple[object, ...], draw: Callable[[], None], reach: float, at: Point, turn: float) -> None:
        """What `draw` draws about the origin, no farther than `reach`, set down at a place; `key` is its name."""


def sheets_of(paper: Drawing | Sheet | Book) -> tuple[Sheet, ...]:
    """The sheets a paper consists of; a drawing gets a plain one."""
    if isinstance(paper, Book):
        return paper.sheets
    return (sheet_of(paper) if isinstance(paper, Drawing) else paper,)


def plot(sheet: Sheet, painter: Painter) -> None:
    """Every view, clipped to its window, then what stands on the paper itself."""
    for number, view in enumerate(sheet.views):
        drawing, factor = view.drawing, 1.0 / view.scale
        (ax, ay), (x, y) = view.anchor, view.at

        def place(p: Point, ax: float = ax, ay: float = ay, x: float = x, y: float = y, k: float = factor) -> Point:
            return x + (p[0] - ax) * k, y + (p[1] - ay) * k

        with painter.clip(*view.window):
            _Plotter(painter, place, factor, drawing.symbols, drawing.units, (number,)).marks(drawing.marks)
    _Plotter(painter, lambda p: p, 1.0, sheet.symbols, "m", ("sheet",)).marks(sheet.marks)


@dataclass(frozen=True)
class _Plotter:
    painter: Painter
    place: Place
    factor: float
    symbols: Mapping[str, Symbol]
    units: Units
    key: tuple[object, ...]

    def marks(self, marks: Sequence[Mark]) -> None:
        for mark in sorted(marks, key=_order):
            self.mark(mark, layer_for(mark.style))

    def mark(self, mark: Mark, layer: Layer) -> None:
        if not layer.plot or (isinstance(mark, (Line, Leader)) and len(mark.points) < 2):
            return
        pen, place = pen_of(layer), self.place
        match mark:
            case Line():
                self.painter.stroke([place(p) for p in flattened(mark, FLAT / self.factor)], mark.closed, pen)
            case Circle():
                points = curve(mark.centre, mark.radius, 0.0, 360.0, FLAT / self.factor)[:-1]
                self.painter.stroke([place(p) for p in points], True, pen)
            case Arc():
                points = curve(mark.centre, mark.radius, mark.start, mark.end, FLAT / self.factor)
                self.painter.stroke([place(p) for p in points], False, pen)
            case Ellipse():
                points = oval(mark, FLAT / self.factor)
                self.painter.stroke([place(p) for p in points], False, pen)
            case Fill():
                rings = [[place(p) for p in ring] for ring in mark.rings if len(ring) > 2]
                if mark.pattern == "solid" and rings:
                    self.painter.area(rings, mark.colour or (SHADE if mark.style.role == "pattern" else pen.colour))
                elif mark.pattern == "ansi31":
                    for line in hatch(rings):
                        self.painter.stroke(line, False, pen)
            case Text():
                self.text(mark, pen)
            case Dimension():
                self.dimension(mark, pen)
            case Insert():
                self.insert(mark, layer, pen)
            case Leader():
                points = [place(p) for p in mark.points]
                self.painter.area([arrow(points[0], points[1])], pen.colour)
                self.painter.stroke(points, False, pen)
            case _:
                assert_never(mark)

    def text(self, mark: Text, pen: Pen) -> None:
        (x, y), c, s = self.place(mark.at), *_cos_sin(mark.turn)
        if mark.mask:
            self.painter.area([[_turned((x, y), p, c, s) for p in _ground(mark)]], WHITE)
        for line, down in text_lines(mark):
            if line:
                self.painter.words(
                    line, _turned((x, y), (0.0, down), c, s), mark.height, mark.turn, mark.align, pen.colour
                )

    def dimension(self, mark: Dimension, pen: Pen) -> None:
        shape = resolved(mark, 1.0 / self.factor, self.units)
        thin = Pen(0.13, pen.colour)
        for line in shape.lines:
            self.painter.stroke([self.place(p) for p in line], False, thin)
        for tick in shape.ticks:
            self.painter.stroke([self.place(p) for p in tick], False, Pen(0.35, pen.colour))
        self.text(Text(mark.style, mark.text_at, shape.text, TEXT, shape.turn, "centre", "middle", True), pen)

    def insert(self, mark: Insert, layer: Layer, pen: Pen) -> None:
        symbol = self.symbols[mark.symbol]
        k, at = self.factor, self.place(mark.at)
        own = _Plotter(self.painter, lambda p: (p[0] * k, p[1] * k), k, {}, self.units, self.key)

        def draw() -> None:
            for part in symbol.marks:
                own.mark(part, layer_for(part.style) if part.style.role == "pattern" else layer)

        self.painter.stamp((*self.key, mark.symbol, layer.name), draw, reach(symbol) * k, at, mark.turn)
        values = dict(mark.attributes)
        ink = pen_of(layer_for(Style(mark.style.system, "id"))).colour
        for name, (sx, sy), height in symbol.slots:
            if name in mark.shown and values.get(name):
                label = attribute_text(mark, symbol, values[name], (sx, sy), height)
                self.text(replace(label, height=height * k), Pen(0.0, ink))


def attribute_text(mark: Insert, symbol: Symbol, value: str, slot: Point, height: float) -> Text:
    """A visible attribute where it stands, turned with its symbol but never upside down. [mm of the venue]"""
    at = _turned(mark.at, slot, *_cos_sin(mark.turn))
    style = Style(mark.style.system, "id")
    if symbol.slot_align == "left":
        return Text(style, at, value, height, mark.turn)
    return Text(style, at, value, height, readable(mark.turn), "centre", "middle")


@dataclass(frozen=True)
class Resolved:
    """A dimension as it is drawn. [mm of the venue]"""

    lines: tuple[tuple[Point, Point], ...]
    ticks: tuple[tuple[Point, Point], ...]
    feet: tuple[Point, Point]
    """Ends of the dimension line."""
    measured: float
    text: str
    turn: float
    """Direction of the text, readable from below or from the right. [degrees]"""


def resolved(mark: Dimension, scale: float, system: Units) -> Resolved:
    """Extension lines, dimension line, ticks and the measured text of a dimension drawn at 1:`scale`."""
    c, s = _cos_sin(mark.angle)
    along, across = np.array([c, s]), np.array([-s, c])
    start, end, base, middle = (np.array(p, float) for p in (mark.start, mark.end, mark.line_at, mark.text_at))
    feet = [base + ((p - base) @ along) * along for p in (start, end)]
    measured = abs(float((end - start) @ along))
    text = drawn(measured / 1000, system)
    lines = []
    for p, foot in zip((start, end), feet):
        off = float((foot - p) @ across)
        side = math.copysign(1.0, off)
        if abs(off) > EXTENSION_GAP * scale:
            lines.append((p + side * across * EXTENSION_GAP * scale, foot + side * across * EXTENSION_BEYOND * scale))
    reach = sorted(float((f - base) @ along) for f in feet)
    half = lettering.width(text, TEXT) / 2 * scale
    where = float((middle - base) @ along)
    if abs(float((middle - base) @ across)) < 3 * TEXT * scale and not reach[0] <= where <= reach[1]:
        reach = [min(reach[0], where - half), max(reach[1], where + half)]
    lines.append((base + reach[0] * along, base + reach[1] * along))
    slash = (along + across) * (TICK / 2 / math.sqrt(2) * scale)
    ticks = [(foot - slash, foot + slash) for foot in feet]
    return Resolved(
        tuple((_point(a), _point(b)) for a, b in lines), tuple((_point(a), _point(b)) for a, b in ticks),
        (_point(feet[0]), _point(feet[1])), measured, text, readable(mark.angle),
    )  # fmt: skip


def readable(angle: float) -> float:
    """The same direction, so that text along it stands upright or reads from the right: −90 < angle ≤ 90."""
    angle = (angle + 90.0) % 180.0 - 90.0
    return 90.0 if angle <= -90.0 + 1e-9 else angle


def text_lines(mark: Text) -> Iterator[tuple[str, float]]:
    """Each line and how far its base line lies above `at`."""
    lines = mark.text.split("\n")
    step = mark.height * lettering.LEADING
    tall = mark.height + step * (len(lines) - 1)
    lift = {"bottom": tall, "middle": tall / 2, "top": 0.0}[mark.valign] - mark.height
    for number, line in enumerate(lines):
        yield line, lift - number * step


def _ground(mark: Text) -> list[Point]:
    """Corners of the white ground of a text, about its place and before it is turned."""
    wide, tall = lettering.size(mark.text, mark.height)
    left = {"left": 0.0, "centre": -wide / 2, "right": -wide}[mark.align]
    low = {"bottom": 0.0, "middle": -tall / 2, "top": -tall}[mark.valign]
    x0, x1, y0, y1 = left - MASK, left + wide + MASK, low - MASK, low + tall + MASK
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def arrow(tip: Point, back: Point) -> list[Point]:
    """Corners of a filled arrow head that points from `back` to `tip`."""
    angle = math.degrees(math.atan2(tip[1] - back[1], tip[0] - back[0]))
    c, s = _cos_sin(angle)
    return [_turned(tip, p, c, s) for p in ((0.0, 0.0), (-ARROW, ARROW / 6), (-ARROW, -ARROW / 6))]


def hatch(rings: Rings, distance: float = HATCH) -> list[list[Point]]:
    """Lines at 45° through an area with holes, on one grid for the whole sheet."""
    edges = [(p, q) for ring in rings for p, q in zip(ring, [*ring[1:], ring[0]])]
    if not edges:
        return []
    r = math.sqrt(0.5)
    ends = np.array(edges, float)
    u, v = (ends[..., 0] + ends[..., 1]) * r, (ends[..., 1] - ends[..., 0]) * r  # along and across the lines
    out: list[list[Point]] = []
    low, high = v.min(axis=1), v.max(axis=1)
    for k in range(math.ceil(v.min() / distance), math.floor(v.max() / distance) + 1):
        level = k * distance
        crossed = (low <= level) & (level < high)
        t = (level - v[crossed, 0]) / (v[crossed, 1] - v[crossed, 0])
        where = np.sort(u[crossed, 0] + t * (u[crossed, 1] - u[crossed, 0]))
        out += [
            [((a - level) * r, (a + level) * r), ((b - level) * r, (b + level) * r)]
            for a, b in where[: len(where) // 2 * 2].reshape(-1, 2).tolist()
        ]
    return out


def flattened(mark: Line, flat: float) -> list[Point]:
    """Points of a polyline, its bulged runs as chords no farther than `flat` from the arc."""
    points = list(mark.points)
    if not any(mark.bulges):
        return points
    ends = [*points[1:], points[0]] if mark.closed else points[1:]
    out = points[:1]
    for p, q, bulge in zip(points, ends, (*mark.bulges, *[0.0] * len(points))):
        out += arc_between(p, q, bulge, flat) if bulge else [q]
    return out[:-1] if mark.closed else out


def arc_between(p: Point, q: Point, bulge: float, flat: float) -> list[Point]:
    """Chord points after p, up to q, of the arc that a DXF bulge describes."""
    turn = 4 * math.atan(bulge)
    dx, dy = q[0] - p[0], q[1] - p[1]
    chord = math.hypot(dx, dy)
    if chord == 0:
        return [q]
    radius = chord / (2 * abs(math.sin(turn / 2)))
    lift = (1 - bulge * bulge) / (4 * bulge)
    cx, cy = (p[0] + q[0]) / 2 - dy * lift, (p[1] + q[1]) / 2 + dx * lift
    start = math.atan2(p[1] - cy, p[0] - cx)
    count = _chords(radius, abs(turn), flat)
    inner = [start + turn * k / count for k in range(1, count)]
    return [*((cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in inner), q]


def curve(centre: Point, radius: float, start: float, end: float, flat: float) -> list[Point]:
    """Chord points of an arc that runs anticlockwise between two angles [degrees]."""
    sweep = (end - start) % 360.0 or 360.0
    count = _chords(radius, math.radians(sweep), flat)
    angles = [math.radians(start + sweep * k / count) for k in range(count + 1)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def oval(mark: Ellipse, flat: float) -> list[Point]:
    """Chord points of an ellipse or of a part of one; the last is the first where it is whole."""
    sweep = mark.end - mark.start
    count = _chords(math.hypot(*mark.major), sweep, flat)
    return [mark.at(mark.start + sweep * k / count) for k in range(count + 1)]


def _chords(radius: float, turn: float, flat: float) -> int:
    step = 2 * math.acos(max(1 - flat / radius, 0.0)) if radius > flat else math.pi / 2
    return min(max(math.ceil(turn / step), 2), 720)


def reach(symbol: Symbol) -> float:
    """How far a symbol's marks reach from its origin. [mm of the venue]"""
    far = 1.0
    for mark in symbol.marks:
        match mark:
            case Line():
                far = max([far, *(math.hypot(*p) for p in mark.points)])
                far *= 2 if any(mark.bulges) else 1
            case Circle() | Arc():
                far = max(far, math.hypot(*mark.centre) + mark.radius)
            case Ellipse():
                far = max(far, math.hypot(*mark.centre) + math.hypot(*mark.major))
            case Fill():
                far = max([far, *(math.hypot(*p) for ring in mark.rings for p in ring)])
            case _:
                assert_never(mark)
    return far


@cache
def pen_of(layer: Layer) -> Pen:
    """Width, print colour and dashes of a layer."""
    patterns = {line.name: tuple(abs(run) or 0.2 for run in line.pattern) for line in linetypes()}
    return Pen(layer.lineweight, print_colour(layer.colour), patterns.get(layer.linetype, ()))


@cache
def print_colour(index: int) -> Colour:
    """A CAD colour as ink on white paper: greys stay greys, colours are muted and darkened until they carry."""
    from ezdxf.colors import aci2rgb

    if index in (0, 7, 255, 256):
        return 0.0, 0.0, 0.0
    rgb = np.array(aci2rgb(index), float) / 255
    light = float(rgb @ (0.2126, 0.7152, 0.0722))
    muted = 0.7 * rgb + 0.3 * light
    muted *= min(1.0, 0.42 / max(float(muted @ (0.2126, 0.7152, 0.0722)), 1e-6))
    r, g, b = (round(float(v), 3) for v in muted)
    return r, g, b


def _order(mark: Mark) -> int:
    """Areas lie at the bottom, then lines, then dimensions; texts lie on top."""
    return 0 if isinstance(mark, Fill) else 3 if isinstance(mark, Text) else 2 if isinstance(mark, Dimension) else 1


def _turned(at: Point, p: Point, c: float, s: float) -> Point:
    return at[0] + c * p[0] - s * p[1], at[1] + s * p[0] + c * p[1]


def _cos_sin(degrees: float) -> tuple[float, float]:
    quarter = {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
    if degrees % 90 == 0:
        return quarter[int(degrees) % 360]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _point(p: NDArray[np.float64]) -> Point:
    return float(p[0]), float(p[1])
