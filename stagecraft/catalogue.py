"""Real equipment: CSV rows in, frozen Items out, SI units at the door."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stagecraft import assets
from stagecraft.errors import Problem, VenueError


@dataclass(frozen=True)
class Item:
    """One catalogue row. None is unknown: it stays empty on every schedule."""

    code: str
    dept: str
    category: str
    maker: str
    model: str
    width: float | None = None
    """[m]"""
    height: float | None = None
    depth: float | None = None
    mass: float | None = None
    """[kg]"""
    mass_per_metre: float | None = None
    """[kg/m]"""
    power: float | None = None
    """Maximum power. [W]"""
    pixels_w: int | None = None
    pixels_h: int | None = None
    lumens: float | None = None
    kelvin: float | None = None
    beam_min: float | None = None
    """[degrees]"""
    beam_max: float | None = None
    rated_load: float | None = None
    """[kg], on the basis given in `rated_load_basis`."""
    rated_load_basis: str = ""
    seats_min: int | None = None
    seats_max: int | None = None
    lengths: tuple[float, ...] = ()
    """Lengths it comes in (truss). [m]"""
    notes: str = ""
    source: str = ""
    source_kind: str = ""
    confidence: str = ""
    file: str = ""

    @property
    def label(self) -> str:
        """`Prolyte H30V square`."""
        return " ".join(part for part in (self.maker, self.model) if part)
