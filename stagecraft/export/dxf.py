"""DXF R2010 in millimetres: model space 1:1, real TEXT, DIMENSION and attributed INSERTs, one layout a sheet."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeAlias, assert_never

from stagecraft.drawing import lettering, strokes
from stagecraft.drawing.layers import DIMENSIONS, OWN, Profile, all_layers, layer_for, linetypes
from stagecraft.drawing.layers import profile as named
from stagecraft.drawing.marks import (
    Arc,
    Book,
    Circle,
    Dimension,
    Drawing,
    Ellipse,
    Fill,
    Insert,
    Leader,
    Line,
    Mark,
    Placed,
    Point,
    Shape,
    Sheet,
    Style,
    Symbol,
    Text,
)  # fmt: skip
from stagecraft.drawing.sheet import note_lines
from stagecraft.export import _plot
from stagecraft.export._tags import Tags, add_layer, document, packed, unused
from stagecraft.export.write import save
from stagecraft.units import Units

FONT = "arial.ttf"
"""On every Windows and macOS; Liberation Sans, which measures our texts, has its widths."""
TEXT_STYLE = "SC-TEXT"
LEADING = lettering.LEADING * 3 / 5
"""Line distance as a multiple of DXF's own, 5/3 of the height."""
LASTING = ("ID", "ELEMENT", "TAG")
"""Attributes that stand in extended data too: a reader that drops or renames attributes keeps them."""
Content: TypeAlias = tuple[str, tuple[Shape, ...]]
STEP = 10_000.0
"""Views stand beside each other at whole multiples of this. [mm]"""


def write_dxf(
    paper: Drawing | Sheet | Book, path: str | os.PathLike[str] | BinaryIO, profile: Profile | str | None = None
) -> None:
    """Every view once in model space, and a layout with locked viewports for every sheet.

    profile : names and pens of layers as somebody else wants them; a name as `layers.profile` takes it

    A drawing alone is model space only: some programs show what stands on layouts among the model. Its line types are
    then as long as on paper at its own scale; on layouts they are as long as on paper at any scale.
    """
    known = named(profile) if isinstance(profile, str) else profile or Profile(OWN)
    with document() as doc:
        _fill(doc, paper, known)
        data = packed(doc)
    save(data, path)


def _fill(doc: Any, paper: Drawing | Sheet | Book, profile: Profile) -> None:
    file = _File(doc, profile)
    file.set_up()
    if isinstance(paper, Drawing):
        doc.header["$LTSCALE"] = float(paper.scale)
        doc.header["$PSLTSCALE"] = 0
    sheets = () if isinstance(paper, Drawing) else _plot.sheets_of(paper)
    drawings = (
        [paper]
        if isinstance(paper, Drawing)
        else list({id(view.drawing): view.drawing for sheet in sheets for view in sheet.views}.values())
    )
    places = dict(zip(map(id, drawings), _beside(drawings)))
    for drawing in drawings:
        file.attributes(drawing.marks, drawing.symbols)
    for sheet in sheets:
        file.attributes(sheet.marks, sheet.symbols)
    for drawing in drawings:
        file.drawing(drawing, places[id(drawing)], named=len(drawings) > 1)
    for sheet in sheets:
        file.sheet(sheet, places)
    if sheets:
        doc.layouts.delete("Layout1")
    file.freeze()
    file.look_at(drawings, places)


def _beside(drawings: Sequence[Drawing]) -> Iterator[Point]:
    """Where in model space each view's own origin lies: the first at 0, 0, the others to its right at round steps."""
    right = -math.inf
    for drawing in drawings:
        (left, _), (end, _) = drawing.extent
        step = 0.0 if right == -math.inf else STEP * math.ceil((right + 5000 - left) / STEP)
        yield step, 0.0
        right = step + end


@dataclass
class _File:
    """A document that is being written."""

    doc: Any
    profile: Profile
    carried: dict[Content, dict[str, None]] = field(default_factory=dict)
    """Attributes of each symbol."""
    blocks: dict[Content, tuple[str, Sequence[tuple[str, str]]]] = field(default_factory=dict)
    """Name of each symbol's block, and its attributes with their tags."""
    known: dict[tuple[Style, float], str] = field(default_factory=dict)
    """Names of layers."""
    dims_layers: dict[str, None] = field(default_factory=dict)
    viewports: list[tuple[Any, str]] = field(default_factory=list)

    def set_up(self) -> None:
        """Units, line types, text style and layers."""
        doc, header = self.doc, self.doc.header
        header["$LTSCALE"] = 1.0
        header["$PSLTSCALE"] = 1
        for line in linetypes():
            total = sum(abs(run) for run in line.pattern)
            doc.linetypes.add(line.name, [total, *line.pattern], description=line.description)
        doc.styles.add(TEXT_STYLE, font=FONT)
        for layer in map(self.profile.layer, all_layers()):
            add_layer(doc, layer, layer.name, layer.description)
        for name in ("VIEWPORTS", "Defpoints"):
            if name not in doc.layers:
                doc.layers.add(name, color=8)
            doc.layers.get(name).dxf.plot = 0

    def drawing(self, drawing: Drawing, at: Point, named: bool) -> None:
        """One view at 1:1 in model space."""
        space = _Space(self, self.doc.modelspace(), at, drawing.scale, drawing.units, drawing.symbols)
        marks = list(drawing.marks)
        (x, y), (end, _) = drawing.extent
        if notes := note_lines(drawing, max((end - x) / drawing.scale, 100.0)):
            below = (x, y - 12 * drawing.scale)
            marks.append(Text(Style("note"), below, "\n".join(notes), 2.5, valign="top"))
        if named:
            words = f"{drawing.title or drawing.name}: x and y here are {at[0]:+.0f}, {at[1]:+.0f} mm from its own"
            marks.append(Text(Style("note"), (x, y - 8 * drawing.scale), words, 2.5))
        space.marks(marks)

    def sheet(self, sheet: Sheet, places: Mapping[int, Point]) -> None:
        """One layout."""
        name = unused(f"{sheet.number} {sheet.title}".strip() or "Sheet", self.doc.layouts.names())
        layout = self.doc.layouts.new(name)
        layout.page_setup(size=sheet.size, margins=(0, 0, 0, 0), units="mm", name="", device="DWG to PDF.pc3")
        for view in sheet.views:
            self.viewport(layout, view, places[id(view.drawing)])
        _Space(self, layout, (0.0, 0.0), 1.0, "m", sheet.symbols).marks(sheet.marks)

    def viewport(self, layout: Any, view: Placed, at: Point) -> None:
        (x0, y0), (x1, y1) = view.window
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        seen = tuple(a + c + (m - p) * view.scale for a, c, m, p in zip(at, view.anchor, middle, view.at))
        layer = self.layer_of(Style("viewport"), view.scale)
        viewport = layout.add_viewport(
            center=middle, size=(x1 - x0, y1 - y0), view_center_point=seen, view_height=(y1 - y0) * view.scale,
            dxfattribs={"layer": layer},
        )  # fmt: skip
        viewport.dxf.flags |= 16384  # locked
        self.viewports.append((viewport, self.layer_of(Style("dims"), view.drawing.scale)))

    def freeze(self) -> None:
        """Each viewport shows the dimensions of its own scale only."""
        for viewport, own in self.viewports:
            viewport.frozen_layers = [name for name in self.dims_layers if name != own]

    def layer_of(self, style: Style, scale: float) -> str:
        """Name of the layer; dimensions lie on one for each scale."""
        if (style, scale) not in self.known:
            own = layer_for(style)
            layer = self.profile.layer(own)
            name = layer.name
            if own.name == DIMENSIONS:
                name = _scaled(name, scale)
                self.dims_layers[name] = None
                add_layer(self.doc, layer, name, f"dimensions at 1:{scale:g}")
            self.known[style, scale] = name
        return self.known[style, scale]

    def dimension_style(self, scale: float, units: Units, leader: bool = False, fine: bool = False) -> str:
        """The style of dimensions or of leaders for one scale: everything stands in it, nothing in the single one."""
        name = (
            f"SC-{scale:g}"
            + ("-FT" if units == "ft" else "")
            + ("-NOTE" if leader else "-FINE" if fine and units == "m" else "")
        )
        if name in self.doc.dimstyles:
            return name
        import ezdxf

        tick = ezdxf.ARROWS.architectural_tick
        ezdxf.ARROWS.create_block(self.doc.blocks, tick)
        feet = units == "ft"
        values: dict[str, Any] = {
            "dimscale": scale, "dimtxt": strokes.TEXT, "dimasz": strokes.ARROW if leader else strokes.TICK,
            "dimexo": strokes.EXTENSION_GAP, "dimexe": strokes.EXTENSION_BEYOND, "dimgap": strokes.TEXT_GAP, "dimdli": 8.0, "dimtad": 1, "dimtih": 0,
            "dimtoh": 0, "dimtmove": 2, "dimtix": 1, "dimtofl": 1, "dimtfill": 1, "dimdsep": ord("."), "dimclrd": 256, "dimclre": 256,
            "dimclrt": 256, "dimlwd": 18, "dimlwe": 13, "dimtxsty": TEXT_STYLE, "dimblk": tick, "dimblk1": tick,
            "dimblk2": tick, "dimldrblk": "", "dimlunit": 4 if feet else 2, "dimlfac": 1 / 25.4 if feet else 1.0,
            "dimdec": 3 if feet else 1 if fine else 0, "dimrnd": 0.125 if feet else 0.1 if fine else 1.0, "dimzin": 3 if feet else 8,
            "dimfrac": 2 if feet else 0,
        }  # fmt: skip
        self.doc.dimstyles.add(name, dxfattribs=values)
        if not leader and self.doc.header.get("$DIMSTYLE", "") in ("", "Standard", "ISO-25"):
            for key in ("dimscale", "dimtxt", "dimasz"):
                self.doc.header[f"${key.upper()}"] = values[key]
            self.doc.header["$DIMSTYLE"] = name
        return name

    def attributes(self, marks: Sequence[Mark], symbols: Mapping[str, Symbol]) -> None:
        """Note which attributes the symbols of a drawing carry, so that a block has those of all its INSERTs."""
        for mark in marks:
            if isinstance(mark, Insert):
                known = self.carried.setdefault(_content(symbols[mark.symbol]), {})
                for name, _ in mark.attributes:
                    known.setdefault(name)

    def block(self, symbol: Symbol) -> tuple[str, Sequence[tuple[str, str]]]:
        """Name of the block of a symbol, made at its first use, and its attributes with their tags.

        Equal names with other content get a number.
        """
        content = _content(symbol)
        if content in self.blocks:
            return self.blocks[content]
        name = unused(symbol.name, [name for name, _ in self.blocks.values()])
        tags = [(key, _tag(key)) for key in self.carried[content]]
        self.blocks[content] = name, tags
        block = self.doc.blocks.new(name)
        _Space(self, block, (0.0, 0.0), 1.0, "m", {}, flat_layer=True).marks(symbol.marks)
        slots = {slot: (place, height) for slot, place, height in symbol.slots}
        valign = "bottom" if symbol.slot_align == "left" else "middle"
        for key, tag in tags:
            place, height = slots.get(key, ((0.0, 0.0), 1.0))
            style: dict[str, Any] = {"layer": "0", "height": height, "style": TEXT_STYLE, "prompt": tag}
            definition = block.add_attdef(tag, dxfattribs=style)
            definition.set_placement(place, align=_alignment(symbol.slot_align, valign))
            definition.is_invisible = key not in slots
        return name, tags

    def look_at(self, drawings: Sequence[Drawing], places: Mapping[int, Point]) -> None:
        """Extents and first view of model space."""
        if not drawings:
            return
        corners = [
            [(places[id(d)][0] + x, places[id(d)][1] + y) for x, y in d.extent] for d in drawings
        ]  # fmt: skip
        low = [min(pair[0][axis] for pair in corners) for axis in (0, 1)]
        high = [max(pair[1][axis] for pair in corners) for axis in (0, 1)]
        self.doc.modelspace().reset_extents((*low, 0.0), (*high, 0.0))
        tall = max(high[1] - low[1], (high[0] - low[0]) / 1.6, 100.0)
        self.doc.set_modelspace_vport(tall * 1.1, center=((low[0] + high[0]) / 2, (low[1] + high[1]) / 2))


@dataclass
class _Space:
    """Model space, a layout or a block, and how marks come into it."""

    file: _File
    space: Any
    at: Point
    scale: float
    units: Units
    symbols: Mapping[str, Symbol]
    flat_layer: bool = False
    """Inside a symbol all lies on layer 0, so that it takes the layer of its INSERT."""

    def marks(self, marks: Sequence[Mark]) -> None:
        self.tags = Tags(self.file.doc, self.space, TEXT_STYLE)
        for mark in sorted(marks, key=_plot._order):
            self.mark(mark)
        self.tags.close()

    def mark(self, mark: Mark) -> None:
        tags, to = self.tags, self.to
        layer = "0" if self.flat_layer else self.file.layer_of(mark.style, self.scale)
        match mark:
            case Line():
                self.line(mark, layer)
            case Circle():
                tags.circle(layer, to(mark.centre), mark.radius)
            case Arc():
                tags.arc(layer, to(mark.centre), mark.radius, mark.start, mark.end)
            case Ellipse():
                tags.ellipse(layer, to(mark.centre), mark.major, mark.ratio, mark.start, mark.end)
            case Fill():
                rings = [[to(p) for p in ring] for ring in mark.rings if len(ring) > 2]
                ink = None if mark.colour is None else _rgb(mark.colour)
                if rings:
                    lines = _plot.HATCH * self.scale if mark.pattern == "ansi31" else None
                    tags.hatch(layer, rings, lines, ink)
            case Text():
                self.text(mark, layer)
            case Dimension():
                self.dimension(mark, layer)
            case Insert():
                self.insert(mark, layer)
            case Leader() if len(mark.points) < 2:
                pass
            case Leader():
                tags.leader(
                    layer, [to(p) for p in mark.points], self.file.dimension_style(self.scale, self.units, True)
                )
            case _:
                assert_never(mark)

    def to(self, p: Point) -> Point:
        return self.at[0] + p[0], self.at[1] + p[1]

    def line(self, mark: Line, layer: str) -> None:
        points = [self.to(p) for p in mark.points]
        if len(points) == 2 and not any(mark.bulges):
            if points[0] != points[1]:
                self.tags.line(layer, *points)
        elif len(points) > 1:
            self.tags.polyline(layer, points, mark.bulges, mark.closed)

    def text(self, mark: Text, layer: str) -> None:
        """TEXT; MTEXT where it has several lines or a white ground."""
        at, height = self.to(mark.at), mark.height * self.scale
        if "\n" not in mark.text and not mark.mask:
            self.tags.text(layer, mark.text, at, height, mark.turn, mark.align, mark.valign)
            return
        ground = 1 + _plot.MASK / mark.height if mark.mask else 0.0
        lines = mark.text.split("\n")
        self.tags.mtext(layer, lines, at, height, mark.turn, mark.align, mark.valign, LEADING, ground)

    def dimension(self, mark: Dimension, layer: str) -> None:
        """A DIMENSION with the lines and the text place of the mark in its geometry block."""
        import ezdxf

        style = self.file.dimension_style(self.scale, self.units, fine=mark.fine)
        drawn = strokes.resolved(mark, self.scale, self.units)
        block = self.file.doc.blocks.new_anonymous_block(type_char="D")
        own = Tags(self.file.doc, block, TEXT_STYLE)
        for a, b in drawn.lines:
            own.line("0", self.to(a), self.to(b))
        tick = ezdxf.ARROWS.block_name(ezdxf.ARROWS.architectural_tick)
        for foot in drawn.feet:
            own.insert("0", tick, self.to(foot), mark.angle, strokes.TICK * self.scale)
        ground = 1 + _plot.MASK / strokes.TEXT
        place = (self.to(mark.text_at), strokes.TEXT * self.scale, drawn.turn, "centre", "middle")
        own.mtext("0", [drawn.text], *place, ground=ground)
        points = (self.to(drawn.feet[1]), self.to(mark.start), self.to(mark.end))
        for p in points:
            own.point("Defpoints", p)
        own.close()
        self.tags.dimension(layer, block.name, style, self.to(mark.text_at), drawn.measured, mark.angle, points)

    def insert(self, mark: Insert, layer: str) -> None:
        symbol = self.symbols[mark.symbol]
        name, tags = self.file.block(symbol)
        slots = {slot: (place, height) for slot, place, height in symbol.slots}
        values = dict(mark.attributes)
        id_layer = self.file.layer_of(Style(mark.style.system, "id"), self.scale)
        attributes = []
        for key, tag in tags:
            value, seen = values.get(key, ""), None
            if key in mark.shown and key in slots:
                label = strokes.attribute_text(mark, symbol, value, *slots[key])
                seen = (self.to(label.at), label.height, label.turn, label.align, label.valign)
            attributes.append((id_layer, tag, value, seen))
        ids = [(key, values[key]) for key in LASTING if values.get(key)]
        self.tags.insert(layer, name, self.to(mark.at), mark.turn, 1.0, attributes, ids)


def _content(symbol: Symbol) -> Content:
    """What makes two symbols the same block: each INSERT places its attributes itself."""
    return symbol.name, symbol.marks


def _scaled(layer: str, scale: float) -> str:
    """`N-DIMS-050`."""
    return f"{layer}-{scale:03.0f}" if scale == round(scale) else f"{layer}-{scale:g}".replace(".", "_")


def _alignment(align: str, valign: str) -> Any:
    from ezdxf.enums import TextEntityAlignment

    row = {"bottom": "", "middle": "MIDDLE_", "top": "TOP_"}[valign]
    return TextEntityAlignment[row + {"left": "LEFT", "centre": "CENTER", "right": "RIGHT"}[align]]


def _tag(name: str) -> str:
    """An attribute's name: capitals without spaces."""
    return re.sub(r"[^A-Z0-9_-]", "_", name.upper()) or "_"


def _rgb(colour: tuple[float, float, float]) -> tuple[int, int, int]:
    r, g, b = (round(255 * part) for part in colour)
    return r, g, b
