"""Seats that objects take: which object, how many, and where."""

from __future__ import annotations

from typing import Any

from stagecraft.analysis.removed import removed as taken
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table, about


def removed(scene: Scene) -> Table:
    """Every object that takes seats of those laid out, the one that takes most first, and pieces of rows: `C/K/5-10`."""
    found = taken(scene)
    columns = (
        Column("element", "element"), Column("object", "object"), Column("places", "places", "int", total=True),
        Column("where", "where"),
    )  # fmt: skip
    values: dict[str, list[Any]] = {
        "element": [one.element for one in found],
        "object": [one.name for one in found],
        "places": [len(one.seats) for one in found],
        "where": [", ".join(one.where) for one in found],
    }
    notes = () if found else ("nothing that stands here takes a place",)
    return Table("Places that objects take", columns, values, notes, about=about(scene))
