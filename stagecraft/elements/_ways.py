"""Gangways between, along and through the rows of a seating element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.elements._tiers import Laid
from stagecraft.geometry.courses import Round, Row
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Walkway

_SAMPLE = 0.02
"""A gangway is followed in steps of this. [m]"""
_SAMPLES = 2000
"""And in no more than so many."""
TOUCH = 1e-6
"""Places that reach no further into a gangway stand beside it. [m]"""


@dataclass(frozen=True, eq=False)
class Strip:
    """A gangway that cuts rows wherever it runs."""

    field: str
    """What a message calls it, its field first: `aisles: gangway 2`."""
    line: Floats
    """(n, 2) its middle. [m]"""
    width: float

    @property
    def plan(self) -> Any:
        """As a shapely polygon."""
        import shapely

        return shapely.LineString(self.line).buffer(self.width / 2, cap_style="flat", join_style="mitre")


def cut(
    rows: Sequence[Row], plans: Sequence[Any], strips: Sequence[Strip], ring: bool, room: Sequence[NDArray[np.bool_]]
) -> list[Row]:
    """The rows without the places that would stand in a strip, in blocks on either side of each.

    plans : (n,) shapely polygons of the places of each row
    room : (n,) for which places of each row there is room apart from that
    ring : rows go all the way round; they then begin at the strip that is furthest from their middle

    Raises ValueError for a strip that takes every place, or meets no row.
    """
    import shapely

    rows, room = list(rows), list(room)
    taken: list[list[NDArray[np.bool_]]] = []
    tree = shapely.STRtree(np.concatenate(plans))
    bounds = np.cumsum([len(plan) for plan in plans])[:-1]
    for strip in strips:
        area = strip.plan.buffer(-TOUCH, join_style="mitre")
        hit = np.zeros(len(tree), np.bool_)
        hit[tree.query(area, predicate="intersects")] = True
        hits = np.split(hit, bounds)
        if all(hit.all() for hit in hits):
            raise ValueError(f"{strip.field} takes every place")
        if not any((hit & free).any() for hit, free in zip(hits, room)):
            raise ValueError(f"{strip.field} meets no place: it cuts no row")
        taken.append(hits)
    if ring:
        first = max(range(len(strips)), key=lambda n: _aside(rows, taken[n], np.abs))
        for k, row in enumerate(rows):
            hit = taken[first][k]
            if hit.any():
                start = int(np.flatnonzero(hit & ~np.roll(hit, 1))[-1])
                turned = np.roll(np.arange(len(hit)), -start)
                rows[k], room[k] = row.where(turned), room[k][turned]
                for hits in taken:
                    hits[k] = hits[k][turned]
        beside = [float(np.mean([np.flatnonzero(h).mean() / len(h) for h in hits if h.any()])) for hits in taken]
    else:
        beside = [_aside(rows, hits) for hits in taken]
    gaps = [float(np.mean([_share(row, row.along.gaps[g]) for row in rows])) for g in range(len(rows[0].along.gaps))]
    rank = np.argsort(np.argsort([*gaps, *beside], kind="stable"), kind="stable") + (0 if ring else 1)
    out = []
    for k, row in enumerate(rows):
        index = np.arange(len(row.xy))
        section = np.zeros(len(index), np.int64)
        for g in range(len(gaps)):
            section = np.maximum(section, np.where(row.along.section > g, rank[g], 0))
        for n, hits in enumerate(taken):
            if hits[k].any():
                section = np.maximum(section, np.where(index > np.flatnonzero(hits[k])[-1], rank[len(gaps) + n], 0))
        row = replace(row, along=replace(row.along, section=section))
        out.append(row.where(room[k] & ~np.any([hits[k] for hits in taken], axis=0)))
    if not any(len(row.xy) for row in out) and any(free.any() for free in room):
        raise ValueError(f"{strips[-1].field} takes the last places that the others leave")
    return out


def _share(row: Row, s: Floats) -> Floats:
    """How far along its row, −1 at the left end, 1 at the right."""
    low, high = row.along.ends
    return np.asarray((2 * s - low - high) / max(high - low, 1e-9))


def _aside(
    rows: Sequence[Row], hits: Sequence[NDArray[np.bool_]], of: Callable[[Floats], Floats] = np.asarray
) -> float:
    """How far aside places are on the mean, as `_share` tells it."""
    return float(np.mean([of(_share(row, row.along.s[hit])).mean() for row, hit in zip(rows, hits) if hit.any()]))


def radial(course: Round, angle: float, laid: Laid) -> Floats:
    """(2, 2) a line from in front of the front row to behind the last, at an angle from the rows' middle. [m]"""
    a = np.radians(angle)
    way = np.array([np.sin(a), -np.cos(a)])
    ends = np.array([max(course.radius + laid.start[0], 0.0), course.radius + laid.end[-1]])
    return np.asarray((0.0, course.radius) + ends[:, None] * way)


def along_strip(element: str, name: str, strip: Strip, laid: Laid) -> Iterator[Walkway]:
    """The way on the rows' floors that a strip is, one a stretch between places where it leaves them."""
    import shapely

    whole = shapely.LineString(strip.line)
    corners = shapely.line_locate_point(whole, shapely.points(strip.line))
    for first, last in _on_floors(whole, laid):
        t = np.linspace(first, last, min(max(2, round((last - first) / _SAMPLE) + 1), _SAMPLES))
        t = np.unique(np.concatenate([t, corners[(corners > first) & (corners < last)]]))
        xy = shapely.get_coordinates(shapely.line_interpolate_point(whole, t))
        deep = laid.course.behind(xy)
        row = np.clip(np.searchsorted(laid.start, deep + TOUCH, side="right") - 1, 0, len(laid.rows) - 1)
        points = _points(t, xy, deep, row, laid, corners)
        across = abs(deep[-1] - deep[0]) < (last - first) / 2
        yield Walkway(element, name, points, strip.width, "cross_gangway" if across else "gangway",
                      None if across else points[:, 2])  # fmt: skip


def _on_floors(line: Any, laid: Laid) -> list[tuple[float, float]]:
    """From where to where along a line it runs over the rows' floors. [m]"""
    import shapely

    plans = np.array([plan.polygon for floor in laid.floors for plan in floor], object)
    found = shapely.get_parts(shapely.intersection(line, plans[shapely.intersects(line, plans)]))
    found = found[shapely.length(found) > TOUCH]
    if not len(found):
        return []
    spans = np.sort([shapely.line_locate_point(line, shapely.get_point(found, n)) for n in (0, -1)], axis=0).T
    spans = spans[np.argsort(spans[:, 0])]
    reached = np.maximum.accumulate(spans[:, 1])
    begins = np.flatnonzero(spans[:, 0] - np.concatenate([[-np.inf], reached[:-1]]) > _SAMPLE)
    ends = [*(begins[1:] - 1).tolist(), len(spans) - 1]
    return [(float(spans[b, 0]), float(reached[e])) for b, e in zip(begins.tolist(), ends)]


def _points(t: Floats, xy: Floats, deep: Floats, row: NDArray[np.int64], laid: Laid, corners: Floats) -> Floats:
    """(m, 3) one point where it crosses a row, two and its corners where it runs along one."""
    keep: list[int] = []
    for run in np.split(np.arange(len(t)), np.flatnonzero(np.diff(row)) + 1):
        k = row[run[0]]
        if t[run[-1]] - t[run[0]] <= 1.5 * (laid.end[k] - laid.start[k]):
            keep.append(int(run[np.argmin(np.abs(deep[run] - laid.behind[k] - laid.depth / 2))]))
        else:
            keep += [int(run[0]), *(int(i) for i in run[1:-1] if np.abs(t[i] - corners).min() < 1e-9), int(run[-1])]
    if len(keep) == 1:
        keep = [0, len(t) - 1]
    return np.asarray(np.c_[xy[keep], laid.levels[row[keep]]])


def gangways(element: str, label: str, laid: Laid, widths: Sequence[float]) -> Iterator[Walkway]:
    """The ways between the blocks."""
    for n, width in enumerate(widths):
        if width <= 0:
            continue
        line = np.array([[*row.gaps[n], level] for row, level in zip(laid.rows, laid.levels)])
        if len(line) == 1:
            line = np.concatenate([line, line - [[0, laid.depth / 2, 0]]])
        yield Walkway(element, f"{label} gangway {n + 1}", line, width, "gangway", laid.levels)


def crossing(element: str, label: str, laid: Laid, after: int, width: float) -> Iterator[Walkway]:
    """The way behind a row."""
    import shapely

    level = float(laid.levels[after])
    line = laid.course.line(laid.rows[after].ends, float(laid.end[after - 1]) + width / 2)
    name = f"{label} cross-gangway after row {after}"
    if laid.within is None:
        yield Walkway(element, name, np.c_[line, np.full(len(line), level)], width, "cross_gangway")
        return
    for piece in shapely.get_parts(shapely.LineString(line).intersection(laid.within)).tolist():
        xy = shapely.get_coordinates(piece)
        yield Walkway(element, name, np.c_[xy, np.full(len(xy), level)], width, "cross_gangway")


def beside(element: str, label: str, laid: Laid) -> Iterator[Walkway]:
    """The ways at either end of the rows."""
    for side, name in ((0, "left"), (1, "right")):
        sign = -1 if side == 0 else 1
        line = []
        for row, behind, level in zip(laid.rows, laid.behind.tolist(), laid.levels.tolist()):
            look = np.radians(laid.course.at(row.along.ends, behind + laid.depth / 2)[1][side])
            aside = sign * laid.sides / 2 * np.array([np.sin(look), -np.cos(look)])
            line.append([*(row.ends[side] + aside), level])
        if len(line) > 1:
            yield Walkway(element, f"{label} {name} gangway", np.array(line), laid.sides, "gangway", laid.levels)
