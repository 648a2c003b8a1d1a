"""The drawings of one scene, at the scales and on the paper that they fill best."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

from stagecraft.analysis.views import Views
from stagecraft.analysis.views import views as seen_from
from stagecraft.drawing._arrange import arrangements
from stagecraft.drawing._paper import COARSE, SCALES, on_paper
from stagecraft.drawing.elevation import elevation
from stagecraft.drawing.marks import Book, Drawing
from stagecraft.drawing.plan import plan
from stagecraft.drawing.section import section
from stagecraft.drawing.sheet import general_arrangement
from stagecraft.drawing.sightline_sheet import sightline_sheet
from stagecraft.errors import VenueError
from stagecraft.scene import Scene

TRIED = 8
"""Choices of scales that are drawn before the next coarser ones are looked at."""


def sheets(
    scene: Scene, views: Views | None = None, size: str = "auto", bands: Mapping[str, float] | None = None
) -> Book:
    """The drawing set: the general arrangement with plan, section on the centre line and front elevation; sightlines.

    bands : least share of each band of view by its name, as the rules have it; with them there is a sheet of sightlines
        where there are seats and something to be seen is named
    views : what the seats see, where that was worked out before
    size : "A4" … "A0", or "auto"
    """
    seen = views or seen_from(scene)
    second = sightline_sheet(scene, seen, bands, _number(scene, 102), (2, 2)) if bands else None
    of = 2 if second else 1
    makers: tuple[Callable[[float], Drawing], ...] = (
        lambda scale: plan(scene, scale),
        lambda scale: section(scene, scale=scale, views=seen),
        lambda scale: elevation(scene, scale),
    )
    made: dict[tuple[int, float], Drawing] = {}

    def drawn(scales: tuple[float, ...]) -> tuple[Drawing, ...]:
        for key in enumerate(scales):
            if key not in made:
                made[key] = makers[key[0]](key[1])
        return tuple(made[key] for key in enumerate(scales))

    scales = (*SCALES, *COARSE) if size == "auto" else SCALES
    low, high = scene.bounds.tolist()
    wide, deep, tall = (1000 * (b - a) for a, b in zip(low, high))
    spans = ((wide, deep), (deep, tall), (wide, tall))
    first = next((s for s in scales if s >= 20 and deep / s <= 480 and wide / s <= 600), scales[-1])
    for plan_scale in [s for s in scales if s >= first]:
        finer = [s for s in scales if plan_scale / 5 <= s <= plan_scale and s >= 20] or [plan_scale]
        choices = [(float(plan_scale), float(a), float(b)) for a, b in itertools.product(finer, finer)]
        guess = drawn((float(plan_scale),) * 3)
        sizes = [[_at(d, span, s) for d, span, s in zip(guess, spans, choice)] for choice in choices]
        ranked = arrangements(scene, guess, sizes, size, [_price(choice) for choice in choices], seen)
        for choice in list(dict.fromkeys(layout.choice for layout in ranked))[:TRIED]:
            try:
                one, two, three = drawn(choices[choice])
                sheet = general_arrangement(scene, one, two, three, size, _number(scene, 101), (1, of), seen)
            except VenueError:
                continue  # the dimensions took more room than foreseen
            every = (sheet, second) if second else (sheet,)
            return Book(scene.about.name, every, scene.about.author, scene.about.units)
    paper = "any sheet" if size == "auto" else size
    raise VenueError(f"plan, section and elevation do not fit on {paper} beside the title block: choose a larger one")


def _number(scene: Scene, number: int) -> str:
    return f"{number}-{scene.about.setup}" if scene.about.setup else f"{number}"


def _at(drawing: Drawing, span: tuple[float, float], scale: float) -> tuple[float, float]:
    """Size on paper at another scale: what is drawn shrinks, the dimensions round it stay as wide."""
    sizes = []
    for paper, real in zip(on_paper(drawing, drawing.scale), span):
        around = min(max(paper - real / drawing.scale, 15.0), 80.0)
        sizes.append((paper - around) * drawing.scale / scale + around)
    return sizes[0], sizes[1]


def _price(scales: tuple[float, ...]) -> float:
    """What speaks against a choice of scales: coarse views, and many scales on one sheet."""
    coarse = sum(share * max(math.log2(scale / 100), 0.0) for share, scale in zip((0.15, 0.04, 0.04), scales))
    return coarse + 0.01 * (len(set(scales)) - 1)
