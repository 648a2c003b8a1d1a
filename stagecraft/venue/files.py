"""Files that a venue names, read and checked: drawings, meshes, pictures."""

from __future__ import annotations

import difflib
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.elements._base import LARGEST, PlanRow, Unit
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline, Ring, circle, outline
from stagecraft.geometry.shapes import arc_sides
from stagecraft.geometry.solid import FREE, PLANE, Ints, Solid
from stagecraft.venue import seat_plans

METRES: dict[Unit, float] = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
SAGITTA = 0.002
"""Furthest that a chord strays from the curve it stands for. [m]"""
MOST_POINTS = 200_000
"""Points of one underlay."""
MOST_FACES = 500_000
"""Triangles of one mesh."""
MOST_BYTES = 200_000_000
SMOOTH = math.cos(math.radians(20.0))
"""Faces that meet at less than 20° are one surface, without a line between them."""
MESHES = (".obj", ".stl", ".ply", ".off", ".glb")


class Files:
    """Looks for files in the venue's folder, then in those of the venue files it uses."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    def closed_polyline(self, where: str, file: str, layer: str, unit: Unit) -> Outline:
        """Outline of the largest closed polyline (or circle) on a layer of a DXF drawing; its arcs stay arcs. [m]"""
        layers: set[str] = set()
        rings: list[Outline] = []
        faults: list[tuple[float, str]] = []
        for entity in self._entities(where, file):
            layers.add(entity.dxf.layer)
            if entity.dxf.layer.casefold() == layer.casefold():
                try:
                    rings += _closed(entity, METRES[unit])
                except ValueError as error:
                    faults.append((_box_area(entity, METRES[unit]), str(error)))
        if layer.casefold() not in (name.casefold() for name in layers):
            raise _wrong(where, f"{file} draws nothing on a layer '{layer}'{_instead(layer, sorted(layers), 'layers')}")
        largest = max(rings, key=lambda ring: ring.area, default=None)
        area, fault = max(faults, default=(0.0, ""))
        if fault and (largest is None or area > largest.area):
            raise _wrong(where, f"the closed polyline on layer '{layer}' of {file} cannot be a room: {fault}")
        if largest is None:
            raise _wrong(where, f"{file} has no closed polyline on layer '{layer}': "
                                "join its lines into one (PEDIT, Join) and save")  # fmt: skip
        width, depth = np.ptp(largest.outer.points, axis=0).tolist()
        if max(width, depth) > LARGEST or min(width, depth) < 0.5:
            size = f"{width:.3g} × {depth:.3g} m"
            raise _wrong(where, f"the outline on layer '{layer}' of {file} is {size}: is its unit really {unit}?")
        return largest

    def linework(self, where: str, file: str, unit: Unit) -> tuple[Floats, ...]:
        """(n, 2) polylines of all lines and curves that are drawn in a DXF drawing, symbols taken apart. [m]

        Layers that are off or frozen, text, dimensions and hatches are left out; curves stray 2 mm at most.
        """
        drawing = self._drawing(where, file)
        hidden = {layer.dxf.name.casefold() for layer in drawing.layers if layer.is_off() or layer.is_frozen()}
        lines: list[Floats] = []
        points = 0
        for entity in self._entities(where, file):
            if entity.dxf.layer.casefold() in hidden or entity.dxf.get("invisible", 0):
                continue
            for line in _lines(entity, METRES[unit]):
                points += len(line)
                if points > MOST_POINTS:
                    raise _too_much(where, file)
                lines.append(line)
        if not lines:
            raise _wrong(where, f"{file} has no lines in its model space: is the drawing in a layout or in an xref?")
        reach = max(float(np.abs(line).max()) for line in lines)
        if reach > LARGEST:
            raise _wrong(where, f"{file} reaches {reach / 1000:.0f} km from its origin: is its unit really {unit}, "
                                "and is the building near 0, 0?")  # fmt: skip
        return tuple(lines)

    def mesh(self, where: str, file: str, unit: Unit) -> Solid:
        """Closed solid from a mesh file; one that is inside out throughout is turned right. [m]"""
        path = self._path(where, file)
        if path.suffix.lower() not in MESHES:
            raise _wrong(where, f"'{file}' is no mesh file that can be read: export it as one of {', '.join(MESHES)}")
        vertices, faces = _triangles(where, file, path)
        if len(faces) > MOST_FACES:
            raise _wrong(where, f"{file} has {len(faces)} triangles, {MOST_FACES} at most: reduce it")
        solid = _surfaced(vertices * METRES[unit], faces)
        if not solid.is_closed:
            solid = _surfaced(*_merged(solid.vertices, faces))
        if not len(solid.faces):
            raise _wrong(where, f"{file} encloses nothing")
        if not solid.is_closed:
            edges = _open_edges(solid.faces)
            why = (f"{edges} edges lack a neighbour: close its holes" if edges
                   else "its faces do not all look outwards, or touch along an edge: recalculate the normals")  # fmt: skip
            raise _wrong(where, f"{file} is not a closed solid; {why} and export it again")
        if abs(solid.volume) < 1e-12:
            raise _wrong(where, f"{file} encloses nothing")
        size = float(np.ptp(solid.vertices, axis=0).max())
        if size > LARGEST or size < 0.001:
            raise _wrong(where, f"{file} is {size:.3g} m long: is its unit really {unit}?")
        if solid.volume < 0:
            solid = Solid(solid.vertices, solid.faces[:, ::-1].copy(), solid.surface, solid.surfaces)
        return solid

    def seats(self, where: str, file: str) -> tuple[PlanRow, ...]:
        """The rows of a seating plan from ticketing, at least one."""
        try:
            data = self._path(where, file).read_bytes()
        except OSError:
            raise _wrong(where, f"'{file}' may not be read: another program or its owner forbids it") from None
        try:
            return seat_plans.read(data, file)
        except ValueError as error:
            raise _wrong(where, str(error)) from None

    def picture(self, where: str, file: str) -> str:
        """The name of a picture that is there and can be opened."""
        path = self._path(where, file)
        stamp = path.stat()
        if fault := _picture_fault(path, stamp.st_mtime_ns, stamp.st_size):
            raise _wrong(where, f"'{file}' {fault}")
        return file

    def _entities(self, where: str, file: str) -> Iterator[Any]:
        """Everything in a drawing's model space, symbols taken apart."""
        try:
            for n, entity in enumerate(_apart(self._drawing(where, file).modelspace())):
                if n > MOST_POINTS:
                    raise OverflowError
                if entity.dxftype() in _DRAWN:
                    yield entity
        except OverflowError:
            raise _too_much(where, file) from None

    def _path(self, where: str, file: str) -> Path:
        """Where the file is; tells what is there instead if it is not."""
        if not file.strip():
            raise _wrong(where, "an empty name is no file")
        try:
            found = next((folder / file for folder in self.folders if (folder / file).exists()), None)
        except (OSError, ValueError):
            raise _wrong(where, f"{file[:60]!r} is no name that a file can have") from None
        if found is None:
            near = [folder / Path(file).parent for folder in self.folders]
            here = sorted({p.name for folder in near if folder.is_dir() for p in folder.iterdir() if p.is_file()})
            alike = [name for name in here if Path(name).suffix.lower() == Path(file).suffix.lower()] or here
            raise _wrong(where, f"there is no file '{file}'{_instead(Path(file).name, alike, 'files there')}")
        if found.is_dir():
            raise _wrong(where, f"'{file}' is a folder, not a file")
        if found.stat().st_size == 0:
            raise _wrong(where, f"'{file}' is empty")
        if found.stat().st_size > MOST_BYTES:
            raise _wrong(where, f"'{file}' has more than {MOST_BYTES // 1_000_000} MB")
        return found

    def _drawing(self, where: str, file: str) -> Any:
        path = self._path(where, file)
        if path.suffix.lower() == ".dwg":
            raise _wrong(where, f"'{file}' is a DWG drawing: save it as DXF")
        stamp = path.stat()
        try:
            return _read_dxf(path, stamp.st_mtime_ns, stamp.st_size)
        except PermissionError:
            raise _wrong(where, f"'{file}' may not be read: another program or its owner forbids it") from None
        except Exception:  # a broken drawing makes its reader raise many things
            raise _wrong(where, f"'{file}' is damaged or not a DXF drawing: audit it in your CAD program and save "
                                "it as DXF R2010") from None  # fmt: skip


def _wrong(where: str, message: str) -> VenueError:
    return VenueError(Problem(message, where))


def _too_much(where: str, file: str) -> VenueError:
    return _wrong(where, f"{file} has more than {MOST_POINTS} points: remove what nobody needs under the plan")


def _instead(wanted: str, known: Sequence[str], what: str) -> str:
    """`; did you mean 'A-WALL'?`, or what there is."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wanted.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{folded[close[0]]}'?"
    if not known:
        return ""
    rest = f" and {len(known) - 8} more" if len(known) > 8 else ""
    return f"; {what}: {', '.join(known[:8])}{rest}"


# --- drawings


@lru_cache(maxsize=4)
def _read_dxf(path: Path, changed: int, size: int) -> Any:
    """The drawing, read once as long as the file stays as it is."""
    import ezdxf

    return ezdxf.readfile(path)


_DRAWN = {"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "3DFACE", "SOLID", "TRACE"}
DEEPEST = 50
"""Symbols within symbols; more is one that contains itself."""


def _apart(entities: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """Entities one by one, each symbol followed by what it is made of."""
    for entity in entities:
        yield entity
        kind = entity.dxftype()
        if kind == "INSERT" and depth < DEEPEST:
            for one in _copies(entity):
                yield from _apart(one.virtual_entities(), depth + 1)
        elif kind == "MLINE":
            yield from entity.virtual_entities()


def _copies(insert: Any) -> Iterator[Any]:
    """The copies of a symbol that is set out in a grid, one at a time."""
    rows, columns = max(insert.dxf.row_count, 1), max(insert.dxf.column_count, 1)
    if rows * columns > MOST_POINTS:
        raise OverflowError
    if rows * columns == 1:
        yield insert
        return
    from ezdxf.math import Vec3

    for k in range(rows * columns):
        row, column = divmod(k, columns)
        step = Vec3(column * insert.dxf.column_spacing, row * insert.dxf.row_spacing)
        one = insert.copy()
        one.dxf.discard("row_count")
        one.dxf.discard("column_count")
        one.dxf.insert = insert.dxf.insert + step.rotate_deg(insert.dxf.rotation)
        yield one


def _lines(entity: Any, scale: float) -> Iterator[Floats]:
    """(n, 2) lines of one entity. [m]"""
    from ezdxf import path as paths

    kind = entity.dxftype()
    if (polyline := _polyline(entity, scale)) is not None:
        xy, bulge, closed = polyline
        points, _, _ = _chords(xy, bulge if closed else bulge[:-1])
        found = [np.concatenate([points, xy[:1] if closed else xy[-1:]])]
    elif kind in ("ARC", "CIRCLE", "ELLIPSE"):
        sagitta = min(
            SAGITTA / scale, 0.1 * (entity.dxf.major_axis.magnitude if kind == "ELLIPSE" else entity.dxf.radius)
        )
        found = [_flat(entity.flattening(sagitta), scale)] if sagitta > 0 else []
    else:
        try:
            path = paths.make_path(entity)
        except TypeError:  # a polyface mesh
            return
        found = [_flat(part.flattening(SAGITTA / scale), scale) for part in path.sub_paths()]
    yield from (points for points in found if len(points) > 1 and np.isfinite(points).all())


def _flat(points: Iterable[Any], scale: float) -> Floats:
    return np.array([(p.x, p.y) for p in points], float).reshape(-1, 2) * scale


def _box_area(entity: Any, scale: float) -> float:
    """Area of the box round an entity. [m²]"""
    points = np.concatenate([*_lines(entity, scale), np.zeros((0, 2))])
    return float(np.prod(np.ptp(points, axis=0))) if len(points) else 0.0


def _closed(entity: Any, scale: float) -> Iterator[Outline]:
    """The outline of a closed entity; none if it is open."""
    if (polyline := _polyline(entity, scale)) is not None:
        xy, bulge, closed = polyline
        same = np.linalg.norm(np.roll(xy, -1, axis=0) - xy, axis=1) < 1e-6
        if len(xy) > 1 and (closed or same[-1]):
            yield _ring(xy[~same], bulge[~same])
    elif entity.dxftype() == "CIRCLE":
        centre, radius = entity.ocs().to_wcs(entity.dxf.center), entity.dxf.radius * scale
        sides = max(12, arc_sides(radius, 2 * math.pi, SAGITTA))
        yield circle(radius, (centre.x * scale, centre.y * scale), sides)
    elif entity.dxftype() in ("ELLIPSE", "SPLINE"):
        for line in _lines(entity, scale):
            if len(line) > 3 and np.allclose(line[0], line[-1], atol=SAGITTA):
                yield outline(line[:-1])


def _polyline(entity: Any, scale: float) -> tuple[Floats, Floats, bool] | None:
    """Points [m], bulges and whether it is closed; None for what is no polyline."""
    if entity.dxftype() == "LWPOLYLINE":
        rows, closed = list(entity.get_points("xyb")), bool(entity.closed)
    elif entity.dxftype() == "POLYLINE" and (entity.is_2d_polyline or entity.is_3d_polyline):
        rows = [(v.dxf.location.x, v.dxf.location.y, v.dxf.get("bulge", 0.0)) for v in entity.vertices]
        closed = bool(entity.is_closed)
    else:
        return None
    xy, bulge = np.split(np.array(rows, float).reshape(-1, 3), [2], axis=1)
    if entity.dxf.extrusion.z < 0:  # drawn on a plane that is seen from behind
        xy, bulge = xy * np.array([-1.0, 1.0]), -bulge
    return xy * scale, bulge[:, 0], closed


def _ring(xy: Floats, bulge: Floats) -> Outline:
    """Outline of a closed polyline's points and bulges; its arcs know their circle."""
    points, arcs, circles = _chords(xy, bulge)
    shape = outline(points)
    if not np.array_equal(shape.outer.points, points):  # it ran clockwise
        arcs = [*arcs[-2::-1], arcs[-1]]
    return Outline(Ring(shape.outer.points, tuple(arcs)), circles=tuple(circles))


def _chords(xy: Floats, bulge: Floats) -> tuple[Floats, list[int], list[tuple[float, float, float]]]:
    """Points along the runs that begin at `xy`, the circle that each follows (−1: none), and those circles."""
    points: list[Floats] = [np.zeros((0, 2))]
    arcs: list[int] = []
    circles: list[tuple[float, float, float]] = []
    for a, b, bend in zip(xy, np.roll(xy, -1, axis=0), bulge.tolist()):
        chord = b - a
        if abs(bend) < 1e-9 or not chord.any():
            points.append(a[None])
            arcs.append(-1)
            continue
        angle = 4 * math.atan(bend)
        centre = (a + b) / 2 + np.array([-chord[1], chord[0]]) * (1 - bend**2) / (4 * bend)
        x, y = a - centre
        radius = math.hypot(x, y)
        sides = arc_sides(radius, angle, SAGITTA)
        turn = np.arange(sides) / sides * angle
        c, s = np.cos(turn), np.sin(turn)
        points.append(centre + np.stack([c * x - s * y, s * x + c * y], axis=1))
        arcs += [len(circles)] * sides
        circles.append((float(centre[0]), float(centre[1]), radius))
    return np.concatenate(points), arcs, circles


# --- pictures


@lru_cache(maxsize=64)
def _picture_fault(path: Path, changed: int, size: int) -> str:
    """Why a picture cannot be shown; looked at once as long as the file stays as it is."""
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "has far too many pixels: save it smaller"
    except Exception:  # whatever a broken picture makes its decoder raise
        return "is not a picture that can be opened: save it as PNG or JPEG"
    return ""


# --- meshes


def _triangles(where: str, file: str, path: Path) -> tuple[Floats, Ints]:
    """Vertices and faces of a mesh file, z upwards."""
    import trimesh

    try:
        data = io.BytesIO(path.read_bytes())
        scene = trimesh.load(data, file_type=path.suffix[1:].lower(), force="mesh", process=False)
        vertices, faces = np.asarray(scene.vertices, float), np.asarray(scene.faces, np.int64)
    except OSError as error:
        raise _wrong(where, f"'{file}' cannot be read: {error.strerror or error}") from None
    except Exception:  # a broken mesh makes its reader raise many things
        raise _wrong(where, f"'{file}' is damaged or not a {path.suffix[1:].upper()} mesh: export it again") from None
    if not len(faces):
        raise _wrong(where, f"'{file}' has no faces")
    if not np.isfinite(vertices).all():
        raise _wrong(where, f"'{file}' has corners that are not numbers: export it again")
    if path.suffix.lower() == ".glb":  # glTF stands on its y axis
        vertices = vertices[:, [0, 2, 1]] * np.array([1.0, -1.0, 1.0])
    return vertices, faces.astype(np.int32)


def _merged(vertices: Floats, faces: Ints) -> tuple[Floats, Ints]:
    """Corners within a micrometre are one; faces that this makes thinner than a triangle go."""
    _, first, same = np.unique(np.round(vertices * 1e6), axis=0, return_index=True, return_inverse=True)
    faces = same.reshape(-1)[faces].astype(np.int32)
    a, b, c = faces.T
    return vertices[first], faces[(a != b) & (b != c) & (c != a)]


def _open_edges(faces: Ints) -> int:
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    _, count = np.unique(edges, axis=0, return_counts=True)
    return int((count == 1).sum())


def _surfaced(vertices: Floats, faces: Ints) -> Solid:
    """A solid whose faces are grouped into surfaces, parted where they meet at 20° or more."""
    corners = vertices[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-300)[:, None]
    half = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64), axis=1)
    key = half[:, 0] << 32 | half[:, 1]
    order = np.argsort(key, kind="stable")
    pair = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, two = order[pair] // 3, order[pair + 1] // 3
    smooth = np.einsum("ij,ij->i", normal[one], normal[two]) > SMOOTH
    group = _components(len(faces), one[smooth], two[smooth])
    first = normal[np.unique(group, return_index=True)[1]]
    flat = np.einsum("ij,ij->i", normal, first[group]) > 1 - 1e-6
    bent = np.bincount(group, weights=~flat) > 0
    return Solid(vertices, faces, group.astype(np.int32), tuple(FREE if b else PLANE for b in bent))


def _components(count: int, one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the connected group that each of `count` things belongs to."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[one], label[two])
        before = label.copy()
        np.minimum.at(label, one, low)
        np.minimum.at(label, two, low)
        label = label[label]
        if np.array_equal(label, before):
            return np.asarray(np.unique(label, return_inverse=True)[1].reshape(-1))
