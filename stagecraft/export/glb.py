"""GLB: the solids of a scene as one binary glTF 2.0 file, for Blender, web viewers and phones.

Metres, Y up. Chairs are nodes named after their seats and share one mesh; every other copy of a part is a node named
after its element and tag. Screens glow with their content; saved views are cameras. Ceilings are left out, so that one can look in.

Source: Khronos, glTF 2.0 Specification, 2.0.1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stagecraft.geometry import picture
from stagecraft.geometry.door import closed
from stagecraft.geometry.frame import Floats, frames
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.shading import Floats32, corner_normals, linear
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Door, Part, Scene, Screen

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT = 5126, 5125
_VERTICES, _INDICES = 34962, 34963
PROUD = 0.002
"""A picture stands this far in front of its panels. [m]"""
THIN = 0.003
"""[m]"""
WIDEST = 2048
"""A content picture is made no wider than this. [pixels]"""
FLOOR = (0.58, 0.56, 0.53)
DOOR, BARS, BLANK = (0.42, 0.30, 0.21), (0.7, 0.7, 0.7), (0.05, 0.07, 0.10)
_ROUGH = {"truss": 0.35, "rail": 0.35, "stage": 0.45, "video": 0.5, "drape": 1.0, "wall": 0.95}
_Y_UP = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
"""Columns of the turn that stands a Z-up room on its feet in a Y-up one."""


def write_glb(scene: Scene, path: Path | str) -> None:
    """Write the scene as a GLB file; the same scene gives the same bytes."""
    Path(path).write_bytes(glb(scene))


def glb(scene: Scene) -> bytes:
    """The scene as the bytes of a GLB file."""
    file = _File()
    root = file.node({"name": scene.about.name or "venue", "matrix": _Y_UP})
    groups: dict[str, list[int]] = {}
    for part in scene.parts:
        if part.system != "ceiling" and part.count and not _is_mark(part):
            groups.setdefault(part.element, []).extend(_part(file, part))
    for space in scene.rooms:
        groups.setdefault(space.element, []).append(_floor(file, space.element, space.outline, space.floor))
    for door in scene.of(Door):
        groups.setdefault(door.element, []).extend(_door(file, door))
    for screen in scene.of(Screen):
        groups.setdefault(screen.element, []).append(_screen(file, screen, scene.about.folder))
    children = [file.node({"name": f"{name} (all)", "children": c}) for name, c in groups.items()]
    children += [_camera(file, name, *view) for name, view in scene.cameras.items()]
    if children:
        file.nodes[root]["children"] = children
    return file.packed(root)


def _is_mark(part: Part) -> bool:
    """A sheet thinner than a coin stands for something to order or to draw; what is seen is another part."""
    return part.blocks == "none" and bool(np.ptp(part.solid.bounds[:, 2]) < THIN)


def _part(file: _File, part: Part) -> list[int]:
    mesh = file.solid(part.solid, part.label, file.material(part.colour, _ROUGH.get(part.system, 0.8)))
    nodes = []
    for k, matrix in enumerate(part.transforms):
        tag = part.tags[k] if k < len(part.tags) else ""
        if part.of_seats and tag:
            name = tag
        else:
            name = f"{part.label} {tag}" if tag else f"{part.label} {k + 1}" if part.count > 1 else part.label
        node: dict[str, Any] = {"name": name, "mesh": mesh}
        if not np.array_equal(matrix, np.eye(4)):
            node["matrix"] = [float(v) for v in matrix.T.reshape(-1) + 0.0]
        extras = {"element": part.element, "system": part.system} | ({"item": part.item} if part.item else {})
        nodes.append(file.node(node | {"extras": extras}))
    return nodes


def _door(file: _File, door: Door) -> list[int]:
    """Closed leaves half way into the wall, so that a doorway is no hole."""
    boards, bars = closed(door.width, door.height, door.depth, door.leaves)
    middle = np.asarray(door.at, float) + np.array([*door.out, 0.0]) * door.depth / 2
    matrix = [float(v) for v in frames(middle[None], door.heading - 90.0)[0].T.reshape(-1) + 0.0]
    nodes = []
    for name, solid, colour in (("leaves", boards, DOOR), ("bars", bars, BARS)):
        if solid is not None:
            title = f"{door.element} {door.name} {name}"
            mesh = file.solid(solid, title, file.material(colour, 0.5))
            extras = {"element": door.element, "system": "door"}
            nodes.append(file.node({"name": title, "mesh": mesh, "matrix": matrix, "extras": extras}))
    return nodes


def _camera(file: _File, name: str, eye: Sequence[float], aim: Sequence[float], fov: float) -> int:
    """A view saved in the venue file; fov is horizontal, of a picture 16 : 9. [degrees]"""
    back = np.subtract(eye, aim).astype(float)
    back /= max(float(np.linalg.norm(back)), 1e-9)
    level = abs(back[2]) < 1 - 1e-9
    right = np.cross((0.0, 0.0, 1.0) if level else (0.0, 1.0, 0.0), back)
    right /= max(float(np.linalg.norm(right)), 1e-9)
    columns = np.zeros((4, 4))
    columns[:3, :3], columns[3] = (right, np.cross(back, right), back), (*eye, 1.0)
    half = math.atan(math.tan(math.radians(fov / 2)) * 9 / 16)
    file.cameras.append(
        {"name": name, "type": "perspective",
         "perspective": {"aspectRatio": 16 / 9, "yfov": 2 * half, "znear": 0.05, "zfar": 1000.0}}
    )  # fmt: skip
    matrix = [float(v) for v in columns.reshape(-1) + 0.0]
    return file.node({"name": f"camera {name}", "camera": len(file.cameras) - 1, "matrix": matrix})


def _floor(file: _File, element: str, outline: Outline, level: float) -> int:
    import manifold3d

    rings = [np.ascontiguousarray(ring.points) for ring in outline.rings()]
    flat = np.concatenate(rings)
    corners = np.c_[flat, np.full(len(flat), level)]
    faces = np.asarray(manifold3d.triangulate(rings), np.int64)
    triangles = corners[faces]
    up = np.broadcast_to([0.0, 0.0, 1.0], triangles.shape)
    mesh = file.mesh(triangles, up, f"{element} floor", file.material(FLOOR, 0.9))
    return file.node({"name": f"{element} floor", "mesh": mesh})


def _screen(file: _File, screen: Screen, folder: Path | None) -> int:
    """One mesh over all facets, the picture laid along them by their length."""
    width, height = screen.size
    kept = picture.kept(folder, screen.content, WIDEST) if width > 0 and height > 0 else None
    across = screen.facets[:, 1] - screen.facets[:, 0]
    lengths = np.linalg.norm(across, axis=1)
    ends = np.concatenate([[0.0], np.cumsum(lengths)]) / max(float(lengths.sum()), 1e-9)
    front = np.cross(across, screen.facets[:, 3] - screen.facets[:, 0])
    front /= np.maximum(np.linalg.norm(front, axis=1, keepdims=True), 1e-12)
    corners = screen.facets + PROUD * front[:, None]
    two = np.array([0, 1, 2, 0, 2, 3])
    triangles = corners[:, two].reshape(-1, 3, 3)
    normals = np.repeat(front, 6, axis=0).reshape(-1, 3, 3)
    left, right = ends[:-1], ends[1:]
    u = np.stack([left, right, right, left], axis=1)
    v = np.broadcast_to([1.0, 1.0, 0.0, 0.0], u.shape)
    if kept is not None:  # the file is embedded whole; what a screen of this shape shows of it is told by u and v
        aspect = kept.size[0] / kept.size[1] / (width / height)
        u, v = 0.5 + (u - 0.5) * min(1 / aspect, 1.0), 0.5 + (v - 0.5) * min(aspect, 1.0)
    uv = np.stack([u, v], axis=2)[:, two].reshape(-1, 3, 2)
    material = file.glowing(screen.element, kept) if kept is not None else file.material(BLANK, 0.4)
    name = f"{screen.element} picture"
    return file.node({"name": name, "mesh": file.mesh(triangles, normals, name, material, uv)})


class _File:
    """glTF in the making: what the JSON names and what the binary part holds."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = []
        self.cameras: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.data = bytearray()
        self._solids: dict[tuple[int, int], int] = {}
        self._looks: dict[tuple[Any, ...], int] = {}
        self._names: dict[str, int] = {}
        self._kept: list[Solid] = []
        self._pictures: dict[picture.Kept, int] = {}

    def node(self, node: dict[str, Any]) -> int:
        """Adds a node; a name already taken gets a number."""
        name = str(node["name"])
        seen = self._names[name] = self._names.get(name, 0) + 1
        if seen > 1:
            return self.node(node | {"name": f"{name} #{seen}"})
        self.nodes.append(node)
        return len(self.nodes) - 1

    def material(self, colour: Sequence[float], rough: float) -> int:
        key = (*(round(float(c), 4) for c in colour), rough)
        if key not in self._looks:
            r, g, b = (round(c, 6) for c in linear(colour))
            surface = {"baseColorFactor": [r, g, b, 1.0], "metallicFactor": 0.0, "roughnessFactor": rough}
            name = "#" + "".join(f"{round(min(max(float(c), 0), 1) * 255):02x}" for c in colour)
            self._looks[key] = len(self.materials)
            self.materials.append({"name": name, "pbrMetallicRoughness": surface, "doubleSided": True})
        return self._looks[key]

    def glowing(self, name: str, image: picture.Kept) -> int:
        """A material that shines with a picture; a picture on several screens is held once."""
        if image not in self._pictures:
            view = self._view(image.data)
            self._pictures[image] = len(self.images)
            self.images.append({"name": image.name, "bufferView": view, "mimeType": image.mime})
        number = self._pictures[image]
        dark = {"baseColorFactor": [0.0, 0.0, 0.0, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.6}
        dark |= {"baseColorTexture": {"index": number}}
        self.materials.append(
            {"name": f"{name} content", "pbrMetallicRoughness": dark, "emissiveFactor": [1.0, 1.0, 1.0],
             "emissiveTexture": {"index": number}, "doubleSided": True}
        )  # fmt: skip
        return len(self.materials) - 1

    def solid(self, solid: Solid, name: str, material: int) -> int:
        """The mesh of a solid, made once however often it is used."""
        key = (id(solid), material)
        if key not in self._solids:
            triangles = solid.triangles
            normals = corner_normals(solid)
            self._solids[key] = self.mesh(triangles, _flat(triangles) if normals is None else normals, name, material)
            self._kept.append(solid)
        return self._solids[key]

    def mesh(
        self, triangles: Floats, normals: Floats | Floats32, name: str, material: int, uv: Floats | None = None
    ) -> int:
        columns = [triangles.reshape(-1, 3), np.round(normals.reshape(-1, 3), 5)]
        columns += [] if uv is None else [uv.reshape(-1, 2)]
        corners = np.ascontiguousarray(np.concatenate(columns, axis=1), np.float32) + np.float32(0)
        single, index = np.unique(corners, axis=0, return_inverse=True)
        attributes = {
            "POSITION": self._accessor(single[:, :3], "VEC3", True),
            "NORMAL": self._accessor(single[:, 3:6], "VEC3"),
        }
        if uv is not None:
            attributes["TEXCOORD_0"] = self._accessor(single[:, 6:], "VEC2")
        indices = self._view(index.reshape(-1).astype("<u4").tobytes(), _INDICES)
        self.accessors.append(
            {"bufferView": indices, "componentType": _UINT, "count": int(index.size), "type": "SCALAR"}
        )
        primitive = {"attributes": attributes, "indices": len(self.accessors) - 1, "material": material}
        self.meshes.append({"name": name, "primitives": [primitive]})
        return len(self.meshes) - 1

    def _accessor(self, values: Floats32, kind: str, limits: bool = False) -> int:
        entry: dict[str, Any] = {
            "bufferView": self._view(values.astype("<f4").tobytes(), _VERTICES),
            "componentType": _FLOAT, "count": len(values), "type": kind,
        }  # fmt: skip
        if limits:
            entry |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def _view(self, data: bytes, target: int | None = None) -> int:
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)}
        self.views.append(view | ({"target": target} if target else {}))
        self.data += data + b"\0" * (-len(data) % 4)
        return len(self.views) - 1

    def packed(self, root: int) -> bytes:
        content: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "stagecraft"},
            "scene": 0, "scenes": [{"name": self.nodes[root]["name"], "nodes": [root]}], "nodes": self.nodes,
            "meshes": self.meshes, "materials": self.materials, "accessors": self.accessors, "bufferViews": self.views,
            "cameras": self.cameras,
        }  # fmt: skip
        if self.images:
            content["images"] = self.images
            content["samplers"] = [{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}]
            content["textures"] = [{"source": k, "sampler": 0} for k in range(len(self.images))]
        if self.data:
            content["buffers"] = [{"byteLength": len(self.data)}]
        content = {key: value for key, value in content.items() if value != []}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        chunks = [(_JSON, text)] + ([(_BIN, bytes(self.data))] if self.data else [])
        body = b"".join(np.array([len(data), kind], "<u4").tobytes() + data for kind, data in chunks)
        return np.array([_MAGIC, 2, 12 + len(body)], "<u4").tobytes() + body


def _flat(triangles: Floats) -> Floats:
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    return np.repeat(across[:, None], 3, axis=1)
