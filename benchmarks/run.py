"""How long things take on this machine, and how that stands to the limits: `python benchmarks/run.py`.

Each figure is the best of a few tries in this process (`--help` and the whole builds: in fresh ones).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from os import cpu_count, times
from pathlib import Path
from platform import machine, python_version, system
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
KEYNOTE = ROOT / "assets" / "examples" / "keynote-500" / "venue.yaml"
TWENTY_THOUSAND = """
schema: 1
name: Arena
elements:
  - {id: hall, type: room, x: [-80, 80], y: [-110, 20], height: 20}
  - {id: stage, type: stage, size: [20, 12], height: 1.8}
  - {id: singer, type: presenter, on: stage, at: [0, 2]}
  - {id: A, type: seating, rows: 100, seats: [50, 50, 50, 50], gangway: 1.2, pitch: 0.95, front: [0, -6]}
"""


class Took(NamedTuple):
    wall: float
    processor: float
    """Over all threads and processes: says more than the wall where the machine is busy with other things."""


def best(act: Callable[[], object], tries: int = 3) -> Took:
    """Shortest of a few tries. [s]"""

    def once() -> Took:
        began, used = perf_counter(), sum(times()[:4])
        act()
        return Took(perf_counter() - began, sum(times()[:4]) - used)

    return min(once() for _ in range(tries))


def command(*arguments: str) -> None:
    """Run stagecraft in a process of its own; findings are no failure here."""
    done = subprocess.run(
        [sys.executable, "-m", "stagecraft.cli", *arguments], capture_output=True, cwd=ROOT, check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())


def keynote(folder: str, *options: str) -> None:
    command("build", str(KEYNOTE), "-o", folder, *options)


def measured() -> Iterator[tuple[str, Took, float | None]]:
    """(what, how long, limit in seconds)."""
    yield "`stagecraft --help`", best(partial(command, "--help"), 5), 0.3

    import stagecraft as sc

    yield "load + build keynote-500, after import", best(lambda: sc.build(sc.load(KEYNOTE))), 0.5

    with tempfile.TemporaryDirectory() as folder:
        plain = best(partial(keynote, f"{folder}/plain", "--no-pictures"), 2)
        yield "`stagecraft build` keynote-500 without pictures", plain, 5.0
        yield "the same with two pictures 1280×720", best(partial(keynote, f"{folder}/whole"), 2), 20.0

        yield "load + build 20 000 seats", best(lambda: sc.build(sc.loads(TWENTY_THOUSAND))), 2.0
        scene = sc.build(sc.loads(TWENTY_THOUSAND))
        assert len(scene.seats) == 20_000
        yield "views of 20 000 seats (no limit set)", best(lambda: sc.views(scene)), None
        views = sc.views(scene)

        def listed() -> None:
            sc.write(sc.seat_list(scene, views=views), f"{folder}/seats.csv")

        yield "seat list of 20 000 seats as CSV, after the views", best(listed), 1.0


def main() -> None:
    print(f"{system()} {machine()}, {cpu_count()} cores, Python {python_version()}\n")
    print("| what | seconds | of processor | limit | of the limit |")
    print("|---|---:|---:|---:|---:|")
    for what, took, limit in measured():
        share = f"{limit:g} | {took.wall / limit:.0%}" if limit else "|"
        print(f"| {what} | {took.wall:.2f} | {took.processor:.2f} | {share} |", flush=True)


if __name__ == "__main__":
    main()
