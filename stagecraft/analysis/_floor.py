"""Open floor for those who leave: what stands on it, what rows and tables take of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from stagecraft.analysis.banks import STEP, Banks
from stagecraft.geometry import paths
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.paths import Ground
from stagecraft.scene import Bools, Part, Scene, Space

BODY = 0.25
"""Half the width that a person needs: ways keep so far from what they pass, and nobody passes through less than twice
that. [m]"""
HEAD = 2.0
"""What hangs higher than this over the floor is in nobody's way. [m]"""
LEVEL = 0.25
"""Floors that differ by less are stepped on to. [m]"""
AISLE = 1.0
"""With more than this in front of them people leave a row to the front. [m]"""
_GAP = 0.3
"""Between a table and a chair that is nearer than this nobody goes. [m]"""


class Floor:
    """One floor, and what stands on it."""

    def __init__(self, scene: Scene, space: Space, banks: Banks) -> None:
        import shapely

        self.space, self.level = space, space.floor
        found = list(_standing(scene, space))
        self.names = np.array([name for name, _, _ in found], np.str_)
        self.shapes = np.array([shape for _, _, shape in found], object)
        table = np.array([table for _, table, _ in found], np.bool_)
        self.tree = shapely.STRtree(self.shapes)
        area = space.outline.polygon
        if space.use == "room":
            area = area.buffer(-BODY, join_style="mitre")
        closed, loose = self._seated(scene, banks)
        hard = paths.united([closed, *self.shapes[~table]]).buffer(BODY, join_style="mitre", mitre_limit=1.5)
        area = area.difference(hard).difference(paths.united([loose, *self.shapes[table]]))
        self.ground: Ground = paths.ground(area)

    def _seated(self, scene: Scene, banks: Banks) -> tuple[Any, Any]:
        """What rows and their seatways take of the floor, and what chairs at tables do."""
        import shapely

        seats = scene.seats
        if not len(seats):
            return shapely.Polygon(), shapely.Polygon()
        low, high = np.array(self.space.outline.polygon.bounds).reshape(2, 2)
        here = np.abs(seats.at[:, 2] - self.level) <= LEVEL
        here &= ((seats.at[:, :2] > low) & (seats.at[:, :2] < high)).all(axis=1)
        look = np.radians(seats.facing)
        ahead = np.stack([np.cos(look), np.sin(look)], axis=1)
        right = np.stack([np.sin(look), -np.cos(look)], axis=1) * seats.width[:, None] / 2
        way = np.where(banks.of >= 0, banks.seatway[banks.of], np.nan) if len(banks) else np.full(len(seats), np.nan)
        way = np.where(banks.of < 0, _GAP, np.where(way < AISLE, way, 0.0))
        back, front = -ahead * seats.depth[:, None] / 2, ahead * (seats.depth / 2 + way)[:, None]
        rings = seats.at[:, None, :2] + np.stack([back - right, back + right, front + right, front - right], axis=1)
        rows, tables = here & (banks.of >= 0), here & (banks.of < 0)
        return paths.united(shapely.polygons(rings[rows])), paths.united(shapely.polygons(rings[tables]))

    def standing(self, strip: Any) -> Iterator[tuple[str, Any]]:
        """What stands in a strip of the floor: element, and the piece in it."""
        for k in sorted(self.tree.query(strip, predicate="intersects").tolist()):
            yield str(self.names[k]), self.shapes[k].intersection(strip)

    def met(self, runs: Any, own: str) -> Bools:
        """(m,) lines on which something of another element stands."""
        out = np.zeros(len(runs), np.bool_)
        line, shape = self.tree.query(runs, predicate="intersects")
        out[line[self.names[shape] != own]] = True
        return out

    def between(self, a: Floats, b: Floats) -> tuple[str, ...]:
        """Elements on the straight line between two points, from the first on."""
        import shapely

        line = shapely.LineString([a, b])
        met = self.tree.query(line.buffer(BODY), predicate="intersects")
        order = met[np.lexsort((met, shapely.distance(self.shapes[met], shapely.Point(a))))] if len(met) else met
        return tuple(dict.fromkeys(self.names[order].tolist())) or ("",)


def _standing(scene: Scene, space: Space) -> Iterator[tuple[str, bool, Any]]:
    """All that stands on a floor, between a step's height and head height: element, whether it is a table, and plan."""
    import shapely

    from stagecraft.geometry import gaps

    low, high = space.floor + STEP, space.floor + HEAD
    x0, y0, x1, y1 = space.outline.polygon.bounds
    for part in scene.parts:
        if part.of_seats or not part.count or (part.soft and part.system not in ("drape", "rail")):
            continue
        if part.element == space.element and space.use == "room" and part.system in ("wall", "ceiling"):
            continue
        table, plan = part.system == "table", None
        for k, (bottom, top) in enumerate(_boxes(part)):
            least = space.floor + LEVEL if part.system in ("platform", "stage") else low  # low ones are stepped on to
            if top[2] <= least or bottom[2] >= high or top[0] < x0 or bottom[0] > x1 or top[1] < y0 or bottom[1] > y1:
                continue
            matrix = part.transforms[k]
            if (top[2] <= high or part.system == "drape") and abs(matrix[2, 2] - 1.0) < 1e-9:
                plan = shapely.simplify(part.solid.footprint, paths.ROUGH) if plan is None else plan
                turn, shift = matrix[:2, :2], matrix[:2, 3]
                yield part.element, table, shapely.transform(plan, lambda p, t=turn, s=shift: p @ t.T + s)
                continue
            solid = gaps.manifold(part.solid)
            if solid is None:
                yield part.element, table, shapely.box(bottom[0], bottom[1], top[0], top[1])
                continue
            cut = gaps.placed(solid, matrix).trim_by_plane((0, 0, 1), low).trim_by_plane((0, 0, -1), -high)
            shape = gaps.shadow(cut)
            if not shape.is_empty:
                yield part.element, table, shape


def _boxes(part: Part) -> list[tuple[list[float], list[float]]]:
    """Lowest and highest corner of each copy."""
    from stagecraft.geometry.gaps import corners

    world = (
        corners(*part.solid.bounds) @ np.swapaxes(part.transforms[:, :3, :3], 1, 2) + part.transforms[:, None, :3, 3]
    )
    return list(zip(world.min(axis=1).tolist(), world.max(axis=1).tolist()))
