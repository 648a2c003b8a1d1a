"""Labels for rows, seats, tables and their places. Numbering belongs to the house, over all elements.

Every place ever laid out has its number, so that an object which takes seats away renumbers nobody. Which seat comes
next is known from the rows: places stand in them from the audience's left to its right. Elements that are numbered as
one follow one another as the people who sit there see them, whichever way the house is turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.errors import Problem
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Part, Record, SeatRow, Strings
from stagecraft.venue.document import Loc, Numbering, Scheme, Source

_AHEAD = 0.26
"""Cosine of 75°: blocks that look within it of one direction stand side by side, others stand round something."""
_SLOT = re.compile(r"^-?[0-9]{1,9}$")
_SAME = 4
"""Places that are the same to so many decimals are at one place. [m, radians]"""


def row_letters(index: int, skip: Sequence[str] = ("I", "O"), double: str = "count") -> str:
    """`A` for 0, `B` for 1 … `Z`, `AA`, `AB` …, without the letters skipped; double `repeat`: `AA`, `BB` …"""
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in {s.upper() for s in skip}]
    base, out = len(letters), ""
    if double == "repeat":
        return letters[index % base] * (index // base + 1)
    index += 1
    while index > 0:
        index, digit = divmod(index - 1, base)
        out = letters[digit] + out
    return out


def row_number(index: int, skip: Sequence[str] = ()) -> int:
    """1 for 0, 2 for 1 …, without the numbers skipped."""
    number = index + 1
    for left_out in sorted({int(s) for s in skip if s.isdecimal()}):
        number += 1 <= left_out <= number
    return number


def numbered(rows: Sequence[SeatRow], numbering: Numbering, source: Source, wrong: list[Problem]) -> list[SeatRow]:
    """The same rows with row and seat labels, and their places in the lettering.

    Rows that come with their labels keep them. A list of names that is too short is added to `wrong`.
    """
    house = _House(rows, numbering)
    labelled = [bool(row.count) and bool((row.seat != "").all()) for row in rows]
    pieces = [piece for n, own in enumerate(labelled) if not own for piece in house.pieces(n)]
    wrong += _nameless(pieces, rows, numbering, source)
    numbers = [np.zeros(row.count, np.int64) for row in rows]
    runs: dict[tuple[Any, ...], list[_Piece]] = {}
    for piece in pieces:
        runs.setdefault(house.run(piece), []).append(piece)
    for run in runs.values():
        for piece, counted in house.counted(run):
            numbers[piece.row][piece.index] = counted
    labels = [np.full(row.count, "", object) for row in rows]
    seats = [np.full(row.count, "", object) for row in rows]
    for piece in pieces:
        labels[piece.row][piece.index] = piece.name
        seats[piece.row][piece.index] = _seat_labels(numbers[piece.row][piece.index], piece)
    return [
        row if labelled[n] else replace(row, row=label.astype(np.str_), seat=seat.astype(np.str_), order=house.order(n))
        for n, (row, label, seat) in enumerate(zip(rows, labels, seats))
    ]


def tagged(records: Sequence[Record], rows: Sequence[SeatRow]) -> list[Record]:
    """The same records; tables that the house calls otherwise than their elements do carry that label on papers too."""
    labels: dict[str, dict[int, str]] = {}
    for row in rows:
        if _is_table(row):
            labels.setdefault(row.element, {})[row.key] = str(row.row[0])
    out: list[Record] = []
    for record in records:
        named = labels.get(record.element, {}) if isinstance(record, Part) and record.system == "table" else {}
        if isinstance(record, Part) and named and len(named) == len(record.tags):
            tags = (
                tag if label == str(key) else f"{record.element}-{label}"
                for tag, (key, label) in zip(record.tags, named.items())
            )
            record = replace(record, tags=tuple(tags))
        out.append(record)
    return out


def _is_table(row: SeatRow) -> bool:
    return bool((row.place == "table").any())


@dataclass(frozen=True, eq=False)
class _Piece:
    """The places of one row that lie in one block."""

    row: int
    section: int
    index: NDArray[np.intp]
    scheme: Scheme
    table: bool
    order: int
    """Place of the row, or of the table, in the house's order, 0 for the first."""

    @property
    def name(self) -> str:
        """Label of the row, or of the table."""
        scheme = self.scheme
        kind = scheme.tables if self.table else scheme.rows
        prefix = scheme.table_prefix if self.table else scheme.row_prefix
        if isinstance(kind, tuple):
            return prefix + (kind[self.order] if self.order < len(kind) else str(self.order + 1))
        if kind == "letters":
            return prefix + row_letters(self.order, [s for s in scheme.skip if s.isalpha()], scheme.double)
        return prefix + str(row_number(self.order, scheme.skip))

    @property
    def way(self) -> tuple[Any, ...]:
        """How its seats are counted: those that are counted otherwise belong to another run."""
        scheme = self.scheme
        return self.table, scheme.start, scheme.step, scheme.origin, scheme.order, scheme.seat_prefix


class _House:
    """All rows, and how the house numbers each."""

    def __init__(self, rows: Sequence[SeatRow], numbering: Numbering) -> None:
        self.rows = rows
        self.of = numbering.of
        self.numbering = numbering
        self.tables = [_is_table(row) for row in rows]
        self.groups: dict[str, int] = {}
        """Element → which of the groups that are numbered as one."""
        self.ranks: dict[str, int] = {}
        """Element → its place in its group, from the audience's left."""
        self.before: dict[str, int] = {}
        """Element → tables numbered before its own."""
        for g, names in enumerate(numbering.groups):
            self._join(g, names)
        self.spans: dict[object, tuple[int, int]] = {}
        """First and last row of the elements whose rows are lettered together."""
        for n, row in enumerate(rows):
            if self.tables[n]:
                continue
            laid = self._laid(n)
            low, high = self.spans.get(self._whole(row), (laid, laid))
            self.spans[self._whole(row)] = min(low, laid), max(high, laid)
        self.blocks: dict[object, set[tuple[int, int]]] = {}
        """Blocks side by side, of whole rows: their elements' ranks and sections."""
        for n, row in enumerate(rows):
            if not self.tables[n]:
                rank = self.ranks.get(row.element, 0)
                self.blocks.setdefault(self._whole(row), set()).update(
                    (rank, k) for k in np.unique(row.section).tolist()
                )

    def _join(self, g: int, names: Sequence[str]) -> None:
        of: dict[str, list[int]] = {}
        for n, row in enumerate(self.rows):
            if row.element in names and row.count:
                of.setdefault(row.element, []).append(n)
        if not of:
            return
        self.groups |= dict.fromkeys(of, g)
        seated = {name: rows for name, found in of.items() if (rows := [n for n in found if not self.tables[n]])}
        middles = [np.concatenate([self.rows[n].at[:, :2] for n in rows]).mean(axis=0) for rows in seated.values()]
        facing = [np.radians(np.concatenate([self.rows[n].facing for n in rows])) for rows in seated.values()]
        looks = [[np.cos(angles).mean(), np.sin(angles).mean()] for angles in facing]
        if seated:
            order = side_by_side(np.array(middles), np.array(looks))
            self.ranks |= {list(seated)[k]: rank for rank, k in enumerate(order)}
        tables = 0
        for name in dict.fromkeys(name for name in names if name in of):
            self.before[name] = tables
            tables += max((self.rows[n].key for n in of[name] if self.tables[n]), default=0)

    def _whole(self, row: SeatRow) -> object:
        """What a row is part of: the group that its element is numbered in, or the element."""
        return self.groups.get(row.element, row.element)

    def _laid(self, n: int) -> int:
        """Place of a row as it is laid out, 0 for A."""
        row = self.rows[n]
        return row.order if row.order >= 0 else row.key - 1

    def scheme(self, element: str, block: str = "") -> Scheme:
        """How the seats of a block are numbered: its own words, then its element's, then the house's."""
        said: dict[str, Any] = {}
        for name in dict.fromkeys((element, block)):
            if name in self.of:
                said |= {field: getattr(self.of[name], field) for field in self.of[name].model_fields_set}
        return self.numbering.model_copy(update=said) if said else self.numbering

    def order(self, n: int, scheme: Scheme | None = None) -> int:
        """Place of a row in the lettering, of a table in the numbering, 0 for the first."""
        row = self.rows[n]
        scheme = scheme or self.scheme(row.element)
        if self.tables[n]:
            return row.key + self.before.get(row.element, 0) + scheme.first_table - 2
        laid = self._laid(n)
        if scheme.rows_from == "back":
            laid = sum(self.spans[self._whole(row)]) - laid
        return laid + scheme.first_row - 1

    def pieces(self, n: int) -> Iterator[_Piece]:
        """The parts of a row in its blocks."""
        row = self.rows[n]
        sections, at = np.unique(row.section, return_inverse=True)
        for k, section in enumerate(sections.tolist()):
            index = np.flatnonzero(at == k)
            scheme = self.scheme(row.element, str(row.block[index[0]]))
            yield _Piece(n, section, index, scheme, self.tables[n], self.order(n, scheme))

    def run(self, piece: _Piece) -> tuple[Any, ...]:
        """What the seats that are numbered through have in common."""
        row, scheme = self.rows[piece.row], piece.scheme
        if row.element in self.groups:
            return self.groups[row.element], piece.name, piece.way
        if piece.table or scheme.continuous_blocks or scheme.order != "through":
            return row.element, piece.name, piece.way, row.key
        return row.element, piece.name, piece.way, row.key, piece.section

    def counted(self, run: Sequence[_Piece]) -> Iterator[tuple[_Piece, NDArray[np.int64]]]:
        """The numbers of the seats of a run."""
        scheme, row = run[0].scheme, self.rows[run[0].row]
        place = {id(piece): (self.ranks.get(self.rows[piece.row].element, 0), piece.section) for piece in run}
        run = sorted(run, key=lambda piece: (place[id(piece)], piece.row))
        sizes = [len(piece.index) for piece in run]
        left_first = scheme.origin == "house_left"
        if run[0].table or scheme.order == "through":
            numbers = np.arange(sum(sizes)) * (1 if run[0].table else scheme.step)
            numbers = numbers if left_first else numbers[::-1]
        else:
            blocks = sorted(self.blocks[self._whole(row)])
            middle, odd = divmod(len(blocks), 2)
            left = sum(size for piece, size in zip(run, sizes) if blocks.index(place[id(piece)]) < middle)
            if odd:
                here = [self.rows[piece.row].ids[piece.index] for piece in run if place[id(piece)] == blocks[middle]]
                left += _left_of_middle(np.concatenate(here) if here else np.zeros(0, np.str_), left_first)
            numbers = _outwards(left, sum(sizes) - left, scheme)
        ends = np.cumsum(sizes)
        for piece, end, size in zip(run, ends.tolist(), sizes):
            yield piece, scheme.start + numbers[end - size : end]


def _left_of_middle(ids: Strings, left_first: bool) -> int:
    """How many of a block's places lie left of the row's middle; the one in it counts to where numbers begin.

    Slots tell where the middle was laid out, whichever places are left out; without them it is that of the places.
    """
    slots = [int(slot) for slot in (id.rsplit("/", 1)[-1] for id in ids.tolist()) if _SLOT.match(slot)]
    if len(slots) < len(ids) or not slots or min(slots) > 0 or max(slots) < 0:
        return (len(ids) + left_first) // 2
    return sum(slot < 0 for slot in slots) + (left_first and 1 in slots and max(slots) == 1 - min(slots))


def _outwards(left: int, right: int, scheme: Scheme) -> NDArray[np.int64]:
    """Counts from the centre to both sides, as they stand from the audience's left to its right."""
    pair = scheme.order == "odd_even"
    first, second = (0, scheme.step if pair else 0)
    by = scheme.step * (2 if pair else 1)
    if scheme.origin == "house_right":
        first, second = second, first
    return np.concatenate([first + by * np.arange(left)[::-1], second + by * np.arange(right)])


def side_by_side(middles: Floats, looks: Floats) -> list[int]:
    """Blocks in the order in which the people who sit there have them, from left to right.

    middles : (n, 2) middle of each block [m]
    looks : (n, 2) where it looks

    Blocks round a stage are taken anticlockwise seen from above (rightwards for who looks inwards), from the widest gap
    on. What is level keeps its order.
    """
    size = np.linalg.norm(looks, axis=1, keepdims=True)
    ahead = np.divide(looks, size, out=np.zeros_like(looks), where=size > 1e-6)
    mean = ahead.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length > 1e-6 and (ahead @ mean / length).min() > _AHEAD:
        along = np.round(middles @ np.array([mean[1], -mean[0]]) / length, _SAME)
        return sorted(range(len(along)), key=along.tolist().__getitem__)
    # the point that all look at: least squares of its distances from their lines of sight
    across = np.eye(2) - ahead[:, :, None] * ahead[:, None, :]
    base = middles.mean(axis=0)
    centre = (
        base + np.linalg.lstsq(across.sum(axis=0), (across @ (middles - base)[:, :, None]).sum(axis=0), 1e-9)[0][:, 0]
    )
    away = middles - centre
    angle = np.arctan2(away[:, 1], away[:, 0])
    angle = np.round((angle - angle[0]) % (2 * np.pi), _SAME) % round(2 * np.pi, _SAME)
    order = sorted(range(len(angle)), key=angle.tolist().__getitem__)
    gaps = [(angle[k] - angle[order[n - 1]]) % (2 * np.pi) for n, k in enumerate(order)]
    widest = [n for n, gap in enumerate(gaps) if gap > max(gaps) - 10.0 ** (1 - _SAME)]
    start = min(widest, key=order.__getitem__)
    return order[start:] + order[:start]


def _seat_labels(numbers: NDArray[np.int64], piece: _Piece) -> Strings:
    scheme = piece.scheme
    if not piece.table:
        plain = numbers.astype(np.str_)
        return np.char.add(scheme.seat_prefix, plain) if scheme.seat_prefix else plain
    if scheme.places == "numbers":
        return numbers.astype(np.str_)
    letters = [s for s in scheme.skip if s.isalpha()]
    first = min(scheme.start, 1)
    return np.array([row_letters(n - first, letters, scheme.double) for n in numbers.tolist()], dtype=np.str_)


def _nameless(
    pieces: Sequence[_Piece], rows: Sequence[SeatRow], numbering: Numbering, source: Source
) -> Iterator[Problem]:
    """Rows and tables for which a list has no name."""
    most: dict[Loc, _Piece] = {}
    for piece in pieces:
        field = "tables" if piece.table else "rows"
        kind = getattr(piece.scheme, field)
        if not isinstance(kind, tuple) or piece.order < len(kind):
            continue
        row = rows[piece.row]
        said = [name for name in (str(row.block[piece.index[0]]), row.element)
                if name in numbering.of and field in numbering.of[name].model_fields_set]  # fmt: skip
        loc: Loc = ("numbering", "of", said[0], field) if said else ("numbering", field)
        if loc not in most or most[loc].order < piece.order:
            most[loc] = piece
    for loc, piece in most.items():
        thing, count = ("table" if piece.table else "row"), len(getattr(piece.scheme, str(loc[-1])))
        yield Problem(
            f"lists {count} name{'s' if count != 1 else ''}; '{rows[piece.row].element}' has a {thing} {piece.order + 1}: name it too",
            ".".join(map(str, loc)), *source.place(loc),
        )  # fmt: skip
