"""The solids of a scene as a DXF of their own, for CAD and previsualisation: never in one file with flat drawings.

A polyface mesh is what most readers take for a body. One block a shape, one INSERT a copy, a layer a system; millimetres.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stagecraft.drawing.layers import OWN, Layer, Profile, layer_for
from stagecraft.drawing.layers import profile as named
from stagecraft.drawing.marks import Style
from stagecraft.export._tags import MOST, Tags, add_layer, document, packed, unused
from stagecraft.export.write import save
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Part, Scene

Whole: TypeAlias = NDArray[np.int64]
FLAT = 1e-9
"""One less the cosine between two faces of one plane."""
CHUNK = 8_000
"""Faces of one mesh where a shape is too large for one."""


def write_dxf3d(scene: Scene, path: str | os.PathLike[str] | BinaryIO, profile: Profile | str | None = None) -> None:
    """Every copy of every part as an INSERT; element, item and tag stand in its extended data.

    profile : names and colours of layers as somebody else wants them
    """
    with document() as doc:
        _fill(doc, scene, named(profile) if isinstance(profile, str) else profile or Profile(OWN))
        data = packed(doc)
    save(data, path)


def _fill(doc: Any, scene: Scene, profile: Profile) -> None:
    space = Tags(doc, doc.modelspace())
    blocks: dict[tuple[str, bytes, bytes], str] = {}
    for part in scene.parts:
        layer = profile.layer(layer_for(Style(part.system)))
        add_layer(doc, Layer(layer.name, layer.colour, "Continuous", layer.lineweight), layer.name, part.system)
        shape = (part.item or part.label, part.solid.vertices.tobytes(), part.solid.faces.tobytes())
        if shape not in blocks:
            blocks[shape] = unused(shape[0], blocks.values())
            _define(doc, blocks[shape], part.solid)
        for copy, frame in enumerate(part.transforms):
            space.stand(layer.name, blocks[shape], _millimetres(frame), _ids(part, copy))
    space.close()
    low, high = (1000 * scene.bounds).tolist()
    doc.modelspace().reset_extents(low, high)
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    doc.set_modelspace_vport(1.1 * max(high[1] - low[1], (high[0] - low[0]) / 1.6, 100.0), center=middle)


def _ids(part: Part, copy: int) -> list[tuple[str, str]]:
    tag = part.tags[copy] if copy < len(part.tags) else ""
    known = (("ELEMENT", part.element), ("ITEM", part.item), ("TAG", tag))
    return [(name, value) for name, value in known if value]


def _millimetres(frame: Floats) -> Floats:
    out = frame.copy()
    out[:3, 3] *= 1000
    return out


def _define(doc: Any, name: str, solid: Solid) -> None:
    """The block of a shape: meshes on layer 0, so that they take the layer of their INSERT."""
    tags = Tags(doc, doc.blocks.new(name))
    vertices, faces = 1000 * solid.vertices, quads(solid)
    small = max(len(vertices), len(faces)) <= MOST
    for chunk in [faces] if small else np.split(faces, range(CHUNK, len(faces), CHUNK)):
        used, numbers = np.unique(np.abs(chunk[chunk != 0]) - 1, return_inverse=True)
        corners = np.zeros_like(chunk)
        corners[chunk != 0] = (numbers + 1) * np.sign(chunk[chunk != 0])
        tags.polyface("0", vertices[used], corners)
    tags.close()


def quads(solid: Solid) -> Whole:
    """(m, 4) corners of faces, from 1, as polyface meshes number them.

    Two triangles of one plane are one face where that is convex. An edge inside a plane, or between the facets of a
    cylinder, is not drawn: the corner where it begins is negative. A triangle has 0 as its fourth corner.
    """
    faces = solid.faces.astype(np.int64)
    count = len(faces)
    begin, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    size = len(solid.vertices)
    edge = np.minimum(begin, end) * size + np.maximum(begin, end)
    order: Whole = np.argsort(edge, kind="stable")
    alike: Whole = np.flatnonzero(np.diff(edge[order]) == 0)
    one, two = order[alike], order[alike + 1]  # the two sides of each edge; their faces:
    left, right = one // 3, two // 3
    normal = np.cross(*np.moveaxis(np.diff(solid.triangles, axis=1), 1, 0))
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    flat = np.einsum("ij,ij->i", normal[left], normal[right]) > 1 - FLAT
    round_ = np.array([surface.kind == "cylinder" for surface in solid.surfaces])[solid.surface]
    smooth = flat | (round_[left] & (solid.surface[left] == solid.surface[right]))
    hidden = np.zeros(3 * count, bool)
    hidden[one[smooth]] = hidden[two[smooth]] = True

    convex = flat & _convex(solid, faces, one, two, normal[left])
    length = np.linalg.norm(solid.vertices[begin[one]] - solid.vertices[end[one]], axis=1)
    ranked = np.flatnonzero(convex)[np.argsort(-np.round(length[convex], 9), kind="stable")]
    partner = np.full(count, -1)
    joined = []
    for pair in ranked.tolist():
        a, b = left[pair], right[pair]
        if partner[a] < 0 and partner[b] < 0:
            partner[a], partner[b] = b, a
            joined.append((one[pair], two[pair]))

    def corner(side: Whole) -> Whole:
        """Number of the corner where sides begin, with the sign of what is drawn."""
        return (begin[side] + 1) * np.where(hidden[side], -1, 1)

    def further(side: Whole, steps: int) -> Whole:
        return side // 3 * 3 + (side + steps) % 3

    first, second = np.array(joined, np.int64).reshape(-1, 2).T
    pairs = np.stack([corner(further(s, k)) for s in (first, second) for k in (1, 2)], axis=1)
    alone: Whole = 3 * np.flatnonzero(partner < 0)
    singles = np.stack([*(corner(alone + k) for k in range(3)), np.zeros_like(alone)], axis=1)
    return np.concatenate([pairs, singles]).astype(np.int64)


def _convex(solid: Solid, faces: Whole, one: Whole, two: Whole, normal: Floats) -> NDArray[np.bool_]:
    """Whether the two triangles at each edge are a convex quadrilateral."""
    corners = faces.ravel()
    at = solid.vertices

    def place(side: Whole, steps: int) -> Floats:
        return np.asarray(at[corners[side // 3 * 3 + (side + steps) % 3]])

    around = [place(one, 1), place(one, 2), place(two, 1), place(two, 2)]
    turns = [
        np.einsum("ij,ij->i", np.cross(b - a, c - b), normal)
        for a, b, c in zip(around, around[1:] + around[:1], around[2:] + around[:2])
    ]
    return np.asarray((np.array(turns) > 1e-12).all(axis=0))
