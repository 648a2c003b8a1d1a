"""Shortest ways on open ground: who sees whom round corners, and the way through such a net."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry._compiled import compiled
from stagecraft.geometry.frame import Floats

Whole = NDArray[np.int64]
Bools = NDArray[np.bool_]

HAIR = 1e-3
"""Ground is looked at as if it were this much wider, so that a line along its edge stays on it. [m]"""
ROUGH = 0.02
"""Edges of the ground are drawn this finely. [m]"""
_MANY, _ENOUGH = 3000, 300
"""Among more points than the first, each looks about so far as to reach the second number of others."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Open floor in plan."""

    area: Any
    """As a shapely geometry."""
    wide: Any
    """The same, a hair wider."""
    corners: Floats
    """(c, 2) corners that a shortest way may bend round. [m]"""
    before: Floats
    """(c, 2) the point before each along the edge."""
    after: Floats

    def near(self, points: Floats, within: float) -> tuple[Floats, Bools]:
        """(m, 2) each point, or the nearest on the ground, and (m,) which have one within so much. [m]"""
        import shapely

        points = np.asarray(points, float).reshape(-1, 2)
        if not len(points) or self.area.is_empty:
            return points, np.zeros(len(points), np.bool_)
        line = shapely.shortest_line(self.area, shapely.points(points))
        foot = shapely.get_coordinates(line).reshape(-1, 2, 2)[:, 0]
        away = np.hypot(*(foot - points).T)
        return np.where((away < HAIR / 2)[:, None], points, foot), np.asarray(away <= within + 1e-9)


def ground(area: Any) -> Ground:
    """Ground with its corners.

    area : shapely geometry of the open floor
    """
    import shapely

    area = shapely.orient_polygons(shapely.simplify(area, ROUGH))
    found: list[Floats] = []
    for polygon in shapely.get_parts(area):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            at = shapely.get_coordinates(ring)[:-1]
            last, then = np.roll(at, 1, axis=0), np.roll(at, -1, axis=0)
            turn = (at - last)[:, 0] * (then - at)[:, 1] - (at - last)[:, 1] * (then - at)[:, 0]
            bent = turn < -1e-9  # the ground lies to the left; a way bends where its edge turns to the right
            found.append(np.stack([at[bent], last[bent], then[bent]], axis=1))
    bends = np.concatenate(found) if found else np.zeros((0, 3, 2))
    with np.errstate(divide="ignore", invalid="ignore"):  # GEOS divides by zero where a corner turns back
        wide = area.buffer(HAIR, join_style="mitre")
    return Ground(area, wide, bends[:, 0], bends[:, 1], bends[:, 2])


def united(shapes: Any) -> Any:
    """Many shapes in plan as one, most of which do not touch."""
    import shapely

    return shapely.disjoint_subset_union_all(np.asarray(shapes, object))


def sightlines(floor: Ground, others: Floats, leaf: Bools, far: Bools) -> Whole:
    """(k, 2) pairs of points that see each other over the ground, of its corners and then `others` (m, 2).

    leaf : (m,) which of the others are ends only: no way leads through them, and they need not see each other
    far : (m,) which of them are looked at from everywhere
    Of the lines between corners only those that a shortest way may follow: that touch both. Where there are more than
    `_MANY` points, those farther apart than reaches some `_ENOUGH` others are not looked at: ways have corners enough.
    """
    import shapely

    points = np.concatenate([floor.corners, others])
    n, c = len(points), len(floor.corners)
    if n < 2 or floor.wide.is_empty:
        return np.zeros((0, 2), np.int64)
    rings = [shapely.get_coordinates(line) for line in shapely.get_rings(shapely.get_parts(floor.wide))]
    a, b = np.concatenate([ring[:-1] for ring in rings]), np.concatenate([ring[1:] for ring in rings])
    low = np.minimum(np.minimum(a, b).min(axis=0), points.min(axis=0)) - 0.01
    span = float((np.maximum(np.maximum(a, b).max(axis=0), points.max(axis=0)) - low).max()) + 0.02
    cells = int(np.clip(np.sqrt(len(a)) * 1.5, 4, 256))
    corner = np.arange(n) < c
    ends = np.concatenate([np.zeros(c, np.bool_), leaf])
    everywhere = np.concatenate([np.zeros(c, np.bool_), far])
    spare = np.zeros((n - c, 2))
    before, after = np.concatenate([floor.before, spare]), np.concatenate([floor.after, spare])
    start, item = compiled(_sorted)((a - low) / span * cells, (b - low) / span * cells, cells)
    reach = np.inf if n <= _MANY else math.sqrt(_ENOUGH * float(floor.wide.area) / (math.pi * n))
    order = np.argsort(points[:, 0], kind="stable")
    pairs: Whole = compiled(_seen)(
        points[order], before[order], after[order], corner[order], ends[order], everywhere[order], reach, a, b, start, item,
        low, cells / span, cells,
    )  # fmt: skip
    return np.sort(order[pairs], axis=1) if len(pairs) else pairs


def shortest(
    count: int, pairs: Whole, lengths: Floats, sources: Whole, among: Bools | None = None
) -> tuple[Floats, Whole]:
    """(count,) length of the shortest way from each point to the nearest source, and the next point along it.

    pairs : (k, 2) points that are linked, both ways
    lengths : (k,) of the links
    among : (k,) which of the links may be used
    Infinite and −1 where no way leads; a source's next point is itself.
    """
    if among is not None:
        pairs, lengths = pairs[among], lengths[among]
    tail = np.concatenate([pairs[:, 0], pairs[:, 1]])
    head, length = np.concatenate([pairs[:, 1], pairs[:, 0]]), np.concatenate([lengths, lengths])
    order = np.lexsort((head, tail))
    start = np.searchsorted(tail[order], np.arange(count + 1))
    away, towards = compiled(_spread)(start, head[order], length[order], np.asarray(sources, np.int64), count)
    return away, towards


def _sorted(a: Floats, b: Floats, cells: int) -> tuple[Whole, Whole]:
    """The lines that cross each cell of a grid: where each cell's begin, and their numbers."""
    count = np.zeros(cells * cells + 1, np.int64)
    item = np.zeros(0, np.int64)
    for turn in range(2):
        if turn == 1:
            for k in range(cells * cells):
                count[k + 1] += count[k]
            item = np.zeros(count[cells * cells], np.int64)
            fill = count.copy()
        for k in range(len(a)):
            first = max(0, math.floor(min(a[k, 0], b[k, 0]) - 1e-9))
            last = min(cells - 1, math.floor(max(a[k, 0], b[k, 0]) + 1e-9))
            for i in range(first, last + 1):
                y0, y1 = min(a[k, 1], b[k, 1]), max(a[k, 1], b[k, 1])
                run = b[k, 0] - a[k, 0]
                if abs(run) > 1e-9:  # its heights within this column of cells
                    slope = (b[k, 1] - a[k, 1]) / run
                    s = a[k, 1] + (max(float(i), min(a[k, 0], b[k, 0])) - a[k, 0]) * slope
                    t = a[k, 1] + (min(i + 1.0, max(a[k, 0], b[k, 0])) - a[k, 0]) * slope
                    y0, y1 = min(s, t), max(s, t)
                for j in range(max(0, math.floor(y0 - 1e-6)), min(cells - 1, math.floor(y1 + 1e-6)) + 1):
                    cell = i * cells + j
                    if turn == 0:
                        count[cell + 1] += 1
                    else:
                        item[fill[cell]] = k
                        fill[cell] += 1
    return count, item


def _seen(
    points: Floats, before: Floats, after: Floats, corner: Bools, leaf: Bools, far: Bools, reach: float, a: Floats,
    b: Floats, start: Whole, item: Whole, low: Floats, scale: float, cells: int,
) -> Whole:  # fmt: skip
    """Pairs of points, which go by x, whose line crosses none of the lines a–b."""
    out = np.zeros((1024, 2), np.int64)
    found = 0
    n = len(points)
    last_far = 0
    for p in range(n):
        if far[p]:
            last_far = p + 1
    for p in range(n):
        px, py = points[p, 0], points[p, 1]
        for q in range(p + 1, n):
            if leaf[p] and leaf[q]:
                continue
            qx, qy = points[q, 0], points[q, 1]
            dx, dy = qx - px, qy - py
            if not (far[p] or far[q]) and (dx > reach or abs(dy) > reach):
                if dx > reach and q >= last_far:
                    break
                continue
            if corner[p]:
                s = dx * (before[p, 1] - py) - dy * (before[p, 0] - px)
                t = dx * (after[p, 1] - py) - dy * (after[p, 0] - px)
                if (s > 1e-9 and t < -1e-9) or (s < -1e-9 and t > 1e-9):
                    continue
            if corner[q]:
                s = dx * (before[q, 1] - qy) - dy * (before[q, 0] - qx)
                t = dx * (after[q, 1] - qy) - dy * (after[q, 0] - qx)
                if (s > 1e-9 and t < -1e-9) or (s < -1e-9 and t > 1e-9):
                    continue
            ux, uy = (px - low[0]) * scale, (py - low[1]) * scale
            vx, vy = (qx - low[0]) * scale, (qy - low[1]) * scale
            blocked = False
            first = max(0, math.floor(min(ux, vx) - 1e-9))
            last = min(cells - 1, math.floor(max(ux, vx) + 1e-9))
            for i in range(first, last + 1):
                y0, y1 = min(uy, vy), max(uy, vy)
                if abs(vx - ux) > 1e-9:  # its heights within this column of cells
                    slope = (vy - uy) / (vx - ux)
                    s = uy + (max(float(i), min(ux, vx)) - ux) * slope
                    t = uy + (min(i + 1.0, max(ux, vx)) - ux) * slope
                    y0, y1 = min(s, t), max(s, t)
                for j in range(max(0, math.floor(y0 - 1e-6)), min(cells - 1, math.floor(y1 + 1e-6)) + 1):
                    for m in range(start[i * cells + j], start[i * cells + j + 1]):
                        k = item[m]
                        ex, ey = b[k, 0] - a[k, 0], b[k, 1] - a[k, 1]
                        o1 = dx * (a[k, 1] - py) - dy * (a[k, 0] - px)
                        o2 = dx * (b[k, 1] - py) - dy * (b[k, 0] - px)
                        if o1 * o2 > 0:
                            continue
                        o3 = ex * (py - a[k, 1]) - ey * (px - a[k, 0])
                        o4 = ex * (qy - a[k, 1]) - ey * (qx - a[k, 0])
                        if o3 * o4 > 0 or (o3 == 0 and o4 == 0):
                            continue
                        blocked = True
                        break
                    if blocked:
                        break
                if blocked:
                    break
            if blocked:
                continue
            if found == len(out):
                more = np.zeros((2 * found, 2), np.int64)
                more[:found] = out
                out = more
            out[found, 0] = p
            out[found, 1] = q
            found += 1
    return out[:found]


def _spread(start: Whole, head: Whole, length: Floats, sources: Whole, count: int) -> tuple[Floats, Whole]:
    """Dijkstra from the sources."""
    away = np.full(count, np.inf)
    towards = np.full(count, -1, np.int64)
    done = np.zeros(count, np.bool_)
    heap = [(0.0, np.int64(-1))]
    heap.clear()
    for s in sources:
        away[s] = 0.0
        towards[s] = s
        heapq.heappush(heap, (0.0, s))
    while len(heap) > 0:
        d, p = heapq.heappop(heap)
        if done[p]:
            continue
        done[p] = True
        for k in range(start[p], start[p + 1]):
            q = head[k]
            reached = d + length[k]
            if reached < away[q]:
                away[q] = reached
                towards[q] = p
                heapq.heappush(heap, (reached, q))
    return away, towards
