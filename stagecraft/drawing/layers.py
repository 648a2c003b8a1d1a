"""Layers and line types: `layers.csv` turns what a mark belongs to into a CAD layer and a pen."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from stagecraft import assets
from stagecraft.drawing.marks import Style

ANY = "*"
"""System that stands for every system in `layers.csv`."""


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
            row["description"],
        )  # fmt: skip
        table[row["system"], row["role"]] = known.setdefault(layer.name, layer)
    return table


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (assets.folder("drawing") / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
