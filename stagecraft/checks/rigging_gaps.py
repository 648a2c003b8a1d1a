"""Near rigging: what hangs close to the ceiling or to what is built."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import Sort, hangs, nearest
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats, Triple, triple
from stagecraft.geometry.outline import Outline
from stagecraft.scene import Part, Scene


@check("CL04", "near-rigging")
def near_rigging(subject: Subject, rule: Rule, *, ceiling: Length, beside: Length) -> Iterator[Finding | Passed]:
    """Trusses and what hangs from them come close to the ceiling, a balcony, a duct or a wall.

    The free height to the ceiling over each thing, and the free distance to anything built. One finding for each thing
    that hangs, with what is nearest to it. Hoists and their chains are not drawn and need more.

    ceiling : least free height under the ceiling
    beside : least distance to a balcony, a low part of the ceiling, a column or a wall
    """
    scene, show = subject.scene, subject.scene.about.units
    hung = [part for part in scene.parts if part.count and part.system != "person" and hangs(scene, part)]
    if not hung:
        raise NotChecked("nothing hangs")
    near: dict[str, list[tuple[float, float, str, str, Triple]]] = {}
    least = np.inf
    for part in hung:
        gap, at = _under(scene, part)
        least = min(least, gap)
        if gap < ceiling - EXACT:
            near.setdefault(part.element, []).append((gap / ceiling, gap, "", "the ceiling", at))
    for pair in nearest(scene, Sort(hung=True), Sort(blocks=("architecture",), hung=False), beside):
        if pair.size < beside - EXACT and pair.size > 0 and pair.a.element not in _on_floor(scene, pair.a):
            near.setdefault(pair.a.element, []).append(
                (pair.size / beside, pair.size, pair.b.element, pair.b.label, pair.at_a)
            )
    if not near and np.isfinite(least):
        yield Passed(f"{units.length(least, show)} under the ceiling at least, asked {units.length(ceiling, show)}")
    for element, found in sorted(near.items(), key=lambda item: min(item[1])[0]):
        found.sort()
        _, gap, other, _, at = found[0]
        asked = beside if other else ceiling
        lines = [f"{units.small(max(size, 0.0), show)} from {what}" for _, size, _, what, _ in found]
        label = scene.elements[element].name if element in scene.elements and scene.elements[element].name else element
        yield rule.finding(
            f"{label} hangs {lines[0]}, asked {units.small(asked, show)}", elements=(element, other) if other else (element,),
            group=element, measured=max(gap, 0.0), required=float(asked), unit="m", at=at, details=tuple(dict.fromkeys(lines[1:])),
            fix=f"{'move' if other else 'lower'} it by {by(asked - gap, show)}",
        )  # fmt: skip


def _on_floor(scene: Scene, part: Part) -> set[str]:
    """The part's element where it stands on a floor: a ground-support tower."""
    floor = scene.ground
    return {part.element} if part.bounds[0, 2] <= floor + EXACT else set()


def _under(scene: Scene, part: Part) -> tuple[float, Triple]:
    """Least free height from a part's top to the ceiling over it, and where; infinite outside every room. [m]"""
    import shapely

    best, where = np.inf, np.zeros(3)
    for solid in part.solids():
        for room in scene.rooms:
            inside = shapely.intersects_xy(room.outline.polygon, solid.vertices[:, 0], solid.vertices[:, 1])
            if not inside.any():
                continue
            points = solid.vertices[inside]
            gap = _ceiling(room.ceiling, room.zones, points) - points[:, 2]
            k = int(gap.argmin())
            if gap[k] < best:
                best, where = float(gap[k]), points[k]
    return best, triple(where)


def _ceiling(height: float, zones: tuple[tuple[Outline, float], ...], points: Floats) -> Floats:
    """(n,) height of the ceiling over points."""
    import shapely

    out = np.full(len(points), height)
    for outline, level in zones:
        out[shapely.contains_xy(outline.polygon, points[:, 0], points[:, 1])] = level
    return out
