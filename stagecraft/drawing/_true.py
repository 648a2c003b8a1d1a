"""Lines as a cutter would want them: each once, and round where they are round."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from stagecraft.drawing.marks import Circle, Ellipse, Line, Mark, Symbol
from stagecraft.geometry.frame import Floats

SAME = 1e-3
"""Two points nearer than this are one. [mm]"""
ALIKE = 0.05
"""Two ellipses whose places and axes differ by less are one. [mm]"""
CHORDS, TURN = 6, 16.0
"""So many chords on end on one circle, each turning by less than this, are an arc. [degrees]"""
STRAY = 0.02
"""Their corners lie on the circle to within this. [mm]"""
ROLES = ("cut", "line", "beyond", "id", "dims", "pattern", "hidden", "overhead", "unseen")
"""Of two lines that lie on one another the first of these is drawn."""
_Run = tuple[int, ...]


def tidied(marks: Sequence[Mark]) -> list[Mark]:
    """The same marks: chords on a circle are an arc again, and what lies exactly under another line is left out."""
    return list(_once([_round(mark) if isinstance(mark, Line) else mark for mark in marks]))


def tidy_symbol(symbol: Symbol) -> Symbol:
    """A symbol with its marks tidied."""
    marks = tuple(_round(mark) if isinstance(mark, Line) else mark for mark in symbol.marks)
    return symbol if marks == symbol.marks else replace(symbol, marks=marks)


# --- each once


def _once(marks: Sequence[Mark]) -> Iterator[Mark]:
    order = {
        n: (ROLES.index(mark.style.role), n)
        for n, mark in enumerate(marks)
        if isinstance(mark, (Line, Circle, Ellipse))
    }
    first: dict[_Run, tuple[int, int]] = {}
    runs: dict[int, list[_Run]] = {}
    for n in sorted(order, key=lambda n: order[n]):
        mark = marks[n]
        assert isinstance(mark, (Line, Circle, Ellipse))
        match mark:
            case Line():
                runs[n] = list(_runs(mark))
            case Circle():
                runs[n] = [_whole((*mark.centre, mark.radius))]
            case Ellipse():
                runs[n] = [_oval(mark)]
        for k, run in enumerate(runs[n]):
            first.setdefault(run, (n, k))
    for n, mark in enumerate(marks):
        if n not in runs:
            yield mark
            continue
        kept = [first[run] == (n, k) for k, run in enumerate(runs[n])]
        if all(kept):
            yield mark
        elif isinstance(mark, Line):
            yield from _parts(mark, kept)


def _runs(line: Line) -> Iterator[_Run]:
    """Each run, whichever way it goes."""
    ends = [*line.points, line.points[0]] if line.closed and line.points else line.points
    bulges = (*line.bulges, *[0.0] * len(ends))
    for (a, b), bulge in zip(pairwise(ends), bulges):
        one, other = _whole(a), _whole(b)
        bent = round(bulge * 1e6)
        yield (*one, *other, bent) if one <= other else (*other, *one, -bent)


def _oval(mark: Ellipse) -> _Run:
    """An ellipse, alike to what a pen can tell."""
    minor = mark.ratio * math.hypot(*mark.major)
    lengths = (round(value / ALIKE) for value in (*mark.centre, *mark.major, minor))
    return (*lengths, *(round(math.degrees(end)) for end in (mark.start, mark.end)))


def _whole(values: Sequence[float]) -> _Run:
    return tuple(round(value / SAME) for value in values)


def _parts(line: Line, kept: Sequence[bool]) -> Iterator[Line]:
    """What is left of a line, in open pieces."""
    points = [*line.points, line.points[0]] if line.closed else list(line.points)
    bulges = [*line.bulges, *[0.0] * len(points)][: len(kept)]
    order = list(range(len(kept)))
    if line.closed:
        start = kept.index(False) + 1
        order = order[start:] + order[:start]
    piece: list[int] = []
    for k in [*order, None]:
        if k is not None and kept[k]:
            piece.append(k)
        elif piece:
            ends = (*(points[j] for j in piece), points[piece[-1] + 1])
            bends = tuple(bulges[j] for j in piece)
            yield replace(line, points=ends, closed=False, bulges=bends if any(bends) else ())
            piece = []


# --- round again


def _round(line: Line) -> Line | Circle:
    """A line whose chords on one circle are one arc; a closed line of nothing else is a circle."""
    if len(line.points) <= CHORDS or any(line.bulges):
        return line
    points = np.array(line.points, float)
    if not line.closed and np.abs(points[0] - points[-1]).max() <= SAME:
        whole = _round(replace(line, points=line.points[:-1], closed=True))
        return line if isinstance(whole, Line) and not any(whole.bulges) else whole
    turns = _turns(points, line.closed)
    gentle = (np.abs(turns) > 0.01) & (np.abs(turns) < TURN)
    if line.closed:
        if gentle.all() and (circle := _circle(points)) is not None:
            x, y, radius = circle
            return Circle(line.style, (round(x, 4) + 0.0, round(y, 4) + 0.0), round(radius, 4))
        sharp = np.flatnonzero(~gentle)
        if len(sharp) == 0:
            return line
        points, gentle = np.roll(points, -sharp[0], axis=0), np.roll(gentle, -sharp[0])
        points, gentle = np.concatenate([points, points[:1]]), np.append(gentle, False)
    corners, bulges = _arcs(points, gentle)
    if not any(bulges):
        return line
    if line.closed:
        corners = corners[:-1]
    return replace(line, points=tuple((x, y) for x, y in corners), bulges=tuple(bulges))


def _turns(points: Floats, closed: bool) -> Floats:
    """(n,) how much the way turns at each corner; at the ends of an open line not at all. [degrees]"""
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    turns = np.degrees(np.arctan2(cross, (before * after).sum(axis=1)))
    if not closed:
        turns[[0, -1]] = 0.0
    return np.asarray(turns, float)


def _arcs(points: Floats, gentle: Any) -> tuple[list[tuple[float, float]], list[float]]:
    """Corners and bulges, with the longest runs on one circle each made one arc, or two where it is more than half round."""
    corners: list[tuple[float, float]] = []
    bulges: list[float] = []
    k, last = 0, len(points) - 1
    while k < last:
        end = k + 1
        while end < last and gentle[end]:
            end += 1
        while end - k >= CHORDS and _circle(points[k : end + 1]) is None:
            end -= 1
        if end - k < CHORDS:
            corners.append((float(points[k, 0]), float(points[k, 1])))
            bulges.append(0.0)
            k += 1
            continue
        x, y, _ = _circle(points[k : end + 1]) or (0.0, 0.0, 0.0)
        ray = points[k : end + 1] - (x, y)
        step = np.arctan2(ray[:-1, 0] * ray[1:, 1] - ray[:-1, 1] * ray[1:, 0], (ray[:-1] * ray[1:]).sum(axis=1))
        stops = [k, end] if abs(step.sum()) <= math.pi else [k, (k + end) // 2, end]
        for a, b in pairwise(stops):
            corners.append((float(points[a, 0]), float(points[a, 1])))
            bulges.append(round(math.tan(float(step[a - k : b - k].sum()) / 4), 12))
        k = end
    corners.append((float(points[last, 0]), float(points[last, 1])))
    return corners, bulges


def _circle(points: Floats) -> tuple[float, float, float] | None:
    """The circle that all points lie on; None where there is none."""
    a, b, c = points[0], points[len(points) // 3], points[2 * len(points) // 3]
    (ax, ay), (bx, by) = b - a, c - a
    twice = 2 * (ax * by - ay * bx)
    if abs(twice) < 1e-9:
        return None
    one, two = ax * ax + ay * ay, bx * bx + by * by
    middle = a + np.array([by * one - ay * two, ax * two - bx * one]) / twice
    radii = np.hypot(*(points - middle).T)
    radius = float(radii.mean())
    return None if np.abs(radii - radius).max() > STRAY else (float(middle[0]), float(middle[1]), radius)
