"""What does a ray meet first, and is the way free? Answered by Embree, or by a tree of our own where it has no wheel.

Embree wants float32, so everything is carried into a frame round the middle of the triangles first; at 100 m from
there a step of float32 is 8 µm.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stagecraft.errors import MissingError
from stagecraft.geometry import _compiled

Floats32: TypeAlias = NDArray[np.float32]
Ints32: TypeAlias = NDArray[np.int32]

SHORT_OF_THE_END = 1e-4
"""Part of the way that `blocked` leaves out at its end, so that a target does not hide itself."""
_THREADS = os.cpu_count() or 2
_CHUNK = 131_072
_LEAF = 4


class Engine(Protocol):
    """Something that follows rays: origins and directions (n, 3), far (n,) in lengths of the direction."""

    def first(self, origins: Floats32, directions: Floats32, far: Floats32) -> tuple[Floats32, Ints32]: ...

    def any(self, origins: Floats32, directions: Floats32, far: Floats32) -> NDArray[np.bool_]: ...


class Rays:
    """Triangles that rays can meet.

    triangles : (m, 3, 3) corner points [m]
    middle : (3,) of the frame that the engine works in; the middle of the triangles where None [m]
    """

    def __init__(
        self,
        triangles: ArrayLike,
        engine: Callable[[Floats32], Engine] | None = None,
        middle: ArrayLike | None = None,
    ) -> None:
        corners = np.asarray(triangles, float).reshape(-1, 3, 3)
        if not np.isfinite(corners).all():
            raise ValueError("a triangle has a corner that is not a finite number")
        self.count = len(corners)
        flat = corners.reshape(-1, 3)
        if middle is None:
            middle = (flat.min(axis=0) + flat.max(axis=0)) / 2 if self.count else np.zeros(3)
        self.middle = np.asarray(middle, float)
        local = np.ascontiguousarray(corners - self.middle, np.float32)
        self._engine = (engine or _engine)(local) if self.count else None

    def first_hit(
        self, origins: ArrayLike, directions: ArrayLike, far: ArrayLike = np.inf
    ) -> tuple[Floats32, NDArray[np.int32]]:
        """How far each ray runs, and the index of the triangle it meets (−1: none, and the distance is `far`).

        origins, directions : (n, 3) or (3,) [m]; the distance counts in lengths of the direction
        far : where to stop looking, (n,) or one number
        """
        start, way, stop = self._prepared(origins, directions, far)
        if self._engine is None:
            return stop, np.full(len(stop), -1, np.int32)
        found = _in_chunks(self._engine.first, start, way, stop)
        return np.concatenate([d for d, _ in found]), np.concatenate([i for _, i in found])

    def blocked(self, origins: ArrayLike, ends: ArrayLike) -> NDArray[np.bool_]:
        """(n,) whether something stands between each origin and its end. [m]"""
        start = np.asarray(origins, float)
        start, way, stop = self._prepared(start, np.asarray(ends, float) - start, 1.0 - SHORT_OF_THE_END)
        if self._engine is None:
            return np.zeros(len(stop), np.bool_)
        return np.concatenate(_in_chunks(self._engine.any, start, way, stop))

    def stopped(self, origins: Floats32, directions: Floats32, far: Floats32) -> NDArray[np.bool_]:
        """(n,) whether a ray meets anything before `far`; in the calling thread, for arrays that are ready made.

        origins, directions : (n, 3), any strides, about `middle` [m]; not looked at for what is not finite
        """
        if self._engine is None:
            return np.zeros(len(far), np.bool_)
        return self._engine.any(origins, directions, far)

    def met(self, origins: Floats32, directions: Floats32, far: Floats32) -> tuple[Floats32, Ints32]:
        """As `first_hit`, in the calling thread, for arrays that are ready made, as for `stopped`."""
        if self._engine is None:
            return far, np.full(len(far), -1, np.int32)
        return self._engine.first(origins, directions, far)

    def _prepared(self, origins: ArrayLike, directions: ArrayLike, far: ArrayLike) -> tuple[Any, Floats32, Floats32]:
        start, way = np.broadcast_arrays(np.asarray(origins), np.asarray(directions))
        start = (start.reshape(-1, 3) - self.middle).astype(np.float32)
        way = np.ascontiguousarray(way.reshape(-1, 3), np.float32)
        stop = np.array(np.broadcast_to(np.asarray(far, np.float32), len(start)))
        if not (np.isfinite(start).all() and np.isfinite(way).all()) or np.isnan(stop).any():
            raise ValueError("a ray starts, points or ends at something that is not a finite number")
        return start, way, stop


def _in_chunks(follow: Callable[..., Any], start: Floats32, way: Floats32, stop: Floats32) -> list[Any]:
    """`follow` over pieces of the rays, one on each core: both engines let go of the interpreter while they run."""
    pieces = [slice(i, i + _CHUNK) for i in range(0, len(stop), _CHUNK)] or [slice(0, 0)]
    if len(pieces) == 1:
        return [follow(start, way, stop)]
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(lambda piece: follow(start[piece], way[piece], stop[piece]), pieces))


def _engine(triangles: Floats32) -> Engine:
    try:
        return Embree(triangles)
    except ImportError:
        pass
    try:
        return Tree(triangles, compiled=True)
    except ImportError as error:
        raise MissingError(
            "rays need embreex, or numba where embreex has no wheel: install one with 'pip install numba'"
        ) from error


class Embree:
    """Rays by Intel's Embree through embreex."""

    def __init__(self, triangles: Floats32) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self._scene = EmbreeScene()
        self._mesh = TriangleMesh(self._scene, triangles)

    def first(self, origins: Floats32, directions: Floats32, far: Floats32) -> tuple[Floats32, Ints32]:
        found = self._scene.run(origins, directions, dists=far.copy(), query="INTERSECT", output=1)
        return found["tfar"], found["primID"]

    def any(self, origins: Floats32, directions: Floats32, far: Floats32) -> NDArray[np.bool_]:
        return np.asarray(self._scene.run(origins, directions, dists=far, query="OCCLUDED") != -1)


class Tree:
    """Rays by a tree of boxes: split at the middle of the longest side until few triangles are left."""

    def __init__(self, triangles: Floats32, compiled: bool) -> None:
        self._walk: Callable[..., None] = _walk
        if compiled:
            self._walk = _compiled.compiled(_walk)
        self._boxes, self._links, order = _grown(triangles)
        self._order = order.astype(np.int32)
        self._triangles = np.ascontiguousarray(triangles[order])

    def first(self, origins: Floats32, directions: Floats32, far: Floats32) -> tuple[Floats32, Ints32]:
        distance, index = far.copy(), np.full(len(far), -1, np.int32)
        self._follow(origins, directions, distance, index, False)
        return distance, np.where(index < 0, -1, self._order[index]).astype(np.int32)

    def any(self, origins: Floats32, directions: Floats32, far: Floats32) -> NDArray[np.bool_]:
        distance, index = far.copy(), np.full(len(far), -1, np.int32)
        self._follow(origins, directions, distance, index, True)
        return index >= 0

    def _follow(self, origins: Floats32, directions: Floats32, distance: Floats32, index: Ints32, enough: bool) -> None:
        self._walk(
            np.ascontiguousarray(origins), np.ascontiguousarray(directions),
            self._boxes, self._links, self._triangles, distance, index, enough,
        )  # fmt: skip


def _grown(triangles: Floats32) -> tuple[Floats32, Ints32, NDArray[np.int64]]:
    """Boxes (k, 2, 3), links (k, 2) and the order of the triangles.

    A link (a, 0) is an inner box whose second child is a, the first being the next box; (a, n) is a leaf with the
    n triangles from a on.
    """
    low, high = triangles.min(axis=1), triangles.max(axis=1)
    middle = (low + high) / 2
    order = np.arange(len(triangles))
    boxes: list[Any] = []
    links: list[tuple[int, int]] = []
    waiting = [(0, len(triangles), -1)]
    while waiting:
        first, last, parent = waiting.pop()
        here, mine = order[first:last], len(boxes)
        if parent >= 0:
            links[parent] = (mine, 0)
        boxes.append((low[here].min(axis=0), high[here].max(axis=0)))
        if last - first <= _LEAF:
            links.append((first, last - first))
            continue
        links.append((0, 0))
        points = middle[here]
        axis = int(np.argmax(points.max(axis=0) - points.min(axis=0)))
        half = (last - first) // 2
        order[first:last] = here[np.argpartition(points[:, axis], half, kind="introselect")]
        waiting.append((first + half, last, mine))
        waiting.append((first, first + half, -1))
    return np.array(boxes, np.float32), np.array(links, np.int32), order


def _walk(
    origins: Any, directions: Any, boxes: Any, links: Any, triangles: Any, distance: Any, index: Any, enough: bool
) -> None:
    """Follow every ray through the tree; shortens `distance` and fills `index`. Plain enough for numba to compile.

    Triangles by Möller and Trumbore, Fast, minimum storage ray/triangle intersection, 1997.
    """
    stack = np.empty(64, np.int32)
    for n in range(len(origins)):
        ox, oy, oz = float(origins[n, 0]), float(origins[n, 1]), float(origins[n, 2])
        dx, dy, dz = float(directions[n, 0]), float(directions[n, 1]), float(directions[n, 2])
        best, found = float(distance[n]), -1
        ix = 1.0 / dx if dx != 0.0 else 1e30
        iy = 1.0 / dy if dy != 0.0 else 1e30
        iz = 1.0 / dz if dz != 0.0 else 1e30
        stack[0] = 0
        depth = 1
        while depth > 0:
            depth -= 1
            node = stack[depth]
            x0, x1 = (boxes[node, 0, 0] - ox) * ix, (boxes[node, 1, 0] - ox) * ix
            y0, y1 = (boxes[node, 0, 1] - oy) * iy, (boxes[node, 1, 1] - oy) * iy
            z0, z1 = (boxes[node, 0, 2] - oz) * iz, (boxes[node, 1, 2] - oz) * iz
            near = max(min(x0, x1), min(y0, y1), min(z0, z1), 0.0)
            leave = min(max(x0, x1), max(y0, y1), max(z0, z1), best)
            if near > leave * 1.00001 + 1e-7:
                continue
            count = links[node, 1]
            if count == 0:
                stack[depth] = links[node, 0]
                stack[depth + 1] = node + 1
                depth += 2
                continue
            start = links[node, 0]
            for k in range(start, start + count):
                ax, ay, az = float(triangles[k, 0, 0]), float(triangles[k, 0, 1]), float(triangles[k, 0, 2])
                ux, uy, uz = triangles[k, 1, 0] - ax, triangles[k, 1, 1] - ay, triangles[k, 1, 2] - az
                vx, vy, vz = triangles[k, 2, 0] - ax, triangles[k, 2, 1] - ay, triangles[k, 2, 2] - az
                px, py, pz = dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx
                det = ux * px + uy * py + uz * pz
                if det == 0.0:
                    continue
                tx, ty, tz = ox - ax, oy - ay, oz - az
                u = (tx * px + ty * py + tz * pz) / det
                if u < 0.0 or u > 1.0:
                    continue
                qx, qy, qz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
                v = (dx * qx + dy * qy + dz * qz) / det
                if v < 0.0 or u + v > 1.0:
                    continue
                t = (vx * qx + vy * qy + vz * qz) / det
                if 0.0 < t < best:
                    best, found = t, k
                    if enough:
                        break
            if enough and found >= 0:
                break
        if found >= 0:
            distance[n] = best
            index[n] = found
