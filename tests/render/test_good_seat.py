"""The seat a build takes its picture from."""

import numpy as np

from stagecraft.geometry import shapes
from stagecraft.publish import good_seat
from stagecraft.scene import About, Part, Scene, Target

from .conftest import row

ROWS = [row("L", name, key, [-1.0, -0.5, 0.0, 0.5, 1.0], -4.0 - key) for key, name in enumerate("ABCDE", 1)]
MIDDLE = Target("speaker", "chest", np.array([[0.0, 1.0, 2.0]]), role="person")


def test_without_a_person_it_is_a_seat_in_the_middle_two_fifths_back():
    assert good_seat(Scene(About("x"), {}, tuple(ROWS))) == "stalls/L3/5"


def test_nobody_and_nothing_stands_between_it_and_the_person():
    board = Part("board", shapes.box(1.5, 0.1, 3, (0.45, -2.0, 0)))
    chosen = good_seat(Scene(About("x"), {}, (*ROWS, MIDDLE, board)))
    assert chosen is not None
    assert chosen.rsplit("/", 1)[1] == "1"


def test_a_hall_without_chairs_has_none():
    assert good_seat(Scene(About("x"), {}, ())) is None
