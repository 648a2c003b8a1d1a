"""The whole set of every example, as one DXF and as one PDF: clean, countable, measured right, found by searching."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import ezdxf
import numpy as np
import pypdfium2 as pdfium
import pytest
from ezdxf import bbox

import stagecraft as sc
from stagecraft import units
from stagecraft.drawing.marks import Dimension, Fill, Insert, Text
from stagecraft.export.write import write

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
SETS = [
    ("minimal", ""),
    ("keynote-500", ""),
    ("lecture-raked", ""),
    ("ref-500", ""),
    ("ballroom", ""),
    ("ballroom", "banquet"),
]


@pytest.fixture(scope="module", params=SETS, ids=lambda case: "-".join(filter(None, case)))
def made(request, tmp_path_factory):
    """(book, its views once, the DXF of it as a document, folder of the files)"""
    name, setup = request.param
    book = sc.sheets(sc.build(sc.load(EXAMPLES / name / "venue.yaml"), setup or None))
    folder = tmp_path_factory.mktemp(name)
    write(book, folder / "set.dxf")
    views = list({id(view.drawing): view.drawing for sheet in book.sheets for view in sheet.views}.values())
    return book, views, ezdxf.readfile(folder / "set.dxf"), folder


def marks_of(book, views, kind):
    return [mark for each in (*views, *book.sheets) for mark in each.marks if isinstance(mark, kind)]


def spaces(doc):
    return [layout for layout in doc.layouts if layout.name == "Model" or len(layout)]


def test_the_file_is_clean_and_has_a_layout_for_every_sheet(made):
    book, _, doc, _ = made
    audit = doc.audit()
    assert [e.message for e in (*audit.errors, *audit.fixes)] == []
    assert len(doc.layouts) == 1 + len(book.sheets)
    assert all(
        view.dxf.flags & 16384 for layout in doc.layouts for view in layout.query("VIEWPORT") if view.dxf.id != 1
    )


def test_every_dimension_measures_what_was_meant_and_prints_it_without_an_override(made):
    book, views, doc, _ = made
    meant = Counter()
    for mark in marks_of(book, views, Dimension):
        c, s = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
        meant[round(abs((mark.end[0] - mark.start[0]) * c + (mark.end[1] - mark.start[1]) * s), 3)] += 1
    found = Counter()
    for dimension in doc.modelspace().query("DIMENSION"):
        c, s = math.cos(math.radians(dimension.dxf.angle)), math.sin(math.radians(dimension.dxf.angle))
        apart = dimension.dxf.defpoint3 - dimension.dxf.defpoint2
        size = abs(apart.x * c + apart.y * s)
        assert dimension.dxf.actual_measurement == pytest.approx(size, abs=0.01)
        assert dimension.dxf.text == "<>"
        assert not dimension.has_xdata("ACAD")
        (text,) = dimension.get_geometry_block().query("MTEXT")
        fine = dimension.dxf.dimstyle.endswith("-FINE")  # of shop drawings, to the tenth of a millimetre
        assert text.plain_text() == units.drawn(size / 1000, book.units, fine)
        found[min(meant, key=lambda known: abs(known - size))] += 1
        assert min(abs(known - size) for known in meant) < 0.01
    assert found == meant
    assert meant


def test_every_symbol_is_an_insert_and_every_id_is_there_once_more_in_extended_data(made):
    book, views, doc, _ = made
    meant = Counter(mark.symbol for mark in marks_of(book, views, Insert))
    found = Counter(e.dxf.name for space in spaces(doc) for e in space.query("INSERT"))
    names = {name: re.sub(r"-\d+$", "", name) if name not in meant else name for name in found}
    by_symbol = Counter()
    for name, count in found.items():
        by_symbol[names[name]] += count
    assert by_symbol == meant
    ids = Counter(
        value for mark in marks_of(book, views, Insert) for key, value in mark.attributes if key == "ID" and value
    )
    data = [
        e.get_xdata("STAGECRAFT") for space in spaces(doc) for e in space.query("INSERT") if e.has_xdata("STAGECRAFT")
    ]
    assert Counter(tag.value[3:] for tags in data for tag in tags if tag.value.startswith("ID=")) == ids


def test_every_seat_of_the_plan_has_an_id_of_its_own(made):
    _, views, _, _ = made
    plan = next(view for view in views if view.name == "plan")
    seats = [mark for mark in plan.marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")]
    ids = [dict(mark.attributes)["ID"] for mark in seats]
    assert len(ids) == len(set(ids))
    assert ids


def test_everything_is_by_layer_flat_and_on_a_layer_of_the_table(made):
    book, views, doc, _ = made
    coloured = 0
    for space in spaces(doc):
        for e in space:
            if e.dxf.hasattr("true_color"):  # an area whose colour says something: held seats
                assert e.dxftype() == "HATCH"
                coloured += 1
                continue
            assert e.dxf.layer != "0"
            assert e.dxf.layer in doc.layers
            assert not e.dxf.hasattr("linetype")
            assert not e.dxf.hasattr("lineweight")
            assert e.dxf.get("color", 256) == 256
    assert coloured == sum(mark.colour is not None for mark in marks_of(book, views, Fill))
    box = bbox.extents(doc.modelspace(), fast=True)
    assert box.extmin.z == box.extmax.z == 0


def test_texts_are_large_enough_to_be_read(made):
    book, views, _, _ = made
    assert [mark.text for mark in marks_of(book, views, Text) if mark.height < 1.79] == []


def test_each_sheet_alone_is_a_clean_file_below_two_megabytes(made):
    book, _, _, folder = made
    for sheet in book.sheets:
        path = write(sheet, folder / f"{sheet.number}.dxf")
        audit = ezdxf.readfile(path).audit()
        assert [e.message for e in (*audit.errors, *audit.fixes)] == []
        assert path.stat().st_size < 2_000_000


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
def test_gdal_counts_the_same_symbols(made):
    _, _, doc, folder = made
    query = "select BlockName || '|' || count(*) as told from entities where BlockName is not null group by BlockName"
    told = subprocess.run(
        ["ogrinfo", "-ro", "-q", "--config", "DXF_INLINE_BLOCKS", "FALSE", "--config", "DXF_ENCODING", "UTF-8",
         str(folder / "set.dxf"), "-dialect", "SQLite", "-sql", query], capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert "ERROR" not in told.stderr
    active = [doc.modelspace(), doc.active_layout()]
    meant = Counter(e.dxf.name for space in active for e in space.query("INSERT"))
    assert dict(re.findall(r"told \(String\) = (.*)\|(\d+)", told.stdout)) == {k: str(v) for k, v in meant.items()}


def test_each_page_of_the_pdf_has_its_size_its_bookmark_and_its_number(made):
    book, _, _, folder = made
    document = pdfium.PdfDocument(write(book, folder / "set.pdf"))
    marks = list(document.get_toc())
    assert [mark.get_dest().get_index() for mark in marks] == list(range(len(book.sheets)))
    for page, sheet, mark in zip(document, book.sheets, marks):
        assert page.get_size() == pytest.approx([side * 72 / 25.4 for side in sheet.size], abs=0.01)
        assert sheet.number in mark.get_title()
        words = page.get_textpage().get_text_range()
        assert sheet.number in words
        for dimension in (m for view in sheet.views for m in view.drawing.marks if isinstance(m, Dimension)):
            c, s = math.cos(math.radians(dimension.angle)), math.sin(math.radians(dimension.angle))
            size = abs((dimension.end[0] - dimension.start[0]) * c + (dimension.end[1] - dimension.start[1]) * s)
            assert units.drawn(size / 1000, book.units, dimension.fine) in words


def test_the_set_has_the_same_bytes_under_any_hash_seed(tmp_path):
    program = (
        "import hashlib, sys, stagecraft as sc; from pathlib import Path; from stagecraft.export.write import write\n"
        "book = sc.sheets(sc.build(sc.load(sys.argv[1])))\n"
        "for kind in ('dxf', 'pdf'): print(hashlib.sha256(write(book, Path(sys.argv[2]) / f'set.{kind}').read_bytes()).hexdigest())"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program, str(EXAMPLES / "keynote-500" / "venue.yaml"), str(tmp_path)],
            cwd=EXAMPLES.parents[1], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0].split()) == 2


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
@pytest.mark.parametrize("name", ["minimal", "keynote-500", "lecture-raked", "ref-500"])
def test_gdal_finds_every_place_and_the_walls_where_the_scene_has_them(tmp_path, name):
    scene = sc.build(sc.load(EXAMPLES / name / "venue.yaml"))
    path = write(sc.plan(scene), tmp_path / "plan.dxf")

    def asked(columns, where):
        command = [
            "ogrinfo",
            "-ro",
            "-q",
            "--config",
            "DXF_INLINE_BLOCKS",
            "FALSE",
            str(path),
            "-dialect",
            "SQLite",
            "-sql",
        ]
        told = subprocess.run([*command, f"select {columns} from entities where {where}"], capture_output=True, text=True, check=True)  # fmt: skip
        return [float(value) for value in re.findall(r"\) = (\S+)", told.stdout)]

    assert asked("count(*) n", "BlockName like 'SEAT-%'") == [len(scene.seats)]
    corners = asked(
        "min(ST_MinX(geometry)) a, min(ST_MinY(geometry)) b, max(ST_MaxX(geometry)) c, max(ST_MaxY(geometry)) d",
        "Layer = 'A-WALL-CUT'",
    )
    walls = [part.bounds for part in scene.parts if part.system == "wall"]
    low, high = np.min(walls, axis=0)[0], np.max(walls, axis=0)[1]
    assert corners == pytest.approx(1000 * np.array([*low[:2], *high[:2]]), abs=0.01)
