"""Dimensions of the plan: setting-out from the point 0, 0 first, overall sizes after."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from stagecraft.drawing._house import House
from stagecraft.drawing._labels import Box, Rows
from stagecraft.drawing._views import corner, extent, main_screen, mm, seat_corners, vertices
from stagecraft.drawing.marks import Point
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Space

STATIONS = (
    ("stage", "front"),
    ("stage", "rear"),
    ("screen", "face"),
    ("seats", "front"),
    ("seats", "rear"),
    ("foh", "front"),
)
"""What is set out up and down the room: fronts and rears."""


def dimensions(page: House) -> None:
    """Setting-out from the point 0, 0 first, then from wall to wall, overall sizes last."""
    left, low, right, high = clear_of_all(page)
    d = 6 * page.scale
    step = 8 * page.scale
    up = Rows(page.places, 0, high + d, step, page.units)
    down = Rows(page.places, 0, low - d - 3.5 * page.scale, -step, page.units)
    right_hand = Rows(page.places, 90, right + d + 3.5 * page.scale, step, page.units)
    left_hand = Rows(page.places, 90, left - d, -step, page.units)
    top, bottom, side = (0.0, page.frame[3]), (0.0, page.frame[1]), (page.frame[2] + 3 * page.scale, 0.0)
    key = key_points(page)
    for name in ("stage", "screen"):
        if name in key:
            a, b = key[name]["left"], key[name]["right"]
            up.add(*_through(a, top, b, 0))
    if "foh" in key:
        down.add(*_through(key["foh"]["left"], bottom, key["foh"]["right"], 0))
    if "seats" in key:
        down.add(*_through(key["seats"]["left"], bottom, key["seats"]["right"], 0))
    stations = [key[n][w] for n, w in STATIONS if n in key and w in key[n]]
    ups = sorted((p for p in stations if p[1] > 1), key=lambda p: p[1])
    downs = sorted((p for p in stations if p[1] < -1), key=lambda p: -p[1])
    for k in range(max(len(ups), len(downs))):
        right_hand.add(*((side, which[k]) for which in (ups, downs) if k < len(which)))
    if "room" in key:
        for rows, name in ((up, "stage"), (down, "foh" if "foh" in key else "seats")):
            if name in key:
                rows.add(
                    *_between(key["room"]["left"], key["room"]["right"], [key[name]["left"], key[name]["right"]], 0)
                )
        lefts = [key[n][f"{w} left"] for n, w in STATIONS if n in key and w in key[n]]
        left_hand.add(*_between(key["room"]["front"], key["room"]["rear"], lefts, 1))
        down.add((key["room"]["left"], key["room"]["right"]))
        left_hand.add((key["room"]["front"], key["room"]["rear"]))
    for y, way in ((high, 1), (low, -1)):
        page.places.keep_line([(0.0, y), (0.0, y + way * 100 * page.scale)])  # the centre line
    for rows in (up, right_hand, down, left_hand):
        page.add(rows.marks())


def _between(a: Point, b: Point, stops: Sequence[Point], axis: int) -> list[tuple[Point, Point]]:
    """Runs from one wall to the other past what stands between them."""
    inside = sorted((p for p in stops if a[axis] < p[axis] < b[axis]), key=lambda p: p[axis])
    return list(itertools.pairwise((a, *inside, b))) if inside else []


def clear_of_all(page: House) -> Box:
    """Box round everything so far and round the room's axes. [mm]"""
    (x0, y0), (x1, y1) = extent(page.marks, page.symbols, page.scale)
    return min(x0, page.frame[0]), min(y0, page.frame[1]), max(x1, page.frame[2]), max(y1, page.frame[3])


def key_points(page: House) -> dict[str, dict[str, Point]]:
    """What a crew tapes out: corners of the stage, the screen, the seating, the control position, the room."""
    out: dict[str, dict[str, Point]] = {}

    def ends(name: str, points: Floats, **where: tuple[int, float, int, float]) -> None:
        for which, (axis, sign, side, tie) in where.items():
            found = corner(points, axis, sign, side, tie)
            if found is not None:
                out.setdefault(name, {})[which] = mm(found[0], found[1])
            if axis == 1 and (found := corner(points, axis, sign, side, -1.0)) is not None:
                out.setdefault(name, {})[f"{which} left"] = mm(found[0], found[1])

    left, right = (0, -1.0, 1, 1.0), (0, 1.0, 1, 1.0)
    decks = [space.outline.outer.points for space in page.scene.of(Space) if space.use == "stage"]
    decks = decks or [vertices([part for part in page.parts if part.system == "stage"])[:, :2]]
    ends("stage", np.concatenate(decks), left=left, right=right, rear=(1, 1.0, 0, 1.0), front=(1, -1.0, 0, 1.0))
    screen = main_screen(page.scene)
    if screen is not None:
        ends("screen", screen.facets.reshape(-1, 3), left=left, right=right, face=(1, 1.0, 0, 1.0))
    seats = page.scene.seats
    if len(seats):
        corners = seat_corners(seats)
        ends("seats", corners, front=(1, 1.0, 0, 1.0), rear=(1, -1.0, 0, 1.0), left=(0, -1.0, 1, -1.0),
             right=(0, 1.0, 1, -1.0))  # fmt: skip
    foh = vertices([part for part in page.parts if part.system == "foh"])
    ends("foh", foh, left=(0, -1.0, 1, -1.0), right=(0, 1.0, 1, -1.0), front=(1, 1.0, 0, 1.0))
    if page.scene.rooms:
        walls = np.concatenate([room.outline.outer.points for room in page.scene.rooms])
        ends("room", walls, left=(0, -1.0, 1, -1.0), right=(0, 1.0, 1, -1.0), front=(1, -1.0, 0, -1.0),
             rear=(1, 1.0, 0, -1.0))  # fmt: skip
    return out


def _through(a: Point, datum: Point, b: Point, axis: int) -> list[tuple[Point, Point]]:
    """Runs between two ends and the setting-out point, in order along the axis."""
    stops = sorted((a, datum, b), key=lambda p: p[axis])
    return [(stops[0], stops[1]), (stops[1], stops[2])]
