"""Round tables packed into a floor: square and hexagonal lattices, along the room and across it, shifted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats

_SHIFTS = 10
"""Positions of a lattice that are tried along either axis."""
_LEVEL = 0.05
"""Tables whose middles differ by less than this along the room stand in one row. [m]"""


def lattice(area: Any, spacing: float, centre: float) -> tuple[Floats, str]:
    """(n, 2) middles of as many tables as fit, and how they stand: `square` or `hexagonal`; front row first, left to right.

    area : where the middle of a table may stand
    spacing : from middle to middle, at least [m]
    centre : x about which a layout is even, where that costs no table [m]
    """
    best: tuple[int, bool, bool, Floats] = (0, False, False, np.zeros((0, 2)))
    if area.is_empty:
        return best[3], ""
    close = spacing * math.sqrt(3) / 2
    for square, along, across in ((True, spacing, spacing), (False, spacing, close), (False, close, spacing)):
        turned = not square and along == close
        for k in range(_SHIFTS):
            for even in (True, False):
                if not even and k >= _SHIFTS // 2:
                    continue
                for j in range(1 if even else _SHIFTS):
                    x0 = centre + (along / 2 if even and k % 2 else 0.0) if even else centre + j * along / _SHIFTS
                    y0 = area.bounds[3] - (k // 2 if even else k) * 2 * across / _SHIFTS
                    found = _within(area, along, across, x0, y0, square, turned)
                    key = len(found), even, square
                    if key > best[:3]:
                        best = (*key, found)
    found = best[3]
    order = np.lexsort((found[:, 0], -np.round(found[:, 1] / _LEVEL)))
    return found[order], "square" if best[2] else "hexagonal"


def _within(area: Any, along: float, across: float, x0: float, y0: float, square: bool, turned: bool) -> Floats:
    """(n, 2) points of one lattice within the area."""
    import shapely

    low, bottom, high, top = area.bounds
    columns = np.arange(math.floor((low - x0) / along) - 1, math.ceil((high - x0) / along) + 2)
    rows = np.arange(math.floor((bottom - y0) / across) - 1, math.ceil((top - y0) / across) + 2)
    column, row = (grid.ravel() for grid in np.meshgrid(columns, rows))
    x, y = x0 + column * along, y0 + row * across
    if not square and turned:
        y = y + (column % 2) * across / 2
    elif not square:
        x = x + (row % 2) * along / 2
    inside = shapely.intersects_xy(area, x, y)
    return np.stack([x[inside], y[inside]], axis=1)
