"""The rigging plot: trusses, points and what hangs from them over the light house, set out from the point 0, 0 and from
two walls or columns; tables of points and trusses.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from stagecraft import units
from stagecraft.analysis.rigging import Truss, trusses
from stagecraft.analysis.tapes import Column, Wall, named, references
from stagecraft.drawing import lettering
from stagecraft.drawing._house import OVERHEAD
from stagecraft.drawing._labels import ABOVE, DIMENSION, HEIGHT, Box, Places, Rows, Spot, around, dimension, text_box
from stagecraft.drawing._paper import COLUMN, NONE, Block, ruled
from stagecraft.drawing._plan_shapes import point_of
from stagecraft.drawing._plan_sizes import clear_of_all
from stagecraft.drawing._plan_words import is_ceiling, low_ceilings
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._views import extent, item_name, mm, name_of, path_marks, vertices
from stagecraft.drawing.draft import PLANS, Draft, Job, View
from stagecraft.drawing.marks import Circle, Dimension, Drawing, Insert, Line, Mark, Point, Shape, Style, Symbol, Text
from stagecraft.drawing.plan import Plan
from stagecraft.drawing.strokes import readable
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, hidden_lines
from stagecraft.scene import Part, Pick, Scene

TITLE = "RIGGING PLOT"
BENEATH = ("stage", "platform", "foh", "set", "stair")
"""Systems whose outlines are drawn light, to find one's way by."""
ROWS = 40
"""Points in one table; more are continued in another."""
MOST = 3 * ROWS - 1
"""More points than these stand in the schedule of points."""
MOST_STATIONS = 5
"""More trusses than these are dimensioned in one row, from one to the next."""
COUPLERS = 0.05
"""A piece may be so much longer than a length of the catalogue, for couplers and spacers. [m]"""
SQUARE = math.radians(0.1)
"""What is turned less runs along an axis."""
OFFSETS = (7.0, -7.0, 12.0, -12.0, 17.0, -17.0)
"""Where a row of dimensions beside a truss is tried. [paper mm]"""
LONGEST = 60.0
"""Names longer than this are written in lines. [paper mm]"""
LONG_NAME = 40
"""Longer names are cut short in tables."""
LEFT_OUT = "Names left out for want of room: "
MANY, FIFTH = 8, 5
"""Of more points than these that crowd on a truss every fifth has its name on the plan."""
NAMES, COARSE = (2.0, 1.8), 75.0
"""Heights of names [paper mm]; from the scale 1:n on the smaller one alone."""
SLANTING = 0.6
"""What fills less of the box round it lies askew: names stand beside it, not beside the box."""
ID = Style("truss", "id")


def rigging_sheets(job: Job) -> Iterator[Draft]:
    """The rigging plot, where there are trusses or points."""
    scene = job.scene
    if not scene.of(Pick) and not trusses(scene):
        return
    yield Draft(
        "rigging", "451", "Rigging plot", "Rigging plot",
        (View("rigging", lambda scale: rigging_plot(scene, scale), PLANS),),
        lambda drawings: (*truss_blocks(scene), *point_blocks(scene)), notes(scene), NOT_FOR_RIGGING,
    )  # fmt: skip


def rigging_plot(scene: Scene, scale: float = 100) -> Drawing:
    """Plan of what is rigged, laid out for 1:`scale`, over the light house."""
    page = _Plot(scene, float(scale), light=True)
    page.house(BENEATH)
    page.overhead()
    page.rig()
    page.axes()
    page.keep_apart()
    page.chains()
    page.names()
    page.points()
    page.stations()
    page.words()
    page.centre()
    return page.drawing("rigging plot", TITLE)


def from_tapes(scene: Scene) -> tuple[Wall | Column, ...]:
    """The two walls or columns that the points, or the trusses' ends, are measured from."""
    rig = trusses(scene)
    places = [pick.at[:2] for pick in scene.of(Pick)] or [place for truss in rig for place in stops_of(truss)]
    return references(scene, np.array(places).reshape(-1, 2))


class _Plot(Plan):
    """A rigging plot that is being drawn."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.trusses = trusses(self.scene)
        self.tapes = from_tapes(self.scene)
        self.riders = {element for truss in self.trusses for element in truss.riders}
        self.lengths = {units.length(length, self.units) for truss in self.trusses for length, _ in truss.pieces}

    def drawing(self, name: str, title: str, notes: Iterable[str] = ()) -> Drawing:
        """As of any plan; lengths of pieces that found no place stand in the table and are no names."""
        made, said = super().drawing(name, title, notes), list[str]()
        for note in made.notes:
            told = note.removeprefix(LEFT_OUT).removesuffix(".").split(", ")
            kept = [word for word in told if word not in self.lengths]
            if not note.startswith(LEFT_OUT) or kept == told:
                said.append(note)
            elif kept:
                said.append(f"{LEFT_OUT}{', '.join(kept)}.")
        return replace(made, notes=tuple(said))

    # --- what hangs

    def overhead(self) -> None:
        """Low ceilings and what is up there without a truss, dashed."""
        own = {truss.element for truss in self.trusses} | self.riders
        self.loose: dict[str, None] = {}
        for part in self.parts:
            low = part.system == "ceiling" and not is_ceiling(self, part)
            loose = part.element not in own and part.system in ("light", "sound", "video") and self.is_up(part)
            if low or loose:
                self.shape(part, "overhead")
            if loose:
                self.loose[part.element] = None

    def is_up(self, part: Part) -> bool:
        return bool(part.bounds[0, 2] > self.floor + OVERHEAD)

    def rig(self) -> None:
        """What hangs from the trusses, then the trusses and their towers."""
        own = {truss.element for truss in self.trusses}
        for part in self.parts:
            if part.element in self.riders and not part.of_seats and part.system != "person":
                self.shape(part, "line")
        for part in self.parts:
            if part.element in own and part.item:
                self.shape(part, "line")
                self.keep_edges(part)
            elif part.element in own:
                self.outline(part, "line")
                low, high = part.bounds[:, :2] * 1000
                self.places.keep([(*low, *high)] if part.count == 1 else np.zeros((0, 4)))

    def shape(self, part: Part, role: Literal["line", "overhead"]) -> None:
        """A part as it is seen from above if nothing were in the way."""
        if part.item:
            self.copies(part, role, [True] * part.count)
        elif not any(other.item for other in self.parts if other.element == part.element):
            self.outline(part, role)

    def outline(self, part: Part, role: Literal["line", "overhead"]) -> None:
        for copy in part.transforms:
            self.draw(list(path_marks(hidden_lines([Body(part.solid, copy[None])]), Style(part.system, role))))

    def keep_edges(self, part: Part) -> None:
        """Nothing is written on a piece of truss."""
        if part.symbol is None:
            return
        rim = part.symbol.lines[0]
        middle = np.array([(rim[:, 0].min(), 0.0), (rim[:, 0].max(), 0.0)])
        for matrix in part.transforms:
            for line in (rim, middle):
                self.places.keep_line(1000 * (line @ matrix[:2, :2].T + matrix[:2, 3]))

    # --- points

    def points(self) -> None:
        """An Insert a point; its name at its upper right where there is room, elsewhere beside it."""
        self.waiting: list[Pick] = []
        widest = max((float(np.ptp(part.symbol.lines[0][:, 1])) for part in self.parts
                      if part.system == "truss" and part.symbol is not None), default=0.0)  # fmt: skip
        for name in ("RIG-POINT", "RIG-HOUSE"):
            self.symbols[name] = point_symbol(name, self.scale, 500 * widest)
        silent = self.unnamed()
        for pick in self.scene.of(Pick):
            name, x_y = "RIG-HOUSE" if pick.house else "RIG-POINT", mm(*pick.at[:2])
            ((_, slot, height),) = self.symbols[name].slots
            at = (x_y[0] + slot[0], x_y[1] + slot[1])
            box = text_box(Text(ID, at, pick.name, height / self.scale), self.scale)
            alone = (
                pick.name not in silent
                and not _second_line(pick)
                and self.places.free(box)
                and not self.places.struck(box)
            )
            if alone:
                self.places.take(box)
            elif pick.name not in silent:
                self.waiting.append(pick)
            self.add([Insert(ID, name, x_y, 0.0, self.facts(pick), ("ID",) if alone else ())])

    def unnamed(self) -> set[str]:
        """Points without a name on the plan: of a truss where they crowd all but the first, the last and every fifth."""
        out: set[str] = set()
        for truss in self.trusses:
            if truss.element in self.dense:
                order = np.argsort(truss.places, kind="stable").tolist()
                kept = {0, len(order) - 1, *range(FIFTH - 1, len(order), FIFTH)}
                out |= {
                    truss.picks[k].name for n, k in enumerate(order) if n not in kept and truss.picks[k].load is None
                }
        return out

    def facts(self, pick: Pick) -> tuple[tuple[str, str], ...]:
        """Attributes of a point; a load only with its author."""
        x, y = (units.drawn(round(float(v), 6) + 0.0, self.units) for v in pick.at[:2])
        item = self.scene.items.get(pick.hoist)
        signed = pick.load is not None and bool(pick.author)
        return (
            ("ID", pick.name), ("ELEMENT", pick.element), ("X", x), ("Y", y),
            ("TRIM", "" if pick.trim is None else units.level(pick.trim, self.units)),
            ("HOIST", item.label if item else pick.hoist),
            ("LOAD_KG", f"{pick.load:g}" if signed else ""), ("AUTHOR", pick.author if signed else ""),
            ("LIMIT_KG", "" if pick.limit is None else f"{pick.limit:g}"),
        )  # fmt: skip

    # --- sizes

    def keep_apart(self) -> None:
        """Nothing is written on a point, on the centre line and on the setting line."""
        r = 1.2 * self.scale
        at = np.array([pick.at[:2] for pick in self.scene.of(Pick)]).reshape(-1, 2) * 1000
        self.places.keep(np.concatenate([at - r, at + r], axis=1))
        left, low, right, high = clear_of_all(self)
        far = 100 * self.scale
        self.places.keep_line([(0.0, low - far), (0.0, high + far)])
        self.places.keep_line([(left, 0.0), (right, 0.0)])

    def chains(self) -> None:
        """Along each truss from point to point, from the wall to the first, and from the centre line to the first."""
        self.left_out: list[str] = []
        self.dense: dict[str, None] = {}
        self.rows_at: list[Box] = []
        for truss in self.trusses:
            stops = [mm(*place) for place in stops_of(truss)]
            runs = [(a, b) for a, b in itertools.pairwise(stops) if math.dist(a, b) >= 1]
            longest = max((lettering.width(units.drawn(math.dist(*run) / 1000, self.units), HEIGHT) for run in runs), default=0.0)  # fmt: skip
            names = max((lettering.width(pick.name, 1.8) for pick in truss.picks), default=0.0) + 4.0
            if len(truss.picks) > MANY and any(math.dist(*run) / self.scale < names for run in runs):
                self.dense[truss.element] = None
            if any(math.dist(*run) / self.scale < longest + 1 for run in runs):
                self.left_out.append(truss.element)
                runs = [(stops[0], stops[-1])]
            angle = _axis(truss.along)
            if angle is None:
                self.aligned(truss, runs)
                continue
            way = 0 if angle == 0 else 1
            first = min(stops, key=lambda stop: abs(stop[way]))
            datum: Point = (0.0, first[1]) if angle == 0 else (first[0], 0.0)
            for tape in self.tapes:
                if isinstance(tape, Wall) and abs(tape.along[way]) < math.sin(SQUARE):
                    foot = mm(*tape.foot(np.array(stops[0]) / 1000))
                    near = min(stops, key=lambda stop: math.dist(stop, foot))
                    runs.append((foot, near))
            self.row(runs, angle, first[1 - way])
            self.row([(datum, first)], angle, first[1 - way])

    def row(self, runs: Sequence[tuple[Point, Point]], angle: Literal[0, 90], base: float) -> None:
        """A row of dimensions beside a truss, where least is in its way."""
        axis = 0 if angle == 0 else 1
        ordered = sorted(((a, b) if a[axis] <= b[axis] else (b, a)) for a, b in runs if abs(a[axis] - b[axis]) >= 1)
        if not ordered:
            return
        side = 1.0 if angle == 0 else -1.0

        def cost(offset: float) -> tuple[int, float]:
            at = base + side * offset * self.scale
            line = sorted((at - self.scale, at + self.scale))
            span = min(a[axis] for a, _ in ordered), max(b[axis] for _, b in ordered)
            room = (span[0], line[0], span[1], line[1]) if angle == 0 else (line[0], span[0], line[1], span[1])
            blocked = 3 * (not self.places.free(room)) + 20 * any(_meet(room, text) for text in self.places.texts)
            blocked += 100 * any(_meet(room, other) for other in self.rows_at)  # two rows in one line read as one
            for a, b in ordered:
                middle, across = (a[axis] + b[axis]) / 2, at + (ABOVE if angle == 0 else -ABOVE) * self.scale
                spot = (middle, across) if angle == 0 else (across, middle)
                words = units.drawn(abs(b[axis] - a[axis]) / 1000, self.units)
                box = text_box(Text(DIMENSION, spot, words, HEIGHT, angle, "centre", "middle"), self.scale)
                blocked += 4 * (not self.places.free(box)) + self.places.struck(box)
            return blocked, abs(offset)

        at = base + side * min(OFFSETS, key=cost) * self.scale
        ends = [end[axis] for run in ordered for end in run]
        line = at - 3 * self.scale, at + 3 * self.scale
        low, high = min(ends), max(ends)
        self.rows_at.append((low, line[0], high, line[1]) if angle == 0 else (line[0], low, line[1], high))
        marks = []
        for a, b in ordered:
            crowded = min(ends) < a[axis] - 1, max(ends) > b[axis] + 1
            marks.append(dimension(self.places, a, b, at, angle, self.units, crowded))
        self.add(marks)
        for mark in marks:
            keep_dimension(self.places, mark)

    def aligned(self, truss: Truss, runs: Sequence[tuple[Point, Point]]) -> None:
        """Dimensions along a truss that runs across the axes."""
        turn = readable(math.degrees(math.atan2(truss.along[1], truss.along[0])))
        across = np.array([-math.sin(math.radians(turn)), math.cos(math.radians(turn))])
        for offset in OFFSETS:
            marks = []
            for a, b in runs:
                line_at = np.array(a) + across * offset * self.scale
                text_at = (np.array(a) + np.array(b)) / 2 + across * (offset + ABOVE) * self.scale
                marks.append(Dimension(DIMENSION, a, b, point_of(line_at), point_of(text_at), round(turn, 9)))
            boxes = [self.dimension_box(mark) for mark in marks]
            if all(self.places.free(box) for box in boxes) or offset == OFFSETS[-1]:
                break
        for mark, box in zip(marks, boxes):
            self.places.take(box)
            keep_dimension(self.places, mark)
        self.add(marks)

    def dimension_box(self, mark: Dimension) -> Box:
        """Room of the text of a dimension."""
        c, s = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
        size = abs((mark.end[0] - mark.start[0]) * c + (mark.end[1] - mark.start[1]) * s) / 1000
        words = units.drawn(size, self.units)
        return text_box(Text(DIMENSION, mark.text_at, words, HEIGHT, mark.angle, "centre", "middle"), self.scale)

    def stations(self) -> None:
        """How far each truss lies from the setting line and from a wall, at the sides of the room."""
        left, low, right, high = clear_of_all(self)
        d, step = 6 * self.scale, 8 * self.scale
        lines: dict[int, set[float]] = {0: set(), 1: set()}
        for truss in self.trusses:
            angle = _axis(truss.along)
            ends = stops_of(truss)[[0, -1]]
            for end in ends if angle is None else ends[:1]:
                x, y = mm(*end[:2])
                lines[1] |= {y} if angle != 90 else set()
                lines[0] |= {x} if angle != 0 else set()
        beside = {
            1: (Rows(self.places, 90, right + d + 3.5 * self.scale, step, self.units),
                Rows(self.places, 90, left - d, -step, self.units), self.frame[2] + 3 * self.scale, self.frame[0] - 3 * self.scale),
            0: (Rows(self.places, 0, high + d, step, self.units),
                Rows(self.places, 0, low - d - 3.5 * self.scale, -step, self.units), self.frame[3], self.frame[1]),
        }  # fmt: skip
        for axis, found in lines.items():
            ours, theirs, near, far = beside[axis]
            wall = next((t for t in self.tapes if isinstance(t, Wall) and abs(t.along[axis]) < math.sin(SQUARE)), None)
            self.station_rows(ours, axis, near, 0.0, sorted(found))
            if wall is not None:
                self.station_rows(theirs, axis, far, float(wall.start[axis]) * 1000, sorted(found))
            for rows in (ours, theirs):
                self.add(rows.marks())

    def station_rows(self, rows: Rows, axis: int, side: float, datum: float, found: Sequence[float]) -> None:
        """A row for each distance from the datum, the nearest first; one row for all of many."""

        def at(value: float) -> Point:
            return (value, side) if axis == 0 else (side, value)

        if len(found) > MOST_STATIONS:
            rows.add(*((at(a), at(b)) for a, b in itertools.pairwise(sorted({datum, *found}))))
            return
        ups = sorted(value for value in found if value > datum + 1)
        downs = sorted((value for value in found if value < datum - 1), reverse=True)
        for k in range(max(len(ups), len(downs))):
            rows.add(*((at(datum), at(which[k])) for which in (ups, downs) if k < len(which)))

    # --- words

    def words(self) -> None:
        """Names of points, trusses, their pieces and what hangs from them; the walls that are measured from."""
        r = 1.2 * self.scale
        for pick in self.waiting:
            x, y = mm(*pick.at[:2])
            d = 1.05 * r
            spots = [Spot(x + d, y + d, "left", "bottom"), Spot(x - d, y + d, "right", "bottom"),
                     Spot(x + d, y - d, "left", "top"), Spot(x - d, y - d, "right", "top"),
                     *around((x - r, y - r, x + r, y + r), self.scale)]  # fmt: skip
            words = "\n".join(part for part in (pick.name, _second_line(pick)) if part)
            self.add(self.places.name(ID, words, [(spots, height, None) for height in heights_of(self.scale)]))
        for part in low_ceilings(self):
            box = (*mm(*part.bounds[0, :2]), *mm(*part.bounds[1, :2]))
            words = f"{part.name.replace('_', ' ').upper()}  {units.level(float(part.bounds[0, 2]), self.units)}"
            self.add(
                self.places.name(
                    Style("note", "id"),
                    words,
                    [(list(around(box, self.scale)), height, None) for height in heights_of(self.scale)],
                )
            )
        for mark, tape in zip(("W1", "W2"), self.tapes):
            self.add(self.reference(mark, tape))
        for truss in self.trusses:
            for element in truss.riders:
                self.rider(element)
        for element in self.loose:
            self.rider(element, True)
        for truss in self.trusses:
            self.pieces(truss)
        if self.left_out:
            told = ", ".join(called(self.scene, element) for element in self.left_out)
            self.notes.append(f"Points too close together to be dimensioned ({told}): see the table.")
        if self.dense:
            told = ", ".join(called(self.scene, element) for element in self.dense)
            self.notes.append(f"Every fifth point of {told} has its name; the lists and the truss elevations name all.")

    def names(self) -> None:
        """Names of the trusses, before those of their points."""
        for truss in self.trusses:
            self.add(self.called(truss))

    def called(self, truss: Truss) -> list[Mark]:
        """`T1 FRONT TRUSS  TRIM +6.000`; a name that is long in lines, or left out where it has no room."""
        whole, trim = called(self.scene, truss.element), f"TRIM {units.level(truss.trim, self.units)}"
        spots = self.beside(truss)
        for words in (
            f"{whole}  {trim}",
            "\n".join((*lettering.wrap(whole, LONGEST, 2.0)[:3], trim)),
            f"{truss.element}  {trim}",
        ):
            if lettering.size(words, 2.0)[0] <= LONGEST + 40 and (marks := self.places.put(ID, words, spots, 2.0)):
                return marks
        self.places.left_out.append(truss.element)
        return []

    def beside(self, truss: Truss) -> list[Spot]:
        """Places for a truss's name: at its ends, then along its two sides."""
        parts = [part for part in self.parts if part.element == truss.element and part.item]
        return beside_plan(vertices(parts)[:, :2], self.scale)

    def pieces(self, truss: Truss) -> None:
        """The length of each piece beside it, where there is room."""
        across = np.array([-truss.along[1], truss.along[0]])
        turn = readable(math.degrees(math.atan2(truss.along[1], truss.along[0])))
        for part in self.parts:
            if part.element != truss.element or not part.item or part.symbol is None:
                continue
            size = np.ptp(part.symbol.lines[0], axis=0)
            words = units.length(float(size[0]), self.units)
            off = float(size[1]) / 2 * 1000 + 1.8 * self.scale
            for matrix in part.transforms:
                middle = matrix[:2, 3] * 1000
                spots = [Spot(*point_of(middle + side * off * across + k * size[0] * 250 * truss.along))
                         for side in (-1, 1) for k in (0, 1, -1, 0.5, -0.5)]  # fmt: skip
                if lettering.width(words, 1.8) * self.scale < size[0] * 1000:
                    self.add(self.places.put(Style("truss", "id"), words, spots, 1.8, round(turn, 9)))

    def rider(self, element: str, alone: bool = False) -> None:
        """What hangs there: its name and how many there are; of what hangs from no truss, how low it comes."""
        parts = [part for part in self.parts if part.element == element and part.system not in ("person", "seating")]
        if not parts:
            return
        count = max((part.count for part in parts if part.item), default=1)
        plans = np.round(np.concatenate([part.transforms[:, :2, 3] for part in parts]), 3)
        stacked = len(np.unique(plans, axis=0)) < count
        words = name_of(self.scene, element) + (f" × {count}" if count > 1 else "")
        if alone:
            words += f"  {units.level(round(float(vertices(parts)[:, 2].min()) - self.scene.ground, 6), self.units)}"
        spots = beside_plan(vertices(parts)[:, :2], self.scale)
        if count > 1 and not stacked:
            each = vertices([max(parts, key=lambda part: part.count)]).reshape(count, -1, 3)[:, :, :2]
            order = np.argsort(-each[:, :, 0].max(axis=1), kind="stable")
            boxes = [(*mm(*each[k].min(axis=0)), *mm(*each[k].max(axis=0))) for k in order[[0, -1]]]
            spots = [spot for box in boxes for spot in around(box, self.scale)]
        self.add(
            self.places.name(
                Style("note", "id"),
                words,
                [(sorted(spots, key=lambda s: s.reach), height, None) for height in heights_of(self.scale)],
            )
        )

    def reference(self, mark: str, tape: Wall | Column) -> list[Mark]:
        """Where a tape is held to."""
        words = f"{mark} {named([tape])[0]}".upper()
        if isinstance(tape, Column):
            (x0, y0), (x1, y1) = (mm(*tape.plan.bounds[:2]), mm(*tape.plan.bounds[2:]))
            return self.places.name(Style("datum"), words, [(list(around((x0, y0, x1, y1), self.scale)), 2.0, None)])
        inward = np.array([-tape.along[1], tape.along[0]])
        turn = readable(round(math.degrees(math.atan2(tape.along[1], tape.along[0])), 6))
        spots = [
            Spot(*point_of(1000 * (tape.start + share * (tape.end - tape.start)) + 2.2 * self.scale * inward))
            for share in (0.12, 0.88, 0.3, 0.7, 0.5, 0.2, 0.8, 0.4, 0.6)
        ]
        return self.places.put(Style("datum"), words, spots, 2.0, turn)

    def centre(self) -> None:
        """The centre line right through the drawing."""
        (_, low), (_, high) = extent(self.marks, self.symbols, self.scale)
        style, e = Style("centre"), self.scale
        low, high = low - 4 * e, high + 4 * e
        self.add([Line(style, ((0.0, low), (0.0, high)))])
        self.add([self.places.claim(Text(style, (0.0, high + e), "CL", 3.5, 0.0, "centre", "bottom"))])


def stops_of(truss: Truss) -> Floats:
    """(n, 2) what a truss is set out by, along it: its points, else its towers, else its two ends. [m]"""
    places = [pick.at[:2] for pick in truss.picks] or [*truss.towers] or [*truss.ends]
    order = np.argsort([(place - truss.frame[:2, 3]) @ truss.along for place in places], kind="stable")
    return np.array(places)[order]


def heights_of(scale: float) -> tuple[float, ...]:
    """Heights of names, the first that has room; the small one alone where the scale is coarse. [paper mm]"""
    return NAMES if scale < COARSE else NAMES[1:]


def point_symbol(name: str, scale: float, clear: float = 0.0) -> Symbol:
    """A cross in a circle, that of a house point in a square; its name at the upper right.

    clear : half the width of what the point lies on [mm]
    """
    r = 1.2 * scale
    off = max(1.1 * r, clear + 0.8 * scale)
    shape: Shape = Circle(ID, (0.0, 0.0), r)
    if name == "RIG-HOUSE":
        shape = Line(ID, ((-r, -r), (r, -r), (r, r), (-r, r)), True)
    cross = (Line(ID, ((-1.6 * r, 0), (1.6 * r, 0))), Line(ID, ((0, -1.6 * r), (0, 1.6 * r))))
    return Symbol(name, (shape, *cross), (("ID", (off, off), heights_of(scale)[0] * scale),), "left")


def called(scene: Scene, truss: str) -> str:
    """`T1 FRONT TRUSS`; a name that begins with the id stands alone."""
    name = name_of(scene, truss)
    short = truss.replace("_", " ").upper()
    name = name if len(name) <= LONG_NAME else f"{name[:LONG_NAME].rstrip()}…"
    return name if name.startswith(short) else f"{truss} {name}"


def beside_plan(corners: Floats, scale: float) -> list[Spot]:
    """Places beside what lies within corners (n, 2) [m]; beside the middle and the ends of what lies askew."""
    import shapely

    low, high = corners.min(axis=0), corners.max(axis=0)
    box = (*mm(*low), *mm(*high))
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.area >= SLANTING * float(np.prod(high - low)):
        return list(around(box, scale))
    ring = shapely.get_coordinates(hull.minimum_rotated_rectangle)[:4]
    if np.hypot(*(ring[1] - ring[0])) < np.hypot(*(ring[2] - ring[1])):
        ring = np.roll(ring, -1, axis=0)
    one, other = (ring[0] + ring[3]) / 2, (ring[1] + ring[2]) / 2
    half = float(np.hypot(*(ring[3] - ring[0]))) / 2 * 1000
    spots: list[Spot] = []
    for share in (0.5, 0.0, 1.0, 0.25, 0.75):
        x, y = mm(*(one + share * (other - one)))
        spots += around((x - half, y - half, x + half, y + half), scale)
    return sorted(spots, key=lambda spot: spot.reach)


def keep_dimension(places: Places, mark: Dimension) -> None:
    """Nothing may be written on the line and the extension lines of a dimension."""
    c, s = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
    along, base = np.array([c, s]), np.array(mark.line_at)
    feet = [base + ((np.array(p) - base) @ along) * along for p in (mark.start, mark.end)]
    places.keep_line(np.array(feet))
    for p, foot in zip((mark.start, mark.end), feet):
        places.keep_line(np.array([p, foot]))


def _second_line(pick: Pick) -> str:
    """What stands below a point's name: a load with who entered it, the limit of a house point."""
    if pick.load is not None and pick.author:
        return f"{pick.load:g} kg ({pick.author})"
    return f"limit {pick.limit:g} kg" if pick.limit is not None else ""


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _axis(along: Floats) -> Literal[0, 90] | None:
    """0 for what runs across the room, 90 for what runs up- and downstage."""
    if abs(along[1]) < math.sin(SQUARE):
        return 0
    return 90 if abs(along[0]) < math.sin(SQUARE) else None


# --- tables


def notes(scene: Scene) -> tuple[str, ...]:
    """What a rigger must know about the figures."""
    tapes, rig = from_tapes(scene), trusses(scene)
    out = ["Points: x to stage left and y upstage of the setting-out point; trim: underside of the truss's bottom chord "
           "above the floor."]  # fmt: skip
    ceilings = sorted({round(room.ceiling - scene.ground, 6) for room in scene.rooms})
    if ceilings:
        heights = ", ".join(units.level(height, scene.about.units) for height in ceilings)
        out.append(f"Ceiling above the floor: {heights}; what hangs lower is dashed.")
    if tapes:
        where = ", ".join(f"{mark}: {name}" for mark, name in zip(("W1", "W2"), named(tapes)))
        out.append(f"W1, W2: measured square to the face of a wall, or to the nearest place on a column. {where}.")
    elif scene.of(Pick):
        out.append("No straight wall and no column: points are set out from the setting-out point alone.")
    out.append("A load stands here only where somebody entered it, with who did. Nothing here was calculated.")
    if any(truss.hung for truss in rig):
        out.append(
            "Own: pieces, without couplers and towers. Hung: catalogue masses of what hangs, without cable and hoists; "
            "unknown ones are counted, not guessed."
        )
    own = {truss.element for truss in rig} | {element for truss in rig for element in truss.riders}
    floor = scene.ground + OVERHEAD
    up = {
        part.element: part for part in scene.parts
        if part.element not in own and part.count and part.system in ("light", "sound", "video") and part.bounds[0, 2] > floor
    }  # fmt: skip
    if up:
        out.append(f"Up there without a truss or a stand in this file: {', '.join(name_of(scene, e) for e in up)}.")
    drapes = {
        part.element: part for part in scene.parts
        if part.element not in own and part.count and part.system == "drape" and part.bounds[1, 2] > floor
    }  # fmt: skip
    if drapes:
        told = dict.fromkeys(name_of(scene, element) for element in drapes)
        out.append(f"Drapes that no truss of this file carries, and what does is not told: {', '.join(told)}.")
    odd = [
        f"{called(scene, truss.element)} ({', '.join(units.length(piece, scene.about.units) for piece in pieces)})"
        for truss in rig if (pieces := _no_stock(scene, truss))
    ]  # fmt: skip
    if odd:
        out.append(f"No length of the catalogue, to be made up or the truss changed: {'; '.join(odd)}.")
    return tuple(out)


def _no_stock(scene: Scene, truss: Truss) -> list[float]:
    """Pieces of a truss that are no length of its catalogue item, as far as couplers do not make up for it. [m]"""
    codes = {part.item.rpartition("-")[0] for part in scene.parts if part.element == truss.element and part.item}
    lengths = [length for code in codes if code in scene.items for length in scene.items[code].lengths]
    return [
        piece for piece, _ in truss.pieces if lengths and not any(-1e-3 <= piece - each <= COUPLERS for each in lengths)
    ]


def truss_blocks(scene: Scene) -> Iterator[Block]:
    """What each truss is made of and what is known of the mass below it."""
    rig, system = trusses(scene), scene.about.units
    if not rig:
        return
    rows = []
    for truss in rig:
        label = scene.elements[truss.element].name
        label = label if len(label) <= LONG_NAME else f"{label[:LONG_NAME]}…"
        pieces = " + ".join(f"{count} × {units.length(length, system).removesuffix(' m')}" for length, count in truss.pieces)  # fmt: skip
        on = [f"{len(truss.picks)} points"] * bool(truss.picks) + [f"{len(truss.towers)} towers"] * bool(truss.towers)
        rows.append((
            label if label.lower().startswith(truss.element.lower()) else f"{truss.element} {label}".rstrip(), f"{truss.make}: {pieces}", units.length(truss.length, system),
            units.level(truss.trim, system), ", ".join(on) or NONE, kilograms(truss.mass), _below(truss),
            "; ".join(f"{one.count} × {item_name(scene, one.item) if one.item else one.name}" for one in truss.hung) or NONE,
        ))  # fmt: skip
    if len(rig) > 1:
        own, hung = [truss.mass for truss in rig], [one for truss in rig for one in truss.hung]
        known = sum(one.mass * one.count for one in hung if one.mass is not None)
        unknown = sum(one.count for one in hung if one.mass is None)
        rows.append((
            "All", "", "", "", "", NONE if None in own else kilograms(sum(mass for mass in own if mass is not None)),
            _told(known if any(one.mass is not None for one in hung) else None, unknown), "",
        ))  # fmt: skip
    head = ("Truss", "Make and pieces", "Length", "Trim", "On", "Own kg", "Hung kg", "What hangs from it")
    widths = (24.0, 34.0, 17.0, 17.0, 18.0, 15.0, 20.0, 35.0)
    yield ruled(
        "TRUSSES (hung: without cable and hoists)",
        head,
        rows,
        widths if system == "m" else (22.0, 34.0, 22.0, 22.0, 17.0, 15.0, 18.0, 30.0),
    )


def point_blocks(scene: Scene) -> Iterator[Block]:
    """Where each point is, from the setting-out point and from two things that a tape can touch; those of the house last."""
    picks, system = sorted(scene.of(Pick), key=lambda pick: pick.house), scene.about.units
    if not picks:
        return
    tapes = from_tapes(scene)
    at = np.array([pick.at[:2] for pick in picks])
    away = [tape.distance(at) for tape in tapes]
    rows = []
    for k, pick in enumerate(picks[:MOST]):
        x, y = (units.drawn(round(float(v), 6) + 0.0, system) for v in at[k])
        item = scene.items.get(pick.hoist)
        load = f"{pick.load:g} kg ({pick.author})" if pick.load is not None and pick.author else NONE
        if pick.house:
            load = NONE if pick.limit is None else f"limit {pick.limit:g} kg"
        height = f"at {units.level(float(pick.at[2]), system)}" if pick.trim is None else units.level(pick.trim, system)
        taped = [units.drawn(round(float(one[k]), 6) + 0.0, system) for one in away]
        rows.append((pick.name, x, y, *taped, height, (item.label if item else pick.hoist) or NONE, load))
    if len(picks) > MOST:
        rows.append((f"{len(picks) - MOST} more", *[""] * (3 + len(tapes)), "see the schedule of points", ""))
    head = (
        "Point",
        "x",
        "y",
        *(f"from {mark}" for mark, _ in zip(("W1", "W2"), tapes)),
        "Trim",
        "Hoist",
        "Load or limit",
    )
    wide = 18.0 if system == "m" else 22.5
    fixed = (24.0, *[wide] * (2 + len(tapes)), wide + 1.0)
    rest = COLUMN - sum(fixed)
    for start in range(0, len(rows), ROWS):
        title = f"RIGGING POINTS: {NOT_FOR_RIGGING}" if start == 0 else "RIGGING POINTS, CONTINUED"
        yield ruled(title, head, rows[start : start + ROWS], (*fixed, rest * 0.46, rest * 0.54))


def kilograms(mass: float | None) -> str:
    return NONE if mass is None else f"{mass:.0f}"


def _below(truss: Truss) -> str:
    """`374, 2 unknown`"""
    return _told(truss.known if any(one.mass is not None for one in truss.hung) else None, truss.unknown)


def _told(known: float | None, unknown: int) -> str:
    told = [kilograms(known)] * (known is not None) + [f"{unknown} unknown"] * bool(unknown)
    return ", ".join(told) or NONE
