"""Chairs: what a seat looks like in the solid and in plan."""

from __future__ import annotations

import numpy as np

from stagecraft.geometry import shapes
from stagecraft.geometry.outline import outline
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import PlanSymbol


def chair(width: float, depth: float, height: float, seat: float = 0.46) -> Solid:
    """A chair looking to +y, standing on z = 0, inside its catalogue box; seat level `seat`. [m]"""
    w, d = width / 2, depth / 2
    seat = min(seat, height * 0.6)
    bevel = min(0.035, w / 3)
    pad = outline([(-w + bevel, -d + 0.06), (w - bevel, -d + 0.06), (w, -d + 0.06 + bevel), (w, d - bevel),
                   (w - bevel, d), (-w + bevel, d), (-w, d - bevel), (-w, -d + 0.06 + bevel)])  # fmt: skip
    cushion = shapes.prism(pad, seat - 0.07, seat)
    back = shapes.prism(outline([(-w, 0), (w, 0), (w, height - seat - 0.06), (w - bevel * 1.4, height - seat),
                                 (-w + bevel * 1.4, height - seat), (-w, height - seat - 0.06)]), 0.0, 0.045)  # fmt: skip
    lean = 0.06
    upright = np.array([[1, 0, 0, 0], [0, -lean, 1, -d + 0.061], [0, 1, lean, seat + 0.0], [0, 0, 0, 1]], float)
    c = 1 / np.hypot(1, lean)
    upright[:3, 1:3] = [[0, 0], [-lean * c, -c], [c, -lean * c]]
    backrest = back.moved(upright)
    backrest = Solid(
        np.clip(backrest.vertices, [-w, -d, 0], [w, d, height]), backrest.faces, backrest.surface, backrest.surfaces
    )
    legs = [
        shapes.box(0.025, 0.025, seat - 0.07, (x, y, 0)) for x in (-w + 0.03, w - 0.03) for y in (-d + 0.09, d - 0.04)
    ]
    return joined([cushion, backrest, *legs])


def chair_symbol(code: str, width: float, depth: float) -> PlanSymbol:
    """Seat and back of a chair in plan, looking to +y."""
    w, d = width / 2, depth / 2
    seat = np.array([(-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)])
    back = np.array([(-w, -d + 0.06), (w, -d + 0.06)])
    return PlanSymbol(f"SEAT-{code}", (seat, back))
