"""What the checks of pictures and people share: seats that fall short, told as one finding a block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from stagecraft.analysis.seen import pictures
from stagecraft.analysis.views import View
from stagecraft.checks._check import NotChecked, Rule, Subject
from stagecraft.checks.finding import Finding
from stagecraft.checks.sightlines import _blocks, _rows, _span
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene

Words = Callable[[float], str]


def looked_at(scene: Scene) -> Bools:
    """(n,) seats that somebody may be given. Raises NotChecked where there are none."""
    if not len(scene.seats):
        raise NotChecked("no seats")
    looked = np.asarray(scene.seats.status != "kill")
    if not looked.any():
        raise NotChecked("all places are killed")
    return looked


def faced(subject: Subject, looked: Bools) -> dict[str, list[View]]:
    """What counts as one picture. Raises NotChecked where there is none, or where no seat faces any."""
    shown = pictures(subject.scene, subject.views)
    if not shown:
        raise NotChecked("no screen is named")
    if all(np.isnan(best(subject.scene, screens, "heights")[looked]).all() for screens in shown.values()):
        raise NotChecked("no seat faces a screen")
    return shown


def best(scene: Scene, screens: Iterable[View], field: str) -> Floats:
    """(n,) the least figure over screens that count as one.

    NaN for who looks at their back or turns his own to all of them; guests at tables turn round.
    """
    screens = list(screens)
    least = np.fmin.reduce([np.where(np.isnan(view.heights), np.nan, getattr(view, field)) for view in screens])
    turned = np.fmin.reduce([view.angle for view in screens]) > 90.0
    return np.where(turned & (scene.seats.place != "table"), np.nan, least)


def over(size: Floats, limit: float) -> Bools:
    """(n,) what is more than the limit, as written; nothing is no more."""
    return np.asarray(np.nan_to_num(size, nan=0.0) > limit + 1e-6)


def whole_rows(scene: Scene, short: Bools, looked: Bools) -> Bools:
    """(n,) of the seats that fall short, those in rows of a block where every one does."""
    seats = scene.seats
    block = np.unique(seats.block, return_inverse=True)[1].reshape(-1)
    row = np.unique(seats.rank * (len(seats) + 1) + block, return_inverse=True)[1].reshape(-1)
    good = np.bincount(row, looked & ~short)
    return np.asarray(short & looked & (good[row] == 0))


def by_block(
    scene: Scene, rule: Rule, target: str, short: Bools, looked: Bools, size: Floats, tell: Words, fix: Words, *, required: float,
    unit: str, elements: Iterable[str], least: bool = False,
) -> Iterator[Finding]:  # fmt: skip
    """One finding a block for the seats that fall short, the worst block first.

    size : (n,) what is measured: the greater the worse, or with `least` the smaller
    tell : what a size means
    fix : what would cure the worst
    """
    seats, worse = scene.seats, 1.0 if least else -1.0
    found: list[Finding] = []
    for block, mask in _blocks(seats.element, seats.block).items():
        failing = np.flatnonzero(short & mask)
        if not len(failing):
            continue
        failing = failing[np.lexsort((failing, np.round(worse * size[failing], 6)))]
        worst, n = int(failing[0]), len(failing)
        by_row: dict[int, int] = {}
        for k in failing.tolist():
            by_row.setdefault(int(seats.rank[k]), k)
        row = "table" if (seats.place[failing] == "table").all() else "row"
        lines = [
            f"{row} {seats.row[k] or seats.key[k]} seat {seats.seat[k]}: {tell(float(size[k]))}"
            for k in by_row.values()
        ]
        rows, every = _rows(scene, failing), _rows(scene, np.flatnonzero(mask & looked))
        x, y, z = (float(v) for v in seats.eyes[worst])
        found.append(
            rule.finding(
                f"{block}, {row}{'s' if len(rows) > 1 else ''} {_span(rows, every)} ({n} seat{'s' if n > 1 else ''}), to "
                f"{target}: worst: {lines[0]}",
                elements=tuple(dict.fromkeys((str(seats.element[worst]), *elements))), target=target, group=block,
                measured=float(size[worst]), required=required, unit=unit, at=(x, y, z), fix=fix(float(size[worst])),
                details=tuple(lines[1:]),
            )
        )  # fmt: skip
    yield from sorted(found, key=lambda finding: worse * (finding.measured or 0.0))
