"""Bad input: every problem at its place, with its value and a way on; exit 2, and nothing written."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest
from elements._site import EXAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.cli import main
from stagecraft.elements import ELEMENTS
from stagecraft.errors import VenueError
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load, loads

DATA = Path(__file__).parent / "data"
LIBRARIES = re.compile(
    r"pydantic|ruamel|shapely|Input should|validation error|Field required|mapping values|Errno", re.I
)
"""Words of the libraries within; nobody who writes a venue file should meet them."""


def cases() -> list[tuple[str, str, str]]:
    """(what is wrong, venue file, what is said), from the table in tests/data."""
    table = (DATA / "bad_input.txt").read_text(encoding="utf-8")
    rows = [part.split("\n", 1) for part in re.split(r"^### ", table, flags=re.MULTILINE)[1:]]
    return [(title, *body.rstrip("\n").split("---->\n")) for title, body in rows]


def told(folder: Path, text: str | bytes, name: str = "venue.yaml", **files: str | bytes) -> str:
    """What is said about a venue file (and others beside it)."""
    for other, content in {name: text, **files}.items():
        path = folder / other.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(VenueError) as caught:
        build(load(folder / name))
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in cases()], ids=[case[0] for case in cases()])
def test_what_is_said(text, words, tmp_path):
    with pytest.raises(VenueError) as caught:
        build(loads(text, "venue.yaml", tmp_path))
    assert str(caught.value) == words


def test_the_table_is_large_and_speaks_plainly():
    assert len(cases()) > 180
    for title, text, words in cases():
        assert not LIBRARIES.search(words), title
        for line in words.splitlines():  # every problem has its place, and something stands there
            row, column = map(int, re.match(r"venue\.yaml:(\d+):(\d+)   ", line).groups())
            assert text.splitlines()[row - 1][column - 1 :].strip(), (title, line)


def test_the_sample_of_the_design_comes_out_aligned(tmp_path):
    text = """\
name: Sample
elements:
  - id: stage
    type: stage
    size: [6, 3]
    height: six metres
  - id: stalls
    type: seating
    front: [0, -2]
    width: 0.5

    rows: 8
    risr: 0.15
    seats: 12
"""
    assert told(tmp_path, text) == (
        "venue.yaml:6:5    stage.height   'six metres' is not a length: write metres (2.4) or a number and unit ('600 mm')\n"
        "venue.yaml:13:5   stalls.risr    unknown field; did you mean 'riser'?"
    )


STARTER = "; 'stagecraft new NAME' writes a starter file"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param(b"", f"venue.yaml   is empty{STARTER}", id="an empty file"),
        pytest.param(b" \n\n", f"venue.yaml   is empty{STARTER}", id="blanks"),
        pytest.param(b"# later\n", f"venue.yaml   is empty{STARTER}", id="a comment"),
        pytest.param(b"\xef\xbb\xbf", f"venue.yaml   is empty{STARTER}", id="a byte order mark alone"),
        pytest.param("name: T\nclient: Größe\n".encode("latin-1"),
                     "venue.yaml:2:11   byte 0xf6 is not UTF-8: save the file as UTF-8", id="latin-1"),
        pytest.param("name: T\n".encode("utf-16"), "venue.yaml:1:1   byte 0xff is not UTF-8: save the file as UTF-8", id="utf-16"),
        pytest.param(bytes(range(128, 200)), "venue.yaml:1:1   byte 0x80 is not UTF-8: save the file as UTF-8", id="noise"),
        pytest.param(b"name: T\x07\n", "venue.yaml:1:8   this file holds an invisible character (U+0007): remove it", id="a bell"),
        pytest.param(b"name: T\nclient: \x00\n", "venue.yaml:2:9   this file holds an invisible character (U+0000): remove it",
                     id="a zero byte"),
        pytest.param(b"name: T\nelements:\n\t- {id: a, type: lectern}\n",
                     "venue.yaml:3:1   a tab stands here: indent with blanks", id="a tab"),
        pytest.param(b"name: T\r\nelements:\r\n  - {id: A, type: seating, rows: 0, seats: 9}\r\n",
                     "venue.yaml:3:28   A.rows   '0' is out of range: it must be at least 1", id="Windows line ends"),
        pytest.param(b"name: T\nelements: [[\n", "venue.yaml:2:12   this bracket is never closed: ']' is missing", id="a bracket"),
        pytest.param(b"name: {{a: [b]}: c}\n",
                     "venue.yaml:1:7   a set of fields stands where a field's name should: is a bracket written twice?",
                     id="brackets twice"),
        pytest.param(b"name: " + b"[" * 5000 + b"]" * 5000, "venue.yaml   is nested too deeply to be a venue", id="5000 levels"),
        pytest.param(b"name: T\nbrief: {guests: " + b"9" * 5000 + b"}\n",
                     "venue.yaml:2:17   this number has too many digits", id="5000 digits"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_text_or_no_yaml(tmp_path, raw, words):
    assert told(tmp_path, raw) == words


def test_an_anchor_bomb_is_refused_before_it_grows(tmp_path):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [{','.join('*' + p for _ in range(10))}]\n" for p, c in zip("abcdefghijk", "bcdefghijkl")
    )
    words = told(tmp_path, bomb)  # 10 to the power of 12 values would be some terabytes
    assert (
        words
        == "venue.yaml:6:1   f   holds more than 200000 values once its anchors are followed: write them out plainly"
    )


def test_a_million_rows_are_refused_before_memory_goes(tmp_path):
    tracemalloc.start()
    words = told(tmp_path, "name: T\nelements: [{id: A, type: seating, rows: 1000000, seats: 1000}]\n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert words == "venue.yaml:2:35   A.rows   '1000000' is out of range: it must be at most 2000"
    assert peak < 50e6


def test_a_hundred_thousand_seats_work():
    venue = loads("name: T\nelements: [{id: A, type: seating, rows: 250, seats: [200, 200]}]\n")
    seats = build(venue).seats
    assert len(seats) == 100_000
    assert len(set(seats.ids.tolist())) == 100_000


def test_long_lines_of_elements_are_refused(tmp_path):
    """Whoever leans on whomever: no traceback."""
    lines = range(1100)

    def file(body: str) -> str:
        return "name: T\nelements:\n" + "".join(f"  - {{id: e{n}, {body.format(n + 1)}}}\n" for n in lines)

    last = "  - {id: e1100, type: lectern}\n"
    assert told(tmp_path, file("like: e{}") + last) == (
        "venue.yaml:3:5   e0   needs an element that needs another, more than 100 in a row"
    )
    assert told(tmp_path, file("type: lectern, on: e{}") + last) == (
        "venue.yaml:3:5   e0   needs an element that needs another, more than 100 in a row"
    )


def test_a_change_in_python_is_told_like_one_in_the_file():
    venue = loads("name: T\nelements:\n  - {id: A, type: seating, rows: 2, seats: 3}\n")
    with pytest.raises(VenueError) as caught:
        venue.replace("A", rows="many", risr=1)
    assert str(caught.value) == (
        "venue.yaml:3:5    A.risr   unknown field; did you mean 'riser'?\n"
        "venue.yaml:3:28   A.rows   'many' is not a whole number; rows: how many, from front to back"
    )
    with pytest.raises(KeyError, match="no element is called 'B'"):
        venue.replace("B", rows=3)


# --- files and folders


def test_a_folder_and_a_file_that_is_not_there(tmp_path):
    (tmp_path / "venue.yaml").write_text("name: T\nelements: []\n")
    for path, words in [
        (tmp_path, f"{tmp_path}   is a folder, not a venue file; did you mean {tmp_path}/venue.yaml?"),
        (tmp_path / "venu.yaml", f"{tmp_path}/venu.yaml   does not exist; did you mean 'venue.yaml'?"),
        (tmp_path / "x" / "y.yaml", f"{tmp_path}/x/y.yaml   does not exist{STARTER}"),
    ]:
        with pytest.raises(VenueError) as caught:
            load(path)
        assert str(caught.value) == words


CUBE = "".join(f"v {x} {y} {z}\n" for x in (0, 1) for y in (0, 1) for z in (0, 1))
FACES = "f 1 2 4 3\nf 5 7 8 6\nf 1 5 6 2\nf 3 4 8 7\nf 1 3 7 5\n"
DXF = (DATA / "cnc_layers_inches.dxf").read_bytes()


@pytest.mark.parametrize(
    ("element", "files", "words"),
    [
        ("type: led_wall, panel: led.roe.bo3, columns: 2, rows: 2, content: a.png", {},
         "venue.yaml:3:70   x.content   there is no file 'a.png'; files there: venue.yaml"),
        ("type: screen, image: [2, 1], content: a.png", {"a__png": b"no picture"},
         "venue.yaml:3:42   x.content   'a.png' is not a picture that can be opened: save it as PNG or JPEG"),
        ("type: scenery, mesh: a.obj, unit: m", {"a__obj": CUBE + FACES},
         "venue.yaml:3:28   x.mesh   a.obj is not a closed solid; 4 edges lack a neighbour: close its holes and export it again"),
        ("type: scenery, mesh: a.obj", {"a__obj": CUBE},
         "venue.yaml:3:28   x.mesh   a mesh needs unit: (mm, cm, m, in, ft), and nothing else has one"),
        ("type: scenery, mesh: a.ply, unit: m", {"a__ply": b"ply\nformat ascii 1.0\nelement vertex 9\nrubbish"},
         "venue.yaml:3:28   x.mesh   'a.ply' is damaged or not a PLY mesh: export it again"),
        ("type: room, from: hall.dxf, layer: WALLS, unit: mm, height: 4", {"hall__dxf": DXF},
         "venue.yaml:3:25   x.from   hall.dxf draws nothing on a layer 'WALLS'; layers: "),
        ("type: room, from: hall.dxf, layer: WALLS, height: 4", {"hall__dxf": DXF},
         "venue.yaml:3:5   x   a room from a drawing needs layer: and unit: (mm, cm, m, in, ft)"),
        ("type: room, from: hall.dxf, layer: WALLS, unit: mm, height: 4", {"hall__dxf": b"0\nSECTION\nrubbish"},
         "venue.yaml:3:25   x.from   'hall.dxf' is damaged or not a DXF drawing: "),
        ("type: underlay, from: hal.dxf, unit: mm", {"hall__dxf": DXF},
         "venue.yaml:3:29   x.from   there is no file 'hal.dxf'; did you mean 'hall.dxf'?"),
    ],
)  # fmt: skip
def test_files_that_an_element_names(tmp_path, element, files, words):
    text = f"name: T\nelements:\n  - {{id: x, {element}}}\n"
    assert told(tmp_path, text, **files).startswith(words)


def test_two_elements_that_cannot_be_built_are_told_at_once(tmp_path):
    text = (
        "name: T\nelements:\n  - {id: a, type: screen, image: [2, 1], content: a.png}\n"
        "  - id: hall\n    type: room\n    size: [10, 8]\n    height: 4\n    doors: [{id: D1, at: [5, 4]}]\n"
    )
    assert told(tmp_path, text) == (
        "venue.yaml:3:42   a.content   there is no file 'a.png'; files there: venue.yaml\n"
        "venue.yaml:4:5    hall        door D1 does not fit at 5, 4: the nearest wall ends 0.00 m from there, half the door is 0.90 m"
    )


@pytest.mark.parametrize(
    ("text", "files", "words"),
    [
        ("uses: [hal.yaml]\nname: T\nelements: []\n", {"hall__yaml": "name: H\nelements: []\n"},
         "venue.yaml:1:8   uses[1]   'hal.yaml' does not exist; did you mean 'hall.yaml'?"),
        ("uses: [venue.yaml]\nname: T\nelements: []\n", {},
         "venue.yaml:1:8   uses[1]   'venue.yaml' uses this file in turn: a ring"),
        ("uses: [b.yaml]\nname: T\nelements: []\n", {"b__yaml": "uses: [venue.yaml]\nname: B\nelements: []\n"},
         "b.yaml:1:8   uses[1]   'venue.yaml' uses this file in turn: a ring"),
        ("uses: [b.yaml, ., c.yaml]\nname: T\nelements: []\n", {"b__yaml": "", "c__yaml": b"\xff"},
         "venue.yaml:1:8    uses[1]   'b.yaml' is empty; 'stagecraft new NAME' writes a starter file\n"
         "venue.yaml:1:16   uses[2]   '.' is a folder, not a venue file; did you mean venue.yaml?\n"
         "c.yaml:1:1                  byte 0xff is not UTF-8: save the file as UTF-8"),
        ("uses: [b.yaml]\nname: T\nelements: [{id: x, type: lectern, trn: 3}]\n",
         {"b__yaml": "nam: B\nelements:\n  - {id: y, type: lectern, trn: 3}\n"},
         "b.yaml:1:1        name    is missing; name: title of every paper\n"
         "b.yaml:1:1        nam     unknown field; did you mean 'name'?\n"
         "b.yaml:3:28       y.trn   unknown field; did you mean 'turn'?\n"
         "venue.yaml:3:35   x.trn   unknown field; did you mean 'turn'?"),
        ("uses: [b.yaml]\nname: T\nelements: [{id: x, type: lectern}]\n", {"b__yaml": "name: B\nelements:\n  - {id: x, type: target}\n"},
         "venue.yaml:3:13   x.id   the id 'x' is used twice, first in line 3: ids must differ"),
        ("catalogue: [my.csv]\nname: T\nelements: []\n", {"mine__csv": ""},
         "venue.yaml:1:13   catalogue[1]   there is no catalogue file 'my.csv'; did you mean 'mine.csv'?"),
        ("rules: [hous, mine.yaml]\nname: T\nelements: []\n", {"mine__yaml": "a: b\n"},
         "venue.yaml:1:9    rules[1]   there is no rule set 'hous'; known: house, us-ibc, or a path to a .yaml file\n"
         "venue.yaml:1:15   rules[2]   "),
    ],
)  # fmt: skip
def test_files_that_the_venue_names(tmp_path, text, files, words):
    said = told(tmp_path, text, **files)
    assert said.startswith(words)
    assert not LIBRARIES.search(said)


# --- the command line


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as end:
        code = end.code or 0
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize(
    ("command", "out"),
    [("build", "made"), ("check", ""), ("draw", "a.pdf"), ("seats", "a.csv"), ("kit", "a.xlsx"), ("picture", "a.png")],
)
def test_every_command_tells_the_same_and_writes_nothing(tmp_path, monkeypatch, capsys, command, out):
    monkeypatch.chdir(tmp_path)
    Path("venue.yaml").write_text("name: T\nelements:\n  - {id: A, type: seatin}\n  - {id: B, type: lectern, on: C}\n")
    code, _, err = run(capsys, command, "venue.yaml", *(["-o", out] if out else []))
    assert code == 2
    assert err == "venue.yaml:3:13   A.type   'seatin' is no element type; did you mean 'seating'?\n"
    assert [path.name for path in tmp_path.iterdir()] == ["venue.yaml"]


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("venue.yaml").write_text("name: T\nelements: []\n")
    Path("taken").write_text("a file")
    code, _, err = run(capsys, "build", "venue.yaml", "-o", "taken/x", "--no-pictures")
    assert (code, err) == (2, "taken/x cannot be written: Not a directory; choose another folder with -o\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "venue.yaml"]


@pytest.mark.parametrize(
    "name",
    [
        "Größe & Co",
        "a/b\\c",
        "../../etc/passwd",
        "..",
        "CON",
        'O\'Brien "Gala"',
        "観客 🎪",
        "=1+1",
        "-rf",
        "a: b # c",
        " ",
    ],
)
def test_names_in_any_script_break_no_file_and_no_path(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    venue = Venue.model_validate(
        {"name": name, "client": name, "elements": [
            {"id": "A", "type": "seating", "rows": 2, "seats": 3, "name": name, "blocks": [name]},
            {"id": "t", "type": "target", "name": name, "at": [0, 3, 1]}],
         "places": [{"seats": "A/A", "category": name, "hold": name}]}
    )  # fmt: skip
    Path("venue.yaml").write_text(venue.to_yaml(), encoding="utf-8")
    assert load("venue.yaml") == venue
    code, _, err = run(capsys, "seats", "venue.yaml", "-o", "seats.xlsx")
    assert (code, err) == (0, "")
    code, _, err = run(capsys, "draw", "venue.yaml", "-o", "plan.dxf")
    assert (code, err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.dxf", "seats.xlsx", "venue.yaml"]


# --- whatever stands in a field

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 400), st.just(10**30), st.floats(), st.text(max_size=4),
    st.sampled_from(["600 mm", "2'-6\"", "stage", "it", "#ff8000", "led.roe.bo3", "T1", "S"]),
)  # fmt: skip
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["at", "id", "size"]), inner),
    max_leaves=6,
)
AROUND = [
    {"id": "stage", "type": "stage", "size": [6, 3], "height": 1},
    {"id": "T1", "type": "truss", "from": [-3, 0], "to": [3, 0], "trim": 5},
    {"id": "S", "type": "seating", "rows": 2, "seats": 4, "front": [0, -3]},
]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_field_it_is_built_or_told(data):
    kind = data.draw(st.sampled_from(sorted(ELEMENTS)))
    fields = st.sampled_from([info.alias or name for name, info in ELEMENTS[kind].model_fields.items()])
    given_ = EXAMPLES[kind] | {"item": "lx.martin.mac-aura"} if kind in ("lamp", "item") else dict(EXAMPLES[kind])
    given_ |= {"panel": "led.roe.bo3"} if kind == "led_wall" else {}
    element = {"id": "it", "type": kind, **given_} | data.draw(
        st.dictionaries(fields, ANYTHING, min_size=1, max_size=2)
    )
    try:
        venue = loads(json_text({"name": "T", "elements": [*AROUND, element]}), "venue.yaml", DATA)
        build(venue)
        assert loads(venue.to_yaml(), "venue.yaml", DATA) == venue
    except VenueError as error:
        for problem in error.problems:
            assert problem.line == 1
            assert problem.column
            assert not LIBRARIES.search(problem.message)


def json_text(value: object) -> str:
    import json

    return re.sub(
        r"(?<![\w\"])(NaN|-?Infinity)(?![\w\"])", lambda m: {"NaN": ".nan"}.get(m[1], ".inf"), json.dumps(value)
    )
