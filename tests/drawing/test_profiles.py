"""Layers under somebody else's names: every layer has one, and a table with mistakes is told line by line."""

from __future__ import annotations

import re
from pathlib import Path

import ezdxf
import pytest

from stagecraft.build import build
from stagecraft.drawing.book import compose
from stagecraft.drawing.draft import Job
from stagecraft.drawing.layers import OWN, Profile, all_layers, profile, profiles
from stagecraft.drawing.marks import Text
from stagecraft.errors import VenueError
from stagecraft.export.write import write
from stagecraft.venue.load import load
from tests.export import marked

OTHERS = [name for name in profiles() if name != OWN]


def table(folder: Path, text: str) -> Path:
    file = folder / "layers.csv"
    file.write_text(text, encoding="utf-8")
    return file


def refused(folder: Path, text: str) -> list[str]:
    table(folder, text)
    with pytest.raises(VenueError) as told:
        profile("layers.csv", folder)
    return [str(problem) for problem in told.value.problems]


def test_the_profiles_are_those_of_the_trade() -> None:
    assert profiles() == ("own", "abtt", "iso13567", "ncs")
    assert profile("own") == Profile("own")
    assert profile("ABTT").layers == profile("abtt").layers


@pytest.mark.parametrize("name", OTHERS)
def test_every_layer_of_ours_has_its_own_name_in_every_profile_and_keeps_its_pen(name: str) -> None:
    found = profile(name)
    assert sorted(found.layers) == sorted(layer.name for layer in all_layers())
    theirs = [found.layer(layer) for layer in all_layers()]
    assert len({layer.name.lower() for layer in theirs}) == len(theirs)
    assert [(layer.colour, layer.linetype, layer.lineweight, layer.plot) for layer in theirs] == [
        (layer.colour, layer.linetype, layer.lineweight, layer.plot) for layer in all_layers()
    ]
    assert all(len(layer.name) <= 31 for layer in theirs)


def test_names_have_the_form_of_their_standard() -> None:
    forms = {
        "abtt": r"[1-9][A-Z] [A-Z][a-z]+[a-z ]*",
        "ncs": r"[A-Z]{1,2}(-[A-Z]{4}){1,3}",
        "iso13567": r"Y-[A-Z-]{6}[ETHDJKGBV][A-Z1-9-]",
    }
    for name, form in forms.items():
        names = [layer.name for layer in profile(name).layers.values()]
        assert [word for word in names if not re.fullmatch(form, word)] == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_drawing_lies_on_their_layers_only_and_its_viewports_freeze_theirs(tmp_path: Path, name: str) -> None:
    write(marked.book(), tmp_path / "book.dxf", profile=name)
    doc = ezdxf.readfile(tmp_path / "book.dxf")
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    theirs = profile(name)
    dims = theirs.layers["N-DIMS"].name
    expected = {layer.name for layer in theirs.layers.values()} | {
        "0",
        "Defpoints",
        "VIEWPORTS",
        f"{dims}-020",
        f"{dims}-050",
    }
    assert {layer.dxf.name for layer in doc.layers} == expected
    assert doc.layers.get(theirs.layers["G-CNTR"].name).dxf.linetype == "CENTER"
    assert {e.dxf.layer for e in doc.modelspace().query("DIMENSION")} == {f"{dims}-020", f"{dims}-050"}
    views = [v for v in doc.layouts.get("101 General arrangement").query("VIEWPORT") if v.dxf.id != 1]
    assert [v.frozen_layers for v in views] == [[f"{dims}-020"], [f"{dims}-050"]]
    (attribute,) = {a.dxf.layer for insert in doc.modelspace().query("INSERT") for a in insert.attribs}
    assert attribute == theirs.layers["F-SEAT-ID"].name


def test_a_table_of_the_venue_gives_names_and_pens_and_leaves_the_rest(tmp_path: Path) -> None:
    table(tmp_path, "# our house\nlayer,name,aci,linetype,lineweight_mm\nA-WALL,WÄNDE,3,DASHED,0.7\nS-DECK,BÜHNE,,,\n")
    found = profile("layers.csv", tmp_path)
    own = {layer.name: found.layer(layer) for layer in all_layers()}
    assert (own["A-WALL"].name, own["A-WALL"].colour, own["A-WALL"].linetype, own["A-WALL"].lineweight) == ("WÄNDE", 3, "DASHED", 0.7)  # fmt: skip
    assert (own["S-DECK"].name, own["S-DECK"].colour) == ("BÜHNE", 32)
    assert own["A-PATT"].name == "A-PATT"
    write(marked.plan(), tmp_path / "plan.dxf", profile=found)
    doc = ezdxf.readfile(tmp_path / "plan.dxf")
    assert "A-WALL" not in doc.layers
    assert doc.layers.get("WÄNDE").dxf.lineweight == 70
    assert len(doc.modelspace().query('LWPOLYLINE[layer=="BÜHNE"]')) == 1


def test_a_table_as_a_spreadsheet_of_the_continent_writes_it_is_read(tmp_path: Path) -> None:
    table(tmp_path, "\ufefflayer;name;lineweight_mm\r\nA-WALL;WAND;0,70\r\n;;\r\n")
    assert profile("layers.csv", tmp_path).layers["A-WALL"].lineweight == 0.7


def test_two_layers_become_one_where_their_pens_are_the_same(tmp_path: Path) -> None:
    table(
        tmp_path,
        "layer,name,aci,linetype,lineweight_mm\nA-WALL,ROOM,7,Continuous,0.35\nA-COLS,room,7,Continuous,0.35\n",
    )
    write(marked.plan(), tmp_path / "plan.dxf", profile=profile("layers.csv", tmp_path))
    doc = ezdxf.readfile(tmp_path / "plan.dxf")
    assert not doc.audit().errors
    assert [layer.dxf.name for layer in doc.layers].count("ROOM") == 1
    assert refused(tmp_path, "layer,name\nA-WALL,ROOM\nA-WALL-CUT,ROOM\n") == [
        "layers.csv:3  'ROOM' would be both A-WALL and A-WALL-CUT, whose pens differ: "
        "write the same aci, linetype and lineweight_mm for both, or two names"
    ]
    (told,) = refused(tmp_path, "layer,name\nA-WALL,a-wall-cut\n")
    assert told.startswith("layers.csv:2  'a-wall-cut' would be both A-WALL-CUT and A-WALL")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A-WAL,x,,,", "'A-WAL' is no layer of ours; did you mean 'A-WALL'?"),
        ("A-WALL,,,,", "'' is no name of a layer: 1 to 31 characters, none of < > / \\ \" : ; ? * | = ` ,"),
        ("A-WALL,a|b,,,", "'a|b' is no name of a layer: 1 to 31 characters, none of < > / \\ \" : ; ? * | = ` ,"),
        ("N-DIMS,ABCDEFGHIJKLMNOPQRSTUVWXYZ_1,,,", "'ABCDEFGHIJKLMNOPQRSTUVWXYZ_1' is no name of a layer: 1 to 27 characters, none of < > / \\ \" : ; ? * | = ` ,"),
        ("A-WALL,0,,,", "'0' is a layer of CAD's own: choose another name"),
        ("A-WALL,x,300,,", "'300' is no colour: a number of the AutoCAD colour index, 1 to 255"),
        ("A-WALL,x,,DOTS,", "'DOTS' is no line type: CENTER, Continuous, DASHDOT, DASHED, DASHED2, PHANTOM"),
        ("A-WALL", "'' is no name of a layer: 1 to 31 characters, none of < > / \\ \" : ; ? * | = ` ,"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_told_with_file_and_line(tmp_path: Path, row: str, told: str) -> None:
    assert refused(tmp_path, f"layer,name,aci,linetype,lineweight_mm\n\n{row}\n") == [f"layers.csv:3  {told}"]


def test_a_line_weight_that_dxf_does_not_have_is_told_with_those_it_has(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, "layer,name,lineweight_mm\nA-WALL,x,0.33\n")
    assert told.startswith("layers.csv:2  '0.33' is no line weight: 0, 0.05, 0.09, 0.13,")


def test_all_mistakes_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, "layer,name\nA-WALL,W\nX,Y\nA-WALL,V\n")
    assert told == ["layers.csv:3  'X' is no layer of ours", "layers.csv:4  A-WALL stands in line 2 already"]


def test_a_table_without_its_columns_or_without_a_file_and_a_name_nobody_knows_are_told(tmp_path: Path) -> None:
    assert refused(tmp_path, "ours,theirs\n") == [
        "layers.csv  has no columns layer and name: the first line says layer, name and, where wanted, aci, linetype, lineweight_mm"
    ]
    with pytest.raises(VenueError, match=r"none\.csv +cannot be read: no such file"):
        profile("none.csv", tmp_path)
    (tmp_path / "latin.csv").write_bytes("layer,name\nA-WALL,Wände\n".encode("latin-1"))
    with pytest.raises(VenueError, match=r"latin\.csv +is no text in UTF-8: save it as CSV UTF-8"):
        profile("latin.csv", tmp_path)
    with pytest.raises(
        VenueError, match=r"'bs1192' is no profile of layers: choose own, abtt, iso13567, ncs, or a table"
    ):
        profile("bs1192")


def test_a_format_without_layers_says_that_it_takes_no_profile(tmp_path: Path) -> None:
    with pytest.raises(VenueError, match="a Drawing as pdf takes no 'profile'"):
        write(marked.plan(), tmp_path / "plan.pdf", profile="abtt")
    assert not list(tmp_path.iterdir())


def test_the_cover_lists_layers_under_the_names_that_the_files_have(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "assets" / "examples" / "minimal" / "venue.yaml"
    scene = build(load(example))
    book = compose(Job(scene, layers=profile("abtt")), only=["cover", "general"])
    words = {mark.text for mark in book.sheets[0].marks if isinstance(mark, Text)}
    assert {"1B Walls cut", "2E Seating", "9B Dimensions"} <= words
    assert not words & {layer.name for layer in all_layers()}
