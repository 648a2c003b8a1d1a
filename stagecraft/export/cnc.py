"""DXF for a router or laser: one stock sheet a file, flat, closed outlines with true arcs and circles, layers by tool.

Finished sizes in millimetres, no offset for the cutter. Every file is proved before it is written.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np

from stagecraft.analysis.nesting import Laid, Nest, NestSheet
from stagecraft.errors import Problem, VenueError
from stagecraft.export._lint import CNC
from stagecraft.export.lint import lint_bytes
from stagecraft.export.write import save
from stagecraft.geometry.loops import Loop, area_of, loops

Version: TypeAlias = Literal["R2000", "R2010", "R12"]
CHECK = 100.0
"""Side of the square that proves the size. [mm]"""
LABEL = 20.0
"""Height of a mark, where the part is large enough. [mm]"""
SLACK = 0.01
"""By so much chords stray from arcs in what is proved. [mm]"""
LAYERS: Mapping[str, tuple[str, int]] = {
    "SHEET": ("SHEET", 8), "LABEL": ("LABEL", 7), "ENGRAVE": ("ENGRAVE", 3), "POCKET": ("POCKET_{depth}", 6),
    "DRILL": ("DRILL_{diameter}", 4), "CUT_IN": ("CUT_IN", 5), "CUT_OUT": ("CUT_OUT", 1),
}  # fmt: skip
"""Tool → name of its layer and AutoCAD colour, in the order of the file: what is inside is cut before what frees the part."""
FIELDS = ("depth", "diameter", "thickness")
"""What a layer's name may say. [mm]"""


@dataclass(frozen=True, eq=False)
class _Path:
    """One thing that a tool follows."""

    tool: str
    loop: Loop
    """[mm]"""
    depth: float
    """[mm]"""
    diameter: float = 0.0


def write_cnc(
    sheet: NestSheet, path: str | os.PathLike[str] | BinaryIO, version: Version = "R2000", layers: str | Path = ""
) -> None:
    """One stock sheet as DXF; layers : a table of a shop's own layer names.

    Raises VenueError for a table that cannot be understood.
    """
    save(_bytes(sheet, version, cnc_layers(layers) if layers else LAYERS), path)


def cnc_files(nest: Nest, version: Version = "R2000", layers: str | Path = "") -> Mapping[str, bytes]:
    """By its name, the file of every nested sheet: `F551_18mm_S01.dxf`. Raises VenueError, as `write_cnc`."""
    names = cnc_layers(layers) if layers else LAYERS
    return {f"{sheet.name}.dxf": _bytes(sheet, version, names) for sheet in nest.sheets}


def cnc_layers(path: str | Path) -> Mapping[str, tuple[str, int]]:
    """Layer names of a shop, from a CSV with the columns layer, name and, where wanted, aci.

    `POCKET,outline z{depth},6`: a name may say {depth}, {diameter} and {thickness} in millimetres. What is not listed keeps
    its own name.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(Path(path).read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise VenueError(Problem(f"cannot be read: {why.lower()}", file=str(path))) from None
    out = dict(LAYERS)
    problems = []
    for line, row in enumerate(rows, 2):
        tool, name, aci = ((row.get(key) or "").strip() for key in ("layer", "name", "aci"))
        if tool not in LAYERS:
            problems.append(Problem(f"'{tool}' is no layer of ours: {', '.join(LAYERS)}", "layer", str(path), line))
        elif not _says_what_it_may(name):
            words = f"'{name}' is no layer name: letters, digits, spaces, - and _, and {{depth}}, {{diameter}}, {{thickness}}"
            problems.append(Problem(words, "name", str(path), line))
        elif aci and not (aci.isdigit() and 1 <= int(aci) <= 255):
            problems.append(Problem(f"'{aci}' is no AutoCAD colour: 1 to 255", "aci", str(path), line))
        else:
            out[tool] = (name, int(aci or LAYERS[tool][1]))
    if problems:
        raise VenueError(problems)
    return out


def _says_what_it_may(name: str) -> bool:
    try:
        parts = list(string.Formatter().parse(name))
    except ValueError:
        return False
    plain = all(field is None or (field in FIELDS and not spec and not kind) for _, field, spec, kind in parts)
    return plain and bool(name) and all(re.fullmatch(r"[A-Za-z0-9_$ #-]*", text) for text, *_ in parts)


def _bytes(sheet: NestSheet, version: Version, names: Mapping[str, tuple[str, int]]) -> bytes:
    paths = sorted(_paths(sheet), key=lambda path: list(LAYERS).index(path.tool))
    if wrong := list(proof(sheet)):
        raise RuntimeError(f"{sheet.name}: {'; '.join(wrong)}")
    import ezdxf

    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        doc = ezdxf.new("R2010" if version == "R2010" else "R2000", units=4)
        doc.header["$MEASUREMENT"] = 1
        doc.appids.add(CNC.upper())
        _fill(doc, sheet, paths, names)
        data = _r12(doc) if version == "R12" else _plain(doc)
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before
    if found := lint_bytes(data, audit=False):
        raise RuntimeError(f"{sheet.name}: {'; '.join(finding.message for finding in found)}")
    return data


def _fill(doc: Any, sheet: NestSheet, paths: Sequence[_Path], names: Mapping[str, tuple[str, int]]) -> None:
    model = doc.modelspace()
    thickness = sheet.stock.thickness * 1000
    several = {path.diameter for path in paths if path.tool == "DRILL" and _depths(paths, path.diameter) > 1}

    def on(tool: str, depth: float = 0.0, diameter: float = 0.0) -> dict[str, str]:
        template, colour = names[tool]
        values = {"depth": _written(depth), "diameter": _written(diameter), "thickness": _written(thickness)}
        name = template.format(**values)
        if tool == "DRILL" and diameter in several and "{depth}" not in template:
            name += f"_Z{values['depth']}"
        if name not in doc.layers:
            doc.layers.add(name, color=colour).dxf.plot = int(tool != "SHEET")
        return {"layer": name}

    length, width = (side * 1000 for side in sheet.stock.size)
    inset = min(sheet.stock.margin * 500, 5.0)
    _rectangle(model, (0.0, 0.0), (length, width), on("SHEET"))
    _rectangle(model, (inset, inset), (inset + CHECK, inset + CHECK), on("SHEET"))
    for one in sheet.laid:
        _label(model, one, on("LABEL"))
    for path in paths:
        layer = on(path.tool, path.depth, path.diameter)
        if path.loop.circle:
            x, y, radius = path.loop.circle
            model.add_circle((round(x, 6), round(y, 6)), round(radius, 6), dxfattribs=layer)
        else:
            corners: Any = np.round(np.c_[path.loop.points, path.loop.bulges], 9).tolist()
            rows = [(round(a, 6), round(b, 6), bulge) for a, b, bulge in corners]
            model.add_lwpolyline(rows, format="xyb", close=True, dxfattribs=layer)
    model.reset_extents((0, 0, 0), (length, width, 0))
    doc.set_modelspace_vport(width * 1.1, center=(length / 2, width / 2))


def _depths(paths: Sequence[_Path], diameter: float) -> int:
    return len({path.depth for path in paths if path.tool == "DRILL" and path.diameter == diameter})


def _rectangle(model: Any, low: tuple[float, float], high: tuple[float, float], on: dict[str, str]) -> None:
    (x0, y0), (x1, y1) = low, high
    model.add_lwpolyline([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], close=True, dxfattribs=on)


def _label(model: Any, one: Laid, on: dict[str, str]) -> None:
    """The mark, inside the part, along its longer side."""
    from ezdxf.enums import TextEntityAlignment

    words = ascii_mark(one.piece.mark)
    room = max(one.size) * 1000, min(one.size) * 1000
    height = max(min(LABEL, 0.4 * room[1], 0.8 * room[0] / max(len(words), 1)), 2.0)
    x, y = _inside(one.loops)
    text = model.add_text(
        words, height=round(height, 1), rotation=90 if one.size[1] > 1.001 * one.size[0] else 0, dxfattribs=on
    )
    text.set_placement((round(x * 1000, 3), round(y * 1000, 3)), align=TextEntityAlignment.MIDDLE_CENTER)


def _inside(found: Sequence[Loop]) -> tuple[float, float]:
    """The middle of a part where that is wood, else a place that is."""
    shape = _polygon(found, 1e-4)
    middle = shape.centroid
    point = middle if shape.contains(middle) else shape.representative_point()
    return float(point.x), float(point.y)


def ascii_mark(mark: str) -> str:
    """A mark in the letters that every controller knows."""
    plain = unicodedata.normalize("NFKD", mark).encode("ascii", "replace").decode().replace("?", "_")
    return re.sub(r"[^ -~]", "_", plain)


def _written(value: float) -> str:
    """`6`, `6p5`."""
    return f"{round(value, 3):g}".replace(".", "p")


def _paths(sheet: NestSheet) -> Iterator[_Path]:
    """Everything that is cut, part by part. [mm]"""
    through = sheet.stock.true * 1000
    for one in sheet.laid:
        rim, *holes = (loop.scaled(1000.0) for loop in one.loops)
        yield _Path("CUT_OUT", rim, through)
        yield from (_Path("CUT_IN", hole, through) for hole in holes)
        for cut in one.piece.cuts:
            depth = cut.depth * 1000
            if cut.outline is not None:
                tool = "ENGRAVE" if cut.kind == "engrave" else "POCKET"
                yield from (_Path(tool, loop.scaled(1000.0), depth) for loop in one.placed(loops(cut.outline)))
            for at in cut.at:
                x, y = one.point(at)
                circle = (x * 1000, y * 1000, cut.diameter * 500)
                yield _Path("DRILL", Loop(np.zeros((0, 2)), np.zeros(0), circle), depth, cut.diameter * 1000)


def proof(sheet: NestSheet) -> Iterator[str]:
    """What is wrong with a sheet; nothing, as it must be: simple outlines, inside the margins, apart, true to their area."""
    import shapely

    shapes = [_polygon([loop.scaled(1000.0) for loop in one.loops], SLACK) for one in sheet.laid]
    length, width = (side * 1000 for side in sheet.stock.size)
    margin, gap = sheet.stock.margin * 1000 - 2 * SLACK, sheet.gap * 1000 - 4 * SLACK
    room = shapely.box(margin, margin, length - margin, width - margin)
    for one, shape in zip(sheet.laid, shapes):
        if not shape.is_valid:
            yield f"{one.piece.mark} crosses itself"
        if not room.covers(shape):
            yield f"{one.piece.mark} lies over the margin"
        true = area_of(one.piece.outline) * 1e6
        if abs(shape.area - true) > SLACK * shape.length + 1.0:
            yield f"{one.piece.mark} has {shape.area:.1f} mm², not {true:.1f}"
    tree = shapely.STRtree(shapes)
    for a, b in tree.query(shapes, predicate="dwithin", distance=gap).T.tolist():
        if a < b:
            yield f"{sheet.laid[a].piece.mark} and {sheet.laid[b].piece.mark} lie closer than {gap:.1f} mm"


def _polygon(found: Sequence[Loop], tolerance: float) -> Any:
    import shapely

    rim, *holes = (loop.chords(tolerance) for loop in found)
    return shapely.Polygon(rim, holes)


def _plain(doc: Any) -> bytes:
    doc.classes.add_required_classes(doc.dxfversion)
    doc.classes.classes = dict(sorted(doc.classes.classes.items()))
    stream = io.StringIO()
    doc.write(stream)
    return stream.getvalue().encode("ascii")


def _r12(doc: Any) -> bytes:
    """As R12, whose polylines are of the old kind."""
    from ezdxf.addons import r12export

    stream = io.StringIO()
    logger = logging.getLogger("ezdxf")
    level = logger.level
    logger.setLevel(logging.ERROR)  # it warns that R12 has no unit: the check square says it
    try:
        r12export.write(doc, stream)
    finally:
        logger.setLevel(level)
    text = re.sub(r"(\$TD\w+\n *40\n)[^\n]*", r"\g<1>2451545.0", stream.getvalue())  # no dates: 1 January 2000
    return text.encode("ascii")
