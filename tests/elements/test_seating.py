"""Every way of laying out rows: where each place stands, and which id it keeps."""

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.elements import Seating
from stagecraft.scene import Edge, Part, SeatRow, Walkway

from ._site import site


def element(kind, **fields):
    """Four rows of two blocks on tiers, or what is said instead; None where a field is to be left out."""
    given = {"rows": 4, "seats": [6, 6], "riser": 0.2, "chair": None, **fields}
    unsaid = ("rows", "seats", "riser")
    kept = {k: v for k, v in given.items() if v is not None or k not in unsaid}
    return Seating.model_validate({"id": "it", "type": kind, **kept})


def records(kind, only, **fields):
    made = element(kind, **fields)
    return [record for record in made.build(site(made)) if isinstance(record, only)]


def rows(**fields):
    """The rows of a seating element on a flat floor, by key."""
    return {row.key: row for row in records("seating", SeatRow, **{"riser": None, **fields})}


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
LOZENGE = [[-7, 0], [6, 0], [9, -6], [2, -11], [-8, -7]]


def filled(**fields):
    return rows(**{"rows": None, "seats": None, **fields})


def slots(row):
    return [int(id.rpartition("/")[2]) for id in row.ids.tolist()]


def ends(row):
    """Outer ends of a straight row's places, block by block. [m]"""
    out = []
    for block in np.unique(row.section):
        of = row.section == block
        out += [(row.at[of, 0] - row.width[of] / 2).min(), (row.at[of, 0] + row.width[of] / 2).max()]
    return out


def places(row):
    """(n, 4, 2) corners of the places, from the front left on, clockwise seen from above. [m]"""
    look = np.stack([np.cos(np.radians(row.facing)), np.sin(np.radians(row.facing))], 1)
    right = np.stack([look[:, 1], -look[:, 0]], 1) * row.width[:, None] / 2
    ahead = look * row.space[:, None] / 2
    at = row.at[:, :2]
    return np.stack([at - right + ahead, at + right + ahead, at + right - ahead, at - right - ahead], 1)


@pytest.mark.parametrize(("depth", "count"), [(0.55, 1), (1.49, 1), (1.5, 2), (14.0, 15), (13.84, 14), ("14 m", 15)])
def test_a_depth_takes_as_many_rows_as_fit_from_the_first_front_edge_to_the_last_back(depth, count):
    found = rows(rows=None, depth=depth, chair=None)  # a chair is 0.55 m deep, the pitch is 0.95 m
    assert sorted(found) == list(range(1, count + 1))


def test_a_cross_gangway_takes_its_room_from_the_depth():
    assert len(rows(rows=None, depth=14, chair=None, cross=[{"after": 4, "width": 1.35}])) == 14


def test_a_row_with_a_count_of_its_own_leaves_its_gangways_and_everybody_else_in_place():
    plain, other = rows(seats=[8, 10, 8]), rows(seats=[8, 10, 8], by_row={2: [6, 10, 9], 3: [0, 8, 8]})
    assert other[1].ids.tolist() == plain[1].ids.tolist()
    assert slots(other[2]) == [*range(-11, 0), *range(1, 15)]
    for key in (1, 2, 3, 4):
        before = dict(zip(plain[key].ids.tolist(), plain[key].at.tolist()))
        after = dict(zip(other[key].ids.tolist(), other[key].at.tolist()))
        assert all(before[id] == after[id] for id in before.keys() & after.keys())
    assert set(other[3].section.tolist()) == {1, 2}
    assert slots(other[3]) == [-4, -3, -2, -1, 1, 2, 3, 4, *range(6, 14)]


def test_one_block_with_another_count_stands_in_the_middle_with_the_ids_of_such_a_row():
    for count in range(1, 13):
        own, such = rows(seats=8, by_row={3: count})[3], rows(seats=count)[3]
        assert own.ids.tolist() == such.ids.tolist()
        assert own.at == pytest.approx(such.at)


def test_a_row_aligned_left_grows_and_shrinks_at_its_right_end():
    plain, other = rows(seats=8, align="left"), rows(seats=8, align="left", by_row={2: 10, 3: 5})
    assert slots(other[2]) == list(range(1, 11))
    assert slots(other[3]) == list(range(1, 6))
    assert other[2].at[:8] == pytest.approx(plain[2].at)
    assert other[3].at == pytest.approx(plain[3].at[:5])


def test_places_left_out_leave_all_others_their_ids_and_places():
    plain, other = rows(seats=[6, 6]), rows(seats=[6, 6], without=["2/-2", "3/1..3", "4"])
    assert sorted(other) == [1, 2, 3]
    assert set(plain[2].ids) - set(other[2].ids) == {"it/2/-2"}
    assert set(plain[3].ids) - set(other[3].ids) == {"it/3/1", "it/3/2", "it/3/3"}
    before = dict(zip(plain[2].ids.tolist(), plain[2].at.tolist()))
    assert all(before[id] == at for id, at in zip(other[2].ids.tolist(), other[2].at.tolist()))


def test_seats_of_two_widths_stagger_every_second_row_between_flush_ends():
    """20 seats of 500 mm are 10 m; so are 9 of 500 mm and 10 of 550 mm."""
    found = rows(seats=20, width=[0.50, 0.55], chair=None)
    assert [found[k].count for k in (1, 2, 3, 4)] == [20, 19, 20, 19]
    assert sorted(np.round(found[2].width, 6).tolist()) == [0.5] * 9 + [0.55] * 10
    for row in found.values():
        assert ends(row) == pytest.approx([-5, 5])
    joints = found[1].at[:-1, 0] + 0.25
    away = np.abs(found[2].at[:, 0] - joints)  # who sits behind looks between two in front
    assert away.max() < 0.26
    assert np.median(away) < 0.05


def test_seats_of_three_widths_keep_the_ends_of_every_block_to_a_millimetre():
    """19 to 22 in. seats, as fixed houses have them."""
    sizes = [0.4826, 0.508, 0.5334, 0.5588]
    found = rows(seats=[9, 14, 9], width=sizes, chair=None, curve=None)
    first = ends(found[1])
    assert [found[2].count, found[1].count] == [29, 32]
    assert ends(found[2]) == pytest.approx(first, abs=1e-3)
    assert np.isin(np.round(found[2].width, 4), sizes).all()


def test_a_block_too_short_for_its_wider_seats_has_them_in_its_middle():
    found = rows(seats=4, width=[0.50, 0.55], chair=None)
    assert found[2].count == 3
    assert ends(found[2]) == pytest.approx([-0.825, 0.825])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"stagger": True, "width": [0.5, 0.55]}, "staggers the rows already"),
        ({"pattern": ["wheelchair", "companion"], "width": [0.5, 0.55]}, "a pattern of places needs one width"),
        ({"width": []}, "width lists one width|at least"),
        ({"by_row": {0: 3}}, "there is no row 0"),
        ({"by_row": {2: [3, -1]}}, "greater than or equal to 0"),
    ],
)
def test_what_does_not_go_together_is_told(fields, message):
    with pytest.raises(ValueError, match=message):
        element("seating", **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"without": ["3/5..2"]}, "write 3/2..5"),
        ({"without": ["3/x"]}, "is no place"),
        ({"rows": None, "depth": 3, "riser": [0.1]}, "riser lists 1 steps; 3 rows have 2"),
    ],
)
def test_what_only_the_laid_out_rows_show_is_told_too(fields, message):
    with pytest.raises(ValueError, match=message):
        records("seating", SeatRow, **fields)


def test_the_tiers_stay_where_a_row_has_fewer_places():
    whole = [part.solid.volume for part in records("seating", Part, by_row={2: [6, 2], 3: [0, 6]}, without=["4/1..6"])]
    assert whole == [part.solid.volume for part in records("seating", Part)]


def shared(found):
    """Largest area that two places have in common. [m²]"""
    plans = shapely.polygons(np.concatenate([places(row) for row in found.values()]))
    i, j = shapely.STRtree(plans).query(plans, predicate="intersects")
    return shapely.area(shapely.intersection(plans[i[i < j]], plans[j[i < j]])).max(initial=0.0)


def where(found):
    return {id: at for row in found.values() for id, at in zip(row.ids.tolist(), row.at)}


@pytest.mark.parametrize(
    ("fields", "behind"), [({}, 0), ({"stagger": True}, 0), ({"chevron": 10}, 0), ({"curve": 14}, 0)]
)
def test_rows_run_as_far_as_an_area_lets_them_and_no_further(fields, behind):
    found = filled(within=LOZENGE, **fields)
    area = shapely.Polygon(LOZENGE)
    assert len(found) > 8
    for row in found.values():
        assert shapely.covers(area.buffer(1e-5), shapely.polygons(places(row))).all()
    larger = filled(within=[[-60, 40], [60, 40], [60, -40], [-60, -40]], **fields)
    beside = {id for key, row in found.items() for id in larger[key].ids.tolist()} - set(where(found))
    outside = [shapely.Polygon(corners) for key in found for id, corners in zip(larger[key].ids, places(larger[key]))
               if id in beside]  # fmt: skip
    assert len(outside) > 100
    assert not shapely.covers(area.buffer(-1e-5), outside).any()


@QUICK
@given(st.floats(0, 6), st.floats(0, 6), st.sampled_from([{}, {"stagger": True}, {"curve": 9.0}, {"chevron": 8}]))
def test_an_area_that_grows_leaves_every_place_its_id_and_its_place(left, right, fields):
    grown = [[-7 - left, 0], [6 + right, 0], [9 + right, -6], [2, -11 - right], [-8 - left, -7]]
    before, after = where(filled(within=LOZENGE, **fields)), where(filled(within=grown, **fields))
    assert set(before) <= set(after)
    assert all(at == pytest.approx(after[id], abs=1e-9) for id, at in before.items())


def test_rows_of_an_area_are_lettered_from_the_first_that_has_a_place():
    found = filled(within=[[-5, -2], [5, -2], [5, -6], [-5, -6]])
    assert sorted(found) == [4, 5, 6]
    assert [row.order for row in found.values()] == [0, 1, 2]


@pytest.mark.parametrize("half", [30, 100, 170])
def test_an_arc_is_filled_to_either_side_as_far_as_its_angle_allows(half):
    found = filled(rows=6, curve=5, arc=[-half, half])
    for key, row in found.items():
        radius = 5 + (key - 1) * 0.95 + 0.275
        assert row.count == 2 * int(np.radians(half) * radius / 0.5 + 1e-9)
        assert np.hypot(row.at[:, 0], row.at[:, 1] - 5) == pytest.approx(radius)
        assert row.at[:, 0] == pytest.approx(-row.at[::-1, 0])


def test_in_the_round_a_row_closes_with_equal_spaces():
    found = filled(rows=4, curve=3, arc=[-180, 180])
    for key, row in found.items():
        radius = 3 + (key - 1) * 0.95 + 0.275
        assert row.count == int(2 * np.pi * radius / 0.5)
        around = np.sort(np.arctan2(row.at[:, 0], 3 - row.at[:, 1]))
        assert np.diff(around) == pytest.approx(2 * np.pi / row.count)
        assert (row.width == 0.5).all()
        look = np.stack([np.cos(np.radians(row.facing)), np.sin(np.radians(row.facing))], 1)
        assert row.at[:, :2] + look * radius == pytest.approx(np.tile([0.0, 3.0], (row.count, 1)))


BENDS = {
    "in": [[-9, 2], [-6, -3], [0, -4], [6, -3], [9, 2]], "out": [[-8, -8], [0, -1.5], [8, -8]],
    "zigzag": [[-9, 0], [-5, -3], [-1, 0], [3, -3], [9, 0]], "step": [[-6, 0], [0, 0], [0.01, -4], [6, -4]],
    "narrow": [[-3, 6], [0, 0], [3, 6]],
}  # fmt: skip


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("bend", BENDS)
def test_rows_along_a_path_stand_at_right_angles_to_it_and_nobody_sits_on_anybody(bend, smooth):
    found = filled(path=BENDS[bend], smooth=smooth, rows=8)
    assert sum(row.count for row in found.values()) > 20
    assert shared(found) < 2e-5
    if smooth:
        return
    line = np.array(BENDS[bend], float)
    headings = np.degrees(np.arctan2(*np.diff(line, axis=0).T[::-1])) + 90
    for key, row in found.items():
        off = np.abs((row.facing[:, None] - headings + 180) % 360 - 180).min(axis=1)
        assert off.max() < 1e-6
        front = places(row)[:, :2].mean(axis=1)
        away = shapely.distance(shapely.LineString(line), shapely.points(front))
        assert (away >= (key - 1) * 0.95 - 0.03).all()


@QUICK
@given(st.lists(st.floats(-0.3, 0.3), min_size=5, max_size=5), st.lists(st.floats(-0.5, 0.5), min_size=5, max_size=5))
def test_a_gentle_curve_has_no_holes_in_its_rows(y, x):
    """It bends away from the stage and back, more here and less there: people sit side by side all along."""
    path = np.round(np.c_[np.array([-8, -4, 0, 4, 8]) + x, y], 3).tolist()
    found = filled(path=path, smooth=True, rows=4)
    for row in found.values():
        slots = [int(id.split("/")[2]) for id in row.ids.tolist()]
        assert slots == [*range(slots[0], 0), *range(1, slots[-1] + 1)]
        assert np.linalg.norm(np.diff(row.at[:, :2], axis=0), axis=1).max() < 0.6
    assert shared(found) < 2e-5


@QUICK
@given(st.lists(st.tuples(st.floats(1.5, 6), st.floats(-60, 60)), min_size=1, max_size=5), st.booleans())
def test_whatever_way_a_path_goes_no_two_places_share_floor(legs, smooth):
    heading, points = 0.0, [np.zeros(2)]
    for length, turn in legs:
        points.append(points[-1] + length * np.array([np.cos(heading), np.sin(heading)]))
        heading += np.radians(turn)
    assert shared(filled(path=np.round(points, 3).tolist(), smooth=smooth, rows=6)) < 2e-5


def test_rows_outside_a_bend_grow_and_those_inside_lose_seats():
    counts = {bend: [row.count for row in filled(path=BENDS[bend], rows=6).values()] for bend in ("in", "out")}
    assert counts["in"] == sorted(counts["in"])
    assert counts["out"] == sorted(counts["out"], reverse=True)
    # 8 m and 6.5 m of slope; each row ends tan(θ/2) sooner at the corner, its backs as much again
    slope, tan = np.hypot(8, 6.5), 6.5 / 8
    assert counts["out"] == [2 * int((slope - (k * 0.95 + 0.55) * tan) / 0.5) for k in range(6)]


def test_a_straight_path_is_a_straight_row_and_may_be_written_from_either_end():
    path, plain = filled(path=[[-5, 0], [5, 0]], rows=3), rows(seats=20, rows=3)
    assert where(path).keys() == where(plain).keys()
    assert all(at == pytest.approx(where(plain)[id]) for id, at in where(path).items())
    back = filled(path=[[5, 0], [-5, 0]], rows=3)
    assert all(at == pytest.approx(where(plain)[id]) for id, at in where(back).items())


def test_a_path_that_is_longer_at_both_ends_leaves_every_place_its_id():
    before = where(filled(path=[[-5, 0], [0, -1], [5, 0]], rows=5))
    after = where(filled(path=[[-10, 1], [0, -1], [10, 1]], rows=5))
    assert set(before) < set(after)
    assert all(at == pytest.approx(after[id]) for id, at in before.items())


AISLE = {"aisles": [{"path": [[-2, 2], [-3, -9]], "width": 1.1}]}


@pytest.mark.parametrize(
    "fields",
    [{"seats": 24}, {"seats": [8, 12], "curve": 12}, {"seats": 24, "chevron": 12}, {"within": LOZENGE, "rows": None},
     {"path": BENDS["in"], "rows": 6}],
)  # fmt: skip
def test_a_gangway_takes_the_places_that_stand_in_it_and_no_other(fields):
    plain, other = (rows(**{"seats": None, "rows": 6, **fields, **more}) for more in ({}, AISLE))
    strip = shapely.LineString(AISLE["aisles"][0]["path"]).buffer(0.55, cap_style="flat")
    gone = 0
    for key, row in plain.items():
        hit = shapely.intersects(strip.buffer(-1e-5), shapely.polygons(places(row)))
        gone += hit.sum()
        assert other[key].ids.tolist() == row.ids[~hit].tolist()
        assert other[key].at == pytest.approx(row.at[~hit])
        right = row.at[~hit, 0] > row.at[hit, 0].mean() if hit.any() else other[key].section * 0
        count = row.section[~hit] + right
        assert other[key].section.tolist() == count.astype(int).tolist()
    assert gone > 6


def test_a_gangway_across_takes_whole_rows_and_names_no_block():
    found = rows(seats=12, rows=8, aisles=[{"path": [[-9, -3.3], [9, -3.3]], "width": 1.2}])
    assert sorted(found) == [1, 2, 3, 6, 7, 8]
    assert {name for row in found.values() for name in row.block.tolist()} == {"it"}
    (way,) = records("seating", Walkway, seats=12, rows=8, riser=0.1, chair=None,
                     aisles=[{"path": [[-9, -3.3], [9, -3.3]], "width": 1.2}])  # fmt: skip
    assert way.kind == "cross_gangway"
    assert way.line == pytest.approx(np.array([[-3, -3.3, 0.3], [3, -3.3, 0.3]]), abs=0.011)


def test_radial_gangways_run_to_the_centre_and_up_the_steps():
    fields = {
        "seats": None,
        "rows": 7,
        "curve": 6,
        "arc": [-90, 90],
        "radial": [-45, 0, 45],
        "riser": 0.25,
        "gangway": 1.3,
    }
    ways = records("seating", Walkway, **fields)
    assert [way.name for way in ways] == ["it gangway 1", "it gangway 2", "it gangway 3"]
    for way, angle in zip(ways, (-45, 0, 45)):
        assert way.width == 1.3
        assert way.treads == pytest.approx(0.25 * np.arange(7))
        assert way.line[:, 2] == pytest.approx(way.treads)
        aside = way.line[:, :2] - [0, 6]
        assert np.degrees(np.arctan2(aside[:, 0], -aside[:, 1])) == pytest.approx(np.full(7, angle))
    found = rows(**fields)
    for row in found.values():
        assert row.block.tolist() == sorted(row.block.tolist())
        assert set(row.block.tolist()) == {"it1", "it2", "it3", "it4"}


@pytest.mark.parametrize("seam", [0, 30, 90, 179, 180])
def test_in_the_round_the_blocks_lie_between_the_gangways_wherever_those_are(seam):
    angles = [(seam + turn + 180) % 360 - 180 for turn in (0, 90, 180, 270)]
    plain = filled(rows=5, curve=4, arc=[-180, 180])
    found = filled(rows=5, curve=4, arc=[-180, 180], radial=angles)
    assert set(where(found)) < set(where(plain))
    for row in found.values():
        assert sorted(set(row.block.tolist())) == ["it1", "it2", "it3", "it4"]
        around = np.degrees(np.arctan2(row.at[:, 0], 4 - row.at[:, 1]))
        for name in ("it1", "it2", "it3", "it4"):
            of = np.unwrap(around[row.block == name], period=360)
            assert (np.diff(of) > 0).all()  # side by side, from the audience's left to its right
            assert of[-1] - of[0] < 90


def test_a_gangway_cuts_a_row_also_where_the_area_leaves_no_place_in_it():
    found = filled(within=[[-6, 0], [6, 0], [6, -5], [1, -5], [0, -2], [-1, -5], [-6, -5]],
                   aisles=[{"path": [[0, 1], [0, -6]]}])  # fmt: skip
    for row in found.values():
        assert set(row.block[row.at[:, 0] < 0].tolist()) == {"it1"}
        assert set(row.block[row.at[:, 0] > 0].tolist()) == {"it2"}


def test_the_rows_of_a_room_end_at_its_walls():
    from stagecraft.build import build
    from stagecraft.venue.document import Venue

    house = build(Venue.model_validate({"name": "T", "elements": [
        {"id": "hall", "type": "room", "x": [-6, 6], "y": [-9, 4], "height": 5},
        {"id": "A", "type": "seating", "within": "hall", "front": [1, -1.5], "turn": 20, "rows": 5},
    ]}))  # fmt: skip
    room = shapely.box(-6, -9, 6, 4)
    corners = np.concatenate([places(row) for row in house.seat_rows])
    assert len(house.seats) > 60
    assert shapely.covers(room.buffer(1e-5), shapely.polygons(corners)).all()


def tiers_of(**fields):
    (part,) = [part for part in records("seating", Part, **fields) if part.name == "tiers"]
    return part.solid


DEPTH, PITCH = 0.55, 0.95


def test_a_deep_step_lies_behind_the_chairs_of_its_row_and_moves_all_behind_it():
    plain, deep = rows(rows=6), rows(rows=6, deep={3: 1.8})
    for key in plain:
        assert deep[key].at[:, 1] == pytest.approx(plain[key].at[:, 1] - (1.8 - PITCH if key > 3 else 0))
        assert deep[key].ids.tolist() == plain[key].ids.tolist()
        assert deep[key].clear == pytest.approx(plain[key].clear, nan_ok=True)
    more = tiers_of(rows=6, seats=20, deep={3: 1.8}).volume - tiers_of(rows=6, seats=20).volume
    assert more == pytest.approx(20 * 0.5 * (1.8 - PITCH) * 0.4)


def test_a_wheelchair_fits_on_the_step_that_was_made_deep_for_it():
    row = rows(rows=5, deep={3: 1.8}, pattern=["wheelchair", "companion"])[3]
    backs = places(row)[row.place == "wheelchair"][:, 2:, 1]
    front_of_the_next = rows(rows=5, deep={3: 1.8}, pattern=["wheelchair", "companion"])[4].at[:, 1].max() + DEPTH / 2
    assert backs.min() == pytest.approx(front_of_the_next + (PITCH - DEPTH))


def test_a_vomitory_leaves_the_tiers_less_its_open_part_and_its_tunnel_and_closed():
    """Eight rows of 20 on steps of 0.4 m; 2 m wide from row 3 on, 1.0 m of headroom: rows 3 and 4 are open."""
    fields = {"rows": 8, "seats": 20, "riser": 0.4}
    way = {"at": -1.0, "width": 2.0, "from": 3, "height": 1.0}
    whole, cut = tiers_of(**fields), tiers_of(**fields, vomitories=[way])
    floor = 0.4  # of row 2
    open_part = 2.0 * PITCH * ((0.8 - floor) + (1.2 - floor))
    tunnel = 2.0 * PITCH * 4 * 1.0
    assert whole.volume - cut.volume == pytest.approx(open_part + tunnel)
    assert cut.is_closed
    found, plain = rows(**fields, vomitories=[way]), rows(**fields)
    assert {k: plain[k].count - found[k].count for k in plain} == {k: 4 if k in (3, 4) else 0 for k in plain}
    assert set(where(found)) < set(where(plain))
    (walk,) = [w for w in records("seating", Walkway, **fields, vomitories=[way]) if w.name == "it vomitory 1"]
    assert walk.kind == "route"
    start = 2 * PITCH - (PITCH - DEPTH)
    assert walk.line == pytest.approx(np.array([[-1, -start, floor], [-1, -(7 * PITCH + DEPTH), floor]]))


def test_beside_and_above_a_vomitory_are_guarded_drops():
    fields = {"rows": 8, "seats": 20, "riser": 0.4}
    way = {"at": 0.0, "width": 2.0, "from": 3, "height": 1.0}
    plain = records("seating", Edge, **fields)
    edges = records("seating", Edge, **fields, vomitories=[way])[len(plain) :]
    beside = [edge for edge in edges if abs(edge.line[0, 0] - edge.line[-1, 0]) < 1e-6]
    above = [edge for edge in edges if edge not in beside]
    assert sorted((round(abs(e.line[0, 0]), 3), round(e.height, 3)) for e in beside) == [
        (1, 0.4),
        (1, 0.4),
        (1, 0.8),
        (1, 0.8),
    ]
    (mouth,) = above
    assert mouth.height == pytest.approx(1.2)
    assert np.abs(mouth.line[:, 0]).tolist() == pytest.approx([1, 1])
    assert mouth.line[:, 1] == pytest.approx(-(4 * PITCH - (PITCH - DEPTH)))
    assert all(edge.guarded for edge in edges)
    open_ones = records("seating", Edge, **fields, vomitories=[{**way, "rails": False}])[len(plain) :]
    assert not any(edge.guarded for edge in open_ones)
    (rail,) = [part for part in records("seating", Part, **fields, vomitories=[way]) if part.system == "rail"]
    assert rail.solid.is_closed


@pytest.mark.parametrize(
    "fields",
    [{"seats": 30, "curve": 9}, {"seats": 30, "chevron": 12}, {"seats": None, "curve": 6, "arc": [-100, 100]},
     {"seats": None, "path": BENDS["in"]}, {"seats": None, "path": BENDS["in"], "smooth": True},
     {"seats": None, "within": LOZENGE}],
)  # fmt: skip
@pytest.mark.parametrize("row", [1, 4])
def test_a_vomitory_cuts_every_kind_of_tiers_and_leaves_them_closed(fields, row):
    fields = {"rows": 9, "riser": 0.35, **fields}
    way = {"at": 1.5, "width": 1.6, "from": row, "height": 1.3}
    whole, cut = tiers_of(**fields), tiers_of(**fields, vomitories=[way])
    assert cut.is_closed
    over = 0.35 * np.arange(9)[row - 1 :] - max(row - 2, 0) * 0.35  # of each row over the way's floor
    assert whole.volume - cut.volume == pytest.approx(1.6 * PITCH * np.minimum(over, 1.3).sum(), rel=0.05)
    assert len(where(rows(**fields, vomitories=[way]))) < len(where(rows(**fields)))


@pytest.mark.parametrize("fields", [{"curve": 9, "seats": 30}, {"chevron": 12, "seats": 30},
                                    {"seats": None, "rows": 8, "path": BENDS["in"]}])  # fmt: skip
def test_a_cross_gangway_runs_along_its_rows_however_they_run(fields):
    fields = {"rows": 8, **fields, "cross": [{"after": 4, "width": 1.5}]}
    (way,) = [w for w in records("seating", Walkway, **fields) if w.kind == "cross_gangway"]
    found = rows(**fields)
    plans = [shapely.union_all(shapely.polygons(places(found[key]))) for key in (4, 5)]
    for plan in plans:
        assert shapely.distance(plan, shapely.LineString(way.line[:, :2])) == pytest.approx(0.75, abs=0.03)


def test_steps_of_an_area_end_at_its_rim_and_have_drops_all_round_but_in_front():
    fields = {"seats": None, "rows": 8, "riser": 0.2, "within": LOZENGE}
    solid = tiers_of(**fields)
    area, level = shapely.Polygon(LOZENGE), 0.2 * np.arange(8)
    start = np.arange(8) * PITCH - (PITCH - DEPTH)
    bands = [shapely.box(-20, -(s + PITCH), 20, -s).intersection(area).area for s in start]
    assert solid.is_closed
    assert solid.volume == pytest.approx((bands * level).sum(), rel=1e-6)
    drops = shapely.union_all([shapely.LineString(e.line[:, :2]) for e in records("seating", Edge, **fields)])
    rim = shapely.box(-20, -(start[-1] + PITCH), 20, -start[1]).intersection(area).boundary
    bare = rim.difference(drops.buffer(0.02))
    assert bare.length == pytest.approx(rim.intersection(shapely.box(-20, -start[1] - 0.01, 20, 0)).length, abs=0.1)


def test_a_thrust_of_three_elements_and_a_traverse_are_numbered_as_one():
    from stagecraft.build import build
    from stagecraft.venue.document import Venue

    def house(*elements):
        names = [name for name, *_ in elements]
        return build(Venue.model_validate({"name": "T", "numbering": {"continuous_across": names}, "elements": [
            {"id": name, "type": "seating", "rows": 2, "seats": 4, "at": at, "turn": turn} for name, at, turn in elements
        ]}))  # fmt: skip

    thrust = house(("F", [0, -5], 0), ("L", [-5, 0], -90), ("R", [5, 0], 90))
    first = {
        name: thrust.seats.seat[(thrust.seats.element == name) & (thrust.seats.row == "A")].tolist() for name in "LFR"
    }
    assert first == {"L": ["1", "2", "3", "4"], "F": ["5", "6", "7", "8"], "R": ["9", "10", "11", "12"]}
    look = np.radians(thrust.seats.facing)
    ahead = thrust.seats.at[:, :2] + 5 * np.stack([np.cos(look), np.sin(look)], 1)
    assert np.abs(ahead).max() < 5  # everybody looks over the middle
    traverse = house(("S", [0, -3], 0), ("N", [0, 3], 180))
    labels = list(zip(traverse.seats.row.tolist(), traverse.seats.seat.tolist()))
    assert len(set(labels)) == 16


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("path", [*BENDS.values(), [[-8, 1.6], [-4.5, -0.6], [0, -1.2], [4.5, -0.6], [8, 1.6]],
                                  [[-8, 3], [-3, 0], [3, 0], [8, 3]]])  # fmt: skip
def test_rows_along_a_path_that_is_its_own_mirror_image_are_so_too(path, smooth):
    if not np.allclose(np.array(path)[::-1] * [-1, 1], path):
        path = [*path, *([2 * path[-1][0] - x, y] for x, y in path[-2::-1])]
        path = [[x - path[-1][0] / 2 - path[0][0] / 2, y] for x, y in path]
    for row in filled(path=path, smooth=smooth, rows=7).values():
        mirrored = row.at[::-1] * [-1, 1, 1]
        assert row.count == len(mirrored)
        assert row.at == pytest.approx(mirrored, abs=1e-4)
