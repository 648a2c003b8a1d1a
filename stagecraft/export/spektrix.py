"""Seating plan as Spektrix reads it: a tree of areas, reserved seats by block, standing areas by their capacity.

Source: the shape of the plan that a Spektrix seating-plan service answers with, as documented publicly; not tried against it.
"""

from __future__ import annotations

import json
import os
import uuid
from itertools import groupby
from typing import Any, BinaryIO

from stagecraft.drawing._views import name_of
from stagecraft.export.pretix import layout
from stagecraft.export.write import save
from stagecraft.scene import Scene
from stagecraft.schedules.house import guids

_SPACE = uuid.UUID("2f0e1f3a-70f3-5a3c-8a53-9a3f0b7f4c55")


def spektrix(scene: Scene) -> dict[str, Any]:
    """The plan: seats that can be sold, in the pixels of the pretix plan; standing areas whose capacity is known."""
    laid = layout(scene)
    seats = laid.seats
    known = guids(seats, scene).tolist()
    lines = zip(seats.block.tolist(), seats.row.tolist(), seats.seat.tolist(), laid.at.tolist(), known)
    areas: list[dict[str, Any]] = [
        {
            "type": "Reserved", "id": f"block-{n}", "name": block,
            "seats": [
                {"id": id, "row": row, "number": seat, "x": x, "y": y} for _, row, seat, (x, y), id in members
            ],
        }
        for n, (block, members) in enumerate(groupby(lines, key=lambda line: line[0]), 1)
    ]  # fmt: skip
    areas += [
        {"type": "Unreserved", "id": space.element, "name": name_of(scene, space.element), "capacity": space.capacity}
        for space in scene.standing_areas
        if space.capacity is not None
    ]
    venue = scene.about.name or "Venue"
    plan = " ".join(part for part in (venue, scene.about.setup) if part)
    return {
        "id": str(uuid.uuid5(_SPACE, plan)),
        "venueId": str(uuid.uuid5(_SPACE, f"venue {venue}")),
        "baseSeatingArea": {"type": "Group", "id": "house", "name": plan, "areas": areas},
    }


def write_spektrix(scene: Scene, path: str | os.PathLike[str] | BinaryIO) -> None:
    """The plan as a file."""
    save((json.dumps(spektrix(scene), ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8"), path)
