"""Where a house stands, which way it looks, its left and right and its units change nothing that is said of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.geometry.frame import frame
from stagecraft.scene import mirrored, moved
from stagecraft.venue.load import load, loads

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    **{path.parent.name: path for path in (ROOT / "assets" / "examples").glob("*/venue.yaml")},
    **{path.stem: path for path in (ROOT / "tests" / "data" / "rooms").glob("*.yaml") if path.stem != "arena"},
}
MOVES = [((0.0, 0.0, 0.0), 37.0), ((400_000.0, -300_000.0, 62.5), 0.0), ((-350_000.0, 355_000.0, 8.0), 205.0)]
"""Turned in place; at survey coordinates 500 km away; both."""

HEIGHT = 1e-6
"""By so much a C-value may differ. [m]"""
SAMPLES = 2 / 1024
"""And a share."""


def carried(scene, at, turn):
    matrix = frame(at, turn)
    elements = {name: replace(one, frame=matrix @ one.frame) for name, one in scene.elements.items()}
    return replace(scene, elements=elements, records=tuple(moved(record, matrix) for record in scene.records))


def twin(scene):
    names = {name: name for name in (*scene.elements, *(record.element for record in scene.records))}
    return replace(scene, records=tuple(mirrored(record, names) for record in scene.records))


class Said:
    """All that is said of a house: by seat, by the permanent ids; by finding."""

    def __init__(self, scene, rules=()):
        seen = views(scene)
        order = np.argsort(scene.seats.ids)
        self.ids = scene.seats.ids[order]
        self.c = {name: view.c[order] for name, view in seen.targets.items()}
        self.shares = {
            name: np.stack([one.share, one.content, one.away, one.free, *one.by.values()])[:, order]
            for name, one in (*seen.visible.targets.items(), *seen.visible.feeds.items())
        }
        report = check(scene, rules, views=seen)
        self.outcomes = {one.rule: one.verdict for one in report.outcomes}
        self.findings = Counter((one.code, one.severity, one.target, one.group) for one in report.findings)
        self.sizes = sorted((one.code, one.target, round(one.measured or 0.0, 2)) for one in report.findings)


def same(one, other, mirror=False):
    """In the mirror blocks change their names with the side where they lie, and what the other eye meets is the cause."""
    assert np.array_equal(one.ids, other.ids)
    assert one.c.keys() == other.c.keys()
    assert one.shares.keys() == other.shares.keys()
    for name, c in one.c.items():
        assert np.array_equal(np.isfinite(c), np.isfinite(other.c[name])), name
        known = np.isfinite(c)
        assert np.abs(c[known] - other.c[name][known]).max(initial=0.0) <= HEIGHT, name
        assert np.array_equal(c[~known], other.c[name][~known], equal_nan=True), name
    for name, share in one.shares.items():
        some = slice(4 if mirror else None)
        assert np.abs(share - other.shares[name])[some].max(initial=0.0) <= SAMPLES, name
    assert one.outcomes == other.outcomes
    if not mirror:
        assert one.findings == other.findings
    assert [(code, target) for code, target, _ in one.sizes] == [(code, target) for code, target, _ in other.sizes]
    assert [size for *_, size in one.sizes] == pytest.approx([size for *_, size in other.sizes], abs=0.011)


@cache
def house(name):
    venue = load(FILES[name])
    return venue, build(venue)


@cache
def said(name):
    venue, scene = house(name)
    return Said(scene, venue.rules)


@pytest.mark.parametrize("name", FILES)
def test_a_house_that_is_turned_and_500_km_away_is_the_same_house(name):
    venue, scene = house(name)
    for at, turn in MOVES[2:] if len(scene.seats) > 300 else MOVES:
        same(said(name), Said(carried(scene, at, turn), venue.rules))


@pytest.mark.parametrize("name", FILES)
def test_a_house_in_the_mirror_is_the_same_house(name):
    venue, scene = house(name)
    same(said(name), Said(twin(scene), venue.rules), mirror=True)


# the same as venue files, which keep within 10 km


def metres(size):
    return repr(float(size))


def feet(size):
    return f"'{size / 0.3048:.10f} ft'"


def inches(size):
    return f"'{size / 0.0254:.10f} in'"


def hall(seed, at=(0.0, 0.0), turn=0.0, size=metres, units="m"):
    """A hall drawn by lot, as a venue file: two raked blocks, a flat one, columns, a truss, a balcony, a screen."""
    rng = np.random.default_rng(seed)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))

    def place(x, y):
        return f"[{size(at[0] + c * x - s * y)}, {size(at[1] + s * x + c * y)}]"

    def put(x, y, own=0.0):
        return f"at: {place(x, y)}, turn: {turn + own}"

    rows, seats, pitch = int(rng.integers(4, 8)), int(rng.integers(6, 11)), rng.uniform(0.85, 1.1)
    columns = ", ".join(
        f"{{id: K{k}, at: [{size(rng.uniform(-9, 9))}, {size(rng.uniform(-2, 4))}], diameter: {size(rng.uniform(0.3, 0.8))}}}"
        for k in range(3)
    )
    angle, stage = rng.uniform(20, 35), rng.uniform(0.6, 1.3)
    lines = [
        f"{{id: hall, type: room, size: [{size(30)}, {size(30)}], {put(0, -5)}, height: {size(9)}, columns: [{columns}]}}",
        f"{{id: stage, type: stage, deck: null, size: [{size(10)}, {size(5)}], {put(0, 0)}, height: {size(stage)}}}",
        f"{{id: host, type: presenter, on: stage, at: [{size(rng.uniform(-2, 2))}, {size(1.5)}]}}",
        f"{{id: edge, type: target, on: stage, points: [[0, 0, {size(0.9)}]]}}",
        f"{{id: led, type: screen, image: [{size(5)}, {size(2.8)}], {put(0, 4).replace(']', f', {size(stage + 1.6)}]')}}}",
        f"{{id: bar, type: truss, item: truss.prolyte.h30v, from: {place(-6, -1)}, to: {place(6, -1)}, trim: {size(rng.uniform(3.2, 5))}}}",
        f"{{id: A, type: seating, rows: {rows}, seats: [{seats}, {seats}], pitch: {size(pitch)}, {put(0, -4)}}}",
        f"{{id: L, type: seating, rows: {rows}, seats: {seats}, pitch: {size(pitch)}, riser: {size(rng.uniform(0.1, 0.3))}, "
        f"stagger: true, {put(-9, -4, -angle)}}}",
        f"{{id: R, type: seating, rows: {rows}, seats: {seats}, curve: {size(12)}, "
        f"rake: {{c: {size(0.07)}, focus: host}}, {put(9, -4, angle)}}}",
        f"{{id: loft, type: balcony, size: [{size(24)}, {size(4)}], level: {size(4.2)}, {put(0, -14)}}}",
        f"{{id: B, type: seating, on: loft, at: [0, {size(-0.8)}], rows: 2, seats: {seats}, riser: {size(0.3)}, width: {size(0.6)}}}",
    ]
    return "\n".join(["schema: 1", "name: Drawn by lot", f"units: {units}", "elements:", *(f"  - {x}" for x in lines)])


@cache
def drawn(seed):
    found = Said(build(loads(hall(seed))))
    assert sum(found.findings.values()) > 2  # something is said of it
    assert min(share.min() for share in found.shares.values()) < 0.5
    return found


@pytest.mark.parametrize("seed", range(4))
# less than a quarter turn: a truss is laced from its left end
@pytest.mark.parametrize(("at", "turn"), [((0.0, 0.0), 61.0), ((5_000.0, -8_000.0), -75.0)])
def test_a_file_that_puts_the_same_hall_elsewhere_says_the_same(seed, at, turn):
    same(drawn(seed), Said(build(loads(hall(seed, at, turn)))))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [feet, inches])
def test_a_file_in_feet_or_inches_says_the_same_as_one_in_metres(seed, size):
    same(drawn(seed), Said(build(loads(hall(seed, size=size, units="ft")))))


@pytest.mark.parametrize("seed", range(4))
def test_a_hall_drawn_by_lot_is_the_same_in_the_mirror(seed):
    same(drawn(seed), Said(twin(build(loads(hall(seed))))), mirror=True)
