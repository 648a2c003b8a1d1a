"""The lint finds what shops and venues complain of, in one sentence each, and nothing in a clean file."""

from __future__ import annotations

import io
import itertools
import json
import math
from pathlib import Path

import ezdxf
import pytest

import stagecraft as sc
from stagecraft.cli import main
from stagecraft.drawing.plan import plan
from stagecraft.export.dxf import write_dxf
from stagecraft.export.lint import Unreadable, lint, lint_bytes
from tests.export import marked

MINIMAL = Path(__file__).parents[2] / "assets" / "examples" / "minimal" / "venue.yaml"


def bytes_of(doc) -> bytes:
    stream = io.StringIO()
    doc.write(stream)
    return stream.getvalue().encode("utf-8")


@pytest.fixture(scope="module")
def own() -> bytes:
    """A small set with everything that a set holds: symbols, dimensions, hatches, layouts."""
    stream = io.BytesIO()
    write_dxf(marked.book(), stream)
    return stream.getvalue()


@pytest.fixture
def doc(own):
    return ezdxf.read(io.StringIO(own.decode()))


def codes(data: bytes) -> set[str]:
    return {finding.code for finding in lint_bytes(data)}


def found(doc, code: str):
    """The one finding of that code."""
    (finding,) = [finding for finding in lint_bytes(bytes_of(doc)) if finding.code == code]
    return finding


def test_our_own_files_are_clean(own):
    assert lint_bytes(own) == ()


# --- the eight mutations


def inches(doc, model):
    doc.header["$INSUNITS"] = 1


def without_an_attribute(doc, model):
    insert = next(insert for insert in model.query("INSERT") if insert.attribs)
    insert.attribs.pop(0)


def on_layer_0(doc, model):
    for k in range(50):
        model.add_line((k * 10, 7000), (k * 10, 7500), {"layer": "0"})


def exploded(doc, model):
    model.query("INSERT").first.explode()


def tessellated(doc, model):
    circle = model.query("CIRCLE").first
    model.add_lwpolyline(circle.flattening(0.5), close=True, dxfattribs={"layer": circle.dxf.layer})
    circle.destroy()


def lifted(doc, model):
    model.query("LINE").first.dxf.start = (0, 4000, 5)


def overridden(doc, model):
    model.query("DIMENSION").first.dxf.text = "3999"


def lost_far_away(doc, model):
    model.add_point((5e7, 0), {"layer": "G-ITEM"})


MUTATIONS = {
    inches: "units", without_an_attribute: "attributes", on_layer_0: "layer-0", exploded: "exploded",
    tessellated: "tessellated-arc", lifted: "not-flat", overridden: "dimension-text", lost_far_away: "far-origin",
}  # fmt: skip


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_classic_fault_in_our_own_file_is_found(doc, mutation, tmp_path):
    mutation(doc, doc.modelspace())
    doc.saveas(tmp_path / "mutated.dxf")
    findings = {finding.code: finding for finding in lint(tmp_path / "mutated.dxf")}
    assert MUTATIONS[mutation] in findings
    assert findings[MUTATIONS[mutation]].severity == "error"
    assert ended(["lint", str(tmp_path / "mutated.dxf")]) == 1


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_classic_fault_in_the_plan_of_an_example_is_found(mutation, example, tmp_path):
    doc = ezdxf.read(io.StringIO(example.decode()))
    mutation(doc, doc.modelspace())
    assert MUTATIONS[mutation] in quick(bytes_of(doc)) - quick(example)


def quick(data: bytes) -> set[str]:
    return {finding.code for finding in lint_bytes(data, audit=False)}


@pytest.fixture(scope="module")
def example() -> bytes:
    stream = io.BytesIO()
    write_dxf(plan(sc.build(sc.load(MINIMAL)), 100), stream)
    return stream.getvalue()


def ended(arguments) -> int:
    try:
        main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


# --- what it says


def test_a_finding_says_what_where_how_many_and_a_way_on(doc):
    on_layer_0(doc, doc.modelspace())
    finding = found(doc, "layer-0")
    assert finding.message == "50 entities in model space on layer 0: 50 LINE"
    assert finding.count == 50
    assert len(finding.where) == 5
    assert finding.where[0].startswith("LINE ")
    assert finding.where[0].endswith(" on 0 at 0, 7000")
    assert finding.fix.startswith("put them on a layer")


def test_one_arc_of_chords_is_found_in_lines_end_to_end_too(doc):
    model = doc.modelspace()
    corners = [(1000 * math.cos(math.radians(a)), 8000 + 1000 * math.sin(math.radians(a))) for a in range(0, 91, 5)]
    for a, b in itertools.pairwise(corners):
        model.add_line(a, b, {"layer": "P-SET"})
    assert found(doc, "tessellated-arc").count == 1


def test_corners_of_a_room_are_no_arc(doc):
    """Sixteen walls round a room, a staircase of sixty corners, and a polyline arc stay what they are."""
    model = doc.modelspace()
    ring = [(5000 * math.cos(math.pi * k / 8), 20000 + 5000 * math.sin(math.pi * k / 8)) for k in range(16)]
    model.add_lwpolyline(ring, close=True, dxfattribs={"layer": "A-WALL"})
    steps = [(300 * ((k + 1) // 2), 30000 + 170 * (k // 2)) for k in range(60)]
    model.add_lwpolyline(steps, dxfattribs={"layer": "S-STAIR"})
    model.add_lwpolyline([(0, 40000, 1), (8000, 40000, 0)], format="xyb", dxfattribs={"layer": "P-SET"})
    assert codes(bytes_of(doc)) == set()


def test_a_smooth_curve_of_many_chords_is_found_though_it_is_no_circle(doc):
    curve = [(100 * k, 20000 + 1000 * math.cos(k / 12)) for k in range(60)]
    doc.modelspace().add_lwpolyline(curve, dxfattribs={"layer": "P-SET"})
    assert found(doc, "tessellated-arc").count == 1


def test_the_same_line_twice_is_found_across_layers_and_the_other_way_round(doc):
    model = doc.modelspace()
    model.add_lwpolyline([(0, 9000), (1000, 9000), (1000, 9500)], dxfattribs={"layer": "P-SET"})
    model.add_line((1000, 9500), (1000, 9000), {"layer": "S-DECK"})
    model.add_circle((0, 12000), 300, {"layer": "P-SET"})
    model.add_circle((0, 12000), 300, {"layer": "S-DECK"})
    assert found(doc, "duplicate").count == 2


def test_things_above_one_another_are_no_duplicates_as_long_as_their_names_differ(doc):
    model = doc.modelspace()
    block = doc.blocks.new("PANEL")
    block.add_line((0, 0), (500, 0), {"layer": "0"})
    block.add_attdef("TAG", (0, 0), dxfattribs={"layer": "0"})
    for tag in ("R1", "R2"):
        model.add_blockref("PANEL", (0, 15000), {"layer": "L-LED"}).add_auto_attribs({"TAG": tag})
    assert codes(bytes_of(doc)) == set()
    model.add_blockref("PANEL", (0, 15000), {"layer": "L-LED"}).add_auto_attribs({"TAG": "R2"})
    assert found(doc, "duplicate").count == 1


def test_a_dimension_that_measures_something_else_than_it_prints_is_found(doc):
    dimension = doc.modelspace().query("DIMENSION").first
    dimension.dxf.defpoint3 = dimension.dxf.defpoint3 + ezdxf.math.Vec3(0.5, 0.5, 0)
    assert found(doc, "dimension-size").count == 1


def test_the_text_of_a_dimension_is_the_length_rounded(doc):
    dimension = doc.modelspace().query("DIMENSION").first
    words = doc.blocks.get(dimension.dxf.geometry).query("MTEXT").first
    words.text = words.text.replace("4000", "4001")
    assert found(doc, "dimension-size").count == 1


def test_text_is_measured_on_paper_through_the_viewport_that_shows_it(doc):
    model = doc.modelspace()
    model.add_text("readable", height=1.8 * 50, dxfattribs={"layer": "N-TEXT"}).set_placement((500, 500))
    assert codes(bytes_of(doc)) == set()
    model.add_text("small", height=1.7 * 50, dxfattribs={"layer": "N-TEXT"}).set_placement((500, 800))
    assert found(doc, "small-text").count == 1


def test_a_viewport_is_locked_and_at_a_scale_of_the_list(doc):
    layout = doc.layouts.get(doc.layouts.names_in_taborder()[1])
    viewport = next(v for v in layout.query("VIEWPORT") if v.dxf.id != 1)
    viewport.dxf.flags &= ~16384
    viewport.dxf.view_height = viewport.dxf.height * 73
    assert {"unlocked-viewport", "odd-scale"} <= codes(bytes_of(doc))
    assert found(doc, "odd-scale").message.endswith("1:73")


def test_colour_line_type_and_weight_are_by_layer(doc):
    line = doc.modelspace().query("LINE").first
    line.dxf.color, line.dxf.linetype, line.dxf.lineweight = 1, "DASHED", 50
    messages = [f.message for f in lint_bytes(bytes_of(doc)) if f.code == "override"]
    assert [message.split(" with a ")[1].split(" of ")[0] for message in messages] == [
        "colour",
        "line type",
        "line weight",
    ]


def test_what_is_used_is_defined(own):
    text = own.decode()
    assert codes(text.replace("  8\nR-OVHD\n", "  8\nNOWHERE\n").encode()) == {"undefined-layer"}


# --- structure


def test_a_file_that_is_no_drawing_is_met_with_one_sentence(own):
    sentences = {
        b"": "the file is empty",
        b"   \n\n": "the file is empty",
        b"%PDF-1.7 ": "this is a PDF",
        b"AC1027" + bytes(100): "this is a DWG drawing",
        b"PK\x03\x04zip": "this is a ZIP archive",
        b"hello\nworld\n": "this is no DXF",
        b"  0\nEOF\n": "this is no DXF",
        b"\x00\xff\xfe" * 500: "this is no DXF",
        own[: len(own) // 2]: "again",
        own.replace(b"  0\nEOF\n", b""): "something was cut off",
        own.replace(b"  0\nENDSEC\n", b"", 1): "is not closed",
        own.replace(b" 10\n", b" x!\n", 1): "is no group code",
    }
    for data, sentence in sentences.items():
        with pytest.raises(Unreadable, match=sentence):
            lint_bytes(data)


def test_every_cut_through_a_file_is_unreadable(own):
    lines = own.decode().split("\n")
    for end in range(20, len(lines) - 2, len(lines) // 40):
        with pytest.raises(Unreadable):
            lint_bytes("\n".join(lines[:end]).encode())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("AC1024", "AC9999", "unknown-version"),
        ("  0\nSECTION\n  2\nOBJECTS", "  0\nSECTION\n  2\nTHINGS", "missing-section"),
        ("\n 40\n150.0\n", "\n 40\nnan\n", "bad-number"),
        ("\n 90\n4\n", "\n 90\n5\n", "vertex-count"),
    ],
)
def test_faults_of_structure_that_readers_pass_over_are_found(own, old, new, code):
    text = own.decode()
    assert old in text
    assert code in quick(text.replace(old, new, 1).encode())


def test_a_handle_given_twice_and_an_owner_that_is_not_there_are_found(doc):
    text = bytes_of(doc).decode()
    lines = doc.modelspace().query("LINE LWPOLYLINE CIRCLE")
    a, b = (f"\n  5\n{entity.dxf.handle}\n" for entity in lines[:2])
    assert "repeated-handle" in quick(text.replace(a, b, 1).encode())
    owned = f"{a}330\n{lines[0].dxf.owner}\n"
    assert owned in text
    lost = text.replace(owned, f"{a}330\nFFFFF1\n")
    assert "lost-owner" in quick(lost.encode())


def test_numbers_that_no_machine_holds_are_findings_and_no_accident(own):
    """Flags, corners, radii and versions of a broken file: infinite, not whole, not there."""
    text = own.decode()
    for old, new in (
        ("\n 70\n1\n", "\n 70\n1e400\n"), ("\n 70\n1\n", "\n 70\nx\n"), ("\n 40\n150.0\n", "\n 40\n1e400\n"),
        ("\n 10\n-200.0\n", "\n 10\n1e400\n"), ("\n 10\n-200.0\n", "\n 10\n1e300\n"), ("\n 62\n7\n", "\n 62\n7.5e99\n"),
        ("\n 90\n4\n", "\n 90\n\n"),
    ):  # fmt: skip
        assert old in text
        found = quick(text.replace(old, new).encode())
        wrong = (
            "bad-number" if new.startswith(("\n 10\n1e400", "\n 40\n1e400")) else "far-origin" if "1e300" in new else ""
        )
        assert not wrong or wrong in found


def test_a_binary_dxf_is_read_and_named(doc, tmp_path):
    doc.saveas(tmp_path / "binary.dxf", fmt="bin")
    assert [finding.code for finding in lint(tmp_path / "binary.dxf")] == ["binary"]
    data = (tmp_path / "binary.dxf").read_bytes()
    with pytest.raises(Unreadable, match="binary DXF"):
        lint_bytes(data[: len(data) // 2])


# --- somebody else's drawing


def foreign():
    doc = ezdxf.new("R2010", units=4)
    doc.header["$MEASUREMENT"] = 1
    doc.layers.add("WALLS")
    doc.modelspace().add_lwpolyline(
        [(0, 0), (20000, 0), (20000, 15000), (0, 15000)], close=True, dxfattribs={"layer": "WALLS"}
    )
    return doc


def test_a_clean_drawing_of_somebody_else_is_clean():
    assert codes(bytes_of(foreign())) == set()


def test_in_somebody_elses_drawing_habits_are_warnings_and_a_missing_unit_is_an_error():
    doc = foreign()
    doc.modelspace().add_line((0, 0), (5, 5), {"color": 1})
    doc.header["$INSUNITS"] = 0
    severities = {finding.code: finding.severity for finding in lint_bytes(bytes_of(doc))}
    assert severities == {"layer-0": "warning", "override": "warning", "units": "error"}


def test_a_drawing_in_world_coordinates_is_found_and_so_is_one_in_metres_that_says_millimetres():
    doc = foreign()
    for entity in doc.modelspace():
        entity.translate(4.5e8, 5.7e9, 0)
    assert found(doc, "far-origin").message == "the drawing lies 5700 km from 0, 0"
    doc = foreign()
    for k in range(30):
        doc.modelspace().add_circle((k, k / 2), 0.2, {"layer": "WALLS"})
    for entity in list(doc.modelspace().query("LWPOLYLINE")):
        entity.destroy()
    assert found(doc, "unlikely-size").message == "everything together is 29 mm wide, if the unit is right"


def test_units_that_contradict_each_other_are_found():
    doc = foreign()
    doc.header["$INSUNITS"] = 1
    assert "contradict" not in str(lint_bytes(bytes_of(doc)))
    assert found(doc, "units").message == "$INSUNITS is 1 and $MEASUREMENT says metric: one of them is wrong"


# --- the command


def test_the_command_says_it_to_people_and_to_programs(own, tmp_path, capsys):
    clean, empty = tmp_path / "clean.dxf", tmp_path / "empty.dxf"
    clean.write_bytes(own)
    empty.write_bytes(b"")
    assert ended(["lint", str(clean)]) == 0
    assert capsys.readouterr().out == f"{clean}: clean\n"
    assert ended(["lint", str(clean), str(empty), str(tmp_path / "none.dxf")]) == 2
    assert "none.dxf: it cannot be read: no such file" in capsys.readouterr().out
    assert ended(["lint", "--json", str(clean), str(empty)]) == 2
    said = json.loads(capsys.readouterr().out)
    assert [one["readable"] for one in said] == [True, False]
    assert said[1]["why"] == "the file is empty: export or copy it again"


def test_json_has_every_finding_with_its_places(doc, tmp_path, capsys):
    on_layer_0(doc, doc.modelspace())
    doc.saveas(tmp_path / "zero.dxf")
    assert ended(["lint", "--json", str(tmp_path / "zero.dxf")]) == 1
    ((finding,),) = (one["findings"] for one in json.loads(capsys.readouterr().out))
    assert (finding["code"], finding["severity"], finding["count"]) == ("layer-0", "error", 50)
    assert set(finding) == {"code", "severity", "message", "count", "where", "fix"}
