"""Venue files as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

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
