"""High screens: rows that must bend their necks to see the top of a picture."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.checks._check import Length, Rule, Subject, check
from stagecraft.checks._short import best, degrees, faced, looked_at, need_no_film, over, together, whole_rows
from stagecraft.checks.finding import Finding


@check("SL06", "high-screen")
def high_screen(
    subject: Subject, rule: Rule, *, above: float, feeds: str, distance: Length
) -> Iterator[Finding]:  # fmt: skip
    """The top of a picture stands too steeply above a row.

    The greatest vertical angle of the picture above the level of the eye. Screens of one feed count as one, seen by
    whichever is lowest. Rows of a block of which every seat looks up too far; one finding a picture.

    above : greatest angle [degrees]
    feeds : names of the feeds that show a camera's picture of the presenter, divided by commas
    distance : who sits no farther from every presenter, in plan, needs no such picture
    """
    scene = subject.scene
    looked = looked_at(scene)
    shown = faced(subject, looked)

    def tell(angle: float) -> str:
        return f"its top stands {degrees(angle, above)} above the eye, asked at most {above:g}°"

    def fix(_: float) -> str:
        return "lower the picture, begin the rows farther back, or add a screen to its feed that they see more level"

    for name, screens in shown.items():
        angle = best(scene, screens, "top")
        short = whole_rows(scene, over(angle, above) & ~need_no_film(subject, name, feeds, distance), looked)
        yield from together(scene, rule, name, short, looked, angle, tell, fix, required=above, unit="°",
                            elements=[view.element for view in screens])  # fmt: skip
