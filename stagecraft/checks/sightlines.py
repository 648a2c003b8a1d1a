"""Sightlines: who looks into the head in front."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis.seen import MATTERS, to_see
from stagecraft.analysis.views import View, Whole, labels
from stagecraft.checks._check import EXACT, Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks._short import by_block, row_names, row_span
from stagecraft.checks.finding import Finding
from stagecraft.scene import Bools, Scene

_ROOF = 6.0
"""No focus is advised to be raised by more. [m]"""
_STEEP = 0.6
"""No riser is advised that is higher. [m]"""


@check("SL01", "low-c-value")
def low_c_value(subject: Subject, rule: Rule, *, c: Length) -> Iterator[Finding | Remark]:
    """A sightline passes less than C above the eyes of a row in front.

    C is signed and taken over every row in front, in the vertical plane through the eye and the target: to every
    point of focus, to the head of a presenter, and to the height of a screen from which content must be read. The
    edge of a stage is stated and never found: a flat floor does not promise it. Screens of one feed count as one,
    seen by whichever of them is seen best. One finding a block and target.
    Guests at tables turn and move, and are not looked at; empty (killed) places neither.

    c : least C-value. 60 mm looks between the heads in front, 90 mm with the head tilted back, 120 mm over them
    """
    scene = subject.scene
    seats = scene.seats
    if not len(seats):
        raise NotChecked("no seats")
    looked = (seats.status != "kill") & ~seats.at_table
    views = subject.views.targets
    if not any(view.role in ("focus", "person", "screen") for view in views.values()):
        raise NotChecked("nothing to be seen is named: a target, a presenter or a screen")
    if not looked.any():
        raise NotChecked("all places are at tables" if seats.at_table.any() else "all places are killed")
    targets = [view for view in to_see(scene, subject.views).values() if view.role in MATTERS]
    if all(np.isnan(view.c[looked]).all() for view in targets):
        raise NotChecked("no seat faces what is to be seen")
    if (~looked & seats.at_table).any():
        yield Remark("guests at tables turn round and are not looked at for C-values")
    groups = by_block(seats.element, seats.block)
    short = [
        _short(view, name, looked & mask, c)
        for view in targets
        for name, mask in groups.items() if (looked & mask).any()
    ]  # fmt: skip
    for low in sorted((s for s in short if s is not None), key=lambda s: s.c):
        yield _finding(scene, rule, low, c)
    for view in (*targets, *(v for v in views.values() if v.role == "floor" and v.kind == "line")):
        yield from _remarks(scene, view, looked, c)


@dataclass(frozen=True)
class _Short:
    """One block that sees one target badly."""

    view: View
    block: str
    failing: Whole
    """Seats, as indices into `scene.seats`, worst first."""
    of: Whole
    c: float


def _short(view: View, block: str, mask: Bools, c: float) -> _Short | None:
    with np.errstate(invalid="ignore"):
        failing = np.flatnonzero(mask & (view.c < c - EXACT))
    if not len(failing):
        return None
    order = np.lexsort((failing, np.round(view.c[failing], 6)))
    failing = failing[order]
    return _Short(view, block, failing, np.flatnonzero(mask), float(view.c[failing[0]]))


def _finding(scene: Scene, rule: Rule, low: _Short, c: float) -> Finding:
    seats, house, view, show = scene.seats, scene.laid_out, low.view, scene.about.units
    worst = int(low.failing[0])
    rows, ranks = row_names(scene, low.failing), row_names(scene, low.of)
    over = labels(house, view.over)
    by_rank: dict[int, int] = {}
    for k in low.failing.tolist():
        by_rank.setdefault(int(seats.rank[k]), k)
    front = str(over[worst]) or "in front"
    other = house.element[view.over[worst]]
    where = f"row {front}" if other == seats.element[worst] else f"row {front} of {other}"
    row = str(seats.row[worst]) or str(seats.key[worst])
    count = f" ({len(rows)} of {len(ranks)})" if len(rows) < len(ranks) else ""
    if low.c >= 0:
        sight = f"row {row} clears {where} by {units.small(low.c, show)}"
    else:
        sight = f"row {row} looks {units.small(-low.c, show)} below the eyes of {where}"
    message = (
        f"{low.block}, row{'s' if len(rows) > 1 else ''} {row_span(rows, ranks)}{count}, to {view.target}: worst: {sight}, "
        f"asked {units.small(c, show)}"
    )
    details = tuple(
        f"row {seats.row[k] or seats.key[k]} seat {seats.seat[k]}: {_signed(float(view.c[k]), show)} over row {over[k]}"
        for _, k in sorted(by_rank.items(), key=lambda item: (round(float(view.c[item[1]]), 6), item[0]))
    )
    bound = dict.fromkeys(house.element[view.over[low.failing]].tolist())
    x, y, z = (float(v) for v in seats.eyes[worst])
    return rule.finding(
        message, elements=tuple(dict.fromkeys((str(seats.element[worst]), *view.element.split(), *bound))), target=view.target,
        group=low.block, measured=low.c, required=float(c), unit="m", at=(x, y, z), fix=_fix(scene, low, c),
        details=details[1:],
    )  # fmt: skip


def _fix(scene: Scene, low: _Short, c: float) -> str:
    """What would cure the block, from the closed forms: a higher focus, or one riser for all its rows."""
    view, show = low.view, scene.about.units
    k = low.failing
    with np.errstate(divide="ignore", invalid="ignore"):
        raise_by = np.fmax((c - view.c[k]) / (1 - view.part[k]), (c - view.next_c[k]) / (1 - view.next_part[k]))
    higher = math.ceil(float(np.nanmax(raise_by)) * 100 - 1e-6) / 100
    cures = []
    if higher <= _ROOF:
        what = "a focus" if view.role == "focus" else "a stage" if view.role == "person" else "a screen"
        cures.append(f"{what} {units.small(higher, show) if higher < 1 else units.length(higher, show)} higher")
    riser = _riser(scene, low, c)
    if 0 < riser <= _STEEP:
        cures.append(f"a riser of {units.small(riser, show)} from row to row")
    return ", or ".join(cures) or "another place for the block: neither a higher focus nor risers cure it"


def _riser(scene: Scene, low: _Short, c: float) -> float:
    """Riser of a straight rake for the whole block, rounded up to 5 mm; 0 where there is no such answer. [m]

    On a straight rake C falls as 1/distance, so the last row governs: C = (d1·N − y1·T)/d, here divided by d.
    """
    view, seats, of = low.view, scene.seats, low.of
    if scene.laid_out.element[view.over[low.failing[0]]] != seats.element[low.failing[0]]:
        return 0.0  # somebody else's row is in the way
    ranks = seats.rank[of]
    keys = seats.key[of]
    first, last = of[keys == keys.min()], of[(keys == keys.max()) & np.isfinite(view.next_part[of])]
    steps = len(np.unique(ranks)) - 1
    if not steps or not len(last):
        return 0.0
    tread = 1 - view.next_part[last]
    nearest = 1 - steps * tread
    height = float((seats.eyes[first] - view.focus[first])[:, 2].max())
    if nearest.min() <= 0:
        return 0.0
    return math.ceil(float(((c + height * tread) / nearest).max()) * 200 - 1e-6) / 200


def _remarks(scene: Scene, view: View, looked: Bools, c: float) -> Iterator[Remark]:
    show = scene.about.units
    if view.role == "floor":
        with np.errstate(invalid="ignore"):
            met = looked & np.isfinite(view.c)
            seen = int((looked & (view.c >= c - EXACT)).sum())
        if met.any() and view.c[met].min() < c - EXACT:
            yield Remark(
                f"{view.target}: {seen} of {int(looked.sum())} seats see it with {units.small(c, show)} over every row in "
                f"front, the least {_signed(float(view.c[met].min()), show)}; stated, not a fault"
            )  # fmt: skip
        return
    blind = looked & np.isnan(view.c)
    if blind.any():
        yield Remark(f"{view.target}: not checked for {int(blind.sum())} seats that face away from it or stand at it")


def _signed(size: float, show: units.Units) -> str:
    text = units.small(abs(size), show)
    return f"−{text}" if size < 0 and text.strip('0" m') else text
