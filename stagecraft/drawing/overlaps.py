"""Words that lie on what they must not lie on, found on finished paper: a lint that knows nothing of how they were placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stagecraft.drawing._ink import ink
from stagecraft.drawing._page import Page
from stagecraft.drawing.marks import Drawing, Point, Sheet
from stagecraft.geometry.frame import Floats


@dataclass(frozen=True)
class Overlap:
    """One text on one thing that it does not belong to."""

    words: str
    on: str
    """`'T2 TRIM 5.30'`, `dimension line`, `line on A-WALL-CUT`, `symbol SEAT-CHAIR`, `edge of the plan`."""
    at: Point
    """Middle of the text. [mm of the paper]"""
    by: float
    """How far it would have to move. [mm]"""

    def __str__(self) -> str:
        return f"'{self.words}' at {self.at[0]:.1f}, {self.at[1]:.1f} mm lies on {self.on} by {self.by:.2f} mm"


def overlaps(paper: Drawing | Sheet) -> list[Overlap]:
    """Every text that lies on another text, on a line or area that it does not belong to, or over an edge.

    A text belongs to its own symbol, dimension and leader; what hangs above and is dashed may cross a symbol's own text. On a white ground (`mask`) it may lie on thin lines: what is
    beyond, hidden, overhead or hatched, ways and sightlines, and pens up to 0.18 mm; never on cut outlines, dimensions, leaders, centre and
    setting lines, small symbols (mere outlines apart, as of places) or other words. Somebody else's drawing underneath is a ground; so are light areas.
    A drawing is judged at its own scale, its origin at 0, 0 of the paper.
    """
    if isinstance(paper, Drawing):
        layers = [(paper.marks, ink(paper.marks, paper.symbols, paper.units, paper.scale))]
        symbols = [paper.symbols]
        edges: list[tuple[str, Floats]] = [("", np.array([-np.inf, -np.inf, np.inf, np.inf]))]
        scales = [paper.scale]
    else:
        layers = [
            (v.drawing.marks, ink(v.drawing.marks, v.drawing.symbols, v.drawing.units, v.scale, v.anchor, v.at))
            for v in paper.views
        ]
        layers.append((paper.marks, ink(paper.marks, paper.symbols, "m")))
        symbols = [*(v.drawing.symbols for v in paper.views), paper.symbols]
        edges = [(f"edge of the {v.drawing.name}", np.array([*v.window[0], *v.window[1]], float)) for v in paper.views]
        edges.append(("edge of the paper", np.array([0.0, 0.0, *paper.size])))
        scales = [*(v.scale for v in paper.views), 1.0]
    page = Page(layers, symbols, scales, edges)
    found: dict[tuple[str, float, float, str], Overlap] = {}
    for word, _, on, by in page.faults():
        x, y = np.round(page.box[word, :2], 3).tolist()
        fault = Overlap(page.text[word], on, (x, y), round(float(by), 3))
        key = (fault.words, x, y, on)
        if key not in found or found[key].by < fault.by:
            found[key] = fault
    return sorted(found.values(), key=lambda f: (-f.at[1], f.at[0], f.words, f.on))
