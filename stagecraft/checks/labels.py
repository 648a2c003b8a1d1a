"""Duplicate seat labels: two people with one ticket."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import triple


@check("MD01", "duplicate-seat-label", model="error")
def duplicate_seat_label(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """Two standing places share block, row and seat.

    One finding a block. Places without a seat label are counted in a remark.
    """
    seats = subject.scene.seats
    if not len(seats):
        raise NotChecked("no seats")
    named = np.flatnonzero(seats.seat != "")
    if len(named) < len(seats):
        yield Remark(f"{len(seats) - len(named)} places have no seat label")
    labels = np.stack([seats.block[named], seats.row[named], seats.seat[named]], axis=1)
    unique, back, count = np.unique(labels, axis=0, return_inverse=True, return_counts=True)
    twice = np.flatnonzero(count[back.reshape(-1)] > 1)
    groups: dict[str, dict[int, list[int]]] = {}
    for k in twice.tolist():
        of = int(back.reshape(-1)[k])
        groups.setdefault(str(unique[of][0]), {}).setdefault(of, []).append(int(named[k]))
    for block, labelled in groups.items():
        lines = []
        for of, places in labelled.items():
            ids = ", ".join(seats.ids[places].tolist())
            lines.append(f"row {unique[of][1]} seat {unique[of][2]}: {ids}")
        elements = dict.fromkeys(seats.element[k] for places in labelled.values() for k in places)
        within = all(len(set(seats.rank[places].tolist())) < len(places) for places in labelled.values())
        first = next(iter(labelled.values()))[0]
        yield rule.finding(
            f"block {block or '(no name)'}: {len(labelled)} label{'s are' if len(labelled) > 1 else ' is'} given to more than one place; {lines[0]}",
            elements=tuple(str(e) for e in elements), group=block, measured=float(len(labelled)), required=0.0,
            unit="labels", at=triple(seats.at[first]), details=tuple(lines[1:]),
            fix="give each side of the centre a block of its own, or number odd and even (numbering: order: odd_even)" if within
            else "give the blocks different names, or number across them (numbering: continuous_across)",
        )  # fmt: skip
