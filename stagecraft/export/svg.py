"""SVG: one sheet as a picture that scales, its text as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import BinaryIO

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Drawing, Point, Sheet
from stagecraft.export._bidi import is_backwards
from stagecraft.export._plot import Colour, Pen, Rings, plot, sheets_of
from stagecraft.export.write import save


def write_svg(paper: Drawing | Sheet, path: str | os.PathLike[str] | BinaryIO) -> None:
    """The sheet in millimetres, in its exact size."""
    (sheet,) = sheets_of(paper)
    wide, tall = sheet.size
    page = _Page(tall)
    plot(sheet, page)
    text = "\n".join([
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}mm" height="{tall:g}mm" viewBox="0 0 {wide:g} {tall:g}" '
        'font-family="Liberation Sans, Arial, Helvetica, sans-serif" fill="none" stroke-linejoin="round">',
        f"<title>{safe(sheet.title)}</title>",
        "<defs>", *page.defs, "</defs>",
        f'<rect width="{wide:g}" height="{tall:g}" fill="#fff"/>',
        *page.lines,
        "</svg>",
        "",
    ])  # fmt: skip
    save(text.encode("utf-8"), path)


class _Page:
    """A painter that writes elements; y turns over, SVG counts downwards."""

    def __init__(self, tall: float) -> None:
        self.tall = tall
        self.lines: list[str] = []
        self.defs: list[str] = []
        self.symbols: dict[tuple[object, ...], str] = {}
        self.clips = 0

    def stroke(self, points: Sequence[Point], closed: bool, pen: Pen) -> None:
        dashes = f'stroke-dasharray="{" ".join(map(_number, pen.dashes))}"' if pen.dashes else 'stroke-linecap="round"'
        stroke = f'stroke="{_hex(pen.colour)}" stroke-width="{_number(pen.width)}" {dashes}'
        self.lines.append(f'<path d="{self._path(points, closed)}" {stroke}/>')

    def area(self, rings: Rings, colour: Colour) -> None:
        path = "".join(self._path(ring, True) for ring in rings)
        self.lines.append(f'<path d="{path}" fill="{_hex(colour)}" fill-rule="evenodd"/>')

    def words(self, text: str, at: Point, height: float, turn: float, align: str, colour: Colour) -> None:
        x, y = _number(at[0]), _number(self.tall - at[1])
        back = not text.isascii() and is_backwards(text)  # its end is then on the left
        ends = {"left": "end", "right": "start"} if back else {"left": "start", "right": "end"}
        anchor = f' text-anchor="{ends.get(align, "middle")}"' if align != "left" or back else ""
        anchor += ' direction="rtl" unicode-bidi="embed"' if back else ""
        turned = f' transform="rotate({_number(-turn)} {x} {y})"' if turn else ""
        size = _number(height * lettering.metrics().em)
        self.lines.append(
            f'<text x="{x}" y="{y}" font-size="{size}" fill="{_hex(colour)}"{anchor}{turned}>{safe(text)}</text>'
        )

    @contextmanager
    def clip(self, low: Point, high: Point) -> Iterator[None]:
        self.clips += 1
        x, y, w, h = low[0], self.tall - high[1], high[0] - low[0], high[1] - low[1]
        box = f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(w)}" height="{_number(h)}"/>'
        self.defs.append(f'<clipPath id="window{self.clips}">{box}</clipPath>')
        self.lines.append(f'<g clip-path="url(#window{self.clips})">')
        yield
        self.lines.append("</g>")

    def stamp(self, key: tuple[object, ...], draw: Callable[[], None], reach: float, at: Point, turn: float) -> None:
        if key not in self.symbols:
            self.symbols[key] = f"symbol{len(self.symbols)}"
            outside, tall = self.lines, self.tall
            self.lines, self.tall = [], 0.0
            draw()
            self.defs.append(f'<g id="{self.symbols[key]}">{"".join(self.lines)}</g>')
            self.lines, self.tall = outside, tall
        turned = f" rotate({_number(-turn)})" if turn else ""
        place = f"translate({_number(at[0])} {_number(self.tall - at[1])}){turned}"
        self.lines.append(f'<use href="#{self.symbols[key]}" transform="{place}"/>')

    def _path(self, points: Sequence[Point], closed: bool) -> str:
        body = "L".join(f"{_number(x)} {_number(self.tall - y)}" for x, y in points)
        return f"M{body}{'Z' if closed else ''}"


def _number(value: float) -> str:
    """Micrometres are enough; no trailing zeros, no minus zero."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(255 * c):02x}" for c in colour)


def safe(text: str) -> str:
    """Text with what XML forbids left out."""
    return escape("".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))
