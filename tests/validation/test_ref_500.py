"""REF-500 of the rules note, built from its venue file: the table's sightline figures."""

from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.views import labels, views
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.geometry.sightline import flat_focus_height
from stagecraft.venue.load import load

EXAMPLES = Path(__file__).resolve().parents[2] / "assets" / "examples"


@pytest.fixture(scope="module")
def house():
    return build(load(EXAMPLES / "ref-500" / "venue.yaml"))


@pytest.fixture(scope="module")
def seen(house):
    return views(house)


def test_504_seats_before_obstacles(house):
    assert len(house.laid_out) == 504


def test_c_to_the_chest_at_the_last_row_is_49_4_mm(house, seen):
    last = house.seats.key == 18
    assert 1000 * seen.targets["ref_chest"].c[last] == pytest.approx(np.full(28, 49.35), abs=0.05)


def test_the_stage_edge_is_hidden_by_the_next_row_and_far_more_by_the_first(house, seen):
    view, last = seen.targets["ref_edge"], house.seats.key == 18
    assert 1000 * view.next_c[last] == pytest.approx(np.full(28, -14.81), abs=0.05)
    worst = last & np.isclose(view.c, view.c[last].min())
    assert 1000 * view.c[worst] == pytest.approx(np.full(worst.sum(), -251.7), abs=0.05)
    assert set(labels(house.laid_out, view.over[worst])) == {"A"}


def test_the_screen_bottom_that_the_table_asks_for():
    assert flat_focus_height(1.20, 0.06, 19.25, 0.95) == pytest.approx(2.416, abs=5e-4)
    assert flat_focus_height(1.20, 0.12, 19.25, 0.95, every=2) == pytest.approx(2.416, abs=5e-4)
    assert flat_focus_height(1.20, 0.12, 19.25, 0.95) == pytest.approx(3.632, abs=5e-4)


def test_the_report_finds_both_and_nothing_else_that_is_grave(house, seen):
    report = check(house, views=seen)
    assert report.failed
    assert {(f.code, f.target) for f in report.findings if f.severity == "error"} == {
        ("SL01", "ref_chest"),
        ("SL01", "ref_edge"),
    }


@pytest.mark.parametrize(
    ("name", "setups"),
    [
        ("keynote-500", [None]),
        ("ballroom", ["theatre", "classroom", "cabaret", "banquet", "reception"]),
        ("minimal", [None]),
        ("lecture-raked", [None]),
    ],
)
def test_good_layouts_are_quiet(name, setups):
    venue = load(EXAMPLES / name / "venue.yaml")
    for setup in setups:
        accepted = [waiver.model_dump() for waiver in venue.accept]
        report = check(build(venue, setup), venue.rules, accept=accepted)
        assert [f.message for f in report.findings if f.severity != "note"] == []
