"""Exit doors that open against those who leave, or that are too small."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import middle, names, people, ways
from stagecraft.checks.finding import Finding


@check("EG07", "door-swing")
def door_swing(
    subject: Subject, rule: Rule, *, outward: int, width: Length | None = None, height: Length | None = None
) -> Iterator[Finding | Passed | Remark]:
    """An exit opens against those who leave, or is narrower or lower than a way out may be.

    One finding a door. Whether a sliding door may serve is not looked at.

    outward : with more people than this in the house exits must open outward
    width : least clear width
    height : least clear height
    """
    scene, show = subject.scene, subject.scene.about.units
    house = people(scene)
    found = ways(subject)
    kept = True
    for k, door in enumerate(found.exits):
        wrong = []
        if door.swing == "in" and house.total > outward:
            wrong.append(
                (
                    "opens inward",
                    f"outward for more than {outward} people ({house.total} are in the house)",
                    math.nan,
                    math.nan,
                )
            )
        for size, least, word in ((door.width, width, "wide"), (door.height, height, "high")):
            if least is not None and size < least - EXACT:
                wrong.append((f"is {units.length(size, show)} {word}", f"{units.length(least, show)}", size, least))
        if not wrong:
            continue
        kept = False
        bad = next((w for w in wrong if not math.isnan(w[2])), None)
        yield rule.finding(
            f"{door.name} {' and '.join(f'{what}, asked {asked}' for what, asked, _, _ in wrong)}", elements=(door.element,),
            group=door.name, measured=bad[2] if bad else None, required=bad[3] if bad else None, unit="m" if bad else "",
            at=middle(found, k), fix="hang its leaves to open outward" if len(wrong) == 1 and not bad else "another door there",
        )  # fmt: skip
    sliding = [k for k, door in enumerate(found.exits) if door.swing == "slide"]
    if sliding:
        yield Remark(f"{names(found, sliding)} slide; whether a sliding door may be an exit is not looked at")
    if kept:
        yield Passed(f"{names(found, list(range(len(found.exits))))} for {house.total} people")
