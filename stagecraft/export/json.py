"""Values as JSON: tables row by row, reports and other frozen records field by field."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, BinaryIO

from stagecraft.export.write import whole
from stagecraft.schedules.table import Table

PLACES = 6
"""Of a number that no column rounds: a micrometre, a milligram."""


def write_json(paper: Any, path: str | os.PathLike[str] | BinaryIO) -> None:
    """A Table, a mapping or a record (a Report, a Difference) as UTF-8 JSON. Unknown is null."""
    data = (json.dumps(plain(paper), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8", "replace")
    if hasattr(path, "write"):
        path.write(data)
        return
    with whole(path) as temporary:
        temporary.write_bytes(data)


def plain(value: Any) -> Any:
    """The same in dicts, lists, text and numbers that JSON knows."""
    if isinstance(value, Table):
        return _table(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if hasattr(value, "tolist"):  # numpy
        return plain(value.tolist())
    if isinstance(value, (set, frozenset)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return _number(value, PLACES)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _table(table: Table) -> dict[str, Any]:
    heads = [{"key": column.key, "head": column.head, "kind": column.kind} for column in table.columns]
    rows = [
        {
            column.key: _number(value, column.places) if isinstance(value, float) else plain(value)
            for column, value in zip(table.columns, row)
        }
        for row in table.rows()
    ]
    return {"name": table.name, "about": dict(table.about), "columns": heads, "rows": rows, "notes": list(table.notes)}


def _number(value: float, places: int) -> float | None:
    return round(value, places) + 0.0 if math.isfinite(value) else None
