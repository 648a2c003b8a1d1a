"""What hangs where: the trusses of a scene, their pieces and points, and what is known of the mass below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stagecraft.geometry.frame import Floats
from stagecraft.scene import KitLine, Part, Pick, Scene

TWIN = "_mirror"


@dataclass(frozen=True)
class Hanging:
    """So many of one thing that hang from a truss."""

    item: str
    """Catalogue code; empty for what is not in the catalogue."""
    name: str
    count: int
    mass: float | None
    """Of one. None is unknown. [kg]"""


@dataclass(frozen=True, eq=False)
class Truss:
    """A truss as it hangs: its line, its pieces, its points, and what hangs from it."""

    element: str
    make: str
    frame: Floats
    pieces: tuple[tuple[float, int], ...]
    """(length [m], how many), the longest first."""
    mass: float | None
    """Of its pieces, by their length. [kg]"""
    trim: float
    """Underside of its bottom chord above the floor. [m]"""
    picks: tuple[Pick, ...]
    towers: tuple[Floats, ...]
    """(2,) middle of each ground-support tower."""
    hung: tuple[Hanging, ...]
    riders: tuple[str, ...]
    """Elements that hang from it, and what stands on or hangs from those."""

    @property
    def length(self) -> float:
        """[m]"""
        return sum(length * count for length, count in self.pieces)

    @property
    def along(self) -> Floats:
        """(2,) direction in plan, to stage left; upstage for what runs up- and downstage."""
        run = self.frame[:2, 0] / np.hypot(*self.frame[:2, 0])
        back = run[0] < -1e-9 or (abs(run[0]) <= 1e-9 and run[1] < 0)
        return np.asarray(-run if back else run)

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """(2,) its ends in plan. [m]"""
        half = self.along * self.length / 2
        return self.frame[:2, 3] - half, self.frame[:2, 3] + half

    @property
    def known(self) -> float:
        """What is known of the mass that hangs from it, without cable and hoists. [kg]"""
        return sum(one.mass * one.count for one in self.hung if one.mass is not None)

    @property
    def unknown(self) -> int:
        """How many things hang from it whose mass is not known."""
        return sum(one.count for one in self.hung if one.mass is None)

    @cached_property
    def places(self) -> Floats:
        """(n,) of its points along it, from its middle. [m]"""
        return np.array([(pick.at[:2] - self.frame[:2, 3]) @ self.along for pick in self.picks])


def trusses(scene: Scene) -> tuple[Truss, ...]:
    """Every truss, in the order of the venue file."""
    names = [name for name, origin in scene.elements.items() if origin.type == "truss"]
    parts: dict[str, list[Part]] = {name: [] for name in names}
    for part in scene.parts:
        if part.element in parts:
            parts[part.element].append(part)
    picks: dict[str, list[Pick]] = {}
    for pick in scene.of(Pick):
        picks.setdefault(pick.element, []).append(pick)
    riders = _riders(scene, names)
    return tuple(
        _truss(scene, name, parts[name], tuple(picks.get(name, ())), riders[name]) for name in names if parts[name]
    )


def _truss(scene: Scene, name: str, parts: list[Part], picks: tuple[Pick, ...], riders: tuple[str, ...]) -> Truss:
    frame = scene.elements[name].frame
    pieces: Counter[float] = Counter()
    masses: list[float | None] = []
    make = ""
    for part in parts:
        if part.item:
            x = part.symbol.lines[0][:, 0] if part.symbol else part.solid.vertices[:, 0]
            pieces[round(float(np.ptp(x)), 4)] += part.count
            item, run = scene.items.get(part.item), scene.items.get(part.item.rpartition("-")[0])
            masses.append(item.mass * part.count if item and item.mass is not None else None)
            make = make or (run.label if run else part.item)
    towers = tuple(matrix[:2, 3] for part in parts if not part.item for matrix in part.transforms)
    known = [mass for mass in masses if mass is not None]
    return Truss(
        name, make, frame, tuple(sorted(pieces.items(), reverse=True)), sum(known) if len(known) == len(masses) else None,
        float(frame[2, 3]) - scene.ground, picks, towers, tuple(hanging(scene, riders)), riders,
    )  # fmt: skip


def _riders(scene: Scene, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Truss → elements that it carries. What hangs from one of two twins is the one's that it hangs below."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for element, origin in scene.elements.items():
        host = next((one for one in scene.carriers(element) if one in found), "")
        if not host or element in found:
            continue
        other = host.removesuffix(TWIN) if host.endswith(TWIN) else host + TWIN
        if other in found:
            at = origin.frame[:2, 3]
            host = min((host, other), key=lambda one: (round(_apart(scene, one, at), 6), one != host))
        found[host].append(element)
    return {name: tuple(elements) for name, elements in found.items()}


def _apart(scene: Scene, truss: str, at: Floats) -> float:
    """How far a place lies from a truss's line, in plan. [m]"""
    frame = scene.elements[truss].frame
    way = at - frame[:2, 3]
    half = max(
        (float(np.abs(part.bounds[:, :2] - frame[:2, 3]).max()) for part in scene.parts if part.element == truss),
        default=0.0,
    )
    along = float(np.clip(way @ frame[:2, 0], -half, half))
    return float(np.hypot(*(way - along * frame[:2, 0])))


def hanging(scene: Scene, riders: tuple[str, ...]) -> Iterator[Hanging]:
    """What hangs there, by catalogue item; what is of none is one thing an element."""
    counts: Counter[str] = Counter()
    loose: list[str] = []
    for element in riders:
        own: Counter[str] = Counter()
        for part in scene.parts:
            if part.element == element and part.item:
                own[part.item] += part.count
        for line in scene.of(KitLine):
            if line.element == element:
                own[line.item] += line.quantity
        if not own and any(part.element == element for part in scene.parts):
            loose.append(element)
        counts.update(own)
    for code, count in counts.items():
        item = scene.items.get(code)
        yield Hanging(code, item.label if item else code, count, item.mass if item else None)
    names = Counter(scene.elements[element].name or element.removesuffix(TWIN) for element in loose)
    yield from (Hanging("", name, count, None) for name, count in names.items())
