"""Rays in float64 against every face, one by one: what linework is measured with.

Facets stand for cylinders, which drawings show round. So there are two truths, the facets as they are and the facets
made round (twelve for one), and what is asked for is named only where both agree.
"""

from __future__ import annotations

import functools

import numpy as np
import shapely
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, look
from stagecraft.geometry.solid import Solid, Surface

FINE = 12
"""Facets that one facet of a cylinder is made."""
BORDER = 3e-5
"""A ray that passes a face so narrowly meets its edge. [m]"""
LIFT = 3e-5
"""Faces so near are those that the point itself lies on. [m]"""


def lifted(points: Floats, surface: Surface) -> Floats:
    """Points moved away from the axis of a cylinder until they lie on it."""
    axis = np.asarray(surface.axis) / np.linalg.norm(surface.axis)
    off = points - surface.origin
    along = (off @ axis)[..., None] * axis
    away = off - along
    return np.asarray(surface.origin + along + away * (surface.radius / np.linalg.norm(away, axis=-1))[..., None])


def on(points: Floats, surface: Surface) -> bool:
    """Do points lie on a cylinder?"""
    axis = np.asarray(surface.axis) / np.linalg.norm(surface.axis)
    off = points - surface.origin
    away = np.linalg.norm(off - (off @ axis)[..., None] * axis, axis=-1)
    return bool(np.abs(away - surface.radius).max() < 1e-5)


def chord(ends: Floats, surface: Surface) -> bool:
    """Are two points ends of a chord of a circle about the axis of a cylinder?"""
    axis = np.asarray(surface.axis) / np.linalg.norm(surface.axis)
    return surface.kind == "cylinder" and on(ends, surface) and abs(float((ends[1] - ends[0]) @ axis)) < 1e-6


@functools.lru_cache(maxsize=256)
def round_triangles(solid: Solid) -> Floats:
    """(n, 3, 3) triangles of a solid whose cylinders are finer."""
    if all(surface.kind != "cylinder" for surface in solid.surfaces):
        return solid.triangles
    out = [solid.triangles[[solid.surfaces[s].kind != "cylinder" for s in solid.surface]]]
    share = np.arange(FINE + 1) / FINE
    cells = [
        ((i, j), (i + 1, j), (i, j + 1)) for i in range(FINE) for j in range(FINE - i)
    ] + [((i + 1, j), (i + 1, j + 1), (i, j + 1)) for i in range(FINE) for j in range(FINE - 1 - i)]  # fmt: skip
    grid = np.array(cells, float) / FINE
    rims: set[tuple[int, ...]] = set()
    for face, s in zip(solid.faces.tolist(), solid.surface.tolist()):
        surface = solid.surfaces[s]
        if surface.kind != "cylinder":
            continue
        a, b, c = solid.vertices[face]
        flat = a + grid[..., :1] * (b - a) + grid[..., 1:] * (c - a)
        out.append(lifted(flat, surface))
        for p, q in ((0, 1), (1, 2), (2, 0)):
            key = tuple(sorted((face[p], face[q])))
            if key not in rims and chord(solid.vertices[list(key)], surface):
                rims.add(key)
                p_, q_ = solid.vertices[list(key)]
                arc = lifted(p_ + share[:, None] * (q_ - p_), surface)
                out.append(np.stack([np.broadcast_to(p_, arc[1:-1].shape), arc[1:-1], arc[2:]], axis=1))
    return np.concatenate(out)


class Truth:
    """Every face of bodies in a view, of which only what lies at w ≤ near is there."""

    def __init__(self, bodies: list[Body], view: Floats, near: float = np.inf, fine: bool = False) -> None:
        faces, cut = [np.zeros((0, 3, 3))], [np.zeros(0, np.bool_)]
        for body in bodies:
            mine = round_triangles(body.solid) if fine else body.solid.triangles
            for m in body.transforms:
                placed = mine @ (view @ m[:3, :3]).T + view @ m[:3, 3]
                if not body.whole or placed[:, :, 2].min() < near - 1e-6:
                    faces.append(placed)
                    cut.append(np.full(len(placed), not body.whole))
        self.near = near
        self.faces, self.cut = np.concatenate(faces), np.concatenate(cut)
        a, b, c = np.moveaxis(self.faces[:, :, :2], 1, 0)
        self.doubled = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
        some = np.abs(self.doubled) > 1e-13
        self.faces, self.cut, self.doubled = self.faces[some], self.cut[some], self.doubled[some]
        flat = self.faces[:, :, :2]
        self.tree = shapely.STRtree(shapely.box(*(flat.min(axis=1) - BORDER).T, *(flat.max(axis=1) + BORDER).T))

    def hides(self, points: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(n,) whether something hides points (n, 3) in view coordinates: surely, and perhaps (they lie just behind an edge)."""
        which, face = self.tree.query(shapely.points(points[:, :2]), predicate="intersects")
        p = points[which]
        a, b, c = np.moveaxis(self.faces[face], 1, 0)
        inside = np.full(len(which), np.inf)
        depth = np.zeros(len(which))
        for u, v, opposite in ((b, c, a), (c, a, b), (a, b, c)):
            area = (v - u)[:, 0] * (p - u)[:, 1] - (v - u)[:, 1] * (p - u)[:, 0]
            inside = np.minimum(
                inside, area * np.sign(self.doubled[face]) / np.maximum(np.hypot(*(v - u)[:, :2].T), 1e-300)
            )
            depth += area / self.doubled[face] * opposite[:, 2]
        nearer = depth > p[:, 2] + LIFT
        before = nearer & (~self.cut[face] | (depth <= self.near))
        sure = np.bincount(which[before & (inside > BORDER)], minlength=len(points)) > 0
        perhaps = np.bincount(which[before & (inside > -BORDER)], minlength=len(points)) > 0
        if np.isfinite(self.near):  # inside something at the plane: its cut face is in the way
            beyond = (depth > self.near) & self.cut[face] & (inside > 0)
            winding = np.bincount(which[beyond], np.sign(self.doubled[face[beyond]]), len(points))
            edge = (
                np.bincount(
                    which[(depth > self.near - LIFT) & self.cut[face] & (np.abs(inside) <= BORDER)],
                    minlength=len(points),
                )
                > 0
            )
            sure |= (winding > 0.5) & ~edge
            perhaps |= (winding > 0.5) | edge
        return sure, perhaps


def compared(bodies: list[Body], view: Floats, near: float, count: int, seed: int) -> tuple[int, int, int]:
    """Of so many points on edges of bodies: how many are drawn, how many wrongly or wrongly not, how many are in doubt."""
    sight = look(bodies, view, near)
    if not len(sight.ends):
        return 0, 0, 0
    rng = np.random.default_rng(seed)
    edge, share = rng.integers(len(sight.ends), size=count), rng.uniform(0.02, 0.98, count)
    points = sight.ends[edge, 0] + share[:, None] * (sight.ends[edge, 1] - sight.ends[edge, 0])
    true = points.copy()
    known: dict[tuple[int, int], list[Surface]] = {}
    for k, e in enumerate(edge.tolist()):
        owner, copy = int(sight.owner[e]), int(sight.copy[e])
        if (owner, copy) not in known:
            body = bodies[owner]
            round_ = any(surface.kind == "cylinder" for surface in body.solid.surfaces)
            known[owner, copy] = list(body.solid.moved(body.transforms[copy]).surfaces) if round_ else []
        ends = sight.ends[e] @ view
        surface = next((s for s in known[owner, copy] if chord(ends, s)), None)
        if surface is not None:
            true[k] = view @ lifted((points[k] @ view)[None], surface)[0]
    order = np.argsort(sight.edge, kind="stable")
    spans = sight.span[order]
    first, last = (np.searchsorted(sight.edge[order], edge, side) for side in ("left", "right"))
    drawn = np.array([
        bool(((spans[i:j, 0] <= t) & (t <= spans[i:j, 1])).any()) for i, j, t in zip(first, last, share)
    ])  # fmt: skip
    sure, perhaps = Truth(bodies, view, near).hides(points)
    sure_too, perhaps_too = Truth(bodies, view, near, fine=True).hides(true)
    wrong = (drawn & sure & sure_too) | (~drawn & ~perhaps & ~perhaps_too)
    doubt = (sure & ~perhaps_too) | (sure_too & ~perhaps)
    return int(drawn.sum()), int(wrong.sum()), int(doubt.sum())
