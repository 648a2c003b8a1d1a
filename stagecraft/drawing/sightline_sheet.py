"""The sheet of sightlines: the heat map of what fixed things leave each seat, and the section with its sightlines."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.analysis.seen import MATTERS
from stagecraft.drawing._texts import sightlines_block
from stagecraft.drawing.draft import PLANS, Draft, Job, Later, View
from stagecraft.drawing.heatmap import heat_map, map_scale
from stagecraft.drawing.section import section
from stagecraft.scene import Target

COARSER = 2.0
"""A map may be this much coarser than one alone, where that takes a smaller paper: its letters are still read."""


def sightline_sheets(job: Job) -> Iterator[Draft]:
    """104: heat map of the shares seen past fixed things, and the section with sightlines, at one scale.

    None where the job has no bands, where there are no seats, and where nothing to be seen is named.
    """
    scene = job.scene
    if not job.bands or not len(scene.seats) or not any(target.role in MATTERS for target in scene.of(Target)):
        return
    scales = Later(lambda: _scales(job))
    yield Draft(
        "sightlines", "104", "Sightlines", "Sightline drawing",
        (View("heat map", lambda scale: heat_map(scene, job.views, scale=scale, bands=job.bands, what="share"), scales),
         View("sightlines", lambda scale: section(scene, scale=scale, views=job.views, full=True), scales)),
        lambda drawings: [sightlines_block(scene, job.views)], symbols=False,
    )  # fmt: skip


def _scales(job: Job) -> tuple[float, ...]:
    """Those about the scale of a map alone on its sheet. 1:n"""
    alone = map_scale(job.scene, job.views, job.bands)
    return tuple(scale for scale in PLANS if alone / 2 <= scale <= COARSER * alone)
