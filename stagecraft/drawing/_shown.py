"""What a heat map shows: the class of every seat with its letter, colour and words, and the reasons that stand beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.analysis.restricted import AWAY, Look, looks, thing
from stagecraft.analysis.seen import MATTERS, least, one, to_see
from stagecraft.analysis.views import View, Views, Whole
from stagecraft.analysis.visible import Cause, Visible
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.shading import RAMP as RAMP
from stagecraft.geometry.shading import ramp
from stagecraft.scene import Scene, Seats, Strings

Colour = tuple[float, float, float]

AHEAD, BLIND, EMPTY = "+", "–", "×"
"""Nobody sits in front; no answer (at a table, turned away, at the target itself); killed, so nobody sits there."""
GROUND: dict[str, Colour | None] = {AHEAD: (1.0, 1.0, 1.0), BLIND: (0.78, 0.78, 0.78), EMPTY: None}
NOTHING = "nothing to be seen is named"
EXACT = 1e-6
"""Lengths and shares are compared as written, within this."""


class Class(NamedTuple):
    letter: str
    colour: Colour | None
    words: str


class Culprit(NamedTuple):
    """Something fixed that takes more of some seats' view than anything else does."""

    cause: Cause
    words: str
    seats: int


class Reason(NamedTuple):
    who: str
    what: str
    where: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    title: str
    head: str
    """What the classes measure."""
    aims: tuple[View, ...]
    """What is looked at."""
    letters: Strings
    """(n,) class of every seat."""
    classes: tuple[Class, ...]
    """The best first, then those without an answer."""
    notes: tuple[str, ...]
    heading: str = ""
    reasons: tuple[Reason, ...] = ()
    culprits: tuple[Culprit, ...] = ()


def clearances(scene: Scene, views: Views, target: str | None, bands: Sequence[float]) -> Shown:
    """C-values to a target or feed, or the least to all that matters.

    bands : C-values at which another colour begins [m]
    """
    seats, unit = scene.seats, scene.about.units
    seen = to_see(scene, views)
    aims = _aims(seen, target)
    c = aims[0].c if target is not None else least({view.target: view for view in aims}, len(seats))[0]
    sizes = sorted({float(band) for band in bands})
    words = [units.small(size, unit) for size in sizes]
    letters = np.where(np.isposinf(c), AHEAD, _letters(np.where(np.isposinf(c), 0.0, c), sizes))
    notes = [
        "C-value: how far the sightline from the eye to the point that governs passes above the eyes of the row in front "
        "that binds, over every row in front; below zero it meets them. Eye to eye, without set and house in the way."
    ]
    if any(view.role in ("person", "screen") for view in aims):
        notes.append("What governs is the top of a presenter's head, and where a screen's content begins.")
    if seats.at_table.any():
        notes.append("Guests at tables turn and have no C-value; the share that they see is another map.")
    return Shown(
        f"C-VALUE TO {aims[0].target.upper()}" if target is not None else "LEAST C-VALUE TO ALL THAT MUST BE SEEN",
        "C-value", tuple(aims), _killed(seats, letters),
        (*_ramped(_between(words)), Class(AHEAD, GROUND[AHEAD], "nobody sits in front"),
         *_without("no C-value (at a table, or turned away)" if aims else NOTHING)),
        (*notes, *_least_of(aims)), "Worst of each block", tuple(_lowest(scene, aims, np.where(c < sizes[-1] - EXACT, c, np.inf))),
    )  # fmt: skip


def shares(scene: Scene, views: Views, target: str | None, bands: Mapping[str, float], people: bool = False) -> Shown:
    """Share of a target or feed that is seen past fixed things, or of that which each seat sees least of.

    bands : least share of each band by its name; quarters without a name where there are none
    people : past everybody in front too; then no band has a name, for heads never brand a seat
    """
    seats = scene.seats
    aims = _aims(to_see(scene, views), target)
    points = [view.target for view in aims if view.kind == "point" and view.role == "focus"]
    left_out: list[str] = []
    if people and target is None and 0 < len(points) < len(aims):
        aims = [view for view in aims if view.target not in points]
        left_out = [f"A head hides a point or does not; C-values are for {', '.join(points)}."]
    found = {look.name: look for look in looks(scene, views, getattr(bands, "reach", 0.0))}
    every = [_look(found, view.target) for view in aims]
    table = np.full((max(len(aims), 1), len(seats)), np.nan)
    for k, look in enumerate(every):
        table[k] = np.where(look.faces, look.past_people if people else look.share, np.nan)
    share = np.fmin.reduce(table)
    which = np.nan_to_num(table, nan=np.inf).argmin(axis=0)
    edges = sorted({float(least) for least in bands.values() if least > 0}) or [0.25, 0.5, 0.75]
    words = _between([f"{100 * edge:g} %" for edge in edges])
    if bands and not people:
        names = sorted(bands, key=lambda name: bands[name])[-len(words) :]
        words = [f"{name}: {text}" for name, text in zip(names, words)]
    letters = _killed(seats, _letters(share, edges))
    short = np.isin(letters, [_letter(k, len(edges)) for k in range(len(edges))])
    past = "PAST FIXED THINGS AND PEOPLE" if people else "PAST FIXED THINGS"
    single = target is not None or len(aims) == 1
    title = f"VIEW OF {aims[0].target.upper()} {past}" if single else f"LEAST VIEW {past} OF ALL THAT MUST BE SEEN"
    note = "Share of a target that is seen past architecture, rigging and set" + (
        ", and past everybody in front, who sits still in the middle of the place."
        if people
        else "; heads in front do not count."
    )
    shown = Shown(
        title, "Share seen", tuple(aims), letters, (*_ramped(words), *_without("turned away from it" if aims else NOTHING)),
        (note, *_least_of(aims), *left_out),
    )  # fmt: skip
    if people:
        reasons = tuple(_behind(scene, every, np.where(short, share, np.inf), which))
        return replace(shown, heading="Least of each block", reasons=reasons)
    culprits, reasons = _blamed(scene, views.visible, every, share, which, np.flatnonzero(short))
    return replace(shown, heading="What takes most of it", reasons=reasons, culprits=culprits)


def _aims(seen: Mapping[str, View], target: str | None) -> list[View]:
    return [one(seen, target)] if target is not None else [view for view in seen.values() if view.role in MATTERS]


def _look(found: Mapping[str, Look], name: str) -> Look:
    """Raises VenueError where no share of the target is worked out."""
    if name not in found:
        raise VenueError(f"'{name}' is no thing of which a share is seen; its C-value can be shown")
    return found[name]


def _lowest(scene: Scene, aims: Sequence[View], c: Floats) -> Iterator[Reason]:
    """The seat with the least C-value of each block, the worst block first."""
    seats, unit = scene.seats, scene.about.units
    for k in _worst(seats, np.where(np.isfinite(c), c, np.inf)):
        view = min(aims, key=lambda view: float(np.nan_to_num(view.c[k], nan=np.inf)))
        over = _row(scene, int(view.over[k]), k)
        words = f"{units.small(float(c[k]), unit)}{f' over {over}' if over else ''}"
        yield Reason(*_seat(seats, k), f"{words}, to {view.target}" if len(aims) > 1 else words)


def _behind(scene: Scene, every: Sequence[Look], share: Floats, which: Whole) -> Iterator[Reason]:
    """The seat of each block that sees least past people, and who sits in front of it."""
    seats = scene.seats
    for k in _worst(seats, np.where(np.isfinite(share), share, np.inf)):
        look = every[which[k]]
        front = _row(scene, int(look.seen.front[k]), k)
        words = f"{int(100 * share[k] + EXACT)} %{f' of {look.name}' if len(every) > 1 else ''}"
        yield Reason(*_seat(seats, k), f"{words}, behind {front}" if front else words)


def _worst(seats: Seats, value: Floats) -> list[int]:
    """The seat with the least value of each block where there is a finite one, the least of all first."""
    value = np.where(seats.status == "kill", np.inf, value)
    order = np.lexsort((np.arange(len(seats)), np.round(value, 6)))
    order = order[np.isfinite(value[order])]
    _, first = np.unique(seats.block[order], return_index=True)
    return [int(k) for k in order[np.sort(first)]]


def _row(scene: Scene, index: int, seat: int) -> str:
    """`row K` that somebody laid out sits in, with the block where that is not the seat's own; empty for nobody."""
    house, seats = scene.laid_out, scene.seats
    if index < 0:
        return ""
    words = f"{'table' if house.place[index] == 'table' else 'row'} {house.row[index] or house.key[index]}"
    return words if house.block[index] == seats.block[seat] else f"{house.block[index]} {words}".strip()


def _seat(seats: Seats, k: int) -> tuple[str, str]:
    """Block, and place in it."""
    of = "table" if seats.at_table[k] else "row"
    return str(seats.block[k] or seats.element[k]), f"{of} {seats.row[k] or seats.key[k]} seat {seats.seat[k]}"


def _blamed(
    scene: Scene, visible: Visible, every: Sequence[Look], share: Floats, which: Whole, short: Whole
) -> tuple[tuple[Culprit, ...], tuple[Reason, ...]]:  # fmt: skip
    """Each seat that sees less than the best band is counted at what takes most of its view; the dearest first."""
    found: dict[Cause | str, list[int]] = {}
    for k in short.tolist():
        look = every[which[k]]
        cause = int(look.cause[k])
        key = (
            visible.causes[cause] if cause >= 0 else f"{look.name} turns its back" if cause == AWAY else "nothing fixed"
        )
        found.setdefault(key, []).append(k)
    culprits, reasons = [], []
    for cause_or_words, some in sorted(found.items(), key=lambda item: -float((1 - share[item[1]]).sum())):
        if isinstance(cause_or_words, str):
            words = cause_or_words
        else:
            words = thing(scene, cause_or_words)
            if sum(isinstance(other, Cause) and thing(scene, other) == words for other in found) > 1:
                words = f"{words} ({cause_or_words.element})"
            culprits.append(Culprit(cause_or_words, words, len(some)))
        count = f"{len(some)} seat{'s' if len(some) > 1 else ''}"
        reasons.append(Reason(words, count, f"down to {int(100 * share[some].min() + EXACT)} %"))
    return tuple(culprits), tuple(reasons)


def _letters(value: Floats, edges: Sequence[float]) -> Strings:
    """(n,) letter of each value's class, A for the best."""
    with np.errstate(invalid="ignore"):
        band = np.searchsorted(np.array(edges), np.nan_to_num(value) + EXACT, side="right")
    names = np.array([_letter(k, len(edges)) for k in range(len(edges) + 1)])
    return np.asarray(np.where(np.isnan(value), BLIND, names[band]))


def _killed(seats: Seats, letters: Strings) -> Strings:
    return np.asarray(np.where(seats.status == "kill", EMPTY, letters))


def _letter(band: int, count: int) -> str:
    """A for the best of count + 1 bands."""
    return chr(ord("A") + count - band)


def _between(edges: Sequence[str]) -> list[str]:
    """Words of the classes below, between and above some edges, the lowest first."""
    return [f"below {edges[0]}", *(f"{a} to {b}" for a, b in itertools.pairwise(edges)), f"{edges[-1]} and more"]


def _ramped(words: Sequence[str]) -> Iterator[Class]:
    """Classes of the ramp, the best first; `words` from the lowest."""
    count = len(words) - 1
    for k in range(count, -1, -1):
        yield Class(_letter(k, count), ramp(k / count if count else 1.0), words[k])


def _without(why: str) -> tuple[Class, Class]:
    return Class(BLIND, GROUND[BLIND], why), Class(EMPTY, GROUND[EMPTY], "killed: nobody sits there")


def _least_of(aims: Sequence[View]) -> Iterator[str]:
    if not aims:
        yield "Nothing to be seen is named: a target, a presenter or a screen."
    elif len(aims) > 1:
        yield f"The least of: {', '.join(view.target for view in aims)}."
