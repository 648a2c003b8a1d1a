"""Angles, sizes and what can be read: worked numbers, closed forms and a slow search over points."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from stagecraft.analysis.seen import to_see
from stagecraft.analysis.views import views
from stagecraft.geometry.frame import frame
from stagecraft.scene import Screen, Stature, mirrored, moved
from tests.analysis._house import ref_500, row, scene, target

CHEST = target((0, 0, 2.2), name="ref_chest")


def picture(width=4.0, low=2.0, height=3.0, x=0.0, y=0.0, rows=None, element="led"):
    """A flat screen that looks to −y, and its target."""
    w = width / 2
    facets = np.array([[[x - w, y, low], [x + w, y, low], [x + w, y, low + height], [x - w, y, low + height]]])
    mark = target(*facets[0], name=element, role="screen", kind="surface", element=element)
    return Screen(element, facets, (1, rows) if rows else None), mark


def screen(facets, element="led", rows=None):
    facets = np.asarray(facets, float)
    mark = target(*facets.reshape(-1, 3), name=element, role="screen", kind="surface", element=element)
    return Screen(element, facets, (1, rows) if rows else None), mark


def arc(radius=6.0, turns=10, step=8.0, low=1.0, high=4.0):
    """Facets round the origin, from left to right for somebody there who looks to +y."""
    a = np.radians(90 + step * (np.arange(turns + 1) - turns / 2)[::-1])
    x, y = radius * np.cos(a), radius * np.sin(a)
    return [
        [(x[k], y[k], low), (x[k + 1], y[k + 1], low), (x[k + 1], y[k + 1], high), (x[k], y[k], high)]
        for k in range(turns)
    ]


def seen(*records, name="led"):
    return views(scene(*records)).targets[name]


def straight_on(height, distance, rows=None):
    """From the level of the picture's middle."""
    return seen(row(1, [(0, -distance)], eye=2.0 + height / 2), *picture(height=height, rows=rows))


@pytest.mark.parametrize(
    ("height", "distance", "share"), [(1.5, 10.5, 0.035), (5.0, 30.0, 0.03), (4.5, 27.0, 0.03), (4.5, 18.0, 0.02)]
)
def test_the_smallest_readable_element_as_published(height, distance, share):
    view = straight_on(height, distance)
    assert view.readable[0] == pytest.approx(share)
    assert view.heights[0] == pytest.approx(distance / height)


@pytest.mark.parametrize(("height", "rows", "distance"), [(1.5, 1080, 4.775), (4.5, 1584, 9.767)])
def test_rows_of_pixels_are_an_arc_minute_apart_as_published(height, rows, distance):
    assert straight_on(height, distance, rows).pixel[0] == pytest.approx(1.0, abs=1.1e-4)
    assert straight_on(height, distance / 2, rows).pixel[0] == pytest.approx(2.0, abs=2.2e-4)
    assert np.isnan(straight_on(height, distance).pixel[0])


@pytest.mark.parametrize("x", [-9.0, -1.0, 0.0, 0.5, 7.0])
def test_off_axis_is_measured_from_the_farthest_edge(x):
    view = seen(row(1, [(x, -5)]), *picture(width=4.0))
    assert view.off_axis[0] == pytest.approx(np.degrees(np.arctan2(abs(x) + 2.0, 5.0)))
    if x:
        assert view.edge[0] == (0.0 if x > 0 else 1.0)


def test_a_turned_screen_is_measured_from_its_own_normal():
    there = frame((3.0, 1.0, 0.0), -25.0)
    turned = [moved(record, there) for record in picture(width=4.0)]
    eye = there @ [0.0, -5.0, 0.0, 1.0]
    assert seen(row(1, [eye[:2]]), *turned).off_axis[0] == pytest.approx(np.degrees(np.arctan2(2.0, 5.0)))


def test_a_wall_of_many_flat_panels_is_one():
    x = np.linspace(-3, 3, 13)
    many = [[(a, 0, 2), (b, 0, 2), (b, 0, 4), (a, 0, 4)] for a, b in pairwise(x)]
    one = [[(-3, 0, 2), (3, 0, 2), (3, 0, 4), (-3, 0, 4)]]
    seats = row(1, [(-8, -3), (0.1, -3), (5, -20), (3, 0.5)])
    a, b = (seen(seats, *screen(facets, rows=500)) for facets in (one, many))
    for name in ("top", "bottom", "wide", "off_axis", "edge", "heights", "readable", "pixel"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), nan_ok=True), name


def test_a_curved_wall_is_judged_facet_by_facet():
    """From its centre every facet is seen from its normal, but for half the angle at a seam; it fills all of its arc."""
    view = seen(row(1, [(0, 0)]), *screen(arc()))
    assert view.off_axis[0] == pytest.approx(4.0)
    assert view.wide[0] == pytest.approx(80.0)
    middle = np.hypot(6.0, 2.5 - 1.2)
    assert view.heights[0] == pytest.approx(middle / 3.0)
    wrapped = seen(row(1, [(0, 0)]), *screen(arc(turns=35)))
    assert wrapped.wide[0] == pytest.approx(280.0)


def test_behind_a_picture_there_is_nothing_to_read():
    view = seen(row(1, [(0, 3)], facing=-90.0), *picture(rows=1000))
    assert view.off_axis[0] == pytest.approx(180 - np.degrees(np.arctan2(2, 3)))
    assert np.isnan([view.heights[0], view.readable[0], view.pixel[0]]).all()


def test_a_picture_that_lies_flat_has_no_side():
    flat = screen([[(-1, 5, 6), (1, 5, 6), (1, 3, 6), (-1, 3, 6)]])
    view = seen(row(1, [(0, 0)]), *flat)
    assert np.isnan(view.off_axis[0])
    assert np.isnan(view.edge[0])
    assert view.heights[0] == pytest.approx(np.hypot(4, 4.8) / 2)


def test_what_is_no_screen_has_no_picture():
    view = views(ref_500(CHEST)).targets["ref_chest"]
    for name in ("off_axis", "edge", "heights", "readable", "pixel"):
        assert np.isnan(getattr(view, name)).all()


def test_vertical_angles_of_a_screen_straight_ahead():
    view = seen(row(1, [(0, -5)]), *picture(width=4.0, low=2.0, height=3.0))
    assert view.top[0] == pytest.approx(np.degrees(np.arctan2(5.0 - 1.2, 5.0)))
    assert view.bottom[0] == pytest.approx(np.degrees(np.arctan2(2.0 - 1.2, np.hypot(5.0, 2.0))))
    assert view.tall[0] == pytest.approx(view.top[0] - view.bottom[0])
    assert view.wide[0] == pytest.approx(2 * np.degrees(np.arctan2(2.0, 5.0)))


def test_a_person_fills_the_shoulders():
    mark = target((0, 0, 1.8), (0, 0, 2.55), name="speaker", role="person")
    view = seen(row(1, [(0, -9)]), mark, name="speaker")
    assert view.wide[0] == pytest.approx(2 * np.degrees(np.arctan2(0.465 / 2, 9)))
    assert view.top[0] == pytest.approx(np.degrees(np.arctan2(1.35, 9)))
    assert view.bottom[0] == pytest.approx(np.degrees(np.arctan2(0.6, 9)))


def test_a_point_has_no_size():
    view = views(ref_500(CHEST)).targets["ref_chest"]
    assert (view.wide == 0).all()
    assert (view.tall == 0).all()
    assert view.top == pytest.approx(np.degrees(np.arctan2(1.0, view.distance)))


@pytest.mark.parametrize("seed", range(5))
def test_angles_agree_with_a_slow_search_over_points(seed):
    """Tilted and turned pictures, open lines and polygons, from all round."""
    rng = np.random.default_rng(seed)
    place = frame((rng.uniform(-2, 2), 8.0, 0.5), rng.uniform(-60, 60), rng.uniform(-25, 25))
    led = [moved(record, place) for record in screen(arc(5.0, 6, 12.0))]
    corners = rng.uniform(-3, 3, (4, 3)) + [0, 0, 4]
    line = target(*corners, name="line", kind="line", role="floor")
    eyes = rng.uniform(-12, 0, (20, 2)) * [1, 1]
    house = scene(row(1, eyes, facing=rng.uniform(0, 360, 20)), *led, line)
    found = views(house)
    share = np.linspace(0, 1, 400)
    facets = led[0].facets
    grid = [f[0] + u * (f[1] - f[0]) + v * (f[3] - f[0]) for f in facets for u in share[::7] for v in share[::7]]
    rope = np.concatenate([a + share[:, None] * (b - a) for a, b in pairwise(corners)])
    for name, points in (("led", np.array(grid)), ("line", rope)):
        way = points - house.seats.eyes[:, None]
        rise = np.degrees(np.arctan2(way[..., 2], np.hypot(way[..., 0], way[..., 1])))
        view = found.targets[name]
        assert view.top == pytest.approx(rise.max(axis=1), abs=0.02)
        assert view.bottom == pytest.approx(rise.min(axis=1), abs=0.02)
        ahead = np.arctan2(*(points.mean(axis=0) - house.seats.eyes)[:, 1::-1].T)
        turn = np.degrees((np.arctan2(way[..., 1], way[..., 0]) - ahead[:, None] + np.pi) % (2 * np.pi) - np.pi)
        far = np.hypot(way[..., 0], way[..., 1]).min(axis=1) > 1.5
        assert view.wide[far] == pytest.approx(np.ptp(turn, axis=1)[far], abs=0.05)
    across, up = facets[:, 1] - facets[:, 0], facets[:, 3] - facets[:, 0]
    for eye, got in zip(house.seats.eyes, found.targets["led"].off_axis):
        slow = 0.0
        for f, normal, rise in zip(facets, np.cross(across, up), up):
            for foot in f[:2]:
                way = (eye - foot - rise / 2)[:2]
                cosine = way @ normal[:2] / np.linalg.norm(way) / np.linalg.norm(normal[:2])
                slow = max(slow, np.degrees(np.arccos(cosine)))
        assert got == pytest.approx(slow, abs=1e-6)


def test_each_seat_has_the_figures_of_the_screen_that_it_sees_best():
    """The left screen hangs high and is seen over the heads, the right one stands low."""
    left, right = picture(x=-6, low=4.0, height=2.0, element="left"), picture(x=6, low=0.5, height=1.0, element="right")
    house = replace(ref_500(*left, *right), feeds={"imag": ("left", "right")})
    found = views(house)
    feed, high, low = to_see(house, found)["feed imag"], found.targets["left"], found.targets["right"]
    over, under = (np.fmin(view.c, house.stature.head) for view in (high, low))
    better, apart = over > under, over != under
    assert better.sum() > 400
    for name in ("off_axis", "heights", "readable", "c_solid", "top"):
        best = np.where(better, getattr(high, name), getattr(low, name))
        assert getattr(feed, name)[apart] == pytest.approx(best[apart], nan_ok=True)


def test_who_sees_two_screens_over_whole_heads_looks_at_the_one_that_looks_larger():
    """Nobody sits before the seats of the first row: no screen is seen over more than another, and the nearer one counts."""
    left, right = (picture(x=x, low=3.0, height=2.0, element=name) for x, name in ((-6, "left"), (6, "right")))
    house = replace(ref_500(*left, *right), feeds={"imag": ("left", "right")})
    found = views(house)
    feed, one, other = to_see(house, found)["feed imag"], found.targets["left"], found.targets["right"]
    head = house.stature.head
    both = (one.c >= head) & (other.c >= head)
    assert both.sum() > 28
    assert feed.heights[both] == pytest.approx(np.fmin(one.heights, other.heights)[both])
    either = np.isfinite(one.c) & np.isfinite(other.c)
    assert (np.minimum(feed.c, head) >= np.minimum(np.maximum(one.c, other.c), head) - 1e-9)[either].all()


def test_turning_and_shifting_the_house_500_km_away_changes_no_view():
    house = ref_500(CHEST, *screen(arc(low=2.0)))
    there = frame((412_000.0, -287_000.0, 31.0), 37.0)
    carried = scene(*(moved(record, there) for record in house.records))
    for name, view in views(house).targets.items():
        again = views(carried).targets[name]
        for field in fields(view):
            if isinstance(a := getattr(view, field.name), np.ndarray) and field.name != "focus":
                b = getattr(again, field.name)
                if a.dtype.kind == "f":
                    assert b == pytest.approx(a, abs=1e-6, nan_ok=True), field.name
                else:
                    assert np.array_equal(a, b), field.name


def test_a_mirrored_house_has_the_same_views_from_the_other_side():
    lopsided = [moved(record, frame((1.5, 0.5, 0.0), 12.0)) for record in screen(arc(low=2.0))]
    house = ref_500(target((-2, 1, 2.2), name="mark"), *lopsided)
    other = scene(*(mirrored(record, {name: name for name in house.elements}) for record in house.records))

    def order(of):
        return np.lexsort(np.round(of.T, 6))

    here, there = order(house.seats.eyes), order(other.seats.eyes * [-1, 1, 1])
    for name, view in views(house).targets.items():
        again = views(other).targets[name]
        for field in ("c", "part", "next_c", "distance", "angle", "c_solid", "between", "top", "bottom", "wide", "off_axis",
                      "heights"):  # fmt: skip
            a, b = getattr(view, field)[here], getattr(again, field)[there]
            assert b == pytest.approx(a, nan_ok=True), field
        assert again.edge[there] == pytest.approx(1 - view.edge[here], nan_ok=True)


def test_what_has_not_changed_is_taken_over_and_what_has_is_not():
    first = ref_500(CHEST, *picture())
    before = views(first)
    again = views(ref_500(CHEST, *picture(low=2.1)), before)
    assert again.targets["ref_chest"].c is before.targets["ref_chest"].c
    assert again.targets["led"].c is not before.targets["led"].c
    fresh = views(ref_500(CHEST, *picture(low=2.1)))
    assert again.targets["led"].top == pytest.approx(fresh.targets["led"].top)
    renamed = views(ref_500(replace(CHEST, name="chest")), before)
    assert renamed.targets["chest"].c is before.targets["ref_chest"].c
    assert renamed.targets["chest"].target == "chest"


@pytest.mark.parametrize("change", ["eyes", "facing", "status", "removed_by", "place", "stature", "pixels"])
def test_any_change_to_what_a_view_depends_on_makes_it_anew(change):
    before = views(first := ref_500(*picture(rows=1000)))
    if change == "stature":
        after = replace(first, stature=Stature(head_breadth=0.2))
    elif change == "pixels":
        after = ref_500(*picture(rows=1001))
    else:
        one = first.seat_rows[5]
        array = getattr(one, change).astype(object if getattr(one, change).dtype.kind == "U" else float)
        words = {"status": "kill", "removed_by": "foh", "place": "table"}
        array[3] = words[change] if change in words else array[3] + 0.1
        kind = np.str_ if array.dtype == object else float
        rows = [replace(r, **{change: array.astype(kind)}) if r is one else r for r in first.records]
        after = replace(first, records=tuple(rows))
    assert views(after, before).targets["led"].c is not before.targets["led"].c
    assert views(first, before).targets["led"].c is before.targets["led"].c
