"""The capacity chart of a room, as venues publish it: the most that it takes in every style, and what it takes in use."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.build import build
from stagecraft.design.fill import BANDS, STYLES, Filled, Given, fill, most_places
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats, frame
from stagecraft.scene import Door, KeepClear, Part, Scene, Space
from stagecraft.schedules.table import Column, Table
from stagecraft.venue.document import Venue

HOUSE = ("room", "exit_sign", "fire_point", "keep_clear", "proscenium", "balcony", "text", "underlay")
"""What belongs to the house and stands in an empty room too."""
IN_USE = ("theatre", "classroom", "cabaret", "banquet", "reception")
"""Styles that play to a stage."""
USUAL = Given(width=0.55, pitch=0.95, front=2.5, density=1.4, words="as usual")
"""Chairs, rows, the first row, and people who stand on a square metre where the room need not be full. Source: house
figures; the last is what published receptions come to beside a stage."""


@dataclass(frozen=True)
class Furniture:
    """What stands in a room in use. [m]"""

    guests: float
    """For up to so many."""
    stage: tuple[float, float, float]
    """Width, depth, height."""
    behind: float
    """Between the stage and the wall behind."""
    foh: tuple[float, float]
    """Width and depth."""


USUALLY = (
    Furniture(150, (3.6, 2.4, 0.4), 0.6, (2.4, 2.4)),
    Furniture(400, (6.0, 2.4, 0.6), 0.9, (2.4, 2.4)),
    Furniture(1000, (12.0, 4.8, 0.9), 1.5, (3.7, 3.0)),
    Furniture(math.inf, (21.6, 9.6, 1.2), 4.0, (3.7, 3.0)),
)
"""Source: heights from event planning guides for ballrooms; FOH from FOH Magazine, 8 × 8 ft to 12 × 10 ft; stages in decks
of 1.2 m and what is behind them are house figures."""
GUEST = 1.05
"""Floor area a guest in theatre style, the median of published rooms: what the stage is sized for. [m²]"""
LOW = 2.4
"""A room for people that is lower is likely a slip of the pen. [m]"""
YARD = 0.9144**2
"""[m²]"""
_NEAR = 0.03
"""By such a part may an area that somebody states differ from what is drawn."""
_TURNS = (0.0, 90.0, 180.0, -90.0)


@dataclass(frozen=True)
class Line:
    """One style in one room."""

    room: str
    style: str
    most: Filled | None
    """Of the empty room; None where no place fits."""
    used: Filled | None
    """With a stage, FOH and usual spacing."""


def capacity_chart(
    venue: Venue, rules: Sequence[str] = (), setup: str | None = None, stated: Mapping[str, float] | None = None
) -> Table:
    """How many places every room of a venue takes: a line for every style, or for every room where there are several.

    rules : rule sets to go by; the venue's own where none is given
    stated : room → floor area that its owner publishes [m²]; what does not match is said in the notes

    The maximum is of the empty room: what belongs to the house stands in it, and nothing else. In use there is a stage at
    the end of the room that leaves most places, FOH at the other, and the spacing is the usual one. Every figure is laid
    out, built and checked by the rules on seating and on ways out. Raises VenueError where there is no room.
    """
    scene = build(venue, setup)
    if not scene.rooms:
        raise VenueError("there is no room: draw one (type: room)")
    lines = [line for room in scene.rooms for line in chart(venue, room.element, rules, setup)]
    notes = tuple(
        note
        for room in scene.rooms
        for note in doubts(room, (stated or {}).get(room.element), _exits(scene, room.element), venue.units)
    )
    make = _wide if len(scene.rooms) > 1 else _long
    columns, values = make(scene, lines, venue.units)
    about = {"venue": venue.name, "set-up": scene.about.setup}
    return Table("Capacity", columns, values, (*notes, *_assumed(venue)), about={k: v for k, v in about.items() if v})


def chart(venue: Venue, room: str, rules: Sequence[str] = (), setup: str | None = None) -> Iterator[Line]:
    """Every style in one room."""
    empty = emptied(venue, room, setup)
    for style in STYLES:
        used = in_use(empty, style, room, rules) if style in IN_USE else None
        yield Line(room, style, at_most(empty, style, room, rules), used)


def doubts(room: Space, stated: float | None = None, doors: bool = True, show: units.Units = "m") -> Iterator[str]:
    """What looks like a slip in a room's figures."""
    high, area = room.ceiling - room.floor, room.outline.area
    if not doors:
        yield f"{room.element}: no exit is drawn: how many can leave is not counted"
    if high < LOW:
        yield f"{room.element}: {units.length(high, show)} high: is that right? Rooms for people have {units.length(LOW, show)}"
    if stated is not None and abs(stated - area) > _NEAR * area:
        said = f"{room.element}: {stated:g} m² stated, {area:.1f} m² drawn"
        if abs(stated * YARD - area) <= _NEAR * area:
            said += f": {stated:g} square yards are {stated * YARD:.1f} m²"
        elif abs(stated * units.FOOT**2 - area) <= _NEAR * area:
            said += f": {stated:g} square feet are {stated * units.FOOT**2:.1f} m²"
        yield said


def _exits(scene: Scene, room: str) -> bool:
    return any(door.exit and door.element == room for door in scene.of(Door))


def emptied(venue: Venue, room: str, setup: str | None = None) -> Venue:
    """The venue with what belongs to the house alone."""
    standing, _, _ = venue.at(setup)
    keep = {e.id for e in standing.elements if e.type in HOUSE and (e.type != "room" or e.id == room)}
    while lost := {e.id for e in standing.elements if e.id in keep and any(ref not in keep for _, ref in e.named())}:
        keep -= lost
    data = standing.raw()
    data["elements"] = [one for one in data["elements"] if one["id"] in keep]
    for one in data["elements"]:
        one.pop("setup", None)
    for gone in ("brief", "places", "setups", "cues", "feeds", "weights", "cameras", "accept", "prices", "numbering"):
        data.pop(gone, None)
    return venue.again(data)


def at_most(venue: Venue, style: str, room: str, rules: Sequence[str] = ()) -> Filled | None:
    """The way round of the audience with most places."""
    best: tuple[int, float] | None = None
    for turn in _TURNS:
        count = most_places(venue, style, room, rules, Given(turn=turn))
        if count and (best is None or count > best[0]):
            best = count, turn
    return None if best is None else fill(venue, style, room, rules, given=Given(turn=best[1]))


def in_use(venue: Venue, style: str, room: str, rules: Sequence[str] = ()) -> Filled | None:
    """With a stage at the end of the room that leaves most places, and FOH at the other."""
    best: tuple[int, Venue] | None = None
    for turn in _TURNS:
        if (furnished := furnish(venue, room, turn)) is None:
            continue
        count = most_places(furnished, style, room, rules, USUAL)
        if count and (best is None or count > best[0]):
            best = count, furnished
    return None if best is None else fill(best[1], style, room, rules, given=USUAL)


def furnish(venue: Venue, room: str, turn: float) -> Venue | None:
    """The venue with a stage and FOH of the usual sizes; None where they have no floor.

    turn : by which the audience's +y is turned from the room's [degrees]
    """
    import shapely

    scene = build(venue)
    space = {one.element: one for one in scene.rooms}[room]
    ahead = frame(turn=turn)[:2, :2]
    plan = shapely.transform(space.outline.polygon, lambda p: p @ ahead)
    low, bottom, high, top = plan.bounds
    usual = next(one for one in USUALLY if space.outline.area / GUEST <= one.guests)
    (wide, deep, tall), (across, along) = usual.stage, usual.foh
    wide = min(wide, max(1.2, math.floor(0.6 * (high - low) / 1.2) * 1.2))
    keep = _kept(scene, ahead)
    stage = _free(plan, keep, (low + high) / 2, top - usual.behind - deep / 2, wide, deep)
    foh = _free(plan, keep, (low + high) / 2, bottom + 0.3 + along / 2, across, along, 0.3)
    if stage is None or foh is None:
        return None
    turned = {"turn": turn} if turn else {}
    x, y = stage
    data = venue.raw()
    data["elements"] += [
        {"id": "capacity_stage", "type": "stage", "at": _point(ahead, x, y - deep / 2), **turned, "size": [wide, deep],
         "height": tall},
        {"id": "capacity_foh", "type": "foh", "name": "FOH", "at": _point(ahead, *foh), **turned, "size": [across, along],
         "riser": 0},
    ]  # fmt: skip
    return venue.again(data)


def _kept(scene: Scene, ahead: Floats) -> Any:
    """What the house keeps clear or has standing in the room, as the audience sees it."""
    import shapely

    shapes = [one.outline.polygon for one in scene.of(KeepClear) if one.takes_seats]
    shapes += [solid.footprint for part in scene.of(Part) if part.takes_seats for solid in part.solids()]
    return shapely.transform(shapely.union_all(shapes), lambda p: p @ ahead)


def _free(
    plan: Any, keep: Any, x: float, y: float, wide: float, deep: float, clear: float = 0.0
) -> tuple[float, float] | None:
    """The place nearest to the middle where a box stands free within the room."""
    import shapely

    for step in (0.0, *(sign * n * 0.6 for n in range(1, 40) for sign in (1, -1))):
        box = shapely.box(x + step - wide / 2 - clear, y - deep / 2, x + step + wide / 2 + clear, y + deep / 2 + clear)
        if plan.buffer(1e-6).contains(box) and box.intersection(keep).area < 1e-6:
            return x + step, y
    return None


def _point(ahead: Floats, x: float, y: float) -> list[float]:
    at = ahead @ np.array([x, y])
    return [round(float(v), 6) + 0.0 for v in at]


def _size(space: Space, show: units.Units) -> str:
    """`22.00 × 26.00 × 5.60 m`: length, width and height, or the box around it."""
    low, high = space.outline.outer.points.min(axis=0), space.outline.outer.points.max(axis=0)
    sizes = [*sorted((high - low).tolist(), reverse=True), space.ceiling - space.floor]
    if show == "m":
        return " × ".join(f"{v:.2f}" for v in sizes) + " m"
    return " × ".join(units.length(v, show) for v in sizes)


def _long(scene: Scene, lines: Sequence[Line], show: units.Units) -> tuple[tuple[Column, ...], dict[str, list[Any]]]:
    """A line for every style."""
    space = scene.rooms[0]
    unit = "m²" if show == "m" else "ft²"
    columns = (
        Column("room", "room"), Column("size", "length × width × height"), Column("area", f"floor {unit}", "number", 0),
        Column("style", "style"), Column("most", "maximum", "int"), Column("most_each", f"{unit} a place", "number", 2),
        Column("most_by", "bound by"), Column("used", "in use", "int"), Column("used_each", f"{unit} a place", "number", 2),
        Column("used_by", "bound by"), Column("published", f"published {unit} a place"),
    )  # fmt: skip
    area = space.outline.area / (1.0 if show == "m" else units.FOOT**2)
    values: dict[str, list[Any]] = {
        "room": [space.element] * len(lines),
        "size": [_size(space, show)] * len(lines),
        "area": [area] * len(lines),
        "style": [line.style.replace("_", "-") for line in lines],
        "published": [_band(line.style, show) for line in lines],
    }
    for key in ("most", "used"):
        found: list[Filled | None] = [getattr(line, key) for line in lines]
        values[key] = [one.count if one else None for one in found]
        values[f"{key}_each"] = [area / one.count if one else None for one in found]
        values[f"{key}_by"] = [one.limit if one else "" for one in found]
    return columns, values


def _band(style: str, show: units.Units) -> str:
    if style not in BANDS:
        return ""
    low, high = (size / (1.0 if show == "m" else units.FOOT**2) for size in BANDS[style])
    return f"{low:.2f}–{high:.2f}" if show == "m" else f"{low:.1f}–{high:.1f}"


def _wide(scene: Scene, lines: Sequence[Line], show: units.Units) -> tuple[tuple[Column, ...], dict[str, list[Any]]]:
    """A line for every room."""
    unit = "m²" if show == "m" else "ft²"
    by = {(line.room, line.style): line for line in lines}
    rooms = scene.rooms
    columns = [
        Column("room", "room"), Column("size", "length × width × height"), Column("area", f"floor {unit}", "number", 0)
    ]  # fmt: skip
    values: dict[str, list[Any]] = {
        "room": [room.element for room in rooms],
        "size": [_size(room, show) for room in rooms],
        "area": [room.outline.area / (1.0 if show == "m" else units.FOOT**2) for room in rooms],
    }
    for style in STYLES:
        for key, word in (("most", "at most"), ("used", "in use")):
            if key == "used" and style not in IN_USE:
                continue
            name = f"{style} {key}"
            columns.append(Column(name, f"{style.replace('_', '-')} {word}", "int"))
            found: list[Filled | None] = [getattr(by[room.element, style], key) for room in rooms]
            values[name] = [one.count if one else None for one in found]
    return tuple(columns), values


def _stages(venue: Venue) -> str:
    """`a stage of 3.6 × 2.4 m (for up to 150 guests), …`"""
    show, words, last = venue.units, [], 0.0
    for one in USUALLY:
        size = " × ".join(units.length(v, show, 1).removesuffix(" m") for v in one.stage[:2]) + (
            " m" if show == "m" else ""
        )
        for_ = f"up to {one.guests:g} guests" if math.isfinite(one.guests) else f"above {last:g}"
        words.append(f"{size} {for_}")
        last = one.guests
    return f"a stage ({', '.join(words)})"


def _assumed(venue: Venue) -> Iterator[str]:
    show = venue.units
    assert USUAL.width and USUAL.pitch and USUAL.front
    yield "maximum: the empty room, what belongs to the house in it, gangways and ways out clear, by the rules"
    yield (
        f"in use: {_stages(venue)}, at the end that leaves most places, screens beside it, FOH opposite at the wall; seats {units.length(USUAL.width, show)} wide, rows {units.length(USUAL.pitch, show)} apart, the first "
        f"{units.length(USUAL.front, show)} from the stage; {USUAL.density:g} a square metre where people stand"
    )
    yield "published: the middle half of 25 to 30 rooms' own charts"
