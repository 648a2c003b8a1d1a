"""What people hide from each other: exact shadows of round bodies on the samples of a surface.

A person is two ellipsoids, head and shoulders. From an eye e, with A the map that makes the body a unit ball, q = A(e − c)
and D = A(p − e), the way to a sample p meets the body where B² > g·|D|² with B = q·D and g = |q|² − 1: the tangent cone,
which cuts the plane of a facet in a conic. Its six numbers are reckoned once for an eye, a body and a facet, and then
decide over 64 samples at a time.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stagecraft.geometry._compiled import compiled
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.surface import Surface

Bits: TypeAlias = NDArray[np.uint64]
"""(n, words): sample s is bit s % 64 of word s // 64."""
Whole: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

LEVELS = 64
"""At most so many levels are told apart up a target."""

_WORD = 64
_BOX = 8
"""Persons in a box of the tree, such boxes in the next and those in the largest: from a few metres to a block of seats."""
_CHUNK = 2048
"""Eyes worked on at a time."""
_FEW = 512
"""Fewer eyes than these are not worth another thread."""
_SLACK = 1e-6
"""Whatever is nearer than this to being out of the way is looked at. [m]"""

_DEEP = 0.5
"""Depth of the trunk as a part of the shoulders' breadth: chest 0.25 m deep, shoulders 0.465 m broad in Pheasant's
Bodyspace, from memory."""
_SEATED = 0.75
"""Height of a seated trunk as a part of the shoulders' breadth: from the shoulders to the elbows, 0.35 m, so that it is
broadest a hand below the shoulders. What is lower is hidden by chair backs."""
_STANDING = 1.25
"""The same of a standing one: from the shoulders to the fork, 0.58 m. Legs hide nothing."""


class Figures(Protocol):
    """Sizes of people, each one number or one for every person (p,). [m]"""

    @property
    def head(self) -> float | Floats: ...
    @property
    def head_breadth(self) -> float | Floats: ...
    @property
    def head_length(self) -> float | Floats: ...
    @property
    def shoulder(self) -> float | Floats: ...
    @property
    def shoulder_breadth(self) -> float | Floats: ...


@dataclass(frozen=True, eq=False)
class Bodies:
    """Ellipsoids that stand upright."""

    centre: Floats
    """(b, 3) [m]"""
    yaw: Floats
    """(b,) way they face, anticlockwise from +x. [rad]"""
    radii: Floats
    """(b, 3) across, along the way they face, up. [m]"""
    owner: Whole
    """(b,) whose body it is."""

    def __len__(self) -> int:
        return len(self.centre)

    @cached_property
    def middle(self) -> Floats:
        """(3,) that all is reckoned from. [m]"""
        return np.asarray(self.centre.mean(axis=0))

    @cached_property
    def crowd(self) -> _Crowd:
        return _crowd(self)


@dataclass(frozen=True, eq=False)
class Hidden:
    bits: Bits
    """(n, words) samples that people hide from each eye."""
    front: Whole
    """(n,) whose body alone hides most of them; −1 where nobody hides any."""
    taken: Floats
    """(n,) part of the samples that this person alone hides."""


def people(eyes: ArrayLike, facing: ArrayLike, stature: Figures, standing: ArrayLike = False) -> Bodies:
    """Heads, then shoulders, of p persons: person k owns rows k and p + k.

    eyes : (p, 3) [m]
    facing : (p,) way they look [degrees]
    standing : (p,) or one for all

    A head is round its eye, so that its top is `head` above the eye, as C-values reckon. The shoulders' top is
    `shoulder` below the eye.
    """
    eyes = np.asarray(eyes, float).reshape(-1, 3)
    p = len(eyes)

    def each(*sizes: ArrayLike) -> Floats:
        return np.stack([np.broadcast_to(np.asarray(size, float), p) for size in sizes], axis=1)

    head = each(stature.head_breadth, stature.head_length, 2 * np.asarray(stature.head)) / 2
    broad = np.asarray(stature.shoulder_breadth, float)
    tall = np.where(standing, _STANDING, _SEATED) * broad
    trunk = each(broad, _DEEP * broad, tall) / 2
    below = each(0.0, 0.0, np.asarray(stature.shoulder) + tall / 2)
    yaw = np.broadcast_to(np.radians(np.asarray(facing, float)), p)
    return Bodies(
        np.concatenate([eyes, eyes - below]), np.tile(yaw, 2), np.concatenate([head, trunk]), np.tile(np.arange(p), 2)
    )


def hidden(eyes: ArrayLike, own: ArrayLike, bodies: Bodies, surface: Surface) -> Hidden:
    """What bodies hide of a surface from each eye.

    eyes : (n, 3) [m]
    own : (n,) owner of the bodies that do not hide anything from this eye, its own ones; −1 for nobody

    A sample is hidden where a body meets the way from the eye to it; a body behind it hides nothing. Front and back of
    the surface are alike here.

    Raises ValueError where something is not finite or a body has no size.
    """
    eyes = np.asarray(eyes, float).reshape(-1, 3)
    n, m = len(eyes), len(surface)
    own = np.array(np.broadcast_to(own, n), np.int64)
    out = Hidden(np.zeros((n, words(m)), np.uint64), np.full(n, -1), np.zeros(n))
    finite = (eyes, surface.points, bodies.centre, bodies.yaw, bodies.radii)
    if not all(np.isfinite(array).all() for array in finite):
        raise ValueError("an eye, a body or a sample stands at something that is not a finite number")
    if not (bodies.radii > 0).all():
        raise ValueError("a body has no size")
    if not (n and m and len(bodies)):
        return out
    middle, crowd = bodies.middle, bodies.crowd
    field = _field(surface, middle)
    cast = compiled(_cast)

    def some(first: int) -> None:
        here = slice(first, first + step)
        eye = eyes[here] - middle
        across = _across(surface, eye, middle)
        cast(
            eye, own[here], _planes(surface, eye, middle, across), across, crowd, field,
            out.bits[here], out.front[here], out.taken[here],
        )  # fmt: skip

    threads = os.cpu_count() or 1
    step = min(_CHUNK, max(_FEW, -(-n // (4 * threads))))
    if threads == 1 or n <= step:
        for first in range(0, n, step):
            some(first)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(some, range(0, n, step)))
    return out


def words(samples: int) -> int:
    """How many words hold so many samples."""
    return -(-samples // _WORD)


def pack(bools: NDArray[Any]) -> Bits:
    """(n, m) as bits (n, words)."""
    n, m = bools.shape
    flat = np.zeros((n, words(m) * 8), np.uint8)
    some = np.packbits(bools, axis=1, bitorder="little")
    flat[:, : some.shape[1]] = some
    return flat.view("<u8").astype(np.uint64, copy=False)


def unpack(bits: Bits, samples: int) -> Bools:
    """(n, m) of bits (n, words)."""
    flat = np.ascontiguousarray(bits).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(flat, axis=1, count=samples, bitorder="little").view(np.bool_)


def count(bits: Bits, mask: Bits | None = None) -> Whole:
    """(n,) how many bits are set, of those that `mask` (n, words) or (words,) leaves."""
    return np.asarray(np.bitwise_count(bits if mask is None else bits & mask).sum(axis=-1, dtype=np.int64))


def by_level(
    bits: Bits, surface: Surface, group: ArrayLike, groups: int, valid: Bits | None = None
) -> tuple[Floats, Floats]:
    """Levels (L,) up the target, 0 bottom … 1 top, and (groups, L) the part of each that is free from the eyes of a group.

    Arguments as for `tally`; NaN where no sample counts.
    """
    levels, taken, looked = tally(bits, surface, group, groups, valid)
    return levels, part_free(taken, looked)


def tally(
    bits: Bits, surface: Surface, group: ArrayLike, groups: int, valid: Bits | None = None
) -> tuple[Floats, Whole, Whole]:
    """Levels (L,) up the target, 0 bottom … 1 top, and (groups, L) how many samples of each are hidden, of how many.

    bits : (n, words) hidden samples
    group : (n,) which group an eye belongs to; −1 for none
    valid : (n, words) samples that count; all where None

    At most `LEVELS` levels, of equal height.
    """
    group = np.array(group, np.int64)
    m = len(surface)
    height = surface.place[:, 1]
    size = min(LEVELS, max(1, len(np.unique(height))))
    level = np.minimum((height * size).astype(np.int64), size - 1)
    everything = pack(np.ones((1, m), np.bool_))[0].copy()
    valid = np.tile(everything, (len(bits), 1)) if valid is None else valid & everything
    taken, looked = np.zeros((groups, size), np.int64), np.zeros((groups, size), np.int64)
    compiled(_tally)(np.ascontiguousarray(bits), valid, everything, group, level, taken, looked)
    return (np.arange(size) + 0.5) / size, taken, looked


def part_free(taken: Whole, looked: Whole) -> Floats:
    """What is not taken of what is looked at, 0 … 1; NaN where nothing is."""
    return np.asarray(1 - taken / np.where(looked > 0, looked, np.nan))


class _Crowd(NamedTuple):
    """Bodies as a tree of boxes, depth first; its leaves are persons."""

    middle: Floats
    """(k, 3) of each box [m]"""
    half: Floats
    """(k, 3) of its size [m]"""
    after: Whole
    """(k,) box to go on with when this one is out of the way."""
    person: Whole
    """(k,) place in `who` and `first`; −1 where the box holds others."""
    who: Whole
    """(p,) owner"""
    first: Whole
    """(p + 1,) first body of each person."""
    centre: Floats
    turn: Floats
    """(b, 2) cosine and sine"""
    radii: Floats
    """(b, 3) along the way they face, to its left, up [m]"""
    inverse: Floats


class _Field(NamedTuple):
    """Samples in words of 64; each word lies on one facet, and its samples go up."""

    place: Floats
    """(w, 2, 64) u and v; NaN where a word is not full."""
    points: Floats
    """(w, 3, 64) [m]"""
    full: Bits
    """(w,) samples that are there."""
    reach: Floats
    """(w, 2) lowest and highest v."""
    first: Whole
    """(k + 1,) first word of each facet."""
    flat: bool
    """Whether the facets below are there."""
    origin: Floats
    right: Floats
    up: Floats
    normal: Floats
    """(k, 3) of length 1, or 0 where a facet has no size."""
    span: Floats
    order: Whole
    """(w, 64) where each sample belongs; empty where that is its own place."""
    samples: int


def _crowd(bodies: Bodies) -> _Crowd:
    who, person = np.unique(bodies.owner, return_inverse=True)
    p = len(who)
    centre = bodies.centre - bodies.middle
    plan = np.stack([np.bincount(person, centre[:, axis], p) / np.bincount(person, minlength=p) for axis in (0, 1)])
    along = np.argsort(_curve(plan), kind="stable")
    rank = np.empty(p, np.int64)
    rank[along] = np.arange(p)
    order = np.argsort(rank[person], kind="stable")
    first = np.r_[0, np.cumsum(np.bincount(rank[person], minlength=p))]
    turn = np.stack([np.cos(bodies.yaw), np.sin(bodies.yaw)], axis=1)[order]
    centre, radii = centre[order], bodies.radii[:, [1, 0, 2]][order]
    cos, sin, deep, broad = *turn.T, *radii.T[:2]
    half = np.stack([np.hypot(cos * deep, sin * broad), np.hypot(sin * deep, cos * broad), radii[:, 2]], axis=1)
    low, high = np.minimum.reduceat(centre - half, first[:-1]), np.maximum.reduceat(centre + half, first[:-1])
    k = np.arange(p)
    sizes = _BOX ** np.arange(1, 4)
    at = k + sum(
        k // size + 1 for size in sizes
    )  # a person comes after the boxes that begin with it, large before small
    places, after, lows, highs = [at], [at + 1], [low], [high]
    for step, size in enumerate(sizes):
        start = k[::size]
        places.append(at[start] - step - 1)
        after.append(at[np.minimum(start + size, p) - 1] + 1)
        lows.append(np.minimum.reduceat(low, start))
        highs.append(np.maximum.reduceat(high, start))
    where = np.argsort(np.concatenate(places))
    low, high = np.concatenate(lows)[where], np.concatenate(highs)[where]
    return _Crowd(
        (low + high) / 2, (high - low) / 2, np.concatenate(after)[where],
        np.concatenate([k, np.full(len(where) - p, -1)])[where], who[along].astype(np.int64), first, centre, turn,
        radii, 1 / radii,
    )  # fmt: skip


def _curve(plan: Floats) -> Whole:
    """Places (2, p) along a curve that stays near: the bits of x and y by turns (Morton 1966), from half metres."""
    bits = np.minimum((plan - plan.min(axis=1, keepdims=True)) * 2, 2**16 - 1).astype(np.int64)
    for shift, kept in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | bits << shift) & kept
    return np.asarray(bits[0] | bits[1] << 1)


def _field(surface: Surface, middle: Floats) -> _Field:
    m = len(surface)
    none = np.zeros((1, 3))
    origin, up, span, flat = none, none, np.zeros((1, 2)), False
    if surface.origin is not None and surface.up is not None and surface.span is not None:
        origin, up, span, flat = surface.origin - middle, surface.up, surface.span, True
    right = none if surface.right is None else surface.right
    facet = np.minimum(np.searchsorted(span[:, 1], surface.place[:, 0], "right"), len(span) - 1)
    order = np.argsort(facet, kind="stable")
    sizes = np.bincount(facet, minlength=len(span))
    first = np.r_[0, np.cumsum(-(-sizes // _WORD))]
    rank = np.arange(m) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first[:-1] * _WORD, sizes)
    where = np.full(first[-1] * _WORD, -1)
    where[rank] = order
    where = where.reshape(-1, _WORD)
    there = where >= 0
    place = np.where(there[..., None], surface.place[where], np.nan)
    points = np.where(there[..., None], surface.points[where] - middle, np.nan)
    normal = np.cross(right, up)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.divide(normal, length, out=np.zeros_like(normal), where=length > 1e-12)
    reach = np.stack([np.nanmin(place[..., 1], axis=1), np.nanmax(place[..., 1], axis=1)], axis=1)
    origin, right, up, normal, span = (np.ascontiguousarray(a, float) for a in (origin, right, up, normal, span))
    return _Field(
        np.ascontiguousarray(place.swapaxes(1, 2)), np.ascontiguousarray(points.swapaxes(1, 2)), pack(there)[:, 0].copy(),
        reach, first, flat, origin, right, up, normal, span, where if len(span) > 1 else where[:0], m,
    )  # fmt: skip


def _across(surface: Surface, eyes: Floats, middle: Floats) -> Floats:
    """(n, 3) from the left to the right of what is turned to each eye; 0 for what stands still. [m]"""
    out = np.zeros((len(eyes), 3))
    if surface.upright:
        way = surface.points[0] - middle - eyes
        length = np.hypot(way[:, 0], way[:, 1])
        out[:, 0], out[:, 1] = way[:, 1], -way[:, 0]
        out[length == 0, 0] = 1.0
        out *= (surface.upright / np.where(length > 0, length, 1.0))[:, None]
    return out


def _planes(surface: Surface, eyes: Floats, middle: Floats, across: Floats) -> Floats:
    """(n, 6, 4) planes round all ways from each eye to the surface: out of the way is a point p, from the eye, for which
    n·p + d < 0 with one of them. n has length 1. [m]
    """
    ends = _corners(surface) - middle
    inner = ends.mean(axis=0) - eyes
    square = inner * [1.0, 1.0, 0.0]
    if surface.right is not None and surface.up is not None:
        normal = np.cross(surface.right, surface.up).sum(axis=0)
        square = normal * np.sign(inner @ normal)[:, None]
    out = _pyramid(ends, eyes, across, square)
    for other in (_pyramid, _box):
        left = np.flatnonzero(np.isnan(out[:, 0, 0]))
        if len(left):
            out[left] = other(ends, eyes[left], across[left], inner[left])
    out[..., 3] += _SLACK
    return out


def _corners(surface: Surface) -> Floats:
    """(c, 3) whose hull holds all samples; of an upright, its foot and its top. [m]"""
    if surface.origin is None or surface.up is None or surface.span is None:
        low, high = surface.points.min(axis=0), surface.points.max(axis=0)
        return np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    right = 0.0 if surface.right is None else surface.right
    edges = [surface.origin + right * surface.span[:, side, None] for side in (0, 1)]
    return np.concatenate([*edges, *(edge + surface.up for edge in edges)])


def _along(axis: Floats, ends: Floats, eyes: Floats, across: Floats) -> Floats:
    """(n, c) how far each corner is from each eye along its axis. [m]"""
    way: Floats = axis @ ends.T - np.einsum("ij,ij->i", axis, eyes)[:, None]
    if not across.any():
        return way
    half = np.einsum("ij,ij->i", axis, across)[:, None] / 2
    return np.concatenate([way - half, way + half], axis=1)


def _pyramid(ends: Floats, eyes: Floats, across: Floats, forward: Floats) -> Floats:
    """Planes through the eye at the bottom, top, left and right of what is ahead, one behind it, one square to the way at
    the eye; NaN where it is not all ahead."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = forward / np.linalg.norm(forward, axis=1, keepdims=True)
        right = np.stack([ahead[:, 1], -ahead[:, 0], np.zeros(len(ahead))], axis=1)
        right[np.abs(right).max(axis=1) < _SLACK] = [1.0, 0.0, 0.0]
        right /= np.linalg.norm(right, axis=1, keepdims=True)
        up = np.cross(right, ahead)
        depth = _along(ahead, ends, eyes, across)
        out = np.zeros((len(eyes), 6, 4))
        for k, axis in ((0, up), (2, right)):
            slope = _along(axis, ends, eyes, across) / depth
            out[:, k, :3] = axis - slope.min(axis=1)[:, None] * ahead
            out[:, k + 1, :3] = slope.max(axis=1)[:, None] * ahead - axis
        out[:, :4, :3] /= np.linalg.norm(out[:, :4, :3], axis=2, keepdims=True)
        out[:, 4, :3], out[:, 5, :3] = -ahead, ahead
        out[:, 4, 3] = depth.max(axis=1)
    out[~(depth.min(axis=1) > _SLACK)] = np.nan
    return out


def _box(ends: Floats, eyes: Floats, across: Floats, forward: Floats) -> Floats:
    """Planes of the box that holds the eye and all that it looks at."""
    out = np.zeros((len(eyes), 6, 4))
    for k, axis in enumerate(np.eye(3)):
        way = _along(np.tile(axis, (len(eyes), 1)), ends, eyes, across)
        out[:, 2 * k, k], out[:, 2 * k, 3] = 1.0, -np.minimum(way.min(axis=1), 0.0)
        out[:, 2 * k + 1, k], out[:, 2 * k + 1, 3] = -1.0, np.maximum(way.max(axis=1), 0.0)
    return out


def _cast(
    eyes: Any, own: Any, planes: Any, across: Any, crowd: Any, field: Any, bits: Any, front: Any, taken: Any
) -> None:
    """Fills `bits`, `front` and `taken` for every eye. Plain enough for numba to compile."""
    one = np.uint64(1)
    mask = np.zeros(len(field.full), np.uint64)
    whole = np.zeros(len(field.full), np.uint64)
    facets = len(field.origin)
    sides, ends = np.zeros((facets, 2, 3)), np.zeros((2, 3))
    for i in range(len(eyes)):
        ex, ey, ez = eyes[i]
        wx, wy = across[i, 0], across[i, 1]
        # planes through the eye at both ends of each of several facets
        if facets > 1:
            for j in range(facets):
                rx, ry, rz = field.right[j]
                ux, uy, uz = field.up[j]
                for side in range(2):
                    t = field.span[j, side]
                    ends[side, 0] = field.origin[j, 0] + t * rx - ex
                    ends[side, 1] = field.origin[j, 1] + t * ry - ey
                    ends[side, 2] = field.origin[j, 2] + t * rz - ez
                for side in range(2):
                    px, py, pz = ends[side]
                    nx, ny, nz = uy * pz - uz * py, uz * px - ux * pz, ux * py - uy * px
                    length = math.sqrt(nx * nx + ny * ny + nz * nz)
                    far = nx * ends[1 - side, 0] + ny * ends[1 - side, 1] + nz * ends[1 - side, 2]
                    scale = math.copysign(1.0, far) / length if abs(far) > _SLACK * length else 0.0
                    sides[j, side, 0], sides[j, side, 1], sides[j, side, 2] = nx * scale, ny * scale, nz * scale
        best, most = -1, 0
        node = 0
        while node < len(crowd.after):
            mx, my, mz = crowd.middle[node, 0] - ex, crowd.middle[node, 1] - ey, crowd.middle[node, 2] - ez
            hx, hy, hz = crowd.half[node]
            out = False
            for k in range(6):
                nx, ny, nz, nd = planes[i, k]
                if nx * mx + ny * my + nz * mz + abs(nx) * hx + abs(ny) * hy + abs(nz) * hz + nd < 0.0:
                    out = True
                    break
            if out:
                node = crowd.after[node]
                continue
            p = crowd.person[node]
            node += 1
            if p < 0 or crowd.who[p] == own[i]:
                continue
            low, high = len(mask), 0  # words that this person touches
            for b in range(crowd.first[p], crowd.first[p + 1]):
                kx, ky, kz = crowd.inverse[b]
                cos, sin = crowd.turn[b, 0], crowd.turn[b, 1]
                cx, cy, cz = crowd.centre[b, 0] - ex, crowd.centre[b, 1] - ey, crowd.centre[b, 2] - ez
                qx, qy, qz = -(cos * cx + sin * cy) * kx, (sin * cx - cos * cy) * ky, -cz * kz
                g = qx * qx + qy * qy + qz * qz - 1.0
                if g <= 0.0:  # the eye is in the body
                    for w in range(len(mask)):
                        mask[w] = field.full[w]
                    low, high = 0, len(mask)
                    break
                for j in range(facets):
                    if facets > 1 and (
                        sides[j, 0, 0] * mx + sides[j, 0, 1] * my + sides[j, 0, 2] * mz
                        + abs(sides[j, 0, 0]) * hx + abs(sides[j, 0, 1]) * hy + abs(sides[j, 0, 2]) * hz < -_SLACK
                        or sides[j, 1, 0] * mx + sides[j, 1, 1] * my + sides[j, 1, 2] * mz
                        + abs(sides[j, 1, 0]) * hx + abs(sides[j, 1, 1]) * hy + abs(sides[j, 1, 2]) * hz < -_SLACK
                    ):  # fmt: skip
                        continue
                    conic = False
                    if field.flat:
                        rx, ry, rz = field.right[j, 0] + wx, field.right[j, 1] + wy, field.right[j, 2]
                        ux, uy, uz = field.up[j]
                        ox = field.origin[j, 0] - 0.5 * wx - ex
                        oy = field.origin[j, 1] - 0.5 * wy - ey
                        oz = field.origin[j, 2] - ez
                        nx, ny, nz = field.normal[j]
                        if wx != 0.0 or wy != 0.0:
                            t = math.hypot(wx, wy)
                            nx, ny, nz = wy / t, -wx / t, 0.0
                        away = nx * ox + ny * oy + nz * oz
                        if away < 0.0:
                            nx, ny, nz, away = -nx, -ny, -nz, -away
                        depth = nx * cx + ny * cy + nz * cz
                        ax, ay, az = crowd.radii[b]
                        lx, ly, lz = (cos * nx + sin * ny) * ax, (cos * ny - sin * nx) * ay, nz * az
                        reach = math.sqrt(lx * lx + ly * ly + lz * lz)
                        if away > _SLACK:
                            if depth + reach < 0.0 or depth - reach > away:
                                continue  # all of it behind the eye, or behind the facet
                            conic = depth - reach > _SLACK and depth + reach < away - _SLACK
                    first, last = field.first[j], field.first[j + 1]
                    if conic:
                        dx, dy, dz = (cos * ox + sin * oy) * kx, (cos * oy - sin * ox) * ky, oz * kz
                        sx, sy, sz = (cos * rx + sin * ry) * kx, (cos * ry - sin * rx) * ky, rz * kz
                        tx, ty, tz = (cos * ux + sin * uy) * kx, (cos * uy - sin * ux) * ky, uz * kz
                        b0 = qx * dx + qy * dy + qz * dz
                        b1 = qx * sx + qy * sy + qz * sz
                        b2 = qx * tx + qy * ty + qz * tz
                        # B² − g·|D|² as a polynomial in u and v
                        uu = b1 * b1 - g * (sx * sx + sy * sy + sz * sz)
                        uv = b1 * b2 - g * (sx * tx + sy * ty + sz * tz)
                        vv = b2 * b2 - g * (tx * tx + ty * ty + tz * tz)
                        u1 = b0 * b1 - g * (dx * sx + dy * sy + dz * sz)
                        v1 = b0 * b2 - g * (dx * tx + dy * ty + dz * tz)
                        c = b0 * b0 - g * (dx * dx + dy * dy + dz * dz)
                        det = uv * uv - uu * vv
                        if det < 0.0:  # an ellipse: which u and v it spans
                            mid_u, mid_v = (vv * u1 - uv * v1) / det, (uu * v1 - uv * u1) / det
                            top = c + u1 * mid_u + v1 * mid_v
                            half_u, half_v = math.sqrt(max(top * vv / det, 0.0)), math.sqrt(max(top * uu / det, 0.0))
                            pad = 1e-6 + 1e-6 * (half_u + half_v)
                            if mid_u + half_u + pad < field.span[j, 0] or mid_u - half_u - pad > field.span[j, 1]:
                                continue
                            while first < last and field.reach[first, 1] < mid_v - half_v - pad:
                                first += 1
                            while first < last and field.reach[last - 1, 0] > mid_v + half_v + pad:
                                last -= 1
                        for w in range(first, last):
                            some = np.uint64(0)
                            for s in range(64):
                                u, v = field.place[w, 0, s], field.place[w, 1, s]
                                inside = (uu * u + 2.0 * uv * v + 2.0 * u1) * u + (vv * v + 2.0 * v1) * v + c > 0.0
                                some |= np.uint64(inside) << np.uint64(s)
                            mask[w] |= some
                    else:
                        for w in range(first, last):
                            some = np.uint64(0)
                            for s in range(64):
                                t = field.place[w, 0, s] - 0.5
                                x = field.points[w, 0, s] + t * wx - ex
                                y = field.points[w, 1, s] + t * wy - ey
                                z = field.points[w, 2, s] - ez
                                dx, dy, dz = (cos * x + sin * y) * kx, (cos * y - sin * x) * ky, z * kz
                                bb = qx * dx + qy * dy + qz * dz
                                dd = dx * dx + dy * dy + dz * dz
                                inside = (g + 2.0 * bb + dd < 0.0) | ((bb < 0.0) & (bb + dd > 0.0) & (bb * bb > g * dd))
                                some |= np.uint64(inside) << np.uint64(s)
                            mask[w] |= some
                    low, high = min(low, first), max(high, last)
            size = 0
            for w in range(low, high):
                x = mask[w]
                whole[w] |= x
                mask[w] = np.uint64(0)
                while x:
                    x &= x - one
                    size += 1
            if size > most or (size == most and size > 0 and crowd.who[p] < best):
                best, most = crowd.who[p], size
        front[i], taken[i] = best, most / field.samples
        for w in range(len(whole)):
            x = whole[w]
            whole[w] = np.uint64(0)
            if not len(field.order):
                bits[i, w] = x
            elif x:
                for s in range(64):
                    if (x >> np.uint64(s)) & one:
                        at = field.order[w, s]
                        bits[i, at >> 6] |= one << np.uint64(at & 63)


def _tally(bits: Any, valid: Any, everything: Any, group: Any, level: Any, taken: Any, looked: Any) -> None:
    """Adds to `taken` and `looked` (groups, levels) the samples of each eye. Plain enough for numba to compile."""
    one = np.uint64(1)
    whole = np.zeros((len(taken), len(everything)), np.int64)
    for i in range(len(group)):
        j = group[i]
        if j < 0:
            continue
        for w in range(len(everything)):
            if valid[i, w] == everything[w]:
                whole[j, w] += 1
            x, y = valid[i, w], bits[i, w]
            if x == everything[w]:
                x = np.uint64(0)
            y &= valid[i, w]
            for s in range(64):
                if not (x | y) >> np.uint64(s):
                    break
                at = w * 64 + s
                if (x >> np.uint64(s)) & one:
                    looked[j, level[at]] += 1
                if (y >> np.uint64(s)) & one:
                    taken[j, level[at]] += 1
    for j in range(len(taken)):
        for w in range(len(everything)):
            for s in range(64):
                if (everything[w] >> np.uint64(s)) & one:
                    looked[j, level[w * 64 + s]] += whole[j, w]
