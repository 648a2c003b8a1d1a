"""Flown pieces on their way between cues: the room they take by closed form, and what they meet."""

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.analysis.sweeps import crossings, swept
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.scene import Origin, Part
from stagecraft.session import Session
from tests.analysis._house import scene

HALL = "{id: hall, type: room, x: [-12, 12], y: [-20, 8], height: 12}"
T1 = "{id: T1, type: truss, item: truss.prolyte.h30v, from: [-5, 2], to: [5, 2], trim: 8}"
FLAT = "{id: flat, type: scenery, hung: T1, size: [6, 0.1, 2]}"
DOWN = "cues: {Q1: {set: {T1: {trim: 3}}}}"


def flown(z, x=0.0, size=(2.0, 0.1, 1.0), element="cloth"):
    return Part(element, shapes.box(*size), frame((x, 0, z))[None], blocks="rigging")


def session(*elements, more=DOWN):
    lines = "\n".join(f"  - {one}" for one in elements)
    return Session(sc.loads(f"schema: 1\nname: Test\nelements:\n{lines}\n{more}\n"))


def crossed(*elements, more=DOWN):
    report = session(*elements, more=more).report
    return [one for one in report.findings if one.code == "CL12"]


def outcome(*elements, more=DOWN):
    return next(one for one in session(*elements, more=more).report.outcomes if one.code == "CL12")


def test_a_box_let_down_sweeps_its_plan_times_its_height_and_way():
    (sweep,) = swept(scene(flown(6.0)), scene(flown(2.0)))
    assert sweep.hull.volume() == pytest.approx(2.0 * 0.1 * (1.0 + 4.0))
    assert (sweep.start[2], sweep.end[2]) == (6.0, 2.0)


def test_a_box_that_moves_aslant_sweeps_the_hull_of_both_its_places():
    """A sheared box: its side view has the area of the box, and of the way times what it shows to it."""
    (sweep,) = swept(scene(flown(6.0)), scene(flown(3.0, x=4.0)))
    assert sweep.hull.volume() == pytest.approx(0.1 * (2.0 * 1.0 + 2.0 * 3.0 + 1.0 * 4.0))


def test_what_hangs_still_or_is_exchanged_sweeps_nothing():
    assert not swept(scene(flown(6.0)), scene(flown(6.0)))
    assert not swept(scene(flown(6.0)), scene(flown(2.0, size=(3.0, 0.1, 1.0))))
    assert not swept(scene(flown(6.0)), scene(flown(2.0, element="other")))
    assert not swept(
        scene(Part("case", shapes.box(1, 1, 1))), scene(Part("case", shapes.box(1, 1, 1), frame((3, 0, 0))[None]))
    )


def test_only_the_copies_that_move_are_swept():
    before = Part("bars", shapes.box(1, 1, 1), frames(np.array([[0, 0, 6.0], [3, 0, 6]])), blocks="rigging")
    after = Part("bars", shapes.box(1, 1, 1), frames(np.array([[0, 0, 6.0], [3, 0, 2]])), blocks="rigging")
    (sweep,) = swept(scene(before), scene(after))
    assert sweep.low[0] == pytest.approx(2.5)


@pytest.mark.parametrize(("x", "count"), [(0.0, 1), (1.5, 0)])
def test_what_stands_on_the_way_is_met_though_it_touches_neither_end(x, count):
    post = Part("post", shapes.box(1, 1, 1, (x, 0, 4)))
    after = scene(flown(1.0), post)
    met = list(crossings(after, swept(scene(flown(7.0), post), after)))
    assert len(met) == count
    for one in met:
        assert one.piece.volume == pytest.approx(1 * 0.1 * 1)


def test_what_moves_with_it_is_not_met():
    lamp = Part("lamp", shapes.box(0.2, 0.2, 0.5), frame((0, 0, 5.5))[None])
    low = Part("lamp", shapes.box(0.2, 0.2, 0.5), frame((0, 0, 1.5))[None])
    hung = {"lamp": Origin("thing", np.eye(4), "cloth", True)}
    after = scene(flown(2.0), low, elements=hung)
    sweeps = swept(scene(flown(6.0), lamp, elements=hung), after)
    assert {(sweep.part.element, sweep.root) for sweep in sweeps} == {("cloth", "cloth"), ("lamp", "cloth")}
    assert not list(crossings(after, sweeps))


def test_a_truss_that_comes_down_on_another_is_an_error_with_both_cues():
    T2 = "{id: T2, type: truss, item: truss.prolyte.h30v, from: [-8, 1.9], to: [8, 1.9], trim: 5}"
    (one,) = crossed(HALL, T1, FLAT, T2)
    assert one.severity == "error"
    assert one.message.startswith(
        "T1 on its way from 8.00 m to 3.00 m, the set-up as it stands to cue Q1, runs into T2"
    )
    assert one.elements[0] == "T1"
    assert "T2" in one.elements
    assert 5.0 < one.at[2] < 5.3


def test_a_free_way_is_a_pass_that_says_how_many_moves_were_looked_at():
    one = outcome(HALL, T1, FLAT)
    assert (one.verdict, one.measured) == ("pass", "1 move between cues, nothing in the way")


def test_cues_that_move_nothing_and_set_ups_without_cues_are_not_checked():
    still = "cues: {Q1: {set: {flat: {colour: '#ff0000'}}}}"
    assert outcome(HALL, T1, FLAT, more=still).verdict == "not checked"
    assert outcome(HALL, T1, FLAT, more="").verdict == "not checked"


def test_a_cue_of_another_set_up_moves_nothing_here():
    more = "setups: {day: {}, dinner: {}}\ncues: {Q1: {setup: dinner, set: {T1: {trim: 3}}}}"
    assert outcome(HALL, T1, FLAT, more=more).note == "no cues to move between"
