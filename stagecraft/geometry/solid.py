"""Closed solids: triangles that know which surface they belong to.

A surface is a plane or a cylinder. Two neighbouring faces of one surface carry no line in a drawing,
and an arc stays an arc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats, triple

Ints = NDArray[np.int32]
OVERLAP_FLOOR = 1e-6
"""Volumes below this are touching, not overlapping. [m³]"""


@dataclass(frozen=True)
class Surface:
    """What a face is part of."""

    kind: Literal["plane", "cylinder", "free"]
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """A point on the axis of a cylinder. [m]"""
    axis: tuple[float, float, float] = (0.0, 0.0, 1.0)
    """Direction of a cylinder's axis."""
    radius: float = 0.0


PLANE = Surface("plane")
FREE = Surface("free")


@dataclass(frozen=True, eq=False)
class Solid:
    """A closed solid (or several, side by side).

    vertices : (n, 3) [m]
    faces : (m, 3) indices, anticlockwise seen from outside
    surface : (m,) index of each face's surface
    surfaces : what those surfaces are
    """

    vertices: Floats
    faces: Ints
    surface: Ints
    surfaces: tuple[Surface, ...]

    @property
    def triangles(self) -> Floats:
        """(m, 3, 3) corner points. [m]"""
        return np.asarray(self.vertices[self.faces])

    @cached_property
    def volume(self) -> float:
        """Enclosed volume, positive when the faces look outwards. [m³]"""
        a, b, c = np.moveaxis(self.triangles - self.vertices.mean(axis=0), 1, 0)
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)

    @cached_property
    def is_closed(self) -> bool:
        """Every edge is shared by exactly two faces that run along it in opposite directions."""
        edges = self.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)
        key, back = edges[:, 0] << 32 | edges[:, 1], edges[:, 1] << 32 | edges[:, 0]
        key.sort()
        back.sort()
        return bool(len(key) and np.array_equal(key, back) and (np.diff(key) > 0).all())

    @cached_property
    def bounds(self) -> Floats:
        """(2, 3) lowest and highest corner. [m]"""
        return np.array([self.vertices.min(axis=0), self.vertices.max(axis=0)])

    def moved(self, matrix: Floats) -> Solid:
        """The same solid carried by a rigid frame."""
        turn = matrix[:3, :3]
        surfaces = tuple(
            s if s.kind != "cylinder"
            else Surface("cylinder", triple(turn @ s.origin + matrix[:3, 3]), triple(turn @ s.axis), s.radius)
            for s in self.surfaces
        )  # fmt: skip
        return Solid(self.vertices @ turn.T + matrix[:3, 3], self.faces, self.surface, surfaces)

    def mirrored(self) -> Solid:
        """The twin across the plane x = 0, faces still looking outwards."""
        flip = np.array([-1.0, 1.0, 1.0])
        surfaces = tuple(
            Surface(s.kind, triple(np.array(s.origin) * flip), triple(np.array(s.axis) * flip), s.radius)
            for s in self.surfaces
        )
        return Solid(self.vertices * flip, self.faces[:, ::-1].copy(), self.surface, surfaces)

    @cached_property
    def outline(self) -> Floats:
        """(k, 2) corners of the convex hull of the plan, anticlockwise. [m]"""
        import shapely

        hull = shapely.MultiPoint(self.vertices[:, :2]).convex_hull
        return np.asarray(shapely.get_coordinates(shapely.orient_polygons(hull))[:-1])

    @cached_property
    def footprint(self) -> Any:
        """The plan as a shapely geometry, hollows kept. [m]"""
        return _footprint(np.ascontiguousarray(self.triangles[:, :, :2]).tobytes())


@lru_cache(maxsize=256)
def _footprint(triangles: bytes) -> Any:
    """Plan of triangles (n, 3, 2), those that look up; the same ones again and again, as long as a venue is worked on."""
    import shapely

    flat = np.frombuffer(triangles).reshape(-1, 3, 2)
    a, b, c = flat[:, 0], flat[:, 1], flat[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return shapely.union_all(shapely.polygons(flat[area > 1e-9]))


def joined(solids: Sequence[Solid]) -> Solid:
    """Several solids as one value; they may touch but are not merged."""
    if len(solids) == 1:
        return solids[0]
    vertices: list[Floats] = []
    faces: list[Ints] = []
    surface: list[Ints] = []
    surfaces: list[Surface] = []
    start = first = 0
    for solid in solids:
        vertices.append(solid.vertices)
        faces.append(solid.faces + start)
        surface.append(solid.surface + first)
        surfaces.extend(solid.surfaces)
        start += len(solid.vertices)
        first += len(solid.surfaces)
    return Solid(np.concatenate(vertices), np.concatenate(faces), np.concatenate(surface), tuple(surfaces))
