"""Near exits and fire points: what stands in the way to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.checks._check import Length, NotChecked, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.doors import Standing, in_sweep
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats, triple
from stagecraft.scene import Door, KeepClear, Scene

_SILL = 0.02
"""Thresholds and cable ramps are stepped over. [m]"""


@check("CL09", "near-exit-or-fire-point")
def near_exit(subject: Subject, rule: Rule, *, exit: Length, fire: Length) -> Iterator[Finding]:
    """Something stands in front of a way out or of a fire point.

    The space before each exit, as wide and high as the door, and before each fire point. Places count too. What stands in
    the sweep of a leaf is for `blocked-door`, an exit that nobody gets to for `blocked-exit`. One finding for each exit or
    fire point, with all that is in the way.

    exit : depth kept free before an exit
    fire : depth kept free before a fire point
    """
    scene = subject.scene
    shut = _shut(subject)
    standing = Standing(subject)
    doors = [door for door in scene.of(Door) if door.exit]
    fires = [space for space in scene.of(KeepClear) if space.use == "fire"]
    if not doors and not fires:
        raise NotChecked("no exit and no fire point is drawn")
    for door in doors:
        if (door.element, door.name) in shut:
            continue
        zone = _before(door, exit)
        told = in_sweep(standing, door) if door.swing == "in" else {}
        things = {
            k: v for k, v in standing.within(zone.plan, zone.low, zone.high, door.element).items() if k not in told
        }
        if things:
            yield _finding(subject, rule, f"exit {door.name}", door.element, things, zone, exit)
    for space in fires:
        zone = _reach(scene, space, fire)
        if things := standing.within(zone.plan, zone.low, zone.high, space.element):
            yield _finding(subject, rule, space.element, space.element, things, zone, fire)


@dataclass(frozen=True, eq=False)
class _Zone:
    """A space before something: its plan, its heights, the edge at the thing, and the way off it."""

    plan: Any
    low: float
    high: float
    edge: Floats
    way: Floats


def _shut(subject: Subject) -> set[tuple[str, str]]:
    """Exits that what stands before them closes altogether."""
    if not subject.scene.rooms or not any(door.exit for door in subject.scene.of(Door)):
        return set()
    ways = subject.travel()
    return {
        (door.element, door.name) for k, door in enumerate(ways.exits) if not ways.reached(k) and any(ways.blocked[k])
    }


def _finding(
    subject: Subject, rule: Rule, name: str, element: str, things: Mapping[str, tuple[str, Floats]], zone: _Zone, depth: float
) -> Finding:  # fmt: skip
    show = subject.scene.about.units
    away = {
        label: max(float(((points[:, :2] - zone.edge) @ zone.way).min()), 0.0) for label, (_, points) in things.items()
    }
    order = sorted(things, key=lambda label: away[label])
    lines = [f"{label} {units.length(away[label], show)} from it" for label in order]
    gap = away[order[0]]
    return rule.finding(
        f"{name}: {lines[0]}, asked {units.length(depth, show)} free",
        elements=tuple(dict.fromkeys((element, *(things[label][0] for label in order)))), group=name, measured=gap,
        required=float(depth), unit="m", at=triple(things[order[0]][1].mean(axis=0)), details=tuple(lines[1:]),
        fix=f"move it {by(depth - gap, show)} away",
    )  # fmt: skip


def _before(door: Door, depth: float) -> _Zone:
    """The space inside before a door."""
    import shapely

    out, (a, b) = door.out, door.sides
    plan = shapely.Polygon([a, b, b - out * depth, a - out * depth])
    return _Zone(plan, float(door.at[2]) + _SILL, float(door.at[2]) + door.height, a, -out)


def _reach(scene: Scene, space: KeepClear, depth: float) -> _Zone:
    """The space before a fire point, from that edge of what is kept clear which is nearest to it."""
    import shapely

    points = space.outline.outer.points
    boxes = [part.bounds.mean(axis=0)[:2] for part in scene.parts if part.element == space.element and part.count]
    middle = np.mean(boxes, axis=0) if boxes else points.mean(axis=0)
    after = np.roll(points, -1, axis=0)
    k = int(np.linalg.norm((points + after) / 2 - middle, axis=1).argmin())
    a, b = points[k], after[k]
    way = np.array([-(b - a)[1], (b - a)[0]]) / np.linalg.norm(b - a)  # inwards: outlines run anticlockwise
    return _Zone(shapely.Polygon([a, b, b + way * depth, a + way * depth]), space.low + _SILL, space.high, a, way)
