"""Where solids stand, and which of them claim the same room. No thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry import gaps
from stagecraft.geometry.frame import Floats, triple
from stagecraft.geometry.gaps import TOUCH, Common
from stagecraft.geometry.solid import OVERLAP_FLOOR
from stagecraft.scene import Part, Scene, System

Whole = NDArray[np.int64]
Sift = Callable[[Whole, Whole], NDArray[np.bool_]]


_FEW, _MANY, _FINE = 2, 64, 300
"""From so many boxes at one body on, its exact plan is asked first which of them it stands over: few at a plain body
(a room's walls), many at one of more than so many faces (a truss), whose plan is dear."""


@dataclass(frozen=True)
class Overlap:
    """Two parts that claim the same room, all their copies taken together."""

    a: Part
    b: Part
    volume: float
    """[m³]"""
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    """Corners of the largest piece. [m]"""
    count: int
    """How many copies meet."""


class Bodies:
    """Every hard solid of a scene, copy by copy, with its box in the room.

    soft : systems whose soft parts are counted too
    """

    def __init__(self, scene: Scene, soft: tuple[System, ...] = ()) -> None:
        self.parts = tuple(part for part in scene.parts if part.count and (not part.soft or part.system in soft))
        self._manifolds: dict[int, Any] = {}
        self._shadows: dict[tuple[int, int], Any] = {}
        boxes = [_boxes(part) for part in self.parts]
        none = np.zeros((0, 3))
        self.low: Floats = np.concatenate([box[0] for box in boxes]) if boxes else none
        self.high: Floats = np.concatenate([box[1] for box in boxes]) if boxes else none
        counts = [part.count for part in self.parts]
        self.part: Whole = np.repeat(np.arange(len(self.parts)), counts)
        """(n,) index of the part that each body is a copy of."""
        self.copy: Whole = np.concatenate([np.arange(n) for n in counts]) if counts else np.zeros(0, np.int64)
        self.chair = np.array([part.of_seats for part in self.parts], bool)[self.part] if counts else np.zeros(0, bool)

    @cached_property
    def open(self) -> tuple[Part, ...]:
        """Parts that are no closed solids: nothing can be said about them."""
        return tuple(part for part in self.parts if not part.solid.is_closed)

    def manifold(self, part: int) -> Any:
        """The part's own solid, once; None when it is not closed."""
        if part not in self._manifolds:
            self._manifolds[part] = gaps.manifold(self.parts[part].solid)
        return self._manifolds[part]

    def placed(self, body: int) -> Any:
        """One body where it stands; None when it is not closed."""
        one = self.manifold(int(self.part[body]))
        frame = self.parts[self.part[body]].transforms[self.copy[body]]
        return None if one is None else gaps.placed(one, frame)

    def shadow(self, body: int) -> Any:
        """Its plan, as a prepared shapely geometry."""
        import shapely

        key = (int(self.part[body]), int(self.copy[body]))
        if key not in self._shadows:
            one = self.placed(body)
            plan = shapely.box(*self.low[body, :2], *self.high[body, :2]) if one is None else gaps.shadow(one)
            shapely.prepare(plan)
            self._shadows[key] = plan
        return self._shadows[key]

    def touching(self, low: Floats, high: Floats, among: Whole, sift: Sift | None = None) -> tuple[Whole, Whole]:
        """Which boxes (m, 3) reach into which of the bodies `among`: (index of box, body), pair by pair.

        sift : says of such pairs which are of interest
        """
        import shapely

        if not len(low) or not len(among):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        tree = shapely.STRtree(shapely.box(*self.low[among, :2].T, *self.high[among, :2].T))
        box, hit = tree.query(shapely.box(*low[:, :2].T, *high[:, :2].T))
        body = among[hit]
        room = np.minimum(high[box], self.high[body]) - np.maximum(low[box], self.low[body])
        keep = (room > TOUCH).all(axis=1)
        box, body = box[keep], body[keep]
        if sift is not None and len(box):
            wanted = sift(box, body)
            box, body = box[wanted], body[wanted]
        order = np.lexsort((box, body))
        return self._over(box[order], body[order], low, high)

    def _over(self, box: Whole, body: Whole, low: Floats, high: Floats) -> tuple[Whole, Whole]:
        """Drop boxes that a large hollow body (a room's walls) stands round but not over."""
        import shapely

        keep = np.ones(len(box), bool)
        bodies, first, count = np.unique(body, return_index=True, return_counts=True)
        for k, start, n in zip(bodies.tolist(), first.tolist(), count.tolist()):
            if n < (_FEW if len(self.parts[self.part[k]].solid.faces) < _FINE else _MANY):
                continue
            of = box[start : start + n]
            shape = shapely.box(*(low[of, :2] + TOUCH).T, *(high[of, :2] - TOUCH).T)
            keep[start : start + n] = shapely.intersects(self.shadow(k), shape)
        return box[keep], body[keep]


def _boxes(part: Part) -> tuple[Floats, Floats]:
    corners = gaps.corners(*part.solid.bounds)
    world = corners @ np.swapaxes(part.transforms[:, :3, :3], 1, 2) + part.transforms[:, None, :3, 3]
    return world.min(axis=1), world.max(axis=1)


def overlaps(bodies: Bodies, may: Callable[[Part, Part], bool]) -> tuple[Overlap, ...]:
    """Pairs of parts of different elements that overlap by more than `OVERLAP_FLOOR`, in the order of the venue file.

    may : says of two parts that they are allowed to share room
    Chairs are looked at all together: first as boxes, then, where a box reaches into something, as they are.
    Two chairs are compared as boxes.
    """
    allowed: dict[tuple[int, int], bool] = {}

    def pair(a: int, b: int) -> bool:
        key = (min(a, b), max(a, b))
        if key not in allowed:
            first, second = bodies.parts[key[0]], bodies.parts[key[1]]
            allowed[key] = first.element == second.element or may(first, second)
        return not allowed[key]

    def sift(of: Whole) -> Sift:
        def wanted(box: Whole, body: Whole) -> NDArray[np.bool_]:
            keys = bodies.part[of[box]] * len(bodies.parts) + bodies.part[body]
            unique, back = np.unique(keys, return_inverse=True)
            yes = [pair(*divmod(key, len(bodies.parts))) for key in unique.tolist()]
            return np.asarray(np.array(yes, bool)[back.reshape(-1)])

        return wanted

    found: dict[tuple[int, int], list[Common]] = {}
    count: dict[tuple[int, int], int] = {}
    things, chairs = np.flatnonzero(~bodies.chair), np.flatnonzero(bodies.chair)

    def note(a: int, b: int, piece: Common | None, n: int = 1) -> None:
        if piece is not None:
            key = (min(a, b), max(a, b))
            found.setdefault(key, []).append(piece)
            count[key] = count.get(key, 0) + n

    one, other = bodies.touching(bodies.low[things], bodies.high[things], things, sift(things))
    pairs = set(zip(things[one].tolist(), other.tolist()))
    for i, j in sorted(pairs):
        a, b = int(bodies.part[i]), int(bodies.part[j])
        if a < b and (j, i) in pairs:  # each stands over the other's box
            first, second = bodies.placed(i), bodies.placed(j)
            if first is not None and second is not None:
                note(a, b, gaps.common(first, second))
    seat, body = bodies.touching(bodies.low[chairs], bodies.high[chairs], things, sift(chairs))
    seat = chairs[seat]
    for a, j in sorted({(int(bodies.part[s]), t) for s, t in zip(seat.tolist(), body.tolist())}):
        these = seat[(body == j) & (bodies.part[seat] == a)]
        thing = bodies.placed(j)
        if thing is not None:
            note(a, int(bodies.part[j]), _chairs(bodies, a, these, thing), len(these))
    for a, b, piece in _chairs_in_chairs(bodies, chairs, pair):
        note(a, b, piece)
    out = []
    for (a, b), pieces in sorted(found.items(), key=lambda item: item[0]):
        largest = max(pieces, key=lambda piece: piece.volume)
        volume = sum(piece.volume for piece in pieces)
        low, high = triple(largest.low), triple(largest.high)
        out.append(Overlap(bodies.parts[a], bodies.parts[b], volume, low, high, count[a, b]))
    return tuple(out)


def _chairs(bodies: Bodies, part: int, these: Whole, thing: Any) -> Common | None:
    frames = bodies.parts[part].transforms[bodies.copy[these]]
    low, high = bodies.parts[part].solid.bounds
    rough = gaps.copies(gaps.bricks(gaps.corners(low + TOUCH, high - TOUCH)[None]), frames)
    if gaps.common(rough, thing) is None:
        return None
    chair = bodies.manifold(part)
    return None if chair is None else gaps.common(gaps.copies(chair, frames), thing)


def _chairs_in_chairs(bodies: Bodies, chairs: Whole, pair: Callable[[int, int], bool]) -> list[tuple[int, int, Common]]:
    import shapely

    if len({bodies.parts[k].element for k in np.unique(bodies.part[chairs])}) < 2:
        return []
    tree = shapely.STRtree(shapely.box(*bodies.low[chairs, :2].T, *bodies.high[chairs, :2].T))
    i, j = tree.query(tree.geometries)
    i, j = chairs[i], chairs[j]
    name = np.array([part.element for part in bodies.parts])[bodies.part]
    keep = (bodies.part[i] < bodies.part[j]) & (name[i] != name[j])
    i, j = i[keep], j[keep]
    tall = np.minimum(bodies.high[i, 2], bodies.high[j, 2]) - np.maximum(bodies.low[i, 2], bodies.low[j, 2])
    i, j, tall = i[tall > TOUCH], j[tall > TOUCH], tall[tall > TOUCH]
    order = np.lexsort((j, i))
    i, j, tall = i[order], j[order], tall[order]
    if not len(i):
        return []
    both = shapely.intersection(_feet(bodies, i), _feet(bodies, j))
    volume = shapely.area(both) * tall
    out = []
    for k in np.flatnonzero(volume > OVERLAP_FLOOR).tolist():
        a, b = int(bodies.part[i[k]]), int(bodies.part[j[k]])
        if pair(a, b):
            plan = shapely.get_coordinates(both[k])
            z = max(bodies.low[i[k], 2], bodies.low[j[k], 2])
            points = np.concatenate([np.c_[plan, np.full(len(plan), z)], np.c_[plan, np.full(len(plan), z + tall[k])]])
            out.append((a, b, Common(float(volume[k]), points)))
    return out


def _feet(bodies: Bodies, which: Whole) -> Any:
    """Plan rectangles of bodies, turned as they stand."""
    import shapely

    rings = np.zeros((len(which), 4, 2))
    for part in np.unique(bodies.part[which]).tolist():
        mask = bodies.part[which] == part
        low, high = bodies.parts[part].solid.bounds
        corners = gaps.corners(low, high)[:4]
        frames = bodies.parts[part].transforms[bodies.copy[which[mask]]]
        rings[mask] = (corners @ np.swapaxes(frames[:, :3, :3], 1, 2) + frames[:, None, :3, 3])[:, :, :2]
    return shapely.polygons(rings)
