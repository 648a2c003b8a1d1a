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
