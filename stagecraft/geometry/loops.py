"""Closed loops as a machine follows them: straight runs, arcs as bulges, whole circles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import outline_paths
from stagecraft.geometry.outline import Outline, Ring


@dataclass(frozen=True, eq=False)
class Loop:
    """One closed loop; of a circle the points are none."""

    points: Floats
    """(n, 2)"""
    bulges: Floats
    """(n,) tangent of a quarter of the angle of the run from each point to the next; 0 straight."""
    circle: tuple[float, float, float] | None = None
    """Centre x, y and radius."""

    @property
    def ends(self) -> tuple[Floats, Floats]:
        return self.points, np.roll(self.points, -1, axis=0)

    @cached_property
    def area(self) -> float:
        """Whichever way it runs; arcs count exactly. [square units]"""
        if self.circle:
            return math.pi * self.circle[2] ** 2
        (a, b), angle = self.ends, 4 * np.arctan(self.bulges)
        chord = np.hypot(*(b - a).T)
        bent = np.abs(self.bulges) > 1e-12
        radius = np.zeros(len(chord))
        radius[bent] = chord[bent] / (2 * np.sin(angle[bent] / 2))
        straight = float((a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]).sum() / 2)
        return abs(straight + float((radius**2 * (angle - np.sin(angle)) / 2).sum()))

    def chords(self, tolerance: float = 1e-5) -> Floats:
        """(m, 2) corners of a polygon that strays from it by no more than this."""
        if self.circle:
            x, y, radius = self.circle
            step = 2 * math.acos(max(1 - tolerance / radius, 0.0))
            angle = np.linspace(0, 2 * np.pi, max(math.ceil(2 * np.pi / step), 12), endpoint=False)
            return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
        parts = []
        for a, b, bulge in zip(*self.ends, self.bulges.tolist()):
            if abs(bulge) < 1e-12:
                parts.append(a[None])
                continue
            middle = (a + b) / 2 + np.array([a[1] - b[1], b[0] - a[0]]) * (1 - bulge**2) / (4 * bulge)
            turn, radius = 4 * math.atan(bulge), math.dist(a, middle)
            count = max(math.ceil(abs(turn) / (2 * math.acos(max(1 - tolerance / radius, 0.0)))), 1)
            angle = math.atan2(*(a - middle)[::-1]) + turn * np.arange(count) / count
            parts.append(middle + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
        return np.concatenate(parts)

    def turned(self, quarters: int) -> Loop:
        """Turned by so many times 90 degrees anticlockwise about 0, 0."""
        out = self
        for _ in range(quarters % 4):
            circle = out.circle and (-out.circle[1], out.circle[0], out.circle[2])
            out = replace(out, points=np.stack([-out.points[:, 1], out.points[:, 0]], axis=1), circle=circle)
        return out

    def moved(self, by: Floats) -> Loop:
        circle = self.circle and (self.circle[0] + float(by[0]), self.circle[1] + float(by[1]), self.circle[2])
        return replace(self, points=self.points + by, circle=circle)

    def scaled(self, factor: float) -> Loop:
        circle = self.circle and (self.circle[0] * factor, self.circle[1] * factor, self.circle[2] * factor)
        return replace(self, points=self.points * factor, circle=circle)


def loops(outline: Outline) -> tuple[Loop, ...]:
    """The rim of an outline, then its holes, arcs whole again. [the outline's unit]"""
    return tuple(_loop(ring, outline) for ring in outline.rings())


def area_of(outline: Outline) -> float:
    """Of the true shape, holes taken out: arcs count as arcs. [m²]"""
    rim, *holes = loops(outline)
    return rim.area - sum(hole.area for hole in holes)


def box_of(found: tuple[Loop, ...]) -> tuple[Floats, Floats]:
    """Lower left and upper right of loops, arcs taken exactly enough for a machine: 0.001 mm in metres."""
    points = np.concatenate([loop.chords(1e-6) for loop in found])
    return points.min(axis=0), points.max(axis=0)


def _loop(ring: Ring, outline: Outline) -> Loop:
    import shapely

    paths = outline_paths(shapely.Polygon(ring.points), outline.circles)
    path: Any = paths[0]
    if path.circle:
        return Loop(np.zeros((0, 2)), np.zeros(0), tuple(path.circle))
    points = np.asarray(path.points, float)[:, :2]
    bulges = np.zeros(len(points))
    bulges[: len(path.bulges)] = path.bulges
    return Loop(points, bulges)
