"""How set pieces are taken apart: boards and bars with their places, those that are alike under one mark.

A board lies flat in its own coordinates, length along x, width along y, its thickness from z = 0 upwards. [m]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Element, Site, Size
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, outline
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Cut, Piece

Axis: TypeAlias = tuple[float, float, float]
Section: TypeAlias = Annotated[tuple[Size, Size], Field(min_length=2, max_length=2)]
"""Width and thickness of a bar. [m]"""
X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
SPACING = 0.6
"""Ribs, toggles and joists stand no further apart, as far as nothing else is said: a usual figure, not a standard's. [m]"""
_SAME = 6
"""Boards that differ by less than a micrometre are alike. [decimals of a metre]"""


class Built(Element):
    """What a workshop can make. It looks the same whether its pieces are asked for or not."""

    fabrication: bool = False
    """true: its pieces are drawn, listed and nested. Otherwise there is a drawing of its form alone."""
    material: str = "plywood"
    """Sheet that it is made of, in the words of `stock:`."""


def placed(at: Sequence[float] | Floats, along: Axis, across: Axis) -> Floats:
    """(4, 4) place of a board whose corner stands at `at`, its length along one axis and its width along another."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([along, across, np.cross(along, across)], axis=1)
    matrix[:3, 3] = at
    return matrix


def board(length: float, width: float) -> Outline:
    """Rectangle from 0, 0. [m]"""
    return outline([(0.0, 0.0), (length, 0.0), (length, width), (0.0, width)])


def bays(length: float, most: float, parts: int = 1) -> int:
    """Equal bays of a length, none longer than `most`, so that a joint between its equal `parts` is at the end of one."""
    return parts * max(1, math.ceil(length / parts / most - 1e-9))


def tiles(length: float, width: float, sheets: Sequence[tuple[float, float]], turned: bool = True) -> tuple[int, int]:
    """Fewest equal parts along length and width that can be cut from the sheets; 1, 1 where no sheet is known.

    sheets : length and width that can be used of each [m] · turned : parts may lie across a sheet
    """
    ways = [(long, wide) for a, b in sheets for long, wide in ([(a, b), (b, a)] if turned else [(a, b)])]
    found = [(bays(length, long), bays(width, wide)) for long, wide in ways if long > 0 and wide > 0]
    return min(found, key=lambda way: (way[0] * way[1], way), default=(1, 1))


class Bench:
    """The pieces of one set piece in the order they are made; those that are alike are one."""

    def __init__(self, element: str, site: Site) -> None:
        self.element = element
        self.site = site
        self._pieces: dict[tuple[object, ...], tuple[Piece, list[Floats]]] = {}

    def board(
        self, name: str, shape: Outline, thickness: float, material: str, place: Floats,
        grain: Literal["L", "W", ""] = "", note: str = "", bent: Solid | None = None, cuts: tuple[Cut, ...] = (),
    ) -> None:  # fmt: skip
        """A piece of sheet."""
        self._add(Piece(self.element, "", shape, thickness, material, 1, grain, name, "sheet", cuts, "", note, bent=bent),
                  place)  # fmt: skip

    def bar(
        self, name: str, length: float, section: tuple[float, float], material: str, place: Floats, note: str = ""
    ) -> None:
        """A length of timber, its ends square; its width lies along y."""
        width, thickness = section
        self._add(
            Piece(self.element, "", board(length, width), thickness, material, 1, "L", name, "bar", note=note), place
        )

    def _add(self, piece: Piece, place: Floats) -> None:
        rings = tuple(np.round(ring.points, _SAME).tobytes() for ring in piece.outline.rings())
        bent = piece.bent and np.round(piece.bent.vertices, _SAME).tobytes()
        key = piece.name, piece.kind, piece.material, round(piece.thickness, _SAME), piece.note, rings, bent
        self._pieces.setdefault(key, (piece, []))[1].append(place)

    def pieces(self) -> list[Piece]:
        """With their marks, quantities and places."""
        return [
            Piece(
                piece.element, f"{self.element}-{n:02d}", piece.outline, piece.thickness, piece.material, len(places),
                piece.grain, piece.name, piece.kind, piece.cuts, piece.edge_band, piece.note, np.array(places), piece.bent,
            )
            for n, (piece, places) in enumerate(self._pieces.values(), 1)
        ]  # fmt: skip
