"""Row signs to print: two a page, to be cut in the middle; letters that a guest reads from the gangway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Book, Fill, Line, Mark, Point, Sheet, Style, Text
from stagecraft.schedules.table import Table

SIZE = (210.0, 297.0)
"""A4; a sign is half of it, A5 landscape. [mm]"""
EDGE = 14.0
"""Nothing is printed nearer to a sign's edge. [mm]"""
ROW, SEATS, BLOCK, FOOT = 56.0, 21.0, 10.0, 3.0
"""Capital heights. A height of 1/200 of the distance is read with ease: 21 mm from 4 m. [mm]"""
ARROW = (44.0, 26.0)
"""Length and height. [mm]"""
_WORDS, _CUT = Style("note"), Style("grid")
_BLACK = (0.0, 0.0, 0.0)


def row_sign_book(table: Table) -> Book:
    """The signs of `row_signs`, two a page, in its order."""
    signs = list(zip(*(table.values[key] for key in ("block", "row", "end", "seats", "arrow", "count", "id"))))
    name = ", ".join(table.about[key] for key in ("venue", "set-up") if key in table.about)
    pages = [
        Sheet(f"{n // 2 + 1}", "Row signs", SIZE, (), tuple(_page(signs[n : n + 2], name)))
        for n in range(0, len(signs), 2)
    ]
    if not pages:
        words = Text(_WORDS, (SIZE[0] / 2, SIZE[1] / 2), "No row has a way at its ends: no signs.", 5.0, align="centre")
        pages = [Sheet("1", "Row signs", SIZE, (), (words,))]
    return Book("Row signs", tuple(pages))


def _page(signs: Sequence[tuple[str, str, str, str, str, int, str]], name: str) -> Iterator[Mark]:
    half = SIZE[1] / 2
    yield Line(_CUT, ((0.0, half), (8.0, half)))
    yield Line(_CUT, ((SIZE[0] - 8.0, half), (SIZE[0], half)))
    for k, (block, row, end, seats, arrow, count, seat) in enumerate(signs):
        low = half * (1 - k)
        yield _fitted(f"BLOCK {block}" if block else "", (EDGE, low + half - EDGE - BLOCK), BLOCK, SIZE[0] - 2 * EDGE)
        right, room = arrow == "→", SIZE[0] - 2 * EDGE - ARROW[0] - 12.0
        near, far = (EDGE, SIZE[0] - EDGE) if right else (SIZE[0] - EDGE, EDGE)
        yield _fitted(row, (near, low + 60.0), ROW, room, "left" if right else "right")
        yield _arrow((far, low + 60.0 + ROW / 2), 1.0 if right else -1.0)
        yield _fitted(
            f"{'Seats' if count != 1 else 'Seat'} {seats}",
            (SIZE[0] / 2, low + 25.0),
            SEATS,
            SIZE[0] - 2 * EDGE,
            "centre",
        )
        foot = " · ".join(part for part in (name, f"{end}, at seat {seat}") if part)
        yield _fitted(foot, (SIZE[0] / 2, low + 9.0), FOOT, SIZE[0] - 2 * EDGE, "centre")


def _fitted(
    text: str, at: Point, height: float, room: float, align: Literal["left", "centre", "right"] = "left"
) -> Text:
    """Words as high as asked for, lower where they would be too long."""
    width = lettering.width(text, 1.0)
    return Text(_WORDS, at, text, min(height, room / width) if width > 0 else height, align=align)


def _arrow(tip: Point, way: float) -> Fill:
    (x, y), (long, tall) = tip, ARROW
    shape = ((0.0, 0.0), (0.45, 0.5), (0.45, 0.2), (1.0, 0.2), (1.0, -0.2), (0.45, -0.2), (0.45, -0.5))
    return Fill(_WORDS, (tuple((x - way * long * u, y + tall * v) for u, v in shape),), "solid", _BLACK)
