"""Truss: a hoist is words, or a catalogue item that goes on the truck."""

import pytest

from stagecraft.build import build
from stagecraft.errors import VenueError
from stagecraft.scene import KitLine, Pick
from stagecraft.schedules.kit import kit_list
from stagecraft.schedules.picks import picks
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: T1, type: truss, from: [-5, 1], to: [5, 1], trim: 6, mirror: false, picks: [
      {at: -4, hoist: hoist.chainmaster.d8plus.500}, {at: 0, hoist: 1 t D8+}, {at: 4, hoist: hoist.chainmaster.d8plus.500}, 2]}
"""


def test_hoists_of_the_catalogue_are_kit_and_words_are_not():
    scene = build(loads(HALL))
    assert [pick.hoist for pick in scene.of(Pick)] == [
        "hoist.chainmaster.d8plus.500", "1 t D8+", "hoist.chainmaster.d8plus.500", "",
    ]  # fmt: skip
    assert [(line.item, line.quantity) for line in scene.of(KitLine)] == [("hoist.chainmaster.d8plus.500", 2)]
    kit = kit_list(scene)
    hoists = {item: n for item, n in zip(kit.values["item"], kit.values["quantity"]) if item.startswith("hoist")}
    assert hoists == {"hoist.chainmaster.d8plus.500": 2}
    assert picks(scene).values["hoist"] == [
        "Chainmaster D8Plus 500 kg class", "1 t D8+", "Chainmaster D8Plus 500 kg class", "",
    ]  # fmt: skip


def test_a_twin_has_hoists_of_its_own():
    scene = build(loads(HALL.replace("mirror: false", "mirror: true")))
    assert [(line.element, line.quantity) for line in scene.of(KitLine)] == [("T1", 2), ("T1_mirror", 2)]


def test_a_hoist_that_the_catalogue_has_not_is_told_with_its_line():
    with pytest.raises(VenueError) as told:
        build(loads(HALL.replace("hoist: hoist.chainmaster.d8plus.500", "hoist: hoist.chainmaster.d8", 1)))
    (problem,) = told.value.problems
    assert (problem.line, problem.path) == (5, "T1.picks")
    assert (
        "'hoist.chainmaster.d8' is not in the catalogue; the nearest are hoist.chainmaster.d8plus.500"
        in problem.message
    )
