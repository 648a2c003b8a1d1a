"""Shapes of a plan: outlines, doors as they swing, seats, wheelchairs and people. Lengths in millimetres of the venue."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Align, Box, Valign
from stagecraft.drawing._views import mm, path_marks, points_mm
from stagecraft.drawing.marks import Arc, Circle, Ellipse, Line, Point, Style
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import outline_paths
from stagecraft.geometry.outline import Outline
from stagecraft.scene import Door, Part

ROUND = 16
"""Rings of more equal chords than these are circles."""
LONGEST = 60.0
"""Names longer than this are written in lines. [paper mm]"""
BAY = 1.0
"""Bays of a truss on the plan are about this long, and not shorter than the truss is wide. [m]"""


def point_of(p: Floats) -> Point:
    """Coordinates (2,) in millimetres as a point of a drawing."""
    return round(float(p[0]), 4) + 0.0, round(float(p[1]), 4) + 0.0


def clipped(line: Floats, low: Floats, high: Floats) -> Iterator[Floats]:
    """Pieces of an (n, 2) polyline inside a box; those that only touch it are left out."""
    import shapely

    if not np.isfinite(line).all():
        return
    if (line.min(axis=0) >= low).all() and (line.max(axis=0) <= high).all():
        yield line
        return
    inside = shapely.intersection(shapely.LineString(line), shapely.box(*low, *high))
    for piece in shapely.get_parts(shapely.line_merge(inside) if inside.geom_type == "MultiLineString" else inside):
        if piece.length > 0:
            yield shapely.get_coordinates(piece)


def lattice(style: Style, part: Part) -> Iterator[Line]:
    """The lacing between the chords of a piece of truss, seen from above. [mm]"""
    (left, low), (right, high) = part.solid.bounds[:, :2].tolist()
    if part.symbol is not None:
        corners = np.concatenate(part.symbol.lines)
        (left, low), (right, high) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    bays = max(2, round((right - left) / max(BAY, high - low)))
    zigzag = [(left + (right - left) * k / bays, low if k % 2 == 0 else high) for k in range(bays + 1)]
    yield Line(style, points_mm(np.array(zigzag)))


def in_lines(words: str) -> str:
    """Words as they are, or in several lines where one would be too long."""
    lines = (
        line if lettering.width(line) <= LONGEST else "\n".join(lettering.wrap(line, LONGEST))
        for line in words.split("\n")
    )
    return "\n".join(lines)


def side(heading: float) -> tuple[Align, Valign]:
    """How a text outside a door is aligned."""
    x, y = math.cos(math.radians(heading)), math.sin(math.radians(heading))
    align: Align = "left" if x > 0.5 else "right" if x < -0.5 else "centre"
    return align, "bottom" if y > 0.5 else "top" if y < -0.5 else "middle"


def leaves(door: Door, style: Style, at: Callable[[float, float], Point]) -> Iterator[Line | Arc]:
    """Leaves standing open at 90°, and the way they swing."""
    half = door.width / 2
    count = max(1, door.leaves)
    if door.swing == "slide":
        wide = door.width / count
        for k in range(count):
            x, y = -half + k * wide, door.depth * (0.35 if k % 2 else 0.65)
            yield Line(style, (at(x, y), at(x + wide, y)))
        return
    out = door.swing == "out"
    y = door.depth if out else 0.0
    wide = half if count > 1 else door.width
    away = 1.0 if out else -1.0
    hinges = ((-half, 1.0), (half, -1.0)) if count > 1 else ((-half, 1.0),)
    for x, inward in hinges:
        yield Line(style, (at(x, y), at(x, y + away * wide)))
        shut, open_ = (0.0 if inward > 0 else 180.0), 90.0 * away
        start, end = sorted((shut, open_)) if inward > 0 else sorted((shut, open_ % 360))
        turn = door.heading - 90
        yield Arc(style, at(x, y), round(wide * 1000, 4), round((start + turn) % 360, 9), round((end + turn) % 360, 9))


def polyline(style: Style, line: Floats) -> Line | Circle:
    """An (n, 2) polyline; a ring of many equal chords is the circle that it stands for."""
    points = points_mm(line)
    closed = len(points) > 2 and points[0] == points[-1]
    if closed and len(points) > ROUND:
        ring = line[:-1]
        middle = ring.mean(axis=0)
        radii, chords = np.hypot(*(ring - middle).T), np.hypot(*np.diff(line, axis=0).T)
        if np.ptp(radii) < 1e-6 and np.ptp(chords) < 1e-6:
            return Circle(style, mm(*middle), round(float(radii.mean()) * 1000, 4))
    return Line(style, points[:-1] if closed else points, closed)


def outline_lines(outline: Outline, style: Style) -> Iterator[Line | Circle | Ellipse]:
    """The rim of an outline and its holes; circles stay circles."""
    yield from path_marks(outline_paths(outline.polygon, outline.circles), style)


def outline_box(outline: Outline) -> Box:
    low, high = outline.outer.points.min(axis=0), outline.outer.points.max(axis=0)
    return (*mm(*low), *mm(*high))


def chair_symbol(style: Style, wide: float, deep: float) -> tuple[Line, ...]:
    """Seat with rounded front corners and a back, looking to +y. [mm]"""
    w, d = wide / 2, deep / 2
    r, back = 0.16 * wide, 0.14 * deep
    seat = Line(style, ((-w, -d + back), (w, -d + back), (w, d - r), (w - r, d), (-w + r, d), (-w, d - r)), True,
                (0.0, 0.0, round(math.tan(math.pi / 8), 12), 0.0, round(math.tan(math.pi / 8), 12), 0.0))  # fmt: skip
    rest = Line(style, ((-w * 0.94, -d), (w * 0.94, -d), (w * 0.94, -d + back), (-w * 0.94, -d + back)), True)
    return seat, rest


def field_symbol(style: Style, wide: float, deep: float) -> tuple[Line]:
    """A place as a plain field. [mm]"""
    w, d = wide / 2, deep / 2
    return (Line(style, ((-w, -d), (w, -d), (w, d), (-w, d)), True),)


def wheelchair_symbol(style: Style, wide: float, deep: float) -> tuple[Line | Circle, ...]:
    """The place kept for a wheelchair, and somebody sitting in one, looking to +y. [mm]"""
    w, d = wide / 2, deep / 2
    u = min(w / 450, d / 700)
    wheels = [
        Line(style, tuple((x * u, y * u) for x, y in ((s * 290, -330), (s * 330, -330), (s * 330, 230), (s * 290, 230))),
             True) for s in (-1, 1)
    ]  # fmt: skip
    seat = Line(style, tuple((x * u, y * u) for x, y in ((-230, -220), (230, -220), (230, 220), (-230, 220))), True)
    legs = [Line(style, tuple((x * u, y * u) for x, y in ((s * 60, 220), (s * 60, 480), (s * 190, 480), (s * 190, 220))))
            for s in (-1, 1)]  # fmt: skip
    shoulders = Line(style, ((-230 * u, -120 * u), (230 * u, -120 * u)), True, (0.35, 0.35))
    head = Circle(style, (0.0, -110 * u), 95 * u)
    place = Line(style, ((-w, -d), (w, -d), (w, d), (-w, d)), True)
    return place, *wheels, seat, *legs, shoulders, head


def standing_symbol(style: Style, wide: float, deep: float) -> tuple[Line | Circle, ...]:
    """A standing person: head and shoulders. [mm]"""
    w = wide / 2
    return Circle(style, (0.0, 0.0), 0.4 * w), Line(style, ((-w, 0.0), (w, 0.0)), True, (0.45, 0.45))
