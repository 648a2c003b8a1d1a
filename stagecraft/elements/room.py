"""The room: floor, walls with doors, columns, ceiling zones, house rigging points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from stagecraft.elements._base import Element, Gap, Length, Point, Site, Size
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, circle, from_polygon, outline, rectangle
from stagecraft.scene import Door, KeepClear, Part, Pick, Record, Space

WALL = (0.83, 0.82, 0.80)
COLUMN = (0.75, 0.74, 0.72)


class _Detail(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class RoomDoor(_Detail):
    """A door in the wall nearest to the point given."""

    id: str
    """Its name on the papers: D1."""
    at: Point
    """A point on or near the wall; the door goes to the nearest place on the nearest wall. [m]"""
    width: Size = 1.8
    """Clear width. [m]"""
    height: Size = 2.1
    """Clear height. [m]"""
    floor: Gap = 0.0
    """Its threshold above the room's floor: a door of an upper foyer, of a balcony. [m]"""
    leaves: Annotated[int, Field(ge=1, le=4)] = 2
    """How many leaves."""
    swing: Literal["out", "in", "slide"] = "out"
    """Which way the leaves open."""
    exit: bool = True
    """Is it a way out?"""


class Column(_Detail):
    """A column from floor to ceiling."""

    id: str
    """Its name on the papers: K1."""
    at: Point
    """Its middle. [m]"""
    size: tuple[Size, Size] | None = None
    """Width and depth of a rectangular column. [m]"""
    diameter: Size | None = None
    """Diameter of a round one. [m]"""

    @model_validator(mode="after")
    def _one_shape(self) -> Column:
        if (self.size is None) == (self.diameter is None):
            raise ValueError("give either size: [width, depth] or diameter")
        return self


class CeilingZone(_Detail):
    """A part of the ceiling that is lower (or higher), or a low object such as a chandelier."""

    id: str
    """Its name on the papers."""
    at: Point
    """Its middle. [m]"""
    size: tuple[Size, Size] | None = None
    """Width and depth of a rectangular one. [m]"""
    diameter: Size | None = None
    """Diameter of a round one. [m]"""
    height: Size
    """Its underside above the floor. [m]"""
    object: bool = False
    """Something that hangs there (a chandelier, a duct) rather than the ceiling itself."""

    @model_validator(mode="after")
    def _one_shape(self) -> CeilingZone:
        if (self.size is None) == (self.diameter is None):
            raise ValueError("give either size: [width, depth] or diameter")
        return self


class HousePoint(_Detail):
    """A rigging point of the house."""

    id: str
    """Its name on the papers."""
    at: Point
    """Where it is. [m]"""
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Its limit, if the venue has stated one. [kg]"""
    height: Size | None = None
    """Height; the ceiling where empty. [m]"""


class Room(Element):
    """A room with walls. Origin: centre of a box's floor; the outline's own origin otherwise."""

    type: Literal["room"] = "room"
    size: tuple[Size, Size] | None = None
    """Inside width (x) and depth (y) of a box. [m]"""
    x: tuple[Length, Length] | None = None
    """Inside faces of a box to the left and right: [-12, 12]. [m]"""
    y: tuple[Length, Length] | None = None
    """Inside faces of a box downstage and upstage: [-22.5, 7.5]. [m]"""
    outline: tuple[Point, ...] | None = None
    """Inside corners of any other room. [m]"""
    holes: tuple[tuple[Point, ...], ...] = ()
    """Solid cores inside the outline (a lift shaft). [m]"""
    file: str | None = Field(default=None, alias="from")
    """DXF drawing whose closed polyline is the inside outline."""
    layer: str | None = None
    """Layer of that polyline."""
    unit: Literal["mm", "cm", "m", "in", "ft"] | None = None
    """Unit of that drawing; it must be said."""
    height: Size
    """Floor to ceiling. [m]"""
    wall: Size = 0.2
    """Thickness of the walls. [m]"""
    doors: tuple[RoomDoor, ...] = ()
    """One {id: …, at: [x, y]} each."""
    columns: tuple[Column, ...] = ()
    """From floor to ceiling, one {id: …, at: [x, y], size: … or diameter: …} each."""
    ceiling: tuple[CeilingZone, ...] = ()
    """Parts of the ceiling at another height, and low objects."""
    points: tuple[HousePoint, ...] = ()
    """Rigging points of the house."""
    north: float | None = Field(default=None, ge=-360, le=360, allow_inf_nan=False)
    """Where north lies, anticlockwise from upstage as seen from above: 90 is stage right. [degrees]"""

    @model_validator(mode="after")
    def _one_outline(self) -> Room:
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y belong together: give both")
        if sum(given is not None for given in (self.size, self.x, self.outline, self.file)) != 1:
            raise ValueError(
                "give one of size: [width, depth], x: and y: ranges, outline: [[x, y], …] or from: hall.dxf"
            )
        if self.x is not None and self.y is not None and not (self.x[0] < self.x[1] and self.y[0] < self.y[1]):
            raise ValueError("x and y run from the smaller to the larger")
        if self.file is not None and (self.layer is None or self.unit is None):
            raise ValueError("a room from a drawing needs layer: and unit: (mm, cm, m, in, ft)")
        if self.outline is not None:
            outline(self.outline, self.holes)
        for field, details in (
            ("doors", self.doors),
            ("columns", self.columns),
            ("ceiling", self.ceiling),
            ("points", self.points),
        ):
            names = [detail.id for detail in details]
            if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
                raise ValueError(f"{field}: the id '{twice}' is used twice; ids must differ")
        if tall := next((door for door in self.doors if door.floor + door.height > self.height), None):
            top = f"ends {tall.floor + tall.height:g} m up" if tall.floor else f"is {tall.height:g} m high"
            raise ValueError(f"doors: {tall.id} {top}, the room only {self.height:g} m")
        return self

    def top(self, site: Site) -> float:
        return 0.0

    def plan(self, site: Site) -> Outline:
        """Inside outline in own coordinates. [m]"""
        if self.size is not None:
            return rectangle(*self.size) if not self.holes else outline(rectangle(*self.size).outer.points, self.holes)
        if self.x is not None and self.y is not None:
            box = rectangle(self.x[1] - self.x[0], self.y[1] - self.y[0], (sum(self.x) / 2, sum(self.y) / 2))
            return outline(box.outer.points, self.holes) if self.holes else box
        if self.outline is not None:
            return outline(self.outline, self.holes)
        assert self.file and self.layer and self.unit
        return site.files.closed_polyline("from", self.file, self.layer, self.unit)

    def build(self, site: Site) -> Iterator[Record]:
        inside = self.plan(site)
        yield from self._walls(inside)
        for column in self.columns:
            shape = _shape(column)
            yield Part(self.id, shapes.prism(shape, 0, self.height), system="column", name=column.id,
                       blocks="architecture", movable=False, takes_seats=True, colour=COLUMN)  # fmt: skip
        zones = []
        for zone in self.ceiling:
            shape = _shape(zone)
            if not zone.object:
                zones.append((shape, zone.height))
            if zone.height < self.height:
                yield Part(self.id, shapes.prism(shape, zone.height, self.height), system="ceiling", name=zone.id,
                           blocks="architecture", movable=False, colour=(0.85, 0.8, 0.65) if zone.object else WALL)  # fmt: skip
        yield Space(self.id, inside, 0.0, self.height, "room", zones=tuple(zones),
                    north=None if self.north is None else 90.0 + self.north)  # fmt: skip
        for point in self.points:
            yield Pick(
                self.id, point.id, np.array([*point.at, point.height or self.height]), limit=point.limit, house=True
            )

    def _walls(self, inside: Outline) -> Iterator[Record]:
        import shapely

        room = inside.polygon
        ring = shapely.Polygon(inside.outer.points).buffer(self.wall, join_style="mitre", mitre_limit=20)
        ring = ring.difference(shapely.Polygon(inside.outer.points))
        cores = [shapely.Polygon(hole.points) for hole in inside.holes]
        openings, filled = [], []
        for door in self.doors:
            at, along, out, fits = _on_wall(door.at, inside)
            half = door.width / 2
            if fits < door.width / 2 - 1e-6:
                raise ValueError(
                    f"door {door.id} does not fit at {door.at[0]:g}, {door.at[1]:g}: "
                    f"the nearest wall ends {fits:.2f} m from there, half the door is {half:.2f} m"
                )
            a, b = at - along * half, at + along * half
            gap = shapely.Polygon([a, b, b + out * self.wall, a + out * self.wall])
            openings.append(
                shapely.Polygon(
                    [a - out * 1e-3, b - out * 1e-3, b + out * (self.wall + 1e-3), a + out * (self.wall + 1e-3)]
                )
            )
            filled.append((door, gap))
            yield Door(self.id, door.id, np.array([*at, door.floor]), math.degrees(math.atan2(out[1], out[0])),
                       door.width, door.height, door.leaves, door.swing, door.exit, self.wall)  # fmt: skip
            swing = shapely.Polygon([a - out, b - out, b, a])
            if door.exit and shapely.intersects(swing, room):
                yield KeepClear(self.id, from_polygon(swing), door.floor, door.floor + door.height,
                                f"way out through {door.id}", use="exit")  # fmt: skip
        walls = ring.difference(shapely.union_all(openings)) if openings else ring
        pieces = [*getattr(walls, "geoms", [walls]), *cores]
        for number, piece in enumerate(pieces, 1):
            name = "core" if number > len(pieces) - len(cores) else "wall"
            yield Part(self.id, shapes.prism(from_polygon(piece), 0, self.height), system="wall", name=name,
                       blocks="architecture", movable=False, takes_seats=True, colour=WALL)  # fmt: skip
        for door, gap in filled:
            for name, low, high in (("sill", 0.0, door.floor), ("lintel", door.floor + door.height, self.height)):
                if high > low + 1e-6:
                    yield Part(self.id, shapes.prism(from_polygon(gap), low, high), system="wall",
                               name=f"{name} {door.id}", blocks="architecture", movable=False, colour=WALL)  # fmt: skip


def _shape(thing: Column | CeilingZone) -> Outline:
    """Its plan: a rectangle or a circle. [m]"""
    if thing.size is not None:
        return rectangle(*thing.size, thing.at)
    assert thing.diameter is not None
    return circle(thing.diameter / 2, thing.at)


def _on_wall(at: tuple[float, float], inside: Outline) -> tuple[Floats, Floats, Floats, float]:
    """Nearest place on the walls: point, direction along the wall, direction out of the room, room to the wall's end."""
    best: tuple[float, Floats, Floats, float] | None = None
    point = np.asarray(at, float)
    for ring in inside.rings():
        for a, b in zip(ring.points, np.roll(ring.points, -1, axis=0)):
            run = b - a
            length = float(np.linalg.norm(run))
            t = float(np.clip((point - a) @ run / length**2, 0, 1))
            foot = a + t * run
            gap = float(np.linalg.norm(point - foot))
            if best is None or gap < best[0] - 1e-9:
                best = gap, foot, run / length, min(t, 1 - t) * length
    assert best
    along = best[2]
    return best[1], along, np.array([along[1], -along[0]]), best[3]
