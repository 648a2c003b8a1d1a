"""How far everybody has to the ways out: along seatways and gangways, then over open floor round what stands there.

No thresholds. Nobody goes over seats, through another row, through walls and solids, or off an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stagecraft.analysis._choice import Turns
from stagecraft.analysis._floor import AISLE, BODY, LEVEL, Floor
from stagecraft.analysis.banks import STEP, Banks, Whole, banks
from stagecraft.geometry import paths
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Door, Scene, Space, Walkway

APART = 45.0
"""Two ways out differ when they lead away from a person at this angle or more. [degrees]
Source: Approved Document B (2019) volume 2, 2.10."""
_FOOT = 0.5
"""At the end of a gangway so much is left to steps that nobody drew. [m]"""
_TREAD = 0.45
"""A row that differs by less from a stepped gangway beside it is reached from it. [m]"""
_BESIDE = 0.35
"""A row that ends this near to a gangway's edge ends at the gangway. [m]"""
_SNAP = 0.6
"""So far a way may lead to the nearest open floor. [m]"""
_TIP = 1.2
"""From the end of a gangway so far: over the rest of the lowest tread. [m]"""
_FINE = 1.0
"""Standing areas and stages are looked at this finely. [m]"""


@dataclass(frozen=True)
class Area:
    """A floor without places, from its farthest point."""

    space: Space
    distance: float
    """To the nearest exit; infinite where no way is drawn. [m]"""
    common: float
    """Of that, until there is a choice of two ways. [m]"""
    at: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Travel:
    """The ways out of every seat that stands. Exits are indices into `exits`."""

    exits: tuple[Door, ...]
    """Every door that is a way out."""
    clear: Floats
    """(e,) width of each that nothing stands before; 0 where it is blocked. [m]"""
    blocked: tuple[tuple[str, ...], ...]
    """(e,) elements that stand before each, or between it and all seats."""
    distance: Floats
    """(n,) way to the nearest exit; infinite where there is none. [m]"""
    exit: Whole
    """(n,) the nearest exit; −1 where there is none."""
    second: Floats
    """(n,) way to the nearest other exit that is a real alternative; infinite where there is none. [m]"""
    common: Floats
    """(n,) length of the way until there is a choice of two that lead to different exits. [m]"""
    unreached: Bools
    """(n,) seats from which no way out is drawn."""
    raised: Bools
    """(n,) of those, seats on a raised floor from which no steps lead down."""
    areas: tuple[Area, ...]
    """Standing areas and stages."""
    net: Net

    def reached(self, exit: int) -> bool:
        """Can this exit be got to from any seat or floor?"""
        return not self.blocked[exit]


@dataclass(frozen=True, eq=False)
class Net:
    """The ways themselves: points, and from each the way to each exit."""

    points: Floats
    """(p, 3) [m]"""
    away: Floats
    """(e, p) length of the way from each point to each exit. [m]"""
    towards: Whole
    """(e, p) the next point on it."""
    chain: Floats
    """(n, 3) where each seat's way begins."""
    gate: Whole
    """(n,) point of the net by which each seat's way leaves the row; −1 where there is none."""
    side: Whole
    """(n,) 0: by the left end of the row, 1: by the right end, 2: straight from the seat; −1: not at all."""
    banks: Banks
    ends: Floats
    """(b, 2, 3) where the left and right end of each bank's way is."""


def route(scene: Scene, travel: Travel, seat: int) -> Floats:
    """(k, 3) the way of one seat to its nearest exit, from the seat to the door; empty where there is none. [m]

    seat : index into `scene.seats`
    """
    net, exit = travel.net, int(travel.exit[seat])
    if exit < 0:
        return np.zeros((0, 3))
    line, k, side = [scene.seats.at[seat]], seat, int(net.side[seat])
    while k >= 0:
        line.append(net.chain[k])
        if side == 2:
            break
        end = int((net.banks.first, net.banks.last)[side][net.banks.of[k]])
        if k == end:
            line.append(net.ends[net.banks.of[k], side])
        k = -1 if k == end else int(net.banks.neighbours[k, side])
    p = int(net.gate[seat])
    while True:
        line.append(net.points[p])
        after = int(net.towards[exit, p])
        if after in (p, -1):
            break
        p = after
    out = np.array(line)
    keep = np.r_[True, np.linalg.norm(np.diff(out, axis=0), axis=1) > 1e-9]
    return np.asarray(out[keep])


def travel(scene: Scene, apart: float = APART) -> Travel:
    """The way of every seat, standing area and stage to the exits.

    apart : two ways are a choice when they lead away from a person at this angle or more [degrees]

    Measured from the middle of the seatway in front of a chair (behind it at a table), along the seatway to the row's
    end, along the middle of the gangway with its slope, then over open floor the shortest way that keeps 0.25 m from
    what it passes; between tables it goes past the chairs, which are pushed aside. Who has more than 1 m of floor in
    front leaves the row to the front.
    """
    return _Work(scene, apart).done()


class _Work:
    """One scene on its way to a Travel."""

    def __init__(self, scene: Scene, apart: float) -> None:
        self.scene, self.apart = scene, apart
        self.seats = scene.seats
        self.banks: Banks = banks(scene)
        self.exits = tuple(door for door in scene.of(Door) if door.exit)
        self.floors = self._floors()
        self.points: list[Floats] = []
        self.count = 0
        self.pairs: list[Whole] = []
        self.lengths: list[Floats] = []
        self.open: list[list[Whole]] = [[] for _ in self.floors]
        self.leaf: list[list[Whole]] = [[] for _ in self.floors]
        self.lines: list[Whole] = []
        self.doorsteps: list[int] = []

    # the net

    def add(self, points: Floats) -> Whole:
        points = np.asarray(points, float).reshape(-1, 3)
        self.points.append(points)
        self.count += len(points)
        return np.arange(self.count - len(points), self.count)

    def link(self, a: Whole, b: Whole, length: Floats | None = None) -> None:
        if length is None:
            at = np.concatenate(self.points)
            length = np.linalg.norm(at[a] - at[b], axis=1)
        self.pairs.append(np.stack([a, b], axis=1))
        self.lengths.append(length)

    def on_floor(self, floor: int, nodes: Whole, at: Floats, leaf: bool = False, within: float = _SNAP) -> Whole:
        """Let points out on to open floor, there or at the nearest place of it; the points of the net where they are on it."""
        foot, fits = self.floors[floor].ground.near(at[:, :2], within)
        nodes, at, foot = nodes[fits], at[fits], foot[fits]
        if not len(nodes):
            return nodes
        moved = (np.hypot(*(foot - at[:, :2]).T) > 1e-9) | (np.abs(at[:, 2] - self.floors[floor].level) > LEVEL)
        landed = nodes.copy()
        if moved.any():
            down = np.c_[foot[moved], np.full(int(moved.sum()), self.floors[floor].level)]
            landed[moved] = self.add(down)
            self.link(nodes[moved], landed[moved], np.linalg.norm(down - at[moved], axis=1))
        (self.leaf if leaf else self.open)[floor].append(landed)
        return landed

    # floors

    def _floors(self) -> list[Floor]:
        spaces = [s for s in self.scene.of(Space) if s.use in ("room", "stage", "floor")]
        return [Floor(self.scene, space, self.banks) for space in spaces]

    def floor_at(self, points: Floats, within: float = LEVEL) -> Whole:
        """(m,) the floor that each point is on; −1 for none."""
        import shapely

        out, best = np.full(len(points), -1), np.full(len(points), within + 1e-9)
        for n, floor in enumerate(self.floors):
            off = np.abs(points[:, 2] - floor.level)
            some = np.flatnonzero(off < best)
            if len(some):
                here = some[shapely.dwithin(floor.space.outline.polygon, shapely.points(points[some, :2]), _SNAP)]
                out[here], best[here] = n, off[here]
        return out

    def _on_room_floor(self) -> Bools:
        """(n,) seats that stand on the floor of a room, not on a stage or another raised floor."""
        room = np.array([floor.space.use == "room" for floor in self.floors] + [False])
        return np.asarray(room[self.floor_at(self.seats.at)])

    # ways

    def done(self) -> Travel:
        n = len(self.seats)
        doors, clear, before = self._doors()
        gates = self._gates()
        front, chain = self._front(gates)
        self._walkways(gates)
        areas = self._areas()
        self._sight()
        points = np.concatenate(self.points) if self.points else np.zeros((0, 3))
        pairs = np.concatenate(self.pairs) if self.pairs else np.zeros((0, 2), np.int64)
        lengths = np.concatenate(self.lengths) if self.lengths else np.zeros(0)
        e = len(self.exits)
        away, towards = np.full((e, self.count), np.inf), np.full((e, self.count), -1)
        for k in range(e):
            if doors[k] >= 0:
                away[k], towards[k] = paths.shortest(self.count, pairs, lengths, doors[k : k + 1])
        turns = Turns(points, pairs, lengths, away, towards, doors, self.lines, self.apart)
        seated = self._seated(chain, gates, front, away, turns)
        net = Net(points, away, towards, chain, seated.gate, seated.side, self.banks, gates.ends)
        blocked = tuple(self._blocking(k, int(doors[k]), before[k], away, gates, front, areas) for k in range(e))
        out = tuple(self._area(space, nodes, away, turns, points) for space, nodes in areas)
        shut = np.isinf(seated.distance)
        raised = shut & ~self._on_room_floor() if self.floors and n else np.zeros(n, np.bool_)
        return Travel(self.exits, clear, blocked, seated.distance, seated.exit, seated.second, seated.common, shut, raised,
                      out, net)  # fmt: skip

    def _floor_of(self, door: Door) -> int | None:
        """The floor that a door opens on to: that of its own room, where its threshold is level with it."""
        own = next((n for n, f in enumerate(self.floors) if f.space.element == door.element), None)
        if own is not None and abs(self.floors[own].level - door.at[2]) <= LEVEL:
            return own
        inside = door.at - 2 * BODY * np.array([*door.out, 0.0])
        n = int(self.floor_at(inside[None])[0])
        return n if n >= 0 else None

    def _doors(self) -> tuple[Whole, Floats, list[tuple[str, ...]]]:
        """Point of each exit (−1 where it is blocked), its clear width, and what stands before it."""
        import shapely

        nodes, clear = np.full(len(self.exits), -1), np.zeros(len(self.exits))
        before: list[tuple[str, ...]] = []
        for k, door in enumerate(self.exits):
            n = self._floor_of(door)
            if n is None:
                before.append(())
                continue
            floor = self.floors[n]
            out, along, (a, b) = door.out, door.along, door.sides
            strip = shapely.Polygon([a, b, b - out * 2 * BODY, a - out * 2 * BODY])
            taken: list[tuple[float, float]] = []
            whose: list[str] = []
            for element, shape in floor.standing(strip):
                side = (shapely.get_coordinates(shape) - door.at[:2]) @ along
                if shape.area > paths.HAIR * BODY:
                    taken.append((float(side.min()), float(side.max())))
                    whose.append(element)
            left, right = _widest(-door.width / 2, door.width / 2, taken)
            before.append(tuple(dict.fromkeys(whose)))
            clear[k] = max(right - left, 0.0)
            if clear[k] < 2 * BODY - 1e-9:
                clear[k] = 0.0
                continue
            at = np.array([*(door.at[:2] + along * (left + right) / 2), door.at[2]])
            inside = np.array([*(at[:2] - out * BODY), door.at[2]])
            ids = self.add(np.stack([at, inside]))
            self.link(ids[:1], ids[1:])
            self.doorsteps += self.on_floor(n, ids[1:], inside[None]).tolist()
            nodes[k] = ids[0]
        return nodes, clear, before

    def _gates(self) -> _Gates:
        """Where rows end: at gangways, or on open floor."""
        import shapely

        seats, b = self.seats, self.banks
        ways = [w for w in self.scene.of(Walkway) if len(w.line) > 1]
        feet: list[list[tuple[float, int]]] = [[] for _ in ways]
        gates = _Gates(ways, feet, np.full((len(b), 2), -1), np.full((len(b), 2), np.nan), np.zeros((len(b), 2, 3)))
        if not len(b):
            return gates
        end = np.stack([b.first, b.last], axis=1)
        look = np.radians(seats.facing[end])
        ahead = np.stack([np.cos(look), np.sin(look)], axis=2)
        right = np.stack([np.sin(look), -np.cos(look)], axis=2) * np.array([-1.0, 1.0])[None, :, None]
        out = np.nan_to_num(np.minimum(b.seatway, AISLE), nan=2 * BODY)[:, None] / 2 + seats.depth[end] / 2
        edge = seats.at[end, :2] + ahead * out[..., None] + right * seats.width[end, None] / 2
        level = seats.at[end, 2]
        gates.ends[:] = np.concatenate([edge, level[..., None]], axis=2)
        room = np.stack([b.left, b.right], axis=1)
        best = np.full(edge.shape[:2], np.inf)
        which, along = np.full(edge.shape[:2], -1), np.zeros(edge.shape[:2])
        flat = shapely.points(edge.reshape(-1, 2)).reshape(edge.shape[:2])
        for n, way in enumerate(ways):
            if way.kind in ("gangway", "cross_gangway", "route"):
                off = shapely.distance(way.path, flat) - way.width / 2
                t = shapely.line_locate_point(way.path, flat)
                near = (off < _BESIDE) & (off < best) & (np.abs(way.height(t) - level) < _TREAD)
                best[near], which[near], along[near] = off[near], n, t[near]
        for n in range(len(ways)):
            k, side = np.nonzero(which == n)
            if len(k):
                gates.node[k, side], foot = self._foot(gates, n, along[k, side])
                gates.gap[k, side] = np.hypot(*(edge[k, side] - foot[:, :2]).T)  # its tread is level with the row
        k, side = np.nonzero((which < 0) & (room > 2 * BODY - 1e-6))
        at = np.c_[edge[k, side] + right[k, side] * BODY, level[k, side]]
        floor = self.floor_at(at)
        for n in range(len(self.floors)):
            here = floor == n
            if here.any():
                nodes = self.add(at[here])
                gates.node[k[here], side[here]], gates.gap[k[here], side[here]] = nodes, BODY
                self.on_floor(n, nodes, at[here])
        return gates

    def _foot(self, gates: _Gates, way: int, along: Floats) -> tuple[Whole, Floats]:
        """Points of the net on a gangway's middle, and where they are."""
        import shapely

        plan = shapely.get_coordinates(shapely.line_interpolate_point(gates.ways[way].path, along))
        at = np.c_[plan, gates.ways[way].height(along)]
        nodes = self.add(at)
        gates.feet[way] += list(zip(along.tolist(), nodes.tolist()))
        return nodes, at

    def _front(self, gates: _Gates) -> tuple[Whole, Floats]:
        """(n,) point by which a seat leaves its row to the front (to the back at a table), and (n, 3) where it begins."""
        import shapely

        seats, b = self.seats, self.banks
        front = np.full(len(seats), -1)
        if not len(seats):
            return front, np.zeros((0, 3))
        look = np.radians(seats.facing)
        ahead = np.stack([np.cos(look), np.sin(look)], axis=1)
        table = b.of < 0
        clear = np.where(table, np.nan, b.seatway[b.of]) if len(b) else np.full(len(seats), np.nan)
        wide = ~(clear < AISLE)
        step = np.where(table, -seats.depth / 2 - STEP, seats.depth / 2 + np.where(wide, BODY, clear / 2))
        chain = np.c_[seats.at[:, :2] + ahead * step[:, None], seats.at[:, 2]]
        some = np.flatnonzero(wide)
        floor = self.floor_at(chain[some])
        for n in range(len(self.floors)):
            here = some[floor == n]
            if len(here):
                front[here] = self.add(chain[here])
                self.on_floor(n, front[here], chain[here], leaf=True)
        raised = some[floor < 0]
        for n, way in enumerate(gates.ways):
            if way.kind != "cross_gangway" or not len(raised):
                continue
            flat = shapely.points(chain[raised, :2])
            t = shapely.line_locate_point(way.path, flat)
            near = shapely.distance(way.path, flat) < way.width / 2 + _BESIDE
            near &= (np.abs(way.height(t) - chain[raised, 2]) < _TREAD) & (front[raised] < 0)
            if near.any():
                here = raised[near]
                front[here] = self.add(chain[here])
                nodes, at = self._foot(gates, n, t[near])
                self.link(front[here], nodes, np.linalg.norm(at - chain[here], axis=1))
        return front, chain

    def _walkways(self, gates: _Gates) -> None:
        """Gangways, steps and ramps along their middles; where they cross, and where they come out."""
        import shapely

        ways = gates.ways
        ends = []
        for n, way in enumerate(ways):
            along = way.along
            nodes = self.add(way.line)
            gates.feet[n] += list(zip(along.tolist(), nodes.tolist()))
            ends.append((int(nodes[0]), int(nodes[-1])))
        lines = np.array([way.path for way in ways], object)
        if len(ways) > 1:
            tree = shapely.STRtree(lines)
            i, j = tree.query(lines, predicate="intersects")
            for m, n in zip(i[i < j].tolist(), j[i < j].tolist()):
                for point in shapely.get_coordinates(lines[m].intersection(lines[n])):
                    t, u = (np.array([lines[k].project(shapely.Point(point))]) for k in (m, n))
                    lift = float(abs(ways[m].height(t)[0] - ways[n].height(u)[0]))
                    if lift < _TREAD + LEVEL:
                        a, b = self._foot(gates, m, t)[0], self._foot(gates, n, u)[0]
                        self.link(a, b, np.array([lift]))
            tips = np.array([way.line[k] for way in ways for k in (0, -1)])
            k, n = tree.query(shapely.points(tips[:, :2]), predicate="dwithin", distance=max(w.width for w in ways))
            for tip, way in zip(k.tolist(), n.tolist()):
                at = shapely.Point(tips[tip, :2])
                off = lines[way].distance(at)
                if way == tip // 2 or off > ways[way].width / 2 + _BESIDE:
                    continue
                t = np.array([lines[way].project(at)])
                if abs(float(ways[way].height(t)[0]) - tips[tip, 2]) < _FOOT:
                    self.link(np.array([ends[tip // 2][tip % 2]]), self._foot(gates, way, t)[0], np.array([off]))
        for n, way in enumerate(ways):
            order = sorted(gates.feet[n])
            nodes, along = np.array([node for _, node in order]), np.array([t for t, _ in order])
            points = np.concatenate(self.points)[nodes]
            free = self._unblocked(way, points)
            self.link(nodes[:-1][free], nodes[1:][free], np.linalg.norm(np.diff(points, axis=0), axis=1)[free])
            self.lines.append(nodes)
            self._come_out(way, nodes, along, points, free)

    def _unblocked(self, way: Walkway, points: Floats) -> Bools:
        """(k−1,) pieces of a way's middle on which nothing of another element stands."""
        import shapely

        free = np.ones(len(points) - 1, np.bool_)
        if way.kind in ("step", "ramp"):
            return free
        floor = self.floor_at(points)
        runs = shapely.linestrings(np.stack([points[:-1, :2], points[1:, :2]], axis=1))
        for n in np.unique(floor[floor >= 0]).tolist():
            here = np.flatnonzero((floor[:-1] == n) & (floor[1:] == n))
            free[here] &= ~self.floors[n].met(runs[here], way.element)
        return free

    def _come_out(self, way: Walkway, nodes: Whole, along: Floats, points: Floats, free: Bools) -> None:
        """Let a way out on to open floor: at its ends, where a side of it is open, and before what blocks it."""
        import shapely

        tip = (along < 1e-6) | (along > along[-1] - 1e-6)
        floor = self.floor_at(points)
        floor[tip] = self.floor_at(points[tip], _FOOT)
        out = tip | np.r_[~free, False] | np.r_[False, ~free]
        flat = way.kind not in ("step", "ramp")
        run = np.gradient(points[:, :2], axis=0) if len(points) > 1 else np.zeros((len(points), 2))
        size = np.hypot(*run.T)
        side = np.stack([-run[:, 1], run[:, 0]], axis=1) / np.where(size > 1e-9, size, 1.0)[:, None]
        for n in np.unique(floor[floor >= 0]).tolist():
            here = floor == n
            ground = self.floors[n].ground
            if flat and not ground.area.is_empty:
                for sign in (-1.0, 1.0):
                    beyond = points[:, :2] + sign * side * (way.width / 2 + BODY + 2 * STEP)
                    out |= here & shapely.dwithin(ground.area, shapely.points(beyond), 1e-6)
            for some, within in ((here & tip, _TIP), (here & out & ~tip, _SNAP)):
                self.on_floor(n, nodes[some], points[some], within=within)

    def _areas(self) -> list[tuple[Space, Whole]]:
        """Standing areas and stages, and points all over them."""
        found = []
        standing = self.scene.standing_areas
        for space in self.scene.of(Space):
            if space.use != "stage" and space not in standing:
                continue
            at = np.c_[(plan := _all_over(space)), np.full(len(plan), space.floor)]
            floor = self.floor_at(at)
            nodes = self.add(at)
            for n in range(len(self.floors)):
                here = floor == n
                self.on_floor(n, nodes[here], at[here], leaf=True, within=BODY + STEP)
            found.append((space, nodes))
        return found

    def _sight(self) -> None:
        for floor, open_, leaf in zip(self.floors, self.open, self.leaf):
            none = np.zeros(0, np.int64)
            ways, ends = np.concatenate([none, *open_]), np.concatenate([none, *leaf])
            others = np.concatenate([ways, ends])
            if not len(others):
                continue
            at = np.concatenate(self.points)
            pairs = paths.sightlines(
                floor.ground, at[others, :2], np.arange(len(others)) >= len(ways), np.isin(others, self.doorsteps)
            )
            corners = self.add(np.c_[floor.ground.corners, np.full(len(floor.ground.corners), floor.level)])
            ids = np.concatenate([corners, others])
            if len(pairs):
                a, b = ids[pairs[:, 0]], ids[pairs[:, 1]]
                at = np.concatenate(self.points)
                self.link(a, b, np.hypot(*(at[a] - at[b])[:, :2].T))

    # who goes where

    def _seated(self, chain: Floats, gates: _Gates, front: Whole, away: Floats, turns: Turns) -> _Seated:
        """Every seat's nearest exit, by the left or right end of its row or to the front."""
        b, n, e = self.banks, len(self.seats), len(self.exits)
        distance, second, common = np.full(n, np.inf), np.full(n, np.inf), np.full(n, np.inf)
        exit, gate, by = np.full(n, -1), np.full(n, -1), np.full(n, -1)
        if not n or not e or not self.count:
            return _Seated(distance, exit, second, common, gate, by)
        node, extra = np.full((n, 3), -1), np.full((n, 3), np.inf)
        row = np.flatnonzero(b.of >= 0)
        if len(row):
            order = row[np.lexsort((b.order[row], b.of[row]))]
            step = np.r_[0.0, np.linalg.norm(np.diff(chain[order], axis=0), axis=1)]
            step[b.order[order] == 0] = 0.0
            total = np.cumsum(step)
            place = np.empty(n)
            place[order] = total
            half = self.seats.width / 2
            for side, end in ((0, b.first), (1, b.last)):
                node[row, side] = gates.node[b.of[row], side]
                last = end[b.of[row]]
                extra[row, side] = np.abs(place[last] - place[row]) + half[last] + gates.gap[b.of[row], side]
        loose = front >= 0
        reached = np.isfinite(away[:, np.maximum(front, 0)]).any(axis=0) & loose
        node[reached, :2] = -1  # who has open floor in front goes straight
        node[reached, 2], extra[reached, 2] = front[reached], 0.0
        extra[node < 0] = np.inf
        length = np.where(node >= 0, away[:, np.maximum(node, 0)] + extra, np.inf)  # (e, n, 3)
        flat = np.moveaxis(length, 1, 0).reshape(n, -1)
        best = flat.argmin(axis=1)
        distance = flat[np.arange(n), best]
        there = np.isfinite(distance)
        exit, by = np.where(there, best // 3, -1), best % 3
        gate = np.where(there, node[np.arange(n), by], -1)
        other = length.copy()
        other[np.maximum(exit, 0), np.arange(n)] = np.inf
        other[:, np.arange(n), by] = np.inf
        beside = other.min(axis=(0, 2))
        way = extra[np.arange(n), by]
        at = np.maximum(gate, 0)
        common = np.where(there, np.where(np.isfinite(beside), 0.0, way + turns.common[at]), np.inf)
        second = np.where(there, np.where(np.isfinite(beside), beside, way + turns.second[at]), np.inf)
        return _Seated(distance, exit, second, np.minimum(common, distance), gate, np.where(there, by, -1))

    def _area(self, space: Space, nodes: Whole, away: Floats, turns: Turns, points: Floats) -> Area:
        least = away[:, nodes].min(axis=0) if len(self.exits) and len(nodes) else np.full(len(nodes), np.inf)
        there = np.flatnonzero(np.isfinite(least))
        if not len(there):
            x, y = (float(v) for v in space.outline.polygon.representative_point().coords[0])
            return Area(space, np.inf, np.inf, (x, y, space.floor))
        far = nodes[there[int(np.round(least[there], 6).argmax())]]
        x, y, z = (float(v) for v in points[far])
        return Area(space, float(away[:, far].min()), float(turns.common[nodes[there]].max()), (x, y, z))

    def _blocking(
        self,
        k: int,
        node: int,
        before: tuple[str, ...],
        away: Floats,
        gates: _Gates,
        front: Whole,
        areas: list[tuple[Space, Whole]],
    ) -> tuple[str, ...]:
        """Elements between an exit and everybody; empty where somebody gets to it."""
        if node < 0:
            return before or ("",)
        people = np.concatenate(
            [gates.node[gates.node >= 0], front[front >= 0], *(nodes for _, nodes in areas)]
        ).astype(np.int64)
        if not len(people) or np.isfinite(away[k, people]).any():
            return ()
        door = self.exits[k]
        n = next(i for i, f in enumerate(self.floors) if f.space.element == door.element)
        points = np.concatenate(self.points)
        level = people[np.abs(points[people, 2] - door.at[2]) < _FOOT]
        if not len(level):
            return ()
        near = level[int(np.hypot(*(points[level, :2] - door.at[:2]).T).argmin())]
        return self.floors[n].between(door.at[:2], points[near, :2])


@dataclass(frozen=True, eq=False)
class _Gates:
    ways: list[Walkway]
    feet: list[list[tuple[float, int]]]
    """Points of the net on each way, by the distance along it."""
    node: Whole
    """(b, 2) point at the left and right end of each bank; −1 where it is closed."""
    gap: Floats
    """(b, 2) from the bank's end to it. [m]"""
    ends: Floats
    """(b, 2, 3) the bank's ends themselves."""


@dataclass(frozen=True, eq=False)
class _Seated:
    distance: Floats
    exit: Whole
    second: Floats
    common: Floats
    gate: Whole
    side: Whole


def _widest(left: float, right: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The widest stretch from left to right that is not taken."""
    best, start = (left, left), left
    for a, b in [*sorted(taken), (right, right)]:
        if min(a, right) - start > best[1] - best[0]:
            best = start, min(a, right)
        start = max(start, b)
    return best


def _all_over(space: Space) -> Floats:
    """(k, 2) points along the edge of an area and over it, `_FINE` apart. [m]"""
    import shapely

    area = space.outline.polygon
    edge = shapely.get_coordinates(shapely.segmentize(area.exterior, _FINE))[:-1]
    ring = space.outline.outer.points
    run = (ring[1] - ring[0]) / max(float(np.hypot(*(ring[1] - ring[0]))), 1e-9)
    turn = np.stack([run, [-run[1], run[0]]])
    own = (ring - ring[0]) @ turn.T
    low, high = own.min(axis=0), own.max(axis=0)
    x, y = (np.arange(low[k] + _FINE / 2, high[k], _FINE) for k in (0, 1))
    inside = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) @ turn + ring[0]
    return np.concatenate([edge, inside[shapely.contains_xy(area, inside)]])
