"""What a house says about some of its seats: selectors, and the places, categories, holds and kills they give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.elements import People
from stagecraft.errors import Problem, nearest
from stagecraft.scene import Bools, SeatRow, Strings, ViewRule
from stagecraft.venue.document import Loc, PlaceRule, Source

_RANGE = re.compile(r"^([^-]+)-([^-]+)$")
_NUMBER = re.compile(r"^[0-9]{1,9}$")
_SIDE = re.compile(r"(?:^|\s)(odd|even)$")
KINDS = ("chair", "wheelchair", "companion", "standing", "table")
"""Kinds of places, as a selector names them."""


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
    every = Labels.of(rows)
    fields = {
        name: np.concatenate([getattr(row, name) for row in rows]).astype(object)
        for name in ("place", "category", "status", "owner", "reason", "item")
    }
    eyes = np.concatenate([row.eyes for row in rows])
    floor = np.concatenate([row.at[:, 2] for row in rows])
    for at, rule in rules.items():
        if rule.bands:
            continue  # said when the views are known
        for mask in _chosen(at, rule, every, fields["place"], source, wrong):
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
            if status := _status(rule):
                fields["status"][mask] = status
                fields["reason"][mask] = _reason(rule)
                fields["owner"][mask] = rule.owner
    out = []
    for row, start, end in zip(rows, bounds[:-1], bounds[1:]):
        changes: dict[str, Any] = {name: values[start:end].astype(np.str_) for name, values in fields.items()}
        out.append(replace(row, **changes, eyes=eyes[start:end]))
    return out


def by_view(
    rows: Sequence[SeatRow],
    rules: Mapping[Loc, PlaceRule],
    prices: Mapping[str, float],
    source: Source,
    wrong: list[Problem],
) -> tuple[ViewRule, ...]:
    """What is to be said of seats by what they see, when that is known; in the order of the file.

    prices : by category

    A selector that matches no seat is added to `wrong`.
    """
    if not any(rule.bands for rule in rules.values()) or not any(row.count for row in rows):
        return ()
    every = Labels.of(rows)
    place = np.concatenate([row.place for row in rows])
    return tuple(
        ViewRule(
            every.ids[np.any([*_chosen(at, rule, every, place, source, wrong), np.zeros(len(place), bool)], axis=0)],
            rule.bands, rule.category, prices.get(rule.category or "", float("nan")), _status(rule), _reason(rule), rule.owner,
        )
        for at, rule in rules.items() if rule.bands
    )  # fmt: skip


def _chosen(
    at: Loc, rule: PlaceRule, every: Labels, place: NDArray[Any], source: Source, wrong: list[Problem]
) -> Iterator[Bools]:
    """The seats of each selector of a rule."""
    for k, selector in enumerate(rule.selectors):
        loc: Loc = (*at, "seats") if isinstance(rule.seats, str) else (*at, "seats", k)
        mask, message = selected(selector, every, place)
        if message:
            wrong.append(Problem(message, _path(loc), *source.place(loc)))
        else:
            yield mask


def _status(rule: PlaceRule) -> str:
    return "hold" if rule.hold is not None else "kill" if rule.kill is not None else ""


def _reason(rule: PlaceRule) -> str:
    until = f", until {rule.release}" if rule.release else ""
    return f"{rule.hold or rule.kill or ''}{until}"


def _path(loc: Loc) -> str:
    """`places[2].seats`, `setups.dinner.places[1]`."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".")


@dataclass(frozen=True, eq=False)
class Labels:
    """What selectors look at, one of each for every place laid out."""

    ids: Strings
    element: Strings
    block: Strings
    row: Strings
    order: NDArray[np.int64]
    """Place of the row in the lettering, of the table in the numbering."""
    seat: Strings

    @classmethod
    def of(cls, rows: Sequence[SeatRow]) -> Labels:
        counts = [row.count for row in rows]
        joined = {
            name: np.concatenate([getattr(row, name) for row in rows]) for name in ("ids", "block", "row", "seat")
        }
        return cls(
            **joined,
            element=np.repeat(np.array([row.element for row in rows], dtype=np.str_), counts),
            order=np.repeat([row.order if row.order >= 0 else row.key - 1 for row in rows], counts),
        )


def selected(selector: str, of: Labels, place: NDArray[Any]) -> tuple[Bools, str]:
    """Seats that `block/row/seat-seat` or `id:…` means, and what is wrong with it if that is none."""
    none = np.zeros(len(of.seat), bool)
    if selector.strip().startswith("id:"):
        return _by_id(selector, of)
    parts = [part.strip() for part in selector.split("/")]
    if not 1 <= len(parts) <= 3 or not all(parts):
        return none, f"'{selector}' is not a selector: write block/row/seat, as C/A-B or C/C/1-6"
    mask = ~none if parts[0] == "*" else (of.block == parts[0]) | (of.element == parts[0])
    if not mask.any():
        known = sorted({*of.block.tolist(), *of.element.tolist()})
        more = f" and {len(known) - 12} more" if len(known) > 12 else ""
        hint = nearest(parts[0], known) or f": there are {', '.join(known[:12])}{more}"
        return mask, f"'{selector}' matches no seat: no block is called '{parts[0]}'{hint}"
    if len(parts) > 1 and parts[1] != "*":
        rows = _rows(parts[1], of, mask)
        if not (mask & rows).any():
            known = list(dict.fromkeys(of.row[mask].tolist()))
            lower = parts[1] != parts[1].upper() and (mask & _rows(parts[1].upper(), of, mask)).any()
            hint = f"; did you mean '{parts[1].upper()}'?" if lower else _turned(parts[1])
            where = "the house" if parts[0] == "*" else parts[0]
            what = "tables" if (place[mask] == "table").all() else "rows"
            return mask & rows, f"'{selector}' matches no seat: {where} has {what} {known[0]} to {known[-1]}{hint}"
        mask = mask & rows
    if len(parts) > 2 and parts[2] != "*":
        return _seats(selector, parts[2], mask, of.seat, place)
    return mask, ""


def _by_id(selector: str, of: Labels) -> tuple[Bools, str]:
    """Places with permanent ids: `id:C/3/-2`, or several with commas between."""
    wanted = [one.strip() for one in selector.strip().removeprefix("id:").split(",")]
    mask = np.isin(of.ids, wanted)
    if not all(one.count("/") == 2 for one in wanted):
        return mask, f"'{selector}' is not a permanent id: write id:element/row/place, as id:C/3/-2"
    if missing := [one for one in wanted if one not in set(of.ids[mask].tolist())]:
        head = missing[0].rsplit("/", 1)[0] + "/"
        slots = [id.rsplit("/", 1)[1] for id in of.ids.tolist() if id.startswith(head)]
        hint = f": {head[:-1]} has {slots[0]} to {slots[-1]}" if slots else nearest(missing[0], of.ids.tolist()[:5000])
        return mask, f"'{selector}' matches no seat: no place has the permanent id '{missing[0]}'{hint}"
    return mask, ""


def _rows(wanted: str, of: Labels, within: Bools) -> Bools:
    """Rows (or tables) that a list of names and ranges means, a name with a dash in it too."""
    mask = np.zeros(len(of.row), bool)
    for piece in (piece.strip() for piece in wanted.split(",")):
        named = within & (of.row == piece)
        ends = None if named.any() else _RANGE.match(piece)
        low, high = (ends[1].strip(), ends[2].strip()) if ends else (piece, piece)
        first, last = of.order[within & (of.row == low)], of.order[within & (of.row == high)]
        if len(first) and len(last):
            mask |= (of.order >= first.min()) & (of.order <= last.max()) if ends else of.row == piece
    return mask


def _seats(selector: str, wanted: str, mask: Bools, seat: Strings, place: NDArray[Any]) -> tuple[Bools, str]:
    """Seats among some by number, range, odd or even, or kind of place."""
    names, at = np.unique(seat[mask], return_inverse=True)
    values = np.array([_value(name) for name in names.tolist()], np.int64)
    kinds = place[mask]
    chosen = np.zeros(len(kinds), bool)
    for piece in (piece.strip() for piece in wanted.split(",")):
        if piece in KINDS:
            chosen |= kinds == piece
            continue
        fits = _fitting(piece, names, values)
        if fits is None:
            there = "" if all(map(_NUMBER.match, names.tolist())) else f"; seats there run from {_ends(names, values)}"
            return np.zeros(len(seat), bool), f"'{selector}': '{piece}' is not a seat number or a range like 1-6{there}"
        chosen |= fits[at.reshape(-1)]
    out = np.zeros(len(seat), bool)
    out[np.flatnonzero(mask)[chosen]] = True
    if chosen.any():
        return out, ""
    if wanted in KINDS:
        there = ", ".join(kind for kind in KINDS if (kinds == kind).any())
        return out, f"'{selector}' matches no seat: the places there are of the kind {there}"
    return out, f"'{selector}' matches no seat: seats there run from {_ends(names, values)}{_turned(wanted)}"


def _ends(names: Strings, values: NDArray[np.int64]) -> str:
    ordered = names[np.argsort(values, kind="stable")]
    return f"{ordered[0]} to {ordered[-1]}"


def _fitting(piece: str, names: Strings, values: NDArray[np.int64]) -> Bools | None:
    """Which labels a number, a label, a range, `odd`, `even` or `1-11 odd` means; None where it is none of them."""
    exact = names == piece
    if exact.any():
        return np.asarray(exact)
    side = _SIDE.search(piece)
    rest = piece[: side.start()].strip() if side else piece
    ok = values % 2 == (side[1] == "odd") if side else np.ones(len(values), bool)
    if not rest:
        return np.asarray(ok)
    ends = _RANGE.match(rest)
    low, high = (ends[1].strip(), ends[2].strip()) if ends else (rest, rest)
    if not all(_NUMBER.match(end) or end in names for end in (low, high)):
        return None
    return np.asarray(ok & (values >= _value(low)) & (values <= _value(high)))


def _value(label: str) -> int:
    """The number that a label ends in (P12 → 12), or the place of its letters in the alphabet (C → 3)."""
    if digits := re.search(r"[0-9]{1,9}$", label):
        return int(digits[0])
    return int(sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(label.upper()[-6:])) if "A" <= c <= "Z"))


def _turned(wanted: str) -> str:
    """A hint for a range that is written from its end: `6-1`."""
    ends = _RANGE.match(wanted)
    if ends is None:
        return ""
    low, high = ends[1].strip(), ends[2].strip()
    number = low.isdecimal() and high.isdecimal()
    turned = int(low) > int(high) if number else (len(low), low) > (len(high), high)
    return f"; write '{high}-{low}'" if turned else ""
