"""Tables that stand too near to each other or to a wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import Whole, figures, many
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import LengthByLength
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Part, Scene

_JOINED = 0.05
"""Tables closer than this are pushed together to one. [m]"""


@dataclass(frozen=True, eq=False)
class _Tables:
    """Tables at which people sit."""

    plans: Any
    """(t,) polygons."""
    names: tuple[str, ...]
    element: tuple[str, ...]
    table: Whole
    """(n,) table of each seat, −1 for who sits in a row."""


@check("SE06", "near-tables")
def near_tables(
    subject: Subject, rule: Rule, *, between: LengthByLength, chair: Length | None = None, wall: Length | None = None
) -> Iterator[Finding | Passed]:
    """Too little room between tables where chairs stand, or between a table with chairs and a wall.

    Measured from edge to edge, between tables that have a chair between them; tables pushed together are one. How long the
    way between tables is, is taken as the way from the farthest place of both straight out of all the tables: never longer than
    the real one. One finding for each group of tables.

    between : clear way, by its length to a gangway
    chair : room that chairs take from each table that has one there
    wall : from a table to a wall with a chair between
    """
    scene, show = subject.scene, subject.scene.about.units
    tables = _tables(scene)
    if not len(tables.names):
        raise NotChecked("nobody sits at tables")
    length = _way_out(scene, tables)
    i, j, gap, sides = _pairs(scene, tables, float(between.at(length).max()) + 2 * (chair or 0.0))
    asked = between.at(np.maximum(length[i], length[j])) + (chair or 0.0) * sides
    found = [
        (float(asked[k] - gap[k]), float(gap[k]), float(asked[k]), f"{tables.names[i[k]]} and {tables.names[j[k]]}", tables.element[i[k]], int(i[k]))
        for k in range(len(i))
    ]  # fmt: skip
    if wall is not None:
        found += [
            (wall - near, near, float(wall), f"{tables.names[k]} and the wall", tables.element[k], k)
            for k, near in _to_walls(scene, tables, wall)
        ]
    found.sort(key=lambda one: -round(one[0], 6))
    short = [one for one in found if one[0] > EXACT]
    for element in dict.fromkeys(one[4] for one in short):
        mine = [one for one in short if one[4] == element]
        lines = []
        for _, near, wanted, names, _, _ in mine:
            measured, needed = figures(near, wanted, show)
            lines.append(f"{names}: {measured} apart, asked {needed}")
        lack, near, wanted, _, _, table = mine[0]
        x, y = tables.plans[table].centroid.coords[0]
        yield rule.finding(
            f"{element}: {many(len(mine), 'gap')} between tables or to a wall {'is' if len(mine) == 1 else 'are'} too narrow; worst: {lines[0]}",
            elements=(element,), group=element, measured=near, required=wanted, unit="m", at=(float(x), float(y), 0.0),
            details=tuple(lines[1:]), fix=f"set them {units.small(float(np.ceil(lack * 1000 - 1e-3) / 1000), show)} farther apart",
        )  # fmt: skip
    if not short:
        if not found:
            yield Passed("no two tables with chairs between them stand near each other")
            return
        measured, needed = figures(found[0][1], found[0][2], show)
        yield Passed(f"narrowest against what is asked: {found[0][3]}, {measured} apart, asked {needed}")


def _tables(scene: Scene) -> _Tables:
    import shapely

    seats = scene.seats
    sat = seats.at_table
    owners = set(seats.element[sat].tolist())
    plans: list[Any] = []
    names: list[str] = []
    element: list[str] = []
    for part in scene.of(Part):
        if part.system != "table" or part.element not in owners:
            continue
        plans += part.plans()
        names += [str(tag) for tag in part.tags] or [part.element] * part.count
        element += [part.element] * part.count
    table = np.full(len(seats), -1)
    for owner in owners if plans else ():
        mine, own = np.flatnonzero(sat & (seats.element == owner)), np.flatnonzero(np.array(element) == owner)
        if len(own):
            tree = shapely.STRtree([plans[k] for k in own.tolist()])
            seat, near = tree.query_nearest(shapely.points(seats.at[mine, :2]), all_matches=False)
            table[mine[seat]] = own[near]
    return _Tables(np.array(plans, dtype=object), tuple(names), tuple(element), table)


def _way_out(scene: Scene, tables: _Tables) -> Floats:
    """(t,) how far the farthest place of each table is from the rim of all tables and chairs. [m]"""
    import shapely

    at = scene.seats.at[:, :2]
    sat = np.flatnonzero(tables.table >= 0)
    rim = shapely.union_all([*tables.plans, shapely.multipoints(at[sat])]).convex_hull.boundary
    far = np.zeros(len(tables.names))
    np.maximum.at(far, tables.table[sat], shapely.distance(shapely.points(at[sat]), rim))
    return far


def _pairs(scene: Scene, tables: _Tables, reach: float) -> tuple[Whole, Whole, Floats, Whole]:
    """Tables with chairs between them: which two, how far apart [m], and how many of the two have a chair there."""
    import shapely

    i, j = shapely.STRtree(tables.plans).query(tables.plans, predicate="dwithin", distance=reach)
    i, j = i[i < j], j[i < j]
    order = np.lexsort((j, i))
    i, j = i[order], j[order]
    gap = shapely.distance(tables.plans[i], tables.plans[j])
    joined = gap <= _JOINED
    one = np.arange(len(tables.names))
    before = np.zeros(0, np.int64)
    while not np.array_equal(one, before):
        before = one.copy()
        for a, b in ((i[joined], j[joined]), (j[joined], i[joined])):
            np.minimum.at(one, a, before[b])
    apart = one[i] != one[j]
    i, j, gap = i[apart], j[apart], gap[apart]
    sides = _has_chair(scene, tables, i, tables.plans[j], gap).astype(np.int64)
    sides = sides + _has_chair(scene, tables, j, tables.plans[i], gap)
    i, j, gap, sides = i[sides > 0], j[sides > 0], gap[sides > 0], sides[sides > 0]
    order = np.lexsort((-sides, np.round(gap, 6), np.maximum(one[i], one[j]), np.minimum(one[i], one[j])))
    pair = np.stack([np.minimum(one[i], one[j]), np.maximum(one[i], one[j])], 1)[order]
    best = np.sort(order[np.unique(pair, axis=0, return_index=True)[1]])  # of tables that are one, the narrowest gap
    return i[best], j[best], gap[best], sides[best]


def _has_chair(scene: Scene, tables: _Tables, of: Whole, other: Any, gap: Floats) -> Any:
    """(k,) does a chair of each table stand between it and what is opposite?"""
    import shapely

    sat = np.flatnonzero(tables.table >= 0)
    sat = sat[np.argsort(tables.table[sat], kind="stable")]
    start = np.searchsorted(tables.table[sat], of)
    count = np.searchsorted(tables.table[sat], of, side="right") - start
    pair = np.repeat(np.arange(len(of)), count)
    seat = sat[np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count) + np.arange(count.sum())]
    near = shapely.distance(shapely.points(scene.seats.at[seat, :2]), np.asarray(other, dtype=object)[pair]) < gap[pair]
    return np.bincount(pair, near, minlength=len(of)) > 0


def _to_walls(scene: Scene, tables: _Tables, wall: float) -> list[tuple[int, float]]:
    """Tables that have a chair between them and a wall nearer than asked, or a little more, and how far it is. [m]"""
    import shapely

    out = []
    for room in scene.rooms:
        rim = room.outline.polygon.boundary
        near = shapely.distance(tables.plans, rim)
        inside = shapely.within(tables.plans, room.outline.polygon)
        some = np.flatnonzero(inside & (near < 2 * wall) & (near > _JOINED))
        if len(some):
            chairs = _has_chair(scene, tables, some, np.full(len(some), rim, dtype=object), near[some])
            out += [(int(k), float(near[k])) for k in some[chairs].tolist()]
    return out
