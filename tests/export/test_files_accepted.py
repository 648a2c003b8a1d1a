"""What others accept: every DXF of every example is clean by four readers that share no code.

A strict ezdxf with its audit, our raw scan and lint, GDAL (counts and extents), LibreCAD (does it draw).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Insert, Style
from stagecraft.export.dxf import write_dxf
from stagecraft.export.lint import lint_bytes
from stagecraft.issue import book_of
from stagecraft.session import open as opened

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
STATES = [
    (path.parent.name, setup)
    for path in sorted(EXAMPLES.glob("*/venue.yaml"))
    for setup in (("theatre", "banquet") if path.parent.name == "ballroom" else (None,))
]


@cache
def drawn(name: str, setup: str | None):
    """The scene, and sheet by sheet the file."""
    session = opened(EXAMPLES / name / "venue.yaml", setup, None)
    files = []
    for sheet in book_of(session).sheets:
        stream = io.BytesIO()
        write_dxf(sheet, stream)
        files.append((sheet, stream.getvalue()))
    return session.scene, files


@pytest.mark.parametrize(("name", "setup"), STATES)
def test_every_file_of_every_example_is_clean_to_a_strict_reader_and_to_the_lint(name, setup):
    _, files = drawn(name, setup)
    assert len(files) > 4
    told = {}
    for sheet, data in files:
        codes = {finding.code for finding in lint_bytes(data)}  # reads it strictly, with errors and fixes of the audit
        if codes:
            told[f"{sheet.number} {sheet.title}"] = codes
    assert told == {}


@pytest.mark.parametrize(("name", "setup"), STATES)
def test_every_file_is_less_than_two_megabytes(name, setup):
    _, files = drawn(name, setup)
    assert all(len(data) < 2_000_000 for _, data in files)


@pytest.mark.gdal
@pytest.mark.parametrize(("name", "setup"), STATES)
def test_gdal_counts_in_the_plan_what_the_scene_counts(name, setup, tmp_path):
    scene, files = drawn(name, setup)
    sheet, data = next((sheet, data) for sheet, data in files if sheet.number.startswith("101"))
    path = tmp_path / "plan.dxf"
    path.write_bytes(data)
    asked = "select BlockName as n, count(*) as c from entities where BlockName is not null and PaperSpace is null group by 1"
    lines = [line.strip() for line in ogrinfo(path, asked) if "=" in line]
    names = [line.split("= ", 1)[1] for line in lines if line.startswith("n ")]
    counts = [int(line.split("= ", 1)[1]) for line in lines if line.startswith("c ")]
    counted = dict(zip(names, counts))
    seats = sum(count for block, count in counted.items() if block.startswith("SEAT-"))
    assert seats == len(scene.seats)
    marks = [mark for view in sheet.views for mark in view.drawing.marks if isinstance(mark, Insert)]
    assert counted == Counter(mark.symbol for mark in marks)


@pytest.mark.gdal
@pytest.mark.parametrize(("name", "setup"), STATES)
def test_gdal_finds_the_walls_as_far_apart_as_they_are(name, setup, tmp_path):
    scene, files = drawn(name, setup)
    data = next(data for sheet, data in files if sheet.number.startswith("101"))
    path = tmp_path / "plan.dxf"
    path.write_bytes(data)
    layer = layer_for(Style("wall", "cut")).name
    sides = ", ".join(f"{way}(ST_{way}{axis}(geometry))" for axis in "XY" for way in ("Min", "Max"))
    said = ogrinfo(path, f"select {sides} from entities where Layer = '{layer}' and PaperSpace is null")
    found = [float(line.rsplit("=", 1)[1]) for line in said if "=" in line]
    walls = [part for part in scene.parts if part.system == "wall"]
    points = np.concatenate([
        (matrix[:3, :3] @ part.solid.vertices.T).T + matrix[:3, 3] for part in walls for matrix in part.transforms
    ])  # fmt: skip
    (left, front, _), (right, back, _) = points.min(axis=0) * 1000, points.max(axis=0) * 1000
    assert found == pytest.approx([left, right, front, back], abs=1.0)


def ogrinfo(path: Path, asked: str) -> list[str]:
    program = shutil.which("ogrinfo") or pytest.skip("no ogrinfo")
    command = [
        program,
        "-ro",
        "-q",
        "--config",
        "DXF_INLINE_BLOCKS",
        "FALSE",
        str(path),
        "-dialect",
        "SQLite",
        "-sql",
        asked,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.librecad
@pytest.mark.parametrize("number", ["101", "201"])
def test_librecad_draws_it(number, tmp_path):
    """As a picture that is neither empty nor black."""
    import pypdfium2

    program = shutil.which("librecad") or pytest.skip("no librecad")
    _, files = drawn("minimal", None)
    path = tmp_path / f"{number}.dxf"
    path.write_bytes(next(data for sheet, data in files if sheet.number.startswith(number)))
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    subprocess.run(
        [program, "dxf2pdf", "--fit", str(path)], env=surroundings, capture_output=True, timeout=60, check=True
    )
    with pypdfium2.PdfDocument(path.with_suffix(".pdf")) as document:
        picture = np.asarray(document[0].render(scale=2, grayscale=True).to_numpy())
    ink = float((picture < 200).mean())
    assert 0.001 < ink < 0.5


def test_a_set_is_the_same_bytes_under_any_hash_seed():
    code = (
        "import hashlib; from tests.export.test_files_accepted import drawn;"
        "print(*(hashlib.sha256(data).hexdigest() for _, data in drawn('minimal', None)[1]))"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                       env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1
