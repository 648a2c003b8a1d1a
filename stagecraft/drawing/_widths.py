"""Clear widths of gangways: across them between two rows where there is room, else along them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft.drawing import lettering
from stagecraft.drawing._labels import ABOVE, DIMENSION, HEIGHT, LooseDimension, Places, text_box
from stagecraft.drawing._plan_shapes import point_of
from stagecraft.drawing.marks import Dimension, Mark, Point, Style, Text
from stagecraft.drawing.strokes import readable
from stagecraft.geometry.frame import Floats
from stagecraft.units import Units, drawn

STEPS = 38
"""Places that are tried on each side of the middle of a gangway …"""
STEP = 1 / 80
"""… and the way from one to the next, as a share of its length."""
ASIDE = 2.0
"""A width that is written aside the middle of its line stands so far from the line's end. [mm of the paper]"""


def gangway_width(
    line: Floats, width: float, system: Units, places: Places, least: float = lettering.LEAST
) -> list[Mark]:
    """The clear width of a gangway whose middle line (n, 2) [m] is given: a dimension, or words along it.

    It stands where it lies on nothing, the nearest to the gangway's middle; where no such place is, `drawing` makes room
    for it or notes it.

    least : capital height of the words, where the gangway is too narrow for a dimension [mm of the paper]
    """
    scale, words = places.scale, drawn(width, system)
    across = list(_across(line, width, words, scale)) if lettering.width(words) * scale < 0.9 * width * 1000 else []
    along = list(_along(line, words, min(lettering.LEAST, 0.6 * width * 1000 / scale), scale))
    every: list[Dimension | Text] = [*across, *(text for text in along if text.height >= least - 1e-9)]
    if not every:
        return []
    first = next((mark for mark in every if _free(mark, words, places)), None)
    chosen = first or every[0]
    if isinstance(chosen, Text):
        home = chosen.at
        if first is not None:
            places.claim(chosen)
        away = Dimension(DIMENSION, home, home, home, home)
        return [
            LooseDimension(*_fields(away), others=tuple(every), home=home, waits=True, says=f"gangway width {words}")
        ]
    if first is not None:
        for box in _boxes(chosen, words, scale):
            places.take(box)
    return [LooseDimension(*_fields(chosen), others=tuple(every), home=chosen.text_at, waits=first is None,
                           says=f"gangway width {words}")]  # fmt: skip


def _fields(mark: Dimension) -> tuple[Style, Point, Point, Point, Point, float]:
    return mark.style, mark.start, mark.end, mark.line_at, mark.text_at, mark.angle


def _free(mark: Dimension | Text, words: str, places: Places) -> bool:
    if isinstance(mark, Text):
        return places.free(text_box(mark, places.scale))
    return all(places.free(box) for box in _boxes(mark, words, places.scale))


def _boxes(mark: Dimension, words: str, scale: float) -> list[tuple[float, float, float, float]]:
    """Room that the line and the words of a dimension take. [mm]"""
    a, b = np.array(mark.start), np.array(mark.end)
    dots = (a + b) / 2 + np.linspace(-0.425, 0.425, 9)[:, None] * (b - a)
    reach = 0.2 * scale
    boxes = [(x - reach, y - reach, x + reach, y + reach) for x, y in dots.tolist()]
    return [*boxes, text_box(Text(mark.style, mark.text_at, words, HEIGHT, mark.angle, "centre", "middle"), scale)]


def _stations(line: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Points of a gangway's middle line and the ways ahead there, from its middle outwards."""
    run = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.r_[0.0, np.cumsum(run)]
    for share in (0.5, *(0.5 + side * step * STEP for step in range(1, STEPS + 1) for side in (1, -1))):
        s = share * along[-1]
        k = min(int(np.searchsorted(along, s, side="right")) - 1, len(run) - 1)
        if run[k] > 0:
            ahead = (line[k + 1] - line[k]) / run[k]
            yield line[k] + ahead * (s - along[k]), ahead


def _across(line: Floats, width: float, words: str, scale: float) -> Iterator[Dimension]:
    """Dimensions from side to side, their words in the middle, or aside from it."""
    room = width * 500 - lettering.width(words, HEIGHT) / 2 * scale - 0.8 * scale
    every = list(_stations(line))
    for aside in (0.0, room, -room) if room > ASIDE * scale else (0.0,):
        for middle, ahead in every:
            beside = np.array([ahead[1], -ahead[0]])
            turn = readable(math.degrees(math.atan2(beside[1], beside[0])))
            c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            text_at = middle * 1000 + ABOVE * scale * np.array([-s, c]) + aside * np.array([c, s])
            a, b = (point_of((middle + way * width / 2 * beside) * 1000) for way in (-1, 1))
            yield Dimension(DIMENSION, a, b, a, point_of(text_at), round(turn, 9) + 0.0)


def _along(line: Floats, words: str, height: float, scale: float) -> Iterator[Text]:
    """The width written along its gangway."""
    for middle, ahead in _stations(line):
        turn = round(readable(math.degrees(math.atan2(ahead[1], ahead[0]))), 6) + 0.0
        yield Text(Style("escape", "id"), point_of(middle * 1000), words, height, turn, "centre", "middle", True)
