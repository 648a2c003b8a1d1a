"""Parts on stock: which sheet each is cut from and where it lies there; which bar, and how far along."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from stagecraft.analysis._dense import laid
from stagecraft.analysis.making import to_make
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.loops import Loop, area_of, box_of, loops
from stagecraft.scene import Piece, Scene, Stock

BETWEEN = 0.002
"""Parts lie apart by the cutter and this. [m]"""
FIRST, LAST = 551, 599
"""Drawing numbers of nested sheets."""
STEP = 1e-5
"""Sizes are packed in whole numbers of this, rounded up. [m]"""
IRREGULAR, MOST_DENSE = 0.9, 400
"""A part that fills less of its box than this is no rectangle; so many copies are laid by their outlines."""
_NAMES = ("GuillotineBssfSas", "GuillotineBssfMaxas", "GuillotineBssfLas", "GuillotineBafSas", "GuillotineBafLas")
"""Ways of rectpack to choose a place and to cut what is left; the best of all is taken."""


@dataclass(frozen=True, eq=False)
class Laid:
    """One copy of a part on a sheet."""

    piece: Piece
    copy: int
    """From 1 to the part's quantity."""
    at: tuple[float, float]
    """Lower left corner of the box round it, from the sheet's lower left corner. [m]"""
    quarters: int
    """Turned by so many times 90 degrees anticlockwise."""
    size: tuple[float, float]
    """Of the box round it as it lies. [m]"""

    @property
    def turned(self) -> int:
        """[degrees]"""
        return 90 * self.quarters

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """Its rim and then its holes, where they lie on the sheet. [m]"""
        return self.placed(loops(self.piece.outline))

    def placed(self, found: Iterable[Loop]) -> tuple[Loop, ...]:
        """Loops of the part's own coordinates where they lie on the sheet. [m]"""
        return tuple(loop.turned(self.quarters).moved(self._by) for loop in found)

    def point(self, p: tuple[float, float]) -> tuple[float, float]:
        """A point of the part's own coordinates. [m]"""
        x, y = p
        for _ in range(self.quarters):
            x, y = -y, x
        return x + float(self._by[0]), y + float(self._by[1])

    @cached_property
    def _by(self) -> Floats:
        low, _ = box_of(tuple(loop.turned(self.quarters) for loop in loops(self.piece.outline)[:1]))
        return np.asarray(np.array(self.at) - low, float)


@dataclass(frozen=True, eq=False)
class NestSheet:
    """One sheet of stock with the parts that are cut from it. Length along x."""

    number: int
    """Among all sheets, from 1."""
    of_stock: int
    """Among the sheets of its stock, from 1."""
    stock: Stock
    laid: tuple[Laid, ...]

    @property
    def name(self) -> str:
        """`F551_18mm_S01`: drawing number, thickness, sheet of that stock; what its CNC file is called."""
        words = f"F{drawing_number(self.number)}_{self.stock.thickness * 1000:g}mm_S{self.of_stock:02d}"
        return words.replace(".", "p")

    @property
    def gap(self) -> float:
        """Least distance of two parts. [m]"""
        return self.stock.cutter + BETWEEN

    @property
    def area(self) -> float:
        """Of its parts. [m²]"""
        return sum(area_of(one.piece.outline) for one in self.laid)

    @property
    def share(self) -> float:
        """What becomes parts: 0 … 1."""
        return self.area / (self.stock.size[0] * self.stock.size[1])


@dataclass(frozen=True, eq=False)
class NestBar:
    """One bar with the parts that are sawn from it, one after the other."""

    number: int
    """Among all bars, from 1."""
    stock: Stock
    length: float
    """As it is bought. [m]"""
    laid: tuple[tuple[Piece, int, float], ...]
    """Part, copy, and where it begins. [m]"""

    @property
    def share(self) -> float:
        """What becomes parts: 0 … 1."""
        return sum(piece.length for piece, _, _ in self.laid) / self.length


@dataclass(frozen=True, eq=False)
class Nest:
    """Everything that is made, on stock."""

    sheets: tuple[NestSheet, ...]
    bars: tuple[NestBar, ...]
    left: tuple[tuple[Piece, str], ...]
    """Parts that lie on none, and why."""

    @property
    def used(self) -> Mapping[Stock, int]:
        """How many sheets or bars of each stock."""
        return Counter([*(sheet.stock for sheet in self.sheets), *(bar.stock for bar in self.bars)])

    @property
    def where(self) -> Mapping[str, tuple[str, ...]]:
        """By mark, the sheets and bars that it is cut from."""
        out: dict[str, dict[str, None]] = {}
        for sheet in self.sheets:
            for one in sheet.laid:
                out.setdefault(one.piece.mark, {})[sheet.name] = None
        for bar in self.bars:
            for piece, _, _ in bar.laid:
                out.setdefault(piece.mark, {})[f"bar {bar.number}"] = None
        return {mark: tuple(names) for mark, names in out.items()}


def nest(pieces: Sequence[Piece], stocks: Sequence[Stock]) -> Nest:
    """Sheets by guillotine cuts, the shorter side left over deciding; bars the longest part first. The same every time.

    A part lies on the first stock of its material and thickness that is large enough. It is turned by 90 degrees where that
    saves stock, unless it and the stock have a grain. Where parts are no rectangles and their true outlines save a sheet, they
    are laid by these instead.

    Source: rectpack (guillotine, best short side fit; Jylänki, A Thousand Ways to Pack the Bin, 2010).
    """
    mine: dict[int, list[Piece]] = {}
    left: list[tuple[Piece, str]] = []
    for piece in pieces:
        known = [n for n, stock in enumerate(stocks) if stock.suits(piece)]
        holds = [n for n in known if _fits(piece, stocks[n])]
        if holds:
            mine.setdefault(holds[0], []).append(piece)
        else:
            left.append((piece, "larger than the stock" if known else "no stock named"))
    sheets: list[NestSheet] = []
    bars: list[NestBar] = []
    for n, stock in enumerate(stocks):
        if n not in mine:
            continue
        if stock.kind == "bar":
            bars += _sawn(mine[n], stock, len(bars))
        else:
            for k, laid in enumerate(_packed(mine[n], stock), 1):
                sheets.append(NestSheet(len(sheets) + 1, k, stock, laid))
    return Nest(tuple(sheets), tuple(bars), tuple(left))


_NESTED: WeakKeyDictionary[Scene, Nest] = WeakKeyDictionary()


def nested(scene: Scene) -> Nest:
    """What a scene's pieces are cut from; worked out once, however many sheets ask."""
    if scene not in _NESTED:
        _NESTED[scene] = nest(to_make(scene), scene.stock)
    return _NESTED[scene]


def drawing_number(number: int) -> str:
    """Of the n-th nested sheet: `551`, … `599`, `599.1`."""
    at = FIRST + number - 1
    return str(at) if at <= LAST else f"{LAST}.{at - LAST}"


# --- sheets


def _size(piece: Piece) -> tuple[float, float]:
    """Length and width of the box round it, arcs and all. [m]"""
    low, high = box_of(loops(piece.outline)[:1])
    return float(high[0] - low[0]), float(high[1] - low[1])


def _ways(piece: Piece, stock: Stock) -> tuple[bool, ...]:
    """Turned by 90 degrees: not, or also, or always."""
    if piece.grain and stock.grain:
        return (piece.grain != stock.grain,)
    return (False, True)


def _room(stock: Stock) -> tuple[float, float]:
    """What is left of a sheet within its margins. [m]"""
    return stock.size[0] - 2 * stock.margin, stock.size[1] - 2 * stock.margin


def _fits(piece: Piece, stock: Stock) -> bool:
    if stock.kind == "bar":
        return bool(piece.length <= max(stock.lengths) - 2 * stock.margin + 1e-9)
    size, room = _size(piece), _room(stock)
    return any(
        all(side <= most + 1e-9 for side, most in zip(size[::-1] if way else size, room)) for way in _ways(piece, stock)
    )


def _packed(pieces: Sequence[Piece], stock: Stock) -> list[tuple[Laid, ...]]:
    """The fewest sheets of several ways, of those the one whose last sheet is the emptiest."""
    sizes = [_size(piece) for piece in pieces]
    copies = [(n, copy) for n, piece in enumerate(pieces) for copy in range(1, piece.quantity + 1)]
    orders = (
        lambda one: (-sizes[one[0]][0] * sizes[one[0]][1], one),
        lambda one: (-max(sizes[one[0]]), one),
        lambda one: (-min(sizes[one[0]]), one),
        lambda one: (-sum(sizes[one[0]]), one),
    )
    tried = [
        _filled(sorted(copies, key=order), pieces, sizes, stock, name)
        for order, name in itertools.product(orders, _NAMES)
    ]
    best = min(tried, key=lambda sheets: (len(sheets), sum(w * h for *_, (w, h) in sheets[-1])))
    sheets = [
        [Laid(pieces[n], copy, (x * STEP, y * STEP), int(way), size) for n, copy, way, (x, y), size in sheet]
        for sheet in best
    ]
    if len(copies) <= MOST_DENSE and any(area_of(p.outline) < IRREGULAR * w * h for p, (w, h) in zip(pieces, sizes)):
        for order, across in itertools.product(orders[:2], (False, True)):
            denser = _by_outline(sorted(copies, key=order), pieces, stock, across)
            sheets = denser if len(denser) < len(sheets) else sheets
    margin = stock.margin
    return [tuple(replace(one, at=(one.at[0] + margin, one.at[1] + margin)) for one in sheet) for sheet in sheets]


def _by_outline(
    order: Iterable[tuple[int, int]], pieces: Sequence[Piece], stock: Stock, across: bool
) -> list[list[Laid]]:
    """Sheets filled from below, or from the right where `across`; places are within the margins. [m]"""
    length, width = _room(stock)
    room = (width, length) if across else (length, width)
    ways = [[way + half + across for way in _ways(piece, stock) for half in (0, 2)] for piece in pieces]
    sheets = []
    for sheet in laid(order, pieces, ways, room, stock.cutter + BETWEEN):
        out = []
        for n, copy, quarters, (x, y), (w, h) in sheet:
            if across:  # turned back with the sheet
                quarters, x, y, w, h = quarters + 3, y, width - x - w, h, w
            out.append(Laid(pieces[n], copy, (x, y), quarters % 4, (w, h)))
        sheets.append(out)
    return sheets


def _filled(
    order: Iterable[tuple[int, int]],
    pieces: Sequence[Piece],
    sizes: Sequence[tuple[float, float]],
    stock: Stock,
    name: str,
) -> list[list[Any]]:
    """Sheets of (part, copy, turned, place in steps, size): each part goes where it fits best of all open sheets."""
    from rectpack import guillotine

    gap = stock.cutter + BETWEEN
    room = tuple(_steps(side + gap, up=False) for side in _room(stock))
    bins: list[Any] = []
    sheets: list[list[Any]] = []
    for n, copy in order:
        ways = [
            (way, tuple(_steps(side + gap) for side in (sizes[n][::-1] if way else sizes[n])))
            for way in _ways(pieces[n], stock)
        ]
        scores = [
            (score, b, way, size)
            for b, one in enumerate(bins)
            for way, size in ways
            if (score := one.fitness(*size)) is not None
        ]
        if not scores:
            bins.append(getattr(guillotine, name)(*room, rot=False))
            sheets.append([])
            scores = [
                (score, len(bins) - 1, way, size)
                for way, size in ways
                if (score := bins[-1].fitness(*size)) is not None
            ]
        _, b, way, size = min(scores)
        placed = bins[b].add_rect(*size)
        true = sizes[n][::-1] if way else sizes[n]
        sheets[b].append((n, copy, way, (placed.x, placed.y), true))
    return sheets


def _steps(length: float, up: bool = True) -> int:
    """A length in whole steps, rounded so that what is packed fits."""
    return int(np.ceil(length / STEP - 1e-6) if up else np.floor(length / STEP + 1e-6))


# --- bars


def _sawn(pieces: Sequence[Piece], stock: Stock, before: int) -> Iterator[NestBar]:
    """First fit, the longest first; each bar is then the shortest length that holds what is on it."""
    longest = max(stock.lengths) - 2 * stock.margin
    bars: list[list[tuple[Piece, int]]] = []
    free: list[float] = []
    copies = [(piece, copy) for piece in pieces for copy in range(1, piece.quantity + 1)]
    for piece, copy in sorted(copies, key=lambda one: -one[0].length):
        needs = piece.length + stock.cutter
        n = next((k for k, room in enumerate(free) if needs <= room + 1e-9), None)
        if n is None:
            n = len(bars)
            bars.append([])
            free.append(longest + stock.cutter)
        bars[n].append((piece, copy))
        free[n] -= needs
    for number, bar in enumerate(bars, before + 1):
        starts = np.cumsum([stock.margin, *(piece.length + stock.cutter for piece, _ in bar)])
        needed = float(starts[-1]) - stock.cutter + stock.margin
        length = min(length for length in stock.lengths if length >= needed - 1e-9)
        laid = tuple((piece, copy, float(start)) for (piece, copy), start in zip(bar, starts))
        yield NestBar(number, stock, length, laid)
