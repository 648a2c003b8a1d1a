"""SL09: wheelchair users behind people who stand."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.geometry import frame as frames
from stagecraft.geometry.outline import outline
from stagecraft.geometry.sightline import eye_over_head
from stagecraft.scene import About, Space, Stature, moved
from stagecraft.venue.document import Venue
from tests.analysis._house import row, scene, target

HEAD = replace(Stature(), standing_eye=1.68, head=0.12)
"""A standing head is 1.80 m high."""


def front(y=-10.0, **more):
    """One row that stands."""
    x = np.array([-0.5, 0.0, 0.5])
    one = row(1, np.c_[x, np.full(3, y)], eye=1.68, width=0.5, element="stalls", **more)
    return replace(one, risen=np.ones(3, bool))


def wheelchair(y=-11.2, floor=0.0, x=0.0):
    return row(1, [(x, y)], floor=floor, eye=1.15, width=0.9, element="places", place="wheelchair")


def hall(*records, **about):
    return replace(scene(*records, target((0, 0, 0.9)), about=About("test", **about)), stature=HEAD)


def found(house):
    return [f for f in check(house).findings if f.code == "SL09"]


def outcome(house):
    return next(o for o in check(house).outcomes if o.code == "SL09")


def test_the_worked_example_asks_an_eye_at_1908_mm_and_a_platform_of_758_mm():
    """Head 1.80 m high, 10.0 m from a focus at 0.90 m; the wheelchair user's eye at 11.2 m."""
    eye = eye_over_head(0.9, 1.8, 10.0, 11.2)
    assert eye == pytest.approx(1.908, abs=1e-12)
    assert eye - 1.15 == pytest.approx(0.758, abs=1e-12)


def test_the_report_says_so():
    (one,) = found(hall(front(), wheelchair()))
    assert one.message == (
        "places, row A (1 wheelchair place), to focus: worst: the eye is 758 mm too low to see over who stands in front"
    )
    assert one.fix == "a platform 760 mm high under these places, or places in front of those who stand"
    assert (one.measured, one.required) == pytest.approx((1.15, 1.908))
    assert (one.kind, one.severity, one.verified) == ("guidance", "warning", False)
    assert "802.2.2" in one.source


def test_the_platform_that_is_offered_cures_it_and_10_mm_less_does_not():
    assert not found(hall(front(), wheelchair(floor=0.76)))
    assert found(hall(front(), wheelchair(floor=0.75)))


def test_the_first_row_in_front_counts_and_not_those_before_it():
    """Nearer to the focus a head is in the way of more; the demand is about the first row in front."""
    one, two = found(hall(front(), wheelchair())), found(hall(front(), front(-4.0), wheelchair()))
    assert [f.measured for f in one] == [f.measured for f in two]
    assert [f.required for f in one] == [f.required for f in two]


def test_nobody_stands_and_nothing_is_said():
    seated = replace(front(), risen=None)
    assert outcome(hall(seated, wheelchair())).verdict == "not checked"
    assert outcome(hall(seated, wheelchair())).note == "nobody stands"
    assert outcome(hall(front())).note == "no wheelchair places"
    blind = outcome(replace(scene(front(), wheelchair()), stature=HEAD))
    assert blind.note.startswith("nothing to be seen is named")


def test_a_clause_that_was_not_applied_needs_no_caveat():
    def caveats(house):
        return [note for note in check(house).notes if "HOUSE-WHEELCHAIR (" in note]

    assert not caveats(hall(wheelchair()))
    assert len(caveats(hall(front(), wheelchair()))) == 1


def test_who_looks_through_a_gangway_or_sits_in_front_sees():
    assert not found(hall(front(), wheelchair(x=3.0)))
    assert not found(hall(front(), wheelchair(y=-8.0)))
    assert not found(hall(front(status="kill"), wheelchair()))


def test_a_standing_area_in_front_counts_by_its_back_edge():
    area = Space("pit", outline([(-3, -10), (3, -10), (3, -4), (-3, -4)]), 0.0, 2.0, "standing", 60)
    (one,) = found(hall(area, wheelchair()))
    assert one.required == pytest.approx(1.908)
    assert not found(hall(area, wheelchair(y=-3.0)))


def test_feet_and_metres_find_the_same():
    (feet,), (metres,) = found(hall(front(), wheelchair(), units="ft")), found(hall(front(), wheelchair()))
    assert (feet.measured, feet.required) == (metres.measured, metres.required)
    assert "2'-6\" high" in feet.fix


@pytest.mark.parametrize("turn", [0.0, 37.0, 180.0])
def test_turning_and_shifting_changes_no_verdict(turn):
    matrix = frames.frame((500_000.0, -200_000.0, 12.0), turn)
    house = hall(front(), wheelchair())
    there = replace(house, records=tuple(moved(record, matrix) for record in house.records))
    (one,), (two,) = found(house), found(there)
    assert two.required - two.measured == pytest.approx(one.required - one.measured, abs=1e-6)


def test_an_ovation_in_a_seated_house():
    elements = [
        {"id": "stage", "type": "stage", "size": [8, 4], "height": 0.9, "at": [0, 2]},
        {"id": "who", "type": "presenter", "on": "stage"},
        {"id": "A", "type": "seating", "rows": 6, "seats": 10, "front": [0, -4]},
        {"id": "W", "type": "seating", "rows": 1, "seats": 4, "front": [0, -11], "pattern": ["wheelchair", "companion"]},
    ]  # fmt: skip
    venue = Venue.model_validate(
        {"name": "T", "elements": elements, "cues": {"ovation": {"people": {"audience": "standing"}}}}
    )
    assert not found(build(venue))
    assert [f.elements[0] for f in found(build(venue, cue="ovation"))] == ["W"]
