"""Ramp: a wedge that is put against an edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import model_validator

from stagecraft.elements._base import Colour, Site, Size, rgb
from stagecraft.elements._joinery import SPACING, Bench, Built, X, Y, Z, bays, board, placed, tiles
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import outline
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, Part, Piece, Record, Walkway


class Ramp(Built):
    """A straight ramp. Origin: middle of its top edge, at the floor below; it descends to −y.

    Made in a workshop: a deck of sheet on sides and joists that are all one wedge, and a head board behind them. What is
    longer than the workshop's sheets is butted from equal lengths.
    """

    type: Literal["ramp"] = "ramp"
    width: Size = 1.5
    """Width of the ramp. [m]"""
    height: Size
    """Rise in total. [m]"""
    length: Size
    """Going, measured in plan. [m]"""
    rails: bool = False
    """Handrails on both sides."""
    rail_height: Size = 0.9
    """Above the surface. [m]"""
    sheet: Size = 0.018
    """Thickness of the sheet, where it is made in a workshop. [m]"""
    joist_spacing: Size = SPACING
    """Greatest distance of sides and joists from middle to middle, there. [m]"""
    colour: Colour = "#34343a"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _has_room(self) -> Ramp:
        if self.fabrication and self.height <= 3 * self.sheet * math.hypot(1.0, self.height / self.length):
            raise ValueError(
                f"sheet is {self.sheet:g} m thick: a ramp of {self.height:g} m is too low to be made of it"
            )
        return self

    def top(self, site: Site) -> float:
        return self.height

    def build(self, site: Site) -> Iterator[Record]:
        yield Part(self.id, shapes.wedge(self.width, self.length, self.height), system="stair", takes_seats=True,
                   material=self.material if self.fabrication else "", colour=rgb(self.colour))  # fmt: skip
        slope = np.array([[0, -self.length, 0], [0, 0, self.height]])
        yield Walkway(self.id, self.label, slope, self.width, "ramp")
        rails = []
        for x in (-self.width / 2, self.width / 2):
            yield Edge(self.id, _aside(slope, x), self.height, self.rails)
            if self.rails:
                foot, head = _aside(slope, x - math.copysign(0.04, x))
                rails.append(shapes.guard_rail(foot, head, self.rail_height))
        if rails:
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))
        if self.fabrication:
            yield from self._pieces(site)

    def _pieces(self, site: Site) -> list[Piece]:
        bench, half = Bench(self.id, site), self.width / 2
        t, run, rise = site.true(self.material, self.sheet), self.length, self.height
        slope = math.hypot(run, rise)
        drop = t * slope / run  # of the deck's underside, measured upright
        foot = drop * run / rise  # where that meets the floor, from the foot of the ramp
        high = rise - drop - t * rise / run  # of the wedges where they end, and of the board behind them
        sheets = site.sheets(self.material, self.sheet)
        rows, columns = tiles(slope, self.width, sheets)
        count = bays(self.width, self.joist_spacing, columns)
        base = run - t - foot
        parts, _ = tiles(base, high, sheets)
        for k in (0, count, *range(1, count)):
            x = min(max(k * self.width / count - t / 2, 0.0), self.width - t) - half
            name = "side" if k in (0, count) else "joist"
            for n in range(parts):
                step, a = base / parts, n / parts
                corners = [(0.0, 0.0), (step, 0.0), (step, (a + 1 / parts) * high), (0.0, a * high)]
                wedge = outline(corners[: 4 if n else 3])
                bench.board(name, wedge, t, self.material, placed((x, foot - run + n * step, 0.0), Y, Z))
        wide, long = self.width / columns, slope / rows
        for m in range(columns):
            bench.board("head", board(wide, high), t, self.material, placed((m * wide - half, 0.0, 0.0), X, Z))
        ahead, up = (0.0, run / slope, rise / slope), np.array([0.0, -rise / slope, run / slope])
        for k in range(rows):
            low = max(k * long, 0.0 if k else foot * run / slope)  # of its underside, along the slope
            end = (k + 1) * long if k < rows - 1 else slope - drop * rise / slope
            side = outline([(0.0, t), (low - k * long, 0.0), (end - k * long, 0.0), (long, t)])
            bevels = [
                words for words, there in (("foot bevelled level", k == 0), ("head plumb", k == rows - 1)) if there
            ]
            for m in range(columns):
                at = np.array([half - m * wide, -run, 0.0]) + k * long * np.array(ahead) - t * up
                bench.board("deck", board(long, wide), t, self.material, placed(at, ahead, (-1.0, 0.0, 0.0)), "L",
                            ", ".join(bevels), shapes.prism(side, 0.0, wide).moved(_upright(wide)))  # fmt: skip
        return bench.pieces()


def _upright(width: float) -> Floats:
    """Carries a side view (length, height) raised along z to length, width and height."""
    return np.array([[1, 0, 0, 0], [0, 0, -1, width], [0, 1, 0, 0], [0, 0, 0, 1]], float)


def _aside(line: Floats, x: float) -> Floats:
    return np.asarray(line + np.array([x, 0.0, 0.0]))
