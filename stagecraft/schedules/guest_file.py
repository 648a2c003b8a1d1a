"""Lists of guests as files: read whatever a spreadsheet saved, written with the seats beside, line for line.

Lists hold personal data. What is said about a list names lines and columns of it, never what stands in them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stagecraft.errors import Problem, VenueError
from stagecraft.scene import Scene
from stagecraft.schedules.guests import Guest, Seated, needs
from stagecraft.schedules.table import runs

COLUMNS = {
    "id": ("id", "guest id", "ref", "reference"),
    "name": ("name", "guest", "guest name", "full name"),
    "group": ("group", "party", "company"),
    "category": ("category", "ticket", "class"),
    "access": ("access", "access needs", "access need", "accessibility"),
    "wish": ("wish", "wished block", "wished table", "block", "table"),
}  # fmt: skip
"""What each column may be called, in any case."""
GIVEN = ("seat id", "seat block", "seat row", "seat number", "reason", "note")
"""Columns that are written; row is the table's label at tables."""
MOST = 100_000
"""Lines of a list."""


@dataclass(frozen=True)
class GuestFile:
    """A list as it was read."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    """Line of the file in which each row begins."""
    delimiter: str
    at: Mapping[str, int]
    """Number of each known column: those of `COLUMNS` and of `GIVEN`."""

    def column(self, name: str) -> list[str]:
        """What stands in a column; blanks where there is none."""
        k = self.at.get(name)
        return [row[k].strip() if k is not None else "" for row in self.rows]

    def guests(self) -> list[Guest]:
        """The guests in the order of the list."""
        seen: Counter[str] = Counter()
        out = []
        for id, name, group, category, access, wish in zip(
            *map(self.column, ("id", "name", "group", "category", "access", "wish"))
        ):
            key = f"id {id}" if id else f"name {name.casefold()} of {group.casefold()}"
            seen[key] += 1
            key = key if seen[key] == 1 else f"{key} ({seen[key]})"  # the second of one name is another guest
            out.append(Guest(key, group, category, needs(access)[0], wish, id))
        return out

    def before(self) -> dict[str, str]:
        """Key of each guest that has a seat in this list → the seat's permanent id."""
        return {guest.key: seat for guest, seat in zip(self.guests(), self.column("seat id")) if seat}

    def unknown(self) -> list[tuple[int, tuple[str, ...]]]:
        """Of each row whose access words are not all understood, its number and those words."""
        found = ((n, needs(text)[1]) for n, text in enumerate(self.column("access")))
        return [(n, words) for n, words in found if words]


def read_guests(data: bytes, name: str, earlier: bool = False) -> GuestFile:
    """The list that a file holds: commas, semicolons or tabs; UTF-8 or UTF-16.

    earlier : it must have the seats of an earlier run.
    Raises VenueError with every problem found, in lines and columns.
    """
    text = _decoded(data, name)
    delimiter, text, skipped = _delimiter(text)
    heads, rows, lines = _parsed(text, delimiter, name, skipped)
    at = _columns(heads, name, earlier)
    wrong = []
    width = len(heads)
    for row, line in zip(rows, lines):
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            wrong.append(Problem(f"has {len(row)} values; there {'are' if width > 1 else 'is'} {width} column{'s' * (width > 1)}: put a text with {_SIGNS[delimiter]} in it into quotes",
                                 "", name, line))  # fmt: skip
    file = GuestFile(
        name, tuple(heads), tuple(tuple([*row, *[""] * width][:width]) for row in rows), tuple(lines), delimiter, at
    )
    wrong += _same_ids(file)
    if len(rows) > MOST:
        wrong.append(Problem(f"has {len(rows)} guests; a list may have {MOST}", "", name))
    if wrong:
        raise VenueError(sorted(wrong, key=lambda p: p.line))
    return file


def guest_list(file: GuestFile, seated: Seated, scene: Scene) -> bytes:
    """The list with the seats: its own rows in their order, and the columns of `GIVEN` behind them.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, as in all lists.
    """
    seats = scene.seats
    own = [k for k, head in enumerate(file.heads) if _plain(head) not in GIVEN]
    unknown = dict(file.unknown())
    out = [[*(file.heads[k] for k in own), *GIVEN]]
    for n, row in enumerate(file.rows):
        seat = int(seated.seat[n])
        place = [str(of[seat]) if seat >= 0 else "" for of in (seats.ids, seats.block, seats.row, seats.seat)]
        note = [seated.notes[n]] if seated.notes[n] else []
        if n in unknown:
            note.append(f"access not understood: {', '.join(unknown[n])}")
        out.append([*(row[k] for k in own), *place, seated.reasons[n], "; ".join(note)])
    text = "".join(file.delimiter.join(_cell(cell, file.delimiter) for cell in cells) + "\n" for cells in out)
    return text.encode("utf-8") if text.isascii() else codecs.BOM_UTF8 + text.encode("utf-8", "replace")


_TOLD = 20
"""Lines of one fault that are told."""
_SIGNS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data[:4].count(0) >= 2 or data[:200].count(0) > len(data[:200]) // 3:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise VenueError(Problem("is a workbook, not a list of values: save it as CSV UTF-8", "", name))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise VenueError(
            Problem("is not in UTF-8: save it as CSV UTF-8, so that no name is spoilt", "", name, line)
        ) from None
    if "\0" in text:
        raise VenueError(
            Problem("has a zero byte in it: save it as CSV UTF-8", "", name, text[: text.index("\0")].count("\n") + 1)
        )
    if not text.strip():
        raise VenueError(Problem("is empty: its first line names the columns, name first", "", name))
    return text


def _delimiter(text: str) -> tuple[str, str, int]:
    """What stands between values, the text behind a line `sep=;`, and how many lines that took."""
    skipped = 0
    first = text.split("\n", 1)[0].strip()
    if first.casefold().startswith("sep=") and len(first) == 5 and first[4] in _SIGNS:
        return first[4], text.split("\n", 1)[1] if "\n" in text else "", 1
    for line in text.splitlines():
        if line.strip():
            plain = "".join(part for n, part in enumerate(line.split('"')) if n % 2 == 0)
            counts = {sign: plain.count(sign) for sign in _SIGNS}
            return max(counts, key=lambda sign: counts[sign]), text, skipped
    return ",", text, skipped


def _parsed(text: str, delimiter: str, name: str, skipped: int) -> tuple[list[str], list[list[str]], list[int]]:
    """Heads, rows that hold something, and the lines in which these begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    lines: list[int] = []
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append([cell[1:] if cell.startswith("'") and runs(cell[1:]) else cell for cell in row])
                lines.append(begins + skipped)
            begins = reader.line_num + 1
    except csv.Error as error:
        open_ = "unexpected end" in str(error)
        words = (
            "a quote that is opened here is never closed"
            if open_
            else "a quote stands in the middle of a value: double it, or put the value in quotes"
        )
        if "field larger" in str(error):
            words = "a value is longer than 131,072 letters: is a quote missing?"
        raise VenueError(Problem(words, "", name, begins + skipped)) from None
    if not found:
        raise VenueError(Problem("is empty: its first line names the columns, name first", "", name))
    return [head.strip() for head in found[0]], found[1:], lines[1:]


def _columns(heads: Sequence[str], name: str, earlier: bool) -> dict[str, int]:
    known = {word: column for column, words in COLUMNS.items() for word in words}
    known |= {word: word for word in GIVEN}
    at: dict[str, int] = {}
    wrong = []
    for k, head in enumerate(heads):
        column = known.get(_plain(head))
        if column is not None and column in at:
            wrong.append(Problem(f"columns {at[column] + 1} and {k + 1} both say the {column}: leave one", "", name, 1))
        elif column is not None:
            at[column] = k
    if "name" not in at and "id" not in at:
        wrong.append(
            Problem(
                "the first line has no column called name: it names the columns, as name, group, category, access",
                "",
                name,
                1,
            )
        )
    if earlier and "seat id" not in at:
        wrong.append(Problem("has no column 'seat id': give the list that an earlier seat-guests wrote", "", name, 1))
    if wrong:
        raise VenueError(wrong)
    return at


def _same_ids(file: GuestFile) -> Iterator[Problem]:
    """Ids must differ: a place is kept by them."""
    first: dict[str, int] = {}
    again = [(line, first.setdefault(id, line)) for id, line in zip(file.column("id"), file.lines) if id]
    again = [(line, same) for line, same in again if line != same]
    for line, same in again[:_TOLD]:
        yield Problem(f"has the id of line {same} again: ids must differ", "", file.name, line)
    if len(again) > _TOLD:
        yield Problem(f"and {len(again) - _TOLD} more lines have ids of others", "", file.name, again[_TOLD][0])


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _cell(text: str, delimiter: str) -> str:
    """No formula, and in quotes where a sign of the file's own stands in it (RFC 4180)."""
    text = f"'{text}" if runs(text) else text
    return '"' + text.replace('"', '""') + '"' if set(text) & {delimiter, '"', "\r", "\n"} else text
