"""The seating plan as a sheet: every level, the marks explained, places counted in every way that people ask for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from stagecraft.analysis.at_tables import seated_tables
from stagecraft.drawing._house import plan_scales
from stagecraft.drawing._paper import COLUMN, NONE, ROW, Block, row_tops, ruled, shifted
from stagecraft.drawing._texts import seats_block
from stagecraft.drawing.draft import Draft, Job, View
from stagecraft.drawing.marks import Fill, Line, Mark, Point, Style, Text
from stagecraft.drawing.seat_marks import HELD, seating_level, upper_elements
from stagecraft.scene import Scene

PLACES = {"chair": "Chair", "wheelchair": "Wheelchair place", "companion": "Companion", "standing": "Standing place", "table": "At a table"}  # fmt: skip
STATES = ("open", "hold", "kill")
MOST_KINDS = 24
"""More kinds of place than these stand in the list of seats."""


def seating_sheets(job: Job) -> Iterator[Draft]:
    """102: every place with its number, where there are places."""
    scene = job.scene
    if not len(scene.seats):
        return
    views = [View("seating", lambda scale: seating_level(scene, scale), plan_scales(scene))]
    if upper_elements(scene):
        views.append(View("seating above", lambda scale: seating_level(scene, scale, above=True), plan_scales(scene)))
    blocks = [block for block in (seats_block(scene), kinds_block(scene), marks_block(scene)) if block.height]
    yield Draft(
        "seating", "102", "Seating plan", "Seating plan", tuple(views), lambda drawings: blocks, tuple(_totals(scene)),
    )  # fmt: skip


def kinds_block(scene: Scene) -> Block:
    """Places by what they are, their category and their price, and how they may be given; sums at the foot."""
    seats = scene.seats
    prices = [None if math.isnan(price) else round(price, 2) for price in seats.price.tolist()]
    counted = Counter(zip(seats.place.tolist(), seats.category.tolist(), prices, seats.status.tolist()))
    kinds = sorted(
        {kind[:3] for kind in counted}, key=lambda k: (list(PLACES).index(k[0]), k[1], k[2] or 0.0, k[2] is None)
    )
    if len(kinds) > MOST_KINDS:
        return Block(0.0, 0.0, ())

    def figures(of: Sequence[tuple[str, str, float | None]]) -> list[str]:
        by_state = [sum(counted[*kind, state] for kind in of) for state in STATES]
        return [str(n) if n else NONE for n in (*by_state, sum(by_state))]

    rows = [(PLACES[place], category or NONE, _money(price, scene.currency), *figures([(place, category, price)]))
            for place, category, price in kinds]  # fmt: skip
    rows.append(("All places", "", "", *figures(kinds)))
    head = ("Place", "Category", "Price", "Open", "Hold", "Kill", "Total")
    return ruled("PLACES", head, rows, (38.0, 44.0, 30.0, 17.0, 17.0, 17.0, 17.0), numbers=True)


def _money(price: float | None, currency: str) -> str:
    return NONE if price is None else f"{price:.2f} {currency}".strip()


def marks_block(scene: Scene) -> Block:
    """The marks of the plan that are there, with what they mean."""
    seats = scene.seats
    lettered = bool(((seats.row != "") & ~seats.at_table).any())
    every: list[tuple[bool, list[Mark], str]] = [
        (bool((seats.seat != "").any()), [_place(), _word("12")], "Place with its number"),
        (lettered, [_word("K")], "Letter of the row, at both of its ends"),
        (bool((seats.status == "hold").any()), [Fill(Style("seating"), (_SQUARE,), "solid", HELD), _place()], "Held"),
        (bool((seats.status == "kill").any()), [_place(), *_cross()], "Not given: nobody sits there"),
        (bool(seats.at_table.any()), [_word("7", Style("note", "id"))], "Number of a table, in its middle"),
    ]  # fmt: skip
    shown = [(marks, words) for there, marks, words in every if there]
    if not shown:
        return Block(0.0, 0.0, ())
    rows, widths = [("", words) for _, words in shown], (20.0, COLUMN - 20.0)
    table = ruled("MARKS", ("Mark", "Meaning"), rows, widths)
    samples = [
        shifted(mark, (10.0, top - ROW / 2)) for (marks, _), top in zip(shown, row_tops(rows, widths, titled=True)) for mark in marks
    ]  # fmt: skip
    return Block(table.width, table.height, (*table.marks, *samples))


def _totals(scene: Scene) -> Iterator[str]:
    """`25 tables with 172 places.`"""
    tables = [table for table in seated_tables(scene) if len(table.seats)]
    if tables:
        many = sum(len(table.seats) for table in tables)
        yield f"{len(tables)} table{'s' if len(tables) > 1 else ''} with {many} places."


_SEAT = Style("seating", "id")
_SQUARE: tuple[Point, ...] = ((-2.2, -2.2), (2.2, -2.2), (2.2, 2.2), (-2.2, 2.2))


def _place() -> Line:
    return Line(Style("seating"), _SQUARE, True)


def _cross() -> Iterator[Line]:
    a, b, c, d = _SQUARE
    yield from (Line(Style("seating"), ends) for ends in ((a, c), (b, d)))


def _word(words: str, style: Style = _SEAT) -> Text:
    return Text(style, (0.0, 0.0), words, 1.8, 0.0, "centre", "middle")
