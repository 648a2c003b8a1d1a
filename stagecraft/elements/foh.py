"""FOH: where sound, light and video are run from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Colour, Element, Gap, Site, Size, rgb
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.geometry.outline import rectangle
from stagecraft.geometry.solid import Solid
from stagecraft.scene import KeepClear, Part, Record, Viewer

DESK = 0.75, 0.75
"""Depth and height of the desks. [m]"""


class Foh(Element):
    """Desks with consoles on a riser. Origin: centre of the riser, on the floor; the operators look to +y."""

    type: Literal["foh"] = "foh"
    size: tuple[Size, Size] = (3.6, 2.4)
    """Width and depth. [m]"""
    riser: Gap = 0.3
    """Height of the riser; 0 for none. [m]"""
    consoles: Annotated[int, Field(ge=0, le=20)] | None = None
    """How many, side by side; one for every 1.8 m of width where empty."""
    clear: Gap = 0.3
    """Kept free all round. [m]"""
    colour: Colour = "#414147"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _room_to_stand(self) -> Foh:
        if self.size[1] < DESK[0] + 0.6:
            raise ValueError(f"size: {self.size[1]} m is too shallow for a desk and whoever stands behind it (1.35 m)")
        return self

    def top(self, site: Site) -> float:
        return self.riser

    def build(self, site: Site) -> Iterator[Record]:
        width, depth = self.size
        if self.riser:
            yield Part(self.id, shapes.box(width, depth, self.riser), system="foh", name="riser", takes_seats=True,
                       colour=rgb(self.colour))  # fmt: skip
        desk, height = DESK
        count = max(1, int(width // 1.8)) if self.consoles is None else self.consoles
        bay = width / max(count, 1)
        front = depth / 2 - desk / 2 - 0.05
        x = (np.arange(count) - (count - 1) / 2) * bay
        if count:
            at = np.c_[x, np.full(count, front), np.full(count, self.riser)]
            yield Part(self.id, shapes.table(rectangle(bay, desk), height), frames(at), "foh", name="desk",
                       takes_seats=True, colour=(0.12, 0.12, 0.13))  # fmt: skip
            at = np.c_[x, np.full(count, front), np.full(count, self.riser + height)]
            yield Part(self.id, _console(min(bay * 0.85, 1.3), 0.62), frames(at), "foh", name="console",
                       colour=(0.22, 0.23, 0.26))  # fmt: skip
        if self.clear:
            yield KeepClear(self.id, rectangle(width + 2 * self.clear, depth + 2 * self.clear), 0.0, 2.0,
                            f"clear of {self.label}")  # fmt: skip
        eye = np.array([0.0, front - desk / 2 - 0.25, self.riser + site.people.eye])
        yield Viewer(self.id, self.label, eye, np.array([0.0, 10.0, eye[2]]), "operator", 90.0)


def _console(width: float, depth: float) -> Solid:
    """A wedge that slopes towards the operator, its meter bridge away from them."""
    w, d = width / 2, depth / 2
    wedge = shapes.cuboid((-w, -d, 0.0), (w, d, 0.16))
    vertices = wedge.vertices.copy()
    vertices[(vertices[:, 1] < 0) & (vertices[:, 2] > 0), 2] = 0.08
    return Solid(vertices, wedge.faces, wedge.surface, wedge.surfaces)
