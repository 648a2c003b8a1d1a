"""Scene → Description: every record that can be seen, as meshes, screens and lamps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry import picture, shapes
from stagecraft.geometry.door import closed
from stagecraft.geometry.frame import Floats, frames, triple
from stagecraft.geometry.outline import Outline, from_polygon, rectangle
from stagecraft.geometry.shading import corner_normals, feature_edges, linear, without_seams
from stagecraft.geometry.solid import Solid, joined
from stagecraft.render.description import Description, Floats32, Instances, LedSurface, Material, RoomBox, Spot
from stagecraft.scene import Door, Light, Part, Scene, Screen, Space

SLAB = 0.18
"""Thickness of the floor as shown. [m]"""
BORDER = 0.35
"""How far the floor runs out under the walls. [m]"""
PROUD = 0.004
"""A picture stands this far in front of its panels, so that the two do not mix. [m]"""
THIN = 0.003
"""[m]"""
FLOOR_COLOUR = (0.58, 0.56, 0.53)
CEILING_COLOUR = (0.86, 0.86, 0.85)
DOOR_COLOUR = (0.42, 0.30, 0.21)

Group = Literal["architecture", "seating", "people", "rigging", "set"]
_GROUP: dict[str, Group] = {
    "wall": "architecture", "door": "architecture", "column": "architecture", "ceiling": "architecture",
    "fire": "architecture", "sign": "architecture", "seating": "seating", "person": "people",
    "truss": "rigging", "light": "rigging", "sound": "rigging",
}  # fmt: skip
_ROUGHNESS = {"truss": 0.35, "rail": 0.35, "stage": 0.35, "video": 0.5, "drape": 1.0, "seating": 0.9, "wall": 0.95}
_CLOTHES = ("#39465a", "#5a6069", "#7d6f66", "#4a545e", "#8d98a5", "#64505a", "#c9c5be")
_HAIR = ("#3a302a", "#574438", "#24211f", "#7a6552", "#9a958e")
_SKIN = ("#c8a68f", "#94705c", "#dcbba4", "#6b5044")
NEAR = 4.0
"""People nearer than this to the eye are shown rounder … [m]"""
FAR = 22.0
"""… and beyond this in few facets. [m]"""
WHITE_KELVIN = 5600.0


def describe(scene: Scene, people: bool = False, without: str = "") -> Description:
    """Everything that can be seen.

    people : somebody sits on every seat that is not killed, except on the seat whose permanent id is `without`
    """
    instances = [*_rooms(scene), *_doors(scene), *_parts(scene)]
    if people:
        instances += _audience(scene, without)
    low, high = scene.bounds
    rooms = tuple(
        RoomBox(np.asarray(space.outline.outer.points, np.float32), space.floor, space.ceiling) for space in scene.rooms
    )
    screens = tuple(surface for screen in scene.of(Screen) for surface in _screen(screen, scene))
    return Description(tuple(instances), screens, _spots(scene.of(Light)), triple(low), triple(high), rooms)


def _parts(scene: Scene) -> Iterator[Instances]:
    known: dict[int, tuple[Floats32, Floats32, Floats32 | None]] = {}
    joints = _walls_as_one(scene)
    for part in scene.parts:
        if not part.count or _is_mark(part):
            continue
        mesh = known.get(id(part.solid))
        if mesh is None:
            mesh = known[id(part.solid)] = _mesh(part.solid)
        triangles, edges, normals = mesh
        edges = joints.get(id(part), edges)
        yield Instances(
            part.label, triangles, edges, np.asarray(part.transforms, np.float32),
            Material(linear(part.colour), _ROUGHNESS.get(part.system, 0.7)), part.tags,
            "seating" if part.of_seats else _GROUP.get(part.system, "set"), normals, _shell(part),
        )  # fmt: skip


def _walls_as_one(scene: Scene) -> dict[int, Floats32]:
    """Lines of the walls of each room, by id of the part: none where a lintel meets its wall."""
    groups: dict[tuple[str, bytes], list[Part]] = {}
    for part in scene.parts:
        if part.system == "wall" and part.count == 1:
            groups.setdefault((part.element, part.transforms.tobytes()), []).append(part)
    out: dict[int, Floats32] = {}
    for parts in groups.values():
        if len(parts) > 1:
            joined_lines = without_seams([feature_edges(part.solid) for part in parts])
            out |= {id(part): edges for part, edges in zip(parts, joined_lines)}
    return out


def _is_mark(part: Part) -> bool:
    """A sheet thinner than a coin stands for something to order or to draw; what is seen is another part."""
    return part.blocks == "none" and bool(np.ptp(part.solid.bounds[:, 2]) < THIN)


def _mesh(solid: Solid) -> tuple[Floats32, Floats32, Floats32 | None]:
    return np.asarray(solid.triangles, np.float32), feature_edges(solid), corner_normals(solid)


def _shell(part: Part) -> Literal["", "wall", "ceiling", "floor"]:
    if part.system == "ceiling":
        return "ceiling"
    return "wall" if part.system in ("wall", "door", "sign", "fire") else ""


def _one(
    name: str, solid: Solid, colour: Sequence[float], roughness: float = 0.9,
    shell: Literal["", "wall", "ceiling", "floor"] = "", group: Group = "architecture", at: Floats | None = None,
) -> Instances:  # fmt: skip
    triangles, edges, normals = _mesh(solid)
    transforms = np.eye(4)[None] if at is None else at
    return Instances(
        name, triangles, edges, np.asarray(transforms, np.float32), Material(linear(colour), roughness), (),
        group, normals, shell,
    )  # fmt: skip


def _rooms(scene: Scene) -> Iterator[Instances]:
    """Floor and ceiling of every room; a floor under everything where there is no room."""
    rooms = scene.rooms
    if not rooms:
        (x0, y0, _), (x1, y1, _) = scene.bounds
        plate = rectangle(x1 - x0 + 4, y1 - y0 + 4, ((x0 + x1) / 2, (y0 + y1) / 2))
        yield _one("floor", shapes.prism(plate, -SLAB, 0.0), FLOOR_COLOUR, shell="floor")
    for room in rooms:
        plate = from_polygon(_without_holes(room.outline).buffer(BORDER, join_style="mitre", mitre_limit=3))
        yield _one(
            f"{room.element} floor", shapes.prism(plate, room.floor - SLAB, room.floor), FLOOR_COLOUR, shell="floor"
        )
        for lid, height in _lids(room):
            yield _one(
                f"{room.element} ceiling", shapes.prism(lid, height, height + 0.05), CEILING_COLOUR, 0.95, "ceiling"
            )


def _without_holes(outline: Outline) -> Any:
    import shapely

    return shapely.Polygon(outline.outer.points)


def _lids(room: Space) -> Iterator[tuple[Outline, float]]:
    """The ceiling at its own height, and its zones that lie higher; lower ones hang there as parts."""
    import shapely

    rest = _without_holes(room.outline)
    for zone, height in room.zones:
        if height > room.ceiling:
            yield zone, height
            rest = rest.difference(zone.polygon)
    for piece in shapely.get_parts(rest):
        if piece.geom_type == "Polygon" and piece.area > 1e-6:
            yield from_polygon(piece), room.ceiling


def _doors(scene: Scene) -> Iterator[Instances]:
    """Closed leaves with a push bar, half way into the wall."""
    for door in scene.of(Door):
        boards, bars = closed(door.width, door.height, door.depth, door.leaves)
        # in the door's own frame +y leads out of the room
        out = np.array([*door.out, 0.0]) * door.depth / 2
        at = frames((np.asarray(door.at, float) + out)[None], door.heading - 90.0)
        yield _one(f"{door.element} {door.name}", boards, DOOR_COLOUR, 0.5, "wall", at=at)
        if bars is not None:
            yield _one(f"{door.element} {door.name} bars", bars, (0.7, 0.7, 0.7), 0.3, "wall", at=at)


def _audience(scene: Scene, without: str) -> Iterator[Instances]:
    """Head and shoulders at the eye of every seat that is not killed; who stands has legs too. The eye is the seat's own."""
    seats = scene.seats
    here = (seats.status != "kill") & (seats.ids != without)
    own = np.flatnonzero(seats.ids == without)
    if len(own):  # nobody behind a viewer is in the picture
        turn = np.radians(seats.facing[own[0]])
        ahead = (seats.eyes[:, :2] - seats.eyes[own[0], :2]) @ [np.cos(turn), np.sin(turn)]
        here &= ahead > -1.0
    if not here.any():
        return
    eyes, viewer = seats.eyes[here], seats.eyes[own]
    at = frames(eyes, seats.facing[here] - 90.0)
    away = np.linalg.norm(eyes - viewer[0], axis=1) if len(viewer) else np.full(len(eyes), NEAR)
    detail = np.digitize(away, [NEAR, FAR])
    mix = _scattered(len(eyes))
    everybody, standing = np.ones(len(eyes), np.bool_), seats.upright[here]

    def legs(_: float, level: int) -> Solid:
        return _legs(scene.stature.standing_eye, level)

    for name, solid, colours, step, whose in (
        ("torso", _torso, _CLOTHES, 1, everybody), ("face", _face, _SKIN, 7, everybody),
        ("hair", _hair, _HAIR, 31, everybody), ("legs", legs, _CLOTHES, 5, standing),
    ):  # fmt: skip
        if not whose.any():
            continue
        which = (mix // step) % len(colours)
        for level in range(3):
            shape = solid(scene.about.head, level)
            for k, colour in enumerate(colours):
                chosen = (detail == level) & (which == k) & whose
                if chosen.any():
                    rgb = tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
                    yield replace(
                        _one(f"audience {name} {k}", shape, rgb, 0.95, "", "people", at[chosen]),
                        edges=np.zeros((0, 2, 3), np.float32),
                    )


def _torso(head: float, level: int) -> Solid:
    """Shoulders, trunk and upper arms below an eye at the origin, looking to +y. [m]"""
    rings, sides = ((12, 20), (5, 8), (3, 5))[level]
    return joined([
        shapes.ellipsoid((0.225, 0.105, 0.160), (0, -0.075, -0.370), rings, sides),
        shapes.ellipsoid((0.130, 0.080, 0.145), (0, -0.095, -0.280), rings, sides),
        shapes.ellipsoid((0.190, 0.110, 0.300), (0, -0.065, -0.550), rings, sides),
        *(shapes.ellipsoid((0.062, 0.075, 0.190), (s * 0.215, -0.060, -0.470), rings, sides) for s in (-1, 1)),
    ])  # fmt: skip


def _legs(eye: float, level: int) -> Solid:
    """Hips and legs from below the trunk down to the floor, `eye` below the origin. [m]"""
    rings, sides = ((12, 20), (5, 8), (3, 5))[level]
    half = (eye - 0.62) / 2
    return joined([
        shapes.ellipsoid((0.185, 0.115, 0.180), (0, -0.065, -0.720), rings, sides),
        *(shapes.ellipsoid((0.090, 0.095, half), (s * 0.095, -0.065, half - eye), rings, sides) for s in (-1, 1)),
    ])  # fmt: skip


def _face(head: float, level: int) -> Solid:
    """Head, ears and neck; hair adds the last of the height `head` above the eye. [m]"""
    rings, sides = ((24, 36), (6, 10), (3, 6))[level]
    parts = [
        shapes.ellipsoid((0.074, 0.094, (head + 0.106) / 2), (0, -0.09, (head - 0.130) / 2), rings, sides),
        shapes.ellipsoid((0.052, 0.058, 0.130), (0, -0.110, -0.150), max(rings // 2, 3), max(sides // 2, 6)),
    ]
    if level == 0:
        parts += [shapes.ellipsoid((0.011, 0.020, 0.031), (s * 0.077, -0.095, -0.015), 8, 10) for s in (-1, 1)]
    return joined(parts)


def _hair(head: float, level: int) -> Solid:
    """Hair over the back of the head, no higher than the head itself. [m]"""
    rings, sides = ((24, 36), (6, 10), (4, 6))[level]
    wide = (0.0815, 0.084, 0.086)[level]
    return shapes.ellipsoid((wide, 0.097, 0.112), (0, -0.113, head - 0.112), rings, sides)


def _scattered(count: int) -> NDArray[np.int64]:
    """Whole numbers without a pattern to the eye, the same on every machine."""
    k = np.arange(count, dtype=np.uint64)
    return ((k * np.uint64(2654435761) + np.uint64(97)) % np.uint64(4294967291) // np.uint64(11)).astype(np.int64)


def _screen(screen: Screen, scene: Scene) -> Iterator[LedSurface]:
    facets = np.asarray(screen.facets, float)
    width, height = screen.size
    image = picture.of_file(scene.about.folder, screen.content)
    if image is not None and width > 0 and height > 0:
        image = picture.filled(image, width / height)
    lengths = np.linalg.norm(facets[:, 1] - facets[:, 0], axis=1)
    ends = np.concatenate([[0.0], np.cumsum(lengths)]) / max(float(lengths.sum()), 1e-9)
    across, up = facets[:, 1] - facets[:, 0], facets[:, 3] - facets[:, 0]
    front = np.cross(across, up)
    front /= np.maximum(np.linalg.norm(front, axis=1, keepdims=True), 1e-12)
    proud = facets + PROUD * front[:, None]
    for k, corners in enumerate(proud):
        yield LedSurface(screen.element, corners.astype(np.float32), image, (float(ends[k]), float(ends[k + 1])))


def _spots(lights: Sequence[Light]) -> tuple[Spot, ...]:
    """Lamps, each bright enough for its throw: a designer sets levels at the aim, not at the lamp."""
    out = []
    for light in lights:
        if light.intensity <= 0:
            continue
        throw = float(np.linalg.norm(np.asarray(light.aim, float) - np.asarray(light.at, float)))
        if throw < 1e-6:
            continue
        colour = np.array(linear(light.colour)) * _white(light.kelvin) * light.intensity * throw**2
        half = min(max(light.beam / 2, 0.5), 80.0)
        out.append(Spot(triple(light.at), triple(light.aim), half, triple(colour)))
    return tuple(out)


def _white(kelvin: float | None) -> Floats:
    """Linear tint of a white of so many kelvin, as a camera set to 5600 K sees it, kept gentle."""
    if kelvin is None:
        return np.ones(3)
    warm = float(np.clip((WHITE_KELVIN - kelvin) / (WHITE_KELVIN - 2700.0), -0.5, 1.0))
    return np.array([1.0 + 0.12 * warm, 1.0 - 0.10 * warm, 1.0 - 0.42 * warm])
