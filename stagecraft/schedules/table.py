"""A table: named columns with units, values as they are. Writers make it CSV, XLSX or text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Column:
    key: str
    head: str
    """What the reader sees, unit included: `mass kg`."""
    kind: Literal["text", "int", "number", "length"] = "text"
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
