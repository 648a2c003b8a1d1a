"""Banks: runs of places side by side with nothing between them, the clear width in front and beyond their ends.

Everything comes from where places stand and look: rows may be curved, split, turned or mirrored. No thresholds a rule
could change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import SAGITTA
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Bools, Door, Part, Scene, Seats

Whole = NDArray[np.int64]

SPLIT = 0.30
"""A gap between two places wider than this parts a bank: nobody walks through less. [m]"""
REACH = 3.0
"""So far is looked ahead of a row and beyond its ends; what is clear as far as this is as good as open. [m]"""
HEAD = 2.0
"""What hangs higher than this over the floor is in nobody's way. [m]"""
STEP = 0.05
"""Lower things on the floor are stepped over. [m]"""
STEP_DOWN = 0.25
"""A floor that ends with a greater drop than this ends a way. [m]"""
BODY = 1.2
"""Rows whose floors differ by less than this stand before each other; a chair's back is about as high. [m]"""
_NEAR = 1.2
"""Most rows have another within this; only those that have not are looked at as far as `REACH`. [m]"""
_FLUSH = 1e-3
"""What reaches less than this into a strip beyond a row's end stands beside it. [m]"""
_ASIDE = 0.05
"""The same for what is in front of a place: on a curve, what runs beside it comes so far inwards. [m]"""
_FLOOR, _SHARE = 1.0, 0.25
"""A solid of at least so much plan [m²], under at least such a part of the places, is their floor; columns are none."""
_MANY = 5000
"""The plan of a solid of so many faces is made piece by piece."""
_BEND = 0.15
"""The rim of a curved floor may come so far into a straight strip along it. [m]"""
_TURN = 0.5
"""Cosine of the angle from which two places beside each other look different ways."""
_ALIKE = np.cos(np.radians(5.0))
"""Of chairs that are turned to each other by less, as in curved rows, distances are taken from back to front, not from
a corner: what is laid out with 350 mm has them."""


@dataclass(frozen=True, eq=False)
class Banks:
    """Runs of places side by side. Indices are into `scene.seats`; left and right are those of who sits there."""

    of: Whole
    """(n,) bank of each seat; −1 for places at tables, which are in none."""
    order: Whole
    """(n,) place in the bank from its left, 0 first; −1 at tables."""
    neighbours: Whole
    """(n, 2) seat to the left and to the right; −1 where there is none."""
    rank: Whole
    """(b,) index of the SeatRow that its first seat is of."""
    first: Whole
    """(b,) its leftmost seat."""
    last: Whole
    """(b,) its rightmost seat."""
    count: Whole
    """(b,) how many places."""
    seatway: Floats
    """(b,) clear width from the front of its chairs to what stands in front, at the narrowest place; NaN where nothing
    stands within 3 m. [m]"""
    narrowest: Whole
    """(b,) the seat in front of which that is; −1 where nothing stands."""
    left: Floats
    """(b,) free width beyond its left end, at most 3 m; 0 where a row closes to a ring. [m]"""
    right: Floats
    """(b,) free width beyond its right end. [m]"""
    sight: Sight = field(repr=False)
    """What is met from them, to be asked further."""

    def __len__(self) -> int:
        return len(self.first)


def banks(scene: Scene) -> Banks:
    """The banks of every seat that stands, killed ones included: their chairs stand there all the same.

    A seat that an object took leaves free floor, as far as the object itself does not fill it.
    """
    seats = scene.seats
    rows = np.flatnonzero(~seats.at_table)
    neighbours = np.full((len(seats), 2), -1)
    of, order = np.full(len(seats), -1), np.full(len(seats), -1)
    ring = np.zeros(0, np.bool_)
    if len(rows):
        links, bank, place, ring = _chains(_links(seats, rows))
        neighbours[rows] = np.where(links < 0, -1, rows[links])
        of[rows], order[rows] = bank, place
    count = np.bincount(of[rows], minlength=len(ring)).astype(np.int64)
    first, last = np.full(len(count), -1), np.full(len(count), -1)
    first[of[rows[order[rows] == 0]]] = rows[order[rows] == 0]
    end = rows[order[rows] == count[of[rows]] - 1]
    last[of[end]] = end
    sight = Sight(scene, of)
    clear = sight.ahead(rows)
    by_bank = np.lexsort((clear, of[rows]))  # NaN comes last
    starts = np.searchsorted(of[rows][by_bank], np.arange(len(count)))
    narrowest = by_bank[starts] if len(count) else np.zeros(0, np.int64)
    seatway = clear[narrowest] if len(count) else np.zeros(0)
    return Banks(
        of, order, neighbours, seats.rank[first], first, last, count, seatway,
        np.where(np.isnan(seatway), -1, rows[narrowest] if len(count) else -1),
        np.where(ring, 0.0, sight.beside(first, -1.0)), np.where(ring, 0.0, sight.beside(last, 1.0)), sight,
    )  # fmt: skip


def ends(scene: Scene, found: Banks) -> Floats:
    """(b, 2, 3) left and right end of each bank, in the middle of a chair's side, on its floor. [m]"""
    seats = scene.seats
    out = np.stack([seats.at[found.first], seats.at[found.last]], 1)
    for k, some in enumerate((found.first, found.last)):
        _, right = _look(seats, some)
        out[:, k, :2] += (2 * k - 1) * right * seats.width[some, None] / 2
    return out


def _look(seats: Seats, some: Whole) -> tuple[Floats, Floats]:
    """(m, 2) the ways that people look, and to their right."""
    angle = np.radians(seats.facing[some])
    return np.stack([np.cos(angle), np.sin(angle)], 1), np.stack([np.sin(angle), -np.cos(angle)], 1)


def _links(seats: Seats, rows: Whole) -> Whole:
    """(m, 2) left and right neighbour of each place, as indices into `rows`; −1 for none."""
    import shapely

    ahead, right = _look(seats, rows)
    half, front = right * seats.width[rows, None] / 2, ahead * seats.depth[rows, None] / 2
    at, level, depth = seats.at[rows, :2], seats.at[rows, 2], seats.depth[rows]
    ends, starts = at + half, at - half
    reach = (
        SPLIT + 1e-6 + (depth.max() - depth.min()) / 2
    )  # a wheelchair's space is deeper and begins at the same front
    i, j = shapely.STRtree(shapely.points(starts)).query(shapely.points(ends), predicate="dwithin", distance=reach)
    beside = (i != j) & (np.abs(level[i] - level[j]) < STEP) & ((ahead[i] * ahead[j]).sum(1) > _TURN)
    i, j = i[beside], j[beside]
    gap = np.minimum(
        np.hypot(*(ends[i] - starts[j]).T), np.hypot(*(ends[i] + front[i] - starts[j] - front[j]).T)
    ).round(6)
    i, j, gap = i[gap <= SPLIT], j[gap <= SPLIT], gap[gap <= SPLIT]
    links = np.full((len(rows), 2), -1)
    best = _nearest(i, j, gap), _nearest(j, i, gap)
    mutual = np.intersect1d(best[0], best[1])
    links[i[mutual], 1], links[j[mutual], 0] = j[mutual], i[mutual]
    return links


def _nearest(of: Whole, to: Whole, gap: Floats) -> Whole:
    """Of the pairs, the one with the least gap for each `of`."""
    order = np.lexsort((to, gap, of))
    return order[np.unique(of[order], return_index=True)[1]]


def _chains(links: Whole) -> tuple[Whole, Whole, Whole, Bools]:
    """Links with every ring cut open, bank and place in the bank of each, and which banks are rings."""
    n = len(links)
    own = np.arange(n)
    ring = np.zeros(n, np.bool_)
    while True:
        jump = np.where(links[:, 0] < 0, own, links[:, 0])
        place = (links[:, 0] >= 0).astype(np.int64)
        least = own
        for _ in range(int(n).bit_length()):
            least = np.minimum(least, least[jump])
            place = place + place[jump]
            jump = jump[jump]
        endless = links[jump, 0] >= 0
        if not endless.any():
            break
        cut = own[endless & (least == own)]
        ring[cut] = True
        links = links.copy()
        links[links[cut, 0], 1], links[cut, 0] = -1, -1
    roots, bank = np.unique(jump, return_inverse=True)
    ringed = ring[roots]
    for start in roots[ringed].tolist():  # the neighbours across the cut are neighbours all the same
        end = int(own[(jump == start) & (links[:, 1] < 0)][0])
        links[start, 0], links[end, 1] = end, start
    return links, bank.reshape(-1), place, ringed


class Sight:
    """What is met by who looks ahead from a row or along it, in plan."""

    def __init__(self, scene: Scene, of: Whole) -> None:
        self.seats, self.of = scene.seats, of
        self.lines = _Lines(scene)

    def ahead(self, some: Whole) -> Floats:
        """(m,) clear width in front of each seat; NaN where nothing stands within `REACH`. [m]"""
        seats = self.seats
        ahead, right = _look(seats, some)
        start = seats.at[some, :2] + ahead * seats.depth[some, None] / 2
        half = np.maximum(seats.width[some] / 2 - _ASIDE, _FLUSH)
        clear = self.met(some, start, ahead, right, half, _NEAR)
        far = np.isnan(clear)
        clear[far] = self.met(some[far], start[far], ahead[far], right[far], half[far], REACH)
        return clear

    def beside(self, some: Whole, side: float) -> Floats:
        """(m,) free width beyond the right (1) or left (−1) of each seat, at most `REACH`. [m]"""
        seats = self.seats
        ahead, right = _look(seats, some)
        start = seats.at[some, :2] + side * right * seats.width[some, None] / 2
        clear = self.met(some, start, side * right, ahead, seats.depth[some] / 2 - _FLUSH, REACH)
        return np.where(np.isnan(clear), REACH, clear)

    def met(
        self,
        some: Whole,
        start: Floats,
        way: Floats,
        across: Floats,
        half: Floats,
        reach: float,
        drop: float = STEP_DOWN,
    ) -> Floats:
        """(m,) how far a strip of the half width runs from its start until it meets something; NaN for not at all.

        drop : a floor that ends higher than this above what it stands on ends the strip [m]
        """
        import shapely

        out = np.full(len(some), np.inf)
        if len(some):
            far, side = start + way * reach, across * half[:, None]
            corners = np.stack([start - side, start + side, far - side, far + side], 1)
            boxes = shapely.box(*(corners.min(1) - _FLUSH).T, *(corners.max(1) + _FLUSH).T)
            strip, a, b = self._chairs(some, way, across, boxes)
            np.minimum.at(
                out, strip, _clipped(a - start[strip], b - start[strip], way[strip], across[strip], half[strip])
            )
            strip, a, b, rim = self.lines.near(self.seats, some, boxes, drop)
            narrow = np.where(rim, np.maximum(half[strip] - _BEND, _FLUSH), half[strip])
            np.minimum.at(out, strip, _clipped(a - start[strip], b - start[strip], way[strip], across[strip], narrow))
        return np.where(out <= reach, out, np.nan)

    @cached_property
    def _plan(self) -> tuple[Any, Floats]:
        """Tree of the boxes of all chairs, and (n, 4, 2) their corners, from the back to the left of who sits there."""
        import shapely

        seats = self.seats
        ahead, right = _look(seats, np.arange(len(seats)))
        middle, front, flank = seats.at[:, :2], ahead * seats.depth[:, None] / 2, right * seats.width[:, None] / 2
        ring = np.stack(
            [middle - flank - front, middle + flank - front, middle + flank + front, middle - flank + front], 1
        )
        return shapely.STRtree(shapely.box(*ring.min(1).T, *ring.max(1).T)), ring

    def _chairs(self, some: Whole, way: Floats, across: Floats, boxes: Any) -> tuple[Whole, Floats, Floats]:
        """Strips, and the lines of the chairs that may stand in them."""
        seats = self.seats
        tree, ring = self._plan
        strip, chair = tree.query(boxes)
        seat = some[strip]
        other = (seat != chair) & ((self.of[seat] != self.of[chair]) | (self.of[seat] < 0))
        other &= np.abs(seats.at[seat, 2] - seats.at[chair, 2]) < BODY
        other &= ((seats.at[chair, :2] - seats.at[seat, :2]) * way[strip]).sum(1) > 0
        strip, chair = strip[other], chair[other]
        look = np.radians(seats.facing[chair])
        alike = (way[strip] * np.stack([np.cos(look), np.sin(look)], 1)).sum(1) > _ALIKE
        back = ring[chair[alike], :2].mean(1)
        flank = across[strip[alike]] * seats.width[chair[alike], None] / 2
        a = ring[chair[~alike]]
        return (
            np.concatenate([strip[alike], np.repeat(strip[~alike], 4)]),
            np.concatenate([back - flank, a.reshape(-1, 2)]),
            np.concatenate([back + flank, np.roll(a, -1, axis=1).reshape(-1, 2)]),
        )


def _clipped(a: Floats, b: Floats, way: Floats, across: Floats, half: Floats) -> Floats:
    """(k,) how far along its strip each line a–b is first met; ∞ where it is not. [m]"""
    v, u = np.stack([(a * way).sum(1), (b * way).sum(1)]), np.stack([(a * across).sum(1), (b * across).sum(1)])
    run, slope = u[1] - u[0], v[1] - v[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.stack([(-half - u[0]) / run, (half - u[0]) / run])
    flat = np.abs(run) < 1e-12
    inside = np.abs(u[0]) < half
    enter = np.where(flat, np.where(inside, 0.0, np.inf), t.min(0))
    leave = np.where(flat, np.where(inside, 1.0, -np.inf), t.max(0))
    enter, leave = np.clip(enter, 0.0, None), np.clip(leave, None, 1.0)
    here = np.where(enter < leave, enter, 0.0), np.where(enter < leave, leave, 0.0)
    first, second = v[0] + here[0] * slope, v[0] + here[1] * slope
    met = (enter < leave) & (np.maximum(first, second) > -_FLUSH)
    return np.where(met, np.maximum(np.minimum(first, second), 0.0), np.inf)


class _Lines:
    """Walls, rims of raised floors and the outlines of what stands on the floor, as lines in plan."""

    def __init__(self, scene: Scene) -> None:
        import shapely

        found = list(_outlines(scene))
        self.a = np.concatenate([line[:-1] for line, *_ in found]) if found else np.zeros((0, 2))
        self.b = np.concatenate([line[1:] for line, *_ in found]) if found else np.zeros((0, 2))
        counts = [len(line) - 1 for line, *_ in found]
        self.low = np.repeat([low for _, low, _, _, _ in found], counts)
        self.high = np.repeat([high for _, _, high, _, _ in found], counts)
        self.whose = np.repeat(np.array([whose for *_, whose, _ in found], np.str_), counts)
        self.floor = np.repeat(np.array([floor for *_, floor in found], np.bool_), counts)
        ground = scene.ground
        hosted = np.isin(self.whose, [id for id, origin in scene.elements.items() if origin.host])
        self.ground = np.where(hosted, self.low, ground)
        low, high = np.minimum(self.a, self.b), np.maximum(self.a, self.b)
        self.tree = shapely.STRtree(shapely.box(*low.T, *high.T)) if len(self.a) else None
        self.hosts = {id: [id, *scene.carriers(id)] for id in dict.fromkeys(scene.seats.element.tolist())}

    def near(self, seats: Seats, some: Whole, boxes: Any, drop: float) -> tuple[Whole, Floats, Floats, Bools]:
        """Strips, the lines that may cross them, and which of those are rims of the floor."""
        if self.tree is None:
            return np.zeros(0, np.int64), self.a, self.b, np.zeros(0, np.bool_)
        strip, line = self.tree.query(boxes)
        seat = some[strip]
        level = seats.at[seat, 2]
        under = np.zeros(len(strip), np.bool_)
        for element in np.unique(seats.element[seat]).tolist():
            mine = seats.element[seat] == element
            under[mine] = np.isin(self.whose[line[mine]], self.hosts[element])
        rim = under & self.floor[line]
        stands = (self.low[line] < level + HEAD) & (self.high[line] > level + STEP)
        meets = np.where(rim, level - self.ground[line] > drop, stands)
        return strip[meets], self.a[line[meets]], self.b[line[meets]], rim[meets]


def _carried(scene: Scene) -> dict[str, dict[str, Floats]]:
    """For every element on which seating stands, itself included: places (k, 3) of each such seating."""
    seats, out = scene.seats, dict[str, dict[str, Floats]]()
    for element in dict.fromkeys(seats.element.tolist()):
        for host in (element, *scene.carriers(element)):
            out.setdefault(host, {})[element] = seats.at[seats.element == element]
    return out


def _is_floor(part: Part, carried: Mapping[str, Floats]) -> bool:
    """Do people sit on it: is it a seating's own tiers, or under a good part of the places that its element carries?"""
    import shapely

    if part.system == "rail" or not carried:
        return False
    if part.element in carried:
        return part.system == "platform"
    size = part.solid.bounds[1] - part.solid.bounds[0]
    if size[0] * size[1] < _FLOOR:
        return False
    plan = shapely.union_all([solid.footprint for solid in part.solids()])
    return any(shapely.contains_xy(plan, at[:, 0], at[:, 1]).mean() > _SHARE for at in carried.values())


def _outlines(scene: Scene) -> Iterator[tuple[Floats, float, float, str, bool]]:
    """Lines in plan, the lowest and highest that they reach, whose they are, and whether people stand on it."""
    import shapely

    seats = scene.seats
    if not len(seats):
        return
    box = np.array([seats.at.min(0), seats.at.max(0)]) + [[-REACH - 1, -REACH - 1, 0], [REACH + 1, REACH + 1, HEAD]]
    doors = [_opening(door) for door in scene.of(Door)]
    for room in scene.rooms:
        walls = room.outline.polygon.boundary
        if doors:
            walls = walls.difference(shapely.union_all(doors))
        for line in _pieces(walls):
            yield line, room.floor, room.ceiling, "", False
    carried = _carried(scene)
    for part in scene.parts:
        if part.of_seats or not part.count or (part.soft and part.system != "rail"):
            continue
        if not ((part.bounds[0] <= box[1]).all() and (part.bounds[1] >= box[0]).all()):
            continue
        floor = _is_floor(part, carried.get(part.element, {}))
        if (np.abs(part.transforms[:, 2, 2] - 1.0) < 1e-9).all():  # all copies stand upright: one plan for all
            bottom, top = part.solid.bounds[:, 2].tolist()
            for line in _pieces(_plan(part.solid)):
                flat = np.c_[line, np.zeros(len(line)), np.ones(len(line))]
                for copy, matrix in zip(flat @ np.swapaxes(part.transforms, 1, 2), part.transforms):
                    z = float(matrix[2, 3])
                    yield copy[:, :2], bottom + z, top + z, part.element, floor
            continue
        for solid in part.solids():
            bottom, top = solid.bounds[:, 2].tolist()
            for line in _pieces(_plan(solid)):
                yield line, bottom, top, part.element, floor


def _plan(solid: Solid) -> Any:
    """The rim of a solid's plan, without the slivers that arcs drawn by chords leave between its pieces."""
    whole = (solid.footprint if len(solid.faces) < _MANY else _pieced(solid)).buffer(SAGITTA, join_style="mitre")
    return whole.buffer(-SAGITTA, join_style="mitre").boundary


def _pieced(solid: Solid) -> Any:
    """Plan of a solid of many pieces, such as a hundred tiers: each by itself, then all together."""
    import shapely

    flat = solid.triangles[:, :, :2]
    (a, b, c), faces = np.moveaxis(flat, 1, 0), solid.faces.astype(np.int64)
    size = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    up = size > 1e-9
    flat, faces, size = flat[up], faces[up], size[up] / 2
    label, before = np.arange(len(solid.vertices)), np.zeros(0, np.int64)
    while not np.array_equal(label, before):
        before = label.copy()
        np.minimum.at(label, faces.reshape(-1), np.repeat(label[faces].min(1), 3))
        label = label[label]
    order = np.argsort(label[faces[:, 0]], kind="stable")
    cuts = np.flatnonzero(np.diff(label[faces[order, 0]])) + 1
    plans = []
    for triangles, area in zip(np.split(shapely.polygons(flat[order]), cuts), np.split(size[order], cuts)):
        plan = shapely.coverage_union_all(triangles)  # many times faster, where none lies over another
        plans.append(plan if abs(plan.area - area.sum()) < 1e-6 * area.sum() else shapely.union_all(triangles))
    return shapely.union_all(plans)


def _opening(door: Door) -> Any:
    """The piece of wall line that a door leaves open."""
    import shapely

    return shapely.LineString(door.sides).buffer(2 * _FLUSH, cap_style="flat")


def _pieces(lines: Any) -> Iterator[Floats]:
    """(n, 2) points of each line of a shapely geometry."""
    import shapely

    for line in shapely.get_parts(lines):
        points = shapely.get_coordinates(line)
        if len(points) > 1:
            yield points
