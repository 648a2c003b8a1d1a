"""Narrow seats."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import EXACT, Length, Passed, Rule, Subject, check
from stagecraft.checks._seating import at, figures, rows
from stagecraft.checks.finding import Finding


@check("SE09", "narrow-seat")
def narrow_seat(subject: Subject, rule: Rule, *, width: Length) -> Iterator[Finding | Passed]:
    """Places in rows are narrower than they may be, from seat to seat.

    One finding for each seating element.

    width : least width of a place
    """
    scene, show = subject.scene, subject.scene.about.units
    rows(subject, 1.0)
    seats = scene.seats
    sat = (subject.banks.of >= 0) & np.isin(seats.place, ("chair", "companion"))
    narrow = np.flatnonzero(sat & (seats.width < width - EXACT))
    for element in dict.fromkeys(seats.element[narrow].tolist()):
        mine = narrow[seats.element[narrow] == element]
        worst = int(mine[np.argmin(seats.width[mine])])
        measured, asked = figures(float(seats.width[worst]), width, show)
        yield rule.finding(
            f"{element}: {len(mine)} places are narrower than {asked}; the narrowest {measured}", elements=(element,),
            group=element, measured=float(seats.width[worst]), required=float(width), unit="m", at=at(scene, worst),
            fix=f"set the chairs {asked} apart",
        )  # fmt: skip
    if not len(narrow) and sat.any():
        measured, asked = figures(float(seats.width[sat].min()), width, show)
        yield Passed(f"the narrowest place is {measured}, asked {asked}")
