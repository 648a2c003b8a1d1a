"""The catalogue: what the CSV says is what the Item holds, and a bad row is met with a place, a value and a way on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stagecraft.assets import folder
from stagecraft.catalogue import DEPARTMENTS, UnknownItem, load
from stagecraft.errors import VenueError

HOUSE = load()


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def messages(path: Path) -> list[str]:
    with pytest.raises(VenueError) as caught:
        load([path])
    return [str(problem).removeprefix(str(path.parent)).lstrip("/\\") for problem in caught.value.problems]


def test_every_row_of_every_file_is_one_item_and_no_id_stands_in_two_files():
    codes = [
        row["id"]
        for path in sorted(folder("catalogue").glob("*.csv"))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]
    assert codes == list(HOUSE)
    assert len(set(codes)) == len(codes) == len(HOUSE)


def test_every_item_says_where_its_figures_come_from_and_belongs_to_a_department():
    for item in HOUSE.values():
        assert item.source, item.code
        assert item.source_kind, item.code
        assert item.confidence in {"A", "B", "C", "high", "medium", "low"}, item.code
        assert item.dept in DEPARTMENTS


def test_cells_are_clean():
    for path in folder("catalogue").glob("*.csv"):
        raw = path.read_bytes()
        assert b"\r" not in raw
        for row in csv.reader(raw.decode("utf-8").splitlines()):
            assert all(cell == " ".join(cell.split()) for cell in row), (path.name, row[0])


def test_a_truss_is_in_metres_and_knows_the_lengths_it_comes_in():
    truss = HOUSE["truss.prolyte.h30v"]
    assert (truss.width, truss.height, truss.depth) == (0.29, 0.29, None)
    assert truss.mass_per_metre == 6.3
    assert truss.mass is None
    assert truss.lengths == (0.25, 0.29, 0.5, 0.71, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
    assert truss.label == "Prolyte H30V square"


def test_a_panel_keeps_its_pixels_and_an_unknown_stays_none():
    panel = HOUSE["led.roe.bp2v2"]
    assert (panel.width, panel.height, panel.depth) == (0.5, 0.5, 0.09)
    assert (panel.pixels_w, panel.pixels_h, panel.power, panel.power_average, panel.nits) == (176, 176, 190, 95, 1500)
    assert isinstance(panel.pixels_w, int)
    assert panel.pixel_pitch == pytest.approx(0.00284)
    assert panel.lumens is None


def test_an_unknown_code_offers_the_nearest_three():
    with pytest.raises(UnknownItem) as caught:
        HOUSE["truss.prolite.h30v"]
    assert caught.value.nearest == ("truss.prolyte.h30v", "truss.prolyte.h30d", "truss.prolyte.h30l")
    assert str(caught.value) == (
        "'truss.prolite.h30v' is not in the catalogue; "
        "the nearest are truss.prolyte.h30v, truss.prolyte.h30d, truss.prolyte.h30l"
    )
    assert isinstance(caught.value, KeyError)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("my.chiar", "fur.chair."),
        ("bp2v2", "led.roe.bp2v2"),
        ("Black Perl BP2", "led.roe.bp"),
        ("mac.aura", "lx.martin.mac-aura"),
        ("H30V", "truss.prolyte.h30v"),
        ("lx.martin.mac_viper_perfomance", "lx.martin.mac-viper-performance"),
    ],
)
def test_the_nearest_is_what_somebody_meant(written, meant):
    assert HOUSE.nearest(written)[0].startswith(meant)
    assert len(HOUSE.nearest(written)) == 3


def test_what_takes_power_is_what_a_distro_must_feed():
    takes = {item.category for item in HOUSE.values() if item.powered}
    assert takes == {"hoist", "led_panel", "led_processor", "projector", "luminaire", "loudspeaker"}


def test_get_and_in_ask_without_raising():
    assert HOUSE.get("nothing") is None
    assert "nothing" not in HOUSE
    assert HOUSE.get("fur.chair.banquet") is HOUSE["fur.chair.banquet"]


@pytest.mark.parametrize("words", ["bp2v2", "BLACK pearl", "roe 2v2", "video pearl v2"])
def test_search_finds_an_item_by_any_of_its_words(words):
    assert "led.roe.bp2v2" in [item.code for item in HOUSE.search(words)]


def test_search_wants_every_word():
    assert HOUSE.search("truss banquet") == []
    assert {item.category for item in HOUSE.search("led panel")} == {"led_panel"}
    assert {item.dept for item in HOUSE.search("rigging prolyte")} == {"RIG"}


def test_a_projects_rows_add_and_replace_whole_items(tmp_path):
    own = write(
        tmp_path / "mine.csv",
        "model,dept,id,weight_kg,lengths_m\n"
        "Klappstuhl „Süd“,FUR,mein.stuhl.süd,4.5,\n"
        "Our H30V,RIG,truss.prolyte.h30v,,3 1 2\n",
    )
    both = load([own])
    assert len(both) == len(HOUSE) + 1
    assert both["mein.stuhl.süd"].mass == 4.5
    assert both["truss.prolyte.h30v"].mass_per_metre is None
    assert both["truss.prolyte.h30v"].lengths == (1.0, 2.0, 3.0)
    assert load()["truss.prolyte.h30v"].mass_per_metre == 6.3


def test_of_two_files_the_later_one_is_right(tmp_path):
    first = write(tmp_path / "a.csv", "id,dept,weight_kg\nx,FUR,1\n")
    second = write(tmp_path / "b.csv", "id,dept,weight_kg\nx,FUR,2\n")
    assert load([first, second])["x"].mass == 2
    assert load([second, first])["x"].mass == 1


def test_excels_byte_order_mark_and_line_ends_are_no_fault(tmp_path):
    own = write(tmp_path / "excel.csv", '\ufeffid,dept,model\r\nx,FUR,"two\r\nlines"\r\n\r\n')
    assert load([own])["x"].model == "two lines"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,dept,width\nx,FUR,1\n", ["my.csv:1  unknown column 'width'; did you mean 'width_mm'?"]),
        ("id,width_mm\nx,1\n", ["my.csv:1  the column 'dept' is missing: every item needs one"]),
        ("id,dept,id\nx,FUR,y\n", ["my.csv:1  the column 'id' stands twice"]),
        ("id;dept\nx;FUR\n", ["my.csv:1  the columns are parted by semicolons: save the file with commas"]),
        ("", ["my.csv  the file is empty: its first row names the columns (id, dept, model, …)"]),
        (
            "id,dept\n,FUR\n",
            ["my.csv:2  id  the id is missing: give every item one, such as 'my.lamp.par64'"],
        ),
        (
            "id,dept\nx,FUR\n\nx,FUR\n",
            ["my.csv:4  x.id  'x' stands already in line 2: one row an item"],
        ),
        (
            "id,dept,width_mm,weight_kg\nx,FUR,450 mm,\"8,2\"\n",
            [
                "my.csv:2  x.width_mm  '450 mm' is not a number: write the figure alone, the unit is in the head, "
                "or leave the cell empty",
                "my.csv:2  x.weight_kg  '8,2' is not a number: write a decimal point, or leave the cell empty",
            ],
        ),
        (
            "id,dept,width_mm,power_max_w,seats_max,lumens\nx,FUR,0,-5,2.5,nan\n",
            [
                "my.csv:2  x.width_mm  '0' must be above 0: leave the cell empty where the figure is unknown",
                "my.csv:2  x.power_max_w  '-5' must be 0 or more: leave the cell empty where the figure is unknown",
                "my.csv:2  x.seats_max  '2.5' is not a whole number",
                "my.csv:2  x.lumens  'nan' is not a number: leave the cell empty where the figure is unknown",
            ],
        ),
        (
            "id,dept,model\nx,FUR,a,b\n",
            ["my.csv:2  x  4 cells under 3 heads: put text with commas in quotes"],
        ),
        (
            "id,dept,seats_min,seats_max\nx,FUR,10,8\n",
            ["my.csv:2  x.seats  the smallest (10) is above the largest (8)"],
        ),
        ('id,dept\nx,"FUR\n', ["my.csv:2  this row is not CSV: unexpected end of data"]),
    ],
)  # fmt: skip
def test_a_bad_file_is_met_with_line_value_and_way_on(tmp_path, text, expected):
    assert messages(write(tmp_path / "my.csv", text)) == expected


def test_an_unknown_department_names_the_known_ones(tmp_path):
    (message,) = messages(write(tmp_path / "my.csv", "id,dept\nx,lights\n"))
    assert message.startswith("my.csv:2  x.dept  'lights' is no department: use one of RIG (Rigging), ")


def test_a_file_that_is_not_utf8_says_so(tmp_path):
    (tmp_path / "my.csv").write_bytes("id,dept,model\nx,FUR,Stühle\n".encode("latin-1"))
    assert messages(tmp_path / "my.csv") == ["my.csv  byte 23 is not UTF-8: save the file as 'CSV UTF-8'"]


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    assert messages(tmp_path / "no.csv") == ["no.csv  there is no such catalogue file"]
    (tmp_path / "dir.csv").mkdir()
    (message,) = messages(tmp_path / "dir.csv")
    assert message.startswith("dir.csv  cannot be read as a catalogue: ")


def test_the_problems_of_all_files_come_at_once(tmp_path):
    a = write(tmp_path / "a.csv", "id,dept,nits\nx,FUR,?\n")
    b = write(tmp_path / "b.csv", "id,dpt\nx,FUR\n")
    with pytest.raises(VenueError) as caught:
        load([a, b])
    assert [(Path(p.file).name, p.line) for p in caught.value.problems] == [("a.csv", 2), ("b.csv", 1), ("b.csv", 1)]
