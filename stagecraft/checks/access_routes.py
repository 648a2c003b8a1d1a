"""Wheelchair places that no way of the width asked leads to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.access import LEVEL, access
from stagecraft.checks._check import Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._words import place_names
from stagecraft.checks.finding import Finding
from stagecraft.scene import Door

_SAID = 0.01
"""A width is given in full centimetres, rounded down. [m]"""


@check("AC04", "narrow-access-route")
def narrow_access_route(subject: Subject, rule: Rule, *, width: Length) -> Iterator[Finding | Remark | Passed]:
    """From an exit to a wheelchair place the floor is nowhere as wide as asked.

    The floor is that of the room without all that stands on it. Places that stand higher than the floor of every exit are
    told of in a remark: a ramp may lead to them, or a door of an upper level that nobody has drawn. One finding a block.

    width : clear width of the way
    """
    scene, show = subject.scene, subject.scene.about.units
    if not any(door.exit for door in scene.of(Door)):
        raise NotChecked("no exits are drawn")
    ways = access(scene, subject.bodies, width)
    if not len(ways.who):
        raise NotChecked("no wheelchair places")
    seats = scene.seats
    off = np.abs(ways.rise) > LEVEL
    for lead, words in (
        (1, "a ramp leads to that height"),
        (0, "no ramp is drawn: how they get there was not checked"),
    ):
        these = ways.who[off & (ways.ramped == lead)]
        if len(these):
            rise = float(np.abs(ways.rise[off & (ways.ramped == lead)]).max())
            yield Remark(
                f"{place_names(seats, these)}: {units.length(rise, show)} from the floor of the exits; {words}"
            )
    if not np.isfinite(ways.width).any():
        raise NotChecked("no wheelchair place stands on the floor of an exit")
    if not (ways.width < width).any():
        yield Passed(f"a way of {rule.written['width']} to each, as asked")
    short = np.isfinite(ways.width) & (ways.width < width)
    for block in dict.fromkeys(seats.block[ways.who[short]].tolist()):
        these = np.flatnonzero(short & (seats.block[ways.who] == block))
        these = these[np.argsort(ways.width[these], kind="stable")]
        widest = np.floor(ways.width[these[0]] / _SAID) * _SAID
        x, y, z = (float(v) for v in seats.at[ways.who[these[0]]])
        found = f"only {units.length(float(widest), show)} wide" if widest > 0 else "blocked"
        yield rule.finding(
            f"{block}, {place_names(seats, ways.who[these])}: the widest way to an exit is {found}, asked "
            f"{rule.written['width']}",
            elements=tuple(dict.fromkeys(seats.element[ways.who[these]].tolist())), group=block, measured=float(widest),
            required=float(width), unit="m", at=(x, y, z), fix="move what narrows it, or the places nearer to an exit",
        )  # fmt: skip
