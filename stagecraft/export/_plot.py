"""Marks on paper: a Sheet taken apart into the few strokes, areas and words that any page description knows.

`plot(sheet, painter)` resolves scales, layers, dimensions, hatches and symbols; PDF and SVG are painters.
All lengths in millimetres of the paper, y upwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, Protocol, TypeAlias, assert_never

import numpy as np

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
from stagecraft.drawing.strokes import (
    ARROW,
    FLAT,
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
from stagecraft.units import Units

Colour: TypeAlias = tuple[float, float, float]
"""sRGB, 0 … 1."""
Rings: TypeAlias = Sequence[Sequence[Point]]
Place: TypeAlias = Callable[[Point], Point]

WHITE: Colour = (1.0, 1.0, 1.0)
SHADE: Colour = (0.72, 0.72, 0.72)
"""Grey of a cut face too thin for a hatch."""
HATCH = 1.27
"""Distance of hatch lines."""
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
    for view in sheet.views:
        drawing, factor = view.drawing, 1.0 / view.scale
        (ax, ay), (x, y) = view.anchor, view.at

        def place(p: Point, ax: float = ax, ay: float = ay, x: float = x, y: float = y, k: float = factor) -> Point:
            return x + (p[0] - ax) * k, y + (p[1] - ay) * k

        with painter.clip(*view.window):
            _Plotter(painter, place, factor, drawing.symbols, drawing.units, (id(drawing), factor)).marks(drawing.marks)
    _Plotter(painter, lambda p: p, 1.0, sheet.symbols, "m", (id(sheet),)).marks(sheet.marks)


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
        (x, y), c, s = self.place(mark.at), *cos_sin(mark.turn)
        if mark.mask:
            self.painter.area([[turned((x, y), p, c, s) for p in _ground(mark)]], WHITE)
        for line, down in text_lines(mark):
            if line:
                self.painter.words(
                    line, turned((x, y), (0.0, down), c, s), mark.height, mark.turn, mark.align, pen.colour
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
    c, s = cos_sin(angle)
    return [turned(tip, p, c, s) for p in ((0.0, 0.0), (-ARROW, ARROW / 6), (-ARROW, -ARROW / 6))]


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
