"""Each truss from its side, with its points marked from its end, its pieces, and what hangs from it and where."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from stagecraft import units
from stagecraft.analysis.rigging import Truss, hanging, trusses
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import HEIGHT, ROW, Places, Rows, Spot, around
from stagecraft.drawing._paper import COLUMN, GAP, NONE, Block, ruled, shifted
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._upright import HALF, LARGE
from stagecraft.drawing._views import drawing, extent, keep_lines, name_of, notes_of, parts_of, path_marks
from stagecraft.drawing.draft import PLANS, Draft, Job, View
from stagecraft.drawing.marks import Circle, Drawing, Line, Mark, Point, Style, Text
from stagecraft.drawing.rigging_plot import LONG_NAME, called, kilograms, truss_blocks
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import Body, Path, hidden_lines
from stagecraft.scene import Part, Scene

TITLE = "TRUSSES FROM THEIR FRONT"
ID, NAME = Style("truss", "id"), Style("note", "id")
SCALES = PLANS[:4]
CHAIN = 7.0
"""Length of a chain above its truss. [paper mm]"""
ABOVE = 5.0
"""From the labels of the points to the first row of dimensions. [paper mm]"""
BROAD = 1.25
"""Width of the room for views on a sheet, over its height."""
ROWS = 40
"""Things that hang in one table; more are continued in another."""
FEW = 6
"""More places than these along a truss are told by the first, the last and what lies between, if that is even."""


def truss_sheets(job: Job) -> Iterator[Draft]:
    """The trusses from their front, where something is rigged or hangs."""
    scene = job.scene
    if not any(truss.picks or truss.towers or truss.hung for truss in trusses(scene)):
        return
    seen: dict[str, list[Path]] = {}
    finest = truss_elevations(scene, SCALES[0], seen)
    wide, tall = ((b - a) / SCALES[0] for a, b in zip(*finest.extent))
    scales = SCALES[wide > LARGE and tall < HALF :]
    yield Draft(
        "trusses", "452", "Truss elevations", "Rigging plot",
        (View("trusses", lambda scale: truss_elevations(scene, scale, seen), scales),), lambda drawings: (*truss_blocks(scene), *hanging_blocks(scene)),
        ("Each truss is seen from downstage, one that runs up- and downstage from stage left; points are marked from its end. Second row: its pieces.",),
        NOT_FOR_RIGGING, symbols=False,
    )  # fmt: skip


def truss_elevations(scene: Scene, scale: float = 100, seen: dict[str, list[Path]] | None = None) -> Drawing:
    """Every truss from its front, one below the other, laid out for 1:`scale`.

    seen : keeps the lines of each truss from one scale to the next
    """
    seen = {} if seen is None else seen
    pages = []
    for truss in trusses(scene):
        page = _Elevation(scene, float(scale), seen)
        page.truss(truss)
        pages.append(page)
    notes = [*notes_of(scene), *dict.fromkeys(note for page in pages for note in page.places.notes)]
    if crowded := [page.crowded for page in pages if page.crowded]:
        notes.append(f"Points too close together to be dimensioned one by one: {', '.join(crowded)}.")
    return drawing("trusses", TITLE, scene, _arranged(pages, float(scale)), {}, float(scale), notes)


def _arranged(pages: Sequence[_Elevation], scale: float) -> list[Mark]:
    """The trusses one below the other, in as many columns as suit a sheet best."""
    boxes = [extent(page.marks, {}, scale, page.units) for page in pages]
    tall = [high - low + GAP * scale for (_, low), (_, high) in boxes]
    best: tuple[float, list[list[int]]] | None = None
    for count in range(1, len(pages) + 1):
        most = max(max(tall), sum(tall) / count) + 1e-6
        columns: list[list[int]] = [[]]
        for k, one in enumerate(tall):
            if columns[-1] and sum(tall[i] for i in columns[-1]) + one > most:
                columns.append([])
            columns[-1].append(k)
        wide = sum(max(boxes[k][1][0] - boxes[k][0][0] for k in column) + 2 * GAP * scale for column in columns)
        size = max(wide / BROAD, max(sum(tall[k] for k in column) for column in columns))
        if best is None or size < best[0] - 1e-6:
            best = size, columns
    marks: list[Mark] = []
    edge = 0.0
    for n, column in enumerate(best[1] if best else []):
        left, right = min(boxes[k][0][0] for k in column), max(boxes[k][1][0] for k in column)
        across = round(edge - left, 4) if n else 0.0
        edge = across + right + 2 * GAP * scale
        low = 0.0
        for k in column:
            down = round(low - boxes[k][1][1], 4)
            marks += [shifted(mark, (across, down)) for mark in pages[k].marks]
            low -= tall[k]
    return marks


def hanging_blocks(scene: Scene) -> Iterator[Block]:
    """What hangs from each truss, by element: where along it, how low, and what the catalogue says of its mass."""
    system, rows = scene.about.units, []
    for truss in trusses(scene):
        start = -truss.length / 2
        for element in truss.riders:
            parts = [
                p for p in scene.parts if p.element == element and p.count and not p.of_seats and p.system != "person"
            ]
            if not parts:
                continue
            many = [part for part in parts if part.item] or parts
            at = (
                np.concatenate([(part.transforms[:, :2, 3] - truss.frame[:2, 3]) @ truss.along for part in many])
                - start
            )
            found = hanging(scene, (element,))
            masses = [None if one.mass is None else one.mass * one.count for one in found]
            whole = sum(mass for mass in masses if mass is not None)
            told = ", ".join(
                [kilograms(whole)] * any(mass is not None for mass in masses)
                + [f"{masses.count(None)} unknown"] * (None in masses)
            )
            lowest = float(min(_corners(part)[:, 2].min() for part in parts)) - scene.ground
            count = sum(part.count for part in many) if many[0].item else 1
            name = name_of(scene, element)
            rows.append((
                truss.element, name if len(name) <= LONG_NAME else f"{name[:LONG_NAME].rstrip()}…", str(count),
                _places(at, system), units.level(round(lowest, 6), system), told or NONE,
            ))  # fmt: skip
    head = ("Truss", "What hangs", "Qty", "Middles, from its end", "Lowest", "kg")
    fixed = (22.0, 42.0, 12.0) if system == "m" else (20.0, 36.0, 12.0)
    last = (18.0, 22.0) if system == "m" else (22.0, 22.0)
    widths = (*fixed, COLUMN - sum(fixed) - sum(last), *last)
    for first in range(0, len(rows), ROWS):
        title = "HANGING, FROM THE STAGE-RIGHT OR DOWNSTAGE END" if first == 0 else "HANGING, CONTINUED"
        yield ruled(title, head, rows[first : first + ROWS], widths)


def _places(at: Floats, system: units.Units) -> str:
    """`2400, 4000, 5600`; `2400 to 13600, every 1600`. Copies above one another have one place."""
    places = np.unique(np.round(at, 3)) + 0.0
    told = [units.drawn(float(place), system) for place in places]
    steps = np.diff(places)
    if len(places) > 3 and np.ptp(steps) < 2e-3:
        return f"{told[0]} to {told[-1]}, every {units.drawn(float(steps.mean()), system)}"
    if len(places) <= FEW:
        return ", ".join(told)
    return f"{told[0]} to {told[-1]}, {len(told)} places"


class _Elevation:
    """One truss; its middle at x = 0."""

    def __init__(self, scene: Scene, scale: float, seen: dict[str, list[Path]]) -> None:
        self.seen = seen
        self.scene, self.scale, self.units = scene, scale, scene.about.units
        self.places = Places(scale)
        self.marks: list[Mark] = []
        self.crowded = ""
        """Its name, where its points are not dimensioned one by one."""

    def truss(self, truss: Truss) -> None:
        """Names, dimensions, points, the truss and what hangs, from above to below."""
        scale = self.scale
        view = _view(truss)
        parts = [
            part
            for part in parts_of(self.scene)
            if part.element in (truss.element, *truss.riders) and not part.of_seats
        ]
        parts = [part for part in parts if part.system != "person"]
        top = max(float((_corners(part) @ view.T)[:, 1].max()) for part in parts if part.element == truss.element)
        top = (top - float(truss.frame[2, 3])) * 1000
        hung = [_corners(part)[:, 2].min() for part in parts if part.element != truss.element]
        lowest = float(min(hung, default=truss.frame[2, 3]) - truss.frame[2, 3])
        rows = 2 * ROW + 4.0
        base = 0.0
        """Height of the truss's underside on the drawing."""
        origin = np.array([0.0, base])

        def at(u: float, v: float) -> Point:
            return round(u, 4) + 0.0, round(base + v, 4) + 0.0

        shift = truss.frame[:3, 3] @ view[:2].T
        self.solids(truss.element, parts, view, shift, origin)
        half = truss.length * 500
        stops = sorted(float(along) * 1000 for along in (truss.places if len(truss.picks) else _towers(truss)))
        for pick, along in zip(truss.picks, truss.places.tolist()):
            self.point(at(along * 1000, top), pick.name, f"{pick.load:g} kg ({pick.author})" if pick.load is not None and pick.author else "")  # fmt: skip
        above = Rows(self.places, 0, base + top + (CHAIN + ABOVE) * scale, ROW * scale, self.units)
        ends = [at(x, top) for x in (-half, *stops, half)]
        if len(ends) > 4 and not self.roomy(ends):
            ends = [ends[0], ends[1], ends[-2], ends[-1]]
            self.crowded = called(self.scene, truss.element)
        above.add(*itertools.pairwise(ends))
        joints = [at(x, top) for x in _joints(truss, self.scene, view, shift)]
        if self.roomy(joints) and len(joints) > 1:
            above.add(*itertools.pairwise(joints))
        self.marks += above.marks()
        self.title(truss, at(-half, top + (CHAIN + ABOVE + rows + 1.0) * scale), top / 1000, lowest)
        self.sides(truss, at(-half, top / 2), at(half, top / 2))
        for element in truss.riders:
            self.rider(element, [part for part in parts if part.element == element], view, shift, origin)

    def roomy(self, ends: Sequence[Point]) -> bool:
        """Whether each run is longer than its own dimension."""
        runs = [b[0] - a[0] for a, b in itertools.pairwise(ends) if b[0] - a[0] >= 1]
        return all(run / self.scale > lettering.width(units.drawn(run / 1000, self.units)) + 1 for run in runs)

    def solids(self, name: str, parts: Sequence[Part], view: Floats, shift: Floats, origin: Floats) -> None:
        """Truss and what hangs, hidden lines removed."""
        if name not in self.seen:
            self.seen[name] = hidden_lines([Body(part.solid, part.transforms, part.system) for part in parts], view)
        by = np.round(origin - 1000 * shift, 4)
        for path in self.seen[name]:
            moved = list(path_marks([path], Style(str(path.group), "beyond" if path.group == "truss" else "line")))
            marks = [shifted(mark, (float(by[0]), float(by[1]))) for mark in moved]
            self.marks += marks
            if path.group != "truss":
                keep_lines(self.places, marks)
        for part in parts:
            if part.system == "truss":  # nothing is written on a piece
                flat = 1000 * (_corners(part) @ view[:2].T - shift) + origin
                each = flat.reshape(part.count, -1, 2)
                self.places.keep(np.concatenate([each.min(axis=1), each.max(axis=1)], axis=1))

    def point(self, at: Point, name: str, load: str) -> None:
        """A chain to a hook, and the name of the point beside it."""
        x, y = at
        r, up = 1.0 * self.scale, CHAIN * self.scale
        self.marks += [Line(ID, ((x, y), (x, y + up - 2 * r))), Circle(ID, (x, round(y + up - r, 4)), r)]
        self.places.keep_line([(x, y), (x, y + up)])
        self.places.keep([(x - r, y + up - 2 * r, x + r, y + up)])
        d = 0.8 * self.scale
        low = y + 1.2 * self.scale
        spots = [Spot(x + d, low, "left", "bottom"), Spot(x - d, low, "right", "bottom"),
                 Spot(x + r + d, y + up - r, "left", "middle"), Spot(x - r - d, y + up - r, "right", "middle"),
                 *around((x - r, y, x + r, y + up), self.scale)]  # fmt: skip
        words = "\n".join(part for part in (name, load) if part)
        self.marks += self.places.name(ID, words, [(spots, HEIGHT, None), (spots, 1.8, None)])

    def title(self, truss: Truss, at: Point, top: float, lowest: float) -> None:
        """`T1 FRONT TRUSS  TRIM +6.000`, and what is above and below it."""
        words = f"{called(self.scene, truss.element)}  TRIM {units.level(truss.trim, self.units)}"
        self.marks.append(self.places.claim(Text(NAME, at, words, 3.5)))
        told = [f"TOP {units.level(round(truss.trim + top, 6), self.units)}"]
        room = self.above(truss)
        if room is not None:
            told.append(f"CEILING {units.drawn(round(room - top, 6), self.units)} ABOVE")
        if truss.riders and lowest < -1e-6:
            told.append(f"LOWEST THAT HANGS {units.level(round(truss.trim + lowest, 6), self.units)}")
        below = (at[0], round(at[1] - 1.8 * HEIGHT * self.scale, 4))
        self.marks.append(self.places.claim(Text(NAME, below, "   ".join(told), HEIGHT)))

    def above(self, truss: Truss) -> float | None:
        """From its trim to the ceiling over it, the lowest that it passes. [m]"""
        import shapely

        line = shapely.LineString(truss.ends)
        heights = [
            height
            for room in self.scene.rooms
            for outline, height in ((room.outline, room.ceiling), *room.zones)
            if outline.polygon.intersects(line) and height > truss.frame[2, 3]
        ]
        return min(heights) - float(truss.frame[2, 3]) if heights else None

    def sides(self, truss: Truss, left: Point, right: Point) -> None:
        """Which way the truss runs, at its two ends."""
        across = abs(truss.along[0]) >= abs(truss.along[1])
        for (x, y), words, align, way in (
            (left, "SR" if across else "DS", "right", -1),
            (right, "SL" if across else "US", "left", 1),
        ):
            spot = (x + way * 2 * self.scale, y)
            side = "right" if align == "right" else "left"
            self.marks.append(self.places.claim(Text(NAME, spot, words, 2.5, 0.0, "right" if side == "right" else "left", "middle")))  # fmt: skip

    def rider(self, element: str, parts: Sequence[Part], view: Floats, shift: Floats, origin: Floats) -> None:
        """The name of what hangs, and how many there are."""
        if not parts:
            return
        count = max((part.count for part in parts if part.item), default=1)
        words = name_of(self.scene, element) + (f" × {count}" if count > 1 else "")
        flat = np.concatenate([_corners(part) @ view[:2].T for part in parts])
        flat = 1000 * (flat - shift) + origin
        low, high = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
        box = (low[0], low[1], high[0], high[1])
        middle = (low[0] + high[0]) / 2
        beneath = [
            Spot(middle + k * (high[0] - low[0]), low[1] - 0.8 * self.scale, "centre", "top") for k in (0, 0.3, -0.3)
        ]
        self.marks += self.places.name(
            NAME, words, [([*beneath, *around(box, self.scale)], height, None) for height in (HEIGHT, 1.8)]
        )


def _view(truss: Truss) -> Floats:
    """(3, 3) rows: along the truss, up, and towards who looks."""
    x, y = truss.along
    return np.array([[x, y, 0.0], [0.0, 0.0, 1.0], [y, -x, 0.0]])


def _corners(part: Part) -> Floats:
    """(n, 3) every corner of the copies of a part in the room. [m]"""
    turned = part.solid.vertices @ np.swapaxes(part.transforms[:, :3, :3], 1, 2) + part.transforms[:, None, :3, 3]
    return np.asarray(turned.reshape(-1, 3))


def _towers(truss: Truss) -> list[float]:
    """Places of its towers along it, from its middle. [m]"""
    return [float((tower - truss.frame[:2, 3]) @ truss.along) for tower in truss.towers]


def _joints(truss: Truss, scene: Scene, view: Floats, shift: Floats) -> list[float]:
    """Where its pieces meet, and its two ends, from its middle. [mm]"""
    found = {round(side * truss.length * 500, 3) for side in (-1, 1)}
    for part in scene.parts:
        if part.element == truss.element and part.item and part.symbol is not None:
            half = float(np.ptp(part.symbol.lines[0][:, 0])) / 2
            for u in part.transforms[:, :3, 3] @ view[0] - shift[0]:
                found |= {round(1000 * (float(u) + side * half), 3) for side in (-1, 1)}
    return sorted(found)
