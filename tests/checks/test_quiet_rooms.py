"""Ordinary rooms, laid out as a good designer would, give no finding about a view; what spoils one is found in each."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.geometry import shapes
from stagecraft.scene import Origin, Part, Target
from stagecraft.venue.load import load

DATA = Path(__file__).resolve().parents[1] / "data"
ROOMS = sorted(path.stem for path in (DATA / "rooms").glob("*.yaml"))
SEATS = {"arena": 5000, "cabaret": 140, "chevron": 576, "cinema": 198, "classroom": 36, "lecture": 180, "round": 448,
         "amphitheatre": 388, "freeform": 274, "telescopic": 180, "theatre": 376, "thrust": 336, "townhall": 384}  # fmt: skip


@cache
def built(name):
    venue = load(DATA / "rooms" / f"{name}.yaml")
    return venue, build(venue)


@cache
def report(name):
    venue, scene = built(name)
    return check(scene, venue.rules, views=views(scene))


def about_views(found):
    return [f"{one.code} {one.message}" for one in found.findings if one.code.startswith("SL")]


def test_there_are_the_rooms_that_are_listed():
    assert sorted(SEATS) == ROOMS


@pytest.mark.parametrize("name", ROOMS)
def test_an_ordinary_room_is_quiet(name):
    found = report(name)
    assert about_views(found) == []
    assert [one.message for one in found.findings if one.severity != "note"] == []


@pytest.mark.parametrize("name", ROOMS)
def test_it_is_quiet_because_it_was_looked_at(name):
    """No seat was lost on the way, and every rule that has something to look at says pass."""
    _, scene = built(name)
    assert (len(scene.laid_out), len(scene.seats)) == (SEATS[name], SEATS[name])
    roles = {target.role for target in scene.of(Target)}
    looked = {one.code: one.verdict for one in report(name).outcomes}
    assert looked["SL02"] == "pass"
    if (scene.seats.place != "table").any():
        assert looked["SL01"] == "pass"
    for code, role in (
        ("SL03", "person"),
        ("SL04", "screen"),
        ("SL05", "screen"),
        ("SL06", "screen"),
        ("SL08", "sign"),
    ):
        assert looked[code] == ("pass" if role in roles else "not checked"), code


@pytest.mark.parametrize("name", ROOMS)
def test_a_pillar_before_a_seat_is_found_there(name):
    """2 m of pillar stand 1.5 m before the seat nearest to the middle of the house, towards the first thing to see."""
    venue, scene = built(name)
    seats = scene.seats
    k = int(np.argmin(np.hypot(*(seats.at - seats.at.mean(axis=0))[:, :2].T)))
    target = next(t for t in scene.of(Target) if t.role in ("person", "screen") and t.element not in venue.feeds)
    way = (target.points.mean(axis=0) - seats.eyes[k])[:2]
    x, y = seats.eyes[k, :2] + 1.5 * way / np.hypot(*way)
    pillar = Part("pillar", shapes.cylinder(1.0, 0, 12, (float(x), float(y))), system="column", blocks="architecture",
                  movable=False)  # fmt: skip
    elements = {**scene.elements, "pillar": Origin("thing", np.eye(4))}
    spoilt = replace(scene, records=(*scene.records, pillar), elements=elements)
    found = [one for one in check(spoilt, venue.rules).findings if one.code == "SL02"]
    assert any("pillar" in one.elements and str(seats.element[k]) in one.elements for one in found)
