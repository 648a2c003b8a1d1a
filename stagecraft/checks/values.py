"""Values of a rule that go by a count or by a size: tables and straight lines, as their source publishes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stagecraft import units
from stagecraft.checks._check import EXACT

Floats: TypeAlias = NDArray[np.float64]
Sort = Literal["length", "count"]

_LINE = ("base", "per", "free", "cap", "each", "full")
_FORMS = (
    "write one value; up_to: {14: 300 mm, 16: 325 mm} and above: 500 mm; from: {750 mm: 60, 850 mm: 110}; "
    "or base, per, free, cap, and each or full"
)


@dataclass(frozen=True)
class Line:
    """`base + per · (x − free)`, no less than base, no more than cap.

    each : `per` counts for every started piece of this size of what is above `free`
    full : `per` counts for every full piece of this size
    """

    base: float
    per: float = 0.0
    free: float = 0.0
    cap: float = math.inf
    each: float | None = None
    full: float | None = None

    def at(self, x: Floats) -> Floats:
        over = np.maximum(x - self.free, 0.0)
        if self.each is not None:
            over = np.ceil(over / self.each - EXACT)
        elif self.full is not None:
            over = np.floor(over / self.full + EXACT)
        return np.minimum(self.cap, self.base + self.per * over)


@dataclass(frozen=True)
class By:
    """A value that goes by a count or a size: steps, lines, or one value for all."""

    of: ClassVar[Sort]
    """What the value is."""
    by: ClassVar[Sort]
    """What it goes by."""
    steps: tuple[tuple[float, Line], ...]
    """Bounds, rising, and what holds there; the bound itself belongs to its step."""
    upper: bool
    """Do steps reach up to their bound, or begin there?"""
    beyond: Line | None
    """What holds above the last upper bound, or below the first lower one; None: nothing is allowed there."""
    words: str
    """As published."""

    def at(self, x: ArrayLike) -> Floats:
        """The value for each x; NaN where none is allowed, and where x is none."""
        values = np.asarray(x, float)
        out = np.full(values.shape, np.nan) if self.beyond is None else self.beyond.at(values)
        for bound, line in reversed(self.steps) if self.upper else self.steps:
            here = values <= bound + EXACT if self.upper else values >= bound - EXACT
            out = np.where(here, line.at(values), out)
        return np.where(np.isnan(values), np.nan, out)

    def one(self, x: float) -> float:
        """The value for one x."""
        return float(self.at(x))

    @classmethod
    def parse(cls, given: Any) -> Self:
        """From a rule's text. Raises ValueError in the reader's words."""
        words = _words(given, " m" if cls.by == "length" else "")
        if not isinstance(given, Mapping):
            return cls((), True, cls._line(given), words)
        known = {*_LINE, "up_to", "from", "above"}
        if unknown := [str(key) for key in given if key not in known]:
            raise ValueError(f"'{unknown[0]}' is not understood: {_FORMS}")
        if ("up_to" in given) + ("from" in given) + bool(set(given) & set(_LINE)) != 1 or (
            "above" in given and "up_to" not in given
        ):
            raise ValueError(_FORMS)
        if set(given) & set(_LINE):
            return cls((), True, cls._line(given), words)
        upper = "up_to" in given
        table = given["up_to" if upper else "from"]
        if not isinstance(table, Mapping) or not table:
            raise ValueError(_FORMS)
        steps = [(_number(bound, cls.by), cls._line(value)) for bound, value in table.items()]
        bounds = [bound for bound, _ in steps]
        if any(b <= a for a, b in pairwise(bounds)):
            raise ValueError("the steps must rise from one to the next")
        beyond = cls._line(given["above"]) if "above" in given else None if upper else Line(0.0)
        return cls(tuple(steps), upper, beyond, words)

    @classmethod
    def _line(cls, given: Any) -> Line:
        if not isinstance(given, Mapping):
            return Line(_number(given, cls.of))
        if not given or set(given) - set(_LINE):
            raise ValueError(_FORMS)
        if "each" in given and "full" in given:
            raise ValueError("give either each (every started piece) or full (every full one)")
        if set(given) == {"each"}:  # one for every full piece
            return Line(0.0, 1.0, full=_piece(given["each"], cls.by))
        read: dict[str, Callable[[Any], float]] = {
            "base": lambda v: _number(v, cls.of), "per": lambda v: _number(v, cls.of), "cap": lambda v: _number(v, cls.of),
            "free": lambda v: _number(v, cls.by), "each": lambda v: _piece(v, cls.by), "full": lambda v: _piece(v, cls.by),
        }  # fmt: skip
        return Line(**{"base": 0.0, **{key: read[key](value) for key, value in given.items()}})


class LengthByCount(By):
    """A length that goes by how many: the seatway by the seats in a row. [m]"""

    of, by = "length", "count"


class CountByCount(By):
    """How many by how many: exits by people."""

    of, by = "count", "count"


class CountByLength(By):
    """How many by a length: people by the width of an exit."""

    of, by = "count", "length"


class LengthByLength(By):
    """A length by a length: the way to an exit by the height of the room. [m]"""

    of, by = "length", "length"


def _number(given: Any, sort: Sort) -> float:
    if sort == "length":
        size = units.metres(given)
        if size < 0:
            raise ValueError(f"'{given}' is below zero")
        return size
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given) or given < 0:
        raise ValueError(f"'{given}' is not a number")
    return float(given)


def _piece(given: Any, sort: Sort) -> float:
    size = _number(given, sort)
    if size <= 0:
        raise ValueError(f"'{given}' must be more than nothing")
    return size


def _words(given: Any, unit: str = "") -> str:
    """A rule's value as one reads it: `up to 14: 300 mm, up to 16: 325 mm, above: 500 mm`.

    unit : of what it goes by, with a space before it; none where it counts
    """
    if not isinstance(given, Mapping):
        return str(given)
    for key, word in (("up_to", "up to"), ("from", "from")):
        if isinstance(given.get(key), Mapping):
            steps = [f"{word} {bound}: {_words(value, unit)}" for bound, value in given[key].items()]
            return ", ".join([*steps, *([f"above: {_words(given['above'], unit)}"] if "above" in given else [])])
    if set(given) == {"each"}:
        return f"one for every {given['each']}"
    piece = f"each started {given['each']}" if "each" in given else f"every full {given.get('full', 1)}"
    parts = [str(given["base"])] if given.get("base", 0) else []
    parts += (
        [f"{given['per']} for {piece}" if {"each", "full"} & set(given) else f"{given['per']} for each{unit}"]
        if "per" in given
        else []
    )
    text = " + ".join(parts) or "0"
    text += f" beyond {given['free']}" if "free" in given else ""
    return text + (f", at most {given['cap']}" if "cap" in given else "")


__all__ = ["By", "CountByCount", "CountByLength", "LengthByCount", "LengthByLength", "Line"]
