"""The share that a seat sees past fixed things: closed forms, who hides what, and questions without an answer."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft.analysis import _fixed
from stagecraft.analysis._crowd import standing
from stagecraft.analysis.views import views
from stagecraft.analysis.visible import Seen, visible
from stagecraft.errors import VenueError
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame
from stagecraft.geometry.outline import outline, rectangle
from stagecraft.geometry.rays import Rays
from stagecraft.scene import KeepClear, Part, Screen, Space, Target, Viewer, mirrored, moved
from tests.analysis._house import row, scene, target


def led(width=10.0, low=1.0, high=5.0, y=0.0, safe=0.0, element="led", x=0.0):
    """A screen that looks to −y, its box of 0.1 m behind the face, and its target."""
    corners = np.array(
        [[x - width / 2, y, low], [x + width / 2, y, low], [x + width / 2, y, high], [x - width / 2, y, high]]
    )
    return (
        Screen(element, corners[None], None, content_safe_from=safe),
        Target(element, element, corners, "screen", "surface"),
        block(element, (x - width / 2, y, low), (x + width / 2, y + 0.1, high), system="video"),
    )  # fmt: skip


def block(element, low, high, blocks="set", **more):
    return Part(element, shapes.cuboid(low, high), blocks=blocks, **more)


def figure(element="host", at=(0.0, 0.0, 1.0), height=1.75):
    """A person as the presenter is: a target line from the chest to the head top, and two solids."""
    body, head = shapes.figure(height)
    to = np.array([[*at[:2], at[2] + height * 0.57], [*at[:2], at[2] + height]])
    place = frame(at)[None]
    return (
        Target(element, element, to, "person", "line"),
        Part(element, body, place, "person", blocks="none"), Part(element, head, place, "person", blocks="none"),
    )  # fmt: skip


def seen(*records, name="led", samples=1024, apart=0.0):
    return visible(scene(*records), samples, apart).targets[name]


def test_a_column_hides_of_a_wide_screen_what_similar_triangles_say():
    """A round column of diameter d, its middle at distance a, has tangents at sin = d/2a; on the screen at b they are
    2·b·tan apart."""
    diameter, a, b, width = 0.6, 4.0, 12.0, 10.0
    column = Part("room", shapes.cylinder(diameter / 2, 0, 8, (0, -b + a), sides=720), system="column", name="K1",
                  blocks="architecture")  # fmt: skip
    view = seen(row(1, [(0, -b)]), column, *led(width))
    hidden = 2 * b * np.tan(np.arcsin(diameter / 2 / a)) / width
    assert view.share[0] == pytest.approx(1 - hidden, abs=2e-3)
    assert view.by["architecture"][0] == pytest.approx(hidden, abs=2e-3)
    assert view.place[0, 0] == pytest.approx([0.5, 0.5], abs=2e-2)


def test_a_balcony_front_hides_the_top_of_the_screen():
    """Its lower edge at 3.2 m, 4 m in front of an eye at 1.2 m, meets a screen 10 m away at 1.2 + 2·10/4 = 6.2 m."""
    front = block("balcony", (-20, -6.2, 3.2), (20, -6.0, 8), "architecture", name="front")
    view = seen(row(1, [(0, -10)]), front, *led(low=1.2, high=8.2))
    assert view.share[0] == pytest.approx(5 / 7, abs=2e-3)
    assert view.place[0, 0, 1] == pytest.approx(1 - 1 / 7, abs=5e-3)


def test_shares_causes_and_classes_add_up_and_bear_names():
    house = scene(
        row(1, [(0, -10), (3, -10)]), *led(),
        block("room", (-0.2, -6, 0), (0.2, -5.6, 7), "architecture", system="column", name="K1"),
        block("T1", (-9, -4, 3.2), (9, -3.7, 3.5), "rigging", system="truss"),
        block("leg", (3, -1, 0), (4.5, -0.9, 6), system="drape", soft=True),
    )  # fmt: skip
    found = visible(house)
    view = found.targets["led"]
    assert view.share + view.away + sum(view.by.values()) == pytest.approx(1)
    names = [[(found.causes[c].element, found.causes[c].name) for c in some if c >= 0] for some in view.cause]
    assert set(names[0]) == {("room", "K1"), ("T1", ""), ("leg", "")}
    assert (np.diff(view.taken, axis=1) <= 0).all()
    assert view.taken.sum(axis=1) == pytest.approx(1 - view.share)
    assert set(view.by) == {"architecture", "rigging", "set"}
    assert min(share[0] for share in view.by.values()) > 0


def test_people_chairs_and_what_blocks_nothing_hide_nothing():
    wall = {"low": (-9, -5, 0), "high": (9, -4.9, 9)}
    for kind in ({"system": "person"}, {"of_seats": True}, {"blocks": "none"}):
        assert seen(row(1, [(0, -10)]), block("x", **wall, **kind), *led()).share[0] == 1
    assert seen(row(1, [(0, -10)]), block("x", **wall, soft=True), *led()).share[0] == 0


def test_a_screen_is_seen_from_in_front_and_never_hidden_by_itself():
    view = seen(row(1, [(0, -10), (0, 10), (8, 0)]), *led())
    assert view.share.tolist() == [1, 0, 0]
    assert view.away.tolist() == [0, 1, 1]
    assert (view.cause == -1).all()


def test_a_curved_wall_is_seen_facet_by_facet():
    """Three panels of 2 m, the outer ones square to the middle one: from in front of the middle each side shows its
    front; behind the left one's plane only the right one and the middle are left."""
    corners = np.array([[(-1, -2), (-1, 0)], [(-1, 0), (1, 0)], [(1, 0), (1, -2)]], float)
    facets = np.array([[[*a, 1], [*b, 1], [*b, 3], [*a, 3]] for a, b in corners])
    records = Screen("led", facets, None), Target("led", "led", facets.reshape(-1, 3), "screen", "surface")
    view = seen(row(1, [(0, -10), (-3, -10)]), *records)
    assert view.share[0] == pytest.approx(1)
    assert view.away[1] == pytest.approx(1 / 3, abs=2e-3)


def test_the_content_part_counts_apart():
    sill = block("sill", (-9, -5.1, 0), (9, -5, 2.2))  # from 1.2 m at 10 m it hides up to 3.2 m
    view = seen(row(1, [(0, -10)]), sill, *led(low=1.2, high=5.2, safe=2.0), samples=4096)
    assert view.share[0] == pytest.approx(1 - (1.2 + 1 / 4.9 * 10 - 1.2) / 4, abs=2e-3)
    assert view.content[0] == pytest.approx(1 - (10 / 4.9 - 2) / 2, abs=3e-3)
    whole = seen(row(1, [(0, -10)]), sill, *led(low=1.2, high=5.2))
    assert whole.content[0] == whole.share[0]


def test_a_person_is_half_a_metre_wide_from_half_a_metre_above_the_feet():
    """A parapet whose top is level with the eye hides all below it: 1.2 m above a floor of 1 m less the 0.5 m."""
    wall = block("wall", (-9, -4.1, 0), (9, -4, 2.2))
    view = seen(row(1, [(0, -10)], floor=1.0), wall, *figure(), name="host")
    assert view.share[0] == pytest.approx((1.75 - 1.2) / 1.25, abs=2e-3)
    post = block("post", (0, -5.01, 0), (9, -5, 9))  # from the middle to the right
    view = seen(row(1, [(0, -10)]), post, *figure(), name="host")
    assert view.share[0] == pytest.approx(0.5, abs=2e-3)
    assert view.place[0, 0, 0] == pytest.approx(0.75, abs=1e-2)


def test_the_stage_that_a_person_stands_on_does_not_hide_them():
    deck = block("stage", (-5, -1, 0), (5, 4, 1.0))
    assert seen(row(1, [(0, -10), (-4, -2)]), deck, *figure(), name="host").share.tolist() == [1, 1]
    above = seen(row(1, [(0, -2.2)], eye=0.3), deck, *figure(), name="host")
    assert 0 < above.share[0] < 1  # from a pit the stage really stands between


def test_a_person_without_a_figure_is_the_line_that_was_given():
    wall = block("wall", (-9, -4.1, 0), (9, -4, 1.2))
    line = target((0, 0, 0.2), (0, 0, 2.2), role="person")
    assert seen(row(1, [(0, -10)]), wall, line, name="focus").share[0] == pytest.approx(0.5, abs=2e-3)
    assert seen(row(1, [(0, -10)]), wall, target((0, 0, 1.7), role="person"), name="focus").share[0] == 1


def test_points_lines_and_surfaces():
    wall = block("wall", (0, -4.1, 0), (9, -4, 9))
    seat = row(1, [(0, -10)])
    assert seen(seat, wall, target((1, 0, 2)), name="focus").share[0] == 0
    assert seen(seat, wall, target((-1, 0, 2)), name="focus").share[0] == 1
    line = target((-1, 0, 2), (3, 0, 2))
    assert seen(seat, wall, line, name="focus").share[0] == pytest.approx(0.25, abs=2e-3)
    floor = target((-2, 0, 0), (2, 0, 0), (2, 2, 0), (-2, 2, 0), kind="surface")
    assert seen(seat, wall, floor, name="focus").share[0] == pytest.approx(0.5, abs=0.02)


def test_two_eyes_look_past_a_post_that_is_thinner_than_they_are_apart():
    post = block("post", (-0.02, -7.04, 0), (0.02, -7, 9))
    assert seen(row(1, [(0, -10)]), post, *figure(), name="host").share[0] < 0.8
    assert seen(row(1, [(0, -10)]), post, *figure(), name="host", apart=0.063).share[0] == 1
    bar = block("bar", (-9, -7.05, 1.4), (9, -7, 1.5))
    one, two = (seen(row(1, [(0, -10)]), bar, *figure(), name="host", apart=a).share[0] for a in (0.0, 0.063))
    assert one == two < 0.9


def test_a_feed_is_seen_when_one_of_its_screens_is():
    wall = block("wall", (-9, -5, 0), (0, -4.9, 9))
    records = (row(1, [(-3, -10), (3, -10)]), wall, *led(2, x=-5, element="left"), *led(2, x=5, element="right"))
    house = scene(*records)
    house = type(house)(house.about, house.elements, house.records, feeds={"imag": ("left", "right"), "none": ("x",)})
    found = visible(house)
    assert found.targets["left"].share.tolist() == [0, 0]
    assert found.feeds["imag"].share.tolist() == found.targets["right"].share.tolist()
    assert found.feeds["imag"].element == "left right"
    assert set(found.feeds) == {"imag"}


HOUSE = (
    row(1, [(x, -8.0) for x in (-5.0, -2.2, 0.4, 3.1, 4.9)]),
    row(2, [(x, -12.0) for x in (-6.0, -1.0, 0.3, 2.0, 7.7)], floor=1.0),
    *led(),
    *figure(at=(1.0, -1.0, 1.0)),
    block("room", (1.1, -6, 0), (1.6, -5.6, 7), "architecture", name="K1"),
    block("T1", (-9, -4, 3.2), (6, -3.7, 3.5), "rigging"),
    block("leg", (3, -2, 0), (4.5, -1.9, 6), soft=True),
    block("lectern", (0.5, -1.9, 0.0), (1.2, -1.5, 2.1)),
)


def shares(records):
    found = visible(scene(*records), apart=0.0)
    return np.array(
        [[view.share, view.content, view.away, *view.by.values(), view.free] for view in found.targets.values()]
    )


@pytest.mark.parametrize(
    ("at", "turn"), [((0, 0, 0), 37.0), ((400.0, -250.0, 12.0), 0.0), ((500_000.0, 200_000.0, 30.0), 205.0)]
)
def test_turning_and_shifting_the_venue_changes_no_share(at, turn):
    carried = [moved(record, frame(at, turn)) for record in HOUSE]
    before = shares(HOUSE)
    assert 0.4 < np.median(before[:, 0]) < 0.9
    assert np.abs(shares(carried) - before).max() <= 1e-3


def test_mirroring_the_venue_changes_no_share():
    names = {record.element: record.element for record in HOUSE}
    twin = shares([mirrored(record, names) for record in HOUSE])
    before = shares(HOUSE)
    twin[:, :, :5], twin[:, :, 5:] = twin[:, :, 4::-1], twin[:, :, :4:-1]  # seats run from left to right again
    assert np.abs(twin - before).max() <= 1e-3


def test_a_seat_inside_a_solid_sees_nothing_and_says_of_what():
    found = visible(scene(row(1, [(0, -10)]), block("pier", (-1, -11, 0), (1, -9, 4)), *led()))
    view = found.targets["led"]
    assert view.share[0] == 0
    assert found.causes[view.cause[0, 0]].element == "pier"


def test_a_seat_at_the_target_sees_it():
    assert seen(row(1, [(0, 0)]), target((0, 0, 1.2)), name="focus").share.tolist() == [1]


def test_a_target_nobody_can_see():
    box = [block(f"b{k}", low, high) for k, (low, high) in enumerate((
        ((-9, -1.1, 0), (9, -1, 9)), ((-9, 1, 0), (9, 1.1, 9)),
    ))]  # fmt: skip
    view = seen(row(1, [(0, -10), (5, 10)]), *box, *figure(), name="host")
    assert view.share.tolist() == [0, 0]
    assert view.by["set"].tolist() == [1, 1]


def test_no_seats_no_targets_nothing_fixed():
    assert seen(*led()).share.shape == (0,)
    assert seen(*led()).cause.shape == (0, 4)
    assert not visible(scene(row(1, [(0, -10)]))).targets
    assert not visible(scene()).targets
    bare = [record for record in led() if not isinstance(record, Part)]
    assert seen(row(1, [(0, -10)]), *bare).share.tolist() == [1]
    for view in visible(scene(*HOUSE)).targets.values():
        assert all(np.isfinite(getattr(view, name)).all() for name in ("share", "content", "away", "taken", "place"))


def test_seats_in_pieces_are_the_same_as_all_at_once(monkeypatch):
    whole = shares(HOUSE)
    monkeypatch.setattr("stagecraft.analysis.visible._RAYS", 3000)
    assert np.array_equal(shares(HOUSE), whole)


def test_fewer_than_one_sample_and_eyes_nowhere_are_refused():
    with pytest.raises(ValueError, match="at least one sample a target, not 0"):
        visible(scene(), 0)
    with pytest.raises(ValueError, match="eyes cannot be nan m apart"):
        visible(scene(), apart=float("nan"))


def test_targets_of_one_name_are_told_apart_as_in_views():
    from stagecraft.analysis.views import views

    edge = target((0, 0, 1), (1, 0, 1), name="A", role="floor", element="c")
    house = scene(
        row(1, [(0, -10)]), target((0, 0, 2), name="A", element="a"), target((1, 0, 2), name="A", element="b"), edge
    )
    assert set(visible(house).targets) == {"A (a)", "A (b)"} < set(views(house).targets)


def test_captions_stand_in_the_lowest_third_of_what_must_be_read():
    """A sill that hides the lowest 0.8 m of a screen 4 m high hides 0.6 of its lower third; where content begins at 0.8 m
    up, nothing of the third above that; where the sill hides 1.6 m, 0.75 of it."""
    seat = row(1, [(0, -10)], eye=1.0)

    def lower(hides, safe):
        sill = block("sill", (-9, -5.01, 0), (9, -5, 1.0 + hides / 2))
        return seen(seat, sill, *led(low=1.0, high=5.0, safe=safe)).lower[0]

    assert lower(0.8, 0.0) == pytest.approx(0.4, abs=0.012)
    assert lower(0.8, 0.8) == pytest.approx(1.0, abs=0.012)
    assert lower(1.6, 0.8) == pytest.approx(0.25, abs=0.012)


def test_levels_lie_between_the_ends_of_the_target():
    assert seen(row(1, [(0, -10)]), *led(low=1.0, high=5.0)).ends == (1.0, 5.0)
    assert seen(row(1, [(0, -10)]), *figure(), name="host").ends == pytest.approx((1.5, 2.75))
    assert seen(row(1, [(0, -10)]), target((0, 0, 1.3)), name="focus").ends == (1.3, 1.3)


# --- people


def operator(x, y, z=1.2, kind="operator"):
    return Viewer("desk", "desk", np.array([x, y, z]), np.array([0.0, 10.0, z]), kind)


def test_who_sits_straight_in_front_hides_a_point_and_is_named():
    """A line of three eyes to a point: the middle one's head is on the way."""
    mark = target((0, 0, 1.2))
    found = visible(scene(row(1, [(0, -5), (3, -5)]), row(2, [(0, -10)]), mark)).targets["focus"]
    assert found.share.tolist() == [1, 1, 1]
    assert found.free.tolist() == [1, 1, 0]
    assert found.people.tolist() == [0, 0, 1]
    assert found.front.tolist() == [-1, -1, 0]
    assert found.front_taken.tolist() == [0, 0, 1]


def test_a_head_hides_of_a_screen_what_its_cone_cuts_out():
    """A head with half axes a, a and c, its middle level with the eye and at distance d: on a wall at D its shadow is an
    ellipse with half axes a·D/d/√(1 − (a/d)²) and c·D/d/√(1 − (a/d)²). The screen begins at its middle."""
    a, c, d, far = 0.0775, 0.12, 1.0, 10.0
    house = scene(row(1, [(0, d - far)]), row(2, [(0, -far)]), *led(width=4, low=1.2, high=3.2)[:2])
    found = visible(replace(house, stature=replace(house.stature, head_length=2 * a, shoulder=9.0)), 65_536)
    view = found.targets["led"]
    shadow = np.pi * (a * far / d) * (c * far / d) / (1 - (a / d) ** 2) / 2
    assert view.free[1] == pytest.approx(1 - shadow / (4 * 2), abs=2e-4)
    assert view.front[1] == 0
    assert view.front_taken[1] == pytest.approx(1 - view.free[1])


def test_nobody_sits_on_a_killed_or_removed_seat_and_fronts_are_seats_as_laid_out():
    first = row(1, [(-3, -5), (0, -5)], removed_by=["pillar", ""])
    rows = first, row(2, [(0, -10)])
    found = visible(scene(*rows, target((0, 0, 1.2)))).targets["focus"]
    assert found.front.tolist() == [-1, 1]
    assert found.free.tolist() == [1, 0]
    rows = row(1, [(0, -5)], status="kill"), row(2, [(0, -10)])
    found = visible(scene(*rows, target((0, 0, 1.2)))).targets["focus"]
    assert found.free.tolist() == [1, 1]


def test_people_and_fixed_things_are_kept_apart():
    """A wall over the right half of the line, a head in front of all of it: the head takes all that the wall leaves."""
    wall = block("wall", (0, -8, 0), (9, -7.9, 9))
    close = row(1, [(0, -9.7)], floor=0.1), row(2, [(0, -10)])
    line = target((-0.2, 0, 1.2), (0.2, 0, 1.2))
    found = visible(scene(*close, wall, line), apart=0.0).targets["focus"]
    alone = visible(scene(close[1], wall, line), apart=0.0).targets["focus"]
    assert found.share[1] == alone.share[0] == 0.5
    assert found.by["set"][1] == alone.by["set"][0]
    assert (found.free[1], found.people[1]) == (0, 1)
    assert found.front_taken[1] == 1  # of the whole target, past the wall or not
    assert (alone.free == alone.share).all()


def test_an_operator_is_in_the_way_a_camera_and_a_presenter_are_not():
    back = row(1, [(0, -10)])
    for kind, free in (("operator", 0), ("camera", 1), ("presenter", 1)):
        assert visible(scene(back, operator(0, -5, kind=kind), target((0, 0, 1.2)))).targets["focus"].free[0] == free


def test_rows_are_free_from_a_level_on():
    """Row 2 looks over row 1, 1 m in front and as high: the top of the heads, 0.12 m above the eyes, meets a screen 9 m
    behind them at 1.2 + 0.12 · 10 = 2.4 m, and above that everything is free."""
    x = np.arange(-3, 3.1, 0.5)
    rows = row(1, np.c_[x, np.full(13, -9.0)]), row(2, np.c_[x, np.full(13, -10.0)])
    found = visible(scene(*rows, *led(width=2, low=1.2, high=4.2))).targets["led"]
    height = 1.2 + 3 * found.levels
    assert len(found.levels) == 64
    assert (np.diff(found.levels) > 0).all()
    assert found.row_free.shape == (2, 64)
    assert (found.row_free[0] == 1).all()
    assert (found.row_free[1][height > 2.45] == 1).all()
    assert (found.row_free[1][height < 1.6] < 0.8).all()
    assert (np.diff(found.row_free[1]) >= -0.05).all()


def test_killed_seats_have_no_part_in_the_figure_of_their_row():
    rows = row(1, [(0, -5)], status="kill"), row(2, [(0, -9), (2, -9)], status=["open", "kill"]), row(3, [(0, -10)])
    found = visible(scene(*rows, target((0, 0, 1.2)))).targets["focus"]
    assert np.isnan(found.row_free[0]).all()
    assert found.row_free[1:].tolist() == [[1.0], [0.0]]
    assert found.levels.tolist() == [0.5]


# --- standing areas


def area(capacity=40, shape=None, floor=0.0, at=(0, -5)):
    return Space("pit", shape or rectangle(8, 4, at), floor, 2.0, "standing", capacity)


def test_a_standing_area_holds_its_capacity_evenly_inside_its_outline():
    import shapely

    for shape in (None, outline([(-4, -7), (4, -7), (4, -3), (2, -3), (2, -5), (-4, -5)])):
        eyes = standing(scene(area(40, shape)))
        assert len(eyes) == 40
        assert (eyes[:, 2] == 1.6).all()
        assert shapely.contains_xy(area(40, shape).outline.polygon, eyes[:, 0], eyes[:, 1]).all()
        apart = np.linalg.norm(eyes[:, None] - eyes, axis=2) + 99 * np.eye(40)
        assert apart.min() > 0.6 * np.sqrt(area(40, shape).outline.area / 40)
    assert standing(scene(area(40))).tolist() == standing(scene(area(40))).tolist()


def test_who_stands_hides_and_does_not_count_among_those_who_look():
    back = row(1, np.c_[np.linspace(-3, 3, 40), np.full(40, -12.0)])
    wall = led(width=6, low=0.5, high=2.5)[:2]
    found = visible(scene(back, area(60), *wall)).targets["led"]
    assert len(found.share) == 40
    assert (found.share == 1).all()
    assert found.free.max() < 0.8
    taken = found.front_taken > 0
    assert taken.all()
    assert (found.front[taken] == -1).all()  # no seat
    seated = row(2, [(0, -5)], element="pit")
    assert (
        visible(scene(back, area(60), seated, *wall)).targets["led"].free[:40].mean() > 0.9
    )  # its seats are its people


def test_nobody_stands_in_what_is_kept_clear():
    clear = KeepClear("foh", rectangle(4, 4, (2, -5)), 0.0, 2.0, "clear of FOH")
    eyes = standing(scene(area(30), clear))
    assert len(eyes) == 30
    assert eyes[:, 0].max() < 0
    whole = KeepClear("foh", rectangle(40, 40), 0.0, 2.0, "clear of FOH")
    assert not len(standing(scene(area(30), whole)))


# --- viewers and signs


def test_a_camera_looks_past_its_own_body_and_an_operator_past_their_own_head():
    body = block("cam", (-0.1, -10.3, 1.1), (0.1, -9.8, 1.3), system="camera")
    lens = Viewer("cam", "Camera", np.array([0, -10, 1.2]), np.array([0, 0, 2.0]), "camera")
    wall = block("wall", (0, -5, 0), (9, -4.9, 9))
    for more, share in (((), 1.0), ((wall,), 0.5)):
        found = visible(scene(row(1, [(0, -12)]), body, lens, operator(1, -11), *more, *led()))
        view = found.targets["led"]
        assert found.viewers[0].name == "Camera"
        assert [v.element for v in found.viewers] == ["cam", "desk"]
        assert view.viewers[0] == pytest.approx(share, abs=0.02)
        assert view.viewers_free.tolist() == view.viewers.tolist()
        assert view.share.shape == (1,)
    assert view.viewers[1] != view.viewers[0]


def sign(x=0.0, y=0.0, element="exit", name="EXIT"):
    face = np.array([(-0.2, 0, 2.2), (0.2, 0, 2.2), (0.2, 0, 2.4), (-0.2, 0, 2.4)]) + (x, y, 0)
    return Target(element, name, face, "sign", "surface")


def test_a_sign_is_seen_from_its_front_and_so_is_its_twin():
    seats = row(1, [(-5, -8), (5, -8), (0, 5)])
    found = visible(scene(seats, sign(2, element="a"), mirrored(sign(2, element="a"), {"a": "b"})))
    assert set(found.targets) == {"EXIT (a)", "EXIT (b)"}
    for view in found.targets.values():
        assert view.role == "sign"
        assert view.share.tolist() == [1, 1, 0]
        assert view.away.tolist() == [0, 0, 1]


def test_a_sign_that_shares_the_name_of_a_target_leaves_it_its_name():
    found = visible(scene(row(1, [(0, -8)]), sign(name="focus"), target((0, 0, 2))))
    assert list(found.targets) == ["focus", "focus (exit)"]
    assert found.targets["focus"].role == "focus"


# --- what is taken over from an earlier answer

ROOM = (
    *HOUSE,
    sign(-4.0, 0.5),
    area(20, at=(-4, -4)),
    Viewer("cam", "Camera", np.array([5, -11, 1.6]), np.array([0, 0, 2.0]), "camera"),
    row(3, [(-3.0, -14.0), (2.0, -14.0)], floor=1.5, status=["open", "kill"]),
)


def every(found):
    """All that an answer says, as plain arrays by name."""
    out = {"ids": found.ids, "causes": [repr(cause) for cause in found.causes]}
    for kind in (found.targets, found.feeds):
        for name, view in kind.items():
            for f in fields(Seen):
                value = getattr(view, f.name)
                more = value if f.name == "by" else {"": value}
                out |= {f"{name} {f.name} {word}": one for word, one in more.items()}
    return out


def agree(a, b):
    a, b = every(a), every(b)
    assert a.keys() == b.keys()
    for name, value in a.items():
        np.testing.assert_array_equal(value, b[name], err_msg=name)


def carried(records, element, *by):
    return [moved(r, frame(by)) if r.element == element else r for r in records]


CHANGES = {
    "nothing": lambda r: list(r),
    "a solid moves": lambda r: carried(r, "lectern", 0.3, -0.4, 0),
    "and moves again": lambda r: carried(r, "lectern", -0.6, 0.1, 0),
    "a truss comes down": lambda r: carried(r, "T1", 0, 0, -0.8),
    "a column goes": lambda r: [one for one in r if one.element != "room"],
    "a column is new": lambda r: [*r, block("new", (-2, -6, 0), (-1.5, -5.6, 7), "architecture", name="K2")],
    "the screen moves": lambda r: carried(r, "led", 0.5, 0, 0),
    "the seats move": lambda r: carried(r, "stalls", 0.2, 0.1, 0),
    "everything else is another thing": lambda r: [
        replace(one, element="x" + one.element) if isinstance(one, Part) else one for one in r
    ],
}


def test_what_is_taken_over_is_exactly_what_would_be_found_anew():
    before = visible(scene(*ROOM))
    records = ROOM
    for change in (*CHANGES.values(), CHANGES["a solid moves"], CHANGES["nothing"]):
        records = change(records)
        now = visible(scene(*records), before=before)
        agree(now, visible(scene(*records)))
        before = now
    for samples, apart in ((64, None), (64, 0.0), (1024, None)):
        now = visible(scene(*records), samples, apart, before=before)
        agree(now, visible(scene(*records), samples, apart))
        before = now


def followed(monkeypatch):
    """Counts rays."""
    count = [0]
    for name in ("stopped", "met"):
        real = getattr(Rays, name)

        def counted(self, origins, ways, far, real=real):
            count[0] += len(far)
            return real(self, origins, ways, far)

        monkeypatch.setattr(Rays, name, counted)
    return count


def test_who_moves_one_thing_again_asks_only_the_rays_that_may_meet_it(monkeypatch):
    rays = followed(monkeypatch)
    one = visible(scene(*ROOM))
    whole = rays[0]
    rays[0] = 0
    again = visible(scene(*ROOM), before=one)
    assert rays[0] == 0
    two = visible(scene(*carried(ROOM, "leg", 0.1, 0, 0)), before=again)
    rays[0] = 0
    visible(scene(*carried(ROOM, "leg", 0.2, 0, 0)), before=two)
    assert 0 < rays[0] < 0.5 * whole


def test_what_is_kept_for_the_next_answer_has_a_bound(monkeypatch):
    from stagecraft.analysis import visible as module

    free = visible(scene(*ROOM))
    monkeypatch.setattr(module, "_KEEP", 5_000)
    bound = visible(scene(*ROOM))
    agree(free, bound)
    assert 1 < len(bound.memo) < len(free.memo)
    agree(visible(scene(*ROOM), before=bound), free)


def test_trees_that_are_kept_have_a_bound(monkeypatch):
    monkeypatch.setattr(_fixed, "_TREES", 3)
    for k in range(6):
        visible(scene(*carried(ROOM, "leg", 0.01 * k, 0, 0)))
    assert len(_fixed._KEPT) <= 3
    monkeypatch.setattr(_fixed, "_TRIANGLES", 1)
    visible(scene(*ROOM))
    assert len(_fixed._KEPT) == 1


def test_nothing_is_lost_of_what_is_not_asked(monkeypatch):
    """Eyes that cannot look through a box are left out; asking all of them gives the same."""
    houses = [scene(*ROOM, *box) for box in (
        (), [block("over", (-9, -7, 6), (9, -6, 7))], [block("beside", (8, -9, 0), (9, -2, 9))],
    )]  # fmt: skip
    monkeypatch.setattr(_fixed, "_LARGE", 0)
    less = [visible(house) for house in houses]
    monkeypatch.setattr(_fixed.Sightlines, "toward", lambda self, box: np.arange(len(self.eyes)))
    for house, answer in zip(houses, less):
        agree(answer, visible(house))


def test_classes_in_trees_of_their_own_say_what_one_tree_says(monkeypatch):
    together = visible(scene(*ROOM))
    monkeypatch.setattr(_fixed, "_LARGE", 0)
    agree(together, visible(scene(*ROOM)))


# --- odd input


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (row(1, [(np.nan, -10)]), "stalls: the eye of seat stalls/1/0 is at no finite number"),
        (target((0, np.inf, 2)), "mark: a point of focus is at no finite number"),
        (target(), "mark: focus has no point that could be seen"),
        (row(1, [(0, -10)], facing=np.nan), "stalls: the eye of seat stalls/1/0 is at no finite number, or it looks nowhere"),
        (led(low=np.nan)[0], "led: a point of led is at no finite number"),
        (replace(block("box", (0, 0, 0), (1, 1, 1)), transforms=np.full((1, 4, 4), np.nan)),
         "box: a corner of it is at no finite number"),
        (Viewer("cam", "Camera", np.array([0, np.nan, 0]), np.zeros(3)), "cam: the eye of Camera is at no finite number"),
    ],
)  # fmt: skip
def test_what_stands_nowhere_is_named(broken, words):
    sound = [row(1, [(0, -10)], element="back"), target((0, 0, 2), element="other", name="mark")]
    with pytest.raises(VenueError, match=words):
        visible(scene(*sound, *led(), broken))


def test_who_is_inside_a_solid_with_the_target_sees_nothing_but_that():
    found = visible(scene(row(1, [(0, -10), (30, -10)]), block("hill", (-20, -20, -1), (20, 20, 20)), *led()))
    view = found.targets["led"]
    assert view.share.tolist() == [0, 0]
    assert view.by["set"].tolist() == [1, 1]
    assert {found.causes[c].element for c in view.cause[:, 0]} == {"hill"}


def test_who_sits_on_a_tread_or_under_a_balcony_is_inside_of_neither():
    tread, slab = block("tier", (-9, -11, 0), (9, -9, 1.0)), block("balcony", (-9, -12, 3), (9, -8, 3.4))
    assert seen(row(1, [(0, -10)], floor=1.0), tread, slab, *led(low=1.5, high=2.5)).share[0] == 1


# --- long answers


def test_progress_rises_to_the_end(monkeypatch):
    monkeypatch.setattr("stagecraft.analysis.visible._RAYS", 3000)
    told = []
    visible(scene(*ROOM), progress=told.append)
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1] == 1


def test_views_look_once_and_tell_how_far_they_are():
    from stagecraft.analysis.views import Views, views

    told = []
    seen = views(scene(*ROOM))
    found = seen.look(told.append)
    assert told[-1] == 1
    assert seen.visible is found is seen.look(told.append)
    assert told.count(1) == 1
    assert views(scene(*ROOM), before=seen).earlier is found
    with pytest.raises(ValueError, match="do not know their scene"):
        _ = Views(seen.ids, seen.targets).visible


def test_an_interruption_ends_it_after_the_pieces_in_hand(monkeypatch):
    from stagecraft.analysis import visible as module

    done, real = [], module._Work.follow

    def follow(self, look, some):
        done.append(some)
        real(self, look, some)

    def interrupt(part):
        raise KeyboardInterrupt

    monkeypatch.setattr(module._Work, "follow", follow)
    monkeypatch.setattr(module, "_RAYS", 1024)
    visible(scene(*ROOM))
    total = len(done)
    done.clear()
    with pytest.raises(KeyboardInterrupt):
        visible(scene(*ROOM), progress=interrupt)
    assert total > 20
    assert 1 <= len(done) < total  # how many are in hand is for the threads to say


# --- what must not matter


@settings(max_examples=12, deadline=None)
@given(
    turn=st.floats(0, 360), x=st.floats(-5e5, 5e5), y=st.floats(-5e5, 5e5), z=st.floats(-100, 3000),
    flip=st.booleans(), seed=st.integers(0, 9),
)  # fmt: skip
def test_wherever_and_whichever_way_round_a_house_stands_its_seats_see_the_same(turn, x, y, z, flip, seed):
    rng = np.random.default_rng(seed)
    posts = [
        Part(
            f"p{k}", shapes.cylinder(0.2, 0, float(rng.uniform(1, 6)), tuple(rng.uniform((-4, -7), (4, -2))), sides=24)
        )
        for k in range(5)
    ]
    seats = row(1, np.c_[rng.uniform(-6, 6, 4), [-9.0, -9.7, -10.4, -11.1]]), row(2, [(0.3, -13.0)], floor=0.5)
    house = (*seats, *led(6), *figure(at=(0.5, -1, 0.8)), *posts, sign(-3.3, 0.2))
    names = {record.element: record.element for record in house}
    other = [moved(mirrored(r, names) if flip else r, frame((x, y, z), turn)) for r in house]
    here, there = visible(scene(*house)), visible(scene(*other))
    for name, view in here.targets.items():
        twin = there.targets[name]
        order = [3, 2, 1, 0, 4] if flip else list(range(5))
        for what in ("share", "free", "away", "people"):
            a, b = getattr(view, what), getattr(twin, what)[order]
            np.testing.assert_allclose(a, b, rtol=0, atol=4e-3 if what == "people" else 3e-3, err_msg=f"{name} {what}")


def test_without_embree_the_answer_is_the_same(monkeypatch):
    from stagecraft.geometry import rays

    one = visible(scene(*ROOM))
    monkeypatch.setattr(rays, "_engine", lambda triangles: rays.Tree(triangles, compiled=True))
    _fixed._KEPT.clear()
    other = visible(scene(*ROOM))
    _fixed._KEPT.clear()
    for name, view in one.targets.items():
        for what in ("share", "free", "viewers", "away"):
            a, b = getattr(view, what), getattr(other.targets[name], what)
            np.testing.assert_allclose(a, b, rtol=0, atol=2 / 1024, err_msg=f"{name} {what}")


def test_a_presenter_who_walks_is_seen_as_the_mean_over_the_middle_and_the_corners_of_the_zone():
    """A wall hides two of the five places, whole: three fifths are left, and the wall takes a fifth at the worst place."""
    person = figure()
    corners = np.array([[-3, -1, 1.0], [3, -1, 1.0], [3, 1, 1.0], [-3, 1, 1.0]])
    zone = Target("host", "host zone", corners, "floor", "surface")
    wall = block("flat", (-6, -3.1, 0), (-1, -3, 6))
    house = scene(row(1, [(0, -12)]), *person, zone, wall)
    assert set(visible(house).targets) == {"host"}
    found = visible(house, 256, roles=("floor",))
    (walked,) = found.targets.values()
    assert walked.share[0] == pytest.approx(3 / 5)
    assert walked.by["set"][0] == pytest.approx(2 / 5)
    assert (found.causes[walked.cause[0, 0]].element, walked.taken[0, 0]) == ("flat", pytest.approx(1 / 5))
    assert walked.free[0] == walked.share[0]


def test_the_edge_of_a_stage_is_stated_where_somebody_asks():
    edge = Target("stage", "front edge", np.array([[-5, 0, 1.0], [5, 0, 1.0]]), "floor", "line")
    wall = block("flat", (-20, -6.1, 0), (0, -6, 6))
    house = scene(row(1, [(0, -12)]), *led(), edge, wall)
    made = views(house)
    assert set(made.visible.targets) == {"led"}
    assert made.stated.targets["front edge"].share[0] == pytest.approx(0.5, abs=0.01)
