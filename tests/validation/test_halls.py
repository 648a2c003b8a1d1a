"""The halls that sightlines are timed in hold what is said of them."""

import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from stagecraft.build import build
from stagecraft.scene import Target
from stagecraft.venue.load import loads

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from halls import HALLS


@pytest.mark.parametrize("name", [name for name, (seats, _) in HALLS.items() if seats < 50_000])
def test_a_hall_has_all_its_seats_and_none_in_the_way_of_another(name):
    seats, text = HALLS[name]
    scene = build(loads(text()))
    assert len(scene.laid_out) == len(scene.seats) == seats
    eyes = scene.seats.eyes
    points = shapely.points(eyes[:, :2])
    a, b = shapely.STRtree(points).query(points, "dwithin", 0.7)
    apart = np.linalg.norm(eyes[a] - eyes[b], axis=1)[a != b]
    assert 0.45 < apart.min() < 0.7


@pytest.mark.parametrize("name", ["study-side", "study-centre"])
def test_the_plane_of_the_study_is_10_by_1_m_one_metre_above_the_stage(name):
    scene = build(loads(HALLS[name][1]()))
    planes = [t.points for t in scene.of(Target) if t.role == "focus"]
    assert len(planes) == (1 if name == "study-side" else 2)
    for points in planes:
        assert np.linalg.norm(points[1] - points[0]) == pytest.approx(10)
        assert np.linalg.norm(points[3] - points[0]) == pytest.approx(1)
        assert points[:, 2].min() == pytest.approx(1.2 + 1.0)
    assert scene.stature.eye == 1.15
    assert scene.stature.head_breadth == scene.stature.head_length == 0.24
    assert scene.stature.shoulder_breadth == 0.60
