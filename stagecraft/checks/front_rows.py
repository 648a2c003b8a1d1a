"""Near stage: the front row's feet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import footprints
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.scene import Space

_ABOVE = 0.05
"""Places this much over a stage's floor stand on it or above it. [m]"""


@check("CL07", "near-stage")
def near_stage(subject: Subject, rule: Rule, *, least: Length, good: Length) -> Iterator[Finding | Remark | Passed]:
    """Places stand too near to the edge of a stage.

    Free distance in plan from the stage to the nearest front of a place; places on the stage itself, and on a balcony over
    it, are left out. One finding a stage.

    least : least distance
    good : distance from which on nothing is said
    """
    import shapely

    scene, show = subject.scene, subject.scene.about.units
    stages = [space for space in scene.of(Space) if space.use == "stage"]
    taken = np.flatnonzero(scene.seats.status != "kill")
    if not stages:
        raise NotChecked("no stage is drawn")
    if not len(taken):
        raise NotChecked("no seats")
    seats = scene.seats.where(taken)
    plans = footprints(seats)
    for stage in stages:
        below = seats.at[:, 2] < stage.floor - _ABOVE
        away = np.where(below, shapely.distance(stage.outline.polygon, plans), np.inf)
        near = np.flatnonzero(away < least - EXACT)
        if not len(near):
            if np.isfinite(away.min()):
                size = units.length(float(away.min()), show)
                yield Passed(f"{size} from {stage.element} to the front row, asked {units.length(least, show)}")
                if away.min() < good - EXACT:
                    yield Remark(f"{size} from {stage.element} to the front row; {units.length(good, show)} is good")
            continue
        k = int(near[away[near].argmin()])
        rows = list(
            dict.fromkeys((seats.block[i], seats.row[i]) for i in near[np.argsort(away[near], kind="stable")].tolist())
        )
        names = ", ".join(f"{block} row {row}" if row else str(block) for block, row in rows[:4])
        x, y, z = (float(v) for v in seats.at[k])
        gap = float(away[k])
        yield rule.finding(
            f"{len(near)} place{'s' if len(near) > 1 else ''} ({names}) {units.length(gap, show)} from {stage.element}, asked "
            f"{units.length(least, show)}",
            elements=tuple(dict.fromkeys((stage.element, *seats.element[near].tolist()))), group=stage.element, measured=gap,
            required=float(least), unit="m", at=(x, y, z),
            fix=f"move them back by {by(least - gap, show)}, or kill them",
        )  # fmt: skip
