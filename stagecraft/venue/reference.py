"""What can be written in a venue file, from the fields' own docstrings."""

from __future__ import annotations

import typing
from typing import Any

from pydantic import BaseModel

from stagecraft.elements import ELEMENTS, Element
from stagecraft.venue.document import Venue


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


def element_text(kind: str) -> str:
    """An element's fields as a page: name, type, default, meaning."""
    cls = ELEMENTS[kind]
    own = [name for name in cls.model_fields if name not in Element.model_fields]
    common = [name for name in cls.model_fields if name in Element.model_fields and name != "type"]
    lines = [f"{kind}: {(cls.__doc__ or '').strip()}", "", "Its own fields", *_fields(cls, own)]
    return "\n".join([*lines, "", "Fields of every element", *_fields(cls, common)])


def _fields(cls: type[BaseModel], names: list[str], indent: str = "  ") -> list[str]:
    out = []
    for name in names:
        info = cls.model_fields[name]
        default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
        text = " ".join((info.description or "").split())
        out.append(f"{indent}{info.alias or name:<18} {default:<22} {text}".rstrip())
        for inner in _models(info.annotation):
            out += _fields(inner, list(inner.model_fields), indent + "    ")
    return out


def _default(value: Any) -> str:
    if value is None or value in ((), "", {}):
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in typing.get_args(annotation) for model in _models(argument)]
