"""Unguarded edges: where people could fall."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import Drop, drops
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Bools, Edge

ANY = Length(0.0)
"""Where a rule names no height, any guard will do."""
_SHORT = 0.5
"""Less of an edge than this is the end of a rail, not a gap in it. [m]"""


@check("CL03", "unguarded-edge")
def unguarded_edge(
    subject: Subject, rule: Rule, *, drop: Length, guard: Length = ANY, flight: Length = ANY, seated: Length = ANY,
    near: Length = ANY, front: bool = False,
) -> Iterator[Finding | Remark | Passed]:  # fmt: skip
    """People could fall from a stage, a platform, tiers, a balcony, steps or a ramp.

    What lies below an edge is looked at (steps, another platform and the floor beside it), and what stands along it: a
    rail, a parapet, a wall. One finding for each raised element, with all its sides. The audience's side of a stage is
    open by intent.

    drop : an edge higher than this above what lies below it needs a guard
    guard : least height of a guard
    flight : least height along steps and ramps
    seated : least height in front of places that stand within `near` of the edge
    near : how near such places stand
    front : does the audience's side of a stage need a guard too?
    """
    scene, show = subject.scene, subject.scene.about.units
    if not scene.of(Edge):
        raise NotChecked("no raised floor, steps or ramp is drawn")
    every = drops(scene)
    by_element: dict[str, list[tuple[Drop, Bools]]] = {}
    for one in every:
        wanted = np.full(len(one.at), flight if one.slopes else guard)
        wanted = np.where(one.seated <= near + EXACT, np.minimum(wanted, seated), wanted)
        bad = (one.fall > drop + EXACT) & ((one.guard <= 0) | (one.guard < wanted - EXACT)) & (front | ~one.audience)
        if one.length[bad].sum() >= min(_SHORT, one.length.sum()) - EXACT and bad.any():
            by_element.setdefault(one.edge.element, []).append((one, bad))
    found = [_finding(subject, rule, element, some, drop, guard, flight) for element, some in by_element.items()]
    yield from sorted(found, key=lambda finding: -(finding.measured or 0.0))
    if not found:
        left = [one.fall[(one.guard <= 0) & (front | ~one.audience)].max(initial=0.0) for one in every]
        high = max(map(float, left), default=0.0)
        open_ = f"up to {units.length(high, show)} without a guard" if high > EXACT else "every edge has a guard"
        yield Passed(f"{open_}, asked above {units.length(drop, show)}")
    open_by_intent = dict.fromkeys(
        one.edge.element for one in every if not front and (one.fall[one.audience] > drop + EXACT).any()
    )
    if open_by_intent:
        yield Remark(f"open by intent, though higher than {units.length(drop, show)}: {', '.join(open_by_intent)}")


def _finding(
    subject: Subject, rule: Rule, element: str, some: list[tuple[Drop, Bools]], drop: float, guard: float, flight: float
) -> Finding:
    show = subject.scene.about.units
    worst, bad = max(some, key=lambda one: one[0].fall[one[1]].max())
    k = int(np.flatnonzero(bad)[worst.fall[bad].argmax()])
    fall = float(worst.fall[k])
    long = sum(float(one.length[which].sum()) for one, which in some)
    here = {_side(one, which) for one, which in some}
    sides = [side for side in ("downstage", "upstage", "house left", "house right") if side in here]
    where = f"{', '.join(sides[:-1])} and {sides[-1]}" if len(sides) > 1 else sides[0]
    low = [one.guard[which] for one, which in some]
    stands = max(float(heights.max()) for heights in low)
    asked = flight if worst.slopes else guard
    if stands > 0:
        what = f"what stands along it is {units.length(stands, show)} high at most, asked {units.length(asked, show)}"
    else:
        what = f"no guard, asked from {units.length(drop, show)} on"
    x, y, z = (float(v) for v in worst.at[k])
    return rule.finding(
        f"{element}, {where}: {units.length(long, show)} of edge up to {units.length(fall, show)} "
        f"above what lies below: {what}",
        elements=(element,), group=element, measured=stands if stands > 0 else fall, required=asked if stands > 0 else drop,
        unit="m", at=(x, y, z), fix=f"a guard{f' {units.length(asked, show)} high' if asked else ''} there, or a floor level with it beside it",
    )  # fmt: skip


def _side(one: Drop, bad: Bools) -> str:
    """Where most of it lies."""
    x, y = one.out[bad].mean(axis=0)
    if abs(y) >= abs(x):
        return "downstage" if y < 0 else "upstage"
    return "house left" if x < 0 else "house right"
