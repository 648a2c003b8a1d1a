"""The section: the room cut upright along the centre line, what lies beyond in thin lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from stagecraft import units
from stagecraft.drawing._labels import ROW, Places, Rows, Spot, around
from stagecraft.drawing._upright import (
    Plane,
    height_rows,
    heights,
    level_column,
    name_labels,
    room_lines,
    solid_marks,
    span,
)
from stagecraft.drawing._views import (
    corner,
    drawing,
    extent,
    floor_of,
    mm,
    notes_of,
    parts_of,
    seat_corners,
    upper_seats,
    vertices,
)
from stagecraft.drawing.marks import Circle, Drawing, Line, Mark, Point, Style
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import TO_STAGE_LEFT
from stagecraft.scene import Part, Scene, Target

TITLE = "SECTION A-A ON CENTRE LINE"


def section(scene: Scene, x: float = 0.0, scale: float = 100) -> Drawing:
    """Section at `x` [m], laid out for 1:`scale`, looking towards stage left (+x).

    The stage is on the left and the audience on the right: x of the drawing is −y of the room, y is the height.
    Seats, people, trusses, lamps and loudspeakers are never cut; of each row the chair nearest to the section is shown.
    """
    scale = float(scale)
    plane = Plane(TO_STAGE_LEFT, -x)
    places = Places(scale)
    system = scene.about.units
    parts = _nearest_chairs(scene, x)
    solids, seen = solid_marks(parts, plane, places)
    marks = room_lines(scene, plane, places) + solids
    shown = [part for part in parts if part.element in seen and part.bounds[1, 0] > x - 1e-9]
    found = heights(scene, plane, shown)
    sights, note = _sightlines(scene, x, places)
    marks += sights
    marks += _setting_line(scene, plane, places)
    marks += name_labels(scene, shown, plane, places)
    (left, low), (right, _) = extent(marks, {}, scale)
    marks += level_column(found, places, right + 4 * scale, 1.0, system)
    marks += height_rows(Rows(places, 90, left - 6 * scale, -ROW * scale, system), found)
    marks += _lengths(scene, plane, Rows(places, 0, low - 9 * scale, -ROW * scale, system))
    title = TITLE if abs(x) < 1e-9 else f"SECTION AT {units.drawn(x, system)} FROM THE CENTRE LINE"
    return drawing("section", title, scene, marks, {}, scale, (*notes_of(scene), *note, *places.notes))


def _nearest_chairs(scene: Scene, x: float) -> list[Part]:
    """The scene's parts, with only that chair of each row that stands nearest to the section, on it or beyond."""
    seats = scene.seats
    if not len(seats):
        return list(parts_of(scene))
    away = np.where(seats.at[:, 0] >= x - 1e-6, np.abs(seats.at[:, 0] - x), np.inf)
    order = np.lexsort((away, seats.rank))
    first = order[np.r_[True, np.diff(seats.rank[order]) > 0]]
    nearest = set(seats.ids[first[np.isfinite(away[first])]].tolist())
    parts: list[Part] = []
    for part in parts_of(scene):
        if part.of_seats and len(part.tags) == part.count:
            kept = [k for k, tag in enumerate(part.tags) if tag in nearest]
            if kept:
                parts.append(replace(part, transforms=part.transforms[kept], tags=tuple(part.tags[k] for k in kept)))
        else:
            parts.append(part)
    return parts


def _sightlines(scene: Scene, x: float, places: Places) -> tuple[list[Mark], tuple[str, ...]]:
    """From the eyes of the first and the last row, nearest to the section, to the first focus or person."""
    targets = [t for t in scene.of(Target) if t.role in ("focus", "person")]
    seats = scene.seats
    if not targets or not len(seats):
        return [], ()
    target = next((t for t in targets if t.role == "focus"), targets[0])
    aim = target.points.mean(axis=0)
    near = np.abs(seats.eyes[:, 0] - x)
    candidates = np.nonzero(near <= max(3.0, float(near.min()) + 1e-6))[0]
    away = np.hypot(*(seats.eyes[candidates, :2] - aim[:2]).T) + 1e-3 * near[candidates]
    style, e = Style("sight"), places.scale
    marks: list[Mark] = []
    u, v = mm(-aim[1], aim[2])
    for seat in dict.fromkeys((int(candidates[np.argmin(away)]), int(candidates[np.argmax(away)]))):
        eye = seats.eyes[seat]
        at = mm(-eye[1], eye[2])
        marks += [Line(style, (at, (u, v))), Circle(Style("sight", "id"), at, 0.6 * e)]
        places.lines((at, (u, v)))
        words = f"EYE {units.level(float(eye[2]), scene.about.units)}"
        box = (at[0] - e, at[1] - e, at[0] + e, at[1] + e)
        spots = [Spot(at[0], at[1] + k * e, "centre", "bottom") for k in (1.6, 4.0)]
        marks += places.put(Style("sight", "id"), words, [*spots, *around(box, e)], 2.0)
    marks.append(Circle(Style("sight", "id"), (u, v), 1.0 * e))
    return marks, (f"Sightlines run from the eyes of the first and last row near the section to '{target.name}'.",)


def _setting_line(scene: Scene, plane: Plane, places: Places) -> list[Mark]:
    floor = floor_of(scene)
    top = max([room.ceiling for _, _, room in span(scene, plane)], default=floor + 3.0)
    e = places.scale
    low, high = floor * 1000 - 4 * e, top * 1000 + 4 * e
    places.lines(((0.0, low), (0.0, high)))
    line = Line(Style("setting"), ((0.0, low), (0.0, high)))
    return [line, *places.put(Style("setting"), "SETTING LINE", [Spot(0.0, high + 0.8 * e, "centre", "bottom")], 2.0)]


def _ends(points: Floats, plane: Plane) -> list[Point]:
    """The lowest points furthest upstage and furthest downstage, on the drawing. [mm]"""
    found = [corner(points, 1, sign, 2, -1.0) for sign in (1.0, -1.0)]
    return [plane.flat(point) for point in found if point is not None]


def _lengths(scene: Scene, plane: Plane, rows: Rows) -> list[Mark]:
    """Setting-out along the centre line, and the room's length."""
    floor = floor_of(scene)
    datum = mm(0.0, floor)
    decks = vertices(part for part in parts_of(scene) if part.system == "stage")
    stations = [datum, *_ends(decks, plane)]
    seats = scene.seats
    if len(seats):
        stations += _ends(seat_corners(seats.where(~upper_seats(seats))), plane)
    rows.add(*pairwise(sorted(stations)))
    slabs = [part for part in parts_of(scene) if part.name == "slab"]
    upstairs = sorted([datum, *_ends(vertices(slabs), plane)])
    rows.add(*pairwise(upstairs))
    ends = [u for low, high, _ in span(scene, plane) for u in (low, high)]
    if ends:
        rows.add((mm(min(ends), floor), mm(max(ends), floor)))
    return rows.marks()
