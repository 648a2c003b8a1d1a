"""Revision clouds: scalloped rims of true arcs round what changed, and the triangles that say in which revision."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from stagecraft.drawing._labels import Box
from stagecraft.drawing._plan_shapes import point_of
from stagecraft.drawing.marks import Insert, Line, Point, Style, Symbol

SCALLOP = 6.0
"""Chord of one arc of a cloud, about. [paper mm]"""
BULGE = 0.5
"""Of each arc, outwards: a little more than a quarter of a circle."""
AROUND = 3.0
"""Room between what changed and its cloud. [paper mm]"""
SIDE = 11.0
"""Of a triangle. [paper mm]"""
CLOUD = Style("revision")
TAG = "REV-TAG"


def clouds(boxes: Sequence[Box], scale: float) -> list[tuple[Line, list[int]]]:
    """A cloud round each group of boxes that lie close together, and which of the boxes it holds; from the top left."""
    import shapely

    if not boxes:
        return []
    room = AROUND * scale
    grown = shapely.box(*(np.array(boxes, float) + np.array([-room, -room, room, room])).T)
    groups = shapely.get_parts(
        shapely.union_all(shapely.buffer(grown, 0.5 * room, join_style="mitre", cap_style="square"))
    )
    groups = [shapely.buffer(group, -0.5 * room, join_style="mitre") for group in groups]
    groups.sort(key=lambda group: (-round(group.bounds[3], 3), round(group.bounds[0], 3)))
    out = []
    for group in groups:
        held = np.flatnonzero(shapely.intersects(group, grown)).tolist()
        tight = group if group.geom_type == "Polygon" and group.area < 0.6 * group.envelope.area else group.envelope
        out.append((cloud(tight, scale), held))
    return out


def cloud(area: Any, scale: float) -> Line:
    """The rim of a shapely polygon as a cloud. [mm]"""
    import shapely

    ring = np.asarray(shapely.orient_polygons(area).exterior.coords)
    points: list[Point] = []
    for start, end in itertools.pairwise(ring):
        count = max(1, round(math.dist(start, end) / (SCALLOP * scale)))
        points += [point_of(start + (end - start) * k / count) for k in range(count)]
    return Line(CLOUD, tuple(points), True, (BULGE,) * len(points))


def tag_symbol(scale: float) -> Symbol:
    """A triangle with the revision in it, the number of the change beside it. [mm]"""
    s, h = SIDE * scale, SIDE * scale * math.sqrt(3) / 2
    rim = Line(CLOUD, ((-s / 2, 0.0), (s / 2, 0.0), (0.0, h)), True)
    slots = (("REV", (0.0, 0.3 * h), 1.8 * scale), ("CHANGE", (0.0, -1.9 * scale), 2.5 * scale))
    return Symbol(TAG, (rim,), slots)


def tag(at: Point, rev: str, numbers: str) -> Insert:
    """The triangle of a revision, the middle of its base at a place."""
    return Insert(CLOUD, TAG, at, 0.0, (("REV", rev), ("CHANGE", numbers)), ("REV", "CHANGE"))


def tag_spots(box: Box, scale: float) -> Iterator[tuple[Point, Box]]:
    """Places for a triangle beside a cloud, each with the room that it takes."""
    wide, tall, low = SIDE * scale, SIDE * scale, 3.5 * scale
    gap = 2.0 * scale
    left, bottom, right, top = box
    middle = (left + right) / 2
    for further in (0.0, 6.0, 12.0, 20.0):
        d = gap + further * scale
        for x, y in (
            (right + d + wide / 2, top - tall), (left - d - wide / 2, top - tall), (right + d + wide / 2, bottom + low),
            (left - d - wide / 2, bottom + low), (middle, top + d + low), (middle, bottom - d - tall),
        ):  # fmt: skip
            yield (x, y), (x - 0.7 * wide, y - low, x + 0.7 * wide, y + tall)
