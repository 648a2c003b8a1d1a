"""Gangways: who opens onto each, and where they lead. No thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from stagecraft.analysis.banks import BODY, REACH, Banks, Sight, Whole, ends
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Walkway

_BESIDE = (0.30, 0.60)
"""A row's end opens onto a gangway whose edge is no farther than a chair is wide, within these: nobody sits between. [m]"""
_REST = 1.20
"""So far at most where nothing stands between: rows of whole places leave a part of a place free. [m]"""
_LEVEL = 1e-3
"""Heights that differ by less are the same. [m]"""
_AT = 0.01
"""The ends of two rows this near to each other along a gangway lie at the same place. [m]"""
_OPPOSITE = 0.50
"""Rows whose ends are this near to each other along a gangway lie across it from each other. [m]"""
_FLUSH = 1e-3
"""What reaches less than this into a way stands beside it. [m]"""
_TWO_STEPS = 0.40
"""A gangway leads on down so much: two steps, built like those from row to row. [m]"""
_KNOWN: WeakKeyDictionary[Banks, dict[int, Bools]] = WeakKeyDictionary()
"""Which ends open onto each walkway, as long as anybody has the banks."""


@dataclass(frozen=True, eq=False)
class Gangway:
    """A gangway between or beside rows."""

    walkway: Walkway
    banks: Whole
    """Banks that open onto it, from its beginning on."""
    served: float
    """People for whom it is the way out: half of a bank that opens at its other end too."""
    sides: int
    """On how many sides rows open onto it."""
    slope: float
    """Its steepest rise from row to row, as a part of the run."""
    ways: int
    """At how many of its ends it leads on."""
    dead: float
    """How far one may walk along it and must turn back; infinite where it leads nowhere. [m]"""
    dead_rows: int
    """Rows along that."""
    at: tuple[float, float, float]
    """Where it ends blindly, or its middle. [m]"""

    @property
    def flow(self) -> float:
        """People who leave through one of its ends, if they divide."""
        return self.served / max(self.ways, 1)


def beside(scene: Scene, banks: Banks, walkway: Walkway) -> Bools:
    """(b, 2) left and right ends of banks that open onto a gangway."""
    import shapely

    known = _KNOWN.setdefault(banks, {})
    if id(walkway) not in known:
        at, most = ends(scene, banks), walkway.width / 2 + _REST
        low, high = walkway.line[:, :2].min(0) - most, walkway.line[:, :2].max(0) + most
        out = np.asarray(((at[..., :2] >= low) & (at[..., :2] <= high)).all(2))
        some = at[out]
        line, points = walkway.path, shapely.points(some[:, :2])
        wide = np.clip(scene.seats.width[np.stack([banks.first, banks.last], 1)[out]], *_BESIDE)
        off, free = shapely.distance(points, line) - walkway.width / 2, np.stack([banks.left, banks.right], 1)[out]
        s = shapely.line_locate_point(line, points)
        past = np.abs(
            (some[:, :2] - shapely.get_coordinates(shapely.line_interpolate_point(line, s))) @ _axis(walkway.line)
        )
        wide = np.where((s > 0) & (s < line.length) | (past <= _BESIDE[0]), wide, _BESIDE[0])
        floor = walkway.height(s)
        out[out] = ((off < wide) | ((off < _REST) & (wide > _BESIDE[0]) & (free >= off + walkway.width - _AT))) & (
            np.abs(some[:, 2] - floor) < BODY
        )
        known[id(walkway)] = out
    return known[id(walkway)]


def open_ends(scene: Scene, banks: Banks, least: float) -> Bools:
    """(b, 2) left and right ends of banks where one can leave: `least` [m] of free width, or a gangway that is drawn."""
    out = np.stack([banks.left, banks.right], 1) >= least - 1e-6
    for walkway in scene.of(Walkway):
        if walkway.kind in ("gangway", "cross_gangway", "route") and len(banks):
            out |= beside(scene, banks, walkway)
    return out


def across(scene: Scene, banks: Banks) -> Whole:
    """(b, 2) the bank on the other side of the gangway at the left and right end of each, through which one gets to another
    gangway or an open end; −1 for none.
    """
    import shapely

    out = np.full((len(banks), 2), -1)
    opening = open_ends(scene, banks, np.inf)
    for walkway in scene.of(Walkway):
        if walkway.kind != "gangway" or not len(banks):
            continue
        here = beside(scene, banks, walkway)
        line, at = walkway.path, ends(scene, banks)
        for side in (0, 1):
            one, other = np.flatnonzero(here[:, side]), np.flatnonzero(here[:, 1 - side] & opening[:, side])
            if len(one) and len(other):
                s, t = (
                    shapely.line_locate_point(line, shapely.points(at[some, end, :2]))
                    for some, end in ((one, side), (other, 1 - side))
                )
                order = np.argsort(t, kind="stable")
                after = np.clip(np.searchsorted(t[order], s), 1, max(len(t) - 1, 1))
                near = order[np.stack([after - 1, np.minimum(after, len(t) - 1)])]
                k = near[np.abs(t[near] - s).argmin(0), np.arange(len(s))]
                out[one, side] = np.where(np.abs(t[k] - s) <= _OPPOSITE, other[k], out[one, side])
    return out


def gangways(scene: Scene, banks: Banks, least: float) -> tuple[Gangway, ...]:
    """Every gangway along which rows end, in the order of the venue file.

    least : free width from which on a row's end, a seatway and the floor before a gangway's end are a way [m]
    """
    if not len(banks):
        return ()
    opening = open_ends(scene, banks, least)
    taken = banks.of[(banks.of >= 0) & (scene.seats.status != "kill")]
    people = np.bincount(taken, minlength=len(banks)) / np.maximum(opening.sum(1), 1)
    found = []
    for walkway in scene.of(Walkway):
        if walkway.kind == "gangway":
            here = beside(scene, banks, walkway)
            if here.any():
                found.append(_gangway(scene, banks, walkway, here, people, least))
    return tuple(found)


def _gangway(scene: Scene, banks: Banks, walkway: Walkway, here: Bools, people: Floats, least: float) -> Gangway:
    import shapely

    some, side = np.nonzero(here)
    seat = np.where(side == 0, banks.first[some], banks.last[some])
    at = ends(scene, banks)[some, side]
    line = walkway.path
    s = shapely.line_locate_point(line, shapely.points(at[:, :2]))
    order = np.argsort(s, kind="stable")
    some, seat, s, at = some[order], seat[order], s[order], at[order]
    axis = _axis(walkway.line)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(line, s))
    across = (at[:, :2] - foot) @ np.array([-axis[1], axis[0]])
    free = [
        _leads_on(walkway, seat[0], -axis, banks.sight, least),
        _leads_on(walkway, seat[-1], axis, banks.sight, least),
    ]
    rows = np.unique(np.round(s, 2))
    crossings = _crossings(scene, banks, walkway, some, s, least)
    dead, count, blind = 0.0, 0, float(np.median(s))
    if not all(free):
        low, high = (rows[0] if free[0] else None), (rows[-1] if free[1] else None)
        outs = [x for x in (low, *crossings, high) if x is not None]
        for end, is_free in ((rows[0], free[0]), (rows[-1], free[1])):
            if not is_free:
                length = min((abs(x - end) for x in outs), default=np.inf)
                if length > dead:
                    dead, blind = float(length), float(end)
                    count = len(np.unique(scene.seats.rank[seat[np.abs(s - end) <= length + _AT]]))
    point = np.array([np.interp(blind, walkway.along, walkway.line[:, k]) for k in range(3)])
    return Gangway(
        walkway, some[np.sort(np.unique(some, return_index=True)[1])], float(people[some].sum()),
        len(np.unique(np.sign(across))), _slope(walkway.line), sum(free), dead, count,
        (float(point[0]), float(point[1]), float(point[2])),
    )  # fmt: skip


def _leads_on(walkway: Walkway, seat: int, way: Floats, sight: Sight, least: float) -> bool:
    """Is there floor for a way past the row at its end, or a few steps down to it?"""
    seats = sight.seats
    line = walkway.line[:, :2]
    across = np.array([-way[1], way[0]])
    middle = line[int((line @ way).argmax())]
    middle = middle + way * ((seats.at[seat, :2] - middle) @ way + seats.depth[seat] / 2)
    step = max(_TWO_STEPS, float(np.abs(np.diff(walkway.line[:, 2])).max(initial=0.0)))
    half = np.array([min(walkway.width, least) / 2 - _FLUSH])
    met = sight.met(np.array([seat]), middle[None], way[None], across[None], half, REACH, step + _LEVEL)
    return bool(np.isnan(met[0]) or met[0] >= least - _FLUSH)


def _crossings(scene: Scene, banks: Banks, walkway: Walkway, some: Whole, s: Floats, least: float) -> list[float]:
    """Where along it another way crosses: one that is drawn, or the clear width in front of a row. [m]"""
    wide = banks.seatway[some] >= least - 1e-6
    return [*crossed(scene, walkway), *s[wide].tolist()]


def crossed(scene: Scene, walkway: Walkway) -> list[float]:
    """Where along a gangway one across it is drawn, or a route, from its beginning. [m]"""
    import shapely

    line = walkway.path
    return [
        float(shapely.line_locate_point(line, shapely.intersection(line, other).centroid))
        for way in scene.of(Walkway)
        if way is not walkway and way.kind in ("cross_gangway", "route")
        for other in [way.path.buffer(way.width / 2)]
        if shapely.intersects(line, other)
    ]


def _axis(line: Floats) -> Floats:
    run = line[-1, :2] - line[0, :2]
    return np.asarray(run / max(float(np.hypot(*run)), 1e-9))


def _slope(line: Floats) -> float:
    step = np.diff(line, axis=0)
    run = np.hypot(step[:, 0], step[:, 1])
    return float((np.abs(step[:, 2])[run > _LEVEL] / run[run > _LEVEL]).max(initial=0.0))
