"""What is seen, as tables: the figures of the analysis, with the words for what is in the way."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.restricted import Bands
from stagecraft.analysis.views import views
from stagecraft.export.write import write
from stagecraft.scene import Viewer
from stagecraft.schedules.seen import seat_views, seen_by_row, viewers_see
from stagecraft.schedules.views import view_list, views_by_row
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block, figure, led

BANDS = Bands({"clear": 0.95, "slight": 0.80, "side": 0.66, "restricted": 0.33, "severe": 0.0}, 1.0, "HOUSE-VIEW")
X = np.arange(-3, 3.1, 0.5)
CAMERA = Viewer("cam", "Camera 1", np.array([0.0, -9.0, 1.8]), np.array([0.0, 0.0, 1.5]))
DESK = Viewer("desk", "FOH", np.array([0.0, -12.0, 1.2]), np.array([0.0, 0.0, 1.5]), "operator")
TALKER = Viewer("host", "Host", np.array([0.0, 0.0, 2.6]), np.array([0.0, -9.0, 1.5]), "presenter")


def hall(*more, **kept):
    """Four flat rows before a presenter and a screen, a flat that hides much of both from the left of row D."""
    rows = [row(k, np.c_[X, np.full(len(X), -3.0 - k)]) for k in range(1, 5)]
    flat = block("flat", (-3.2, -6.6, 0), (-2.6, -6.5, 6))
    return scene(*rows, flat, *figure(at=(0, 0, 0.9)), *led(6, low=2.0, high=5.0, y=2.0), *more, **kept)


def line(table, **where):
    """The only row of a table with these values."""
    (found,) = (
        dict(zip((c.head for c in table.columns), values))
        for values in table.rows()
        if all(values[[c.key for c in table.columns].index(key)] == value for key, value in where.items())
    )
    return found


def test_a_row_sees_as_little_as_its_worst_seat_and_past_heads_what_it_sees_on_average():
    house = hall()
    made = views(house)
    seen = made.visible.targets["host"]
    last = house.seats.row == "D"
    table = seen_by_row(house, made)
    assert table.values["seen_1"][3] == int(100 * seen.share[last].min() + 1e-7) < 100
    assert table.values["free_1"][3] == int(100 * seen.free[last].mean() + 1e-7) < 100
    assert table.values["heads"][0] == "all"
    assert table.values["heads"][3].startswith("host from the ")


def test_past_heads_is_what_fixed_things_and_people_leave_of_a_presenter():
    house = hall()
    made = views(house)
    table = view_list(house, made, "host")
    assert table.values["free_1"] == pytest.approx(100 * made.visible.targets["host"].free)
    assert table.values["seen_1"] == pytest.approx(100 * made.visible.targets["host"].share)


def test_rows_are_those_of_the_sightlines_and_one_target_may_be_asked_for():
    house = hall()
    made = views(house)
    assert seen_by_row(house, made).values["row"] == views_by_row(house, made).values["row"]
    heads = [column.head for column in seen_by_row(house, made, "LED").columns]
    assert heads == ["block", "row", "led least seen %", "mean past heads %", "heads in front leave"]
    assert "host" not in line(seen_by_row(house, made, "led"), row="D")["heads in front leave"]


def test_the_list_of_every_seat_names_who_and_what_is_in_the_way():
    house = hall()
    made = views(house)
    table = view_list(house, made, bands=BANDS)
    found = line(table, id="stalls/4/0")
    assert found["host: seen %"] < 5
    assert (found["host: view"], found["host: taken by"]) == ("severe", "flat")
    middle = line(table, id="stalls/4/6")
    assert (middle["host: view"], middle["host: taken by"], middle["host: in front"]) == ("clear", "", "C 7")
    assert middle["host: C mm"] == pytest.approx(1000 * made.targets["host"].c[45])
    assert middle["host: C 3-D mm"] == pytest.approx(1000 * made.targets["host"].c_solid[45])
    assert middle["led: image heights"] == pytest.approx(np.linalg.norm([0, 9, 3.5 - 1.2]) / 3)
    assert middle["led: least readable %"] == pytest.approx(middle["led: image heights"] / 2)
    assert middle["led: off-axis deg"] == pytest.approx(np.degrees(np.arctan2(3, 9)))
    assert not [head for head in middle if head.startswith("host: off-axis")]
    assert any("HOUSE-VIEW" in note for note in table.notes)
    assert any(
        note.startswith("C 3-D: over heads 155 mm broad, 195 mm long, 120 mm above the eye") for note in table.notes
    )


def test_one_seat_is_told_in_full():
    house = hall()
    table = seat_views(house, views(house), 45, BANDS)
    assert table.name == "stalls row D seat 7 (stalls/4/6)"
    host, wall = line(table, target="host"), line(table, target="led")
    assert host["in front"] == "row C seat 7; row B seat 7; row A seat 7"
    assert (host["seen %"], host["taken by"], host["over row"]) == (100, "", "C")
    assert wall["least readable mm"] == pytest.approx(1000 * np.linalg.norm([0, 9, 2.3]) / 200)
    assert (wall["off-axis deg"], host["off-axis deg"]) == (
        pytest.approx(np.degrees(np.arctan2(3, 9))),
        pytest.approx(np.nan, nan_ok=True),
    )
    assert table.notes[0] == "band: clear, 100 %"
    left = seat_views(house, views(house), 39, BANDS)
    assert line(left, target="host")["taken by"].startswith("flat ")
    assert left.notes[0].startswith("band: severe, ")
    assert "flat, " in left.notes[0]


def test_of_a_feed_one_seat_is_told_the_screen_that_it_sees_most_of():
    wall = block("wall", (-9, -3.6, 0), (-0.2, -3.5, 9))
    house = scene(row(1, [(-2, -5), (2, -5)]), wall, *led(2, x=-5, element="left"), *led(2, x=5, element="right"))
    house = replace(house, feeds={"imag": ("left", "right"), "deck": ("left", "right")})
    table = seat_views(house, views(house), 1)
    assert table.values["target"] == ["right, feed imag, feed deck"]
    assert table.values["seen"] == [100]
    assert seat_views(house, views(house), 0).values["seen"][0] < 100


def test_a_seat_that_turns_its_back_and_a_killed_one_have_no_band():
    house = scene(row(1, [(0, -9), (1, -9)], facing=[-90.0, 90.0], status=["open", "kill"]), *led())
    for seat in (0, 1):
        assert seat_views(house, views(house), seat, BANDS).notes[0] == "band: none"
    assert seat_views(house, views(house), 0, BANDS).values["seen"] == [None]


def test_cameras_and_operators_see_and_presenters_are_seen():
    house = hall(CAMERA, DESK, TALKER)
    table = viewers_see(house, views(house))
    assert table.values["viewer"] == ["Camera 1", "FOH"]
    assert table.values["seen_1"] == [100, 100]
    assert table.values["free_1"][1] < table.values["free_1"][0] == 100
    assert len(viewers_see(hall(), views(hall()))) == 0


def test_what_hides_from_an_operator_is_named_and_a_lectern_beside_its_presenter_is_theirs():
    wall, stand = block("wall", (-3, -11.1, 0), (3, -11, 1.26)), block("lectern", (-0.6, -0.6, 0.9), (0.6, -0.3, 2.4))
    house = hall(DESK, wall, stand)
    made = views(house)
    table = viewers_see(house, made, "host")
    assert [column.head for column in table.columns] == ["from", "kind", "host seen %", "taken by", "past people %"]
    bare = viewers_see(hall(DESK, wall), views(hall(DESK, wall)), "host", 1.0)
    credited = viewers_see(house, made, "host", 1.0)
    assert credited.values["by_1"] == bare.values["by_1"] == ["wall"]
    assert credited.values["seen_1"] == pytest.approx(bare.values["seen_1"], abs=1)
    assert table.values["seen_1"][0] < credited.values["seen_1"][0] - 10


def test_where_a_presenter_walks_it_is_said_what_the_shares_are_of():
    zone = target((-2, -1, 0.9), (2, -1, 0.9), (2, 1, 0.9), (-2, 1, 0.9), name="host zone", role="floor", kind="surface",
                  element="host")  # fmt: skip
    house = hall(zone)
    told = "host zone: shares are of who walks there, on the mean; C-value, distance and angles are to its floor"
    assert told in seat_views(house, views(house), 0).notes
    assert told in view_list(house, views(house)).notes
    assert told not in view_list(house, views(house), "host").notes


def test_nothing_to_see_and_nobody_to_see_it_make_short_tables():
    bare = scene(row(1, [(0, -9)]))
    assert [c.key for c in seen_by_row(bare, views(bare)).columns] == ["block", "row"]
    assert len(seat_views(bare, views(bare), 0, BANDS)) == 0
    assert "nothing to be seen is named: a target, a presenter or a screen" in seat_views(bare, views(bare), 0).notes
    empty = scene(*led())
    assert len(seen_by_row(empty, views(empty))) == len(view_list(empty, views(empty), bands=BANDS)) == 0
    floor = scene(row(1, [(0, -9)]), target((-5, 0, 0.8), (5, 0, 0.8), name="edge", role="floor"))
    assert line(seat_views(floor, views(floor), 0), target="edge")["seen %"] == 100


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "md"])
def test_every_list_can_be_written(tmp_path, suffix):
    house = hall(CAMERA)
    made = views(house)
    for table in (view_list(house, made, bands=BANDS), seat_views(house, made, 45, BANDS), seen_by_row(house, made)):
        assert write(table, tmp_path / f"x.{suffix}").stat().st_size > 200
