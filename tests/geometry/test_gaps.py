"""What solids have in common, and the plans they throw."""

import numpy as np
import pytest

from stagecraft.geometry import gaps, shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.geometry.outline import outline
from stagecraft.geometry.solid import Solid, joined

RING = outline([(-3, -3), (3, -3), (3, 3), (-3, 3)], [[(-2, -2), (2, -2), (2, 2), (-2, 2)]])


def test_pieces_that_overlap_within_one_solid_count_once():
    cross = joined([shapes.box(3, 1, 1), shapes.box(1, 3, 1)])
    assert cross.volume == pytest.approx(6)
    assert gaps.manifold(cross).volume() == pytest.approx(5)


def test_an_open_solid_is_none():
    box = shapes.box(1, 1, 1)
    assert gaps.manifold(Solid(box.vertices, box.faces[1:], box.surface[1:], box.surfaces)) is None


def test_copies_and_one_placed_have_the_volume_of_their_parts():
    one = gaps.manifold(shapes.cylinder(0.5, 0, 2, sides=12))
    many = gaps.copies(one, frames(np.array([[0, 0, 0], [2, 0, 0], [4, 0, 1]]), 30.0))
    assert many.volume() == pytest.approx(3 * one.volume())
    assert gaps.placed(one, frame((5, 6, 7), 20.0)).bounding_box()[2] == pytest.approx(7)


def test_common_room_is_exact_and_touching_is_none():
    a, b = (gaps.manifold(shapes.box(1, 1, 1, at)) for at in ((0, 0, 0), (0.75, 0, 0.5)))
    piece = gaps.common(a, b)
    assert piece.volume == pytest.approx(0.25 * 1 * 0.5)
    assert piece.low == pytest.approx([0.25, -0.5, 0.5])
    assert piece.high == pytest.approx([0.5, 0.5, 1.0])
    assert gaps.common(a, gaps.manifold(shapes.box(1, 1, 1, (1, 0, 0)))) is None


def test_the_plan_of_walls_has_a_hole_and_what_stands_in_it():
    room = joined([shapes.prism(RING, 0, 3), shapes.box(1, 1, 1)])
    assert gaps.shadow(gaps.manifold(room)).area == pytest.approx(36 - 16 + 1)
