"""Long rows: too many places between gangways."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import at, by_element, least, many, name, rows
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByLength


@check("SE02", "long-row")
def long_row(
    subject: Subject,
    rule: Rule,
    *,
    gangway: Length,
    both: CountByLength | None = None,
    one: CountByLength | None = None,
) -> Iterator[Finding | Passed]:
    """A row has more places than may lie between gangways, or between a gangway and a wall.

    Every place that stands counts, killed ones too. A row with as much room in front as a gangway has is left forwards; one
    with no gangway at either end is found by `narrow-seatway`. One finding for each seating element.

    gangway : free width from which on a row's end is open; a gangway that is drawn counts as it is
    both, one : most places in a row that one can leave at both ends, and at one, by its seatway; left out: any number
    """
    scene = subject.scene
    house = rows(subject, gangway)
    banks = house.banks
    most = np.full(len(banks), np.inf)
    for table, mask in ((both, house.ends > 1), (one, house.ends == 1)):
        if table is not None:
            most[mask] = np.nan_to_num(table.at(banks.seatway[mask]), nan=np.inf)
    judged = house.counts & ~house.free & (house.ends > 0) & np.isfinite(most)
    over = np.where(judged, banks.count - most, -np.inf)
    long = np.flatnonzero(over > 1e-6)
    long = long[least(-over[long])]
    for element, mine in by_element(scene.seats, banks, long):
        lines = [
            f"{name(scene, banks, k)}: {banks.count[k]} places, {'between two gangways' if house.ends[k] > 1 else 'from one gangway'} at most {most[k]:.0f}"
            for k in mine.tolist()
        ]
        worst, first = int(mine[0]), int(banks.first[mine[0]])
        of = int((house.counts & (scene.seats.element[banks.first] == element)).sum())
        other = both.one(float(banks.seatway[worst])) if both is not None and house.ends[worst] == 1 else np.nan
        way = "a gangway at the other end, or " if banks.count[worst] <= other else ""
        yield rule.finding(
            f"{element}: {len(mine)} of {many(of, 'row')} {'is' if len(mine) == 1 else 'are'} too long; worst: {lines[0]}",
            elements=(element,), group=element, measured=float(banks.count[worst]), required=float(most[worst]),
            unit="places", at=at(scene, first), details=tuple(lines[1:]),
            fix=f"{way}another gangway, or rows of {most[worst]:.0f} places",
        )  # fmt: skip
    if not len(long):
        if not judged.any():
            if both is None and one is None:
                raise NotChecked("the rule gives no number")
            yield Passed("no row is bound by a number")
            return
        k = int(np.flatnonzero(judged)[np.argmax(over[judged])])
        yield Passed(
            f"longest against what is allowed: {name(scene, banks, k)}, {many(int(banks.count[k]), 'place')}, at most {most[k]:.0f}"
        )
