"""A table as comma-separated values: for other programs first, for spreadsheets safely.

Lines end in a bare line feed on every system: all readers take it, and the files compare line by line in git.
Excel on Windows takes a file without a byte order mark for the local code page, while importers take the mark for a
letter of the first head. So an ordinary table begins with the mark when it holds a letter beyond ASCII; a table for
ticketing never does (its XLSX twin is for Excel).
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from stagecraft.errors import Problem, VenueError
from stagecraft.export.write import whole
from stagecraft.schedules.table import Column, Table, runs

_MARKS = re.compile('[",\r\n]')


def write_csv(table: Table, path: str | os.PathLike[str] | BinaryIO) -> None:
    """Heads, rows; then, unless it is for ticketing, the totals and the notes.

    Numbers have a decimal point and the column's places; unknown is empty. A text that a spreadsheet would run as a
    formula gets an apostrophe in front. In a table for ticketing it raises VenueError: a label is never altered there.
    """
    data = _text(table).encode("utf-8", "replace")
    if not table.ticketing and not data.isascii():
        data = b"\xef\xbb\xbf" + data
    if hasattr(path, "write"):
        path.write(data)
        return
    with whole(path) as temporary:
        temporary.write_bytes(data)


def _text(table: Table) -> str:
    if table.ticketing:
        _refuse(table)
    lines: list[Sequence[str]] = [[column.head for column in table.columns]]
    lines += zip(*([_shown(column)(value) for value in table.values[column.key]] for column in table.columns))
    if not table.ticketing:
        if any(column.total for column in table.columns):
            lines.append(_totals(table))
        lines += [[f"note: {note}"] for note in table.notes]
    return "".join(",".join(map(_quoted, cells)) + "\n" for cells in lines)


def _quoted(text: str) -> str:
    """In quotes where a comma, a quote or a line's end stands in it (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if _MARKS.search(text) else text


def _totals(table: Table) -> list[str]:
    cells = [_shown(column)(total(table.values[column.key])) if column.total else "" for column in table.columns]
    return cells if table.columns[0].total else ["total", *cells[1:]]


def total(values: Any) -> float | int | None:
    """Sum of what is known; None where nothing is."""
    known = [value for value in values if not unknown(value)]
    return (sum(known) if all(isinstance(value, int) for value in known) else math.fsum(known)) if known else None


def unknown(value: Any) -> bool:
    """None and NaN are unknown; so is what has no end."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _shown(column: Column) -> Callable[[Any], str]:
    """How a column's values are written."""
    if column.kind == "text":
        return lambda value: "" if value is None else _guarded(str(value))
    if column.kind == "int":
        return lambda value: "" if unknown(value) else str(int(value))
    return lambda value: "" if unknown(value) else fixed(value, column.places)


def fixed(value: float, places: int) -> str:
    """A number with a decimal point and so many places; never −0."""
    text = f"{value:.{places}f}"
    return text.removeprefix("-") if text.startswith("-") and not text.strip("-0.") else text


def _guarded(text: str) -> str:
    return f"'{text}" if runs(text) else text


def _refuse(table: Table) -> None:
    """One problem for each label that would run, at the first row that has it."""
    names = table.values[table.columns[0].key]
    found: dict[tuple[str, str], list[int]] = {}
    for column in table.columns:
        if column.kind == "text":
            for row, value in enumerate(table.values[column.key]):
                if value and runs(str(value)):
                    found.setdefault((column.head, str(value)), []).append(row)
    problems = [
        Problem(
            f"'{value}' would run as a formula in a spreadsheet: give it another label",
            path=f"{table.name.lower()}, {names[at[0]]}"
            + (f" and {len(at) - 1} more" if len(at) > 1 else "")
            + f", {head}",
        )
        for (head, value), at in found.items()
    ]
    if problems:
        raise VenueError(problems)
