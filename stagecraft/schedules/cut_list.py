"""What a workshop cuts, part by part, and what it cuts it from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from stagecraft.analysis.making import to_make
from stagecraft.geometry.loops import area_of
from stagecraft.scene import Piece, Scene, Stock
from stagecraft.schedules.table import Column, Table, about
from stagecraft.units import INCH, Units


def cut_list(scene: Scene, sheets: Mapping[str, Sequence[str]] | None = None) -> Table:
    """Every part to make under its mark: finished length × width × thickness, grain, quantity over all twins.

    sheets : by mark, the stock sheets or bars that it is cut from, where they were nested

    length, width, thickness [mm, or inches]; area: of one side of all of them, holes taken out [m²]
    """
    pieces = to_make(scene)
    unit = _unit(scene.about.units)
    columns = (
        Column("mark", "mark"),
        Column("piece", "set piece"),
        Column("description", "part"),
        Column("quantity", "quantity", "int", total=True),
        Column("material", "material"),
        Column("length", f"length {unit}", "number", 1 if unit == "mm" else 3),
        Column("width", f"width {unit}", "number", 1 if unit == "mm" else 3),
        Column("thickness", f"thickness {unit}", "number", 1 if unit == "mm" else 3),
        Column("grain", "grain"),
        Column("edge_band", "edge band"),
        Column("area", "area m²", "number", 3, total=True),
        Column("sheet", "sheet"),
        Column("note", "note"),
    )
    named = sheets or {}
    values: dict[str, list[Any]] = {
        "mark": [piece.mark for piece in pieces],
        "piece": [_name(scene, piece) for piece in pieces],
        "description": [piece.name for piece in pieces],
        "quantity": [piece.quantity for piece in pieces],
        "material": [piece.material for piece in pieces],
        "length": [_sized(piece.length, unit) for piece in pieces],
        "width": [_sized(piece.width, unit) for piece in pieces],
        "thickness": [_sized(piece.thickness, unit) for piece in pieces],
        "grain": [piece.grain for piece in pieces],
        "edge_band": [piece.edge_band for piece in pieces],
        "area": [area_of(piece.outline) * piece.quantity for piece in pieces],
        "sheet": [", ".join(named.get(piece.mark, ())) for piece in pieces],
        "note": [_note(scene, piece) for piece in pieces],
    }
    notes = ["finished sizes: the width of the cut is not in them"] if pieces else []
    if any(piece.grain for piece in pieces):
        notes.append("grain: L along the length, W along the width; empty: whichever way")
    return Table("Cut list", columns, values, tuple(notes), group="piece", about=about(scene))


def stock_list(scene: Scene, used: Mapping[Stock, int] | None = None) -> Table:
    """The workshop's stock, what is cut from it, and the least of it that this takes; materials without a stock come last.

    used : how many sheets or bars were nested on, where they were

    net: area of the parts of a sheet [m²], length of those of a bar [m]; yield: net over what is used [%]
    """
    pieces = to_make(scene)
    columns = (
        Column("material", "material"),
        Column("size", "size"),
        Column("parts", "parts", "int", total=True),
        Column("net", "net m² or m", "number", 2),
        Column("least", "at least", "int"),
        Column("used", "nested", "int"),
        Column("yield", "yield %", "number", 1),
        Column("note", "note"),
    )
    unit, rows = _unit(scene.about.units), list[tuple[Any, ...]]()
    left = list(pieces)
    for stock in scene.stock:
        mine = [piece for piece in left if stock.suits(piece)]
        left = [piece for piece in left if not stock.suits(piece)]
        whole = stock.size[0] * stock.size[1] if stock.kind == "sheet" else max(stock.lengths)
        net, count = _net(mine), used.get(stock) if used else None
        least = math.ceil(net / whole - 1e-9)
        share = 100 * net / (count * whole) if count and (stock.kind == "sheet" or len(stock.lengths) == 1) else None
        rows.append((stock.material, _stock_size(stock, unit), _count(mine), net, least, count, share, ""))
    without: dict[tuple[str, str], list[Piece]] = {}
    for piece in left:
        sides = [piece.width, piece.thickness] if piece.kind == "bar" else [piece.thickness]
        without.setdefault((piece.material, " × ".join(_words(side, unit) for side in sides)), []).append(piece)
    for (material, size), mine in without.items():
        rows.append((material, f"{size} {unit}", _count(mine), _net(mine), None, None, None, "no stock named"))
    values = {column.key: [row[k] for row in rows] for k, column in enumerate(columns)}
    notes = ["at least: by area or length alone, before anything is nested"] if rows else []
    return Table("Stock", columns, values, tuple(notes), about=about(scene))


def _note(scene: Scene, piece: Piece) -> str:
    known = any(stock.suits(piece) for stock in scene.stock)
    return ", ".join(word for word in (piece.note, "" if known else "no stock named") if word)


def _name(scene: Scene, piece: Piece) -> str:
    origin = scene.elements.get(piece.element)
    return (origin.name if origin else "") or piece.element


def _net(pieces: Sequence[Piece]) -> float:
    """Area of sheets [m²], length of bars [m]."""
    return sum((area_of(p.outline) if p.kind == "sheet" else p.length) * p.quantity for p in pieces)


def _count(pieces: Sequence[Piece]) -> int:
    return sum(piece.quantity for piece in pieces)


def _stock_size(stock: Stock, unit: str) -> str:
    """`2440 × 1220 × 18 mm`, `69 × 32 mm, 2400 or 4800 mm long`"""
    if stock.kind == "sheet":
        return " × ".join(_words(side, unit) for side in (*stock.size, stock.true)) + f" {unit}"
    lengths = " or ".join(_words(length, unit) for length in stock.lengths)
    return f"{_words(stock.width, unit)} × {_words(stock.true, unit)} {unit}, {lengths} {unit} long"


def _unit(units: Units) -> str:
    return "mm" if units == "m" else "in"


def _sized(size: float, unit: str) -> float:
    return round(size * 1000, 6) if unit == "mm" else round(size / INCH, 6)


def _words(size: float, unit: str) -> str:
    return f"{round(_sized(size, unit), 1 if unit == 'mm' else 3):g}"
