"""Words of the plan: every element's name once, and the clear widths of gangways."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import ABOVE, DIMENSION, HEIGHT, Spot, around, text_box, within
from stagecraft.drawing._views import ARCHITECTURE, is_sheet, mm, name_of, vertices
from stagecraft.drawing.marks import Dimension, Mark, Style, Text
from stagecraft.scene import Note, Part, Walkway

CLOSED = ("stage", "platform", "foh", "set")
"""Systems whose name may stand inside them."""
LABELLED = ("stage", "platform", "foh", "video", "truss", "stair", "set", "camera", "drape")
"""Systems whose elements are named first."""


def gangways(page: House) -> None:
    """Clear widths, where there is room for them."""
    for way in page.scene.of(Walkway):
        if way.kind not in ("gangway", "cross_gangway") or len(way.line) < 2:
            continue
        mark = width_of(page, way)
        if mark is not None:
            page.add([mark])


def width_of(page: House, way: Walkway) -> Mark | None:
    line = way.line[:, :2]
    run = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.r_[0.0, np.cumsum(run)]
    words = units.drawn(way.width, page.units)
    if lettering.width(words) * page.scale > way.width * 1000:
        return None
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0.0, 1.0):
        s = share * along[-1]
        k = min(int(np.searchsorted(along, s, side="right")) - 1, len(run) - 1)
        if run[k] <= 0:
            continue
        direction = (line[k + 1] - line[k]) / run[k]
        middle = line[k] + direction * (s - along[k])
        across = np.array([direction[1], -direction[0]])
        turn = math.degrees(math.atan2(across[1], across[0]))
        turn = turn - 180 if turn > 90 + 1e-9 else turn + 180 if turn <= -90 + 1e-9 else turn
        up = np.array([-math.sin(math.radians(turn)), math.cos(math.radians(turn))])
        text_at = mm(*(middle + up * ABOVE * page.scale / 1000))
        room = text_box(Text(Style("dims"), text_at, words, HEIGHT, turn, "centre", "middle"), page.scale)
        if page.places.free(room):
            page.places.take(room)
            a, b = (mm(*(middle + side * way.width / 2 * across)) for side in (-1, 1))
            return Dimension(DIMENSION, a, b, a, text_at, round(turn, 9) + 0.0)
    return None


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
        return f"{words}  TRIM {units.level(min(hung), page.units)}"
    if origin and origin.top > 0 and parts[0].system in ("stage", "platform"):
        return f"{words}  {units.level(origin.top + float(origin.frame[2, 3]), page.units)}"
    return words


def _rank(system: str) -> int:
    return LABELLED.index(system) if system in LABELLED else len(LABELLED)
