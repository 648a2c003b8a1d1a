"""Everybody who sits or stands in the room and may be in the way of others: seats, standing areas, operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.standing import free_floor
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Space, Target, Viewer

if TYPE_CHECKING:
    from stagecraft.geometry.shadow import Bodies

Whole = NDArray[np.int64]
_FEWER, _TRIES = 0.98, 200
"""Each try sets people out this much closer."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """Persons p; those who look, seats before viewers, are n."""

    eyes: Floats
    """(p, 3) [m]"""
    facing: Floats
    """(p,) way they look. [degrees]"""
    upright: Bools
    """(p,) do they stand?"""
    bodies: Bodies
    own: Whole
    """(n,) which person each looker is; −1 for nobody: a killed seat, a camera."""
    seat: Whole
    """(p,) as an index into `scene.laid_out`; −1 for who has no seat."""


def crowd(scene: Scene) -> Crowd:
    """Seats that stand and are not killed, operators, and the people of standing areas.

    A presenter is looked at and is in nobody's way; people look along their seats, or towards what is to be seen.
    """
    from stagecraft.geometry.shadow import people

    house, viewers = scene.laid_out, scene.of(Viewer)
    stands = np.flatnonzero(house.removed_by == "")
    taken = house.status[stands] != "kill"
    sitting = stands[taken]
    works = np.array([viewer.kind == "operator" for viewer in viewers], np.bool_)
    operators = [viewer for viewer in viewers if viewer.kind == "operator"]
    desks = np.reshape([viewer.eye for viewer in operators], (-1, 3))
    ways = np.reshape([viewer.aim for viewer in operators], (-1, 3)) - desks
    lawn = standing(scene)
    p = len(sitting), len(operators), len(lawn)
    own = np.full(len(stands) + len(viewers), -1)
    own[: len(stands)][taken] = np.arange(p[0])
    own[len(stands) :][works] = p[0] + np.arange(p[1])
    eyes = np.concatenate([house.eyes[sitting], desks, lawn])
    facing = np.concatenate(
        [house.facing[sitting], np.degrees(np.arctan2(ways[:, 1], ways[:, 0])), _towards(scene, lawn)]
    )
    upright = np.concatenate([house.upright[sitting], np.zeros(p[1], np.bool_), np.ones(p[2], np.bool_)])
    seat = np.concatenate([sitting, np.full(p[1] + p[2], -1)])
    return Crowd(eyes, facing, upright, people(eyes, facing, scene.stature, upright), own, seat)


def standing(scene: Scene) -> Floats:
    """(p, 3) eyes of the people of standing areas that have no seats. [m]

    Every area holds its capacity, six round one as in a honeycomb, along its longest side and out of what takes its floor.
    """
    areas = [area for area in scene.standing_areas if area.capacity]
    out = [np.zeros((0, 3))]
    for area in areas:
        xy = _honeycomb(scene, area)
        out.append(np.c_[xy, np.full(len(xy), area.floor + scene.stature.standing_eye)])
    return np.concatenate(out)


def _honeycomb(scene: Scene, area: Space) -> Floats:
    import shapely

    wanted, where = area.capacity or 0, free_floor(area, scene.records)
    if not where.area > 0:
        return np.zeros((0, 2))
    ring = area.outline.outer.points
    sides = np.roll(ring, -1, axis=0) - ring
    along = sides[int(np.argmax(np.round(np.hypot(*sides.T), 6)))]
    along = along / np.hypot(*along)
    turn = np.array([along, [-along[1], along[0]]])
    local = ring @ turn.T
    middle, reach = (local.min(axis=0) + local.max(axis=0)) / 2, np.ptp(local, axis=0) / 2
    shapely.prepare(where)
    pitch = np.sqrt(2 * where.area / (np.sqrt(3) * wanted)) * 1.1
    found: Floats = np.zeros((0, 2))
    for _ in range(_TRIES):
        lines, places = (int(np.ceil(r / s)) + 1 for r, s in zip(reach[::-1], (pitch * np.sqrt(0.75), pitch)))
        k, j = np.meshgrid(np.arange(-lines, lines + 1), np.arange(-places, places + 1), indexing="ij")
        grid = np.stack([(j + 0.5 * (k % 2)) * pitch, k * pitch * np.sqrt(0.75)], axis=-1).reshape(-1, 2)
        xy = (grid + middle) @ turn
        found = xy[shapely.contains_xy(where, xy[:, 0], xy[:, 1])]
        if len(found) >= wanted:
            found = found[((np.arange(wanted) + 0.5) * len(found) / wanted).astype(int)]
            break
        pitch *= _FEWER
    return found


def _towards(scene: Scene, eyes: Floats) -> Floats:
    """(p,) the way from each eye to the middle of all that is to be seen; upstage where nothing is. [degrees]"""
    seen = [np.mean(t.points, axis=0) for t in scene.of(Target) if t.role in ("focus", "person", "screen")]
    if not seen:
        return np.full(len(eyes), 90.0)
    way = np.mean(seen, axis=0) - eyes
    return np.asarray(np.degrees(np.arctan2(way[:, 1], way[:, 0])))
