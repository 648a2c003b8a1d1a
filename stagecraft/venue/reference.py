"""What can be written in a venue file, from the fields' own docstrings."""

from __future__ import annotations

import textwrap
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from stagecraft import people
from stagecraft.catalogue import Item
from stagecraft.checks.contents import CHECKS
from stagecraft.elements import ELEMENTS, Element
from stagecraft.venue.document import Venue

TRUST = {
    "A": "the maker's own text", "B": "a page that quotes the maker", "C": "from memory",
    "high": "the maker or a manual that is cited", "medium": "a rental house or a community", "low": "a general page",
}  # fmt: skip
"""What a catalogue row's confidence means."""


def schema() -> dict[str, Any]:
    """JSON schema of a venue file, for editors: they complete and check it."""
    made = Venue.model_json_schema(by_alias=True)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "stagecraft venue"
    items = made["properties"]["elements"]["items"]
    # `like` and `mirror` take the other element's fields, so that its own may be few
    made["properties"]["elements"]["items"] = {
        "anyOf": [items, *({"type": "object", "required": ["id", key]} for key in ("like", "mirror"))]
    }
    return made


HOUSE = (
    "people", "feeds", "weights", "numbering", "places", "prices", "brief", "revisions", "accept", "setups", "cues",
    "cameras", "sheets",
)  # fmt: skip
"""Fields of a venue file that have parts of their own, elements apart."""


def fields_of() -> Iterator[tuple[str, list[str]]]:
    """Names of the fields of every part of the house, then of every element."""
    for name in HOUSE:
        for model in _models(Venue.model_fields[name].annotation):
            yield name, [info.alias or field for field, info in model.model_fields.items()]
    for kind, cls in sorted(ELEMENTS.items()):
        yield kind, [info.alias or field for field, info in cls.model_fields.items()]


def contents() -> str:
    """Every element, every field of the house and every finding in a line each."""
    lines = ["Elements: stagecraft explain seating"]
    lines += [f"  {kind:<18} {_first(cls.__doc__)}" for kind, cls in sorted(ELEMENTS.items())]
    lines += ["", "The whole house: stagecraft explain people"]
    lines += [f"  {name:<18} {_first(Venue.model_fields[name].description)}" for name in HOUSE]
    lines += ["", "Findings: stagecraft explain SL01"]
    lines += [f"  {made.code}  {made.name:<22} {_first(made.doc)}" for made in CHECKS.values()]
    return "\n".join(lines)


def _first(text: str | None) -> str:
    """The first sentence."""
    return " ".join((text or "").split()).partition(". ")[0].rstrip(".") + "."


def item_text(item: Item, width: int = 110) -> str:
    """A catalogue row as a page: what is known, where it was read, and how far it is to be trusted.

    width : of the page [characters]
    """
    lines = [f"{item.code}: {item.label}", ""]
    for head, unit, factor, value in (
        ("width", "mm", 1000.0, item.width), ("depth", "mm", 1000.0, item.depth), ("height", "mm", 1000.0, item.height),
        ("mass", "kg", 1.0, item.mass), ("mass", "kg/m", 1.0, item.mass_per_metre), ("power, most", "W", 1.0, item.power),
        ("power, average", "W", 1.0, item.power_average), ("pixel pitch", "mm", 1000.0, item.pixel_pitch),
        ("brightness", "cd/m²", 1.0, item.nits), ("light", "lm", 1.0, item.lumens), ("colour", "K", 1.0, item.kelvin),
        ("sound, most", "dB", 1.0, item.spl), ("rated load", f"kg, {item.rated_load_basis}", 1.0, item.rated_load),
    ):  # fmt: skip
        if value is not None:
            lines.append(f"  {head:<16} {value * factor:g} {unit}")
    if item.pixels_w and item.pixels_h:
        lines.append(f"  {'pixels':<16} {item.pixels_w} × {item.pixels_h}")
    if item.lengths:
        lines.append(f"  {'lengths':<16} {', '.join(f'{length:g}' for length in item.lengths)} m")
    trust = f"{item.confidence}: {TRUST[item.confidence]}" if item.confidence in TRUST else item.confidence
    for head, text in (("notes", item.notes), ("source", item.source), ("confidence", trust)):
        if text:
            lines += _folded(f"  {head:<16} ", text, width)
    return "\n".join(lines)


def element_text(kind: str, width: int = 110) -> str:
    """An element's fields as a page: name, default, meaning.

    width : of the page [characters]
    """
    cls = ELEMENTS[kind]
    own = [name for name in cls.model_fields if name not in Element.model_fields]
    common = [name for name in cls.model_fields if name in Element.model_fields and name != "type"]
    lines = [f"{kind}: {(cls.__doc__ or '').strip()}", "", "Its own fields", *_fields(cls, own, width)]
    return "\n".join([*lines, "", "Fields of every element", *_fields(cls, common, width)])


def house_text(name: str, width: int = 110) -> str:
    """A field of the whole house as a page: its meaning, and what it is made of.

    width : of the page [characters]
    """
    info = Venue.model_fields[name]
    lines = _folded(f"{name}: ", " ".join((info.description or "").split()), width)
    for model in _models(info.annotation):
        lines += ["", *_fields(model, list(model.model_fields), width)]
    if name == "people":
        lines += ["", "Sets of figures; each figure's source stands in assets/people/statures.csv"]
        for one in typing.get_args(people.Set):
            lines += _folded(f"  {one:<18} ", people.source(one, {}).removeprefix(f"stature {one}: "), width)
    return "\n".join(lines)


def _fields(cls: type[BaseModel], names: list[str], width: int, indent: str = "  ") -> list[str]:
    out = []
    for name in names:
        info = cls.model_fields[name]
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
        choices = " | ".join(_choices(info.annotation))
        text = " ".join([*(info.description or "").split(), *([f"({choices})"] if choices else [])])
        out += _folded(f"{indent}{info.alias or name:<18} {default:<22} ", text, width)
        for inner in _models(info.annotation):
            if issubclass(cls, inner):  # the fields above, again
                continue
            out += _fields(inner, list(inner.model_fields), width, indent + "    ")
    return out


def _folded(head: str, text: str, width: int) -> list[str]:
    """A head and what it says, on as many lines as it takes, each beginning below the first."""
    lines = textwrap.wrap(text, max(width - len(head), 30), break_long_words=False, break_on_hyphens=False)
    return [(head if not n else " " * len(head)) + line for n, line in enumerate(lines)] or [head.rstrip()]


def _default(value: Any) -> str:
    if value is None or isinstance(value, BaseModel) or value in ((), "", {}):
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def _choices(annotation: Any) -> list[str]:
    """The words of a field that takes one of a few."""
    if typing.get_origin(annotation) is typing.Literal:
        return [str(word) for word in typing.get_args(annotation) if word]
    return [word for argument in typing.get_args(annotation) for word in _choices(argument)]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in typing.get_args(annotation) for model in _models(argument)]
