"""Exits so near to each other, or so much in one direction, that one fire closes them all."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import EXACT, open_exits, owners, ways
from stagecraft.checks._short import together
from stagecraft.checks.finding import Finding
from stagecraft.scene import Scene


@check("EG04", "near-exits")
def near_exits(
    subject: Subject,
    rule: Rule,
    *,
    part: float | None = None,
    sprinklered: float | None = None,
    apart: float | None = None,
) -> Iterator[Finding | Passed | Remark]:
    """Exits are too near to each other to count as two ways out.

    Either no two exits are far enough apart, measured straight between their middles against the longest diagonal of the
    room; or, with `apart`, seats have no two ways out in different directions, neither where they are nor on their way.

    part : how far two exits must stand apart, as a part of the diagonal
    sprinklered : the part where there are sprinklers; nobody has said that there are
    apart : angle from which directions differ [degrees]
    """
    scene = subject.scene
    travel = ways(subject, *(() if apart is None else (apart,)))
    there = open_exits(travel)
    if len(there) < 2:
        raise NotChecked("one exit only" if there else "no exit can be got to")
    kept = []
    if part is not None:
        at = np.array([travel.exits[k].at[:2] for k in there])
        between = np.linalg.norm(at[:, None] - at[None], axis=2)
        a, b = (int(k) for k in np.unravel_index(between.argmax(), between.shape))
        far, diagonal, show = float(between[a, b]), _diagonal(scene), scene.about.units
        one, other = travel.exits[there[a]], travel.exits[there[b]]
        told = f"{one.name} and {other.name} are {units.length(far, show)} apart"
        asked = f"{_share(part)} of the room's diagonal of {units.length(diagonal, show)}, {units.length(part * diagonal, show)}"
        if sprinklered is not None:
            yield Remark(
                f"whether there are sprinklers is not said; with them {_share(sprinklered)} of the diagonal is asked"
            )
        if far < part * diagonal - EXACT:
            yield rule.finding(
                f"{told}, the farthest two exits; asked {asked}", elements=owners(travel), group="exits", measured=far,
                required=part * diagonal, unit="m", at=(float(one.at[0]), float(one.at[1]), float(one.at[2])),
                fix="an exit at the other side of the room",
            )  # fmt: skip
        else:
            kept.append(f"{told}, asked {asked}")
    if apart is not None:
        looked = np.asarray((scene.seats.status != "kill") & ~travel.unreached)
        short = looked & np.isinf(travel.second)
        if short.any():
            yield from together(
                scene, rule, "two exits in different directions", short, looked, travel.distance,
                lambda way: f"{units.length(way, scene.about.units)} to the only one", lambda _: "an exit in another direction",
                required=apart, unit="degrees", elements=owners(travel),
            )  # fmt: skip
        elif looked.any():
            kept.append(f"from every seat, or on its way, two exits lie {apart:g}° apart")
    if kept and (part is None or apart is None or len(kept) == 2):
        yield Passed("; ".join(kept))


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
