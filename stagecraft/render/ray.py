"""Pictures by following rays: needs numpy and embreex, no graphics library and no screen.

Soft light (sky, sun, LED walls) is asked with one ray a pixel from a fixed set of directions that repeats every 4 × 4
pixels; the mean over those sixteen, taken along one surface only, is smooth and the same on every run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.rays import Rays
from stagecraft.render import tone
from stagecraft.render.camera import Size, axes, footprint, key_light, rays, seen_from
from stagecraft.render.description import Camera, Description, Floats32, Instances, LedSurface, Spot
from stagecraft.render.haze import beams, flares

Look: TypeAlias = Literal["work", "show"]
Pixels: TypeAlias = NDArray[np.uint8]

TILE = 4
BAND = 48
"""Rows of pixels worked on together: small enough for the processor's cache."""
MOST_DEPTHS = 8
"""So many passes at most are remembered to cut out the haze."""
SKY_REACH = 2.5
"""Corners darken by what stands nearer than this. [m]"""
DARKEST = 0.022
"""Black cloth: dark enough to be black, light enough to keep its folds."""
CALM = 0.12
"""Colours of the work light step back by so much, so that the screens speak."""
FROM_OUTSIDE = 1.5
"""A show seen through a lifted-off ceiling gets so much more of the house light, or the room could not be read."""
WITHOUT_LAMPS = 1.6
"""The same where nobody has hung a lamp yet."""
FRONT = 7.5
"""Light where most lamps meet, against a house light of 1: the person who speaks is the brightest in the room."""
VEIL = 0.35
"""So much of the haze in front of a screen is shown: its content stays as crisp as its designer made it."""
_ORDER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
"""Bayer's order: any part of the tile still holds well-spread samples."""


@dataclass(frozen=True)
class Mood:
    """How a look is lit."""

    sky: float
    sun: float
    sun_size: float
    screen: float
    spots: float
    edges: float
    exposure: float
    shadows: float
    """How much the darkest parts are lifted above the film curve."""
    above: tuple[float, float, float]
    below: tuple[float, float, float]
    """Background at the top and at the foot of the picture, linear."""


MOODS: dict[Look, Mood] = {
    "work": Mood(1.05, 1.05, 0.10, 0.35, 0.0, 0.60, 0.72, 0.0, (0.86, 0.88, 0.90), (0.68, 0.70, 0.72)),
    "show": Mood(0.21, 0.0, 0.0, 2.8, 1.0, 0.0, 0.85, 0.5, (0.010, 0.012, 0.017), (0.005, 0.006, 0.008)),
}


def picture(
    description: Description, camera: Camera, size: Size = (1280, 720), samples: int = 4, look: Look = "work",
    seed: int = 0,
) -> Pixels:  # fmt: skip
    """(h, w, 3) sRGB picture.

    samples : passes, each through another point of every pixel
    look : `work` is the house light of plans and decks, `show` the lamps and screens of the event
    seed : another set of points; the same seed gives the same bytes
    """
    if size[0] < 1 or size[1] < 1 or samples < 1:
        raise ValueError("a picture needs a size of at least 1 × 1 and at least one sample")
    shown = seen_from(description, camera)
    mood = MOODS[look]
    if look == "show":
        more = FROM_OUTSIDE if shown is not description else 1.0
        more = max(more, 1.0 if description.spots else WITHOUT_LAMPS)
        mood = replace(mood, sky=mood.sky * more)
    world = World(shown, ground=look == "work")
    frame = _Frame(world, camera, size, mood, max(samples, 1), seed)
    total = np.zeros((size[1], size[0], 3), np.float32)
    depths: list[Floats32] = []
    screens = np.zeros((size[1], size[0]), np.float32)
    for number in range(samples):
        total += frame.taken(number)
        if world.spots and mood.spots and len(depths) < MOST_DEPTHS:
            depths.append(frame.depth.copy())
            screens += frame.screened()
    total /= np.float32(samples)
    if look == "show":
        if depths:
            haze = tone.filmic(beams(world.spots, camera, size, depths), mood.exposure)
            haze *= 1 - np.float32((1 - VEIL) / len(depths)) * screens[..., None]
            total = 1 - (1 - total) * (1 - haze)
            flares(world.spots, camera, size, depths[0], total)
        total = tone.vignetted(tone.bloomed(total))
    return tone.pixels(total)


@dataclass(eq=False)
class World:
    """All triangles side by side, and what each is made of."""

    description: Description
    ground: bool = False
    """In the work light: the room stands on a sheet of paper under the sun."""
    rays: Rays = field(init=False)
    blockers: Rays = field(init=False)
    """What casts shadows; not walls, ceilings and rigging in the work light, whose sun shines through them."""
    normals: Floats32 = field(init=False)
    colours: Floats32 = field(init=False)
    gloss: Floats32 = field(init=False)
    kind: NDArray[np.int8] = field(init=False)
    """0 plain, 1 round, 2 floor, 3 screen, 4 ground."""

    def __post_init__(self) -> None:
        shown = self.description.instances
        triangles = [placed(one) for one in shown]
        counts = [len(t) for t in triangles]
        colours = [np.asarray(one.material.colour, np.float32) for one in shown]
        gloss = [max(0.0, 1.0 - one.material.roughness) for one in shown]
        kinds = [2 if one.shell == "floor" else 1 if one.normals is not None else 0 for one in shown]
        rigging = [one.group == "rigging" for one in shown] + [False] * (len(self.description.screens) + self.ground)
        casts = [one.shell not in ("wall", "ceiling") and one.group != "rigging" for one in shown]
        self.corner_normals = [turned(one) if one.normals is not None else None for one in shown]
        self.starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        for surface in self.description.screens:
            a, b, c, d = surface.corners
            triangles.append(np.array([[a, b, c], [a, c, d]], np.float32))
            counts.append(2)
            colours.append(np.full(3, 0.02, np.float32))
            gloss.append(0.0)
            kinds.append(3)
            casts.append(True)
        if self.ground:
            triangles.append(self._ground_plate())
            counts.append(2)
            colours.append(np.full(3, 0.7, np.float32))
            gloss.append(0.0)
            kinds.append(4)
            casts.append(False)
        flat = np.concatenate(triangles) if triangles else np.zeros((0, 3, 3), np.float32)
        across = np.cross(flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0])
        self.triangles = flat
        self.normals = (across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)).astype(np.float32)
        self.colours = np.repeat(np.array(colours, np.float32).reshape(-1, 3), counts, axis=0)
        self.gloss = np.repeat(np.array(gloss, np.float32), counts)
        self.kind = np.repeat(np.array(kinds, np.int8), counts)
        self.owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self.rigging = np.repeat(np.array(rigging, np.bool_), counts)
        self.rays = Rays(flat)
        self.blockers = Rays(flat[np.repeat(np.array(casts, np.bool_), counts)]) if self.ground else self.rays
        self.spots = _balanced(self.description)
        self.screens = [_Texture(surface) for surface in self.description.screens]
        self.first_screen = len(shown)
        self.emitters = _emitters(self.description.screens)

    def _ground_plate(self) -> Floats32:
        """What the model stands on, out to the horizon of the picture. [m]"""
        low, high = np.array(self.description.low), np.array(self.description.high)
        floors = [box.floor for box in self.description.rooms] or [min(float(low[2]), 0.0)]
        level = min(min(floors), float(low[2]) + 0.001) - 0.19
        (x, y, _), reach = (low + high) / 2, float(np.linalg.norm(high - low)) * 20
        a, b, c, d = ((x + i * reach, y + j * reach, level) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
        return np.array([[a, b, c], [a, c, d]], np.float32)

    def smooth(self, triangle: NDArray[np.int32], points: Floats32) -> Floats32:
        """Normals at points on triangles: mixed from the corners where the mesh is round."""
        out = self.normals[triangle]
        chosen = np.flatnonzero(self.kind[triangle] == 1)
        owners = self.owner[triangle[chosen]]
        for owner in np.unique(owners):
            here = chosen[owners == owner]
            corner = self.corner_normals[owner]
            assert corner is not None
            which = triangle[here]
            a, b, c = np.moveaxis(self.triangles[which], 1, 0)
            u, v = b - a, c - a
            p = points[here] - a
            uu, vv, uv = (np.einsum("ij,ij->i", s, t) for s, t in ((u, u), (v, v), (u, v)))
            pu, pv = np.einsum("ij,ij->i", p, u), np.einsum("ij,ij->i", p, v)
            area = np.maximum(uu * vv - uv * uv, 1e-20)
            s = np.clip((vv * pu - uv * pv) / area, 0, 1)
            t = np.clip((uu * pv - uv * pu) / area, 0, 1)
            n = corner[which - self.starts[owner]]
            mixed = n[:, 0] * (1 - s - t)[:, None] + n[:, 1] * s[:, None] + n[:, 2] * t[:, None]
            out[here] = mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6)
        return out


def placed(one: Instances) -> Floats32:
    """(n·m, 3, 3) world triangles of all copies."""
    turn = np.swapaxes(one.transforms[:, None, :3, :3], 2, 3)
    world = one.triangles @ turn + one.transforms[:, None, None, :3, 3]
    return np.asarray(world.reshape(-1, 3, 3), np.float32)


def turned(one: Instances) -> Floats32:
    """(n·m, 3, 3) world normals of all copies."""
    assert one.normals is not None
    world = one.normals @ np.swapaxes(one.transforms[:, None, :3, :3], 2, 3)
    return np.asarray(world.reshape(-1, 3, 3), np.float32)


class _Texture:
    """A picture in ever smaller copies."""

    def __init__(self, surface: LedSurface) -> None:
        image = surface.image if surface.image is not None else plain_card()
        self.u0, self.u1 = surface.uv
        self.corners = surface.corners
        a, b, _, d = surface.corners.astype(float)
        self.origin, self.across, self.up = a, b - a, d - a
        self.width = float(np.linalg.norm(b - a))
        key = id(image)
        self.levels = _LEVELS.get(key, (None, []))[1]
        if not self.levels:
            level = tone.decoded(image)
            self.levels = [level]
            while min(level.shape[:2]) > 8:
                level = tone.halved(level)
                self.levels.append(level)
            _LEVELS.clear()
            _LEVELS[key] = (image, self.levels)

    def at(self, points: Floats32, pixel: float) -> Floats32:
        """(n, 3) linear colour at points on the surface, seen at `pixel` metres a pixel."""
        p = points.astype(float) - self.origin
        u = self.u0 + (self.u1 - self.u0) * (p @ self.across) / max(float(self.across @ self.across), 1e-12)
        v = 1 - (p @ self.up) / max(float(self.up @ self.up), 1e-12)
        texel = self.width / max(abs(self.u1 - self.u0) * self.levels[0].shape[1], 1e-9)
        level = self.levels[int(np.clip(round(math.log2(max(pixel / texel, 1e-6)) - 0.5), 0, len(self.levels) - 1))]
        return _bilinear(level, u, v)


_LEVELS: dict[int, tuple[Any, list[Floats32]]] = {}


def _bilinear(image: Floats32, u: NDArray[Any], v: NDArray[Any]) -> Floats32:
    height, width = image.shape[:2]
    x = np.clip(u * width - 0.5, 0, width - 1)
    y = np.clip(v * height - 0.5, 0, height - 1)
    x0, y0 = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    fx, fy = (x - x0).astype(np.float32)[:, None], (y - y0).astype(np.float32)[:, None]
    top = image[y0, x0] * (1 - fx) + image[y0, x1] * fx
    return np.asarray(top * (1 - fy) + (image[y1, x0] * (1 - fx) + image[y1, x1] * fx) * fy)


def plain_card(width: int = 640, height: int = 360) -> Pixels:
    """What a screen without content shows: a quiet dark slope with a frame and a cross, plainly no picture."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    slope = 0.35 + 0.65 * (1 - y / height)
    card = slope[..., None] * np.array([38, 62, 96], np.float32)
    cell = width // 16
    lines = ((x % cell) < 1.5) | ((y % cell) < 1.5)
    card[lines] += 14
    frame = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) < 3
    radius = np.hypot(x - width / 2 + 0.5, y - height / 2 + 0.5)
    ring = np.abs(radius - height * 0.33) < 1.2
    card[frame | ring] = (150, 170, 195)
    return np.asarray(np.clip(card, 0, 255), np.uint8)


@dataclass(frozen=True, eq=False)
class _Emitters:
    """LED walls cut into equal shares of light: where, facing where, and which colour."""

    corners: Floats32
    normals: Floats32
    areas: Floats32
    colour: Callable[[NDArray[np.int64], Floats32, Floats32], Floats32]
    share: Floats32


def _emitters(screens: tuple[LedSurface, ...]) -> _Emitters | None:
    if not screens:
        return None
    corners = np.array([s.corners for s in screens], np.float32)
    across, up = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    cross = np.cross(across, up)
    areas = np.linalg.norm(cross, axis=1)
    if areas.sum() <= 0:
        return None
    small = []
    for surface in screens:
        texture = _Texture(surface)
        small.append(next((level for level in texture.levels if level.shape[1] <= 48), texture.levels[-1]))
    edges = np.array([s.uv for s in screens], np.float32)

    def colour(facet: NDArray[np.int64], u: Floats32, v: Floats32) -> Floats32:
        out = np.empty((len(facet), 3), np.float32)
        for k in np.unique(facet):
            here = facet == k
            out[here] = _bilinear(small[k], edges[k, 0] + (edges[k, 1] - edges[k, 0]) * u[here], 1 - v[here])
        return out

    share = np.cumsum(areas) / areas.sum()
    normals = cross / np.maximum(areas, 1e-12)[:, None]
    return _Emitters(corners, normals, areas.astype(np.float32), colour, share.astype(np.float32))


def _balanced(description: Description) -> tuple[Spot, ...]:
    """The lamps, dimmed together so that where most of them meet the picture does not burn out."""
    spots = description.spots
    if not spots:
        return ()
    at, aim = np.array([s.at for s in spots]), np.array([s.aim for s in spots])
    axis = (aim - at) / np.linalg.norm(aim - at, axis=1, keepdims=True)
    half = np.radians([s.half_angle for s in spots])
    to = aim[None] - at[:, None]
    away = np.linalg.norm(to, axis=2)
    cosine = (to * axis[:, None]).sum(axis=2) / np.maximum(away, 1e-9)
    lit = np.where(cosine > np.cos(half)[:, None], 1 / np.maximum(away, 0.5) ** 2, 0)
    level = (lit * np.array([max(s.colour) for s in spots])[:, None]).sum(axis=0)
    scale = FRONT / max(float(np.quantile(level, 0.85)), 1e-6)
    return tuple(replace(s, colour=(s.colour[0] * scale, s.colour[1] * scale, s.colour[2] * scale)) for s in spots)


class _Frame:
    """One picture in the making: buffers of the pass that is being taken."""

    def __init__(self, world: World, camera: Camera, size: Size, mood: Mood, samples: int, seed: int) -> None:
        width, height = size
        self.world, self.camera, self.size, self.mood = world, camera, size, mood
        self.samples, self.seed = samples, seed
        self.pixel = footprint(camera, size)
        self.depth = np.empty((height, width), np.float32)
        self.index = np.empty((height, width), np.int32)
        self.points = np.empty((height, width, 3), np.float32)
        self.normals = np.empty((height, width, 3), np.float32)
        self.flat = np.empty((height, width, 3), np.float32)
        self.soft = np.zeros((height, width, 5), np.float32)
        """Sky, sun, and the three colours of the screens."""
        self.bands = [slice(y, min(y + BAND, height)) for y in range(0, height, BAND)]
        low, high = np.array(world.description.low), np.array(world.description.high)
        self.middle, self.radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1.0)
        self.sun = key_light(camera)
        self.reach = self.radius * 4

    def taken(self, number: int) -> Floats32:
        """One pass: linear colours (h, w, 3)."""
        out = np.empty((self.size[1], self.size[0], 3), np.float32)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda band: self._looked(band, number), self.bands))
            list(pool.map(lambda band: self._lit(band, number), self.bands))
            list(pool.map(lambda band: self._shaded(band, out), self.bands))
        return out

    def screened(self) -> NDArray[np.bool_]:
        """Which pixels of this pass show a screen."""
        return np.asarray((self.index >= 0) & (self.world.kind[np.maximum(self.index, 0)] == 3))

    # first: what is where ------------------------------------------------------------------------------------------
    def _looked(self, band: slice, number: int) -> None:
        width = self.size[0]
        y, x = np.mgrid[band, :width].astype(np.float32)
        dx, dy = _spread(number + 1 + 31 * self.seed)
        if self.samples == 1:
            dx = dy = 0.5
        origins, ways = rays(self.camera, self.size, np.stack([x + np.float32(dx), y + np.float32(dy)], axis=-1))
        o, d = origins.reshape(-1, 3), ways.reshape(-1, 3)
        depth, index = self.world.rays.first_hit(o, d)
        hit = index >= 0
        points = np.where(hit[:, None], o + d * np.where(hit, depth, 0)[:, None], 0).astype(np.float32)
        flat, smooth = np.zeros_like(points), np.zeros_like(points)
        flat[hit] = self.world.normals[index[hit]]
        smooth[hit] = self.world.smooth(index[hit], points[hit])
        away = np.einsum("ij,ij->i", flat, d) > 0
        flat[away] *= -1
        smooth[away] *= -1
        shape = (band.stop - band.start, width)
        self.depth[band] = depth.reshape(shape)
        self.index[band] = index.reshape(shape)
        self.points[band] = points.reshape(*shape, 3)
        self.flat[band] = flat.reshape(*shape, 3)
        self.normals[band] = smooth.reshape(*shape, 3)

    # second: soft light, one ray a pixel -----------------------------------------------------------------------------
    def _lit(self, band: slice, number: int) -> None:
        width, mood = self.size[0], self.mood
        soft = self.soft[band].reshape(-1, 5)
        soft[:] = 0
        here = np.flatnonzero(self.index[band].reshape(-1) >= 0)
        if not len(here):
            return
        y, x = np.divmod(here, width)
        tile = _ORDER[(y + band.start) % TILE, x % TILE] + 16 * number
        u, v = _spread(tile + 1 + 1009 * self.seed)
        n = self.normals[band].reshape(-1, 3)[here]
        flat = self.flat[band].reshape(-1, 3)[here]
        away = self.depth[band].reshape(-1)[here]
        p = self.points[band].reshape(-1, 3)[here] + flat * (0.0015 + 2e-5 * away)[:, None]
        # sky: a direction by the cosine law
        way = _over(n, u, v)
        below = np.einsum("ij,ij->i", way, flat) <= 0
        gap, met = self.world.rays.first_hit(p, way, SKY_REACH)
        met[
            self.world.rigging[np.maximum(met, 0)]
        ] = -1  # bars are too thin to darken a ceiling, and too many not to speckle it
        free = np.where(met >= 0, np.sqrt(np.clip(gap / SKY_REACH, 0, 1)) * 0.75, 1.0)
        free[below] = 0.6
        soft[here, 0] = free * (0.80 + 0.20 * way[:, 2])
        if mood.sun > 0:
            self._sunned(soft, here, p, n, u, v)
        if self.world.emitters is not None and mood.screen > 0:
            self._screened(soft, here, p, n, u, v, self.world.emitters)

    def _sunned(self, soft: Floats32, here: Any, p: Floats32, n: Floats32, u: Floats32, v: Floats32) -> None:
        radius, angle = np.sqrt(u) * np.float32(self.mood.sun_size), 2 * np.float32(math.pi) * v
        side = np.cross(self.sun, (0.0, 0.0, 1.0) if abs(self.sun[2]) < 0.95 else (1.0, 0.0, 0.0)).astype(np.float32)
        side /= np.linalg.norm(side)
        other = np.cross(self.sun, side)
        way = self.sun + (radius * np.cos(angle))[:, None] * side + (radius * np.sin(angle))[:, None] * other
        cosine = np.einsum("ij,ij->i", n, way)
        up = np.flatnonzero(cosine > 0)
        dark = self.world.blockers.blocked(p[up], p[up] + way[up] * np.float32(self.reach))
        soft[here[up], 1] = np.where(dark, 0, cosine[up])

    def _screened(
        self, soft: Floats32, here: Any, p: Floats32, n: Floats32, u: Floats32, v: Floats32, lights: _Emitters
    ) -> None:
        facet = np.minimum(np.searchsorted(lights.share, u), len(lights.share) - 1)
        low = np.where(facet > 0, lights.share[facet - 1], 0)
        u = np.clip((u - low) / np.maximum(lights.share[facet] - low, 1e-9), 0, 1).astype(np.float32)
        c = lights.corners[facet]
        to = c[:, 0] + (c[:, 1] - c[:, 0]) * u[:, None] + (c[:, 3] - c[:, 0]) * v[:, None] - p
        square = np.maximum(np.einsum("ij,ij->i", to, to), 1e-6)
        length = np.sqrt(square)
        give = -np.einsum("ij,ij->i", lights.normals[facet], to) / length
        take = np.einsum("ij,ij->i", n, to) / length
        seen = np.flatnonzero((give > 0) & (take > 0))
        if not len(seen):
            return
        area = np.float32(lights.areas.sum())
        share = give[seen] * take[seen] * area / (np.float32(math.pi) * square[seen] + 0.25 * area)
        bright = seen[share > 0.002]
        share = share[share > 0.002]
        stop = 1 - 0.02 / np.maximum(length[bright], 0.05)
        _, met = self.world.rays.first_hit(p[bright], to[bright], stop)
        free = (met < 0) | self.world.rigging[np.maximum(met, 0)]
        bright, share = bright[free], share[free]
        soft[here[bright], 2:] = share[:, None] * lights.colour(facet[bright], u[bright], v[bright])

    # third: everything together --------------------------------------------------------------------------------------
    def _shaded(self, band: slice, out: Floats32) -> None:
        mood, world, width = self.mood, self.world, self.size[0]
        soft = self._calmed(band).reshape(-1, 5)
        index = self.index[band].reshape(-1)
        rows = (np.arange(band.start, band.stop, dtype=np.float32) + 0.5) / self.size[1]
        above, below = np.asarray(mood.above, np.float32), np.asarray(mood.below, np.float32)
        behind = np.repeat(above + (below - above) * rows[:, None] ** 1.2, width, axis=0)
        colour = behind.copy()
        here = np.flatnonzero(index >= 0)
        which = index[here]
        kind = world.kind[which]
        albedo = world.colours[which]
        p, n = self.points[band].reshape(-1, 3)[here], self.normals[band].reshape(-1, 3)[here]
        away = self.depth[band].reshape(-1)[here]
        albedo = np.maximum(albedo, np.float32(DARKEST))
        self._gridded(albedo, kind, p, away)
        sky = soft[here, 0] if mood.sun else soft[here, 0] * (0.62 + 0.38 * n[:, 2])  # a dimmed house shines downwards
        light = sky[:, None] * np.float32(mood.sky) + soft[here, 1, None] * np.float32(mood.sun)
        light = light * np.array((0.80, 0.92, 1.15) if mood.spots and world.spots else (1, 0.985, 0.96), np.float32)
        light = light + soft[here, 2:] * np.float32(mood.screen)
        shine = np.zeros_like(light)
        if mood.spots:
            for spot, inside in zip(world.spots, self._cones(p, kind)):
                if len(inside):
                    self._spotted(spot, inside, p, n, light, shine, which)
        lit = albedo * light + shine
        if mood.spots and world.screens:
            self._mirrored(p, n, which, away, lit)
        shown = tone.filmic(lit.astype(np.float32), mood.exposure, mood.shadows)
        if mood.sun:
            grey = shown @ np.array([0.2126, 0.7152, 0.0722], np.float32)
            shown += (grey[:, None] - shown) * np.float32(CALM)
        if mood.edges:
            line = self._lined(band).reshape(-1)[here]
            shown *= (1 - line * np.float32(mood.edges))[:, None]
        self._grounded(kind, p, soft[here], np.asarray(behind[here], np.float32), shown)
        self._pictured(which, kind, p, away, shown)
        colour[here] = shown
        out[band] = colour.reshape(band.stop - band.start, width, 3)

    def _calmed(self, band: slice) -> Floats32:
        """Mean of the soft light over the 4 × 4 pixels round each, along the same surface only."""
        height, width = self.size[1], self.size[0]
        top, foot = max(band.start - 2, 0), min(band.stop + 2, height)
        grow = ((band.start - 2 - top, 0), (2, 2))
        pad = ((top - (band.start - 2), band.stop + 2 - foot), grow[1])
        rows = slice(top, foot)

        def wide(a: Any) -> Any:
            return np.pad(a[rows], (*pad, *(((0, 0),) * (a.ndim - 2))), mode="edge")

        soft, points, normals = wide(self.soft), wide(self.points), wide(self.normals)
        tall = band.stop - band.start
        p, n = self.points[band], self.normals[band]
        depth = self.depth[band]
        slack = 0.004 + 1.2 * self.pixel * (np.ones_like(depth) if self.camera.ortho else np.minimum(depth, 1e3))
        base = (p * n).sum(axis=-1)
        total = np.zeros_like(self.soft[band])
        weight = np.zeros((tall, width), np.float32)
        for dy in range(TILE):
            for dx in range(TILE):
                window = (slice(dy, dy + tall), slice(dx, dx + width))
                there = normals[window]
                alike = n[..., 0] * there[..., 0] + n[..., 1] * there[..., 1] + n[..., 2] * there[..., 2] > 0.9
                place = points[window]
                off = place[..., 0] * n[..., 0] + place[..., 1] * n[..., 1] + place[..., 2] * n[..., 2] - base
                w = (alike & (np.abs(off) < slack)).astype(np.float32)
                total += soft[window] * w[..., None]
                weight += w
        return np.where(weight[..., None] > 0, total / np.maximum(weight, 1)[..., None], self.soft[band])

    def _gridded(self, albedo: Floats32, kind: Any, p: Floats32, away: Floats32) -> None:
        """A fine grid of 1 m on the floor of the work light, as wide as can still be seen."""
        if not self.mood.edges:
            return
        floor = np.flatnonzero(kind == 2)
        if not len(floor):
            return
        pixel = self.pixel * (1.0 if self.camera.ortho else away[floor])
        half = np.maximum(0.012, 0.5 * pixel)
        off = np.abs(p[floor, :2] - np.rint(p[floor, :2])).min(axis=1)
        cover = np.clip((half + 0.5 * pixel - off) / np.maximum(pixel, 1e-6), 0, 1) * (0.012 / half)
        albedo[floor] *= (1 - 0.16 * cover * np.clip(1.6 - pixel / 0.05, 0, 1))[:, None]

    def _cones(self, p: Floats32, kind: Any) -> list[NDArray[np.int64]]:
        """Which points lie within the cone of each lamp."""
        spots = self.world.spots
        at = np.array([spot.at for spot in spots], np.float32).reshape(-1, 3)
        axis = np.array([np.subtract(spot.aim, spot.at) for spot in spots], np.float32).reshape(-1, 3)
        axis /= np.linalg.norm(axis, axis=1, keepdims=True)
        x, y, z = np.ascontiguousarray(p.T)
        plain = kind != 3
        out = []
        for spot, (ax, ay, az), (bx, by, bz) in zip(spots, axis, at):
            edge = np.float32(math.cos(math.radians(min(spot.half_angle * 1.1, 89))) ** 2)
            dx, dy, dz = x - bx, y - by, z - bz
            along = dx * ax + dy * ay + dz * az
            away = dx * dx + dy * dy + dz * dz
            out.append(np.flatnonzero((along > 0) & (along * along > edge * away) & plain))
        return out

    def _spotted(
        self,
        spot: Spot,
        inside: NDArray[np.int64],
        p: Floats32,
        n: Floats32,
        light: Floats32,
        shine: Floats32,
        which: Any,
    ) -> None:
        """The light of one lamp on the points inside its cone, with its shadows."""
        at = np.asarray(spot.at, np.float32)
        axis = np.subtract(spot.aim, spot.at).astype(np.float32)
        axis /= np.linalg.norm(axis)
        to = at - p[inside]
        square = np.maximum(np.einsum("ij,ij->i", to, to), 0.04)
        length = np.sqrt(square)
        cosine = -(to @ axis) / length
        outer = math.cos(math.radians(min(spot.half_angle * 1.08, 89)))
        inner = math.cos(math.radians(spot.half_angle * 0.72))
        x = np.clip((cosine - outer) / max(inner - outer, 1e-6), 0, 1)
        take = np.einsum("ij,ij->i", n[inside], to) / length
        lit = np.flatnonzero((x > 0) & (take > 0))
        if not len(lit):
            return
        start = p[inside[lit]] + n[inside[lit]] * np.float32(0.004)
        end = start + to[lit] * (1 - 0.45 / np.maximum(length[lit], 0.9))[:, None]
        lit = lit[~self.world.blockers.blocked(start, end)]
        near = inside[lit]
        x, to, take, square, length = x[lit], to[lit], take[lit], square[lit], length[lit]
        edge = x * x * (3 - 2 * x)
        level = (edge / square)[:, None] * np.asarray(spot.colour, np.float32)
        light[near] += level * take[:, None]
        gloss = self.world.gloss[which[near]]
        shiny = np.flatnonzero(gloss > 0.2)
        if len(shiny):
            here = near[shiny]
            view = np.asarray(self.camera.eye, np.float32) - p[here]
            view /= np.maximum(np.linalg.norm(view, axis=1, keepdims=True), 1e-6)
            half = view + to[shiny] / length[shiny, None]
            half /= np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-6)
            power = 12 + 60 * gloss[shiny] ** 2
            peak = np.clip(np.einsum("ij,ij->i", half, n[here]), 0, 1) ** power * (power + 8) / 25 * 0.045
            shine[here] += level[shiny] * (peak * take[shiny])[:, None]

    def _mirrored(self, p: Floats32, n: Floats32, which: Any, away: Floats32, lit: Floats32) -> None:
        """Screens mirrored, blurred, in smooth level surfaces: a stage floor under an LED wall."""
        level = np.flatnonzero((n[:, 2] > 0.95) & (self.world.gloss[which] > 0.3))
        if not len(level) or self.camera.ortho > 0:
            return
        view = p[level] - np.asarray(self.camera.eye, np.float32)
        view /= np.maximum(np.linalg.norm(view, axis=1, keepdims=True), 1e-6)
        cosine = -view[:, 2]
        way = view * (1, 1, -1)
        strength = (0.05 + 0.95 * np.clip(1 - cosine, 0, 1) ** 5) * self.world.gloss[which[level]] * 0.75
        for texture in self.world.screens:
            front = np.cross(texture.across, texture.up)
            front = front / max(float(np.linalg.norm(front)), 1e-9)
            slope = way @ front
            t = ((texture.origin - p[level]) @ front) / np.where(np.abs(slope) < 1e-6, 1e-6, slope)
            met = np.flatnonzero((t > 0) & (slope < 0))
            q = p[level[met]] + way[met] * t[met, None] - texture.origin
            u = (q @ texture.across) / max(float(texture.across @ texture.across), 1e-12)
            v = (q @ texture.up) / max(float(texture.up @ texture.up), 1e-12)
            blur = np.clip(0.10 * t[met] / texture.width + 0.01, 0.01, 0.5)
            inside = np.ones(len(met))
            for s in (u, v):
                inside *= np.clip((s + blur) / (2 * blur), 0, 1) * np.clip((1 + blur - s) / (2 * blur), 0, 1)
            seen = np.flatnonzero(inside > 0)
            if not len(seen):
                continue
            wanted = 1.2 / float(np.median(blur[seen]))
            small = next((level for level in texture.levels if level.shape[1] <= wanted), texture.levels[-1])
            tint = _bilinear(small, texture.u0 + (texture.u1 - texture.u0) * u[seen], 1 - v[seen])
            here = met[seen]
            lit[level[here]] += tint * (inside[seen] * strength[here] * 2.0)[:, None]

    def _lined(self, band: slice) -> Floats32:
        """Lines where the surface breaks off or turns sharply, fainter where they would crowd."""
        stop = min(band.stop + 1, self.size[1])
        rows = slice(band.start, stop)
        depth, points, normals, index = self.depth[rows], self.points[rows], self.flat[rows], self.index[rows]
        smooth = self.normals[rows]
        tall = band.stop - band.start
        out = np.zeros((tall, self.size[0]), np.float32)
        wide = self.pixel * (np.ones_like(depth) if self.camera.ortho else np.minimum(depth, 1e4))
        for dy, dx in ((0, 1), (1, 0)):
            a = (slice(0, depth.shape[0] - dy), slice(0, depth.shape[1] - dx))
            b = (slice(dy, None), slice(dx, None))
            n, m = normals[a], normals[b]
            gap = points[b] - points[a]
            far = np.maximum(np.abs((gap * n).sum(-1)), 0)
            back = np.abs((gap * m).sum(-1))
            limit = 0.02 + 3.0 * np.minimum(wide[a], wide[b])
            breaks = np.minimum(far, back) > limit
            folds = (smooth[a] * smooth[b]).sum(-1) < 0.8
            both = (index[a] >= 0) & (index[b] >= 0)
            line = ((breaks | folds) & both) | ((index[a] >= 0) != (index[b] >= 0))
            near = np.minimum(wide[a], wide[b])
            strength = np.clip(0.022 / np.maximum(near, 1e-4), 0.22, 1.0) * line
            strength = strength[:tall]
            out[: strength.shape[0], : strength.shape[1]] = np.maximum(
                out[: strength.shape[0], : strength.shape[1]], strength
            )
        return out

    def _grounded(self, kind: Any, p: Floats32, soft: Floats32, behind: Floats32, shown: Floats32) -> None:
        """The ground is the paper the model stands on: it only darkens towards it."""
        here = np.flatnonzero(kind == 4)
        if not len(here):
            return
        ratio = np.clip(soft[here, 0], 0, 1)
        away = np.linalg.norm(p[here, :2] - self.middle[:2], axis=1) / self.radius
        fade = np.clip(1.9 - 0.7 * away, 0, 1)
        shown[here] = behind[here] * (1 - fade * 0.62 * (1 - ratio))[:, None]

    def _pictured(self, which: Any, kind: Any, p: Floats32, away: Floats32, shown: Floats32) -> None:
        """Screens show the designer's picture as it is, untouched by the film curve."""
        here = np.flatnonzero(kind == 3)
        if not len(here):
            return
        facet = self.world.owner[which[here]] - self.world.first_screen
        eye, forward = np.asarray(self.camera.eye, np.float32), axes(self.camera)[2].astype(np.float32)
        for k in np.unique(facet):
            mine = here[facet == k]
            texture = self.world.screens[k]
            front = np.cross(texture.across, texture.up)
            seen = (forward if self.camera.ortho > 0 else p[mine].mean(axis=0) - eye) @ front < 0
            pixel = self.pixel * (1.0 if self.camera.ortho else float(np.median(away[mine])))
            shown[mine] = texture.at(p[mine], pixel) if seen else 0.012


def _spread(index: Any) -> tuple[Any, Any]:
    """Points in the unit square that stay evenly spread however many are taken: Roberts, R2 sequence, 2018."""
    k = np.asarray(index, np.float64)
    u, v = np.modf(0.5 + k * 0.7548776662466927)[0], np.modf(0.5 + k * 0.5698402909980532)[0]
    if np.ndim(index) == 0:
        return float(u), float(v)
    return u.astype(np.float32), v.astype(np.float32)


def _over(n: Floats32, u: Floats32, v: Floats32) -> Floats32:
    """Directions over normals by the cosine law. Frame: Duff et al., Building an orthonormal basis, revisited, 2017."""
    radius, angle = np.sqrt(u), 2 * np.float32(math.pi) * v
    x, y, z = radius * np.cos(angle), radius * np.sin(angle), np.sqrt(np.maximum(1 - u, 0))
    sign = np.where(n[:, 2] >= 0, np.float32(1), np.float32(-1))
    a = -1 / (sign + n[:, 2])
    b = n[:, 0] * n[:, 1] * a
    tangent = np.stack([1 + sign * n[:, 0] ** 2 * a, sign * b, -sign * n[:, 0]], axis=1)
    other = np.stack([b, sign + n[:, 1] ** 2 * a, -n[:, 1]], axis=1)
    return np.asarray(tangent * x[:, None] + other * y[:, None] + n * z[:, None], np.float32)
