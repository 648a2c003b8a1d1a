"""Near exits and fire points: what stands in the way to them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import carries, footprints, occupants, triple
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, from_polygon
from stagecraft.scene import Door, KeepClear, Part, Scene

_SILL = 0.02
"""Thresholds and cable ramps are stepped over. [m]"""


@check("CL09", "near-exit-or-fire-point")
def near_exit(subject: Subject, rule: Rule, *, exit: Length, fire: Length) -> Iterator[Finding | Remark]:
    """Something stands in front of a way out or of a fire point.

    The space before each exit, as wide and high as the door, and before each fire point. Places count too. What stands in
    the sweep of a leaf is for `blocked-door`. One finding for each exit or fire point, with all that is in the way.

    exit : depth kept free before an exit
    fire : depth kept free before a fire point
    """
    import shapely

    scene = subject.scene
    zones = [(f"exit {door.name}", door.element, *_before(door, exit), exit) for door in scene.of(Door) if door.exit]
    zones += [(space.element, space.element, *_reach(scene, space, fire), fire)
              for space in scene.of(KeepClear) if space.use == "fire"]  # fmt: skip
    if not zones:
        raise NotChecked("no exit and no fire point is drawn")
    seats = scene.seats.where(scene.seats.status != "kill")
    plans = footprints(seats)
    tree = shapely.STRtree(plans)
    for name, element, zone, low, high, front, depth in zones:

        def may(part: Part, element: str = element) -> bool:
            return carries(scene, part.element, element)

        things = [
            (one.part.label, one.part.element, one.points) for one in occupants(subject.bodies, zone, low, high, may)
        ]
        inner = zone.polygon.buffer(-1e-3, join_style="mitre")
        sat = tree.query(inner, predicate="intersects")
        sat = np.sort(sat[(seats.at[sat, 2] > low - 0.5) & (seats.at[sat, 2] < high)])
        for owner in dict.fromkeys(seats.element[sat].tolist()):
            mine = sat[seats.element[sat] == owner]
            label = f"{len(mine)} place{'s' if len(mine) > 1 else ''} of {owner}"
            points = shapely.get_coordinates(plans[mine])
            things.append((label, owner, np.c_[points, np.full(len(points), low)]))
        if not things:
            continue
        a, b = front
        along = (b - a) / np.linalg.norm(b - a)
        yield _finding(subject, rule, name, element, things, a, np.array([-along[1], along[0]]), depth, zone)


def _finding(
    subject: Subject, rule: Rule, name: str, element: str, things: list[tuple[str, str, Floats]], a: Floats, way: Floats,
    depth: float, zone: Outline,
) -> Finding:  # fmt: skip
    show = subject.scene.about.units
    if (zone.polygon.centroid.coords[0] - a) @ way < 0:
        way = -way
    gaps = [max(float(((points[:, :2] - a) @ way).min()), 0.0) for _, _, points in things]
    order = np.argsort(gaps, kind="stable").tolist()
    lines = [f"{things[k][0]} {units.length(gaps[k], show)} from it" for k in order]
    k = order[0]
    return rule.finding(
        f"{name}: {lines[0]}, asked {units.length(depth, show)} free",
        elements=tuple(dict.fromkeys((element, *(things[n][1] for n in order)))), group=name, measured=gaps[k],
        required=float(depth), unit="m", at=triple(things[k][2].mean(axis=0)), details=tuple(lines[1:]),
        fix=f"move it {units.small(np.ceil((depth - gaps[k]) * 100 - 1e-6) / 100, show)} away",
    )  # fmt: skip


def _before(door: Door, depth: float) -> tuple[Outline, float, float, tuple[Floats, Floats]]:
    """The space inside before a door: plan, low, high, and its edge at the door."""
    import shapely

    out = np.array([np.cos(np.radians(door.heading)), np.sin(np.radians(door.heading))])
    along = np.array([-out[1], out[0]]) * door.width / 2
    a, b = door.at[:2] - along, door.at[:2] + along
    zone = shapely.Polygon([a, b, b - out * depth, a - out * depth])
    return from_polygon(zone), float(door.at[2]) + _SILL, float(door.at[2]) + door.height, (a, b)


def _reach(scene: Scene, space: KeepClear, depth: float) -> tuple[Outline, float, float, tuple[Floats, Floats]]:
    """The space before a fire point, from that edge of what is kept clear which is nearest to it."""
    import shapely

    points = space.outline.outer.points
    boxes = [part.bounds.mean(axis=0)[:2] for part in scene.parts if part.element == space.element and part.count]
    middle = np.mean(boxes, axis=0) if boxes else points.mean(axis=0)
    after = np.roll(points, -1, axis=0)
    k = int(np.linalg.norm((points + after) / 2 - middle, axis=1).argmin())
    a, b = points[k], after[k]
    way = np.array([-(b - a)[1], (b - a)[0]]) / np.linalg.norm(b - a)  # inwards: outlines run anticlockwise
    zone = from_polygon(shapely.Polygon([a, b, b + way * depth, a + way * depth]))
    return zone, space.low + _SILL, space.high, (a, b)
