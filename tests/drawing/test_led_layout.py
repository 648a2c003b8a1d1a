"""The LED wall layout: panel by panel what the model has, pixel by pixel what the catalogue says, and no figure of its own."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Draft, Job
from stagecraft.drawing.led_layout import Use, led_sheets, runs, walls
from stagecraft.drawing.marks import Book, Dimension, Drawing, Insert, Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.strokes import resolved
from stagecraft.export.lint import lint
from stagecraft.scene import Scene

ROOT = Path(__file__).parents[2]
BP2 = "led.roe.bp2v2"


def scene_of(*elements: sc.Element, **more) -> Scene:
    return sc.build(sc.Venue(name="Walls", elements=elements, **more))


def wall(**fields) -> sc.LedWall:
    return sc.LedWall(**{"id": "led", "panel": BP2, "columns": 16, "rows": 9, **fields})


def drafts(scene: Scene) -> list[Draft]:
    return list(led_sheets(Job(scene)))


def view(draft: Draft, name: str, scale: float = 25) -> Drawing:
    return next(one for one in draft.views if one.name == name).make(scale)


def cells(draft: Draft) -> dict[str, list[str]]:
    """The words of each table by its title, as they are read."""
    found = {}
    for block in draft.blocks([]):
        title, *rest = [mark.text for mark in block.marks if isinstance(mark, Text) and mark.text]
        found[title] = rest
    return found


def measured(drawing: Drawing) -> list[float]:
    return sorted(
        round(resolved(mark, drawing.scale, "m").measured, 2) for mark in drawing.marks if isinstance(mark, Dimension)
    )


def test_the_worked_example_of_144_panels():
    """BP2V2, 8.0 × 4.5 m: 2816 × 1584 px, 1346.4 kg, 27 360 and 13 680 W, 20 panels a port and so two columns: 8 ports;
    15 panels on a circuit of 2944 W: 10 circuits, the last with 9. Source: the rental house's figures, product by product.
    """
    (draft,) = drafts(scene_of(wall(per_circuit=15)))
    told = cells(draft)
    assert "2816 × 1584 = 4 460 544 px" in told["PIXEL MAP"]
    assert told["WEIGHT AND POWER"][-4:] == ["Wall", "1346.4", "27360", "13680"]
    ports = told["DATA RUNS (PROPOSAL): 8 PORTS"]
    assert ports[4:12] == ["1", "C1R1 … C2R1", "18", "0, 0: 352 × 1584", "2", "C3R1 … C4R1", "18", "352, 0: 352 × 1584"]
    circuits = told["POWER RUNS (PROPOSAL): 10 CIRCUITS"]
    assert circuits[-2:] == ["9", "1710 W at most"]
    assert circuits[6:8] == ["15", "2850 W at most"]
    assert any("20 panels a port" in note and "Planning check only" in note for note in draft.notes)


@pytest.mark.parametrize("path", ["ballroom", "keynote-500", "ref-500"])
def test_panels_drawn_are_the_panels_of_the_kit_list_and_no_word_lies_on_another(path):
    scene = sc.build(sc.load(ROOT / f"assets/examples/{path}/venue.yaml"))
    (draft,) = drafts(scene)
    inserts = [mark for mark in view(draft, "led").marks if isinstance(mark, Insert)]
    table = sc.kit_list(scene)
    kit = dict(zip(table.values["item"], table.values["quantity"]))
    (part,) = (part for part in scene.parts if part.tags and part.tags[0] == "C1R1")
    assert Counter(mark.symbol for mark in inserts) == {f"LED-{part.item}-ELEV": kit[part.item]}
    facts = [dict(mark.attributes) for mark in inserts]
    assert sorted(one["TAG"] for one in facts) == sorted(part.tags)
    assert all({"TAG", "TYPE", "PORT"} <= set(one) for one in facts)
    assert not [str(one) for one in overlaps(Composer(scene).sheet(draft))]


@pytest.mark.parametrize("name", ["data", "power"])
@pytest.mark.parametrize("flown", [False, True])
def test_every_panel_hangs_on_one_run_and_a_run_never_jumps(name, flown):
    (one,) = walls(scene_of(wall()))
    for columns, rows, most in [
        (16, 9, 20),
        (5, 9, 16),
        (17, 4, 6),
        (2, 60, 20),
        (40, 30, 7),
        (1, 1, 1),
        (9, 1, 4),
        (1, 9, 4),
    ]:
        grid = np.arange(columns * rows).reshape(rows, columns)
        found = runs(replace(one, grid=grid, flown=flown), Use(name, most, ""))
        every = [panel for run in found for panel in run]
        assert Counter(every) == Counter((c, r) for c in range(columns) for r in range(rows))
        assert max(map(len, found)) <= most
        for run in found:
            steps = np.abs(np.diff(np.array(run), axis=0)).sum(axis=1)
            assert (steps == 1).all()
            if name == "data":  # a port's pixels are a rectangle
                wide, deep = np.ptp(np.array(run), axis=0) + 1
                assert wide * deep == len(run)


def test_a_port_never_carries_more_pixels_than_the_figure_that_is_named():
    for panel in (BP2, "led.absen.pl25", "led.dvs.vizra", "led.roe.cb5mk2"):
        (one,) = walls(scene_of(wall(panel=panel)))
        (use,) = one.uses
        assert one.pixels is not None
        each = one.pixels[0] * one.pixels[1]
        assert use.most * each <= 650_000 < (use.most + 1) * each
    (said,) = walls(scene_of(wall(per_port=7)))
    assert [(use.name, use.most) for use in said.uses] == [("data", 7)]


def test_what_nobody_said_is_not_known():
    (draft,) = drafts(scene_of(wall()))
    assert any(note.startswith("Power circuits: not known") for note in draft.notes)
    assert [one.name for one in draft.views] == ["led", "led data"]
    scene = scene_of(wall(support="led.roe.bp.header1"))
    bare = replace(scene, items={code: replace(item, mass=None) for code, item in scene.items.items()})
    (draft,) = drafts(bare)
    assert cells(draft)["WEIGHT AND POWER"][-4:-2] == ["Wall (160 masses unknown)", "—"]
    half = {code: replace(item, mass=None) if code == BP2 else item for code, item in scene.items.items()}
    (draft,) = drafts(replace(scene, items=half))
    assert cells(draft)["WEIGHT AND POWER"][-4:-2] == ["Wall (144 masses unknown)", "87.04"]  # 16 headers of 5.44 kg


def test_the_twin_of_a_wall_is_counted_from_the_right_and_its_pixels_from_the_left():
    one, twin = drafts(scene_of(wall(id="a", columns=3, rows=2, at=(6, 4), mirror=True)))
    for draft, name, order in ((one, "led", ("C1", "C2", "C3")), (twin, "led a_mirror", ("C3", "C2", "C1"))):
        inserts = [mark for mark in view(draft, name).marks if isinstance(mark, Insert)]
        row = sorted(
            (mark.at[0], dict(mark.attributes)["TAG"])
            for mark in inserts
            if dict(mark.attributes)["TAG"].endswith("R1")
        )
        assert tuple(tag[:2] for _, tag in row) == order
        starts = cells(draft)["FIRST PIXELS: x OF COLUMNS, y OF ROWS"]
        assert [starts[starts.index(tag) + 1] for tag in order] == ["0", "176", "352"]
    assert "x = (3 − c) × 176, from the left edge" in cells(twin)["PIXEL MAP"]


def test_a_curved_wall_is_laid_flat_and_shown_from_above():
    """12 panels of 0.5 m with 5° at each seam: 6 m along the face, chord 2 R sin(n·θ/2) with R = w / (2 sin(θ/2))."""
    (draft,) = drafts(scene_of(wall(columns=12, rows=4, seams=5.0, at=(0, 6, 1))))
    flat, above = view(draft, "led"), view(draft, "led plan")
    assert measured(flat).count(6000.0) == 1
    radius = 0.25 / math.sin(math.radians(2.5))
    chord = round(2000 * radius * math.sin(math.radians(30)), 2)
    assert chord in measured(above)
    assert sum(isinstance(mark, Text) and mark.text == "5°" for mark in flat.marks) == 11
    assert sum(isinstance(mark, Line) and mark.closed for mark in above.marks) == 12


def test_levels_are_measured_from_the_floor():
    stage = sc.Stage(id="stage", size=(10, 6), height=0.9)
    (draft,) = drafts(scene_of(stage, wall(at=(0, 5, 2.0))))
    assert measured(view(draft, "led")) == [500.0, 500.0, 900.0, 1100.0, 4500.0, 6500.0, 8000.0]


def test_a_flown_wall_is_not_for_rigging_and_a_stacked_one_has_no_rigging():
    truss = sc.Truss(id="T", item="truss.prolyte.h30v", **{"from": (-5, 2), "to": (5, 2)}, trim=6)
    (flown,) = drafts(scene_of(truss, wall(hung="T", at=(0, 0, 0.1))))
    (stacked,) = drafts(scene_of(wall()))
    assert (flown.warning, stacked.warning) == ("NOT FOR RIGGING UNTIL APPROVED", "")
    assert any("lowest chord +6.000, 100 above its upper edge" in note for note in flown.notes)


def test_a_wall_of_40_000_panels_is_a_sheet_of_less_than_two_megabytes(tmp_path):
    scene = scene_of(wall(columns=400, rows=100))
    (draft,) = drafts(scene)
    sheet = Composer(scene).sheet(draft)
    assert not overlaps(sheet)
    path = sc.write(Book("Walls", (sheet,)), tmp_path / "wall.dxf")
    assert path.stat().st_size < 2_000_000
    assert "70400 × 17600 = 1 239 040 000 px" in cells(draft)["PIXEL MAP"]


def test_there_is_a_sheet_for_each_wall_and_none_without():
    assert drafts(scene_of()) == []
    assert drafts(scene_of(sc.FlatScreen(id="s", image=(4, 2.25)))) == []
    two = drafts(scene_of(wall(id="a"), wall(id="b", at=(0, 9), name="Second")))
    assert [(one.key, one.number, one.title) for one in two] == [
        ("led", "401", "LED wall layout: A"), ("led-2", "402", "LED wall layout: Second"),
    ]  # fmt: skip


@pytest.mark.parametrize("units", ["m", "ft"])
def test_odd_walls_are_good_sheets(units, tmp_path):
    walls_ = (
        wall(id="curved", panel="led.roe.cb5mk2", columns=17, rows=4, seams=4, per_port=12, per_circuit=6),
        wall(id="uneven", panel="led.dvs.vizra", columns=4, rows=3, seams=(0, 10, -10), at=(-20, 0)),
        wall(id="one", panel="led.roe.bm4", columns=1, rows=1, at=(0, -5), name="Екран " * 30),
        wall(id="tall", columns=2, rows=60, at=(20, 0)),
        wall(id="aslant", columns=7, rows=3, at=(30, 0), turn=25, mirror=True),
    )
    scene = scene_of(*walls_, units=units)
    composer = Composer(scene)
    made = tuple(composer.sheet(draft) for draft in drafts(scene))
    assert not [str(one) for sheet in made for one in overlaps(sheet)]
    assert lint(sc.write(Book("Walls", made, units=units), tmp_path / "walls.dxf")) == ()
