"""What solids have in common: exact intersections in double precision (manifold3d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import OVERLAP_FLOOR, Solid

WALL_TOLERANCE = 1e-3
"""What reaches through a wall by less than this stands against it. [m]"""
TOUCH = 1e-6
"""Boxes that share less than this along an axis only touch. [m]"""


@dataclass(frozen=True, eq=False)
class Common:
    """The room that two solids both claim."""

    volume: float
    """[m³]"""
    points: Floats
    """(n, 3) its corners. [m]"""

    @property
    def low(self) -> Floats:
        return np.asarray(self.points.min(axis=0))

    @property
    def high(self) -> Floats:
        return np.asarray(self.points.max(axis=0))


def manifold(solid: Solid) -> Any:
    """A solid ready for booleans, its overlapping pieces merged; None when it is not closed."""
    import manifold3d

    made = _manifold(solid.vertices, solid.faces)
    if made is None:
        return None
    pieces = made.decompose()
    if len(pieces) < 2:
        return made
    return manifold3d.Manifold.batch_boolean(pieces, manifold3d.OpType.Add)


def copies(one: Any, frames: Floats) -> Any:
    """A manifold repeated at frames (n, 4, 4); the copies must not overlap."""
    mesh = one.to_mesh64()
    vertices = np.asarray(mesh.vert_properties)[:, :3]
    faces = np.asarray(mesh.tri_verts).astype(np.int64)
    world = vertices @ np.swapaxes(frames[:, :3, :3], 1, 2) + frames[:, None, :3, 3]
    step = np.arange(len(frames))[:, None, None] * len(vertices)
    return _manifold(world.reshape(-1, 3), (faces[None] + step).reshape(-1, 3))


def placed(one: Any, frame: Floats) -> Any:
    """A manifold carried by a frame (4, 4)."""
    return one.transform(np.ascontiguousarray(frame[:3]))


def boxes(low: Floats, high: Floats) -> Any:
    """Upright boxes (n, 3), (n, 3) side by side as one manifold."""
    from stagecraft.geometry.shapes import cuboid

    unit = cuboid((0, 0, 0), (1, 1, 1))
    corners = low[:, None] + unit.vertices[None] * (high - low)[:, None]
    return bricks(corners)


def bricks(corners: Floats) -> Any:
    """Six-sided bodies from (n, 8, 3) corners, ordered as those of `shapes.cuboid`, as one manifold."""
    from stagecraft.geometry.shapes import cuboid

    faces = cuboid((0, 0, 0), (1, 1, 1)).faces.astype(np.int64)
    step = np.arange(len(corners))[:, None, None] * 8
    return _manifold(corners.reshape(-1, 3), (faces[None] + step).reshape(-1, 3))


def common(a: Any, b: Any) -> Common | None:
    """What two manifolds have in common; None when they only touch."""
    both = a ^ b
    volume = float(both.volume())
    if volume <= OVERLAP_FLOOR:
        return None
    return Common(volume, np.asarray(both.to_mesh64().vert_properties)[:, :3].copy())


def shadow(one: Any) -> Any:
    """Plan of a manifold as a shapely geometry."""
    import shapely

    rings = [np.asarray(ring) for ring in one.project().to_polygons()]
    areas = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings if len(ring) > 2]
    while len(areas) > 1:  # in pairs: one after another, thousands of rings take minutes
        areas = [*map(shapely.symmetric_difference, areas[::2], areas[1::2]), *areas[len(areas) - len(areas) % 2 :]]
    return areas[0] if areas else shapely.Polygon()


def raised(outline: Outline, low: float, high: float) -> Any:
    """An outline between two heights, as a manifold."""
    from stagecraft.geometry.shapes import prism

    solid = prism(outline, low, high)
    return _manifold(solid.vertices, solid.faces)


def corners(low: Sequence[float] | Floats, high: Sequence[float] | Floats) -> Floats:
    """(8, 3) corners of an upright box, ordered as those of `shapes.cuboid`."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    return np.array([(x, y, z0) for x, y in ring] + [(x, y, z1) for x, y in ring], float)


def _manifold(vertices: Floats, faces: Any) -> Any:
    import manifold3d

    mesh = manifold3d.Mesh64(
        vert_properties=np.ascontiguousarray(vertices, np.float64), tri_verts=np.ascontiguousarray(faces, np.uint64)
    )
    made = manifold3d.Manifold(mesh)
    return made if made.status() == manifold3d.Error.NoError and not made.is_empty() else None
