"""What differs between two states of a house, by what stays the same when a file is tidied: seats by their permanent ids,
elements by their ids, pieces by their items and places. What moves less than a millimetre stands still.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft import units
from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.scene import KitLine, Part, Pick, Scene, Strings
from stagecraft.units import Units

Indices: TypeAlias = NDArray[np.int64]

MOVED = 0.001
"""What moves less stands still. [m]"""
TURNED = 0.01
"""What turns less looks the same way. [degrees]"""


class Move(NamedTuple):
    """How far something stands from where it stood."""

    distance: float
    """[m]"""
    turn: float
    """[degrees]"""

    @property
    def is_one(self) -> bool:
        return self.distance > MOVED or self.turn > TURNED


@dataclass(frozen=True, eq=False)
class Changed:
    """Elements that one state has and the other has not, or has otherwise; each in the order of its ids."""

    gone: tuple[str, ...]
    come: tuple[str, ...]
    moved: dict[str, Move]
    reshaped: tuple[str, ...]
    """Of another size or shape."""
    retyped: tuple[str, ...]


class Carried(NamedTuple):
    """Pieces of one item between two states."""

    out: int
    come: int
    moved: int
    stays: int


def changed(old: Scene, new: Scene) -> Changed:
    """Elements that came, went, moved or are others."""
    both = sorted(old.elements.keys() & new.elements.keys())
    parts = own_parts(old), own_parts(new)
    moves = {name: move(old.elements[name].frame, new.elements[name].frame) for name in both}
    return Changed(
        tuple(sorted(old.elements.keys() - new.elements.keys())),
        tuple(sorted(new.elements.keys() - old.elements.keys())),
        {name: one for name, one in moves.items() if one.is_one},
        tuple(name for name in both if not alike(parts[0].get(name, []), parts[1].get(name, []))),
        tuple(name for name in both if old.elements[name].type != new.elements[name].type),
    )


def move(old: Floats, new: Floats) -> Move:
    """From one frame to another."""
    # By the chord of the turn: half its length is the sine of half the angle, exact where the cosine is blunt.
    chord = float(np.linalg.norm(new[:3, :3] - old[:3, :3]) / np.sqrt(8.0))
    turn = float(np.degrees(2.0 * np.arcsin(min(chord, 1.0))))
    return Move(float(np.linalg.norm(new[:3, 3] - old[:3, 3])), turn)


def own_parts(scene: Scene) -> dict[str, list[Part]]:
    """What each element stands there with (its chairs apart), in its own coordinates."""
    found: dict[str, list[Part]] = {}
    for part in scene.parts:
        if part.count and not part.of_seats and part.element in scene.elements:
            home = frames.inverse(scene.elements[part.element].frame)
            found.setdefault(part.element, []).append(part.moved(home))
    return found


def alike(old: list[Part], new: list[Part]) -> bool:
    """Is every corner of every solid within `MOVED` of where it was?"""
    return len(old) == len(new) and all(
        a.solid.vertices.shape == b.solid.vertices.shape
        and a.count == b.count
        and np.allclose(a.solid.vertices, b.solid.vertices, rtol=0.0, atol=MOVED)
        and np.allclose(a.transforms, b.transforms, rtol=0.0, atol=MOVED)
        for a, b in zip(old, new)
    )


def measures(parts: list[Part], show: Units) -> str:
    """`14.400 × 6.000 × 0.800 m`: the box around them."""
    if not parts:
        return "nothing"
    low, high = np.min([part.bounds[0] for part in parts], axis=0), np.max([part.bounds[1] for part in parts], axis=0)
    if show == "ft":
        return " × ".join(map(units.feet, (high - low).tolist()))
    return " × ".join(f"{size:.3f}" for size in high - low) + " m"


def changed_points(old: Scene, new: Scene) -> tuple[tuple[Pick | None, Pick | None], ...]:
    """Rigging points as they were and as they are, where they came, went, moved along what carries them, or bear other
    words or figures; those of elements that only one state has go with them.
    """
    was, now = _points(old), _points(new)
    out: list[tuple[Pick | None, Pick | None]] = []
    for key in {**was, **now}:
        if key[0] not in old.elements or key[0] not in new.elements:
            continue
        (a, here), (b, there) = was.get(key, (None, None)), now.get(key, (None, None))
        stands = here is not None and there is not None and float(np.linalg.norm(here - there)) <= MOVED
        if a is None or b is None or not stands or any(getattr(a, f) != getattr(b, f) for f in _SAID):
            out.append((a, b))
    return tuple(out)


_SAID = ("load", "author", "limit", "hoist", "house")


def _points(scene: Scene) -> dict[tuple[str, str], tuple[Pick, Floats]]:
    """Element and name → a rigging point, and where it is in its element's own coordinates."""
    return {
        (pick.element, pick.name): (pick, frames.points(frames.inverse(scene.elements[pick.element].frame), pick.at))
        for pick in scene.of(Pick) if pick.element in scene.elements
    }  # fmt: skip


def paired(old: Strings, new: Strings) -> tuple[list[int], list[int], Indices, Indices]:
    """Indices of what only one side has, and of what both have side by side, each in the order of the ids."""
    common, a, b = np.intersect1d(old, new, return_indices=True)
    order = _order(common)
    gone, come = np.flatnonzero(~np.isin(old, new)), np.flatnonzero(~np.isin(new, old))
    return gone[_order(old[gone])].tolist(), come[_order(new[come])].tolist(), a[order], b[order]


def _order(ids: Strings) -> Indices:
    """Row 2 before row 10."""
    keys = [
        [(int(part), "") if part.lstrip("-").isdecimal() else (0, part) for part in one.split("/")]
        for one in ids.tolist()
    ]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def carried(old: Scene, new: Scene) -> dict[tuple[str, str], Carried]:
    """Item and remark → what goes out, comes in, moves and stays.

    A piece stays when one of the same item stands at the same place, to the millimetre; of the others as many as possible
    are moved, the rest goes out or comes in.
    """
    was, now = _places(old), _places(new)
    found = {}
    for line in {**was, **now}:
        before, after = was.get(line, Counter()), now.get(line, Counter())
        stays = (before & after).total()
        gone, come = before.total() - stays, after.total() - stays
        moved = min(gone, come)
        found[line] = Carried(gone - moved, come - moved, moved, stays)
    return found


def _places(scene: Scene) -> dict[tuple[str, str], Counter[tuple[float, ...]]]:
    """Where every piece stands, in millimetres; what is not modelled stands nowhere in particular."""
    places: dict[tuple[str, str], Counter[tuple[float, ...]]] = {}
    for part in scene.parts:
        if part.item:
            # A quarter aside, so that no round measure lies where rounding turns over.
            spots = np.round(part.transforms[:, :3, :].reshape(part.count, 12) * 1000.0 + 0.25)
            places.setdefault((part.item, ""), Counter()).update(map(tuple, spots.tolist()))
    for line in scene.of(KitLine):
        places.setdefault((line.item, line.why), Counter())[()] += line.quantity
    return places
