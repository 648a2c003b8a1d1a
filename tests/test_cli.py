"""The command line, as somebody meets it who has never seen it: what it says, and how it ends."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from stagecraft.cli import main

EXAMPLES = Path(__file__).parents[1] / "assets" / "examples"
MINIMAL, BALLROOM = (str(EXAMPLES / name / "venue.yaml") for name in ("minimal", "ballroom"))


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """A command in an empty folder, on a terminal 100 wide: (exit code, what it printed, what it complained of)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def made(*arguments):
        code = 0
        try:
            main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return made


def test_the_starter_gives_what_it_asks_for_and_passes(run):
    file = Path("Spring-gala") / "venue.yaml"
    assert run("new", "Spring gala") == (0, f"{file}\nnext: stagecraft build {file}\n", "")
    code, said, _ = run("check", str(file))
    assert code == 0
    assert said.startswith("asked 200, given 212: 6 wheelchair with companions, VIP 4\nSpring gala")
    assert run("new", "Spring gala") == (2, "", f"{file} is there already: it is left as it is\n")


def test_a_build_ends_with_what_was_written_counted_and_checked(run):
    code, said, _ = run("build", MINIMAL, "--no-pictures")
    assert code == 0
    folder = Path("build") / "minimal"
    count = sum(path.is_file() for path in folder.rglob("*"))
    end = said[said.index(f"Small hall: {count} files in {folder}") :]
    for words in (
        "report.md/json",
        "capacity.csv/xlsx",
        "seats.pretix.json",
        "row-signs.pdf",
        "drawings.pdf",
        "drawings/ (",
        "scene.glb",
        "given",
    ):
        assert words in end
    ended = Counter(one["verdict"] for one in json.loads(Path("build/minimal/report.json").read_text())["outcomes"])
    shown = re.search(r"│ +(\d+) │ +(\d+) │ +(\d+)\n", end)
    assert shown
    assert [int(n) for n in shown.groups()] == [ended[word] for word in ("pass", "fail", "not checked")]
    closed = "the count closes: 104 places on the plan and in the list = 100 chairs on the kit + 4 wheelchair"
    assert " ".join(said.split()).endswith(closed)
    assert all((Path("build/minimal") / name).is_file() for name in ("capacity.xlsx", "seats.xlsx", "manifest.json"))


def test_seats_are_counted_in_the_terminal_and_listed_in_a_file(run):
    code, said, _ = run("seats", MINIMAL)
    assert code == 0
    assert said.startswith("Capacity · Small hall")
    assert next(line for line in said.splitlines() if line.startswith("total")).split("│")[-1].strip() == "104"
    assert run("seats", MINIMAL, "-o", "seats.csv") == (0, "104 rows: seats.csv\n", "")


def test_sightlines_are_read_by_row_listed_by_seat_and_drawn_as_a_map(run):
    code, said, _ = run("sightlines", BALLROOM)
    assert code == 0
    assert said.startswith("Sightlines by row · Orchid gala · theatre\n")
    by_row, by_share, lenses = said.split("\n\n")[:3]
    assert max(len(line) for line in by_row.splitlines() if "┃" in line) <= 100
    assert "Host C" in by_row
    assert by_share.startswith("Seen by row · Orchid gala · theatre\n")
    assert "│ Host from the " in by_share
    assert "LED wall clear above 3.8 m" in by_share
    assert lenses.startswith("Cameras and operators · Orchid gala · theatre\n")
    assert run("sightlines", MINIMAL, "-o", "seen.csv") == (0, "104 rows: seen.csv\n", "")
    assert run("sightlines", MINIMAL, "-o", "seen.svg") == (0, "104 seats: seen.svg\n", "")
    assert "60 mm to 90 mm" in Path("seen.svg").read_text(encoding="utf-8")
    assert run("sightlines", MINIMAL, "-o", "seen.png") == (0, "104 seats: seen.png\n", "")
    assert Path("seen.png").read_bytes().startswith(b"\x89PNG")
    assert run("sightlines", MINIMAL, "--section", "-o", "cut.svg") == (0, "104 seats: cut.svg\n", "")
    assert "C 108" in Path("cut.svg").read_text(encoding="utf-8")
    code, _, wrong = run("sightlines", BALLROOM, "--target", "hosst")
    assert (code, wrong) == (2, "no target is called 'hosst'; did you mean 'Host'?\n")


def test_all_about_one_seat_is_said_or_written(run):
    code, said, _ = run("sightlines", BALLROOM, "--seat", "c q8")
    assert (code, said.splitlines()[0]) == (0, "C row Q seat 8 (rows/14/3) · Orchid gala · theatre")
    assert "least readable mm" in said
    assert "\nband: clear, " in said
    assert run("sightlines", BALLROOM, "--seat", "C Q8", "-o", "q8.csv") == (0, "3 rows: q8.csv\n", "")
    code, _, wrong = run("sightlines", BALLROOM, "--seat", "C Z99")
    assert (code, wrong.startswith("there is no seat 'C Z99'; the nearest are ")) == (2, True)
    code, _, wrong = run("sightlines", BALLROOM, "--seat", "C Q8", "--target", "Host")
    assert wrong == "--seat says all about one seat: leave --target, --what, --section and --chance out\n"
    code, _, wrong = run("sightlines", BALLROOM, "--seat", "C Q8", "-o", "q8.pdf")
    assert wrong == "'q8.pdf': one seat is written as .csv, .xlsx, .json or .md\n"


def test_a_picture_shows_the_seats_in_the_colours_of_their_views(run):
    assert run("picture", MINIMAL, "--look", "views", "--size", "64x36", "-o", "views.png") == (0, "views.png\n", "")
    assert Path("views.png").read_bytes().startswith(b"\x89PNG")


def test_names_that_look_like_markup_are_shown_as_they_are(run):
    Path("venue.yaml").write_text(
        "schema: 1\nname: A [red]name[/red]\nelements:\n"
        "  - {id: A, type: seating, rows: 2, seats: 3, blocks: ['[b]']}\n"
    )
    _, said, _ = run("seats", "venue.yaml")
    assert said.startswith("Capacity · A [red]name[/red]\n")
    assert "\n[b]   │ chair" in said


def test_one_set_up_has_a_folder_of_its_own_and_takes_nothing_from_the_others(run):
    _, said, _ = run("build", BALLROOM, "--setup", "banquet", "--no-pictures")
    folder = Path("build") / "ballroom-banquet"
    assert f"Orchid gala: {sum(path.is_file() for path in folder.rglob('*'))} files in {folder}" in said
    assert "removed" not in said


def test_a_kit_has_its_totals_and_no_empty_columns(run):
    _, said, _ = run("kit", BALLROOM, "--all")
    heads = zip(*(line.split("┃") for line in said.splitlines() if "┃" in line))
    assert [" ".join(filter(None, map(str.strip, words))) for words in heads][3:] == [
        "in theatre", "in classroom", "in cabaret", "in banquet", "in reception", "quantity", "total mass kg", "total power W",
    ]  # fmt: skip
    rows = [[word.strip() for word in line.split("│")] for line in said.splitlines() if "│" in line]
    assert rows[-1][0] == "total"
    for column in (-2, -1):
        assert sum(float(row[column] or 0) for row in rows[:-1]) == pytest.approx(float(rows[-1][column]), abs=0.5)
    assert "Dance" in said


def test_draw_writes_the_set_some_of_its_sheets_or_one_file(run):
    code, said, _ = run("draw", MINIMAL)
    assert code == 0
    made = {path.name for path in Path("drawings").iterdir()}
    assert {
        "drawings.pdf",
        "001-cover.dxf",
        "101-general.dxf",
        "register.csv",
        "register.xlsx",
        "manifest.json",
    } <= made
    rows = Path("drawings/register.csv").read_text(encoding="utf-8-sig").splitlines()
    files = {row.split(",")[-1] for row in rows if row.endswith(".dxf")}
    assert files == {name for name in made if name.endswith(".dxf")}
    assert f"{len(files)} sheet(s) in drawings" in said
    assert run("draw", MINIMAL, "general", "elevation", "-o", "two.pdf")[1].endswith("2 sheet(s): two.pdf\n")
    assert run("draw", MINIMAL, "general", "-o", "one.svg")[0] == 0
    assert Path("one.svg").read_text(encoding="utf-8").startswith("<")
    code, _, err = run("draw", MINIMAL, "-o", "all.svg")
    assert code == 2
    assert "'all.svg' holds one sheet: name one of cover, general" in err
    code, _, err = run("draw", MINIMAL, "genral")
    assert (code, err) == (2, "no sheet of this venue is called 'genral'; did you mean 'general'?\n")
    listed = run("draw", MINIMAL, "--list")[1]
    assert all(key in listed for key in ("cover", "general", "sections", "elevation"))


def test_a_second_set_takes_away_its_own_old_sheets_and_leaves_what_somebody_changed(run):
    run("draw", MINIMAL, "-o", "set")
    venue = Path("other.yaml")
    text = Path(MINIMAL).read_text(encoding="utf-8") + "sheets: {elevation: false, sections: false}\n"
    venue.write_text(text, encoding="utf-8")
    section = next(Path("set").glob("*-sections.dxf"))
    section.write_text("mine", encoding="utf-8")
    _, said, _ = run("draw", str(venue), "-o", "set")
    assert not list(Path("set").glob("*-elevation.dxf"))
    assert section.read_text(encoding="utf-8") == "mine"
    assert f"kept: {section.name} was changed by hand" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("kit", BALLROOM, "--all", "--setup", "theatre"), "--all looks at every set-up: leave --setup out"),
        (("seats", MINIMAL, "-o", "x.pdf"), "'x.pdf': the seat list is written as .csv, .xlsx, .json or .md"),
        (("kit", MINIMAL, "-o", "x"), "'x': the kit is written as .csv, .xlsx, .json or .md"),
        (("draw", MINIMAL, "-o", "x.jpg"), "'x.jpg': sheets are written as .pdf, .dxf, .svg or .png"),
        (("sightlines", MINIMAL, "--section"), "--section is a drawing: say where it goes, as -o section.pdf"),
        (("sightlines", MINIMAL, "--section", "-o", "x.csv"), "--section is a drawing: say where it goes, as -o section.pdf"),
        (
            ("sightlines", MINIMAL, "--section", "--what", "share", "-o", "x.pdf"),
            "--what share is a map: leave --section out",
        ),
        (("seats", MINIMAL, "-o", "."), "'.': the seat list is written as .csv, .xlsx, .json or .md"),
        (("sightlines", MINIMAL, "--what", "share"), "--what share is a map: say where it goes, as -o seen.pdf"),
        (("sightlines", MINIMAL, "--what", "people", "-o", "x.csv"), "--what people is a map: say where it goes, as -o seen.pdf"),
        (("sightlines", MINIMAL, "--chance", "many"), "--chance: 'many' is not a whole number from 1 to 10000"),
        (("sightlines", MINIMAL, "--chance", "0"), "--chance: '0' is not a whole number from 1 to 10000"),
        (("sightlines", MINIMAL, "--chance", "3", "--seed", "-1"), "--seed: '-1' is not a whole number from 0 on"),
        (("sightlines", MINIMAL, "--chance", "3", "--least", "150%"), "--least: '150%' is no share: write 95% or 0.95"),
        (("sightlines", MINIMAL, "--chance", "3", "--least", "nan"), "--least: 'nan' is no share: write 95% or 0.95"),
        (("sightlines", MINIMAL, "--least", "0.5"),
         "--seed and --least belong to --chance: say how many houses to draw, as --chance 200"),
        (("sightlines", MINIMAL, "--seat", "A1 Z9"), "there is no seat 'A1 Z9'; the nearest are 'A1 H6', 'A1 H5', 'A1 H4'"),
        (("sightlines", MINIMAL, "--target", "speakr"), "no target is called 'speakr'; did you mean 'speaker'?"),
        (("place", MINIMAL, "speaker"), f"the element comes first: stagecraft place speaker {MINIMAL}"),
        (("place", "speaker", MINIMAL, "--step", "1"),
         "--step belongs to --within: say where it may stand, as --within 'x=-6..6'"),
        (("design", "screen", MINIMAL, "speaker", "--share", "nan"), "--share: 'nan' is no share: write 95% or 0.95"),
        (("explain", "banana"), "nothing is called 'banana'; 'stagecraft explain' lists what there is"),
        (("explain", "seatng"), "nothing is called 'seatng'; did you mean 'seating'?"),
        (("explain", "stature"), "nothing is called 'stature'; it is a field of people: stagecraft explain people"),
        (("explain", "eye spread"), "nothing is called 'eye spread'; it is a field of people: stagecraft explain people"),
        (("explain", "riser"), "nothing is called 'riser'; it is a field of foh, seating, telescopic: stagecraft explain foh"),
        (("explain", "low-cvalue"), "nothing is called 'low-cvalue'; did you mean 'low-c-value'?"),
        (("new", "???"), "'???' has no letter or digit to make a folder name from"),
        (("build", MINIMAL, "--size", "big"), "'big' is not a size: write 1280x720, from 16 to 8192 pixels a side"),
    ],
)  # fmt: skip
def test_a_slip_is_met_with_what_was_meant(run, arguments, words):
    code, _, wrong = run(*arguments)
    assert (code, wrong) == (2, f"{words}\n")
    assert list(Path.cwd().iterdir()) == []


def test_the_catalogue_offers_the_nearest_and_shows_one_item_whole(run):
    code, _, wrong = run("catalogue", "leed")
    assert code == 2
    assert wrong.startswith("the catalogue has nothing for 'leed'; the nearest are led.")
    _, said, _ = run("catalogue", "led", "roe")
    assert said.splitlines()[-1].startswith("9 items; stagecraft catalogue led.roe.bp2v2 shows one whole")
    _, said, _ = run("catalogue", "led.roe.bp2v2")
    assert "mass             9.35 kg" in said
    assert "confidence       B: a page that quotes the maker" in said


def test_explain_has_a_line_for_everything_and_does_not_mind_how_it_is_written(run):
    _, said, _ = run("explain")
    assert "  seating            Rows of places.\n" in said
    assert "  SL01  low-c-value            A sightline passes less than C" in said
    _, said, _ = run("explain", "seating")
    assert "rows differ in length.\n" + 44 * " " + "(left | centre | right)\n" in said
    assert run("explain", "LED wall") == run("explain", "led_wall")


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ("{id: who, type: presenter}", "note: there are no seats to see from\n"),
        ("{id: A, type: seating, rows: 2, seats: 3}",
         "note: nothing to be seen is named: a target, a presenter or a screen\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("out", [(), ("-o", "x.csv"), ("-o", "x.pdf", "--what", "share")])
def test_a_list_of_views_that_must_stay_empty_says_why(run, elements, words, out):
    Path("venue.yaml").write_text(f"name: T\nelements: [{elements}]\n")
    code, _, wrong = run("sightlines", "venue.yaml", *out)
    assert (code, wrong) == (0, words)


def test_half_is_said_in_two_ways(run):
    said = [run("sightlines", MINIMAL, "--chance", "3", "--least", least) for least in ("50%", "0.5", "0.51")]
    assert said[0] == said[1]
    assert said[0][0] == said[2][0] == 0
    assert "51 %" in said[2][1]
    assert "50 %" in said[1][1]


def test_a_difference_says_from_what_to_what(run):
    code, said, _ = run("diff", MINIMAL, MINIMAL)
    assert code == 0
    assert said == f"from  {MINIMAL}: Small hall\nto    {MINIMAL}: Small hall\n\nno difference\n"


def test_a_code_to_copy_is_never_cut_short(run, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    _, said, _ = run("catalogue", "truss")
    assert "…" not in said
