"""Trusses from their front: points from the end, pieces, and what hangs at its height below the trim."""

import math

import pytest

from stagecraft.build import build
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Circle, Dimension, Drawing, Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.truss_elevations import hanging_blocks, truss_elevations, truss_sheets
from stagecraft.scene import Scene
from stagecraft.venue.load import load, loads
from tests.drawing.test_rigging_plot import EXAMPLES, HALL, ROOMS

PLAIN = """
schema: 1
name: Hall
elements:
  - {id: T1, type: truss, name: Front truss, from: [-7, 2], to: [7, 2], trim: 6, picks: [-6, 1, {at: 6, load: 120, author: A. Rigger}]}
  - {id: side, type: screen, image: [3, 2], border: 0, hung: T1, at: [2, 0, 0.25]}
"""


def made(text: str, scale: float = 50) -> tuple[Scene, Drawing]:
    scene = build(loads(text))
    return scene, truss_elevations(scene, scale)


def measured(drawing: Drawing) -> list[list[float]]:
    """Sizes in each row of dimensions, from below, each from left to right. [mm]"""
    rows: dict[float, list[tuple[float, float]]] = {}
    for mark in drawing.marks:
        if isinstance(mark, Dimension):
            rows.setdefault(mark.line_at[1], []).append((mark.start[0], round(abs(mark.end[0] - mark.start[0]), 2)))
    return [[size for _, size in sorted(row)] for _, row in sorted(rows.items())]


def test_points_are_measured_from_the_end_of_the_truss_and_pieces_add_up_to_it():
    _, page = made(PLAIN)
    points, pieces = measured(page)
    assert points == [1000, 7000, 5000, 1000]
    assert pieces == [4000, 4000, 4000, 2000]
    assert sum(points) == sum(pieces) == 14000


def test_each_point_has_a_chain_and_a_load_only_where_somebody_signed_for_it():
    _, page = made(PLAIN)
    hooks = [mark.centre[0] for mark in page.marks if isinstance(mark, Circle) and mark.style.role == "id"]
    assert hooks == [-6000, 1000, 6000]
    told = [mark.text for mark in page.marks if isinstance(mark, Text)]
    assert {"T1.1", "T1.2", "T1.3\n120 kg (A. Rigger)", "T1 FRONT TRUSS  TRIM +6.000", "SR", "SL"} <= set(told)


def test_what_hangs_is_as_far_below_the_trim_as_it_is_in_the_room():
    _, page = made(PLAIN)
    truss = [p for m in page.marks if isinstance(m, Line) and m.style.system == "truss" and m.style.role == "beyond" for p in m.points]  # fmt: skip
    screen = [p for m in page.marks if isinstance(m, Line) and m.style.system == "video" for p in m.points]
    under = min(y for _, y in truss)
    assert max(y for _, y in screen) == pytest.approx(under - 250, abs=20)  # the chord's tube is round
    assert max(y for _, y in screen) - min(y for _, y in screen) == pytest.approx(2000)
    assert (min(x for x, _ in screen), max(x for x, _ in screen)) == pytest.approx((500, 3500))


def test_a_truss_up_and_downstage_is_seen_from_stage_left():
    _, page = made(PLAIN.replace("from: [-7, 2], to: [7, 2]", "from: [3, -7], to: [3, 7]"))
    ends = {mark.text: mark.at[0] for mark in page.marks if isinstance(mark, Text) and mark.text in ("DS", "US")}
    assert ends["DS"] < -7000 < 7000 < ends["US"]
    assert measured(page)[0] == [1000, 7000, 5000, 1000]


@pytest.mark.parametrize("path", [*EXAMPLES, *ROOMS], ids=lambda path: path.parent.name + "-" + path.stem)
def test_no_word_lies_on_another(path):
    scene = build(load(path))
    for draft in truss_sheets(Job(scene)):
        assert [str(fault) for fault in overlaps(draft.views[0].make(100.0))] == []


@pytest.mark.parametrize("units", ["m", "ft"])
@pytest.mark.parametrize("scale", [50.0, 100.0, 200.0])
def test_no_word_lies_on_another_in_a_crowded_hall(units, scale):
    _, page = made(HALL.replace("name: Hall", f"name: Hall\nunits: {units}", 1), scale)
    assert [str(fault) for fault in overlaps(page)] == []


def test_many_points_find_their_names_and_say_that_they_are_not_dimensioned():
    picks = ", ".join(str(round(-13.5 + 27 * k / 29, 3)) for k in range(30))
    _, page = made(f"schema: 1\nname: H\nelements: [{{id: T, type: truss, from: [-14, 0], to: [14, 0], trim: 6, picks: [{picks}]}}]\n", 100)  # fmt: skip
    assert overlaps(page) == []
    assert measured(page)[0] == [500, 27000, 500]
    assert any("too close together" in note for note in page.notes)
    told = {mark.text for mark in page.marks if isinstance(mark, Text)}
    assert {f"T.{k}" for k in range(1, 31)} <= told


def test_a_truss_that_nothing_hangs_from_and_that_hangs_from_nothing_is_no_sheet():
    scene = build(loads("schema: 1\nname: H\nelements: [{id: T, type: truss, from: [-3, 0], to: [3, 0], trim: 5}]\n"))
    assert list(truss_sheets(Job(scene))) == []
    assert math.isfinite(truss_elevations(scene).extent[1][0])


def test_a_twin_has_its_upstage_end_where_it_says():
    text = PLAIN.replace("from: [-7, 2], to: [7, 2]", "from: [3, -7], to: [3, 7]").replace(
        "picks", "mirror: true, picks"
    )
    _, page = made(text)
    at = {mark.text.split("\n")[0]: mark.at[0] for mark in page.marks if isinstance(mark, Text)}
    assert at["T1.1"] < at["T1.2"] < at["T1.3"]
    assert at["T1_mirror.1"] < at["T1_mirror.2"] < at["T1_mirror.3"]
    assert at["DS"] < 0 < at["US"]


RIG = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-12, 12], y: [-12, 8], height: 7}
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-7, 2], to: [7, 2], trim: 6, picks: [-6, 6]}
  - {id: wash, type: lamp, item: lx.martin.mac-aura, hung: T1, at: [0, 0, 0.05], count: 6, spacing: 1.8, aim: [0, 0, 1]}
  - {id: PA, type: item, item: snd.db.v8, hung: T1, at: [-5.5, 0, 0.25], stack: 5}
  - {id: side, type: screen, image: [3, 2], border: 0, hung: T1, at: [4, 0, 0.25]}
"""


def test_what_hangs_is_found_with_a_tape_along_the_truss_and_weighs_what_the_catalogue_says():
    scene, page = made(RIG)
    (block,) = hanging_blocks(scene)
    told = [mark.text for mark in block.marks if isinstance(mark, Text)]
    text = " | ".join(told).replace("every | ", "every ")
    assert "T1 | WASH | 6 | 2500 to 11500, every 1800" in text
    assert "PA | 5 | 1500 | " in text
    assert "| 170" in text  # 5 × 34 kg
    assert "SIDE | 1 | 11000 | +3.750 | 1 unknown" in text
    words = [mark.text for mark in page.marks if isinstance(mark, Text)]
    assert "TOP +6.290   CEILING 710 ABOVE   LOWEST THAT HANGS +3.750" in words


def test_many_trusses_stand_in_columns_that_suit_a_sheet():
    one = "{id: T%d, type: truss, from: [-3, %d], to: [3, %d], trim: 6, picks: [-2, 2]}"
    _, page = made(f"schema: 1\nname: H\nelements: [{', '.join(one % (k, k, k) for k in range(9))}]\n")
    (left, low), (right, high) = page.extent
    assert 0.6 < (right - left) / (high - low) < 2.5
    assert overlaps(page) == []


def test_two_long_trusses_do_not_take_a_large_sheet_for_half_of_it():
    one = "{id: T%d, type: truss, from: [-18, %d], to: [18, %d], trim: 6, picks: [-9, 9]}"
    scene = build(loads(f"schema: 1\nname: H\nelements: [{one % (1, 1, 1)}, {one % (2, 2, 2)}]\n"))
    (draft,) = truss_sheets(Job(scene))
    assert draft.views[0].scales[0] == 100
