"""Wheelchair users behind people who stand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.seen import MATTERS, to_see
from stagecraft.analysis.views import View, Whole
from stagecraft.checks._check import EXACT, NotChecked, Rule, Subject, check
from stagecraft.checks._short import by_block, row_names, row_span
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.sightline import eye_over_head
from stagecraft.scene import Scene, Space

_NEAR = 0.2
"""Nobody stands this near in front of an eye, or of the point of focus. [m]"""


@check("SL09", "wheelchair-behind-standing")
def wheelchair_behind_standing(subject: Subject, rule: Rule) -> Iterator[Finding]:
    """A wheelchair user does not see over the heads of those who stand in the first row in front.

    Looked at where the audience stands, or where a standing area lies in front: the line from the wheelchair user's eye
    to the point that governs must pass over the head of the nearest person who stands in it. Eyes and heads are those of
    the venue's stature. One finding a block and target; it says how much higher the places would have to stand.
    """
    scene = subject.scene
    seats = scene.seats
    who = np.flatnonzero((seats.place == "wheelchair") & (seats.status != "kill"))
    if not len(who):
        raise NotChecked("no wheelchair places")
    areas = scene.standing_areas
    if not (seats.upright.any() or areas):
        raise NotChecked("nobody stands")
    targets = [view for view in to_see(scene, subject.views).values() if view.role in MATTERS]
    if not targets:
        raise NotChecked("nothing to be seen is named: a target, a presenter or a screen")
    found = []
    for view in targets:
        lift = _lift(scene, view, who, areas)
        for block, mask in by_block(seats.element, seats.block).items():
            short = np.flatnonzero(mask[who] & (lift > EXACT))
            if len(short):
                order = np.lexsort((short, -np.round(lift[short], 6)))
                found.append((block, view, who[short][order], lift[short][order]))
    for block, view, failing, lift in sorted(found, key=lambda one: -one[3][0]):
        yield _finding(scene, rule, block, view, failing, lift)


def _lift(scene: Scene, view: View, who: Whole, areas: tuple[Space, ...]) -> Floats:
    """(k,) by how much each eye would have to be raised to see over the nearest who stands in front; 0 or less: it does.

    A row is closed: people stand in the line where it passes within half their place. NaN where nobody does. [m]
    """
    import shapely

    seats, head = scene.seats, scene.stature.head
    people = np.flatnonzero(seats.upright & (seats.status != "kill"))
    crowd = [(area.outline.polygon, area.floor + scene.stature.standing_eye + head) for area in areas]
    out = np.full(len(who), np.nan)
    for n, k in enumerate(who.tolist()):
        eye, focus, way = seats.eyes[k], view.focus[k], view.distance[k]
        if not way > 2 * _NEAR:
            continue
        ahead = (eye - focus)[:2] / way
        near, top = -1.0, 0.0
        at = seats.eyes[people] - focus
        front = at[:, :2] @ ahead
        beside = np.abs(at[:, 0] * ahead[1] - at[:, 1] * ahead[0])
        between = (front > _NEAR) & (front < way - _NEAR) & (beside <= seats.width[people] / 2)
        if between.any():
            p = int(np.flatnonzero(between)[front[between].argmax()])
            near, top = float(front[p]), float(seats.eyes[people[p], 2]) + head
        line = shapely.LineString([eye[:2] - ahead * _NEAR, focus[:2] + ahead * _NEAR])
        for polygon, height in crowd:
            part = shapely.intersection(line, polygon)
            if part.length > _NEAR:
                back = float(((shapely.get_coordinates(part) - focus[:2]) @ ahead).max())
                near, top = (back, height) if back > near else (near, top)
        if near > 0:
            out[n] = eye_over_head(float(focus[2]), top, near, float(way)) - eye[2]
    return out


def _finding(scene: Scene, rule: Rule, block: str, view: View, failing: Whole, lift: Floats) -> Finding:
    seats, show = scene.seats, scene.about.units
    worst, n = int(failing[0]), len(failing)
    rows = row_names(scene, failing)
    x, y, z = (float(v) for v in seats.eyes[worst])
    step = units.INCH if show == "ft" else 0.01
    higher = math.ceil(float(lift[0]) / step - 1e-6) * step
    size = units.small(higher, show) if higher < 1 else units.length(higher, show)
    details = tuple(
        f"row {seats.row[k] or seats.key[k]} seat {seats.seat[k]}: {units.small(up, show)} too low"
        for k, up in zip(failing.tolist(), lift.tolist())
    )
    return rule.finding(
        f"{block}, row{'s' if len(rows) > 1 else ''} {row_span(rows, rows)} ({n} wheelchair place{'s' if n > 1 else ''}), to "
        f"{view.target}: worst: the eye is {units.small(float(lift[0]), show)} too low to see over who stands in front",
        elements=tuple(dict.fromkeys((str(seats.element[worst]), *view.element.split()))), target=view.target, group=block,
        measured=z, required=z + float(lift[0]), unit="m", at=(x, y, z),
        fix=f"a platform {size} high under these places, or places in front of those who stand", details=details[1:],
    )  # fmt: skip
