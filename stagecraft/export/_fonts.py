"""Letters of a page: the embedded font, and for other scripts the fonts of this machine, joined and set by HarfBuzz.

HarfBuzz (uharfbuzz, Apache 2.0, one wheel for every Python from 3.11 on) knows every script; reportlab's own way to it
cannot be searched where a glyph stands for no character, and gives other bytes when it was used before.
"""

from __future__ import annotations

import io
import itertools
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from stagecraft.assets import folder
from stagecraft.drawing import lettering
from stagecraft.export import _bidi

FONT = "Stagecraft"
"""Name under which the embedded font is registered."""
UNKNOWN = "?"
"""Stands for a character that no font on this machine has."""
_JOINERS = "\u200c\u200d"


class Glyph(NamedTuple):
    """One character of a font as it is drawn. Places in multiples of the size of the font."""

    char: str
    x: float
    y: float
    said: str | None = None
    """What it stands for with those that follow it, where the font has no characters for them; empty for those that follow."""


class Run(NamedTuple):
    """A piece of a line in one font."""

    font: str
    text: str
    """From left to right."""
    width: float
    """In multiples of the size of the font."""
    glyphs: tuple[Glyph, ...] = ()
    """Where letters are joined or stand over one another."""


@dataclass(frozen=True)
class Face:
    """An installed font that can be embedded."""

    name: str
    path: Path
    characters: frozenset[int]
    cubic: bool = False
    """Its outlines are PostScript's, which are turned into TrueType's for the pages of 256 characters that are needed."""


def printable(text: str) -> str:
    """Text without control signs, invisible signs and halves of characters."""
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def line(text: str, unknown: set[str]) -> list[Run]:
    """A line of text in the order of the page; characters that no font has are added to `unknown`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if text.isascii() and text.isprintable():
        return [Run(embedded(), text, stringWidth(text, embedded(), 1.0))]
    out: list[Run] = []
    for backwards, piece in _bidi.runs(printable(text)):
        same = [(font, "".join(c for _, c in part)) for font, part in itertools.groupby(_faces(piece, unknown), _first)]
        for font, words in reversed(same) if backwards else same:
            if (backwards or _is_joined(words)) and _harfbuzz() and _file(font):
                out.append(_shaped(font, words, backwards))
            else:
                seen = "".join(c for c in (_bidi.turned(words) if backwards else words) if c not in _JOINERS)
                out.append(Run(font, seen, stringWidth(seen, font, 1.0)))
    return out


def joins() -> bool:
    """Whether letters can be joined here."""
    return _harfbuzz() is not None


def needs_joining(text: str) -> bool:
    return any(unicodedata.bidirectional(c) == "AL" or _is_joined(c) for c in text)


def _first(pair: tuple[str, str]) -> str:
    return pair[0]


def _faces(text: str, unknown: set[str]) -> Iterator[tuple[str, str]]:
    """(font, character); what stands over or joins a letter is of its font where that has it."""
    before = embedded()
    for c in text:
        follows = c in _JOINERS or (unicodedata.category(c)[0] == "M" and ord(c) in _characters(before))
        font = before if follows else font_for(c)
        if not font:
            unknown.add(c)
            font, c = embedded(), UNKNOWN
        yield font, c
        before = font


def _is_joined(text: str) -> bool:
    """Whether letters of a text change their form or place with their neighbours."""
    return any(
        unicodedata.category(c)[0] == "M" or c in _JOINERS or c > "\uffff" or "\u0900" <= c <= "\u10ff"
        or "\u1780" <= c <= "\u1aff" or unicodedata.bidirectional(c) == "AL"
        for c in text
    )  # fmt: skip


def _shaped(font: str, text: str, backwards: bool) -> Run:
    """Glyphs of a text as HarfBuzz sets it."""
    hb = _harfbuzz()
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    setter = _setter(font)
    hb.shape(setter, buffer, {})
    size = setter.face.upem
    chars, clusters = _chars(font), [info.cluster for info in buffer.glyph_infos]
    ends = dict(zip(sorted(set(clusters)), [*sorted(set(clusters))[1:], len(text)]))
    glyphs, x, told = [], 0.0, set()
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions):
        char, real = chars(info.codepoint)
        alone = clusters.count(info.cluster) == 1 and real
        said = None
        if not alone and not (backwards and real):  # from right to left, marks are found as they are
            said = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
            told.add(info.cluster)
        glyphs.append(Glyph(char, (x + place.x_offset) / size, place.y_offset / size, said))
        x += place.x_advance
    return Run(font, text, x / size, tuple(glyphs))


@lru_cache(maxsize=1)
def _harfbuzz() -> Any:
    """The module, or None: there is no wheel for Windows on ARM."""
    try:
        import uharfbuzz
    except ImportError:
        return None
    return uharfbuzz


def _file(font: str) -> Path | None:
    """Where a font lies that is embedded as it is."""
    own = Face(FONT, folder("fonts") / lettering.FONT_FILE, frozenset())
    return next((face.path for face in (own, *others()) if face.name == font), None)


@cache
def _setter(font: str) -> Any:
    hb = _harfbuzz()
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(_file(font)))))


@cache
def _chars(font: str) -> Any:
    """Glyph number → (character that draws it, whether that is its own).

    A glyph without a character of its own, or with one that reportlab cannot name, gets a private one: always the same.
    """
    from reportlab.pdfbase import pdfmetrics

    face, known = pdfmetrics.getFont(font).face, _characters(font)
    own: dict[int, int] = {}
    for code in sorted(known):
        if code <= 0xFFFF:
            own.setdefault(face.charToGlyph[code], code)
    free = (code for code in itertools.chain(range(0xE000, 0xF900), range(0x3400, 0xD800)) if code not in known)
    count = _setter(font).face.glyph_count
    private = dict(zip((glyph for glyph in range(count) if glyph not in own), free))
    per = 1000 / _setter(font).face.upem

    def char(glyph: int) -> tuple[str, bool]:
        if glyph in own:
            return chr(own[glyph]), True
        code = private[glyph]
        face.charToGlyph[code] = glyph
        face.charWidths[code] = _setter(font).get_glyph_h_advance(glyph) * per
        return chr(code), False

    return char


@lru_cache(maxsize=1)
def embedded() -> str:
    """The font that comes with stagecraft: Latin, Greek, Cyrillic."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(FONT, str(folder("fonts") / lettering.FONT_FILE)))
    return FONT


@cache
def font_for(c: str) -> str:
    """The embedded font, or the first font of this machine that has the character; empty where none has."""
    if ord(c) in _characters(embedded()):
        return FONT
    face = next((face for face in others() if ord(c) in face.characters), None)
    if face is None:
        return ""
    return _page(face, ord(c) >> 8) if face.cubic else face.name


@cache
def _page(face: Face, number: int) -> str:
    """A font with 256 characters of one with cubic outlines; its name."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont as Source
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    glyphs, widths, names = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": 0}, {}
    with Source(face.path, fontNumber=0, lazy=True) as source:
        known, shapes, em = source.getBestCmap(), source.getGlyphSet(), source["head"].unitsPerEm
        ascent, descent = source["hhea"].ascent, source["hhea"].descent
        for code in range(number << 8, (number + 1) << 8):
            if code in known:
                pen, glyph, names[code] = TTGlyphPen(None), shapes[known[code]], f"u{code:x}"
                glyph.draw(Cu2QuPen(pen, em / 1000, reverse_direction=True))
                glyphs[names[code]], widths[names[code]] = pen.glyph(), round(glyph.width)
    name = f"{face.name}-{number:x}"
    builder = FontBuilder(em)
    builder.setupHead(unitsPerEm=em, created=0, modified=0)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({key: (wide, builder.font["glyf"][key].xMin) for key, wide in widths.items()})
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2()
    builder.setupPost()
    builder.font.recalcTimestamp = False
    data = io.BytesIO()
    builder.save(data)
    data.seek(0)
    pdfmetrics.registerFont(TTFont(name, data))
    return name


@cache
def _characters(font: str) -> frozenset[int]:
    if font == FONT:
        return frozenset(lettering.metrics().widths)
    return next((face.characters for face in others() if face.name == font), frozenset())


@lru_cache(maxsize=1)
def others() -> tuple[Face, ...]:
    """Fonts of this machine, with the widest ones for names first; opened only where a character asks for them."""
    from fontTools.ttLib import TTFont as Source
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found: list[Face] = []
    for file in _files():
        name = f"{FONT}-{file.stem}"
        with suppress(Exception):  # a damaged font of this machine, or outlines that cannot be embedded, is passed over
            with Source(file, fontNumber=0, lazy=True) as source:
                if "CFF " in source:
                    found.append(Face(name, file, frozenset(source.getBestCmap()), cubic=True))
                    continue
            font = TTFont(name, str(file))
            pdfmetrics.registerFont(font)
            found.append(Face(name, file, frozenset(font.face.charToGlyph)))
    return tuple(found)


BROAD = (
    "DejaVuSans", "NotoSans-Regular", "NotoSansHebrew-Regular", "NotoSansArabic-Regular", "NotoNaskhArabic-Regular",
    "DroidSansFallback", "DroidSansFallbackFull", "wqy-zenhei", "wqy-microhei",
    "fonts-japanese-gothic", "ipag", "ipaexg", "TakaoPGothic", "NanumGothic", "uming", "ukai", "arialuni",
    "Arial Unicode", "msyh", "simsun", "simhei", "YuGothR", "msgothic", "meiryo", "malgun", "mingliu", "segoeui",
    "seguisym", "arial", "tahoma", "Nirmala", "leelawui",
    "NotoSansCJK-Regular", "NotoSansCJKjp-Regular", "NotoSansJP-Regular", "NotoSansSC-Regular", "NotoSansTC-Regular",
    "NotoSansKR-Regular", "SourceHanSans-Regular", "SourceHanSansJP-Regular", "NotoSansDevanagari-Regular", "NotoSansThai-Regular", "FreeSans", "Symbola", "unifont",
)  # fmt: skip
"""Files of fonts with many scripts, the plainest first."""


def _files() -> list[Path]:
    """Those of BROAD that are installed."""
    homes = {
        "win32": [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"],
        "darwin": [Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library/Fonts"],
    }.get(sys.platform, [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts",
                         Path.home() / ".local/share/fonts"])  # fmt: skip
    rank = {name.lower(): place for place, name in enumerate(BROAD)}
    files = (file for home in homes if home.is_dir() for file in home.rglob("*.[ot]t[fc]"))
    known = [file for file in files if file.stem.lower() in rank]
    return sorted(known, key=lambda file: (rank[file.stem.lower()], str(file)))
