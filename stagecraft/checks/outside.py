"""Outside the room: things that stand where no room is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.gaps import Bodies
from stagecraft.checks._check import NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats, triple
from stagecraft.geometry.gaps import WALL_TOLERANCE
from stagecraft.scene import Scene, Seats, Space


@check("MD02", "outside-room", model="error")
def outside_room(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """A solid or a place reaches beyond every room's outline or above its ceiling.

    One finding an element and direction. The architecture itself (walls, columns, a balcony that is built in) is the
    room; what reaches out by less than 1 mm stands against the wall.
    """
    scene = subject.scene
    if not scene.rooms:
        raise NotChecked("no room is drawn")
    import shapely

    plan = shapely.union_all([room.outline.polygon for room in scene.rooms]).buffer(WALL_TOLERANCE, join_style="mitre")
    shapely.prepare(plan)
    walls = {room.element for room in scene.rooms}
    show = scene.about.units
    beyond: dict[str, tuple[float, Floats, str]] = {}
    above: dict[str, tuple[float, Floats, str]] = {}
    for element, what, points in _points(scene, subject.bodies, plan, walls):
        out = ~shapely.intersects_xy(plan, points[:, 0], points[:, 1])
        if out.any():
            gap = shapely.distance(plan, shapely.points(points[out, :2])) + WALL_TOLERANCE
            _worst(beyond, element, float(gap.max()), points[out][int(gap.argmax())], what)
        inside = points[~out]
        over = inside[:, 2] - _ceiling(scene.rooms, inside[:, :2])
        if len(over) and over.max() > WALL_TOLERANCE:
            _worst(above, element, float(over.max()), inside[int(over.argmax())], what)
    for element, (size, at, what) in beyond.items():
        yield rule.finding(
            f"{what} reaches {units.length(size, show)} beyond the room", elements=(element,), group="beyond",
            measured=size, required=0.0, unit="m", at=triple(at), fix=f"move it {units.length(size, show)} inwards",
        )  # fmt: skip
    for element, (size, at, what) in above.items():
        yield rule.finding(
            f"{what} reaches {units.length(size, show)} above the ceiling", elements=(element,), group="above",
            measured=size, required=0.0, unit="m", at=triple(at), fix=f"lower it by {units.length(size, show)}",
        )  # fmt: skip


def _worst(into: dict[str, tuple[float, Floats, str]], element: str, size: float, at: Floats, what: str) -> None:
    if element not in into or size > into[element][0]:
        into[element] = size, at, what


def _points(scene: Scene, bodies: Bodies, plan: Any, walls: set[str]) -> Iterator[tuple[str, str, Floats]]:
    """(element, what it is, corners) of all that may not stand outside; solids whose box is well inside are left out."""
    import shapely

    lowest = min(_lowest(room) for room in scene.rooms)
    box = shapely.box(*bodies.low[:, :2].T, *bodies.high[:, :2].T)
    near = ~shapely.contains_properly(plan, box) | (bodies.high[:, 2] > lowest)
    for body in np.flatnonzero(near & ~bodies.chair).tolist():
        part = bodies.parts[bodies.part[body]]
        if part.element in walls or part.blocks == "architecture":
            continue
        matrix = part.transforms[bodies.copy[body]]
        yield part.element, part.label, part.solid.vertices @ matrix[:3, :3].T + matrix[:3, 3]
    for part in scene.parts:
        if not part.count or not part.soft or part.element in walls or part.blocks == "architecture":
            continue
        low, high = part.bounds
        if not plan.contains_properly(shapely.box(*low[:2], *high[:2])) or high[2] > lowest:
            yield part.element, part.label, np.concatenate([solid.vertices for solid in part.solids()])
    seats = scene.seats
    for element in dict.fromkeys(seats.element.tolist()):
        some = seats.where(seats.element == element)
        yield element, f"seating {element}", _feet(some)


def _feet(seats: Seats) -> Floats:
    """Corners of every place on its floor, and its eye."""
    look = np.radians(seats.facing)
    ahead = np.stack([np.cos(look), np.sin(look)], axis=1) * seats.depth[:, None] / 2
    aside = np.stack([np.sin(look), -np.cos(look)], axis=1) * seats.width[:, None] / 2
    corners = [seats.at[:, :2] + i * ahead + j * aside for i in (-1, 1) for j in (-1, 1)]
    return np.concatenate([*(np.c_[corner, seats.at[:, 2]] for corner in corners), seats.eyes])


def _lowest(room: Space) -> float:
    return min([room.ceiling, *(height for _, height in room.zones)])


def _ceiling(rooms: tuple[Space, ...], xy: Floats) -> Floats:
    """Height of the ceiling over points in plan: the highest of the rooms there."""
    import shapely

    out = np.full(len(xy), -np.inf)
    for room in rooms:
        area = room.outline.polygon.buffer(WALL_TOLERANCE, join_style="mitre")
        here = shapely.intersects_xy(area, xy[:, 0], xy[:, 1])
        height = np.full(len(xy), room.ceiling)
        for outline, level in room.zones:
            height[shapely.contains_xy(outline.polygon, xy[:, 0], xy[:, 1])] = level
        out = np.where(here, np.maximum(out, height), out)
    return out
