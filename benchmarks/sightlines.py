"""How fast and how exact sightlines are: `python benchmarks/sightlines.py`, `--all` for the bowls too, `--write` into README.md.

Every hall of `halls.py` runs in a process of its own. All times are the best of a few tries.

fixed   past architecture, rigging and set (Embree through embreex), what it is and where it stands kept
people  past heads and shoulders (the exact shadow raster)
both    what `visible` answers
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from math import ceil
from pathlib import Path
from platform import machine, python_version, system
from shutil import copytree
from time import perf_counter
from typing import Any, TypeAlias

import numpy as np
from halls import HALLS
from numpy.typing import NDArray

import stagecraft as sc
from stagecraft.analysis._crowd import crowd
from stagecraft.analysis.visible import looks, visible
from stagecraft.geometry import frame
from stagecraft.geometry._compiled import compiled
from stagecraft.geometry.shadow import hidden, unpack
from stagecraft.geometry.surface import Surface
from stagecraft.scene import Part, Scene, SeatRow

Floats: TypeAlias = NDArray[np.float64]
HERE = Path(__file__).parent
KEYNOTE = HERE.parent / "assets" / "examples" / "keynote-500"
SMALL = [("theatre-500", 256), ("theatre-500", 1024), ("study-side", 44), ("study-centre", 88)]
LARGE = [("bowl-20000", 256), ("bowl-20000", 1024), ("bowl-80000", 256), ("bowl-80000", 1024)]
"""Hall, and samples a seat over all targets of it."""

HEADLINES = {("theatre-500", 1024), ("study-side", 44), ("bowl-20000", 1024), ("bowl-80000", 1024)}
"""Those that README.md tells."""

THREADS = os.cpu_count() or 2
CHUNK = 262_144
"""Rays that embreex follows in one call."""
READY = 5_000_000
"""So many rays are made ready for it, of seats evenly over the hall."""
TRACED = 25_000
"""People of larger houses are not made into triangles: 12 million of them take a minute and a gigabyte."""
LOOKED = 24
"""Seats that are looked at once more in float64, evenly over the hall."""
SHORT = 1 - 1e-4
"""Rays end so far before the target, as a part of the way."""
OWN = 0.25
"""Rays past traced people begin so far before the eye, outside its own head. [m]"""


def best(*acts: Callable[[], object], tries: int = 7, seconds: float = 5.0) -> list[float]:
    """Shortest of a few tries of each, by turns, so that a busy machine slows all alike; fewer of what takes long. [s]"""
    least = [np.inf] * len(acts)
    started = perf_counter()
    for k in range(tries):
        for n, act in enumerate(acts):
            began = perf_counter()
            act()
            least[n] = min(least[n], perf_counter() - began)
        if k and perf_counter() - started > seconds:
            break
    return [float(took) for took in least]


def memory() -> int:
    """Most that this process ever held. [bytes]"""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def without_people(scene: Scene) -> Scene:
    rows = {r: replace(r, status=np.full(r.count, "kill")) for r in scene.seat_rows}
    return replace(scene, records=tuple(rows.get(r, r) if isinstance(r, SeatRow) else r for r in scene.records))


def without_things(scene: Scene) -> Scene:
    return replace(scene, records=tuple(r for r in scene.records if not isinstance(r, Part) or r.blocks == "none"))


def fixed(scene: Scene, but: str = "") -> Floats:
    """(t, 3, 3) triangles of what stands fixed, those of one element left out. [m]"""
    every = [
        frame.points(matrix, part.solid.vertices)[part.solid.faces]
        for part in scene.parts
        if part.blocks != "none" and not part.of_seats and part.system != "person" and part.element != but
        for matrix in part.transforms
    ]
    return np.concatenate(every) if every else np.zeros((0, 3, 3))


def ends(surface: Surface, eyes: Floats) -> Floats:
    """(n, m, 3) where the rays from each eye go: an upright is turned to it. [m]"""
    points = np.broadcast_to(surface.points, (len(eyes), *surface.points.shape)).copy()
    if surface.upright:
        way = (surface.points.mean(axis=0) - eyes)[:, :2]
        right = np.stack([way[:, 1], -way[:, 0]], axis=1) / np.hypot(*way.T)[:, None]
        points[:, :, :2] += right[:, None] * (surface.place[:, :1] - 0.5) * surface.upright
    return points


# what Embree alone needs, for rays that are ready made


def ready(eyes: Floats, surfaces: list[Surface], middle: Floats, start: float) -> list[tuple[Any, Any, Any]]:
    """Origins, directions and far ends in float32, seat by seat, in pieces."""
    some = max(1, READY // max(1, sum(len(s) for s in surfaces)))
    eyes = eyes[np.unique(np.linspace(0, len(eyes) - 1, min(some, len(eyes))).astype(int))]
    origins, ways = [], []
    for surface in surfaces:
        to = ends(surface, eyes)
        way = to - eyes[:, None]
        first = eyes[:, None] + way * (start / np.linalg.norm(way, axis=2, keepdims=True))
        origins.append((first - middle).reshape(-1, 3).astype(np.float32))
        ways.append((to - first).reshape(-1, 3).astype(np.float32))
    o, d = np.concatenate(origins), np.concatenate(ways)
    step = min(CHUNK, ceil(len(o) / (2 * THREADS)))
    return [
        (o[k : k + step], d[k : k + step], np.full(len(o[k : k + step]), SHORT, np.float32))
        for k in range(0, len(o), step)
    ]


def embree(triangles: Floats, middle: Floats) -> Any:
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    made = EmbreeScene()
    TriangleMesh(made, np.ascontiguousarray(triangles - middle, np.float32))
    return made


def follow(made: Any, pieces: list[tuple[Any, Any, Any]]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda p: made.run(p[0], p[1], dists=p[2], query="OCCLUDED"), pieces))


def figures(bodies: Any) -> Floats:
    """(t, 3, 3) ellipsoids of 72 triangles each, their corners on the surface. [m]"""
    low, round_ = 5, 9
    a = np.pi * np.arange(low + 1) / low - np.pi / 2
    b = 2 * np.pi * np.arange(round_) / round_
    ball = np.stack(
        [np.outer(np.cos(a), np.cos(b)), np.outer(np.cos(a), np.sin(b)), np.outer(np.sin(a), np.ones(round_))], -1
    ).reshape(-1, 3)
    k, j = np.meshgrid(np.arange(low), np.arange(round_), indexing="ij")
    p, q = k * round_ + j, k * round_ + (j + 1) % round_
    faces = np.concatenate([np.stack([p, q, q + round_], -1)[1:], np.stack([p, q + round_, p + round_], -1)[:-1]])
    at = ball * bodies.radii[:, None]  # across, along the way they face, up
    c, s = np.cos(bodies.yaw)[:, None], np.sin(bodies.yaw)[:, None]
    turned = np.stack([at[..., 0] * s + at[..., 1] * c, at[..., 1] * s - at[..., 0] * c, at[..., 2]], axis=-1)
    return np.asarray((turned + bodies.centre[:, None])[:, faces.reshape(-1, 3)].reshape(-1, 3, 3))


# the same once more in float64, every ray against every triangle and every body


def _stopped(eye: Any, ends: Any, triangles: Any, far: float, out: Any) -> None:
    """Möller and Trumbore, plain enough for numba to compile."""
    for s in range(len(ends)):
        dx, dy, dz = ends[s, 0] - eye[0], ends[s, 1] - eye[1], ends[s, 2] - eye[2]
        for t in range(len(triangles)):
            ax, ay, az = triangles[t, 0]
            e1x, e1y, e1z = triangles[t, 1, 0] - ax, triangles[t, 1, 1] - ay, triangles[t, 1, 2] - az
            e2x, e2y, e2z = triangles[t, 2, 0] - ax, triangles[t, 2, 1] - ay, triangles[t, 2, 2] - az
            px, py, pz = dy * e2z - dz * e2y, dz * e2x - dx * e2z, dx * e2y - dy * e2x
            det = e1x * px + e1y * py + e1z * pz
            if det == 0.0:
                continue
            tx, ty, tz = eye[0] - ax, eye[1] - ay, eye[2] - az
            u = (tx * px + ty * py + tz * pz) / det
            if u < 0.0 or u > 1.0:
                continue
            qx, qy, qz = ty * e1z - tz * e1y, tz * e1x - tx * e1z, tx * e1y - ty * e1x
            v = (dx * qx + dy * qy + dz * qz) / det
            if v < 0.0 or u + v > 1.0:
                continue
            w = (e2x * qx + e2y * qy + e2z * qz) / det
            if 0.0 < w < far:
                out[s] = True
                break


def _shaded(eye: Any, ends: Any, centre: Any, yaw: Any, radii: Any, owner: Any, own: int, out: Any) -> None:
    """The quadratic of a ray and an ellipsoid, plain enough for numba to compile."""
    for b in range(len(centre)):
        if owner[b] == own:
            continue
        c, s = np.cos(yaw[b]), np.sin(yaw[b])
        x, y = eye[0] - centre[b, 0], eye[1] - centre[b, 1]
        qx, qy = (s * x - c * y) / radii[b, 0], (c * x + s * y) / radii[b, 1]
        qz = (eye[2] - centre[b, 2]) / radii[b, 2]
        g = qx * qx + qy * qy + qz * qz - 1.0
        for k in range(len(ends)):
            x, y = ends[k, 0] - eye[0], ends[k, 1] - eye[1]
            dx, dy = (s * x - c * y) / radii[b, 0], (c * x + s * y) / radii[b, 1]
            dz = (ends[k, 2] - eye[2]) / radii[b, 2]
            n, d = qx * dx + qy * dy + qz * dz, dx * dx + dy * dy + dz * dz
            if g <= 0.0 or (n < 0.0 and n * n >= g * d and (-n - np.sqrt(n * n - g * d)) <= d):
                out[k] = True


def differ(scene: Scene, samples: int) -> tuple[int, int, int]:
    """Samples that are looked at, those of them that fixed things and people each decide otherwise in float64."""
    stopped, shaded = compiled(_stopped), compiled(_shaded)
    house = crowd(scene)
    bodies, eyes = house.bodies, scene.seats.eyes
    who = np.unique(np.linspace(0, len(eyes) - 1, LOOKED).astype(int))
    total = by_things = by_people = 0
    for look in looks(scene, samples, apart=0.0):
        m, triangles = len(look.surface), fixed(scene, look.target.element)
        to = ends(look.surface, eyes[who])
        shadow = unpack(hidden(eyes[who], house.own[who], bodies, look.surface).bits, m)
        left = unpack(look.left[who], m)
        front = unpack(look.faces[who], m) if look.faces is not None else np.ones_like(left)
        for k, seat in enumerate(who.tolist()):
            met, dark = np.zeros(m, np.bool_), np.zeros(m, np.bool_)
            stopped(eyes[seat], to[k], triangles, SHORT, met)
            shaded(eyes[seat], to[k], bodies.centre, bodies.yaw, bodies.radii, bodies.owner, house.own[seat], dark)
            total += m
            by_things += int(((front[k] & ~met) != left[k]).sum())
            by_people += int((dark != shadow[k]).sum())
    return total, by_things, by_people


# one hall, and what else is timed


def hall(name: str, samples: int) -> dict[str, Any]:
    """All figures of one hall, in this process."""
    began = perf_counter()
    scene = sc.build(sc.loads(HALLS[name][1]()))
    build = perf_counter() - began
    named = [t for t in scene.of(sc.scene.Target) if t.role in ("focus", "person", "screen")]
    each = samples // len(named)

    began = perf_counter()
    answer = visible(scene, each)
    first, most = perf_counter() - began, memory()
    out: dict[str, Any] = {"hall": name, "seats": len(scene.seats), "samples": samples, "build": build, "first": first,
                           "memory": most}  # fmt: skip
    free = np.mean([seen.free for seen in answer.targets.values()], axis=0)
    if name == "study-centre":  # each seat has the plane that it faces
        across = np.abs(scene.seats.facing % 180.0 - 90.0) > 45.0
        plane, other = answer.targets.values()
        free = np.where(across, other.free, plane.free)
    out["bands"] = [float((free >= least).mean()) for least in (0.9, 0.75, 0.5, 0.25)]
    surfaces = [look.surface for look in looks(scene, each, apart=0.0)]
    triangles, eyes = fixed(scene), scene.seats.eyes
    middle = eyes.mean(axis=0)
    pieces, made = ready(eyes, surfaces, middle, 0.0), embree(triangles, middle)
    things, people = without_people(scene), without_things(scene)
    both, by_things, by_people, bare = best(
        lambda: visible(scene, each), lambda: visible(things, each), lambda: visible(people, each),
        lambda: follow(made, pieces),
    )  # fmt: skip
    every = len(eyes) * sum(len(s) for s in surfaces)
    out["both"], out["fixed"], out["people"] = both, by_things, by_people
    out["embreex"] = bare * every / sum(len(piece[0]) for piece in pieces)
    if len(eyes) <= TRACED:
        began = perf_counter()
        solid = embree(figures(crowd(scene).bodies), middle)
        out["traced build"] = perf_counter() - began
        pieces = ready(eyes, surfaces, middle, OWN)
        (bare,) = best(lambda: follow(solid, pieces))
        out["traced"] = bare * every / sum(len(piece[0]) for piece in pieces)
    out["looked"], out["things differ"], out["people differ"] = differ(scene, each)
    return out


def moved(samples: int = 1024) -> tuple[float, float]:
    """Theatre of 500: the lectern moved, and the whole answer made anew; from nothing for comparison. [s]"""
    scene = sc.build(sc.loads(HALLS["theatre-500"][1]()))
    answer = visible(scene, samples // 2)
    least = np.inf
    for k in range(6):
        shift = np.eye(4)
        shift[0, 3] = 0.1 * (k + 1)
        records = tuple(r.moved(shift) if isinstance(r, Part) and r.element == "lectern" else r for r in scene.records)
        now = replace(scene, records=records)
        began = perf_counter()
        answer = visible(now, samples // 2, before=answer)
        least = min(least, perf_counter() - began)
    return float(least), best(lambda: visible(scene, samples // 2))[0]


def checked() -> float:
    """`stagecraft check` of keynote-500 in fresh processes, from the second on. [s]"""
    command = [sys.executable, "-m", "stagecraft.cli", "check", str(KEYNOTE / "venue.yaml")]

    def run() -> None:
        done = subprocess.run(command, capture_output=True, cwd=HERE.parent, check=False)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr.decode())

    run()
    return best(run, tries=3)[0]


def watched() -> float:
    """`stagecraft check --watch` of keynote-500: from a save in which the lectern moved to the answer. [s]"""
    from stagecraft.watch import answers

    with tempfile.TemporaryDirectory() as folder:
        copytree(KEYNOTE, Path(folder) / "keynote")
        file = Path(folder) / "keynote" / "venue.yaml"
        text = file.read_text(encoding="utf-8")
        given = answers(file, sleep=lambda _: None)
        next(given)
        took = []
        for k in range(4):
            now = text.replace("on: stage, at: [-4.2, 1.2]", f"on: stage, at: [-4.2, {1.3 + k / 10}]")
            assert now != text
            file.write_text(now, encoding="utf-8")
            took.append(next(given).seconds)
    return min(took)


def alone(*words: str) -> Any:
    """What this file answers in a process of its own."""
    path = os.pathsep.join([str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, __file__, *words], capture_output=True, env={**os.environ, "PYTHONPATH": path}, check=False
    )
    if done.returncode:
        sys.exit(done.stderr.decode())
    return json.loads(done.stdout)


SPEED = """| hall | seats | samples a seat | first, s | fixed, ms | people, ms | both, ms | million samples a second | memory, MB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|"""
RATIOS = """| hall | samples a seat | fixed, of embreex | both, of embreex | people of triangles: built, s | followed, ms | otherwise in float64: fixed | people | of samples |
|---|--:|--:|--:|--:|--:|--:|--:|--:|"""


def ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f}" if seconds >= 0.02 else f"{1000 * seconds:.1f}"


def speed(r: dict[str, Any]) -> str:
    return (
        f"| {r['hall']} | {r['seats']:,} | {r['samples']:,} | {r['first']:.2f} | {ms(r['fixed'])} | {ms(r['people'])} | "
        f"{ms(r['both'])} | {r['seats'] * r['samples'] / r['both'] / 1e6:.1f} | {r['memory'] / 1e6:,.0f} |"
    )


def ratios(r: dict[str, Any]) -> str:
    traced = f"{r['traced build']:.1f} | {ms(r['traced'])}" if "traced" in r else "– | –"
    return (
        f"| {r['hall']} | {r['samples']:,} | {r['embreex'] / r['fixed']:.2f} | {r['embreex'] / r['both']:.2f} | {traced} | "
        f"{r['things differ']} | {r['people differ']} | {r['looked']:,} |"
    )


def figures_of(runs: list[tuple[str, int]], command: str) -> tuple[list[str], list[str]]:
    """Lines for benchmarks/README.md, printed as they come, and a few of them for README.md."""
    lines: list[str] = []

    def say(*some: str) -> None:
        lines.extend(some)
        print(*some, sep="\n", flush=True)

    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "embreex"))
    on = f"{system()} {machine()}, {os.cpu_count()} cores, Python {python_version()}, {packages}, {date.today()}"
    say(f"{on}: `python {command}`", "", SPEED)
    done = []
    for name, samples in runs:
        done.append(alone("--one", name, str(samples)))
        say(speed(done[-1]))
    say("", RATIOS, *map(ratios, done), "")
    anew, whole, check, watch = map(alone("--other").get, ("moved", "whole", "check", "watch"))
    say(
        "| what | seconds | limit |",
        "|---|--:|--:|",
        f"| theatre-500 × 1,024: the lectern moved, the whole answer | {anew:.3f} | 0.05 |",
        f"| the same from nothing | {whole:.3f} | |",
        f"| `stagecraft check` of keynote-500, a fresh process, from the second on | {check:.2f} | 2 |",
        f"| `check --watch` of keynote-500, from the save to the answer | {watch:.2f} | 0.3 |",
    )
    for r in (r for r in done if r["hall"].startswith("study")):
        shares = ", ".join(
            f"{100 * share:.1f} % see {least} or more" for share, least in zip(r["bands"], ("90 %", "75 %", "50 %"))
        )
        say("", f"{r['hall']}: {shares} of the plane past things and people, in a hall of our own.")
    few = [
        "| seats | samples a seat | first answer | again | samples a second | memory | otherwise in float64 |",
        "|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {r['seats']:,} | {r['samples']:,} | {r['first']:.1f} s | {r['both']:.2g} s | "
            f"{r['seats'] * r['samples'] / r['both'] / 1e6:.0f} million | {r['memory'] / 1e6:,.0f} MB | "
            f"{r['things differ'] + r['people differ']} of {r['looked']:,} |"
            for r in done
            if (r["hall"], r["samples"]) in HEADLINES
        ),
        "",
        f"{on}. After one object moved, the theatre of 500 answers in {1000 * anew:.0f} ms.",
    ]
    return lines, few


def written(file: Path, lines: list[str]) -> None:
    """Puts lines between the marks of a file."""
    begin, end = "<!-- sightlines: begin -->", "<!-- sightlines: end -->"
    before, rest = file.read_text(encoding="utf-8").split(begin)
    file.write_text("\n".join([before + begin, *lines, end + rest.split(end)[1]]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the bowls too: some minutes")
    parser.add_argument("--write", action="store_true", help="put the tables into both README.md")
    parser.add_argument("--one", nargs=2, metavar=("HALL", "SAMPLES"), help="one hall, in this process, as JSON")
    parser.add_argument("--other", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(hall(given.one[0], int(given.one[1]))))
        return
    if given.other:
        anew, whole = moved()
        print(json.dumps({"moved": anew, "whole": whole, "check": checked(), "watch": watched()}))
        return
    command = "benchmarks/sightlines.py" + (" --all" if given.all else "")
    lines, few = figures_of(SMALL + (LARGE if given.all else []), command)
    if given.write:
        written(HERE / "README.md", lines)
        written(HERE.parent / "README.md", few)


if __name__ == "__main__":
    main()
