"""What stands fixed between eyes and the samples of a surface: trees of triangles, and what rays meet.

Small classes share a tree, as one is asked faster than three; what was moved lately stands apart, so that who moves it
again asks nothing else.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.rays import SHORT_OF_THE_END, Floats32, Ints32, Rays
from stagecraft.geometry.surface import Surface
from stagecraft.scene import Blocks, Bools, Part

Whole = NDArray[np.int64]
CLASSES: tuple[Blocks, ...] = ("architecture", "rigging", "set")

_PAST = 1e-5
"""A ray goes on so far behind what does not count, as a part of its way."""
_FLUSH = 1e-6
"""What stands no farther in front of a picture than this is flush with it. [m]"""
_SLACK = 1e-3
"""Boxes this near to each other meet. [m]"""
_GRID = 16.0
"""Frames of rays stand this far from each other, so that a seat more or less changes none. [m]"""
_LOOSE = 4
"""So many elements that were moved lately are kept apart."""
_LARGE = 100_000
"""A class of so many triangles has a tree of its own: it takes long to build."""
_TREES, _TRIANGLES = 24, 4_000_000
"""So many trees are kept for the next answer, of so many triangles together."""


@dataclass(frozen=True, eq=False)
class Triangles:
    """Triangles that rays can meet, and whose they are."""

    rays: Rays
    part: Ints32
    """(t,) of each triangle, in the group's order."""
    rises: Floats
    """(t,) upward part of its normal."""
    box: Floats
    """(2, 3) lowest and highest corner. [m]"""


@dataclass(frozen=True, eq=False)
class Group:
    """Fixed things of one or several classes, or of one element that was moved lately."""

    parts: tuple[Part, ...]
    at: Whole
    """(parts,) where they stand in `Fixed.parts`."""
    marks: tuple[bytes, ...]
    """Of the triangles of each part."""
    middle: Floats
    """(3,) of the frame of its rays, the same for all groups. [m]"""

    @cached_property
    def key(self) -> bytes:
        """The same for the same things in the same order."""
        return digest(self.middle, *self.marks)

    @cached_property
    def elements(self) -> NDArray[np.str_]:
        """(parts,)"""
        return np.array([part.element for part in self.parts], np.str_)

    @property
    def tree(self) -> Triangles:
        """Made when it is first asked for; kept for whoever comes with the same triangles."""
        with _ONE_AT_A_TIME:
            tree = _KEPT.pop(self.key, None) or _grown(self.parts, self.middle)
            _KEPT[self.key] = tree
            while len(_KEPT) > _TREES or (len(_KEPT) > 1 and sum(len(t.part) for t in _KEPT.values()) > _TRIANGLES):
                _KEPT.popitem(last=False)
        return tree


_KEPT: OrderedDict[bytes, Triangles] = OrderedDict()
_ONE_AT_A_TIME = Lock()
_MARKS: WeakKeyDictionary[Part, bytes] = WeakKeyDictionary()
"""Of parts that were seen before, as long as anybody has them."""


@dataclass(frozen=True, eq=False)
class Fixed:
    """Everything that can stand in the way."""

    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    loose: tuple[str, ...]
    """Elements that were moved lately, the last one last: each is a group by itself, so that the rest stays as it is."""

    @cached_property
    def elements(self) -> dict[bytes, str]:
        """Of each part, by its mark."""
        return {mark: p.element for group in self.groups for mark, p in zip(group.marks, group.parts)}

    def holding(self, group: Group) -> Group | None:
        """The group that has all parts of another."""
        marks = set(group.marks)
        return next((old for old in self.groups if marks <= set(old.marks)), None)


def fixed(parts: Iterable[Part], eyes: Floats, before: Fixed | None = None) -> Fixed:
    """What can stand in the way.

    eyes : (n, 3) that look; rays run in a frame about their middle, to the next 16 m
    before : the things of an earlier answer; what differs from them is put apart
    """
    some = [
        part for part in parts
        if part.blocks != "none" and not part.of_seats and part.system != "person" and part.count
    ]  # fmt: skip
    marks = [_MARKS.get(part) or _MARKS.setdefault(part, _mark(part)) for part in some]
    loose: tuple[str, ...] = ()
    if before is not None:
        here = set(marks)
        moved = {p.element for p, mark in zip(some, marks) if mark not in before.elements}
        moved |= {element for mark, element in before.elements.items() if mark not in here}
        loose = (*(element for element in before.loose if element not in moved), *sorted(moved))
        loose = loose[-_LOOSE:] if len(moved) <= _LOOSE else ()
    middle = _GRID * np.round((eyes.min(axis=0) + eyes.max(axis=0)) / 2 / _GRID) if len(eyes) else np.zeros(3)
    found: dict[str, list[int]] = {}
    sizes: Counter[str] = Counter()
    for k, part in enumerate(some):
        name = f"loose {part.element}" if part.element in loose else part.blocks
        found.setdefault(name, []).append(k)
        sizes[name] += part.count * len(part.solid.faces)
    small = [name for name in found if name in CLASSES and sizes[name] < _LARGE]
    together = sorted(k for name in small for k in found.pop(name))
    return Fixed(
        tuple(some),
        tuple(
            Group(tuple(some[k] for k in those), np.array(those), tuple(marks[k] for k in those), middle)
            for those in (together, *found.values())
            if those
        ),
        loose,
    )


def _mark(part: Part) -> bytes:
    """A name for the triangles of a part, of its element."""
    mark = sha1(f"{part.solid.vertices.shape} {part.element}\0{part.name}".encode(), usedforsecurity=False)
    for array in (part.solid.vertices, part.solid.faces, part.transforms):
        mark.update(np.ascontiguousarray(array).data)
    return mark.digest()


def digest(*what: Any) -> bytes:
    """A name for arrays and words: the same only for the same."""
    sum_ = sha1(usedforsecurity=False)
    for one in what:
        if isinstance(one, np.ndarray):
            sum_.update(f"{one.shape}{one.dtype.str}".encode())
            sum_.update(np.ascontiguousarray(one).data if one.size else b"")
        else:
            sum_.update(one if isinstance(one, bytes) else repr(one).encode())
    return sum_.digest()


def _grown(parts: Sequence[Part], middle: Floats) -> Triangles:
    triangles, owner = [], []
    for k, part in enumerate(parts):
        corners = _corners(part)
        if not np.isfinite(corners).all():
            raise VenueError(f"{part.label}: a corner of it is at no finite number")
        triangles.append(corners[:, part.solid.faces].reshape(-1, 3, 3))
        owner.append(np.full(len(triangles[-1]), k, np.int32))
    every = np.concatenate(triangles)
    a, b = every[:, 1, :2] - every[:, 0, :2], every[:, 2, :2] - every[:, 0, :2]
    flat = every.reshape(-1, 3)
    return Triangles(
        Rays(every, middle=middle), np.concatenate(owner), a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
        np.array([flat.min(axis=0), flat.max(axis=0)]),
    )  # fmt: skip


def _corners(part: Part) -> Floats:
    """(copies, corners, 3)"""
    turn, shift = part.transforms[:, :3, :3], part.transforms[:, None, :3, 3]
    return np.asarray(part.solid.vertices @ np.swapaxes(turn, 1, 2) + shift)


def behind(surface: Surface, parts: Iterable[Part]) -> bool:
    """Does nothing of some parts stand in front of a flat picture?"""
    if surface.normals is None or surface.origin is None or len(surface.origin) != 1:
        return False
    square = surface.normals[0] / max(float(np.linalg.norm(surface.normals[0])), 1e-12)
    return all(((_corners(part) - surface.origin[0]) @ square <= _FLUSH).all() for part in parts)


def inside(group: Group, eyes: Floats) -> Ints32:
    """(n,) the part of a group that each eye is inside of; −1 for none. What is met first, above or below, is left there."""
    tree = group.tree
    out = np.full(len(eyes), -1, np.int32)
    near = np.flatnonzero(((eyes >= tree.box[0]) & (eyes <= tree.box[1])).all(axis=1))
    for up in (1.0, -1.0):
        _, met = tree.rays.first_hit(eyes[near], np.array([0.0, 0.0, up]))
        leaves = (met >= 0) & (tree.rises[met] * up > 0)
        out[near[leaves]] = tree.part[met[leaves]]
    return out


@dataclass(frozen=True, eq=False)
class Aim:
    """A surface that is looked at."""

    surface: Surface

    @cached_property
    def key(self) -> bytes:
        s = self.surface
        return digest(s.points, s.place, s.upright, s.normals is None)

    @cached_property
    def middle(self) -> Floats:
        return np.asarray(self.surface.points.mean(axis=0))

    @cached_property
    def box(self) -> Floats:
        """(8, 3) corners of an upright box round it, four below and then four above."""
        points, wide = self.surface.points, self.surface.upright / 2
        flat = points[:, :2] - self.middle[:2]
        axes = np.linalg.eigh(flat.T @ flat)[1].T
        across = points[:, :2] @ axes.T
        low, high = across.min(axis=0) - wide, across.max(axis=0) + wide
        return _corners_of(np.r_[low, points[:, 2].min()], np.r_[high, points[:, 2].max()], axes)

    @cached_property
    def front(self) -> tuple[Floats, Floats, Whole] | None:
        """Of what is seen from its front only: normals (k, 3) of its facets, how far along them those lie (k,), and the
        facet of each sample (m,)."""
        s = self.surface
        if s.normals is None or s.origin is None or s.right is None or s.up is None or s.span is None:
            return None
        square = np.cross(s.right, s.up)
        facet = np.minimum(np.searchsorted(s.span[:, 1], s.place[:, 0], "right"), len(square) - 1)
        return square, np.einsum("jk,jk->j", s.origin, square), facet


def _corners_of(low: Floats, high: Floats, axes: Floats | None = None) -> Floats:
    """(8, 3) corners of a box, four below and then four above; `axes` (2, 2) turn it in plan."""
    flat = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])])
    flat = flat if axes is None else flat @ axes
    return np.asarray(np.c_[np.tile(flat, (2, 1)), np.repeat([low[2], high[2]], 4)])


@dataclass(frozen=True, eq=False)
class Sightlines:
    """From c pairs of eyes to the m samples of a surface; ray i·m + s runs from pair i to sample s."""

    eyes: Floats
    """(c, 3) between the two. [m]"""
    aim: Aim
    apart: float
    """[m]"""

    @property
    def surface(self) -> Surface:
        return self.aim.surface

    @cached_property
    def key(self) -> bytes:
        return digest(self.eyes, self.aim.key, self.apart)

    @cached_property
    def right(self) -> Floats:
        """(c, 2) level, square to the way to the middle of the surface."""
        way = self.aim.middle[:2] - self.eyes[:, :2]
        length = np.hypot(way[:, 0], way[:, 1])[:, None]
        right = way[:, ::-1] * (1.0, -1.0) / np.where(length > 0, length, 1.0)
        return np.where(length > 0, right, (1.0, 0.0))

    @cached_property
    def faces(self) -> Bools | None:
        """(c, m) which samples show their front; None where all do."""
        if self.aim.front is None:
            return None
        square, level, facet = self.aim.front
        ahead = self.eyes @ square.T > level
        return None if ahead.all() else np.asarray(ahead[:, facet])

    def toward(self, box: Floats) -> Whole:
        """Pairs of eyes that may look at the surface through a box (2, 3); no other does."""
        eyes, seen = self.eyes, self.aim.box
        slack = np.array([self.apart / 2, self.apart / 2, 0.0]) + _SLACK
        low, high = box[0] - slack, box[1] + slack
        meets = (np.minimum(eyes, seen.min(axis=0)) <= high) & (np.maximum(eyes, seen.max(axis=0)) >= low)
        near = meets[:, 0] & meets[:, 1] & meets[:, 2]
        if self.faces is not None:
            near &= self.faces.any(axis=1)
        within = (eyes >= low) & (eyes <= high)
        far = np.flatnonzero(near & ~(within[:, 0] & within[:, 1] & within[:, 2]))
        if len(far):
            (ahead, *to), (before, *through) = (
                self._about_ways(far, seen),
                self._about_ways(far, _corners_of(low, high)),
            )
            past = (before.max(axis=0) < 0) & (ahead.min(axis=0) >= 0)
            fair = (before.min(axis=0) > 0) & (ahead.min(axis=0) > 0)
            for one, other in zip(to, through):
                past |= fair & ((other.max(axis=0) < one.min(axis=0)) | (other.min(axis=0) > one.max(axis=0)))
            near[far[past]] = False
        return np.flatnonzero(near)

    def _about_ways(self, who: Whole, points: Floats) -> tuple[Floats, Floats, Floats]:
        """(8, k) of points (8, 3) from some pairs of eyes: how far ahead on the level way to the middle of the surface
        [m], how far to its right and how high as parts of that."""
        right, eyes = self.right[who].T, self.eyes[who].T
        x, y = points[:, :1] - eyes[0], points[:, 1:2] - eyes[1]
        ahead = y * right[0] - x * right[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            return ahead, (x * right[0] + y * right[1]) / ahead, (points[:, 2:] - eyes[2]) / ahead

    def dense(self, middle: Floats, who: Whole, side: float) -> tuple[Floats32, Floats32]:
        """Origins and directions (k·m, 3) of all rays from some pairs, about `middle`; side −1 the left eye, 1 the right."""
        eyes, points = self._about(middle, side)
        k, m = len(who), len(points)
        origins, ways = np.empty((3, k, m), np.float32), np.empty((3, k, m), np.float32)
        for axis in range(3):
            from_ = eyes[who, axis][:, None]
            origins[axis] = from_
            if self.surface.upright and axis < 2:
                np.multiply(self._across[who, axis][:, None], self._place, out=ways[axis])
                ways[axis] += points[:, axis]
                ways[axis] -= from_
            else:
                np.subtract(points[:, axis], from_, out=ways[axis])
        return origins.reshape(3, -1).T, ways.reshape(3, -1).T

    def sparse(self, middle: Floats, ray: Whole, side: float) -> tuple[Floats32, Floats32]:
        """The same of some rays (k,), in any order."""
        eyes, points = self._about(middle, side)
        pair, sample = np.divmod(ray, len(points))
        origins, ways = eyes.take(pair, axis=0), points.take(sample, axis=0)
        if self.surface.upright:
            ways[:, :2] += self._across[pair] * self._place[sample, None]
        ways -= origins
        return origins, ways

    def _about(self, middle: Floats, side: float) -> tuple[Floats32, Floats32]:
        eyes = self.eyes - middle
        eyes[:, :2] += side * self.apart / 2 * self.right
        return eyes.astype(np.float32), (self.surface.points - middle).astype(np.float32)

    @cached_property
    def _across(self) -> Floats32:
        return np.asarray(self.right * self.surface.upright, np.float32)

    @cached_property
    def _place(self) -> Floats32:
        return np.asarray(self.surface.place[:, 0] - 0.5, np.float32)


@dataclass(frozen=True, eq=False)
class Met:
    """What the first eyes' rays meet of one group, and whether some of the second eyes' meet it too."""

    ray: Ints32
    """(h,) rays that are stopped, rising."""
    part: Ints32
    """(h,) what stops them."""
    far: Floats32
    """(h,) and where, as a part of the way."""
    asked: Ints32
    """(a,) rays of the second eyes that were followed, rising."""
    stopped: Bools
    """(a,)"""

    @property
    def size(self) -> int:
        """[bytes]"""
        return 12 * len(self.ray) + 5 * len(self.asked)


def first_eyes(group: Group, lines: Sightlines, own: Bools) -> Met:
    """own : (c or 1, parts) what hides nothing from these eyes"""
    tree, m = group.tree, len(lines.surface)
    who = lines.toward(tree.box)
    origins, ways = lines.dense(tree.rays.middle, who, -1.0)
    hit = np.flatnonzero(tree.rays.stopped(origins, ways, _far(len(origins)))) if len(who) else _NO
    if not len(hit):
        return Met(_NO, _NO, np.zeros(0, np.float32), _NO, np.zeros(0, np.bool_))
    pair, sample = np.divmod(hit, m)
    ray = (who[pair] * m + sample).astype(np.int32)
    keep, part, far = _met(tree, origins[hit], ways[hit], own, ray // m)
    return Met(ray[keep], part, far, _NO, np.zeros(0, np.bool_))


def without(met: Met, old: Group, new: Group, lines: Sightlines, own: Bools) -> Met:
    """What `first_eyes` says of a group, from what it said when there were more parts in it."""
    place = {mark: k for k, mark in enumerate(new.marks)}
    part = np.array([place.get(mark, -1) for mark in old.marks], np.int32)[met.part]
    stays = part >= 0
    gone = met.ray[~stays]
    ray, part, far = met.ray[stays], part[stays], met.far[stays]
    if len(gone):
        tree = new.tree
        origins, ways = lines.sparse(tree.rays.middle, gone.astype(np.int64), -1.0)
        keep, behind, where = _met(tree, origins, ways, own, gone // len(lines.surface))
        ray, part, far = np.r_[ray, gone[keep]], np.r_[part, behind], np.r_[far, where]
        order = np.argsort(ray, kind="stable")
        ray, part, far = ray[order], part[order], far[order]
    return Met(ray, part, far, met.asked[~met.stopped], met.stopped[~met.stopped])


def second_eyes(group: Group, met: Met, lines: Sightlines, own: Bools, rays: Ints32) -> tuple[Bools, Met]:
    """(k,) which of some rays (k,), rising, of the second eyes are stopped too, and what is known from now on."""
    out = np.zeros(len(rays), np.bool_)
    if not len(rays):
        return out, met
    at = np.minimum(np.searchsorted(met.asked, rays), max(len(met.asked) - 1, 0))
    known = met.asked[at] == rays if len(met.asked) else np.zeros(len(rays), np.bool_)
    out[known] = met.stopped[at[known]]
    if known.all():
        return out, met
    fresh, tree = np.flatnonzero(~known), group.tree
    origins, ways = lines.sparse(tree.rays.middle, rays[fresh].astype(np.int64), 1.0)
    hit = np.flatnonzero(tree.rays.stopped(origins, ways, _far(len(origins))))
    if own.any() and len(hit):
        hit = hit[_met(tree, origins[hit], ways[hit], own, rays[fresh[hit]] // len(lines.surface))[0]]
    out[fresh[hit]] = True
    if not len(met.asked):
        return out, Met(met.ray, met.part, met.far, rays, out)
    asked = np.concatenate([met.asked, rays[~known]])
    order = np.argsort(asked, kind="stable")
    stopped = np.concatenate([met.stopped, out[~known]])[order]
    return out, Met(met.ray, met.part, met.far, asked[order], stopped)


def _met(
    tree: Triangles, origins: Floats32, ways: Floats32, own: Bools, pair: NDArray[Any]
) -> tuple[Whole, Ints32, Floats32]:
    """Which rays meet something that counts, what it is, and where; they go on behind what is their own."""
    n = len(origins)
    part, far = np.full(n, -1, np.int32), np.zeros(n, np.float32)
    left, stop, past = np.arange(n), _far(n), np.zeros(n, np.float32)
    mine = own[0] if len(own) == 1 else None
    while len(left):
        reach, met = tree.rays.met(origins, ways, stop)
        hit = np.flatnonzero(met >= 0)
        found = tree.part[met[hit]]
        skip = mine[found] if mine is not None else own[pair[left[hit]], found]
        good, on = hit[~skip], hit[skip]
        part[left[good]], far[left[good]] = found[~skip], past[good] + reach[good]
        step = reach[on] + np.float32(_PAST)
        origins, ways = origins[on] + step[:, None] * ways[on], ways[on]
        left, stop, past = left[on], stop[on] - step, past[on] + step
        more = stop > 0
        left, stop, past, origins, ways = left[more], stop[more], past[more], origins[more], ways[more]
    keep = np.flatnonzero(part >= 0)
    return keep, part[keep], far[keep]


_NO = np.zeros(0, np.int32)


_STOP = np.full(262_144, 1.0 - SHORT_OF_THE_END, np.float32)


def _far(n: int) -> Floats32:
    """(n,) where rays end; not to be written to."""
    return _STOP[:n] if n <= len(_STOP) else np.full(n, _STOP[0])
