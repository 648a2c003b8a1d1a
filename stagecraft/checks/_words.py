"""Words that several checks share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from stagecraft import units
from stagecraft.checks._check import EXACT
from stagecraft.checks.values import CountByLength
from stagecraft.geometry.ramps import flights
from stagecraft.scene import Seats

_MOST = 6
"""Places named one by one; more are counted."""


def place_names(seats: Seats, which: Iterable[int]) -> str:
    """`row A seats 1, 2`, `rows A, C: 7 places`."""
    rows: dict[str, list[str]] = {}
    for k in which:
        rows.setdefault(str(seats.row[k]) or str(seats.key[k]), []).append(str(seats.seat[k]))
    many = sum(map(len, rows.values()))
    if many == 1:
        ((row, (seat,)),) = rows.items()
        return f"row {row} seat {seat}"
    if many <= _MOST and len(rows) == 1:
        ((row, names),) = rows.items()
        return f"row {row} seats {', '.join(names)}"
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(rows)} ({many} places)"


def ramp(
    rise: float, one_in: CountByLength, highest: float, landing: float | None, between: float | None,
    lift: float | None, show: units.Units,
) -> str:  # fmt: skip
    """What climbs `rise` instead: `2 flights of 4.29 m with landings of 3.90 m together, or a platform lift`."""
    n, going = flights(rise, one_in.one, highest)
    if not n or (lift is not None and rise > lift + EXACT):
        return f"a lift: no ramp is asked to climb {units.length(rise, show)}"
    long = units.length(math.ceil(going * 100 - 1e-6) / 100, show)
    text = f"{n} flights of {long}" if n > 1 else f"one flight of {long}"
    if landing is not None:
        flat = 2 * landing + (n - 1) * (landing if between is None else between)
        text += f" with landings of {units.length(flat, show)} together"
    return f"{text}, or a platform lift"


def by(size: float, show: units.Units) -> str:
    """By how much something has to move, rounded up to 10 mm or an inch: `360 mm`, `1.20 m`."""
    step = units.INCH if show == "ft" else 0.01
    up = math.ceil(size / step - 1e-6) * step
    return units.small(up, show) if up < 1 else units.length(up, show)
