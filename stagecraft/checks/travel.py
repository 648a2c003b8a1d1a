"""Ways to the exits that are too long."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.travel import Travel
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._exits import open_exits, owners, ways
from stagecraft.checks._short import together
from stagecraft.checks.finding import Finding
from stagecraft.checks.values import LengthByLength
from stagecraft.scene import Bools, Scene


@check("EG05", "long-travel")
def long_travel(
    subject: Subject, rule: Rule, *, travel: LengthByLength, floor: LengthByLength | None = None,
    sprinklered: Length | None = None,
) -> Iterator[Finding | Passed | Remark]:  # fmt: skip
    """The way to the nearest exit is too long.

    Along the middle of seatways and gangways, then over open floor round what stands there, never over seats. Told of all
    places that are not killed, and of the farthest point of every standing area and stage. Places from which no way leads
    are told here too. One finding for places in rows, one for those at tables, one for each floor.

    travel : longest way, by the clear height of the room
    floor : longest way from tables, standing areas and stages, where it is another
    sprinklered : longest way where there are sprinklers; told where it would matter
    """
    scene, show = subject.scene, subject.scene.about.units
    found = ways(subject)
    if not open_exits(found):
        raise NotChecked("no exit can be got to")
    looked = np.asarray(scene.seats.status != "kill")
    height = max(room.ceiling - room.floor for room in scene.rooms)
    tables = scene.seats.at_table
    most = {"row": travel.one(height), "floor": (floor or travel).one(height)}
    if math.isnan(most["row"] + most["floor"]):
        raise NotChecked(f"a room {units.length(height, show)} high is more than this rule speaks of")
    if not (looked.any() or found.areas):
        raise NotChecked("no seats and no standing area")
    yield from _unreached(scene, rule, found, looked)
    kept, long = [], False
    for kind, mine in (("row", looked & ~tables), ("floor", looked & tables)):
        there = mine & ~found.unreached
        far = there & (found.distance > most[kind] + EXACT)
        asked = units.length(most[kind], show)
        if far.any():
            long = True
            yield from together(
                scene, rule, "an exit", far, there, found.distance,
                lambda way: f"{units.length(way, show)}, asked {asked}",  # noqa: B023  # asked within this turn of the loop
                lambda _: "an exit nearer to these places, or a gangway that leads to one more directly",
                required=most[kind], unit="m", elements=owners(found),
            )  # fmt: skip
        elif there.any():
            k = int(np.where(there, found.distance, -np.inf).argmax())
            kept.append(f"{units.length(float(found.distance[k]), show)} from {places(scene, k)}, asked {asked}")
    for area in found.areas:
        if math.isfinite(area.distance) and area.distance > most["floor"] + EXACT:
            long = True
            yield rule.finding(
                f"{area.space.element}: {units.length(area.distance, show)} from its farthest point to an exit, "
                f"asked {units.length(most['floor'], show)}",
                elements=(area.space.element, *owners(found)), group=area.space.element, measured=area.distance,
                required=most["floor"], unit="m", at=area.at, fix="an exit nearer to it",
            )  # fmt: skip
        elif math.isfinite(area.distance):
            kept.append(f"{units.length(area.distance, show)} from {area.space.element}")
    if long and sprinklered is not None:
        yield Remark(f"whether there are sprinklers is not said; with them {units.length(sprinklered, show)} is asked")
    yield from _raised(found, looked, scene)
    if kept:
        yield Passed(f"longest: {'; '.join(kept)}")


def _unreached(scene: Scene, rule: Rule, travel: Travel, looked: Bools) -> Iterator[Finding]:
    """Places on the open floor from which no way leads."""
    shut = looked & travel.unreached & ~travel.raised
    if shut.any():
        yield from together(
            scene, rule, "any exit at all", shut, looked, np.where(shut, 0.0, np.inf), lambda _: "no way leads to one",
            lambda _: "an exit on their floor, or more than 500 mm free at an end of these rows or before them",
            required=0.0, unit="m", elements=(), least=True,
        )  # fmt: skip


def _raised(travel: Travel, looked: Bools, scene: Scene) -> Iterator[Remark]:
    """What is not measured because no steps are drawn."""
    high = looked & travel.raised
    if high.any():
        whose = ", ".join(dict.fromkeys(scene.seats.element[high].tolist()))
        yield Remark(
            f"not measured: {int(high.sum())} places of {whose}, from whose raised floor no steps and no door are drawn"
        )
    stages = [area.space.element for area in travel.areas if area.space.use == "stage" and math.isinf(area.distance)]
    if stages:
        yield Remark(f"not measured: {', '.join(stages)}, from which no steps are drawn")


def places(scene: Scene, k: int) -> str:
    """`C row N seat 4`"""
    seats = scene.seats
    word = "table" if seats.at_table[k] else "row"
    return f"{seats.block[k] or seats.element[k]} {word} {seats.row[k] or seats.key[k]} seat {seats.seat[k]}"
