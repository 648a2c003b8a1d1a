"""Overlaps by closed form, headroom, gangways, labels, the room's bounds: failing, passing, and quiet when all is well."""

import numpy as np
import pytest

from stagecraft.checks import check
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.geometry.outline import outline, rectangle
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import About, Door, Note, Origin, Part, Scene, Screen, Space, Viewer, Walkway
from tests.analysis._house import row, scene, target


def found(house, code):
    return [f for f in check(house).findings if f.code == code]


def outcome(house, code):
    return next(o for o in check(house).outcomes if o.code == code)


def block(element, low, high, **more):
    return Part(element, shapes.cuboid(low, high), **more)


# overlapping solids


def test_two_boxes_share_the_volume_of_their_common_box():
    (f,) = found(scene(block("a", (0, 0, 0), (2, 1, 1)), block("b", (1.5, 0.2, 0.25), (3, 0.8, 2))), "CL01")
    assert f.measured == pytest.approx(0.5 * 0.6 * 0.75)
    assert f.elements == ("a", "b")
    assert f.message == "a and b overlap by 0.23 m³, 500 mm across at (1.75 m, 0.50 m, 0.62 m)"
    assert f.fix == "move one of them 500 mm to the side"
    assert f.at == pytest.approx((1.75, 0.5, 0.625))


def test_a_cylinder_through_a_slab_shares_its_prism():
    post = Part("post", shapes.cylinder(0.1, 0, 3, sides=48))
    (f,) = found(scene(post, block("slab", (-1, -1, 1), (1, 1, 1.2))), "CL01")
    assert f.measured == pytest.approx(0.5 * 48 * 0.1**2 * np.sin(2 * np.pi / 48) * 0.2)


def test_two_turned_boxes_share_a_regular_octagon():
    square = shapes.box(2, 2, 1)
    (f,) = found(scene(Part("a", square), Part("b", square, frame(turn=45.0)[None])), "CL01")
    assert f.measured == pytest.approx(8 * (np.sqrt(2) - 1))


def test_all_copies_count_and_the_worst_pair_speaks():
    posts = Part("posts", shapes.box(0.1, 0.1, 1), frames(np.array([[0, 0, 0], [1, 0, 0], [9, 0, 0]])))
    (f,) = found(scene(posts, block("slab", (-1, -1, 0.4), (2, 1, 0.6))), "CL01")
    assert f.measured == pytest.approx(2 * 0.1 * 0.1 * 0.2)
    assert "at 2 places" in f.message


@pytest.mark.parametrize("gap", [0.0, 1e-9, 0.01])
def test_what_touches_does_not_overlap(gap):
    assert not found(scene(block("a", (0, 0, 0), (1, 1, 1)), block("b", (1 + gap, 0, 0), (2, 1, 1))), "CL01")


def test_a_cubic_centimetre_is_the_limit():
    def pair(depth):
        return scene(block("a", (0, 0, 0), (1, 0.1, 0.1)), block("b", (1 - depth, 0, 0), (2, 0.1, 0.1)))

    assert not found(pair(0.9e-4), "CL01")
    assert found(pair(1.1e-4), "CL01")


def test_what_stands_on_or_hangs_from_another_is_no_overlap():
    a, b, c = (
        block("a", (0, 0, 0), (1, 1, 1)),
        block("b", (0.5, 0, 0.5), (2, 1, 1)),
        block("c", (0.6, 0, 0.6), (2, 1, 1)),
    )
    one = Origin("thing", np.eye(4))
    hosts = {"a": one, "b": Origin("thing", np.eye(4), host="a"), "c": Origin("thing", np.eye(4), host="b", hung=True)}
    assert not found(scene(a, b, c, elements=hosts), "CL01")
    assert len(found(scene(a, b, c), "CL01")) == 3
    siblings = hosts | {"c": Origin("thing", np.eye(4), host="a")}
    assert [f.elements for f in found(scene(a, b, c, elements=siblings), "CL01")] == [("b", "c")]


def test_cloth_people_and_parts_of_one_thing_are_no_overlap():
    a, b = ((0, 0, 0), (1, 1, 1)), ((0.5, 0, 0), (2, 1, 1))
    assert not found(scene(block("a", *a), block("b", *b, soft=True)), "CL01")
    assert not found(scene(block("a", *a), block("a", *b, name="legs")), "CL01")


def chairs(element, xy, width=0.5):
    at = np.c_[xy, np.zeros(len(xy))]
    return Part(element, shapes.box(width, 0.5, 0.9), frames(at), "seating", of_seats=True, movable=True)


def test_a_chair_in_a_column_is_an_overlap_and_a_chair_at_a_table_is_none():
    seats = chairs("stalls", np.array([[0, 0], [1, 0], [2, 0]]))
    column = block("column", (0.9, -0.1, 0), (1.1, 0.1, 3))
    (f,) = found(scene(seats, column), "CL01")
    assert f.measured == pytest.approx(0.2 * 0.2 * 0.9)
    assert not found(scene(seats, block("table", (0.9, -0.1, 0), (1.1, 0.1, 0.74), system="table")), "CL01")


def test_a_chair_whose_box_is_entered_but_whose_solid_is_not():
    legs = [shapes.box(0.05, 0.05, 0.45, (x, y, 0)) for x in (-0.2, 0.2) for y in (-0.2, 0.2)]
    stool = Part("stalls", joined([*legs, shapes.box(0.5, 0.5, 0.05, (0, 0, 0.45))]), of_seats=True)
    assert not found(scene(stool, block("duct", (-0.1, -1, 0), (0.1, 1, 0.1))), "CL01")
    assert found(scene(stool, block("duct", (-0.1, -1, 0.4), (0.1, 1, 0.5))), "CL01")


def test_two_seating_blocks_in_one_place_overlap():
    a, b = chairs("a", np.array([[0, 0], [0.5, 0]])), chairs("b", np.array([[0.9, 0], [1.4, 0]]))
    (f,) = found(scene(a, b), "CL01")
    assert f.measured == pytest.approx(0.1 * 0.5 * 0.9)
    assert not found(scene(a, chairs("b", np.array([[1.0, 0]]))), "CL01")


def test_a_room_round_everything_overlaps_nothing():
    ring = outline([(-6, -6), (6, -6), (6, 6), (-6, 6)], [[(-5, -5), (5, -5), (5, 5), (-5, 5)]])
    walls = Part("room", shapes.prism(ring, 0, 4), blocks="architecture")
    inside = [block(f"b{k}", (k - 4.9, -5, 0), (k - 4.1, 5, 1)) for k in range(9)]
    corners = chairs("s", np.array([[x, y] for x in (-4.75, 4.75) for y in (-4.75, 4.75)]))
    assert not found(scene(walls, *inside), "CL01")
    assert not found(scene(walls, corners), "CL01")
    (f,) = found(scene(walls, *inside, block("long", (-3, -5.05, 2), (3, 0, 3))), "CL01")
    assert f.measured == pytest.approx(6 * 0.05 * 1)


def test_an_open_mesh_is_said_to_be_not_looked_at():
    box = shapes.box(1, 1, 1)
    holed = Solid(box.vertices, box.faces[:-1], box.surface[:-1], box.surfaces)
    house = scene(Part("statue", holed), block("a", (0, 0, 0), (1, 1, 1)))
    assert not found(house, "CL01")
    assert "not closed, so not looked at for overlaps: statue" in outcome(house, "CL01").note


# headroom


ROW = np.c_[np.arange(6) * 0.5, np.full(6, -5.0)]


def test_a_balcony_over_the_last_row():
    seats = row(1, ROW)
    (f,) = found(scene(seats, block("balcony", (1.2, -6, 1.95), (9, 6, 2.5))), "CL02")
    assert f.measured == pytest.approx(1.95)
    assert f.message == "balcony leaves 1.95 m over 4 places of stalls, row A; asked 2.10 m"
    assert f.fix == "raise balcony by 150 mm"
    assert not found(scene(seats, block("balcony", (1.2, -6, 2.1), (9, 6, 2.5))), "CL02")


def test_what_stands_beside_or_is_removed_from_the_seats_is_no_headroom():
    assert not found(scene(row(1, ROW), block("wall", (-9, -4.6, 0), (9, -4.5, 4))), "CL02")
    assert not found(scene(row(1, ROW, status="kill"), block("balcony", (-9, -6, 1.9), (9, 6, 2.5))), "CL02")
    gone = row(1, ROW, removed_by="foh")
    assert not found(scene(gone, block("balcony", (-9, -6, 1.9), (9, 6, 2.5))), "CL02")


def test_a_speaker_at_the_height_of_eyes_is_found_though_it_hides_the_head():
    (f,) = found(scene(row(1, ROW), block("speaker", (0, -5.2, 0.9), (0.4, -4.8, 2.0))), "CL02")
    assert f.measured == pytest.approx(1.2)


def test_a_truss_over_a_stage_and_a_picture_flown_above_it():
    space = Space("stage", rectangle(10, 6), 0.8, 100.0, "stage")
    (f,) = found(scene(space, block("truss", (-4, 0, 2.7), (4, 0.3, 3.0))), "CL02")
    assert f.measured == pytest.approx(1.9)
    assert not found(scene(space, block("truss", (-4, 0, 2.9), (4, 0.3, 3.2))), "CL02")
    assert not found(scene(space, block("led", (-4, 0, 2.1), (4, 0.1, 5), system="video")), "CL02")
    assert not found(scene(space, block("lectern", (-0.3, 0, 0.8), (0.3, 0.5, 2.2))), "CL02")


def test_the_head_of_a_lamp_that_stands_on_the_stage_hangs_over_nobody():
    space, head = Space("stage", rectangle(10, 6), 0.8, 100.0, "stage"), block("lamp", (0, 0, 2.5), (0.3, 0.3, 2.8))
    one = Origin("thing", np.eye(4))
    on, hung = Origin("thing", np.eye(4), host="stage"), Origin("thing", np.eye(4), host="stage", hung=True)
    assert not found(scene(space, head, elements={"stage": one, "lamp": on}), "CL02")
    assert found(scene(space, head, elements={"stage": one, "lamp": hung}), "CL02")
    assert found(scene(space, head), "CL02")


def test_a_low_ceiling_zone_over_seats():
    low = Space("room", rectangle(20, 20), 0.0, 6.0, zones=((rectangle(4, 4, (0, -5)), 2.05),))
    (f,) = found(scene(low, row(1, ROW)), "CL02")
    assert f.measured == pytest.approx(2.05)
    assert "room low ceiling leaves 2.05 m over 5 places of stalls" in f.message
    assert not found(scene(Space("room", rectangle(20, 20), 0.0, 2.1), row(1, ROW)), "CL02")
    assert found(scene(Space("room", rectangle(20, 20), 0.0, 2.09), row(1, ROW)), "CL02")


# gangways


def aisle(width=1.2, kind="gangway"):
    return Walkway("stalls", "centre gangway", np.array([[0, -4.0, 0], [0, -12.0, 0]]), width, kind)


def beside(*keys):
    return [row(k, [(-1.0, -4.0 - k), (1.0, -4.0 - k)]) for k in keys]


def test_a_flight_case_in_the_gangway():
    case = block("case", (0.2, -8, 0), (0.9, -7, 1))
    (f,) = found(scene(aisle(), *beside(1, 2, 3, 4, 5, 6), case), "EG01")
    assert f.measured == pytest.approx(0.8)
    assert f.message == "centre gangway: case leaves 0.80 m of 1.20 m"
    assert f.elements == ("stalls", "case")
    assert not found(scene(aisle(), *beside(1, 2, 3, 4, 5, 6), block("case", (0.6, -8, 0), (1.3, -7, 1))), "EG01")


def test_a_gangway_ends_where_nobody_uses_it_and_a_route_does_not():
    foh = block("foh", (-3, -12, 0), (3, -10, 1))
    assert not found(scene(aisle(), *beside(1, 2, 3, 4), foh), "EG01")
    assert found(scene(aisle(), *beside(1, 2, 3, 4, 7), foh), "EG01")
    assert found(scene(aisle(kind="route"), *beside(1, 2), foh), "EG01")


def test_cable_ramps_own_steps_and_high_things_do_not_block():
    seats = beside(1, 2, 3, 4, 5, 6)
    assert not found(scene(aisle(), *seats, block("ramp", (-1, -8, 0), (1, -7.5, 0.04))), "EG01")
    assert not found(scene(aisle(), *seats, block("stalls", (-1, -8, 0), (1, -7, 0.4))), "EG01")
    high = scene(aisle(), *seats, block("lamp", (-0.2, -8, 1.9), (0.2, -7.8, 2.3)))
    assert not found(high, "EG01")
    (f,) = found(high, "CL02")
    assert f.measured == pytest.approx(1.9)
    assert "over centre gangway" in f.message


def test_a_sloping_gangway_is_measured_from_its_own_floor():
    slope = Walkway("stalls", "steps", np.array([[0, -4.0, 0], [0, -12.0, 4.0]]), 1.2, "gangway")
    seats = [row(k, [(-1.0, -4.0 - k)], floor=0.5 * k) for k in range(1, 8)]
    beam = block("beam", (-0.5, -8.1, 4.0), (2, -7.9, 4.3))  # floor there 1.95 … 2.05
    (f,) = found(scene(slope, *seats, beam), "CL02")
    assert f.measured == pytest.approx(4.0 - 2.05)
    assert not found(scene(slope, *seats, beam), "EG01")


# labels, room, stand-ins


def test_two_places_of_one_name():
    a = row(1, [(0, -4), (1, -4), (2, -4)], seat=["1", "2", "2"])
    (f,) = found(scene(a), "MD01")
    assert f.message == "block stalls: 1 label is given to more than one place; row A seat 2: stalls/1/1, stalls/1/2"
    assert not found(scene(row(1, [(0, -4), (1, -4)]), row(2, [(0, -5)])), "MD01")
    assert not found(scene(row(1, [(0, -4), (1, -4)], seat=["1", "1"], removed_by=["", "foh"])), "MD01")


ROOM = Space("room", rectangle(20, 20), 0.0, 6.0)


def test_what_reaches_out_of_the_room():
    (f,) = found(scene(ROOM, block("truss", (-11.5, 0, 5), (8, 0.3, 5.3))), "MD02")
    assert f.measured == pytest.approx(1.5)
    assert f.message == "truss reaches 1.50 m beyond the room"
    (f,) = found(scene(ROOM, block("led", (-2, 0, 1), (2, 0.3, 6.4))), "MD02")
    assert f.measured == pytest.approx(0.4)
    (f,) = found(scene(ROOM, row(1, [(9.9, 0)])), "MD02")
    assert f.measured == pytest.approx(0.175)
    assert f.elements == ("stalls",)


def test_cloth_is_inside_the_room_too():
    (f,) = found(scene(ROOM, block("drape", (-11, 9, 0), (11, 9.1, 5), soft=True)), "MD02")
    assert f.measured == pytest.approx(1.0)
    assert not found(scene(ROOM, block("drape", (-10, 9, 0), (10, 9.1, 5), soft=True)), "MD02")


def test_what_stands_against_the_wall_or_is_the_wall_is_inside():
    against = block("led", (-10, 9, 0), (10, 10.0005, 6))
    wall = block("room", (10, -10, 0), (10.2, 10, 6))
    portal = block("proscenium", (-10.5, 9, 0), (10.5, 9.3, 6), blocks="architecture")
    assert not found(scene(ROOM, against, wall, portal), "MD02")
    assert outcome(scene(against), "MD02").note == "no room is drawn"


def test_under_a_low_zone_the_ceiling_is_lower():
    low = Space("room", rectangle(20, 20), 0.0, 6.0, zones=((rectangle(4, 4), 3.0),))
    assert found(scene(low, block("led", (-1, 0, 1), (1, 0.3, 4))), "MD02")
    assert not found(scene(low, block("led", (4, 0, 1), (6, 0.3, 4))), "MD02")


def test_stand_ins_are_declared_once_each():
    notes = [Note(e, "x1: depth not in the catalogue, drawn as 500 mm", np.zeros(3), "stand_in") for e in ("a", "b")]
    (f,) = found(scene(*notes, Note("a", "hello", np.zeros(3))), "MD03")
    assert (f.severity, f.elements) == ("note", ("a", "b"))
    assert not check(scene(*notes)).failed
    assert outcome(scene(*notes), "MD03").verdict == "pass"


def test_an_empty_scene_is_quiet_and_says_what_was_not_checked():
    report = check(Scene(About("nothing"), {}, ()))
    assert not report.findings
    unchecked = {o.code for o in report.outcomes if o.verdict == "not checked"}
    assert {
        *(f"SL0{k}" for k in range(1, 10)),
        *(f"AC0{k}" for k in range(1, 8)),
        "CL02",
        "EG01",
        "MD01",
        "MD02",
    } <= unchecked
    assert {o.code for o in report.outcomes} - unchecked <= {"CL01", "MD03", "MD04"}
    assert all(o.note for o in report.outcomes if o.verdict == "not checked")


def test_a_good_layout_is_quiet():
    ring = outline(
        [(-10.2, -10.2), (10.2, -10.2), (10.2, 10.2), (-10.2, 10.2)], [[(-10, -10), (10, -10), (10, 10), (-10, 10)]]
    )
    seats = [row(k, [(s * (0.85 + 0.5 * n), -1.0 - k) for s in (-1, 1) for n in range(6)], section=[0] * 6 + [1] * 6,
                 width=0.5) for k in range(1, 8)]  # fmt: skip
    picture = np.array([(-4, 6.99, 2.6), (4, 6.99, 2.6), (4, 6.99, 5.5), (-4, 6.99, 5.5)])
    house = scene(
        ROOM, Part("room", shapes.prism(ring, 0, 6), blocks="architecture"), *seats,
        *(chairs("stalls", r.at[:, :2]) for r in seats),
        block("stage", (-5, 2, 0), (5, 8, 0.8)), Space("stage", rectangle(10, 6, (0, 5)), 0.8, 100, "stage"),
        block("lectern", (-0.3, 3, 0.8), (0.3, 3.5, 1.9)), block("led", (-4, 7, 1.8), (4, 7.1, 5), system="video"),
        block("truss", (-6, 4, 5), (6, 4.3, 5.3)), target((0, 3, 2.6), role="person", name="speaker"),
        Walkway("stalls", "gangway", np.array([[0, -2.0, 0], [0, -8.0, 0]]), 1.2),
        Screen("led", picture[None], (1920, 768)), target(*picture, role="screen", kind="surface", element="led", name="led"),
        target((9, -9.9, 2.3), (8.6, -9.9, 2.3), (8.6, -9.9, 2.5), (9, -9.9, 2.5), role="sign", kind="surface", name="exit"),
        Viewer("camera", "camera", np.array([0, -9.5, 2.0]), np.array([0, 3, 2.0]), "camera", 20.0),
        *(Door("room", name, np.array([x, -10, 0.0]), -90.0, 1.8, 2.1) for name, x in (("D1", -8.0), ("D2", 8.0))),
        elements={"lectern": Origin("thing", np.eye(4), host="stage")},
    )  # fmt: skip
    report = check(house)
    assert [f.message for f in report.findings if f.severity != "note"] == []
    assert {o.code for o in report.outcomes if o.verdict == "pass"} >= {
        *(f"SL0{k}" for k in range(1, 9)),
        "CL01",
        "CL02",
        "EG01",
    }
