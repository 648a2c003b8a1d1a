"""What stands beside the views: notes, counts, setting-out, symbols, sightlines and legend."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stagecraft.analysis.seen import MATTERS, to_see
from stagecraft.analysis.tapes import named, references
from stagecraft.analysis.views import Views
from stagecraft.drawing import lettering
from stagecraft.drawing._paper import (
    COLUMN,
    NONE,
    NOTE,
    ROW,
    Block,
    corners_of,
    row_tops,
    ruled,
    scaled,
)
from stagecraft.drawing._views import name_of
from stagecraft.drawing.layers import Layer, layer_for
from stagecraft.drawing.marks import (
    Drawing,
    Fill,
    Insert,
    Line,
    Mark,
    Point,
    Style,
    Symbol,
    Text,
)
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Part, Scene
from stagecraft.units import drawn, length, small

MOST_NOTES = 24
"""More than these are counted, and stand in the report."""


def notes_block(scene: Scene, views: Sequence[Drawing], more: Sequence[str] = ()) -> Block:
    """What is said of the drawings, and of all drawings of the scene."""
    datum = f" ({scene.about.datum})" if scene.about.datum else ""
    notes = [*dict.fromkeys((*more, *(note for view in views for note in view.notes)))]
    notes.append(
        f"Setting-out point (SOP): centre line × setting line on the audience floor: x 0, y 0, level 0{datum}."
    )
    if len(notes) > MOST_NOTES:
        left = len(notes) - MOST_NOTES + 1
        notes = [*notes[: MOST_NOTES - 1], f"{left} more stand-ins and omissions: see the report."]
    out: list[Mark] = [Text(NOTE, (0.0, -3.5), "NOTES", 3.5)]
    y = -7.5
    for number, note in enumerate(notes, 1):
        lines = lettering.wrap(note, COLUMN - 8, 2.5)
        out.append(Text(NOTE, (0.0, y), f"{number}", 2.5, valign="top"))
        out += [Text(NOTE, (6.0, y - 4.0 * k), line, 2.5, valign="top") for k, line in enumerate(lines)]
        y -= 4.0 * len(lines) + 1.0
    return Block(COLUMN, -y, tuple(out))


def seats_block(scene: Scene) -> Block:
    """Seats by block and status; sum at the foot."""
    seats = scene.seats
    if not len(seats):
        return Block(0.0, 0.0, ())
    counted = Counter(zip(seats.block.tolist(), seats.status.tolist()))
    special = Counter(zip(seats.block.tolist(), seats.place.tolist()))
    names = sorted({block for block, _ in counted})
    states, places = ("open", "hold", "kill"), ("wheelchair", "companion")

    def row(name: str, of: Sequence[str]) -> tuple[str, ...]:
        by_state = [sum(counted[b, s] for b in of) for s in states]
        figures = [*by_state, sum(by_state), *(sum(special[b, p] for b in of) for p in places)]
        return (name, *(str(figure) if figure else NONE for figure in figures))

    rows = [row(name or NONE, [name]) for name in names] if 1 < len(names) <= 12 else []
    rows.append(row("All seats", names))
    head = ("Block", "Open", "Hold", "Kill", "Total", "of these wheelchair", "companion")
    return ruled("SEATS", head, rows, (54.0, 19.0, 19.0, 19.0, 19.0, 28.0, 22.0), numbers=True)


def sightlines_block(scene: Scene, seen: Views | None) -> Block:
    """For each thing to be seen, the screens of a feed as one, the seat with the least C-value, the farthest seat and the
    widest angle.
    """
    if seen is None or not len(seen.ids):
        return Block(0.0, 0.0, ())
    seats, units = scene.seats, scene.about.units
    rows = []
    for view in [view for view in to_see(scene, seen).values() if view.role in MATTERS][:MOST_TARGETS]:
        told = np.where(np.isfinite(view.c), view.c, np.inf)
        worst = int(told.argmin())
        known = bool(np.isfinite(told[worst]))
        between = "-" if seats.row[worst][-1:].isdigit() else ""
        seat = f"{seats.block[worst]} {seats.row[worst]}{between}{seats.seat[worst]}".strip()
        rows.append((
            view.target, small(float(told[worst]), units) if known else NONE, seat if known else NONE,
            length(float(view.distance.max()), units, 1),
            f"{float(np.nanmax(view.angle)):.0f}°" if np.isfinite(view.angle).any() else NONE,
        ))  # fmt: skip
    if not rows:
        return Block(0.0, 0.0, ())
    head = ("To", "Least C-value", "Seat", "Farthest seat", "Widest angle")
    return ruled("SIGHTLINES", head, rows, (64.0, 28.0, 36.0, 28.0, 24.0), numbers=True)


SET_OUT = ("stage", "platform", "stair", "set", "video", "foh", "camera", "sound")
"""Systems whose things a crew tapes out."""
MOST_SET_OUT = 20
"""More things than these are found in the drawing file."""


def setting_out_block(scene: Scene) -> Block:
    """How far to either side, down- and upstage each thing reaches, from the setting-out point, and how far it lies from
    two things that a tape can touch."""
    parts: dict[str, list[Part]] = {}
    for part in scene.parts:
        if part.count and not part.of_seats and part.system in SET_OUT and part.name != "tiers":
            parts.setdefault(part.element, []).append(part)
    spans: dict[str, Floats] = {}
    for element in sorted(parts, key=lambda e: SET_OUT.index(parts[e][0].system)):
        if element.removesuffix("_mirror") != element and element.removesuffix("_mirror") in parts:
            continue
        if parts[element][0].system == "sound" and any(
            np.ptp(p.transforms[:, :2, 3], axis=0).max() > 1e-3 for p in parts[element]
        ):
            continue  # several along a line
        low = np.min([part.bounds[0] for part in parts[element]], axis=0)
        high = np.max([part.bounds[1] for part in parts[element]], axis=0)
        spans[element] = np.array([low[:2], high[:2]])
    if not spans or len(spans) > MOST_SET_OUT:
        return Block(0.0, 0.0, ())
    corners = {e: np.array([(x, y) for x in span[:, 0] for y in span[:, 1]]) for e, span in spans.items()}
    tapes = references(scene, np.concatenate(list(corners.values())))
    rows = []
    for element, ((left, front), (right, rear)) in spans.items():
        twin = " and its twin" if f"{element}_mirror" in parts else ""
        tape = [float(one.distance(corners[element]).min()) for one in tapes]
        sizes = [drawn(round(float(v), 4) + 0.0, scene.about.units) for v in (left, right, front, rear, *tape)]
        rows.append((name_of(scene, element) + twin, *sizes))
    head = (
        "From the setting-out point",
        "x left",
        "x right",
        "y downstage",
        "y upstage",
        *(f"from {n}" for n in named(tapes)),
    )
    each = 22.0 if tapes else 28.0
    return ruled("SETTING OUT", head, rows, (COLUMN - each * (len(head) - 1), *[each] * (len(head) - 1)), numbers=True)


MOST_TARGETS = 8
"""More than these stand in the report."""


def symbols_block(scene: Scene, plan: Drawing) -> Block:
    """Every symbol of the plan with what it is and how many there are."""
    counted = Counter(mark.symbol for mark in plan.marks if isinstance(mark, Insert))
    known = [(name, plan.symbols[name]) for name in counted]
    if not known:
        return Block(0.0, 0.0, ())
    shown = known if len(known) <= 24 else known[:23]
    rows = [("", _named(scene, name), str(counted[name])) for name, _ in shown]
    if len(shown) < len(known):
        rows.append(("", "other symbols", str(sum(counted[name] for name, _ in known[23:]))))
    table = ruled("ON THE PLAN", ("Symbol", "Item", "Qty"), rows, (20.0, 140.0, 20.0), numbers=True)
    samples: list[Mark] = []
    for (_, symbol), top in zip(shown, row_tops(rows, (20.0, 140.0, 20.0), titled=True)):
        samples += _sample(symbol, plan.scale, (10.0, top - ROW / 2), (17.0, ROW - 1.0))
    return replace(table, marks=(*table.marks, *samples))


POINTS = {"RIG-POINT": "Rigging point", "RIG-HOUSE": "Rigging point of the house", "FIRE-POINT": "Fire point", "SIGN-EXIT": "Exit sign"}  # fmt: skip


def _named(scene: Scene, symbol: str) -> str:
    """What a symbol stands for, in the catalogue's words where it comes from there."""
    for code, item in scene.items.items():
        if symbol == code or symbol.endswith(f"-{code}"):
            name = item.model if item.maker.lower() == "generic" else item.label
            return name or code
    if symbol in POINTS:
        return POINTS[symbol]
    kind, _, rest = symbol.partition("-")
    words = (rest or kind).replace("-", " ").replace("_", " ").strip().lower()
    if kind == "SEAT":
        words += " place" if rest in ("WHEELCHAIR", "COMPANION", "STANDING") else ""
    return words[:1].upper() + words[1:]


def _sample(symbol: Symbol, scale: float, at: Point, room: tuple[float, float]) -> list[Mark]:
    """The symbol's lines as small as on the plan, smaller where they have no room."""
    points = [p for mark in symbol.marks for p in corners_of(mark)]
    if not points:
        return []
    low = (min(p[0] for p in points), min(p[1] for p in points))
    high = (max(p[0] for p in points), max(p[1] for p in points))
    k = min(1 / scale, room[0] / max(high[0] - low[0], 1e-6), room[1] / max(high[1] - low[1], 1e-6))
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    move = (at[0] - middle[0] * k, at[1] - middle[1] * k)
    return [scaled(mark, k, move) for mark in symbol.marks if not isinstance(mark, Fill)]


def legend_block(views: Sequence[Drawing]) -> Block:
    """The line types that mean something, in two columns."""
    used: dict[str, tuple[Style, Layer]] = {}
    for style in dict.fromkeys(mark.style for view in views for mark in view.marks):
        layer = layer_for(style)
        hatched = style.system == "temporary" and style.role == "pattern"
        told = hatched or layer.linetype != "Continuous" or style.role == "cut"
        if told and layer.plot and (hatched or style.role not in ("id", "dims", "pattern")):
            used.setdefault(layer.name, (style, layer))
    if not used:
        return Block(0.0, 0.0, ())
    out: list[Mark] = [Text(NOTE, (0.0, -3.5), "LINES", 3.5)]
    rows = math.ceil(len(used) / 2)
    for k, (style, layer) in enumerate(used.values()):
        x, y = (k // rows) * COLUMN / 2, -9.0 - (k % rows) * 5.0
        if style.role == "pattern":
            box = ((x, y - 1.8), (x + 24.0, y - 1.8), (x + 24.0, y + 1.8), (x, y + 1.8))
            out.append(Fill(style, (box,)))
        else:
            out.append(Line(style, ((x, y), (x + 24.0, y))))
        words = layer.description[:1].upper() + layer.description[1:]
        lines, tall = lettering.fit(words, (COLUMN / 2 - 30.0, 4.5), 2.5)
        out.append(Text(NOTE, (x + 27.0, y), "\n".join(lines), tall, 0.0, "left", "middle"))
    return Block(COLUMN, 8.0 + rows * 5.0, tuple(out))
