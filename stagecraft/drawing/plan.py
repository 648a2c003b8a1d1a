"""The plan: what stands in the room, seen from above; walls and columns cut 1.2 m above the floor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import ABOVE, DIMENSION, HEIGHT, Box, Places, Rows, Spot, around, text_box, within
from stagecraft.drawing._views import (
    ARCHITECTURE,
    bodies,
    corner,
    drawing,
    extent,
    fill_marks,
    floor_of,
    is_sheet,
    keep_hard,
    keep_lines,
    main_screen,
    mm,
    name_of,
    notes_of,
    parts_of,
    path_marks,
    points_mm,
    seat_corners,
    upper_seats,
    vertices,
)
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Drawing,
    Ellipse,
    Fill,
    Insert,
    Line,
    Mark,
    Point,
    Role,
    Shape,
    Style,
    Symbol,
    Text,
)
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import (
    FROM_ABOVE,
    Body,
    circles_of,
    hidden_lines,
    look,
    outline_paths,
    section_cut,
)
from stagecraft.geometry.outline import Outline
from stagecraft.scene import Door, KeepClear, Note, Part, Pick, Scene, Seats, Space, Underlay, Walkway

CUT = 1.2
"""Height above the floor at which the plan cuts walls. [m]"""
OVERHEAD = 2.2
"""What begins higher than this above the floor is overhead. [m]"""
SMALL = 12.0
"""Things smaller than this on paper are never written over. [mm]"""
BESIDE = 1.0
"""How far beyond the building somebody else's drawing is shown. [m]"""
MOST_SPACINGS = 4
"""More spacings of rows than these stand in the report."""
BAY = 1.0
"""Bays of a truss on the plan are about this long, and not shorter than the truss is wide. [m]"""
_ROUND = np.stack([np.cos(np.linspace(0, 2 * np.pi, 9)), np.sin(np.linspace(0, 2 * np.pi, 9))], axis=1)
TITLE = "GENERAL ARRANGEMENT PLAN"
CLOSED = ("stage", "platform", "foh", "set")
"""Systems whose name may stand inside them."""
LABELLED = ("stage", "platform", "foh", "video", "truss", "stair", "set", "camera", "drape")
"""Systems whose elements are named first."""


def plan(scene: Scene, scale: float = 100) -> Drawing:
    """Plan of the scene, laid out for 1:`scale`.

    Every place and every countable thing is an Insert; what is overhead is dashed; words and dimensions lie apart.
    """
    page = Plan(scene, float(scale))
    page.underlay()
    page.walls()
    page.things()
    page.doors()
    page.areas()
    page.seats()
    page.picks()
    page.axes()
    page.gangways()
    page.labels()
    page.dimensions()
    page.axis_ends()
    notes = [*notes_of(scene), *page.notes, *page.places.notes]
    return drawing("plan", TITLE, scene, page.marks, page.symbols, page.scale, notes, page.beneath)


@dataclass
class Plan:
    """A plan that is being drawn."""

    scene: Scene
    scale: float
    marks: list[Mark] = field(default_factory=list)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    beneath: list[Mark] = field(default_factory=list)
    """Somebody else's drawing, which neither dimensions nor the sheet make room for."""

    def __post_init__(self) -> None:
        self.places = Places(self.scale)
        self.floor = floor_of(self.scene)
        self.tables: set[str] = set()
        self.known: dict[tuple[object, ...], str] = {}
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

    # --- the room

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
        circles = []
        for part in standing:
            body = Body(part.solid, part.transforms)
            area = section_cut(body, FROM_ABOVE, self.floor + CUT)
            if not area.is_empty:
                cuts.setdefault(part.system, []).append(area)
                circles += circles_of(body, FROM_ABOVE)
            elif part.bounds[0, 2] > self.floor + CUT:
                paths = hidden_lines(bodies([part], ["over"]))
                self.add(list(path_marks(paths, Style(part.system, "overhead"))))
            elif part.bounds[1, 2] > self.floor + 1e-3:
                self.draw(list(path_marks(hidden_lines(bodies([part], ["low"])), Style(part.system, "beyond"))))
        for system, areas in cuts.items():
            area = shapely.union_all(areas)
            outlines = list(path_marks(outline_paths(area, circles), Style(system, "cut")))
            self.draw(outlines)
            keep_hard(self.places, outlines)
            self.add(list(fill_marks(area, system, self.scale)))
        if not any(part.system == "wall" for part in standing):
            for room in self.scene.rooms:
                self.draw(list(outline_lines(room.outline, Style("wall"))))

    def doors(self) -> None:
        for door in self.scene.of(Door):
            style = Style("exit" if door.exit else "door")
            turn = math.radians(door.heading - 90)
            c, s = round(math.cos(turn), 12), round(math.sin(turn), 12)

            def at(x: float, y: float, d: Door = door, c: float = c, s: float = s) -> Point:
                return mm(d.at[0] + c * x - s * y, d.at[1] + s * x + c * y)

            half, far = door.width / 2, door.depth
            self.draw([Line(style, (at(-half, 0), at(-half, far))), Line(style, (at(half, 0), at(half, far)))])
            self.draw(list(_leaves(door, style, at)))
            reach = door.width / max(1, min(door.leaves, 2)) if door.swing == "out" else 0.0
            out = far + reach + 1.2 * self.scale / 1000
            x, y = at(0.0, out)
            words = f"{door.name}{' EXIT' if door.exit else ''}\n{units.drawn(door.width, self.units)} CLEAR"
            align, valign = _side(door.heading)
            spots = [Spot(*at(k * half, out + lift), align, valign) for lift in (0.0, 0.4, 0.8) for k in (0, 1, -1, 2, -2)]  # fmt: skip
            self.add(self.places.put(Style(style.system, "id"), words, [Spot(x, y, align, valign), *spots]))

    def areas(self) -> None:
        """What is kept clear, standing areas and routes."""
        style = Style("clear")
        for keep in self.scene.of(KeepClear):
            self.add(list(outline_lines(keep.outline, style)))
        for space in self.scene.of(Space):
            if space.use == "standing":
                self.draw(list(outline_lines(space.outline, style)))
                words = f"STANDING {space.capacity}" if space.capacity else "STANDING"
                box = _outline_box(space.outline)
                self.add(
                    self.places.put(Style("clear", "id"), words, [*within(box, self.scale), *around(box, self.scale)])
                )
        for way in self.scene.of(Walkway):
            if way.kind == "route" and len(way.line) > 1:
                self.draw([Line(Style("escape"), points_mm(way.line))])

    # --- things

    def things(self) -> None:
        """Parts, those on the floor first, then what is overhead."""
        low: list[Part] = []
        high: list[Part] = []
        for part in self.parts:
            if part.of_seats or part.system in ("wall", "column"):
                continue
            if self.is_ceiling(part):
                continue
            if part.bounds[1, 2] <= self.floor + 1e-3 and part.system == "item":
                continue
            (high if part.bounds[0, 2] > self.floor + OVERHEAD else low).append(part)
        stages: tuple[tuple[list[Part], Role], ...] = ((low, "line"), (high, "overhead"))
        for parts, role in stages:
            sight = look(bodies(parts, [Style(part.system, role) for part in parts]))
            for path in sight.paths([not part.item for part in parts]):
                assert isinstance(path.group, Style)
                self.draw(list(path_marks([path], path.group)))
            for part, seen in zip(parts, sight.copies()):
                if part.item:
                    self.copies(part, "beyond" if is_sheet(part) and role == "line" else role, seen.tolist())

    def copies(self, part: Part, role: Role, seen: Sequence[bool]) -> None:
        """One Insert a copy; dashed where it is hidden and does not stand exactly under its like."""
        tall = self.table_tag(part)
        shown = ("NUMBER",) if tall else ()
        stood: set[tuple[str, Point, float]] = set()
        for index in sorted(range(part.count), key=lambda k: not seen[k]):
            matrix = part.transforms[index]
            turn = round(math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])), 6) + 0.0
            name = self.symbol(part, matrix, turn, tall)
            tag = part.tags[index] if index < len(part.tags) else part.element
            at = mm(matrix[0, 3], matrix[1, 3])
            style = Style(part.system, role if seen[index] or (name, at, turn) in stood else "hidden")
            number = (("NUMBER", _number(part, index)),) if tall else ()
            attributes = (("TAG", tag), ("ITEM", part.item), ("ELEMENT", part.element), *number)
            self.add([Insert(style, name, at, turn, attributes, shown)])
            if (name, at, turn) in stood:
                continue
            stood.add((name, at, turn))
            if tall:
                words = _number(part, index)
                self.places.claim(Text(style, at, words, tall / self.scale, 0.0, "centre", "middle"))
            self.keep_symbol(self.symbols[name], at, turn, is_sheet(part))

    def keep_symbol(self, symbol: Symbol, at: Point, turn: float, flat: bool) -> None:
        """Words keep off small things altogether, and off the lines of large and of `flat` ones if they can."""
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        carry = np.array([[c, s], [-s, c]])
        lines = [
            np.array([*m.points, m.points[0]] if m.closed else m.points) for m in symbol.marks if isinstance(m, Line)
        ]
        lines += [np.add(m.centre, m.radius * _ROUND) for m in symbol.marks if isinstance(m, (Circle, Arc))]
        lines += [
            np.array([m.at(t) for t in np.linspace(m.start, m.end, 17)]) for m in symbol.marks if isinstance(m, Ellipse)
        ]
        lines = [line @ carry + at for line in lines]
        if not lines:
            return
        corners = np.concatenate(lines)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if not flat and float((high - low).max()) < SMALL * self.scale:
            self.places.keep(np.concatenate([low, high])[None])
        for line in lines:
            self.places.lines(line)

    def table_tag(self, part: Part) -> float:
        """Height of the number shown on each of several tables; 0 where none is. [mm of the venue]"""
        if part.system != "table" or part.count < 2 or not part.tags:
            return 0.0
        size = part.solid.bounds[1] - part.solid.bounds[0]
        room = 0.8 * min(size[0], size[1]) * 1000
        longest = max(lettering.width(_number(part, k), 1.0) for k in range(part.count))
        height = min(3.5 * self.scale, room / max(longest, 1.0))
        if height < lettering.LEAST * self.scale:
            return 0.0
        self.tables.add(part.element)
        return float(height)

    def symbol(self, part: Part, matrix: Floats, turn: float, tall: float) -> str:
        """Name of the symbol of one copy, defined on first sight."""
        back = math.radians(-turn)
        c, s = math.cos(back), math.sin(back)
        rest = np.eye(4)
        rest[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ matrix[:3, :3]
        key = (id(part.solid), part.item, tall, *np.round(rest[:3, :3], 6).reshape(-1).tolist())
        if key not in self.known:
            style, name = Style(part.system), part.item
            lines: list[Shape] = []
            if part.symbol is not None and np.allclose(rest, np.eye(4), atol=1e-6):
                name = part.symbol.name
                lines += [_polyline(style, line) for line in part.symbol.lines if len(line) > 1]
                if part.system == "truss":
                    lines += _lattice(style, part)
            else:
                lines += path_marks(hidden_lines([Body(part.solid, rest[None])]), style)
            slot = ("NUMBER", (0.0, 0.0), tall) if tall else ("TAG", (0.0, 0.0), 1.8 * self.scale)
            self.known[key] = self.define(name, lines, (slot,))
        return self.known[key]

    def define(self, base: str, marks: Sequence[Shape],
               slots: tuple[tuple[str, Point, float], ...]) -> str:  # fmt: skip
        """The symbol's own name; a number is added where another shape has it already."""
        number = 1
        while True:
            name = base if number == 1 else f"{base}-{number}"
            symbol = Symbol(name, tuple(marks), slots)
            if self.symbols.setdefault(name, symbol) == symbol:
                return name
            number += 1

    # --- seats

    def seats(self) -> None:
        """An Insert a place."""
        seats = self.scene.seats
        if not len(seats):
            return
        upper = upper_seats(seats)
        if upper.any():
            self.notes.append("Seats above others (a balcony) are drawn light beneath them, without their numbers.")
        inserts: list[Insert] = []
        kinds = np.where(seats.place == "wheelchair", "WHEELCHAIR", seats.item)
        kinds = np.where(kinds == "", np.char.upper(seats.place), kinds)
        at = np.round(seats.at[:, :2] * 1000, 4) + 0.0
        turn = np.round(np.mod(seats.facing - 90.0 + 180.0, 360.0) - 180.0, 6) + 0.0
        for kind in np.unique(kinds).tolist():
            mine = np.nonzero(kinds == kind)[0]
            wheel, standing = kind == "WHEELCHAIR", kind == "STANDING"
            wide, deep = self.seat_size(seats, kind, int(mine[0]))
            shown = self.number_height(seats.where(mine), wide)
            make = wheelchair_symbol if wheel else standing_symbol if standing else chair_symbol
            style = Style("wheelchair" if wheel else "seating")
            name = f"SEAT-{kind}"
            slot = (0.0, (-0.4 if wheel else 0.06) * deep * 1000)
            self.symbols[name] = Symbol(name, make(style, wide * 1000, deep * 1000),
                                        (("SEAT", slot, shown or 0.3 * wide * 1000),))  # fmt: skip
            look = np.radians(turn[mine])
            c, s = np.abs(np.cos(look))[:, None], np.abs(np.sin(look))[:, None]
            reach = 500 * np.concatenate([c * wide + s * deep, s * wide + c * deep], axis=1)
            columns = [getattr(seats, f)[mine].tolist() for f in ("seat", "row", "block", "category", "status", "place", "ids")]  # fmt: skip
            names = ("SEAT", "ROW", "BLOCK", "CATEGORY", "STATUS", "PLACE", "ID")
            over = Style(style.system, "overhead")
            for point, angle, values, above in zip(
                at[mine].tolist(), turn[mine].tolist(), zip(*columns), upper[mine].tolist()
            ):
                inserts.append(Insert(over if above else style, name, (point[0], point[1]), angle,
                                      tuple(zip(names, values)), ("SEAT",) if shown and not above else ()))  # fmt: skip
            self.places.keep(np.c_[at[mine] - reach, at[mine] + reach])
        self.marks += sorted(inserts, key=lambda insert: insert.style.role != "overhead")
        self.rows(upper)

    def seat_size(self, seats: Seats, kind: str, first: int) -> tuple[float, float]:
        """Width and depth of a place's symbol. [m]"""
        wide, deep = float(seats.width[first]), float(seats.depth[first])
        item = self.scene.items.get(kind)
        if kind == "WHEELCHAIR":
            return wide, deep
        if item is not None:
            return min(item.width or 0.92 * wide, wide), item.depth or deep
        return 0.92 * wide, deep

    def number_height(self, seats: Seats, wide: float) -> float:
        """Height of the seat numbers where they can be read; 0 where not. [mm of the venue]"""
        if wide * 1000 < 4.0 * self.scale or not (seats.seat != "").any():
            return 0.0
        longest = max(lettering.width(label, 1.0) for label in np.unique(seats.seat).tolist())
        height = min(1.8 * self.scale, 0.9 * wide * 1000 / max(longest, 1e-9))
        return float(height) if height >= 1.3 * self.scale else 0.0

    def rows(self, upper: Any) -> None:
        """The letter of a row at its two ends, and at the ends of its blocks where there is room."""
        seats = self.scene.seats
        lettered = np.nonzero((seats.row != "") & ~seats.at_table)[0]
        if not len(lettered):
            return
        rank = seats.rank[lettered]
        edges = np.nonzero(np.diff(rank))[0]
        outer = [(lettered[i], -1) for i in [0, *(edges + 1)]] + [(lettered[i], 1) for i in [*edges, len(lettered) - 1]]
        for seat, way in outer:
            along = math.radians(float(seats.facing[seat]) - 90)
            words = str(seats.row[seat])
            wide = lettering.width(words, 2.0) * self.scale / 2
            spots = []
            for further in (0.0, 0.7, 1.4, 2.5):
                step = (float(seats.width[seat]) * 500 + (0.8 + further) * self.scale + wide) * way
                x, y = float(seats.at[seat, 0]) * 1000, float(seats.at[seat, 1]) * 1000
                spots.append(Spot(x + step * math.cos(along), y + step * math.sin(along)))
            style = Style("seating", "overhead" if upper[seat] else "id")
            self.add(self.places.put(style, words, spots, 2.0, mask=False))
        self.notes += self.row_spacing()

    def row_spacing(self) -> list[str]:
        """How far the rows stand apart, and the clear width that is left between them at its narrowest."""
        narrow: dict[str, tuple[float, float]] = {}
        for row in self.scene.seat_rows:
            if math.isfinite(row.clear) and not row.standing:
                found = (round(row.clear + row.depth, 4), round(row.clear, 4))
                narrow[row.element] = min(found, narrow.get(row.element, found))
        alike: dict[tuple[float, float], list[str]] = {}
        for element, found in narrow.items():
            origin = self.scene.elements.get(element)
            alike.setdefault(found, []).append((origin.name if origin else "") or element)
        return [
            f"Row spacing ({', '.join(names)}): {units.drawn(pitch, self.units)} back to back, "
            f"seatway {units.drawn(clear, self.units)} clear."
            for (pitch, clear), names in alike.items()
        ][:MOST_SPACINGS]

    # --- rigging

    def picks(self) -> None:
        r = 1.2 * self.scale
        style = Style("truss", "id")
        cross = (Line(style, ((-1.6 * r, 0), (1.6 * r, 0))), Line(style, ((0, -1.6 * r), (0, 1.6 * r))))
        square = Line(style, ((-r, -r), (r, -r), (r, r), (-r, r)), True)
        picks = self.scene.of(Pick)
        for pick in picks:
            name = "RIG-HOUSE" if pick.house else "RIG-POINT"
            shape = square if pick.house else Circle(style, (0.0, 0.0), r)
            self.symbols.setdefault(
                name, Symbol(name, (shape, *cross), (("ID", (1.4 * r, 1.4 * r), 1.8 * self.scale),))
            )
            x, y = mm(pick.at[0], pick.at[1])
            facts = [("ID", pick.name), ("ELEMENT", pick.element)]
            if pick.trim is not None:
                facts.append(("TRIM", units.level(pick.trim, self.units)))
            if pick.load is not None:
                facts += [("LOAD_KG", f"{pick.load:g}"), ("AUTHOR", pick.author)]
            self.add([Insert(style, name, (x, y), 0.0, tuple(facts))])
            self.places.keep([(x - r, y - r, x + r, y + r)])
        for pick in picks:
            x, y = mm(pick.at[0], pick.at[1])
            words = pick.name if pick.load is None else f"{pick.name}\n{pick.load:g} kg ({pick.author})"
            d = 1.0 * r
            spots = [Spot(x + d, y + d, "left", "bottom"), Spot(x - d, y + d, "right", "bottom"),
                     Spot(x + d, y - d, "left", "top"), Spot(x - d, y - d, "right", "top"),
                     *around((x - r, y - r, x + r, y + r), self.scale)]  # fmt: skip
            self.add(self.places.name(style, words, [(spots, 1.8, None)]))

    # --- axes, words and sizes

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
        rooms = [_outline_box(room.outline) for room in self.scene.rooms]
        walls = [part.bounds for part in self.parts if part.system == "wall"]
        rooms += [(*mm(*low[:2]), *mm(*high[:2])) for low, high in walls]
        if not rooms:
            (x0, y0), (x1, y1) = extent(self.marks, self.symbols, self.scale)
            rooms = [(x0, y0, x1, y1)]
        low, high = np.min(rooms, axis=0), np.max(rooms, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def gangways(self) -> None:
        """Clear widths, where there is room for them."""
        for way in self.scene.of(Walkway):
            if way.kind not in ("gangway", "cross_gangway") or len(way.line) < 2:
                continue
            mark = self.width_of(way)
            if mark is not None:
                self.add([mark])

    def width_of(self, way: Walkway) -> Mark | None:
        line = way.line[:, :2]
        run = np.linalg.norm(np.diff(line, axis=0), axis=1)
        along = np.r_[0.0, np.cumsum(run)]
        words = units.drawn(way.width, self.units)
        if lettering.width(words) * self.scale > way.width * 1000:
            return None
        for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0.0, 1.0):
            s = share * along[-1]
            k = min(int(np.searchsorted(along, s, side="right")) - 1, len(run) - 1)
            if run[k] <= 0:
                continue
            direction = (line[k + 1] - line[k]) / run[k]
            middle = line[k] + direction * (s - along[k])
            across = np.array([direction[1], -direction[0]])
            turn = math.degrees(math.atan2(across[1], across[0]))
            turn = turn - 180 if turn > 90 + 1e-9 else turn + 180 if turn <= -90 + 1e-9 else turn
            up = np.array([-math.sin(math.radians(turn)), math.cos(math.radians(turn))])
            text_at = mm(*(middle + up * ABOVE * self.scale / 1000))
            room = text_box(Text(Style("dims"), text_at, words, HEIGHT, turn, "centre", "middle"), self.scale)
            if self.places.free(room):
                self.places.take(room)
                a, b = (mm(*(middle + side * way.width / 2 * across)) for side in (-1, 1))
                return Dimension(DIMENSION, a, b, a, text_at, round(turn, 9) + 0.0)
        return None

    def labels(self) -> None:
        """Every element's name once, beside or inside what it is."""
        for note in self.scene.of(Note):
            if note.kind == "label" and note.text:
                x, y = mm(note.at[0], note.at[1])
                self.add(self.places.put(Style("note"), note.text, [Spot(x, y), *around((x, y, x, y), self.scale)]))
        parts: dict[str, list[Part]] = {}
        for part in self.parts:
            if (
                not part.of_seats
                and part.system not in (*ARCHITECTURE, "seating", "sign")
                and part.element not in self.tables
            ):
                parts.setdefault(part.element, []).append(part)
        for part in self.low_ceilings():
            box = (*mm(*part.bounds[0, :2]), *mm(*part.bounds[1, :2]))
            words = f"{part.name.replace('_', ' ').upper()}  {units.level(float(part.bounds[0, 2]), self.units)}"
            self.add(self.places.name(Style("note", "id"), words, [(list(around(box, self.scale)), 2.0, None)]))
        rows = {row.element for row in self.scene.seat_rows}
        letters = set(self.scene.seats.row.tolist())  # tiers called B would be read as a row's letter among the others
        for element in sorted(parts, key=lambda e: _rank(parts[e][0].system)):
            if element not in rows or name_of(self.scene, element) not in letters:
                self.label(element, parts[element])

    def low_ceilings(self) -> list[Part]:
        """What hangs lower than the ceiling and has a name: a chandelier, a bulkhead."""
        return [part for part in self.parts if part.system == "ceiling" and part.name and not self.is_ceiling(part)]

    def is_ceiling(self, part: Part) -> bool:
        """The ceiling itself, which a plan does not show."""
        room = sum(space.outline.area for space in self.scene.rooms)
        size = part.bounds[1] - part.bounds[0]
        return part.system == "ceiling" and room > 0 and bool(size[0] * size[1] > 0.8 * room)

    def label(self, element: str, parts: list[Part]) -> None:
        system = parts[0].system
        solid = [part for part in parts if part.system == system and not is_sheet(part)] or parts
        words = self.words(element, solid)
        low = np.min([part.bounds[0] for part in solid], axis=0)
        high = np.max([part.bounds[1] for part in solid], axis=0)
        if system in ("light", "sound", "item", "table"):  # many and apart: the name goes to one of them
            each = [copy for part in solid for copy in vertices([part]).reshape(part.count, -1, 3)]
            one = max(each, key=lambda copy: float(copy[:, 0].max()))
            low, high = one.min(axis=0), one.max(axis=0)
        box = (*mm(*low[:2]), *mm(*high[:2]))
        wide, tall = (side * self.scale for side in lettering.size(words, 2.5))
        seated = any(row.element == element for row in self.scene.seat_rows)
        roomy = system in CLOSED and not seated and box[2] - box[0] > 1.3 * wide and box[3] - box[1] > 2.5 * tall
        style, spots = Style("foh" if system == "foh" else "note", "id"), list(around(box, self.scale))
        ways = [(within(box, self.scale), HEIGHT, None)] if roomy else []
        self.add(self.places.name(style, words, [*ways, (spots, 2.0, self.frame), (spots, 2.0, None)]))

    def words(self, element: str, parts: Sequence[Part]) -> str:
        """An element's name, with its trim or its level."""
        words, origin = name_of(self.scene, element), self.scene.elements.get(element)
        hung = [float(part.bounds[0, 2]) for part in parts if part.system == "truss" and part.name != "tower"]
        if hung:
            return f"{words}  TRIM {units.level(min(hung), self.units)}"
        if origin and origin.top > 0 and parts[0].system in ("stage", "platform"):
            return f"{words}  {units.level(origin.top + float(origin.frame[2, 3]), self.units)}"
        return words

    def dimensions(self) -> None:
        """Setting-out from the point 0, 0 first, overall sizes after."""
        left, low, right, high = self.clear_of_all()
        d = 6 * self.scale
        step = 8 * self.scale
        up = Rows(self.places, 0, high + d, step, self.units)
        down = Rows(self.places, 0, low - d - 3.5 * self.scale, -step, self.units)
        right_hand = Rows(self.places, 90, right + d + 3.5 * self.scale, step, self.units)
        left_hand = Rows(self.places, 90, left - d, -step, self.units)
        top, bottom, side = (0.0, self.frame[3]), (0.0, self.frame[1]), (self.frame[2] + 3 * self.scale, 0.0)
        key = self.key_points()
        for name in ("stage", "screen"):
            if name in key:
                a, b = key[name]["left"], key[name]["right"]
                up.add(*_through(a, top, b, 0))
        if "foh" in key:
            down.add(*_through(key["foh"]["left"], bottom, key["foh"]["right"], 0))
        if "seats" in key:
            down.add(*_through(key["seats"]["left"], bottom, key["seats"]["right"], 0))
        stations = [key[n][w] for n, w in (("stage", "front"), ("stage", "rear"), ("screen", "face"), ("seats", "front"),
                                          ("seats", "rear"), ("foh", "front")) if n in key and w in key[n]]  # fmt: skip
        ups = sorted((p for p in stations if p[1] > 1), key=lambda p: p[1])
        downs = sorted((p for p in stations if p[1] < -1), key=lambda p: -p[1])
        for k in range(max(len(ups), len(downs))):
            right_hand.add(*((side, which[k]) for which in (ups, downs) if k < len(which)))
        if "room" in key:
            down.add((key["room"]["left"], key["room"]["right"]))
            left_hand.add((key["room"]["front"], key["room"]["rear"]))
        for y, way in ((high, 1), (low, -1)):
            self.places.keep_line([(0.0, y), (0.0, y + way * 100 * self.scale)])  # the centre line
        for rows in (up, right_hand, down, left_hand):
            self.add(rows.marks())

    def clear_of_all(self) -> Box:
        """Box round everything so far and round the room's axes. [mm]"""
        (x0, y0), (x1, y1) = extent(self.marks, self.symbols, self.scale)
        return min(x0, self.frame[0]), min(y0, self.frame[1]), max(x1, self.frame[2]), max(y1, self.frame[3])

    def key_points(self) -> dict[str, dict[str, Point]]:
        """What a crew tapes out: corners of the stage, the screen, the seating, the control position, the room."""
        out: dict[str, dict[str, Point]] = {}

        def ends(name: str, points: Floats, **where: tuple[int, float, int, float]) -> None:
            for which, (axis, sign, side, tie) in where.items():
                found = corner(points, axis, sign, side, tie)
                if found is not None:
                    out.setdefault(name, {})[which] = mm(found[0], found[1])

        left, right = (0, -1.0, 1, 1.0), (0, 1.0, 1, 1.0)
        decks = [space.outline.outer.points for space in self.scene.of(Space) if space.use == "stage"]
        decks = decks or [vertices([part for part in self.parts if part.system == "stage"])[:, :2]]
        ends("stage", np.concatenate(decks), left=left, right=right, rear=(1, 1.0, 0, 1.0), front=(1, -1.0, 0, 1.0))
        screen = main_screen(self.scene)
        if screen is not None:
            ends("screen", screen.facets.reshape(-1, 3), left=left, right=right, face=(1, 1.0, 0, 1.0))
        seats = self.scene.seats
        if len(seats):
            corners = seat_corners(seats)
            ends("seats", corners, front=(1, 1.0, 0, 1.0), rear=(1, -1.0, 0, 1.0), left=(0, -1.0, 1, -1.0),
                 right=(0, 1.0, 1, -1.0))  # fmt: skip
        foh = vertices([part for part in self.parts if part.system == "foh"])
        ends("foh", foh, left=(0, -1.0, 1, -1.0), right=(0, 1.0, 1, -1.0), front=(1, 1.0, 0, 1.0))
        if self.scene.rooms:
            walls = np.concatenate([room.outline.outer.points for room in self.scene.rooms])
            ends("room", walls, left=(0, -1.0, 1, -1.0), right=(0, 1.0, 1, -1.0), front=(1, -1.0, 0, -1.0),
                 rear=(1, 1.0, 0, -1.0))  # fmt: skip
        return out

    def axis_ends(self) -> None:
        """The centre line right through the drawing, with the marks of section A-A."""
        (_, low), (_, high) = extent(self.marks, self.symbols, self.scale)
        style, e = Style("centre"), self.scale
        low, high = low - 4 * e, high + 4 * e
        self.add([Line(style, ((0.0, low), (0.0, high)))])
        self.add([self.places.claim(Text(style, (-1.2 * e, high + 1 * e), "CL", 3.5, 0.0, "right", "bottom"))])
        datum = Style("datum")
        for y, way in ((high, 1), (low, -1)):
            base = y + way * 3 * e
            self.add([Line(datum, ((0.0, y), (0.0, base), (5 * e, base))),
                      Fill(datum, (((8 * e, base), (5 * e, base + 1.1 * e), (5 * e, base - 1.1 * e)),), "solid"),
                      Line(datum, ((8 * e, base), (5 * e, base + 1.1 * e), (5 * e, base - 1.1 * e)), True)])  # fmt: skip
            self.add([self.places.claim(Text(datum, (9.5 * e, base), "A", 3.5, 0.0, "left", "middle"))])


def clipped(line: Floats, low: Floats, high: Floats) -> Iterator[Floats]:
    """Pieces of an (n, 2) polyline inside a box; those that only touch it are left out."""
    import shapely

    if not np.isfinite(line).all():
        return
    if (line.min(axis=0) >= low).all() and (line.max(axis=0) <= high).all():
        yield line
        return
    inside = shapely.intersection(shapely.LineString(line), shapely.box(*low, *high))
    for piece in shapely.get_parts(shapely.line_merge(inside) if inside.geom_type == "MultiLineString" else inside):
        if piece.length > 0:
            yield shapely.get_coordinates(piece)


def _number(part: Part, index: int) -> str:
    """What a table is called in the room: its number, or the name it was given."""
    tag = part.tags[index] if index < len(part.tags) else part.element
    return tag.removeprefix(f"{part.element}-")


def _lattice(style: Style, part: Part) -> Iterator[Line]:
    """The lacing between the chords of a piece of truss, seen from above. [mm]"""
    (left, low), (right, high) = part.solid.bounds[:, :2].tolist()
    if part.symbol is not None:
        corners = np.concatenate(part.symbol.lines)
        (left, low), (right, high) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    bays = max(2, round((right - left) / max(BAY, high - low)))
    zigzag = [(left + (right - left) * k / bays, low if k % 2 == 0 else high) for k in range(bays + 1)]
    yield Line(style, points_mm(np.array(zigzag)))


def _rank(system: str) -> int:
    return LABELLED.index(system) if system in LABELLED else len(LABELLED)


def _through(a: Point, datum: Point, b: Point, axis: int) -> list[tuple[Point, Point]]:
    """Runs between two ends and the setting-out point, in order along the axis."""
    stops = sorted((a, datum, b), key=lambda p: p[axis])
    return [(stops[0], stops[1]), (stops[1], stops[2])]


def _side(heading: float) -> tuple[Any, Any]:
    """How a text outside a door is aligned."""
    x, y = math.cos(math.radians(heading)), math.sin(math.radians(heading))
    align = "left" if x > 0.5 else "right" if x < -0.5 else "centre"
    return align, "bottom" if y > 0.5 else "top" if y < -0.5 else "middle"


def _leaves(door: Door, style: Style, at: Any) -> Iterator[Line | Arc]:
    """Leaves standing open at 90°, and the way they swing."""
    half = door.width / 2
    count = max(1, door.leaves)
    if door.swing == "slide":
        wide = door.width / count
        for k in range(count):
            x, y = -half + k * wide, door.depth * (0.35 if k % 2 else 0.65)
            yield Line(style, (at(x, y), at(x + wide, y)))
        return
    out = door.swing == "out"
    y = door.depth if out else 0.0
    wide = half if count > 1 else door.width
    away = 1.0 if out else -1.0
    hinges = ((-half, 1.0), (half, -1.0)) if count > 1 else ((-half, 1.0),)
    for x, inward in hinges:
        yield Line(style, (at(x, y), at(x, y + away * wide)))
        shut, open_ = (0.0 if inward > 0 else 180.0), 90.0 * away
        start, end = sorted((shut, open_)) if inward > 0 else sorted((shut, open_ % 360))
        turn = door.heading - 90
        yield Arc(style, at(x, y), round(wide * 1000, 4), round((start + turn) % 360, 9), round((end + turn) % 360, 9))


def _polyline(style: Style, line: Floats) -> Line:
    points = points_mm(line)
    closed = len(points) > 2 and points[0] == points[-1]
    return Line(style, points[:-1] if closed else points, closed)


def outline_lines(outline: Outline, style: Style) -> Iterator[Line | Circle]:
    """The rim of an outline and its holes; circles stay circles."""
    yield from path_marks(outline_paths(outline.polygon, outline.circles), style)


def _outline_box(outline: Outline) -> Box:
    low, high = outline.outer.points.min(axis=0), outline.outer.points.max(axis=0)
    return (*mm(*low), *mm(*high))


def chair_symbol(style: Style, wide: float, deep: float) -> tuple[Line, ...]:
    """Seat with rounded front corners and a back, looking to +y. [mm]"""
    w, d = wide / 2, deep / 2
    r, back = 0.16 * wide, 0.14 * deep
    seat = Line(style, ((-w, -d + back), (w, -d + back), (w, d - r), (w - r, d), (-w + r, d), (-w, d - r)), True,
                (0.0, 0.0, round(math.tan(math.pi / 8), 12), 0.0, round(math.tan(math.pi / 8), 12), 0.0))  # fmt: skip
    rest = Line(style, ((-w * 0.94, -d), (w * 0.94, -d), (w * 0.94, -d + back), (-w * 0.94, -d + back)), True)
    return seat, rest


def wheelchair_symbol(style: Style, wide: float, deep: float) -> tuple[Line | Circle, ...]:
    """The place kept for a wheelchair, and somebody sitting in one, looking to +y. [mm]"""
    w, d = wide / 2, deep / 2
    u = min(w / 450, d / 700)
    wheels = [
        Line(style, tuple((x * u, y * u) for x, y in ((s * 290, -330), (s * 330, -330), (s * 330, 230), (s * 290, 230))),
             True) for s in (-1, 1)
    ]  # fmt: skip
    seat = Line(style, tuple((x * u, y * u) for x, y in ((-230, -220), (230, -220), (230, 220), (-230, 220))), True)
    legs = [Line(style, tuple((x * u, y * u) for x, y in ((s * 60, 220), (s * 60, 480), (s * 190, 480), (s * 190, 220))))
            for s in (-1, 1)]  # fmt: skip
    shoulders = Line(style, ((-230 * u, -120 * u), (230 * u, -120 * u)), True, (0.35, 0.35))
    head = Circle(style, (0.0, -110 * u), 95 * u)
    place = Line(style, ((-w, -d), (w, -d), (w, d), (-w, d)), True)
    return place, *wheels, seat, *legs, shoulders, head


def standing_symbol(style: Style, wide: float, deep: float) -> tuple[Line | Circle, ...]:
    """A standing person: head and shoulders. [mm]"""
    w = wide / 2
    return Circle(style, (0.0, 0.0), 0.4 * w), Line(style, ((-w, 0.0), (w, 0.0)), True, (0.45, 0.45))
