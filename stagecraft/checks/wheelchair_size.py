"""Wheelchair places that are too small."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import figures
from stagecraft.checks._words import place_names
from stagecraft.checks.finding import Finding


@check("AC02", "small-wheelchair-place")
def small_wheelchair_place(
    subject: Subject, rule: Rule, *, width: Length, depth: Length, beside: Length | None = None
) -> Iterator[Finding | Passed]:
    """A wheelchair place is narrower or less deep than a wheelchair needs.

    One finding a block.

    width, depth : of one place
    beside : width of a place that has another wheelchair place beside it; `width` where not given
    """
    scene, show = subject.scene, subject.scene.about.units
    seats = scene.seats
    who = np.flatnonzero((seats.place == "wheelchair") & (seats.status != "kill"))
    if not len(who):
        raise NotChecked("no wheelchair places")
    pairs = subject.banks.neighbours[who]
    near = (pairs >= 0) & (seats.place[np.maximum(pairs, 0)] == "wheelchair")
    asked = np.where(near.any(axis=1), width if beside is None else beside, width)
    small = (seats.width[who] < asked - EXACT) | (seats.depth[who] < depth - EXACT)
    if not small.any():
        k = int(who[np.lexsort((seats.depth[who], seats.width[who]))[0]])
        yield Passed(f"the smallest {units.length(float(seats.width[k]), show)} × {units.length(float(seats.depth[k]), show)}, "
                     f"asked {rule.written['width']} × {rule.written['depth']}")  # fmt: skip
    for block in dict.fromkeys(seats.block[who[small]].tolist()):
        these = np.flatnonzero(small & (seats.block[who] == block))
        these = these[np.lexsort((seats.depth[who[these]], seats.width[who[these]] - asked[these]))]
        k = int(who[these[0]])
        x, y, z = (float(v) for v in seats.at[k])
        narrow = bool(seats.width[k] < asked[these[0]] - EXACT)
        sizes = ((seats.width[k], asked[these[0]], "wide"), (seats.depth[k], depth, "deep"))
        short = [(*figures(float(a), float(b), show), word) for a, b, word in sizes if a < b - EXACT]
        across = "beside" if beside is not None and asked[these[0]] == beside else "width"
        yield rule.finding(
            f"{block}, {place_names(seats, who[these])}: {' and '.join(f'{a} {word}, asked {b}' for a, b, word in short)}",
            elements=tuple(dict.fromkeys(seats.element[who[these]].tolist())), group=block,
            measured=float(seats.width[k] if narrow else seats.depth[k]),
            required=float(asked[these[0]] if narrow else depth), unit="m", at=(x, y, z),
            fix=f"lay them out as wheelchair places, with wheelchair_space: [{rule.written[across]}, {rule.written['depth']}]",
        )  # fmt: skip
