"""Nested sheets on paper, beside the files for the router: where each part lies; and what each bar is sawn into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from stagecraft import units
from stagecraft.analysis.nesting import BETWEEN, Laid, Nest, NestBar, NestSheet, drawing_number, nested
from stagecraft.drawing._labels import HEIGHT, ROW, Box, Places, Rows, Spot, around, within
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._views import drawing, keep_hard, mm, points_mm
from stagecraft.drawing.draft import DETAILS, Draft, Job, View
from stagecraft.drawing.lettering import LEAST
from stagecraft.drawing.marks import Circle, Drawing, Leader, Line, Mark, Style, Text
from stagecraft.geometry.loops import Loop, loops
from stagecraft.scene import Piece, Scene, Stock

WIDEST = 300.0
"""Sheets and bars are drawn no larger on paper. [mm]"""
RIM, WORKED, STOCK, WORDS = Style("set"), Style("set", "hidden"), Style("set", "beyond"), Style("note", "id")
APART = 14.0
"""From one bar to the next. [paper mm]"""
MOST_BARS = 20
"""Different bars on one sheet."""
KERF = "Finished sizes: no offset for the cutter is in them; the machine's program makes it."


def nest_sheets(job: Job) -> Iterator[Draft]:
    """551 …: one for each sheet of stock, then the bars; none where nothing is made, or no stock is named."""
    scene = job.scene
    if not scene.stock:
        return
    found = nested(scene)
    for alike in _alike(found.sheets):
        sheet, last = alike[0], alike[-1]
        numbers = (
            f"Nested sheet {sheet.number}"
            if len(alike) == 1
            else f"Nested sheets {sheet.number} to {last.number}, alike"
        )
        files = f"{sheet.name}.dxf" if len(alike) == 1 else f"{sheet.name}.dxf to {last.name}.dxf, all alike"
        yield Draft(
            f"nest-{sheet.number}", drawing_number(sheet.number),
            f"{numbers}: {_thick(scene, sheet.stock)} {sheet.stock.material}", "Nested sheet",
            (View(f"nest {sheet.number}", partial(_sheet, scene, sheet), _scales(max(sheet.stock.size))),), partial(_blocks, scene, found, alike),
            (KERF, f"For the router: {files}; the 100 mm square proves the size, and is not cut."), symbols=False,
        )  # fmt: skip
    strips = _strips(found.bars)
    longest = _scales(max((bar.length for bar in found.bars), default=1.0))
    for k in range(0, len(strips), MOST_BARS):
        page = k // MOST_BARS + 1
        key = "nest-bars" if page == 1 else f"nest-bars-{page}"
        yield Draft(
            key, drawing_number(len(found.sheets) + page), "Bars to saw" if page == 1 else f"Bars to saw, {page}", "Saw list",
            (View(f"bars {page}", partial(_bars, scene, strips[k : k + MOST_BARS]), longest),),
            partial(_saw_list, scene, found if k == 0 else None, strips[k : k + MOST_BARS]),
            ("Lengths are finished lengths, at their longest; the blade's width is left between them.",), symbols=False,
        )  # fmt: skip


# --- sheets


def _alike(sheets: Sequence[NestSheet]) -> list[tuple[NestSheet, ...]]:
    """Sheets that follow one another and are cut alike."""

    def layout(sheet: NestSheet) -> tuple[object, ...]:
        return sheet.stock, tuple((one.piece.mark, one.at, one.turned) for one in sheet.laid)

    return [tuple(group) for _, group in groupby(sheets, key=layout)]


def _sheet(scene: Scene, sheet: NestSheet, scale: float) -> Drawing:
    """The sheet from above with its parts, their marks and the way of the grain."""
    places = Places(scale)
    length, width = (side * 1000 for side in sheet.stock.size)
    marks: list[Mark] = [Line(STOCK, ((0.0, 0.0), (length, 0.0), (length, width), (0.0, width)), closed=True)]
    for one in sheet.laid:
        marks += _part(one)
    keep_hard(places, marks)
    for one in sorted(sheet.laid, key=lambda one: min(one.size)):
        marks += places.name(WORDS, one.piece.mark, _ways(one, scale))
    across = Rows(places, 0, -ROW * scale, -ROW * scale, scene.about.units)
    up = Rows(places, 90, -ROW * scale, -ROW * scale, scene.about.units)
    across.add(((0.0, 0.0), (length, 0.0)))
    up.add(((0.0, 0.0), (0.0, width)))
    marks += [*across.marks(), *up.marks(), *_grain(sheet.stock, scale)]
    return drawing(
        f"nest {sheet.number}",
        f"{sheet.name}: {len(sheet.laid)} part{'s' * (len(sheet.laid) > 1)}",
        scene,
        marks,
        {},
        scale,
        places.notes,
    )


def _part(one: Laid) -> Iterator[Mark]:
    """Rim, holes, and dashed what is worked into its face."""
    yield from (_loop(loop, RIM) for loop in one.loops)
    for cut in one.piece.cuts:
        if cut.outline is not None:
            yield from (_loop(loop, WORKED) for loop in one.placed(loops(cut.outline)))
        yield from (Circle(WORKED, mm(*one.point(at)), round(cut.diameter * 500, 4)) for at in cut.at)


def _loop(loop: Loop, style: Style) -> Mark:
    if loop.circle:
        x, y, radius = loop.circle
        return Circle(style, mm(x, y), round(radius * 1000, 4))
    return Line(style, points_mm(loop.points), True, tuple(round(bulge, 12) for bulge in loop.bulges.tolist()))


def _ways(one: Laid, scale: float) -> Iterator[tuple[list[Spot], float, Box | None]]:
    """Inside the wood, else small inside, else beside it."""
    import shapely

    rim, *holes = (loop.chords(1e-4) for loop in one.loops)
    wood = shapely.Polygon(rim, holes)
    left, low, right, high = (1000 * bound for bound in wood.bounds)
    box = (left, low, right, high)
    middle = wood.centroid if wood.contains(wood.centroid) else wood.representative_point()
    spots = [spot for spot in within(box, scale) if wood.contains(shapely.Point(spot.x / 1000, spot.y / 1000))]
    inside = [Spot(middle.x * 1000, middle.y * 1000), *spots]
    for height in (HEIGHT, LEAST):
        yield inside, height, box
    yield sorted(around(box, scale), key=lambda spot: spot.reach), HEIGHT, None


def _grain(stock: Stock, scale: float) -> list[Mark]:
    """An arrow with a head at each end, above the sheet or at its right."""
    if not stock.grain:
        return []
    length, width = (side * 1000 for side in stock.size)
    half, off = 14.0 * scale, 6.0 * scale
    if stock.grain == "L":
        middle, ends = (length / 2, width + off), ((length / 2 - half, width + off), (length / 2 + half, width + off))
        words = Text(WORDS, (middle[0], middle[1] + 1.2 * scale), "GRAIN", HEIGHT, 0.0, "centre", "bottom")
    else:
        middle, ends = (length + off, width / 2), ((length + off, width / 2 - half), (length + off, width / 2 + half))
        words = Text(WORDS, (middle[0] - 1.2 * scale, middle[1]), "GRAIN", HEIGHT, 90.0, "centre", "bottom")
    return [*(Leader(WORDS, (end, middle)) for end in ends), words]


def _blocks(scene: Scene, found: Nest, alike: Sequence[NestSheet], views: Sequence[Drawing]) -> Sequence[Block]:
    sheet, stock, system = alike[0], alike[0].stock, scene.about.units
    of_stock = f"{sheet.of_stock} to {alike[-1].of_stock}" if len(alike) > 1 else f"{sheet.of_stock}"
    facts = [
        ("Size", " × ".join(units.drawn(side, system) for side in stock.size)),
        ("Grain", {"L": "along its length", "W": "along its width", "": NONE}[stock.grain]),
        ("Sheet", f"{of_stock} of {found.used[stock]}"),
        ("Parts", f"{len(sheet.laid)}, {sheet.area:.3f} m²"),
        ("Yield", f"{100 * sheet.share:.1f} % of the sheet"),
        ("Cutter, least gap, margin", " · ".join(_fine(scene, v) for v in (stock.cutter, stock.cutter + BETWEEN, stock.margin))),
        ("File for the router", f"{sheet.name}.dxf" + (f" … {alike[-1].name}.dxf" if len(alike) > 1 else "")),
    ]  # fmt: skip
    head = (_capital(stock.material), f"{_thick(scene, stock)} thick")
    blocks = [ruled(None, head, facts, (70.0, 110.0)), _parts(scene, sheet)]
    return blocks + _left(scene, found) if sheet.number == 1 else blocks


def _parts(scene: Scene, sheet: NestSheet) -> Block:
    """What lies on it, mark by mark."""
    rows = []
    ordered = sorted(sheet.laid, key=lambda one: (one.piece.mark, one.copy))
    for mark, group in groupby(ordered, key=lambda one: one.piece.mark):
        some = list(group)
        piece = some[0].piece
        turned = sum(one.quarters % 2 for one in some)
        size = f"{_fine(scene, piece.length)} × {_fine(scene, piece.width)}"
        rows.append((mark, piece.name or NONE, size, f"{len(some)} of {piece.quantity}", piece.grain or NONE,
                     "all" if turned == len(some) else str(turned) if turned else NONE))  # fmt: skip
    head = ("Mark", "Part", "L × W", "Here", "Grain", "Turned 90°")
    return ruled("PARTS ON THIS SHEET", head, rows, (40.0, 34.0, 40.0, 24.0, 16.0, 26.0))


def _left(scene: Scene, found: Nest) -> list[Block]:
    """What lies on no stock, and why."""
    rows = [
        (piece.mark, f"{_fine(scene, piece.length)} × {_fine(scene, piece.width)} × {_fine(scene, piece.thickness)}",
         f"{piece.quantity}", piece.material or NONE, why)
        for piece, why in found.left
    ]  # fmt: skip
    head = ("Mark", "L × W × thickness", "Qty", "Material", "Why")
    return [ruled("ON NO SHEET OR BAR", head, rows, (36.0, 48.0, 14.0, 40.0, 42.0))] if rows else []


# --- bars


@dataclass(frozen=True, eq=False)
class _Strip:
    """Bars that are sawn alike."""

    bars: tuple[NestBar, ...]

    @property
    def numbers(self) -> str:
        first, last = self.bars[0].number, self.bars[-1].number
        return f"{first}" if first == last else f"{first}–{last}"


def _strips(bars: Sequence[NestBar]) -> list[_Strip]:
    def alike(bar: NestBar) -> tuple[object, ...]:
        return bar.stock, bar.length, tuple(piece.mark for piece, _, _ in bar.laid)

    return [_Strip(tuple(group)) for _, group in groupby(bars, key=alike)]


def _bars(scene: Scene, strips: Sequence[_Strip], scale: float) -> Drawing:
    """Each bar once from the side, with the parts it becomes, the first at the top."""
    places = Places(scale)
    marks: list[Mark] = []
    named: list[tuple[str, Box]] = []
    top = 0.0
    for strip in strips:
        bar = strip.bars[0]
        tall, long = bar.stock.width * 1000, bar.length * 1000
        y = top - tall
        marks.append(Line(STOCK, ((0.0, y), (long, y), (long, top), (0.0, top)), closed=True))
        for piece, _, start in bar.laid:
            outer = np.asarray(piece.outline.outer.points, float)
            side = outer - outer.min(axis=0) + np.array([start, y / 1000])
            marks.append(Line(RIM, points_mm(side), closed=True))
            named.append((piece.mark, (start * 1000, y, (start + piece.length) * 1000, top)))
        words = f"Bar {strip.numbers}" + (f"  ({len(strip.bars)} alike)" if len(strip.bars) > 1 else "")
        marks.append(Text(WORDS, (0.0, top + 1.5 * scale), words, HEIGHT))
        top = y - APART * scale
    keep_hard(places, marks)
    for mark, (left, low, right, _) in named:
        beneath = [Spot(left + u * (right - left), low - 1.2 * scale, "centre", "top") for u in (0.5, 0.3, 0.7)]
        marks += places.put(WORDS, mark, beneath, mask=False)
    return drawing("bars", "BARS, FROM THE SIDE", scene, marks, {}, scale, places.notes)


def _saw_list(scene: Scene, found: Nest | None, strips: Sequence[_Strip], views: Sequence[Drawing]) -> Sequence[Block]:
    rows = []
    for strip in strips:
        bar = strip.bars[0]
        section = f"{_fine(scene, bar.stock.width)} × {_thick(scene, bar.stock)} {bar.stock.material}"
        parts = ", ".join(_times(scene, list(group)) for _, group in groupby(bar.laid, key=lambda one: one[0].mark))
        rows.append(
            (strip.numbers, section, units.drawn(bar.length, scene.about.units), parts, f"{100 * bar.share:.0f} %")
        )
    head = ("Bar", "Section", "Length", "Parts, from the left", "Yield")
    blocks = [ruled("SAW LIST", head, rows, (16.0, 40.0, 20.0, 88.0, 16.0))]
    return blocks + _left(scene, found) if found is not None and not found.sheets else blocks


def _times(scene: Scene, some: Sequence[tuple[Piece, int, float]]) -> str:
    """`4 × F2-04 (1042)`"""
    piece = some[0][0]
    return f"{len(some)} × " * (len(some) > 1) + f"{piece.mark} ({_fine(scene, piece.length)})"


# --- words and scales


def _scales(span: float) -> tuple[float, ...]:
    """Scales of details at which a length fits the paper. [m]"""
    return tuple(scale for scale in DETAILS if span * 1000 / scale <= WIDEST) or DETAILS[-1:]


def _thick(scene: Scene, stock: Stock) -> str:
    return _fine(scene, stock.thickness) + (" mm" if scene.about.units == "m" and stock.kind == "sheet" else "")


def _fine(scene: Scene, size: float) -> str:
    """A size to the tenth of a millimetre, where it has one."""
    return units.drawn(size, "ft") if scene.about.units == "ft" else f"{round(size * 1000, 1):g}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
