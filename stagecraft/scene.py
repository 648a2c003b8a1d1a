"""The waist: what stands in the room, as plain frozen records over numpy.

Elements make these records; checks, drawings, schedules and pictures read them. Neither side knows the other.
All lengths in metres, angles in degrees, world axes: +x to the right on the plan (stage left), +y upstage, +z up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import IDENTITY, Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import Solid

if TYPE_CHECKING:
    from pathlib import Path

    from stagecraft.catalogue import Item

Strings: TypeAlias = NDArray[np.str_]
Bools: TypeAlias = NDArray[np.bool_]
Colour: TypeAlias = tuple[float, float, float]
"""sRGB, 0 … 1."""

System = Literal[
    "wall", "door", "column", "ceiling", "stage", "stair", "rail", "platform", "set", "video", "truss", "light",
    "sound", "seating", "table", "drape", "foh", "camera", "person", "fire", "sign", "item",
]  # fmt: skip
"""What a part belongs to; drawings turn it into a CAD layer and pen."""
Blocks = Literal["architecture", "rigging", "set", "none"]
Place = Literal["chair", "wheelchair", "companion", "standing", "table"]


@dataclass(frozen=True, eq=False)
class PlanSymbol:
    """How one copy of a part is drawn in plan: lines in the part's own coordinates."""

    name: str
    """DXF block name, e.g. `SEAT-fur.chair.banquet`."""
    lines: tuple[Floats, ...]
    """(n, 2) polylines; first = last point closes one. [m]"""


@dataclass(frozen=True, eq=False)
class Part:
    """Closed solids standing here: one mesh, n copies, n tags."""

    element: str
    solid: Solid
    transforms: Floats = field(default_factory=lambda: IDENTITY[None])
    """(n, 4, 4) rigid frames of the copies."""
    system: System = "item"
    item: str = ""
    """Catalogue code; empty for what is not ordered by the piece."""
    tags: tuple[str, ...] = ()
    name: str = ""
    """What it is, in words, when it is not the whole element (`legs`, `rail`)."""
    blocks: Blocks = "set"
    movable: bool = True
    takes_seats: bool = False
    soft: bool = False
    """Cloth, people and other things that may be touched or passed through: never an overlap."""
    of_seats: bool = False
    """The copies are the chairs of seats; tags are seat ids."""
    symbol: PlanSymbol | None = None
    material: str = ""
    colour: Colour = (0.6, 0.6, 0.6)

    @property
    def count(self) -> int:
        return len(self.transforms)

    @property
    def label(self) -> str:
        return f"{self.element} {self.name}" if self.name else self.element

    def solids(self) -> Iterable[Solid]:
        """Each copy in world coordinates."""
        return (self.solid.moved(matrix) for matrix in self.transforms)

    def plans(self) -> list[Any]:
        """Plan of each copy as a shapely geometry; the copies stand upright. [m]"""
        from shapely.affinity import affine_transform

        plan = self.solid.footprint
        return [affine_transform(plan, [*m[0, :2], *m[1, :2], m[0, 3], m[1, 3]]) for m in self.transforms]

    def moved(self, matrix: Floats) -> Part:
        return replace(self, transforms=matrix @ self.transforms)

    def mirrored(self) -> Part:
        solid = self.solid.mirrored()
        symbol = self.symbol and PlanSymbol(
            f"{self.symbol.name}", tuple(line * np.array([-1.0, 1.0]) for line in self.symbol.lines)
        )
        return replace(self, solid=solid, symbol=symbol, transforms=frames.mirrored(self.transforms))

    @cached_property
    def bounds(self) -> Floats:
        """(2, 3) lowest and highest world corner over all copies; NaN where there are none."""
        if not self.count:
            return np.full((2, 3), np.nan)
        low, high = self.solid.bounds
        corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
        world = corners @ np.swapaxes(self.transforms[:, :3, :3], 1, 2) + self.transforms[:, None, :3, 3]
        return np.array([world.reshape(-1, 3).min(axis=0), world.reshape(-1, 3).max(axis=0)])


@dataclass(frozen=True, eq=False)
class SeatRow:
    """One row of seats, every seat ever laid out, in order along the row (for an audience member: left to right)."""

    element: str
    key: int
    """1 for the row nearest to the stage; counts upwards; part of the permanent ids."""
    ids: Strings
    """(n,) permanent ids `element/key/slot`."""
    at: Floats
    """(n, 3) middle of the place on its floor."""
    facing: Floats
    """(n,) degrees; 90 looks upstage (+y)."""
    eyes: Floats
    """(n, 3) seated (or standing) eye points."""
    section: NDArray[np.int64]
    """(n,) which block between gangways, 0 from house left."""
    place: Strings
    width: Floats
    """(n,) width of each place."""
    depth: float
    """Depth of the chair."""
    item: Strings
    """(n,) catalogue code of the chair; empty where nobody needs one."""
    block: Strings
    row: Strings
    seat: Strings
    """Labels the house uses; filled in by the numbering."""
    category: Strings
    status: Strings
    owner: Strings
    reason: Strings
    price: Floats
    removed_by: Strings
    """(n,) element that takes the seat away; empty where it stays."""
    standing: bool = False
    clear: float = float("nan")
    """Clear width (seatway) to the row in front; NaN for the first row."""
    tiered: bool = False
    """The element's rows rise."""
    order: int = -1
    """Place of the row in the house's lettering, 0 for A; key − 1 where negative."""
    colour: Colour = (0.55, 0.18, 0.22)
    avoid: tuple[str, ...] = ()
    """Elements that take seats of this row though they are not made to."""
    depths: Floats | None = None
    """(n,) depth of each place, where it is not the chair's: a wheelchair's space."""
    risen: Bools | None = None
    """(n,) who stands at a place that is made to sit; nobody where None."""

    @property
    def space(self) -> Floats:
        """(n,) depth of each place."""
        return self.depths if self.depths is not None else np.full(self.count, self.depth)

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def stands(self) -> Bools:
        return np.asarray(self.removed_by == "")

    @property
    def upright(self) -> Bools:
        """(n,) whose person stands."""
        standing = np.asarray(self.place == "standing")
        return standing if self.risen is None else standing | self.risen

    def moved(self, matrix: Floats) -> SeatRow:
        return replace(
            self,
            at=frames.points(matrix, self.at),
            eyes=frames.points(matrix, self.eyes),
            facing=self.facing + frames.heading(matrix),
        )

    def mirrored(self) -> SeatRow:
        """The twin; its seats run from left to right again."""
        flip = np.array([-1.0, 1.0, 1.0])
        arrays = {
            f.name: getattr(self, f.name)[::-1] for f in fields(self) if isinstance(getattr(self, f.name), np.ndarray)
        }
        last = int(self.section.max()) if self.count else 0
        names = dict(zip(self.section.tolist(), self.block.tolist()))
        arrays["block"] = np.array([names.get(last - s, "") for s in arrays["section"].tolist()], dtype=np.str_)
        arrays |= {
            "at": arrays["at"] * flip, "eyes": arrays["eyes"] * flip,
            "facing": 180.0 - arrays["facing"], "section": last - arrays["section"],
        }  # fmt: skip
        return replace(self, **arrays)


@dataclass(frozen=True, eq=False)
class Space:
    """A room or a standing area."""

    element: str
    outline: Outline
    """In world coordinates."""
    floor: float
    ceiling: float
    use: Literal["room", "standing", "stage", "table", "floor"] = "room"
    """floor: another level that people walk on, as of a balcony."""
    capacity: int | None = None
    zones: tuple[tuple[Outline, float], ...] = ()
    """Parts of the ceiling at another height: (outline, height)."""
    density: float | None = None
    """People on a square metre of what is free, where the capacity follows from it."""
    north: float | None = None
    """Degrees of the direction of north in plan, where it is known."""


@dataclass(frozen=True, eq=False)
class Door:
    element: str
    name: str
    at: Floats
    """(3,) middle of the opening at the floor, on the inside face of the wall."""
    heading: float
    """Degrees of the direction that leads out of the room."""
    width: float
    """Clear width."""
    height: float
    leaves: int = 1
    swing: Literal["out", "in", "slide"] = "out"
    exit: bool = True
    depth: float = 0.0
    """Thickness of the wall."""

    @property
    def out(self) -> Floats:
        """(2,) direction that leads out of the room, in plan."""
        turn = np.radians(self.heading)
        return np.array([np.cos(turn), np.sin(turn)])

    @property
    def along(self) -> Floats:
        """(2,) direction along the wall, to the left of who goes out."""
        return np.array([-self.out[1], self.out[0]])

    @property
    def sides(self) -> tuple[Floats, Floats]:
        """(2,) ends of the clear width on the inside face of the wall: on the right and on the left of who goes out."""
        half = self.along * self.width / 2
        return self.at[:2] - half, self.at[:2] + half


@dataclass(frozen=True, eq=False)
class Walkway:
    element: str
    name: str
    line: Floats
    """(n, 3) centre line on the floor."""
    width: float
    kind: Literal["gangway", "cross_gangway", "route", "step", "ramp"] = "gangway"
    treads: Floats | None = None
    """(m,) heights of treads along it."""

    @property
    def path(self) -> Any:
        """Its centre line in plan, as a shapely geometry. [m]"""
        import shapely

        return shapely.LineString(self.line[:, :2])

    @property
    def along(self) -> Floats:
        """(n,) how far each point of its line lies from the first, in plan. [m]"""
        return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.line[:, :2], axis=0).T))])

    def height(self, along: Floats) -> Floats:
        """(k,) of its floor so far along it. [m]"""
        return np.asarray(np.interp(along, self.along, self.line[:, 2]))


@dataclass(frozen=True, eq=False)
class Edge:
    """A drop."""

    element: str
    line: Floats
    """(n, 3) along the edge, on its upper level."""
    height: float
    guarded: bool
    open_by_intent: bool = False


@dataclass(frozen=True, eq=False)
class KeepClear:
    """A volume that must stay empty, and why."""

    element: str
    outline: Outline
    low: float
    high: float
    reason: str
    takes_seats: bool = True
    use: Literal["space", "exit", "fire"] = "space"
    """A space of its own, or the way to an exit or a fire point."""


@dataclass(frozen=True, eq=False)
class Target:
    """What must be seen."""

    element: str
    name: str
    points: Floats
    """(1, 3) a point, (2, 3) a line, (4, 3) a surface's corners, or more samples of it."""
    role: Literal["focus", "person", "screen", "sign", "floor"] = "focus"
    kind: Literal["point", "line", "surface"] = "point"


@dataclass(frozen=True, eq=False)
class Screen:
    """A picture surface: target, lamp and panel sheet at once."""

    element: str
    facets: Floats
    """(k, 4, 3) corners: lower left, lower right, upper right, upper left, seen from the front; left to right."""
    pixels: tuple[int, int] | None
    content: str = ""
    """File of the picture shown, as named in the venue file."""
    content_safe_from: float = 0.0
    """Height above the lower edge where content that everybody must read begins."""
    kind: Literal["led", "projection", "display"] = "led"
    nits: float | None = None
    service: Literal["rear", "front"] = "front"
    """From where it is mended."""
    per_port: int | None = None
    """Panels on one data port, where somebody said so."""
    per_circuit: int | None = None
    """Panels on one power circuit, where somebody said so."""

    @property
    def size(self) -> tuple[float, float]:
        """Width along the surface and height."""
        width = np.linalg.norm(self.facets[:, 1] - self.facets[:, 0], axis=1).sum()
        return float(width), float(np.linalg.norm(self.facets[0, 3] - self.facets[0, 0]))


@dataclass(frozen=True, eq=False)
class Viewer:
    """An eye that is no seat: camera, operator, presenter."""

    element: str
    name: str
    eye: Floats
    aim: Floats
    kind: Literal["camera", "operator", "presenter"] = "camera"
    angle: float = 40.0
    """Horizontal field of view."""


@dataclass(frozen=True, eq=False)
class Light:
    element: str
    at: Floats
    aim: Floats
    beam: float
    """Full beam angle."""
    colour: Colour = (1.0, 1.0, 1.0)
    kelvin: float | None = None
    lumens: float | None = None
    intensity: float = 1.0
    """0 … 1, as set in the cue."""


@dataclass(frozen=True, eq=False)
class Pick:
    """A rigging point. The load is printed only where somebody entered it."""

    element: str
    name: str
    at: Floats
    """(3,) where it takes the load: the truss's top, or the house point in the ceiling."""
    trim: float | None = None
    load: float | None = None
    author: str = ""
    limit: float | None = None
    """Limit of a house point. [kg]"""
    house: bool = False
    hoist: str = ""
    """What lifts it: a catalogue code, or words."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Something worked into the upper face of a piece and not through it; what goes through is a hole of its outline."""

    kind: Literal["pocket", "drill", "engrave"]
    depth: float
    outline: Outline | None = None
    """Of a pocket, or of what is engraved; in the piece's own coordinates."""
    at: tuple[tuple[float, float], ...] = ()
    """Middles of drilled holes."""
    diameter: float = 0.0
    """Of drilled holes."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A part to make. It lies flat: length along x, width along y, both from 0; thickness from z = 0 upwards."""

    element: str
    mark: str
    """`F1-03`: the element and a number; on the drawing, the cut list, the nest and the label."""
    outline: Outline
    """Finished shape, with the holes that go through it; of a bar its side, ends as they are sawn."""
    thickness: float
    material: str
    quantity: int = 1
    grain: Literal["L", "W", ""] = ""
    """Along the length, along the width, or whichever way."""
    name: str = ""
    """What it is: `stile`."""
    kind: Literal["sheet", "bar"] = "sheet"
    cuts: tuple[Cut, ...] = ()
    edge_band: str = ""
    """Edges that are banded: `L` one long edge, `2L 2W` all of them."""
    note: str = ""
    transforms: Floats = field(default_factory=lambda: np.zeros((0, 4, 4)))
    """(n, 4, 4) where each copy is in the room; none where that is not known."""
    bent: Solid | None = None
    """Its shape when it is built in, in its own coordinates, where it is bent to it."""

    @property
    def length(self) -> float:
        return self.outline.size[0]

    @property
    def width(self) -> float:
        return self.outline.size[1]

    @property
    def section(self) -> tuple[float, float]:
        """Width and thickness, as a bar is bought."""
        return self.width, self.thickness

    @property
    def ends(self) -> tuple[float, float]:
        """How far the first and the last end of a bar are sawn off square. [degrees]"""
        x, y = self.outline.outer.points.T
        low, high = y <= y.min() + 1e-9, y >= y.max() - 1e-9
        first = np.arctan2(x[high].min() - x[low].min(), self.width)
        last = np.arctan2(x[low].max() - x[high].max(), self.width)
        return round(float(np.degrees(first)), 6) + 0.0, round(float(np.degrees(last)), 6) + 0.0

    @cached_property
    def solid(self) -> Solid:
        """One copy as it is built in, in its own coordinates."""
        from stagecraft.geometry.shapes import prism

        return self.bent or prism(self.outline, 0.0, self.thickness)

    def mirrored(self) -> Piece:
        """The piece of a twin; it lies from 0 again."""
        length = float(self.outline.outer.points[:, 0].max())
        back = frames.frame((length, 0.0, 0.0))

        def flip(p: Floats) -> Floats:
            return np.asarray(p * np.array([-1.0, 1.0, 1.0]) + np.array([length, 0.0, 0.0]))

        cuts = tuple(
            replace(
                cut, outline=cut.outline and _carried(cut.outline, flip), at=tuple((length - x, y) for x, y in cut.at)
            )
            for cut in self.cuts
        )
        return replace(
            self, outline=_carried(self.outline, flip), cuts=cuts, bent=self.bent and self.bent.mirrored().moved(back),
            transforms=frames.mirrored(self.transforms) @ frames.inverse(back),
        )  # fmt: skip


@dataclass(frozen=True)
class Stock:
    """A sheet, or bars of one section, that the workshop has."""

    material: str
    kind: Literal["sheet", "bar"]
    thickness: float
    """As it is called: 18 mm."""
    actual: float | None = None
    """As it is measured, where that differs: 17.6 mm."""
    size: tuple[float, float] = (0.0, 0.0)
    """Length and width of a sheet."""
    width: float = 0.0
    """Of a bar's section; its thickness is the other side."""
    lengths: tuple[float, ...] = ()
    """Lengths in which bars come."""
    grain: Literal["L", "W", ""] = ""
    """Along the sheet's length or width; "" for what has none."""
    cutter: float = 0.006
    """Width of the cut: the router's cutter, or the blade of a bar's saw."""
    margin: float = 0.010
    """What is left along the edges of a sheet, or at each end of a bar."""

    @property
    def true(self) -> float:
        """Thickness as it is."""
        return self.thickness if self.actual is None else self.actual

    def suits(self, piece: Piece) -> bool:
        """A piece of it can be cut from this, if it is large enough."""
        if piece.material != self.material or piece.kind != self.kind:
            return False
        if self.kind == "sheet":
            return abs(piece.thickness - self.true) < 1e-6
        return bool(np.allclose(sorted(piece.section), sorted((self.width, self.true)), rtol=0, atol=1e-6))


@dataclass(frozen=True, eq=False)
class KitLine:
    """So many of an item that is not modelled."""

    element: str
    item: str
    quantity: int
    why: str = ""


@dataclass(frozen=True, eq=False)
class Underlay:
    """Lines of somebody else's drawing, shown grey under the plan."""

    element: str
    lines: tuple[Floats, ...]
    """(n, 2) polylines."""


@dataclass(frozen=True, eq=False)
class Note:
    """A label that a maker needs, or a stand-in that must be declared."""

    element: str
    text: str
    at: Floats
    kind: Literal["label", "stand_in", "level"] = "label"


Record: TypeAlias = (
    Part | SeatRow | Space | Door | Walkway | Edge | KeepClear | Target | Screen | Viewer | Light | Pick | Piece
    | KitLine | Underlay | Note
)  # fmt: skip
R = TypeVar("R")


def moved(record: Record, matrix: Floats) -> Record:
    """A record carried from its element's own coordinates into the room."""
    if isinstance(record, (Part, SeatRow)):
        return record.moved(matrix)
    if isinstance(record, Piece):
        return replace(record, transforms=matrix @ record.transforms)
    return _mapped(record, lambda p: frames.points(matrix, p), matrix[2, 3], frames.heading(matrix), False)


def mirrored(record: Record, names: Mapping[str, str]) -> Record:
    """The twin of a world record across the centre line, with the element's new id."""
    twin = (
        record.mirrored() if isinstance(record, (Part, SeatRow, Piece))
        else _mapped(record, lambda p: p * np.array([-1.0, 1.0, 1.0]), 0.0, 0.0, True)
    )  # fmt: skip
    new = names[record.element]
    changes: dict[str, Any] = {"element": new}
    if isinstance(twin, SeatRow):
        old = len(record.element)
        changes["ids"] = np.array([new + i[old:] for i in twin.ids.tolist()], dtype=np.str_)
        blocks = [new + b[old:] if b.startswith(record.element) else b for b in twin.block.tolist()]
        changes["block"] = np.array(blocks, dtype=np.str_)
    if isinstance(twin, (Target, Viewer, Pick, Door, Walkway)) and twin.name.startswith(record.element):
        changes["name"] = new + twin.name[len(record.element) :]
    if isinstance(twin, Piece) and twin.mark.startswith(record.element):
        changes["mark"] = new + twin.mark[len(record.element) :]
    return replace(twin, **changes)


def _mapped(record: Record, carry: Any, lift: float, turn: float, flip: bool) -> Record:
    """Every field that is a place, carried; every heading, turned."""
    changes: dict[str, Any] = {}
    for f in fields(record):
        value = getattr(record, f.name)
        if f.name in ("at", "line", "points", "eye", "aim", "facets"):
            changes[f.name] = carry(value)
        elif f.name in ("heading", "north") and value is not None:
            changes[f.name] = 180.0 - value if flip else value + turn
        elif f.name == "outline":
            changes[f.name] = _carried(value, carry)
        elif f.name == "zones":
            changes[f.name] = tuple((_carried(o, carry), z + lift) for o, z in value)
        elif f.name == "lines":
            changes[f.name] = tuple(carry(np.c_[p, np.zeros(len(p))])[:, :2] for p in value)
        elif f.name in ("floor", "ceiling", "low", "high"):
            changes[f.name] = value + lift
    if flip and isinstance(record, Screen):
        changes["facets"] = changes["facets"][::-1][:, [1, 0, 3, 2]]
    if flip and isinstance(record, Target) and record.role == "sign" and len(record.points) == 4:
        changes["points"] = changes["points"][[1, 0, 3, 2]]  # a sign is seen from its front only
    return replace(record, **changes)


def _carried(shape: Outline, carry: Any) -> Outline:
    from stagecraft.geometry.outline import Ring

    def flat(p: Floats) -> Floats:
        return np.asarray(carry(np.c_[p, np.zeros(len(p))])[:, :2])

    def ring(r: Ring, outer: bool) -> Ring:
        points, arcs = flat(r.points), r.arcs
        x, y = points.T
        area = float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
        if (area > 0) != outer:  # a mirror turns the ring round
            points, arcs = points[::-1].copy(), (*arcs[-2::-1], arcs[-1])
        return Ring(points, arcs)

    circles = tuple((float(p[0]), float(p[1]), r) for x, y, r in shape.circles for p in flat(np.array([[x, y]])))
    return Outline(ring(shape.outer, True), tuple(ring(h, False) for h in shape.holes), circles)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where an element stands and where it was written."""

    type: str
    frame: Floats
    host: str = ""
    """Element it stands on or hangs from."""
    hung: bool = False
    top: float = 0.0
    """Height of the surface that things stand on, in the element's own coordinates."""
    file: str = ""
    line: int = 0
    name: str = ""


@dataclass(frozen=True)
class Revision:
    rev: str
    date: str
    by: str = ""
    note: str = ""
    file: str = ""
    """The venue file as it was issued, as named in the venue file."""


@dataclass(frozen=True)
class About:
    """Whose event this is, and which state of it."""

    name: str
    client: str = ""
    event: str = ""
    dates: str = ""
    author: str = ""
    datum: str = ""
    setup: str = ""
    cue: str = ""
    units: Literal["m", "ft"] = "m"
    revisions: tuple[Revision, ...] = ()
    brief: Mapping[str, int] = field(default_factory=dict)
    file: str = ""
    hash: str = ""
    """First 12 hex digits of the SHA-256 of the venue as read."""
    folder: Path | None = None
    """Where files named in the venue are looked for."""
    head: float = 0.12
    """Eye to top of head."""
    people: str = ""
    """Source of the eye and head figures."""

    @property
    def rev(self) -> str:
        return self.revisions[-1].rev if self.revisions else ""

    @property
    def date(self) -> str:
        return self.revisions[-1].date if self.revisions else ""


@dataclass(frozen=True)
class Stature:
    """The figures of people that the whole house uses. [m]"""

    name: str = "default"
    """Which set of figures."""
    eye: float = 1.20
    """Eye of a seated person above the row's floor."""
    wheelchair_eye: float = 1.15
    standing_eye: float = 1.60
    head: float = 0.12
    """Eye to top of head."""
    head_breadth: float = 0.155
    head_length: float = 0.195
    shoulder: float = 0.195
    """Top of the shoulders below the eye."""
    shoulder_breadth: float = 0.465
    eyes_apart: float = 0.063
    """Mean of adults. Source: Dodgson, Proc. SPIE 5291, 2004."""
    eye_spread: float = 0.042
    """Standard deviation of a seated person's eye height."""
    standing_spread: float = 0.091
    """Standard deviation of a standing person's eye height."""
    size_spread: float = 0.05
    """Standard deviation of head and shoulder sizes, as a part of them."""
    source: str = ""
    """Where the figures come from."""


@dataclass(frozen=True, eq=False)
class Seats:
    """Every seat of the house side by side: SeatRow's arrays joined, for vectorised questions."""

    ids: Strings
    element: Strings
    key: NDArray[np.int64]
    at: Floats
    facing: Floats
    eyes: Floats
    section: NDArray[np.int64]
    place: Strings
    width: Floats
    depth: Floats
    """(n,) depth of each place."""
    item: Strings
    block: Strings
    row: Strings
    seat: Strings
    category: Strings
    status: Strings
    owner: Strings
    reason: Strings
    price: Floats
    removed_by: Strings
    tiered: Bools
    upright: Bools
    """(n,) whose person stands."""
    rank: NDArray[np.int64]
    """(n,) index of the SeatRow that a seat belongs to."""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def at_table(self) -> Bools:
        """(n,) whether a place is at a table; a wheelchair user's there is, too."""
        return np.isin(self.rank, self.rank[self.place == "table"])

    def where(self, mask: NDArray[Any]) -> Seats:
        return Seats(**{f.name: getattr(self, f.name)[mask] for f in fields(self)})


@dataclass(frozen=True, eq=False)
class ViewRule:
    """What a house says of seats by what they see; `analysis.by_view` carries it out when the views are known."""

    ids: Strings
    """(n,) permanent ids of the places it speaks of."""
    bands: tuple[str, ...]
    category: str | None = None
    price: float = float("nan")
    """Of that category."""
    status: str = ""
    """hold or kill; as it was where empty."""
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that stands in one venue, in one set-up and cue."""

    about: About
    elements: Mapping[str, Origin]
    records: tuple[Record, ...]
    items: Mapping[str, Item] = field(default_factory=dict)
    """Catalogue rows that this scene uses."""
    feeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cameras: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float], float]] = field(
        default_factory=dict
    )
    """Saved views: eye, aim, horizontal field of view [degrees]."""
    stature: Stature = Stature()
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much a feed or an element counts in a seat's score, by the feed's name or the element's id; 1 where not named."""
    currency: str = ""
    """Of the seats' prices."""
    view_rules: tuple[ViewRule, ...] = ()
    """What is to be said of seats once it is known what they see, in the order of the file; nothing once it is said."""
    stock: tuple[Stock, ...] = ()
    """What the workshop cuts from, in the order of the file; none where nobody named any."""

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """All records of one kind, in the order of the venue file."""
        known: dict[type, tuple[Any, ...]] = self._by_kind
        return known.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[type, tuple[Any, ...]]:
        out: dict[type, list[Any]] = {}
        for record in self.records:
            out.setdefault(type(record), []).append(record)
        return {kind: tuple(found) for kind, found in out.items()}

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.of(Part)

    @property
    def seat_rows(self) -> tuple[SeatRow, ...]:
        return self.of(SeatRow)

    @property
    def rooms(self) -> tuple[Space, ...]:
        return tuple(space for space in self.of(Space) if space.use == "room")

    @property
    def ground(self) -> float:
        """Level of the lowest room's floor, 0 where no room is drawn. [m]"""
        return min((room.floor for room in self.rooms), default=0.0)

    @property
    def standing_areas(self) -> tuple[Space, ...]:
        """Those whose people have no places of their own."""
        seated = {row.element for row in self.seat_rows}
        return tuple(space for space in self.of(Space) if space.use == "standing" and space.element not in seated)

    def carriers(self, element: str) -> tuple[str, ...]:
        """What an element stands on or hangs from, all the way down."""
        out: list[str] = []
        while element in self.elements and (host := self.elements[element].host) and host not in out:
            out.append(host)
            element = host
        return tuple(out)

    @cached_property
    def laid_out(self) -> Seats:
        """Every seat, those that obstacles removed included."""
        rows = self.seat_rows

        def join(name: str) -> Any:
            return np.concatenate([getattr(row, name) for row in rows])

        def spread(values: list[Any], kind: Any) -> Any:
            return np.repeat(np.array(values, dtype=kind), [row.count for row in rows])

        if not rows:
            none, flat, word = np.zeros(0), np.zeros((0, 3)), np.zeros(0, np.str_)
            whole, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
            return Seats(
                ids=word, element=word, key=whole, at=flat, facing=none, eyes=flat, section=whole, place=word, width=none,
                depth=none, item=word, block=word, row=word, seat=word, category=word, status=word, owner=word,
                reason=word, price=none, removed_by=word, tiered=no, upright=no, rank=whole,
            )  # fmt: skip
        joined = {
            f.name: join(f.name) for f in fields(Seats) if f.name not in ("element", "key", "depth", "tiered", "rank")
        }
        return Seats(
            **joined,
            element=spread([row.element for row in rows], np.str_),
            key=spread([row.key for row in rows], np.int64),
            depth=np.concatenate([row.space for row in rows]),
            tiered=spread([row.tiered for row in rows], np.bool_),
            rank=spread(list(range(len(rows))), np.int64),
        )

    @cached_property
    def seats(self) -> Seats:
        """Every seat that stands."""
        return self.laid_out.where(self.laid_out.removed_by == "")

    @cached_property
    def bounds(self) -> Floats:
        """(2, 3) lowest and highest corner of all that stands."""
        boxes = [part.bounds for part in self.parts if part.count]
        for room in self.rooms:
            corners = room.outline.outer.points
            boxes.append(np.array([[*corners.min(axis=0), room.floor], [*corners.max(axis=0), room.ceiling]]))
        if not boxes:
            return np.array([[-1.0, -1.0, 0.0], [1.0, 1.0, 1.0]])
        return np.array([np.min([b[0] for b in boxes], axis=0), np.max([b[1] for b in boxes], axis=0)])
