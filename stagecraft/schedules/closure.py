"""The count closes: what is drawn, listed and ordered is what stands in the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stagecraft.scene import KitLine, Scene
from stagecraft.schedules.table import Table


class ClosureError(AssertionError):
    """Two papers of one scene disagree. That is a bug in stagecraft, never in the venue."""


@dataclass(frozen=True)
class Closure:
    """The numbers that agree."""

    places: int
    wheelchair: int
    own_chairs: int
    """Places that are no wheelchair place and need no chair: standing, or the guests bring theirs."""
    chairs: int
    """On the kit for seats: spares and chairs that stand elsewhere apart."""
    blocks: Mapping[str, int]
    """Seat inserts by block name."""


def closure(scene: Scene, plan_counts: Mapping[str, int], seat_rows: int, kit: Table) -> Closure:
    """Assert `places = seat inserts = seat rows` and `chairs on the kit = places − wheelchair − own chairs`.

    plan_counts : inserts in the drawing by block name; those that begin with `SEAT-` are seats
    seat_rows : rows of the seat list
    kit : `kit_list(scene)`; lines with a reason (spares, crew) are not counted
    """
    seats = scene.seats
    places = len(seats)
    wheelchair = int((seats.place == "wheelchair").sum())
    own = int(((seats.item == "") & (seats.place != "wheelchair")).sum())
    blocks = {name: count for name, count in plan_counts.items() if name.startswith("SEAT-")}
    inserts = sum(blocks.values())
    codes = {part.item for part in scene.parts if part.of_seats} | set(seats.item.tolist())
    codes.discard("")
    listed = sum(
        number
        for item, number, why in zip(kit.values["item"], kit.values["quantity"], kit.values["why"])
        if item in codes and not why
    )
    loose = sum(part.count for part in scene.parts if part.item in codes and not part.of_seats)
    loose += sum(line.quantity for line in scene.of(KitLine) if line.item in codes and not line.why)
    chairs = listed - loose
    faults = []
    if not places == inserts == seat_rows:
        faults.append(f"{places} places, {inserts} seat inserts on the plan, {seat_rows} rows in the seat list")
    if chairs != places - wheelchair - own:
        faults.append(
            f"{chairs} chairs on the kit, but {places} places − {wheelchair} wheelchair − {own} without a chair of "
            f"the house = {places - wheelchair - own}"
        )
    if faults:
        raise ClosureError(f"the count does not close, which is a bug in stagecraft: {'; '.join(faults)}")
    return Closure(places, wheelchair, own, chairs, blocks)
