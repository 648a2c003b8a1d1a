"""Lectern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from stagecraft.elements._base import Code, Colour, Element, Site, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import Part, PlanSymbol, Record


class Lectern(Element):
    """A lectern. Origin: middle of its foot; front looks to −y."""

    type: Literal["lectern"] = "lectern"
    item: Code = "fur.lectern.std"
    """Catalogue item."""
    colour: Colour = "#3a3f4a"
    """Colour in pictures."""

    def build(self, site: Site) -> Iterator[Record]:
        item = site.item(self.item)
        width, depth = site.size(item, "width", 0.6), site.size(item, "depth", 0.5)
        height = site.size(item, "height", 1.15)
        w, d = width / 2, depth / 2
        half = np.array([(-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)])
        yield Part(self.id, _lectern(width, depth, height), system="set", item=item.code, tags=(self.id,), blocks="set",
                   symbol=PlanSymbol(item.code, (half, np.array([(-w, d - 0.06), (w, d - 0.06)]))),
                   takes_seats=True, colour=rgb(self.colour))  # fmt: skip


def _lectern(width: float, depth: float, height: float) -> Solid:
    """Foot, column and a reading board that slopes towards the speaker."""
    board = shapes.cuboid((-width / 2, -depth / 2, height - 0.16), (width / 2, depth / 2, height))
    slope = board.vertices.copy()
    high = slope[:, 2] > height - 0.08
    slope[:, 2] = np.where(high, np.where(slope[:, 1] > 0, height - 0.1, height), slope[:, 2])
    return joined([
        shapes.box(width * 0.85, depth * 0.8, 0.04),
        shapes.box(width * 0.55, depth * 0.4, height - 0.2, (0, 0, 0.04)),
        Solid(slope, board.faces, board.surface, board.surfaces),
    ])  # fmt: skip
