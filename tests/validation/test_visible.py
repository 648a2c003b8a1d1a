"""Shares past fixed things against a search in float64 over every ray and every triangle."""

import numpy as np
import pytest

from stagecraft.analysis import visible as module
from stagecraft.analysis.visible import visible
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame
from stagecraft.scene import Part, Screen, Target
from tests.analysis._house import row, scene

EDGE = 1e-4
"""Within this of an edge two ways of reckoning may differ. [m]"""


def house(seed):
    rng = np.random.default_rng(seed)
    corners = np.array(
        [[-4, 0, 1], [0, 1.0, 1], [0, 1.0, 4], [-4, 0, 4], [0, 1.0, 1], [4, 0, 1], [4, 0, 4], [0, 1.0, 4]]
    )
    screen = Screen("led", corners.reshape(2, 4, 3), None)
    solids = [shapes.box(0.4, 0.7, 2.5), shapes.cylinder(0.3, 0, 3, sides=9), shapes.box(6, 0.3, 0.3, (0, 0, 3))]
    parts = [
        Part(f"p{k}", solids[k % 3], frame((*rng.uniform((-4, -7), (4, -2)), 0.0), float(rng.uniform(0, 360)))[None])
        for k in range(9)
    ]
    seats = [row(k + 1, np.c_[rng.uniform(-6, 6, 6), rng.uniform(-12, -8, 6)], floor=0.4 * k) for k in range(2)]
    return scene(*seats, screen, Target("led", "led", corners, "screen", "surface"), *parts)


def slow(triangles, origins, ends):
    """Möller and Trumbore for every pair: hit before the end, and whether an edge is so near that it may be otherwise."""
    hit, unsure = np.zeros(len(origins), bool), np.zeros(len(origins), bool)
    way = ends - origins
    length = np.linalg.norm(way, axis=1)
    for a, b, c in triangles:
        e1, e2 = b - a, c - a
        p = np.cross(way, e2)
        det = p @ e1
        with np.errstate(divide="ignore", invalid="ignore"):
            t0 = origins - a
            u = np.einsum("ij,ij->i", t0, p) / det
            q = np.cross(t0, e1)
            v = np.einsum("ij,ij->i", way, q) / det
            t = (q @ e2) / det
        size = 2 * np.linalg.norm(np.cross(e1, e2)) / np.max([np.linalg.norm(e) for e in (e1, e2, c - b)])
        slack = EDGE / (size / 2) / np.maximum(np.abs(det) / (length * np.linalg.norm(np.cross(e1, e2))), 1e-9)
        inside = np.minimum(np.minimum(u, v), 1 - u - v)
        on = (t > 0) & (t < 1)
        hit |= on & (inside >= 0)
        unsure |= (t > -1e-3) & (t < 1 + 1e-3) & (np.abs(inside) < slack)
    return hit, unsure


@pytest.mark.parametrize("seed", range(4))
def test_every_share_agrees_with_a_slow_search_but_for_rays_along_an_edge(seed):
    where, samples = house(seed), 200
    view = visible(where, samples, apart=0.0).targets["led"]
    surface = module._surface(where, where.of(Target)[0], samples)
    triangles = np.concatenate([solid.triangles for part in where.parts for solid in part.solids()])
    eyes, m = where.seats.eyes, len(surface.points)
    start, end = np.repeat(eyes, m, axis=0), np.tile(surface.points, (len(eyes), 1))
    way = end - start
    front = np.einsum("ij,ij->i", way, np.tile(surface.normals, (len(eyes), 1))) < 0
    hit, unsure = slow(triangles, start, end - way / np.linalg.norm(way, axis=1, keepdims=True) * 1e-3)
    free = (front & ~hit).reshape(-1, m).mean(axis=1)
    doubt = (front & unsure).reshape(-1, m).mean(axis=1)
    assert doubt.max() < 0.05
    assert free.min() < 0.9
    assert (np.abs(view.share - free) <= doubt + 1e-12).all()


def test_the_samples_lie_on_the_screen_and_evenly():
    where = house(0)
    surface = module._surface(where, where.of(Target)[0], 1024)
    assert len(surface.points) == 1024
    left = surface.points[:, 0] < 0
    assert left.sum() == 512
    assert surface.points[:, 1] == pytest.approx(1 - np.abs(surface.points[:, 0]) / 4)
    assert np.histogram(surface.points[:, 2], 16, (1, 4))[0] == pytest.approx(np.full(16, 64), abs=4)
