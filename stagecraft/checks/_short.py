"""What the checks of pictures and people share: seats that fall short of one target, told as one finding."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from stagecraft.analysis.seen import pictures
from stagecraft.analysis.views import View, Whole
from stagecraft.checks._check import NotChecked, Rule, Subject
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Strings

Words = Callable[[float], str]
_BLOCKS = 6
"""More blocks than this in one line are cut short."""
_NAMES = 12
"""More row names than this in one line are cut short."""


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
    return np.where(turned & ~scene.seats.at_table, np.nan, least)


def need_no_film(subject: Subject, picture: str, feeds: str, distance: float) -> Bools:
    """(n,) seats that read the faces of all presenters themselves, where the picture is a camera's; none for others.

    feeds : names of the feeds that show a camera's picture, divided by commas
    distance : up to which faces are read, in plan [m]
    """
    films = {f"feed {name.strip()}".casefold() for name in feeds.split(",")}
    faces = [view.distance for view in subject.views.targets.values() if view.role == "person"]
    if not faces or picture.casefold() not in films:
        return np.zeros(len(subject.scene.seats), np.bool_)
    return np.asarray(np.max(faces, axis=0) <= distance + 1e-6)


def degrees(angle: float, limit: float) -> str:
    """Whole degrees, or finer ones where whole ones would not tell it from the limit."""
    return f"{angle:.0f}°" if abs(angle - limit) >= 1 else f"{math.ceil(10 * angle - 1e-6) / 10:g}°"


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


def together(
    scene: Scene, rule: Rule, target: str, short: Bools, looked: Bools, size: Floats, tell: Words, fix: Words, *, required: float,
    unit: str, elements: Iterable[str], least: bool = False,
) -> Iterator[Finding]:  # fmt: skip
    """One finding for all seats that fall short, block by block, if there are any.

    size : (n,) what is measured: the greater the worse, or with `least` the smaller
    tell : what a size means
    fix : what would cure the worst
    """
    seats, worse = scene.seats, 1.0 if least else -1.0
    failing = np.flatnonzero(short)
    if not len(failing):
        return
    failing = failing[np.lexsort((failing, np.round(worse * size[failing], 6)))]
    worst = int(failing[0])
    blocks = by_block(seats.element, seats.block)
    named = {k: name for name, mask in blocks.items() for k in np.flatnonzero(mask & short).tolist()}
    where, names = [], list(dict.fromkeys(named[k] for k in failing.tolist()))
    for name in names:
        mine = np.array([k for k in failing.tolist() if named[k] == name])
        rows, every = row_names(scene, mine), row_names(scene, np.flatnonzero(blocks[name] & looked))
        kind = "table" if seats.at_table[mine].all() else "row"
        count = f" ({len(mine)})" if len(names) > 1 else ""
        where.append(f"{name} {kind}{'s' if len(rows) > 1 else ''} {row_span(rows, every)}{count}")
    by_row: dict[int, int] = {}
    for k in failing.tolist():
        by_row.setdefault(int(seats.rank[k]), k)
    lines = [_line(scene, named[k], k, tell(float(size[k])), len(where) > 1) for k in by_row.values()]
    more = f" and {len(where) - _BLOCKS} more blocks" if len(where) > _BLOCKS else ""
    x, y, z = (float(v) for v in seats.eyes[worst])
    owners = dict.fromkeys(seats.element[failing].tolist())
    yield rule.finding(
        f"{len(failing)} seat{'s' if len(failing) > 1 else ''}, to {target}: {', '.join(where[:_BLOCKS])}{more}; worst: {lines[0]}",
        elements=tuple(dict.fromkeys((*owners, *elements))), target=target, group=target, measured=float(size[worst]),
        required=required, unit=unit, at=(x, y, z), fix=fix(float(size[worst])), details=tuple(lines[1:]),
    )  # fmt: skip


def _line(scene: Scene, block: str, k: int, told: str, named: bool) -> str:
    """`main L, row T seat 9: 9.8 × …`"""
    seats = scene.seats
    word = "table" if seats.at_table[k] else "row"
    where = f"{block}, " if named else ""
    return f"{where}{word} {seats.row[k] or seats.key[k]} seat {seats.seat[k]}: {told}"


def by_block(element: Strings, block: Strings) -> dict[str, Bools]:
    """Seats of every block, by the name people use for it."""
    names = list(dict.fromkeys(zip(element.tolist(), block.tolist())))
    known = [name for _, name in names]
    out = {}
    for owner, name in names:
        label = f"{owner} {name}" if name and known.count(name) > 1 else name or owner
        out[label] = (element == owner) & (block == name)
    return out


def row_names(scene: Scene, of: Whole) -> list[str]:
    """Labels of the rows of some seats, front to back."""
    seats = scene.seats
    known: dict[str, int] = {}
    for k in of[np.argsort(seats.key[of], kind="stable")].tolist():
        known.setdefault(str(seats.row[k]) or str(seats.key[k]), k)
    return list(known)


def row_span(rows: list[str], all_rows: list[str]) -> str:
    """`B–L`, `B–D, F`: runs of neighbouring rows."""
    place = {name: k for k, name in enumerate(all_rows)}
    runs: list[list[str]] = []
    for name in rows:
        if runs and place[name] == place[runs[-1][-1]] + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    names = [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")
