"""The LED wall layout: what an LED supplier builds from. Panels seen from the front, pixels, runs, weights, setting-out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stagecraft import units
from stagecraft.catalogue import Item
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import ROW, Places, Rows, Spot, around
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._tape import taped
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._upright import Height, level_column
from stagecraft.drawing._views import drawing, extent, keep_lines, mm, name_of, notes_of, points_mm, short
from stagecraft.drawing.draft import LAYOUTS, Draft, Job, View
from stagecraft.drawing.lettering import LEAST
from stagecraft.drawing.marks import Circle, Drawing, Fill, Insert, Leader, Line, Mark, Point, Style, Symbol
from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.scene import KitLine, Part, Scene, Screen, Space

PORT_PIXELS = 650_000
"""Pixels of one 1 Gb/s port at 60 Hz and 8 bit: a planning figure.

Source: NovaStar classic senders, as in dynamo-led-displays.co.uk, NovaStar processor calculator.
"""
MOST_SYMBOLS = 1200
"""Walls of more panels are drawn as a grid. A file of theirs would be larger than anybody wants to open."""
MOST_DRAWN = 240
"""More runs are not drawn."""
MOST_RUNS = 24
"""Runs that are listed one by one."""
MOST_STARTS = 48
"""Columns whose first pixels are listed one by one."""
MUCH = 1.25
"""So many times the fewest circuits are too many."""
USUAL = 25.0
"""Scale of panel layouts, as suppliers have them. 1:n"""
WIDEST, WIDE = 420.0, 200.0
"""Largest size of a wall on paper at the usual scale and coarser ones, and at finer ones. [mm]"""
BEFORE = 1.5
"""A stage no farther from a wall is shown beneath it. [m]"""
STEPS = (1, 2, 5, 10, 20, 50, 100)
_ID = re.compile(r"C(\d+)R(\d+)")


class Use(NamedTuple):
    """What a run of panels is: data or power."""

    name: str
    most: int
    """Panels on one run."""
    why: str
    """Where that figure comes from."""


@dataclass(frozen=True, eq=False)
class Wall:
    """One wall as it stands."""

    scene: Scene
    screen: Screen
    part: Part
    grid: NDArray[np.int64]
    """(rows, columns) copy of the part, bottom row first, left to right as seen from the front."""
    item: Item | None
    flown: bool

    @property
    def element(self) -> str:
        return self.screen.element

    @property
    def title(self) -> str:
        return name_of(self.scene, self.element)

    @property
    def rows(self) -> int:
        return int(self.grid.shape[0])

    @property
    def columns(self) -> int:
        return int(self.grid.shape[1])

    @cached_property
    def panel(self) -> tuple[float, float]:
        """Width and height of one panel. [m]"""
        low, high = self.part.solid.bounds
        return float(high[0] - low[0]), float(high[2] - low[2])

    @property
    def size(self) -> tuple[float, float]:
        """Width along the face and height. [m]"""
        return self.panel[0] * self.columns, self.panel[1] * self.rows

    @property
    def pixels(self) -> tuple[int, int] | None:
        """Of one panel."""
        if self.screen.pixels is None:
            return None
        return self.screen.pixels[0] // self.columns, self.screen.pixels[1] // self.rows

    @cached_property
    def base(self) -> Floats:
        """(columns, 4, 4) frames of the bottom row, left to right."""
        return np.asarray(self.part.transforms[self.grid[0]])

    @cached_property
    def headings(self) -> Floats:
        """(columns,) by which each column is turned; 0 looks straight at the audience. [degrees]"""
        return np.degrees(np.arctan2(self.base[:, 1, 0], self.base[:, 0, 0]))

    @property
    def seams(self) -> Floats:
        """(columns − 1,) angle at each seam, positive where the ends come towards the audience. [degrees]"""
        turn = self.headings[:-1] - self.headings[1:]
        return np.asarray(np.round((turn + 180.0) % 360.0 - 180.0, 6) + 0.0)

    @cached_property
    def ends(self) -> Floats:
        """(columns, 2, 2) left and right end of each column's face in plan. [m]"""
        half = self.panel[0] / 2
        face = np.array([[-half, 0.0, 0.0], [half, 0.0, 0.0]])
        return np.array([frames.points(matrix, face)[:, :2] for matrix in self.base])

    @property
    def low(self) -> float:
        """Level of its lower edge. [m]"""
        return float(self.base[0, 2, 3])

    @property
    def shift(self) -> float:
        """Where its middle lies in the view from the front: in its place where it looks straight at the audience. [m]"""
        middle = (self.ends[0, 0] + self.ends[-1, 1]) / 2
        run = self.ends[-1, 1] - self.ends[0, 0]
        return float(middle[0]) if abs(math.degrees(math.atan2(run[1], run[0]))) < 1e-6 else 0.0

    def tag(self, row: int, column: int) -> str:
        return self.part.tags[int(self.grid[row, column])]

    @property
    def column_ids(self) -> list[str]:
        return [self.tag(0, c).rpartition("R")[0] for c in range(self.columns)]

    @property
    def row_ids(self) -> list[str]:
        return ["R" + self.tag(r, 0).rpartition("R")[2] for r in range(self.rows)]

    @property
    def supports(self) -> list[tuple[Item | None, int]]:
        """Headers or bases."""
        lines = [line for line in self.scene.of(KitLine) if line.element == self.element]
        return [(self.scene.items.get(line.item), line.quantity) for line in lines]

    @property
    def uses(self) -> list[Use]:
        """Runs that can be proposed: of data and of power, as far as a figure is known."""
        out = []
        if self.screen.per_port is not None:
            out.append(
                Use("data", self.screen.per_port, f"{self.screen.per_port} panels a port as the venue file says")
            )
        elif self.pixels is not None and (most := PORT_PIXELS // (self.pixels[0] * self.pixels[1])) > 0:
            why = (f"{PORT_PIXELS:,} px on a 1 Gb/s port at 60 Hz, 8 bit (NovaStar classic) / {self.pixels[0]} × "
                   f"{self.pixels[1]} px = {most} panels a port")  # fmt: skip
            out.append(Use("data", most, why.replace(",", " ", 1)))
        if self.screen.per_circuit is not None:
            most = self.screen.per_circuit
            load = f", at most {most * self.item.power:.0f} W" if self.item and self.item.power is not None else ""
            out.append(Use("power", most, f"{most} panels a circuit as the venue file says{load}"))
        return out


def walls(scene: Scene) -> list[Wall]:
    """Every LED wall whose panels are modelled, in the order of the venue file."""
    out = []
    for screen in scene.of(Screen):
        if screen.kind != "led":
            continue
        for part in scene.parts:
            ids = [_ID.fullmatch(tag) for tag in part.tags]
            if part.element != screen.element or not ids or not all(ids):
                continue
            at = np.array([(int(found[2]), int(found[1])) for found in ids if found]) - 1
            grid = np.zeros(at.max(axis=0) + 1, np.int64)
            grid[at[:, 0], at[:, 1]] = np.arange(len(at))
            if _from_the_right(part, grid):
                grid = grid[:, ::-1]
            origin = scene.elements.get(screen.element)
            out.append(Wall(scene, screen, part, grid, scene.items.get(part.item), bool(origin and origin.hung)))
    return out


def _twin(wall: Wall) -> bool:
    """Whether its columns are counted from the right."""
    return wall.columns > 1 and wall.column_ids[0] != "C1"


def _from_the_right(part: Part, grid: NDArray[np.int64]) -> bool:
    """Whether columns are counted from right to left as seen from the front: those of a twin."""
    if grid.shape[1] < 2:
        return False
    first, second = part.transforms[grid[0, :2]]
    return bool((second[:3, 3] - first[:3, 3]) @ first[:3, 0] < 0)


def led_sheets(job: Job) -> Iterator[Draft]:
    """401 …: one for each LED wall; none where there is none."""
    found = walls(job.scene)
    for number, wall in enumerate(found):
        own = "" if number == 0 else f" {wall.element}"
        span = max(wall.size) * 1000
        finest = next((scale for scale in LAYOUTS if span / scale <= (WIDEST if scale >= USUAL else WIDE)), LAYOUTS[-1])
        scales = tuple(scale for scale in LAYOUTS if scale >= finest)
        coarser = scales[1:] or scales
        views = [View(f"led{own}", partial(front, wall), scales)]
        views += [
            View(f"led {use.name}{own}", partial(runs_view, wall, use), coarser)
            for use in wall.uses
            if _drawable(wall, use)
        ]
        if wall.seams.any() or abs(float(wall.headings[0])) > 1e-6:
            views.append(View(f"led plan{own}", partial(from_above, wall), coarser))
        title = "LED wall layout" if len(found) == 1 else f"LED wall layout: {short(wall.title).capitalize()}"
        yield Draft(
            "led" if number == 0 else f"led-{number + 1}", str(401 + number), title, "LED wall layout", tuple(views),
            partial(_blocks, wall), _notes(wall), NOT_FOR_RIGGING if wall.flown else "", symbols=False,
        )  # fmt: skip


# --- from the front


def front(wall: Wall, scale: float) -> Drawing:
    """The wall from the audience, laid flat, laid out for 1:`scale`: panels, ids, seams, levels, sizes."""
    scale = float(scale)
    places, system = Places(scale), wall.scene.about.units
    marks: list[Mark] = []
    symbols: dict[str, Symbol] = {}
    notes: list[str] = []
    drawn = _symbols(wall, scale, symbols, notes) if wall.rows * wall.columns <= MOST_SYMBOLS else _lines(wall, scale)
    if wall.rows * wall.columns > MOST_SYMBOLS:
        each = max(_step(1.5 * scale / (side * 1000)) for side in wall.panel)
        joints = f", every {each}th joint of it" if each > 1 else ""
        notes.append(f"{wall.rows * wall.columns} panels are drawn as a grid{joints}, not panel by panel.")
    marks += drawn
    left, low, right, high = _box(wall)
    levels = _levels(wall)
    about: list[Mark] = [*_edge_ids(wall, places), *_floor(wall, levels, scale)]
    places.keep([(left, low, right, high)])
    outline = Line(Style("video"), ((left, low), (right, high)))
    keep_lines(places, about)
    middle = (left + right) / 2
    centre = Style("centre")
    top = extent([*about, outline], {}, scale)[1][1]
    words = "CL" if abs(_facing(wall)) < 1e-6 and abs(middle) < 0.1 else "CL OF WALL"
    about += [Line(centre, ((middle, high), (middle, top + 4 * scale))),
              Line(centre, ((middle, low), (middle, min(low, levels[0].z * 1000) - 4 * scale)))]  # fmt: skip
    spot = Spot(middle, top + 5 * scale, "centre", "bottom")
    about += places.put(centre, words, [spot], 3.5)
    marks += about
    (x0, y0), (x1, _) = extent([*about, outline], {}, scale)
    marks += level_column(levels, places, x1 + 3 * scale, 1.0, system)
    upright = Rows(places, 90, x0 - 5 * scale, -ROW * scale, system)
    upright.add(((left, low), (left, low + wall.panel[1] * 1000)))
    stops = sorted({round(height.z, 6) for height in levels})
    upright.add(*(((left, a * 1000), (left, b * 1000)) for a, b in pairwise(stops)))
    if len(stops) > 2:
        upright.add(((left, stops[0] * 1000), (left, stops[-1] * 1000)))
    flat = Rows(places, 0, y0 - 5 * scale, -ROW * scale, system)
    flat.add(((left, low), (left + wall.panel[0] * 1000, low)))
    flat.add(((left, low), (right, low)))
    marks += [*upright.marks(), *flat.marks()]
    bent = ", LAID FLAT" if wall.seams.any() else ""
    return drawing("led", f"{short(wall.title)}: FROM THE FRONT{bent}", wall.scene, marks, symbols, scale,
                   (*notes_of(wall.scene, (wall.element,)), *notes, *places.notes))  # fmt: skip


def _facing(wall: Wall) -> float:
    """By how much the wall as a whole is turned. [degrees]"""
    run = wall.ends[-1, 1] - wall.ends[0, 0]
    return math.degrees(math.atan2(float(run[1]), float(run[0])))


def _box(wall: Wall) -> tuple[float, float, float, float]:
    """Left, low, right, high in the view from the front. [mm]"""
    wide, tall = wall.size
    left, low = mm(wall.shift - wide / 2, wall.low)
    right, high = mm(wall.shift + wide / 2, wall.low + tall)
    return left, low, right, high


def _symbols(wall: Wall, scale: float, symbols: dict[str, Symbol], notes: list[str]) -> list[Mark]:
    """An Insert a panel, with its name where it can be read."""
    w, h = wall.panel[0] * 1000, wall.panel[1] * 1000
    style, name, tall = Style("video"), f"LED-{wall.part.item}-ELEV", LEAST * scale
    ring = ((-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2))
    symbols[name] = Symbol(name, (Line(style, ring, True),), (("TAG", (0.0, 0.0), tall),))
    widest = lettering.width(max(wall.part.tags, key=len), LEAST) * scale
    shown = ("TAG",) if widest < 0.9 * w and 2 * tall < h else ()
    if not shown:
        notes.append(f"Names of panels are not legible at 1:{scale:g}: column and row stand at the edges.")
    on: dict[str, dict[tuple[int, int], int]] = {
        use.name: {cell: number for number, run in enumerate(runs(wall, use), 1) for cell in run} for use in wall.uses
    }
    left, low, _, _ = _box(wall)
    out: list[Mark] = []
    for r in range(wall.rows):
        for c in range(wall.columns):
            facts = [("TAG", wall.tag(r, c)), ("TYPE", wall.part.item), ("ELEMENT", wall.element)]
            if "data" in on:
                facts.append(("PORT", str(on["data"][c, r])))
            if "power" in on:
                facts.append(("CIRCUIT", str(on["power"][c, r])))
            at = (round(left + (c + 0.5) * w, 4), round(low + (r + 0.5) * h, 4))
            out.append(Insert(style, name, at, 0.0, tuple(facts), shown))
    return out


def _lines(wall: Wall, scale: float) -> list[Mark]:
    """The joints of the panels; every so manyth where they would run together on paper."""
    left, low, right, high = _box(wall)
    style, joint = Style("video"), Style("video", "beyond")
    w, h = wall.panel[0] * 1000, wall.panel[1] * 1000
    out: list[Mark] = [Line(style, ((left, low), (right, low), (right, high), (left, high)), True)]
    across, up = _step(1.5 * scale / w), _step(1.5 * scale / h)
    out += [Line(joint, ((left + c * w, low), (left + c * w, high))) for c in range(across, wall.columns, across)]
    out += [Line(joint, ((left, low + r * h), (right, low + r * h))) for r in range(up, wall.rows, up)]
    return out


def _edge_ids(wall: Wall, places: Places, seams: bool = True) -> list[Mark]:
    """Columns along the upper edge and rows at the left, as many as can be read; angles of the seams over them."""
    scale = places.scale
    left, low, _, high = _box(wall)
    w, h = wall.panel[0] * 1000, wall.panel[1] * 1000
    style, out = Style("video", "id"), list[Mark]()
    each = _step(max(lettering.width(word, 2.0) for word in wall.column_ids) * 1.35 * scale / w)
    for c, word in enumerate(wall.column_ids):
        if c in _told(wall.columns, each):
            out += places.put(style, word, [Spot(left + (c + 0.5) * w, high + 1.2 * scale, "centre", "bottom")], 2.0)
    each = _step(3.2 * scale / h)
    for r, word in enumerate(wall.row_ids):
        if r in _told(wall.rows, each):
            out += places.put(style, word, [Spot(left - 1.2 * scale, low + (r + 0.5) * h, "right", "middle")], 2.0)
    bends = wall.seams
    if seams and bends.any():
        told = [f"{bend:.4g}°" if bend else "" for bend in bends.tolist()]
        each = _step(max(lettering.width(word, LEAST) for word in told) * 1.35 * scale / w)
        for c, word in enumerate(told):
            if word and (c % each == 0 or c == len(told) - 1):
                x = left + (c + 1) * w
                out.append(Line(style, ((x, high), (x, high + 4.2 * scale))))
                out += places.put(style, word, [Spot(x, high + 5 * scale, "centre", "bottom")], LEAST)
    return out


def _step(need: float) -> int:
    """The round number of steps that is no less than needed."""
    return next((step for step in STEPS if step >= need), math.ceil(need))


def _told(count: int, each: int) -> set[int]:
    """Which of so many are told when every `each`th is: round numbers from 1, the first and the last where they have room."""
    found = set(range(0, count, each)) if each < 5 else {0, *range(each - 1, count, each)}
    return {k for k in found if count - 1 - k >= 0.8 * each} | {count - 1}


def _levels(wall: Wall) -> list[Height]:
    """Floor, stage beneath it, lower and upper edge; lowest first."""
    import shapely

    left = _box(wall)[0] / 1000
    floor = wall.scene.ground
    top = wall.low + wall.size[1]
    found = [Height(floor, "FLOOR", mm(left, floor)), Height(wall.low, "LOWER EDGE", mm(left, wall.low)),
             Height(top, "UPPER EDGE", mm(left, top))]  # fmt: skip
    foot = shapely.LineString([*wall.ends[:, 0], wall.ends[-1, 1]])
    for space in wall.scene.of(Space):
        if space.use == "stage" and space.outline.polygon.distance(foot) <= BEFORE and space.floor < wall.low + 1e-6:
            name = f"{name_of(wall.scene, space.element)} DECK"
            found.append(Height(space.floor, name, mm(left, space.floor)))
    return sorted(found, key=lambda height: height.z)


def _floor(wall: Wall, levels: Sequence[Height], scale: float) -> list[Mark]:
    """Lines of the floor and of a stage beneath the wall."""
    left, low, right, _ = _box(wall)
    out: list[Mark] = []
    for height in levels:
        if height.name == "FLOOR" or height.name.endswith(" DECK"):
            z = round(height.z * 1000, 4)
            if z <= low - 1.0:
                style = Style("datum") if height.name == "FLOOR" else Style("stage", "beyond")
                out.append(Line(style, ((left - 3 * scale, z), (right + 3 * scale, z))))
    return out


# --- runs of data and power


def runs(wall: Wall, use: Use) -> list[list[tuple[int, int]]]:
    """(column, row) of the panels of each run, in order.

    Whole columns up and down or whole rows to and fro, whichever are fewer runs, so that a port's pixels are a rectangle;
    equal pieces of columns where a run takes neither. Power may change over within a column where that saves much.
    A flown wall is fed from its upper edge, a stacked one from its lower.
    """
    columns, rows, most = wall.columns, wall.rows, use.most

    def snake(outer: Sequence[int], inner: int, back: bool) -> list[tuple[int, int]]:
        ways = range(inner), range(inner - 1, -1, -1)
        return [(o, i) for k, o in enumerate(outer) for i in ways[(k % 2 == 1) != back]]

    least = math.ceil(columns * rows / most)
    upright = math.ceil(columns / (most // rows)) if most >= rows else math.inf
    level = math.ceil(rows / (most // columns)) if most >= columns else math.inf
    if use.name == "power" and min(upright, level) > MUCH * least:
        whole = snake(range(columns), rows, wall.flown)
        return [whole[k : k + most] for k in range(0, len(whole), most)]
    if upright <= level and upright < math.inf:
        parts = np.array_split(np.arange(columns), int(upright))
        return [snake(part.tolist(), rows, wall.flown) for part in parts]
    pieces = np.array_split(np.arange(rows), int(level) if level < math.inf else math.ceil(rows / most))
    fed = [part.tolist()[::-1] for part in pieces[::-1]] if wall.flown else [part.tolist() for part in pieces]
    if level < math.inf:
        return [[(c, r) for r, c in snake(part, columns, False)] for part in fed]
    return [[(c, r) for r in part] for c in range(columns) for part in fed]


def runs_view(wall: Wall, use: Use, scale: float) -> Drawing:
    """Runs of data or power on the wall from the front, numbered, each from its first panel to its last."""
    scale = float(scale)
    places = Places(scale)
    w, h = wall.panel[0] * 1000, wall.panel[1] * 1000
    left, low, _, _ = _box(wall)
    marks: list[Mark] = [*_lines(wall, scale), *_edge_ids(wall, places, seams=False)]
    style, r = Style(use.name), min(1.0 * scale, 0.18 * w, 0.18 * h)
    found = runs(wall, use)
    tall = max((t for t in (3.5, 2.5, LEAST) if _fits(f"{len(found)}", t, scale, w, h)), default=0.0)
    for number, run in enumerate(found, 1):
        points = [(left + (c + 0.5) * w, low + (k + 0.5) * h) for c, k in run]
        (x, y), rest = points[0], _corners(points)
        marks.append(Circle(style, (x, y), r))
        if len(points) > 1:
            marks += [Line(style, tuple(rest)), *_head(style, rest[-2], rest[-1], 2 * r)]
        places.keep_line(rest if len(rest) > 1 else [(x, y), (x, y)])
        if tall:
            wide = lettering.width(f"{number}", tall) * scale / 2
            off = 1.3 * r + wide
            spots = [
                Spot(x + k * off, y + v * 0.28 * h) for k, v in ((-1, 0), (1, 0), (-1, 1), (1, 1), (-1, -1), (1, -1))
            ]
            inside = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            marks += places.put(Style(use.name, "id"), f"{number}", spots, tall, mask=False, inside=inside)
    notes = [] if tall else [f"Numbers of {use.name} runs are not legible at 1:{scale:g}."]
    title = f"{short(wall.title)}: {use.name.upper()} RUNS, FROM THE FRONT (PROPOSAL)"
    return drawing(f"led {use.name}", title, wall.scene, marks, {}, scale,
                   (*notes_of(wall.scene, (wall.element,)), *notes, *places.notes))  # fmt: skip


def _fits(word: str, tall: float, scale: float, w: float, h: float) -> bool:
    """Whether a number of a run has room beside its start."""
    return lettering.width(word, tall) * scale < 0.3 * w and tall * scale < 0.5 * h


def _corners(points: Sequence[Point]) -> list[Point]:
    """A polyline without the points that lie on its straight runs."""
    kept = [points[0]]
    for a, b, c in zip(points, points[1:], points[2:]):
        if abs((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])) > 1e-6:
            kept.append(b)
    return [*kept, points[-1]] if len(points) > 1 else kept


def _drawable(wall: Wall, use: Use) -> bool:
    """Whether its runs are few enough to be told apart on a sheet."""
    return len(runs(wall, use)) <= MOST_DRAWN


def _head(style: Style, back: Point, tip: Point, size: float) -> list[Mark]:
    """A filled arrow head at the end of a run."""
    along = np.subtract(tip, back) / max(math.dist(tip, back), 1e-9)
    across = np.array([-along[1], along[0]])
    corners = [np.array(tip), *(np.array(tip) - size * along + k * size / 3 * across for k in (1, -1))]
    return [Fill(style, (tuple((float(x), float(y)) for x, y in corners),), "solid")]


# --- from above


def from_above(wall: Wall, scale: float) -> Drawing:
    """The bottom row from above, true to shape and in its place; the audience is below."""
    scale = float(scale)
    places, system = Places(scale), wall.scene.about.units
    style, marks = Style("video"), list[Mark]()
    (x0, y0, _), (x1, y1, _) = wall.part.solid.bounds
    box = np.array([(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)])
    corners = np.array([frames.points(matrix, box)[:, :2] for matrix in wall.base])
    straight = [*(np.abs(wall.seams) < 1e-6).tolist(), False]
    for ring, shared in zip(corners, straight):  # a side that the next panel has too is drawn with that one
        marks.append(Line(style, points_mm(np.roll(ring, -2, axis=0)), not shared))
    keep_lines(places, marks)
    (a, b), chord = (wall.ends[0, 0], wall.ends[-1, 1]), wall.ends[-1, 1] - wall.ends[0, 0]
    length = float(np.hypot(*chord))
    along = chord / length
    away = np.array([along[1], -along[0]])  # towards the audience
    each = _step(6.0 * scale / (wall.panel[0] * 1000))
    for c, word in enumerate(wall.column_ids):
        if c in _told(wall.columns, each):
            rear = corners[c][2:].mean(axis=0) * 1000
            ahead = wall.base[c][:2, 1] * scale
            spots = [Spot(float(x), float(y)) for x, y in (rear + far * ahead for far in (2.2, 3.0, 4.0, 5.5))]
            marks += places.put(Style("video", "id"), word, spots, 2.0)
    farthest = float(((wall.ends.reshape(-1, 2) - a) @ away).max())
    middle = (a + b) / 2 + away * (farthest + 4 * scale / 1000)
    tip = middle + away * 8 * scale / 1000
    marks.append(Leader(Style("note"), (mm(*tip), mm(*middle))))
    places.keep_line([mm(*tip), mm(*middle)])
    marks += places.put(Style("note"), "FRONT", [*around((*mm(*tip), *mm(*tip)), scale)], 2.5)
    left, low = extent(marks, {}, scale)[0]
    flat, upright = (
        Rows(places, 0, low - 5 * scale, -ROW * scale, system),
        Rows(places, 90, left - 5 * scale, -ROW * scale, system),
    )
    flat.add((mm(*a), mm(*b)))
    face = wall.ends.reshape(-1, 2)
    rear, near = face[int(np.argmax(face[:, 1]))], face[int(np.argmin(face[:, 1]))]
    upright.add((mm(*near), mm(*rear)))
    marks += [*flat.marks(), *upright.marks()]
    return drawing("led plan", f"{short(wall.title)}: FROM ABOVE", wall.scene, marks, {}, scale,
                   (*notes_of(wall.scene, (wall.element,)), *places.notes))  # fmt: skip


# --- figures


def _notes(wall: Wall) -> tuple[str, ...]:
    system = wall.scene.about.units
    counted = "from right to left (this wall is a twin)" if _twin(wall) else "from left to right"
    wide, tall = (units.drawn(side, system) for side in wall.size)
    notes = [f"{wall.title}: {wall.columns} × {wall.rows} panels, {wide} × {tall}, seen from the front, as the audience does. "
             f"Columns are counted {counted}, rows from the bottom; C3R2 is column 3, row 2."]  # fmt: skip
    bends = wall.seams
    if bends.any():
        if np.ptp(bends) < 1e-6:
            radius = wall.panel[0] / 2 / math.tan(math.radians(abs(float(bends[0])) / 2))
            notes.append(f"{len(bends)} seams of {bends[0]:.4g}° each: radius {units.drawn(radius, system)} to the middle of a "
                         "panel's face. Positive brings the ends towards the audience.")  # fmt: skip
        else:
            notes.append("Angles stand at the seams; positive brings the ends towards the audience. "
                         f"All together {bends.sum():.4g}°.")  # fmt: skip
    notes.append(f"Panels are mended from the {'rear' if wall.screen.service == 'rear' else 'front'}.")
    if wall.flown:
        origin = wall.scene.elements[wall.element]
        chords = [float(part.bounds[0, 2]) for part in wall.scene.parts
                  if part.element == origin.host and part.system == "truss" and part.name != "tower"]  # fmt: skip
        trim = ""
        if chords:
            drop = min(chords) - wall.low - wall.size[1]
            trim = (
                f", lowest chord {units.level(min(chords), system)}, {units.drawn(drop, system)} above its upper edge"
            )
        notes.append(f"Hung from {name_of(wall.scene, origin.host)}{trim}; the wall's weight stands in the table, what it hangs from "
                     "and how is for the rigger.")  # fmt: skip
    for use in wall.uses:
        edge = "upper" if wall.flown else "lower"
        if not _drawable(wall, use):
            notes.append(f"{len(runs(wall, use))} {use.name} runs are too many to be drawn.")
        notes.append(f"{use.name.capitalize()} runs are a proposal: {use.why}. A circle begins a run, at the {edge} edge where it "
                     "can, an arrow ends it. Planning check only, to be verified with the processor and the supplier.")  # fmt: skip
    known = {use.name for use in wall.uses}
    if "data" not in known:
        notes.append("Data runs: not known.")
    if "power" not in known:
        notes.append("Power circuits: not known (per_circuit: in the venue file says how many panels one feeds).")
    if wall.item is not None and wall.item.notes:
        notes.append(f"Catalogue on {wall.item.label}: {wall.item.notes}.")
    if any(item is not None and None in (item.width, item.height) for item, _ in wall.supports):
        notes.append("Headers and bases are listed, not drawn: their sizes are not in the catalogue.")
    return tuple(notes)


def _blocks(wall: Wall, _: Sequence[Drawing]) -> list[Block]:
    """Pixels, weights and power, setting-out, runs, starts of columns and rows; in tables."""
    blocks: list[Block | None] = [_pixels_block(wall), _panels_block(wall), _ends_block(wall)]
    blocks += [_runs_block(wall, use) for use in wall.uses]
    blocks.append(_starts_block(wall))
    return [block for block in blocks if block is not None]


def _pixels_block(wall: Wall) -> Block:
    each, whole = wall.pixels, wall.screen.pixels
    rows = [("Panels", f"{wall.columns} × {wall.rows} = {wall.columns * wall.rows}")]
    if each is None or whole is None:
        rows.append(("Pixels", "not in the catalogue"))
    else:
        pitch = wall.panel[0] * 1000 / each[0]
        first = f"({wall.columns} − c)" if _twin(wall) else "(c − 1)"
        rows += [("Canvas", f"{whole[0]} × {whole[1]} = {whole[0] * whole[1]:,} px".replace(",", " ")),
                 ("One panel", f"{each[0]} × {each[1]} px, pitch {pitch:.2f} mm"),
                 ("Aspect of the canvas", f"{whole[0] / whole[1]:.3f} : 1"),
                 ("First pixel of column c", f"x = {first} × {each[0]}, from the left edge"),
                 ("First pixel of row r", f"y = ({wall.rows} − r) × {each[1]}, from the upper edge")]  # fmt: skip
    return ruled("PIXEL MAP", rows[0], rows[1:], (58.0, 122.0))


def _starts_block(wall: Wall) -> Block | None:
    """First pixel of every column and row, where they are not too many."""
    each = wall.pixels
    if each is None or max(wall.columns, wall.rows) > MOST_STARTS:
        return None
    cells = [(word, str(c * each[0])) for c, word in enumerate(wall.column_ids)]
    cells += [(word, str((wall.rows - 1 - r) * each[1])) for r, word in enumerate(wall.row_ids)]
    deep = math.ceil(len(cells) / 5)
    cells += [("", "")] * (5 * deep - len(cells))
    rows = [tuple(text for k in range(5) for text in cells[k * deep + line]) for line in range(deep)]
    return ruled("FIRST PIXELS: x OF COLUMNS, y OF ROWS", ("", "px") * 5, rows, (15.0, 21.0) * 5, numbers=True)


def _panels_block(wall: Wall) -> Block:
    """Mass and power, known and unknown."""
    count = wall.columns * wall.rows
    found = [(wall.item, count), *wall.supports]

    def of(value: float | None, times: int = 1) -> str:
        return NONE if value is None else f"{value * times:.10g}"

    rows = [
        (item.label if item else wall.part.item, str(n), of(item.mass if item else None), of(item.mass if item else None, n),
         of(item.power, n) if item and item.powered else NONE, of(item.power_average, n) if item and item.powered else NONE)
        for item, n in found
    ]  # fmt: skip
    masses = [(item.mass if item else None, n) for item, n in found]
    known = sum(mass * n for mass, n in masses if mass is not None)
    unknown = sum(n for mass, n in masses if mass is None)
    total = NONE if all(mass is None for mass, _ in masses) else f"{known:.10g}"
    rows.append(("Wall" + (f" ({unknown} masses unknown)" if unknown else ""), "", "", total, rows[0][4], rows[0][5]))
    head = ("Item", "Qty", "kg each", "kg", "W at most", "W typical")
    return ruled("WEIGHT AND POWER", head, rows, (64.0, 14.0, 22.0, 28.0, 26.0, 26.0), numbers=True)


def _ends_block(wall: Wall) -> Block:
    """Both ends of the face from the setting-out point, and from what a tape can touch."""
    system, ends = wall.scene.about.units, np.array([wall.ends[0, 0], wall.ends[-1, 1]])
    names, touched = taped(wall.scene, ends, system)
    rows = []
    for name, point, distances in zip(("Left end", "Right end"), ends, touched):
        x, y = (units.drawn(round(float(v), 6) + 0.0, system) for v in point)
        rows.append((name, x, y, *distances))
    head = ("Of the face", "x from SOP", "y from SOP", *names)
    return ruled("SETTING OUT", head, rows, (30.0, 32.0, 32.0, 43.0, 43.0), numbers=True)


def _runs_block(wall: Wall, use: Use) -> Block:
    """Each run with its panels; with its rectangle of pixels for data, with its power for circuits."""
    found, each = runs(wall, use), wall.pixels
    rows: list[tuple[str, ...]] = []
    for number, run in enumerate(found[:MOST_RUNS], 1):
        low, high = np.min(run, axis=0), np.max(run, axis=0)
        ids = f"{wall.tag(run[0][1], run[0][0])} … {wall.tag(run[-1][1], run[-1][0])}"
        if use.name == "data":
            told = NONE
            if each is not None:
                x, y = low[0] * each[0], (wall.rows - 1 - high[1]) * each[1]
                wide, tall = (high - low + 1) * each
                told = f"{x}, {y}: {wide} × {tall}"
        else:
            told = (
                NONE if wall.item is None or wall.item.power is None else f"{len(run) * wall.item.power:.0f} W at most"
            )
        rows.append((str(number), ids, str(len(run)), told))
    if len(found) > MOST_RUNS:
        left = found[MOST_RUNS:]
        rows.append((f"{len(found)}", f"{len(left)} more, as far as number {len(found)}", str(sum(map(len, left))), ""))
    last = "x, y: pixels" if use.name == "data" else "Power"
    name = "PORT" if use.name == "data" else "CIRCUIT"
    title = f"{use.name.upper()} RUNS (PROPOSAL): {len(found)} {name}{'S' if len(found) > 1 else ''}"
    return ruled(
        title, (name.capitalize(), "First … last panel", "Panels", last), rows, (20.0, 60.0, 24.0, 76.0), numbers=True
    )
