"""Exit signs: seats from which none is to be seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.checks._check import NotChecked, Rule, Subject, check
from stagecraft.checks._short import looked_at, together
from stagecraft.checks.finding import Finding
from stagecraft.scene import Bools, Scene, Target


@check("SL08", "hidden-exit-sign")
def hidden_exit_sign(subject: Subject, rule: Rule, *, share: float, heights: float) -> Iterator[Finding]:
    """No exit sign is seen from a seat: LED walls, drape, trusses and columns hide them, or they are too far away.

    People turn round to look for a sign; those in front hide nothing here. A sign counts within so many times its own
    height. One finding for all.

    share : least share of a sign that is seen past fixed things
    heights : greatest distance of a sign, in heights of its face
    """
    scene = subject.scene
    looked = looked_at(scene)
    signs = [target for target in scene.of(Target) if target.role == "sign"]
    if not signs:
        raise NotChecked("no exit sign is named")
    visible = subject.views.visible
    near = {sign.element: _near(scene, sign, heights) for sign in signs}
    seen = [one for one in visible.targets.values() if one.role == "sign"]
    most = np.max([np.where(near[one.element], one.share, 0.0) for one in seen], axis=0)
    short = looked & (most < share - 1e-9)
    causes = [one.cause[short & near[one.element], 0] for one in seen]
    blamed = {visible.causes[c].element: None for c in np.concatenate(causes).tolist() if c >= 0}
    names = [scene.elements[one].name or one if one in scene.elements else one for one in blamed]

    def tell(most: float) -> str:
        return f"sees {int(100 * most + 1e-9)} % of one, asked {100 * share:g} %" if most > 0 else "sees none"

    def fix(_: float) -> str:
        moved = f", or move what hides one: {', '.join(names[:4])}" if names else ""
        return f"another exit sign where these seats see it{moved}"

    yield from together(scene, rule, "exit signs", short, looked, most, tell, fix, required=share, unit="share", elements=blamed,
                        least=True)  # fmt: skip


def _near(scene: Scene, sign: Target, heights: float) -> Bools:
    """(n,) seats within so many heights of a sign."""
    points = np.asarray(sign.points, float).reshape(-1, 3)
    away = np.linalg.norm(scene.seats.eyes - points.mean(axis=0), axis=1)
    return np.asarray(away <= heights * np.ptp(points[:, 2]) + 1e-6)
