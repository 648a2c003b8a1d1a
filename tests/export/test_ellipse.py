"""A circle seen obliquely: an ellipse in every file, not a polyline of many chords."""

from __future__ import annotations

import io
import math

import ezdxf
import numpy as np
import pytest

from stagecraft.drawing._paper import scaled
from stagecraft.drawing._views import extent
from stagecraft.drawing.marks import Drawing, Ellipse, Style
from stagecraft.export import _plot
from stagecraft.export.dxf import write_dxf
from stagecraft.export.svg import write_svg

MAJOR, RATIO = (math.sqrt(3) * 500.0, 500.0), 0.25
"""Half-axes 1000 and 250, the longer one turned by 30°."""


def ellipse(start: float = 0.0, end: float = math.tau) -> Ellipse:
    return Ellipse(Style("truss"), (2000.0, 100.0), MAJOR, RATIO, start, end)


def drawn(mark: Ellipse) -> Drawing:
    return Drawing("one", (mark,), extent=extent([mark], {}, 50.0), scale=50.0)


def on_it(points: np.ndarray) -> np.ndarray:
    """1 for what lies on the ellipse."""
    turn = np.array([[math.cos(math.pi / 6), -math.sin(math.pi / 6)], [math.sin(math.pi / 6), math.cos(math.pi / 6)]])
    u, v = ((points - (2000.0, 100.0)) @ turn).T
    return np.asarray((u / 1000) ** 2 + (v / 250) ** 2)


@pytest.mark.parametrize(("start", "end"), [(0.0, math.tau), (0.5, 2.0), (5.0, 7.5)])
def test_the_dxf_has_one_ellipse_with_its_axes_and_its_ends(tmp_path, start, end):
    path = tmp_path / "one.dxf"
    mark = ellipse(start, end)
    write_dxf(drawn(mark), path)
    doc = ezdxf.readfile(path)
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    (found,) = doc.modelspace().query("ELLIPSE")
    assert found.dxf.layer == "R-TRUSS"
    assert tuple(found.dxf.major_axis) == pytest.approx((*MAJOR, 0.0))
    assert found.dxf.ratio == RATIO
    assert found.dxf.center.z == 0
    assert tuple(found.start_point)[:2] == pytest.approx(mark.at(start))
    assert tuple(found.end_point)[:2] == pytest.approx(mark.at(end))


def test_its_chords_on_paper_lie_on_it_and_stray_by_less_than_a_hundredth_of_a_millimetre():
    points = np.array(_plot.oval(ellipse(), _plot.FLAT * 50))
    assert on_it(points) == pytest.approx(1)
    assert points[-1] == pytest.approx(points[0])
    middles = (points[1:] + points[:-1]) / 2
    assert on_it(middles).min() > (1 - _plot.FLAT * 50 / 250) ** 2


def test_it_takes_the_room_that_it_covers():
    (left, low), (right, high) = extent([ellipse()], {}, 50.0)
    wide, tall = math.hypot(MAJOR[0], 0.25 * MAJOR[1]), math.hypot(MAJOR[1], 0.25 * MAJOR[0])
    assert (right - left, high - low) == pytest.approx((2 * wide, 2 * tall), rel=2e-3)


def test_it_is_made_larger_and_moved_like_any_other_mark():
    mark = ellipse(0.3, 1.2)
    x, y = mark.at(1.0)
    assert scaled(mark, 0.02, (10.0, 20.0)).at(1.0) == pytest.approx((x * 0.02 + 10, y * 0.02 + 20))


def test_an_svg_has_it_as_one_line():
    out = io.BytesIO()
    write_svg(drawn(ellipse()), out)
    plain = io.BytesIO()
    write_svg(drawn(ellipse(0.0, 1e-3)), plain)
    assert len(out.getvalue()) > len(plain.getvalue()) + 200
