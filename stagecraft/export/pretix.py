"""pretix seating plan: the seats that can be sold, for its upload; its own rules and those that its schema leaves out.

Source: pretix release 2026.8.0, static/seating/seating-plan.schema.json; base/models/seating.py for what is refused later.
Only what all readers draw alike is written: zones at (0, 0), every row with a position, areas always there, polygons in
the zone's coordinates. A held place stays in the plan, where a quota holds it; a killed one is never sold and is left out.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO

import numpy as np

from stagecraft.drawing._views import name_of, parts_of, upper_seats
from stagecraft.errors import Problem, VenueError
from stagecraft.export.write import save
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene, Screen, Seats, Space
from stagecraft.schedules.house import guids, on_sale, sold_as

SCALE = 50
"""Pixels of a metre: half a metre from seat to seat is 25, as in the plans of public generators."""
MOST_SCALE = 400
LEAST_RADIUS = 8
"""Seats that would be drawn smaller get a larger scale. [px]"""
MOST_RADIUS = 0.3
"""Of a seat, however wide its place. [m]"""
SHARE = 0.45
"""A seat's radius is no more than this part of the way to its neighbour."""
MARGIN = 1.2
"""Round what is drawn. [m]"""
BETWEEN = 2.0
"""Between the house and the balcony that is drawn behind it. [m]"""
MOST_TEXT = 190
"""Characters of a text column."""
MOST = 10_000
"""Zones, rows of a zone, seats of a row, and labels that are numbers, are fewer: pretix sorts by them."""
FLAT = 0.3
"""Depth at which an LED wall is drawn. [m]"""

_SPACE = uuid.UUID("7b0a4b5e-3c57-5d0e-9f0e-0c6f5a1d2e11")
COLOURS = ("#3b7dd8", "#e0a100", "#7a4fbf", "#d2453b", "#2f9e83", "#b8568f", "#6b8e23", "#8c6239", "#4a5a78", "#d9782d")
WHEELCHAIR, COMPANION = "#1b4f9c", "#6fa8dc"


@dataclass(frozen=True, eq=False)
class Layout:
    """Where places and things lie on the plan, in pixels, y down."""

    seats: Seats
    scale: float
    """Pixels of a metre."""
    origin: tuple[float, float]
    """The venue's origin on the plan. [px]"""
    at: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    """(n, 2) seats."""
    radius: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    areas: tuple[tuple[str, str, Any], ...]
    """Kind, words and (k, 2) corners [px]; of a round table, (1, 3): middle and radius."""
    size: tuple[int, int]
    behind: tuple[str, ...]
    """Elements drawn behind the house, as they stand above it."""


def layout(scene: Scene, scale: int | None = None, killed: bool = False) -> Layout:
    """The plan in whole pixels: so many a metre, or 50, or more where seats would come too near to one another.

    killed : with the places that are not sold
    """
    seats = on_sale(scene, killed)
    metres = seats.at[:, :2].copy()
    upper = upper_seats(seats) if len(seats) else np.zeros(0, np.bool_)
    shapes = [(kind, name_of(scene, element) if element else "", corners) for kind, element, corners in _things(scene)]
    rest = [corners[:, :2] for _, _, corners in shapes]
    if upper.any():
        lowest = min(p[:, 1].min() for p in (metres[~upper], *rest) if len(p))
        metres[upper, 1] -= metres[upper, 1].max() - lowest + BETWEEN
    nearest = _nearest(metres)
    if scale is None:
        least = max(SHARE * float(nearest.min(initial=np.inf)), LEAST_RADIUS / MOST_SCALE)
        scale = max(SCALE, int(np.ceil(LEAST_RADIUS / least - 1e-6)))
    margin = round(MARGIN * scale)
    every = np.concatenate([metres, *rest, *([np.zeros((1, 2))] if not len(metres) and not rest else [])])
    low, high = every.min(axis=0), every.max(axis=0)
    origin = (round(-low[0] * scale) + margin, round(high[1] * scale) + margin)

    def pixels(p: Floats) -> Any:
        exact = np.c_[origin[0] + scale * p[:, 0], origin[1] - scale * p[:, 1]]
        return np.floor(exact + 0.5 + 1e-6).astype(np.int64)  # halves one way: equal spacings stay equal

    radius = np.floor(np.minimum(0.4 * seats.width, SHARE * nearest) * scale + 1e-6)
    areas = tuple(
        (kind, words, np.array([[*pixels(corners)[0], round(corners[0, 2] * scale)]]) if corners.shape[1] == 3 else pixels(corners))
        for kind, words, corners in shapes
    )  # fmt: skip
    size = pixels(np.array([[high[0], low[1]]]))[0] + margin
    return Layout(
        seats, scale, origin, pixels(metres), np.clip(radius, 2, MOST_RADIUS * scale).astype(np.int64), areas,
        (int(size[0]), int(size[1])), tuple(dict.fromkeys(seats.element[upper].tolist())),
    )  # fmt: skip


def _nearest(at: Floats) -> Floats:
    """(n,) way to the nearest other place, those at the same spot left out. [m]"""
    import shapely

    out = np.full(len(at), np.inf)
    points = shapely.points(at)
    (one, _), away = shapely.STRtree(points).query_nearest(
        points, return_distance=True, all_matches=False, exclusive=True
    )
    out[one] = away
    return out


def _things(scene: Scene) -> Iterator[tuple[str, str, Floats]]:
    """What a guest looks for on a plan: stages, standing areas, screens, front of house, tables."""
    import shapely

    for space in scene.of(Space):
        if space.use == "stage":
            yield "stage", space.element, np.asarray(space.outline.outer.points)
        elif space.use == "standing":
            yield "standing", space.element, np.asarray(space.outline.outer.points)
    for screen in scene.of(Screen):
        if screen.kind == "led":
            line = np.concatenate([screen.facets[:, 0, :2], screen.facets[-1:, 1, :2]])
            strip = shapely.LineString(line).buffer(FLAT / 2, cap_style="flat", join_style="mitre")
            yield "screen", screen.element, shapely.get_coordinates(strip.exterior)[:-1]
    desks: dict[str, list[Floats]] = {}
    seated = set(scene.seats.element[scene.seats.at_table].tolist())
    for part in parts_of(scene):
        if part.system == "foh":
            desks.setdefault(part.element, []).extend(solid.vertices[:, :2] for solid in part.solids())
        elif part.system == "table" and (part.tags or part.element in seated):
            flat = part.solid.vertices[:, :2]
            reach = np.linalg.norm(flat, axis=1)
            hull = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(flat)))[:-1]
            round_ = len(hull) > 12 and np.ptp(np.linalg.norm(hull, axis=1)) < 1e-3 * reach.max()
            for matrix in part.transforms:
                if round_:
                    yield "table", "", np.array([[matrix[0, 3], matrix[1, 3], reach.max()]])
                else:
                    yield "table", "", hull @ matrix[:2, :2].T + matrix[:2, 3]
    for element, found in desks.items():
        hull = shapely.convex_hull(shapely.multipoints(np.concatenate(found)))
        if hull.geom_type == "Polygon":
            yield "foh", element, shapely.get_coordinates(hull)[:-1]


_LOOK = {
    "stage": ("#d8d8d8", "#777777"), "standing": ("#e8f0e4", "#7a9a6a"), "screen": ("#333333", "#333333"),
    "foh": ("#efe9dc", "#a39468"), "table": ("#f4f1ea", "#b0a690"),
}  # fmt: skip
"""Fill and border of each kind of area."""
_WORDS = {"stage": "STAGE", "standing": "STANDING", "screen": "", "foh": "FOH", "table": ""}


def pretix(scene: Scene) -> dict[str, Any]:
    """The seating plan that pretix takes; every seat by its permanent id, which an issue never changes."""
    laid = layout(scene)
    seats = laid.seats
    known, kinds = guids(seats, scene).tolist(), sold_as(seats)
    at_table = np.isin(seats.rank, scene.seats.rank[scene.seats.at_table])
    zones: list[dict[str, Any]] = []
    lines = zip(seats.block.tolist(), seats.row.tolist(), range(len(seats)))
    for block, of_block in groupby(lines, key=lambda line: line[0]):
        rows = [
            _row(block, row, [k for _, _, k in members], laid, known, kinds, at_table)
            for row, members in groupby(of_block, key=lambda line: line[1])
        ]
        zones.append(_zone(block, rows))
    if not zones:
        zones.append(_zone(scene.about.name or "Venue", []))
    zones[0]["areas"] = list(_areas(laid))
    colours = category_colours(seats, kinds.tolist())
    width, height = laid.size
    return {
        "name": " ".join(part for part in (scene.about.name, scene.about.setup) if part) or "Venue",
        "categories": [{"name": name, "color": colour} for name, colour in colours.items()],
        "size": {"width": width, "height": height},
        "zones": zones,
    }


def category_colours(seats: Seats, kinds: Sequence[str]) -> dict[str, str]:
    """Colour of each category sold: the dearest first where there are prices, else as they come from the stage on."""
    price: dict[str, float] = {}
    place: dict[str, str] = {}
    for kind, worth, sort in zip(kinds, seats.price.tolist(), seats.place.tolist()):
        if kind not in price:
            price[kind], place[kind] = (worth if worth == worth else 0.0), sort
    ordered = sorted(price, key=lambda kind: (place[kind] in ("wheelchair", "companion"), -price[kind]))
    plain = iter(COLOURS * (1 + len(ordered) // len(COLOURS)))
    own = {"wheelchair": WHEELCHAIR, "companion": COMPANION}
    return {kind: own.get(place[kind]) or next(plain) for kind in ordered}


def _uuid(*words: str) -> str:
    return str(uuid.uuid5(_SPACE, "\n".join(words)))


def _zone(block: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": block, "zone_id": block, "uuid": _uuid("zone", block), "position": {"x": 0, "y": 0}, "areas": [], "rows": rows,
    }  # fmt: skip


def _row(
    block: str, row: str, members: list[int], laid: Layout, known: list[str], kinds: Any, at_table: Any
) -> dict[str, Any]:
    seats = laid.seats
    at = laid.at[members]
    corner = at.min(axis=0)
    table = bool(at_table[members].all())
    places = [
        {
            "seat_guid": known[k], "seat_number": number, "uuid": _uuid("seat", known[k]), "radius": radius,
            "position": {"x": x, "y": y}, "category": kind,
        }
        for k, number, radius, (x, y), kind in zip(
            members, seats.seat[members].tolist(), laid.radius[members].tolist(), (at - corner).tolist(), kinds[members].tolist()
        )
    ]  # fmt: skip
    return {
        "row_number": row, "row_label": "Table %s" if table else "Row %s", "seat_label": "Seat %s",
        "uuid": _uuid("row", block, row), "row_number_position": None if table else "both",
        "position": {"x": int(corner[0]), "y": int(corner[1])}, "seats": places,
    }  # fmt: skip


def _areas(laid: Layout) -> Iterator[dict[str, Any]]:
    """What stands in the room, tables last: a later area lies over an earlier one."""
    for n, (kind, name, corners) in enumerate(laid.areas):
        colour, border = _LOOK[kind]
        area: dict[str, Any] = {"uuid": _uuid("area", str(n)), "rotation": 0, "color": colour, "border_color": border}
        if corners.shape[1] == 3:
            x, y, radius = corners[0].tolist()
            yield area | {"shape": "circle", "position": {"x": x, "y": y}, "circle": {"radius": radius}}
            continue
        area |= {
            "shape": "polygon", "position": {"x": 0, "y": 0},
            "polygon": {"points": [{"x": x, "y": y} for x, y in corners.tolist()]},
        }  # fmt: skip
        if words := area_words(kind, name):
            x, y = middle(corners)
            area["text"] = {"text": words, "position": {"x": x, "y": y}, "color": "#333333", "size": 20}
        yield area


def area_words(kind: str, name: str) -> str:
    """What stands written in an area."""
    return _WORDS[kind] if kind != "standing" else f"{_WORDS[kind]} {name}".strip()


def middle(corners: Any) -> tuple[int, int]:
    """A point well within an area."""
    import shapely

    shape = shapely.Polygon(corners)
    point = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return (round(point.x), round(point.y)) if not point.is_empty else (int(corners[0][0]), int(corners[0][1]))


def write_pretix(scene: Scene, path: str | os.PathLike[str] | BinaryIO) -> None:
    """The plan as a file. Raises VenueError where pretix would not take it."""
    save_plan(pretix(scene), path)


def save_plan(plan: Mapping[str, Any], path: str | os.PathLike[str] | BinaryIO) -> None:
    """A plan as a file. Raises VenueError where pretix would not take it."""
    if wrong := pretix_problems(plan):
        raise VenueError(wrong)
    save(text_of(plan), path)


def text_of(plan: Mapping[str, Any]) -> bytes:
    """A plan as text, a seat a line."""
    text = json.dumps(plan, ensure_ascii=False, separators=(",", ":"))
    return (text.replace(',{"seat_guid"', ',\n{"seat_guid"') + "\n").encode("utf-8")


# --- what pretix would not take

_Spec = dict[str, tuple[str, bool]]
_PLAN: _Spec = {"name": ("name", True), "categories": ("list", True), "size": ("size", True), "zones": ("list", True)}
_SIZE: _Spec = {"width": ("whole", True), "height": ("whole", True)}
_CATEGORY: _Spec = {"name": ("name", True), "color": ("text", False)}
_ZONE: _Spec = {"name": ("name", True), "zone_id": ("text", False), "uuid": ("text", False), "position": ("position", True),
                "rows": ("list", True), "areas": ("list", True)}  # fmt: skip
_ROW: _Spec = {"row_number": ("name", True), "row_label": ("label", False), "seat_label": ("label", False),
               "uuid": ("text", False), "row_number_position": ("side", False), "position": ("position", True),
               "seats": ("list", True)}  # fmt: skip
_SEAT: _Spec = {"seat_guid": ("name", True), "seat_number": ("name", True), "uuid": ("text", False), "radius": ("number", False),
                "start_direction": ("direction", False), "position": ("position", True), "category": ("name", True)}  # fmt: skip
_AREA: _Spec = {"uuid": ("text", False), "shape": ("shape", True), "position": ("position", True), "rotation": ("number", False),
                "color": ("text", False), "border_color": ("text", False), "rectangle": ("rectangle", False),
                "circle": ("circle", False), "ellipse": ("ellipse", False), "polygon": ("polygon", False),
                "text": ("words", False)}  # fmt: skip
_POSITION: _Spec = {"x": ("whole", True), "y": ("whole", True)}
_INNER: dict[str, _Spec] = {
    "size": _SIZE, "position": _POSITION, "rectangle": {"width": ("number", True), "height": ("number", True)},
    "circle": {"radius": ("number", True)}, "ellipse": {"radius": ("position", True)}, "polygon": {"points": ("list", True)},
    "words": {"text": ("name", True), "position": ("position", True), "color": ("text", False), "size": ("number", False)},
}  # fmt: skip
_CHOICES: dict[str, tuple[Any, ...]] = {
    "side": ("start", "end", "both", None), "direction": ("<", ">", "<>", None),
    "shape": ("polygon", "rectangle", "ellipse", "circle", "text"),
}  # fmt: skip
_PADDED = re.compile(r"^\s|\s$")


def pretix_problems(plan: Any) -> list[Problem]:
    """Everything for which pretix, or a shop that reads its plans, would refuse a plan or lose a seat.

    The schema, and what it leaves out: ids and names given twice, categories that are not listed, texts too long for their
    column, rows and labels too many to be sorted, seats off the plan.
    """
    return list(_wrong(plan))


def _wrong(plan: Any) -> Iterator[Problem]:
    yield from _object(plan, _PLAN, "plan")
    if not isinstance(plan, dict):
        return
    categories = _list(plan, "categories")
    for n, category in enumerate(categories, 1):
        yield from _object(category, _CATEGORY, f"category {n}")
    names = [c["name"] for c in categories if isinstance(c, dict) and isinstance(c.get("name"), str)]
    yield from (Problem("is listed twice: one category has one name", f"category '{n}'") for n in _twice(names))
    zones = _list(plan, "zones")
    if not zones:
        yield Problem("the plan has no zones: it needs one at least", "plan")
    yield from _too_many(len(zones), "zones", "plan")
    called = [z["name"] for z in zones if isinstance(z, dict) and isinstance(z.get("name"), str)]
    yield from (Problem("two zones have this name: rows of both would be one", f"zone '{n}'") for n in _twice(called))
    seen: dict[str, str] = {}
    uuids: dict[str, str] = {}
    size = plan.get("size")
    edge = (size.get("width"), size.get("height")) if isinstance(size, dict) else (None, None)
    ends = tuple(e if _is_number(e) else None for e in edge)
    for n, zone in enumerate(zones, 1):
        where = (
            f"zone '{zone['name']}'" if isinstance(zone, dict) and isinstance(zone.get("name"), str) else f"zone {n}"
        )
        yield from _object(zone, _ZONE, where)
        if isinstance(zone, dict):
            yield from _once(zone.get("uuid"), where, uuids, "uuid")
            yield from _zone_wrong(zone, where, set(names), ends, seen, uuids)


def _zone_wrong(
    zone: dict[str, Any], where: str, names: set[str], ends: tuple[Any, ...], seen: dict[str, str], uuids: dict[str, str]
) -> Iterator[Problem]:  # fmt: skip
    for n, area in enumerate(_list(zone, "areas"), 1):
        place = f"{where}, area {n}"
        yield from _object(area, _AREA, place)
        if isinstance(area, dict):
            yield from _once(area.get("uuid"), place, uuids, "uuid")
            shape = area.get("shape")
            if shape in ("polygon", "rectangle", "ellipse", "circle", "text") and shape not in area:
                yield Problem(f"is a {shape} without its '{shape}'", place)
            for point in _list(area.get("polygon"), "points"):
                yield from _object(point, _POSITION, place)
    rows = _list(zone, "rows")
    yield from _too_many(len(rows), "rows", where)
    labels = [r["row_number"] for r in rows if isinstance(r, dict) and isinstance(r.get("row_number"), str)]
    yield from (Problem("two rows of the zone have this label", f"{where}, row '{label}'") for label in _twice(labels))
    for n, row in enumerate(rows, 1):
        known = isinstance(row, dict) and isinstance(row.get("row_number"), str)
        place = f"{where}, row '{row['row_number']}'" if known else f"{where}, row {n}"
        yield from _object(row, _ROW, place)
        if not isinstance(row, dict):
            continue
        yield from _once(row.get("uuid"), place, uuids, "uuid")
        yield from _sorted_by(row.get("row_number"), place)
        yield from _written_out(row, place)
        seats = _list(row, "seats")
        yield from _too_many(len(seats), "seats", place)
        numbers = [s["seat_number"] for s in seats if isinstance(s, dict) and isinstance(s.get("seat_number"), str)]
        if twice := _twice(numbers):
            more = f" and {len(twice) - 5} more" if len(twice) > 5 else ""
            yield Problem(
                f"given twice: seat {', '.join(twice[:5])}{more}; a label belongs to one seat of a row", place
            )
        base = np.array(_xy(zone)) + _xy(row)
        for k, seat in enumerate(seats, 1):
            of = (
                f"{place}, seat '{seat['seat_number']}'"
                if isinstance(seat, dict) and "seat_number" in seat
                else f"{place}, seat {k}"
            )
            yield from _object(seat, _SEAT, of)
            if isinstance(seat, dict):
                yield from _seat_wrong(seat, of, names, ends, float(base[0]), float(base[1]), seen, uuids)


def _seat_wrong(
    seat: dict[str, Any], where: str, names: set[str], ends: tuple[Any, ...], x: float, y: float, seen: dict[str, str],
    uuids: dict[str, str],
) -> Iterator[Problem]:  # fmt: skip
    guid, category = seat.get("seat_guid"), seat.get("category")
    if isinstance(guid, str):
        if len(guid) == 1:
            yield Problem(f"seat_guid '{guid}' has one character: pretix asks for two", where)
        if _PADDED.search(guid):
            yield Problem(f"seat_guid '{guid}' begins or ends with a space: take it away", where)
        yield from _once(guid, where, seen, "seat_guid")
    yield from _once(seat.get("uuid"), where, uuids, "uuid")
    if isinstance(category, str) and category and category not in names:
        yield Problem(f"category '{category}' is not among the plan's categories: nobody could buy the seat", where)
    yield from _sorted_by(seat.get("seat_number"), where)
    own = _xy(seat)
    for name, value, end in (("x", x + own[0], ends[0]), ("y", y + own[1], ends[1])):
        if value < 0 or (end is not None and value > end):
            yield Problem(f"lies at {name} {value:g}, outside the plan, which goes from 0 to {end}", where)


def _object(value: Any, spec: _Spec, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(f"{_shown(value)} is no object with {', '.join(spec)}", where)
        return
    for key in value:
        if key not in spec:
            yield Problem(f"'{key}' is unknown to pretix, which refuses the file for it", where)
    for key, (kind, needed) in spec.items():
        if key not in value:
            if needed:
                yield Problem(f"has no {key}: write it always", where)
            continue
        if kind in _INNER:
            yield from _object(value[key], _INNER[kind], f"{where}, {key}")
        elif words := _kind_wrong(value[key], kind):
            yield Problem(f"{key} {words}", where)


def _kind_wrong(value: Any, kind: str) -> str:
    """What is wrong with a value, in words; nothing where it is right."""
    if kind == "whole":
        return "" if isinstance(value, int) and not isinstance(value, bool) else f"{_shown(value)} is no whole number"
    if kind == "number":
        return "" if _is_number(value) else f"{_shown(value)} is no number"
    if kind == "list":
        return "" if isinstance(value, list) else f"{_shown(value)} is no list"
    if kind in _CHOICES:
        if isinstance(value, (str, type(None))) and value in _CHOICES[kind]:
            return ""
        return f"{_shown(value)} is not one of {', '.join(str(one) for one in _CHOICES[kind])}"
    if kind == "label" and value is None:
        return ""
    if not isinstance(value, str):
        return f"{_shown(value)} is no text: put it in quotes"
    if len(value) > MOST_TEXT:
        return f"'{value[:30]}…' has {len(value)} characters; {MOST_TEXT} fit"
    return "is empty" if kind == "name" and not value.strip() else ""


def _sorted_by(label: Any, where: str) -> Iterator[Problem]:
    if isinstance(label, str) and label.isdecimal() and int(label[:12]) >= MOST:
        yield Problem(f"the label {label} is a number of {MOST} or more: pretix would sort it into the next row", where)


def _written_out(row: dict[str, Any], where: str) -> Iterator[Problem]:
    """`Row %s` with the row's label in it must fit its column too."""
    label, number = row.get("row_label"), row.get("row_number")
    if isinstance(label, str) and isinstance(number, str) and max(len(label), len(number)) <= MOST_TEXT:
        long = len(label.replace("%s", number))
        if long > MOST_TEXT:
            yield Problem(f"row_label with the row's own in it has {long} characters; {MOST_TEXT} fit", where)


def _too_many(count: int, what: str, where: str) -> Iterator[Problem]:
    if count >= MOST:
        yield Problem(f"has {count} {what}; pretix sorts fewer than {MOST}: divide it", where)


def _once(value: Any, where: str, seen: dict[str, str], what: str) -> Iterator[Problem]:
    if isinstance(value, str):
        if value in seen:
            yield Problem(f"{what} '{value}' is already that of {seen[value]}", where)
        seen.setdefault(value, where)


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _xy(value: dict[str, Any]) -> tuple[float, float]:
    at = value.get("position")
    x, y = (float(at[key]) if isinstance(at, dict) and _is_number(at.get(key)) else 0.0 for key in ("x", "y"))
    return x, y


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:40] if not isinstance(value, float) else f"{value!r}"


# --- against an earlier plan


@dataclass(frozen=True)
class Issue:
    """What an issue of a plan changes for a shop that sells from an earlier one."""

    vanished: tuple[str, ...]
    """Seat guids of the earlier plan that are in this one no more, as there."""
    new: tuple[str, ...]
    moved: int
    """Seats whose category is another now."""
    labelled: int
    """Seats whose zone, row or number is another now: tickets that were sent say the old one."""
    kept: int
    """Seats that both have."""


def against(plan: Mapping[str, Any], earlier: Mapping[str, Any]) -> Issue:
    """What changes from an earlier plan to this one. Once sales began pretix takes no plan without a seat that is sold."""
    now, before = _seats_of(plan), _seats_of(earlier)
    both = [guid for guid in now if guid in before]
    return Issue(
        tuple(guid for guid in before if guid not in now),
        tuple(guid for guid in now if guid not in before),
        sum(now[guid][0] != before[guid][0] for guid in both),
        sum(now[guid][1:] != before[guid][1:] for guid in both),
        len(both),
    )


def _seats_of(plan: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """seat_guid → category, zone, row and number."""
    return {
        str(seat["seat_guid"]): tuple(
            str(of.get(key, ""))
            for of, key in ((seat, "category"), (zone, "name"), (row, "row_number"), (seat, "seat_number"))
        )
        for zone in _list(plan, "zones") for row in _list(zone, "rows") for seat in _list(row, "seats")
        if isinstance(seat, dict) and "seat_guid" in seat
    }  # fmt: skip


def read_plan(data: bytes, name: str) -> dict[str, Any]:
    """A seating plan that was issued before, from a file. Raises VenueError where it is none, or names no seats."""
    try:
        plan = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise VenueError(f"'{name}' is no JSON: name a seating plan as pretix or stagecraft wrote it") from None
    if not isinstance(plan, dict) or not isinstance(plan.get("zones"), list):
        raise VenueError(f"'{name}' is no seating plan: it has no zones")
    if not _seats_of(plan):
        raise VenueError(f"'{name}' has no seats with a seat_guid: there is nothing to compare with")
    return plan
