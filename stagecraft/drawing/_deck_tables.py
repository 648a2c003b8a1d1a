"""Notes and tables beside a stage deck layout: decks, cuts, setting-out, legs, steps and rails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from stagecraft import units
from stagecraft.drawing._paper import NONE, Block, ruled
from stagecraft.drawing._staging import Staging, going, leg_length, rail_height
from stagecraft.drawing._tape import taped
from stagecraft.drawing._views import name_of, short
from stagecraft.drawing.marks import Drawing
from stagecraft.geometry.linework import outline_paths
from stagecraft.units import Units

MOST_CUTS = 16
"""More sizes of cut decks stand in the drawing file alone."""


def stage_notes(one: Staging) -> tuple[str, ...]:
    """What the supplier must know besides."""
    system = one.scene.about.units
    notes = [f"{one.title}: deck {units.level(one.top, system)}, {area_words(one.plan.area, system)}."]
    item = one.item
    if item is not None:
        load = (
            f"{item.rated_load:g} kg, {item.rated_load_basis or 'basis not stated'}" if item.rated_load else "not known"
        )
        confidence = f", confidence {item.confidence}" if item.confidence else ""
        source = f" Source: {short(item.source, 120)}{confidence}." if item.rated_load else ""
        notes.append(f"Load that {item.label} takes: {load}.{source} "
                     "Planning check only, to be verified by a competent person; point loads apart.")  # fmt: skip
    if one.cut:
        notes.append("Cut decks are hatched, as they are left; their legs are not modelled: the supplier places them.")
    if one.listed:
        notes.append(f"{one.listed} decks are counted, not laid out.")
    if one.legs is not None:
        many = int((one.standing[1] > 1).sum())
        told = f"{many} of the legs are shared by decks" if many else "No leg is shared by decks"
        notes.append(f"{told}; small squares show where they stand. Bracing is not modelled.")
    if len(outline_paths(one.plan)[0].points) == 4:
        a, b, c, d = (point for _, point in one.corners)
        notes.append(f"Diagonals: A-C {units.drawn(float(np.hypot(*(c - a))), system)}, "
                     f"B-D {units.drawn(float(np.hypot(*(d - b))), system)}.")  # fmt: skip
    return tuple(notes)


def area_words(area: float, system: Units, places: int = 1) -> str:
    """`86.4 m²` or `930 sq ft`."""
    return f"{area:.{places}f} m²" if system == "m" else f"{area / units.FOOT**2:.{places - 1}f} sq ft"


def stage_blocks(one: Staging, _: Sequence[Drawing]) -> list[Block]:
    """Decks, setting-out, legs, steps and rails, in tables."""
    blocks = [
        _decks_block(one),
        _cuts_block(one),
        _corners_block(one),
        _legs_block(one),
        _flights_block(one),
        _rails_block(one),
    ]
    return [block for block in blocks if block is not None]


def _decks_block(one: Staging) -> Block | None:
    item, system = one.item, one.scene.about.units
    if item is None:
        return None
    whole = one.decks.count if one.decks else 0
    size = " × ".join(units.drawn(side, system) for side in (item.depth, item.width) if side is not None) or NONE

    def mass(count: int) -> str:
        return NONE if item.mass is None else f"{count * item.mass:.0f}"

    each = NONE if item.mass is None else f"{item.mass:g}"
    rows = [(item.label, size, str(whole), each, mass(whole))] if whole else []
    if one.cut:
        rows.append((f"{item.label}, to be cut", size, str(one.cut), each, NONE))
    if one.listed:
        rows.append((f"{item.label}, not laid out", size, str(one.listed), each, mass(one.listed)))
    count = whole + one.cut + one.listed
    unknown = count if item.mass is None else one.cut
    known = NONE if item.mass is None else mass(whole + one.listed)
    total = f"{known} ({unknown} unknown)" if unknown else known
    rows.append(("All decks", "", str(count), "", total))
    return ruled("DECKS", ("Item", "Size", "Qty", "kg each", "kg"), rows, (72.0, 34.0, 16.0, 22.0, 36.0), numbers=True)


def _cuts_block(one: Staging) -> Block | None:
    """What is left of the cut decks, those of one size together."""
    system = one.scene.about.units
    alike: dict[tuple[str, str], list[str]] = {}
    for part in one.cuts:
        wide, deep = np.ptp(part.bounds[:, :2], axis=0).tolist()
        area = float(part.plans()[0].area)
        plain = abs(area - wide * deep) < 1e-4
        size = f"{units.drawn(wide, system)} × {units.drawn(deep, system)}" + ("" if plain else ", cut to shape")
        alike.setdefault((size, area_words(area, system, 2)), []).append(part.tags[0].rsplit("-", 1)[-1])
    if not alike:
        return None
    rows = [(size, area, str(len(tags)), ", ".join(tags)) for (size, area), tags in alike.items()]
    if len(rows) > MOST_CUTS:
        left = sum(int(row[2]) for row in rows[MOST_CUTS - 1 :])
        rows = [*rows[: MOST_CUTS - 1], ("others: see the drawing file", "", str(left), "")]
    head = ("Left of it, across × along", "Area", "Qty", "Cut deck")
    return ruled("CUT DECKS", head, rows, (66.0, 24.0, 12.0, 78.0))


def _legs_block(one: Staging) -> Block | None:
    legs = one.legs
    if legs is None:
        return None
    counts = Counter(one.standing[0].tolist())
    decks = ", ".join(f"{many} decks on {each}" for each, many in sorted(counts.items(), reverse=True))
    row = (units.drawn(leg_length(one), one.scene.about.units), str(legs.count), decks or NONE)
    return ruled("LEGS", ("Length, floor to underside", "Qty", "Where"), [row], (54.0, 20.0, 106.0))


def _rails_block(one: Staging) -> Block | None:
    system = one.scene.about.units
    high = rail_height(one)
    rows = [(f"Rail R{number}", run.side, units.drawn(run.length, system), NONE if high is None else units.drawn(high, system))
            for number, run in enumerate(one.rails, 1)]  # fmt: skip
    if len(rows) > 1:
        rows.append(("All rails", "", units.drawn(sum(run.length for run in one.rails), system), ""))
    skirt = one.named("skirt")
    if skirt is not None:
        tall = float(np.ptp(skirt.bounds[:, 2]))
        rows.append(
            ("Skirt", "all round, as modelled", units.drawn(float(one.plan.length), system), units.drawn(tall, system))
        )
    if not rows:
        return None
    return ruled(
        "RAILS AND SKIRT", ("", "Side on the plan", "Length", "Height"), rows, (44.0, 64.0, 40.0, 32.0), numbers=True
    )


def _flights_block(one: Staging) -> Block | None:
    system = one.scene.about.units
    railed = {part.element for part in one.scene.parts if part.system == "rail"}
    rows: Counter[tuple[str, ...]] = Counter()
    for way in one.flights:
        rise = float(np.ptp(way.line[:, 2]))
        steps = way.kind == "step" and way.treads is not None
        count = len(way.treads) if way.treads is not None and steps else 1
        goings = len(way.line) - 2 if steps else 1
        each = f"{count} × {units.drawn(rise / count, system)}" if steps else units.drawn(rise, system)
        depth = f"{goings} × {units.drawn(going(way), system)}" if steps else units.drawn(going(way), system)
        rails = "both sides" if way.element in railed else "none"
        rows[name_of(one.scene, way.element), units.drawn(way.width, system), each, depth, rails] += 1
    if not rows:
        return None
    head = ("Name", "Qty", "Width", "Risers", "Goings", "Rails")
    table = [(name, str(count), *rest) for (name, *rest), count in rows.items()]
    return ruled("STEPS AND RAMPS", head, table, (56.0, 12.0, 26.0, 32.0, 32.0, 22.0), numbers=True)


def _corners_block(one: Staging) -> Block:
    """Each corner from the setting-out point, and from what a tape can touch."""
    system = one.scene.about.units
    names, touched = taped(one.scene, np.array([point for _, point in one.corners]), system)
    rows = []
    for (letter, point), distances in zip(one.corners, touched):
        x, y = (units.drawn(round(float(v), 6) + 0.0, system) for v in point)
        rows.append((letter, x, y, *distances))
    head = ("Corner", "x from SOP", "y from SOP", *names)
    return ruled("SETTING OUT", head, rows, (18.0, 36.0, 36.0, 45.0, 45.0), numbers=True)
