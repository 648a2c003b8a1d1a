"""The heat map: a plan on which every seat has the colour and the letter of its C-value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis.seen import MATTERS, least, one, to_see
from stagecraft.analysis.views import View, Views
from stagecraft.analysis.views import views as made
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Places, Spot, around
from stagecraft.drawing._paper import COARSE, SCALES, shifted
from stagecraft.drawing._views import bodies, drawing, extent, mm, parts_of, path_marks, points_mm, upper_seats
from stagecraft.drawing.marks import Circle, Drawing, Fill, Line, Mark, Point, Style, Text
from stagecraft.drawing.plan import _outline_lines
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import hidden_lines
from stagecraft.scene import Bools, Scene, Seats, Space, Strings, Target

Colour = tuple[float, float, float]

RAMP: tuple[Colour, ...] = (
    (0.86, 0.40, 0.33), (0.93, 0.56, 0.28), (0.98, 0.80, 0.42), (0.90, 0.92, 0.62), (0.88, 0.95, 1.00),
)  # fmt: skip
"""From the least C-values to the best: lighter from step to step, so that a grey print keeps their order."""
AHEAD, BLIND, EMPTY = "+", "–", "×"
"""Nobody sits in front; no answer (at a table, turned away, at the target itself); killed, so nobody sits there."""
GROUND: dict[str, Colour | None] = {AHEAD: (1.0, 1.0, 1.0), BLIND: (0.78, 0.78, 0.78), EMPTY: None}
EXACT = 1e-6
"""Lengths are compared as written, within this. [m]"""
UNDER = 0.3
"""What reaches this near to the floor of seats above others belongs to them. [m]"""
FULL = 0.92
"""Of its place that the square of a seat fills."""
ROOM = (460.0, 320.0)
"""A map is to fit this where no scale is asked for: an A2 sheet with its legend. [mm]"""
STANDING = ("column", "foh", "camera", "platform")
"""Systems whose outline helps to find one's way."""
SEAT, WORDS, FILL = Style("seating", "beyond"), Style("note"), Style("sight", "pattern")


def heat_map(
    scene: Scene,
    views: Views | None = None,
    target: str | None = None,
    scale: float | None = None,
    bands: Sequence[float] = (0.0,),
) -> Drawing:
    """Plan of the seats by their C-value to a target or feed; to the one that each sees least where none is named.

    scale : 1:n it is laid out for; the largest that fits an A2 sheet where not given
    bands : C-values at which another colour begins, as the rules have them [m]

    Each seat has a colour and a letter, A for the best. Seats above others (a balcony) are drawn beside them.
    """
    seen = to_see(scene, views if views is not None else made(scene))
    if target is None:
        c, _ = least(seen, len(scene.seats))
        aims = [view for view in seen.values() if view.role in MATTERS]
    else:
        aims = [one(seen, target)]
        c = aims[0].c
    page = _Map(scene, c, aims, sorted({float(band) for band in bands}), scale)
    title = f"C-VALUE TO {aims[0].target.upper()}" if target is not None else "LEAST C-VALUE TO ALL THAT MUST BE SEEN"
    return page.drawn(title)


@dataclass
class _Map:
    """A heat map that is being drawn."""

    scene: Scene
    c: Floats
    aims: list[View]
    bands: list[float]
    asked: float | None

    def __post_init__(self) -> None:
        self.seats: Seats = self.scene.seats
        self.upper: Bools = upper_seats(self.seats) if len(self.seats) else np.zeros(0, np.bool_)
        low, high = self._span()
        self.aside = float(high[0] - low[0]) + 4.0 if self.upper.any() else 0.0
        self.scale = float(self.asked or _scale((float(high[0] - low[0]) + self.aside, float(high[1] - low[1]))))
        self.letters = _letters(self.seats, self.c, self.bands)
        self.places = Places(self.scale)

    def drawn(self, title: str) -> Drawing:
        marks = [*self.house(False), *self.squares()]
        if self.aside:
            marks += [shifted(mark, (self.aside * 1000, 0.0)) for mark in self.house(True)]
        marks += self.targets()
        marks += self.rows()
        if self.aside:
            marks += self.storeys(marks)
        marks += self.legend(marks)
        return drawing("heat map", title, self.scene, marks, {}, self.scale, list(self.notes()))

    def _span(self) -> tuple[Floats, Floats]:
        points = [room.outline.outer.points for room in self.scene.rooms] + [self.seats.at[:, :2]]
        every = np.concatenate([*points, *(view.focus[:, :2][np.isfinite(view.focus[:, 0])] for view in self.aims)])
        return (every.min(axis=0), every.max(axis=0)) if len(every) else (np.zeros(2), np.ones(2))

    def house(self, above: bool) -> list[Mark]:
        """Room, stage and what stands among the seats, thin; `above`: among the seats above others."""
        out: list[Mark] = []
        for space in self.scene.of(Space):
            if space.use in ("room", "stage"):
                out += _outline_lines(space.outline, Style("wall" if space.use == "room" else "stage", "beyond"))
        level = self.seats.at[self.upper, 2].min() - UNDER if self.upper.any() else np.inf
        for part in parts_of(self.scene):
            if part.system in STANDING and not part.of_seats and (part.bounds[1, 2] >= level) == above:
                out += path_marks(hidden_lines(bodies([part], ["standing"])), Style(part.system, "beyond"))
        return out

    def squares(self) -> Iterator[Mark]:
        """A filled square a seat, its outline and its letter."""
        seats = self.seats
        look = np.radians(seats.facing)
        ahead = np.stack([np.cos(look), np.sin(look)], axis=1) * (FULL / 2 * seats.depth)[:, None]
        side = np.stack([np.sin(look), -np.cos(look)], axis=1) * (FULL / 2 * seats.width)[:, None]
        middle = self.middle()
        corners = np.stack(
            [middle + ahead + side, middle - ahead + side, middle - ahead - side, middle + ahead - side], 1
        )
        colours = {letter: colour for letter, colour, _ in self.classes()}
        height = self.letter_height()
        reach = np.abs(ahead) + np.abs(side)
        self.places.keep(np.c_[middle - reach, middle + reach] * 1000)
        for ring, at, letter in zip(corners, middle, self.letters):
            points = points_mm(ring)
            if (colour := colours[letter]) is not None:
                yield Fill(FILL, (points,), "solid", colour)
            yield Line(SEAT, points, closed=True)
            if height:
                yield Text(WORDS, mm(*at), letter, height, 0.0, "centre", "middle")

    def middle(self) -> Floats:
        """(n, 2) where each seat is drawn. [m]"""
        return np.asarray(self.seats.at[:, :2] + np.where(self.upper, self.aside, 0.0)[:, None] * np.array([1.0, 0.0]))

    def letter_height(self) -> float:
        """Capital height of the letters; 0 where they could not be read. [mm of the paper]"""
        if not len(self.seats):
            return 0.0
        room = FULL * 1000 / self.scale * float(min(self.seats.width.min(), self.seats.depth.min()))
        height = min(2.5, 0.62 * room)
        return round(height, 2) if height >= 1.2 else 0.0

    def classes(self) -> Iterator[tuple[str, Colour | None, str]]:
        """Letter, colour and words of every class, the best first."""
        show = self.scene.about.units
        words = [units.small(band, show) for band in self.bands]
        count = len(words)
        for k in range(count, -1, -1):
            what = (
                f"below {words[0]}"
                if k == 0
                else f"{words[-1]} and more"
                if k == count
                else f"{words[k - 1]} to {words[k]}"
            )
            yield _letter(k, count), _ramp(k / count if count else 1.0), what
        yield AHEAD, GROUND[AHEAD], "nobody sits in front"
        yield BLIND, GROUND[BLIND], "no C-value (at a table, or turned away)"
        yield EMPTY, GROUND[EMPTY], "killed: nobody sits there"

    def targets(self) -> list[Mark]:
        """What is looked at: its edge, or a circle, and its name."""
        out: list[Mark] = []
        style, e = Style("sight"), self.scale
        records: dict[str, list[Target]] = {}
        for record in self.scene.of(Target):
            records.setdefault(record.element, []).append(record)
        drawn: dict[tuple[Point, ...], str] = {}
        for view in self.aims:
            for element in view.element.split():
                for record in records.get(element, []):
                    if record.role == view.role:
                        flat = np.atleast_2d(record.points)[:, :2]
                        line = tuple(dict.fromkeys(points_mm(flat)))
                        name = record.name or record.element
                        drawn[line] = name if drawn.get(line, name) == name else f"{drawn[line]}, {name}"
        for line, name in drawn.items():
            x = sum(point[0] for point in line) / len(line)
            if len(line) > 1:
                out.append(Line(style, line, closed=len(line) > 2))
            else:
                out.append(Circle(style, line[0], 1.5 * e))
            xs, ys = zip(*line)
            box = (min(xs) - 2 * e, min(ys) - 2 * e, max(xs) + 2 * e, max(ys) + 2 * e)
            out += self.places.put(
                WORDS, name.upper(), [Spot(x, max(ys) + 2.5 * e, "centre", "bottom"), *around(box, e)]
            )
        return out

    def rows(self) -> list[Mark]:
        """The letter of a row at its ends, where it has room."""
        seats, out = self.seats, list[Mark]()
        lettered = np.flatnonzero((seats.row != "") & (seats.place != "table"))
        middle = self.middle()
        for rank in np.unique(seats.rank[lettered]).tolist():
            mine = lettered[seats.rank[lettered] == rank]
            for seat, way in ((int(mine[0]), -1), (int(mine[-1]), 1)):
                along = math.radians(float(seats.facing[seat]) - 90)
                words = str(seats.row[seat])
                step = (float(seats.width[seat]) * 500 + self.scale * (1.2 + lettering.width(words, 2.0) / 2)) * way
                x, y = (middle[seat] * 1000 + step * np.array([math.cos(along), math.sin(along)])).tolist()
                out += self.places.put(WORDS, words, [Spot(x, y, "centre", "middle")], 2.0, mask=False)
        return out

    def storeys(self, marks: Sequence[Mark]) -> list[Mark]:
        """Which of the two plans is which."""
        (_, _), (_, top) = extent(marks, {}, self.scale)
        low, high = self._span()
        x, y = float(low[0] + high[0]) * 500, top + 3 * self.scale
        return [
            Text(WORDS, (x + aside * 1000, y), words, 3.5, 0.0, "centre")
            for aside, words in ((0.0, "LOWER SEATS"), (self.aside, "SEATS ABOVE OTHERS"))
        ]

    def legend(self, marks: Sequence[Mark]) -> list[Mark]:
        """Letter, colour, band and number of seats, to the right of the plan."""
        e = self.scale
        (_, _), (right, top) = extent(marks, {}, e)
        counts = {letter: int((self.letters == letter).sum()) for letter, _, _ in self.classes()}
        shown = [row for row in self.classes() if counts[row[0]] or row[0] not in GROUND]
        x, y = right + 10 * e, top - 4 * e
        wide = 9 + max(lettering.width(words, 2.5) for _, _, words in shown) + 5
        wide += max(lettering.width(f"{len(self.seats)}", 2.5), lettering.width("seats", 2.5))
        out: list[Mark] = [
            Text(WORDS, (x, y), "C-value", 3.5), Text(WORDS, (x + wide * e, y), "seats", 2.5, 0.0, "right"),
        ]  # fmt: skip
        for letter, colour, words in shown:
            y -= 6 * e
            ring = ((x, y - 1 * e), (x + 6 * e, y - 1 * e), (x + 6 * e, y + 3.5 * e), (x, y + 3.5 * e))
            if colour is not None:
                out.append(Fill(FILL, (ring,), "solid", colour))
            out += [
                Line(SEAT, ring, closed=True), Text(WORDS, (x + 3 * e, y + 1.25 * e), letter, 2.5, 0.0, "centre", "middle"),
                Text(WORDS, (x + 9 * e, y), words, 2.5), Text(WORDS, (x + wide * e, y), str(counts[letter]), 2.5, 0.0, "right"),
            ]  # fmt: skip
        y -= 2.5 * e
        out.append(Line(WORDS, ((x, y), (x + wide * e, y))))
        y -= 4.5 * e
        out += [
            Text(WORDS, (x + 9 * e, y), "all", 2.5),
            Text(WORDS, (x + wide * e, y), str(len(self.seats)), 2.5, 0.0, "right"),
        ]
        return out

    def notes(self) -> Iterator[str]:
        yield (
            "C-value: how far the sightline from the eye to the point that governs passes above the eyes of the row in front "
            "that binds, over every row in front; below zero it meets them. Eye to eye, without set and house in the way."
        )
        if len(self.aims) > 1:
            yield f"The least of: {', '.join(view.target for view in self.aims)}."
        if not self.aims:
            yield "Nothing to be seen is named: a target, a presenter or a screen."
        if self.scene.about.people:
            yield f"Eyes: {self.scene.about.people}."
        if len(self.seats) and not self.letter_height():
            yield f"At 1:{self.scale:g} seats are too small for their letters; darker is lower."
        if self.aside:
            yield (
                f"Seats above others are drawn {units.length(self.aside, self.scene.about.units)} to the right of where they "
                "stand."
            )


def _letters(seats: Seats, c: Floats, bands: Sequence[float]) -> Strings:
    """(n,) letter of each seat's class."""
    with np.errstate(invalid="ignore"):
        band = np.searchsorted(np.array(bands), np.nan_to_num(c) + EXACT, side="right")
    names = np.array([_letter(k, len(bands)) for k in range(len(bands) + 1)])
    found = np.where(np.isposinf(c), AHEAD, np.where(np.isnan(c), BLIND, names[band]))
    return np.where(seats.status == "kill", EMPTY, found)


def _letter(band: int, count: int) -> str:
    """A for the best of count + 1 bands."""
    return chr(ord("A") + count - band)


def _ramp(share: float) -> Colour:
    """Colour at a place of the ramp, 0 the lowest."""
    place = np.linspace(0, 1, len(RAMP))
    r, g, b = (round(float(np.interp(share, place, [colour[k] for colour in RAMP])), 3) for k in range(3))
    return r, g, b


def _scale(size: tuple[float, float]) -> float:
    """The largest usual scale at which something of so many metres fits. 1:n"""
    scales = [float(scale) for scale in (*SCALES, *COARSE) if scale >= 20]
    return next((s for s in scales if all(a * 1000 / s <= room for a, room in zip(size, ROOM))), scales[-1])
