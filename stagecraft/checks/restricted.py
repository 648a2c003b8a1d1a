"""Restricted view: columns, balcony fronts, trusses and set between a seat and what it came to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft.analysis.heads import worst
from stagecraft.analysis.restricted import AWAY, EXACT, Bands, Look, looks, thing, why
from stagecraft.analysis.views import Whole
from stagecraft.analysis.visible import Visible
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks._short import by_block, row_names, row_span
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene


@check("SL02", "restricted-view")
def restricted_view(
    subject: Subject, rule: Rule, *, clear: float, slight: float, side: float, restricted: float, reach: Length
) -> Iterator[Finding | Remark]:  # fmt: skip
    """Something fixed hides more than a third of a presenter, a screen or a point of focus.

    Fixed are architecture, rigging and set. Heads in front are a matter of C-values and never make a seat restricted.
    A screen counts from the height of `content_safe_from`; screens of one feed count as one, seen by whichever is seen
    best. A post thinner than the eyes are apart hides nothing far behind it, nor does what a presenter stands at: the
    lectern. One finding a block and target, for its seats below `side`. Stated beside: how many seats are in each band,
    of how many more the lower third of a screen (captions) shows less than `side`, and what heads leave of the worst row.
    Empty (killed) places and seats that turn their back to the target are not looked at.

    clear, slight, side, restricted : least share of a target that a view of this band shows; below is severe
    reach : what stands this near beside a presenter, on the same floor, is theirs
    """  # fmt: skip
    scene = subject.scene
    seats = scene.seats
    if not len(seats):
        raise NotChecked("no seats")
    looked = seats.status != "kill"
    if not looked.any():
        raise NotChecked("all places are killed")
    shown = subject.views.visible
    if all(seen.role == "sign" for seen in shown.targets.values()):
        raise NotChecked("nothing to be seen is named: a target, a presenter or a screen")
    bands = Bands(
        {"clear": clear, "slight": slight, "side": side, "restricted": restricted, "severe": 0.0}, reach, rule.id
    )
    groups = by_block(seats.element, seats.block)
    short: list[_Short] = []
    remarks: list[Remark] = []
    every = list(looks(scene, subject.views, reach))
    if not any((looked & look.faces).any() for look in every):
        raise NotChecked("no seat faces what is to be seen")
    for look in every:
        here = looked & look.faces
        for block, mask in groups.items():
            failing = np.flatnonzero(here & mask & (look.share < side - EXACT))
            if len(failing):
                order = np.lexsort((failing, np.round(look.share[failing], 6)))
                short.append(_Short(look, block, failing[order], np.flatnonzero(mask)))
        if counted := _counted(look.share[here], bands):
            remarks.append(Remark(f"{look.name}, past fixed things: {counted}"))
        if turned := int((looked & ~look.faces).sum()):
            remarks.append(Remark(f"{look.name}: not checked for {turned} seats that face away from it"))
        captions = here & (look.share >= side - EXACT) & (look.lower < side - EXACT)
        if captions.any():
            remarks.append(_captions(scene, shown, look, captions, side))
    for low in sorted(short, key=lambda low: float(low.look.share[low.failing[0]])):
        yield _finding(scene, shown, rule, low, bands)
    yield from remarks
    if left := worst(scene, shown):
        yield Remark(f"heads in front, worst {left}; stated, not a fault")


def _captions(scene: Scene, shown: Visible, look: Look, short: Bools, least: float) -> Remark:
    n, worst_seat = int(short.sum()), int(np.where(short, look.lower, np.inf).argmin())
    return Remark(
        f"{look.name}, captions: {n} more seat{'s see' if n > 1 else ' sees'} less than {100 * least:g} % of its lower third, "
        f"the least {int(100 * look.lower[worst_seat] + EXACT)} %: {why(scene, shown, look, worst_seat)}"
    )


def _counted(share: Floats, bands: Bands) -> str:
    """`364 clear, 8 slight`; empty where all are clear."""
    names = [bands.band(float(one)) for one in share]
    if all(name == "clear" for name in names):
        return ""
    return ", ".join(f"{names.count(name)} {name}" for name in bands if name in names)


@dataclass(frozen=True)
class _Short:
    """One block with seats that see too little of one target."""

    look: Look
    block: str
    failing: Whole
    """Seats, as indices into `scene.seats`, worst first."""
    of: Whole


def _finding(scene: Scene, shown: Visible, rule: Rule, low: _Short, bands: Bands) -> Finding:
    seats, look = scene.seats, low.look
    worst = int(low.failing[0])
    rows, every = row_names(scene, low.failing), row_names(scene, low.of)
    by_row: dict[int, int] = {}
    for k in low.failing.tolist():
        by_row.setdefault(int(seats.rank[k]), k)
    n = len(low.failing)
    row = "table" if seats.at_table[low.failing].all() else "row"
    message = (
        f"{low.block}, {row}{'s' if len(rows) > 1 else ''} {row_span(rows, every)} ({n} seat{'s' if n > 1 else ''}), to "
        f"{look.name}: worst: {_seat(scene, look, worst, bands)}: {why(scene, shown, look, worst)}"
    )
    details = tuple(
        f"{_seat(scene, look, k, bands)}: {why(scene, shown, look, k)}" for k in by_row.values() if k != worst
    )
    blamed = [shown.causes[c].element for c in dict.fromkeys(look.cause[low.failing].tolist()) if c >= 0]
    x, y, z = (float(v) for v in seats.eyes[worst])
    return rule.finding(
        message, elements=tuple(dict.fromkeys((str(seats.element[worst]), *look.seen.element.split(), *blamed))),
        target=look.name, group=low.block, measured=float(look.share[worst]), required=bands["side"], unit="share",
        at=(x, y, z), fix=_fix(scene, shown, low), details=details,
    )  # fmt: skip


def _seat(scene: Scene, look: Look, k: int, bands: Bands) -> str:
    seats, share = scene.seats, float(look.share[k])
    name = f"{'table' if seats.place[k] == 'table' else 'row'} {seats.row[k] or seats.key[k]} seat {seats.seat[k]}"
    return f"{name} sees {int(100 * share + EXACT)} %, {bands.band(share)}"


def _fix(scene: Scene, shown: Visible, low: _Short) -> str:
    """Which object to move: the one that takes most from these seats together."""
    lost = 1 - low.look.share[low.failing]
    blamed = low.look.cause[low.failing]
    kinds = np.unique(blamed)
    most = int(kinds[np.argmax([lost[blamed == kind].sum() for kind in kinds])])
    if most == AWAY:
        return f"turn {low.look.name} towards these seats, or name it in a feed with a screen that they see"
    cause = shown.causes[most]
    what = thing(scene, cause)
    if cause.blocks == "rigging":
        return f"raise or move {what}"
    if cause.blocks == "architecture" or not cause.movable:
        return f"{what} stays: move {low.look.name} or these seats, or offer them as restricted view"
    return f"move or lower {what}, or move these seats"
