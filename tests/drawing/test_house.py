"""The house beneath other plans: complete, grey, without words, and known to whoever writes over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.drawing._house import House
from stagecraft.drawing._labels import Places
from stagecraft.drawing._views import seat_corners
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Arc, Circle, Fill, Line, Mark, Style, Symbol, Text
from stagecraft.scene import About, Scene, Underlay
from stagecraft.venue.load import load, loads

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
HALL = """
schema: 1
name: Hall
elements:
  - id: hall
    type: room
    size: [24, 30]
    at: [0, -7.5]
    height: 7
    doors: [{id: D1, at: [-6, -15]}, {id: D2, at: [12, 0], width: 0.9, leaves: 1, swing: in, exit: false}]
    columns: [{id: K1, at: [9, 0], diameter: 0.6}]
  - {id: stage, type: stage, size: [14, 6], height: 0.9}
  - {id: C, type: seating, rows: 12, seats: [9, 12], pitch: 0.95, gangway: 1.3, front: [0, -3.4]}
"""


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


def beneath(
    scene: Scene, places: Places | None = None, things: tuple[str, ...] = ()
) -> tuple[list[Mark], dict[str, Symbol]]:
    """The light house beneath a plan of something else, and the symbols it needs."""
    page = House(scene, 100.0, places or Places(100.0), True)
    page.house(things)
    return [*page.beneath, *page.marks], page.symbols


def test_a_light_house_is_grey_throughout_and_says_nothing(hall: Scene) -> None:
    marks, symbols = beneath(hall)
    assert {layer_for(mark.style).name for mark in marks} == {"A-WALL-BYND", "A-WALL-OVHD", "A-PATT"}
    assert not symbols
    assert not any(isinstance(mark, Text) for mark in marks)
    assert sum(isinstance(mark, Arc) for mark in marks) == 3  # two leaves and one
    assert [mark.radius for mark in marks if isinstance(mark, Circle)] == [300.0]
    assert any(isinstance(mark, Fill) for mark in marks)


def test_words_keep_off_the_walls_of_a_house_beneath(hall: Scene) -> None:
    places = Places(100.0)
    beneath(hall, places)
    assert not places.free((11_900.0, 4_000.0, 12_100.0, 4_500.0))
    assert not places.free((8_900, -7_600, 9_100, -7_400))
    assert places.free((-3_000.0, 1_000.0, -1_000.0, 1_500.0))


def test_what_stands_there_is_drawn_as_outlines_of_its_own_size(hall: Scene) -> None:
    marks, _ = beneath(hall, things=("stage", "seating"))
    rings = [shapely.Polygon(m.points) for m in marks if isinstance(m, Line) and m.style == Style("background")]
    stage = [ring for ring in rings if shapely.contains_xy(ring, 0.0, 3000.0)]
    assert len(stage) == 1
    assert stage[0].area == pytest.approx(14e3 * 6e3)
    banks = shapely.union_all([ring for ring in rings if ring not in stage])
    corners = seat_corners(hall.seats)[:, :2] * 1000
    assert shapely.dwithin(shapely.points(corners), banks, 51.0).all()
    assert len(rings) == 3  # the stage and a bank on either side of the gangway


def test_without_a_room_the_house_is_empty_and_the_axes_still_stand() -> None:
    scene = Scene(About("Field"), {}, ())
    assert beneath(scene) == ([], {})
    page = House(scene, 100.0)
    page.axes()
    page.axis_ends()
    assert {"CL", "A"} <= {mark.text for mark in page.marks if isinstance(mark, Text)}


def test_the_underlay_lies_beneath_the_house(hall: Scene) -> None:
    line = np.array([[-5.0, 0.0], [5.0, 0.0]])
    under = replace(hall, records=(*hall.records, Underlay("survey", (line,))))
    marks, _ = beneath(under)
    assert marks[0] == Line(Style("underlay"), ((-5000.0, 0.0), (5000.0, 0.0)))


@pytest.mark.parametrize("name", ["keynote-500", "ballroom", "lecture-raked", "ref-500", "minimal"])
def test_every_example_has_its_house_beneath(name: str) -> None:
    scene = build(load(EXAMPLES / name / "venue.yaml"))
    marks, _ = beneath(scene, things=("stage", "foh", "seating", "table"))
    assert any(mark.style.system == "wall" for mark in marks)
    assert all(layer_for(mark.style).lineweight <= 0.18 for mark in marks)
