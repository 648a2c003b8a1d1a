"""How marks come to strokes: lines and text of a dimension, arcs as chords, where each line of a text stands.

Writers draw these, and labels are placed by them. Lengths in millimetres of the venue or of the paper, as the marks are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Dimension, Ellipse, Insert, Line, Point, Style, Symbol, Text
from stagecraft.geometry.frame import Floats
from stagecraft.units import Units, drawn

FLAT = 0.01
"""Largest distance between a curve and the chords drawn for it."""
TICK, ARROW, TEXT = 1.8, 2.5, 2.5
"""Tick, arrow and text height of a dimension."""
EXTENSION_GAP, EXTENSION_BEYOND, TEXT_GAP = 2.0, 1.5, 0.8
"""From the point to its extension line, from the dimension line to the end of it, from the line to the text. [mm]"""


def attribute_text(mark: Insert, symbol: Symbol, value: str, slot: Point, height: float) -> Text:
    """A visible attribute where it stands, turned with its symbol but never upside down. [mm of the venue]"""
    at = turned(mark.at, slot, *cos_sin(mark.turn))
    style = Style(mark.style.system, "id")
    if symbol.slot_align == "left":
        return Text(style, at, value, height, mark.turn)
    return Text(style, at, value, height, readable(mark.turn), "centre", "middle")


@dataclass(frozen=True)
class Resolved:
    """A dimension as it is drawn. [mm of the venue]"""

    lines: tuple[tuple[Point, Point], ...]
    ticks: tuple[tuple[Point, Point], ...]
    feet: tuple[Point, Point]
    """Ends of the dimension line."""
    measured: float
    text: str
    turn: float
    """Direction of the text, readable from below or from the right. [degrees]"""


def resolved(mark: Dimension, scale: float, system: Units) -> Resolved:
    """Extension lines, dimension line, ticks and the measured text of a dimension drawn at 1:`scale`."""
    c, s = cos_sin(mark.angle)
    along, across = np.array([c, s]), np.array([-s, c])
    start, end, base, middle = (np.array(p, float) for p in (mark.start, mark.end, mark.line_at, mark.text_at))
    feet = [base + ((p - base) @ along) * along for p in (start, end)]
    measured = abs(float((end - start) @ along))
    text = drawn(measured / 1000, system, mark.fine)
    lines = []
    for p, foot in zip((start, end), feet):
        off = float((foot - p) @ across)
        side = math.copysign(1.0, off)
        if abs(off) > EXTENSION_GAP * scale:
            lines.append((p + side * across * EXTENSION_GAP * scale, foot + side * across * EXTENSION_BEYOND * scale))
    reach = sorted(float((f - base) @ along) for f in feet)
    half = lettering.width(text, TEXT) / 2 * scale
    where = float((middle - base) @ along)
    if abs(float((middle - base) @ across)) < 3 * TEXT * scale and not reach[0] <= where <= reach[1]:
        reach = [min(reach[0], where - half), max(reach[1], where + half)]
    lines.append((base + reach[0] * along, base + reach[1] * along))
    slash = (along + across) * (TICK / 2 / math.sqrt(2) * scale)
    ticks = [(foot - slash, foot + slash) for foot in feet]
    return Resolved(
        tuple((_point(a), _point(b)) for a, b in lines), tuple((_point(a), _point(b)) for a, b in ticks),
        (_point(feet[0]), _point(feet[1])), measured, text, readable(mark.angle),
    )  # fmt: skip


def readable(angle: float) -> float:
    """The same direction, so that text along it stands upright or reads from the right: −90 < angle ≤ 90."""
    angle = (angle + 90.0) % 180.0 - 90.0
    return 90.0 if angle <= -90.0 + 1e-9 else angle


def text_lines(mark: Text) -> Iterator[tuple[str, float]]:
    """Each line and how far its base line lies above `at`."""
    lines = mark.text.split("\n")
    step = mark.height * lettering.LEADING
    tall = mark.height + step * (len(lines) - 1)
    lift = {"bottom": tall, "middle": tall / 2, "top": 0.0}[mark.valign] - mark.height
    for number, line in enumerate(lines):
        yield line, lift - number * step


def flattened(mark: Line, flat: float) -> list[Point]:
    """Points of a polyline, its bulged runs as chords no farther than `flat` from the arc."""
    points = list(mark.points)
    if not any(mark.bulges):
        return points
    ends = [*points[1:], points[0]] if mark.closed else points[1:]
    out = points[:1]
    for p, q, bulge in zip(points, ends, (*mark.bulges, *[0.0] * len(points))):
        out += arc_between(p, q, bulge, flat) if bulge else [q]
    return out[:-1] if mark.closed else out


def arc_between(p: Point, q: Point, bulge: float, flat: float) -> list[Point]:
    """Chord points after p, up to q, of the arc that a DXF bulge describes."""
    turn = 4 * math.atan(bulge)
    dx, dy = q[0] - p[0], q[1] - p[1]
    chord = math.hypot(dx, dy)
    if chord == 0:
        return [q]
    radius = chord / (2 * abs(math.sin(turn / 2)))
    lift = (1 - bulge * bulge) / (4 * bulge)
    cx, cy = (p[0] + q[0]) / 2 - dy * lift, (p[1] + q[1]) / 2 + dx * lift
    start = math.atan2(p[1] - cy, p[0] - cx)
    count = _chords(radius, abs(turn), flat)
    inner = [start + turn * k / count for k in range(1, count)]
    return [*((cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in inner), q]


def curve(centre: Point, radius: float, start: float, end: float, flat: float) -> list[Point]:
    """Chord points of an arc that runs anticlockwise between two angles [degrees]."""
    sweep = (end - start) % 360.0 or 360.0
    count = _chords(radius, math.radians(sweep), flat)
    angles = [math.radians(start + sweep * k / count) for k in range(count + 1)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def oval(mark: Ellipse, flat: float) -> list[Point]:
    """Chord points of an ellipse or of a part of one; the last is the first where it is whole."""
    sweep = mark.end - mark.start
    count = _chords(math.hypot(*mark.major), sweep, flat)
    return [mark.at(mark.start + sweep * k / count) for k in range(count + 1)]


def _chords(radius: float, turn: float, flat: float) -> int:
    step = 2 * math.acos(max(1 - flat / radius, 0.0)) if radius > flat else math.pi / 2
    return min(max(math.ceil(turn / step), 2), 720)


def turned(at: Point, p: Point, c: float, s: float) -> Point:
    return at[0] + c * p[0] - s * p[1], at[1] + s * p[0] + c * p[1]


def cos_sin(degrees: float) -> tuple[float, float]:
    quarter = {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
    if degrees % 90 == 0:
        return quarter[int(degrees) % 360]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _point(p: Floats) -> Point:
    return float(p[0]), float(p[1])
