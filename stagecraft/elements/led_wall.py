"""LED wall: equal panels, flat or with an angle at each seam, flown or stacked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Angle, Code, Element, Gap, Site
from stagecraft.geometry import frame as frames
from stagecraft.geometry import shapes
from stagecraft.scene import KitLine, Part, Record, Screen, Target


class LedWall(Element):
    """A wall of equal panels. Origin: centre of the bottom edge, on the face; front looks to −y.

    `hung:` flies it, anything else stacks it.
    """

    type: Literal["led_wall"] = "led_wall"
    panel: Code
    """Catalogue item of one panel."""
    columns: Annotated[int, Field(ge=1, le=400)]
    """Panels side by side."""
    rows: Annotated[int, Field(ge=1, le=100)]
    """Panels one above the other."""
    seams: Angle | tuple[Angle, ...] = 0.0
    """Angle at each seam between columns; positive brings the ends towards the audience. [degrees]"""
    content: str | None = None
    """Picture file shown on it."""
    content_safe_from: Gap = 0.0
    """Height above its lower edge where content that everybody must read begins. [m]"""
    service: Literal["rear", "front"] = "rear"
    """From where its panels are mended."""
    support: Code | None = None
    """Catalogue item of a header (flown) or base (stacked), one a column."""
    per_port: Annotated[int, Field(ge=1)] | None = None
    """Panels on one data port; by a planning figure for pixels where empty."""
    per_circuit: Annotated[int, Field(ge=1)] | None = None
    """Panels on one power circuit; no circuits are drawn where empty."""

    @model_validator(mode="after")
    def _seams(self) -> LedWall:
        if isinstance(self.seams, tuple) and len(self.seams) != self.columns - 1:
            raise ValueError(
                f"seams lists {len(self.seams)} angles; {self.columns} columns have {self.columns - 1} seams"
            )
        return self

    def build(self, site: Site) -> Iterator[Record]:
        panel = site.item(self.panel)
        width, height = site.size(panel, "width", 0.5), site.size(panel, "height", 0.5)
        depth = site.size(panel, "depth", 0.1)
        turns = self.seams if isinstance(self.seams, tuple) else (self.seams,) * (self.columns - 1)
        grid = shapes.panel_grid(self.columns, self.rows, width, height, turns)
        box = shapes.cuboid((-width / 2, 0.0, 0.0), (width / 2, depth, height))
        yield Part(self.id, box, grid, "video", panel.code, shapes.panel_ids(self.columns, self.rows), blocks="set",
                   takes_seats=True, colour=(0.05, 0.05, 0.06))  # fmt: skip
        top = self.rows * height
        corner = np.array([[-width / 2, 0, 0], [width / 2, 0, 0], [width / 2, 0, top], [-width / 2, 0, top]])
        facets = np.array([frames.points(matrix, corner) for matrix in grid[: self.columns]])
        if not any(turns):
            facets = np.array([[facets[0, 0], facets[-1, 1], facets[-1, 2], facets[0, 3]]])
        pixels = None
        if panel.pixels_w and panel.pixels_h:
            pixels = panel.pixels_w * self.columns, panel.pixels_h * self.rows
        content = site.files.picture("content", self.content) if self.content else ""
        yield Screen(self.id, facets, pixels, content, self.content_safe_from, "led", service=self.service,
                     per_port=self.per_port, per_circuit=self.per_circuit)  # fmt: skip
        yield Target(self.id, self.label, facets.reshape(-1, 3), "screen", "surface")
        if self.support:
            yield KitLine(self.id, site.item(self.support).code, self.columns, "one a column")
