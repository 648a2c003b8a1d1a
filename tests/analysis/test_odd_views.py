"""Odd scenes: each gets a clear word, none passes in silence."""

from __future__ import annotations

import numpy as np
import pytest

from stagecraft.analysis.visible import visible
from tests.analysis._house import row, scene
from tests.analysis.test_visible import block, led


def test_what_a_ray_meets_behind_the_targets_own_frame_counts_for_that_ray_only():
    """A deep frame of the screen's own stands before its left third, a pillar before its right third."""
    seat = row(1, [(0, -10)])
    frame = block("led", (-5, -1, 0), (-5 / 3, -0.9, 8))
    pillar = block("pillar", (5 / 3, -1, 0), (5, -0.9, 8))
    view = visible(scene(seat, *led(), frame, pillar), apart=0.0)
    seen = view.targets["led"]
    edge = 5 / 3 * 10 / 9  # the pillar's inner edge, carried on to the screen
    assert seen.share == pytest.approx([(5 + edge) / 10], abs=2e-3)
    assert view.causes[int(seen.cause[0, 0])].element == "pillar"
    assert np.count_nonzero(seen.cause[0] >= 0) == 1
