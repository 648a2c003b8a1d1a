"""Frames: where a thing stands and how it is turned, as (4, 4) matrices."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Triple: TypeAlias = tuple[float, float, float]

IDENTITY: Floats = np.eye(4)
IDENTITY.flags.writeable = False


def triple(values: ArrayLike) -> Triple:
    """Three numbers of an array, as Python has them."""
    x, y, z = (float(v) for v in np.asarray(values))
    return x, y, z


def frame(at: tuple[float, ...] = (0.0, 0.0, 0.0), turn: float = 0.0, tilt: float = 0.0) -> Floats:
    """Frame standing at `at` [m], turned `turn` degrees anticlockwise seen from above,
    then tilted `tilt` degrees about its own x axis (positive tips the front, −y, downwards).

    Quarter turns are exact: a wall turned by 90° stays a wall on the grid.
    """
    x, y, z = (*at, 0.0, 0.0, 0.0)[:3]
    c, s = _cos_sin(turn)
    matrix = np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, z], [0, 0, 0, 1]], float)
    if tilt:
        c, s = _cos_sin(tilt)
        matrix = matrix @ np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1]], float)
    return matrix


def frames(at: Floats, turn: Floats | float = 0.0) -> Floats:
    """(n, 4, 4) frames standing at `at` (n, 3) [m], turned by `turn` (n,) [degrees]."""
    at = np.asarray(at, float).reshape(-1, 3)
    radians = np.broadcast_to(np.radians(np.asarray(turn, float)), len(at))
    out = np.zeros((len(at), 4, 4))
    out[:, 0, 0] = out[:, 1, 1] = np.cos(radians)
    out[:, 1, 0] = np.sin(radians)
    out[:, 0, 1] = -out[:, 1, 0]
    out[:, 2, 2] = out[:, 3, 3] = 1
    out[:, :3, 3] = at
    return out


def points(matrix: Floats, xyz: Floats) -> Floats:
    """Points `xyz` (..., 3) carried by `matrix`."""
    return np.asarray(xyz, float) @ matrix[:3, :3].T + matrix[:3, 3]


def heading(matrix: Floats) -> float:
    """Degrees by which a frame is turned, seen from above, in −180 … 180."""
    return float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))


def inverse(matrix: Floats) -> Floats:
    """The way back from a rigid frame."""
    out = np.eye(4)
    out[:3, :3] = matrix[:3, :3].T
    out[:3, 3] = -matrix[:3, :3].T @ matrix[:3, 3]
    return out


MIRROR: Floats = np.diag([-1.0, 1.0, 1.0, 1.0])
MIRROR.flags.writeable = False


def mirrored(matrix: Floats) -> Floats:
    """The frame(s) of the twin across the centre line: still a rotation, never a reflection."""
    return np.asarray(MIRROR @ matrix @ MIRROR)


def _cos_sin(degrees: float) -> tuple[float, float]:
    quarter = {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
    if degrees % 90 == 0:
        return quarter[int(degrees) % 360]
    radians = np.radians(degrees)
    return float(np.cos(radians)), float(np.sin(radians))
