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

FINE = 2e-4
"""Furthest that chords stray from the arcs of what is made. [m]"""


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

    def moved(self, by: Sequence[float] | Floats) -> Outline:
        """The same area elsewhere. [m]"""
        x, y = (float(v) for v in by)
        rings = [Ring(ring.points + (x, y), ring.arcs) for ring in self.rings()]
        return Outline(rings[0], tuple(rings[1:]), tuple((u + x, v + y, r) for u, v, r in self.circles))

    @cached_property
    def polygon(self) -> Any:
        """As a shapely Polygon."""
        import shapely

        return shapely.Polygon(self.outer.points, [hole.points for hole in self.holes])

    @cached_property
    def size(self) -> tuple[float, float]:
        """Its extent along x and y, by its arcs themselves rather than by their chords. [m]"""
        points = self.outer.points
        reach = [points]
        for arc in {arc for arc in self.outer.arcs if arc >= 0}:
            x, y, radius = self.circles[arc]
            runs = [k for k, of in enumerate(self.outer.arcs) if of == arc]
            start, end = points[runs] - (x, y), points[[(k + 1) % len(points) for k in runs]] - (x, y)
            for way in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)):
                side = (start[:, 0] * way[1] - start[:, 1] * way[0]) * (way[0] * end[:, 1] - way[1] * end[:, 0])
                if np.any((side > 0) & ((start + end) @ way > 0)):
                    reach.append(np.array([[x + radius * way[0], y + radius * way[1]]]))
        wide, tall = np.ptp(np.concatenate(reach), axis=0)
        return float(wide), float(tall)

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


def rounded(corners: Sequence[Sequence[float]], holes: Sequence[Outline] = ()) -> Outline:
    """Outline through corners [x, y] or [x, y, radius]: with a radius a corner is an arc that touches both its sides. [m]

    Raises ValueError where a radius has no room, where the outline crosses itself, and where a hole does not lie inside it.
    """
    from stagecraft.geometry.shapes import arc_sides

    plain = outline([corner[:2] for corner in corners]).outer.points
    radii = {(float(corner[0]), float(corner[1])): float(corner[2]) for corner in corners if len(corner) > 2}
    points: list[Floats] = []
    arcs: list[int] = []
    circles: list[tuple[float, float, float]] = []
    before, after = plain - np.roll(plain, 1, axis=0), np.roll(plain, -1, axis=0) - plain
    far = [
        radii.get((x, y), 0.0) * abs(math.tan(_turn(a, b) / 2)) for (x, y), a, b in zip(plain.tolist(), before, after)
    ]
    for k, corner in enumerate(plain):
        long, there = float(np.linalg.norm(after[k])), far[(k + 1) % len(plain)]
        if far[k] + there > long + 1e-9:
            x, y = corner if far[k] > there else plain[(k + 1) % len(plain)]
            raise ValueError(f"the outline has no room for the radius of its corner {x:g}, {y:g}")
    for k, corner in enumerate(plain):
        radius, turn = radii.get((float(corner[0]), float(corner[1])), 0.0), _turn(before[k], after[k])
        if not far[k]:
            points.append(corner[None])
            arcs.append(-1)
            continue
        ahead = before[k] / np.linalg.norm(before[k])
        start = corner - far[k] * ahead
        side = math.copysign(1.0, turn)
        centre = start + side * radius * np.array([-ahead[1], ahead[0]])
        sides = arc_sides(radius, turn, FINE)
        angle = math.atan2(*(start - centre)[::-1]) + turn * np.arange(sides + 1) / sides
        points.append(centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
        arcs += [len(circles)] * sides + [-1]
        circles.append((float(centre[0]), float(centre[1]), radius))
    ring = Ring(*_once(np.concatenate(points), arcs))
    rings = []
    for hole in holes:
        first = len(circles)
        circles += hole.circles
        own = (*hole.outer.arcs[-2::-1], hole.outer.arcs[-1])
        rings.append(Ring(hole.outer.points[::-1].copy(), tuple(arc + first if arc >= 0 else -1 for arc in own)))
    shape = Outline(ring, tuple(rings), tuple(circles))
    if not shape.polygon.is_valid:
        raise ValueError(f"holes: one does not lie inside the outline, or crosses another{_fault(shape.polygon)}")
    return shape


def _turn(before: Floats, after: Floats) -> float:
    """Angle from one direction to the next, anticlockwise. [radians]"""
    return math.atan2(before[0] * after[1] - before[1] * after[0], float(before @ after))


def _once(points: Floats, arcs: Sequence[int]) -> tuple[Floats, tuple[int, ...]]:
    """A ring without points that repeat the one before (two arcs that meet)."""
    new = np.abs(points - np.roll(points, -1, axis=0)).max(axis=1) > 1e-9
    return points[new], tuple(arc for arc, kept in zip(arcs, new.tolist()) if kept)


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


def sector(
    centre: tuple[float, float], inner: float, outer: float, start: float, end: float, tolerance: float = 0.002
) -> Outline:
    """Piece of a ring between two radii [m] and two angles [degrees, anticlockwise from +x].

    tolerance : furthest that a chord strays from its arc [m]
    """
    from stagecraft.geometry.shapes import arc_sides

    sides = arc_sides(outer, math.radians(end - start), tolerance)
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
