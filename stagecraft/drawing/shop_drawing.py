"""Set pieces on paper: their form from three sides, how they are built, their parts laid flat, the cut list."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.analysis.making import SetPiece, set_pieces, to_make
from stagecraft.analysis.nesting import Nest, drawing_number, nested
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import HEIGHT, ROW, Box, Places, Rows, Spot, around, within
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._tape import Tape
from stagecraft.drawing._views import drawing, extent, keep_lines, mm, name_of, notes_of, path_marks
from stagecraft.drawing.draft import DETAILS, Draft, Job, View
from stagecraft.drawing.marks import Arc, Circle, Drawing, Ellipse, Line, Mark, Point, Style
from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import (
    FROM_ABOVE,
    FROM_THE_HOUSE,
    TO_STAGE_LEFT,
    Body,
    Sight,
    circles_of,
    hidden_lines,
    look,
    outline_paths,
    silhouette,
)
from stagecraft.scene import Piece, Scene

FROM_BEHIND: Floats = np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
"""Looking downstage: stage left is on the left."""
FROM_BEHIND.flags.writeable = False
COVERS = ("top", "deck", "tread")
"""Parts that lie over the others; without them the rest is seen from above."""
FIRST, LAST = 501, 550
"""Numbers of the sheets of set pieces."""
WIDEST = 340.0
"""A set piece is drawn no larger on paper, where a coarser scale does as well. [mm]"""
APART = 4.0
"""Corners nearer than this share a dimension. [paper mm]"""
THIN = 110.0
"""Ribs, toggles and joists are set out by their middles: what is no thicker. [mm]"""
CROSS = 3.0
"""Arms of the cross at its origin. [paper mm]"""
MOST_ROUND = math.radians(179)
"""Sides that an arc joins meet, unless it turns further. [radians]"""
CROWDED = 7
"""So many corners share a dimension where its figure has no room between them."""
MOST_CORNERS, MOST_RADII = 24, 8
"""More corners along one side are not dimensioned in a chain, more arcs not named one by one."""
ROOM, BELOW = 10.0, 19.0
"""Between parts that are laid flat, and below their sizes for their names. [paper mm]"""
SQUARE = 2.6
"""They lie together about so many times as wide as high."""
MOST_COPIES = 800
"""Of more parts no construction is drawn."""
MOST_PLACES = 16
"""More places where it stands are found on the plan."""


def set_sheets(job: Job) -> Iterator[Draft]:
    """501 …: one for each set piece, however often it stands there; none where the set has none."""
    taken: set[str] = set()
    listed = {piece.mark: piece for piece in to_make(job.scene)}
    where = _where(nested(job.scene)) if listed and job.scene.stock else {}
    for number, made in enumerate(set_pieces(job.scene)):
        shop = _Shop(job.scene, made, {piece.mark: listed[piece.mark].quantity for piece in made.pieces})
        span = float(np.ptp(shop.corners, axis=0).max()) * 1000
        finest = next((scale for scale in DETAILS if span / scale <= WIDEST), DETAILS[-1])
        scales = tuple(scale for scale in DETAILS if scale >= finest)
        own = made.element
        views = [
            View(f"front {own}", partial(_elevation, shop, "front"), scales),
            View(f"plan {own}", partial(_elevation, shop, "plan"), scales),
            View(f"side {own}", partial(_elevation, shop, "side"), scales),
        ]
        if len(made.pieces) > 1 and shop.copies <= MOST_COPIES:
            views.append(View(f"construction {own}", partial(_construction, shop), scales))
        if len(made.pieces) > 1 or any(piece.bent for piece in made.pieces):
            views.append(View(f"parts {own}", partial(_parts, shop), scales))
        at = FIRST + number
        yield Draft(
            _key(own, taken), str(at) if at <= LAST else f"{LAST}.{at - LAST}", f"Set piece: {shop.title.capitalize()}",
            "Shop drawing" if made.pieces else "Design-intent drawing", tuple(views),
            partial(_blocks, shop, where), _notes(shop), symbols=False,
        )  # fmt: skip


def profiles(scene: Scene, element: str) -> Drawing:
    """What an element is cut from, laid flat at 1:1: closed polylines with true arcs, and nothing else.

    Its outlines from above, from the front and from the side, where it is not taken apart. Raises KeyError where the
    element is no set piece.
    """
    made = next((one for one in set_pieces(scene) if element in one.elements), None)
    if made is None:
        raise KeyError(f"'{element}' is no set piece")
    shop = _Shop(scene, made)
    marks: list[Mark] = []
    left = 0.0
    for shape in [_flat(piece) for piece in made.pieces] or [
        _outlines(shop.bodies(), view) for view in (FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT)
    ]:
        (x0, y0), (x1, _) = extent(shape, {}, 1.0)
        marks += [_moved(mark, (left - x0, -y0)) for mark in shape]
        left += x1 - x0 + 50.0
    return Drawing(
        "profiles", tuple(marks), {}, extent(marks, {}, 1.0), 1.0, f"{shop.title}: PROFILES", scene.about.units
    )


@dataclass(frozen=True, eq=False)
class _Shop:
    """A set piece in its own coordinates: front to −y."""

    scene: Scene
    made: SetPiece
    off: Mapping[str, int] = field(default_factory=dict)
    """By mark, how many of a part are made for all twins."""

    @property
    def title(self) -> str:
        return name_of(self.scene, self.made.element)

    @property
    def home(self) -> Floats:
        """From the room into its own coordinates."""
        return frames.inverse(self.scene.elements[self.made.element].frame)

    def bodies(self) -> list[Body]:
        """What a workshop builds of it: no handrails."""
        return [Body(part.solid, self.home @ part.transforms, part.system) for part in self.made.parts
                if part.system != "rail"]  # fmt: skip

    @property
    def copies(self) -> int:
        """Parts of one."""
        return sum(piece.quantity for piece in self.made.pieces)

    @cached_property
    def forms(self) -> dict[str, list[Mark]]:
        """Its form from the front, from above and from the side."""
        return {
            name: [m for path in hidden_lines(self.bodies(), view) for m in path_marks([path], Style(str(path.group)))]
            for name, view in _SIDES.items()
        }

    @cached_property
    def chained(self) -> tuple[str, ...]:
        """Views whose corners are dimensioned: of what is one flat sheet the one that it is seen in, of all else each."""
        if len(self.made.pieces) != 1:
            return tuple(_SIDES)
        deep = dict(zip(("side", "front", "plan"), np.ptp(self.corners, axis=0).tolist()))
        return (min(deep, key=deep.__getitem__),)

    @cached_property
    def covers(self) -> list[str]:
        """Names of its parts that lie over the others."""
        return [name for name in dict.fromkeys(piece.name for piece in self.made.pieces) if name in COVERS]

    @cached_property
    def inside(self) -> Sight:
        """Its pieces where they belong: from above without what covers them, else from behind."""
        return look(self.built(self.covers), FROM_ABOVE) if self.covers else look(self.built(), FROM_BEHIND)

    def built(self, without: Sequence[str] = ()) -> list[Body]:
        """Its pieces where they belong."""
        return [
            Body(piece.solid, self.home @ piece.transforms, piece.mark) for piece in self.made.pieces
            if piece.name not in without and len(piece.transforms)
        ]  # fmt: skip

    @property
    def corners(self) -> Floats:
        """(n, 3) every corner of it. [m]"""
        return np.concatenate([
            frames.points(matrix, body.solid.vertices) for body in self.bodies() for matrix in body.transforms
        ])  # fmt: skip


# --- views


_SIDES = {"front": FROM_THE_HOUSE, "plan": FROM_ABOVE, "side": TO_STAGE_LEFT}
_TITLES = {"front": "FRONT", "plan": "PLAN", "side": "SIDE FROM STAGE RIGHT"}
"""The piece is named in the title block: titles are as narrow as slender views."""


def _elevation(shop: _Shop, name: str, scale: float) -> Drawing:
    """Its form from one side, with its sizes."""
    places = Places(scale)
    marks = list(shop.forms[name])
    keep_lines(places, marks)
    sizes = [*_radii(marks, places, shop), *_sizes(marks, places, shop, chained=name in shop.chained)]
    marks += [*sizes, *(_origin(marks, places) if name == "plan" else ())]
    return drawing(f"{name} {shop.made.element}", _TITLES[name], shop.scene, marks, {}, scale,
                   (*notes_of(shop.scene, shop.made.elements), *places.notes))  # fmt: skip


def _origin(marks: Sequence[Mark], places: Places) -> list[Mark]:
    """A cross at its origin, which the places where it stands are told of; none where that is not near."""
    left, low, right, high = _span(marks)
    arm = CROSS * places.scale
    if not (left - arm <= 0 <= right + arm and low - arm <= 0 <= high + arm):
        return []
    style = Style("datum")
    cross: list[Mark] = [Line(style, ((-arm, 0.0), (arm, 0.0))), Line(style, ((0.0, -arm), (0.0, arm)))]
    keep_lines(places, cross)
    box = (-arm, -arm, arm, arm)
    return [*cross, *places.name(style, "ORIGIN", [(list(around(box, places.scale)), 2.0, None)])]


def _construction(shop: _Shop, scale: float) -> Drawing:
    """Its pieces where they belong, each with its mark: from above without what covers it, else from behind."""
    places = Places(scale)
    sight, covers = shop.inside, shop.covers
    bodies, view = sight.bodies, FROM_ABOVE if covers else FROM_BEHIND
    marks: list[Mark] = list(path_marks(sight.paths(), Style("set")))
    keep_lines(places, marks)
    every: list[Box] = []
    for body, shown in zip(bodies, sight.copies()):
        boxes: list[Box] = []
        for matrix in body.transforms[shown]:
            flat = frames.points(matrix, body.solid.vertices) @ view[:2].T
            boxes.append((*mm(*flat.min(axis=0)), *mm(*flat.max(axis=0))))
        every += boxes
        if boxes:
            marks += places.name(Style("note", "id"), str(body.group), _ways(boxes, places))
    hidden = [str(body.group) for body, shown in zip(bodies, sight.copies()) if not shown.any()]
    marks += _sizes(marks, places, shop, middles=every)
    how = f"WITHOUT {' AND '.join(name.upper() for name in covers)}" if covers else "FROM BEHIND"
    notes = [f"Hidden in the construction view: {', '.join(hidden)}."] if hidden else []
    return drawing(f"construction {shop.made.element}", f"CONSTRUCTION {how}", shop.scene, marks, {},
                   scale, (*notes_of(shop.scene, shop.made.elements), *places.notes, *notes))  # fmt: skip


def _ways(boxes: Sequence[Box], places: Places) -> list[tuple[list[Spot], float, Box | None]]:
    """Where the mark of a part may stand: inside the largest copy, or beside any."""
    ordered = sorted(boxes, key=lambda box: -min(box[2] - box[0], box[3] - box[1]))
    inside = [(list(within(box, places.scale)), HEIGHT, box) for box in ordered[:3]]
    beside = [spot for box in ordered[:4] for spot in around(box, places.scale)]
    return [*inside, (sorted(beside, key=lambda spot: spot.reach), HEIGHT, None)]


def _parts(shop: _Shop, scale: float) -> Drawing:
    """Each piece once, laid flat with its sizes, its mark and how many there are."""
    places = Places(scale)
    marks: list[Mark] = []
    for piece, (x, y) in zip(shop.made.pieces, _shelves(shop, scale)):
        own: list[Mark] = [_moved(mark, (x, y)) for mark in _flat(piece)]
        marks += own
        keep_lines(places, own)
        marks += _radii(own, places, shop)
        marks += _sizes(own, places, shop)
        foot = y - (_rows_below(piece, scale) * ROW + 5.0) * scale
        for k, line in enumerate(_caption(shop, piece)):
            spot = Spot(x, foot - 4.0 * k * scale, "left", "top")
            marks += places.put(Style("note", "id"), line, [spot], mask=False)
    return drawing(f"parts {shop.made.element}", "PARTS LAID FLAT", shop.scene, marks, {}, scale,
                   (*notes_of(shop.scene, shop.made.elements), *places.notes))  # fmt: skip


def _caption(shop: _Shop, piece: Piece) -> tuple[str, str]:
    return f"{piece.mark}  {piece.name}", f"{shop.off[piece.mark]} off  {_stuff(shop, piece)}"


def _rows_below(piece: Piece, scale: float) -> int:
    """Rows of dimensions below a piece that is laid flat."""
    return 2 if _chain(_corners(_flat(piece), 0), 0.0, piece.length * 1000, scale) else 1


def _rows_beside(piece: Piece, scale: float) -> int:
    return 2 if _chain(_corners(_flat(piece), 1), 0.0, piece.width * 1000, scale) else 1


def _shelves(shop: _Shop, scale: float) -> list[Point]:
    """Lower left corner of each piece on shelves, together wider than high. [mm]"""
    sizes = []
    for piece in shop.made.pieces:
        words = max(lettering.width(line, HEIGHT) for line in _caption(shop, piece))
        beside = ROOM + ROW * _rows_beside(piece, scale)
        below = BELOW + ROW * _rows_below(piece, scale)
        size = max(piece.length * 1000, words * scale) + beside * scale, piece.width * 1000 + below * scale
        sizes.append((*size, beside * scale, below * scale))
    area = sum(w * h for w, h, _, _ in sizes)
    across = max(max(w for w, *_ in sizes), math.sqrt(SQUARE * area))
    out: list[Point] = []
    left = top = low = 0.0
    for w, h, beside, below in sizes:
        if left > 0 and left + w > across:
            left, top = 0.0, low
        out.append((left + beside, top - h + below))
        left, low = left + w, min(low, top - h)
    return out


# --- marks


def _flat(piece: Piece) -> list[Mark]:
    """Rim and holes of a piece, and what is worked into its face: closed, with true arcs. [mm]"""
    marks: list[Mark] = list(path_marks(outline_paths(piece.outline.polygon, piece.outline.circles), Style("set")))
    for cut in piece.cuts:
        style = Style("set", "hidden")
        if cut.outline is not None:
            marks += path_marks(outline_paths(cut.outline.polygon, cut.outline.circles), style)
        marks += [Circle(style, mm(*at), round(cut.diameter * 500, 4)) for at in cut.at]
    return marks


def _outlines(bodies: Sequence[Body], view: Floats) -> list[Mark]:
    """Shadows of bodies, closed, with true arcs where they are seen along the axis."""
    return [
        mark for body in bodies
        for mark in path_marks(outline_paths(silhouette(body, view), circles_of(body, view)), Style("set"))
    ]  # fmt: skip


def _moved(mark: Mark, by: Point) -> Mark:
    from stagecraft.drawing._paper import shifted

    moved: Mark = shifted(mark, by)
    return moved


def _span(marks: Sequence[Mark]) -> Box:
    """Box round lines, exactly round their arcs, too. [mm]"""
    points: list[Point] = []
    for mark in marks:
        if isinstance(mark, Line):
            points += mark.points
            points += [point for arc in _arcs(mark) for point in arc.extremes()]
        elif isinstance(mark, (Circle, Arc, Ellipse)):
            (left, low), (right, high) = extent([mark], {}, 1.0)
            points += [(left, low), (right, high)]
    x, y = zip(*points)
    return min(x), min(y), max(x), max(y)


class _Bend(NamedTuple):
    """The arc that a bulge stands for. [mm]"""

    start: Point
    end: Point
    bulge: float

    @property
    def radius(self) -> float:
        return math.dist(self.start, self.end) * (1 + self.bulge**2) / (4 * abs(self.bulge))

    @property
    def middle(self) -> Point:
        (a, b), (c, d), k = self.start, self.end, self.bulge / 2
        return (a + c) / 2 + k * (d - b), (b + d) / 2 - k * (c - a)

    def extremes(self) -> Iterator[Point]:
        """Its points that are furthest left, right, up and down."""
        (a, b), (c, d), k = self.start, self.end, (1 - self.bulge**2) / (4 * self.bulge)
        x, y = (a + c) / 2 - k * (d - b), (b + d) / 2 + k * (c - a)
        first, sweep = math.atan2(b - y, a - x), 4 * math.atan(self.bulge)
        for turn in (0.0, math.pi / 2, math.pi, -math.pi / 2):
            ahead = (turn - first) % math.tau if sweep > 0 else (first - turn) % math.tau
            if ahead < abs(sweep):
                yield x + self.radius * math.cos(turn), y + self.radius * math.sin(turn)


def _arcs(line: Line) -> Iterator[_Bend]:
    ends = [*line.points, line.points[0]] if line.closed else list(line.points)
    return (_Bend(a, b, bulge) for (a, b), bulge in zip(pairwise(ends), line.bulges) if bulge)


def _corners(marks: Sequence[Mark], axis: int) -> list[float]:
    """Where lines end along an axis, rounded corners where their sides meet, and middles of circles. [mm]"""
    ends = [point[axis] for mark in marks if isinstance(mark, Line) for point in _sharp(mark)]
    return ends + [mark.centre[axis] for mark in marks if isinstance(mark, Circle)]


def _sharp(line: Line) -> list[Point]:
    """Its points; where an arc rounds a corner, where its sides meet instead."""
    count = len(line.points)
    if not (line.closed and any(line.bulges)):
        return list(line.points)
    out: list[Point] = []
    bulges = [*line.bulges, *[0.0] * (count - len(line.bulges))]
    rounds = [k for k, bulge in enumerate(bulges) if bulge and not bulges[k - 1] and not bulges[(k + 1) % count]]
    met: dict[int, Point] = {}
    for k in rounds:
        (a, b), (c, d) = line.points[k], line.points[(k + 1) % count]
        (e, f), (g, h) = line.points[k - 1], line.points[(k + 2) % count]
        ux, uy, vx, vy = a - e, b - f, c - g, d - h
        cross, sweep = ux * vy - uy * vx, 4 * math.atan(bulges[k])
        off = math.remainder(math.atan2(uy, ux) + sweep - math.atan2(-vy, -vx), math.tau)
        if cross and abs(sweep) < MOST_ROUND and abs(off) < 1e-3:
            along = ((c - a) * vy - (d - b) * vx) / cross
            met[k] = (a + along * ux, b + along * uy)
    for k, point in enumerate(line.points):
        if k in met:
            out.append(met[k])
        elif (k - 1) % count not in met:
            out.append(point)
    return out


def _chain(values: Sequence[float], low: float, high: float, scale: float, first: Sequence[float] = ()) -> list[float]:
    """Values worth a chain of dimensions, from end to end; none where there is nothing between, or too much. [mm]

    first : values that others give way to
    """
    values = sorted({round(v, 3) for v in values if low < v < high})
    least = APART if len(values) < CROWDED else lettering.width("00000", HEIGHT) + 1.6
    out = [low, high]
    for value in (*sorted({round(v, 3) for v in first if low < v < high}), *values):
        place = bisect(out, value)
        if value - out[place - 1] >= least * scale and out[place] - value >= least * scale:
            out.insert(place, value)
    return out if 2 < len(out) <= MOST_CORNERS + 1 else []


def _sizes(
    marks: Sequence[Mark], places: Places, shop: _Shop, middles: Sequence[Box] | None = None, chained: bool = True
) -> list[Mark]:
    """A chain over its corners and the size in all, below and at the left.

    middles : boxes of parts; the chain is over the middles of those that are thin
    chained : whether there is a chain at all
    """
    shapes = [mark for mark in marks if isinstance(mark, (Line, Circle, Arc, Ellipse))]
    if not shapes:
        return []
    left, foot, right, head = _span(shapes)
    system, scale = shop.scene.about.units, places.scale
    found = [
        _corners(shapes, axis) if middles is None
        else [(box[axis] + box[axis + 2]) / 2 for box in middles if box[axis + 2] - box[axis] <= THIN]
        for axis in (0, 1)
    ]  # fmt: skip
    holes = [mark.centre for mark in shapes if isinstance(mark, Circle)]
    across = Rows(places, 0, foot - ROW * scale, -ROW * scale, system, fine=True)
    up = Rows(places, 90, left - ROW * scale, -ROW * scale, system, fine=True)
    if chained:
        across.add(*pairwise((x, foot) for x in _chain(found[0], left, right, scale, [x for x, _ in holes])))
        up.add(*pairwise((left, y) for y in _chain(found[1], foot, head, scale, [y for _, y in holes])))
    across.add(((left, foot), (right, foot)))
    up.add(((left, foot), (left, head)))
    return [*across.marks(), *up.marks()]


def _radii(marks: Sequence[Mark], places: Places, shop: _Shop) -> list[Mark]:
    """Diameters of circles and radii of arcs, each size once."""
    found: dict[str, Box] = {}
    for mark in marks:
        if isinstance(mark, Circle):
            (x, y), r = mark.centre, mark.radius
            found.setdefault(f"Ø{_fine(shop, 2 * r / 1000)}", (x - r, y - r, x + r, y + r))
        elif isinstance(mark, Line):
            for bend in _arcs(mark):
                x, y = bend.middle
                found.setdefault(f"R{_fine(shop, bend.radius / 1000)}", (x, y, x, y))
    out: list[Mark] = []
    for words, box in list(found.items())[:MOST_RADII]:
        spots = [Spot((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)] if words[0] == "Ø" else []
        spots += [spot for spot in around(box, places.scale) if spot.reach > 1.0]
        out += places.put(Style("dims", "dims"), words, spots)
    return out


# --- what stands beside


def _notes(shop: _Shop) -> tuple[str, ...]:
    made = shop.made
    notes = ["Drawn in its own axes; the front looks to the audience."]
    if made.pieces:
        notes.append("Sizes are finished sizes; the width of the cut is not in them. Joints, fixings, finish and fire treatment "
                     "are the workshop's.")  # fmt: skip
        if any(
            _sharp(mark) != list(mark.points)
            for piece in made.pieces
            for mark in _flat(piece)
            if isinstance(mark, Line)
        ):
            notes.append("Rounded corners are dimensioned to where their sides meet.")
        without = dict.fromkeys(_stuff(shop, p) for p in made.pieces if not any(s.suits(p) for s in shop.scene.stock))
        if without:
            notes.append(f"No stock is named for {', '.join(without)}.")
    else:
        notes.append("The form alone: how it is built is the workshop's.")
    if shop.copies > MOST_COPIES:
        notes.append(f"Its construction is not drawn: {shop.copies} parts.")
    if any(part.system == "rail" for part in made.parts):
        notes.append("Its handrails are not drawn here.")
    if not any(part.material for part in made.parts) and not made.pieces:
        notes.append("No material is given.")
    return tuple(notes)


def _stuff(shop: _Shop, piece: Piece) -> str:
    """`18 birch plywood`, `69 × 32 softwood`"""
    if piece.kind == "bar":
        return f"{_fine(shop, piece.width)} × {_fine(shop, piece.thickness)} {piece.material or NONE}"
    return f"{_fine(shop, piece.thickness)} {piece.material or NONE}"


def _where(found: Nest) -> dict[str, str]:
    """By mark, the numbers of the sheets that show what it is cut from."""
    sheets: dict[str, list[int]] = {}
    for sheet in found.sheets:
        for mark in dict.fromkeys(one.piece.mark for one in sheet.laid):
            sheets.setdefault(mark, []).append(sheet.number)
    return {
        **{mark: ", ".join(_runs(numbers)) for mark, numbers in sheets.items()},
        **{piece.mark: "bars" for bar in found.bars for piece, _, _ in bar.laid},
    }


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """`551 to 554`, `557`: nested sheets that follow one another, by their drawing numbers."""
    ends = [k for k in range(len(numbers) - 1) if numbers[k + 1] > numbers[k] + 1]
    for start, end in zip([0, *(k + 1 for k in ends)], [*ends, len(numbers) - 1]):
        first, last = drawing_number(numbers[start]), drawing_number(numbers[end])
        yield first if start == end else f"{first} to {last}"


def _blocks(shop: _Shop, where: Mapping[str, str], views: Sequence[Drawing]) -> Sequence[Block]:
    return [*([_cut_list(shop, where)] if shop.made.pieces else []), _facts(shop), _standing(shop)]


def _cut_list(shop: _Shop, where: Mapping[str, str]) -> Block:
    rows = []
    for piece in shop.made.pieces:
        sizes = (_fine(shop, size) for size in (piece.length, piece.width, piece.thickness))
        note = ", ".join(word for word in (piece.note, piece.edge_band and f"band {piece.edge_band}") if word)
        rows.append((piece.mark, piece.name, str(shop.off[piece.mark]), piece.material or NONE, *sizes, piece.grain or NONE,
                     where.get(piece.mark, NONE), note))  # fmt: skip
    head = ("Mark", "Part", "Qty", "Material", "L", "W", "Thk", "Gr.", "Sheet", "Note")
    return ruled("CUT LIST", head, rows, (27.0, 22.0, 10.0, 32.0, 16.0, 16.0, 11.0, 8.0, 20.0, 18.0))


def _fine(shop: _Shop, size: float) -> str:
    """A size to the tenth of a millimetre, where it has one."""
    return units.drawn(size, shop.scene.about.units, fine=True)


def _facts(shop: _Shop) -> Block:
    made, (left, low, right, high) = shop.made, _span(shop.forms["front"])
    _, front, _, back = _span(shop.forms["plan"])
    width, depth, height = (_fine(shop, size / 1000) for size in (right - left, back - front, high - low))
    other = len(made.opposite)
    off = f"{made.count} off" + (f": {made.count - other} as drawn, {other} opposite hand" if other else "")
    rows = [("Width × depth × height", f"{width} × {depth} × {height}")]
    rows += [("Material", word) for word in dict.fromkeys(part.material for part in made.parts if part.material)]
    if shop.scene.elements[made.element].type == "ramp":
        rows.append(("Gradient", f"1:{(back - front) / (high - low):.1f}"))
    return ruled(None, (shop.title, off), rows, (80.0, 100.0))


def _standing(shop: _Shop) -> Block:
    """Where each of them stands: its origin from the setting-out point, and from what a tape can touch."""
    system, tape, rows = shop.scene.about.units, Tape(shop.scene), []
    for element in shop.made.elements[:MOST_PLACES]:
        matrix = shop.scene.elements[element].frame
        x, y, z = (round(float(v), 6) + 0.0 for v in matrix[:3, 3])
        touched = [
            NONE if found is None else f"{units.drawn(found.distance, system)} {found.what}"
            for found in (tape.across(matrix[:2, 3]), tape.along(matrix[:2, 3]))
        ]
        hand = " (opp. hand)" if element in shop.made.opposite else ""
        turn = round(frames.heading(matrix), 2) + 0.0
        rows.append((f"{element}{hand}", units.drawn(x, system), units.drawn(y, system), *touched, units.level(z, system),
                     f"{turn:g}°"))  # fmt: skip
    if (more := shop.made.count - MOST_PLACES) > 0:
        rows.append((f"{more} more: see the plan", *[""] * 6))
    head = ("Its origin", "x, SOP", "y, SOP", "x from", "y from", "Level", "Turn")
    return ruled("WHERE IT STANDS", head, rows, (38.0, 18.0, 18.0, 38.0, 38.0, 16.0, 14.0))


def _key(element: str, taken: set[str]) -> str:
    """`set-header`; letters, digits and hyphens, unlike all others."""
    stem = "set-" + (re.sub(r"[\W_]+", "-", element).strip("-").lower() or "piece")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key
