"""Which places an object takes: counted by hand, and the same whichever way it is asked."""

import numpy as np

from stagecraft.analysis.taken import SHARE, Places, without_taken
from stagecraft.build import build, without
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame
from stagecraft.scene import Part
from stagecraft.venue.load import loads
from tests.analysis._house import row

ROWS = [row(k + 1, np.c_[np.arange(10) * 0.5 + 0.25, np.full(10, -k)], width=0.5, depth=0.5) for k in range(6)]
"""Six rows of ten: places of half a metre, a metre apart, from x = 0 to 5."""


def block(x, y, width, depth, low=0.0, high=1.0, **more):
    solid = shapes.box(width, depth, high - low)
    return Part("box", solid, frame((x, y, low))[None], "item", takes_seats=True, **more)


def test_an_object_takes_the_places_that_it_stands_on_and_touches_the_rest():
    taken = Places(ROWS).taken([block(2.5, -2.5, 2.0, 1.5)])
    assert (taken == "box").sum() == 2 * 4, "rows 3 and 4, four places each; it only touches the fifth"
    assert set(np.flatnonzero(taken == "box") // 10) == {2, 3}


def test_a_sliver_is_touching():
    depth = 0.5
    for reach, count in ((0.9 * SHARE / depth, 0), (1.1 * SHARE / depth, 1)):
        taken = Places(ROWS).taken([block(-0.5 + reach, 0.0, 1.0, depth)])
        assert (taken != "").sum() == count


def test_what_hangs_over_the_heads_takes_nobody():
    assert not (Places(ROWS).taken([block(2.5, -2.5, 2.0, 2.0, 1.2, 2.0)]) != "").any()
    assert (Places(ROWS).taken([block(2.5, -2.5, 2.0, 2.0, 1.19, 2.0)]) != "").any()


def test_no_rows_and_no_objects():
    assert len(Places([]).taken([block(0, 0, 1, 1)])) == 0
    assert not (Places(ROWS).taken([]) != "").any()
    assert [one.removed_by.tolist() for one in without_taken(ROWS, [])] == [[""] * 10] * 6


HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-6, 6], y: [-12, 6], height: 5}
  - {id: A, type: seating, rows: 8, seats: 14, front: [0, -2], chair: null}
  - {id: desk, type: platform, at: [0, -6], size: [2, 2], height: 0.4}
  - {id: lectern, type: lectern, on: desk}
"""


def test_without_an_object_its_seats_are_back_and_what_stood_on_it_is_gone():
    venue = loads(HALL)
    scene = build(venue)
    bare = without(scene, ["desk"])
    data = venue.raw()
    data["elements"] = data["elements"][:2]
    never = build(venue.again(data))
    assert len(scene.seats) < 112 == len(bare.seats) == len(never.seats)
    assert [part.label for part in bare.parts] == [part.label for part in never.parts]
    assert bare.elements.keys() == never.elements.keys() == {"hall", "A"}
    assert bare.seats.ids.tolist() == never.seats.ids.tolist()


def test_without_nothing_is_what_there_was():
    scene = build(loads(HALL))
    same = without(scene, [])
    assert same.laid_out.removed_by.tolist() == scene.laid_out.removed_by.tolist()
    assert [part.tags for part in same.parts if part.of_seats] == [part.tags for part in scene.parts if part.of_seats]
