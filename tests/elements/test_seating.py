"""Every way of laying out rows: where each place stands, and which id it keeps."""

import numpy as np
import pytest

from stagecraft.elements import Seating
from stagecraft.scene import Part, SeatRow

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
    """(n, 4, 2) corners of the places, from the front left on, anticlockwise from above is not promised. [m]"""
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
