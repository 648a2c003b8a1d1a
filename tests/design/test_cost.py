"""What an object costs: counted by hand, nothing for nothing, and only by what stands fixed."""

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.analysis.restricted import Bands
from stagecraft.design.cost import BLIND, REMOVED, Sights, bands_of, cost, kill_map, weighed
from stagecraft.errors import VenueError
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-7, 7], y: [-14, 6], height: 6}
  - {id: stage, type: stage, size: [8, 4], height: 1, at: [0, 0]}
  - {id: speaker, type: presenter, on: stage, at: [0, 1]}
  - {id: A, type: seating, rows: 10, seats: 20, width: 0.5, pitch: 1.0, front: [0, -2.5], chair: null, own_depth: 0.5}
  - {id: desk, type: platform, at: [0, -7], size: [2, 2], height: 0.4}
  - {id: wall, type: scenery, at: [2, -3.5], size: [1.4, 0.2, 2.4]}
"""


@pytest.fixture(scope="module")
def hall():
    return loads(HALL.replace("}", "}"))


def test_seats_removed_are_those_under_the_rectangle(hall):
    found = kill_map(hall, "desk")
    scene = sc.build(hall)
    every = scene.laid_out
    under = (np.abs(every.at[:, 0]) < 1 + 0.25 - 0.01) & (np.abs(every.at[:, 1] + 7) < 1 + 0.25 - 0.01)
    assert under.sum() == 2 * 4, "two rows a metre apart, four places of half a metre each"
    assert set(found.ids(found.removed)) == set(every.ids[under].tolist())
    assert not found.spoiled.any()
    assert found.sentence == "desk costs 8 seats; 0 downgraded"


def test_a_wall_spoils_who_sits_behind_it_and_nobody_else(hall):
    found = kill_map(hall, "wall")
    behind = found.seats.at[found.spoiled]
    assert found.spoiled.sum() > 5
    assert found.low > 0
    assert (behind[:, 1] < -3.5).all()
    assert (behind[:, 0] > 1.3).all(), "the stage is in the middle: its shadow falls outwards"
    assert set(found.target[found.spoiled].tolist()) == {"speaker"}
    assert (found.share_after[found.spoiled] < found.share_before[found.spoiled]).all()


def test_doing_nothing_costs_nothing(hall):
    for found in (kill_map(hall, "desk", instead=hall), kill_map(hall, "speaker")):
        assert not found.removed.any()
        assert not found.spoiled.any()
        assert found.score == 0.0
        assert found.low == found.gained == 0
    scene = sc.build(hall)
    assert not cost(scene, scene).order.size


def test_every_seat_is_counted_once(hall):
    for id in ("desk", "wall"):
        found = kill_map(hall, id)
        for when in (found.before, found.after):
            assert sum(found.counts(when).values()) + (when == REMOVED).sum() + (when == BLIND).sum() == len(
                found.seats
            )
        assert found.summary().values["without"][-1] == 0
        assert len(found.table()) == found.removed.sum() + found.spoiled.sum()


def test_a_way_back_gives_the_seats_back(hall):
    data = hall.raw()
    data["elements"] = [one for one in data["elements"] if one["id"] != "desk"]
    found = kill_map(hall, "desk", instead=hall.again(data))
    assert found.removed.sum() == 8
    back = kill_map(hall.again(data), "desk", instead=hall)
    assert back.gained == 8
    assert back.sentence == "desk costs 0 seats; 0 downgraded; 8 are there only with it"


def test_bands_are_the_rules_not_ours(hall):
    scene = sc.build(hall)
    bare = sc.build(hall.replace("wall", at=[4, 5]))
    strict = Bands({"good": 0.9999, "bad": 0.0}, 1.0)
    found = cost(bare, scene, "wall", strict)
    assert found.bands == ("good", "bad")
    with_any_loss = found.share_after < found.share_before - 1e-9
    assert np.array_equal(found.spoiled, with_any_loss & (found.share_before >= 0.9999))
    assert found.low == 0, "no band of that name"


def test_killed_seats_cost_nothing(hall):
    data = hall.raw() | {"places": [{"seats": "A/*", "kill": "staff"}]}
    try:
        found = kill_map(hall.again(data), "desk")
    except VenueError:
        data["places"][0]["seats"] = "A"
        found = kill_map(hall.again(data), "desk")
    assert len(found.seats) == 0
    assert found.sentence == "desk costs 0 seats: there are none, or all are killed"


def test_money_is_the_price_of_the_seats_removed_and_no_discount_is_invented(hall):
    assert kill_map(hall, "desk").money is None
    priced = hall.again(hall.raw() | {"prices": {"currency": "EUR", "standard": 40, "VIP": 90},
                                      "places": [{"seats": "A/A-E", "category": "VIP"}]})  # fmt: skip
    found = kill_map(priced, "desk")
    rows = found.seats.row[found.removed].tolist()
    assert found.money == sum(90 if row <= "E" else 40 for row in rows) == 4 * 90 + 4 * 40
    assert "8 seats (520 EUR)" in found.sentence
    half = kill_map(priced.again(priced.raw() | {"prices": {"currency": "EUR", "VIP": 90}}), "desk")
    assert "8 seats (360 EUR, 4 without a price)" in half.sentence
    wall = kill_map(priced, "wall")
    listed = wall.table()
    assert [column.head for column in listed.columns][-1] == "price EUR"
    for kind, price in zip(listed.values["cost"], listed.values["price"]):
        assert price in (40, 90), kind


def test_a_seat_is_named_with_the_view_that_its_share_is_of(hall):
    """One view loses half, from all to a half; the other less, but is left with less: its share and its name are told."""
    full = kill_map(hall, "wall")
    one = full.seats.where(np.array([0]))
    old = Sights(("picture", "speaker"), np.array([[1.0], [0.7]]), np.ones(2))
    found = weighed("pole", bands_of(()), one, old, np.array([[0.5], [0.45]]), np.array([False]))
    assert (found.target.tolist(), found.share_after.tolist()) == (["speaker"], [0.45])
    table = found.table()
    assert (table.values["target"], table.values["share"]) == (["speaker"], [45])
    assert table.notes[0] == "pole costs 0 seats; 1 downgraded, 1 of them to a restricted or severe view"
    assert table.notes[1].startswith(
        "view: share seen past fixed things of what the seat sees least of, by HOUSE-VIEW: clear"
    )
    kept = weighed("pole", bands_of(()), one, old, np.array([[0.8], [0.7]]), np.array([False]))
    assert (kept.target.tolist(), kept.spoiled.tolist()) == (["picture"], [False])


def test_weights_say_what_counts(hall):
    data = hall.raw()
    data["elements"] += [{"id": "clock", "type": "target", "at": [-6, -1, 5]}]
    plain = kill_map(hall.again(data), "wall")
    heavy = kill_map(hall.again(data | {"weights": {"speaker": 3}}), "wall")
    assert 0 < plain.score < heavy.score
    hit = plain.lost > 1e-9
    ratio = heavy.lost[hit] / plain.lost[hit]
    assert np.isclose(ratio.max(), (3 / 4) / (1 / 2)), "of two things one, and of four three"
    assert (ratio <= 1.5 + 1e-9).all()


def test_a_twin_goes_with_its_other_half_and_what_stands_on_it_too(hall):
    data = hall.raw()
    data["elements"][4] |= {"at": [3, -7], "mirror": True}
    twice = hall.again(data)
    assert kill_map(twice, "desk").removed.sum() == 16
    assert kill_map(twice, "desk_mirror").removed.sum() == 8


def test_a_column_is_known_by_its_own_name():
    venue = loads(HALL.replace("height: 6}", "height: 6, columns: [{id: K1, at: [-2, -4.6], diameter: 0.6}]}", 1))
    found = kill_map(venue, "K1")
    assert found.removed.sum() > 0
    assert found.spoiled.sum() > 0


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("A", "A   is of type seating: it is no object that costs others their seats"),
        ("dsk", "no element is called 'dsk'; did you mean 'desk'?"),
        ("", "no element is called ''"),
    ],
)
def test_what_is_not_there_is_said(hall, id, words):
    with pytest.raises(VenueError, match=words.replace("?", r"\?")):
        kill_map(hall, id)


def test_no_seats_and_nothing_to_see():
    bare = loads("schema: 1\nname: T\nelements:\n  - {id: desk, type: platform, size: [2, 2], height: 0.4}\n")
    assert kill_map(bare, "desk").sentence == "desk costs 0 seats: there are none, or all are killed"
    blind = loads(
        "schema: 1\nname: T\nelements:\n  - {id: A, type: seating, rows: 3, seats: 6}\n"
        "  - {id: desk, type: platform, at: [0, -1], size: [1, 1], height: 0.4}\n"
    )
    found = kill_map(blind, "desk")
    assert (found.before == BLIND).all()
    assert found.score == 0.0
    assert found.removed.any()
    assert "nothing to look at" in found.summary().values["band"]
    taken = int(found.removed.sum())
    assert found.sentence == (
        f"desk costs {taken} seat{'s' if taken > 1 else ''}; what is seen is not weighed, as no seat faces a target, "
        "a presenter or a screen"
    )
