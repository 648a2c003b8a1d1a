"""Outlines in plan: closed rings of straight runs and arcs, with holes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats


@dataclass(frozen=True, eq=False)
class Ring:
    """One closed loop. points (n, 2); arcs[i] is the circle that the run from point i to i+1 follows, −1 if straight."""

    points: Floats
    arcs: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Outline:
    """An area in plan. The outer ring runs anticlockwise, holes clockwise. [m]"""

    outer: Ring
    holes: tuple[Ring, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    """Centre x, y and radius of the circles that arcs follow."""

    def rings(self) -> tuple[Ring, ...]:
        return (self.outer, *self.holes)

    @cached_property
    def polygon(self) -> Any:
        """As a shapely Polygon."""
        import shapely

        return shapely.Polygon(self.outer.points, [hole.points for hole in self.holes])

    @property
    def area(self) -> float:
        """[m²]"""
        return sum(_signed_area(ring.points) for ring in self.rings())


def outline(points: Sequence[Sequence[float]] | Floats, holes: Sequence[Sequence[Sequence[float]]] = ()) -> Outline:
    """Outline with straight runs through `points` (n, 2), whichever way they run. [m]

    Raises ValueError when it crosses itself or has no area.
    """
    _crossing(points)
    for hole in holes:
        _crossing(hole)
    shape = Outline(_ring(points, anticlockwise=True), tuple(_ring(hole, anticlockwise=False) for hole in holes))
    if not shape.polygon.is_valid:
        raise ValueError(f"holes: one does not lie inside the outline, or crosses another{_fault(shape.polygon)}")
    return shape


def _crossing(points: Sequence[Sequence[float]] | Floats) -> None:
    """Raises ValueError where a ring crosses or touches itself."""
    import shapely

    ring = np.asarray(points, float).reshape(-1, 2)
    if len(ring) > 3 and not (made := shapely.LinearRing(ring)).is_valid:
        raise ValueError(f"the outline crosses itself{_fault(made)}")


def _fault(shape: Any) -> str:
    """` at 2, 2`"""
    import shapely

    found = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(shape))
    return f" at {float(found[1]):.4g}, {float(found[2]):.4g}" if found else ""


def rectangle(width: float, depth: float, at: tuple[float, float] = (0, 0)) -> Outline:
    """Rectangle centred on `at`. [m]"""
    x, y = at
    w, d = width / 2, depth / 2
    return Outline(Ring(np.array([(x - w, y - d), (x + w, y - d), (x + w, y + d), (x - w, y + d)], float), (-1,) * 4))


def circle(radius: float, at: tuple[float, float] = (0, 0), sides: int = 48) -> Outline:
    """Circle, kept as `sides` chords that know their circle. [m]"""
    angle = 2 * np.pi * np.arange(sides) / sides
    points = np.stack([at[0] + radius * np.cos(angle), at[1] + radius * np.sin(angle)], axis=1)
    return Outline(Ring(points, (0,) * sides), circles=((at[0], at[1], radius),))


def sector(centre: tuple[float, float], inner: float, outer: float, start: float, end: float) -> Outline:
    """Piece of a ring between two radii [m] and two angles [degrees, anticlockwise from +x]."""
    from stagecraft.geometry.shapes import arc_sides

    sides = arc_sides(outer, math.radians(end - start))
    angle = np.radians(np.linspace(start, end, sides + 1))
    ray = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.concatenate([np.add(centre, outer * ray), np.add(centre, inner * ray[::-1])])
    arcs = (0,) * sides + (-1,) + (1,) * sides + (-1,)
    return Outline(Ring(points, arcs), circles=((*centre, outer), (*centre, inner)))


def from_polygon(polygon: Any) -> Outline:
    """Outline of a shapely Polygon (straight runs only)."""
    import shapely

    shape = shapely.orient_polygons(polygon)
    rings = [
        Ring(np.asarray(r.coords)[:-1, :2], (-1,) * (len(r.coords) - 1)) for r in (shape.exterior, *shape.interiors)
    ]
    return Outline(rings[0], tuple(rings[1:]))


def _ring(points: Sequence[Sequence[float]] | Floats, anticlockwise: bool) -> Ring:
    array = np.asarray(points, float).reshape(-1, 2)
    if len(array) > 1 and np.allclose(array[0], array[-1], atol=1e-9):
        array = array[:-1]
    if len(array) < 3:
        raise ValueError("an outline needs three different corners at least")
    area = _signed_area(array)
    if abs(area) < 1e-9:
        raise ValueError("the outline has no area")
    if (area > 0) != anticlockwise:
        array = array[::-1].copy()
    return Ring(array, (-1,) * len(array))


def _signed_area(points: Floats) -> float:
    x, y = points.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
