"""Blocked doors: leaves that do not open, and doorways that are not free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import carries, footprints, occupants, triple
from stagecraft.checks._check import NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import from_polygon
from stagecraft.scene import Door, Part

_SILL = 0.02
"""Leaves pass over thresholds. [m]"""
_SIDES = 12
"""Pieces of a leaf's quarter circle."""


@check("CL10", "blocked-door")
def blocked_door(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """A door does not open all the way, or something stands in its doorway.

    The quarter circle that each leaf sweeps, inwards or outwards, and the doorway itself, from the floor to the door's
    height; places count too. Leaves hang at the sides of the doorway. One finding a door.
    """
    import shapely

    scene, show = subject.scene, subject.scene.about.units
    doors = scene.of(Door)
    if not doors:
        raise NotChecked("no doors are drawn")
    seats = scene.seats.where(scene.seats.status != "kill")
    plans = footprints(seats)
    tree = shapely.STRtree(plans)
    for door in doors:

        def may(part: Part, door: Door = door) -> bool:
            return carries(scene, part.element, door.element)

        low, high = float(door.at[2]) + _SILL, float(door.at[2]) + door.height
        found: dict[str, tuple[str, Floats]] = {}
        for zone in _swept(door):
            for one in occupants(subject.bodies, from_polygon(zone), low, high, may):
                found.setdefault(one.part.label, (one.part.element, one.points))
            sat = tree.query(zone.buffer(-1e-3, join_style="mitre"), predicate="intersects")
            for k in np.sort(sat[(seats.at[sat, 2] > low - 0.5) & (seats.at[sat, 2] < high)]).tolist():
                points = shapely.get_coordinates(plans[k])
                found.setdefault(
                    f"places of {seats.element[k]}", (str(seats.element[k]), np.c_[points, np.full(len(points), low)])
                )
        if not found:
            continue
        names = list(found)
        points = found[names[0]][1]
        how = {"in": "opening inwards", "out": "opening outwards", "slide": "sliding"}[door.swing]
        free = _free(door, points)
        yield rule.finding(
            f"door {door.name}, {how}: {names[0]} stands {units.length(free, show)} from its hinges"
            f" in what its {'leaves sweep' if door.leaves > 1 else 'leaf sweeps'}, asked {units.length(door.width / door.leaves, show)}",
            elements=tuple(dict.fromkeys((door.element, *(owner for owner, _ in found.values())))), group=f"door {door.name}",
            measured=free, required=door.width / door.leaves, unit="m", at=triple(points.mean(axis=0)), details=tuple(names[1:]),
            fix=f"move it {units.small(np.ceil((door.width / door.leaves - free) * 100 - 1e-6) / 100, show)} away",
        )  # fmt: skip


def _hinges(door: Door) -> tuple[Floats, Floats, Floats]:
    """Both sides of the doorway on the face of the wall that leaves move over, and the way they open."""
    out = np.array([np.cos(np.radians(door.heading)), np.sin(np.radians(door.heading))])
    along = np.array([-out[1], out[0]]) * door.width / 2
    opens = out if door.swing == "out" else -out
    face = door.at[:2] + (out * door.depth if door.swing == "out" else 0.0)
    return face - along, face + along, opens


def _swept(door: Door) -> Iterator[Any]:
    """Plans of what the leaves sweep, and of the doorway."""
    import shapely

    a, b, opens = _hinges(door)
    out = opens if door.swing == "out" else -opens
    inner_a, inner_b = (p - out * (door.depth if door.swing == "out" else 0.0) for p in (a, b))
    if door.depth > 2e-3:
        yield shapely.Polygon([inner_a, inner_b, inner_b + out * door.depth, inner_a + out * door.depth])
    if door.swing == "slide":
        return
    leaf = door.width / door.leaves if door.leaves <= 2 else door.width / 2
    angle = np.radians(np.linspace(0, 90, _SIDES + 1))
    for hinge, other in ((a, b), (b, a))[: max(1, min(door.leaves, 2))]:
        along = (other - hinge) / np.linalg.norm(other - hinge)
        arc = hinge + leaf * (np.cos(angle)[:, None] * along + np.sin(angle)[:, None] * opens)
        yield shapely.Polygon([hinge, *arc])


def _free(door: Door, points: Floats) -> float:
    """From the nearer hinge to the nearest of the points in plan. [m]"""
    import shapely

    a, b, _ = _hinges(door)
    hull = shapely.MultiPoint(points[:, :2]).convex_hull
    return float(min(shapely.distance(hull, shapely.Point(hinge)) for hinge in ((a, b) if door.leaves > 1 else (a,))))
