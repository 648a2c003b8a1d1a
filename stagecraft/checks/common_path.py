"""Ways on which people have no choice for too long."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.banks import ends
from stagecraft.analysis.gangways import across
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Rule, Subject, check
from stagecraft.checks._exits import open_exits, owners, people, ways
from stagecraft.checks._short import together
from stagecraft.checks.finding import Finding
from stagecraft.checks.travel import places
from stagecraft.checks.values import LengthByCount
from stagecraft.geometry.frame import Floats


@check("EG06", "long-common-path")
def long_common_path(
    subject: Subject, rule: Rule, *, common: LengthByCount, floor: Length | None = None, apart: float = 45.0,
    through: LengthByCount | None = None,
) -> Iterator[Finding | Passed]:  # fmt: skip
    """The way is too long until there is a choice of two that lead to different exits.

    From a row that is open at both ends there is a choice at the seat when the ends lead to different exits; from one that
    is closed at an end, in the gangway where that leads both ways; over open floor where the ways to two exits part. Where
    there is one exit only, the whole way is without choice.

    common : longest way without a choice from places in rows, by the number of people
    floor : longest from tables, standing areas and stages, where it is another
    apart : two ways part where their directions differ by this angle [degrees]
    through : seatway, by its places, of a row across the gangway through which a second way leads to another gangway
    """
    scene, show = subject.scene, subject.scene.about.units
    found = ways(subject, apart)
    if not open_exits(found):
        raise NotChecked("no exit can be got to")
    house = people(scene)
    rows = common.one(house.total)
    if math.isnan(rows):
        raise NotChecked(f"{house.total} people are more than this rule speaks of")
    most = {"row": rows, "floor": rows if floor is None else max(rows, floor)}
    looked = np.asarray((scene.seats.status != "kill") & ~found.unreached)
    tables = scene.seats.at_table
    if not looked.any() and not any(math.isfinite(area.distance) for area in found.areas):
        raise NotChecked("from no seat a way leads to an exit")
    free = found.common if through is None else np.minimum(found.common, _through(subject, through))
    kept = []
    for kind, mine in (("row", looked & ~tables), ("floor", looked & tables)):
        far = mine & (free > most[kind] + EXACT)
        asked = units.length(most[kind], show)
        if far.any():
            yield from together(
                scene, rule, "a choice of two exits", far, mine, free,
                lambda way: f"{units.length(way, show)} without a choice, asked {asked}",  # noqa: B023  # asked within this turn of the loop
                lambda _: "a gangway at the other end of these rows, or an exit that the other way leads to",
                required=most[kind], unit="m", elements=owners(found),
            )  # fmt: skip
        elif mine.any():
            k = int(np.where(mine, free, -np.inf).argmax())
            kept.append(f"{units.length(float(free[k]), show)} from {places(scene, k)}, asked {asked}")
    for area in found.areas:
        if math.isfinite(area.distance) and area.common > most["floor"] + EXACT:
            yield rule.finding(
                f"{area.space.element}: {units.length(area.common, show)} from its farthest point until there is a choice of "
                f"two exits, asked {units.length(most['floor'], show)}",
                elements=(area.space.element, *owners(found)), group=area.space.element, measured=area.common,
                required=most["floor"], unit="m", at=area.at, fix="a second way from it",
            )  # fmt: skip
    if kept:
        yield Passed(f"longest without a choice: {'; '.join(kept)}")


def _through(subject: Subject, width: LengthByCount) -> Floats:
    """(n,) how far each place is from a gangway across which a row leads on that is wide enough; infinite for none. [m]"""
    scene, banks = subject.scene, subject.banks
    out = np.full(len(scene.seats), np.inf)
    if not len(banks):
        return out
    other = across(scene, banks)
    wide = np.nan_to_num(banks.seatway, nan=np.inf) >= width.at(banks.count) - EXACT  # a width of NaN: too many places
    seat = np.flatnonzero(banks.of >= 0)
    bank = banks.of[seat]
    way = np.linalg.norm(ends(scene, banks)[bank] - scene.seats.at[seat, None], axis=2)
    out[seat] = np.where((other[bank] >= 0) & wide[other[bank]], way, np.inf).min(1)
    return out
