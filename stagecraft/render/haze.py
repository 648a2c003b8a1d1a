"""Beams in haze: the light that a ray picks up on its way through the cones of the lamps. No chance, so no noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from stagecraft.render.camera import Size, project, rays
from stagecraft.render.description import Camera, Floats32, Spot
from stagecraft.render.tone import stretched

STEPS = 8
LENS = 0.09
"""Radius of a lamp's lens. [m]"""
DENSITY = 0.055
TIGHT = 9.0
"""Half-angle of a usual beam: tighter ones draw a brighter shaft, wider ones thin out. [degrees]"""


def beams(spots: tuple[Spot, ...], camera: Camera, size: Size, depths: Sequence[Floats32]) -> Floats32:
    """(h, w, 3) light scattered towards the camera in front of each of `depths` (h, w) [m], on the mean.

    It is reckoned once, at half of `size`; the depths of all passes then cut it out smoothly.
    """
    depth = depths[0]
    width, height = max(size[0] // 2, 1), max(size[1] // 2, 1)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    origins, ways = rays(camera, (width, height), np.stack([x + 0.5, y + 0.5], axis=-1))
    rows = np.minimum((np.arange(height) * 2 + 1), depth.shape[0] - 1)
    columns = np.minimum((np.arange(width) * 2 + 1), depth.shape[1] - 1)
    far = np.minimum(depth[rows][:, columns], 200.0).reshape(-1)
    o, d = origins.reshape(-1, 3), ways.reshape(-1, 3)
    out = np.zeros((height * width, 3), np.float32)
    levels = np.array([max(spot.colour) / _throw(spot) ** 2 for spot in spots])
    usual = max(float(np.median(levels)), 1e-9)
    for spot, level in zip(spots, levels.tolist()):
        # an eye in haze sees bright and dim lamps nearer to each other than a meter does
        shaft = min(max((TIGHT / spot.half_angle) ** 0.7, 0.5), 1.6)
        _add(spot, o, d, far, out, shaft * math.sqrt(min(level / usual, 4.0)) / max(len(spots) / 12, 1.0) ** 0.35)
    small, reach = out.reshape(height, width, 3), far.reshape(height, width)
    total = _grown(small, reach, np.minimum(depth, 200.0))
    for other in depths[1:]:
        total += _grown(small, reach, np.minimum(other, 200.0))
    return total / np.float32(len(depths))


def _grown(small: Floats32, far: Floats32, depth: Floats32) -> Floats32:
    """Twice as large; where the depth breaks off, each pixel takes the neighbour that lies as deep as itself."""
    out = stretched(small, *depth.shape)
    rows = np.clip((np.arange(depth.shape[0]) - 1) // 2, 0, small.shape[0] - 1)
    columns = np.clip((np.arange(depth.shape[1]) - 1) // 2, 0, small.shape[1] - 1)
    below, beside = np.minimum(rows + 1, small.shape[0] - 1), np.minimum(columns + 1, small.shape[1] - 1)
    corners = [(r, c) for r in (rows, below) for c in (columns, beside)]
    gaps = np.stack([np.abs(far[r][:, c] - depth) for r, c in corners])
    broken = gaps.max(axis=0) > 0.25 + 0.03 * depth
    best = gaps.argmin(axis=0)
    for k, (r, c) in enumerate(corners):
        y, x = np.nonzero(broken & (best == k))
        out[y, x] = small[r[y], c[x]]
    return out


def _throw(spot: Spot) -> float:
    return max(float(np.linalg.norm(np.subtract(spot.aim, spot.at))), 0.1)


def _add(spot: Spot, origins: Floats32, ways: Floats32, far: Floats32, out: Floats32, strength: float) -> None:
    at, aim = np.asarray(spot.at, np.float32), np.asarray(spot.aim, np.float32)
    throw = _throw(spot)
    axis = (aim - at) / np.float32(throw)
    spread = np.float32(math.tan(math.radians(spot.half_angle)))
    apex = at - axis * np.float32(LENS / max(float(spread), 0.02))
    start, end = float(LENS / max(float(spread), 0.02)), float(LENS / max(float(spread), 0.02)) + throw * 1.4
    enter, leave = _through_cone(origins - apex, ways, axis, float(spread), start, end)
    leave = np.minimum(leave, far)
    enter = np.maximum(enter, 0)
    here = np.flatnonzero(leave > enter + 1e-3)
    if not len(here):
        return
    enter, leave = enter[here], leave[here]
    step = (leave - enter) / STEPS
    o, d = origins[here] - apex, ways[here]
    along0, along_d = o @ axis, d @ axis
    square0, mixed = np.einsum("ij,ij->i", o, o), np.einsum("ij,ij->i", o, d)
    total = np.zeros(len(here), np.float32)
    for k in range(STEPS):
        t = enter + step * np.float32(k + 0.5)
        run = along0 + t * along_d
        off = np.maximum(square0 + 2 * t * mixed + t * t - run * run, 0)
        radius = np.maximum(run * spread, 1e-3)
        profile = np.maximum(1 - off / (radius * radius), 0)
        length = np.maximum(run - start, 0)
        total += profile * np.sqrt(profile) * np.exp(-0.11 * length) / (radius + 0.12)
    # light scatters most forwards and backwards: Henyey and Greenstein, 1941, kept mild
    cosine = -along_d
    phase = 0.75 + 0.5 * cosine * cosine
    tint = np.asarray(spot.colour, np.float32) / np.float32(max(spot.colour))
    out[here] += (total * step * phase)[:, None] * tint * np.float32(DENSITY * strength)


def _through_cone(
    o: Floats32, d: Floats32, axis: Floats32, spread: float, start: float, end: float
) -> tuple[Floats32, Floats32]:
    """Where rays enter and leave the cone with its apex at the origin, cut at start and end along its axis."""
    k = np.float32(1.0 / (1.0 + spread * spread))
    oa, da = o @ axis, d @ axis
    a = da * da - k
    b = oa * da - k * np.einsum("ij,ij->i", o, d)
    c = oa * oa - k * np.einsum("ij,ij->i", o, o)
    inside_slope = np.where(np.abs(da) < 1e-6, 1e-6, da)
    t0, t1 = (start - oa) / inside_slope, (end - oa) / inside_slope
    enter, leave = np.minimum(t0, t1), np.maximum(t0, t1)
    root = b * b - a * c
    hit = root > 0
    safe = np.where(np.abs(a) < 1e-7, 1e-7, a)
    r = np.sqrt(np.maximum(root, 0))
    s0, s1 = (-b - r) / safe, (-b + r) / safe
    low, high = np.minimum(s0, s1), np.maximum(s0, s1)
    # a < 0: inside between the roots; a > 0: inside beyond the root on the lamp's side
    steep = a > 0
    enter = np.where(steep, np.where(da > 0, np.maximum(enter, high), enter), np.maximum(enter, low))
    leave = np.where(steep, np.where(da > 0, leave, np.minimum(leave, low)), np.minimum(leave, high))
    never = ~steep & ~hit
    return enter, np.where(never, -1.0, leave).astype(np.float32)


def flares(spots: tuple[Spot, ...], camera: Camera, size: Size, depth: Floats32, picture: Floats32) -> None:
    """Lenses that look into the camera glow; added to `picture` (h, w, 3) in place."""
    height, width = depth.shape
    for spot in spots:
        pixel, away = project(camera, size, np.asarray(spot.at))
        x, y = float(pixel[0]), float(pixel[1])
        if away < 0.5 or not (0 <= x < width and 0 <= y < height) or camera.ortho > 0:
            continue
        if depth[int(y), int(x)] < np.linalg.norm(np.subtract(spot.at, camera.eye)) - 0.6:
            continue
        beam = np.subtract(spot.aim, spot.at) / np.linalg.norm(np.subtract(spot.aim, spot.at))
        view = np.subtract(camera.eye, spot.at) / np.linalg.norm(np.subtract(camera.eye, spot.at))
        facing = max(float(beam @ view), 0.0)
        if facing < 0.05:
            continue
        tint = np.asarray(spot.colour, np.float32) / max(max(spot.colour), 1e-6)
        radius = width / (2 * math.tan(math.radians(camera.fov / 2))) * LENS / float(away)
        reach = int(min(radius * 14 + 4, 120))
        y0, y1 = max(int(y) - reach, 0), min(int(y) + reach + 1, height)
        x0, x1 = max(int(x) - reach, 0), min(int(x) + reach + 1, width)
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        r = np.sqrt((xx + 0.5 - x) ** 2 + (yy + 0.5 - y) ** 2) / max(radius, 0.8)
        straight = facing * facing * (3 - 2 * facing)
        glow = np.exp(-((r / 1.1) ** 4)) * (0.08 + 1.1 * straight) + 0.45 * straight * np.exp(-r / 1.8)
        glow *= np.clip(1 - (r * max(radius, 0.8) / reach) ** 2, 0, 1) ** 2
        soft = np.clip(glow, 0, 1)[..., None] * (0.35 * tint + 0.65)
        picture[y0:y1, x0:x1] = 1 - (1 - picture[y0:y1, x0:x1]) * (1 - soft)
