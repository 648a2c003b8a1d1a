"""Shares past fixed things against a search in float64 over every ray and every triangle."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis import visible as module
from stagecraft.analysis._fixed import Aim, Sightlines
from stagecraft.analysis.visible import visible
from stagecraft.geometry import shapes
from stagecraft.geometry import surface as surfaces
from stagecraft.geometry.frame import frame
from stagecraft.geometry.rays import Rays
from stagecraft.scene import Part, Screen, Target
from tests.analysis._house import row, scene, target

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
    """Möller and Trumbore for every pair: (triangles, n) how far off each is met [m], inf for not at all, and (n,) whether
    an edge is so near that it may be otherwise."""
    reach = np.full((len(triangles), len(origins)), np.inf)
    unsure = np.zeros(len(origins), bool)
    way = ends - origins
    length = np.linalg.norm(way, axis=1)
    for k, (a, b, c) in enumerate(triangles):
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
        on = (t > 0) & (t < 1) & (inside >= 0)
        reach[k, on] = (t * length)[on]
        unsure |= (t > -1e-3) & (t < 1 + 1e-3) & (np.abs(inside) < slack)
    return reach, unsure


def by_search(where, surface, apart, own=""):
    """(n, m) the part that hides each sample from both eyes, by the first eye; −1 for none, −2 for what looks away; and
    where that is in doubt: whether, and who."""
    parts = [part for part in where.parts if part.element != own]
    solids = [(k, solid.triangles) for k, part in enumerate(parts) for solid in part.solids()]
    triangles, owner = np.concatenate([t for _, t in solids]), np.concatenate([np.full(len(t), k) for k, t in solids])
    eyes, m = where.seats.eyes, len(surface.points)
    to_middle = (surface.points.mean(axis=0) - eyes)[:, :2]
    right = np.c_[to_middle[:, 1], -to_middle[:, 0], np.zeros(len(eyes))] / np.hypot(*to_middle.T)[:, None]
    ends = np.tile(surface.points, (len(eyes), 1))
    if surface.upright:
        ends = ends + (right[:, None] * surface.upright * (surface.place[:, :1] - 0.5)).reshape(-1, 3)
    found, unsure, tie = [], np.zeros(len(ends), bool), np.zeros(len(ends), bool)
    for side in (-1, 1):
        start = np.repeat(eyes + side * apart / 2 * right, m, axis=0)
        reach, doubt = slow(triangles, start, start + (ends - start) * (1 - 1e-4))
        first = reach.argmin(axis=0)
        near = reach.min(axis=0)
        rival = (reach < near + EDGE) & (owner[:, None] != owner[first])
        found.append(np.where(near < np.inf, owner[first], -1))
        unsure |= doubt
        tie |= rival.any(axis=0)
    hidden = np.where(found[1] >= 0, found[0], -1)
    if surface.normals is not None:
        away = np.einsum("ij,ij->i", ends - np.repeat(eyes, m, axis=0), np.tile(surface.normals, (len(eyes), 1))) >= 0
        hidden[away], unsure[away] = -2, False
    return hidden.reshape(-1, m), unsure.reshape(-1, m), (unsure | tie).reshape(-1, m), [part.element for part in parts]


@pytest.mark.parametrize("apart", [0.0, 0.063])
@pytest.mark.parametrize("seed", range(4))
def test_every_share_and_cause_agrees_with_a_slow_search_but_for_rays_along_an_edge(seed, apart):
    where, samples = house(seed), 200
    found = visible(where, samples, apart)
    view = found.targets["led"]
    hidden, unsure, who, names = by_search(where, module._surface(where, where.of(Target)[0], samples), apart)
    doubt = unsure.mean(axis=1) + 1e-12
    rivals = who.mean(axis=1) + 1e-12
    assert rivals.max() < 0.05
    assert view.share.min() < 0.9
    assert (np.abs(view.share - (hidden == -1).mean(axis=1)) <= doubt).all()
    assert view.away == pytest.approx((hidden == -2).mean(axis=1))
    assert (np.abs(view.by["set"] - (hidden >= 0).mean(axis=1)) <= doubt).all()
    for seat in range(len(view.share)):
        said = {found.causes[c].element: t for c, t in zip(view.cause[seat], view.taken[seat]) if c >= 0}
        searched = {name: (hidden[seat] == k).mean() for k, name in enumerate(names)}
        assert all(abs(share - searched[name]) <= rivals[seat] for name, share in said.items())
        assert (
            min(said.values(), default=1)
            >= max([searched[n] for n in names if n not in said], default=0) - 2 * rivals[seat]
        )


def test_a_person_that_turns_to_each_seat_agrees_with_the_slow_search():
    where = house(1)
    where = scene(
        *(r for r in where.records if r.element != "led"), target((0.5, -1, 0.3), (0.5, -1, 1.9), role="person")
    )
    view = visible(where, 400, apart=0.063).targets["focus"]
    hidden, unsure, *_ = by_search(where, module._surface(where, where.of(Target)[0], 400), 0.063)
    assert 0.2 < view.share.mean() < 0.9
    assert (np.abs(view.share - (hidden == -1).mean(axis=1)) <= unsure.mean(axis=1) + 1e-12).all()


def test_what_stands_in_front_of_a_screen_and_is_its_own_hides_nothing():
    """Rays go on behind it and still meet what others put there."""
    where = house(2)
    rng = np.random.default_rng(7)
    own = [
        Part("led", shapes.box(float(rng.uniform(0.2, 1)), 0.3, 3), frame((*rng.uniform((-4, -9), (4, 0)), 0.0))[None])
        for _ in range(6)
    ]
    where = scene(*where.records, *own)
    for apart in (0.0, 0.063):
        view = visible(where, 200, apart).targets["led"]
        hidden, unsure, *_ = by_search(where, module._surface(where, where.of(Target)[0], 200), apart, own="led")
        assert (np.abs(view.share - (hidden == -1).mean(axis=1)) <= unsure.mean(axis=1) + 1e-12).all()
        assert (view.share > visible(scene(*house(2).records, *(replace(p, element="x") for p in own)), 200, apart)
                .targets["led"].share).any()  # fmt: skip


def test_the_samples_lie_on_the_screen_and_evenly():
    where = house(0)
    surface = module._surface(where, where.of(Target)[0], 1024)
    assert len(surface.points) == 1024
    left = surface.points[:, 0] < 0
    assert left.sum() == 512
    assert surface.points[:, 1] == pytest.approx(1 - np.abs(surface.points[:, 0]) / 4)
    assert np.histogram(surface.points[:, 2], 16, (1, 4))[0] == pytest.approx(np.full(16, 64), abs=4)


@pytest.mark.parametrize("upright", [False, True])
def test_eyes_that_are_left_out_have_no_ray_through_the_box(upright):
    """Boxes, eyes and surfaces anywhere: above, behind, beside, inside of each other."""
    rng = np.random.default_rng(11)
    left_out = 0
    for _ in range(150):
        low = rng.uniform(-10, 10, 3)
        box = np.array([low, low + rng.uniform(0.05, 6, 3)])
        if upright:
            target = surfaces.upright(rng.uniform(-10, 10, 3), float(rng.uniform(0.2, 3)), 0.5, 64)
        else:
            corner, across, up = rng.uniform(-10, 10, (3, 3)) * ([1], [0.4], [0.3])
            target = surfaces.picture(
                np.array([[corner, corner + across, corner + across + up, corner + up]]), np.zeros(1), 64
            )
            target = replace(target, normals=None)  # from both sides
        lines = Sightlines(rng.uniform(-12, 12, (40, 3)), Aim(target), 0.063)
        asked = lines.toward(box)
        rays = Rays(shapes.cuboid(*box).triangles)
        for side in (-1.0, 1.0):
            origins, ways = lines.dense(rays.middle, np.arange(40), side)
            stopped = rays.stopped(origins, ways, np.ones(len(origins), np.float32)).reshape(40, -1).any(axis=1)
            assert set(np.flatnonzero(stopped)) <= set(asked)
        left_out += 40 - len(asked)
    assert left_out > 0.5 * 150 * 40
