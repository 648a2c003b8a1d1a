"""How large people are: the named sets of `assets/people/statures.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal

from stagecraft.assets import folder
from stagecraft.scene import Stature

Set = Literal["default", "low", "p5", "p50", "p95", "children"]
FIGURES = tuple(field.name for field in fields(Stature) if field.type == "float")
"""Names of the figures of a set, as in the venue file."""

_UNITS = {"mm": 1000.0, "%": 100.0}
_TRUST = {"C": ", from memory", "D": ", unverified"}
_WORDS = {"eye": "eye", "head": "head", "wheelchair_eye": "wheelchair", "standing_eye": "standing eye"}


@dataclass(frozen=True)
class Figure:
    """One size: [m], or a part of a size for `size_spread`."""

    value: float
    source: str
    confidence: str
    """B a page that quotes the source, C from memory, D unverified."""


def figures(name: Set = "default") -> Mapping[str, Figure]:
    """Every figure of a set; what it does not say is that of `default`."""
    sets = _sets()
    return {**sets["default"], **sets[name]}


def source(name: Set, own: Mapping[str, float], standing: bool = False) -> str:
    """Where the eye and head figures of a house come from, in a line.

    own : figures that the venue file writes itself [m]
    standing : the audience stands
    """
    known = figures(name)
    words = []
    for figure in ("standing_eye" if standing else "eye", "head", "wheelchair_eye"):
        value, text = known[figure].value, known[figure].source + _TRUST.get(known[figure].confidence, "")
        if figure in own and own[figure] != value:
            value, text = own[figure], "as the venue file says"
        size = f"{value:.3f}"
        words.append(f"{_WORDS[figure]} {size.removesuffix('0')} m: {text}")
    line = "; ".join(words)
    return line if name == "default" else f"stature {name}: {line}"


@cache
def _sets() -> dict[str, dict[str, Figure]]:
    out: dict[str, dict[str, Figure]] = {}
    with (folder("people") / "statures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = float(row["value"]) / _UNITS[row["unit"]]
            out.setdefault(row["set"], {})[row["figure"]] = Figure(value, row["source"], row["confidence"])
    return out
