"""Places along a row."""

import numpy as np
import pytest

from stagecraft.geometry.rows import counted, lattice, overridden, with_wider


@pytest.mark.parametrize("shift", [0.0, 0.25])
@pytest.mark.parametrize("widths", [[0.5], [0.9, 0.5, 0.5]])
def test_a_filled_row_keeps_every_place_when_it_grows(widths, shift):
    small, large = lattice(-3.3, 2.1, widths, shift), lattice(-7.0, 9.4, widths, shift)
    where = {slot: (s, w, p) for slot, s, w, p in zip(large.slot, large.s, large.width, large.pattern)}
    assert len(small.s) > 5
    for slot, s, w, p in zip(small.slot, small.s, small.width, small.pattern):
        assert where[slot] == pytest.approx((s, w, p))
    assert 0 not in large.slot
    edges = np.c_[large.s - large.width / 2, large.s + large.width / 2]
    assert edges[1:, 0] == pytest.approx(edges[:-1, 1])
    assert edges[0, 0] >= -7.0
    assert edges[-1, 1] <= 9.4
    assert edges[0, 0] - min(widths) < -7.0 + max(widths)


@pytest.mark.parametrize("length", [0.0, 0.49])
def test_nobody_sits_where_no_place_fits(length):
    assert len(lattice(0.0, length, [0.5]).s) == 0


def test_as_many_fit_as_a_pencil_says():
    assert len(lattice(-5.0, 5.0, [0.5]).s) == 20
    assert len(lattice(-5.0, 5.0, [0.5], shift=0.25).s) == 19


@pytest.mark.parametrize("count", range(2, 60))
def test_wider_chairs_never_reach_beyond_their_block(count):
    row = counted([count], [0.5], [])
    wider = with_wider(row, [count], [0.5, 0.52, 0.55], "centre")
    assert len(wider.s) == count - 1
    assert wider.s[0] - wider.width[0] / 2 >= -count * 0.25 - 1e-9
    assert wider.s[-1] + wider.width[-1] / 2 <= count * 0.25 + 1e-9
    assert wider.s[1:] - wider.width[1:] / 2 == pytest.approx(wider.s[:-1] + wider.width[:-1] / 2)
    if count > 10:  # ten chairs of 550 mm take in the 500 mm of the one that is not there
        assert wider.width.sum() == pytest.approx(count * 0.5)


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_a_pattern_goes_on_where_a_row_grows(align):
    widths = [0.9, 0.5]
    row = counted([4], widths, [], align=align)
    grown = overridden(row, [4], [8], widths, align)
    assert grown.width == pytest.approx(np.array(widths)[grown.pattern])
    assert set(row.slot.tolist()) < set(grown.slot.tolist())
    edges = np.c_[grown.s - grown.width / 2, grown.s + grown.width / 2]
    assert edges[1:, 0] == pytest.approx(edges[:-1, 1])
