"""Which object takes which seats: each seat once, by the name that people call it."""

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.analysis.removed import removed as taken
from stagecraft.venue.load import loads

HALL = """\
schema: 1
name: Hall
elements:
  - {id: hall, type: room, name: Great Hall, x: [-8, 8], y: [-14, 6], height: 6, doors: [{id: D3, at: [0, -14], width: 1.8}],
     columns: [{id: K1, at: [-4, -5.2], size: [0.4, 0.4]}]}
  - {id: C, type: seating, rows: 12, seats: 20, width: 0.5, pitch: 0.9, front: [0, -3], blocks: [C]}
  - {id: foh, type: foh, name: FOH, at: [0.25, -10.2], size: [2.2, 1.5], riser: 0, clear: 0}
"""


@pytest.fixture(scope="module")
def scene():
    return sc.build(loads(HALL))


def test_every_object_is_named_with_the_places_it_takes(scene):
    table = sc.removed(scene)
    assert dict(zip(table.values["object"], table.values["where"])) == {
        "FOH": "C/H/9-13, C/J/9-13", "way out through D3": "C/M/9-12", "column K1": "C/C/2-3",
    }  # fmt: skip
    assert table.values["element"] == ["foh", "hall", "hall"]
    assert table.values["places"] == [10, 4, 2]


def test_each_place_that_is_gone_is_counted_once(scene):
    found = np.concatenate([one.seats for one in taken(scene)])
    assert np.array_equal(np.sort(found), np.flatnonzero(scene.laid_out.removed_by != ""))
    assert sum(len(one.seats) for one in taken(scene)) == len(scene.laid_out) - len(scene.seats)


def test_report_and_capacity_say_it_in_a_sentence(scene):
    words = "FOH takes 10 places: C/H/9-13, C/J/9-13"
    assert words in sc.check(scene).notes
    assert words in sc.capacity(scene).notes


def test_seats_of_odd_and_even_sides_are_named_as_selectors_name_them():
    data = loads(HALL).raw() | {"numbering": {"order": "odd_even"}}
    scene = sc.build(loads(HALL).again(data))
    (foh,) = (one for one in taken(scene) if one.name == "FOH")
    assert all("odd" in piece or "even" in piece or "," in piece for piece in foh.where), foh.where


def test_many_pieces_are_counted():
    scene = sc.build(
        loads(HALL.replace("size: [2.2, 1.5], riser: 0,", "size: [2.2, 8], riser: 0.3,").replace("-10.2", "-8"))
    )
    (foh,) = (one for one in taken(scene) if one.name == "FOH")
    assert foh.sentence.endswith(f" and {len(foh.where) - 6} more")


def test_where_nothing_is_in_the_way_nothing_is_taken():
    table = sc.removed(
        sc.build(
            loads(HALL.split("  - {id: foh")[0].replace("at: [-4, -5.2]", "at: [-7, 5]").replace("rows: 12", "rows: 9"))
        )
    )
    assert len(table) == 0
    assert table.notes == ("nothing that stands here takes a place",)
