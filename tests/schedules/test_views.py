"""Sightlines as tables: the same figures as the analysis, in the words of the trade."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.seen import least, one, to_see
from stagecraft.analysis.views import views
from stagecraft.errors import VenueError
from stagecraft.scene import Target
from stagecraft.schedules.seats import least_c, seat_list
from stagecraft.schedules.views import view_list, views_by_row
from tests.analysis._house import ref_500, scene, target

CHEST = target((0, 0, 2.2), name="ref_chest")
EDGE = target((0, 0, 0.9), name="ref_edge")


def column(table, head):
    """Values below the head that ends so."""
    (key,) = (c.key for c in table.columns if c.head.endswith(head))
    return table.values[key]


def test_the_last_row_of_the_reference_house_reads_as_published():
    table = view_list(ref_500(CHEST, EDGE))
    assert column(table, "ref_chest: C mm")[-28:] == pytest.approx(np.full(28, 49.35), abs=0.05)
    assert column(table, "ref_chest: over row")[-1] == "Q"
    assert column(table, "ref_edge: C mm")[-1] == pytest.approx(-251.7, abs=0.05)
    assert column(table, "ref_edge: over row")[-1] == "A"
    assert column(table, "ref_edge: next C mm")[-1] == pytest.approx(-14.8, abs=0.05)


def test_distance_and_angle_are_those_of_a_right_triangle():
    table = view_list(ref_500(CHEST))
    x = 0.6 + 0.55 * 13.5
    assert column(table, "distance m")[27] == pytest.approx(np.hypot(x, 3.1))
    assert column(table, "angle deg")[27] == pytest.approx(np.degrees(np.arctan2(x, 3.1)))


def test_it_has_the_seats_of_the_seat_list_in_their_order():
    house = ref_500(CHEST)
    assert view_list(house).values["id"] == seat_list(house).values["id"]


def test_who_sits_in_front_of_all_has_no_c_value_and_no_row():
    table = view_list(ref_500(CHEST))
    assert np.isnan(column(table, "ref_chest: C mm")[:28]).all()
    assert set(column(table, "over row")[:28]) == {""}


def test_screens_of_a_feed_are_one_target_seen_by_the_best_of_them():
    high = target((-6, 0, 2.2), name="high", element="high", role="screen")
    low = target((6, 0, 0.9), name="low", element="low", role="screen")
    house = replace(ref_500(high, low), feeds={"imag": ("high", "low")})
    seen = views(house).targets
    table = view_list(house)
    assert [c.head for c in table.columns if c.head.endswith("C mm") and "next" not in c.head] == ["feed imag: C mm"]
    best = np.maximum(seen["high"].c, seen["low"].c)[-28:] * 1000
    assert column(table, "feed imag: C mm")[-28:] == pytest.approx(best)


def test_the_least_is_that_of_the_seat_list():
    house = ref_500(CHEST, EDGE)
    made = views(house)
    c, to = least(to_see(house, made), 504)
    known, names = least_c(house, made)
    assert np.where(np.isfinite(c), c, np.nan) == pytest.approx(known, nan_ok=True)
    assert to.tolist() == names.tolist()


def test_the_row_of_the_terminal_is_the_worst_seat_of_the_row():
    house = ref_500(CHEST)
    by_row, by_seat = views_by_row(house), view_list(house)
    assert sum(by_row.values["seats"]) == len(by_seat) == 504
    for row, c in zip(by_row.values["row"], column(by_row, "ref_chest C mm")):
        mine = [v for v, r in zip(column(by_seat, "ref_chest: C mm"), by_seat.values["row"]) if r == row]
        assert c == pytest.approx(np.min(mine), nan_ok=True)


def test_one_target_is_chosen_by_name_and_a_slip_is_met_with_the_nearest():
    house = ref_500(CHEST, EDGE)
    assert not [c.head for c in view_list(house, target="REF_CHEST").columns if "ref_edge" in c.head]
    with pytest.raises(VenueError, match=r"no target is called 'ref_chst'; did you mean 'ref_chest'\?"):
        view_list(house, target="ref_chst")
    with pytest.raises(VenueError, match="no target is called 'x'; targets: none is named"):
        one({}, "x")


def test_a_stage_floor_is_stated_when_asked_for():
    floor = target((-5, 0, 0.8), (5, 0, 0.8), name="edge of stage", role="floor")
    house = ref_500(CHEST, floor)
    table = views_by_row(house)
    assert not [c.head for c in table.columns if "edge of stage" in c.head]
    assert "stated only when asked for (--target): edge of stage" in table.notes
    assert not [note for note in table.notes if "presenter" in note]
    assert column(views_by_row(house, target="edge of stage"), "edge of stage C mm")[-1] < 0


def test_guests_at_tables_turn_and_killed_places_are_empty():
    house = ref_500(CHEST)
    tables = scene(*(replace(r, place=np.full(r.count, "table")) for r in house.seat_rows), CHEST)
    listed = view_list(tables)
    assert np.isnan(column(listed, "ref_chest: C mm")).all()
    assert np.isnan(column(listed, "angle deg")).all()
    assert "guests at tables turn: no C-value and no angle for 504 places" in listed.notes
    killed = scene(*(replace(r, status=np.full(r.count, "kill")) for r in house.seat_rows), CHEST)
    assert len(views_by_row(killed)) == 0
    assert len(view_list(killed)) == 504


def test_feet_are_decimal_and_c_values_in_inches():
    metric = ref_500(CHEST)
    feet = view_list(replace(metric, about=replace(metric.about, units="ft")))
    assert column(feet, "ref_chest: C in")[-1] == pytest.approx(49.35 / 25.4, abs=0.01)
    assert column(feet, "distance ft")[0] == pytest.approx(column(view_list(metric), "distance m")[0] / 0.3048)


def test_nothing_to_see_and_nobody_to_see_it_make_short_tables():
    assert [c.key for c in view_list(ref_500()).columns] == ["id", "block", "row", "seat", "place"]
    assert len(view_list(scene(CHEST))) == len(views_by_row(scene(CHEST))) == 0


def test_it_is_said_that_a_presenter_is_measured_to_the_top_of_the_head():
    line = np.array([[0.0, 0.0, 1.9], [0.0, 0.0, 2.65]])
    host = Target("host", "host", line, "person", "line")
    house = ref_500(host)
    assert views(house).targets["host"].focus[:, 2] == pytest.approx(2.65)
    told = "C-values to a presenter are to the top of the head, to a screen to where its content begins"
    assert told in views_by_row(house).notes
    assert told in view_list(house).notes
