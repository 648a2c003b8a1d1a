"""Row signs: what stands at each end of a row that people come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from stagecraft.analysis.banks import Banks, banks
from stagecraft.scene import Scene, Seats
from stagecraft.schedules.table import Column, Table, about

_NUMBER = re.compile(r"^(.*?)([0-9]{1,9})$")


def row_signs(scene: Scene, found: Banks | None = None) -> Table:
    """One sign an end of a run of places that has a way beside it, in the order of the venue file.

    block, row : whose seats it shows
    end : the end of the row where it stands, as the audience sees it
    seats : those that are reached from there, the nearest first: `1–14`, `13–1 odd`
    arrow : where they lie for who looks to the stage

    An end has a way beside it where its block ends and more than the width of its last place is free: the hole that an
    object leaves within a block is none. Tables and areas have no rows.
    """
    seats, found = scene.seats, found or banks(scene)
    new = np.diff(seats.rank, prepend=-1) | np.diff(seats.section, prepend=-1)
    outer = {"left": new != 0, "right": np.append(new[1:] != 0, True)}
    lines, shut = [], 0
    by_bank = np.lexsort((found.order, found.of))
    starts = np.searchsorted(found.of[by_bank], np.arange(len(found)))
    for bank in np.argsort(found.first, kind="stable").tolist():
        members = by_bank[starts[bank] : starts[bank] + found.count[bank]].tolist()
        ends = [("left", found.left[bank], members), ("right", found.right[bank], members[::-1])]
        free = [
            (side, some) for side, width, some in ends if outer[side][some[0]] and width > seats.width[some[0]] + 1e-6
        ]
        shut += not free
        lines += [line for side, some in free for line in _signs(seats, side, some)]
    columns = (
        Column("block", "block"),
        Column("row", "row"),
        Column("end", "end"),
        Column("seats", "seats"),
        Column("arrow", "arrow"),
        Column("count", "places", "int"),
        Column("id", "at seat"),
    )
    values = {column.key: [line[k] for line in lines] for k, column in enumerate(columns)}
    notes = [f"no sign: {shut} run{'s' if shut > 1 else ''} of places with no way at either end"] if shut else []
    return Table("Row signs", columns, values, tuple(notes), group="block", about=about(scene))


def _signs(seats: Seats, side: str, some: Sequence[int]) -> Iterator[tuple[str, str, str, str, str, int, str]]:
    """The signs at one end of a run of places, one a block; places from that end on."""
    for (block, row), members in groupby(some, key=lambda k: (str(seats.block[k]), str(seats.row[k]))):
        of = list(members)
        arrow = "→" if side == "left" else "←"
        yield block, row, f"house {side}", spans(seats.seat[of].tolist()), arrow, len(of), str(seats.ids[some[0]])


def spans(labels: Sequence[str]) -> str:
    """Labels in their order, runs of them put together: `1–14`, `5–1 odd, 2–6 even`, `A–C`."""
    runs: list[list[str]] = []
    step = 0
    for label in labels:
        by = _step(runs[-1][-1], label) if runs else 0
        if by in (1, -1, 2, -2) and (len(runs[-1]) == 1 or by == step):
            runs[-1].append(label)
            step = by
        else:
            runs.append([label])
    return ", ".join(_span(run) for run in runs)


def _step(a: str, b: str) -> int:
    """From one label to the next; 0 where they are not numbers with one prefix."""
    first, second = _NUMBER.match(a), _NUMBER.match(b)
    if first and second and first[1] == second[1]:
        return int(second[2]) - int(first[2])
    return ord(b) - ord(a) if len(a) == len(b) == 1 and not first and not second else 0


def _span(run: Sequence[str]) -> str:
    if len(run) == 1:
        return run[0]
    side = "" if abs(_step(run[0], run[1])) == 1 else " odd" if int(run[0][-1]) % 2 else " even"
    return f"{run[0]}–{run[-1]}{side}"
