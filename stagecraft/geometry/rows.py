"""Places along a row: so many in each block, or as many as fit, of one width or of several. Arrays only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats

Align = Literal["left", "centre", "right"]
Whole = NDArray[np.int64]
_GRAIN = 1e-4
"""Widths of chairs are told apart to this. [m]"""
_FITS = 1e-6
"""What is too long by less fits. [m]"""


@dataclass(frozen=True, eq=False)
class Along:
    """Places of one row by their distance from its middle, from the audience's left to its right."""

    s: Floats
    """(n,) middle of each place. [m]"""
    width: Floats
    """(n,) width of each place. [m]"""
    section: Whole
    """(n,) block between gangways, 0 at the left."""
    slot: Whole
    """(n,) number counted from the row's middle (or from the end it is aligned to)."""
    pattern: Whole
    """(n,) index into the repeated pattern of places."""
    gaps: Floats
    """(sections − 1,) middles of the gangways at this row. [m]"""
    ends: Floats
    """(2,) outer ends of the row. [m]"""

    def where(self, keep: NDArray[Any]) -> Along:
        """The row with some of its places (a mask or indices); ends and gaps stay."""
        return replace(self, **{f.name: getattr(self, f.name)[keep] for f in fields(self)[:5]})


def slots(counts: Sequence[int], align: Align) -> Whole:
    """Slot of each place so that places added at a free end leave all others' slots as they are.

    Counted outwards from the middle of the middle block or, with an even number of blocks, from the middle
    gangway: … −2 −1 1 2 …; there is no 0, the odd one of an odd block is on the right. A row aligned left or
    right counts from that end.
    """
    total = sum(counts)
    if align == "left":
        return np.arange(1, total + 1)
    if align == "right":
        return -np.arange(total, 0, -1)
    middle = len(counts) // 2
    left = sum(counts[:middle]) + (counts[middle] // 2 if len(counts) % 2 else 0)
    index = np.arange(total) - left
    return np.where(index < 0, index, index + 1)


def counted(
    counts: Sequence[int],
    widths: Sequence[float],
    gangways: Sequence[float],
    *,
    align: Align = "centre",
    reach: float = 0.0,
    shift: float = 0.0,
) -> Along:
    """One row with so many places in each block.

    counts : places in each block
    widths : widths of the repeated pattern of places [m]
    gangways : clear widths between the blocks [m]
    reach : half width of the front row, for rows aligned left or right [m]
    shift : sideways, for staggered rows [m]
    """
    total = sum(counts)
    pattern = np.concatenate([np.arange(n) % len(widths) for n in counts]) if total else np.zeros(0, int)
    width = np.asarray(widths, float)[pattern]
    section = np.repeat(np.arange(len(counts)), counts)
    space = np.concatenate([[0.0], np.asarray(gangways, float)])[section] if total else np.zeros(0)
    new = np.diff(section, prepend=0) > 0
    along = np.cumsum(width) - width / 2 + np.cumsum(np.where(new, space, 0.0))
    length = float(width.sum() + sum(gangways))
    start = {"left": -reach, "right": reach - length, "centre": -length / 2}[align]
    s = along + start + shift
    edges = np.cumsum([0, *counts])
    middles = [
        float(s[edges[k] - 1] + width[edges[k] - 1] / 2 + gangways[k - 1] / 2) for k in range(1, len(counts))
    ]  # fmt: skip
    outer = [start + shift, start + shift + length]
    return Along(s, width, section, slots(counts, align), pattern, np.array(middles), np.array(outer))


def with_wider(row: Along, counts: Sequence[int], sizes: Sequence[float], align: Align) -> Along:
    """The row with one place fewer in each block and wider chairs, so that the block's ends stay where they are.

    row : with chairs of the narrowest of the `sizes` [m]; counts : its places in each block

    Where even the widest do not fill a block, they stand in its middle.
    """
    fewer = [max(n - 1, 1) for n in counts]
    s, width = [], []
    for block, n in enumerate(fewer):
        old = row.section == block
        first, last = row.s[old][0] - row.width[old][0] / 2, row.s[old][-1] + row.width[old][-1] / 2
        chairs = np.array(_chairs(n, round((last - first) / _GRAIN), tuple(round(size / _GRAIN) for size in sizes)))
        chairs = chairs * _GRAIN
        width.append(chairs)
        s.append((first + last - chairs.sum()) / 2 + np.cumsum(chairs) - chairs / 2)
    section = np.repeat(np.arange(len(fewer)), fewer)
    total = len(section)
    return replace(row, s=np.concatenate(s), width=np.concatenate(width), section=section, slot=slots(fewer, align),
                   pattern=np.zeros(total, np.int64))  # fmt: skip


@lru_cache(maxsize=512)
def _chairs(count: int, length: int, sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Widths of so many chairs that fill a length as far as they can.

    The wider ones stand at both ends: between them everybody sits behind the joint of two in front.
    """
    low = min(sizes)
    more = sorted({size - low for size in sizes} - {0})
    room = min(length - count * low, count * max(more, default=0))
    if room <= 0 or not more:
        return (low,) * count
    fewest = np.full(room + 1, count + 1)
    last = np.zeros(room + 1, int)
    fewest[0] = 0
    for x in range(1, room + 1):
        for step in more:
            if step <= x and fewest[x - step] + 1 < fewest[x]:
                fewest[x], last[x] = fewest[x - step] + 1, step
    x = int(np.flatnonzero(fewest <= count)[-1])
    wider = []
    while x:
        wider.append(int(low + last[x]))
        x -= int(last[x])
    wider.sort(reverse=True)
    return (*wider[::2], *(low,) * (count - len(wider)), *wider[1::2][::-1])


def overridden(
    row: Along, counts: Sequence[int], wanted: Sequence[int], widths: Sequence[float], align: Align
) -> Along:
    """The row with other counts in some blocks: the gangways stay, places go or come at the blocks' outer ends.

    counts, wanted : places in each block as they are and as they shall be; 0 takes the block away
    widths : of the repeated pattern of places [m]

    Raises ValueError where a block would grow into a gangway.
    """
    middle = len(counts) // 2 if len(counts) % 2 and align == "centre" else -1
    half = (len(counts) - 1) / 2
    pieces: list[Along] = []
    outer = row.ends.copy()
    for block, (n, want) in enumerate(zip(counts, wanted)):
        old = row.where(row.section == block)
        inner_left = align == "left" or (align == "centre" and block > half)
        left, right = (0, want - n) if inner_left else (want - n, 0)
        if block == middle:
            left = want // 2 - n // 2
            right = want - n - left
        if (left > 0 and block > 0) or (right > 0 and block < len(counts) - 1):
            raise ValueError(
                f"has {want} places in a block of {n}: only the outer blocks may grow, the others reach a gangway"
            )
        index = np.arange(-left, n + right)
        inside = index[(index >= 0) & (index < n)]
        before, after = -index[index < 0], index[index >= n] - n + 1
        steps = np.asarray(widths, float)
        lead, tail = steps[-before % len(widths)][::-1], steps[(n - 1 + after) % len(widths)]
        kept = old.where(inside)
        start = old.s[0] - old.width[0] / 2
        end = old.s[-1] + old.width[-1] / 2
        s = np.concatenate([(start - np.cumsum(lead) + lead / 2)[::-1], kept.s, end + np.cumsum(tail) - tail / 2])
        shift = (left - right) * widths[0] / 2 if block == middle else 0.0
        piece = replace(
            row, s=s + shift, width=np.concatenate([lead[::-1], kept.width, tail]),
            section=np.full(len(index), block), slot=np.concatenate([
                _on(old.slot[0], -before), kept.slot, _on(old.slot[-1], after)]).astype(np.int64),
            pattern=np.concatenate([-before % len(widths), kept.pattern, (n - 1 + after) % len(widths)]),
        )  # fmt: skip
        if len(index):
            outer = np.array([min(outer[0], piece.s[0] - piece.width[0] / 2),
                              max(outer[1], piece.s[-1] + piece.width[-1] / 2)])  # fmt: skip
        pieces.append(piece)
    joined = {f.name: np.concatenate([getattr(piece, f.name) for piece in pieces]) for f in fields(row)[:5]}
    return replace(row, **joined, ends=outer)


def _on(slot: int, by: Whole) -> Whole:
    """Slots further out; there is no 0."""
    out = slot + by
    return np.where((slot < 0) & (out >= 0), out + 1, np.where((slot > 0) & (out <= 0), out - 1, out))


def lattice(low: float, high: float, widths: Sequence[float] | Floats, shift: float = 0.0) -> Along:
    """One row that is filled from `low` to `high`: places on a lattice that has an edge at the row's middle. [m]

    Wherever the row ends, a place keeps its distance from the middle and its slot.
    """
    steps = np.asarray(widths, float)
    cumulated = np.concatenate([[0.0], np.cumsum(steps)])
    whole = float(cumulated[-1])
    first, last = math.floor((low - shift) / whole) * len(steps), math.ceil((high - shift) / whole) * len(steps)
    index = np.arange(first, max(last, first))
    turn, pattern = np.divmod(index, len(steps))
    start = turn * whole + cumulated[pattern] + shift
    width = steps[pattern]
    fits = (start >= low - _FITS) & (start + width <= high + _FITS)
    index, start, width, pattern = index[fits], start[fits], width[fits], pattern[fits]
    slot = np.where(index < 0, index, index + 1)
    return Along(start + width / 2, width, np.zeros(len(index), np.int64), slot, pattern, np.zeros(0),
                 np.array([low, high]))  # fmt: skip
