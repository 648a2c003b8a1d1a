"""A video camera on its tripod, aimed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.catalogue import Item
from stagecraft.elements._base import Site
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frame
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import Part, PlanSymbol, Record, Viewer


def aimed(
    element: str, name: str, site: Site, tripod: Item | None, floor: float, lens: float, aim: Floats, angle: float
) -> Iterator[Record]:
    """Tripod on the floor at the origin, camera with its lens `lens` above that floor, and what it sees."""
    eye = np.array([0.0, 0.0, floor + lens])
    look = aim - eye
    turn = float(np.degrees(np.arctan2(look[1], look[0]))) - 90.0
    rise = float(np.degrees(np.arctan2(look[2], np.hypot(look[0], look[1]))))
    if tripod:
        radius = site.size(tripod, "width", 0.8) / 2
        ring = radius * np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=1)
        feet = ring[:-1:16]
        lines = (ring, *(np.array([(0.0, 0.0), foot]) for foot in feet))
        yield Part(element, _tripod(feet * 0.96, lens - 0.12), frame((0, 0, floor), turn)[None], "camera", tripod.code,
                   (element,), "tripod", takes_seats=True, symbol=PlanSymbol(tripod.code, lines),
                   colour=(0.16, 0.16, 0.17))  # fmt: skip
    body = joined([shapes.cuboid((-0.07, -0.32, -0.09), (0.07, 0.08, 0.09)),
                   shapes.rod((0, 0.08, 0), (0, 0.3, 0), 0.055, 16)])  # fmt: skip
    pose = frame((0, 0, floor + lens), turn) @ frame(tilt=rise)
    yield Part(element, body, pose[None], "camera", name="camera", soft=True, colour=(0.1, 0.1, 0.11))
    yield Viewer(element, name, eye, aim, "camera", angle)


_AROUND = np.linspace(0.0, 2 * np.pi, 49) + np.pi / 2


def _tripod(feet: Floats, height: float) -> Solid:
    legs = [shapes.rod((*foot, 0.02), (*(foot * 0.12), height * 0.92), 0.02, 6) for foot in feet]
    return joined([*legs, shapes.cylinder(0.06, height * 0.9, height, sides=12)])
