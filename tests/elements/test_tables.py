"""Tables: every place once, round its own table, looking at its middle."""

import numpy as np
import pytest
import shapely

from stagecraft.analysis.taken import corners
from stagecraft.scene import Part, SeatRow, Walkway

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


TRESTLE, WIDE, DEEP = "fur.table.trestle6", 1.829, 0.762
BARE = {"item": TRESTLE, "count": None, "seats": None}
ROOM = [[-8, -6], [8, -6], [8, 6], [-8, 6]]
LAYOUTS = {
    "square": {"count": 9, "columns": 3},
    "hexagonal": {"count": 11, "columns": 4, "layout": "hexagonal"},
    "cabaret": {"cabaret": 3},
    "twelve at 1.83 m": {"seats": 12},
    "filled": {"count": None, "within": ROOM},
    "filled in a honeycomb": {"count": None, "within": ROOM, "layout": "hexagonal"},
    "trestles": {**BARE, "rows": 2, "columns": 2},
    "classroom": {**BARE, "layout": "classroom", "rows": 3, "columns": [2, 3]},
    "boardroom": {**BARE, "layout": "boardroom", "rows": 4},
    "boardroom of two": {**BARE, "layout": "boardroom", "rows": 4, "columns": 2},
    "u": {**BARE, "layout": "u_shape", "rows": 4, "columns": 3},
    "u, inside": {**BARE, "layout": "u_shape", "rows": 4, "columns": 3, "inside": True},
    "square of tables": {**BARE, "layout": "hollow_square", "rows": 3, "columns": 2},
    "pushed under": {**BARE, "layout": "boardroom", "rows": 3, "gap": -0.2},
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_chair_stands_in_a_table_or_in_another_chair_in_any_layout(name):
    """By area: together they cover what they cover one by one; chairs pushed under a table still keep off each other."""
    built = records("tables", **LAYOUTS[name])
    (part,) = [one for one in built if isinstance(one, Part)]
    tables = [solid.footprint for solid in part.solids()] if name != "pushed under" else []
    chairs = [shapely.Polygon(c) for row in built if isinstance(row, SeatRow) for c in corners(row)]
    assert len(chairs) > 10
    everything = [*chairs, *tables]
    assert shapely.union_all(everything).area == pytest.approx(sum(shape.area for shape in everything), rel=1e-9)
    assert part.solid.is_closed


@pytest.mark.parametrize(
    ("layout", "fields", "sides"),
    [
        ("boardroom", {"rows": 4}, [DEEP, 4 * WIDE, DEEP, 4 * WIDE]),
        ("boardroom", {"rows": 4, "columns": 2}, [2 * DEEP, 4 * WIDE, 2 * DEEP, 4 * WIDE]),
        ("boardroom", {"rows": 4, "ends": False}, [4 * WIDE, 4 * WIDE]),
        ("u_shape", {"rows": 4, "columns": 3}, [4 * WIDE, 3 * WIDE, 4 * WIDE]),
        ("hollow_square", {"rows": 2, "columns": 3}, [3 * WIDE, 2 * WIDE, 3 * WIDE, 2 * WIDE]),
        ("u_shape", {"rows": 4, "columns": 3, "setting": 0.75}, [4 * WIDE, 3 * WIDE, 4 * WIDE]),
    ],
)
def test_places_are_as_many_as_the_setting_lets_sit_along_each_side(layout, fields, sides):
    """TB-CHAIR: 24 in a place setting, 0.6 m where nothing is said."""
    (row,) = rows(**{**BARE, "layout": layout, **fields})
    assert len(row.ids) == sum(int(side // fields.get("setting", 0.6)) for side in sides)
    assert row.ids[0] == "it/1/1"


def test_on_the_inside_of_a_u_the_corners_are_left_to_the_arms():
    (row,) = rows(**LAYOUTS["u, inside"])
    inside = 3 * WIDE - 2 * DEEP - 2 * (0.05 + 0.508)
    assert len(row.ids) == 12 + 9 + 12 + 12 + int(inside // 0.6) + 12


@pytest.mark.parametrize(("layout", "count"), [("boardroom", 4), ("u_shape", 11), ("hollow_square", 14)])
def test_joined_tables_are_ordered_one_by_one_and_touch(layout, count):
    columns = {"columns": 3} if layout != "boardroom" else {}
    built = records("tables", Part, **{**BARE, "layout": layout, "rows": 4, **columns})[0]
    assert (built.count, built.item) == (count, TRESTLE)
    tops = [solid.footprint for solid in built.solids()]
    whole = shapely.union_all([top.buffer(1e-6) for top in tops])
    assert whole.geom_type == "Polygon"
    assert shapely.union_all(tops).area == pytest.approx(count * WIDE * DEEP)
    assert whole.bounds[3] == pytest.approx(0, abs=1e-5), "the origin is the middle of the front edge"


@pytest.mark.parametrize("name", ["boardroom", "u", "square of tables"])
def test_places_of_a_joined_table_run_clockwise_from_the_stage_and_look_inward(name):
    """Bearings from the middle grow once round from the stage's side."""
    (row,) = rows(**LAYOUTS[name])
    middle = row.at[:, :2].mean(axis=0) if name != "u" else np.array([0.0, -3.5])
    away = row.at[:, :2] - middle
    bearing = np.degrees(np.arctan2(away[:, 0], away[:, 1]))
    turned = (bearing - bearing[0]) % 360
    assert (np.diff(turned) > 0).all()
    look = np.stack([np.cos(np.radians(row.facing)), np.sin(np.radians(row.facing))], axis=1)
    assert ((look * away).sum(axis=1) < 0).all()
    if name == "u":
        assert (row.at[:, 1] < 0).all(), "nobody sits at the open side"
        assert row.at[0, 0] > 0


def test_fewer_places_are_spread_evenly_over_the_sides():
    (row,) = rows(**{**BARE, "layout": "boardroom", "rows": 4, "seats": 22})
    assert len(row.ids) == 22
    left, right = (row.at[:, 0] < -0.4).sum(), (row.at[:, 0] > 0.4).sum()
    assert abs(left - right) <= 1


def test_a_classroom_has_whole_rows_with_gangways_and_chairs_on_one_side():
    built = records("tables", **LAYOUTS["classroom"])
    (part,) = [one for one in built if isinstance(one, Part)]
    seats = [one for one in built if isinstance(one, SeatRow)]
    xy = part.transforms[:, :2, 3]
    assert len(xy) == 15
    assert sum(row.count for row in seats) == 15 * 3, "TB-CLASS: 6 ft table 3 at 0.6 m each"
    first = xy[:5, 0]
    assert np.diff(first) == pytest.approx([WIDE, WIDE + 1.2, WIDE, WIDE])
    assert np.diff(xy[::5, 1]) == pytest.approx([-(DEEP + 0.9144)] * 2), "36 in from table to table"
    assert all((row.facing == 90).all() for row in seats)
    (way,) = [one for one in built if isinstance(one, Walkway)]
    assert way.width == 1.2
    assert way.line[0, 0] == pytest.approx((first[1] + first[2]) / 2)


def test_cabaret_takes_the_chairs_on_the_side_of_the_stage_and_leaves_the_others_where_they_were():
    """TB-CABARET: two or three chairs removed facing the stage."""
    full, less = (rows(count=1, cabaret=n)[0] for n in (0, 2))
    there, left = ({tuple(at) for at in row.at[:, :2].round(6).tolist()} for row in (full, less))
    assert len(left) == 8
    assert there - left == set(sorted(there, key=lambda at: -at[1])[:2])
    odd = rows(count=1, cabaret=3)[0].at
    assert sorted(odd[:, 0].round(6).tolist()) == sorted((-odd[:, 0]).round(6).tolist()), (
        "even about the way to the stage"
    )
    assert len(odd) == 7


def test_an_area_is_filled_to_its_walls_with_the_gap_between_tables():
    for layout in ("square", "hexagonal"):
        at = middles(count=None, within=ROOM, layout=layout, wall=1.0, apart=1.4)
        rim = shapely.Polygon(ROOM).boundary
        assert shapely.distance(shapely.points(at), rim).min() >= 1.83 / 2 + 1.0 - 1e-6
        apart = np.linalg.norm(at[:, None] - at, axis=2)[~np.eye(len(at), dtype=bool)]
        assert apart.min() == pytest.approx(1.83 + 1.4)
    assert len(middles(count=None, within=ROOM, wall=1.0, apart=1.4)) == 4 * 3, (
        "⌊(16 − 3.83) / 3.23⌋ + 1 by ⌊(12 − 3.83) / 3.23⌋ + 1"
    )


def test_a_filled_area_keeps_so_many_tables_from_the_front_and_follows_an_odd_shape():
    every = middles(count=None, within=ROOM)
    assert middles(count=5, within=ROOM) == pytest.approx(every[:5])
    corner = [[-8, -6], [8, -6], [8, 0], [0, 0], [0, 6], [-8, 6]]
    at = middles(count=None, within=corner, wall=0.5)
    assert 0 < len(at) < len(middles(count=None, within=ROOM, wall=0.5))
    assert shapely.contains(shapely.Polygon(corner).buffer(-1.4), shapely.points(at)).all()


def test_a_honeycomb_holds_more_in_a_large_room():
    """TB-AREA: rounds of ten, 1.12 m² a guest in a square grid, 0.97 in a honeycomb."""
    hall = [[-20, -20], [20, -20], [20, 20], [-20, 20]]
    square, comb = (len(middles(count=None, within=hall, layout=layout)) for layout in ("square", "hexagonal"))
    assert square == 11 * 11
    assert comb > 1.08 * square


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"places": [[0, 0]]}, "give either count or places"),
        ({"count": None}, "give either count or places"),
        ({"count": None, "places": []}, "places lists no table"),
        ({"count": 5000, "seats": 60}, "300000 places; one element may have 250000"),
        ({"without": [9]}, "there is no table 9; there are 7"),
        ({"names": ["a"] * 8}, "names lists 8 names; there are 7 tables"),
        ({"cabaret": 10}, "cabaret takes out 10 of 10 places; leave one at least"),
        ({"cabaret": 2, "open": 90}, "give either cabaret: 3"),
        ({"columns": [2, 2]}, "a list of blocks belongs to layout: classroom"),
        ({"layout": "u_shape"}, "count does not apply to layout: u_shape"),
        ({"layout": "u_shape", "count": None, "rows": 3}, "layout: u_shape needs rows and columns"),
        (
            {"layout": "classroom", "count": None, "rows": 3, "columns": 2, "spacing": [2, 2]},
            "give one length, from row to row",
        ),
        (
            {"layout": "boardroom", "count": None, "rows": 3, "inside": True},
            "inside does not apply to layout: boardroom",
        ),
        ({"layout": "hollow_square", "count": None, "rows": 3, "columns": 3, "inside": True}, "inside does not apply"),
        ({"wall": 1}, "wall does not apply to layout: square"),
        ({"rows": 3}, "rows: say columns with it, and no count"),
        ({"within": ROOM, "columns": 3}, "within: tables fill it"),
        ({"within": [[0, 0], [1, 1], [1, 0], [0, 1]], "count": None}, "within: the outline crosses itself"),
        ({"spacing": 3, "apart": 1}, "give either spacing"),
    ],
)
def test_tables_that_contradict_themselves(fields, message):
    with pytest.raises(ValueError, match=message):
        element("tables", **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"seats": 20}, "seats: 20 chairs 432 mm wide do not fit at a table of 1.83 m"),
        ({"seats": None}, "seats: say how many sit at a round"),
        ({"item": TRESTLE, "cabaret": 2}, "cabaret belongs to rounds"),
        ({"layout": "u_shape", "count": None, "rows": 3, "columns": 3}, "'fur.table.round6' is round"),
        ({**BARE, "layout": "boardroom", "rows": 2, "seats": 30}, "seats: 30 places; 14 fit, 600 mm each"),
        ({**BARE, "layout": "u_shape", "rows": 2, "columns": 1, "inside": True}, "inside: between the arms are 0.30 m"),
        ({"count": None, "within": [[0, 0], [2, 0], [2, 2], [0, 2]]}, "within has no room for a table 1.83 m wide"),
        ({"count": None, "within": ROOM, "without": [40]}, "without: there is no table 40; 12 fit"),
    ],
)
def test_tables_that_cannot_stand_so(fields, message):
    with pytest.raises(ValueError, match=message):
        records("tables", **fields)


WHEELCHAIRS = {
    "round of ten": {"count": 1, "wheelchair": {1: [2, 7]}},
    "round of twelve": {"count": 1, "seats": 12, "wheelchair": {1: [6]}},
    "cabaret": {"count": 1, "cabaret": 3, "wheelchair": {1: [3]}},
    "classroom": {**BARE, "layout": "classroom", "rows": 2, "columns": 2, "wheelchair": {2: [1], 3: [2]}},
}


@pytest.mark.parametrize("name", WHEELCHAIRS)
def test_a_wheelchair_place_takes_the_room_of_two_chairs_and_the_others_keep_their_ids(name):
    fields = WHEELCHAIRS[name]
    before = {seat for row in rows(**{**fields, "wheelchair": None}) for seat in row.ids.tolist()}
    found = rows(**fields)
    gone = before - {seat for row in found for seat in row.ids.tolist()}
    assert gone == {f"it/{n}/{k + 1}" for n, taken in fields["wheelchair"].items() for k in taken}
    (part,) = records("tables", Part, **fields)
    tops = shapely.union_all([solid.footprint.buffer(1e-4) for solid in part.solids()])
    places = [shapely.Polygon(c) for row in found for c in corners(row)]
    assert shapely.union_all(places).area == pytest.approx(sum(place.area for place in places), rel=1e-9)
    for row in found:
        for k in np.flatnonzero(row.place == "wheelchair").tolist():
            assert (row.width[k], row.space[k], row.item[k]) == (0.9, 1.4, "")
            look = np.radians(row.facing[k])
            front = row.at[k, :2] + 0.7 * np.array([np.cos(look), np.sin(look)])
            edge = shapely.distance(tops.boundary, shapely.Point(front))
            assert tops.contains(shapely.Point(front))
            assert edge == pytest.approx(min(0.432, DEEP - 0.432 if name == "classroom" else 0.432), abs=2e-3)
            assert row.eyes[k] == pytest.approx([*row.at[k, :2], 1.15])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"wheelchair": {1: [10]}}, "wheelchair: at table 1 it takes places 10 and 11, of 10; choose others"),
        ({"wheelchair": {1: [3, 4]}}, "it takes places 3 and 4, of 10; choose others"),
        ({"wheelchair": {9: [1]}}, "wheelchair: no table 9 stands there"),
        ({"item": "fur.table.rect6", "seats": 6, "wheelchair": {1: [3]}}, "places 3 and 4 of table 1 are on two sides"),
        (
            {**BARE, "layout": "boardroom", "rows": 2, "wheelchair": {1: [3]}},
            "wheelchair does not apply to layout: boardroom",
        ),
    ],
)
def test_wheelchair_places_that_cannot_be(fields, message):
    with pytest.raises(ValueError, match=message):
        records("tables", **fields)
