"""A stage as a staging supplier sees it: its decks, legs, cuts, lifts, steps, rails and corners; no drawing yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from stagecraft import units
from stagecraft.catalogue import Item
from stagecraft.drawing._views import name_of
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import outline_paths
from stagecraft.scene import Edge, KitLine, Part, Scene, Space, Walkway
from stagecraft.units import Units

FLIGHT = 0.4
"""A flight or a ramp that ends no farther from a stage's edge leads to it. [m]"""
STEP_UP = 0.25
"""Its head lies no more than this below or above. [m]"""
MOST_CORNERS = 12
"""Corners of an outline that are lettered; of more only the farthest to each side."""
LETTERS = "ABCDEFGHJKLM"


class Run(NamedTuple):
    """A guarded edge, straight or round a bend on one side."""

    side: str
    length: float
    """[m]"""
    at: Floats
    """(2,) its middle."""


@dataclass(frozen=True, eq=False)
class Staging:
    """One stage or platform as it stands."""

    scene: Scene
    element: str
    plan: Any
    """Outline of its deck in the room, as a shapely polygon."""
    top: float
    parts: tuple[Part, ...]
    item: Item | None
    """What its decks are in the catalogue."""
    cut: int
    """Decks that are cut to the outline."""
    listed: int
    """Decks that are counted and not laid out."""
    circles: tuple[tuple[float, float, float], ...] = ()
    """Circles that runs of its outline follow: centre x, y and radius. [m]"""

    def named(self, name: str) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    @property
    def decks(self) -> Part | None:
        """The whole decks."""
        return self.named("decks")

    @property
    def legs(self) -> Part | None:
        return self.named("legs")

    @property
    def cuts(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.name == "cut deck")

    @property
    def lifts(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.name.startswith("lift "))

    @property
    def base(self) -> float:
        """Level that it stands on. [m]"""
        return float(self.scene.elements[self.element].frame[2, 3])

    @property
    def title(self) -> str:
        return name_of(self.scene, self.element)

    @cached_property
    def standing(self) -> tuple[Any, Any]:
        """(n,) legs under each whole deck, and (m,) whole decks over each leg."""
        import shapely

        decks, legs = self.decks, self.legs
        count = decks.count if decks else 0
        if decks is None or legs is None:
            return np.zeros(count, np.int64), np.zeros(0, np.int64)
        feet = shapely.points(legs.transforms[:, :2, 3])
        leg, deck = shapely.STRtree(decks.plans()).query(feet, predicate="within")
        return np.bincount(deck, minlength=count), np.bincount(leg, minlength=legs.count)

    @property
    def flights(self) -> list[Walkway]:
        """Steps and ramps that lead to it, from left to right."""
        import shapely

        stairs = {part.element for part in self.scene.parts if part.system == "stair"}
        found = []
        for way in self.scene.of(Walkway):
            if way.kind in ("step", "ramp") and way.element in stairs:
                x, y, z = way.line[int(np.argmax(way.line[:, 2]))]
                near = self.plan.boundary.distance(shapely.Point(x, y)) <= FLIGHT
                if near and abs(z - self.top) <= STEP_UP:
                    found.append(way)
        return sorted(found, key=lambda way: (float(way.line[-1, 0]), way.element))

    @property
    def rails(self) -> list[Run]:
        """Its guarded edges, side by side of the outline."""
        import shapely

        runs: list[Run] = []
        for edge in self.scene.of(Edge):
            if edge.element != self.element or not edge.guarded:
                continue
            a, b = edge.line[0, :2], edge.line[-1, :2]
            middle, away = (a + b) / 2, np.array([b[1] - a[1], a[0] - b[0]]) / max(float(np.hypot(*(b - a))), 1e-9)
            if shapely.contains_xy(self.plan, *(middle + 0.01 * away)):
                away = -away
            side = _side(away)
            length = float(np.hypot(*(b - a)))
            if runs and runs[-1].side == side:
                last = runs.pop()
                share = length / max(last.length + length, 1e-9)
                runs.append(Run(side, last.length + length, last.at + share * (middle - last.at)))
            else:
                runs.append(Run(side, length, middle))
        return runs

    @property
    def corners(self) -> list[tuple[str, Floats]]:
        """Lettered corners of the outline (2,), from downstage left anticlockwise; the farthest of many."""
        (path, *_) = outline_paths(self.plan)
        points = path.points
        start = int(np.lexsort((points[:, 0], np.round(points[:, 1], 6)))[0])
        points = np.roll(points, -start, axis=0)
        if len(points) > MOST_CORNERS:
            ends = [int(np.argmax(sign * points[:, axis])) for axis in (0, 1) for sign in (-1.0, 1.0)]
            points = points[sorted(set(ends))]
        return list(zip(LETTERS, points))


def _side(away: Floats) -> str:
    """Which way an edge looks, as on the plan."""
    x, y = float(away[0]), float(away[1])
    if abs(y) >= abs(x):
        return "downstage" if y < 0 else "upstage"
    return "left" if x < 0 else "right"


def stagings(scene: Scene) -> list[Staging]:
    """Every stage, and every platform that is made of decks, in the order of the venue file."""
    import shapely

    floors = {space.element: space for space in scene.of(Space) if space.use == "stage"}
    lines: dict[str, list[KitLine]] = {}
    for line in scene.of(KitLine):
        if (item := scene.items.get(line.item)) and item.category == "stage_deck":
            lines.setdefault(line.element, []).append(line)
    out = []
    for element in dict.fromkeys(part.element for part in scene.parts if part.system in ("stage", "platform")):
        parts = tuple(part for part in scene.parts if part.element == element and part.count)
        space = floors.get(element)
        if space is None and element not in lines:
            continue
        if space is not None:
            plan, top = space.outline.polygon, space.floor
        else:
            plan = shapely.union_all([p for part in parts if part.system == "platform" for p in part.plans()])
            plan, top = max(shapely.get_parts(plan), key=lambda one: float(one.area)), float(parts[0].bounds[1, 2])
        mine = lines.get(element, [])
        codes = [part.item for part in parts if part.item] + [line.item for line in mine]
        cuts = sum(part.name == "cut deck" for part in parts)
        counted = sum(line.quantity for line in mine)
        out.append(Staging(scene, element, plan, top, parts, scene.items.get(codes[0]) if codes else None,
                           cuts, counted - cuts, space.outline.circles if space is not None else ()))  # fmt: skip
    return out


def leg_length(one: Staging) -> float:
    """From the floor to the underside of the decks; 0 without legs. [m]"""
    legs = one.legs
    return 0.0 if legs is None else float(legs.solid.bounds[1, 2] - legs.solid.bounds[0, 2])


def rail_height(one: Staging) -> float | None:
    """Top of the rails above the deck; None without rails. [m]"""
    part = one.named("rail")
    return None if part is None else float(part.bounds[1, 2]) - one.top


def flight_words(way: Walkway, system: Units) -> str:
    """`5 RISERS 180, GOING 280` or `RAMP 1:12.0`."""
    rise = float(np.ptp(way.line[:, 2]))
    if way.kind == "ramp" or way.treads is None:
        run = float(np.hypot(*(way.line[-1, :2] - way.line[0, :2])))
        return f"RAMP 1:{run / max(rise, 1e-9):.1f}"
    return f"{len(way.treads)} RISERS {units.drawn(rise / len(way.treads), system)}, GOING {units.drawn(going(way), system)}"


def going(way: Walkway) -> float:
    """Of each tread of a flight, or of a ramp as a whole. [m]"""
    runs = np.hypot(*np.diff(way.line[:, :2], axis=0).T)
    return float(runs[0] if way.kind == "step" else runs.sum())
