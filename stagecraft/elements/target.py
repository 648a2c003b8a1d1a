"""Target: any point, line or surface that must be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Element, Length, Site
from stagecraft.scene import Record, Target


class SightTarget(Element):
    """What must be seen, measured from its origin."""

    type: Literal["target"] = "target"
    points: Annotated[tuple[tuple[Length, Length, Length], ...], Field(min_length=1, max_length=400)] = (
        (0.0, 0.0, 0.0),
    )
    """One point, two for a line, three and more for a surface's corners. [m]"""
    role: Literal["focus", "person", "screen", "sign", "floor"] = "focus"
    """Only a floor is stated without being found as a fault."""

    def build(self, site: Site) -> Iterator[Record]:
        kind: Literal["point", "line", "surface"] = (
            "point" if len(self.points) == 1 else "line" if len(self.points) == 2 else "surface"
        )
        yield Target(self.id, self.label, np.array(self.points, float), self.role, kind)
