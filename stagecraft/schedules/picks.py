"""Rigging points, for the rigger to fill in."""

from __future__ import annotations

from typing import Any

from stagecraft.scene import Pick, Scene
from stagecraft.schedules.table import Column, Table, about, in_units


def picks(scene: Scene) -> Table:
    """Every rigging point with its place and trim; a load only where somebody entered it and signed for it.

    x, y, z, trim [m, or decimal feet]; load, limit [kg]
    """
    points = scene.of(Pick)
    unit = scene.about.units
    signed = [pick.load is not None and bool(pick.author) for pick in points]
    columns = (
        Column("element", "element"),
        Column("name", "name"),
        Column("pick", "pick"),
        Column("kind", "kind"),
        Column("x", f"x {unit}", "length", 3),
        Column("y", f"y {unit}", "length", 3),
        Column("z", f"z {unit}", "length", 3),
        Column("trim", f"trim {unit}", "length", 3),
        Column("hoist", "hoist"),
        Column("load", "load kg", "number", 1),
        Column("author", "load entered by"),
        Column("limit", "limit kg", "number", 1),
    )
    values: dict[str, list[Any]] = {
        "element": [pick.element for pick in points],
        "name": [origin.name if (origin := scene.elements.get(pick.element)) else "" for pick in points],
        "pick": [pick.name for pick in points],
        "kind": ["house point" if pick.house else "pick" for pick in points],
        "x": in_units([float(pick.at[0]) for pick in points], unit),
        "y": in_units([float(pick.at[1]) for pick in points], unit),
        "z": in_units([float(pick.at[2]) for pick in points], unit),
        "trim": [None if pick.trim is None else in_units([pick.trim], unit)[0] for pick in points],
        "hoist": [item.label if (item := scene.items.get(pick.hoist)) else pick.hoist for pick in points],
        "load": [pick.load if known else None for pick, known in zip(points, signed)],
        "author": [pick.author if known else "" for pick, known in zip(points, signed)],
        "limit": [pick.limit for pick in points],
    }
    notes = ["not for rigging until approved"]
    if points:
        notes.append("z: where the point takes its load, the truss's top or the ceiling; trim: the truss's underside")
        notes.append("a load or limit is empty until somebody enters it")
    unsigned = sum(pick.load is not None and not known for pick, known in zip(points, signed))
    if unsigned:
        notes.append(f"left out, as nobody signed for them: loads of {unsigned} of {len(points)} points")
    return Table("Picks", columns, values, tuple(notes), about=about(scene))
