"""The cross section: the room cut from side to side through the audience, looking upstage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from stagecraft import units
from stagecraft.drawing._labels import ROW, Places, Rows, Spot
from stagecraft.drawing._upright import (
    Plane,
    at_edge,
    headroom,
    height_rows,
    heights,
    level_column,
    name_labels,
    solid_marks,
    span,
)
from stagecraft.drawing._views import (
    drawing,
    extent,
    floor_of,
    main_screen,
    mm,
    notes_of,
    parts_of,
    seat_corners,
    upper_seats,
    vertices,
)
from stagecraft.drawing.marks import Drawing, Line, Mark, Style
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import FROM_THE_HOUSE
from stagecraft.scene import Part, Scene, Seats

TITLE = "SECTION B-B ACROSS THE HOUSE"
NAMED = ("stage", "platform", "video", "truss", "sound", "foh")
"""What is named on a section through the audience."""
BEFORE = 0.02
"""So far before the backs of chairs the section is cut, on their own tread. [m]"""
ROW_DEEP, TABLE_DEEP = 1.0, 2.5
"""Places so far beyond the section are shown: those of the next row, of the next tables. [m]"""
SQUARE = 1.0
"""Rows turned by less look straight ahead: gangways are measured across them. [degrees]"""
LEAST = 3
"""Places that a block has at least where gangways are measured: chairs here and there are no blocks."""
GANGWAY = 0.25
"""Room between places wider than this is no gap between chairs. [m]"""


def cross_station(scene: Scene) -> float | None:
    """y at which section B-B is cut, at the back of a row: a third back in the audience, or on and under a balcony. [m]

    Without seats it runs through the middle of the room before the stage; None where there is no room either.
    """
    seats = scene.seats
    if len(seats):
        upstairs = upper_seats(seats)
        y = seats.at[upstairs if upstairs.any() else ~upstairs, 1]
        low, high = float(y.min()), float(y.max())
        if upstairs.any():
            below = seats.at[~upstairs, 1]
            both = max(low, float(below.min())), min(high, float(below.max()))
            low, high = both if both[0] < both[1] else (low, high)
        wanted = high - (high - low) / 3
        row = float(y[np.argmin(np.abs(y - wanted))])
        deep = float(seats.depth[np.abs(seats.at[:, 1] - row) < 1e-3].max())
        return round(row - deep / 2 + BEFORE, 2)
    if not scene.rooms:
        return None
    points = np.concatenate([room.outline.outer.points for room in scene.rooms])
    low, high = float(points[:, 1].min()), float(points[:, 1].max())
    stage = [float(part.bounds[0, 1]) for part in parts_of(scene) if part.system == "stage"]
    front = min(stage, default=high)
    return round((low + (front if low < front <= high else high)) / 2, 2)


def cross_section(scene: Scene, y: float | None = None, scale: float = 100) -> Drawing:
    """Section across the house at `y` [m], looking upstage, laid out for 1:`scale`. Stage left is on the right.

    Seats, tables, people, trusses, lamps and loudspeakers are never cut; places of the next row are shown, no others.
    Gangways are measured where rows look straight ahead.
    """
    chosen = y is None
    at = y if y is not None else cross_station(scene)
    at = 0.0 if at is None else float(at)
    scale, system = float(scale), scene.about.units
    plane, places = Plane(FROM_THE_HOUSE, -at), Places(scale)
    seats = scene.seats
    beyond = seats.at[:, 1] - at
    near = seats.where((beyond > -1e-6) & (beyond <= np.where(seats.at_table, TABLE_DEEP, ROW_DEEP)))
    parts = _near_places(scene, near, at)
    marks, hidden, seen = solid_marks(scene, parts, plane, places)
    shown = [part for part in parts if part.element in seen and part.bounds[1, 1] > at - 1e-9]
    found = heights(scene, plane, shown)
    marks += _centre_line(scene, plane, places)
    marks += name_labels(scene, shown, plane, places, NAMED, _uncovered(shown))
    marks += headroom(scene, near, plane, places)
    (left, low), (right, _) = extent(marks, {}, scale)
    marks += level_column(found, places, right + 4 * scale, 1.0, system)
    marks += height_rows(Rows(places, 90, left - 6 * scale, -ROW * scale, system), at_edge(found, left))
    marks += _widths(scene, near, plane, Rows(places, 0, low - 9 * scale, -ROW * scale, system))
    side = "upstage of" if at > 0 else "downstage of"
    where = f"Cut {units.drawn(abs(at), system)} {side} the setting line, looking upstage."
    notes = (
        *notes_of(scene),
        where,
        *(["Places beyond the next row are omitted."] if len(seats) else []),
        *places.notes,
    )
    title = TITLE if chosen else f"SECTION {units.drawn(abs(at), system)} {side.upper()} THE SETTING LINE"
    return drawing("cross-section", title, scene, marks, {}, scale, notes, hidden)


def _near_places(scene: Scene, near: Seats, at: float) -> list[Part]:
    """The scene's parts, of the chairs those of these places only, of tables those as near to the section."""
    wanted = set(near.ids.tolist())
    out: list[Part] = []
    for part in parts_of(scene):
        if part.of_seats and len(part.tags) == part.count:
            kept = [k for k, tag in enumerate(part.tags) if tag in wanted]
        elif part.system == "table" and part.count > 1:
            far = part.transforms[:, 1, 3] - at
            kept = np.nonzero((far > -1e-6) & (far <= TABLE_DEEP))[0].tolist()
        else:
            out.append(part)
            continue
        if kept:
            tags = tuple(part.tags[k] for k in kept) if len(part.tags) == part.count else part.tags
            out.append(replace(part, transforms=part.transforms[kept], tags=tags))
    return out


def _uncovered(shown: Sequence[Part]) -> set[str]:
    """Elements that do not stand behind the chairs that are shown, no higher than these."""
    chairs = np.concatenate([np.zeros((0, 4)), *(_faces([part]) for part in shown if part.of_seats)])
    out = set()
    for element in {part.element for part in shown}:
        own = np.concatenate([_faces([part]) for part in shown if part.element == element])
        left, low = own[:, :2].min(axis=0)
        right, high = own[:, 2:].max(axis=0)
        over = chairs[(chairs[:, 1] <= low + 1e-3) & (chairs[:, 3] >= high - 1e-3)]
        covered = np.clip(np.minimum(over[:, 2], right) - np.maximum(over[:, 0], left), 0, None).sum()
        if covered < (right - left) / 2 or not len(over):
            out.add(element)
    return out


def _faces(parts: Sequence[Part]) -> Floats:
    """(n, 4) left, low, right and high of each copy, as seen from the house. [m]"""
    each = [vertices([part]).reshape(part.count, -1, 3)[:, :, ::2] for part in parts if part.count]
    return np.concatenate([np.zeros((0, 4)), *(np.c_[one.min(axis=1), one.max(axis=1)] for one in each)])


def _centre_line(scene: Scene, plane: Plane, places: Places) -> list[Mark]:
    e, floor = places.scale, floor_of(scene)
    top = max([room.ceiling for _, _, room in span(scene, plane)], default=floor + 3.0)
    low, high = floor * 1000 - 4 * e, top * 1000 + 4 * e
    places.lines(((0.0, low), (0.0, high)))
    line = Line(Style("centre"), ((0.0, low), (0.0, high)))
    return [line, *places.put(Style("centre"), "CL", [Spot(0.0, high + 0.8 * e, "centre", "bottom")], 3.5)]


def _widths(scene: Scene, near: Seats, plane: Plane, rows: Rows) -> list[Mark]:
    """Blocks and gangways of the next row from wall to wall, the main screen, the room; measured at the floor."""
    floor = floor_of(scene)
    walls = [u for low, high, _ in span(scene, plane) for u in (low, high)]
    edges = _blocks(near.where(~near.at_table & ~upper_seats(near))) if len(near) else ()
    if len(edges):
        ends = [*([min(walls)] if walls else []), *edges, *([max(walls)] if walls else [])]
        rows.add(*((mm(a, floor), mm(b, floor)) for a, b in pairwise(ends) if b - a > 1e-3))
    screen = main_screen(scene)
    if screen is not None:
        x = screen.facets[:, :, 0]
        rows.add((mm(float(x.min()), floor), mm(float(x.max()), floor)))
    if walls:
        rows.add((mm(min(walls), floor), mm(max(walls), floor)))
    return rows.marks()


def _blocks(seats: Seats) -> Sequence[float]:
    """Ends in x of what of a row stands side by side; nothing where it is not square to the section. [m]"""
    if not len(seats) or np.abs((seats.facing - 90.0 + 180.0) % 360.0 - 180.0).max() > SQUARE:
        return []
    x: Floats = seat_corners(seats)[:, 0].reshape(4, -1)
    order = np.argsort(x.min(axis=0), kind="stable")
    low, high = x.min(axis=0)[order], np.maximum.accumulate(x.max(axis=0)[order])
    new = np.nonzero(low[1:] > high[:-1] + GANGWAY)[0]
    if len(seats) < LEAST * (len(new) + 1):
        return []
    return [float(v) for k in (*zip(np.r_[0, new + 1], np.r_[new, len(low) - 1]),) for v in (low[k[0]], high[k[1]])]
