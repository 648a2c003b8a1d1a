"""A retractable unit: a box when it is closed, tiers when it is open, and always the same seats."""

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.scene import Edge, Part, SeatRow, Walkway
from stagecraft.venue.document import Venue

from ._site import element, records

UNIT = {"rows": 6, "seats": [5, 5], "pitch": 0.9, "riser": 0.3, "stored_depth": 1.3, "gangway": 1.0, "rails": []}
LENGTH = 10 * 0.5 + 1.0


def parts(open_rows, **fields):
    return {part.name: part for part in records("telescopic", Part, **UNIT, open_rows=open_rows, **fields)}


def test_closed_it_is_a_box_as_high_as_its_last_row_and_nobody_sits_on_it():
    (box,) = records("telescopic", **UNIT, open_rows=0)
    assert box.solid.volume == pytest.approx(LENGTH * 1.3 * 6 * 0.3)
    assert box.bounds == pytest.approx(np.array([[-LENGTH / 2, 0, 0], [LENGTH / 2, 1.3, 1.8]]))


@pytest.mark.parametrize("open_rows", [1, 2, 3, 4, 5])
def test_half_open_it_is_its_front_rows_before_what_is_folded_together(open_rows):
    found = parts(open_rows)
    n = open_rows
    assert found["tiers"].solid.volume == pytest.approx(LENGTH * 0.9 * 0.3 * n * (n + 1) / 2)
    assert found["stack"].solid.volume == pytest.approx(LENGTH * 1.3 * 1.8)
    assert found["tiers"].bounds[:, 1] == pytest.approx([1.3, 1.3 + n * 0.9])
    rows = records("telescopic", SeatRow, **UNIT, open_rows=n)
    assert [row.key for row in rows] == list(range(1, n + 1))
    assert [row.at[0, 2] for row in rows] == pytest.approx(0.3 * np.arange(1, n + 1))
    edges = records("telescopic", Edge, **UNIT, open_rows=n)
    assert len(edges) == 2 * n, "behind the last open row stands the stack"


def test_all_open_its_last_row_stands_on_the_deck_that_never_moves():
    found = parts(6)
    assert set(found) == {"tiers"}
    assert found["tiers"].solid.volume == pytest.approx(LENGTH * (0.9 * 0.3 * 15 + 1.3 * 1.8))
    assert found["tiers"].bounds[:, 1] == pytest.approx([0.0, 1.3 + 5 * 0.9])
    assert found["tiers"].solid.is_closed
    assert len(records("telescopic", Edge, **UNIT, open_rows=6)) == 13
    assert parts(None)["tiers"].bounds == pytest.approx(found["tiers"].bounds)


def test_its_gangway_has_a_tread_a_row():
    (way,) = records("telescopic", Walkway, **UNIT, open_rows=4)
    assert way.treads == pytest.approx(0.3 * np.arange(1, 5))


def test_a_set_up_opens_and_closes_it_and_its_seats_keep_their_ids_and_labels():
    venue = Venue.model_validate({
        "name": "T",
        "elements": [{"id": "U", "type": "telescopic", "at": [0, -8.45], **UNIT},
                     {"id": "floor", "type": "seating", "rows": 6, "seats": 8, "front": [0, -2]}],
        "setups": {"lecture": {}, "half": {"set": {"U": {"open_rows": 3}}}, "dance": {"set": {"U": {"open_rows": 0}}}},
    })  # fmt: skip
    lecture, half, dance = (build(venue, name) for name in ("lecture", "half", "dance"))

    def labels(scene):
        laid = scene.laid_out
        mine = laid.element == "U"
        return {i: (b, r, s) for i, b, r, s in zip(laid.ids[mine], laid.block[mine], laid.row[mine], laid.seat[mine])}

    assert len(labels(lecture)) == 60
    assert labels(half) == {id: label for id, label in labels(lecture).items() if int(id.split("/")[1]) <= 3}
    assert labels(dance) == {}
    on_floor = [sorted(set(s.seats.key[s.seats.element == "floor"].tolist())) for s in (lecture, half, dance)]
    assert on_floor == [[1], [1, 2, 3], [1, 2, 3, 4, 5]], "loose chairs stand as far as the unit leaves the floor"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"open_rows": 7}, "7 of 6 rows cannot be open"),
        ({"stored_depth": 0.5}, r"stored_depth of 0\.5 m is less than a row, 0\.9 m"),
        ({"gangway": [1, 1]}, "gangway lists 2 widths; 2 blocks have 1 gangways"),
        ({"blocks": ["X"]}, "blocks lists 1 names; there are 2 blocks"),
    ],
)
def test_what_cannot_be_is_told(fields, message):
    with pytest.raises(ValueError, match=message):
        element("telescopic", **{**UNIT, **fields})
