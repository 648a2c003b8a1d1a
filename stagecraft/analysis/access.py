"""How a wheelchair comes to its place: over the floor, at what width. No thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.analysis.gaps import Bodies, Whole
from stagecraft.analysis.taken import corners
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Door, Scene, Space, Walkway

LEVEL = 0.02
"""A floor that is higher by no more than this is rolled on to. [m]"""
BODY = 2.0
"""What reaches lower than this over the floor stands in the way. [m]"""
_STEPS = 7
"""Halvings in the search for the widest way: within 1 % of the width asked."""
_REACH = 0.1
"""Beyond half its width, a way comes so near to a door or a place. [m]"""


@dataclass(frozen=True, eq=False)
class Access:
    """Ways to the wheelchair places of a scene."""

    who: Whole
    """(k,) wheelchair places that are not killed, as indices into `scene.seats`."""
    rise: Floats
    """(k,) how much higher (or lower) they stand than the nearest floor with an exit; 0 on a level. [m]"""
    ramped: Whole
    """(k,) 1 where a ramp leads to that height."""
    width: Floats
    """(k,) width of the widest way to an exit, no more than was asked; NaN where the place is not on an exit's level. [m]"""


def access(scene: Scene, bodies: Bodies, asked: float) -> Access:
    """The widest way from each wheelchair place to an exit, up to the width `asked`. [m]

    The floor is that of the room, without what stands on it; other wheelchair places may be rolled over. One that stands
    higher than the floor of every exit is said to do so; whether a ramp of the scene climbs to it too.
    """
    seats = scene.seats
    who = np.flatnonzero((seats.place == "wheelchair") & (seats.status != "kill"))
    exits = [door for door in scene.of(Door) if door.exit]
    heights = np.array([door.at[2] for door in exits])
    rise, ramped, width = np.zeros(len(who)), np.zeros(len(who), np.int64), np.full(len(who), np.nan)
    if not len(who) or not exits:
        return Access(who, rise, ramped, width)
    up = seats.at[who, 2][:, None] - heights[None]
    rise = up[np.arange(len(who)), np.abs(up).argmin(axis=1)]
    tops = [way.line[:, 2].max() for way in scene.of(Walkway) if way.kind == "ramp"]
    ramped = np.array([any(abs(z - top) <= LEVEL for top in tops) for z in seats.at[who, 2].tolist()], np.int64)
    flat = np.flatnonzero(np.abs(rise) <= LEVEL)
    for room in scene.rooms:
        here = _of_room(scene, room, who, flat)
        doors = [door for door in exits if abs(door.at[2] - room.floor) <= LEVEL]
        if len(here) and doors:
            free = _free(scene, room, bodies)
            width[here] = _widest(scene, free, who[here], doors, asked)
    return Access(who, rise, ramped, width)


def _of_room(scene: Scene, room: Space, who: Whole, flat: Whole) -> Whole:
    import shapely

    at = scene.seats.at[who[flat]]
    inside = shapely.intersects_xy(room.outline.polygon, at[:, 0], at[:, 1])
    return np.asarray(flat[inside & (np.abs(at[:, 2] - room.floor) <= LEVEL)])


def _free(scene: Scene, room: Space, bodies: Bodies) -> Any:
    """The room's floor without all that stands on it, wheelchair places apart."""
    import shapely

    chairs = shapely.polygons(corners(scene.seats.where(scene.seats.place != "wheelchair")))
    low, high = room.floor + LEVEL, room.floor + BODY
    standing = ~bodies.chair & (bodies.low[:, 2] < high) & (bodies.high[:, 2] > low)
    things = [bodies.shadow(k) for k in np.flatnonzero(standing).tolist()]
    return shapely.difference(room.outline.polygon, shapely.union_all([*chairs, *things]))


def _widest(scene: Scene, free: Any, who: Whole, doors: list[Door], asked: float) -> Floats:
    """(k,) the widest way of each, no more than asked: by halving. [m]"""
    import shapely

    places = shapely.polygons(corners(scene.seats.where(who)))
    out = np.where(_reached(free, places, doors, asked), asked, 0.0)
    short = np.flatnonzero(out == 0)
    low, high = np.zeros(len(short)), np.full(len(short), asked)
    for _ in range(_STEPS if len(short) else 0):
        for middle in np.unique((low + high) / 2).tolist():
            these = np.flatnonzero((low + high) / 2 == middle)
            way = _reached(free, places[short[these]], doors, middle)
            low[these[way]], high[these[~way]] = middle, middle
    out[short] = low
    return out


def _reached(free: Any, places: Any, doors: list[Door], width: float) -> Any:
    """(k,) does a way of this width lead from an exit to the place?"""
    import shapely

    core = shapely.get_parts(shapely.buffer(free, -width / 2, quad_segs=8))
    entries = []
    for door in doors:
        along = door.along * min(door.width, width) / 2
        line = shapely.LineString([door.at[:2] - along, door.at[:2] + along])
        entries.append(line.buffer(width / 2 + _REACH))
    open_ = core[shapely.intersects(core[:, None], np.array(entries, object)[None]).any(axis=1)] if len(core) else core
    near = shapely.buffer(places, width / 2 + _REACH)
    if not len(open_):
        return np.zeros(len(places), bool)
    return shapely.intersects(near[:, None], open_[None]).any(axis=1)
