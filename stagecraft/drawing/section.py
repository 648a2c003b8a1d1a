"""The section: the room cut upright along the centre line, what lies beyond in thin lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from stagecraft import units
from stagecraft.analysis.seen import to_see
from stagecraft.analysis.views import Views
from stagecraft.analysis.views import views as made
from stagecraft.drawing._labels import ROW, Places, Rows, Spot
from stagecraft.drawing._paper import NONE, SIZES, USUAL, Block, ruled
from stagecraft.drawing._upright import (
    NAMED,
    Plane,
    at_edge,
    headroom,
    height_rows,
    heights,
    level_column,
    name_labels,
    scales_of,
    solid_marks,
    span,
    warning_of,
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
from stagecraft.drawing.cross_section import cross_section, cross_station
from stagecraft.drawing.draft import Draft, Job, View
from stagecraft.drawing.marks import Drawing, Line, Mark, Point, Style
from stagecraft.drawing.sightlines import aim, nearest, sightline_marks
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import TO_STAGE_LEFT
from stagecraft.scene import Part, Scene, Seats

TITLE = "SECTION A-A ON CENTRE LINE"
LANDMARKS = ("stage", "platform", "video", "foh", "camera")
"""What is named on a section that is about sightlines."""
MOST_ROWS = 40
"""Of more rows than these there is no table."""
AROUND = 160.0
"""Width of levels, heights and margins beside a section on a sheet of its own. [mm]"""
SEEN = 150
"""A head is a circle of 1.6 mm at this scale. 1:n"""


def section(
    scene: Scene, x: float = 0.0, scale: float | None = 100, views: Views | None = None, target: str | None = None,
    full: bool = False,
) -> Drawing:  # fmt: skip
    """Section at `x` [m], laid out for 1:`scale`, looking towards stage left (+x); None fits it to a sheet of its own.

    The stage is on the left and the audience on the right: x of the drawing is −y of the room, y is the height.
    Seats, people, trusses, lamps and loudspeakers are never cut; of each row the chair nearest to the section is shown.
    Sightlines run to the `target`, or to the first focus, person or screen; `full` shows more of them.

    views : what the seats see, where that was worked out before
    """
    scale = float(scale if scale is not None else _alone(scene))
    plane = Plane(TO_STAGE_LEFT, -x)
    places = Places(scale)
    system = scene.about.units
    parts = _nearest_chairs(scene, x)
    marks, hidden, seen = solid_marks(scene, parts, plane, places)
    shown = [part for part in parts if part.element in seen and part.bounds[1, 0] > x - 1e-9]
    found = heights(scene, plane, shown)
    marks += headroom(scene, _near(scene, x), plane, places)
    sights, note = sightline_marks(scene, views if views is not None else made(scene), places, target, x, full)
    marks += sights
    marks += _setting_line(scene, plane, places)
    marks += name_labels(scene, shown, plane, places, LANDMARKS if full else NAMED)
    (left, low), (right, _) = extent(marks, {}, scale)
    marks += level_column(found, places, right + 4 * scale, 1.0, system)
    marks += height_rows(Rows(places, 90, left - 6 * scale, -ROW * scale, system), at_edge(found, left))
    marks += _lengths(scene, x, plane, Rows(places, 0, low - 9 * scale, -ROW * scale, system))
    title = TITLE if abs(x) < 1e-9 else f"SECTION AT {units.drawn(x, system)} FROM THE CENTRE LINE"
    return drawing("section", title, scene, marks, {}, scale, (*notes_of(scene), *note, *places.notes), hidden)


def section_sheets(job: Job) -> Iterator[Draft]:
    """201: section A-A on the centre line and, where there is one to be cut, section B-B across the house."""
    scene = job.scene
    if not (scene.parts or scene.rooms):
        return
    crossed = cross_station(scene) is not None
    views = [
        View("section", lambda scale: section(scene, scale=scale, views=job.views), scales_of(scene, 1, 1 + crossed))
    ]
    if crossed:
        views.append(View("section-b", lambda scale: cross_section(scene, scale=scale), scales_of(scene, 0, 2)))
    title = "Sections A-A and B-B" if crossed else "Section A-A on the centre line"
    yield Draft("sections", "201", title, "Section", tuple(views),
                lambda drawings: [block for block in (rows_block(job),) if block.height], warning=warning_of(scene))  # fmt: skip


def rows_block(job: Job) -> Block:
    """Each row near the centre line: how far it lies from the setting line, its floor, its eyes, its C-value."""
    scene, show = job.scene, job.scene.about.units
    seats, view = scene.seats, aim(to_see(scene, job.views))
    shown = nearest(scene, 0.0)
    if not 0 < len(shown) <= MOST_ROWS:
        return Block(0.0, 0.0, ())
    rows = []
    for k in shown.tolist():
        c = float(view.c[k]) if view is not None else np.inf
        rows.append((
            str(seats.block[k] or seats.element[k]), str(seats.row[k] or seats.key[k]), units.drawn(float(-seats.at[k, 1]), show),
            units.level(float(seats.at[k, 2]), show), units.level(float(seats.eyes[k, 2]), show),
            units.drawn(c, show) if np.isfinite(c) else NONE,
        ))  # fmt: skip
    of = f"C to {view.target}" if view is not None else "C"
    head = ("Block", "Row", "Seat from setting line", "Floor", "Eye", of)
    return ruled("ROWS NEAR THE CENTRE LINE", head, rows, (34.0, 14.0, 42.0, 22.0, 22.0, 46.0), numbers=True)


def _alone(scene: Scene) -> float:
    """The scale that fills the smallest sheet on which heads are still seen. 1:n"""
    deep = np.r_[scene.bounds[:, 1], scene.seats.at[:, 1]]
    long = float(np.ptp(deep)) * 1000
    found = [
        next(s for s in USUAL if long / s <= SIZES[name][0] - AROUND or s == USUAL[-1]) for name in ("A3", "A2", "A1")
    ]
    return float(next((s for s in found if s <= SEEN), found[-1]))


def _near(scene: Scene, x: float) -> Seats:
    """That seat of each row that stands nearest to the section, on it or beyond."""
    seats = scene.seats
    if not len(seats):
        return seats
    away = np.where(seats.at[:, 0] >= x - 1e-6, np.abs(seats.at[:, 0] - x), np.inf)
    order = np.lexsort((away, seats.rank))
    first = order[np.r_[True, np.diff(seats.rank[order]) > 0]]
    return seats.where(first[np.isfinite(away[first])])


def _nearest_chairs(scene: Scene, x: float) -> list[Part]:
    """The scene's parts, with only that chair of each row that stands nearest to the section, on it or beyond."""
    nearest = set(_near(scene, x).ids.tolist())
    parts: list[Part] = []
    for part in parts_of(scene):
        if part.of_seats and len(part.tags) == part.count:
            kept = [k for k, tag in enumerate(part.tags) if tag in nearest]
            if kept:
                parts.append(replace(part, transforms=part.transforms[kept], tags=tuple(part.tags[k] for k in kept)))
        else:
            parts.append(part)
    return parts


def _setting_line(scene: Scene, plane: Plane, places: Places) -> list[Mark]:
    floor = floor_of(scene)
    top = max([room.ceiling for _, _, room in span(scene, plane)], default=floor + 3.0)
    e = places.scale
    low, high = floor * 1000 - 4 * e, top * 1000 + 4 * e
    places.lines(((0.0, low), (0.0, high)))
    line = Line(Style("setting"), ((0.0, low), (0.0, high)))
    return [line, *places.put(Style("setting"), "SETTING LINE", [Spot(0.0, high + 0.8 * e, "centre", "bottom")], 2.0)]


def _ends(points: Floats, plane: Plane, floor: float) -> list[Point]:
    """Below what is furthest upstage and furthest downstage, on the floor of the drawing. [mm]"""
    found = [corner(points, 1, sign, 2, -1.0) for sign in (1.0, -1.0)]
    return [(plane.flat(point)[0], floor * 1000) for point in found if point is not None]


def _lengths(scene: Scene, x: float, plane: Plane, rows: Rows) -> list[Mark]:
    """Setting-out along the section: stage, rows near it; and the room's length."""
    floor = floor_of(scene)
    datum = mm(0.0, floor)
    decks = vertices(part for part in parts_of(scene) if part.system == "stage")
    stations = [datum, *_ends(decks, plane, floor)]
    seats = scene.seats
    near = nearest(scene, x)
    stalls = near[~upper_seats(seats)[near]]
    if len(stalls):
        stations += _ends(seat_corners(seats.where(stalls)), plane, floor)
    rows.add(*pairwise(sorted(stations)))
    slabs = [part for part in parts_of(scene) if part.name == "slab"]
    upstairs = sorted([datum, *_ends(vertices(slabs), plane, floor)])
    rows.add(*pairwise(upstairs))
    ends = [u for low, high, _ in span(scene, plane) for u in (low, high)]
    if ends:
        rows.add((mm(min(ends), floor), mm(max(ends), floor)))
    return rows.marks()
