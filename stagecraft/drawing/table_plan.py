"""The table plan for ushers and printers: tables with number, name and places, the stage, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft.analysis.at_tables import SeatedTable, seated_tables, told_apart
from stagecraft.analysis.taken import corners
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Align, Places, Spot, Valign, around, within
from stagecraft.drawing._paper import SIZES, USUAL
from stagecraft.drawing._views import drawing, extent, floor_of, name_of, parts_of, points_mm
from stagecraft.drawing.marks import Drawing, Fill, Line, Mark, Style, Text
from stagecraft.drawing.sheet import sheet_of
from stagecraft.errors import VenueError
from stagecraft.scene import Door, Scene, Space

TITLE = "TABLE PLAN"
OUTLINED = ("column", "stage", "stair", "platform", "foh", "table")
"""What an usher finds the way by."""
NAMED = ("stage", "platform", "foh")
HELD = (0.85, 0.85, 0.85)
_SLIT = 1e-4
NUMBER = 5.0
"""Height of a table's number on paper, where it has room. [mm]"""
PLACE = 1.3
"""Least height of the number of a place on paper. [mm]"""
SEAT, SEAT_NUMBER = Style("seating"), Style("seating", "id")
TABLE, TABLE_NUMBER = Style("table"), Style("table", "id")
WORDS = Style("note")


def table_plan_drawing(scene: Scene, paper: str = "A3", scale: float | None = None) -> Drawing:
    """Every table with its number, its name and its places; held places grey, killed ones crossed, W for wheelchairs.

    paper : the sheet that it is to fill, "A4" … "A0"
    scale : 1:n, instead of the largest with which it fits that sheet

    Raises VenueError where nobody sits at tables.
    """
    tables = seated_tables(scene)
    if not tables:
        raise VenueError("nobody sits at tables here: there is no table plan to draw")
    if paper not in SIZES:
        raise VenueError(f"'{paper}' is no paper size: {', '.join(SIZES)}")
    if scale is not None:
        return _Plan(scene, tables, float(scale)).drawing()
    for n in USUAL:
        made = _Plan(scene, tables, float(n)).drawing() if _may_fit(scene, n, paper) else None
        if made is not None and (sheet := sheet_of(made)).views[0].scale == n and max(sheet.size) <= SIZES[paper][0]:
            return made
    raise VenueError(f"the table plan is too large for {paper}")


def _may_fit(scene: Scene, scale: float, paper: str) -> bool:
    """Whether the floor with places alone fits, before anything is drawn."""
    spread = np.ptp(scene.seats.at[:, :2], axis=0) * 1000 / scale
    return bool(max(spread) <= SIZES[paper][0] and min(spread) <= SIZES[paper][1])


class _Plan:
    def __init__(self, scene: Scene, tables: list[SeatedTable], scale: float) -> None:
        self.scene, self.tables, self.scale = scene, tables, scale
        self.places = Places(scale)
        self.notes: list[str] = []
        self.apart = told_apart(tables)

    def drawing(self) -> Drawing:
        marks: list[Mark] = [*self.room(), *self.chairs(), *self.tops()]
        for table in self.tables:
            marks += self.called(table)
        marks += self.names()
        (left, low), _ = extent(marks, {}, self.scale)
        marks.append(Text(WORDS, (left, low - 5 * self.scale), "\n".join(self.totals()), 3.5, valign="top"))
        notes = (*self.key(), *self.notes, *self.places.notes)
        return drawing("table_plan", TITLE, self.scene, marks, {}, self.scale, notes)

    def room(self) -> Iterator[Mark]:
        """Walls, exits, columns and what stands on the floor."""
        for space in self.scene.of(Space):
            if space.use in ("room", "stage"):
                for ring in space.outline.rings():
                    style = Style("wall" if space.use == "room" else "stage")
                    yield Line(style, points_mm(ring.points), closed=True)
        outlined = {table.element for table in self.tables}
        outlined |= {space.element for space in self.scene.of(Space) if space.use == "stage"}
        for part in parts_of(self.scene):
            on_floor = part.bounds[0, 2] < floor_of(self.scene) + 2.0
            if part.system in OUTLINED and on_floor and not part.of_seats and part.element not in outlined:
                for solid in part.solids():
                    yield from _rings(Style(part.system), solid.footprint)

    def chairs(self) -> Iterator[Mark]:
        """A square for each place, as far as it is not under a table; how it may be given shows."""
        import shapely

        seats = self.scene.seats
        height = self.number_height()
        plans = {(table.element, table.key): table.plan for table in self.tables}
        for row in self.scene.seat_rows:
            top = plans.get((row.element, row.key))
            for k, ring in zip(np.flatnonzero(row.stands).tolist(), corners(row)[row.stands]):
                status, place = str(row.status[k]), str(row.place[k])
                middle = row.at[k, :2]
                if place == "wheelchair" and top is not None:
                    free = shapely.Polygon(ring).difference(top)
                    free = max(shapely.get_parts(free).tolist(), key=shapely.area, default=free)
                    if free.area > 0:
                        ring = np.asarray(free.exterior.coords)[:-1]
                        middle = shapely.get_coordinates(free.centroid)[0]
                square = points_mm(ring)
                if status == "hold":
                    yield Fill(SEAT, (square,), "solid", HELD)
                yield Line(SEAT if place != "wheelchair" else Style("wheelchair"), square, closed=True)
                if status == "kill":
                    for start, end in ((ring[0], ring[len(ring) // 2]), (ring[1], ring[-1])):
                        yield Line(SEAT, points_mm(np.array([start, end])))
                    continue
                words = "W" if place == "wheelchair" else str(row.seat[k])
                if height and words:
                    at = (float(middle[0]) * 1000, float(middle[1]) * 1000)
                    yield Text(SEAT_NUMBER, at, words, height, 0.0, "centre", "middle")
        boxes = [seats.at[:, :2] * 1000 + s * 500 * seats.width[:, None] for s in (-1, 1)]
        self.places.keep(np.concatenate(boxes, axis=1))

    def number_height(self) -> float:
        """Of the numbers of places on paper; 0 where they could not be read. [mm]"""
        seats = self.scene.seats
        room = float(np.minimum(seats.width, seats.depth).min()) * 1000 / self.scale
        longest = max((lettering.width(label, 1.0) for label in np.unique(seats.seat).tolist()), default=1.0)
        height = min(2.5, 0.75 * room / max(longest, 1.0))
        if height < PLACE:
            self.notes.append("Places are numbered clockwise, as seen from above, from the stage's side.")
            return 0.0
        return height

    def tops(self) -> Iterator[Mark]:
        for table in self.tables:
            if table.plan is not None:
                yield from _rings(TABLE, table.plan)

    def called(self, table: SeatedTable) -> Iterator[Mark]:
        """Number and name in the table's middle, as large as they have room; its block where another has its number."""
        import shapely

        if table.plan is None:
            return
        (x, y), s = table.plan.centroid.coords[0], 1000 / self.scale
        number = table.label or str(table.key)
        hollow = not shapely.contains_xy(table.plan, x, y)
        left, low, right, high = table.plan.bounds
        wide, tall = (right - left) * s * (0.5 if hollow else 0.8), (high - low) * s * 0.8
        at = (x * 1000, y * 1000)
        name = table.name or self.apart[table.element, table.key]
        if not name:
            lines, height = lettering.fit(number, (wide, tall), NUMBER)
            yield Text(TABLE_NUMBER, at, "\n".join(lines), height, 0.0, "centre", "middle")
        else:
            lines, height = lettering.fit(name, (wide * 0.9, tall * 0.45), 2.5)
            if height < lettering.LEAST:
                self.notes.append(f"Table {number}: {name}.")
                lines, height = [], 0.0
            big = lettering.fit(number, (wide, tall * (0.35 if lines else 1.0)), NUMBER)[1]
            block = lettering.size("\n".join(lines), height)[1] + 0.3 * big if lines else 0.0
            top = at[1] + (big + block) / 2 * self.scale
            yield Text(TABLE_NUMBER, (at[0], top), number, big, 0.0, "centre", "top")
            if lines:
                low_ = top - (big + block) * self.scale
                yield Text(TABLE_NUMBER, (at[0], low_), "\n".join(lines), height, 0.0, "centre", "bottom")
        self.places.keep(np.array([[left, low, right, high]]) * 1000)

    def names(self) -> Iterator[Mark]:
        """The stage, platforms and desks; the exits."""
        said: set[str] = set()
        for part in parts_of(self.scene):
            if part.system in NAMED and part.element not in said and part.bounds[0, 2] < floor_of(self.scene) + 2.0:
                said.add(part.element)
                box = _box(part.bounds)
                height = 5.0 if part.system == "stage" else 2.5
                words = name_of(self.scene, part.element)
                yield from self.places.put(WORDS, words, [*within(box, self.scale), *around(box, self.scale)], height)
        for door in self.scene.of(Door):
            if not door.exit:
                continue
            way, (a, b) = door.out, door.sides
            for depth in (0.0, door.depth):
                yield Line(Style("exit"), points_mm(np.array([a + way * depth, b + way * depth])))
            x, y = (door.at[:2] * 1000 + way * (door.depth * 1000 + 1.5 * self.scale)).tolist()
            align: Align = "left" if way[0] > 0.7 else "right" if way[0] < -0.7 else "centre"
            valign: Valign = "bottom" if way[1] > 0.7 else "top" if way[1] < -0.7 else "middle"
            spots = [Spot(x, y, align, valign)]
            yield from self.places.put(Style("exit", "id"), f"{door.name} EXIT", spots, 2.5)

    def totals(self) -> Iterator[str]:
        """`50 tables, 500 places: 470 open, 20 held, 10 killed`, and the given places by category."""
        seats = self.scene.seats
        own = np.concatenate([table.seats for table in self.tables])
        words = Counter(seats.status[own].tolist())
        counts = [
            f"{words[key]} {name}"
            for key, name in (("open", "open"), ("hold", "held"), ("kill", "killed"))
            if words[key]
        ]
        chairs = int((seats.place[own] == "wheelchair").sum())
        more = f"; wheelchair {chairs}" if chairs else ""
        many = len(self.tables)
        yield f"{many} table{'s' if many > 1 else ''}, {len(own)} places: {', '.join(counts)}{more}"
        given = Counter(seats.category[own][seats.status[own] != "kill"].tolist())
        if set(given) - {""}:
            yield "given: " + ", ".join(
                f"{name or 'no category'} {given[name]}" for name in sorted(given, key=lambda c: (c == "", c))
            )
        if apart := len(seats) - len(own):
            yield f"not at tables: {apart} places"

    def key(self) -> Iterator[str]:
        """What the signs mean that are there."""
        seats = self.scene.seats
        if (seats.status == "hold").any():
            yield "Grey: held."
        if (seats.status == "kill").any():
            yield "Crossed: not given."
        if (seats.place == "wheelchair").any():
            yield "W: wheelchair place."


def _rings(style: Style, plan: Any) -> Iterator[Line]:
    import shapely

    whole = plan.buffer(_SLIT, join_style="mitre").buffer(-_SLIT, join_style="mitre")  # closes slits between its faces
    for polygon in shapely.get_parts(whole):
        for ring in (polygon.exterior, *polygon.interiors):
            yield Line(style, points_mm(np.asarray(ring.coords)[:-1]), closed=True)


def _box(bounds: Any) -> tuple[float, float, float, float]:
    (left, low), (right, high) = bounds[:, :2].tolist()
    return left * 1000, low * 1000, right * 1000, high * 1000
