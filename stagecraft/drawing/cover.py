"""The cover: whose set this is, the register of its sheets, a key plan, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stagecraft.drawing import lettering
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import Places
from stagecraft.drawing._paper import NONE, NOTE, Block, ruled
from stagecraft.drawing.draft import Draft, Job, View
from stagecraft.drawing.layers import Layer, Profile, layer_for
from stagecraft.drawing.marks import Drawing, Insert, Line, Mark, Sheet, Style, Text
from stagecraft.drawing.sheet import paper_of, scales_of
from stagecraft.scene import Scene

COVER = "cover"
REGISTER = (26.0, 76.0, 30.0, 14.0, 16.0, 24.0, 44.0)
"""Columns of the register. [mm]"""
KEY = (100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
"""Scales of a key plan."""
THINGS = ("stage", "platform", "stair", "foh", "video", "camera", "seating", "table")
"""Systems whose outlines are on a key plan."""
WIDE, SMALL = sum(REGISTER), 2.0
"""Width of the list of layers and height of its lettering. [mm]"""
MOST_LAYERS = 44
"""More than these are found in the files."""


def cover_draft(job: Job, sheets: Sequence[Sheet]) -> Draft:
    """001: name of the event, register, key plan and layers of a set of sheets."""
    scene = job.scene
    views = (View("key plan", lambda scale: key_plan(scene, scale), KEY),)
    return Draft(
        COVER, "001", "Cover and drawing register", "Drawing register", views,
        lambda drawings: [name_block(scene), register_block(scene, sheets)],
        general_notes(scene), symbols=False, legend=False, notes_first=False,
        spare=lambda drawings: [layers_block(sheets, job.layers)],
    )  # fmt: skip


def key_plan(scene: Scene, scale: float) -> Drawing:
    """The house with what stands in it, without a word but the names of its doors."""
    page = House(scene, float(scale), Places(float(scale)))
    page.house(THINGS)
    page.axis_ends()
    return page.drawing("key plan", "KEY PLAN")


def general_notes(scene: Scene) -> tuple[str, ...]:
    """What holds for every sheet."""
    whose = scene.about.file.replace("\\", "/").rsplit("/", 1)[-1] or "the venue file"
    return (
        f"Every sheet is drawn from one model, {whose}: a dimension, a seat or a count is the same on all of them.",
        "In the drawing files model space is 1:1 in millimetres, its origin the setting-out point; sheets are on layouts.",
        "x is positive to stage left (right on the plan), y upstage, levels from the audience floor.",
        "These are planning drawings: loads, structure, electrical supply and fire safety are for those who answer for them.",
    )


def name_block(scene: Scene) -> Block:
    """Name of the event in large letters, and what is known of it."""
    about = scene.about
    lines, tall = lettering.fit(about.name, (WIDE, 36.0), 14.0)
    marks: list[Mark] = []
    y = 0.0
    for line in lines:
        y -= tall
        marks.append(Text(Style("title"), (0.0, y), line, tall))
        y -= 0.7 * tall  # Arabic goes deeper than Latin
    facts = (about.event, about.client, about.dates, f"Set-up: {about.setup}" if about.setup else "")
    for fact in filter(None, facts):
        for line in lettering.wrap(fact, WIDE, 5.0):
            y -= 5.0
            marks.append(Text(NOTE, (0.0, y), line, 5.0))
            y -= 3.5
    return Block(WIDE, -y + 2.0, tuple(marks))


def register_block(scene: Scene, sheets: Sequence[Sheet]) -> Block:
    """Every sheet with its number, title, scale, paper, revision and file."""
    about = scene.about
    rows = [
        (one.number, one.title, scales_of(one), paper_of(one), about.rev or NONE, about.date or NONE, _file(one))
        for one in sheets
    ]
    return ruled("DRAWING REGISTER", ("Number", "Title", "Scale", "Size", "Rev", "Date", "File"), rows, REGISTER)


def _file(sheet: Sheet) -> str:
    return f"{sheet.number}-{sheet.key}.dxf"


def layers_block(sheets: Iterable[Sheet], names: Profile) -> Block:
    """Layers that the set uses, with what is on them: a line of each as it is drawn."""
    used: dict[str, tuple[Style, Layer]] = {}
    for sheet in sheets:
        for view in sheet.views:
            for style in dict.fromkeys(mark.style for mark in view.drawing.marks if not isinstance(mark, Insert)):
                layer = names.layer(layer_for(style))
                if layer.plot:
                    used.setdefault(layer.name, (style, layer))
    listed = [used[name] for name in sorted(used)][:MOST_LAYERS]
    if not listed:
        return Block(0.0, 0.0, ())
    rows = (len(listed) + 1) // 2
    right = 18.0 + max(30.0, *(lettering.width(layer.name, SMALL) for _, layer in listed))
    marks: list[Mark] = [Text(NOTE, (0.0, -3.5), "LAYERS", 3.5)]
    for k, (style, layer) in enumerate(listed):
        x, y = (k // rows) * WIDE / 2, -9.0 - (k % rows) * 4.6
        marks.append(Line(style, ((x, y), (x + 14.0, y))))
        marks.append(Text(NOTE, (x + 16.0, y), layer.name, SMALL, 0.0, "left", "middle"))
        words = lettering.wrap(layer.description, WIDE / 2 - right - 2.0, SMALL)[0]
        marks.append(Text(NOTE, (x + right, y), words, SMALL, 0.0, "left", "middle"))
    return Block(WIDE, 9.0 + rows * 4.6, tuple(marks))
