"""The seating plan as a sheet: every place once, every level, places counted in every way that they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from stagecraft.build import build
from stagecraft.drawing._paper import Block
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Drawing, Insert, Line, Style, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.plan import plan
from stagecraft.drawing.seat_marks import seating_level
from stagecraft.drawing.seating import kinds_block, marks_block, seating_sheets
from stagecraft.export.write import write
from stagecraft.scene import About, Scene
from stagecraft.venue.load import load, loads

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml")) + sorted((ROOT / "tests/data/rooms").glob("*.yaml"))
HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, size: [24, 30], at: [0, -7.5], height: 7, doors: [{id: D1, at: [-6, -15]}]}
  - {id: stage, type: stage, size: [14, 6], height: 0.9}
  - {id: S, type: seating, rows: 6, seats: [9, 16], pitch: 0.95, gangway: 1.3, front: [0, -3.4], blocks: [L, R]}
  - {id: W, type: seating, rows: 1, seats: 4, pattern: [wheelchair, companion], front: [0, -12]}
  - {id: T, type: tables, item: fur.table.round6, seats: 8, count: 2, spacing: 3.4, at: [0, -16]}
prices: {currency: EUR, VIP: 90, Stalls: 45.5}
places:
  - {seats: L/A-F, category: Stalls}
  - {seats: R/A, category: VIP}
  - {seats: L/A/1-4, hold: press, owner: PR}
  - {seats: R/F, kill: staff}
"""


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


def told(block: Block) -> list[str]:
    return [mark.text for mark in block.marks if isinstance(mark, Text)]


def seats_of(drawings: list[Drawing]) -> list[str]:
    inserts = [m for one in drawings for m in one.marks if isinstance(m, Insert) and m.symbol.startswith("SEAT-")]
    return [dict(m.attributes)["ID"] for m in inserts]


def test_places_are_counted_by_kind_category_price_and_status(hall: Scene) -> None:
    words = told(kinds_block(hall))
    rows = [words[k : k + 7] for k in range(words.index("Total") + 1, len(words), 7)]
    assert ["Chair", "Stalls", "45.50 EUR", "50", "4", "—", "54"] in rows
    assert ["Chair", "VIP", "90.00 EUR", "16", "—", "—", "16"] in rows
    assert ["Chair", "—", "—", "64", "—", "16", "80"] in rows
    assert [row[3:] for row in rows if row[0] == "Wheelchair place"] == [["2", "—", "—", "2"]]
    assert words[words.index("All places") :][-4:] == ["150", "4", "16", "170"]


def test_only_marks_that_are_there_are_explained(hall: Scene) -> None:
    words = told(marks_block(hall))
    for word in ("Held", "Not given: nobody sits there", "Number of a table, in its middle"):
        assert word in words
    plain = build(loads(HALL.split("prices:")[0].replace("  - {id: T,", "  # {id: T,")))
    assert set(told(marks_block(plain))) == {
        "MARKS", "Mark", "", "Meaning", "12", "K", "Place with its number", "Letter of the row, at both of its ends",
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path.stem != "venue" else path.parent.name)
def test_every_place_stands_once_on_the_sheet_of_every_venue_and_no_word_on_another(path: Path) -> None:
    venue = load(path)
    for setup in venue.setups or (None,):
        scene = build(venue, setup)
        drafts = list(seating_sheets(Job(scene)))
        assert len(drafts) == bool(len(scene.seats))
        for draft in drafts:
            sheet = Composer(scene).sheet(draft)
            drawings = [view.drawing for view in sheet.views]
            assert sorted(seats_of(drawings)) == sorted(scene.seats.ids.tolist())
            assert not overlaps(sheet)


def test_seats_above_others_stand_on_a_plan_of_their_own() -> None:
    scene = build(load(ROOT / "assets/examples/lecture-raked/venue.yaml"))
    lower, upper = seating_level(scene, 100), seating_level(scene, 100, above=True)
    assert {i.split("/")[0] for i in seats_of([upper])} == {"circle"}
    assert not {i for i in seats_of([lower]) if i.startswith("circle")}
    words = [[m.text for m in one.marks if isinstance(m, Text)] for one in (lower, upper)]
    assert any("D1 EXIT" in word for word in words[0])
    assert not any("D5 EXIT" in word for word in words[0])
    assert any("D5 EXIT" in word for word in words[1])


def test_seats_that_cannot_be_told_apart_are_plain_fields_with_numbers_at_their_ends_and_tens(hall: Scene) -> None:
    page = seating_level(hall, 200)
    assert sorted(seats_of([page])) == sorted(hall.seats.ids.tolist())
    chairs = {m.symbol for m in page.marks if isinstance(m, Insert) and m.symbol.startswith("SEAT-")} - {
        "SEAT-WHEELCHAIR"
    }
    for name in chairs:
        (field,) = page.symbols[name].marks
        assert isinstance(field, Line)
        assert len(field.points) == 4
    numbers = [
        m for m in page.marks if isinstance(m, Text) and m.style == Style("seating", "id") and m.text.isdecimal()
    ]
    assert {"1", "9", "10", "16"} <= {m.text for m in numbers}
    assert "11" not in {m.text for m in numbers if m.at[1] > -9000}
    assert min(m.height for m in numbers) >= 1.0


def test_twenty_thousand_seats_are_as_many_symbols_in_a_file_that_opens(tmp_path: Path) -> None:
    text = """
schema: 1
name: Bowl
elements:
  - {id: hall, type: room, size: [160, 180], height: 30, doors: [{id: D1, at: [0, -90], width: 6}]}
  - {id: stage, type: stage, size: [30, 15], at: [0, 70], height: 1.8}
  - {id: S, type: seating, rows: 100, seats: [50, 50, 50, 50], gangway: 2, pitch: 0.95, width: 0.5, front: [0, 55]}
"""
    scene = build(loads(text))
    page = plan(scene, 500)
    assert sorted(seats_of([page])) == sorted(scene.seats.ids.tolist())
    assert write(page, tmp_path / "plan.dxf").stat().st_size < 500 * 20_000


def test_where_nobody_sits_there_is_no_sheet() -> None:
    assert list(seating_sheets(Job(Scene(About("Empty"), {}, ())))) == []
