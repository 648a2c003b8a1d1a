"""The tables at which people sit: what each is called, where it stands, and whose places are at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Part, Scene, Seats


@dataclass(frozen=True, eq=False)
class SeatedTable:
    """One table, or several pushed together at which places are counted through."""

    element: str
    key: int
    block: str
    label: str
    """Its number or letter in the house; empty where the house gives it none."""
    name: str
    """What it was named; empty where it has a number only."""
    seats: NDArray[np.int64]
    """(n,) its places that stand, indices into `scene.seats`."""
    plan: Any
    """Its top as a shapely polygon; None where none is drawn. [m]"""

    @property
    def called(self) -> str:
        """Its name, or its number."""
        return self.name or self.label or str(self.key)

    def middle(self, seats: Seats) -> Floats:
        """(2,) middle of its top; among its places where it is hollow, or none is drawn. [m]

        seats : those of its scene
        """
        import shapely

        if self.plan is not None and self.plan.contains(centre := shapely.centroid(self.plan)):
            return np.array([centre.x, centre.y])
        return np.asarray(seats.at[self.seats, :2].mean(axis=0))


def seated_tables(scene: Scene) -> list[SeatedTable]:
    """Every table that was laid out with places, in the order of the venue file; those that lost all their places too."""
    seats = scene.seats
    rows: dict[str, list[Any]] = {}
    for row in scene.seat_rows:
        if (row.place == "table").any():
            rows.setdefault(row.element, []).append(row)
    order = np.lexsort((np.arange(len(seats)), seats.rank))
    rank = seats.rank[order]
    index = {id(row): n for n, row in enumerate(scene.seat_rows)}
    out = []
    for element, own in rows.items():
        own.sort(key=lambda row: row.key)
        plans, tags = _tops(scene, element)
        single = len(plans) == len(own)
        for n, row in enumerate(own):
            low, high = np.searchsorted(rank, [index[id(row)], index[id(row)] + 1])
            label = next((str(word) for word in row.row if word), "")
            tag = str(tags[n]) if single and n < len(tags) else ""
            name = "" if tag in ("", f"{element}-{row.key}", label) or tag.endswith(f"-{row.key}") else tag
            out.append(SeatedTable(element, row.key, str(row.block[0]), label, name, order[low:high],
                                   plans[n] if single else _joined(plans)))  # fmt: skip
    return out


def told_apart(tables: Iterable[SeatedTable]) -> dict[tuple[str, int], str]:
    """Element and key of each table → its block, where a table of another block has its number and it has no name."""
    every = list(tables)
    blocks: dict[str, set[str]] = {}
    for table in every:
        blocks.setdefault(table.label, set()).add(table.block)
    return {
        (table.element, table.key): table.block if len(blocks[table.label]) > 1 and not table.name else ""
        for table in every
    }


def _tops(scene: Scene, element: str) -> tuple[list[Any], list[str]]:
    """Plans and tags of the tables of an element, in the order of their numbers."""
    plans: list[Any] = []
    tags: list[str] = []
    for part in scene.of(Part):
        if part.system == "table" and part.element == element:
            plans += part.plans()
            tags += part.tags
    return plans, tags


def _joined(plans: list[Any]) -> Any:
    import shapely

    if not plans:
        return None
    return shapely.union_all([plan.buffer(1e-4, join_style="mitre") for plan in plans])
