"""Exit sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Colour, Element, Length, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.scene import Part, PlanSymbol, Record, Target


class ExitSign(Element):
    """A sign over a way out. Origin: middle of its lower edge, at the back (on the wall); front looks to −y."""

    type: Literal["exit_sign"] = "exit_sign"
    at: Annotated[tuple[Length, ...], Field(min_length=3, max_length=3)]
    """[x, y, z]: z is its lower edge above the floor. [m]"""
    size: tuple[Size, Size] = (0.4, 0.2)
    """Width and height. [m]"""
    thickness: Size = 0.05
    """Depth of the sign. [m]"""
    colour: Colour = "#0f8a4b"
    """Colour in pictures."""

    def build(self, site: Site) -> Iterator[Record]:
        (width, height), t = self.size, self.thickness
        w = width / 2
        plan = np.array([(-w, -t), (w, -t), (w, 0), (-w, 0), (-w, -t)])
        arrow = np.array([(-0.1, -t - 0.05), (0, -t - 0.2), (0.1, -t - 0.05), (-0.1, -t - 0.05)])
        yield Part(self.id, shapes.cuboid((-w, -t, 0), (w, 0, height)), system="sign", tags=(self.id,), blocks="none",
                   movable=False, symbol=PlanSymbol("SIGN-EXIT", (plan, arrow)), colour=rgb(self.colour))  # fmt: skip
        face = np.array([(-w, -t, 0), (w, -t, 0), (w, -t, height), (-w, -t, height)])
        yield Target(self.id, self.label, face, "sign", "surface")
