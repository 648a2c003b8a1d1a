"""Camera: a video camera on its tripod, standing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stagecraft.elements._base import Code, Element, ElementRef, Length, Site
from stagecraft.elements._camera import aimed
from stagecraft.scene import Record


class Camera(Element):
    """A camera aimed at something. Origin: middle of the tripod's feet."""

    type: Literal["camera"] = "camera"
    aim: Annotated[str | tuple[Length, Length, Length], ElementRef()]
    """Point of the room it is aimed at, or an element. [m]"""
    lens: Annotated[Length, Field(ge=0.3)] = 1.6
    """Lens above what it stands on. [m]"""
    angle: Annotated[float, Field(gt=0, lt=180, allow_inf_nan=False)] = 20.0
    """Horizontal field of view. [degrees]"""
    item: Code | None = "vx.tripod.video"
    """Catalogue item of the tripod; null for a camera without one."""

    def build(self, site: Site) -> Iterator[Record]:
        tripod = site.item(self.item) if self.item else None
        yield from aimed(self.id, self.label, site, tripod, 0.0, self.lens, site.point(self.aim), self.angle)
