"""The plan: what stands in the room, seen from above; walls and columns cut 1.2 m above the floor."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._house import OVERHEAD, House
from stagecraft.drawing._labels import Spot, around, text_box, within
from stagecraft.drawing._plan_shapes import (
    chair_symbol,
    field_symbol,
    lattice,
    outline_box,
    outline_lines,
    polyline,
    standing_symbol,
    wheelchair_symbol,
)
from stagecraft.drawing._plan_sizes import dimensions
from stagecraft.drawing._plan_words import gangways, is_ceiling, labels
from stagecraft.drawing._views import bodies, is_sheet, mm, path_marks, points_mm, seat_corners, upper_seats
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Drawing,
    Ellipse,
    Insert,
    Line,
    Point,
    Role,
    Shape,
    Style,
    Symbol,
    Text,
)
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, hidden_lines, look
from stagecraft.scene import Bools, KeepClear, Part, Pick, Scene, Seats, Space, Walkway

SMALL = 12.0
"""Things smaller than this on paper are never written over. [mm]"""
LEAST_SEAT = 2.0
"""Seats that are narrower on paper are drawn as plain fields. [mm]"""
BETWEEN = 0.06
"""Half of what may lie free between two seats of a row drawn as one strip. [m]"""
CURVED, FEW = 0.1, 4
"""Rows whose places turn by more [degrees] are drawn as strips of so few places."""
FACTS = ("SEAT", "ROW", "BLOCK", "CATEGORY", "STATUS", "PLACE", "ID")
"""Attributes of a place …"""
FEW_FACTS = ("SEAT", "ROW", "BLOCK", "ID")
"""… and of one of very many, the rest of which stands in the list of seats …"""
MANY = 1000
"""… which are more than these."""
MOST_SPACINGS = 4
"""More spacings of rows than these stand in the report."""
_ROUND = np.stack([np.cos(np.linspace(0, 2 * np.pi, 9)), np.sin(np.linspace(0, 2 * np.pi, 9))], axis=1)
TITLE = "GENERAL ARRANGEMENT PLAN"


def plan(scene: Scene, scale: float = 100, fields: bool = False) -> Drawing:
    """Plan of the scene, laid out for 1:`scale`.

    Every place and every countable thing is an Insert; what is overhead is dashed; words and dimensions lie apart.

    fields : places are drawn as plain fields, as they are where they would be narrower than 2 mm on paper
    """
    page = Plan(scene, float(scale))
    page.plain = page.plain or fields
    page.underlay()
    page.walls()
    page.things()
    page.doors()
    page.areas()
    page.seats()
    page.picks()
    page.axes()
    gangways(page)
    labels(page, page.tables)
    dimensions(page)
    page.axis_ends()
    return page.drawing("plan", TITLE)


class Plan(House):
    """A plan of what stands in the room."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tables: set[str] = set()
        """Elements whose tables are numbered."""
        self.known: dict[tuple[object, ...], str] = {}
        seats = self.scene.seats
        self.plain = bool(len(seats) and np.median(seats.width) * 1000 < LEAST_SEAT * self.scale)
        """Whether places are drawn as plain fields that carry their ids alone, so that an arena's file stays small."""

    def here(self, z: float) -> bool:
        """Is what stands so high on the level that is drawn?"""
        return True

    def areas(self) -> None:
        """What is kept clear, standing areas and routes."""
        style = Style("clear")
        for keep in self.scene.of(KeepClear):
            if self.here(keep.low):
                self.add(list(outline_lines(keep.outline, style)))
        for space in self.scene.of(Space):
            if space.use == "standing":
                self.draw(list(outline_lines(space.outline, style)))
                words = f"STANDING {space.capacity}" if space.capacity else "STANDING"
                box = outline_box(space.outline)
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
            if is_ceiling(self, part):
                continue
            if part.bounds[1, 2] <= self.floor + 1e-3 and part.system == "item":
                continue
            (high if part.bounds[0, 2] > self.floor + OVERHEAD else low).append(part)
        stages: tuple[tuple[list[Part], Role], ...] = ((low, "line"), (high, "overhead"))
        for parts, role in stages:
            thin: tuple[Role, ...] = tuple("beyond" if is_sheet(part) and role == "line" else role for part in parts)
            sight = look(bodies(parts, [Style(part.system, own) for part, own in zip(parts, thin)]))
            for path in sight.paths([not countable(part) for part in parts]):
                assert isinstance(path.group, Style)
                self.draw(list(path_marks([path], path.group)))
            for part, seen in zip(parts, sight.copies()):
                if countable(part):
                    self.copies(part, "beyond" if is_sheet(part) and role == "line" else role, seen.tolist())

    def copies(self, part: Part, role: Role, seen: Sequence[bool]) -> None:
        """One Insert a copy; dashed where it is hidden and does not stand exactly under its like."""
        tall = self.table_tag(part)
        stood: set[tuple[str, Point, float]] = set()
        for index in sorted(range(part.count), key=lambda k: not seen[k]):
            matrix = part.transforms[index]
            turn = round(math.degrees(math.atan2(matrix[1, 0], matrix[0, 0])), 6) + 0.0
            name = self.symbol(part, matrix, turn, tall)
            tag = part.tags[index] if index < len(part.tags) else part.element
            at = mm(matrix[0, 3], matrix[1, 3])
            style = Style(part.system, role if seen[index] or (name, at, turn) in stood else "hidden")
            number = (("NUMBER", _number(part, index)),) if tall else ()
            item = (("ITEM", part.item),) if part.item else ()
            attributes = (("TAG", tag), *item, ("ELEMENT", part.element), *number)
            label = Text(style, at, _number(part, index), tall / self.scale, 0.0, "centre", "middle")
            shown = ("NUMBER",) if tall and not self.under_wheelchair(label) else ()
            self.add([Insert(style, name, at, turn, attributes, shown)])
            if (name, at, turn) in stood:
                continue
            stood.add((name, at, turn))
            if shown:
                self.places.claim(label)
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

    def under_wheelchair(self, label: Text) -> bool:
        """Would a text lie on a place for a wheelchair, as at a narrow table?"""
        import shapely

        seats = self.scene.seats.where(self.scene.seats.place == "wheelchair")
        front, back = (seat_corners(seats)[:, :2] * 1000).reshape(2, 2, -1, 2)
        places = shapely.polygons(np.stack([front[0], front[1], back[1], back[0]], axis=1))
        return bool(shapely.intersects(places, shapely.box(*text_box(label, self.scale))).any())

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
                lines += [polyline(style, line) for line in part.symbol.lines if len(line) > 1]
                if part.system == "truss":
                    lines += lattice(style, part)
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
            if _alike(self.symbols.setdefault(name, symbol), symbol):
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
            self.notes.append("Seats above others (a balcony) are drawn light, those below them without their numbers.")
        if self.plain:
            self.notes.append(
                "Places are drawn as plain fields that carry their ids; the rest stands in the list of seats."
            )
            self.keep_rows(np.arange(len(seats)))
        self.inserts(np.ones(len(seats), np.bool_), upper)
        self.rows(upper)

    def row_strips(self, which: Bools, style: Style) -> None:
        """Rows as strips of the depth of their chairs."""
        import shapely

        seats = self.scene.seats
        front, back = seat_corners(seats)[:, :2].reshape(2, 2, -1, 2)
        chairs = shapely.polygons(np.stack([front[0], front[1], back[1], back[0]], axis=1))
        index = np.flatnonzero(which)
        rows = np.split(index, np.flatnonzero(np.diff(seats.rank[index])) + 1) if len(index) else []
        for run in [piece for row in rows for piece in _straight(row, seats.facing)]:
            grown = shapely.union_all(shapely.buffer(chairs[run], BETWEEN, join_style="mitre"))
            strip = shapely.simplify(shapely.buffer(grown, -BETWEEN, join_style="mitre"), 0.01)
            for one in shapely.get_parts(strip):
                if one.area > 0:
                    self.draw([Line(style, points_mm(np.asarray(one.exterior.coords)[:-1]), True)])

    def keep_rows(self, which: Any) -> None:
        """Nothing is written on seats."""
        seats = self.scene.seats.where(which)
        reach = 250 * np.minimum(seats.width, seats.depth)[:, None]
        at = seats.at[:, :2] * 1000
        self.places.keep(np.concatenate([at - reach, at + reach], axis=1))

    def inserts(self, which: Bools, upper: Bools) -> None:
        """An Insert for each of some places; those of a balcony light, and beneath."""
        seats = self.scene.seats
        inserts: list[Insert] = []
        kinds = np.where(seats.place == "wheelchair", "WHEELCHAIR", seats.item)
        kinds = np.where(kinds == "", np.char.upper(seats.place), kinds)
        at = np.round(seats.at[:, :2] * 1000, 4) + 0.0
        turn = np.round(np.mod(seats.facing - 90.0 + 180.0, 360.0) - 180.0, 6) + 0.0
        covered = upper | _beneath(seats, upper)
        for kind in np.unique(kinds[which]).tolist():
            mine = np.nonzero((kinds == kind) & which)[0]
            wheel, standing = kind == "WHEELCHAIR", kind == "STANDING"
            wide, deep = self.seat_size(seats, kind, int(mine[0]))
            plain = self.plain and not wheel and not standing
            shown = 0.0 if plain else self.number_height(seats.where(mine), wide)
            make = (
                field_symbol if plain else wheelchair_symbol if wheel else standing_symbol if standing else chair_symbol
            )
            style = Style("wheelchair" if wheel else "seating")
            name = f"SEAT-{kind}"
            slot = (0.0, (-0.4 if wheel else 0.06) * deep * 1000)
            slots = () if plain else (("SEAT", slot, shown or 0.3 * wide * 1000),)
            self.symbols[name] = Symbol(name, make(style, wide * 1000, deep * 1000), slots)
            look = np.radians(turn[mine])
            c, s = np.abs(np.cos(look))[:, None], np.abs(np.sin(look))[:, None]
            reach = 500 * np.concatenate([c * wide + s * deep, s * wide + c * deep], axis=1)
            names = ("ID",) if self.plain else FEW_FACTS if len(seats) > MANY else FACTS
            columns = [getattr(seats, "ids" if name == "ID" else name.lower())[mine].tolist() for name in names]
            over = Style(style.system, "overhead")
            for point, angle, values, above, quiet in zip(
                at[mine].tolist(), turn[mine].tolist(), zip(*columns), upper[mine].tolist(), covered[mine].tolist()
            ):
                inserts.append(Insert(over if above else style, name, (point[0], point[1]), angle,
                                      tuple(zip(names, values)), ("SEAT",) if shown and not quiet else ()))  # fmt: skip
            if not plain:
                self.places.keep(np.c_[at[mine] - reach, at[mine] + reach])
        self.marks += sorted(inserts, key=lambda insert: insert.style.role != "overhead")

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


def _beneath(seats: Seats, upper: Bools) -> Bools:
    """(n,) whether a place lies, even in part, beneath one of the upper ones."""
    import shapely

    out = np.zeros(len(seats), np.bool_)
    if upper.any():
        front, back = seat_corners(seats)[:, :2].reshape(2, 2, -1, 2)
        places = shapely.polygons(np.stack([front[0], front[1], back[1], back[0]], axis=1))
        lower = np.flatnonzero(~upper)
        out[lower[shapely.STRtree(places[upper]).query(places[lower], predicate="intersects")[0]]] = True
    return out


def _straight(row: Any, facing: Floats) -> list[Any]:
    """A row as it is, or in pieces of a few places where it is curved: no outline of many chords."""
    if np.ptp(facing[row]) < CURVED:
        return [row]
    return [np.asarray(piece) for piece in np.split(row, range(FEW, len(row), FEW))]


def countable(part: Part) -> bool:
    """Is each copy a symbol of its own: what is ordered by the piece, fire points and exit signs?"""
    return bool(part.item) or (part.system in ("fire", "sign") and part.symbol is not None)


def _alike(one: Symbol, other: Symbol) -> bool:
    """Do two symbols look the same, in whatever order their lines were drawn?"""

    def edges(mark: Shape) -> object:
        if not isinstance(mark, Line) or mark.bulges:
            return mark
        points = (*mark.points, mark.points[0]) if mark.closed else mark.points
        return mark.style, frozenset(frozenset(pair) for pair in itertools.pairwise(points))

    return one == other or (one.slots == other.slots and set(map(edges, one.marks)) == set(map(edges, other.marks)))


def _number(part: Part, index: int) -> str:
    """What a table is called in the room: its number, or the name it was given."""
    tag = part.tags[index] if index < len(part.tags) else part.element
    return tag.removeprefix(f"{part.element}-")
