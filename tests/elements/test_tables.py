"""Tables: every place once, round its own table, looking at its middle."""

import numpy as np
import pytest
import shapely

from stagecraft.scene import Part, SeatRow

from ._site import element, records


def rows(**fields):
    return records("tables", SeatRow, **fields)


def middles(**fields):
    return records("tables", Part, **fields)[0].transforms[:, :2, 3]


def test_seven_tables_of_ten_are_seventy_places_with_seventy_ids():
    found = rows(count=7, seats=10)
    ids = [seat for row in found for seat in row.ids.tolist()]
    assert len(ids) == len(set(ids)) == 70
    assert ids[0] == "it/1/1"
    assert ids[-1] == "it/7/10"
    assert {place for row in found for place in row.place.tolist()} == {"table"}


def test_everybody_looks_at_the_middle_of_the_table_with_the_chair_at_its_edge():
    for row, middle in zip(rows(gap=0.1), middles()):
        way = middle - row.at[:, :2]
        assert np.hypot(*way.T) == pytest.approx(np.full(10, 1.83 / 2 + 0.1 + 0.508 / 2))
        look = np.radians(row.facing)
        assert np.stack([np.cos(look), np.sin(look)], axis=1) == pytest.approx(way / np.hypot(*way.T)[:, None])
        assert row.eyes[:, 2] == pytest.approx(np.full(10, 1.20))


def test_the_eye_is_45_cm_behind_the_front_of_the_chair():
    row = rows()[0]
    front = 1.83 / 2 + 0.05
    assert np.hypot(*(row.eyes[:, :2] - middles()[0]).T) == pytest.approx(np.full(10, front + 0.45))


def test_places_run_clockwise_from_the_stage():
    row, middle = rows(count=1)[0], middles(count=1)[0]
    x, y = (row.at[:, :2] - middle).T
    bearing = np.degrees(np.arctan2(x, y)) % 360
    assert bearing == pytest.approx(np.arange(10) * 36 + 18)


def test_a_cabaret_table_has_nobody_with_their_back_to_the_stage():
    row, middle = rows(count=1, seats=6, open=144)[0], middles(count=1)[0]
    away = row.at[:, :2] - middle
    bearing = np.degrees(np.arctan2(away[:, 0], away[:, 1])) % 360
    assert bearing == pytest.approx(np.array([90, 126, 162, 198, 234, 270.0]))
    assert len(row.ids) == 6


def test_a_table_without_places_seats_nobody():
    assert rows(seats=0) == []
    assert len(middles(seats=0)) == 7


def test_rectangular_tables_have_places_on_both_long_sides_or_on_one():
    both = rows(item="fur.table.rect6", count=1, seats=6)[0]
    assert sorted(np.sign(both.at[:, 1]).tolist()) == [-1] * 3 + [1] * 3
    one = rows(item="fur.table.rect6", count=1, seats=3, open=180)[0]
    assert (one.at[:, 1] < 0).all()
    assert one.facing == pytest.approx([90, 90, 90])
    assert (np.diff(one.at[:, 0]) < 0).all(), "clockwise seen from above: the near side runs to house left"


def test_a_square_grid_has_its_front_row_at_the_origin_and_a_short_last_row_in_its_middle():
    xy = middles(count=8, columns=3, spacing=3)
    assert xy[:3] == pytest.approx(np.array([[-3, 0], [0, 0], [3, 0]]))
    assert xy[6:] == pytest.approx(np.array([[-3, -6], [0, -6]]))
    assert middles(count=7, columns=3, spacing=3)[6] == pytest.approx([0, -6])


def test_a_hexagonal_grid_keeps_every_neighbour_at_the_spacing():
    xy = middles(count=12, columns=4, layout="hexagonal", spacing=3)
    apart = np.linalg.norm(xy[:, None] - xy, axis=2)[~np.eye(12, dtype=bool)]
    assert apart.min() == pytest.approx(3)
    assert (np.isclose(apart, 3)).sum() > 2 * 12


def test_without_a_spacing_there_is_a_service_aisle_of_sixty_inches():
    xy = middles(count=2, columns=2)
    assert xy[1, 0] - xy[0, 0] == pytest.approx(1.83 + 1.524)


def test_a_table_left_out_leaves_the_ids_of_the_others():
    all_ids = {seat for row in rows() for seat in row.ids.tolist()}
    less = {seat for row in rows(without=[2, 5]) for seat in row.ids.tolist()}
    assert all_ids - less == {f"it/{n}/{k}" for n in (2, 5) for k in range(1, 11)}
    assert less < all_ids
    assert records("tables", Part, without=[2, 5])[0].tags == ("it-1", "it-3", "it-4", "it-6", "it-7")


def test_tables_at_places_of_ones_own():
    where = [[0, 0], [4, 1], [-3, -2.5]]
    assert middles(count=None, places=where) == pytest.approx(np.array(where))


def test_no_chair_stands_in_a_table_or_in_another_chair():
    chairs = [shapely.Point(*at).buffer(0.216) for row in rows(count=4, spacing=3.4, gap=0.02) for at in row.at[:, :2]]
    tables = [shapely.Point(*at).buffer(1.83 / 2) for at in middles(count=4, spacing=3.4)]
    everything = shapely.union_all([*chairs, *tables]).area
    assert everything == pytest.approx(sum(shape.area for shape in [*chairs, *tables]), rel=1e-6)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"places": [[0, 0]]}, "give either count or places"),
        ({"count": None}, "give either count or places"),
        ({"count": None, "places": []}, "places lists no table"),
        ({"count": 5000, "seats": 60}, "300000 places; one element may have 250000"),
        ({"without": [9]}, "there is no table 9; there are 7"),
        ({"names": ["a"] * 8}, "names lists 8 names; there are 7 tables"),
    ],
)
def test_tables_that_contradict_themselves(fields, message):
    with pytest.raises(ValueError, match=message):
        element("tables", **fields)
