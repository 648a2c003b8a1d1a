"""Wheelchair users who sit alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np

from stagecraft.checks._check import NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._words import place_names
from stagecraft.checks.finding import Finding
from stagecraft.scene import Place

_SEATED = tuple(set(get_args(Place)) - {"wheelchair", "standing"})


@check("AC06", "missing-companion")
def missing_companion(subject: Subject, rule: Rule, *, each: bool) -> Iterator[Finding | Passed]:
    """A wheelchair place has no seat beside it for a companion.

    Beside is the next place of the row with nothing between, at the same height; at tables everybody has company. A seat
    counts for one wheelchair user.

    each : every wheelchair place needs one; else one of them in the house does
    """
    seats = subject.scene.seats
    who = np.flatnonzero((seats.place == "wheelchair") & (seats.status != "kill"))
    if not len(who):
        raise NotChecked("no wheelchair places")
    alone = _alone(subject, who)
    if not len(alone):
        yield Passed("every wheelchair place has a seat beside it")
        return
    if not each and len(alone) < len(who):
        yield Passed(f"{len(who) - len(alone)} of {len(who)} wheelchair places with a seat beside")
        return
    for block in dict.fromkeys(seats.block[alone].tolist()):
        these = alone[seats.block[alone] == block]
        x, y, z = (float(v) for v in seats.at[these[0]])
        yield rule.finding(
            f"{block}, {place_names(seats, these.tolist())}: no seat for a companion beside "
            f"{'it' if len(these) == 1 else 'them'}",
            elements=tuple(dict.fromkeys(seats.element[these].tolist())), group=block, measured=float(len(who) - len(alone)),
            required=float(len(who)) if each else 1.0, unit="companions", at=(x, y, z),
            fix="a chair beside each: pattern: [wheelchair, companion]",
        )  # fmt: skip


def _alone(
    subject: Subject, who: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Wheelchair places without a seat of their own beside them: the left one first, each seat once."""
    seats = subject.scene.seats
    taken: set[int] = set()
    alone = []
    for k, beside in zip(who.tolist(), subject.banks.neighbours[who].tolist()):
        free = [
            n for n in beside if n >= 0 and n not in taken and seats.place[n] in _SEATED and seats.status[n] != "kill"
        ]
        taken.update(free[:1])
        if not free and not seats.at_table[k]:
            alone.append(k)
    return np.array(alone, np.int64)
