"""Fire point: extinguishers on a post or in a box."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from stagecraft.elements._base import Colour, Element, Gap, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import rectangle
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import KeepClear, Part, PlanSymbol, Record


class FirePoint(Element):
    """Two extinguishers on a stand. Origin: middle of its foot; front looks to −y."""

    type: Literal["fire_point"] = "fire_point"
    size: tuple[Size, Size] = (0.5, 0.3)
    """Width and depth. [m]"""
    height: Size = 1.2
    """Top above the floor. [m]"""
    clear: Gap = 0.6
    """Kept free in front of it. [m]"""
    colour: Colour = "#c01f26"
    """Colour in pictures."""

    def build(self, site: Site) -> Iterator[Record]:
        width, depth = self.size
        w, d = width / 2, depth / 2
        frame = np.array([(-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)])
        cross = tuple(np.array([(-w, s * d), (w, -s * d)]) for s in (-1, 1))
        yield Part(self.id, _stand(width, depth, self.height), system="fire", tags=(self.id,), blocks="none",
                   takes_seats=True, symbol=PlanSymbol("FIRE-POINT", (frame, *cross)),
                   colour=rgb(self.colour))  # fmt: skip
        if self.clear:
            front = rectangle(width, self.clear, (0.0, -d - self.clear / 2))
            yield KeepClear(self.id, front, 0.0, 2.0, f"reach of {self.label}", use="fire")


def _stand(width: float, depth: float, height: float) -> Solid:
    """A foot, a board at the rear, two extinguishers before it."""
    radius = min(width / 5, depth / 3, 0.09)
    tall = min(0.55, height * 0.6)
    tanks = [shapes.cylinder(radius, 0.03, tall, (s * width / 4, -depth / 2 + radius), 24) for s in (-1, 1)]
    board = shapes.cuboid((-width / 2, depth / 2 - 0.04, 0.03), (width / 2, depth / 2, height))
    return joined([shapes.box(width, depth, 0.03), board, *tanks])
