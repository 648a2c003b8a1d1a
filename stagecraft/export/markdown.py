"""Tables and reports as Markdown: for a mail, a page, a look in git."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, BinaryIO

from stagecraft.checks.finding import Report
from stagecraft.export.csv import fixed, total, unknown
from stagecraft.export.report import escaped, report_md
from stagecraft.export.write import whole
from stagecraft.schedules.table import Column, Table


def write_markdown(paper: Table | Report, path: str | os.PathLike[str] | BinaryIO) -> None:
    """A table or a report as UTF-8 Markdown. Unknown is empty."""
    text = report_md(paper) if isinstance(paper, Report) else table_md(paper)
    data = text.encode("utf-8", "replace")
    if hasattr(path, "write"):
        path.write(data)
        return
    with whole(path) as temporary:
        temporary.write_bytes(data)


def table_md(table: Table) -> str:
    """A table as Markdown text: figures to the right, totals in a last row, then the notes."""
    lines = [f"# {escaped(table.name)}", ""]
    if table.about:
        lines += [" · ".join(escaped(value) for value in table.about.values()), ""]
    lines.append(_row(column.head for column in table.columns))
    lines.append("|" + "|".join("---" if column.kind == "text" else "---:" for column in table.columns) + "|")
    lines += [_row(_shown(column, value) for column, value in zip(table.columns, row)) for row in table.rows()]
    if any(column.total for column in table.columns):
        sums = [_shown(column, total(table.values[column.key])) if column.total else "" for column in table.columns]
        lines.append(_row(sums if table.columns[0].total else ["total", *sums[1:]]))
    if table.notes:
        lines += ["", *(f"- {escaped(note)}" for note in table.notes)]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def _shown(column: Column, value: Any) -> str:
    if unknown(value):
        return ""
    if column.kind == "text":
        return str(value)
    return str(int(value)) if column.kind == "int" else fixed(value, column.places)
