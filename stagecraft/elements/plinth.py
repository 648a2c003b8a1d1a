"""Plinth: a box of sheet with its top over its sides."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from stagecraft.elements._base import Colour, Gap, Site, Size, rgb
from stagecraft.elements._joinery import SPACING, Bench, Built, X, Y, Z, bays, board, placed, tiles
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import Outline, Ring, circle
from stagecraft.scene import Part, Piece, Record


class Plinth(Built):
    """A plinth. Origin: centre of its underside; front looks to −y.

    The top lies over the sides (height − sheet), the ends and ribs stand between front and back (depth − 2 · sheet), ribs no
    further apart than `rib_spacing`, and under every joint of the top. It is open below.
    """

    type: Literal["plinth"] = "plinth"
    size: tuple[Size, Size, Size]
    """Width, depth and height. [m]"""
    sheet: Size = 0.018
    """Thickness of the sheet. [m]"""
    rib_spacing: Size = SPACING
    """Greatest distance of ribs and ends from middle to middle. [m]"""
    rib_hole: Gap = 0.0
    """Diameter of a hole in the middle of each rib, for cables; 0 for none. [m]"""
    colour: Colour = "#7d6b57"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _has_room(self) -> Plinth:
        width, depth, height = self.size
        if min(width, depth) <= 3 * self.sheet or height <= 2 * self.sheet:
            raise ValueError(f"sheet is {self.sheet:g} m thick: nothing of this plinth is left inside it")
        if self.rib_hole and self.rib_hole > min(depth, height) - 6 * self.sheet:
            raise ValueError(f"rib_hole is {self.rib_hole:g} m wide: it leaves too little of the ribs")
        return self

    def build(self, site: Site) -> Iterator[Record]:
        yield Part(self.id, shapes.box(*self.size), system="set", tags=(self.id,), blocks="set", takes_seats=True,
                   material=self.material, colour=rgb(self.colour))  # fmt: skip
        if self.fabrication:
            yield from self._pieces(site)

    def _pieces(self, site: Site) -> list[Piece]:
        bench, (width, depth, height) = Bench(self.id, site), self.size
        t = site.true(self.material, self.sheet)
        tall, inside = height - t, depth - 2 * t
        left, front = -width / 2, -depth / 2
        sheets = site.sheets(self.material, self.sheet)
        along, across = tiles(width, depth, sheets)
        long, wide = width / along, depth / across
        for k in range(along):
            for n in range(across):
                place = placed((left + k * long, front + n * wide, tall), X, Y)
                bench.board("top", board(long, wide), t, self.material, place)
        parts, rows = tiles(width, tall, sheets)
        for name, y in (("front", front + t), ("back", -front)):
            for k in range(parts):
                for n in range(rows):
                    place = placed((left + k * width / parts, y, n * tall / rows), X, Z)
                    bench.board(name, board(width / parts, tall / rows), t, self.material, place)
        for x in (left, -left - t):
            bench.board("end", board(inside, tall), t, self.material, placed((x, front + t, 0.0), Y, Z))
        count = bays(width, self.rib_spacing, math.lcm(along, parts))
        rib = _holed(board(inside, tall), self.rib_hole)
        for k in range(1, count):
            bench.board("rib", rib, t, self.material, placed((left + k * width / count - t / 2, front + t, 0.0), Y, Z))
        return bench.pieces()


def _holed(shape: Outline, diameter: float) -> Outline:
    """A shape with a round hole in its middle."""
    if not diameter:
        return shape
    x, y = shape.outer.points.mean(axis=0).tolist()
    round_ = circle(diameter / 2, (x, y))
    return Outline(shape.outer, (Ring(round_.outer.points[::-1].copy(), round_.outer.arcs),), round_.circles)
