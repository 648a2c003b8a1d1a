"""What section and elevation have in common: an upright plane that cuts, levels, heights and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.drawing._labels import Box, Places, Rows, Spot, around, within
from stagecraft.drawing._views import (
    WHOLE,
    fill_marks,
    floor_of,
    is_sheet,
    keep_hard,
    keep_lines,
    main_screen,
    mm,
    name_of,
    parts_of,
    path_marks,
    vertices,
)
from stagecraft.drawing.marks import Line, Mark, Point, Style
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, circles_of, hidden_lines, outline_paths, section_cut
from stagecraft.scene import Part, Scene, Screen, Space
from stagecraft.units import Units

GAP = 2e-3
"""Half the width of gaps between cut faces that are closed. [m]"""


class Plane(NamedTuple):
    """An upright cutting plane: what lies at w ≤ near is shown."""

    view: Floats
    near: float

    def flat(self, point: Floats) -> Point:
        """A point of the room on the drawing. [mm]"""
        u, v = self.view[:2] @ np.asarray(point, float)
        return mm(u, v)

    def beyond(self, points: Floats) -> Floats:
        """Those of (n, 3) points that lie beyond the plane."""
        return np.asarray(points[points @ self.view[2] <= self.near + 1e-9])


class Height(NamedTuple):
    z: float
    name: str
    at: Point
    """A point of the thing at that height, on the drawing. [mm]"""
    key: bool = True
    """One of the heights that are dimensioned."""


def solid_marks(parts: Sequence[Part], plane: Plane, places: Places) -> tuple[list[Mark], set[str]]:
    """Cut faces heavy and hatched, what lies beyond thin, hidden lines removed; and the elements that show."""
    import shapely

    drawn = [part for part in parts if not is_sheet(part)]
    solids = [Body(part.solid, part.transforms, (part.system, part.element), part.system in WHOLE) for part in drawn]
    marks: list[Mark] = []
    seen: set[str] = set()
    for path in hidden_lines(solids, *plane):
        assert isinstance(path.group, tuple)
        system, element = path.group
        seen.add(element)
        marks += path_marks([path], Style(system, "beyond"))
    keep_lines(places, marks)
    areas: dict[str, list[Any]] = {}
    circles = []
    for body, part in zip(solids, drawn):
        area = shapely.Polygon() if body.whole else section_cut(body, *plane)
        if not area.is_empty:
            seen.add(part.element)
            areas.setdefault(part.system, []).append(area)
            circles += circles_of(body, plane.view)
    for system, faces in areas.items():
        face = _closed(shapely.union_all(faces))
        outlines = list(path_marks(outline_paths(face, circles), Style(system, "cut")))
        keep_hard(places, outlines)
        marks += [*fill_marks(face, system, places.scale), *outlines]
    return marks, seen


def _closed(area: Any) -> Any:
    """An area without gaps narrower than a line is drawn; its outer edges stay where they are."""
    return area.buffer(GAP, join_style="mitre").buffer(-GAP, join_style="mitre")


def span(scene: Scene, plane: Plane) -> list[tuple[float, float, Space]]:
    """(from, to, room) along u where the plane runs through rooms. [m]"""
    import shapely

    across = plane.view[2, :2]
    foot = across * plane.near
    along = plane.view[0, :2]
    far = 1e5
    line = shapely.LineString([foot - far * along, foot + far * along])
    found = []
    for room in scene.rooms:
        inside = shapely.intersection(line, room.outline.polygon)
        for piece in shapely.get_parts(inside):
            u = shapely.get_coordinates(piece) @ along
            if len(u) > 1 and np.ptp(u) > 1e-6:
                found.append((float(u.min()), float(u.max()), room))
    return sorted(found, key=lambda f: f[:2])


def room_lines(scene: Scene, plane: Plane, places: Places) -> list[Mark]:
    """Floor and ceiling where the plane cuts them."""
    marks: list[Mark] = []
    cut = span(scene, plane)
    for low, high, room in cut:
        marks.append(Line(Style("ceiling", "cut"), (mm(low, room.ceiling), mm(high, room.ceiling))))
    floor = floor_of(scene)
    shown = plane.beyond(vertices(parts_of(scene))) @ plane.view[0]
    ends = [u for low, high, _ in cut for u in (low, high)] + (
        [float(shown.min()), float(shown.max())] if len(shown) else []
    )
    if ends:
        marks.append(Line(Style("wall", "cut"), (mm(min(ends) - 0.5, floor), mm(max(ends) + 0.5, floor))))
    keep_hard(places, marks)
    return marks


def heights(scene: Scene, plane: Plane, shown: Sequence[Part]) -> list[Height]:
    """Floor, stage, screen, trims and ceiling, as far as they are shown, lowest first."""
    floor = floor_of(scene)
    cut = span(scene, plane)
    u = cut[0][0] if cut else 0.0
    out = [Height(floor, "FLOOR", mm(u, floor))]
    names = {part.element for part in shown}
    floors = [part for part in shown if part.system in ("stage", "platform") or part.name in ("riser", "platform")]
    for element in dict.fromkeys(part.element for part in floors):
        origin = scene.elements.get(element)
        mine = [part for part in floors if part.element == element]
        points = plane.beyond(vertices(mine))
        if not len(points):
            continue
        top = float(points[:, 2].max())
        if origin is not None and origin.top > 0:
            top = origin.top + float(origin.frame[2, 3])
        name = name_of(scene, element) + (" TOP TIER" if mine[0].name == "tiers" else "")
        out.append(Height(top, name, _leftmost(points, plane, top), mine[0].system == "stage"))
    out += _slabs(scene, plane, shown)
    screen = main_screen(scene)
    if screen is not None and screen.element in names:
        corners = screen.facets.reshape(-1, 3)
        low, high = float(corners[:, 2].min()), float(corners[:, 2].max())
        name = name_of(scene, screen.element)
        out += [Height(low, f"{name} UNDERSIDE", _leftmost(corners, plane, low)),
                Height(high, f"{name} TOP", _leftmost(corners, plane, high))]  # fmt: skip
    for other in scene.of(Screen):
        if other.element in names and screen is not None and other.element != screen.element:
            corners, name = other.facets.reshape(-1, 3), name_of(scene, other.element)
            out += [Height(z, f"{name} {end}", _leftmost(corners, plane, z), False) for end, z in
                    (("UNDERSIDE", float(corners[:, 2].min())), ("TOP", float(corners[:, 2].max())))]  # fmt: skip
    for element in dict.fromkeys(part.element for part in shown if part.system == "truss" and part.name != "tower"):
        points = plane.beyond(vertices(part for part in shown if part.element == element and part.name != "tower"))
        if len(points):
            trim = float(points[:, 2].min())
            out.append(Height(trim, f"{name_of(scene, element)} TRIM", _leftmost(points, plane, trim)))
    out += [Height(room.ceiling, "CEILING", mm(low, room.ceiling)) for low, _, room in cut[:1]]
    return sorted(out, key=lambda height: height.z)


def _slabs(scene: Scene, plane: Plane, shown: Sequence[Part]) -> list[Height]:
    """Floor and underside of each balcony, underside of what hangs lower than the ceiling."""
    out: list[Height] = []
    for part in shown:
        points = plane.beyond(vertices([part]))
        if not len(points):
            continue
        low, high = float(points[:, 2].min()), float(points[:, 2].max())
        if part.name == "slab":
            name = name_of(scene, part.element)
            out.append(Height(high, f"{name} FLOOR", _leftmost(points, plane, high), False))
        elif part.system == "ceiling" and part.name:
            name = part.name.replace("_", " ").upper()
        else:
            continue
        out.append(Height(low, f"{name} UNDERSIDE", _leftmost(points, plane, low), False))
    return out


def _leftmost(points: Floats, plane: Plane, z: float) -> Point:
    """The point at height z nearest to the left of the drawing. [mm]"""
    at = points[np.abs(points[:, 2] - z) < 1e-6]
    return mm(float(((at if len(at) else points) @ plane.view[0]).min()), z)


def level_column(found: Iterable[Height], places: Places, x: float, way: float, system: Units) -> list[Mark]:
    """Levels in a column beside the drawing, those at one height on one line, spread so that none touches another."""
    style, scale = Style("datum"), places.scale
    shared: dict[float, list[str]] = {}
    for height in found:
        shared.setdefault(round(height.z * 1000, 3), []).append(height.name)
    marks: list[Mark] = []
    levels = sorted(shared)
    for z, y in zip(levels, spread(levels, 4.5 * scale)):
        a = 1.8 * scale
        tip, knee, end = (x + way * k * scale for k in (3, 5, 9))
        marks.append(Line(style, ((x, z), (tip, z), (knee, y), (end, y))))
        foot = (knee + end) / 2
        marks.append(Line(style, ((foot, y), (foot - a / 2, y + a * 0.8), (foot + a / 2, y + a * 0.8)), True))
        words = f"{units.level(z / 1000, system)}  {_listed(shared[z])}"
        spot = Spot(end + way * scale, y, "left" if way > 0 else "right", "middle")
        marks += places.put(style, words, [spot], mask=False)
    return marks


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places as near as can be (least squares) to those wanted, in order, none nearer than `gap` to the next."""
    groups: list[tuple[float, int]] = []  # (mean of wanted − k·gap, how many)
    for k, value in enumerate(wanted):
        mean, count = value - k * gap, 1
        while groups and groups[-1][0] >= mean:
            before, many = groups.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        groups.append((mean, count))
    means = [mean for mean, count in groups for _ in range(count)]
    return [mean + k * gap for k, mean in enumerate(means)]


def _listed(names: list[str]) -> str:
    """`T1, T2 TRIM` for `T1 TRIM` and `T2 TRIM`."""
    names = list(dict.fromkeys(names))
    if len(names) > 1 and all(name.endswith(" TRIM") for name in names):
        names = [", ".join(name.removesuffix(" TRIM") for name in names) + " TRIM"]
    return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")


def height_rows(rows: Rows, found: Sequence[Height]) -> list[Mark]:
    """Heights measured: a chain over floor, stage, screen and ceiling; trims from the floor; all of it."""
    floor = found[0]
    chain = [h for h in found if h.key and not h.name.endswith(" TRIM")]
    trims = list({round(h.z, 6): h for h in found if h.name.endswith(" TRIM")}.values())
    chain = list({round(h.z, 6): h for h in chain}.values())
    rows.add(*((a.at, b.at) for a, b in pairwise(chain)))
    for trim in trims[:4]:
        rows.add((floor.at, trim.at))
    if len(chain) > 2:
        rows.add((chain[0].at, chain[-1].at))
    return rows.marks()


NAMED = ("stage", "platform", "video", "truss", "set", "drape", "sound", "light", "foh", "camera", "table", "item")
"""Systems whose elements are named in section and elevation."""


def name_labels(scene: Scene, shown: Sequence[Part], plane: Plane, places: Places) -> list[Mark]:
    """Names of what is shown: inside what is large and closed, else beside it; inside the room where that can be."""
    marks: list[Mark] = []
    floor = floor_of(scene)
    rooms = np.array([(*mm(low, floor), *mm(high, room.ceiling)) for low, high, room in span(scene, plane)])
    inside: Box | None = None
    if len(rooms):
        inside = (*rooms[:, :2].min(axis=0).tolist(), *rooms[:, 2:].max(axis=0).tolist())
    done: set[tuple[str, Box]] = set()
    first = {part.element: part.system for part in reversed(shown)}
    for element in sorted((e for e in first if first[e] in NAMED), key=lambda e: NAMED.index(first[e])):
        mine = [p for p in shown if p.element == element and p.system == first[element] and not is_sheet(p)]
        box, spots = _spots(mine, plane, places)
        words = name_of(scene, element)
        if box is None or (words, box) in done:
            continue
        done.add((words, box))  # a twin behind the first is the same in the view
        style = Style("note", "id")
        marks += places.name(style, words, [(spots, 2.0, inside)])
    return marks


def _spots(parts: Sequence[Part], plane: Plane, places: Places) -> tuple[Box | None, list[Spot]]:
    """Box round parts in the view (round one copy, where they are many and apart), and where their name may stand."""
    points = plane.beyond(vertices(parts))
    if not len(points):
        return None, []
    if parts[0].system in ("light", "sound", "item"):
        each = [plane.beyond(copy) for part in parts for copy in vertices([part]).reshape(part.count, -1, 3)]
        points = max((copy for copy in each if len(copy)), key=lambda copy: float((copy @ plane.view[0]).max()))
    flat = np.round(points @ plane.view[:2].T * 1000, 3)
    (left, low), (right, high) = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
    box = (left, low, right, high)
    roomy = right - left > 25 * places.scale and high - low > 5 * places.scale
    inner: list[Spot] = []
    if roomy and parts[0].system == "stage":
        inner += within(box, places.scale)
    if roomy and parts[0].name == "tiers":  # low under the upper tiers, where the face is tall
        inner += [
            Spot(left + u * (right - left), low + v * (high - low)) for v in (0.2, 0.35) for u in (0.8, 0.65, 0.9)
        ]
    return box, [*inner, *around(box, places.scale)]
