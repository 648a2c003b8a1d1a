"""What heads in front leave a row, in words: tangents to ellipsoids, and rooms where heads hide nothing."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.heads import BODY, heads, in_front, people, phrase, runs, worst
from stagecraft.analysis.visible import visible
from stagecraft.scene import Stature
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import figure, led

S = Stature()


def left(*records, rank=1, **more):
    house = replace(scene(*records), **more)
    return heads(house, visible(house, apart=0.0))[rank]


def tangent(front, away, eye=1.2, aside=0.0):
    """Height at which the line from an eye over a head in front, of the same height, meets what is `away`. [m]"""
    up = S.head * np.sqrt(1 - (aside / (S.head_breadth / 2)) ** 2)
    return eye + away * up / np.sqrt(front**2 - (S.head_length / 2) ** 2)


def test_a_presenter_is_seen_from_where_the_line_over_the_head_in_front_meets_them():
    """10 m behind the presenter, 0.9 m behind the next head: half a metre of presenter is 39 mm of that head, so that a
    half of a level is seen where the line passes 10 mm beside its middle."""
    (host,) = left(row(1, [(0, -9.1)]), row(2, [(0, -10)]), *figure(at=(0, 0, 0.9)))
    assert host.above == pytest.approx(tangent(0.9, 10, aside=0.125 * 0.09), abs=1.25 / 64)
    assert host.words == "host from the eyes up"  # 1.63 m of 1.75 m
    assert not host.whole


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (2.2, "from the knees up"), (1.8, "from the hips up"), (1.5, "from the waist up"), (1.35, "from the chest up"),
        (1.15, "from the shoulders up"), (1.05, "from the chin up"), (0.95, "from the eyes up"),
        (0.8, "only the top of the head"),
    ],
)  # fmt: skip
def test_the_higher_the_stage_the_more_of_the_presenter(stage, words):
    """The line meets the presenter at 2.53 m; the part of the body is the first that lies wholly above it."""
    (host,) = left(row(1, [(0, -9.1)]), row(2, [(0, -10)]), *figure(at=(0, 0, stage)))
    part = (tangent(0.9, 10, aside=0.125 * 0.09) - stage) / 1.75
    above = [f"from the {word} up" for word, height in BODY if height >= part]
    assert (above or ["only the top of the head"])[0] == words or part < 0.285
    assert host.words == f"host {words}"
    assert host.whole == (part < 0.285)


def test_a_screen_is_clear_above_the_highest_head_rounded_up():
    (wall,) = left(row(1, [(0, -9.1)]), row(2, [(0, -10)]), *led(4, low=1.0, high=5.0))
    assert wall.above == pytest.approx(tangent(0.9, 10), abs=2 * 4 / 64)
    assert wall.words == f"led clear above {np.ceil(wall.above * 10 - 1e-6) / 10:.1f} m"
    (high,) = left(row(1, [(0, -9.1)]), row(2, [(0, -10)]), *led(4, low=2.6, high=5.0))
    assert (high.words, high.whole, high.share) == ("led clear", True, 1.0)


def test_where_no_level_is_seen_the_share_is_told():
    shoulder = row(1, [(0, -9.6)], eye=1.26)
    (host,) = left(shoulder, row(2, [(0, -10)]), *figure(at=(0, 0, 0.9)))
    assert np.isnan(host.above)
    assert host.words == "host 0 % between heads"


def test_heights_are_in_feet_where_the_venue_is():
    house = scene(row(1, [(0, -9.1)]), row(2, [(0, -10)]), *led(4, low=1.0, high=5.0))
    house = replace(house, about=replace(house.about, units="ft"))
    (wall,) = heads(house, visible(house, apart=0.0))[1]
    assert wall.words.startswith("led clear above 8'-")
    assert "/" not in wall.words


def test_of_a_feed_the_screen_counts_that_is_seen_best():
    rows = row(1, [(0, -9.1)]), row(2, [(0, -10)])
    records = (*rows, *led(4, low=1.0, high=5.0, element="low"), *led(4, x=6, low=4.0, high=6.0, element="high"))
    (feed,) = left(*records, feeds={"imag": ("low", "high")})
    assert feed.words == "feed imag clear"
    assert [one.words.split()[0] for one in left(*records)] == ["low", "high"]


def test_neighbouring_rows_that_are_left_the_same_are_one():
    x = np.arange(-2, 2.1, 0.55)
    house = scene(*(row(k, np.c_[x, np.full(len(x), -3.0 - k)], floor=0.4 * k) for k in range(1, 6)),
                  *figure(at=(0, 0, 0.9)))  # fmt: skip
    shown = visible(house)
    assert list(runs(house, shown)) == [("stalls, rows A–E", "all")]
    assert worst(house, shown) == ""


def test_the_blocks_of_a_row_are_told_apart():
    """Behind the gangway two seats look straight over heads, across it nobody sits in front."""
    front = row(1, [(-0.3, -9.1), (0.3, -9.1)], block="L")
    back = row(2, [(-0.3, -10), (0.3, -10), (6, -10)], block=["L", "L", "R"], section=[0, 0, 1])
    house = scene(front, back, *led(4, low=1.0, high=5.0))
    shown = visible(house)
    assert list(runs(house, shown)) == [("L, row A", "all"), ("L, row B", "led clear above 2.5 m"), ("R, row B", "all")]
    assert worst(house, shown) == "row B of L: led clear above 2.5 m"
    both = shown.targets["led"]
    assert both.row_free[1] == pytest.approx((2 * both.block_free[1] + both.block_free[2]) / 3)


def test_the_worst_row_is_the_one_that_is_left_least():
    x = np.arange(-4, 4.1, 0.5)
    house = scene(*(row(k, np.c_[x, np.full(len(x), -3.0 - k)]) for k in range(1, 9)), *figure(at=(0, 0, 0.6)),
                  *led(6, low=2.0, high=5.0, y=2.0))  # fmt: skip
    shown = visible(house)
    every = heads(house, shown)
    rank = min(every, key=lambda rank: sum(one.share for one in every[rank]))
    assert worst(house, shown) == f"row {'ABCDEFGH'[rank]} of stalls: {phrase(every[rank])}"
    assert rank > 3


def test_tables_killed_rows_and_what_is_no_presenter_and_no_screen_have_no_words():
    house = scene(row(1, [(0, -9)], place="table"), row(2, [(0, -10)], status="kill"), row(3, [(0, -11)]),
                  target((0, 0, 1.0)))  # fmt: skip
    assert heads(house, visible(house)) == {2: ()}
    assert list(runs(house, visible(house))) == []
    for empty in (scene(), scene(*led()), scene(row(1, [(0, -9)]))):
        assert worst(empty, visible(empty)) == ""


def test_who_sits_in_front_is_named_with_row_and_seats():
    front = row(1, [(-0.15, -9.1), (0.15, -9.1), (3, -9.1)])
    house = scene(front, row(2, [(0, -10)]), *led(4, low=1.5))
    found = in_front(house, visible(house), 3, "led")
    assert [index for index, _ in found] == [0, 1]
    assert found[0][1] == pytest.approx(found[1][1], abs=0.01)
    assert people(house, found, "stalls") == "row A seats 1, 2"
    assert people(house, found, "circle") == "stalls row A seats 1, 2"
    assert people(house, [(2, 0.5), (-1, 0.2)], "stalls") == "row A seat 3; people without seats"
    assert in_front(house, visible(house), 0, "led") == []
    dinner = scene(row(1, [(0, -9)], place="table", label="7"), row(2, [(0, -10)]))
    assert people(dinner, [(0, 0.5)], "stalls") == "table 7 seat 1"
