"""Where people on their way out have a choice of two ways."""

from __future__ import annotations

import numpy as np

from stagecraft.analysis.banks import Whole
from stagecraft.geometry import paths
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools

_WAY = 0.5
"""In which direction a way leads is looked at this far from where it begins. [m]"""
_BACK = 0.9
"""Cosine of the angle within which a way over open floor leads back along the gangway that it comes from."""
_ACROSS = 1.2
"""A gangway is cut by a line that reaches so far to either side of its middle. [m]"""


class Turns:
    """Where, on the way from each point of the net to its nearest exit, there is a choice of two ways."""

    def __init__(
        self, points: Floats, pairs: Whole, lengths: Floats, away: Floats, towards: Whole, doors: Whole, lines: list[Whole],
        apart: float,
    ) -> None:  # fmt: skip
        self.points, self.pairs, self.lengths, self.away, self.towards, self.doors = (
            points,
            pairs,
            lengths,
            away,
            towards,
            doors,
        )
        back = np.full(len(points), np.inf)
        if len(away) > 1:
            for line in lines:
                self._other_way(line, back)
        n = len(points)
        if not len(away) or not n:
            self.common, self.second = np.full(max(n, 1), np.inf), np.full(max(n, 1), np.inf)
            return
        from stagecraft.geometry._compiled import compiled

        nearest = away.argmin(axis=0)
        order = np.argsort(away.min(axis=0), kind="stable")
        tangent = 1.0 / np.tan(np.radians(apart))
        self.common, self.second = compiled(_turns)(
            points[:, :2].copy(), away, towards, nearest, order, back, np.cos(np.radians(apart)), tangent, _WAY
        )

    def _other_way(self, line: Whole, back: Floats) -> None:
        """Length of the way from each point of a gangway to another exit than its nearest, by the gangway's other end."""
        e, k = len(self.away), len(line)
        if k < 2:
            return
        for nodes in (line, line[::-1]):
            step = np.linalg.norm(np.diff(self.points[nodes], axis=0), axis=1)
            along = np.r_[0.0, np.cumsum(step)]
            nearest = self.away[:, nodes].argmin(axis=0)
            after = np.r_[nodes[1:], -1]
            ahead = self.towards[nearest, nodes] == after
            flips = np.zeros((e, k), np.bool_)
            flips[:, 1:] = (self.towards[:, nodes[1:]] != nodes[:-1]) & ~self._returns(nodes)
            reach = np.where(flips, along + self.away[:, nodes], np.inf)
            best = np.minimum.accumulate(reach[:, ::-1], axis=1)[:, ::-1]
            later = np.c_[best[:, 1:], np.full(e, np.inf)]
            later[nearest, np.arange(k)] = np.inf
            other = later.min(axis=0) - along
            other[ahead | ~np.isfinite(self.away[:, nodes].min(axis=0))] = np.inf
            if (short := ~np.isfinite(other) & ~ahead).any():
                for exit in np.unique(nearest[short]).tolist():
                    round_ = self._round(nodes, exit)
                    mine = short & (nearest == exit)
                    other[mine] = along[-1] - along[mine] + round_
            np.minimum.at(back, nodes, other)

    def _returns(self, nodes: Whole) -> Bools:
        """(e, k − 1) does the way from each point after the first lead back beside the gangway itself, over its floor?"""
        at = self.points[nodes, :2]
        way = self.points[np.maximum(self.towards[:, nodes[1:]], 0), :2] - at[1:]
        back = at[:-1] - at[1:]
        along = (way * back).sum(axis=2)
        return np.asarray(along > _BACK * np.hypot(*back.T) * np.hypot(way[..., 0], way[..., 1]) + 1e-12)

    def _round(self, nodes: Whole, exit: int) -> float:
        """Way from a gangway's end to any exit but one, not through the gangway's middle."""
        others = np.array([d for k, d in enumerate(self.doors.tolist()) if k != exit and d >= 0], np.int64)
        if not len(others):
            return float("inf")
        a, b = self.points[nodes[len(nodes) // 2 - 1], :2], self.points[nodes[len(nodes) // 2], :2]
        run = self.points[nodes[-1], :2] - self.points[nodes[0], :2]
        middle, size = (a + b) / 2, float(np.hypot(*run))
        if size < 1e-9:
            return float("inf")
        side = np.array([-run[1], run[0]]) / size * _ACROSS
        p, q = self.points[self.pairs[:, 0], :2], self.points[self.pairs[:, 1], :2]

        def cross(o: Floats, u: Floats, v: Floats) -> Floats:
            return np.asarray((u - o)[..., 0] * (v - o)[..., 1] - (u - o)[..., 1] * (v - o)[..., 0])

        s, t = middle - side, middle + side
        cut = (cross(p, q, s) * cross(p, q, t) <= 0) & (cross(s, t, p) * cross(s, t, q) <= 0)
        away, _ = paths.shortest(len(self.points), self.pairs, self.lengths, others, ~cut)
        return float(away[nodes[-1]])


def _turns(
    points: Floats, away: Floats, towards: Whole, nearest: Whole, order: Whole, back: Floats, cosine: float, cotangent: float,
    far: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Length of each way until there is a choice, and of the way to the other exit from there on."""
    e, n = away.shape
    common, second = np.full(n, np.inf), np.full(n, np.inf)
    for p in order:
        one = nearest[p]
        if not np.isfinite(away[one, p]):
            break
        after = towards[one, p]
        if after == p:
            common[p] = 0.0
            continue
        if np.isfinite(back[p]):
            common[p], second[p] = 0.0, back[p]
        h = after
        while towards[one, h] != h and np.hypot(points[h, 0] - points[p, 0], points[h, 1] - points[p, 1]) < far:
            h = towards[one, h]
        ux, uy = points[h, 0] - points[p, 0], points[h, 1] - points[p, 1]
        size = np.hypot(ux, uy)
        if size < 1e-9:
            common[p], second[p] = common[after] + away[one, p] - away[one, after], second[after]
            continue
        ux, uy = ux / size, uy / size
        straight = away[one, p] - away[one, after]
        turn, rest = np.inf, np.inf
        for k in range(e):
            if k == one or not np.isfinite(away[k, p]):
                continue
            g = towards[k, p]
            while towards[k, g] != g and np.hypot(points[g, 0] - points[p, 0], points[g, 1] - points[p, 1]) < far:
                g = towards[k, g]
            vx, vy = points[g, 0] - points[p, 0], points[g, 1] - points[p, 1]
            length = np.hypot(vx, vy)
            if length < 1e-9:
                continue
            if (vx * ux + vy * uy) / length <= cosine + 1e-9:
                common[p] = 0.0
                second[p] = min(second[p], away[k, p])
            elif g != h and towards[k, p] != after:
                on, off = vx * ux + vy * uy, abs(vx * uy - vy * ux)
                t = on - off * cotangent  # from there its direction differs enough
                if 0.0 < t < min(straight, turn):
                    turn, rest = t, t + np.hypot(on - t, off) + away[k, g]
        if common[p] == 0.0:
            continue
        if turn < np.inf:
            common[p], second[p] = turn, rest
        else:
            common[p], second[p] = straight + common[after], straight + second[after]
    return common, second
