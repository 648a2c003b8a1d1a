"""A seat's score: the weighted mean of what it sees past fixed things."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.seen import score
from stagecraft.analysis.visible import visible
from stagecraft.geometry import shapes
from stagecraft.scene import Part, Screen
from tests.analysis._house import row, scene, target


def picture(name, x):
    corners = np.array([[[x - 1, 5, 1.5], [x + 1, 5, 1.5], [x + 1, 5, 3.0], [x - 1, 5, 3.0]]])
    return Screen(name, corners, (1920, 1080)), target(
        *corners[0], role="screen", kind="surface", element=name, name=name
    )


WALL = Part("wall", shapes.cuboid((-4, 2, 0), (0, 2.1, 9)), system="wall", blocks="architecture")
"""Hides all that is left of the middle."""
SEATS = row(1, [(0, -4)]), row(2, [(0, -5)])
POINT = target((0.5, 4, 1.5), name="point", element="point")


def scored(*records, feeds=None, weights=None):
    house = replace(scene(*SEATS, WALL, *records), feeds=feeds or {}, weights=weights or {})
    return score(house, visible(house, 256, apart=0.0))


def test_it_is_the_mean_of_the_shares():
    """The right screen and the point are free, the left screen is hidden."""
    assert scored(*picture("left", -2.5), *picture("right", 2.5)) == pytest.approx([0.5, 0.5])
    assert scored(*picture("left", -2.5), *picture("right", 2.5), POINT) == pytest.approx([2 / 3, 2 / 3])


def test_weights_count_by_element_and_by_feed():
    both = (*picture("left", -2.5), *picture("right", 2.5))
    assert scored(*both, weights={"left": 3.0}) == pytest.approx([0.25, 0.25])
    assert scored(*both, weights={"left": 0.0}) == pytest.approx([1.0, 1.0])
    feeds = {"imag": ("left",)}
    assert scored(*both, feeds=feeds, weights={"imag": 3.0}) == pytest.approx([0.25, 0.25])


def test_screens_of_a_feed_are_one_and_the_best_of_them_counts():
    both = (*picture("left", -2.5), *picture("right", 2.5))
    assert scored(*both, feeds={"imag": ("left", "right")}) == pytest.approx([1.0, 1.0])
    assert scored(*both, POINT, feeds={"imag": ("left", "right")}) == pytest.approx([1.0, 1.0])
    assert scored(*both, feeds={"imag": ("left", "right"), "deck": ("left",)}) == pytest.approx([0.5, 0.5])


def test_nothing_that_counts_is_no_score():
    assert np.isnan(scored()).all()
    assert np.isnan(scored(*picture("right", 2.5), weights={"right": 0.0})).all()
    assert np.isnan(scored(target((0.5, 4, 1.5), role="sign"))).all()


def test_heads_in_front_take_nothing_from_it():
    crowd = [row(k, [(x, -3 + 0.2 * k) for x in (-0.3, 0, 0.3)], element="crowd", eye=1.6) for k in range(1, 4)]
    assert scored(POINT, *crowd)[-1] == 1.0
