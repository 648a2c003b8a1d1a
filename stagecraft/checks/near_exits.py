"""Exits so near to each other that one fire closes them all."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import middle, open_exits, owners, ways
from stagecraft.checks.finding import Finding
from stagecraft.scene import Scene


@check("EG04", "near-exits")
def near_exits(
    subject: Subject, rule: Rule, *, part: float, sprinklered: float | None = None
) -> Iterator[Finding | Passed | Remark]:
    """No two exits stand far enough apart to count as two ways out.

    Measured straight between the middles of the farthest two exits, against the longest straight line across the room.
    Exits that nobody gets to do not count.

    part : how far two exits must stand apart, as a part of that line
    sprinklered : the part where there are sprinklers; told where it would matter
    """
    scene, show = subject.scene, subject.scene.about.units
    travel = ways(subject)
    there = open_exits(travel)
    if len(there) < 2:
        raise NotChecked("one exit only" if there else "no exit can be got to")
    at = np.array([travel.exits[k].at[:2] for k in there])
    between = np.round(np.linalg.norm(at[:, None] - at[None], axis=2), 9)
    a, b = (int(k) for k in np.unravel_index(between.argmax(), between.shape))
    far, diagonal = float(between[a, b]), _diagonal(scene)
    one, other = travel.exits[there[a]], travel.exits[there[b]]
    told = (
        f"{one.name} and {other.name}, the farthest two exits, are {units.length(far, show)} apart, asked "
        f"{units.length(part * diagonal, show)}: {_share(part)} of the room's diagonal of {units.length(diagonal, show)}"
    )
    if far >= part * diagonal - EXACT:
        yield Passed(told)
        return
    if sprinklered is not None:
        asked = units.length(sprinklered * diagonal, show)
        yield Remark(f"whether there are sprinklers is not said; with them {_share(sprinklered)} is asked, {asked}")
    yield rule.finding(
        told, elements=owners(travel), group="exits", measured=far, required=part * diagonal, unit="m",
        at=middle(travel, there[a]), fix="an exit at the other side of the room",
    )  # fmt: skip


def _diagonal(scene: Scene) -> float:
    """The longest straight line across a room, of all rooms. [m]"""
    sizes = []
    for room in scene.rooms:
        points = room.outline.outer.points
        sizes.append(float(np.linalg.norm(points[:, None] - points[None], axis=2).max()))
    return max(sizes, default=math.nan)


def _share(part: float) -> str:
    """`1/2`"""
    whole = round(1 / part) if part > 0 else 0
    return f"1/{whole}" if whole and abs(part * whole - 1) < 0.01 else f"{part:g}"
