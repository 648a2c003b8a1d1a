"""Cameras: what stands between a lens and whom it is aimed at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft.analysis.restricted import from_viewers, thing
from stagecraft.checks._check import Length, NotChecked, Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Target, Viewer


@check("SL07", "blocked-camera")
def blocked_camera(subject: Subject, rule: Rule, *, share: float, reach: Length) -> Iterator[Finding | Remark]:
    """A camera does not see the whole of a presenter in its picture, past what stands fixed or past people.

    Presenters whose head lies within the camera's horizontal field of view, the middle of which is its aim; a presenter
    is looked at from 0.5 m above the feet. One finding a camera and presenter.

    share : least share of the presenter that is seen
    reach : what stands this near beside a presenter, on the same floor, is theirs
    """
    scene = subject.scene
    cameras = [viewer for viewer in scene.of(Viewer) if viewer.kind == "camera"]
    people = [target for target in scene.of(Target) if target.role == "person"]
    if not cameras:
        raise NotChecked("no camera is named")
    if not people:
        raise NotChecked("no presenter is named")
    visible = subject.views.visible
    found = []
    for k, camera in enumerate(visible.viewers):
        if camera.kind != "camera":
            continue
        caught = [target for target in people if _within(camera, target)]
        if not caught:
            yield Remark(f"{camera.name} looks at no presenter")
        for target in caught:
            for seen in visible.targets.values():
                if seen.role == "person" and seen.element == target.element:
                    fixed, free, cause = (every[k] for every in from_viewers(scene, visible, seen, reach))
                    if free < share - 1e-9:
                        by = thing(scene, visible.causes[cause]) if cause >= 0 else ""
                        found.append(
                            _finding(rule, camera, seen.target, target, (float(fixed), float(free)), share, by)
                        )
    yield from sorted(found, key=lambda finding: finding.measured or 0.0)


def _within(camera: Viewer, target: Target) -> bool:
    points = np.asarray(target.points, float).reshape(-1, 3)
    to, aim = points[points[:, 2].argmax()] - camera.eye, camera.aim - camera.eye
    turn = np.degrees(np.arctan2(to[1], to[0]) - np.arctan2(aim[1], aim[0]))
    return bool(np.hypot(to[0], to[1]) > 0 and abs((turn + 180) % 360 - 180) <= camera.angle / 2)


def _finding(
    rule: Rule, camera: Viewer, name: str, target: Target, past: tuple[float, float], share: float, by: str
) -> Finding:  # fmt: skip
    fixed, free = past
    if fixed < share:
        message = f"{camera.name} sees {int(100 * fixed)} % of {name} past {by or 'fixed things'}"
        fix = f"raise or move {camera.name}, or {by or 'what stands between'}"
    else:
        message = f"{camera.name} sees {int(100 * free)} % of {name} over the people in front"
        fix = f"raise {camera.name}, or kill the seats between"
    x, y, z = (float(v) for v in camera.eye)
    return rule.finding(
        f"{message}, asked {100 * share:g} %", elements=tuple(dict.fromkeys((camera.element, target.element))), target=name,
        group=camera.name, measured=min(past) if fixed >= share else fixed, required=share, unit="share", at=(x, y, z),
        fix=fix,
    )  # fmt: skip
