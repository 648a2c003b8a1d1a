"""From loose runs to as few and as long lines as possible: overlaps joined, ends chained, each line once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats

Whole: TypeAlias = NDArray[np.int64]
Circle: TypeAlias = tuple[float, float, float]
"""Centre u, v and radius. [m]"""
Span: TypeAlias = tuple[float, float]

SNAP = 1e-6
"""Two points closer than this are one. [m]"""
GAP = 2e-5
"""Gaps in a line shorter than this are closed. [m]"""
PARALLEL = 2e-6
"""Lines whose directions differ by less are parallel. [radians]"""


class Oval(NamedTuple):
    """A circle as it is seen: centre, half-axis to the furthest point, and the other half-axis as a share of it."""

    u: float
    v: float
    across: float
    up: float
    """Half-axis: from the centre to a point. [m]"""
    ratio: float = 1.0

    @property
    def radius(self) -> float:
        """Of the circle. [m]"""
        return math.hypot(self.across, self.up)

    @property
    def circle(self) -> Circle | None:
        return (self.u, self.v, self.radius) if self.ratio == 1 else None

    def at(self, turn: Floats) -> Floats:
        """(..., 2) points at angles on the circle itself [radians]. [m]"""
        c, s = np.cos(turn)[..., None], np.sin(turn)[..., None] * self.ratio
        return np.asarray((self.u, self.v) + c * (self.across, self.up) + s * (-self.up, self.across))

    def turns(self, points: Floats) -> Floats:
        """(...) angles on the circle itself of points (..., 2) in the view. [radians]"""
        off = points - (self.u, self.v)
        along = off @ (self.across, self.up)
        return np.asarray(np.arctan2(off @ (-self.up, self.across) / self.ratio, along))


@dataclass(frozen=True, eq=False)
class Path:
    """A polyline in the view. bulges[i]: tangent of a quarter of the angle of the run from point i; () if straight."""

    group: Hashable
    points: Floats
    """(n, 2) [m]"""
    bulges: tuple[float, ...] = ()
    closed: bool = False
    circle: Circle | None = None
    """A whole circle; `points` is then its rightmost point alone."""
    oval: Oval | None = None
    """A circle seen obliquely, or a part of one; `points` are then its ends, or one point of a whole one."""
    turns: Span = (0.0, math.tau)
    """From … to on the circle of the oval. [radians]"""


@dataclass(frozen=True, eq=False)
class Runs:
    """Straight runs, and chords that stand for parts of ovals."""

    segments: Floats
    """(n, 2, 2) [m]"""
    group: Whole
    """(n,) the smaller, the rather it is kept where lines of several groups lie on one another."""
    oval: Whole
    """(n,) −1 where it is straight."""
    ovals: tuple[Oval, ...]

    def paths(self, names: Sequence[Hashable]) -> list[Path]:
        """As few paths as possible, group by group; no part of a line is in two of them."""
        straight = self.oval < 0
        lines, owner = _once(*_merged(self.segments[straight], self.group[straight]))
        loose: dict[int, list[tuple[Floats, float]]] = defaultdict(list)
        for line, g in zip(lines, owner.tolist()):
            loose[g].append((line, 0.0))
        paths: dict[int, list[Path]] = defaultdict(list)
        for g, oval, (low, high) in self._arcs():
            whole = high - low >= math.tau - 1e-9
            ends = oval.at(np.array([low] if whole else [low, high]))
            if oval.ratio < 1:
                paths[g].append(Path(names[g], ends, closed=whole, oval=oval, turns=(low, high)))
            elif whole:
                at = np.array([[oval.u + oval.radius, oval.v]])
                paths[g].append(Path(names[g], at, closed=True, circle=oval.circle))
            else:
                loose[g].append((ends, math.tan((high - low) / 4)))
        for g in sorted(loose):
            paths[g] += _chained(loose[g], names[g])
        return [path for g in sorted(paths) for path in paths[g]]

    def _arcs(self) -> Iterator[tuple[int, Oval, Span]]:
        """Group and angles of what chords stand for, each part of an oval once."""
        found: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
        for k in np.unique(self.oval[self.oval >= 0]).tolist():
            mine = np.nonzero(self.oval == k)[0]
            turn = self.ovals[k].turns(self.segments[mine])
            sweep = (turn[:, 1] - turn[:, 0] + np.pi) % math.tau - np.pi
            low = np.where(sweep < 0, turn[:, 1], turn[:, 0]) % math.tau
            for g, a, b in zip(self.group[mine].tolist(), low.tolist(), (low + np.abs(sweep)).tolist()):
                found[k][g] += [(a, b)] if b <= math.tau else [(a, math.tau), (0.0, b - math.tau)]
        for k, groups in found.items():
            oval, taken = self.ovals[k], list[Span]()
            slack = GAP / oval.radius
            for g in sorted(groups):
                spans = _union(groups[g], slack)
                left = [span for span in _minus(spans, taken) if span[1] - span[0] > slack]
                taken = _union([*taken, *spans], slack)
                for span in _round(left, slack):
                    yield g, oval, span


def clusters(values: Floats, near: float, within: Whole | None = None) -> Whole:
    """(n,) numbers: neighbours in value that differ by no more than `near`, and lie within the same, share one."""
    if not len(values):
        return np.zeros(0, np.int64)
    inside = np.zeros(len(values), np.int64) if within is None else within
    order = np.lexsort((values, inside))
    new = np.r_[False, (np.diff(values[order]) > near) | (np.diff(inside[order]) != 0)]
    out = np.empty(len(values), np.int64)
    out[order] = np.cumsum(new)
    return out


def runs_of(paths: Iterable[Path]) -> Runs:
    """The runs of paths, the group of a path being its place among them."""
    segments: list[Floats] = [np.zeros((0, 2, 2))]
    group, oval, ovals = list[int](), list[int](), list[Oval]()

    def arc(g: int, of: Oval, low: float, high: float) -> None:
        points = of.at(np.linspace(low, high, 9))
        segments.append(np.stack([points[:-1], points[1:]], axis=1))
        group.extend([g] * 8)
        oval.extend([len(ovals)] * 8)
        ovals.append(of)

    for g, path in enumerate(paths):
        if path.circle is not None:
            arc(g, Oval(path.circle[0], path.circle[1], path.circle[2], 0.0), 0.0, math.tau)
        elif path.oval is not None:
            arc(g, path.oval, *path.turns)
        else:
            ends = [*path.points, path.points[0]] if path.closed else [*path.points]
            for (p, q), bulge in zip(pairwise(ends), (*path.bulges, *[0.0] * len(ends))):
                if bulge:
                    arc(g, *_bulged(p, q, bulge))
                else:
                    segments.append(np.array([[p, q]]))
                    group.append(g)
                    oval.append(-1)
    return Runs(np.concatenate(segments), np.array(group, np.int64), *_numbered(np.array(oval, np.int64), ovals))


def joined(*several: Runs) -> Runs:
    """Runs together; equal ovals get one number."""
    offset = np.cumsum([0, *(len(runs.ovals) for runs in several[:-1])])
    oval = np.concatenate([np.where(r.oval < 0, -1, r.oval + k) for r, k in zip(several, offset.tolist())])
    ovals = [oval for runs in several for oval in runs.ovals]
    segments, group = (np.concatenate([getattr(r, name) for r in several]) for name in ("segments", "group"))
    return Runs(segments, group, *_numbered(oval, ovals))


def _numbered(oval: Whole, ovals: Sequence[Oval]) -> tuple[Whole, tuple[Oval, ...]]:
    """The same numbers, with equal ovals under one."""
    if not ovals:
        return oval, ()
    same = alike(np.array(ovals))
    _, first = np.unique(same, return_index=True)
    return np.where(oval < 0, -1, same[oval]), tuple(ovals[k] for k in first.tolist())


def alike(rows: Floats) -> Whole:
    """(n,) numbers from 0 on: equal for rows (n, k) that agree within SNAP."""
    number = np.zeros(len(rows), np.int64)
    for column in rows.T:
        number = clusters(column, SNAP, number)
    return np.unique(number, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _bulged(p: Floats, q: Floats, bulge: float) -> tuple[Oval, float, float]:
    """Circle, and from … to anticlockwise, of a bulged run."""
    if bulge < 0:
        p, q, bulge = q, p, -bulge
    run = q - p
    centre = (p + q) / 2 + np.array([-run[1], run[0]]) * (1 - bulge * bulge) / (4 * bulge)
    radius = float(np.linalg.norm(run)) * (1 + bulge * bulge) / (4 * bulge)
    start = math.atan2(p[1] - centre[1], p[0] - centre[0])
    return Oval(float(centre[0]), float(centre[1]), radius, 0.0), start, start + 4 * math.atan(bulge)


# --- straight lines


@dataclass(frozen=True, eq=False)
class _Lines:
    """Pieces of straight lines, ordered along each."""

    ends: Floats
    """(n, 2, 2)"""
    group: Whole
    line: Whole
    """(n,) which straight line it is part of."""
    low: Floats
    high: Floats
    """(n,) from … to along that line."""


def _merged(segments: Floats, group: Whole) -> tuple[_Lines, Floats]:
    """Union of straight segments on each line, group by group; and the directions of the lines."""
    if not len(segments):
        nothing = np.zeros(0, np.int64)
        return _Lines(segments, group, nothing, np.zeros(0), np.zeros(0)), np.zeros((0, 2))
    run = segments[:, 1] - segments[:, 0]
    turn = np.arctan2(run[:, 1], run[:, 0]) % np.pi
    turn = np.where(turn > np.pi - PARALLEL, turn - np.pi, turn)
    length = np.linalg.norm(run, axis=1)
    way = clusters(turn, PARALLEL)
    longest = np.lexsort((-length, way))
    longest = longest[np.r_[True, np.diff(way[longest]) > 0]]
    along = np.stack([np.cos(turn[longest]), np.sin(turn[longest])], axis=1)
    middle = segments.mean(axis=1)
    offset = along[way, 0] * middle[:, 1] - along[way, 1] * middle[:, 0]
    line = clusters(offset, 2 * SNAP, way)
    at = np.einsum("nkj,nj->nk", segments, along[way])
    flip = at[:, 0] > at[:, 1]
    ends = np.where(flip[:, None, None], segments[:, ::-1], segments)
    low, high = at.min(axis=1), at.max(axis=1)
    order = np.lexsort((high, low, group, line))
    ends, group, line, low, high = ends[order], group[order], line[order], low[order], high[order]
    _, own = np.unique(np.stack([line, group], axis=1), axis=0, return_inverse=True)
    own = own.reshape(-1)
    room = 4 * (np.abs(at).max() + 1)
    reach = np.maximum.accumulate(own * room + high)
    furthest = np.maximum.accumulate(np.where(own * room + high >= reach, np.arange(len(own)), 0))
    new = np.r_[True, (own[1:] != own[:-1]) | (low[1:] > high[furthest[:-1]] + GAP)]
    first = np.nonzero(new)[0]
    last = furthest[np.r_[first[1:], len(own)] - 1]
    merged = np.stack([ends[first, 0], ends[last, 1]], axis=1)
    return _Lines(merged, group[first], line[first], low[first], high[last]), along[way[order][first]]


def _once(lines: _Lines, along: Floats) -> tuple[Floats, Whole]:
    """What is left of lines when each part is kept in the first of its groups only: segments and their groups."""
    shared = np.nonzero(np.bincount(lines.line)[lines.line] > 1)[0] if len(lines.line) else np.zeros(0, np.int64)
    if not len(shared):
        return lines.ends, lines.group
    alone = np.setdiff1d(np.arange(len(lines.line)), shared)
    segments, group = list[Floats](), list[int]()
    by_line: dict[int, list[int]] = defaultdict(list)
    for k in shared.tolist():
        by_line[int(lines.line[k])].append(k)
    for pieces in by_line.values():
        taken: list[Span] = []
        mine: list[Span] = []
        now = -1
        for k in sorted(pieces, key=lambda k: (lines.group[k], lines.low[k])):
            if lines.group[k] != now:
                now, taken, mine = int(lines.group[k]), _union([*taken, *mine], 0.0), []
            whole = (float(lines.low[k]), float(lines.high[k]))
            mine.append(whole)
            short = min(GAP, 0.5 * (whole[1] - whole[0]))
            for a, b in _minus([whole], taken):
                if b - a > short:
                    start, end = lines.ends[k]
                    segments.append(np.array([start + (a - whole[0]) * along[k], end - (whole[1] - b) * along[k]]))
                    group.append(now)
    cut = np.array(segments).reshape(-1, 2, 2)
    return np.concatenate([lines.ends[alone], cut]), np.concatenate([lines.group[alone], np.array(group, np.int64)])


def _union(spans: Sequence[Span], slack: float) -> list[Span]:
    """Spans in order, those that touch joined."""
    out: list[Span] = []
    for low, high in sorted(spans):
        if out and low <= out[-1][1] + slack:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def _minus(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of spans in order."""
    out: list[Span] = []
    for low, high in spans:
        for a, b in taken:
            if b <= low or a >= high:
                continue
            if a > low:
                out.append((low, a))
            low = b
            if low >= high:
                break
        if low < high:
            out.append((low, high))
    return out


def _round(spans: list[Span], slack: float) -> list[Span]:
    """Spans of one turn, the last joined to the first where they meet; a whole turn where nothing is missing."""
    if len(spans) > 1 and spans[0][0] <= slack and spans[-1][1] >= math.tau - slack:
        last = spans[-1]
        spans = [(last[0] - math.tau, spans[0][1]), *spans[1:-1]]
    if len(spans) == 1 and spans[0][1] - spans[0][0] >= math.tau - 2 * slack:
        return [(0.0, math.tau)]
    return spans


# --- chains


def _chained(runs: Sequence[tuple[Floats, float]], group: Hashable) -> list[Path]:
    """Runs joined wherever exactly two of them meet."""
    ends = np.array([run[0] for run in runs])
    nodes = _nodes(ends.reshape(-1, 2)).reshape(-1, 2).tolist()
    at: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, pair in enumerate(nodes):
        for side in (0, 1):
            at[pair[side]].append((index, side))
    used = [False] * len(runs)

    def follow(index: int, side: int) -> list[tuple[int, int]]:
        """Runs from here on, each with the side it is entered by."""
        found = []
        while not used[index]:
            used[index] = True
            found.append((index, side))
            meeting = at[nodes[index][1 - side]]
            if len(meeting) != 2:
                break
            index, side = meeting[1] if meeting[0] == (index, 1 - side) else meeting[0]
        return found

    paths = []
    loose = [(i, s) for i, pair in enumerate(nodes) for s in (0, 1) if len(at[pair[s]]) != 2]
    for index, side in [*loose, *((i, 0) for i in range(len(runs)))]:
        chain = follow(index, side) if not used[index] else []
        if chain:
            paths.append(_chain_path(chain, runs, nodes, group))
    return paths


def _chain_path(
    chain: list[tuple[int, int]], runs: Sequence[tuple[Floats, float]], nodes: list[list[int]], group: Hashable
) -> Path:
    points = [runs[i][0][s] for i, s in chain]
    bulges = tuple(-runs[i][1] if s else runs[i][1] for i, s in chain)
    first, last = chain[0], chain[-1]
    closed = len(chain) > 1 and nodes[first[0]][first[1]] == nodes[last[0]][1 - last[1]]
    if not closed:
        points.append(runs[last[0]][0][1 - last[1]])
        bulges = (*bulges, 0.0)
    return Path(group, np.array(points), bulges if any(bulges) else (), closed)


def _nodes(points: Floats) -> Whole:
    """Number of the node that each point is at: equal for points within SNAP of each other."""
    import shapely

    numbers = np.arange(len(points))
    geometry = shapely.points(points)
    a, b = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=3 * SNAP)
    np.minimum.at(numbers, a, b)
    return numbers
