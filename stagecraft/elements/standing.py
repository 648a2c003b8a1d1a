"""Standing area."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stagecraft.elements._base import Element, Point, Site, Size
from stagecraft.elements.seating import MOST_SEATS
from stagecraft.geometry.outline import Outline, outline, rectangle
from stagecraft.scene import Record, Space

HEADROOM = 2.0
"""Height of the space that people who stand fill. [m]"""


class StandingArea(Element):
    """Where people stand. Origin: centre of `size`; the outline's own origin otherwise."""

    type: Literal["standing"] = "standing"
    size: tuple[Size, Size] | None = None
    """Width and depth. [m]"""
    outline: tuple[Point, ...] | None = None
    """Corners of any other shape. [m]"""
    density: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 2.0
    """Persons on a square metre of the floor that tables, platforms, bars and what else stands there leave.

    2.0 is 0.5 m² a person, the floor space factor for assembly halls, dance floors and venues for pop concerts:
    Approved Document B (England), volume 2, table D1. Your venue's licence may say less.
    """
    capacity: Annotated[int, Field(ge=0, le=MOST_SEATS)] | None = None
    """Instead of density: how many may stand there, as the licence says."""

    @model_validator(mode="after")
    def _one_shape(self) -> StandingArea:
        if (self.size is None) == (self.outline is None):
            raise ValueError("give either size: [width, depth] or outline: [[x, y], …]")
        if self.capacity is not None and "density" in self.model_fields_set:
            raise ValueError("give either capacity (as the licence says) or density")
        if self.outline is not None:
            outline(self.outline)
        return self

    def top(self, site: Site) -> float:
        return 0.0

    def plan(self) -> Outline:
        """Outline in own coordinates. [m]"""
        if self.outline is not None:
            return outline(self.outline)
        assert self.size
        return rectangle(*self.size)

    def build(self, site: Site) -> Iterator[Record]:
        plan = self.plan()
        if self.capacity is not None:
            yield Space(self.id, plan, 0.0, HEADROOM, "standing", self.capacity)
            return
        count = math.floor(plan.area * self.density + 1e-6)
        yield Space(self.id, plan, 0.0, HEADROOM, "standing", count, density=self.density)
