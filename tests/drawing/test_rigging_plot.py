"""The rigging plot: each point once and where it is, loads with their authors only, and words that lie on nothing."""

import math
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import shapely

from stagecraft.build import build
from stagecraft.drawing._labels import text_box
from stagecraft.drawing._title import NOT_FOR_RIGGING
from stagecraft.drawing._views import vertices
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Dimension, Drawing, Insert, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.rigging_plot import ROWS, point_blocks, rigging_plot, rigging_sheets, truss_blocks
from stagecraft.export.write import write
from stagecraft.scene import Pick, Scene
from stagecraft.venue.load import load, loads

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml"))
ROOMS = sorted((ROOT / "tests" / "data" / "rooms").glob("*.yaml"))
HALL = """
schema: 1
name: Hall
elements:
  - id: hall
    type: room
    x: [-15, 15]
    y: [-20, 12]
    height: 9
    points: [{id: H1, at: [-6, 2], limit: 500}, {id: H2, at: [6, -2]}]
  - {id: stage, type: stage, size: [12, 6], height: 0.8}
  - {id: T1, type: truss, name: Front truss, from: [-6, -4], to: [6, -4], trim: 6, picks: [
      {at: -5, name: A1, hoist: hoist.chainmaster.d8plus.500, load: 310, author: A. Rigger}, {at: 0.5, hoist: 1 t D8+}, 5]}
  - {id: T2, type: truss, name: Side truss, from: [-9, -8], to: [-9, 6], trim: 6.5, picks: [-6, 0, 6], mirror: true}
  - {id: T3, type: truss, name: Diagonal, from: [-8, -15], to: [-2, -10], trim: 6.5, picks: [-3, 3]}
  - {id: wash, type: lamp, item: lx.martin.mac-aura, hung: T1, at: [0, 0, 0.05], count: 6, spacing: 1.8, aim: stage}
  - {id: side, type: screen, name: Side screen, image: [2, 1], hung: T1, at: [5, 0.4]}
  - {id: loose, type: lamp, name: Loose light, item: lx.martin.mac-aura, at: [0, -12, 5], aim: stage}
"""


@cache
def hall() -> Scene:
    return build(loads(HALL))


@cache
def page() -> Drawing:
    return rigging_plot(hall())


def rows(block) -> list[str]:
    return [mark.text for mark in block.marks if isinstance(mark, Text)]


def words(drawing: Drawing) -> list[str]:
    return [mark.text for mark in drawing.marks if isinstance(mark, Text)]


def measured(mark: Dimension) -> float:
    c, s = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
    return round(abs((mark.end[0] - mark.start[0]) * c + (mark.end[1] - mark.start[1]) * s), 3)


def test_every_point_is_one_insert_at_its_place():
    inserts = [mark for mark in page().marks if isinstance(mark, Insert) and mark.symbol.startswith("RIG-")]
    assert Counter(mark.symbol for mark in inserts) == {"RIG-POINT": 3 + 3 + 3 + 2, "RIG-HOUSE": 2}
    at = {dict(mark.attributes)["ID"]: mark.at for mark in inserts}
    assert at == {pick.name: pytest.approx(tuple(1000 * pick.at[:2]), abs=1e-3) for pick in hall().of(Pick)}
    told = [*words(page()), *(dict(mark.attributes)["ID"] for mark in inserts if "ID" in mark.shown)]
    assert all(any(name == word.split("\n")[0] for word in told) for name in at)  # each is to be read, once
    assert len([word for word in told if word.split("\n")[0] in at]) == len(at)


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
def test_another_reader_counts_the_points_and_reads_their_attributes(tmp_path):
    write(page(), tmp_path / "rig.dxf")
    query = "select BlockName, Layer, BlockAttributes from entities where BlockName like 'RIG-%'"
    told = subprocess.run(
        ["ogrinfo", "-ro", "-q", "--config", "DXF_INLINE_BLOCKS", "FALSE", str(tmp_path / "rig.dxf"), "-dialect", "SQLite",
         "-sql", query], capture_output=True, text=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    picks = hall().of(Pick)
    assert told.count("BlockName (String) = RIG-POINT\n") == sum(not pick.house for pick in picks)
    assert told.count("BlockName (String) = RIG-HOUSE\n") == sum(pick.house for pick in picks)
    assert told.count("Layer (String) = R-POINT\n") == len(picks)
    (one,) = [line for line in told.splitlines() if "ID A1," in line]
    assert all(fact in one for fact in ("X -5000", "Y -4000", "TRIM +6.000", "LOAD_KG 310", "AUTHOR A. Rigger"))


def test_a_load_stands_there_only_with_its_author():
    facts = {
        d["ID"]: d for mark in page().marks if isinstance(mark, Insert) for d in [dict(mark.attributes)] if "ID" in d
    }
    assert {name: (d["LOAD_KG"], d["AUTHOR"]) for name, d in facts.items() if d["LOAD_KG"] or d["AUTHOR"]} == {
        "A1": ("310", "A. Rigger")
    }
    assert (facts["A1"]["HOIST"], facts["T1.2"]["HOIST"]) == ("Chainmaster D8Plus 500 kg class", "1 t D8+")
    assert (facts["A1"]["X"], facts["A1"]["Y"], facts["A1"]["TRIM"]) == ("-5000", "-4000", "+6.000")
    assert (facts["H1"]["LIMIT_KG"], facts["H2"]["LIMIT_KG"]) == ("500", "")
    assert "A1\n310 kg (A. Rigger)" in words(page())
    unsigned = build(loads(HALL.replace(", load: 310, author: A. Rigger", "")))
    assert not any("310" in word for word in words(rigging_plot(unsigned)))


def test_a_truss_is_set_out_from_the_axes_and_from_two_walls():
    found = {(mark.angle, measured(mark)) for mark in page().marks if isinstance(mark, Dimension)}
    across = {10000, 5500, 4500, 500}  # W1 to A1, A1 to T1.2, on to T1.3, from the centre line to the nearest
    along = {6000, 4000, 16000}  # T2's points; T1 from the setting line and from the upstage wall
    assert {(0.0, size) for size in across} | {(90.0, size) for size in along} <= found
    assert {(0.0, 9000), (0.0, 6000)} <= found  # T2 from the centre line and from the stage-right wall
    assert 6000 in {size for angle, size in found if angle not in (0, 90)}  # along the diagonal truss


def test_no_dimension_says_anything_but_what_it_measures():
    """Each end of a dimension is a point, an axis or a wall."""
    lines = {0.0, -15000.0, 12000.0, 15000.0, -20000.0}
    at = [tuple(round(1000 * float(v), 2) for v in pick.at[:2]) for pick in hall().of(Pick)]
    for mark in page().marks:
        if isinstance(mark, Dimension):
            axes = (0, 1) if mark.angle not in (0, 90) else (0,) if mark.angle == 0 else (1,)
            for end in (mark.start, mark.end):
                for axis in axes:
                    known = {p[axis] for p in at} | lines
                    assert min(abs(end[axis] - value) for value in known) < 0.01


def test_the_tables_count_what_is_unknown_and_guess_nothing():
    (trusses,), (points,) = list(truss_blocks(hall())), list(point_blocks(hall()))
    told = rows(trusses)
    assert "34, 1" in " ".join(told) or "34, 1 unknown" in " ".join(told)  # 6 × 5.6 kg, and a screen
    assert rows(points)[0] == f"RIGGING POINTS: {NOT_FOR_RIGGING}"
    text = " | ".join(rows(points))
    assert "A1 | -5000 | -4000 | 10000 | 16000 | +6.000 |" in text
    assert "310 kg (A." in text
    assert "H2 | 6000 | -2000 | 21000 | 14000 | at +9.000 | — | —" in text


def test_what_is_up_there_without_a_truss_is_told():
    (draft,) = rigging_sheets(Job(hall()))
    assert draft.warning == NOT_FOR_RIGGING
    assert any("LOOSE LIGHT" in note and "without a truss" in note for note in draft.notes)


def test_nothing_rigged_is_no_sheet():
    scene = build(loads("schema: 1\nname: Hall\nelements: [{id: s, type: stage, size: [4, 3], height: 0.5}]\n"))
    assert list(rigging_sheets(Job(scene))) == []


def test_points_of_the_house_stand_below_those_of_the_trusses():
    (points,) = point_blocks(hall())
    names = [word for word in rows(points) if word in {pick.name for pick in hall().of(Pick)}]
    assert names[-2:] == ["H1", "H2"]
    assert names[0] == "A1"


def test_long_tables_go_on_beside_and_name_the_schedule():
    picks = ", ".join(str(round(-14 + 28 * k / 149, 3)) for k in range(150))
    scene = build(loads(f"schema: 1\nname: H\nelements: [{{id: T, type: truss, from: [-15, 0], to: [15, 0], trim: 5, picks: [{picks}]}}]\n"))  # fmt: skip
    blocks = list(point_blocks(scene))
    assert len(blocks) == 3
    told = [word for block in blocks for word in rows(block)]
    assert sum(word.startswith("T.") for word in told) == 3 * ROWS - 1
    assert "31 more" in told
    assert "see the schedule" in " ".join(told)


def sheets(scene: Scene):
    return [Composer(scene).sheet(draft) for draft in rigging_sheets(Job(scene))]


@pytest.mark.parametrize("path", [*EXAMPLES, *ROOMS], ids=lambda path: path.parent.name + "-" + path.stem)
def test_no_word_lies_on_another_or_on_a_line(path):
    assert [str(fault) for sheet in sheets(build(load(path))) for fault in overlaps(sheet)] == []


@pytest.mark.parametrize("units", ["m", "ft"])
@pytest.mark.parametrize("scale", [50.0, 100.0, 200.0])
def test_no_word_lies_on_another_in_a_crowded_hall(units, scale):
    scene = build(loads(HALL.replace("name: Hall", f"name: Hall\nunits: {units}", 1)))
    assert overlaps(rigging_plot(scene, scale)) == []


def test_three_hundred_points_find_their_places():
    picks = ", ".join(str(round(-13.5 + 27 * k / 29, 3)) for k in range(30))
    trusses = "\n".join(
        f"  - {{id: T{k}, type: truss, from: [-14, {3 * k - 17}], to: [14, {3 * k - 17}], trim: 6, picks: [{picks}]}}"
        for k in range(10)
    )
    scene = build(loads(f"schema: 1\nname: H\nelements:\n  - {{id: h, type: room, x: [-15, 15], y: [-20, 12], height: 9}}\n{trusses}\n"))  # fmt: skip
    (sheet,) = sheets(scene)
    assert overlaps(sheet) == []
    (view,) = sheet.views
    assert sum(isinstance(mark, Insert) and mark.symbol == "RIG-POINT" for mark in view.drawing.marks) == 300


@pytest.mark.parametrize(
    "elements",
    [
        "{id: T, type: truss, from: [-3, 0], to: [3, 0], trim: 5}",
        "{id: r, type: room, size: [3, 3], height: 3}, {id: T, type: truss, from: [-1, 0], to: [1, 0], trim: 2.4, picks: [-0.8, 0.8]}",
        "{id: r, type: room, size: [9, 9], height: 5, points: [{id: 席一, at: [1, 1]}]}",
        f"{{id: T, type: truss, name: {'long name ' * 19}, from: [-3, 1], to: [3, 2], trim: 5, picks: [0]}}",
    ],
    ids=["no room", "small", "house points alone", "long name"],
)
def test_odd_rigs_are_good_sheets(elements):
    (sheet,) = sheets(build(loads(f"schema: 1\nname: H\nelements: [{elements}]\n")))
    assert overlaps(sheet.views[0].drawing) == []


def test_a_screen_that_hangs_askew_has_its_name_beside_it():
    """Not in the corner of the box round it, where other things hang."""
    scene = build(
        loads("""
schema: 1
name: Hall
elements:
  - {id: T, type: truss, from: [-11, 1], to: [11, 1], trim: 6, picks: [-10, 10]}
  - {id: side, type: screen, name: Side screen, image: [5, 2.8], hung: T, at: [-9.3, -0.3, 0.1], turn: 20}
  - {id: PA, type: item, item: snd.db.v8, hung: T, at: [-6.2, -0.3, 0.2], stack: 5}
""")
    )
    plot = rigging_plot(scene)
    (name,) = [mark for mark in plot.marks if isinstance(mark, Text) and mark.text == "SIDE SCREEN"]
    screen = shapely.MultiPoint([v for part in scene.parts if part.element == "side" for v in vertices([part])[:, :2] * 1000]).convex_hull  # fmt: skip
    left, low, right, high = text_box(name, 100)
    assert shapely.distance(shapely.box(left, low, right, high), screen) < 400


def test_pieces_that_nobody_makes_and_drapes_that_nothing_carries_are_told():
    scene = build(
        loads("""
schema: 1
name: Hall
elements:
  - {id: T, type: truss, item: truss.prolyte.h30v, from: [5, 1.5], to: [11, -4.5], trim: 5, picks: [-2, 2]}
  - {id: U, type: truss, item: truss.prolyte.h30v, from: [-7, 1], to: [7.02, 1], trim: 5, picks: [-2, 2]}
  - {id: back, type: drape, name: Backdrop, from: [-5, 6], to: [5, 6], height: 5}
""")
    )
    (draft,) = rigging_sheets(Job(scene))
    assert any("No length of the catalogue" in note and "T (0.49 m)" in note and "U" not in note.split("changed")[1] for note in draft.notes)  # fmt: skip
    assert any(note.startswith("Drapes") and "BACKDROP" in note for note in draft.notes)


def test_the_masses_of_all_trusses_are_added_up():
    (block,) = truss_blocks(hall())
    told = rows(block)
    pieces = 12 + 14 + 14 + math.dist((-8, -15), (-2, -10))
    assert str(round(6.3 * pieces)) in told[told.index("All") :]


def test_what_hangs_from_no_truss_has_its_name_and_how_low_it_comes():
    low = min(float(vertices([part])[:, 2].min()) for part in hall().parts if part.element == "loose")
    assert f"LOOSE LIGHT  +{low:.3f}" in words(page())


def test_where_points_crowd_every_fifth_has_its_name_and_each_truss_its_own():
    picks = ", ".join(str(round(-11.6 + 0.8 * k, 3)) for k in range(30))
    trusses = ", ".join(f"{{id: T{k}, type: truss, from: [-12, {1.2 * k:g}], to: [12, {1.2 * k:g}], trim: 6, picks: [{picks}]}}" for k in range(4))  # fmt: skip
    scene = build(loads(f"schema: 1\nname: H\nelements: [{trusses}]\n"))
    for scale in (100, 200):
        plot = rigging_plot(scene, scale)
        shown = {mark.text for mark in plot.marks if isinstance(mark, Text)}
        shown |= {dict(mark.attributes)["ID"] for mark in plot.marks if isinstance(mark, Insert) and "ID" in mark.shown}
        for k in range(4):
            assert {f"T{k}.{n}" for n in (1, 5, 10, 15, 20, 25, 30)} <= shown
            assert f"T{k}.2" not in shown
            assert any(word.startswith(f"T{k}  TRIM") for word in shown)
        assert any("fifth point" in note for note in plot.notes)
        assert overlaps(plot) == []
