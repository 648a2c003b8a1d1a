"""What every element has: an id, a place, and one behaviour, `build`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Protocol, TypeAlias

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from stagecraft import people, units
from stagecraft.catalogue import Item
from stagecraft.geometry import frame as frames
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import Outline
from stagecraft.geometry.solid import Solid
from stagecraft.scene import Note, Origin, Record, Stature, Stock, Target

LARGEST = 10_000.0
"""No length in a venue is longer. [m]"""


def _length(value: object) -> float:
    try:
        size = units.metres(value)
    except ValueError as error:
        raise PydanticCustomError("length", "{reason}", {"reason": str(error)}) from None
    if abs(size) > LARGEST:
        raise PydanticCustomError("length", "{reason}", {"reason": f"{value!r} is more than 10 km: is the unit right?"})
    return size


_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "metres, or a number and unit: 600 mm, 2'-6\""}
)
Length: TypeAlias = Annotated[float, BeforeValidator(_length), _SCHEMA]
"""A length, a coordinate or a level. [m]"""
Size: TypeAlias = Annotated[float, BeforeValidator(_length), Field(gt=0), _SCHEMA]
"""A length above nothing. [m]"""
Gap: TypeAlias = Annotated[float, BeforeValidator(_length), Field(ge=0), _SCHEMA]
"""A length that may be nothing. [m]"""
Body: TypeAlias = Annotated[float, BeforeValidator(_length), Field(gt=0, le=3), _SCHEMA]
"""A height of a person. [m]"""
Limb: TypeAlias = Annotated[float, BeforeValidator(_length), Field(gt=0, le=1), _SCHEMA]
"""A size of a head, or of shoulders. [m]"""
Spread: TypeAlias = Annotated[float, BeforeValidator(_length), Field(ge=0, le=0.5), _SCHEMA]
"""By how much people differ. [m]"""


def _no_switch(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "neither true nor false is a number")
    return value


NUMBER = BeforeValidator(_no_switch)
"""Of a field with a number: true is not 1."""
Angle: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-360, le=360), NUMBER]
"""[degrees]"""
Point: TypeAlias = tuple[Length, Length]
Id: TypeAlias = Annotated[str, Field(pattern=r"^[\w\-][\w.\-]*$", max_length=60)]


@dataclass(frozen=True)
class ElementRef:
    """Marks a field that names another element (or several)."""

    place: bool = False
    """The other element carries this one."""


@dataclass(frozen=True)
class CatalogueRef:
    """Marks a field that names a catalogue item."""


Ref: TypeAlias = Annotated[str, ElementRef()]
Code: TypeAlias = Annotated[str, CatalogueRef()]
Colour: TypeAlias = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
"""`#rrggbb`"""


def rgb(colour: str) -> tuple[float, float, float]:
    """`#ff8000` → (1, 0.5, 0), sRGB 0 … 1."""
    r, g, b = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return r, g, b


class People(BaseModel):
    """Sizes of people that the whole house uses: a set of figures, and any that are written beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    stature: people.Set = "default"
    """Set of figures; p5 is a small woman and p95 a large man, for the question of the worst case."""
    audience: Literal["seated", "standing"] = "seated"
    """standing: everybody stands at their place, wheelchair users apart."""
    eye: Body = 1.20
    """Eye of a seated adult above the row's floor. [m]"""
    head: Limb = 0.12
    """Eye to top of head. [m]"""
    wheelchair_eye: Body = 1.15
    """Eye of a wheelchair user above the floor. [m]"""
    standing_eye: Body = 1.60
    """Eye of a standing adult above the floor. [m]"""
    head_breadth: Limb = 0.155
    """Ear to ear. [m]"""
    head_length: Limb = 0.195
    """Forehead to back. [m]"""
    shoulder: Limb = 0.195
    """Top of the shoulders below the eye. [m]"""
    shoulder_breadth: Limb = 0.465
    """Over the upper arms. [m]"""
    eyes_apart: Spread = 0.063
    """Between the two eyes; 0 looks with one. [m]"""
    eye_spread: Spread = 0.042
    """Standard deviation of a seated person's eye height. [m]"""
    standing_spread: Spread = 0.091
    """Standard deviation of a standing person's eye height. [m]"""
    size_spread: Annotated[float, Field(ge=0, le=0.2, allow_inf_nan=False), NUMBER] = 0.05
    """Standard deviation of head and shoulder sizes, as a part of them."""
    source: str = ""
    """Where the figures come from; the sources of the set where empty."""

    @model_validator(mode="after")
    def _of_the_set(self) -> People:
        """What the file does not say is the set's; it stays unsaid when the file is written anew."""
        known = people.figures(self.stature)
        own = {name: getattr(self, name) for name in people.FIGURES if name in self.model_fields_set}
        self.__dict__.update({name: known[name].value for name in people.FIGURES if name not in own})
        if not self.source:
            self.__dict__["source"] = people.source(self.stature, own, self.audience == "standing")
        return self

    @property
    def words(self) -> str:
        """Where the figures come from, and that the audience stands where it does."""
        return f"the audience stands; {self.source}" if self.audience == "standing" else self.source

    @property
    def figures(self) -> Stature:
        """The figures as the scene keeps them."""
        return Stature(name=self.stature, source=self.words, **{name: getattr(self, name) for name in people.FIGURES})


Unit = Literal["mm", "cm", "m", "in", "ft"]


@dataclass(frozen=True, eq=False)
class PlanRow:
    """A row, or a table, of a seating plan from ticketing."""

    zone: str
    label: str
    table: bool
    order: int
    """Place among the rows of its zone, 0 first."""
    seats: tuple[tuple[str, str, str], ...]
    """Id, number and category of each."""
    at: Floats
    """(n, 2) x from the plan's middle, y down from its upper edge. [px]"""


class Files(Protocol):
    """Files that a venue names. Every failure is a VenueError about the field `where`."""

    def closed_polyline(self, where: str, file: str, layer: str, unit: Unit) -> Outline:
        """Outline of the largest closed polyline on a layer of a DXF drawing. [m]"""

    def linework(self, where: str, file: str, unit: Unit) -> tuple[Floats, ...]:
        """(n, 2) polylines of everything drawn in a DXF drawing. [m]"""

    def mesh(self, where: str, file: str, unit: Unit) -> Solid:
        """Closed solid from a mesh file. [m]"""

    def seats(self, where: str, file: str) -> tuple[PlanRow, ...]:
        """The rows of a seating plan from ticketing, at least one."""

    def picture(self, where: str, file: str) -> str:
        """The name of a picture that is there and can be opened."""


class Site:
    """What an element may know while it builds: the catalogue, the people, and the finished elements that it names."""

    def __init__(
        self,
        element: Element,
        frame: Floats,
        catalogue: Mapping[str, Item],
        people: People,
        files: Files,
        finished: Mapping[str, tuple[Origin, tuple[Record, ...]]],
        stock: tuple[Stock, ...] = (),
    ) -> None:
        self.frame = frame
        self.people = people
        self.files = files
        self.notes: list[Note] = []
        self.items: dict[str, Item] = {}
        self._element = element
        self._catalogue = catalogue
        self._finished = finished
        self._stock = stock

    def item(self, code: str) -> Item:
        """The catalogue row, which from now on is one of the scene's items."""
        return self.add(self._catalogue[code])

    def add(self, item: Item) -> Item:
        """Put an item on the scene's list (a length cut from a catalogue row, say)."""
        self.items[item.code] = item
        return item

    def true(self, material: str, thickness: float) -> float:
        """A sheet's thickness as the workshop measures it; as it is called where it does not say. [m]"""
        found = (s for s in self._stock if s.kind == "sheet" and s.material == material)
        return next((s.true for s in found if abs(s.thickness - thickness) < 1e-6), thickness)

    def sheets(self, material: str, thickness: float) -> list[tuple[float, float]]:
        """Length and width that can be used of each sheet of a material and thickness that the workshop has. [m]"""
        found = (s for s in self._stock if s.kind == "sheet" and s.material == material)
        return [
            (s.size[0] - 2 * s.margin, s.size[1] - 2 * s.margin) for s in found if abs(s.thickness - thickness) < 1e-6
        ]

    def size(self, item: Item, dimension: Literal["width", "depth", "height"], stand_in: float) -> float:
        """The item's dimension, or a stated stand-in, which is then noted on every paper. [m]"""
        known: float | None = getattr(item, dimension)
        if known is not None:
            return known
        text = f"{item.code}: {dimension} not in the catalogue, drawn as {stand_in * 1000:.0f} mm"
        if text not in (note.text for note in self.notes):
            self.notes.append(Note(self._element.id, text, np.zeros(3), "stand_in"))
        return stand_in

    def origin(self, ref: str) -> Origin:
        """Where a named element stands."""
        return self._finished[ref][0]

    def records(self, ref: str) -> tuple[Record, ...]:
        """World records of a named element."""
        return self._finished[ref][1]

    def point(self, place: str | tuple[float, ...]) -> Floats:
        """A point, or a named element's target (its top where it has none), in this element's own coordinates. [m]"""
        if not isinstance(place, str):
            x, y, z = (*place, 0.0, 0.0, 0.0)[:3]
            return self.local(np.array([x, y, z]))
        origin, records = self._finished[place]
        targets = [record for record in records if isinstance(record, Target)]
        if targets:
            return self.local(targets[0].points.mean(axis=0))
        return self.local(frames.points(origin.frame, np.array([0.0, 0.0, origin.top])))

    def local(self, xyz: Floats) -> Floats:
        """World points in this element's own coordinates. [m]"""
        return frames.points(frames.inverse(self.frame), xyz)


class Element(BaseModel):
    """Something that can stand in a venue."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_default=False, ser_json_inf_nan="strings",
        populate_by_name=True,
    )  # fmt: skip
    id: Id
    """Its name in the file, unique; part of every seat's permanent id."""
    type: str
    name: str = ""
    """What people call it on papers; the id where empty."""
    at: Annotated[tuple[Length, ...], Field(min_length=1, max_length=3)] = (0.0, 0.0)
    """Where its origin stands: [x, y] or [x, y, z]; hung: [along, across, drop]. [m]"""
    on: Annotated[str | None, ElementRef(place=True)] = None
    """Element it stands on; z counts from that one's top."""
    hung: Annotated[str | None, ElementRef(place=True)] = None
    """Truss it hangs from: its top is `drop` below the bottom chord and moves with the trim."""
    turn: Angle = 0.0
    """Degrees anticlockwise seen from above; an element's front looks to the audience (−y)."""
    mirror: bool | str = False
    """true: a twin across the centre line, called <id>_mirror. The id of another element: this is its twin."""
    like: str | None = None
    """Element whose fields are this one's defaults."""
    setup: str | tuple[str, ...] | None = None
    """Set-up(s) in which it stands; all where empty."""

    def build(self, site: Site) -> Iterator[Record]:
        """Records in the element's own coordinates."""
        raise TypeError(f"{type(self).__name__} must say what it builds")

    def frame(self) -> Floats:
        """The element's own frame on its host (or in the room)."""
        return frames.frame(self.at, self.turn)

    def top(self, site: Site) -> float | None:
        """Height of the surface that things stand on, in own coordinates; None: the highest point of its solids."""
        return None

    @property
    def label(self) -> str:
        return self.name or self.id

    @classmethod
    def refs(cls) -> Mapping[str, ElementRef]:
        """Fields that name other elements."""
        return _marked(cls, ElementRef)

    @classmethod
    def codes(cls) -> Mapping[str, CatalogueRef]:
        """Fields that name catalogue items."""
        return _marked(cls, CatalogueRef)

    def named(self) -> list[tuple[str, str]]:
        """(field, element id) for every element this one names; `rake.focus` for a field inside a field."""
        return _named(self, "")


def _named(model: BaseModel, prefix: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    refs = _marked(type(model), ElementRef)
    for name in type(model).model_fields:
        value: Any = getattr(model, name)
        if name in refs and isinstance(value, str):
            out.append((prefix + name, value))
        elif name in refs and isinstance(value, tuple):
            out += [(prefix + name, one) for one in value if isinstance(one, str)]
        elif isinstance(value, BaseModel):
            out += _named(value, f"{prefix}{name}.")
    return out


@cache
def _marked(cls: type[BaseModel], kind: type[Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, info in cls.model_fields.items():
        marks = list(info.metadata)
        for inner in _inner(info.annotation):
            marks += list(getattr(inner, "__metadata__", ()))
        for mark in marks:
            if isinstance(mark, kind):
                found[name] = mark
    return found


def _inner(annotation: Any) -> list[Any]:
    from typing import get_args

    out = [annotation]
    for argument in get_args(annotation):
        out += _inner(argument)
    return out
