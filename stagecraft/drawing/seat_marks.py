"""The seating plan that ushers work with: every seat with its number, rows lettered at both ends, blocks, gangways."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stagecraft.analysis.at_tables import seated_tables, told_apart
from stagecraft.drawing import lettering
from stagecraft.drawing._house import OVERHEAD
from stagecraft.drawing._labels import Places, Spot, around
from stagecraft.drawing._paper import FILING, GAP, MARGIN, SIZES, STRIP, USUAL, shifted
from stagecraft.drawing._plan_shapes import outline_lines
from stagecraft.drawing._views import (
    STOREY,
    bodies,
    drawing,
    name_of,
    notes_of,
    parts_of,
    path_marks,
    points_mm,
    seat_corners,
    upper_seats,
)
from stagecraft.drawing._widths import gangway_width
from stagecraft.drawing.marks import Drawing, Fill, Insert, Line, Mark, Style, Symbol, Text
from stagecraft.drawing.plan import Plan
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import hidden_lines
from stagecraft.scene import Door, Part, Scene, SeatRow, Seats, Space, Walkway

FULL = 4.0
"""Every number stands in its seat where a seat is at least so wide on paper. [mm]"""
REACH = 5.0
"""A number that a seat has no room for reaches over those beside it, which have none: so many seats wide at most."""
CLOSE = 2.8
"""Rows that are closer on paper have no numbers. [mm]"""
EVERY = 10
"""Smaller seats have their number at row ends, and where it divides by this."""
NUMBER, LEAST = 1.8, 1.0
"""Capital height of seat numbers: asked for, and the least that is drawn. [mm of the paper]"""
ROW, BLOCK, WIDTH = 2.2, 4.0, 1.8
"""Capital heights of row letters, block names and clear widths. [mm of the paper]"""
BETWEEN = 6.0
"""Between the house and what stands above it, drawn beside it. [m]"""
DOORS = 66.0
"""Room that doors and their names take on both sides of a house. [mm of the paper]"""
HELD = (0.85, 0.85, 0.85)
"""Of a held seat's place."""
STANDING = ("column", "foh", "camera", "platform", "table")
"""Systems whose outline helps to find one's way."""
TITLE = "SEATING PLAN"
_SEAT, _WORDS = Style("seating", "id"), Style("note", "id")


def seating_plan(scene: Scene, scale: float | None = None) -> Drawing:
    """Plan of the seats for ushers: room, stage, exits, seats, tables, and the marks of `seat_marks`.

    scale : 1:n; where not given, the one with which it fills the smallest of A3, A2 and A1 on which every seat has its
        number, else A1

    Seats above others (a balcony) are drawn beside them. Numbers stand in the symbols' attributes too, whatever is shown.
    """
    above = upper_elements(scene)
    low, high = _span(scene)
    aside = float(high[0] - low[0]) + BETWEEN if above else 0.0
    scale = float(scale or _scale(scene, high - low + (aside, 0.0)))
    page = _Seating(_without(scene, above), scale)
    page.seating(True)
    marks, symbols, notes = page.marks, dict(page.symbols), list(page.notes)
    if above:
        beside = _Seating(_without(scene, {row.element for row in scene.seat_rows} - above), scale)
        beside.seating(False)
        titles = [
            Text(
                _WORDS,
                ((low[0] + high[0]) * 500 + x * 1000, high[1] * 1000 + 900 + 2.5 * scale),
                words,
                3.5,
                align="centre",
            )
            for x, words in ((0.0, "LOWER SEATS"), (aside, "SEATS ABOVE OTHERS"))
        ]
        moved = [shifted(mark, (aside * 1000, 0.0)) for mark in _renamed(beside, symbols)]
        marks, symbols = [*marks, *moved, *titles], symbols | beside.symbols
    notes += _told(scene, scale, marks)
    return drawing("seating plan", TITLE, scene, marks, symbols, scale, notes)


def seating_level(scene: Scene, scale: float, above: bool = False) -> Drawing:
    """Plan of the seats on the lower levels, or of those `above` others alone, laid out for 1:`scale`."""
    upper = upper_elements(scene)
    away = {row.element for row in scene.seat_rows} - upper if above else upper
    level = _without(scene, away)
    page = _Seating(level, float(scale), above=above if upper else None)
    page.plain |= bool(len(level.seats) and _small(level.seats, page.scale))
    page.underlay()
    page.seating(not above)
    near = level.seats.at[:, :2] * 1000 if len(level.seats) else np.zeros((0, 2))
    if not (
        np.hypot(*near.T) < 500 + 4 * page.scale
    ).any():  # the setting-out point is no matter where people sit on it
        page.axes()
    page.axis_ends(sections=False)
    page.notes += page.row_spacing()
    name, title = ("seating above", f"{TITLE}, SEATS ABOVE OTHERS") if above else ("seating", TITLE)
    return drawing(name, title, level, page.marks, page.symbols, page.scale,
                   [*notes_of(scene, {row.element for row in level.seat_rows}), *page.notes, *page.places.notes, *_told(level, page.scale, page.marks)], page.beneath)  # fmt: skip


def upper_elements(scene: Scene) -> set[str]:
    """Elements whose seats stand above others: a balcony."""
    seats = scene.seats
    return set(np.unique(seats.element[upper_seats(seats)]).tolist()) if len(seats) else set()


def _told(scene: Scene, scale: float, marks: Sequence[Mark]) -> Iterator[str]:
    """What a reader of the marks must know."""
    seats = scene.seats
    if _close(scene, scale):
        yield "Seat numbers have no room at this scale: they stand in the list of seats."
    elif len(seats) and _small(seats, scale):
        yield f"Seat numbers at the ends of rows and at every {EVERY}th seat; wheelchair places always."
    for status, words in (("hold", "Grey: held."), ("kill", "Crossed: not given, nobody sits there.")):
        if (seats.status == status).any():
            yield words
    written = {mark.text for mark in marks if isinstance(mark, Text)}
    if unnamed := [name for name in _blocks(seats) if f"BLOCK {name}" not in written]:
        yield f"No room for the name of block {', '.join(unnamed)}."


def seat_marks(scene: Scene, scale: float, places: Places | None = None) -> tuple[Mark, ...]:
    """What makes a plan a seating plan, laid out for 1:`scale`.

    Seat numbers in the seats, rows lettered at both ends of each run, names of blocks, clear widths of gangways. Where a
    seat is less than 4 mm wide on paper it has a number at the ends of rows, at every tenth and at wheelchair places.
    `places` knows where nothing may be written.
    """
    if places is None:
        places = Places(scale)
        places.keep(_boxes(scene.seats))
    seats = scene.seats
    return (*(() if _close(scene, scale) else _numbers(seats, scale)), *_row_letters(seats, scale, places), *_table_numbers(scene), *_block_names(seats, scale, places),
            *gangway_widths(scene, scale, places))  # fmt: skip


@dataclass
class _Seating(Plan):
    """The plan's own seats, room and stage, without its words."""

    above: bool | None = None
    """The level that alone is drawn; every level where None."""

    def seating(self, walls: bool) -> None:
        self.light = self.above is True
        if walls or self.above:
            self.walls()
        self.light = False
        for space in self.scene.of(Space):
            if space.use == "stage" or (space.use == "room" and not walls and not self.above):
                self.draw(list(outline_lines(space.outline, Style("stage" if space.use == "stage" else "wall"))))
            elif space.use == "standing" and walls:
                self.draw(list(outline_lines(space.outline, Style("clear"))))
        standing = (
            [part for part in self.parts if part.system in STANDING and not part.of_seats and self.on_floor(part)]
            if walls
            else []
        )
        for part in standing:
            self.draw(list(path_marks(hidden_lines(bodies([part], ["standing"])), Style(part.system, "beyond"))))
        self.draw(list(_held(self.scene.seats)))
        self.seats()
        self.draw(list(_killed(self.scene.seats)))
        if walls or self.above:
            self.doors()
        self.stages()
        self.add(seat_marks(self.scene, self.scale, self.places))
        if walls:
            self.desks()

    def on_floor(self, part: Part) -> bool:
        return bool(part.bounds[0, 2] <= self.floor + OVERHEAD)

    def doors(self) -> None:
        for door in self.scene.of(Door):
            if self.above is None or (door.at[2] > self.floor + STOREY) == self.above:
                self.door(door)

    def stages(self) -> None:
        for space in self.scene.of(Space):
            if space.use in ("stage", "standing"):
                points = np.asarray(space.outline.outer.points)
                x, y = (points.min(axis=0) + points.max(axis=0)) * 500
                words = "STAGE" if space.use == "stage" else f"STANDING {space.capacity or ''}".strip()
                self.add(self.places.put(_WORDS, words, [Spot(float(x), float(y))], BLOCK, mask=False))

    def desks(self) -> None:
        """The control position's name beside it, where there is room."""
        named: dict[str, list[Any]] = {}
        for part in parts_of(self.scene):
            if part.system == "foh":
                named.setdefault(part.element, []).append(part.bounds[:, :2] * 1000)
        for element, boxes in named.items():
            (left, low), (right, high) = np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)
            spots = around((float(left), float(low), float(right), float(high)), self.scale)
            self.add(self.places.put(_WORDS, name_of(self.scene, element), spots, WIDTH + 0.7, mask=False))

    def rows(self, upper: Any) -> None:
        """Rows are lettered by `seat_marks`."""

    def number_height(self, seats: Seats, wide: float) -> float:
        return 0.0


def _without(scene: Scene, elements: set[str]) -> Scene:
    """The scene without the rows of some elements."""
    if not elements:
        return scene
    records = tuple(r for r in scene.records if not (isinstance(r, (SeatRow, Walkway)) and r.element in elements))
    return replace(scene, records=records)


def _renamed(page: _Seating, taken: dict[str, Symbol]) -> list[Mark]:
    """Marks of a page whose symbols are called otherwise where a name is that of another symbol."""
    new = {name: f"{name}-above" for name, symbol in page.symbols.items() if taken.get(name, symbol) != symbol}
    page.symbols = {
        new.get(name, name): replace(symbol, name=new.get(name, name)) for name, symbol in page.symbols.items()
    }
    return [
        replace(mark, symbol=new[mark.symbol]) if isinstance(mark, Insert) and mark.symbol in new else mark
        for mark in page.marks
    ]


def _span(scene: Scene) -> tuple[Floats, Floats]:
    """(2,) lowest and highest corner of rooms, stages and seats. [m]"""
    points = [space.outline.outer.points for space in scene.of(Space)]
    every = np.concatenate([*points, seat_corners(scene.seats)[:, :2]])
    return (every.min(axis=0), every.max(axis=0)) if len(every) else (np.zeros(2), np.ones(2))


def _scale(scene: Scene, size: Floats) -> float:
    """The scale that fills the smallest paper on which every seat has its number; else that which fills A1."""
    found, beside = float(USUAL[-1]), DOORS if scene.of(Door) else 16.0
    for name in ("A3", "A2", "A1"):
        fits = [
            scale
            for scale in USUAL
            for paper in (SIZES[name], SIZES[name][::-1])
            if (size[0] * 1000 / scale + beside <= paper[0] - FILING - MARGIN - 2 * GAP)
            and (size[1] * 1000 / scale + STRIP + 0.6 * beside + 14 <= paper[1] - 2 * MARGIN - 2 * GAP)
        ]
        found = float(min(fits, default=found))
        if not len(scene.seats) or not _small(scene.seats, found):
            break
    return found


def _small(seats: Seats, scale: float) -> bool:
    """Are the usual seats too small on paper for their numbers?"""
    return bool(np.median(seats.width) * 1000 / scale < FULL - 1e-6)


def _held(seats: Seats) -> Iterator[Mark]:
    """Held places are grey."""
    for ring in _rings(seats.where(seats.status == "hold")):
        yield Fill(Style("seating"), (ring,), "solid", HELD)


def _killed(seats: Seats) -> Iterator[Mark]:
    """Nobody is sent to a crossed place."""
    for a, b, c, d in _rings(seats.where(seats.status == "kill")):
        yield from (Line(Style("seating"), ends) for ends in ((a, c), (b, d)))


def _rings(seats: Seats) -> list[Any]:
    """Four corners of each place, in order round it. [mm]"""
    front, back = seat_corners(seats).reshape(2, 2, -1, 3)
    return [points_mm(ring[:, :2]) for ring in np.stack([front[0], front[1], back[1], back[0]], axis=1)]


def _boxes(seats: Seats) -> Floats:
    look = np.radians(seats.facing)
    c, s = np.abs(np.cos(look)), np.abs(np.sin(look))
    reach = 500 * np.stack([s * seats.width + c * seats.depth, c * seats.width + s * seats.depth], axis=1)
    return np.asarray(np.concatenate([seats.at[:, :2] * 1000 - reach, seats.at[:, :2] * 1000 + reach], axis=1))


def _runs(seats: Seats) -> list[Any]:
    """Indices of the seats of each row in each of its blocks, those at tables left out."""
    rows = np.flatnonzero(~seats.at_table & (seats.row != ""))
    if not len(rows):
        return []
    new = (np.diff(seats.rank[rows]) != 0) | (np.diff(seats.section[rows]) != 0)
    return np.split(rows, np.flatnonzero(new) + 1)


def _close(scene: Scene, scale: float) -> bool:
    """Whether rows follow one another so closely on paper that a number would reach into the next."""
    pitches = [row.clear + row.depth for row in scene.seat_rows if math.isfinite(row.clear)]
    return bool(pitches) and min(pitches) * 1000 / scale < CLOSE


def _numbers(seats: Seats, scale: float) -> Iterator[Text]:
    """Numbers in seats; one in a seat too small for it reaches over those beside it that have none, inwards at row ends."""
    inwards = np.zeros(len(seats))
    shown = seats.width * 1000 / scale >= FULL - 1e-6
    shown |= (seats.place == "wheelchair") | seats.at_table
    numeric = np.array([int(label[:9]) if label.isdecimal() else 1 for label in seats.seat.tolist()], np.int64)
    for run in _runs(seats):
        inner = run[3:-3]
        shown[inner[numeric[inner] % EVERY == 0]] = True
        shown[[run[0], run[-1]]] = True
        if len(run) > 1:
            inwards[[run[0], run[-1]]] = 1.0, -1.0
    for k in np.flatnonzero(shown & (seats.seat != "")).tolist():
        label, wide = str(seats.seat[k]), float(seats.width[k]) * 1000 / scale
        small = wide < FULL - 1e-6 and not seats.at_table[k] and seats.place[k] != "wheelchair"
        room = (REACH if small else 0.9) * wide
        height = min(NUMBER, room / max(lettering.width(label, 1.0), 1e-9))
        over = max(lettering.width(label, height) - 0.8 * wide, 0.0) / 2 * scale * inwards[k] if small else 0.0
        look = math.radians(float(seats.facing[k]))
        back = (
            400 * float(seats.depth[k]) if seats.place[k] == "wheelchair" else 0.0
        )  # behind the wheelchair drawn there
        x, y = (
            float(seats.at[k, 0]) * 1000 - back * math.cos(look),
            float(seats.at[k, 1]) * 1000 - back * math.sin(look),
        )
        x, y = x + over * math.sin(look), y - over * math.cos(look)
        yield Text(_SEAT, (x, y), label, max(height, LEAST), 0.0, "centre", "middle", mask=small)


def _row_letters(seats: Seats, scale: float, places: Places) -> Iterator[Mark]:
    for run in _runs(seats):
        for seat, way in ((int(run[0]), -1.0), (int(run[-1]), 1.0)):
            along = math.radians(float(seats.facing[seat]) - 90.0)
            words = str(seats.row[seat])
            wide = lettering.width(words, ROW) * scale / 2
            x, y = (seats.at[seat, :2] * 1000).tolist()
            steps = [
                (float(seats.width[seat]) * 500 + (0.6 + more) * scale + wide) * way for more in (0.0, 0.6, 1.2, 2.4)
            ]
            spots = [Spot(x + step * math.cos(along), y + step * math.sin(along)) for step in steps]
            yield from places.put(_SEAT, words, spots, ROW, mask=False)


def _blocks(seats: Seats) -> list[str]:
    """Names of blocks of rows; none where there is one alone."""
    names = [name for name in dict.fromkeys(seats.block[~seats.at_table].tolist()) if name]
    return names if len(names) > 1 else []


def _table_numbers(scene: Scene) -> Iterator[Mark]:
    """In the middle of each table's top, with its block where another has its number."""
    tables = seated_tables(scene)
    blocks = told_apart(tables)
    for table in tables:
        if len(table.seats):
            x, y = (table.middle(scene.seats) * 1000).tolist()
            words = f"{blocks[table.element, table.key]} {scene.seats.row[table.seats[0]]}".strip()
            yield Text(_WORDS, (x, y), words, 3.0, 0.0, "centre", "middle")


def _block_names(seats: Seats, scale: float, places: Places) -> Iterator[Mark]:
    """Before a block's first row or behind its last."""
    rows = np.flatnonzero(~seats.at_table)
    look = np.radians(seats.facing)
    for name in _blocks(seats):
        mine = rows[seats.block[rows] == name]
        ahead = np.array([np.cos(look[mine]).mean(), np.sin(look[mine]).mean()])
        along, deep = seats.at[mine, :2] @ ahead, float(seats.depth[mine].max()) * 500
        for height in (BLOCK, 2.5):
            spots = []
            wide = lettering.width(f"BLOCK {name}", height) * scale / 2
            for end, way in ((along.argmax(), 1), (along.argmin(), -1)):
                row = mine[seats.rank[mine] == seats.rank[mine[end]]]
                base, out = seats.at[row, :2].mean(axis=0) * 1000, ahead * way
                for more in (2.0, 3.5, 5.0, 8.0):
                    off = deep + abs(out[0]) * wide + abs(out[1]) * height * scale / 2 + more * scale
                    spots.append(Spot(*(base + off * out).tolist()))
            if made := places.put(_WORDS, f"BLOCK {name}", spots, height, mask=False):
                yield from made
                break


def gangway_widths(scene: Scene, scale: float, places: Places) -> Iterator[Mark]:
    """Clear width of each gangway: across it between two rows where there is room, else along it."""
    for way in scene.of(Walkway):
        if way.kind in ("gangway", "cross_gangway") and len(way.line) > 1:
            yield from gangway_width(way.line[:, :2], way.width, scene.about.units, places)
