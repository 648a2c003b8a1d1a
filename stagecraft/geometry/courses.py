"""How rows run in plan: straight, round a point, in two wings. Rows follow one another away from y = 0, to −y.

`s` is a distance along a row from its middle, positive to the audience's right; `behind` is how far a row lies behind
the front edge of the front row. [m]
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stagecraft.geometry.frame import Floats


class Course(Protocol):
    """The way that rows take."""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        """(n, 2) points along a row, and (n,) where who sits there looks. [m, degrees]"""


@dataclass(frozen=True)
class Straight:
    """Rows across, looking to +y."""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        return np.stack([s, np.full(len(s), -behind)], axis=1), np.full(len(s), 90.0)


@dataclass(frozen=True)
class Round:
    """Rows on circles about a point in front of them."""

    radius: float
    """Of the front row's front edge. [m]"""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        r = self.radius + behind
        angle = s / r
        xy = np.stack([r * np.sin(angle), self.radius - r * np.cos(angle)], axis=1)
        return xy, 90.0 + np.degrees(angle)


@dataclass(frozen=True)
class Wings:
    """Rows of two straight halves, each turned towards the middle."""

    turn: float
    """[degrees]"""

    def at(self, s: Floats, behind: float) -> tuple[Floats, Floats]:
        c, t = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        side = np.sign(s)
        # a wing's outer end comes forward; each looks towards the middle
        xy = np.stack([s * c, np.abs(s) * t - behind / c], axis=1)
        return xy, 90.0 + side * self.turn
