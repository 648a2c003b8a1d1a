"""The front elevation: the stage as the audience sees it, panel by panel, without the audience."""

from __future__ import annotations

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.drawing.elevation import TITLE, elevation
from stagecraft.drawing.marks import Dimension, Drawing, Line, Style, Text
from stagecraft.scene import About, Scene
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, size: [24, 30], at: [0, -7.5], height: 7, wall: 0.3}
  - {id: stage, type: stage, size: [14, 6], height: 0.9, deck: null}
  - {id: led, type: led_wall, panel: led.roe.bp2v2, columns: 16, rows: 8, at: [0, 5.2, 1.5]}
  - {id: T2, type: truss, item: truss.prolyte.h30v, from: [-9, 5], to: [9, 5], trim: 6.1}
  - {id: front, type: truss, item: truss.prolyte.h30v, from: [-9, -9], to: [9, -9], trim: 5.3}
  - {id: C, type: seating, rows: 12, seats: [9, 12], pitch: 0.95, riser: 0.15, front: [0, -3.4]}
  - {id: R, type: item, item: fur.lectern.std, on: stage, at: [5, 1]}
"""


@pytest.fixture(scope="module")
def page() -> Drawing:
    return elevation(build(loads(HALL)))


def lines(page: Drawing, style: Style) -> list[Line]:
    return [mark for mark in page.marks if isinstance(mark, Line) and mark.style == style]


def test_every_panel_of_the_led_wall_is_seen(page: Drawing) -> None:
    """16 × 8 panels of 0.5 m: 17 upright and 9 level lines, 17·4 + 9·8 = 140 m."""
    runs = []
    for line in lines(page, Style("video", "beyond")):
        points = np.array([*line.points, line.points[0]] if line.closed else line.points)
        runs += list(np.abs(np.diff(points, axis=0)))
    across, up = np.array(runs).sum(axis=0)
    assert across == pytest.approx(9 * 8000, abs=1)
    assert up == pytest.approx(17 * 4000, abs=1)


def test_stage_left_is_on_the_right(page: Drawing) -> None:
    lectern = [p for m in page.marks if isinstance(m, Text) and m.text == "R" for p in (m.at,)]
    assert lectern
    assert lectern[0][0] > 3000


def test_the_audience_is_left_out_and_the_title_says_so(page: Drawing) -> None:
    assert {mark.style.system for mark in page.marks}.isdisjoint({"seating", "platform", "foh"})
    assert "seating omitted" in page.title == TITLE
    assert any("omitted" in note for note in page.notes)


def test_what_hangs_over_the_audience_is_not_shown(page: Drawing) -> None:
    words = " ".join(mark.text for mark in page.marks if isinstance(mark, Text))
    assert "T2 TRIM" in words
    assert "FRONT" not in words
    heights = [p[1] for mark in lines(page, Style("truss", "beyond")) for p in mark.points]
    assert min(heights) == pytest.approx(6100, abs=0.01)


def test_widths_and_trims_are_the_model_s(page: Drawing) -> None:
    def lengths(angle: float) -> list[float]:
        axis = 1 if angle == 90 else 0
        found = [abs(m.end[axis] - m.start[axis]) for m in page.marks if isinstance(m, Dimension) and m.angle == angle]
        return sorted(round(length, 2) for length in found)

    assert lengths(0) == [8000, 14000, 24000]
    assert lengths(90) == [600, 900, 1500, 4000, 6100, 7000]


def test_walls_are_cut(page: Drawing) -> None:
    points = np.array([p for mark in lines(page, Style("wall", "cut")) if mark.closed for p in mark.points])
    assert points.min(axis=0) == pytest.approx((-12300, 0), abs=0.01)
    assert points.max(axis=0) == pytest.approx((12300, 7000), abs=0.01)


def test_an_empty_scene_has_an_elevation() -> None:
    assert elevation(Scene(About("nothing"), {}, ())).title == TITLE
