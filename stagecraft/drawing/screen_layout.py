"""The screen layout: pictures of projection screens and displays, from the front, with heights and setting-out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import ROW, Places, Rows, Spot, within
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._tape import taped
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._upright import Height, level_column
from stagecraft.drawing._views import drawing, extent, keep_lines, mm, name_of, notes_of, short
from stagecraft.drawing.draft import LAYOUTS, Draft, Job, View
from stagecraft.drawing.led_layout import walls
from stagecraft.drawing.marks import Drawing, Line, Mark, Style
from stagecraft.scene import Part, Scene, Screen

ASPECTS = {"16:9": 16 / 9, "16:10": 1.6, "4:3": 4 / 3, "21:9": 64 / 27, "2.39:1": 2.39, "1:1": 1.0}
"""Shapes of pictures that have a name."""
MOST_VIEWS = 4
"""More kinds of screens stand in the table alone."""
WIDEST = 240.0
"""A screen is drawn no larger on paper, where a coarser scale does as well. [mm]"""


@dataclass(frozen=True, eq=False)
class Kind:
    """Screens of one size at one height."""

    scene: Scene
    screens: tuple[Screen, ...]
    part: Part | None
    """The screen with its frame."""

    @property
    def title(self) -> str:
        return ", ".join(dict.fromkeys(name_of(self.scene, screen.element) for screen in self.screens))

    @property
    def size(self) -> tuple[float, float]:
        """Of the picture. [m]"""
        wide, tall = self.screens[0].size
        return round(wide, 6), round(tall, 6)

    @property
    def low(self) -> float:
        """Level of the picture's lower edge. [m]"""
        return float(self.screens[0].facets[0, 0, 2])

    @property
    def border(self) -> float:
        """Frame round the picture. [m]"""
        if self.part is None:
            return 0.0
        low, high = self.part.solid.bounds
        return max((float(high[0] - low[0]) - self.size[0]) / 2, 0.0)


def kinds(scene: Scene) -> list[Kind]:
    """Every projection screen and display, those of one size at one height together, in the order of the venue file."""
    found: dict[tuple[object, ...], list[Screen]] = {}
    for screen in scene.of(Screen):
        if screen.kind != "led":
            size = tuple(round(side, 4) for side in screen.size)
            found.setdefault((screen.kind, *size, round(float(screen.facets[0, 0, 2]), 4)), []).append(screen)
    parts = {part.element: part for part in reversed(scene.parts) if part.system == "video"}
    return [Kind(scene, tuple(screens), parts.get(screens[0].element)) for screens in found.values()]


def screen_sheets(job: Job) -> Iterator[Draft]:
    """After the LED walls: one for all projection screens and displays; none where there is none."""
    found = kinds(job.scene)
    if not found:
        return
    span = 1000 * max(max(kind.size) for kind in found)
    finest = next((scale for scale in LAYOUTS if span / scale <= WIDEST), LAYOUTS[-1])
    scales = tuple(scale for scale in LAYOUTS if scale >= max(finest, 20.0))
    views = tuple(View(f"screen {kind.screens[0].element}", partial(from_the_front, kind), scales)
                  for kind in found[:MOST_VIEWS])  # fmt: skip
    hung = any(
        job.scene.elements[s.element].hung for kind in found for s in kind.screens if s.element in job.scene.elements
    )
    notes = [
        "Sizes are those of the picture; frames round it are drawn. Projectors and lenses are not part of this layout."
    ]
    if len(found) > MOST_VIEWS:
        notes.append(f"{len(found) - MOST_VIEWS} more sizes or heights stand in the table alone.")
    yield Draft("screens", str(401 + len(walls(job.scene))), "Screen layout", "Screen layout", views,
                partial(_blocks, found), tuple(notes), NOT_FOR_RIGGING if hung else "", symbols=False)  # fmt: skip


def from_the_front(kind: Kind, scale: float) -> Drawing:
    """One screen from its front, the floor beneath it, laid out for 1:`scale`."""
    scale = float(scale)
    places, system = Places(scale), kind.scene.about.units
    wide, tall = kind.size
    middle = kind.screens[0].facets[0, :2].mean(axis=0)
    run = kind.screens[0].facets[0, 1] - kind.screens[0].facets[0, 0]
    x = float(middle[0]) if abs(math.degrees(math.atan2(run[1], run[0]))) < 1e-6 else 0.0
    left, low = mm(x - wide / 2, kind.low)
    right, high = mm(x + wide / 2, kind.low + tall)
    style, e = Style("video"), kind.border * 1000
    floor = kind.scene.ground
    marks: list[Mark] = [
        Line(style, ((left, low), (right, low), (right, high), (left, high)), True),
        Line(Style("video", "beyond"), ((left, low), (right, high))),
        Line(Style("video", "beyond"), ((left, high), (right, low))),
        Line(Style("datum"), (mm(x - wide / 2 - 0.3, floor), mm(x + wide / 2 + 0.3, floor))),
    ]  # fmt: skip
    if e > 0:
        marks.append(
            Line(style, ((left - e, low - e), (right + e, low - e), (right + e, high + e), (left - e, high + e)), True)
        )
    keep_lines(places, marks)
    words = f"PICTURE {units.drawn(wide, system)} × {units.drawn(tall, system)}, {aspect(wide, tall)}"
    fits = next((h for h in (3.5, 2.5, 1.8) if lettering.width(words, h) * scale < 0.9 * (right - left)), 1.8)
    spots = [Spot((left + right) / 2, low + k * (high - low)) for k in (0.25, 0.75)]
    marks += places.name(Style("note", "id"), words, [([*spots, *within((left, low, right, high), scale)], fits, None)])
    levels = [Height(floor, "FLOOR", mm(x - wide / 2, floor)), Height(kind.low, "LOWER EDGE OF THE PICTURE", (left, low)),
              Height(kind.low + tall, "UPPER EDGE", (left, high))]  # fmt: skip
    (x0, y0), (x1, _) = extent(marks, {}, scale)
    marks += level_column(levels, places, x1 + 3 * scale, 1.0, system)
    stops = sorted({round(height.z * 1000, 3) for height in levels})
    upright, flat = (
        Rows(places, 90, x0 - 5 * scale, -ROW * scale, system),
        Rows(places, 0, y0 - 5 * scale, -ROW * scale, system),
    )
    upright.add(*(((left, a), (left, b)) for a, b in pairwise(stops)))
    if len(stops) > 2:
        upright.add(((left, stops[0]), (left, stops[-1])))
    flat.add(((left, low), (right, low)))
    if e > 1:
        flat.add(((left - e, low - e), (right + e, low - e)))
    marks += [*upright.marks(), *flat.marks()]
    return drawing("screen", f"{short(kind.title)}: FROM THE FRONT", kind.scene, marks, {}, scale,
                   (*notes_of(kind.scene, [s.element for s in kind.screens]), *places.notes))  # fmt: skip


def aspect(wide: float, tall: float) -> str:
    """`16:9`, or `1.850:1` for a shape without a name."""
    shape = wide / tall
    name = next((name for name, value in ASPECTS.items() if abs(shape / value - 1) < 0.005), "")
    return name or f"{shape:.3f}:1"


def _blocks(found: Sequence[Kind], _: Sequence[Drawing]) -> list[Block]:
    """Every screen with its size and height, and where it stands."""
    scene, system = found[0].scene, found[0].scene.about.units
    sizes, ends, points = [], [], []
    named = Counter(name_of(scene, screen.element) for kind in found for screen in kind.screens)
    for kind in found:
        wide, tall = kind.size
        for screen in kind.screens:
            name = name_of(scene, screen.element)
            if named[name] > 1:
                name = f"{name} ({screen.element})"
            origin = scene.elements.get(screen.element)
            hung = f"hung from {name_of(scene, origin.host)}" if origin and origin.hung else NONE
            sizes.append((name, f"{units.drawn(wide, system)} × {units.drawn(tall, system)}", aspect(wide, tall),
                          units.level(kind.low, system), hung))  # fmt: skip
            ends += [f"{name}, left end", f"{name}, right end"]
            points += [screen.facets[0, 0, :2], screen.facets[0, 1, :2]]
    names, touched = taped(scene, np.array(points), system)
    places = [
        (end, *(units.drawn(round(float(v), 6) + 0.0, system) for v in point), *distances)
        for end, point, distances in zip(ends, points, touched)
    ]
    head = ("Screen", "Picture", "Aspect", "Lower edge", "")
    return [ruled("SCREENS", head, sizes, (52.0, 42.0, 18.0, 26.0, 42.0)),
            ruled("SETTING OUT", ("Of the picture", "x from SOP", "y from SOP", *names), places,
                  (78.0, 24.0, 24.0, 27.0, 27.0), numbers=True)]  # fmt: skip
