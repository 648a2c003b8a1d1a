"""What rule sets ask of a layout, as a solver needs it: the strictest of several, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft.checks._check import Rule
from stagecraft.checks.ruleset import RuleSet
from stagecraft.checks.values import By
from stagecraft.geometry.frame import Floats

MOST = 60
"""Longer rows are not tried."""
PEOPLE = 100
"""A gangway is laid out for so many at first; where more use it, it is laid out anew."""
WAY = 3.0
"""So long is the way between tables at first. [m]"""
TRADE = "trade practice"
SEATWAY = 0.35
"""Where no rule asks for one. [m]"""
Asked = tuple[float, str]
"""A value, and the rule that asks for it."""
_TRIED = [1, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 32, 40, 50, 60]
"""Lengths of rows whose seatways are tried."""
_SEATWAYS = np.round(np.arange(0.25, 0.805, 0.005), 3)
"""Tried where the length of rows goes by the seatway. [m]"""


@dataclass(frozen=True, eq=False)
class Limits:
    """[m]"""

    both: Floats
    """(MOST + 1,) seatway that a row of n places needs which has a gangway at both ends; NaN where it may not be."""
    single: Floats
    """The same with a gangway at one end."""
    seatway: str
    """Rules that ask for these."""
    gangway: Asked
    aside: Asked
    """Way along the walls."""
    width: Asked
    """Of a place."""
    rows: Asked
    """Most rows before a crossing gangway; infinite for any number."""
    least: Asked
    """Fewest chairs linked to one length."""
    front: Asked
    """From the stage's edge to the front row."""
    gap: Asked
    """Between the edges of two tables with chairs on both sides."""
    desk: Asked
    """From a table's edge to the next row's table, with chairs between."""
    wall: Asked
    """From a wall to the edge of a table."""

    def runs(self, seatway: float) -> tuple[int, int]:
        """Longest rows for a seatway, with gangways at both ends and at one."""
        found = []
        for table in (self.both, self.single):
            with np.errstate(invalid="ignore"):
                fits = np.flatnonzero(table <= seatway + 1e-6)
            found.append(int(fits[-1]) if len(fits) else 0)
        return found[0], found[1]

    @property
    def seatways(self) -> list[float]:
        """Every width worth trying."""
        values = np.concatenate([self.both[_TRIED], self.single[_TRIED]])
        return sorted({round(v, 6) for v in values[~np.isnan(values)].tolist()})


def limits(sets: Iterable[RuleSet]) -> Limits:
    """What the sets ask for; trade practice where none says anything."""
    rules = [rule for one in sets for rule in one.rules if not rule.not_checked]
    both, single = (_seatways(rules, name, most) for name, most in (("both", 14), ("one", 7)))
    used = [rule.id for rule in rules if rule.check.name in ("narrow-seatway", "long-row")] or [TRADE]
    wide = _most(rules, "narrow-gangway", lambda v: _at(v.get("width"), PEOPLE), (1.1, TRADE))
    beside = _most(rules, "narrow-gangway", lambda v: _at(v.get("one_side") or v.get("width"), PEOPLE), wide)
    ends = _most(rules, "narrow-seatway", lambda v: v.get("gangway"), beside)
    chair = _most(rules, "near-tables", lambda v: v.get("chair"), (0.0, ""))[0]
    between = _most(rules, "near-tables", lambda v: _at(v.get("between"), WAY), (1.372, TRADE))
    blocks = [(float(rule.values["rows_most"]), rule.id) for rule in _of(rules, "large-block")]
    return Limits(
        both, single, ", ".join(used), wide, max(beside, ends),
        _most(rules, "narrow-seat", lambda v: v.get("width"), (0.0, "")), min(blocks, default=(np.inf, "")),
        _most(rules, "loose-chairs", lambda v: v.get("least"), (1.0, "")),
        _most(rules, "near-stage", lambda v: v.get("good"), (1.5, TRADE)), (between[0] + 2 * chair, between[1]),
        (between[0] + chair if chair or between[1] != TRADE else 0.0, between[1]),
        _most(rules, "near-tables", lambda v: v.get("wall"), (1.219, TRADE)),
    )  # fmt: skip


def _of(rules: Iterable[Rule], check: str) -> Iterator[Rule]:
    return (rule for rule in rules if rule.check.name == check)


def _at(value: Any, x: float) -> float | None:
    return value.one(x) if isinstance(value, By) else None


def _most(rules: Iterable[Rule], check: str, value: Callable[[Any], float | None], otherwise: Asked) -> Asked:
    """The greatest that the rules of one check ask for."""
    found = [(size, rule.id) for rule in _of(rules, check) if (size := value(rule.values)) is not None]
    return max(((float(size), id) for size, id in found), default=otherwise)


def _seatways(rules: Iterable[Rule], end: str, most: int) -> Floats:
    """(MOST + 1,) least seatway of a row of n places with which no rule is broken; NaN where there is none."""
    counts = np.arange(MOST + 1)
    out = np.where(counts <= most, SEATWAY, np.nan)
    if any(_of(rules, "narrow-seatway")) or any(_of(rules, "long-row")):
        out = np.zeros(MOST + 1)
    for rule in _of(rules, "narrow-seatway"):
        out = np.maximum(out, rule.values[end].at(counts))
    for rule in _of(rules, "long-row"):
        if rule.values.get(end) is not None:
            fits = rule.values[end].at(_SEATWAYS)[None, :] >= counts[:, None] - 1e-6
            least = np.where(fits.any(axis=1), _SEATWAYS[np.argmax(fits, axis=1)], np.nan)
            out = np.maximum(out, np.where(fits[:, 0], 0.0, least))
    return out
