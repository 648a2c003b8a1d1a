"""Lines of solids as a draughtsman sees them: hidden lines removed exactly, cut faces, arcs that stay arcs.

A view is a (3, 3) matrix whose rows are right, up and towards the viewer; drawings are seen from infinitely far.
Everything is done in the three coordinates of the view: u to the right, v upwards, w towards the viewer. [m]
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import IDENTITY, Floats
from stagecraft.geometry.solid import Solid

Whole: TypeAlias = NDArray[np.int64]
Circle: TypeAlias = tuple[float, float, float]
"""Centre u, v and radius. [m]"""

FROM_ABOVE: Floats = np.eye(3)
FROM_THE_HOUSE: Floats = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Looking upstage: stage left is on the right."""
TO_STAGE_LEFT: Floats = np.array([[0, -1.0, 0], [0, 0, 1], [-1, 0, 0]])
"""Looking along +x: the stage is on the left, the audience on the right."""
for _view in (FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT):
    _view.flags.writeable = False

SNAP = 1e-6
"""Two points closer than this are one. [m]"""
GAP = 2e-5
"""Gaps in a straight line shorter than this are closed. [m]"""
BIAS = 1e-5
"""A face hides a line only when it is nearer by more than this. [m]"""
EDGE_ON = 1e-7
"""Cosine below which a face is seen edge-on."""
SAGITTA = 0.003
"""Furthest that a chord strays from the circle it stands for, as shapes make them. [m]"""
CHUNK = 3_000_000
"""Pairs of edge and face looked at together."""


@dataclass(frozen=True, eq=False)
class Body:
    """A solid, its copies, and what its lines are drawn as."""

    solid: Solid
    transforms: Floats = field(default_factory=lambda: IDENTITY[None])
    group: Hashable = None
    whole: bool = False
    """Never cut: copies that reach beyond the cutting plane are shown whole, the others not at all."""


@dataclass(frozen=True, eq=False)
class Path:
    """A polyline in the view. bulges[i]: tangent of a quarter of the angle of the run from point i; () if straight."""

    group: Hashable
    points: Floats
    """(n, 2) [m]"""
    bulges: tuple[float, ...] = ()
    closed: bool = False
    circle: Circle | None = None
    """A whole circle; `points` is then its rightmost point alone."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What is seen of bodies: edges in view coordinates and their visible spans."""

    bodies: tuple[Body, ...]
    ends: Floats
    """(n, 2, 3) edges that may be seen. [m]"""
    owner: Whole
    """(n,) body of each edge."""
    copy: Whole
    """(n,) copy of that body."""
    circle: Whole
    """(n,) circle that an edge is a chord of; −1 where it is straight."""
    circles: tuple[Circle, ...]
    edge: Whole
    """(m,) edge of each visible span."""
    span: Floats
    """(m, 2) from … to, in 0 … 1 of the edge."""

    def paths(self, bodies: Sequence[bool] | None = None) -> list[Path]:
        """As few and as long lines as possible, group by group; of some of the bodies, if they are marked."""
        groups = list(dict.fromkeys(body.group for body in self.bodies))
        number = np.array([groups.index(body.group) for body in self.bodies], np.int64)
        wanted = np.ones(len(self.bodies), np.bool_) if bodies is None else np.asarray(bodies, np.bool_)
        mine = wanted[self.owner[self.edge]] if len(self.edge) else np.zeros(0, np.bool_)
        edge, span = self.edge[mine], self.span[mine]
        start, run = self.ends[edge, 0, :2], self.ends[edge, 1, :2] - self.ends[edge, 0, :2]
        segments = np.stack([start + span[:, :1] * run, start + span[:, 1:] * run], axis=1)
        return _tidy(segments, number[self.owner[edge]], self.circle[edge], self.circles, groups)

    def copies(self) -> list[NDArray[np.bool_]]:
        """For each body, which of its copies show at least one line."""
        seen = [np.zeros(len(body.transforms), np.bool_) for body in self.bodies]
        for b, c in np.unique(np.stack([self.owner[self.edge], self.copy[self.edge]], axis=1), axis=0).tolist():
            seen[b][c] = True
        return seen


def look(bodies: Sequence[Body], view: Floats = FROM_ABOVE, near: float = math.inf) -> Sight:
    """What is seen of the bodies.

    near : only what lies at w ≤ near is shown [m]; faces cut there hide what is behind them

    Two faces of one surface carry no line between them unless it is the silhouette.
    """
    ends, faces, owner, copy, circle, circles = _seen(bodies, view, near)
    return Sight(tuple(bodies), ends, owner, copy, circle, tuple(circles), *_visible(ends, faces))


def hidden_lines(bodies: Sequence[Body], view: Floats = FROM_ABOVE, near: float = math.inf) -> list[Path]:
    """Lines of the bodies with hidden ones removed, group by group; see `look`."""
    return look(bodies, view, near).paths()


def section_cut(body: Body, view: Floats, at: float) -> Any:
    """Face of the body cut by the plane w = `at`, as a shapely (Multi)Polygon in u, v. [m]

    What only touches the plane from beyond is not cut; what touches it from the viewer's side is.
    """
    import shapely

    faces = []
    for points in _instances(body, view):
        low, high = points[:, 2].min(), points[:, 2].max()
        if low <= at < high:
            faces += _loops_to_polygons(_cut_loops(points, body.solid.faces, at))
    return shapely.union_all(faces) if faces else shapely.Polygon()


def circles_of(body: Body, view: Floats) -> list[Circle]:
    """Circles that the body's round surfaces show in a view along their axis."""
    found: dict[tuple[float, ...], Circle] = {}
    for matrix in body.transforms:
        for surface in body.solid.surfaces:
            if surface.kind != "cylinder":
                continue
            axis = view @ matrix[:3, :3] @ np.asarray(surface.axis)
            if math.hypot(axis[0], axis[1]) <= EDGE_ON * np.linalg.norm(axis):
                u, v, _ = view @ (matrix[:3, :3] @ np.asarray(surface.origin) + matrix[:3, 3])
                round_ = (float(u), float(v), surface.radius)
                found.setdefault(tuple(np.round(round_, 6).tolist()), round_)
    return list(found.values())


def silhouette(body: Body, view: Floats = FROM_ABOVE) -> Any:
    """Shadow of the body, as a shapely (Multi)Polygon in u, v. [m]"""
    import shapely

    shadows = []
    for points in _instances(body, view):
        corners = points[body.solid.faces][:, :, :2]
        shadows.append(corners[_doubled_area(corners) > 1e-12])
    return shapely.union_all(shapely.polygons(np.concatenate(shadows))) if shadows else shapely.Polygon()


def outline_paths(area: Any, circles: Sequence[Circle] = (), group: Hashable = None) -> list[Path]:
    """Rings of a shapely area as closed paths; runs that follow one of the circles become arcs again."""
    import shapely

    paths = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shapely.normalize(area))):
        for ring in (polygon.exterior, *polygon.interiors):
            points = _without_straight_points(np.asarray(ring.coords)[:-1, :2])
            if len(points) >= 3:
                paths.append(_ring_path(points, circles, group))
    return paths


# --- from solids to edges and faces in the view


def _instances(body: Body, view: Floats) -> Iterable[Floats]:
    """(n, 3) vertices of each copy in view coordinates."""
    for matrix in body.transforms:
        yield body.solid.vertices @ (view @ matrix[:3, :3]).T + view @ matrix[:3, 3]


def _seen(
    bodies: Sequence[Body], view: Floats, near: float
) -> tuple[Floats, Floats, Whole, Whole, Whole, list[Circle]]:
    """Edges (n, 2, 3) worth looking at, faces (m, 3, 3) that may hide them; each edge's body, copy, circle (or −1)."""
    edges: list[Floats] = [np.zeros((0, 2, 3))]
    faces: list[Floats] = [np.zeros((0, 3, 3))]
    nothing = np.zeros(0, np.int64)
    owners, copies, rounds, circles = [nothing], [nothing], [nothing], _Circles()
    for index, body in enumerate(bodies):
        solid = body.solid
        pairs, sides, crease = _edges(solid)
        points = np.einsum("kij,nj->kni", view @ body.transforms[:, :3, :3], solid.vertices)
        points += (body.transforms[:, :3, 3] @ view.T)[:, None]
        depths = points[:, :, 2]
        shown = depths.min(axis=1) < near - SNAP if body.whole else depths.min(axis=1) <= near
        points = points[shown]
        corners = points[:, solid.faces]
        one, two = corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0]
        normal = np.cross(one, two)
        front = normal[..., 2] > EDGE_ON * np.maximum(np.linalg.norm(normal, axis=2), 1e-300)
        hiding = corners[front]
        left, right = front[:, sides[:, 0]], front[:, sides[:, 1]] & (sides[:, 1] >= 0)
        copy, edge = np.nonzero((crease & (left | right)) | (left != right))
        ends = points[copy[:, None], pairs[edge]]
        copy = np.nonzero(shown)[0][copy]
        round_ = circles.of(body, view, ends, sides[edge], copy)
        if math.isfinite(near) and not body.whole:
            cap = _triangles(section_cut(body, view, near), near + 10 * BIAS)
            hiding = np.concatenate([_faces_beyond(hiding, near), cap])
            ends, kept = _edges_beyond(ends, near)
            copy, round_ = copy[kept], round_[kept]
        faces.append(hiding)
        edges.append(ends)
        owners.append(np.full(len(ends), index))
        copies.append(copy)
        rounds.append(round_)
    ends, of = np.concatenate(edges), np.stack([np.concatenate(a) for a in (owners, copies, rounds)])
    hiding = np.concatenate(faces)
    long = np.abs(ends[:, 1, :2] - ends[:, 0, :2]).max(axis=1, initial=0) > SNAP
    ends, of = ends[long], of[:, long]
    first = _frontmost(ends)
    hiding = hiding[_doubled_area(hiding[:, :, :2]) > 1e-12]
    return ends[first], hiding[_frontmost(hiding)], of[0, first], of[1, first], of[2, first], circles.known


def _edges(solid: Solid) -> tuple[Whole, Whole, NDArray[np.bool_]]:
    """Edges of a solid: their two vertices, their two faces (−1: none), and whether two surfaces meet there."""
    half = solid.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)
    face = np.repeat(np.arange(len(solid.faces)), 3)
    key = half.min(axis=1) << 32 | half.max(axis=1)
    order = np.argsort(key, kind="stable")
    key, half, face = key[order], half[order], face[order]
    place = np.arange(len(key)) - np.searchsorted(key, key)
    first = np.nonzero(place % 2 == 0)[0]
    mate = np.minimum(first + 1, len(key) - 1)
    paired = (mate > first) & (key[mate] == key[first])
    sides = np.stack([face[first], np.where(paired, face[mate], -1)], axis=1)
    a, b, c = np.moveaxis(solid.triangles, 1, 0)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-300)[:, None]
    bent = np.einsum("ij,ij->i", normal[sides[:, 0]], normal[sides[:, 1]]) < 1 - 1e-9
    crease = ~paired | (bent & (solid.surface[sides[:, 0]] != solid.surface[sides[:, 1]]))
    return half[first], sides, crease


class _Circles:
    """Circles met so far in a view, each once."""

    def __init__(self) -> None:
        self.known: list[Circle] = []
        self._number: dict[tuple[float, ...], int] = {}

    def of(self, body: Body, view: Floats, ends: Floats, sides: Whole, copy: Whole) -> Whole:
        """Number of the circle that each edge is a chord of; −1 where there is none."""
        out = np.full(len(ends), -1, np.int64)
        solid = body.solid
        round_ = [i for i, s in enumerate(solid.surfaces) if s.kind == "cylinder"]
        if not round_ or not len(ends):
            return out
        touching = np.stack([solid.surface[sides[:, 0]], solid.surface[sides[:, 1]]], axis=1)
        for index in round_:
            surface = solid.surfaces[index]
            axes = (view @ body.transforms[:, :3, :3]) @ np.asarray(surface.axis)
            along = np.hypot(axes[:, 0], axes[:, 1]) <= EDGE_ON * np.linalg.norm(axes, axis=1)
            mine = np.nonzero((touching == index).any(axis=1) & along[copy])[0]
            if not len(mine):
                continue
            world = body.transforms[:, :3, :3] @ np.asarray(surface.origin) + body.transforms[:, :3, 3]
            centre = (world @ view.T)[copy[mine], :2]
            off = np.abs(np.linalg.norm(ends[mine, :, :2] - centre[:, None], axis=2) - surface.radius).max(axis=1)
            for e, (u, v) in zip(mine[off < 1e-5].tolist(), centre[off < 1e-5].tolist()):
                out[e] = self._index((u, v, surface.radius))
        return out

    def _index(self, circle: Circle) -> int:
        key = tuple(round(value, 6) + 0.0 for value in circle)
        if key not in self._number:
            self._number[key] = len(self.known)
            self.known.append(circle)
        return self._number[key]


def _frontmost(shapes: Floats) -> Whole:
    """Of edges or faces that cover one another exactly in the view, the foremost.

    What hides the foremost hides the others as well, so nothing is lost.
    """
    if not len(shapes):
        return np.zeros(0, np.int64)
    flat = np.round(shapes[:, :, :2] / SNAP).astype(np.int64)
    order = np.lexsort((flat[:, :, 1], flat[:, :, 0]), axis=1)
    key = np.take_along_axis(flat, order[:, :, None], axis=1).reshape(len(shapes), -1)
    depth = np.take_along_axis(shapes[:, :, 2], order, axis=1)
    kinds, group = np.unique(key, axis=0, return_inverse=True)
    best = np.full((len(kinds), shapes.shape[1]), -np.inf)
    np.maximum.at(best, group.reshape(-1), depth)
    foremost = (depth >= best[group.reshape(-1)] - SNAP).all(axis=1)
    beaten = np.ones(len(kinds), np.bool_)
    beaten[group.reshape(-1)[foremost]] = False  # crossing in depth: keep them all
    keep = np.nonzero(foremost)[0]
    _, unique = np.unique(group.reshape(-1)[keep], return_index=True)
    return np.sort(np.concatenate([keep[unique], np.nonzero(beaten[group.reshape(-1)])[0]]))


def _edges_beyond(ends: Floats, near: float) -> tuple[Floats, Whole]:
    """Edges cut off at w = near."""
    kept = np.nonzero(ends[:, :, 2].min(axis=1) <= near)[0]
    out = ends[kept].copy()
    for i, j in ((0, 1), (1, 0)):
        over = np.nonzero(out[:, i, 2] > near)[0]
        p, q = out[over, i], out[over, j]
        share = (p[:, 2] - near) / (p[:, 2] - q[:, 2])
        out[over, i] = p + share[:, None] * (q - p)
    return out, kept


def _faces_beyond(faces: Floats, near: float) -> Floats:
    """Triangles cut off at w = near."""
    over = faces[:, :, 2] > near
    count = over.sum(axis=1)
    out = [faces[count == 0]]
    for many in (1, 2):
        some = np.nonzero(count == many)[0]
        lone = np.argmax(over[some] if many == 1 else ~over[some], axis=1)  # the corner on its own side
        a, b, c = (faces[some, (lone + k) % 3] for k in range(3))

        def between(p: Floats, q: Floats) -> Floats:
            share = (p[:, 2] - near) / (p[:, 2] - q[:, 2])
            return np.asarray(p + share[:, None] * (q - p))

        if many == 2:
            out.append(np.stack([a, between(a, b), between(a, c)], axis=1))
        else:
            ab, ac = between(a, b), between(a, c)
            out += [np.stack([ab, b, c], axis=1), np.stack([ab, c, ac], axis=1)]
    return np.concatenate(out)


def _triangles(area: Any, depth: float) -> Floats:
    """A shapely area as triangles (n, 3, 3) at one depth."""
    import manifold3d
    import shapely

    out = [np.zeros((0, 3, 3))]
    for polygon in shapely.get_parts(shapely.orient_polygons(area)):
        rings = [np.ascontiguousarray(np.asarray(r.coords)[:-1, :2]) for r in (polygon.exterior, *polygon.interiors)]
        flat = np.concatenate(rings) if rings else np.zeros((0, 2))
        if len(flat) >= 3:
            faces = np.asarray(manifold3d.triangulate(rings))
            out.append(np.c_[flat, np.full(len(flat), depth)][faces])
    return np.concatenate(out)


# --- what of an edge is seen


def _visible(ends: Floats, faces: Floats) -> tuple[Whole, Floats]:
    """Visible parts of edges: their edge (m,), and from … to (m, 2) in 0 … 1."""
    import shapely

    if not len(ends):
        return np.zeros(0, np.int64), np.zeros((0, 2))
    low, high = ends[:, :, :2].min(axis=1), ends[:, :, :2].max(axis=1)
    boxes = shapely.box(*(low - SNAP).T, *(high + SNAP).T)
    tree = shapely.STRtree(shapely.box(*faces[:, :, :2].min(axis=1).T, *faces[:, :, :2].max(axis=1).T))
    planes = _planes(faces)
    nearest, furthest = faces[:, :, 2].max(axis=1), ends[:, :, 2].min(axis=1)
    hidden: list[tuple[Whole, Floats]] = []
    step = 4096
    start = 0
    while start < len(ends):
        edge, face = tree.query(boxes[start : start + step])
        if len(edge) > CHUNK and step > 64:
            step //= 4
            continue
        edge = edge + start
        start += step
        behind = nearest[face] > furthest[edge] + BIAS
        hidden.append(_hidden(ends, planes, edge[behind], face[behind]))
    edge = np.concatenate([h[0] for h in hidden])
    return _rest(len(ends), edge, np.concatenate([h[1] for h in hidden]), _lengths(ends))


def _lengths(ends: Floats) -> Floats:
    return np.asarray(np.linalg.norm(ends[:, 1, :2] - ends[:, 0, :2], axis=1))


def _planes(faces: Floats) -> Floats:
    """(n, 4, 3) linear functions of (1, u, v): distance inside each side, and depth of the face."""
    out = np.empty((len(faces), 4, 3))
    for i in range(3):
        p, q = faces[:, i, :2], faces[:, (i + 1) % 3, :2]
        run = q - p
        run = run / np.maximum(np.linalg.norm(run, axis=1), 1e-300)[:, None]
        out[:, i, 0] = run[:, 1] * p[:, 0] - run[:, 0] * p[:, 1]
        out[:, i, 1], out[:, i, 2] = -run[:, 1], run[:, 0]
    normal = np.cross(faces[:, 1] - faces[:, 0], faces[:, 2] - faces[:, 0])
    out[:, 3, 1:] = -normal[:, :2] / normal[:, 2:]
    out[:, 3, 0] = faces[:, 0, 2] - (out[:, 3, 1:] * faces[:, 0, :2]).sum(axis=1)
    return out


def _hidden(ends: Floats, planes: Floats, edge: Whole, face: Whole) -> tuple[Whole, Floats]:
    """Edges and the part of each that one face hides."""
    low, high = np.zeros(len(edge)), np.ones(len(edge))
    for i in range(4):
        plane = planes[face, i]
        at = [plane[:, 0] + plane[:, 1] * ends[edge, k, 0] + plane[:, 2] * ends[edge, k, 1] for k in (0, 1)]
        a, b = (at[k] + SNAP if i < 3 else at[k] - ends[edge, k, 2] - BIAS for k in (0, 1))
        span = np.where(a == b, 1.0, a - b)
        crossing = a / span
        low = np.where(a < 0, np.where(b < 0, 2.0, np.maximum(low, crossing)), low)
        high = np.where((b < 0) & (a >= 0), np.minimum(high, crossing), high)
        some = low < high
        if i < 3 and not some.all():
            edge, face, low, high = edge[some], face[some], low[some], high[some]
    some = low < high
    return edge[some], np.stack([low[some], high[some]], axis=1)


def _rest(count: int, edge: Whole, spans: Floats, length: Floats) -> tuple[Whole, Floats]:
    """What hidden spans leave of each edge; slivers that tolerances leave are dropped."""
    order = np.lexsort((spans[:, 0], edge))
    edge, spans = edge[order], spans[order]
    reach = np.maximum.accumulate(edge * 4.0 + spans[:, 1]) - edge * 4.0  # furthest end so far on this edge
    first = np.r_[True, edge[1:] != edge[:-1]] if len(edge) else np.zeros(0, np.bool_)
    last = np.r_[first[1:], True] if len(edge) else first
    before = np.where(first, 0.0, np.r_[0.0, reach[:-1]][: len(edge)])
    untouched = np.setdiff1d(np.arange(count), edge)
    owner = np.concatenate([edge, edge[last], untouched])
    low = np.concatenate([before, reach[last], np.zeros(len(untouched))])
    high = np.concatenate([spans[:, 0], np.ones(int(last.sum())), np.ones(len(untouched))])
    sliver = np.minimum(GAP, 0.5 * length[owner])
    kept = (high - low) * length[owner] > sliver
    order = np.lexsort((low[kept], owner[kept]))
    return owner[kept][order], np.stack([low, high], axis=1)[kept][order]


# --- from segments to paths


def _tidy(
    segments: Floats, group: Whole, circle: Whole, circles: Sequence[Circle], groups: list[Hashable]
) -> list[Path]:
    """Overlaps joined, collinear runs made one, chords made arcs, ends chained."""
    straight = circle < 0
    lines, owner = _merged_lines(segments[straight], group[straight])
    runs: dict[int, list[tuple[Floats, float]]] = defaultdict(list)
    for line, g in zip(lines, owner.tolist()):
        runs[g].append((line, 0.0))
    paths: dict[int, list[Path]] = defaultdict(list)
    for (g, c), found in _by_circle(segments[~straight], group[~straight], circle[~straight]).items():
        whole, arcs = _merged_arcs(found, circles[c])
        if whole:
            u, v, r = circles[c]
            paths[g].append(Path(groups[g], np.array([[u + r, v]]), closed=True, circle=circles[c]))
        runs[g] += arcs
    for g in sorted(runs):
        paths[g] += _chained(runs[g], groups[g])
    return [path for g in sorted(paths) for path in paths[g]]


def _merged_lines(segments: Floats, group: Whole) -> tuple[Floats, Whole]:
    """Union of straight segments, group by group."""
    if not len(segments):
        return segments, group
    run = segments[:, 1] - segments[:, 0]
    turn = np.arctan2(run[:, 1], run[:, 0]) % np.pi
    angle = np.round(turn / 1e-6).astype(np.int64)
    angle[angle == round(np.pi / 1e-6)] = 0
    u = np.stack([np.cos(angle * 1e-6), np.sin(angle * 1e-6)], axis=1)
    length = np.linalg.norm(run, axis=1)
    along = run / length[:, None]
    along *= np.where((along * u).sum(axis=1) < 0, -1.0, 1.0)[:, None]
    offset = along[:, 0] * segments[:, 0, 1] - along[:, 1] * segments[:, 0, 0]
    at = np.einsum("nkj,nj->nk", segments, along)
    low, high = at.min(axis=1), at.max(axis=1)
    key = np.stack([group, angle, np.round(offset / SNAP).astype(np.int64)], axis=1)
    _, line = np.unique(key, axis=0, return_inverse=True)
    line = line.reshape(-1)
    order = np.lexsort((high, low, line))
    line, low, high = line[order], low[order], high[order]
    room = 4 * (np.abs(at).max() + 1)
    reach = np.maximum.accumulate(line * room + high) - line * room
    new = np.r_[True, (line[1:] != line[:-1]) | (low[1:] > reach[:-1] + GAP)]
    starts = np.nonzero(new)[0]
    stops = np.r_[starts[1:], len(line)] - 1
    source = order[starts]
    end = reach[stops]
    middle = along[source] * (low[starts])[:, None]
    normal = np.stack([-along[source, 1], along[source, 0]], axis=1) * offset[source][:, None]
    a = middle + normal
    b = along[source] * end[:, None] + normal
    return np.stack([a, b], axis=1), group[source]


def _by_circle(segments: Floats, group: Whole, circle: Whole) -> dict[tuple[int, int], Floats]:
    out: dict[tuple[int, int], list[Floats]] = defaultdict(list)
    for segment, g, c in zip(segments, group.tolist(), circle.tolist()):
        out[g, c].append(segment)
    return {key: np.array(out[key]) for key in sorted(out)}


def _merged_arcs(chords: Floats, circle: Circle) -> tuple[bool, list[tuple[Floats, float]]]:
    """(whole circle?, arcs as (two points, bulge)) that chords of one circle stand for."""
    centre, radius = np.array(circle[:2]), circle[2]
    angle = np.arctan2(*(np.moveaxis(chords - centre, 2, 0)[::-1]))
    sweep = (angle[:, 1] - angle[:, 0] + np.pi) % (2 * np.pi) - np.pi
    low = np.where(sweep < 0, angle[:, 1], angle[:, 0]) % (2 * np.pi)
    high = low + np.abs(sweep)
    order = np.argsort(low, kind="stable")
    spans: list[list[float]] = []
    slack = SNAP / radius + 1e-9
    for a, b in zip(low[order].tolist(), high[order].tolist()):
        if spans and a <= spans[-1][1] + slack:
            spans[-1][1] = max(spans[-1][1], b)
        else:
            spans.append([a, b])
    if len(spans) > 1 and spans[-1][1] >= spans[0][0] + 2 * np.pi - slack:
        last = spans.pop()
        spans[0] = [last[0] - 2 * np.pi, max(spans[0][1], last[1] - 2 * np.pi)]
    if len(spans) == 1 and spans[0][1] - spans[0][0] >= 2 * np.pi - 2 * slack:
        return True, []
    arcs = []
    for a, b in spans:
        ends = centre + radius * np.array([[math.cos(a), math.sin(a)], [math.cos(b), math.sin(b)]])
        arcs.append((ends, math.tan((b - a) / 4)))
    return False, arcs


def _chained(runs: Sequence[tuple[Floats, float]], group: Hashable) -> list[Path]:
    """Runs joined wherever exactly two of them meet."""
    ends = np.array([run[0] for run in runs])
    nodes = _nodes(ends.reshape(-1, 2)).reshape(-1, 2).tolist()
    at: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, pair in enumerate(nodes):
        for side in (0, 1):
            at[pair[side]].append((index, side))
    used = [False] * len(runs)

    def follow(index: int, side: int) -> list[tuple[int, int]]:
        """Runs from here on, each with the side it is entered by."""
        found = []
        while not used[index]:
            used[index] = True
            found.append((index, side))
            meeting = at[nodes[index][1 - side]]
            if len(meeting) != 2:
                break
            index, side = meeting[1] if meeting[0] == (index, 1 - side) else meeting[0]
        return found

    paths = []
    loose = [(i, s) for i, pair in enumerate(nodes) for s in (0, 1) if len(at[pair[s]]) != 2]
    for index, side in [*loose, *((i, 0) for i in range(len(runs)))]:
        chain = follow(index, side) if not used[index] else []
        if chain:
            paths.append(_chain_path(chain, runs, nodes, group))
    return paths


def _chain_path(
    chain: list[tuple[int, int]], runs: Sequence[tuple[Floats, float]], nodes: list[list[int]], group: Hashable
) -> Path:
    points = [runs[i][0][s] for i, s in chain]
    bulges = tuple(-runs[i][1] if s else runs[i][1] for i, s in chain)
    first, last = chain[0], chain[-1]
    closed = len(chain) > 1 and nodes[first[0]][first[1]] == nodes[last[0]][1 - last[1]]
    if not closed:
        points.append(runs[last[0]][0][1 - last[1]])
        bulges = (*bulges, 0.0)
    return Path(group, np.array(points), bulges if any(bulges) else (), closed)


def _nodes(points: Floats) -> Whole:
    """Number of the node that each point is at: equal for points within SNAP of each other."""
    import shapely

    numbers = np.arange(len(points))
    geometry = shapely.points(points)
    a, b = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=3 * SNAP)
    np.minimum.at(numbers, a, b)
    return numbers


# --- cut faces and outlines


def _cut_loops(points: Floats, faces: NDArray[np.int32], at: float) -> list[Floats]:
    """Closed loops (n, 2) in which the plane w = at cuts triangles; solid on their left."""
    above = points[:, 2] > at
    count = above[faces].sum(axis=1)
    following: dict[tuple[int, int], tuple[int, int]] = {}
    for face in faces[(count > 0) & (count < 3)].tolist():
        cyclic = list(zip(face, face[1:] + face[:1]))
        up = next((a, b) for a, b in cyclic if not above[a] and above[b])
        down = next((b, a) for a, b in cyclic if above[a] and not above[b])
        following[down] = up
    loops = []
    while following:
        start, here = following.popitem()
        keys = [start]
        while here != start and here in following:
            keys.append(here)
            here = following.pop(here)
        low, high = (points[[key[i] for key in keys]] for i in (0, 1))
        share = (at - low[:, 2]) / (high[:, 2] - low[:, 2])
        loops.append((low + share[:, None] * (high - low))[:, :2])
    return loops


def _loops_to_polygons(loops: list[Floats]) -> list[Any]:
    """Polygons of anticlockwise loops, with the clockwise ones as their holes."""
    import shapely

    area = [float(_doubled_area(loop[None])[0]) if len(loop) >= 3 else 0.0 for loop in loops]
    outer = [shapely.Polygon(loop) for loop, a in zip(loops, area) if a > 1e-14]
    holes = [shapely.Polygon(loop) for loop, a in zip(loops, area) if a < -1e-14]
    inside: list[list[Any]] = [[] for _ in outer]
    for hole in holes:
        around = [i for i, polygon in enumerate(outer) if polygon.covers(hole)]
        if around:
            inside[min(around, key=lambda i: outer[i].area)].append(hole.exterior)
    return [shapely.Polygon(polygon.exterior, rings) for polygon, rings in zip(outer, inside)]


def _doubled_area(rings: Floats) -> Floats:
    x, y = rings[..., 0], rings[..., 1]
    return np.asarray((x * np.roll(y, -1, axis=-1) - np.roll(x, -1, axis=-1) * y).sum(axis=-1))


def _without_straight_points(points: Floats) -> Floats:
    """A ring without repeated points and those that lie on the straight between their neighbours."""
    points = points[np.abs(points - np.roll(points, 1, axis=0)).max(axis=1) > SNAP]
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    length = np.linalg.norm(before, axis=1) + np.linalg.norm(after, axis=1)
    return np.asarray(points[np.abs(cross) > 1e-7 * np.maximum(length, 1e-9)])


def _ring_path(points: Floats, circles: Sequence[Circle], group: Hashable) -> Path:
    """A ring whose runs are given back the circles they follow."""
    count = len(points)
    after = np.roll(points, -1, axis=0)
    on = np.full(count, -1)
    for number, (u, v, r) in enumerate(circles):
        off = np.abs(np.hypot(points[:, 0] - u, points[:, 1] - v) - r) < 1e-5
        middle = (points + after) / 2
        sagitta = r - np.hypot(middle[:, 0] - u, middle[:, 1] - v)
        on[off & np.roll(off, -1) & (sagitta <= max(SAGITTA, 0.01 * r)) & (on < 0)] = number
    if (on >= 0).all() and (on == on[0]).all():
        u, v, r = circles[int(on[0])]
        return Path(group, np.array([[u + r, v]]), closed=True, circle=circles[int(on[0])])
    begin = next((i for i in range(count) if on[i] < 0 or on[i] != on[i - 1]), 0)
    corners, bulges = [], []
    i = 0
    while i < count:
        here = (begin + i) % count
        number, sweep, run = int(on[here]), 0.0, 1
        if number >= 0:
            while i + run < count and on[(begin + i + run) % count] == number:
                run += 1
            u, v, _ = circles[number]
            angle = np.arctan2(*(points[[(here + k) % count for k in range(run + 1)]] - (u, v)).T[::-1])
            sweep = float(((np.diff(angle) + np.pi) % (2 * np.pi) - np.pi).sum())
        corners.append(points[here])
        bulges.append(math.tan(sweep / 4))
        i += run
    return Path(group, np.array(corners), tuple(bulges) if any(bulges) else (), closed=True)
