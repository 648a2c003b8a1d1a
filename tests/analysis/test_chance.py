"""How likely a seat sees: against the normal distribution, against the house itself, and against who is taller."""

import math
import os
from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis import visible as views_past
from stagecraft.analysis.chance import chance
from stagecraft.analysis.visible import visible
from stagecraft.errors import VenueError
from stagecraft.geometry import frame as frames
from stagecraft.scene import Part, Screen, Stature, Target, moved
from stagecraft.schedules.chance import with_chance
from stagecraft.schedules.views import view_list, views_by_row
from tests.analysis._house import row, scene, target

STILL = {"eye_spread": 0.0, "standing_spread": 0.0, "size_spread": 0.0}


def people(house, **figures):
    return replace(house, stature=replace(house.stature, **figures))


def led(x=0.0, name="led", low=1.2):
    corners = np.array([[[x - 2, 1, low], [x + 2, 1, low], [x + 2, 1, low + 2.25], [x - 2, 1, low + 2.25]]])
    return Screen(name, corners, (1920, 1080)), Target(name, name, corners[0], "screen", "surface")


def block(rows=5, seats=6, **more):
    x = 0.55 * (np.arange(seats) - (seats - 1) / 2)
    return [row(k + 1, np.c_[x, np.full(seats, -4 - 0.95 * k)], **more) for k in range(rows)]


def hall(**more):
    presenter = Target("who", "who", np.array([[0, 0, 0.8], [0, 0, 2.55]]), "person", "line")
    return replace(scene(*block(), *led(), *led(3.0, "side"), presenter), feeds={"imag": ("led", "side")}, **more)


def normal(x):
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def test_without_spreads_every_draw_is_the_house_itself():
    house = people(hall(), **STILL)
    drawn, shown = chance(house, 0.66, draws=3), visible(house)
    assert list(drawn.targets) == ["led", "side", "who"]
    for name, odds in [*drawn.targets.items(), *drawn.feeds.items()]:
        free = (shown.feeds if name == "imag" else shown.targets)[name].free
        assert 0 < np.mean(free) < 1
        for share in (odds.mean, odds.low, odds.high):
            assert np.array_equal(share, free), name
        assert np.array_equal(odds.probability, (free >= 0.66).astype(float))


def test_one_head_in_front_is_a_matter_of_the_normal_distribution():
    """The eye behind, at (1 − t) of the way, looks to a point a hundred metres away, t of the way past the head in front.

    With eyes e + s·Z, independent, the sightline passes h = (1 − t)·Z₂ + t·F − Z₁ above the eye in front, which is normal
    with s·√((1 − t)² + 1). It is free above the head, where h > head, and between the chin and the shoulders, where
    −shoulder < h < −head: the round head reaches as far below the eye as above it.
    """
    far, going, spread, lift = 100.0, 0.95, 0.05, 0.02
    house = scene(row(1, [(0, 0)]), row(2, [(0, -going)]), target((0, far, 1.2 + lift)))
    house = people(house, **{**STILL, "eye_spread": spread})
    t = going / (far + going)
    size = spread * math.hypot(1 - t, 1)

    def above(height):
        return 1 - normal((height - t * lift) / size)

    draws = 4000
    (odds,) = chance(house, 1.0, draws=draws, seed=3).targets.values()
    expected = above(0.12) + above(-0.195) - above(-0.12)
    assert abs(expected - above(0.12)) > 0.02  # the neck counts
    assert odds.probability[0] == 1.0  # nobody sits in front
    assert odds.probability[1] == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / draws))
    assert odds.mean[1] == odds.probability[1]  # a point is seen or not


def test_more_heads_than_one_need_each_a_look():
    """Two heads in front, close behind each other, far from the point: never more free than either alone."""
    alone = people(scene(row(1, [(0, 0)]), row(3, [(0, -1.9)]), target((0, 60, 1.5))), size_spread=0.0)
    both = people(
        scene(row(1, [(0, 0)]), row(2, [(0, -0.95)]), row(3, [(0, -1.9)]), target((0, 60, 1.5))), size_spread=0.0
    )
    one = chance(alone, 1.0, draws=400).targets["focus"].probability[-1]
    two = chance(both, 1.0, draws=400).targets["focus"].probability[-1]
    assert 0 < two < one < 1


def test_the_same_seed_gives_the_same_people_whatever_the_threads(monkeypatch):
    house = hall()
    first = chance(house, 0.66, draws=20, seed=5)
    monkeypatch.setattr(views_past, "_THREADS", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    again, other = chance(house, 0.66, draws=20, seed=5), chance(house, 0.66, draws=20, seed=6)
    for name, odds in first.targets.items():
        assert np.array_equal(odds.mean, again.targets[name].mean)
        assert np.array_equal(odds.high, again.targets[name].high)
    assert any(not np.array_equal(odds.mean, other.targets[name].mean) for name, odds in first.targets.items())


def test_a_few_seats_at_a_time_are_all_of_them(monkeypatch):
    house = hall()
    whole = chance(house, 0.66, draws=8)
    monkeypatch.setattr("stagecraft.analysis.chance._CELLS", 200)
    parts = chance(house, 0.66, draws=8)
    for name, odds in [*whole.targets.items()]:
        assert np.array_equal(odds.mean, parts.targets[name].mean)
    assert np.array_equal(whole.feeds["imag"].low, parts.feeds["imag"].low)


def test_left_and_right_are_as_likely():
    odds = chance(hall(), 0.66, draws=600, seed=2).targets["led"]
    mean, twin = odds.mean.reshape(5, 6), odds.mean.reshape(5, 6)[:, ::-1]
    assert np.abs(mean - twin).max() < 0.03
    assert mean.min() < 0.98


def test_who_is_taller_sees_more():
    """The third row's eyes a hand higher: it sees more on average, the row behind it less."""
    rows = block()
    raised = [*rows[:2], replace(rows[2], eyes=rows[2].eyes + [0, 0, 0.1]), *rows[3:]]
    shares = [
        chance(scene(*some, *led()), 0.66, draws=100).targets["led"].mean.reshape(5, 6).mean(axis=1)
        for some in (rows, raised)
    ]
    assert shares[1][2] > shares[0][2]
    assert shares[1][3] < shares[0][3]
    assert np.array_equal(shares[1][:2], shares[0][:2])  # who sits in front of them notices nothing


def test_larger_heads_hide_more_on_average():
    small, large = (people(hall(), head_breadth=breadth) for breadth in (0.135, 0.165))
    means = [chance(house, 0.66, draws=60).targets["led"].mean.mean() for house in (small, large)]
    assert means[1] < means[0]


def test_bounds_and_mean_are_in_their_order():
    for odds in chance(hall(), 0.66, draws=50).targets.values():
        assert ((odds.low <= odds.mean + 1e-12) & (odds.mean <= odds.high + 1e-12)).mean() > 0.9
        assert ((odds.low >= 0) & (odds.high <= 1) & (odds.low <= odds.high)).all()
        assert (odds.low[6:] < odds.high[6:]).any()


def test_a_feed_is_seen_where_any_one_of_its_screens_is():
    drawn = chance(hall(), 0.66, draws=40)
    led_, side, feed = drawn.targets["led"], drawn.targets["side"], drawn.feeds["imag"]
    assert (feed.probability >= np.maximum(led_.probability, side.probability)).all()
    assert (feed.mean >= np.maximum(led_.mean, side.mean) - 1e-12).all()


def test_killed_seats_are_empty_and_hide_nothing():
    rows = block(2)
    empty = scene(replace(rows[0], status=np.full(6, "kill")), rows[1], *led())
    assert (chance(empty, 0.66, draws=10).targets["led"].probability[6:] == 1.0).all()


def test_fixed_things_stay_where_they_are():
    from stagecraft.geometry import shapes

    wall = Part("wall", shapes.cuboid((-5, -1, 0), (5, -0.8, 6)), system="wall", blocks="architecture")
    odds = chance(scene(*block(), *led(), wall), 0.01, draws=5).targets["led"]
    assert (odds.probability == 0).all()
    assert (odds.high == 0).all()


def test_turning_and_shifting_changes_nothing_but_the_last_sample():
    house = hall()
    matrix = frames.frame((5_000.0, -3_000.0, 40.0), 127.0)
    there = replace(house, records=tuple(moved(record, matrix) for record in house.records))
    here, away = chance(house, 0.66, draws=10), chance(there, 0.66, draws=10)
    for name, odds in here.targets.items():
        assert away.targets[name].mean == pytest.approx(odds.mean, abs=2e-3)


@pytest.mark.parametrize(
    ("house", "words"),
    [
        (scene(*led()), "there are no seats to see from"),
        (scene(*block(1)), "nothing to be seen is named"),
    ],
)
def test_no_seats_and_no_targets_are_a_clear_word(house, words):
    with pytest.raises(VenueError, match=words):
        chance(house, 0.66)


@pytest.mark.parametrize("given", [{"least": 0}, {"least": 1.1}, {"least": math.nan}, {"draws": 0}, {"seed": -1}])
def test_numbers_that_mean_nothing_are_refused(given):
    with pytest.raises(ValueError, match=r"share to be seen|at least one draw"):
        chance(hall(), **{"least": 0.66, **given})


def test_one_seat_alone_sees():
    (odds,) = chance(scene(row(1, [(0, -4)]), target((0, 0, 1.5))), 1.0, draws=2).targets.values()
    assert odds.probability.tolist() == [1.0]


def test_the_tables_take_the_columns():
    house = hall()
    drawn = chance(house, 0.66, draws=10)
    seats = with_chance(view_list(house), house, drawn)
    heads = [column.head for column in seats.columns][-8:]
    assert heads == [
        "who: chance %", "who: mean share %", "who: share 5th %", "who: share 95th %",
        "feed imag: chance %", "feed imag: mean share %", "feed imag: share 5th %", "feed imag: share 95th %",
    ]  # fmt: skip
    assert seats.values["chance_2"] == pytest.approx((100 * drawn.feeds["imag"].probability).tolist())
    rows = with_chance(views_by_row(house, target="who"), house, drawn, "who")
    assert [column.head for column in rows.columns][-1] == "who chance %"
    least = drawn.targets["who"].probability.reshape(5, 6).min(axis=1)
    assert rows.values["chance_1"] == pytest.approx((100 * least).tolist())
    assert rows.notes[-2] == (
        "chance: in how many of 10 houses full of drawn people (seed 0) a seat sees at least 66 % of the target, past fixed "
        "things and people"
    )
    assert "eye 42 mm seated" in rows.notes[-1]
    assert Stature().eye_spread == 0.042


def test_an_audience_on_its_feet_has_the_spread_of_standing_eyes():
    """Standing people differ by more, so that the tenth who see least see less."""
    risen = [replace(r, risen=np.ones(6, bool), eyes=r.eyes + [0, 0, 0.4]) for r in block()]
    narrow, wide = (
        chance(people(scene(*risen, *led()), standing_spread=spread), 0.66, draws=80).targets["led"]
        for spread in (0.0, 0.091)
    )
    assert (wide.high - wide.low).mean() > 2 * (narrow.high - narrow.low).mean()
