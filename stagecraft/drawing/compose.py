"""Composing: a draft becomes a sheet, on the smallest paper and at the finest scale that suit each other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stagecraft.drawing import lettering
from stagecraft.drawing._paper import (
    COARSE,
    FILING,
    GAP,
    MARGIN,
    SIZES,
    STRIP,
    Block,
    Box,
    frame_marks,
    on_paper,
    scaled,
    shifted,
)
from stagecraft.drawing._texts import legend_block, notes_block, symbols_block
from stagecraft.drawing._title import Heading, corner_block
from stagecraft.drawing.draft import Draft, View, Wish
from stagecraft.drawing.marks import Drawing, Mark, Placed, Point, Sheet, Text
from stagecraft.drawing.sheet import placed_view, title_width
from stagecraft.errors import Problem, VenueError
from stagecraft.scene import Scene

PAPERS = ("A3", "A2", "A1", "A0")
PRICE = {"A4": 0.0, "A3": 0.1, "A2": 0.35, "A1": 0.6, "A0": 1.8}
"""What speaks against a paper: an A0 is awkward on site."""
COARSER = 0.7
"""What speaks against a scale half as fine as the finest."""
LARGER = 1.2
"""What speaks against each size larger than the one that every sheet was to have."""
EMPTY, WANTED = 1.2, 0.5
"""What speaks against an empty sheet, for each part less than wanted that is filled."""
SMALL = 0.75
"""Tables in smaller lettering where the paper is small, so much."""
ROUND = 70.0
"""Dimensions, levels and margins round a view take about so much on paper, however fine its scale. [mm]"""
INSIDE = 6.0
"""Tables keep so far off the frame, whose centring marks reach inwards. [mm]"""
TRIED = 12
"""Choices of paper and scale that are drawn before a draft is said to fit nowhere."""


@dataclass(frozen=True)
class _Choice:
    paper: str
    scales: tuple[float, ...]
    """Of each view."""
    finest: float


@dataclass(frozen=True)
class _Laid:
    """Where everything stands on a sheet."""

    views: tuple[Box, ...]
    corner: Box
    blocks: tuple[Block, ...]
    at: tuple[Point, ...]
    """Upper left corner of each block."""


class Composer:
    """Composes the sheets of one scene; a view that was laid out for a scale is kept for the next try."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._made: dict[tuple[int, float], Drawing] = {}
        self._kept: list[Callable[[float], Drawing]] = []  # so that no two makers share an id

    def sheet(self, draft: Draft, wish: Wish | None = None, of: tuple[int, int] = (1, 1), size: str = "auto") -> Sheet:
        """The draft on paper.

        size : "A4" … "A0", or "auto" for the one that suits it best; a sheet that is too much for it takes a larger one.
            A wish for a size goes before it, and is kept to
        of : number of this sheet and how many there are

        Raises VenueError where it fits nowhere.
        """
        wish = wish or Wish()
        wanted = wish.size or size
        if wanted != "auto" and wanted not in SIZES:
            raise VenueError(f"'{wanted}' is no paper size: use {', '.join(SIZES)} or auto")
        larger = [name for name in PAPERS if SIZES[name] > SIZES[size]] if size in SIZES and not wish.size else []
        papers = PAPERS if wanted == "auto" else (wanted, *larger)
        choices = list(_choices(draft, wish, papers))
        guess = [self._drawn(view, _middle(view, wish)) for view in draft.views]
        price = {choice: self._price(draft, choice, guess) + LARGER * _steps(choice, wanted) for choice in choices}
        ranked = sorted(choices, key=price.__getitem__)
        for choice in ranked if wish.size else ranked[:TRIED]:
            drawings = tuple(self._drawn(view, scale) for view, scale in zip(draft.views, choice.scales))
            if made := self._composed(draft, wish, drawings, choice.paper, of):
                return made
        for choice in sorted(choices, key=lambda choice: -math.prod(choice.scales)):  # the coarsest, on the largest
            drawings = tuple(self._drawn(view, scale) for view, scale in zip(draft.views, choice.scales))
            if made := self._composed(draft, wish, drawings, choice.paper, of):
                return made
        at = f" at 1:{wish.scale:g}" if wish.scale else ""
        where = "any sheet" if wanted == "auto" else wanted
        words = f"the {draft.title.lower()} does not fit on {where}{at}: choose a larger paper or a coarser scale"
        raise VenueError(Problem(words, f"sheets.{draft.key}"))

    def _drawn(self, view: View, scale: float) -> Drawing:
        key = id(view.make), scale
        if key not in self._made:
            self._made[key] = view.make(scale)
            self._kept.append(view.make)
        return self._made[key]

    def _price(self, draft: Draft, choice: _Choice, guess: Sequence[Drawing]) -> float:
        """What speaks against a choice, from sizes that are guessed."""
        wide, tall = SIZES[choice.paper]
        room = (wide - FILING - MARGIN - 2 * GAP) * (tall - 2 * MARGIN - 2 * GAP)
        sizes = [_foreseen(one, scale) for one, scale in zip(guess, choice.scales)]
        filled = sum(w * h for w, h in sizes) + 180.0 * min(tall - 40.0, 260.0)
        price = PRICE[choice.paper] + COARSER * math.log2(choice.scales[0] / choice.finest) if choice.scales else 0.0
        price += EMPTY * max(WANTED - filled / room, 0.0)
        if filled > room or any(w > wide - 40 or h > tall - 40 for w, h in sizes):
            price += 4.0 + filled / room  # hardly
        return price

    def _composed(
        self, draft: Draft, wish: Wish, drawings: Sequence[Drawing], paper: str, of: tuple[int, int]
    ) -> Sheet | None:
        heading = Heading(
            number=wish.number or self._number(draft),
            title=wish.title or draft.title,
            kind=draft.kind,
            scales=tuple(dict.fromkeys(one.scale for one in drawings)),
            of=of,
            warning=draft.warning,
        )
        corner, symbol = corner_block(self.scene, heading, paper)
        fixed = [*draft.blocks(drawings)]
        fixed.insert(
            0 if draft.notes_first else len(fixed), notes_block(self.scene, drawings, (*draft.notes, *wish.notes))
        )
        extra = [symbols_block(self.scene, drawings[0])] if draft.symbols and drawings else []
        if draft.legend:
            extra.append(legend_block(drawings))
        extra += draft.spare(drawings)
        sizes = [(max(on_paper(one, one.scale)[0], title_width(one)), on_paper(one, one.scale)[1]) for one in drawings]
        laid = next(
            (found for blocks in _amounts(fixed, extra) if (found := _laid(paper, sizes, corner, blocks))), None
        )
        if laid is None:
            return None
        marks: list[Mark] = [*frame_marks(SIZES[paper], paper)]
        views: list[Placed] = []
        for index, (one, box) in enumerate(zip(drawings, laid.views), 1):
            view, more = placed_view(one, one.scale, box, str(index), paper)
            views.append(view)
            marks += more
        for block, at in zip((*laid.blocks, corner), (*laid.at, (laid.corner[0], laid.corner[3]))):
            marks += [shifted(mark, at) for mark in block.marks]
        symbols = {symbol.name: symbol}
        return Sheet(heading.number, heading.title, SIZES[paper], tuple(views), tuple(marks), symbols, draft.key)

    def _number(self, draft: Draft) -> str:
        setup = self.scene.about.setup
        return f"{draft.number}-{setup}" if setup else draft.number


def _steps(choice: _Choice, wanted: str) -> int:
    """By how many sizes its paper is larger than the one asked for."""
    order = list(SIZES)
    return 0 if wanted == "auto" else order.index(choice.paper) - order.index(wanted)


def _choices(draft: Draft, wish: Wish, papers: Sequence[str]) -> Iterator[_Choice]:
    """Papers and scales, each view at the finest of its own that is no finer than the first's."""
    if not draft.views:
        yield from (_Choice(paper, (), 1.0) for paper in papers)
        return
    if wish.scale:
        yield from (_Choice(paper, (wish.scale,) * len(draft.views), wish.scale) for paper in papers)
        return
    first = draft.views[0].scales
    steps = [*first, *(scale for scale in COARSE if scale > first[-1])]
    for scale, paper in itertools.product(steps, papers):
        own = tuple(next((s for s in (*view.scales, *COARSE) if s >= scale), float(scale)) for view in draft.views[1:])
        yield _Choice(paper, (float(scale), *map(float, own)), first[0])


def _middle(view: View, wish: Wish) -> float:
    """A scale at which a view is drawn to guess its size at the others."""
    return wish.scale or next((s for s in view.scales if s >= 100), view.scales[-1])


def _foreseen(drawing: Drawing, scale: float) -> tuple[float, float]:
    """Size on paper at another scale: what is drawn shrinks, the dimensions round it stay as wide."""
    wide, tall = (
        max(paper - ROUND, paper / 3) * drawing.scale / scale + min(ROUND, paper * 2 / 3)
        for paper in on_paper(drawing, drawing.scale)
    )
    return wide, tall


def _amounts(fixed: Sequence[Block], extra: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """All blocks; less and less of those that can be done without; all that is left in smaller lettering."""
    blocks, more = [b for b in fixed if b.height], [b for b in extra if b.height]
    for count in range(len(more), -1, -1):
        yield (*blocks, *more[:count])
        yield tuple(_smaller(block) for block in (*blocks, *more[:count]))


def _smaller(block: Block) -> Block:
    """The block in smaller lettering, as far as its least is still read."""
    least = min((mark.height for mark in block.marks if isinstance(mark, Text)), default=lettering.LEAST)
    k = max(SMALL, min(lettering.LEAST / least, 1.0))
    marks = tuple(
        replace(mark, height=mark.height * k) if isinstance(mark, Text) else mark
        for mark in (scaled(mark, k, (0.0, 0.0)) for mark in block.marks)
    )
    return Block(block.width * k, block.height * k, marks)


# --- where things stand


def _laid(paper: str, sizes: Sequence[tuple[float, float]], corner: Block, blocks: Sequence[Block]) -> _Laid | None:
    """Views at the left, the title block in its corner, blocks where there is room: the fullest arrangement that fits."""
    wide, tall = SIZES[paper]
    area = (FILING + GAP, MARGIN + GAP, wide - MARGIN, tall - MARGIN - GAP)
    title = (area[2] - corner.width, MARGIN, area[2], MARGIN + corner.height)
    boxes = [(w + 2, h + STRIP + 4) for w, h in sizes]
    best: tuple[float, _Laid] | None = None
    seen = set[tuple[Box, ...]]()
    edge = area[2] - INSIDE
    for width in (edge - corner.width - GAP - area[0], edge - GAP - area[0]):
        for placed in _packings(boxes, (area[0], area[1], area[0] + width, area[3])):
            if placed in seen or any(_meet(box, title) for box in placed):
                continue
            seen.add(placed)
            spots = _spots(blocks, [*placed, (*title[:3], title[3] + GAP / 2)], (*area[:2], edge, area[3]))
            if spots is None:
                continue
            written = [(x, y - b.height, x + b.width, y) for (x, y), b in zip(spots, blocks)]
            right = min((box[0] for box in (*written, title)), default=area[2])
            score = right / wide - 0.1 * len({round(box[0]) for box in written})
            if best is None or score > best[0] + 1e-9:
                best = score, _Laid(_spread(placed, [*written, title], area), title, tuple(blocks), spots)
    return best[1] if best else None


def _packings(boxes: Sequence[tuple[float, float]], area: Box) -> Iterator[tuple[Box, ...]]:
    """Ways to put the views into an area, from its upper left corner: beside, beneath, the first beside or over the others."""
    if not boxes:
        yield ()
        return
    x0, y0, x1, y1 = area

    def row(which: Sequence[tuple[float, float]], left: float, top: float) -> list[Box]:
        out = []
        for w, h in which:
            out.append((left, top - h, left + w, top))
            left += w + GAP
        return out

    def column(which: Sequence[tuple[float, float]], left: float, top: float) -> list[Box]:
        out = []
        for w, h in which:
            out.append((left, top - h, left + w, top))
            top -= h + GAP
        return out

    def shelves(which: Sequence[tuple[float, float]]) -> list[Box]:
        out: list[Box] = []
        left, top, low = x0, y1, y1
        for w, h in which:
            if left > x0 and left + w > x1:
                left, top = x0, low - GAP
            out.append((left, top - h, left + w, top))
            left, low = left + w + GAP, min(low, top - h)
        return out

    first, rest = boxes[0], boxes[1:]
    ways = [column(boxes, x0, y1), row(boxes, x0, y1), shelves(boxes)]
    if len(boxes) > 2:
        ways.append([*row([first], x0, y1), *column(rest, x0 + first[0] + GAP, y1)])
        ways.append([*row([first], x0, y1), *row(rest, x0, y1 - first[1] - GAP)])
        most = max(range(len(boxes)), key=lambda k: boxes[k][0])  # the widest along the top, as a section
        others = iter(row([b for k, b in enumerate(boxes) if k != most], x0, y1 - boxes[most][1] - GAP))
        top = row([boxes[most]], x0, y1)[0]
        ways.append([top if k == most else next(others) for k in range(len(boxes))])
    for way in ways:
        if all(b[2] <= x1 + 1e-6 and b[1] >= y0 - 1e-6 for b in way):
            yield tuple(way)


def _spread(placed: Sequence[Box], others: Sequence[Box], area: Box) -> tuple[Box, ...]:
    """The views drawn apart from one another and into the middle of the room that they have."""
    if not placed:
        return ()
    boxes = list(placed)
    for axis, way in ((0, 1.0), (1, -1.0)):
        room = max(b[axis + 2] for b in boxes) - min(b[axis] for b in boxes)
        limit = area[axis + 2] - area[axis] - room
        levels = sorted({round(b[axis] if axis == 0 else -b[3], 3) for b in boxes})
        for share in (1.0, 0.75, 0.5, 0.35, 0.2, 0.1):
            step = limit * share / (len(levels) + 1)
            moved = []
            for box in boxes:
                rank = levels.index(round(box[axis] if axis == 0 else -box[3], 3)) + 1
                by = way * step * rank
                moved.append(
                    (box[0] + by, box[1], box[2] + by, box[3])
                    if axis == 0
                    else (box[0], box[1] + by, box[2], box[3] + by)
                )
            apart = not any(_meet(a, b) for a, b in itertools.combinations(moved, 2))
            if apart and all(_inside(b, area) and not any(_meet(_grown(b), o) for o in others) for b in moved):
                boxes = moved
                break
    return tuple(boxes)


def _grown(box: Box) -> Box:
    return box[0] - GAP / 2, box[1] - GAP / 2, box[2] + GAP / 2, box[3] + GAP / 2


def _inside(box: Box, area: Box) -> bool:
    return (
        box[0] >= area[0] - 1e-6 and box[1] >= area[1] - 1e-6 and box[2] <= area[2] + 1e-6 and box[3] <= area[3] + 1e-6
    )


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6 and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6


def _spots(texts: Sequence[Block], taken: Sequence[Box], area: Box) -> tuple[Point, ...] | None:
    """Upper left corner of each text: as far to the right, then as high as there is room."""
    boxes, out = list(taken), []
    for block in texts:
        w, h = block.width, block.height
        lefts = {area[2] - w, *(b[0] - GAP - w for b in boxes), *(b[2] + GAP for b in boxes), area[0]}
        tops = {area[3], *(b[1] - GAP for b in boxes)}
        spots = ((x, y, (x, y - h, x + w, y)) for x in sorted(lefts, reverse=True) for y in sorted(tops, reverse=True))
        free = (
            (x, y, box) for x, y, box in spots
            if box[0] >= area[0] and box[1] >= area[1] and box[2] <= area[2] + 1e-6
            and not any(_meet(_grown(box), b) for b in boxes)
        )  # fmt: skip
        spot = next(free, None)
        if spot is None:
            return None
        out.append((spot[0], spot[1]))
        boxes.append(spot[2])
    return tuple(out)
