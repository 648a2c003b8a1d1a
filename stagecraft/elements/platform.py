"""Platform: a raised piece of floor, for a band, VIPs or a row of sofas."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import model_validator

from stagecraft.elements._base import Code, Colour, Element, Point, Site, Size, rgb
from stagecraft.elements._rails import Side, edges
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import Outline, outline, rectangle
from stagecraft.scene import KitLine, Part, Record


class Platform(Element):
    """A closed platform. Origin: centre of its plan, on the floor; front looks to −y."""

    type: Literal["platform"] = "platform"
    size: tuple[Size, Size] | None = None
    """Width and depth. [m]"""
    outline: tuple[Point, ...] | None = None
    """Corners of any other shape. [m]"""
    height: Size
    """Top above the floor. [m]"""
    rails: tuple[Side, ...] = ()
    """Sides with a guard rail; left and right as seen from the audience."""
    rail_height: Size = 1.1
    """Top of the rail above the platform. [m]"""
    deck: Code | None = None
    """Catalogue item of the decks that it is made of; they are counted, not drawn."""
    colour: Colour = "#34343a"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _one_shape(self) -> Platform:
        if (self.size is None) == (self.outline is None):
            raise ValueError("give either size: [width, depth] or outline: [[x, y], …]")
        if self.outline is not None:
            outline(self.outline)
        return self

    def top(self, site: Site) -> float:
        return self.height

    def plan(self) -> Outline:
        """Outline of its top in own coordinates. [m]"""
        if self.outline is not None:
            return outline(self.outline)
        assert self.size
        return rectangle(*self.size)

    def build(self, site: Site) -> Iterator[Record]:
        plan = self.plan()
        yield Part(
            self.id, shapes.prism(plan, 0, self.height), system="platform", takes_seats=True, colour=rgb(self.colour)
        )
        yield from edges(self.id, plan, self.height, self.rails, self.rail_height)
        if self.deck:
            deck = site.item(self.deck)
            low, high = plan.outer.points.min(axis=0), plan.outer.points.max(axis=0)
            tile = site.size(deck, "width", 1.0), site.size(deck, "depth", 2.0)
            count = min(_tiles(high - low, tile), _tiles(high - low, tile[::-1]))
            yield KitLine(self.id, deck.code, count, "")


def _tiles(area: np.ndarray, tile: tuple[float, float]) -> int:
    return math.prod(math.ceil(whole / piece - 1e-6) for whole, piece in zip(area.tolist(), tile))
