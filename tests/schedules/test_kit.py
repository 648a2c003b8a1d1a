"""The kit: every countable piece once, weighed as far as the catalogue knows, unknown where it does not."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.geometry import shapes
from stagecraft.scene import KitLine, Part, Scene
from stagecraft.schedules.kit import change_over, kit_list, kit_over
from tests.schedules._house import ABOUT, CHAIR, PANEL, PIECE, chairs, hall, rows, scene, truss, wall


def lines(table, *keys):
    return [tuple(table.values[key][i] for key in keys) for i in range(len(table))]


def test_what_stands_is_counted_and_spares_keep_a_line_of_their_own():
    table = kit_list(hall())
    assert lines(table, "dept", "item", "quantity", "why") == [
        ("Rigging", PIECE.code, 3, ""),
        ("Video", PANEL, 12, ""),
        ("Video", PANEL, 2, "spares"),
        ("Furniture", CHAIR, 10, ""),
        ("Not in the catalogue", "desk.unheard.of", 1, ""),
    ]


def test_mass_and_power_are_the_piece_times_the_quantity():
    table = kit_list(hall())
    assert table.values["mass_all"][:4] == pytest.approx([3 * 18.9, 12 * 9.35, 2 * 9.35, 10 * 8.2])
    assert table.values["power_all"][1:3] == [12 * 190, 2 * 190]


def test_what_nobody_knows_stays_empty_and_is_counted():
    table = kit_list(hall())
    assert table.values["mass"][4] is None
    assert table.values["mass_all"][4] is None
    assert table.values["power"][0] is None
    assert table.notes == (
        "mass unknown for 1 of 4 items: the total is a least figure",
        "power unknown for 1 of 2 items that may take power (desk.unheard.of): the total is a least figure",
        "truss: mass is length times the source's figure per metre; a short piece alone weighs more",
        "truss: what no length of the catalogue fits is listed as one piece, to be made up",
        "not in the catalogue: desk.unheard.of",
    )


def test_by_element_says_whose_it_is_in_the_order_of_the_file():
    table = kit_list(hall(), by="element")
    assert table.group == "element"
    assert lines(table, "element", "quantity") == [("stalls", 10), ("wall", 12), ("wall", 2), ("T1", 3), ("desk", 1)]
    assert sum(table.values["quantity"]) == sum(kit_list(hall()).values["quantity"])


def test_one_chair_a_seat_that_needs_one():
    seats = rows()
    standing = sum(int((r.stands & (r.item != "")).sum()) for r in seats)
    table = kit_list(scene(*seats, chairs(seats)))
    assert lines(table, "item", "quantity") == [(CHAIR, standing)] == [(CHAIR, 10)]


def test_an_empty_house_needs_nothing():
    table = kit_list(Scene(ABOUT, {}, ()))
    assert len(table) == 0
    assert table.notes == ()


def test_the_order_covers_the_set_up_that_needs_most_of_each_item():
    day, dinner = scene(wall(4), truss(1)), scene(wall(2), truss(5), about=replace(ABOUT, setup="dinner"))
    table = kit_over([day, dinner])
    assert lines(table, "item", "in day", "in dinner", "quantity") == [(PIECE.code, 1, 5, 5), (PANEL, 12, 6, 12)]
    assert table.notes[0] == "quantity: the most that any one of 2 set-ups takes"
    assert "set-up" not in table.about
    with pytest.raises(ValueError, match="at least one"):
        kit_over([])


def test_pieces_of_different_kinds_are_never_added_up():
    assert [column.key for column in kit_list(hall()).columns if column.total] == ["mass_all", "power_all"]


def test_what_no_item_is_named_for_is_to_be_ordered_beside_the_list():
    steps = Part("steps", shapes.box(1.2, 1.0, 0.6), system="stair")
    bar = Part("wall", shapes.box(2.0, 0.05, 0.05), system="video", name="bar")
    host = Part("host", shapes.box(0.5, 0.5, 1.8), system="person")
    pillar = Part("room", shapes.box(0.5, 0.5, 5.0), system="column", movable=False)
    house = scene(wall(), bar, host, pillar, steps, replace(steps, element="steps_mirror"))
    note = "to be ordered beside this list, as no catalogue item is named for it: wall (bar), 2 of steps"
    assert note in kit_list(house).notes
    assert "in, without a catalogue item: 2 of steps" in change_over(scene(wall(), bar), house).notes


def test_a_change_over_tells_out_in_and_moved_apart():
    day = scene(wall(4), truss(3))
    dinner = scene(wall(2), wall(1, "side", y=-3.0), truss(3), about=replace(ABOUT, setup="dinner"))
    table = change_over(day, dinner)
    # 4 × 3 panels become 2 × 3 at their old place and 1 × 3 elsewhere: 6 stay, 3 move, 3 go; the truss stays.
    assert lines(table, "item", "out", "in", "moved", "stays") == [(PANEL, 3, 0, 3, 6)]
    assert table.notes[0] == "from 'day' to 'dinner'"


def test_a_change_over_and_its_way_back_mirror_each_other():
    day, dinner = scene(wall(4), KitLine("x", CHAIR, 5, "spares")), scene(wall(7, y=3.0))
    there, back = change_over(day, dinner), change_over(dinner, day)
    assert lines(there, "item", "why", "out", "in", "moved") == lines(back, "item", "why", "in", "out", "moved")
    assert lines(there, "item", "out", "in", "moved") == [(PANEL, 0, 9, 12), (CHAIR, 5, 0, 0)]


def test_nothing_changes_between_a_set_up_and_itself():
    assert len(change_over(hall(), hall())) == 0


def test_a_piece_that_moves_by_less_than_a_millimetre_stays():
    nudge = np.eye(4)
    nudge[0, 3] = 1e-7
    shifted = wall().moved(nudge)
    assert len(change_over(scene(wall()), scene(shifted))) == 0
