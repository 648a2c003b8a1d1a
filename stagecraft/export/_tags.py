"""Entities as DXF text: what a drawing has by the thousand is put into words at once, not object by object.

Groups in the order of Autodesk's DXF reference, R2010; coordinates to a millionth of a millimetre.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stagecraft.drawing.layers import Layer
from stagecraft.drawing.marks import Point
from stagecraft.geometry.frame import Floats

APPID = "STAGECRAFT"
"""Owner of the extended data."""
MOST = 32_767
"""Vertices or faces that one polyface mesh holds."""
_LONGEST = 250
"""Characters that one group of MTEXT holds."""
_LONGEST_DATA = 255
"""Bytes that one string of extended data holds."""
_ACROSS = {"left": 0, "centre": 1, "right": 2}
_UP = {"bottom": 0, "middle": 2, "top": 3}


@contextmanager
def document() -> Iterator[Any]:
    """A new ezdxf document in millimetres, without dates and random identifiers as long as it is open."""
    import ezdxf

    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        doc = ezdxf.new("R2010", units=4)
        doc.header["$MEASUREMENT"] = 1
        doc.header["$LUNITS"] = 2
        doc.header["$LUPREC"] = 0
        doc.appids.add(APPID)
        yield doc
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def packed(doc: Any) -> bytes:
    """The file of a document, the same bytes for the same content."""
    doc.classes.add_required_classes(doc.dxfversion)
    doc.classes.classes = dict(sorted(doc.classes.classes.items()))
    stream = io.StringIO()
    doc.write(stream)
    data: bytes = stream.getvalue().encode(doc.output_encoding, errors="dxfreplace")
    return data


def add_layer(doc: Any, like: Layer, name: str, description: str) -> None:
    """A layer with the pen of another, once."""
    if name in doc.layers:
        return
    layer = doc.layers.add(name, color=like.colour, linetype=like.linetype, lineweight=round(like.lineweight * 100))
    layer.dxf.plot = int(like.plot)
    if like.frozen:
        layer.freeze()
    layer.description = description


def unused(wanted: str, taken: Iterable[str]) -> str:
    """A table name that DXF allows and that is free."""
    name = re.sub(r'[<>/\\":;?*|=`,\x00-\x1f\ud800-\udfff]', "-", wanted)[:120].strip() or "-"
    known = {other.lower() for other in taken}
    number, free = 1, name
    while free.lower() in known:
        number += 1
        free = f"{name}-{number}"
    return free


class Tags:
    """The entities of one space of an ezdxf document, in the order in which they are drawn."""

    def __init__(self, doc: Any, space: Any, style: str = "Standard") -> None:
        """space : model space, a layout or a block; style : text style of every text"""
        self._next = doc.entitydb.handles.next
        self._space = space
        self._owner = space.layout_key
        self._paper = " 67\n1\n" if space.is_any_paperspace else ""
        self._style = style
        self._text: list[str] = []

    def close(self) -> None:
        """Hand what was said so far to the document."""
        if self._text:
            self._space.entity_space.add(_written()("".join(self._text)))
            self._text.clear()

    def line(self, layer: str, a: Point, b: Point) -> None:
        self._add("LINE", layer, "AcDbLine", _at(10, a), _at(11, b))

    def polyline(self, layer: str, points: Sequence[Point], bulges: Sequence[float], closed: bool) -> None:
        """One LWPOLYLINE; bulges of the runs that begin at its points, 0 where there are none."""
        runs = (*bulges, *[0.0] * len(points))
        corners = [
            f" 10\n{_n(x)}\n 20\n{_n(y)}\n" + (f" 42\n{float(b)!r}\n" if b else "") for (x, y), b in zip(points, runs)
        ]
        self._add("LWPOLYLINE", layer, "AcDbPolyline", f" 90\n{len(points)}\n 70\n{int(closed)}\n", *corners)

    def circle(self, layer: str, centre: Point, radius: float) -> None:
        self._add("CIRCLE", layer, "AcDbCircle", _at(10, centre), f" 40\n{_n(radius)}\n")

    def arc(self, layer: str, centre: Point, radius: float, start: float, end: float) -> None:
        """Anticlockwise between two angles. [degrees]"""
        ends = f"100\nAcDbArc\n 50\n{float(start)!r}\n 51\n{float(end)!r}\n"
        self._add("ARC", layer, "AcDbCircle", _at(10, centre), f" 40\n{_n(radius)}\n", ends)

    def ellipse(self, layer: str, centre: Point, major: Point, ratio: float, start: float, end: float) -> None:
        """Anticlockwise between two parameters. [radians]"""
        flat = max(ratio, 1e-6)
        shape = f" 40\n{float(flat)!r}\n 41\n{float(start)!r}\n 42\n{float(end)!r}\n"
        self._add("ELLIPSE", layer, "AcDbEllipse", _at(10, centre), _at(11, major), shape)

    def point(self, layer: str, at: Point) -> None:
        self._add("POINT", layer, "AcDbPoint", _at(10, at))

    def hatch(
        self, layer: str, rings: Sequence[Sequence[Point]], lines: float | None, colour: tuple[int, int, int] | None
    ) -> None:
        """An area with holes, the first ring outside: solid, or with ANSI31 lines that lie `lines` apart."""
        name, solid = ("SOLID", 1) if lines is None else ("ANSI31", 0)
        ink = f" 62\n7\n420\n{(colour[0] << 16) + (colour[1] << 8) + colour[2]}\n" if colour else ""
        body = [_at(10, (0.0, 0.0)), "210\n0.0\n220\n0.0\n230\n1.0\n", f"  2\n{name}\n 70\n{solid}\n 71\n0\n"]
        body.append(f" 91\n{len(rings)}\n")
        for number, ring in enumerate(rings):
            body.append(f" 92\n{18 if number else 3}\n 72\n0\n 73\n1\n 93\n{len(ring)}\n")
            body += [f" 10\n{_n(x)}\n 20\n{_n(y)}\n" for x, y in ring]
            body.append(" 97\n0\n")
        body.append(" 75\n0\n 76\n1\n")
        if lines is not None:
            step, scale = _n(lines * math.sqrt(0.5)), _n(lines / 3.175)
            body.append(f" 52\n0.0\n 41\n{scale}\n 77\n0\n 78\n1\n")
            body.append(f" 53\n45.0\n 43\n0.0\n 44\n0.0\n 45\n-{step}\n 46\n{step}\n 79\n0\n")
        self._add("HATCH", layer, "AcDbHatch", *body, " 98\n0\n", ink=ink)

    def text(self, layer: str, text: str, at: Point, height: float, turn: float, align: str, valign: str) -> None:
        """One line of TEXT."""
        place, up = _lettering(self._style, text, at, height, turn, align, valign)
        self._add("TEXT", layer, "AcDbText", place, "100\nAcDbText\n", f" 73\n{up}\n" if up else "")

    def mtext(
        self, layer: str, lines: Iterable[str], at: Point, height: float, turn: float, align: str, valign: str,
        leading: float = 0.0, ground: float = 0.0,
    ) -> None:  # fmt: skip
        """Lines of MTEXT. leading : as a multiple of DXF's own line distance; ground : height of a white ground over the text's"""
        words = "\\P".join(_multi(line) for line in lines)
        pieces = [words[k : k + _LONGEST] for k in range(0, len(words), _LONGEST)] or [""]
        place = {"top": 1, "middle": 4, "bottom": 7}[valign] + _ACROSS[align]
        self._add(
            "MTEXT", layer, "AcDbMText", _at(10, at), f" 40\n{_n(height)}\n 71\n{place}\n",
            *[f"  3\n{piece}\n" for piece in pieces[:-1]], f"  1\n{pieces[-1]}\n  7\n{self._style}\n",
            f" 50\n{float(turn)!r}\n" if turn else "", f" 73\n2\n 44\n{_n(leading)}\n" if leading else "",
            f" 90\n3\n 63\n0\n 45\n{_n(ground)}\n" if ground else "",
        )  # fmt: skip

    def leader(self, layer: str, points: Sequence[Point], dimstyle: str) -> None:
        corners = [_at(10, p) for p in points]
        self._add("LEADER", layer, "AcDbLeader", f"  3\n{dimstyle}\n 73\n3\n 76\n{len(points)}\n", *corners)

    def dimension(
        self, layer: str, geometry: str, dimstyle: str, text_at: Point, measured: float, angle: float,
        points: tuple[Point, Point, Point],
    ) -> None:  # fmt: skip
        """A turned DIMENSION whose lines are the block `geometry`; points: on the dimension line, and the two measured."""
        self._add(
            "DIMENSION", layer, "AcDbDimension", f"280\n0\n  2\n{geometry}\n  3\n{dimstyle}\n", _at(10, points[0]),
            _at(11, text_at), f" 70\n160\n 71\n5\n 42\n{float(measured)!r}\n  1\n<>\n100\nAcDbAlignedDimension\n",
            _at(13, points[1]), _at(14, points[2]), f" 50\n{float(angle)!r}\n100\nAcDbRotatedDimension\n",
        )  # fmt: skip

    def insert(
        self, layer: str, block: str, at: Point, turn: float, size: float = 1.0,
        attributes: Sequence[tuple[str, str, str, tuple[Point, float, float, str, str] | None]] = (),
        ids: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        """An INSERT with its attributes.

        attributes : (layer, name, value, and where it is seen: place, height, turn, align and valign)
        ids : (name, value), kept in extended data too
        """
        body = [" 66\n1\n"] if attributes else []
        body.append(f"  2\n{block}\n{_at(10, at)}")
        if size != 1.0:
            body.append(f" 41\n{_n(size)}\n 42\n{_n(size)}\n 43\n{_n(size)}\n")
        if turn:
            body.append(f" 50\n{float(turn)!r}\n")
        owner = self._add("INSERT", layer, "AcDbBlockReference", *body, _data(ids))
        for on, name, value, seen in attributes:
            place, up = _lettering(self._style, value, *(seen or (at, 1.0, 0.0, "left", "bottom")))
            flags = f"  2\n{name}\n 70\n{0 if seen else 1}\n" + (f" 74\n{up}\n" if up else "")
            self._add("ATTRIB", on, "AcDbText", place, "100\nAcDbAttribute\n", flags, owner=owner)
        if attributes:
            self._end(layer, owner)

    def polyface(self, layer: str, vertices: Floats, faces: NDArray[np.int64]) -> None:
        """A polyface mesh.

        vertices : (n, 3) [mm], at most MOST of them
        faces : (m, 4) numbers of corners from 1; negative where the edge that begins there is not drawn, 0 for none
        """
        size = f" 10\n0.0\n 20\n0.0\n 30\n0.0\n 70\n64\n 71\n{len(vertices)}\n 72\n{len(faces)}\n"
        mesh = self._add("POLYLINE", layer, "AcDbPolyFaceMesh", " 66\n1\n", size)
        for x, y, z in vertices.tolist():
            place = f" 10\n{_n(x)}\n 20\n{_n(y)}\n 30\n{_n(z)}\n 70\n192\n"
            self._add("VERTEX", layer, "AcDbVertex", "100\nAcDbPolyFaceMeshVertex\n", place, owner=mesh)
        for corners in faces.tolist():
            record = "".join(f" {71 + k}\n{corner}\n" for k, corner in enumerate(corners) if corner)
            self._add("VERTEX", layer, "AcDbFaceRecord", " 10\n0.0\n 20\n0.0\n 30\n0.0\n 70\n128\n", record, owner=mesh)
        self._end(layer, mesh)

    def stand(self, layer: str, block: str, frame: Floats, ids: Sequence[tuple[str, str]]) -> None:
        """An INSERT turned in any direction. frame : (4, 4), rigid [mm]"""
        right, _, normal = frame[:3, :3].T
        own = np.array([0.0, 0.0, 1.0])
        if np.allclose(normal, own, atol=1e-12):
            normal, along, across = own, np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
        else:  # AutoCAD's arbitrary axis algorithm
            side = np.array([0.0, 1.0, 0.0]) if max(abs(normal[0]), abs(normal[1])) < 1 / 64 else own
            along = np.cross(side, normal)
            along /= np.linalg.norm(along)
            across = np.cross(normal, along)
        x, y, z = (float(axis @ frame[:3, 3]) for axis in (along, across, normal))
        turn = math.degrees(math.atan2(float(right @ across), float(right @ along)))
        body = f"  2\n{block}\n 10\n{_n(x)}\n 20\n{_n(y)}\n 30\n{_n(z)}\n"
        body += f" 50\n{float(turn)!r}\n" if turn else ""
        if normal is not own:
            body += "".join(f"{code}\n{float(part)!r}\n" for code, part in zip((210, 220, 230), normal))
        self._add("INSERT", layer, "AcDbBlockReference", body, _data(ids))

    def _end(self, layer: str, owner: str) -> None:
        end = f"  0\nSEQEND\n  5\n{self._next()}\n330\n{owner}\n100\nAcDbEntity\n{self._paper}  8\n{layer}\n"
        self._text.append(end)

    def _add(self, kind: str, layer: str, subclass: str, *body: str, owner: str = "", ink: str = "") -> str:
        """One entity; returns its handle."""
        handle: str = self._next()
        self._text.append(
            f"  0\n{kind}\n  5\n{handle}\n330\n{owner or self._owner}\n100\nAcDbEntity\n{self._paper}  8\n{layer}\n{ink}"
            f"100\n{subclass}\n{''.join(body)}"
        )
        return handle


def _data(ids: Sequence[tuple[str, str]]) -> str:
    """Extended data with names and values."""
    lines = [_clean(f"{name}={value}") for name, value in ids]
    strings = "".join(f"1000\n{line}\n" for line in lines if len(line.encode()) <= _LONGEST_DATA)
    return f"1001\n{APPID}\n{strings}" if strings else ""


def _lettering(
    style: str, text: str, at: Point, height: float, turn: float, align: str, valign: str
) -> tuple[str, int]:
    """The groups of a line of text, and its vertical place, which stands behind them."""
    across, up = _ACROSS[align], _UP[valign]
    words = f"{_at(10, at)} 40\n{_n(height)}\n  1\n{single(text)}\n"
    words += (f" 50\n{float(turn)!r}\n" if turn else "") + f"  7\n{style}\n"
    if across or up:
        words += (f" 72\n{across}\n" if across else "") + _at(11, at)
    return words, up


def single(text: str) -> str:
    """A line of TEXT, its special signs taken literally."""
    return _clean(text).replace("^", "^ ").replace("%%", "%%%%%%")


def _multi(text: str) -> str:
    """A line of MTEXT, its special signs taken literally."""
    return re.sub(r"([\\{}])", r"\\\1", _clean(text)).replace("^", "^ ").replace("%%", "%%%%%%")


def _clean(text: str) -> str:
    """Text without control characters and halves of characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if not "\ud800" <= c <= "\udfff" else "?" for c in text if c >= " " and c != "\x7f")


def _n(value: float) -> str:
    return repr(round(float(value), 6) + 0.0)


def _at(code: Literal[10, 11, 13, 14], p: Point) -> str:
    return f" {code}\n{_n(p[0])}\n {code + 10}\n{_n(p[1])}\n {code + 20}\n0.0\n"


@cache
def _written() -> Any:
    """The class of what ezdxf finds in a space and writes as it stands."""
    from ezdxf.entities import DXFEntity

    class Written(DXFEntity):  # type: ignore[misc]  # ezdxf is not typed
        DXFTYPE = "WRITTEN"

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def export_dxf(self, tagwriter: Any) -> None:
            tagwriter.write_str(self.text)

    return Written
