"""Tables with their chairs: banquet rounds, cabaret, classroom, boardroom, U-shape, hollow square, poseur tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.catalogue import Item
from stagecraft.elements._base import Code, Colour, Element, ElementRef, Gap, Length, Point, Site, Size, rgb
from stagecraft.elements._table_plans import Joined, boardroom, counts, hollow_square, packed, u_shape
from stagecraft.elements.seating import CHAIR_DEPTH, MOST_SEATS
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frames
from stagecraft.geometry.outline import Outline, circle, outline, rectangle
from stagecraft.scene import Part, PlanSymbol, Record, SeatRow, Space, Walkway

SERVICE = 1.524
"""Edge to edge between tables with a service aisle: 60 in, trade practice (banquet planning guides). [m]"""
TO_WALL = 1.2192
"""From a table's edge to the wall: 48 in, trade practice. [m]"""
BEHIND = 0.9144
"""From a classroom table to the one behind it: 36 in, trade practice. [m]"""
KNEES = 0.432
"""How far the space of a wheelchair reaches under a table: knee clearance of 17 in, ADA Standards 306.3, from memory. [m]"""
CHAIR_WIDTH = 0.45
"""Stand-in for a chair whose width the catalogue does not know. [m]"""
JOINED = ("boardroom", "u_shape", "hollow_square")


class Tables(Element):
    """Tables, each with its places. Origin: middle of the front row of tables; rows follow to −y.

    Tables are numbered from house left, front row first; places clockwise seen from above, from the open side
    (the stage's side) onwards, in a classroom from house left. A boardroom, U-shape or hollow square is one table, whose origin is the middle of its front edge.
    """

    type: Literal["tables"] = "tables"
    item: Code
    """Catalogue item of the table."""
    shape: Literal["round", "rectangular"] | None = None
    """Where the catalogue's model does not say that it is round."""
    seats: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Places at each table, 0 at poseur tables; as many as `setting` lets sit there where empty, but at rounds it is needed."""
    count: Annotated[int, Field(ge=1, le=5000)] | None = None
    """How many tables; with `within` at most so many."""
    rows: Annotated[int, Field(ge=1, le=500)] | None = None
    """Instead of count: rows of tables, `columns` in each; tables along each side of a boardroom, U-shape or hollow square."""
    columns: Annotated[int, Field(ge=1, le=500)] | tuple[Annotated[int, Field(ge=1, le=500)], ...] | None = None
    """Tables in a row; about as many as there are rows where empty. classroom: a list gives blocks with a gangway between each two.
    Tables along the closed side of a U-shape, side by side in a boardroom."""
    layout: Literal["square", "hexagonal", "classroom", "boardroom", "u_shape", "hollow_square"] = "square"
    """hexagonal: every second row is shifted by half a spacing, and the rows close up. classroom: tables in a row touch, chairs
    stand on the side away from the stage. boardroom: one long table that runs away from the stage. u_shape: open to the stage."""
    spacing: Size | tuple[Size, Size] | None = None
    """From middle to middle, or [along the row, from row to row]; as `apart` says where empty. classroom: from row to row. [m]"""
    apart: Size | None = None
    """Between the edges of two tables; 1.524 m, 0.914 m from row to row of a classroom, where empty. [m]"""
    within: Annotated[str | tuple[Point, ...] | None, ElementRef()] = None
    """Corners of an area, or an element whose floor, that as many tables fill as fit, or `count` of them from the front. [m]"""
    wall: Gap = TO_WALL
    """From a table's edge to that of `within`. [m]"""
    gangway: Size = 1.2
    """Clear width between the blocks of a classroom. [m]"""
    places: tuple[Point, ...] | None = None
    """Instead of count and columns: the middle of every table. [m]"""
    without: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of tables left out (a column, a dance floor); the others keep their numbers."""
    names: tuple[str, ...] = ()
    """Names of the tables in the order of their numbers."""
    chair: Code = "fur.chair.banquet"
    """Catalogue item of the chair."""
    gap: Length = 0.05
    """From the table's edge to the chair's front edge; negative where it is pushed under. [m]"""
    wheelchair: dict[int, tuple[Annotated[int, Field(ge=1)], ...]] = {}
    """Places for wheelchair users, by table: {6: [4]} puts one where places 4 and 5 were; the others keep their ids."""
    wheelchair_space: tuple[Size, Size] = (0.90, 1.40)
    """Width and depth of such a place; its front is under the table, and the eye over its middle. [m]"""
    setting: Size = 0.6
    """Edge of the table that a place needs: 24 in is trade practice. [m]"""
    ends: bool = True
    """Whether people sit at the short ends of a boardroom."""
    inside: bool = False
    """Whether people sit on the inside of a U-shape, too."""
    cabaret: Annotated[int, Field(ge=0, le=60)] = 0
    """Chairs of `seats` that are taken out on the stage's side of a round: 3 of 10 leave 7, none of them with the back to it."""
    open: Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)] = 0.0
    """The same by the angle left without places; a rectangular table then has places on one side only. [degrees]"""
    open_to: Annotated[str | None, ElementRef()] = None
    """Element that the open side faces; +y where empty."""
    eye_at: Length = 0.45
    """Eye behind the chair's front edge. [m]"""
    colour: Colour = "#e6e2d8"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _consistent(self) -> Tables:
        if self.layout in ("classroom", *JOINED):
            self._consistent_rows()
        else:
            self._consistent_grid()
        if self.seats is not None and self.cabaret and self.cabaret >= self.seats:
            raise ValueError(f"cabaret takes out {self.cabaret} of {self.seats} places; leave one at least")
        if self.cabaret and self.open:
            raise ValueError("give either cabaret: 3 (chairs) or open: 108 (degrees), they mean the same")
        if self.wheelchair and self.layout in JOINED:
            raise ValueError(
                f"wheelchair does not apply to layout: {self.layout}; leave a gap between two tables instead"
            )
        nowhere = [n for n in self.wheelchair if n < 1 or n in self.without or (self.total and n > self.total)]
        if nowhere:
            raise ValueError(f"wheelchair: no table {nowhere[0]} stands there")
        beyond = [n for n in self.without if self.total and n > self.total]
        if beyond:
            raise ValueError(f"without: there is no table {beyond[0]}; there are {self.total}")
        if self.total * (self.seats or 0) > MOST_SEATS:
            raise ValueError(f"{self.total * (self.seats or 0)} places; one element may have {MOST_SEATS}")
        if self.total and len(self.names) > self.total:
            raise ValueError(f"names lists {len(self.names)} names; there are {self.total} tables")
        return self

    def _consistent_grid(self) -> None:
        """Whether it is clear how many tables there are and where."""
        self._idle("gangway", "ends", "inside")
        if isinstance(self.columns, tuple):
            raise ValueError("columns: a list of blocks belongs to layout: classroom")
        if self.places is not None and self.columns is not None:
            raise ValueError("columns does not apply to places")
        if self.places is not None and not self.places:
            raise ValueError("places lists no table")
        if self.within is not None:
            if self.places is not None or self.rows is not None or self.columns is not None:
                raise ValueError("within: tables fill it; leave out places, rows and columns")
            if isinstance(self.within, tuple):
                _area(self.within)
        else:
            self._idle("wall")
            if self.rows is not None and (self.count is not None or self.columns is None):
                raise ValueError("rows: say columns with it, and no count")
            if sum(v is not None for v in (self.count, self.places, self.rows)) != 1:
                raise ValueError("give either count or places: [[x, y], …], or within, which tables fill")
        if self.spacing is not None and self.apart is not None:
            raise ValueError("give either spacing (middle to middle) or apart (edge to edge)")

    def _consistent_rows(self) -> None:
        """Whether a classroom, or tables that are joined, say how many there are in each direction."""
        idle = ["count", "places", "within", "wall", "open", "open_to", "cabaret"]
        if self.layout in JOINED:
            idle += ["spacing", "apart", "gangway", "without"]
        self._idle(*idle, *{"boardroom": ["inside"], "u_shape": ["ends"]}.get(self.layout, ["ends", "inside"]))
        if self.rows is None or (self.columns is None and self.layout != "boardroom"):
            raise ValueError(f"layout: {self.layout} needs rows and columns, the tables in each direction")
        if isinstance(self.columns, tuple) and self.layout != "classroom":
            raise ValueError("columns: a list of blocks belongs to layout: classroom")
        if isinstance(self.spacing, tuple):
            raise ValueError("spacing: the tables of a row touch; give one length, from row to row")
        if self.spacing is not None and self.apart is not None:
            raise ValueError("give either spacing (from row to row) or apart (edge to edge)")
        if self.shape == "round":
            raise ValueError(f"shape: layout: {self.layout} is made of rectangular tables")

    def _idle(self, *names: str) -> None:
        for name in names:
            if name in self.model_fields_set:
                raise ValueError(f"{name} does not apply to layout: {self.layout}")

    @property
    def total(self) -> int:
        """Tables, those left out included; 0 where that depends on what fits."""
        if self.layout in JOINED:
            return 1
        if self.within is not None:
            return 0
        if self.rows is not None:
            return self.rows * sum(self._blocks)
        return len(self.places) if self.places is not None else self.count or 0

    @property
    def _blocks(self) -> tuple[int, ...]:
        """Tables of each block of a row."""
        return self.columns if isinstance(self.columns, tuple) else (self.columns or 1,)

    def top(self, site: Site) -> float:
        return 0.0

    def build(self, site: Site) -> Iterator[Record]:
        item, chair = site.item(self.item), site.item(self.chair)
        width, depth = site.size(item, "width", 1.5), site.size(item, "depth", 1.5)
        height = site.size(item, "height", 0.75)
        is_round = self._is_round(item)
        if is_round and self.layout in ("classroom", *JOINED):
            raise ValueError(f"item: '{self.item}' is round; layout: {self.layout} is made of rectangular tables")
        if self.cabaret and not is_round:
            raise ValueError("cabaret belongs to rounds; a table with open: 180 has places on one side only")
        seat_width, seat_depth = site.size(chair, "width", CHAIR_WIDTH), site.size(chair, "depth", CHAIR_DEPTH)
        top = circle(width / 2, sides=64) if is_round else rectangle(width, depth)
        if self.layout in JOINED:
            joined = self._joined(width, depth, seat_depth)
            yield self._tops(top, height, joined.middles, joined.turns, item, ())
            yield from self._seated(site, joined, seat_width, seat_depth)
            return
        seats = self._seats_each(width, seat_width, is_round)
        middles = self._middles(site, width, depth, is_round)
        if self.within is not None:
            beyond = [n for n in self.without if n > len(middles)]
            if beyond:
                raise ValueError(f"without: there is no table {beyond[0]}; {len(middles)} fit")
            if len(self.names) > len(middles):
                raise ValueError(f"names lists {len(self.names)} names; {len(middles)} tables fit")
        numbers = [n for n in range(1, len(middles) + 1) if n not in self.without]
        middles = middles[np.array(numbers, int) - 1]
        if not numbers:
            return
        one_side = self.open > 0 or self.layout == "classroom"
        ahead = self._ahead(site, middles)
        turned = ahead if not is_round and one_side else np.full(len(middles), 90.0)
        yield self._tops(top, height, middles, turned - 90.0, item, tuple(map(self._name, numbers)))
        reach = self.gap + seat_depth / 2
        for n, middle, heading in zip(numbers, middles, ahead):
            if is_round:
                at, facing = self._round(seats, width / 2 + reach, float(heading))
            else:
                at, facing = self._long(seats, width, depth / 2 + reach, float(heading if one_side else 90.0), one_side)
            if len(at):
                row = self._seats(site, n, middle + at, facing, seat_width, seat_depth)
                yield self._with_wheelchairs(site, row, seat_depth) if n in self.wheelchair else row
        if self.layout == "classroom":
            yield from self._gangways(width, depth, seat_depth)

    def _tops(self, top: Outline, height: float, at: Floats, turns: Floats, item: Item, tags: tuple[str, ...]) -> Part:
        ring = np.concatenate([top.outer.points, top.outer.points[:1]])
        return Part(self.id, shapes.table(top, height), frames(np.c_[at, np.zeros(len(at))], turns), "table", item.code,
                    tags, blocks="none", symbol=PlanSymbol(item.code, (ring,)), colour=rgb(self.colour))  # fmt: skip

    def _joined(self, width: float, depth: float, chair: float) -> Joined:
        columns, rows = sum(self._blocks), self.rows or 1
        if self.layout == "boardroom":
            return boardroom(columns, rows, width, depth, self.ends, max(-self.gap, 0.0))
        if self.layout == "hollow_square":
            return hollow_square(columns, rows, width, depth)
        return u_shape(columns, rows, width, depth, max(self.gap, 0.0) + chair if self.inside else None)

    def _seated(self, site: Site, joined: Joined, width: float, depth: float) -> Iterator[SeatRow]:
        """Everybody at tables that are joined to one."""
        along = counts(joined.sides, max(self.setting, width), self.seats)
        placed = [side.places(n, self.gap + depth / 2) for side, n in zip(joined.sides, along)]
        if sum(along):
            at, facing = (np.concatenate([one[k] for one in placed]) for k in (0, 1))
            yield self._seats(site, 1, at, facing, width, depth)

    def _seats_each(self, width: float, chair: float, is_round: bool) -> int:
        """Places that a whole table has; raises ValueError where chairs would stand in one another."""
        if self.seats is None and is_round:
            raise ValueError("seats: say how many sit at a round, 8 at 1.52 m and 10 at 1.83 m")
        one_side = self.open > 0 or self.layout == "classroom"
        fit = math.floor(width / max(self.setting, chair) + 1e-6)
        seats = self.seats if self.seats is not None else fit * (1 if one_side else 2)
        if is_round:
            step = (360.0 - self.open) / max(seats, 1)
            room = 2 * (width / 2 + self.gap) * math.tan(math.radians(min(step, 120.0) / 2))
        else:
            room = width / max(seats if one_side else seats - seats // 2, 1)
        if seats > 1 and room < chair - 1e-6:
            raise ValueError(
                f"seats: {seats} chairs {chair * 1000:.0f} mm wide do not fit at a table of {width:.2f} m: each has {room * 1000:.0f} mm"
            )
        return seats

    def _is_round(self, item: Item) -> bool:
        return self.shape == "round" or (self.shape is None and "round" in item.model.lower())

    def _name(self, number: int) -> str:
        return self.names[number - 1] if number <= len(self.names) else f"{self.id}-{number}"

    def _middles(self, site: Site, width: float, depth: float, is_round: bool) -> Floats:
        """(total, 2) middles of the tables. [m]"""
        if self.places is not None:
            return np.array(self.places, float)
        if self.layout == "classroom":
            x = self._along(width)
            back = -np.arange(self.rows or 1) * self._pitch(depth)
            return np.stack([np.tile(x, len(back)), np.repeat(back, len(x))], axis=1)
        clear = self.apart if self.apart is not None else SERVICE
        if isinstance(self.spacing, tuple):
            along, apart = self.spacing
        else:
            along, apart = self.spacing or width + clear, self.spacing or depth + clear
            if self.layout == "hexagonal":
                apart *= math.sqrt(3) / 2
        if self.within is not None:
            area = self._area(site)
            found = packed(area, (width, depth), (along, apart), self.wall, is_round, self.layout == "hexagonal")
            if not len(found):
                raise ValueError(f"within has no room for a table {width:.2f} m wide, {self.wall:.2f} m from its edge")
            return found[: self.count]
        columns = min(sum(self._blocks) if self.columns else math.ceil(math.sqrt(self.total)), self.total)
        row, column = np.divmod(np.arange(self.total), columns)
        short = self.total % columns  # a last row that is not full stands in the middle of the grid
        column = column + np.where(short and row == row[-1], (columns - short) // 2, 0)
        x = (column - (columns - 1) / 2) * along
        if self.layout == "hexagonal":
            x = x + np.where(row % 2 == 1, along / 4, -along / 4 if row[-1] else 0.0)
        return np.stack([x, -row * apart], axis=1)

    def _area(self, site: Site) -> Any:
        """The area that the tables fill, as a shapely polygon in own coordinates."""
        import shapely

        if isinstance(self.within, tuple):
            return _area(self.within)
        spaces = [record for record in site.records(self.within or "") if isinstance(record, Space)]
        if not spaces:
            raise ValueError(
                f"within: '{self.within}' has no floor to fill: name a room, a stage, a balcony or a standing area, or write "
                "corners"
            )
        shape = shapely.union_all([space.outline.polygon for space in spaces])
        return shapely.transform(shape, lambda p: site.local(np.c_[p, np.zeros(len(p))])[:, :2])

    def _pitch(self, depth: float) -> float:
        """From row to row of a classroom. [m]"""
        if isinstance(self.spacing, float | int):
            return self.spacing
        return depth + (self.apart if self.apart is not None else BEHIND)

    def _along(self, width: float) -> Floats:
        """(n,) middles of the tables along a row of a classroom. [m]"""
        block = np.repeat(np.arange(len(self._blocks)), self._blocks)
        x = np.arange(len(block)) * width + block * self.gangway
        return np.asarray(x - x.mean())

    def _gangways(self, width: float, depth: float, chair: float) -> Iterator[Walkway]:
        """Between the blocks of a classroom, from the front edge of its first row to behind the last chairs."""
        x = self._along(width)
        back = -((self.rows or 1) - 1) * self._pitch(depth) - depth / 2 - self.gap - chair
        for n, last in enumerate(np.cumsum(self._blocks)[:-1].tolist(), 1):
            middle = (x[last - 1] + x[last]) / 2
            line = np.array([[middle, depth / 2, 0.0], [middle, back, 0.0]])
            yield Walkway(self.id, f"{self.label} gangway {n}", line, self.gangway)

    def _ahead(self, site: Site, middles: Floats) -> Floats:
        """(n,) heading from each table to what its open side faces. [degrees]"""
        if self.open_to is None:
            return np.full(len(middles), 90.0)
        to = site.point(self.open_to)[:2] - middles
        return np.degrees(np.arctan2(to[:, 1], to[:, 0]))

    def _round(self, seats: int, radius: float, ahead: float) -> tuple[Floats, Floats]:
        """Places round a table, clockwise from the open side: offsets and headings."""
        step = (360.0 - self.open) / max(seats, 1)
        n = seats - self.cabaret
        angle = ahead - (self.open + self.cabaret * step) / 2 - (np.arange(n) + 0.5) * step
        away = np.radians(angle)
        return radius * np.stack([np.cos(away), np.sin(away)], axis=1), np.asarray(angle + 180.0)

    def _long(self, seats: int, width: float, reach: float, ahead: float, one_side: bool) -> tuple[Floats, Floats]:
        """Places along the long sides, clockwise: the far side first, then the near side (the only one when open).

        In a classroom from house left, as rows are.
        """
        near = seats if one_side else seats // 2
        far = seats - near

        def along(n: int) -> Floats:
            return (np.arange(n) + 0.5) / max(n, 1) * width - width / 2

        towards = along(near) if self.layout == "classroom" else along(near)[::-1]
        own = np.concatenate([np.stack([along(far), np.full(far, reach)], axis=1),
                              np.stack([towards, np.full(near, -reach)], axis=1)])  # fmt: skip
        c, s = math.cos(math.radians(ahead - 90.0)), math.sin(math.radians(ahead - 90.0))
        facing = np.concatenate([np.full(far, ahead + 180.0), np.full(near, ahead)])
        return np.asarray(own @ np.array([[c, s], [-s, c]])), facing

    def _seats(self, site: Site, number: int, at: Floats, facing: Floats, width: float, depth: float) -> SeatRow:
        n = len(at)
        look = np.radians(facing)
        eyes = at + (depth / 2 - self.eye_at) * np.stack([np.cos(look), np.sin(look)], axis=1)
        blank = np.full(n, "", dtype=np.str_)
        return SeatRow(
            element=self.id, key=number,
            ids=np.array([f"{self.id}/{number}/{k}" for k in range(1, n + 1)], dtype=np.str_),
            at=np.c_[at, np.zeros(n)], facing=facing, eyes=np.c_[eyes, np.full(n, site.people.eye)],
            section=np.zeros(n, np.int64), place=np.full(n, "table"), width=np.full(n, width), depth=depth,
            item=np.full(n, self.chair), block=np.full(n, self.id), row=blank, seat=blank, category=blank,
            status=np.full(n, "open"), owner=blank, reason=blank, price=np.full(n, np.nan), removed_by=blank,
        )  # fmt: skip

    def _with_wheelchairs(self, site: Site, row: SeatRow, depth: float) -> SeatRow:
        """The places of a table, in which a wheelchair place takes the room of two chairs.

        depth : of a chair [m]
        Raises ValueError where there are not so many places, or not the room.
        """
        chosen = sorted(self.wheelchair[row.key])
        wide, deep = self.wheelchair_space
        at, facing, eyes = row.at.copy(), row.facing.copy(), row.eyes.copy()
        width, depths, place, item = (
            row.width.copy(),
            row.space.copy(),
            row.place.astype(object),
            row.item.astype(object),
        )
        for k in chosen:
            if k >= row.count or (k + 1) in chosen:
                raise ValueError(
                    f"wheelchair: at table {row.key} it takes places {k} and {k + 1}, of {row.count}; choose others"
                )
            a, b = k - 1, k
            between = (float(facing[b] - facing[a]) + 180) % 360 - 180
            if abs(between) > 120:
                raise ValueError(
                    f"wheelchair: places {k} and {k + 1} of table {row.key} are on two sides of it; choose others"
                )
            turn = math.radians(float(facing[a]) + between / 2)
            look = np.array([math.cos(turn), math.sin(turn)])
            apart = float(np.hypot(*(at[b] - at[a])[:2]))
            out = (
                apart / 2 * math.tan(math.radians(abs(between)) / 4)
            )  # from the chord to the ring that the chairs stand on
            front = (at[a, :2] + at[b, :2]) / 2 + (depth / 2 + self.gap + KNEES - out) * look
            at[a, :2] = front - deep / 2 * look
            facing[a], width[a], depths[a], place[a], item[a] = math.degrees(turn), wide, deep, "wheelchair", ""
            eyes[a] = [at[a, 0], at[a, 1], site.people.wheelchair_eye]
        keep = np.array([k not in chosen for k in range(row.count)])
        arrays = {f.name: getattr(row, f.name) for f in fields(row) if isinstance(getattr(row, f.name), np.ndarray)}
        arrays |= {"at": at, "facing": facing, "eyes": eyes, "width": width, "depths": depths,
                   "place": place.astype(np.str_), "item": item.astype(np.str_)}  # fmt: skip
        return replace(row, **{name: array[keep] for name, array in arrays.items()})


def _area(corners: tuple[Point, ...]) -> Any:
    """A shapely polygon; raises ValueError that names the field."""
    try:
        return outline(corners).polygon
    except ValueError as error:
        raise ValueError(f"within: {error}") from None
