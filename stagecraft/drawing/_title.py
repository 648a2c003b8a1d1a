"""The title block after ISO 7200, the revisions above it, and the warning on top."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stagecraft.assets import folder
from stagecraft.drawing import lettering
from stagecraft.drawing._paper import COLUMN, FRAME, NONE, NOTE, TITLE, Block, ruled, shifted
from stagecraft.drawing.marks import Insert, Line, Mark, Point, Symbol, Text
from stagecraft.scene import Revision, Scene

NOT_FOR_RIGGING = "NOT FOR RIGGING UNTIL APPROVED"
MOST_REVISIONS = 8
READ = lettering.LEAST / 0.94
"""What a long value is wrapped at: one step of its shrinking above the least that is read. [mm]"""
MOST_MORE = 12.0
"""A row of cells grows by no more for long values; what is longer still is lettered smaller. [mm]"""
AROUND = 4.2
"""Height that a cell takes besides its label and its value. [mm]"""


@dataclass(frozen=True)
class Heading:
    """What a title block says of its sheet."""

    number: str
    """Drawing number."""
    title: str
    kind: str
    """Document type."""
    scales: tuple[float, ...]
    """Of the views, each once. 1:n"""
    of: tuple[int, int] = (1, 1)
    """Number of the sheet and how many there are."""
    warning: str = ""


def corner_block(scene: Scene, heading: Heading, paper: str) -> tuple[Block, Symbol]:
    """Title block, revisions above it, and the warning on top; and the title block's definition."""
    symbol, insert = title_symbol(scene, heading, paper)
    tall = max(y for line in symbol.marks if isinstance(line, Line) for _, y in line.points)
    revisions = _revision_table(scene.about.revisions)
    banner = _banner(heading.warning) if heading.warning else Block(COLUMN, 0.0, ())
    height = tall + revisions.height + banner.height
    marks: list[Mark] = [shifted(mark, (0.0, 0.0)) for mark in banner.marks]
    marks += [shifted(mark, (0.0, -banner.height)) for mark in revisions.marks]
    marks.append(shifted(insert, (0.0, -height)))
    return Block(COLUMN, height, tuple(marks)), symbol


def _banner(text: str) -> Block:
    box = ((0.0, 0.0), (COLUMN, 0.0), (COLUMN, -10.0), (0.0, -10.0))
    lines, tall = lettering.fit(text, (COLUMN - 6.0, 9.0), 5.0)
    words = Text(NOTE, (COLUMN / 2, -5.0), "\n".join(lines), tall, 0.0, "centre", "middle")
    return Block(COLUMN, 10.0, (Line(FRAME, box, closed=True), words))


@lru_cache(maxsize=1)
def title_data() -> dict[str, Any]:
    from ruamel.yaml import YAML

    data: dict[str, Any] = YAML(typ="safe").load(folder("drawing") / "title_block.yaml")
    return data


def title_symbol(scene: Scene, heading: Heading, paper: str) -> tuple[Symbol, Insert]:
    """The title block as a symbol whose attributes are the values, and its insert at 0, 0 (lower left corner).

    A value that takes several lines is several attributes: TITLE, TITLE_2 …
    """
    about, data = scene.about, title_data()
    state = " ".join(part for part in (about.file.replace("\\", "/").rsplit("/", 1)[-1], about.hash) if part)
    cue = f", cue {about.cue}" if about.cue else ""
    values = {
        "CLIENT": about.client, "EVENT": "\n".join(part for part in (about.event, about.dates) if part),
        "CREATOR": about.author, "APPROVED": "", "STATUS": "", "DATE": about.date,
        "TITLE": f"{about.name}: {about.setup}" if about.setup else about.name, "SUBTITLE": heading.title + cue,
        "TYPE": heading.kind, "REFERENCE": state, "NUMBER": heading.number, "REV": about.rev,
        "SCALE": ", ".join(f"1:{scale:g}" for scale in heading.scales), "SIZE": paper,
        "SHEET": f"{heading.of[0]} / {heading.of[1]}",
    }  # fmt: skip
    small = float(data["label_height"])
    cells, taller = _grown(data["cells"], values, small)
    w, h = float(data["size"][0]), float(data["size"][1]) + taller
    marks: list[Line] = [Line(FRAME, ((0.0, 0.0), (w, 0.0), (w, h), (0.0, h)), closed=True)]
    slots: list[tuple[str, Point, float]] = []
    attributes: list[tuple[str, str]] = []
    for cell in cells:
        (x, y), (cw, ch) = cell["at"], cell["size"]
        marks += [Line(TITLE, ((x, y), (x, y + ch))), Line(TITLE, ((x, y), (x + cw, y)))]
        slots.append((f"LABEL_{cell['key']}", (x + 1.5, y + ch - 1.2 - small), small))
        attributes.append((f"LABEL_{cell['key']}", cell["label"]))
        room = (cw - 3.0, ch - small - AROUND)
        lines, tall = lettering.fit(values[cell["key"]] or NONE, room, float(cell["height"]))
        step = tall * lettering.LEADING
        base = y + 1.5 + (room[1] - tall - step * (len(lines) - 1)) / 2 + step * (len(lines) - 1)
        for k, line in enumerate(lines):
            key = cell["key"] if k == 0 else f"{cell['key']}_{k + 1}"
            slots.append((key, (x + 1.5, base - k * step), tall))
            attributes.append((key, line))
    symbol = Symbol(data["name"], tuple(marks), tuple(slots), "left")
    shown = tuple(key for key, _ in attributes)
    return symbol, Insert(TITLE, data["name"], (0.0, 0.0), 0.0, tuple(attributes), shown)


def _grown(
    cells: Sequence[dict[str, Any]], values: Mapping[str, str], label: float
) -> tuple[list[dict[str, Any]], float]:
    """The cells, their rows so high that a long value is still read; and what that adds. [mm]"""
    more: dict[float, float] = {}
    for cell in cells:
        lines = lettering.wrap(values[cell["key"]] or NONE, cell["size"][0] - 3.0, READ)
        needed = READ * (1 + lettering.LEADING * (len(lines) - 1)) + label + AROUND
        wanted = min(float(math.ceil(needed - cell["size"][1])), MOST_MORE)
        more[cell["at"][1]] = max(more.get(cell["at"][1], 0.0), wanted)
    grown = []
    for cell in cells:
        (x, y), (w, h) = cell["at"], cell["size"]
        raised = sum(by for row, by in more.items() if row < y)
        grown.append({**cell, "at": (x, y + raised), "size": (w, h + more[y])})
    return grown, sum(more.values())


def _revision_table(revisions: Sequence[Revision]) -> Block:
    """The last revisions, oldest first."""
    rows = [(r.rev, r.date, r.note, r.by) for r in revisions[-MOST_REVISIONS:]] or [
        (NONE, NONE, "no revision yet", NONE)
    ]
    return ruled(None, ("Rev", "Date", "Description", "By"), rows, (16.0, 24.0, 120.0, 20.0))
