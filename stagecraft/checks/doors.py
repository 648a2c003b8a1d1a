"""Blocked doors: leaves that do not open, and doorways that are not free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import carries, footprints, occupants
from stagecraft.checks._check import NotChecked, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats, triple
from stagecraft.geometry.outline import from_polygon
from stagecraft.scene import Door, Part

_SILL = 0.02
"""Leaves pass over thresholds. [m]"""
_KNEE = 0.5
"""Places on a floor this much lower are no matter of a door's. [m]"""
_SIDES = 12
"""Pieces of a leaf's quarter circle."""


@check("CL10", "blocked-door")
def blocked_door(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """A door does not open all the way, or something stands in its doorway.

    The quarter circle that each leaf sweeps, inwards or outwards, and the doorway itself, from the floor to the door's
    height; places count too. Leaves hang at the sides of the doorway. One finding a door.
    """
    doors, show = subject.scene.of(Door), subject.scene.about.units
    if not doors:
        raise NotChecked("no doors are drawn")
    standing = Standing(subject)
    for door in doors:
        swept, doorway = in_sweep(standing, door), {}
        if door.depth > 2e-3:
            doorway = standing.within(_doorway(door), *_heights(door), door.element)
        if not swept and not doorway:
            continue
        things = swept | doorway
        names = list(things)
        points = things[names[0]][1]
        how = {"in": "opening inwards", "out": "opening outwards", "slide": "sliding"}[door.swing]
        leaf = door.width / door.leaves
        if swept:
            free, asked = _free(door, points), leaf
            told = f"{names[0]} stands {units.length(free, show)} from its hinges, its lea{'ves are' if door.leaves > 1 else 'f is'}"
            told += f" {units.length(leaf, show)} wide"
            fix = f"move it {by(leaf - free, show)} away, or hang the door otherwise"
        else:
            free, asked = _past(door, points), door.width
            told = (
                f"{names[0]} stands in the doorway and leaves {units.length(free, show)} of {units.length(asked, show)}"
            )
            fix = f"move {things[names[0]][0]} out of it"
        yield rule.finding(
            f"door {door.name}, {how}: {told}",
            elements=tuple(dict.fromkeys((door.element, *(owner for owner, _ in things.values())))),
            group=f"door {door.name}", measured=free, required=asked, unit="m", at=triple(points.mean(axis=0)),
            details=tuple(names[1:]), fix=fix,
        )  # fmt: skip


class Standing:
    """What stands in a space at a door: things, and places that are given."""

    def __init__(self, subject: Subject) -> None:
        import shapely

        self.subject = subject
        self.seats = subject.scene.seats.where(subject.scene.seats.status != "kill")
        self.plans = footprints(self.seats)
        self.tree = shapely.STRtree(self.plans)

    def within(self, zone: Any, low: float, high: float, element: str) -> dict[str, tuple[str, Floats]]:
        """Label → (element, corners (n, 3)) of all that reaches into a plan between two heights; `element` and what
        belongs to it left out."""
        import shapely

        def may(part: Part) -> bool:
            return carries(self.subject.scene, part.element, element)

        out: dict[str, tuple[str, Floats]] = {}
        for one in occupants(self.subject.bodies, from_polygon(zone), low, high, may):
            out.setdefault(one.part.label, (one.part.element, one.points))
        sat = self.tree.query(zone.buffer(-1e-3, join_style="mitre"), predicate="intersects")
        floor = self.seats.at[sat, 2]
        sat = np.sort(sat[(floor > low - _KNEE) & (floor < high)])
        for owner in dict.fromkeys(self.seats.element[sat].tolist()):
            mine = sat[self.seats.element[sat] == owner]
            points = shapely.get_coordinates(self.plans[mine])
            label = f"{len(mine)} place{'s' if len(mine) > 1 else ''} of {owner}"
            out[label] = owner, np.c_[points, np.full(len(points), low)]
        return out


def in_sweep(standing: Standing, door: Door) -> dict[str, tuple[str, Floats]]:
    """What stands where the leaves of a door move."""
    out: dict[str, tuple[str, Floats]] = {}
    for zone in _swept(door):
        for label, thing in standing.within(zone, *_heights(door), door.element).items():
            out.setdefault(label, thing)
    return out


def _heights(door: Door) -> tuple[float, float]:
    return float(door.at[2]) + _SILL, float(door.at[2]) + door.height


def _hinges(door: Door) -> tuple[Floats, Floats, Floats]:
    """Both sides of the doorway on the face of the wall that leaves move over, and the way they open."""
    out, (a, b) = door.out, door.sides
    return (a + out * door.depth, b + out * door.depth, out) if door.swing == "out" else (a, b, -out)


def _doorway(door: Door) -> Any:
    """Plan of the opening in the wall."""
    import shapely

    out, (a, b) = door.out, door.sides
    return shapely.Polygon([a, b, b + out * door.depth, a + out * door.depth])


def _swept(door: Door) -> Iterator[Any]:
    """Plans of what the leaves sweep."""
    import shapely

    if door.swing == "slide":
        return
    a, b, opens = _hinges(door)
    leaf = door.width / door.leaves if door.leaves <= 2 else door.width / 2
    angle = np.radians(np.linspace(0, 90, _SIDES + 1))
    for hinge, other in ((a, b), (b, a))[: min(door.leaves, 2)]:
        along = (other - hinge) / np.linalg.norm(other - hinge)
        arc = hinge + leaf * (np.cos(angle)[:, None] * along + np.sin(angle)[:, None] * opens)
        yield shapely.Polygon([hinge, *arc])


def _past(door: Door, points: Floats) -> float:
    """Widest way past what stands in a doorway. [m]"""
    across = (points[:, :2] - door.at[:2]) @ door.along
    return max(float(across.min()) + door.width / 2, door.width / 2 - float(across.max()), 0.0)


def _free(door: Door, points: Floats) -> float:
    """From the nearer hinge to the nearest of the points in plan. [m]"""
    import shapely

    a, b, _ = _hinges(door)
    hull = shapely.MultiPoint(points[:, :2]).convex_hull
    return float(min(shapely.distance(hull, shapely.Point(hinge)) for hinge in ((a, b) if door.leaves > 1 else (a,))))
