"""Stairs: a solid flight that is put against an edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import Colour, Gap, Site, Size, rgb
from stagecraft.elements._joinery import SPACING, Bench, Built, X, Y, Z, bays, board, placed, tiles
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import outline
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, Part, Piece, Record, Walkway


class Stairs(Built):
    """A straight flight. Origin: middle of its top edge, at the floor below; it descends to −y.

    Set it on the edge that it leads to: a stage's front edge as it is, its right-hand side with `turn: 90`.
    Made in a workshop: boards on stringers, tread = going + nosing, riser = rise − sheet; a riser stands on the stringers
    behind the tread below it, and carries the next one.
    """

    type: Literal["stairs"] = "stairs"
    width: Size = 1.2
    """Width of the flight. [m]"""
    height: Size
    """Rise in total. [m]"""
    steps: Annotated[int, Field(ge=2, le=200)] | None = None
    """Risers, the last of which is the edge that it leads to; as many as keep each at 170 mm or less where empty.

    170 mm: greatest rise for general access, Approved Document K (England) table 1.1.
    """
    going: Size = 0.28
    """Of each tread. [m]"""
    flush: bool = False
    """A top tread level with what it leads to."""
    rails: bool = False
    """Handrails on both sides."""
    rail_height: Size = 0.9
    """Above the nosings. [m]"""
    sheet: Size = 0.018
    """Thickness of the sheet, where it is made in a workshop. [m]"""
    nosing: Gap = 0.02
    """How far a tread stands over the riser below it, there. [m]"""
    stringer_spacing: Size = SPACING
    """Greatest distance of stringers from middle to middle, there. [m]"""
    colour: Colour = "#2b2b2e"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _sensible(self) -> Stairs:
        if self.risers > 200:
            raise ValueError(f"{self.risers} steps; one flight may have 200")
        if self.fabrication and self.height / self.risers <= 2 * self.sheet:
            raise ValueError(
                f"sheet is {self.sheet:g} m thick: nothing is left of steps of {self.height / self.risers:g} m"
            )
        if self.fabrication and self.going <= self.nosing + 2 * self.sheet:
            raise ValueError(f"nosing and a sheet leave nothing of a going of {self.going:g} m")
        return self

    @property
    def risers(self) -> int:
        return self.steps or max(2, math.ceil(self.height / 0.17 - 1e-6))

    @property
    def treads(self) -> int:
        return self.risers if self.flush else self.risers - 1

    def top(self, site: Site) -> float:
        return self.height

    def build(self, site: Site) -> Iterator[Record]:
        riser, n, half = self.height / self.risers, self.treads, self.width / 2
        yield Part(self.id, shapes.stair_flight(self.width, self.going, riser, n), system="stair", takes_seats=True,
                   material=self.material if self.fabrication else "", colour=rgb(self.colour))  # fmt: skip
        levels = riser * np.arange(1, n + 1)
        nosing = self.going * np.arange(-n, 0)
        walk = np.c_[np.zeros(n), nosing + self.going / 2, levels]
        walk = np.concatenate([[(0, nosing[0] - self.going / 2, 0)], walk, [(0, 0, self.height)]])
        yield Walkway(self.id, self.label, walk, self.width, "step", np.linspace(riser, self.height, self.risers))
        foot, head = (nosing[0], riser), (nosing[-1], riser * n)
        rails = []
        for x in (-half, half):
            yield Edge(self.id, np.c_[np.full(n, x), nosing, levels], float(levels[-1]), self.rails and n > 1)
            inside = x - math.copysign(0.04, x)
            if self.rails and n > 1:
                rails.append(shapes.guard_rail((inside, *foot), (inside, *head), self.rail_height))
        if rails:
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))
        if self.fabrication:
            yield from self._pieces(site)

    def _pieces(self, site: Site) -> list[Piece]:
        bench, n, g = Bench(self.id, site), self.treads, self.going
        t, rise, half = site.true(self.material, self.sheet), self.height / self.risers, self.width / 2
        behind = self.nosing + t  # from a tread's edge to the back of the riser below it
        back = n * g  # of the flight, from the edge of its first tread
        corners = [(0.0, 0.0), (0.0, rise - t)]
        for k in range(1, n):  # under a tread, up to the foot of the riser behind it
            y, z = k * g - t, k * rise
            corners += [(y, z - t), (y, z), (y + t, z), (y + t, z + rise - t)]
        corners += [(back - behind, n * rise - t), (back - behind, 0.0)]
        stringer = outline(corners)
        count, _ = tiles(self.width, g, site.sheets(self.material, self.sheet))
        stands = bays(self.width, self.stringer_spacing, count)
        for k in range(stands + 1):
            x = min(max(k * self.width / stands - t / 2, 0.0), self.width - t) - half
            bench.board("stringer", stringer, t, self.material, placed((x, behind - back, 0.0), Y, Z))
        long = self.width / count
        for k in range(n):
            deep = g + self.nosing if k < n - 1 else g
            for m in range(count):
                x, y = m * long - half, k * g - back
                bench.board("tread", board(long, deep), t, self.material, placed((x, y, (k + 1) * rise - t), X, Y))
        for k in range(n):
            for m in range(count):
                x, y = m * long - half, k * g - back + behind
                bench.board("riser", board(long, rise - t), t, self.material, placed((x, y, k * rise), X, Z))
        return bench.pieces()
