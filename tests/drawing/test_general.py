"""The general arrangement: what a crew sets out by is on the plan and in tables, from the point and from walls."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from stagecraft.build import build
from stagecraft.drawing._paper import Block
from stagecraft.drawing._texts import setting_out_block
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.cross_section import cross_station
from stagecraft.drawing.draft import Job
from stagecraft.drawing.general import doors_block, general_sheets
from stagecraft.drawing.marks import Dimension, Drawing, Fill, Insert, Line, Style, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.plan import plan
from stagecraft.errors import VenueError
from stagecraft.scene import Scene
from stagecraft.venue.load import load, loads

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml")) + sorted((ROOT / "tests/data/rooms").glob("*.yaml"))
HALL = """
schema: 1
name: Hall
elements:
  - id: hall
    type: room
    size: [24, 30]
    at: [0, -5]
    height: 7
    north: 30
    doors: [{id: D1, at: [-6, -15]}, {id: D2, at: [12, 0], width: 0.9, leaves: 1, swing: in, exit: false}]
  - {id: stage, type: stage, size: [14, 6], height: 0.9, deck: null}
  - {id: C, type: seating, rows: 12, seats: [9, 9], pitch: 0.95, gangway: 1.2, front: [0, -3.4]}
  - {id: foh, type: foh, at: [2, -17], size: [4, 2]}
"""


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


@pytest.fixture(scope="module")
def page(hall: Scene) -> Drawing:
    return plan(hall)


def told(block: Block) -> list[str]:
    return [mark.text for mark in block.marks if isinstance(mark, Text)]


def test_the_table_has_each_thing_from_the_point_and_from_two_walls(hall: Scene) -> None:
    words = told(setting_out_block(hall))
    head = words.index("x left")
    assert words[head : head + 8] == ["x left", "x right", "y", "downstage", "y upstage", "from SL", "wall", "from DS"]
    at = words.index("STAGE")
    assert words[at + 1 : at + 7] == ["-7000", "7000", "0", "6000", "5000", "20000"]  # walls at x 12, y -20
    at = words.index("FOH")
    assert words[at + 1 : at + 7] == ["0", "4000", "-18000", "-16000", "8000", "2000"]


def test_dimensions_run_from_wall_to_wall_past_what_stands_between(page: Drawing) -> None:
    sizes = {(round(m.start[1]), round(m.end[1])) for m in page.marks if isinstance(m, Dimension) and m.angle == 90}
    assert {(-20000, 10000), (6000, 10000), (0, 6000)} <= sizes
    runs = sorted(pair for pair in sizes if pair[1] - pair[0] < 30000)
    ends = {a for a, _ in runs} | {b for _, b in runs}
    assert {-20000, -16000, -3400, 0, 6000, 10000} <= ends  # walls, FOH, first row, stage front and rear
    across = {(round(m.start[0]), round(m.end[0])) for m in page.marks if isinstance(m, Dimension) and m.angle == 0}
    assert {(-12000, -7000), (-7000, 7000), (7000, 12000), (-12000, 0), (4000, 12000)} <= across


def test_every_door_stands_in_the_table(hall: Scene) -> None:
    words = told(doors_block(hall))
    at = words.index("D1")
    assert words[at : at + 8] == ["D1", "1800", "2100", "2", "out", "exit", "-6000", "-20000"]
    at = words.index("D2")
    assert words[at : at + 8] == ["D2", "900", "2100", "1", "in", "—", "12000", "-5000"]


def test_north_is_shown_where_the_room_knows_it_and_nowhere_else(page: Drawing) -> None:
    (name,) = [mark for mark in page.marks if isinstance(mark, Text) and mark.text == "N"]
    heads = [
        m for m in page.marks if isinstance(m, Line) and m.style == Style("datum") and m.closed and len(m.points) == 4
    ]
    assert len(heads) == 1
    tip, _, tail, _ = heads[0].points
    assert math.degrees(math.atan2(tip[1] - tail[1], tip[0] - tail[0])) == pytest.approx(120)
    ahead = (name.at[0] - tail[0]) * (tip[0] - tail[0]) + (name.at[1] - tail[1]) * (tip[1] - tail[1])
    assert ahead > math.dist(tip, tail) ** 2
    bare = plan(build(loads(HALL.replace("    north: 30\n", ""))))
    assert not [mark for mark in bare.marks if isinstance(mark, Text) and mark.text == "N"]


def test_north_turns_with_its_room() -> None:
    scene = build(loads(HALL.replace("    at: [0, -5]", "    at: [0, -5]\n    turn: 90")))
    assert [room.north for room in scene.rooms] == [pytest.approx(210)]
    with pytest.raises(VenueError, match="north"):
        loads(HALL.replace("north: 30", "north: nowhere"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path.stem != "venue" else path.parent.name)
def test_every_venue_has_its_general_arrangement(path: Path) -> None:
    venue = load(path)
    for setup in venue.setups or (None,):
        scene = build(venue, setup)
        (draft,) = general_sheets(Job(scene))
        sheet = Composer(scene).sheet(draft)
        assert not overlaps(sheet)
        texts = [m.text for m in sheet.marks if isinstance(m, Text)]
        assert ("SETTING OUT" in texts) == bool(setting_out_block(scene).height)
        banner = "NOT FOR RIGGING UNTIL APPROVED" in texts
        assert banner == any(part.system == "truss" for part in scene.parts)


def test_section_marks_stand_where_the_sections_are_cut(hall: Scene, page: Drawing) -> None:
    station = cross_station(hall)
    assert station is not None
    letters = {word: [m.at for m in page.marks if isinstance(m, Text) and m.text == word] for word in ("A", "B")}
    assert [x for x, _ in letters["A"] if abs(x - 950) < 1] == [
        950,
        950,
    ]  # beside the arrows at both ends of the centre line
    (low, _), (high, _) = page.extent
    ends = [x for x, y in letters["B"] if y == pytest.approx(station * 1000 + 9.5 * page.scale)]
    assert len(ends) == 2
    assert min(ends) < -12_000 < 12_000 < max(ends)
    heads = [m for m in page.marks if isinstance(m, Fill) and m.style == Style("datum") and m.rings[0][0][0] in ends]
    assert [m.rings[0][0][1] > m.rings[0][1][1] for m in heads] == [True, True]  # it looks upstage
    assert low <= min(ends) < max(ends) <= high


def test_numbers_of_places_below_a_balcony_and_of_tables_below_a_wheelchair_are_not_shown() -> None:
    scene = build(load(ROOT / "assets/examples/lecture-raked/venue.yaml"))
    seats = [m for m in plan(scene).marks if isinstance(m, Insert) and m.symbol == "SEAT-CHAIR"]
    quiet = [m for m in seats if not m.shown]
    upper = [m for m in quiet if m.style.role == "overhead"]
    assert len(upper) == 120 < len(quiet) < 200 < len(seats)
    assert all(min(math.dist(m.at, n.at) for n in upper) < 800 for m in quiet)
    room = build(load(ROOT / "assets/examples/ballroom/venue.yaml"), "classroom")
    tables = [m for m in plan(room).marks if isinstance(m, Insert) and m.style.system == "table"]
    wheel = room.seats.at[room.seats.place == "wheelchair", :2] * 1000
    for table in tables:
        near = min(math.dist(table.at, at) for at in wheel.tolist())
        assert table.shown == (() if near < 800 else ("NUMBER",))
