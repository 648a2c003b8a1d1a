"""Guests on seats: who sits where, groups together, access needs first.

A guest is a line of a list: nothing here prints or keeps a name. What is said about somebody stands in that line's
`reason` and `note` and nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene
from stagecraft.schedules._places import Places, Whole, category, plain

ACCESS = {
    "wheelchair": ("wheelchair", "wheelchair user", "wheelchair place", "wc", "rollstuhl"),
    "companion": ("companion", "carer", "assistant", "personal assistant", "essential companion"),
    "step-free": ("step-free", "step free", "stepfree", "no steps", "no stairs", "level access", "walking frame"),
    "aisle": ("aisle", "aisle seat", "gangway", "gangway seat", "end of row", "row end"),
    "front": ("front", "front row", "hearing", "hard of hearing", "deaf", "lip reading", "sign language", "bsl", "asl",
              "low vision", "partially sighted", "sight"),
}  # fmt: skip
"""Words that are understood under access, by what they ask for."""
_MEANING = {word: need for need, words in ACCESS.items() for word in words}
_BEHIND = 4.0
"""What a metre backwards counts against one along the row, when a group must part."""
_SEEDS = 12
"""So many places are tried as the first of a group that must part."""


@dataclass(frozen=True)
class Guest:
    """One line of a list."""

    key: str
    """What a later list knows the same guest by."""
    group: str = ""
    category: str = ""
    access: tuple[str, ...] = ()
    """Needs, as in `ACCESS`."""
    wish: str = ""
    """Block or table asked for."""
    id: str = ""


@dataclass(frozen=True, eq=False)
class Seated:
    """Where the guests sit, in the order of the list."""

    seat: Whole
    """(n,) index into `scene.seats`; −1 for nowhere."""
    reasons: tuple[str, ...]
    """(n,) why somebody has no seat; empty for who has one."""
    notes: tuple[str, ...]
    """(n,) what was not as asked."""

    @property
    def missing(self) -> Counter[str]:
        """How many have no seat, by reason."""
        return Counter(reason for reason in self.reasons if reason)


def needs(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The access needs that a text names, as in `ACCESS`, and the words in it that are not understood."""
    words = [" ".join(word.casefold().split()) for word in re.split(r"[,;/+&|\n]| and ", text)]
    known = dict.fromkeys(_MEANING[word] for word in words if word in _MEANING)
    none = ("", "-", "no", "none", "n/a")
    return tuple(known), tuple(word for word in words if word not in _MEANING and word not in none)


def seat_guests(scene: Scene, guests: Sequence[Guest], before: Mapping[str, str] | None = None) -> Seated:
    """A seat for each guest.

    before : key of a guest → permanent id of the seat it had; kept where the seat still suits

    Groups with access needs come first, then the others, each in the order of the list: who is added at the end, without
    such needs, moves nobody. A group sits in one run of places, else across a gangway, else in rows behind each other;
    at one table, else at tables near each other. Places nearest to what is to be seen are filled first. A held seat is
    for those whose group, category or id is the hold's reason or owner, a killed one for nobody; a place with a category
    for its guests alone. Wheelchair and companion places are kept for who needs them.
    """
    house = Places(scene)
    plan = _Plan(house, guests)
    plan.keep(before or {})
    parties: dict[str, list[int]] = {}
    for n, guest in enumerate(guests):
        parties.setdefault(plain(guest.group) or f"\0{n}", []).append(n)
    urgent = [party for party in parties.values() if any(guests[n].access for n in party)]
    for party in urgent:
        plan.seat(party)
    for party in parties.values():
        plan.seat(party)
    for party in parties.values():
        plan.told(party)
    return Seated(
        np.array(plan.at, np.int64).reshape(-1), tuple(plan.reasons), tuple("; ".join(notes) for notes in plan.notes)
    )


@dataclass(frozen=True)
class _Sort:
    """Which places suit a guest: those held for it alone, or open ones too; of the block or table it wishes, or of any."""

    category: str
    names: frozenset[str]
    held: bool
    wish: str = ""
    kinds: tuple[str, ...] = ("chair", "standing", "table")


class _Plan:
    """The list as it fills the house."""

    def __init__(self, house: Places, guests: Sequence[Guest]) -> None:
        self.house, self.guests = house, guests
        self.at = [-1] * len(guests)
        self.reasons = [""] * len(guests)
        self.notes: list[list[str]] = [[] for _ in guests]
        self.free = np.asarray(house.seats.status != "kill")
        self._free: list[bool] = self.free.tolist()
        self._masks: dict[_Sort, Bools] = {}
        self._lists: dict[_Sort, list[bool]] = {}
        self._from: dict[tuple[_Sort, int, str], int] = {}
        """Up to which run none has room for so many."""

    # who may sit where

    def mask(self, sort: _Sort) -> Bools:
        """(n,) places of a sort, taken or not."""
        if sort not in self._masks:
            house = self.house
            self._masks[sort] = np.array([_suits(sort, *facts) for facts in house.facts], np.bool_)
        return self._masks[sort]

    def left(self, sort: _Sort) -> Bools:
        return np.asarray(self.mask(sort) & self.free)

    def sorts(self, n: int, kinds: tuple[str, ...] = _Sort.kinds) -> list[_Sort]:
        """What to try for a guest, the best first: as wished, and there what is held for it; then anywhere."""
        guest = self.guests[n]
        names = frozenset(map(plain, (guest.group, guest.category, guest.id))) & self.house.names
        return [
            _Sort(category(guest.category), names, held, word, kinds)
            for word in dict.fromkeys((plain(guest.wish), ""))
            for held in ((True, False) if names else (False,))
        ]

    def take(self, n: int, seat: int) -> None:
        self.at[n] = seat
        self.free[seat] = self._free[seat] = False

    # one guest, or a party

    def keep(self, before: Mapping[str, str]) -> None:
        """Seats that guests had, as far as they still suit."""
        index = {id: k for k, id in enumerate(self.house.seats.ids.tolist())} if before else {}
        for n, guest in enumerate(self.guests):
            if not (id := before.get(guest.key)):
                continue
            seat = index.get(id, -1)
            if fault := self._gone(n, seat):
                self.notes[n].append(f"moved: the place it had {fault}")
            else:
                self.take(n, seat)
                if not self.mask(self.sorts(n, (self.house.place[seat],))[-1])[seat]:
                    self.notes[n].append("kept, though the place is of another category")

    def _gone(self, n: int, seat: int) -> str:
        """Why somebody cannot stay."""
        guest, house = self.guests[n], self.house
        if seat < 0:
            return "is not there any more"
        if house.status[seat] == "kill":
            return "is killed"
        if not self.free[seat]:
            return "is somebody else's too"
        names = frozenset(map(plain, (guest.group, guest.category, guest.id)))
        if house.status[seat] == "hold" and not names & house.holds[seat]:
            return "is held for others"
        if ("wheelchair" in guest.access) != (house.place[seat] == "wheelchair"):
            return "is for a wheelchair" if house.place[seat] == "wheelchair" else "has no room for a wheelchair"
        if any(not house.suits[need][seat] for need in guest.access if need in house.suits):
            return "does not meet the access need"
        return ""

    def seat(self, party: Sequence[int]) -> None:
        """Seats for those of a party who have none yet."""
        waiting = [n for n in party if self.at[n] < 0 and not self.reasons[n]]
        for n in [n for n in waiting if "wheelchair" in self.guests[n].access]:
            self._wheelchair(n, party)
        waiting = [n for n in waiting if "wheelchair" not in self.guests[n].access]
        waiting = self._companions(waiting, party)
        alike: dict[tuple[_Sort, ...], list[int]] = {}
        for n in waiting:
            alike.setdefault(tuple(self.sorts(n)), []).append(n)
        for sorts, members in alike.items():
            if not any(self.at[n] >= 0 for n in party) and self._together(members, sorts):
                continue
            far = self._far(party)
            for n in sorted(members, key=lambda n: -len(self._asked(n))):
                self._near(n, sorts, far)
                if self.at[n] >= 0:
                    np.minimum(far, self._away(self.at[n]), out=far)

    def _asked(self, n: int) -> list[str]:
        """Needs that a place meets or does not."""
        return [need for need in self.guests[n].access if need in self.house.suits]

    def _wheelchair(self, n: int, party: Sequence[int]) -> None:
        """A wheelchair place, near the party, with a free companion's place beside it where there is one."""
        house = self.house
        far = self._far(party)
        for sort in self.sorts(n, ("wheelchair",)):
            left = self.left(sort)
            for need in self._asked(n):
                left &= house.suits[need]
            some = np.flatnonzero(left)
            if not len(some):
                continue
            alone = np.array([len(party) > 1 and not self._beside(k) for k in some.tolist()])
            self.take(n, int(some[np.lexsort((house.order[some], far[some], alone))[0]]))
            return
        self.reasons[n] = (
            "no wheelchair place is left that meets the needs" if self._asked(n) else "no wheelchair place is left"
        )

    def _beside(self, seat: int) -> list[int]:
        """Free companions' places beside a place."""
        sides = self.house.banks.neighbours[seat].tolist()
        return [k for k in sides if k >= 0 and self.free[k] and self.house.place[k] == "companion"]

    def _companions(self, waiting: list[int], party: Sequence[int]) -> list[int]:
        """One of the party beside each wheelchair user, who says to be a companion first; the others."""
        by_need = sorted(waiting, key=lambda n: "companion" not in self.guests[n].access)
        for user in [n for n in party if self.at[n] >= 0 and "wheelchair" in self.guests[n].access]:
            for n in by_need:
                if self.at[n] >= 0 or self._asked(n):
                    continue
                mask = self.mask(self.sorts(n, ("companion",))[-1])
                if beside := [k for k in self._beside(self.at[user]) if mask[k]]:
                    self.take(n, beside[0])
                    break
        return [n for n in waiting if self.at[n] < 0]

    def _together(self, members: Sequence[int], sorts: Sequence[_Sort]) -> bool:
        """The whole party in one run, else across gangways, else in a cluster: first as wished, then anywhere."""
        asked = any(self._asked(n) for n in members)
        for wish in dict.fromkeys(sort.wish for sort in sorts):
            for sort in [sort for sort in sorts if sort.wish == wish]:
                for level, runs in (("run", self.house.runs), ("chain", self.house.chains)):
                    if self._in_one(members, sort, level, runs, asked):
                        return True
            if len(members) > 1 and self._cluster(members, [s for s in sorts if s.wish == wish][-1]):
                return True
        return False

    def _in_one(
        self, members: Sequence[int], sort: _Sort, level: str, runs: Sequence[Sequence[int]], asked: bool
    ) -> bool:
        """The first run that takes all; runs only fill up, so that those without room need no second look."""
        size = len(members)
        if sort not in self._lists:
            self._lists[sort] = self.mask(sort).tolist()
        mask, free = self._lists[sort], self._free
        start = self._from.get((sort, size, level), 0)
        fits = False
        for k in range(start, len(runs)):
            ring = level == "run" and bool(self.house.table[runs[k][0]])
            for window in _windows(runs[k], [free[seat] and mask[seat] for seat in runs[k]], size, ring):
                fits = True
                if seats := self._fit(window, members):
                    for n, seat in zip(members, seats):
                        self.take(n, seat)
                    return True
                if not asked:
                    break
            if not fits:
                self._from[sort, size, level] = k + 1
        return False

    def _fit(self, window: Sequence[int], members: Sequence[int]) -> list[int] | None:
        """A place of the window for each; None where somebody's needs are not met. Who asks most chooses first."""
        suits = self.house.suits
        free = list(window)
        given: dict[int, int] = {}
        for n in sorted(members, key=lambda n: -len(self._asked(n))):
            if not (asked := self._asked(n)):
                break
            good = [k for k in free if all(suits[need][k] for need in asked)]
            if not good:
                return None
            given[n] = min(good, key=lambda k: sum(bool(suits[need][k]) for need in suits))
            free.remove(given[n])
        rest = iter(free)
        return [given[n] if n in given else next(rest) for n in members]

    def _cluster(self, members: Sequence[int], sort: _Sort) -> bool:
        """Places close to one another, in rows behind each other or at tables side by side."""
        house, size = self.house, len(members)
        some = np.flatnonzero(self.left(sort))
        if len(some) < size:
            return False
        order = house.order[some]
        some = some[np.argsort(order)]
        _, firsts = np.unique(house.run_of[some], return_index=True)
        best: tuple[float, Whole] | None = None
        for seed in some[np.sort(firsts)[:_SEEDS]].tolist():
            over = house.middle[some] - house.middle[seed]
            cost = np.abs(over @ house.right[seed]) + _BEHIND * (np.abs(over @ house.ahead[seed]) + np.abs(over[:, 2]))
            cost = np.round(cost, 3) + np.arange(len(some)) * 1e-9
            near = np.argpartition(cost, size - 1)[:size]
            total = float(cost[near].sum())
            if best is None or total < best[0] * 0.98:  # a little better is not worth a place further away
                best = total, some[near]
        assert best is not None
        seats = self._fit(best[1][np.argsort(house.order[best[1]])].tolist(), members)
        for n, seat in zip(members, seats or ()):
            self.take(n, seat)
        return seats is not None

    def _near(self, n: int, sorts: Sequence[_Sort], far: Floats) -> None:
        """The place that is the least far from the others of the party, the earliest of several."""
        for sort in sorts:
            left = self.left(sort)
            for need in self._asked(n):
                left &= self.house.suits[need]
            some = np.flatnonzero(left)
            if len(some):
                some = some[far[some] == far[some].min()]
                self.take(n, int(some[self.house.order[some].argmin()]))
                return
        self.reasons[n] = self._why(n, sorts[-1])

    def _far(self, party: Sequence[int]) -> Floats:
        """(n,) how far each place is from the nearest of a party; ∞ where none of it sits. [m]"""
        anchors = [self.at[n] for n in party if self.at[n] >= 0]
        if not anchors:
            return np.full(len(self.free), np.inf)
        return np.asarray(np.minimum.reduce([self._away(seat) for seat in anchors]))

    def _away(self, seat: int) -> Floats:
        """(n,) how far each place is from one; another run of places counts a metre more. [m]"""
        house = self.house
        over = house.middle - house.middle[seat]
        away = np.sqrt(over[:, 0] ** 2 + over[:, 1] ** 2 + over[:, 2] ** 2) + (house.run_of != house.run_of[seat])
        return np.asarray(np.round(away, 3))

    # what is said

    def _why(self, n: int, sort: _Sort) -> str:
        """Why there is no place."""
        house = self.house
        asked = self._asked(n)
        if asked and self.left(sort).any():
            words = {"aisle": "at an aisle", "step-free": "without steps"}
            return f"no place {' and '.join(words[need] for need in asked)} is left"
        if sort.category and sort.category not in house.category and not sort.names:
            return "no place here has this category"
        open_left = bool((self.free & (house.seats.status == "open") & ~house.special).any())
        if sort.category:
            return "no place of this category is left"
        return "no place is left" + (" but those of a category" if open_left else "")

    def told(self, party: Sequence[int]) -> None:
        """Notes on what was not as asked."""
        house = self.house
        for n in party:
            wish, seat = plain(self.guests[n].wish), self.at[n]
            if wish and seat >= 0 and wish not in (house.block[seat], house.row[seat]):
                known = wish in house.blocks
                self.notes[n].append("wish not met" if known else "wish not met: no block or table is called so")
            if seat >= 0 and {"wheelchair", "companion"} <= {*self.guests[n].access}:
                sides = house.banks.neighbours[seat].tolist()
                if not any(self.at[m] in sides for m in party if self.at[m] >= 0):
                    self.notes[n].append("no seat for a companion: each guest has a line")
        seats = [self.at[n] for n in party if self.at[n] >= 0]
        runs = {int(house.run_of[k]) for k in seats}
        if len(runs) < 2:
            return
        tables = {int(house.run_of[k]) for k in seats if house.table[k]}
        chains = {int(house.chain_of[k]) for k in seats if not house.table[k]}
        if tables:
            words = f"group at {len(tables)} tables" if not chains else "group at tables and in rows"
        else:
            words = f"group in {len(chains)} rows" if len(chains) > 1 else "group across a gangway"
        for n in party:
            if self.at[n] >= 0:
                self.notes[n].append(words)


def _suits(sort: _Sort, place: str, status: str, category: str, names: frozenset[str], block: str, row: str) -> bool:
    """Is a place of this sort?"""
    held = status == "hold" and bool(sort.names & names)
    if place not in sort.kinds or not (held or (status == "open" and not sort.held)):
        return False
    if sort.wish and sort.wish not in (block, row):
        return False
    return (
        category == sort.category
        or (held and (not sort.category or sort.category in names))
        or (not category and place in ("wheelchair", "companion"))
    )


def _windows(run: Sequence[int], left: Sequence[bool], size: int, ring: bool) -> Iterator[Sequence[int]]:
    """Free places side by side, from the left on; at a table round it, or else any that are free.

    left : which of the run are free
    """
    if sum(left) < size:
        return
    if ring:
        first = next((k for k, free in enumerate(left) if not free), 0)
        run, left = [*run[first:], *run[:first]], [*left[first:], *left[:first]]
    start = 0
    for k, free in enumerate([*left, False]):
        if free:
            continue
        for first in range(start, k - size + 1):
            yield run[first : first + size]
        start = k + 1
    if ring:
        yield [seat for seat, free in zip(run, left) if free][:size]
