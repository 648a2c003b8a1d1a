"""What a tape can touch: how far a point lies from walls and columns, along and across the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from stagecraft.analysis.tapes import Wall, named, references
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene, Strings
from stagecraft.units import Units, drawn

NEAR = 1e-6
"""What lies nearer is the thing itself. [m]"""
_WAYS = (("SR", 0, -1.0), ("SL", 0, 1.0), ("DS", 1, -1.0), ("US", 1, 1.0))


class Touch(NamedTuple):
    distance: float
    """[m]"""
    what: str
    """`SR wall`, `column K1`."""


@dataclass(frozen=True, eq=False)
class Tape:
    """A tape laid from points of a room."""

    scene: Scene

    @cached_property
    def _faces(self) -> tuple[Floats, Strings]:
        """(n, 2, 2) runs of faces, and the name of each that is a column's."""
        import shapely

        rings = [(ring.points, "") for room in self.scene.rooms for ring in room.outline.rings()]
        for part in self.scene.parts:
            if part.system == "column":
                for plan in part.plans():
                    name = part.name or part.element
                    rings += [(np.asarray(one.exterior.coords)[:-1], name) for one in shapely.get_parts(plan)]
        runs = [np.stack([points, np.roll(points, -1, axis=0)], axis=1) for points, _ in rings]
        column = [name for points, name in rings for _ in points]
        return np.concatenate([np.zeros((0, 2, 2)), *runs]), np.array(column, dtype=np.str_)

    def across(self, point: Floats) -> Touch | None:
        """The nearest face along x from a point (2,); None where there is none. [m]"""
        return min(self._touches(point, 0), default=None)

    def along(self, point: Floats) -> Touch | None:
        """The nearest face along y from a point (2,); None where there is none. [m]"""
        return min(self._touches(point, 1), default=None)

    def _touches(self, point: Floats, axis: int) -> Iterator[Touch]:
        runs, column = self._faces
        other = 1 - axis
        a, b = runs[:, 0], runs[:, 1]
        crossed = (np.minimum(a, b)[:, other] <= point[other]) & (point[other] < np.maximum(a, b)[:, other])
        a, b, kind = a[crossed], b[crossed], column[crossed]
        share = (point[other] - a[:, other]) / (b - a)[:, other]
        reach = a[:, axis] + share * (b - a)[:, axis] - point[axis]
        for name, its, sign in _WAYS:
            ahead = np.nonzero(sign * reach > NEAR)[0]
            if its == axis and len(ahead):
                first = ahead[np.argmin(sign * reach[ahead])]
                yield Touch(float(sign * reach[first]), f"column {kind[first]}" if kind[first] else f"{name} wall")


def taped(scene: Scene, points: Floats, system: Units) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """How far points (n, 2) lie from the two things that they are best measured from: their names, and the figures.

    A dash where a tape held square does not meet the wall, and where there is nothing to measure from.
    """
    found = references(scene, points)
    heads = [f"from {name}" for name in named(found)]
    columns = []
    for one in found:
        away = one.distance(points)
        met = one.meets(points) & (away >= 0) if isinstance(one, Wall) else np.ones(len(points), np.bool_)
        columns.append([drawn(float(d), system) if m else "—" for d, m in zip(away.round(6), met)])
    while len(heads) < 2:
        heads.append("from a wall")
        columns.append(["—"] * len(points))
    return (heads[0], heads[1]), list(zip(columns[0], columns[1]))
