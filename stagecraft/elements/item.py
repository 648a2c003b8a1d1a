"""Item: any catalogue row as its box: loudspeakers, projectors, racks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Angle, Code, Colour, Gap, Site, rgb
from stagecraft.elements._spread import Spread
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.scene import Part, Record, System

_SYSTEM: dict[str, System] = {"LX": "light", "SND": "sound", "VX": "video", "RIG": "truss", "STG": "stage",
                              "DRP": "drape", "CRD": "rail", "FUR": "table"}  # fmt: skip


class CatalogueItem(Spread):
    """A catalogue row as its box, or a line or a stack of them. Origin: middle of its underside; front looks to −y."""

    type: Literal["item"] = "item"
    item: Code
    """Catalogue item."""
    stack: Annotated[int, Field(ge=1, le=60)] = 1
    """How many one above the other (a line array)."""
    tilt: Angle = 0.0
    """Front downwards. [degrees]"""
    gap: Gap = 0.0
    """Between stacked ones. [m]"""
    blocks: bool = True
    """Does it count as something that may stand in a view?"""
    colour: Colour = "#1e1e20"
    """Colour in pictures."""

    def build(self, site: Site) -> Iterator[Record]:
        item = site.item(self.item)
        width, height = site.size(item, "width", 0.5), site.size(item, "height", 0.5)
        depth = site.size(item, "depth", 0.5)
        rise = np.array([[0, 0, n * (height + self.gap)] for n in range(self.stack)])
        places = (self.places()[:, None] + rise[None]).reshape(-1, 3)
        tags = self.tags()
        if self.stack > 1:
            tags = tuple(f"{tag}.{self.stack - n}" for tag in tags for n in range(self.stack))
        yield Part(self.id, shapes.box(width, depth, height), frames(places) @ frame(tilt=self.tilt),
                   _SYSTEM.get(item.dept, "item"), item.code, tags, blocks="rigging" if self.hung else "set",
                   takes_seats=True, colour=rgb(self.colour))  # fmt: skip
