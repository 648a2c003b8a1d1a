"""What section and elevation have in common: an upright plane that cuts, levels, heights and names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from stagecraft import units
from stagecraft.drawing._labels import Box, Places, Rows, Spot, around, dimension, text_box, within
from stagecraft.drawing._title import NOT_FOR_RIGGING
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
from stagecraft.drawing.draft import PLANS
from stagecraft.drawing.marks import Line, Mark, Point, Style, Text
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, Path, Sight, each_once, look, outline_paths, ovals_of, section_cut
from stagecraft.scene import Part, Pick, Scene, Screen, Seats, Space
from stagecraft.units import Units

GAP = 2e-3
"""Half the width of gaps between cut faces that are closed. [m]"""
FIRST = ("set", "stage", "platform", "stair", "rail", "video", "truss", "drape")
"""Where things stand flush, the line is drawn as the first one's."""
LAST = ("column", "ceiling", "wall")
"""The building comes after everything, where it is not cut."""
LARGE, HALF = 480.0, 240.0
"""A view longer than the first takes A1, and lower than the second it fills less than half of it. [paper mm]"""
HIDDEN = ("set", "stage", "platform", "stair")
"""Systems whose hidden edges are kept, on layers that are off."""


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


def solid_marks(
    scene: Scene, parts: Sequence[Part], plane: Plane, places: Places
) -> tuple[list[Mark], list[Mark], dict[str, float]]:
    """Cut faces heavy and hatched, what lies beyond thin; the edges that it hides; and how much shows of the elements that do.

    No line is drawn twice: not beyond the plane under a cut one, not by two things that stand flush.
    """
    found = _looked(scene, parts, plane)
    fills = [mark for system, face in found.faces.items() for mark in fill_marks(face, system, places.scale)]
    lines = [mark for path in found.cut for mark in path_marks([path], Style(_system(path), "cut"))]
    thin = [mark for path in found.beyond for mark in path_marks([path], Style(_system(path), "beyond"))]
    keep_hard(places, lines)
    keep_lines(places, thin)
    dashed = [mark for path in found.hidden for mark in path_marks([path], Style(_system(path), "unseen"))]
    return [*fills, *thin, *lines], [*dashed], dict(found.seen)


class _Looked(NamedTuple):
    """What stands beyond a plane, without a scale. [m]"""

    faces: dict[str, Any]
    """By its system, what is cut."""
    cut: list[Path]
    beyond: list[Path]
    hidden: list[Path]
    seen: dict[str, float]
    """Share of its edges that shows, of each element."""


_LOOKED: WeakKeyDictionary[Scene, dict[Any, _Looked]] = WeakKeyDictionary()


def _looked(scene: Scene, parts: Sequence[Part], plane: Plane) -> _Looked:
    """Looked at once for a scene: a view is drawn at more than one scale before a sheet is settled."""
    key = plane.view.tobytes(), plane.near, tuple(
        (part.element, part.system, part.solid, part.transforms.tobytes()) for part in parts
    )  # fmt: skip
    known = _LOOKED.setdefault(scene, {})
    if key not in known:
        known[key] = _look(scene, parts, plane)
    return known[key]


def _look(scene: Scene, parts: Sequence[Part], plane: Plane) -> _Looked:
    import shapely

    drawn = sorted((part for part in parts if not is_sheet(part)), key=lambda part: _rank(part.system))
    solids = [Body(part.solid, part.transforms, (part.system, ""), part.system in WHOLE) for part in drawn]
    sight = look(solids, *plane)
    seen = _shares(sight, [part.element for part in drawn])
    areas: dict[str, list[Any]] = {}
    ovals = []
    for body, part in zip(solids, drawn):
        area = shapely.Polygon() if body.whole else section_cut(body, *plane)
        if not area.is_empty:
            seen[part.element] = 1.0
            areas.setdefault(part.system, []).append(area)
            ovals += ovals_of(body, *plane)
    faces = {system: _closed(shapely.union_all(areas[system])) for system in sorted(areas, key=_cut_rank)}
    outlines = [path for system, face in faces.items() for path in outline_paths(face, ovals, (system, "face"))]
    cut = each_once([*outlines, *room_lines(scene, plane)])
    beyond = sight.paths(over=cut)
    some = [part.system in HIDDEN for part in drawn]
    hidden = sight.hidden_paths(some, [*cut, *beyond]) if any(some) else []
    return _Looked(faces, cut, beyond, hidden, seen)


def _shares(sight: Sight, elements: Sequence[str]) -> dict[str, float]:
    """Of the edges of each element that face the viewer, the share that is not hidden; of those that show at all."""
    run = np.hypot(*(sight.ends[:, 1, :2] - sight.ends[:, 0, :2]).T)
    count = len(elements)
    whole = np.bincount(sight.owner, run, count)
    shown = np.bincount(sight.owner[sight.edge], run[sight.edge] * (sight.span[:, 1] - sight.span[:, 0]), count)
    total: dict[str, list[float]] = {}
    for owner in np.unique(sight.owner[sight.edge]).tolist():
        total.setdefault(elements[owner], [0.0, 0.0])
    for owner, element in enumerate(elements):
        if element in total:
            total[element][0] += float(shown[owner])
            total[element][1] += float(whole[owner])
    return {element: part / max(of, 1e-9) for element, (part, of) in total.items()}


def _system(path: Path) -> str:
    assert isinstance(path.group, tuple)
    return str(path.group[0])


def _rank(system: str) -> int:
    """Whose line is drawn where things stand flush: the smaller."""
    if system in FIRST:
        return FIRST.index(system)
    return len(FIRST) + (1 + LAST.index(system) if system in LAST else 0)


def _cut_rank(system: str) -> int:
    """The same among cut faces: the building first."""
    return -1 if system in LAST else _rank(system)


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


def room_lines(scene: Scene, plane: Plane) -> list[Path]:
    """Floor and ceiling where the plane cuts them."""
    paths: list[Path] = []
    cut = span(scene, plane)
    for low, high, room in cut:
        paths.append(Path(("ceiling", "line"), np.array([(low, room.ceiling), (high, room.ceiling)])))
    floor = floor_of(scene)
    shown = plane.beyond(vertices(parts_of(scene))) @ plane.view[0]
    ends = [u for low, high, _ in cut for u in (low, high)] + (
        [float(shown.min()), float(shown.max())] if len(shown) else []
    )
    if ends:
        paths.append(Path(("wall", "line"), np.array([(min(ends) - 0.5, floor), (max(ends) + 0.5, floor)])))
    return paths


def heights(scene: Scene, plane: Plane, shown: Sequence[Part]) -> list[Height]:
    """Floor, stage, screen, trims and ceiling, as far as they are shown, lowest first."""
    floor = floor_of(scene)
    cut = span(scene, plane)
    u = cut[0][0] if cut else 0.0
    out = [Height(floor, "FLOOR (FFL)", mm(u, floor))]
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


def at_edge(found: Sequence[Height], u: float) -> list[Height]:
    """Heights shown at the edge of the drawing, so that no line of a dimension runs across it."""
    return [height._replace(at=(u, height.at[1])) for height in found]


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


NAMES, COARSE = (2.5, 2.0), 75
"""Heights of names, the first that has room [paper mm]; from the scale 1:n on the lower one alone."""
NAMED = ("stage", "platform", "video", "truss", "set", "drape", "sound", "light", "foh", "camera", "table", "item")
"""Systems whose elements are named in section and elevation."""


def name_labels(
    scene: Scene, shown: Sequence[Part], plane: Plane, places: Places, named: Collection[str] = NAMED,
    of: Collection[str] | None = None,
) -> list[Mark]:  # fmt: skip
    """Names of what is shown: inside what is large and closed, else beside it; inside the room where that can be.

    named : systems that have names; what else is shown is not to be taken for what they say
    of : elements that have names, where not all have
    """
    marks: list[Mark] = []
    floor = floor_of(scene)
    rooms = np.array([(*mm(low, floor), *mm(high, room.ceiling)) for low, high, room in span(scene, plane)])
    inside: Box | None = None
    if len(rooms):
        inside = (*rooms[:, :2].min(axis=0).tolist(), *rooms[:, 2:].max(axis=0).tolist())
    done: dict[tuple[str, Box], list[Spot]] = {}
    silent: list[tuple[str, Box]] = []
    tiers = set[tuple[str, Box]]()
    first = {part.element: part.system for part in reversed(shown)}
    for element in sorted((e for e in first if first[e] in NAMED), key=lambda e: NAMED.index(first[e])):
        mine = [p for p in shown if p.element == element and p.system == first[element] and not is_sheet(p)]
        box, spots = _spots(mine, plane, places)
        words = name_of(scene, element)
        if box is None:
            continue
        if mine[0].name == "tiers":  # a slope in a box: what stands before it is no part of it
            tiers.add((words, box))
        if first[element] in named and (of is None or element in of):
            done.setdefault((words, box), spots)  # a twin behind the first is the same in the view
        else:
            silent.append((words, box))
    tall = NAMES[places.scale > COARSE :]
    for (words, box), spots in done.items():
        others = [other for called, other in (*done, *silent) if called != words and not _within(box, other)]
        ways = [
            (_fair(spots, words, height, box, others, places.scale, (words, box) not in tiers), height, inside)
            for height in tall
        ]
        marks += places.name(Style("note", "id"), words, ways)
    return marks


def _fair(
    spots: Sequence[Spot], words: str, height: float, box: Box, others: Sequence[Box], scale: float, inner: bool
) -> list[Spot]:
    """Of the places for a name those where nobody takes it for that of another thing: on that, it has a leader."""

    def middle(spot: Spot) -> Point:
        low_left = text_box(Text(Style("note"), (spot.x, spot.y), words, height, 0.0, spot.align, spot.valign), scale)
        return (low_left[0] + low_left[2]) / 2, (low_left[1] + low_left[3]) / 2

    found = [
        spot for spot in spots
        if spot.tip is not None or (inner and _holds(box, middle(spot)))
        or not any(_holds(other, middle(spot)) for other in others)
    ]  # fmt: skip
    return found or list(spots)


def _holds(box: Box, at: Point) -> bool:
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


def _within(inner: Box, outer: Box) -> bool:
    return _holds(outer, inner[:2]) and _holds(outer, inner[2:])


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
    blank = parts[0].system == "video" and sum(part.count for part in parts) == 1
    if roomy and (parts[0].system == "stage" or blank):
        inner += within(box, places.scale)
    if roomy and parts[0].name == "tiers":  # low under the upper tiers, where the face is tall
        inner += [
            Spot(left + u * (right - left), low + v * (high - low)) for v in (0.2, 0.35) for u in (0.8, 0.65, 0.9)
        ]
    return box, [*inner, *around(box, places.scale)]


def headroom(scene: Scene, seats: Seats, plane: Plane, places: Places) -> list[Mark]:
    """The least height between the floor of these places and a balcony over them, measured there."""
    import shapely

    best: tuple[float, Floats] | None = None
    for part in parts_of(scene):
        if part.name != "slab" or not len(seats):
            continue
        over = shapely.contains(shapely.union_all(part.plans()), shapely.points(seats.at[:, :2]))
        under = float(part.bounds[0, 2])
        room = np.where(over & (seats.at[:, 2] < under), under - seats.at[:, 2], np.inf)
        k = int(np.argmin(room))
        if np.isfinite(room[k]) and (best is None or room[k] < best[0]):
            best = float(room[k]), seats.at[k]
    if best is None:
        return []
    foot = plane.flat(best[1])
    top = (foot[0], round(foot[1] + best[0] * 1000, 4))
    return [dimension(places, foot, top, foot[0], 90, scene.about.units)]


def warning_of(scene: Scene) -> str:
    """What stands over the title block of a sheet that shows rigging."""
    rigged = bool(scene.of(Pick)) or any(part.system == "truss" for part in scene.parts)
    return NOT_FOR_RIGGING if rigged else ""


def scales_of(scene: Scene, across: Literal[0, 1], over: int = 1) -> tuple[float, ...]:
    """Scales for an upright view as long as the scene is in x (0) or y (1), so many over one another.

    The finest are left out where they take a large sheet to leave half of it empty.
    """
    low, high = scene.bounds
    long, tall = 1000 * float(high[across] - low[across]), 1000 * float(high[2] - low[2])
    return tuple(s for s in PLANS if s > 100 or long / s <= LARGE or over * tall / s >= HALF)
