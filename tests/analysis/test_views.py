"""What seats see: REF-500, gaps, curves, balconies, and questions that have no answer."""

from itertools import pairwise

import numpy as np
import pytest

from stagecraft.analysis.views import labels, views
from stagecraft.geometry import sightline
from stagecraft.geometry.frame import frame
from stagecraft.scene import Screen, moved
from tests.analysis._house import ref_500, row, scene, target

CHEST = target((0, 0, 2.2), name="ref_chest")
EDGE = target((0, 0, 0.9), name="ref_edge")


def last(view, house, key=18):
    return house.seats.key == key


def test_ref_500_last_row_sees_the_chest_by_49_4_mm():
    house = ref_500(CHEST, EDGE)
    view = views(house).targets["ref_chest"]
    assert len(house.seats) == 504
    back = house.seats.key == 18
    assert 1000 * view.c[back] == pytest.approx(np.full(28, 49.35), abs=0.01)
    assert set(labels(house.laid_out, view.over[back])) == {"Q"}
    assert view.distance[back].min() == pytest.approx(np.hypot(19.25, 0.875))


def test_ref_500_stage_edge_is_hidden_14_8_mm_by_the_next_row_and_251_7_mm_by_the_first():
    house = ref_500(EDGE)
    view = views(house).targets["ref_edge"]
    back = house.seats.key == 18
    assert 1000 * view.next_c[back] == pytest.approx(np.full(28, -14.81), abs=0.01)
    assert 1000 * view.c[back].min() == pytest.approx(-251.69, abs=0.01)
    blocked = back & np.isclose(view.c, view.c[back].min())
    assert set(labels(house.laid_out, view.over[blocked])) == {"A"}


def test_a_sightline_through_the_gangway_meets_nobody_there():
    house = ref_500(EDGE)
    view = views(house).targets["ref_edge"]
    x, back = house.seats.at[:, 0], house.seats.key == 18
    through = back & (np.abs(x) * 3.1 / 19.25 < 0.6)
    assert through.any()
    assert (view.c[through] > -0.2516).all()
    assert "A" not in set(labels(house.laid_out, view.over[through]))


def test_the_front_row_has_nobody_in_front():
    house = ref_500(CHEST)
    view = views(house).targets["ref_chest"]
    front = house.seats.key == 1
    assert (view.c[front] == np.inf).all()
    assert (view.next_c[front] == np.inf).all()
    assert (view.over[front] == -1).all()


def test_staggered_rows_meet_the_curve_through_the_eyes_and_not_only_the_heads():
    x = np.arange(11) * 0.5
    house = scene(
        row(1, np.c_[x, np.full(11, -4.0)]), row(2, np.c_[x + 0.25, np.full(11, -5.0)]), target((2.5, 0, 2.2))
    )
    view = views(house).targets["focus"]
    second = house.seats.key == 2
    meets = second & np.isfinite(view.c)
    assert meets.sum() >= 10
    assert view.c[meets] == pytest.approx((2.2 - 1.2) * 1.0 / 5.0)


@pytest.mark.parametrize("status", ["open", "hold", "kill"])
def test_only_killed_and_removed_seats_are_empty(status):
    front, rear = row(1, [(0, -4)], status=status), row(2, [(0, -5)])
    view = views(scene(front, rear, target((0, 0, 2.2)))).targets["focus"]
    assert np.isinf(view.c[1]) == (status == "kill")
    gone = views(scene(row(1, [(0, -4)], removed_by="foh"), rear, target((0, 0, 2.2)))).targets["focus"]
    assert np.isinf(gone.c).all()


def test_a_row_reaches_half_a_place_beyond_its_end_seats():
    front = row(1, [(0, -4), (0.5, -4)], width=0.5)
    for x, meets in ((0.74, True), (0.76, False), (-0.24, True), (-0.26, False)):
        far = row(2, [(x * 5 / 4, -5)])
        view = views(scene(front, far, target((0, 0, 2.2)))).targets["focus"]
        assert np.isfinite(view.c[2]) == meets


def test_curved_rows_on_a_constant_c_rake_all_have_their_c():
    """On risers from the closed form, every seat of a curved house clears the next row by exactly 60 mm."""
    y = sightline.rake_heights(8.0, 0.3, 0.9, 0.06, 12)
    rows = []
    for k in range(12):
        radius = 8.0 + 0.9 * k
        angle = np.linspace(-0.6, 0.6, 2001)  # so dense that chords are the curve
        xy = radius * np.c_[np.sin(angle), -np.cos(angle)]
        rows.append(row(k + 1, xy, floor=y[k] - 1.2 + 1.0, width=0.004, facing=90 + np.degrees(angle), tiered=True))
    house = scene(*rows, target((0, 0, 1.0)))
    view = views(house).targets["focus"]
    behind = house.seats.key > 1
    assert view.c[behind] == pytest.approx(np.full(behind.sum(), 0.06), abs=2e-6)
    assert view.angle == pytest.approx(np.zeros(len(house.seats)), abs=1e-9)


def test_every_crossing_agrees_with_a_slow_search_over_all_pairs():
    rng = np.random.default_rng(3)
    rows = []
    for k in range(9):
        n = 12
        angle = np.linspace(-0.9, 0.9, n) + rng.normal(0, 0.01)
        radius = 5 + 1.1 * k
        rows.append(row(k + 1, radius * np.c_[np.sin(angle), -np.cos(angle)] + [0, 1.5], floor=0.13 * k * k / 4,
                        facing=90 + np.degrees(angle), width=radius * 1.8 / 11,
                        section=np.arange(n) // 6, status=rng.choice(["open", "kill"], n, p=[0.8, 0.2])))  # fmt: skip
    points = [(0.3, 0.2, 1.4), (-5.0, -1.0, 2.5), (6.0, 3.0, 0.4)]
    house = scene(*rows, *(target(p, name=f"t{i}") for i, p in enumerate(points)))
    found = views(house)
    for i, point in enumerate(points):
        assert found.targets[f"t{i}"].c == pytest.approx(slow(house, np.array(point)), abs=1e-9, nan_ok=True)


def slow(house, focus):
    import shapely

    runs = []
    for r in house.seat_rows:
        run = []
        for i in range(r.count):
            if r.status[i] == "kill" or (run and r.section[i] != r.section[run[-1]]):
                runs.append((r, run))
                run = []
            if r.status[i] != "kill":
                run.append(i)
        runs.append((r, run))
    curves = []
    for r, run in runs:
        if not run:
            continue
        eyes = r.eyes[run]
        look = np.radians(r.facing[run])
        step = np.array([np.sin(look[0]), -np.cos(look[0]), 0])
        one = (eyes[1] - eyes[0]) / np.linalg.norm(eyes[1] - eyes[0]) if len(run) > 1 else step
        two = (eyes[-1] - eyes[-2]) / np.linalg.norm(eyes[-1] - eyes[-2]) if len(run) > 1 else step
        half = r.width[0] / 2
        curves.append((r, shapely.LineString([eyes[0] - one * half, *eyes, eyes[-1] + two * half])))
    out = []
    for eye, facing in zip(house.seats.eyes, house.seats.facing):
        way = focus[:2] - eye[:2]
        if np.cos(np.arctan2(way[1], way[0]) - np.radians(facing)) < 0:
            out.append(np.nan)
            continue
        best = np.inf
        ray = shapely.LineString([eye[:2], focus[:2]])
        for _, curve in curves:
            hit = shapely.intersection(curve, ray)
            for p in getattr(hit, "geoms", [hit]):
                if p.is_empty or p.geom_type != "Point":
                    continue
                d = np.hypot(p.x - focus[0], p.y - focus[1])
                D = np.linalg.norm(way)
                if d < D - 0.2:
                    best = min(best, focus[2] + (eye[2] - focus[2]) * d / D - p.z)
        out.append(best)
    return np.array(out)


def test_a_balcony_overhead_hides_nothing_of_the_stage():
    rear = row(1, [(0, -20)])
    above = row(2, [(0, -15)], floor=3.5, element="balcony")
    view = views(scene(rear, above, target((0, 0, 2.2)))).targets["focus"]
    assert np.isinf(view.c[0])
    low = views(scene(rear, row(2, [(0, -15)], floor=0.6, element="balcony"), target((0, 0, 2.2)))).targets["focus"]
    assert low.c[0] < 0


def test_no_answer_is_not_a_pass():
    seats = row(1, [(0, -5), (3, 4), (0, 0)])
    view = views(scene(seats, target((0, 0, 2.2)))).targets["focus"]
    assert np.isinf(view.c[0])
    assert np.isnan(view.c[1])  # its back to the focus
    assert np.isnan(view.c[2])  # at the focus
    assert np.isnan(view.next_c[1:]).all()


def test_guests_at_a_table_turn_round():
    view = views(scene(row(1, [(0, -5)], facing=-90.0, place="table"), target((0, 0, 2.2)))).targets["focus"]
    assert np.isinf(view.c[0])
    assert view.angle[0] == pytest.approx(180.0)


def test_no_targets_and_no_seats():
    assert np.isnan(views(scene(row(1, [(0, -5)]))).worst).all()
    assert views(scene(target((0, 0, 2.2)))).targets["focus"].c.shape == (0,)
    assert len(views(scene()).worst) == 0
    rows = scene(row(1, np.zeros((0, 2))), target((0, 0, 2.2)))
    assert len(views(rows).targets["focus"].c) == 0


def test_a_screen_is_seen_from_where_its_content_begins():
    """The governing point lies straight in front of the seat, 0.5 m above the lower edge."""
    facets = np.array([[[-2, 0, 2.0], [2, 0, 2.0], [2, 0, 4.0], [-2, 0, 4.0]]], float)
    led = Screen("led", facets, None, content_safe_from=0.5)
    wall = target(
        (-2, 0, 2), (2, 0, 2), (2, 0, 4), (-2, 0, 4), name="led", role="screen", kind="surface", element="led"
    )
    house = scene(row(1, [(1, -9)]), row(2, [(1, -10), (5, -4)]), led, wall)
    view = views(house).targets["led"]
    assert view.focus[1] == pytest.approx([1, 0, 2.5])
    assert view.c[1] == pytest.approx((2.5 - 1.2) * 1.0 / 10)
    assert view.focus[2] == pytest.approx([2, 0, 2.5])
    alone = views(scene(row(1, [(1, -9)]), wall)).targets["led"]
    assert alone.focus[0] == pytest.approx([1, 0, 2.0])


def test_a_screen_of_many_facets_is_a_screen_of_one():
    x = np.linspace(-3, 3, 13)
    many = np.array([[[a, 0, 2], [b, 0, 2], [b, 0, 4], [a, 0, 4]] for a, b in pairwise(x)], float)
    one = np.array([[[-3, 0, 2], [3, 0, 2], [3, 0, 4], [-3, 0, 4]]], float)
    mark = target((0, 0, 2), name="led", role="screen", element="led")
    found = [views(ref_500(Screen("led", facets, None), mark)).targets["led"] for facets in (one, many)]
    assert found[0].c == pytest.approx(found[1].c)
    assert found[0].focus == pytest.approx(found[1].focus)


def test_a_person_is_seen_by_the_head():
    mark = target((0, 0, 1.8), (0, 0, 2.55), name="speaker", role="person")
    assert views(scene(row(1, [(0, -9)]), mark)).targets["speaker"].focus[0] == pytest.approx([0, 0, 2.55])


def test_the_worst_of_several_targets():
    house = ref_500(CHEST, EDGE)
    found = views(house)
    expected = np.minimum(found.targets["ref_chest"].c, found.targets["ref_edge"].c)
    assert np.array_equal(found.worst, expected)


def test_turning_and_shifting_the_house_changes_no_view():
    house = ref_500(CHEST, EDGE)
    there = frame((12.0, -7.0, 1.5), 37.0)
    carried = scene(*(moved(record, there) for record in house.records))
    for name, view in views(house).targets.items():
        again = views(carried).targets[name]
        assert again.c == pytest.approx(view.c)
        assert again.angle == pytest.approx(view.angle, abs=1e-9)
        assert np.array_equal(again.over, view.over)


def test_targets_of_one_name_are_kept_apart():
    house = scene(row(1, [(0, -5)]), target((0, 0, 2), name="x", element="a"), target((0, 1, 2), name="x", element="b"))
    assert list(views(house).targets) == ["x (a)", "x (b)"]


def test_targets_bear_the_same_names_in_all_answers():
    names = [("x", "a"), ("x", "b"), ("x (a)", "c"), ("x (a)", "c"), ("y", "d")]
    marks = [target((k, 0, 2), name=name, element=element) for k, (name, element) in enumerate(names)]
    found = views(scene(row(1, [(0, -5)]), *marks))
    assert list(found.targets) == list(found.visible.targets)
    assert [view.focus[0, 0] for view in found.targets.values()] == [0, 1, 2, 3, 4]
