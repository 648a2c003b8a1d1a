"""Restricted view: columns, balcony fronts, trusses and set between a seat and what it came to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stagecraft.analysis.views import Whole
from stagecraft.analysis.visible import Cause, Seen, Visible
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.checks.sightlines import _blocks, _rows, _span
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene

_EXACT = 1e-9
"""Shares are compared as written, within this."""
_LEVEL = 0.05
"""What begins this near to the height of a person's feet stands on the same floor. [m]"""
_AWAY = -2
"""The cause of a seat that looks at the back of a screen."""


@check("SL02", "restricted-view")
def restricted_view(
    subject: Subject, rule: Rule, *, clear: float, slight: float, side: float, restricted: float, reach: Length
) -> Iterator[Finding | Remark]:  # fmt: skip
    """Something fixed hides more than a third of a presenter, a screen or a point of focus.

    Fixed are architecture, rigging and set. Heads in front are a matter of C-values and never make a seat restricted.
    A screen counts from the height of `content_safe_from`; screens of one feed count as one, seen by whichever is seen
    best. A post thinner than the eyes are apart hides nothing far behind it, nor does what a presenter stands at: the
    lectern. One finding a block and target, for its seats below `side`; how many seats are in each band is stated.
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
    bands = {"clear": clear, "slight": slight, "side": side, "restricted": restricted, "severe": -1.0}
    groups = _blocks(seats.element, seats.block)
    short: list[_Short] = []
    remarks: list[Remark] = []
    for name, seen in _to_see(scene, shown):
        here = looked & _faces(subject, seen)
        share, cause, place = _hidden(scene, shown, seen, reach)
        for block, mask in groups.items():
            failing = np.flatnonzero(here & mask & (share < side - _EXACT))
            if len(failing):
                order = np.lexsort((failing, np.round(share[failing], 6)))
                short.append(_Short(name, seen, block, failing[order], np.flatnonzero(mask), share, cause, place))
        if counted := _counted(share[here], bands):
            remarks.append(Remark(f"{name}, past fixed things: {counted}"))
    for low in sorted(short, key=lambda low: float(low.share[low.failing[0]])):
        yield _finding(scene, shown, rule, low, bands)
    yield from remarks


def _to_see(scene: Scene, shown: Visible) -> Iterator[tuple[str, Seen]]:
    fed = {element for elements in scene.feeds.values() for element in elements}
    for name, seen in shown.targets.items():
        if seen.role != "sign" and (seen.role != "screen" or seen.element not in fed):
            yield name, seen
    for name, seen in shown.feeds.items():
        yield f"feed {name}", seen


def _faces(subject: Subject, seen: Seen) -> Bools:
    """(n,) seats that do not turn their back to the target; guests at tables turn round."""
    seats, elements = subject.scene.seats, seen.element.split()
    views = [v for v in subject.views.targets.values() if v.element in elements and v.role == seen.role]
    turned = [view.angle for view in views if len(view.angle) == len(seats)]
    if not turned:
        return np.ones(len(seats), np.bool_)
    return np.asarray((np.fmin.reduce(turned) <= 90.0) | (seats.place == "table"))


def _hidden(scene: Scene, shown: Visible, seen: Seen, reach: float) -> tuple[Floats, Whole, Floats]:
    """The share that counts, what takes most of the rest (an index into causes, or −2), and where on the target."""
    taken = np.where(seen.cause >= 0, seen.taken, 0.0)
    theirs = np.array([*_theirs(scene, shown, seen, reach), False])
    own = theirs[seen.cause]
    share = np.minimum(seen.content + (taken * own).sum(axis=1), 1.0)
    taken = np.where(own, 0.0, taken)
    most, seat = taken.argmax(axis=1), np.arange(len(share))
    cause = np.where(seen.away > taken[seat, most], _AWAY, seen.cause[seat, most])
    return share, cause, seen.place[seat, most]


def _theirs(scene: Scene, shown: Visible, seen: Seen, reach: float) -> list[bool]:
    """For each cause whether it stands beside this person on the same floor."""
    figure = [p.bounds for p in scene.parts if p.element == seen.element and p.system == "person" and p.count]
    if seen.role != "person" or not figure:
        return [False] * len(shown.causes)
    low, high = np.min([b[0] for b in figure], axis=0), np.max([b[1] for b in figure], axis=0)
    at = (low + high)[:2] / 2
    near: dict[tuple[str, str], bool] = {}
    for part in scene.parts:
        if not part.count:
            continue
        box = part.bounds
        gap = np.maximum(np.maximum(box[0, :2] - at, at - box[1, :2]), 0.0)
        beside = abs(box[0, 2] - low[2]) <= _LEVEL and float(np.hypot(*gap)) <= reach + 1e-6
        key = part.element, part.name
        near[key] = beside and part.movable and near.get(key, True)
    return [near.get((cause.element, cause.name), False) for cause in shown.causes]


def _band(share: float, bands: Mapping[str, float]) -> str:
    return next(name for name, least in bands.items() if share >= least - _EXACT)


def _counted(share: Floats, bands: Mapping[str, float]) -> str:
    """`364 clear, 8 slight`; empty where all are clear."""
    names = [_band(float(one), bands) for one in share]
    if all(name == "clear" for name in names):
        return ""
    return ", ".join(f"{names.count(name)} {name}" for name in bands if name in names)


@dataclass(frozen=True)
class _Short:
    """One block with seats that see too little of one target."""

    target: str
    seen: Seen
    block: str
    failing: Whole
    """Seats, as indices into `scene.seats`, worst first."""
    of: Whole
    share: Floats
    cause: Whole
    place: Floats


def _finding(scene: Scene, shown: Visible, rule: Rule, low: _Short, bands: Mapping[str, float]) -> Finding:
    seats = scene.seats
    worst = int(low.failing[0])
    rows, every = _rows(scene, low.failing), _rows(scene, low.of)
    by_row: dict[int, int] = {}
    for k in low.failing.tolist():
        by_row.setdefault(int(seats.rank[k]), k)
    n = len(low.failing)
    message = (
        f"{low.block}, row{'s' if len(rows) > 1 else ''} {_span(rows, every)} ({n} seat{'s' if n > 1 else ''}), to "
        f"{low.target}: worst: {_seat(scene, low, worst, bands)}: {_why(scene, shown, low, worst)}"
    )
    details = tuple(
        f"{_seat(scene, low, k, bands)}: {_why(scene, shown, low, k)}" for k in by_row.values() if k != worst
    )
    blamed = [shown.causes[c].element for c in dict.fromkeys(low.cause[low.failing].tolist()) if c >= 0]
    x, y, z = (float(v) for v in seats.eyes[worst])
    return rule.finding(
        message, elements=tuple(dict.fromkeys((str(seats.element[worst]), *low.seen.element.split(), *blamed))),
        target=low.target, group=low.block, measured=float(low.share[worst]), required=bands["side"], unit="share",
        at=(x, y, z), fix=_fix(scene, shown, low), details=details,
    )  # fmt: skip


def _seat(scene: Scene, low: _Short, k: int, bands: Mapping[str, float]) -> str:
    seats, share = scene.seats, float(low.share[k])
    name = f"row {seats.row[k] or seats.key[k]} seat {seats.seat[k]}"
    return f"{name} sees {int(100 * share + _EXACT)} %, {_band(share, bands)}"


def _why(scene: Scene, shown: Visible, low: _Short, k: int) -> str:
    """`column K1, left of LED wall`"""
    cause = int(low.cause[k])
    if cause == _AWAY:
        return f"{low.target} turns its back"
    return f"{_thing(scene, shown.causes[cause])}, {_side(*low.place[k])}{low.target}"


def _side(u: float, v: float) -> str:
    """Where on the target, in words; within a twelfth of its middle it is none of its sides."""
    up, across = abs(v - 0.5), abs(u - 0.5)
    if max(up, across) <= 1 / 12:
        return "in front of "
    if across >= up:
        return "left of " if u < 0.5 else "right of "
    return "bottom of " if v < 0.5 else "top of "


def _thing(scene: Scene, cause: Cause) -> str:
    if cause.system == "column" and cause.name:
        return f"column {cause.name}"
    origin = scene.elements.get(cause.element)
    if origin is not None and origin.name:
        return f"{origin.name} {cause.name}".strip()
    if cause.name:
        return f"{cause.element} {cause.name}"
    return f"{cause.system} {cause.element}" if cause.system in ("truss", "drape", "column") else cause.element


def _fix(scene: Scene, shown: Visible, low: _Short) -> str:
    """Which object to move: the one that takes most from these seats together."""
    lost = 1 - low.share[low.failing]
    blamed = low.cause[low.failing]
    kinds = np.unique(blamed)
    most = int(kinds[np.argmax([lost[blamed == kind].sum() for kind in kinds])])
    if most == _AWAY:
        return f"turn {low.target} towards these seats, or name it in a feed with a screen that they see"
    cause = shown.causes[most]
    thing = _thing(scene, cause)
    if cause.blocks == "rigging":
        return f"raise or move {thing}"
    if cause.blocks == "architecture" or not cause.movable:
        return f"{thing} stays: move {low.target} or these seats, or offer them as restricted view"
    return f"move or lower {thing}, or move these seats"
