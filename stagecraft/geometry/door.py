"""Closed door leaves with their push bars, in the door's own frame: +x along the wall, +y out of the room."""

from __future__ import annotations

from stagecraft.geometry import shapes
from stagecraft.geometry.solid import Solid, joined

GAP = 0.008
"""Between two leaves. [m]"""
BAR = 1.0
"""Height of a push bar. [m]"""


def closed(width: float, height: float, depth: float, leaves: int) -> tuple[Solid, Solid | None]:
    """The leaves, and the bars on their inner side; None where the leaves are too narrow for bars. [m]

    depth : thickness of the wall
    """
    leaf, thick = width / max(leaves, 1), min(0.06, max(depth, 0.06))
    middles = [-width / 2 + (k + 0.5) * leaf for k in range(max(leaves, 1))]
    boards = joined([shapes.box(leaf - GAP, thick, height - 0.01, (x, 0.0, 0.005)) for x in middles])
    if leaf <= 0.3:
        return boards, None
    return boards, joined([shapes.box(leaf * 0.6, 0.05, 0.05, (x, -thick / 2 - 0.04, BAR)) for x in middles])
