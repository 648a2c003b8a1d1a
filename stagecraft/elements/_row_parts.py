"""What belongs to rows beside the rows themselves: gangways, ways in, rakes; and what is wrong with words for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from stagecraft.elements._base import ElementRef, Length, Point, Size
from stagecraft.geometry.outline import outline


def one_of(*names: str) -> JsonDict:
    return {"anyOf": [{"required": [name]} for name in names]}


class Rake(BaseModel):
    """Risers that give every row the same C-value to a focus."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    c: Size
    """C-value asked: 60 mm, 90 mm, 120 mm."""
    focus: Annotated[str | tuple[Length, Length, Length], ElementRef()]
    """Point of focus, or the element whose target it is."""
    step: Size | None = None
    """Round each riser up to a multiple of this. [m]"""


class CrossGangway(BaseModel):
    """A gangway that runs along the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    after: Annotated[int, Field(ge=1)]
    """It lies behind this row."""
    width: Size
    """Clear width behind the chairs of that row. [m]"""


class Aisle(BaseModel):
    """A gangway that cuts rows wherever it runs."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    path: Annotated[tuple[Point, ...], Field(min_length=2)]
    """Corners of its middle line, in the element's own coordinates. [m]"""
    width: Size = 1.2
    """[m]"""


class Vomitory(BaseModel):
    """A way through the tiers to a mouth among the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    at: Length
    """Its middle, from the rows' middle to the audience's right, measured along the row at its mouth. [m]"""
    width: Size = 1.5
    """[m]"""
    row: Annotated[int, Field(ge=1, alias="from")]
    """First row that it takes seats of; it comes out on the floor in front of that row."""
    height: Size = 2.2
    """Clear height inside: rows stand over it again where their floors are so much higher than its own. [m]"""
    rails: bool = True
    """Guard rails beside it and above its mouth."""


_LEFT_OUT = re.compile(r"(\d{1,4})(?:/(-?\d{1,4})(?:\.\.(-?\d{1,4}))?)?")


def left_out(words: str) -> tuple[int, tuple[int, int] | None]:
    """Row, and first and last slot, of `4/-2`, `7/3..5` or `4` (the whole row)."""
    found = _LEFT_OUT.fullmatch(words.replace(" ", ""))
    if found is None:
        raise ValueError(f"without: '{words}' is no place: write row/slot or row/slot..slot, as 4/-2 or 7/3..5")
    row, first, last = found.groups()
    ends = None if first is None else (int(first), int(last or first))
    if ends and ends[0] > ends[1]:
        raise ValueError(f"without: '{words}': write {row}/{ends[1]}..{ends[0]}")
    return int(row), ends


_FAR = 100.0
"""No seat, row or gangway is wider or deeper. [m]"""


def in_metres(field: str, sizes: float | Iterable[float] | Mapping[int, float]) -> None:
    """Raises ValueError for a size that somebody must have written in millimetres. [m]"""
    for size in sizes.values() if isinstance(sizes, Mapping) else sizes if isinstance(sizes, Iterable) else (sizes,):
        if size > _FAR:
            raise ValueError(f"{field}: {size:g} m? Lengths are in metres; millimetres are written {size:g} mm")


def sound_line(field: str, points: tuple[tuple[float, float], ...], alone: bool = False) -> None:
    """Raises ValueError where points make no line, or one that turns back or, where it has to stay `alone`, crosses itself."""
    p = np.array(points, float).reshape(-1, 2)
    size = np.linalg.norm(np.diff(p, axis=0), axis=1)
    if len(p) < 2:
        raise ValueError(f"{field} needs two points at least: [[x, y], [x, y]]")
    if size.min() < 1e-3:
        raise ValueError(f"{field}: point {int(size.argmin()) + 2} is the one before it")
    run = np.diff(p, axis=0) / size[:, None]
    turn = (run[:-1] * run[1:]).sum(axis=1)
    if len(turn) and turn.min() < -0.9:
        raise ValueError(f"{field} turns back at point {int(turn.argmin()) + 2}")
    if alone and len(p) > 3:
        import shapely

        if not shapely.LineString(p).is_simple:
            raise ValueError(f"{field} crosses itself")


def sound_area(points: tuple[tuple[float, float], ...]) -> Any:
    """A polygon with these corners. Raises ValueError where they make none."""
    try:
        return outline(points).polygon
    except ValueError as error:
        raise ValueError(f"within: {error}") from None
