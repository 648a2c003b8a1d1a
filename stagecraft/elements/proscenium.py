"""Proscenium: the wall between house and stage, and its opening."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from stagecraft.elements._base import Colour, Element, Gap, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import KeepClear, Part, Record


class Proscenium(Element):
    """Two jambs and a header. Origin: on the floor, where the centre line crosses the upstage face (the setting line)."""

    type: Literal["proscenium"] = "proscenium"
    opening: tuple[Size, Size]
    """Width and height of the opening. [m]"""
    wall: tuple[Size, Size]
    """Width and height of the whole wall. [m]"""
    thickness: Size = 0.4
    """From the setting line towards the audience. [m]"""
    curtain: Gap = 0.0
    """Depth of the safety curtain's drop zone, upstage of the setting line; 0 where there is none. [m]"""
    colour: Colour = "#b9b4aa"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _opens(self) -> Proscenium:
        if self.opening[0] >= self.wall[0] or self.opening[1] >= self.wall[1]:
            raise ValueError("the opening must be narrower and lower than the wall")
        return self

    def top(self, site: Site) -> float:
        return 0.0

    def build(self, site: Site) -> Iterator[Record]:
        (clear, low), (width, high) = self.opening, self.wall
        half, end, t = clear / 2, width / 2, self.thickness
        pieces = {
            "jamb right": shapes.cuboid((-end, -t, 0), (-half, 0, high)),
            "jamb left": shapes.cuboid((half, -t, 0), (end, 0, high)),
            "header": shapes.cuboid((-half, -t, low), (half, 0, high)),
        }
        for name, solid in pieces.items():
            yield Part(self.id, solid, system="wall", name=name, blocks="architecture", movable=False,
                       takes_seats=name != "header", colour=rgb(self.colour))  # fmt: skip
        if self.curtain:
            yield KeepClear(self.id, rectangle(clear, self.curtain, (0.0, self.curtain / 2)), 0.0, low,
                            "drop zone of the safety curtain")  # fmt: skip
