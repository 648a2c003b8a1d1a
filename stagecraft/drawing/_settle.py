"""Words in conflict are moved until none lies on what it must not: every label knows where else it may stand.

Labels are placed one after another while a drawing is made, each without knowing what comes later. Here the finished marks
are weighed as the lint of `overlaps` weighs them; what lies on something goes to the best of its other places, and what
lies there makes room (min-conflicts search, Minton et al. 1992). Axes are broken where words stand in them. What has no
place at all is named in the notes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stagecraft.drawing._ink import (
    GHOSTS,
    SMALL,
    TOUCH,
    Strokes,
    Truths,
    Whole,
    bounds,
    ink,
    pressed,
    struck,
    symbol_strokes,
    turned_boxes,
)
from stagecraft.drawing._labels import Box, Loose, LooseDimension, Spot, Way, around, text_box
from stagecraft.drawing._page import Fault, Page
from stagecraft.drawing._paper import shifted
from stagecraft.drawing.marks import Dimension, Insert, Leader, Line, Mark, Point, Symbol, Text
from stagecraft.drawing.strokes import EXTENSION_GAP, cos_sin
from stagecraft.geometry.frame import Floats
from stagecraft.units import Units

ROOM = 0.3
"""Room kept round a word that is moved. [mm of the paper]"""
FINE = (2.2, 5.0, 9.0, 15.0, 21.0, 28.0)
"""Distances between those at which a label was tried while the drawing was made. [mm of the paper]"""
FAR = (32.0, 40.0, 50.0, 65.0, 80.0)
"""Distances at which a name with a leader is tried last. [mm of the paper]"""
BROKEN = ("centre", "setting", "grid", "escape", "sight")
"""Systems whose lines are broken where words stand in them: axes and ways."""
BREAK = 0.5
"""Room between a word and the end of a broken line. [mm of the paper]"""
MOVES = 6
"""How often one label may be moved."""
CROWD = 60
"""Where more labels than this are in conflict each is moved once, and none far from what it names."""
FIXED, MOVED, BREAKING, CROSSING, OVER = 1000.0, 30.0, 12.0, 4.0, 1.5
"""What speaks against a place: something that cannot move; a label that can; an axis to be broken; a leader crossed; a thin
line run over."""

Option = tuple[float, tuple[Mark, ...]]
"""What speaks against it, and the marks."""


def settled(
    marks: Sequence[Mark], symbols: Mapping[str, Symbol], scale: float, units: Units
) -> tuple[list[Mark], list[str]]:
    """The marks, each label where it lies on nothing; and the words for which there is no place."""
    return _Settling(marks, symbols, scale, units).result()


@dataclass
class _Clashes:
    """What speaks against each of several options, (n,)."""

    fixed: Floats
    thin: Floats
    crossed: Floats
    broken: Floats
    """Axes and ways that would be broken."""
    others: list[set[int]]
    """Labels that would have to make room."""

    def none(self) -> bool:
        """Whether nothing speaks against the only option."""
        return not (self.fixed[0] or self.broken[0] or self.others[0])


class _Settling:
    def __init__(self, marks: Sequence[Mark], symbols: Mapping[str, Symbol], scale: float, units: Units) -> None:
        self.symbols, self.scale, self.units = symbols, scale, units
        self.slots: list[tuple[Mark, ...]] = []
        self.labels: dict[int, Loose | LooseDimension] = {}
        self.waiting: list[int] = []
        for mark in marks:
            own: tuple[Mark, ...] = (mark,)
            if isinstance(mark, (Loose, LooseDimension)):
                before = self.slots[-1] if self.slots else ()
                if isinstance(mark, Loose) and len(before) == 1 and _leads(before[0], mark):
                    own = (*self.slots.pop(), mark)
                self.labels[len(self.slots)] = mark
                if mark.waits:
                    self.waiting.append(len(self.slots))
                    own = ()
            self.slots.append(own)

    def result(self) -> tuple[list[Mark], list[str]]:
        self.look()
        if queue := deque([*self.troubled(), *self.waiting]):
            self.settle(queue)
            self.look()
        if faults := list(self.page.faults()):
            self.give_way(faults)
            self.look()
        left = []
        for slot in dict.fromkeys([*self.troubled(), *(k for k in self.waiting if not self.slots[k])]):
            label = self.labels[slot]
            words = label.text if isinstance(label, Loose) else label.says
            if words:
                self.slots[slot] = ()
                left.append(words.replace("\n", " "))
        return [_plain(mark) for slot in self.slots for mark in slot], left

    # --- what lies where

    def look(self) -> None:
        """Take the ink of all marks as they stand."""
        marks = [mark for slot in self.slots for mark in slot]
        slot_of = np.repeat(np.arange(len(self.slots)), [len(slot) for slot in self.slots])
        one = ink(marks, self.symbols, self.units, self.scale, blocks=True)
        everywhere = np.array([-np.inf, -np.inf, np.inf, np.inf])
        self.page = Page([(marks, one)], [self.symbols], [self.scale], [("", everywhere)])
        self.slot_of = slot_of
        self.box, self.word_slot = self.page.box, slot_of[self.page.own]
        self.ends, self.firm, self.kind = self.page.ends, self.page.firm, self.page.kind
        self.line_slot = slot_of[self.page.line_own]
        self.ink, self.marks = one, marks
        self.axes = np.array([bool(slot) and _gives_way(slot[-1]) for slot in self.slots], bool)
        self.stamp_box, self.known = one.reach, dict[int, Strokes]()
        half = (one.reach[:, 2:] - one.reach[:, :2]) / 2
        still = np.tile([1.0, 0.0], (len(half), 1))
        self.stamp_turned = np.concatenate([one.reach[:, :2] + half, half, still], axis=1)
        ghost = np.array([marks[k].style.role in GHOSTS for k in one.stamps.tolist()], bool)
        self.small = (2 * half.max(axis=1, initial=0.0) < SMALL) & ~ghost
        self._bounds()

    def _bounds(self) -> None:
        self.word_box = bounds(self.box)
        low, high = np.minimum(self.ends[:, :2], self.ends[:, 2:]), np.maximum(self.ends[:, :2], self.ends[:, 2:])
        self.line_box = np.concatenate([low, high], axis=1)

    def troubled(self) -> list[int]:
        """Labels that lie on something, or on which something lies that cannot move."""
        found: dict[int, None] = {}
        for fault in self.page.faults():
            word, thing = int(self.word_slot[fault.word]), int(self.slot_of[fault.thing])
            if word in self.labels and not (word < thing and thing in self.labels and fault.on[0] == "'"):
                found[word] = None
            elif thing in self.labels:
                found[thing] = None
        return list(found)

    # --- moving

    def settle(self, queue: deque[int]) -> None:
        moves: dict[int, int] = {}
        crowded = len(queue) > CROWD
        for _ in range(3 * len(queue) + 60):
            if not queue:
                return
            slot = queue.popleft()
            if moves.get(slot, 0) >= (1 if crowded else MOVES):
                continue
            if (now := self.slots[slot]) and self.clashes(slot, [(0.0, now)]).none():
                continue
            for far in (False,) if crowded else (False, True):
                options = self.options(slot, far)
                if not options:
                    continue
                found = self.clashes(slot, options)
                price = FIXED * found.fixed + OVER * found.thin + CROSSING * found.crossed + BREAKING * found.broken
                price += [cost for cost, _ in options]
                price += [MOVED * sum(1 + moves.get(other, 0) for other in others) for others in found.others]
                best = int(np.argmin(price))
                if found.fixed[best]:
                    continue
                moves[slot] = moves.get(slot, 0) + 1
                self.put(slot, options[best][1])
                queue.extend(other for other in sorted(found.others[best]) if other not in queue)
                break

    def put(self, slot: int, marks: tuple[Mark, ...]) -> None:
        """Set a label down anew."""
        self.slots[slot] = marks
        one = ink(marks, self.symbols, self.units, self.scale, blocks=True)
        words, lines = self.word_slot != slot, self.line_slot != slot
        self.box = np.concatenate([self.box[words], one.words.box])
        self.word_slot = np.concatenate([self.word_slot[words], np.full(len(one.words.text), slot)])
        self.ends = np.concatenate([self.ends[lines], one.strokes.ends])
        self.firm = np.concatenate([self.firm[lines], one.strokes.firm])
        self.kind = np.concatenate([self.kind[lines], one.strokes.kind])
        self.line_slot = np.concatenate([self.line_slot[lines], np.full(len(one.strokes.ends), slot)])
        self._bounds()

    def options(self, slot: int, far: bool) -> list[Option]:
        """The other ways to write a label, or those far from what it names."""
        label = self.labels[slot]
        if isinstance(label, LooseDimension):
            by = label.text_at[0] - label.home[0], label.text_at[1] - label.home[1]
            moved: list[Mark] = [] if far else [shifted(one, by) for one in label.others]
            return [(0.1 * k, (mark,)) for k, mark in enumerate(moved)]
        dx, dy = label.at[0] - label.home[0], label.at[1] - label.home[1]
        out: list[Option] = []
        for rank, way in enumerate(label.ways):
            for spot in self.further(way, FAR) if far else (*way.spots, *self.further(way, FINE)):
                at = spot.x + dx, spot.y + dy
                text = replace(label, at=at, home=(spot.x, spot.y), height=way.height, align=spot.align,
                               valign=spot.valign, waits=False)  # fmt: skip
                if way.inside and not _holds(way.inside, text_box(replace(text, at=(spot.x, spot.y)), self.scale)):
                    continue
                tip = spot.tip and (spot.tip[0] + dx, spot.tip[1] + dy)
                out.append((2.0 * rank + spot.reach, (Leader(label.style, (tip, at)), text) if tip else (text,)))
        return out

    def further(self, way: Way, reaches: Sequence[float]) -> Iterator[Spot]:
        """Places between and beyond those that a name with a leader was given."""
        tips = np.array([spot.tip for spot in way.spots if spot.tip])
        if not len(tips) or way.inside:
            return
        low, high = tips.min(axis=0).tolist(), tips.max(axis=0).tolist()
        yield from around((low[0], low[1], high[0], high[1]), self.scale, reaches)

    def clashes(self, slot: int, options: Sequence[Option]) -> _Clashes:
        marks = [mark for _, own in options for mark in own]
        of = np.repeat(np.arange(len(options)), [len(own) for _, own in options])
        one = ink(marks, self.symbols, self.units, self.scale, blocks=True)
        n = len(options)
        found = _Clashes(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), [set() for _ in options])
        box, masked, mine = one.words.box.copy(), one.words.masked, of[one.words.own]
        box[:, 2:4] += ROOM
        around_ = bounds(box)
        lines, whose = one.strokes, of[one.strokes.own]

        def tell(option: Whole, other: Whole, rigid: Truths | None = None) -> None:
            for k, (o, s) in enumerate(zip(option.tolist(), other.tolist())):
                if s in self.labels and not (rigid is not None and rigid[k]):
                    found.others[o].add(s)
                else:
                    found.fixed[o] += 1

        near = self.near(around_, self.word_box, self.word_slot != slot)
        hit = pressed(box[near[0]], self.box[near[1]]) > TOUCH
        tell(mine[near[0][hit]], self.word_slot[near[1][hit]])

        near = self.near(around_, self.line_box, self.line_slot != slot)
        hit = struck(box[near[0]], self.ends[near[1]]) > TOUCH
        i, j = near[0][hit], near[1][hit]
        bad = self.firm[j] | ~masked[i]
        np.add.at(found.thin, mine[i[~bad]], 1.0)
        axis = bad & self.axes[self.line_slot[j]]
        np.add.at(found.broken, mine[i[axis]], 1.0)
        bad &= ~axis
        tell(mine[i[bad]], self.line_slot[j[bad]], self.kind[j[bad]] != "leader")

        moving = lines.kind != "extension line"
        ends, owner = lines.ends[moving], whose[moving]
        low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
        reach = np.concatenate([low, high], axis=1)
        near = self.near(reach, self.word_box, self.word_slot != slot)
        hit = struck(self.box[near[1]], ends[near[0]]) > TOUCH
        tell(owner[near[0][hit]], self.word_slot[near[1][hit]])
        near = self.near(reach, self.line_box, (self.line_slot != slot) & (self.kind == "leader"))
        hit = _cross(ends[near[0]], self.ends[near[1]])
        np.add.at(found.crossed, owner[near[0][hit]], 1.0)
        i, j = self.near(reach, self.stamp_box, self.small)
        hit = struck(self.stamp_turned[j], _inner(ends[i])) > TOUCH
        rigid_line = lines.kind[moving][i[hit]] == "dimension line"
        np.add.at(found.fixed, owner[i[hit][rigid_line]], 1.0)
        np.add.at(found.crossed, owner[i[hit][~rigid_line]], 0.75)

        rigid = np.flatnonzero(~moving)
        i, j = (axis.ravel() for axis in np.meshgrid(np.arange(len(box)), rigid, indexing="ij"))
        i, j = (pair[mine[i] == whose[j]] for pair in (i, j))
        np.add.at(found.fixed, mine[i[struck(one.words.box[i], lines.ends[j]) > TOUCH]], 1.0)
        leads = np.flatnonzero(lines.kind == "leader")
        i, j = (axis.ravel() for axis in np.meshgrid(np.arange(len(box)), leads, indexing="ij"))
        i, j = (pair[mine[i] == whose[j]] for pair in (i, j))
        np.add.at(found.fixed, mine[i[struck(one.words.box[i], lines.ends[j]) > 0.4]], 1.0)

        self.on_symbols(found, box, around_, masked, mine)
        self.on_areas(found, box, masked, mine)
        return found

    def near(self, some: Floats, all_: Floats, which: Truths) -> tuple[Whole, Whole]:
        """(some, all) pairs of upright boxes that meet."""
        if not len(some):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        low, high = some[:, :2].min(axis=0), some[:, 2:].max(axis=0)
        within = which & (all_[:, 0] < high[0]) & (all_[:, 2] > low[0]) & (all_[:, 1] < high[1]) & (all_[:, 3] > low[1])
        local = np.flatnonzero(within)
        b = all_[local]
        meet = (some[:, None, 0] <= b[:, 2]) & (some[:, None, 2] >= b[:, 0])
        meet &= (some[:, None, 1] <= b[:, 3]) & (some[:, None, 3] >= b[:, 1])
        i, j = np.nonzero(meet)
        return i, local[j]

    def on_symbols(self, found: _Clashes, box: Floats, around_: Floats, masked: Truths, mine: Whole) -> None:
        """Nothing stands on or in a small symbol; a large one is its lines."""
        i, j = self.near(around_, self.stamp_box, np.ones(len(self.ink.stamps), bool))
        small = self.small[j]
        np.add.at(found.fixed, mine[i[small]], 1.0)
        i, j = i[~small], j[~small]
        for stamp in np.unique(j).tolist():
            lines = self.lines_of(stamp)
            which = i[j == stamp]
            a, b = np.repeat(which, len(lines.ends)), np.tile(np.arange(len(lines.ends)), len(which))
            hit = struck(box[a], lines.ends[b]) > TOUCH
            bad = lines.firm[b] | ~masked[a]
            np.add.at(found.fixed, mine[a[hit & bad]], 1.0)
            np.add.at(found.thin, mine[a[hit & ~bad]], 1.0)

    def lines_of(self, stamp: int) -> Strokes:
        """Lines of a symbol where it stands."""
        if stamp not in self.known:
            mark = self.marks[self.ink.stamps[stamp]]
            assert isinstance(mark, Insert)
            self.known[stamp] = symbol_strokes(self.symbols[mark.symbol], mark, self.scale, self.ink.at)
        return self.known[stamp]

    def on_areas(self, found: _Clashes, box: Floats, masked: Truths, mine: Whole) -> None:
        import shapely

        if not self.ink.areas:
            return
        shapes = np.array([area for *_, area in self.ink.areas])
        firm = np.array([hard for _, hard, _ in self.ink.areas])
        word, area = shapely.STRtree(shapes).query(turned_boxes(box), predicate="intersects")
        bad = firm[area] | ~masked[word]
        np.add.at(found.fixed, mine[word[bad]], 1.0)
        np.add.at(found.thin, mine[word[~bad]], 1.0)

    # --- what is left

    def give_way(self, faults: Sequence[Fault]) -> None:
        """Lines give way to words that cannot: axes and ways are broken, extension lines begin behind the words, and words
        on thin lines get a white ground.
        """
        cut: dict[int, list[int]] = {}
        for fault in faults:
            word = int(self.word_slot[fault.word])
            self.slots[word] = tuple(replace(m, mask=True) if isinstance(m, Text) else m for m in self.slots[word])
            slot = int(self.slot_of[fault.thing])
            mark = self.slots[slot][-1]
            if _gives_way(mark):
                cut.setdefault(slot, []).append(fault.word)
            elif isinstance(mark, Dimension) and fault.on == "extension line" and word != slot:
                self.slots[slot] = (*self.slots[slot][:-1], self.shortened(mark, self.page.box[fault.word]))
        for slot, words in cut.items():
            mark = self.slots[slot][0]
            assert isinstance(mark, Line)
            self.slots[slot] = tuple(self.broken(mark, self.page.box[words]))

    def shortened(self, mark: Dimension, box: Floats) -> Dimension:
        """The dimension, its extension lines beginning behind a word."""
        c, s = cos_sin(mark.angle)
        across = np.array([-s, c])
        ends: list[Point] = []
        for end in (mark.start, mark.end):
            run = float((np.array(mark.line_at) - end) @ across)
            far = end + across * run
            start = np.array(end)
            strokes = np.array([[*start, *far]]) / self.scale
            grown = box[None] + [0, 0, BREAK, BREAK, 0, 0]
            if struck(grown, strokes)[0] > 0:
                reach = grown[0, 2] * abs(box[4] * across[0] + box[5] * across[1])
                reach += grown[0, 3] * abs(-box[5] * across[0] + box[4] * across[1])
                on = float((box[:2] * self.scale - start) @ across) + np.sign(run) * reach * self.scale
                on -= np.sign(run) * EXTENSION_GAP * self.scale
                if 0 < np.sign(run) * on < abs(run):
                    start = start + across * on
            ends.append((round(float(start[0]), 4), round(float(start[1]), 4)))
        return replace(mark, start=ends[0], end=ends[1])

    def broken(self, line: Line, boxes: Floats) -> Iterator[Line]:
        """The pieces of a straight line outside turned boxes."""
        import shapely

        grown = boxes.copy()
        grown[:, :2] *= self.scale
        grown[:, 2:4] = (grown[:, 2:4] + BREAK) * self.scale
        left = shapely.difference(shapely.LineString(line.points), shapely.union_all(turned_boxes(grown)))
        for piece in shapely.get_parts(left):
            if piece.length > self.scale:
                yield replace(
                    line, points=tuple((x, y) for x, y in np.round(shapely.get_coordinates(piece), 4).tolist())
                )


def _gives_way(mark: Mark) -> bool:
    """Whether a line is broken where words stand in it."""
    return isinstance(mark, Line) and mark.style.system in BROKEN and not any(mark.bulges) and not mark.closed


def _inner(ends: Floats) -> Floats:
    """Strokes without their ends, which may touch what they measure or point to."""
    start, run = ends[:, :2], ends[:, 2:] - ends[:, :2]
    return np.concatenate([start + 0.15 * run, start + 0.85 * run], axis=1)


def _leads(mark: Mark, text: Text) -> bool:
    return isinstance(mark, Leader) and mark.style == text.style and mark.points[-1] == text.at


def _plain(mark: Mark) -> Mark:
    """The mark without what it knows of other places."""
    if isinstance(mark, Loose):
        return Text(mark.style, mark.at, mark.text, mark.height, mark.turn, mark.align, mark.valign, mark.mask)
    if isinstance(mark, LooseDimension):
        return Dimension(mark.style, mark.start, mark.end, mark.line_at, mark.text_at, mark.angle, mark.fine)
    return mark


def _holds(outer: Box, box: Box) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


def _cross(a: Floats, b: Floats) -> Truths:
    """(n,) whether strokes cross, pair by pair."""

    def side(p: Floats, q: Floats, r: Floats) -> Any:
        return (q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (q[:, 1] - p[:, 1]) * (r[:, 0] - p[:, 0])

    p, q, r, s = a[:, :2], a[:, 2:], b[:, :2], b[:, 2:]
    return np.asarray((side(p, q, r) * side(p, q, s) < 0) & (side(r, s, p) * side(r, s, q) < 0))
