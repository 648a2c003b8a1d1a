"""Flat: a timber frame with a sheet or a cloth on its face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from stagecraft.elements._base import Colour, Gap, Site, Size, rgb
from stagecraft.elements._joinery import SPACING, Bench, Built, Section, X, Z, bays, board, placed, tiles
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import outline
from stagecraft.geometry.solid import joined
from stagecraft.scene import Part, Piece, Record

MINUS_X, MINUS_Z = (-1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
INSET = 0.02
"""Corner blocks stay so far from the edges, so that flats can be joined at right angles. [m]"""


class Flat(Built):
    """A flat. Origin: middle of its foot, on the face; front looks to −y.

    Stiles are as high as the flat, rails and toggles stand between them: rail = width − 2 · stile. Toggles stand so that no
    bay is higher than `toggle_spacing` (⌈height / 600 mm⌉ − 1 of them), and under every joint of the skin.
    """

    type: Literal["flat"] = "flat"
    width: Size
    """Seen from the front. [m]"""
    height: Size
    """To its upper edge. [m]"""
    timber: Section = (0.069, 0.032)
    """Section of the frame: how wide it is seen from the front, and how deep. On edge: [32 mm, 69 mm]. [m]"""
    timber_material: str = "softwood"
    """What the frame is made of, in the words of `stock:`."""
    skin: Gap = 0.006
    """Thickness of the sheet on its face; 0 is a soft flat, covered with cloth. [m]"""
    toggle_spacing: Size = SPACING
    """Greatest distance of rails and toggles from middle to middle. [m]"""
    corner_block: Gap = 0.23
    """Legs of the sheet triangles on the back of its corners; 0 for none. [m]"""
    block_sheet: Size = 0.006
    """Thickness of those. [m]"""
    colour: Colour = "#6d675f"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _has_room(self) -> Flat:
        stile = self.timber[0]
        if self.width <= 2 * stile or self.height <= 2 * stile:
            raise ValueError(
                f"timber is {stile:g} m wide: two stiles and two rails leave nothing of this flat between them"
            )
        return self

    def build(self, site: Site) -> Iterator[Record]:
        pieces = self._pieces(site)
        frame = [piece.solid.moved(place) for piece in pieces for place in piece.transforms]
        yield Part(self.id, joined(frame), system="set", tags=(self.id,), blocks="set", takes_seats=True,
                   material=self.material if self.skin else self.timber_material, colour=rgb(self.colour))  # fmt: skip
        if not self.skin:
            cloth = shapes.cuboid((-self.width / 2, -0.002, 0.0), (self.width / 2, 0.0, self.height))
            yield Part(self.id, cloth, system="set", name="cloth", blocks="set", soft=True, takes_seats=True,
                       material="cloth", colour=rgb(self.colour))  # fmt: skip
        if self.fabrication:
            yield from pieces

    def _pieces(self, site: Site) -> list[Piece]:
        bench, half = Bench(self.id, site), self.width / 2
        stile, depth = self.timber
        skin = site.true(self.material, self.skin) if self.skin else 0.0
        rows, columns = tiles(self.height, self.width, site.sheets(self.material, self.skin))
        if self.skin:
            tall, wide = self.height / rows, self.width / columns
            for row in range(rows):
                for column in range(columns):
                    place = placed((column * wide - half, 0.0, row * tall), Z, X)
                    bench.board("skin", board(tall, wide), skin, self.material, place)
        for x in (-half, half - stile):
            bench.bar("stile", self.height, self.timber, self.timber_material, placed((x, skin, 0.0), Z, X))
        rail = self.width - 2 * stile
        count = bays(self.height, self.toggle_spacing, rows if self.skin else 1)
        for name, levels in (
            ("rail", [stile, self.height]),
            ("toggle", [k * self.height / count + stile / 2 for k in range(1, count)]),
        ):
            for z in levels:
                if name == "rail" or 2 * stile <= z <= self.height - stile:
                    bench.bar(
                        name, rail, self.timber, self.timber_material, placed((stile - half, skin, z), X, MINUS_Z)
                    )
        leg = min(self.corner_block, half - INSET, self.height / 2 - INSET)
        if leg > INSET:
            shape, thick = outline([(0, 0), (leg, 0), (0, leg)]), site.true(self.material, self.block_sheet)
            left, right, low, high = INSET - half, half - INSET, INSET, self.height - INSET
            corners = (
                (left, low, Z, X),
                (right, low, MINUS_X, Z),
                (right, high, MINUS_Z, MINUS_X),
                (left, high, X, MINUS_Z),
            )
            for x, z, along, across in corners:
                bench.board("corner block", shape, thick, self.material, placed((x, skin + depth, z), along, across))
        return bench.pieces()
