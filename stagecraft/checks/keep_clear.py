"""Occupied keep-clear spaces."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import Occupant, carries, occupants
from stagecraft.analysis.gaps import Bodies
from stagecraft.checks._check import NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import triple
from stagecraft.scene import KeepClear, Part


@check("CL08", "occupied-keep-clear")
def occupied_keep_clear(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """Something stands in a space that must stay empty.

    Spaces drawn with `keep_clear`, the safety curtain's drop zone, and what FOH and camera platforms keep free around
    themselves; ways to exits and fire points have a check of their own. Cloth, rails and lamps count, people and chairs do
    not: places are taken away there. The deck below a curtain is no obstacle. One finding a space, with all that is in it.
    """
    scene, show = subject.scene, subject.scene.about.units
    spaces = [space for space in scene.of(KeepClear) if space.use == "space"]
    if not spaces:
        raise NotChecked("no space is kept clear")
    bodies = Bodies(scene, soft=("drape", "rail", "light"))
    for space in spaces:

        def may(part: Part, space: KeepClear = space) -> bool:
            return part.system == "stage" or carries(scene, part.element, space.element)

        found = list(occupants(bodies, space.outline, space.low, space.high, may))
        if not found:
            continue
        lines = [_line(one, show) for one in found]
        names = list(dict.fromkeys(one.part.element for one in found))
        yield rule.finding(
            f"{space.reason}: {lines[0]} stands in it{f', and {len(lines) - 1} more' if len(lines) > 1 else ''}",
            elements=tuple(dict.fromkeys((space.element, *names))), group=space.element, measured=float(len(found)), required=0.0,
            unit="things", at=triple(found[0].points.mean(axis=0)), details=tuple(lines[1:]),
            fix=f"move {', '.join(names[:4])} out of it, or the space",
        )  # fmt: skip


def _line(one: Occupant, show: units.Units) -> str:
    """`truss T1 (0.29 m × 0.29 m of it)`"""
    size = np.ptp(one.points, axis=0)
    return f"{one.part.label} ({' × '.join(units.length(float(v), show) for v in size)} of it)"
