"""Corners of polylines and ends of lines, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stagecraft.export._lint_tags import Flags, Tags, Whole
from stagecraft.geometry.frame import Floats


@dataclass(frozen=True, eq=False)
class Corners:
    """Corners of all polylines, old and new, one after the other, and the ends of lines."""

    tags: Tags

    @cached_property
    def _old(self) -> Flags:
        """(k,) flat polylines of the old kind: no meshes."""
        flags = self.tags.flags()
        return np.asarray((self.tags.kinds == "POLYLINE") & (flags & (8 | 16 | 64) == 0), np.bool_)

    @cached_property
    def rows(self) -> tuple[Whole, Floats, Floats, Floats]:
        """Polyline that each corner is of, x, y [units] and the bulge of the run that follows."""
        tags = self.tags
        new = tags.kinds == "LWPOLYLINE"
        at, up, bulge = (tags.tags(code) for code in (10, 20, 42))
        at, up, bulge = (places[new[tags.entity[places]]] for places in (at, up, bulge))
        bends = np.zeros(len(at))
        if len(bulge):
            bends[np.searchsorted(at, bulge) - 1] = tags.floats(bulge)
        if len(at) != len(up):
            at = up = at[:0]
            bends = bends[:0]
        vertex = np.flatnonzero((tags.kinds == "VERTEX") & self._old[tags.parent])
        x, y, b = (tags.numbers(code)[vertex] for code in (10, 20, 42))
        owner = np.concatenate([tags.entity[at], tags.parent[vertex]])
        order = np.argsort(owner, kind="stable")
        parts = ((tags.floats(at), x), (tags.floats(up), y), (bends, b))
        return (owner[order], *(np.concatenate(part)[order] for part in parts))  # type: ignore[return-value]  # four of them

    @cached_property
    def closed(self) -> Flags:
        """(k,) polylines that close."""
        closes = np.isin(self.tags.kinds, ["LWPOLYLINE", "POLYLINE"]) & (self.tags.flags() & 1 == 1)
        return np.asarray(closes, np.bool_)

    @cached_property
    def runs(self) -> tuple[Whole, Floats, Floats]:
        """Entity, ends (n, 4) [units] and bulge of every straight run and arc of polylines, and of every line."""
        owner, x, y, bulge = self.rows
        after = np.arange(1, len(owner) + 1)
        last = np.append(owner[1:] != owner[:-1], True) if len(owner) else np.zeros(0, bool)
        begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, int)
        after[last] = begins
        keep = ~last | self.closed[owner]
        if len(owner):
            after[~keep] = 0
        ends = np.stack([x, y, x[after] if len(x) else x, y[after] if len(y) else y], axis=1)[keep]
        lines = np.flatnonzero(self.tags.kinds == "LINE")
        straight = np.stack([self.tags.numbers(code)[lines] for code in (10, 20, 11, 21)], axis=1)
        return (
            np.concatenate([owner[keep], lines]), np.concatenate([ends, straight]),
            np.concatenate([bulge[keep], np.zeros(len(lines))]),
        )  # fmt: skip
