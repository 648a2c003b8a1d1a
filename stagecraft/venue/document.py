"""The venue as it was meant: typed, frozen, complete. What stands in the room is made from it by `build`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from stagecraft.elements import ELEMENTS, Element, People
from stagecraft.elements._base import NUMBER, Gap, Id, Length, Ref, Size
from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.scene import Place

if TYPE_CHECKING:
    AnyElement: TypeAlias = Element
else:
    AnyElement = Annotated[Union[tuple(ELEMENTS.values())], Field(discriminator="type")]  # noqa: UP007

Loc: TypeAlias = tuple[str | int, ...]
"""Where in a file: ("elements", 3, "size", 0)."""


def _text_of_date(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


Date: TypeAlias = Annotated[str, BeforeValidator(_text_of_date)]
"""A date as written, 2026-11-23."""


def _is_date(words: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(words))
    except ValueError:
        return False


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)


class Revision(_Part):
    """One row of the revision table."""

    rev: str
    """P01, P02 …, C01."""
    date: Date
    """When it was issued: 2026-11-23."""
    by: str = ""
    """Initials."""
    note: str = ""
    """What changed."""
    file: str = ""
    """The venue file as it was issued, kept beside this one: issues/P01.yaml. What changed since then is drawn."""


def _kind_of_name(value: object) -> object:
    if isinstance(value, str) and value not in ("letters", "numbers"):
        raise ValueError(f"'{value}' is not one of letters, numbers, and no list of names: put it in [ ]")
    return value


Names: TypeAlias = Annotated[Literal["letters", "numbers"] | tuple[str, ...], BeforeValidator(_kind_of_name)]
"""Letters, numbers, or names in their order."""


class Scheme(_Part):
    """How seats are numbered."""

    rows: Names = "letters"
    """Labels of rows: letters, numbers, or a list of names from the first row on."""
    skip: tuple[str, ...] = ("I", "O")
    """Row letters that are left out. Numbers too, where rows have numbers: ['13']."""
    double: Literal["count", "repeat"] = "count"
    """After Z: AA, AB, AC … (count), or AA, BB, CC … (repeat)."""
    rows_from: Literal["stage", "back"] = "stage"
    """Where rows begin: at the stage, or with the last row of the element (of all that are numbered as one)."""
    first_row: Annotated[int, Field(ge=1, le=2000)] = 1
    """Place of the first row in the lettering: 3 begins with C."""
    row_prefix: Annotated[str, Field(max_length=20)] = ""
    """Stands before the label of a row: P for parterre."""
    start: Annotated[int, Field(ge=0, le=10_000)] = 1
    """Number of the first seat of a row."""
    step: Annotated[int, Field(ge=1, le=100)] = 1
    """From one seat's number to the next: 2 with start 1 gives odd numbers."""
    origin: Annotated[Literal["house_left", "house_right"], Field(alias="from")] = "house_left"
    """Side where numbers begin, as the audience sees it."""
    order: Literal["through", "odd_even", "centre_out"] = "through"
    """From one end to the other; or outwards from the row's centre: odd numbers on the side of `from` and even ones on the
    other, or 1, 2, 3 … on either side (each side needs a block of its own)."""
    seat_prefix: Annotated[str, Field(max_length=20)] = ""
    """Stands before the number of a seat."""
    continuous_blocks: bool = False
    """Number through the gangways of one element."""
    tables: Names = "numbers"
    """Labels of tables: numbers, letters, or a list of names."""
    first_table: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Number of the first table."""
    table_prefix: Annotated[str, Field(max_length=20)] = ""
    """Stands before the label of a table."""
    places: Literal["numbers", "letters"] = "numbers"
    """Labels of the places at a table."""


class Numbering(Scheme):
    """How the house numbers its seats. It belongs to the house, over all seating elements."""

    continuous_across: tuple[Ref, ...] | tuple[tuple[Ref, ...], ...] = ()
    """Elements whose rows are numbered through as one. From the audience's left to its right; tables go on in the order
    listed. Several such groups: [[L, C, R], [balcony_l, balcony_r]]."""
    of: dict[str, Scheme] = {}
    """What is otherwise in one element or block, any of the fields above: {balcony: {rows: numbers, start: 201}}. Seats that
    are counted otherwise leave the run of the others."""

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Elements that are numbered as one."""
        one = tuple(name for name in self.continuous_across if isinstance(name, str))
        several = tuple(names for names in self.continuous_across if not isinstance(names, str))
        return (one,) if one else several


class PlaceRule(_Part):
    """What is so about some seats, chosen by selectors `block/row/seat-seat`."""

    seats: str | tuple[str, ...] = "*"
    """Selectors: `C/A-B` (rows A to B), `C/C/1-6`, `*/A` (row A everywhere), `C/A/odd`, `*/*/wheelchair`, `id:C/3/-2`. All seats
    where a view is named instead."""
    place: Place | None = None
    """Another kind of place: wheelchair, companion."""
    category: str | None = None
    """VIP, press, a price category."""
    hold: str | None = None
    """Kept back, and for whom."""
    kill: str | None = None
    """Not to be sold, and why."""
    view: str | tuple[str, ...] | None = None
    """Only those that see so much past fixed things: restricted, or several of the rules' bands: [restricted, severe]."""
    owner: str = ""
    """Who decides about them."""
    release: Date | None = None
    """Date when a hold ends."""

    @model_validator(mode="after")
    def _says_something(self) -> PlaceRule:
        if self.view is None and "seats" not in self.model_fields_set:
            raise ValueError("says of no seats: give seats, as C/A-B, or a view")
        if self.view is not None and self.place is not None:
            raise ValueError("place is said before anybody looks: leave view out, or place")
        if self.hold is not None and self.kill is not None:
            raise ValueError("give either hold or kill")
        if self.release is not None and self.hold is None:
            raise ValueError("release belongs to a hold")
        if self.release is not None and not _is_date(self.release):
            raise ValueError(f"release: '{self.release}' is no date: write year-month-day, as 2026-12-01")
        if self.place is None and self.category is None and self.hold is None and self.kill is None:
            raise ValueError("says nothing about the seats: give place, category, hold or kill")
        return self

    @property
    def selectors(self) -> tuple[str, ...]:
        return (self.seats,) if isinstance(self.seats, str) else self.seats

    @property
    def bands(self) -> tuple[str, ...]:
        """Bands of view that it speaks of; none where it speaks of seats whatever they see."""
        return (self.view,) if isinstance(self.view, str) else self.view or ()


class Waiver(_Part):
    """A finding that somebody accepts, until the geometry behind it changes."""

    code: str
    """`SL01`, or a rule's id."""
    on: str
    """Element or block it is about."""
    why: str
    """Why it may stay as it is."""
    by: str
    """Who accepts it."""
    date: Date
    """Day of that: 2026-11-23."""
    print: str = ""
    """The finding's print at the time; where it is given and differs, the waiver has expired."""


Money: TypeAlias = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False), NUMBER]
Weight: TypeAlias = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False), NUMBER]


def _only_screens(value: object) -> object:
    if isinstance(value, dict) and value:
        raise ValueError("write the screens alone, as [left, right]; how much a feed counts stands under weights:")
    return value


class Prices(_Part):
    """What a place costs: a price for each category, by its name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Money]
    currency: Annotated[str, Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]
    """Three letters: EUR, GBP, USD."""
    standard: Money | None = None
    """Price of places without a category."""

    @model_validator(mode="before")
    @classmethod
    def _meant(cls, value: object) -> object:
        """A slip of the pen is told as one, not as a category that has no price."""
        if isinstance(value, dict):
            for name in map(str, value):
                if name.isdecimal() and value.get(name) is None:
                    raise ValueError(
                        f"{name} is no category: a price is written with a point (12.50), not with a comma"
                    )
                if "currency" not in value and nearest(name, ["currency"]):
                    raise ValueError(f"{name} is no category; did you mean 'currency'?")
        return value

    @model_validator(mode="after")
    def _says_a_price(self) -> Prices:
        if not self.by_category:
            raise ValueError("no price stands beside the currency: write standard: 60, or a category and its price")
        return self

    @field_validator("currency")
    @classmethod
    def _three_letters(cls, word: str) -> str:
        if not (len(word) == 3 and word.isascii() and word.isalpha() and word.isupper()):
            raise ValueError(f"'{word}' is no currency: write its three capital letters, as EUR, GBP or USD")
        return word

    @property
    def by_category(self) -> dict[str, float]:
        """Category → price; that of places without one under an empty name."""
        found = {} if self.standard is None else {"": self.standard, "standard": self.standard}
        return {**found, **(self.model_extra or {})}


class Setup(_Part):
    """A state of the room: which elements stand (setup: on the element), and changes to their fields."""

    set: dict[str, dict[str, Any]] = {}
    """Element id → fields that differ."""
    places: tuple[PlaceRule, ...] = ()
    """Seats' categories, holds and kills of this set-up alone."""
    brief: dict[str, Annotated[int, Field(ge=0)]] = {}
    """What was asked of this set-up, where it differs."""
    people: People | None = None
    """Figures of people that differ: {audience: standing}."""
    weights: dict[str, Weight] = {}
    """Weights that differ in this set-up."""


class Cue(_Part):
    """A moment of the show within one set-up."""

    setup: str | None = None
    """The set-up it belongs to; the first where empty."""
    set: dict[str, dict[str, Any]] = {}
    """Element id → fields that differ."""
    people: People | None = None
    """Figures of people that differ: {audience: standing} for an ovation."""


def _scale_number(value: object) -> object:
    """`1:50` is 50."""
    if isinstance(value, str) and value.replace(" ", "").startswith("1:"):
        value = value.replace(" ", "")[2:]
    try:
        scale = float(value)  # type: ignore[arg-type]  # whatever it is, what is no number is caught
    except (TypeError, ValueError):
        scale = 0.0
    if isinstance(value, bool) or not 1 <= scale <= 100_000:
        raise ValueError(f"'{value}' is no scale: write 50 or 1:50")
    return scale


def _shown(value: object) -> object:
    return {"show": value} if isinstance(value, bool) else value


class SheetWish(_Part):
    """What is otherwise about one sheet of the drawing set; a sheet of one's own names its `views`."""

    show: bool = True
    """false leaves it out; `cover: false` says the same."""
    size: Literal["A4", "A3", "A2", "A1", "A0"] | None = None
    """Its paper; chosen to suit where not given."""
    scale: Annotated[float, BeforeValidator(_scale_number), WithJsonSchema({"type": ["number", "string"]})] | None = (
        None
    )
    """Of every view on it: 50 or 1:50; chosen to suit where not given."""
    number: Annotated[str, Field(max_length=16)] = ""
    """Drawing number, instead of its own."""
    title: Annotated[str, Field(max_length=120)] = ""
    """Title, instead of its own."""
    views: tuple[str, ...] = ()
    """Views on it by their names: [plan, section, elevation, section x=3.5]; its own where not given."""
    notes: tuple[str, ...] = ()
    """Notes on it besides its own."""


class SavedCamera(_Part):
    """A view that pictures and the window know by name."""

    eye: tuple[Length, Length, Length]
    """Where the camera stands. [m]"""
    aim: tuple[Length, Length, Length]
    """What it looks at. [m]"""
    angle: Annotated[float, Field(gt=1, lt=150, allow_inf_nan=False)] = 60.0
    """Horizontal field of view. [degrees]"""


class Stock(_Part):
    """A sheet, or bars of one section, that the workshop has: `sheet`, or `section` and `lengths`."""

    material: str
    """What it is, in the words of the elements made of it: birch plywood."""
    thickness: Size | None = None
    """Of a sheet, as it is called. [m]"""
    actual: Size | None = None
    """Thickness as it is measured, where that differs. [m]"""
    sheet: tuple[Size, Size] | None = None
    """Length and width of a sheet. [m]"""
    section: tuple[Size, Size] | None = None
    """Width and thickness of a bar. [m]"""
    lengths: Annotated[tuple[Size, ...], Field(min_length=1)] | None = None
    """Lengths in which bars come. [m]"""
    grain: Literal["L", "W", ""] = ""
    """Which way the grain of a sheet runs: along its length (L) or its width (W)."""

    @model_validator(mode="after")
    def _sheet_or_bar(self) -> Stock:
        if (self.sheet is None) == (self.section is None):
            raise ValueError("give a sheet: [length, width], or a section: [width, thickness] of bars")
        if (self.thickness is not None) != (self.sheet is not None):
            raise ValueError("thickness belongs to a sheet, and a sheet needs it")
        if (self.lengths is not None) != (self.section is not None):
            raise ValueError("lengths belong to a section, and it needs them: lengths: [3.0, 4.8]")
        if self.grain and self.sheet is None:
            raise ValueError("grain is said of sheets; that of a bar runs along it")
        if self.actual is not None and self.sheet is None:
            raise ValueError("actual is the measured thickness of a sheet; of a bar write the section as it is")
        return self


class Workshop(_Part):
    """How the workshop cuts."""

    cutter: Size = 0.006
    """Diameter of the router's cutter. [m]"""
    saw: Gap = 0.003
    """Width that the saw takes from a bar. [m]"""
    margin: Gap = 0.010
    """What is left uncut along the edges of a sheet. [m]"""


@dataclass(frozen=True)
class Source:
    """Where a venue was read: places of its values in the file(s). Never part of a comparison."""

    file: str = ""
    folder: Path | None = None
    hash: str = ""
    folders: tuple[Path, ...] = ()
    places: Mapping[Loc, tuple[str, int, int]] = field(default_factory=dict)

    def place(self, loc: Loc) -> tuple[str, int, int]:
        """File, line and column of a value, or of the nearest thing around it."""
        for end in range(len(loc), -1, -1):
            if loc[:end] in self.places:
                return self.places[loc[:end]]
        return self.file, 0, 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source)

    def __hash__(self) -> int:
        return 0


class Venue(_Part):
    """A venue and what is designed into it."""

    version: Annotated[Literal[1], Field(alias="schema")] = 1
    """Version of the file format."""
    name: str
    """Title of every paper."""
    client: str = ""
    """Who it is for."""
    event: str = ""
    """What happens."""
    dates: Date = ""
    """Day or days of the event."""
    author: str = ""
    """Who draws it; stands in the title block."""
    datum: str = ""
    """What level 0 is: FFL of the ballroom."""
    brief: dict[str, Annotated[int, Field(ge=0)]] = {}
    """What was asked: {guests: 500, vip: 36, wheelchair: 6, crew: 45}."""
    revisions: tuple[Revision, ...] = ()
    """Issues so far, oldest first; the last is the one on the papers."""
    rules: tuple[str, ...] = ()
    """Rule sets to check against: uk-england, us-ibc, de-mvstaettvo, fr-erp-l, or files of your own."""
    combine: Literal["all", "strictest"] = "all"
    """Of several rule sets that find the same fault: all of them, or the strictest alone (a touring show)."""
    uses: tuple[str, ...] = ()
    """Other venue files whose elements stand here too: one room file, twenty events."""
    catalogue: tuple[str, ...] = ()
    """Own catalogue files, beside stagecraft's."""
    units: Literal["m", "ft"] = "m"
    """What outputs show. The file's bare numbers are metres in any case."""
    people: People = People()
    """How large people are, and whether the audience stands: {stature: p95}."""
    elements: tuple[AnyElement, ...]
    """What stands here, one {id: …, type: …} each."""
    feeds: dict[str, Annotated[tuple[Ref, ...], BeforeValidator(_only_screens), Field(min_length=1)]] = {}
    """Pictures that reach a seat when any one of the screens does: {imag: [left, right]}."""
    weights: dict[str, Weight] = {}
    """How much a feed, or an element that is looked at, counts in a seat's score: {imag: 2}; 1 where not named."""
    numbering: Numbering = Numbering()
    """How seats are numbered."""
    places: tuple[PlaceRule, ...] = ()
    """Categories, holds and kills of seats, chosen by selectors."""
    prices: Prices | None = None
    """What places cost, by category: {currency: EUR, VIP: 120, standard: 60}."""
    accept: tuple[Waiver, ...] = ()
    """Findings that somebody accepts."""
    setups: dict[Id, Setup] = {}
    """States of the room; the first is the default."""
    cues: dict[Id, Cue] = {}
    """Moments of the show."""
    cameras: dict[str, SavedCamera] = {}
    """Saved views."""
    sheets: dict[
        Annotated[str, Field(pattern=r"^\w[\w.\-]*$", max_length=80)],
        Annotated[SheetWish, BeforeValidator(_shown)],
    ] = {}
    """Sheets of the drawing set that are otherwise than by default: {general: {size: A1, scale: 50}, cover: false}."""
    layers: str = ""
    """Names of CAD layers: abtt, ncs, iso13567, or a CSV file of your own; stagecraft's where not given."""
    stock: tuple[Stock, ...] = ()
    """Sheets and bars that the workshop has. What is made with `fabrication: true` is nested on them."""
    workshop: Workshop = Workshop()
    """How the workshop cuts: {cutter: 8 mm}."""

    _source: Source = PrivateAttr(default_factory=Source)

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, data: Any) -> Any:
        return inherited(data) if isinstance(data, dict) else data

    def __getitem__(self, id: str) -> Element:
        """The element called `id`. Raises KeyError with the nearest names."""
        for element in self.elements:
            if element.id == id:
                return element
        raise KeyError(f"no element is called '{id}'{nearest(id, [e.id for e in self.elements])}")

    def replace(self, id: str, **fields: Any) -> Venue:
        """The same venue with other fields on one element; everything is checked again."""
        self[id]
        data = self.raw()
        for element in data["elements"]:
            if element["id"] == id:
                element.update(fields)
        return self.again(data)

    def again(self, data: dict[str, Any]) -> Venue:
        """A venue from changed raw data, knowing where this one was read."""
        try:
            venue = Venue.model_validate(data)
        except ValidationError as error:
            from stagecraft.venue.wording import problems

            raise VenueError(problems(error, data, self._source)) from None
        venue._source = self._source
        return venue

    def raw(self) -> dict[str, Any]:
        """Plain data as a file holds it: what was said, not the defaults."""
        data = self.model_dump(mode="json", by_alias=True, exclude_unset=True)
        data["elements"] = [
            {"id": element.id, "type": element.type, **said} for element, said in zip(self.elements, data["elements"])
        ]
        return data

    def at(self, setup: str | None = None, cue: str | None = None) -> tuple[Venue, str, str]:
        """The venue in one set-up and cue: elements that stand then, with their changes. Also says their names."""
        if cue is not None and cue not in self.cues:
            raise VenueError(f"no cue is called '{cue}'{_known(cue, self.cues, 'cues')}")
        if setup is None and cue is not None:
            setup = self.cues[cue].setup
        if setup is not None and setup not in self.setups:
            raise VenueError(f"no set-up is called '{setup}'{_known(setup, self.setups, 'setups')}")
        setup = setup or next(iter(self.setups), None)
        patches: list[tuple[Loc, Mapping[str, Mapping[str, Any]]]] = []
        if setup:
            patches.append((("setups", setup, "set"), self.setups[setup].set))
        if cue:
            patches.append((("cues", cue, "set"), self.cues[cue].set))
        standing = [e for e in self.elements if setup is None or e.setup is None or setup in _names(e.setup)]
        if not patches:
            return self, "", ""
        elements = []
        wrong: list[Problem] = []
        for element in standing:
            for loc, patch in patches:
                if fields := patch.get(element.id):
                    element = patched(element, fields, self._source, (*loc, element.id), wrong)
            elements.append(element)
        if wrong:
            raise VenueError(wrong)
        extra = self.setups[setup] if setup else Setup()
        people = self.people.model_dump(exclude_unset=True)
        for other in (extra.people, self.cues[cue].people if cue else None):
            people |= other.model_dump(exclude_unset=True) if other is not None else {}
        venue = self.model_copy(
            update={
                "elements": tuple(elements),
                "places": self.places + extra.places,
                "brief": {**self.brief, **extra.brief},
                "people": People.model_validate(people),
                "weights": {**self.weights, **extra.weights},
            }
        )
        venue._source = self._source
        return venue, setup or "", cue or ""

    def to_yaml(self) -> str:
        """The venue file's text. `load` of it gives an equal venue."""
        from stagecraft.venue.edit import to_yaml

        return to_yaml(self)


def patched(element: Element, fields: Mapping[str, Any], source: Source, loc: Loc, wrong: list[Problem]) -> Element:
    """The element with other fields, checked; what is wrong is added to `wrong`."""
    fixed = [name for name in ("id", "type", "like", "mirror", "setup") if name in fields]
    if fixed:
        wrong += [Problem(f"{name} is the same in every set-up and cue", ".".join(map(str, (*loc, name))),
                          *source.place((*loc, name))) for name in fixed]  # fmt: skip
        return element
    data = element.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for name, other in (("front", "at"), ("at", "front")):  # two words for one thing
        if name in fields and other not in fields:
            data.pop(other, None)
    data |= dict(fields)
    try:
        return type(element).model_validate(data)
    except ValidationError as error:
        from stagecraft.venue.wording import problems

        wrong += problems(error, data, source, loc, type(element), ".".join(map(str, loc)))
        return element


def _known(name: str, states: Mapping[str, Any], field: str) -> str:
    """What there is instead of a set-up or cue that is not there."""
    known = f": there are {', '.join(states)}" if states else f": the file has no {field}:"
    return nearest(name, list(states)) or known


def _names(setup: str | tuple[str, ...]) -> tuple[str, ...]:
    return (setup,) if isinstance(setup, str) else setup


def inherited(data: dict[str, Any]) -> dict[str, Any]:
    """`like` and `mirror: <id>` carried out: the other element's fields are this one's defaults."""
    elements = data.get("elements")
    if not isinstance(elements, (list, tuple)):
        return data
    raws = [
        e.model_dump(mode="json", by_alias=True, exclude_unset=True) if isinstance(e, Element) else e for e in elements
    ]
    by_id = {str(raw["id"]): raw for raw in raws if isinstance(raw, dict) and "id" in raw}
    done: dict[str, dict[str, Any]] = {}

    def full(raw: Any) -> Any:
        """The element with the fields of those that it takes after, however many in a row."""
        chain, ids = [raw], set[str]()
        while isinstance(raw := chain[-1], dict):
            model = raw.get("mirror") if isinstance(raw.get("mirror"), str) else raw.get("like")
            if not isinstance(model, str) or model not in by_id or model in ids or model == chain[0].get("id"):
                break
            ids.add(model)
            chain.append(done.get(model, by_id[model]))
            if model in done:
                break
        whole = chain.pop()
        for raw in reversed(chain):
            base = {k: v for k, v in whole.items() if k not in ("id", "mirror", "like")}
            for word, other in (("front", "at"), ("at", "front")):  # two words for one thing
                if word in raw:
                    base.pop(other, None)
            whole = {**base, **raw}
        if chain and by_id.get(str(whole.get("id"))) is chain[0]:
            done[str(whole["id"])] = whole
        return whole

    out = []
    for element, raw in zip(elements, raws):
        whole = full(raw)
        if isinstance(whole, dict) and "type" not in whole and isinstance(element, Element):
            whole = {"type": element.type, **whole}
        out.append(element if whole is raw and isinstance(element, Element) else whole)
    return {**data, "elements": out}


__all__ = [
    "Cue",
    "Loc",
    "Numbering",
    "PlaceRule",
    "Prices",
    "Revision",
    "SavedCamera",
    "Scheme",
    "Setup",
    "Size",
    "Source",
    "Stock",
    "Venue",
    "Waiver",
    "Workshop",
]
