"""Gangways that end blindly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.gangways import Gangway, gangways
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import many, rows
from stagecraft.checks.finding import Finding


@check("SE08", "dead-end-gangway")
def dead_end_gangway(
    subject: Subject, rule: Rule, *, length: Length, gangway: Length, rows_most: int | None = None
) -> Iterator[Finding | Passed]:
    """Whoever walks along a gangway to its end has to turn back too far.

    A gangway leads on where there is floor for a way past its end, where another way crosses it, and where
    a row has as much room in front as a gangway. One finding for each seating element.

    length : longest piece that may end blindly
    gangway : width from which on a way counts as one
    rows_most : or at most so many rows along it, where they let it be longer
    """
    scene, show = subject.scene, subject.scene.about.units
    rows(subject, gangway)
    found = gangways(scene, subject.banks, gangway)
    if not found:
        raise NotChecked("no gangway is drawn along which rows end")
    bad = [
        way
        for way in found
        if way.dead > length + EXACT and (not np.isfinite(way.dead) or way.dead_rows > (rows_most or 0))
    ]
    asked = units.length(length, show) + (f" or {rows_most} rows" if rows_most is not None else "")
    bad.sort(key=lambda way: -round(way.dead, 6))
    for element in dict.fromkeys(way.walkway.element for way in bad):
        mine = [way for way in bad if way.walkway.element == element]
        lines = [f"{way.walkway.name} {_told(way, gangway, show)}" for way in mine]
        worst = mine[0]
        how = f"{element}: {len(mine)} gangways end blindly; worst: " if len(mine) > 1 else ""
        yield rule.finding(
            f"{how}{lines[0]}; asked at most {asked}", elements=(element,), group=element,
            measured=worst.dead if np.isfinite(worst.dead) else None, required=float(length), unit="m", at=worst.at,
            details=tuple(lines[1:]),
            fix=f"leave {units.length(gangway, show)} of floor past its end, or a gangway across",
        )  # fmt: skip
    if not bad:
        worst = max(found, key=lambda way: way.dead)
        yield Passed(
            f"{f'{worst.walkway.name} {_told(worst, gangway, show)}' if worst.dead else 'none ends blindly'}, asked at most {asked}"
        )


def _told(way: Gangway, gangway: float, show: units.Units) -> str:
    if not np.isfinite(way.dead):
        return f"leads nowhere: less than {units.length(gangway, show)} of floor past either of its ends"
    return f"ends blindly after {units.length(way.dead, show)} and {many(way.dead_rows, 'row')}"
