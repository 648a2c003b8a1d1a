"""How a solid is shown: corner normals where it is round, the lines worth drawing, colours as light."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry.solid import Solid

Floats32: TypeAlias = NDArray[np.float32]

CREASE = math.cos(math.radians(30.0))
"""Faces that meet at less than 30° carry no line between them."""
SHORTEST = 1e-3
"""A rest of a line shorter than this is none. [m]"""

RAMP = ((0.77, 0.31, 0.38), (0.90, 0.49, 0.29), (0.96, 0.69, 0.28), (0.98, 0.87, 0.52), (0.92, 0.97, 1.00))
"""From the worst to the best, sRGB: lighter from step to step (CIE L* 50, 63, 77, 89, 97), so that a grey print and eyes
that tell no red from green keep their order."""


def ramp(place: float) -> tuple[float, float, float]:
    """Colour at a place of the ramp, 0 the worst, 1 the best. [sRGB]"""
    places = np.linspace(0, 1, len(RAMP))
    r, g, b = (round(float(np.interp(place, places, [colour[k] for colour in RAMP])), 3) for k in range(3))
    return r, g, b


def linear(colour: Sequence[float]) -> tuple[float, float, float]:
    """Linear RGB of an sRGB colour, 0 … 1. Source: IEC 61966-2-1."""
    c = np.clip(np.asarray(colour, float), 0.0, 1.0)
    r, g, b = (float(v) for v in np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4))
    return r, g, b


def corner_normals(solid: Solid) -> Floats32 | None:
    """(m, 3, 3) normals at the corners of faces that are round; None where all are flat."""
    kinds = np.array([surface.kind for surface in solid.surfaces])
    if (kinds == "plane").all():
        return None
    a, b, c = np.moveaxis(solid.triangles, 1, 0)
    across = np.cross(b - a, c - a)
    flat = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    normals = np.repeat(flat[:, None], 3, axis=1)
    mean = np.zeros((len(solid.vertices) * 2, 3))
    round_face = kinds[solid.surface] != "plane"
    slots = solid.faces + np.where(round_face, 0, len(solid.vertices))[:, None]
    for k in range(3):
        np.add.at(mean, slots[:, k], across)
    mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
    smooth = mean[slots]
    near = (smooth * flat[:, None]).sum(axis=2) > 0.5
    use = near & round_face[:, None]
    normals[use] = smooth[use]
    return normals.astype(np.float32)


def feature_edges(solid: Solid) -> Floats32:
    """(k, 2, 3) lines where two faces of different surfaces meet at more than 30°."""
    faces = solid.faces
    ends = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    owner = np.repeat(np.arange(len(faces)), 3)
    key = np.sort(ends, axis=1)
    order = np.lexsort((key[:, 1], key[:, 0]))
    key, owner = key[order], owner[order]
    pair = np.flatnonzero((key[1:] == key[:-1]).all(axis=1))
    left, right = owner[pair], owner[pair + 1]
    a, b, c = np.moveaxis(solid.triangles, 1, 0)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    sharp = (normal[left] * normal[right]).sum(axis=1) < CREASE
    planes = np.array([surface.kind != "cylinder" for surface in solid.surfaces])
    apart = (solid.surface[left] != solid.surface[right]) | planes[solid.surface[left]]
    return np.asarray(solid.vertices[key[pair[sharp & apart]]], np.float32)


def without_seams(parts: Sequence[Floats32]) -> list[Floats32]:
    """Lines of bodies that make one surface: where a line of one runs along that of another, both are left out.

    parts : (k, 2, 3) lines of each body [m]
    """
    found: dict[tuple[float, ...], list[tuple[int, float, float]]] = {}
    lines = []
    for number, edges in enumerate(parts):
        for a, b in edges.astype(float):
            way = (b - a) / max(float(np.linalg.norm(b - a)), 1e-12)
            way *= np.sign(way[int(np.argmax(np.abs(way) > 1e-6))]) or 1.0
            low, high = sorted((float(a @ way), float(b @ way)))
            foot = a - (a @ way) * way
            key = (*(np.round(way, 4) + 0.0).tolist(), *(np.round(foot, 3) + 0.0).tolist())
            found.setdefault(key, []).append((number, low, high))
            lines.append((number, key, foot, way, low, high))
    out: list[list[Any]] = [[] for _ in parts]
    for number, key, foot, way, low, high in lines:
        left = [(low, high)]
        for other, start, end in found[key]:
            if other != number:
                left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b))]
                left = [(a, b) for a, b in left if b - a > SHORTEST]
        out[number] += [(foot + a * way, foot + b * way) for a, b in left]
    return [np.asarray(pieces, np.float32).reshape(-1, 2, 3) for pieces in out]
