"""Free distances: closed forms, manifold3d's min_gap as an oracle that shares no code, and what FCL alone gets wrong."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.geometry import distance, gaps, shapes
from stagecraft.geometry.distance import Bodies, Body, gap, near
from stagecraft.geometry.frame import IDENTITY, frame, frames
from stagecraft.geometry.outline import outline, rectangle
from stagecraft.geometry.solid import joined

FAR = 60.0
"""As far as the oracle looks. [m]"""
L_SHAPE = [(0, 0), (3, 0), (3, 1), (1, 1), (1, 3), (0, 3)]
WALLS = shapes.prism(outline(rectangle(6, 6).outer.points, [rectangle(5, 5).outer.points]), 0, 3)


def turned(rng):
    """A rotation about any axis, from a random unit quaternion."""
    w, x, y, z = (q := rng.normal(size=4)) / np.linalg.norm(q)
    out = np.eye(4)
    out[:3, :3] = [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                   [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                   [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]  # fmt: skip
    return out


def convex(rng):
    return (shapes.box(*rng.uniform(0.01, 3, 3)), shapes.cylinder(rng.uniform(0.02, 1), 0, rng.uniform(0.1, 3)),
            shapes.wedge(*rng.uniform(0.1, 3, 3)), shapes.sphere(rng.uniform(0.05, 1)),
            shapes.rod((0, 0, 0), rng.uniform(-3, 3, 3), 0.05))  # fmt: skip


def concave(rng):
    return (shapes.stair_flight(1, 0.3, 0.17, 5), shapes.table(rectangle(2, 0.7), 0.75), WALLS,
            shapes.truss_bays(3, 0.3, 0.3, 0.05), shapes.prism(outline(L_SHAPE), 0, 1),
            joined([shapes.box(0.3, 0.3, 0.3), shapes.box(0.3, 0.3, 0.3, (1, 0, 0))]))  # fmt: skip


def pair(rng, a_kinds, b_kinds):
    """Two bodies and where the second stands; some turned about any axis, some upright, some on whole metres."""
    a, b = ((kinds := make(rng))[rng.integers(len(kinds))] for make in (a_kinds, b_kinds))
    at = turned(rng) if rng.random() < 0.4 else frame(turn=float(rng.choice([0, 90, 30])))
    at[:3, 3] = rng.uniform(-3, 3, 3) if rng.random() < 0.7 else rng.integers(-3, 4, 3)
    return a, b, at


def measured(a, b, at, where=IDENTITY):
    first = np.zeros(1, np.int64)
    found = distance.gaps(Bodies([(a, where[None])]), Bodies([(b, (where @ at)[None])]), first, first)
    return float(found.size[0]), found.on_a[0], found.on_b[0]


def oracle(a, b, at):
    return gaps.manifold(a).min_gap(gaps.manifold(b.moved(at)), FAR)


@pytest.mark.parametrize(("first", "second"), [(convex, convex), (convex, concave), (concave, convex), (concave, concave)])  # fmt: skip
def test_the_gap_is_that_of_manifold_and_lies_between_the_two_points(first, second):
    rng = np.random.default_rng(7)
    nothing = 0
    for _ in range(120):
        a, b, at = pair(rng, first, second)
        size, p, q = measured(a, b, at)
        assert size == pytest.approx(oracle(a, b, at), abs=1e-9)
        assert np.linalg.norm(p - q) == pytest.approx(size, abs=1e-9)
        for body, point in ((a, p), (b.moved(at), q)):
            assert gaps.manifold(body).min_gap(gaps.manifold(shapes.box(2e-9, 2e-9, 2e-9, tuple(point))), 1) < 1e-8
        nothing += size == 0
    assert 3 < nothing < 120  # both sorts were met


@pytest.mark.parametrize("scale", [1e-3, 50.0])
def test_small_and_large_things_are_measured_alike(scale):
    rng = np.random.default_rng(11)
    for _ in range(40):
        a, b, at = pair(rng, convex, concave)
        size, _, _ = measured(a, b, at)
        a, b = (replace(body, vertices=body.vertices * scale) for body in (a, b))
        at[:3, 3] *= scale
        assert measured(a, b, at)[0] == pytest.approx(size * scale, abs=1e-9 * scale)


def test_500_km_from_the_origin_nothing_is_lost():
    rng = np.random.default_rng(3)
    away = frame((4e5, 3e5, 100.0), 30.0)
    for _ in range(60):
        a, b, at = pair(rng, convex, concave)
        size, p, _ = measured(a, b, at)
        far, p_far, q_far = measured(a, b, at, away)
        assert far == pytest.approx(size, abs=1e-8)
        assert np.linalg.norm(p_far - q_far) == pytest.approx(size, abs=1e-8)
        if size:
            assert np.linalg.norm(p_far - away[:3, 3]) == pytest.approx(np.linalg.norm(p), abs=10)


def test_solids_drawn_500_km_from_the_origin_are_measured_too():
    by = np.array([4e5, 3e5, 0.0])
    a, b = (replace(s, vertices=s.vertices + by) for s in (shapes.box(1, 1, 1), shapes.cylinder(0.5, 0, 1, (3, 0), 4)))
    assert gap(a, b).size[0] == pytest.approx(2.0, abs=1e-9)


@pytest.mark.parametrize("lift", [0.0, 2.0, -2.0])
def test_two_upright_boxes_are_apart_by_pythagoras(lift):
    """0.3 m across, 0.4 m in depth, and the gap of their heights."""
    a, b = shapes.cuboid((0, 0, 0), (1, 1, 1)), shapes.cuboid((1.3, 1.4, lift), (2, 2, lift + 1))
    found = gap(a, b)
    assert found.size[0] == pytest.approx(np.sqrt(0.3**2 + 0.4**2 + max(abs(lift) - 1, 0) ** 2))
    assert found.on_a[0, :2] == pytest.approx((1, 1))
    assert found.on_b[0, :2] == pytest.approx((1.3, 1.4))


def test_gjk_alone_calls_two_drums_twice_as_far_apart_as_they_are():
    """1.00 m, by Pythagoras over the free height and the free plan; FCL's GJK says 2.06 m, so it is asked for a proof."""
    a, b, at = shapes.cylinder(1, 0, 1), shapes.cylinder(0.5, 0, 1), frame((1.5, 0.5, 2.0), 30.0)
    lie, *_ = distance._asked(Body(a).convex, Body(b).convex, at)
    assert lie > 2
    assert distance._convex(Body(a), Body(b), at) is None
    tipped = frame((0, 0, 0), 20.0, 10.0)  # no prisms any more: the way of convex bodies
    plan = a.footprint.distance(b.moved(at).footprint)
    for where in (IDENTITY, tipped):
        assert measured(a, b, at, where)[0] == pytest.approx(np.hypot(1.0, plan), abs=1e-9)


@pytest.mark.parametrize("turn", [0.0, 30.0])
@pytest.mark.parametrize("tilt", [0.0, 10.0])
def test_a_box_inside_a_box_is_not_clear_of_it(turn, tilt):
    """FCL alone calls it 1.0 m clear."""
    inner = frame((0, 0, 0.2), turn, tilt)
    assert measured(shapes.box(9, 9, 9, (0, 0, -4)), shapes.box(1, 1, 1), inner)[0] == 0
    assert measured(shapes.box(1, 1, 1), shapes.box(9, 9, 9, (0, 0, -4)), inner)[0] == 0


@pytest.mark.parametrize("tilt", [0.0, 10.0])
def test_one_of_two_pieces_inside_is_not_clear_either(tilt):
    both = joined([shapes.box(0.2, 0.2, 0.2, (9, 0, 0)), shapes.box(0.2, 0.2, 0.2, (0, 0, 0.5))])
    size, p, q = measured(both, shapes.box(2, 2, 2), frame(tilt=tilt))
    assert size == 0
    assert p == pytest.approx(q)


@pytest.mark.parametrize("tilt", [0.0, 10.0])
def test_between_four_walls_the_nearest_of_them_counts(tilt):
    """A stair of 1 m width in a room of 5 × 5 m, moved 1.2 m aside."""
    stair = shapes.stair_flight(1, 0.2, 0.2, 2)
    assert measured(WALLS, stair, frame((1.2, 0, 1), 0, tilt))[0] == pytest.approx(2.5 - 1.2 - 0.5)


@pytest.mark.parametrize("make", [shapes.box, lambda *size: shapes.wedge(*size), lambda w, d, h: shapes.cylinder(w / 2, 0, h)])  # fmt: skip
def test_what_touches_has_no_gap(make):
    assert measured(make(1, 1, 1), shapes.box(1, 1, 1), frame((0, 0, -1)))[0] == pytest.approx(0, abs=1e-9)


def test_without_fcl_triangles_give_the_same_answers(monkeypatch):
    """Windows on ARM has no wheel."""
    rng = np.random.default_rng(23)
    cases = [pair(rng, (convex, concave)[k % 2], (convex, concave)[k // 2 % 2]) for k in range(24)]
    known = [measured(*case)[0] for case in cases]
    monkeypatch.setattr(distance, "_has_fcl", lambda: False)
    for case, size in zip(cases, known):
        plain, p, q = measured(*case)
        assert plain == pytest.approx(size, abs=1e-9)
        assert np.linalg.norm(p - q) == pytest.approx(plain, abs=1e-9)


def test_an_open_surface_is_measured_but_holds_nothing():
    box = shapes.box(2, 2, 2)
    sheet = replace(box, faces=box.faces[:2], surface=box.surface[:2])  # its underside alone
    assert measured(sheet, shapes.box(0.2, 0.2, 0.2), frame((0, 0, 1)))[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "solid", [shapes.box(1, 2, 3), shapes.wedge(1, 2, 3), shapes.cylinder(1, 0, 2), shapes.sphere(1)]
)
def test_plain_bodies_are_known_as_convex(solid):
    assert Body(solid).is_convex


@pytest.mark.parametrize("k", range(6))
def test_hollow_bent_and_split_bodies_are_not(k):
    assert not Body(concave(np.random.default_rng(0))[k]).is_convex


def test_a_body_is_made_of_prisms_where_their_plans_times_their_heights_are_its_volume():
    rng = np.random.default_rng(0)
    bodies = [Body(solid) for solid in (*convex(rng), *concave(rng))]
    made = [len(body.prisms) for body in bodies]
    assert made == [1, 1, 0, 0, 0, 0, 3, 1, 0, 1, 2]  # a table is a top and two trestles
    for body in bodies:
        if body.prisms:
            volume = sum(plan.area * (high - low) for plan, low, high in body.prisms)
            assert volume == pytest.approx(body.solid.volume)


def test_pairs_worth_asking_are_those_whose_boxes_are_near():
    """Against every pair of boxes, one by one."""
    rng = np.random.default_rng(2)
    a, b = (
        Bodies([(shapes.box(1, 2, 0.5), frames(rng.uniform(-20, 20, (120, 3)), rng.uniform(0, 360, 120)))])
        for _ in "ab"
    )
    (low, high), (other_low, other_high) = a.boxes, b.boxes
    apart = np.maximum(np.maximum(low[:, None] - other_high[None], other_low[None] - high[:, None]), 0)
    i, j = near(a, b, 1.5)
    assert list(zip(i, j)) == list(zip(*np.nonzero(np.linalg.norm(apart, axis=2) <= 1.5)))
    assert len(i) > 10


def test_every_pair_nearer_than_asked_is_among_them():
    rng = np.random.default_rng(9)
    a = Bodies([(solid, np.array([m])) for solid, m in _scattered(rng, 40)])
    b = Bodies([(solid, np.array([m])) for solid, m in _scattered(rng, 40)])
    i, j = (k.ravel() for k in np.indices((40, 40)))
    every = distance.gaps(a, b, i, j).size
    assert set(zip(i[every <= 1], j[every <= 1])) <= set(zip(*near(a, b, 1.0)))


def _scattered(rng, count):
    for _ in range(count):
        kinds = (convex, concave)[rng.integers(2)](rng)
        at = turned(rng)
        at[:3, 3] = rng.uniform(-10, 10, 3)
        yield kinds[rng.integers(len(kinds))], at


def test_nothing_is_near_nothing():
    none, one = Bodies([]), Bodies([(shapes.box(1, 1, 1), IDENTITY[None])])
    for a, b in ((none, one), (one, none), (none, none)):
        i, j = near(a, b, 1.0)
        assert len(distance.gaps(a, b, i, j).size) == 0
