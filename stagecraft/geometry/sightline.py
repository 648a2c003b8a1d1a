"""Sightlines in the vertical plane: C-values, rakes, flat floors.

The focus is the origin: `distance` is the horizontal way from it to an eye, `height` that eye's height above it
(negative when the eye is lower). The first row is the nearest. Lengths in metres.
"""

from __future__ import annotations

import math

import numpy as np

from stagecraft.geometry.frame import Floats

_EXACT = 1e-9
"""Part of a step that a riser may exceed before it is rounded up to the next."""


def c_value(front_eye: Floats, rear_eye: Floats, focus: Floats) -> Floats:
    """Height by which the rear sightline clears the eye in front; negative where that eye stands in it. [m]

    front_eye, rear_eye : (n, 3) or (3,) eye points, pair by pair [m]
    focus : (3,) point of focus [m]

        rear eye ● - .
                       ' - .             sightline
                         C ↕  ' - .
               front eye  ●         ' - .
                                          ' ● point of focus

    C = D·(N + R)/(D + T) − R with D, R those of the front eye.
    Source: Shepherd, stadium sightline worksheet; UK Parliament HC 164 paras 91-92.
    """
    front, rear = np.asarray(front_eye, float) - focus, np.asarray(rear_eye, float) - focus
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.hypot(front[..., 0], front[..., 1]) / np.hypot(rear[..., 0], rear[..., 1])
        return np.asarray(rear[..., 2] * along - front[..., 2])


def eye_over_head(focus: float, head: float, front: float, distance: float) -> float:
    """Least height of an eye that looks over the head of somebody who stands in front. [m]

    focus, head : heights of the point of focus and of the top of that head [m]
    front, distance : of that head and of the eye from the point of focus, in plan [m]

    z = z_F + (z_head − z_F)·d/d_front. Source: ADA Standards 2010, 802.2.2.1, lines of sight over standing spectators.
    """
    return focus + (head - focus) * distance / front


def riser(distance: float, height: float, tread: float, c: float) -> float:
    """Riser that gives the row behind this eye the C-value `c`. [m]

    distance, height : of the front eye from and above the focus [m]
    N = (R + C)·(D + T)/D − R. Source: Shepherd, stadium sightline worksheet.
    """
    return (height + c) * (distance + tread) / distance - height


def rake_risers(distance: float, height: float, tread: float, c: float, rows: int, step: float | None = None) -> Floats:
    """Risers of a rake on which every row has the C-value `c` over the row in front. (rows − 1,) [m]

    distance, height : of the first row's eye from and above the focus [m]
    tread : from row to row [m]
    step : each riser is rounded up to a multiple of this while iterating [m]
    A rake never falls: where the floor might, the riser is 0.
    """
    if not (distance > 0 and tread > 0):
        raise ValueError("a rake needs a first row away from its focus and a tread above zero")
    risers = np.zeros(max(rows - 1, 0))
    d, y = distance, height
    for k in range(len(risers)):
        n = max(riser(d, y, tread, c), 0.0)
        if step:
            n = math.ceil(n / step - _EXACT) * step
        risers[k] = n
        d, y = d + tread, y + n
    return risers


def rake_heights(distance: float, height: float, tread: float, c: float, rows: int) -> Floats:
    """Eye heights above the focus for a constant C-value, in closed form. (rows,) [m]

    y[n] = d[n]·(y[1]/d[1] + C·Σ 1/d[k]): an x·ln x curve, not a parabola.
    """
    d = distance + tread * np.arange(rows)
    return np.asarray(d * (height / distance + c * np.concatenate([[0.0], np.cumsum(1 / d)[:-1]])))


def linear_c_values(distance: float, height: float, tread: float, riser: float, rows: int) -> Floats:
    """C-values of rows 2 … `rows` on a straight rake: they fall as 1/distance. (rows − 1,) [m]"""
    return np.asarray((distance * riser - height * tread) / (distance + tread * np.arange(1, rows)))


def flat_focus_height(eye: float, c: float, distance: float, tread: float, every: int = 1) -> float:
    """Height above a flat floor that a focus needs so that the last eye clears the `every`-th row in front by `c`. [m]

    every : 1 for aligned seats, 2 for staggered ones
    h = e + C·d/(n·T)
    """
    return eye + c * distance / (every * tread)


def flat_furthest(focus: float, eye: float, c: float, tread: float, every: int = 1) -> float:
    """Distance of the furthest row on a flat floor that has the C-value `c`; 0 when none has. [m]

    focus, eye : heights above the floor [m]
    d = (h − e)·n·T/C
    """
    return max((focus - eye) * every * tread / c, 0.0)
