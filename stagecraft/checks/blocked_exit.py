"""Exits that nobody gets to."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.checks._check import Rule, Subject, check
from stagecraft.checks._exits import middle, ways
from stagecraft.checks.finding import Finding


@check("EG08", "blocked-exit", model="warning")
def blocked_exit(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """An exit that nobody gets to: something stands before the door, or between it and all seats and floors.

    A door is blocked when what stands before it leaves less than 500 mm, the room that a person needs. A drape counts: it
    hides the door even where it could be pushed aside. One finding a door.
    """
    scene = subject.scene
    found = ways(subject)
    for k, door in enumerate(found.exits):
        if found.reached(k):
            continue
        things = [one for one in found.blocked[k] if one]
        names = [scene.elements[one].name or one if one in scene.elements else one for one in things[:3]]
        why = (
            f"{', '.join(names)} {'stand' if len(names) > 1 else 'stands'} in the way"
            if names
            else "no way leads to it from any seat or floor"
        )
        yield rule.finding(
            f"{door.name}: {why}", elements=tuple(dict.fromkeys((door.element, *things))), group=door.name,
            at=middle(found, k), fix=f"move {names[0]} clear of it, or say exit: false" if names else
            "open a way to it, or say exit: false",
        )  # fmt: skip
