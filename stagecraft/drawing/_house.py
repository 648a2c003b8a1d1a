"""The house seen from above: walls and columns cut 1.2 m above the floor, doors, underlay, axes and setting-out point.

Every plan begins with it; where a plan is about something else, the house lies grey and light beneath.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.drawing._labels import Box, Places, Spot, around
from stagecraft.drawing._paper import FILING, MARGIN, SIZES
from stagecraft.drawing._plan_shapes import clipped, in_lines, leaves, outline_box, outline_lines, side
from stagecraft.drawing._views import (
    bodies,
    drawing,
    extent,
    fill_marks,
    floor_of,
    keep_hard,
    keep_lines,
    mm,
    notes_of,
    parts_of,
    path_marks,
    points_mm,
    seat_corners,
)
from stagecraft.drawing.cross_section import cross_station
from stagecraft.drawing.draft import PLANS
from stagecraft.drawing.marks import Circle, Drawing, Fill, Line, Mark, Point, Shape, Style, Symbol, Text
from stagecraft.geometry.linework import FROM_ABOVE, Body, circles_of, hidden_lines, outline_paths, section_cut
from stagecraft.scene import Door, Part, Scene, Space, Underlay

CUT = 1.2
"""Height above the floor at which the plan cuts walls. [m]"""
OVERHEAD = 2.2
"""What begins higher than this above the floor is overhead. [m]"""
BESIDE = 1.0
"""How far beyond the building somebody else's drawing is shown. [m]"""
BACKGROUND = Style("background")
"""What stands there besides what a plan is about."""
_SEATWAY = 0.35
"""Half of what may lie free between the rows of a bank drawn as one outline. [m]"""


def plan_scales(scene: Scene) -> tuple[float, ...]:
    """Scales of plans at which the house is not larger than an A0: those finer are not worth a try."""
    sides = sorted((np.ptp(scene.bounds[:, :2], axis=0) * 1000).tolist())
    paper = sorted(SIZES["A0"])
    return (
        tuple(n for n in PLANS if all(side / n <= room - FILING - MARGIN for side, room in zip(sides, paper))) or PLANS
    )


@dataclass
class House:
    """A plan that is being drawn.

    Of its own content a plan adds marks with `draw` (words keep off these lines if they can) and `add`; `axes` and
    `axis_ends` put the centre line, the setting line and the setting-out point to it, and `drawing` closes it.
    """

    scene: Scene
    scale: float
    places: Places = field(default_factory=lambda: Places(100.0))
    light: bool = False
    marks: list[Mark] = field(default_factory=list)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    beneath: list[Mark] = field(default_factory=list)
    """Somebody else's drawing, which neither dimensions nor the sheet make room for."""
    cut: list[Any] = field(default_factory=list)
    """Walls and columns as they are cut, as shapely areas. [m]"""

    def __post_init__(self) -> None:
        if self.places.scale != self.scale:
            self.places = Places(self.scale)
        self.floor = floor_of(self.scene)
        self.parts = parts_of(self.scene)
        self.places.lines([(0.0, -1e5), (0.0, 1e5)])  # the centre line

    def add(self, marks: Sequence[Mark]) -> None:
        self.marks += marks

    def draw(self, marks: Sequence[Mark]) -> None:
        """Marks that words keep off if they can."""
        self.marks += marks
        keep_lines(self.places, marks)

    @property
    def units(self) -> units.Units:
        return self.scene.about.units

    def style(self, system: str, role: Any = "line") -> Style:
        """Of the house itself: thin and grey where it lies beneath something else."""
        return Style(system, "beyond" if self.light and role in ("line", "cut") else role)

    def house(self, things: Iterable[str] = ()) -> None:
        """Underlay, walls, columns and doors; outlines of the `things` of some systems."""
        self.underlay()
        self.walls()
        self.doors()
        self.background(things)

    def drawing(self, name: str, title: str, notes: Iterable[str] = ()) -> Drawing:
        """All that was drawn, as one view."""
        every = (*notes_of(self.scene), *self.notes, *notes, *self.places.notes)
        return drawing(name, title, self.scene, self.marks, self.symbols, self.scale, every, self.beneath)

    def underlay(self) -> None:
        """Somebody else's drawing, as far as the building goes; where there is no building, about what stands."""
        building = self.scene.bounds[:, :2]
        margin = (
            BESIDE
            if self.scene.rooms
            else max(10.0, 0.5 * float(np.ptp(building, axis=0).max()))
            if self.parts
            else np.inf
        )
        low, high = building[0] - margin, building[1] + margin
        style = Style("underlay")
        for record in self.scene.of(Underlay):
            lines = [line for line in record.lines if len(line) > 1]
            shown = [piece for line in lines for piece in clipped(line, low, high)]
            into = self.beneath if self.scene.rooms else self.marks
            into += [Line(style, points_mm(piece)) for piece in shown]
            if lines and not shown:
                at = np.concatenate(lines)[:, :2]
                away = np.maximum(np.maximum(building[0] - at.max(axis=0), at.min(axis=0) - building[1]), 0.0)
                self.notes.append(
                    f"Underlay '{record.element}' lies {units.length(float(np.hypot(*away)), self.units, 0)} "
                    "away from the building and is not shown."
                )

    def walls(self) -> None:
        """Walls and columns cut; what stands lower is seen, what hangs higher is dashed."""
        import shapely

        standing = [part for part in self.parts if part.system in ("wall", "column")]
        cuts: dict[str, list[Any]] = {}
        circles, over = [], list[Part]()
        for part in standing:
            body = Body(part.solid, part.transforms)
            area = section_cut(body, FROM_ABOVE, self.floor + CUT)
            if not area.is_empty:
                cuts.setdefault(part.system, []).append(area)
                circles += circles_of(body, FROM_ABOVE)
            elif part.bounds[0, 2] > self.floor + CUT:
                over.append(part)
            elif part.bounds[1, 2] > self.floor + 1e-3:
                self.draw(list(path_marks(hidden_lines(bodies([part], ["low"])), Style(part.system, "beyond"))))
        for system, areas in cuts.items():
            area = shapely.union_all(areas)
            self.cut.append(area)
            outlines = list(path_marks(outline_paths(area, circles), self.style(system, "cut")))
            self.draw(outlines)
            keep_hard(self.places, outlines)
            self.add(list(fill_marks(area, system, self.scale)))
        for part in over:
            marks = path_marks(hidden_lines(bodies([part], ["over"])), Style(part.system, "overhead"))
            self.add([piece for mark in marks for piece in self.beside_cut(mark)])
        if not any(part.system == "wall" for part in standing):
            for room in self.scene.rooms:
                self.draw(list(outline_lines(room.outline, self.style("wall"))))

    def beside_cut(self, mark: Shape) -> list[Shape]:
        """What is left of a line where the outline of what is cut runs along it already."""
        import shapely

        if not isinstance(mark, Line) or any(mark.bulges) or not self.cut:
            return [mark]
        points = (*mark.points, mark.points[0]) if mark.closed else mark.points
        drawn = shapely.union_all([area.boundary for area in self.cut]).buffer(1e-5)
        line = shapely.LineString(np.array(points) / 1000)
        if not drawn.intersection(line).length > 1e-4:
            return [mark]
        left = shapely.line_merge(line.difference(drawn))
        pieces = [piece for piece in shapely.get_parts(left) if piece.length > 1e-3]
        return [Line(mark.style, points_mm(np.round(shapely.get_coordinates(piece), 4))) for piece in pieces]

    def doors(self) -> None:
        """Doors standing open as they swing, with name and clear width where the house is not light."""
        for door in self.scene.of(Door):
            self.door(door)

    def door(self, door: Door) -> None:
        style = self.style("exit" if door.exit else "door")
        turn = math.radians(door.heading - 90)
        c, s = round(math.cos(turn), 12), round(math.sin(turn), 12)

        def at(x: float, y: float) -> Point:
            return mm(door.at[0] + c * x - s * y, door.at[1] + s * x + c * y)

        half, far = door.width / 2, door.depth
        self.draw([Line(style, jamb) for x in (-half, half) if not self.ends_wall(jamb := (at(x, 0), at(x, far)))])
        self.draw(list(leaves(door, style, at)))
        if self.light:
            return
        reach = door.width / max(1, min(door.leaves, 2)) if door.swing == "out" else 0.0
        out = far + reach + 1.2 * self.scale / 1000
        x, y = at(0.0, out)
        align, valign = side(door.heading)
        spots = [Spot(*at(k * half, out + lift), align, valign) for lift in (0.0, 0.4, 0.8) for k in (0, 1, -1, 2, -2)]
        words = in_lines(self.door_words(door))
        self.add(self.places.put(Style(style.system, "id"), words, [Spot(x, y, align, valign), *spots]))

    def ends_wall(self, jamb: tuple[Point, Point]) -> bool:
        """Whether a jamb is drawn already: the wall that is cut ends there."""
        import shapely

        middle = shapely.Point((jamb[0][0] + jamb[1][0]) / 2000, (jamb[0][1] + jamb[1][1]) / 2000)
        return any(area.boundary.distance(middle) < 1e-5 for area in self.cut)

    def door_words(self, door: Door) -> str:
        return f"{door.name}{' EXIT' if door.exit else ''}\n{units.drawn(door.width, self.units)} CLEAR"

    def background(self, things: Iterable[str]) -> None:
        """Outlines of what stands on the floor, light: a stage, desks, banks of seats as one."""
        import shapely

        wanted = set(things)
        staged: set[str] = set()
        if "stage" in wanted:
            for space in self.scene.of(Space):
                if space.use == "stage":
                    staged.add(space.element)
                    self.draw(list(outline_lines(space.outline, BACKGROUND)))
        low = [
            part for part in self.parts
            if part.system in wanted and not part.of_seats and part.element not in staged
            and part.bounds[0, 2] <= self.floor + OVERHEAD
        ]  # fmt: skip
        self.draw(list(path_marks(hidden_lines(bodies(low, [0] * len(low))), BACKGROUND)))
        if "seating" in wanted and len(seats := self.scene.seats):
            front, back = seat_corners(seats)[:, :2].reshape(2, 2, -1, 2)
            rings = np.stack([front[0], front[1], back[1], back[0]], axis=1)
            apart = {"join_style": "mitre", "quad_segs": 1}
            with np.errstate(
                divide="ignore", invalid="ignore"
            ):  # GEOS divides by nothing where the sides of curved rows meet
                banks = shapely.union_all(shapely.buffer(shapely.polygons(rings), _SEATWAY, **apart))
                banks = shapely.simplify(shapely.buffer(banks, -_SEATWAY, **apart), 0.05)
            for bank in shapely.get_parts(banks):
                if not bank.is_empty:
                    self.draw([Line(BACKGROUND, points_mm(np.asarray(bank.exterior.coords)[:-1]), True)])

    def axes(self) -> None:
        """Setting line, centre line and setting-out point."""
        self.frame = self.reach()
        left, _, right, _ = self.frame
        e, r = 3 * self.scale, 2 * self.scale
        self.add([Line(Style("setting"), ((left - e, 0.0), (right + e, 0.0)))])
        self.places.lines([(left - e, 0.0), (right + e, 0.0)])
        datum = Style("datum")
        self.add([Circle(datum, (0.0, 0.0), r), Line(datum, ((-1.5 * r, 0), (1.5 * r, 0))),
                  Line(datum, ((0, -1.5 * r), (0, 1.5 * r)))])  # fmt: skip
        self.places.keep([(-r, -r, r, r)])
        words = f"SETTING-OUT POINT 0, 0\n{units.level(self.floor, self.units)}"
        self.add(self.places.name(datum, words, [(list(around((-r, -r, r, r), self.scale)), 2.0, None)]))
        x0, x1, y = left + 6 * self.scale, right - 6 * self.scale, 0.8 * self.scale
        spots = [Spot(x0, y, "left", "bottom"), Spot(x1, y, "right", "bottom"), Spot(x0, -y, "left", "top"),
                 Spot(x1, -y, "right", "top")]  # fmt: skip
        self.add(self.places.name(Style("setting"), "SETTING LINE", [(spots, 2.0, None)]))

    def reach(self) -> Box:
        """Box round the room, or round all there is. [mm]"""
        rooms = [outline_box(room.outline) for room in self.scene.rooms]
        walls = [part.bounds for part in self.parts if part.system == "wall"]
        rooms += [(*mm(*low[:2]), *mm(*high[:2])) for low, high in walls]
        if not rooms:
            (x0, y0), (x1, y1) = extent(self.marks, self.symbols, self.scale)
            rooms = [(x0, y0, x1, y1)]
        low, high = np.min(rooms, axis=0), np.max(rooms, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def axis_ends(self, sections: bool = True) -> None:
        """The centre line right through the drawing, and the marks of the sections A-A and B-B that are cut by default."""
        (_, low), (_, high) = extent(self.marks, self.symbols, self.scale)
        style, e = Style("centre"), self.scale
        low, high = low - 4 * e, high + 4 * e
        self.add([Line(style, ((0.0, low), (0.0, high)))])
        self.add([self.places.claim(Text(style, (-1.2 * e, high + 1 * e), "CL", 3.5, 0.0, "right", "bottom"))])
        datum = Style("datum")
        for y, way in ((high, 1), (low, -1)) if sections else ():
            base = y + way * 3 * e
            self.add([Line(datum, ((0.0, y), (0.0, base), (5 * e, base))),
                      Fill(datum, (((8 * e, base), (5 * e, base + 1.1 * e), (5 * e, base - 1.1 * e)),), "solid"),
                      Line(datum, ((8 * e, base), (5 * e, base + 1.1 * e), (5 * e, base - 1.1 * e)), True)])  # fmt: skip
            self.add([self.places.claim(Text(datum, (9.5 * e, base), "A", 3.5, 0.0, "left", "middle"))])
        station = cross_station(self.scene) if sections else None
        if station is not None:
            self.cross_marks(station * 1000)
        self.north()

    def cross_marks(self, y: float) -> None:
        """The ends of section B-B, which looks upstage. [mm]"""
        (left, _), (right, _) = extent(self.marks, self.symbols, self.scale)
        datum, e = Style("datum"), self.scale
        for x, way in ((left, -1), (right, 1)):
            inner, base = x + way * e, x + way * 5 * e
            tip, foot = y + 8 * e, y + 5 * e
            head = ((base, tip), (base - 1.1 * e, foot), (base + 1.1 * e, foot))
            self.add(
                [
                    Line(datum, ((inner, y), (base, y), (base, foot))),
                    Fill(datum, (head,), "solid"),
                    Line(datum, head, True),
                ]
            )
            self.add([self.places.claim(Text(datum, (base, tip + 1.5 * e), "B", 3.5, 0.0, "centre", "bottom"))])

    def north(self) -> None:
        """An arrow to the north above the plan's left side, where a room says where north is."""
        known = next((room.north for room in self.scene.rooms if room.north is not None), None)
        if known is None:
            return
        (left, _), (_, high) = extent(self.marks, self.symbols, self.scale)
        r = 5 * self.scale
        x, y = left + 2 * r, high - r
        c, s = math.cos(math.radians(known)), math.sin(math.radians(known))
        turn = np.array([[c, s], [-s, c]])
        tip, left_, tail, right_ = (
            np.array([(1, 0), (-0.8, 0.6), (-0.5, 0), (-0.8, -0.6)]) * r @ turn + (x, y)
        ).tolist()
        style = Style("datum")
        name = np.array([(1.5 * r, 0.0)]) @ turn + (x, y)
        self.add([Circle(style, (x, y), r), Line(style, (tuple(tip), tuple(left_), tuple(tail), tuple(right_)), True),
                  Fill(style, ((tuple(tip), tuple(left_), tuple(tail)),), "solid"),
                  self.places.claim(Text(style, (float(name[0, 0]), float(name[0, 1])), "N", 3.5, 0.0, "centre", "middle"))])  # fmt: skip
