"""The stage deck layout: what a staging supplier builds from. Decks with tags, legs, cuts, rails, steps, setting-out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._deck_tables import stage_blocks, stage_notes
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import ABOVE, DIMENSION, ROW, Align, Box, Places, Rows, Spot, Valign, around, within
from stagecraft.drawing._staging import Staging, flight_words, leg_length, rail_height, stagings
from stagecraft.drawing._upright import Height, height_rows, level_column
from stagecraft.drawing._views import (
    bodies,
    corner,
    drawing,
    extent,
    fill_marks,
    keep_hard,
    keep_lines,
    mm,
    name_of,
    notes_of,
    path_marks,
    points_mm,
    short,
    vertices,
)
from stagecraft.drawing.draft import LAYOUTS, Draft, Job, View
from stagecraft.drawing.lettering import LEAST
from stagecraft.drawing.marks import Circle, Dimension, Drawing, Insert, Leader, Line, Mark, Point, Style, Symbol, Text
from stagecraft.drawing.strokes import attribute_text, resolved
from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import FROM_THE_HOUSE, hidden_lines, outline_paths
from stagecraft.scene import Walkway

FAR = 0.35
"""Setting-out dimensions are drawn where the setting-out point is nearer than the stage is large, times this."""
MOST_LEGS = 1500
"""More legs are not drawn: a file of theirs would be larger than anybody wants to open."""
MOST_TOLD = 600
"""Of more decks only tag, height and legs are told."""
LEGIBLE = 50.0
"""At this scale tags are read on any deck. 1:n"""
WIDEST = 320.0
"""A stage is drawn no larger on paper, where a coarser scale does as well. [mm]"""
_QUARTERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))
_OVER: tuple[tuple[float, Valign], ...] = ((1.0, "bottom"), (-1.0, "top"))


def stage_sheets(job: Job) -> Iterator[Draft]:
    """301 …: one for each stage and each platform of decks; none where there is neither."""
    found = stagings(job.scene)
    for number, one in enumerate(found):
        own = "" if number == 0 else f" {one.element}"
        span = max(one.plan.bounds[2] - one.plan.bounds[0], one.plan.bounds[3] - one.plan.bounds[1]) * 1000
        finest = next((scale for scale in LAYOUTS if span / scale <= WIDEST), LEGIBLE)
        scales = tuple(scale for scale in LAYOUTS if scale >= min(finest, LEGIBLE))
        views = [View(f"decks{own}", partial(deck_plan, one), scales)]
        if one.legs is not None or one.flights or one.rails:
            views.append(View(f"stage front{own}", partial(stage_front, one), scales))
        title = "Stage deck layout" if len(found) == 1 else f"Stage deck layout: {short(one.title).capitalize()}"
        yield Draft(
            "stage" if number == 0 else f"stage-{number + 1}", str(301 + number), title, "Stage deck layout",
            tuple(views), partial(stage_blocks, one), stage_notes(one), symbols=False,
        )  # fmt: skip


# --- seen from above


def deck_plan(one: Staging, scale: float) -> Drawing:
    """The decks of a stage from above, laid out for 1:`scale`."""
    page = _DeckPlan(one.scene, float(scale), Places(float(scale)))
    page.one, page.named_flights = one, []
    page.outline()
    page.decks()
    page.legs()
    page.flights()
    page.corridors()
    if page.near:
        page.datum()
    page.cuts()
    page.lifts()
    page.rails()
    page.words()
    page.dimensions()
    if page.near:
        page.axes_words()
    return page.drawing("decks", f"{short(one.title)}: DECKS FROM ABOVE")


class _DeckPlan(House):
    """A deck layout that is being drawn."""

    one: Staging
    named_flights: list[tuple[Walkway, Box]]
    """Steps and ramps with the boxes round them, to be named. [mm]"""

    @property
    def near(self) -> bool:
        """Whether the setting-out point lies so near that it is drawn."""
        x0, y0, x1, y1 = self.one.plan.bounds
        away = max(x0, -x1, y0, -y1, 0.0)
        return bool(away <= FAR * max(x1 - x0, y1 - y0))

    @property
    def square(self) -> bool:
        """Whether it stands along the room's axes."""
        turn = frames.heading(self.one.scene.elements[self.one.element].frame) % 90.0
        return min(turn, 90.0 - turn) < 1e-6

    def drawing(self, name: str, title: str, notes: Iterable[str] = ()) -> Drawing:
        every = (*notes_of(self.scene, (self.one.element,)), *self.notes, *notes, *self.places.notes)
        return drawing(name, title, self.scene, self.marks, self.symbols, self.scale, every)

    def outline(self) -> None:
        marks = list(path_marks(outline_paths(self.one.plan, self.one.circles), Style("stage")))
        self.draw(marks)
        keep_hard(self.places, marks)

    def decks(self) -> None:
        """An Insert a deck, with its tag where it can be read."""
        part = self.one.decks
        if part is None or part.symbol is None:
            return
        ring = part.symbol.lines[0][:4]
        long, short = np.ptp(ring, axis=0).tolist()
        name, tall = f"DECK-{part.item}", LEAST * self.scale
        points = tuple(mm(*p) for p in ring)
        slot = mm(-long / 4, short / 4)  # off the middle, where centre line and names lie
        style = Style("stage", "beyond")
        self.symbols[name] = Symbol(name, (Line(style, points, True),), (("TAG", slot, tall),))
        names = {"TAG": list(part.tags), "NO": [tag.rsplit("-", 1)[-1] for tag in part.tags]}
        shown = tuple(key for key, tags in names.items() if 3 * tall < 1000 * short and
                      max(lettering.width(tag, LEAST) for tag in tags) * self.scale < 420 * long)[:1]  # fmt: skip
        self.symbols[name] = replace(self.symbols[name], slots=tuple((key, slot, tall) for key in shown or ("TAG",)))
        legs, _ = self.one.standing
        length = units.drawn(leg_length(self.one), self.units)
        height = units.drawn(self.one.top - self.one.base, self.units)
        for matrix, tag, number, count in zip(part.transforms, part.tags, names["NO"], legs.tolist()):
            at, turn = mm(*matrix[:2, 3]), round(frames.heading(matrix), 6) + 0.0
            known = {
                "TAG": tag,
                "NO": number,
                "ITEM": part.item,
                "HEIGHT": height,
                "LEGS": f"{count} x {length}" if count else "0",
            }
            kept = known if part.count <= MOST_TOLD else {key: known[key] for key in ("TAG", "HEIGHT", "LEGS", *shown)}
            facts = tuple(kept.items())
            self.add([Insert(style, name, at, turn, facts, shown)])
            around_ = frames.points(matrix, np.c_[ring, np.zeros(4)])[:, :2] * 1000
            self.places.lines(np.r_[around_, around_[:1]])
            if shown:
                mark = Insert(style, name, at, turn, facts, shown)
                self.places.claim(attribute_text(mark, self.symbols[name], dict(facts)[shown[0]], slot, LEAST))
        if shown == ("NO",):
            self.notes.append("On the plan a deck is called by the number at the end of its tag.")
        if not shown:
            self.notes.append(f"Tags of decks are not legible at 1:{self.scale:g}; they stand in the drawing file.")

    def legs(self) -> None:
        part = self.one.legs
        if part is None:
            return
        if part.count > MOST_LEGS:
            self.notes.append(f"{part.count} legs are listed, not drawn.")
            return
        (x0, y0, _), (x1, y1, _) = part.solid.bounds
        style, name = Style("leg"), "DECK-LEG"
        self.symbols[name] = Symbol(name, (Line(style, (mm(x0, y0), mm(x1, y0), mm(x1, y1), mm(x0, y1)), True),))
        length = units.drawn(leg_length(self.one), self.units)
        boxes = []
        for matrix in part.transforms:
            at, turn = mm(*matrix[:2, 3]), round(frames.heading(matrix), 6) + 0.0
            self.add([Insert(style, name, at, turn, (("LENGTH", length), ("ELEMENT", part.element)))])
            boxes.append((at[0] - 500 * (x1 - x0), at[1] - 500 * (y1 - y0), at[0] + 500 * (x1 - x0),
                          at[1] + 500 * (y1 - y0)))  # fmt: skip
        self.places.keep(boxes)

    def cuts(self) -> None:
        """What is left of each cut deck, hatched."""
        import shapely

        for part in self.one.cuts:
            plan = part.plans()[0]
            x, y = shapely.point_on_surface(plan).coords[0]
            at = mm(x, y)
            name = f"DECK-{self.one.item.code if self.one.item else ''}-CUT-{part.tags[0].rsplit('-', 1)[-1]}"
            style = Style("stage", "beyond")
            own = list(path_marks(outline_paths(shapely.transform(plan, lambda p, o=(x, y): p - o)), style))
            self.symbols[name] = Symbol(name, tuple(own), (("TAG", (0.0, 0.0), LEAST * self.scale),))
            self.add(list(fill_marks(plan, "stage", self.scale)))
            self.add([Insert(style, name, at, 0.0, (("TAG", part.tags[0]), ("ITEM", name.split("-CUT-")[0][5:])))])
            keep_lines(self.places, list(path_marks(outline_paths(plan), style)))
            word = f"CUT {part.tags[0].rsplit('-', 1)[-1]}"
            box = (*mm(*plan.bounds[:2]), *mm(*plan.bounds[2:]))
            spots = [Spot(*at), *within(box, self.scale)]
            inside = [spot for spot in spots if shapely.contains_xy(plan, spot.x / 1000, spot.y / 1000)]
            ways: list[Any] = [(inside, LEAST, box), (list(around(box, self.scale)), LEAST, None)]
            self.add(self.places.name(Style("stage", "id"), word, ways))

    def lifts(self) -> None:
        """Pieces that rise and sink, with their levels; edges that the stage has too are drawn already."""
        import shapely

        for part in self.one.lifts:
            plan = part.plans()[0]
            edges = shapely.get_parts(shapely.line_merge(plan.boundary - self.one.plan.boundary.buffer(1e-6)))
            self.draw(
                [Line(Style("stage"), points_mm(shapely.get_coordinates(edge))) for edge in edges if edge.length > 0.01]
            )
            self.name(f"{part.name.upper()}\n{units.level(float(part.bounds[1, 2]), self.units)}", plan)

    def name(self, words: str, plan: Any, tall: float = 2.5, free: Sequence[Spot] = ()) -> None:
        """A name inside a shape [m] where it has room, on spots that are likely `free` first; else beside it."""
        import shapely

        box = (*mm(*plan.bounds[:2]), *mm(*plan.bounds[2:]))
        ways: list[Any] = []
        for height in (tall, 2.0):
            wide, high = (side * self.scale / 2000 for side in lettering.size(words, height))
            at = [(spot, (spot.x / 1000, spot.y / 1000)) for spot in (*free, *within(box, self.scale))]
            inner = [s for s, (x, y) in at if plan.contains(shapely.box(x - wide, y - high, x + wide, y + high))]
            ways.append((inner, height, None))
        style = Style("note", "id")
        self.add(self.places.name(style, words, [*ways, (list(around(box, self.scale)), 2.0, None)]))

    def rails(self) -> None:
        import shapely

        part = self.one.named("rail")
        if part is not None:
            plan = shapely.union_all(part.plans())
            self.draw([Line(Style("rail"), tuple(mm(*p) for p in ring.points), True) for ring in outline_paths(plan)])
        x0, y0, x1, y1 = self.one.plan.bounds
        for number, run in enumerate(self.one.rails, 1):
            box = (*mm(*(run.at - 0.05)), *mm(*(run.at + 0.05)))
            words = f"RAIL R{number}"
            inward = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - run.at
            spots = sorted(around(box, self.scale), key=lambda s: (s.reach, (np.array(s[:2]) / 1000 - run.at) @ inward))
            self.add(self.places.name(Style("rail"), words, [(spots, 2.0, None)]))

    def flights(self) -> None:
        for way in self.one.flights:
            parts = [part for part in self.scene.parts if part.element == way.element]
            paths = hidden_lines(bodies(parts, [Style(part.system) for part in parts]))
            for path in paths:
                assert isinstance(path.group, Style)
                self.draw(list(path_marks([path], path.group)))
            up = way.line[np.argsort(way.line[:, 2], kind="stable")]
            foot, head = up[0, :2], up[-1, :2]
            arrow = (mm(*(foot + 0.9 * (head - foot))), mm(*(foot + 0.1 * (head - foot))))
            self.add([Leader(Style("stair"), arrow)])
            self.places.keep_line(arrow)
            low = np.min([part.bounds[0] for part in parts], axis=0)
            high = np.max([part.bounds[1] for part in parts], axis=0)
            self.named_flights.append((way, (*mm(*low[:2]), *mm(*high[:2]))))

    def corridors(self) -> None:
        """Words keep off where extension lines will run."""
        if not self.square:
            return
        x0, y0, x1, y1 = (float(v) * 1000 for v in self.one.plan.bounds)
        far = 80 * self.scale
        across, along = [x0, x1], [y0, y1]
        if self.one.decks is not None:
            across += [p[0] for run in self.joints(0, y1) for p in run]
            along += [p[1] for run in self.joints(1, x0) for p in run]
        lines = [((x, y1), (x, y1 + far)) for x in across] + [((x0, y), (x0 - far, y)) for y in along]
        below = [(x0, y0), (x1, y0)]
        beside = [y0, y1]
        for way in self.one.flights:
            y = _foot(way)[1] * 1000
            beside.append(y)
            below += [(1000 * side, y) for side in _across(way)]
        lines += [((x, y), (x, y0 - far)) for x, y in below] + [((x1, y), (x1 + far, y)) for y in beside]
        for line in lines:
            self.places.keep_line(line)

    def words(self) -> None:
        """Name and level, names of steps, and the letters of the corners."""
        import shapely

        for way, box in self.named_flights:
            words = f"{name_of(self.scene, way.element)} UP\n{flight_words(way, self.units)}"
            self.add(self.places.name(Style("note", "id"), words, [(list(around(box, self.scale)), 2.0, None)]))
        datum = Style("datum")
        e = 1.0 * self.scale
        for letter, point in self.one.corners:
            x, y = mm(*point)
            self.add([Line(datum, ((x - e, y), (x + e, y))), Line(datum, ((x, y - e), (x, y + e)))])
            self.places.keep([(x - e, y - e, x + e, y + e)])
            spots = []
            for across, up in sorted(_QUARTERS, key=lambda q: self.inside(point, q)):
                align: Align = "left" if across > 0 else "right"
                valign: Valign = "bottom" if up > 0 else "top"
                spots += [Spot(x + k * e * across, y + k * e * up, align, valign) for k in (1.2, 2.0, 3.0, 4.5)]
            self.add(self.places.put(datum, letter, spots, 3.5))
        for hole in self.one.plan.interiors:
            if not any(np.allclose(part.plans()[0].bounds, hole.bounds, atol=1e-3) for part in self.one.lifts):
                self.name("OPENING", shapely.Polygon(hole))
        level = units.level(self.one.top, self.units)
        decks = np.zeros((0, 2)) if self.one.decks is None else self.one.decks.transforms[:, :2, 3]
        middle = np.array(self.one.plan.centroid.coords[0])
        free = [Spot(*mm(*at)) for at in sorted(decks, key=lambda at: float(np.hypot(*(at - middle))))]
        self.name(f"{self.one.title}  {level}", self.one.plan, 3.5, free)

    def inside(self, point: Floats, quarter: tuple[int, int]) -> bool:
        """Whether a quarter about a corner lies on the stage."""
        import shapely

        return bool(shapely.contains_xy(self.one.plan, *(point + 0.05 * np.array(quarter))))

    def datum(self) -> None:
        """The setting-out point, and the setting line as far as the stage goes."""
        datum, r, e = Style("datum"), 2 * self.scale, 4 * self.scale
        rest = [mark for mark in self.marks if not isinstance(mark, Insert)]
        (left, _), (right, _) = extent(rest, {}, self.scale)
        self.add([Circle(datum, (0.0, 0.0), r), Line(datum, ((-1.5 * r, 0.0), (1.5 * r, 0.0))),
                  Line(datum, ((0.0, -1.5 * r), (0.0, 1.5 * r)))])  # fmt: skip
        self.places.keep([(-r, -r, r, r)])
        self.places.keep_line([(0.0, -1e5), (0.0, 1e5)])  # the centre line
        self.setting = (min(left, 0.0) - e, 0.0), (max(right, 0.0) + e, 0.0)
        self.draw([Line(Style("setting"), self.setting)])
        words = f"SETTING-OUT POINT 0, 0\n{units.level(0.0, self.units)}"
        self.add(self.places.name(datum, words, [(list(around((-r, -r, r, r), self.scale)), 2.0, None)]))

    def axes_words(self) -> None:
        """Of the setting line, clear of the dimensions, and the centre line right through the drawing."""
        for mark in [mark for mark in self.marks if isinstance(mark, Dimension)]:
            for line in resolved(mark, self.scale, self.units).lines:
                self.places.keep_line(line)
        (x0, y), (x1, _) = self.setting
        e = 0.8 * self.scale
        ends: list[tuple[float, Align]] = [(x1, "right"), (x0, "left"), (x1 + e, "left"), (x0 - e, "right")]
        spots = [Spot(x, y + k * e, align, valign) for k, valign in _OVER for x, align in ends]
        self.add(
            self.places.put(Style("setting"), "SETTING LINE", spots, 2.0)
        )  # the legend says it where there is no room
        (_, low), (_, high) = extent(self.marks, self.symbols, self.scale)
        e, style = self.scale, Style("centre")
        self.add([Line(style, ((0.0, low - 3 * e), (0.0, high + 3 * e)))])
        self.add([self.places.claim(Text(style, (0.0, high + 4 * e), "CL", 3.5, 0.0, "centre", "bottom"))])

    def dimensions(self) -> None:
        """Overall sizes and the joints of the decks; from the setting-out point to edges and steps."""
        rest = [mark for mark in self.marks if not isinstance(mark, Insert)]  # decks and legs lie within the outline
        (left, low), (right, high) = extent(rest, {}, self.scale)
        d, step = 5 * self.scale, ROW * self.scale
        up, down = Rows(self.places, 0, high + d, step, self.units), Rows(self.places, 0, low - d, -step, self.units)
        left_hand = Rows(self.places, 90, left - d, -step, self.units)
        right_hand = Rows(self.places, 90, right + d, step, self.units)
        points = np.array([p for ring in outline_paths(self.one.plan)[:1] for p in ring.points])
        ends = {name: corner(np.c_[points, points[:, 0]], axis, sign, side, tie) for name, axis, sign, side, tie in
                (("left", 0, -1.0, 1, 1.0), ("right", 0, 1.0, 1, 1.0), ("front", 1, -1.0, 0, -1.0),
                 ("rear", 1, 1.0, 0, -1.0))}  # fmt: skip
        at = {name: mm(*end[:2]) for name, end in ends.items() if end is not None}
        if self.square:
            up.add(*self.joints(0, at["rear"][1]))
            up.add((at["left"], at["right"]))
            left_hand.add(*self.joints(1, at["left"][0]))
            left_hand.add((at["front"], at["rear"]))
        else:
            self.add(self.aslant())
        if self.near:
            front = {**at, **{side: mm(*end[:2]) for side, end in self.sides(points).items()}}
            stops = [mm(x, way.line[:, 1].min()) for way in self.one.flights for x in _across(way)]
            if stops:
                down.add(*pairwise(sorted([*stops, (0.0, 0.0)])))
            down.add(*pairwise(sorted([front["left"], (0.0, 0.0), front["right"]])))
            levels = [at["front"], at["rear"], *(mm(*_foot(way)) for way in self.one.flights)]
            edge = (at["right"][0], 0.0)
            for way_ in (1.0, -1.0):
                found = {round(p[1], 1): p for p in levels if p[1] * way_ > 1.0}
                for y in sorted(found, key=abs):
                    right_hand.add((edge, found[y]))
        for rows in (up, left_hand, down, right_hand):
            self.add(rows.marks())

    def sides(self, points: Floats) -> dict[str, Floats]:
        """The corners farthest to the left and right, those nearest downstage of several."""
        wide = np.c_[points, points[:, 0]]
        found = {"left": corner(wide, 0, -1.0, 1, -1.0), "right": corner(wide, 0, 1.0, 1, -1.0)}
        return {name: end for name, end in found.items() if end is not None}

    def joints(self, axis: int, across: float) -> list[tuple[Point, Point]]:
        """Runs between the joints of the whole decks along an axis, where their figures can be read."""
        part = self.one.decks
        if part is None or part.symbol is None:
            return []
        ring = np.c_[part.symbol.lines[0][:4], np.zeros(4)]
        corners = np.concatenate([frames.points(matrix, ring) for matrix in part.transforms])
        stops = np.unique(np.round(corners[:, axis], 4))
        stops = stops[np.r_[True, np.diff(stops) > 1e-3]]
        widest = lettering.width(units.drawn(float(np.diff(stops).min()), self.units), 2.5) + 2.0
        if len(stops) < 3 or float(np.diff(stops).min()) * 1000 < widest * self.scale:
            return []
        over = [float(part.bounds[k, axis]) for part in self.one.cuts for k in (0, 1)]
        stops = np.r_[[v for v in [min(over, default=np.inf)] if v < stops[0] - 1e-3], stops,
                      [v for v in [max(over, default=-np.inf)] if v > stops[-1] + 1e-3]]  # fmt: skip
        ends = [(round(s * 1000, 4), across) if axis == 0 else (across, round(s * 1000, 4)) for s in stops.tolist()]
        return list(pairwise(ends))

    def aslant(self) -> list[Mark]:
        """Width and depth of a stage that stands at an angle, along its own sides."""
        origin = self.one.scene.elements[self.one.element]
        own = frames.points(frames.inverse(origin.frame), np.c_[np.asarray(self.one.plan.exterior.coords)[:-1, :2],
                                                                np.zeros(len(self.one.plan.exterior.coords) - 1)])  # fmt: skip
        (x0, y0), (x1, y1) = own[:, :2].min(axis=0).tolist(), own[:, :2].max(axis=0).tolist()
        off = 10 * self.scale / 1000
        out: list[Mark] = []
        for a, b, away in (((x0, y1), (x1, y1), (0.0, off)), ((x0, y0), (x0, y1), (-off, 0.0))):
            start, end, line = (frames.points(origin.frame, np.array([*p, 0.0]))[:2] for p in
                                (a, b, (a[0] + away[0], a[1] + away[1])))  # fmt: skip
            run = (end - start) / np.linalg.norm(end - start)
            angle = float(np.degrees(np.arctan2(run[1], run[0])))
            angle = (angle + 90.0) % 180.0 - 90.0
            lift = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))]) * ABOVE * self.scale / 1000
            words = (start + end) / 2 + (line - start) + lift
            mark = Dimension(DIMENSION, mm(*start), mm(*end), mm(*line), mm(*words), round(angle, 9) + 0.0)
            self.places.claim(Text(DIMENSION, mark.text_at, units.drawn(float(np.hypot(*(end - start))), self.units), 2.5,
                                   angle, "centre", "middle"))  # fmt: skip
            out.append(mark)
        return out


def _across(way: Walkway) -> tuple[float, float]:
    """x of the two sides of a flight at its foot. [m]"""
    run = way.line[-1, :2] - way.line[0, :2]
    run = run / max(float(np.hypot(*run)), 1e-9)
    half = way.width / 2 * abs(float(run[1]))
    x = float(way.line[int(np.argmin(way.line[:, 2])), 0])
    return x - half, x + half


def _foot(way: Walkway) -> tuple[float, float]:
    """Where a flight begins: the edge of its first tread. [m]"""
    line = way.line[np.argsort(way.line[:, 2], kind="stable"), :2]
    if way.kind == "step" and len(line) > 2:
        x, y = ((line[0] + line[1]) / 2).tolist()
    else:
        x, y = line[0].tolist()
    return x, y


# --- seen from the house


def stage_front(one: Staging, scale: float) -> Drawing:
    """The stage from the audience without its skirt: legs, decks, rails and steps, laid out for 1:`scale`."""
    scale = float(scale)
    flights = {way.element for way in one.flights}
    shown = [part for part in one.parts if part.name not in ("skirt", "decks", "cut deck")]
    shown += [part for part in one.scene.parts if part.element in flights]
    places = Places(scale)
    marks: list[Mark] = []
    styles = [Style("leg") if part.name == "legs" else Style(part.system) for part in shown]
    for path in hidden_lines(bodies(shown, styles), FROM_THE_HOUSE):
        assert isinstance(path.group, Style)
        marks += path_marks([path], path.group)
    points = vertices(shown)
    left, right = float(points[:, 0].min()), float(points[:, 0].max())
    marks.append(Line(Style("datum"), (mm(left - 0.3, one.base), mm(right + 0.3, one.base))))
    keep_lines(places, marks)
    system = one.scene.about.units
    found = [Height(one.base, "FLOOR", mm(left, one.base)), Height(one.top, "DECK", mm(left, one.top))]
    if one.legs is not None:
        under_ = one.base + leg_length(one)
        found.append(Height(under_, "UNDERSIDE, TOP OF LEGS", mm(left, under_)))
    if (rail := rail_height(one)) is not None:
        found.append(Height(one.top + rail, "TOP OF RAIL", mm(left, one.top + rail)))
    lifts = [(float(part.bounds[1, 2]), part) for part in one.lifts]
    found += [Height(z, part.name.upper(), mm(float(part.bounds[0, 0]), z), False) for z, part in lifts]
    found.sort(key=lambda height: height.z)
    (x0, _), (x1, _) = extent(marks, {}, scale)
    marks += level_column(found, places, x1 + 3 * scale, 1.0, system)
    marks += height_rows(Rows(places, 90, x0 - 5 * scale, -ROW * scale, system), found)
    notes = ("Skirts and what stands on the stage are left out of the view from the front.",)
    title = f"{short(one.title)}: FRONT" + (", SKIRT LEFT OUT" if one.named("skirt") else "")
    return drawing("stage front", title, one.scene, marks, {}, scale,
                   (*notes_of(one.scene, (one.element,)), *notes, *places.notes))  # fmt: skip
