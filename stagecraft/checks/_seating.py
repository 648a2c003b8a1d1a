"""What the checks of seating share: banks that count, their names, and lengths that can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stagecraft import units
from stagecraft.analysis.banks import Banks
from stagecraft.analysis.gangways import open_ends
from stagecraft.checks._check import EXACT, NotChecked, Subject
from stagecraft.geometry.frame import Floats, Triple, triple
from stagecraft.scene import Bools, Scene, Seats

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Banks of chairs that people sit on, and where they can leave them."""

    banks: Banks
    counts: Bools
    """(b,) rows of chairs; not those where people stand."""
    ends: Whole
    """(b,) at how many ends one can leave."""
    free: Bools
    """(b,) with as much clear width in front as a gangway has: one leaves forwards, from every place."""


def rows(subject: Subject, gangway: float) -> Rows:
    """The rows of a house. Raises NotChecked where there are none.

    gangway : width from which on a way counts as one [m]
    """
    scene, banks = subject.scene, subject.banks
    if not len(scene.seats):
        raise NotChecked("no seats")
    if not len(banks):
        raise NotChecked("no rows of seats; all places are at tables")
    counts = np.asarray(scene.seats.place[banks.first] != "standing")
    if not counts.any():
        raise NotChecked("no rows of seats; people stand")
    ends = open_ends(scene, banks, gangway).sum(1)
    return Rows(banks, counts, ends, np.isnan(banks.seatway) | (banks.seatway >= gangway - EXACT))


def by_element(seats: Seats, banks: Banks, some: Whole) -> Iterator[tuple[str, Whole]]:
    """Banks `some` (in that order) of each element, the element of the first bank first."""
    owner = seats.element[banks.first[some]]
    for element in dict.fromkeys(owner.tolist()):
        yield element, some[owner == element]


def name(scene: Scene, banks: Banks, bank: int) -> str:
    """`stalls1 row C`, with the seats where a row of a block has more than one bank."""
    seats, first = scene.seats, int(banks.first[bank])
    block, row = seats.block[first] or seats.element[first], seats.row[first] or str(seats.key[first])
    alike = (seats.rank[banks.first] == seats.rank[first]) & (seats.block[banks.first] == seats.block[first])
    return f"{block} row {row}{span(scene, banks, bank) if alike.sum() > 1 else ''}"


def span(scene: Scene, banks: Banks, bank: int) -> str:
    """` seats 5–9`"""
    seats = scene.seats
    a, b = seats.seat[banks.first[bank]], seats.seat[banks.last[bank]]
    if not a or not b:
        return ""
    return f" seat {a}" if a == b else f" seats {a}–{b}"


def at(scene: Scene, seat: int) -> Triple:
    """Where a place stands. [m]"""
    return triple(scene.seats.at[seat])


def figures(measured: float, asked: float, show: units.Units) -> tuple[str, str]:
    """A small length measured and one asked, so written that they differ."""
    one, other = units.small(measured, show), units.small(asked, show)
    if one != other or abs(measured - asked) <= EXACT:
        return one, other
    for places in (1, 2, 3):
        one, other = f"{measured * 1000:.{places}f} mm", f"{asked * 1000:.{places}f} mm"
        if one != other:
            break
    return one, other


def many(n: int, word: str) -> str:
    """`1 row`, `5 rows`"""
    return f"{n} {word}{'' if n == 1 else 's'}"


def least(values: Iterable[float] | Floats) -> Whole:
    """Indices from the least value up, the same way round in a house that is turned."""
    return np.argsort(np.round(np.asarray(values, float), 6), kind="stable")
