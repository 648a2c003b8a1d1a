"""Free distances between things, what stands in a space, and where people could fall. No thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.gaps import Bodies, Whole
from stagecraft.analysis.taken import corners
from stagecraft.geometry import distance, gaps
from stagecraft.geometry.frame import Floats, Triple, triple
from stagecraft.geometry.gaps import TOUCH, Common
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.rays import Rays
from stagecraft.scene import Blocks, Edge, Part, Scene, Seats, Space, System

SAMPLE = 0.25
"""An edge is looked at in pieces no longer than this. [m]"""
_BESIDE = 0.2
"""What stands this near to an edge stands along it. [m]"""
_OVER = 0.05
"""Where a look down from an edge begins, above it. [m]"""
_LOW = 0.5
"""What begins higher than this above an edge leaves room to fall under it. [m]"""
_FACING, _BEFORE = 0.5, 0.75
"""Cosines: of the angle within which people look at an edge, and of that within which they sit before it."""
_SEATED = 1.0
"""Places farther than this from an edge stand nowhere near it. [m]"""
_HOUSE = 15.0
"""As far from an edge its audience may sit. [m]"""


@dataclass(frozen=True)
class Sort:
    """A class of parts: whatever is given must fit."""

    systems: tuple[System, ...] = ()
    blocks: tuple[Blocks, ...] = ()
    movable: bool | None = None
    hung: bool | None = None
    """Hangs from a truss, or is part of the rig itself."""

    def of(self, scene: Scene, part: Part) -> bool:
        """Is the part one of them?"""
        return (
            (not self.systems or part.system in self.systems)
            and (not self.blocks or part.blocks in self.blocks)
            and self.movable in (None, part.movable)
            and self.hung in (None, hangs(scene, part))
        )


@dataclass(frozen=True)
class Near:
    """Two parts, all their copies taken together, and where they come nearest."""

    a: Part
    b: Part
    size: float
    """0 where they touch or share room. [m]"""
    at_a: Triple
    at_b: Triple


@dataclass(frozen=True)
class Occupant:
    """Something that reaches into a space."""

    part: Part
    pieces: tuple[Common, ...]

    @property
    def points(self) -> Floats:
        """(n, 3) corners of what reaches in. [m]"""
        return np.concatenate([piece.points for piece in self.pieces])


@dataclass(frozen=True, eq=False)
class Drop:
    """An edge, piece by piece."""

    edge: Edge
    at: Floats
    """(n, 3) middles of the pieces, on the edge."""
    out: Floats
    """(n, 2) which way people would fall."""
    length: Floats
    """(n,) of each piece. [m]"""
    fall: Floats
    """(n,) from the edge to what lies below. [m]"""
    guard: Floats
    """(n,) height above the edge of what stands along it; infinite where the edge is said to be guarded by nothing drawn."""
    seated: Floats
    """(n,) from the edge to the nearest place on its level, infinite beyond a metre. [m]"""
    audience: NDArray[np.bool_]
    """(n,) on the audience's side: open by intent, or a stage's and looked at from beyond it."""
    slopes: bool
    """A flight of steps or a ramp."""


def hangs(scene: Scene, part: Part) -> bool:
    """Is a part of the rig, or of an element that hangs from something, directly or on what hangs?"""
    if part.blocks == "rigging":
        return True
    return any(
        scene.elements[one].hung for one in (part.element, *scene.carriers(part.element)) if one in scene.elements
    )


def carries(scene: Scene, a: str, b: str) -> bool:
    """Is one element the other, or does one carry the other?"""
    return a == b or a in scene.carriers(b) or b in scene.carriers(a)


def nearest(scene: Scene, a: Sort, b: Sort, within: float) -> tuple[Near, ...]:
    """Parts of two sorts that come as near as `within` [m], the nearest first.

    People and chairs are left out, parts of one element, and what stands on or hangs from the other.
    """
    first = _solids(scene, a)
    second = _solids(scene, b)
    one, other = _placed(first), _placed(second)
    i, j = distance.near(one, other, within)
    twice = _twice(first, second, one.of[i], other.of[j])
    i, j = i[~twice], j[~twice]
    pairs = one.of[i] * max(len(second), 1) + other.of[j]
    apart = {}
    for key in np.unique(pairs).tolist():
        p, q = divmod(key, max(len(second), 1))
        apart[key] = not carries(scene, first[p].element, second[q].element)
    keep = np.array([apart[key] for key in pairs.tolist()], bool)
    i, j, pairs = i[keep], j[keep], pairs[keep]
    found = distance.gaps(one, other, i, j)
    order = np.lexsort((pairs, found.size))
    out: list[Near] = []
    seen: set[int] = set()
    for k in order.tolist():
        p, q = divmod(int(pairs[k]), len(second))
        if found.size[k] <= within + distance.ROUND and int(pairs[k]) not in seen:
            seen.add(int(pairs[k]))
            out.append(Near(first[p], second[q], float(found.size[k]), triple(found.on_a[k]), triple(found.on_b[k])))
    return tuple(out)


def _twice(first: Sequence[Part], second: Sequence[Part], p: Whole, q: Whole) -> NDArray[np.bool_]:
    """(n,) which pairs of parts come the other way round too."""
    number = {id(part): k for k, part in enumerate([*first, *second])}
    a = np.array([number[id(part)] for part in first] or [0])
    b = np.array([number[id(part)] for part in second] or [0])
    both = np.intersect1d(a, b)
    return np.asarray((a[p] > b[q]) & np.isin(a[p], both) & np.isin(b[q], both))


def _solids(scene: Scene, sort: Sort) -> list[Part]:
    return [
        part for part in scene.parts
        if part.count and not part.of_seats and part.system != "person" and sort.of(scene, part)
    ]  # fmt: skip


def _placed(parts: Iterable[Part]) -> distance.Bodies:
    return distance.Bodies([(part.solid, part.transforms) for part in parts])


def occupants(
    bodies: Bodies, outline: Outline, low: float, high: float, may: Callable[[Part], bool]
) -> Iterator[Occupant]:
    """Which bodies reach into an upright space; chairs are left out, they belong to their seats.

    may : says of a part that it is allowed there
    """
    if not len(bodies.parts) or high - low <= 2 * TOUCH:
        return
    volumes = [gaps.raised(inner, low + TOUCH, high - TOUCH) for inner in _shrunk(outline)]
    flat = outline.outer.points
    allowed = np.array([part.of_seats or may(part) for part in bodies.parts], bool)
    box = np.r_[flat.min(axis=0), low], np.r_[flat.max(axis=0), high]
    _, hits = bodies.touching(box[0][None], box[1][None], np.flatnonzero(~allowed[bodies.part]))
    found: dict[int, list[Common]] = {}
    for body in hits.tolist():
        solid = bodies.placed(body)
        for volume in volumes:
            piece = None if solid is None or volume is None else gaps.common(volume, solid)
            if piece is not None:
                found.setdefault(int(bodies.part[body]), []).append(piece)
    for k, pieces in sorted(found.items()):
        yield Occupant(bodies.parts[k], tuple(pieces))


def _shrunk(outline: Outline) -> list[Outline]:
    """The outline without the width that a thing may touch, in as many pieces as that leaves."""
    import shapely

    from stagecraft.geometry.outline import from_polygon

    inner = outline.polygon.buffer(-gaps.WALL_TOLERANCE, join_style="mitre")
    return [from_polygon(piece) for piece in shapely.get_parts(inner) if not piece.is_empty]


def footprints(seats: Seats) -> Any:
    """Places in plan, as shapely rectangles (n,)."""
    import shapely

    return shapely.polygons(corners(seats))


def drops(scene: Scene) -> tuple[Drop, ...]:
    """Every edge of a raised floor, with what lies below it and what stands along it."""
    edges = scene.of(Edge)
    if not edges:
        return ()
    bodies = Bodies(scene, soft=("rail",))
    look, along, house = _Below(scene, bodies), _Along(bodies), _House(scene)
    return tuple(drop for edge in edges if (drop := _drop(look, along, house, edge)) is not None)


class _House:
    """Where people sit, and which floors they look at."""

    def __init__(self, scene: Scene) -> None:
        import shapely

        self.seats = scene.seats.where(scene.seats.status != "kill")
        self.tree = shapely.STRtree(footprints(self.seats))
        look = np.radians(self.seats.facing)
        self.facing = np.stack([np.cos(look), np.sin(look)], axis=1)
        self.stages = {space.element for space in scene.of(Space) if space.use == "stage"}

    def away(self, at: Floats) -> Floats:
        """(n,) from each point to the nearest place on its level, up to a metre; infinite beyond. [m]"""
        import shapely

        out = np.full(len(at), np.inf)
        points = shapely.points(at[:, :2])
        one, seat = self.tree.query(points, predicate="dwithin", distance=_SEATED)
        level = np.abs(self.seats.at[seat, 2] - at[one, 2]) < _LOW
        one, seat = one[level], seat[level]
        np.minimum.at(out, one, shapely.distance(points[one], self.tree.geometries[seat]))
        return out


class _Below:
    """Looks down: at hard bodies that people could fall on, and at the floors of rooms."""

    def __init__(self, scene: Scene, bodies: Bodies) -> None:
        some = [part for part in bodies.parts if not part.of_seats and part.system != "rail"]
        triangles = [solid.triangles for part in some for solid in part.solids()]
        self.rays = Rays(np.concatenate(triangles) if triangles else np.zeros((0, 3, 3)))
        self.rooms: tuple[Space, ...] = scene.rooms

    def level(self, points: Floats) -> Floats:
        """(n,) height of what lies below points (n, 3); NaN outside every room."""
        import shapely

        far = self.rays.first_hit(points, np.array([0.0, 0.0, -1.0]))[0].astype(float)
        hit = np.where(np.isfinite(far), points[:, 2] - far, np.nan)
        floor = np.full(len(points), np.nan if self.rooms else 0.0)
        for room in self.rooms:
            inside = shapely.intersects_xy(room.outline.polygon, points[:, 0], points[:, 1])
            floor = np.where(inside, np.fmax(floor, room.floor), floor)
        return np.where(np.isnan(floor), np.nan, np.fmax(hit, floor))


def _drop(look: _Below, along: _Along, house: _House, edge: Edge) -> Drop | None:
    at, way, length = _sampled(edge.line)
    if not len(at):
        return None
    normal = np.stack([way[:, 1], -way[:, 0]], axis=1)
    sides = [look.level(np.c_[at[:, :2] + sign * _BESIDE * normal, at[:, 2] + _OVER]) for sign in (1.0, -1.0)]
    falls = np.stack([np.nan_to_num(at[:, 2] - side, nan=0.0) for side in sides])
    side = falls.argmax(axis=0)
    out = normal * np.where(side == 0, 1.0, -1.0)[:, None]
    guard = along.height(edge, at)
    if edge.guarded:
        guard = np.where(guard > 0, guard, np.inf)
    slopes = bool(np.ptp(edge.line[:, 2]) > TOUCH)
    audience = np.full(len(at), edge.open_by_intent)
    if edge.element in house.stages and not edge.open_by_intent:
        audience |= _watched(house, at, out)
    fall = np.maximum(falls.max(axis=0), 0.0)
    return Drop(edge, at, out, length, fall, guard, house.away(at), audience, slopes)


def _sampled(line: Floats) -> tuple[Floats, Floats, Floats]:
    """Middles (n, 3) of pieces of a line, their directions in plan (n, 2), and their lengths in plan (n,)."""
    at, way, size = [], [], []
    for a, b in pairwise(np.asarray(line, float)):
        run = float(np.hypot(*(b - a)[:2]))
        if run <= TOUCH:
            continue
        count = max(1, int(np.ceil(run / SAMPLE - 1e-9)))
        t = (np.arange(count) + 0.5) / count
        at.append(a + t[:, None] * (b - a))
        way.append(np.repeat([(b - a)[:2] / run], count, axis=0))
        size.append(np.full(count, run / count))
    if not at:
        return np.zeros((0, 3)), np.zeros((0, 2)), np.zeros(0)
    return np.concatenate(at), np.concatenate(way), np.concatenate(size)


class _Along:
    """What stands along edges: rails, parapets, walls."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies
        self._plans: dict[int, Any] = {}

    def height(self, edge: Edge, at: Floats) -> Floats:
        """(n,) how high what stands along an edge rises above it; 0 where nothing does. [m]"""
        import shapely

        bodies, top = self.bodies, np.zeros(len(at))
        low, high = at.min(axis=0) - _BESIDE, at.max(axis=0) + _BESIDE
        box = (bodies.low[:, :2] <= high[:2]).all(axis=1) & (bodies.high[:, :2] >= low[:2]).all(axis=1)
        for k in np.flatnonzero(box & (bodies.high[:, 2] > low[2] + _BESIDE) & ~bodies.chair).tolist():
            part = bodies.parts[bodies.part[k]]
            own = part.element == edge.element
            if own and part.system != "rail" and bodies.low[k, 2] < low[2]:
                continue  # the raised floor itself
            base = float(at[:, 2].max()) if own else at[:, 2]  # an own rail rises with its flight
            rise = np.broadcast_to(bodies.high[k, 2] - base, len(at))
            near = (bodies.low[k, 2] - at[:, 2] <= _LOW) & (rise > _BESIDE)
            if near.any():
                apart = shapely.distance(self._plan(k), shapely.points(at[near, :2]))
                top[near] = np.maximum(top[near], np.where(apart <= _BESIDE, rise[near], 0.0))
        return top

    def _plan(self, body: int) -> Any:
        """Plan of a body: of a rail, bar by bar."""
        import shapely

        part = self.bodies.parts[self.bodies.part[body]]
        if part.system != "rail":
            return self.bodies.shadow(body)
        if body not in self._plans:
            matrix = part.transforms[self.bodies.copy[body]]
            points = part.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]
            hulls = distance.Body(part.solid).hulls(points[:, :2])
            self._plans[body] = shapely.multipolygons([hull for hull in hulls if hull.geom_type == "Polygon"])
        return self._plans[body]


def _watched(house: _House, at: Floats, out: Floats) -> NDArray[np.bool_]:
    """(n,) whether people beyond an edge look at it."""
    found = np.zeros(len(at), np.bool_)
    for way in np.unique(np.round(out, 6), axis=0):
        mine = np.flatnonzero((np.abs(out - way) < 1e-5).all(axis=1))
        for k in mine[:: max(1, len(mine) // 8)].tolist():  # eight looks along a straight edge are enough
            to = at[k, :2] - house.seats.at[:, :2]
            away = np.hypot(*to.T)
            near = (away < _HOUSE) & (away > TOUCH)
            to = to[near] / away[near, None]
            if ((to @ -way > _BEFORE) & (np.einsum("ij,ij->i", to, house.facing[near]) > _FACING)).any():
                found[mine] = True
                break
    return found


__all__ = [
    "Drop", "Near", "Occupant", "Sort", "Whole", "carries", "drops", "footprints", "hangs", "nearest",
    "occupants", "triple",
]  # fmt: skip
