"""Crossed paths: what flown pieces meet between cues."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from stagecraft import units
from stagecraft.analysis.sweeps import Crossing, crossings, swept
from stagecraft.checks._check import NotChecked, Passed, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import triple
from stagecraft.scene import Scene


@check("CL12", "crossed-path")
def crossed_path(subject: Subject, rule: Rule) -> Iterator[Finding | Passed]:
    """A flown piece runs into something on its way from one cue to the next.

    Between the set-up as it stands and its cues, in the order of the file, pieces move in a straight line between their
    places; what hangs from a truss moves with it. Things that do not move with them are looked at, drape, rails and lamps
    too, people not. One finding for each piece that moves, and what it meets.
    """
    scenes = (subject.scene, *subject.cues)
    if len(scenes) < 2:
        raise NotChecked("no cues to move between")
    show, moves = subject.scene.about.units, 0
    found: dict[tuple[str, str], tuple[Scene, Scene, Crossing]] = {}
    for before, after in pairwise(scenes):
        sweeps = swept(before, after)
        moves += len({sweep.root for sweep in sweeps})
        for one in crossings(after, sweeps):
            key = one.sweep.root, one.part.element
            if key not in found or one.piece.volume > found[key][2].piece.volume:
                found[key] = before, after, one
    if not moves:
        raise NotChecked("nothing that hangs moves between its cues")
    for (root, other), (before, after, one) in found.items():
        start, end = (units.length(float(at[2]), show) for at in (one.sweep.start, one.sweep.end))
        way = f"from {start} to {end}" if start != end else "sideways"
        what = one.sweep.part.label if one.sweep.part.element != root else root
        yield rule.finding(
            f"{what} on its way {way}, {_cue(before)} to {_cue(after)}, runs into {one.part.label}",
            elements=tuple(dict.fromkeys((root, one.sweep.part.element, other))), group=f"{root} × {other}",
            measured=one.piece.volume, required=0.0, unit="m³", at=triple(one.piece.points.mean(axis=0)),
            fix=f"move {other} out of its way, or {root}",
        )  # fmt: skip
    if not found:
        yield Passed(f"{moves} move{'s' if moves > 1 else ''} between cues, nothing in the way")


def _cue(scene: Scene) -> str:
    return f"cue {scene.about.cue}" if scene.about.cue else "the set-up as it stands"
