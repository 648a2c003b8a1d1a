"""The deck layout counts what is ordered, measures what stands, and says what nobody knows."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.drawing._tape import Tape, taped
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.deck_layout import stage_sheets
from stagecraft.drawing.draft import Draft, Job
from stagecraft.drawing.marks import Book, Dimension, Drawing, Insert, Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.strokes import resolved
from stagecraft.export.lint import lint
from stagecraft.scene import KitLine, Scene

ROOT = Path(__file__).parents[2]
VENUES = [
    *(f"assets/examples/{name}/venue.yaml" for name in ("ballroom", "keynote-500", "lecture-raked", "minimal", "ref-500")),
    *(f"tests/data/rooms/{name}.yaml" for name in ("arena", "chevron", "freeform", "round", "theatre", "townhall")),
]  # fmt: skip


def scene_of(*elements: sc.Element, **more) -> Scene:
    return sc.build(sc.Venue(name="Decks", elements=elements, **more))


def drafts(scene: Scene) -> list[Draft]:
    return list(stage_sheets(Job(scene)))


def plan_of(draft: Draft, scale: float = 50) -> Drawing:
    return draft.views[0].make(scale)


def inserts(drawing: Drawing) -> Counter[str]:
    return Counter(mark.symbol for mark in drawing.marks if isinstance(mark, Insert))


def measured(drawing: Drawing) -> list[float]:
    return [
        round(resolved(mark, drawing.scale, "m").measured, 2) for mark in drawing.marks if isinstance(mark, Dimension)
    ]


def words(draft: Draft) -> str:
    blocks = draft.blocks([plan_of(draft)])
    return "\n".join([*draft.notes, *(m.text for block in blocks for m in block.marks if isinstance(m, Text))])


@pytest.mark.parametrize("path", VENUES)
def test_inserts_of_decks_are_the_decks_of_the_kit_list(path):
    """Whole decks, cut ones apart, and four legs under each whole one."""
    scene = sc.build(sc.load(ROOT / path))
    for draft in drafts(scene):
        counted = inserts(plan_of(draft))
        cut = sum(n for name, n in counted.items() if "-CUT-" in name)
        whole = sum(n for name, n in counted.items() if name.startswith("DECK-stg") and "-CUT-" not in name)
        kit = dict(zip(sc.kit_list(scene).values["item"], sc.kit_list(scene).values["quantity"]))
        assert whole == sum(part.count for part in scene.parts if part.name == "decks")
        assert cut == sum(line.quantity for line in scene.of(KitLine) if "cut" in line.why)
        assert counted["DECK-LEG"] == 4 * whole
        if not cut and whole:
            assert kit[next(name for name in counted if name.startswith("DECK-stg"))[5:]] == whole


@pytest.mark.parametrize("path", VENUES)
def test_no_word_lies_on_another_or_on_a_line(path):
    scene = sc.build(sc.load(ROOT / path))
    composer = Composer(scene)
    for draft in drafts(scene):
        assert not overlaps(composer.sheet(draft))


def test_joints_add_up_to_the_overall_sizes_and_the_setting_out_point_lies_between_the_sides():
    (draft,) = drafts(scene_of(sc.Stage(id="s", size=(14.4, 6.0), height=0.9, deck="stg.gastaging.rostrum")))
    found = Counter(measured(plan_of(draft)))
    assert found == {2400.0: 6, 1200.0: 5, 14400.0: 1, 6000.0: 2, 7200.0: 2}


def test_a_leg_is_as_long_as_the_underside_is_high():
    """0.9 m stage of decks 190 mm deep: legs of 710 mm, on every deck's attributes and every leg's."""
    (draft,) = drafts(scene_of(sc.Stage(id="s", size=(7.314, 4.876), height=0.9, deck="stg.steeldeck.8x4")))
    marks = [mark for mark in plan_of(draft).marks if isinstance(mark, Insert)]
    lengths = {dict(mark.attributes)["LENGTH"] for mark in marks if mark.symbol == "DECK-LEG"}
    legs = {dict(mark.attributes)["LEGS"] for mark in marks if mark.symbol == "DECK-stg.steeldeck.8x4"}
    assert (lengths, legs) == ({"710"}, {"4 x 710"})
    assert {710.0, 190.0, 900.0} <= set(measured(draft.views[1].make(50)))


def test_masses_that_nobody_knows_are_counted_and_the_rest_is_summed():
    known, unknown = (
        words(drafts(scene_of(sc.Stage(id="s", size=(4.876, 4.876), height=0.9, deck=deck)))[0])
        for deck in ("stg.steeldeck.8x4", "stg.nivtec.2x1")
    )
    assert f"\n{8 * 68}" in known  # two wide, four deep; 68 kg each
    assert "unknown" not in known
    assert "— (" in unknown


def test_a_load_is_the_makers_and_says_so():
    told = words(drafts(scene_of(sc.Stage(id="s", size=(6, 3), height=0.6, deck="stg.nivtec.2x1")))[0])
    assert "1500 kg, 7.5 kN/m2 (750 kg/m2) evenly distributed" in told
    assert "Source: from memory, confidence C" in told
    assert "Planning check only, to be verified by a competent person" in told
    silent = words(drafts(scene_of(sc.Stage(id="s", size=(6, 3), height=0.6, deck="stg.prolyte.stagedex.2x1")))[0])
    assert "takes: not known" in silent


def test_a_built_in_stage_has_its_outline_and_no_decks():
    (draft,) = drafts(scene_of(sc.Stage(id="s", size=(6, 3), height=0.6, deck=None)))
    drawing = plan_of(draft)
    assert not inserts(drawing)
    assert Counter(measured(drawing)) == {6000.0: 1, 3000.0: 4}
    assert "DECKS" not in words(draft)


def test_there_is_a_sheet_for_each_stage_and_none_without():
    assert drafts(scene_of()) == []
    assert drafts(scene_of(sc.Platform(id="floor", size=(4, 4), height=0.03))) == []
    two = drafts(scene_of(sc.Stage(id="a", size=(6, 3), height=0.6), sc.Stage(id="b", at=(0, 9), size=(2, 2), height=0.3),
                          sc.Platform(id="p", at=(9, 0), size=(4, 2), height=0.4, deck="stg.nivtec.2x1")))  # fmt: skip
    assert [(one.key, one.number) for one in two] == [("stage", "301"), ("stage-2", "302"), ("stage-3", "303")]
    assert "4 decks are counted, not laid out." in two[2].notes


def test_rails_go_round_the_sides_they_guard_and_steps_are_told_riser_by_riser():
    stage = sc.Stage(id="s", size=(8, 4), height=1.0, rails=("rear", "left", "right"))
    (draft,) = drafts(scene_of(stage, sc.Stairs(id="steps", at=(-2, 0), height=1.0, steps=5, rails=True),
                               sc.Stairs(id="elsewhere", at=(12, -6), height=1.0)))  # fmt: skip
    told = words(draft)
    rails = draft.blocks([])[-1]
    lengths = [m.text for m in rails.marks if isinstance(m, Text)]
    assert [lengths[k + 2] for k, text in enumerate(lengths) if text.startswith("Rail R")] == ["4000", "8000", "4000"]
    assert lengths[lengths.index("All rails") + 2] == "16000"
    assert "5 × 200\n4 × 280\nboth sides" in told
    assert "ELSEWHERE" not in told


def test_a_tape_finds_the_nearest_wall_or_column_each_way():
    room = sc.Room(id="room", size=(20, 30), height=6, at=(0, 0),
                   columns=[{"id": "c", "at": (7.0, 2.0), "size": (0.5, 0.5)}])  # fmt: skip
    scene = scene_of(room)
    (space,) = scene.rooms
    low, high = space.outline.outer.points.min(axis=0), space.outline.outer.points.max(axis=0)
    tape = Tape(scene)
    across, along = tape.across(np.array([3.0, 2.0])), tape.along(np.array([3.0, 2.0]))
    assert across is not None
    assert along is not None
    assert (round(across.distance, 9), across.what) == (3.75, "column c")
    nearest = min((high[1] - 2.0, "US wall"), (2.0 - low[1], "DS wall"))
    assert (along.distance, along.what) == (pytest.approx(nearest[0]), nearest[1])
    assert Tape(scene_of()).across(np.zeros(2)) is None


def test_corners_are_measured_square_from_two_walls_and_a_dash_stands_where_there_is_none():
    """A room 20 × 30 m about 0, −5, a stage of 8 × 4 m on the setting line."""
    room = sc.Room(id="room", size=(20, 30), height=6)
    scene = scene_of(room, sc.Stage(id="s", size=(8, 4), height=0.6))
    (space,) = scene.rooms
    low, high = space.outline.outer.points.min(axis=0), space.outline.outer.points.max(axis=0)
    corners = np.array([[-4.0, 0.0], [4.0, 0.0], [4.0, 4.0], [-4.0, 4.0]])
    names, found = taped(scene, corners, "m")
    asked = {
        "from SR wall": corners[:, 0] - low[0], "from SL wall": high[0] - corners[:, 0],
        "from DS wall": corners[:, 1] - low[1], "from US wall": high[1] - corners[:, 1],
    }  # fmt: skip
    assert {names[0][-7:], names[1][-7:]} <= {name[-7:] for name in asked}
    for name, column in zip(names, zip(*found)):
        assert [float(text) for text in column] == pytest.approx(asked[name] * 1000)
    assert taped(scene_of(), corners, "m")[1] == [("—", "—")] * 4


def test_a_stage_at_an_angle_is_measured_along_its_own_sides():
    (draft,) = drafts(scene_of(sc.Stage(id="s", at=(-12, 6), turn=30, size=(6, 4), height=0.6)))
    marks = [mark for mark in plan_of(draft).marks if isinstance(mark, Dimension)]
    assert {(round(resolved(m, 50, "m").measured, 3), round(m.angle, 6)) for m in marks} == {
        (6000.0, 30.0),
        (4000.0, -60.0),
    }
    diagonal = round(math.hypot(6, 4) * 1000)
    assert f"Diagonals: A-C {diagonal}, B-D {diagonal}." in draft.notes


def test_cut_decks_are_hatched_within_the_outline_and_listed_by_size():
    """9.6 m of decks 1 m wide: nine whole and 300 mm left at either side, three deep."""
    (draft,) = drafts(scene_of(sc.Stage(id="s", size=(9.6, 6), height=0.8)))
    drawing = plan_of(draft)
    hatched = [ring for mark in drawing.marks if type(mark).__name__ == "Fill" for ring in mark.rings]
    assert len(hatched) == 6
    assert all(4500 - 1e-6 <= abs(x) <= 4800 + 1e-6 for ring in hatched for x, _ in ring)
    assert "300 × 2000\n0.60 m²\n6\n01, 02, 03, 04, 05, 06" in words(draft)


def test_a_stage_with_lifts_thrust_and_a_turn_leaves_as_a_clean_drawing_in_feet(tmp_path):
    """No line twice where a lift's edge is the stage's; every word apart; the outline of a lift as large as the lift."""
    lifts = [
        {"id": "A", "at": (0, 3), "size": (2, 2), "height": 0.4},
        {"id": "B", "at": (4, 0.75), "size": (1.5, 1.5), "height": 1.0},
    ]
    stage = sc.Stage(id="s", name="Thrust " * 20, size=(12, 6), thrust=(2.4, 4.8), height=1.2, deck="stg.steeldeck.8x4",
                     rails=("rear", "left", "right"), lifts=lifts)  # fmt: skip
    scene = scene_of(stage, sc.Ramp(id="ramp", at=(6, 3), turn=90, height=1.2, length=14.4, rails=True),
                     sc.Stage(id="turned", at=(-14, 6), turn=30, size=(6, 4), height=0.6), units="ft")  # fmt: skip
    composer = Composer(scene)
    made = tuple(composer.sheet(draft) for draft in drafts(scene))
    assert not [str(one) for sheet in made for one in overlaps(sheet)]
    path = sc.write(Book("Stages", made, units="ft"), tmp_path / "stages.dxf")
    assert lint(path) == ()
    told = words(drafts(scene)[0])
    assert "RAMP\n1" in told
    assert "m²" not in told


def test_a_stage_of_1200_decks_is_a_sheet_of_less_than_two_megabytes(tmp_path):
    """Decks are all there, legs are listed; 4800 of them."""
    scene = scene_of(sc.Stage(id="s", size=(60, 40), height=2.2, deck="stg.nivtec.2x1"))
    (draft,) = drafts(scene)
    sheet = Composer(scene).sheet(draft)
    assert inserts(sheet.views[0].drawing) == {"DECK-stg.nivtec.2x1": 1200}
    assert "4800\n1200 decks on 4" in words(draft)
    assert sc.write(Book("Stage", (sheet,)), tmp_path / "s.dxf").stat().st_size < 2_000_000


@pytest.mark.parametrize("size", [(9.6, 4.8), (7, 7), (9.6, 6)])
def test_on_the_general_plan_no_deck_beside_a_cut_one_is_taken_for_hidden(size):
    """Their common edges are drawn once, with the whole ones; decks are thin, the outline of the stage is not."""
    drawing = sc.plan(scene_of(sc.Stage(id="s", size=size, height=0.8)), 50)
    decks = [mark for mark in drawing.marks if isinstance(mark, Insert) and mark.symbol.startswith("stg.")]
    assert decks
    assert {mark.style.role for mark in decks} == {"beyond"}
    lines = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.style.system == "stage"]
    assert {mark.style.role for mark in lines} == {"line", "beyond"}
