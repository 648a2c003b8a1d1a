"""What heads in front leave each row of a presenter and a screen, in words. A figure a row: it never brands a seat."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis._crowd import crowd
from stagecraft.analysis.restricted import to_see
from stagecraft.analysis.visible import Seen, Visible, blocked, named, surfaces
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene

HALF = 0.5
"""A presenter is seen from the lowest level up, at and above which the seats of a row see at least this much on average."""
CLEAR = 0.99
"""A screen is clear above the height over which the seats of a row see at least this much of every level."""
BODY = (("knees", 0.285), ("hips", 0.530), ("waist", 0.630), ("chest", 0.720), ("shoulders", 0.818), ("chin", 0.870),
        ("eyes", 0.936))  # fmt: skip
"""Heights up a standing person, as parts of the standing height; the waist is taken where the elbows are. Source: Drillis
and Contini, Body segment parameters, 1966, as commonly reproduced; from memory."""

WORTH = 0.01
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
    """Every presenter and screen from each part of a row in one block, by its number in `blocked`.

    Guests at tables turn and move; they and killed places are left out.
    """
    seats, group = scene.seats, blocked(scene.seats)[0]
    targets = [(name, screens) for name, seen in to_see(scene, shown) if (screens := _of(scene, shown, name, seen))]
    return {
        part: tuple(
            max((_left(scene, name, seen, seen.block_free[part]) for seen in screens), key=lambda left: left.share)
            for name, screens in targets if not all(np.isnan(seen.block_free[part]).all() for seen in screens)
        )
        for part in np.unique(group[(seats.status != "kill") & ~seats.at_table]).tolist()
    }  # fmt: skip


def phrase(left: Iterable[Left]) -> str:
    """`Presenter from the waist up, LED wall clear above 2.1 m`: what is not seen whole; `all` where everything is."""
    some = list(left)
    return ", ".join(one.words for one in some if not one.whole) or ("all" if some else "")


def runs(scene: Scene, shown: Visible) -> Iterator[tuple[str, str]]:
    """Neighbouring rows of a block that are left the same, and what: (`L, rows C–M`, `Presenter from the waist up`)."""
    found: list[tuple[str, list[str], str]] = []
    every, name = heads(scene, shown), _names(scene)
    blocks = list(dict.fromkeys(block for block, _ in name.values()))
    for part in sorted(every, key=lambda part: (blocks.index(name[part][0]), part)):
        (block, row), words = name[part], phrase(every[part])
        if found and found[-1][0] == block and found[-1][2] == words:
            found[-1][1].append(row)
        elif words:
            found.append((block, [row], words))
    for block, rows, words in found:
        yield f"{block}, {f'row {rows[0]}' if len(rows) == 1 else f'rows {rows[0]}–{rows[-1]}'}", words


def worst(scene: Scene, shown: Visible) -> str:
    """The row that is left least: `row M of L: Presenter from the chest up`; empty where heads hide nothing."""
    every = {part: left for part, left in heads(scene, shown).items() if not all(one.whole for one in left)}
    if not every:
        return ""
    part = min(every, key=lambda part: (round(sum(one.share for one in every[part]) / len(every[part]), 6), part))
    block, row = _names(scene)[part]
    return f"row {row} of {block}: {phrase(every[part])}"


def _names(scene: Scene) -> dict[int, tuple[str, str]]:
    """Block and row of every part of a row."""
    seats = scene.seats
    parts, first = np.unique(blocked(seats)[0], return_index=True)
    return {
        part: (str(seats.block[k]) or str(seats.element[k]), str(seats.row[k]) or str(seats.key[k]))
        for part, k in zip(parts.tolist(), first.tolist())
    }


def in_front(scene: Scene, shown: Visible, seat: int, target: str) -> list[tuple[int, float]]:
    """Who hides at least 1 % of a target from a seat that stands, fixed things or not: an index into `scene.laid_out` (−1
    for who has no seat) and the share that he hides, most first.
    """
    from stagecraft.geometry.shadow import Bodies, hidden

    house, surface = crowd(scene), surfaces(scene, dict(named(scene))[target], shown.samples)[0]
    bodies, found = house.bodies, list[tuple[int, float]]()
    for _ in range(_NAMED):
        most = hidden(scene.seats.eyes[seat], house.own[[seat]], bodies, surface)
        person, share = int(most.front[0]), float(most.taken[0])
        if person < 0 or share < WORTH:
            break
        found.append((int(house.seat[person]), share))
        left = bodies.owner != person
        bodies = Bodies(bodies.centre[left], bodies.yaw[left], bodies.radii[left], bodies.owner[left])
    return found


def people(scene: Scene, found: list[tuple[int, float]], block: str = "") -> str:
    """`row B seats 11, 12`, `table 3 seat 1`; with the block where that is not `block`."""
    house, rows = scene.laid_out, dict[str, list[str]]()
    for index, _ in found:
        if index < 0:
            rows.setdefault("people without seats", [])
            continue
        own = str(house.block[index])
        where = f"{'table' if house.place[index] == 'table' else 'row'} {house.row[index] or house.key[index]}"
        rows.setdefault(where if own == block or not own else f"{own} {where}", []).append(str(house.seat[index]))
    return "; ".join(
        f"{where} seat{'s' if len(seats) > 1 else ''} {', '.join(seats)}" if seats else where
        for where, seats in rows.items()
    )


def _of(scene: Scene, shown: Visible, name: str, seen: Seen) -> list[Seen]:
    """The target itself, or the screens of a feed, where there are levels to speak of."""
    if seen.role not in ("person", "screen"):
        return []
    fed = scene.feeds.get(name.removeprefix("feed "), ()) if name not in shown.targets else ()
    of = [one for one in shown.targets.values() if one.role == "screen" and one.element in fed] or [seen]
    return [one for one in of if len(one.levels) > 1]


def left(scene: Scene, name: str, seen: Seen, rank: int) -> Left:
    """What the heads in front leave the row with this index, all its blocks together, of one presenter or screen."""
    return _left(scene, name, seen, seen.row_free[rank])


def _left(scene: Scene, name: str, seen: Seen, free: Floats) -> Left:
    person = seen.role == "person"
    too_little = np.flatnonzero(~(free >= (HALF if person else CLEAR)))
    first = int(too_little[-1]) + 1 if len(too_little) else 0
    low, high = seen.ends
    known = free[~np.isnan(free)]
    share = float(known.mean()) if len(known) else 0.0
    if first == len(free):
        return Left(name, seen.role, math.nan, share, False, f"{name} {int(100 * share + 1e-9)} % between heads")
    above = low + (high - low) * first / len(free)
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
