"""A seating plan that is sold from already: its seats stand where it has them, keep their labels and their ids."""

import json

import numpy as np
import pytest

from stagecraft.analysis.banks import banks
from stagecraft.build import build
from stagecraft.errors import VenueError
from stagecraft.export.pretix import against, pretix, pretix_problems
from stagecraft.scene import Note, SeatRow
from stagecraft.venue.load import load
from tests.export.test_pretix import SEATING, STAGE, TABLES, house

from ._site import records

FILE = "pretix-56-seats.json"


def imported(folder, plan, more=""):
    """A venue that stands on a plan alone."""
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "venue.yaml").write_text(
        f"name: T\nelements:\n  - {{id: sold, type: seat_plan, file: plan.json, scale: 50}}\n{more}"
    )
    return build(load(folder / "venue.yaml"))


def test_fifty_six_seats_of_a_plan_stand_at_half_a_metre_with_its_labels_and_ids():
    rows = records("seat_plan", SeatRow, file=FILE)
    assert [row.count for row in rows] == [14] * 4
    assert rows[0].ids[0] == "it/stalls-A-1"
    assert rows[0].row.tolist() == ["A"] * 14
    assert rows[0].seat.tolist() == [str(n) for n in range(1, 15)]
    assert np.linalg.norm(np.diff(rows[0].at, axis=0), axis=1).min() == pytest.approx(0.5)
    assert (rows[0].facing == 90.0).all()
    assert sum((row.place == "wheelchair").sum() for row in rows) == 2


def test_a_gangway_in_a_row_parts_its_sections():
    assert {len(set(row.section.tolist())) for row in records("seat_plan", SeatRow, file=FILE)} == {2}


def test_without_a_scale_it_is_taken_from_the_spacing_and_said():
    (note,) = [note for note in records("seat_plan", Note, file=FILE, scale=None) if note.kind == "stand_in"]
    assert "25 pixels from seat to seat taken for 500 mm: 50 pixels a metre" in note.text
    given, taken = (records("seat_plan", SeatRow, file=FILE, scale=s)[0].at for s in (50, None))
    assert np.allclose(given, taken)


def test_a_plan_that_comes_in_and_goes_out_again_loses_no_seat_and_no_category(tmp_path):
    rules = [{"seats": "C/A/1-2", "category": "VIP"}, {"seats": "W/A/1-2", "category": "VIP"}]
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 4,
        "front": [0, -8],
        "pattern": ["wheelchair", "companion"],
    }
    scene = house(SEATING, STAGE, access, TABLES | {"at": [0, -12]}, places=rules)
    plan = pretix(scene)
    again = pretix(imported(tmp_path, plan))
    assert pretix_problems(again) == []
    changed = against(again, plan)
    assert (changed.vanished, changed.new, changed.moved) == ((), (), 0)
    labels = [
        {(zone["name"], row["row_number"], seat["seat_number"], seat["seat_guid"])
         for zone in p["zones"] for row in zone["rows"] for seat in row["seats"]} for p in (plan, again)
    ]  # fmt: skip
    assert labels[0] == labels[1]


def test_curved_rows_come_back_within_a_pixel_and_look_where_they_looked(tmp_path):
    scene = house({**SEATING, "curve": 12, "seats": 16, "blocks": ["A"]})
    back = imported(tmp_path, pretix(scene))
    first, second = (s.seats.at[:, :2] - s.seats.at[0, :2] for s in (scene, back))
    assert np.abs(first - second).max() < 0.03
    assert np.abs(scene.seats.facing - back.seats.facing).max() < 5.0
    assert [row.seat.tolist() for row in scene.seat_rows] == [row.seat.tolist() for row in back.seat_rows]


def test_wheelchair_places_that_stand_deeper_turn_nobody(tmp_path):
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 6,
        "front": [0, -8],
        "pattern": ["wheelchair", "companion"],
    }
    back = imported(tmp_path, pretix(house(access)))
    assert np.abs(back.seats.facing - 90.0).max() < 3.0


def test_a_row_that_the_file_has_from_right_to_left_still_runs_from_its_audiences_left(tmp_path):
    plan = pretix(house({**SEATING, "rows": 1}))
    for row in plan["zones"][1]["rows"]:
        row["seats"].reverse()
    row = imported(tmp_path, plan).seat_rows[1]
    assert (np.diff(row.at[:, 0]) > 0).all()
    assert row.seat.tolist() == list("123456")


def test_numbering_and_neighbours_treat_its_rows_as_they_are(tmp_path):
    numbering = (
        "  - {id: S, type: seating, rows: 1, seats: 4, front: [0, -20]}\nnumbering: {rows: numbers, start: 101}\n"
    )
    scene = imported(tmp_path, pretix(house({**SEATING, "rows": 2})), numbering)
    assert scene.seats.seat[scene.seats.element == "S"].tolist() == ["101", "102", "103", "104"]
    assert (
        scene.seats.row[scene.seats.element == "sold"].tolist()
        == ["A"] * 4 + ["B"] * 4 + ["A"] * 6 + ["B"] * 6 + ["A"] * 4 + ["B"] * 4
    )
    assert len(banks(scene)) == 7


def test_rules_of_places_reach_its_seats(tmp_path):
    scene = imported(tmp_path, pretix(house(SEATING)), "places: [{seats: C/A/1-2, kill: pillar}]\n")
    assert scene.seats.ids[scene.seats.status == "kill"].tolist() == ["sold/S/1/-3", "sold/S/1/-2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "is no JSON"), ("[]", "is no seating plan: it has no zones"), ('{"zones": []}', "has no seats"),
        ('{"zones": [3]}', "zone 1 of 'plan.json' has no list of rows"),
        ('{"zones": [{"name": "A", "rows": [{"seats": [{}]}]}]}', "a seat of A, row 1 of 'plan.json' has no seat_guid"),
        ('{"zones": [{"rows": [{"seats": [{"seat_guid": "a1", "position": {"x": NaN, "y": 0}}]}]}]}', "nan is no number of pixels"),
        ('{"zones": [{"rows": [{"seats": [{"seat_guid": "a1"}, {"seat_guid": "a1"}]}]}]}', "has the seat id 'a1' twice"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_met_with_what_it_lacks(tmp_path, data, words):
    (tmp_path / "plan.json").write_text(data)
    (tmp_path / "venue.yaml").write_text("name: T\nelements:\n  - {id: sold, type: seat_plan, file: plan.json}\n")
    with pytest.raises(VenueError, match=r"venue\.yaml:3") as error:
        build(load(tmp_path / "venue.yaml"))
    assert words in str(error.value)


def test_one_seat_and_a_plan_without_positions_stand(tmp_path):
    plan = {"zones": [{"rows": [{"seats": [{"seat_guid": "a1"}]}]}]}
    scene = imported(tmp_path, plan)
    assert scene.seats.ids.tolist() == ["sold/a1"]
    assert [zone["rows"][0]["seats"][0]["seat_guid"] for zone in pretix(scene)["zones"]] == ["a1"]


def test_a_plan_has_no_twin():
    with pytest.raises(ValueError, match="every seat of a plan has its id once"):
        records("seat_plan", file=FILE, mirror=True)
