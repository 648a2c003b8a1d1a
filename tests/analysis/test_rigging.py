"""Trusses: what they are made of, and what is known of the mass below them."""

import numpy as np
import pytest

from stagecraft.analysis.rigging import trusses
from stagecraft.build import build
from stagecraft.catalogue import load
from stagecraft.venue.load import loads

ITEMS = load()
HALL = """
schema: 1
name: Hall
elements:
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-7, 2], to: [7, 2], trim: 6, picks: [3, -6, 6], towers: [-6.5]}
  - {id: led, type: led_wall, panel: led.roe.bp2v2, columns: 8, rows: 4, support: led.roe.bp.header1, hung: T1}
  - {id: side, type: screen, name: Side screen, image: [2, 1], hung: T1, at: [5]}
  - {id: spot, type: lamp, item: lx.martin.mac-aura, hung: T1, at: [0, -0.4], count: 5, spacing: 2, aim: [0, 0, 0]}
  - {id: ground, type: item, item: snd.lacoustics.ks28, at: [8, 0]}
"""


def test_a_truss_weighs_its_length_times_the_makers_figure_per_metre():
    (truss,) = trusses(build(loads(HALL)))
    assert truss.pieces == ((4.0, 3), (2.0, 1))
    assert (truss.length, truss.trim, truss.make) == (14.0, 6.0, "Prolyte H30V square")
    assert truss.mass == pytest.approx(14 * ITEMS["truss.prolyte.h30v"].mass_per_metre)
    assert [place.tolist() for place in truss.ends] == [[-7, 2], [7, 2]]
    assert truss.places.tolist() == [3, -6, 6]
    assert [place.tolist() for place in truss.towers] == [[-6.5, 2]]


def test_what_hangs_is_weighed_as_far_as_the_catalogue_knows_and_the_rest_is_counted():
    (truss,) = trusses(build(loads(HALL)))
    counts = {one.item or one.name: one.count for one in truss.hung}
    assert counts == {"led.roe.bp2v2": 32, "led.roe.bp.header1": 8, "lx.martin.mac-aura": 5, "Side screen": 1}
    known = sum(ITEMS[code].mass * count for code, count in counts.items() if code in ITEMS)
    assert truss.known == pytest.approx(known)
    assert truss.unknown == 1


def test_hoists_at_the_points_are_not_among_what_hangs():
    text = HALL.replace("picks: [3, -6, 6]", "picks: [{at: 3, hoist: hoist.chainmaster.d8plus.500}]")
    assert trusses(build(loads(text)))[0].known == trusses(build(loads(HALL)))[0].known


def test_a_twin_hangs_from_the_twin_of_its_truss():
    text = """
schema: 1
name: Hall
elements:
  - {id: S, type: truss, from: [6, -4], to: [6, 4], trim: 5, mirror: true}
  - {id: lamp, type: lamp, item: lx.martin.mac-aura, hung: S, count: 3, spacing: 1, aim: [0, 0, 0], mirror: true}
"""
    riders = {truss.element: truss.riders for truss in trusses(build(loads(text)))}
    assert riders == {"S": ("lamp",), "S_mirror": ("lamp_mirror",)}


def test_without_a_truss_there_is_nothing():
    scene = build(loads("schema: 1\nname: Hall\nelements: [{id: s, type: stage, size: [4, 3], height: 0.5}]\n"))
    assert trusses(scene) == ()
    assert np.isfinite(scene.bounds).all()


def test_twins_are_looked_along_the_same_way():
    """A truss and its twin run upstage, their points are counted from the same end; across the room to stage left."""
    text = """
schema: 1
name: Hall
elements:
  - {id: S, type: truss, from: [6, -4], to: [6, 4], trim: 5, picks: [-3, 1], mirror: true}
  - {id: X, type: truss, from: [2, 5], to: [8, 5], trim: 5, picks: [-2, 1], mirror: true}
"""
    found = {truss.element: truss for truss in trusses(build(loads(text)))}
    assert {name: truss.along.round(9).tolist() for name, truss in found.items()} == {
        "S": [0, 1], "S_mirror": [0, 1], "X": [1, 0], "X_mirror": [1, 0],
    }  # fmt: skip
    assert found["S"].places.tolist() == pytest.approx(found["S_mirror"].places.tolist())
    assert found["X"].places.tolist() == pytest.approx((-found["X_mirror"].places).tolist())
    assert found["X_mirror"].ends[0].tolist() == pytest.approx([-8, 5])
