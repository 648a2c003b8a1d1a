"""Ramps that are too steep, too high in one flight, or too narrow."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks._words import ramp
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByLength
from stagecraft.scene import Walkway


@check("AC05", "steep-ramp")
def steep_ramp(
    subject: Subject, rule: Rule, *, one_in: CountByLength, width: Length, rise: Length | None = None,
    landing: Length | None = None, between: Length | None = None, lift: Length | None = None,
) -> Iterator[Finding | Remark]:  # fmt: skip
    """A ramp is steeper, higher in one flight, or narrower than asked.

    What is said to do about it counts flights and landings for the same rise, and names a lift where the rule does.

    one_in : the n of the steepest gradient 1 : n, by the going of a flight; a flight longer than the table is none
    width : clear width
    rise : greatest rise of one flight
    landing : length of the landings at either end
    between : length of those between flights; as at the ends where not given
    lift : rise from which the rule asks for a lift beside or instead of a ramp
    """
    scene, show = subject.scene, subject.scene.about.units
    ramps = [way for way in scene.of(Walkway) if way.kind == "ramp"]
    if not ramps:
        raise NotChecked("no ramps are drawn")
    highest = math.inf if rise is None else float(rise)
    for way in ramps:
        runs = np.diff(way.line, axis=0)
        going, up = np.hypot(runs[:, 0], runs[:, 1]), np.abs(runs[:, 2])
        total, (x, y, z) = float(up.sum()), (float(v) for v in way.line[0])
        faults = []
        for g, r in zip(going.tolist(), up.tolist()):
            asked = one_in.one(g)
            if r > highest + EXACT:
                faults.append((r, highest, "m", f"rises {units.length(r, show)} in one flight, asked at most "
                               f"{units.length(highest, show)}"))  # fmt: skip
            elif r > EXACT and math.isnan(asked):
                faults.append(
                    (g, math.nan, "m", f"a flight of {units.length(g, show)} is longer than any that is allowed")
                )
            elif r > EXACT and g / r < asked - EXACT:
                faults.append((g / r, asked, "m for 1 m of rise", f"1 : {g / r:.1f}, asked at most 1 : {asked:.1f}"))
        if way.width < width - EXACT:
            faults.append((way.width, float(width), "m", f"{units.length(way.width, show)} wide, asked "
                           f"{units.length(width, show)}"))  # fmt: skip
        if not faults:
            continue
        measured, required, unit, _ = faults[0]
        yield rule.finding(
            f"{way.name}: {faults[0][3]}", elements=(way.element,), group=way.name, measured=measured,
            required=None if math.isnan(required) else required, unit=unit, at=(x, y, z),
            details=tuple(fault[3] for fault in faults[1:]),
            fix=ramp(total, one_in, highest, landing, between, lift, show),
        )  # fmt: skip
