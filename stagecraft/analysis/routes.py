"""What stands in people's way, and what hangs over them. No thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stagecraft.analysis.gaps import Bodies, Whole
from stagecraft.geometry import gaps
from stagecraft.geometry.frame import Floats, triple
from stagecraft.geometry.gaps import Common
from stagecraft.scene import Part, Scene, Seats, Space, Walkway

HIP = 1.2
"""What hangs lower than this over a floor is met by the body, not by the head. [m]"""
_STEP = 0.05
"""Over a way's centre line: treads and cable ramps are no obstacles. [m]"""
_EDGE = 1e-3
"""A thing that reaches less than this into a way stands beside it. [m]"""
_STRAIGHT = 1e-9
"""Sine of an angle that is none."""
_BESIDE = 1.5
"""A seat whose middle is within this of a gangway's edge uses it. [m]"""


@dataclass(frozen=True)
class Obstruction:
    """Something within the width and height of a way."""

    walkway: Walkway
    part: Part
    clear: float
    """Widest way past it. [m]"""
    headroom: float
    """Height below it, over the way's floor. [m]"""
    at: tuple[float, float, float]


@dataclass(frozen=True)
class Overhead:
    """Something that hangs over seats or a floor."""

    part: Part
    headroom: float
    """Least height below it. [m]"""
    at: tuple[float, float, float]
    seats: tuple[int, ...] = ()
    """Seats below it, as indices into `scene.seats`."""
    space: Space | None = None


def obstructions(scene: Scene, bodies: Bodies, headroom: float) -> Iterator[Obstruction]:
    """Everything of other elements within a way's width, from the floor up to `headroom` [m].

    A gangway counts from the first to the last row that still has seats beside it.
    """
    ways = scene.of(Walkway)
    runs = [(n, start, end) for n, way in enumerate(ways) for start, end in _runs(way, scene.seats)]
    if not runs or not len(bodies.parts):
        return
    bricks = np.array([_brick(start, end, ways[n].width, headroom) for n, start, end in runs])
    own = np.array([part.element for part in bodies.parts])
    mine = np.array([ways[n].element for n, _, _ in runs])

    def others(run: Whole, body: Whole) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(own[bodies.part[body]] != mine[run])

    hit, body = bodies.touching(bricks.min(axis=1), bricks.max(axis=1), np.arange(len(bodies.part)), others)
    met: dict[int, dict[int, list[tuple[float, float, float, Floats]]]] = {}
    for run, solid in sorted(zip(hit.tolist(), body.tolist())):
        n, start, end = runs[run]
        volume, placed = gaps.bricks(bricks[run : run + 1]), bodies.placed(solid)
        piece = None if volume is None or placed is None else gaps.common(volume, placed)
        if piece is not None:
            met.setdefault(n, {}).setdefault(int(bodies.part[solid]), []).append(_across(piece, start, end))
    for n, parts in met.items():
        for part, pieces in parts.items():
            left, right = min(p[0] for p in pieces), max(p[1] for p in pieces)
            half = ways[n].width / 2
            clear = max(left + half, half - right, 0.0)
            lowest = min(pieces, key=lambda p: p[2])
            if clear < ways[n].width - _EDGE:
                x, y, z = (float(v) for v in lowest[3])
                yield Obstruction(ways[n], bodies.parts[part], clear, lowest[2] + _STEP, (x, y, z))


def _runs(walkway: Walkway, seats: Seats) -> Iterator[tuple[Floats, Floats]]:
    """Straight pieces of a way, cut back to the seats that use it."""
    line = _straightened(np.asarray(walkway.line, float))
    size = np.hypot(*np.diff(line[:, :2], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(size)])
    first, last = 0.0, along[-1]
    if walkway.kind == "gangway":
        reach = walkway.width / 2 + _BESIDE
        low, high = line[:, :2].min(axis=0) - reach, line[:, :2].max(axis=0) + reach
        at = seats.at[((seats.at[:, :2] >= low) & (seats.at[:, :2] <= high)).all(axis=1)]
        places = []
        for (a, b), length, start in zip(pairwise(line), size, along):
            if length <= 0 or not len(at):
                continue
            axis = (b - a)[:2] / length
            way = at[:, :2] - a[:2]
            t = way @ axis
            side = np.abs(way @ np.array([-axis[1], axis[0]]))
            near = (side < reach) & (t > -_STEP) & (t < length + _STEP)
            near &= np.abs(at[:, 2] - a[2]) < abs(b[2] - a[2]) + 2 * HIP
            places += (start + np.clip(t[near], 0, length)).tolist()
        if not places:
            return
        first, last = min(places), max(places)
    for (a, b), length, start in zip(pairwise(line), size, along):
        if length <= 0:
            continue
        s, e = np.clip((np.array([first, last]) - start) / length, 0.0, 1.0)
        if e - s > 0:
            yield a + s * (b - a), a + e * (b - a)


def _straightened(line: Floats) -> Floats:
    """(n, 3) without the points that lie on the straight way between their neighbours."""
    if len(line) < 3:
        return line
    before, after = line[1:-1] - line[:-2], line[2:] - line[1:-1]
    bend = np.linalg.norm(np.cross(before, after), axis=1)
    size = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    straight = (bend <= _STRAIGHT * size) & ((before * after).sum(axis=1) > 0)
    return np.asarray(line[np.concatenate([[True], ~straight, [True]])])


def _brick(start: Floats, end: Floats, width: float, headroom: float) -> Floats:
    """(8, 3) corners of the room a straight piece of a way needs, ordered as those of `shapes.cuboid`."""
    axis = (end - start)[:2] / np.linalg.norm((end - start)[:2])
    side = np.array([-axis[1], axis[0], 0.0]) * width / 2
    ring = np.array([start - side, end - side, end + side, start + side])
    return np.concatenate([ring + np.array([0, 0, _STEP]), ring + np.array([0, 0, headroom])])


def _across(piece: Common, start: Floats, end: Floats) -> tuple[float, float, float, Floats]:
    """From where to where across the way, how high above its foot, and the lowest point itself."""
    run = end - start
    length = float(np.linalg.norm(run[:2]))
    axis = run[:2] / length
    way = piece.points - start
    side = way[:, :2] @ np.array([-axis[1], axis[0]])
    above = way[:, 2] - run[2] * (way[:, :2] @ axis) / length - _STEP
    k = int(above.argmin())
    return float(side.min()), float(side.max()), float(above[k]), piece.points[k]


def over_seats(scene: Scene, bodies: Bodies, headroom: float) -> Iterator[Overhead]:
    """What hangs between a sitter's eyes and `headroom` [m] above a seat's floor, thing by thing and row by row."""
    seats = scene.seats
    taken = np.flatnonzero((seats.status != "kill") & (seats.at[:, 2] + headroom > seats.eyes[:, 2] + _EDGE))
    if not len(taken):
        return
    half = np.stack([seats.width[taken], seats.depth[taken]], axis=1) / 2 - _EDGE
    look = np.radians(seats.facing[taken] - 90.0)
    turn = np.stack([np.stack([np.cos(look), -np.sin(look)], 1), np.stack([np.sin(look), np.cos(look)], 1)], axis=1)
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    plan = (square[None] * half[:, None]) @ np.swapaxes(turn, 1, 2) + seats.at[taken, None, :2]
    foot, top = seats.eyes[taken, 2], seats.at[taken, 2] + headroom
    ring = np.concatenate([plan, plan], axis=1)
    height = np.concatenate([np.repeat(foot[:, None], 4, 1), np.repeat(top[:, None], 4, 1)], axis=1)
    bricks = np.concatenate([ring, height[:, :, None]], axis=2)
    own = np.array([part.element for part in bodies.parts] or [""])

    def others(box: Whole, body: Whole) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(own[bodies.part[body]] != seats.element[taken[box]])

    box, body = bodies.touching(bricks.min(axis=1), bricks.max(axis=1), np.flatnonzero(~bodies.chair), others)
    for k in np.unique(body).tolist():
        of = box[body == k]
        solid = bodies.placed(k)
        if solid is None:
            continue
        standing = bodies.low[k, 2] < seats.at[taken[of], 2] + _STEP
        group = seats.rank[taken[of]]
        for rank in np.unique(group).tolist():
            some = of[group == rank]
            piece = gaps.common(gaps.bricks(bricks[some]), solid)
            if piece is None:
                continue
            floor, eye = float(seats.at[taken[some], 2].min()), float(seats.eyes[taken[some], 2].min())
            point = piece.points[int(piece.points[:, 2].argmin())]
            if standing.any() and point[2] < eye + _EDGE:
                continue  # it stands on the floor among them
            below = _below(plan[some], piece)
            yield Overhead(
                bodies.parts[int(bodies.part[k])], float(point[2]) - floor, triple(point),
                tuple(int(taken[i]) for i in some[below].tolist()),
            )  # fmt: skip


def _below(plan: Floats, piece: Common) -> Whole:
    """Which of the plan rectangles the piece lies over."""
    import shapely

    shapes = shapely.polygons(plan)
    which = shapely.STRtree(shapes).query_nearest(shapely.points(piece.points[:, :2]), all_matches=False)[1]
    return np.unique(which)


def over_floors(scene: Scene, bodies: Bodies, headroom: float) -> Iterator[Overhead]:
    """What hangs between hip height and `headroom` [m] over stages and standing areas.

    A picture flown above a stage is a wall, not a ceiling; what stands on it hangs over nobody.
    """
    for space in scene.of(Space):
        if space.use not in ("stage", "standing"):
            continue
        low, high = space.floor + HIP, space.floor + headroom
        if high <= low:
            continue
        volume = gaps.raised(space.outline, low, high)
        flat = space.outline.outer.points
        others = np.array(
            [
                not part.of_seats and part.system != "video" and not _stands_on(scene, part.element, space.element)
                for part in bodies.parts
            ],
            bool,
        )
        if volume is None or not len(others):
            continue
        box = np.r_[flat.min(axis=0), low], np.r_[flat.max(axis=0), high]
        _, hits = bodies.touching(box[0][None], box[1][None], np.flatnonzero(others[bodies.part]))
        for body in hits.tolist():
            solid = bodies.placed(body)
            piece = None if solid is None else gaps.common(volume, solid)
            if piece is not None and piece.low[2] > low + _EDGE:
                point = piece.points[int(piece.points[:, 2].argmin())]
                yield Overhead(
                    bodies.parts[int(bodies.part[body])], float(point[2]) - space.floor, triple(point), (), space
                )


def _stands_on(scene: Scene, element: str, floor: str) -> bool:
    """Is it that floor's own, or does it stand (not hang) on it, directly or on something else?"""
    seen: set[str] = set()
    while element != floor:
        origin = scene.elements.get(element)
        if origin is None or not origin.host or origin.hung or element in seen:
            return False
        seen.add(element)
        element = origin.host
    return True
