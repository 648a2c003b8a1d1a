"""All words and lines of one paper together, and which words lie on what they do not belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from stagecraft.drawing._ink import TOUCH, Ink, Strokes, Whole, bounds, pressed, struck, symbol_strokes, turned_boxes
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Insert, Leader, Mark, Symbol, Text
from stagecraft.geometry.frame import Floats

TAIL = 1.2
"""A leader that ends so near to a text belongs to it. [mm]"""
INTO = 0.5
"""So far it may reach into its own text. [mm]"""
HAIR = 0.02
"""Room round a view's window that counts as inside. [mm]"""


class Fault(NamedTuple):
    word: int
    thing: int
    """Index of the mark that it lies on; −1 for an edge."""
    on: str
    by: float
    """How far the word would have to move. [mm]"""


class Page:
    """All that is on one paper, and what lies on what."""

    def __init__(self, layers: Sequence[tuple[Sequence[Mark], Ink]], symbols: Sequence[Mapping[str, Symbol]], scales: Sequence[float],
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
        self.stamped = np.array([isinstance(mark, Insert) for mark in self.marks], bool)
        self.overhead = np.array([_overhead(mark) for mark in self.marks], bool)

    def faults(self) -> Iterator[Fault]:
        """Every word on a thing that it does not belong to."""
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

    def over_edges(self) -> Iterator[Fault]:
        around = bounds(self.box)
        for layer, (name, window) in enumerate(self.edges):
            mine = np.flatnonzero(self.layer == layer)
            out = np.concatenate([window[:2] - around[mine, :2], around[mine, 2:] - window[2:]], axis=1).max(axis=1)
            for k in np.flatnonzero(out > HAIR).tolist():
                yield Fault(int(mine[k]), -1, name, float(out[k]))

    def on_words(self) -> Iterator[Fault]:
        one, two = self.near(bounds(self.box))
        apart = (one < two) & ((self.own[one] != self.own[two]) | ~self.sentence(one, two))
        one, two = one[apart], two[apart]
        depth = pressed(self.box[one], self.box[two])
        for k in np.flatnonzero(depth > TOUCH).tolist():
            yield Fault(int(one[k]), int(self.own[two[k]]), f"'{self.text[two[k]]}'", float(depth[k]))

    def sentence(self, one: Whole, two: Whole) -> Any:
        """Whether two words are lines of one text."""
        return np.array([self.own[a] == self.own[b] and isinstance(self.marks[self.own[a]], Text)
                         for a, b in zip(one.tolist(), two.tolist())], bool)  # fmt: skip

    def on_lines(self) -> Iterator[Fault]:
        low, high = np.minimum(self.ends[:, :2], self.ends[:, 2:]), np.maximum(self.ends[:, :2], self.ends[:, 2:])
        line, word = self.near(np.concatenate([low, high], axis=1))
        matters = self.firm[line] | ~self.masked[word]
        matters &= (self.own[word] != self.line_own[line]) | (self.kind[line] == "extension line")
        line, word = line[matters], word[matters]
        depth = struck(self.box[word], self.ends[line])
        depth[self.overhead[self.line_own[line]] & self.stamped[self.own[word]]] = 0.0
        for k in np.flatnonzero(depth > TOUCH).tolist():
            mark, kind = self.marks[self.line_own[line[k]]], str(self.kind[line[k]])
            if isinstance(mark, Leader) and depth[k] <= INTO and self.is_tail(int(word[k]), int(line[k])):
                continue
            on = f"line on {layer_for(mark.style).name}" if kind == "line" else kind
            yield Fault(int(word[k]), int(self.line_own[line[k]]), on, float(depth[k]))

    def is_tail(self, word: int, line: int) -> bool:
        """Whether a stroke is the last of a leader that ends at the word's text."""
        lines = np.flatnonzero(self.own == self.own[word])
        grown = self.box[lines] + [0, 0, TAIL, TAIL, 0, 0]
        end = np.array([[*self.ends[line, 2:], 0.0, 0.0, 1.0, 0.0]]).repeat(len(lines), axis=0)
        return bool((pressed(grown, end) > 0).any())

    def on_symbols(self) -> Iterator[Fault]:
        for one, symbols, scale, first in zip(self.layers, self.symbols, self.scales, self.first):
            stamp, word = self.near(one.reach)
            other = self.own[word] != one.stamps[stamp] + first
            stamp, word = stamp[other], word[other]
            for k in np.unique(stamp).tolist():
                mark = self.marks[one.stamps[k] + first]
                assert isinstance(mark, Insert)
                if not layer_for(mark.style).plot:
                    continue
                if self.overhead[one.stamps[k] + first]:
                    word, stamp = word[keep := ~(self.stamped[self.own[word]] & (stamp == k))], stamp[keep]
                lines = symbol_strokes(symbols[mark.symbol], mark, scale, one.at)
                mine = word[stamp == k]
                a, b = np.repeat(mine, len(lines.ends)), np.tile(np.arange(len(lines.ends)), len(mine))
                matters = lines.firm[b] | ~self.masked[a]
                depth = struck(self.box[a], lines.ends[b]) * matters
                for w in mine.tolist():
                    if (worst := float(depth[a == w].max(initial=0.0))) > TOUCH:
                        yield Fault(w, int(one.stamps[k] + first), f"symbol {mark.symbol}", worst)

    def on_areas(self) -> Iterator[Fault]:
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
        shared = shapely.area(shapely.intersection(turned_boxes(self.box[word]), shapes[thing]))
        for k in np.flatnonzero(shared > TOUCH * 2 * self.box[word, 3]).tolist():
            own = areas[thing[k]][0]
            on = f"area on {layer_for(self.marks[own].style).name}"
            yield Fault(int(word[k]), own, on, float(shared[k] / (2 * self.box[word[k], 3])))


def _overhead(mark: Mark) -> bool:
    """Whether a mark is dashed as what hangs above is: it may cross the number of a thing that stands below it."""
    return mark.style.role in ("overhead", "hidden") and layer_for(mark.style).linetype != "Continuous"


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
