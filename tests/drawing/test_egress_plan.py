"""The egress plan: exits, ways and people as the analyses have them; what is not in the model is said, not drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.drawing._texts import legend_block
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Carries, Draft, Job
from stagecraft.drawing.egress_plan import egress_plan, egress_sheets
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Dimension, Drawing, Fill, Insert, Line, Style, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.export.write import write
from stagecraft.scene import About, Part, Scene
from stagecraft.schedules.exits import exit_capacity
from stagecraft.venue.load import load, loads

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml")) + sorted((ROOT / "tests/data/rooms").glob("*.yaml"))
RULES: Mapping[str, Carries] = {"BY-HALF": lambda widths: np.floor(widths * 200)}
HALL = """
schema: 1
name: Hall
brief: {guests: 90, crew: 4, wheelchair: 1}
elements:
  - id: hall
    type: room
    size: [20, 24]
    height: 6
    doors: [{id: West, at: [-10, -8], width: 1.5}, {id: South, at: [4, -12], width: 2.0, swing: in}]
    columns: [{id: K1, at: [7, 2], diameter: 0.6}]
    ceiling: [{id: lustre, at: [0, -4], diameter: 2, height: 2.4, object: true}]
  - {id: stage, type: stage, size: [8, 4], at: [0, 6], height: 0.8, deck: null}
  - {id: steps, type: stairs, at: [-3, 6], width: 1.2, height: 0.8, steps: 5}
  - {id: S, type: seating, rows: 8, seats: [5, 5], gangway: 1.2, pitch: 1.0, front: [0, 3]}
  - {id: W, type: seating, rows: 1, seats: 2, pattern: [wheelchair, companion], front: [-7, 3]}
  - {id: fire, type: fire_point, at: [9.5, -11], turn: -90}
  - {id: sign, type: exit_sign, at: [-9.9, -8, 2.3], turn: 90}
  - {id: void, type: keep_clear, size: [2, 2], at: [7, -6], why: "voie des pompiers — проход"}
  - {id: pit, type: standing, size: [3, 2], at: [7, 8], capacity: 12}
"""
BLOCKED = HALL + "  - {id: desk, type: foh, at: [-9, -8], size: [1.6, 3]}\n"


@cache
def hall(text: str = HALL) -> Scene:
    return build(loads(text))


@pytest.fixture(scope="module")
def page() -> Drawing:
    return egress_plan(hall(), 100, RULES)


def words(page: Drawing) -> list[str]:
    return [mark.text for mark in page.marks if isinstance(mark, Text)]


def tables(draft: Draft) -> list[str]:
    drawings = [view.make(100.0) for view in draft.views]
    return [mark.text for block in draft.blocks(drawings) for mark in block.marks if isinstance(mark, Text)]


def test_each_exit_says_its_clear_width_and_whom_it_carries(page: Drawing) -> None:
    assert "West EXIT\n1500 CLEAR\n300 PEOPLE (BY-HALF)" in words(page)
    assert "South EXIT\n2000 CLEAR\n400 PEOPLE (BY-HALF)" in words(page)


def test_the_table_of_exits_says_what_the_list_of_exits_says() -> None:
    for path in FILES[:5]:
        scene = build(load(path))
        listed = exit_capacity(scene, RULES)
        (draft,) = egress_sheets(Job(scene, carries=RULES))
        told = tables(draft)
        start = told.index("Farthest way") + 1
        for k, name in enumerate(listed.values["exit"]):
            row = told[start + 6 * k : start + 6 * k + 6]
            far = listed.values["farthest"][k]
            assert row[0] == name
            assert int(row[3]) == listed.values["carries_1"][k]
            assert (row[4], row[5]) == (
                (str(listed.values["nearest"][k]), f"{far:.1f} m") if listed.values["nearest"][k] else ("—", "—")
            )
        if len(carried := [int(n) for n in listed.values["carries_1"]]) > 1:
            rest = told[told.index("Less the largest") + 1 :]
            assert next(word for word in rest if word) == str(sum(carried) - max(carried))


def _to_its_end(way: Line, ways: list[Line]) -> list[tuple[float, float]]:
    """Where a way joins another it is drawn no further: the rest is that one's."""
    points = list(way.points)
    for other in ways:
        if other is not way and points[-1] in other.points[:-1]:
            points += other.points[other.points.index(points[-1]) + 1 :]
    return points


def test_the_way_of_the_farthest_place_of_each_exit_is_drawn_from_the_place_through_the_door(page: Drawing) -> None:
    scene = hall()
    ways = [mark for mark in page.marks if isinstance(mark, Line) and mark.style == Style("escape")]
    assert len(ways) == 3  # one for each exit, and the wheelchair user's
    room = scene.rooms[0].outline.polygon
    seats = shapely.points(scene.seats.at[:, :2] * 1000)
    for way in ways:
        line = shapely.LineString(_to_its_end(way, ways))
        assert shapely.distance(shapely.Point(way.points[0]), seats).min() < 1.0
        outside = shapely.difference(line, shapely.transform(room, lambda p: p * 1000))
        assert 300 <= outside.length <= 700  # the wall's thickness and the point of the arrow
        lengths = [
            float(word.removeprefix("WHEELCHAIR ").split(" m TO")[0]) for word in words(page) if " m TO " in word
        ]
        inside = (
            line.length - outside.length
        ) / 1000  # a place lies up to a metre from the seatway where its way begins
        assert any(-0.06 < inside - length < 1.1 for length in lengths)


def test_rows_are_strips_as_large_as_their_places(page: Drawing) -> None:
    strips = [m for m in page.marks if isinstance(m, Line) and m.style == Style("background") and m.closed]
    seats = hall().seats
    chairs = seats.place != "wheelchair"
    assert sum(shapely.Polygon(m.points).area for m in strips) / 1e6 == pytest.approx(
        float((seats.width * seats.depth)[chairs].sum()), rel=0.01
    )
    wheelchairs = [m for m in page.marks if isinstance(m, Insert) and m.symbol == "SEAT-WHEELCHAIR"]
    assert len(wheelchairs) == 1


def test_fire_equipment_is_red_with_a_star_and_exits_are_green(page: Drawing) -> None:
    inserts = [mark for mark in page.marks if isinstance(mark, Insert)]
    assert sorted(m.symbol for m in inserts if m.symbol != "SEAT-WHEELCHAIR") == ["FIRE-POINT", "SIGN-EXIT"]
    stars = [mark for mark in page.marks if isinstance(mark, Fill) and mark.style == Style("fire")]
    assert [len(star.rings[0]) for star in stars] == [10]
    assert {layer_for(Style("fire")).colour, layer_for(Style("fire", "id")).colour} == {12}
    assert {layer_for(Style(s)).colour for s in ("exit", "escape", "sign")} == {94}
    assert layer_for(Style("exit", "id")).colour == 94


def test_raised_areas_low_things_and_kept_spaces_have_their_words(page: Drawing) -> None:
    told = " | ".join(words(page))
    for word in ("STAGE  +0.800", "LUSTRE\nUNDERSIDE +2.400", "STEPS\n5 × 160, 1200 WIDE", "STANDING 12", "FIRE"):
        assert word in told
    assert "KEEP CLEAR: voie des pompiers — проход" in told.replace("\n", " ")
    assert any(isinstance(m, Dimension) and math.dist(m.start, m.end) == pytest.approx(1200) for m in page.marks)


def test_structures_put_up_for_the_event_are_hatched(page: Drawing) -> None:
    hatched = [m for m in page.marks if isinstance(m, Fill) and m.style == Style("temporary", "pattern")]
    assert sum(shapely.Polygon(m.rings[0]).area for m in hatched) / 1e6 == pytest.approx(8 * 4)


def test_the_legend_says_what_the_hatch_means(page: Drawing) -> None:
    told = legend_block((page,)).marks
    assert any(isinstance(m, Fill) and m.style == Style("temporary", "pattern") for m in told)
    assert "Hatch of structures put up for the event" in [m.text for m in told if isinstance(m, Text)]


def test_a_blocked_exit_is_said_to_be_blocked_and_by_what() -> None:
    told = words(egress_plan(hall(BLOCKED), 100, RULES))
    assert "West EXIT\nBLOCKED BY DESK" in told
    assert not any("1500 CLEAR" in word for word in told)


def test_what_narrows_a_gangway_is_named_with_what_is_left() -> None:
    text = HALL + "  - {id: cable_box, type: item, item: snd.lacoustics.ks28, at: [0.2, -1]}\n"
    told = [word for word in words(egress_plan(build(loads(text)), 50)) if "LEAVES" in word]
    assert told == ["CABLE_BOX LEAVES 130 OF 1200"]  # 1340 wide, its middle 200 beside that of the gangway


def test_people_of_the_brief_stand_beside_the_places_drawn() -> None:
    (draft,) = egress_sheets(Job(hall()))
    told = tables(draft)
    at = told.index("Guests")
    given = int((hall().seats.status != "kill").sum()) + 12
    assert told[at : at + 4] == ["Guests", "90", str(given), "—"]
    assert told[told.index("Together") + 1] == "94"
    assert told[told.index("Of the guests, wheelchair users") + 1 :][:2] == ["1", "1"]


def test_nothing_is_said_that_only_an_authority_may_say() -> None:
    (draft,) = egress_sheets(Job(hall(), carries=RULES))
    drawings = [view.make(100.0) for view in draft.views]
    every = [*draft.notes, *(note for one in drawings for note in one.notes), *tables(draft), *words(drawings[0])]
    every = " ".join(every).casefold().split()
    assert not {"safe", "legal", "compliant", "complies", "approved"} & {word.strip(".,:;()") for word in every}
    assert "toilets" in " ".join(draft.notes)


def test_where_there_is_neither_room_nor_door_there_is_no_sheet() -> None:
    assert list(egress_sheets(Job(Scene(About("Field"), {}, ())))) == []


def test_a_closet_in_feet_without_seats_is_drawn() -> None:
    text = """
schema: 1
name: Closet
units: ft
elements:
  - {id: closet, type: room, size: [3 m, 3 m], height: 2.2 m, doors: [{id: "дверь", at: [0, 1.5 m], width: 0.8 m, leaves: 1}]}
"""
    scene = build(loads(text))
    (draft,) = egress_sheets(Job(scene))
    sheet = Composer(scene).sheet(draft)
    told = [m.text for view in sheet.views for m in view.drawing.marks if isinstance(m, Text)]
    assert any(word.startswith("дверь EXIT\n2'-7") for word in told)


def test_seats_above_others_have_a_plan_of_their_own_with_their_own_doors() -> None:
    scene = build(load(ROOT / "assets/examples/lecture-raked/venue.yaml"))
    (draft,) = egress_sheets(Job(scene))
    lower, upper = (view.make(100.0) for view in draft.views)
    exits = [{word.split(" EXIT")[0] for word in words(one) if " EXIT\n" in word} for one in (lower, upper)]
    assert exits == [{"D1", "D2", "D3", "D4"}, {"D5", "D6"}]
    area = [
        sum(shapely.Polygon(m.points).area for m in one.marks if isinstance(m, Line) and m.style == Style("background"))
        for one in (lower, upper)
    ]
    assert area[0] > area[1] > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path.stem != "venue" else path.parent.name)
def test_every_venue_has_its_sheet_and_no_word_lies_on_another(path: Path) -> None:
    venue = load(path)
    for setup in venue.setups or (None,):
        scene = build(venue, setup)
        (draft,) = egress_sheets(Job(scene, carries=RULES))
        sheet = Composer(scene).sheet(draft)
        symbols = [m for view in sheet.views for m in view.drawing.marks if isinstance(m, Insert)]
        wheel = sum(m.symbol.startswith("SEAT-") for m in symbols)
        assert wheel == int((scene.seats.place == "wheelchair").sum())
        fire = sum(part.count for part in scene.of(Part) if part.system == "fire")
        assert sum(m.symbol.startswith("FIRE-POINT") for m in symbols) == fire
        assert not overlaps(sheet)


def test_five_thousand_seats_are_a_small_file(tmp_path: Path) -> None:
    scene = build(load(ROOT / "tests/data/rooms/arena.yaml"))
    (draft,) = egress_sheets(Job(scene))
    path = tmp_path / "egress.dxf"
    write(Composer(scene).sheet(draft), path)
    assert path.stat().st_size < 500_000
