"""The screen layout: pictures in their size and place, those alike together."""

from __future__ import annotations

from pathlib import Path

import pytest

import stagecraft as sc
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Draft, Job
from stagecraft.drawing.marks import Dimension, Drawing, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.screen_layout import aspect, screen_sheets
from stagecraft.drawing.strokes import resolved
from stagecraft.scene import Scene

ROOT = Path(__file__).parents[2]
VENUES = [
    *(f"assets/examples/{name}/venue.yaml" for name in ("keynote-500", "lecture-raked")),
    *(f"tests/data/rooms/{name}.yaml" for name in ("arena", "cinema", "classroom", "theatre")),
]


def scene_of(*elements: sc.Element, **more) -> Scene:
    return sc.build(sc.Venue(name="Screens", elements=elements, **more))


def drafts(scene: Scene) -> list[Draft]:
    return list(screen_sheets(Job(scene)))


def measured(drawing: Drawing) -> list[float]:
    return sorted(
        round(resolved(mark, drawing.scale, "m").measured, 2) for mark in drawing.marks if isinstance(mark, Dimension)
    )


def test_a_picture_is_measured_apart_from_its_frame_and_from_the_floor():
    (draft,) = drafts(scene_of(sc.FlatScreen(id="s", image=(4.8, 2.7), border=0.08, at=(1, 5, 2.2))))
    assert measured(draft.views[0].make(50)) == [2200.0, 2700.0, 4800.0, 4900.0, 4960.0]
    assert (draft.key, draft.number, draft.warning) == ("screens", "401", "")


def test_twins_are_one_view_and_two_rows_and_each_has_its_own_place():
    side = sc.FlatScreen(id="side", name="Side screen", image=(4, 2.25), at=(8, 1, 2), turn=20, mirror=True)
    (draft,) = drafts(scene_of(side, sc.FlatScreen(id="m", image=(2, 2), at=(0, 6, 2))))
    assert [view.name for view in draft.views] == ["screen side", "screen m"]
    sizes, places = ([mark.text for mark in block.marks if isinstance(mark, Text)] for block in draft.blocks([]))
    assert [word for word in sizes if word.startswith("SIDE SCREEN")] == [
        "SIDE SCREEN (side)",
        "SIDE SCREEN (side_mirror)",
    ]
    ends = {float(places[k + 1]) for k, text in enumerate(places) if text.startswith("SIDE SCREEN")}
    assert ends == {-value for value in ends}
    assert len(ends) == 4


def test_shapes_of_pictures_have_their_names():
    assert [aspect(5.0, 2.8125), aspect(4, 3), aspect(3.2, 2.0), aspect(1.85, 1.0)] == [
        "16:9",
        "4:3",
        "16:10",
        "1.850:1",
    ]


def test_screens_are_numbered_after_the_walls_and_there_is_no_sheet_without_one():
    wall = sc.LedWall(id="led", panel="led.roe.bp2v2", columns=4, rows=3)
    assert drafts(scene_of(wall)) == []
    (draft,) = drafts(scene_of(wall, sc.FlatScreen(id="s", image=(4, 2.25), at=(0, 9))))
    assert draft.number == "402"


@pytest.mark.parametrize("path", VENUES)
def test_no_word_lies_on_another(path):
    scene = sc.build(sc.load(ROOT / path))
    (draft,) = drafts(scene)
    assert not [str(one) for one in overlaps(Composer(scene).sheet(draft))]
