"""The floors that rows stand on: solid steps, their drops, and the rails along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.elements._rails import INSET, Side
from stagecraft.geometry import shapes
from stagecraft.geometry.courses import Course, Parallel, Row, Straight, outlines
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import Edge, Part, Record, Walkway

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


@dataclass(frozen=True, eq=False)
class Opening:
    """A way through the tiers: open from above from its mouth on, under the rows where they are high enough."""

    laid: Laid
    at: float
    """Its middle along the row at its mouth. [m]"""
    width: float
    first: int
    """Row at its mouth, 0 for the front one."""
    height: float
    """Clear height inside. [m]"""
    rails: bool

    @cached_property
    def floor(self) -> float:
        """Level of its floor: that of the row before its mouth. [m]"""
        return float(self.laid.levels[self.first - 1]) if self.first else 0.0

    @cached_property
    def above(self) -> int:
        """First row that stands over it; one more than there are where none does."""
        high = self.laid.levels[self.first :] >= self.floor + self.height - FLAT
        return self.first + int(np.argmax(high)) if high.any() else len(self.laid.rows)

    @cached_property
    def line(self) -> Floats:
        """(2, 2) its middle, from its mouth to the back of the tiers. [m]"""
        laid = self.laid
        middle = laid.behind[self.first] + laid.depth / 2
        (at,), (heading,) = laid.course.at(np.array([self.at]), float(middle))
        back = -np.array([np.cos(np.radians(heading)), np.sin(np.radians(heading))])
        return np.asarray(at + np.outer([laid.start[self.first] - middle, laid.end[-1] - middle], back))

    @cached_property
    def _flanks(self) -> Floats:
        """(2, 2, 2) its two sides, on past its mouth and its end so that they meet rows that curve there. [m]"""
        ahead = (self.line[1] - self.line[0]) / np.linalg.norm(self.line[1] - self.line[0]) * self.width / 2
        aside = np.array([-ahead[1], ahead[0]])
        long = self.line + np.stack([-ahead, ahead])
        return np.stack([long - aside, long + aside])

    @cached_property
    def plan(self) -> Any:
        """As a shapely polygon."""
        import shapely

        return shapely.Polygon(np.concatenate([self._flanks[0], self._flanks[1, ::-1]]))

    def takes(self, plans: Sequence[Any]) -> list[NDArray[np.bool_]]:
        """Which places of each row are over its open part; plans: of the places of each row."""
        import shapely

        inner = self.plan.buffer(-1e-6)
        return [
            np.asarray(shapely.intersects(inner, plan), np.bool_)
            if self.first <= k < self.above else np.zeros(len(plan), np.bool_)
            for k, plan in enumerate(plans)
        ]  # fmt: skip

    def walkway(self, element: str, name: str) -> Walkway:
        """From its mouth to the back of the tiers."""
        return Walkway(element, name, np.c_[self.line, np.full(2, self.floor)], self.width, "route")

    def drops(self) -> Iterator[tuple[Floats, float]]:
        """Lines beside its open part, row by row, and above its mouth, with their heights over its floor."""
        import shapely

        sides = shapely.linestrings(self._flanks)
        for k in range(self.first, min(self.above + 1, len(self.laid.rows))):
            height = float(self.laid.levels[k]) - self.floor
            if height <= FLAT:
                continue
            floor = shapely.union_all([plan.polygon for plan in self.laid.floors[k]])
            if k < self.above:
                lines = shapely.get_parts(shapely.intersection(sides, floor))
            else:
                lines = shapely.get_parts(shapely.intersection(floor.boundary, self.plan))
                deep = self.laid.course.behind(
                    shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
                )
                lines = lines[deep < self.laid.start[k] + _ALONG]
            for line in lines.tolist():
                xy = shapely.get_coordinates(line)
                if line.length > _BARE:
                    yield np.c_[xy, np.full(len(xy), self.laid.levels[k])], height


def _steps(laid: Laid, k: int, openings: Sequence[Opening]) -> Iterator[Solid]:
    """The step of a row, with what openings leave of it."""
    import shapely

    level = float(laid.levels[k])
    cuts = [o for o in openings if k >= o.first]
    if not cuts:
        yield from (_raised(plan, 0.0, level, laid.course) for plan in laid.floors[k])
        return
    whole = shapely.union_all([plan.polygon for plan in laid.floors[k]])
    marks = sorted({0.0, level, *(z for o in cuts for z in (o.floor, min(o.floor + o.height, level)) if z < level)})
    for low, high in pairwise(marks):
        gone = [o.plan for o in cuts if o.floor < high - FLAT and (k < o.above or o.floor + o.height > low + FLAT)]
        for plan in outlines(shapely.difference(whole, shapely.union_all(gone))) if gone else laid.floors[k]:
            yield _raised(plan, low, high, laid.course)


def tiers(
    element: str, laid: Laid, rails: Sequence[Side], rail_height: float, openings: Sequence[Opening] = ()
) -> Iterator[Record]:
    """Solid steps, one a row: the riser stands at the back of the chairs in front; their drops and rails."""
    raised = [k for k in range(len(laid.rows)) if laid.levels[k] > FLAT and laid.floors[k]]
    if not raised:
        return
    steps = [step for k in raised for step in _steps(laid, k, openings)]
    yield Part(element, joined(steps), system="platform", name="tiers", blocks="architecture", movable=False,
               takes_seats=False, colour=(0.32, 0.31, 0.31))  # fmt: skip
    guards: list[Solid] = []
    for side, line, height in _drops(laid, raised):
        yield Edge(element, line, height, side in rails)
        if side in rails:
            rail = _outside(_thinned(line)) if side == "rear" else line
            guards += [shapes.guard_rail(a, b, rail_height) for a, b in pairwise(rail)]
    for opening in openings:
        for line, height in opening.drops():
            yield Edge(element, line, height, opening.rails)
            if opening.rails:
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
    """A line with every second of its corners, its ends kept: what a rail of straight pieces follows."""
    keep = np.unique(np.append(np.arange(0, len(line), 2), len(line) - 1))
    return np.asarray(line[keep])


def _outside(line: Floats) -> Floats:
    """A line beside a floor's rim, which runs anticlockwise: chairs stand up to the rim itself."""
    run = np.diff(line[:, :2], axis=0)
    normal = np.stack([run[:, 1], -run[:, 0]], axis=1) / np.linalg.norm(run, axis=1, keepdims=True)
    before, after = np.concatenate([normal[:1], normal]), np.concatenate([normal, normal[-1:]])
    mitre = (before + after) / np.maximum(1.0 + (before * after).sum(axis=1, keepdims=True), 0.2)
    return np.asarray(np.c_[line[:, :2] + INSET * mitre, line[:, 2]])
