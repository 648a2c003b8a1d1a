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

    def flowing(value: Any) -> Any:
        out: CommentedMap | CommentedSeq
        if isinstance(value, dict):
            out = CommentedMap((k, flowing(v)) for k, v in value.items())
        elif isinstance(value, list):
            out = CommentedSeq(flowing(v) for v in value)
        else:
            return value
        out.fa.set_flow_style()
        return out

    top = CommentedMap()
    for key, value in venue.raw().items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            top[key] = CommentedSeq(flowing(v) for v in value)
        elif isinstance(value, dict) and key in ("setups", "cues", "cameras"):
            top[key] = CommentedMap((k, flowing(v)) for k, v in value.items())
        else:
            top[key] = flowing(value)
    yaml = YAML()
    yaml.width = 140
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(top, out)
    return out.getvalue()
