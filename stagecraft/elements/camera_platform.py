"""Camera platform: a riser for a camera and whoever works it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Code, Colour, Element, ElementRef, Gap, Length, Site, Size, rgb
from stagecraft.elements._camera import aimed
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import rectangle
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, KeepClear, Part, Record


class CameraPlatform(Element):
    """A platform, with a camera in its middle if it is aimed. Origin: centre of its plan, on the floor; looks to +y."""

    type: Literal["camera_platform"] = "camera_platform"
    size: tuple[Size, Size] = (2.4, 2.4)
    """Width and depth. [m]"""
    height: Size = 0.6
    """Top above the floor. [m]"""
    rail: bool = True
    """A rail at the rear and the sides."""
    rail_height: Size = 1.1
    """Top of the rail above the platform. [m]"""
    aim: Annotated[str | tuple[Length, Length, Length] | None, ElementRef()] = None
    """Point of the room that the camera is aimed at, or an element; no camera where empty. [m]"""
    lens: Annotated[Length, Field(ge=0.3)] = 1.6
    """Lens above the platform. [m]"""
    angle: Annotated[float, Field(gt=0, lt=180, allow_inf_nan=False)] = 20.0
    """Horizontal field of view. [degrees]"""
    item: Code | None = "vx.tripod.video"
    """Catalogue item of the tripod; null for a camera without one."""
    clear: Gap = 0.3
    """Kept free all round. [m]"""
    colour: Colour = "#2b2b2e"
    """Colour in pictures."""

    def top(self, site: Site) -> float:
        return self.height

    def build(self, site: Site) -> Iterator[Record]:
        width, depth = self.size
        yield Part(self.id, shapes.box(width, depth, self.height), system="camera", name="platform", takes_seats=True,
                   colour=rgb(self.colour))  # fmt: skip
        w, d = width / 2, depth / 2
        corners = np.array([(-w, d), (-w, -d), (w, -d), (w, d)])
        for number, (a, b) in enumerate(zip(corners, np.roll(corners, -1, axis=0))):
            yield Edge(self.id, np.c_[[a, b], [self.height, self.height]], self.height, self.rail and number < 3,
                       open_by_intent=number == 3)  # fmt: skip  # the lens looks over it
        if self.rail:
            w, d = w - 0.04, d - 0.04
            posts = [(-w, d, self.height), (-w, -d, self.height), (w, -d, self.height), (w, d, self.height)]
            rails = [shapes.guard_rail(a, b, self.rail_height) for a, b in pairwise(posts)]
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))
        if self.clear:
            yield KeepClear(self.id, rectangle(width + 2 * self.clear, depth + 2 * self.clear), 0.0, 2.0,
                            f"clear of {self.label}")  # fmt: skip
        if self.aim is not None:
            tripod = site.item(self.item) if self.item else None
            yield from aimed(
                self.id, self.label, site, tripod, self.height, self.lens, site.point(self.aim), self.angle
            )
