"""Too few exits for the people in the house."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stagecraft.checks._check import NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import names, open_exits, people
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByCount


@check("EG02", "few-exits")
def few_exits(subject: Subject, rule: Rule, *, exits: CountByCount) -> Iterator[Finding | Remark | Passed]:
    """Fewer exits than the people in the house ask for: guests, crew and staff.

    Counted are doors that are ways out and that somebody gets to; a door behind a drape or a solid is none. Several rooms
    are taken as one house.

    exits : exits asked, by the number of people
    """
    scene = subject.scene
    if not scene.rooms:
        raise NotChecked("no room is drawn")
    house = people(scene)
    asked = exits.one(house.total)
    if math.isnan(asked):
        raise NotChecked(f"{house.total} people are more than this rule speaks of")
    asked = math.ceil(asked - 1e-6)
    travel = subject.travel()
    there = open_exits(travel)
    closed = [k for k in range(len(travel.exits)) if k not in there]
    if len(scene.rooms) > 1:
        yield Remark(f"{len(scene.rooms)} rooms are taken as one house")
    if len(there) >= asked:
        yield Passed(f"{len(there)} exit{'' if len(there) == 1 else 's'} for {house.total} people, asked {asked}")
        return
    count = f"{len(there)} exit{'' if len(there) == 1 else 's'}" if there else "no exit"
    why = f"; {names(travel, closed)} cannot be got to" if closed else ""
    more = asked - len(there)
    yield rule.finding(
        f"{count} for {house.total} people, asked {asked}{why}", elements=tuple(dict.fromkeys(room.element for room in scene.rooms)),
        group="exits", measured=float(len(there)), required=float(asked), unit="exits", details=(f"people: {house.words}",),
        fix=f"leave a way from the places to {names(travel, closed)}" if closed and not there else
        f"{more} more exit{'s' if more > 1 else ''}, or fewer people" if there else
        "draw the room's doors: {id: D1, at: [x, y], width: 1.8}",
    )  # fmt: skip
