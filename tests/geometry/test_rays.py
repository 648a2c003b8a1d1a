"""Rays meet what stands in their way, and both engines agree on it."""

import numpy as np
import pytest

from stagecraft.errors import MissingError
from stagecraft.geometry import rays, shapes
from stagecraft.geometry.rays import Embree, Rays, Tree

BALL = shapes.sphere(1.0, (0, 0, 0), rings=6, sides=8).triangles


def by_tree(triangles):
    return Tree(triangles, compiled=False)


@pytest.mark.parametrize("engine", [Embree, by_tree])
def test_a_ray_stops_at_the_first_of_two_walls(engine):
    walls = np.concatenate([shapes.box(2, 0.2, 2, (0, y, -1)).triangles for y in (3.1, 6.1)])
    distance, index = Rays(walls, engine).first_hit([[0.1, 0, 0], [0.1, 0, 5]], [0, 1, 0])
    assert distance[0] == pytest.approx(3.0, abs=1e-6)
    assert 0 <= index[0] < 12
    assert index[1] == -1
    assert np.isinf(distance[1])


@pytest.mark.parametrize("engine", [Embree, by_tree])
def test_the_way_is_free_up_to_the_wall_and_blocked_behind_it(engine):
    wall = Rays(shapes.box(4, 0.2, 4, (0, 3.1, -2)).triangles, engine)
    assert wall.blocked(np.zeros((3, 3)), [[0.1, 2.9, 0], [0.1, 3.0, 0], [0.1, 9, 0]]).tolist() == [False, False, True]


def test_both_engines_see_the_same_ball():
    rng = np.random.default_rng(1)
    start = rng.normal(size=(300, 3)) * 2
    way = rng.normal(size=(300, 3)) * 0.4 - start
    ours, theirs = Rays(BALL, by_tree).first_hit(start, way), Rays(BALL).first_hit(start, way)
    assert (ours[1] >= 0).sum() > 100
    np.testing.assert_array_equal(ours[1] >= 0, theirs[1] >= 0)
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-4)
    ends = start + way
    np.testing.assert_array_equal(Rays(BALL, by_tree).blocked(start, ends), Rays(BALL).blocked(start, ends))


def test_far_from_the_origin_a_millimetre_is_still_a_millimetre():
    away = np.array([500_000.0, 200_000.0, 0.0])
    distance, _ = Rays(BALL + away).first_hit(away + np.array([5, 0.01, 0.01]), [-1, 0, 0])
    near, _ = Rays(BALL).first_hit([5, 0.01, 0.01], [-1, 0, 0])
    assert distance[0] == pytest.approx(float(near[0]), abs=1e-4)


def test_many_rays_in_pieces_are_the_same_as_few(monkeypatch):
    start = np.stack([np.linspace(-2, 2, 1000), np.full(1000, -5.0), np.zeros(1000)], axis=1)
    whole = Rays(BALL).first_hit(start, [0, 1, 0])
    monkeypatch.setattr(rays, "_CHUNK", 77)
    pieces = Rays(BALL).first_hit(start, [0, 1, 0])
    np.testing.assert_array_equal(whole[0], pieces[0])
    np.testing.assert_array_equal(whole[1], pieces[1])


def test_far_ends_the_search():
    distance, index = Rays(BALL).first_hit([5.0, 0.01, 0.01], [-1, 0, 0], far=2.0)
    assert index[0] == -1
    assert distance[0] == pytest.approx(2.0)


def test_nothing_stands_in_an_empty_room():
    _, index = Rays(np.zeros((0, 3, 3))).first_hit(np.zeros((2, 3)), [0, 0, 1])
    assert index.tolist() == [-1, -1]
    assert not Rays(np.zeros((0, 3, 3))).blocked(np.zeros((2, 3)), np.ones((2, 3))).any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_ray_from_nowhere_is_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        Rays(BALL).first_hit([bad, 0, 0], [0, 0, 1])
    with pytest.raises(ValueError, match="finite"):
        Rays(BALL).blocked([0, 0, 0], [0, 0, bad])
    with pytest.raises(ValueError, match="finite"):
        Rays(np.full((1, 3, 3), bad))


def test_without_either_engine_one_sentence_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "embreex.mesh_construction", None)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(MissingError, match="pip install numba"):
        Rays(BALL)


def test_the_frame_that_rays_run_in_changes_nothing_to_speak_of():
    rng = np.random.default_rng(2)
    start, way = rng.normal(size=(500, 3)) * 2, rng.normal(size=(500, 3))
    here, there = Rays(BALL).first_hit(start, way), Rays(BALL, middle=(16.0, -32.0, 0.0)).first_hit(start, way)
    np.testing.assert_array_equal(here[1], there[1])
    np.testing.assert_allclose(here[0], there[0], rtol=1e-4)


@pytest.mark.parametrize("engine", [Embree, by_tree])
def test_arrays_that_are_ready_made_give_the_same_in_any_strides(engine):
    things = Rays(BALL, engine)
    rng = np.random.default_rng(3)
    start, way = (rng.normal(size=(3, 200)).astype(np.float32).T * 2 for _ in range(2))
    far = np.ones(200, np.float32)
    reach, index = things.first_hit(start + things.middle, way, 1.0)
    met = things.met(start, way, far)
    np.testing.assert_array_equal(met[1], index)
    np.testing.assert_array_equal(met[0][index >= 0], reach[index >= 0])
    np.testing.assert_array_equal(things.stopped(start, way, far), index >= 0)
    assert (far == 1).all()
    nothing = Rays(np.zeros((0, 3, 3)))
    assert not nothing.stopped(start, way, far).any()
    assert (nothing.met(start, way, far)[1] == -1).all()


def edge_distance(triangles, start, way, far):
    """(n,) least distance of rays (n, 3) to any edge of the triangles, in float64. [m]"""
    a = triangles.reshape(-1, 3)
    b = triangles[:, [1, 2, 0]].reshape(-1, 3)
    d1, d2, r = (way * far)[:, None], (b - a)[None], start[:, None] - a[None]
    aa, ee, f = (d1 * d1).sum(-1), (d2 * d2).sum(-1), (d2 * r).sum(-1)
    c, bb = (d1 * r).sum(-1), (d1 * d2).sum(-1)
    s = np.clip((bb * f - c * ee) / np.maximum(aa * ee - bb * bb, 1e-300), 0, 1)
    t = np.clip((bb * s + f) / ee, 0, 1)
    s = np.clip((bb * t - c) / aa, 0, 1)
    return np.linalg.norm(r + s[..., None] * d1 - t[..., None] * d2, axis=-1).min(axis=1)


def test_both_engines_agree_on_a_million_rays_but_for_those_along_an_edge():
    """A hall of columns, balls and boxes, from everywhere to everywhere."""
    rng = np.random.default_rng(4)
    solids = [shapes.cylinder(0.3, 0, 6, tuple(rng.uniform(-20, 20, 2)), sides=12) for _ in range(20)]
    solids += [shapes.sphere(0.6, tuple(rng.uniform((-20, -20, 0), (20, 20, 6))), rings=6, sides=8) for _ in range(20)]
    solids += [
        shapes.cuboid(low, low + rng.uniform(0.1, 3, 3)) for low in rng.uniform((-20, -20, 0), (20, 20, 6), (20, 3))
    ]
    triangles = np.concatenate([solid.triangles for solid in solids])
    embree, tree = Rays(triangles, Embree), Rays(triangles, lambda t: Tree(t, compiled=True))
    start = rng.uniform((-25, -25, -1), (25, 25, 7), (1_000_000, 3))
    ends = rng.uniform((-25, -25, -1), (25, 25, 7), (1_000_000, 3))
    one, other = embree.blocked(start, ends), tree.blocked(start, ends)
    differ = np.flatnonzero(one != other)
    assert 0.2 < one.mean() < 0.8
    assert len(differ) < 100
    if len(differ):
        way = ends[differ] - start[differ]
        assert edge_distance(triangles, start[differ], way, 1 - 1e-4).max() < 1e-4
    some = slice(0, 200_000)
    reach, met = embree.first_hit(start[some], ends[some] - start[some], 1.0)
    farther, also = tree.first_hit(start[some], ends[some] - start[some], 1.0)
    differ = np.flatnonzero((np.abs(reach - farther) > 1e-4) | ((met < 0) != (also < 0)))
    assert len(differ) < 50
    if len(differ):
        way = ends[some][differ] - start[some][differ]
        assert edge_distance(triangles, start[some][differ], way, 1.0).max() < 1e-4
