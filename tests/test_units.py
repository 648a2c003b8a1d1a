"""Lengths as people write and read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagecraft.units import drawn, feet, length, level, metres, small


@pytest.mark.parametrize(
    ("written", "size"),
    [
        (2, 2.0), (0.6, 0.6), ("0.6", 0.6), (" 0.6 m ", 0.6), ("600 mm", 0.6), ("600mm", 0.6), ("60 cm", 0.6), ("1.5 metres", 1.5),
        ("24 in", 0.6096), ("24 inches", 0.6096), ('24"', 0.6096), ("24″", 0.6096), ("2 ft", 0.6096), ("2'", 0.6096), ("2 feet", 0.6096),
        ("2'-6\"", 0.762), ("2' 6\"", 0.762), ("2'6", 0.762), ("2 ft 6 in", 0.762), ("2’-6”", 0.762), ("2′6″", 0.762),
        ("2'-6 1/2\"", 0.7747), ("2'-1/2\"", 0.6223), ("0'-6\"", 0.1524), ("1/2\"", 0.0127), ("2 1/2 in", 0.0635), ("1 1/2'", 0.4572),
        ("-2'-6\"", -0.762), ("-600 mm", -0.6), ("-1/2 in", -0.0127), ("+1.2", 1.2), (".5", 0.5), ("5.", 5.0), ("0 km", 0.0),
    ],
)  # fmt: skip
def test_a_length_may_be_written_in_many_ways(written, size):
    assert metres(written) == pytest.approx(size, abs=1e-12)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("six metres", "'six metres' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        ("", "'' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        (None, "an empty value is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        (True, "'true' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        ([2], "'[2]' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        ("6 yards", "'6 yards' has an unknown unit 'yards': use one of mm, cm, m, in, ft"),
        ("0,95 m", "'0,95 m' is not a length: write it with a point, 0.95 m"),
        ("1/0 in", "'1/0 in' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        ("2'-6 1/0\"", "'2'-6 1/0\"' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        (math.nan, "'nan' is not a length: it must be a finite number"),
        (-math.inf, "'-inf' is not a length: it must be a finite number"),
        ("9" * 400, f"'{'9' * 57}…' is not a length: it must be a finite number"),
        (10**400, f"'1{'0' * 56}…' is not a length: it must be a finite number"),
        ("9" * 400 + "/" + "9" * 400 + " in", f"'{'9' * 57}…' is not a length: it must be a finite number"),
    ],
)
def test_what_is_no_length_is_told(written, words):
    with pytest.raises(ValueError, match=r"length|unit") as caught:
        metres(written)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0.762, "2'-6\""), (0.7747, "2'-6 1/2\""), (0.3048, "1'-0\""), (0.1524, '6"'), (0.0, '0"'), (-0.762, "-2'-6\""), (-1e-4, '0"'),
        (0.003175, '0 1/8"'), (0.3048 - 0.0001, "1'-0\""), (30.48, "100'-0\""), (0.0254 * 7.75, '7 3/4"'),
    ],
)  # fmt: skip
def test_feet_and_inches_go_to_the_nearest_eighth(size, words):
    assert feet(size) == words


@given(st.floats(-500, 500))
def test_feet_that_are_printed_are_read_within_a_sixteenth_of_an_inch(size):
    assert abs(metres(feet(size)) - size) <= 0.0254 / 16 + 1e-9


@given(st.integers(-100_000, 100_000))
def test_whole_eighths_survive_printing(eighths):
    assert metres(feet(eighths / 8 * 0.0254)) == pytest.approx(eighths / 8 * 0.0254, abs=1e-12)


def test_people_read_metres_millimetres_and_levels():
    assert (length(2.4), length(2.4, "ft")) == ("2.40 m", "7'-10 1/2\"")
    assert (small(0.06), small(0.06, "ft")) == ("60 mm", '2 3/8"')
    assert (drawn(2.4), drawn(2.4, "ft")) == ("2400", "7'-10 1/2\"")
    assert [level(z) for z in (0.8, 0.0, -0.0004, -1.25)] == ["+0.800", "±0.000", "±0.000", "-1.250"]
    assert (level(3.0875), drawn(3.0875)) == ("+3.088", "3088")
    assert [drawn(z, fine=True) for z in (2.0926, 2.4, 0.00004)] == ["2092.6", "2400", "0"]
    assert [level(z, "ft") for z in (0.3048, 0.0, -0.3048)] == ["+1'-0\"", "±0", "-1'-0\""]
