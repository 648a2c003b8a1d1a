"""PDF: exact ISO pages with real text, drawn straight from the marks by reportlab."""

from __future__ import annotations

import io
import itertools
import os
import sys
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO

from stagecraft.assets import folder
from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Book, Drawing, Point, Sheet
from stagecraft.export._plot import Colour, Pen, Rings, plot, sheets_of
from stagecraft.export.write import save

FONT = "Stagecraft"
"""Name under which the embedded font is registered."""
UNKNOWN = "?"
"""Stands for a character that no font on this machine has."""
MM = 72 / 25.4


def write_pdf(paper: Drawing | Sheet | Book, path: str | os.PathLike[str] | BinaryIO) -> None:
    """One page a sheet, in its exact size, with bookmarks. Warns of characters that no font here can show."""
    from reportlab.pdfgen.canvas import Canvas

    sheets = sheets_of(paper)
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=_points(sheets[0].size) if sheets else _points((210, 297)), invariant=1)
    canvas.setTitle(_printable(paper.title if isinstance(paper, (Book, Sheet)) else paper.title or paper.name))
    canvas.setAuthor(_printable(paper.author) if isinstance(paper, Book) else "")
    canvas.setCreator("stagecraft")
    canvas.setProducer("stagecraft")
    painter = _Pages(canvas)
    for number, sheet in enumerate(sheets):
        canvas.setPageSize(_points(sheet.size))
        canvas.bookmarkPage(f"sheet{number}")
        canvas.addOutlineEntry(_printable(f"{sheet.number}  {sheet.title}".strip()), f"sheet{number}")
        canvas.scale(MM, MM)
        plot(sheet, painter)
        canvas.showPage()
        painter.pen = None
    if not sheets:
        canvas.showPage()
    if len(sheets) > 1:
        canvas.showOutline()
    canvas.save()
    save(data.getvalue(), path)
    if painter.unknown:
        shown = " ".join(f"{c} (U+{ord(c):04X})" for c in sorted(painter.unknown))
        warnings.warn(f"no font on this machine shows {shown}: '{UNKNOWN}' is printed instead", stacklevel=2)


def _points(size: tuple[float, float]) -> tuple[float, float]:
    return size[0] * MM, size[1] * MM


class _Pages:
    """A painter on a reportlab canvas scaled to millimetres."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.pen: Pen | None = None
        self.unknown: set[str] = set()
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
        from reportlab.pdfbase.pdfmetrics import stringWidth

        size = height * lettering.metrics().em
        runs = self._runs(text)
        lengths = [stringWidth(run, font, size) for font, run in runs]
        x = {"left": 0.0, "centre": -0.5, "right": -1.0}[align] * sum(lengths)
        self.canvas.saveState()
        self.canvas.translate(*at)
        if turn:
            self.canvas.rotate(turn)
        self.canvas.setFillColorRGB(*colour)
        for (font, run), length in zip(runs, lengths):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, 0, run)
            x += length
        self.canvas.restoreState()

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

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """(font, piece) in the order they are seen, from left to right."""
        runs: list[tuple[str, str]] = []
        for c in _as_seen(_printable(text)):
            font = _font_for(c)
            if not font:
                self.unknown.add(c)
                font, c = _embedded(), UNKNOWN
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + c)
            else:
                runs.append((font, c))
        return runs


def _printable(text: str) -> str:
    """Text without control signs, invisible signs and halves of characters."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _as_seen(text: str) -> str:
    """A line in the order of the page, from left to right: words of right-to-left scripts are turned round.

    The levels of the Unicode bidirectional algorithm (UAX #9) without explicit marks; letters are not joined.
    """
    kinds = [_KIND.get(unicodedata.bidirectional(c), " ") for c in text]
    if "R" not in kinds:
        return text
    base = next(kind for kind in kinds if kind in "LR")
    levels, before = [], base
    for k, kind in enumerate(kinds):
        after = next((later for later in kinds[k:] if later != " "), base)
        if kind == " ":
            sides = {"R" if side == "N" else side for side in (before, after)}
            kind = sides.pop() if len(sides) == 1 else base
        elif kind == "N" and before == "L":
            kind = "L"
        if kinds[k] != " ":
            before = kinds[k] if kinds[k] != "N" or before == base else before
        levels.append({"R": 1, "N": 2, "L": 0 if base == "L" else 2}[kind])
    seen = list(zip(levels, text))
    for level in (2, 1):
        pieces = [(lifted, list(piece)) for lifted, piece in itertools.groupby(seen, key=partial(_lifted, level))]
        seen = [pair for lifted, piece in pieces for pair in (reversed(piece) if lifted else piece)]
    return "".join(c.translate(_MIRRORED) if level == 1 else c for level, c in seen)


def _lifted(level: int, pair: tuple[int, str]) -> bool:
    return pair[0] >= level


_KIND = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N"}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@lru_cache(maxsize=1)
def _embedded() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(FONT, str(folder("fonts") / lettering.FONT_FILE)))
    return FONT


@cache
def _font_for(c: str) -> str:
    """The embedded font, or the first font of this machine that has the character; empty where none has."""
    from reportlab.pdfbase import pdfmetrics

    own = _embedded()
    if ord(c) in pdfmetrics.getFont(own).face.charToGlyph:
        return own
    return next((name for name in _others() if ord(c) in pdfmetrics.getFont(name).face.charToGlyph), "")


@lru_cache(maxsize=1)
def _others() -> tuple[str, ...]:
    """Fonts of this machine, with the widest ones for names first; opened only where a character asks for them."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    found: list[str] = []
    for file in _font_files():
        try:
            font = TTFont(f"{FONT}-{file.stem}", str(file))
        except (TTFError, OSError, ValueError, KeyError, IndexError, AssertionError):
            continue  # outlines that cannot be embedded, or a damaged file
        pdfmetrics.registerFont(font)
        found.append(font.fontName)
    return tuple(found)


BROAD = (
    "DejaVuSans", "NotoSans-Regular", "DroidSansFallback", "DroidSansFallbackFull", "wqy-zenhei", "wqy-microhei",
    "fonts-japanese-gothic", "ipag", "ipaexg", "TakaoPGothic", "NanumGothic", "uming", "ukai", "arialuni",
    "Arial Unicode", "msyh", "simsun", "simhei", "YuGothR", "msgothic", "meiryo", "malgun", "mingliu", "segoeui",
    "seguisym", "arial", "tahoma",
    "NotoSansArabic-Regular", "NotoSansDevanagari-Regular", "NotoSansThai-Regular", "FreeSans", "Symbola", "unifont",
)  # fmt: skip
"""Files of fonts with many scripts, the plainest first."""


def _font_files() -> list[Path]:
    """Those of BROAD that are installed."""
    homes = {
        "win32": [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"],
        "darwin": [Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library/Fonts"],
    }.get(sys.platform, [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts",
                         Path.home() / ".local/share/fonts"])  # fmt: skip
    rank = {name.lower(): place for place, name in enumerate(BROAD)}
    files = (file for home in homes if home.is_dir() for file in home.rglob("*.tt[fc]"))
    known = [file for file in files if file.stem.lower() in rank]
    return sorted(known, key=lambda file: (rank[file.stem.lower()], str(file)))
