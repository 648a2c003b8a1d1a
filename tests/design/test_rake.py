"""Rakes that are solved: the worked numbers of the reference, and what is true of every one of them."""

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.geometry import sightline

FOCUS = (0.0, 0.0, 0.9)


def hall(rows=20, eye=1.12, first=4.0, pitch=0.95, seats=11, **fields):
    """Straight rows whose first eyes are `first` from the focus."""
    block = {"id": "A", "type": "seating", "rows": rows, "seats": seats, "pitch": pitch, "eye": eye, "eye_at": 0.45,
             "front": (0, 0.45 - first), "chair": None, **fields}  # fmt: skip
    return sc.Venue(name="Hall", elements=[block])


def test_the_auditorium_of_the_reference_rises_as_published():
    """Reference §1.7, 3."""
    done = sc.rake(hall(), "A", 0.06, FOCUS)
    assert 1000 * done.risers[[0, 1, -1]] == pytest.approx([126.5, 138.0, 220.8], abs=0.051)
    assert done.levels[-1] == pytest.approx(3.512, abs=5e-4)
    assert done.c_values[1:] == pytest.approx(np.full(19, 0.06), abs=1e-9)


@pytest.mark.parametrize("c", [0.06, 0.09, 0.12])
@pytest.mark.parametrize(("first", "floor", "eye", "pitch", "rows"), [(4, 0, 1.12, 0.95, 20), (12, 1.9, 1.2, 0.8, 25)])
def test_the_rebuilt_venue_and_the_closed_form_agree_to_a_nanometre(c, first, floor, eye, pitch, rows):
    """Reference §1.7, 3 and 4."""
    done = sc.rake(hall(rows, eye, first, pitch, first_riser=floor), "A", c, FOCUS)
    start = floor + eye - FOCUS[2]
    closed = sightline.rake_heights(first, start, pitch, c, rows) - start + floor
    assert done.levels == pytest.approx(closed, abs=1e-9)


def test_rounded_up_to_10_mm_while_iterating_as_published():
    """Reference §1.7, 3."""
    done = sc.rake(hall(), "A", 0.06, FOCUS, step=0.01)
    rounded = "130 140 150 160 170 180 180 190 190 200 200 210 210 220 220 220 230 230 230"
    assert 1000 * done.risers == pytest.approx([float(r) for r in rounded.split()])
    assert 1000 * done.c_values[1:5] == pytest.approx([62.8, 61.1, 61.2, 62.6], abs=0.051)
    assert done.c_values[1:].min() >= 0.06
    assert done.short == ()


def test_the_best_c_under_a_height_is_that_of_the_closed_form():
    """y[n] = d[n]·(y[1]/d[1] + C·Σ 1/d[k]), solved for C."""
    height, d = 3.0, 4.0 + 0.95 * np.arange(20)
    closed = ((height + 0.22) / d[-1] - 0.22 / d[0]) / (1 / d[:-1]).sum()
    done = sc.rake(hall(), "A", focus=FOCUS, height_limit=height)
    assert done.c == pytest.approx(closed, abs=1e-9)
    assert done.levels[-1] == pytest.approx(height, abs=1e-9)
    stepped = sc.rake(hall(), "A", focus=FOCUS, height_limit=height, step=0.01)
    assert stepped.levels[-1] <= height + 1e-9
    assert stepped.c <= closed


def test_no_riser_lies_in_the_dead_band_and_none_is_a_trip():
    """Reference §1.7, 9: between 190 and 200 mm one step is too high and two are too low."""
    free, limited = (sc.rake(hall(), "A", 0.06, FOCUS, riser_limits=limits) for limits in ((), ((0, 0.1), (0.19, 0.2))))
    assert ((free.risers > 0.1901) & (free.risers < 0.1999)).any()
    assert not ((limited.risers > 0.19 + 1e-9) & (limited.risers < 0.2 - 1e-9)).any()
    assert limited.c_values[1:].min() >= 0.06 - 1e-6
    flat = sc.rake(hall(), "A", 0.06, (0, 0, 6), riser_limits=((0, 0.1),))
    assert (flat.risers == 0).all()
    low = sc.rake(hall(), "A", 0.06, (0, 0, 2), riser_limits=((0, 0.1),))
    assert set(np.unique(low.risers)) <= {0.0, 0.1}


def test_what_stays_below_c_is_owned_up_to():
    done = sc.rake(hall(), "A", 0.06, FOCUS, riser_limits=((0.15, np.inf),))
    assert done.risers.max() == 0.15
    assert {why for _, why in done.short} == {"no riser may be higher than 150 mm"}
    below = [row for row, c in zip(done.rows, done.c_values) if c < 0.06 - 1e-6]
    assert [row for row, _ in done.short] == below


def test_the_rows_of_another_element_in_front_count_too():
    venue = hall(6, first=8.0)
    data = venue.raw()
    data["elements"].append({"id": "B", "type": "seating", "rows": 1, "seats": 11, "eye": 2.0, "front": (0, -6.0)})
    done = sc.rake(venue.again(data), "A", 0.06, FOCUS)
    assert done.short == (("A", "it looks over row A of B, and its floor is first_riser"),)
    assert done.c_values[1:].min() >= 0.06 - 1e-6
    assert done.levels[1] > 0.5


@pytest.mark.parametrize(
    "fields",
    [
        {"curve": 20}, {"chevron": 12}, {"stagger": True}, {"cross": [{"after": 4, "width": 1.5}]},
        {"turn": 25, "mirror": True, "front": (6, -5)}, {"pattern": ["chair", "wheelchair"]}, {"grow": 1},
    ],
    ids=str,
)  # fmt: skip
def test_every_row_clears_whatever_the_shape(fields):
    venue = hall(**{"rows": 8, **fields})
    done = sc.rake(venue, "A", 0.06, FOCUS, step=0.005)
    again = sc.Venue(name="Again", elements=[*done.venue.elements, sc.SightTarget(id="t", points=[FOCUS], name="t")])
    scene = sc.build(again)
    c = sc.views(scene).targets["t"].c
    raised = scene.seats.key > 1
    assert np.nanmin(c[raised]) >= 0.06 - 1e-6
    assert np.nanmin(c[raised]) < 0.075


@pytest.mark.parametrize(
    ("id", "asked", "words"),
    [
        ("stalls", {"focus": "nobody"}, "no element is called 'nobody'"),
        ("stage", {}, "a rake belongs to seating"),
        ("access_r", {}, "takes its fields from 'access_l' (mirror:): ask for 'access_l'"),
        ("access_l", {}, "has one row"),
        ("stalls", {"focus": "house"}, "has nothing to be seen"),
        ("stalls", {"step": -0.01}, "a length above zero"),
        ("stalls", {"height_limit": 0.1}, "its first row is at 0.3 m"),
        ("stalls", {"focus": (60, -10, 0)}, "would need a riser of"),
        ("stalls", {"c": float("nan")}, "a C-value lies between"),
    ],
)
def test_what_cannot_be_solved_is_met_with_a_word(lecture, id, asked, words):
    with pytest.raises(sc.VenueError) as wrong:
        sc.rake(sc.load(lecture), id, **asked)
    assert words in str(wrong.value)


def test_a_venue_in_feet_is_told_in_feet_and_inches():
    data = hall(4).raw() | {"units": "ft"}
    metric, feet = (sc.rake(venue, "A", 0.06, FOCUS, step=0.0254) for venue in (hall(4), sc.Venue.model_validate(data)))
    assert [column.head for column in feet.table().columns] == ["row", "riser in", "floor ft", "C in", "over"]
    assert feet.table().values["riser"][1:] == pytest.approx(np.round(metric.risers / 0.0254))
    assert feet.table().values["floor"] == pytest.approx((metric.levels / 0.3048).tolist())
