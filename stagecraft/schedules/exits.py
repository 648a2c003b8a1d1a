"""The exits: how wide each is, whom it carries, for how many it is the nearest, and how far they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stagecraft.analysis.travel import Travel, travel
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table, about, in_units

Carries = Callable[[Floats], Floats]
"""People whom exits of clear widths (n,) [m] carry."""


def exit_capacity(scene: Scene, carries: Mapping[str, Carries] | None = None, ways: Travel | None = None) -> Table:
    """Every exit, in the order of the venue file.

    carries : by the name of a rule, what it says that an exit carries
    ways : the ways to the exits, where they were already made

    width : clear width of the door; clear: of that, what nothing stands before [m, or decimal feet]
    nearest : places that are not killed and have their shortest way to it; farthest: the longest of these ways
    Under each rule what the exit carries, and what all others do together.
    """
    found, unit = ways or travel(scene), scene.about.units
    count = len(found.exits)
    open_ = np.array([found.reached(k) for k in range(count)], np.bool_)
    there = np.asarray(scene.seats.status != "kill") & ~found.unreached
    nearest = np.bincount(found.exit[there], minlength=count)[:count]
    far = np.full(count, np.nan)
    np.fmax.at(far, found.exit[there], found.distance[there])
    columns = [
        Column("exit", "exit"), Column("width", f"width {unit}", "length"), Column("clear", f"clear {unit}", "length"),
        Column("nearest", "nearest to places", "int", total=True), Column("farthest", f"farthest of them {unit}", "length"),
    ]  # fmt: skip
    values: dict[str, list[Any]] = {
        "exit": [door.name for door in found.exits],
        "width": in_units([door.width for door in found.exits], unit),
        "clear": in_units(np.where(open_, found.clear, 0.0), unit),
        "nearest": nearest.tolist(),
        "farthest": in_units(far, unit),
    }
    for number, (rule, by) in enumerate((carries or {}).items(), 1):
        each = np.where(open_, np.nan_to_num(by(found.clear)), 0.0).astype(np.int64)
        columns += [
            Column(f"carries_{number}", f"carries by {rule}", "int", total=True), Column(f"others_{number}", "all others", "int"),
        ]  # fmt: skip
        values[f"carries_{number}"], values[f"others_{number}"] = each.tolist(), (each.sum() - each).tolist()
    values["blocked"] = [", ".join(one for one in found.blocked[k] if one) for k in range(count)]
    columns.append(Column("blocked", "in the way"))
    return Table("Exits", tuple(columns), values, _notes(scene, found), about=about(scene))


def _notes(scene: Scene, found: Travel) -> tuple[str, ...]:
    notes = ["ways run along seatways and gangways and over open floor, never over seats"] if found.exits else []
    if not found.exits:
        notes.append("no exit is drawn" if scene.rooms else "no room is drawn")
    looked = np.asarray(scene.seats.status != "kill")
    if high := int((looked & found.raised).sum()):
        notes.append(f"left out: {high} places on raised floors from which no steps and no door are drawn")
    if shut := int((looked & found.unreached & ~found.raised).sum()) if found.exits else 0:
        notes.append(f"left out: {shut} places from which no way leads to an exit")
    standing = [area.space for area in found.areas if area.space.use == "standing"]
    if people := sum(space.capacity or 0 for space in standing):
        notes.append(f"left out: {people} people on standing areas")
    return tuple(notes)
