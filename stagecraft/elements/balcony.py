"""Balcony: a slab over part of the room, its parapet, and the columns under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import model_validator

from stagecraft.elements._base import Colour, Element, Gap, Point, Site, Size, rgb
from stagecraft.elements.room import COLUMN, Column
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, circle, from_polygon, outline, rectangle
from stagecraft.scene import Edge, Part, Record, Space

HEADROOM = 2.0
"""Height of the space that people on a balcony fill. [m]"""


class Balcony(Element):
    """A gallery floor. Origin: middle of its front edge, on the floor below; it runs away from the stage (−y)."""

    type: Literal["balcony"] = "balcony"
    size: tuple[Size, Size] | None = None
    """Width and depth. [m]"""
    outline: tuple[Point, ...] | None = None
    """Corners of any other shape, from the middle of the front edge. [m]"""
    level: Size
    """Its floor above the floor below. [m]"""
    thickness: Size = 0.3
    """Of the slab. [m]"""
    parapet: Gap = 0.8
    """Height of the parapet along the edges that look to the stage; 0 for none. [m]"""
    parapet_thickness: Size = 0.1
    """Thickness of the parapet. [m]"""
    columns: tuple[Column, ...] = ()
    """Columns under it, from the middle of its front edge."""
    colour: Colour = "#cfcac0"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _one_shape(self) -> Balcony:
        if (self.size is None) == (self.outline is None):
            raise ValueError("give either size: [width, depth] or outline: [[x, y], …]")
        if self.outline is not None:
            outline(self.outline)
        if self.thickness >= self.level:
            raise ValueError(f"thickness: {self.thickness} m leaves nothing under a floor at {self.level} m")
        return self

    def top(self, site: Site) -> float:
        return self.level

    def plan(self) -> Outline:
        """Outline of the slab in own coordinates. [m]"""
        if self.outline is not None:
            return outline(self.outline)
        assert self.size
        return rectangle(*self.size, (0.0, -self.size[1] / 2))

    def build(self, site: Site) -> Iterator[Record]:
        plan, colour, under = self.plan(), rgb(self.colour), self.level - self.thickness
        yield Part(self.id, shapes.prism(plan, under, self.level), system="wall", name="slab", blocks="architecture",
                   movable=False, colour=colour)  # fmt: skip
        yield Space(self.id, plan, self.level, self.level + HEADROOM, "floor")
        fronts = _fronts(plan)
        for front in fronts:
            yield Edge(self.id, np.c_[front, np.full(len(front), self.level)], self.level, self.parapet > 0)
        if self.parapet:
            for piece in _along(plan, fronts, self.parapet_thickness):
                yield Part(self.id, shapes.prism(piece, self.level, self.level + self.parapet), system="wall",
                           name="parapet", blocks="architecture", movable=False, colour=colour)  # fmt: skip
        for column in self.columns:
            shape = rectangle(*column.size, column.at) if column.size else circle((column.diameter or 0) / 2, column.at)
            yield Part(self.id, shapes.prism(shape, 0, under), system="column", name=column.id, blocks="architecture",
                       movable=False, takes_seats=True, colour=COLUMN)  # fmt: skip


def _fronts(plan: Outline) -> list[Floats]:
    """Runs of edges that look to the stage (+y), each as a line. [m]"""
    points = plan.outer.points
    run = np.roll(points, -1, axis=0) - points
    looks = -run[:, 0] > np.abs(run[:, 1]) * 0.5  # outward normal of an anticlockwise edge: (dy, −dx)
    if looks.all():
        return [np.concatenate([points, points[:1]])]
    start = int(np.argmin(looks))
    fronts: list[list[Floats]] = []
    for k in range(start, start + len(points)):
        n, after = k % len(points), (k + 1) % len(points)
        if not looks[n]:
            continue
        if fronts and np.array_equal(fronts[-1][-1], points[n]):
            fronts[-1].append(points[after])
        else:
            fronts.append([points[n], points[after]])
    return [np.array(front) for front in fronts]


def _along(plan: Outline, lines: list[Floats], width: float) -> list[Outline]:
    """Strips of the plan along lines on its edge."""
    import shapely

    if not lines:
        return []
    near = shapely.union_all(
        [shapely.LineString(line).buffer(width, cap_style="flat", join_style="mitre") for line in lines]
    )
    strips = shapely.get_parts(plan.polygon.intersection(near))
    return [from_polygon(strip) for strip in strips if strip.geom_type == "Polygon" and strip.area > 1e-9]
