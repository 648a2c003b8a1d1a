"""Scenery: a box, a prism, a shape cut from sheet, a cylinder or a mesh from a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from stagecraft.elements._base import Colour, Element, Length, Point, Site, Size, Unit, rgb
from stagecraft.elements._joinery import X, Y, Z, placed
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import FINE, Outline, circle, rectangle, rounded
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Part, Piece, Record

Corner: TypeAlias = Annotated[tuple[Length, ...], Field(min_length=2, max_length=3)]
"""[x, y], or [x, y, radius] of a corner that is rounded. [m]"""
Corners: TypeAlias = Annotated[tuple[Corner, ...], Field(max_length=20_000)]


class Hole(BaseModel):
    """A hole that goes through: `at` and `diameter`, or an `outline`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    at: Point = (0.0, 0.0)
    """Middle of a round hole. [m]"""
    diameter: Size | None = None
    """Of a round hole. [m]"""
    outline: Corners | None = None
    """Corners of any other. [m]"""

    @model_validator(mode="after")
    def _one_shape(self) -> Hole:
        if (self.diameter is None) == (self.outline is None):
            raise ValueError("a hole has a diameter, or an outline: [[x, y], …]")
        return self

    def shape(self) -> Outline:
        if self.diameter is not None:
            sides = shapes.arc_sides(self.diameter / 2, 2 * np.pi, FINE)
            return circle(self.diameter / 2, self.at, max(sides, 24))
        return rounded(self.outline or ())


class Scenery(Element):
    """A set piece. Origin: centre of its underside; an outline's, a face's or a mesh's own origin."""

    type: Literal["scenery"] = "scenery"
    size: tuple[Size, Size, Size] | None = None
    """Width, depth and height of a box. [m]"""
    outline: Corners | None = None
    """Corners of an upright prism; needs height. A third number rounds a corner: [x, y, radius]. [m]"""
    face: Corners | None = None
    """Corners of a shape that stands upright, [x, z] seen from the front, cut from `sheet`; rounded as those above. [m]"""
    holes: tuple[Hole, ...] = ()
    """Holes through an outline or a face."""
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
    fabrication: bool = False
    """true: it must be a piece to make, cut from `sheet`."""
    grain: Literal["L", "W", ""] = ""
    """Which way the grain of that sheet runs: along its length (across, as it was drawn), its width, or whichever way."""
    edge_band: str = ""
    """Edges of that sheet that are banded: `L` one long edge, `2L 2W` all of them."""
    material: str = ""
    """What it is made of: `birch plywood`; of a piece to make in the words of `stock:`."""
    colour: Colour = "#7d6b57"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _one_shape(self) -> Scenery:
        shapes_given = (self.size, self.outline, self.face, self.diameter, self.mesh)
        if sum(given is not None for given in shapes_given) != 1:
            raise ValueError(
                "give one of size: [w, d, h], outline: [[x, y], …], face: [[x, z], …], diameter: or mesh: file"
            )
        if (self.height is not None) != (self.outline is not None or self.diameter is not None):
            raise ValueError("height belongs to an outline or a diameter, and they need it")
        if (self.unit is not None) != (self.mesh is not None):
            raise ValueError("a mesh needs unit: (mm, cm, m, in, ft), and nothing else has one")
        if self.face is not None and self.sheet is None:
            raise ValueError("a face is cut from a sheet: give its thickness, sheet: 18 mm")
        if self.holes and self.outline is None and self.face is None:
            raise ValueError("holes go through an outline or a face")
        if (self.grain or self.edge_band) and self.sheet is None:
            raise ValueError(
                f"{'grain' if self.grain else 'edge_band'} is said of a sheet: give its thickness, sheet: 18 mm"
            )
        if self.fabrication and self.mesh is not None:
            raise ValueError("fabrication: a mesh is not taken apart, as what curves in two ways cannot be laid flat; make it of "
                             "flats, plinths, fascias and faces")  # fmt: skip
        if self.fabrication and self.sheet is None:
            raise ValueError("fabrication: give sheet: 18 mm, the thickness that it is cut from; boxes are made as a plinth, "
                             "frames as a flat, curved faces as a fascia")  # fmt: skip
        if self.outline is not None or self.face is not None:
            self._drawn()
        if self.sheet is not None:
            self.flat(self.sheet)
        return self

    def _drawn(self) -> Outline:
        """The outline, or the face, as it was drawn. [m]"""
        return rounded(self.outline or self.face or (), [hole.shape() for hole in self.holes])

    def flat(self, sheet: float) -> tuple[Outline, Floats]:
        """Outline of the sheet that it is cut from, where it was drawn, and the frame that puts it into its place. [m]"""
        if self.size is not None:
            width, depth, height = self.size
            thin = [abs(side - sheet) <= 1e-6 for side in self.size]
            if sum(thin) == 1:
                if thin[0]:
                    return rectangle(depth, height, (0.0, height / 2)), placed((-width / 2, 0.0, 0.0), Y, Z)
                if thin[1]:
                    return rectangle(width, height, (0.0, height / 2)), placed((0.0, depth / 2, 0.0), X, Z)
                return rectangle(width, depth), np.eye(4)
        if self.face is not None:
            return self._drawn(), placed((0.0, sheet / 2, 0.0), X, Z)
        if self.outline is not None and self.height is not None and abs(self.height - sheet) <= 1e-6:
            return self._drawn(), np.eye(4)
        raise ValueError(f"sheet: a piece cut from a sheet is {sheet:g} m thick in one direction, this one is not")

    def solid(self, site: Site) -> Solid:
        if self.size is not None:
            return shapes.box(*self.size)
        if self.mesh is not None and self.unit is not None:
            return site.files.mesh("mesh", self.mesh, self.unit)
        if self.face is not None and self.sheet is not None:
            shape, place = self.flat(self.sheet)
            return shapes.prism(shape, 0.0, self.sheet).moved(place)
        assert self.height is not None
        if self.outline is not None:
            return shapes.prism(self._drawn(), 0.0, self.height)
        assert self.diameter is not None
        return shapes.cylinder(
            self.diameter / 2, 0.0, self.height, sides=shapes.arc_sides(self.diameter / 2, 2 * np.pi)
        )

    def build(self, site: Site) -> Iterator[Record]:
        yield Part(self.id, self.solid(site), system="set", tags=(self.id,), blocks="set", takes_seats=True,
                   material=self.material, colour=rgb(self.colour))  # fmt: skip
        if self.sheet is not None:
            shape, place = self.flat(self.sheet)
            low = shape.outer.points.min(axis=0)
            corner = np.eye(4)
            corner[:2, 3] = low
            yield Piece(self.id, f"{self.id}-01", shape.moved(-low), site.true(self.material, self.sheet), self.material,
                        grain=self.grain, name="panel" if self.size is not None else "shape", edge_band=self.edge_band,
                        transforms=(place @ corner)[None])  # fmt: skip
