"""Moving about in a scene: cameras from cameras, seats from seats. No window needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from stagecraft.render.camera import Size, axes, footprint, rays
from stagecraft.render.description import Camera
from stagecraft.scene import Seats

Way = Literal["left", "right", "ahead", "behind"]
LOWEST, HIGHEST = -88.0, 88.0
"""An orbit stops short of the poles. [degrees]"""
HEAD = 0.28
"""A pointer this near to the middle of a chair means it. [m]"""


@dataclass(frozen=True)
class Place:
    """Where one stands: a camera, and the seat it belongs to."""

    camera: Camera
    seat: int = -1


def orbit(camera: Camera, right: float, up: float, pivot: Sequence[float]) -> Camera:
    """The camera swung round a point. [degrees]"""
    centre = np.asarray(pivot, float)
    to_eye = np.subtract(camera.eye, centre)
    turn = _about((0, 0, 1), -right)
    rise = math.degrees(math.asin(float(np.clip(-axes(camera)[2, 2], -1, 1))))
    lift = float(np.clip(rise + up, LOWEST, HIGHEST)) - rise
    tip = _about(axes(camera)[0], -lift)
    swing = turn @ tip
    forward = swing @ axes(camera)[2]
    eye = centre + swing @ to_eye
    distance = float(np.linalg.norm(np.subtract(camera.aim, camera.eye)))
    return replace(camera, eye=_three(eye), aim=_three(eye + forward * distance), up=(0.0, 0.0, 1.0), ortho=0.0)


def looked(camera: Camera, right: float, up: float) -> Camera:
    """The head turned, the eye where it was. [degrees]"""
    return orbit(camera, right, up, camera.eye)


def pan(camera: Camera, dx: float, dy: float, size: Size, distance: float) -> Camera:
    """The camera slid so that what is `distance` away follows the pointer by (dx, dy) pixels, y upwards."""
    right, up, _ = axes(camera)
    step = footprint(camera, size) * (1.0 if camera.ortho else max(distance, 0.2))
    slide = -(dx * right + dy * up) * step
    return replace(camera, eye=_three(camera.eye + slide), aim=_three(camera.aim + slide))


def zoom(camera: Camera, factor: float, point: Sequence[float]) -> Camera:
    """Nearer to (factor < 1) or farther from a point, which stays where it is in the picture."""
    target = np.asarray(point, float)
    if camera.ortho > 0:
        right, up, _ = axes(camera)
        off = target - camera.eye
        slide = (1 - factor) * ((off @ right) * right + (off @ up) * up)
        eye, aim = camera.eye + slide, camera.aim + slide
        return replace(camera, eye=_three(eye), aim=_three(aim), ortho=max(camera.ortho * factor, 0.05))
    gap = float(np.linalg.norm(target - camera.eye))
    if gap * factor < 0.15:
        return camera
    eye = target + (np.asarray(camera.eye) - target) * factor
    distance = max(float(np.linalg.norm(np.subtract(camera.aim, camera.eye))) * factor, 0.5)
    return replace(camera, eye=_three(eye), aim=_three(eye + axes(camera)[2] * distance))


def seat_under(seats: Seats, camera: Camera, size: Size, x: float, y: float, reach: float = math.inf) -> int:
    """Index of the seat at pixel (x, y), y downwards, no farther than `reach`; −1 where there is none. [m]"""
    if not len(seats):
        return -1
    origin, way = rays(camera, size, [[x, y]])
    middle = seats.at + np.array([0.0, 0.0, 0.55])
    off = middle - origin[0]
    along = off @ way[0].astype(float)
    aside = np.linalg.norm(off - along[:, None] * way[0], axis=1)
    near = (aside < HEAD) & (along > 0.1) & (along < reach + HEAD * 2)
    return int(np.argmin(np.where(near, along + aside, math.inf))) if near.any() else -1


def neighbour(seats: Seats, seat: int, way: Way) -> int:
    """The next seat that way, as the person on `seat` sees it; the same seat where there is none."""
    turn = math.radians(float(seats.facing[seat]))
    ahead = np.array([math.cos(turn), math.sin(turn)])
    off = seats.at[:, :2] - seats.at[seat, :2]
    forth, right = off @ ahead, off @ [ahead[1], -ahead[0]]
    if way in ("ahead", "behind"):
        forth = forth if way == "ahead" else -forth
        fits = (forth > 0.3) & (np.abs(right) < np.maximum(forth, 0.7))
        cost = forth + 0.8 * np.abs(right)
    else:
        right = right if way == "right" else -right
        fits = (right > 0.15) & (np.abs(forth) < np.maximum(0.35 * right, 0.25))
        cost = right + 2 * np.abs(forth)
    return int(np.argmin(np.where(fits, cost, math.inf))) if fits.any() else seat


def _about(axis: Sequence[float] | np.ndarray, degrees: float) -> np.ndarray:
    """(3, 3) turn about a unit axis: Rodrigues."""
    x, y, z = (float(v) for v in axis)
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + s * k + (1 - c) * (k @ k))


def _three(values: np.ndarray) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in values)
    return x, y, z
