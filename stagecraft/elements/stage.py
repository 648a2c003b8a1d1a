"""The stage: decks from the catalogue on legs, any shape, with rails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from stagecraft.elements._base import Code, Colour, Element, Gap, Point, Site, Size, rgb
from stagecraft.elements._rails import Side, edges
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frames
from stagecraft.geometry.outline import Outline, from_polygon, outline, rectangle
from stagecraft.geometry.solid import joined
from stagecraft.scene import KitLine, Part, PlanSymbol, Record, Space, Target

LEG_INSET = 0.06
"""A leg's axis inside the two edges of its deck. [m]"""


class Lift(BaseModel):
    """A piece of the stage that rises and sinks."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: str
    """Its name on the papers."""
    at: Point
    """Its middle, from the middle of the stage's front edge. [m]"""
    size: tuple[Size, Size]
    """Width and depth. [m]"""
    height: Gap
    """Its present level above the floor; cues change it. [m]"""


class Stage(Element):
    """A stage of decks on legs. Origin: centre of its front edge, on the floor; it runs upstage (+y)."""

    type: Literal["stage"] = "stage"
    size: tuple[Size, Size] | None = None
    """Width and depth. [m]"""
    outline: tuple[Point, ...] | None = None
    """Corners of any other shape, from the middle of the front edge. [m]"""
    thrust: tuple[Size, Size] | None = None
    """Width and depth of a piece that reaches into the audience. [m]"""
    height: Size
    """Deck above the floor. [m]"""
    lifts: tuple[Lift, ...] = ()
    """Pieces of it that stand at a level of their own."""
    deck: Code | None = "stg.globaltruss.gtstagedeck.2x1"
    """Catalogue item of one deck; null for a built-in stage."""
    thickness: Size = 0.1
    """Thickness of the deck's frame where the catalogue does not know it. [m]"""
    rails: tuple[Side, ...] = ()
    """Sides with a guard rail."""
    rail_height: Size = 1.1
    """Top of the rail above the deck. [m]"""
    skirt: bool = True
    """Cloth round the open sides."""
    colour: Colour = "#414147"
    """Colour of the deck in pictures."""
    focus: bool = True
    """Give the front edge as a target that is stated (never found as a fault on a flat floor)."""

    @model_validator(mode="after")
    def _one_shape(self) -> Stage:
        if (self.size is None) == (self.outline is None):
            raise ValueError("give either size: [width, depth] or outline: [[x, y], …]")
        if self.outline is not None:
            outline(self.outline)
        for lift in self.lifts:
            if not self.whole().polygon.buffer(1e-6).contains(rectangle(*lift.size, lift.at).polygon):
                raise ValueError(f"lift {lift.id} reaches beyond the stage")
        if self.lifts and len(getattr(self._without_lifts(), "geoms", [0])) != 1:
            raise ValueError("the lifts cut the stage in two: write it as two stages")
        return self

    def top(self, site: Site) -> float:
        return self.height

    def plan(self) -> Outline:
        """Outline of the deck in own coordinates, lifts cut out. [m]"""
        return from_polygon(self._without_lifts()) if self.lifts else self.whole()

    def _without_lifts(self) -> Any:
        import shapely

        return self.whole().polygon.difference(
            shapely.union_all([rectangle(*lift.size, lift.at).polygon for lift in self.lifts])
        )

    def whole(self) -> Outline:
        """Outline of the stage in own coordinates. [m]"""
        if self.outline is not None:
            base = outline(self.outline)
        else:
            assert self.size
            base = rectangle(*self.size, (0.0, self.size[1] / 2))
        if self.thrust is None:
            return base
        width, depth = self.thrust
        return from_polygon(base.polygon.union(rectangle(width, depth, (0.0, -depth / 2)).polygon))

    def build(self, site: Site) -> Iterator[Record]:
        plan = self.plan()
        colour = rgb(self.colour)
        deck = site.item(self.deck) if self.deck else None
        thickness = min(site.size(deck, "height", self.thickness) if deck else self.height, self.height)
        yield Part(self.id, shapes.prism(plan, self.height - thickness, self.height), system="stage", name="deck",
                   blocks="set", takes_seats=True, colour=colour)  # fmt: skip
        if deck:
            yield from self._decks(site, plan, thickness)
        if self.skirt and self.height - thickness > 0.01:
            band = plan.polygon.difference(plan.polygon.buffer(-0.01, join_style="mitre"))
            cloths = [shapes.prism(from_polygon(p), 0, self.height - thickness) for p in getattr(band, "geoms", [band])]
            yield Part(self.id, joined(cloths), system="stage", name="skirt", blocks="set", takes_seats=True,
                       colour=(0.07, 0.07, 0.08))  # fmt: skip
        for lift in self.lifts:
            if lift.height > 0:
                yield Part(self.id, shapes.prism(rectangle(*lift.size, lift.at), 0, lift.height), system="stage",
                           name=f"lift {lift.id}", blocks="set", takes_seats=True, colour=colour)  # fmt: skip
        yield from edges(self.id, plan, self.height, self.rails, self.rail_height, open_front=True)
        yield Space(self.id, plan, self.height, self.height + 100.0, "stage")
        if self.focus:
            x, y = plan.outer.points.T
            front = float(y.min())
            at_front = x[np.isclose(y, front)]
            line = np.array([[at_front.min(), front, self.height], [at_front.max(), front, self.height]])
            yield Target(self.id, f"{self.label} front edge", line, "floor", "line")

    def _decks(self, site: Site, plan: Outline, thickness: float) -> Iterator[Record]:
        """Whole decks that tile the plan, then what they leave over; legs under each."""
        assert self.deck
        item = site.item(self.deck)
        long, short = site.size(item, "depth", 2.0), site.size(item, "width", 1.0)
        across, along = _tiled(plan, long, short), _tiled(plan, short, long)
        turned = len(along[1]) < len(across[1])  # whichever way round fewer have to be cut
        grid, cut = along if turned else across
        if cut:
            yield KitLine(self.id, item.code, len(cut), "cut to the stage's outline")
        left = [
            Part(self.id, joined([shapes.prism(from_polygon(p), self.height - 0.002, self.height) for p in pieces]),
                 system="stage", name="cut deck", tags=(f"{self.id}-cut-{number:02d}",), blocks="none", soft=True,
                 colour=rgb(self.colour))
            for number, pieces in enumerate(cut, 1)
        ]  # fmt: skip
        if not len(grid):
            yield from left
            return
        half = np.array([(-long, -short), (long, -short), (long, short), (-long, short), (-long, -short)]) / 2
        tags = tuple(f"{self.id}-{n:02d}" for n in range(1, len(grid) + 1))
        places = frames(np.c_[grid, np.full(len(grid), self.height - 0.002)], 90.0 if turned else 0.0)
        # the decks are what is ordered; the deck solid above is what stands, cut to the stage's outline
        yield Part(self.id, shapes.box(long, short, 0.002), places, "stage", item.code, tags, "decks", blocks="none",
                   soft=True, symbol=PlanSymbol(item.code, (half,)), colour=rgb(self.colour))  # fmt: skip
        under = self.height - thickness
        if under > 0.05:
            inside = (half[:4] - np.sign(half[:4]) * LEG_INSET)[:, :: -1 if turned else 1]
            feet = (grid[:, None] + inside[None]).reshape(-1, 2)
            yield Part(self.id, shapes.box(0.05, 0.05, under), frames(np.c_[feet, np.zeros(len(feet))]), "stage",
                       name="legs", blocks="none", takes_seats=False, colour=(0.5, 0.5, 0.52))  # fmt: skip
        yield from left


def _tiled(plan: Outline, w: float, d: float) -> tuple[Floats, list[list[Any]]]:
    """Middles (n, 2) of the whole decks w × d in a plan, from the middle outwards and the front upstage; and of each
    that is cut the shapely polygons that are left of it.
    """
    import shapely

    low, high = plan.outer.points.min(axis=0), plan.outer.points.max(axis=0)
    columns, rows = (int(run) for run in np.floor((high - low) / (w, d) + 1e-6))
    xs = (low[0] + high[0]) / 2 + (np.arange(columns + 2) - (columns + 1) / 2) * w
    ys = low[1] + (np.arange(rows + 1) + 0.5) * d
    grid = np.array([(x, y) for y in ys for x in xs])
    cells = shapely.box(grid[:, 0] - w / 2, grid[:, 1] - d / 2, grid[:, 0] + w / 2, grid[:, 1] + d / 2)
    left = shapely.intersection(cells, plan.polygon)
    share = shapely.area(left) / (w * d)
    cut = left[(share > 0.02) & (share < 0.999)]
    return grid[share >= 0.999], [[p for p in shapely.get_parts(one) if p.area > 1e-6] for one in cut]
