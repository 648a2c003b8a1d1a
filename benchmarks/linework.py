"""How fast sections and elevation are drawn, and how that grows: `python benchmarks/linework.py`.

Halls of 500, 2,000 and 20,000 chairs with stage, LED wall and two trusses; each drawing in a process of its own, with the
sightlines worked out too. Limits: 5 s and 600 MB for 2,000 seats. The last column says how many times as long as the
smallest hall it takes: less than the seats grow, for what is hidden is found by a tree.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from time import perf_counter

SIZES = {500: (20, 25), 2000: (40, 50), 20_000: (100, 200)}
"""Seats: rows, seats in a row."""
LIMITS = {2000: (5.0, 600.0)}
"""Seconds, and megabytes."""
DRAWINGS = ("section", "cross_section", "elevation")


def hall(rows: int, seats: int) -> str:
    """A flat hall as a venue file, its chairs in three blocks on a rake of 100 mm a row."""
    third = seats // 3
    wide, deep = seats * 0.6 + 6, rows * 0.95 + 8
    return f"""
schema: 1
name: Hall of {rows * seats}
elements:
  - {{id: hall, type: room, x: [{-wide / 2}, {wide / 2}], y: [{-deep}, 12], height: {11 + rows * 0.1}, wall: 0.3}}
  - {{id: stage, type: stage, size: [14, 8], height: 1.2}}
  - {{id: led, type: led_wall, panel: led.roe.bp2v2, columns: 24, rows: 10, at: [0, 6.5, 1.8]}}
  - {{id: T1, type: truss, item: truss.prolyte.h30v, from: [-7, -1], to: [7, -1], trim: 8}}
  - {{id: T2, type: truss, item: truss.prolyte.h30v, from: [-7, 5], to: [7, 5], trim: 8.5}}
  - {{id: host, type: presenter, on: stage, at: [0, 2]}}
  - {{id: C, type: seating, rows: {rows}, seats: [{third}, {seats - 2 * third}, {third}], gangway: 1.2, pitch: 0.95,
     riser: 0.1, front: [0, -4]}}
"""


def draw(name: str, seats: int) -> None:
    """Seconds, peak memory [MB] and marks of one drawing, printed."""
    from stagecraft.build import build
    from stagecraft.drawing.cross_section import cross_section
    from stagecraft.drawing.elevation import elevation
    from stagecraft.drawing.section import section
    from stagecraft.venue.load import loads

    scene = build(loads(hall(*SIZES[seats])))
    assert len(scene.seats) == seats
    begun = perf_counter()
    made = {"section": section, "cross_section": cross_section, "elevation": elevation}[name](scene)
    took = perf_counter() - begun
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(made.marks))


def main() -> int:
    """The table; 1 where a limit is passed."""
    passed = 0
    print("| Drawing | Seats | Seconds | Peak MB | Marks | × the smallest |\n|---|--:|--:|--:|--:|--:|")
    for name in DRAWINGS:
        first = 0.0
        for seats in SIZES:
            call = [sys.executable, __file__, name, str(seats)]
            done = subprocess.run(call, capture_output=True, text=True, check=True)
            took, memory, marks = (float(value) for value in done.stdout.split())
            first = first or took
            print(f"| {name} | {seats} | {took:.2f} | {memory:.0f} | {marks:.0f} | {took / first:.1f} |")
            seconds, most = LIMITS.get(seats, (float("inf"), float("inf")))
            passed += took > seconds or memory > most
    return int(passed > 0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        draw(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
