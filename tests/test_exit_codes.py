"""Commands end with 0 clean, 1 findings, 2 not understood, 3 something missing; and `--help` is light."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from stagecraft.cli import main
from stagecraft.venue.load import load

EXAMPLES = Path(__file__).parents[1] / "assets" / "examples"
KEYNOTE, REFERENCE, MINIMAL = (str(EXAMPLES / name / "venue.yaml") for name in ("keynote-500", "ref-500", "minimal"))


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """A command in an empty folder: (exit code, what it printed, what it complained of)."""
    monkeypatch.chdir(tmp_path)

    def made(*arguments):
        code = 0
        try:
            main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return made


def test_a_clean_venue_ends_with_0_and_one_with_faults_with_1(run):
    assert run("check", KEYNOTE)[0] == 0
    code, said, _ = run("check", REFERENCE)
    assert code == 1
    assert "SL01" in said


def test_what_cannot_be_understood_ends_with_2(run):
    Path("venue.yaml").write_text("name: T\nelements: [{id: a, type: lectern, trn: 1}]\n")
    assert run("check", "venue.yaml") == (2, "", "venue.yaml:2:35   a.trn   unknown field; did you mean 'turn'?\n")
    assert run("chek", "venue.yaml")[0] == 2
    assert run("check")[0] == 2
    assert run("check", MINIMAL, "--banana")[0] == 2


def test_a_folder_that_cannot_be_written_ends_with_2(run):
    Path("taken").write_text("a file, not a folder")
    code, _, wrong = run("schema", "-o", "taken/schema.json")
    assert code == 2
    assert wrong == "the folder 'taken' cannot be written: file exists; choose another\n"


def test_a_file_held_open_ends_with_3(run, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stagecraft.export.write.os.replace", held)
    code, _, wrong = run("schema", "-o", "schema.json")
    assert code == 3
    assert wrong == "'schema.json' is held open by another program: close it there and try again\n"
    assert list(Path().iterdir()) == []


def test_the_report_as_json_is_json(run):
    code, said, _ = run("check", REFERENCE, "--json")
    assert code == 1
    assert {finding["code"] for finding in json.loads(said)["findings"]} >= {"SL01"}


def test_the_schema_is_one_and_the_starter_fits_it(run):
    code, said, _ = run("schema")
    assert code == 0
    assert run("schema", "-o", "s.json") == (0, "s.json\n", "")
    assert Path("s.json").read_text(encoding="utf-8") == said
    run("new", 'Gala: "Größe" #1')
    (file,) = Path().glob("*/venue.yaml")
    assert load(file).name == 'Gala: "Größe" #1'
    data = json.loads(json.dumps(load(file).raw()))
    jsonschema.Draft202012Validator(json.loads(said)).validate(data)


def test_explain_tells_an_element_and_a_finding(run):
    code, said, _ = run("explain", "seating")
    assert code == 0
    assert said.startswith("seating: Rows of places.")
    assert "From row to row, back to back. [m]" in said
    for word in ("SL01", "sl01", "low-c-value"):
        code, said, _ = run("explain", word)
        assert code == 0
        assert said.startswith("SL01  low-c-value")


def test_the_catalogue_is_searched(run):
    code, said, _ = run("catalogue", "led")
    assert code == 0
    assert "led.roe.bp2v2" in said
    assert run("catalogue", "zzzz")[0] == 2


def test_help_imports_nothing_heavy():
    heavy = (
        "numpy",
        "trimesh",
        "ezdxf",
        "pydantic",
        "shapely",
        "PIL",
        "reportlab",
        "pyglet",
        "ruamel",
        "rich",
        "xlsxwriter",
    )
    code = (
        "import sys\nfrom stagecraft.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({heavy!r}) & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: ")
    assert done.stdout.splitlines()[-1] == "[]"
