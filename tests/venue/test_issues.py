"""A revision keeps the venue file as it was issued."""

from pathlib import Path

import pytest

from stagecraft.build import build
from stagecraft.errors import VenueError
from stagecraft.issue import book_of
from stagecraft.session import open as opened
from stagecraft.venue.load import issued, load, loads

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
VENUE = """schema: 1
name: Hall
revisions:
  - {rev: P01, date: 2026-11-01, file: issues/P01.yaml}
  - {rev: P02, date: 2026-11-08, file: issues/P02.yaml}
  - {rev: P03, date: 2026-11-15}
uses: [room.yaml]
elements:
  - {id: stage, type: stage, size: [8, 4], height: 0.8}
"""
ROOM = "name: Room\nelements:\n  - {id: hall, type: room, size: [20, 16], height: 6}\n"


def folder(path: Path) -> Path:
    (path / "issues").mkdir()
    (path / "venue.yaml").write_text(VENUE)
    (path / "room.yaml").write_text(ROOM)
    (path / "issues" / "P01.yaml").write_text(VENUE)
    (path / "issues" / "P02.yaml").write_text(VENUE.replace("size: [8, 4]", "size: [6, 4]"))
    return path / "venue.yaml"


def test_what_was_issued_last_is_read_where_the_venue_file_stands(tmp_path):
    """A plain copy in a folder of its own names the room and the issues beside the venue file."""
    rev, before = issued(load(folder(tmp_path)))
    assert rev == "P02"
    assert build(before).elements.keys() == {"hall", "stage"}
    assert before["stage"].size == (6.0, 4.0)


def test_nothing_was_issued_where_no_file_is_kept():
    assert issued(loads("name: Hall\nrevisions: [{rev: P01, date: 2026-11-01}]\nelements: []\n")) is None


def test_a_file_that_is_not_there_is_told_at_its_line(tmp_path):
    path = folder(tmp_path)
    path.write_text(VENUE.replace("file: issues/P02.yaml", "file: issues/P2.yaml"))
    with pytest.raises(VenueError) as told:
        load(path)
    (problem,) = told.value.problems
    assert (problem.line, problem.column, problem.path) == (5, 34, "revisions[2].file")
    assert problem.message == "there is no file 'issues/P2.yaml'; did you mean 'P02.yaml'?"


@pytest.mark.parametrize("name", ["\\0", "x" * 5000, "venue.yaml/x", "..", "/"])
def test_no_name_of_a_file_breaks_the_reader(tmp_path, name):
    path = folder(tmp_path)
    path.write_text(VENUE.replace("file: issues/P02.yaml", f'file: "{name}"'))
    with pytest.raises(VenueError, match=r"revisions\[2\]\.file"):
        load(path)


def test_a_mistake_in_the_issue_is_told_at_its_own_place(tmp_path):
    path = folder(tmp_path)
    (tmp_path / "issues" / "P02.yaml").write_text(VENUE.replace("height: 0.8", "hight: 0.8"))
    with pytest.raises(VenueError) as told:
        issued(load(path))
    assert [Path(p.file).name for p in told.value.problems] == ["P02.yaml", "P02.yaml"]


def test_the_keynote_was_issued_with_its_desk_on_the_floor():
    venue = load(EXAMPLES / "keynote-500" / "venue.yaml")
    rev, before = issued(venue)
    assert (rev, before["foh"].riser, venue["foh"].riser) == ("P01", 0.0, 0.3)
    assert before["cam1"].at[0] == 1.2
    build(before)


def test_the_set_tells_what_changed_since_the_last_issue_and_since_any_file(tmp_path):
    session = opened(folder(tmp_path))
    assert [sheet.title for sheet in book_of(session, ["changes"]).sheets] == ["Changes since P02"]
    with pytest.raises(VenueError, match="no sheet of this venue is called 'changes'"):  # the copy is today's venue
        book_of(session, ["changes"], since=tmp_path / "issues" / "P01.yaml")


def test_what_seats_see_and_their_ways_out_are_worked_out_for_the_sheets_that_show_them_alone(monkeypatch):
    """Neither the list of sheets nor a seating plan asks; the sheet of sightlines does."""
    from stagecraft import session as sessions
    from stagecraft.issue import sheet_list

    asked = []
    real = sessions.views
    monkeypatch.setattr(sessions, "views", lambda *of: asked.append(1) or real(*of))
    monkeypatch.setattr("stagecraft.analysis.travel.travel", lambda *of: asked.append("ways"))
    session = opened(EXAMPLES / "lecture-raked" / "venue.yaml")
    assert "sightlines" in sheet_list(session).values["sheet"]
    book_of(session, ["seating"])
    assert not asked
    book_of(session, ["sightlines"])
    assert asked == [1]
