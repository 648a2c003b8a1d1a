"""Closed forms: what stands there has the volume that a pencil gives."""

import numpy as np
import pytest

from stagecraft.errors import VenueError
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import (
    Edge,
    KeepClear,
    KitLine,
    Note,
    Part,
    Piece,
    SeatRow,
    Space,
    Target,
    Underlay,
    Viewer,
    Walkway,
)

from ._site import element, records, volume


@pytest.mark.parametrize("steps", [2, 3, 5, 12])
def test_a_flight_of_n_risers_has_n_less_one_treads_and_w_g_r_times_their_triangle_number(steps):
    n, r = steps - 1, 0.9 / steps
    assert volume("stairs", width=1.5, height=0.9, steps=steps, going=0.3) == pytest.approx(
        1.5 * 0.3 * r * n * (n + 1) / 2
    )


def test_a_flush_flight_has_one_tread_more_and_reaches_the_level():
    (flight, *_) = records("stairs", Part, height=0.8, steps=4, flush=True)
    assert flight.bounds[1, 2] == pytest.approx(0.8)
    assert flight.solid.volume == pytest.approx(1.2 * 0.3 * 0.2 * 10)


def test_stairs_end_at_their_origin_and_descend_to_the_audience():
    (flight, *_) = records("stairs", Part, width=1.2, height=0.8, steps=4, going=0.3)
    assert flight.bounds == pytest.approx(np.array([[-0.6, -0.9, 0.0], [0.6, 0.0, 0.6]]))
    (walk,) = records("stairs", Walkway, height=0.8, steps=4)
    assert walk.kind == "step"
    assert walk.treads == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert walk.line[[0, -1], 2] == pytest.approx([0.0, 0.8])


def test_stairs_without_a_number_of_steps_rise_by_170_mm_at_most():
    assert element("stairs", height=0.8, steps=None).risers == 5
    assert element("stairs", height=0.85, steps=None).risers == 5
    assert element("stairs", height=0.86, steps=None).risers == 6


def test_a_ramp_is_half_a_box():
    assert volume("ramp", width=1.5, height=0.3, length=4.5) == pytest.approx(1.5 * 0.3 * 4.5 / 2)
    (walk,) = records("ramp", Walkway)
    assert walk.line == pytest.approx(np.array([[0, -4.5, 0], [0, 0, 0.3]]))


def test_a_platform_is_its_plan_times_its_height():
    assert volume("platform") == pytest.approx(4 * 2.4 * 0.4)
    assert volume("platform", size=None, outline=[[0, 0], [3, 0], [0, 4]], rails=[]) == pytest.approx(6 * 0.4)


def test_a_platform_guards_the_sides_that_have_rails():
    edges = {
        tuple(np.round(edge.line.mean(axis=0)[:2], 3).tolist()): edge.guarded for edge in records("platform", Edge)
    }
    assert edges == {(0, -1.2): False, (2, 0): False, (0, 1.2): True, (-2, 0): True}


def test_a_platform_of_decks_orders_as_many_as_tile_it():
    (line,) = records("platform", KitLine, size=[4.8, 2.4], deck="stg.gastaging.rostrum")
    assert line.quantity == 4  # 2.4 × 1.2 m each


def test_a_proscenium_is_its_wall_less_its_opening():
    parts = records("proscenium", Part)
    assert sum(part.solid.volume for part in parts) == pytest.approx((20 * 9 - 12 * 6) * 0.5)
    assert max(part.bounds[1, 1] for part in parts) == 0.0
    assert {part.name for part in parts if part.takes_seats} == {"jamb left", "jamb right"}
    assert next(part for part in parts if part.name == "jamb left").bounds[0, 0] == 6.0, "stage left is +x"


def test_a_proscenium_opening_fits_into_its_wall():
    with pytest.raises(ValueError, match="the opening must be narrower and lower than the wall"):
        element("proscenium", opening=[20, 6])


def test_a_balcony_is_a_slab_a_parapet_and_columns_to_its_underside():
    assert volume("balcony", "slab") == pytest.approx(20 * 5 * 0.3)
    assert volume("balcony", "parapet") == pytest.approx(20 * 0.1 * 0.8)
    column = next(part for part in records("balcony", Part) if part.system == "column")
    assert column.bounds[1, 2] == pytest.approx(3.2)
    assert column.takes_seats
    (edge,) = records("balcony", Edge)
    assert edge.guarded
    assert edge.height == 3.5


def test_a_horseshoe_balcony_has_its_parapet_all_along_what_looks_to_the_stage():
    shoe = [[-8, 4], [-8, -6], [8, -6], [8, 4], [6, 4], [0, -3], [-6, 4]]
    fronts = records("balcony", Edge, size=None, outline=shoe, columns=[])
    assert sum(len(edge.line) - 1 for edge in fronts) == 4
    assert volume("balcony", "parapet", size=None, outline=shoe, columns=[]) > 0


def test_scenery_of_each_shape():
    assert volume("scenery") == pytest.approx(2 * 0.018 * 3)
    assert volume("scenery", size=None, sheet=None, outline=[[0, 0], [2, 0], [0, 2]], height=3) == pytest.approx(6)
    round_ = volume("scenery", size=None, sheet=None, diameter=1.0, height=2)
    assert round_ == pytest.approx(np.pi * 0.25 * 2, rel=0.01)


def test_a_flat_is_a_piece_to_make():
    (piece,) = records("scenery", Piece)
    assert piece.outline.area == pytest.approx(6)
    assert piece.thickness == 0.018
    with pytest.raises(ValueError, match=r"0\.1 m thick in one direction, this one is not"):
        element("scenery", sheet=0.1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"diameter": 1.0, "height": 2}, "give one of size"),
        ({"height": 2}, "height belongs to an outline or a diameter"),
        ({"size": None, "sheet": None, "mesh": "x.obj"}, "a mesh needs unit"),
        ({"unit": "mm"}, "a mesh needs unit"),
        ({"size": None, "sheet": None}, "give one of size"),
    ],
)
def test_scenery_says_which_of_its_fields_belong_together(fields, message):
    with pytest.raises(ValueError, match=message):
        element("scenery", **fields)


def test_cloth_is_closed_pleated_and_as_long_as_asked():
    (cloth,) = records("drape", Part)
    assert cloth.bounds[:, [0, 2]] == pytest.approx(np.array([[-4, 0], [4, 5]]))
    assert cloth.soft
    plan_area = cloth.solid.volume / 5
    assert 8 * 0.006 < plan_area < 8 * 0.006 * 2, "six millimetres of cloth on a way longer than straight"


@pytest.mark.parametrize(
    ("length", "fullness", "panels"), [(8, 1, 3), (6.6, 1, 2), (6.61, 1, 3), (6.6, 1.5, 3), (1, 1, 1)]
)
def test_a_drape_takes_as_many_panels_as_its_cloth_is_wide(length, fullness, panels):
    (line,) = records("drape", KitLine, **{"from": [0, 0], "to": [length, 0]}, fullness=fullness)
    assert line.quantity == panels


def test_a_drape_stands_where_its_ends_are_or_where_at_says():
    made = element("drape", **{"from": [1, 1], "to": [1, 5]})
    assert made.frame()[:2, 3] == pytest.approx([1, 3])
    assert made.frame()[:2, 0] == pytest.approx([0, 1])
    with pytest.raises(ValueError, match="at and turn do not apply"):
        element("drape", at=[1, 1])
    with pytest.raises(ValueError, match="give either from"):
        element("drape", width=3)


def test_a_standing_area_holds_two_on_a_square_metre():
    (space,) = records("standing", Space)
    assert (space.use, space.capacity) == ("standing", 60)
    assert records("standing", Space, density=0.5)[0].capacity == 15


def test_an_exit_sign_is_a_target_on_its_front():
    (sign,) = records("exit_sign", Target)
    assert sign.role == "sign"
    assert sign.points[:, 1] == pytest.approx([-0.05] * 4)
    with pytest.raises(ValueError, match="at"):
        element("exit_sign", at=[0, 0])


def test_foh_looks_to_the_stage_over_its_consoles_and_keeps_its_clearance():
    (operator,) = records("foh", Viewer)
    assert operator.aim[1] > operator.eye[1]
    assert operator.eye[2] == pytest.approx(0.3 + 1.2)
    console = next(part for part in records("foh", Part) if part.name == "console")
    assert console.bounds[0, 1] > operator.eye[1]
    (clear,) = records("foh", KeepClear)
    assert clear.outline.area == pytest.approx(4.2 * 3.0)
    assert not records("foh", KeepClear, clear=0)
    assert volume("foh", "riser") == pytest.approx(3.6 * 2.4 * 0.3)
    assert not [part for part in records("foh", Part, riser=0) if part.name == "riser"]


def test_a_camera_looks_where_it_is_aimed():
    (viewer,) = records("camera", Viewer)
    assert viewer.eye == pytest.approx([0, 0, 1.6])
    assert viewer.aim == pytest.approx([3, 20, 1.5])
    body = next(part for part in records("camera", Part) if part.name == "camera")
    ahead = body.transforms[0, :3, 1]
    way = viewer.aim - viewer.eye
    assert ahead == pytest.approx(way / np.linalg.norm(way))


def test_a_tripod_keeps_within_its_footprint_and_under_its_camera():
    tripod = next(part for part in records("camera", Part) if part.name == "tripod")
    assert np.hypot(*tripod.solid.vertices[:, :2].T).max() <= 0.42
    assert tripod.bounds[1, 2] < 1.6
    assert tripod.item == "vx.tripod.video"


def test_a_camera_platform_without_an_aim_has_no_camera():
    assert not records("camera_platform", Viewer, aim=None)
    (viewer,) = records("camera_platform", Viewer)
    assert viewer.eye[2] == pytest.approx(0.6 + 1.6)


def test_a_keep_clear_has_a_volume_and_a_reason():
    (clear,) = records("keep_clear", KeepClear)
    assert (clear.low, clear.high, clear.reason) == (0.0, 2.1, "way to the fire point")
    with pytest.raises(ValueError, match="is not below"):
        element("keep_clear", **{"from": 3})


def test_an_underlay_shows_every_line_of_a_drawing():
    (underlay,) = records("underlay", Underlay)
    assert len(underlay.lines) == 15


def test_an_underlay_that_is_not_there_is_a_venue_error():
    with pytest.raises(VenueError, match=r"there is no file 'hall\.dxf'"):
        records("underlay", **{"from": "hall.dxf"})


def test_a_text_is_a_label():
    (note,) = records("text", Note)
    assert (note.text, note.kind) == ("get-in", "label")


def test_a_guard_rail_is_as_high_as_asked_and_has_a_post_every_two_metres():
    rail = shapes.guard_rail((0, 0, 1), (5, 0, 1), 1.1)
    assert rail.bounds[:, 2] == pytest.approx([1.0, 2.1], abs=1e-3)
    bar = shapes.rod((0, 0, 0), (5, 0, 0), 0.02).volume
    post = shapes.rod((0, 0, 0), (0, 0, 1.06), 0.02).volume
    assert rail.volume == pytest.approx(2 * bar + 4 * post)


def test_a_table_is_its_top_and_its_legs():
    top = shapes.table(rectangle(1.8, 0.75), 0.75)
    assert top.volume == pytest.approx(1.8 * 0.75 * 0.03 + 2 * 0.05 * 0.6 * 0.72)
    assert top.bounds[:, 2] == pytest.approx([0, 0.75])


def test_a_profile_drawn_out_has_its_area_times_its_width():
    solid = shapes.extruded(rectangle(2, 3, (5, 1.5)), 4)
    assert solid.volume == pytest.approx(24)
    assert solid.bounds == pytest.approx(np.array([[-2, 4, 0], [2, 6, 3]]))


@pytest.mark.parametrize("degrees", [90, 170, 190, 300])
def test_a_curved_step_is_its_part_of_the_ring_however_far_round_it_goes(degrees):
    radius, pitch, level, width = 20.0, 0.9, 0.5, 0.5
    (row,) = records("seating", SeatRow, rows=1, seats=1)
    middle = radius + row.depth / 2  # a row is as long as the arc through its chairs' middles
    seats = round(np.radians(degrees) * middle / width)
    inner, outer = radius - (pitch - row.depth), radius + row.depth
    made = volume("seating", "tiers", rows=1, seats=seats, curve=radius, pitch=pitch, width=width, first_riser=level)
    assert made == pytest.approx(seats * width / middle / 2 * (outer**2 - inner**2) * level, rel=2e-3)
