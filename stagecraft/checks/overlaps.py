"""Overlapping solids: two things in one place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stagecraft import units
from stagecraft.analysis.clearances import carries
from stagecraft.analysis.gaps import Overlap, overlaps
from stagecraft.checks._check import Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Part


@check("CL01", "overlapping-solids", model="error")
def overlapping_solids(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """Solids of two elements share more than a cubic centimetre.

    One finding a pair of elements. No overlap: what only touches, what stands on or hangs from the other, cloth and
    people, a table and the chairs at it, parts of one element.
    """
    scene = subject.scene

    def may(a: Part, b: Part) -> bool:
        if (a.of_seats and b.system == "table") or (b.of_seats and a.system == "table"):
            return True
        return carries(scene, a.element, b.element)

    if subject.bodies.open:
        names = ", ".join(dict.fromkeys(part.label for part in subject.bodies.open))
        yield Remark(f"not closed, so not looked at for overlaps: {names}")
    pairs: dict[tuple[str, str], list[Overlap]] = {}
    for overlap in overlaps(subject.bodies, may):
        pairs.setdefault((overlap.a.element, overlap.b.element), []).append(overlap)
    for (a, b), found in sorted(pairs.items(), key=lambda item: -max(o.volume for o in item[1])):
        found = sorted(found, key=lambda o: -o.volume)
        worst = found[0]
        size = np.subtract(worst.high, worst.low)
        axis = int(size[:2].argmin()) if size[:2].min() <= size[2] else 2
        show = scene.about.units
        yield rule.finding(
            _sentence(worst, float(size[axis]), axis, show), elements=(a, b), group=f"{a} × {b}",
            measured=sum(o.volume for o in found), required=0.0, unit="m³", at=_middle(worst),
            details=tuple(_sentence(o, float(np.subtract(o.high, o.low).min()), -1, show) for o in found[1:]),
            fix=f"move one of them {_up(float(size[axis]), show)} {('to the side', 'up- or downstage', 'up or down')[axis]}",
        )  # fmt: skip


def _sentence(overlap: Overlap, depth: float, axis: int, show: units.Units) -> str:
    x, y, z = _middle(overlap)
    place = ", ".join(units.length(v, show) for v in (x, y, z))
    way = ("across", "in depth", "in height")[axis] if axis >= 0 else "deep"
    many = f" at {overlap.count} places" if overlap.count > 1 else ""
    return (
        f"{overlap.a.label} and {overlap.b.label} overlap by {_volume(overlap.volume, show)}{many}, "
        f"{units.small(depth, show)} {way} at ({place})"
    )


def _volume(volume: float, show: units.Units) -> str:
    if show == "ft":
        return f"{volume / units.FOOT**3:.2f} ft³"
    return f"{volume:.2f} m³" if volume >= 0.1 else f"{volume * 1000:.2g} litres"


def _up(size: float, show: units.Units) -> str:
    return units.small(np.ceil(size * 1000 - 1e-6) / 1000, show)


def _middle(overlap: Overlap) -> tuple[float, float, float]:
    x, y, z = ((a + b) / 2 for a, b in zip(overlap.low, overlap.high))
    return x, y, z
