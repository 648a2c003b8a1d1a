"""Too few wheelchair places for the house."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stagecraft.checks._check import NotChecked, Passed, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByCount


@check("AC01", "few-wheelchair-places")
def few_wheelchair_places(subject: Subject, rule: Rule, *, places: CountByCount) -> Iterator[Finding | Passed]:
    """Fewer wheelchair places than the house's places ask for.

    Counted are places that are given, open or held, standing ones and those at tables among them. Where a rule lets some
    of them be seats that are taken out when asked for, the places that the venue draws are counted all the same.

    places : wheelchair places asked, by the number of all places
    """
    seats = subject.scene.seats
    given = seats.status != "kill"
    total = int(given.sum())
    if not total:
        raise NotChecked("no seats")
    asked = places.one(total)
    if math.isnan(asked):
        raise NotChecked(f"{total} places are more than this rule speaks of")
    there = int((given & (seats.place == "wheelchair")).sum())
    asked = math.ceil(asked - 1e-6)
    if there >= asked:
        yield Passed(f"{there} wheelchair places of {total}, asked {asked}")
        return
    yield rule.finding(
        f"{there} wheelchair place{'' if there == 1 else 's'} among {total}, asked {asked}", group="wheelchair places",
        measured=float(there), required=float(asked), unit="places",
        fix=f"{asked - there} more wheelchair place{'s' if asked - there > 1 else ''}, or seats there that are taken out when they are asked for",
    )  # fmt: skip
