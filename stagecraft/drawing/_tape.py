"""What a tape can touch: how far a point lies from walls and columns, along and across the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene

NEAR = 1e-6
"""What lies nearer is the thing itself. [m]"""
_WAYS = (("left", 0, -1.0), ("right", 0, 1.0), ("downstage", 1, -1.0), ("upstage", 1, 1.0))


class Touch(NamedTuple):
    distance: float
    """[m]"""
    what: str
    """`left wall`, `upstage column`: as on the plan."""


@dataclass(frozen=True, eq=False)
class Tape:
    """A tape laid from points of a room."""

    scene: Scene

    @cached_property
    def _faces(self) -> tuple[Floats, Floats]:
        """(n, 2, 2) runs of faces, and whether each is a column's."""
        import shapely

        rings = [(ring.points, False) for room in self.scene.rooms for ring in room.outline.rings()]
        for part in self.scene.parts:
            if part.system == "column":
                for plan in part.plans():
                    rings += [(np.asarray(one.exterior.coords)[:-1], True) for one in shapely.get_parts(plan)]
        runs = [np.stack([points, np.roll(points, -1, axis=0)], axis=1) for points, _ in rings]
        column = [np.full(len(points), kind) for points, kind in rings]
        return np.concatenate([np.zeros((0, 2, 2)), *runs]), np.concatenate([np.zeros(0, np.bool_), *column])

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
                yield Touch(float(sign * reach[first]), f"{name} {'column' if kind[first] else 'wall'}")
