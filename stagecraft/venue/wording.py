"""What is wrong with a value, in the reader's words: never a library's."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from stagecraft.elements import ELEMENTS, Element
from stagecraft.errors import Problem, nearest
from stagecraft.venue.document import Loc, Source, Venue, inherited

MANY = 500
"""Elements among which nobody looks for the nearest name any more: it takes its time."""
LONGEST = 60
"""Elements that may take their fields from one another in a row."""

Owner = tuple[type[BaseModel] | None, str]
"""The class that has a field, and the field's name."""


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
    meant = inherited(data) if model is Venue and isinstance(data, dict) else data
    found: dict[Loc, list[tuple[Any, Any]]] = {}
    for fault in error.errors(include_url=False):
        loc, value = _walk(_untagged(fault["loc"], meant), meant)
        if fault["type"] == "missing" and isinstance(fault["loc"][-1], str):
            loc = (*loc, fault["loc"][-1])
        elif fault["type"].startswith("union_tag"):
            loc = (*loc, "type")
        elif fault["type"] == "value_error":
            loc = (*loc, *_named(str(fault["ctx"]["error"]), value))
        if fault["loc"][-1:] == ("[key]",):
            value = loc[-1]
        found.setdefault(loc, []).append((fault, value))
    out = []
    raws = _by_id(data)
    wholes = {loc[:end] for loc in found for end in range(len(loc))}
    told = {(_id(loc, meant), loc[2:]) for loc in found} if model is Venue else set()
    for loc, faults in found.items():
        if loc in wholes:
            continue  # a part of it says more precisely what is wrong
        at, words = loc, ""
        if (
            model is Venue
            and faults[0][0]["type"] == "union_tag_not_found"
            and (untyped := _untyped(loc[:2], data, raws))
        ):
            if untyped[1]:
                out.append(Problem(untyped[1], _path(untyped[0], meant, head), *source.place((*root, *untyped[0]))))
            continue
        if model is Venue and faults[0][0]["type"] != "missing" and (base := _base(loc, data, raws)):
            if (base[1], loc[2:]) in told:
                continue  # the element that it inherits from says so itself
            at, words = (*loc[:2], base[0]), f" ({loc[2]} comes from {base[1]})"
        message = _message(faults, _owner(model, loc, meant)) + words
        out.append(Problem(message, _path(at, meant, head), *source.place((*root, *at))))
    return sorted(dict.fromkeys(out), key=lambda p: (p.file, p.line, p.column))


def _untagged(loc: Loc, data: Any) -> Loc:
    """The location without the element's type, which the validator puts in after the element's number."""
    if len(loc) > 2 and loc[0] == "elements" and isinstance(loc[1], int) and loc[2] in ELEMENTS:
        _, value = _walk(loc[:2], data)
        kind = value.get("type") if isinstance(value, Mapping) else getattr(value, "type", None)
        if kind == loc[2]:
            return loc[:2] + loc[3:]
    return loc


def _named(message: str, value: Any) -> Loc:
    """The field that a message begins with, if it is there: `gangway lists 1 width …`, `the outline crosses …`."""
    word = re.match(r"(?:the |an? )?(\w+)", message)
    return (word[1],) if word and isinstance(value, Mapping) and word[1] in value else ()


def _by_id(data: Any) -> dict[str, Mapping[str, Any]]:
    """The elements as the file has them, by their ids."""
    elements = data.get("elements") if isinstance(data, Mapping) else None
    raws = elements if isinstance(elements, (list, tuple)) else ()
    return {raw["id"]: raw for raw in raws if isinstance(raw, Mapping) and isinstance(raw.get("id"), str)}


def _base(loc: Loc, data: Any, raws: Mapping[str, Any]) -> tuple[str, str] | None:
    """Where a field of an element is not its own: `like` or `mirror`, and the element it comes from."""
    if len(loc) < 3 or loc[0] != "elements" or not isinstance(loc[1], int):
        return None
    _, raw = _walk(loc[:2], data)
    if not isinstance(raw, Mapping) or loc[2] in raw:
        return None
    by = _by(raw)
    return (by, raw[by]) if by and raw[by] in raws and raw[by] != raw.get("id") else None


def _id(loc: Loc, data: Any) -> str | None:
    if len(loc) < 2 or loc[0] != "elements":
        return None
    _, element = _walk(loc[:2], data)
    found = element.get("id") if isinstance(element, Mapping) else getattr(element, "id", None)
    return found if isinstance(found, str) else None


def _untyped(loc: Loc, data: Any, raws: Mapping[str, Any]) -> tuple[Loc, str] | None:
    """Why an element that takes another's fields has no type: there is none of that name, or a ring.

    No message where the other one says what is wrong; None where the element takes nobody's fields.
    """
    _, raw = _walk(loc, data)
    if not isinstance(raw, Mapping) or (by := _by(raw)) is None:
        return None
    at = (*loc, by)
    if raw[by] not in raws:
        return at, f"no element is called '{raw[by]}'{nearest(raw[by], list(raws)) if len(raws) < MANY else ''}"
    trail = [raw.get("id")]
    while (step := _by(raw)) and raw[step] in raws and raw[step] not in trail:
        if len(trail) > LONGEST:
            return at, f"takes its fields from others that take theirs from others, more than {LONGEST} times"
        trail.append(raw[step])
        raw = raws[raw[step]]
    ring = step is not None and raw[step] == trail[0] and trail[0] == next(id for id in raws if id in trail)
    return at, f"needs itself: {' → '.join(map(str, [*trail, trail[0]]))}" if ring else ""


def _by(raw: Mapping[str, Any]) -> str | None:
    """The field by which an element takes another's fields."""
    return next((key for key in ("mirror", "like") if isinstance(raw.get(key), str)), None)


def _walk(loc: Loc, data: Any) -> tuple[Loc, Any]:
    """The part of a validator's location that really is in the data, and the value there."""
    kept: list[str | int] = []
    for part in loc:
        member = _member(data, part)
        if member is not _NOTHING:
            data = member
            kept.append(part)
    return tuple(kept), data


_NOTHING = object()


def _member(value: Any, part: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, _NOTHING)
    if isinstance(value, (list, tuple)):
        return value[part] if isinstance(part, int) and part < len(value) else _NOTHING
    return getattr(value, str(part), _NOTHING) if isinstance(value, BaseModel) else _NOTHING


def _owner(model: type[BaseModel], loc: Loc, data: Any) -> Owner:
    """The class that has the field at the end of a location, and that field's name."""
    owner: Any = model
    value = data
    field = ""
    for n, part in enumerate(loc):
        if isinstance(owner, type) and issubclass(owner, BaseModel) and isinstance(part, str):
            field = part
            known = {info.alias or name: info for name, info in owner.model_fields.items()}
            if n == len(loc) - 1:
                break
            if part in known:
                owner = known[part].annotation
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
    return models[0] if models and isinstance(value, (Mapping, BaseModel)) else owner


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
        named = isinstance(name, (str, int)) and re.match(r"\w", str(name)) and len(str(name)) <= 60
        words.append(str(name) if named else f"elements[{parts[1] + 1}]")
        parts = parts[2:]
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text or words else part
    return "".join(words) + text


_SHAPES = {
    "tuple_type": "a list", "list_type": "a list", "dict_type": "a set of fields", "model_type": "a set of fields",
    "model_attributes_type": "a set of fields", "string_type": "text", "length": "a length",
    "int_parsing": "a whole number", "int_type": "a whole number", "int_from_float": "a whole number",
    "float_parsing": "a number", "float_type": "a number", "bool_parsing": "true/false", "bool_type": "true/false",
}  # fmt: skip
"""What a validator looked for, in words."""


def _message(faults: list[tuple[Any, Any]], owner: Owner) -> str:
    """One sentence about a field. One that may have several forms has a fault for each: none of them fits."""
    value = faults[0][1]
    plain = not isinstance(value, (list, tuple, Mapping)) and value is not None
    for wanted in (
        ("value_error",),
        ("finite_number", "greater_than", "greater_than_equal", "less_than", "less_than_equal"),
        ("length",),
    ):
        for fault, _ in faults:
            if fault["type"] in wanted and (plain or wanted == ("value_error",)):
                return _one(fault, value, owner)
    kinds = list(dict.fromkeys(_SHAPES.get(fault["type"], "") for fault, _ in faults))
    if len(kinds) == 1:
        return _one(faults[0][0], value, owner)
    fit = [kind for kind in kinds if kind]
    if value is None:
        return f"is empty: write {' or '.join(fit)}{_meaning(owner)}"
    partly = next((fault for fault, _ in faults if fault["type"] not in _SHAPES), None)
    if partly is not None and isinstance(value, (list, tuple)):  # a list, but not such a list
        return _one(partly, value, owner)
    return f"{_shown(value)} is neither {' nor '.join(fit)}{_meaning(owner)}"


def _one(fault: Any, value: Any, owner: Owner) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    model, field = owner
    shown = _shown(value)
    match kind:
        case "missing":
            if isinstance(fault["loc"][-1], int):
                return f"{shown} has too few values{_meaning(owner)}"
            name = str(fault["loc"][-1])
            return f"is missing{_meaning((model, name)) or f': every {_thing(model)} has one'}"
        case "extra_forbidden":
            return _unknown(str(fault["loc"][-1]), model)
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = next(iter(context.values()))
            words = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below",
                     "less_than_equal": "at most"}[kind]  # fmt: skip
            return f"{shown} is out of range: it must be {words} {limit:g}"
        case "length":
            return str(context["reason"])
        case "finite_number":
            return f"{shown} is not a finite number"
        case "literal_error":
            if model is Venue and field == "schema":
                return f"{shown} is no version of the file format: write schema: 1"
            options = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
            if value is None:
                return f"is empty: write one of {', '.join(options)}"
            return f"{shown} is not one of {', '.join(options)}{nearest(str(value), options)}"
        case "union_tag_invalid":
            tag = value.get("type") if isinstance(value, Mapping) else None
            if isinstance(tag, str):
                hint = nearest(tag, sorted(ELEMENTS)) or f": there are {', '.join(sorted(ELEMENTS))}"
                return f"'{tag}' is no element type{hint}"
            return f"{_shown(tag)} is no element type: there are {', '.join(sorted(ELEMENTS))}".replace(
                "an empty value is no element type", "is empty"
            )
        case "union_tag_not_found":
            return f"is missing: say what stands here, one of {', '.join(sorted(ELEMENTS))}"
        case "too_short" | "too_long":
            count = len(value) if isinstance(value, (list, tuple)) else context["actual_length"]
            many = "too many values" if kind == "too_long" else "too few values" if count else "no values"
            return f"{shown} has {many}{_meaning(owner)}"
        case "string_pattern_mismatch":
            if "6}" in str(context["pattern"]):
                return f"{shown} is not a colour: write '#rrggbb', with quotes"
            return f"{shown} is not a usable name: letters, digits, . _ and - only, no blanks, no dot first"
        case "string_too_short":
            return f"is empty: write text{_meaning(owner)}"
        case "string_too_long":
            return f"{shown} is too long: at most {context['max_length']} characters"
        case "value_error":
            return str(context["error"])
    return _misfit(kind, value, shown, owner)


def _misfit(kind: str, value: Any, shown: str, owner: Owner) -> str:
    """A value of another shape than the field's."""
    if value is None and owner[1] in ("colour", "light"):
        return "is empty: # begins a comment, so write a colour in quotes: '#ff8000'"
    wanted = _SHAPES.get(kind, "")
    if value is None:
        words = {"a list": "write a list", "a set of fields": "write fields (name: value)"}.get(
            wanted, f"write {wanted}"
        )
        return f"is empty: {words}{'' if _required(owner) else ', or take the line out'}{_meaning(owner)}"
    if wanted == "a set of fields":
        return f"{shown} is not a set of fields (name: value){_meaning(owner)}"
    if wanted == "true/false":
        return f"{shown} is neither true nor false"
    if wanted == "text" and not isinstance(value, (list, tuple, Mapping)):
        return f"{shown} is not text: put it in quotes"
    if wanted == "a list" and isinstance(value, Mapping):
        return f"{shown} is not a list: begin each entry with '- '{_meaning(owner)}"
    if wanted == "a list":
        return f"{shown} is not a list: put it in [ ]{_meaning(owner)}"
    return f"{shown} is not {wanted}{_meaning(owner)}" if wanted else f"{shown} does not fit here{_meaning(owner)}"


def _required(owner: Owner) -> bool:
    model, field = owner
    return (
        any(info.is_required() for name, info in model.model_fields.items() if field in (name, info.alias))
        if model
        else False
    )


def _unknown(word: str, model: type[BaseModel] | None) -> str:
    """`unknown field`, and which one was meant."""
    if model is None:
        return "unknown field"
    fields = {info.alias or name: info.description or "" for name, info in model.model_fields.items()}
    if word.isdecimal():
        return f"unknown field; a number is written with a point (0.{word}), not with a comma"
    if word in model.model_fields and (alias := model.model_fields[word].alias):
        return f"unknown field; did you mean '{alias}'?"
    if hint := nearest(word, list(fields)):
        return f"unknown field{hint}"
    about = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    if meant := next((name for name, text in fields.items() if len(word) > 3 and about.search(_sentence(text))), None):
        return f"unknown field; did you mean '{meant}' ({_lower(_sentence(fields[meant]))})?"
    if issubclass(model, Element):
        return f"unknown field; 'stagecraft explain {_thing(model)}' lists what there is"
    return f"unknown field; known here: {', '.join(fields)}"


def _thing(model: type[BaseModel] | None) -> str:
    """What a class is called in a file: `led_wall`, `door`."""
    if model is None:
        return "one"
    if issubclass(model, Element):
        return next((kind for kind, cls in ELEMENTS.items() if cls is model), "element")
    return re.sub(r"(?<!^)([A-Z])", r" \1", model.__name__).lower()


def _meaning(owner: Owner) -> str:
    """What the field is, from its own docstring."""
    model, field = owner
    for name, info in model.model_fields.items() if model else ():
        if field in (name, info.alias) and info.description:
            return f"; {field}: {_lower(_sentence(info.description))}"
    return ""


def _sentence(text: str) -> str:
    """The first sentence of a docstring, without its full stop and unit."""
    flat = " ".join(text.split())
    return re.split(r"\.(?: |$)", re.sub(r"\s*\[[^\]]*\]$", "", flat))[0] if flat else ""


def _lower(text: str) -> str:
    """`Where …` → `where …`, but `P01` and `DXF` stay."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _shown(value: Any) -> str:
    """A value as the file has it."""
    if value is None:
        return "an empty value"
    text = _flow(value)
    short = text if len(text) <= 60 else f"{text[:57]}…"
    return short if isinstance(value, (list, tuple, Mapping)) else f"'{short}'"


def _flow(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return str(value)
