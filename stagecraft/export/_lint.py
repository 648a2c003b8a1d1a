"""What a lint says: one finding for each kind of fault, with places and a way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from stagecraft.export._lint_corners import Corners
from stagecraft.export._lint_tags import BLOCK, Tags

Origin = Literal["drawing", "cnc", "3d", "foreign"]
"""Which of our files it is; foreign where it is none."""
OWN, CNC = "stagecraft", "stagecraft_cnc"
"""Registered applications, in lower case, of our drawings and models, and of what we cut."""
PLACES = 5
"""So many places are named."""
INCH = 25.4
MILLIMETRES = {
    1: INCH, 2: 12 * INCH, 3: 63360 * INCH, 4: 1.0, 5: 10.0, 6: 1000.0, 7: 1e6, 8: INCH * 1e-6, 9: INCH / 1000,
    10: 36 * INCH, 11: 1e-7, 12: 1e-6, 13: 1e-3, 14: 100.0, 15: 1e4, 16: 1e5, 17: 1e12,
}  # fmt: skip
"""$INSUNITS → millimetres in one unit."""


@dataclass(frozen=True)
class Finding:
    """One kind of fault in a file."""

    code: str
    """Named after the fault: `layer-0`, `tessellated-arc`."""
    severity: Literal["error", "warning"]
    message: str
    """What, and how many."""
    count: int
    where: tuple[str, ...]
    """The first places: `LINE 2F1 on A-WALL at 1200, 3400`."""
    fix: str
    """A way on."""


@dataclass(frozen=True, eq=False)
class Look:
    """A file that is looked at."""

    tags: Tags
    origin: Origin

    @property
    def own(self) -> bool:
        return self.origin != "foreign"

    @cached_property
    def corners(self) -> Corners:
        """Corners of its polylines, and every run between them."""
        return Corners(self.tags)

    @cached_property
    def unit(self) -> float:
        """Millimetres in one drawing unit; 1 where the file does not say. [mm]"""
        text = self.tags.header.get("$INSUNITS", "0")
        return MILLIMETRES.get(int(text), 1.0) if text.lstrip("-").isdigit() else 1.0

    def finding(self, code: str, message: str, at: Iterable[Any], fix: str, mild: bool | None = None) -> Finding:
        """A finding about entities, of which the first few are named.

        mild : a warning instead of an error; not given, in somebody else's drawing
        """
        entities = np.array(list(at), int)
        where = tuple(self.tags.place(int(i)) for i in entities[:PLACES])
        return self.about(code, message, where, fix, len(entities), mild)

    def about(
        self, code: str, message: str, where: tuple[str, ...], fix: str, count: int = 1, mild: bool | None = None
    ) -> Finding:
        """A finding about something that is no entity."""
        warning = not self.own if mild is None else mild
        return Finding(code, "warning" if warning else "error", message, count, where[:PLACES], fix)


def look_at(tags: Tags) -> Look:
    """Whose file it is, and what it is for."""
    known = tags.table("APPID")
    if CNC in known:
        return Look(tags, "cnc")
    if OWN not in known:
        return Look(tags, "foreign")
    solid = (tags.kinds == "POLYLINE") & (tags.space == BLOCK) & (tags.flags() & 64 != 0)
    return Look(tags, "3d" if solid.any() else "drawing")


def counted(kinds: Iterable[Any]) -> str:
    """`48 LINE, 2 CIRCLE`, the most frequent first."""
    names, numbers = np.unique(np.array([str(kind) for kind in kinds]), return_counts=True)
    order = sorted(zip(numbers.tolist(), names.tolist()), key=lambda pair: (-pair[0], pair[1]))
    more = f" and {len(order) - 4} kinds more" if len(order) > 4 else ""
    return ", ".join(f"{number} {name}" for number, name in order[:4]) + more


def entities(count: int, what: str = "entity", many: str = "entities") -> str:
    """`1 entity`, `50 entities`."""
    return f"{count} {what if count == 1 else many}"
