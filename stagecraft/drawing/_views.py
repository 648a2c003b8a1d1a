"""What plan, section and elevation have in common: from a Scene to bodies, from lines to marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from stagecraft.drawing._labels import Box, Places, text_box
from stagecraft.drawing._settle import settled
from stagecraft.drawing._true import tidied, tidy_symbol
from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Drawing,
    Ellipse,
    Fill,
    Insert,
    Leader,
    Line,
    Mark,
    Point,
    Style,
    Symbol,
    Text,
)  # fmt: skip
from stagecraft.drawing.strokes import resolved
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, Path
from stagecraft.scene import Note, Part, Pick, Scene, Screen, Seats
from stagecraft.units import Units

ARCHITECTURE = ("wall", "column", "ceiling")
WHOLE = ("seating", "person", "truss", "light", "sound", "table", "camera")
"""Systems that a section never cuts: shown whole when they reach beyond the plane."""
STOREY = 1.8
"""Seats that stand higher than this over others are on a balcony. [m]"""
SHEET = 0.005
"""Parts thinner than this from top to bottom are only a surface. [m]"""
MOST_NAMES = 12
"""Names that were left out are told one by one up to this many."""
SLIVER = 1.2
"""Cut faces thinner than this on paper are filled, not hatched. [mm]"""
RIGGING_NOTE = "RIGGING: NOT FOR RIGGING UNTIL APPROVED. No load is printed that nobody entered."


def mm(*values: float) -> Point:
    """A point in millimetres from metres."""
    x, y = (round(float(v) * 1000, 4) + 0.0 for v in values)
    return x, y


def points_mm(points: Floats) -> tuple[Point, ...]:
    return tuple((x, y) for x, y in (np.round(np.asarray(points, float)[:, :2] * 1000, 4) + 0.0).tolist())


def floor_of(scene: Scene) -> float:
    """Level of the lowest room's floor; 0 where there is no room. [m]"""
    return scene.ground


def path_marks(paths: Iterable[Path], style: Style) -> Iterator[Line | Circle | Ellipse]:
    for path in paths:
        if path.circle:
            u, v, r = path.circle
            yield Circle(style, mm(u, v), round(r * 1000, 4))
        elif path.oval:
            oval = path.oval
            yield Ellipse(style, mm(oval.u, oval.v), mm(oval.across, oval.up), round(oval.ratio, 9), *path.turns)
        else:
            bulges = tuple(round(b, 12) for b in path.bulges)
            yield Line(style, points_mm(path.points), path.closed, bulges)


def fill_marks(area: Any, system: str, scale: float) -> Iterator[Fill]:
    """Hatch of a cut face; thin faces are filled."""
    import shapely

    for polygon in shapely.get_parts(shapely.orient_polygons(area)):
        if polygon.area <= 0:
            continue
        thickness = 2 * polygon.area / polygon.length * 1000 / scale
        rings = tuple(points_mm(np.asarray(r.coords)[:-1]) for r in (polygon.exterior, *polygon.interiors))
        yield Fill(Style(system, "pattern"), rings, "ansi31" if thickness > SLIVER else "solid")


def parts_of(scene: Scene) -> list[Part]:
    """Parts of which at least one copy stands."""
    return [part for part in scene.parts if part.count and len(part.solid.faces)]


def is_sheet(part: Part) -> bool:
    """Only a surface, like the decks of a stage that stand for what is ordered."""
    low, high = part.solid.bounds
    return bool(high[2] - low[2] < SHEET)


def name_of(scene: Scene, element: str) -> str:
    """What an element is called on a drawing; a twin across the centre line is called as its other half."""
    origin = scene.elements.get(element)
    words = (origin.name if origin else "") or element.replace("_", " ")
    return re.sub(r"(?i)( mirror| \(mirrored\))$", "", words).upper()


def item_name(scene: Scene, code: str) -> str:
    """Maker and model of a catalogue item; the model alone of what any maker makes."""
    item = scene.items.get(code)
    if item is None:
        return code
    return (item.model if item.maker.lower().startswith("generic") else item.label) or code


def short(text: str, most: int = 60) -> str:
    """A text of no more than so many characters, for a title; what is left out is three dots."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def vertices(parts: Iterable[Part]) -> Floats:
    """(n, 3) every corner of the parts in the room. [m]"""
    found = [np.zeros((0, 3))]
    for part in parts:
        turned = part.solid.vertices @ np.swapaxes(part.transforms[:, :3, :3], 1, 2) + part.transforms[:, None, :3, 3]
        found.append(turned.reshape(-1, 3))
    return np.concatenate(found)


def corner(points: Floats, axis: int, sign: float, side: int, tie: float = 1.0) -> Floats | None:
    """The point furthest along an axis, and of several the furthest along another; None where there are none."""
    if not len(points):
        return None
    best = sign * points[:, axis]
    near = points[best >= best.max() - 1e-9]
    return np.asarray(near[np.argmax(tie * near[:, side])])


def seat_corners(seats: Seats) -> Floats:
    """(4n, 3) corners of the places, each as wide as its place and as deep as its chair. [m]"""
    look = np.radians(seats.facing)
    still = np.zeros(len(seats))
    ahead = np.stack([np.cos(look), np.sin(look), still], axis=1) * (seats.depth / 2)[:, None]
    beside = np.stack([np.sin(look), -np.cos(look), still], axis=1) * (seats.width / 2)[:, None]
    return np.concatenate([seats.at + i * ahead + j * beside for i in (1, -1) for j in (1, -1)])


def upper_seats(seats: Seats) -> Any:
    """(n,) whether a seat's element stands above other seats (a balcony)."""
    import shapely

    if not len(seats) or np.ptp(seats.at[:, 2]) < STOREY:
        return np.zeros(len(seats), np.bool_)
    at = shapely.points(seats.at[:, :2])
    one, two = shapely.STRtree(at).query(at, predicate="dwithin", distance=0.4)
    above = one[seats.at[one, 2] > seats.at[two, 2] + STOREY]
    return np.isin(seats.element, np.unique(seats.element[above]))


def main_screen(scene: Scene) -> Screen | None:
    """The largest LED wall, or the largest screen where there is none."""
    screens = scene.of(Screen)
    pool = [s for s in screens if s.kind == "led"] or list(screens)
    return max(pool, key=lambda s: s.size[0] * s.size[1], default=None)


def bodies(parts: Sequence[Part], groups: Sequence[Any]) -> list[Body]:
    return [Body(part.solid, part.transforms, group) for part, group in zip(parts, groups)]


def notes_of(scene: Scene, only: Collection[str] | None = None) -> tuple[str, ...]:
    """What every reader of a drawing must know.

    only : elements that a drawing is about, where it is not about all of them: their stand-ins, and nothing of rigging
    """
    notes = ["Dimensions in millimetres, levels in metres." if scene.about.units == "m" else
             "Dimensions and levels in feet and inches.", "Do not scale; work to figured dimensions."]  # fmt: skip
    if only is None and (scene.of(Pick) or any(part.system == "truss" for part in scene.parts)):
        notes.append(RIGGING_NOTE)
    known = [note for note in scene.of(Note) if note.kind == "stand_in" and (only is None or note.element in only)]
    stand_ins = dict.fromkeys(note.text for note in known)
    return (*notes, *stand_ins)


def drawing(name: str, title: str, scene: Scene, marks: Sequence[Mark], symbols: dict[str, Symbol], scale: float,
            notes: Sequence[str], beneath: Sequence[Mark] = ()) -> Drawing:  # fmt: skip
    """A view with its lines tidied, its labels settled and its extent; for what lies `beneath` no room is made."""
    symbols = {key: tidy_symbol(symbol) for key, symbol in symbols.items()}
    marks, left = settled(tidied(marks), symbols, scale, scene.about.units)
    if left:
        names = list(dict.fromkeys(left))
        more = f" and {len(names) - MOST_NAMES} more, which the lists name" if len(names) > MOST_NAMES else ""
        notes = [*notes, f"Names left out for want of room: {', '.join(names[:MOST_NAMES])}{more}."]
    return Drawing(name, (*beneath, *marks), symbols, extent(marks, symbols, scale, scene.about.units), scale, title, scene.about.units,
                   tuple(notes), whose(scene))  # fmt: skip


def whose(scene: Scene) -> str:
    """`Aurora keynote · Northlight Energy · set-up day · P02 2026-11-23 · file 4f5fc5e7727b`; what is known of it."""
    about = scene.about
    setup = f"set-up {about.setup}" if about.setup else ""
    cue = f"cue {about.cue}" if about.cue else ""
    state = f"{about.rev} {about.date}".strip()
    file = f"file {about.hash}" if about.hash else ""
    return " · ".join(part for part in (about.name, about.client, setup, cue, state, file) if part)


def extent(marks: Iterable[Mark], symbols: dict[str, Symbol], scale: float, system: Units = "m") -> tuple[Point, Point]:
    """Lower left and upper right of all marks. [mm]"""
    reach = {name: symbol_reach(symbol) for name, symbol in symbols.items()}
    boxes = [box for mark in marks for box in (mark_box(mark, scale, reach, system),) if box is not None]
    if not boxes:
        return (-1000.0, -1000.0), (1000.0, 1000.0)
    array = np.array(boxes)
    left, low = array[:, :2].min(axis=0).tolist()
    right, high = array[:, 2:].max(axis=0).tolist()
    return (left, low), (right, high)


def symbol_reach(symbol: Symbol) -> float:
    """Radius about its origin that holds a symbol. [mm]"""
    far = 0.0
    for mark in symbol.marks:
        box = mark_box(mark, 1.0, {})
        if box:
            far = max(far, *(float(np.hypot(x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])))
    return far


def mark_box(mark: Mark, scale: float, reach: dict[str, float], system: Units = "m") -> Box | None:
    """Box round a mark. [mm]"""
    match mark:
        case Line() | Leader():
            p = np.array(mark.points)
            bulge = max(map(abs, mark.bulges), default=0.0) if isinstance(mark, Line) else 0.0
            longest = float(np.abs(np.diff(p, axis=0)).max()) if bulge and len(p) > 1 else 0.0
            return _box(p, bulge * longest / 2)
        case Circle() | Arc():
            return _box(np.array([mark.centre]), mark.radius)
        case Ellipse():
            return _box(np.array([mark.at(t) for t in np.linspace(mark.start, mark.end, 65)]))
        case Fill():
            return _box(np.array(mark.rings[0]))
        case Text():
            return text_box(mark, scale)
        case Dimension():
            turn = 90.0 if abs(mark.angle - 90) < 1 else 0.0
            told = "00000" if system == "m" and not mark.fine else resolved(mark, scale, system).text
            words = Text(mark.style, mark.text_at, told, 2.5, turn, "centre", "middle")
            a, b = text_box(words, scale), _box(np.array([mark.start, mark.end, mark.line_at]), 2 * scale)
            return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
        case Insert():
            return _box(np.array([mark.at]), reach.get(mark.symbol, 0.0))


def _box(points: Floats, margin: float = 0.0) -> Box:
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def keep_lines(places: Places, marks: Iterable[Mark]) -> None:
    """Texts had better not lie on these lines."""
    for mark in marks:
        if isinstance(mark, Line):
            places.lines((*mark.points, mark.points[0]) if mark.closed else mark.points)
        elif isinstance(mark, (Circle, Arc)):
            angle = np.radians(np.linspace(0, 360, 17))
            places.lines(np.add(mark.centre, mark.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)))
        elif isinstance(mark, Ellipse):
            places.lines([mark.at(t) for t in np.linspace(mark.start, mark.end, 17)])


def keep_hard(places: Places, marks: Iterable[Mark]) -> None:
    """Texts never lie on these lines."""
    for mark in marks:
        if isinstance(mark, Line):
            places.keep_line((*mark.points, mark.points[0]) if mark.closed else mark.points)
        elif isinstance(mark, Circle):
            (x, y), r = mark.centre, mark.radius
            places.keep([(x - r, y - r, x + r, y + r)])
