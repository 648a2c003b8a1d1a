"""The cover: whose set this is, the register of its sheets, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from stagecraft.drawing import lettering
from stagecraft.drawing._paper import NONE, NOTE, Block, ruled
from stagecraft.drawing.draft import Draft, Job
from stagecraft.drawing.marks import Mark, Sheet, Style, Text
from stagecraft.drawing.sheet import paper_of, scales_of
from stagecraft.scene import Scene

COVER = "cover"
WIDE = (30.0, 96.0, 26.0, 18.0, 18.0, 34.0, 36.0)
"""Columns of the register. [mm]"""


def cover_draft(job: Job, sheets: Sequence[Sheet]) -> Draft:
    """001: name of the event, register and key plan of a set of sheets."""
    scene = job.scene
    return Draft(COVER, "001", "Cover and drawing register", "Drawing register", (),
                 lambda drawings: [name_block(scene), register_block(scene, sheets)], symbols=False)  # fmt: skip


def name_block(scene: Scene) -> Block:
    """Name of the event in large letters, and what is known of it."""
    about = scene.about
    wide = sum(WIDE)
    lines, tall = lettering.fit(about.name, (wide, 36.0), 14.0)
    marks: list[Mark] = []
    y = -tall
    for line in lines:
        marks.append(Text(Style("title"), (0.0, y), line, tall))
        y -= tall * lettering.LEADING
    y += tall * lettering.LEADING - 10.0
    facts = [about.event, about.client, about.dates, f"Set-up: {about.setup}" if about.setup else ""]
    for fact in filter(None, facts):
        for line in lettering.wrap(fact, wide, 5.0):
            marks.append(Text(NOTE, (0.0, y), line, 5.0))
            y -= 8.0
    return Block(wide, -y, tuple(marks))


def register_block(scene: Scene, sheets: Sequence[Sheet]) -> Block:
    """Every sheet with its number, title, scale, paper and revision."""
    about = scene.about
    rows = [
        (
            sheet.number,
            sheet.title,
            scales_of(sheet),
            paper_of(sheet),
            about.rev or NONE,
            about.date or NONE,
            f"{sheet.number}-{sheet.key}",
        )
        for sheet in sheets
    ]
    return ruled("DRAWING REGISTER", ("Number", "Title", "Scale", "Size", "Rev", "Date", "File"), rows, WIDE)
