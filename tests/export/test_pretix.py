"""The pretix seating plan: valid by its schema, refused where pretix would refuse it or lose a seat, stable over issues."""

from __future__ import annotations

import copy
import io
import json
from itertools import pairwise
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from stagecraft.build import build
from stagecraft.cli import cli
from stagecraft.errors import VenueError
from stagecraft.export.pretix import against, layout, pretix, pretix_problems, write_pretix
from stagecraft.export.write import write
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load

DATA = Path(__file__).parents[1] / "data"
ROOMS = sorted((DATA / "rooms").glob("*.yaml"))
SCHEMA = jsonschema.Draft7Validator(json.loads((DATA / "pretix-seating-plan.schema.json").read_text()))

STAGE = {"id": "stage", "type": "stage", "size": [8, 4], "height": "600 mm", "at": [0, 1]}
SEATING = {
    "id": "S", "type": "seating", "rows": 3, "seats": [4, 6, 4], "front": [0, -3], "blocks": ["L", "C", "R"],
}  # fmt: skip
TABLES = {
    "id": "T",
    "type": "tables",
    "item": "fur.table.round5",
    "seats": 8,
    "count": 6,
    "columns": 3,
    "at": [0, -4],
}
STANDING = {"id": "floor", "type": "standing", "size": [6, 4], "at": [0, -10]}


def house(*elements, **venue):
    room = {"id": "hall", "type": "room", "x": [-12, 12], "y": [-20, 8], "height": 6}
    return build(Venue.model_validate({"name": "T", **venue, "elements": [room, *elements]}))


def seats_of(plan):
    return [
        (zone, row, seat, (row["position"]["x"] + seat["position"]["x"], row["position"]["y"] + seat["position"]["y"]))
        for zone in plan["zones"] for row in zone["rows"] for seat in row["seats"]
    ]  # fmt: skip


def words(plan):
    return "\n".join(map(str, pretix_problems(plan)))


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_every_ordinary_room_is_valid_by_the_schema_of_pretix_and_by_its_further_rules(path):
    scene = build(load(path))
    plan = pretix(scene)
    SCHEMA.validate(plan)
    assert pretix_problems(plan) == []
    assert {seat["seat_guid"] for _, _, seat, _ in seats_of(plan)} == set(scene.seats.ids[scene.seats.status != "kill"])


def test_a_seat_lies_where_it_stands_fifty_pixels_a_metre_y_downwards():
    scene = house(SEATING, STAGE)
    laid = layout(scene)
    assert laid.scale == 50
    at = {seat["seat_guid"]: np.array(xy) for _, _, seat, xy in seats_of(pretix(scene))}
    for id, (x, y, _) in zip(scene.seats.ids.tolist(), scene.seats.at.tolist()):
        assert np.abs(at[id] - (laid.origin[0] + 50 * x, laid.origin[1] - 50 * y)).max() <= 0.5 + 1e-5
    assert (at["S/1/1"] - at["S/1/-1"]).tolist() == [25, 0]


def test_seats_never_touch_on_the_plan_however_near_they_stand():
    for width in ("0.5 m", "0.4 m", "0.3 m", "0.22 m"):
        plan = pretix(house({**SEATING, "width": width, "pitch": "0.8 m", "chair": None}))
        seats = [(np.array(xy, float), seat["radius"]) for _, _, seat, xy in seats_of(plan)]
        at, radius = np.array([xy for xy, _ in seats]), np.array([r for _, r in seats])
        away = np.linalg.norm(at[:, None] - at[None], axis=2) + 1e6 * np.eye(len(at))
        assert (away >= radius[:, None] + radius[None]).all()
        assert pretix_problems(plan) == []


def test_wheelchair_places_and_companions_have_categories_of_their_own_and_no_key():
    seating = {**SEATING, "rows": 1, "seats": 4, "blocks": ["C"]}
    rules = [{"seats": "C/A/1-2", "category": "VIP"}]
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 4,
        "front": [0, -8],
        "pattern": ["wheelchair", "companion"],
    }
    vip = [*rules, {"seats": "W/A/1-2", "category": "VIP"}]
    plan = pretix(house(seating, access, places=vip))
    kinds = {seat["seat_guid"]: seat["category"] for _, _, seat, _ in seats_of(plan)}
    assert sorted(set(kinds.values())) == [
        "Companion",
        "Standard",
        "VIP",
        "VIP companion",
        "VIP wheelchair",
        "Wheelchair",
    ]
    assert len({c["color"] for c in plan["categories"]} - {""}) == 4
    assert {key for _, _, seat, _ in seats_of(plan) for key in seat} == {
        "seat_guid", "seat_number", "uuid", "radius", "position", "category",
    }  # fmt: skip


def test_a_category_that_is_called_companion_is_not_mixed_with_companions_places():
    access = {"id": "W", "type": "seating", "rows": 1, "seats": 4, "front": [0, -8], "pattern": ["chair", "companion"]}
    plan = pretix(
        house(access, places=[{"seats": "W/A/1", "category": "Companion"}, {"seats": "W/A/3", "category": "Companion"}])
    )
    assert [seat["category"] for _, _, seat, _ in seats_of(plan)] == [
        "Companion", "Standard companion place", "Companion", "Standard companion place",
    ]  # fmt: skip


def test_held_places_stay_in_the_plan_and_killed_ones_do_not():
    rules = [{"seats": "C/A/1-2", "hold": "press"}, {"seats": "C/A/3", "kill": "no view"}]
    plan = pretix(house(SEATING, places=rules))
    assert len(seats_of(plan)) == 3 * 14 - 1
    numbers = [
        seat["seat_number"] for zone, row, seat, _ in seats_of(plan) if zone["name"] == "C" and row["row_number"] == "A"
    ]
    assert numbers == ["1", "2", "4", "5", "6"]


def test_tables_are_rows_with_their_own_label_and_a_circle():
    plan = pretix(house(TABLES))
    rows = plan["zones"][0]["rows"]
    assert [row["row_number"] for row in rows] == list("123456")
    assert {row["row_label"] for row in rows} == {"Table %s"}
    assert {len(row["seats"]) for row in rows} == {8}
    assert [area["shape"] for area in plan["zones"][0]["areas"]] == ["circle"] * 6


def test_a_house_without_seats_is_a_plan_with_its_standing_area():
    plan = pretix(house(STANDING, STAGE))
    SCHEMA.validate(plan)
    assert pretix_problems(plan) == []
    assert [area["text"]["text"] for area in plan["zones"][0]["areas"]] == ["STANDING FLOOR", "STAGE"]
    assert pretix_problems(pretix(build(Venue.model_validate({"name": "nothing", "elements": []})))) == []


def test_one_seat_is_a_plan():
    plan = pretix(
        build(Venue.model_validate({"name": "one", "elements": [{**SEATING, "rows": 1, "seats": 1, "blocks": ["A"]}]}))
    )
    assert len(seats_of(plan)) == 1
    assert pretix_problems(plan) == []


def test_only_what_all_readers_draw_alike_is_written():
    plan = pretix(house(SEATING, STAGE, STANDING, TABLES | {"at": [0, -13]}))
    for zone in plan["zones"]:
        assert zone["position"] == {"x": 0, "y": 0}
        assert isinstance(zone["areas"], list)
        assert all(row["position"]["x"] >= 0 and row["position"]["y"] >= 0 for row in zone["rows"])
        for area in zone["areas"]:
            assert area["shape"] != "polygon" or area["position"] == {"x": 0, "y": 0}
    assert all(
        s["position"][k] >= 0 and isinstance(s["position"][k], int) for _, _, s, _ in seats_of(plan) for k in "xy"
    )


def test_a_balcony_over_the_stalls_is_drawn_behind_them():
    scene = build(load(DATA / "rooms" / "townhall.yaml"))
    plan = pretix(scene)
    of = {seat["seat_guid"].split("/")[0]: [] for _, _, seat, _ in seats_of(plan)}
    for _, _, seat, (_, y) in seats_of(plan):
        of[seat["seat_guid"].split("/")[0]].append(y)
    assert min(of["circle"]) > max(of["stalls"]) + 50
    assert layout(scene).behind == ("circle",)


NAMES = ['Block "A" / left', "Ränge 🎭", "x" * 60]


def test_names_with_quotes_slashes_and_faces_come_through_whole():
    out = io.BytesIO()
    write_pretix(house({**SEATING, "id": "x" * 60, "blocks": NAMES}), out)
    plan = json.loads(out.getvalue())
    SCHEMA.validate(plan)
    assert [zone["name"] for zone in plan["zones"]] == NAMES


def test_the_same_venue_gives_the_same_bytes_and_write_knows_the_format(tmp_path):
    scene = house(SEATING, STAGE)
    first = write(scene, tmp_path / "seats.pretix.json", format="pretix").read_bytes()
    assert first == write(scene, tmp_path / "again.json", format="pretix").read_bytes()
    assert json.loads(first) == pretix(scene)


def test_a_label_given_twice_is_refused_with_its_place(tmp_path):
    twice = [{**SEATING, "id": id, "front": [0, y], "blocks": ["L", "C", "R"]} for id, y in (("a", -3), ("b", -8))]
    with pytest.raises(
        VenueError, match=r"zone 'L', row 'A' +given twice: seat 1, 2, 3, 4; a label belongs to one seat"
    ):
        write(house(*twice), tmp_path / "plan.json", format="pretix")
    assert not (tmp_path / "plan.json").exists()


# --- wrong plans


@pytest.fixture(scope="module")
def good():
    return pretix(house(SEATING, STAGE))


def seat(plan):
    return plan["zones"][0]["rows"][0]["seats"][0]


def put(key, value):
    return lambda plan: seat(plan).update({key: value})


WRONG = {
    "zone without a name": (lambda p: p["zones"][0].pop("name"), "zone 1", "has no name"),
    "unknown category": (put("category", "Gold"), "row 'A', seat '1'", "category 'Gold' is not among"),
    "guid given twice": (
        lambda p: seat(p).update(seat_guid=p["zones"][0]["rows"][0]["seats"][1]["seat_guid"]), "row 'A', seat '2'",
        "is already that of zone 'L', row 'A', seat '1'",
    ),
    "guid of one character": (put("seat_guid", "1"), "seat '1'", "one character"),
    "guid with a space": (put("seat_guid", " S/1"), "seat '1'", "begins or ends with a space"),
    "size that is no whole number": (lambda p: p["size"].update(width=640.5), "plan, size", "640.5 is no whole number"),
    "seat number that is a number": (put("seat_number", 1), "seat '1'", "1 is no text: put it in quotes"),
    "unknown key": (put("wheelchair", True), "seat '1'", "'wheelchair' is unknown to pretix"),
    "uuid given twice": (lambda p: seat(p).update(uuid=p["zones"][0]["uuid"]), "seat '1'", "is already that of zone 'L'"),
    "text too long": (put("seat_guid", "x" * 191), "seat '1'", "191 characters; 190 fit"),
    "seat off the plan": (lambda p: seat(p)["position"].update(x=90_000), "seat '1'", "outside the plan"),
    "zone without areas": (lambda p: p["zones"][1].pop("areas"), "zone 'C'", "has no areas: write it always"),
    "row without a position": (lambda p: p["zones"][0]["rows"][0].pop("position"), "zone 'L', row 'A'", "has no position"),
    "two zones of one name": (lambda p: p["zones"][1].update(name="L"), "zone 'L'", "two zones have this name"),
    "row of ten thousand": (
        lambda p: p["zones"][0]["rows"][0].update(seats=[
            {**seat(p), "seat_guid": f"s/{n}", "uuid": f"u{n}", "seat_number": f"s{n}"} for n in range(10_000)
        ]), "zone 'L', row 'A'", "has 10000 seats",
    ),
    "label of ten thousand": (put("seat_number", "10000"), "seat '10000'", "would sort it into the next row"),
    "position that is no whole number": (lambda p: seat(p)["position"].update(x=0.5), "seat '1', position", "0.5 is no whole number"),
    "no list of zones": (lambda p: p.update(zones=None), "plan", "zones null is no list"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_plan_is_refused_with_its_place(good, name):
    spoil, where, what = WRONG[name]
    plan = copy.deepcopy(good)
    spoil(plan)
    found = [problem for problem in pretix_problems(plan) if what in problem.message]
    assert found, words(plan)
    assert where in found[0].path


@pytest.mark.parametrize("junk", [None, [], 3, "x", {}, {"zones": [3]}, {"zones": [{"rows": [{"seats": [None]}]}]}])
def test_whatever_else_is_in_the_file_is_a_problem_and_no_traceback(junk):
    assert pretix_problems(junk)


@pytest.mark.parametrize("where", ["plan", "zone", "row", "seat"])
def test_what_the_schema_of_pretix_refuses_ours_refuses_too(good, where):
    """Every key taken away, and every value made another kind: whatever jsonschema refuses is named."""
    objects = {
        "plan": lambda p: p,
        "zone": lambda p: p["zones"][0],
        "row": lambda p: p["zones"][0]["rows"][0],
        "seat": seat,
    }
    for key in list(objects[where](good)):
        for spoil in (lambda o, k: o.pop(k), lambda o, k: o.update({k: 3.5}), lambda o, k: o.update({k: []})):
            plan = copy.deepcopy(good)
            spoil(objects[where](plan), key)
            if not SCHEMA.is_valid(plan):
                assert pretix_problems(plan), (where, key)


# --- issues


def test_an_issue_names_seats_that_vanish_and_counts_new_and_moved_ones():
    before = pretix(house(SEATING))
    rules = [{"seats": "C/A/3", "kill": "no view"}, {"seats": "L/*/*", "category": "VIP"}]
    after = pretix(house({**SEATING, "rows": 4}, places=rules))
    changed = against(after, before)
    assert changed.vanished == ("S/1/-1",)
    assert len(changed.new) == 14
    assert changed.moved == 12


HOUSE = [
    {**SEATING, "blocks": ["L", "R"], "seats": [4, 4], "gangway": "1.2 m"},
    {"id": "D", "type": "tables", "item": "fur.table.round6", "seats": 6, "count": 2, "at": [0, -14]},
]
STORIES = {
    "a row more": ({"rows": 4}, {}, 0, 8, 0, 0),
    "a wider gangway": ({"gangway": "1.8 m"}, {}, 0, 0, 0, 0),
    "a block with another name": ({"blocks": ["Left", "R"]}, {}, 0, 0, 0, 12),
    "rows lettered from behind": ({}, {"numbering": {"rows": "letters", "rows_from": "back"}}, 0, 0, 0, 16),
    "two places more in each row": ({"seats": [5, 5]}, {}, 0, 6, 0, 12),
    "a column takes two places": ({"without": ["2/-1", "3/-1"]}, {}, 2, 0, 0, 0),
    "a row killed": ({}, {"places": [{"seats": "L/A", "kill": "staff"}]}, 4, 0, 0, 0),
    "a row held": ({}, {"places": [{"seats": "L/A", "hold": "press"}]}, 0, 0, 0, 0),
    "a row of another category": ({}, {"places": [{"seats": "L/A", "category": "VIP"}]}, 0, 0, 4, 0),
}


@pytest.mark.parametrize("story", STORIES)
def test_an_issue_keeps_every_seat_that_is_not_touched_and_counts_what_is(story):
    fields, venue, *counts = STORIES[story]
    before = pretix(house(*HOUSE))
    after = pretix(house({**HOUSE[0], **fields}, HOUSE[1], **venue))
    changed = against(after, before)
    assert [len(changed.vanished), len(changed.new), changed.moved, changed.labelled] == counts
    assert changed.kept == 36 - len(changed.vanished)
    same = {seat["seat_guid"]: seat["uuid"] for _, _, seat, _ in seats_of(before)}
    assert all(same.get(seat["seat_guid"], seat["uuid"]) == seat["uuid"] for _, _, seat, _ in seats_of(after))


def test_a_table_with_a_wheelchair_place_is_a_table():
    scene = house(
        {"id": "D", "type": "tables", "item": "fur.table.round6", "seats": 6, "count": 2, "wheelchair": {1: [2]}}
    )
    assert [row["row_label"] for zone in pretix(scene)["zones"] for row in zone["rows"]] == ["Table %s", "Table %s"]
    killed = house(
        {"id": "D", "type": "tables", "item": "fur.table.round6", "seats": 3, "count": 1, "wheelchair": {1: [2]}},
        places=[{"seats": "D/1/1", "kill": "pillar"}],
    )
    assert pretix(killed)["zones"][0]["rows"][0]["row_label"] == "Table %s"


def test_a_row_label_fits_its_column_as_it_is_shown():
    plan = pretix(house(SEATING))
    row = plan["zones"][0]["rows"][0]
    for letters, fits in ((186, True), (187, False)):
        row["row_number"] = "A" * letters
        assert (pretix_problems(plan) == []) == fits
    assert "has 191 characters; 190 fit" in pretix_problems(plan)[0].message


VENUE = """
name: T
elements:
  - {{id: S, type: seating, rows: 2, seats: {seats}, front: [0, -3]}}
"""


def test_the_command_writes_nothing_where_a_seat_would_vanish(tmp_path):
    def run(seats, *more):
        (tmp_path / "venue.yaml").write_text(VENUE.format(seats=seats))
        return CliRunner().invoke(cli, ["seats", str(tmp_path / "venue.yaml"), "--format", "pretix", *more])

    old, new = str(tmp_path / "old.json"), tmp_path / "new.json"
    first = run(10, "-o", old)
    assert first.exit_code == 0, first.output
    assert "20 seats (Standard)" in first.output
    fewer = run(8, "-o", str(new), "--against", old)
    assert fewer.exit_code == 1
    assert "4 seats would vanish, 0 new, 0 in another category, 16 with another label" in fewer.output
    assert "S/1/-5" in fewer.output
    assert not new.exists()
    more = run(12, "-o", str(new), "--against", old)
    assert more.exit_code == 0
    assert "0 seats would vanish, 4 new" in more.output
    assert len(seats_of(json.loads(new.read_text()))) == 24


def test_a_seat_that_vanishes_is_named_with_what_took_it(tmp_path):
    more = "  - {id: desk, type: platform, height: 1, at: [0, -3], size: [0.6, 0.6]}\nplaces: [{seats: S/A/1, kill: pillar}]\n"
    (tmp_path / "venue.yaml").write_text(VENUE.format(seats=10))
    venue, old = str(tmp_path / "venue.yaml"), str(tmp_path / "old.json")
    assert CliRunner().invoke(cli, ["seats", venue, "--format", "pretix", "-o", old]).exit_code == 0
    (tmp_path / "venue.yaml").write_text(VENUE.format(seats=10) + more)
    done = CliRunner().invoke(cli, ["seats", venue, "--format", "pretix", "-o", old, "--against", old])
    assert done.exit_code == 1
    assert "S/1/-5: killed" in done.output
    assert "S/1/1: desk stands there" in done.output
    assert len(seats_of(json.loads(Path(old).read_text()))) == 20


def test_the_command_says_what_it_cannot_compare(tmp_path):
    (tmp_path / "venue.yaml").write_text(VENUE.format(seats=4))
    (tmp_path / "old.json").write_text("{}")
    venue, old = str(tmp_path / "venue.yaml"), str(tmp_path / "old.json")
    run = CliRunner().invoke
    assert "add --format pretix" in str(run(cli, ["seats", venue, "--against", old]).exception)
    assert "is no seating plan" in str(run(cli, ["seats", venue, "--format", "pretix", "--against", old]).exception)
    for other in ('{"zones": []}', '{"zones": [{"rows": [{"seats": [{"x": 1}]}]}]}'):
        (tmp_path / "old.json").write_text(other)
        done = run(cli, ["seats", venue, "--format", "pretix", "--against", old, "-o", str(tmp_path / "new.json")])
        assert "has no seats with a seat_guid: there is nothing to compare with" in str(done.exception)
        assert not (tmp_path / "new.json").exists()
    assert "'nonsense' is not one of" in str(run(cli, ["seats", venue, "--format", "nonsense"]).exception)


@pytest.mark.parametrize("turn", [30, 90, 180])
def test_a_house_that_is_turned_has_the_same_seats_as_far_apart(turn):
    def apart(plan):
        at = {seat["seat_guid"]: np.array(xy, float) for _, _, seat, xy in seats_of(plan)}
        ids = sorted(at)
        return ids, np.array([np.linalg.norm(at[a] - at[b]) for a, b in pairwise(ids)])

    curved = {**SEATING, "curve": 14, "seats": 16, "blocks": ["A"], "front": [0, -2]}
    straight, turned = (
        pretix(build(Venue.model_validate({"name": "T", "elements": [{**curved, "turn": t}]}))) for t in (0, turn)
    )
    assert apart(straight)[0] == apart(turned)[0]
    assert np.abs(apart(straight)[1] - apart(turned)[1]).max() <= 2.0
    assert pretix_problems(turned) == []


def test_the_dearest_category_comes_first_and_accessible_ones_last():
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 4,
        "front": [0, -8],
        "pattern": ["wheelchair", "companion"],
    }
    rules = [{"seats": "L/*/*", "category": "B"}, {"seats": "C/*/*", "category": "VIP"}]
    plan = pretix(house(access, SEATING, places=rules, prices={"currency": "EUR", "VIP": 120, "B": 40}))
    assert [c["name"] for c in plan["categories"]] == ["VIP", "B", "Standard", "Wheelchair", "Companion"]


def test_feet_and_metres_give_the_same_plan():
    metric = house({**SEATING, "front": [0, -3.048], "width": 0.5334}, STAGE)
    feet = house({**SEATING, "front": [0, "-10 ft"], "width": "21 in"}, STAGE, units="ft")
    assert pretix(metric) == pretix(feet)


def test_a_plan_of_another_house_and_labels_that_change_are_told(tmp_path):
    run = CliRunner().invoke
    venue, old, new = (str(tmp_path / name) for name in ("venue.yaml", "old.json", "new.json"))
    Path(venue).write_text(VENUE.format(seats=10))
    done = run(cli, ["seats", venue, "--format", "pretix", "-o", new, "--against", str(DATA / "pretix-56-seats.json")])
    assert done.exit_code == 1
    assert "no seat of it is here: is it the plan of another venue or another set-up?" in done.output
    assert "  stalls-A-1: not laid out" in done.output
    assert run(cli, ["seats", venue, "--format", "pretix", "-o", old]).exit_code == 0
    Path(venue).write_text(VENUE.format(seats=10) + "numbering: {from: house_right}\n")
    done = run(cli, ["seats", venue, "--format", "pretix", "-o", new, "--against", old])
    assert done.exit_code == 0
    assert "20 with another label" in done.output
    assert "tickets that were sent show the earlier labels" in done.output


def test_a_house_without_a_seat_to_sell_says_which_it_is(tmp_path):
    run = CliRunner().invoke
    venue, out = str(tmp_path / "venue.yaml"), str(tmp_path / "out.json")
    Path(venue).write_text(VENUE.format(seats=2) + "places: [{seats: '*', kill: closed}]\n")
    assert "every seat is killed, areas only: " in run(cli, ["seats", venue, "--format", "pretix", "-o", out]).output
    Path(venue).write_text("{name: T, elements: [{id: stage, type: stage, size: [8, 4], height: 0.6}]}")
    assert "no seats, areas only: " in run(cli, ["seats", venue, "--format", "pretix", "-o", out]).output
    assert "there are no places here to count" in str(run(cli, ["seats", venue]).exception)
