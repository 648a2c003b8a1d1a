"""What a solver writes into a file: the lines that should, and no other."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stagecraft as sc
from stagecraft.cli import main
from stagecraft.design import into_file
from stagecraft.venue.edit import REMOVE, edited

FILE = """\
# the head
name: Hall   # its name
elements:
  # a screen
  - {id: a, type: screen,  image: [4 m, 2.25], at: [0,  7.2, 2600 mm], name: "One, two"}  # flown later
  - id: b   # the block
    type: seating
    rows: 4
    seats: 10
    rake:
      c: 60 mm
      focus: a
    pitch: 0.95   # tight

# the end
brief: {guests: 40}
"""


def changed(old, new):
    """Lines that went and lines that came."""
    lines = [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_a_riser_takes_the_place_of_the_rake():
    new = edited(FILE, {"b": {"rake": REMOVE, "riser": [0.1, 0.125, 0.15]}})
    assert changed(FILE, new) == (
        ["    rake:", "      c: 60 mm", "      focus: a"],
        ["    riser: [0.1, 0.125, 0.15]"],
    )


def test_a_number_keeps_its_unit_and_its_neighbours_their_words():
    new = edited(FILE, {"a": {"at": [0.0, 7.2, 2.745]}})
    assert changed(FILE, new)[1] == [
        '  - {id: a, type: screen,  image: [4 m, 2.25], at: [0, 7.2, 2745 mm], name: "One, two"}  # flown later'
    ]


def test_new_fields_come_last_and_removed_ones_take_their_line_along():
    new = edited(FILE, {"a": {"border": 0.1}, "b": {"width": 0.55}})
    _, come = changed(FILE, new)
    assert 'name: "One, two", border: 0.1}  # flown later' in come[0]
    assert come[1:] == ["    width: 0.55"]
    assert new.index("    width: 0.55") > new.index("# tight")
    assert changed(FILE, edited(FILE, {"b": {"rows": REMOVE}})) == (["    rows: 4"], [])
    assert "name" not in edited(FILE, {"a": {"name": REMOVE}}).splitlines()[4]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@given(
    size=st.floats(0.001, 0.999).map(lambda size: round(size, 4)),
    steps=st.lists(st.integers(0, 500), min_size=3, max_size=3),
)
def test_whatever_is_written_is_read_again_and_every_comment_stays(ends, mark, size, steps):
    old = mark + FILE.replace("\n", ends)
    risers = [step / 1000 for step in steps]
    new = edited(old, {"b": {"rake": REMOVE, "riser": risers, "pitch": size}, "a": {"at": [size, 0.0, size]}})
    venue = sc.loads(new.removeprefix("\ufeff"))
    assert venue["b"].riser == pytest.approx(tuple(risers), abs=1e-12)
    assert (venue["b"].pitch, venue["a"].at) == (pytest.approx(size), pytest.approx((size, 0.0, size)))
    assert [line.partition("#")[2] for line in new.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in old.splitlines() if "#" in line
    ]
    assert new.startswith(mark)
    assert new.count("\r") == (new.count("\n") if ends == "\r\n" else 0)


def test_nothing_to_change_changes_nothing():
    assert edited(FILE, {}) == FILE
    assert edited(FILE, {"a": {"image": [4.0, 2.25]}}) == FILE


@pytest.mark.parametrize(
    ("text", "id", "words"),
    [
        ("name: x\nelements: []\n", "b", "no element of this file is called that"),
        ("name: x\nuses: [room.yaml]\nelements: []\n", "b", "comes from a file that this one uses: change it there"),
        ("name: x\nelements: [{id: b, like: c}]\n", "b", "takes its fields from 'c' (like:)"),
        ("name: x\nelements: [{id: b, mirror: c}]\n", "b", "takes its fields from 'c' (mirror:)"),
        ("name: x\nelements: [{id: c, riser: &r 0.1}, {id: b, riser: *r}]\n", "b", "b.riser   is shared with other"),
        ("name: x\nelements: [{id: c, riser: &r 0.1}, {id: b, riser: *r}]\n", "c", "c.riser   is shared with other"),
    ],
)
def test_fields_of_somebody_else_are_left_alone(text, id, words):
    with pytest.raises(sc.VenueError) as wrong:
        edited(text, {id: {"riser": 0.2}})
    assert words in str(wrong.value)


def test_a_command_changes_one_line_and_keeps_the_old_file(lecture, capsys):
    old = lecture.read_text(encoding="utf-8")
    arguments = [
        "design",
        "rake",
        str(lecture),
        "stalls",
        "--c",
        "60mm",
        "--step",
        "10mm",
        "--no-riser",
        "190mm",
        "200mm",
    ]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    assert lecture.read_text(encoding="utf-8") == old
    assert "nothing is written" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*arguments, "--write"])
    new = lecture.read_text(encoding="utf-8")
    assert changed(old, new) == (
        ["    rake: {c: 65 mm, focus: focus, step: 10 mm}"],
        ["    riser: [0.18, 0.19, 0.2, 0.21, 0.21, 0.22, 0.23, 0.23, 0.24, 0.24, 0.24, 0.25]"],
    )
    assert lecture.with_name("venue.yaml.bak").read_text(encoding="utf-8") == old
    assert sc.load(lecture) == sc.rake(sc.loads(old, folder=lecture.parent), "stalls", 0.06, step=0.01).venue


def test_a_file_that_may_only_be_read_stays_as_it_is(keynote):
    venue, old = sc.load(keynote), keynote.read_bytes()
    keynote.chmod(0o444)
    with pytest.raises(sc.VenueError, match="is read-only: make it writable, or write a copy of it"):
        into_file(keynote, {"foh": {"at": [0, -15]}}, venue.replace("foh", at=[0, -15]))
    assert keynote.read_bytes() == old
    assert not keynote.with_name("venue.yaml.bak").exists()


def test_what_would_change_somebody_else_too_is_not_written(keynote):
    venue, old = sc.load(keynote), keynote.read_bytes()
    with pytest.raises(sc.VenueError, match="'access_r' would change with it"):
        into_file(keynote, {"access_l": {"seats": 8}}, venue.replace("access_l", seats=8))
    assert keynote.read_bytes() == old
    assert not keynote.with_name("venue.yaml.bak").exists()
