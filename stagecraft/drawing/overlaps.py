"""Words that lie on what they must not lie on, found on finished paper: a lint that knows nothing of how they were placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.drawing._ink import TOUCH, Ink, Strokes, Whole, bounds, ink, pressed, struck, symbol_strokes
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Drawing, Insert, Leader, Mark, Point, Sheet, Text
from stagecraft.geometry.frame import Floats

TAIL = 1.2
"""A leader that ends so near to a text belongs to it. [mm]"""
INTO = 0.5
"""So far it may reach into its own text. [mm]"""
HAIR = 0.02
"""Room round a view's window that counts as inside. [mm]"""

Pairs = tuple[Whole, Whole, Floats]
"""(word, thing, depth), (n,) each."""


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

    A text belongs to its own symbol, dimension and leader. On a white ground (`mask`) it may lie on thin lines: what is
    beyond, hidden, overhead or hatched, and pens up to 0.18 mm; never on cut outlines, dimensions, leaders, centre and
    setting lines, small symbols or other words. Somebody else's drawing underneath is a ground; so are light areas.
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
    page = _Page(layers, symbols, scales, edges)
    found: dict[tuple[str, float, float, str], Overlap] = {}
    for word, on, by in page.faults():
        x, y = np.round(page.box[word, :2], 3).tolist()
        fault = Overlap(page.text[word], on, (x, y), round(float(by), 3))
        key = (fault.words, x, y, on)
        if key not in found or found[key].by < fault.by:
            found[key] = fault
    return sorted(found.values(), key=lambda f: (-f.at[1], f.at[0], f.words, f.on))


class _Page:
    """All that is on one paper."""

    def __init__(self, layers: Sequence[tuple[Sequence[Mark], Ink]], symbols: Sequence[Any], scales: Sequence[float],
                 edges: Sequence[tuple[str, Floats]]) -> None:  # fmt: skip
        self.marks = [mark for marks, _ in layers for mark in marks]
        first = np.cumsum([0, *(len(marks) for marks, _ in layers)])
        inks = [one for _, one in layers]
        self.layers, self.symbols, self.scales, self.edges = inks, symbols, scales, edges
        self.text = [text for one in inks for text in one.words.text]
        self.box = np.concatenate([one.words.box for one in inks])
        self.masked = np.concatenate([one.words.masked for one in inks])
        self.own = np.concatenate([one.words.own + k for one, k in zip(inks, first)])
        self.layer = np.repeat(np.arange(len(inks)), [len(one.words.text) for one in inks])
        lines = [_clipped(one.strokes, window) for one, (_, window) in zip(inks, edges)]
        self.ends = np.concatenate([one.ends for one in lines])
        self.firm = np.concatenate([one.firm for one in lines])
        self.line_own = np.concatenate([one.own + k for one, k in zip(lines, first)])
        self.kind = np.concatenate([one.kind for one in lines])
        self.first = first

    def faults(self) -> Iterator[tuple[int, str, float]]:
        """(word, what it lies on, by how much)"""
        if not len(self.text):
            return
        import shapely

        self.tree = shapely.STRtree(shapely.box(*bounds(self.box).T))
        yield from self.over_edges()
        yield from self.on_words()
        yield from self.on_lines()
        yield from self.on_symbols()
        yield from self.on_areas()

    def near(self, boxes: Floats) -> tuple[Whole, Whole]:
        """(thing, word) pairs whose upright boxes (n, 4) meet."""
        import shapely

        if not len(boxes):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        thing, word = self.tree.query(shapely.box(*boxes.T))
        return thing, word

    def over_edges(self) -> Iterator[tuple[int, str, float]]:
        around = bounds(self.box)
        for layer, (name, window) in enumerate(self.edges):
            mine = np.flatnonzero(self.layer == layer)
            out = np.concatenate([window[:2] - around[mine, :2], around[mine, 2:] - window[2:]], axis=1).max(axis=1)
            for k in np.flatnonzero(out > HAIR).tolist():
                yield int(mine[k]), name, float(out[k])

    def on_words(self) -> Iterator[tuple[int, str, float]]:
        one, two = self.near(bounds(self.box))
        apart = (one < two) & ((self.own[one] != self.own[two]) | ~self.sentence(one, two))
        one, two = one[apart], two[apart]
        depth = pressed(self.box[one], self.box[two])
        for k in np.flatnonzero(depth > TOUCH).tolist():
            yield int(one[k]), f"'{self.text[two[k]]}'", depth[k]

    def sentence(self, one: Whole, two: Whole) -> Any:
        """Whether two words are lines of one text."""
        return np.array([self.own[a] == self.own[b] and isinstance(self.marks[self.own[a]], Text)
                         for a, b in zip(one.tolist(), two.tolist())], bool)  # fmt: skip

    def on_lines(self) -> Iterator[tuple[int, str, float]]:
        low, high = np.minimum(self.ends[:, :2], self.ends[:, 2:]), np.maximum(self.ends[:, :2], self.ends[:, 2:])
        line, word = self.near(np.concatenate([low, high], axis=1))
        matters = self.firm[line] | ~self.masked[word]
        matters &= (self.own[word] != self.line_own[line]) | (self.kind[line] == "extension line")
        line, word = line[matters], word[matters]
        depth = struck(self.box[word], self.ends[line])
        for k in np.flatnonzero(depth > TOUCH).tolist():
            mark, kind = self.marks[self.line_own[line[k]]], str(self.kind[line[k]])
            if isinstance(mark, Leader) and depth[k] <= INTO and self.is_tail(int(word[k]), int(line[k])):
                continue
            on = f"line on {layer_for(mark.style).name}" if kind == "line" else kind
            yield int(word[k]), on, depth[k]

    def is_tail(self, word: int, line: int) -> bool:
        """Whether a stroke is the last of a leader that ends at the word's text."""
        lines = np.flatnonzero(self.own == self.own[word])
        grown = self.box[lines] + [0, 0, TAIL, TAIL, 0, 0]
        end = np.array([[*self.ends[line, 2:], 0.0, 0.0, 1.0, 0.0]]).repeat(len(lines), axis=0)
        return bool((pressed(grown, end) > 0).any())

    def on_symbols(self) -> Iterator[tuple[int, str, float]]:
        for one, symbols, scale, first in zip(self.layers, self.symbols, self.scales, self.first):
            stamp, word = self.near(one.reach)
            other = self.own[word] != one.stamps[stamp] + first
            stamp, word = stamp[other], word[other]
            for k in np.unique(stamp).tolist():
                mark = self.marks[one.stamps[k] + first]
                assert isinstance(mark, Insert)
                if not layer_for(mark.style).plot:
                    continue
                lines = symbol_strokes(symbols[mark.symbol], mark, scale, one.at)
                mine = word[stamp == k]
                a, b = np.repeat(mine, len(lines.ends)), np.tile(np.arange(len(lines.ends)), len(mine))
                matters = lines.firm[b] | ~self.masked[a]
                depth = struck(self.box[a], lines.ends[b]) * matters
                for w in mine.tolist():
                    if (worst := float(depth[a == w].max(initial=0.0))) > TOUCH:
                        yield w, f"symbol {mark.symbol}", worst

    def on_areas(self) -> Iterator[tuple[int, str, float]]:
        import shapely

        areas = [
            (int(k + first), firm, area) for one, first in zip(self.layers, self.first) for k, firm, area in one.areas
        ]
        if not areas:
            return
        shapes = np.array([area for *_, area in areas])
        thing, word = self.tree.query(shapes)
        matters = np.array([areas[t][1] for t in thing.tolist()], bool) | ~self.masked[word]
        matters &= self.own[word] != np.array([areas[t][0] for t in thing.tolist()])
        thing, word = thing[matters], word[matters]
        shared = shapely.area(shapely.intersection(_turned(self.box[word]), shapes[thing]))
        for k in np.flatnonzero(shared > TOUCH * 2 * self.box[word, 3]).tolist():
            name = layer_for(self.marks[areas[thing[k]][0]].style).name
            yield int(word[k]), f"area on {name}", float(shared[k] / (2 * self.box[word[k], 3]))


def _turned(box: Floats) -> Any:
    """Turned boxes (n, 6) as polygons."""
    import shapely

    x, y, wide, tall, c, s = box.T
    corners = [(x + i * wide * c - j * tall * s, y + i * wide * s + j * tall * c) for i, j in
               ((-1, -1), (1, -1), (1, 1), (-1, 1))]  # fmt: skip
    return shapely.polygons(np.stack([np.stack(corner, axis=1) for corner in corners], axis=1))


def _clipped(lines: Strokes, window: Floats) -> Strokes:
    """The pieces of strokes inside a window."""
    if not np.isfinite(window).all() or not len(lines.ends):
        return lines
    start, run = lines.ends[:, :2], lines.ends[:, 2:] - lines.ends[:, :2]
    first, last = np.zeros(len(run)), np.ones(len(run))
    for axis in (0, 1):
        moves = np.abs(run[:, axis]) > 1e-12
        step = np.where(moves, run[:, axis], 1.0)
        one, two = (window[axis] - start[:, axis]) / step, (window[axis + 2] - start[:, axis]) / step
        inside = (start[:, axis] >= window[axis]) & (start[:, axis] <= window[axis + 2])
        first = np.maximum(first, np.where(moves, np.minimum(one, two), np.where(inside, 0.0, 2.0)))
        last = np.minimum(last, np.where(moves, np.maximum(one, two), 1.0))
    seen = last > first
    ends = np.concatenate([start + first[:, None] * run, start + last[:, None] * run], axis=1)
    return Strokes(ends[seen], lines.firm[seen], lines.own[seen], lines.kind[seen])
