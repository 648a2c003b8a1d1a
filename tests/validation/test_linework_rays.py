"""No more than one in a thousand points on edges is drawn though something hides it, or left out though nothing does."""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.drawing._upright import WHOLE
from stagecraft.drawing._views import is_sheet, parts_of
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frame, frames
from stagecraft.geometry.linework import FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT, Body
from stagecraft.geometry.outline import outline, rectangle, sector
from stagecraft.venue.load import load
from tests.geometry.rays import compared

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
STATES = [
    ("keynote-500", None), ("lecture-raked", None), ("minimal", None), ("ref-500", None),
    *(("ballroom", setup) for setup in ("theatre", "classroom", "cabaret", "banquet", "reception")),
]  # fmt: skip
VIEWS = [(FROM_ABOVE, math.inf), (TO_STAGE_LEFT, -0.0), (FROM_THE_HOUSE, 0.35), (FROM_THE_HOUSE, 8.0)]
"""Plan, section on the centre line, front elevation, cross section through the seats."""
POINTS = 1000


@functools.lru_cache(maxsize=1)
def standing(name: str, setup: str | None) -> list[Body]:
    parts = [part for part in parts_of(build(load(EXAMPLES / name / "venue.yaml"), setup)) if not is_sheet(part)]
    return [Body(part.solid, part.transforms, part.system, part.system in WHOLE) for part in parts]


@pytest.mark.parametrize(("name", "setup", "view"), [(*state, k) for state in STATES for k in range(len(VIEWS))])
def test_one_in_a_thousand_points_at_most_is_drawn_against_the_rays(name: str, setup: str | None, view: int) -> None:
    drawn, wrong, doubt = compared(standing(name, setup), *VIEWS[view], POINTS, 11)
    assert 0 < drawn < POINTS
    assert wrong <= POINTS // 1000
    assert doubt <= POINTS // 50


def pile() -> list[Body]:
    """Solids that touch, lie flush in one plane, run into one another, stand edge to edge; tubes lying and leaning."""
    at = np.array([(x, y, 0) for x in range(3) for y in range(3)], float)
    ring = outline(rectangle(3, 3).outer.points, [rectangle(2, 2).outer.points])
    tilted = np.array([frame((0.3 * k, 0.2 * k, 0.4), 25.0 * k, 15.0 * k) for k in range(1, 5)])
    return [
        Body(shapes.box(1, 1, 0.5), frames(at)),  # edge to edge
        Body(shapes.box(1, 1, 0.5), frames(at[:3] + (0, 0, 0.5))),  # one on the other
        Body(shapes.box(0.6, 3, 0.5, (0.2, 1, 0))),  # flush on top and through them
        Body(shapes.cuboid((2.5, -0.5, 0), (3.5, 0.5, 0.5))),  # face to face
        Body(shapes.prism(ring, 0, 0.25), frames(np.array([(1, 1, 1.0), (1, 1, 1.25)], float))),
        Body(shapes.box(0.8, 0.3, 0.7), tilted),
        Body(shapes.cylinder(0.25, 0, 2.0, at=(1, 1))),
        Body(shapes.cylinder(0.25, 0.5, 1.2, at=(0.25, 0))),
        Body(shapes.rod((-1, 0.5, 0.75), (4, 0.5, 0.75), 0.25, 24)),  # lying on the boxes
        Body(shapes.rod((-1, -0.4, 0.1), (3, 2.4, 1.9), 0.1, 8)),
        Body(shapes.prism(sector((1, 1), 1.4, 1.8, 200, 340), 0, 0.5)),
        Body(shapes.truss_bays(4, 0.5, 0.5, 0.1), frame((1, 1, 1.5), 30.0)[None]),
    ]  # fmt: skip


@pytest.mark.parametrize("turn", [0.0, 17.0])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("view", [FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT], ids=["above", "front", "side"])
def test_an_odd_pile_of_solids_agrees_with_the_rays(view: Floats, cut: bool, turn: float) -> None:
    placed = frame(turn=turn)
    bodies = [Body(body.solid, placed @ body.transforms) for body in pile()]
    near = (0.6 if view is FROM_ABOVE else 0.1) if cut else math.inf
    drawn, wrong, doubt = compared(bodies, view, near, 3 * POINTS, 5)
    assert drawn > 0.1 * POINTS
    assert wrong <= 3 * POINTS // 1000
    assert doubt <= 3 * POINTS // 30
