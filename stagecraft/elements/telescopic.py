"""Telescopic seating: rows on decks that slide into one another against a wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from stagecraft import scene as waist
from stagecraft.elements._base import Code, Colour, Element, ElementRef, Gap, Length, Site, Size
from stagecraft.elements.seating import CHAIR_DEPTH, Seating
from stagecraft.geometry import frame as frames
from stagecraft.geometry import shapes
from stagecraft.scene import Edge, Part, Record


class Telescopic(Element):
    """A retractable unit. Origin: middle of its back, which stays where it is; rows come out towards +y, the front row first.

    Closed it is a box; a set-up that patches `open_rows` opens it. A seat's id is that of its row, open or not.
    """

    type: Literal["telescopic"] = "telescopic"
    rows: Annotated[int, Field(ge=1, le=200)]
    """How many it has."""
    open_rows: Annotated[int, Field(ge=0, le=200)] | None = None
    """How many are drawn out, from the front row on; all where empty, 0 when it is closed."""
    stored_depth: Size
    """From its back to its front when it is closed; the last row stays on it. [m]"""
    seats: Annotated[int, Field(ge=1, le=2000)] | tuple[Annotated[int, Field(ge=1, le=2000)], ...]
    """Places in a row; a list gives blocks with a gangway between each two."""
    pitch: Size = 0.95
    """From row to row: the depth of a deck. [m]"""
    riser: Size
    """Step up from row to row. [m]"""
    first_riser: Gap | None = None
    """Step up to the front row; that of the others where empty. [m]"""
    width: Size = 0.50
    """From seat to seat along the row. [m]"""
    gangway: Gap | tuple[Gap, ...] = 1.2
    """Clear width of the gangways between the blocks. [m]"""
    sides: Gap = 0.0
    """Width of the gangway at either end of the rows. [m]"""
    chair: Code | None = None
    """Catalogue item of the chair; the unit's own folding seats where empty."""
    own_depth: Size = CHAIR_DEPTH
    """Depth of its own seats. [m]"""
    eye_at: Length = 0.45
    """Eye behind the seat's front edge. [m]"""
    eye: Size | None = None
    """Seated eye above the row's floor, if not the house's figure. [m]"""
    blocks: tuple[str, ...] = ()
    """Names of the blocks from house left; <id>1, <id>2 … where empty."""
    first_row: Annotated[int, Field(ge=1, le=2000)] = 1
    """Number of its front row in the house's lettering."""
    rails: tuple[Literal["rear", "left", "right"], ...] = ()
    """Sides of the open rows with a guard rail; left and right as the audience sees them."""
    rail_height: Size = 1.1
    """Top of the rail above the row. [m]"""
    avoid: Annotated[tuple[str, ...], ElementRef()] = ()
    """Elements that take seats away though they are not made to."""
    colour: Colour = "#8c2f39"
    """Colour of the seats in pictures."""

    @model_validator(mode="after")
    def _consistent(self) -> Telescopic:
        if self.drawn > self.rows:
            raise ValueError(f"open_rows: {self.drawn} of {self.rows} rows cannot be open")
        if self.stored_depth < self.pitch:
            raise ValueError(f"stored_depth of {self.stored_depth:g} m is less than a row, {self.pitch:g} m")
        if self.rows > 1 and self.stored_depth > self.rows * self.pitch:
            raise ValueError(
                f"stored_depth of {self.stored_depth:g} m is more than all its rows open, {self.rows * self.pitch:g} m"
            )
        self._unit(self.rows)
        return self

    @property
    def drawn(self) -> int:
        """Rows that are open."""
        return self.rows if self.open_rows is None else self.open_rows

    @property
    def height(self) -> float:
        """Of its last row, and of what is folded together. [m]"""
        return (self.riser if self.first_riser is None else self.first_riser) + (self.rows - 1) * self.riser

    def top(self, site: Site) -> float:
        return 0.0

    def _unit(self, rows: int) -> Seating:
        """Its front rows as seating; the last of all has the deck that never moves."""
        names = ("seats", "pitch", "width", "gangway", "sides", "chair", "own_depth", "eye_at", "eye", "blocks",
                 "first_row", "rails", "rail_height", "avoid", "colour", "riser")  # fmt: skip
        given = {name: getattr(self, name) for name in names}
        first = self.riser if self.first_riser is None else self.first_riser
        deep = {rows: self.stored_depth} if rows == self.rows else {}
        try:
            return Seating(id=self.id, name=self.name, rows=rows, first_riser=first, deep=deep, **given)
        except ValidationError as error:
            raise ValueError(str(error.errors()[0].get("ctx", {}).get("error", error))) from None

    def build(self, site: Site) -> Iterator[Record]:
        whole, stacked = self.drawn == self.rows, self.drawn < self.rows
        if stacked:
            unit = self._unit(self.rows)
            half = (sum(unit.counts(0)) * self.width + sum(unit.gangways())) / 2 + self.sides
            box = shapes.cuboid((-half, 0.0, 0.0), (half, self.stored_depth, self.height))
            yield Part(self.id, box, system="platform", name="stack", blocks="architecture", movable=False,
                       takes_seats=True, colour=(0.32, 0.31, 0.31))  # fmt: skip
        if not self.drawn:
            return
        depth = site.size(site.item(self.chair), "depth", CHAIR_DEPTH) if self.chair else self.own_depth
        front = self.stored_depth + (self.drawn - whole) * self.pitch - (self.pitch - depth)
        out = frames.frame((0.0, front))
        for record in self._unit(self.drawn).build(site):
            moved = waist.moved(record, out)
            backs = isinstance(moved, Edge) and np.allclose(moved.line[:, 1], self.stored_depth)
            if isinstance(moved, Part) and moved.system == "platform":
                moved = replace(moved, takes_seats=True)  # loose chairs stand where the unit leaves the floor
            if not (stacked and backs):  # behind the open rows stands what is still folded together
                yield moved
