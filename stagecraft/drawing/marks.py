"""Marks: the few things a drawing is made of, in millimetres, without a scale.

A Drawing is what a view shows; a Sheet places Drawings at scales; a Book is a list of sheets.
Writers match on the marks with `assert_never`; nobody else needs to know a file format.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
"""Millimetres: of the venue in a Drawing, of the paper in a Sheet."""
Role = Literal["cut", "beyond", "hidden", "unseen", "overhead", "id", "dims", "pattern", "line"]
"""hidden: dashed. unseen: dashed, on a layer that is frozen until somebody wants it."""


@dataclass(frozen=True)
class Style:
    """What a mark belongs to. `layers.csv` turns (system, role) into layer, pen and line type."""

    system: str
    """A Part's system, or: centre, setting, datum, grid, note, dims, clear, sight, escape, frame, title, underlay."""
    role: Role = "line"


@dataclass(frozen=True)
class Line:
    """Open or closed polyline. bulges[i] is the DXF bulge of the run from point i to i+1 (0 straight)."""

    style: Style
    points: tuple[Point, ...]
    closed: bool = False
    bulges: tuple[float, ...] = ()


@dataclass(frozen=True)
class Circle:
    style: Style
    centre: Point
    radius: float


@dataclass(frozen=True)
class Arc:
    """Anticlockwise from `start` to `end` degrees."""

    style: Style
    centre: Point
    radius: float
    start: float
    end: float


@dataclass(frozen=True)
class Ellipse:
    """Anticlockwise from `start` to `end`: the point at t is centre + cos t · major + sin t · minor. [radians]

    The minor half-axis is the major one turned by 90° and made `ratio` times as long.
    """

    style: Style
    centre: Point
    major: Point
    """Half-axis: from the centre to a point."""
    ratio: float
    """0 … 1"""
    start: float = 0.0
    end: float = math.tau

    def at(self, t: float) -> Point:
        (x, y), (a, b), r = self.centre, self.major, self.ratio
        return x + math.cos(t) * a - math.sin(t) * r * b, y + math.cos(t) * b + math.sin(t) * r * a


@dataclass(frozen=True)
class Fill:
    """Area with holes: hatched (`ansi31`, in paper millimetres) or solid (`solid`: its colour, or a grey)."""

    style: Style
    rings: tuple[tuple[Point, ...], ...]
    pattern: Literal["ansi31", "solid"] = "ansi31"
    colour: tuple[float, float, float] | None = None
    """Of a solid area, where the colour says something: sRGB, 0 … 1. None is by layer."""


@dataclass(frozen=True)
class Text:
    """One or more lines of text. Height in PAPER millimetres, whatever the scale."""

    style: Style
    at: Point
    text: str
    height: float = 2.5
    turn: float = 0.0
    align: Literal["left", "centre", "right"] = "left"
    valign: Literal["bottom", "middle", "top"] = "bottom"
    mask: bool = False
    """Put on a white ground so that nothing runs through it."""


@dataclass(frozen=True)
class Dimension:
    """Aligned or turned linear dimension. The writers print the measured length, never another text.

    `text_at` is the middle of the text; `angle` is the direction measured along [degrees].
    """

    style: Style
    start: Point
    end: Point
    line_at: Point
    """A point that the dimension line runs through."""
    text_at: Point
    angle: float = 0.0
    fine: bool = False
    """To the tenth of a millimetre, as a workshop measures."""


@dataclass(frozen=True)
class Insert:
    """A symbol with attributes: one countable thing."""

    style: Style
    symbol: str
    at: Point
    turn: float = 0.0
    attributes: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    """Names of the attributes that are visible (at the symbol's own places)."""


@dataclass(frozen=True)
class Leader:
    """A line with an arrow at its first point, ending at a text that is its own mark."""

    style: Style
    points: tuple[Point, ...]


Shape: TypeAlias = Line | Circle | Arc | Ellipse | Fill
"""What symbols are made of."""
Mark: TypeAlias = Shape | Text | Dimension | Insert | Leader


@dataclass(frozen=True)
class Symbol:
    """Definition of a symbol: marks in millimetres about its own origin, and where its attributes stand."""

    name: str
    marks: tuple[Shape, ...]
    slots: tuple[tuple[str, Point, float], ...] = ()
    """(attribute, place, text height in venue millimetres)."""
    slot_align: Literal["centre", "left"] = "centre"
    """The place is the middle of the text, or the left end of its base line."""


@dataclass(frozen=True)
class Drawing:
    """One view. `scale` is the one it was laid out for: 50 means 1:50 (paper sizes of text were placed for it)."""

    name: str
    marks: tuple[Mark, ...]
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    extent: tuple[Point, Point] = ((0.0, 0.0), (0.0, 0.0))
    """Lower left and upper right of what is drawn. [mm]"""
    scale: float = 100.0
    title: str = ""
    units: Literal["m", "ft"] = "m"
    notes: tuple[str, ...] = ()
    """What a reader must know: stand-ins, omissions."""
    whose: str = ""
    """Whose event it is, and which state of it: said where no title block does."""


@dataclass(frozen=True)
class Placed:
    """A Drawing on a Sheet: its point `anchor` [mm of the venue] lies at `at` [mm of the paper]."""

    drawing: Drawing
    at: Point
    anchor: Point
    scale: float
    window: tuple[Point, Point]
    """Lower left and upper right of the view on the paper. [mm]"""


@dataclass(frozen=True)
class Sheet:
    number: str
    title: str
    size: tuple[float, float]
    """Width and height of the paper. [mm]"""
    views: tuple[Placed, ...]
    marks: tuple[Mark, ...]
    """Frame, title block, notes, tables: in millimetres of the paper."""
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    key: str = ""
    """Its name on the command line and in file names: `seating`."""


@dataclass(frozen=True)
class Book:
    title: str
    sheets: tuple[Sheet, ...]
    author: str = ""
    units: Literal["m", "ft"] = "m"
