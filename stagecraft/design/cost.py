"""Kill and spoil: what an object costs the house. Seats that it takes, and seats that see less for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from stagecraft.analysis.restricted import EXACT, Bands, hidden, looks, to_see
from stagecraft.analysis.views import Views, Whole, views
from stagecraft.analysis.visible import Visible
from stagecraft.build import build, without
from stagecraft.checks import ruleset
from stagecraft.drawing._shown import Reason
from stagecraft.drawing.killmap import Cells
from stagecraft.drawing.killmap import kill_map as kill_map_drawing
from stagecraft.drawing.marks import Drawing
from stagecraft.elements import Element
from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Part, Scene, Seats, Strings
from stagecraft.schedules.seats import band_notes
from stagecraft.schedules.table import Column, Table, about
from stagecraft.venue.document import Venue

REMOVED, BLIND = -1, -2
"""In place of a band: no seat any more; nothing that it faces is named."""
LOW = ("restricted", "severe")
"""Bands of views that are sold as restricted, or not at all."""


def bands_of(rules: Sequence[str], folder: Path | None = None) -> Bands:
    """Bands of view by some rule sets; by the house's where they have none."""
    if bands := ruleset.view_bands(ruleset.chosen(rules, folder)):
        return bands
    raise VenueError("no rule names bands of view")


def _index(bands: Bands, share: Floats) -> Whole:
    """(n,) band of each share, 0 for the best; BLIND for NaN."""
    edges = np.array(list(bands.values()))
    with np.errstate(invalid="ignore"):
        band = (share[:, None] < edges[None, :-1] - EXACT).sum(axis=1)
    return np.where(np.isnan(share), BLIND, band)


@dataclass(frozen=True, eq=False)
class Sights:
    """What each seat of a scene sees past fixed things of all that it came to see."""

    names: tuple[str, ...]
    share: Floats
    """(targets, n) NaN where a seat turns its back."""
    weight: Floats
    """(targets,)"""

    def where(self, seats: Any) -> Sights:
        return Sights(self.names, self.share[:, seats], self.weight)

    def among(self, names: tuple[str, ...]) -> Sights:
        keep = [self.names.index(name) for name in names]
        return Sights(names, self.share[keep], self.weight[keep])

    @property
    def least(self) -> Floats:
        """(n,) share of the target that is seen least; NaN where a seat faces none."""
        return np.asarray(np.fmin.reduce(self.share, axis=0, initial=np.nan))

    @property
    def score(self) -> Floats:
        """(n,) mean share, weighted; 0 where a seat faces nothing that counts."""
        weight = np.where(np.isnan(self.share), 0.0, self.weight[:, None])
        total = weight.sum(axis=0)
        return np.asarray((np.nan_to_num(self.share) * weight).sum(axis=0) / np.where(total > 0, total, 1.0))


def sights(scene: Scene, shown: Visible, faces: Mapping[str, Bools], reach: float) -> Sights:
    """Feeds count as one; a screen counts from the height where its content begins.

    faces : name → (n,) seats that do not turn their back to it
    reach : what stands this near beside a presenter, on the same floor, is theirs [m]
    """
    names, shares, weights = [], [], []
    for name, seen in to_see(scene, shown):
        share, _, _ = hidden(scene, shown, seen, reach)
        names.append(name)
        shares.append(np.where(faces[name], share, np.nan))
        weights.append(scene.weights.get(name.removeprefix("feed "), scene.weights.get(seen.element, 1.0)))
    table = np.reshape(shares, (len(names), len(scene.seats))).astype(float)
    return Sights(tuple(names), table, np.array(weights, float))


@dataclass(frozen=True, eq=False)
class Cost:
    """The seats of a scene without an object, that nobody killed, and what becomes of them with it."""

    element: str
    bands: tuple[str, ...]
    """Names, best first."""
    seats: Seats
    before: Whole
    """(n,) band of the view that each seat has least of, without the object; BLIND where it faces nothing."""
    after: Whole
    """(n,) with it; REMOVED where it takes the seat."""
    share_before: Floats
    share_after: Floats
    """(n,) share of that view past fixed things; NaN for none."""
    target: Strings
    """(n,) what it sees least of with the object, where that is less than without it; else what loses most to it; empty
    where nothing does."""
    lost: Floats
    """(n,) of the seat's score, 0 … 1: the weighted mean share of all that it faces; a seat removed loses all of it."""
    notes: tuple[str, ...] = ()
    """What a list of it says beneath: which bands there are, and whose."""
    gained: int = 0
    """Seats that stand with the object and did not without."""
    currency: str = ""
    scene: Scene | None = field(default=None, repr=False)
    bare: Scene | None = field(default=None, repr=False)
    """The house with the object and without it."""

    @property
    def removed(self) -> Bools:
        """(n,)"""
        return np.asarray(self.after == REMOVED)

    @property
    def spoiled(self) -> Bools:
        """(n,) seats in a worse band."""
        return np.asarray((self.after > self.before) & (self.before >= 0))

    @property
    def blind(self) -> bool:
        """Does no seat face anything that is to be seen?"""
        return bool((self.before == BLIND).all())

    @property
    def low(self) -> int:
        """Seats that come down to a restricted or severe view."""
        worst = [self.bands.index(name) for name in LOW if name in self.bands]
        return int((self.spoiled & np.isin(self.after, worst)).sum())

    @property
    def score(self) -> float:
        """Score lost, in seats that see everything."""
        return float(self.lost.sum())

    def ids(self, which: Bools) -> tuple[str, ...]:
        """Permanent ids."""
        return tuple(self.seats.ids[which].tolist())

    def counts(self, when: Whole) -> dict[str, int]:
        """Band → seats of `before` or `after`."""
        return {name: int((when == k).sum()) for k, name in enumerate(self.bands)}

    @property
    def money(self) -> float | None:
        """Price of the seats removed, where any price is known; None where none is."""
        if np.isnan(self.seats.price).all():
            return None
        return float(np.nansum(self.seats.price[self.removed]))

    @cached_property
    def order(self) -> Whole:
        """(k,) seats removed, then those spoiled, the worst first."""
        removed = np.flatnonzero(self.removed)
        spoiled = np.flatnonzero(self.spoiled)
        return np.concatenate([removed, spoiled[np.lexsort((spoiled, np.round(self.share_after[spoiled], 6)))]])

    @property
    def sentence(self) -> str:
        """What is removed and what is downgraded, in words."""
        removed, spoiled, low = int(self.removed.sum()), int(self.spoiled.sum()), self.low
        if not len(self.seats):
            return f"{self.element} costs 0 seats: there are none, or all are killed"
        said = f"{self.element} costs {removed} seat{'' if removed == 1 else 's'}"
        if self.money is not None:
            said += f" ({self.money:,.0f} {self.currency}".rstrip()
            free = int(np.isnan(self.seats.price[self.removed]).sum())
            said += f", {free} without a price)" if free else ")"
        if self.blind:
            said += "; what is seen is not weighed, as no seat faces a target, a presenter or a screen"
        else:
            said += f"; {spoiled} downgraded" + (f", {low} of them to a restricted or severe view" if low else "")
        return f"{said}; {self.gained} are there only with it" if self.gained else said

    def drawing(self, cells: Cells | None = None, views: Views | None = None, scale: float | None = None) -> Drawing:
        """Plan of the seats that are removed and of those that see less; `views` of the house without the object.

        Raises ValueError for a cost that was reckoned without the house.
        """
        if self.scene is None or self.bare is None:
            raise ValueError("this cost does not know its house")
        group = [id for id in self.scene.elements if id not in self.bare.elements] or [self.element]
        group.sort(key=lambda id: id != self.element)
        worse = np.flatnonzero(self.spoiled)
        ids, names = self.seats.ids, self.bands
        return kill_map_drawing(
            self.scene, self.bare, group, self.ids(self.removed),
            {str(ids[k]): names[self.after[k]] for k in worse.tolist()}, names, self._title(), list(self._reasons()), cells,
            views, scale,
        )  # fmt: skip

    def _title(self) -> str:
        origin = self.scene.elements.get(self.element) if self.scene else None
        name = (origin.name if origin else "") or self.element
        return (name + self.sentence.removeprefix(self.element)).upper()

    def _reasons(self) -> Iterator[Reason]:
        """Row by row and band by band, the worst first."""
        seats = self.seats
        found: dict[tuple[str, str, int, str], list[int]] = {}
        for k in self.order.tolist():
            if self.spoiled[k]:
                block, row = str(seats.block[k] or seats.element[k]), str(seats.row[k] or seats.key[k])
                found.setdefault((block, row, int(self.after[k]), str(self.target[k])), []).append(k)
        for (block, row, band, target), some in found.items():
            n, least = len(some), int(100 * float(self.share_after[some].min()) + EXACT)
            count = f"{n} seat{'s' if n > 1 else ''} {self.bands[band]}"
            yield Reason(f"{block} {row}", count, f"{least} % {'at worst ' if n > 1 else ''}of {target}")

    def summary(self) -> Table:
        """Seats by the band of the view that each has least of, without the object and with it."""
        names = [*self.bands, "nothing to look at", "removed"]
        rows = [*range(len(self.bands)), BLIND, REMOVED]
        counts = [[int((when == k).sum()) for k in rows] for when in (self.before, self.after)]
        shown = [k for k in range(len(rows)) if rows[k] != BLIND or counts[0][k] or counts[1][k]]
        columns = (
            Column("band", "least view past fixed things"), Column("without", "without it", "int", total=True),
            Column("with", "with it", "int", total=True),
        )  # fmt: skip
        values: dict[str, list[Any]] = {
            "band": [names[k] for k in shown],
            "without": [counts[0][k] for k in shown],
            "with": [counts[1][k] for k in shown],
        }
        return Table(f"What {self.element} costs", columns, values)

    def table(self) -> Table:
        """Seat by seat: what is removed and what is downgraded."""
        of, seats = self.order, self.seats
        known = not np.isnan(seats.price).all()
        columns = (
            Column("id", "seat id"), Column("block", "block"), Column("row", "row"), Column("seat", "seat"),
            Column("cost", "cost"), Column("before", "view without"), Column("after", "view with"),
            Column("target", "of"), Column("share", "seen %", "int"), Column("category", "category"), Column("status", "status"),
            *((Column("price", f"price {self.currency}".strip(), "number", 2),) if known else ()),
        )  # fmt: skip
        gone = self.removed[of]
        name = [*self.bands, "not looked at"]

        def band(which: Whole) -> list[str]:
            return ["" if k == REMOVED else name[k] if k >= 0 else name[-1] for k in which.tolist()]

        values: dict[str, Any] = {
            "id": seats.ids[of].tolist(), "block": seats.block[of].tolist(), "row": seats.row[of].tolist(),
            "seat": seats.seat[of].tolist(), "cost": ["removed" if one else "downgraded" for one in gone.tolist()],
            "before": band(self.before[of]), "after": band(self.after[of]),
            "target": np.where(gone, "", self.target[of]).tolist(),
            "share": [None if np.isnan(one) else int(100 * one + EXACT) for one in self.share_after[of].tolist()],
            "category": seats.category[of].tolist(), "status": seats.status[of].tolist(),
            "price": [None if np.isnan(one) else one for one in seats.price[of].tolist()],
        }  # fmt: skip
        notes = (self.sentence, *self.notes)
        return Table(
            f"What {self.element} costs", columns, values, notes, about=about(self.scene) if self.scene else {}
        )


def cost(
    scene_without: Scene, scene_with: Scene, element: str = "", bands: Bands | None = None,
    views_without: Views | None = None, views_with: Views | None = None,
) -> Cost:  # fmt: skip
    """What the seats of the first scene lose in the second.

    Seats are the same by their permanent ids; killed ones are not looked at. A view is judged by the share of it that is
    seen past fixed things, of all targets and feeds that both scenes have, except what a seat turns its back to.
    """
    bands = bands or bands_of(())
    both = []
    for scene, given in ((scene_without, views_without), (scene_with, views_with)):
        made = given or views(scene)
        faces = {look.name: look.faces for look in looks(scene, made, bands.reach)}
        both.append(sights(scene, made.visible, faces, bands.reach))
    old, new = both
    names = tuple(name for name in old.names if name in new.names)
    live = np.flatnonzero(scene_without.seats.status != "kill")
    place = {id: k for k, id in enumerate(scene_with.seats.ids.tolist())}
    seats = scene_without.seats.where(live)
    there = np.array([place.get(id, -1) for id in seats.ids.tolist()], np.int64)
    share = np.full((len(names), len(live)), np.nan)
    share[:, there >= 0] = new.among(names).share[:, there[there >= 0]]
    gained = len(scene_with.seats) - int(np.isin(scene_with.seats.ids, scene_without.seats.ids).sum())
    old = old.among(names).where(live)
    found = weighed(element, bands, seats, old, share, there < 0, gained, scene_without.currency)
    return replace(found, scene=scene_with, bare=scene_without)


def weighed(
    element: str, bands: Bands, seats: Seats, old: Sights, share: Floats, removed: Bools, gained: int = 0,
    currency: str = "",
) -> Cost:  # fmt: skip
    """The cost from what seats saw and what share (targets, n) of it they see now."""
    new = Sights(old.names, np.where(np.isnan(old.share), np.nan, share), old.weight)
    before, after = old.least, np.where(removed, np.nan, new.least)
    loss = np.nan_to_num(old.share - new.share)
    most = loss.argmax(axis=0) if len(old.names) else np.zeros(len(seats), np.int64)
    if len(old.names):
        with np.errstate(invalid="ignore"):
            less = after < before - EXACT
        most = np.where(less, np.nan_to_num(new.share, nan=np.inf).argmin(axis=0), most)
    worse = (loss.max(axis=0, initial=0.0) > EXACT) & ~removed
    words = np.array([*old.names, ""], dtype=np.str_)
    return Cost(
        element, tuple(bands), seats, _index(bands, before), np.where(removed, REMOVED, _index(bands, after)), before,
        after, np.where(worse, words[most], ""), old.score - np.where(removed, 0.0, new.score),
        tuple(band_notes(bands)), gained, currency,
    )  # fmt: skip


def kill_map(venue: Venue, id: str, setup: str | None = None, instead: Venue | None = None) -> Cost:
    """What an object costs where it stands: the house with it against the house without it.

    id : any element, with its twin and all that stands on it or hangs from it; or the name of a column
    instead : another venue to compare with: what does the change cost?

    Raises VenueError for a name that is nothing here.
    """
    scene = build(venue, setup)
    bands = bands_of(venue.rules, scene.about.folder)
    before = bare(scene, venue, id) if instead is None else build(instead, setup)
    return cost(before, scene, id, bands)


def bare(scene: Scene, venue: Venue, id: str) -> Scene:
    """The scene without an element and its twin, or without a column. Raises VenueError for an unknown name."""
    if id in scene.elements:
        if element := next((one for one in venue.elements if one.id == id), None):
            refuse(element)
        return without(scene, objects(scene, venue, id))
    columns = [part for part in scene.parts if part.name == id and part.system == "column"]
    if not columns:
        if any(one.id == id for one in venue.elements):
            raise VenueError(f"'{id}' does not stand in set-up '{scene.about.setup}'")
        known = [*scene.elements, *(part.name for part in scene.parts if part.system == "column" and part.name)]
        raise VenueError(f"no element is called '{id}'{nearest(id, known)}")
    left = tuple(record for record in scene.records if not (isinstance(record, Part) and record in columns))
    return without(replace(scene, records=left), ())


def refuse(element: Element) -> None:
    """Raises VenueError for what seats are made of, and for the room round them."""
    if element.type in ("room", "seating", "tables", "standing", "underlay"):
        raise VenueError(
            Problem(f"is of type {element.type}: it is no object that costs others their seats", element.id)
        )


def objects(scene: Scene, venue: Venue, id: str) -> set[str]:
    """An element and its twin, and all that stands on them or hangs from them."""
    out = {id}
    if any(one.id == id and one.mirror is True for one in venue.elements):
        out.add(f"{id}_mirror")
    while more := {one for one, origin in scene.elements.items() if origin.host in out} - out:
        out |= more
    return out
