"""Plain solids by name. Every one is closed, and its volume has the closed form given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, circle, outline
from stagecraft.geometry.solid import FREE, PLANE, Solid, Surface, joined

_BOX_FACES = np.array(
    [[0, 2, 1], [0, 3, 2], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4],
     [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7]], np.int32,
)  # fmt: skip
_BOX_SURFACE = np.repeat(np.arange(6, dtype=np.int32), 2)


def box(width: float, depth: float, height: float, at: tuple[float, float, float] = (0, 0, 0)) -> Solid:
    """Box, centred on x and y of `at`, standing on its z. Volume w·d·h. [m]"""
    x, y, z = at
    return cuboid((x - width / 2, y - depth / 2, z), (x + width / 2, y + depth / 2, z + height))


def cuboid(low: Sequence[float], high: Sequence[float]) -> Solid:
    """Box between two opposite corners. [m]"""
    (x0, y0, z0), (x1, y1, z1) = low, high
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    vertices = np.array([(x, y, z0) for x, y in ring] + [(x, y, z1) for x, y in ring], float)
    return Solid(vertices, _BOX_FACES, _BOX_SURFACE, (PLANE,) * 6)


def prism(outline: Outline, low: float, high: float) -> Solid:
    """Outline raised from `low` to `high`. Volume area·height. [m]

    Straight runs give planes, arcs give one cylinder surface each.
    """
    import manifold3d

    rings = outline.rings()
    contours = [np.ascontiguousarray(ring.points) for ring in rings]
    caps = np.asarray(manifold3d.triangulate(contours), np.int32)
    flat = np.concatenate(contours)
    n = len(flat)
    vertices = np.concatenate([np.c_[flat, np.full(n, low)], np.c_[flat, np.full(n, high)]])
    faces: list[NDArray[np.integer]] = [caps[:, ::-1], caps + n]
    surface, surfaces = [0] * len(caps) + [1] * len(caps), [PLANE, PLANE]
    start = 0
    for ring in rings:
        count = len(ring.points)
        here = np.arange(count) + start
        there = np.roll(here, -1)
        faces.append(np.stack([here, there, there + n, here, there + n, here + n], axis=1).reshape(-1, 3))
        known: dict[int, int] = {}
        for arc in ring.arcs:
            if arc < 0 or arc not in known:
                centre_radius = outline.circles[arc] if arc >= 0 else None
                known[arc] = len(surfaces)
                surfaces.append(
                    PLANE if centre_radius is None
                    else Surface("cylinder", (centre_radius[0], centre_radius[1], 0.0), (0, 0, 1), centre_radius[2])
                )  # fmt: skip
            surface += [known[arc]] * 2
        start += count
    return Solid(vertices, np.concatenate(faces).astype(np.int32), np.array(surface, np.int32), tuple(surfaces))


def cylinder(radius: float, low: float, high: float, at: tuple[float, float] = (0, 0), sides: int = 48) -> Solid:
    """Upright cylinder of `sides` facets. Volume ½·n·r²·sin(2π/n)·h. [m]"""
    return prism(circle(radius, at, sides), low, high)


def rod(start: Sequence[float] | Floats, end: Sequence[float] | Floats, radius: float, sides: int = 8) -> Solid:
    """Round bar between two points. Volume ½·n·r²·sin(2π/n)·length. [m]"""
    a, b = np.asarray(start, float), np.asarray(end, float)
    length = float(np.linalg.norm(b - a))
    z = (b - a) / length
    x = np.cross((0.0, 1.0, 0.0) if abs(z[1]) < 0.9 else (1.0, 0.0, 0.0), z)
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(z, x), z], axis=1)
    matrix[:3, 3] = a
    return cylinder(radius, 0.0, length, sides=sides).moved(matrix)


def stepped_block(width: float, tread: float, risers: Sequence[float], first: float = 0.0) -> Solid:
    """Treads one behind the other, front at y = 0: tread k stands at first + Σ risers[:k]. [m]

    With `first` = riser = r, n rows: volume w·t·r·n(n+1)/2. Levels of 0 give no solid.
    """
    levels = np.cumsum([first, *risers])
    steps = [
        cuboid((-width / 2, k * tread, 0), (width / 2, (k + 1) * tread, level))
        for k, level in enumerate(levels) if level > 0
    ]  # fmt: skip
    return joined(steps)


def extruded(profile: Outline, width: float) -> Solid:
    """Side view (y to the right, z upwards) drawn out along x, centred on x = 0. Volume area·width. [m]"""
    return prism(profile, -width / 2, width / 2).moved(_SIDEWAYS)


_SIDEWAYS: Floats = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Carries x, y, z to y, z, x."""


def stair_flight(width: float, going: float, riser: float, treads: int) -> Solid:
    """Solid flight that rises towards +y, its top tread's rear edge at y = 0. Volume w·g·r·n(n+1)/2. [m]"""
    corners = [(0.0, 0.0), (-treads * going, 0.0)]
    for k in range(treads):
        y, z = (k - treads) * going, (k + 1) * riser
        corners += [(y, z), (y + going, z)]
    return extruded(outline(corners), width)


def wedge(width: float, length: float, height: float) -> Solid:
    """Ramp that rises towards +y, its top edge at y = 0. Volume ½·w·l·h. [m]"""
    return extruded(outline([(-length, 0.0), (0.0, 0.0), (0.0, height)]), width)


def guard_rail(
    start: Sequence[float] | Floats, end: Sequence[float] | Floats, height: float, radius: float = 0.02
) -> Solid:
    """Two bars from foot point to foot point, on posts at most 2 m apart; its top `height` above them. [m]"""
    a, b = np.asarray(start, float), np.asarray(end, float)
    up = np.array([0.0, 0.0, 1.0])
    bars = [rod(a + up * (z - radius), b + up * (z - radius), radius) for z in (height / 2, height)]
    count = max(2, math.ceil(float(np.hypot(*(b - a)[:2])) / 2.0) + 1)
    inset = min(radius / max(float(np.linalg.norm(b - a)), 1e-9), 0.5)
    feet = [a + t * (b - a) for t in np.linspace(inset, 1 - inset, count)]
    return joined([*bars, *(rod(foot, foot + up * (height - 2 * radius), radius) for foot in feet)])


def table(top: Outline, height: float, thickness: float = 0.03) -> Solid:
    """A top on a foot and a column (round or square tops), or on two trestles (long ones). [m]"""
    low, high = top.outer.points.min(axis=0), top.outer.points.max(axis=0)
    (x, y), (width, depth) = (low + high) / 2, high - low
    board = prism(top, height - thickness, height)
    under = height - thickness
    if max(width, depth) < 1.3 * min(width, depth):
        foot = box(width * 0.4, depth * 0.4, 0.03, (x, y, 0))
        return joined([board, foot, cylinder(0.04, 0.03, under, (x, y), 12)])
    along = width >= depth
    ends = [(x + s * width * 0.4, y, 0.0) if along else (x, y + s * depth * 0.4, 0.0) for s in (-1, 1)]
    size = (0.05, depth * 0.8) if along else (width * 0.8, 0.05)
    return joined([board, *(box(size[0], size[1], under, at) for at in ends)])


def pleated(
    length: float, low: float, high: float, pleat: float = 0.3, depth: float = 0.12, cloth: float = 0.006
) -> Solid:
    """Cloth in even waves along x, centred on x = y = 0. Volume: that of its plan times its height. [m]

    pleat : wave length · depth : from crest to crest · cloth : thickness
    Each wave is one surface, so that drawings show a line a pleat.
    """
    waves = min(max(1, round(length / pleat)), 2000)
    t = np.linspace(0.0, waves, waves * 8 + 1)
    swing = max(depth - cloth, 0.0) / 2
    x, y = t / waves * length - length / 2, -swing * np.cos(2 * np.pi * t)
    slope = np.gradient(y, x)
    aside = np.stack([-slope, np.ones(len(t))], axis=1) / np.hypot(1.0, slope)[:, None] * cloth / 2
    aside[[0, -1]] = [0.0, cloth / 2]
    front, back = np.c_[x, y] - aside, np.c_[x, y] + aside
    ring = outline(np.concatenate([front, back[::-1]]))
    plain = prism(ring, low, high)
    wave = np.arange(waves * 8) // 8
    side = np.concatenate([2 + wave, [2 + 2 * waves], 2 + waves + wave[::-1], [3 + 2 * waves]])
    caps = plain.surface < 2
    surface = np.concatenate([plain.surface[caps], np.repeat(side, 2)]).astype(np.int32)
    surfaces = (PLANE, PLANE, *(FREE,) * (2 * waves), PLANE, PLANE)
    return Solid(plain.vertices, plain.faces, surface, surfaces)


def sphere(radius: float, at: tuple[float, float, float] = (0, 0, 0), rings: int = 8, sides: int = 12) -> Solid:
    """Ball of facets (a head, a lamp). [m]"""
    return ellipsoid((radius, radius, radius), at, rings, sides)


def ellipsoid(
    radii: tuple[float, float, float], at: tuple[float, float, float] = (0, 0, 0), rings: int = 8, sides: int = 12
) -> Solid:
    """Ellipsoid of facets with half-axes `radii`. [m]"""
    polar = np.pi * np.arange(1, rings) / rings
    around = 2 * np.pi * np.arange(sides) / sides
    ring = np.stack(
        [np.outer(np.sin(polar), np.cos(around)), np.outer(np.sin(polar), np.sin(around)),
         np.repeat(np.cos(polar)[:, None], sides, axis=1)], axis=2,
    ).reshape(-1, 3)  # fmt: skip
    vertices = np.concatenate([[[0, 0, 1]], ring, [[0, 0, -1]]]) * radii + at
    faces = []
    last = len(vertices) - 1
    for i in range(sides):
        j = (i + 1) % sides
        faces.append((0, 1 + i, 1 + j))
        for k in range(rings - 2):
            a, b, c, d = (1 + k * sides + i, 1 + (k + 1) * sides + i, 1 + (k + 1) * sides + j, 1 + k * sides + j)
            faces += [(a, b, c), (a, c, d)]
        faces.append((1 + (rings - 2) * sides + i, last, 1 + (rings - 2) * sides + j))
    return Solid(np.asarray(vertices, float), np.array(faces, np.int32), np.zeros(len(faces), np.int32), (FREE,))


@lru_cache(maxsize=128)
def truss_bays(length: float, width: float, height: float, chord: float, chords: int = 4) -> Solid:
    """Lattice of a truss along x, its bottom chord's axis height at z = 0 … its top at `height`.

    chords : 4 square, 3 triangle (apex down), 2 ladder (upright), 1 pipe
    Chords are rods of radius `chord`/2, diagonals a third as thick. [m]
    """
    r = chord / 2
    half, low, high = length / 2, r, height - r
    side = max(width / 2 - r, 0.0)
    corners = {
        4: [(-side, low), (side, low), (side, high), (-side, high)],
        3: [(0.0, low), (side, high), (-side, high)],
        2: [(0.0, low), (0.0, high)],
        1: [(0.0, low)],
    }[chords]
    bars = [rod((-half, y, z), (half, y, z), r, sides=8) for y, z in corners]
    if chords > 1:
        bays = max(1, round(length / max(height, 0.25) / 1.0))
        x = np.linspace(-half, half, bays + 1)
        pairs = list(zip(corners, corners[1:] + corners[:1])) if chords > 2 else [(corners[0], corners[1])]
        for n, (a, b) in enumerate(pairs):
            for k in range(bays):
                p, q = (a, b) if (k + n) % 2 else (b, a)
                bars.append(rod((x[k], *p), (x[k + 1], *q), r / 3, sides=4))
            for k in (0, bays):
                bars.append(rod((x[k], *a), (x[k], *b), r / 3, sides=4))
    return joined(bars)


def panel_grid(columns: int, rows: int, width: float, height: float, turns: Sequence[float] | None = None) -> Floats:
    """(rows·columns, 4, 4) frames of equal panels, bottom row first, left to right seen from the front.

    Origin: centre of the bottom edge of the whole; each panel's own origin is the centre of its bottom edge.
    turns : angle at each of the columns − 1 seams, positive folds the ends towards the audience [degrees]
    """
    chain = _columns(columns, width, turns)
    stack = [np.array([(*xy, row * height) for xy in chain[0]]) for row in range(rows)]
    out = np.concatenate([_frames(at, chain[1]) for at in stack])
    return np.asarray(out)


def _columns(columns: int, width: float, turns: Sequence[float] | None) -> tuple[Floats, Floats]:
    """Middles (columns, 2) and headings (columns,) of panels laid edge to edge."""
    bends = np.zeros(columns - 1) if turns is None else np.asarray(turns, float)
    # seen from the audience the wall runs left to right; a positive seam turns the right-hand side towards −y
    headings = -np.concatenate([[0.0], np.cumsum(bends)])
    headings -= headings.mean() if columns else 0.0
    step = width * np.stack([np.cos(np.radians(headings)), np.sin(np.radians(headings))], axis=1)
    ends = np.concatenate([[[0.0, 0.0]], np.cumsum(step, axis=0)])
    middle = (ends[:-1] + ends[1:]) / 2
    shift = np.array([(ends[0, 0] + ends[-1, 0]) / 2, middle[:, 1].max()])
    return middle - shift, headings


def _frames(at: Floats, headings: Floats) -> Floats:
    from stagecraft.geometry.frame import frames

    return frames(at, headings)


def panel_ids(columns: int, rows: int) -> tuple[str, ...]:
    """Names of panels as a crew calls them, column/row seen from the front, bottom row first: `C1R1`."""
    return tuple(f"C{c + 1}R{r + 1}" for r in range(rows) for c in range(columns))


def figure(height: float = 1.75) -> tuple[Solid, Solid]:
    """A standing person in plain volumes, facing −y: what is dressed, and head, neck and hands. [m]"""
    k = height / 1.75
    sides = (-1, 1)
    shoes = [
        cuboid((s * 0.095 * k - 0.05 * k, -0.18 * k, 0), (s * 0.095 * k + 0.05 * k, 0.09 * k, 0.07 * k)) for s in sides
    ]
    legs = [rod((s * 0.095 * k, 0, 0.07 * k), (s * 0.09 * k, 0, 0.86 * k), 0.078 * k, sides=10) for s in sides]
    arms = [
        bone
        for s in sides
        for bone in (
            rod((s * 0.215 * k, 0, 1.40 * k), (s * 0.262 * k, 0.02 * k, 1.10 * k), 0.048 * k, sides=8),
            rod((s * 0.262 * k, 0.02 * k, 1.10 * k), (s * 0.235 * k, -0.14 * k, 0.87 * k), 0.04 * k, sides=8),
        )
    ]
    hands = [
        ellipsoid((0.04 * k, 0.05 * k, 0.06 * k), (s * 0.233 * k, -0.155 * k, 0.84 * k), rings=6, sides=8)
        for s in sides
    ]
    trunk = [
        ellipsoid((0.165 * k, 0.115 * k, 0.24 * k), (0, 0, 0.98 * k), sides=16),
        ellipsoid((0.185 * k, 0.125 * k, 0.29 * k), (0, 0, 1.20 * k), sides=16),
        ellipsoid((0.245 * k, 0.10 * k, 0.085 * k), (0, 0, 1.395 * k), sides=16),
    ]
    head = [
        rod((0, 0.01 * k, 1.42 * k), (0, 0, 1.57 * k), 0.055 * k, sides=10),
        ellipsoid((0.0775 * k, 0.0975 * k, 0.12 * k), (0, 0, height - 0.12 * k), sides=16),
    ]
    return joined([*shoes, *legs, *arms, *trunk]), joined([*head, *hands])


def arc_sides(radius: float, angle: float, tolerance: float = 0.002) -> int:
    """Facets for an arc so that no chord strays more than `tolerance` [m] from it; angle in radians."""
    step = 2 * math.acos(max(0.0, 1 - tolerance / max(radius, tolerance)))
    return max(2, math.ceil(abs(angle) / max(step, 1e-3)))
