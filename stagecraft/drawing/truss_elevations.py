"""Each truss from its side, with its points marked from its end, its pieces, and what hangs from it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from stagecraft import units
from stagecraft.analysis.rigging import Truss, trusses
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import ROW, Places, Rows, Spot, around
from stagecraft.drawing._paper import GAP, shifted
from stagecraft.drawing._views import drawing, keep_lines, name_of, notes_of, parts_of, path_marks
from stagecraft.drawing.draft import PLANS, Draft, Job, View
from stagecraft.drawing.marks import Circle, Drawing, Line, Mark, Point, Style, Text
from stagecraft.drawing.rigging_plot import LONG_NAME, WARNING, truss_blocks
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


def truss_sheets(job: Job) -> Iterator[Draft]:
    """The trusses from their front, where something is rigged or hangs."""
    scene = job.scene
    if not any(truss.picks or truss.towers or truss.hung for truss in trusses(scene)):
        return
    seen: dict[str, list[Path]] = {}
    yield Draft(
        "trusses", "452", "Truss elevations", "Rigging plot",
        (View("trusses", lambda scale: truss_elevations(scene, scale, seen), SCALES),), lambda drawings: tuple(truss_blocks(scene)),
        ("Each truss is seen from downstage, one that runs up- and downstage from stage left; points are marked from its end. Second row: its pieces.",),
        WARNING, symbols=False,
    )  # fmt: skip


def truss_elevations(scene: Scene, scale: float = 100, seen: dict[str, list[Path]] | None = None) -> Drawing:
    """Every truss from its front, one below the other, laid out for 1:`scale`.

    seen : keeps the lines of each truss from one scale to the next
    """
    page = _Elevations(scene, float(scale), {} if seen is None else seen)
    for truss in trusses(scene):
        page.truss(truss)
    notes = [*notes_of(scene), *page.places.notes]
    if page.crowded:
        notes.append(f"Points too close together to be dimensioned one by one: {', '.join(page.crowded)}.")
    return drawing("trusses", TITLE, scene, page.marks, {}, page.scale, notes)


class _Elevations:
    """Trusses one below the other; the middle of each at x = 0."""

    def __init__(self, scene: Scene, scale: float, seen: dict[str, list[Path]]) -> None:
        self.seen = seen
        self.scene, self.scale, self.units = scene, scale, scene.about.units
        self.places = Places(scale)
        self.marks: list[Mark] = []
        self.low = 0.0
        """Lower edge of what is drawn. [mm]"""
        self.crowded: list[str] = []

    def truss(self, truss: Truss) -> None:
        """One truss: names, dimensions, points, the truss and what hangs, from above to below."""
        scale = self.scale
        view = _view(truss)
        parts = [
            part
            for part in parts_of(self.scene)
            if part.element in (truss.element, *truss.riders) and not part.of_seats
        ]
        parts = [part for part in parts if part.system != "person"]
        corners = np.concatenate([_corners(part) @ view.T for part in parts]) - truss.frame[:3, 3] @ view.T
        top = max(float((_corners(part) @ view.T)[:, 1].max()) for part in parts if part.element == truss.element)
        top = (top - float(truss.frame[2, 3])) * 1000
        depth = float(corners[:, 1].min()) * 1000
        rows = 2 * ROW + 4.0
        base = self.low - (GAP + 6.0 + rows + ABOVE + CHAIN) * scale - top
        """Height of the truss's underside on the drawing."""
        self.low = base + depth - 8 * scale
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
        if not self.roomy(ends):
            ends = [ends[0], ends[1], ends[-2], ends[-1]]
            self.crowded.append(name_of(self.scene, truss.element))
        above.add(*itertools.pairwise(ends))
        joints = [at(x, top) for x in _joints(truss, self.scene, view, shift)]
        if self.roomy(joints) and len(joints) > 1:
            above.add(*itertools.pairwise(joints))
        self.marks += above.marks()
        self.title(truss, at(-half, top + (CHAIN + ABOVE + rows + 1.0) * scale))
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
        self.marks += self.places.name(ID, words, [(spots, 1.8, None)])

    def title(self, truss: Truss, at: Point) -> None:
        """`T1 FRONT TRUSS  TRIM +6.000`, and how it is made up."""
        name = name_of(self.scene, truss.element)
        name = name if len(name) <= LONG_NAME else f"{name[:LONG_NAME].rstrip()}…"
        short = truss.element.replace("_", " ").upper()
        whole = name if name == short else f"{truss.element} {name}"
        text = Text(NAME, at, f"{whole}  TRIM {units.level(truss.trim, self.units)}", 3.5)
        self.marks.append(self.places.claim(text))

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
        self.marks += self.places.name(NAME, words, [([*beneath, *around(box, self.scale)], 1.8, None)])


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
