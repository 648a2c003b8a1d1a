"""Which band a seat's view has past fixed things, and the words for what is in the way."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.restricted import Bands, looks, restricted
from stagecraft.analysis.views import views
from stagecraft.geometry import shapes
from stagecraft.scene import Origin, Part
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block, figure, led

BANDS = Bands({"clear": 0.95, "slight": 0.80, "side": 0.66, "restricted": 0.33, "severe": 0.0}, 1.0, "HOUSE-VIEW")


def of(*records, bands=BANDS, **feeds):
    house = replace(scene(*records), feeds=feeds)
    return restricted(house, views(house), bands)


def wall(width, height=9.0):
    """Stands close to the eyes at y = −10 and hides everything to the left of `width`."""
    return block("wall", (-40, -9.01, 0), (width, -9.0, height))


def test_bands_begin_where_their_share_is_reached():
    names = [BANDS.band(share) for share in (1.0, 0.95, 0.9499, 0.80, 0.66, 0.33, 0.3299, 0.0)]
    assert names == ["clear", "clear", "slight", "slight", "side", "restricted", "severe", "severe"]


def test_the_band_is_that_of_the_target_seen_least_and_every_loss_is_told_worst_first():
    """An eye at 10 m, a post 0.8 m wide at 2 m from it: on the plane of the wall it hides 4 m, less 0.063·4 m for two
    eyes; of a presenter in the middle everything, of the 10 m wall the middle."""
    post = Part("room", shapes.cuboid((-0.4, -8.0, 0), (0.4, -7.99, 8)), system="column", name="K1",
                blocks="architecture", movable=False)  # fmt: skip
    found = of(row(1, [(0, -10)]), post, *led(10), *figure())
    assert found.share.tolist() == [0.0]
    assert found.band.tolist() == ["severe"]
    assert found.by.tolist() == ["column K1, in front of host and in front of led"]
    (of_led,) = (look for look in found.looks if look.name == "led")
    assert of_led.share[0] == pytest.approx(1 - (0.8 * 5 - 0.063 * 4) / 10, abs=4e-3)


def test_two_things_in_the_way_of_two_targets_are_both_named():
    rail = block("rail", (-40, -9.01, 0), (40, -9.0, 1.22))
    found = of(row(1, [(0, -10)]), rail, block("cam", (-0.5, -1.01, 1.5), (0.5, -1.0, 3.0)), *led(low=1.0), *figure())
    assert found.by.tolist() == ["cam, in front of host; rail, bottom of led"]


def test_heads_in_front_neither_lower_the_band_nor_are_named():
    near = row(1, [(x, -9.2) for x in (-0.5, 0.0, 0.5)], eye=1.5)
    found = of(near, row(2, [(0, -10)]), *led(low=0.5))
    house = scene(near, row(2, [(0, -10)]), *led(low=0.5))
    assert views(house).visible.targets["led"].free[3] < 0.9
    assert (found.band == "clear").all()
    assert (found.by == "").all()


def test_the_lower_third_is_that_of_the_screen_with_the_least():
    """Of a screen from 1 to 5 m, a sill up to 1.4 m there hides 0.4 of the lower third of 1.33 m; of the other nothing."""
    sill = block("sill", (-40, -9.01, 0), (40, -9.0, 1.22))
    found = of(
        row(1, [(0, -10), (1, -10)], status=["open", "kill"]), sill, *led(low=1.0), *led(low=2.0, element="high")
    )
    assert found.lower[0] == pytest.approx(0.7, abs=0.012)
    assert np.isnan(found.lower[1])
    assert np.isnan(of(row(1, [(0, -10)]), *figure()).lower).all()


def test_killed_places_and_who_faces_nothing_have_no_band():
    seats = row(1, [(0, -10), (1, -10), (2, -10)], status=["open", "kill", "open"], facing=[90.0, 90.0, -90.0])
    found = of(seats, wall(0), *led())
    assert found.band.tolist() == ["restricted", "", ""]
    assert np.isnan(found.share[1:]).all()
    assert found.by.tolist() == ["wall, left of led", "", ""]


def test_the_screens_of_a_feed_are_one_view():
    left, right = led(2, x=-5, element="left"), led(2, x=5, element="right")
    assert of(row(1, [(0, -10)]), wall(0), *left, *right).band.tolist() == ["severe"]
    found = of(row(1, [(0, -10)]), wall(0), *left, *right, imag=("left", "right"))
    assert (found.band.tolist(), [look.name for look in found.looks]) == (["clear"], ["feed imag"])


def test_of_a_feed_the_screen_that_a_seat_sees_most_of_is_named_as_people_call_it():
    """A wall hides all of the left screen and half of the right one."""
    left, right = led(2, x=-5, element="left"), led(2, x=5, element="right")
    found = of(row(1, [(0, -10)]), wall(0.5), *left, *right, imag=("left", "right"))
    assert (found.band.tolist(), found.by.tolist()) == (["restricted"], ["wall, left of right"])
    house = replace(scene(row(1, [(0, -10)]), wall(0.5), *left, *right), feeds={"imag": ("left", "right")})
    house = replace(house, elements={**house.elements, "right": Origin("screen", np.eye(4), name="Side screen")})
    assert restricted(house, views(house), BANDS).by.tolist() == ["wall, left of Side screen"]
    twice = of(row(1, [(0, -10)]), wall(0.5), *left, *right, imag=("left", "right"), deck=("right",))
    assert twice.by.tolist() == ["wall, left of right"]


def test_what_stands_beside_a_presenter_is_theirs_as_far_as_the_rule_reaches():
    lectern = block("lectern", (-0.3, -0.7, 1.0), (0.3, -0.4, 2.15))
    records = row(1, [(0, -10)]), lectern, *figure()
    assert of(*records).band.tolist() == ["clear"]
    assert of(*records, bands=replace(BANDS, reach=0.3)).by.tolist() == ["lectern, bottom of host"]


def test_without_bands_there_are_shares_and_words_for_all_that_is_hidden():
    found = of(row(1, [(0, -10)]), wall(0), *led(), bands={})
    assert found.band.tolist() == [""]
    assert found.share[0] == pytest.approx(0.5, abs=0.03)
    assert found.by.tolist() == ["wall, left of led"]


def test_no_seats_and_nothing_to_see_have_no_views():
    nobody, nothing = of(*led()), of(row(1, [(0, -10)]))
    assert len(nobody.share) == len(nobody.band) == len(nobody.by) == 0
    assert np.isnan(nothing.share).all()
    assert (nothing.band.tolist(), nothing.by.tolist(), nothing.looks) == ([""], [""], ())


def test_a_stage_floor_and_a_sign_are_no_views():
    house = scene(row(1, [(0, -10)]), target((-5, 0, 1), (5, 0, 1), name="floor", role="floor"),
                  target((0, 0, 3), name="exit", role="sign"))  # fmt: skip
    assert list(looks(house, views(house), 1.0)) == []
