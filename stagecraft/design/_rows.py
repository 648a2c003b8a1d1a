"""Rows packed into a floor: gangways where most places remain, runs no longer than their seatway allows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools

_EXACT = 1e-6
_GRID = 0.05, 0.1
"""Gangways stand where a place ends, or a multiple of a step between these aside. [m]"""
_EVEN = 0.08
"""So many more places an uneven layout must have before it is taken instead of an even one."""
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Spacing:
    """How rows are made. [m]"""

    width: float
    """Of one place; in a row of tables of one table."""
    depth: float
    """From the front of a place to its back."""
    seatway: float
    gangway: float
    both: int
    """Most places of a run that has a gangway at both ends."""
    single: int
    """And at one end."""
    least: int = 1
    """Fewest places of a run."""
    rows: int | None = None
    """Most rows before a gangway that crosses; any number where None."""

    @property
    def pitch(self) -> float:
        return self.depth + self.seatway


@dataclass(frozen=True, eq=False)
class Block:
    """Places side by side in equal rows, between two gangways."""

    left: float
    """x of its left edge. [m]"""
    mask: Bools
    """(rows, cells) which places there are."""


@dataclass(frozen=True, eq=False)
class Packed:
    """Rows of places in a floor, front to back, as the audience sees them."""

    spacing: Spacing
    front: Floats
    """(rows,) y of each row's front edge. [m]"""
    blocks: tuple[Block, ...]
    """From house left."""
    cross: tuple[int, ...] = ()
    """Rows that a crossing gangway follows, counted from 1."""

    @property
    def count(self) -> int:
        return sum(int(block.mask.sum()) for block in self.blocks)

    @property
    def rows(self) -> int:
        """That have places."""
        return int(np.any([block.mask.any(1) for block in self.blocks], axis=0).sum()) if self.blocks else 0

    @property
    def longest(self) -> int:
        """Places of the longest run."""
        return max((b - a for block in self.blocks for row in block.mask for a, b in runs(row)), default=0)

    def at_most(self, count: int) -> Packed:
        """The same with the last rows, and outer places of the last one, left out until no more than `count` remain."""
        masks = [block.mask.copy() for block in self.blocks]
        excess = self.count - count
        for row in range(len(self.front) - 1, -1, -1):
            here = sum(int(mask[row].sum()) for mask in masks)
            if excess <= 0:
                break
            if here <= excess:
                for mask in masks:
                    mask[row] = False
                excess -= here
                continue
            while excess > 0:  # one from either end, so that the row stays even
                for order, mine in ((range(len(masks)), 0), (range(len(masks) - 1, -1, -1), -1)):
                    end = next((masks[k] for k in order if masks[k][row].any()), None)
                    if end is not None and excess > 0:
                        end[row, np.flatnonzero(end[row])[mine]] = False
                        excess -= 1
        return replace(self, blocks=tuple(replace(block, mask=m) for block, m in zip(self.blocks, masks)))


def runs(row: Bools) -> Iterator[tuple[int, int]]:
    """First and past-last cell of every run of places."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist())


def pack(area: Any, things: Any, front: float, centre: float, spacing: Spacing) -> Packed | None:
    """The rows with most places; None where none stands.

    area : where places may stand
    things : what is in the way there, of gangways too
    front : y of the first row's front edge [m]
    centre : x about which the layout is even on both sides [m]
    """
    grid = _Grid(area, things, front, centre, spacing)
    if not grid.free.any():
        return None
    even = grid.laid(grid.even())
    uneven = grid.laid(grid.uneven())
    best = uneven if uneven.count > even.count * (1 + _EVEN) else even
    return best if best.count else None


class _Grid:
    """Every row, and every place in it on a fine grid."""

    def __init__(self, area: Any, things: Any, front: float, centre: float, spacing: Spacing) -> None:
        self.spacing = spacing
        self.cell = _fine(spacing)
        self.step = spacing.width / self.cell
        self.gang = math.ceil(spacing.gangway / self.step - _EXACT)
        low, bottom, high, top = area.bounds if not area.is_empty else (0.0, 0.0, 0.0, 0.0)
        self.half = max(1, math.ceil(max(high - centre, centre - low) / self.step)) + 1
        self.centre = centre
        self.front = self._rows(math.floor(min(front, top) * 1000 + _EXACT) / 1000, bottom)
        self.cross = self._crossed(len(self.front))
        n = 2 * self.half
        self.free = np.ones((len(self.front), n), np.bool_)
        """(rows, n) may a place begin at centre + (k − half) · step?"""
        self.solid = np.zeros((len(self.front), n), np.bool_)
        """(rows, n) is something in the way of the step that begins there?"""
        if not len(self.front) or area.is_empty:
            self.free[:] = False
            return
        wide = (centre - self.half * self.step, centre + (self.half + 1) * self.step)
        for row, a, b in _blocked(area, self.front, spacing.depth, 0.0, wide, outside=True):
            self.free[row, self._cells(a, b, self.cell)] = False
        for row, a, b in _blocked(things, self.front, spacing.depth, spacing.seatway, wide, outside=False):
            self.free[row, self._cells(a, b, self.cell)] = False
            self.solid[row, self._cells(a, b, 1)] = True
        self.free[:, n - self.cell + 1 :] = False

    def _rows(self, front: float, bottom: float) -> Floats:
        spacing, out = self.spacing, []
        y, k = front, 0
        while y - spacing.depth >= bottom - _EXACT:
            out.append(y)
            k += 1
            crossing = spacing.rows is not None and k % spacing.rows == 0
            y -= spacing.depth + (max(spacing.gangway, spacing.seatway) if crossing else spacing.seatway)
        return np.array(out)

    def _crossed(self, rows: int) -> tuple[int, ...]:
        every = self.spacing.rows
        return tuple(range(every, rows, every)) if every else ()

    def _cells(self, a: float, b: float, cells: int) -> slice:
        """Grid indices of what begins there, is `cells` steps long, and reaches into a … b."""
        first = math.floor((a - self.centre) / self.step + self.half - cells + _EXACT) + 1
        last = math.ceil((b - self.centre) / self.step + self.half - _EXACT)
        return slice(max(first, 0), max(last, 0))

    def uneven(self) -> list[tuple[int, int]]:
        """Blocks (first step, places) with most places."""
        solid = np.asarray(self.solid.any(axis=0))
        return self._best(self.free.sum(axis=0).astype(float), solid, None)[1]

    def even(self) -> list[tuple[int, int]]:
        """The same on both sides of the middle."""
        n, cell, half = 2 * self.half, self.cell, self.half
        each = self.free.sum(axis=0).astype(float)
        twin = np.full(n, 0.0)
        twin[: n - cell + 1] = each[: n - cell + 1][::-1]
        value = each + twin
        solid = np.asarray(self.solid.any(axis=0))
        solid = solid | solid[::-1]
        open_ = self._open(solid)
        found: list[tuple[float, int, list[tuple[int, int]]]] = []
        for count in range(self.spacing.both + 1):
            if count == 0:  # a gangway in the middle
                edge, own, middle = half + (self.gang + 1) // 2, 0.0, []
                if self.solid[:, max(2 * half - edge, 0) : edge].any():
                    continue
            else:
                first = half - count * cell // 2
                if first < 0:
                    break
                middle, own = [(first, count)], float(each[first : first + count * cell : cell].sum())
                edge = first + count * cell
                if edge >= n or not open_[edge]:
                    found.append((own, 0, middle))
                    continue
                edge += self.gang
            more, right = self._best(value, solid, min(edge, n))
            left = [(n - first - c * cell, c) for first, c in reversed(right)]
            blocks = [*left, *middle, *right]
            sizes = [c for _, c in blocks] or [0]
            found.append((own + more, min(sizes) - max(sizes), blocks))
        return max(found, key=lambda one: one[:2])[2] if found else []

    def _open(self, solid: Bools) -> Bools:
        """(n,) may a gangway begin at this step?"""
        n = len(solid)
        total = np.concatenate([[0], np.cumsum(solid)])
        ends = np.minimum(np.arange(n) + self.gang, n)
        return np.asarray(total[ends] - total[np.arange(n)] == 0)

    def _best(self, value: Floats, solid: Bools, start: int | None) -> tuple[float, list[tuple[int, int]]]:
        """Most places from a step on, or from the best one, and the blocks that have them.

        Between two blocks is a gangway, or more free floor: nothing stands there.
        """
        n, cell, gang, spacing = len(value), self.cell, self.gang, self.spacing
        open_ = self._open(solid)
        total = np.zeros(n + cell)
        for k in range(n - 1, -1, -1):
            total[k] = value[k] + total[k + cell]
        most = np.zeros(n + gang + cell + 1)
        choice = [(0, 0)] * (n + gang + cell + 1)
        for k in range(n - 1, (start or 0) - 1, -1):
            best, how = 0.0, (n, 0)
            if k + 1 < n and not solid[k] and most[k + 1] > best:  # nothing begins here
                best, how = most[k + 1], (k + 1, 0)
            counts = np.arange(1, min(spacing.both, (n - k) // cell) + 1)
            if len(counts) and value[k] > 0:
                ends = k + counts * cell
                own = total[k] - total[ends]
                go = np.where(ends < n, open_[np.minimum(ends, n - 1)], True)
                after = np.where(go, most[np.minimum(ends + gang, n + gang)], -np.inf)
                both = np.maximum(own + after, own)
                at = int(np.flatnonzero(both >= both.max() - _EXACT)[-1])
                if both[at] > best + _EXACT:
                    goes = after[at] > _EXACT
                    best, how = float(both[at]), (int(ends[at] + gang) if goes else n, int(counts[at]))
            most[k], choice[k] = best, how
        start = int(np.argmax(most)) if start is None else start
        out, k = [], start
        while k < n and most[k] > 0:
            to, count = choice[k]
            if count:
                out.append((k, count))
            k = to
        return float(most[start]), out

    def laid(self, blocks: Sequence[tuple[int, int]]) -> Packed:
        """The rows with these blocks, every run as long as it may be."""
        spacing, made = self.spacing, []
        for first, count in blocks:
            cells = first + self.cell * np.arange(count)
            inside = (cells >= 0) & (cells < 2 * self.half)
            mask = np.zeros((len(self.front), count), np.bool_)
            mask[:, inside] = self.free[:, cells[inside]]
            hit = np.zeros_like(mask)
            hit[:, inside] = self._hit(cells[inside])
            made.append(Block(self.centre + (first - self.half) * self.step, self._trimmed(mask, hit)))
        packed = Packed(spacing, self.front, tuple(made), self.cross)
        return _tidied(packed)

    def _hit(self, cells: Whole) -> Bools:
        """(rows, cells) is something in the way of a place?"""
        total = np.concatenate([np.zeros((len(self.front), 1), int), np.cumsum(self.solid, axis=1)], axis=1)
        ends = np.minimum(cells + self.cell, self.solid.shape[1])
        return np.asarray(total[:, ends] - total[:, cells] > 0)

    def _trimmed(self, mask: Bools, hit: Bools) -> Bools:
        """Runs that something cuts off from a gangway keep what one gangway serves; those with none are gone."""
        spacing, count = self.spacing, mask.shape[1]
        for row in np.flatnonzero(~mask.all(axis=1) | (count > spacing.both)).tolist():
            for a, b in runs(mask[row]):
                left, right = a == 0 or not hit[row, a - 1], b == count or not hit[row, b]
                if left and right:
                    most = spacing.both
                elif left or right:
                    most = spacing.single
                else:
                    most = 0
                if b - a > most:
                    if left or not right:
                        mask[row, a + most : b] = False
                    else:
                        mask[row, a : b - most] = False
                if min(b - a, most) < min(spacing.least, count):
                    mask[row, a:b] = False
        return mask


def _fine(spacing: Spacing) -> int:
    """Into how many steps a place is cut, an even number: so that a gangway is least wider than it must be."""

    def wider(cells: int) -> float:
        step = spacing.width / cells
        return round(math.ceil(spacing.gangway / step - _EXACT) * step - spacing.gangway, 6)

    finest, coarsest = (max(1, round(spacing.width / size / 2)) for size in _GRID)
    return min((2 * k for k in range(coarsest, finest + 1)), key=lambda cells: (wider(cells), cells))


def _tidied(packed: Packed) -> Packed:
    """Without rows behind the last place, and blocks without any."""
    filled = np.any([b.mask.any(axis=1) for b in packed.blocks], axis=0) if packed.blocks else np.zeros(0, np.bool_)
    if not filled.any():
        return replace(packed, front=packed.front[:0], blocks=(), cross=())
    first, last = np.flatnonzero(filled)[[0, -1]].tolist()
    blocks = tuple(replace(b, mask=b.mask[first : last + 1]) for b in packed.blocks if b.mask.any())
    cross = tuple(k - first for k in packed.cross if first < k <= last)
    return replace(packed, front=packed.front[first : last + 1], blocks=blocks, cross=cross)


def _blocked(
    shape: Any, front: Floats, depth: float, ahead: float, wide: tuple[float, float], outside: bool
) -> Iterator[tuple[int, float, float]]:
    """Row and x range of every piece of the shape, or of what lies outside it, within each row's strip."""
    import shapely

    strips = shapely.box(wide[0], front - depth + _EXACT, wide[1], front + ahead - _EXACT)
    shapely.prepare(shape)
    pieces = shapely.difference(strips, shape) if outside else shapely.intersection(strips, shape)
    parts, rows = shapely.get_parts(pieces, return_index=True)
    solid = shapely.area(parts) > _EXACT**1.5
    bounds = shapely.bounds(parts[solid])
    yield from zip(rows[solid].tolist(), bounds[:, 0].tolist(), bounds[:, 2].tolist())
