"""Keep clear: a volume that must stay empty, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from stagecraft.elements._base import Element, Length, Point, Site, Size
from stagecraft.geometry.outline import Outline, circle, outline, rectangle
from stagecraft.scene import KeepClear, Record


class ClearSpace(Element):
    """A space that nothing may stand in: a route, a throw, a landing. Origin: centre of `size` or `diameter`."""

    type: Literal["keep_clear"] = "keep_clear"
    size: tuple[Size, Size] | None = None
    """Width and depth. [m]"""
    diameter: Size | None = None
    """Of a round one. [m]"""
    outline: tuple[Point, ...] | None = None
    """Corners of any other shape. [m]"""
    low: Length = Field(default=0.0, alias="from")
    """Its underside. [m]"""
    high: Length = Field(default=2.0, alias="to")
    """Its top. [m]"""
    why: str
    """Reason, for the report and the plan."""
    seats: bool = False
    """May places stand in it?"""

    @model_validator(mode="after")
    def _one_shape(self) -> ClearSpace:
        if sum(given is not None for given in (self.size, self.diameter, self.outline)) != 1:
            raise ValueError("give one of size: [width, depth], diameter: or outline: [[x, y], …]")
        if self.low >= self.high:
            raise ValueError(f"from: {self.low:g} m is not below to: {self.high:g} m")
        if self.outline is not None:
            outline(self.outline)
        return self

    def plan(self) -> Outline:
        """Outline in own coordinates. [m]"""
        if self.outline is not None:
            return outline(self.outline)
        if self.diameter is not None:
            return circle(self.diameter / 2)
        assert self.size
        return rectangle(*self.size)

    def build(self, site: Site) -> Iterator[Record]:
        yield KeepClear(self.id, self.plan(), self.low, self.high, self.why, takes_seats=not self.seats)
