"""Drape: pleated cloth in a line: a backing, a leg, a border, a room divider."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Code, Colour, Element, Gap, Length, Site, Size, rgb
from stagecraft.geometry import frame as frames
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.scene import KitLine, Part, PlanSymbol, Record

DEPTH = 0.12
"""From the front of the pleats to their back, as drawn. [m]"""


class Drape(Element):
    """Cloth from one point to another, or `width` wide. Origin: its middle, on the floor; x runs along it.

    `hung:` puts its top under the truss; from and to are then [along, across] that truss.
    """

    type: Literal["drape"] = "drape"
    start: Annotated[tuple[Length, Length] | None, Field(alias="from")] = None
    """One end, in plan. [m]"""
    end: Annotated[tuple[Length, Length] | None, Field(alias="to")] = None
    """The other end. [m]"""
    width: Size | None = None
    """Finished width, where `at` and `turn` say the place. [m]"""
    height: Size
    """Drop: from the hem to the top. [m]"""
    bottom: Gap = 0.0
    """Hem above the floor. [m]"""
    item: Code | None = None
    """Catalogue item of one panel; the panels that it takes are counted."""
    fullness: Annotated[float, Field(ge=1, le=4, allow_inf_nan=False)] = 1.0
    """Width of cloth over finished width; 1 where panels are ordered by their finished width."""
    colour: Colour = "#17171a"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _one_line(self) -> Drape:
        ends = self.start is not None and self.end is not None
        if ends == (self.width is not None) or (self.start is None) != (self.end is None):
            raise ValueError("give either from: [x, y] and to: [x, y], or width: with at: and turn:")
        if ends and {"at", "turn"} & self.model_fields_set:
            raise ValueError("a drape with from and to stands there; at and turn do not apply")
        if self.length < 0.05:
            raise ValueError("from and to are the same place")
        return self

    @property
    def length(self) -> float:
        """Finished width. [m]"""
        if self.width is not None:
            return self.width
        assert self.start is not None
        assert self.end is not None
        return math.dist(self.start, self.end)

    def frame(self) -> Floats:
        if self.width is not None:
            return super().frame()
        assert self.start is not None
        assert self.end is not None
        (x0, y0), (x1, y1) = self.start, self.end
        turn = round(math.degrees(math.atan2(y1 - y0, x1 - x0)), 12)
        return frames.frame(((x0 + x1) / 2, (y0 + y1) / 2), turn)

    def build(self, site: Site) -> Iterator[Record]:
        half = self.length / 2
        cloth = shapes.pleated(self.length, self.bottom, self.bottom + self.height, depth=min(DEPTH, self.length))
        low = cloth.vertices[cloth.vertices[:, 2] < self.bottom + self.height / 2][:, :2]
        front = low[: len(low) // 2]
        ends = tuple(np.array([(x, -DEPTH / 2), (x, DEPTH / 2)]) for x in (-half, half))
        yield Part(self.id, cloth, system="drape", tags=(self.id,), blocks="set", soft=True, takes_seats=True,
                   symbol=PlanSymbol(f"DRAPE-{self.id}", (front, *ends)), colour=rgb(self.colour))  # fmt: skip
        if self.item:
            panel = site.item(self.item)
            count = math.ceil(self.length * self.fullness / site.size(panel, "width", 3.0) - 1e-6)
            yield KitLine(self.id, panel.code, count, "")
