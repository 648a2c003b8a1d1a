"""Real equipment: CSV rows in, frozen Items out, SI units at the door."""

from __future__ import annotations

import csv
import difflib
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from stagecraft.assets import folder
from stagecraft.errors import Problem, VenueError


@dataclass(frozen=True)
class Item:
    """One catalogue row. None is unknown: it stays empty on every schedule."""

    code: str
    dept: str
    category: str
    maker: str
    model: str
    width: float | None = None
    """[m]"""
    height: float | None = None
    depth: float | None = None
    mass: float | None = None
    """[kg]"""
    mass_per_metre: float | None = None
    """[kg/m]"""
    power: float | None = None
    """Maximum power. [W]"""
    power_average: float | None = None
    """[W]"""
    pixels_w: int | None = None
    pixels_h: int | None = None
    pixel_pitch: float | None = None
    """[m]"""
    nits: float | None = None
    """Brightness of a panel. [cd/m²]"""
    lumens: float | None = None
    kelvin: float | None = None
    beam_min: float | None = None
    """Full angle. [degrees]"""
    beam_max: float | None = None
    spl: float | None = None
    """Maximum sound pressure level at 1 m. [dB]"""
    coverage_h: float | None = None
    """[degrees]"""
    coverage_v: float | None = None
    """Of a line element: the widest angle to its neighbour. [degrees]"""
    throw_min: float | None = None
    """Throw over image width."""
    throw_max: float | None = None
    capacity: int | None = None
    """Pixels that a processor drives."""
    ports: str = ""
    rated_load: float | None = None
    """[kg], on the basis given in `rated_load_basis`."""
    rated_load_basis: str = ""
    seats_min: int | None = None
    seats_max: int | None = None
    lengths: tuple[float, ...] = ()
    """Lengths it comes in (truss). [m]"""
    notes: str = ""
    source: str = ""
    source_kind: str = ""
    confidence: str = ""
    """A the maker's own text, B a page that quotes it, C from memory; or high, medium, low by the kind of source."""
    file: str = ""

    @property
    def label(self) -> str:
        """`Prolyte H30V square`."""
        return " ".join(part for part in (self.maker, self.model) if part) or self.code

    @property
    def powered(self) -> bool:
        """Does it take power, so that an empty power cell is a gap?"""
        passive = {"projector_lens", "led_rigging", "tripod", "stand"}
        return self.category == "hoist" or (self.dept in {"LX", "VX", "SND"} and self.category not in passive)


DEPARTMENTS: Mapping[str, str] = {
    "RIG": "Rigging", "LX": "Lighting", "VX": "Video", "SND": "Sound", "STG": "Staging", "DRP": "Drape",
    "FUR": "Furniture", "CRD": "Crowd control", "LOG": "Logistics",
}  # fmt: skip
"""Department codes and their names, in the order that schedules print them."""


class UnknownItem(KeyError):
    """No such code; `nearest` holds the likeliest ones."""

    def __init__(self, code: str, nearest: tuple[str, ...]) -> None:
        super().__init__(code)
        self.code = code
        self.nearest = nearest

    def __str__(self) -> str:
        way_on = f"the nearest are {', '.join(self.nearest)}" if self.nearest else "the catalogue is empty"
        return f"'{self.code}' is not in the catalogue; {way_on}"


class Catalogue(Mapping[str, Item]):
    """Code → Item, in the order of the files; never changed once made."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {item.code: item for item in items}

    def __getitem__(self, code: str) -> Item:
        found = self._items.get(code)
        if found is None:
            raise UnknownItem(code, self.nearest(code))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} items)"

    def get(self, code: str, default: Any = None) -> Any:
        """The item, or `default`, without looking for its neighbours."""
        return self._items.get(code, default)

    def nearest(self, code: str, n: int = 3) -> tuple[str, ...]:
        """The `n` codes that somebody who wrote `code` most likely meant, best first."""
        asked = code.casefold().strip()
        words = [word for word in re.split(r"[.\s_-]+", asked) if len(word) > 2]

        def alike(one: str, other: str) -> float:
            return difflib.SequenceMatcher(None, one, other).ratio()

        def likeness(item: Item) -> float:
            whole = item.code.casefold()
            names = (whole, item.model.casefold(), item.label.casefold())
            parts = [part for part in re.split(r"[.\s_-]+", f"{whole} {names[2]}") if len(part) > 2]
            by_word = sum(max((alike(word, part) for part in parts), default=0.0) for word in words)
            close = max(*(alike(asked, name) for name in names), 0.9 * by_word / max(len(words), 1))
            return close + (asked != "" and any(asked in name for name in names))

        ranked = sorted(self._items.values(), key=lambda item: (-likeness(item), item.code))
        return tuple(item.code for item in ranked[:n])

    def search(self, words: str) -> list[Item]:
        """Items in which every word stands somewhere: code, maker, model, category or department."""
        asked = words.casefold().split()

        def text(item: Item) -> str:
            names = (item.code, item.maker, item.model, item.category, item.dept, DEPARTMENTS.get(item.dept, ""))
            return " ".join(names).replace("_", " ").casefold() + " " + item.category.casefold()

        return [item for item in self._items.values() if all(word in text(item) for word in asked)]


def load(extra: Iterable[Path] = ()) -> Catalogue:
    """The house's own items, and a project's rows on top: new codes are added, known ones replaced whole.

    Raises VenueError with every problem of every file.
    """
    items = {item.code: item for item in _house()}
    problems: list[Problem] = []
    for path in extra:
        found, faults = _read(Path(path), str(path))
        items |= {item.code: item for item in found}
        problems += faults
    if problems:
        raise VenueError(problems)
    return Catalogue(items.values())


@lru_cache(maxsize=1)
def _house() -> tuple[Item, ...]:
    items: list[Item] = []
    problems: list[Problem] = []
    for path in sorted(folder("catalogue").glob("*.csv")):
        found, faults = _read(path, path.name)
        items += found
        problems += faults
    if problems:
        raise VenueError(problems)
    return tuple(items)


@dataclass(frozen=True)
class _Head:
    """What a column holds: the field of Item, how its cells read, and which figures make sense."""

    field: str
    kind: Literal["text", "number", "whole", "millimetres", "lengths"] = "text"
    zero: bool = True
    """May it be nought?"""


_HEADS: Mapping[str, _Head] = {
    "id": _Head("code"),
    "dept": _Head("dept"),
    "category": _Head("category"),
    "manufacturer": _Head("maker"),
    "model": _Head("model"),
    "width_mm": _Head("width", "millimetres", zero=False),
    "height_mm": _Head("height", "millimetres", zero=False),
    "depth_mm": _Head("depth", "millimetres", zero=False),
    "weight_kg": _Head("mass", "number", zero=False),
    "weight_per_m_kg": _Head("mass_per_metre", "number", zero=False),
    "power_max_w": _Head("power", "number"),
    "power_avg_w": _Head("power_average", "number"),
    "pixels_w": _Head("pixels_w", "whole", zero=False),
    "pixels_h": _Head("pixels_h", "whole", zero=False),
    "pixel_pitch_mm": _Head("pixel_pitch", "millimetres", zero=False),
    "nits": _Head("nits", "number"),
    "lumens": _Head("lumens", "number"),
    "cct_k": _Head("kelvin", "number", zero=False),
    "beam_min_deg": _Head("beam_min", "number"),
    "beam_max_deg": _Head("beam_max", "number"),
    "max_spl_db": _Head("spl", "number"),
    "coverage_h_deg": _Head("coverage_h", "number"),
    "coverage_v_deg": _Head("coverage_v", "number"),
    "throw_ratio_min": _Head("throw_min", "number", zero=False),
    "throw_ratio_max": _Head("throw_max", "number", zero=False),
    "rated_load_kg": _Head("rated_load", "number"),
    "rated_load_basis": _Head("rated_load_basis"),
    "capacity_px": _Head("capacity", "whole"),
    "ports": _Head("ports"),
    "seats_min": _Head("seats_min", "whole"),
    "seats_max": _Head("seats_max", "whole"),
    "lengths_m": _Head("lengths", "lengths", zero=False),
    "notes": _Head("notes"),
    "source": _Head("source"),
    "source_kind": _Head("source_kind"),
    "confidence": _Head("confidence"),
}
"""The columns of a catalogue file; any subset in any order, `id` and `dept` always."""


def _read(path: Path, name: str) -> tuple[list[Item], list[Problem]]:
    """The items of one file, and what is wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(f"byte {error.start + 1} is not UTF-8: save the file as 'CSV UTF-8'", file=name)]
    except FileNotFoundError:
        return [], [Problem("there is no such catalogue file", file=name)]
    except OSError as error:
        return [], [Problem(f"cannot be read as a catalogue: {error.strerror or error}", file=name)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, [" ".join(cell.split()) for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        return [], [Problem(f"this row is not CSV: {error}", file=name, line=line)]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        return [], [Problem("the file is empty: its first row names the columns (id, dept, model, …)", file=name)]
    faults = list(_heads_wrong(rows[0][1], name, rows[0][0]))
    if faults:
        return [], faults
    items: dict[str, Item] = {}
    lines: dict[str, int] = {}
    for number, row in rows[1:]:
        try:
            item = _item(dict(zip(rows[0][1], row)), name)
            if len(row) > len(rows[0][1]):
                raise _Faults([("", f"{len(row)} cells under {len(rows[0][1])} heads: put text with commas in quotes")])
            if item.code in lines:
                raise _Faults([("id", f"'{item.code}' stands already in line {lines[item.code]}: one row an item")])
        except _Faults as wrong:
            code = row[rows[0][1].index("id")] if rows[0][1].index("id") < len(row) else ""
            for head, message in wrong.faults:
                where = ".".join(part for part in (code, head) if part)
                faults.append(Problem(message, path=where, file=name, line=number))
        else:
            items[item.code], lines[item.code] = item, number
    return list(items.values()), faults


def _heads_wrong(heads: list[str], name: str, line: int) -> Iterator[Problem]:
    if len(heads) == 1 and (";" in heads[0] or "\t" in heads[0]):
        mark = "semicolons" if ";" in heads[0] else "tabs"
        yield Problem(f"the columns are parted by {mark}: save the file with commas", file=name, line=line)
        return
    for i, head in enumerate(heads, 1):
        if head in heads[: i - 1]:
            yield Problem(f"the column '{head}' stands twice", file=name, line=line)
        elif not head:
            yield Problem(f"column {i} has no head", file=name, line=line)
        elif head not in _HEADS:
            close = difflib.get_close_matches(head.casefold(), list(_HEADS), n=1, cutoff=0.5)
            way_on = f"did you mean '{close[0]}'?" if close else f"the columns are {', '.join(_HEADS)}"
            yield Problem(f"unknown column '{head}'; {way_on}", file=name, line=line)
    for head in ("id", "dept"):
        if head not in heads:
            yield Problem(f"the column '{head}' is missing: every item needs one", file=name, line=line)


class _Faults(Exception):
    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


def _item(cells: Mapping[str, str], name: str) -> Item:
    values: dict[str, Any] = {"code": "", "dept": "", "category": "", "maker": "", "model": "", "file": name}
    faults: list[tuple[str, str]] = []
    for head, cell in cells.items():
        try:
            if cell:
                values[_HEADS[head].field] = _value(cell, _HEADS[head])
        except ValueError as error:
            faults.append((head, str(error)))
    if not values["code"]:
        faults.append(("id", "the id is missing: give every item one, such as 'my.lamp.par64'"))
    elif " " in values["code"]:
        faults.append(("id", f"'{values['code']}' holds a space: an id is one word, parts joined by dots"))
    if values["dept"] not in DEPARTMENTS:
        known = ", ".join(f"{code} ({words})" for code, words in DEPARTMENTS.items())
        faults.append(("dept", f"'{values['dept']}' is no department: use one of {known}"))
    for pair in ("beam", "throw", "seats"):
        low, high = values.get(f"{pair}_min"), values.get(f"{pair}_max")
        if low is not None and high is not None and low > high:
            faults.append((pair, f"the smallest ({low:g}) is above the largest ({high:g})"))
    if faults:
        raise _Faults(faults)
    return Item(**values)


def _value(cell: str, head: _Head) -> Any:
    if head.kind == "text":
        return cell
    if head.kind == "lengths":
        return tuple(sorted({_number(part, head) for part in cell.split()}))
    size = _number(cell, head)
    if head.kind == "millimetres":
        return size / 1000.0
    if head.kind == "number":
        return size
    if size != int(size):
        raise ValueError(f"'{cell}' is not a whole number")
    return int(size)


def _number(cell: str, head: _Head) -> float:
    try:
        size = float(cell) if "_" not in cell else math.nan
    except ValueError:
        way_on = "write a decimal point" if "," in cell else "write the figure alone, the unit is in the head"
        raise ValueError(f"'{cell}' is not a number: {way_on}, or leave the cell empty") from None
    if not math.isfinite(size):
        raise ValueError(f"'{cell}' is not a number: leave the cell empty where the figure is unknown")
    if size < 0 or (size == 0 and not head.zero):
        least = "0 or more" if head.zero else "above 0"
        raise ValueError(f"'{cell}' must be {least}: leave the cell empty where the figure is unknown")
    return size
