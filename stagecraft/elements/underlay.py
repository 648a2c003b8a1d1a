"""Underlay: somebody else's drawing, grey under the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stagecraft.elements._base import Element, Site, Unit
from stagecraft.scene import Record, Underlay


class DrawingUnderlay(Element):
    """A DXF drawing shown under the plan. `at` and `turn` place the drawing's own origin."""

    type: Literal["underlay"] = "underlay"
    file: str = Field(alias="from")
    """DXF drawing."""
    unit: Unit
    """Unit of that drawing; it must be said."""

    def build(self, site: Site) -> Iterator[Record]:
        yield Underlay(self.id, site.files.linework("from", self.file, self.unit))
