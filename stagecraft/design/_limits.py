"""What rule sets ask of a layout, as a solver needs it: the strictest of several, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft.checks._check import Rule
from stagecraft.checks.ruleset import RuleSet
from stagecraft.checks.values import By
from stagecraft.geometry.frame import Floats

MOST = 60
"""Longer rows are not tried."""
HOUSE = "house figure"
Asked = tuple[float, str]
"""A value, and the rule that asks for it."""


@dataclass(frozen=True, eq=False)
class Limits:
    """[m]"""

    rules: tuple[Rule, ...]
    both: Floats
    """(MOST + 1,) seatway that a row of n places needs which has a gangway at both ends; NaN where it may not be."""
    single: Floats
    """The same with a gangway at one end."""
    seatway: str
    """Rules that ask for these."""
    gangway: Asked
    front: Asked
    """From the stage's edge to the front row."""
    gap: Asked
    """Between the edges of two tables."""
    rows: tuple[int, str] | None
    """Most rows before a crossing gangway."""
    aside: Asked
    """Way along the walls."""
    wall: Asked
    """From a wall to the edge of a table."""
    density: Asked
    """Persons on a square metre who stand."""

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
        values = np.concatenate([self.both[1:], self.single[1:]])
        return sorted({round(v, 6) for v in values[~np.isnan(values)].tolist()})


def limits(sets: Iterable[RuleSet]) -> Limits:
    """What the sets ask for; a house figure where none says anything."""
    rules = tuple(rule for one in sets for rule in one.rules if not rule.not_checked)
    counts = np.arange(MOST + 1)
    both = np.where(counts <= 14, 0.35, np.nan)
    single = np.where(counts <= 7, 0.35, np.nan)
    return Limits(
        rules,
        both,
        single,
        HOUSE,
        (1.2, HOUSE),
        (2.5, HOUSE),
        (1.37, HOUSE),
        None,
        (1.2, HOUSE),
        (1.22, HOUSE),
        (2.0, HOUSE),
    )


def _of(rules: Iterable[Rule], check: str) -> Iterator[Rule]:
    return (rule for rule in rules if rule.check.name == check)


def _most(rules: Iterable[Rule], check: str, name: str, otherwise: Asked) -> Asked:
    """The greatest of a value."""
    found = [
        (float(rule.values[name]), rule.id)
        for rule in _of(rules, check)
        if isinstance(rule.values.get(name), (int, float))
    ]
    return max(found, default=otherwise)


def _table(rules: Iterable[Rule], check: str, name: str) -> tuple[Floats, str] | None:
    """(MOST + 1,) the greatest of a value that goes by a count."""
    counts = np.arange(MOST + 1)
    out, ids = np.zeros(MOST + 1), []
    for rule in _of(rules, check):
        value = rule.values.get(name)
        if isinstance(value, By):
            out = np.maximum(out, value.at(counts))
            ids.append(rule.id)
    return (out, ", ".join(ids)) if ids else None
