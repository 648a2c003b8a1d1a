"""A file for the router is what the operator cuts: closed, flat, true to size, one sheet, nothing else in it."""

from __future__ import annotations

import io
import math
import os
import shutil
import subprocess
import sys
from collections import Counter

import ezdxf
import pytest

from stagecraft.analysis.making import to_make
from stagecraft.analysis.nesting import nest
from stagecraft.errors import VenueError
from stagecraft.export.cnc import LAYERS, ascii_mark, cnc_files, proof
from stagecraft.export.lint import lint_bytes
from stagecraft.export.write import write
from stagecraft.geometry.loops import area_of
from stagecraft.geometry.outline import circle, outline, rectangle
from stagecraft.scene import Cut
from tests.analysis.test_nesting import PLY, board, part, rib
from tests.schedules.test_cut_list import workshop

WINDOW = outline([(0, 0), (1, 0), (1, 0.6), (0, 0.6)], holes=[[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)]])
PIECES = (
    part("W-01", WINDOW, 2), part("R-01", rib(), 1), part("D-Ü1", circle(0.25, (0.25, 0.25)), 1),
    part("T-01", board(0.5, 0.4), 1, cuts=(
        Cut("drill", 0.012, at=((0.1, 0.1), (0.4, 0.1)), diameter=0.008), Cut("pocket", 0.0065, rectangle(0.1, 0.05, (0.25, 0.2))),
        Cut("engrave", 0.001, rectangle(0.02, 0.02, (0.4, 0.3))),
    )),
)  # fmt: skip


@pytest.fixture(scope="module")
def nested():
    return nest(PIECES, (PLY,))


def drawn(data: bytes):
    doc = ezdxf.read(io.StringIO(data.decode("ascii")))
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    return doc


def area(entity) -> float:
    """By Green's theorem with the segments of circles, from the file's own numbers. [mm²]"""
    if entity.dxftype() == "CIRCLE":
        return math.pi * entity.dxf.radius**2
    rows = entity.get_points("xyb")
    total = 0.0
    for (ax, ay, bulge), (bx, by, _) in zip(rows, [*rows[1:], rows[0]]):
        total += (ax * by - bx * ay) / 2
        if bulge:
            angle = 4 * math.atan(bulge)
            radius = math.dist((ax, ay), (bx, by)) / (2 * math.sin(angle / 2))
            total += radius**2 * (angle - math.sin(angle)) / 2
    return abs(total)


def test_a_file_holds_closed_polylines_circles_and_marks_only(nested):
    for data in cnc_files(nested).values():
        doc = drawn(data)
        assert (doc.dxfversion, doc.header["$INSUNITS"], doc.header["$MEASUREMENT"]) == ("AC1015", 4, 1)
        assert {entity.dxftype() for entity in doc.modelspace()} <= {"LWPOLYLINE", "CIRCLE", "TEXT"}
        assert all(polyline.closed for polyline in doc.modelspace().query("LWPOLYLINE"))
        assert {text.dxf.layer for text in doc.modelspace().query("TEXT")} == {"LABEL"}
        assert "0" not in {entity.dxf.layer for entity in doc.modelspace()}


def test_areas_and_counts_are_those_of_the_list(nested):
    docs = [drawn(data) for data in cnc_files(nested).values()]
    outer = [entity for doc in docs for entity in doc.modelspace().query("*[layer=='CUT_OUT']")]
    inner = [entity for doc in docs for entity in doc.modelspace().query("*[layer=='CUT_IN']")]
    assert len(outer) == sum(piece.quantity for piece in PIECES)
    assert len(inner) == 2
    wanted = sum(area_of(piece.outline) * piece.quantity for piece in PIECES) * 1e6
    assert sum(map(area, outer)) - sum(map(area, inner)) == pytest.approx(wanted, abs=0.1)


def test_arcs_are_as_modelled(nested):
    (circle_,) = (
        e for data in cnc_files(nested).values() for e in drawn(data).modelspace().query("CIRCLE[layer=='CUT_OUT']")
    )
    assert circle_.dxf.radius == pytest.approx(250.0, abs=1e-6)
    radii = {
        round(math.dist(a[:2], b[:2]) * (1 + a[2] ** 2) / (4 * abs(a[2])), 4)
        for data in cnc_files(nested).values()
        for e in drawn(data).modelspace().query("LWPOLYLINE")
        for a, b in zip(e.get_points("xyb"), [*e.get_points("xyb")[1:], e.get_points("xyb")[0]])
        if a[2]
    }
    assert radii == {2000.0, 2200.0}


def test_what_is_inside_is_cut_before_what_frees_the_part(nested):
    order = list(LAYERS)
    for data in cnc_files(nested).values():
        tools = [entity.dxf.layer.split("_Z")[0] for entity in drawn(data).modelspace() if entity.dxftype() != "TEXT"]
        ranks = [next(k for k, tool in enumerate(order) if name.startswith(tool)) for name in tools]
        assert ranks == sorted(ranks)


def test_tools_have_layers_of_their_own(nested):
    layers = Counter(e.dxf.layer for data in cnc_files(nested).values() for e in drawn(data).modelspace())
    assert {"POCKET_6p5": 1, "DRILL_8": 2, "ENGRAVE": 1, "CUT_IN": 2}.items() <= layers.items()


def test_two_depths_of_one_drill_are_two_layers():
    cuts = (
        Cut("drill", 0.006, at=((0.1, 0.1),), diameter=0.008),
        Cut("drill", 0.012, at=((0.2, 0.1),), diameter=0.008),
    )
    (data,) = cnc_files(nest([part("A", board(0.4, 0.4), cuts=cuts)], (PLY,))).values()
    assert {"DRILL_8_Z6", "DRILL_8_Z12"} <= {entity.dxf.layer for entity in drawn(data).modelspace()}


def test_a_square_of_100_mm_proves_the_size_and_the_sheet_begins_at_0_0(nested):
    for data in cnc_files(nested).values():
        sheet, check = drawn(data).modelspace().query("LWPOLYLINE[layer=='SHEET']")
        assert [tuple(p) for p in sheet.get_points("xy")] == [(0, 0), (2440, 0), (2440, 1220), (0, 1220)]
        assert area(check) == pytest.approx(100 * 100)


def test_r12_has_the_same_shapes_in_old_polylines(nested):
    new, old = cnc_files(nested), cnc_files(nested, "R12")
    for name, data in old.items():
        doc = drawn(data)
        assert doc.dxfversion == "AC1009"
        assert len(doc.modelspace().query("POLYLINE")) == len(drawn(new[name]).modelspace().query("LWPOLYLINE"))
        assert all(polyline.is_closed for polyline in doc.modelspace().query("POLYLINE"))
        assert lint_bytes(data) == ()


def test_marks_are_in_letters_that_controllers_know(nested):
    words = {t.dxf.text for data in cnc_files(nested).values() for t in drawn(data).modelspace().query("TEXT")}
    assert words == {"W-01", "R-01", ascii_mark("D-Ü1"), "T-01"}
    assert ascii_mark("Ü-01") == "U_-01"
    assert ascii_mark("席-01") == "_-01"


def test_the_lint_knows_our_files_and_what_does_not_belong_in_them(nested):
    data = next(iter(cnc_files(nested).values()))
    assert lint_bytes(data) == ()
    doc = drawn(data)
    model = doc.modelspace()
    model.add_line((100, 100), (200, 300), {"layer": "CUT_IN"})
    model.add_lwpolyline([(300, 300), (400, 300), (400, 500)], dxfattribs={"layer": "CUT_IN"})
    model.add_text("9", height=10, dxfattribs={"layer": "CUT_OUT"}).set_placement((50, 50))
    model.query("LWPOLYLINE[layer=='SHEET']")[1].destroy()
    stream = io.StringIO()
    doc.write(stream)
    codes = {finding.code for finding in lint_bytes(stream.getvalue().encode())}
    assert codes == {"not-for-cutting", "open-outline", "text-on-cut-layer", "no-check-square"}


def test_a_sheet_whose_parts_overlap_is_never_written(nested, tmp_path):
    from dataclasses import replace

    sheet = next(sheet for sheet in nested.sheets if len(sheet.laid) > 1)
    wrong = replace(sheet, laid=(replace(sheet.laid[0], at=sheet.laid[1].at), *sheet.laid[1:]))
    assert any("closer than" in words for words in proof(wrong))
    assert list(proof(sheet)) == []
    with pytest.raises(RuntimeError, match="closer than"):
        write(wrong, tmp_path / "wrong.dxf")
    assert list(tmp_path.iterdir()) == []
    outside = replace(sheet, laid=(replace(sheet.laid[0], at=(2.3, 1.1)),))
    assert any("over the margin" in words for words in proof(outside))


def test_a_shop_names_its_layers_itself(nested, tmp_path):
    table = tmp_path / "shop.csv"
    table.write_text("layer,name,aci\nCUT_OUT,EXT_{thickness},2\nPOCKET,outline z{depth},\n")
    layers = {e.dxf.layer for data in cnc_files(nested, layers=table).values() for e in drawn(data).modelspace()}
    assert {"EXT_18", "outline z6p5", "CUT_IN"} <= layers
    table.write_text("layer,name,aci\nCUT,X,\nCUT_IN,{speed},\nSHEET,A,999\n")
    with pytest.raises(VenueError) as told:
        cnc_files(nested, layers=table)
    assert [problem.line for problem in told.value.problems] == [2, 3, 4]
    with pytest.raises(VenueError, match="cannot be read: no such file"):
        cnc_files(nested, layers=tmp_path / "none.csv")


def test_a_whole_workshop_is_cut_and_its_areas_are_those_of_the_list(tmp_path):
    scene = workshop()
    found = nest(to_make(scene), scene.stock)
    lacking = {piece.mark for piece, _ in found.left}
    pieces = [piece for piece in to_make(scene) if piece.kind == "sheet" and piece.mark not in lacking]
    files = cnc_files(found)
    assert all(lint_bytes(data, audit=False) == () for data in files.values())
    docs = [drawn(data) for data in files.values()]
    outer = [entity for doc in docs for entity in doc.modelspace().query("*[layer=='CUT_OUT']")]
    inner = [entity for doc in docs for entity in doc.modelspace().query("*[layer=='CUT_IN']")]
    assert len(outer) == sum(piece.quantity for piece in pieces)
    wanted = sum(area_of(piece.outline) * piece.quantity for piece in pieces) * 1e6
    assert sum(map(area, outer)) - sum(map(area, inner)) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.gdal
def test_gdal_reads_the_areas_back(nested, tmp_path):
    ogrinfo = shutil.which("ogrinfo") or pytest.skip("no ogrinfo")
    total = 0.0
    for name, data in cnc_files(nested).items():
        (tmp_path / name).write_bytes(data)
        shape = (
            "st_area(st_makepolygon(st_snaptogrid(geometry, 0.001)))"  # GDAL breaks arcs up, and rounds where it does
        )
        asked = f"select sum({shape}) from entities where Layer = 'CUT_OUT'"
        said = subprocess.run([ogrinfo, "-ro", "-q", str(tmp_path / name), "-dialect", "SQLite", "-sql", asked],
                              capture_output=True, text=True, check=True).stdout  # fmt: skip
        total += float(said.rsplit("=", 1)[1])
    wanted = sum(area_of(piece.outline) * piece.quantity for piece in PIECES) * 1e6 + 2 * 200 * 200
    assert total == pytest.approx(wanted, rel=1e-3)


def test_the_same_bytes_under_any_hash_seed():
    code = (
        "import hashlib; from tests.export.test_cnc import PIECES, PLY, cnc_files, nest; found = nest(PIECES, (PLY,));"
        "print(*(hashlib.sha256(d).hexdigest() for v in ('R2000', 'R12') for d in cnc_files(found, v).values()))"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                       env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
