"""Steps of gangways on tiers that cannot be built as they must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis.gangways import crossed
from stagecraft.checks._check import EXACT, Length, NotChecked, Passed, Remark, Rule, Subject, check
from stagecraft.checks._seating import figures, many
from stagecraft.checks.finding import Finding
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Walkway

_LEVEL = 1e-3
"""A rise from row to row of less than this is none. [m]"""


@dataclass(frozen=True)
class _Fault:
    lack: float
    told: str
    measured: float
    asked: float
    unit: str
    at: tuple[float, float, float]
    fix: str


@check("SE07", "uneven-steps")
def uneven_steps(
    subject: Subject,
    rule: Rule,
    *,
    riser_least: Length,
    riser_most: Length,
    sightline_most: Length | None = None,
    tread: Length | None = None,
    slope: float | None = None,
    ramp: float | None = None,
    steps: int | None = None,
    steep: float = 0.0,
) -> Iterator[Finding | Remark | Passed]:
    """The rise from row to row of a stepped gangway divides into no equal steps that may be built.

    A row's rise is divided into as few equal steps as the highest riser allows; then each must be no lower than the lowest,
    and as deep as a tread. One finding for each seating element, with every row that is at fault.

    riser_least, riser_most : lowest and highest step
    sightline_most : highest step where sightlines need it
    tread : least depth of a step
    slope : steepest gangway [degrees]
    ramp : what rises less than 1 in so many needs no steps
    steps : most steps in a run without a gangway across, where it is steeper than `steep` [degrees]
    """
    scene, show = subject.scene, subject.scene.about.units
    ways = [way for way in scene.of(Walkway) if way.kind == "gangway" and len(way.line) > 1]
    stepped = [way for way in ways if np.ptp(way.line[:, 2]) > _LEVEL]
    if not ways:
        raise NotChecked("no gangways are drawn")
    highest = max(riser_most, sightline_most or 0.0)
    told: list[tuple[float, str]] = []
    high: list[str] = []
    faulty: dict[str, list[_Fault]] = {}
    for way in stepped:
        run, rise, at = _rows(way)
        rises = (rise > _LEVEL) if ramp is None else (rise * ramp > run + EXACT)
        run, rise, at = run[rises], rise[rises], at[rises]
        if not len(rise):
            continue
        count = np.maximum(np.ceil(rise / highest - 1e-6), 1)
        riser, depth, angle = rise / count, run / count, np.degrees(np.arctan2(rise, run))
        faults: list[_Fault] = []
        for k in np.flatnonzero(riser < riser_least - EXACT).tolist():
            faults.append(_riser(way.name, float(rise[k]), int(count[k]), riser_least, highest, at[k], show))
        for k in np.flatnonzero(depth < (tread or 0.0) - EXACT).tolist():
            measured, asked = figures(float(depth[k]), float(tread or 0.0), show)
            words = f"{_row(rise[k], run[k], show)}: {many(int(count[k]), 'step')} of {measured}, asked {asked} deep"
            faults.append(_fault(way.name, words, float(depth[k]), float(tread or 0.0), "m", at[k]))
        for k in np.flatnonzero(angle > (90.0 if slope is None else slope) + 1e-6).tolist():
            words = f"{_row(rise[k], run[k], show)}: {np.ceil(angle[k] * 10 - 1e-6) / 10:g}°, asked at most {slope:g}°"
            faults.append(_fault(way.name, words, float(angle[k]), float(slope or 0.0), "°", at[k]))
        total = _longest(scene, way, count, rises)
        if steps is not None and total > steps and float(angle.max()) > steep:
            words = f"{total} steps without a gangway across, asked at most {steps}"
            faults.append(_fault(way.name, words, float(total), float(steps), "steps", at[-1], "a gangway across"))
        faulty.setdefault(way.element, []).extend(faults)
        if not faults:
            told.append((float(riser.max()), way.name))
            if riser.max() > riser_most + EXACT:
                high.append(f"{way.name} ({units.small(float(riser.max()), show)})")
    for element, faults in faulty.items():
        if faults:
            faults.sort(key=lambda fault: -round(fault.lack, 9))
            worst, lines = faults[0], list(dict.fromkeys(fault.told for fault in faults))
            yield rule.finding(
                lines[0], elements=(element,), group=element, measured=worst.measured, required=worst.asked,
                unit=worst.unit, at=worst.at, details=tuple(lines[1:]), fix=worst.fix,
            )  # fmt: skip
    if high:
        yield Remark(
            f"steps above {units.small(riser_most, show)} are for sightlines that need them: {', '.join(high)}"
        )
    if told:
        highest_one, name = max(told)
        yield Passed(
            f"highest step {units.small(highest_one, show)} in {name}, asked {units.small(riser_least, show)} to {units.small(highest, show)}"
        )
    elif not stepped:
        yield Passed("no gangway has steps")


def _rows(way: Walkway) -> tuple[Floats, Floats, Floats]:
    """Run and rise from row to row [m], and where."""
    step = np.diff(way.line, axis=0)
    return np.hypot(step[:, 0], step[:, 1]), np.abs(step[:, 2]), way.line[1:]


def _longest(scene: Scene, way: Walkway, count: Floats, rises: Bools) -> int:
    """Most steps between two gangways across."""
    run = np.hypot(*np.diff(way.line[:, :2], axis=0).T)
    middle = (np.cumsum(run) - run / 2)[rises]
    flight = np.searchsorted(np.sort(crossed(scene, way)), middle)
    return int(np.bincount(flight, count).max())


def _row(rise: float, run: float, show: units.Units) -> str:
    return f"a row rises {units.small(float(rise), show)} in {units.small(float(run), show)}"


def _fault(
    name: str,
    words: str,
    measured: float,
    asked: float,
    unit: str,
    at: Floats,
    fix: str = "a deeper pitch or a lower rise",
) -> _Fault:
    x, y, z = (float(v) for v in at)
    return _Fault(abs(measured - asked) / asked, f"{name}: {words}", measured, asked, unit, (x, y, z), fix)


def _riser(name: str, rise: float, count: int, least: float, most: float, at: Floats, show: units.Units) -> _Fault:
    """A rise between so many steps that are too high and one more that are too low."""
    low, up = units.small(least, show), units.small(most, show)
    measured = rise / count
    if count == 1:
        words = f"a row rises {figures(rise, least, show)[0]}, lower than a step of {low}"
        return _fault(name, words, measured, least, "m", at, f"a rise of {low} a row, or none")
    less = f"{many(count - 1, 'step')} would be {units.small(rise / (count - 1), show)} high"
    words = f"a row rises {units.small(rise, show)}: {less}, {count} steps {units.small(measured, show)}; asked {low} to {up}"
    fix = f"a rise of {units.small((count - 1) * most, show)} or of {units.small(count * least, show)} a row"
    return _fault(name, words, measured, least, "m", at, fix)
