"""Lines in the order of the page: what is read from right to left stands turned round among what is not.

The levels of the Unicode bidirectional algorithm (UAX #9) without explicit marks, in our own words: the small libraries
for it are under the LGPL or bring a shaper with them.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

_KIND = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "ES": "S", "CS": "S", "ET": "T"}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def runs(text: str) -> list[tuple[bool, str]]:
    """(right to left, piece) from left to right as they are seen; each piece in the order in which it is read."""
    levels = _levels(text)
    pieces = [
        (level, "".join(c for _, c in piece))
        for level, piece in itertools.groupby(zip(levels, text), lambda pair: pair[0])
    ]
    for least in (2, 1):
        groups = itertools.groupby(pieces, lambda piece: piece[0] >= least)  # noqa: B023 (used up before the next)
        pieces = [piece for lifted, group in groups for piece in (reversed(list(group)) if lifted else group)]
    return [(level == 1, piece) for level, piece in pieces]


def is_backwards(text: str) -> bool:
    """Whether a line as a whole is read from right to left: its first letter says it."""
    kinds = (_KIND.get(unicodedata.bidirectional(c), " ") for c in text)
    return next((kind for kind in kinds if kind in "LR"), "L") == "R"


def turned(text: str) -> str:
    """A piece that is read from right to left, its characters from left to right and its brackets turned."""
    return text[::-1].translate(_MIRRORED)


def _levels(text: str) -> list[int]:
    """0 from left to right, 1 from right to left, 2 a number or a word from left to right within that."""
    kinds = "".join(_KIND.get(unicodedata.bidirectional(c), " ") for c in text)
    if "R" not in kinds:
        return [0] * len(text)
    kinds = re.sub(r"(?<=N)S(?=N)", "N", kinds)  # 12:30, 1.5
    kinds = re.sub(r"T+(?=N)|(?<=N)T+", lambda found: "N" * len(found[0]), kinds).translate({83: " ", 84: " "})
    base = next(kind for kind in kinds if kind in "LR")
    strong, known = base, []
    for kind in kinds:  # a number after a word from left to right belongs to it
        strong = kind if kind in "LR" else strong
        known.append("L" if kind == "N" and strong == "L" else kind)
    sides = [kind if kind in "L " else "R" for kind in known]
    before = _spread(sides, base)
    after = _spread(sides[::-1], base)[::-1]
    resolved = [
        kind if kind != " " else left if left == right else base for kind, left, right in zip(known, before, after)
    ]
    return [{"R": 1, "N": 2, "L": 0 if base == "L" else 2}[kind] for kind in resolved]


def _spread(sides: list[str], start: str) -> list[str]:
    """At each place the last side known up to there."""
    return list(itertools.accumulate(sides, lambda last, side: last if side == " " else side, initial=start))[1:]
