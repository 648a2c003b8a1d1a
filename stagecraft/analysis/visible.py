"""Which share of every target each seat sees past what stands fixed and past people, and what takes the rest.
No thresholds.

Fixed are architecture, rigging and set, soft drape too; chairs hide nothing. Fixed things and people are kept apart:
what people take is counted beside the rest and never mixed into it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from threading import Event, Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis._crowd import crowd
from stagecraft.analysis._fixed import (
    CLASSES,
    Aim,
    Fixed,
    Group,
    Sightlines,
    behind,
    digest,
    first_eyes,
    fixed,
    inside,
    second_eyes,
    without,
)
from stagecraft.analysis.views import ROLES
from stagecraft.errors import VenueError
from stagecraft.geometry import surface
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.rays import Ints32
from stagecraft.geometry.shadow import Bits, count, hidden, pack, part_free, tally, words
from stagecraft.geometry.surface import Surface
from stagecraft.scene import Blocks, Part, Scene, Screen, Seats, Strings, System, Target, Viewer

Whole = NDArray[np.int64]
WORST = 4
"""So many causes are kept for each seat."""

_SEEN = ("focus", "person", "screen", "sign")
STATED = ("floor",)
"""Roles of targets whose shares are stated where somebody asks, and judge no seat."""
STATED_SAMPLES = 256
_A_LOOKER = ("share", "content", "lower", "away", "cause", "taken", "place", "free", "people", "front", "front_taken")
_WIDE = 0.5
"""Width of a person. [m]"""
_ABOVE_FEET = 0.5
"""A person is looked at from here up: presenter box 0.5–1.8 m above the stage, a proposal of our own. [m]"""
_FLAT = 1e-6
"""Corners of a sign this near to a parallelogram make one. [m]"""
_THREADS = os.cpu_count() or 2
_SIGN = 64
"""Rays to a sign."""
_RAYS = 262_144
"""Rays worked on at a time."""
_FEW = 32_768
"""Fewer are not worth a piece of their own."""
_THINGS = b"fixed things"
_KEEP = 64_000_000
"""So much is kept of an answer for the next one. [bytes]"""


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
    lower: Floats
    """(n,) of the lowest third of that part, where captions stand; `share` of what is no screen."""
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
    ends: tuple[float, float]
    """Height of that bottom and that top. [m]"""
    row_free: Floats
    """(r, L) of each level, the share that people leave free, over the seats of each SeatRow (`Seats.rank`) that
    nobody killed and that the level shows its front to; NaN where there are none."""
    block_free: Floats
    """(g, L) the same of the seats that a row has in one block; `blocked` says which those are."""
    viewers: Floats
    """(k,) as `share`, from each of `Visible.viewers`."""
    viewers_free: Floats
    """(k,) as `free`, from each of `Visible.viewers`."""
    viewers_cause: Whole
    """(k, 4) as `cause`, from each of `Visible.viewers`."""
    viewers_taken: Floats
    """(k, 4) as `taken`, from each of `Visible.viewers`."""


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


def visible(
    scene: Scene,
    samples: int = 1024,
    apart: float | None = None,
    before: Visible | None = None,
    progress: Callable[[float], None] | None = None,
    roles: Sequence[str] = _SEEN,
) -> Visible:
    """Which share of every focus, person, screen and sign each standing seat sees past fixed things and people.

    samples : rays to each surface and person, rounded up to a multiple of four; a line takes as many, a point one, a
        sign 64
    apart : distance between two eyes, either of which may see; 0 for one eye, the scene's stature where None [m]
    before : an earlier answer, of which all that still holds is taken over
    progress : told now and then which part is done, 0 … 1
    roles : of the targets that are looked at; "floor" are the stage's front edge and where a presenter walks

    A screen is its picture, from in front only, and so is a sign; a person an upright 0.5 m wide that is turned to the
    seat, from 0.5 m above the feet to the top of the head (or between the points given, where no figure stands there). A
    target's own element never hides it, nor does a viewer's own. What the left eye meets first is the cause; who is
    inside a solid sees nothing but that. People are everybody with a seat that nobody killed, the operators, and the
    people of standing areas; an eye looks past its own body.

    Raises VenueError where something stands at no finite number, ValueError for fewer than one sample.
    """
    work, every = _followed(scene, samples, apart, before, progress, roles)
    if every:
        work.people(every)
    found: dict[str, list[Seen]] = {}
    for look in every:
        found.setdefault(look.key, []).append(look.seen(len(scene.seats)))
    targets = {key: _mean(seen) for key, seen in found.items()}
    feeds = {}
    for name, elements in scene.feeds.items():
        screens = [seen for seen in targets.values() if seen.role == "screen" and seen.element in elements]
        if screens:
            feeds[name] = _best(name, screens)
    return Visible(scene.seats.ids, work.causes, targets, feeds, work.viewers, samples, work.apart, work.memo.now)


def looks(
    scene: Scene, samples: int = 1024, apart: float | None = None, progress: Callable[[float], None] | None = None
) -> list[Look]:
    """What fixed things leave of every target, sample by sample; arguments and errors as for `visible`."""
    return _followed(scene, samples, apart, None, progress, _SEEN)[1]


def _followed(
    scene: Scene, samples: int, apart: float | None, before: Visible | None, progress: Callable[[float], None] | None,
    roles: Sequence[str],
) -> tuple[_Work, list[Look]]:  # fmt: skip
    if samples < 1:
        raise ValueError(f"visible needs at least one sample a target, not {samples}")
    apart = scene.stature.eyes_apart if apart is None else apart
    if not 0 <= apart < np.inf:
        raise ValueError(f"eyes cannot be {apart} m apart")
    viewers = scene.of(Viewer)
    eyes = _eyes(scene, viewers)
    memo = _Memo(before.memo if before else None)
    was: Fixed | None = memo.known.get(_THINGS)
    things = fixed(scene.parts, eyes, was)
    memo.now[_THINGS] = things
    each = [_cause(part) for part in things.parts]
    causes = {cause: k for k, cause in enumerate(dict.fromkeys(each))}
    index = np.array([causes[cause] for cause in each], np.int32)
    of = [index[group.at] for group in things.groups]
    within = [memo.got((b"inside", group.key, eyes), partial(inside, group, eyes)) for group in things.groups]
    old = [was.holding(group) if was else None for group in things.groups]
    work = _Work(scene, eyes, viewers, apart, things.groups, old, of, tuple(causes), within, memo)
    every = [
        Look(key, target, of, len(eyes))
        for key, target in named(scene) if target.role in roles for of in surfaces(scene, target, samples)
    ]  # fmt: skip
    for look in every:
        look.alone = behind(look.surface, [part for part in things.parts if part.element == look.target.element])
    run([(look, some) for look in every for some in work.pieces(len(look.surface))], work.follow, progress)
    return work, every


def blocked(seats: Seats) -> tuple[Whole, Whole]:
    """(n,) the part of a row in one block that each seat is of, counted from 0, and (g,) the SeatRow of each part."""
    names = np.unique(seats.block, return_inverse=True)[1].reshape(-1)
    parts, group = np.unique(seats.rank * (len(seats) + 1) + names, return_inverse=True)
    return group.reshape(-1), parts // (len(seats) + 1)


def _eyes(scene: Scene, viewers: Sequence[Viewer]) -> Floats:
    """(n + k, 3) of seats and viewers."""
    seats = scene.seats
    if len(lost := np.flatnonzero(~np.isfinite(np.c_[seats.eyes, seats.facing]).all(axis=1))):
        raise VenueError(
            f"{seats.element[lost[0]]}: the eye of seat {seats.ids[lost[0]]} is at no finite number, or it looks nowhere"
        )
    for viewer in viewers:
        if not np.isfinite([viewer.eye, viewer.aim]).all():
            raise VenueError(f"{viewer.element}: the eye of {viewer.name} is at no finite number, or it looks nowhere")
    return np.concatenate([seats.eyes, np.reshape([viewer.eye for viewer in viewers], (-1, 3))])


def _cause(part: Part) -> Cause:
    return Cause(part.element, part.name, part.system, part.blocks, part.movable)


def named(scene: Scene) -> Iterator[tuple[str, Target]]:
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
            yield key, target


def surfaces(scene: Scene, target: Target, samples: int) -> list[Surface]:
    """What is looked at: one surface, or a person wherever it walks, at the middle first."""
    points = np.asarray(target.points, float).reshape(-1, 3)
    figure = [p.bounds for p in scene.parts if p.element == target.element and p.system == "person" and p.count]
    if target.role != "floor" or target.kind != "surface" or not figure or not np.isfinite(points).all():
        return [_surface(scene, target, samples)]
    tall = max(box[1, 2] for box in figure) - min(box[0, 2] for box in figure) - _ABOVE_FEET
    if not tall > 0:
        return [_surface(scene, target, samples)]
    feet = np.array([points.mean(axis=0), *points]) + (0.0, 0.0, _ABOVE_FEET)
    return [surface.upright(foot, float(tall), _WIDE, -(-samples // len(feet))) for foot in feet]


def _surface(scene: Scene, target: Target, samples: int) -> Surface:
    points = np.asarray(target.points, float).reshape(-1, 3)
    screens = [screen for screen in scene.of(Screen) if screen.element == target.element and len(screen.facets)]
    if not len(points):
        raise VenueError(f"{target.element}: {target.name or target.element} has no point that could be seen")
    if not all(np.isfinite(array).all() for array in (points, *(screen.facets for screen in screens))):
        raise VenueError(f"{target.element}: a point of {target.name or target.element} is at no finite number")
    if target.role == "screen" and screens:
        safe = np.repeat([screen.content_safe_from for screen in screens], [len(screen.facets) for screen in screens])
        return surface.picture(np.concatenate([screen.facets for screen in screens]), safe, samples)
    if target.role == "person":
        top = points[int(points[:, 2].argmax())]
        figure = [part.bounds[0, 2] for part in scene.parts
                  if part.element == target.element and part.system == "person" and part.count]  # fmt: skip
        low = min(figure) + _ABOVE_FEET if figure else points[:, 2].min()
        if low < top[2]:
            return surface.upright(np.array([*top[:2], low]), top[2] - low, _WIDE, samples)
        return surface.point(top)
    if len(points) == 1 or target.kind == "point":
        return surface.point(points[0])
    if target.role == "sign":
        samples = min(samples, _SIGN)
        if len(points) == 4 and np.allclose(points[0] + points[2], points[1] + points[3], rtol=0, atol=_FLAT):
            return surface.picture(points[None], np.zeros(1), samples)
    if len(points) == 2 or target.kind == "line":
        return surface.line(points, samples)
    return surface.polygon(points, samples)


class _Memo:
    """What is known from an earlier answer, and what the next one may take over; any thread may ask."""

    def __init__(self, known: Mapping[bytes, Any] | None) -> None:
        self.known: Mapping[bytes, Any] = known or {}
        self.now: dict[bytes, Any] = {}
        self._left = _KEEP
        self._one_at_a_time = Lock()

    def keep(self, key: bytes, value: Any, size: int) -> None:
        with self._one_at_a_time:
            if self._left >= size:
                self.now[key] = value
                self._left -= size

    def got(self, what: tuple[Any, ...], make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        key = digest(*what)
        value = self.known.get(key)
        value = make() if value is None else value
        self.keep(key, value, value.nbytes)
        return value


class Look:
    """One target from all eyes, seats before viewers, while it is being answered."""

    left: Bits
    """(n, words) samples that fixed things leave."""

    def __init__(self, key: str, target: Target, surface: Surface, n: int) -> None:
        self.key, self.target, self.surface, self.aim = key, target, surface, Aim(surface)
        self.alone = False
        """Nothing of its own element stands in front of it."""
        self.share, self.content, self.away, self.by = (
            np.zeros(n),
            np.zeros(n),
            np.zeros(n),
            np.zeros((n, len(CLASSES))),
        )
        self.cause, self.taken, self.place = np.full((n, WORST), -1), np.zeros((n, WORST)), np.full((n, WORST, 2), 0.5)
        self.left = np.zeros((n, words(len(surface))), np.uint64)
        self.faces = np.zeros_like(self.left) if surface.normals is not None else None
        """Samples that show their front; None where all do."""
        self.free, self.people = self.share, np.zeros(n)
        self.front, self.front_taken = np.full(n, -1), np.zeros(n)
        self.levels, self.row_free, self.block_free = np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0))

    @property
    def lower(self) -> Floats:
        """(n,) of `Seen`."""
        of, height = self.surface.content, self.surface.place[:, 1]
        if self.target.role != "screen" or self.surface.normals is None:
            return self.share
        low = height.min() if of is None else height[of].min()
        mask = height <= low + (1 - low) / 3
        mask = mask if of is None else mask & of
        return count(self.left, pack(mask[None])[0]) / np.count_nonzero(mask)

    def seen(self, n: int) -> Seen:
        s = self.surface
        z = s.points[:, 2] if s.origin is None or s.up is None else np.r_[s.origin[:, 2], (s.origin + s.up)[:, 2]]
        return Seen(
            self.key, self.target.element, self.target.role, by={word: self.by[:n, k] for k, word in enumerate(CLASSES)},
            levels=self.levels, ends=(float(z.min()), float(z.max())), row_free=self.row_free, block_free=self.block_free,
            viewers=self.share[n:], viewers_free=self.free[n:], viewers_cause=self.cause[n:], viewers_taken=self.taken[n:],
            **{name: getattr(self, name)[:n] for name in _A_LOOKER},
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Work:
    """All that the targets share."""

    scene: Scene
    eyes: Floats
    viewers: tuple[Viewer, ...]
    apart: float
    groups: tuple[Group, ...]
    old: list[Group | None]
    """The group of the earlier answer that had all of a group's parts."""
    of: list[Ints32]
    """For each group the cause of each part."""
    causes: tuple[Cause, ...]
    within: list[Ints32]
    """For each group the part that each eye is inside of; −1 for none."""
    memo: _Memo

    def pieces(self, m: int) -> list[slice]:
        """Seats a few at a time, and then all viewers together."""
        n, every = len(self.scene.seats), len(self.eyes)
        step = max(1, min(_RAYS, max(_FEW, n * m // (2 * _THREADS))) // m)
        return [slice(k, min(k + step, n)) for k in range(0, n, step)] + ([slice(n, every)] if every > n else [])

    @cached_property
    def sort(self) -> Whole:
        """(causes,) the class of each."""
        return np.array([CLASSES.index(cause.blocks) for cause in self.causes if cause.blocks != "none"], np.int64)

    def _own(self, look: Look, group: Group, some: slice) -> NDArray[np.bool_]:
        """(1, parts) of a group, what hides nothing of a target from seats; (k, parts) from each viewer."""
        own = group.elements == look.target.element
        mine: NDArray[np.bool_] = own & (not look.alone)
        if some.start < len(self.scene.seats):
            return mine[None]
        return np.array([mine | (group.elements == viewer.element) for viewer in self.viewers], np.bool_)

    def follow(self, look: Look, some: slice) -> None:
        """What fixed things hide of one target from some eyes."""
        lines, m = Sightlines(self.eyes[some], look.aim, self.apart), len(look.surface)
        c = len(lines.eyes)
        rays, what = self._met(look, lines, some)
        faces = lines.faces
        fronts = np.full(c, m) if faces is None else np.count_nonzero(faces, axis=1)
        if faces is not None:
            front = faces.reshape(-1)[rays]
            rays, what = rays[front], what[front]
        pair, sample = np.divmod(rays, m)
        look.share[some] = look.content[some] = (fronts - np.bincount(pair, minlength=c)) / m
        look.away[some] = 1 - fronts / m
        content = look.surface.content
        if content is not None and not content.all():
            shown = np.full(c, content.sum()) if faces is None else np.count_nonzero(faces[:, content], axis=1)
            lost = np.bincount(pair[content[sample]], minlength=c)
            look.content[some] = (shown - lost) / content.sum()
        look.left[some] = open_ = pack(np.ones((1, m), np.bool_) if faces is None else faces)
        if look.faces is not None:
            look.faces[some] = open_
        if len(rays):
            taken = np.zeros(c * m, np.bool_)
            taken[rays] = True
            look.left[some] &= ~pack(taken.reshape(c, m))
            self._blame(look, some, pair, sample, what, c)

    def _met(self, look: Look, lines: Sightlines, some: slice) -> tuple[Whole, Ints32]:
        """Rays that both eyes lose, and the cause of each."""
        m, c = len(look.surface), len(lines.eyes)
        own, keys, met = [], [], []
        for group, old in zip(self.groups, self.old):
            mine = self._own(look, group, some)
            key = digest(group.key, lines.key, mine)
            found = self.memo.known.get(key)
            if found is None and old:
                theirs = self.memo.known.get(digest(old.key, lines.key, self._own(look, old, some)))
                found = theirs and without(theirs, old, group, lines, mine)
            own.append(mine)
            keys.append(key)
            met.append(found or first_eyes(group, lines, mine))
        lost = np.zeros(c * m, np.bool_)
        for found in met:
            lost[found.ray] = True
        rays = met[0].ray if len(met) == 1 else np.flatnonzero(lost).astype(np.int32)
        both = np.full(len(rays), not self.apart)
        if self.apart:
            for k, group in enumerate(self.groups):
                ask = np.flatnonzero(~both)
                both[ask], met[k] = second_eyes(group, met[k], lines, own[k], rays[ask])
        for key, found in zip(keys, met):
            self.memo.keep(key, found, found.size)
        if len(met) == 1 and (self.within[0][some] < 0).all():
            return rays[both].astype(np.int64), self.of[0][met[0].part[both]]
        lost[rays[~both]] = False
        what, far = np.full(c * m, -1, np.int32), np.full(c * m, np.inf, np.float32)
        for found, of in zip(met, self.of):
            nearer = np.flatnonzero(found.far < far[found.ray])
            what[found.ray[nearer]], far[found.ray[nearer]] = of[found.part[nearer]], found.far[nearer]
        for every, of, mine in zip(self.within, self.of, own):
            part = every[some]
            for eye in np.flatnonzero(part >= 0):
                if not mine[eye if len(mine) > 1 else 0, part[eye]]:
                    what[eye * m : (eye + 1) * m] = of[part[eye]]
                    lost[eye * m : (eye + 1) * m] = True
        gone = np.flatnonzero(lost)
        return gone, what[gone]

    def _blame(self, look: Look, some: slice, pair: Whole, sample: Whole, what: Ints32, c: int) -> None:
        """Who takes how much, and where."""
        m = len(look.surface)
        used = np.flatnonzero(np.bincount(what, minlength=len(self.causes)))
        column = np.zeros(len(self.causes), np.int64)
        column[used] = np.arange(len(used))
        cell, shape = pair * len(used) + column[what], (c, len(used))
        count = np.bincount(cell, minlength=c * len(used)).reshape(shape)
        for k in range(len(CLASSES)):
            look.by[some, k] = count[:, self.sort[used] == k].sum(axis=1) / m
        most = np.argsort(-count, axis=1, kind="stable")[:, :WORST]
        size = np.take_along_axis(count, most, axis=1)
        wide = slice(0, most.shape[1])
        look.cause[some, wide], look.taken[some, wide] = np.where(size > 0, used[most], -1), size / m
        for axis in (0, 1):
            sums = np.bincount(cell, look.surface.place[sample, axis], minlength=c * len(used)).reshape(shape)
            middle = np.take_along_axis(sums, most, axis=1) / np.maximum(size, 1)
            look.place[some, wide, axis] = np.where(size > 0, middle, 0.5)

    def people(self, looks: Sequence[Look]) -> None:
        """What people hide of the targets."""
        house = crowd(self.scene)
        seats, n = self.scene.seats, len(self.scene.seats)
        group, rank = blocked(seats)
        kept = np.where(seats.status == "kill", -1, group)
        name = digest(*(getattr(house.bodies, f.name) for f in fields(house.bodies)), house.own, self.eyes)
        for look in looks:
            key = digest(b"people", name, look.aim.key)
            found = self.memo.known.get(key) or hidden(self.eyes, house.own, house.bodies, look.surface)
            self.memo.keep(key, found, found.bits.nbytes + 16 * len(self.eyes))
            free = count(look.left & ~found.bits)
            left = count(look.left)
            look.free, look.people = (
                free / len(look.surface),
                1 - np.divide(free, left, out=np.ones(len(left)), where=left > 0),
            )
            look.front = np.where(found.front >= 0, house.seat[found.front], -1) if len(house.seat) else found.front
            look.front_taken = found.taken
            look.levels, *counts = tally(
                found.bits[:n], look.surface, kept, len(rank), None if look.faces is None else look.faces[:n]
            )
            rows = [np.zeros((len(self.scene.seat_rows), len(look.levels)), np.int64) for _ in counts]
            for row, part in zip(rows, counts):
                np.add.at(row, rank, part)
            look.row_free, look.block_free = part_free(*rows), part_free(*counts)


def run(jobs: list[tuple[Any, ...]], work: Callable[..., None], progress: Callable[[float], None] | None) -> None:
    """Every job, one on each core; whoever interrupts waits for the jobs in hand only."""
    stop = Event()

    def one(job: tuple[Any, ...]) -> None:
        if not stop.is_set():
            work(*job)

    pool = ThreadPoolExecutor(_THREADS)
    try:
        waiting = [pool.submit(one, job) for job in jobs]
        for k, future in enumerate(waiting):
            while not future.done():
                wait([future], timeout=0.2)  # lets an interruption through, on Windows too
            future.result()
            if progress:
                progress((k + 1) / len(jobs))
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _mean(places: list[Seen]) -> Seen:
    """One person at several places: what is seen on the mean, and what takes most at the place that is seen least."""
    if len(places) == 1:
        return places[0]
    part, seat = 1 / len(places), np.arange(len(places[0].share))
    arrays: dict[str, Any] = {
        name: np.mean([getattr(seen, name) for seen in places], axis=0)
        for name in ("share", "content", "lower", "away", "free", "row_free", "block_free", "viewers", "viewers_free")
    }
    least = np.argmin([seen.share for seen in places], axis=0)
    most = np.argmax([seen.front_taken for seen in places], axis=0)
    worst: dict[str, Any] = {
        name: np.stack([getattr(seen, name) for seen in places])[least, seat] for name in ("cause", "taken", "place")
    }
    front: dict[str, Any] = {
        name: np.stack([getattr(seen, name) for seen in places])[most, seat] for name in ("front", "front_taken")
    }
    low, viewer = np.argmin([seen.viewers for seen in places], axis=0), np.arange(len(places[0].viewers))
    for name, factor in (("viewers_cause", 1), ("viewers_taken", part)):
        worst[name] = np.stack([getattr(seen, name) for seen in places])[low, viewer] * factor
    share = arrays["share"]
    people = 1 - np.divide(arrays["free"], share, out=np.ones(len(share)), where=share > 0)
    by: dict[str, Any] = {word: np.mean([seen.by[word] for seen in places], axis=0) for word in CLASSES}
    worst["taken"], front["front_taken"] = worst["taken"] * part, front["front_taken"] * part
    return replace(places[0], people=people, by=by, **arrays, **worst, **front)


def _best(name: str, screens: list[Seen]) -> Seen:
    """One view of several screens: for each seat the one of which it sees most, past people where it is the same."""
    which = np.argmax([seen.share + seen.free * 1e-6 for seen in screens], axis=0)
    seat = np.arange(len(which))

    def picked(of: Any) -> Any:
        return np.stack([of(seen) for seen in screens])[which, seat]

    arrays = {name: picked(lambda seen, name=name: getattr(seen, name)) for name in _A_LOOKER}
    by: dict[str, Floats] = {word: picked(lambda seen, word=word: seen.by[word]) for word in CLASSES}
    most, viewer = (
        np.argmax([seen.viewers + seen.viewers_free * 1e-6 for seen in screens], axis=0),
        np.arange(len(screens[0].viewers)),
    )
    best: dict[str, Any] = {
        name: np.stack([getattr(seen, name) for seen in screens])[most, viewer]
        for name in ("viewers", "viewers_free", "viewers_cause", "viewers_taken")
    }
    return replace(
        screens[0], target=name, element=" ".join(seen.element for seen in screens), by=by,
        row_free=np.fmax.reduce([seen.row_free for seen in screens]),
        block_free=np.fmax.reduce([seen.block_free for seen in screens]), **arrays, **best,
    )  # fmt: skip
