"""Plans of odd venues: closets, arenas, feet, long names in several scripts, no room, no seats; a good sheet every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from stagecraft.build import build
from stagecraft.drawing import lettering
from stagecraft.drawing._house import BACKGROUND, plan_scales
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import PLANS, Job
from stagecraft.drawing.egress_plan import egress_plan, egress_sheets
from stagecraft.drawing.general import general_sheets
from stagecraft.drawing.marks import Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.seating import seating_sheets
from stagecraft.export.write import write
from stagecraft.venue.load import loads

LONG = "Große Halle für 漢字 кириллица العربية " * 6
HEAD = "schema: 1\nname: {name}\n{units}elements:\n"
VENUES = {
    "closet": HEAD.format(name="X", units="")
    + "  - {id: r, type: room, size: [3, 3], height: 2.2, doors: [{id: D, at: [0, -1.5], width: 0.8, leaves: 1}]}\n"
    "  - {id: S, type: seating, rows: 1, seats: 3, front: [0, 0]}\n",
    "feet": HEAD.format(name="X", units="units: ft\n")
    + "  - {id: r, type: room, size: [40 ft, 60 ft], height: 14 ft, doors: [{id: D, at: [0, -30 ft], width: 6 ft}]}\n"
    "  - {id: st, type: stage, size: [20 ft, 8 ft], at: [0, 15 ft], height: 2 ft}\n"
    "  - {id: S, type: seating, rows: 8, seats: [6, 6], gangway: 4 ft, front: [0, 10 ft]}\n",
    "long": HEAD.format(name=f'"{LONG}"', units="")
    + f'  - {{id: r, type: room, name: "{LONG}", size: [20, 30], height: 5, doors: [{{id: "{LONG[:100]}", at: [0, -15], width: 1.8}}]}}\n'
    f'  - {{id: st, type: stage, name: "{LONG}", size: [8, 4], at: [0, 8], height: 0.8}}\n'
    f'  - {{id: foh, type: foh, name: "{LONG}", at: [0, -11], size: [3, 2]}}\n'
    "  - {id: S, type: seating, rows: 8, seats: [6, 6], gangway: 1.2, front: [0, 5]}\n",
    "field": HEAD.format(name="X", units="")
    + "  - {id: S, type: seating, rows: 8, seats: [6, 6], gangway: 1.2, front: [0, -3]}\n"
    "  - {id: st, type: stage, size: [8, 4], height: 0.8}\n",
    "bare room": HEAD.format(name="X", units="") + "  - {id: r, type: room, size: [20, 30], height: 5, north: -45}\n",
    "hall of 2000": HEAD.format(name="X", units="")
    + "  - {id: r, type: room, size: [50, 60], height: 12, doors: [{id: D1, at: [0, -30], width: 6}]}\n"
    "  - {id: st, type: stage, size: [20, 10], at: [0, 20], height: 1.8}\n"
    "  - {id: S, type: seating, rows: 40, seats: [15, 20, 15], gangway: 2, pitch: 0.95, front: [0, 15]}\n",
    "bowl of 20000": HEAD.format(name="X", units="")
    + "  - {id: r, type: room, size: [160, 180], height: 30, doors: [{id: D1, at: [0, -90], width: 6}]}\n"
    "  - {id: st, type: stage, size: [30, 15], at: [0, 70], height: 1.8}\n"
    "  - {id: S, type: seating, rows: 100, seats: [50, 50, 50, 50], gangway: 2, pitch: 0.95, front: [0, 55]}\n",
}
SHEETS = {
    "closet": 3, "feet": 3, "long": 3, "field": 2, "bare room": 2, "hall of 2000": 3, "bowl of 20000": 3,
}  # fmt: skip


@pytest.mark.parametrize("name", VENUES)
def test_every_sheet_is_drawn_small_and_no_word_lies_on_another(name: str, tmp_path: Path) -> None:
    scene = build(loads(VENUES[name]))
    job, composer = Job(scene), Composer(scene)
    drafts = [draft for kind in (general_sheets, seating_sheets, egress_sheets) for draft in kind(job)]
    assert len(drafts) == SHEETS[name]
    for draft in drafts:
        sheet = composer.sheet(draft)
        assert not overlaps(sheet)
        words = [m for view in sheet.views for m in view.drawing.marks if isinstance(m, Text)]
        assert all(lettering.size(m.text, m.height)[0] < 100 for m in words)  # the longest names in lines
        assert write(sheet, tmp_path / f"{draft.key}.dxf").stat().st_size < 500_000 + 900 * len(scene.seats)


def test_scales_at_which_a_house_is_larger_than_the_largest_paper_are_not_tried() -> None:
    assert plan_scales(build(loads(VENUES["closet"])))[0] == 50
    assert plan_scales(build(loads(VENUES["hall of 2000"])))[0] == 100
    assert plan_scales(build(loads(VENUES["bowl of 20000"])))[0] == 200
    huge = VENUES["bare room"].replace("[20, 30]", "[9000, 9000]")
    assert plan_scales(build(loads(huge))) == PLANS


def test_strips_of_curved_rows_are_no_curves_broken_up_into_chords() -> None:
    text = VENUES["field"].replace("gangway: 1.2", "gangway: 1.2, curve: 12")
    scene = build(loads(text))
    page = egress_plan(scene, 500)
    strips = [m for m in page.marks if isinstance(m, Line) and m.closed and m.style == BACKGROUND]
    assert len(strips) > 16
    assert max(len(m.points) for m in strips) <= 24
