"""A DXF is what a fabricator opens: clean, in millimetres, countable, measured right, and the same every time."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ezdxf
import numpy as np
import pytest
from ezdxf import bbox

from stagecraft.drawing.marks import (
    Arc,
    Circle,
    Dimension,
    Drawing,
    Ellipse,
    Fill,
    Insert,
    Leader,
    Line,
    Style,
    Symbol,
    Text,
)  # fmt: skip
from stagecraft.export.dxf import write_dxf
from tests.export import marked


def saved(paper, path):
    write_dxf(paper, path)
    doc = ezdxf.readfile(path)
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    return doc


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return saved(marked.plan(), tmp_path_factory.mktemp("dxf") / "plan.dxf")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return saved(marked.book(), tmp_path_factory.mktemp("dxf") / "book.dxf")


def test_the_header_says_millimetres_and_paper_sized_line_types(plan, book):
    names = ("$ACADVER", "$INSUNITS", "$MEASUREMENT", "$LTSCALE", "$PSLTSCALE")
    assert [book.header[name] for name in names] == ["AC1024", 4, 1, 1.0, 1]
    assert [plan.header[name] for name in names] == ["AC1024", 4, 1, marked.plan().scale, 0]
    pattern = plan.linetypes.get("CENTER").pattern_tags.tags
    assert [tag.value for tag in pattern if tag.code == 49] == [12, -2, 1, -2]
    assert plan.layers.get("G-OVHD").dxf.linetype == "DASHED"


def test_a_drawing_alone_is_model_space_only(plan):
    assert len(plan.layouts.get("Layout1")) == 0
    assert plan.layouts.names() == ["Model", "Layout1"]


def test_every_mark_is_one_real_entity(plan):
    kinds = [e.dxftype() for e in plan.modelspace()]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {
        "MTEXT": 2, "HATCH": 1, "LWPOLYLINE": 2, "LINE": 1, "CIRCLE": 1, "ARC": 1, "LEADER": 1, "INSERT": 6,
        "DIMENSION": 3,
    }  # fmt: skip


def test_nothing_in_model_space_lies_on_layer_0_or_off_the_floor_or_overrides_its_layer(book):
    for e in book.modelspace():
        assert e.dxf.layer != "0"
        assert e.dxf.layer in book.layers
        assert not any(e.dxf.hasattr(name) for name in ("linetype", "lineweight", "true_color"))
        assert e.dxf.get("color", 256) == 256
    box = bbox.extents(book.modelspace())
    assert box.extmin.z == box.extmax.z == 0


def test_a_dimension_measures_the_model_and_prints_what_it_measures(plan):
    found = {round(d.get_measurement(), 6): d for d in plan.modelspace().query("DIMENSION")}
    assert sorted(found) == [4000.0, 4999.6, 5000.0]
    for size, dimension in found.items():
        assert dimension.dxf.text == "<>"
        assert dimension.dxf.actual_measurement == pytest.approx(size)
        assert dimension.dxf.dimstyle == "SC-50"
        assert dimension.dxf.layer == "N-DIMS-050"
        assert not dimension.has_xdata_list("ACAD", "DSTYLE") if dimension.has_xdata("ACAD") else True
        (text,) = dimension.get_geometry_block().query("MTEXT")
        assert text.plain_text() == f"{size:.0f}"
        assert text.dxf.insert.isclose(dimension.dxf.text_midpoint)


def test_the_dimension_style_holds_everything_in_paper_millimetres(plan):
    style = plan.dimstyles.get("SC-50").dxf
    assert (style.dimscale, style.dimtxt, style.dimasz, style.dimexo, style.dimexe) == (50, 2.5, 1.8, 2.0, 1.5)
    assert (style.dimtxsty, style.dimblk, style.dimlunit, style.dimlfac) == ("SC-TEXT", "_ARCHTICK", 2, 1.0)
    assert plan.styles.get("SC-TEXT").dxf.font == "arial.ttf"


def test_arrows_of_leaders_are_as_long_as_in_the_pdf_and_ticks_of_dimensions_too(plan):
    (leader,) = plan.modelspace().query("LEADER")
    style = plan.dimstyles.get(leader.dxf.dimstyle).dxf
    assert (leader.dxf.dimstyle, style.dimasz, style.dimscale, style.dimldrblk) == ("SC-50-NOTE", 2.5, 50, "")
    assert (plan.header["$DIMSTYLE"], plan.header["$DIMASZ"]) == ("SC-50", 1.8)


def test_feet_are_architectural_by_the_style_and_the_model_stays_in_millimetres(tmp_path):
    doc = saved(marked.plan("ft"), tmp_path / "feet.dxf")
    style = doc.dimstyles.get("SC-50-FT").dxf
    assert (style.dimlunit, style.dimzin) == (4, 3)
    assert style.dimlfac * 25.4 == pytest.approx(1)
    first = min(doc.modelspace().query("DIMENSION"), key=lambda d: d.dxf.actual_measurement)
    assert first.get_measurement() == pytest.approx(4000)
    assert first.get_geometry_block().query("MTEXT")[0].plain_text() == "13'-1 1/2\""


def test_every_seat_is_an_insert_whose_attributes_are_those_of_its_block(plan):
    seats = plan.modelspace().query('INSERT[name=="SEAT-fur.chair"]')
    assert len(seats) == 6
    tags = [a.dxf.tag for a in plan.blocks.get("SEAT-fur.chair").attdefs()]
    assert tags == ["ID", "ROW", "SEAT", "OWNER"]
    for k, seat in enumerate(seats, 1):
        assert [a.dxf.tag for a in seat.attribs] == tags
        assert seat.get_attrib_text("ID") == f"C/1/{k}"
        assert seat.get_attrib_text("ROW") == "Ä"
        assert [a.dxf.tag for a in seat.attribs if not a.is_invisible] == ["SEAT"]
        number = seat.get_attrib("SEAT")
        assert number.dxf.layer == "F-SEAT-ID"
        assert number.dxf.align_point.isclose((500 * k, 1000))
    assert {e.dxf.layer for e in plan.blocks.get("SEAT-fur.chair")} == {"0"}


def test_texts_survive_in_any_script_with_their_special_signs(plan):
    space = plan.modelspace()
    one, two = space.query("MTEXT")
    assert one.plain_text() == "Bühne Σκηνή Сцена"
    assert one.dxf.char_height == 3.5 * 50
    assert two.plain_text() == "two\nlines {of} \\text"
    assert space.query("INSERT")[0].get_attrib_text("OWNER") == "«Müller» 席 ^ %%%%%%d"


def test_a_masked_text_stands_on_a_ground_of_the_colour_of_the_paper(plan):
    one, two = plan.modelspace().query("MTEXT")
    assert (one.dxf.bg_fill, two.dxf.hasattr("bg_fill")) == (3, False)
    assert one.dxf.box_fill_scale == pytest.approx(1 + 0.4 / 3.5)
    assert plan.dimstyles.get("SC-50").dxf.dimtfill == 1
    assert all(d.get_geometry_block().query("MTEXT")[0].dxf.bg_fill == 3 for d in plan.modelspace().query("DIMENSION"))


def test_ids_stand_in_extended_data_too(plan):
    seats = plan.modelspace().query("INSERT")
    assert [seat.get_xdata("STAGECRAFT") for seat in seats] == [[(1000, f"ID=C/1/{k}")] for k in range(1, 7)]


def test_a_symbol_that_carries_more_in_another_view_is_one_block_with_all_its_attributes(tmp_path):
    dot = Symbol("RIG-POINT", (Circle(Style("truss"), (0.0, 0.0), 100.0),), (("ID", (120.0, 0.0), 90.0),))
    larger = dataclasses.replace(dot, slots=(("ID", (120.0, 0.0), 180.0),))
    rows = ((("ID", "P1"),), (("ID", "P1"), ("TRIM", "6.0")))
    base = marked.book().sheets[0]
    views = [
        dataclasses.replace(
            view, drawing=Drawing("d", (Insert(Style("truss"), dot.name, (0.0, 0.0), 0.0, row, ("ID",)),), {dot.name: symbol},
                                  ((-200.0, -200.0), (200.0, 200.0)), 50))
        for view, symbol, row in zip(base.views, (dot, larger), rows)
    ]  # fmt: skip
    doc = saved(dataclasses.replace(base, views=tuple(views)), tmp_path / "points.dxf")
    one, two = doc.modelspace().query("INSERT")
    assert one.dxf.name == two.dxf.name == "RIG-POINT"
    assert [a.dxf.tag for a in doc.blocks.get("RIG-POINT").attdefs()] == ["ID", "TRIM"]
    assert [[a.dxf.text for a in insert.attribs] for insert in (one, two)] == [["P1", ""], ["P1", "6.0"]]
    assert [insert.get_attrib("ID").dxf.height for insert in (one, two)] == [90, 180]


def test_the_notes_of_a_view_go_with_it(tmp_path):
    told = dataclasses.replace(marked.section(), notes=("NOT FOR RIGGING UNTIL APPROVED",))
    doc = saved(told, tmp_path / "noted.dxf")
    (text,) = doc.modelspace().query("TEXT MTEXT")
    assert text.dxf.text == "NOT FOR RIGGING UNTIL APPROVED"
    assert text.dxf.layer == "N-TEXT"


def test_an_apron_stays_an_arc(plan):
    (apron,) = plan.modelspace().query('LWPOLYLINE[layer=="S-DECK"]')
    (start, *_), (end, *_) = apron.get_points("xyb")
    assert apron.get_points("b")[0] == (1.0,)
    assert end - start == 4000.0


def test_hatch_lines_lie_as_far_apart_on_paper_as_in_the_pdf(plan):
    (hatch,) = plan.modelspace().query("HATCH")
    assert hatch.dxf.layer == "A-PATT"
    assert math.hypot(*hatch.pattern.lines[0].offset) == pytest.approx(1.27 * 50, rel=1e-4)
    assert len(hatch.paths.paths) == 2


def test_each_sheet_is_a_layout_with_locked_viewports_at_true_scale(book):
    names = book.layouts.names_in_taborder()
    assert names == ["Model", "101 General arrangement", "102 Empty - sheet"]
    layout = book.layouts.get(names[1])
    assert (layout.dxf.paper_width, layout.dxf.paper_height) == (420, 297)
    views = [v for v in layout.query("VIEWPORT") if v.dxf.id != 1]
    assert [v.dxf.view_height / v.dxf.height for v in views] == pytest.approx([50, 20])
    assert all(v.dxf.flags & 16384 for v in views)
    assert [v.frozen_layers for v in views] == [["N-DIMS-020"], ["N-DIMS-050"]]
    assert book.layers.get(views[0].dxf.layer).dxf.plot == 0


def test_views_stand_beside_each_other_at_round_steps_and_say_so(book):
    space = book.modelspace()
    stage = space.query('LWPOLYLINE[layer=="S-CUT"]')[0]
    x, y = np.min([p[:2] for p in stage.get_points("xy")], axis=0)
    assert (x, y) == (10_000, 0)
    said = [t.dxf.text for t in space.query("TEXT")]
    assert "Section A–A: x and y here are +10000, +0 mm from its own" in said
    viewport = [v for v in book.layouts.get("101 General arrangement").query("VIEWPORT") if v.dxf.id != 1][1]
    low = viewport.dxf.view_center_point[0] - viewport.dxf.view_height * viewport.dxf.width / viewport.dxf.height / 2
    assert low + (250 - 230) * 20 == pytest.approx(x)  # the stage's corner lies where the sheet places it


def test_equal_names_with_other_content_become_two_blocks(tmp_path):
    def with_radius(r):
        dot = Symbol('A/B "tree" 木', (Circle(Style("set"), (0.0, 0.0), r),))
        return Drawing("d", (Insert(Style("set"), dot.name, (0.0, 0.0)),), {dot.name: dot}, ((-r, -r), (r, r)), 50)

    base = marked.book()
    views = [dataclasses.replace(view, drawing=with_radius(r)) for view, r in zip(base.sheets[0].views, (100.0, 200.0))]
    doc = saved(dataclasses.replace(base.sheets[0], views=tuple(views)), tmp_path / "two.dxf")
    names = [insert.dxf.name for insert in doc.modelspace().query("INSERT")]
    assert names == ["A-B -tree- 木", "A-B -tree- 木-2"]
    assert [doc.blocks.get(name)[0].dxf.radius for name in names] == [100, 200]


@pytest.mark.parametrize(
    "marks",
    [
        (),
        (Line(Style("note"), ((0.0, 0.0),)),),
        (Line(Style("note"), ((1.0, 1.0), (1.0, 1.0))),),
        (Leader(Style("note"), ((1.0, 1.0),)), Fill(Style("wall"), (((1.0, 1.0),),))),
    ],
)
def test_next_to_nothing_is_written_cleanly(tmp_path, marks):
    doc = saved(Drawing("empty", marks), tmp_path / "empty.dxf")
    assert len(doc.modelspace()) == 0


def test_the_same_paper_gives_the_same_bytes_under_any_hash_seed(tmp_path):
    program = (
        "import io, hashlib; from tests.export import marked; from stagecraft.export.dxf import write_dxf\n"
        "out = io.BytesIO(); write_dxf(marked.book(), out); print(hashlib.sha256(out.getvalue()).hexdigest())"
    )
    sums = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    first, second = io.BytesIO(), io.BytesIO()
    write_dxf(marked.book(), first)
    write_dxf(marked.book(), second)
    assert first.getvalue() == second.getvalue()
    assert sums[0] == sums[1] == hashlib.sha256(first.getvalue()).hexdigest() + "\n"


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
def test_gdal_counts_the_seats_with_their_attributes(tmp_path):
    write_dxf(marked.book(), tmp_path / "book.dxf")
    query = "select BlockName, Layer, BlockAttributes from entities where BlockName like 'SEAT%'"
    told = subprocess.run(
        ["ogrinfo", "-ro", "-q", "--config", "DXF_INLINE_BLOCKS", "FALSE", "--config", "DXF_ENCODING", "UTF-8", str(tmp_path / "book.dxf"),
         "-dialect", "SQLite", "-sql", query], capture_output=True, text=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    assert told.count("BlockName (String) = SEAT-fur.chair") == 6
    assert told.count("Layer (String) = F-SEAT\n") == 6
    assert all(f"ID C/1/{k},ROW Ä,SEAT {k}," in told for k in range(1, 7))


def test_numbers_of_numpy_are_numbers(tmp_path):
    one, none = np.float64(1.5), np.float64(-0.0)
    style, at = Style("set"), (np.float64(10.0), np.int64(20))
    dot = Symbol("dot", (Circle(style, (none, none), one),))
    marks = (
        Line(style, (at, (0.0, 0.0)), bulges=(one,)), Circle(style, at, one), Arc(style, at, one, one, 2 * one),
        Ellipse(style, at, (one, none), np.float64(0.5), none, one), Text(style, at, "a", one, one),
        Text(style, at, "a\nb", one, one), Insert(style, "dot", at, one), Leader(style, (at, (one, one))),
        Dimension(style, at, (one, one), at, at, one), Fill(style, ((at, (one, one), (none, one)),)),
    )  # fmt: skip
    write_dxf(Drawing("numbers", marks, {"dot": dot}, ((0.0, 0.0), (50.0, 50.0)), one), tmp_path / "numbers.dxf")
    assert "np." not in (tmp_path / "numbers.dxf").read_text(encoding="utf-8")
    assert not ezdxf.readfile(tmp_path / "numbers.dxf").audit().errors


NAMES = ("Αίθουσα", "Зал", "مسرح الأوبرا", "תיאטרון", "国家大剧院 席", "🎭 Bühne", "x" * 200, "a%%d^J\\P{b};c\t\x00 d")


def named(name):
    """A sheet whose title, texts, symbol and attributes have a name, and a table of it."""
    dot = Symbol(name, (Circle(Style("set"), (0.0, 0.0), 100.0),), (("TAG", (0.0, 0.0), 90.0),))
    mark = Insert(Style("set"), name, (500.0, 500.0), 0.0, (("TAG", name), ("ELEMENT", name)), ("TAG",))
    texts = (Text(Style("note"), (0.0, 0.0), name), Text(Style("note"), (0.0, 900.0), f"{name}\n{name}"))
    view = Drawing(name, (*texts, mark), {name: dot}, ((0.0, 0.0), (2000.0, 2000.0)), 50, name)
    base = marked.book().sheets[0]
    return dataclasses.replace(base, title=name, views=(dataclasses.replace(base.views[0], drawing=view),))


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_survive_in_layouts_texts_symbols_attributes_and_ids(tmp_path, name):
    doc = saved(named(name), tmp_path / "named.dxf")
    kept = "".join(c for c in name if c >= " ")
    table = re.sub(r'[<>/\\":;?*|=`,\x00-\x1f]', "-", name)[:120]
    assert doc.layouts.names()[1] == f"101 {table}"[:120]
    space = doc.modelspace()
    (insert,) = space.query("INSERT")
    assert insert.dxf.name == table
    literal = kept.replace("^", "^ ").replace("%%", "%%%%%%")  # what CAD takes for these signs themselves
    assert [a.dxf.text for a in insert.attribs] == [literal, literal]
    assert insert.get_xdata("STAGECRAFT") == [(1000, f"{key}={kept}") for key in ("ELEMENT", "TAG")]
    (one,) = space.query("TEXT")
    assert one.dxf.text == literal
    assert [text.plain_text().split("\n") for text in space.query("MTEXT")] == [[kept] * 2]


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
@pytest.mark.parametrize("name", NAMES[:6])
def test_gdal_reads_names_in_any_script(tmp_path, name):
    write_dxf(named(name), tmp_path / "named.dxf")
    told = subprocess.run(
        ["ogrinfo", "-ro", "-q", "-al", "--config", "DXF_INLINE_BLOCKS", "FALSE", "--config", "DXF_ENCODING", "UTF-8",
         str(tmp_path / "named.dxf")], capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert "ERROR" not in told.stderr
    assert f"BlockName (String) = {name}\n" in told.stdout
    assert f"TAG {name},ELEMENT {name}" in told.stdout
    assert f"Text (String) = {name}\n" in told.stdout
