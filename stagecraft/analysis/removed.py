"""Which object took which seats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.taken import Places
from stagecraft.scene import KeepClear, Part, Record, Scene, Seats

Whole = NDArray[np.int64]
_NAMED = 6
"""So many pieces of rows are named in a sentence; more are counted."""


@dataclass(frozen=True, eq=False)
class Removed:
    """One object, and the seats that it takes."""

    element: str
    name: str
    """What it is called on papers; of a room the column or the way out."""
    seats: Whole
    """Indices into `scene.laid_out`."""
    where: tuple[str, ...]
    """Pieces of rows: `C/K/5-10`."""

    @property
    def sentence(self) -> str:
        """`FOH takes 12 places: C/K/5-10, C/L/5-10`"""
        many = len(self.seats)
        more = len(self.where) - _NAMED
        where = ", ".join(self.where[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"{self.name} takes {many} place{'' if many == 1 else 's'}: {where}"


def removed(scene: Scene) -> tuple[Removed, ...]:
    """Every object that takes seats, the one that takes most first."""
    laid = scene.laid_out
    found: list[Removed] = []
    for element in dict.fromkeys(laid.removed_by[laid.removed_by != ""].tolist()):
        mine = np.flatnonzero(laid.removed_by == element)
        names = _names(scene, element, mine)
        for name in dict.fromkeys(names):
            some = mine[[one == name for one in names]]
            found.append(Removed(element, name, some, tuple(_pieces(laid, some))))
    return tuple(sorted(found, key=lambda one: (-len(one.seats), one.name)))


def _names(scene: Scene, element: str, mine: Whole) -> list[str]:
    """What takes each seat: the element, or of a room that one of its things."""
    origin = scene.elements.get(element)
    label = (origin.name if origin else "") or element
    if origin is None or origin.type != "room":
        return [label] * len(mine)
    things: list[Record] = []
    for record in scene.records:
        if record.element != element:
            continue
        if isinstance(record, Part) and record.takes_seats:
            kind = "column " if record.system == "column" else ""
            things.append(replace(record, element=f"{kind}{record.name}" if kind else f"{label} {record.name}".strip()))
        elif isinstance(record, KeepClear) and record.takes_seats:
            things.append(replace(record, element=record.reason))
    ranks = np.unique(scene.laid_out.rank[mine])
    places = Places([scene.seat_rows[k] for k in ranks.tolist()])
    by = places.taken(things)
    own = np.flatnonzero(np.isin(scene.laid_out.rank, ranks))
    return [word or label for word in by[np.searchsorted(own, mine)].tolist()]


def _pieces(laid: Seats, some: Whole) -> Iterator[str]:
    """Pieces of rows, in the order of the house: block, row, and seats that follow one another."""
    groups: dict[tuple[str, str], list[int]] = {}
    for k in some.tolist():
        groups.setdefault((str(laid.block[k]), str(laid.row[k])), []).append(k)
    for (block, row), of in groups.items():
        head = "/".join(word for word in (block, row) if word)
        for run in np.split(np.array(of), np.flatnonzero(np.diff(of) != 1) + 1):
            yield f"{head}/{_seats([str(laid.seat[k]) for k in run.tolist()])}"


def _seats(labels: Sequence[str]) -> str:
    """`5-10` for seats that are counted one by one, `5-9 odd` for every second one, else all of them."""
    numbers = [int(label) for label in labels if label.isdecimal()]
    if len(numbers) == len(labels) > 1:
        steps = set(np.abs(np.diff(numbers)).tolist())
        low, high = min(numbers), max(numbers)
        if steps == {1}:
            return f"{low}-{high}"
        if steps == {2}:
            return f"{low}-{high} {'odd' if low % 2 else 'even'}"
    return ",".join(labels)
