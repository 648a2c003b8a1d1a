"""Words of the plan: every element's name once, and the clear widths of gangways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import HEIGHT, Spot, around, within
from stagecraft.drawing._plan_shapes import in_lines
from stagecraft.drawing._views import ARCHITECTURE, is_sheet, mm, name_of, vertices
from stagecraft.drawing._widths import gangway_width
from stagecraft.drawing.marks import Style
from stagecraft.scene import Note, Part, Walkway

CLOSED = ("stage", "platform", "foh", "set")
"""Systems whose name may stand inside them."""
LABELLED = ("stage", "platform", "foh", "video", "truss", "stair", "set", "camera", "drape")
"""Systems whose elements are named first."""


def gangways(page: House) -> None:
    """Clear widths, where gangways are wide enough on paper for them."""
    for way in page.scene.of(Walkway):
        if way.kind in ("gangway", "cross_gangway") and len(way.line) > 1:
            page.add(gangway_width(way.line[:, :2], way.width, page.units, page.places))


def labels(page: House, numbered: set[str]) -> None:
    """Every element's name once, beside or inside what it is."""
    for note in page.scene.of(Note):
        if note.kind == "label" and note.text:
            x, y = mm(note.at[0], note.at[1])
            page.add(page.places.put(Style("note"), note.text, [Spot(x, y), *around((x, y, x, y), page.scale)]))
    parts: dict[str, list[Part]] = {}
    for part in page.parts:
        if not part.of_seats and part.system not in (*ARCHITECTURE, "seating", "sign") and part.element not in numbered:
            parts.setdefault(part.element, []).append(part)
    for part in low_ceilings(page):
        box = (*mm(*part.bounds[0, :2]), *mm(*part.bounds[1, :2]))
        words = f"{part.name.replace('_', ' ').upper()}  {units.level(float(part.bounds[0, 2]), page.units)}"
        page.add(page.places.name(Style("note", "id"), words, [(list(around(box, page.scale)), 2.0, None)]))
    rows = {row.element for row in page.scene.seat_rows}
    letters = set(page.scene.seats.row.tolist())  # tiers called B would be read as a row's letter among the others
    for element in sorted(parts, key=lambda e: _rank(parts[e][0].system)):
        if element not in rows or name_of(page.scene, element) not in letters:
            label(page, element, parts[element])


def low_ceilings(page: House) -> list[Part]:
    """What hangs lower than the ceiling and has a name: a chandelier, a bulkhead."""
    return [part for part in page.parts if part.system == "ceiling" and part.name and not is_ceiling(page, part)]


def is_ceiling(page: House, part: Part) -> bool:
    """The ceiling itself, which a plan does not show."""
    room = sum(space.outline.area for space in page.scene.rooms)
    size = part.bounds[1] - part.bounds[0]
    return part.system == "ceiling" and room > 0 and bool(size[0] * size[1] > 0.8 * room)


def label(page: House, element: str, parts: list[Part]) -> None:
    system = parts[0].system
    solid = [part for part in parts if part.system == system and not is_sheet(part)] or parts
    words = called(page, element, solid)
    low = np.min([part.bounds[0] for part in solid], axis=0)
    high = np.max([part.bounds[1] for part in solid], axis=0)
    if system in ("light", "sound", "item", "table"):  # many and apart: the name goes to one of them
        each = [copy for part in solid for copy in vertices([part]).reshape(part.count, -1, 3)]
        one = max(each, key=lambda copy: float(copy[:, 0].max()))
        low, high = one.min(axis=0), one.max(axis=0)
    box = (*mm(*low[:2]), *mm(*high[:2]))
    wide, tall = (side * page.scale for side in lettering.size(words, 2.5))
    seated = any(row.element == element for row in page.scene.seat_rows)
    roomy = system in CLOSED and not seated and box[2] - box[0] > 1.3 * wide and box[3] - box[1] > 2.5 * tall
    style, spots = Style("foh" if system == "foh" else "note", "id"), list(around(box, page.scale))
    ways = [(within(box, page.scale), HEIGHT, None)] if roomy else []
    page.add(page.places.name(style, words, [*ways, (spots, 2.0, page.frame), (spots, 2.0, None)]))


def called(page: House, element: str, parts: Sequence[Part]) -> str:
    """An element's name, with its trim or its level."""
    words, origin = name_of(page.scene, element), page.scene.elements.get(element)
    hung = [float(part.bounds[0, 2]) for part in parts if part.system == "truss" and part.name != "tower"]
    if hung:
        return in_lines(f"{words}  TRIM {units.level(min(hung), page.units)}")
    if origin and origin.top > 0 and parts[0].system in ("stage", "platform"):
        return in_lines(f"{words}  {units.level(origin.top + float(origin.frame[2, 3]), page.units)}")
    return in_lines(words)


def _rank(system: str) -> int:
    return LABELLED.index(system) if system in LABELLED else len(LABELLED)
