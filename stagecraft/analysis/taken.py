"""Which places objects take. No thresholds a rule could change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.scene import KeepClear, Part, Record, SeatRow, Seats, Strings

BODY = 1.2
"""Height of the space that a seated person fills; an object in it takes the seat. [m]"""
SHARE = 2e-3
"""Overlap in plan from which an object takes a seat; less is touching. [m²]"""
_EXACT = 1e-6
"""Heights are compared within this. [m]"""


class Places:
    """The places of some rows in plan, to be asked again and again what takes them."""

    def __init__(self, rows: Sequence[SeatRow]) -> None:
        self.rows = tuple(rows)
        self.bounds = np.cumsum([0] + [row.count for row in self.rows])
        self._rank = np.repeat(np.arange(len(self.rows)), np.diff(self.bounds))
        self._floor = np.concatenate([row.at[:, 2] for row in self.rows]) if self.rows else np.zeros(0)
        self._avoided = {ref for row in self.rows for ref in row.avoid}

    def __len__(self) -> int:
        return int(self.bounds[-1])

    @cached_property
    def _plan(self) -> Any:
        """(n,) polygons."""
        import shapely

        return shapely.polygons(np.concatenate([corners(row) for row in self.rows]))

    @cached_property
    def _within(self) -> tuple[Floats, Floats]:
        """Lowest and highest corner of the room that all the seated bodies fill. [m]"""
        plan = np.concatenate([corners(row) for row in self.rows]).reshape(-1, 2)
        low, high = float(self._floor.min()), float(self._floor.max()) + BODY
        return np.r_[plan.min(axis=0), low], np.r_[plan.max(axis=0), high]

    def _reached(self, bounds: Floats) -> bool:
        """Does a box (2, 3) reach into that room?"""
        low, high = self._within
        return bool((bounds[0] <= high).all() and (bounds[1] >= low).all())

    def taken(self, records: Iterable[Record]) -> Strings:
        """(n,) element that takes each place, the first of several; empty for none."""
        import shapely

        removed = np.full(len(self), "", dtype=object)
        found = list(self._things(records)) if len(self) else []
        if not found:
            return removed.astype(np.str_)
        shapes, names, everyone, low, high = zip(*found)
        seat, thing = shapely.STRtree(shapes).query(self._plan, predicate="intersects")
        floor = self._floor[seat]
        near = (np.array(low)[thing] < floor + BODY - _EXACT) & (np.array(high)[thing] > floor + _EXACT)
        seat, thing = seat[near], thing[near]
        area = shapely.area(shapely.intersection(self._plan[seat], np.array(shapes, dtype=object)[thing]))
        seat, thing = seat[area > SHARE], thing[area > SHARE]
        for s, t in sorted(zip(seat.tolist(), thing.tolist())):
            row = self.rows[self._rank[s]]
            if removed[s] == "" and names[t] != row.element and (everyone[t] or names[t] in row.avoid):
                removed[s] = names[t]
        return removed.astype(np.str_)

    def _things(self, records: Iterable[Record]) -> Iterator[tuple[Any, str, bool, float, float]]:
        """Plan, element, whether it takes everybody's seats, lowest and highest of all that can take a seat."""
        for record in records:
            if isinstance(record, KeepClear) and record.takes_seats:
                yield record.outline.polygon, record.element, True, record.low, record.high
            elif isinstance(record, Part) and (record.takes_seats or record.element in self._avoided):
                if not record.count or not self._reached(record.bounds):
                    continue
                for solid in record.solids():
                    if not self._reached(solid.bounds):
                        continue
                    low, high = solid.bounds[:, 2].tolist()
                    yield solid.footprint, record.element, record.takes_seats, low, high


def without_taken(rows: Sequence[SeatRow], records: Iterable[Record]) -> list[SeatRow]:
    """The rows, in which every seat that an object stands in is marked with that object."""
    places = Places(rows)
    removed = places.taken(records)
    return [
        replace(row, removed_by=removed[start:end]) if row.count else row
        for row, start, end in zip(places.rows, places.bounds[:-1], places.bounds[1:])
    ]


def corners(places: SeatRow | Seats) -> Floats:
    """(n, 4, 2) corners of the places in plan: behind on their left, behind on their right, then in front. [m]"""
    look, depth = np.radians(places.facing), places.space if isinstance(places, SeatRow) else places.depth
    ahead = np.stack([np.cos(look), np.sin(look)], axis=1) * (depth / 2)[:, None]
    side = np.stack([np.sin(look), -np.cos(look)], axis=1) * (places.width / 2)[:, None]
    middle = places.at[:, :2]
    return np.stack(
        [middle - side - ahead, middle + side - ahead, middle + side + ahead, middle - side + ahead], axis=1
    )
