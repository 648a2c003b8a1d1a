"""Rows of places in plan: straight, curved, chevron, cut by gangways. Arrays only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats


@dataclass(frozen=True, eq=False)
class Row:
    """Places of one row, from the audience's left to its right (−x to +x), in the seating's own coordinates."""

    xy: Floats
    """(n, 2) middle of each place. [m]"""
    facing: Floats
    """(n,) degrees, 90 looks towards +y."""
    section: NDArray[np.int64]
    """(n,) block between gangways, 0 at −x."""
    slot: NDArray[np.int64]
    """(n,) number counted from the row's middle (or from the end it is aligned to)."""
    pattern: NDArray[np.int64]
    """(n,) index into the repeated pattern of places."""
    gaps: Floats
    """(sections − 1, 2) middles of the gangways at this row. [m]"""
    ends: Floats
    """(2, 2) outer ends of the row. [m]"""


def slots(counts: Sequence[int], align: Literal["left", "centre", "right"]) -> NDArray[np.int64]:
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


def lay_out(
    counts: Sequence[int],
    widths: Sequence[float],
    gangways: Sequence[float],
    behind: float,
    depth: float,
    *,
    align: Literal["left", "centre", "right"] = "centre",
    reach: float = 0.0,
    shift: float = 0.0,
    radius: float | None = None,
    chevron: float = 0.0,
) -> Row:
    """One row whose chairs' front edge is `behind` metres behind the front row's.

    counts : places in each block
    widths : widths of the repeated pattern of places [m]
    gangways : clear widths between the blocks [m]
    depth : of a chair; places are at its middle [m]
    reach : half width of the front row, for rows aligned left or right [m]
    shift : sideways, for staggered rows [m]
    radius : of the front row's front edge, centre in front of it; None is straight [m]
    chevron : angle by which each half is turned towards the middle [degrees]
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
    xy, facing = _bent(s, behind + depth / 2, radius, chevron)
    gaps, _ = _bent(np.array(middles), behind + depth / 2, radius, chevron)
    ends, _ = _bent(np.array(outer), behind + depth / 2, radius, chevron)
    return Row(xy, facing, section, slots(counts, align), pattern, gaps, ends)


def _bent(s: Floats, behind: float, radius: float | None, chevron: float) -> tuple[Floats, Floats]:
    """Points at distance s along a row that stands `behind` the front edge, and where they look."""
    if radius is not None:
        r = radius + behind
        angle = s / r
        xy = np.stack([r * np.sin(angle), radius - r * np.cos(angle)], axis=1)
        return xy, 90.0 + np.degrees(angle)
    if chevron:
        c, t = math.cos(math.radians(chevron)), math.sin(math.radians(chevron))
        side = np.sign(s)
        # a wing's outer end comes forward; each looks towards the middle
        xy = np.stack([s * c, np.abs(s) * t - behind / c], axis=1)
        return xy, 90.0 + side * chevron
    return np.stack([s, np.full(len(s), -behind)], axis=1), np.full(len(s), 90.0)
