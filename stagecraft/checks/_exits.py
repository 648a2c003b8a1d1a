"""What the checks of exits share: who has to leave, by which doors."""

from __future__ import annotations

from stagecraft.analysis.travel import APART, Travel
from stagecraft.checks._check import NotChecked, Subject
from stagecraft.checks._people import Occupancy, occupancy
from stagecraft.geometry.frame import Triple, triple
from stagecraft.scene import Scene

_NAMED = 6
"""Doors named one by one; more are counted."""


def people(scene: Scene) -> Occupancy:
    """Who has to leave. Raises NotChecked where nobody is there."""
    found = occupancy(scene)
    if not found.total:
        raise NotChecked("nobody is in the house: no places, no standing area, and no guests in the brief")
    return found


def ways(subject: Subject, apart: float = APART) -> Travel:
    """The ways to the exits. Raises NotChecked where there is no room, or no exit in it."""
    if not subject.scene.rooms:
        raise NotChecked("no room is drawn")
    found = subject.travel(apart)
    if not found.exits:
        raise NotChecked("the room has no exit")
    return found


def open_exits(travel: Travel) -> list[int]:
    """Exits that somebody gets to, in the order of the venue file."""
    return [k for k in range(len(travel.exits)) if travel.reached(k) and travel.clear[k] > 0]


def names(travel: Travel, which: list[int]) -> str:
    """`D1 and D3`, `8 exits`"""
    if len(which) > _NAMED:
        return f"{len(which)} exits"
    words = [travel.exits[k].name for k in which]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words) or "none"


def owners(travel: Travel) -> tuple[str, ...]:
    return tuple(dict.fromkeys(door.element for door in travel.exits))


def middle(travel: Travel, k: int) -> Triple:
    """Of an exit, at its threshold. [m]"""
    return triple(travel.exits[k].at)
