"""Narrow stage passages: between what hangs round a stage and its walls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import Sort, nearest
from stagecraft.checks._check import EXACT, Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.scene import Part, Space

_WIDE = 0.5
"""What is at least this part of a stage's width is its background."""
_REACH = 2.0
"""A stage's background stands no farther than this beside it, and begins no higher above it. [m]"""


@check("CL11", "narrow-stage-passage")
def narrow_stage_passage(subject: Subject, rule: Rule, *, passage: Length) -> Iterator[Finding | Remark]:
    """There is too little room to pass between a stage's walls and its background: drape, set or LED wall.

    Of what is at least half as wide as the stage and stands on it or round it, the free distance to the walls of the room.
    One finding for each such thing.

    passage : least free distance
    """
    scene, show = subject.scene, subject.scene.about.units
    stages = [space for space in scene.of(Space) if space.use == "stage"]
    if not stages or not scene.rooms:
        raise NotChecked("no stage is drawn" if not stages else "no room is drawn")
    found: dict[str, Finding] = {}
    walls = Sort(systems=("wall",), blocks=("architecture",))
    for near in nearest(scene, Sort(systems=("drape", "set", "video")), walls, passage):
        part = near.a
        if (
            near.size < passage - EXACT
            and part.element not in found
            and any(_background(part, stage) for stage in stages)
        ):
            found[part.element] = rule.finding(
                f"{units.length(near.size, show)} between {part.element} and {near.b.label}, asked {units.length(passage, show)}",
                elements=(part.element, near.b.element), group=part.element, measured=near.size, required=float(passage), unit="m",
                at=near.at_a, fix=f"move it {by(passage - near.size, show)} away from the wall",
            )  # fmt: skip
    yield from found.values()


def _background(part: Part, stage: Space) -> bool:
    """Is it wide, and does it stand on a stage or round it?"""
    import shapely

    points = np.concatenate([solid.vertices for solid in part.solids()])
    plan = shapely.convex_hull(shapely.multipoints(points[:, :2]))
    wide = _length(plan) >= _WIDE * _length(stage.outline.polygon)
    near = plan.distance(stage.outline.polygon) <= _REACH
    return bool(wide and near and points[:, 2].min() <= stage.floor + _REACH)


def _length(plan: Any) -> float:
    """The longer side of the narrowest rectangle round it, whichever way it is turned. [m]"""
    import shapely

    ring = shapely.get_coordinates(shapely.minimum_rotated_rectangle(plan))
    return float(np.linalg.norm(np.diff(ring, axis=0), axis=1).max(initial=0.0))
