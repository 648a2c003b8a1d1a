"""The share that a seat sees past fixed things: closed forms, who hides what, and questions without an answer."""

import numpy as np
import pytest

from stagecraft.analysis.visible import visible
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame
from stagecraft.scene import Part, Screen, Target, mirrored, moved
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
    return np.array([[view.share, view.content, view.away, *view.by.values()] for view in found.targets.values()])


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
