"""Lengths of ramps, in numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

Steepest = Callable[[float], float]
"""Going of one flight [m] → the n of the steepest gradient 1 : n that it may have; NaN: no flight may be so long."""

_CLOSE = 1e-9
_LONGEST = 1000.0
"""No flight is looked for beyond this. [m]"""


def flight(rise: float, steepest: Steepest, highest: float = math.inf) -> float:
    """Least going of one flight that climbs `rise`; infinite where none does. [m]

    highest : greatest rise of one flight [m]
    """
    if rise > highest + _CLOSE:
        return math.inf
    low, high = 0.0, 1.0
    while not _climbs(high, steepest) >= rise:
        if high > _LONGEST or math.isnan(steepest(high)):
            high = _last(low, high, steepest)
            if not _climbs(high, steepest) >= rise - _CLOSE:
                return math.inf
            break
        low, high = high, 2 * high
    while high - low > _CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if _climbs(middle, steepest) >= rise else (middle, high)
    return high


def flights(rise: float, steepest: Steepest, highest: float = math.inf, most: int = 50) -> tuple[int, float]:
    """As few equal flights as climb `rise` together, and the going of each; (0, infinite) where `most` do not. [m]"""
    for n in range(1, most + 1):
        going = flight(rise / n, steepest, highest)
        if math.isfinite(going):
            return n, going
    return 0, math.inf


def _climbs(going: float, steepest: Steepest) -> float:
    return going / steepest(going)


def _last(low: float, high: float, steepest: Steepest) -> float:
    """The longest flight that is allowed, between one that is and one that is not."""
    while high - low > _CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if math.isnan(steepest(middle)) else (middle, high)
    return low
