"""Wheelchair places that are too small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft import units
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._seating import figures
from stagecraft.checks._words import place_names
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Seats

_TOUCH = 0.02
"""Chairs that reach no further into a wheelchair place stand beside it. [m]"""
_LEVEL = 0.5
"""Places whose floors differ by less may stand in one another. [m]"""


@check("AC02", "small-wheelchair-place")
def small_wheelchair_place(
    subject: Subject, rule: Rule, *, width: Length, depth: Length, beside: Length | None = None
) -> Iterator[Finding | Passed]:
    """A wheelchair place is narrower or less deep than a wheelchair needs, or chairs of another row stand in it.

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
    inside, other = _stand_in(seats, who)
    if not small.any() and not inside.any():
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
    for block in dict.fromkeys(seats.block[who[inside > 0]].tolist()):
        these = np.flatnonzero((inside > 0) & (seats.block[who] == block))
        worst = these[np.argmax(inside[these].round(6))]
        k, there = int(who[worst]), int(other[worst])
        x, y, z = (float(v) for v in seats.at[k])
        far = units.length(float(inside[worst]), show)
        yield rule.finding(
            f"{block}, {place_names(seats, who[these])}: {seats.block[there]}, {place_names(seats, [there])} reaches {far} into it",
            elements=tuple(dict.fromkeys([*seats.element[who[these]].tolist(), *seats.element[other[these]].tolist()])),
            group=f"{block} taken", measured=float(seats.depth[k] - inside[worst]), required=float(depth), unit="m",
            at=(x, y, z), fix=f"move the wheelchair places by {far}, or take out the places that stand in them",
        )  # fmt: skip


def _stand_in(seats: Seats, who: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """How far places of other rows reach into wheelchair places, and the one that reaches furthest. [m]"""
    import shapely

    def plans(these: Any) -> Any:
        look = np.radians(seats.facing[these])
        ahead = np.stack([np.cos(look), np.sin(look)], axis=1)
        right = np.stack([ahead[:, 1], -ahead[:, 0]], axis=1)
        along, across = ahead * seats.depth[these, None] / 2, right * seats.width[these, None] / 2
        at = seats.at[these, :2]
        return shapely.polygons(
            np.stack([at + along - across, at + along + across, at - along + across, at - along - across], 1)
        )

    rest = np.flatnonzero(seats.status != "kill")
    own, chairs = plans(who), plans(rest)
    i, j = shapely.STRtree(chairs).query(own, predicate="intersects")
    apart = (seats.rank[who[i]] != seats.rank[rest[j]]) & ~seats.at_table[who[i]]
    apart &= np.abs(seats.at[who[i], 2] - seats.at[rest[j], 2]) < _LEVEL
    i, j = i[apart], j[apart]
    both = shapely.intersection(own[i], chairs[j])
    far = shapely.minimum_clearance(both) if len(both) else np.zeros(0)
    far = np.where(np.isfinite(far) & (shapely.area(both) > 0), far, 0.0)
    inside, other = np.zeros(len(who)), np.zeros(len(who), np.int64)
    order = np.argsort(far, kind="stable")
    inside[i[order]], other[i[order]] = far[order], rest[j[order]]
    return np.where(inside > _TOUCH, inside, 0.0), other
