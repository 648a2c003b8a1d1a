"""What is wrong with a value, in the reader's words: never a library's."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from stagecraft.elements import ELEMENTS, Element
from stagecraft.errors import Problem
from stagecraft.venue.document import Loc, Source, Venue, nearest


def problems(
    error: ValidationError,
    data: Any,
    source: Source,
    root: Loc = (),
    model: type[BaseModel] = Venue,
    head: str = "",
) -> list[Problem]:
    """Every fault of a validation, one a field, in the order of the file.

    root : where `data` lies in the file, head : name to begin its path with
    """
    found: dict[Loc, list[tuple[Any, Any]]] = {}
    for fault in error.errors(include_url=False):
        loc, value = _walk(fault["loc"], data)
        if fault["type"] == "missing":
            loc = (*loc, fault["loc"][-1])
        for known in list(found):
            if fault["type"] != "missing" and known == loc[: len(known)] and known != loc and _is_union(known, found):
                break
        else:
            found.setdefault(loc, []).append((fault, value))
    out = []
    for loc, faults in found.items():
        owner = _owner(model, loc, data)
        file, line, column = source.place((*root, *loc))
        path = _path(loc, data, head)
        out.append(Problem(_message(faults, loc, owner), path, file, line, column))
    return sorted(out, key=lambda p: (p.file, p.line, p.column))


def _is_union(loc: Loc, found: Mapping[Loc, Any]) -> bool:
    return len(found[loc]) > 1


def _walk(loc: Loc, data: Any) -> tuple[Loc, Any]:
    """The part of a validator's location that really is in the data, and the value there."""
    kept: list[str | int] = []
    value = data
    for part in loc:
        if isinstance(value, BaseModel) and isinstance(part, str) and hasattr(value, part):
            value = getattr(value, part)
        elif (isinstance(value, Mapping) and part in value) or (isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value)):
            value = value[part]
        else:
            continue
        kept.append(part)
    return tuple(kept), value


def _owner(model: type[BaseModel], loc: Loc, data: Any) -> tuple[type[BaseModel] | None, str]:
    """The class that has the field at the end of a location, and that field's name."""
    owner: Any = model
    value = data
    field = ""
    for part in loc:
        if isinstance(owner, type) and issubclass(owner, BaseModel) and isinstance(part, str):
            field = part
            known = {info.alias or name: info for name, info in owner.model_fields.items()}
            if part is not loc[-1] and part in known:
                owner = known[part].annotation
            elif part is loc[-1]:
                break
        value = _walk((part,), value)[1]
        owner = _narrow(owner, value, part)
    return (owner if isinstance(owner, type) and issubclass(owner, BaseModel) else None), field


def _narrow(owner: Any, value: Any, part: str | int) -> Any:
    """The class that a list's or dictionary's member is made of."""
    if isinstance(owner, type) and issubclass(owner, BaseModel):
        return owner
    models = [m for m in _members(owner) if isinstance(m, type) and issubclass(m, BaseModel)]
    if any(issubclass(m, Element) for m in models):
        if not isinstance(part, int):
            return owner
        kind = value.get("type") if isinstance(value, Mapping) else getattr(value, "type", None)
        return ELEMENTS.get(kind) if isinstance(kind, str) else None
    if models and isinstance(value, (Mapping, BaseModel)) and not isinstance(part, str):
        return models[0]
    if models and isinstance(value, (Mapping, BaseModel)):
        return models[0]
    return owner


def _members(annotation: Any) -> list[Any]:
    out = [annotation]
    for argument in typing.get_args(annotation):
        out += _members(argument)
    return out


def _path(loc: Loc, data: Any, head: str) -> str:
    """`stalls.riser`, `setups.dinner.set.foh.size`."""
    parts = list(loc)
    words: list[str] = [head] if head else []
    if len(parts) >= 2 and parts[0] == "elements" and isinstance(parts[1], int):
        _, element = _walk(tuple(parts[:2]), data)
        name = element.get("id") if isinstance(element, Mapping) else getattr(element, "id", None)
        words.append(str(name) if name not in (None, "") else f"elements[{parts[1] + 1}]")
        parts = parts[2:]
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text or words else part
    return "".join(words) + text


def _message(faults: list[tuple[Any, Any]], loc: Loc, owner: tuple[type[BaseModel] | None, str]) -> str:
    model, field = owner
    kinds = [fault["type"] for fault, _ in faults]
    if len(faults) > 1:  # a field with several forms: none of them fits
        for fault, value in faults:
            if fault["type"] in ("length", "value_error", "greater_than", "greater_than_equal") and not isinstance(
                value, (list, dict)
            ):
                return _one(fault, value, model, field)
        value = faults[0][1]
        return f"{_shown(value)} does not fit here{_meaning(model, field)}"
    fault, value = faults[0]
    return _one(fault, value, model, field) if kinds else ""


def _one(fault: Any, value: Any, model: type[BaseModel] | None, field: str) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    shown = _shown(value)
    match kind:
        case "missing":
            if isinstance(fault["loc"][-1], int):
                return f"{_shown(fault['input'])} has too few values{_meaning(model, field)}"
            return f"is missing{_meaning(model, str(fault['loc'][-1]))}"
        case "extra_forbidden":
            known = sorted(info.alias or name for name, info in model.model_fields.items()) if model else []
            hint = nearest(str(fault["loc"][-1]), known)
            return f"unknown field{hint or '; known here: ' + ', '.join(known)}"
        case "length":
            return str(context["reason"])
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = next(iter(context.values()))
            words = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below",
                     "less_than_equal": "at most"}[kind]  # fmt: skip
            return f"{shown} is out of range: it must be {words} {limit:g}"
        case "finite_number":
            return f"{shown} is not a finite number"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return f"{shown} is not a whole number"
        case "float_parsing" | "float_type":
            return f"{shown} is not a number"
        case "bool_parsing" | "bool_type":
            return f"{shown} is neither true nor false"
        case "string_type":
            return f"{shown} is not text: put it in quotes"
        case "literal_error":
            options = [word.strip("' ") for word in str(context["expected"]).replace(" or ", ", ").split(",")]
            return f"{shown} is not one of {', '.join(options)}{nearest(str(value), options)}"
        case "union_tag_invalid":
            tag = str(context["tag"])
            known = sorted(ELEMENTS)
            return f"'{tag}' is no element type{nearest(tag, known) or '; known: ' + ', '.join(known)}"
        case "union_tag_not_found":
            return f"type is missing: say what stands here, one of {', '.join(sorted(ELEMENTS))}"
        case "tuple_type" | "list_type":
            return f"{shown} is not a list{_meaning(model, field)}"
        case "too_short" | "too_long":
            return f"{shown} has {context['actual_length']} values{_meaning(model, field)}"
        case "dict_type" | "model_type" | "model_attributes_type" | "dataclass_type":
            return f"{shown} is not a set of fields (name: value)"
        case "string_pattern_mismatch":
            if "6}" in str(context["pattern"]):
                return f"{shown} is not a colour: write '#rrggbb', with quotes"
            return f"{shown} is not a usable id: letters, digits, . _ and - only, no blanks"
        case "string_too_long":
            return f"{shown} is too long: at most {context['max_length']} characters"
        case "value_error":
            return str(context["error"])
    return f"{shown} does not fit here{_meaning(model, field)}"


def _meaning(model: type[BaseModel] | None, field: str) -> str:
    """What the field is, from its own docstring."""
    if model is None:
        return ""
    for name, info in model.model_fields.items():
        if field in (name, info.alias) and info.description:
            first = info.description.split("\n")[0]
            return f"; {field} is: {first[0].lower() + first[1:]}" if first else ""
    return ""


def _shown(value: Any) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return f"'{str(value).lower()}'"
    text = (
        str(dict(value))
        if isinstance(value, Mapping)
        else str(list(value))
        if isinstance(value, (list, tuple))
        else str(value)
    )
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}…'"
