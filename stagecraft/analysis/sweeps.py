"""What flown pieces pass through on their way from one cue to the next. No thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.analysis.clearances import carries, hangs
from stagecraft.analysis.gaps import Bodies
from stagecraft.geometry import gaps
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.gaps import TOUCH, Common
from stagecraft.scene import Part, Scene

_STILL = 1e-6
"""What moves by less than this stands still. [m]"""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The room that one flown piece takes on its way: the hull of where it begins and where it ends."""

    part: Part
    """Where it ends."""
    root: str
    """The element that moves it: itself, or what it hangs from."""
    start: Floats
    """(3,) of its lowest corner before, and after. [m]"""
    end: Floats
    hull: Any
    """As a manifold."""
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Crossing:
    """Something that a flown piece meets on its way."""

    sweep: Sweep
    part: Part
    piece: Common


def swept(before: Scene, after: Scene) -> tuple[Sweep, ...]:
    """Every flown piece that hangs in both scenes and not at the same place, copy by copy.

    It is taken to move in a straight line. Pieces that are exchanged rather than moved are left out.
    """
    old = dict(_keyed(before))
    moved = [
        (part, old[key], k)
        for key, part in _keyed(after)
        if key in old and old[key].count == part.count and np.array_equal(old[key].solid.vertices, part.solid.vertices)
        for k in np.flatnonzero(np.abs(old[key].transforms - part.transforms).max(axis=(1, 2)) > _STILL).tolist()
    ]
    movers = {part.element for part, _, _ in moved}
    return tuple(_sweep(after, part, twin, k, movers) for part, twin, k in moved)


def _keyed(scene: Scene) -> Iterator[tuple[tuple[str, str, int], Part]]:
    """Flown parts by element, name and number."""
    count: dict[tuple[str, str], int] = {}
    for part in scene.parts:
        if part.system != "person" and not part.of_seats and hangs(scene, part):
            name = part.element, part.name
            count[name] = count.get(name, 0) + 1
            yield (*name, count[name]), part


def _sweep(scene: Scene, part: Part, twin: Part, k: int, movers: set[str]) -> Sweep:
    import manifold3d

    ends = [
        part.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3] for matrix in (twin.transforms[k], part.transforms[k])
    ]
    points = np.concatenate(ends)
    root = [one for one in (part.element, *scene.carriers(part.element)) if one in movers][-1]
    lowest = [corners[int(corners[:, 2].argmin())] for corners in ends]
    hull = manifold3d.Manifold.hull_points(np.ascontiguousarray(points))
    return Sweep(part, root, lowest[0], lowest[1], hull, points.min(axis=0), points.max(axis=0))


def crossings(after: Scene, sweeps: Sequence[Sweep]) -> Iterator[Crossing]:
    """What the pieces meet: things that do not move with them, cloth and rails too, people and chairs not."""
    bodies = Bodies(after, soft=("drape", "rail", "light"))
    movers = {sweep.part.element for sweep in sweeps}
    still = np.array([not part.of_seats and part.element not in movers for part in bodies.parts], bool)
    if not len(sweeps) or not len(bodies.parts):
        return
    for sweep in sweeps:
        others = np.array([not carries(after, part.element, sweep.part.element) for part in bodies.parts], bool)
        among = np.flatnonzero((still & others)[bodies.part])
        _, hits = bodies.touching(sweep.low[None] + TOUCH, sweep.high[None] - TOUCH, among)
        for k in hits.tolist():
            solid = bodies.placed(k)
            piece = None if solid is None else gaps.common(sweep.hull, solid)
            if piece is not None:
                yield Crossing(sweep, bodies.parts[bodies.part[k]], piece)
