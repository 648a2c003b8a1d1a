"""Irregular parts laid on sheets by their true outlines: each slides down as far as the parts below let it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.loops import box_of, loops
from stagecraft.scene import Piece

CELL = 0.005
"""Outlines are looked at in strips of this width, each at its highest and its lowest. [m]"""
STRAY = 2e-5
"""Chords stray from arcs by no more than this; parts lie apart by that much more. [m]"""
Place = tuple[int, int, int, tuple[float, float], tuple[float, float]]
"""Part, copy, quarter turns, lower left corner within the margins, size. [m]"""


@dataclass(frozen=True, eq=False)
class Shape:
    """A part in one of its turns: its box lies at 0, 0."""

    rim: Floats
    """(n, 2) [m]"""
    gap: float

    @property
    def size(self) -> tuple[float, float]:
        return float(self.rim[:, 0].max()), float(self.rim[:, 1].max())

    @cached_property
    def lower(self) -> Floats:
        """(c,) its lowest in each strip from 0."""
        low, _, _ = _envelope(self.rim)
        return low

    @cached_property
    def upper(self) -> tuple[int, Floats]:
        """First strip, and (c,) its highest in each with the gap round it."""
        import shapely

        grown = np.asarray(shapely.Polygon(self.rim).buffer(self.gap, quad_segs=16).exterior.coords)
        _, high, first = _envelope(grown)
        return first, high


def turned(piece: Piece, quarters: int, gap: float) -> Shape:
    found = tuple(loop.turned(quarters) for loop in loops(piece.outline)[:1])
    low, _ = box_of(found)
    return Shape(found[0].chords(STRAY) - low, gap + 2 * STRAY)


def _envelope(rim: Floats) -> tuple[Floats, Floats, int]:
    """Lowest and highest of a closed line in each strip, and the number of its first strip."""
    a, b = rim, np.roll(rim, -1, axis=0)
    counts = np.maximum(np.ceil(np.abs(b - a).max(axis=1) / (CELL / 2)).astype(int), 1) + 1
    points = np.concatenate([p + np.linspace(0, 1, n)[:, None] * (q - p) for p, q, n in zip(a, b, counts)])
    first = int(np.floor(points[:, 0].min() / CELL + 1e-9))
    count = int(np.ceil(points[:, 0].max() / CELL - 1e-9)) - first
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    slope = CELL / 2  # what may lie between two points of the line
    for side in (-slope, 0.0, slope):
        cells = np.clip(np.floor((points[:, 0] + side) / CELL).astype(int) - first, 0, count - 1)
        np.minimum.at(low, cells, points[:, 1])
        np.maximum.at(high, cells, points[:, 1])
    return low, high, first


def laid(
    order: Iterable[tuple[int, int]],
    pieces: Sequence[Piece],
    ways: Sequence[Sequence[int]],
    room: tuple[float, float],
    gap: float,
) -> list[list[Place]]:
    """Sheets, each with the places of its parts: on the first sheet that has room, as low as can be, then as far left.

    ways : quarter turns that each part may lie in; room : length and width within the margins [m]
    """
    shapes = [[(quarters, turned(piece, quarters, gap)) for quarters in some] for piece, some in zip(pieces, ways)]
    columns = int(np.floor(room[0] / CELL + 1e-9))
    heights: list[Floats] = []
    sheets: list[list[Place]] = []
    for n, copy in order:
        found = next((best for k, top in enumerate(heights) if (best := _lowest(shapes[n], top, room, k))), None)
        if found is None:
            heights.append(np.full(columns + 1, -gap))
            sheets.append([])
            found = _lowest(shapes[n], heights[-1], room, len(heights) - 1)
            assert found is not None, "what is too large was sorted out before"
        _, y, column, k, quarters, shape = found
        first, high = shape.upper
        at = column + first + np.arange(len(high))
        inside = (at >= 0) & (at < len(heights[k]))
        np.maximum.at(heights[k], at[inside], y + high[inside])
        sheets[k].append((n, copy, quarters, (column * CELL, y), shape.size))
    return sheets


def _lowest(shapes: Sequence[tuple[int, Shape]], top: Floats, room: tuple[float, float], sheet: int) -> Any:
    """The place whose upper edge lies lowest: (upper edge, y, column, sheet, turn, shape); None where there is no room."""
    best = None
    for quarters, shape in shapes:
        wide, tall = shape.size
        last = int(np.floor((room[0] - wide) / CELL + 1e-6))
        if last < 0 or tall > room[1] + 1e-9:
            continue
        low = shape.lower
        if last + len(low) > len(top):
            last = len(top) - len(low)
        y = np.maximum((sliding_window_view(top, len(low))[: last + 1] - low).max(axis=1), 0.0)
        column = int(np.argmin(y))
        one = (round(float(y[column]) + tall, 9), float(y[column]), column, sheet, quarters, shape)
        if one[0] <= room[1] + 1e-9 and (best is None or one[:3] < best[:3]):
            best = one
    return best
