"""Tables as a workbook: a sheet each, ready to print, its totals as formulas that already hold their value."""

from __future__ import annotations

import datetime
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, BinaryIO

from stagecraft.export.csv import total, unknown
from stagecraft.export.write import whole
from stagecraft.schedules.table import Column, Table

WIDEST = 48
"""Of a column; what is longer runs under the next one's edge. [characters]"""
LONGEST = 32_767
"""Characters that Excel allows in a cell."""
PLACES = 9
"""Of a number in a cell: enough for any sum, and 5.95 is not 5.949999999999999."""
LINE = 15.0
"""Height of a line in a cell. [points]"""
ARGUMENTS = 255
"""That Excel allows in a function; a total over more groups is written as its value."""


def write_xlsx(tables: Table | Sequence[Table], path: str | os.PathLike[str] | BinaryIO) -> None:
    """One sheet a table: head frozen and filtered, groups with subtotals, totals as SUM formulas, notes below.

    Text stays text, whatever it begins with. The same tables give the same bytes.
    """
    data = _workbook([tables] if isinstance(tables, Table) else tables)
    if hasattr(path, "write"):
        path.write(data)
        return
    with whole(path) as temporary:
        temporary.write_bytes(data)


def _workbook(tables: Sequence[Table]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    about = tables[0].about if tables else {}
    book.set_properties(
        {"title": about.get("venue", ""), "subject": about.get("event", ""), "created": _created(about)}
    )
    names: list[str] = []
    for table in tables:
        names.append(sheet_name(table.name, names))
        _Sheet(book, names[-1], table).write()
    if not tables:
        book.add_worksheet("Empty")
    book.close()
    return out.getvalue()


def _created(about: Any) -> datetime.datetime:
    """The day of the revision; never today, which would change the file from day to day."""
    try:
        day = datetime.date.fromisoformat(about.get("date", ""))
    except ValueError:
        day = datetime.date(2000, 1, 1)
    return datetime.datetime(day.year, day.month, day.day)


def sheet_name(name: str, taken: Sequence[str] = ()) -> str:
    """A name that Excel allows: at most 31 UTF-16 units, none of `[]:*?/\\`, unlike the others in any case."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", _valid(name)).strip("' ") or "Table"
    clean = "History-" if clean.casefold() == "history" else clean
    used = {one.casefold() for one in taken}
    for n in range(len(used) + 1):
        tail = f" {n + 1}" if n else ""
        new = _cut(clean, 31 - len(tail)).rstrip("' ") + tail
        if new.casefold() not in used:
            return new
    raise AssertionError("one of n + 1 names is free")


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text


def _valid(text: str) -> str:
    """Half a surrogate pair is no text that can be written."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Sheet:
    """One table being written."""

    def __init__(self, book: Any, name: str, table: Table) -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(name)
        head = {"bold": True, "bottom": 1, "bg_color": "#E7E6E6", "valign": "top", "text_wrap": True}
        text, figures = {"align": "left"}, {"align": "right"}
        after = [False, *(column.kind != "text" for column in table.columns)]
        # Words that follow figures keep away from them.
        self.sides = [
            figures if c.kind != "text" else text | {"indent": 1} if figure else text
            for c, figure in zip(table.columns, after)
        ]
        self.heads = [book.add_format(head | side) for side in self.sides]
        self.note = book.add_format({"italic": True, "font_color": "#595959"})
        self.plain = self.formats()
        self.subtotal = self.formats(bold=True, top=4)
        self.grand = self.formats(bold=True, top=1, bottom=6)

    def formats(self, **look: Any) -> list[Any]:
        return [self.number(column, **look, **side) for column, side in zip(self.table.columns, self.sides)]

    def number(self, column: Column, **look: Any) -> Any:
        """How the figures of a column look; the unit stands once, in the head."""
        if column.kind == "text":
            return self.book.add_format(look | {"num_format": "@"})
        places = 0 if column.kind == "int" else column.places
        return self.book.add_format(look | {"num_format": "#,##0" + ("." + "0" * places if places else "")})

    def write(self) -> None:
        table, sheet = self.table, self.sheet
        last = len(table.columns) - 1
        for i, column in enumerate(table.columns):
            sheet.write_string(0, i, _valid(column.head)[:LONGEST], self.heads[i])
            sheet.set_column(i, i, self.width(column), None)
        if table.columns:
            sheet.set_row(0, LINE * max(_lines(column.head, self.width(column)) for column in table.columns))
        row, sums = 1, []
        for start, end, name in self.groups():
            for line in range(start, end):
                self.cells(row + line - start, line)
            top, row = row, row + end - start
            if name is not None:
                for line in range(top, row):
                    sheet.set_row(line, None, None, {"level": 1})
                self.sums(row, f"{name or 'none'} total", [(top, row - 1)], self.subtotal, start, end)
                sums.append((row, row))
                row += 1
            elif end > start:
                sums.append((top, row - 1))
        if table.columns and row > 1:
            sheet.autofilter(0, 0, row - 1, last)
        if sums and self.summed:
            self.sums(row, "Total", sums, self.grand, 0, len(table))
            row += 1
        for n, note in enumerate(table.notes, 1):
            sheet.write_string(row + n, 0, _valid(note)[:LONGEST], self.note)
        if table.columns:
            sheet.print_area(0, 0, row + len(table.notes), last)
            # Row 12 and seat 7 are names, not numbers that somebody forgot to convert.
            sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{row + 1}"})
        self.print_setup()

    @property
    def summed(self) -> bool:
        return any(column.total for column in self.table.columns)

    def groups(self) -> Iterator[tuple[int, int, str | None]]:
        """(first row, row after the last, name) of each run of the group column; the whole table without one."""
        if not (self.table.group and self.summed and len(self.table)):
            yield 0, len(self.table), None
            return
        start = 0
        for name, run in groupby(self.table.values[self.table.group]):
            end = start + sum(1 for _ in run)
            yield start, end, str(name)
            start = end

    def cells(self, row: int, line: int) -> None:
        for i, column in enumerate(self.table.columns):
            value = self.table.values[column.key][line]
            if column.kind == "text":
                if value not in (None, ""):
                    self.sheet.write_string(row, i, _valid(str(value))[:LONGEST], self.plain[i])
            elif not unknown(value):
                figure = int(value) if column.kind == "int" else round(value, PLACES)
                self.sheet.write_number(row, i, figure, self.plain[i])

    def sums(self, row: int, label: str, runs: list[tuple[int, int]], look: list[Any], start: int, end: int) -> None:
        """A row of SUM formulas over runs of rows, with the value each has."""
        for i, column in enumerate(self.table.columns):
            known = total(self.table.values[column.key][start:end]) if column.total else None
            if column.total and known is not None:
                letter, known = _letters(i), round(known, PLACES)
                over = ",".join(f"{letter}{a + 1}:{letter}{b + 1}" if a != b else f"{letter}{a + 1}" for a, b in runs)
                if len(runs) <= ARGUMENTS:
                    self.sheet.write_formula(row, i, f"=SUM({over})", look[i], known)
                else:
                    self.sheet.write_number(row, i, known, look[i])
            elif i == 0:
                self.sheet.write_string(row, 0, _valid(label)[:LONGEST], look[0])
            else:
                self.sheet.write_blank(row, i, None, look[i])

    def width(self, column: Column) -> float:
        values = self.table.values[column.key]
        longest = max((_wide(word) for word in column.head.split()), default=0)
        while _lines(column.head, longest + 2) > 2:
            longest += 1
        if column.kind == "text":
            longest = max([longest, min(_wide(column.head), 16), *(_wide(str(v)) for v in values if v)])
        else:
            sizes = [abs(v) for v in [*values, *([total(values)] if column.total else [])] if not unknown(v)]
            digits = len(f"{max(sizes, default=0):,.0f}")
            longest = max(longest, digits + (column.places + 1 if column.kind != "int" and column.places else 0) + 1)
        return float(min(max(longest, 5), WIDEST) + 2)

    def print_setup(self) -> None:
        about, sheet = self.table.about, self.sheet
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        title = " · ".join(
            _escaped(text) for text in (about.get("venue"), about.get("set-up"), self.table.name) if text
        )
        state = " ".join(
            _escaped(text) for text in (about.get("revision"), about.get("date"), about.get("hash")) if text
        )
        sheet.set_header(_cut(f"&L{title}", 120) + f"&R{_cut(state, 100)}")
        sheet.set_footer("&RPage &P of &N")


def _escaped(text: str) -> str:
    """An ampersand begins a code in a page header."""
    return _valid(text).replace("&", "&&")


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _lines(text: str, width: float) -> int:
    """How many lines bold words take in a column of so many characters."""
    lines, room = 1, width - 2.0
    for word in text.split():
        if room < (size := _wide(word)) and room < width - 2.0:
            lines, room = lines + 1, width - 2.0
        room -= size + 1
    return lines


def _wide(text: str) -> int:
    """Width in characters; Chinese, Japanese and Korean ones take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
