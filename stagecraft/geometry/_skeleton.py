"""What of a solid can be a line in a drawing, worked out once for all its copies and views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry._tidy import SNAP, Oval, Whole
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.solid import Solid

EDGE_ON = 1e-7
"""Cosine below which a face is seen edge-on."""
NEAR = 1e-5
"""What lies so near to a cylinder lies on it. [m]"""
FLAT = 1e-5
"""A circle seen so narrow is a line. [m]"""


class Turned(NamedTuple):
    """Outlines of cylinders: they run a radius from the axis, the facets that stand for them somewhat nearer to it."""

    facet: Floats
    """(n, 2, 3) where the outermost edge of the facets is. [m]"""
    true: Floats
    """(n, 2, 3) where the outline is. [m]"""
    short: NDArray[np.bool_]
    """(n,) what is seen of the facets ends before the outline, not behind it."""
    ring: Whole
    """(n, 2) circles that carry on from the facets to the outline, where these are short; −1: none."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Edges of a solid, and the round surfaces that they belong to."""

    pairs: Whole
    """(e, 2) vertices of each edge."""
    sides: Whole
    """(e, 2) its two faces; −1: none."""
    crease: NDArray[np.bool_]
    """(e,) two surfaces meet there."""
    bend: Whole
    """(e,) cylinder that the edge lies along, between two of its facets; −1: none."""
    ring: Whole
    """(e,) circle that the edge is a chord of; −1: none."""
    rim: Whole
    """(n,) circle that each vertex lies on, the last of them; −1: none."""
    hollow: NDArray[np.bool_]
    """(s,) whether the solid lies outside of that surface."""
    axis: Floats
    """(s, 3) of the solid's surfaces, of length 1; NaN where they are not round."""
    origin: Floats
    """(s, 3) a point on it. [m]"""
    radius: Floats
    """(s,) [m]"""
    ring_centre: Floats
    """(r, 3) [m]"""
    ring_axis: Floats
    ring_radius: Floats

    def turned(self, points: Floats, view: Floats, transforms: Floats, copy: Whole, edge: Whole) -> Turned:
        """Where cylinders turn away from the viewer, of edges of copies whose vertices (k, n, 3) are in view coordinates."""
        surface = self.bend[edge]
        turn = (view @ transforms[:, :3, :3])[copy]
        axis = np.einsum("nij,nj->ni", turn, self.axis[surface])
        foot = np.einsum("nij,nj->ni", turn, self.origin[surface]) + transforms[copy, :3, 3] @ view.T
        aside = np.zeros_like(axis)
        aside[:, 0], aside[:, 1] = -axis[:, 1], axis[:, 0]
        aside /= np.maximum(np.linalg.norm(aside, axis=1), 1e-300)[:, None]
        vertex = self.pairs[edge]
        at = points[copy[:, None], vertex]
        off = at - foot[:, None]
        along = np.einsum("nki,ni->nk", off, axis)[:, :, None] * axis[:, None]
        sign = np.sign(np.einsum("nki,ni->nk", off, aside))
        true = foot[:, None] + along + (sign * self.radius[surface][:, None])[:, :, None] * aside[:, None]
        short = ((at - true)[:, 0, 2] > 0) != self.hollow[surface]
        return Turned(at, true, short, np.where(short[:, None], self.rim[vertex], -1))

    def ovals(self, view: Floats, transforms: Floats, copy: Whole, rings: Whole) -> Floats:
        """(n, 5) what circles of copies are seen as; NaN where there is none, and edge-on."""
        out = np.full((len(rings), 5), np.nan)
        mine = np.nonzero(rings >= 0)[0]
        if not len(mine):
            return out
        ring, of = rings[mine], copy[mine]
        turn = view @ transforms[:, :3, :3]
        axis = np.einsum("nij,nj->ni", turn[of], self.ring_axis[ring])
        centre = np.einsum("nij,nj->ni", turn[of], self.ring_centre[ring]) + transforms[of, :3, 3] @ view.T
        out[mine] = as_seen(centre, axis, self.ring_radius[ring])
        out[mine[np.abs(axis[:, 2]) * self.ring_radius[ring] < FLAT]] = np.nan
        return out


def as_seen(centre: Floats, axis: Floats, radius: Floats) -> Floats:
    """(n, 5) ovals that circles about axes of length 1 show, in view coordinates. [m]"""
    sine = np.hypot(axis[:, 0], axis[:, 1])
    full = sine <= EDGE_ON
    across = np.where(full[:, None], (1.0, 0.0), np.stack([-axis[:, 1], axis[:, 0]], axis=1))
    across = across / np.where(full, 1.0, sine)[:, None]
    back = (across[:, 0] < -1e-9) | ((np.abs(across[:, 0]) <= 1e-9) & (across[:, 1] < 0))
    across = np.where(back[:, None], -across, across) * radius[:, None]
    ratio = np.where(full, 1.0, np.abs(axis[:, 2]))
    return np.asarray(np.c_[centre[:, :2], across, ratio])


def facing(points: Floats, faces: NDArray[np.int32]) -> tuple[NDArray[np.bool_], Floats]:
    """(k, m) which faces of the copies look at the viewer, and their corners (k, m, 3, 3)."""
    corners = points[:, faces]
    normal = np.cross(corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0])
    return normal[..., 2] > EDGE_ON * np.maximum(np.linalg.norm(normal, axis=2), 1e-300), corners


def axes_seen(solid: Solid, matrix: Floats, view: Floats, at: float | None = None) -> list[Oval]:
    """Ovals that a copy's round surfaces show in a view along their axis, or in its plane w = `at`."""
    bones = skeleton(solid)
    round_ = np.nonzero(np.isfinite(bones.radius))[0]
    axis = bones.axis[round_] @ (view @ matrix[:3, :3]).T
    centre = bones.origin[round_] @ (view @ matrix[:3, :3]).T + view @ matrix[:3, 3]
    radius = bones.radius[round_]
    full = np.hypot(axis[:, 0], axis[:, 1]) <= EDGE_ON
    if at is None:
        return [Oval(*row) for row in as_seen(centre[full], axis[full], radius[full]).tolist()]
    steep = np.abs(axis[:, 2]) > 0.02  # else the cut is longer than anything that is built
    axis, centre, radius, full = axis[steep], centre[steep], radius[steep], full[steep]
    met = centre + ((at - centre[:, 2]) / axis[:, 2])[:, None] * axis
    long = np.where(
        full[:, None], (1.0, 0.0), axis[:, :2] / np.where(full, 1.0, np.hypot(axis[:, 0], axis[:, 1]))[:, None]
    )
    ratio = np.where(full, 1.0, np.abs(axis[:, 2]))
    return [Oval(*row) for row in np.c_[met[:, :2], long * (radius / ratio)[:, None], ratio].tolist()]


@lru_cache(maxsize=512)
def skeleton(solid: Solid) -> Skeleton:
    """Edges of a solid; the same solid is drawn many times."""
    half = solid.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)
    face = np.repeat(np.arange(len(solid.faces)), 3)
    key = half.min(axis=1) << 32 | half.max(axis=1)
    order = np.argsort(key, kind="stable")
    key, half, face = key[order], half[order], face[order]
    place = np.arange(len(key)) - np.searchsorted(key, key)
    first = np.nonzero(place % 2 == 0)[0]
    mate = np.minimum(first + 1, len(key) - 1)
    paired = (mate > first) & (key[mate] == key[first])
    pairs, sides = half[first], np.stack([face[first], np.where(paired, face[mate], -1)], axis=1)
    a, b, c = np.moveaxis(solid.triangles, 1, 0)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-300)[:, None]
    bent = np.einsum("ij,ij->i", normal[sides[:, 0]], normal[sides[:, 1]]) < 1 - 1e-9
    surface = np.stack([solid.surface[sides[:, 0]], np.where(paired, solid.surface[sides[:, 1]], -1)], axis=1)
    crease = ~paired | (bent & (surface[:, 0] != surface[:, 1]))
    bend, ring, *rest = _round(solid, pairs, surface, crease)
    rim = np.full(len(solid.vertices), -1, np.int64)
    rim[pairs[ring >= 0].reshape(-1)] = np.repeat(ring[ring >= 0], 2)
    hollow = np.zeros(len(solid.surfaces), np.bool_)
    axis, origin = rest[0][solid.surface], rest[1][solid.surface]
    out = (a + b + c) / 3 - origin
    out -= np.einsum("ij,ij->i", out, axis)[:, None] * axis
    hollow[solid.surface[np.einsum("ij,ij->i", out, normal) < 0]] = True
    return Skeleton(pairs, sides, crease, bend, ring, rim, hollow, *rest)


def _round(
    solid: Solid, pairs: Whole, surface: Whole, crease: NDArray[np.bool_]
) -> tuple[Whole, Whole, Floats, Floats, Floats, Floats, Floats, Floats]:
    """bend, ring, axis, origin, radius, ring_centre, ring_axis, ring_radius of a Skeleton."""
    nan = (np.nan, np.nan, np.nan)
    kinds = [s if s.kind == "cylinder" else None for s in solid.surfaces]
    axis = np.array([s.axis if s else nan for s in kinds], float).reshape(-1, 3)
    axis /= np.linalg.norm(axis, axis=1)[:, None]
    origin = np.array([s.origin if s else nan for s in kinds], float).reshape(-1, 3)
    radius = np.array([s.radius if s else np.nan for s in kinds], float)
    bend, ring = np.full(len(pairs), -1, np.int64), np.full(len(pairs), -1, np.int64)
    rings = [np.zeros((0, 7))]
    count = 0
    ends = solid.vertices[pairs]
    for side in (0, 1):
        of = surface[:, side]
        some = np.nonzero((of >= 0) & np.isfinite(radius[of]) & (ring < 0) & (bend < 0))[0]
        s = of[some]
        off = ends[some] - origin[s][:, None]
        along = np.einsum("nkj,nj->nk", off, axis[s])
        away = np.abs(np.linalg.norm(off - along[:, :, None] * axis[s][:, None], axis=2) - radius[s][:, None]).max(
            axis=1
        )
        run = ends[some, 1] - ends[some, 0]
        aside = np.linalg.norm(run - np.einsum("ni,ni->n", run, axis[s])[:, None] * axis[s], axis=1)
        inner = (surface[some, 0] == surface[some, 1]) & (aside < SNAP) & (away < NEAR)
        bend[some[inner]] = s[inner]
        chord = crease[some] & (away < NEAR) & (np.abs(along[:, 0] - along[:, 1]) < SNAP)
        at, who = along[chord].mean(axis=1), s[chord]
        centre = origin[who] + at[:, None] * axis[who]
        key, number = np.unique(np.c_[who, np.round(at / SNAP)], axis=0, return_inverse=True)
        ring[some[chord]] = count + number.reshape(-1)
        table = np.zeros((len(key), 7))
        table[number.reshape(-1)] = np.c_[centre, axis[who], radius[who]]
        rings.append(table)
        count += len(key)
    table = np.concatenate(rings)
    return bend, ring, axis, origin, radius, table[:, :3], table[:, 3:6], table[:, 6]
