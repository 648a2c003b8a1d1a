"""Ramp: a wedge that is put against an edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from stagecraft.elements._base import Colour, Element, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, Part, Record, Walkway


class Ramp(Element):
    """A straight ramp. Origin: middle of its top edge, at the floor below; it descends to −y."""

    type: Literal["ramp"] = "ramp"
    width: Size = 1.5
    """Width of the ramp. [m]"""
    height: Size
    """Rise in total. [m]"""
    length: Size
    """Going, measured in plan. [m]"""
    rails: bool = False
    """Handrails on both sides."""
    rail_height: Size = 0.9
    """Above the surface. [m]"""
    colour: Colour = "#34343a"
    """Colour in pictures."""

    def top(self, site: Site) -> float:
        return self.height

    def build(self, site: Site) -> Iterator[Record]:
        yield Part(self.id, shapes.wedge(self.width, self.length, self.height), system="stair", takes_seats=True,
                   colour=rgb(self.colour))  # fmt: skip
        slope = np.array([[0, -self.length, 0], [0, 0, self.height]])
        yield Walkway(self.id, self.label, slope, self.width, "ramp")
        rails = []
        for x in (-self.width / 2, self.width / 2):
            yield Edge(self.id, _aside(slope, x), self.height, self.rails)
            if self.rails:
                foot, head = _aside(slope, x - math.copysign(0.04, x))
                rails.append(shapes.guard_rail(foot, head, self.rail_height))
        if rails:
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))


def _aside(line: Floats, x: float) -> Floats:
    return np.asarray(line + np.array([x, 0.0, 0.0]))
