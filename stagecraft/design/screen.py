"""How low a screen or a stage may be, and how far back a house still sees it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.build import build
from stagecraft.design._sight import EXACT, Sight, asked_c, own, sight, unpatched
from stagecraft.elements.stage import Stage
from stagecraft.errors import Problem, VenueError
from stagecraft.scene import Part, Scene, Screen, Space
from stagecraft.schedules.table import Column, Table, in_units
from stagecraft.venue.document import Venue

_GRID = 1000
"""Heights are whole parts of a metre: millimetres."""
_OPEN = 20.0
"""Where there is no room, a screen may be raised by as much. [m]"""
_STAGE = 0.2, 3.0
"""No stage is lower or higher. [m]"""


@dataclass(frozen=True)
class Furthest:
    """How far back one block sees a thing: front to back, to the last row before the first that does not."""

    block: str
    row: str
    """Label of that row; empty where already the first row does not see it."""
    distance: float
    """In plan, from its furthest eye to what it looks at; 0 for no row. [m]"""
    rows: int
    """How many see it so."""
    of: int
    least: float
    """Least C-value in the whole block. [m]"""


@dataclass(frozen=True, eq=False)
class Lowered:
    """A screen or a stage at its lowest. [m]"""

    venue: Venue
    element: str
    target: str
    field: str
    """The field that was changed: `at` or `height`."""
    bottom: float
    """The picture's lower edge, or the deck, above level 0; a whole millimetre."""
    was: float
    c: float
    share: float
    """Of the seats that see it, 0 … 1."""
    seats: int
    """How many count: not killed, not at a table, facing it."""
    now: tuple[Furthest, ...]
    """How far back it was seen before."""
    then: tuple[Furthest, ...]
    keeps: tuple[str, ...] = ()
    """Stairs and ramps that led to the stage and keep their height."""
    staggered: tuple[tuple[Furthest, Furthest], ...] = ()
    """Blocks that see farther with every other row half a place aside, heads taken as solids: without and with it."""

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """What to write into the file, for `into_file`."""
        value = getattr(self.venue[self.element], self.field)
        return {self.element: {self.field: list(value) if isinstance(value, tuple) else value}}

    def table(self) -> Table:
        """Block by block: how far back it is seen, before and after."""
        show = self.venue.units
        small, size = ("mm", 0.001) if show == "m" else ("in", units.INCH)
        columns = (
            Column("block", "block"), Column("rows", "rows", "int"), Column("now", "seen to row, as it stands"),
            Column("then", "seen to row, at its lowest"), Column("distance", f"that is {show}", "length", 2),
            Column("c", f"least C {small}", "number", 1),
        )  # fmt: skip
        now = {one.block: one.row for one in self.now}
        values: dict[str, list[Any]] = {
            "block": [one.block for one in self.then],
            "rows": [one.of for one in self.then],
            "now": [now.get(one.block) or "none" for one in self.then],
            "then": [one.row or "none" for one in self.then],
            "distance": [in_units([one.distance], show)[0] or None for one in self.then],
            "c": [one.least / size if math.isfinite(one.least) else None for one in self.then],
        }
        made = f"{', '.join(self.keeps)}: made for a stage of {units.length(self.was, show, 3)}, to be changed by hand"
        notes = [made] if self.keeps else []
        notes += [
            f"{one.block}: with staggered seats, between heads, seen to row {then.row} ({units.length(then.distance, show, 1)}) "
            f"instead of {f'row {one.row}' if one.row else 'none'}" for one, then in self.staggered
        ]  # fmt: skip
        return Table(f"Height of {self.element}", columns, values, tuple(notes), about={"venue": self.venue.name})


def lowest_screen(
    venue: Venue, id: str, share: float = 1.0, c: float | None = None, setup: str | None = None
) -> Lowered:
    """Lowest height of a picture's lower edge at which a share of the seats sees its content over the heads in front.

    share : of the seats that are not killed, not at a table, and face it or its mirror twin, 0 … 1
    c : C-value to the line where content begins (`content_safe_from`) [m]; what the venue's rules ask for where not given

    From the stage or floor below it to the ceiling; a hung one to the bottom chord of its truss. The venue is rebuilt for
    every height that is tried, to a millimetre. Only heads are looked over: what stands on the stage is not looked at.
    Raises VenueError where no height will do.
    """
    element = own(venue, id, ("screen", "led_wall"), "it shows no picture")
    unpatched(venue, id, ("at", "hung", "on"), setup)
    scene = build(venue, setup)
    was, low, high, end = _room_for(scene, id, element.at, element.hung, element.on)

    def placed(height: float) -> Venue:
        x, y, z = (*element.at, 0.0, 0.0)[:3]
        lift = was - height if element.hung else height - was
        return venue.replace(id, at=[x, y, round(z + lift, 6)])

    return _lowered(venue, scene, id, id, "at", placed, (was, low, high), end, share, c, setup)


def lowest_stage(
    venue: Venue, id: str, presenter: str | None = None, share: float = 1.0, c: float | None = None,
    setup: str | None = None,
) -> Lowered:  # fmt: skip
    """Lowest stage on which a share of the seats sees somebody over the heads in front.

    presenter : element on the stage that is to be seen (its head, for a person), or the stage itself for its front edge;
        where not given the one presenter that stands on it
    share, c : as for `lowest_screen`

    What stands on the stage moves with it; stairs and ramps do not, and are named. From 0.2 to 3 m, to a millimetre.
    Raises VenueError where no height will do.
    """
    element = own(venue, id, ("stage",), "only a stage is raised by its height")
    assert isinstance(element, Stage)
    unpatched(venue, id, ("height",), setup)
    if presenter is None:
        known = [one.id for one in venue.elements if one.type == "presenter" and one.on == id]
        if len(known) != 1:
            raise VenueError(Problem(f"who is to be seen on it? It has {', '.join(known) or 'no presenter'}", id))
        presenter = known[0]
    scene = build(venue, setup)
    host, seen = presenter, set[str]()
    while host != id and host in scene.elements and host not in seen:
        seen.add(host)
        host = scene.elements[host].host
    if host != id:
        raise VenueError(Problem(f"does not stand on '{id}', whose height changes nothing for it", presenter))
    base = float(scene.elements[id].frame[2, 3])
    made = {one.id: getattr(one, "height", None) for one in venue.elements if one.type in ("stairs", "ramp")}
    keeps = tuple(name for name, height in made.items() if height == element.height)

    def placed(height: float) -> Venue:
        return venue.replace(id, height=round(height - base, 6))

    heights = (base + element.height, base + _STAGE[0], base + _STAGE[1])
    return _lowered(
        venue, scene, id, presenter, "height", placed, heights, "as high as a stage may be", share, c, setup, keeps
    )


def furthest_row(
    venue: Venue, id: str, share: float = 1.0, c: float | None = None, setup: str | None = None
) -> tuple[Furthest, ...]:
    """How far back each block sees the element `id`: the last row before the first of which less than `share` sees it."""
    scene = build(venue, setup)
    return _furthest(scene, sight(scene, id), _share(share), asked_c(venue) if c is None else c)


def _share(share: float) -> float:
    if not 0 < share <= 1:
        raise VenueError(f"a share lies above 0 and is 1 (100 %) at most, not {share:g}")
    return share


def _room_for(
    scene: Scene, id: str, at: tuple[float, ...], hung: str | None, on: str | None
) -> tuple[float, float, float, str]:
    """Lower edge of the picture as it stands, the lowest and the highest it may be, and what stops it there. [m]"""
    import shapely

    facets = [one.facets for one in scene.of(Screen) if one.element == id]
    if not facets:
        raise VenueError(Problem("does not stand in this set-up", id))
    was = min(float(one[..., 2].min()) for one in facets)
    plan = shapely.MultiPoint(np.concatenate([one.reshape(-1, 3) for one in facets])[:, :2]).convex_hull
    under = [space for space in scene.of(Space) if space.outline.polygon.intersects(plan)]
    rooms = [space for space in under if space.use == "room"]
    low = max((space.floor for space in under if space.use in ("room", "stage")), default=0.0)
    if on:
        low = max(low, float(scene.elements[on].frame[2, 3]) + scene.elements[on].top)
    if hung:
        return was, low, was + max((*at, 0.0, 0.0)[2], 0.0), f"up against '{hung}'"
    top = max(float(part.bounds[1, 2]) for part in scene.of(Part) if part.element == id)
    if rooms:
        return was, low, max(space.ceiling for space in rooms) - (top - was), "up against the ceiling"
    return was, low, was + _OPEN, f"raised by {_OPEN:g} m"


def _lowered(
    venue: Venue, scene: Scene, id: str, target: str, field: str, placed: Callable[[float], Venue],
    heights: tuple[float, float, float], end: str, share: float, c: float | None, setup: str | None,
    keeps: tuple[str, ...] = (),
) -> Lowered:  # fmt: skip
    share, c = _share(share), asked_c(venue) if c is None else float(c)
    if not math.isfinite(c):
        raise VenueError(f"a C-value is a length, not {c}")
    was, least, most = heights
    show = venue.units
    before = sight(scene, target)
    ids = scene.seats.ids[before.looked]
    if not len(ids):
        raise VenueError(Problem("no seat that counts faces it", target))
    tried: dict[int, int] = {}

    def passing(height: int) -> int:
        """How many of the seats see it so."""
        if height not in tried:
            trial = build(placed(height / _GRID), setup)
            looked = sight(trial, target)
            good = trial.seats.ids[looked.looked & (looked.c >= c - EXACT)]
            tried[height] = int(np.isin(good, ids).sum())
        return tried[height]

    low, high = math.ceil(least * _GRID - EXACT), math.floor(most * _GRID + EXACT)
    wanted = math.ceil(share * len(ids) - EXACT)
    if high < low or passing(high) < wanted:
        seen = f"{passing(high)} of {len(ids)} seats see {before.name}" if high >= low else "it has no room"
        raise VenueError(
            Problem(
                f"cannot be reached: {end}, at {units.length(most, show, 3)}, {seen} with {units.small(c, show)}; asked {wanted}",
                id,
            )
        )
    if passing(low) >= wanted:
        high = low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passing(middle) >= wanted else (middle, high)
    counts = [tried[height] for height in sorted(tried)]
    if counts != sorted(counts):
        raise VenueError(Problem("has no lowest height: higher, fewer seats see it than lower", id))
    result = placed(high / _GRID)
    after = build(result, setup)
    looked = sight(after, target)
    return Lowered(
        result, id, before.name, field, high / _GRID, was, c, passing(high) / len(ids), len(ids),
        _furthest(scene, before, share, c), _furthest(after, looked, share, c), keeps,
        _staggered(result, after, looked, target, share, c, setup),
    )  # fmt: skip


def _staggered(
    venue: Venue, scene: Scene, looked: Sight, target: str, share: float, c: float, setup: str | None
) -> tuple[tuple[Furthest, Furthest], ...]:
    """Blocks that would see farther if every other row stood half a place aside: as they are, and so."""
    data = venue.raw()
    for element in data["elements"]:
        if element["type"] == "seating" and not element.get("like"):
            element["stagger"] = True
    shifted = build(venue.again(data), setup)
    now, then = (
        {one.block: one for one in _furthest(on, replace(seen, c=np.maximum(seen.c, seen.solid)), share, c)}
        for on, seen in ((scene, looked), (shifted, sight(shifted, target)))
    )
    pairs = ((one, then[name]) for name, one in now.items() if name in then)
    return tuple((one, other) for one, other in pairs if other.rows > one.rows)


def _furthest(scene: Scene, looked: Sight, share: float, c: float) -> tuple[Furthest, ...]:
    seats = scene.seats
    blocks = dict.fromkeys(zip(seats.element[looked.looked].tolist(), seats.block[looked.looked].tolist()))
    names = [block for _, block in blocks]
    out = []
    for element, block in blocks:
        mine = looked.looked & (seats.element == element) & (seats.block == block)
        keys = np.unique(seats.key[mine]).tolist()
        label = f"{element} {block}" if block and names.count(block) > 1 else block or element
        row, distance, rows = "", 0.0, 0
        for key in keys:
            of = np.flatnonzero(mine & (seats.key == key))
            if (looked.c[of] >= c - EXACT).sum() < share * len(of) - EXACT:
                break
            row, distance, rows = str(seats.row[of[0]]) or str(key), float(looked.distance[of].max()), rows + 1
        out.append(Furthest(label, row, distance, rows, len(keys), float(looked.c[mine].min())))
    return tuple(out)
