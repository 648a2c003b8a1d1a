"""Exits that are too narrow, all together, for the people in the house."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import names, open_exits, owners, people, ways
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByLength, LengthByCount
from stagecraft.geometry.frame import Floats


@check("EG03", "narrow-exits")
def narrow_exits(
    subject: Subject, rule: Rule, *, capacity: CountByLength, discount: str = "none", left: float = 0.0,
    least: LengthByCount | None = None, sprinklered: CountByLength | None = None,
) -> Iterator[Finding | Passed | Remark]:  # fmt: skip
    """The exits together carry fewer people than are in the house: guests, crew and staff.

    The width of a door is its clear width, less what stands before it. Exits that nobody gets to carry none.

    capacity : people whom an exit carries, by its clear width
    discount : `widest`: the exit that carries most is left out, as if it could not be used; `none`
    left : share of the people whom the others must still carry when any one exit is lost
    least : clear width below which an exit does not count, by the number of people
    sprinklered : what an exit carries where there are sprinklers and a voice alarm; told where it would matter
    """
    if discount not in ("widest", "none"):
        raise NotChecked(f"discount: '{discount}' is neither widest nor none")
    scene, show = subject.scene, subject.scene.about.units
    house = people(scene)
    travel = ways(subject)
    there = open_exits(travel)
    if not there:
        raise NotChecked("no exit can be got to")
    clear = travel.clear[there]
    narrow = least.one(house.total) if least else 0.0
    wide = clear >= narrow - EXACT

    def carried(by: CountByLength) -> tuple[Floats, float]:
        each = np.where(wide, np.nan_to_num(by.at(clear)), 0.0)
        return each, float(each.sum() - (each.max() if discount == "widest" and len(there) > 1 else 0.0))

    each, total = carried(capacity)
    lost = float(each.sum() - each.max())
    widths = [units.length(float(width), show) for width in clear]
    details = tuple(
        f"{travel.exits[k].name}: {width} clear, {f'{int(n)} people' if ok else f'narrower than {units.length(narrow, show)}'}"
        for k, width, n, ok in zip(there, widths, each.tolist(), wide.tolist())
    )
    best = there[int(each.argmax())]
    without = f" without {travel.exits[best].name}" if discount == "widest" and len(there) > 1 else ""
    told = f"{names(travel, there)} {'carry' if len(there) > 1 else 'carries'} {int(total)} people{without}, asked {house.total}"
    short = total < house.total - EXACT
    if short and sprinklered is not None:
        _, more = carried(sprinklered)
        yield Remark(
            f"whether there are sprinklers and a voice alarm is not said; with both they carry {int(more)} people"
        )
    if short:
        yield rule.finding(
            told, elements=owners(travel), group="exit capacity", measured=total, required=float(house.total), unit="people",
            details=(*details, f"people: {house.words}"), fix="wider doors, one more exit, or fewer people",
        )  # fmt: skip
    if left and len(there) > 1 and lost < left * house.total - EXACT:
        yield rule.finding(
            f"without {travel.exits[best].name} the exits carry {int(lost)} people, asked {100 * left:g} % of {house.total}",
            elements=owners(travel), group="exit lost", measured=lost, required=left * house.total, unit="people",
            details=() if short else (*details, f"people: {house.words}"), fix="share the width among the exits more evenly, or one more exit",
        )  # fmt: skip
        short = True
    if not short:
        yield Passed(told)
