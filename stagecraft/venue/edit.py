"""Venue files as text: written anew, or changed in the lines that should."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from stagecraft import units
from stagecraft.errors import Problem, VenueError

if TYPE_CHECKING:
    from stagecraft.venue.document import Venue


def to_yaml(venue: Venue) -> str:
    """Text of a venue file: one element a line, plain values. `load` of it gives an equal venue."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    def quoted(text: str) -> str:
        """Text in quotes where bare it would not be read as it is written."""
        return DoubleQuotedScalarString(text) if text[:1] in {":", "?"} or not text.isprintable() else text

    def flowing(value: Any) -> Any:
        out: CommentedMap | CommentedSeq
        if isinstance(value, dict):
            out = CommentedMap((quoted(k), flowing(v)) for k, v in value.items())
        elif isinstance(value, list):
            out = CommentedSeq(flowing(v) for v in value)
        else:
            return quoted(value) if isinstance(value, str) else value
        out.fa.set_flow_style()
        return out

    top = CommentedMap()
    for key, value in venue.raw().items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            top[key] = CommentedSeq(flowing(v) for v in value)
        elif isinstance(value, dict) and key in ("setups", "cues", "cameras"):
            top[key] = CommentedMap((quoted(k), flowing(v)) for k, v in value.items())
        else:
            top[key] = flowing(value)
    yaml = YAML()
    yaml.width = 140
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(top, out)
    return out.getvalue()


REMOVE: Final = object()
"""As a field's new value: the field goes."""
DIGITS = 12
"""Decimals of a number in a file; beyond lies only noise. [m]"""


def edited(text: str, changes: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of a venue file with other fields on some elements; every other character stays as it is.

    changes : element id → field → its new value, or REMOVE. A number takes the unit that the old one was written with,
        a member of a list that stays the same keeps its words, and a new field stands where one was removed.

    Raises VenueError for an element that this text does not hold in words of its own.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    found = _elements(text)
    cuts: list[tuple[int, int, str]] = []
    for id, fields in changes.items():
        if id not in found:
            other = any(key.value == "uses" for key, _ in _fields(text))
            raise VenueError(
                Problem("comes from a file that this one uses: change it there", id)
                if other
                else Problem("no element of this file is called that", id)
            )
        cuts += _cuts(text, id, found[id], fields)
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return mark + text


_WORDS = re.compile(r"[A-Za-z_][\w.\-]*( [A-Za-z_][\w.\-]*)*")
WIDTH = 140
"""Columns of a line that is written anew."""


def with_elements(text: str, new: Mapping[str, Mapping[str, Any]], gone: Collection[str] = ()) -> str:
    """The text of a venue file with other elements; every other character stays as it is.

    new : element id → all its fields: in place of the element of that id, or after the last one
    gone : ids of elements that go, with the comment on their line

    Raises VenueError for an element that goes or changes and that this text does not hold.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    newline = "\r\n" if "\r\n" in text else "\n"
    found = _elements(text)
    for id in gone:
        if id not in found:
            raise VenueError(Problem("comes from a file that this one uses: change it there", id))
    whole = next((value for key, value in _fields(text) if key.value == "elements"), None)
    cuts: list[tuple[int, int, str]] = []
    for id, fields in new.items():
        if id in found:
            node = found[id]
            cuts.append((node.start_mark.index, _end(node), _element(fields, node.start_mark.column, newline)))
    added = [fields for id, fields in new.items() if id not in found]
    if whole is None or not whole.value:
        lines = "".join(f"  - {_element(fields, 4, newline)}{newline}" for fields in added)
        if whole is None:
            text = text if text.endswith("\n") or not text else text + newline
            cuts.append((len(text), len(text), f"elements:{newline}{lines}" if added else ""))
        elif added:
            cuts.append((whole.start_mark.index, _end(whole), newline + lines.rstrip(newline)))
    elif whole.flow_style:
        last = _end(whole.value[-1])
        cuts.append((last, last, "".join(f", {_element(fields, 2, newline)}" for fields in added)))
        cuts += [_unlisted(whole.value, found[id].start_mark.index) for id in gone]
    else:
        dash = whole.start_mark.column
        last = _line_end(text, _end(whole.value[-1]))
        lines = "".join(f"{newline}{' ' * dash}- {_element(fields, dash + 2, newline)}" for fields in added)
        cuts.append((last, last, lines))
        for id in gone:
            start = text.rfind("\n", 0, found[id].start_mark.index) + 1
            end = text.find("\n", _end(found[id]))
            cuts.append((start, len(text) if end < 0 else end + 1, ""))
    for start, end, words in sorted(cuts, reverse=True):
        text = text[:start] + words + text[end:]
    return mark + text


def _unlisted(nodes: list[Any], start: int) -> tuple[int, int, str]:
    """The piece of a list in brackets that goes with the member which begins there."""
    k = next(k for k, node in enumerate(nodes) if node.start_mark.index == start)
    if k + 1 < len(nodes):
        return start, nodes[k + 1].start_mark.index, ""
    return (_end(nodes[k - 1]) if k else start), _end(nodes[k]), ""


def _element(fields: Mapping[str, Any], indent: int, newline: str) -> str:
    """An element in braces, in lines of `WIDTH` columns."""
    said = [f"{name}: {_plain(value)}" for name, value in fields.items()]
    pieces = [
        piece for one in said for piece in re.sub(r"(\], |, (?=\w+: ))", "\\1\0", one + ", ").split("\0") if piece
    ]
    lines, line = [], "{"
    for piece in pieces:
        if len(line) > 1 and indent + len(line) + len(piece.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = " "
        line += piece
    lines.append(line.rstrip().rstrip(",") + "}")
    return (newline + " " * indent).join(lines)


def _plain(value: Any) -> str:
    """A value in one line of YAML, words without quotes."""
    if isinstance(value, str) and _WORDS.fullmatch(value) and value not in ("true", "false", "null"):
        return value
    return f"[{', '.join(map(_plain, value))}]" if isinstance(value, (list, tuple)) else _written(value)


def _fields(text: str) -> list[tuple[Any, Any]]:
    """Nodes of the top level's fields, with their places in the text."""
    from ruamel.yaml import YAML

    root = YAML(typ="rt", pure=True).compose(text)
    fields = getattr(root, "value", None)
    return fields if isinstance(fields, list) and fields and isinstance(fields[0], tuple) else []


def _elements(text: str) -> dict[str, Any]:
    """Id → node of every element that is written out in the text."""
    out = {}
    for key, value in _fields(text):
        if key.value == "elements" and isinstance(value.value, list):
            for node in value.value:
                for name, its in node.value if isinstance(node.value, list) else ():
                    if name.value == "id" and isinstance(its.value, str):
                        out[its.value] = node
    return out


def _cuts(text: str, id: str, node: Any, fields: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """What is cut out of the text, and what comes in its place: (start, end, new)."""
    pairs = {key.value: (key, value) for key, value in node.value}
    for word in ("like", "mirror", "<<"):
        if word in pairs and not (word == "mirror" and pairs[word][1].value in ("true", "false")):
            other = pairs[word][1].value if isinstance(pairs[word][1].value, str) else "another"
            raise VenueError(
                Problem(f"takes its fields from '{other}' ({word}:): change that one, or both by hand", id)
            )
    out = [name for name, value in fields.items() if value is REMOVE and name in pairs]
    new = [name for name, value in fields.items() if value is not REMOVE and name not in pairs]
    for name in (*pairs, *new):
        if name in fields and name in pairs and (pairs[name][1].anchor or _alias(*pairs[name])):
            raise VenueError(Problem("is shared with other elements (&, *): change it by hand", f"{id}.{name}"))
    cuts = []
    for name, value in fields.items():
        if name in pairs and value is not REMOVE:
            key, old = pairs[name]
            start = key.end_mark.index + text[key.end_mark.index :].index(":") + 1
            cuts.append((start, _end(old), f" {_again(text, old, value)}"))
    replaced = list(zip(out, new))
    for was, now in replaced:
        key, old = pairs[was]
        cuts.append((key.start_mark.index, _end(old), f"{now}: {_written(fields[now])}"))
    for name in out[len(replaced) :]:
        cuts.append((*_whole(text, node, name), ""))
    if rest := new[len(replaced) :]:
        last = _end(node.value[-1][1])
        said = [f"{name}: {_written(fields[name])}" for name in rest]
        if node.flow_style:
            cuts.append((last, last, "".join(f", {one}" for one in said)))
        else:
            newline = "\r\n" if "\r\n" in text else "\n"
            indent = newline + " " * node.value[0][0].start_mark.column
            end = _line_end(text, last)
            cuts.append((end, end, "".join(indent + one for one in said)))
    return cuts


def _alias(key: Any, value: Any) -> bool:
    """Is the value written elsewhere, and only named here?"""
    return bool(value.start_mark.index < key.end_mark.index)


def _end(node: Any) -> int:
    """Where a value's last character is; a block's own mark lies behind the comments that follow it."""
    if isinstance(node.value, list) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> int:
    """End of the line that `at` lies in, its line break not counted."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _whole(text: str, node: Any, name: str) -> tuple[int, int]:
    """The piece of text that goes with a field: in a block its lines, in braces it and a comma."""
    names = [key.value for key, _ in node.value]
    k = names.index(name)
    key, value = node.value[k]
    if not node.flow_style and k:
        start = text.rfind("\n", 0, key.start_mark.index) + 1
        end = text.find("\n", _end(value))
        return start, len(text) if end < 0 else end + 1
    if k + 1 < len(names):
        return key.start_mark.index, node.value[k + 1][0].start_mark.index
    return _end(node.value[k - 1][1]), _end(value)


def _again(text: str, old: Any, value: Any) -> str:
    """A new value in the manner of the old one."""
    if isinstance(value, (list, tuple)) and isinstance(old.value, list) and old.flow_style:
        if not any(isinstance(node, tuple) or node.anchor or isinstance(node.value, list) for node in old.value):
            kept = [_again(text, node, one) for node, one in zip(old.value, value)]
            return f"[{', '.join([*kept, *(_written(one) for one in value[len(kept) :])])}]"
        return _written(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isinstance(old.value, str):
        said = text[old.start_mark.index : old.end_mark.index]
        try:
            if abs(units.metres(old.value) - value) < 0.5 * 10.0**-DIGITS:
                return said
        except ValueError:
            return _written(value)
        if unit := re.fullmatch(r"[-+.\d]+(\s*)(mm|cm|m)", old.value.strip()):
            return f"{_written(value * {'mm': 1000, 'cm': 100, 'm': 1}[unit[2]])}{unit[1]}{unit[2]}"
    return _written(value)


def _written(value: Any) -> str:
    """A plain value in one line of YAML, which is JSON here."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_written(one) for one in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, float):
        return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    return json.dumps(value, ensure_ascii=False)
