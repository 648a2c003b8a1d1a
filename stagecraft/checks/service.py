"""Small service spaces: LED walls that nobody can get behind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import carries, occupants
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._words import by
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats, triple
from stagecraft.geometry.outline import from_polygon
from stagecraft.scene import Part, Screen

_BODY = 2.0
"""Height of the space that somebody at work takes. [m]"""
_SILL = 0.1
"""Over the wall's lower edge: cables and ballast are stepped over. [m]"""


@check("CL05", "small-service-space")
def small_service_space(
    subject: Subject, rule: Rule, *, least: Length, good: Length
) -> Iterator[Finding | Remark | Passed]:
    """An LED wall that is mended from its rear has too little room behind it.

    Free depth behind its deepest part (frame, ballast), up to what stands or is built there, from its lower edge to 2 m
    above; cloth gives way. Walls that are mended from the front need none, nor do those that hang higher than a person: they
    are let down. One finding a wall.

    least : least free depth
    good : depth from which on nothing is said
    """
    scene, show = subject.scene, subject.scene.about.units
    walls = [screen for screen in scene.of(Screen) if screen.kind == "led"]
    if not walls:
        raise NotChecked("no LED wall is drawn")
    found = []
    for screen in walls:
        if screen.service == "front" or screen.facets[:, :, 2].min() > scene.ground + _BODY:
            continue
        depth, other, name, at = _behind(subject, screen, good)
        size = units.length(depth, show)
        if depth < least - EXACT:
            found.append(rule.finding(
                f"{screen.element} has {size} behind it, up to {name}; asked {units.length(least, show)} for rear service",
                elements=(screen.element, other), group=screen.element, measured=depth, required=float(least), unit="m",
                at=triple(at), fix=f"move one of them {by(least - depth, show)}, or say "
                "service: front where its panels come out forwards",
            ))  # fmt: skip
            continue
        free = size if np.isfinite(depth) else f"{units.length(good, show)} or more"
        yield Passed(f"{free} behind {screen.element}, asked {units.length(least, show)}")
        if depth < good - EXACT:
            yield Remark(
                f"{screen.element} has {size} behind it, up to {name}; {units.length(good, show)} is a good walkway"
            )
    yield from sorted(found, key=lambda finding: finding.measured or 0.0)


def _behind(subject: Subject, screen: Screen, reach: float) -> tuple[float, str, str, Floats]:
    """Free depth behind a wall up to `reach`, what ends it, and where. [m]"""
    import shapely

    scene = subject.scene
    best: tuple[float, str, str, Floats] = (np.inf, "", "", np.zeros(3))
    own = [solid.vertices for part in scene.parts if part.element == screen.element for solid in part.solids()]
    for facet in screen.facets:
        left, right, _, top = facet
        along = (right - left)[:2]
        width = float(np.hypot(*along))
        if width <= EXACT:
            continue
        along = along / width
        back = np.array([-along[1], along[0]])
        deep = _thick(own, left, back, along, width)
        near, far = left[:2] + back * deep, left[:2] + back * (deep + reach)
        zone = from_polygon(shapely.Polygon([near, near + along * width, far + along * width, far]))
        low, high = float(left[2]) + _SILL, float(min(top[2], left[2] + _BODY))

        def may(part: Part) -> bool:
            return carries(scene, part.element, screen.element)

        for one in occupants(subject.bodies, zone, low, high, may):
            away = (one.points[:, :2] - near) @ back
            k = int(away.argmin())
            if away[k] < best[0]:
                best = max(float(away[k]), 0.0), one.part.element, one.part.label, one.points[k]
    return best


def _thick(own: list[Floats], left: Floats, back: Floats, along: Floats, width: float) -> float:
    """How deep the wall's own parts are behind one facet of it. [m]"""
    deep = 0.0
    for vertices in own:
        way = vertices[:, :2] - left[:2]
        here = np.abs(way @ along - width / 2) <= width / 2 + EXACT
        if here.any():
            deep = max(deep, float((way[here] @ back).max()))
    return deep
