"""What a tape can touch: the straight walls and the columns that places are measured from. No thresholds."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene

LEAST = 1.0
"""Shorter pieces of wall are no reference. [m]"""
ACROSS = 0.5
"""Sine of the least angle between two walls that places are measured from."""
MOST = 40
"""Walls that are looked at, the longest first."""
HELD = 1.0
"""A tape is held so high above the floor. [m]"""
SHORT = 0.02
"""A tape ends so far before the face that it is held to. [m]"""


@dataclass(frozen=True, eq=False)
class Wall:
    """A straight piece of wall, seen from the room."""

    name: str
    start: Floats
    end: Floats
    """(2,) the room lies to the left of the way from start to end. [m]"""

    @property
    def along(self) -> Floats:
        run = self.end - self.start
        return np.asarray(run / np.hypot(*run))

    @property
    def length(self) -> float:
        return float(np.hypot(*(self.end - self.start)))

    def distance(self, points: Floats) -> Floats:
        """(n,) square to the wall. [m]"""
        run = self.along
        return np.asarray((points - self.start) @ np.array([-run[1], run[0]]))

    def meets(self, points: Floats) -> Any:
        """(n,) whether a tape held square to the wall meets it."""
        along = (points - self.start) @ self.along
        return (along >= -1e-9) & (along <= self.length + 1e-9)

    def foot(self, point: Floats) -> Floats:
        """(2,) where a tape from a point meets it."""
        return np.asarray(self.start + self.along * ((point - self.start) @ self.along))


@dataclass(frozen=True, eq=False)
class Column:
    """A column; a tape goes to the nearest place on it."""

    name: str
    plan: Any
    """Its plan, as a shapely geometry. [m]"""

    def distance(self, points: Floats) -> Floats:
        """(n,) [m]"""
        import shapely

        return np.asarray(shapely.distance(shapely.points(points), self.plan))

    def foot(self, point: Floats) -> Floats:
        """(2,) where a tape from a point meets it."""
        import shapely

        return np.asarray(shapely.get_coordinates(shapely.shortest_line(self.plan, shapely.Point(*point)))[0])


def references(scene: Scene, points: Floats) -> tuple[Wall | Column, ...]:
    """The two things that places (n, 2) are best measured from: two walls that stand across each other, else columns.

    The wall that more of them are square to goes first, then the nearer one; fewer than two where there are no more.
    """
    if not len(points):
        return ()
    walls = sorted(walls_of(scene), key=lambda wall: -wall.length)[:MOST]
    pairs = [
        pair for pair in itertools.combinations(walls, 2)
        if abs(pair[0].along[0] * pair[1].along[1] - pair[0].along[1] * pair[1].along[0]) >= ACROSS
    ]  # fmt: skip
    if pairs:
        between = _between(scene)
        fits = {id(wall): _fit(wall, points, between) for wall in walls}
        best = min(pairs, key=lambda pair: tuple(np.add(fits[id(pair[0])], fits[id(pair[1])])))
        return tuple(sorted(best, key=lambda wall: abs(wall.along[0])))  # across the room first
    one = sorted(walls, key=lambda wall: _fit(wall, points, _between(scene)))[:1]
    middle = points.mean(axis=0)[None]
    columns = sorted(columns_of(scene), key=lambda column: round(float(column.distance(middle)[0]), 6))
    found: tuple[Wall | Column, ...] = (*one, *columns)
    return found[:2]


def walls_of(scene: Scene) -> Iterator[Wall]:
    """The straight pieces of the rooms' walls and of cores in them."""
    for room in scene.rooms:
        for ring in room.outline.rings():
            ends = np.roll(ring.points, -1, axis=0)
            for start, end, arc in zip(ring.points, ends, ring.arcs):
                if arc < 0 and np.hypot(*(end - start)) >= LEAST:
                    yield Wall(_side(end - start), start, end)


def columns_of(scene: Scene) -> Iterator[Column]:
    for part in scene.parts:
        if part.system == "column":
            yield from (Column(part.name or part.element, plan) for plan in part.plans())


def _between(scene: Scene) -> Any:
    """What a tape does not go through: walls, as high as it is held."""
    import shapely

    high = scene.ground + HELD
    return shapely.union_all([
        plan for part in scene.parts
        if part.system == "wall" and part.bounds[0, 2] < high < part.bounds[1, 2] for plan in part.plans()
    ])  # fmt: skip


def _fit(wall: Wall, points: Floats, between: Any) -> tuple[float, float, float]:
    """What speaks against a wall: points that miss it or from which it is hidden, its distance, and its place, so that twins have an order."""
    import shapely

    away = wall.distance(points)
    run = wall.along
    ends = points - np.maximum(away - SHORT, 0.0)[:, None] * np.array([-run[1], run[0]])
    hidden = shapely.intersects(between, shapely.linestrings(np.stack([points, ends], axis=1)))
    missed = 1.0 - float(np.mean(wall.meets(points) & (away >= -1e-9) & ~hidden))
    return round(missed, 9), round(float(np.abs(away).mean()), 6), float(wall.start[0]) * 1e-9


def _side(run: Floats) -> str:
    """Where a wall lies in the room, by the way its face runs (the room is to the left of it)."""
    x, y = run
    if abs(x) > abs(y):
        return "US wall" if x < 0 else "DS wall"
    return "SR wall" if y < 0 else "SL wall"


def named(found: Iterable[Wall | Column]) -> list[str]:
    """`SR wall`, `column K1`."""
    return [one.name if isinstance(one, Wall) else f"column {one.name}" for one in found]
