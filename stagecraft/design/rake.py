"""Rake: risers with which every row of a seating element sees over the heads in front."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.build import build
from stagecraft.design._sight import EXACT, Sight, asked_c, own, sight, unpatched
from stagecraft.elements.seating import Seating
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table, in_units
from stagecraft.venue.document import Venue
from stagecraft.venue.edit import DIGITS, REMOVE

Limits = Sequence[tuple[float, float]]

_EXACT = 1e-9
"""Part of a step that a riser may exceed before it is rounded up to the next."""
_ROUNDS = 40
"""A rake has settled long before it was rebuilt so often."""
_CLIMB = 2.0
"""Who asks for a riser above this has asked something else. [m]"""
_HALVINGS = 60
_LEAST, _MOST = -10.0, 2.0
"""C-values between which the best one is looked for. [m]"""


@dataclass(frozen=True, eq=False)
class Raked:
    """A seating element with risers of its own. [m]"""

    venue: Venue
    element: str
    focus: str
    c: float
    """Asked, or the best that fits under the height given. [m]"""
    rows: tuple[str, ...]
    """Labels, front to back."""
    risers: Floats
    """(rows − 1,) steps up to the second row, the third …"""
    levels: Floats
    """(rows,) floors above the element's origin."""
    c_values: Floats
    """(rows,) least C-value of each row, recomputed on the rebuilt venue; +inf where nobody sits in front."""
    bound: tuple[str, ...]
    """The row that each row's C-value is taken over; empty for none."""
    short: tuple[tuple[str, str], ...]
    """Rows that stay below C, and why."""

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """What to write into the file, for `into_file`."""
        return {self.element: {"rake": REMOVE, "riser": self.risers.tolist()}}

    def table(self) -> Table:
        """Row by row: riser, floor, C and over whom."""
        show = self.venue.units
        small, size = ("mm", 0.001) if show == "m" else ("in", units.INCH)
        columns = (
            Column("row", "row"), Column("riser", f"riser {small}", "number", 1), Column("floor", f"floor {show}", "length", 3),
            Column("c", f"C {small}", "number", 1), Column("over", "over"),
        )  # fmt: skip
        values = {
            "row": self.rows,
            "riser": [None, *(self.risers / size).tolist()],
            "floor": in_units(self.levels, show),
            "c": [c / size if math.isfinite(c) else None for c in self.c_values.tolist()],
            "over": self.bound,
        }
        why: dict[str, list[str]] = {}
        for row, reason in self.short:
            why.setdefault(reason, []).append(row)
        notes = tuple(
            f"below {units.small(self.c, show)}: row{'s' * (len(rows) > 1)} {', '.join(rows)}: {reason}"
            for reason, rows in why.items()
        )
        return Table(
            f"Rake of {self.element} to {self.focus}", columns, values, notes, about={"venue": self.venue.name}
        )


def rake(
    venue: Venue, id: str, c: float | None = None, focus: str | Sequence[float] | None = None, step: float | None = None,
    riser_limits: Limits = (), height_limit: float | None = None, setup: str | None = None,
) -> Raked:  # fmt: skip
    """Least risers with which every row clears all rows in front by C, on the way to the focus.

    c : C-value [m]; what the venue's rules ask for where not given. Not used with `height_limit`
    focus : element to be seen, or a point [m]; where not given the element's own `rake.focus`, else the one focus there is
    step : every riser is rounded up to a multiple of it while iterating [m]
    riser_limits : (low, high) between which no riser may lie: rounded up to `high`. (low, inf) is the highest riser [m]
    height_limit : the best C is sought with which the last row's floor is not higher above the element's origin [m]

    Whatever sits in front counts, of this element or another; the first row stays where it is. The venue is rebuilt
    with the risers and C taken anew from its views: a row below C is named in `short` with the reason.
    Raises VenueError where there is no answer.
    """
    element = own(venue, id, ("seating",), "a rake belongs to seating")
    assert isinstance(element, Seating)
    unpatched(venue, id, ("riser", "rake", "rows"), setup)
    if element.rows is None:
        raise VenueError(Problem("say how many rows it has: each gets a riser of its own", id))
    if element.rows < 2:
        raise VenueError(Problem("has one row: there is nothing to rake", id))
    for name, size in (("step", step), ("height", height_limit)):
        if size is not None and not (math.isfinite(size) and size > 0):
            raise VenueError(f"the {name} of a rake is a length above zero, not {size}")
    if any(not 0 <= low < high for low, high in riser_limits):
        raise VenueError("a limit of risers goes from a lower to a higher length")
    asked = asked_c(venue) if c is None else float(c)
    if not _LEAST <= asked <= _MOST:
        raise VenueError(f"a C-value lies between {_LEAST:g} and {_MOST:g} m, not at {asked:g} m")
    if height_limit is not None and element.first_riser > height_limit + _EXACT:
        raise VenueError(Problem(f"its first row is at {element.first_riser:g} m, above {height_limit:g} m", id))
    seen, watched, name = _focused(venue, element, focus)
    risers, needs = np.zeros(element.rows - 1), _Needs.none()
    for _ in range(_ROUNDS):
        scene = build(_with(seen, id, risers), setup)
        looked = sight(scene, watched)
        needs = needs.and_of(scene, looked, id, _base(scene, id))
        if height_limit is not None:
            asked = _best(needs, element, height_limit, step, riser_limits)
        wanted = _risers(needs, element, asked, step, riser_limits)
        if np.allclose(wanted, risers, rtol=0, atol=10.0**-DIGITS):
            return _raked(venue, element, risers, asked, scene, looked, name or looked.name, step, riser_limits)
        if wanted.max() > _CLIMB:
            raise VenueError(
                Problem(f"would need a riser of {units.length(float(wanted.max()), venue.units)}: the focus lies too near, too "
                        "low or too far to the side; name another, a smaller C or a highest riser", id)
            )  # fmt: skip
        risers = wanted
    raise VenueError(Problem("its rake does not settle: seats come and go with the risers", id))


def _focused(venue: Venue, element: Seating, focus: str | Sequence[float] | None) -> tuple[Venue, str, str]:
    """The venue with something to look at, the id of that, and its name where it is only a point."""
    if focus is None and element.rake is not None:
        focus = element.rake.focus
    if focus is None:
        for kinds in ("target", "presenter"):
            known = [one.id for one in venue.elements if one.type == kinds and getattr(one, "role", "focus") == "focus"]
            if len(known) == 1:
                focus = known[0]
                break
        else:
            raise VenueError(Problem("which focus? Name an element that is to be seen, or a point x,y,z", element.id))
    if isinstance(focus, str):
        if focus not in {name for one in venue.elements for name in (one.id, f"{one.id}_mirror")}:
            own(venue, focus, (), "")
        return venue, focus, ""
    point = [float(size) for size in focus]
    if len(point) != 3 or not np.isfinite(point).all():
        raise VenueError("a point of focus has three coordinates: x,y,z")
    id = "focus"
    while id in {one.id for one in venue.elements}:
        id += "_"
    data = venue.raw()
    data["elements"].append({"id": id, "type": "target", "at": point})
    return venue.again(data), id, ", ".join(f"{size:g}" for size in point)


def _with(venue: Venue, id: str, risers: Floats) -> Venue:
    data = venue.raw()
    for element in data["elements"]:
        if element["id"] == id:
            element.pop("rake", None)
            element["riser"] = risers.tolist()
    return venue.again(data)


def _base(scene: Scene, id: str) -> float:
    return float(scene.elements[id].frame[2, 3])


@dataclass(frozen=True, eq=False)
class _Needs:
    """Sightlines that must clear an eye, one a column: (row, row in front or −1, own eye above its floor,
    eye in front above its floor or above the origin, focus above the origin, part of the way). They lie in plan, and so
    hold for whatever risers."""

    of: Floats

    @classmethod
    def none(cls) -> _Needs:
        return cls(np.zeros((6, 0)))

    def and_of(self, scene: Scene, looked: Sight, id: str, base: float) -> _Needs:
        """These and those that bind in a scene."""
        seats, house = scene.seats, scene.laid_out
        mine = (id, f"{id}_mirror")
        k = np.flatnonzero(np.isin(seats.element, mine) & (looked.over >= 0) & ~np.isnan(looked.c))
        row, front = seats.key[k] - 1, looked.over[k]
        same = np.isin(house.element[front], mine)
        ahead = np.where(same, house.key[front] - 1, -1)
        focus, eye = looked.focus[k, 2], seats.eyes[k, 2]
        level = focus + (eye - focus) * looked.part[k] - looked.c[k]  # of the eye in front
        rise = level - np.where(same, house.at[front, 2], base)
        new = np.array([row, ahead, eye - seats.at[k, 2], rise, focus - base, looked.part[k]])[:, ahead < row]
        return _Needs(np.unique(np.concatenate([self.of, new], axis=1), axis=1))


def _risers(needs: _Needs, element: Seating, c: float, step: float | None, limits: Limits) -> Floats:
    """Least risers for a C-value, front to back, each rounded before the next is looked at. (rows − 1,) [m]"""
    row, ahead, eye, rise, focus, part = needs.of
    rows = element.rows or 0
    levels = np.zeros(rows + 1)  # the last is that of nobody: the origin
    levels[0] = element.first_riser
    risers = np.zeros(rows - 1)
    for k in range(1, rows):
        of = row == k
        front = levels[np.where(ahead[of] < 0, -1, ahead[of]).astype(int)] + rise[of]
        need = focus[of] + (front + c - focus[of]) / part[of] - eye[of]
        risers[k - 1] = _rounded(float(need.max(initial=-np.inf)) - levels[k - 1], step, limits)
        levels[k] = levels[k - 1] + risers[k - 1]
    return risers


def _rounded(riser: float, step: float | None, limits: Limits) -> float:
    """The next riser that may be built, upwards; where only lower ones may, the highest of those."""
    riser = max(riser, 0.0)
    way = 1
    while True:
        if step:
            whole = math.ceil(riser / step - _EXACT) if way > 0 else math.floor(riser / step + _EXACT)
            riser = whole * step
        band = next(((low, high) for low, high in limits if low + _EXACT < riser < high - _EXACT), None)
        if band is None:
            return round(riser, DIGITS)
        way = -1 if math.isinf(band[1]) else way
        riser = band[1] if way > 0 else band[0]


def _best(needs: _Needs, element: Seating, height: float, step: float | None, limits: Limits) -> float:
    """Greatest C-value whose last floor is not above `height`, by halving. [m]"""
    low, high = _LEAST, _MOST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        top = element.first_riser + float(_risers(needs, element, middle, step, limits).sum())
        low, high = (middle, high) if top <= height + _EXACT * 1e-3 else (low, middle)
    return low


def _raked(
    venue: Venue, element: Seating, risers: Floats, c: float, scene: Scene, looked: Sight, name: str,
    step: float | None, limits: Limits,
) -> Raked:  # fmt: skip
    seats, house = scene.seats, scene.laid_out
    mine = np.isin(seats.element, (element.id, f"{element.id}_mirror")) & ~np.isnan(looked.c)
    if not mine.any():
        raise VenueError(Problem(f"no seat of it faces {name}", element.id))
    labels, least, bound, short = [], [], [], []
    top = _rounded(1e6, step, limits) if any(math.isinf(high) for _, high in limits) else math.inf
    for k in range(len(risers) + 1):
        of = np.flatnonzero(mine & (seats.key == k + 1))
        row = house.row[np.isin(house.element, (element.id,)) & (house.key == k + 1)]
        labels.append(str(row[0]) if len(row) else str(k + 1))
        if not len(of):
            least.append(math.nan)
            bound.append("")
            continue
        worst = of[np.argmin(looked.c[of])]
        over = int(looked.over[worst])
        least.append(float(looked.c[worst]))
        other = str(house.element[over]) if over >= 0 else ""
        whose = "" if other in ("", element.id, f"{element.id}_mirror") else f" of {other}"
        bound.append(f"row {house.row[over] or house.key[over]}{whose}" if over >= 0 else "")
        if least[-1] < c - EXACT:
            capped = k > 0 and risers[k - 1] >= top - EXACT
            why = (
                f"it looks over {bound[-1]}, and its floor is first_riser" if k == 0
                else f"no riser may be higher than {units.small(top, venue.units)}" if capped
                else f"{bound[-1]} is in the way, whatever the risers"
            )  # fmt: skip
            short.append((labels[-1], why))
    levels = element.first_riser + np.concatenate([[0.0], np.cumsum(risers)])
    return Raked(_with(venue, element.id, risers), element.id, name, c, tuple(labels), risers, levels,
                 np.array(least), tuple(bound), tuple(short))  # fmt: skip
