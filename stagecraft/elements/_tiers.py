"""The floors that rows stand on: solid steps, their drops, and the rails along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from stagecraft.elements._rails import Side
from stagecraft.geometry import shapes
from stagecraft.geometry.courses import Course, Parallel, Row, Straight, outlines
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import Edge, Part, Record

FLAT = 1e-9
"""Floors no higher than this are the room's own. [m]"""
_ALONG = 0.01
"""An edge whose middle lies within this of a row's front or back runs along it. [m]"""
_BARE = 0.05
"""Shorter pieces of a back that the next row leaves bare are no drops. [m]"""


@dataclass(frozen=True, eq=False)
class Laid:
    """Rows, and where the floor of each begins, ends and lies."""

    course: Course
    rows: list[Row]
    depth: float
    """Of a chair. [m]"""
    behind: Floats
    """(rows,) front edge of the chairs behind that of the front row. [m]"""
    start: Floats
    end: Floats
    """(rows,) where its floor begins and ends, behind the front row's front edge. [m]"""
    levels: Floats
    """(rows,) [m]"""
    sides: float = 0.0
    """Floor beyond either end of the rows. [m]"""
    within: Any = None
    """Area that the floors keep to, as a shapely polygon."""

    @property
    def free(self) -> bool:
        """Rows end where something else lets them, so that a back may lie bare."""
        return self.within is not None or isinstance(self.course, Parallel)

    @cached_property
    def floors(self) -> list[list[Outline]]:
        """The floor of each row in plan."""
        import shapely

        floors = [
            self.course.floor(row.ends, start, end, self.sides)
            for row, start, end in zip(self.rows, self.start.tolist(), self.end.tolist())
        ]
        if not self.free:
            return floors
        out, taken = [], shapely.Polygon()
        for floor in floors:
            shape = floor[0].polygon if len(floor) == 1 else shapely.union_all([plan.polygon for plan in floor])
            if self.within is not None:
                shape = shapely.intersection(shape, self.within)
            if isinstance(self.course, Parallel):
                shape = shapely.difference(shape, taken, grid_size=1e-6)
                taken = shapely.union(taken, shape, grid_size=1e-6)
            out.append(outlines(shape))
        return out


def tiers(element: str, laid: Laid, rails: Sequence[Side], rail_height: float) -> Iterator[Record]:
    """Solid steps, one a row: the riser stands at the back of the chairs in front; their drops and rails."""
    raised = [k for k in range(len(laid.rows)) if laid.levels[k] > FLAT and laid.floors[k]]
    if not raised:
        return
    steps = [_raised(plan, 0.0, laid.levels[k], laid.course) for k in raised for plan in laid.floors[k]]
    yield Part(element, joined(steps), system="platform", name="tiers", blocks="architecture", movable=False,
               takes_seats=False, colour=(0.32, 0.31, 0.31))  # fmt: skip
    guards: list[Solid] = []
    for side, line, height in _drops(laid, raised):
        yield Edge(element, line, height, side in rails)
        if side in rails:
            guards += [shapes.guard_rail(a, b, rail_height) for a, b in pairwise(_thinned(line))]
    if guards:
        yield Part(element, joined(guards), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))


def _raised(plan: Outline, low: float, high: float, course: Course) -> Solid:
    corners = plan.outer.points
    if isinstance(course, Straight) and len(corners) == 4 and not plan.holes:
        a, b = corners.min(axis=0), corners.max(axis=0)
        if abs(np.prod(b - a) - plan.area) < 1e-9:
            return shapes.cuboid((*a, low), (*b, high))
    return shapes.prism(plan, low, high)


def _drops(laid: Laid, raised: Sequence[int]) -> Iterator[tuple[Side, Floats, float]]:
    """Which way each drop looks, its line and its height: the sides of every row, and the backs that lie bare."""
    last = len(laid.rows) - 1
    for k in raised:
        level = float(laid.levels[k])
        ends = laid.rows[k].ends
        for plan in laid.floors[k]:
            for ring in plan.rings():
                for kind, line in _runs(laid, k, ring.points):
                    if kind == "front":
                        continue
                    if kind == "rear":
                        for bare in [line] if k == last else _bare(laid, k, line):
                            yield "rear", np.c_[bare, np.full(len(bare), level)], level
                        continue
                    left, right = np.linalg.norm(ends - line.mean(axis=0), axis=1)
                    yield "left" if left <= right else "right", np.c_[line, np.full(len(line), level)], level


def _runs(laid: Laid, k: int, ring: Floats) -> Iterator[tuple[str, Floats]]:
    """Stretches of a floor's rim along its front, along its back, and between the two."""
    closed = np.concatenate([ring, ring[:1]])
    deep = laid.course.behind((closed[1:] + closed[:-1]) / 2)
    kind = np.where(deep > laid.end[k] - _ALONG, 2, np.where(deep < laid.start[k] + _ALONG, 0, 1))
    begins = np.flatnonzero(kind != np.roll(kind, 1))
    if not len(begins):
        yield ("front", "side", "rear")[kind[0]], closed
        return
    n = len(ring)
    for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), begins[0] + n]):
        yield ("front", "side", "rear")[kind[begin]], ring[np.arange(begin, end + 1) % n]


def _bare(laid: Laid, k: int, line: Floats) -> Iterator[Floats]:
    """What of a row's back has no floor behind it."""
    import shapely

    if not laid.free:
        return
    behind = shapely.union_all([plan.polygon for plan in laid.floors[k + 1]])
    for piece in shapely.get_parts(shapely.LineString(line).difference(behind.buffer(_ALONG))).tolist():
        if piece.length > _BARE:
            yield shapely.get_coordinates(piece)


def _thinned(line: Floats) -> Floats:
    """A line with every sixth of its corners, its ends kept: what a rail of straight pieces follows."""
    keep = np.unique(np.append(np.arange(0, len(line), 6), len(line) - 1))
    return np.asarray(line[keep])
