"""The cross section: where it is cut, what of the audience it shows, gangways and headroom as the model has them."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import ezdxf
import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.drawing import _upright
from stagecraft.drawing._labels import text_box
from stagecraft.drawing.book import drafts
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.cross_section import TITLE, cross_section, cross_station
from stagecraft.drawing.draft import Job, Wish
from stagecraft.drawing.elevation import elevation, elevation_sheets
from stagecraft.drawing.marks import Circle, Dimension, Drawing, Ellipse, Fill, Line, Style, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.section import rows_block, section, section_sheets
from stagecraft.export.write import write
from stagecraft.geometry import shapes
from stagecraft.geometry.linework import look
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Part, Scene, Space
from stagecraft.venue.load import load, loads

KEYNOTE = Path(__file__).parents[2] / "assets/examples/keynote-500/venue.yaml"
HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, size: [24, 30], at: [0, -7.5], height: 7, wall: 0.3}
  - {id: stage, type: stage, size: [14, 6], height: 0.9, deck: null, skirt: false}
  - {id: led, type: led_wall, panel: led.roe.bp2v2, columns: 16, rows: 8, at: [0, 5.2, 1.5]}
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-9, -1], to: [9, -1], trim: 5.3, picks: [-7, 0, 7]}
  - {id: C, type: seating, rows: 12, seats: [9, 12, 9], width: 0.5, gangway: 1.2, pitch: 0.95, riser: 0.15, front: [0, -3.4]}
"""
GALLERY = """
  - {id: gallery, type: balcony, name: Balcony, at: [0, -12], size: [24, 10], level: 4.2, thickness: 0.35}
  - {id: G, type: seating, rows: 3, seats: [12], riser: 0.3, at: [0, -2], on: gallery}
"""


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


@pytest.fixture(scope="module")
def page(hall: Scene) -> Drawing:
    return cross_section(hall)


def lengths(page: Drawing, angle: float) -> list[float]:
    axis = 1 if angle == 90 else 0
    found = [abs(m.end[axis] - m.start[axis]) for m in page.marks if isinstance(m, Dimension) and m.angle == angle]
    return [round(length, 2) for length in found]


def segments(page: Drawing, role: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    found = []
    for mark in page.marks:
        if isinstance(mark, Line) and mark.style.role == role and not any(mark.bulges):
            found += list(pairwise([*mark.points, mark.points[0]] if mark.closed else mark.points))
    return found


def test_it_is_cut_a_third_back_at_the_back_of_a_row(hall: Scene) -> None:
    y = cross_station(hall)
    assert y is not None
    rows = np.unique(np.round(hall.seats.at[:, 1], 6))
    assert 0.2 < rows[rows > y].min() - y < 0.4
    third = rows.max() - (rows.max() - rows.min()) / 3
    assert abs(y - third) <= 0.95


def test_the_next_row_is_shown_and_no_other(hall: Scene, page: Drawing) -> None:
    """30 chairs side by side: as wide as 30 places and two gangways, their feet all on one step."""
    points = np.array([p for m in page.marks if isinstance(m, Line) and m.style.system == "seating" for p in m.points])
    y = cross_station(hall)
    next_row = hall.seats.at[hall.seats.at[:, 1] > y]
    step = float(next_row[next_row[:, 1] == next_row[:, 1].min()][0, 2]) * 1000
    assert points[:, 1].min() == pytest.approx(step, abs=1)
    assert np.ptp(points[:, 0]) == pytest.approx(30 * 500 + 2 * 1200, abs=100)


def test_tiers_are_cut_at_their_height_there_and_walls_too(hall: Scene, page: Drawing) -> None:
    def area(system: str) -> float:
        fills = [m for m in page.marks if isinstance(m, Fill) and m.style == Style(system, "pattern")]
        return float(shapely.union_all([shapely.Polygon(m.rings[0], m.rings[1:]) for m in fills]).area / 1e6)

    assert area("wall") == pytest.approx(2 * 0.3 * 7, abs=1e-6)
    rings = [m.rings[0] for m in page.marks if isinstance(m, Fill) and m.style.system == "platform"]
    width, height = np.ptp(np.array(rings[0]), axis=0)
    assert area("platform") == pytest.approx(width * height / 1e6, abs=1e-6)
    assert (height / 150) % 1 == pytest.approx(0, abs=1e-6)


def test_gangways_are_measured_from_wall_to_wall(page: Drawing) -> None:
    """Chairs of 30 places, two gangways of 1.2 m, and what is left at the walls: 24 m in all."""
    chain = [x for x in lengths(page, 0) if x not in (8000, 24000)]
    assert chain.count(1200) == 2
    assert chain.count(6000) == 1
    assert chain.count(4500) == 2
    assert sum(chain) == pytest.approx(24000)


def test_headroom_under_a_balcony_is_the_model_s() -> None:
    scene = build(loads(HALL.replace("rows: 12", "rows: 18") + GALLERY))
    y = cross_station(scene)
    assert y is not None
    assert -22 < y < -12  # through the balcony, and the rows under it
    under = scene.seats.at[
        (scene.seats.at[:, 1] > y) & (scene.seats.at[:, 1] <= y + 1.0) & (scene.seats.at[:, 2] < 3), 2
    ]
    assert round((4.2 - 0.35 - float(under.max())) * 1000, 2) in lengths(cross_section(scene), 90)
    lowest = scene.seats.at[(scene.seats.at[:, 1] < -12) & (scene.seats.at[:, 2] < 3), 2].max()
    assert round((3.85 - float(lowest)) * 1000, 2) in lengths(section(scene), 90)


def test_levels_say_what_the_floor_is(page: Drawing) -> None:
    words = "\n".join(m.text for m in page.marks if isinstance(m, Text))
    assert "±0.000  FLOOR (FFL)" in words
    assert "+5.300  T1 TRIM" in words


def test_heights_are_measured_at_the_edge_so_that_no_line_runs_across(hall: Scene) -> None:
    for page in (cross_section(hall), section(hall), elevation(hall)):
        left = min(p[0] for m in page.marks if isinstance(m, Line) and m.style.role == "cut" for p in m.points)
        uprights = [m for m in page.marks if isinstance(m, Dimension) and m.angle == 90]
        assert uprights
        assert {m.start[0] for m in uprights} == {m.end[0] for m in uprights} == {left}


@pytest.mark.parametrize("draw", [cross_section, section, elevation])
def test_no_line_is_drawn_twice(hall: Scene, draw) -> None:
    """Nothing beyond lies under a cut outline, no line of one system on that of another."""
    page = draw(hall)
    every = segments(page, "cut") + segments(page, "beyond")
    lines = shapely.linestrings(np.array(every))
    total = float(shapely.length(lines).sum())
    assert float(shapely.union_all(shapely.set_precision(lines, 1e-3)).length) == pytest.approx(total, abs=2.0)


def test_hidden_lines_are_looked_for_once_however_many_scales_are_tried(monkeypatch) -> None:
    scene, looks = build(loads(HALL)), []
    monkeypatch.setattr(_upright, "look", lambda *of: looks.append(1) or look(*of))
    for draw in (cross_section, elevation):
        coarse, fine = draw(scene, scale=200), draw(scene, scale=50)
        again = draw(build(loads(HALL)), scale=50)
        assert fine.marks == again.marks
        assert fine.scale != coarse.scale
    assert len(looks) == 4  # of each the scene's, and that of its copy


def test_no_label_lies_on_another(hall: Scene, page: Drawing) -> None:
    assert not overlaps(page)


def test_cylinders_are_lines_circles_and_ellipses() -> None:
    """A can on the floor tilted by 40° towards the house: ends of ratio sin 40°, and no facet."""
    turn = math.radians(40)
    c, s = math.cos(turn), math.sin(turn)
    tilt = np.array([[[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 3], [0, 0, 0, 1]]])
    can = Part("can", shapes.cylinder(0.5, 0, 1), tilt, system="light")
    page = elevation(Scene(About("x"), {}, (can, Space("r", rectangle(8, 8), 0.0, 6.0))))
    ellipses = [m for m in page.marks if isinstance(m, Ellipse)]
    assert ellipses
    for mark in ellipses:
        assert mark.ratio == pytest.approx(s, abs=1e-9)
        assert math.hypot(*mark.major) == pytest.approx(500)
    lamp = [m for m in page.marks if m.style.system == "light" and isinstance(m, (Line, Circle))]
    assert sum(len(m.points) for m in lamp if isinstance(m, Line)) == 4


def test_hidden_edges_lie_on_frozen_layers_and_not_on_paper(hall: Scene, tmp_path) -> None:
    block = Part("block", shapes.box(1, 1, 1, (2, 1, 0.9)), system="set")
    screen = Part("screen", shapes.box(4, 0.1, 3, (2, 0, 0.9)), system="drape")
    scene = Scene(About("x"), {}, (*hall.records, block, screen))
    page = elevation(scene)
    assert {m.style for m in page.marks if m.style.role == "unseen"} == {Style("set", "unseen")}
    write(page, tmp_path / "one.dxf")
    doc = ezdxf.readfile(tmp_path / "one.dxf")
    kept = doc.modelspace().query('*[layer=="P-SET-HIDN-OFF"]')
    assert len(kept)
    for name in ("P-SET-HIDN-OFF", "G-HIDN-OFF"):
        assert doc.layers.get(name).is_frozen()
        assert doc.layers.get(name).dxf.plot == 0
    assert not doc.layers.get("P-SET").is_frozen()


def test_sheets_of_sections_and_elevation(hall: Scene) -> None:
    found = [*section_sheets(Job(hall)), *elevation_sheets(Job(hall))]
    assert [(d.key, d.number) for d in found] == [("sections", "201"), ("elevation", "203")]
    assert {d.warning for d in found} == {"NOT FOR RIGGING UNTIL APPROVED"}
    assert not [*section_sheets(Job(Scene(About("x"), {}, ()))), *elevation_sheets(Job(Scene(About("x"), {}, ())))]


def test_rooms_without_seats_stage_or_anything_have_a_cross_section() -> None:
    room = Scene(About("x"), {}, (Space("r", rectangle(3, 5), 0.0, 2.5),))
    assert cross_station(room) == 0.0
    assert lengths(cross_section(room), 0) == [3000]
    empty = Scene(About("x"), {}, ())
    assert cross_station(empty) is None
    assert cross_section(empty).title == TITLE


def test_a_cross_section_elsewhere_says_where(hall: Scene) -> None:
    assert cross_section(hall, -20.0).title == "SECTION 20000 DOWNSTAGE OF THE SETTING LINE"
    assert cross_section(hall, 2.0).title == "SECTION 2000 UPSTAGE OF THE SETTING LINE"


def test_a_table_has_each_row_near_the_centre_line_with_its_eye(hall: Scene) -> None:
    words = [mark.text for mark in rows_block(Job(hall)).marks if isinstance(mark, Text)]
    assert words[:7] == [
        "ROWS NEAR THE CENTRE LINE",
        "Block",
        "Row",
        "Seat from setting line",
        "Floor",
        "Eye",
        "C to led",
    ]
    assert len(words) == 7 + 6 * 12
    first = words[7:13]
    assert first[1] == "A"
    row = hall.seats.where(hall.seats.key == 1)
    assert first[2:5] == [f"{-row.at[0, 1] * 1000:.0f}", "±0.000", f"+{row.eyes[0, 2]:.3f}"]
    assert not rows_block(Job(Scene(About("x"), {}, ()))).height


def test_a_flat_wide_view_does_not_take_a_large_sheet_for_half_of_it(hall: Scene) -> None:
    """24.6 m by 7 m: 492 × 140 mm at 1:50, 246 mm at 1:100; a tall room may have 1:50."""
    (elevation_,) = elevation_sheets(Job(hall))
    assert elevation_.views[0].scales[0] == 100
    tall = Scene(About("x"), {}, (Space("r", rectangle(30, 30), 0.0, 14.0),))
    (elevation_,) = elevation_sheets(Job(tall))
    assert elevation_.views[0].scales[0] == 50


def test_a_sheet_of_somebody_s_own_is_cut_where_it_says(hall: Scene) -> None:
    found = drafts(Job(hall), {"back": Wish(views=("section y=-12", "section x=3"))})
    titles = [view.make(100.0).title for view in found["back"].views]
    assert titles == ["SECTION 12000 DOWNSTAGE OF THE SETTING LINE", "SECTION AT 3000 FROM THE CENTRE LINE"]


def test_both_sections_share_a_sheet_and_a_normal_hall_has_them_at_one_to_fifty(hall: Scene) -> None:
    (draft,) = section_sheets(Job(hall))
    assert [view.name for view in draft.views] == ["section", "section-b"]
    sheet = Composer(hall).sheet(draft)
    assert {view.scale for view in sheet.views} == {50}
    assert overlaps(sheet) == []


def test_no_name_stands_on_another_thing_without_a_leader() -> None:
    """The screens of a keynote have theirs on themselves, not on the flats beside them."""
    scene = build(load(KEYNOTE))
    for page in (elevation(scene, 100), cross_section(scene, scale=50)):
        names = [mark for mark in page.marks if isinstance(mark, Text) and mark.text == "SIDE SCREEN"]
        assert len(names) == 2
        for name in names:
            left, low, right, high = text_box(name, page.scale)
            assert min(abs(left), abs(right)) > 6700  # flats end at 6.9 m, screens begin at 6.8 m
            assert 3087 < low < high < 5900


def test_what_stands_behind_the_chairs_has_no_name_on_them() -> None:
    scene = build(load(KEYNOTE))
    told = {mark.text for mark in cross_section(scene, scale=50).marks if isinstance(mark, Text)}
    assert "SUB" not in told
    assert {"STAGE", "LED WALL", "MAIN ARRAY"} <= told


def test_a_side_block_is_no_row_of_the_section() -> None:
    """Rows that stand beside the stage do not cut its length in two."""
    scene = build(
        loads("""
schema: 1
name: Hall
elements:
  - {id: stage, type: stage, size: [8, 4], height: 0.6}
  - {id: rows, type: seating, rows: 4, seats: 10, front: [0, -2.8], pitch: 0.95}
  - {id: side, type: seating, rows: 3, seats: 6, front: [9, 2], turn: 60}
""")
    )
    assert lengths(section(scene), 0)[:2] == [4000, 2800]


def test_the_name_of_a_bank_does_not_stand_on_the_stage_before_it() -> None:
    scene = build(load(KEYNOTE.parents[3] / "tests/data/rooms/thrust.yaml"))
    (name,) = [mark for mark in section(scene, scale=50).marks if isinstance(mark, Text) and mark.text == "LEFT"]
    assert name.at[1] > 600  # the stage is cut up to there
    assert "STAGE" in {mark.text for mark in cross_section(scene, scale=50).marks if isinstance(mark, Text)}
