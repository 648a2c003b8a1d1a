"""Where words go: texts and dimensions placed by fixed rules so that none lies on another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Dimension, Leader, Mark, Point, Style, Text
from stagecraft.geometry.frame import Floats
from stagecraft.units import Units

HEIGHT = 2.5
"""Height of notes and dimensions on paper. [mm]"""
CLEAR = 0.6
"""Room kept round a text on paper. [mm]"""
ROW = 8.0
"""Distance of rows of dimensions on paper. [mm]"""
ABOVE = 0.8 + HEIGHT / 2
"""Middle of a dimension's text above its line. [paper mm]"""
LONG = 15.0
"""Things longer than this have more than one place on each side. [paper mm]"""
REACH = (1.0, 3.5, 7.0, 12.0, 18.0, 25.0)
"""Distances from a thing at which its label is tried. [paper mm]"""

Box = tuple[float, float, float, float]
"""Left, low, right, high. [mm of the venue]"""
Align = Literal["left", "centre", "right"]
Valign = Literal["bottom", "middle", "top"]
DIMENSION = Style("dims", "dims")


class Spot(NamedTuple):
    x: float
    y: float
    align: Align = "centre"
    valign: Valign = "middle"
    tip: Point | None = None
    """Where a leader points, if the text stands off."""
    reach: float = 0.0
    """How far off it stands. [paper mm]"""


@dataclass(frozen=True)
class Way:
    """One manner in which a text may be written."""

    spots: tuple[Spot, ...]
    height: float
    inside: Box | None = None
    """Box that it must not leave."""


@dataclass(frozen=True)
class Loose(Text):
    """A text that may stand elsewhere, as long as its drawing is being made."""

    ways: tuple[Way, ...] = field(default=(), compare=False, repr=False)
    home: Point = field(default=(0.0, 0.0), compare=False, repr=False)
    """Where it stood when its ways were given: what moved it since has moved them too."""
    waits: bool = field(default=False, compare=False, repr=False)
    """No place was free yet."""


@dataclass(frozen=True)
class LooseDimension(Dimension):
    """A dimension that may stand elsewhere, or its text."""

    others: tuple[Dimension | Text, ...] = field(default=(), compare=False, repr=False)
    """All ways to write it, the best first."""
    home: Point = field(default=(0.0, 0.0), compare=False, repr=False)
    """Where its text stood when they were given."""
    waits: bool = field(default=False, compare=False, repr=False)
    """No place was free yet."""
    says: str = field(default="", compare=False, repr=False)
    """What the notes call it where it has no place."""


def text_box(text: Text, scale: float) -> Box:
    """Room that a text takes. [mm of the venue]"""
    wide, tall = (side * scale for side in lettering.size(text.text, text.height))
    left = {"left": 0.0, "centre": -wide / 2, "right": -wide}[text.align]
    low = {"bottom": 0.0, "middle": -tall / 2, "top": -tall}[text.valign]
    c, s = np.cos(np.radians(text.turn)), np.sin(np.radians(text.turn))
    corners = np.array([(x, y) for x in (left, left + wide) for y in (low, low + tall)]) @ np.array([[c, s], [-s, c]])
    low_, high_ = corners.min(axis=0) + text.at, corners.max(axis=0) + text.at
    return float(low_[0]), float(low_[1]), float(high_[0]), float(high_[1])


def around(box: Box, scale: float, reaches: Sequence[float] = REACH) -> Iterator[Spot]:
    """Places beside a thing, the nearest first; from further off with a leader."""
    left, low, right, high = box
    x, y = (left + right) / 2, (low + high) / 2
    along = [x] if right - left < LONG * scale else [x, left + 0.8 * (right - left), left + 0.2 * (right - left)]
    up = [y] if high - low < LONG * scale else [y, low + 0.75 * (high - low), low + 0.25 * (high - low)]
    for reach in reaches:
        d = reach * scale
        far = reach > REACH[0]
        for v in up:
            yield Spot(right + d, v, "left", "middle", (right, v) if far else None, reach)
            yield Spot(left - d, v, "right", "middle", (left, v) if far else None, reach)
        for u in along:
            yield Spot(u, high + d, "centre", "bottom", (u, high) if far else None, reach)
            yield Spot(u, low - d, "centre", "top", (u, low) if far else None, reach)
        yield Spot(right + d, high + d, "left", "bottom", (right, high) if far else None, reach)
        yield Spot(right + d, low - d, "left", "top", (right, low) if far else None, reach)
        yield Spot(left - d, high + d, "right", "bottom", (left, high) if far else None, reach)
        yield Spot(left - d, low - d, "right", "top", (left, low) if far else None, reach)


def within(box: Box, scale: float) -> Iterator[Spot]:
    """Places inside a large thing: its middle, then a grid about it."""
    left, low, right, high = box
    for v in (0.5, 0.3, 0.7, 0.15, 0.85):
        for u in (0.5, 0.25, 0.75, 0.12, 0.88):
            yield Spot(left + u * (right - left), low + v * (high - low))


def _holds(outer: Box, box: Box) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


class _Boxes:
    """Boxes that grow in number; one question: which of them does a box touch?"""

    def __init__(self) -> None:
        self._old = np.zeros((0, 4))
        self._new: list[Floats] = []

    def add(self, boxes: Floats) -> None:
        if len(boxes):
            self._new.append(np.asarray(boxes, float).reshape(-1, 4))

    def touched(self, box: Box) -> int:
        if self._new:
            self._old, self._new = np.concatenate([self._old, *self._new]), []
        b = self._old
        return int(((b[:, 0] < box[2]) & (b[:, 2] > box[0]) & (b[:, 1] < box[3]) & (b[:, 3] > box[1])).sum())


class Places:
    """Room on the drawing. Texts never lie on what is kept; they lie on as few lines as they can."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._kept, self._lines, self._words = _Boxes(), _Boxes(), _Boxes()
        self.texts: list[Box] = []
        self.left_out: list[str] = []
        """Names for which there was no room."""

    def keep(self, boxes: Floats | Sequence[Box]) -> None:
        """Nothing may be written on these."""
        self._kept.add(np.asarray(boxes, float))

    def lines(self, points: Sequence[Point] | Floats) -> None:
        """Better not to write on this polyline."""
        self._lines.add(self._pieces(points))

    def keep_line(self, points: Sequence[Point] | Floats) -> None:
        """Nothing may be written on this polyline."""
        self._kept.add(self._pieces(points))

    def _pieces(self, points: Sequence[Point] | Floats) -> Floats:
        """Boxes of short pieces of a polyline."""
        p = np.asarray(points, float).reshape(-1, 2)
        run = np.diff(p, axis=0)
        count = np.clip(np.ceil(np.abs(run).max(axis=1, initial=0) / (4 * self.scale)), 1, 10_000).astype(np.int64)
        which = np.repeat(np.arange(len(run)), count)
        place = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        step = run[which] / count[which][:, None]
        a = p[which] + place[:, None] * step
        return np.concatenate([np.minimum(a, a + step) - 1, np.maximum(a, a + step) + 1], axis=1)

    def free(self, box: Box) -> bool:
        return self._kept.touched(self._grown(box)) == 0

    def struck(self, box: Box) -> int:
        """How many pieces of lines run through a box."""
        return self._lines.touched(box)

    def name(self, style: Style, words: str, ways: Iterable[tuple[Iterable[Spot], float, Box | None]]) -> list[Mark]:
        """A name in the first of several ways (spots, height, box not to leave) that has room.

        Where none has, it waits: `drawing` makes room for it, or notes that it was left out.
        """
        every = tuple(Way(tuple(spots), height, inside) for spots, height, inside in ways)
        for way in every:
            if marks := self.put(style, words, way.spots, way.height, inside=way.inside, ways=every):
                return marks
        first = next(((way, spot) for way in every for spot in way.spots), None)
        if first is None:
            self.left_out.append(words.replace("\n", " "))
            return []
        way, spot = first
        at = spot.x, spot.y
        return [Loose(style, at, words, way.height, 0.0, spot.align, spot.valign, True, every, at, True)]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the drawing must know about names."""
        names = ", ".join(dict.fromkeys(self.left_out))
        return (f"Names left out for want of room: {names}.",) if names else ()

    def claim(self, text: Text) -> Text:
        """A text that stands where it stands."""
        box = text_box(text, self.scale)
        self.take(box)
        return text

    def take(self, box: Box) -> None:
        """Room of a text."""
        self.texts.append(box)
        self.keep([box])
        self._words.add(np.array([box]))

    def put(self, style: Style, words: str, spots: Iterable[Spot], height: float = HEIGHT, turn: float = 0.0,
            mask: bool = True, inside: Box | None = None, ways: tuple[Way, ...] = ()) -> list[Mark]:  # fmt: skip
        """The text at the best of the spots, with a leader where it stands off; nothing where none is free.

        inside : box that it must not leave
        ways : how else it may be written if something has to make room; at the other spots where not given
        """
        spots = tuple(spots)
        best: tuple[float, Text, Spot] | None = None
        for spot in spots:
            if best and best[0] <= spot.reach:
                break
            text = Text(style, (spot.x, spot.y), words, height, turn, spot.align, spot.valign, mask)
            box = self._grown(text_box(text, self.scale))
            if self._kept.touched(box) or (inside and not _holds(inside, box)):
                continue
            if spot.tip and any(self._words.touched(piece) for piece in self._leader(spot)):
                continue
            cost = 2 * self._lines.touched(box) + spot.reach
            if best is None or cost < best[0]:
                best = cost, text, spot
        if best is None:
            return []
        _, text, spot = best
        self.claim(text)
        text = Loose(style, text.at, words, height, turn, spot.align, spot.valign, mask,
                     ways or (Way(spots, height, inside),), text.at)  # fmt: skip
        if spot.tip is None:
            return [text]
        line = (spot.tip, (spot.x, spot.y))
        self._kept.add(self._pieces(line))
        return [Leader(style, line), text]

    def _leader(self, spot: Spot) -> list[Box]:
        assert spot.tip
        return [(a, b, c, d) for a, b, c, d in self._pieces((spot.tip, (spot.x, spot.y))).tolist()]

    def _grown(self, box: Box) -> Box:
        d = CLEAR * self.scale
        return box[0] - d, box[1] - d, box[2] + d, box[3] + d


@dataclass
class Rows:
    """Rows of dimensions on one side of the drawing, outwards from it.

    angle : direction measured along, 0 or 90 [degrees]
    base : where the first row lies [mm]; step : to the next, with its sign [mm]
    """

    places: Places
    angle: Literal[0, 90]
    base: float
    step: float
    units: Units
    rows: list[list[tuple[Point, Point]]] = field(default_factory=list)
    fine: bool = False
    """To the tenth of a millimetre."""

    def add(self, *runs: tuple[Point, Point]) -> None:
        """One row. Runs shorter than a millimetre are left out; a row of none takes no room."""
        axis = 0 if self.angle == 0 else 1
        ordered = [(a, b) if a[axis] <= b[axis] else (b, a) for a, b in runs if abs(a[axis] - b[axis]) >= 1.0]
        if ordered:
            self.rows.append(sorted(ordered, key=lambda run: run[0][axis]))

    def marks(self) -> list[Mark]:
        """All rows; their texts keep off the extension lines that run on to rows further out."""
        axis = 0 if self.angle == 0 else 1
        at = [self.base + k * self.step for k in range(len(self.rows))]
        for k, runs in enumerate(self.rows):
            for z in {end[axis] for run in runs for end in run}:
                inner, outer = self.base - self.step, at[k] - 0.2 * self.step
                self.places.keep_line([(z, inner), (z, outer)] if axis == 0 else [(inner, z), (outer, z)])
        marks: list[Mark] = []
        for k, runs in enumerate(self.rows):
            ends = [end[axis] for run in runs for end in run]
            for start, end in runs:
                crowded = min(ends) < start[axis] - 1, max(ends) > end[axis] + 1
                marks.append(dimension(self.places, start, end, at[k], self.angle, self.units, crowded, self.fine))
        return marks


def dimension(places: Places, start: Point, end: Point, at: float, angle: Literal[0, 90], system: Units,
              crowded: tuple[bool, bool] = (False, False), fine: bool = False) -> Dimension:  # fmt: skip
    """A dimension whose line lies at x or y = `at`, its text where it lies on nothing. [mm]

    crowded : whether another dimension follows before and after it in the same row
    """
    axis = 0 if angle == 0 else 1
    scale = places.scale
    low, high = sorted((start[axis], end[axis]))
    words = units.drawn((high - low) / 1000, system, fine)
    half = lettering.width(words, HEIGHT) / 2 * scale
    tall, off, middle = HEIGHT / 2 * scale, ABOVE * scale, (low + high) / 2

    def box(along: float, across: float) -> tuple[Point, Box]:
        x, y = (along, at + across) if angle == 0 else (at - across, along)
        wide, deep = (half, tall) if angle == 0 else (tall, half)
        return (x, y), (x - wide, y - deep, x + wide, y + deep)

    room = (high - low) / 2 - half - 0.8 * scale
    spots = [(middle + k * room, off) for k in (0, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1, -1)] if room >= 0 else []
    reach = half + 1.5 * scale
    spots += [(high + reach, off)] * (not crowded[1]) + [(low - reach, off)] * (not crowded[0])
    levels = (1, -1.55, 2, -2.55, 3, -3.55, 4)
    spots += [(middle + side, off + k * 3.3 * scale) for k in levels for side in (0, half, -half, 2 * half, -2 * half)]
    every = [box(*spot) for spot in spots]
    text_at, taken = next((place for place in every if places.free(place[1])), every[0])
    places.take(taken)
    line_at = (start[0], at) if angle == 0 else (at, start[1])
    others = tuple(Dimension(DIMENSION, start, end, line_at, place, float(angle), fine) for place, _ in every)
    says = f"dimension {words}"
    return LooseDimension(DIMENSION, start, end, line_at, text_at, float(angle), fine, others, text_at, says=says)
