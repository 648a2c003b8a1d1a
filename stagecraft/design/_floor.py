"""The floor of a room that places may stand on, seen by who sits there: +y is where they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.analysis.taken import BODY, corners
from stagecraft.geometry.frame import Floats, frame, heading, inverse
from stagecraft.scene import Door, KeepClear, Part, Scene, SeatRow, Space

UNDER = 2.0
"""Where something hangs lower than this over the floor nobody is seated. [m]"""
_FLAT = 1e-3
"""What is lower than this lies in the floor. [m]"""


@dataclass(frozen=True, eq=False)
class Floor:
    """A room in plan, turned so that its audience looks to +y. [m]"""

    element: str
    turn: float
    """By which the audience's +y is turned from the room's. [degrees]"""
    room: Any
    """Inside outline with holes."""
    things: Any
    """What stands there or must stay clear, as one shape."""
    takers: Any
    """Of those, what takes a place that is laid out there."""
    beside: tuple[tuple[str, Any, bool], ...]
    """Every one of those things: its element, its plan, and whether people may walk there."""
    doors: tuple[tuple[str, Floats, Floats, float], ...]
    """Ways out: name, middle, direction that leads out, clear width."""
    level: float
    height: float
    front: float
    """Line that the audience stays behind: the stage's front edge, or the room's end."""
    stage: str
    """Element whose edge that is; empty for the wall."""
    centre: float
    """x of the line that the audience is laid out about."""

    @property
    def area(self) -> float:
        """[m²]"""
        return float(self.room.area)

    def world(self, xy: Floats) -> Floats:
        """(n, 2) points of the room, from points as the audience sees them."""
        return np.asarray(xy, float) @ frame(turn=self.turn)[:2, :2].T


def floor(scene: Scene, within: str, turn: float = 0.0, aside: float = 0.3) -> Floor:
    """The floor of the room `within`. Raises KeyError where there is no such room.

    turn : where the audience looks, from +y anticlockwise, where no stage stands in the room; else to the largest [degrees]
    aside : kept free round places that stand there already [m]
    """
    import shapely

    room = {space.element: space for space in scene.rooms}[within]
    inside = room.outline.polygon
    stages = [s for s in scene.of(Space) if s.use == "stage" and s.outline.polygon.intersection(inside).area > 0.5]
    stage = max(stages, key=lambda s: (s.outline.area, s.element), default=None)
    if stage:
        turn = heading(scene.elements[stage.element].frame)
    back = inverse(frame(turn=turn))

    def seen(shape: Any) -> Any:
        return shapely.transform(shape, lambda p: p @ back[:2, :2].T) if turn else shape

    own = seen(inside)
    made = [(id, seen(shape), walk, takes) for id, shape, walk, takes in _things(scene, room, inside, aside)]
    found, takers = [one[:3] for one in made], shapely.union_all([shape for _, shape, _, takes in made if takes])
    doors = tuple(
        (door.name, back[:2, :2] @ door.at[:2], back[:2, :2] @ door.out, door.width)
        for door in scene.of(Door)
        if door.exit and door.element == within
    )
    low, _, high, top = own.bounds
    front, centre = (top, (low + high) / 2)
    if stage:
        edge = seen(stage.outline.polygon.intersection(inside))
        front, centre = edge.bounds[1], (edge.bounds[0] + edge.bounds[2]) / 2
    return Floor(
        within, turn, own, shapely.union_all([shape for _, shape, _ in found]), takers, tuple(found), doors, room.floor,
        room.ceiling - room.floor, front, stage.element if stage else "", centre,
    )  # fmt: skip


def _things(scene: Scene, room: Space, inside: Any, aside: float) -> Iterator[tuple[str, Any, bool, bool]]:
    """All that no place may stand in: element, plan, whether people may walk there, whether it takes places away."""
    import shapely

    low, high = room.floor + _FLAT, room.floor + UNDER
    for record in scene.records:
        if isinstance(record, Part):
            if record.of_seats or not record.count or record.bounds[0, 2] >= high or record.bounds[1, 2] <= low:
                continue
            near = [s for s in record.solids() if s.bounds[0, 2] < high and s.bounds[1, 2] > low]
            shape = shapely.union_all([solid.footprint for solid in near])
        elif isinstance(record, KeepClear):
            if not record.takes_seats or record.low >= room.floor + BODY or record.high <= low:
                continue
            shape = record.outline.polygon
        elif isinstance(record, Space):
            if record.use == "standing":
                shape = record.outline.polygon
            elif record is room:
                low_parts = [o.polygon for o, height in record.zones if height - room.floor < UNDER]
                shape = shapely.union_all(low_parts)
            else:
                continue
        elif isinstance(record, SeatRow):
            stands = record.stands
            if not stands.any() or abs(float(record.at[0, 2]) - room.floor) > BODY:
                continue
            shape = shapely.union_all(shapely.polygons(corners(record)[stands])).buffer(aside, join_style="mitre")
        elif isinstance(record, Door) and record.swing == "in" and record.element == room.element:
            out, (a, b), leaf = record.out, record.sides, record.width / record.leaves
            shape = shapely.Polygon([a, b, b - out * leaf, a - out * leaf])
        else:
            continue
        shape = shape.intersection(inside)
        if shape.area > _FLAT:
            walk = isinstance(record, (KeepClear, Door)) or record is room
            takes = isinstance(record, KeepClear) or (
                isinstance(record, Part) and record.takes_seats and float(record.bounds[0, 2]) < room.floor + BODY
            )
            yield record.element, shape, walk, takes


def open_floor(floor: Floor, ring: float) -> Any:
    """Where places may stand: off the walls, and off what stands at a wall, by a way of the width `ring`."""
    import shapely

    rim = floor.room.exterior.buffer(ring - _FLAT)
    near = [shape for _, shape, walk in floor.beside if not walk and shape.intersection(rim).area > _FLAT]
    plan = floor.room.difference(shapely.union_all(near)) if near else floor.room
    return plan.buffer(-ring, join_style="mitre", mitre_limit=5).difference(floor.things)
