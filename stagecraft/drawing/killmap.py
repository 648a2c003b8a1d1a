"""Kill and spoil map: a plan on which every seat that an object takes has a cross, and every seat that sees less for it
the colour and the letter of its band; under them, where asked, what the object would cost elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stagecraft.analysis.seen import MATTERS, to_see
from stagecraft.analysis.views import Views
from stagecraft.analysis.views import views as made
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Places, around
from stagecraft.drawing._paper import Block, shifted
from stagecraft.drawing._shown import RAMP, Class, Colour, Reason, Shown
from stagecraft.drawing._views import bodies, mm, name_of, parts_of, path_marks, points_mm, vertices
from stagecraft.drawing.heatmap import FILL, LINE, SEAT, SMALL, WORDS, Map
from stagecraft.drawing.marks import Circle, Drawing, Fill, Line, Mark, Style, Text
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import hidden_lines
from stagecraft.scene import Part, Scene, SeatRow

GONE, KILLED, SAME = "×", "–", ""
"""Taken by the object; killed before, so nobody misses it; as without the object."""
CROSSED: Colour = (0.72, 0.72, 0.74)
NUMBER, LEAST_NUMBER = 1.8, 1.3
"""Capital height of a position's number: asked for, and the least that is drawn. [mm of the paper]"""
HEADING = 1.0
"""Room over two plans for what they are. [m]"""
STEPS = 5
"""Colours of positions at most."""
BETWEEN = 3.0
"""Between two plans. [m]"""
MARKED = Style("setting")
"""The best position."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Positions of an object in plan, and what it costs at each."""

    corners: Floats
    """(m, 4, 2) round each position. [m]"""
    value: Floats
    """(m,) NaN where it cannot stand."""
    head: str
    """What the value is."""
    best: int
    """Index of the best position."""
    now: tuple[float, float]
    """Where it stands now. [m]"""
    here: str = "WHERE IT COSTS LEAST"
    """What the plan of the seats shows."""

    @property
    def whole(self) -> bool:
        """Are the values counts?"""
        known = self.value[~np.isnan(self.value)]
        return bool((known == np.round(known)).all())

    @cached_property
    def edges(self) -> Floats:
        """(k + 1,) between which each class lies, in whole numbers where there are enough of them."""
        known = self.value[~np.isnan(self.value)]
        low, high = float(known.min()), float(known.max())
        if high - low < 1e-9:
            return np.array([low, high])
        edges = np.linspace(low, high, STEPS + 1)
        return np.unique(np.r_[low, np.ceil(edges[1:-1]), high]) if self.whole else edges

    @cached_property
    def classes(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """(m,) 0 for the cheapest; −1 where it cannot stand."""
        count = max(len(self.edges) - 1, 1)
        found = np.searchsorted(self.edges[1:-1], np.nan_to_num(self.value), "right")
        return np.where(np.isnan(self.value), -1, np.minimum(found, count - 1))

    def colour(self, of: int) -> Colour:
        """Light for cheap, dark for dear."""
        count = max(len(self.edges) - 1, 1)
        place = 1 - of / max(count - 1, 1)
        r, g, b = (
            round(float(np.interp(place, np.linspace(0, 1, len(RAMP)), [c[k] for c in RAMP])), 3) for k in range(3)
        )
        return r, g, b


def kill_map(
    scene: Scene, bare: Scene, elements: Sequence[str], gone: Sequence[str], worse: Mapping[str, str],
    bands: Sequence[str], title: str, reasons: Sequence[Reason] = (), cells: Cells | None = None,
    views: Views | None = None, scale: float | None = None,
) -> Drawing:  # fmt: skip
    """Plan of what an object costs.

    scene, bare : with it and without it
    elements : what the object is made of
    gone : permanent ids of the seats that it takes
    worse : permanent id → band, of those that are in a worse one for it
    bands : names, best first
    reasons : a list to stand beside the plan
    cells : what it costs at other positions, drawn under the seats
    views : of `bare`, where they were already made

    Seats above others (a balcony) are drawn beside them.
    """
    aims = [view for view in to_see(bare, views or made(bare)).values() if view.role in MATTERS]
    ids, killed = bare.seats.ids.tolist(), bare.seats.status == "kill"
    taken = set(gone)
    letter = {band: chr(ord("A") + k) for k, band in enumerate(bands)}
    letters = [
        GONE if id in taken else KILLED if dead else letter[worse[id]] if id in worse else SAME
        for id, dead in zip(ids, killed.tolist())
    ]
    count = max(len(bands) - 1, 1)
    ramp = [RAMP[min(round((1 - k / count) * (len(RAMP) - 1)), len(RAMP) - 1)] for k in range(len(bands))]
    used = set(letters)
    classes = (
        Class(GONE, CROSSED, "removed"),
        *(Class(letter[band], ramp[k], f"sees less: {band}") for k, band in enumerate(bands) if letter[band] in used),
        Class(SAME, None, "as without it"),
        *((Class(KILLED, None, "killed before"),) if KILLED in used else ()),
    )
    note = (
        "Bands: the least share of all that must be seen that a seat has past architecture, rigging and set; people, those who "
        "work it too, do not count."
    )
    others = [record for record in scene.records if not isinstance(record, SeatRow)]
    rows = [record for record in bare.records if isinstance(record, SeatRow)]
    both = replace(scene, records=(*others, *rows))
    heading = "Seats that see less, the worst first" if reasons else ""
    shown = Shown(title, "Seats", tuple(aims), np.array(letters, np.str_), classes, (note,), heading, tuple(reasons))
    return _Costs(both, shown, scale, tuple(elements), cells).drawn()


@dataclass
class _Costs(Map):
    """A kill and spoil map that is being drawn."""

    elements: tuple[str, ...]
    cells: Cells | None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.beside = 0.0
        if self.cells is not None:
            wide, tall = self.size
            self.beside = wide + BETWEEN
            self.size = 2 * wide - self.aside + BETWEEN, tall + HEADING
            self.places = Places(1.0)
            self.scale, self.below = self._laid_out()
            self.places = Places(self.scale)

    def drawn(self) -> Drawing:
        return replace(super().drawn(), name="kill map")

    def positions(self, cells: Cells) -> Iterator[Mark]:
        """A square for each position with its colour and what it costs; a stroke where the object cannot stand."""
        e = self.scale
        sides = np.linalg.norm(cells.corners[:, :2] - cells.corners[:, 1:3], axis=2)
        wide, tall = (sides.min(axis=0) * 1000 / e).tolist()
        longest = max(lettering.width(_number(v), 1.0) for v in cells.value.tolist() if not np.isnan(v))
        height = round(min(NUMBER, 0.6 * tall, 0.8 * wide / longest), 2)
        for ring, value, of in zip(cells.corners, cells.value.tolist(), cells.classes.tolist()):
            points = points_mm(ring)
            yield Fill(FILL, (points,), "solid", cells.colour(of) if of >= 0 else (1.0, 1.0, 1.0))
            yield Line(SEAT if of >= 0 else SMALL, points, closed=True)
            if of < 0:
                yield Line(SMALL, (points[0], points[2]))
            elif height >= LEAST_NUMBER:
                yield Text(WORDS, mm(*ring.mean(axis=0)), _number(value), height, 0.0, "centre", "middle")

    def elsewhere(self, cells: Cells) -> list[Mark]:
        """The second plan: what it costs at every position."""
        e = self.scale
        empty = copy(self)
        empty.scene = replace(
            self.scene, records=tuple(r for r in self.scene.records if r.element not in self.elements)
        )
        out = empty.house(False)
        outlines = [mark for mark in super().squares() if isinstance(mark, Line)]
        out += [replace(mark, style=SMALL) for mark, above in zip(outlines, self.upper.tolist()) if not above]
        out += self.positions(cells)
        out.append(Line(MARKED, points_mm(cells.corners[cells.best]), closed=True))
        x, y = mm(*cells.now)
        out += [Circle(MARKED, (x, y), 1.6 * e), Circle(MARKED, (x, y), 0.8 * e)]
        shift = self.beside * 1000, 0.0
        out = [shifted(mark, shift) for mark in out]
        low, high = cells.corners.reshape(-1, 2).min(axis=0) * 1000, cells.corners.reshape(-1, 2).max(axis=0) * 1000
        self.places.keep(np.array([[low[0] + shift[0], low[1], high[0] + shift[0], high[1]]]))
        best = mm(*cells.corners[cells.best].mean(axis=0))
        named = [("BEST", best), ("NOW", (x, y))] if best != (x, y) else [("NOW AND BEST", best)]
        for words, (u, v) in named:
            out += self.places.put(
                WORDS, words, around((u + shift[0] - 2 * e, v - 2 * e, u + shift[0] + 2 * e, v + 2 * e), e)
            )
        return out

    def squares(self) -> Iterator[Mark]:
        """A cross through the seats removed; no letter in those that are as they were."""
        ring: Line | None = None
        for mark in super().squares():
            if isinstance(mark, Line):
                ring = mark
            if isinstance(mark, Text) and mark.text == SAME:
                continue
            if isinstance(mark, Text) and mark.text == GONE and ring is not None:
                a, b, c, d = ring.points
                yield Line(WORDS, (a, c))
                yield Line(WORDS, (b, d))
                continue
            yield mark

    def culprits(self) -> list[Mark]:
        """The object itself and its name; beside it the plan of what it costs elsewhere."""
        parts = self._parts()
        out: list[Mark] = list(self._own())
        if parts:
            flat = vertices(parts)[:, :2] * 1000
            box = (*flat.min(axis=0).tolist(), *flat.max(axis=0).tolist())
            out += self.places.put(WORDS, name_of(self.scene, self.elements[0]), around(box, self.scale))
        if self.cells is not None:
            out += self.elsewhere(self.cells)
            low, high = self._span()
            x, y = float(low[0] + high[0]) * 500, float(high[1]) * 1000 + 3 * self.scale
            out += [
                Text(WORDS, (x, y), self.cells.here, 3.5, 0.0, "centre"),
                Text(WORDS, (x + self.beside * 1000, y), "WHAT IT COSTS ELSEWHERE", 3.5, 0.0, "centre"),
            ]
        return out

    def _parts(self) -> list[Part]:
        return [part for part in parts_of(self.scene) if part.element in self.elements and not part.of_seats]

    def _own(self) -> tuple[Mark, ...]:
        """Outlines of the object."""
        parts = self._parts()
        return (
            tuple(path_marks(hidden_lines(bodies(parts, ["object"] * len(parts))), Style(parts[0].system)))
            if parts
            else ()
        )

    @cached_property
    def tables(self) -> list[Block]:
        own = [self._classes()]
        if self.cells is not None:
            own.append(self._costs(self.cells))
        return [*own, *([self._reasons()] if self.shown.reasons else [])]

    def _costs(self, cells: Cells) -> Block:
        """Colour, what it stands for and how many positions."""
        rows: list[tuple[Colour | None, str, int]] = []
        edges, places = cells.edges.tolist(), cells.classes
        for k in range(max(len(edges) - 1, 1)):
            low, high = edges[k], edges[min(k + 1, len(edges) - 1)]
            last = k + 2 >= len(edges)
            high -= 1.0 if cells.whole and not last else 0.0
            words = _number(low) if high - low < 1e-9 else f"{_number(low)} to {_number(high)}"
            if count := int((places == k).sum()):
                rows.append((cells.colour(k), words, count))
        if refused := int((places < 0).sum()):
            rows.append((None, "cannot stand there", refused))
        wide = max(
            lettering.width(cells.head, 3.5) + 4 + lettering.width("positions", 2.5),
            9 + max(lettering.width(row[1], 2.5) for row in rows) + 14,
        )
        y = -3.5
        out: list[Mark] = [
            Text(WORDS, (0.0, y), cells.head, 3.5),
            Text(WORDS, (wide, y), "positions", 2.5, 0.0, "right"),
        ]
        for colour, words, count in rows:
            y -= LINE
            ring = ((0.0, y - 1), (6.0, y - 1), (6.0, y + 3.5), (0.0, y + 3.5))
            out.append(Fill(FILL, (ring,), "solid", colour) if colour else Line(SMALL, (ring[0], ring[2])))
            out.append(Line(SEAT if colour else SMALL, ring, closed=True))
            out += [Text(WORDS, (9.0, y), words, 2.5), Text(WORDS, (wide, y), str(count), 2.5, 0.0, "right")]
        return Block(wide, -y, tuple(out))


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"
