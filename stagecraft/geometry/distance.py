"""How far apart solids are, and where they come nearest. Exact, in double precision.

Upright prisms are compared in plan (shapely) and in height. Convex bodies are asked by GJK, whose answer counts only
where a plane between the two proves it (of random pairs it is wrong in one of 200, by up to a metre). All others are
trees of boxes over their triangles. GJK and trees are FCL's, which sees surfaces only: that one body lies inside another
is found here. Every pair is carried into the first one's own frame, so that nothing is lost far from the origin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import IDENTITY, Floats
from stagecraft.geometry.solid import Solid

Whole: TypeAlias = NDArray[np.int64]
Prism: TypeAlias = tuple[Any, float, float]
"""Plan as a shapely Polygon, low, high. [m]"""

ROUND = 1e-9
"""Corners nearer than this to a plane lie in it, and so much a proof may lack. [m]"""
_FACES = 1000
"""Bodies of more faces are not asked whether they are convex."""
_PIECES = 200
"""Bodies of more pieces are not taken as prisms."""
_CHUNK = 200_000
_FCL = find_spec("fcl") is not None


@dataclass(frozen=True, eq=False)
class Gaps:
    """Free distances between pairs of bodies, and where they come nearest; 0 where they touch or share room."""

    size: Floats
    """(m,) [m]"""
    on_a: Floats
    on_b: Floats
    """(m, 3) [m]"""


class Body:
    """A solid prepared for questions about distance, about its own middle. One serves for all its copies."""

    def __init__(self, solid: Solid) -> None:
        self.middle: Floats = solid.bounds.mean(axis=0)
        self.solid = Solid(solid.vertices - self.middle, solid.faces, solid.surface, solid.surfaces)
        self._prisms: tuple[Prism, ...] | None = None

    @cached_property
    def is_convex(self) -> bool:
        """Closed, in one piece, and no corner in front of any face."""
        solid = self.solid
        if len(solid.faces) > _FACES or len(self.roots) != 1 or not solid.is_closed or solid.volume <= 0:
            return False
        normal, offset = _planes(solid.triangles)
        return bool(np.isfinite(normal).all() and (solid.vertices @ normal.T - offset).max() <= ROUND)

    @property
    def prisms(self) -> tuple[Prism, ...]:
        """Its pieces, where every one is exactly its plan between two heights; else none."""
        if self._prisms is None:
            _find_prisms([self])
        return self._prisms or ()

    @cached_property
    def roots(self) -> Whole:
        """One corner of each piece of the solid."""
        return np.unique(self._label[self.solid.faces[:, 0]])

    @cached_property
    def _label(self) -> Whole:
        """(n,) of each corner, the first corner of its piece."""
        return _pieces(self.solid.faces.astype(np.int64), len(self.solid.vertices))

    @cached_property
    def _boxes(self) -> tuple[Floats, Floats, Whole]:
        """Lowest and highest corner of each piece (m, 3) [m], and the piece of each face."""
        names, of = np.unique(self._label[self.solid.faces[:, 0]], return_inverse=True)
        corners = self.solid.triangles.reshape(-1, 3)
        low, high = np.full((len(names), 3), np.inf), np.full((len(names), 3), -np.inf)
        np.minimum.at(low, np.repeat(of, 3), corners)
        np.maximum.at(high, np.repeat(of, 3), corners)
        return low, high, of

    def hulls(self, plan: Floats) -> Any:
        """(k,) convex hulls of the pieces, of corners (n, 2) in plan."""
        import shapely

        order = np.argsort(self._label, kind="stable")
        return shapely.convex_hull(shapely.multipoints(shapely.points(plan[order]), indices=_rank(self._label[order])))

    def inside(self, points: Floats) -> NDArray[np.bool_]:
        """(n,) which points lie in it, by winding number; says nothing of points on its surface.

        Source: van Oosterom and Strackee, The solid angle of a plane triangle, 1983.
        """
        low, high, of = self._boxes
        held: NDArray[np.bool_] = np.asarray(((points[:, None] > low) & (points[:, None] < high)).all(axis=2))
        out: NDArray[np.bool_] = np.asarray(held.any(axis=1) & self.solid.is_closed)
        which = np.flatnonzero(out)
        for some in np.array_split(which, max(1, len(which) * len(of) // _CHUNK)):
            a, b, c = (self.solid.triangles[None, :, k] - points[some, None] for k in range(3))
            x, y, z = (np.linalg.norm(corner, axis=2) for corner in (a, b, c))
            over = _dot(a, np.cross(b, c))
            under = x * y * z + _dot(a, b) * z + _dot(b, c) * x + _dot(c, a) * y
            turns = (
                np.arctan2(over, under) * held[some][:, of]
            )  # a closed piece that stands elsewhere winds round nothing
            out[some] = turns.sum(axis=1) / (2 * np.pi) > 0.5
        return out

    @cached_property
    def mesh(self) -> Any:
        """Its triangles in FCL's tree of boxes."""
        import fcl

        made = fcl.BVHModel()
        made.beginModel(len(self.solid.vertices), len(self.solid.faces))
        made.addSubModel(np.ascontiguousarray(self.solid.vertices), np.ascontiguousarray(self.solid.faces, np.int32))
        made.endModel()
        return made

    @cached_property
    def convex(self) -> Any:
        """As FCL's convex body."""
        import fcl

        faces = np.concatenate([np.full((len(self.solid.faces), 1), 3), self.solid.faces], axis=1)
        return fcl.Convex(np.ascontiguousarray(self.solid.vertices), len(faces), faces.astype(np.int64).ravel())


def _pieces(faces: Whole, count: int) -> Whole:
    """(count,) of each corner, the first corner that it is joined to by faces (m, 3)."""
    label = np.arange(count)
    a, b = faces.ravel(), faces[:, [1, 2, 0]].ravel()
    while True:
        least = label.copy()
        np.minimum.at(least, a, label[b])
        np.minimum.at(least, b, label[a])
        least = least[least]
        if np.array_equal(least, label):
            return label
        label = least


def _find_prisms(bodies: Sequence[Body]) -> None:
    """Note of each body which prisms it is made of, all bodies at once."""
    sizes = [len(body.solid.vertices) for body in bodies]
    start = np.cumsum([0, *sizes])
    points = np.concatenate([body.solid.vertices for body in bodies])
    faces = np.concatenate([body.solid.faces.astype(np.int64) + k for body, k in zip(bodies, start.tolist())])
    label = _pieces(faces, len(points))
    roots, piece = np.unique(label[faces[:, 0]], return_inverse=True)
    piece = piece.reshape(-1)
    x, y, z = (points[:, k][faces] for k in range(3))
    low, high = np.full(len(roots), np.inf), np.full(len(roots), -np.inf)
    np.minimum.at(low, piece, z.min(axis=1))
    np.maximum.at(high, piece, z.max(axis=1))
    at_low, at_high = np.abs(z - low[piece, None]) <= ROUND, np.abs(z - high[piece, None]) <= ROUND
    top, level = at_high.all(axis=1), at_low.all(axis=1) | at_high.all(axis=1)
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (y[:, 1] - y[:, 0]) * (x[:, 2] - x[:, 0])
    wrong = ~(at_low | at_high).all(axis=1) | (~level & (np.abs(area) > ROUND)) | (top & (area < 0))
    edge = np.stack([faces, faces[:, [1, 2, 0]]], axis=2)
    key, back = edge[:, :, 0] * len(points) + edge[:, :, 1], edge[:, :, 1] * len(points) + edge[:, :, 0]
    wrong |= ~_once(key.ravel()).reshape(-1, 3).all(axis=1) | ~_among(back, key).all(axis=1)  # not closed
    rim = top[:, None] & ~_among(back, key[top])
    begins, ends, of = edge[rim][:, 0], edge[rim][:, 1], np.repeat(piece, 3).reshape(-1, 3)[rim]
    bad = np.bincount(piece, wrong, len(roots)) + np.bincount(of, ~_once(begins), len(roots)) > 0
    bad |= (high - low <= ROUND) | (np.bincount(of, minlength=len(roots)) == 0)
    good = ~bad[of]
    plans = _plans(points, begins[good], ends[good], of[good])
    owner = np.searchsorted(start, roots, side="right") - 1
    for k, body in enumerate(bodies):
        first, last = np.searchsorted(owner, [k, k + 1]).tolist()
        made = [(plans.get(n), float(low[n]), float(high[n])) for n in range(first, last)]
        whole = 0 < len(made) <= _PIECES and all(plan is not None for plan, _, _ in made)
        body._prisms = tuple(made) if whole else ()


def _plans(points: Floats, begins: Whole, ends: Whole, of: Whole) -> dict[int, Any]:
    """Piece → its plan, from the directed edges round the tops of pieces."""
    import shapely

    after = dict(zip(begins.tolist(), ends.tolist()))
    rings: dict[int, list[Any]] = {}
    for first, piece in zip(begins.tolist(), of.tolist()):
        if first not in after:
            continue
        ring, at = [first], after.pop(first)
        while at != first and at in after:
            ring.append(at)
            at = after.pop(at)
        rings.setdefault(piece, []).append(points[ring, :2] if at == first and len(ring) > 2 else None)
    out = {}
    for piece, lines in rings.items():
        if any(line is None for line in lines):
            continue
        outer = [line for line in lines if _signed(line) > 0]
        if len(outer) == 1:
            plan = shapely.Polygon(outer[0], [line for line in lines if line is not outer[0]])
            if len(lines) == 1 or plan.is_valid:
                out[piece] = plan
    return out


def _signed(ring: Floats) -> float:
    x, y = ring.T
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1] + x[-1] * y[0] - x[0] * y[-1])


def _once(keys: Whole) -> NDArray[np.bool_]:
    """(n,) which keys occur once."""
    _, back, count = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(count[back.reshape(-1)] == 1)


def _among(keys: Whole, known: Whole) -> NDArray[np.bool_]:
    """Which keys are among the known."""
    some = np.sort(known.ravel())
    if not len(some):
        return np.zeros(keys.shape, np.bool_)
    place = np.minimum(np.searchsorted(some, keys), len(some) - 1)
    return np.asarray(some[place] == keys)


_PREPARED: WeakKeyDictionary[Solid, Body] = WeakKeyDictionary()


def prepared(solid: Solid) -> Body:
    """The solid's body, made once as long as the solid is there."""
    if solid not in _PREPARED:
        _PREPARED[solid] = Body(solid)
    return _PREPARED[solid]


class Bodies:
    """Many solids where they stand: few bodies, many frames."""

    def __init__(self, solids: Iterable[tuple[Solid, Floats]]) -> None:
        """solids : each with the frames (n, 4, 4) of its copies"""
        pairs = list(solids)
        self.bodies = tuple(prepared(solid) for solid, _ in pairs)
        counts = [len(at) for _, at in pairs]
        self.of: Whole = np.repeat(np.arange(len(pairs)), counts)
        """(n,) which body each is a copy of."""
        placed = [at @ _shift(body.middle) for body, (_, at) in zip(self.bodies, pairs)]
        self.frames: Floats = np.concatenate(placed) if pairs else np.zeros((0, 4, 4))
        """(n, 4, 4) where their middles stand."""

    def __len__(self) -> int:
        return len(self.of)

    @cached_property
    def boxes(self) -> tuple[Floats, Floats]:
        """(n, 3), (n, 3) lowest and highest corners. [m]"""
        half = np.array([body.solid.bounds[1] for body in self.bodies]).reshape(-1, 3)[self.of]
        reach = np.einsum("nij,nj->ni", np.abs(self.frames[:, :3, :3]), half)
        return self.frames[:, :3, 3] - reach, self.frames[:, :3, 3] + reach

    @cached_property
    def upright(self) -> NDArray[np.bool_]:
        """(n,) which are prisms, or made of prisms, that stand upright."""
        fresh = list({id(body): body for body in self.bodies if body._prisms is None}.values())
        if fresh:
            _find_prisms(fresh)
        made = np.array([bool(body.prisms) for body in self.bodies], bool)
        return np.asarray(made[self.of] & (self.frames[:, 2, 2] > 1 - 1e-12)) if len(self) else np.zeros(0, bool)


class _Pieces:
    """The prisms of those bodies of which there are pairs, body by body, about a middle."""

    def __init__(self, bodies: Bodies, which: Whole, middle: Floats) -> None:
        import shapely

        used, back = np.unique(which, return_inverse=True)
        kind = bodies.of[used]
        counts = np.array([len(bodies.bodies[k].prisms) for k in kind.tolist()])
        start = np.cumsum(counts) - counts
        self.first: Whole = start[back.reshape(-1)]
        self.count: Whole = counts[back.reshape(-1)]
        """(m,) where a pair's pieces begin, and how many they are."""
        self.plan = np.empty(counts.sum(), object)
        self.low, self.high = np.zeros(counts.sum()), np.zeros(counts.sum())
        for k in np.unique(kind).tolist():
            mine = np.flatnonzero(kind == k)
            at = bodies.frames[used[mine]]
            for n, (plan, low, high) in enumerate(bodies.bodies[k].prisms):
                points = shapely.get_coordinates(plan)
                world = points @ np.swapaxes(at[:, :2, :2], 1, 2) + (at[:, None, :2, 3] - middle[:2])
                here = start[mine] + n
                self.plan[here] = shapely.set_coordinates(np.repeat(plan, len(mine)), world.reshape(-1, 2))
                self.low[here], self.high[here] = at[:, 2, 3] + low, at[:, 2, 3] + high
        self.box = shapely.bounds(self.plan)


def near(a: Bodies, b: Bodies, within: float) -> tuple[Whole, Whole]:
    """Pairs whose upright boxes come as near as `within` [m]: a tree over their plans, then their heights."""
    import shapely

    (low, high), (other_low, other_high) = a.boxes, b.boxes
    if not len(a) or not len(b):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    tree = shapely.STRtree(shapely.box(*other_low[:, :2].T, *other_high[:, :2].T))
    i, j = tree.query(shapely.box(*(low[:, :2] - within).T, *(high[:, :2] + within).T))
    apart = np.maximum(np.maximum(low[i] - other_high[j], other_low[j] - high[i]), 0.0)
    keep = np.einsum("ij,ij->i", apart, apart) <= (within + ROUND) ** 2
    i, j = i[keep], j[keep]
    order = np.lexsort((j, i))
    return i[order], j[order]


def gaps(a: Bodies, b: Bodies, i: Whole, j: Whole) -> Gaps:
    """Free distance between a's bodies i and b's bodies j, pair by pair. [m]"""
    size, on_a, on_b = np.zeros(len(i)), np.zeros((len(i), 3)), np.zeros((len(i), 3))
    plain = a.upright[i] & b.upright[j]
    flat = np.flatnonzero(plain)
    if len(flat):
        size[flat], on_a[flat], on_b[flat] = _prisms(a, b, i[flat], j[flat])
    for k in np.flatnonzero(~plain).tolist():
        frame = a.frames[i[k]]
        size[k], p, q = _pair(a.bodies[a.of[i[k]]], b.bodies[b.of[j[k]]], frames.inverse(frame) @ b.frames[j[k]])
        on_a[k], on_b[k] = frames.points(frame, p), frames.points(frame, q)
    return Gaps(size, on_a, on_b)


def gap(a: Solid, b: Solid) -> Gaps:
    """Free distance between two solids, as `Gaps` of one pair. [m]"""
    first = np.zeros(1, np.int64)
    return gaps(Bodies([(a, IDENTITY[None])]), Bodies([(b, IDENTITY[None])]), first, first)


def _prisms(a: Bodies, b: Bodies, i: Whole, j: Whole) -> tuple[Floats, Floats, Floats]:
    """Pairs of upright prisms: first the pieces whose boxes are nearest, then those that could still be nearer."""
    middle = a.frames[i[0], :3, 3]
    one, other = _Pieces(a, i, middle), _Pieces(b, j, middle)
    many = one.count * other.count
    pair = np.repeat(np.arange(len(i)), many)
    number = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    p = one.first[pair] + number // other.count[pair]
    q = other.first[pair] + number % other.count[pair]
    aside = np.maximum(np.maximum(one.box[p, :2] - other.box[q, 2:], other.box[q, :2] - one.box[p, 2:]), 0.0)
    above = np.maximum(np.maximum(one.low[p] - other.high[q], other.low[q] - one.high[p]), 0.0)
    least = np.hypot(np.hypot(*aside.T), above)
    order = np.lexsort((least, pair))
    nearest = order[np.cumsum(many) - many]
    size, points = _apart(one, other, p[nearest], q[nearest])
    rest = np.flatnonzero((least < size[pair] - ROUND) & (nearest[pair] != np.arange(len(pair))))
    if len(rest):
        more, where = _apart(one, other, p[rest], q[rest])
        order = np.lexsort((more, pair[rest]))
        found, first = np.unique(pair[rest][order], return_index=True)
        better = more[order[first]] < size[found]
        found, best = found[better], order[first][better]
        size[found], points[:, found] = more[best], where[:, best]
    return size, points[0] + (*middle[:2], 0.0), points[1] + (*middle[:2], 0.0)


def _apart(one: _Pieces, other: _Pieces, p: Whole, q: Whole) -> tuple[Floats, Floats]:
    """(m,) distances of prisms p and q, and the points (2, m, 3) about the middle."""
    import shapely

    plan = shapely.distance(one.plan[p], other.plan[q])
    line = shapely.get_coordinates(shapely.shortest_line(one.plan[p], other.plan[q])).reshape(-1, 2, 2)
    above, below = other.low[q] - one.high[p], one.low[p] - other.high[q]
    common = (np.maximum(one.low[p], other.low[q]) + np.minimum(one.high[p], other.high[q])) / 2
    z = np.where(above > 0, [one.high[p], other.low[q]], np.where(below > 0, [one.low[p], other.high[q]], common))
    return np.hypot(plan, np.maximum(np.maximum(above, below), 0.0)), np.stack(
        [np.c_[line[:, k], z[k]] for k in (0, 1)]
    )


def _pair(a: Body, b: Body, frame: Floats) -> tuple[float, Floats, Floats]:
    """Two bodies in the first one's frame; `frame` (4, 4) is where the second stands in it."""
    if a.is_convex and b.is_convex and _has_fcl():
        proven = _convex(a, b, frame)
        if proven is not None:
            return proven
    size, p, q = _surfaces(a, b, frame)
    if size > 0:
        theirs = frames.points(frame, b.solid.vertices[b.roots])
        mine = frames.points(frames.inverse(frame), a.solid.vertices[a.roots])
        for held, points in ((a.inside(theirs), theirs), (b.inside(mine), a.solid.vertices[a.roots])):
            if held.any():
                point = points[int(held.argmax())]
                return 0.0, point, point
    return size, p, q


def _convex(a: Body, b: Body, frame: Floats) -> tuple[float, Floats, Floats] | None:
    """GJK's answer where the plane across its line keeps both bodies that far apart; None where that is not so."""
    size, p, q, _ = _asked(a.convex, b.convex, frame)
    if not size > ROUND:
        return None
    way = (q - p) / size
    beyond = (frames.points(frame, b.solid.vertices) @ way).min() - (a.solid.vertices @ way).max()
    return (size, p, q) if abs(beyond - size) <= ROUND and abs(np.linalg.norm(q - p) - size) <= ROUND else None


def _surfaces(a: Body, b: Body, frame: Floats) -> tuple[float, Floats, Floats]:
    """Distance of the surfaces, by FCL or, where it has no wheel, triangle by triangle."""
    if not _has_fcl():
        return apart(a.solid.triangles, frames.points(frame, b.solid.triangles))
    size, p, q, (k, n) = _asked(a.mesh, b.mesh, frame)
    if size > 0:
        return size, p, q
    both = a.solid.triangles[k], frames.points(frame, b.solid.triangles[n])  # of what meets, FCL says no more
    point = _pierced(*both) or _pierced(*both[::-1])
    return (0.0, np.array(point), np.array(point)) if point else apart(both[0][None], both[1][None])


def _pierced(one: Floats, other: Floats) -> tuple[float, float, float] | None:
    """Where an edge of the first triangle goes through the second; None where none does."""
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = other.tolist()
    ux, uy, uz, vx, vy, vz = bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    square = nx * nx + ny * ny + nz * nz
    corners = one.tolist()
    heights = [(x - ax) * nx + (y - ay) * ny + (z - az) * nz for x, y, z in corners]
    for k in range(3):
        n = (k + 1) % 3
        if heights[k] * heights[n] > 0 or heights[k] == heights[n]:
            continue
        t = heights[k] / (heights[k] - heights[n])
        x, y, z = (p + t * (q - p) for p, q in zip(corners[k], corners[n]))
        wx, wy, wz = x - ax, y - ay, z - az
        r = ((wy * vz - wz * vy) * nx + (wz * vx - wx * vz) * ny + (wx * vy - wy * vx) * nz) / square
        s = ((uy * wz - uz * wy) * nx + (uz * wx - ux * wz) * ny + (ux * wy - uy * wx) * nz) / square
        if r >= 0 and s >= 0 and r + s <= 1:
            return x, y, z
    return None


def _asked(a: Any, b: Any, frame: Floats) -> tuple[float, Floats, Floats, tuple[int, int]]:
    """FCL's distance, nearest points and triangles; `frame` is where the second stands."""
    import fcl

    result = fcl.DistanceResult()
    size = fcl.distance(
        fcl.CollisionObject(a), fcl.CollisionObject(b, fcl.Transform(frame[:3, :3], frame[:3, 3])),
        fcl.DistanceRequest(enable_nearest_points=True), result,
    )  # fmt: skip
    p, q = result.nearest_points
    return float(size), p, q, (result.b1, result.b2)


def _has_fcl() -> bool:
    return _FCL


def apart(a: Floats, b: Floats) -> tuple[float, Floats, Floats]:
    """Least distance between triangles (n, 3, 3) and (m, 3, 3), and the points: every pair is looked at. [m]"""
    best, at_a, at_b = np.inf, a[0, 0], b[0, 0]
    step = max(1, _CHUNK // len(b))
    for start in range(0, len(a), step):
        some = a[start : start + step]
        one, other = np.repeat(some, len(b), axis=0), np.tile(b, (len(some), 1, 1))
        for p, q in _features(one, other):
            size = np.nan_to_num(_dot(p - q, p - q), nan=np.inf)
            k = int(size.argmin())
            if size[k] < best:
                best, at_a, at_b = float(size[k]), p[k], q[k]
    return float(np.sqrt(best)), at_a, at_b


def _features(a: Floats, b: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Pairs of points, one of which is the nearest of two triangles: edge to edge, corner over face, edge through face."""
    for k in range(3):
        for n in range(3):
            yield _edges(a[:, k], a[:, (k + 1) % 3], b[:, n], b[:, (n + 1) % 3])
    for one, other, swap in ((a, b, False), (b, a, True)):
        normal, offset = _planes(other)
        height = np.einsum("nkj,nj->nk", one, normal) - offset[:, None]
        for k in range(3):
            corner, after = one[:, k], one[:, (k + 1) % 3]
            foot = _in_face(corner - height[:, k, None] * normal, other, normal)
            yield (foot, corner) if swap else (corner, foot)
            with np.errstate(divide="ignore", invalid="ignore"):
                t = height[:, k] / (height[:, k] - height[:, (k + 1) % 3])
            t = np.where((t >= 0) & (t <= 1), t, np.nan)
            through = _in_face(corner + t[:, None] * (after - corner), other, normal)
            yield through, through


def _edges(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Nearest points of segments a–b and c–d. Source: Ericson, Real-Time Collision Detection, 2005, 5.1.9."""
    u, v, w = b - a, d - c, a - c
    uu, vv, uv, uw, vw = _dot(u, u), _dot(v, v), _dot(u, v), _dot(u, w), _dot(v, w)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.nan_to_num(np.clip((uv * vw - uw * vv) / (uu * vv - uv * uv), 0, 1))
        t = np.nan_to_num(np.clip((uv * s + vw) / vv, 0, 1))
        s = np.nan_to_num(np.clip((uv * t - uw) / uu, 0, 1))
    return a + s[:, None] * u, c + t[:, None] * v


def _in_face(points: Floats, triangles: Floats, normal: Floats) -> Floats:
    """Points of the triangles' planes, NaN where outside."""
    inside = np.ones(len(points), bool)
    for k in range(3):
        run = triangles[:, (k + 1) % 3] - triangles[:, k]
        inside &= _dot(np.cross(run, points - triangles[:, k]), normal) >= 0
    return np.where(inside[:, None], points, np.nan)


def _planes(triangles: Floats) -> tuple[Floats, Floats]:
    """Unit normals (n, 3) and offsets (n,) of triangles; NaN where they have no area."""
    a, b, c = np.moveaxis(triangles, 1, 0)
    normal = np.cross(b - a, c - a)
    with np.errstate(divide="ignore", invalid="ignore"):
        normal = normal / np.linalg.norm(normal, axis=1)[:, None]
    return normal, _dot(normal, a)


def _rank(sorted_labels: Whole) -> Whole:
    """0 for the first label, 1 for the next …"""
    return np.concatenate([[0], np.cumsum(np.diff(sorted_labels) > 0)]).astype(np.int64)


def _shift(by: Floats) -> Floats:
    out = np.eye(4)
    out[:3, 3] = by
    return out


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("...j,...j->...", a, b))
