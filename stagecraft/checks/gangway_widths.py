"""Narrow gangways: their width for those who leave by them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.gangways import Gangway, gangways
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import figures, many, rows
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import LengthByCount

_LEVEL = 1e-3
"""A gangway that rises no more than this, as a part of its run, is level."""


@check("SE03", "narrow-gangway")
def narrow_gangway(
    subject: Subject,
    rule: Rule,
    *,
    width: LengthByCount,
    one_side: LengthByCount | None = None,
    stepped: LengthByCount | None = None,
    stepped_one_side: LengthByCount | None = None,
    carried: LengthByCount | None = None,
    carried_stepped: LengthByCount | None = None,
    ramp: float | None = None,
    step: Length | None = None,
    riser: Length | None = None,
    steeper: float = 0.0,
) -> Iterator[Finding | Passed]:
    """A gangway is drawn narrower than it must be for the rows that open onto it, or than its people need.

    A row counts for the gangway at its end, by half where it opens at both ends; killed places hold nobody. Through a
    gangway that leads on at both of its ends, half of them leave each way. One finding for each seating element.

    width, stepped : clear width between rows on both sides, level and with steps, by the people whose way it is
    one_side, stepped_one_side : the same with rows on one side; as on both where left out
    carried, carried_stepped : width that people need who leave one way; none where left out
    ramp : what rises no more than 1 in so many has no steps; left out: whatever rises has
    step, riser, steeper : a row's rise is divided into steps of at most `step`; where they are higher than `riser`, each
        person needs `steeper` times the difference more
    """
    scene, show = subject.scene, subject.scene.about.units
    rows(subject, width.one(1))
    found = gangways(scene, subject.banks, width.one(1))
    if not found:
        raise NotChecked("no gangway is drawn along which rows end")
    short: list[tuple[float, Gangway, float, str]] = []
    for way in found:
        steps = way.slope > (1 / ramp if ramp else _LEVEL) + 1e-9
        level = (width, one_side)
        both, one = (stepped or width, stepped_one_side or stepped or one_side) if steps else level
        table, flow = (
            (one or both) if way.sides == 1 else both,
            (carried_stepped or carried) if steps else carried,
        )
        asked = float(np.nan_to_num(table.one(way.served), nan=0.0))
        needed = 0.0 if flow is None else float(np.nan_to_num(flow.one(way.flow), nan=0.0))
        if steps and needed and step is not None and riser is not None:
            needed += way.flow * steeper * max(_riser(way, step) - riser, 0.0)
        sort = f"{'stepped' if steps else 'level'}, rows on {'one side' if way.sides == 1 else 'both sides'}, {_people(way.served)}"
        if needed > asked:
            asked, sort = needed, f"{_people(way.flow)} leave one way"
        short.append((asked - way.walkway.width, way, asked, sort))
    short.sort(key=lambda one: -round(one[0], 6))
    bad = [one for one in short if one[0] > EXACT]
    for element in dict.fromkeys(way.walkway.element for _, way, _, _ in bad):
        lines = []
        mine = [one for one in bad if one[1].walkway.element == element]
        for _, way, asked, sort in mine:
            measured, wanted = figures(way.walkway.width, asked, show)
            lines.append(f"{way.walkway.name}, {sort}: {measured}, asked {wanted}")
        lack, way, asked, sort = mine[0]
        of = sum(one.walkway.element == element for one in found)
        yield rule.finding(
            f"{element}: {len(mine)} of {many(of, 'gangway')} {'is' if len(mine) == 1 else 'are'} too narrow; worst: {lines[0]}",
            elements=(element,), group=element, measured=way.walkway.width, required=asked, unit="m", at=way.at,
            details=tuple(lines[1:]), fix=f"widen it by {units.small(float(np.ceil(lack * 1000 - 1e-3) / 1000), show)}"
            + (", or let rows open at their other ends too" if "leave" in sort else ""),
        )  # fmt: skip
    if not bad:
        _, way, asked, sort = short[0]
        measured, wanted = figures(way.walkway.width, asked, show)
        yield Passed(f"narrowest against what is asked: {way.walkway.name}, {sort}: {measured}, asked {wanted}")


def _riser(way: Gangway, step: float) -> float:
    """Highest step of a gangway whose rows' rises are divided into equal ones of at most `step`. [m]"""
    rise = np.abs(np.diff(way.walkway.line[:, 2]))
    return float((rise / np.maximum(np.ceil(rise / step - EXACT), 1)).max(initial=0.0))


def _people(count: float) -> str:
    whole = int(np.ceil(count - 1e-6))
    return "1 person" if whole == 1 else f"{whole} persons"
