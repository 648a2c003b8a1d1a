"""Crossed beams: what stands between a projector and its picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from stagecraft import units
from stagecraft.analysis.beams import Beam, Blocked, beams, blocked, heads, projectors
from stagecraft.analysis.gaps import Bodies
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene, Screen, Target, Walkway

_SLACK = 0.01
"""A throw within this part of a lens's range is in it."""


@check("CL06", "crossed-beam")
def crossed_beam(subject: Subject, rule: Rule, *, standing: Length) -> Iterator[Finding | Remark]:
    """Things or people are in the light of a projector.

    The beam goes from the middle of a projector's front to the corners of the projection screen that it looks at. Rig, set,
    drape and what is built must be out of it, and so must people who stand at their places, in gangways, or where presenters
    stand and walk. What is in the way of a camera is for `blocked-camera`. One finding a projector.

    standing : height of people who stand
    """
    scene, show = subject.scene, subject.scene.about.units
    if not any(screen.kind == "projection" for screen in scene.of(Screen)):
        raise NotChecked("nothing is projected on")
    if not projectors(scene):
        raise NotChecked("no projector is drawn: a beam is known by where its lens stands")
    every = beams(scene)
    idle = [part.label for part in projectors(scene) if not any(beam.part is part for beam in every)]
    if idle:
        yield Remark(f"looks at no projection screen: {', '.join(idle)}")
    bodies = Bodies(scene, soft=("drape", "rail", "light"))
    floors = _floors(scene)
    for beam in every:
        yield from _throw(scene, beam)
        things = _together(blocked(scene, bodies, beam))
        lines = [f"{one.part.element} {units.length(one.away, show)} from the lens" for one in things]
        fixes, at = [], things[0].at if things else None
        if things:
            down = things[0].down <= things[0].up
            far = by(min(things[0].down, things[0].up), show)
            fixes.append(f"{'lower' if down else 'raise'} {things[0].part.element} by {far}")
        least = np.inf
        for name, points in floors:
            here = heads(beam, points, standing)
            if here.any():
                free = beam.height(points[here, :2])[0] - points[here, 2]
                k = int(free.argmin())
                lines.append(
                    f"people at {name}: it comes down to {units.length(max(float(free[k]), 0.0), show)} over their floor"
                )
                if free[k] < least:
                    least, x = float(free[k]), points[here][k]
                    at = at or (float(x[0]), float(x[1]), float(x[2]))
        if not lines:
            continue
        if np.isfinite(least):
            fixes.append(
                f"raise the picture's lower edge or the projector so that the beam is {by(standing - least, show)} higher there"
            )
        yield rule.finding(
            f"the beam of {beam.tag} to {beam.screen.element} is crossed: {lines[0]}"
            + (f", asked {units.length(standing, show)}" if not things else ""),
            elements=tuple(dict.fromkeys((beam.part.element, beam.screen.element, *(one.part.element for one in things)))),
            target=beam.screen.element, group=beam.tag, measured=least if np.isfinite(least) else 0.0, required=float(standing),
            unit="m", at=at, details=tuple(lines[1:]), fix="; ".join(fixes),
        )  # fmt: skip


def _together(every: Iterable[Blocked]) -> list[Blocked]:
    """One for each element, the nearest to the lens first: how far all of it would have to move."""
    out: dict[str, Blocked] = {}
    for one in sorted(every, key=lambda one: one.away):
        known = out.setdefault(one.part.element, one)
        out[one.part.element] = replace(known, down=max(known.down, one.down), up=max(known.up, one.up))
    return list(out.values())


def _throw(scene: Scene, beam: Beam) -> Iterator[Remark]:
    """What the lens would have to do that it does not."""
    item = scene.items[beam.part.item]
    low, high = item.throw_min, item.throw_max
    if low is None and high is None:
        yield Remark(f"{beam.tag}: the catalogue knows no lens; this picture needs a throw of {beam.throw:.2f} to 1")
    elif (low is not None and beam.throw < low * (1 - _SLACK)) or (
        high is not None and beam.throw > high * (1 + _SLACK)
    ):
        span = f"{low or 0:g} to {high:g}" if high is not None else f"{low:g} or more"
        yield Remark(f"{beam.tag}: its lens throws {span} to 1, this picture needs {beam.throw:.2f} to 1")


def _floors(scene: Scene) -> list[tuple[str, Floats]]:
    """(what, points (n, 3)) of floors on which people stand."""
    seats = scene.seats
    taken = seats.status != "kill"
    out = [
        (f"places of {one}", seats.at[taken & (seats.element == one)]) for one in dict.fromkeys(seats.element.tolist())
    ]
    for way in scene.of(Walkway):
        out.append((way.name, _along(way.line)))
    for target in scene.of(Target):
        points = np.asarray(target.points, float).reshape(-1, 3)
        if target.role == "person":
            foot = points.mean(axis=0)[None] * (1.0, 1.0, 0.0) + (0.0, 0.0, _floor_of(scene, target))
            out.append((target.name, foot))
        elif target.role == "floor" and target.kind == "surface":
            out.append((target.name, _along(np.concatenate([points, points[:1]]))))
    return out


def _floor_of(scene: Scene, target: Target) -> float:
    """Level that a person's feet stand on."""
    low = [part.bounds[0, 2] for part in scene.parts if part.element == target.element and part.system == "person"]
    return float(min(low)) if low else float(np.asarray(target.points, float).reshape(-1, 3)[:, 2].min())


def _along(line: Floats) -> Floats:
    """Points on a line, a quarter of a metre apart."""
    out = [line[:1]]
    for a, b in pairwise(line):
        count = max(1, int(np.ceil(np.linalg.norm(b - a) / 0.25)))
        out.append(a + (np.arange(1, count + 1) / count)[:, None] * (b - a))
    return np.concatenate(out)
