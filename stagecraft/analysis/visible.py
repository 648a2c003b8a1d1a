"""Which share of every target each seat sees past what stands fixed and past people, and what takes the rest.
No thresholds.

Fixed are architecture, rigging and set, soft drape too; chairs hide nothing. Fixed things and people are kept apart:
what people take is counted beside the rest and never mixed into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.views import ROLES
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.rays import SHORT_OF_THE_END, Rays
from stagecraft.scene import Blocks, Scene, Screen, Strings, System, Target, Viewer

Whole = NDArray[np.int64]
WORST = 4
"""So many causes are kept for each seat."""

_SEEN = ("focus", "person", "screen", "sign")
_A_SEAT = ("share", "content", "away", "cause", "taken", "place", "free", "people", "front", "front_taken")
_CLASSES: tuple[Blocks, ...] = ("architecture", "rigging", "set")
_WIDE = 0.5
"""Width of a person. [m]"""
_ABOVE_FEET = 0.5
"""A person is looked at from here up: presenter box 0.5–1.8 m above the stage, a proposal of our own. [m]"""
_MARGIN = 1e-3
"""Rays end this short of the target: what it stands on or lies against is not in between. [m]"""
_RAYS = 262_144
"""Rays worked on at a time."""
_GOLDEN = 0.61803398874989485
"""Golden section, the number that fractions come least near to."""


@dataclass(frozen=True)
class Cause:
    """Something fixed that can stand in the way: the parts of an element that share a name."""

    element: str
    name: str
    """Of the part; empty where it is the whole element."""
    system: System
    blocks: Blocks
    movable: bool


@dataclass(frozen=True, eq=False)
class Seen:
    """One target from every standing seat; arrays in the order of `scene.seats`. All shares 0 … 1, never NaN.

    `share` + `away` + the shares of all classes are 1.
    """

    target: str
    element: str
    role: str
    share: Floats
    """(n,) of the target that is seen."""
    content: Floats
    """(n,) of a screen's part above `content_safe_from` that is seen; `share` where there is no such part."""
    away: Floats
    """(n,) of the target that turns its back to the seat."""
    by: Mapping[str, Floats]
    """(n,) taken by architecture, rigging and set."""
    cause: Whole
    """(n, 4) what takes most, most first: indices into `Visible.causes`, −1 for none."""
    taken: Floats
    """(n, 4) share that each of them takes."""
    place: Floats
    """(n, 4, 2) middle of what each of them hides: 0 left … 1 right, 0 bottom … 1 top."""
    free: Floats
    """(n,) of the target that is seen past fixed things and past people."""
    people: Floats
    """(n,) of what fixed things leave, the share that people take; 0 where fixed things leave nothing."""
    front: Whole
    """(n,) the person that takes most, as an index into `scene.laid_out`; −1 for none."""
    front_taken: Floats
    """(n,) share of the target that this person takes, past fixed things or not."""
    levels: Floats
    """(L,) heights up the target, 0 bottom … 1 top; at most 64."""
    row_free: Floats
    """(r, L) of each level, the share that people leave free, over the seats of each SeatRow (`Seats.rank`) that
    nobody killed and that the level shows its front to; NaN where there are none."""
    viewers: Floats
    """(k,) as `share`, from each of `Visible.viewers`."""
    viewers_free: Floats
    """(k,) as `free`, from each of `Visible.viewers`."""


@dataclass(frozen=True, eq=False)
class Visible:
    ids: Strings
    """(n,) permanent ids of the standing seats."""
    causes: tuple[Cause, ...]
    targets: Mapping[str, Seen]
    """By name: every focus, person, screen and sign."""
    feeds: Mapping[str, Seen]
    """By the feed's name: the screen of it that the seat sees most of."""
    viewers: tuple[Viewer, ...] = ()
    """Eyes that are no seats: cameras, operators, presenters."""
    samples: int = 0
    apart: float = 0.0
    """Between the two eyes. [m]"""
    memo: Any = field(default=None, repr=False)
    """What the next answer can take over from this one."""


def visible(scene: Scene, samples: int = 1024, apart: float | None = None, before: Visible | None = None) -> Visible:
    """Which share of every focus, person, screen and sign each standing seat sees past fixed things and people.

    samples : rays to each surface and person, rounded up to an even number; a line takes as many, a point one
    apart : distance between two eyes, either of which may see; 0 for one eye, the scene's stature where None [m]
    before : an earlier answer, of which all that still holds is taken over

    A screen is its picture, from in front only; a person an upright 0.5 m wide that is turned to the seat, from 0.5 m
    above the feet to the top of the head (or between the points given, where no figure stands there). A target's own
    element never hides it. What a ray meets first is the cause.

    Raises ValueError for fewer than one sample.
    """
    if samples < 1:
        raise ValueError(f"visible needs at least one sample a target, not {samples}")
    apart = scene.stature.eyes_apart if apart is None else apart
    if not 0 <= apart < np.inf:
        raise ValueError(f"eyes cannot be {apart} m apart")
    causes, triangles, which = _fixed(scene)
    owners = np.array([cause.element for cause in causes], dtype=np.str_)
    everything: Rays | None = None
    targets: dict[str, Seen] = {}
    seats, viewers = scene.seats, scene.of(Viewer)
    eyes = np.concatenate([seats.eyes, np.reshape([viewer.eye for viewer in viewers], (-1, 3))])
    for key, target in _named(scene):
        own = owners == target.element
        if own.any():
            keep = ~own[which]
            rays, index = Rays(triangles[keep]), which[keep]
        else:
            everything = everything or Rays(triangles)
            rays, index = everything, which
        surface = _surface(scene, target, samples)
        every = _seen(key, target, surface, eyes, apart / 2, rays, index, causes)
        targets[key] = _divided(every, len(seats), len(scene.seat_rows))
    feeds = {}
    for name, elements in scene.feeds.items():
        screens = [seen for seen in targets.values() if seen.role == "screen" and seen.element in elements]
        if screens:
            feeds[name] = _best(name, screens)
    return Visible(seats.ids, causes, targets, feeds, viewers, samples, apart)


def _divided(every: Seen, n: int, ranks: int) -> Seen:
    """A view from seats and viewers, taken apart."""
    arrays = {f.name: getattr(every, f.name)[:n] for f in fields(Seen) if f.name in _A_SEAT}
    by = {word: share[:n] for word, share in every.by.items()}
    return replace(
        every,
        by=by,
        viewers=every.share[n:],
        viewers_free=every.free[n:],
        row_free=np.full((ranks, 1), np.nan),
        **arrays,
    )


def _named(scene: Scene) -> Iterator[tuple[str, Target]]:
    """Targets by the names that they have in `views` too; signs come last."""
    used: set[str] = set()
    for roles in (ROLES, ("sign",)):
        wanted = [target for target in scene.of(Target) if target.role in roles]
        names = [target.name or target.element for target in wanted]
        for target, name in zip(wanted, names):
            key = name if names.count(name) == 1 and name not in used else f"{name} ({target.element})"
            while key in used:
                key += "′"
            used.add(key)
            if target.role in _SEEN:
                yield key, target


def _fixed(scene: Scene) -> tuple[tuple[Cause, ...], Floats, Whole]:
    """What can stand in the way: causes, triangles (m, 3, 3), and the cause of each triangle (m,)."""
    causes: dict[Cause, int] = {}
    triangles, which = [np.zeros((0, 3, 3))], [np.zeros(0, np.int64)]
    for part in scene.parts:
        if part.blocks == "none" or part.of_seats or part.system == "person" or not part.count:
            continue
        cause = Cause(part.element, part.name, part.system, part.blocks, part.movable)
        for solid in part.solids():
            triangles.append(solid.triangles)
            which.append(np.full(len(solid.faces), causes.setdefault(cause, len(causes)), np.int64))
    return tuple(causes), np.concatenate(triangles), np.concatenate(which)


@dataclass(frozen=True, eq=False)
class _Surface:
    """Where rays go."""

    points: Floats
    """(m, 3), or for a person the middle line."""
    place: Floats
    """(m, 2) of each point on the target: 0 left … 1 right, 0 bottom … 1 top."""
    normals: Floats | None = None
    """(m, 3) of what is seen from its front only."""
    content: NDArray[np.bool_] | None = None
    """(m,) above the height from which content must be read."""
    upright: bool = False
    """Turned to each seat about the middle line."""


def _surface(scene: Scene, target: Target, samples: int) -> _Surface:
    points = np.asarray(target.points, float).reshape(-1, 3)
    screens = [screen for screen in scene.of(Screen) if screen.element == target.element]
    if target.role == "screen" and screens:
        return _picture(screens, samples)
    if target.role == "person":
        top = points[int(points[:, 2].argmax())]
        figure = [part.bounds[0, 2] for part in scene.parts
                  if part.element == target.element and part.system == "person" and part.count]  # fmt: skip
        low = min(figure) + _ABOVE_FEET if figure else points[:, 2].min()
        if low < top[2]:
            uv = _spread(samples)
            line = np.repeat(top[None], len(uv), axis=0)
            line[:, 2] = low + uv[:, 1] * (top[2] - low)
            return _Surface(line, uv, upright=True)
        return _Surface(top[None], np.full((1, 2), 0.5))
    if len(points) == 1 or target.kind == "point":
        return _Surface(points[:1], np.full((1, 2), 0.5))
    if len(points) == 2 or target.kind == "line":
        along = (np.arange(samples) + 0.5) / samples
        return _Surface(_along(points, along), np.c_[along, np.full(samples, 0.5)])
    return _polygon(points, samples)


def _spread(samples: int) -> Floats:
    """Points (m, 2) evenly over the unit square, the same from the left as from the right.

    A lattice by the golden section: no two heights are alike but those of a point and its twin, so that an edge that
    lies with the surface is met to 2/m.
    """
    n = (samples + 1) // 2
    k = np.arange(n) + 0.5
    u, v = (k * _GOLDEN) % 1.0, k / n
    return np.stack([np.r_[u, 1 - u], np.r_[v, v]], axis=1)


def _picture(screens: list[Screen], samples: int) -> _Surface:
    facets = np.concatenate([screen.facets for screen in screens])
    safe = np.repeat([screen.content_safe_from for screen in screens], [len(screen.facets) for screen in screens])
    across, up = facets[:, 1] - facets[:, 0], facets[:, 3] - facets[:, 0]
    square = np.cross(across, up)
    uv = _spread(samples)
    k, u = _portion(np.linalg.norm(square, axis=1), uv[:, 0])
    v = uv[:, 1]
    corners = facets[k]
    lower = corners[:, 0] + u[:, None] * (corners[:, 1] - corners[:, 0])
    upper = corners[:, 3] + u[:, None] * (corners[:, 2] - corners[:, 3])
    content = v * np.linalg.norm(up, axis=1)[k] >= safe[k]
    return _Surface(lower + v[:, None] * (upper - lower), uv, square[k], content if content.any() else None)


def _polygon(points: Floats, samples: int) -> _Surface:
    """A surface by its corners, seen from both sides; triangles from the first corner."""
    a, b, c = points[:1], points[1:-1], points[2:]
    uv = _spread(samples)
    k, s = _portion(np.linalg.norm(np.cross(b - a, c - a), axis=1), uv[:, 0])
    r = np.sqrt(s)[:, None]
    t = uv[:, 1:]
    at = (1 - r) * a + r * ((1 - t) * b[k] + t * c[k])
    low, size = points[:, 2].min(), np.ptp(points[:, 2])
    height = (at[:, 2] - low) / size if size > 0 else np.full(len(at), 0.5)
    return _Surface(at, np.c_[np.full(len(at), 0.5), height])


def _portion(sizes: Floats, u: Floats) -> tuple[Whole, Floats]:
    """Which of several pieces side by side each place (0 … 1) falls on, and where on it (0 … 1)."""
    if not sizes.sum() > 0:
        sizes = np.ones(len(sizes))
    ends = np.cumsum(sizes) / sizes.sum()
    k = np.minimum(np.searchsorted(ends, u, "right"), len(sizes) - 1)
    width = sizes[k] / sizes.sum()
    return k, np.clip((u - ends[k] + width) / np.where(width > 0, width, 1.0), 0.0, 1.0)


def _along(points: Floats, at: Floats) -> Floats:
    length = np.linalg.norm(np.diff(points, axis=0), axis=1)
    k, t = _portion(length, at)
    return np.asarray(points[k] + t[:, None] * (points[k + 1] - points[k]))


def _seen(
    key: str, target: Target, surface: _Surface, eyes: Floats, half: float, rays: Rays, which: Whole,
    causes: tuple[Cause, ...],
) -> Seen:  # fmt: skip
    n, m = len(eyes), len(surface.points)
    sort = np.array([_CLASSES.index(cause.blocks) for cause in causes if cause.blocks != "none"], np.int64)
    share, content, away = np.zeros(n), np.zeros(n), np.zeros(n)
    by = np.zeros((n, len(_CLASSES)))
    cause, taken = np.full((n, WORST), -1, np.int64), np.zeros((n, WORST))
    place = np.full((n, WORST, 2), 0.5)
    step = max(1, _RAYS // max(m, len(causes)))
    for first in range(0, n, step):
        some = slice(first, min(first + step, n))
        here = eyes[some]
        front, met = _met(surface, here, half, rays)
        hit = np.where(met >= 0, which[met] if len(which) else -1, -1)
        seen = front & (met < 0)
        share[some], away[some] = seen.mean(axis=1), 1 - front.mean(axis=1)
        content[some] = share[some] if surface.content is None else seen[:, surface.content].mean(axis=1)
        if not causes:
            continue
        shape = (len(here), len(causes))
        seat, sample = np.nonzero(hit >= 0)
        cell = seat * len(causes) + hit[seat, sample]
        count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
        for k in range(len(_CLASSES)):
            by[some, k] = count[:, sort == k].sum(axis=1) / m
        most = np.argsort(-count, axis=1, kind="stable")[:, :WORST]
        size = np.take_along_axis(count, most, axis=1)
        wide = slice(0, most.shape[1])
        cause[some, wide], taken[some, wide] = np.where(size > 0, most, -1), size / m
        for axis in (0, 1):
            sums = np.bincount(cell, surface.place[sample, axis], minlength=shape[0] * shape[1]).reshape(shape)
            middle = np.take_along_axis(sums, most, axis=1) / np.maximum(size, 1)
            place[some, wide, axis] = np.where(size > 0, middle, 0.5)
    return Seen(
        key, target.element, target.role, share, content, away, {word: by[:, k] for k, word in enumerate(_CLASSES)}, cause,
        taken, place, share, np.zeros(n), np.full(n, -1), np.zeros(n), np.full(1, 0.5), np.zeros((0, 1)), np.zeros(0),
        np.zeros(0),
    )  # fmt: skip


def _met(surface: _Surface, eyes: Floats, half: float, rays: Rays) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """(n, m) whether each point shows its front to each eye, and the triangle that a ray to it meets; −1: none."""
    n, m = len(eyes), len(surface.points)
    ends = np.broadcast_to(surface.points, (n, m, 3))
    if surface.upright:
        right = _beside(surface.points[:1] - eyes, _WIDE)
        ends = ends + right[:, None] * (surface.place[:, 0] - 0.5)[None, :, None]
    way = ends - eyes[:, None]
    length = np.sqrt(np.einsum("ijk,ijk->ij", way, way))
    front = np.ones((n, m), np.bool_)
    if surface.normals is not None:
        front = np.einsum("ijk,jk->ij", way, surface.normals) < 0
    met = np.full((n, m), -1, np.int32)
    seat, sample = np.nonzero(front & (length > 2 * _MARGIN))
    end = eyes[seat] + way[seat, sample] * (1 - _MARGIN / length[seat, sample])[:, None]
    start = eyes[seat] - _beside(way[seat, sample], half)
    stopped = np.flatnonzero(rays.blocked(start, end))
    if half:
        other = eyes[seat[stopped]] + _beside(way[seat[stopped], sample[stopped]], half)
        stopped = stopped[rays.blocked(other, end[stopped])]
    start, end = start[stopped], end[stopped]
    _, met[seat[stopped], sample[stopped]] = rays.first_hit(start, end - start, 1.0 - SHORT_OF_THE_END)
    return front, met


def _beside(way: Floats, size: float) -> Floats:
    """Level vectors to the right of some directions, `size` long. [m]"""
    length = np.hypot(way[:, 0], way[:, 1])
    right = np.stack([way[:, 1], -way[:, 0], np.zeros(len(way))], axis=1)
    right[length == 0] = (1.0, 0.0, 0.0)
    return np.asarray(right * (size / np.where(length > 0, length, 1.0))[:, None])


def _best(name: str, screens: list[Seen]) -> Seen:
    """One view of several screens: for each seat the one of which it sees most."""
    which = np.argmax([seen.share for seen in screens], axis=0)
    seat = np.arange(len(which))

    def picked(of: Any) -> Any:
        return np.stack([of(seen) for seen in screens])[which, seat]

    arrays = {name: picked(lambda seen, name=name: getattr(seen, name)) for name in _A_SEAT}
    by: dict[str, Floats] = {word: picked(lambda seen, word=word: seen.by[word]) for word in _CLASSES}
    return replace(screens[0], target=name, element=" ".join(seen.element for seen in screens), by=by, **arrays)
