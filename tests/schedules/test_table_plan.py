"""The table plan: every place at a table once, on the list and on the drawing."""

import re
import xml.etree.ElementTree as xml

import numpy as np
import pytest
import shapely

import stagecraft as sc
from stagecraft.analysis.at_tables import seated_tables
from stagecraft.drawing.marks import Circle, Fill, Line, Text
from stagecraft.errors import VenueError

GALA = """
schema: 1
name: Gala
elements:
  - {id: hall, type: room, x: [-19, 19], y: [-22, 6], height: 6, doors: [{id: D1, at: [-6, -22]}]}
  - {id: stage, type: stage, name: Stage, size: [10, 4], height: 0.6}
  - {id: rounds, type: tables, item: fur.table.round6, seats: 10, count: 50, columns: 10, spacing: 3.4, at: [0, -3.6],
     names: [Head, Rose], without: [7]}
  - {id: top, type: tables, item: fur.table.trestle6, layout: u_shape, rows: 2, columns: 2, at: [15, 5]}
places:
  - {seats: rounds/1-3, category: VIP}
  - {seats: rounds/4, hold: sponsor}
  - {seats: rounds/50/1-4, kill: camera}
  - {seats: rounds/9/10, place: wheelchair}
"""


@pytest.fixture(scope="module")
def scene():
    return sc.build(sc.loads(GALA))


@pytest.fixture(scope="module")
def drawn(scene):
    return sc.table_plan_drawing(scene)


def test_every_place_at_a_table_is_counted_once(scene):
    table = sc.table_plan(scene)
    assert len(table) == 50
    assert sum(table.values["places"]) == 49 * 10 + 18 == len(scene.seats)
    assert [sum(table.values[key]) for key in ("open", "held", "killed", "wheelchair")] == [494, 10, 4, 1]
    by_name = dict(zip(table.values["table"][:49], zip(*(table.values[k] for k in ("name", "categories", "held_for")))))
    assert by_name["1"] == ("Head", "VIP 10", "")
    assert by_name["4"] == ("", "", "sponsor: 10")
    assert "7" not in list(table.values["table"])[:10]


def test_a_table_is_where_its_places_are(scene):
    for table in seated_tables(scene):
        near = shapely.distance(table.plan, shapely.points(scene.seats.at[table.seats, :2]))
        assert near == pytest.approx(np.full(len(near), 0.05 + 0.508 / 2), abs=2e-3), table.called


def test_the_drawing_numbers_every_table_and_draws_every_place(scene, drawn):
    texts = [mark for mark in drawn.marks if isinstance(mark, Text)]
    numbers = [mark.text for mark in texts if mark.style.system == "table"]
    assert {str(n) for n in range(1, 52)} - {"7"} <= {*numbers, "51"}
    assert "Head" in numbers
    chairs = [
        m for m in drawn.marks if isinstance(m, Line) and m.closed and m.style.system in ("seating", "wheelchair")
    ]
    assert len(chairs) == 508
    assert sum(isinstance(m, Fill) for m in drawn.marks) == 10
    crosses = [m for m in drawn.marks if isinstance(m, Line) and not m.closed and m.style.system == "seating"]
    assert len(crosses) == 2 * 4
    words = "\n".join(mark.text for mark in texts)
    assert "50 tables, 508 places: 494 open, 10 held, 4 killed; wheelchair 1" in words
    assert "STAGE" in words
    assert "D1 EXIT" in words


def test_a_round_is_one_ring_without_slits(drawn):
    tops = [m for m in drawn.marks if isinstance(m, (Line, Circle)) and m.style.system == "table"]
    assert len(tops) == 50


def test_it_fills_the_paper_asked_for_and_is_written_as_pdf_svg_and_dxf(scene, drawn, tmp_path):
    import ezdxf
    import pypdfium2

    for suffix in ("pdf", "svg", "dxf"):
        sc.write(drawn, tmp_path / f"plan.{suffix}")
    width, height = (side / 72 * 25.4 for side in pypdfium2.PdfDocument(tmp_path / "plan.pdf")[0].get_size())
    assert sorted((round(width), round(height))) == [297, 420]
    assert xml.parse(tmp_path / "plan.svg").getroot() is not None
    words = [text.dxf.text for text in ezdxf.readfile(tmp_path / "plan.dxf").modelspace().query("TEXT")]
    assert "50" in words
    assert sc.table_plan_drawing(scene, "A1").scale < drawn.scale
    assert sc.table_plan_drawing(scene, scale=200).scale == 200


@pytest.mark.parametrize(
    ("paper", "elements", "message"),
    [
        ("A3", "{id: A, type: seating, rows: 1, seats: 4}", "nobody sits at tables here"),
        ("B5", "{id: A, type: tables, item: fur.table.round6, seats: 4, count: 1}", "'B5' is no paper size: A4, A3"),
    ],
)
def test_a_plan_that_cannot_be_drawn(paper, elements, message):
    scene = sc.build(sc.loads(f"schema: 1\nname: T\nelements:\n  - {elements}\n"))
    with pytest.raises(VenueError, match=message):
        sc.table_plan_drawing(scene, paper)


def test_without_tables_the_list_is_empty_and_says_so():
    scene = sc.build(sc.loads("schema: 1\nname: T\nelements:\n  - {id: A, type: seating, rows: 1, seats: 4}\n"))
    table = sc.table_plan(scene)
    assert len(table) == 0
    assert table.notes == ("nobody sits at tables",)


def test_for_whom_a_table_is_held_and_until_when_is_told_apart_from_how_many():
    text = """
schema: 1
name: T
elements: [{id: D, type: tables, item: fur.table.round6, seats: 4, count: 1}]
places:
  - {seats: D/1/1-3, hold: sponsor, release: 2026-12-07}
  - {seats: D/1/4, hold: press}
"""
    assert sc.table_plan(sc.build(sc.loads(text))).values["held_for"] == ["press: 1; sponsor, until 2026-12-07: 3"]


def test_tables_of_several_blocks_with_one_number_are_told_apart_on_every_paper(tmp_path):
    text = """
schema: 1
name: T
elements:
  - {id: B, type: tables, item: fur.table.classroom8, layout: boardroom, at: [-4, -3], rows: 3}
  - {id: H, type: tables, item: fur.table.classroom8, layout: hollow_square, at: [4, -4], rows: 2, columns: 2}
  - {id: R, type: tables, item: fur.table.round6, seats: 8, count: 2, spacing: 3.6, at: [0, -14]}
"""
    scene = sc.build(sc.loads(text))
    wanted = {"B 1", "H 1", "R 1", "2"}
    plan = [mark.text for mark in sc.seating_plan(scene).marks if isinstance(mark, Text)]
    assert wanted <= set(plan)
    numbers = [
        mark.text
        for mark in sc.table_plan_drawing(scene).marks
        if isinstance(mark, Text) and mark.style.system == "table"
    ]
    assert sorted(numbers) == sorted(["1", "B", "1", "H", "1", "R", "2"])
    drawn = sc.write(scene, tmp_path / "map.svg").read_text(encoding="utf-8")
    assert wanted <= set(re.findall(r">([^<]+)</text>", drawn))
    assert drawn.count('class="area table"') == 3 + 8 + 2
    alone = sc.build(sc.loads(text.split("  - {id: H")[0]))
    assert "1" in [mark.text for mark in sc.seating_plan(alone).marks if isinstance(mark, Text)]
