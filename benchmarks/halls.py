"""Halls that sightlines are timed in, as venue files: the hall of a public study, a theatre of 500, two bowls.

Look at one: `python benchmarks/halls.py bowl-20000 > bowl.yaml && stagecraft draw bowl.yaml -o bowl.pdf`
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

STUDY = "http://wesearchlab.com/india-international-convention-and-expo-centre-auditorium-sightline-analysis/"
"""The study says: 11,543 seats; for each 44 sightlines to an upright plane 10 m wide and 1 m high at the middle of the
stage, 1 m above it; a stage at the side and one in the centre; eyes 1.15 m above the floor; a person is a cylinder of
radius 0.30 m, 1.00 m high, and on it a sphere of radius 0.12 m; five bands of what is seen, from 25 % to 90 %. It does
not say where the seats are, nor how long the reckoning took."""


def study_side() -> str:
    """The study's seats before a stage at the side: where they stand is our own."""
    return f"""{_study("side stage", [("plane", [0, 6, 1.2], 0)])}
  - {{id: stage, type: stage, deck: null, size: [20, 12], height: 1.2}}
  - {{id: floor, type: seating, rows: 30, seats: [20, 22, 22, 20], front: [0, -5], pitch: 0.95, gangway: 1.5, riser: 0.12}}
{_tiers()}"""


def study_centre() -> str:
    """The same seats round a stage in the middle of the floor; each side has the plane that it faces."""
    return f"""{_study("centre stage", [("plane", [0, -18, 1.2], 0), ("plane across", [0, -18, 1.2], 90)])}
  - {{id: stage, type: stage, deck: null, outline: [[-5, 0], [5, 0], [5, 10], [-5, 10]], at: [0, -23], height: 1.2, focus: false}}
  - {{id: south, type: seating, rows: 12, seats: [22, 22], front: [0, -25.5], pitch: 0.9, gangway: 1.5, riser: 0.05}}
  - {{id: north, type: seating, rows: 12, seats: [22, 22], front: [0, -10.5], pitch: 0.9, gangway: 1.5, riser: 0.05, turn: 180}}
  - {{id: west, type: seating, rows: 12, seats: [30, 31], front: [-12.5, -18], pitch: 0.9, gangway: 1.5, riser: 0.05, turn: -90}}
  - {{id: east, type: seating, rows: 12, seats: [30, 31], front: [12.5, -18], pitch: 0.9, gangway: 1.5, riser: 0.05, turn: 90}}
{_tiers()}"""


def _study(layout: str, planes: list[tuple[str, list[float], float]]) -> str:
    """Head, people and target of the study. Head and trunk are ellipsoids here, as broad and as high as its solids."""
    targets = "\n".join(
        f"  - {{id: {name.replace(' ', '_')}, type: target, name: {name}, at: {at}, turn: {turn},"
        " points: [[-5, 0, 1], [5, 0, 1], [5, 0, 2], [-5, 0, 2]]}"
        for name, at, turn in planes
    )
    return f"""# The number of seats, the plane and the people are those of {STUDY}
schema: 1
name: 11,543 seats, {layout}
people: {{eye: 1.15, head: 0.09, head_breadth: 0.24, head_length: 0.24, shoulder: 0.15, shoulder_breadth: 0.60, eyes_apart: 0}}
elements:
  - {{id: hall, type: room, x: [-75, 75], y: [-95, 20], height: 32}}
{targets}"""


def _tiers() -> str:
    """9,023 seats on three sides: straight tiers of 26 rows, above the one at the end a second, and a last row."""
    return """  - {id: end, type: seating, rows: 26, seats: [30, 32, 32, 30], front: [0, -38], pitch: 0.85, gangway: 1.4, first_riser: 3.6,
     riser: 0.34, chair: null, own_depth: 0.5}
  - {id: left, type: seating, rows: 26, seats: [38, 38], front: [-34, -18], turn: -90, pitch: 0.85, gangway: 1.4, first_riser: 1.0,
     riser: 0.34, chair: null, own_depth: 0.5, mirror: true}
  - {id: upper, type: seating, rows: 14, seats: [30, 32, 32, 30], front: [0, -64], pitch: 0.85, gangway: 1.4, first_riser: 15.1,
     riser: 0.48, chair: null, own_depth: 0.5}
  - {id: last, type: seating, rows: 1, seats: [55, 56], front: [0, -77.5], gangway: 1.4, first_riser: 22.4, chair: null, own_depth: 0.5}
"""


def theatre() -> str:
    """500 seats: curved raked stalls, a balcony on columns, a wall of LED, what hangs before it."""
    return """schema: 1
name: Theatre of 500
elements:
  - {id: house, type: room, x: [-13, 13], y: [-23, 9], height: 11, wall: 0.3,
     columns: [{id: K1, at: [-10.6, -9], diameter: 0.5}, {id: K2, at: [10.6, -9], diameter: 0.5}]}
  - {id: stage, type: stage, size: [13, 8], height: 0.9}
  - {id: lectern, type: lectern, on: stage, at: [-3.4, 1.6]}
  - {id: speaker, type: presenter, name: Speaker, on: stage, at: [0, 2.0]}
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-9, -2], to: [9, -2], trim: 7.5}
  - {id: T2, type: truss, item: truss.prolyte.h30v, from: [-9, 2], to: [9, 2], trim: 7.5}
  - {id: T3, type: truss, item: truss.prolyte.h40v, from: [-9, 6], to: [9, 6], trim: 8}
  - {id: PA, type: item, item: snd.db.v8, hung: T1, at: [-8, 0, 0.3], stack: 6, mirror: true}
  - {id: led, type: led_wall, name: LED wall, panel: led.roe.bp2v2, columns: 16, rows: 8, at: [0, 6, 2.4]}
  - {id: stalls, type: seating, rows: 14, seats: [9, 12, 9], gangway: 1.2, width: 0.55, curve: 24, front: [0, -3.4], sides: 1.0,
     rake: {c: 60 mm, focus: [0, 0, 0.9], step: 10 mm}, chair: null, own_depth: 0.6}
  - {id: gallery, type: balcony, at: [0, -16.4], size: [26, 6.2], level: 6.2, thickness: 0.35,
     columns: [{id: K3, at: [-6.4, -3.5], diameter: 0.4}, {id: K4, at: [6.4, -3.5], diameter: 0.4}]}
  - {id: circle, type: seating, on: gallery, at: [0, -0.9], rows: 4, seats: [6, 8, 6], gangway: 1.2, width: 0.55, pitch: 1.0,
     first_riser: 0.35, rake: {c: 60 mm, focus: [0, 0, 0.9], step: 10 mm}, chair: null, own_depth: 0.6}
"""


WIDTH, PITCH = 0.5, 0.8
"""Of a bowl's places; with one place more in each row every block keeps the angle WIDTH / PITCH. [m]"""


def bowl(floor: tuple[int, list[int]], start: float, rows: list[int], extra: int) -> str:
    """Rings round a stage, 215° of them, in three tiers of six blocks, and a flat floor.

    floor : rows, and places in each block
    start : radius of the first ring [m]
    rows : of each tier
    extra : wheelchair places and their companions before the floor
    """
    angle, blocks, gangway = WIDTH / PITCH, 6, 1.2
    out, radius, level = [], start, 1.2
    for k, (count, climb) in enumerate(zip(rows, (0.32, 0.42, 0.50))):
        seats = round((angle * radius - gangway) / WIDTH)
        out.append(
            f"  - {{id: tier{k + 1}, type: seating, rows: {count}, seats: {[seats] * blocks}, grow: 1, gangway: {gangway}, "
            f"width: {WIDTH}, pitch: {PITCH}, curve: {radius:.2f}, front: [0, {-radius:.2f}], first_riser: {level:.2f}, "
            f"riser: {climb}, chair: null, own_depth: 0.45}}"
        )
        level += (count - 1) * climb + 3.5
        radius += count * PITCH + 4.0
    wall = math.ceil(radius + 4)
    deep, wide = floor
    columns = ", ".join(
        f"{{id: K{k}, at: [{(radius - 0.5) * math.sin(t):.2f}, {-(radius - 0.5) * math.cos(t):.2f}], diameter: 1.0}}"
        for k, t in enumerate(math.radians(-100 + 20 * k) for k in range(11))
    )
    span = start * 0.5
    return f"""schema: 1
name: Bowl
elements:
  - {{id: hall, type: room, x: [{-wall}, {wall}], y: [{-wall}, {wall}], height: {math.ceil(level) + 8}, columns: [{columns}]}}
  - {{id: stage, type: stage, size: [24, 14], height: 1.8, at: [0, 2]}}
  - {{id: singer, type: presenter, name: Singer, on: stage, at: [0, 2]}}
  - {{id: led, type: led_wall, name: LED wall, panel: led.roe.bp2v2, columns: 40, rows: 20, at: [0, 14, 3.5]}}
  - {{id: R1, type: truss, item: truss.prolyte.h40v, from: [{-span:.1f}, 3], to: [{span:.1f}, 3], trim: 17}}
  - {{id: R2, type: truss, item: truss.prolyte.h40v, from: [{-span:.1f}, 8], to: [{span:.1f}, 8], trim: 17}}
  - {{id: R3, type: truss, item: truss.prolyte.h40v, from: [{-span:.1f}, 14], to: [{span:.1f}, 14], trim: 17}}
  - {{id: PA, type: item, item: snd.db.v8, hung: R1, at: [-13, -0.3, 0.6], stack: 12, mirror: true}}
  - {{id: floor, type: seating, rows: {deep}, seats: {wide}, gangway: 1.8, front: [0, -5]}}
  - {{id: access, type: seating, rows: 1, seats: {extra}, pattern: [wheelchair, companion], front: [0, -2.5]}}
{chr(10).join(out)}
"""


def bowl_20000() -> str:
    return bowl((29, [33, 34, 33]), 44.0, [18, 14, 6], 18)


def bowl_80000() -> str:
    return bowl((60, [53, 54, 54, 53]), 90.0, [26, 26, 22], 14)


HALLS: dict[str, tuple[int, Callable[[], str]]] = {
    "theatre-500": (500, theatre),
    "study-side": (11_543, study_side),
    "study-centre": (11_543, study_centre),
    "bowl-20000": (20_000, bowl_20000),
    "bowl-80000": (80_000, bowl_80000),
}
"""Seats and venue file of each, by name."""

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in HALLS:
        sys.exit(f"which hall? one of {', '.join(HALLS)}")
    print(HALLS[sys.argv[1]][1](), end="")
