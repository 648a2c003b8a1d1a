"""The seat map: every seat once, by name, id and class; and the plan for Spektrix and the house's manifest beside it."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

import stagecraft as sc
from stagecraft.analysis.restricted import Bands, restricted
from stagecraft.analysis.views import views
from stagecraft.cli import cli
from stagecraft.export.pretix import pretix
from stagecraft.export.seatmap import SeatMap, write_seatmap
from stagecraft.export.spektrix import spektrix
from stagecraft.export.write import write
from stagecraft.publish import publish
from stagecraft.schedules.house import house_list
from stagecraft.venue.document import Venue
from tests.export.test_pretix import NAMES, SEATING, STAGE, STANDING, TABLES, house, seats_of

SVG = "{http://www.w3.org/2000/svg}"
RULES = [
    {"seats": "C/A/1-2", "hold": "press"},
    {"seats": "C/A/3", "kill": "no view"},
    {"seats": "L/*/*", "category": "VIP"},
]


def text(paper):
    out = io.BytesIO()
    write_seatmap(paper, out)
    return out.getvalue()


def seats(paper):
    """id → (classes, title) of every seat."""
    root = ElementTree.fromstring(text(paper))
    return {
        e.get("id"): (e.get("class").split(), e.find(f"{SVG}title").text)
        for e in root.iter() if "seat" in (e.get("class") or "").split() and e.get("id")
    }  # fmt: skip


def test_every_seat_is_there_once_with_its_permanent_id_and_is_spoken_of_in_words():
    scene = house(SEATING, STAGE, places=RULES)
    found = seats(scene)
    assert set(found) == set(scene.seats.ids.tolist())
    assert found["S/1/-7"][1] == "Block L, row A, seat 1, VIP"
    assert found["S/1/-3"][1] == "Block C, row A, seat 1, Standard, held"
    assert found["S/1/-1"][1] == "Block C, row A, seat 3, Standard, not for sale"
    assert ("hold" in found["S/1/-3"][0], "kill" in found["S/1/-1"][0]) == (True, True)
    assert found["S/1/-7"][0][1] != found["S/1/7"][0][1]


def test_blocks_and_rows_are_groups_with_names_and_no_script_runs():
    data = text(house(SEATING, STAGE, STANDING))
    root = ElementTree.fromstring(data)
    assert [g.get("aria-label") for g in root.iter(f"{SVG}g") if g.get("data-zone")] == [
        "Block L",
        "Block C",
        "Block R",
    ]
    assert [g.get("aria-label") for g in root.iter(f"{SVG}g") if g.get("data-row")] == ["Row A", "Row B", "Row C"] * 3
    assert b"<script" not in data
    assert {"Seat map: T", "STAGE", "STANDING FLOOR"} <= {t.text for t in root.iter(f"{SVG}title")}


def test_what_restricts_the_view_is_said_and_has_a_class():
    column = {"id": "pillar", "type": "scenery", "outline": [[-0.6, -0.1], [0.6, -0.1], [0.6, 0.1], [-0.6, 0.1]],
              "height": 4, "at": [0, -1.6], "name": "Pillar"}  # fmt: skip
    speaker = {"id": "speaker", "type": "presenter", "at": [0, 1], "on": "stage"}
    scene = house(SEATING, STAGE, speaker, column)
    bands = Bands({"clear": 0.95, "partial": 0.5, "none": 0.0})
    seen = restricted(scene, views(scene), bands)
    found = seats(SeatMap(scene, seen, list(bands)))
    poor = dict(zip(scene.seats.ids.tolist(), seen.band.tolist()))
    assert {"clear", "none"} <= set(poor.values())
    for id, (classes, title) in found.items():
        rank = list(bands).index(poor[id])
        assert (f"v{rank}" in classes) == (rank > 0)
        assert ("view none: Pillar" in title) == (poor[id] == "none")
    line = next(row for row in house_list(scene, seen, "clear").rows() if poor[row[0]] == "none")
    assert "view none: Pillar" in line[-1]
    assert line[-2] < 50


def test_names_that_xml_and_spreadsheets_trip_over_come_through():
    scene = house({**SEATING, "blocks": NAMES})
    titles = {title.split(", row")[0] for _, title in seats(scene).values()}
    assert titles == {f"Block {name}" for name in NAMES}
    assert {line[2] for line in house_list(scene).rows()} == set(NAMES)


@pytest.mark.parametrize(
    "elements", [(), (STAGE,), (STANDING,), (TABLES,), ({**SEATING, "rows": 1, "seats": 1, "blocks": ["A"]},)]
)
def test_any_house_has_a_map_the_same_every_time(elements):
    scene = house(*elements)
    assert text(scene) == text(scene)
    assert len(seats(scene)) == len(scene.seats)


def test_write_takes_a_scene_as_svg_and_for_spektrix(tmp_path):
    scene = house(SEATING)
    assert write(scene, tmp_path / "seatmap.svg").read_bytes() == text(scene)
    assert json.loads(write(scene, tmp_path / "plan.json", format="spektrix").read_text()) == spektrix(scene)


def test_spektrix_has_the_seats_of_the_pretix_plan_and_standing_areas_by_their_capacity():
    scene = house(SEATING, STANDING, places=RULES)
    areas = spektrix(scene)["baseSeatingArea"]["areas"]
    assert [(area["type"], area["name"]) for area in areas] == [
        ("Reserved", "L"), ("Reserved", "C"), ("Reserved", "R"), ("Unreserved", "FLOOR"),
    ]  # fmt: skip
    assert areas[3]["capacity"] == 48
    ours = {
        seat["seat_guid"]: (row["row_number"], seat["seat_number"], *xy) for _, row, seat, xy in seats_of(pretix(scene))
    }
    theirs = {s["id"]: (s["row"], s["number"], s["x"], s["y"]) for area in areas[:3] for s in area["seats"]}
    assert theirs == ours


def test_the_manifest_lists_what_is_sold_in_millimetres_with_companions_and_holds(tmp_path):
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 4,
        "front": [0, -8],
        "pattern": ["wheelchair", "companion"],
    }
    scene = house(SEATING, access, places=RULES)
    path = write(house_list(scene), tmp_path / "house.csv")
    lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert list(lines[0]) == (
        "seat_guid,level,block,row,seat,category,accessible,companion_of,x_mm,y_mm,z_mm,facing_deg,view_score,notes".split(
            ","
        )
    )
    by_id = {line["seat_guid"]: line for line in lines}
    assert set(by_id) == set(scene.seats.ids[scene.seats.status != "kill"])
    assert by_id["S/1/-3"]["notes"].startswith("held")
    assert [by_id[f"W/1/{k}"]["accessible"] for k in (-2, -1, 1, 2)] == ["yes", "", "yes", ""]
    assert by_id["W/1/2"]["companion_of"] == "W/1/1"
    at = dict(zip(scene.seats.ids.tolist(), scene.seats.at))
    for id, line in by_id.items():
        assert np.abs([int(line[k]) for k in ("x_mm", "y_mm", "z_mm")] - 1000 * at[id]).max() <= 0.5


def test_a_seat_on_a_balcony_has_its_level():
    platform = {"id": "deck", "type": "platform", "size": [12, 8], "height": 1, "at": [0, -4], "name": "Upper deck"}
    scene = house(platform, {**SEATING, "on": "deck", "front": [0, 3]})
    assert {line[1] for line in house_list(scene).rows()} == {"Upper deck"}


def test_a_build_leaves_out_a_plan_that_pretix_would_refuse_and_says_why(tmp_path):
    twice = [{**SEATING, "id": id, "front": [0, y]} for id, y in (("a", -3), ("b", -8))]
    done = publish(Venue.model_validate({"name": "T", "elements": twice}), tmp_path, pictures=False)
    assert "given twice: seat 1, 2, 3, 4" in done.left_out["seats.pretix.json"]
    assert {"seatmap.svg", "house.csv", "row-signs.pdf"} <= set(done.files)
    assert not (tmp_path / "seats.pretix.json").exists()
    done = publish(Venue.model_validate({"name": "T", "elements": twice[:1]}), tmp_path, pictures=False)
    assert done.left_out == {}
    assert (tmp_path / "seats.pretix.json").exists()


def test_the_command_writes_each_file_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.yaml").write_text(
        "{name: T, elements: [{id: S, type: seating, rows: 2, seats: 8, front: [0, -3]}]}"
    )
    for form, file in (
        ("map", "seatmap.svg"),
        ("house", "house.csv"),
        ("signs", "row-signs.pdf"),
        ("spektrix", "seats.spektrix.json"),
    ):
        done = CliRunner().invoke(cli, ["seats", "venue.yaml", "--format", form])
        assert done.exit_code == 0, done.exception
        assert file in done.output
        assert (tmp_path / file).stat().st_size > 300


ROUNDS = "{schema: 1, name: T, elements: [{id: D, type: tables, item: fur.table.round6, seats: 4, count: 3}]}"


@pytest.mark.parametrize("file", ["tables.csv", "tables.xlsx", "tables.pdf", "tables.svg", "tables.dxf"])
def test_the_table_plan_is_a_list_or_a_drawing_by_its_suffix(tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.yaml").write_text(ROUNDS)
    done = CliRunner().invoke(cli, ["seats", "venue.yaml", "--format", "tables", "-o", file])
    assert done.exit_code == 0, done.exception
    listed = file.endswith(("csv", "xlsx"))
    assert done.output == f"{'3 tables: ' if listed else ''}{file}\n"
    assert (tmp_path / file).stat().st_size > 100


def test_a_build_writes_the_table_plan_where_people_sit_at_tables(tmp_path):
    done = publish(sc.loads(ROUNDS), tmp_path, pictures=False)
    assert {"tables.csv", "tables.xlsx", "tables.pdf"} <= set(done.files)
    rows = Venue.model_validate({"name": "T", "elements": [SEATING]})
    assert not [file for file in publish(rows, tmp_path, pictures=False).files if file.startswith("tables")]


def test_a_table_plan_without_tables_is_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.yaml").write_text(
        "{name: T, elements: [{id: S, type: seating, rows: 2, seats: 8, front: [0, -3]}]}"
    )
    for file in ("tables.csv", "tables.pdf"):
        done = CliRunner().invoke(cli, ["seats", "venue.yaml", "--format", "tables", "-o", file])
        assert "nobody sits at tables here" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["venue.yaml"]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3: (lighter + 0.05) / (darker + 0.05)."""

    def light(colour):
        hexes = "".join(2 * c for c in colour[1:]) if len(colour) == 4 else colour[1:]
        parts = [int(hexes[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        return float(
            np.dot(
                [0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
            )
        )

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_numbers_and_outlines_of_every_category_stand_out():
    """WCAG 2.2: text 4.5 to 1 (1.4.3), outlines 3 to 1 (1.4.11), whatever the fill."""
    rules = [{"seats": f"C/A/{k}", "category": f"c{k}"} for k in range(1, 5)]
    rules += [{"seats": f"C/B/{k}", "category": f"d{k}"} for k in range(1, 5)]
    scene = house({**SEATING, "rows": 3, "seats": 4, "blocks": ["C"]}, places=[*rules, {"seats": "C/C/1", "kill": "x"}])
    style = text(scene).decode().split("<style>")[1].split("</style>")[0]
    look = {
        name: dict(part.split(":") for part in rule.split(";"))
        for name, rule in (one.split("{") for one in style.split("}") if one)
    }
    kinds = [name for name in look if name.startswith(".k") and name[2:].isdecimal()]
    assert len(kinds) == 9
    for name in kinds:
        assert contrast(look[name]["fill"], look[".t" + name[2:]]["fill"]) >= 4.5
    for name in (".seat", ".kill"):
        assert contrast(look[name]["stroke"], "#fff") >= 3
    for name in (".x", ".block", "text"):
        assert contrast(look[name]["fill"], "#fff") >= 4.5


def test_the_legend_counts_what_is_sold_and_what_is_not_apart():
    scene = house({**SEATING, "rows": 1, "seats": 6, "blocks": ["C"]}, places=[{"seats": "C/A/1-2", "kill": "no view"}])
    shown = text(scene).decode()
    assert ">Standard: 4<" in shown
    assert ">not for sale: 2<" in shown


def test_a_table_with_a_wheelchair_place_is_read_out_as_a_table():
    table = {"id": "D", "type": "tables", "item": "fur.table.round6", "seats": 6, "count": 1, "wheelchair": {1: [2]}}
    shown = text(house(table)).decode()
    assert 'aria-label="Table 1"' in shown
    assert "row 1" not in shown.casefold()


def test_where_no_row_has_a_way_there_are_no_signs_to_print(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.yaml").write_text(ROUNDS)
    done = CliRunner().invoke(cli, ["seats", "venue.yaml", "--format", "signs"])
    assert "there are no signs to print" in str(done.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["venue.yaml"]


def test_numbers_of_tables_and_names_of_blocks_stand_on_no_seat():
    """Classroom tables have all their chairs on one side; a row of wheelchair places stands before a curved block."""
    desks = {"id": "D", "type": "tables", "item": "fur.table.classroom8", "layout": "classroom", "seats": 3, "rows": 3,
             "columns": [2, 2], "gangway": 1.4, "spacing": 1.6, "at": [0, -16], "wheelchair": {4: [1]}}  # fmt: skip
    curved = {
        "id": "N",
        "type": "seating",
        "rows": 3,
        "seats": 20,
        "front": [0, -3],
        "curve": "9 m",
        "blocks": ["North"],
    }
    front = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 8,
        "front": [0, -1.6],
        "pattern": ["wheelchair"],
        "blocks": ["Access"],
    }
    root = ElementTree.fromstring(text(house(desks, curved, front)))
    named = [e for e in root.iter(f"{SVG}text") if e.get("class") in ("row", "block")]
    spots = {(e.get("class"), e.text): np.array([float(e.get("x")), float(e.get("y")) - 90]) for e in named}
    places = [e for e in root.iter() if "seat" in (e.get("class") or "").split() and e.get("id")]
    at = np.array([[float(e.get("cx") or float(e.get("x")) + float(e.get("width")) / 2),
                    float(e.get("cy") or float(e.get("y")) + float(e.get("height")) / 2)] for e in places])  # fmt: skip
    reach = np.array([float(e.get("r") or float(e.get("width")) / 2) for e in places])
    tables = [spot for (kind, word), spot in spots.items() if kind == "row" and word.isdecimal()]
    assert len(tables) == 12
    for spot in (*tables, spots["block", "North"], spots["block", "Access"]):
        assert (np.linalg.norm(at - spot, axis=1) > reach).all()
    assert abs(spots["block", "North"] - spots["block", "Access"])[1] > 420
