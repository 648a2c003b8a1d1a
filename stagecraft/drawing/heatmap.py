"""The heat map: a plan on which every seat has the colour and the letter of what it sees."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from stagecraft import units
from stagecraft.analysis.views import Views
from stagecraft.analysis.views import views as made
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Box, Places, Spot, around
from stagecraft.drawing._paper import FILING, GAP, LEAST_TITLE, MARGIN, SIZES, STRIP, USUAL, Block, shifted
from stagecraft.drawing._plan_shapes import outline_lines
from stagecraft.drawing._shown import GROUND, RAMP, Shown, clearances, shares
from stagecraft.drawing._views import (
    bodies,
    drawing,
    extent,
    keep_lines,
    mm,
    parts_of,
    path_marks,
    points_mm,
    seat_corners,
    upper_seats,
    vertices,
    whose,
)
from stagecraft.drawing.marks import Circle, Drawing, Fill, Leader, Line, Mark, Point, Style, Text
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import hidden_lines
from stagecraft.scene import Bools, Part, Scene, Seats, Space, Target

__all__ = ["RAMP", "heat_map"]

UNDER = 0.3
"""What reaches this near to the floor of seats above others belongs to them. [m]"""
DEEP = 1.0
"""A floor above is no deeper: what begins lower stands in the storey beneath too. [m]"""
FULL = 0.92
"""Of its place that the square of a seat fills."""
PAPERS = ("A4", "A3", "A2", "A1")
"""What a map is made for, the handiest first."""
LETTER, LEAST_LETTER = 1.8, 1.2
"""Capital height of letters in seats: asked for, and the least that is drawn. [mm of the paper]"""
ROW_LETTERS = 14.0
"""Room that letters of rows take on both sides. [mm of the paper]"""
LINE = 6.0
"""Distance of the lines of a legend. [mm of the paper]"""
REASONS = 8
"""Lines of reasons beside a map; how many more there are is said."""
STANDING = ("column", "foh", "camera", "platform", "table")
"""Systems whose outline helps to find one's way."""
SEAT, SMALL = Style("seating", "beyond"), Style("seating", "overhead")
"""Outlines of seats with their letters, and of those that are too small for one."""
WORDS, FILL = Style("note"), Style("sight", "pattern")


def heat_map(
    scene: Scene,
    views: Views | None = None,
    target: str | None = None,
    scale: float | None = None,
    bands: Sequence[float] | Mapping[str, float] = (),
    what: Literal["c", "share", "people"] = "c",
) -> Drawing:
    """Plan of the seats by what they see of a target or feed; of what each sees least of where none is named.

    scale : 1:n it is laid out for; where not given, the one that fills the smallest sheet on which letters are read
    bands : where another colour begins, as the rules have it: C-values [m], or the least share of each band by its name
    what : "c" C-values over the rows in front; "share" what is seen past fixed things, with the names of those that
        take most; "people" what is seen past fixed things and past the heads in front

    Each seat has a colour and a letter, A for the best. Seats above others (a balcony) are drawn beside them.
    """
    seen = views if views is not None else made(scene)
    if what == "c":
        shown = clearances(scene, seen, target, [*(bands.values() if isinstance(bands, Mapping) else bands)] or [0.0])
    elif what in ("share", "people"):
        named = bands if isinstance(bands, Mapping) else {f"{least:g}": least for least in bands}
        shown = shares(scene, seen, target, named, what == "people")
    else:
        raise VenueError(f"a heat map shows c, share or people, not '{what}'")
    return Map(scene, shown, scale).drawn()


def map_scale(scene: Scene, views: Views, bands: Mapping[str, float]) -> float:
    """The scale at which a map of shares fills the smallest sheet on which its letters are read. 1:n"""
    return Map(scene, shares(scene, views, None, bands), None).scale


@dataclass
class Map:
    """A heat map that is being drawn."""

    scene: Scene
    shown: Shown
    asked: float | None

    def __post_init__(self) -> None:
        self.seats: Seats = self.scene.seats
        self.upper: Bools = upper_seats(self.seats) if len(self.seats) else np.zeros(0, np.bool_)
        low, high = self._span()
        self.aside = float(high[0] - low[0]) + 4.0 if self.upper.any() else 0.0
        self.level = float(self.seats.at[self.upper, 2].min()) - UNDER if self.upper.any() else math.inf
        self.size = float(high[0] - low[0]) + self.aside, float(high[1] - low[1])
        self.places, self.boxes = Places(1.0), np.zeros((0, 4))
        self.scale, self.below = self._laid_out()
        self.places = Places(self.scale)

    def drawn(self) -> Drawing:
        marks = self.house(False)
        if self.aside:
            marks += [shifted(mark, (self.aside * 1000, 0.0)) for mark in self.house(True)]
        keep_lines(self.places, marks)
        marks += self.squares()
        for mark in (*self.targets(), *self.culprits()):
            marks += self.between_seats(mark) if isinstance(mark, Leader) else [mark]
        marks += self.rows()
        marks += self.blocks()
        if self.aside:
            marks += self.storeys(marks)
        marks += self.legend(marks)
        made = drawing("heat map", self.shown.title, self.scene, marks, {}, self.scale, list(self.notes(self.scale)))
        (left, low), high = made.extent
        return replace(made, extent=((left, low - 3 * self.scale), high))

    def _span(self) -> tuple[Floats, Floats]:
        points = [room.outline.outer.points for room in self.scene.rooms] + [seat_corners(self.seats)[:, :2]]
        aims = self.shown.aims
        every = np.concatenate([*points, *(view.focus[:, :2][np.isfinite(view.focus[:, 0])] for view in aims)])
        return (every.min(axis=0), every.max(axis=0)) if len(every) else (np.zeros(2), np.ones(2))

    def _laid_out(self) -> tuple[float, bool]:
        """Scale, and whether the legend stands below the plan: the smallest paper whose letters are read, well filled."""
        found: list[tuple[bool, bool, int, float, float, bool]] = []
        for (order, name), turned, below in itertools.product(enumerate(PAPERS), (False, True), (False, True)):
            paper = SIZES[name][::-1] if turned else SIZES[name]
            for scale in [self.asked] if self.asked else USUAL:
                if (filled := self._filled(float(scale), below, paper)) is not None:
                    letter = self.letter_height(float(scale)) if len(self.seats) else LETTER
                    found.append((letter < LETTER, not letter, order if letter else -order, scale, -filled, below))
                    break
        if not found:
            return float(self.asked or USUAL[-1]), False
        best = min(found)
        return float(best[3]), best[5]

    def _filled(self, scale: float, below: bool, paper: tuple[float, float]) -> float | None:
        """How much of a paper plan and legend fill at a scale; None where they do not fit on it."""
        wide, tall = (side * 1000 / scale for side in self.size)
        wide += 4 if self.scene.rooms else ROW_LETTERS
        tall += 12 if self.aside else 4
        tables = [(table.width, table.height) for table in self.tables]
        if below:
            wide = max(wide, sum(size[0] for size in tables) + 12 * (len(tables) - 1))
            tall += 10 + max(size[1] for size in tables)
        else:
            wide += 12 + max(size[0] for size in tables)
            tall = max(tall, sum(size[1] for size in tables) + 8 * (len(tables) - 1))
        wide = max(wide, LEAST_TITLE)
        notes = sum(len(lettering.wrap(note, wide)) for note in (whose(self.scene), *self.notes(scale)))
        tall += 3 + STRIP + 4.0 * notes + 2 * GAP
        room = paper[0] - FILING - MARGIN - 2 * GAP, paper[1] - 2 * MARGIN
        return wide * tall / (room[0] * room[1]) if wide <= room[0] and tall <= room[1] else None

    def house(self, above: bool) -> list[Mark]:
        """Room, stage and what stands among the seats, thin; `above`: among the seats above others."""
        out: list[Mark] = []
        for space in self.scene.of(Space):
            if space.use in ("room", "stage"):
                out += outline_lines(space.outline, Style("wall" if space.use == "room" else "stage", "beyond"))
        for part in parts_of(self.scene):
            if part.system in STANDING and not part.of_seats and self._stands(part, above):
                out += path_marks(hidden_lines(bodies([part], ["standing"])), Style(part.system, "beyond"))
        return out

    def _stands(self, part: Part, above: bool) -> bool:
        """Does it reach into the storey of the seats above others, or into that beneath?"""
        low, high = part.bounds[:, 2].tolist()
        return bool(high >= self.level if above else low < self.level - DEEP)

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
        colours = {letter: colour for letter, colour, _ in self.shown.classes}
        height = self.letter_height(self.scale)
        reach = np.abs(ahead) + np.abs(side)
        self.boxes = np.c_[middle - reach, middle + reach] * 1000
        self.places.keep(self.boxes)
        for ring, at, letter in zip(corners, middle, self.shown.letters.tolist()):
            points = points_mm(ring)
            if (colour := colours[letter]) is not None:
                yield Fill(FILL, (points,), "solid", colour)
            yield Line(SEAT if height else SMALL, points, closed=True)
            if height:
                yield Text(WORDS, mm(*at), letter, height, 0.0, "centre", "middle")

    def middle(self) -> Floats:
        """(n, 2) where each seat is drawn. [m]"""
        return np.asarray(self.seats.at[:, :2] + np.where(self.upper, self.aside, 0.0)[:, None] * np.array([1.0, 0.0]))

    def letter_height(self, scale: float) -> float:
        """Capital height of the letters; 0 where they could not be read. [mm of the paper]"""
        if not len(self.seats):
            return 0.0
        room = FULL * 1000 / scale * float(min(self.seats.width.min(), self.seats.depth.min()))
        height = min(2.5, 0.62 * room)
        return round(height, 2) if height >= LEAST_LETTER else 0.0

    def targets(self) -> list[Mark]:
        """What is looked at: its edge, or a circle, and its name."""
        out: list[Mark] = []
        style, e = Style("sight"), self.scale
        records: dict[str, list[Target]] = {}
        for record in self.scene.of(Target):
            records.setdefault(record.element, []).append(record)
        drawn: dict[tuple[Point, ...], str] = {}
        for view in self.shown.aims:
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

    def culprits(self) -> list[Mark]:
        """What takes most of some seats' view: its outline, its name and how many seats."""
        out: list[Mark] = []
        for cause, words, seats in self.shown.culprits:
            parts = [p for p in parts_of(self.scene) if (p.element, p.name) == (cause.element, cause.name)]
            aside = 0.0 if any(self._stands(part, False) for part in parts) else self.aside * 1000
            lines = path_marks(hidden_lines(bodies(parts, ["culprit"] * len(parts))), Style(cause.system))
            out += [shifted(mark, (aside, 0.0)) for mark in lines]
            flat = vertices(parts)[:, :2] * 1000 + [aside, 0.0]
            box = (*flat.min(axis=0).tolist(), *flat.max(axis=0).tolist())
            count = f"{words}: {seats} seat{'s' if seats > 1 else ''}"
            out += self.places.name(WORDS, count, [((*around(box, self.scale), *_far(box, self.scale)), 2.5, None)])
        return out

    def between_seats(self, leader: Leader) -> Iterator[Mark]:
        """A leader with gaps where it would strike a seat and its letter."""
        start, way = np.array(leader.points[0]), np.subtract(leader.points[-1], leader.points[0])
        ends = (self.boxes.reshape(-1, 2, 2) - start) / np.where(np.abs(way) < 1e-9, 1e-9, way)
        enter, leave = ends.min(axis=1).max(axis=1), ends.max(axis=1).min(axis=1)
        struck = (enter < leave) & (leave > 0) & (enter < 1)
        at = 0.0
        for low, high in [*sorted(zip(enter[struck].tolist(), leave[struck].tolist())), (1.0, 1.0)]:
            if low > at:
                a, b = (start + at * way).tolist(), (start + low * way).tolist()
                piece = ((a[0], a[1]), (b[0], b[1]))
                yield Line(leader.style, piece) if at else Leader(leader.style, piece)
            at = max(at, high)

    def rows(self) -> list[Mark]:
        """The letter of a row at its ends, where it has room."""
        seats, out = self.seats, list[Mark]()
        lettered = np.flatnonzero((seats.row != "") & ~seats.at_table)
        middle = self.middle()
        for rank in np.unique(seats.rank[lettered]).tolist():
            mine = lettered[seats.rank[lettered] == rank]
            for seat, way in ((int(mine[0]), -1), (int(mine[-1]), 1)):
                along = math.radians(float(seats.facing[seat]) - 90)
                words = str(seats.row[seat])
                step = float(seats.width[seat]) * 500 + self.scale * (1.2 + lettering.width(words, 2.0) / 2)
                steps = way * step * np.array([[1.0], [1.3], [1.6], [1.9]])  # on slanting rows the first is taken
                at = middle[seat] * 1000 + steps * np.array([math.cos(along), math.sin(along)])
                out += self.places.put(WORDS, words, [Spot(x, y) for x, y in at.tolist()], 2.0, mask=False)
        return out

    def blocks(self) -> list[Mark]:
        """The name of each block behind its last row or before its first, of a table in its middle; of one alone none."""
        seats, out = self.seats, list[Mark]()
        names = [name for name in dict.fromkeys(seats.block.tolist()) if name]
        look = np.radians(seats.facing)
        middle = self.middle() * 1000
        for name in names if len(names) > 1 else []:
            mine = np.flatnonzero(seats.block == name)
            if (seats.place[mine] == "table").all():
                x, y = middle[mine].mean(axis=0).tolist()
                out += self.places.put(WORDS, name, [Spot(x, y)], mask=False)
                continue
            wide = lettering.width(name, 3.5) / 2
            spots: list[Spot] = []
            ahead = middle[mine] @ [np.cos(look[mine]).mean(), np.sin(look[mine]).mean()]
            for end, way in ((ahead.argmin(), -1), (ahead.argmax(), 1)):
                row = mine[seats.rank[mine] == seats.rank[mine[end]]]
                x, y = np.array([np.cos(look[row]).mean(), np.sin(look[row]).mean()]) * way
                out_of = float(seats.depth[row].max()) * 500
                off = out_of + self.scale * (abs(x) * wide + abs(y) * 1.75 + np.array([1.2, 2.5, 4.0])[:, None])
                spots += [Spot(u, v) for u, v in (middle[row].mean(axis=0) + off * [x, y]).tolist()]
            out += self.places.put(WORDS, name, spots, 3.5, mask=False)
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
        """The tables to the right of the plan, or side by side below it."""
        (left, low), (right, top) = extent(marks, {}, self.scale)
        e = self.scale
        x, y = (left, low - 10 * e) if self.below else (right + 12 * e, top)
        out: list[Mark] = []
        for block in self.tables:
            out += [shifted(_enlarged(mark, e), (x, y)) for mark in block.marks]
            x, y = (x + (block.width + 12) * e, y) if self.below else (x, y - (block.height + 8) * e)
        return out

    @cached_property
    def tables(self) -> list[Block]:
        return [self._classes(), *([self._reasons()] if self.shown.reasons else [])]

    def _classes(self) -> Block:
        """Letter, colour, band and number of seats."""
        letters = self.shown.letters
        counts = {letter: int((letters == letter).sum()) for letter, _, _ in self.shown.classes}
        rows = [row for row in self.shown.classes if counts[row.letter] or row.letter not in GROUND]
        wide = 9 + max(lettering.width(row.words, 2.5) for row in rows) + 5
        wide += max(lettering.width(f"{len(letters)}", 2.5), lettering.width("seats", 2.5))
        y = -3.5
        out: list[Mark] = [
            Text(WORDS, (0.0, y), self.shown.head, 3.5), Text(WORDS, (wide, y), "seats", 2.5, 0.0, "right"),
        ]  # fmt: skip
        for letter, colour, words in rows:
            y -= LINE
            ring = ((0.0, y - 1), (6.0, y - 1), (6.0, y + 3.5), (0.0, y + 3.5))
            if colour is not None:
                out.append(Fill(FILL, (ring,), "solid", colour))
            out += [
                Line(SEAT, ring, closed=True), Text(WORDS, (3.0, y + 1.25), letter, 2.5, 0.0, "centre", "middle"),
                Text(WORDS, (9.0, y), words, 2.5), Text(WORDS, (wide, y), str(counts[letter]), 2.5, 0.0, "right"),
            ]  # fmt: skip
        out.append(Line(WORDS, ((0.0, y - 2.5), (wide, y - 2.5))))
        y -= 7
        out += [Text(WORDS, (9.0, y), "all", 2.5), Text(WORDS, (wide, y), str(len(letters)), 2.5, 0.0, "right")]
        return Block(wide, -y, tuple(out))

    def _reasons(self) -> Block:
        """Who sees least and why, or what takes most: the first few."""
        reasons = self.shown.reasons
        rows = list(reasons if len(reasons) <= REASONS else reasons[: REASONS - 1])
        y, x = -3.5, 0.0
        out: list[Mark] = [Text(WORDS, (0.0, y), self.shown.heading, 3.5)]
        for column in zip(*rows):
            for k, words in enumerate(column, 1):
                out.append(Text(WORDS, (x, y - LINE * k), words, 2.5))
            x += max(lettering.width(words, 2.5) for words in column) + 4
        y -= LINE * len(rows)
        if len(rows) < len(reasons):
            y -= LINE
            out.append(Text(WORDS, (0.0, y), f"and {len(reasons) - len(rows)} more", 2.5))
        return Block(max(x - 4, lettering.width(self.shown.heading, 3.5)), -y, tuple(out))

    def notes(self, scale: float) -> Iterator[str]:
        yield from self.shown.notes
        if self.scene.about.people:
            yield f"Eyes: {self.scene.about.people}."
        if not len(self.seats):
            yield "There are no seats: nothing is coloured."
        elif not self.letter_height(scale):
            yield f"At 1:{scale:g} seats are too small for their letters; darker is lower."
        yield from self.places.notes
        if self.aside:
            yield (
                f"Seats above others are drawn {units.length(self.aside, self.scene.about.units)} to the right of where they "
                "stand."
            )


def _far(box: Box, scale: float) -> Iterator[Spot]:
    """Places beside and beyond whole blocks of seats."""
    left, low, right, high = box
    x, y = (left + right) / 2, (low + high) / 2
    for reach in range(30, 150, 10):
        d = reach * scale
        yield Spot(right + d, y, "left", "middle", (right, y), reach)
        yield Spot(left - d, y, "right", "middle", (left, y), reach)
        yield Spot(x, high + d, "centre", "bottom", (x, high), reach)
        yield Spot(x, low - d, "centre", "top", (x, low), reach)


def _enlarged(mark: Mark, by: float) -> Mark:
    """A mark of a legend with its places so many times farther out."""
    match mark:
        case Text():
            return replace(mark, at=(mark.at[0] * by, mark.at[1] * by))
        case Line():
            return replace(mark, points=tuple((x * by, y * by) for x, y in mark.points))
        case Fill():
            return replace(mark, rings=tuple(tuple((x * by, y * by) for x, y in ring) for ring in mark.rings))
    return mark
