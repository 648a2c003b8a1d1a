"""Seat map: the house as a picture for a web page, in which every seat has a name, an id and classes. No script.

Millimetres of the venue, y downwards. A screen reader hears block, row, seat, category and what restricts the view; what is
held or not sold is said without its reason. Wheelchair places are square: colour alone says nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from stagecraft.analysis.at_tables import seated_tables, told_apart
from stagecraft.drawing import lettering
from stagecraft.export.pretix import Layout, area_words, category_colours, layout, middle
from stagecraft.export.svg import safe
from stagecraft.export.write import save
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene
from stagecraft.schedules.house import guids, sold_as, view_words

if TYPE_CHECKING:
    from stagecraft.analysis.restricted import Restricted

MILLIMETRES = 1000
NAME = 800
"""A block's name stands so far before its first row. [mm]"""
BLOCK = 420
"""Height of the name of a block. [mm]"""
LEGEND = 700
"""From line to line of the legend. [mm]"""
_STATUS = {"open": "", "hold": "held", "kill": "not for sale"}
_AREAS = (
    ".stage{fill:#d8d8d8;stroke:#777}.standing{fill:#e8f0e4;stroke:#7a9a6a}.screen{fill:#333}.foh{fill:#efe9dc;stroke:#a39468}"
    ".table{fill:#f4f1ea;stroke:#b0a690}"
)
_VIEWS = ("#7a4a00", "#a83200", "#8a0020", "#50000f")
"""Rings of seats that see less than the best band, worse and worse."""


@dataclass(frozen=True, eq=False)
class SeatMap:
    """What a seat map shows."""

    scene: Scene
    seen: Restricted | None = None
    """What each seat sees, where that was asked."""
    bands: Sequence[str] = field(default=())
    """Names of the bands of view, the best first."""


def write_seatmap(paper: SeatMap | Scene, path: str | os.PathLike[str] | BinaryIO) -> None:
    """The seat map as SVG."""
    shown = paper if isinstance(paper, SeatMap) else SeatMap(paper)
    save(("\n".join(_lines(shown)) + "\n").encode("utf-8"), path)


def _lines(shown: SeatMap) -> Iterator[str]:
    scene = shown.scene
    laid = layout(scene, MILLIMETRES, killed=True)
    kinds = sold_as(laid.seats)
    colours = category_colours(laid.seats, kinds.tolist())
    legend = list(_legend(shown, laid, colours))
    wide, tall = max(laid.size[0], 6000), laid.size[1]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall + LEGEND * (len(legend) + 1)}" role="group" '
        'aria-labelledby="title" font-family="Liberation Sans, Arial, Helvetica, sans-serif">'
    )
    name = ", ".join(part for part in (scene.about.name, scene.about.setup) if part)
    yield f'<title id="title">Seat map: {safe(name)}</title>'
    yield f"<style>{_style(shown, laid, colours)}</style>"
    yield '<rect width="100%" height="100%" fill="#fff"/>'
    yield from _areas(laid)
    yield from _seats(shown, laid, kinds, {name: n for n, name in enumerate(colours)})
    yield '<g class="legend" aria-hidden="true">'
    for n, (mark, words) in enumerate(legend):
        y = tall + LEGEND * n + LEGEND // 2
        yield f'<g transform="translate(1500 {y})">{mark}<text x="500" y="120">{safe(words)}</text></g>'
    yield "</g>"
    yield "</svg>"


def _style(shown: SeatMap, laid: Layout, colours: dict[str, str]) -> str:
    radius = int(np.median(laid.radius)) if len(laid.radius) else 200
    kinds = "".join(f".k{n}{{fill:{colour}}}.t{n}{{fill:{_ink(colour)}}}" for n, colour in enumerate(colours.values()))
    views = "".join(
        f".v{n}{{stroke:{_VIEWS[min(n, len(_VIEWS)) - 1]};stroke-width:{max(radius // 5, 20)}}}"
        for n in range(1, len(shown.bands))
    )
    return (
        f"text{{text-anchor:middle;fill:#333}}.seat{{stroke:#555;stroke-width:14}}.n{{font-size:{round(radius * 1.1)}px}}"
        f".s{{font-size:{round(radius * 0.8)}px}}.row{{font-size:{round(radius * 1.3)}px;font-weight:bold}}"
        f".block{{font-size:{BLOCK}px;font-weight:bold;fill:#555;paint-order:stroke;stroke:#fff;stroke-width:90}}"
        f".area{{stroke-width:30}}.words{{font-size:500px}}.legend text{{text-anchor:start;font-size:340px}}"
        f"{_AREAS}{kinds}{views}"
        f".hold{{fill-opacity:.45;stroke:#333;stroke-width:20;stroke-dasharray:60 40}}"
        f".kill{{fill:#fff;stroke:#888;stroke-width:20}}.x{{fill:#707070}}"
    )


def _ink(colour: str) -> str:
    """Black or white, whichever is read better on a colour (WCAG 2.2, relative luminance)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return "#fff" if 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179 else "#000"


def _areas(laid: Layout) -> Iterator[str]:
    for kind, name, corners in laid.areas:
        said = area_words(kind, name) or (f"Screen {name}".strip() if kind == "screen" else "")
        title = f"<title>{safe(said)}</title>" if said else ""
        if corners.shape[1] == 3:
            x, y, radius = corners[0].tolist()
            yield f'<circle class="area {kind}" cx="{x}" cy="{y}" r="{radius}" aria-hidden="true"/>'
            continue
        points = " ".join(f"{x},{y}" for x, y in corners.tolist())
        role = 'role="img"' if said else 'aria-hidden="true"'
        yield f'<polygon class="area {kind}" points="{points}" {role}>{title}</polygon>'
        if words := area_words(kind, name):
            x, y = middle(corners)
            across, down = np.ptp(corners, axis=0).tolist()
            size = min(500.0, 0.5 * down, 0.9 * across / max(lettering.width(words, 1.0), 1e-6))
            yield f'<text x="{x}" y="{y + round(0.35 * size)}" style="font-size:{size:.0f}px" aria-hidden="true">{safe(words)}</text>'


def _seats(shown: SeatMap, laid: Layout, kinds: Any, number: dict[str, int]) -> Iterator[str]:
    scene, seats = shown.scene, laid.seats
    views = view_words(scene, shown.seen, shown.bands[0] if shown.bands else "")
    band = dict(zip(scene.seats.ids.tolist(), shown.seen.band.tolist())) if shown.seen is not None else {}
    rank = {name: n for n, name in enumerate(shown.bands)}
    known = guids(seats, scene).tolist()
    ids = seats.ids.tolist()
    at, radius = laid.at.tolist(), laid.radius.tolist()
    columns = [
        getattr(seats, name).tolist() for name in ("block", "row", "seat", "place", "status")
    ]  # fmt: skip
    lines = list(zip(range(len(seats)), *columns, kinds.tolist()))
    named = len(np.unique(seats.block)) > 1
    tops = _tops(scene)
    said: list[Any] = []
    for n, (block, of_block) in enumerate(groupby(lines, key=lambda line: line[1]), 1):
        yield f'<g id="zone-{n}" data-zone="{safe(block)}" role="group" aria-label="Block {safe(block)}">'
        first = ""
        for row, members in groupby(of_block, key=lambda line: line[2]):
            some = list(members)
            table = bool(seats.at_table[[line[0] for line in some]].all())
            what = "table" if table else "row"
            yield f'<g data-row="{safe(row)}" role="group" aria-label="{what.capitalize()} {safe(row)}">'
            for k, _, _, seat, place, status, kind in some:
                id, (x, y), r, of = ids[k], at[k], radius[k], number[kind]
                view = rank.get(band.get(id, ""), 0)
                classes = f"seat k{of}" + (f" {status}" if status != "open" else "") + (f" v{view}" if view else "")
                title = f"Block {block}, {what} {row}, seat {seat}, {kind}"
                title += "".join(f", {part}" for part in (_STATUS[status], views.get(id, "")) if part)
                data = f' data-guid="{safe(known[k])}"' if known[k] != id else ""
                shape = (
                    f'rect x="{x - r}" y="{y - r}" width="{2 * r}" height="{2 * r}"' if place == "wheelchair"
                    else f'circle cx="{x}" cy="{y}" r="{r}"'
                )  # fmt: skip
                ink = "x" if status == "kill" else f"t{of}" if status == "open" else ""
                yield (
                    f'<{shape} id="{safe("_".join(id.split()))}"{data} class="{classes}" role="img"><title>{safe(title)}</title>'
                    f'</{shape[: shape.index(" ")]}><text class="{"n" if len(seat) < 3 else "s"} {ink}" x="{x}" '
                    f'y="{y + round(r * 0.38)}" aria-hidden="true">{safe(seat)}</text>'
                )  # fmt: skip
            ends = [line[0] for line in some]
            if table:
                over, its_block = tops[ids[ends[0]]]
                x, y = (np.mean([at[k] for k in ends], axis=0) + over).round().astype(int).tolist()
                words = safe(f"{its_block} {row}".strip())
                yield f'<text class="row" x="{x}" y="{y + 90}" aria-hidden="true">{words}</text>'
            else:
                yield from _row_ends(at, radius, seats.facing[ends], ends, row)
            if named and not first and not table:
                x, y = _name_at(laid, ends, block, said)
                first = f'<text class="block" x="{x}" y="{y}" aria-hidden="true">{safe(block)}</text>'
            yield "</g>"
        yield f"{first}</g>"


def _tops(scene: Scene) -> dict[str, tuple[Floats, str]]:
    """Permanent id of each place at a table → way to the middle of its top from that of its places [mm, y down], and its block
    where tables of several blocks have its number.
    """
    seats, tables = scene.seats, seated_tables(scene)
    blocks = told_apart(tables)
    out: dict[str, tuple[Floats, str]] = {}
    for table in tables:
        if len(table.seats):
            over = (table.middle(seats) - seats.at[table.seats, :2].mean(axis=0)) * (MILLIMETRES, -MILLIMETRES)
            out |= dict.fromkeys(seats.ids[table.seats].tolist(), (over, blocks[table.element, table.key]))
    return out


def _name_at(laid: Layout, first: Sequence[int], name: str, said: list[Any]) -> tuple[int, int]:
    """Where the name of a block stands, clear of seats and of names that are `said`: before its first row, or behind its last."""
    seats, wide = laid.seats, lettering.width(name, BLOCK) / 2
    own = np.flatnonzero(seats.block == name)
    last = own[seats.row[own] == seats.row[own[-1]]]
    spots = []
    for row, away in ((first, NAME), (first, 1.6 * NAME), (last, -NAME), (last, -1.6 * NAME), (first, 2.4 * NAME)):
        look = np.radians(seats.facing[row]).mean()
        spots.append(laid.at[row].mean(axis=0) + away * np.array([np.cos(look), -np.sin(look)]))
    for spot in spots:
        over = np.maximum(np.abs(laid.at - spot) - (wide, BLOCK / 2), 0.0)
        free = (np.hypot(over[:, 0], over[:, 1]) > laid.radius).all()
        if free and all(abs(spot - at)[0] > wide + half or abs(spot - at)[1] > 1.2 * BLOCK for at, half in said):
            break
    else:
        spot = spots[0]
    said.append((spot, wide))
    return round(spot[0]), round(spot[1] + 130)


def _row_ends(at: Any, radius: Any, facing: Floats, some: Sequence[int], row: str) -> Iterator[str]:
    """The row's letter beyond its first and last seat."""
    for k, look, side in ((some[0], facing[0], 90.0), (some[-1], facing[-1], -90.0)):
        way, r = np.radians(look + side), radius[k]
        x, y = round(at[k][0] + 2.1 * r * np.cos(way)), round(at[k][1] - 2.1 * r * np.sin(way) + 0.45 * r)
        yield f'<text class="row" x="{x}" y="{y}" aria-hidden="true">{safe(row)}</text>'


def _legend(shown: SeatMap, laid: Layout, colours: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Mark and words of each line."""
    seats, kinds = laid.seats, sold_as(laid.seats)
    prices: dict[str, float] = dict(zip(kinds.tolist(), seats.price.tolist()))
    places: dict[str, str] = dict(zip(kinds.tolist(), seats.place.tolist()))
    for n, kind in enumerate(colours):
        mark = (
            f'<rect class="seat k{n}" x="-220" y="-220" width="440" height="440"/>' if places[kind] == "wheelchair"
            else f'<circle class="seat k{n}" r="220"/>'
        )  # fmt: skip
        price = prices[kind]
        cost = f", {price:g} {shown.scene.currency}".rstrip() if price == price else ""
        yield mark, f"{kind}{cost}: {int(((kinds == kind) & (seats.status != 'kill')).sum())}"
    for status, words in _STATUS.items():
        count = int((seats.status == status).sum())
        if words and count:
            look = "k0 hold" if status == "hold" else status
            yield f'<circle class="seat {look}" r="220"/>', f"{words}: {count}"
    if shown.seen is not None:
        for n, band in enumerate(shown.bands[1:], 1):
            count = int((shown.seen.band == band).sum())
            if count:
                yield f'<circle class="seat v{n}" r="220" fill="#fff"/>', f"view {band}: {count}"
    for element in laid.behind:
        yield "", f"{element}: drawn behind the house, as it stands above other seats"
