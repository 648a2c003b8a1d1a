"""Edges of a raised floor, and the guard rails along them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import joined
from stagecraft.scene import Edge, Part, Record

Side = Literal["front", "rear", "left", "right"]
INSET = 0.04
"""A rail's axis inside the edge. [m]"""


def edges(
    element: str, plan: Outline, height: float, rails: Sequence[Side], rail_height: float, open_front: bool = False
) -> Iterator[Record]:
    """The drops round a floor `height` above the one below, and one part with the rails along the sides named. [m]

    open_front : the audience's side is open by intent
    """
    guards = []
    for a, b in zip(plan.outer.points, np.roll(plan.outer.points, -1, axis=0)):
        looks = side(b - a)
        guarded = looks in rails
        yield Edge(element, np.c_[[a, b], [height, height]], height, guarded, open_front and looks == "front")
        if guarded:
            inwards = np.array([a[1] - b[1], b[0] - a[0]]) / np.linalg.norm(b - a) * INSET
            guards.append(shapes.guard_rail((*(a + inwards), height), (*(b + inwards), height), rail_height))
    if guards:
        yield Part(element, joined(guards), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))


def side(run: Floats) -> Side:
    """Which way an edge of an anticlockwise outline looks; left and right as the audience sees them."""
    x, y = run[1], -run[0]
    if abs(y) >= abs(x):
        return "front" if y < 0 else "rear"
    return "left" if x < 0 else "right"
