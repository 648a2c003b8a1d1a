"""Free distances between solids: `python benchmarks/clearance.py`.

2,000 solids against each other and 20,000 seats against them, both up to 0.30 m, beside what the parts of it take alone.
The processor's time counts: all of it runs in one thread, and other things may run beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import process_time

import numpy as np
from run import Took, best

from stagecraft.geometry import gaps, shapes
from stagecraft.geometry.distance import Bodies, near
from stagecraft.geometry.distance import gaps as between
from stagecraft.geometry.frame import Floats, frame, frames
from stagecraft.geometry.outline import rectangle
from stagecraft.geometry.solid import Solid

WITHIN = 0.30
HALL = (34.0, 30.0, 8.0)


def solids(seed: int = 4) -> list[tuple[Solid, Floats]]:
    """2,000 solids as they stand in a large hall: upright boxes and posts, tilted boxes, tables, flown trusses."""
    rng = np.random.default_rng(seed)

    def at(count: int, low: float, high: float) -> Floats:
        places = (rng.random((count, 3)) - (0.5, 0.5, 0.0)) * (HALL[0], HALL[1], high - low) + (0, 0, low)
        return frames(places, rng.uniform(0, 360, count))

    tilted = at(300, 0.0, HALL[2]) @ frame(tilt=20.0)
    return [
        (shapes.box(1.0, 0.6, 1.2), at(800, 0, 0.01)),
        (shapes.cylinder(0.25, 0, 3.0), at(400, 0, 0.01)),
        (shapes.box(0.5, 0.5, 0.7), tilted),
        (shapes.table(rectangle(1.8, 0.75), 0.75), at(350, 0, 0.01)),
        (shapes.truss_bays(3.0, 0.29, 0.29, 0.05), at(150, 5.0, HALL[2])),
    ]


def seats() -> list[tuple[Solid, Floats]]:
    """20,000 chairs as boxes, 100 rows of 200."""
    x, y = np.meshgrid((np.arange(200) - 99.5) * 0.5 * 0.66, (np.arange(100) - 49.5) * 0.6)
    return [(shapes.box(0.45, 0.5, 0.9), frames(np.c_[x.ravel(), y.ravel(), np.zeros(x.size)]))]


def different(seed: int = 4) -> list[tuple[Solid, Floats]]:
    """The same, each of a size of its own: no two share a body."""
    rng = np.random.default_rng(seed)
    out = []
    for solid, at in solids(seed):
        for frame_ in at:
            grown = replace(solid, vertices=solid.vertices * rng.uniform(0.95, 1.05, 3))
            out.append((grown, frame_[None]))
    return out


def main() -> None:
    some, chairs = solids(), seats()
    count = sum(len(at) for _, at in some)
    faces = sum(len(solid.faces) * len(at) for solid, at in some)

    def told(what: str, act: Callable[[], object], whole: Took | None = None, limit: float | None = None) -> Took:
        took = best(act)
        ratio = f"{took.processor / whole.processor:.2f}" if whole else "1.00"
        share = f"{limit:g} | {took.processor / limit:.0%}" if limit else "|"
        print(f"| {what} | {took.processor * 1000:.0f} | {ratio} | {share} |", flush=True)
        return took

    def all_of(first: list[tuple[Solid, Floats]], second: list[tuple[Solid, Floats]]) -> int:
        a, b = Bodies(first), Bodies(second)
        i, j = near(a, b, WITHIN)
        if first is second:
            i, j = i[i < j], j[i < j]
        return int((between(a, b, i, j).size <= WITHIN).sum())

    a, c = Bodies(some), Bodies(chairs)
    i, j = near(a, a, WITHIN)
    i, j = i[i < j], j[i < j]
    print(f"{count:,} solids of {faces:,} triangles, {len(i):,} pairs of boxes within {WITHIN} m, of which "
          f"{all_of(some, some):,} are that near\n")  # fmt: skip
    print("| what | ms of processor | ratio | limit, s | of the limit |\n|---|--:|--:|--:|--:|")
    whole = told("2,000 solids, pairs within 0.30 m: all of it", lambda: all_of(some, some), None, 0.5)
    fresh = [different(), different(), different()]
    told("the same, each of a size of its own, nothing prepared", lambda: all_of(one := fresh.pop(), one), whole)
    told("pairs of boxes alone", lambda: near(Bodies(some), Bodies(some), WITHIN), whole)
    flat = a.upright[i] & a.upright[j]
    told(f"{flat.sum():,} pairs of upright prisms", lambda: between(a, a, i[flat], j[flat]), whole)
    told(f"{(~flat).sum():,} other pairs", lambda: between(a, a, i[~flat], j[~flat]), whole)
    manifolds = [gaps.manifold(body.solid) for body in a.bodies]
    every = range(0, len(i), 10)
    wrong = 0.0
    free = between(a, a, i, j).size
    began = process_time()
    for k in every:
        one, other = (gaps.placed(manifolds[a.of[n]], a.frames[n]) for n in (i[k], j[k]))
        wrong = max(wrong, abs(min(one.min_gap(other, 1.0), 1.0) - min(free[k], 1.0)))
    took = (process_time() - began) * 10
    print(f"| manifold3d `min_gap`, from every tenth pair; differs by at most {wrong:.0e} m | {took * 1000:.0f} "
          f"| {took / whole.processor:.2f} | | |")  # fmt: skip
    print(f"| 20,000 seats against 2,000 solids: {len(near(c, a, WITHIN)[0]):,} pairs of boxes | | | | |")
    seated = told("all of it", lambda: all_of(chairs, some), None, 1.0)
    told("pairs of boxes alone", lambda: near(Bodies(chairs), Bodies(some), WITHIN), seated)


if __name__ == "__main__":
    main()
