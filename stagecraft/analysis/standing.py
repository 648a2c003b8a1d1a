"""How many people stand on standing areas, less what takes their floor. No thresholds a rule could change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from stagecraft.analysis.taken import corners
from stagecraft.scene import KeepClear, Part, Record, SeatRow, Space

STEP = 0.10
"""What is lower is stood on: a dance floor, a cable ramp. [m]"""
HEAD = 1.2
"""Seats whose floor differs by less from the area's stand in it. [m]"""
_EXACT = 1e-6


def with_free_floor(records: Sequence[Record], rows: Sequence[SeatRow]) -> list[Record]:
    """The records, which are no rows; standing areas that go by density have as many people as stand on the floor that is left to them.

    Tables (their tops), platforms, FOH, bars, columns, seats and spaces kept clear take floor; cloth, people, and what begins above
    the heads or is lower than a step do not.
    """
    return [
        _freed(one, (*records, *rows)) if isinstance(one, Space) and one.density is not None else one for one in records
    ]


def free_floor(space: Space, records: Iterable[Record]) -> Any:
    """Where on a standing area people can stand, as a shapely polygon."""
    import shapely

    area = space.outline.polygon
    return area.difference(shapely.union_all(list(_taking(space, area, records))))


def _freed(space: Space, records: Sequence[Record]) -> Space:
    assert space.density is not None
    return replace(space, capacity=math.floor(free_floor(space, records).area * space.density + _EXACT))


def _taking(space: Space, area: Any, records: Iterable[Record]) -> Iterator[Any]:
    """Plans of what takes floor of a standing area."""
    import shapely

    low, high = space.floor + STEP, space.ceiling
    left, front, right, back = area.bounds

    def reached(bounds: Any) -> bool:
        near, far = bounds
        in_plan = near[0] < right and far[0] > left and near[1] < back and far[1] > front
        return bool(in_plan and near[2] < high - _EXACT and far[2] > low + _EXACT)

    for record in records:
        if isinstance(record, KeepClear) and record.takes_seats and record.low < high and record.high > low:
            yield record.outline.polygon
        elif isinstance(record, SeatRow) and record.element != space.element:
            near = record.stands & (abs(record.at[:, 2] - space.floor) < HEAD)
            yield from shapely.polygons(corners(record)[near])
        elif (
            isinstance(record, Part)
            and record.count
            and not (record.soft or record.of_seats)
            and reached(record.bounds)
        ):
            yield from (solid.footprint for solid in record.solids() if reached(solid.bounds))
