"""Wheelchair places that all stand together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._words import place_names
from stagecraft.checks.finding import Finding


@check("AC03", "clustered-wheelchair-places")
def clustered_wheelchair_places(subject: Subject, rule: Rule, *, above: int, groups: int) -> Iterator[Finding | Passed]:
    """Wheelchair users have no choice of where to sit: their places all stand together.

    Places in one row of one block stand together; at tables, those of one table.

    above : with more wheelchair places than this they are to be spread
    groups : in how many different places of the house they are to be found
    """
    seats = subject.scene.seats
    who = np.flatnonzero((seats.place == "wheelchair") & (seats.status != "kill"))
    if not len(who):
        raise NotChecked("no wheelchair places")
    if len(who) <= above:
        yield Passed(f"{len(who)} wheelchair places: to be spread from {above + 1} on")
        return
    spots = dict.fromkeys(zip(seats.rank[who].tolist(), seats.section[who].tolist()))
    if len(spots) >= groups:
        yield Passed(f"wheelchair places in {len(spots)} parts of the house, asked {groups}")
        return
    x, y, z = (float(v) for v in seats.at[who[0]])
    where = f"{seats.block[who[0]]}, {place_names(seats, who.tolist())}"
    yield rule.finding(
        f"all {len(who)} wheelchair places stand together ({where}); asked in at least {groups} parts of the house",
        elements=tuple(dict.fromkeys(seats.element[who].tolist())), group="wheelchair places", measured=float(len(spots)),
        required=float(groups), unit="parts of the house", at=(x, y, z),
        fix="some of them at the other side, or farther back",
    )  # fmt: skip
