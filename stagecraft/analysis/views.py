"""What every seat sees of every target: C-values over each row in front, distances and angles. No thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Screen, Seats, Strings, Target

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
_PAIRS = 200_000
"""Sightline × row crossings worked on at a time."""


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


@dataclass(frozen=True, eq=False)
class Views:
    ids: Strings
    """(n,) permanent ids of the standing seats."""
    targets: Mapping[str, View]
    scene: Scene | None = field(default=None, repr=False)
    """What was looked at."""
    earlier: Visible | None = field(default=None, repr=False)
    """An earlier answer that `visible` takes over what still holds from."""

    @cached_property
    def visible(self) -> Visible:
        """Which share of every target each seat sees, with the figures of people that the house uses.

        Raises ValueError for views that were made without their scene.
        """
        from stagecraft.analysis.visible import visible

        if self.scene is None:
            raise ValueError("these views do not know their scene")
        return visible(self.scene, before=self.earlier)

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
    killed or removed are empty. C is taken from eye to eye, in the true vertical plane.

    before : earlier views, of which all that still holds is taken over
    """
    seats, house = scene.seats, scene.laid_out
    runs = _runs(house)
    out: dict[str, View] = {}
    screens: dict[str, list[Screen]] = {}
    for screen in scene.of(Screen):
        screens.setdefault(screen.element, []).append(screen)
    wanted = [target for target in scene.of(Target) if target.role in ROLES]
    names = [target.name or target.element for target in wanted]
    for target, name in zip(wanted, names):
        key = name if names.count(name) == 1 else f"{name} ({target.element})"
        lines = _governing(target, screens.get(target.element, []))
        while key in out:
            key += "′"
        out[key] = _view(key, target, lines, seats, house, runs)
    return Views(seats.ids, out, scene, before.latest if before else None)


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
    index = np.flatnonzero((house.removed_by == "") & (house.status != "kill"))
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
    if target.role == "screen" and screens:
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


def _view(key: str, target: Target, lines: Floats, seats: Seats, house: Seats, runs: _Runs) -> View:
    n = len(seats)
    focus, piece, along = _nearest(lines, seats.eyes)
    way = focus[:, :2] - seats.eyes[:, :2]
    distance = np.hypot(way[:, 0], way[:, 1])
    turn = np.degrees(np.arctan2(way[:, 1], way[:, 0])) - seats.facing
    angle = np.abs((turn + 180.0) % 360.0 - 180.0)
    answer = (distance > _SELF) & ((angle <= 90.0) | (seats.place == "table"))
    best = _Best(n)
    for fan in _fans(lines, focus, piece, along, seats.eyes, runs):
        _meet(best, fan, answer, seats.eyes, focus, distance, runs)
    over = np.full(n, -1, np.int64)
    met = best.over >= 0
    over[met] = np.where(best.late[met], runs.seat_b[best.over[met]], runs.seat_a[best.over[met]])
    nan = np.where(answer, 0.0, np.nan)
    nobody = np.where(over >= 0, 0.0, np.nan)
    return View(
        key, target.element, target.role, target.kind, best.c + nan, np.where(answer, over, -1), best.part + nan + nobody,
        best.next_c + nan, best.next_part + nan + nobody, focus, distance, np.where(distance > 0, angle, np.nan),
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


def _fans(lines: Floats, focus: Floats, piece: Whole, along: Floats, eyes: Floats, runs: _Runs) -> Iterator[_Fan]:
    inside = (along > 0) & (along < 1)
    for k in np.unique(piece[inside]):
        start, stop = lines[k, :, :2]
        axis = (stop - start) / np.linalg.norm(stop - start)
        square = np.array([-axis[1], axis[0]])
        who = np.flatnonzero(inside & (piece == k))
        keys = (eyes[who, :2] - start) @ axis
        order = np.argsort(keys, kind="stable")
        a, b = runs.a[:, :2] - start, runs.b[:, :2] - start
        yield _Fan(who[order], keys[order], np.minimum(a @ axis, b @ axis), np.maximum(a @ axis, b @ axis),
                   np.minimum(np.abs(a @ square), np.abs(b @ square)))  # fmt: skip
    at_end = np.flatnonzero(~inside & np.isfinite(focus[:, 0]))
    if not len(at_end):
        return
    points, which = np.unique(focus[at_end, :2], axis=0, return_inverse=True)
    for k, point in enumerate(points):
        who = at_end[which.reshape(-1) == k]
        azimuth = np.arctan2(eyes[who, 1] - point[1], eyes[who, 0] - point[0])
        order = np.argsort(azimuth, kind="stable")
        who, azimuth = who[order], azimuth[order]
        a, b = runs.a[:, :2] - point, runs.b[:, :2] - point
        low = np.arctan2(a[:, 1], a[:, 0])
        width = (np.arctan2(b[:, 1], b[:, 0]) - low + np.pi) % (2 * np.pi) - np.pi
        low = np.minimum(low, low + width)
        low = np.where(low < -np.pi, low + 2 * np.pi, low)
        size = np.hypot(*(b - a).T)
        near = np.minimum(np.hypot(*a.T), np.hypot(*b.T)) - size
        yield _Fan(np.r_[who, who], np.r_[azimuth, azimuth + 2 * np.pi], low, low + np.abs(width), near)


class _Best:
    """The crossings that matter, seat by seat, while they are being gathered."""

    def __init__(self, n: int) -> None:
        self.c, self.next_c = np.full(n, np.inf), np.full(n, np.inf)
        self.part, self.next_part = np.zeros(n), np.full(n, -np.inf)
        self.over, self.late = np.full(n, -1, np.int64), np.zeros(n, np.bool_)


def _meet(best: _Best, fan: _Fan, answer: Bools, eyes: Floats, focus: Floats, distance: Floats, runs: _Runs) -> None:
    """Cross the sightlines of a fan with all pieces of rows, and keep the least C-value and the nearest row."""
    first = np.searchsorted(fan.keys, fan.low - _ANGLE, "left")
    count = np.searchsorted(fan.keys, fan.high + _ANGLE, "right") - first
    total = np.cumsum(count)
    far = np.where(answer, distance - _SELF, -np.inf)
    ends = [np.ascontiguousarray(column) for column in (*runs.a.T, *runs.b.T)]
    sight = [np.ascontiguousarray(column) for column in (*eyes.T, *focus.T)]
    start = 0
    while start < len(count):
        done = int(total[start - 1]) if start else 0
        stop = max(int(np.searchsorted(total, done + _PAIRS, "right")), start + 1)
        some = count[start:stop]
        piece = np.repeat(np.arange(start, stop), some)
        seat = fan.who[np.arange(len(piece)) - np.repeat(np.cumsum(some) - some - first[start:stop], some)]
        front = np.flatnonzero(fan.near[piece] < far[seat])
        _cross(best, seat[front], piece[front], sight, ends, far, distance, runs.floor)
        start = stop


def _cross(
    best: _Best, seat: Whole, piece: Whole, sight: list[Floats], ends: list[Floats], far: Floats, distance: Floats,
    floor: Floats,
) -> None:  # fmt: skip
    ex, ey, ez, fx, fy, fz = (column[seat] for column in sight)
    ax, ay, az, bx, by, bz = (column[piece] for column in ends)
    way = distance[seat]
    ux, uy = (ex - fx) / way, (ey - fy) / way
    ax, ay, bx, by = ax - fx, ay - fy, bx - fx, by - fy
    side = ux * ay - uy * ax
    across = side - ux * by + uy * bx
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.minimum(np.maximum(side / across, 0.0), 1.0)
    reach = ux * ax + uy * ay
    reach += s * (ux * bx + uy * by - reach)
    part = reach / way
    height = fz + (ez - fz) * part
    c = height - az - s * (bz - az)
    level = floor[piece]
    overhead = (level > ez) & (level > height)
    ok = np.flatnonzero((np.abs(across) > 1e-12) & (reach > 0) & (reach < far[seat]) & ~overhead)
    seat, piece, s, part, c = seat[ok], piece[ok], s[ok], part[ok], c[ok]
    before = best.c[seat]
    np.minimum.at(best.c, seat, c)
    hit = np.flatnonzero((c == best.c[seat]) & (c < before))
    best.over[seat[hit]], best.part[seat[hit]], best.late[seat[hit]] = piece[hit], part[hit], s[hit] > 0.5
    before = best.next_part[seat]
    np.maximum.at(best.next_part, seat, part)
    hit = np.flatnonzero((part == best.next_part[seat]) & (part > before))
    best.next_c[seat[hit]] = c[hit]


def labels(house: Seats, index: Any) -> Strings:
    """Row labels of seats given as indices into `scene.laid_out`; empty for −1."""
    index = np.asarray(index)
    if not len(house):
        return np.full(index.shape, "", np.str_)
    return np.asarray(np.where(index >= 0, house.row[np.maximum(index, 0)], ""))
