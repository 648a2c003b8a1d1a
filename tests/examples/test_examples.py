"""Every example builds in every set-up, says what is expected of it, and stands in git as it is built now.

`pytest tests/examples --renew` writes the outputs beside the examples anew.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

import stagecraft as sc
from stagecraft.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "assets" / "examples"
SCHEMA = EXAMPLES / "venue.schema.json"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/venue.yaml"))

TEXTS = ("report.md", "seats.csv", "kit.csv", "capacity.csv", "seats.pretix.json", "seatmap.svg")
PICTURES = ("overview.png", "seat.png")
WRITTEN = (
    *TEXTS, *PICTURES, "report.json", "seats.xlsx", "kit.xlsx", "capacity.xlsx", "drawings.pdf",
    "drawings/register.csv", "drawings/register.xlsx", "scene.glb",
)  # fmt: skip
AT_TABLES = ("tables.csv", "tables.xlsx", "tables.pdf")
"""What is written besides where people sit at tables."""
TABLED = {("ballroom", "classroom"), ("ballroom", "cabaret"), ("ballroom", "banquet")}
"""Their table plan stands in git too."""
CHART = EXAMPLES / "ballroom" / "chart.md"
"""What `stagecraft capacity` says of the ballroom's room."""
LARGEST = 300_000
"""Bytes of a picture that stands in git."""
LIKENESS = 14.0
"""Difference, of 255, that 99 of 100 cells of a picture stay below when it shows the same. Fewer rays give 6 or less, an
element that moved gives 19 or more (measured on the keynote)."""


@dataclass(frozen=True)
class Expected:
    errors: frozenset[tuple[str, str]] = frozenset()
    """(code, target) of every finding of severity error."""
    setups: tuple[str, ...] = ("",)


EXPECTED = {
    "ballroom": Expected(setups=("theatre", "classroom", "cabaret", "banquet", "reception")),
    "keynote-500": Expected(),
    "lecture-raked": Expected(),
    "minimal": Expected(),
    "ref-500": Expected(errors=frozenset({("SL01", "ref_chest"), ("SL01", "ref_edge")})),
}


@cache
def session(name: str, setup: str) -> sc.Session:
    return sc.open(EXAMPLES / name / "venue.yaml", setup=setup or None)


@dataclass(frozen=True)
class Built:
    """An example, built by the command as anybody would."""

    name: str
    code: int
    folder: Path

    def at(self, setup: str) -> Path:
        return self.folder / setup


@pytest.fixture(scope="session")
def build(tmp_path_factory, request):
    """Build an example once; with --renew, at the size that stands in git, and put the outputs there."""
    renew = request.config.getoption("--renew")

    @cache
    def made(name: str) -> Built:
        folder = tmp_path_factory.mktemp(name)
        size = "640x360" if renew else "320x180"
        with pytest.raises(SystemExit) as end:
            main(["build", str(EXAMPLES / name / "venue.yaml"), "-o", str(folder), "--size", size])
        if renew:
            for path in committed(name):
                path.unlink()
            for file in kept(name):
                target = EXAMPLES / name / file
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(folder / file, target)
        return Built(name, end.value.code, folder)

    return made


def kept(name: str) -> list[Path]:
    """Outputs of an example that stand in git."""
    out = [Path(setup) / file for setup in EXPECTED[name].setups for file in (*TEXTS, *PICTURES)]
    return out + [Path(setup) / "tables.csv" for of, setup in sorted(TABLED) if of == name]


def committed(name: str) -> list[Path]:
    """Outputs that stand beside an example."""
    here = EXAMPLES / name
    return sorted(p for p in (*here.glob("*.*"), *here.glob("*/*.*")) if p.name in (*TEXTS, *PICTURES, "tables.csv"))


def each(files: tuple[str, ...] = ("",)):
    """Every example × set-up (× file)."""
    cases = [(n, s, f) for n in NAMES for s in EXPECTED[n].setups for f in files] if set(NAMES) <= set(EXPECTED) else []
    return pytest.mark.parametrize(
        ("name", "setup", "file"), cases, ids=["/".join(filter(None, case)) for case in cases]
    )


def test_every_example_says_what_is_expected_of_it():
    assert set(NAMES) == set(EXPECTED)
    assert {name: tuple(sc.load(EXAMPLES / name / "venue.yaml").setups) or ("",) for name in NAMES} == {
        name: one.setups for name, one in EXPECTED.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_build_ends_as_expected(build, name):
    """0: clean, 1: findings of severity error."""
    assert build(name).code == bool(EXPECTED[name].errors)


@each()
def test_the_errors_are_those_expected(name, setup, file):
    errors = {(f.code, f.target) for f in session(name, setup).report.findings if f.severity == "error"}
    assert errors == EXPECTED[name].errors


@each()
def test_at_least_the_asked_guests_are_given_a_place(name, setup, file):
    counts = session(name, setup).report.counts
    assert counts["given"] >= counts["asked"]["guests"]


@each()
def test_every_paper_is_written_and_named_in_the_manifest(build, name, setup, file):
    built = build(name)
    named = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    tables = AT_TABLES if (session(name, setup).scene.seats.place == "table").any() else ()
    for output in (*WRITTEN, *tables):
        path = built.at(setup) / output
        assert path.stat().st_size > 0
        assert path.relative_to(built.folder).as_posix() in named
    assert {file for file in AT_TABLES if (built.at(setup) / file).exists()} == set(tables)


@each()
def test_the_count_closes_in_the_files_themselves(build, name, setup, file):
    """Places in the room = seats on the plan = rows of the list; chairs ordered = places − wheelchairs − own chairs."""
    import ezdxf

    folder, seats = build(name).at(setup), session(name, setup).scene.seats
    (plan,) = (folder / "drawings").glob("*-general.dxf")
    inserts = Counter(insert.dxf.name for insert in ezdxf.readfile(plan).modelspace().query("INSERT"))
    rows = [row for row in read(folder / "seats.csv") if "/" in row["id"]]
    assert sum(count for block, count in inserts.items() if block.startswith("SEAT-")) == len(rows) == len(seats)
    assert {row["id"] for row in rows} == set(seats.ids.tolist())

    wheelchairs = sum(row["place"] == "wheelchair" for row in rows)
    own = int(((seats.item == "") & (seats.place != "wheelchair")).sum())
    chairs = set(seats.item.tolist()) - {""}
    ordered = sum(
        int(row["quantity"]) for row in read(folder / "kit.csv") if row["item"] in chairs and not row["remark"]
    )
    assert ordered == len(rows) - wheelchairs - own
    assert inserts["SEAT-WHEELCHAIR"] == wheelchairs


@each(TEXTS)
def test_the_text_in_git_is_what_is_built(build, name, setup, file):
    now = (build(name).at(setup) / file).read_bytes()
    assert (EXAMPLES / name / setup / file).read_bytes().decode() == now.decode(), "pytest tests/examples --renew"


@each(PICTURES)
def test_the_picture_in_git_shows_what_is_built(build, name, setup, file):
    now, kept = build(name).at(setup) / file, EXAMPLES / name / setup / file
    assert kept.stat().st_size < LARGEST
    assert unlike(small(kept), small(now)) < LIKENESS, "pytest tests/examples --renew"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_stands_beside_the_example(build, name):
    build(name)
    assert set(committed(name)) == {EXAMPLES / name / file for file in kept(name)}


@pytest.mark.parametrize("setup", sorted(setup for _, setup in TABLED))
def test_the_table_plan_in_git_is_what_is_built(build, setup):
    now = (build("ballroom").at(setup) / "tables.csv").read_bytes()
    assert (EXAMPLES / "ballroom" / setup / "tables.csv").read_bytes() == now, "pytest tests/examples --renew"


def test_the_capacity_chart_in_git_is_what_is_said_of_the_room(request, tmp_path):
    sc.write(sc.capacity_chart(sc.load(EXAMPLES / "ballroom" / "room.yaml"), ["uk-england"]), tmp_path / "chart.md")
    if request.config.getoption("--renew"):
        shutil.copyfile(tmp_path / "chart.md", CHART)
    assert CHART.read_text(encoding="utf-8") == (tmp_path / "chart.md").read_text(encoding="utf-8")


def test_a_control_position_that_moved_is_seen_in_the_picture():
    """The comparison of pictures could fail."""
    moved = session("keynote-500", "").edit("foh", at=[0, -16.0])
    pixels = Image.fromarray(sc.picture(moved.scene, size=(320, 180)))
    assert unlike(small(EXAMPLES / "keynote-500" / "overview.png"), cells(pixels)) > LIKENESS


def test_the_schema_in_git_is_the_one_printed(request):
    printed = json.dumps(sc.schema(), ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--renew"):
        SCHEMA.write_text(printed, encoding="utf-8", newline="\n")
    assert SCHEMA.read_text(encoding="utf-8") == printed


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_finds_no_fault_in_the_example(name):
    """The file names the schema at its head, and an independent validator takes it."""
    from ruamel.yaml import YAML

    text = (EXAMPLES / name / "venue.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../venue.schema.json"
    plain = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(plain)] == []


def test_ref_500_measures_as_the_worked_table_says():
    """504 seats; last row: 49.4 mm to the chest, −14.8 mm to the edge over the next row, −251.7 mm over row 1."""
    made = session("ref-500", "")
    seats, c = made.scene.seats, sc.c_values(made.scene, made.views)
    last = seats.key == seats.key.max()
    assert len(seats) == len(made.scene.laid_out) == 504
    assert c["ref_chest"][last].min() * 1000 == pytest.approx(49.4, abs=0.05)
    assert c["ref_edge"][last].min() * 1000 == pytest.approx(-251.7, abs=0.05)
    distance, eye = -seats.eyes[:, 1], 1.2 - 0.9
    rear, front = distance.max(), np.unique(distance.round(6))[-2]
    assert (eye * front / rear - eye) * 1000 == pytest.approx(-14.8, abs=0.05)


def test_building_twice_gives_the_same_bytes(tmp_path):
    """Whatever the seed of Python's hashes."""
    contents = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = ["build", str(EXAMPLES / "minimal" / "venue.yaml"), "-o", str(out), "--size", "64x36"]
        done = subprocess.run(
            [sys.executable, "-m", "stagecraft.cli", *command],
            env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        made = (path for path in out.rglob("*") if path.is_file())
        contents.append({path.relative_to(out).as_posix(): path.read_bytes() for path in made})
    assert [name for name in contents[0] if contents[0][name] != contents[1].get(name)] == []
    sheets = {name for name in contents[1] if name.startswith("drawings/") and name.endswith(".dxf")}
    assert {"drawings/001-cover.dxf", "drawings/101-general.dxf"} <= sheets
    others = {"exits.csv", "exits.xlsx", "house.csv", "row-signs.pdf", "manifest.json"}
    assert set(contents[1]) - sheets == {*WRITTEN, *others}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def small(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return cells(picture)


def cells(picture: Image.Image) -> np.ndarray:
    """A picture as 32 × 18 cells."""
    return np.asarray(picture.convert("RGB").resize((32, 18), Image.Resampling.BOX), dtype=float)


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """Difference that 99 of 100 cells stay below."""
    return float(np.percentile(np.abs(one - other).max(axis=2), 99))
