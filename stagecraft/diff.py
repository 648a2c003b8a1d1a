"""What changed between two states of a venue, as values, as text and as JSON.

Everything is compared by what stays the same when a file is tidied: seats by permanent id, elements by id, findings by
code, group and target, kit by item. Comments, order and units make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from stagecraft import units
from stagecraft.analysis.changed import MOVED, TURNED, Indices, changed, changed_points, measures, own_parts, paired
from stagecraft.export.json import plain
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Pick, Scene, Seats, Strings
from stagecraft.schedules.kit import Line, counted
from stagecraft.schedules.seats import least_c
from stagecraft.units import Units

if TYPE_CHECKING:
    from stagecraft.analysis.views import Views
    from stagecraft.checks.finding import Finding, Report

WORST = 10
"""Changed C-values that are named; the rest is counted."""


@dataclass(frozen=True)
class Seat:
    """A seat that is gone or new."""

    id: str
    label: str


@dataclass(frozen=True)
class Rename:
    """A seat that is called something else."""

    id: str
    was: str
    now: str


@dataclass(frozen=True)
class Move:
    """A seat or an element that stands elsewhere, or the other way round."""

    id: str
    was: str
    now: str
    """Its label before and after."""
    distance: float
    """[m]"""
    turn: float
    """[degrees]"""


@dataclass(frozen=True)
class Change:
    """A word about a seat or an element that is another word now."""

    id: str
    was: str
    now: str
    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """A finding, in as many words as tell it from the others."""

    code: str
    name: str
    severity: str
    group: str
    target: str
    message: str


@dataclass(frozen=True)
class Count:
    """So many of an item before, so many after."""

    item: str
    description: str
    why: str
    old: int
    new: int


@dataclass(frozen=True)
class Clearance:
    """A C-value before and after; None where there is none. [m]"""

    id: str
    was: str
    now: str
    old: float | None
    new: float | None

    @property
    def size(self) -> float:
        return abs((self.new or 0.0) - (self.old or 0.0))


@dataclass(frozen=True)
class Difference:
    """From one state to another; everything sorted by its id, C-values the most changed first."""

    seats_gone: tuple[Seat, ...] = ()
    seats_new: tuple[Seat, ...] = ()
    seats_moved: tuple[Move, ...] = ()
    seats_renamed: tuple[Rename, ...] = ()
    seats_changed: tuple[Change, ...] = ()
    """Other place, category, status, owner, reason or price."""
    elements_gone: tuple[str, ...] = ()
    elements_new: tuple[str, ...] = ()
    elements_moved: tuple[Move, ...] = ()
    elements_changed: tuple[Change, ...] = ()
    """Another type, size or shape."""
    points: tuple[Change, ...] = ()
    """Rigging points that came, went, moved along what carries them, or bear another load, limit or hoist."""
    findings_gone: tuple[Fault, ...] = ()
    findings_new: tuple[Fault, ...] = ()
    kit: tuple[Count, ...] = ()
    c_values: tuple[Clearance, ...] = ()
    """The most changed ones."""
    c_values_changed: int = 0
    """How many changed at all."""
    views_worse: tuple[Change, ...] = ()
    """Seats of both sides, killed in neither, whose view past fixed things comes down to another band."""
    views_better: tuple[Change, ...] = ()

    @property
    def empty(self) -> bool:
        return self == Difference()

    def reversed(self) -> Difference:
        """The way back: what `diff(new, old)` gives."""
        return Difference(
            seats_gone=self.seats_new,
            seats_new=self.seats_gone,
            seats_moved=tuple(_back(one) for one in self.seats_moved),
            seats_renamed=tuple(_back(one) for one in self.seats_renamed),
            seats_changed=tuple(_back(one) for one in self.seats_changed),
            elements_gone=self.elements_new,
            elements_new=self.elements_gone,
            elements_moved=tuple(_back(one) for one in self.elements_moved),
            elements_changed=tuple(_back(one) for one in self.elements_changed),
            points=tuple(_back(one) for one in self.points),
            findings_gone=self.findings_new,
            findings_new=self.findings_gone,
            kit=tuple(_back(one) for one in self.kit),
            c_values=tuple(_back(one) for one in self.c_values),
            c_values_changed=self.c_values_changed,
            views_worse=tuple(_back(one) for one in self.views_better),
            views_better=tuple(_back(one) for one in self.views_worse),
        )


def diff(
    old: Scene,
    new: Scene,
    old_report: Report | None = None,
    new_report: Report | None = None,
    old_views: Views | None = None,
    new_views: Views | None = None,
    bands: Mapping[str, float] | None = None,
) -> Difference:
    """What changed from one scene to another; findings and C-values where both sides are given.

    bands : of view, the least share of each by its name; with both sides' views it is said which seats change theirs
    """
    before, after = old.seats, new.seats
    gone, come, a, b = paired(before.ids, after.ids)
    changes: dict[str, Any] = _seats(before, after, a, b)
    labels = _labels(before), _labels(after)
    changes["seats_gone"] = tuple(Seat(str(before.ids[i]), labels[0][i]) for i in gone)
    changes["seats_new"] = tuple(Seat(str(after.ids[i]), labels[1][i]) for i in come)
    changes |= _elements(old, new)
    changes["points"] = _points(old, new)
    if old_report is not None and new_report is not None:
        was, now = _faults(old_report.findings), _faults(new_report.findings)
        changes["findings_gone"] = tuple(was[key] for key in sorted(was.keys() - now.keys()))
        changes["findings_new"] = tuple(now[key] for key in sorted(now.keys() - was.keys()))
    changes["kit"] = _kit(old, new)
    if old_views is not None and new_views is not None:
        found = _clearances(before, after, a, b, least_c(old, old_views)[0], least_c(new, new_views)[0])
        changes["c_values"], changes["c_values_changed"] = tuple(found[:WORST]), len(found)
        if bands:
            from stagecraft.analysis.restricted import restricted

            seen = restricted(old, old_views, bands).band[a], restricted(new, new_views, bands).band[b]
            changes["views_worse"], changes["views_better"] = _views(before, after, a, b, *seen, [*bands])
    return Difference(**changes)


def _labels(seats: Seats) -> list[str]:
    """`C A12`, or `C 9/12` where the row is a number too; the permanent id of a seat without labels."""
    rows, places = seats.row.tolist(), seats.seat.tolist()
    names = [row + ("/" if row[-1:].isdigit() and seat else "") + seat for row, seat in zip(rows, places)]
    return [
        f"{block} {name}".strip() if name else one
        for one, block, name in zip(seats.ids.tolist(), seats.block.tolist(), names)
    ]


def _seats(old: Seats, new: Seats, a: Indices, b: Indices) -> dict[str, Any]:
    """Moves, new labels and new words of the seats that both sides have."""
    distance = np.linalg.norm(new.at[b] - old.at[a], axis=1)
    turn = np.abs(new.facing[b] - old.facing[a]) % 360.0
    turn = np.minimum(turn, 360.0 - turn)
    was, now = _both_labels(old, new, a, b)
    ids = old.ids[a].tolist()
    moved = tuple(
        Move(ids[i], was[i], now[i], float(distance[i]), float(turn[i]))
        for i in np.flatnonzero((distance > MOVED) | (turn > TURNED)).tolist()
    )
    renamed = tuple(Rename(ids[i], was[i], now[i]) for i in range(len(ids)) if was[i] != now[i])
    changed: list[tuple[int, Change]] = []
    for what in ("place", "category", "status", "owner", "reason", "price"):
        before, after = getattr(old, what)[a], getattr(new, what)[b]
        differs = before != after
        if what == "price":
            differs &= ~(np.isnan(before) & np.isnan(after))
        changed += [
            (i, Change(ids[i], was[i], now[i], what, _word(before[i]), _word(after[i])))
            for i in np.flatnonzero(differs).tolist()
        ]
    changed.sort(key=lambda one: (one[0], one[1].what))
    return {"seats_moved": moved, "seats_renamed": renamed, "seats_changed": tuple(change for _, change in changed)}


def _both_labels(old: Seats, new: Seats, a: Indices, b: Indices) -> tuple[list[str], list[str]]:
    was, now = _labels(old), _labels(new)
    return [was[i] for i in a.tolist()], [now[i] for i in b.tolist()]


def _word(value: Any) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return str(value)


def _elements(old: Scene, new: Scene) -> dict[str, Any]:
    found = changed(old, new)
    parts = own_parts(old), own_parts(new)

    def labels(name: str) -> tuple[str, str]:
        return old.elements[name].name or name, new.elements[name].name or name

    others = [
        Change(name, *labels(name), "type", old.elements[name].type, new.elements[name].type) for name in found.retyped
    ]
    others += [
        Change(name, *labels(name), "size", *(measures(own.get(name, []), new.about.units) for own in parts))
        for name in found.reshaped
    ]
    return {
        "elements_gone": found.gone,
        "elements_new": found.come,
        "elements_moved": tuple(Move(name, *labels(name), *one) for name, one in found.moved.items()),
        "elements_changed": tuple(sorted(others, key=lambda one: one.id)),
    }


def _points(old: Scene, new: Scene) -> tuple[Change, ...]:
    def words(point: Pick | None, scene: Scene) -> str:
        if point is None:
            return ""
        at = ", ".join(units.length(round(float(v), 6) + 0.0, new.about.units, 3) for v in point.at[:2])
        load = f"{point.load:g} kg ({point.author})" if point.load is not None and point.author else ""
        limit = f"limit {point.limit:g} kg" if point.limit is not None else ""
        item = scene.items.get(point.hoist)
        return ", ".join(part for part in (at, load, limit, item.label if item else point.hoist) if part)

    found = [(a or b, words(a, old), words(b, new)) for a, b in changed_points(old, new)]
    return tuple(
        Change(f"{point.element}/{point.name}", point.name, point.name, "point", was, now)
        for point, was, now in sorted(((p, was, now) for p, was, now in found if p), key=lambda one: (one[0].element, one[0].name))
    )  # fmt: skip


def _faults(findings: Iterable[Finding]) -> dict[tuple[str, str, str], Fault]:
    return {
        (f.code, f.group, f.target): Fault(f.code, f.name, f.severity, f.group, f.target, f.message) for f in findings
    }


def _kit(old: Scene, new: Scene) -> tuple[Count, ...]:
    was, now = counted(old), counted(new)

    def count(line: Line) -> Count:
        labels = {scene.items[line.item].label for scene in (old, new) if line.item in scene.items}
        return Count(line.item, min(labels, default=""), line.why, was[line], now[line])

    return tuple(count(line) for line in sorted(was.keys() | now.keys()) if was[line] != now[line])


def _clearances(old: Seats, new: Seats, a: Indices, b: Indices, old_c: Floats, new_c: Floats) -> list[Clearance]:
    """Seats of both sides whose C-value changed, the most changed first."""
    was, now = old_c[a], new_c[b]
    open_old, open_new = ~np.isfinite(was), ~np.isfinite(now)
    size = np.abs(np.where(open_new, 0.0, now) - np.where(open_old, 0.0, was))
    labels = _both_labels(old, new, a, b)
    ids = old.ids[a].tolist()
    found = [
        Clearance(
            ids[i],
            labels[0][i],
            labels[1][i],
            None if open_old[i] else float(was[i]),
            None if open_new[i] else float(now[i]),
        )
        for i in np.flatnonzero((open_old != open_new) | (size > MOVED)).tolist()
    ]
    # To a micrometre, so that seats that change alike stay in the order of their ids.
    return sorted(found, key=lambda change: -round(change.size, 6))


def _views(
    old: Seats, new: Seats, a: Indices, b: Indices, was: Strings, now: Strings, bands: list[str]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Seats in a worse band and in a better one, the worst first. Seats that anybody killed are not looked at."""
    rank = {name: k for k, name in enumerate(bands)} | {"": len(bands)}
    low, high = (np.array([rank[name] for name in side], np.int64) for side in (was.tolist(), now.tolist()))
    kept = (old.status[a] != "kill") & (new.status[b] != "kill")
    labels = _both_labels(old, new, a, b)
    ids = old.ids[a].tolist()

    def changes(which: Indices) -> tuple[Change, ...]:
        return tuple(
            Change(ids[i], labels[0][i], labels[1][i], "view", str(was[i]), str(now[i])) for i in which.tolist()
        )

    worse, better = np.flatnonzero(kept & (high > low)), np.flatnonzero(kept & (high < low))
    return (
        changes(worse[np.lexsort((worse, low[worse], -high[worse]))]),
        changes(better[np.lexsort((better, high[better], -low[better]))]),
    )


R = TypeVar("R", Rename, Move, Change, Count, Clearance)


def _back(one: R) -> R:
    """The same seen from the other side."""
    known = {field.name for field in fields(one)}
    swaps = [(a, b) for a, b in (("was", "now"), ("old", "new")) if a in known]
    return replace(one, **{a: getattr(one, b) for pair in swaps for a, b in (pair, pair[::-1])})


SHOWN = 12
"""Lines or labels of one kind that the text names; the rest is counted."""


def diff_text(difference: Difference, show: Units = "m") -> str:
    """What changed, for people: elements, seats, findings, kit, C-values, views; `no difference` where there is none.

    show : units that distances and C-values are shown in
    """
    if difference.empty:
        return "no difference\n"
    d = difference
    parts = [
        ("elements", [*_listed("gone", d.elements_gone), *_listed("new", d.elements_new),
                      *_lines(f"{_element(move)} moved {_far(move, show)}" for move in d.elements_moved),
                      *_lines(f"{_element(c)} {_other(c)}" for c in d.elements_changed)]),
        ("rigging points", _lines(f"{c.was}: {c.old or 'none'} → {c.new or 'none'}" for c in d.points)),
        ("seats", [*_listed("gone", [seat.label for seat in d.seats_gone]),
                   *_listed("new", [seat.label for seat in d.seats_new]),
                   *_sum(len(d.seats_new) - len(d.seats_gone), bool(d.seats_new and d.seats_gone)),
                   *_lines(_moves(d.seats_moved, show)),
                   *_lines(_renames(d.seats_renamed)),
                   *_lines(_words(d.seats_changed))]),
        ("findings", [*_lines(f"gone  {_fault(one)}" for one in d.findings_gone),
                      *_lines(f"new   {_fault(one)}" for one in d.findings_new)]),
        ("kit", _lines(_count(one) for one in d.kit)),
        ("C-values", [f"{d.c_values_changed} changed" + (", most of all:" if d.c_values else ""),
                      *_clear(d.c_values, show)]
         if d.c_values_changed else []),
        ("views past fixed things", [*_lines(_words(d.views_worse, "worse: ")),
                                     *_lines(_words(d.views_better, "better: "))]),
    ]  # fmt: skip
    return "".join(f"{head}\n" + "".join(f"  {line}\n" for line in lines) for head, lines in parts if lines)


def diff_json(difference: Difference) -> dict[str, Any]:
    """What changed, for programs: the fields of Difference, and `empty`."""
    found: dict[str, Any] = plain(difference)
    return {"empty": difference.empty, **found}


def _lines(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    return every if len(every) <= SHOWN else [*every[:SHOWN], f"and {len(every) - SHOWN} more"]


def _listed(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return [f"{len(names)} {what}: {', '.join(names[:SHOWN])}{more}"]


def _sum(more: int, mixed: bool) -> list[str]:
    """What coming and going make together."""
    if not mixed:
        return []
    return [f"{abs(more)} {'more' if more > 0 else 'fewer'} in all" if more else "as many as before in all"]


def _element(one: Move | Change) -> str:
    """`PA (Main array)`: its id, which is its own, and its name, which twins share."""
    name = one.was if one.was == one.now else f"{one.was}, now {one.now}"
    return one.id if name == one.id else f"{one.id} ({name})"


def _names(one: Move | Change | Clearance) -> str:
    return one.was if one.was == one.now else f"{one.was} (now {one.now})"


def _far(move: Move, show: Units) -> str:
    ways = [units.length(move.distance, show, 3)] if move.distance > MOVED else []
    if ways and show == "ft" and move.distance < units.INCH / 16:
        ways = ['under 1/8"']
    return " and ".join(ways + ([f"turned {move.turn:.2f}°"] if move.turn > TURNED else []))


def _other(change: Change) -> str:
    """`size: 6 × 4 m → 8 × 4 m`; a box that is as large as before holds another shape."""
    return "has another shape" if change.old == change.new else f"{change.what}: {change.old} → {change.new}"


def _moves(moves: Iterable[Move], show: Units) -> list[str]:
    """Seats of one element that moved by the same distance are one line."""
    groups: dict[tuple[str, str], list[Move]] = {}
    for move in moves:
        groups.setdefault((move.id.partition("/")[0], _far(move, show)), []).append(move)
    return [
        f"{_names(found[0])} moved {far}" if len(found) == 1 else f"{len(found)} of {element} moved {far}"
        for (element, far), found in groups.items()
    ]


def _renames(renames: Iterable[Rename]) -> list[str]:
    """Three seats of an element are enough to see how it is numbered now."""
    groups: dict[str, list[str]] = {}
    for one in renames:
        groups.setdefault(one.id.partition("/")[0], []).append(f"{one.was} is now {one.now}")
    return [
        f"{len(found)} of {element} have other labels: {', '.join(found[:3])}" + (" …" if len(found) > 3 else "")
        for element, found in groups.items()
    ]


def _clear(changes: Iterable[Clearance], show: Units) -> list[str]:
    """Seats that change alike are one line."""
    groups: dict[str, list[str]] = {}
    for change in changes:
        groups.setdefault(f"{_small(change.old, show)} → {_small(change.new, show)}", []).append(_names(change))
    return [f"{sizes}: {', '.join(names)}" for sizes, names in groups.items()]


def _words(changes: Iterable[Change], head: str = "") -> list[str]:
    """Seats that have the same other word are one line; `head` says what it is instead of the changes' own."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for change in changes:
        groups.setdefault((change.what, change.old, change.new), []).append(_names(change))
    return [
        f"{head or f'{what} '}{old or 'none'} → {new or 'none'}, {_listed('seats' if len(names) > 1 else 'seat', names)[0]}"
        for (what, old, new), names in groups.items()
    ]


def _fault(fault: Fault) -> str:
    place = " ".join(part for part in (fault.group, fault.target and f"to {fault.target}") if part)
    return f"{fault.code} {fault.name}" + (f" {place}" if place else "") + f": {fault.message}"


def _count(count: Count) -> str:
    what = " ".join(part for part in (count.description or count.item, count.why and f"({count.why})") if part)
    return f"{what}: {count.old} → {count.new} ({count.new - count.old:+d})"


def _small(size: float | None, show: Units) -> str:
    return "none" if size is None else units.small(size, show)
