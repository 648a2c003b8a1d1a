"""How many people are in the house: guests, crew and staff, never seats alone."""

from __future__ import annotations

from dataclasses import dataclass

from stagecraft.scene import Scene

_OTHERS = ("crew", "staff")
"""Words of a brief that are people who are no guests."""


@dataclass(frozen=True)
class Occupancy:
    """People in the house at once."""

    total: int
    guests: int
    """The greater of the places given and the guests asked."""
    words: str
    """`504 guests and 45 crew`; says what the brief leaves open."""


def occupancy(scene: Scene) -> Occupancy:
    """Guests plus crew plus staff of the brief.

    Guests are the places that are given (open and held, with standing areas) or those asked, whichever are more.
    """
    seats, brief = scene.seats, {word.casefold(): n for word, n in scene.about.brief.items()}
    standing = sum(area.capacity or 0 for area in scene.standing_areas)
    given = int((seats.status != "kill").sum()) + standing
    guests = max(given, brief.get("guests", 0))
    others = {word: brief[word] for word in _OTHERS if word in brief}
    parts = [f"{guests} guests", *(f"{n} {word}" for word, n in others.items())]
    words = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    if missing := [word for word in _OTHERS if word not in others]:
        words += f" (the brief names no {' and no '.join(missing)})"
    return Occupancy(guests + sum(others.values()), guests, words)
