"""Tables with their chairs: banquet rounds, cabaret, classroom."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.catalogue import Item
from stagecraft.elements._base import Code, Colour, Element, ElementRef, Length, Point, Site, Size, rgb
from stagecraft.elements.seating import CHAIR_DEPTH, MOST_SEATS
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frames
from stagecraft.geometry.outline import circle, rectangle
from stagecraft.scene import Part, PlanSymbol, Record, SeatRow

SERVICE = 1.524
"""Edge to edge between tables with a service aisle: 60 in, trade practice (banquet planning guides). [m]"""
CHAIR_WIDTH = 0.45
"""Stand-in for a chair whose width the catalogue does not know. [m]"""


class Tables(Element):
    """Equal tables in rows, each with its places. Origin: middle of the front row of tables; rows follow to −y.

    Tables are numbered from house left, front row first; places clockwise seen from above, from the open side
    (the stage's side) onwards.
    """

    type: Literal["tables"] = "tables"
    item: Code
    """Catalogue item of the table."""
    shape: Literal["round", "rectangular"] | None = None
    """Where the catalogue's model does not say that it is round."""
    seats: Annotated[int, Field(ge=0, le=60)]
    """Places at each table."""
    count: Annotated[int, Field(ge=1, le=5000)] | None = None
    """How many tables."""
    columns: Annotated[int, Field(ge=1, le=500)] | None = None
    """Tables in a row; about as many as there are rows where empty."""
    layout: Literal["square", "hexagonal"] = "square"
    """hexagonal: every second row is shifted by half a spacing, and the rows close up."""
    spacing: Size | tuple[Size, Size] | None = None
    """From middle to middle, or [along the row, from row to row]; 1.524 m between edges where empty. [m]"""
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
    open: Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)] = 0.0
    """Angle left without places (cabaret); a rectangular table then has places on one side only. [degrees]"""
    open_to: Annotated[str | None, ElementRef()] = None
    """Element that the open side faces; +y where empty."""
    eye_at: Length = 0.45
    """Eye behind the chair's front edge. [m]"""
    colour: Colour = "#e6e2d8"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _consistent(self) -> Tables:
        if (self.count is None) == (self.places is None):
            raise ValueError("give either count or places: [[x, y], …]")
        if self.places is not None and self.columns is not None:
            raise ValueError("columns does not apply to places")
        if self.places is not None and not self.places:
            raise ValueError("places lists no table")
        beyond = [n for n in self.without if n > self.total]
        if beyond:
            raise ValueError(f"without: there is no table {beyond[0]}; there are {self.total}")
        if self.total * self.seats > MOST_SEATS:
            raise ValueError(f"{self.total * self.seats} places; one element may have {MOST_SEATS}")
        if len(self.names) > self.total:
            raise ValueError(f"names lists {len(self.names)} names; there are {self.total} tables")
        return self

    @property
    def total(self) -> int:
        """Tables, those left out included."""
        return len(self.places) if self.places is not None else self.count or 0

    def top(self, site: Site) -> float:
        return 0.0

    def build(self, site: Site) -> Iterator[Record]:
        item, chair = site.item(self.item), site.item(self.chair)
        width, depth = site.size(item, "width", 1.5), site.size(item, "depth", 1.5)
        height = site.size(item, "height", 0.75)
        is_round = self._is_round(item)
        numbers = [n for n in range(1, self.total + 1) if n not in self.without]
        middles = self._middles(width, depth)[np.array(numbers, int) - 1]
        if not numbers:
            return
        ahead = self._ahead(site, middles)
        turned = ahead if not is_round and self.open else np.full(len(middles), 90.0)
        top = circle(width / 2, sides=64) if is_round else rectangle(width, depth)
        ring = np.concatenate([top.outer.points, top.outer.points[:1]])
        standing = frames(np.c_[middles, np.zeros(len(middles))], turned - 90.0)
        yield Part(self.id, shapes.table(top, height), standing, "table", item.code, tuple(map(self._name, numbers)),
                   blocks="none", symbol=PlanSymbol(item.code, (ring,)), colour=rgb(self.colour))  # fmt: skip
        seat_width, seat_depth = site.size(chair, "width", CHAIR_WIDTH), site.size(chair, "depth", CHAIR_DEPTH)
        reach = self.gap + seat_depth / 2
        for n, middle, heading in zip(numbers, middles, ahead):
            if is_round:
                at, facing = self._round(width / 2 + reach, float(heading))
            else:
                at, facing = self._long(width, depth / 2 + reach, float(heading if self.open else 90.0))
            if self.seats:
                yield self._seats(site, n, middle + at, facing, seat_width, seat_depth)

    def _is_round(self, item: Item) -> bool:
        return self.shape == "round" or (self.shape is None and "round" in item.model.lower())

    def _name(self, number: int) -> str:
        return self.names[number - 1] if number <= len(self.names) else f"{self.id}-{number}"

    def _middles(self, width: float, depth: float) -> Floats:
        """(total, 2) middles of the tables. [m]"""
        if self.places is not None:
            return np.array(self.places, float)
        if isinstance(self.spacing, tuple):
            along, apart = self.spacing
        else:
            along, apart = self.spacing or width + SERVICE, self.spacing or depth + SERVICE
            if self.layout == "hexagonal":
                apart *= math.sqrt(3) / 2
        columns = min(self.columns or math.ceil(math.sqrt(self.total)), self.total)
        row, column = np.divmod(np.arange(self.total), columns)
        short = self.total % columns  # a last row that is not full stands in the middle of the grid
        column = column + np.where(short and row == row[-1], (columns - short) // 2, 0)
        x = (column - (columns - 1) / 2) * along
        if self.layout == "hexagonal":
            x = x + np.where(row % 2 == 1, along / 4, -along / 4 if row[-1] else 0.0)
        return np.stack([x, -row * apart], axis=1)

    def _ahead(self, site: Site, middles: Floats) -> Floats:
        """(n,) heading from each table to what its open side faces. [degrees]"""
        if self.open_to is None:
            return np.full(len(middles), 90.0)
        to = site.point(self.open_to)[:2] - middles
        return np.degrees(np.arctan2(to[:, 1], to[:, 0]))

    def _round(self, radius: float, ahead: float) -> tuple[Floats, Floats]:
        """Places round a table, clockwise from the open side: offsets and headings."""
        step = (360.0 - self.open) / max(self.seats, 1)
        angle = ahead - self.open / 2 - (np.arange(self.seats) + 0.5) * step
        away = np.radians(angle)
        return radius * np.stack([np.cos(away), np.sin(away)], axis=1), np.asarray(angle + 180.0)

    def _long(self, width: float, reach: float, ahead: float) -> tuple[Floats, Floats]:
        """Places along the long sides, clockwise: the far side first, then the near side (the only one when open)."""
        near = self.seats if self.open else self.seats // 2
        far = self.seats - near

        def along(n: int) -> Floats:
            return (np.arange(n) + 0.5) / max(n, 1) * width - width / 2

        own = np.concatenate([np.stack([along(far), np.full(far, reach)], axis=1),
                              np.stack([along(near)[::-1], np.full(near, -reach)], axis=1)])  # fmt: skip
        c, s = math.cos(math.radians(ahead - 90.0)), math.sin(math.radians(ahead - 90.0))
        facing = np.concatenate([np.full(far, ahead + 180.0), np.full(near, ahead)])
        return np.asarray(own @ np.array([[c, s], [-s, c]])), facing

    def _seats(self, site: Site, number: int, at: Floats, facing: Floats, width: float, depth: float) -> SeatRow:
        n = self.seats
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
