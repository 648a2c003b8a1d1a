"""The list of exits: every place is counted at its nearest one, and what a rule says that each carries."""

import csv
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.travel import travel
from stagecraft.build import build
from stagecraft.cli import main
from stagecraft.schedules.exits import exit_capacity
from stagecraft.venue.document import Venue

HALL = {"id": "hall", "type": "room", "x": [-10, 10], "y": [-20, 10], "height": 5, "doors": [
    {"id": "A", "at": [-10, -8], "width": 1.2}, {"id": "B", "at": [10, -8], "width": 1.8},
    {"id": "C", "at": [0, 10], "width": 1.0, "exit": False}]}  # fmt: skip
ROWS = {"id": "S", "type": "seating", "rows": 8, "seats": [8, 8], "gangway": 1.2, "front": [0, -3]}


def scene(*elements, **house):
    return build(Venue.model_validate({"name": "T", "elements": list(elements), **house}))


def five(widths):
    """5 mm a person."""
    return np.floor(widths / 0.005 + 1e-6)


def test_every_place_stands_at_its_nearest_exit():
    house = scene(HALL, ROWS, places=[{"seats": "*/A/*", "kill": "stage"}])
    table = exit_capacity(house, {"RULE": five})
    assert table.values["exit"] == ["A", "B"]  # C is no way out
    assert table.values["nearest"] == [56, 56]
    found = travel(house)
    open_ = house.seats.status != "kill"
    assert table.values["farthest"] == pytest.approx([found.distance[open_ & (found.exit == k)].max() for k in (0, 1)])
    assert table.values["carries_1"] == [240, 360]
    assert table.values["others_1"] == [360, 240]


def test_an_exit_behind_a_drape_carries_nobody_and_says_why():
    drape = {"id": "drape", "type": "drape", "from": [-9, -12], "to": [-9, -4], "height": 3}
    ends = [
        {"id": f"end{n}", "type": "drape", "from": [-10, y], "to": [-9, y], "height": 3}
        for n, y in enumerate((-12, -4))
    ]
    table = exit_capacity(scene(HALL, ROWS, drape, *ends), {"RULE": five})
    assert table.values["nearest"] == [0, 128]
    assert table.values["carries_1"] == [0, 360]
    assert "drape" in table.values["blocked"][0]


def test_feet_are_shown_in_feet():
    table = exit_capacity(scene(HALL, ROWS, units="ft"))
    assert table.values["width"] == pytest.approx([1.2 / 0.3048, 1.8 / 0.3048])
    assert [column.head for column in table.columns][1] == "width ft"


def test_nothing_to_list_says_why():
    assert exit_capacity(scene(ROWS)).notes == ("no room is drawn",)
    assert exit_capacity(scene({**HALL, "doors": []}, ROWS)).notes == ("no exit is drawn",)
    assert len(exit_capacity(scene({**HALL, "doors": []}, ROWS))) == 0


def test_who_is_not_counted_is_said():
    area = {"id": "floor", "type": "standing", "size": [4, 4], "at": [0, 6]}
    balcony = {"id": "B", "type": "balcony", "size": [10, 5], "level": 3.0, "at": [0, -14]}
    high = {"id": "circle", "type": "seating", "rows": 2, "seats": 6, "on": "B", "at": [0, -1]}
    notes = exit_capacity(scene(HALL, area, balcony, high)).notes
    assert "left out: 12 places on raised floors from which no steps and no door are drawn" in notes
    assert "left out: 32 people on standing areas" in notes


def test_the_command_lists_them_and_writes_them(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    file = Path(__file__).parents[2] / "assets" / "examples" / "ref-500" / "venue.yaml"
    for arguments in ([str(file)], [str(file), "-o", "exits.csv"], [str(file), "-o", "exits.doc"]):
        with pytest.raises(SystemExit) if arguments[-1] == "exits.doc" else nullcontext():
            main(["exits", *arguments])
    said = capsys.readouterr()
    assert "carries by" in said.out
    assert "3 rows: exits.csv" in said.out
    assert "'exits.doc': the list is written as .csv, .xlsx, .json or .md" in said.err
    with Path("exits.csv").open(encoding="utf-8-sig") as lines:
        rows = [line for line in csv.reader(lines) if line and line[0] in ("D1", "D2", "D3")]
    assert [int(row[3]) for row in rows] == [172, 172, 160]
