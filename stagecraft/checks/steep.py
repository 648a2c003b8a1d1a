"""Steep screens: who looks along a picture instead of at it."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.checks._check import Length, Rule, Subject, check
from stagecraft.checks._short import best, degrees, faced, looked_at, need_no_film, over, together
from stagecraft.checks.finding import Finding


@check("SL04", "steep-screen")
def steep_screen(
    subject: Subject, rule: Rule, *, off_axis: float, feeds: str, distance: Length
) -> Iterator[Finding]:  # fmt: skip
    """A picture is seen from too far beside it.

    The angle between the picture's normal and the way from its farthest vertical edge to the eye, in plan; of a curved
    wall the facet that is seen most aslant. Screens of one feed count as one, seen by whichever is seen straightest.
    Who looks at the back of a screen has a restricted view and is not found here. One finding a picture.

    off_axis : greatest angle [degrees]
    feeds : names of the feeds that show a camera's picture of the presenter, divided by commas
    distance : who sits no farther from every presenter, in plan, needs no such picture
    """
    scene = subject.scene
    looked = looked_at(scene)
    shown = faced(subject, looked)

    def tell(angle: float) -> str:
        return f"{degrees(angle, off_axis)} off the picture's axis from its far edge, asked at most {off_axis:g}°"

    def fix(_: float) -> str:
        return "turn the picture towards these seats, hold them farther from it, or add a screen to its feed"

    for name, screens in shown.items():
        angle = best(scene, screens, "off_axis")
        short = looked & over(angle, off_axis) & ~need_no_film(subject, name, feeds, distance)
        yield from together(scene, rule, name, short, looked, angle, tell, fix, required=off_axis, unit="°",
                            elements=[view.element for view in screens])  # fmt: skip
