"""A DXF as it stands in the file: group codes and values, entity by entity, before any library reads meaning into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats

Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Words: TypeAlias = NDArray[Any]
"""Texts, as objects."""

NOWHERE, MODEL, PAPER, BLOCK = 0, 1, 2, 3
"""Where an entity stands: a table or object, model space, a layout, the definition of a block."""
MOST = 1e15
"""Larger numbers are taken for this: no drawing needs them, and their squares are still numbers."""
BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
OTHERS = {
    b"%PDF": "a PDF: ask for the drawing itself as DXF",
    b"AC10": "a DWG drawing: save it as DXF (ASCII, 2010 or 2013) in the program that made it",
    b"PK\x03\x04": "a ZIP archive: unpack it first",
    b"\x89PNG": "a picture: a drawing is wanted",
    b"\xff\xd8\xff": "a picture: a drawing is wanted",
    b"<?xml": "an XML or SVG file: ask for DXF",
    b"<svg": "an SVG file: ask for DXF",
    b"{\\rt": "a text document: ask for DXF",
}
"""How files begin that are no DXF, and a way on."""


class Unreadable(VenueError):
    """A file that holds no drawing that could be looked at."""


@dataclass(frozen=True, eq=False)
class Tags:
    """All pairs of a file, and where entities begin among them."""

    codes: Whole
    """(n,) group codes."""
    values: Words
    """(n,) the text behind each."""
    starts: Whole
    """(k,) first tag of each entity."""
    kinds: Words
    """(k,) `LINE`, `INSERT`, `LAYER` …"""
    sections: Words
    """(k,) `ENTITIES`, `TABLES` …"""
    binary: bool = False
    _known: dict[tuple[int, str | float], NDArray[Any]] = field(default_factory=dict)
    """What was asked for before."""

    @cached_property
    def entity(self) -> Whole:
        """(n,) the entity that a tag belongs to."""
        counts = np.diff(np.append(self.starts, len(self.codes)))
        return np.repeat(np.arange(len(self.starts)), counts)

    @cached_property
    def plain(self) -> Flags:
        """(n,) tags that are an entity's own: not its XDATA, not what other programs keep in braces with it."""
        change = (self.codes == 102).astype(np.int64)
        for index in np.flatnonzero(change):
            if not str(self.values[index]).lstrip().startswith("{"):
                change[index] = -1
        flags: Flags = (self.codes < 1000) & (np.cumsum(change) <= 0) & (change == 0)
        return flags

    def tags(self, code: int) -> Whole:
        """Places of all tags of a group code that are an entity's own."""
        return np.flatnonzero((self.codes == code) & self.plain)

    def first(self, code: int, missing: str = "") -> Words:
        """(k,) first value of a group code in each entity, as text."""
        if (code, missing) not in self._known:
            out = np.full(len(self.starts), missing, dtype=object)
            places = self.tags(code)[::-1]
            out[self.entity[places]] = self.values[places]
            self._known[code, missing] = out
        return self._known[code, missing]

    def numbers(self, code: int, missing: float = 0.0) -> Floats:
        """(k,) first value of a group code in each entity, as a number."""
        if (code, missing) not in self._known:
            out = np.full(len(self.starts), float(missing))
            places = self.tags(code)[::-1]
            out[self.entity[places]] = self.floats(places)
            self._known[code, missing] = out
        return self._known[code, missing]

    def floats(self, places: Whole) -> Floats:
        """Values of some tags as numbers; nan where one is none, and nothing beyond what can be reckoned with."""
        texts = self.values[places]
        try:
            found = np.array(list(map(float, texts)), float)
        except ValueError:
            found = np.array([number(text) for text in texts], float)
        return np.asarray(np.clip(found, -MOST, MOST))

    def flags(self, code: int = 70) -> Whole:
        """(k,) first value of a group code in each entity, as a set of bits."""
        return np.clip(np.nan_to_num(self.numbers(code)), -(2.0**31), 2.0**31).astype(np.int64)

    def of(self, entity: int) -> list[tuple[int, str]]:
        """Every tag of one entity."""
        end = self.starts[entity + 1] if entity + 1 < len(self.starts) else len(self.codes)
        span = slice(int(self.starts[entity]), int(end))
        return list(zip(self.codes[span].tolist(), self.values[span]))

    @cached_property
    def layers(self) -> Words:
        """(k,) layer of each entity."""
        return self.first(8)

    @cached_property
    def handles(self) -> Words:
        """(k,) handle of each entity, in capitals without leading noughts."""
        own = np.where(self.kinds == "DIMSTYLE", self.first(105), self.first(5))
        return np.array([hexadecimal(text) for text in own], dtype=object)

    @cached_property
    def block(self) -> Words:
        """(k,) name of the block whose definition an entity belongs to."""
        out = np.full(len(self.starts), "", dtype=object)
        names, name = self.first(2), ""
        for index in np.flatnonzero(self.sections == "BLOCKS"):
            if self.kinds[index] == "BLOCK":
                name = str(names[index])
            out[index] = name
            if self.kinds[index] == "ENDBLK":
                name = ""
        return out

    @cached_property
    def space(self) -> Whole:
        """(k,) NOWHERE, MODEL, PAPER or BLOCK."""
        out = np.full(len(self.starts), NOWHERE)
        on_paper = self.numbers(67) == 1
        entities = self.sections == "ENTITIES"
        out[entities] = np.where(on_paper[entities], PAPER, MODEL)
        inside = (self.sections == "BLOCKS") & ~np.isin(self.kinds, ["BLOCK", "ENDBLK"])
        names = self.block.astype(str)
        sheet = np.char.startswith(np.char.upper(names), "*PAPER")
        model = np.char.startswith(np.char.upper(names), "*MODEL")
        out[inside] = np.where(sheet[inside], PAPER, np.where(model[inside], MODEL, BLOCK))
        out[np.isin(self.kinds, ["SECTION", "ENDSEC"])] = NOWHERE
        return out

    @cached_property
    def parent(self) -> Whole:
        """(k,) entity that an ATTRIB, VERTEX or SEQEND follows; of any other itself."""
        follows = np.isin(self.kinds, ["ATTRIB", "VERTEX", "SEQEND"])
        index = np.where(follows, 0, np.arange(len(self.starts)))
        return np.maximum.accumulate(index) if len(index) else index

    @cached_property
    def header(self) -> dict[str, str]:
        """Header variable → its first value."""
        inside = self.sections[self.entity] == "HEADER"
        names = np.flatnonzero((self.codes == 9) & inside)
        return {str(self.values[i]): str(self.values[i + 1]).strip() for i in names if i + 1 < len(self.values)}

    def table(self, kind: str) -> dict[str, int]:
        """Name in lower case → entity: `LAYER`, `LTYPE`, `STYLE`, `DIMSTYLE`, `APPID`; `BLOCK` for definitions."""
        section = "BLOCKS" if kind == "BLOCK" else "TABLES"
        names = self.first(2)
        return {
            str(names[i]).lower(): int(i) for i in np.flatnonzero((self.kinds == kind) & (self.sections == section))
        }

    @cached_property
    def named(self) -> dict[str, str]:
        """Handle → name of layers, styles and block records."""
        names = self.first(2)
        return {self.handles[i]: str(names[i]) for i in np.flatnonzero(self.sections == "TABLES") if self.handles[i]}

    def place(self, entity: int) -> str:
        """`LINE 2F1 on A-WALL at 1200, 3400`"""
        words = str(self.kinds[entity])
        if self.handles[entity]:
            words += f" {self.handles[entity]}"
        if self.layers[entity]:
            words += f" on {self.layers[entity]}"
        known = dict(reversed([(code, text) for code, text in self.of(entity) if code in (10, 20)]))
        if len(known) == 2:
            words += f" at {number(known[10]):.6g}, {number(known[20]):.6g}"
        if self.space[entity] == BLOCK:
            words += f" in block {self.block[entity]}"
        return words


def tags_of(data: bytes) -> Tags:
    """The pairs of a DXF, text or binary.

    Raises Unreadable for what is no DXF, is empty or was cut off.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("the file is empty: export or copy it again")
    for begin, words in OTHERS.items():
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(begin):
            raise Unreadable(f"this is {words}")
    if data.startswith(BINARY):
        codes, values = _binary(data)
    else:
        codes, values = _text(data)
    return _sectioned(codes, values, data.startswith(BINARY))


def number(text: str) -> float:
    """A number as DXF writes it; nan where it is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def hexadecimal(text: str) -> str:
    """A handle as all programs compare it."""
    return str(text).strip().upper().lstrip("0")


def _text(data: bytes) -> tuple[Whole, list[str]]:
    lines = decoded(data).replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    codes = lines[::2]
    begun = any(line.strip() == "SECTION" for line in lines[:400])
    try:
        numbers = np.array(list(map(int, codes)), np.int64)
    except ValueError:
        wrong = next(i for i, code in enumerate(codes) if not _is_whole(code))
        if not begun:
            raise Unreadable("this is no DXF: it does not begin with group codes; export it again as DXF") from None
        raise Unreadable(
            f"line {2 * wrong + 1}: '{codes[wrong].strip()[:40]}' is no group code, the file is damaged from there on: "
            "export or copy it again"
        ) from None
    if not begun:
        raise Unreadable("this is no DXF: it has no section; export it again as DXF")
    values = lines[1::2]
    if len(lines) % 2 or numbers[-1] != 0 or values[-1].strip() != "EOF":
        raise Unreadable(
            f"the file ends at line {len(lines)} without EOF, something was cut off: export or copy it again"
        )
    return numbers, values


def _is_whole(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def decoded(data: bytes) -> str:
    """As UTF-8, or in the code page that the header names."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    page = "cp1252"
    found = data.find(b"$DWGCODEPAGE")
    if found >= 0:
        words = data[found : found + 80].decode("ascii", "replace").split()
        name = words[2].lower() if len(words) > 2 else ""
        page = f"cp{name.removeprefix('ansi_')}" if name.startswith("ansi_") else page
    try:
        return data.decode(page, "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _binary(data: bytes) -> tuple[Whole, list[str]]:
    from ezdxf.lldxf.tagger import binary_tags_loader

    try:
        pairs = [(tag.code, tag.value) for tag in binary_tags_loader(data)]
    except Exception as error:  # the loader's own errors, and those of a struct or an index that was cut off
        raise Unreadable(f"the binary DXF is damaged ({error}): export or copy it again") from None
    if not pairs or pairs[-1] != (0, "EOF"):
        raise Unreadable("the binary DXF was cut off: export or copy it again")
    return np.array([code for code, _ in pairs], np.int64), [_written(value) for _, value in pairs]


def _written(value: Any) -> str:
    return value.hex() if isinstance(value, (bytes, bytearray)) else str(value)


def _sectioned(codes: Whole, values: list[str], binary: bool) -> Tags:
    every = np.array(values, dtype=object)
    starts = np.flatnonzero(codes == 0)
    kinds = np.array([str(values[i]).strip() for i in starts], dtype=object)
    sections = np.full(len(starts), "", dtype=object)
    opened: tuple[str, int] | None = None
    for at in np.flatnonzero(np.isin(kinds, ["SECTION", "ENDSEC"])).tolist():
        if kinds[at] == "SECTION":
            if opened is not None:
                raise Unreadable(f"section {opened[0]} is not closed: the file is damaged, export or copy it again")
            opened = (str(values[starts[at] + 1]).strip(), at)
        elif opened is None:
            raise Unreadable("a section ends that did not begin: the file is damaged, export or copy it again")
        else:
            sections[opened[1] : at + 1] = opened[0]
            opened = None
    if opened is not None:
        raise Unreadable(f"section {opened[0]} is not closed: the file is damaged, export or copy it again")
    first = int(starts[0])
    return Tags(codes[first:], every[first:], starts - first, kinds, sections, binary)
