"""PDF: exact ISO pages with real text, drawn straight from the marks by reportlab."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Book, Drawing, Point, Sheet
from stagecraft.export import _fonts
from stagecraft.export._fonts import Glyph, printable
from stagecraft.export._plot import Colour, Pen, Rings, plot, sheets_of
from stagecraft.export.write import save

MM = 72 / 25.4


def write_pdf(paper: Drawing | Sheet | Book, path: str | os.PathLike[str] | BinaryIO) -> None:
    """One page a sheet, in its exact size, with bookmarks. Warns of characters that no font here can show."""
    from reportlab.pdfgen.canvas import Canvas

    sheets = sheets_of(paper)
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=_points(sheets[0].size) if sheets else _points((210, 297)), invariant=1)
    canvas.setTitle(printable(paper.title if isinstance(paper, (Book, Sheet)) else paper.title or paper.name))
    canvas.setAuthor(printable(paper.author) if isinstance(paper, Book) else "")
    canvas.setCreator("stagecraft")
    canvas.setProducer("stagecraft")
    painter = _Pages(canvas)
    for number, sheet in enumerate(sheets):
        canvas.setPageSize(_points(sheet.size))
        canvas.bookmarkPage(f"sheet{number}")
        canvas.addOutlineEntry(printable(f"{sheet.number}  {sheet.title}".strip()), f"sheet{number}")
        canvas.scale(MM, MM)
        plot(sheet, painter)
        canvas.showPage()
        painter.pen = None
    if not sheets:
        canvas.showPage()
    if len(sheets) > 1:
        canvas.showOutline()
    _finish(canvas)
    save(data.getvalue(), path)
    if painter.unknown:
        shown = " ".join(f"{c} (U+{ord(c):04X})" for c in sorted(painter.unknown))
        warnings.warn(f"no font on this machine shows {shown}: '{_fonts.UNKNOWN}' is printed instead", stacklevel=2)
    if painter.unjoined:
        warnings.warn("letters that should be joined stand apart: install uharfbuzz", stacklevel=2)


def _finish(canvas: Any) -> None:
    """Save without turning the compressed bytes into letters: a fifth smaller, and sooner."""
    from reportlab import rl_config

    before, rl_config.useA85 = rl_config.useA85, 0
    try:
        canvas.save()
    finally:
        rl_config.useA85 = before


def _points(size: tuple[float, float]) -> tuple[float, float]:
    return size[0] * MM, size[1] * MM


class _Pages:
    """A painter on a reportlab canvas scaled to millimetres."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.pen: Pen | None = None
        self.unknown: set[str] = set()
        self.unjoined = False
        self.forms: dict[tuple[object, ...], str] = {}

    def stroke(self, points: Sequence[Point], closed: bool, pen: Pen) -> None:
        self._take(pen)
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        if closed:
            path.close()
        self.canvas.drawPath(path)

    def area(self, rings: Rings, colour: Colour) -> None:
        path = self.canvas.beginPath()
        for ring in rings:
            path.moveTo(*ring[0])
            for point in ring[1:]:
                path.lineTo(*point)
            path.close()
        self.canvas.setFillColorRGB(*colour)
        self.canvas.drawPath(path, stroke=0, fill=1, fillMode=0)

    def words(self, text: str, at: Point, height: float, turn: float, align: str, colour: Colour) -> None:
        size = height * lettering.metrics().em
        runs = _fonts.line(text, self.unknown)
        self.unjoined |= not _fonts.joins() and _fonts.needs_joining(text)
        wide = size * sum(run.width for run in runs)
        if any(run.font != _fonts.FONT for run in runs) and wide > (room := lettering.width(text, height)):
            size, wide = size * room / wide, room  # a foreign font keeps to the room that was planned
        x = {"left": 0.0, "centre": -0.5, "right": -1.0}[align] * wide
        self.canvas.saveState()
        self.canvas.translate(*at)
        if turn:
            self.canvas.rotate(turn)
        self.canvas.setFillColorRGB(*colour)
        for run in runs:
            self.canvas.setFont(run.font, size)
            if run.glyphs:
                self._glyphs(run.glyphs, x, size)
            else:
                self.canvas.drawString(x, 0, run.text)
            x += run.width * size
        self.canvas.restoreState()

    def _glyphs(self, glyphs: Sequence[Glyph], x: float, size: float) -> None:
        """Each where its shaper put it; those that are no characters say what they stand for."""
        said = False
        for glyph in glyphs:
            if said and glyph.said != "":
                self.canvas.addLiteral("EMC")
                said = False
            if glyph.said:
                words = "FEFF" + glyph.said.encode("utf-16-be").hex().upper()
                self.canvas.addLiteral(f"/Span <</ActualText <{words}>>> BDC")
                said = True
            self.canvas.drawString(x + glyph.x * size, glyph.y * size, glyph.char)
        if said:
            self.canvas.addLiteral("EMC")

    @contextmanager
    def clip(self, low: Point, high: Point) -> Iterator[None]:
        self.canvas.saveState()
        self.pen = None
        path = self.canvas.beginPath()
        path.rect(*low, high[0] - low[0], high[1] - low[1])
        self.canvas.clipPath(path, stroke=0, fill=0)
        yield
        self.canvas.restoreState()
        self.pen = None

    def stamp(self, key: tuple[object, ...], draw: Callable[[], None], reach: float, at: Point, turn: float) -> None:
        if key not in self.forms:
            self.forms[key] = f"symbol{len(self.forms)}"
            reach += 2
            pen, self.pen = self.pen, None
            self.canvas.beginForm(self.forms[key], -reach, -reach, reach, reach)
            draw()
            self.canvas.endForm()
            self.pen = pen
        self.canvas.saveState()
        self.canvas.translate(*at)
        if turn:
            self.canvas.rotate(turn)
        self.canvas.doForm(self.forms[key])
        self.canvas.restoreState()

    def _take(self, pen: Pen) -> None:
        """Set what differs from the pen in hand."""
        if pen == self.pen:
            return
        self.canvas.setStrokeColorRGB(*pen.colour)
        self.canvas.setLineWidth(pen.width)
        self.canvas.setDash(list(pen.dashes)) if pen.dashes else self.canvas.setDash()
        self.canvas.setLineCap(0 if pen.dashes else 1)
        self.canvas.setLineJoin(1)
        self.pen = pen
