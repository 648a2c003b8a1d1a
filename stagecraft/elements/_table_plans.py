"""Where tables and the places at them stand: packed into an area, or joined to one long table, a U or a square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats

_SHIFTS = 12
"""Positions of a grid that are tried within one spacing, across and along."""
_EXACT = 1e-6


@dataclass(frozen=True)
class Side:
    """A run of table edges at which people sit, in the order of their numbers."""

    start: tuple[float, float]
    end: tuple[float, float]
    outward: float
    """Heading from the table to the chairs. [degrees]"""

    @property
    def length(self) -> float:
        """[m]"""
        return math.dist(self.start, self.end)

    def places(self, count: int, reach: float) -> tuple[Floats, Floats]:
        """(count, 2) middles of the chairs, evenly along the side [m], and (count,) headings [degrees]."""
        t = ((np.arange(count) + 0.5) / max(count, 1))[:, None]
        away = math.radians(self.outward)
        at = (
            np.array(self.start) * (1 - t) + np.array(self.end) * t + reach * np.array([math.cos(away), math.sin(away)])
        )
        return np.asarray(at), np.full(count, self.outward + 180.0)


@dataclass(frozen=True, eq=False)
class Joined:
    """Tables pushed together. Origin: middle of the front edge of the whole."""

    middles: Floats
    """(n, 2) [m]"""
    turns: Floats
    """(n,) 0: lengthwise along x. [degrees]"""
    sides: tuple[Side, ...]
    """Clockwise seen from above, from the stage's side; what lies inside comes last."""


def boardroom(columns: int, rows: int, width: float, depth: float, ends: bool, under: float) -> Joined:
    """One long table away from the stage, `columns` tables across and `rows` long; chairs all round. [m]

    ends : whether people sit at its short ends · under : how far chairs are pushed under it
    """
    x, y = columns * depth / 2, -rows * width
    at = [((c + 0.5) * depth - x, -(r + 0.5) * width) for r in range(rows) for c in range(columns)]
    front, back = Side((-x, 0.0), (x, 0.0), 90.0), Side((x, y), (-x, y), -90.0)
    inset = under if ends else 0.0  # chairs under the ends keep their corner
    right, left = Side((x, -inset), (x, y + inset), 0.0), Side((-x, y + inset), (-x, -inset), 180.0)
    sides = (front, right, back, left) if ends else (right, left)
    return Joined(np.array(at), np.full(len(at), 90.0), sides)


def u_shape(columns: int, rows: int, width: float, depth: float, inner: float | None) -> Joined:
    """A U that is open to the stage: `columns` tables along its back, `rows` down each arm, which stand before its ends. [m]

    inner : room that chairs on the inside take from the table's edge; None: nobody sits there
    Raises ValueError where the arms stand too near each other for that.
    """
    x, low = columns * width / 2, -rows * width
    back = [((c + 0.5) * width - x, low - depth / 2) for c in range(columns)]
    arms = _arms(x, 0.0, rows, width, depth)
    sides: tuple[Side, ...] = _outer(x, 0.0, low, depth)
    if inner is not None:
        i = x - depth  # those who sit along the back leave the corners to those at the arms
        if i <= inner:
            raise ValueError(f"inside: between the arms are {2 * i:.2f} m, too little for chairs on both sides")
        sides += (
            Side((i, 0.0), (i, low), 180.0),
            Side((i - inner, low), (inner - i, low), 90.0),
            Side((-i, low), (-i, 0.0), 0.0),
        )
    return Joined(np.array([*back, *arms]), np.r_[np.zeros(len(back)), np.full(len(arms), 90.0)], sides)


def hollow_square(columns: int, rows: int, width: float, depth: float) -> Joined:
    """Four sides: `columns` tables along front and back, `rows` down each side between them. [m]"""
    x, low = columns * width / 2, -depth - rows * width
    along = [((c + 0.5) * width - x, y) for y in (-depth / 2, low - depth / 2) for c in range(columns)]
    arms = _arms(x, -depth, rows, width, depth)
    sides = (Side((-x, 0.0), (x, 0.0), 90.0), *_outer(x, -depth, low, depth))
    return Joined(np.array([*along, *arms]), np.r_[np.zeros(len(along)), np.full(len(arms), 90.0)], sides)


def _arms(x: float, top: float, rows: int, width: float, depth: float) -> list[tuple[float, float]]:
    """Middles of the tables down both sides, from `top`. [m]"""
    return [(s * (x - depth / 2), top - (r + 0.5) * width) for s in (-1, 1) for r in range(rows)]


def _outer(x: float, top: float, low: float, depth: float) -> tuple[Side, Side, Side]:
    """Right, back and left, on the outside."""
    back = Side((x, low - depth), (-x, low - depth), -90.0)
    return Side((x, top), (x, low), 0.0), back, Side((-x, low), (-x, top), 180.0)


def counts(sides: Sequence[Side], setting: float, wanted: int | None) -> list[int]:
    """Places along each side: as many as fit with `setting` [m] each, or so many as are wanted, spread evenly.

    Raises ValueError where not so many fit.
    """
    found = [math.floor(side.length / setting + _EXACT) for side in sides]
    if wanted is None:
        return found
    if wanted > sum(found):
        raise ValueError(f"seats: {wanted} places; {sum(found)} fit, {setting * 1000:.0f} mm each")
    while sum(found) > wanted:
        closest = max(range(len(found)), key=lambda n: (round(found[n] / sides[n].length, 9), n))
        found[closest] -= 1
    return found


def packed(
    area: Any, size: tuple[float, float], spacing: tuple[float, float], wall: float, is_round: bool, hexagonal: bool
) -> Floats:
    """(n, 2) middles of as many tables as fit, front row first, each row from house left. [m]

    area : shapely polygon · size : width and depth of a table · spacing : along a row, and from row to row
    wall : least distance of a table's edge from the area's

    Grids that stand even in the area are taken before others that hold as many.
    """
    import shapely

    left, low, right, high = area.bounds
    along, apart = spacing
    half = np.array(size) / 2
    rim = area.boundary
    shapely.prepare(area)
    best = np.zeros((0, 2))
    middle = (left + right) / 2
    across = [0.0, 0.5, *(k / _SHIFTS for k in range(1, _SHIFTS) if 2 * k != _SHIFTS)]
    n, m = math.ceil((right - left) / along) + 1, math.ceil((high - low) / apart) + 1
    for down in range(_SHIFTS):
        y = high - wall - half[1] - down / _SHIFTS * apart - np.arange(m) * apart
        for shift in across:
            x = middle + (np.arange(-n, n + 1) + shift) * along
            grid = np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1)
            if hexagonal:
                grid[1::2, :, 0] += along / 2
            at = grid.reshape(-1, 2)
            at = at[shapely.contains_xy(area, at[:, 0], at[:, 1])]
            if len(at) <= len(best):
                continue
            if is_round:
                fits = shapely.distance(shapely.points(at), rim) >= half[0] + wall - _EXACT
            else:
                tops = shapely.box(*(at - half).T, *(at + half).T)
                fits = shapely.contains(area.buffer(_EXACT), tops) & (shapely.distance(tops, rim) >= wall - _EXACT)
            if fits.sum() > len(best):
                best = at[fits]
    return best
