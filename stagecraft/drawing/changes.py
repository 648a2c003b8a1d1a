"""What changes: the change-over from one set-up to the next, and what is otherwise since an earlier issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.analysis.changed import (
    MOVED,
    TURNED,
    Changed,
    Indices,
    Move,
    carried,
    changed,
    changed_points,
    measures,
    own_parts,
    paired,
)
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import Box, around, within
from stagecraft.drawing._paper import COLUMN, NONE, Block, ruled
from stagecraft.drawing._plan_shapes import point_of
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._views import extent, item_name, mm, vertices
from stagecraft.drawing.cloud import TAG, clouds, tag, tag_spots, tag_symbol
from stagecraft.drawing.draft import PLANS, Draft, Job, View
from stagecraft.drawing.marks import Drawing, Fill, Insert, Leader, Line, Mark, Point, Style, Text
from stagecraft.drawing.plan import Plan
from stagecraft.drawing.rigging_plot import point_symbol
from stagecraft.geometry import frame as frames
from stagecraft.scene import KeepClear, Part, Pick, Record, Scene, SeatRow, Seats, Space, Walkway

OUT, IN, WAY, NAME = Style("change", "hidden"), Style("change"), Style("change", "beyond"), Style("change", "id")
WAS = Style("revision", "hidden")
ROWS = 40
"""Lines of one table; more are continued in another."""
MOST = 80
"""More lines than these are counted."""
LONG_NAME = 40
"""Longer names are cut short in tables."""
HOUSE = ("wall", "column", "ceiling", "door")
"""Systems that are drawn as the house."""


def changes_sheets(job: Job) -> Iterator[Draft]:
    """The change-over from the set-up before, and what changed since an earlier issue; each where anything differs."""
    if job.follows is not None:
        name, before = job.follows
        change = between(before, job.scene)
        if change.any:
            after = job.scene.about.setup or "this set-up"
            yield Draft(
                "change-over", "601", "Change-over", "Change-over plan",
                (View("change-over", lambda scale: change_over_plan(change, scale), PLANS),),
                lambda drawings: (*element_blocks(change), *kit_blocks(change)),
                (f"From '{name}' to '{after}': what goes out is dashed and crossed, what comes in is heavy, what moves is shown "
                 "at both places.", "Pieces of the kit list that stand where others of the same item stood stay; of the others as many "
                 "as possible move."), change.warning, symbols=False,
            )  # fmt: skip
    if job.before is not None:
        rev, issued = job.before
        since = between(issued, job.scene)
        if since.any:
            yield Draft(
                "changes", "602", f"Changes since {rev}", "Changes",
                (View("changes", lambda scale: changes_plan(since, rev, scale), PLANS),),
                lambda drawings: since_blocks(since, rev),
                (f"Clouds stand round what is otherwise than in {rev}; dashed: as it was. Numbers are those of the table.",),
                since.warning, symbols=False,
            )  # fmt: skip


# --- what differs


class SeatChange(NamedTuple):
    """Places that one state has and the other has not, or has elsewhere or under another label."""

    gone: Indices
    come: Indices
    moved: tuple[Indices, Indices]
    """In the old state and in the new one."""
    renamed: Indices
    """In the new state."""
    sorted_otherwise: Indices
    """Of another kind, category, status or price, in the new state."""


@dataclass(frozen=True, eq=False)
class Change:
    """Two states of a house, and what differs."""

    old: Scene
    new: Scene
    elements: Changed
    seats: SeatChange
    along: Mapping[str, tuple[str, ...]]
    """What moved → what stands on it or hangs from it, and went with it."""
    points: tuple[tuple[Pick | None, Pick | None], ...] = ()
    """Rigging points as they were and as they are."""

    @property
    def any(self) -> bool:
        e, s = self.elements, self.seats
        found: tuple[Collection[Any], ...] = (e.gone, e.come, e.moved, e.reshaped, e.retyped, s.gone, s.come, s.moved[0],
                                              s.renamed, s.sorted_otherwise, self.points)  # fmt: skip
        return any(len(one) for one in found)

    @property
    def warning(self) -> str:
        """Where anything that is rigged is otherwise."""
        e = self.elements
        stirred = {*e.gone, *e.come, *e.moved, *self.others}
        rigged = {
            name for scene in (self.old, self.new) for name, origin in scene.elements.items()
            if origin.hung or origin.type == "truss"
        }  # fmt: skip
        return NOT_FOR_RIGGING if self.points or stirred & rigged else ""

    @property
    def leading(self) -> tuple[str, ...]:
        """What moved of its own."""
        gone_along = {name for names in self.along.values() for name in names}
        return tuple(name for name in self.elements.moved if name not in gone_along)

    @property
    def others(self) -> tuple[str, ...]:
        """What stands there otherwise than by its place alone."""
        return tuple(dict.fromkeys((*self.elements.reshaped, *self.elements.retyped)))


def between(old: Scene, new: Scene) -> Change:
    """What differs between two states of a house."""
    a, b = old.seats, new.seats
    gone, come, was, now = paired(a.ids, b.ids)
    turn = np.abs(b.facing[now] - a.facing[was]) % 360.0
    moved = (np.linalg.norm(b.at[now] - a.at[was], axis=1) > MOVED) | (np.minimum(turn, 360 - turn) > TURNED)
    renamed = np.zeros(len(now), np.bool_)
    for name in ("block", "row", "seat"):
        renamed |= getattr(a, name)[was] != getattr(b, name)[now]
    otherwise = np.zeros(len(now), np.bool_)
    for name in ("place", "category", "status"):
        otherwise |= getattr(a, name)[was] != getattr(b, name)[now]
    prices = a.price[was], b.price[now]
    otherwise |= (prices[0] != prices[1]) & ~(np.isnan(prices[0]) & np.isnan(prices[1]))
    elements = changed(old, new)
    seats = SeatChange(
        np.array(gone, np.int64), np.array(come, np.int64), (was[moved], now[moved]), now[renamed], now[otherwise]
    )
    return Change(old, new, elements, seats, _along(old, new, elements.moved), changed_points(old, new))


def _along(old: Scene, new: Scene, moved: Mapping[str, Move]) -> dict[str, tuple[str, ...]]:
    """What only moved because what carries it did."""
    found: dict[str, list[str]] = {}
    for name in moved:
        hosts = [scene.elements[name].host for scene in (old, new)]
        lead = hosts[0]
        if hosts[0] != hosts[1] or lead not in moved:
            continue
        own = [frames.inverse(s.elements[lead].frame) @ s.elements[name].frame for s in (old, new)]
        if np.allclose(own[0], own[1], rtol=0.0, atol=MOVED):
            first = next((one for one, riders in found.items() if lead in riders), lead)
            found.setdefault(first, []).append(name)
    return {name: tuple(riders) for name, riders in found.items()}


def only(scene: Scene, elements: Collection[str], seats: Collection[str]) -> Scene:
    """The scene with no more than some elements (without their seats) and some seats."""
    wanted, ids = set(elements), np.array(sorted(seats), np.str_)
    records: list[Record] = []
    for record in scene.records:
        if isinstance(record, SeatRow):
            if (mask := np.isin(record.ids, ids)).any():
                arrays: dict[str, Any] = {
                    f.name: value[mask] for f in fields(record)
                    if isinstance(value := getattr(record, f.name), np.ndarray) and len(value) == record.count
                }  # fmt: skip
                records.append(replace(record, **arrays))
        elif isinstance(record, Part) and record.of_seats:
            mask = np.isin(np.array(record.tags, np.str_), ids)
            if mask.any():
                tags = tuple(np.array(record.tags, dtype=object)[mask])
                records.append(replace(record, transforms=record.transforms[mask], tags=tags))
        elif record.element in wanted and not (isinstance(record, Space) and record.use == "room"):
            records.append(record)
    return replace(scene, records=tuple(records))


# --- plans


def change_over_plan(change: Change, scale: float = 100) -> Drawing:
    """What goes out, comes in and moves between two set-ups, laid out for 1:`scale`."""
    page = _Changing(change, float(scale))
    page.begin()
    e, s = change.elements, change.seats
    old, new = change.old.seats, change.new.seats
    moved = [name for name in e.moved if name not in change.others]
    page.layer(change.old, (*e.gone, *change.others), old.ids[s.gone], OUT, crossed=True)
    page.layer(change.old, moved, old.ids[s.moved[0]], OUT)
    page.layer(change.new, (*e.come, *change.others, *moved), new.ids[np.concatenate([s.come, s.moved[1]])], IN)
    page.points(OUT, IN)
    page.ways()
    for line in change_lines(change):
        page.called(line)
    page.centre()
    return page.drawing("change-over", "CHANGE-OVER PLAN")


def changes_plan(change: Change, rev: str, scale: float = 100) -> Drawing:
    """What is otherwise since an issue, with clouds round it, laid out for 1:`scale`."""
    page = _Changing(change, float(scale))
    page.begin()
    e, s = change.elements, change.seats
    old, new = change.old.seats, change.new.seats
    page.layer(change.old, (*e.gone, *change.others, *e.moved), old.ids[np.concatenate([s.gone, s.moved[0]])], WAS)
    page.layer(change.new, (*e.come, *change.others, *e.moved), new.ids[np.concatenate([s.come, s.moved[1]])], None)
    page.points(WAS, Style("truss", "id"))
    page.clouded(entries(change))
    page.centre()
    return page.drawing("changes", f"CHANGES SINCE {rev}".upper())


class _Changing(Plan):
    """A plan of two states that is being drawn."""

    def __init__(self, change: Change, scale: float) -> None:
        super().__init__(change.new, scale, light=True)
        self.change = change

    def begin(self) -> None:
        """The house, and what stands in both states as it stood, light."""
        self.house()
        e, s = self.change.elements, self.change.seats
        new = self.change.new
        stirred = {*e.come, *e.moved, *self.change.others}
        still = [name for name in new.elements if name not in stirred]
        seats = np.delete(new.seats.ids, np.concatenate([s.come, s.moved[1]]))
        below = House(only(new, still, seats), self.scale, self.places, True)
        below.background({part.system for part in below.parts if part.system not in HOUSE} | {"seating"})
        self.add(below.marks)
        self.axes()

    def layer(
        self, scene: Scene, elements: Sequence[str], seats: Any, style: Style | None, crossed: bool = False
    ) -> None:
        """Things and seats of one state in one style (their own where None)."""
        shown = only(scene, elements, seats.tolist())
        shown = replace(shown, records=tuple(
            record for record in shown.records
            if not isinstance(record, (KeepClear, Walkway)) and not (isinstance(record, Part) and record.system in HOUSE)
        ))  # fmt: skip
        page = Plan(shown, self.scale, self.places, symbols=self.symbols)
        page.things()
        page.areas()
        if style is not None and style.role == "hidden" and len(shown.seats) and style.system == "change":
            banks = House(
                only(shown, (), shown.seats.ids[~shown.seats.at_table].tolist()), self.scale, self.places, True
            )
            banks.background({"seating"})
            page.marks += banks.marks
        else:
            page.seats()
        marks = [_styled(mark, style) for mark in page.marks if not isinstance(mark, Text)]
        self.add(marks)
        if crossed and style is not None:
            self.draw([line for mark in marks for line in self.cross(mark, style)])

    def cross(self, mark: Mark, style: Style) -> Iterator[Line]:
        """Two lines across what goes out."""
        import shapely

        if isinstance(mark, Line) and mark.closed and len(mark.points) > 2:
            corners = shapely.get_coordinates(shapely.MultiPoint(np.array(mark.points)).minimum_rotated_rectangle)
            if len(corners) < 4:
                return
            a, b, c, d = (point_of(corner) for corner in corners[:4])
        elif isinstance(mark, Insert):
            (x0, y0), (x1, y1) = extent(self.symbols[mark.symbol].marks, {}, self.scale)
            turn = np.radians(mark.turn)
            way = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
            corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) @ way + mark.at
            a, b, c, d = (point_of(corner) for corner in corners)
        else:
            return
        if min(np.hypot(b[0] - a[0], b[1] - a[1]), np.hypot(c[0] - b[0], c[1] - b[1])) <= 2 * self.scale:
            return
        ways: list[Any] = [shapely.LineString(way) for way in ((a, c), (b, d))]
        if isinstance(mark, Line):  # not over what stays in the corner of an angle
            ways = [shapely.intersection(way, shapely.Polygon(mark.points)) for way in ways]
        for piece in shapely.get_parts(ways):
            if piece.length > self.scale:
                ends = shapely.get_coordinates(piece)
                yield Line(style, (point_of(ends[0]), point_of(ends[-1])))

    def points(self, was: Style, now: Style) -> None:
        """Rigging points that are otherwise, as they were and as they are."""
        for pair in self.change.points:
            for point, style in zip(pair, (was, now)):
                if point is not None:
                    name = "RIG-HOUSE" if point.house else "RIG-POINT"
                    self.symbols.setdefault(name, point_symbol(name, self.scale))
                    facts = (("ID", point.name), ("ELEMENT", point.element))
                    self.add([Insert(style, name, mm(*point.at[:2]), 0.0, facts)])
                    self.places.keep([_point_box(point)])

    def ways(self) -> None:
        """An arrow from where a thing stood to where it stands."""
        for name in self.change.leading:
            a, b = (middle_of(scene, name) for scene in (self.change.old, self.change.new))
            if np.hypot(b[0] - a[0], b[1] - a[1]) > 4 * self.scale:
                self.draw([Leader(WAY, (b, a))])

    def called(self, line: Entry) -> None:
        """What happens to a thing, beside it."""
        if not line.boxes:
            return
        words = f"{line.kind}: {line.what}".upper()
        box = _round(line.boxes)
        spots = [*within(box, self.scale), *around(box, self.scale)]
        if box[2] - box[0] < 60 * self.scale:
            spots = [*around(box, self.scale)]
        self.add(self.places.name(NAME, words, [(sorted(spots, key=lambda spot: spot.reach), 2.0, None)]))

    def clouded(self, lines: Sequence[Entry]) -> None:
        """A cloud round each group of changes, with their numbers in a triangle beside it."""
        boxes = [box for line in lines for box in line.boxes]
        number = [k for k, line in enumerate(lines, 1) for _ in line.boxes]
        self.symbols[TAG] = tag_symbol(self.scale)
        made = clouds(boxes, self.scale)
        self.draw([rim for rim, _ in made])
        for rim, held in made:
            numbers = _runs(sorted({number[k] for k in held}))
            points = np.array(rim.points)
            (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
            spots = list(tag_spots((x0, y0, x1, y1), self.scale))
            at, box = min(spots, key=lambda spot: (not self.places.free(spot[1]), self.places.struck(spot[1])))
            self.places.take(box)
            self.add([tag(at, self.scene.about.rev or NONE, numbers)])

    def centre(self) -> None:
        """The centre line right through the drawing."""
        (_, low), (_, high) = extent(self.marks, self.symbols, self.scale)
        style, e = Style("centre"), self.scale
        self.add([Line(style, ((0.0, low - 4 * e), (0.0, high + 4 * e)))])
        self.add([self.places.claim(Text(style, (0.0, high + 5 * e), "CL", 3.5, 0.0, "centre", "bottom"))])


def _styled(mark: Any, style: Style | None) -> Any:
    """A mark in a style, without numbers, which other sheets show."""
    if isinstance(mark, Insert):
        mark = replace(mark, shown=())
    if style is None or isinstance(mark, Fill):
        return mark
    return replace(mark, style=style)


def _runs(numbers: Sequence[int]) -> str:
    """`1-3, 7`"""
    out: list[str] = []
    start = 0
    for k, number in enumerate(numbers):
        if k + 1 == len(numbers) or numbers[k + 1] != number + 1:
            first = numbers[start]
            out.append(f"{first}" if first == number else f"{first}-{number}")
            start = k + 1
    return ", ".join(out)


def _round(boxes: Sequence[Box]) -> Box:
    found = np.array(boxes)
    low, high = found[:, :2].min(axis=0).tolist(), found[:, 2:].max(axis=0).tolist()
    return low[0], low[1], high[0], high[1]


# --- in words


@dataclass(frozen=True)
class Entry:
    """One change, in words, and where it is."""

    kind: str
    """Out, in, moves, changes; or what the table says of an issue."""
    what: str
    was: str
    now: str
    by: str
    boxes: tuple[Box, ...] = ()
    """[mm]"""


def middle_of(scene: Scene, element: str) -> Point:
    """Middle of what an element takes in plan. [mm]"""
    x0, y0, x1, y1 = _round(boxes_of(scene, element))
    return (x0 + x1) / 2, (y0 + y1) / 2


def boxes_of(scene: Scene, element: str) -> tuple[Box, ...]:
    """What an element takes in plan; its place where it has no body. [mm]"""
    parts = [part for part in scene.parts if part.element == element and part.count and len(part.solid.faces)]
    if parts:
        at = vertices(parts)
        return ((*mm(*at[:, :2].min(axis=0)), *mm(*at[:, :2].max(axis=0))),)
    areas = [space.outline.outer.points for space in scene.of(Space) if space.element == element]
    if areas:
        at = np.concatenate(areas)
        return ((*mm(*at.min(axis=0)), *mm(*at.max(axis=0))),)
    x, y = mm(*scene.elements[element].frame[:2, 3])
    return ((x, y, x, y),)


def seat_boxes(seats: Seats, which: Indices) -> tuple[Box, ...]:
    """Room of some places in plan. [mm]"""
    at, half = seats.at[which, :2] * 1000, 500 * np.maximum(seats.width, seats.depth)[which][:, None]
    return tuple(tuple(row) for row in np.concatenate([at - half, at + half], axis=1).round(4).tolist())


def called(scene: Scene, element: str) -> str:
    """What people call it."""
    label = scene.elements[element].name
    label = label if len(label) <= LONG_NAME else f"{label[:LONG_NAME]}…"
    return label if label not in ("", element) else element.replace("_", " ")


def entries(change: Change) -> list[Entry]:
    """Every change since an issue: elements first, then seats by their blocks."""
    old, new, e = change.old, change.new, change.elements
    show = new.about.units
    parts = own_parts(old), own_parts(new)
    out = [Entry("gone", called(old, name), _place(old, name), NONE, "gone", boxes_of(old, name)) for name in e.gone]
    out += [Entry("new", called(new, name), NONE, _place(new, name), "new", boxes_of(new, name)) for name in e.come]
    for name in change.leading:
        riders = change.along.get(name, ())
        with_it = f", with {', '.join(called(new, one) for one in riders)}" if riders else ""
        boxes = tuple(box for one in (name, *riders) for scene in (old, new) for box in boxes_of(scene, one))
        axes = np.flatnonzero(
            np.abs(new.elements[name].frame[:3, 3] - old.elements[name].frame[:3, 3]) > MOVED
        ).tolist()
        out.append(Entry("moved", called(new, name), _place(old, name, axes), _place(new, name, axes),
                         _far(e.moved[name], new) + with_it, boxes))  # fmt: skip
    for name in change.others:
        sizes = [measures(side.get(name, []), show) for side in parts]
        types = [scene.elements[name].type.replace("_", " ") for scene in (old, new)]
        was, now = types if types[0] != types[1] else sizes
        by = "another thing" if types[0] != types[1] else "another size" if was != now else "another shape"
        if name not in e.moved or was != now:
            out.append(Entry("changed", called(new, name), was, now, by, (*boxes_of(old, name), *boxes_of(new, name))))
    for was_point, now_point in change.points:
        words = _point_words(was_point, now_point, change)
        out.append(Entry("point", *words, tuple(box for p in (was_point, now_point) if p for box in (_point_box(p),))))
    return [*out, *_seat_entries(change)]


def _point_words(old: Pick | None, new: Pick | None, change: Change) -> tuple[str, str, str, str]:
    """Which point, what it was and is, and what happened to it; only what differs of one that both states have."""
    point = new or old
    assert point
    name = f"Point {point.name}"
    if old is None or new is None:
        side = change.new if old is None else change.old
        words = ", ".join(_point_facts(point, side, (0, 1), ("load", "limit", "hoist")))
        return (name, NONE, words, "new") if old is None else (name, words, NONE, "gone")
    axes = np.flatnonzero(np.abs(new.at[:2] - old.at[:2]) > MOVED).tolist()
    said = [f for f in ("load", "limit", "hoist") if getattr(old, f) != getattr(new, f) or (f == "load" and old.author != new.author)]  # fmt: skip
    was, now = (", ".join(_point_facts(p, s, axes, said)) or NONE for p, s in ((old, change.old), (new, change.new)))
    far = units.small(float(np.linalg.norm(new.at - old.at)), change.new.about.units) if axes else ""
    return name, was, now, ", ".join(part for part in (far, *(f"another {f}" for f in said)) if part) or "another kind"


def _point_facts(point: Pick, scene: Scene, axes: Sequence[int], said: Sequence[str]) -> Iterator[str]:
    for k in axes:
        yield f"{'xy'[k]} {units.drawn(round(float(point.at[k]), 6) + 0.0, scene.about.units)}"
    if "load" in said and point.load is not None and point.author:
        yield f"{point.load:g} kg ({point.author})"
    if "limit" in said and point.limit is not None:
        yield f"limit {point.limit:g} kg"
    if "hoist" in said and point.hoist:
        yield item_name(scene, point.hoist)


def _point_box(point: Pick) -> Box:
    x, y = mm(*point.at[:2])
    return x - 150, y - 150, x + 150, y + 150


def _seat_entries(change: Change) -> Iterator[Entry]:
    old, new, s = change.old.seats, change.new.seats, change.seats
    still = s.moved[1][~np.isin(new.element[s.moved[1]], list(change.elements.moved))]
    blocks = sorted({*old.block[s.gone].tolist(), *new.block[np.concatenate([s.come, still, s.renamed, s.sorted_otherwise])].tolist()})  # fmt: skip
    for block in blocks:
        gone, come = s.gone[old.block[s.gone] == block], s.come[new.block[s.come] == block]
        moved = still[new.block[still] == block]
        renamed = int((new.block[s.renamed] == block).sum())
        otherwise = int((new.block[s.sorted_otherwise] == block).sum())
        facts = ((len(gone), "gone"), (len(come), "new"), (len(moved), "moved"), (renamed, "with another label"),
                 (otherwise, "of another kind, category or status"))  # fmt: skip
        was, now = (f"{int((seats.block == block).sum())} places" for seats in (old, new))
        boxes = (*seat_boxes(old, gone), *seat_boxes(new, np.concatenate([come, moved])))
        by = ", ".join(f"{count} {word}" for count, word in facts if count)
        yield Entry("seats", f"Seats, {block}" if block else "Seats", was, now, by, boxes)


def _place(scene: Scene, element: str, axes: Sequence[int] = (0, 1)) -> str:
    """`x 1200, y −12400`"""
    at = scene.elements[element].frame[:3, 3]
    return ", ".join(f"{'xyz'[k]} {units.drawn(round(float(at[k]), 6) + 0.0, scene.about.units)}" for k in axes) or NONE


def _far(move: Move, scene: Scene) -> str:
    ways = [units.small(move.distance, scene.about.units)] if move.distance > MOVED else []
    return " and ".join(ways + ([f"turned {move.turn:.1f}°"] if move.turn > 0.05 else []))


def change_lines(change: Change) -> list[Entry]:
    """What goes out, comes in and moves, one line an element; seats counted by their blocks."""
    old, new, e, s = change.old, change.new, change.elements, change.seats
    lines: list[Entry] = []
    sides: tuple[tuple[str, Scene, Sequence[str], Indices], ...] = (
        ("Out", old, e.gone, s.gone), ("In", new, e.come, s.come)
    )  # fmt: skip
    for kind, scene, names, seats in sides:
        counted = _by_element(scene.seats, seats)
        for name in dict.fromkeys((*names, *counted)):
            gone = name in names
            what = _contents(scene, name) if gone else ""
            words = "; ".join(part for part in (what, counted.get(name, "")) if part) or NONE
            own = seats[scene.seats.element[seats] == name]
            boxes = (*(boxes_of(scene, name) if gone else ()), *seat_boxes(scene.seats, own))
            lines.append(Entry(kind, called(scene, name), words, _span(scene, boxes, 0), _span(scene, boxes, 1), boxes))
    for name in change.leading:
        if name in change.others:
            continue
        riders = change.along.get(name, ())
        with_it = f", with {', '.join(called(new, one) for one in riders)}" if riders else ""
        boxes = boxes_of(new, name)
        lines.append(Entry("Moves", called(new, name), _far(e.moved[name], new) + with_it,
                           _span(new, boxes, 0), _span(new, boxes, 1), boxes))  # fmt: skip
    still = s.moved[1][~np.isin(new.seats.element[s.moved[1]], list(e.moved))]
    for name, words in _by_element(new.seats, still).items():
        boxes = seat_boxes(new.seats, still[new.seats.element[still] == name])
        lines.append(Entry("Moves", called(new, name), words, _span(new, boxes, 0), _span(new, boxes, 1), boxes))
    parts = own_parts(old), own_parts(new)
    for name in change.others:
        was, now = (measures(side.get(name, []), new.about.units) for side in parts)
        words = f"{was} becomes {now}" if was != now else "another shape"
        if name in change.leading:
            words = f"moves {_far(e.moved[name], new)}; {words}"
        boxes = boxes_of(new, name)
        lines.append(Entry("Changes", called(new, name), words, _span(new, boxes, 0), _span(new, boxes, 1), boxes))
    for a, b in change.points:
        kind = "In" if a is None else "Out" if b is None else "Changes"
        point, side = (b, new) if b is not None else (a, old)
        assert point
        name, was, now, by = _point_words(a, b, change)
        words = {"In": now, "Out": was}.get(kind, f"{was} becomes {now}: {by}")
        x, y = (units.drawn(round(float(point.at[k]), 6) + 0.0, side.about.units) for k in (0, 1))
        lines.append(Entry(kind, name, words, x, y))
    return lines


def _by_element(seats: Seats, which: Indices) -> dict[str, str]:
    """Element → `338 places: C 140, L 112, R 86`."""
    counts: dict[str, Counter[str]] = {}
    for element, block in zip(seats.element[which].tolist(), seats.block[which].tolist()):
        counts.setdefault(element, Counter())[block] += 1
    out = {}
    for element, blocks in counts.items():
        several = len(blocks) > 1 and len(blocks) <= 12
        each = ": " + ", ".join(f"{name} {count}" for name, count in sorted(blocks.items())) if several else ""
        out[element] = f"{blocks.total()} place{'s' if blocks.total() > 1 else ''}{each}"
    return out


def _contents(scene: Scene, element: str) -> str:
    """`25 × Round table 6 ft`: what an element stands there with, chairs apart; its size where that is of no item."""
    counts: Counter[str] = Counter()
    for part in scene.parts:
        if part.element == element and part.item and not part.of_seats:
            counts[item_name(scene, part.item)] += part.count
    if counts:
        return ", ".join(f"{count} × {name}" for name, count in counts.items())
    people = [space.capacity for space in scene.of(Space) if space.element == element and space.use == "standing"]
    if people:
        known = sum(count for count in people if count is not None)
        return f"standing, {known} people" if known else "standing"
    parts = own_parts(scene).get(element, [])
    return measures(parts, scene.about.units) if parts else ""


def _span(scene: Scene, boxes: Sequence[Box], axis: int) -> str:
    """`-5400 … 5400`"""
    if not boxes:
        return NONE
    box = _round(boxes)
    return " … ".join(
        units.drawn(round(value / 1000, 6) + 0.0, scene.about.units) for value in (box[axis], box[axis + 2])
    )


# --- tables


def element_blocks(change: Change) -> Iterator[Block]:
    """What goes out, comes in and moves, by element; where it stands from the setting-out point."""
    lines = change_lines(change)
    rows = [(line.kind, line.what, line.was, line.now, line.by) for line in lines]
    if not rows:
        return
    yield from _tables("CHANGE-OVER", ("", "Thing", "What", "x from SOP", "y from SOP"), rows, (18.0, 38.0, 62.0, 31.0, 31.0))  # fmt: skip


def kit_blocks(change: Change) -> Iterator[Block]:
    """How many of each item go out, come in, move and stay."""
    found = carried(change.old, change.new)
    rows = []
    for (code, why), one in sorted(found.items()):
        if one.out or one.come or one.moved:
            name = item_name(change.new if code in change.new.items else change.old, code)
            figures = (str(count) if count else NONE for count in one)
            rows.append((f"{name} ({why})" if why else name, *figures))
    if rows:
        yield from _tables("BY ITEM", ("Item", "Out", "In", "Moves", "Stays"), rows, (108.0, 18.0, 18.0, 18.0, 18.0))


def since_blocks(change: Change, rev: str) -> tuple[Block, ...]:
    """Every change since an issue: what it was, what it is, by how much."""
    rows = [(str(k), line.what, line.was, line.now, line.by) for k, line in enumerate(entries(change), 1)]
    head = ("No", "Thing", f"In {rev}", f"In {change.new.about.rev or 'this issue'}", "By")
    return tuple(_tables(f"CHANGES SINCE {rev}".upper(), head, rows, (10.0, 36.0, 42.0, 42.0, COLUMN - 130.0)))


def _tables(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Iterator[Block]:
    shown = [*rows[:MOST]]
    if len(rows) > MOST:
        shown.append((f"{len(rows) - MOST} more", *[""] * (len(head) - 1)) if len(head[0]) > 2 else ("", f"{len(rows) - MOST} more", *[""] * (len(head) - 2)))  # fmt: skip
    for start in range(0, len(shown), ROWS):
        yield ruled(title if start == 0 else f"{title}, CONTINUED", head, shown[start : start + ROWS], widths)
