"""Scenery: a box, a prism, a cylinder or a mesh from a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Colour, Element, Point, Site, Size, Unit, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import Outline, outline, rectangle
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Part, Piece, Record


class Scenery(Element):
    """A set piece. Origin: centre of its underside; an outline's or a mesh's own origin."""

    type: Literal["scenery"] = "scenery"
    size: tuple[Size, Size, Size] | None = None
    """Width, depth and height of a box. [m]"""
    outline: Annotated[tuple[Point, ...], Field(max_length=20_000)] | None = None
    """Corners of an upright prism; needs height. [m]"""
    diameter: Size | None = None
    """Of an upright cylinder; needs height. [m]"""
    height: Size | None = None
    """Of a prism or a cylinder. [m]"""
    mesh: str | None = None
    """Mesh file (obj, stl, ply, off, glb); needs unit."""
    unit: Unit | None = None
    """Unit of the mesh; it must be said."""
    sheet: Size | None = None
    """Thickness of the sheet that it is cut from; it is then a piece to make. [m]"""
    material: str = ""
    """What it is made of: `18 mm birch plywood`."""
    colour: Colour = "#7d6b57"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _one_shape(self) -> Scenery:
        if sum(given is not None for given in (self.size, self.outline, self.diameter, self.mesh)) != 1:
            raise ValueError("give one of size: [w, d, h], outline: [[x, y], …], diameter: or mesh: file")
        if (self.height is not None) != (self.outline is not None or self.diameter is not None):
            raise ValueError("height belongs to an outline or a diameter, and they need it")
        if (self.unit is not None) != (self.mesh is not None):
            raise ValueError("a mesh needs unit: (mm, cm, m, in, ft), and nothing else has one")
        if self.outline is not None:
            outline(self.outline)
        if self.sheet is not None:
            self.flat(self.sheet)
        return self

    def flat(self, sheet: float) -> Outline:
        """Outline of the sheet that it is cut from. [m]"""
        if self.size is not None:
            rest = [side for side in self.size if abs(side - sheet) > 1e-6]
            if len(rest) == 2:
                return rectangle(rest[0], rest[1])
        if self.outline is not None and self.height is not None and abs(self.height - sheet) <= 1e-6:
            return outline(self.outline)
        raise ValueError(f"sheet: a piece cut from a sheet is {sheet:g} m thick in one direction, this one is not")

    def solid(self, site: Site) -> Solid:
        if self.size is not None:
            return shapes.box(*self.size)
        if self.mesh is not None and self.unit is not None:
            return site.files.mesh("mesh", self.mesh, self.unit)
        assert self.height is not None
        if self.outline is not None:
            return shapes.prism(outline(self.outline), 0.0, self.height)
        assert self.diameter is not None
        return shapes.cylinder(
            self.diameter / 2, 0.0, self.height, sides=shapes.arc_sides(self.diameter / 2, 2 * np.pi)
        )

    def build(self, site: Site) -> Iterator[Record]:
        yield Part(self.id, self.solid(site), system="set", tags=(self.id,), blocks="set", takes_seats=True,
                   material=self.material, colour=rgb(self.colour))  # fmt: skip
        if self.sheet is not None:
            yield Piece(self.id, self.id, self.flat(self.sheet), self.sheet, self.material)
