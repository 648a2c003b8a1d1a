"""What every seat sees of every target: C-values over each row and head in front, distances, angles, sizes. No thresholds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry._compiled import compiled
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Screen, Seats, Stature, Strings, Target

if TYPE_CHECKING:
    from stagecraft.analysis.visible import Visible

Whole = NDArray[np.int64]
ROLES = ("focus", "person", "screen", "floor")
"""Targets that a C-value is taken to."""

_ANGLE = 1e-9
"""Rays this near to a run's end still meet it. [rad or m]"""
_SELF = 0.2
"""Nobody sits this near in front of an eye: a crossing there is the viewer's own row. [m]"""
_LOOSE = 0.3
"""Neighbours with more free space than this between their places are two runs. [m]"""
_LEVEL = 1e-3
"""Corners of a surface within this of the lowest belong to its lower edge. [m]"""
ACUITY = 3438
"""What fills an arc minute, the least angle that a sharp eye tells apart, is so many times farther away than it is
high. Source: AVIXA V202.01 (DISCAS), analytical decision making, restated by AETM."""
READING = 200
"""What can just be read is so many times farther away than it is high. Source: AVIXA V202.01 (DISCAS), basic decision
making, restated by AETM."""
_LOOKED_AT = ("eyes", "at", "facing", "width", "place", "status", "removed_by", "rank", "section")
"""Of the seats, what views depend on."""


@dataclass(frozen=True, eq=False)
class View:
    """One target as every standing seat sees it; arrays in the order of `scene.seats`. [m]"""

    target: str
    element: str
    role: str
    kind: str
    """point, line or surface."""
    c: Floats
    """(n,) least signed C-value over all rows in front; +inf where nobody sits in front, NaN where there is no answer:
    a seat at the focus, or one that turns its back to it."""
    over: Whole
    """(n,) the eye that binds, as an index into `scene.laid_out`; −1 for none."""
    part: Floats
    """(n,) where that eye stands on the sightline: 0 at the focus, 1 at the seat."""
    next_c: Floats
    """(n,) C-value over the next row in front."""
    next_part: Floats
    focus: Floats
    """(n, 3) the point of the target that governs."""
    distance: Floats
    """(n,) in plan, eye to focus."""
    angle: Floats
    """(n,) in plan, between the way the seat faces and the focus. [degrees, 0 … 180]"""
    c_solid: Floats
    """(n,) as `c`, over heads as solids and not over rows: the least height by which the sightline clears the top of a
    head (an ellipsoid, on the slope of the sightline), and `Stature.head` more, so that a level sightline over a head
    straight in front has its C-value. Heads that the vertical plane through the sightline misses do not count: +inf
    where it meets none; NaN where there is no answer."""
    between: Bools
    """(n,) does the sightline pass between the heads of the next row in front (seats staggered)? False for nobody there."""
    top: Floats
    bottom: Floats
    """(n,) greatest and least vertical angle above the level of the eye over all of the target. [degrees]"""
    wide: Floats
    """(n,) in plan, the angle that the target fills; of a person the shoulders. [degrees]"""
    off_axis: Floats
    """(n,) of a picture, in plan: the greatest angle between the normal of a facet and the way from one of its vertical
    edges to the eye, so that a flat picture is judged from its farthest edge. Over 90 is behind. NaN for what is no
    screen. Source: AVIXA, restated by AETM. [degrees, 0 … 180]"""
    edge: Floats
    """(n,) where on the picture that edge stands: 0 left … 1 right."""
    heights: Floats
    """(n,) distance from the eye to the middle of the picture as a multiple of the picture's height; NaN from behind."""
    readable: Floats
    """(n,) the least height of what can be read from here, as a share of the picture's height: distance ÷ (200 · height).
    Source: AVIXA V202.01 (DISCAS), basic decision making, restated by AETM."""
    pixel: Floats
    """(n,) angle that one row of the screen's pixels fills; 1 at the distance height · 3438 ÷ pixels, where the eye ceases
    to tell them apart. NaN where the pixels are not known; content with fewer rows than the screen is coarser.
    Source: AVIXA V202.01 (DISCAS), analytical decision making, restated by AETM. [arc minutes]"""

    @property
    def tall(self) -> Floats:
        """(n,) vertical angle from the lowest to the highest of the target. [degrees]"""
        return self.top - self.bottom


@dataclass(frozen=True, eq=False)
class Views:
    ids: Strings
    """(n,) permanent ids of the standing seats."""
    targets: Mapping[str, View]
    scene: Scene | None = field(default=None, repr=False)
    """What was looked at."""
    earlier: Visible | None = field(default=None, repr=False)
    """An earlier answer that `visible` takes over what still holds from."""
    marks: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Hash of all that each target's view depends on."""

    @cached_property
    def visible(self) -> Visible:
        """Which share of every target each seat sees, with the figures of people that the house uses.

        Raises ValueError for views that were made without their scene.
        """
        return self.look()

    def look(self, progress: Callable[[float], None] | None = None) -> Visible:
        """`visible`; while it is made for the first time `progress` is told which part is done, 0 … 1."""
        from stagecraft.analysis.visible import visible

        if "visible" not in self.__dict__:
            if self.scene is None:
                raise ValueError("these views do not know their scene")
            self.__dict__["visible"] = visible(self.scene, before=self.earlier, progress=progress)
        made: Visible = self.__dict__["visible"]
        return made

    @cached_property
    def stated(self) -> Visible:
        """As `visible`, of stage edges and of where presenters walk, which judge no seat.

        Raises ValueError for views that were made without their scene.
        """
        from stagecraft.analysis.visible import STATED, STATED_SAMPLES, visible

        if self.scene is None:
            raise ValueError("these views do not know their scene")
        return visible(self.scene, STATED_SAMPLES, roles=STATED)

    @property
    def latest(self) -> Visible | None:
        """`visible` where it was made, or what it would have taken over from."""
        made: Visible | None = self.__dict__.get("visible")
        return made or self.earlier

    @property
    def worst(self) -> Floats:
        """(n,) least C-value over the focus targets, or over persons and screens where no focus is named. [m]

        +inf where nobody sits in front; NaN where no target has an answer.
        """
        seen = [view.c for view in self.targets.values() if view.role == "focus"]
        seen = seen or [view.c for view in self.targets.values() if view.role in ("person", "screen")]
        if not seen:
            return np.full(len(self.ids), np.nan)
        worst = seen[0]
        for c in seen[1:]:
            worst = np.fmin(worst, c)
        return worst


def views(scene: Scene, before: Views | None = None) -> Views:
    """What every standing seat sees of every focus, person, screen and stage floor.

    A sightline is the straight line from the eye to the point that governs; each row in front is a curve through its
    eyes, half a place longer than its end seats, and open where a gangway or an empty place divides it. Seats that are
    killed or removed are empty. C is taken from eye to eye, in the true vertical plane. Beside it stands what the heads
    themselves leave, as solids of the scene's stature.

    before : earlier views, of which all that still holds is taken over
    """
    known = {mark: before.targets[key] for key, mark in before.marks.items()} if before else {}
    house = _mark(*(getattr(scene.laid_out, name) for name in _LOOKED_AT), repr(scene.stature))
    jobs: dict[str, tuple[Target, list[Screen]]] = {}
    marks: dict[str, bytes] = {}
    screens: dict[str, list[Screen]] = {}
    for screen in scene.of(Screen):
        screens.setdefault(screen.element, []).append(screen)
    wanted = [target for target in scene.of(Target) if target.role in ROLES]
    names = [target.name or target.element for target in wanted]
    for target, name in zip(wanted, names):
        key = name if names.count(name) == 1 and name not in jobs else f"{name} ({target.element})"
        while key in jobs:
            key += "′"
        shown = [one for one in screens.get(target.element, ()) if target.role == "screen" and len(one.facets)]
        if not np.size(target.points):
            target = replace(target, points=np.full((1, 3), np.nan))  # nowhere: no seat has an answer
        safe = [(screen.content_safe_from, screen.pixels) for screen in shown]
        about = repr((target.element, target.role, target.kind, safe))
        marks[key] = _mark(house, about, np.asarray(target.points, float), *(screen.facets for screen in shown))
        jobs[key] = target, shown
    fresh = [key for key in jobs if marks[key] not in known]
    made: dict[str, View] = {}
    if fresh:
        crowd = _Crowd(scene.seats, scene.laid_out, scene.stature)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = dict(zip(fresh, pool.map(lambda key: _view(key, *jobs[key], crowd), fresh)))
    out = {key: made[key] if key in made else replace(known[marks[key]], target=key) for key in jobs}
    return Views(scene.seats.ids, out, scene, before.latest if before else None, marks)


def _mark(*values: Any) -> bytes:
    """Hash of arrays and texts, byte for byte."""
    mark = blake2b(digest_size=16)
    for value in values:
        if isinstance(value, np.ndarray):
            mark.update(f"{value.dtype.str}{value.shape}".encode())
            mark.update(np.ascontiguousarray(value).data)
        else:
            mark.update(value if isinstance(value, bytes) else value.encode())
        mark.update(b"\0")
    return mark.digest()


class _Crowd:
    """Who looks, who sits where, and their heads."""

    def __init__(self, seats: Seats, house: Seats, stature: Stature) -> None:
        self.seats, self.stature = seats, stature
        self.own = np.flatnonzero(house.removed_by == "")
        self.runs = _runs(house)
        self.heads = _heads(house, stature)


@dataclass(frozen=True, eq=False)
class _Heads:
    """Of all who sit, ellipsoids that stand upright."""

    seat: Whole
    """(m,) indices into `laid_out`."""
    at: Floats
    """(m, 6) their middles, the way they face (x, y; 1 long), and the height of the floor there. [m]"""
    radii: tuple[float, float, float]
    """To the front, to the side, upwards. [m]"""


def _sitting(house: Seats) -> Whole:
    """Who can be in somebody's way, as indices into `laid_out`."""
    there = np.isfinite(house.eyes).all(axis=1)
    return np.flatnonzero((house.removed_by == "") & (house.status != "kill") & there)


def _heads(house: Seats, stature: Stature) -> _Heads:
    index = _sitting(house)
    facing = np.radians(house.facing[index])
    radii = stature.head_length / 2, stature.head_breadth / 2, stature.head
    return _Heads(index, np.c_[house.eyes[index], np.cos(facing), np.sin(facing), house.at[index, 2]], radii)


@dataclass(frozen=True, eq=False)
class _Runs:
    """Every piece of every row between two neighbouring eyes, and the half places at its ends."""

    a: Floats
    b: Floats
    """(m, 3) ends of the pieces."""
    floor: Floats
    """(m,) height of the floor there."""
    seat_a: Whole
    seat_b: Whole
    """(m,) seats at the two ends, as indices into `laid_out`."""


def _runs(house: Seats) -> _Runs:
    index = _sitting(house)
    if not len(index):
        none = np.zeros(0, np.int64)
        return _Runs(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), none, none)
    eyes, half, facing = house.eyes[index], house.width[index] / 2, np.radians(house.facing[index])
    step = np.diff(eyes, axis=0)
    free = np.hypot(step[:, 0], step[:, 1]) - half[1:] - half[:-1]
    together = (
        (np.diff(index) == 1)
        & (np.diff(house.rank[index]) == 0)
        & (np.diff(house.section[index]) == 0)
        & (free < _LOOSE)
    )
    # the way along the row at each eye: towards a neighbour of its run, or square to the way it faces
    along = np.stack([np.sin(facing), -np.cos(facing), np.zeros(len(index))], axis=1)
    size = np.linalg.norm(step, axis=1, keepdims=True)
    unit = np.divide(step, size, out=np.zeros_like(step), where=size > 0)
    first, last = np.r_[True, ~together], np.r_[~together, True]
    start = along.copy()
    start[:-1][together] = unit[together]
    end = along.copy()
    end[1:][together] = unit[together]
    a = np.concatenate([eyes[:-1][together], (eyes - start * half[:, None])[first], eyes[last]])
    b = np.concatenate([eyes[1:][together], eyes[first], (eyes + end * half[:, None])[last]])
    seat_a = np.concatenate([index[:-1][together], index[first], index[last]])
    seat_b = np.concatenate([index[1:][together], index[first], index[last]])
    return _Runs(a, b, np.minimum(house.at[seat_a, 2], house.at[seat_b, 2]), seat_a, seat_b)


def _governing(target: Target, screens: list[Screen]) -> Floats:
    """(k, 2, 3) straight pieces on which the point that governs a view lies: for a point both ends are the same."""
    points = np.asarray(target.points, float).reshape(-1, 3)
    if screens:
        pieces = []
        for screen in screens:
            up = screen.facets[:, 3] - screen.facets[:, 0]
            size = np.linalg.norm(up, axis=1, keepdims=True)
            lift = screen.content_safe_from * np.divide(up, size, out=np.zeros_like(up), where=size > 0)
            pieces.append(np.stack([screen.facets[:, 0] + lift, screen.facets[:, 1] + lift], axis=1))
        return np.concatenate(pieces)
    if target.role == "person":
        top = points[[int(points[:, 2].argmax())]]
        return np.stack([top, top], axis=1)
    if target.kind == "surface":
        points = points[points[:, 2] <= points[:, 2].min() + _LEVEL]
    if len(points) == 1 or target.kind == "point":
        return np.stack([points[:1], points[:1]], axis=1)
    return np.stack([points[:-1], points[1:]], axis=1)


def _view(key: str, target: Target, screens: list[Screen], crowd: _Crowd) -> View:
    seats, runs, heads = crowd.seats, crowd.runs, crowd.heads
    n, eyes = len(seats), np.where(np.isfinite(seats.eyes), seats.eyes, np.nan)
    lines = _governing(target, screens)
    focus, piece, along = _nearest(lines, eyes)
    way = focus[:, :2] - eyes[:, :2]
    distance = np.hypot(way[:, 0], way[:, 1])
    turn = np.degrees(np.arctan2(way[:, 1], way[:, 0])) - seats.facing
    angle = np.abs((turn + 180.0) % 360.0 - 180.0)
    answer = (distance > _SELF) & ((angle <= 90.0) | seats.at_table)
    best, solid = _Best(n), np.full(n, np.inf)
    sight = np.c_[eyes, focus, distance]
    far = np.where(answer, distance - _SELF, -np.inf)
    ends, cross = np.c_[runs.a, runs.b, runs.floor], compiled(_cross)
    for fan in _fans(lines, focus, piece, along, eyes, runs.a, runs.b):
        cross(*_pairs(fan, sight, far), ends, best.c, best.part, best.over, best.late, best.next_c, best.next_part,
              best.next_over)  # fmt: skip
    far, clear = np.where(answer, distance, -np.inf), compiled(_clear)
    for fan in _fans(lines, focus, piece, along, eyes, heads.at, heads.at, max(heads.radii[:2])):
        clear(*_pairs(fan, sight, far), heads.at, heads.seat, crowd.own, heads.radii, solid)
    over = np.full(n, -1, np.int64)
    met = best.over >= 0
    over[met] = np.where(best.late[met], runs.seat_b[best.over[met]], runs.seat_a[best.over[met]])
    nan = np.where(answer, 0.0, np.nan)
    nobody = np.where(over >= 0, 0.0, np.nan)
    at_it = np.where(distance > 0, 0.0, np.nan)
    between = answer & _between(best, sight, heads, runs)
    top, bottom, wide = (size + at_it for size in _sizes(target, screens, eyes, crowd.stature))
    return View(
        key, target.element, target.role, target.kind, best.c + nan, np.where(answer, over, -1), best.part + nan + nobody,
        best.next_c + nan, best.next_part + nan + nobody, focus, distance, angle + at_it, solid + nan, between, top,
        bottom, wide, *_picture(screens, eyes),
    )  # fmt: skip


def _nearest(lines: Floats, eyes: Floats) -> tuple[Floats, Whole, Floats]:
    """For each eye the point of `lines` that is nearest in plan, the piece it lies on, and where on it (0 … 1)."""
    n = len(eyes)
    best, focus = np.full(n, np.inf), np.full((n, 3), np.nan)
    piece, place = np.zeros(n, np.int64), np.zeros(n)
    for k, (a, b) in enumerate(lines):
        span = (b - a)[:2]
        length2 = float(span @ span)
        t = np.clip((eyes[:, :2] - a[:2]) @ span / length2, 0.0, 1.0) if length2 > 0 else np.zeros(n)
        p = a + t[:, None] * (b - a)
        d = np.hypot(*(eyes - p)[:, :2].T)
        nearer = d < best - _ANGLE
        best, focus = np.where(nearer, d, best), np.where(nearer[:, None], p, focus)
        piece, place = np.where(nearer, k, piece), np.where(nearer, t, place)
    return focus, piece, place


@dataclass(frozen=True, eq=False)
class _Fan:
    """Sightlines that share a focus (told apart by azimuth), or run square to one straight piece (by place on it)."""

    who: Whole
    keys: Floats
    """Of the seats, in rising order. [rad or m]"""
    low: Floats
    high: Floats
    """Between which keys each piece of a row lies."""
    near: Floats
    """Each piece is at least this far from the focus. [m]"""


def _fans(
    lines: Floats, focus: Floats, piece: Whole, along: Floats, eyes: Floats, one: Floats, two: Floats, thick: float = 0.0
) -> Iterator[_Fan]:  # fmt: skip
    """Every sightline in fans; the pieces reach from `one` to `two` (m, 2…) and are `thick` to either side. [m]"""
    inside = (along > 0) & (along < 1)
    for k in np.unique(piece[inside]):
        start, stop = lines[k, :, :2]
        axis = (stop - start) / np.linalg.norm(stop - start)
        square = np.array([-axis[1], axis[0]])
        who = np.flatnonzero(inside & (piece == k))
        keys = (eyes[who, :2] - start) @ axis
        order = np.argsort(keys, kind="stable")
        a, b = one[:, :2] - start, two[:, :2] - start
        yield _Fan(who[order], keys[order], np.minimum(a @ axis, b @ axis) - thick, np.maximum(a @ axis, b @ axis) + thick,
                   np.minimum(np.abs(a @ square), np.abs(b @ square)) - thick)  # fmt: skip
    at_end = np.flatnonzero(~inside & np.isfinite(focus[:, 0]))
    if not len(at_end):
        return
    points, which = np.unique(focus[at_end, :2], axis=0, return_inverse=True)
    for k, point in enumerate(points):
        who = at_end[which.reshape(-1) == k]
        azimuth = np.arctan2(eyes[who, 1] - point[1], eyes[who, 0] - point[0])
        order = np.argsort(azimuth, kind="stable")
        who, azimuth = who[order], azimuth[order]
        a, b = one[:, :2] - point, two[:, :2] - point
        low = np.arctan2(a[:, 1], a[:, 0])
        width = (np.arctan2(b[:, 1], b[:, 0]) - low + np.pi) % (2 * np.pi) - np.pi
        size = np.hypot(*(b - a).T)
        near = np.minimum(np.hypot(*a.T), np.hypot(*b.T)) - size
        spread = np.arcsin(np.minimum(thick / np.maximum(near, thick), 1.0)) if thick else np.zeros(len(near))
        low = np.minimum(low, low + width) - spread
        low = np.where(low < -np.pi, low + 2 * np.pi, low)
        yield _Fan(np.r_[who, who], np.r_[azimuth, azimuth + 2 * np.pi], low, low + np.abs(width) + 2 * spread,
                   near - thick)  # fmt: skip


class _Best:
    """The crossings that matter, seat by seat, while they are being gathered."""

    def __init__(self, n: int) -> None:
        self.c, self.next_c = np.full(n, np.inf), np.full(n, np.inf)
        self.part, self.next_part = np.zeros(n), np.full(n, -np.inf)
        self.over, self.late = np.full(n, -1, np.int64), np.zeros(n, np.bool_)
        self.next_over = np.full(n, -1, np.int64)


def _pairs(fan: _Fan, sight: Floats, far: Floats) -> tuple[Any, ...]:
    """What loops over a fan need: seats by their keys, which of them each piece may meet, and how near it may be."""
    first = np.searchsorted(fan.keys, fan.low - _ANGLE, "left")
    last = np.searchsorted(fan.keys, fan.high + _ANGLE, "right")
    return fan.who, first, last, fan.near, sight[fan.who], far[fan.who]


def _cross(
    who: Whole, first: Whole, last: Whole, near: Floats, sight: Floats, far: Floats, ends: Floats, best: Floats,
    best_part: Floats, best_over: Whole, best_late: Bools, next_c: Floats, next_part: Floats, next_over: Whole,
) -> None:  # fmt: skip
    """Cross sightlines with pieces of rows, and keep the least C-value and the nearest row. Runs as machine code.

    sight : (k, 7) eyes, foci, distances, in the order of `who`
    ends : (m, 7) both ends of the pieces, height of their floor
    """
    for i in range(len(first)):
        for j in range(first[i], last[i]):
            if near[i] >= far[j]:
                continue
            seat, ez, fz, way = who[j], sight[j, 2], sight[j, 5], sight[j, 6]
            ux, uy = (sight[j, 0] - sight[j, 3]) / way, (sight[j, 1] - sight[j, 4]) / way
            ax, ay = ends[i, 0] - sight[j, 3], ends[i, 1] - sight[j, 4]
            bx, by = ends[i, 3] - sight[j, 3], ends[i, 4] - sight[j, 4]
            side = ux * ay - uy * ax
            across = side - ux * by + uy * bx
            if not abs(across) > 1e-12:
                continue
            s = min(max(side / across, 0.0), 1.0)
            reach = ux * ax + uy * ay
            reach += s * (ux * bx + uy * by - reach)
            if not 0 < reach < far[j]:
                continue
            part = reach / way
            height = fz + (ez - fz) * part
            if ends[i, 6] > ez and ends[i, 6] > height:
                continue  # overhead
            c = height - ends[i, 2] - s * (ends[i, 5] - ends[i, 2])
            if c < best[seat]:
                best[seat], best_part[seat], best_over[seat], best_late[seat] = c, part, i, s > 0.5
            if part > next_part[seat]:
                next_c[seat], next_part[seat], next_over[seat] = c, part, i


def _clear(
    who: Whole, first: Whole, last: Whole, near: Floats, sight: Floats, far: Floats, heads: Floats, owner: Whole, own: Whole,
    radii: tuple[float, float, float], solid: Floats,
) -> None:  # fmt: skip
    """Keep the least height by which sightlines clear heads, and a head more. Runs as machine code.

    The vertical plane through a sightline cuts a head in an ellipse.
    """
    front, aside, up = radii
    for i in range(len(first)):
        for j in range(first[i], last[i]):
            seat = who[j]
            if near[i] >= far[j] or owner[i] == own[seat]:
                continue
            ez, fz, way = sight[j, 2], sight[j, 5], sight[j, 6]
            ux, uy = (sight[j, 0] - sight[j, 3]) / way, (sight[j, 1] - sight[j, 4]) / way
            x, y = heads[i, 0] - sight[j, 3], heads[i, 1] - sight[j, 4]
            f, g = ux * heads[i, 3] + uy * heads[i, 4], uy * heads[i, 3] - ux * heads[i, 4]
            off = uy * x - ux * y
            along = (f / front) ** 2 + (g / aside) ** 2
            both = f * g * (1 / aside**2 - 1 / front**2)
            size = 1 - off**2 * ((g / front) ** 2 + (f / aside) ** 2 - both**2 / along)
            middle = ux * x + uy * y - both * off / along
            if not (size > 0 and 0 < middle < way):
                continue
            slope = (ez - fz) / way
            height = fz + slope * middle
            if heads[i, 5] > ez and heads[i, 5] > height:
                continue  # overhead
            c = height - heads[i, 2] - np.sqrt(size * (up**2 + slope**2 / along)) + up
            solid[seat] = min(solid[seat], c)


def _between(best: _Best, sight: Floats, heads: _Heads, runs: _Runs) -> Bools:
    """(n,) does the sightline miss both heads at the ends of the piece of the next row that it crosses?"""
    out = np.asarray(best.next_over >= 0)
    seat = np.flatnonzero(out)
    way = (sight[seat, :2] - sight[seat, 3:5]) / sight[seat, 6:]
    for ends in (runs.seat_a, runs.seat_b):
        head = heads.at[np.searchsorted(heads.seat, ends[best.next_over[seat]])]
        to = head[:, :2] - sight[seat, 3:5]
        off = way[:, 1] * to[:, 0] - way[:, 0] * to[:, 1]
        f = way[:, 0] * head[:, 3] + way[:, 1] * head[:, 4]
        g = way[:, 1] * head[:, 3] - way[:, 0] * head[:, 4]
        half = np.hypot(heads.radii[0] * g, heads.radii[1] * f)
        out[seat[np.abs(off) < half]] = False
    return out


def _sizes(target: Target, screens: list[Screen], eyes: Floats, stature: Stature) -> tuple[Floats, Floats, Floats]:
    """(n,) greatest and least vertical angle of a target, and the angle that it fills in plan. [degrees]"""
    points = np.asarray(target.points, float).reshape(-1, 3)
    facets = np.concatenate([screen.facets for screen in screens]) if screens else np.zeros((0, 4, 3))
    if screens:
        edges = np.concatenate([facets[:, :2], facets[:, [3, 2]]])
        outline = np.concatenate([facets[:, :2].reshape(-1, 3), facets[::-1, 2:].reshape(-1, 3)])
    else:
        outline = points
        ring = [*range(1, len(points)), 0] if target.kind == "surface" else range(1, len(points))
        edges = np.stack([points, points], axis=1) if len(points) == 1 else np.array([points[[k - 1, k]] for k in ring])
    top, bottom = np.full(len(eyes), -np.inf), np.full(len(eyes), np.inf)
    for a, b in edges:
        for rise in _rises(a - eyes, b - a):
            np.maximum(top, rise, out=top)
            np.minimum(bottom, rise, out=bottom)
    if target.role == "person":
        where = points[points[:, 2].argmax()]
        wide = 2 * np.arctan2(stature.shoulder_breadth / 2, np.hypot(*(where - eyes)[:, :2].T))
        return np.degrees(top), np.degrees(bottom), np.degrees(wide)
    at = low = high = np.zeros(len(eyes))
    last = np.arctan2(outline[0, 1] - eyes[:, 1], outline[0, 0] - eyes[:, 0])
    for point in outline[1:]:
        turn = np.arctan2(point[1] - eyes[:, 1], point[0] - eyes[:, 0])
        at = at + (turn - last + np.pi) % (2 * np.pi) - np.pi
        low, high, last = np.minimum(low, at), np.maximum(high, at), turn
    return np.degrees(top), np.degrees(bottom), np.degrees(high - low)


def _rises(a: Floats, along: Floats) -> Iterator[Floats]:
    """(n,) vertical angles to both ends of an edge, and to where on it the angle is greatest or least. [rad]"""
    flat = along[0] ** 2 + along[1] ** 2
    beside = a[:, 0] * along[0] + a[:, 1] * along[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (along[2] * (a[:, 0] ** 2 + a[:, 1] ** 2) - a[:, 2] * beside) / (a[:, 2] * flat - along[2] * beside)
    for part in (np.zeros(len(a)), np.clip(np.nan_to_num(t), 0.0, 1.0), np.ones(len(a))):
        x, y, z = (a[:, k] + part * along[k] for k in range(3))
        yield np.arctan2(z, np.hypot(x, y))


def _picture(screens: list[Screen], eyes: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """(n,) `off_axis`, `edge`, `heights`, `readable` and `pixel` of a view."""
    n = len(eyes)
    if not screens:
        none = np.full(n, np.nan)
        return none, none, none, none, none
    facets = np.concatenate([screen.facets for screen in screens])
    across, up = facets[:, 1] - facets[:, 0], facets[:, 3] - facets[:, 0]
    normals = np.cross(across, up)
    widths = np.linalg.norm(across, axis=1)
    ends = np.r_[0.0, np.cumsum(widths)] / max(float(widths.sum()), 1e-12)
    off, edge, front = np.full(n, -np.inf), np.full(n, np.nan), np.zeros(n, np.bool_)
    for k, normal in enumerate(normals):
        with np.errstate(invalid="ignore"):
            front |= (eyes - facets[k, 0]) @ normal > 0
        if not np.hypot(normal[0], normal[1]) > 1e-9 * np.linalg.norm(normal):
            continue  # lies flat: no side of it is nearer to its axis
        for foot, place in ((facets[k, 0], ends[k]), (facets[k, 1], ends[k + 1])):
            x, y = (eyes - (foot + up[k] / 2))[:, :2].T
            angle = np.degrees(np.abs(np.arctan2(normal[0] * y - normal[1] * x, normal[0] * x + normal[1] * y)))
            more = ~(angle <= off)
            off, edge = np.where(more, angle, off), np.where(more, place, edge)
    k = int(np.clip(np.searchsorted(ends, 0.5, "right") - 1, 0, len(facets) - 1))
    part = (0.5 - ends[k]) / max(ends[k + 1] - ends[k], 1e-12)
    middle = facets[k, 0] + part * across[k] + up[k] / 2
    height = float(np.linalg.norm(up[k]))
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.linalg.norm(eyes - middle, axis=1) / np.where(front, height or np.nan, np.nan)
        rows = [screen.pixels[1] for screen in screens if screen.pixels]
        pixel = ACUITY / (heights * (rows[0] if rows else np.nan))
    none = np.where(off >= 0, 0.0, np.nan)
    return off + none, edge + none, heights, heights / READING, pixel


def labels(house: Seats, index: Any) -> Strings:
    """Row labels of seats given as indices into `scene.laid_out`; empty for −1."""
    index = np.asarray(index)
    if not len(house):
        return np.full(index.shape, "", np.str_)
    return np.asarray(np.where(index >= 0, house.row[np.maximum(index, 0)], ""))
