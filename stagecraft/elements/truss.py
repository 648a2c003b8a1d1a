"""Truss: straight runs of catalogue lengths at a trim, on picks or on ground-support towers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from stagecraft.catalogue import Item, UnknownItem
from stagecraft.elements._base import Code, Element, Length, Site, Size
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry import frame as frames
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.solid import joined
from stagecraft.scene import KitLine, Part, Pick, PlanSymbol, Record

Place = tuple[Length, Length]
CODE = "hoist."
"""Words that begin so name a catalogue item."""


class TrussPick(BaseModel):
    """Where the truss is picked up."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    at: Length
    """Along the truss from its middle. [m]"""
    name: str = ""
    """Name of the point; <id>.1, <id>.2 … where empty."""
    load: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Load, only where somebody has worked it out. [kg]"""
    author: str = ""
    """Who worked it out."""
    hoist: Annotated[str, Field(max_length=200)] = ""
    """What lifts it: a catalogue item, which is then on the kit list, or words (1 t D8+)."""

    @model_validator(mode="after")
    def _author(self) -> TrussPick:
        if self.load is not None and not self.author:
            raise ValueError("a load needs its author")
        return self


class Truss(Element):
    """A straight truss. Origin: its middle, at the underside of the bottom chord; x runs along it to stage left
    (to upstage, if it runs up- and downstage)."""

    type: Literal["truss"] = "truss"
    item: Code = "truss.prolyte.h30v"
    """Catalogue item; its lengths make up the run."""
    start: Annotated[Place, Field(alias="from")]
    """One end, in plan. [m]"""
    end: Annotated[Place, Field(alias="to")]
    """The other end. [m]"""
    trim: Size
    """Underside of the bottom chord above the floor. [m]"""
    picks: tuple[TrussPick | Length, ...] = ()
    """Rigging points along it, from its middle. [m]"""
    towers: tuple[Length, ...] = ()
    """Ground-support towers along it, from its middle. [m]"""

    @model_validator(mode="after")
    def _runs(self) -> Truss:
        if "at" in self.model_fields_set or "turn" in self.model_fields_set:
            raise ValueError("a truss stands where from and to say; at and turn do not apply")
        if self.length < 0.05:
            raise ValueError("from and to are the same place")
        for along in (*self.towers, *(pick if isinstance(pick, float) else pick.at for pick in self.picks)):
            if abs(along) > self.length / 2 + 1e-6:
                raise ValueError(f"{along} m from its middle is beyond the truss, which is {self.length:.2f} m long")
        return self

    @property
    def length(self) -> float:
        """[m]"""
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    def frame(self) -> Floats:
        a, b = np.array(self.start), np.array(self.end)
        run = b - a
        if run[0] < -1e-9 or (abs(run[0]) <= 1e-9 and run[1] < 0):
            run = -run
        turn = float(np.degrees(np.arctan2(run[1], run[0])))
        return frames.frame((*((a + b) / 2), self.trim), round(turn, 12))

    def build(self, site: Site) -> Iterator[Record]:
        item = site.item(self.item)
        width, height = site.size(item, "width", 0.29), site.size(item, "height", 0.29)
        chords = _chords(item)
        chord = min(0.05, width, height)
        x = -self.length / 2
        runs: dict[float, list[float]] = {}
        for piece in _pieces(self.length, item.lengths):
            runs.setdefault(round(piece, 4), []).append(x + piece / 2)
            x += piece
        count = 0
        for piece, middles in sorted(runs.items(), reverse=True):
            cut = site.add(_cut(item, piece))
            half = piece / 2
            outline = np.array(
                [(-half, -width / 2), (half, -width / 2), (half, width / 2), (-half, width / 2), (-half, -width / 2)]
            )
            tags = tuple(f"{self.id}/{count + n}" for n in range(1, len(middles) + 1))
            count += len(middles)
            yield Part(self.id, shapes.truss_bays(piece, width, height, chord, chords),
                       frames.frames(np.array([(m, 0.0, 0.0) for m in middles])), "truss", cut.code, tags, blocks="rigging",
                       symbol=PlanSymbol(cut.code, (outline,)), colour=(0.72, 0.73, 0.75))  # fmt: skip
        hoists: Counter[str] = Counter()
        for n, pick in enumerate(self.picks, 1):
            given = TrussPick(at=pick) if isinstance(pick, float) else pick
            hoists.update(self._known(site, given.hoist))
            yield Pick(self.id, given.name or f"{self.id}.{n}", np.array([given.at, 0.0, height]), self.trim, given.load,
                       given.author, hoist=given.hoist)  # fmt: skip
        yield from (KitLine(self.id, code, count, "at rigging points") for code, count in sorted(hoists.items()))
        if self.towers:
            tower = joined([shapes.truss_bays(self.trim, 0.29, 0.29, 0.05).moved(_upright(self.trim)),
                            shapes.box(1.0, 1.0, 0.06, (0, 0, -self.trim))])  # fmt: skip
            yield Part(self.id, tower, frames.frames(np.array([(along, 0.0, 0.0) for along in self.towers])), "truss",
                       tags=tuple(f"{self.id} tower {n}" for n in range(1, len(self.towers) + 1)), name="tower",
                       blocks="rigging", takes_seats=True, colour=(0.72, 0.73, 0.75))  # fmt: skip

    def _known(self, site: Site, hoist: str) -> tuple[str, ...]:
        """Code of a hoist that comes from the catalogue."""
        try:
            return (site.item(hoist).code,) if hoist else ()
        except UnknownItem as error:
            if hoist.startswith(CODE):
                raise VenueError(Problem(str(error), f"{self.id}.picks")) from None
            return ()


def _upright(trim: float) -> Floats:
    """Stands a run along x on end, its top at the truss's underside."""
    return np.array([[0, 0, 1, -0.145], [0, 1, 0, 0], [-1, 0, 0, -trim / 2], [0, 0, 0, 1]], float)


def _chords(item: Item) -> int:
    words = f"{item.model} {item.notes}".lower()
    return 3 if "triang" in words else 2 if "ladder" in words else 4


def _pieces(length: float, lengths: tuple[float, ...]) -> list[float]:
    """Longest pieces first, then what is left; a rest that no piece fits is one piece of its own length."""
    out: list[float] = []
    left = length
    for piece in sorted(lengths, reverse=True):
        while left >= piece - 1e-6:
            out.append(piece)
            left -= piece
    if left > 1e-3:
        if out and left < 0.2:  # couplers and spacers take up a few centimetres
            out[-1] += left
        else:
            out.append(left)
    return out


def _cut(item: Item, piece: float) -> Item:
    """The catalogue row as one piece of it: what is ordered."""
    mass = item.mass_per_metre * piece if item.mass_per_metre is not None else None
    return replace(item, code=f"{item.code}-{round(piece * 1000)}", model=f"{item.model} {piece:.2f} m", mass=mass,
                   mass_per_metre=None, rated_load=None, rated_load_basis="", lengths=())  # fmt: skip
