"""Small images: who sits too far from a picture to read it, or to see who is shown on it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from stagecraft.analysis.views import READING
from stagecraft.checks._check import Remark, Rule, Subject, check
from stagecraft.checks._short import best, faced, looked_at, over, together, whole_rows
from stagecraft.checks.finding import Finding


@check("SL05", "small-image")
def small_image(
    subject: Subject, rule: Rule, *, element: float, feeds: str, heights: float
) -> Iterator[Finding | Remark]:
    """A feed's picture is too small for the rows farthest from it.

    The least that a viewer reads is distance ÷ 200 high (DISCAS, basic decision making); as a share of the picture's
    height it is to be no more than `element`. The `feeds` that show a camera's picture are looked at and not read: they
    are judged by distance as a multiple of the picture's height. Distances are taken to the middle of the picture;
    screens of one feed count as one, seen by the nearest for its height. Rows of a block of which every seat is too far
    away; one finding a feed. Whether a screen of no feed is to be read nobody has said: what can be is stated.

    element : height of the smallest letter or sign that must be read, as a share of the picture's height
    feeds : names of the feeds that are looked at and not read, divided by commas
    heights : greatest distance from those, in heights of the picture
    """
    scene = subject.scene
    looked = looked_at(scene)
    shown = faced(subject, looked)
    films = {f"feed {name.strip()}".casefold() for name in feeds.split(",")}

    def read(share: float) -> str:
        return f"reads nothing smaller than {100 * share:.1f} % of the picture's height, asked {100 * element:g} %"

    def letters(share: float) -> str:
        least = math.ceil(1000 * share - 1e-6) / 10
        return f"letters of at least {least:g} % of the picture's height, or {_larger(share / element)}"

    def far(times: float) -> str:
        return f"{times:.1f} × the picture's height away, asked at most {heights:g}"

    def larger(times: float) -> str:
        return _larger(times / heights)

    for name, screens in shown.items():
        film, size = name.casefold() in films, best(scene, screens, "heights")
        if screens[0].target == name:
            if np.isfinite(size[looked]).any():
                least = math.ceil(1000 * float(np.nanmax(size[looked])) / READING - 1e-6) / 10
                yield Remark(f"{name}: letters of {least:g} % of the picture's height are read from every seat")
            continue
        limit = heights if film else element * READING
        short = whole_rows(scene, over(size, limit), looked)
        size, limit = (size, heights) if film else (size / READING, element)
        yield from together(scene, rule, name, short, looked, size, far if film else read, larger if film else letters,
                            required=limit, unit="× height" if film else "share",
                            elements=[view.element for view in screens])  # fmt: skip


def _larger(times: float) -> str:
    return (
        f"a picture {math.ceil(100 * (times - 1) - 1e-6)} % higher, or another screen of its feed nearer to these rows"
    )
