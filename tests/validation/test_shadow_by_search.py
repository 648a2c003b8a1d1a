"""Shadows against a search in float64 over every way and every body."""

import numpy as np
import pytest

from stagecraft.geometry import shadow, surface
from stagecraft.scene import Stature

PERSONS = 36
EDGE = 1e-3
"""Within this of touching a body, in its radii, two ways of reckoning may differ."""


def flat(*corners, samples=1024):
    return surface.picture(np.array(corners, float).reshape(-1, 4, 3), np.zeros(len(corners)), samples)


def bent(turns, radius, low, high, samples):
    x, y = radius * np.cos(turns), radius * np.sin(turns)
    return flat(
        *([[x[k + i], y[k + i], z] for i, z in ((0, low), (1, low), (1, high), (0, high))] for k in range(len(x) - 1)),
        samples=samples,
    )


TARGETS = {
    "wall in front": flat([[-4, 6, 1], [4, 6, 1], [4, 6, 3], [-4, 6, 3]]),
    "wall among the seats": flat([[-4, 0, 0.5], [4, 0.5, 0.5], [4, 0.5, 2], [-4, 0, 2]]),
    "leaning wall": flat([[-4, 3, 1], [2, 5, 1.5], [2, 6, 4], [-4, 4, 3.5]], samples=2000),
    "tiny screen": flat([[1, 3, 1.2], [1.3, 3, 1.2], [1.3, 3, 1.4], [1, 3, 1.4]]),
    "curved wall": bent(np.linspace(2.6, 0.5, 9), 5.0, 0.5, 2.5, 1024),
    "ring round the seats": bent(np.linspace(7.2, 1.2, 41), 5.0, 0.5, 2.5, 1500),
    "person": surface.upright(np.array([0.5, 4, 0.5]), 1.3, 0.5, 1024),
    "person among the seats": surface.upright(np.array([0.5, 0, 0.5]), 1.3, 0.5, 1024),
    "point": surface.point(np.array([0.0, 4, 1.1])),
    "edge": surface.line(np.array([[-3, 4, 1], [0, 3, 1.2], [3, 4, 1.0]]), 300),
    "floor": surface.polygon(np.array([[-3, -1, 0.2], [3, -1, 0.2], [3, 5, 0.2], [-3, 5, 0.2]]), 1024),
}


def slow(eye, own, bodies, target):
    """(b, m) least distance of each way from each body's middle, in its radii; inf for one's own body."""
    ends = target.points.copy()
    if target.upright:
        way = target.points[0] - eye
        right = np.array([way[1], -way[0]]) / np.hypot(way[0], way[1])
        ends[:, :2] += (target.place[:, :1] - 0.5) * target.upright * right
    out = np.full((len(bodies), len(ends)), np.inf)
    for b in np.flatnonzero(bodies.owner != own):
        cos, sin = np.cos(bodies.yaw[b]), np.sin(bodies.yaw[b])
        axes = np.array([[sin, -cos, 0], [cos, sin, 0], [0, 0, 1]]) / bodies.radii[b][:, None]
        start, way = axes @ (eye - bodies.centre[b]), (ends - eye) @ axes.T
        nearest = np.clip(-(way @ start) / np.einsum("ij,ij->i", way, way), 0, 1)
        out[b] = np.linalg.norm(start + nearest[:, None] * way, axis=1)
    return out


def agree(eyes, own, bodies, target):
    answer = shadow.hidden(eyes, own, bodies, target)
    ours = shadow.unpack(answer.bits, len(target))
    wrong, seen = 0, 0.0
    for i in range(len(eyes)):
        distance = slow(eyes[i], own[i], bodies, target)
        truth = (distance < 1).any(axis=0)
        differ = truth != ours[i]
        wrong += int(differ.sum())
        seen += truth.mean()
        assert (np.abs(distance[:, differ] - 1).min(axis=0) < EDGE).all()
        alone = np.array([(distance[bodies.owner == p] < 1).any(axis=0).sum() for p in range(bodies.owner.max() + 1)])
        assert answer.taken[i] == pytest.approx(alone.max() / len(target), abs=1.5 / len(target))
        assert answer.front[i] == -1 if not alone.any() else alone[answer.front[i]] >= alone.max() - 1
    assert wrong <= 5e-6 * ours.size
    assert 0.05 < seen / len(eyes) < 0.95


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("seed", range(2))
def test_every_sample_agrees_with_a_slow_search(name, seed):
    target = TARGETS[name]
    rng = np.random.default_rng(seed)
    eyes = np.c_[rng.uniform(-6, 6, (PERSONS, 2)), rng.uniform(1, 1.8, PERSONS)]
    eyes[:3] = [[-7, 6, 1.3], [3, 6 + 1e-9, 1.2], [0, 0.25, 1.2]]  # level with a wall's plane
    bodies = shadow.people(eyes, rng.uniform(0, 360, PERSONS), Stature(), rng.random(PERSONS) < 0.3)
    own = np.where(rng.random(PERSONS) < 0.8, np.arange(PERSONS), -1)
    agree(eyes, own, bodies, target)


@pytest.mark.parametrize("name", ["wall in front", "curved wall", "person"])
def test_a_crowd_of_six_hundred_agrees_with_a_slow_search(name):
    k = np.arange(600)
    everybody = np.c_[(k % 25 - 12) * 0.55, -1.0 - k // 25 * 0.95, 1.2 + k // 25 * 0.1]
    bodies = shadow.people(everybody, 90.0, Stature())
    own = k[-1::-59]
    agree(everybody[own], own, bodies, TARGETS[name])
