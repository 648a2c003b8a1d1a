"""SL07 and SL08: lenses that something stands in front of, and seats that see no way out."""

import numpy as np
import pytest

from stagecraft.checks import check
from stagecraft.scene import Origin, Viewer
from tests.analysis._house import row, scene, target
from tests.analysis.test_visible import block, figure


def camera(eye=(0, -15, 2.0), aim=(0, 0, 1.8), angle=20.0, name="Camera 1", kind="camera"):
    return Viewer("cam", name, np.array(eye, float), np.array(aim, float), kind, angle)


def sign(x=0.0, y=0.0, z=2.3, size=0.2, element="exit1", to=-1):
    """A face twice as wide as high, that looks to −y or +y."""
    w = -to * size
    return target((x - w, y, z), (x + w, y, z), (x + w, y, z + size), (x - w, y, z + size), name=element, role="sign",
                  kind="surface", element=element)  # fmt: skip


def found(house, code):
    return [f for f in check(house).findings if f.code == code]


def outcome(house, code):
    return next(o for o in check(house).outcomes if o.code == code)


SEAT = row(1, [(6, -10)])


def test_a_camera_that_sees_all_of_its_presenter_is_left_in_peace():
    house = scene(SEAT, camera(), *figure())
    assert not found(house, "SL07")
    assert outcome(house, "SL07").verdict == "pass"


def test_what_stands_fixed_before_a_lens_is_found():
    """A wall up to the height at which the line to the presenter's waist passes hides half of the box 0.5 … 1.75 m."""
    waist = 1.0 + (0.5 + 1.75) / 2
    wall = block("flat", (-3, -7.51, 0), (3, -7.5, (2.0 + waist) / 2))
    (one,) = found(scene(SEAT, camera(), *figure(), wall), "SL07")
    assert one.measured == pytest.approx(0.5, abs=0.02)
    assert one.message.startswith("Camera 1 sees ")
    assert one.message.endswith("% of host past flat, asked 95 %")
    assert (one.severity, one.kind, one.group, one.required) == ("warning", "trade", "Camera 1", 0.95)
    assert one.elements == ("cam", "host")
    assert one.at == (0.0, -15.0, 2.0)
    assert one.fix == "raise or move Camera 1, or flat"


def test_a_lectern_beside_its_presenter_hides_nothing_of_them_from_a_camera():
    stand = block("lectern", (-0.4, -0.8, 1.0), (0.4, -0.4, 2.1))
    assert not found(scene(SEAT, camera(), *figure(), stand), "SL07")
    (one,) = found(scene(SEAT, camera(), *figure(), block("desk", (-0.4, -2.8, 1.0), (0.4, -2.4, 2.1))), "SL07")
    assert "past desk" in one.message


def test_people_before_a_low_lens_are_told_apart_from_what_stands_fixed():
    standing = row(2, [(0, -14), (0.5, -14), (-0.5, -14)], eye=1.65, place="standing")
    low = camera(eye=(0, -15, 1.3))
    (one,) = found(scene(standing, low, *figure()), "SL07")
    assert one.message.endswith("% of host over the people in front, asked 95 %")
    assert one.measured < 0.5
    assert one.fix == "raise Camera 1, or kill the seats between"
    assert not found(scene(standing, camera(eye=(0, -15, 2.6)), *figure()), "SL07")


def test_only_who_is_in_the_picture_counts():
    wall = block("flat", (-3, -7.51, 0), (3, -7.5, 9))
    house = scene(SEAT, camera(aim=(9, 0, 1.8)), *figure(), wall)
    assert not found(house, "SL07")
    assert outcome(house, "SL07").note == "Camera 1 looks at no presenter"
    wide = scene(SEAT, camera(aim=(9, 0, 1.8), angle=2 * np.degrees(np.arctan2(9, 15)) + 0.1), *figure(), wall)
    assert found(wide, "SL07")


def test_operators_and_presenters_are_no_cameras():
    wall = block("flat", (-3, -7.51, 0), (3, -7.5, 9))
    for kind in ("operator", "presenter"):
        assert outcome(scene(SEAT, camera(kind=kind), *figure(), wall), "SL07").note == "no camera is named"
    assert outcome(scene(SEAT, camera()), "SL07").note == "no presenter is named"


def test_a_sign_that_everybody_sees_is_no_finding():
    assert not found(scene(row(1, [(-3, -10), (3, -30)]), sign()), "SL08")


def test_a_wall_of_pictures_that_hides_the_only_sign_is_found():
    wall = block("led", (-6, -1.1, 0), (6, -1, 6))
    (one,) = found(
        scene(row(1, [(0, -10), (30, -0.5)]), sign(), wall, elements={"led": Origin("x", np.eye(4), name="LED")}),
        "SL08",
    )
    assert one.message == ("1 seat, to exit signs: stalls row A; worst: row A seat 1: sees none")
    assert one.fix == "another exit sign where these seats see it, or move what hides one: LED"
    assert (one.severity, one.kind, one.verified, one.measured, one.required) == (
        "warning",
        "guidance",
        False,
        0.0,
        0.5,
    )
    assert not found(scene(row(1, [(0, -10)]), sign(), sign(y=-20, element="exit2", to=1), wall), "SL08")


def test_a_sign_counts_within_200_of_its_heights():
    """0.2 m high: 40 m."""
    assert not found(scene(row(1, [(0, -39.9)], eye=2.4), sign()), "SL08")
    (one,) = found(scene(row(1, [(0, -40.1)], eye=2.4), sign()), "SL08")
    assert one.fix == "another exit sign where these seats see it"


def test_half_a_sign_is_enough():
    """An edge half way between eye and sign, 0.05 m above the line to the sign's lower edge, hides half of it."""

    def behind(extra):
        edge = (1.2 + 2.3) / 2 + 0.05 + extra
        return scene(row(1, [(0, -10)]), sign(), block("drape", (-9, -5.001, 0), (9, -5, edge)))

    assert not found(behind(-0.01), "SL08")
    (one,) = found(behind(0.02), "SL08")
    assert "of one, asked 50 %" in one.message


def test_without_signs_nothing_is_checked():
    assert outcome(scene(SEAT), "SL08").note == "no exit sign is named"
    assert outcome(scene(sign()), "SL08").note == "no seats"
