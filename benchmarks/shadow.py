"""How fast the shadows of people are: `python benchmarks/shadow.py`.

Every seat sees a target of 1,024 samples past everybody else's head and shoulders. The best of a few tries in this
process, after the first use.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os import cpu_count
from platform import machine, python_version, system
from time import perf_counter, process_time

import numpy as np

from stagecraft.geometry import shadow, surface
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.sightline import rake_heights
from stagecraft.geometry.surface import Surface
from stagecraft.scene import Stature

SAMPLES = 1024
PITCH, SEAT = 0.95, 0.55


def hall(rows: int, seats: int, c: float | None) -> Floats:
    """(n, 3) eyes of straight rows from 6 m on: flat, or on a rake with this C-value over a focus at 0.8 m. [m]"""
    x = (np.arange(seats) - (seats - 1) / 2) * SEAT
    height = np.full(rows, 1.2) if c is None else 0.8 + rake_heights(6.0, 0.4, PITCH, c, rows)
    return np.array([[x_, -6.0 - k * PITCH, z] for k, z in enumerate(height) for x_ in x])


def bowl(n: int, rows: int) -> Floats:
    """(n, 3) eyes of rings of 300° from 25 m on, with a C-value of 90 mm over a focus at 1 m. [m]"""
    radius = 25 + 0.85 * np.arange(rows)
    height = 1 + rake_heights(25.0, 2.0, 0.85, 0.09, rows)
    rings = []
    for r, z in zip(radius, height):
        turn = np.radians(np.linspace(120, 420, round(n * r / radius.sum())))
        rings.append(np.c_[r * np.cos(turn), r * np.sin(turn), np.full(len(turn), z)])
    return np.concatenate(rings)


def wall(x: Floats, y: Floats, low: float, high: float) -> Surface:
    """Facets from point to point of a polyline. [m]"""
    facets = [
        [[x[k + i], y[k + i], z] for i, z in ((0, low), (1, low), (1, high), (0, high))] for k in range(len(x) - 1)
    ]
    return surface.picture(np.array(facets), np.zeros(len(facets)), SAMPLES)


BEND = np.radians(np.linspace(135, 45, 17))
HOUSES = {
    "500, flat": hall(20, 25, None),
    "500, raked": hall(20, 25, 0.09),
    "20,000, flat": hall(100, 200, None),
    "20,000, bowl": bowl(20_000, 55),
    "80,000, bowl": bowl(80_000, 110),
}
TARGETS = {
    "presenter": surface.upright(np.array([0.0, 0.0, 1.3]), 1.3, 0.5, SAMPLES),
    "presenters' plane 12 × 1.85 m": wall(np.array([-6.0, 6.0]), np.zeros(2), 0.8, 2.65),
    "LED wall 16 × 4 m": wall(np.array([-8.0, 8.0]), np.ones(2), 2.0, 6.0),
    "the same bent, 16 facets": wall(11 * np.cos(BEND), 11 * np.sin(BEND) - 7, 2.0, 6.0),
}


def best(act: Callable[[], object], tries: int) -> tuple[float, float]:
    """Shortest of a few tries, and the processor's time over all threads. [s]"""

    def once() -> tuple[float, float]:
        began, used = perf_counter(), process_time()
        act()
        return perf_counter() - began, process_time() - used

    return min(once() for _ in range(tries))


def main() -> None:
    print(f"{system()} {machine()}, {cpu_count()} cores, Python {python_version()}\n")
    print("| seats | target | hidden | ms | of processor | million samples a second |")
    print("|---|---|---:|---:|---:|---:|")
    for house, eyes in HOUSES.items():
        own = np.arange(len(eyes))
        bodies = shadow.people(eyes, np.degrees(np.arctan2(-eyes[:, 1], -eyes[:, 0])), Stature())
        for name, target in TARGETS.items():
            answer = shadow.hidden(eyes, own, bodies, target)
            took, processor = best(partial(shadow.hidden, eyes, own, bodies, target), 20 if len(eyes) < 1000 else 5)
            part, rate = shadow.count(answer.bits).mean() / SAMPLES, len(eyes) * SAMPLES / took / 1e6
            print(
                f"| {house} | {name} | {part:.1%} | {took * 1e3:.1f} | {processor * 1e3:.1f} | {rate:.0f} |", flush=True
            )


if __name__ == "__main__":
    main()
