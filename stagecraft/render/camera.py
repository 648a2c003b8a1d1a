"""Where a picture is taken from: rays through pixels, points onto pixels, and the views everybody asks for."""

from __future__ import annotations

import difflib
import math
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats, triple
from stagecraft.render.description import Camera, Description, Floats32, Instances, RoomBox
from stagecraft.scene import Scene, Screen, Seats, Target

Size: TypeAlias = tuple[int, int]
"""Width and height of a picture. [pixels]"""

SEAT_FOV = 64.0
"""Horizontal field of view from a seat: what a person takes in without turning the head. [degrees]"""
ON_THE_WALL = 0.4
"""Doors and signs within this distance of a wall go with it. [m]"""
WHOLE = 3.5
"""Things on a wall smaller than this go with it or stay as a whole. [m]"""
STANDARD = ("overview", "front", "plan")


def axes(camera: Camera) -> Floats:
    """(3, 3) rows: to the right, upwards, forwards. Looking straight down, upwards is +y."""
    forward = np.subtract(camera.aim, camera.eye).astype(float)
    length = float(np.linalg.norm(forward))
    forward = forward / length if length > 1e-9 else np.array([0.0, 1.0, 0.0])
    right = np.cross(forward, camera.up)
    if np.linalg.norm(right) < 1e-6:
        right = np.cross(forward, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(right, forward), forward])


def rays(camera: Camera, size: Size, pixels: ArrayLike) -> tuple[Floats32, Floats32]:
    """Origins and unit directions (n, 3) of the rays through `pixels` (n, 2), x to the right, y downwards."""
    width, height = size
    x, y = np.moveaxis(np.asarray(pixels, np.float32), -1, 0)
    right, up, forward = axes(camera).astype(np.float32)
    across = (2 * x / width - 1)[..., None]
    down = ((2 * y - height) / width)[..., None]
    eye = np.asarray(camera.eye, np.float32)
    if camera.ortho > 0:
        half = np.float32(camera.ortho / 2)
        return eye + half * (across * right - down * up), np.broadcast_to(forward, (*x.shape, 3))
    half = np.float32(math.tan(math.radians(camera.fov / 2)))
    way = forward + half * (across * right - down * up)
    way /= np.sqrt(np.einsum("...i,...i->...", way, way))[..., None]
    return np.broadcast_to(eye, way.shape), way


def project(camera: Camera, size: Size, points: ArrayLike) -> tuple[Floats, Floats]:
    """Pixels (n, 2) and depth (n,) [m] of world points (n, 3); what lies behind has a negative depth."""
    width, height = size
    local = (np.asarray(points, float) - camera.eye) @ axes(camera).T
    depth = local[..., 2]
    if camera.ortho > 0:
        scale = np.full(depth.shape, width / camera.ortho)
    else:
        forward = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        scale = width / 2 / math.tan(math.radians(camera.fov / 2)) / forward
    pixels = np.stack([width / 2 + local[..., 0] * scale, height / 2 - local[..., 1] * scale], axis=-1)
    return pixels, depth


def footprint(camera: Camera, size: Size) -> float:
    """Width of a pixel: per metre of depth, or as it is in a parallel view. [m]"""
    if camera.ortho > 0:
        return camera.ortho / size[0]
    return 2 * math.tan(math.radians(camera.fov / 2)) / size[0]


def key_light(camera: Camera) -> Floats32:
    """Direction towards the sun of the work light: over the camera's left shoulder, so shadows fall to the right."""
    right, up, forward = axes(camera)
    flat = np.array([forward[0], forward[1], 0.0])
    flat = up * [1, 1, 0] if np.linalg.norm(flat) < 1e-3 else flat
    way = -0.42 * flat / max(float(np.linalg.norm(flat)), 1e-9) - 0.55 * right + np.array([0, 0, 1.15])
    return np.asarray(way / np.linalg.norm(way), np.float32)


def standard(name: str, scene: Scene, description: Description, size: Size = (1280, 720)) -> Camera:
    """One of `overview`, `front`, `plan`, or a view saved in the venue file. Raises VenueError for any other."""
    if name in scene.cameras:
        eye, aim, fov = scene.cameras[name]
        return Camera(eye, aim, fov)
    if name == "overview":
        return overview(description, size)
    if name == "front":
        return front(scene, description)
    if name == "plan":
        return plan(description, size)
    known = [*STANDARD, *scene.cameras]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    raise VenueError(f"there is no camera '{name}'{hint} (there are {', '.join(known)})")


def overview(description: Description, size: Size = (1280, 720), turn: float = -33.0, rise: float = 34.0) -> Camera:
    """The whole room from above the audience's corner.

    turn : degrees from the centre line, negative stands on the left of the plan
    rise : degrees above the floor
    """
    t, r = math.radians(turn), math.radians(rise)
    back = np.array([math.sin(t) * math.cos(r), -math.cos(t) * math.cos(r), math.sin(r)])
    middle = (np.array(description.low) + description.high) / 2
    span = max(float(np.linalg.norm(np.subtract(description.high, description.low))), 1.0)
    camera = Camera(triple(middle + back * span * 3), triple(middle), 34.0)
    points = _corners(seen_from(description, camera))
    return _fitted(camera, points, size)


def front(scene: Scene, description: Description) -> Camera:
    """The stage as the middle of the house sees it, from over the heads of its back rows."""
    low, high = _inside(description)
    look, seats = attention(scene), scene.seats
    depth, tall = high[1] - low[1], high[2] - low[2]
    below = seats.eyes[seats.eyes[:, 2] < low[2] + 0.55 * tall]  # the stalls rather than the balcony
    back = float(np.quantile(below[:, 1], 0.2)) if len(below) else low[1] + 0.1 * depth
    if look[1] - back < 3.0:
        back = look[1] - max(depth * 0.8, 6.0)
    level = low[2] + min(0.5 * tall, 4.0)
    near = below[np.abs(below[:, 1] - back) < 3.0, 2]
    if len(near):
        level = max(level, float(near.max()) + 0.6)
    eye = np.array([(low[0] + high[0]) / 2, back, min(level, max(high[2] - 0.6, low[2] + 1.0))])
    drop = np.array([0.0, 0.0, 0.05 * float(np.linalg.norm(look - eye))])
    return Camera(triple(eye), triple(look - drop), 58.0)


def plan(description: Description, size: Size = (1280, 720)) -> Camera:
    """Straight down, the stage at the top of the picture."""
    low, high = np.array(description.low), np.array(description.high)
    wide, deep, tall = np.maximum(high - low, 0.5)
    aspect = size[0] / size[1]
    middle = (low + high) / 2
    eye = (float(middle[0]), float(middle[1]), float(high[2] + max(tall, 5.0)))
    return Camera(eye, (eye[0], eye[1], float(low[2])), up=(0, 1, 0), ortho=float(max(wide, deep * aspect)) * 1.08)


def from_seat(scene: Scene, seat: str, target: ArrayLike | None = None) -> Camera:
    """What the person on `seat` sees: `L C12`, `L/C/12`, `C12` where only one block has it, or the permanent id."""
    index = find_seat(scene, seat)
    eye = scene.seats.eyes[index]
    aim = np.asarray(target, float) if target is not None else attention(scene)
    if np.linalg.norm(aim - eye) < 0.1:
        turn = math.radians(float(scene.seats.facing[index]))
        aim = eye + np.array([math.cos(turn), math.sin(turn), 0.0])
    return Camera(triple(eye), triple(aim), SEAT_FOV)


def attention(scene: Scene) -> Floats:
    """Where a house looks: the middle of its largest picture, drawn down to the person in focus."""
    screens = scene.of(Screen)
    focus = [t.points.mean(axis=0) for t in scene.of(Target) if t.role in ("focus", "person")]
    middle = np.mean(focus, axis=0) if focus else None
    if screens:
        largest = max(screens, key=lambda s: s.size[0] * s.size[1])
        centre = largest.facets.reshape(-1, 3).mean(axis=0)
        return np.asarray(centre if middle is None else np.append(centre[:2], 0.65 * centre[2] + 0.35 * middle[2]))
    if middle is not None:
        return np.asarray(middle)
    stages = [p.bounds for p in scene.parts if p.system == "stage"]
    if stages:
        low, high = np.min([b[0] for b in stages], axis=0), np.max([b[1] for b in stages], axis=0)
        return np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2] + 1.2])
    low, high = scene.bounds
    return np.array([(low[0] + high[0]) / 2, high[1], low[2] + 1.5])


def seat_label(seats: Seats, index: int) -> str:
    """`L C12`"""
    return f"{seats.block[index]} {seats.row[index]}{seats.seat[index]}".strip()


def find_seat(scene: Scene, wanted: str) -> int:
    """Index in `scene.seats`. Raises VenueError, naming the nearest seats, when none or several are meant."""
    seats = scene.seats
    if not len(seats):
        raise VenueError(f"there is no seat '{wanted}': nobody is seated here")
    ids = [i.casefold() for i in seats.ids.tolist()]
    if wanted.strip().casefold() in ids:
        return ids.index(wanted.strip().casefold())
    names = [tuple(w.casefold() for w in n) for n in zip(seats.block.tolist(), seats.row.tolist(), seats.seat.tolist())]
    words = tuple(wanted.casefold().replace("/", " ").split())
    tight = "".join(words)
    ways = (
        [k for k, (b, r, s) in enumerate(names) if words in ((b, r, s), (b, r + s))],
        [k for k, (b, r, s) in enumerate(names) if tight == (b + r + s).replace(" ", "")],
        [k for k, (b, r, s) in enumerate(names) if words in ((r, s), (r + s,))],
    )
    found = next((way for way in ways if way), [])
    if len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(f"'{seat_label(seats, k)}' ({seats.ids[k]})" for k in found[:4])
        raise VenueError(f"'{wanted}' is {len(found)} seats: {some}{' …' if len(found) > 4 else ''}; name one")
    labels = [seat_label(seats, k) for k in range(len(seats))]
    folded = [label.casefold() for label in labels]
    near = difflib.get_close_matches(wanted.casefold(), folded, n=3, cutoff=0.4)
    offered = ", ".join(f"'{labels[folded.index(label)]}'" for label in near) or f"'{labels[0]}' to '{labels[-1]}'"
    raise VenueError(f"there is no seat '{wanted}'; the nearest are {offered}")


def seen_from(description: Description, camera: Camera) -> Description:
    """The description without what stands between the camera and a room it looks into from outside:
    the walls towards the camera, and the ceiling.
    """
    boxes = [box for box in description.rooms if not _is_inside(box, camera)]
    if not boxes:
        return description
    kept = tuple(left for one in description.instances for left in _uncovered(one, boxes, camera))
    return replace(description, instances=kept)


def _uncovered(one: Instances, boxes: list[RoomBox], camera: Camera) -> tuple[Instances, ...]:
    if one.shell not in ("wall", "ceiling"):
        return (one,)
    world = one.triangles @ np.swapaxes(one.transforms[:, None, :3, :3], 2, 3) + one.transforms[:, None, None, :3, 3]
    keep = np.ones(world.shape[:2], np.bool_)
    middle = world.mean(axis=2).astype(float)
    small = float(np.linalg.norm(np.ptp(one.triangles.reshape(-1, 3), axis=0))) < WHOLE
    if small:
        middle = np.broadcast_to(middle.mean(axis=1, keepdims=True), middle.shape)
    for box in boxes:
        keep &= ~_covers(middle, one.shell, box, camera)
    if keep.all():
        return (one,)
    if not keep.any():
        return ()
    normals = None if one.normals is None else one.normals @ np.swapaxes(one.transforms[:, None, :3, :3], 2, 3)
    edges = one.edges @ np.swapaxes(one.transforms[:, None, :3, :3], 2, 3) + one.transforms[:, None, None, :3, 3]
    seen = np.ones(edges.shape[:2], np.bool_)
    at = np.broadcast_to(middle[:, :1], (*edges.shape[:2], 3)) if small else edges.mean(axis=2).astype(float)
    for box in boxes:
        seen &= ~_covers(at, one.shell, box, camera)
    return (
        replace(
            one, triangles=world[keep], edges=edges[seen], normals=None if normals is None else normals[keep],
            transforms=np.eye(4, dtype=np.float32)[None], tags=(),
        ),
    )  # fmt: skip


def _covers(points: Floats, shell: str, box: RoomBox, camera: Camera) -> NDArray[np.bool_]:
    """Which points (..., 3) of a shell stand between the camera and the room."""
    outside, normal, foot = _outside(points[..., :2], box)
    if shell == "ceiling":
        above = axes(camera)[2, 2] < -0.1 if camera.ortho > 0 else camera.eye[2] > box.floor
        return np.asarray((outside < 0.5) & (points[..., 2] > box.floor + 1.0) & above)
    near = (outside > -ON_THE_WALL) & (outside < 2.0)
    if camera.ortho > 0:
        towards = -(normal @ axes(camera)[2, :2])
    else:
        towards = (normal * (np.asarray(camera.eye[:2]) - foot)).sum(axis=-1)
    return np.asarray(near & (towards > 1e-6))


def _outside(points: Floats, box: RoomBox) -> tuple[Floats, Floats, Floats]:
    """Of points (..., 2): distance outside the outline (inside: negative), outward normal and foot on the wall."""
    a = box.corners.astype(float)
    b = np.roll(a, -1, axis=0)
    run = b - a
    along = ((points[..., None, :] - a) * run).sum(-1) / np.maximum((run * run).sum(-1), 1e-12)
    foot = a + np.clip(along, 0, 1)[..., None] * run
    gap = np.linalg.norm(points[..., None, :] - foot, axis=-1)
    normals = np.stack([run[:, 1], -run[:, 0]], axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    side = ((points[..., None, :] - foot) * normals).sum(-1)
    nearest = np.argmin(gap - 1e-6 * side, axis=-1)[..., None]
    sign = np.where(np.take_along_axis(side, nearest, -1)[..., 0] >= -1e-9, 1.0, -1.0)
    distance = sign * np.take_along_axis(gap, nearest, -1)[..., 0]
    return distance, normals[nearest[..., 0]], np.take_along_axis(foot, nearest[..., None], -2)[..., 0, :]


def _is_inside(box: RoomBox, camera: Camera) -> bool:
    if camera.ortho > 0:
        return False
    x, y, z = camera.eye
    distance, _, _ = _outside(np.array([[x, y]]), box)
    return bool(distance[0] < 0 and box.floor - 0.5 < z < box.ceiling)


def _inside(description: Description) -> tuple[Floats, Floats]:
    """Corners of the largest room, or of everything. [m]"""
    if not description.rooms:
        return np.array(description.low), np.array(description.high)
    room = max(description.rooms, key=lambda r: float(np.prod(np.ptp(r.corners, axis=0))))
    low, high = room.corners.min(axis=0), room.corners.max(axis=0)
    return np.array([*low, room.floor], float), np.array([*high, room.ceiling], float)


def _corners(description: Description) -> Floats:
    """Corners of the boxes round everything that is shown."""
    out = []
    for one in description.instances:
        flat = one.triangles.reshape(-1, 3)
        low, high = flat.min(axis=0), flat.max(axis=0)
        box = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
        out.append((box @ np.swapaxes(one.transforms[:, :3, :3], 1, 2) + one.transforms[:, None, :3, 3]).reshape(-1, 3))
    out += [surface.corners for surface in description.screens]
    return np.concatenate(out).astype(float) if out else np.array([description.low, description.high], float)


def _fitted(camera: Camera, points: Floats, size: Size, margin: float = 1.05) -> Camera:
    """The camera slid sideways and backwards until all points just fill the picture."""
    frame = axes(camera)
    local = points @ frame.T
    tan_x = math.tan(math.radians(camera.fov / 2)) / margin
    tan_y = tan_x * size[1] / size[0]
    # per axis: each point p wants |p_side − eye_side| ≤ tan · (p_depth − eye_depth)
    place = np.zeros(3)
    backs = []
    for axis, tan in ((0, tan_x), (1, tan_y)):
        high = (local[:, axis] - tan * local[:, 2]).max()
        low = (local[:, axis] + tan * local[:, 2]).min()
        backs.append((low - high) / (2 * tan))
        place[axis] = (high + low) / 2
    place[2] = min(backs)
    eye = place @ frame
    depth = max(float(local[:, 2].mean() - place[2]), 1.0)
    return replace(camera, eye=triple(eye), aim=triple(eye + frame[2] * depth))
