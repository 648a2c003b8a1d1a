"""Presenter: a standing figure, and where it walks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from stagecraft.elements._base import Colour, Element, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.scene import Part, Record, Target, Viewer

SKIN = (0.66, 0.50, 0.40)


class Presenter(Element):
    """A standing person looking to −y. Origin: between the feet."""

    type: Literal["presenter"] = "presenter"
    height: Size = 1.75
    """Total height. [m]"""
    zone: tuple[Size, Size] | None = None
    """Width and depth of the area where they walk, centred on `at`. [m]"""
    colour: Colour = "#27364f"
    """Colour in pictures."""

    def build(self, site: Site) -> Iterator[Record]:
        dressed, bare = shapes.figure(self.height)
        yield Part(self.id, dressed, system="person", blocks="none", soft=True, colour=rgb(self.colour))
        yield Part(self.id, bare, system="person", name="head", blocks="none", soft=True, colour=SKIN)
        head = np.array([[0, 0, self.height * 0.57], [0, 0, self.height]])
        yield Target(self.id, self.label, head, "person", "line")
        if self.zone:
            w, d = self.zone[0] / 2, self.zone[1] / 2
            yield Target(self.id, f"{self.label} zone", np.array([[-w, -d, 0], [w, -d, 0], [w, d, 0], [-w, d, 0]], float),
                         "floor", "surface")  # fmt: skip
        eye = self.height - site.people.head
        yield Viewer(self.id, self.label, np.array([0, 0, eye]), np.array([0, -10, eye]), "presenter", 90.0)
