"""Faces: who sits too far from a presenter to read them, and has no picture of a camera instead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.seen import pictures
from stagecraft.checks._check import Length, NotChecked, Rule, Subject, check
from stagecraft.checks._short import looked_at, over, together, whole_rows
from stagecraft.checks.finding import Finding
from stagecraft.scene import Bools


@check("SL03", "far-face")
def far_face(
    subject: Subject, rule: Rule, *, distance: Length, feeds: str, share: float, off_axis: float
) -> Iterator[Finding]:  # fmt: skip
    """A presenter's face is too far away to be read, and no picture of a camera shows it.

    Rows of which every seat is farther than `distance`. Silent where a screen of one of `feeds` reaches the seat: more
    than `share` of it seen past fixed things, and from no more than `off_axis`. One finding a presenter.

    distance : from which faces are no longer read, in plan
    feeds : names of the feeds that show a camera's picture of the presenter, divided by commas
    share : least share of such a screen that a seat sees
    off_axis : greatest angle from the picture's normal, measured from its farthest edge [degrees]
    """
    scene, asked = subject.scene, units.length(distance, subject.scene.about.units)
    looked = looked_at(scene)
    faces = [view for view in subject.views.targets.values() if view.role == "person"]
    if not faces:
        raise NotChecked("no presenter is named")
    if not any((over(view.distance, distance) & looked).any() for view in faces):
        return
    names = [name.strip().casefold() for name in feeds.split(",")]
    known = [name for name in scene.feeds if name.casefold() in names]
    shown = _shown(subject, known, share, off_axis)
    without = f"and sees no picture of feed {known[0]}" if known else f"and there is no feed {names[0]}"

    def tell(away: float) -> str:
        return f"{units.length(away, scene.about.units)} away {without}; faces are read within {asked}"

    def fix(_: float) -> str:
        picture = "a screen that these rows see" if known else "a camera's picture on a screen that these rows see"
        return f"{picture}, in feed {(known or names)[0]}, or rows within {asked}"

    for view in faces:
        short = whole_rows(scene, over(view.distance, distance) & ~shown, looked)
        yield from together(scene, rule, view.target, short, looked, view.distance, tell, fix, required=float(distance), unit="m",
                            elements=view.element.split())  # fmt: skip


def _shown(subject: Subject, feeds: list[str], share: float, off_axis: float) -> Bools:
    """(n,) seats that a screen of one of these feeds reaches."""
    reached = np.zeros(len(subject.scene.seats), np.bool_)
    of = pictures(subject.scene, subject.views)
    for view in [view for name in feeds for view in of.get(f"feed {name}", ())]:
        seen = subject.views.visible.targets[view.target]
        reached |= (seen.share > share) & (view.off_axis <= off_axis + 1e-6) & np.isfinite(view.heights)
    return reached
