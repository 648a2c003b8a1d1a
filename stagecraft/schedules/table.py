"""A table: named columns with units, values as they are. Writers make it CSV, XLSX or text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from stagecraft.scene import Scene
from stagecraft.units import FOOT, Units

_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
Kind = Literal["text", "int", "number", "length"]


@dataclass(frozen=True)
class Column:
    key: str
    head: str
    """What the reader sees, unit included: `mass kg`."""
    kind: Kind = "text"
    places: int = 2
    total: bool = False
    """Summed up in a last row."""


@dataclass(frozen=True)
class Table:
    """Columns side by side. None (or NaN) is unknown and stays empty."""

    name: str
    columns: tuple[Column, ...]
    values: Mapping[str, Sequence[Any]]
    """Key → one value a row."""
    notes: tuple[str, ...] = ()
    ticketing: bool = False
    """Read by other programs: a text that a spreadsheet would run is refused, never altered."""
    group: str = ""
    """Key of a column whose runs of equal values are set apart (department)."""
    about: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values[self.columns[0].key]) if self.columns else 0

    def rows(self) -> Iterator[tuple[Any, ...]]:
        return zip(*(self.values[column.key] for column in self.columns))


def about(scene: Scene) -> dict[str, str]:
    """Whose table this is and of which state; what is not known is left out."""
    facts = {
        "venue": scene.about.name,
        "event": scene.about.event,
        "client": scene.about.client,
        "set-up": scene.about.setup,
        "revision": scene.about.rev,
        "date": scene.about.date,
        "hash": scene.about.hash,
    }
    return {key: value for key, value in facts.items() if value}


def in_units(metres: ArrayLike, units: Units) -> list[float]:
    """Lengths as numbers a spreadsheet can add: metres, or decimal feet."""
    sizes: list[float] = (np.asarray(metres, dtype=np.float64) / (1.0 if units == "m" else FOOT)).tolist()
    return sizes


def runs(text: str) -> bool:
    """Would a spreadsheet take this text for a formula? (CWE-1236; the full-width signs count in some locales.)"""
    return text.lstrip(" ")[:1] in _SIGNS
