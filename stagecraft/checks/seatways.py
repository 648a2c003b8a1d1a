"""Narrow seatways: what is left to walk through in front of a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._seating import at, by_element, figures, least, many, name, rows
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import LengthByCount
from stagecraft.geometry.frame import Floats


@check("SE01", "narrow-seatway")
def narrow_seatway(
    subject: Subject, rule: Rule, *, both: LengthByCount, one: LengthByCount, gangway: Length
) -> Iterator[Finding | Remark | Passed]:
    """The seatway of a row is too narrow for the places in it, or it has no gangway at either end.

    The seatway is the clear width between verticals, from the front of the chairs (seats down) to the back of the chairs
    in front or to what else stands there, at the narrowest place of the row. Every place that stands counts, killed ones
    too. A row with as much room in front as a gangway has is left forwards. Too many places for any seatway are a
    matter of `long-row`. One finding for each seating element.

    both, one : clear width asked of a row that one can leave at both ends, and at one, by its number of places
    gangway : free width from which on a row's end is open; a gangway that is drawn counts as it is
    """
    scene, show = subject.scene, subject.scene.about.units
    house = rows(subject, gangway)
    banks = house.banks
    asked = np.where(house.ends > 1, both.at(banks.count), one.at(banks.count))
    closed = np.flatnonzero(house.counts & ~house.free & (house.ends == 0))
    judged = house.counts & ~house.free & (house.ends > 0) & ~np.isnan(asked)
    short: Floats = np.where(judged, asked - banks.seatway, -np.inf)
    narrow = np.flatnonzero(short > EXACT)
    narrow = narrow[least(-short[narrow])]
    for element, mine in by_element(scene.seats, banks, closed):
        first = int(mine[0])
        lines = [
            f"{name(scene, banks, k)}: {units.length(banks.left[k], show)} and {units.length(banks.right[k], show)} beyond its ends"
            for k in mine.tolist()
        ]
        yield rule.finding(
            f"{element}: {many(len(mine), 'row')} {'has' if len(mine) == 1 else 'have'} no gangway at either end; {lines[0]}, asked {units.length(gangway, show)}",
            elements=(element,), group=f"{element}, no gangway", measured=float(max(banks.left[first], banks.right[first])),
            required=float(gangway), unit="m", at=at(scene, int(banks.first[first])), details=tuple(lines[1:]),
            fix="leave a gangway at one end at least",
        )  # fmt: skip
    for element, mine in by_element(scene.seats, banks, narrow):
        lines = []
        for k in mine.tolist():
            measured, wanted = figures(float(banks.seatway[k]), float(asked[k]), show)
            where = "both ends" if house.ends[k] > 1 else "one end"
            lines.append(
                f"{name(scene, banks, k)}, {many(int(banks.count[k]), 'place')}, open at {where}: {measured}, asked {wanted}"
            )
        worst = int(mine[0])
        of = int((house.counts & (scene.seats.element[banks.first] == element)).sum())
        yield rule.finding(
            f"{element}: the seatway of {len(mine)} of {many(of, 'row')} is too narrow; worst: {lines[0]}",
            elements=(element,), group=element, measured=float(banks.seatway[worst]), required=float(asked[worst]),
            unit="m", at=at(scene, int(banks.narrowest[worst])), details=tuple(lines[1:]),
            fix=_fix(banks.seatway[worst], asked[worst], (both if house.ends[worst] > 1 else one), int(banks.count[worst]), show),
        )  # fmt: skip
    if not len(closed) and not len(narrow):
        if not judged.any():
            if house.free[house.counts].all():
                yield Passed("nothing stands closer in front of any row than a gangway is wide")
                return
            raise NotChecked("no row is so short that its seatway could be judged; see long-row")
        k = int(np.flatnonzero(judged)[np.argmax(short[judged].round(6))])
        measured, wanted = figures(float(banks.seatway[k]), float(asked[k]), show)
        yield Passed(
            f"narrowest against what is asked: {name(scene, banks, k)}, {many(int(banks.count[k]), 'place')}: {measured}, asked {wanted}"
        )


def _fix(measured: float, asked: float, table: LengthByCount, count: int, show: units.Units) -> str:
    """What would cure a row: wider, or with so many places."""
    add = units.small(float(np.ceil((asked - measured) * 1000 - 1e-3) / 1000), show)
    shorter = np.arange(count - 1, 0, -1)
    enough = shorter[table.at(shorter) <= measured + EXACT]
    way = f", or rows of {enough[0]} places" if len(enough) else ""
    return f"{add} more in front of it{way}"
