"""Lamp: a luminaire that is aimed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Code, Colour, ElementRef, Length, Site, rgb
from stagecraft.elements._spread import Spread
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frames
from stagecraft.scene import Light, Part, Record


class Lamp(Spread):
    """A luminaire, or a line of them, aimed at a point. Origin: middle of its underside."""

    type: Literal["lamp"] = "lamp"
    item: Code
    """Catalogue item."""
    aim: Annotated[str | tuple[Length, Length, Length], ElementRef()]
    """Point of the room it is aimed at, or an element. [m]"""
    aim_spacing: Length = 0.0
    """Sideways from one lamp's aim to the next one's. [m]"""
    beam: Annotated[float, Field(gt=0, lt=180)] | None = None
    """Full beam angle, where the catalogue's is not meant. [degrees]"""
    light: Colour = "#fff1e0"
    """Colour of its light."""
    kelvin: Annotated[float, Field(ge=1000, le=20000)] | None = None
    """Colour temperature, where the catalogue's is not meant. [K]"""
    intensity: Annotated[float, Field(ge=0, le=1)] = 1.0
    """0 … 1"""

    def build(self, site: Site) -> Iterator[Record]:
        item = site.item(self.item)
        width, height = site.size(item, "width", 0.35), site.size(item, "height", 0.5)
        depth = site.size(item, "depth", 0.35)
        places = self.places()
        yield Part(self.id, shapes.box(width * 0.7, depth * 0.5, height * 0.28, (0, 0, height * 0.72)), frames(places), "light",
                   item.code, self.tags(), blocks="rigging", colour=(0.1, 0.1, 0.11))  # fmt: skip
        centre = site.point(self.aim)
        aims = centre + (places - places.mean(axis=0)) * (self.aim_spacing / self.spacing if self.spacing else 0.0)
        reach = min(width, depth, height * 0.6) / 2
        pivot = places + [0, 0, height * 0.72 - reach]
        heads = np.array([_towards(p, a) for p, a in zip(pivot, aims)])
        length = min(max(width, depth, height * 0.6), height)
        yield Part(self.id, shapes.cylinder(reach * 0.85, -length * 0.5, length * 0.5, sides=16), heads, "light", "", self.tags(), "head",
                   blocks="rigging", soft=True, colour=(0.14, 0.14, 0.15))  # fmt: skip
        beam = self.beam or item.beam_max or item.beam_min or 25.0
        for p, a in zip(pivot, aims):
            front = p + (a - p) / max(float(np.linalg.norm(a - p)), 1e-9) * length * 0.5
            yield Light(
                self.id, front, a, beam, rgb(self.light), self.kelvin or item.kelvin, item.lumens, self.intensity
            )


def _towards(at: Floats, aim: Floats) -> Floats:
    """Frame at `at` whose z axis points to `aim`."""
    z = aim - at
    z = z / max(float(np.linalg.norm(z)), 1e-9)
    x = np.cross([0.0, 1.0, 0.0] if abs(z[1]) < 0.99 else [1.0, 0.0, 0.0], z)
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(z, x), z], axis=1)
    matrix[:3, 3] = at
    return matrix
