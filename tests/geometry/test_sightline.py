"""The worked sightline numbers of the reference: every one, to the digit published."""

import numpy as np
import pytest

from stagecraft.geometry import sightline


def eye(d, y):
    return np.array([0.0, -d, y])


FOCUS = np.zeros(3)
STAGE = {"distance": 4.0, "height": 0.22, "tread": 0.95}


def test_front_labels_give_144_mm_and_rear_labels_would_give_150():
    d, r, t, n = 20.0, 5.0, 0.8, 0.35
    assert sightline.c_value(eye(d, r), eye(d + t, r + n), FOCUS) == pytest.approx(0.14423, abs=5e-6)
    assert sightline.c_value(eye(d - t, r - n), eye(d, r), FOCUS) == pytest.approx(0.150, abs=1e-12)


def test_the_published_exercise_asks_a_riser_of_488_mm():
    assert sightline.riser(30, 10, 1, 0.15) == pytest.approx(0.48833, abs=5e-6)


@pytest.mark.parametrize(
    ("place", "risers"),
    [
        ((8, 0.22, 0.95), (93.3, 126.8, 160.4)),
        ((12, 1.2, 0.95), (159.8, 192.1, 224.5)),
        ((18, 6.5, 0.80), (351.6, 382.9, 414.2)),
    ],
)
def test_risers_for_60_90_and_120_mm(place, risers):
    got = [1000 * sightline.riser(*place, c) for c in (0.06, 0.09, 0.12)]
    assert got == pytest.approx(risers, abs=0.051)


def test_a_riser_of_300_at_12_metres_gives_143_75_mm():
    assert 1000 * sightline.c_value(eye(12, 2.2), eye(12.8, 2.5), FOCUS) == pytest.approx(143.75)


RAKES = {
    0.06: (
        "126.5 138.0 147.7 156.0 163.3 169.8 175.7 181.0 186.0 190.5 194.7 "
        "198.7 202.4 205.9 209.2 212.3 215.2 218.1 220.8",
        3512, 13.08,
    ),
    0.09: (
        "163.6 180.9 195.4 207.9 218.8 228.6 237.4 245.4 252.8 259.6 266.0 "
        "271.9 277.4 282.7 287.6 292.3 296.7 301.0 305.0",
        4771, 17.80,
    ),
    0.12: (
        "200.8 223.8 243.1 259.7 274.4 287.4 299.1 309.8 319.7 328.8 337.2 "
        "345.1 352.5 359.5 366.1 372.3 378.2 383.9 389.3",
        6031, 22.28,
    ),
}  # fmt: skip


@pytest.mark.parametrize("c", RAKES)
def test_an_auditorium_of_20_rows_rises_as_published(c):
    table, top, pitch = RAKES[c]
    risers = sightline.rake_risers(**STAGE, c=c, rows=20)
    assert 1000 * risers == pytest.approx([float(r) for r in table.split()], abs=0.051)
    assert 1000 * risers.sum() == pytest.approx(top, abs=0.51)
    assert np.degrees(np.arctan2(risers[-1], 0.95)) == pytest.approx(pitch, abs=0.0051)


def test_rounding_up_to_10_mm_while_iterating_keeps_every_row_above_60():
    risers = sightline.rake_risers(**STAGE, c=0.06, rows=20, step=0.01)
    rounded = "130 140 150 160 170 180 180 190 190 200 200 210 210 220 220 220 230 230 230"
    assert 1000 * risers == pytest.approx([float(r) for r in rounded.split()])
    assert risers.sum() == pytest.approx(3.660)
    assert 1000 * realised(4.0, 0.22, 0.95, risers) == pytest.approx(
        [62.8, 61.1, 61.2, 62.6, 64.7, 67.4, 61.4, 65.5, 60.6, 65.6, 61.3, 66.9, 63.0, 69.0, 65.4,
         62.2, 68.8, 65.7, 62.8],
        abs=0.051,
    )  # fmt: skip


def realised(d, y, t, risers):
    eyes = np.array([eye(d + k * t, y + h) for k, h in enumerate([0.0, *np.cumsum(risers)])])
    return sightline.c_value(eyes[:-1], eyes[1:], FOCUS)


def test_two_rows_clear_a_little_less_than_twice_60():
    y = sightline.rake_heights(**STAGE, c=0.06, rows=20)
    eyes = np.array([eye(4.0 + 0.95 * k, h) for k, h in enumerate(y)])
    over_two = 1000 * sightline.c_value(eyes[:-2], eyes[2:], FOCUS)
    assert over_two[[0, -1]] == pytest.approx([108.5, 117.3], abs=0.051)
    assert (np.diff(over_two) > 0).all()


@pytest.mark.parametrize(
    ("c", "first", "last", "top", "pitch"),
    [(0.06, 210.7, 265.2, 5805, 18.34), (0.09, 242.7, 324.5, 6947, 22.08), (0.12, 274.7, 383.8, 8089, 25.63)],
)
def test_a_bowl_of_25_rows(c, first, last, top, pitch):
    risers = sightline.rake_risers(12.0, 2.2, 0.80, c, 25)
    assert 1000 * risers[[0, -1]] == pytest.approx([first, last], abs=0.051)
    assert 1000 * risers.sum() == pytest.approx(top, abs=0.51)
    assert np.degrees(np.arctan2(risers[-1], 0.80)) == pytest.approx(pitch, abs=0.0051)


def test_steps_of_15_mm_agree_with_another_program():
    risers = sightline.rake_risers(12.0, 2.2, 0.9, 0.06, 20, step=0.015)
    assert 1000 * risers == pytest.approx([240] * 3 + [255] * 4 + [270] * 5 + [285] * 6 + [300])
    assert 1.0 + risers.sum() == pytest.approx(6.1)  # the last floor, its first one metre up
    assert 1000 * realised(12.0, 2.2, 0.9, risers) == pytest.approx(
        [69.77, 65.22, 61.22, 71.83, 67.91, 64.40, 61.23, 72.66, 69.40, 66.43, 63.70, 61.18, 73.29, 70.61, 68.12, 65.80,
         63.63, 61.60, 74.23],
        abs=0.0051,
    )  # fmt: skip


@pytest.mark.parametrize("c", [0.06, 0.09, 0.12])
@pytest.mark.parametrize(("d", "y", "t"), [(4.0, 0.22, 0.95), (12.0, 2.2, 0.8), (2.5, 0.6, 1.1)])
def test_the_recursion_is_its_closed_form(d, y, t, c):
    heights = sightline.rake_heights(d, y, t, c, 40)
    assert y + np.cumsum(sightline.rake_risers(d, y, t, c, 40)) == pytest.approx(heights[1:], abs=1e-9)


def test_on_a_straight_rake_c_falls_as_one_over_distance():
    c = sightline.linear_c_values(4.0, 0.22, 0.95, 0.200, 15)
    published = [119.4, 100.2, 86.3, 75.8, 67.5, 60.9, 55.5, 50.9, 47.1, 43.8, 40.9, 38.4, 36.1, 34.2]
    assert 1000 * c == pytest.approx(published, abs=0.051)
    assert 1000 * c * (4.0 + 0.95 * np.arange(1, 15)) == pytest.approx(591)
    assert c == pytest.approx(realised(4.0, 0.22, 0.95, np.full(14, 0.2)))


@pytest.mark.parametrize(
    ("distance", "c", "every", "bottom"),
    [
        (20, 0.12, 1, 3.867), (20, 0.06, 1, 2.533), (20, 0.12, 2, 2.533), (20, 0.06, 2, 1.867),
        (25, 0.12, 1, 4.533), (25, 0.06, 1, 2.867), (25, 0.12, 2, 2.867), (25, 0.06, 2, 2.033),
    ],
)  # fmt: skip
def test_screen_bottom_on_a_flat_floor(distance, c, every, bottom):
    assert sightline.flat_focus_height(1.20, c, distance, 0.90, every) == pytest.approx(bottom, abs=5.1e-4)


@pytest.mark.parametrize("stage", [0.4, 0.6, 0.9, 1.2])
def test_furthest_row_that_sees_the_presenter_by_stage_height(stage):
    chest = {0.4: 15.0, 0.6: 21.0, 0.9: 30.0, 1.2: 39.0}
    waist = {0.4: 6.0, 0.6: 12.0, 0.9: 21.0, 1.2: 30.0}
    assert sightline.flat_furthest(stage + 1.30, 1.20, 0.06, 0.90, 2) == pytest.approx(chest[stage])
    assert sightline.flat_furthest(stage + 1.00, 1.20, 0.06, 0.90, 2) == pytest.approx(waist[stage])
    assert sightline.flat_furthest(stage, 1.20, 0.06, 0.90, 2) == 0.0


@pytest.mark.parametrize(("bottom", "distance", "c"), [(1.1, 4.5, -20), (1.219, 3.0, 6), (1.2, 15.0, 0)])
def test_a_screen_4_feet_up_clears_nobody_on_a_flat_floor(bottom, distance, c):
    """Trade advice of 1.1 to 1.2 m, 4 ft: between −20 and +6 mm at every row."""
    rear, front = np.array([0, -distance, 1.2]), np.array([0, -distance + 0.9, 1.2])
    assert 1000 * sightline.c_value(front, rear, np.array([0, 0, bottom])) == pytest.approx(c, abs=0.5)


def test_on_a_flat_floor_a_low_focus_is_hidden_by_the_first_row_and_a_high_one_by_the_next():
    eyes = np.array([[0, -3.1 - 0.95 * k, 1.2] for k in range(18)])
    over = {h: sightline.c_value(eyes[:-1], eyes[-1], np.array([0, 0, h])) for h in (2.2, 0.9)}
    assert over[2.2].argmin() == 16
    assert 1000 * over[2.2].min() == pytest.approx(49.35, abs=0.01)
    assert over[0.9].argmin() == 0
    assert 1000 * over[0.9][[0, 16]] == pytest.approx([-251.7, -14.8], abs=0.05)


def test_c_does_not_change_when_the_room_is_moved_and_turned():
    rng = np.random.default_rng(7)
    front, rear, focus = rng.normal(size=(50, 3)), rng.normal(size=(50, 3)) * 3, np.array([1.0, 2.0, 0.5])
    s, c = np.sin(0.7), np.cos(0.7)
    turn, shift = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]), np.array([10.0, -4.0, 2.0])

    def carried(p):
        return p @ turn.T + shift

    assert sightline.c_value(carried(front), carried(rear), carried(focus)) == pytest.approx(
        sightline.c_value(front, rear, focus)
    )


def test_a_rake_never_falls_and_one_row_has_no_riser():
    assert (sightline.rake_risers(5.0, -3.0, 0.9, 0.06, 10) == 0).all()
    assert len(sightline.rake_risers(5.0, 0.2, 0.9, 0.06, 1)) == 0
    with pytest.raises(ValueError, match="away from its focus"):
        sightline.rake_risers(0.0, 0.2, 0.9, 0.06, 5)


def test_an_eye_at_the_focus_has_no_c_value():
    assert np.isnan(sightline.c_value(eye(1, 1), FOCUS, FOCUS))
