"""What a picture needs, and nothing of the trade: meshes, instances, lights, screens, a camera. Plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats32: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Material:
    colour: tuple[float, float, float]
    """Linear RGB."""
    roughness: float = 0.8


@dataclass(frozen=True, eq=False)
class Instances:
    """One mesh, n copies."""

    name: str
    triangles: Floats32
    """(m, 3, 3) in the mesh's own coordinates. [m]"""
    edges: Floats32
    """(k, 2, 3) lines worth drawing."""
    transforms: Floats32
    """(n, 4, 4)"""
    material: Material
    tags: tuple[str, ...]
    group: Literal["architecture", "seating", "people", "rigging", "set"] = "set"
    normals: Floats32 | None = None
    """(m, 3, 3) outward normals at the corners, where the mesh is round; the triangles' own where None."""
    shell: Literal["", "wall", "ceiling", "floor"] = ""
    """Part of the box round the room, which a view from outside leaves away."""


@dataclass(frozen=True, eq=False)
class LedSurface:
    """A picture that gives light."""

    name: str
    corners: Floats32
    """(4, 3) lower left, lower right, upper right, upper left."""
    image: NDArray[np.uint8] | None
    """(h, w, 3) sRGB, top row first; None for a plain test card."""
    uv: tuple[float, float] = (0.0, 1.0)
    """Left and right edge of this facet in the image."""


@dataclass(frozen=True, eq=False)
class Spot:
    at: tuple[float, float, float]
    aim: tuple[float, float, float]
    half_angle: float
    """[degrees]"""
    colour: tuple[float, float, float]
    """Linear RGB × intensity."""


@dataclass(frozen=True, eq=False)
class Camera:
    """A pinhole. fov is horizontal [degrees]; ortho > 0 is the width of a parallel view [m]."""

    eye: tuple[float, float, float]
    aim: tuple[float, float, float]
    fov: float = 60.0
    up: tuple[float, float, float] = (0.0, 0.0, 1.0)
    ortho: float = 0.0


@dataclass(frozen=True, eq=False)
class RoomBox:
    """The inside of a room, for what a view from outside may leave away."""

    corners: Floats32
    """(k, 2) inside corners, anticlockwise. [m]"""
    floor: float
    ceiling: float


@dataclass(frozen=True, eq=False)
class Description:
    instances: tuple[Instances, ...]
    screens: tuple[LedSurface, ...]
    spots: tuple[Spot, ...]
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    """Corners of everything."""
    rooms: tuple[RoomBox, ...] = ()
