"""Where sightlines end: samples of a picture, of an upright that turns to each eye, of a line, a polygon, a point.

The samples of flat things lie on levels: each level is a straight row of equally spaced points, so that the shadow of a
round body covers one run of them. The rows are shifted against each other by the golden section, in pairs that mirror
each other, so that few samples tell small shares apart and nothing depends on left and right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats

COLUMNS = 2
"""Samples on one row; a divisor of 64, so that a row never straddles two words of bits."""
_GOLDEN = 0.61803398874989485
"""Golden section, the number that fractions come least near to."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Samples (m) of one target. Sample s lies on row s // COLUMNS, column s % COLUMNS, where there are rows."""

    points: Floats
    """(m, 3) where rays go; of an upright, on its middle line. [m]"""
    place: Floats
    """(m, 2) of each point on the target: 0 left … 1 right, 0 bottom … 1 top."""
    normals: Floats | None = None
    """(m, 3) of what is seen from its front only."""
    content: NDArray[np.bool_] | None = None
    """(m,) above the height from which content must be read."""
    upright: float = 0.0
    """Width of what stands upright and is turned to each eye about its middle line, square to the level way to it; 0 for
    what stands still. [m]"""
    heights: Floats | None = None
    """(r,) of the rows, 0 bottom … 1 top; None where the samples lie on no rows (a line, a polygon, a point)."""
    shifts: Floats | None = None
    """(r,) of the rows: column k of a row lies at u = (k + shift) / COLUMNS."""
    origin: Floats | None = None
    """(k, 3) of each flat facet: its point at u = 0, v = 0, outside the facet or not; of an upright, the foot. [m]"""
    right: Floats | None = None
    """(k, 3) from u = 0 to u = 1 in the plane of the facet; of an upright, not there. [m]"""
    up: Floats | None = None
    """(k, 3) from v = 0 to v = 1. [m]"""
    span: Floats | None = None
    """(k, 2) the u between which each facet lies."""

    def __len__(self) -> int:
        return len(self.points)


def rows(samples: int) -> tuple[Floats, Floats]:
    """Heights and shifts (r,) of at least so many samples, in pairs that mirror each other."""
    pairs = max(1, -(-samples // (2 * COLUMNS)))
    k = np.arange(pairs) + 0.5
    shift = (k * _GOLDEN) % 1.0
    return np.repeat(k / pairs, 2), np.stack([shift, 1 - shift], axis=1).reshape(-1)


def picture(facets: Floats, safe: Floats, samples: int) -> Surface:
    """Facets (k, 4, 3) of a picture, side by side from its left to its right, seen from their front only.

    Corners: lower left, lower right, upper right, upper left. Each facet is a parallelogram.
    safe : (k,) height above the lower edge from which content must be read [m]
    """
    across, up = facets[:, 1] - facets[:, 0], facets[:, 3] - facets[:, 0]
    square = np.cross(across, up)
    sizes = np.linalg.norm(square, axis=1)
    if not sizes.sum() > 0:
        sizes = np.ones(len(sizes))
    ends = np.cumsum(sizes) / sizes.sum()
    span = np.stack([np.r_[0.0, ends[:-1]], np.r_[ends[:-1], 1.0]], axis=1)
    wide = np.maximum(span[:, 1] - span[:, 0], 1e-12)[:, None]
    right = across / wide
    origin = facets[:, 0] - right * span[:, :1]
    heights, shifts = rows(samples)
    place = _places(heights, shifts)
    k = np.minimum(np.searchsorted(ends, place[:, 0], "right"), len(facets) - 1)
    points = origin[k] + place[:, :1] * right[k] + place[:, 1:] * up[k]
    content = place[:, 1] * np.linalg.norm(up, axis=1)[k] >= safe[k]
    return Surface(
        points, place, square[k], content if content.any() else None, 0.0, heights, shifts, origin, right, up, span
    )


def upright(foot: Floats, height: float, width: float, samples: int) -> Surface:
    """What stands on `foot` (3,) and shows its whole width to every eye: a person. [m]"""
    heights, shifts = rows(samples)
    place = _places(heights, shifts)
    points = np.repeat(np.asarray(foot, float)[None], len(place), axis=0)
    points[:, 2] += place[:, 1] * height
    up = np.array([[0.0, 0.0, height]])
    return Surface(
        points, place, None, None, width, heights, shifts, points[:1] * 0 + foot, None, up, np.array([[0.0, 1.0]])
    )


def point(at: Floats) -> Surface:
    return Surface(np.asarray(at, float).reshape(1, 3), np.full((1, 2), 0.5))


def line(points: Floats, samples: int) -> Surface:
    """Samples evenly along a polyline (k, 3). [m]"""
    at = (np.arange(samples) + 0.5) / samples
    length = np.linalg.norm(np.diff(points, axis=0), axis=1)
    k, t = portion(length, at)
    along = points[k] + t[:, None] * (points[k + 1] - points[k])
    return Surface(along, np.c_[at, np.full(samples, 0.5)])


def polygon(points: Floats, samples: int) -> Surface:
    """A surface by its corners (k, 3), seen from both sides; triangles from the first corner. [m]"""
    a, b, c = points[:1], points[1:-1], points[2:]
    n = (samples + 1) // 2
    k0 = np.arange(n) + 0.5
    u0 = (k0 * _GOLDEN) % 1.0
    u, v = np.r_[u0, 1 - u0], np.r_[k0 / n, k0 / n]
    k, s = portion(np.linalg.norm(np.cross(b - a, c - a), axis=1), u)
    r, t = np.sqrt(s)[:, None], v[:, None]
    at = (1 - r) * a + r * ((1 - t) * b[k] + t * c[k])
    low, size = points[:, 2].min(), np.ptp(points[:, 2])
    height = (at[:, 2] - low) / size if size > 0 else np.full(len(at), 0.5)
    return Surface(at, np.c_[np.full(len(at), 0.5), height])


def portion(sizes: Floats, u: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Which of several pieces side by side each place (0 … 1) falls on, and where on it (0 … 1)."""
    if not sizes.sum() > 0:
        sizes = np.ones(len(sizes))
    ends = np.cumsum(sizes) / sizes.sum()
    k = np.minimum(np.searchsorted(ends, u, "right"), len(sizes) - 1)
    width = sizes[k] / sizes.sum()
    return k, np.clip((u - ends[k] + width) / np.where(width > 0, width, 1.0), 0.0, 1.0)


def _places(heights: Floats, shifts: Floats) -> Floats:
    u = (np.arange(COLUMNS) + shifts[:, None]) / COLUMNS
    return np.stack([u.reshape(-1), np.repeat(heights, COLUMNS)], axis=1)
