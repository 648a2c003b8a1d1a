"""Large blocks: too many rows behind one another without a way across."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.analysis.banks import BODY, Banks
from stagecraft.checks._check import Length, Passed, Rule, Subject, check
from stagecraft.checks._seating import Whole, at, by_element, least, many, name, rows
from stagecraft.checks.finding import Finding
from stagecraft.scene import Bools, Scene


@check("SE04", "large-block")
def large_block(subject: Subject, rule: Rule, *, rows_most: int, gangway: Length) -> Iterator[Finding | Passed]:
    """More rows stand behind one another than may without a gangway across between them.

    Rows of one element or of several count alike. One finding for each seating element, at the last row of its deepest
    block.

    rows_most : most rows of a block
    gangway : clear width in front of a row from which on there is a gangway
    """
    scene = subject.scene
    house = rows(subject, gangway)
    banks = house.banks
    deep = np.where(house.counts, _depth(scene, banks, house.free), 0)
    over = np.flatnonzero(deep > rows_most)
    over = over[least(-deep[over])]
    for element, mine in by_element(scene.seats, banks, over):
        worst = int(mine[0])
        yield rule.finding(
            f"{element}: {many(int(deep[worst]), 'row')} without a gangway across, up to {name(scene, banks, worst)}; at most {rows_most}",
            elements=(element,), group=element, measured=float(deep[worst]), required=float(rows_most), unit="rows",
            at=at(scene, int(banks.first[worst])), fix=f"a gangway across after {many(rows_most, 'row')} at the latest",
        )  # fmt: skip
    if not len(over):
        yield Passed(f"{many(int(deep.max()), 'row')} without a gangway across at the most, asked {rows_most}")


def _depth(scene: Scene, banks: Banks, free: Bools) -> Whole:
    """(b,) which row of its block each bank is: 1 where nothing but a gangway or the stage is in front."""
    front = _front(scene, banks)
    front = np.where(free, -1, front)
    own = np.arange(len(banks))
    jump, depth = np.where(front < 0, own, front), (front >= 0).astype(np.int64)
    for _ in range(len(banks).bit_length()):
        depth = depth + depth[jump]
        jump = jump[jump]
    return depth + 1


def _front(scene: Scene, banks: Banks) -> Whole:
    """(b,) the bank whose chairs stand in front of each, at its narrowest place; −1 where none does."""
    import shapely

    seats = scene.seats
    out = np.full(len(banks), -1)
    some = np.flatnonzero(banks.narrowest >= 0)
    seat = banks.narrowest[some]
    look = np.radians(seats.facing[seat])
    ahead = np.stack([np.cos(look), np.sin(look)], 1)
    back = seats.at[seat, :2] + ahead * (seats.depth[seat] / 2 + banks.seatway[some])[:, None]
    middle = back + ahead * seats.depth[seat, None] / 2
    tree = shapely.STRtree(shapely.points(seats.at[:, :2]))
    pair, chair = tree.query_nearest(shapely.points(middle), max_distance=BODY, all_matches=True)
    fits = (seats.width[chair] > 0) & (np.hypot(*(seats.at[chair, :2] - middle[pair]).T) < seats.width[chair])
    fits &= (np.abs(seats.at[chair, 2] - seats.at[seat[pair], 2]) < BODY) & (banks.of[chair] >= 0)
    fits &= (np.cos(np.radians(seats.facing[chair] - seats.facing[seat[pair]])) > 0.5) & (banks.of[chair] != some[pair])
    pair, chair = pair[fits], chair[fits]
    out[some[pair[::-1]]] = banks.of[chair[::-1]]
    return out
