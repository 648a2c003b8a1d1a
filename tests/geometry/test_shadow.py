"""Shadows of people: closed forms, and what no shadow may do."""

import math

import numpy as np
import pytest

from stagecraft.geometry import shadow, surface
from stagecraft.geometry.shadow import Bodies
from stagecraft.scene import Stature

FINE = 65_536
STATURE = Stature()


def wall(left=(-4, 5), right=(4, 5), low=0.0, high=4.0, samples=1024):
    corners = [[*left, low], [*right, low], [*right, high], [*left, high]]
    return surface.picture(np.array([corners], float), np.zeros(1), samples)


def curved(facets=6, samples=1000):
    turn = np.linspace(2.6, 0.54, facets + 1)
    x, y = 5 * np.cos(turn), 5 * np.sin(turn)
    corners = [[[x[k + i], y[k + i], z] for i, z in ((0, 0.5), (1, 0.5), (1, 3), (0, 3))] for k in range(facets)]
    return surface.picture(np.array(corners), np.zeros(facets), samples)


def ball(at, radius, owner=0):
    return Bodies(np.array([at], float), np.zeros(1), np.full((1, 3), float(radius)), np.array([owner]))


def house(n=40, seed=1):
    rng = np.random.default_rng(seed)
    eyes = np.c_[rng.uniform(-5, 5, n), rng.uniform(-6, 1, n), rng.uniform(1.1, 1.7, n)]
    return eyes, shadow.people(eyes, rng.uniform(0, 360, n), STATURE, rng.random(n) < 0.3)


def part(bodies, target, eye=(0.0, 0.0, 0.0)):
    return shadow.hidden([eye], -1, bodies, target).taken[0]


def test_a_ball_straight_ahead_hides_a_circle():
    radius, away, plane = 0.4, 2.0, 5.0
    shade = plane * radius / math.sqrt(away**2 - radius**2)
    target = wall(low=-2.0, high=2.0, samples=FINE)
    assert part(ball((0, away, 0), radius), target) == pytest.approx(math.pi * shade**2 / 32, rel=2e-3)


def test_a_ball_to_the_side_hides_an_ellipse():
    """Cone of half-angle α whose axis leans by θ from the plane's normal: axes h·sinα·cosα/q and h·sinα/√q with
    q = cos²θ − sin²α."""
    radius, at, plane = 0.3, np.array([0.9, 2.0, 0.4]), 5.0
    away = np.linalg.norm(at)
    sine, cosine = radius / away, at[1] / away
    q = cosine**2 - sine**2
    area = math.pi * plane**2 * sine**2 * math.sqrt(1 - sine**2) / q**1.5
    target = wall(low=-2.0, high=2.0, samples=FINE)
    assert part(ball(at, radius), target) == pytest.approx(area / 32, rel=2e-3)


@pytest.mark.parametrize("fall", [0.0, 0.15])
def test_the_shadow_of_one_head_in_line_ends_where_the_tangent_meets_the_wall(fall):
    """Slope m of the line from the eye that touches the head from above: (mT + fall)² = head² + m²·(length/2)²."""
    pitch, deep = 0.9, STATURE.head_length / 2
    a, b, c = pitch**2 - deep**2, 2 * pitch * fall, fall**2 - STATURE.head**2
    slope = (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    eyes = np.array([[0.0, -pitch, 1.2 + fall], [0.0, 0.0, 1.2]])
    target = wall((-0.01, 5), (0.01, 5), 0, 3, FINE)
    answer = shadow.hidden(eyes[:1], 0, shadow.people(eyes, 90.0, STATURE), target)
    dark = shadow.unpack(answer.bits, len(target))[0]
    edge = eyes[0, 2] + slope * (pitch + 5)
    assert edge - 5e-4 < target.points[dark, 2].max() <= edge
    assert answer.front.tolist() == [1]


def test_heads_end_above_the_eye_and_shoulders_begin_below_it_as_the_stature_says():
    eyes = np.array([[0, 0, 1.2], [1, 0, 1.6]], float)
    bodies = shadow.people(eyes, [0.0, 90.0], STATURE, [False, True])
    top = bodies.centre[:, 2] + bodies.radii[:, 2]
    assert top[:2] - eyes[:, 2] == pytest.approx([STATURE.head] * 2)
    assert eyes[:, 2] - top[2:] == pytest.approx([STATURE.shoulder] * 2)
    assert 2 * bodies.radii[:, 0] == pytest.approx([STATURE.head_breadth] * 2 + [STATURE.shoulder_breadth] * 2)
    assert bodies.radii[3, 2] > bodies.radii[2, 2]
    assert bodies.owner.tolist() == [0, 1, 0, 1]
    assert bodies.yaw == pytest.approx([0, math.pi / 2] * 2)


def test_a_head_is_narrower_from_the_front_than_from_the_side():
    eyes = np.array([[0, 2, 0]], float)
    target = wall((-2, 5), (2, 5), -0.25, 0.25, FINE)
    sides = [part(shadow.people(eyes, turn, STATURE), target) for turn in (90.0, 270.0, 0.0)]
    assert sides[0] == sides[1]
    assert sides[2] / sides[0] == pytest.approx(STATURE.head_length / STATURE.head_breadth, rel=0.03)


@pytest.mark.parametrize("target", [wall(), curved(), surface.upright(np.array([0.0, 5, 0]), 1.8, 0.5, 1024)])
def test_nobody_hides_anything_from_himself(target):
    eyes, bodies = house()
    k = np.arange(len(eyes))
    alone = [
        Bodies(bodies.centre[m], bodies.yaw[m], bodies.radii[m], bodies.owner[m]) for m in bodies.owner == k[:, None]
    ]
    assert not any(shadow.hidden(eyes[[i]], i, alone[i], target).bits.any() for i in k)
    everybody = shadow.hidden(eyes, -1, bodies, target)
    assert (everybody.taken == 1).all()
    assert everybody.front.tolist() == k.tolist()


@pytest.mark.parametrize("at", [(0, -1, 0), (0, 6, 0), (0, 5.5, 0), (0.0, 0.0, 3.0)])
def test_what_is_behind_the_eye_behind_the_target_or_beside_the_way_hides_nothing(at):
    target = wall(low=-1.0, high=1.0)
    answer = shadow.hidden([[0, 0, 0]], -1, ball(at, 0.4), target)
    assert not answer.bits.any()
    assert answer.front.tolist() == [-1]
    assert answer.taken.tolist() == [0]


def test_a_body_that_the_wall_cuts_hides_a_disc_where_it_stands_out():
    """From far away, a ball round a point of the wall hides what its own outline covers."""
    target = wall(low=-2.0, high=2.0, samples=FINE)
    hidden = part(ball((0, 5, 0), 1.0), target, (0.0, -1e4, 0.0))
    assert hidden == pytest.approx(math.pi / 32, rel=2e-3)


def test_an_eye_in_a_stranger_sees_nothing():
    assert part(ball((0, 0.1, 0), 0.4), curved()) == 1


def test_nobody_to_hide_and_nobody_to_see():
    eyes, bodies = house()
    nobody = shadow.people(np.zeros((0, 3)), np.zeros(0), STATURE)
    target = wall()
    none = shadow.hidden(eyes, -1, nobody, target)
    assert not none.bits.any()
    assert (none.front == -1).all()
    assert shadow.hidden(np.zeros((0, 3)), np.zeros(0, int), bodies, target).bits.shape == (0, 16)


@pytest.mark.parametrize("target", [wall(samples=4096), surface.upright(np.array([0.0, 5, 0]), 1.8, 0.5, 4096)])
def test_mirrored_houses_have_mirrored_shadows(target):
    eyes, bodies = house()
    over = np.array([-1.0, 1, 1])
    twin = Bodies(bodies.centre * over, np.pi - bodies.yaw, bodies.radii, bodies.owner)
    k = np.arange(len(eyes))
    here = shadow.unpack(shadow.hidden(eyes, k, bodies, target).bits, len(target))
    there = shadow.unpack(shadow.hidden(eyes * over, k, twin, target).bits, len(target))
    other = np.lexsort((np.round(1 - target.place[:, 0], 9), target.place[:, 1]))
    mine = np.lexsort((np.round(target.place[:, 0], 9), target.place[:, 1]))
    assert 0.05 < here.mean() < 0.95
    np.testing.assert_array_equal(here[:, mine], there[:, other])


@pytest.mark.parametrize("target", [wall, curved])
def test_survey_coordinates_change_nothing(target):
    away = np.array([448_252.5, 5_411_943.25, 116.5])
    eyes, bodies = house()
    near = target()
    far = surface.Surface(
        near.points + away, near.place, heights=near.heights, shifts=near.shifts, origin=near.origin + away,
        right=near.right, up=near.up, span=near.span,
    )  # fmt: skip
    moved = Bodies(bodies.centre + away, bodies.yaw, bodies.radii, bodies.owner)
    k = np.arange(len(eyes))
    here, there = shadow.hidden(eyes, k, bodies, near), shadow.hidden(eyes + away, k, moved, far)
    assert shadow.count(here.bits ^ there.bits).sum() <= 1
    np.testing.assert_array_equal(here.front, there.front)


def test_many_eyes_in_pieces_are_the_same_as_one_after_another(monkeypatch):
    eyes, bodies = house(90)
    target, k = curved(), np.arange(90)
    one = [shadow.hidden(eyes[[i]], i, bodies, target) for i in k]
    monkeypatch.setattr(shadow, "_FEW", 7)
    many = shadow.hidden(eyes, k, bodies, target)
    np.testing.assert_array_equal(many.bits, np.concatenate([answer.bits for answer in one]))
    np.testing.assert_array_equal(many.front, np.concatenate([answer.front for answer in one]))
    np.testing.assert_array_equal(many.taken, np.concatenate([answer.taken for answer in one]))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_somebody_nowhere_is_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        shadow.hidden([[bad, 0, 0]], -1, ball((0, 2, 0), 0.4), wall())
    with pytest.raises(ValueError, match="finite"):
        shadow.hidden([[0, 0, 0]], -1, ball((0, bad, 0), 0.4), wall())
    with pytest.raises(ValueError, match="finite"):
        shadow.hidden([[0, 0, 0]], -1, ball((0, 2, 0), 0.4), surface.point(np.array([0, bad, 0])))
    with pytest.raises(ValueError, match="no size"):
        shadow.hidden([[0, 0, 0]], -1, ball((0, 2, 0), 0.0), wall())


@pytest.mark.parametrize("samples", [1, 63, 64, 65, 1000])
def test_bits_go_in_and_out(samples):
    some = np.random.default_rng(samples).random((5, samples)) < 0.4
    other = np.random.default_rng(0).random((5, samples)) < 0.5
    bits = shadow.pack(some)
    assert bits.shape == (5, -(-samples // 64))
    np.testing.assert_array_equal(shadow.unpack(bits, samples), some)
    np.testing.assert_array_equal(shadow.count(bits), some.sum(axis=1))
    np.testing.assert_array_equal(shadow.count(bits, shadow.pack(other)), (some & other).sum(axis=1))
    assert (bits[3, (samples - 1) // 64] >> np.uint64((samples - 1) % 64)) & np.uint64(1) == some[3, samples - 1]


@pytest.mark.parametrize("target", [wall(), curved(samples=100), surface.point(np.zeros(3))])
def test_free_shares_by_level_are_those_counted_one_by_one(target):
    rng = np.random.default_rng(3)
    n, m = 30, len(target)
    dark, counts = rng.random((n, m)) < 0.4, rng.random((n, m)) < 0.7
    counts[:10] = True
    counts[10] = False
    group = rng.integers(-1, 3, n)
    group[10:12] = (3, 0)
    levels, free = shadow.by_level(shadow.pack(dark), target, group, 5, shadow.pack(counts))
    size = len(levels)
    assert free.shape == (5, size)
    assert levels == pytest.approx((np.arange(size) + 0.5) / size)
    level = np.minimum((target.place[:, 1] * size).astype(int), size - 1)
    for g in range(3):
        for k in range(size):
            where = np.ix_(group == g, level == k)
            assert free[g, k] == pytest.approx((~dark & counts)[where].sum() / counts[where].sum(), abs=1e-12)
    assert np.isnan(free[3:]).all()
    everything = shadow.pack(np.ones((n, m), bool))
    without, with_all = (
        shadow.by_level(shadow.pack(dark), target, group, 5, *valid)[1] for valid in ((), (everything,))
    )
    np.testing.assert_array_equal(without, with_all)
