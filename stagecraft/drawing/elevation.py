"""The front elevation: the stage and all above it as the audience sees it, without the audience."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.drawing._labels import ROW, Places, Rows, Spot
from stagecraft.drawing._upright import (
    Plane,
    at_edge,
    height_rows,
    heights,
    level_column,
    name_labels,
    scales_of,
    solid_marks,
    span,
    warning_of,
)
from stagecraft.drawing._views import corner, drawing, extent, floor_of, main_screen, mm, notes_of, parts_of, vertices
from stagecraft.drawing.draft import Draft, Job, View
from stagecraft.drawing.marks import Drawing, Line, Mark, Point, Style
from stagecraft.geometry.linework import FROM_THE_HOUSE
from stagecraft.scene import Part, Scene, Space

TITLE = "FRONT ELEVATION (seating omitted)"
BEFORE_STAGE = ("stair", "stage", "rail", "set", "sound")
"""What belongs to a stage where it stands against its front."""
REACH = 3.0
"""How far it may stand out. [m]"""
BEFORE = 0.3
"""How far before the stage the room is cut. [m]"""


def elevation(scene: Scene, scale: float = 100) -> Drawing:
    """Elevation from the audience, looking upstage, laid out for 1:`scale`. Stage left is on the right.

    The room is cut just before the stage, so that what stands in the audience is not shown; nor is seating.
    """
    scale = float(scale)
    plane = Plane(FROM_THE_HOUSE, -_cut(scene))
    places = Places(scale)
    seated = {row.element for row in scene.seat_rows}  # tiers go with their seats
    parts = [part for part in parts_of(scene) if part.system != "seating" and part.element not in seated]
    marks, hidden, seen = solid_marks(scene, parts, plane, places)
    shown = [part for part in parts if part.element in seen and part.bounds[1, 1] > -plane.near - 1e-9]
    found = heights(scene, plane, shown)
    marks += _centre_line(scene, plane, places)
    marks += name_labels(scene, shown, plane, places)
    (left, low), (right, _) = extent(marks, {}, scale)
    system = scene.about.units
    marks += level_column(found, places, right + 4 * scale, 1.0, system)
    marks += height_rows(Rows(places, 90, left - 6 * scale, -ROW * scale, system), at_edge(found, left))
    marks += _widths(scene, plane, shown, Rows(places, 0, low - 9 * scale, -ROW * scale, system))
    looks = "The elevation looks upstage from just before the stage; seating is omitted."
    notes = (*notes_of(scene), looks, *places.notes)
    return drawing("elevation", TITLE, scene, marks, {}, scale, notes, hidden)


def _cut(scene: Scene) -> float:
    """y at which the room is cut: just before the stage and its steps, or what stands where a stage would. [m]"""
    for systems in (("stage",), ("video", "set", "platform"), ("truss", "drape")):
        fronts = [float(part.bounds[0, 1]) for part in parts_of(scene) if part.system in systems]
        fronts += [float(s.outline.outer.points[:, 1].min()) for s in scene.of(Space) if s.use == systems[0]]
        if fronts:
            front = min(fronts)
            near = [part.bounds[:, 1] for part in parts_of(scene) if part.system in BEFORE_STAGE]
            return min([front, *(float(y[0]) for y in near if y[1] >= front - 0.1 and y[0] > front - REACH)]) - BEFORE
    return min((float(room.outline.outer.points[:, 1].mean()) for room in scene.rooms), default=0.0)


def _centre_line(scene: Scene, plane: Plane, places: Places) -> list[Mark]:
    e = places.scale
    top = max([room.ceiling for _, _, room in span(scene, plane)], default=floor_of(scene) + 3.0)
    low, high = floor_of(scene) * 1000 - 4 * e, top * 1000 + 4 * e
    places.lines(((0.0, low), (0.0, high)))
    line = Line(Style("centre"), ((0.0, low), (0.0, high)))
    return [line, *places.put(Style("centre"), "CL", [Spot(0.0, high + 0.8 * e, "centre", "bottom")], 3.5)]


def _widths(scene: Scene, plane: Plane, shown: list[Part], rows: Rows) -> list[Mark]:
    """Widths of stage, screen and room, measured at the floor."""
    floor = floor_of(scene)
    stage = [np.c_[s.outline.outer.points, np.full(len(s.outline.outer.points), s.floor)] for s in scene.of(Space)
             if s.use == "stage"]  # fmt: skip
    pools = [np.concatenate(stage) if stage else vertices(part for part in shown if part.system == "stage")]
    screen = main_screen(scene)
    if screen is not None:
        corners = screen.facets.reshape(-1, 3)
        pools.insert(0, corners[corners[:, 2] <= corners[:, 2].min() + 1e-9])
    for points in pools:
        ends: list[Point] = []
        for sign in (-1.0, 1.0):
            found = corner(plane.beyond(points), 0, sign, 2, -1.0) if len(points) else None
            if found is not None:
                ends.append((plane.flat(found)[0], floor * 1000))
        if len(ends) == 2:
            rows.add((ends[0], ends[1]))
    sides = [u for low, high, _ in span(scene, plane) for u in (low, high)]
    if sides:
        rows.add((mm(min(sides), floor), mm(max(sides), floor)))
    return rows.marks()


def elevation_sheets(job: Job) -> Iterator[Draft]:
    """203: the front elevation, where there is anything to be seen."""
    if job.scene.parts or job.scene.rooms:
        view = View("elevation", lambda scale: elevation(job.scene, scale), scales_of(job.scene, 0))
        yield Draft("elevation", "203", "Front elevation", "Elevation", (view,), warning=warning_of(job.scene))
