"""Whatever a registration desk opens tells the same places: seat list, capacity, manifest, pretix, Spektrix, map, signs, table plan.

Every file is read back as it was written, by category, sort of place and status, over every example and set-up.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

import stagecraft as sc
from stagecraft.publish import ticketing_paper

ROOT = Path(__file__).parents[2]
ROOMS = sorted((ROOT / "assets" / "examples").glob("*/venue.yaml")) + sorted(
    (ROOT / "tests" / "data" / "rooms").glob("*.yaml")
)
CASES = [(path, setup) for path in ROOMS for setup in (*sc.load(path).setups,) or ("",)]
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"wheelchair": "Wheelchair", "companion": "Companion"}


@dataclass(frozen=True)
class Files:
    """What was written of one set-up, read by nothing of ours."""

    seats: list[dict[str, str]]
    capacity: list[dict[str, str]]
    house: list[dict[str, str]]
    tables: list[dict[str, str]]
    notes: tuple[str, ...]
    """Of the capacity."""
    pretix: list[dict[str, str]]
    """Each seat with its zone and row."""
    spektrix: str
    map: ElementTree.Element
    signs: sc.Table
    report: dict[str, object]


@pytest.fixture(
    scope="module",
    params=CASES,
    ids=[f"{path.parent.name if path.stem == 'venue' else path.stem}{'/' * bool(s)}{s}" for path, s in CASES],
)
def files(request, tmp_path_factory):
    path, setup = request.param
    session = sc.open(path, setup=setup or None)
    scene, folder = session.scene, tmp_path_factory.mktemp("files")
    write = sc.write
    listed = {
        "seats": sc.seat_list(scene),
        "capacity": sc.capacity(scene),
        "house": ticketing_paper(session, "house"),
        "tables": sc.table_plan(scene),
    }
    lists = {name: rows(write(table, folder / f"{name}.csv")) for name, table in listed.items()}
    plan = json.loads(write(scene, folder / "plan.json", "pretix").read_text(encoding="utf-8"))
    sold = [
        seat | {"zone": zone["name"], "row": row["row_number"]}
        for zone in plan["zones"] for row in zone["rows"] for seat in row["seats"]
    ]  # fmt: skip
    spektrix = write(scene, folder / "spektrix.json", "spektrix").read_text(encoding="utf-8")
    drawn = ElementTree.parse(write(ticketing_paper(session, "map"), folder / "map.svg")).getroot()
    return Files(
        **lists,
        notes=listed["capacity"].notes,
        pretix=sold,
        spektrix=spektrix,
        map=drawn,
        signs=sc.row_signs(scene),
        report=session.report.counts,
    )


def rows(path: Path) -> list[dict[str, str]]:
    """Lines of a list, its notes and its totals left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    return [line for line in lines if not next(iter(line.values())).startswith(("note: ", "total"))]


def kind(line: dict[str, str]) -> str:
    """What a place of the seat list is sold as, from its category and its sort."""
    own = KINDS.get(line["place"], "")
    return line["category"] or own or "Standard"


def sums(lines, *keys, status="status"):
    """How many seats of each sort."""
    return Counter((*(line[key] for key in keys), line[status]) for line in lines)


def of_capacity(lines, *keys):
    out = Counter()
    for line in lines:
        for column, status in (("open", "open"), ("held", "hold"), ("killed", "kill")):
            out[(*(line[key] for key in keys), status)] += int(line[column])
    return +out


def test_capacity_counts_the_seat_list_by_block_category_sort_and_status(files):
    seats = sums(files.seats, "block", "category", "place")
    counted = of_capacity(files.capacity, "block", "category", "place")
    standing = counted - seats
    assert seats - counted == Counter()
    assert {key[2:] for key in standing} <= {("standing", "open")}
    assert files.report["seats"] == len(files.seats)
    given = sum(line["status"] != "kill" for line in files.seats)
    assert files.report["given"] == given + standing.total() == sum(int(line["given"]) for line in files.capacity)


def test_the_manifest_is_the_seat_list_without_what_is_killed(files):
    kept = [line for line in files.seats if line["status"] != "kill"]
    assert [tuple(line[key] for key in ("block", "row", "seat")) for line in files.house] == [
        tuple(line[key] for key in ("block", "row", "seat")) for line in kept
    ]
    assert [line["category"] for line in files.house] == [kind(line) for line in kept]
    assert [line["notes"].startswith("held") for line in files.house] == [line["status"] == "hold" for line in kept]
    assert [line["accessible"] == "yes" for line in files.house] == [line["place"] == "wheelchair" for line in kept]
    guids = [line["seat_guid"] for line in files.house]
    assert len(set(guids)) == len(guids)
    assert {line["companion_of"] for line in files.house} - {""} <= set(guids)


def test_pretix_and_spektrix_have_the_seats_of_the_manifest(files):
    known = {(line["seat_guid"], line["block"], line["row"], line["seat"], line["category"]) for line in files.house}
    assert {(s["seat_guid"], s["zone"], s["row"], s["seat_number"], s["category"]) for s in files.pretix} == known
    assert len(files.pretix) == len(known)
    areas = json.loads(files.spektrix)["baseSeatingArea"]["areas"]
    listed = [(s["id"], a["name"], s["row"], s["number"]) for a in areas for s in a.get("seats", ())]
    assert sorted(listed) == sorted(line[:4] for line in known)


def test_the_map_shows_every_seat_with_its_labels_category_and_status(files):
    at_tables = {(line["block"], line["row"]) for line in files.seats if line["place"] == "table"}
    drawn = {e.get("id"): e for e in files.map.iter() if "seat" in (e.get("class") or "").split() and e.get("id")}
    assert set(drawn) == {line["id"] for line in files.seats}
    for line in files.seats:
        mark = drawn[line["id"]]
        what = "table" if (line["block"], line["row"]) in at_tables else "row"
        words = f"Block {line['block']}, {what} {line['row']}, seat {line['seat']}, {kind(line)}"
        assert title(mark).startswith(words)
        rest = title(mark).removeprefix(words)
        assert rest.startswith(", held") == (line["status"] == "hold") == ("hold" in mark.get("class").split())
        assert rest.startswith(", not for sale") == (line["status"] == "kill") == ("kill" in mark.get("class").split())


def test_the_legend_of_the_map_counts_what_the_files_count(files):
    words = [e.text for e in files.map.iter(f"{SVG}text") if e.text and re.search(r": \d+$", e.text)]
    said = {word.rsplit(": ", 1)[0].split(",")[0]: int(word.rsplit(": ", 1)[1]) for word in words}
    status = Counter(line["status"] for line in files.seats)
    assert (said.get("held", 0), said.get("not for sale", 0)) == (status["hold"], status["kill"])
    sold = Counter(seat["category"] for seat in files.pretix)
    assert {name: said[name] for name in sold} == sold


def test_each_sign_sends_to_seats_that_are_there(files):
    """Every seat of a row that has signs is reached from one end at least, by the label that its ticket shows."""
    in_row: dict[tuple[str, str], set[str]] = {}
    for line in files.seats:
        in_row.setdefault((line["block"], line["row"]), set()).add(line["seat"])
    ids = {line["id"]: (line["block"], line["row"]) for line in files.seats}
    signs = files.signs.values
    for block, row, seats, count, seat in zip(*(signs[key] for key in ("block", "row", "seats", "count", "id"))):
        assert ids[seat] == (block, row)
        assert count <= len(in_row[block, row])
        ends = [end for part in seats.split(", ") for end in part.removesuffix(" odd").removesuffix(" even").split("–")]
        assert set(ends) <= in_row[block, row]


def test_the_table_plan_counts_the_places_at_tables(files):
    at_tables = {(line["block"], line["row"]) for line in files.seats if line["place"] == "table"}
    own = [line for line in files.seats if (line["block"], line["row"]) in at_tables]
    listed = {(line["block"], line["table"]): line for line in files.tables}
    counted = {key: Counter(line["status"] for line in own if (line["block"], line["row"]) == key) for key in at_tables}
    assert {key: [int(line[c]) for c in ("open", "held", "killed")] for key, line in listed.items()} == {
        key: [counts[c] for c in ("open", "hold", "kill")] for key, counts in counted.items()
    }
    sizes = Counter(int(line["places"]) for line in files.tables if line["places"] != "0")
    told = [f"tables: {', '.join(f'{n} of {places} places' for places, n in sorted(sizes.items(), reverse=True))}"]
    assert [note for note in files.notes if note.startswith("tables: ")] == (told if sizes else [])
    assert sum(int(line["wheelchair"]) for line in files.tables) == sum(line["place"] == "wheelchair" for line in own)


def title(mark: ElementTree.Element) -> str:
    return mark.findtext(f"{SVG}title") or ""


def test_the_houses_that_are_read_have_tables_holds_kills_balconies_and_people_who_stand():
    """What is compared above is there to be compared."""
    scenes = [sc.open(path, setup=setup or None).scene for path, setup in CASES]
    every = [set(scene.seats.status.tolist()) | set(scene.seats.place.tolist()) for scene in scenes]
    assert {"open", "hold", "kill", "chair", "wheelchair", "companion", "table"} <= set().union(*every)
    assert any(scene.standing_areas for scene in scenes)
