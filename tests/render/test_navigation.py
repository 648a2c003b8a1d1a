"""Moving about: what is held stays where it is, and the next seat is the next seat."""

import numpy as np
import pytest

from stagecraft.render import camera, navigation
from stagecraft.render.description import Camera

SIZE = (320, 180)
VIEW = Camera((3.0, -9.0, 4.0), (0.0, 1.0, 1.0), 50.0)
POINT = (0.5, 0.2, 0.8)


def test_an_orbit_keeps_its_distance_and_its_point_in_the_picture():
    turned = navigation.orbit(VIEW, 30, 10, POINT)
    before, after = (camera.project(v, SIZE, POINT) for v in (VIEW, turned))
    np.testing.assert_allclose(before[0], after[0], atol=1e-6)
    assert before[1] == pytest.approx(after[1])
    right = camera.axes(turned)[0]
    assert right[2] == pytest.approx(0, abs=1e-12)  # the horizon stays level


def test_an_orbit_stops_before_the_poles():
    over = VIEW
    for _ in range(50):
        over = navigation.orbit(over, 0, 20, (0, 0, 0))
    assert camera.axes(over)[2, 2] == pytest.approx(-np.sin(np.radians(88)), abs=1e-6)


def test_turning_the_head_leaves_the_eye_where_it_is():
    turned = navigation.looked(VIEW, 25, -5)
    assert turned.eye == pytest.approx(VIEW.eye)
    assert np.degrees(np.arccos(camera.axes(turned)[2] @ camera.axes(VIEW)[2])) > 20


def test_what_is_under_the_pointer_follows_it():
    depth = camera.project(VIEW, SIZE, POINT)[1]
    moved = navigation.pan(VIEW, 12, -7, SIZE, float(depth))
    before, after = (camera.project(v, SIZE, POINT)[0] for v in (VIEW, moved))
    np.testing.assert_allclose(after - before, [12, 7], atol=1e-6)


@pytest.mark.parametrize("view", [VIEW, Camera((1, 2, 20), (1, 2, 0), up=(0, 1, 0), ortho=12.0)])
def test_zoom_leaves_the_point_where_it_was_in_the_picture(view):
    nearer = navigation.zoom(view, 0.5, POINT)
    before, after = (camera.project(v, SIZE, POINT)[0] for v in (view, nearer))
    np.testing.assert_allclose(before, after, atol=1e-6)
    aside = np.add(POINT, camera.axes(view)[0] * 0.1)
    wider = camera.project(nearer, SIZE, aside)[0][0] - after[0]
    assert wider == pytest.approx(2 * (camera.project(view, SIZE, aside)[0][0] - before[0]), rel=1e-6)


def test_zoom_never_passes_through_what_it_goes_to():
    near = VIEW
    for _ in range(200):
        near = navigation.zoom(near, 0.8, POINT)
    assert 0.15 <= np.linalg.norm(np.subtract(near.eye, POINT)) < 0.25


def test_the_pointer_finds_the_chair_it_is_on(scene):
    seats = scene.seats
    view = Camera((0, -12, 6), (0, -4, 0.5), 60.0)
    for index in range(len(seats)):
        (x, y), _ = camera.project(view, SIZE, seats.at[index] + [0, 0, 0.55])
        assert navigation.seat_under(seats, view, SIZE, float(x), float(y)) == index
    assert navigation.seat_under(seats, view, SIZE, 2, 2) == -1


def test_a_wall_in_front_hides_the_chair_from_the_pointer(scene):
    view = Camera((0, -12, 6), (0, -4, 0.5), 60.0)
    (x, y), _ = camera.project(view, SIZE, scene.seats.at[0] + [0, 0, 0.55])
    assert navigation.seat_under(scene.seats, view, SIZE, float(x), float(y), reach=2.0) == -1


@pytest.mark.parametrize(
    ("seat", "way", "there"),
    [("L A1", "right", "L A2"), ("L A2", "right", "R A1"), ("L B1", "ahead", "L A1"), ("L B2", "behind", "L C2"),
     ("L A1", "ahead", "L A1"), ("R C2", "right", "R C2"), ("R B1", "left", "L B2")],
)  # fmt: skip
def test_the_next_seat(scene, seat, way, there):
    index = navigation.neighbour(scene.seats, camera.find_seat(scene, seat), way)
    assert camera.seat_label(scene.seats, index) == there
