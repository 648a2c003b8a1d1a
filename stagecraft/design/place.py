"""Where an object costs least: every position of a grid weighed, the best of them built and checked whole."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.gaps import Bodies
from stagecraft.analysis.restricted import looks
from stagecraft.analysis.taken import Places
from stagecraft.analysis.views import Views, views
from stagecraft.analysis.visible import visible
from stagecraft.build import build, without
from stagecraft.checks import CHECKS, check, ruleset
from stagecraft.checks._check import NotChecked, Rule, Subject
from stagecraft.checks.finding import Finding
from stagecraft.design._sight import own, unpatched
from stagecraft.design.cost import Cost, bands_of, cost, objects, refuse, sights, weighed
from stagecraft.drawing.killmap import Cells
from stagecraft.drawing.marks import Drawing
from stagecraft.elements import ELEMENTS, Element
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry import frame as frames
from stagecraft.geometry import gaps
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.gaps import TOUCH
from stagecraft.scene import Bools, Part, Record, Scene, Screen, SeatRow, Space, Strings, Target, Walkway
from stagecraft.schedules.table import Column, Table, in_units
from stagecraft.venue.document import Source, Venue
from stagecraft.venue.verify import catalogue_of

Range = tuple[float, float]
AXES = ("x", "y", "z", "turn")
STEP, TURN = 0.5, 15.0
"""Of the grid, where not given. [m, degrees]"""
MOST = 20_000
"""Positions of one grid."""
SAMPLES = 256
"""Rays to a target for each position; the figures of the best one come from as many as anywhere else."""
_TRIES = 12
"""So many of the best positions are built and checked until one is found that breaks no rule anew."""
_QUICK = ("low-headroom", "blocked-gangway")
"""Checks that are made for every position; all others for the best ones."""
_NEAR = 0.05
"""Room round an object that rays may pass: half the distance of two eyes, and some more. [m]"""
_BELOW = 2.5
"""A person reaches no further below the points that are looked at. [m]"""
_EXACT = 1e-9


@dataclass(frozen=True)
class Spot:
    """A position of the grid, and what the object costs there."""

    at: tuple[float, ...]
    """Along each axis of the grid. [m, degrees]"""
    removed: int = 0
    downgraded: int = 0
    low: int = 0
    """Of those downgraded, down to a restricted or severe view."""
    counts: tuple[int, ...] = ()
    """Seats that remain, by band of their view."""
    score: float = 0.0
    """Score lost, in seats that see everything."""
    money: float | None = None
    """Price of the seats removed, where prices are known."""
    away: float = 0.0
    """From where it stands now. [m]"""
    why: str = ""
    """What stands against it; empty for a position that is possible."""

    @property
    def rank(self) -> tuple[float, ...]:
        """Less is better."""
        return self.removed, self.low, round(self.score, 3), round(self.away, 6), *self.at


@dataclass(frozen=True, eq=False)
class Placed:
    """An object where it costs least."""

    venue: Venue
    element: str
    axes: tuple[str, ...]
    """What the grid goes along: x, y, z, turn."""
    spots: tuple[Spot, ...]
    """Every position of the grid, in its order."""
    best: tuple[Spot, ...]
    """Possible ones, the best first; the first is that of `venue`, the figures are those of the whole house."""
    now: Cost
    """What it costs where it stands, in the whole house."""
    then: Cost
    """And what it costs at the best position."""
    present: tuple[float, ...]
    """Where it stands, along each axis."""
    steps: tuple[float, ...]
    findings: tuple[Finding, ...]
    """What the check of the best position finds that it does not find now."""
    fields: tuple[str, ...]
    """Of the element, that were changed."""
    base: Floats
    """(4, 4) of what the element stands on or hangs from."""

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """What to write into the file, for `into_file`."""
        element = self.venue[self.element]
        values = {_written_as(element, name): getattr(element, name) for name in self.fields}
        return {self.element: {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}}

    def words(self, at: tuple[float, ...]) -> str:
        """`x 0.00 m, y -18.70 m`"""
        show = self.venue.units
        said = [f"{a} {v:g}°" if a == "turn" else f"{a} {units.length(v, show)}" for a, v in zip(self.axes, at)]
        return ", ".join(said)

    def table(self, most: int = 5) -> Table:
        """The best positions, and the present one."""
        return self._table([*self.best[:most], _spot(self.now, self.present, 0.0)], now=True)

    def grid(self) -> Table:
        """Every position."""
        return self._table(self.spots)

    def _table(self, rows: Sequence[Spot], now: bool = False) -> Table:
        show, bands = self.venue.units, self.now.bands
        known = self.now.money is not None
        axes = [
            Column(a, f"{a} °" if a == "turn" else f"{a} {show}", "number" if a == "turn" else "length")
            for a in self.axes
        ]
        columns = (
            *((Column("what", ""),) if now else ()), *axes, Column("removed", "removed", "int"),
            *((Column("money", f"price {self.now.currency}".strip(), "number", 0),) if known else ()),
            Column("downgraded", "downgraded", "int"), *(Column(f"band {name}", name, "int") for name in bands),
            Column("score", "score lost", "number", 1), *(() if now else (Column("why", "not possible"),)),
        )  # fmt: skip
        possible = [not spot.why for spot in rows]
        values: dict[str, list[Any]] = {
            name: [getattr(spot, name) if good else None for spot, good in zip(rows, possible)]
            for name in ("removed", "downgraded", "score", "money")
        }
        for k, axis in enumerate(self.axes):
            sizes = [spot.at[k] for spot in rows]
            values[axis] = sizes if axis == "turn" else in_units(sizes, show)
        for k, name in enumerate(bands):
            values[f"band {name}"] = [spot.counts[k] if good else None for spot, good in zip(rows, possible)]
        values["what"] = [*(f"best {k + 1}" for k in range(len(rows) - 1)), "now"]
        values["why"] = [spot.why for spot in rows]
        notes = [*self._refused()]
        if not now:
            notes += ["score lost: what seats see less of all that they face, by weight, in seats that see everything"]
            notes += self.now.notes
        return Table(f"Places for {self.element}", columns, values, tuple(notes), about={"venue": self.venue.name})

    @property
    def sentence(self) -> str:
        """The best position and what it saves, in words."""
        old, new = (int(one.removed.sum()) for one in (self.now, self.then))
        worse, was = (int(one.spoiled.sum()) for one in (self.then, self.now))
        if not len(self.now.seats):
            return self.now.sentence
        if not self.better:
            seen = "; what is seen is not weighed" if self.now.blind else f", {was} downgraded"
            return f"{self.element} costs no less anywhere there than where it stands: {_seats(old)} removed{seen}"
        more = "as many as" if new == old else f"{abs(new - old)} {'fewer' if new < old else 'more'} than"
        return (
            f"{self.element} costs least at {self.words(self.best[0].at)}: {_seats(new)} removed, {more} where it stands; "
            f"{'what is seen is not weighed' if self.now.blind else f'{worse} downgraded, now {was}'}"
        )

    @property
    def better(self) -> bool:
        """Does the best position cost less than the present one?"""
        return _spot(self.then, (), 0.0).rank < _spot(self.now, (), 0.0).rank

    def drawing(self, scale: float | None = None) -> Drawing:
        """Plan of what it costs at the best position, or where it stands if none is better, and at all others."""
        cells, found = self._cells(), self.then if self.better else self.now
        if cells is not None and not self.better:
            cells = replace(cells, here="WHERE IT STANDS")
        return found.drawing(cells, None, scale)

    def _cells(self) -> Cells | None:
        """The best of all positions over each place in plan; None where the grid goes along neither x nor y."""
        if not {"x", "y"} & set(self.axes):
            return None
        flat = [k for k, axis in enumerate(self.axes) if axis in ("x", "y")]
        best: dict[tuple[float, ...], Spot] = {}
        for spot in self.spots:
            key = tuple(spot.at[k] for k in flat)
            old = best.get(key)
            if old is None or (bool(spot.why), spot.rank) < (bool(old.why), old.rank):
                best[key] = spot
        element: Any = self.venue[self.element]
        size = dict(zip(self.axes, self.steps))
        half = np.array([size.get("x", STEP), size.get("y", STEP)]) / 2
        square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half

        def middle(at: tuple[float, ...]) -> Floats:
            known = {self.axes[k]: at[k] for k in range(len(self.axes))}
            return np.array([known.get(axis, _value(element, axis)) for axis in ("x", "y")])

        def plan(points: Floats) -> Floats:
            return points @ self.base[:2, :2].T + self.base[:2, 3]

        head, value = "Seats removed", {key: float(spot.removed) for key, spot in best.items()}
        for words, name in (("Seats downgraded", "downgraded"), ("Score lost", "score")):
            possible = [value[key] for key, spot in best.items() if not spot.why]
            if max(possible) > min(possible):
                break
            head, value = words, {key: float(getattr(spot, name)) for key, spot in best.items()}
        keys = list(best)
        found = tuple(self.best[0].at[k] for k in flat)
        return Cells(
            np.array([plan(middle(best[key].at) + square) for key in keys]),
            np.array([np.nan if best[key].why else value[key] for key in keys]), head, keys.index(found),
            tuple(plan(middle(self.present)).tolist()),
        )  # fmt: skip

    def _refused(self) -> Iterator[str]:
        count: dict[str, int] = {}
        for spot in self.spots:
            if spot.why:
                count[spot.why] = count.get(spot.why, 0) + 1
        for why, n in sorted(count.items(), key=lambda item: (-item[1], item[0])):
            yield f"{n} of {len(self.spots)} positions not possible: {why}"


def ranges(text: str) -> dict[str, Range]:
    """`x=-6..6, y=-20..-12 ft` → axis → (lowest, highest) [m; turn: degrees]. Raises VenueError in the reader's words."""
    out: dict[str, Range] = {}
    for piece in (one.strip() for one in text.replace("−", "-").replace("…", "..").split(",")):
        axis, equals, span = (one.strip() for one in piece.partition("="))
        axis = {"trim": "z"}.get(axis.lower(), axis.lower())
        if out and not equals and re.match(r"\d", piece):
            raise VenueError(f"'{text}': a number is written with a point (1.5), not with a comma")
        if axis not in AXES or not equals or not all(span.split("..")):
            raise VenueError(f"'{piece}' is no range: write it as x=-6..6; of x, y, z (trim) and turn")
        if "=" in span:
            raise VenueError(f"'{piece}' is more than one range: put a comma between two, as x=-6..6, y=-20..-12")
        if axis in out:
            raise VenueError(f"'{axis}' is given twice")
        low, dots, high = (one.strip() for one in span.partition(".."))
        if not dots:
            high = low
        elif re.fullmatch(r"[-+.\d]+", low) and (unit := re.search(r"[a-zA-Z'\"]+$", high)) and "'-" not in high:
            low += unit[0]
        try:
            if axis == "turn" and not all(math.isfinite(float(one)) for one in (low, high)):
                raise ValueError
            sizes = (
                [float(one) for one in (low, high)] if axis == "turn" else [units.metres(one) for one in (low, high)]
            )
        except ValueError as error:
            raise VenueError(
                f"{axis}: {error}" if axis != "turn" else f"turn: '{span}' is no range of degrees"
            ) from None
        if not sizes[0] <= sizes[1]:
            raise VenueError(f"'{piece}' goes from the lower to the higher: {axis}={high}..{low}")
        out[axis] = (sizes[0], sizes[1])
    return out


def steps(text: str) -> dict[str, float]:
    """`0.5`, `2 ft` or `x=1, y=0.5, turn=30` → axis → step; for all lengths where no axis is named. [m; turn: degrees]"""
    if "=" not in text:
        try:
            size = units.metres(text)
        except ValueError as error:
            raise VenueError(f"step: {error}") from None
        return dict.fromkeys(("x", "y", "z"), _above_zero(size))
    return {axis: _above_zero(low) for axis, (low, _) in ranges(text).items()}


def _above_zero(step: float) -> float:
    if not (math.isfinite(step) and step > 0):
        raise VenueError(f"the step is above zero, not {step:g}")
    return step


def place(
    venue: Venue, id: str, within: Mapping[str, Range], step: float | Mapping[str, float] = STEP,
    setup: str | None = None, progress: Callable[[int, int], None] | None = None,
) -> Placed:  # fmt: skip
    """Where within a grid an object costs least.

    within : axis → (lowest, highest): x, y and z of the element's `at`, in the frame that `at` is given in (of what is
        hung: along, across, drop); of a truss or a drape between two points the middle of it, z its trim; turn in degrees
    step : of the grid, from the lowest value on, for all lengths or by axis [m; turn: degrees]
    progress : is told how many of how many positions are weighed

    The best position takes least seats away; of several the one that puts the fewest seats down to a restricted or severe
    view, then the one with the least score lost, then the nearest. A position where the object, or what stands on it or
    hangs from it, meets something solid, leaves the room or stands in a gangway that is free now is not possible. How well
    the object itself is seen is not weighed. The best is built and checked whole: where that finds an error that there is not now, the next one is taken.

    Raises VenueError where nothing can be placed.
    """
    element = own(venue, id, tuple(ELEMENTS), "")
    by = dict.fromkeys(("x", "y", "z"), float(step)) if isinstance(step, (int, float)) else dict(step)
    axes = tuple(axis for axis in AXES if axis in within)
    if not axes or len(axes) < len(within):
        raise VenueError("a grid goes along x, y, z or turn")
    if (beside := set(by) - set(axes)) and set(by) != {"x", "y", "z"}:
        raise VenueError(
            f"a step along {', '.join(sorted(beside))}, where the grid does not go: it goes along {', '.join(axes)}"
        )
    sizes = tuple(_above_zero(by.get(axis, TURN if axis == "turn" else STEP)) for axis in axes)
    values = [_along(axis, *within[axis], size) for axis, size in zip(axes, sizes)]
    count = math.prod(len(one) for one in values)
    if count > MOST:
        raise VenueError(f"that makes {count} positions, and {MOST} are the most: take a larger step")
    fields = dict.fromkeys(name for axis in axes for name in _moves(element, axis))
    unpatched(venue, id, tuple(fields), setup)
    house = _House(venue, element, setup)
    element = house.element
    present = tuple(_value(element, axis) for axis in axes)
    spots = []
    for n, at in enumerate(product(*values)):
        spots.append(house.weigh(axes, at, present))
        if progress is not None:
            progress(n + 1, count)
    ranked = sorted((spot for spot in spots if not spot.why), key=lambda spot: spot.rank)
    if not ranked:
        reasons = dict.fromkeys(spot.why for spot in spots)
        raise VenueError(Problem(f"has no place there: {', '.join(reasons)}", id))
    return _verified(venue, house, axes, sizes, present, spots, ranked, tuple(fields), setup)


def _verified(
    venue: Venue, house: _House, axes: tuple[str, ...], sizes: tuple[float, ...], present: tuple[float, ...],
    spots: list[Spot], ranked: list[Spot], fields: tuple[str, ...], setup: str | None,
) -> Placed:  # fmt: skip
    """The best position that breaks no rule anew, from the whole house."""
    id = house.element.id

    def checked(scene: Scene, made: Views) -> dict[tuple[str, str, str], Finding]:
        waivers = [waiver.model_dump() for waiver in venue.accept]
        report = check(scene, venue.rules, views=made, accept=waivers, combine=venue.combine)
        return {(f.code, f.group, f.target): f for f in report.findings}

    made = views(house.scene)
    before = checked(house.scene, made)
    now = cost(house.bare, house.scene, id, house.bands, house.views, made)
    errors = ""
    for k, spot in enumerate(ranked[:_TRIES]):
        moved = _put(venue, id, _changed(house.element, axes, spot.at))
        scene = build(moved, setup)
        seen = views(scene, before=made)
        fresh = [one for key, one in checked(scene, seen).items() if key not in before]
        wrong = [one for one in fresh if one.severity == "error"]
        if wrong:
            errors = wrong[0].message
            ranked[k] = replace(spot, why=errors)
            continue
        then = cost(house.bare, scene, id, house.bands, house.views, seen)
        best = [_spot(then, spot.at, spot.away), *(one for one in ranked[k + 1 :])]
        known = {one.at: one for one in (*ranked[:k], best[0])}
        return Placed(
            moved, id, axes, tuple(known.get(one.at, one) for one in spots), tuple(best), now, then, present, sizes,
            tuple(fresh), fields, house.base,
        )  # fmt: skip
    raise VenueError(Problem(f"has no place there that breaks no rule; the last that was tried: {errors}", id))


def _seats(n: int) -> str:
    return f"{n} seat{'' if n == 1 else 's'}"


def _spot(found: Cost, at: tuple[float, ...], away: float) -> Spot:
    counts = tuple(found.counts(found.after).values())
    return Spot(
        at, int(found.removed.sum()), int(found.spoiled.sum()), found.low, counts, found.score, found.money, away
    )


def _along(axis: str, low: float, high: float, step: float) -> list[float]:
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise VenueError(f"{axis} goes from a lower to a higher value, not from {low:g} to {high:g}")
    return [round(low + k * step, 6) for k in range(min(int((high - low) / step + 1e-6), MOST) + 1)]


def _moves(element: Element, axis: str) -> tuple[str, ...]:
    """Fields of the element that put it somewhere along an axis. Raises VenueError where there are none."""
    refuse(element)
    if getattr(element, "start", None) is not None and getattr(element, "end", None) is not None:
        if axis in ("x", "y"):
            return "start", "end"
        if axis == "z" and "trim" in type(element).model_fields:
            return ("trim",)
        raise VenueError(Problem(f"stands where from and to say: it has no {axis}", element.id))
    return ("turn",) if axis == "turn" else ("at",)


def _value(element: Any, axis: str) -> float:
    """Where an element stands along an axis. [m; turn: degrees]"""
    fields = _moves(element, axis)
    if fields == ("start", "end"):
        k = "xy".index(axis)
        return float((element.start[k] + element.end[k]) / 2)
    if fields == ("at",):
        return float((*element.at, 0.0, 0.0)["xyz".index(axis)])
    return float(getattr(element, fields[0]))


def _changed(element: Any, axes: tuple[str, ...], at: tuple[float, ...]) -> dict[str, Any]:
    """Fields that put it there; other coordinates stay as they are."""
    out: dict[str, Any] = {}
    for axis, value in zip(axes, at):
        fields = _moves(element, axis)
        if fields == ("start", "end"):
            k, shift = "xy".index(axis), value - _value(element, axis)
            for name in fields:
                point = list(out.get(_written_as(element, name), getattr(element, name)))
                point[k] = round(point[k] + shift, 6)
                out[_written_as(element, name)] = point
        elif fields == ("at",):
            k = "xyz".index(axis)
            point = list(out.get("at", element.at))
            point += [0.0] * (max(k + 1, 2) - len(point))
            point[k] = round(value, 6)
            out["at"] = point
        else:
            out[fields[0]] = round(value, 6)
    return out


def _written_as(element: Element, field: str) -> str:
    return type(element).model_fields[field].alias or field


def _put(venue: Venue, id: str, fields: Mapping[str, Any]) -> Venue:
    """The venue with the element there, and with all that takes these fields from it."""
    data = venue.raw()
    by_id = {one["id"]: one for one in data["elements"]}
    old = {name: by_id[id].get(name) for name in fields}
    for name in _followers(venue, id):
        changed = {field: value for field, value in fields.items() if by_id[name].get(field) == old[field]}
        by_id[name].update(changed)
    return venue.again(data)


def _followers(venue: Venue, id: str) -> set[str]:
    """An element, and those that take its fields as their own (like:, mirror:)."""
    out = {id}
    while more := {e.id for e in venue.elements if e.like in out or (e.mirror is not True and e.mirror in out)} - out:
        out |= more
    return out


class _House:
    """A venue in which one object moves: all else is built and looked at once."""

    def __init__(self, venue: Venue, element: Element, setup: str | None) -> None:
        self.scene = build(venue, setup)
        if element.id not in self.scene.elements:
            raise VenueError(Problem(f"does not stand in set-up '{self.scene.about.setup}'", element.id))
        self.bands = bands_of(venue.rules, self.scene.about.folder)
        self.standing, _, _ = venue.at(setup)
        self.element: Element = self.standing[element.id]
        self.group = set().union(*(objects(self.scene, venue, one) for one in _followers(venue, element.id)))
        if on_it := sorted({row.element for row in self.scene.seat_rows} & self.group):
            raise VenueError(Problem(f"carries seats ({', '.join(on_it)}): they would move with it", element.id))
        self.base = self.scene.elements[element.id].frame @ frames.inverse(self.element.frame())
        self.catalogue = catalogue_of(venue)
        self.bare = without(self.scene, self.group)
        self.places = Places(self.bare.seat_rows)
        self.gone = self.bare.laid_out.removed_by
        self.live = np.flatnonzero((self.gone == "") & (self.bare.laid_out.status != "kill"))
        within = np.flatnonzero(self.bare.seats.status != "kill")
        self.seats = self.bare.seats.where(within)
        self.views = views(self.bare)
        self.faces = {look.name: look.faces[within] for look in looks(self.bare, self.views, self.bands.reach)}
        kept = (Part, Target, Screen)
        self.fixed = tuple(
            one for one in self.bare.records
            if isinstance(one, kept) and not (isinstance(one, Target) and one.role == "sign") and not (isinstance(one, Part) and one.of_seats)
        )  # fmt: skip
        everyone = self._only(np.ones(len(self.seats), np.bool_), ())
        self.shown = visible(everyone, SAMPLES)
        self.old = sights(everyone, self.shown, self.faces, self.bands.reach)
        aims = [_aim(everyone, one) for one in everyone.of(Target)]
        self.ways = tuple(_Way(self.seats.eyes, aim) for aim in aims if aim is not None)
        self.bodies = Bodies(self.bare)
        self.owner = np.array([part.element for part in self.bodies.parts], dtype=np.str_)[self.bodies.part]
        self.seat_of = {id: k for k, id in enumerate(self.bare.laid_out.ids.tolist())}
        self.spaces = self.bare.of(Space)
        sets = ruleset.chosen(venue.rules, self.scene.about.folder)
        model = Rule("", CHECKS["outside-room"], "model", "error")
        self.rules = [
            model,
            *(
                r
                for one in sets
                for r in one.rules
                if r.check.name in _QUICK and r.severity == "error" and not r.not_checked
            ),
        ]
        self.known: dict[tuple[str, str], str] = {}
        mine = [record for record in self.scene.records if record.element in self.group]
        self.known = self._faults(tuple(r for r in mine if isinstance(r, Part) and r.count), self.places.taken(mine))
        self.carriers = set[str]()
        for one in self.group:
            while (one := self.scene.elements[one].host) and one not in self.group:
                self.carriers.add(one)

    def weigh(self, axes: tuple[str, ...], at: tuple[float, ...], present: tuple[float, ...]) -> Spot:
        """What the object costs at a position of the grid."""
        apart = [a - b for axis, a, b in zip(axes, at, present) if axis != "turn"]
        away = math.hypot(*apart)
        try:
            records = self._built(_changed(self.element, axes, at))
        except VenueError as error:
            return Spot(at, away=away, why=error.problems[0].message)
        parts = tuple(record for record in records if isinstance(record, Part) and record.count)
        names = self.places.taken(records)
        faults = [why for key, why in self._faults(parts, names).items() if key not in self.known]
        taken = names != ""
        if why := next(iter(faults), "") or self._meets(parts, taken):
            return Spot(at, away=away, why=why)
        removed = taken[self.live]
        share = self.old.share.copy()
        some = ~removed & self._between(parts)
        if some.any():
            trial = self._only(some, parts)
            faces = {key: face[some] for key, face in self.faces.items()}
            new = sights(trial, visible(trial, SAMPLES, before=self.shown), faces, self.bands.reach)
            share[:, some] = np.minimum(share[:, some], new.share)
        found = weighed(self.element.id, self.bands, self.seats, self.old, share, removed)
        return _spot(found, at, away)

    def _built(self, fields: Mapping[str, Any]) -> tuple[Record, ...]:
        """The object's records with other fields, from a house that holds nothing else but what it names."""
        by_id = {one.id: one for one in self.standing.elements}
        mine = {one for one in self.group if one in by_id}
        wanted, more = set[str](), set(mine)
        while more:
            wanted |= more
            named = {name.removesuffix("_mirror") if name not in by_id else name
                     for id in more for _, name in by_id[id].named()}  # fmt: skip
            more = named - wanted
        moving = _followers(self.standing, self.element.id)
        elements = []
        for one in self.standing.elements:
            if one.id not in wanted:
                continue
            said = one.model_dump(mode="json", by_alias=True, exclude_unset=True) | {"id": one.id, "type": one.type}
            said = {name: value for name, value in said.items() if name not in ("like", "setup")}
            if one.id in moving:
                said |= fields
            elements.append(type(one).model_validate(said))
        small = Venue(name=self.standing.name, people=self.standing.people, catalogue=self.standing.catalogue,
                      elements=tuple(elements))  # fmt: skip
        known = self.standing._source
        small._source = Source(known.file, known.folder, known.hash, known.folders)
        scene = build(small, catalogue=self.catalogue)
        return tuple(record for record in scene.records if record.element in self.group)

    def _only(self, some: Bools, parts: tuple[Part, ...]) -> Scene:
        """The house with the object, if any, and some of its seats.

        The object is in a class of its own, so that of all that can hide something it alone is looked at anew.
        """
        own = tuple(
            part if part.blocks == "none" else replace(part, blocks="architecture", movable=True) for part in parts
        )
        stay = np.zeros(len(self.places), np.bool_)
        stay[self.live[some]] = True
        rows = [
            _few(row, stay[a:b])
            for row, a, b in zip(self.places.rows, self.places.bounds[:-1], self.places.bounds[1:])
            if stay[a:b].any()
        ]
        return replace(self.bare, elements=self.scene.elements, records=(*self.fixed, *own, *rows))

    def _between(self, parts: tuple[Part, ...]) -> Bools:
        """(n,) seats from which it can hide anything: what it fills in plan and height lies on the way to a target."""
        out = np.zeros(len(self.seats), np.bool_)
        for element in dict.fromkeys(part.element for part in parts):
            hides = [part.bounds for part in parts if part.element == element and part.blocks != "none"]
            if not hides:
                continue
            box = np.array(
                [np.min([b[0] for b in hides], axis=0) - _NEAR, np.max([b[1] for b in hides], axis=0) + _NEAR]
            )
            for way in self.ways:
                out |= way.through(box)
        return out

    def _faults(self, parts: tuple[Part, ...], names: Strings) -> dict[tuple[str, str], str]:
        """(check, group) → what the rules have against it there, that is seen without the rest of the house."""
        removed = np.where(self.gone != "", self.gone, names)
        rows = tuple(
            replace(row, removed_by=removed[a:b])
            for row, a, b in zip(self.places.rows, self.places.bounds[:-1], self.places.bounds[1:])
        )
        ways = self._ways_at(parts)
        subject = Subject(replace(self.bare, records=(*self.spaces, *ways, *parts, *rows)))
        out = {}
        for rule in self.rules:
            try:
                found = [one for one in rule.check.run(subject, rule, **rule.values) if isinstance(one, Finding)]
            except NotChecked:
                continue
            for one in found:
                where = "it leaves the room" if rule.check.name == "outside-room" else f"{one.name}, {one.group}"
                out[one.name, one.group] = where
        return out

    def _ways_at(self, parts: tuple[Part, ...]) -> list[Walkway]:
        """Gangways and routes that it may stand in."""
        if not parts:
            return []
        low, high = (np.array([part.bounds[k, :2] for part in parts]) for k in (0, 1))
        left, right = low.min(axis=0), high.max(axis=0)
        return [
            way for way in self.bare.of(Walkway)
            if (way.line[:, :2].min(axis=0) - way.width < right).all() and (way.line[:, :2].max(axis=0) + way.width > left).all()
        ]  # fmt: skip

    def _meets(self, parts: tuple[Part, ...], taken: Bools) -> str:
        """What solid thing it would share its place with; empty for none. Chairs of seats that it takes are away."""
        moving = Bodies(replace(self.bare, records=parts))
        for k in range(len(moving.part)):
            low, high = moving.low[k], moving.high[k]
            room = np.minimum(high, self.bodies.high) - np.maximum(low, self.bodies.low)
            for j in np.flatnonzero((room > TOUCH).all(axis=1)).tolist():
                part = self.bodies.parts[self.bodies.part[j]]
                if self.owner[j] in self.carriers:
                    continue
                if part.of_seats and taken[self.seat_of[part.tags[self.bodies.copy[j]]]]:
                    continue
                if not part.of_seats and not self._over(j, low, high):
                    continue
                if _share_room(moving, k, self.bodies, j):
                    return f"it meets {'seats' if part.of_seats else part.label}"
            for j in range(k):
                a, b = (moving.parts[moving.part[n]].element for n in (j, k))
                room = np.minimum(high, moving.high[j]) - np.maximum(low, moving.low[j])
                if self._apart(a, b) and (room > TOUCH).all() and _share_room(moving, k, moving, j):
                    return "it meets its twin"
        return ""

    def _over(self, body: int, low: Floats, high: Floats) -> bool:
        import shapely

        return bool(shapely.intersects(self.bodies.shadow(body), shapely.box(*(low[:2] + TOUCH), *(high[:2] - TOUCH))))

    def _apart(self, a: str, b: str) -> bool:
        """Does neither of two things stand on the other?"""
        for one, other in ((a, b), (b, a)):
            while one and one != other:
                one = self.scene.elements[one].host
            if one == other:
                return False
        return True


def _share_room(one: Bodies, k: int, other: Bodies, j: int) -> bool:
    first, second = one.placed(k), other.placed(j)
    return first is not None and second is not None and gaps.common(first, second) is not None


def _few(row: SeatRow, stay: Bools) -> SeatRow:
    """Some places of a row. Nobody sits there: only what stands fixed is asked."""
    arrays: dict[str, Any] = {name: value[stay] for name, value in vars(row).items() if isinstance(value, np.ndarray)}
    n = int(stay.sum())
    return replace(row, **{**arrays, "removed_by": np.full(n, ""), "status": np.full(n, "kill")})


def _aim(scene: Scene, target: Target) -> Floats | None:
    """Box (2, 3) of all that is looked at; None for what no band is given for. [m]"""
    if target.role in ("sign", "floor"):
        return None
    points = np.asarray(target.points, float).reshape(-1, 3)
    if target.role == "screen":
        facets = [one.facets.reshape(-1, 3) for one in scene.of(Screen) if one.element == target.element]
        points = np.concatenate([points, *facets])
    box = np.array([points.min(axis=0), points.max(axis=0)])
    if target.role == "person":
        box += np.array([[-_NEAR - 0.5, -_NEAR - 0.5, -_BELOW], [_NEAR + 0.5, _NEAR + 0.5, 0.0]])
    return box


class _Way:
    """The straight ways from eyes (n, 3) to somewhere in a box (2, 3)."""

    def __init__(self, eyes: Floats, aim: Floats) -> None:
        middle = aim[:, :2].mean(axis=0) - eyes[:, :2]
        length = np.hypot(*middle.T)
        self.eyes, self.aim = eyes, aim
        self.unit = middle / np.where(length > 0, length, 1.0)[:, None]
        self.left, self.right, near, self.far, _ = self._seen(aim)
        self.near = np.where(length > 0, near, 0.0)

    def through(self, box: Floats) -> Bools:
        """(n,) whether one of them can pass through a box (2, 3): True where angles in plan, distances and the heights
        passed in between do not say otherwise."""
        left, right, near, far, ahead = self._seen(box)
        inside = (near <= 0) | (self.near <= 0)
        across = (left <= self.right + _EXACT) & (right >= self.left - _EXACT) & (ahead > 0)
        first = near / np.where(self.far > 0, self.far, 1.0)
        last = np.minimum(far / np.maximum(self.near, _EXACT), 1.0)
        z = self.eyes[:, 2]
        ways = np.array([z + t * (h - z) for t in (first, last) for h in self.aim[:, 2]])
        level = (ways.min(axis=0) <= box[1, 2]) & (ways.max(axis=0) >= box[0, 2])
        return np.asarray(inside | (across & (first < 1.0) & level))

    def _seen(self, box: Floats) -> tuple[Floats, ...]:
        """Least and greatest angle in plan, nearest and farthest distance, and how far ahead it reaches; (n,) each."""
        corner = np.array([(x, y) for x in box[:, 0] for y in box[:, 1]]) - self.eyes[:, None, :2]
        x, y = corner[..., 0], corner[..., 1]
        ahead = x * self.unit[:, :1] + y * self.unit[:, 1:]
        angle = np.arctan2(x * self.unit[:, 1:] - y * self.unit[:, :1], ahead)
        gap = np.maximum(np.maximum(box[0, :2] - self.eyes[:, :2], self.eyes[:, :2] - box[1, :2]), 0.0)
        return angle.min(axis=1), angle.max(axis=1), np.hypot(*gap.T), np.hypot(x, y).max(axis=1), ahead.max(axis=1)
