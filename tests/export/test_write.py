"""A file is written whole or not at all, and what cannot be written says what can."""

from __future__ import annotations

import os

import pytest

from stagecraft.drawing.marks import Drawing
from stagecraft.errors import MissingError, StagecraftError, VenueError
from stagecraft.export.write import CONTENTS, whole, write


def test_a_file_appears_only_when_the_block_ends_well(tmp_path):
    target = tmp_path / "new folder" / "größe 席.txt"
    with whole(target) as beside:
        beside.write_text("all of it", encoding="utf-8")
        assert not target.exists()
        assert beside.parent == target.parent
        assert beside.suffix == ".txt"
    assert target.read_text(encoding="utf-8") == "all of it"
    assert os.listdir(target.parent) == [target.name]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "seats.csv"
    target.write_text("old")

    def half() -> None:
        with whole(target) as beside:
            beside.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["seats.csv"]


def test_a_file_held_open_elsewhere_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    target = tmp_path / "kit.xlsx"
    target.write_text("old")

    def held(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", held)
    with (
        pytest.raises(MissingError, match=r"kit\.xlsx' is held open by another program") as caught,
        whole(target) as to,
    ):
        to.write_text("new")
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert os.listdir(tmp_path) == ["kit.xlsx"]
    assert target.read_text() == "old"


def test_a_folder_in_the_way_is_one_sentence(tmp_path):
    (tmp_path / "plan.dxf").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(MissingError, match=r"plan\.dxf' cannot be written"), whole(tmp_path / "plan.dxf") as beside:
        beside.write_text("x")
    with pytest.raises(VenueError, match=r"the folder .* cannot be written"), whole(tmp_path / "file" / "plan.dxf"):
        pass
    assert sorted(os.listdir(tmp_path)) == ["file", "plan.dxf"]


CHOICE = "a Drawing can be written as dxf, pdf, svg, png"


@pytest.mark.parametrize(
    ("paper", "name", "format", "message"),
    [
        (Drawing("plan", ()), "plan.dwg", None, f"'dwg' is no format that can be written: {CHOICE}"),
        (Drawing("plan", ()), "plan", None, f"'plan' has no suffix: {CHOICE}"),
        (Drawing("plan", ()), "plan.txt", "csv", f"a Drawing cannot be written as csv: {CHOICE}"),
        (17, "plan.dxf", None, "an int cannot be written as dxf: an int is no paper; papers are "),
    ],
)
def test_what_cannot_be_written_says_what_can(tmp_path, paper, name, format, message):
    with pytest.raises(VenueError) as caught:
        write(paper, tmp_path / name, format)
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, (ValueError, StagecraftError))
    assert os.listdir(tmp_path) == []


def test_every_writer_on_the_contents_page_says_where_it_lives():
    assert all(
        place.split(".")[1] == f"write_{place.split('.')[0]}" for kinds in CONTENTS.values() for place in kinds.values()
    )
