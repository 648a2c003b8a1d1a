"""The places that guests may sit on: which lie side by side, which are near to what is to be seen, whom they suit."""

from __future__ import annotations

import re
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.banks import REACH, Banks, banks
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Target

Whole: TypeAlias = NDArray[np.int64]

LEVEL = 0.02
"""A place no higher than this over the room's floor is reached without steps. [m]"""
_MORE = re.compile(r"(, until [^\s:]+)?(: .*)?$")
"""Behind the name of a hold: its end, and what is in the way of a view."""


def plain(text: str) -> str:
    """Without capitals and spare blanks."""
    return " ".join(text.casefold().split())


class Places:
    """The places, and which lie side by side."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.seats = scene, scene.seats
        seats, found = self.seats, banks(scene)
        self.banks: Banks = found
        self.place = seats.place.tolist()
        self.category = [category(word) for word in seats.category.tolist()]
        self.status = seats.status.tolist()
        self.holds = [hold(*words) for words in zip(seats.status.tolist(), seats.reason.tolist(), seats.owner.tolist())]
        self.block = [plain(word) for word in seats.block.tolist()]
        self.row = [plain(word) for word in seats.row.tolist()]
        rows = _split(found.of, found.order)
        tables = _split(np.where(found.of < 0, seats.rank, -1), np.arange(len(seats)))
        far = self._far()
        self.runs = sorted([*rows, *tables], key=lambda run: (round(float(far[run].min()), 3), run[0]))
        """Places side by side: banks and tables, the nearest to what is to be seen first."""
        self.run_of = np.full(len(seats), -1)
        for k, run in enumerate(self.runs):
            self.run_of[run] = k
        self.table = np.asarray(found.of < 0)
        self.order = np.zeros(len(seats), np.int64)
        """Of every place, how early it is filled."""
        self.order[[k for run in self.runs for k in run]] = np.arange(len(seats))
        self.suits = {"aisle": self._aisle(), "step-free": self._level()}
        self.special = np.isin(seats.place, ("wheelchair", "companion"))
        self.names = frozenset(name for names in set(self.holds) for name in names)
        """Whom places are held for."""
        self.blocks = {*self.block, *self.row}
        self.facts = list(zip(self.place, self.status, self.category, self.holds, self.block, self.row))
        look = np.radians(seats.facing)
        self.ahead = np.stack([np.cos(look), np.sin(look), np.zeros(len(seats))], axis=1)
        self.right = np.stack([np.sin(look), -np.cos(look), np.zeros(len(seats))], axis=1)
        self.middle = seats.at.copy()
        """Of every place, or of its table."""
        for run in tables:
            self.middle[run] = seats.at[run].mean(axis=0)
        self.chains = self._chains(rows)
        self.chain_of = np.full(len(seats), -1)
        for k, chain in enumerate(self.chains):
            self.chain_of[chain] = k

    def _far(self) -> Floats:
        """(n,) distance of each place from the middle of what is to be seen. [m]"""
        targets = [target.points for target in self.scene.of(Target) if target.role in ("focus", "person")]
        targets = targets or [target.points for target in self.scene.of(Target) if target.role == "screen"]
        if not targets:
            return np.arange(len(self.seats), dtype=np.float64)
        middle = np.mean([points.mean(axis=0) for points in targets], axis=0)
        return np.asarray(np.linalg.norm(self.seats.at - middle, axis=1))

    def _aisle(self) -> Bools:
        """(n,) who can leave without anybody rising: at a way beside the row, or at a table."""
        found = self.banks
        out = np.asarray(found.of < 0)
        for ends, free in ((found.first, found.left), (found.last, found.right)):
            out[ends[free > self.seats.width[ends] + 1e-6]] = True
        return out

    def _level(self) -> Bools:
        """(n,) which places are on a room's own floor."""
        floors = np.array([room.floor for room in self.scene.rooms] or [0.0])
        return np.asarray((np.abs(self.seats.at[:, 2][:, None] - floors) <= LEVEL).any(axis=1))

    def _chains(self, rows: list[list[int]]) -> list[list[int]]:
        """Rows through their gangways, as long as one is no wider than `REACH`; from their nearest part on."""
        import shapely

        if not rows:
            return []
        seats, found = self.seats, self.banks
        ahead, right = self.ahead[:, :2], self.right[:, :2]
        half = right * seats.width[:, None] / 2
        ends, starts = (seats.at[:, :2] + half)[found.last], (seats.at[:, :2] - half)[found.first]
        i, j = shapely.STRtree(shapely.points(starts)).query(shapely.points(ends), predicate="dwithin", distance=REACH)
        a, b = found.last[i], found.first[j]
        over = starts[j] - ends[i]
        level = np.abs(seats.at[a, 2] - seats.at[b, 2]) < 0.05
        beside = (i != j) & level & ((ahead[a] * ahead[b]).sum(axis=1) > 0.5) & ((over * right[a]).sum(axis=1) > 0)
        beside &= np.abs((over * ahead[a]).sum(axis=1)) < seats.depth[a]
        gap = np.hypot(*over.T)
        following: dict[int, int] = {}
        taken: set[int] = set()
        for k in np.lexsort((j, i, gap)).tolist():
            if beside[k] and int(i[k]) not in following and int(j[k]) not in taken:
                following[int(i[k])] = int(j[k])
                taken.add(int(j[k]))
        chains = []
        left = dict.fromkeys(range(len(found)))
        for start in [*(k for k in range(len(found)) if k not in taken), *range(len(found))]:
            chain: list[int] = []
            at: int | None = start
            while at is not None and at in left:
                del left[at]
                chain += rows[at]
                at = following.get(at)
            if chain:
                chains.append(chain)
        return sorted(chains, key=lambda chain: int(self.run_of[chain].min()))


def _split(of: Whole, order: Whole) -> list[list[int]]:
    """The members of each of the groups 0, 1 …, in their order; −1 is none."""
    by = np.lexsort((order, of))
    by = by[of[by] >= 0]
    return [part.tolist() for part in np.split(by, np.flatnonzero(np.diff(of[by])) + 1)] if len(by) else []


def category(word: str) -> str:
    """Places without a category are those that prices call standard."""
    return "" if plain(word) == "standard" else plain(word)


def hold(status: str, reason: str, owner: str) -> frozenset[str]:
    """Whom a held place is for."""
    if status != "hold":
        return frozenset()
    return frozenset(filter(None, (plain(_MORE.sub("", reason)), plain(reason), plain(owner))))
