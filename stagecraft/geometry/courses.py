"""How rows run in plan: straight, round a point, in two wings, along a path. Rows follow one another away from the stage.

`s` is a distance along a row from its middle, positive to the audience's right; `behind` is how far something lies
behind the front edge of the front row. [m]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, Ring, from_polygon, sector
from stagecraft.geometry.rows import Along, lattice

CORNER = 5.0
"""A path that turns by more at one point has a corner there: no seat stands across it. [degrees]"""
_ROUND = 360.0 - 1e-6
_ASTRAY = 0.02
"""What is nearer to another run of its path than to its own by more stands in that run's rows. [m]"""
_SHARED = 1e-5
"""Places that share less floor touch: a tenth of a millimetre along a side. [m²]"""


@dataclass(frozen=True, eq=False)
class Row:
    """Places of one row in plan, in the seating's own coordinates, from the audience's left to its right."""

    along: Along
    xy: Floats
    """(n, 2) middle of each place. [m]"""
    facing: Floats
    """(n,) degrees, 90 looks towards +y."""
    gaps: Floats
    """(sections − 1, 2) middles of the gangways at this row. [m]"""
    ends: Floats
    """(2, 2) outer ends of the row. [m]"""

    def where(self, keep: NDArray[Any]) -> Row:
        """The row with some of its places (a mask or indices)."""
        return replace(self, along=self.along.where(keep), xy=self.xy[keep], facing=self.facing[keep])

    def corners(self, depth: float, depths: Floats | float) -> Floats:
        """(n, 4, 2) corners of the places: chairs are `depth` deep, places `depths`, from the same front edge on. [m]"""
        look = np.radians(self.facing)
        ahead = np.stack([np.cos(look), np.sin(look)], axis=1)
        right = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1) * self.along.width[:, None] / 2
        front = self.xy + ahead * depth / 2
        back = front - ahead * np.broadcast_to(depths, len(front))[:, None]
        return np.stack([front - right, front + right, back + right, back - right], axis=1)


class Course(Protocol):
    """The way that rows take."""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        """(n, 2) points along a row, and (n,) where who sits there looks. [m, degrees]"""

    def filled(self, behind: float, depth: float, widths: Sequence[float], shift: float, reach: float) -> Row:
        """A row with as many places as there is room for, no further from its middle than `reach`. [m]"""

    def behind(self, xy: Floats) -> Floats:
        """(n,) how far points lie behind the front row's front edge. [m]"""

    def line(self, ends: Floats, behind: float) -> Floats:
        """(m, 2) a line along a row that has its `ends` (2, 2), so far behind the front edge. [m]"""

    def floor(self, ends: Floats, start: float, end: float, sides: float) -> list[Outline]:
        """The floor of a row that has its `ends` (2, 2), between two distances behind the front edge. [m]"""


def placed(along: Along, course: Course, middle: float) -> Row:
    """A row in plan; its places stand with their middles `middle` metres behind the front row's front edge."""
    xy, facing = course.at(along.s, middle)
    return Row(along, xy, facing, course.at(along.gaps, middle)[0], course.at(along.ends, middle)[0])


@dataclass(frozen=True)
class Straight:
    """Rows across, looking to +y."""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        return np.stack([s, np.full(len(s), -behind)], axis=1), np.full(len(s), 90.0)

    def filled(self, behind: float, depth: float, widths: Sequence[float], shift: float, reach: float) -> Row:
        return placed(lattice(-reach, reach, widths, shift), self, behind + depth / 2)

    def behind(self, xy: Floats) -> Floats:
        return np.asarray(-xy[:, 1])

    def line(self, ends: Floats, behind: float) -> Floats:
        return np.asarray(np.c_[ends[:, 0], np.full(2, -behind)])

    def floor(self, ends: Floats, start: float, end: float, sides: float) -> list[Outline]:
        low, high = ends[0, 0] - sides, ends[1, 0] + sides
        corners = np.array([(low, -end), (high, -end), (high, -start), (low, -start)], float)
        return [Outline(Ring(corners, (-1,) * 4))]


@dataclass(frozen=True)
class Round:
    """Rows on circles about a point in front of them."""

    radius: float
    """Of the front row's front edge. [m]"""
    first: float = -180.0
    last: float = 180.0
    """How far rows that are filled go round, anticlockwise from their middle. [degrees]"""

    @property
    def whole(self) -> bool:
        """All the way round."""
        return self.last - self.first > _ROUND

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        r = self.radius + behind
        angle = s / r
        xy = np.stack([r * np.sin(angle), self.radius - r * np.cos(angle)], axis=1)
        return xy, np.asarray(90.0 + np.degrees(angle))

    def filled(self, behind: float, depth: float, widths: Sequence[float], shift: float, reach: float) -> Row:
        r = self.radius + behind + depth / 2
        low, high = math.radians(self.first) * r, math.radians(self.last) * r
        if not self.whole:
            return placed(lattice(low, high, widths, shift), self, behind + depth / 2)
        whole = sum(widths)
        turns = max(math.floor(2 * math.pi * r / whole + 1e-9), 1)  # drawn apart until they close the ring
        apart = 2 * math.pi * r / turns
        start = shift - turns // 2 * apart
        row = lattice(start, start + turns * apart, np.asarray(widths) * apart / whole, shift)
        row = replace(row, width=np.minimum(np.asarray(widths, float)[row.pattern], row.width))
        return placed(row, self, behind + depth / 2)

    def behind(self, xy: Floats) -> Floats:
        return np.asarray(np.hypot(xy[:, 0], xy[:, 1] - self.radius) - self.radius)

    def _angles(self, ends: Floats) -> tuple[float, float]:
        """From where to where a row goes round, anticlockwise from +x. [degrees]"""
        first, last = np.degrees(np.arctan2(ends[:, 1] - self.radius, ends[:, 0])).tolist()
        return (first - 360.0 if first >= last - 1e-9 else first), last  # more than half a circle

    def line(self, ends: Floats, behind: float) -> Floats:
        first, last = self._angles(ends)
        angle = np.radians(np.linspace(first, last, max(2, math.ceil((last - first) / 3.0) + 1)))
        return np.asarray(
            (0.0, self.radius) + (self.radius + behind) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        )

    def floor(self, ends: Floats, start: float, end: float, sides: float) -> list[Outline]:
        inner, outer, centre = self.radius + start, self.radius + end, (0.0, self.radius)
        first, last = self._angles(ends)
        if last - first > _ROUND:
            ring = sector(centre, inner, outer, 0.0, 360.0)
            n = len(ring.outer.points) // 2 - 1
            rim, eye = ring.outer.points[:n], ring.outer.points[n + 1 : -1]
            return [Outline(Ring(rim, (0,) * n), (Ring(eye, (1,) * n),), ring.circles)]
        extra = np.degrees(sides / (self.radius + (start + end) / 2))
        return [sector(centre, inner, outer, float(first - extra), float(last + extra))]


@dataclass(frozen=True)
class Wings:
    """Rows of two straight halves, each turned towards the middle."""

    turn: float
    """[degrees]"""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        c, t = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        side = np.sign(s)
        # a wing's outer end comes forward; each looks towards the middle
        xy = np.stack([s * c, np.abs(s) * t - behind / c], axis=1)
        return xy, 90.0 + side * self.turn

    def filled(self, behind: float, depth: float, widths: Sequence[float], shift: float, reach: float) -> Row:
        return placed(lattice(-reach, reach, widths, shift), self, behind + depth / 2)

    def behind(self, xy: Floats) -> Floats:
        c, t = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        return np.asarray(np.abs(xy[:, 0]) * t - xy[:, 1] * c)

    def line(self, ends: Floats, behind: float) -> Floats:
        c, t = math.cos(math.radians(self.turn)), math.tan(math.radians(self.turn))
        x = np.array([ends[0, 0], 0.0, ends[1, 0]])
        return np.stack([x, np.abs(x) * t - behind / c], axis=1)

    def floor(self, ends: Floats, start: float, end: float, sides: float) -> list[Outline]:
        import shapely

        c, t = np.cos(np.radians(self.turn)), np.tan(np.radians(self.turn))
        half = float(np.abs(ends[:, 0]).max()) + sides * c
        near, far = -start / c, -end / c
        ring = [(-half, half * t + near), (0, near), (half, half * t + near),
                (half, half * t + far), (0, far), (-half, half * t + far)]  # fmt: skip
        return [from_polygon(shapely.Polygon(ring))]


@dataclass(frozen=True, eq=False)
class Parallel:
    """Rows parallel to a line, at right angles to which people look, to its left as it runs."""

    points: Floats
    """(n, 2) corners of the front row's front edge, from the audience's left to its right. [m]"""

    @cached_property
    def runs(self) -> Floats:
        """(n − 1, 2) directions of the straight runs."""
        run = np.diff(self.points, axis=0)
        return np.asarray(run / np.linalg.norm(run, axis=1, keepdims=True))

    @cached_property
    def turns(self) -> Floats:
        """(n,) how far the line turns to the left at each of its points; 0 at its ends. [radians]"""
        a, b = self.runs[:-1], self.runs[1:]
        return np.pad(np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1)), 1)

    @cached_property
    def away(self) -> Floats:
        """(n, 2) where each point goes for every metre that a row lies further behind."""
        normal = np.stack([self.runs[:, 1], -self.runs[:, 0]], axis=1)
        before, after = np.concatenate([normal[:1], normal]), np.concatenate([normal, normal[-1:]])
        return np.asarray((before + after) / (1.0 + (before * after).sum(axis=1, keepdims=True)))

    @cached_property
    def base(self) -> Any:
        """As a shapely line."""
        import shapely

        made = shapely.LineString(self.points)
        shapely.prepare(made)
        return made

    @cached_property
    def home(self) -> float:
        """How far along the line its middle is: where it crosses x = 0, so that a line may grow at one end; else half-way. [m]"""
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self.points, axis=0), axis=1))])
        x, half = self.points[:, 0], float(along[-1]) / 2
        k = np.flatnonzero((x[:-1] <= 0) & (x[1:] > 0))
        if not len(k):
            return half
        cross = along[k] - x[k] * (along[k + 1] - along[k]) / (x[k + 1] - x[k])
        return float(cross[np.abs(cross - half).argmin()])

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        """Points at distances from the middle of the line itself, moved behind it."""
        size = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(size)])
        t = np.clip(s + self.home, 0.0, along[-1])
        k = np.clip(np.searchsorted(along, t, side="right") - 1, 0, len(size) - 1)
        normal = np.stack([self.runs[k, 1], -self.runs[k, 0]], axis=1)
        xy = self.points[k] + self.runs[k] * (t - along[k])[:, None] + normal * behind
        return xy, np.degrees(np.arctan2(-normal[:, 1], -normal[:, 0]))

    def filled(self, behind: float, depth: float, widths: Sequence[float], shift: float, reach: float) -> Row:
        """Seats are counted from the line's middle to the corners, and from each corner on to the next.

        Where rows bend away from the stage their backs are nearer to one another than their fronts; there the backs
        stand side by side. What would stand in the rows of another run is not laid out.
        """
        front = self.points + self.away * behind
        size = (np.diff(front, axis=0) * self.runs).sum(axis=1)
        corner = np.abs(self.turns) > math.radians(CORNER)
        inset = depth * np.tan(np.maximum(self._bends(size, corner, max(widths)), 0.0) / 2)
        low = np.where(corner[:-1], inset[:-1], 0.0)
        span = np.maximum(size - low - np.where(corner[1:], inset[1:], 0.0), 0.0)
        room = np.where(size > 0, np.maximum(size - inset[:-1] - inset[1:], 0.0), 0.0)
        upto = np.concatenate([[0.0], np.cumsum(room)])
        middle = self._middle(front, low, span, room, upto)
        breaks = upto[np.concatenate([[0], np.flatnonzero(corner), [len(upto) - 1]])]
        pieces: list[Along] = []
        left = right = 0
        home = max(int(np.searchsorted(breaks, middle, side="right")) - 1, 0)
        home = min(home, len(breaks) - 2)
        for k in range(home, len(breaks) - 1):
            start = middle if k == home else float(breaks[k])
            piece = lattice(breaks[k] - start, breaks[k + 1] - start, widths, shift)
            slot = np.where(piece.slot > 0, piece.slot + right, piece.slot)
            pieces.append(replace(piece, s=piece.s + start, slot=slot))
            right = int(slot.max(initial=right))
            left = int(slot.min(initial=left))
        for k in range(home - 1, -1, -1):
            piece = lattice(breaks[k] - breaks[k + 1], 0.0, widths, -shift)
            slot = piece.slot - (piece.slot.max(initial=-1) + 1) + left
            pieces.insert(0, replace(piece, s=piece.s + breaks[k + 1], slot=slot))
            left = int(slot.min(initial=left))
        s, width, slot, pattern = (
            np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("s", "width", "slot", "pattern")
        )

        def on(m: Floats) -> Floats:
            k = np.clip(np.searchsorted(upto, m, side="right") - 1, 0, len(room) - 1)
            part = np.divide(m - upto[k], room[k], out=np.zeros(len(m)), where=room[k] > 0)
            return np.asarray(front[k] + self.runs[k] * (low[k] + part * span[k])[:, None])

        chord = on(s + width / 2 * (1 - 1e-9)) - on(s - width / 2 * (1 - 1e-9))
        ahead = np.stack([-chord[:, 1], chord[:, 0]], axis=1)
        ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
        along = Along(s - middle, width, np.zeros(len(s), np.int64), slot, pattern, np.zeros(0),
                      np.array([-middle, upto[-1] - middle]))  # fmt: skip
        xy = on(s) - ahead * depth / 2
        facing = np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0]))
        row = Row(along, xy, facing, np.zeros((0, 2)), np.array([front[0], front[-1]]))
        return row.where(self._at_home(row, behind, depth))

    def _bends(self, size: Floats, corner: NDArray[np.bool_], reach: float) -> Floats:
        """(n,) how far a row turns to the right at each point; on a curve as sharply as anywhere within `reach`. [radians]

        size : (n − 1,) lengths of its runs; people sit side by side though one bends more than the next
        """
        along = np.concatenate([[0.0], np.cumsum(np.maximum(size, 0.0))])
        half = np.maximum(size, 0.0) / 2
        share = np.append(half, 0.0) + np.insert(half, 0, 0.0)
        rate = np.divide(-self.turns, share, out=np.zeros(len(share)), where=(share > 1e-9) & ~corner)
        rate[rate * reach > 1.0] = 0.0  # it folds there, and nobody sits
        near = np.abs(along[:, None] - along) <= reach
        sharpest = np.where(near, rate, 0.0).max(axis=1) * share
        return np.where(corner, -self.turns, np.maximum(-self.turns, sharpest))

    def _middle(self, front: Floats, low: Floats, span: Floats, room: Floats, upto: Floats) -> float:
        """Where on a row the place behind the line's middle is."""
        size = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(size)])
        half = self.home
        point = int(np.abs(along - half).argmin())
        if abs(along[point] - half) < 1e-6:  # at a point of it, and so at the corner that all rows have there
            return float(upto[point])
        k = int(np.searchsorted(along, half, side="right")) - 1
        bends = np.abs(self.turns[[k, k + 1]]) > 1e-9
        if bends.any() and (np.abs(self.turns[[k, k + 1]]) < math.radians(CORNER)).all():  # on a curve
            part = (half - along[k]) / size[k]
        else:
            foot = float((self.points[k] - front[k]) @ self.runs[k]) + half - along[k]
            part = (foot - low[k]) / span[k] if span[k] > 0 else 0.0
        return float(upto[k] + min(max(part, 0.0), 1.0) * room[k])

    def _at_home(self, row: Row, behind: float, depth: float) -> NDArray[np.bool_]:
        """(n,) which places are behind their own run of the line and no nearer to another, and share no floor."""
        import shapely

        corners = row.corners(depth, depth)
        least = behind + np.array([0.0, 0.0, depth, depth]) - _ASTRAY
        near = shapely.dwithin(self.base, shapely.points(corners), np.broadcast_to(least, corners.shape[:2]))
        keep = np.asarray(~(near & (least > 0)).any(axis=1))
        order = np.flatnonzero(keep)
        order = order[np.argsort(np.abs(row.along.slot[order]), kind="stable")]
        plans = shapely.polygons(corners[order])
        i, j = shapely.STRtree(plans).query(plans, predicate="intersects")
        i, j = i[i > j], j[i > j]
        hit = shapely.area(shapely.intersection(plans[i], plans[j])) > _SHARED
        for late, early in sorted(zip(i[hit].tolist(), j[hit].tolist())):  # from the row's middle outwards
            if keep[order[early]]:
                keep[order[late]] = False
        return keep

    def behind(self, xy: Floats) -> Floats:
        """By the run whose rows are there, as far as the bisectors of the corners beside it; less than 0 in front."""
        import shapely

        to = xy[:, None] - self.points
        side = to[..., 0] * self.away[:, 1] - to[..., 1] * self.away[:, 0]  # positive: on the right-hand side of it
        side[:, 0], side[:, -1] = -1.0, 1.0
        depth = to[:, :-1, 0] * self.runs[:, 1] - to[:, :-1, 1] * self.runs[:, 0]
        here = (side[:, :-1] <= 1e-9) & (side[:, 1:] >= -1e-9) & (depth >= -1e-9)
        found = np.where(here, depth, np.inf).min(axis=1)
        astray = np.isinf(found)  # in front of it
        found[astray] = -shapely.distance(self.base, shapely.points(xy[astray]))
        return np.asarray(found)

    def line(self, ends: Floats, behind: float) -> Floats:
        """The line moved behind itself, without what folds back."""
        moved = self.points + self.away * behind
        forward = (np.diff(moved, axis=0) * self.runs).sum(axis=1) > 1e-9
        return np.asarray(moved[np.append(forward, False) | np.insert(forward, 0, False)])

    def floor(self, ends: Floats, start: float, end: float, sides: float) -> list[Outline]:
        import shapely

        front, rear = self.points + self.away * start, self.points + self.away * end
        for line in (front, rear):
            line[0] -= self.runs[0] * sides
            line[-1] += self.runs[-1] * sides
        forward = ((np.diff(front, axis=0) * self.runs).sum(axis=1) > 1e-9) & (
            (np.diff(rear, axis=0) * self.runs).sum(axis=1) > 1e-9
        )
        if forward.all() and (ring := shapely.Polygon(np.concatenate([front, rear[::-1]]))).is_valid:
            return outlines(ring)
        quads = np.stack([front[:-1], front[1:], rear[1:], rear[:-1]], axis=1)[forward]
        whole = shapely.union_all(shapely.make_valid(shapely.polygons(quads)), grid_size=1e-6)
        return outlines(whole)


def outlines(shape: Any) -> list[Outline]:
    """Every area of a shapely geometry, crumbs apart."""
    import shapely

    return [from_polygon(p) for p in shapely.get_parts(shape).tolist() if p.geom_type == "Polygon" and p.area > 1e-4]


def through(points: Floats) -> Floats:
    """(m, 2) a smooth line through points (n, 2), as short straight runs. [m]

    Centripetal Catmull-Rom curve: it passes every point and makes no loops of its own.
    Source: Yuksel, Schaefer, Keyser, On the parameterization of Catmull-Rom curves, SPM 2009.
    """
    p = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(p, axis=0), axis=1)))])
    out = [points[:1]]
    for k in range(1, len(p) - 2):
        pieces = min(max(16, math.ceil(float(np.linalg.norm(p[k + 1] - p[k])) / 0.1)), 40)
        x = np.linspace(t[k], t[k + 1], pieces + 1)[1:, None]

        def mix(a: Floats, b: Floats, i: int, j: int, x: Floats = x) -> Floats:
            return np.asarray((t[j] - x) / (t[j] - t[i]) * a + (x - t[i]) / (t[j] - t[i]) * b)

        a = [mix(p[k - 1 + n], p[k + n], k - 1 + n, k + n) for n in range(3)]
        b = [mix(a[n], a[n + 1], k - 1 + n, k + 1 + n) for n in range(2)]
        out.append(mix(b[0], b[1], k, k + 1))
    return np.concatenate(out)
