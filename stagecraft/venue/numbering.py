"""Labels for seats, and what a house says about some of them. Numbering belongs to the house, over all elements.

Every place ever laid out has its number, so that an object which takes seats away renumbers nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.elements import People
from stagecraft.errors import Problem
from stagecraft.scene import SeatRow
from stagecraft.venue.document import Loc, Numbering, PlaceRule, Source, nearest

_RANGE = re.compile(r"^([^-]+)-([^-]+)$")
_NUMBER = re.compile(r"^[0-9]{1,9}$")


def row_letters(index: int, skip: Sequence[str] = ("I", "O")) -> str:
    """`A` for 0, `B` for 1 … `Z`, `AA`, `AB` …, without the letters skipped."""
    letters = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in {s.upper() for s in skip}]
    base, out = len(letters), ""
    index += 1
    while index > 0:
        index, digit = divmod(index - 1, base)
        out = letters[digit] + out
    return out


def numbered(rows: Sequence[SeatRow], numbering: Numbering) -> list[SeatRow]:
    """The same rows with row and seat labels."""
    labels = []
    for row in rows:
        tables = bool(row.count) and bool((row.place == "table").all())
        order = row.order if row.order >= 0 else row.key - 1
        labels.append(str(row.key) if tables or (numbering.rows == "numbers" and row.order < 0)
                      else str(order + 1) if numbering.rows == "numbers"
                      else row_letters(order, numbering.skip))  # fmt: skip
    joint = set(numbering.continuous_across)
    runs: dict[tuple[str, str, int], list[tuple[float, int, NDArray[np.intp]]]] = {}
    for n, row in enumerate(rows):
        if not row.count:
            continue
        middle = float(row.at[:, 0].mean())
        if row.element in joint:
            runs.setdefault(("", labels[n], 0), []).append((middle, n, np.arange(row.count)))
        elif numbering.continuous_blocks:
            runs.setdefault((row.element, labels[n], row.key), []).append((middle, n, np.arange(row.count)))
        else:
            for section in np.unique(row.section).tolist():
                index = np.flatnonzero(row.section == section)
                runs.setdefault((f"{row.element}/{section}", labels[n], row.key), []).append((middle, n, index))
    numbers = [np.zeros(row.count, np.int64) for row in rows]
    for pieces in runs.values():
        pieces.sort(key=lambda piece: (piece[0], piece[1]))
        total = sum(len(piece[2]) for piece in pieces)
        count = np.arange(total)
        if numbering.origin == "house_right":
            count = count[::-1]
        start = 0
        for _, n, index in pieces:
            numbers[n][index] = numbering.start + count[start : start + len(index)]
            start += len(index)
    return [
        replace(row, row=np.full(row.count, label), seat=number.astype(np.str_))
        for row, label, number in zip(rows, labels, numbers)
    ]


def placed(
    rows: Sequence[SeatRow], rules: Mapping[Loc, PlaceRule], people: People, source: Source, wrong: list[Problem]
) -> list[SeatRow]:
    """The rows with the place, category and status that the house's rules give; later rules win.

    rules : by where they stand in the file
    people : another kind of place has another eye; a chair keeps its own where it has one

    A selector that matches no seat is added to `wrong`.
    """
    if not rules:
        return list(rows)
    if not any(row.count for row in rows):
        first = next(iter(rules))
        wrong.append(Problem("nobody sits here, so there is nobody to say this of: add seating, or take it out",
                             _path(first), *source.place(first)))  # fmt: skip
        return list(rows)
    bounds = np.cumsum([0] + [row.count for row in rows])
    element = np.repeat(np.array([row.element for row in rows], dtype=np.str_), np.diff(bounds))
    block, label, seat = (np.concatenate([getattr(row, name) for row in rows]) for name in ("block", "row", "seat"))
    order = np.repeat([row.order if row.order >= 0 else row.key - 1 for row in rows], np.diff(bounds))
    fields = {
        name: np.concatenate([getattr(row, name) for row in rows]).astype(object)
        for name in ("place", "category", "status", "owner", "reason", "item")
    }
    eyes = np.concatenate([row.eyes for row in rows])
    floor = np.concatenate([row.at[:, 2] for row in rows])
    for at, rule in rules.items():
        for k, selector in enumerate(rule.selectors):
            loc: Loc = (*at, "seats") if isinstance(rule.seats, str) else (*at, "seats", k)
            mask, message = selected(selector, element, block, label, order, seat)
            if message:
                wrong.append(Problem(message, _path(loc), *source.place(loc)))
                continue
            if rule.place is not None:
                seated = ~np.isin(fields["place"], ("wheelchair", "standing"))
                fields["place"][mask] = rule.place
                if rule.place in ("wheelchair", "standing"):
                    fields["item"][mask] = ""
                    eyes[mask, 2] = floor[mask] + (
                        people.wheelchair_eye if rule.place == "wheelchair" else people.standing_eye
                    )
                else:
                    eyes[mask & ~seated, 2] = floor[mask & ~seated] + people.eye
            if rule.category is not None:
                fields["category"][mask] = rule.category
            if rule.hold is not None or rule.kill is not None:
                fields["status"][mask] = "hold" if rule.hold is not None else "kill"
                until = f", until {rule.release}" if rule.release else ""
                fields["reason"][mask] = f"{rule.hold or rule.kill or ''}{until}"
                fields["owner"][mask] = rule.owner
    out = []
    for row, start, end in zip(rows, bounds[:-1], bounds[1:]):
        changes: dict[str, Any] = {name: values[start:end].astype(np.str_) for name, values in fields.items()}
        out.append(replace(row, **changes, eyes=eyes[start:end]))
    return out


def _path(loc: Loc) -> str:
    """`places[2].seats`, `setups.dinner.places[1]`."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")


def selected(
    selector: str,
    element: NDArray[np.str_],
    block: NDArray[np.str_],
    row: NDArray[np.str_],
    order: NDArray[np.int64],
    seat: NDArray[np.str_],
) -> tuple[NDArray[np.bool_], str]:
    """Seats that `block/row/seat-seat` means, and what is wrong with it if that is none."""
    parts = [part.strip() for part in selector.split("/")]
    every = np.ones(len(seat), bool)
    if not 1 <= len(parts) <= 3 or not all(parts):
        return ~every, f"'{selector}' is not a selector: write block/row/seat, as C/A-B or C/C/1-6"
    mask = every if parts[0] == "*" else (block == parts[0]) | (element == parts[0])
    if not mask.any():
        known = sorted({*block.tolist(), *element.tolist()})
        more = f" and {len(known) - 12} more" if len(known) > 12 else ""
        hint = nearest(parts[0], known) or f": there are {', '.join(known[:12])}{more}"
        return mask, f"'{selector}' matches no seat: no block is called '{parts[0]}'{hint}"
    if len(parts) > 1 and parts[1] != "*":
        rows = _rows(parts[1], row, order, mask)
        if not (mask & rows).any():
            known = list(dict.fromkeys(row[mask].tolist()))
            lower = parts[1] != parts[1].upper() and (mask & _rows(parts[1].upper(), row, order, mask)).any()
            hint = f"; did you mean '{parts[1].upper()}'?" if lower else _turned(parts[1])
            where = "the house" if parts[0] == "*" else parts[0]
            return mask & rows, f"'{selector}' matches no seat: {where} has rows {known[0]} to {known[-1]}{hint}"
        mask = mask & rows
    if len(parts) > 2 and parts[2] != "*":
        numbers = seat.astype(np.int64)
        wanted = np.zeros(len(seat), bool)
        for piece in parts[2].split(","):
            ends = _RANGE.match(piece.strip())
            low, high = (ends[1].strip(), ends[2].strip()) if ends else (piece.strip(), piece.strip())
            if not (_NUMBER.match(low) and _NUMBER.match(high)):
                return ~every, f"'{selector}': '{piece}' is not a seat number or a range like 1-6"
            wanted |= (numbers >= int(low)) & (numbers <= int(high))
        here = numbers[mask]
        mask = mask & wanted
        if not mask.any():
            return mask, (f"'{selector}' matches no seat: seats there run from {here.min()} to {here.max()}"
                          f"{_turned(parts[2])}")  # fmt: skip
    return mask, ""


def _rows(wanted: str, row: NDArray[np.str_], order: NDArray[np.int64], within: NDArray[np.bool_]) -> NDArray[np.bool_]:
    mask = np.zeros(len(row), bool)
    for piece in wanted.split(","):
        ends = _RANGE.match(piece.strip())
        low, high = (ends[1].strip(), ends[2].strip()) if ends else (piece.strip(), piece.strip())
        first, last = order[within & (row == low)], order[within & (row == high)]
        if len(first) and len(last):
            mask |= (order >= first.min()) & (order <= last.max())
    return mask


def _turned(wanted: str) -> str:
    """A hint for a range that is written from its end: `6-1`."""
    ends = _RANGE.match(wanted)
    if ends is None:
        return ""
    low, high = ends[1].strip(), ends[2].strip()
    number = low.isdecimal() and high.isdecimal()
    turned = int(low) > int(high) if number else (len(low), low) > (len(high), high)
    return f"; write '{high}-{low}'" if turned else ""
