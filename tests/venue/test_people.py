"""How large people are, whether they stand, what counts and what places cost: from the venue file into the scene."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from stagecraft import people
from stagecraft.assets import folder
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.elements import People
from stagecraft.scene import Stature
from stagecraft.venue.document import Venue
from stagecraft.venue.load import loads
from stagecraft.venue.reference import house_text

SETS = ("default", "low", "p5", "p50", "p95", "children")
ROWS = [
    {"id": "A", "type": "seating", "rows": 3, "seats": 4, "front": [0, -3], "riser": 0.2},
    {"id": "W", "type": "seating", "rows": 1, "seats": 4, "front": [0, -8], "pattern": ["wheelchair", "companion"]},
    {"id": "T", "type": "tables", "item": "fur.table.round6", "seats": 8, "count": 2, "at": [0, -14]},
]


def scene(elements=ROWS, state=(None, None), **house):
    return build(Venue.model_validate({"name": "T", "elements": elements, **house}), *state)


def eye_heights(house, place):
    seats = house.seats.where(house.seats.place == place)
    return (seats.eyes[:, 2] - seats.at[:, 2]).tolist()


def test_every_figure_of_every_set_has_a_source_and_says_how_far_it_is_to_be_trusted():
    with (folder("people") / "statures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["set"] for row in rows} == set(SETS)
    assert {row["figure"] for row in rows if row["set"] == "default"} == set(people.FIGURES)
    assert all(row["figure"] in people.FIGURES and row["source"] for row in rows)
    assert {row["confidence"] for row in rows} <= {"B", "C", "D"}
    assert all("memory" in row["source"] for row in rows if row["set"] == "children")
    assert len({(row["set"], row["figure"]) for row in rows}) == len(rows)


def test_the_figures_of_a_house_that_says_nothing_are_written_once():
    """The set, the fields' defaults and the scene's own."""
    written = {name: field.default for name, field in People.model_fields.items()}
    assert {name: figure.value for name, figure in people.figures().items()} == {n: written[n] for n in people.FIGURES}
    assert replace(scene().stature, source="") == Stature()
    assert (Stature().eye, Stature().head, Stature().wheelchair_eye, Stature().standing_eye) == (1.2, 0.12, 1.15, 1.6)


def test_the_5th_percentile_is_smaller_than_the_95th_in_every_size():
    low, middle, high = (people.figures(name) for name in ("p5", "p50", "p95"))
    sizes = [name for name in people.FIGURES if "spread" not in name and name != "eyes_apart"]
    for name in sizes:
        assert low[name].value < middle[name].value < high[name].value, name


@pytest.mark.parametrize(
    ("name", "seated", "wheelchair"),
    [("default", 1.20, 1.15), ("low", 1.12, 1.15), ("p5", 1.095, 1.08), ("p50", 1.175, 1.15), ("p95", 1.255, 1.25),
     ("children", 1.04, 1.0)],
)  # fmt: skip
def test_a_set_raises_or_lowers_every_eye(name, seated, wheelchair):
    house = scene(people={"stature": name})
    for place in ("chair", "companion", "table"):
        assert eye_heights(house, place) == pytest.approx([seated] * len(eye_heights(house, place)))
    assert eye_heights(house, "wheelchair") == pytest.approx([wheelchair] * 2)
    assert (house.stature.name, house.stature.eye, house.about.head) == (name, seated, house.stature.head)
    assert house.about.people == house.stature.source


def test_a_figure_written_beside_the_set_wins_and_the_source_says_so():
    house = scene(people={"stature": "p5", "eye": 1.10})
    assert (house.stature.eye, house.stature.head, house.stature.shoulder_breadth) == (1.10, 0.10, 0.355)
    assert house.about.people.startswith("stature p5: eye 1.10 m: as the venue file says; head 0.10 m: theatre books")
    assert scene(people={"source": "measured"}).about.people == "measured"
    assert scene(people={"eye": 1.20}).about.people == scene().about.people


def test_feet_and_metres_mean_the_same_people():
    feet, metres = (scene(people={"eye": eye, "head": head}) for eye, head in (("3'-8\"", "5 in"), (1.1176, 0.127)))
    assert feet.seats.eyes == pytest.approx(metres.seats.eyes, abs=1e-12)
    assert (feet.stature.eye, feet.stature.head) == pytest.approx((metres.stature.eye, metres.stature.head), abs=1e-12)
    assert feet.stature.source == metres.stature.source


def test_turning_and_shifting_a_block_changes_no_eye_height():
    far = [{**row, "turn": 40, ("at" if row["type"] == "tables" else "front"): [4000, -3000]} for row in ROWS]
    for people_ in ({"stature": "children"}, {"stature": "p95", "audience": "standing"}):
        here, there = scene(people=people_).seats, scene(far, people=people_).seats
        assert there.eyes[:, 2] == pytest.approx(here.eyes[:, 2], abs=1e-9)
        assert np.array_equal(there.upright, here.upright)


def test_a_place_made_another_by_rule_has_its_eye():
    rules = [
        {"seats": "A/A/1", "place": "wheelchair"}, {"seats": "A/A/2", "place": "standing"},
        {"seats": "W/A/1", "place": "chair"},
    ]  # fmt: skip
    house = scene(places=rules, people={"stature": "p95"})
    height = dict(zip(house.seats.ids.tolist(), (house.seats.eyes[:, 2] - house.seats.at[:, 2]).tolist()))
    first, second = house.seats.ids[(house.seats.element == "A") & (house.seats.key == 1)][:2]
    assert (height[first], height[second]) == pytest.approx((1.25, 1.77))
    one = house.seats.ids[house.seats.element == "W"][0]
    assert height[one] == pytest.approx(1.255)
    assert house.seats.upright.sum() == 1


def test_when_the_audience_stands_all_but_wheelchair_users_do():
    seated, standing = scene(), scene(people={"audience": "standing", "stature": "p95"})
    for place in ("chair", "companion", "table"):
        assert eye_heights(standing, place) == pytest.approx([1.77] * len(eye_heights(standing, place)))
    assert eye_heights(standing, "wheelchair") == pytest.approx([1.25] * 2)
    assert (standing.seats.upright == (standing.seats.place != "wheelchair")).all()
    assert not seated.seats.upright.any()
    assert np.array_equal(seated.seats.eyes[:, :2], standing.seats.eyes[:, :2])
    assert seated.items.keys() == standing.items.keys()  # the chairs stay


def test_the_report_says_that_the_audience_stands():
    assert not [note for note in check(scene()).notes if "people" in note]
    (note,) = [note for note in check(scene(people={"audience": "standing", "source": "us"})).notes if "people" in note]
    assert note == "people: the audience stands; us"
    assert "people: stature p5: eye 1.095 m" in "\n".join(check(scene(people={"stature": "p5"})).notes)


def test_people_of_a_set_up_and_a_cue_differ_in_what_they_say():
    house = {
        "people": {"stature": "p5"}, "setups": {"day": {}, "gala": {"people": {"eye": 1.3}}},
        "cues": {"ovation": {"setup": "gala", "people": {"audience": "standing"}}},
    }  # fmt: skip
    day, gala, ovation = (scene(state=state, **house) for state in (("day",), ("gala",), (None, "ovation")))
    assert [s.stature.eye for s in (day, gala, ovation)] == [1.095, 1.3, 1.3]
    assert [bool(s.seats.upright.any()) for s in (day, gala, ovation)] == [False, False, True]
    assert eye_heights(ovation, "chair") == pytest.approx([1.43] * 12)


def test_a_mirrored_twin_stands_too():
    house = scene([{**ROWS[1], "front": [5, -8], "mirror": True}], people={"audience": "standing"})
    assert house.seats.upright.sum() == 4
    assert (house.seats.upright == (house.seats.place == "companion")).all()


def test_places_cost_what_their_category_does():
    rules = [{"seats": "A/A", "category": "VIP"}, {"seats": "A/B", "category": "press"}]
    house = scene(places=rules, prices={"currency": "EUR", "VIP": 120, "standard": 60})
    price = {(str(b), str(r)): p for b, r, p in zip(house.seats.block, house.seats.row, house.seats.price)}
    assert (price["A", "A"], price["A", "C"], house.currency) == (120.0, 60.0, "EUR")
    assert np.isnan(price["A", "B"])  # nobody said what press costs
    assert np.isnan(scene(places=rules).seats.price).all()
    assert scene().currency == ""


def test_weights_are_those_of_the_file():
    seen = [{"id": "p", "type": "presenter"}, {"id": "s", "type": "screen", "image": [2, 1], "at": [0, 1, 2]}]
    house = scene([*ROWS, *seen], feeds={"imag": ["s"]}, weights={"imag": 2, "p": 0})
    assert dict(house.weights) == {"imag": 2.0, "p": 0.0}


def test_a_set_up_weighs_otherwise():
    seen = [{"id": "p", "type": "presenter"}, {"id": "q", "type": "presenter", "at": [1, 0]}]
    house = {"weights": {"p": 2, "q": 3}, "setups": {"day": {}, "gala": {"weights": {"p": 5}}}}
    assert dict(scene([*ROWS, *seen], ("day",), **house).weights) == {"p": 2.0, "q": 3.0}
    assert dict(scene([*ROWS, *seen], ("gala",), **house).weights) == {"p": 5.0, "q": 3.0}


def test_a_room_file_brings_its_weights(tmp_path):
    (tmp_path / "room.yaml").write_text("name: R\nelements: [{id: p, type: presenter}]\nweights: {p: 3}\n")
    text = "name: E\nuses: [room.yaml]\nelements: [{id: q, type: presenter, at: [2, 0]}]\nweights: {q: 2}\n"
    assert dict(build(loads(text, str(tmp_path / "e.yaml"), tmp_path)).weights) == {"p": 3.0, "q": 2.0}


def test_what_can_be_written_is_explained():
    assert "children           eye 1.04 m: from memory" in house_text("people")
    assert "p5                 eye 1.095 m: Pheasant" in house_text("people")
    assert "currency           required" in house_text("prices")
    assert house_text("weights").startswith("weights: How much a feed")
