"""How long a text is on paper: widths of the embedded font, wrapping and fitting. All in paper millimetres.

Liberation Sans has the widths of Arial, so that a text fits its place in the PDF and in CAD alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from stagecraft.assets import folder

FONT_FILE = "LiberationSans-Regular.ttf"
LEADING = 1.6
"""Distance of two lines, as a multiple of the capital height."""
LEAST = 1.8
"""Smallest capital height that is still read on paper. [mm]"""


class Metrics(NamedTuple):
    widths: Mapping[int, float]
    """Code point → advance, in multiples of the capital height."""
    em: float
    """Size of the font, in multiples of the capital height."""


@lru_cache(maxsize=1)
def metrics() -> Metrics:
    """Widths of the embedded font."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    face = TTFontFile(str(folder("fonts") / FONT_FILE))
    return Metrics({code: width / face.capHeight for code, width in face.charWidths.items()}, 1000 / face.capHeight)


def width(text: str, height: float = 2.5) -> float:
    """Length of one line of text whose capitals are `height` tall. [mm]"""
    known, em = metrics()
    return height * sum(known.get(ord(c)) or _stand_in(c) * em for c in text)


def size(text: str, height: float = 2.5) -> tuple[float, float]:
    """Width and height of a text of one or more lines. [mm]"""
    lines = text.split("\n")
    return max(width(line, height) for line in lines), height * (1 + LEADING * (len(lines) - 1))


def wrap(text: str, room: float, height: float = 2.5) -> list[str]:
    """Lines no longer than `room` [mm]: broken at spaces, and inside a word only where it alone is too long."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if width(joined, height) <= room:
                line = joined
                continue
            if line:
                lines.append(line)
            *whole, line = _broken(word, room, height)
            lines += whole
        lines.append(line)
    return lines


def fit(text: str, room: tuple[float, float], height: float) -> tuple[list[str], float]:
    """Lines and capital height with which a text fills at most `room` (width, height) [mm]: wrapped, then shrunk."""
    while True:
        lines = wrap(text, room[0], height)
        tall = height * (1 + LEADING * (len(lines) - 1))
        if tall <= room[1] and all(width(line, height) <= room[0] for line in lines):
            return lines, height
        height *= 0.94


def _broken(word: str, room: float, height: float) -> list[str]:
    """A word in pieces that fit, one character at least."""
    pieces, piece = [], ""
    for c in word:
        if piece and width(piece + c, height) > room:
            pieces.append(piece)
            piece = ""
        piece += c
    return [*pieces, piece]


def _stand_in(c: str) -> float:
    """Width of a character that the font lacks, as a multiple of the font size."""
    if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Cc", "Mn"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(c) in "WF" else 0.65
