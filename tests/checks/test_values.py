"""Values of rules that go by a count or a size, as their sources publish them."""

import math
import re

import numpy as np
import pytest

from stagecraft.checks._people import occupancy
from stagecraft.checks.values import By, CountByCount, CountByLength, LengthByCount, LengthByLength
from tests.analysis._house import ref_500


def test_one_value_holds_for_all():
    assert LengthByCount.parse("400 mm").at([1, 50, 5000]).tolist() == [0.4] * 3


def test_steps_up_to_a_bound_hold_at_the_bound():
    """Seats in a row → seatway, the shape of BS 9999 Annex D."""
    table = LengthByCount.parse({"up_to": {14: "300 mm", 16: "325 mm"}, "above": "500 mm"})
    assert table.at([1, 14, 15, 16, 17]) == pytest.approx([0.3, 0.3, 0.325, 0.325, 0.5])
    assert math.isnan(LengthByCount.parse({"up_to": {14: "300 mm"}}).one(15))


def test_steps_from_a_bound_begin_there():
    """Approved Document B (2019) vol 2, table 2.3: no interpolation below 1050 mm, then 5 mm a person."""
    table = CountByLength.parse({"from": {"750 mm": 60, "850 mm": 110, "1050 mm": 220, "1100 mm": {"each": "5 mm"}}})
    widths = np.array([749, 750, 850, 1000, 1050, 1095, 1100, 1200, 1250, 1500, 1800]) / 1000
    assert table.at(widths).tolist() == [0, 60, 110, 110, 220, 220, 220, 240, 250, 300, 360]


def test_a_line_is_never_rounded():
    """IBC 2018 1029.13.2.1: 12 in and 0.3 in for each seat beyond 14, no more than 22 in."""
    line = LengthByCount.parse({"base": "12 in", "per": "0.3 in", "free": 14, "cap": "22 in"})
    inches = line.at([14, 15, 20, 24, 30, 47, 48, 100]) / 0.0254
    assert inches == pytest.approx([12.0, 12.3, 13.8, 15.0, 16.8, 21.9, 22, 22], abs=1e-9)
    assert line.one(14) == pytest.approx(0.3048, abs=1e-12)


def test_started_and_full_pieces():
    """ADA 2010 table 221.2.1.1, and MVStättVO s.7(1): 5 m more for every full 2.5 m above 5 m, at most 60 m."""
    ada = CountByCount.parse({
        "up_to": {3: 0, 25: 1, 50: 2, 150: 4, 300: 5, 500: 6, 5000: {"base": 6, "per": 1, "free": 500, "each": 150}},
        "above": {"base": 36, "per": 1, "free": 5000, "each": 200},
    })  # fmt: skip
    asked = [500, 501, 650, 651, 1000, 5000, 5001, 5200, 5201, 20000]
    assert ada.at(asked).tolist() == [6, 7, 7, 8, 10, 36, 37, 37, 38, 111]
    way = LengthByLength.parse({"base": "30 m", "per": "5 m", "free": "5 m", "full": "2.5 m", "cap": "60 m"})
    assert way.at([4, 5, 7.4, 7.5, 10, 12.5, 20, 25]).tolist() == [30, 30, 30, 35, 40, 45, 60, 60]


def test_no_size_has_no_value():
    assert math.isnan(LengthByCount.parse("400 mm").one(math.nan))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"up_too": {14: "300 mm"}}, "'up_too' is not understood: write one value"),
        ({"up_to": {14: "300 mm"}, "base": "12 in"}, "write one value"),
        ({"above": "300 mm"}, "write one value"),
        ({"up_to": {}}, "write one value"),
        ({"up_to": {16: "325 mm", 14: "300 mm"}}, "the steps must rise from one to the next"),
        ({"base": "12 in", "each": 5, "full": 5}, "give either each"),
        ({"base": "12 in", "per": "1 in", "each": 0}, "'0' must be more than nothing"),
        ({"up_to": {"many": "300 mm"}}, "'many' is not a number"),
        ("wide", "'wide' is not a length"),
        ("-1 mm", "'-1 mm' is below zero"),
        (True, "'true' is not a length"),
    ],
)
def test_what_cannot_be_understood_is_named(given, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        LengthByCount.parse(given)


def test_every_kind_is_a_table():
    assert all(issubclass(kind, By) for kind in (LengthByCount, CountByCount, CountByLength, LengthByLength))


def test_the_house_holds_guests_crew_and_staff():
    from dataclasses import replace

    scene = ref_500()

    def asked(**brief):
        return occupancy(replace(scene, about=replace(scene.about, brief=brief)))

    assert asked(guests=500).total == 504
    assert asked(guests=510, crew=45, staff=12).total == 567
    assert asked(crew=45, staff=12).words == "504 guests, 45 crew and 12 staff"
    assert asked(guests=500).words == "504 guests (the brief names no crew and no staff)"
