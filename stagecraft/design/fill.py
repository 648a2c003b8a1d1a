"""Fill: as many places of one style as a room takes under its rules, as elements with explicit numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.removed import removed
from stagecraft.analysis.taken import SHARE
from stagecraft.build import build
from stagecraft.checks import ruleset
from stagecraft.checks._check import NotChecked, Rule, Subject
from stagecraft.checks._people import occupancy
from stagecraft.checks.finding import Finding
from stagecraft.design import new_text
from stagecraft.design._floor import UNDER, floor, open_floor
from stagecraft.design._lattice import lattice
from stagecraft.design._limits import TRADE, limits
from stagecraft.design._rows import Packed, Spacing, pack, runs
from stagecraft.elements import Element
from stagecraft.elements.seating import CHAIR_DEPTH
from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.rows import slots
from stagecraft.scene import Bools, Record, Scene, SeatRow, Space
from stagecraft.schedules.table import Column, Table
from stagecraft.venue.document import Venue
from stagecraft.venue.edit import edited, with_elements
from stagecraft.venue.verify import catalogue_of

STYLES = ("theatre", "classroom", "cabaret", "banquet", "reception", "boardroom", "u_shape", "hollow_square")
ID = "fill"
"""Elements that a solver wrote are called so: fill, fill2 …; with the set-up's name where there are set-ups."""
CHAIR, DESK, ROUND, TRESTLE = "fur.chair.banquet", "fur.table.classroom8", "fur.table.round6", "fur.table.trestle6"
POSEUR, POSEURS = "fur.table.poseur", 3.0
"""Table to stand at, and from one to the next: for about nine people [m]. Source: house figure."""
DESK_SEATS, ROUND_SEATS, CABARET_SEATS, TRESTLE_SEATS = 3, 10, 6, 3
"""Places at a table, on one side of it where it is not round. Source: banquet planning guides; the InterContinental Miami
prints three at 8 ft and ten at 72 in with its chart."""
WIDTH = 0.50
"""From seat to seat. [m]"""
DENSITY = 2.0, "Approved Document B, table D1"
"""Persons who stand on a square metre. Source: the floor space factor of 0.5 m² of assembly halls and dance floors in
volume 2 (2019)."""
LEG = 0.05
"""From a table's edge to the chair's front. [m]"""
GAP_DESKS = 0.914
"""From a table's edge to the next row's table: 36 in. Source: banquet planning guides. [m]"""
BANDS = {"theatre": (0.98, 1.12), "banquet": (1.22, 1.41), "classroom": (1.73, 2.41), "reception": (0.88, 1.16)}
"""Middle half of what 25 to 30 rooms publish, floor area a guest [m²]. Source: their owners' capacity charts, quoted in
tests/data/published_rooms.csv."""
_CODES = ("SE", "EG")
_OUT = ("few-exits", "narrow-exits")
"""Checks of how many can leave."""
_PLAIN = ("places", "tables", "rows", "pitch", "gangways", "front", "front row", "blocks", "layout", "between tables", "to walls",
          "free floor", "density", "round it", "floor")  # fmt: skip
"""What every layout has; anything else has stopped it short."""
_FAR = ("long-travel", "long-common-path", "dead-end-gangway")
"""Checks that a gangway across may pass."""
_WIDTHS = ("narrow-gangway", "near-tables")
"""Checks that a wider gangway, or more room between tables, passes."""
_WIDEST = 3.0
"""No gangway grows beyond this. [m]"""
_TRIES = 8
_SLIM = 0.4
"""Nobody stands in what is narrower than twice this. [m]"""
_BOX = 0.25
"""Boxes for tables in a U or a square are looked for on so fine a grid, or 80 steps across. [m]"""
_MIDDLE = 0.7
"""Tables of a board stand in the middle of the room where that leaves this part of the places, or more."""
_EXACT = 1e-6
_MILLIMETRES = 0.002
"""Tables stand at whole millimetres, and no nearer to each other for it. [m]"""


@dataclass(frozen=True)
class Given:
    """Sizes that a designer asks for instead of the least that the rules allow. [m]"""

    width: float | None = None
    """From seat to seat along a row; 0.50, or what the rules ask for where not given."""
    pitch: float | None = None
    """From row to row, back to back."""
    front: float | None = None
    """From the stage's edge to the front row."""
    density: float | None = None
    """Persons who stand on a square metre."""
    words: str = "as asked"
    """What is said of these sizes."""
    turn: float = 0.0
    """Where the audience looks if there is no stage, from +y anticlockwise. [degrees]"""


@dataclass(frozen=True)
class Bound:
    """What one thing came out as, and which rule or thing kept it from being more."""

    what: str
    value: str
    by: str


@dataclass(frozen=True, eq=False)
class Filled:
    """A room with as many places as it takes."""

    venue: Venue
    scene: Scene
    style: str
    within: str
    elements: tuple[str, ...]
    """Ids of what was put in."""
    gone: tuple[str, ...]
    """Ids of what stood there before and does not now."""
    left: Mapping[str, tuple[str, ...]]
    """Of what stands in other set-ups too: id → those in which it stays."""
    count: int
    area: float
    """Of the room's floor. [m²]"""
    bound: tuple[Bound, ...]
    findings: tuple[Finding, ...] = ()
    """What the checks of seating and of ways out find with it that they do not find without."""
    notes: tuple[str, ...] = ()

    @property
    def per_place(self) -> float:
        """[m²]"""
        return self.area / self.count if self.count else math.inf

    @property
    def limit(self) -> str:
        """What kept it from being more, in a few words."""
        by = {one.what: one for one in self.bound}
        for what in (*(one for one in by if one not in _PLAIN), "rows"):
            if what in by:
                return by[what].by
        for what in ("between tables", "round it"):
            if what in by:
                return f"{by[what].value} {what}: {by[what].by}"
        return f"{by['density'].value}: {by['density'].by}" if "density" in by else ""

    @property
    def sentence(self) -> str:
        """`fill: 504 places, theatre, in ballroom; 1.05 m² a place, published rooms 0.98 to 1.12`"""
        text = f"{self.count} places, {self.style.replace('_', '-')}, in {self.within}; {_area(self.per_place, self.venue)} a place"
        if band := BANDS.get(self.style):
            text += f", in published rooms {_area(band[0], self.venue)} to {_area(band[1], self.venue)}"
        return text

    def table(self) -> Table:
        """What it came out as, and what it goes by."""
        columns = Column("what", ""), Column("value", "came out as"), Column("by", "bound by")
        values = {name: [getattr(one, name) for one in self.bound] for name in ("what", "value", "by")}
        return Table(
            f"{self.style.replace('_', '-').capitalize()} in {self.within}", columns, values, self.notes,
            about={"venue": self.venue.name, "set-up": self.scene.about.setup},
        )  # fmt: skip

    def write(self, path: str | Path) -> Path:
        """Put it into the venue file, comments kept; returns where the old file now stands. Raises VenueError."""
        known = {element["id"]: element for element in self.venue.raw()["elements"]}
        path = Path(path)
        own = {e.id for e in self.venue.elements if not e.like and not isinstance(e.mirror, str)}
        fields = {id: {"setup": list(names)} for id, names in self.left.items() if id in own}

        def changed(old: str) -> str:
            return edited(with_elements(old, {id: known[id] for id in self.elements}, self.gone), fields)

        return new_text(path, changed, self.venue, self.elements[0])


def _area(size: float, venue: Venue) -> str:
    return f"{size:.2f} m²" if venue.units == "m" else f"{size / units.FOOT**2:.1f} ft²"


def fill(
    venue: Venue, style: str, within: str | None = None, rules: Sequence[str] = (), setup: str | None = None,
    anew: bool = False, given: Given | None = None,
) -> Filled:  # fmt: skip
    """As many places of one style as the room takes, less what stands there, gangways, and a way to every exit.

    within : the room; the one room there is where not given
    rules : rule sets to go by; the venue's own where none is given
    anew : leave out all other places that stand in the room in this set-up; else they stay and take their floor
    given : sizes to keep; the least that the rules allow where not given

    Places that were filled in before are laid out anew, under the same ids. The result is built and checked by the rules
    on seating and on ways out; where one fails that does not without it, gangways grow or places go until it holds.
    Raises VenueError where no place fits.
    """
    if style not in STYLES:
        raise VenueError(f"no style is called '{style}'{nearest(style, list(STYLES)) or ': ' + ', '.join(STYLES)}")
    return _Work(venue, style, within, rules, setup, anew, given or Given()).done()


def most_places(venue: Venue, style: str, within: str, rules: Sequence[str], given: Given) -> int:
    """How many places one would lay out at first, before they are built and checked; 0 where none fits."""
    try:
        work = _Work(venue, style, within, rules, None, False, given)
        return work._plan(work.limits.gangway, None).count
    except VenueError:
        return 0


@dataclass(eq=False)
class _Plan:
    """Elements of one layout."""

    count: int
    elements: list[dict[str, Any]] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Made:
    """A layout that is built and checked."""

    plan: _Plan
    venue: Venue
    subject: Subject
    count: int
    findings: tuple[Finding, ...]

    @property
    def scene(self) -> Scene:
        return self.subject.scene

    @property
    def wrong(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity != "note"]


class _Work:
    """One room being filled."""

    def __init__(
        self, venue: Venue, style: str, within: str | None, rules: Sequence[str], setup: str | None, anew: bool,
        given: Given,
    ) -> None:  # fmt: skip
        self.venue, self.style, self.given = venue, style, given
        for what, least, greatest in (("width", 0.3, 3.0), ("pitch", 0.3, 10.0), ("front", 0.0, 1000.0)):
            size = getattr(given, what)
            if size is not None and not least <= size <= greatest:
                raise VenueError(
                    f"{what}: {units.length(size, venue.units)} is not between {least:g} and {greatest:g} m"
                )
        self.sets = ruleset.chosen(rules or venue.rules, venue._source.folder)
        self.limits = limits(self.sets)
        self.gangway, self.gap = self.limits.gangway, self.limits.gap
        self.seatways: list[float] = []
        """The one that the first layout found best."""
        self.across = math.inf
        """Rows before a gangway that crosses, where the way out is too long without one."""
        _, self.setup, _ = venue.at(setup)
        self.base = f"{ID}_{self.setup}" if self.setup else ID
        self.mine = re.compile(rf"{re.escape(self.base)}\d*")
        self.old = tuple(e.id for e in venue.elements if self.mine.fullmatch(e.id))
        drawn = list(self._others())
        self.kept = () if anew else tuple(element.id for element in drawn)
        self.left = {e.id: rest for e in drawn if anew and (rest := self._elsewhere(e))}
        self.other = tuple(e.id for e in drawn if anew and e.id not in self.left)
        self.scene = build(self._without((*self.old, *self.other)), self.setup or None)
        self.within = self._room(within)
        self.catalogue = catalogue_of(venue)
        self.chair = self.catalogue[CHAIR].depth or CHAIR_DEPTH
        self.floor = floor(self.scene, self.within, given.turn)
        if self.floor.height < UNDER:
            high = units.length(self.floor.height, venue.units)
            raise VenueError(Problem(f"is only {high} high: nobody is seated under less than 2 m", self.within))

    def _others(self) -> Iterator[Element]:
        """What else holds places in this set-up."""
        standing, _, _ = self.venue.at(self.setup or None)
        for element in standing.elements:
            if element.type in ("seating", "tables", "standing") and element.id not in self.old:
                yield element

    def _elsewhere(self, element: Element) -> tuple[str, ...]:
        """Other set-ups that it stands in."""
        states = element.setup if element.setup is not None else tuple(self.venue.setups)
        return tuple(name for name in ((states,) if isinstance(states, str) else states) if name != self.setup)

    def _without(self, ids: Sequence[str], extra: Sequence[Mapping[str, Any]] = ()) -> Venue:
        """The venue without some elements, and without what is said about their seats unless `extra` stands for them."""
        data = self.venue.raw()
        new = {one["id"]: dict(one) for one in extra}
        kept = []
        for one in data["elements"]:
            if one["id"] in self.left:
                one["setup"] = list(self.left[one["id"]])
            if one["id"] in new:
                kept.append(new.pop(one["id"]))
            elif one["id"] not in ids:
                kept.append(one)
        data["elements"] = [*kept, *new.values()]
        if not extra and ids:
            data["places"] = []
            for state in data.get("setups", {}).values():
                state.pop("places", None)
            numbering = data.get("numbering")
            if numbering and set(map(str, numbering.get("continuous_across", ()))) & set(ids):
                data.pop("numbering")
        return self.venue.again(data)

    def _room(self, within: str | None) -> str:
        rooms = [space.element for space in self.scene.rooms]
        if within is None and len(rooms) == 1:
            return rooms[0]
        if not rooms:
            raise VenueError("there is no room to fill: draw one (type: room)")
        if within is None:
            raise VenueError(
                f"there are {len(rooms)} rooms: say which one (--within {rooms[0]}); of {', '.join(rooms)}"
            )
        if within not in rooms:
            known = nearest(within, rooms) or f": the rooms are {', '.join(rooms)}"
            raise VenueError(f"no room is called '{within}'{known}")
        return within

    def done(self) -> Filled:
        before = {(f.code, f.group, f.target) for f in _faults(Subject(self.scene), self.sets)}
        most, why = None, None
        self._widen()
        made = self._made(most, before)
        if (leave := self._leave(made)) is not None and leave[0] < made.count:
            most, why = leave[0], Bound("ways out", f"{leave[0]} places can be left", leave[1])
            most = math.floor(most * made.plan.count / made.count + _EXACT)  # tables to stand at take people's floor
            made = self._made(most, before)
        if (
            self.style == "theatre"
            and any(f.name in _FAR for f in made.wrong)
            and (crossed := self._crossed(made, most, before)) is not None
        ):
            made = crossed
        if any(f.name not in _OUT for f in made.wrong) and (fewer := self._fewer(made, before)) is not None:
            first = next(f for f in made.wrong if f.name not in _OUT)
            why, made = Bound(first.name, f"{fewer.count} places pass", f"{first.rule}: {first.message}"), fewer
        plan, scene = made.plan, made.scene
        ids = tuple(one["id"] for one in plan.elements)
        gone = tuple(id for id in (*self.old, *self.other) if id not in ids)
        per = Bound("floor", f"{_area(self.floor.area / max(made.count, 1), self.venue)} a place", "")
        if band := BANDS.get(self.style):
            per = replace(per, by=f"published rooms: {_area(band[0], self.venue)} to {_area(band[1], self.venue)}")
        bound = (Bound("places", str(made.count), ""), *plan.bound, *((why,) if why else ()), per)
        return Filled(
            made.venue, scene, self.style, self.within, ids, gone, self.left, made.count, self.floor.area, bound, made.findings,
            (*plan.notes, *self._notes(scene)),
        )  # fmt: skip

    def _widen(self) -> None:
        """Gangways, and room between tables, as wide as the people need who use them: found by laying out anew."""
        rules = [rule for one in self.sets for rule in one.rules if rule.check.name in _WIDTHS and not rule.not_checked]
        for _ in range(_TRIES):
            plan = self._plan(self.gangway, None)
            if not plan.count:
                return
            _, scene = self._built(plan)
            own = {one["id"] for one in plan.elements}
            found = [f for f in _found(Subject(scene), rules) if f.severity != "note" and own & set(f.elements)]
            wider = max(found, key=_lacks, default=None)
            if wider is None or max(self.gangway[0], self.gap[0]) >= _WIDEST:
                return
            if wider.name == "near-tables":
                self.gap = self.gap[0] + max(_lacks(wider), 0.02), wider.rule
            else:
                self.gangway = self.gangway[0] + max(_lacks(wider), 0.05), wider.rule

    def _made(self, most: int | None, before: set[tuple[str, str, str]]) -> _Made:
        """A layout of at most so many places, built and checked."""
        plan = self._plan(self.gangway, most)
        if not plan.count:
            raise VenueError(Problem(f"no place fits: {self._why()}", self.within))
        venue, scene = self._built(plan)
        own = [one["id"] for one in plan.elements]
        count = int((np.isin(scene.seats.element, own) & (scene.seats.status != "kill")).sum())
        count += sum(s.capacity or 0 for s in scene.of(Space) if s.element in own and s.use == "standing")
        subject = Subject(scene)
        found = [f for f in _faults(subject, self.sets) if (f.code, f.group, f.target) not in before]
        return _Made(plan, venue, subject, count, tuple(found))

    def _leave(self, made: _Made) -> tuple[int, str] | None:
        """How many places the exits allow, and the rule that allows no more; None where they allow these, or not one."""
        rules = [rule for one in self.sets for rule in one.rules if rule.check.name in _OUT and not rule.not_checked]
        others = occupancy(replace(self.scene, about=replace(self.scene.about, brief={}))).guests
        bare = replace(made.scene, records=tuple(r for r in made.scene.records if not _holds_people(r)))

        def stops(places: int) -> Finding | None:
            brief = {**bare.about.brief, "guests": others + places}
            crowd = made.subject.with_people(replace(bare, about=replace(bare.about, brief=brief)))
            return next((f for f in _found(crowd, rules) if f.severity != "note"), None)

        if not any(f.name in _OUT for f in made.wrong) or stops(1):
            return None
        low, high = 1, made.count
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if stops(middle) else (middle, high)
        last = stops(high)
        assert last
        return low, f"{last.rule}: {last.message}"

    def _crossed(self, made: _Made, most: int | None, before: set[tuple[str, str, str]]) -> _Made | None:
        """The same with one or two gangways that cross, so that every way out is short enough; None where that is no help."""
        own = np.isin(made.scene.seats.element, [one["id"] for one in made.plan.elements])
        rows = int(made.scene.seats.key[own].max(initial=1))
        for parts in (2, 3):
            self.across = math.ceil(rows / parts)
            other = self._made(most, before)
            if not any(f.name in _FAR for f in other.wrong):
                return other
        self.across = math.inf
        return None

    def _fewer(self, made: _Made, before: set[tuple[str, str, str]]) -> _Made | None:
        """As many places as pass the rules; None where half of them do not."""
        good, low, high = None, made.count // 2, made.count
        for _ in range(_TRIES):
            one = self._made(low if good is None else (low + high) // 2, before)
            if one.wrong:
                if good is None:
                    return None
                high = one.count
            else:
                good, low = one, one.count
            if high - low < max(2, made.count // 100):
                break
        return good

    def _notes(self, scene: Scene) -> Iterator[str]:
        if self.style != "reception" and not (scene.seats.place == "wheelchair").any():
            yield "no wheelchair places: give them a row, {type: seating, rows: 1, seats: 4, pattern: [wheelchair, companion]}, and fill again"
        names = [name for name in np.unique(scene.laid_out.element).tolist() if self.mine.fullmatch(name)]
        mine = np.isin(scene.laid_out.element, names)
        yield from (one.sentence for one in removed(scene) if mine[one.seats].any())
        if self.kept:
            yield f"{', '.join(self.kept)}: drawn before, and kept; --replace leaves out what was drawn"
        if not self.floor.stage:
            yield "there is no stage: the audience looks to the room's +y end"

    def _why(self) -> str:
        area = self.floor.room.difference(self.floor.things).area
        what = "what stands there, ways along the walls and gangways leave no floor for one"
        return f"{what} ({_area(area, self.venue)} of free floor)"

    def _built(self, plan: _Plan) -> tuple[Venue, Scene]:
        """The venue with the plan's elements."""
        state: dict[str, Any] = {"setup": self.setup} if self.setup else {}
        plan.elements = [{**one, **state} for one in plan.elements]
        venue = self._without((*self.old, *self.other), plan.elements)
        return venue, build(venue, self.setup or None)

    def _turned(self) -> dict[str, Any]:
        turn = (self.floor.turn + 180.0) % 360.0 - 180.0
        return {"turn": _round(turn)} if abs(turn) > 1e-9 else {}

    def _at(self, x: float, y: float) -> list[float]:
        at = _point(self.floor.world(np.array([[x, y]]))[0])
        return [*at, _round(self.floor.level)] if abs(self.floor.level) > 1e-9 else at

    def _plan(self, gangway: tuple[float, str], most: int | None) -> _Plan:
        match self.style:
            case "theatre":
                return self._rows(gangway, most)
            case "classroom":
                return self._desks(gangway, most)
            case "banquet" | "cabaret":
                return self._rounds(most)
            case "reception":
                return self._standing(most)
            case _:
                return self._conference()

    def _front(self) -> tuple[float, Bound]:
        """y that the front row stays behind, and why. [m]"""
        show = self.venue.units
        floor = self.floor
        if not floor.stage:
            if self.given.front is not None:
                raise VenueError(Problem("has no stage: leave front out, or draw the stage first", self.within))
            return math.inf, Bound("front", "a way along the wall", self.limits.aside[1])
        asked, by = (self.given.front, self.given.words) if self.given.front is not None else self.limits.front
        return floor.front - asked, Bound("front row", f"{units.length(asked, show)} from {floor.stage}", by)

    def _packed(self, spacing: Spacing, front: float) -> Packed | None:
        """Rows with a gangway along all walls."""
        area = open_floor(self.floor, max(self.limits.aside[0], spacing.gangway))
        return pack(area, self.floor.things, front, self.floor.centre, spacing)

    def _rows(self, gangway: tuple[float, str], most: int | None) -> _Plan:
        limit, show = self.limits, self.venue.units
        width = self.given.width or max(WIDTH, limit.width[0])
        front, why = self._front()
        pitch = self.given.pitch
        seatways = self.seatways or (limit.seatways if pitch is None else [pitch - self.chair])
        tried = []
        for seatway in seatways:
            both, single = limit.runs(seatway)
            if not both and not single:
                continue
            rows = min(limit.rows[0], self.across)
            seatway = _up(self.chair + seatway) - self.chair
            spacing = Spacing(
                width,
                self.chair,
                seatway,
                gangway[0],
                both,
                single,
                int(limit.least[0]),
                int(rows) if math.isfinite(rows) else None,
            )
            if (found := self._packed(spacing, front)) is not None:
                tried.append(found)
        if not tried:
            if pitch is not None and not any(any(limit.runs(s)) for s in seatways):
                need = units.small(limit.seatways[0], show)
                raise VenueError(
                    f"a pitch of {units.length(pitch, show)} leaves {units.small(pitch - self.chair, show)} of seatway; {limit.seatway} asks {need}"
                )
            return _Plan(0)
        best = max(tried, key=lambda one: one.count)
        self.seatways = [best.spacing.seatway]
        if most is not None:
            best = best.at_most(most)
        plan = _Plan(best.count)
        if best.count:
            plan.elements = [self._seating(best)]
        spacing = best.spacing
        wide = sorted({round(b.left - a.left - a.mask.shape[1] * width, 3) for a, b in pairwise(best.blocks)})
        asked = limit.seatway if pitch is None else f"pitch {self.given.words}"
        plan.bound = [
            Bound("rows", f"{best.rows}, the longest of {best.longest}",
                  f"seatway {units.small(spacing.seatway, show)} for {best.longest} in a row: {asked}"),
            Bound("pitch", units.length(spacing.pitch, show, 3), f"chair {units.small(self.chair, show)} deep + seatway"),
            Bound("gangways", _gangways(len(best.blocks) - 1, wide, show), gangway[1]),
            why,
        ]  # fmt: skip
        if best.cross:
            by = limit.rows[1] if self.across > limit.rows[0] else "the way out is too long without"
            plan.bound.append(Bound("blocks", f"{len(best.cross)} gangway{'s' * (len(best.cross) > 1)} across", by))
        return plan

    def _seating(self, packed: Packed) -> dict[str, Any]:
        """The seating element: all places of its blocks, without those that have no floor or that nobody could get to."""
        spacing, blocks = packed.spacing, packed.blocks
        counts = [block.mask.shape[1] for block in blocks]
        right = [block.left + n * spacing.width for block, n in zip(blocks, counts)]
        gaps = [_round(b.left - a) for a, b in zip(right, blocks[1:])]
        mask = np.concatenate([block.mask for block in blocks], axis=1)
        taken = self._taken(packed) & ~mask
        one: dict[str, Any] = {
            "id": self.base, "type": "seating",
            "at": self._at((blocks[0].left + right[-1]) / 2, float(packed.front[0])), **self._turned(),
            "rows": len(packed.front), "seats": counts if len(counts) > 1 else counts[0],
            "pitch": _round(spacing.pitch), "width": _round(spacing.width), "chair": CHAIR,
        }  # fmt: skip
        if gaps:
            one["gangway"] = gaps if len(set(gaps)) > 1 else gaps[0]
        if packed.cross:
            one["cross"] = [{"after": k, "width": _round(spacing.gangway)} for k in packed.cross]
        if (mask | taken)[:, [0, -1]].all():
            one["sides"] = _round(spacing.gangway)
        one["blocks"] = self._names(packed)
        if left_out := list(_without(~mask & ~taken, slots(counts, "centre"))):
            one["without"] = left_out
        return one

    def _taken(self, packed: Packed) -> Bools:
        """(rows, places of all blocks) where something stands that takes the place."""
        import shapely

        spacing = packed.spacing
        x = np.concatenate([b.left + np.arange(b.mask.shape[1]) * spacing.width for b in packed.blocks])
        low, high = np.meshgrid(x, packed.front - spacing.depth)
        places = shapely.box(low, high, low + spacing.width, high + spacing.depth)
        shapely.prepare(self.floor.takers)
        hit = shapely.intersects(places, self.floor.takers)
        hit[hit] = shapely.area(shapely.intersection(places[hit], self.floor.takers)) > 2 * SHARE
        return np.asarray(hit & shapely.contains(self.floor.room.buffer(_EXACT), places))

    def _names(self, packed: Packed) -> list[str]:
        """Names of blocks from house left that nobody else has."""
        count = len(packed.blocks)
        names = {1: ["C"], 2: ["L", "R"], 3: ["L", "C", "R"]}.get(count, [str(k + 1) for k in range(count)])
        known = set(self.scene.laid_out.block.tolist())
        return [f"{self.base}-{name}" for name in names] if known & set(names) else names

    def _desks(self, gangway: tuple[float, str], most: int | None) -> _Plan:
        limit, show, desk = self.limits, self.venue.units, self.catalogue[DESK]
        assert desk.width and desk.depth
        front, why = self._front()
        wanted = limit.desk[0] + self.gap[0] - limit.gap[0]
        behind, by = max((GAP_DESKS, TRADE), (wanted, self.gap[1]))
        behind -= LEG + self.chair
        tried = []
        for seatway in sorted({behind, *(w for w in limit.seatways if w > behind)}):
            both, single = (seats // DESK_SEATS for seats in limit.runs(seatway))
            if not both:
                continue
            deep = desk.depth + LEG + self.chair
            spacing = Spacing(desk.width, deep, _up(deep + seatway) - deep, gangway[0], both, single)
            if (found := self._packed(spacing, front)) is not None:
                tried.append(found)
        if not tried:
            return _Plan(0)
        best = max(tried, key=lambda one: one.count)
        if most is not None:
            best = best.at_most(most // DESK_SEATS)
        at = _places(best)
        at[:, 1] += best.spacing.depth / 2 - desk.depth / 2
        at = at[np.lexsort((at[:, 0], -np.round(at[:, 1], 4)))]
        seatway = best.spacing.seatway
        wide = sorted({round(b.left - a.left - a.mask.shape[1] * desk.width, 3) for a, b in pairwise(best.blocks)})
        plan = _Plan(len(at) * DESK_SEATS)
        if len(at):
            plan.elements = [self._tables(self.base, DESK, DESK_SEATS, at, open=90)]
        plan.bound = [
            Bound("tables", f"{len(at)}, {DESK_SEATS} places each", desk.model),
            Bound("rows", f"{best.rows}, the longest of {best.longest * DESK_SEATS}",
                  f"{units.small(seatway, show)} behind the chairs: {by if seatway < behind + 1e-3 else limit.seatway}"),
            Bound("pitch", units.length(best.spacing.pitch, show, 3), "table, chair, and the way behind it"),
            Bound("gangways", _gangways(len(best.blocks) - 1, wide, show), gangway[1]),
            why,
        ]  # fmt: skip
        return plan

    def _rounds(self, most: int | None) -> _Plan:
        import shapely

        show, table = self.venue.units, self.catalogue[ROUND]
        assert table.width
        seats = ROUND_SEATS if self.style == "banquet" else CABARET_SEATS
        radius = table.width / 2
        reach = radius + LEG + self.chair
        front, why = self._front()
        floor = self.floor
        wall = max(self.limits.wall[0], LEG + self.chair)
        area = floor.room.buffer(-(radius + wall), join_style="mitre", mitre_limit=5)
        area = area.difference(floor.things.buffer(reach))
        low, bottom, high, _ = floor.room.bounds
        if math.isfinite(front):
            area = area.intersection(shapely.box(low, bottom, high, front - reach))
        at, how = lattice(area, table.width + self.gap[0] + _MILLIMETRES, floor.centre)
        if most is not None:
            at = at[: most // seats]
        plan = _Plan(len(at) * seats)
        if len(at):
            more: dict[str, Any] = {}
            if self.style == "cabaret":
                more["open"] = 360.0 * (1 - CABARET_SEATS / ROUND_SEATS)
                more |= {"open_to": floor.stage} if floor.stage else {}
            plan.elements = [self._tables(self.base, ROUND, seats, at, **more)]
        plan.bound = [
            Bound("tables", f"{len(at)}, {seats} places each", table.model),
            Bound("layout", how, "the one of which most tables fit"),
            Bound("between tables", units.length(self.gap[0], show), self.gap[1]),
            Bound("to walls", units.length(wall, show), self.limits.wall[1]),
            why,
        ]
        return plan

    def _tables(self, id: str, item: str, seats: int, at: Floats, turn: float = 0.0, **more: Any) -> dict[str, Any]:
        """A tables element whose tables stand at points as the audience sees them, its open side to +y turned by `turn`."""
        facing = self.floor.turn + turn
        c, s = math.cos(math.radians(-turn)), math.sin(math.radians(-turn))
        own = np.asarray(at, float) @ np.array([[c, s], [-s, c]])
        turned = {"turn": _round((facing + 180.0) % 360.0 - 180.0)} if abs(facing) > 1e-9 else {}
        level = {"at": [0, 0, _round(self.floor.level)]} if abs(self.floor.level) > 1e-9 else {}
        places = [_point(np.round(one, 3)) for one in own]
        return {"id": id, "type": "tables", "item": item, "seats": seats, **level, **turned, "places": places, **more}

    def _standing(self, most: int | None) -> _Plan:
        import shapely

        floor = self.floor
        density, by = (self.given.density, self.given.words) if self.given.density else DENSITY
        area = floor.room.difference(floor.things).buffer(-_SLIM).buffer(_SLIM - 0.01).simplify(0.01)
        if floor.stage:
            low, bottom, high, _ = floor.room.bounds
            area = area.intersection(shapely.box(low, bottom, high, floor.front))
        pieces = [piece for piece in _simple(area) if piece.area * density >= 1]
        pieces.sort(key=lambda piece: (-round(piece.area, 3), piece.bounds))
        plan = _Plan(0)
        level = {"at": [0, 0, _round(floor.level)]} if abs(floor.level) > 1e-9 else {}
        for number, piece in enumerate(pieces, 1):
            people = math.floor(piece.area * density + 1e-6)
            ring = floor.world(np.array(piece.exterior.coords)[:-1])
            plan.count += people
            plan.elements.append(
                {"id": self.base if number == 1 else f"{self.base}{number}", "type": "standing", **level,
                 "outline": [_point(np.round(p, 3)) for p in ring], "density": density}
            )  # fmt: skip
        at, _ = lattice(area.buffer(-POSEURS / 3), POSEURS, floor.centre)
        if len(at):
            plan.elements.append(self._tables(f"{self.base}{len(pieces) + 1}", POSEUR, 0, at))
        free = sum(piece.area for piece in pieces)
        if most is not None and plan.count > most:
            thin = math.floor(density * most / plan.count * 1e4) / 1e4
            plan.elements = [{**one, "density": thin} if "density" in one else one for one in plan.elements]
            plan.count = most
        plan.bound = [
            Bound("free floor", _area(free, self.venue), "less what stands there and ways out kept clear"),
            Bound("density", f"{_area(1 / density, self.venue)} a person", by),
            Bound("tables", f"{len(at)} to stand at", f"{units.length(POSEURS, self.venue.units)} apart"),
        ]
        if floor.stage:
            plan.bound.append(Bound("front", f"up to the front of {floor.stage}", ""))
        return plan

    def _conference(self) -> _Plan:
        show, table = self.venue.units, self.catalogue[TRESTLE]
        assert table.width and table.depth
        run, deep, chair = table.width, table.depth, LEG + self.chair
        area = open_floor(self.floor, max(self.limits.aside[0], self.limits.gangway[0]))
        front, why = self._front()
        tried: list[tuple[int, float, tuple[int, int], tuple[float, float, float, float]]] = []
        for box in boxes(area, front):
            wide, long = box[2] - box[0], box[3] - box[1]
            if self.style == "boardroom":
                across, along = 1, int((long + _EXACT) // run)
                good = along >= 1 and wide >= 2 * (deep + chair) - _EXACT
                places = 2 * along * TRESTLE_SEATS
            else:
                ends = 2 if self.style == "hollow_square" else 1
                across = int((wide - 2 * chair + _EXACT) // run)
                along = int((long - ends * (deep + chair) + _EXACT) // run)
                good = across >= 2 and along >= 1
                places = (ends * across + 2 * along) * TRESTLE_SEATS
            if good:
                tried.append((places, -abs((box[0] + box[2]) / 2 - self.floor.centre), (across, along), box))
        if not tried:
            return _Plan(0)
        best = max(tried, key=lambda one: one[:2])
        middle = [one for one in tried if one[1] > -_BOX and one[0] >= _MIDDLE * best[0]]
        best = max(middle, key=lambda one: one[:2], default=best)
        (across, along), box = best[2], best[3]
        plan = _Plan(int(best[0]))
        x, top = (box[0] + box[2]) / 2, box[3]
        leg = (np.arange(along) + 0.5) * run
        side = across * run / 2 - deep / 2
        parts: list[tuple[Floats, float]] = []
        if self.style == "boardroom":
            y = top - (box[3] - box[1] - along * run) / 2 - leg
            parts = [
                (np.c_[np.full(along, x - deep / 2), y], -90.0),
                (np.c_[np.full(along, x + deep / 2), y[::-1]], 90.0),
            ]
        else:
            row = x + (np.arange(across) - (across - 1) / 2) * run
            start = top - (chair + deep if self.style == "hollow_square" else 0.0)
            y = start - leg
            parts = [
                (np.c_[np.full(along, x - side), y], -90.0),
                (np.c_[row, np.full(across, start - along * run - deep / 2)], 0.0),
                (np.c_[np.full(along, x + side), y[::-1]], 90.0),
            ]
            if self.style == "hollow_square":
                parts.append((np.c_[row[::-1], np.full(across, top - chair - deep / 2)], 180.0))
        for number, (at, turn) in enumerate(parts, 1):
            name = self.base if number == 1 else f"{self.base}{number}"
            plan.elements.append(self._tables(name, TRESTLE, TRESTLE_SEATS, at, turn, open=90))
        plan.bound = [
            Bound("tables", f"{plan.count // TRESTLE_SEATS}, {TRESTLE_SEATS} places each", table.model),
            Bound(
                "round it", units.length(max(self.limits.aside[0], self.limits.gangway[0]), show), self.limits.aside[1]
            ),
            why,
        ]
        return plan


def boxes(area: Any, front: float) -> Iterator[tuple[float, float, float, float]]:
    """The widest box of every depth and place along a grid that lies within the area and behind a line: x, y, x, y. [m]"""
    import shapely

    if area.is_empty:
        return
    low, bottom, high, top = area.bounds
    top = min(top, front)
    step = max(_BOX, (high - low) / 80, (top - bottom) / 80)
    columns, rows = int((high - low) / step + _EXACT), int((top - bottom) / step + _EXACT)
    if columns < 1 or rows < 1:
        return
    x, y = low + (high - low - columns * step) / 2 + np.arange(columns) * step, top - (np.arange(rows) + 1) * step
    shapely.prepare(area)
    xs, ys = np.meshgrid(x, y)
    cells = shapely.contains(area.buffer(1e-6), shapely.box(xs, ys, xs + step, ys + step))
    for first in range(rows):
        free = np.ones(columns, np.bool_)
        for last in range(first, rows):
            free = free & cells[last]
            if not free.any():
                break
            a, b = max(runs(free), key=lambda one: (one[1] - one[0], -one[0]))
            yield float(x[a]), float(y[last]), float(x[a] + (b - a) * step), float(y[first] + step)


def _simple(area: Any) -> Iterator[Any]:
    """Polygons without holes that make up an area: cut through where a hole is."""
    import shapely

    for piece in shapely.get_parts(area).tolist():
        if piece.geom_type != "Polygon" or piece.area < _SLIM**2:
            continue
        if not piece.interiors:
            yield piece
            continue
        middle = shapely.Polygon(piece.interiors[0]).centroid.x
        low, bottom, high, top = piece.bounds
        for half in (
            shapely.box(low - 1, bottom - 1, middle, top + 1),
            shapely.box(middle, bottom - 1, high + 1, top + 1),
        ):
            yield from _simple(piece.intersection(half))


def _gangways(count: int, wide: Sequence[float], show: units.Units) -> str:
    if not count:
        return "none between blocks"
    sizes = units.length(wide[0], show) if len(wide) == 1 else f"{units.length(wide[0], show)} and more"
    return f"{count} of {sizes}"


def _places(packed: Packed) -> Floats:
    """(n, 2) middles of all places."""
    spacing = packed.spacing
    out = []
    for block in packed.blocks:
        row, cell = np.nonzero(block.mask)
        x = block.left + (cell + 0.5) * spacing.width
        out.append(np.stack([x, packed.front[row] - spacing.depth / 2], axis=1))
    return np.concatenate(out) if out else np.zeros((0, 2))


def _without(out: Bools, slot: Floats | Any) -> Iterator[str]:
    """Places left out, row by row: `4/-2..3`."""
    for row, left in enumerate(out, 1):
        if left.all():
            yield str(row)
            continue
        for a, b in runs(left):
            yield f"{row}/{slot[a]}" if b - a == 1 else f"{row}/{slot[a]}..{slot[b - 1]}"


def _holds_people(record: Record) -> bool:
    return isinstance(record, SeatRow) or (isinstance(record, Space) and record.use == "standing")


def _lacks(finding: Finding) -> float:
    """By how much something is too narrow. [m]"""
    return (finding.required or 0.0) - (finding.measured or 0.0)


def _faults(subject: Subject, sets: Iterable[ruleset.RuleSet]) -> Iterator[Finding]:
    """What the checks of seating and of ways out find."""
    rules = (rule for one in sets for rule in one.rules)
    return _found(subject, [rule for rule in rules if rule.check.code[:2] in _CODES and not rule.not_checked])


def _found(subject: Subject, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        with suppress(NotChecked):
            yield from (one for one in rule.check.run(subject, rule, **rule.values) if isinstance(one, Finding))


def _up(size: float) -> float:
    """The next whole millimetre. [m]"""
    return math.ceil(size * 1000 - 1e-6) / 1000


def _round(value: float) -> float:
    return round(float(value), 6) + 0.0


def _point(at: Floats) -> list[float]:
    return [_round(v) for v in at.tolist()]
