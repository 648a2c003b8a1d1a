"""The seat list: every place that stands, once, by its permanent id; and the capacity that sums it up."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import Scene, SeatRow, Space, Target
from stagecraft.schedules.seats import capacity, least_c, seat_list
from tests.analysis._house import ref_500, target
from tests.schedules._house import ABOUT, hall, rows, scene


def test_two_rows_of_six_less_the_one_that_the_desk_takes_are_eleven():
    table = seat_list(hall())
    assert len(table) == 11
    assert "stalls/2/5" not in table.values["id"]
    assert len(set(table.values["id"])) == 11


def test_a_seat_has_three_columns_for_what_it_is_never_one():
    found = dict(zip(seat_list(hall()).values["id"], seat_list(hall()).rows()))
    assert found["stalls/2/2"] == (
        "stalls/2/2", "stalls", "B", "3", "chair", "", "hold", "show caller", "",
        pytest.approx(1.1), -5.0, pytest.approx(0.2), pytest.approx(1.2), pytest.approx(np.nan, nan_ok=True),
        "",
    )  # fmt: skip


def test_c_values_are_in_millimetres_and_empty_where_nobody_sits_in_front():
    house = ref_500(target((0, 0, 2.2), name="ref_chest"))
    c = np.array(seat_list(house, views(house)).values["c_value"])
    assert np.isnan(c[:28]).all()
    assert c[-28:] == pytest.approx(np.full(28, 49.35), abs=0.01)


def test_the_list_says_to_what_a_c_value_is_taken():
    house = ref_500(target((0, 0, 2.2), name="ref_chest"), target((0, 0, 0.9), name="ref_edge"))
    table = seat_list(house, views(house))
    assert set(table.values["c_to"][:28]) == {""}
    assert set(table.values["c_to"][28:]) == {"ref_edge"}


def test_screens_of_a_feed_count_as_the_one_that_is_seen_best():
    high = target((-6, 0, 2.2), name="high", element="high", role="screen")
    low = target((6, 0, 0.9), name="low", element="low", role="screen")
    house = ref_500(high, low)
    feed = replace(house, feeds={"imag": ("high", "low")})
    seen = [views(house).targets[name].c[-28:] for name in ("high", "low")]
    apart, together = least_c(house, views(house)), least_c(feed, views(feed))
    assert apart[0][-28:] == pytest.approx(np.minimum(*seen))
    assert together[0][-28:] == pytest.approx(np.maximum(*seen))
    assert set(together[1][-28:]) == {"feed imag"}


def test_guests_at_tables_turn_and_have_no_c_value():
    house = ref_500(target((0, 0, 2.2), name="ref_chest"))
    tables = scene(*(replace(r, place=np.full(r.count, "table")) for r in house.of(SeatRow)), *house.of(Target))
    assert np.isnan(seat_list(tables, views(tables)).values["c_value"]).all()


def test_blocks_come_one_after_the_other_row_by_row():
    first, second = (replace(r, block=np.array(["L"] * 3 + ["R"] * 3)) for r in rows())
    table = seat_list(scene(first, second))
    assert list(dict.fromkeys(zip(table.values["block"], table.values["row"]))) == [
        ("L", "A"), ("L", "B"), ("R", "A"), ("R", "B"),
    ]  # fmt: skip


def test_feet_are_decimal_and_say_so_in_the_head():
    feet = seat_list(replace(hall(), about=replace(ABOUT, units="ft")))
    heads = [column.head for column in feet.columns]
    assert heads[-6:] == ["x ft", "y ft", "z ft", "eye height ft", "C-value in", "C to"]
    assert feet.values["y"][0] == pytest.approx(-4.0 / 0.3048)


def test_prices_have_a_column_where_there_are_any():
    assert "price" not in [column.key for column in seat_list(hall()).columns]
    first, second = rows()
    priced = scene(replace(first, price=np.full(6, 45.0)), second)
    table = seat_list(replace(priced, currency="EUR"))
    assert table.values["price"][0] == 45.0
    assert [column.head for column in table.columns if column.key == "price"] == ["price EUR"]
    assert [column.head for column in seat_list(priced).columns if column.key == "price"] == ["price"]


def test_the_list_is_read_by_other_programs():
    assert seat_list(hall()).ticketing


def test_no_seats_make_an_empty_list_and_an_empty_capacity():
    nothing = Scene(ABOUT, {}, ())
    assert len(seat_list(nothing)) == 0
    assert len(capacity(nothing)) == 0
    assert capacity(nothing).notes == ()


def test_capacity_counts_each_place_once_as_open_held_or_killed():
    table = capacity(hall())
    assert list(table.rows()) == [
        ("stalls", "", "chair", 0, 1, 1, 1, 2),
        ("stalls", "", "companion", 2, 0, 2, 0, 2),
        ("stalls", "", "wheelchair", 1, 0, 1, 0, 1),
        ("stalls", "VIP", "chair", 6, 0, 6, 0, 6),
    ]
    assert sum(table.values["all"]) == len(seat_list(hall()))
    assert table.notes == (
        "given by category: none 4, VIP 6",
        "given by place: chair 7, companion 2, wheelchair 1",
        "not counted, as obstacles stand there: 1",
    )


def test_a_standing_area_counts_as_many_as_somebody_stated():
    floor = Space("floor", rectangle(10, 10), 0.0, 7.0, "standing", 300)
    unstated = Space("bar", rectangle(5, 5), 0.0, 7.0, "standing")
    table = capacity(hall(floor, unstated))
    assert list(table.rows())[-1] == ("floor", "", "standing", 300, 0, 300, 0, 300)
    assert "bar: standing area without a stated capacity, not counted" in table.notes


def test_a_banquet_says_how_many_tables_of_how_many():
    tables = [replace(r, place=np.full(r.count, "table"), row=np.full(r.count, str(r.key))) for r in rows()]
    assert "tables: 1 of 6 places, 1 of 5 places" in capacity(scene(*tables)).notes


def test_twenty_thousand_seats_are_twenty_thousand_rows():
    from tests.analysis._house import row

    x = 0.55 * np.arange(100)
    house = scene(*(row(k, np.c_[x, np.full(100, -k)]) for k in range(1, 201)))
    table = seat_list(house)
    assert len(table) == len(set(table.values["id"])) == 20_000
    assert sum(capacity(house).values["open"]) == 20_000
