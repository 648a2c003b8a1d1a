"""What heads in front leave each row of a presenter and a screen, in words. A figure a row: it never brands a seat."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis._crowd import crowd
from stagecraft.analysis.restricted import to_see
from stagecraft.analysis.visible import Seen, Visible, _named, _surface
from stagecraft.scene import Scene

HALF = 0.5
"""A presenter is seen from the lowest level up, at and above which the seats of a row see at least this much on average."""
CLEAR = 0.99
"""A screen is clear above the height over which the seats of a row see at least this much of every level."""
BODY = (("knees", 0.285), ("hips", 0.530), ("waist", 0.630), ("chest", 0.720), ("shoulders", 0.818), ("chin", 0.870),
        ("eyes", 0.936))  # fmt: skip
"""Heights up a standing person, as parts of the standing height; the waist is taken where the elbows are. Source: Drillis
and Contini, Body segment parameters, 1966, as commonly reproduced; from memory."""

_WORTH = 0.01
"""Who hides less of a target is not named."""
_NAMED = 12
"""So many people in front are looked for."""


@dataclass(frozen=True)
class Left:
    """One target past the heads in front of a row, the screens of a feed as the one that is seen best."""

    target: str
    role: str
    above: float
    """Height from which it is seen as `HALF` or `CLEAR` says; NaN where it is nowhere. [m]"""
    share: float
    """Mean over the row and over all levels."""
    whole: bool
    """Is it seen so from its lower edge up? A presenter is looked at from 0.5 m above the feet."""
    words: str
    """`Presenter from the waist up`, `LED wall clear above 2.1 m`"""


def heads(scene: Scene, shown: Visible) -> dict[int, tuple[Left, ...]]:
    """By the index of its SeatRow: every presenter and screen from each row that looks one way.

    Guests at tables turn and move; killed places and rows nobody stands in are left out.
    """
    seats = scene.seats
    looks = (seats.status != "kill") & (seats.place != "table")
    out: dict[int, tuple[Left, ...]] = {}
    targets = [(name, screens) for name, seen in to_see(scene, shown) if (screens := _of(scene, shown, name, seen))]
    for rank in np.unique(seats.rank[looks]).tolist():
        out[rank] = tuple(
            max((left(scene, name, seen, rank) for seen in screens), key=lambda one: one.share)
            for name, screens in targets if not all(np.isnan(seen.row_free[rank]).all() for seen in screens)
        )  # fmt: skip
    return out


def phrase(left: tuple[Left, ...]) -> str:
    """`Presenter from the waist up, LED wall clear above 2.1 m`"""
    return ", ".join(one.words for one in left)


def runs(scene: Scene, shown: Visible) -> Iterator[tuple[str, str]]:
    """Neighbouring rows that are left the same, and what: (`stalls, rows C–M`, `Presenter from the waist up`)."""
    found: list[tuple[str, list[str], str]] = []
    for rank, left in heads(scene, shown).items():
        row, words = scene.seat_rows[rank], phrase(left)
        name = _row(scene, rank)
        if found and found[-1][0] == row.element and found[-1][2] == words:
            found[-1][1].append(name)
        elif words:
            found.append((row.element, [name], words))
    for element, rows, words in found:
        yield f"{element}, {f'row {rows[0]}' if len(rows) == 1 else f'rows {rows[0]}–{rows[-1]}'}", words


def worst(scene: Scene, shown: Visible) -> str:
    """The row that is left least: `row M of stalls: Presenter from the chest up`; empty where heads hide nothing."""
    every = {rank: left for rank, left in heads(scene, shown).items() if not all(one.whole for one in left)}
    if not every:
        return ""
    rank = min(every, key=lambda rank: (round(sum(one.share for one in every[rank]) / len(every[rank]), 6), rank))
    return f"row {_row(scene, rank)} of {scene.seat_rows[rank].element}: {phrase(every[rank])}"


def in_front(scene: Scene, shown: Visible, seat: int, target: str) -> list[tuple[int, float]]:
    """Who hides at least 1 % of a target from a seat that stands, fixed things or not: an index into `scene.laid_out` (−1
    for who has no seat) and the share that he hides, most first.
    """
    from stagecraft.geometry.shadow import Bodies, hidden

    house, surface = crowd(scene), _surface(scene, dict(_named(scene))[target], shown.samples)
    bodies, found = house.bodies, list[tuple[int, float]]()
    for _ in range(_NAMED):
        most = hidden(scene.seats.eyes[seat], house.own[[seat]], bodies, surface)
        person, share = int(most.front[0]), float(most.taken[0])
        if person < 0 or share < _WORTH:
            break
        found.append((int(house.seat[person]), share))
        left = bodies.owner != person
        bodies = Bodies(bodies.centre[left], bodies.yaw[left], bodies.radii[left], bodies.owner[left])
    return found


def people(scene: Scene, found: list[tuple[int, float]], block: str = "") -> str:
    """`row B seats 11, 12`; with the block where that is not `block`."""
    house, rows = scene.laid_out, dict[str, list[str]]()
    for index, _ in found:
        if index < 0:
            rows.setdefault("people without seats", [])
            continue
        own = str(house.block[index])
        where = f"row {house.row[index] or house.key[index]}"
        rows.setdefault(where if own == block or not own else f"{own} {where}", []).append(str(house.seat[index]))
    return "; ".join(
        f"{where} seat{'s' if len(seats) > 1 else ''} {', '.join(seats)}" if seats else where
        for where, seats in rows.items()
    )


def _row(scene: Scene, rank: int) -> str:
    row = scene.seat_rows[rank]
    return next((label for label in row.row[row.stands].tolist() if label), str(row.key))


def _of(scene: Scene, shown: Visible, name: str, seen: Seen) -> list[Seen]:
    """The target itself, or the screens of a feed, where there are levels to speak of."""
    if seen.role not in ("person", "screen"):
        return []
    fed = scene.feeds.get(name.removeprefix("feed "), ()) if name not in shown.targets else ()
    of = [one for one in shown.targets.values() if one.role == "screen" and one.element in fed] or [seen]
    return [one for one in of if len(one.levels) > 1]


def left(scene: Scene, name: str, seen: Seen, rank: int) -> Left:
    """What the heads in front leave the row with this index of one presenter or screen."""
    person, free = seen.role == "person", seen.row_free[rank]
    enough = np.nan_to_num(free) >= (HALF if person else CLEAR)
    first = len(enough) - int(np.argmin(np.r_[enough[::-1], False]))
    low, high = seen.ends
    share = float(np.nan_to_num(np.nanmean(free))) if not np.isnan(free).all() else 0.0
    if first == len(enough):
        return Left(name, seen.role, math.nan, share, False, f"{name} {int(100 * share + 1e-9)} % between heads")
    above = low + (high - low) * first / len(enough)
    words = _of_body(scene, seen, above) if person else "clear"
    if first and words == "clear":
        words = f"clear above {_height(scene, above)}"
    return Left(name, seen.role, above, share, first == 0, f"{name} {words}")


def _of_body(scene: Scene, seen: Seen, above: float) -> str:
    """`from the waist up`; nothing where no figure stands there."""
    feet = [p.bounds[0, 2] for p in scene.parts if p.element == seen.element and p.system == "person" and p.count]
    low, high = seen.ends
    if not feet:
        return "clear"
    if above <= low:
        return f"from the {BODY[0][0]} up"
    part = (above - min(feet)) / (high - min(feet))
    return next((f"from the {word} up" for word, height in BODY if part <= height), "only the top of the head")


def _height(scene: Scene, z: float) -> str:
    """Rounded up to 0.1 m, or to an inch."""
    step = 0.1 if scene.about.units == "m" else units.INCH
    return units.length(math.ceil(z / step - 1e-6) * step, scene.about.units, 1)
