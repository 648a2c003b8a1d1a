"""Layers and line types: `layers.csv` turns what a mark belongs to into a CAD layer and a pen; profiles rename layers."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from stagecraft import assets
from stagecraft.drawing.marks import Style
from stagecraft.errors import Problem, VenueError, nearest

ANY = "*"
"""System that stands for every system in `layers.csv`."""
OWN = "own"
"""Name of the profile that renames nothing."""
LONGEST, LONGEST_SCALE = 31, 4
"""Characters of a layer's name that every reader takes, and those of the scale behind one for dimensions."""
DIMENSIONS = "N-DIMS"
"""Our layer of dimensions; a drawing has one for each scale."""
RESERVED = ("0", "defpoints", "viewports")
WEIGHTS = (0.0, 0.05, 0.09, 0.13, 0.15, 0.18, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.53, 0.6, 0.7, 0.8, 0.9, 1.0, 1.06, 1.2,
           1.4, 1.58, 2.0, 2.11)  # fmt: skip
"""Widths of lines that DXF has. [mm]"""


@dataclass(frozen=True)
class Layer:
    """A CAD layer; everything drawn on it is by layer."""

    name: str
    colour: int
    """AutoCAD colour index."""
    linetype: str
    lineweight: float
    """Width of the pen on paper. [mm]"""
    plot: bool = True
    description: str = ""
    frozen: bool = False
    """Neither seen nor printed until somebody thaws it: `off` under plot in `layers.csv`."""


@dataclass(frozen=True)
class Linetype:
    """Dashes (positive), gaps (negative) and dots (0). [paper mm]"""

    name: str
    pattern: tuple[float, ...]
    description: str = ""


def layer_for(style: Style) -> Layer:
    """The layer that a mark of this style lies on.

    A system without a row for the role takes the role's general row, and then its own `line` row.
    """
    table, system, role = _table(), style.system, style.role
    for key in ((system, role), (ANY, role), (system, "line")):
        if key in table:
            return table[key]
    return table[ANY, "line"]


def all_layers() -> tuple[Layer, ...]:
    """Every layer once, in the order of the file."""
    return tuple({layer.name: layer for layer in _table().values()}.values())


@lru_cache(maxsize=1)
def linetypes() -> tuple[Linetype, ...]:
    """Every line type but Continuous."""
    return tuple(
        Linetype(row["name"], tuple(float(run) for run in row["pattern_mm"].split()), row["description"])
        for row in _rows("linetypes.csv")
    )


@lru_cache(maxsize=1)
def _table() -> Mapping[tuple[str, str], Layer]:
    """(system, role) → layer. The first row that names a layer settles its pen."""
    table: dict[tuple[str, str], Layer] = {}
    known: dict[str, Layer] = {}
    for row in _rows("layers.csv"):
        layer = Layer(
            row["layer"], int(row["aci"]), row["linetype"], float(row["lineweight_mm"]), row["plot"] == "yes",
            row["description"], row["plot"] == "off",
        )  # fmt: skip
        table[row["system"], row["role"]] = known.setdefault(layer.name, layer)
    return table


@dataclass(frozen=True)
class Profile:
    """Names, and pens where it gives them, under which somebody else wants our layers."""

    name: str
    layers: Mapping[str, Layer] = field(default_factory=dict)
    """By our own name; the others stay as they are."""

    def layer(self, own: Layer) -> Layer:
        return self.layers.get(own.name, own)


def profiles() -> tuple[str, ...]:
    """Names of the profiles that come with stagecraft."""
    return (OWN, *sorted(file.stem for file in (assets.folder("drawing") / "profiles").glob("*.csv")))


def profile(name: str, folder: str | os.PathLike[str] | None = None) -> Profile:
    """A profile that comes with stagecraft, by its name, or somebody's own table.

    name : "own", "abtt" …, or a CSV file with columns layer (ours), name (theirs) and, where wanted, aci, linetype and
        lineweight_mm; lines that begin with # are remarks
    folder : where a file that is not given in full is looked for
    """
    if name.lower() == OWN:
        return Profile(OWN)
    if name.lower() in profiles():
        return _read(assets.folder("drawing") / "profiles" / f"{name.lower()}.csv", name.lower())
    if not name.lower().endswith(".csv"):
        choice = ", ".join(profiles())
        raise VenueError(f"'{name}' is no profile of layers: choose {choice}, or a table such as 'layers.csv'")
    return _read(Path(folder or "") / name, name)


def _read(file: Path, name: str) -> Profile:
    """A table of layers, its mistakes told all at once."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise VenueError(Problem(f"cannot be read: {(error.strerror or str(error)).lower()}", file=name)) from error
    except UnicodeDecodeError as error:
        raise VenueError(Problem("is no text in UTF-8: save it as CSV UTF-8", file=name)) from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(' ,;\t"')]
    lines = [(number, line) for number, line in lines if not line.lstrip(' "').startswith("#")]
    head = lines[0][1] if lines else ""
    cut = max(",;\t", key=head.count)
    columns = [column.strip().lower() for column in next(csv.reader([head], delimiter=cut), [])]
    if not {"layer", "name"} <= set(columns):
        known = "layer, name and, where wanted, aci, linetype, lineweight_mm"
        raise VenueError(Problem(f"has no columns layer and name: the first line says {known}", file=name))
    own = {layer.name: layer for layer in all_layers()}
    found: dict[str, Layer] = {}
    at: dict[str, int] = {}
    problems = []
    for number, line in lines[1:]:
        try:
            row = dict(zip(columns, (value.strip() for value in next(csv.reader([line], delimiter=cut)))))
            ours = row.get("layer", "")
            layer = _renamed(ours, row, own)
            if ours in at:
                raise ValueError(f"{ours} stands in line {at[ours]} already")
        except (ValueError, csv.Error) as error:
            problems.append(Problem(str(error), file=name, line=number))
        else:
            found[ours], at[ours] = layer, number
    problems += [Problem(words, file=name, line=at.get(ours, 0)) for ours, words in _clashes(own, found)]
    if problems:
        raise VenueError(sorted(problems, key=lambda problem: problem.line))
    return Profile(name, found)


def _renamed(name: str, row: Mapping[str, str], own: Mapping[str, Layer]) -> Layer:
    """Our layer under another name. Raises ValueError with what a row has wrong."""
    if name not in own:
        raise ValueError(f"'{name}' is no layer of ours{nearest(name, list(own))}")
    ours, theirs = own[name], row.get("name", "")
    longest = LONGEST - (LONGEST_SCALE if ours.name == DIMENSIONS else 0)
    if not theirs or len(theirs) > longest or re.search(r'[<>/\\":;?*|=`,\x00-\x1f]', theirs):
        raise ValueError(
            f"'{theirs}' is no name of a layer: 1 to {longest} characters, none of < > / \\ \" : ; ? * | = ` ,"
        )
    if theirs.lower() in RESERVED:
        raise ValueError(f"'{theirs}' is a layer of CAD's own: choose another name")
    pens = {"Continuous", *(line.name for line in linetypes())}
    line = row.get("linetype") or ours.linetype
    if line not in pens:
        raise ValueError(f"'{line}' is no line type: {', '.join(sorted(pens))}")
    colour, width = row.get("aci") or str(ours.colour), row.get("lineweight_mm") or str(ours.lineweight)
    if not colour.isdecimal() or not 1 <= int(colour) <= 255:
        raise ValueError(f"'{colour}' is no colour: a number of the AutoCAD colour index, 1 to 255")
    try:
        weight = float(width.replace(",", "."))
    except ValueError:
        weight = -1.0
    if weight not in WEIGHTS:
        raise ValueError(f"'{width}' is no line weight: {', '.join(f'{w:g}' for w in WEIGHTS)} mm")
    return replace(ours, name=theirs, colour=int(colour), linetype=line, lineweight=weight)


def _clashes(own: Mapping[str, Layer], found: Mapping[str, Layer]) -> Iterator[tuple[str, str]]:
    """(our layer, what is wrong) where layers that become one have different pens."""
    first: dict[str, tuple[str, Layer]] = {}
    for ours in sorted(own, key=lambda name: name in found):
        layer = found.get(ours, own[ours])
        other, known = first.setdefault(layer.name.lower(), (ours, layer))
        if _pen(known) != _pen(layer):
            yield (
                ours,
                (
                    f"'{layer.name}' would be both {other} and {ours}, whose pens differ: "
                    "write the same aci, linetype and lineweight_mm for both, or two names"
                ),
            )


def _pen(layer: Layer) -> tuple[int, str, float, bool]:
    return layer.colour, layer.linetype, layer.lineweight, layer.plot


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (assets.folder("drawing") / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
