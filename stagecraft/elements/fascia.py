"""Fascia: a curved face of bent sheet on formers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import NUMBER, Colour, Site, Size, rgb
from stagecraft.elements._joinery import SPACING, Bench, Built, Section, Y, Z, bays, board, placed
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import FINE, Outline, sector
from stagecraft.scene import Part, Piece, Record


class Fascia(Built):
    """A face that is curved in plan and upright. Origin: middle of its foot, on the face; front looks to −y.

    Skin length = radius at the middle of its thickness · angle. Formers are rings of sheet at the foot, the top and between,
    no further apart than `former_spacing`; uprights of timber stand between them, no further apart than `upright_spacing`
    and behind every joint.
    """

    type: Literal["fascia"] = "fascia"
    radius: Size
    """Of its face. [m]"""
    angle: Annotated[float, Field(gt=0, le=180, allow_inf_nan=False), NUMBER]
    """From end to end, about the middle of the curve. [degrees]"""
    height: Size
    """To its upper edge. [m]"""
    curve: Literal["convex", "concave"] = "convex"
    """convex: its middle is nearest to the audience; concave: its ends are."""
    skin: Size = 0.008
    """Thickness of the skin, all its layers. [m]"""
    skin_material: str = "bendy plywood"
    """What the skin is made of, in the words of `stock:`."""
    depth: Size = 0.1
    """Of the formers behind the skin. [m]"""
    sheet: Size = 0.018
    """Thickness of the formers. [m]"""
    former_spacing: Size = SPACING
    """Greatest distance of formers from middle to middle. [m]"""
    timber: Section = (0.069, 0.032)
    """Section of the uprights: how deep behind the skin, and how wide along it. [m]"""
    timber_material: str = "softwood"
    """What the uprights are made of, in the words of `stock:`."""
    upright_spacing: Size = SPACING
    """Greatest distance of uprights along the formers. [m]"""
    colour: Colour = "#7d6b57"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _has_room(self) -> Fascia:
        if self.curve == "convex" and self.radius <= self.skin + self.depth:
            raise ValueError(f"radius is {self.radius:g} m: the formers need {self.skin + self.depth:g} m of it")
        if self.height <= 3 * self.sheet:
            raise ValueError(f"height is {self.height:g} m: two formers need more than {3 * self.sheet:g} m")
        if self.timber[0] > self.depth - 0.001:
            raise ValueError(f"timber is {self.timber[0]:g} m deep: the formers are {self.depth:g} m deep")
        if self.timber[1] > self._back * math.radians(self.angle) / 2:
            raise ValueError(f"timber is {self.timber[1]:g} m wide: two uprights have no room in this fascia")
        return self

    @property
    def _way(self) -> float:
        """1 where the formers are nearer to the middle of the curve than the skin, −1 where they are further from it."""
        return 1.0 if self.curve == "convex" else -1.0

    @property
    def _back(self) -> float:
        """Radius of the back of the formers. [m]"""
        return self.radius - self._way * (self.skin + self.depth)

    @property
    def _centre(self) -> tuple[float, float]:
        return 0.0, self._way * self.radius

    def build(self, site: Site) -> Iterator[Record]:
        solid = shapes.prism(self._ring(self.radius, self._back), 0.0, self.height)
        yield Part(self.id, solid, system="set", tags=(self.id,), blocks="set", takes_seats=True,
                   material=self.skin_material, colour=rgb(self.colour))  # fmt: skip
        if self.fabrication:
            yield from self._pieces(site)

    def _ring(self, one: float, other: float, start: float = 0.0, end: float = 1.0) -> Outline:
        """Piece of a ring between two radii, from one part of the angle to another, seen from above."""
        middle = 270.0 if self._way > 0 else 90.0
        first, last = (middle + (part - 0.5) * self.angle for part in (start, end))
        return sector(self._centre, min(one, other), max(one, other), first, last, FINE)

    def _pieces(self, site: Site) -> list[Piece]:
        bench, angle = Bench(self.id, site), math.radians(self.angle)
        skin, t = site.true(self.skin_material, self.skin), site.true(self.material, self.sheet)
        face, back = self.radius, self._back
        front = face - self._way * skin
        length = (face + front) / 2 * angle
        sheets = site.sheets(self.skin_material, self.skin)
        parts = max(self._segments(site), min((bays(length, long) for long, _ in sheets), default=1))
        rows = min((math.ceil((self.height + t) / wide - 1e-9) for _, wide in sheets if wide > 0), default=1)
        count = bays(self.height - t, self.former_spacing, rows)
        step = (self.height - t) / count
        for k in range(count + 1):
            for n in range(parts):
                self._former(bench, front, back, n / parts, (n + 1) / parts, k * step, t)
        stands = self._stands(front, parts)
        apart = front * angle / (len(stands) - 1)
        said = f"{round(apart * 1000, 1):g} apart on R{round(front * 1000, 1):g}, ends flush"
        for k in range(count):
            for place in stands:
                matrix = place.copy()
                matrix[2, 3] = k * step + t
                bench.bar("upright", step - t, self.timber, self.timber_material, matrix, said)
        joints = [0.0, *(count * row // rows * step + t / 2 for row in range(1, rows)), self.height]
        for low, high in pairwise(joints):
            for n in range(parts):
                bent = shapes.prism(self._ring(face, front, 0.5 - 0.5 / parts, 0.5 + 0.5 / parts), 0.0, high - low)
                turn = self._turned((n + 0.5) / parts)
                turn[2, 3] = low
                bench.board("skin", board(length / parts, high - low), skin, self.skin_material, turn,
                            note=f"bent to R{round(self.radius * 1000, 1):g}", bent=bent)  # fmt: skip
        return bench.pieces()

    def _segments(self, site: Site) -> int:
        """Equal pieces of a former that can be cut from the workshop's sheets."""
        sheets = [(a, b) for a, b in site.sheets(self.material, self.sheet) if min(a, b) > 2 * self.depth]
        outer, inner = max(self.radius, self._back), min(self.radius, self._back)
        for parts in range(1, 100):
            half = math.radians(self.angle) / 2 / parts
            long, wide = 2 * outer * math.sin(half), outer - inner * math.cos(half)
            if not sheets or any(long <= max(s) and wide <= min(s) for s in sheets):
                return parts
        return 1

    def _former(self, bench: Bench, front: float, back: float, start: float, end: float, z: float, t: float) -> None:
        """A piece of a ring, laid so that its chord is its length."""
        turn = self._turned((start + end) / 2)
        half = math.radians(self.angle) * (end - start) / 2
        outer, inner = max(front, back), min(front, back)
        long, wide = 2 * outer * math.sin(half), outer - inner * math.cos(half)
        flat = sector((long / 2, wide - outer), inner, outer, 90 - math.degrees(half), 90 + math.degrees(half), FINE)
        # it is drawn bulging to +y: carried to the middle of the curve and turned to where it belongs
        place = np.eye(4)
        place[:3, 3] = -long / 2, outer - wide, z
        about = np.eye(4)
        about[:2, 3] = self._centre
        if self._way > 0:
            about[:2, :2] = -np.eye(2)
        swing = about.copy()
        swing[:3, :3] = about[:3, :3] @ turn[:3, :3]
        bench.board("former", flat, t, self.material, swing @ place)

    def _turned(self, part: float) -> Floats:
        """Turn about the middle of the curve that carries the fascia's middle to a part of its angle."""
        turn = math.radians((part - 0.5) * self.angle)
        c, s = math.cos(turn), math.sin(turn)
        centre, matrix = np.array(self._centre), np.eye(4)
        matrix[:2, :2] = [[c, -s], [s, c]]
        matrix[:2, 3] = centre - matrix[:2, :2] @ centre
        return matrix

    def _stands(self, front: float, parts: int) -> list[Floats]:
        """Places of the uprights: at both ends, behind each joint of the skin and between."""
        deep, wide = self.timber
        count = bays(front * math.radians(self.angle), self.upright_spacing, parts)
        outer = math.sqrt(front**2 - (wide / 2) ** 2)  # where its corners touch a convex skin
        inner = outer - deep if self._way > 0 else front
        nearest = self.radius - inner - deep if self._way > 0 else inner - self.radius
        inset = math.atan2(wide / 2, inner) / math.radians(self.angle)
        place = placed((wide / 2, nearest, 0.0), Z, Y)
        return [self._turned(min(max(k / count, inset), 1 - inset)) @ place for k in range(count + 1)]
