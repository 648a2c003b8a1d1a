"""What solvers share: how the seats of a rebuilt venue see one thing, and what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stagecraft.analysis.views import Whole, views
from stagecraft.checks import ruleset
from stagecraft.elements._base import Element
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene
from stagecraft.venue.document import Venue

EXACT = 1e-6
"""C-values are compared within this. [m]"""


@dataclass(frozen=True, eq=False)
class Sight:
    """How every standing seat sees a thing or its twin, whichever it sees over the heads the better, then the nearer."""

    name: str
    c: Floats
    solid: Floats
    """C-value over heads as solids: between the heads where seats are staggered. [m]"""
    over: Whole
    part: Floats
    focus: Floats
    distance: Floats
    looked: Bools
    """Seats that count: not killed, not at a table, and facing it."""


def sight(scene: Scene, id: str) -> Sight:
    """How the seats see the element `id` and its twin. Raises VenueError where it has nothing to be seen."""
    found = [view for view in views(scene).targets.values() if view.element in (id, f"{id}_mirror")]
    found = [view for view in found if view.role != "floor"] or found
    if not found:
        raise VenueError(
            Problem("has nothing to be seen: name a target, a presenter, a screen, a stage or a point x,y,z", id)
        )
    clear = np.array([np.nan_to_num(view.c, nan=-np.inf, posinf=np.inf) for view in found])
    away = np.where(clear == clear.max(axis=0), [view.distance for view in found], np.inf)
    best = np.argmin(away, axis=0)
    who = np.arange(len(best))

    def of(field: str) -> Floats:
        return np.asarray(np.stack([getattr(view, field) for view in found])[best, who])

    seats, c = scene.seats, of("c")
    looked = (seats.status != "kill") & ~seats.at_table & ~np.isnan(c)
    return Sight(
        found[0].target, c, of("c_solid"), of("over").astype(np.int64), of("part"), of("focus"), of("distance"), looked
    )


def own(venue: Venue, id: str, kinds: tuple[str, ...], what: str) -> Element:
    """The element to be changed. Raises VenueError where it is of no such kind, or another one's likeness."""
    try:
        element = venue[id]
    except KeyError as error:
        twin = id.removesuffix("_mirror")
        if twin != id and any(one.id == twin and one.mirror is True for one in venue.elements):
            raise VenueError(Problem(f"is the twin of '{twin}' (mirror:): ask for '{twin}'", id)) from None
        raise VenueError(str(error.args[0])) from None
    if element.type not in kinds:
        raise VenueError(Problem(f"is of type {element.type}: {what}", id))
    model = element.mirror if isinstance(element.mirror, str) else element.like
    if model:
        word = "mirror" if isinstance(element.mirror, str) else "like"
        raise VenueError(Problem(f"takes its fields from '{model}' ({word}:): ask for '{model}'", id))
    return element


def unpatched(venue: Venue, id: str, fields: tuple[str, ...], setup: str | None) -> None:
    """Raises VenueError where the set-up has a word of its own for one of the fields."""
    name = setup or next(iter(venue.setups), None)
    if name not in venue.setups:
        return
    for field in fields:
        if field in venue.setups[name].set.get(id, {}):
            raise VenueError(Problem(f"set-up '{name}' sets it anew: change it there", f"{id}.{field}"))


def asked_c(venue: Venue) -> float:
    """C-value that the venue's rules ask for; the greatest where several do. [m]"""
    if asked := ruleset.asked_c(ruleset.chosen(venue.rules, venue._source.folder)):
        return max(asked)
    raise VenueError("no rule asks for a C-value: say which")
