"""Seat labels that people stumble over: numbers left out in a row, and labels that only a blank or a capital tells apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.checks._check import NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Strings


@check("MD04", "missing-seat-number", model="note")
def missing_seat_number(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """A number is left out in a row of a block, and nothing in the model says why.

    Places that objects took, killed ones, equal steps and odd and even sides are reasons. One finding a block.
    """
    seats = subject.scene.laid_out
    if not len(seats):
        raise NotChecked("no seats")
    values = _numbers(seats.seat)
    known = np.flatnonzero(values >= 0)
    if not len(known):
        raise NotChecked("no seat has a number")
    values = values[known]
    row = _codes(seats.element[known], seats.row[known])
    group = _codes(row, seats.block[known])
    uneven = np.intersect1d(_uneven(group, values, 0), _uneven(group, values, 2))
    found: dict[str, dict[str, tuple[int, list[int]]]] = {}
    for one in uneven.tolist():
        if missing := _missing(row, group, values, one):
            at = int(known[group == one][0])
            found.setdefault(str(seats.block[at]), {})[str(seats.row[at])] = (at, missing)
    for block, rows in found.items():
        lines = [f"row {row} has no {_listed(missing)}" for row, (_, missing) in rows.items()]
        first = next(at for at, _ in rows.values())
        yield rule.finding(
            f"block {block or '(no name)'}: {len(rows)} row{'s leave' if len(rows) > 1 else ' leaves'} numbers out; {lines[0]}",
            elements=tuple(dict.fromkeys(str(seats.element[at]) for at, _ in rows.values())), group=block,
            measured=float(sum(len(missing) for _, missing in rows.values())), required=0.0, unit="numbers",
            at=tuple(seats.at[first].tolist()), details=tuple(lines[1:]),
            fix="number the row through, or tell who sells and who ushers that these seats do not exist",
        )  # fmt: skip


@check("MD05", "similar-seat-label", model="warning")
def similar_seat_label(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """Two places have labels that differ in capitals or blanks only. One finding a block."""
    seats = subject.scene.seats
    if not len(seats):
        raise NotChecked("no seats")
    named = np.flatnonzero(seats.seat != "")
    columns = [seats.block[named], seats.row[named], seats.seat[named]]
    exact = _codes(*columns)
    plain = _codes(*(_plain(column) for column in columns))
    pairs = np.unique(np.stack([plain, exact], axis=1), axis=0)
    twice, count = np.unique(pairs[:, 0], return_counts=True)
    found: dict[str, list[list[int]]] = {}
    for one in twice[count > 1].tolist():
        some = np.flatnonzero(plain == one)
        some = some[np.unique(exact[some], return_index=True)[1]]
        at = named[np.sort(some)].tolist()
        found.setdefault(str(_plain(seats.block[at[:1]])[0]), []).append(at)
    for groups in found.values():
        lines = [
            " and ".join(f"'{seats.block[k]}' '{seats.row[k]}' '{seats.seat[k]}' ({seats.ids[k]})" for k in at)
            for at in groups
        ]
        block, first = str(seats.block[groups[0][0]]), groups[0][0]
        yield rule.finding(
            f"block {block or '(no name)'}: {len(groups)} label{'s' if len(groups) > 1 else ''} differ{'' if len(groups) > 1 else 's'} "
            f"from another in capitals or blanks only; {lines[0]}",
            elements=tuple(dict.fromkeys(str(seats.element[k]) for at in groups for k in at)), group=block,
            measured=float(len(groups)), required=0.0, unit="labels", at=tuple(seats.at[first].tolist()),
            details=tuple(lines[1:]), fix="give blocks and rows names that are heard and read apart",
        )  # fmt: skip


def _numbers(labels: Strings) -> NDArray[np.int64]:
    """(n,) number that each label ends in; −1 where it ends in none that a seat has."""
    names, at = np.unique(labels, return_inverse=True)
    found = [re.search(r"(?<![0-9])[0-9]{1,6}$", name) for name in names.tolist()]
    return np.array([int(digits[0]) if digits else -1 for digits in found], np.int64)[at.reshape(-1)]


def _codes(*columns: NDArray[Any]) -> NDArray[np.int64]:
    """(n,) a number for each different row of the columns."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, at = np.unique(column, return_inverse=True)
        _, code = np.unique(code * (len(column) + 1) + at.reshape(-1), return_inverse=True)
        code = code.reshape(-1).astype(np.int64)
    return code


def _uneven(group: NDArray[np.int64], values: NDArray[np.int64], parity: int) -> NDArray[np.int64]:
    """Groups whose numbers have unequal steps; with parity 2, whose odd or even ones go on by other than two."""
    part = values % parity if parity else np.zeros_like(values)
    table = np.unique(np.stack([group, part, values], axis=1), axis=0)
    inside = (table[1:, :2] == table[:-1, :2]).all(axis=1)
    of, step = table[1:, 0][inside], np.diff(table[:, 2])[inside]
    if parity:
        return np.unique(of[step != parity])
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    if not len(starts):
        return np.zeros(0, np.int64)
    return np.asarray(of[starts][np.minimum.reduceat(step, starts) != np.maximum.reduceat(step, starts)])


def _missing(row: NDArray[np.int64], group: NDArray[np.int64], values: NDArray[np.int64], one: int) -> list[int]:
    """Numbers that a row leaves out in one block, as far as no other block of the row has them."""
    here = group == one
    own = np.unique(values[here])
    others = values[(row == row[here][0]) & ~here]
    wanted = np.arange(own[0], own[-1] + 1, np.diff(own).min())
    through = not np.isin(others, own).any()  # numbers go on from block to block
    missing: list[int] = wanted[~np.isin(wanted, np.concatenate([own, others]) if through else own)].tolist()
    return missing


def _listed(numbers: Sequence[int]) -> str:
    """`7`, `7 and 9`, `7, 9, 11 and 4 more`."""
    if len(numbers) > 4:
        return f"{', '.join(map(str, numbers[:3]))} and {len(numbers) - 3} more"
    return " and ".join(filter(None, [", ".join(map(str, numbers[:-1])), str(numbers[-1])]))


def _plain(labels: Strings) -> Strings:
    """Labels without capitals, and without blanks."""
    names, at = np.unique(labels, return_inverse=True)
    plain = ["".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in names.tolist()]
    return np.array(plain, dtype=np.str_)[at.reshape(-1)]
