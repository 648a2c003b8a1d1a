"""Stages that only steps lead up to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._words import ramp
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByLength
from stagecraft.scene import Scene, Space

_NEAR = 0.5
"""A ramp's head, or a lift, stands no farther from the stage that it serves. [m]"""
_LEVEL = 0.02
"""A step as low as this is rolled over. [m]"""


@check("AC07", "stage-without-ramp")
def stage_without_ramp(
    subject: Subject, rule: Rule, *, one_in: CountByLength, rise: Length | None = None, landing: Length | None = None,
    between: Length | None = None, lift: Length | None = None,
) -> Iterator[Finding | Passed]:  # fmt: skip
    """A stage has neither a ramp nor a lift: who uses a wheelchair cannot speak from it.

    A lift is an item whose name says so. One finding a stage; it says how long a ramp would be.

    one_in, rise, landing, between, lift : of a ramp, as in `steep-ramp`
    """
    scene, show = subject.scene, subject.scene.about.units
    floor = scene.ground
    stages = [space for space in scene.of(Space) if space.use == "stage" and space.floor > floor + _LEVEL]
    if not stages:
        raise NotChecked("no raised stage")
    for stage in stages:
        if served := _served(scene, stage):
            yield Passed(f"{served} leads up to {stage.element}")
            continue
        up = stage.floor - floor
        x, y = stage.outline.polygon.representative_point().coords[0]
        instead = ramp(up, one_in, np.inf if rise is None else float(rise), landing, between, lift, show)
        yield rule.finding(
            f"{stage.element}, {units.length(up, show)} high: neither ramp nor lift leads up", elements=(stage.element,),
            group=stage.element, measured=0.0, required=1.0, unit="ramps or lifts", at=(x, y, stage.floor),
            fix=f"{instead} (an item called a lift)" if instead.endswith("platform lift") else instead,
        )  # fmt: skip


def _served(scene: Scene, stage: Space) -> str:
    """The ramp or lift that leads up to a stage; empty where none does."""
    import shapely

    from stagecraft.scene import Walkway

    near = stage.outline.polygon.buffer(_NEAR)
    for way in scene.of(Walkway):
        top = way.line[int(way.line[:, 2].argmax())]
        if way.kind == "ramp" and abs(top[2] - stage.floor) <= _LEVEL and shapely.intersects_xy(near, top[0], top[1]):
            return way.name
    for part in scene.parts:
        item = scene.items.get(part.item)
        words = f"{scene.elements[part.element].name} {part.element} {item.model if item else ''}".casefold()
        if "lift" in words.replace("_", " ").replace("-", " ").split() and any(
            shapely.intersects(near, solid.footprint) for solid in part.solids()
        ):
            return scene.elements[part.element].name or part.element
    return ""
