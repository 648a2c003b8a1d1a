"""Lists of guests: read as any spreadsheet saves them, written line for line, told of without a word of what is in them."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.cli import main
from stagecraft.errors import VenueError
from stagecraft.scene import About, Scene
from stagecraft.schedules.guest_file import GIVEN, guest_list, read_guests
from stagecraft.schedules.guests import Seated, seat_guests

EMPTY = Scene(About("T"), {}, ())
VENUE = """name: T
elements:
  - {id: hall, type: room, x: [-12, 12], y: [-20, 6], height: 6}
  - {id: host, type: presenter, at: [0, 1]}
  - {id: S, type: seating, rows: 3, seats: [4, 4], at: [0, -3], blocks: [L, R]}
  - {id: W, type: seating, rows: 1, seats: 2, at: [0, -1.2], first_row: 9, pattern: [wheelchair, companion]}
"""
LIST = "name,group,category,access\nAnn,x,,\nBo,x,,\n"


def scene():
    from stagecraft.venue.load import loads

    return build(loads(VENUE))


def told(data, **more):
    with pytest.raises(VenueError) as caught:
        read_guests(data if isinstance(data, bytes) else data.encode(), "guests.csv", **more)
    return str(caught.value)


def names(data):
    return read_guests(data, "guests.csv").column("name")


def rows_of(data):
    """The written list, read by the standard library."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=","))


def written(text):
    file = read_guests(text.encode(), "guests.csv")
    house = scene()
    return guest_list(file, seat_guests(house, file.guests()), house)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_dress_of_a_list_is_the_same_list(encoding, sign, end):
    text = end.join(
        [f"Name{sign}Group{sign}note of ours", f'"Müller{sign} ""Änne"" 🎻"{sign}x{sign}', f"Bo{sign}x{sign}vegan", ""]
    )
    file = read_guests(text.encode(encoding), "guests.csv")
    assert file.column("name") == [f'Müller{sign} "Änne" 🎻', "Bo"]
    assert file.column("group") == ["x", "x"]
    assert file.lines == (2, 3)


def test_excels_own_line_about_the_sign_is_not_a_guest():
    file = read_guests(b"sep=;\nname;group\nAnn, B;x\n", "guests.csv")
    assert (file.column("name"), file.lines) == (["Ann, B"], (3,))


def test_lines_are_counted_where_a_value_has_several_and_blank_ones_are_left_out():
    assert read_guests(b'name,group\n\n"A\nB",x\n,\nC,x\n', "guests.csv").lines == (3, 6)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "guests.csv  is empty: its first line names the columns, name first"),
        (b"\n ,\n", "is empty"),
        ("Ann Other,Acme\nBo,Acme\n", "guests.csv:1   the first line has no column called name: it names the columns, as name, group, category, access"),
        (b"PK\x03\x04abc", "is a workbook, not a list of values: save it as CSV UTF-8"),
        ("name\nAnn\nÄnne\n".encode("cp1252"), "guests.csv:3   is not in UTF-8: save it as CSV UTF-8, so that no name is spoilt"),
        (b"name\nAnn\0\n", "guests.csv:2   has a zero byte in it: save it as CSV UTF-8"),
        ('name,group\nAnn,"x\nBo,x\n', "guests.csv:2   a quote that is opened here is never closed"),
        ('name,group\n"Ann "B" C",x\n', "guests.csv:2   a quote stands in the middle of a value: double it, or put the value in quotes"),
        ("name,guest,group\n", "guests.csv:1   columns 1 and 2 both say the name: leave one"),
        ("name,group\nOther, Ann,x\n", "guests.csv:2   has 3 values; there are 2 columns: put a text with a comma in it into quotes"),
        ("id,name\n7,Ann\n8,Bo\n7,Cy\n7,Di\n", "guests.csv:4   has the id of line 2 again: ids must differ\nguests.csv:5   has the id of line 2 again: ids must differ"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_told_by_line_and_never_by_name(data, words):
    said = told(data)
    assert words in said.replace("guests.csv   ", "guests.csv  ")
    assert not any(name in said for name in ("Ann", "Other", "Bo", "Acme", "Cy"))


def test_many_ids_given_twice_are_not_a_page_each():
    said = told("id,name\n" + "7,Ann\n" * 500)
    assert len(said.splitlines()) == 21
    assert said.splitlines()[-1].endswith("and 479 more lines have ids of others")


def test_an_earlier_list_must_have_seats():
    assert "has no column 'seat id': give the list that an earlier seat-guests wrote" in told(LIST, earlier=True)


def test_the_list_comes_back_line_for_line_with_seats_beside():
    text = 'phone,name,group,access\n1,"Bo, ""B""",x,\n2,Ann,x,vegan\n3,Cy,,wheelchair\n4,Di,,wheelchair\n'
    rows = rows_of(written(text))
    assert list(rows[0]) == ["phone", "name", "group", "access", *GIVEN]
    assert [row["name"] for row in rows] == ['Bo, "B"', "Ann", "Cy", "Di"]
    assert [row["phone"] for row in rows] == ["1", "2", "3", "4"]
    assert (rows[0]["seat block"], rows[0]["seat row"], rows[0]["seat number"]) == ("L", "A", "1")
    assert rows[1]["note"] == "access not understood: vegan"
    assert rows[2]["seat id"] == "W/1/-1"
    assert (rows[3]["seat id"], rows[3]["reason"]) == ("", "no wheelchair place is left")


def test_what_a_spreadsheet_would_run_is_disarmed_and_read_again_as_it_was():
    text = "name,group,=head\n=1+1,@x,-\n+44 20,@x,\n"
    once = written(text)
    assert [row["name"] for row in rows_of(once)] == ["'=1+1", "'+44 20"]
    assert "'=head" in once.decode().splitlines()[0]
    again = read_guests(once, "guests.csv")
    assert again.column("name") == ["=1+1", "+44 20"]
    house = scene()
    assert guest_list(again, seat_guests(house, again.guests(), again.before()), house) == once


def test_a_list_with_seats_keeps_them_and_takes_new_lines():
    once = written("name,group\nAnn,x\nBo,x\n").decode()
    file = read_guests((once + "Cy,x\n").replace("\nAnn", "\nZoe,,,,,,,\nAnn").encode(), "guests.csv")
    house = scene()
    rows = rows_of(guest_list(file, seat_guests(house, file.guests(), file.before()), house))
    before = rows_of(once.encode())
    assert [row["seat id"] for row in rows[1:3]] == [row["seat id"] for row in before]
    assert rows[0]["seat id"]
    assert rows[3]["seat id"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.text(
        st.sampled_from(["a", "é", ",", ";", "\t", '"', "'", "\n", "\r", " ", "=", "@", "\0", "\ufeff"]), max_size=40
    ),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_list_is_read_or_told_of_and_what_is_written_reads_the_same(text, encoding):
    try:
        file = read_guests(f"name,group\n{text}".encode(encoding, "replace"), "guests.csv")
    except VenueError:
        return
    people = file.guests()
    nowhere = Seated(np.full(len(people), -1), ("no place is left",) * len(people), ("",) * len(people))
    again = read_guests(guest_list(file, nowhere, EMPTY), "guests.csv")
    assert [row[:2] for row in again.rows] == [row[:2] for row in file.rows]
    assert again.column("reason") == ["no place is left"] * len(people)


def test_two_guests_of_one_name_are_two_guests():
    rows = rows_of(written("name,group\nAnn,x\nAnn,x\nAnn,y\n"))
    assert len({row["seat id"] for row in rows}) == 3


# --- the command ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "venue.yaml").write_text(VENUE)
    return tmp_path


def run(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["seat-guests", *words])
    out, err = capsys.readouterr()
    return ended.value.code, out + err


SECRET = "name,group,category,access\nQuentin Quux,Zyzzy,,\nQuilla Quux,Zyzzy,,Xylophobia\nQuirin Quux,Zyzzy,,wheelchair\nQuade Quux,,,wheelchair\n"


def test_who_has_no_seat_is_told_by_line_and_the_exit_code_is_one(folder, capsys):
    (folder / "guests.csv").write_text(SECRET)
    code, said = run(capsys, "venue.yaml", "guests.csv", "-o", "seated.csv")
    assert code == 1
    assert "4 guests: 3 seated, 1 not: seated.csv" in said
    assert "no wheelchair place is left: line 5" in said
    assert "access not understood: line 3" in said


def test_names_stand_in_the_written_list_and_nowhere_else(folder, capsys, monkeypatch):
    cache = folder / "cache"
    monkeypatch.setenv("STAGECRAFT_CACHE", str(cache))
    (folder / "guests.csv").write_text(SECRET)
    (folder / "twice.csv").write_text("id,name\nQuux,Quux\nQuux,Quux\n")
    said = "".join(run(capsys, "venue.yaml", name, "-o", "seated.csv")[1] for name in ("guests.csv", "twice.csv"))
    for word in ("Quentin", "Quux", "Zyzzy", "Xylophobia"):
        assert word not in said
        holds = [p.name for p in folder.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]
        assert set(holds) <= {"guests.csv", "seated.csv", "twice.csv"}


def test_everybody_seated_is_exit_code_nought_and_the_same_bytes_again(folder, capsys):
    (folder / "guests.csv").write_text(LIST)
    assert run(capsys, "venue.yaml", "guests.csv")[0] == 0
    first = (folder / "seated.csv").read_bytes()
    assert run(capsys, "venue.yaml", "guests.csv", "--against", "seated.csv", "-o", "again.csv")[0] == 0
    assert (folder / "again.csv").read_bytes() == first
    assert "group" not in run(capsys, "venue.yaml", "guests.csv")[1]


def test_lines_that_follow_one_another_are_named_by_their_ends(folder, capsys):
    (folder / "guests.csv").write_text(
        "name,group,category,access\n" + "A,,,\n" * 24 + "B,x,press,\nC,,,vegan\n" + "D,,,\n" * 3
    )
    code, said = run(capsys, "venue.yaml", "guests.csv")
    assert code == 1
    assert "no place here has this category: line 26\n" in said
    assert "no place is left: 4 lines: 27–30\n" in said
    assert "access not understood: line 27\n" in said


def test_columns_that_are_not_there_are_said(folder, capsys):
    (folder / "guests.csv").write_text("name\nAnn\n")
    code, said = run(capsys, "venue.yaml", "guests.csv")
    assert code == 0
    assert "the list has no column called group" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("venue.yaml", "none.csv"), "'none.csv' cannot be read: no such file or directory"),
        (("venue.yaml", "guests.csv", "-o", "guests.csv"), "'guests.csv' is what is read: name another file with -o"),
        (("venue.yaml", "guests.csv", "-o", "seated.xlsx"), "'seated.xlsx': the list is written as .csv"),
        (("venue.yaml", "guests.csv", "--against", "guests.csv"), "has no column 'seat id'"),
        (("none.yaml", "guests.csv"), "none.yaml"),
        (("guests.csv", "venue.yaml"), "'venue.yaml' is a venue file: the venue comes first, then the list of guests"),
        (("venue.yaml", "guests.csv", "--setup", "day"), "no set-up is called 'day'"),
    ],
)
def test_a_slip_on_the_command_line_is_met_in_words(folder, capsys, words, message):
    (folder / "guests.csv").write_text(LIST)
    code, said = run(capsys, *words)
    assert code == 2
    assert message in said
    assert not (folder / "seated.csv").exists()
