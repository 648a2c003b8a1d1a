"""Low headroom: what people would walk or stand up into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis.routes import HIP, obstructions, over_floors, over_seats
from stagecraft.checks._check import EXACT, Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Scene, Space, Walkway


@dataclass(frozen=True)
class _Low:
    headroom: float
    thing: str
    element: str
    over: str
    of: str
    at: tuple[float, float, float]
    seats: tuple[int, ...] = ()


@check("CL02", "low-headroom")
def low_headroom(subject: Subject, rule: Rule, *, headroom: Length) -> Iterator[Finding | Remark]:
    """Something hangs too low over seats, gangways, a stage or a standing area.

    One finding for each thing and what lies below it: trusses and what they carry, balconies, ceilings and their low
    parts. What stands on the floor there is no matter of headroom.

    headroom : least height above the floor
    """
    scene, show = subject.scene, subject.scene.about.units
    if not len(scene.seats) and not scene.of(Walkway) and not any(s.use != "room" for s in scene.of(Space)):
        raise NotChecked("no seats, gangways or floors that people use")
    groups: dict[tuple[str, str], list[_Low]] = {}
    for low in _all(subject, headroom):
        if low.headroom < headroom - EXACT:
            groups.setdefault((low.element, low.over), []).append(low)
    for (element, over), found in sorted(groups.items(), key=lambda item: min(low.headroom for low in item[1])):
        found.sort(key=lambda low: low.headroom)
        worst = found[0]
        below = sorted({k for low in found for k in low.seats})
        rows = list(dict.fromkeys(scene.seats.row[below].tolist()))
        names = ", ".join(name for name in rows if name) or "(no label)"
        many = (
            f"{len(below)} places of {over}, row{'s' if len(rows) > 1 else ''}"
            if len(below) > 1
            else f"a place of {over}, row"
        )
        where = f"{many} {names}" if below else over
        yield rule.finding(
            f"{worst.thing} leaves {units.length(worst.headroom, show)} over {where}; asked {units.length(headroom, show)}",
            elements=tuple(dict.fromkeys((element, worst.of))), group=f"{element} × {over}", measured=worst.headroom,
            required=float(headroom), unit="m", at=worst.at,
fix=f"raise {worst.thing} by {units.small(np.ceil((headroom - worst.headroom) * 100 - 1e-6) / 100, show)}",
        )  # fmt: skip


def _all(subject: Subject, headroom: float) -> Iterator[_Low]:
    scene, bodies = subject.scene, subject.bodies
    for over in over_seats(scene, bodies, headroom):
        first = over.seats[0]
        of = str(scene.seats.element[first])
        yield _Low(
            over.headroom,
            over.part.label,
            over.part.element,
            str(scene.seats.block[first]) or of,
            of,
            over.at,
            over.seats,
        )
    for block in obstructions(scene, bodies, headroom):
        if block.headroom >= HIP:
            way = block.walkway
            yield _Low(block.headroom, block.part.label, block.part.element, way.name, way.element, block.at)
    for over in over_floors(scene, bodies, headroom):
        if over.space is not None:
            yield _Low(
                over.headroom, over.part.label, over.part.element, over.space.element, over.space.element, over.at
            )
    yield from _ceilings(scene, headroom)


def _ceilings(scene: Scene, headroom: float) -> Iterator[_Low]:
    """Ceilings over seats, gangways and stages, where no solid of the room says the same."""
    import shapely

    seats = scene.seats
    taken = np.flatnonzero(seats.status != "kill")
    for room in scene.rooms:
        drawn = any(part.element == room.element and part.system == "ceiling" for part in scene.parts)
        zones = shapely.union_all([outline.polygon for outline, _ in room.zones])
        areas = [(room.outline.polygon.difference(zones), room.ceiling, "ceiling")]
        areas += [] if drawn else [(outline.polygon, height, "low ceiling") for outline, height in room.zones]
        for area, height, name in areas:
            thing = f"{room.element} {name}"
            here = shapely.intersects_xy(area, seats.at[taken, 0], seats.at[taken, 1])
            under = taken[here & (height - seats.at[taken, 2] < headroom - EXACT)]
            for block in dict.fromkeys(seats.block[under].tolist()):
                some = under[seats.block[under] == block]
                k = some[int(seats.at[some, 2].argmax())]
                x, y, z = (float(v) for v in seats.at[k])
                of = str(seats.element[k])
                yield _Low(height - z, thing, room.element, block or of, of, (x, y, height), tuple(some.tolist()))
            for way in scene.of(Walkway):
                inside = way.line[shapely.intersects_xy(area, way.line[:, 0], way.line[:, 1])]
                if len(inside):
                    top = inside[int(inside[:, 2].argmax())]
                    yield _Low(
                        float(height - top[2]), thing, room.element, way.name, way.element,
                        (float(top[0]), float(top[1]), height),
                    )  # fmt: skip
            for space in scene.of(Space):
                if (
                    space.use in ("stage", "standing")
                    and shapely.intersection(area, space.outline.polygon).area > EXACT
                ):
                    x, y = space.outline.polygon.representative_point().coords[0]
                    yield _Low(height - space.floor, thing, room.element, space.element, space.element, (x, y, height))
