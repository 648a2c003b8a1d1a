"""Stairs: a solid flight that is put against an edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Colour, Element, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, Part, Record, Walkway


class Stairs(Element):
    """A straight flight. Origin: middle of its top edge, at the floor below; it descends to −y.

    Set it on the edge that it leads to: a stage's front edge as it is, its right-hand side with `turn: 90`.
    """

    type: Literal["stairs"] = "stairs"
    width: Size = 1.2
    """Width of the flight. [m]"""
    height: Size
    """Rise in total. [m]"""
    steps: Annotated[int, Field(ge=2, le=200)] | None = None
    """Risers, the last of which is the edge that it leads to; as many as keep each at 170 mm or less where empty.

    170 mm: greatest rise for general access, Approved Document K (England) table 1.1.
    """
    going: Size = 0.28
    """Of each tread. [m]"""
    flush: bool = False
    """A top tread level with what it leads to."""
    rails: bool = False
    """Handrails on both sides."""
    rail_height: Size = 0.9
    """Above the nosings. [m]"""
    colour: Colour = "#2b2b2e"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _sensible(self) -> Stairs:
        if self.risers > 200:
            raise ValueError(f"{self.risers} steps; one flight may have 200")
        return self

    @property
    def risers(self) -> int:
        return self.steps or max(2, math.ceil(self.height / 0.17 - 1e-6))

    @property
    def treads(self) -> int:
        return self.risers if self.flush else self.risers - 1

    def top(self, site: Site) -> float:
        return self.height

    def build(self, site: Site) -> Iterator[Record]:
        riser, n, half = self.height / self.risers, self.treads, self.width / 2
        yield Part(self.id, shapes.stair_flight(self.width, self.going, riser, n), system="stair", takes_seats=True,
                   colour=rgb(self.colour))  # fmt: skip
        levels = riser * np.arange(1, n + 1)
        nosing = self.going * np.arange(-n, 0)
        walk = np.c_[np.zeros(n), nosing + self.going / 2, levels]
        walk = np.concatenate([[(0, nosing[0] - self.going / 2, 0)], walk, [(0, 0, self.height)]])
        yield Walkway(self.id, self.label, walk, self.width, "step", np.linspace(riser, self.height, self.risers))
        foot, head = (nosing[0], riser), (nosing[-1], riser * n)
        rails = []
        for x in (-half, half):
            yield Edge(self.id, np.c_[np.full(n, x), nosing, levels], float(levels[-1]), self.rails and n > 1)
            inside = x - math.copysign(0.04, x)
            if self.rails and n > 1:
                rails.append(shapes.guard_rail((inside, *foot), (inside, *head), self.rail_height))
        if rails:
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))
