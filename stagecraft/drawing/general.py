"""The general arrangement: the plan with what a crew sets out by, the doors and the places."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.drawing._house import plan_scales
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._texts import seats_block, setting_out_block
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing.draft import Draft, Job, View
from stagecraft.drawing.plan import MANY, plan
from stagecraft.scene import Door, Pick, Scene
from stagecraft.units import drawn

OPENS = {"out": "out", "in": "in", "slide": "slides"}
MOST_DOORS = 24
"""More doors than these stand on the plan alone."""


def general_sheets(job: Job) -> Iterator[Draft]:
    """101: the plan, with setting out, places and doors in tables beside it."""
    scene = job.scene
    rigged = bool(scene.of(Pick)) or any(part.system == "truss" for part in scene.parts)
    yield Draft(
        "general", "101", "General arrangement plan", "General arrangement drawing",
        (View("plan", lambda scale: plan(scene, scale, len(scene.seats) > MANY), plan_scales(scene)),),
        lambda drawings: [block for block in (setting_out_block(scene), seats_block(scene), doors_block(scene)) if block.height],
        warning=NOT_FOR_RIGGING if rigged else "",
    )  # fmt: skip


def doors_block(scene: Scene) -> Block:
    """Each door with its clear size, how it opens, and where its middle lies from the setting-out point."""
    doors, show = scene.of(Door), scene.about.units
    if not doors or len(doors) > MOST_DOORS:
        return Block(0.0, 0.0, ())
    rows = []
    for door in doors:
        x, y = (drawn(round(float(v), 4) + 0.0, show) for v in door.at[:2])
        size = (drawn(door.width, show), drawn(door.height, show))
        rows.append((door.name, *size, str(door.leaves), OPENS[door.swing], "exit" if door.exit else NONE, x, y))
    head = ("Door", "Clear width", "height", "Leaves", "Opens", "Way out", "x from SOP", "y from SOP")
    return ruled("DOORS", head, rows, (36.0, 24.0, 20.0, 17.0, 16.0, 19.0, 24.0, 24.0), numbers=True)
