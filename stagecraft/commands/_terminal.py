"""What a terminal shows: reports, tables, steps and bars."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.text import Text

    from stagecraft.publish import Published
    from stagecraft.schedules.closure import Closure
    from stagecraft.session import Session

_LONG = 1.0
"""What takes longer has a bar. [s]"""


def terminal_width() -> int:
    """Characters of a line: those of the terminal, and never more than are easily read."""
    import shutil

    return min(shutil.get_terminal_size((110, 40)).columns, 140)


def print_report(report: Any) -> None:
    """Findings, and what passed or was not checked."""
    from stagecraft.export.report import report_text

    click.echo(report_text(report, terminal_width()), nl=False)


def print_built(done: Published) -> None:
    """What was written, how many seats, and what passed, failed or was not checked: one row a set-up."""
    from rich.console import Console
    from rich.table import Table

    several = len(done.reports) > 1
    table = Table(show_edge=False, pad_edge=False)
    for head in (*(("set-up",) if several else ()), "written"):
        table.add_column(head, overflow="fold")
    for head in ("seats", "given", "checks passed", "failed", "not checked"):
        table.add_column(head, justify="right", max_width=7)
    rest = list(done.files)
    for name, report in done.reports.items():
        own = [file for file in rest if file.startswith(f"{name}/")] if several else rest
        rest = [file for file in rest if file not in own]
        counts = (report.counts["seats"], report.counts["given"])
        verdicts = [outcome.verdict for outcome in report.outcomes]
        checks = (verdicts.count(word) for word in ("pass", "fail", "not checked"))
        files = written(file.removeprefix(f"{name}/") for file in own)
        table.add_row(*texts((*((name,) if several else ()), files, *map(str, (*counts, *checks)))))
    if rest:
        table.add_row(*texts(("all", written(rest))))
    Console(highlight=False, width=terminal_width()).print(table)


def written(files: Iterable[str]) -> str:
    """`seats.csv/xlsx · drawings/ (12 files)`: files of one name as one word, which a terminal does not break; folders counted."""
    kinds: dict[str, list[str]] = {}
    folders: dict[str, int] = {}
    for file in files:
        folder, inside, _ = file.rpartition("/")
        if inside:
            folders[folder] = folders.get(folder, 0) + 1
            continue
        stem, _, suffix = file.rpartition(".")
        kinds.setdefault(stem, []).append(suffix)
    words = [f"{stem}.{'/'.join(suffixes)}" for stem, suffixes in kinds.items()]
    return " · ".join((*words, *(f"{name}/ ({count} files)" for name, count in folders.items())))


def closed_words(closed: Closure) -> str:
    """`514 places on the plan and in the list = 508 chairs on the kit + 6 wheelchair`"""
    other = (
        (closed.chairs, "chairs on the kit"),
        (closed.wheelchair, "wheelchair"),
        (closed.own_chairs, "house seats or standing"),
    )
    parts = " + ".join(f"{number} {word}" for number, word in other if number)
    return f"{closed.places} places on the plan and in the list" + (f" = {parts}" if parts else "")


def write_table(table: Any, out: Path) -> None:
    """Write a table, and say how many rows it has."""
    from stagecraft.export.write import write

    click.echo(f"{len(table)} rows: {write(table, out)}")


_ASIDE = frozenset({"item", "mass", "power"})
"""Columns that a terminal has no room for; files have them."""


def print_table(table: Any, narrow: bool = False) -> None:
    """A table with its totals and notes.

    narrow : columns of figures are no wider than their figures and the words of their heads
    """
    from rich.console import Console
    from rich.table import Table

    from stagecraft.export.csv import total

    click.echo(_title(table))
    view = Table(show_edge=False, pad_edge=False)
    columns = [c for c in table.columns if c.key not in _ASIDE and (c.kind != "text" or any(table.values[c.key]))]
    for column in columns:
        text = column.kind == "text"
        width = _narrow(column, table.values[column.key]) if narrow and not text else None
        view.add_column(*texts((column.head,)), justify="left" if text else "right", overflow="fold", max_width=width)
    last = None
    for line in range(len(table)):
        group = table.values[table.group][line] if table.group else None
        shown = [_cell(c, "" if c.key == table.group and group == last else table.values[c.key][line]) for c in columns]
        view.add_row(*texts(shown))
        last = group
    if len(table) and any(column.total for column in columns):
        view.add_section()
        sums = [_cell(c, total(table.values[c.key])) if c.total else "" for c in columns]
        view.add_row(*(["total", *sums[1:]] if not columns[0].total else sums))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(view)
    for note in table.notes:
        console.print(note, markup=False)


def _title(table: Any) -> str:
    whose = (table.name, table.about.get("venue", ""), table.about.get("set-up", ""))
    return " · ".join(word for word in whose if word)


def _narrow(column: Any, values: Any) -> int:
    """Room for figures and for the longest word of their head."""
    from stagecraft.export.csv import total

    cells = [_cell(column, value) for value in (*values, total(values) if column.total else None)]
    return max(map(len, ("seen %", *column.head.split(), *cells)))


def print_turned(table: Any) -> None:
    """A table of few lines, each as a column; what no line has is left out."""
    from rich.console import Console
    from rich.table import Table

    click.echo(_title(table))
    first, *rest = table.columns
    view = Table(show_edge=False, pad_edge=False)
    view.add_column("")
    for head in table.values[first.key]:
        view.add_column(*texts((head,)), justify="right", overflow="fold", max_width=15)
    for column in rest:
        if any(shown := [_cell(column, value) for value in table.values[column.key]]):
            view.add_row(*texts((column.head, *shown)))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(view)
    for note in table.notes:
        console.print(note, markup=False)


def texts(cells: Iterable[str]) -> list[Text]:
    """Words as they are: a block that somebody calls `[b]` is no markup."""
    from rich.text import Text

    return [Text(cell) for cell in cells]


def _cell(column: Any, value: Any) -> str:
    if value is None or value != value or value == "":
        return ""
    return f"{value:.{column.places}f}" if column.kind in ("number", "length") else str(value)


class Steps:
    """Names each step as it runs and leaves its time behind."""

    def __init__(self, console: Any) -> None:
        self.console = console
        self._name = ""
        self._began = 0.0
        self._status: Any = None

    def __enter__(self) -> Steps:
        return self

    def __call__(self, name: str) -> None:
        from time import perf_counter

        self._end()
        self._name, self._began = name, perf_counter()
        if self.console.is_terminal:
            self._status = self.console.status(name)
            self._status.start()

    def _end(self) -> None:
        from time import perf_counter

        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._name:
            self.console.print(f"  {self._name:<28} {perf_counter() - self._began:6.2f} s", markup=False)
            self._name = ""

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._end()
        elif self._status is not None:
            self._status.stop()


def look_with_bar(session: Session) -> None:
    """What every seat sees, with a bar where that takes long."""
    with Bar("looking", _LONG) as bar:
        session.views.look(lambda part: bar(round(100 * part), 100))


class Bar:
    """How many of how many, on a terminal, while it lasts; not before some seconds have passed."""

    def __init__(self, word: str = "weighing", after: float = 0.0) -> None:
        self._word, self._after = word, after

    def __enter__(self) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._word), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("", total=None)
        self._began = time.perf_counter()
        if not self._after:
            self._progress.start()
        return self

    def __call__(self, done: int, of: int) -> None:
        if self._after and time.perf_counter() - self._began > self._after:
            self._progress.start()  # once is as good as many times
        self._progress.update(self._task, completed=done, total=of)

    def __exit__(self, *_: Any) -> None:
        self._progress.stop()


def say(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is one sentence, not a line of somebody's code."""
    click.echo(f"note: {message}", err=True)
