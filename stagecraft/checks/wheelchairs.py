"""Too few wheelchair places for the house."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stagecraft.checks._check import NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import CountByCount


@check("AC01", "few-wheelchair-places")
def few_wheelchair_places(
    subject: Subject, rule: Rule, *, places: CountByCount, permanent: CountByCount | None = None
) -> Iterator[Finding | Passed | Remark]:
    """Fewer wheelchair places than the house's places ask for.

    Counted are places that are given, open or held, standing ones and those at tables among them.

    places : wheelchair places asked, by the number of all places
    permanent : how many of them at least, where the rest may be seats that are taken out when they are asked for
    """
    seats = subject.scene.seats
    given = seats.status != "kill"
    total = int(given.sum())
    if not total:
        raise NotChecked("no seats")
    asked = places.one(total)
    if math.isnan(asked):
        raise NotChecked(f"{total} places are more than this rule speaks of")
    there, asked = int((given & (seats.place == "wheelchair")).sum()), math.ceil(asked - 1e-6)
    fixed = min(asked, math.ceil(permanent.one(total) - 1e-6)) if permanent else asked
    if there >= fixed:
        if there < asked:
            yield Remark(
                f"with {_seats(asked - there)} that can be taken out there are the {asked} places that are asked"
            )
        yield Passed(f"{there} wheelchair places of {total}, asked {asked if there >= asked else fixed}")
        return
    more = f" and {_seats(asked - fixed)} that can be taken out" if fixed < asked else ""
    yield rule.finding(
        f"{there} wheelchair place{'' if there == 1 else 's'} among {total}, asked {fixed}{more}",
        group="wheelchair places", measured=float(there), required=float(fixed), unit="places",
        fix=f"{fixed - there} more wheelchair place{'' if fixed - there == 1 else 's'}",
    )  # fmt: skip


def _seats(n: int) -> str:
    return f"{n} seat{'' if n == 1 else 's'}"
