"""Projectors' beams, and what is in them. No thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.clearances import carries
from stagecraft.analysis.gaps import Bodies
from stagecraft.geometry import gaps
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.solid import PLANE, Solid
from stagecraft.scene import Part, Scene, Screen

_AIMED = 0.7
"""Cosine of the angle within which a projector looks at the picture that it throws."""
_SHORT = 0.02
"""A beam is followed up to this short of the picture. [m]"""


@dataclass(frozen=True, eq=False)
class Beam:
    """From a lens to the corners of the picture that it fills."""

    part: Part
    tag: str
    screen: Screen
    lens: Floats
    """(3,) [m]"""
    corners: Floats
    """(4, 3) of the picture. [m]"""

    @property
    def throw(self) -> float:
        """Distance in plan over the picture's width."""
        return float(np.linalg.norm((self.corners.mean(axis=0) - self.lens)[:2])) / self.screen.size[0]

    def height(self, points: Floats) -> tuple[Floats, Floats]:
        """(n,), (n,) lower and upper side of the beam over points in plan (n, 2); NaN beside it. [m]"""
        import shapely

        plan = shapely.MultiPoint(np.concatenate([self.corners[:, :2], self.lens[None, :2]])).convex_hull
        middle = self.corners.mean(axis=0)
        axis = (middle - self.lens)[:2]
        share = (points - self.lens[:2]) @ axis / (axis @ axis)
        inside = shapely.intersects_xy(plan, points[:, 0], points[:, 1]) & (share > 0)
        low, high = (
            np.where(inside, self.lens[2] + share * (z - self.lens[2]), np.nan)
            for z in (self.corners[:, 2].min(), self.corners[:, 2].max())
        )
        return low, high

    @property
    def solid(self) -> Solid:
        """The pyramid itself, short of the picture."""
        reach = 1 - _SHORT / float(np.linalg.norm(self.corners.mean(axis=0) - self.lens))
        points = np.concatenate([self.lens[None], self.lens + reach * (self.corners - self.lens)])
        faces = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1], [1, 3, 2], [1, 4, 3]], np.int32)
        made = Solid(points, faces, np.zeros(6, np.int32), (PLANE,))
        return made if made.volume > 0 else Solid(points, faces[:, ::-1].copy(), np.zeros(6, np.int32), (PLANE,))


@dataclass(frozen=True)
class Blocked:
    """Something in a beam."""

    part: Part
    down: float
    up: float
    """By how much it would have to be lowered or raised. [m]"""
    away: float
    """From the lens. [m]"""
    at: tuple[float, float, float]


def projectors(scene: Scene) -> tuple[Part, ...]:
    """Parts that are projectors by their catalogue rows."""
    return tuple(
        part for part in scene.parts
        if part.count and part.item in scene.items and scene.items[part.item].category == "projector"
    )  # fmt: skip


def beams(scene: Scene) -> tuple[Beam, ...]:
    """Of each projector the beam to the projection screen that it looks at most directly; none where it looks at none.

    The lens is in the middle of the projector's front. The picture fills the screen.
    """
    screens = [screen for screen in scene.of(Screen) if screen.kind == "projection"]
    return tuple(beam for part in projectors(scene) for beam in _of(part, screens))


def _of(part: Part, screens: list[Screen]) -> Iterator[Beam]:
    low, high = part.solid.bounds
    front = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    tags = part.tags or (part.element,) * part.count
    for tag, frame in zip(tags, part.transforms):
        lens, way = frame[:3, :3] @ front + frame[:3, 3], -frame[:3, 1]
        best, found = _AIMED, None
        for screen in screens:
            corners = np.array([screen.facets[0, 0], screen.facets[-1, 1], screen.facets[-1, 2], screen.facets[0, 3]])
            to = corners.mean(axis=0) - lens
            straight = float(to @ way) / max(float(np.linalg.norm(to)), 1e-9)
            if straight > best and np.hypot(*to[:2]) > 0.1:
                best, found = straight, Beam(part, tag, screen, lens, corners)
        if found is not None:
            yield found


def blocked(scene: Scene, bodies: Bodies, beam: Beam) -> Iterator[Blocked]:
    """What stands or hangs in a beam; the projector, its screen, and what carries them are left out."""
    solid = beam.solid
    volume = gaps.manifold(solid)
    if volume is None or not len(bodies.parts):
        return
    own = beam.part.element, beam.screen.element
    others = np.array(
        [not part.of_seats and not any(carries(scene, part.element, one) for one in own) for part in bodies.parts], bool
    )
    low, high = solid.bounds
    _, hits = bodies.touching(low[None], high[None], np.flatnonzero(others[bodies.part]))
    for k in hits.tolist():
        placed = bodies.placed(k)
        piece = None if placed is None else gaps.common(volume, placed)
        if piece is None:
            continue
        bottom, top = _sides(beam, piece.points)
        z = piece.points[:, 2]
        near = int(np.linalg.norm(piece.points - beam.lens, axis=1).argmin())
        x, y, w = (float(v) for v in piece.points.mean(axis=0))
        yield Blocked(
            bodies.parts[bodies.part[k]], float((z - bottom).max()), float((top - z).max()),
            float(np.linalg.norm(piece.points[near] - beam.lens)), (x, y, w),
        )  # fmt: skip


def _sides(beam: Beam, points: Floats) -> tuple[Floats, Floats]:
    """Heights of the beam's lower and upper side at points that lie in it. [m]"""
    axis = (beam.corners.mean(axis=0) - beam.lens)[:2]
    share = (points[:, :2] - beam.lens[:2]) @ axis / (axis @ axis)
    low, high = beam.corners[:, 2].min(), beam.corners[:, 2].max()
    return beam.lens[2] + share * (low - beam.lens[2]), beam.lens[2] + share * (high - beam.lens[2])


def heads(beam: Beam, floors: Floats, tall: float) -> NDArray[np.bool_]:
    """(n,) of points on floors (n, 3), over which somebody `tall` [m] stands in the beam."""
    low, high = beam.height(floors[:, :2])
    return np.asarray((low < floors[:, 2] + tall - 1e-6) & (high > floors[:, 2] + 1e-6))
