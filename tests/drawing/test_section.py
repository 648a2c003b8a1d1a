"""The section: cut faces of the right area, hidden lines gone, heights of the model, one sightline true."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.drawing.marks import Dimension, Drawing, Fill, Insert, Line, Style, Text
from stagecraft.drawing.section import TITLE, section
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Part, Pick, Scene, Space
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, size: [24, 30], at: [0, -7.5], height: 7, wall: 0.3}
  - {id: stage, type: stage, size: [14, 6], height: 0.9, deck: null, skirt: false}
  - {id: led, type: led_wall, panel: led.roe.bp2v2, columns: 16, rows: 8, at: [0, 5.2, 1.5]}
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-9, -1], to: [9, -1], trim: 5.3, picks: [-7, 0, 7]}
  - {id: C, type: seating, rows: 12, seats: [9, 12], pitch: 0.95, riser: 0.15, front: [0, -3.4]}
  - {id: aim, type: target, at: [0, 1, 1.5]}
"""


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


@pytest.fixture(scope="module")
def page(hall: Scene) -> Drawing:
    return section(hall)


def cut_area(page: Drawing, system: str) -> float:
    """[m²]"""
    fills = [m for m in page.marks if isinstance(m, Fill) and m.style == Style(system, "pattern")]
    return float(shapely.union_all([shapely.Polygon(m.rings[0], m.rings[1:]) for m in fills]).area / 1e6)


def lengths(page: Drawing, angle: float) -> list[float]:
    axis = 1 if angle == 90 else 0
    found = [abs(m.end[axis] - m.start[axis]) for m in page.marks if isinstance(m, Dimension) and m.angle == angle]
    return sorted(round(length, 2) for length in found)


def test_cut_faces_have_the_area_of_their_closed_form(page: Drawing) -> None:
    assert cut_area(page, "wall") == pytest.approx(2 * 0.3 * 7, abs=1e-6)
    assert cut_area(page, "stage") == pytest.approx(6 * 0.9, abs=1e-6)
    assert cut_area(page, "platform") == pytest.approx(0.95 * 0.15 * 11 * 12 / 2, abs=0.02)


def test_the_audience_is_on_the_right(page: Drawing, hall: Scene) -> None:
    chairs = np.array([p for m in page.marks if isinstance(m, Line) and m.style.system == "seating" for p in m.points])
    assert chairs[:, 0].min() > 3300
    stage = np.array(
        [p for m in page.marks if isinstance(m, Line) and m.style == Style("stage", "cut") for p in m.points]
    )
    assert stage.min(axis=0) == pytest.approx((-6000, 0), abs=0.01)
    assert stage.max(axis=0) == pytest.approx((0, 900), abs=0.01)


def test_heights_are_the_model_s(page: Drawing) -> None:
    """Stage 0.9, up to the LED wall 0.6, the wall 4.0, up to the ceiling 1.5; trim 5.3; 7 in all."""
    assert lengths(page, 90) == [600, 900, 1500, 4000, 5300, 7000]
    words = "\n".join(m.text for m in page.marks if isinstance(m, Text))
    for level in ("±0.000  FLOOR", "+0.900  STAGE", "+1.500  LED UNDERSIDE", "+5.500  LED TOP", "+5.300  T1 TRIM",
                  "+7.000  CEILING"):  # fmt: skip
        assert level in words


def test_lengths_are_set_out_from_the_setting_line(page: Drawing) -> None:
    assert {6000, 3400, 30000} <= set(lengths(page, 0))


def test_one_chair_of_each_row_is_shown(hall: Scene) -> None:
    from stagecraft.drawing.section import _nearest_chairs

    chairs = [part for part in _nearest_chairs(hall, 0.0) if part.of_seats]
    assert sum(part.count for part in chairs) == 12
    x = np.concatenate([part.transforms[:, 0, 3] for part in chairs])
    assert (x >= 0).all()
    assert x.max() < 1.0


def test_sightlines_run_from_eyes_to_the_target(hall: Scene, page: Drawing) -> None:
    sights = [mark for mark in page.marks if isinstance(mark, Line) and mark.style == Style("sight")]
    assert [line.points[1] for line in sights] == [(-1000, 1500)] * 2
    eyes = {(round(-y * 1000, 2), round(z * 1000, 2)) for y, z in hall.seats.eyes[:, 1:].tolist()}
    assert {tuple(round(v, 2) for v in line.points[0]) for line in sights} <= eyes
    assert sights[1].points[0][0] - sights[0].points[0][0] == pytest.approx(11 * 950, abs=0.01)


def test_a_line_behind_something_is_not_drawn() -> None:
    """A wall of boxes beyond a bigger one: nothing of them is left."""
    big = Part("big", shapes.box(1, 4, 3, (2, 0, 0)), system="set")
    small = Part("small", shapes.box(0.5, 0.5, 0.5), frames(np.array([(5, y, 1) for y in (-1, 0, 1)], float)), "item")
    page = section(Scene(About("x"), {}, (big, small)))
    assert [m for m in page.marks if isinstance(m, Line) and m.style.system == "item"] == []
    (outline,) = [m for m in page.marks if isinstance(m, Line) and m.style.system == "set"]
    assert sorted(outline.points) == [(-2000, 0), (-2000, 3000), (2000, 0), (2000, 3000)]


def test_what_is_before_the_plane_is_not_drawn() -> None:
    near, far = (Part(name, shapes.box(1, 1, 1, (x, 0, 0)), system="set") for name, x in (("near", -2), ("far", 2)))
    assert len([m for m in section(Scene(About("x"), {}, (near,))).marks if m.style.system == "set"]) == 0
    assert len([m for m in section(Scene(About("x"), {}, (far,))).marks if m.style.system == "set"]) == 1


def test_a_section_elsewhere_says_where(hall: Scene, page: Drawing) -> None:
    assert page.title == TITLE
    assert section(hall, x=2.5).title == "SECTION AT 2500 FROM THE CENTRE LINE"


def test_no_load_is_printed_and_rigging_says_so(hall: Scene) -> None:
    pick = Pick("T1", "P9", np.array([3.0, -4.0, 5.5]), 5.3, 240.0, "AD")
    page = section(replace(hall, records=(*hall.records, pick)))
    assert not any("240" in m.text for m in page.marks if isinstance(m, Text))
    assert any("NOT FOR RIGGING UNTIL APPROVED" in note for note in page.notes)


def test_levels_in_one_place_are_spread() -> None:
    from stagecraft.drawing._upright import spread

    assert spread([0, 10, 20], 5) == [0, 10, 20]
    assert spread([0, 0, 0], 4) == [-4, 0, 4]
    found = spread([0, 1, 2, 30, 31], 4)
    assert np.diff(found).min() >= 4 - 1e-12
    assert sum(found) == pytest.approx(64)


def test_a_room_alone_has_floor_ceiling_and_length() -> None:
    page = section(Scene(About("x"), {}, (Space("r", rectangle(8, 5), 0.0, 2.5),)))
    assert lengths(page, 90) == [2500]
    assert lengths(page, 0) == [5000]
    assert not [mark for mark in page.marks if isinstance(mark, Insert)]
    assert all(math.isfinite(value) for corner in page.extent for value in corner)


def test_a_balcony_has_its_levels_and_its_place() -> None:
    gallery = """
  - {id: gallery, type: balcony, name: Balcony, at: [0, -12], size: [24, 10], level: 4.2, thickness: 0.35}
  - {id: G, type: seating, rows: 3, seats: [12], riser: 0.3, at: [0, -13], on: gallery}
"""
    page = section(build(loads(HALL + gallery)))
    words = "\n".join(m.text for m in page.marks if isinstance(m, Text))
    for level in ("+4.200  BALCONY FLOOR", "+3.850  BALCONY UNDERSIDE", "+4.800  G TOP TIER", "+1.650  C TOP TIER"):
        assert level in words
    assert {12000, 10000} <= set(lengths(page, 0))


def test_what_hangs_from_the_ceiling_and_what_work_stands_on_have_levels() -> None:
    more = """
  - {id: foh, type: foh, at: [0, -18], riser: 0.3}
  - {id: cam, type: camera_platform, at: [2, -17], height: 0.6}
"""
    low = "height: 7, wall: 0.3, ceiling: [{id: chandelier, at: [0, -8], diameter: 2, height: 5.6, object: true}]}"
    page = section(build(loads(HALL.replace("height: 7, wall: 0.3}", low) + more)))
    words = "\n".join(m.text for m in page.marks if isinstance(m, Text))
    for level in ("+0.300  FOH", "+0.600  CAM", "+5.600  CHANDELIER UNDERSIDE"):
        assert level in words


def test_runs_of_one_row_never_lie_on_each_other() -> None:
    """A stage and an audience on the same side of the setting line."""
    page = section(build(loads(HALL.replace("deck: null, skirt: false", "deck: null, skirt: false, at: [0, -20]"))))
    rows: dict[float, list[tuple[float, float]]] = {}
    for mark in page.marks:
        if isinstance(mark, Dimension) and mark.angle == 0:
            rows.setdefault(mark.line_at[1], []).append((mark.start[0], mark.end[0]))
    assert rows
    for runs in rows.values():
        runs.sort()
        assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(runs))
