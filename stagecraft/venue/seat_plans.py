"""Seating plans from ticketing (pretix JSON), read and checked."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from stagecraft.elements._base import PlanRow
from stagecraft.elements.seating import MOST_SEATS


def read(data: bytes, file: str) -> tuple[PlanRow, ...]:
    """The rows of a plan that have seats, at least one; every seat with an id of its own.

    file : its name, for messages
    Raises ValueError in the reader's words.
    """
    try:
        plan = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(f"'{file}' is no JSON: export the seating plan from pretix again") from None
    if not isinstance(plan, dict) or not isinstance(plan.get("zones"), list):
        raise ValueError(f"'{file}' is no seating plan: it has no zones")
    rows = tuple(_rows(plan, file))
    if not rows:
        raise ValueError(f"'{file}' has no seats")
    _once(rows, file)
    return rows


def _rows(plan: dict[str, Any], file: str) -> Iterator[PlanRow]:
    size = plan.get("size")
    middle = _number(size.get("width", 0) if isinstance(size, dict) else 0, file, "size") / 2
    count = 0
    for n, zone in enumerate(plan["zones"], 1):
        if not isinstance(zone, dict) or not isinstance(zone.get("rows"), list):
            raise ValueError(f"zone {n} of '{file}' has no list of rows")
        name = str(zone.get("name") or zone.get("zone_id") or f"zone {n}")
        base = _position(zone, file, name)
        for order, line in enumerate(zone["rows"]):
            where = f"{name}, row {order + 1}"
            if not isinstance(line, dict) or not isinstance(line.get("seats"), list):
                raise ValueError(f"{where} of '{file}' has no list of seats")
            start = _position(line, file, where)
            seats: list[tuple[str, str, str]] = []
            at: list[tuple[float, float]] = []
            for seat in line["seats"]:
                guid = seat.get("seat_guid") if isinstance(seat, dict) else None
                if not isinstance(guid, str) or not guid.strip():
                    raise ValueError(f"a seat of {where} of '{file}' has no seat_guid")
                x, y = _position(seat, file, f"seat '{guid}'")
                seats.append((guid, str(seat.get("seat_number") or len(seats) + 1), str(seat.get("category") or "")))
                at.append((base[0] + start[0] + x - middle, base[1] + start[1] + y))
            count += len(seats)
            if count > MOST_SEATS:
                raise ValueError(f"'{file}' has more than {MOST_SEATS} seats")
            if seats:
                table = str(line.get("row_label") or "").lower().startswith(("table", "tisch"))
                label = str(line.get("row_number") or order + 1)
                yield PlanRow(name, label, table, order, tuple(seats), np.array(at, float))


def _position(thing: dict[str, Any], file: str, where: str) -> tuple[float, float]:
    at = thing.get("position")
    if at is None:
        return 0.0, 0.0
    if not isinstance(at, dict):
        raise ValueError(f"the position of {where} of '{file}' is no x and y")
    return _number(at.get("x", 0), file, where), _number(at.get("y", 0), file, where)


def _number(value: Any, file: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or abs(value) > 1e7:
        raise ValueError(f"{where} of '{file}': {str(value)[:40]} is no number of pixels")
    return float(value)


def _once(rows: Sequence[PlanRow], file: str) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        for guid, seat, _ in row.seats:
            where = f"{row.zone}, row {row.label}, seat {seat}"
            if guid in seen:
                raise ValueError(f"'{file}' has the seat id '{guid}' twice: {seen[guid]} and {where}")
            seen[guid] = where
