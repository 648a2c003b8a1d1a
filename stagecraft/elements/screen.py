"""Screen: a projection screen or a display."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from stagecraft.elements._base import Element, Gap, Site, Size
from stagecraft.geometry import shapes
from stagecraft.scene import Part, Record, Screen, Target


class FlatScreen(Element):
    """A flat picture in a frame. Origin: centre of the picture's bottom edge, on the face; front looks to −y."""

    type: Literal["screen"] = "screen"
    image: tuple[Size, Size]
    """Width and height of the picture. [m]"""
    border: Gap = 0.05
    """Frame round the picture. [m]"""
    thickness: Size = 0.05
    """Depth of the screen. [m]"""
    kind: Literal["projection", "display"] = "projection"
    """Lit by a projector, or a display of its own."""
    content: str | None = None
    """Picture file shown on it."""
    content_safe_from: Gap = 0.0
    """Height above its lower edge where content that everybody must read begins. [m]"""

    def build(self, site: Site) -> Iterator[Record]:
        width, height = self.image
        w, b = width / 2, self.border
        yield Part(self.id, shapes.cuboid((-w - b, 0, -b), (w + b, self.thickness, height + b)), system="video",
                   blocks="set", takes_seats=True, colour=(0.12, 0.12, 0.13))  # fmt: skip
        facets = np.array([[[-w, 0, 0], [w, 0, 0], [w, 0, height], [-w, 0, height]]], float)
        content = site.files.picture("content", self.content) if self.content else ""
        yield Screen(self.id, facets, None, content, self.content_safe_from, self.kind)
        yield Target(self.id, self.label, facets[0], "screen", "surface")
