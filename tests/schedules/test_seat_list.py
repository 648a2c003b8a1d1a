"""The seat list: every place that stands, once, by its permanent id; and the capacity that sums it up."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.restricted import Bands
from stagecraft.analysis.views import views
from stagecraft.export.write import write
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import Origin, Scene, SeatRow, Space, Target
from stagecraft.schedules.seats import capacity, least_c, percent, seat_list
from tests.analysis._house import ref_500, row, target
from tests.analysis.test_visible import block, figure, led
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
        "given by category: none 4 (3 open, 1 held; 1 killed), VIP 6",
        "given by place: chair 7 (6 open, 1 held; 1 killed), companion 2, wheelchair 1",
        "not counted, as obstacles stand there: 1",
        "foh takes 1 place: stalls/B/6",
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
    x = 0.55 * np.arange(100)
    house = scene(*(row(k, np.c_[x, np.full(100, -k)]) for k in range(1, 201)))
    table = seat_list(house)
    assert len(table) == len(set(table.values["id"])) == 20_000
    assert sum(capacity(house).values["open"]) == 20_000


BANDS = Bands({"clear": 0.95, "slight": 0.80, "side": 0.66, "restricted": 0.33, "severe": 0.0}, 1.0, "HOUSE-VIEW")


def restricted_house():
    """A wall to the left; the last seat is killed, the one before it turns its back.

    The right eye of the first, 31.5 mm off the middle, passes its edge (0.1 m off, 0.99 m ahead) and meets the screen 0.72 m
    off the middle: 41 % of 8 m are left.
    """
    seats = row(1, [(k, -10) for k in range(4)], status=["open", "hold", "open", "kill"], facing=[90, 90, -90, 90])
    return scene(seats, block("flat", (-40, -9.01, 0), (0.1, -9.0, 9)), *led(8), items={})


def test_a_restricted_view_is_sold_with_its_band_its_share_and_its_reason():
    house = restricted_house()
    table = seat_list(house, views(house), BANDS)
    assert [column.head for column in table.columns][-4:] == ["view", "view %", "lower third %", "view hidden by"]
    assert table.values["view"] == ["restricted", "clear", "", ""]
    assert table.values["view_share"] == [pytest.approx(41, abs=1), 100, None, None]
    assert table.values["lower"] == [pytest.approx(41, abs=2), 100, None, None]
    assert table.values["by"] == ["flat, left of led", "", "", ""]
    person = scene(row(1, [(0, -10)]), *figure(), items={})
    assert "lower" not in [column.key for column in seat_list(person, views(person), BANDS).columns]
    assert table.notes[-3:] == (
        "view: share seen past fixed things of what the seat sees least of, by HOUSE-VIEW: clear from 95 %, slight from 80 "
        "%, side from 66 %, restricted from 33 %, severe below; heads in front do not count",
        "given by view: clear 1, restricted 1, nothing faced 1",
        "killed, without a view: 1",
    )


def test_the_list_says_where_its_figures_come_from():
    house = restricted_house()
    house = replace(house, about=replace(house.about, people="eye 1.20 m: a book"))
    notes = seat_list(house, views(house), BANDS).notes
    assert notes[0] == "eyes: eye 1.20 m: a book"
    assert notes[1].startswith("C-value: the least, over the eyes of the rows in front; below zero it meets them")
    assert seat_list(house).notes == ("eyes: eye 1.20 m: a book",)


def test_who_stands_is_not_forgotten_without_a_seat():
    floor = Space("floor", rectangle(10, 10), 0.0, 7.0, "standing", 300)
    unstated = Space("bar", rectangle(5, 5), 0.0, 7.0, "standing")
    assert seat_list(hall(floor, unstated)).notes[-2:] == (
        "floor: standing area for 300, not listed: it has no seats", "bar: standing area, not listed: it has no seats",
    )  # fmt: skip


def test_where_nothing_is_to_be_seen_the_list_says_so():
    house = scene(row(1, [(0, -10)]))
    table = seat_list(house, views(house), BANDS)
    assert table.values["view"] == [""]
    assert table.notes[-1] == "view: nothing to be seen is named: a target, a presenter or a screen"


def test_a_seller_reads_the_view_in_the_workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    house = restricted_house()
    write(seat_list(house, views(house), BANDS), tmp_path / "seats.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "seats.xlsx").worksheets[0].values)
    head = next(k for k, line in enumerate(rows) if "view hidden by" in line)
    found = [dict(zip(rows[head], line)) for line in rows[head + 1 : head + 5]]
    assert [(line["view"], line["view hidden by"]) for line in found] == [
        ("restricted", "flat, left of led"), ("clear", None), (None, None), (None, None),
    ]  # fmt: skip
    assert [type(line["view %"]) for line in found] == [int, int, type(None), type(None)]


def test_a_share_is_never_rounded_up():
    assert percent(np.array([0.9499, 0.95, 1.0, 0.0, np.nan])) == [94, 95, 100, 0, None]


def test_a_reason_that_a_spreadsheet_would_run_stays_a_text():
    house = restricted_house()
    house = replace(house, elements={**house.elements, "flat": Origin("thing", np.eye(4), name="=1+1")})
    assert seat_list(house, views(house), BANDS).values["by"][0] == "thing =1+1, left of led"


def test_without_bands_of_the_rules_there_are_shares_and_reasons():
    house = restricted_house()
    table = seat_list(house, views(house), {})
    assert table.values["view"] == ["", "", "", ""]
    assert table.values["by"][0] == "flat, left of led"
    assert table.notes[-2:] == ("view: no rule names bands of view", "killed, without a view: 1")
    assert [c.key for c in seat_list(house, views(house)).columns][-2:] == ["c_value", "c_to"]
    assert len(seat_list(Scene(ABOUT, {}, ()), views(Scene(ABOUT, {}, ())), BANDS)) == 0
