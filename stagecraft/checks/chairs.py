"""Loose chairs: how they have to be held together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._seating import many


@check("SE05", "loose-chairs")
def loose_chairs(
    subject: Subject, rule: Rule, *, above: int = 0, least: int = 2, most: int | None = None
) -> Iterator[Remark | Passed]:
    """Chairs set out in rows that are not the house's own have to be linked.

    A drawing does not show links: what is to be ordered and done is said, and is no fault. Loose are the chairs that the
    kit list counts; those at tables are left out.

    above : up to so many loose chairs they need not be linked
    least, most : fewest and most chairs linked to one length
    """
    seats, banks = subject.scene.seats, subject.banks
    chairs = (seats.item != "") & (banks.of >= 0) & np.isin(seats.place, ("chair", "companion"))
    total = int(chairs.sum())
    if not len(seats):
        raise NotChecked("no seats")
    if not total:
        yield Passed("no loose chairs stand in rows")
        return
    if total <= above:
        yield Passed(f"{many(total, 'loose chair')}, to be linked above {above}")
        return
    counts = np.bincount(banks.of[chairs], minlength=len(banks))
    lengths = f"in lengths of {least} to {most}" if most is not None else f"in lengths of {least} or more"
    few, long = int(((counts > 0) & (counts < least)).sum()), 0 if most is None else int((counts > most).sum())
    text = f"{many(total, 'loose chair')} in rows: order them with links and join them {lengths}"
    if few:
        text += f"; {many(few, 'row')} {'has' if few == 1 else 'have'} fewer than {least}: fix {'it' if few == 1 else 'them'} to the floor or to a neighbour"
    if long:
        text += f"; {many(long, 'row')} {'has' if long == 1 else 'have'} more than {most}: leave a joint open there"
    yield Remark(text)
