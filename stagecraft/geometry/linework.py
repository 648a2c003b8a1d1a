"""Lines of solids as a draughtsman sees them: hidden lines removed exactly, cut faces, arcs that stay arcs.

A view is a (3, 3) matrix whose rows are right, up and towards the viewer; drawings are seen from infinitely far.
Everything is done in the three coordinates of the view: u to the right, v upwards, w towards the viewer. [m]
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry._skeleton import EDGE_ON, axes_seen, facing, skeleton
from stagecraft.geometry._tidy import GAP, SNAP, Circle, Oval, Path, Runs, Whole, alike, joined, runs_of
from stagecraft.geometry.frame import IDENTITY, Floats
from stagecraft.geometry.solid import Solid

__all__ = [
    "FROM_ABOVE", "FROM_THE_HOUSE", "TO_STAGE_LEFT", "Body", "Circle", "Oval", "Path", "Sight", "circles_of",
    "each_once", "hidden_lines", "look", "outline_paths", "ovals_of", "section_cut", "silhouette",
]  # fmt: skip

FROM_ABOVE: Floats = np.eye(3)
FROM_THE_HOUSE: Floats = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Looking upstage: stage left is on the right."""
TO_STAGE_LEFT: Floats = np.array([[0, -1.0, 0], [0, 0, 1], [-1, 0, 0]])
"""Looking along +x: the stage is on the left, the audience on the right."""
for _view in (FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT):
    _view.flags.writeable = False

BIAS = 1e-5
"""A face hides a line only when it is nearer by more than this. [m]"""
SAGITTA = 0.003
"""Furthest that a chord strays from the circle it stands for, as shapes make them. [m]"""
CHUNK = 3_000_000
"""Pairs of edge and face looked at together."""
TOGETHER = 100_000
"""Faces of copies looked at together."""


@dataclass(frozen=True, eq=False)
class Body:
    """A solid, its copies, and what its lines are drawn as."""

    solid: Solid
    transforms: Floats = field(default_factory=lambda: IDENTITY[None])
    group: Hashable = None
    whole: bool = False
    """Never cut: copies that reach beyond the cutting plane are shown whole, the others not at all."""


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
    oval: Whole
    """(n,) oval that an edge is a chord of; −1 where it is straight."""
    ovals: tuple[Oval, ...]
    edge: Whole
    """(m,) edge of each visible span."""
    span: Floats
    """(m, 2) from … to, in 0 … 1 of the edge."""

    def paths(self, bodies: Sequence[bool] | None = None, over: Sequence[Path] = ()) -> list[Path]:
        """As few and as long lines as possible, group by group; of some of the bodies, if they are marked.

        over : what lies under these paths is left out. Where lines of several groups lie on one another, that of the
            first group is kept.
        """
        return self._paths(self.edge, self.span, bodies, over)

    def hidden_paths(self, bodies: Sequence[bool] | None = None, over: Sequence[Path] = ()) -> list[Path]:
        """What other things hide of the edges that face the viewer, where it lies under none of the paths `over`."""
        return self._paths(*_rest(len(self.ends), self.edge, self.span, _lengths(self.ends)), bodies, over)

    def _paths(self, edge: Whole, span: Floats, bodies: Sequence[bool] | None, over: Sequence[Path]) -> list[Path]:
        groups = list(dict.fromkeys(body.group for body in self.bodies))
        number = np.array([groups.index(body.group) for body in self.bodies], np.int64)
        wanted = np.ones(len(self.bodies), np.bool_) if bodies is None else np.asarray(bodies, np.bool_)
        mine = wanted[self.owner[edge]] if len(edge) else np.zeros(0, np.bool_)
        edge, span = edge[mine], span[mine]
        start, run = self.ends[edge, 0, :2], self.ends[edge, 1, :2] - self.ends[edge, 0, :2]
        segments = np.stack([start + span[:, :1] * run, start + span[:, 1:] * run], axis=1)
        runs = Runs(segments, number[self.owner[edge]], self.oval[edge], self.ovals)
        if not over:
            return runs.paths(groups)
        above = runs_of(over)
        above = Runs(above.segments, np.full(len(above.group), -1), above.oval, above.ovals)
        return [path for path in joined(above, runs).paths([*groups, _OVER]) if path.group is not _OVER]

    def copies(self) -> list[NDArray[np.bool_]]:
        """For each body, which of its copies show at least one line."""
        seen = [np.zeros(len(body.transforms), np.bool_) for body in self.bodies]
        for b, c in np.unique(np.stack([self.owner[self.edge], self.copy[self.edge]], axis=1), axis=0).tolist():
            seen[b][c] = True
        return seen


_OVER = object()
"""Group of what is drawn already: the last name, and the number −1."""


def look(bodies: Sequence[Body], view: Floats = FROM_ABOVE, near: float = math.inf) -> Sight:
    """What is seen of the bodies.

    near : only what lies at w ≤ near is shown [m]; faces cut there hide what is behind them

    Two faces of one surface carry no line between them unless it is the silhouette.
    """
    ends, faces, of, ovals = _seen(bodies, view, near)
    return Sight(tuple(bodies), ends, of[0], of[1], of[2], ovals, *_visible(ends, faces))


def hidden_lines(bodies: Sequence[Body], view: Floats = FROM_ABOVE, near: float = math.inf) -> list[Path]:
    """Lines of the bodies with hidden ones removed, group by group; see `look`."""
    return look(bodies, view, near).paths()


def each_once(paths: Sequence[Path]) -> list[Path]:
    """The same lines; where several lie on one another, that of the first path is kept. Closed paths that keep all stay."""
    names = list(dict.fromkeys(path.group for path in paths))
    runs = runs_of(paths)
    number = np.array([names.index(path.group) for path in paths], np.int64)
    return Runs(runs.segments, number[runs.group], runs.oval, runs.ovals).paths(names) if paths else []


def section_cut(body: Body, view: Floats, at: float) -> Any:
    """Face of the body cut by the plane w = `at`, as a shapely (Multi)Polygon in u, v. [m]

    What only touches the plane from beyond is not cut; what touches it from the viewer's side is.
    """
    import shapely

    faces = []
    for matrix, points in _instances(body, view):
        low, high = points[:, 2].min(), points[:, 2].max()
        if low <= at < high:
            faces += _loops_to_polygons(_cut_loops(body.solid, points, matrix, view, at))
    return shapely.union_all(faces) if faces else shapely.Polygon()


def circles_of(body: Body, view: Floats) -> list[Circle]:
    """Circles that the body's round surfaces show in a view along their axis."""
    found = [oval.circle for matrix in body.transforms for oval in axes_seen(body.solid, matrix, view)]
    return list({tuple(np.round(circle, 6).tolist()): circle for circle in reversed(found) if circle}.values())[::-1]


def ovals_of(body: Body, view: Floats, at: float) -> list[Oval]:
    """Ovals, circles among them, in which the plane w = `at` cuts the body's round surfaces."""
    found = [oval for matrix in body.transforms for oval in axes_seen(body.solid, matrix, view, at)]
    return list({tuple(np.round(oval, 6).tolist()): oval for oval in reversed(found)}.values())[::-1]


def silhouette(body: Body, view: Floats = FROM_ABOVE) -> Any:
    """Shadow of the body, as a shapely (Multi)Polygon in u, v. [m]"""
    import shapely

    shadows = []
    for _, points in _instances(body, view):
        corners = points[body.solid.faces][:, :, :2]
        shadows.append(corners[_doubled_area(corners) > 1e-12])
    return shapely.union_all(shapely.polygons(np.concatenate(shadows))) if shadows else shapely.Polygon()


def outline_paths(area: Any, circles: Sequence[Circle | Oval] = (), group: Hashable = None) -> list[Path]:
    """Rings of a shapely area as closed paths; runs that follow one of the circles become arcs again."""
    import shapely

    ovals = [Oval(*c) if len(c) > 3 else Oval(c[0], c[1], c[2], 0.0) for c in circles]
    paths = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shapely.normalize(area))):
        for ring in (polygon.exterior, *polygon.interiors):
            points = _without_straight_points(np.asarray(ring.coords)[:-1, :2])
            if len(points) >= 3:
                paths.append(_ring_path(points, ovals, group))
    return paths


# --- from solids to edges and faces in the view


def _instances(body: Body, view: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Each copy's frame, and its (n, 3) vertices in view coordinates."""
    for matrix in body.transforms:
        yield matrix, body.solid.vertices @ (view @ matrix[:3, :3]).T + view @ matrix[:3, 3]


def _seen(bodies: Sequence[Body], view: Floats, near: float) -> tuple[Floats, Floats, Whole, tuple[Oval, ...]]:
    """Edges (n, 2, 3) worth looking at, faces (m, 3, 3) that may hide them; each edge's body, copy, oval (3, n); ovals."""
    edges: list[Floats] = [np.zeros((0, 2, 3))]
    faces: list[Floats] = [np.zeros((0, 3, 3))]
    of: list[Whole] = [np.zeros((2, 0), np.int64)]
    rounds: list[Floats] = [np.zeros((0, 5))]
    for index, body in enumerate(bodies):
        step = max(1, TOGETHER // max(len(body.solid.faces), 1))
        for first in range(0, len(body.transforms), step):
            ends, hiding, copy, oval = _of_copies(body, body.transforms[first : first + step], view, near)
            edges.append(ends)
            faces.append(hiding)
            of.append(np.stack([np.full(len(ends), index), copy + first]))
            rounds.append(oval)
        if math.isfinite(near) and not body.whole:
            faces.append(_triangles(section_cut(body, view, near), near + 10 * BIAS))
    ends, whose, oval = np.concatenate(edges), np.concatenate(of, axis=1), np.concatenate(rounds)
    long = np.abs(ends[:, 1, :2] - ends[:, 0, :2]).max(axis=1, initial=0) > SNAP
    ends, whose, oval = ends[long], whose[:, long], oval[long]
    front = _frontmost(ends)
    hiding = np.concatenate(faces)
    hiding = hiding[_doubled_area(hiding[:, :, :2]) > 1e-12]
    number, known = np.full(len(front), -1, np.int64), np.isfinite(oval[front, 0])
    rows = oval[front][known]
    number[known] = alike(rows)
    _, one = np.unique(number[known], return_index=True)
    ovals = tuple(Oval(*row) for row in rows[one].tolist())
    return ends[front], hiding[_frontmost(hiding)], np.stack([*whose[:, front], number]), ovals


def _of_copies(body: Body, transforms: Floats, view: Floats, near: float) -> tuple[Floats, Floats, Whole, Floats]:
    """Edges (n, 2, 3) and front faces (m, 3, 3) of some copies, the copy of each edge, and its oval (n, 5)."""
    bones = skeleton(body.solid)
    points = np.einsum("kij,nj->kni", view @ transforms[:, :3, :3], body.solid.vertices)
    points += (transforms[:, :3, 3] @ view.T)[:, None]
    depths = points[:, :, 2]
    shown = np.nonzero(depths.min(axis=1) < near - SNAP if body.whole else depths.min(axis=1) <= near)[0]
    points, transforms = points[shown], transforms[shown]
    front, corners = facing(points, body.solid.faces)
    left, right = front[:, bones.sides[:, 0]], front[:, bones.sides[:, 1]] & (bones.sides[:, 1] >= 0)
    copy, edge = np.nonzero((bones.crease & (left | right)) | (left != right))
    hiding, ring, ends = corners[front], bones.ring[edge], points[copy[:, None], bones.pairs[edge]]
    bent = np.nonzero(bones.bend[edge] >= 0)[0]
    if len(bent):
        turned = bones.turned(points, view, transforms, copy[bent], edge[bent])
        behind = ~turned.short
        moved = points.copy()
        moved[copy[bent][behind][:, None], bones.pairs[edge[bent][behind]]] = turned.true[behind]
        ends = moved[copy[:, None], bones.pairs[edge]]
        ends[bent] = turned.true
        fins = np.concatenate([turned.facet, turned.true], axis=1)
        fins = np.concatenate([fins[:, [0, 1, 3]], fins[:, [0, 3, 2]]])
        back = _doubled_area(fins[:, :, :2]) < 0
        fins[back] = fins[back][:, ::-1]
        more, end = np.nonzero(turned.ring >= 0)
        hiding = np.concatenate([hiding, fins])
        ends = np.concatenate([ends, np.stack([turned.facet[more, end], turned.true[more, end]], axis=1)])
        ring, copy = np.r_[ring, turned.ring[more, end]], np.r_[copy, copy[bent][more]]
    oval = bones.ovals(view, transforms, copy, ring)
    copy = shown[copy]
    if math.isfinite(near) and not body.whole:
        hiding = _faces_beyond(hiding, near)
        ends, kept = _edges_beyond(ends, near)
        copy, oval = copy[kept], oval[kept]
    return ends, hiding, copy, oval


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
    """(n, 4, 3) linear functions of (1, u, v): distance inside each side, and depth of the face less what is forgiven.

    A side is as wide as SNAP, and on that width a face seen almost edge-on is much deeper or nearer: a round thing would
    hide its own outline.
    """
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
    out[:, 3, 0] -= BIAS + 2 * SNAP * np.linalg.norm(out[:, 3, 1:], axis=1)
    return out


def _hidden(ends: Floats, planes: Floats, edge: Whole, face: Whole) -> tuple[Whole, Floats]:
    """Edges and the part of each that one face hides."""
    low, high = np.zeros(len(edge)), np.ones(len(edge))
    for i in range(4):
        plane = planes[face, i]
        at = [plane[:, 0] + plane[:, 1] * ends[edge, k, 0] + plane[:, 2] * ends[edge, k, 1] for k in (0, 1)]
        a, b = (at[k] + SNAP if i < 3 else at[k] - ends[edge, k, 2] for k in (0, 1))
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
    """What hidden spans leave of each edge; slivers that tolerances leave are dropped, and those they take are given back."""
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
    low = np.where(low * length[owner] < GAP, 0.0, low)
    high = np.where((1 - high) * length[owner] < GAP, 1.0, high)
    sliver = np.minimum(GAP, 0.5 * length[owner])
    kept = (high - low) * length[owner] > sliver
    order = np.lexsort((low[kept], owner[kept]))
    return owner[kept][order], np.stack([low, high], axis=1)[kept][order]


# --- cut faces and outlines


def _cut_loops(solid: Solid, points: Floats, matrix: Floats, view: Floats, at: float) -> list[Floats]:
    """Closed loops (n, 2) in which the plane w = at cuts a solid whose vertices in the view are given; solid on their left."""
    above = points[:, 2] > at
    count = above[solid.faces].sum(axis=1)
    following: dict[tuple[int, int], tuple[int, int]] = {}
    surface: dict[tuple[int, int], int] = {}
    round_ = _along(solid, matrix, view)
    for index in np.nonzero((count > 0) & (count < 3))[0].tolist():
        face = solid.faces[index].tolist()
        cyclic = list(zip(face, face[1:] + face[:1]))
        up = next((a, b) for a, b in cyclic if not above[a] and above[b])
        down = next((b, a) for a, b in cyclic if above[a] and not above[b])
        following[down] = up
        if round_[solid.surface[index]]:
            surface[down] = surface[up] = int(solid.surface[index])
    loops = []
    while following:
        start, here = following.popitem()
        keys = [start]
        while here != start and here in following:
            keys.append(here)
            here = following.pop(here)
        low, high = (points[[key[i] for key in keys]] for i in (0, 1))
        share = (at - low[:, 2]) / (high[:, 2] - low[:, 2])
        loop = low + share[:, None] * (high - low)
        of = np.array([surface.get(key, -1) for key in keys])
        loops.append(_to_round(solid, matrix, view, loop, of)[:, :2])
    return loops


def _along(solid: Solid, matrix: Floats, view: Floats) -> NDArray[np.bool_]:
    """Which surfaces of a copy are cylinders that lie along the plane of the view."""
    axis = skeleton(solid).axis @ (view @ matrix[:3, :3])[2]
    return np.asarray(np.abs(axis) <= EDGE_ON)


def _to_round(solid: Solid, matrix: Floats, view: Floats, points: Floats, of: Whole) -> Floats:
    """Points (n, 3) of a cut, those on facets of cylinders (of) moved square to the axis until they are a radius from it."""
    mine = np.nonzero(of >= 0)[0]
    if not len(mine):
        return points
    bones, turn = skeleton(solid), view @ matrix[:3, :3]
    axis = bones.axis[of[mine]] @ turn.T
    foot = bones.origin[of[mine]] @ turn.T + view @ matrix[:3, 3]
    aside = np.stack([-axis[:, 1], axis[:, 0]], axis=1)
    off = points[mine] - foot
    across = (off[:, :2] * aside).sum(axis=1)
    wide = np.sqrt(np.maximum(bones.radius[of[mine]] ** 2 - off[:, 2] ** 2, 0.0))
    out = points.copy()
    out[mine, :2] += (np.copysign(wide, across) - across)[:, None] * aside
    return out


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


def _ring_path(points: Floats, ovals: Sequence[Oval], group: Hashable) -> Path:
    """A ring whose runs are given back the circles they follow; an ellipse only where the whole ring follows it."""
    count = len(points)
    middle = (points + np.roll(points, -1, axis=0)) / 2
    on = np.full(count, -1)
    for number, oval in enumerate(ovals):
        off = np.abs(_away(oval, points) - 1) * oval.radius * oval.ratio < 1e-5
        sagitta = (1 - _away(oval, middle)) * oval.radius * oval.ratio
        follows = off & np.roll(off, -1) & (sagitta <= max(SAGITTA, 0.01 * oval.radius)) & (on < 0)
        if oval.ratio == 1 or (off.all() and count > 4):
            on[follows if oval.ratio == 1 else on < 0] = number
    if (on >= 0).all() and (on == on[0]).all():
        oval = ovals[int(on[0])]
        if oval.circle is None:
            return Path(group, oval.at(np.zeros(1)), closed=True, oval=oval)
        return Path(group, np.array([[oval.u + oval.radius, oval.v]]), closed=True, circle=oval.circle)
    begin = next((i for i in range(count) if on[i] < 0 or on[i] != on[i - 1]), 0)
    corners, bulges = [], []
    i = 0
    while i < count:
        here = (begin + i) % count
        number, sweep, run = int(on[here]), 0.0, 1
        if number >= 0:
            while i + run < count and on[(begin + i + run) % count] == number:
                run += 1
            angle = ovals[number].turns(points[[(here + k) % count for k in range(run + 1)]])
            sweep = float(((np.diff(angle) + np.pi) % (2 * np.pi) - np.pi).sum())
        corners.append(points[here])
        bulges.append(math.tan(sweep / 4))
        i += run
    return Path(group, np.array(corners), tuple(bulges) if any(bulges) else (), closed=True)


def _away(oval: Oval, points: Floats) -> Floats:
    """Distance of points from the middle of an oval; 1 on it."""
    off = points - (oval.u, oval.v)
    size = oval.radius**2
    return np.hypot(off @ (oval.across, oval.up) / size, off @ (-oval.up, oval.across) / (size * oval.ratio))
