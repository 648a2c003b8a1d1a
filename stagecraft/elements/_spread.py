"""Several copies of one thing in a line: lamps on a truss, tables along a wall."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Element, Gap
from stagecraft.geometry.frame import Floats


class Spread(Element):
    """An element that may stand several times in a line along its own x, centred on `at`."""

    count: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many."""
    spacing: Gap = 1.0
    """From one to the next. [m]"""

    def places(self) -> Floats:
        """(count, 3) own coordinates of the copies. [m]"""
        x = (np.arange(self.count) - (self.count - 1) / 2) * self.spacing
        return np.asarray(np.c_[x, np.zeros((self.count, 2))])

    def tags(self) -> tuple[str, ...]:
        """Names of the copies."""
        return (self.id,) if self.count == 1 else tuple(f"{self.id}-{n}" for n in range(1, self.count + 1))
