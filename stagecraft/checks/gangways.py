"""Blocked gangways: things in the way."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft import units
from stagecraft.analysis.routes import HIP, Obstruction, obstructions
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Walkway


@check("EG01", "blocked-gangway")
def blocked_gangway(subject: Subject, rule: Rule, *, headroom: Length) -> Iterator[Finding | Remark]:
    """Something stands within the width of a gangway or route.

    One finding a gangway, with all that stands in it. A gangway counts as far as seats beside it use it; what hangs
    above hip height is for `low-headroom`.

    headroom : height of the room that a way needs
    """
    scene, show = subject.scene, subject.scene.about.units
    if not scene.of(Walkway):
        raise NotChecked("no gangways are drawn")
    met: dict[tuple[str, str], list[Obstruction]] = {}
    for found in obstructions(scene, subject.bodies, headroom):
        if found.headroom < HIP:
            met.setdefault((found.walkway.element, found.walkway.name), []).append(found)
    for (element, name), things in met.items():
        things.sort(key=lambda thing: thing.clear)
        lines = [
            f"{thing.part.label} leaves {units.length(thing.clear, show)} of {units.length(thing.walkway.width, show)}"
            for thing in things
        ]
        yield rule.finding(
            f"{name}: {lines[0]}", elements=(element, *dict.fromkeys(thing.part.element for thing in things)), group=name,
            measured=things[0].clear, required=things[0].walkway.width, unit="m", at=things[0].at,
            details=tuple(lines[1:]), fix=f"move {things[0].part.element} clear of it" if things[0].part.movable else
            f"{things[0].part.label} stays: lead the gangway past it",
        )  # fmt: skip
