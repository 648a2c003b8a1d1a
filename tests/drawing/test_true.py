"""A line is drawn once, and what is round is an arc."""

import dataclasses
import math

import pytest

from stagecraft.drawing._true import tidied
from stagecraft.drawing.marks import Circle, Ellipse, Line, Style

CUT, OVER, WAY = Style("wall", "cut"), Style("wall", "overhead"), Style("escape")
BOX = ((0.0, 0.0), (4000.0, 0.0), (4000.0, 3000.0), (0.0, 3000.0))


def ring(count: int, radius: float = 1000.0, span: float = 360.0, at: float = 0.0):
    step = span / count
    ends = count if span == 360 else count + 1
    return tuple(
        (radius * math.cos(math.radians(k * step)) + at, radius * math.sin(math.radians(k * step))) for k in range(ends)
    )


def test_an_edge_that_two_outlines_share_is_drawn_by_the_one_that_is_cut():
    opening = Line(OVER, ((0.0, 1000.0), (0.0, 2000.0), (-200.0, 2000.0), (-200.0, 1000.0)), closed=True)
    wall = Line(CUT, ((0.0, 0.0), (0.0, 1000.0), (-200.0, 1000.0), (-200.0, 0.0)), closed=True)
    first, second = tidied([opening, wall])
    assert second == wall
    assert first == Line(OVER, ((-200.0, 1000.0), (0.0, 1000.0), (0.0, 2000.0), (-200.0, 2000.0), (-200.0, 1000.0))[1:])


def test_ways_that_come_together_are_drawn_once_from_there():
    one = Line(WAY, ((0.0, 0.0), (1000.0, 0.0), (1000.0, 5000.0)))
    two = Line(WAY, ((2000.0, 0.0), (1000.0, 0.0), (1000.0, 5000.0)))
    assert tidied([one, two]) == [one, Line(WAY, ((2000.0, 0.0), (1000.0, 0.0)))]
    assert tidied([one, one]) == [one]


def test_what_lies_on_nothing_stays_as_it_is():
    marks = [Line(CUT, BOX, closed=True), Circle(CUT, (0.0, 0.0), 500.0), Circle(CUT, (0.0, 0.0), 400.0)]
    assert tidied(marks) == marks
    assert tidied([*marks, Circle(OVER, (0.0, 0.0), 400.0)]) == marks


@pytest.mark.parametrize("count", [24, 48, 100])
def test_a_ring_of_chords_is_a_circle_of_its_own_radius(count):
    assert tidied([Line(CUT, ring(count), closed=True)]) == [Circle(CUT, (0.0, 0.0), 1000.0)]
    assert tidied([Line(CUT, (*ring(count), ring(count)[0]))]) == [Circle(CUT, (0.0, 0.0), 1000.0)]


def test_a_fascia_of_chords_has_its_two_radii_again():
    """Half a ring of 4000 and 4018 mm: two arcs each of a quarter turn or one of a half, and the sides straight."""
    outer, inner = ring(40, 4018.0, 180.0), ring(40, 4000.0, 180.0)[::-1]
    (line,) = tidied([Line(CUT, outer + inner, closed=True)])
    assert line.closed
    runs = zip(line.points, (*line.points[1:], line.points[0]), line.bulges)
    radii = [math.dist(a, b) * (1 + k * k) / (4 * abs(k)) for a, b, k in runs if k]
    assert sorted({round(radius, 3) for radius in radii}) == [4000.0, 4018.0]
    assert sum(4 * math.degrees(math.atan(abs(k))) for k in line.bulges) == pytest.approx(360.0)


def test_rooms_and_stairs_stay_angular():
    sixteen = Line(CUT, ring(16), closed=True)
    stairs = Line(CUT, tuple((300.0 * ((k + 1) // 2), 170.0 * (k // 2)) for k in range(60)))
    assert tidied([sixteen, stairs]) == [sixteen, stairs]


def test_an_arc_between_straight_runs_keeps_their_corners():
    arc = ring(12, 1000.0, 90.0)
    (line,) = tidied([Line(CUT, ((1000.0, -3000.0), *arc, (-3000.0, 1000.0)))])
    wanted = ((1000.0, -3000.0), (1000.0, 0.0), (0.0, 1000.0), (-3000.0, 1000.0))
    assert [tuple(round(v, 6) for v in point) for point in line.points] == list(wanted)
    assert line.bulges[:3] == pytest.approx((0.0, math.tan(math.pi / 8), 0.0))


def test_two_ellipses_that_no_pen_tells_apart_are_one() -> None:
    style = Style("rail", "beyond")
    one = Ellipse(style, (16938.1352, 4150.0), (0.0, 20.0), 0.999532268, math.pi, math.tau)
    other = dataclasses.replace(one, ratio=0.999948026)
    half = dataclasses.replace(one, start=0.0, end=math.pi)
    apart = dataclasses.replace(one, centre=(16938.4, 4150.0))
    assert tidied([one, other, half, apart]) == [one, half, apart]
