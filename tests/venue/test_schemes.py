"""Numbering as houses do it: odd and even, from the centre, hundreds by block, letters of the balcony, named tables."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.drawing.marks import Insert
from stagecraft.drawing.plan import plan
from stagecraft.venue.document import Venue
from stagecraft.venue.load import loads
from stagecraft.venue.numbering import row_letters, row_number, side_by_side

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def house(elements, numbering=None, **more):
    return build(Venue.model_validate({"name": "T", "numbering": numbering or {}, "elements": elements, **more}))


def seating(id, at, turn=0.0, **fields):
    return {"id": id, "type": "seating", "rows": 2, "seats": 4, "at": list(at), "turn": turn, **fields}


def labels(scene):
    """Permanent id → (block, row, seat) of every place laid out."""
    of = scene.laid_out
    return {i: (b, r, s) for i, b, r, s in zip(*(getattr(of, n).tolist() for n in ("ids", "block", "row", "seat")))}


def numbers(scene, element, key=1):
    """Seat labels of one row as they are laid out, from the audience's left."""
    return [s for i, (_, _, s) in labels(scene).items() if i.startswith(f"{element}/{key}/")]


def rows_of(scene, element):
    return list(dict.fromkeys(r for i, (_, r, _) in labels(scene).items() if i.startswith(f"{element}/")))


def turned(elements, degrees, by=(0.0, 0.0)):
    """The same elements, the whole house turned about the origin and shifted."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    out = []
    for e in elements:
        x, y = e["at"]
        out.append(
            {**e, "at": [c * x - s * y + by[0], s * x + c * y + by[1]], "turn": (e["turn"] + degrees + 180) % 360 - 180}
        )
    return out


ONE = [seating("S", (0, -3), seats=[3, 4, 3], blocks=["L", "C", "R"])]
THRUST = [seating("L", (-6, 2), -90), seating("C", (0, -4), 0), seating("R", (6, 2), 90)]
ROUND = [
    seating(name, at, turn)
    for name, at, turn in (("S", (0, -4), 0), ("E", (4, 0), 90), ("N", (0, 4), 180), ("W", (-4, 0), 270))
]
ANGLED = [seating("R", (8, -4), 25), seating("L", (-8, -4), -25), seating("C", (0, -5), 0)]


def test_odd_and_even_from_the_centre_as_american_houses_have_it():
    scene = house(ONE, {"order": "odd_even", "of": {"C": {"order": "through", "start": 101}}})
    assert numbers(scene, "S") == ["5", "3", "1", "101", "102", "103", "104", "2", "4", "6"]
    other = house(ONE, {"order": "odd_even", "from": "house_right", "of": {"C": {"order": "through", "start": 101}}})
    assert numbers(other, "S") == ["6", "4", "2", "104", "103", "102", "101", "1", "3", "5"]


def test_the_seat_in_the_middle_of_a_row_is_number_one():
    row = [seating("S", (0, -3), rows=1, seats=5)]
    assert numbers(house(row, {"order": "odd_even"}), "S") == ["5", "3", "1", "2", "4"]
    assert numbers(house(row, {"order": "odd_even", "from": "house_right"}), "S") == ["4", "2", "1", "3", "5"]
    assert numbers(house(row, {"order": "odd_even", "start": 101}), "S") == ["105", "103", "101", "102", "104"]


def test_both_sides_count_from_the_centre_out():
    row = [seating("S", (0, -3), rows=1, seats=[3, 4], blocks=["links", "rechts"])]
    assert numbers(house(row, {"order": "centre_out"}), "S") == ["3", "2", "1", "1", "2", "3", "4"]


def test_one_block_that_counts_from_the_centre_counts_from_the_rows_centre():
    row = [seating("S", (0, -3), rows=1, seats=[3, 4])]
    assert numbers(house(row, {"of": {"S1": {"order": "centre_out"}}}), "S") == ["3", "2", "1", "1", "2", "3", "4"]
    assert numbers(house(row, {"of": {"S2": {"order": "centre_out"}}}), "S") == ["1", "2", "3", "1", "2", "3", "4"]
    wide = [
        seating("S", (0, -3), rows=1, seats=[2, 1, 2, 3])
    ]  # the centre stays where it is, whatever block has its own way
    assert numbers(house(wide, {"order": "odd_even", "of": {"S2": {"order": "through", "start": 101}}}), "S") == [
        "3", "1", "101", "2", "4", "6", "8", "10"]  # fmt: skip


def test_the_centre_is_the_middle_gangway_however_unlike_the_sides_are():
    row = [seating("S", (0, -3), rows=1, seats=[2, 5])]
    assert numbers(house(row, {"order": "odd_even"}), "S") == ["3", "1", "2", "4", "6", "8", "10"]


def test_places_left_out_do_not_move_the_centre():
    row = seating("S", (0, -3), rows=2, seats=10, without=["2/-5..-3"])
    scene = house([row], {"order": "odd_even"})
    assert numbers(scene, "S", 1) == ["9", "7", "5", "3", "1", "2", "4", "6", "8", "10"]
    assert numbers(scene, "S", 2) == ["3", "1", "2", "4", "6", "8", "10"]
    short = house([seating("S", (0, -3), seats=[3, 4, 3], by_row={2: [3, 0, 4]})], {"order": "odd_even"})
    assert numbers(short, "S", 2) == ["5", "3", "1", "2", "4", "6", "8"]


def test_a_block_begins_with_its_hundred_and_leaves_the_run():
    scene = house(ONE, {"continuous_blocks": True, "of": {"C": {"start": 101}}})
    assert numbers(scene, "S") == ["1", "2", "3", "101", "102", "103", "104", "4", "5", "6"]
    assert numbers(house(ONE, {"of": {"R": {"start": 2, "step": 2}, "L": {"step": 2, "from": "house_right"}}}), "S") == [
        "5", "3", "1", "1", "2", "3", "4", "2", "4", "6"]  # fmt: skip


def test_a_balcony_has_its_own_letters_and_prefixes():
    both = [seating("stalls", (0, -3), rows=3), seating("balcony", (0, -12), rows=3)]
    scene = house(
        both,
        {"row_prefix": "P", "of": {"balcony": {"rows": "numbers", "row_prefix": "", "seat_prefix": "b", "start": 201}}},
    )
    assert rows_of(scene, "stalls") == ["PA", "PB", "PC"]
    assert rows_of(scene, "balcony") == ["1", "2", "3"]
    assert numbers(scene, "balcony") == ["b201", "b202", "b203", "b204"]


def test_letters_run_out_into_pairs_of_one_letter_where_the_house_does_so():
    assert [row_letters(n, double="repeat") for n in (0, 23, 24, 25, 48)] == ["A", "Z", "AA", "BB", "AAA"]
    assert rows_of(house([seating("S", (0, -3), rows=26, seats=1)], {"double": "repeat"}), "S")[-3:] == [
        "Z",
        "AA",
        "BB",
    ]


def test_numbers_of_rows_leave_thirteen_out():
    assert [row_number(n, ("13",)) for n in (11, 12, 13)] == [12, 14, 15]
    assert [row_number(n, ("1", "2", "4")) for n in range(3)] == [3, 5, 6]
    assert rows_of(house([seating("S", (0, -3), rows=14, seats=1)], {"rows": "numbers", "skip": ["13"]}), "S")[-2:] == [
        "14",
        "15",
    ]


def test_rows_have_names_from_a_list():
    scene = house([seating("S", (0, -3), rows=3)], {"rows": ["AA", "BB", "A"]})
    assert rows_of(scene, "S") == ["AA", "BB", "A"]


def test_rows_begin_at_the_back_where_the_house_counts_so():
    assert rows_of(house([seating("S", (0, -3), rows=4)], {"rows_from": "back"}), "S") == ["D", "C", "B", "A"]
    rear = [seating("front", (0, -3), rows=2, first_row=4), seating("rear", (0, -9), rows=3)]
    scene = house(rear, {"rows_from": "back"})
    assert (rows_of(scene, "front"), rows_of(scene, "rear")) == (["E", "D"], ["C", "B", "A"])


def test_elements_numbered_as_one_share_the_last_row_when_counted_from_the_back():
    side = [seating("L", (-5, -3), rows=2), seating("C", (0, -3), rows=4)]
    scene = house(side, {"rows_from": "back", "continuous_across": ["L", "C"]})
    assert (rows_of(scene, "C"), rows_of(scene, "L")) == (["D", "C", "B", "A"], ["D", "C"])


def test_the_lettering_begins_where_it_is_said_to():
    assert rows_of(house([seating("S", (0, -3))], {"first_row": 3}), "S") == ["C", "D"]
    assert rows_of(house([seating("S", (0, -3), first_row=2)], {"of": {"S": {"first_row": 3}}}), "S") == ["D", "E"]


# --- elements numbered as one -----------------------------------------------------------------------------------


def test_a_thrust_is_numbered_round_the_stage_from_the_audiences_left():
    scene = house([THRUST[2], THRUST[0], THRUST[1]], {"continuous_across": ["R", "C", "L"]})
    assert [numbers(scene, name) for name in "LCR"] == [
        ["1", "2", "3", "4"],
        ["5", "6", "7", "8"],
        ["9", "10", "11", "12"],
    ]
    back = house(THRUST, {"continuous_across": ["L", "C", "R"], "from": "house_right"})
    assert [numbers(back, name)[0] for name in "LCR"] == ["12", "8", "4"]


def test_in_the_round_numbers_go_rightwards_for_who_sits_there_from_the_first_block_on():
    scene = house(ROUND, {"continuous_across": ["S", "E", "N", "W"]})
    assert [numbers(scene, name)[0] for name in "SENW"] == ["1", "5", "9", "13"]
    at = dict(zip(scene.laid_out.ids.tolist(), scene.laid_out.at))
    row = sorted((int(s), i) for i, (_, r, s) in labels(scene).items() if r == "A")
    angles = np.unwrap([np.arctan2(at[i][1], at[i][0]) for _, i in row])
    assert (np.diff(angles) > 0).all()  # anticlockwise from above is rightwards for who looks inwards


def test_blocks_turned_to_the_stage_stand_side_by_side():
    scene = house(ANGLED, {"continuous_across": ["R", "L", "C"]})
    assert [numbers(scene, name)[0] for name in "LCR"] == ["1", "5", "9"]


def test_two_banks_that_face_one_another_go_on_from_the_first():
    scene = house([seating("a", (0, -3), 0), seating("b", (0, 3), 180)], {"continuous_across": ["b", "a"]})
    assert (numbers(scene, "a"), numbers(scene, "b")) == (["1", "2", "3", "4"], ["5", "6", "7", "8"])


def test_several_groups_are_numbered_apart():
    four = [seating("L", (-3, -3)), seating("R", (3, -3)), seating("BL", (-3, -12)), seating("BR", (3, -12))]
    scene = house(four, {"continuous_across": [["L", "R"], ["BL", "BR"]]})
    assert [numbers(scene, name)[0] for name in ("L", "R", "BL", "BR")] == ["1", "5", "1", "5"]
    one = house(four, {"continuous_across": ["L", "R", "BL", "BR"]})  # rows of one name in one group are one row
    assert sorted(numbers(one, "R") + numbers(one, "BR") + numbers(one, "L") + numbers(one, "BL"), key=int) == [
        str(n) for n in range(1, 17)
    ]


def test_odd_and_even_on_either_side_of_a_gangway_between_elements():
    scene = house(
        [seating("L", (-3, -3)), seating("R", (3, -3))], {"order": "odd_even", "continuous_across": ["L", "R"]}
    )
    assert (numbers(scene, "L"), numbers(scene, "R")) == (["7", "5", "3", "1"], ["2", "4", "6", "8"])


@QUICK
@given(
    st.sampled_from([ONE, THRUST, ROUND, ANGLED, [*THRUST, seating("far", (0, -14), seats=[3, 5])],
                     [seating("K", (0, -3), curve=9.0, seats=[9, 9])], [seating("V", (0, -3), chevron=20.0, seats=[5, 6])]]),
    st.floats(-360, 360), st.tuples(st.floats(-50, 50), st.floats(-50, 50)), st.sampled_from(["through", "odd_even", "centre_out"]),
    st.sampled_from(["house_left", "house_right"]), st.sampled_from(["stage", "back"]), st.booleans(),
)  # fmt: skip
def test_turning_and_shifting_the_house_leaves_every_label(elements, turn, by, order, side, rows_from, joint):
    numbering = {"order": order, "from": side, "rows_from": rows_from}
    if joint:
        numbering["continuous_across"] = [e["id"] for e in elements]
    assert labels(house(elements, numbering)) == labels(house(turned(elements, turn, by), numbering))


@QUICK
@given(st.sampled_from([ONE, THRUST, ANGLED]), st.sampled_from(["through", "odd_even", "centre_out"]), st.booleans())
def test_a_mirrored_house_is_numbered_from_its_other_side(elements, order, joint):
    """What is house left in one is house right in the other: the same seat has the same number from the other side."""
    across = {"continuous_across": [e["id"] for e in elements]} if joint else {}
    mirrored = [{**e, "at": [-e["at"][0], e["at"][1]], "turn": -e["turn"]} for e in elements]
    for e in mirrored:
        if isinstance(e["seats"], list):
            e["seats"], e["blocks"] = e["seats"][::-1], e["blocks"][::-1]
    one = house(elements, {"order": order, "from": "house_left", **across})
    other = house(mirrored, {"order": order, "from": "house_right", **across})

    def by_place(scene, sign):
        s = scene.seats
        return {
            (round(sign * x, 6), round(y, 6)): (r, n)
            for (x, y, _), r, n in zip(s.at.tolist(), s.row.tolist(), s.seat.tolist())
        }

    assert by_place(one, 1) == {(x + 0.0, y): v for (x, y), v in by_place(other, -1).items()}


def test_what_is_level_keeps_its_order():
    assert side_by_side(np.zeros((3, 2)), np.tile([0.0, 1.0], (3, 1))) == [0, 1, 2]
    assert side_by_side(np.zeros((1, 2)), np.zeros((1, 2))) == [0]
    assert side_by_side(np.array([[5.0, 0], [-5, 0]]), np.array([[0.0, 1], [0, 1]])) == [1, 0]


# --- what does not renumber ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "numbering", [{"order": "odd_even"}, {"order": "centre_out"}, {"continuous_blocks": True}, {"rows_from": "back"}]
)
def test_an_object_that_takes_seats_renumbers_nobody(numbering):
    foh = {"id": "foh", "type": "foh", "at": [0.3, -3.6], "size": [2, 1.4]}
    plain, taken = house(ONE, numbering), house([*ONE, foh], numbering)
    assert len(taken.seats) < len(plain.seats)
    assert labels(plain) == labels(taken)


def test_twins_count_as_the_house_does_or_from_their_own_side():
    twin = [{**seating("side", (-6, -3)), "mirror": True}]
    assert numbers(house(twin), "side_mirror") == ["1", "2", "3", "4"]
    assert numbers(house(twin, {"of": {"side_mirror": {"from": "house_right"}}}), "side_mirror") == ["4", "3", "2", "1"]


# --- tables -----------------------------------------------------------------------------------------------------


def tables(id, y, count=3, **more):
    return {"id": id, "type": "tables", "item": "fur.table.round6", "seats": 3, "count": count, "at": [0, y], **more}


def test_tables_go_on_over_elements_in_the_order_listed():
    both = [tables("a", -3, without=[2]), tables("b", -12)]
    assert (rows_of(house(both), "a"), rows_of(house(both), "b")) == (["1", "3"], ["1", "2", "3"])
    on = house(both, {"continuous_across": ["a", "b"]})
    assert (rows_of(on, "a"), rows_of(on, "b")) == (["1", "3"], ["4", "5", "6"])
    assert rows_of(house(both, {"continuous_across": ["b", "a"]}), "a") == ["4", "6"]
    assert numbers(on, "b") == ["1", "2", "3"]  # places begin anew at each table


def test_tables_and_rows_in_one_group_are_each_numbered_in_their_way():
    parts = [seating("R", (3, -3), rows=3), tables("t", -9), seating("L", (-3, -3), rows=3), tables("u", -18, count=9)]
    scene = house(parts, {"continuous_across": ["u", "R", "t", "L"], "rows_from": "back"})
    assert (numbers(scene, "L"), numbers(scene, "R")) == (["1", "2", "3", "4"], ["5", "6", "7", "8"])
    assert rows_of(scene, "L") == ["C", "B", "A"]
    assert rows_of(scene, "t") == ["10", "11", "12"]


def test_a_twin_goes_on_where_its_element_ends():
    sides = [{**seating("side", (6, -3), 20), "mirror": True}, seating("C", (0, -4))]
    scene = house(sides, {"continuous_across": ["side", "C", "side_mirror"]})
    assert [numbers(scene, name)[0] for name in ("side_mirror", "C", "side")] == ["1", "5", "9"]


def test_the_plan_calls_tables_what_the_seat_list_calls_them():
    def tags(numbering, **fields):
        scene = house([tables("t", -3, **fields)], numbering)
        return next(part.tags for part in scene.parts if part.system == "table")

    assert tags({}) == ("t-1", "t-2", "t-3")
    assert tags({}, names=["Rose"]) == ("Rose", "t-2", "t-3")  # the element's own names stay
    assert tags({"first_table": 21}, without=[2]) == ("t-21", "t-23")
    assert tags({"tables": ["Rose", "Lily", "Oak"]}) == ("t-Rose", "t-Lily", "t-Oak")
    drawn = plan(house([tables("t", -3)], {"tables": "letters"}))
    assert [
        dict(m.attributes)["NUMBER"] for m in drawn.marks if isinstance(m, Insert) and "NUMBER" in dict(m.attributes)
    ] == ["A", "B", "C"]


def test_tables_have_letters_names_and_numbers_of_their_own():
    assert rows_of(house([tables("t", -3)], {"tables": "letters"}), "t") == ["A", "B", "C"]
    assert rows_of(house([tables("t", -3)], {"first_table": 21, "table_prefix": "T"}), "t") == ["T21", "T22", "T23"]
    named = house([tables("t", -3), seating("S", (0, -30))], {"tables": ["Rose", "Lily", "Oak"], "places": "letters"})
    assert rows_of(named, "t") == ["Rose", "Lily", "Oak"]
    assert numbers(named, "t", 2) == ["A", "B", "C"]
    assert numbers(named, "S") == ["1", "2", "3", "4"]


def test_the_order_of_seats_in_rows_is_not_that_of_places_at_tables():
    scene = house([tables("t", -3)], {"order": "odd_even", "step": 2, "seat_prefix": "s", "continuous_blocks": True})
    assert numbers(scene, "t") == ["1", "2", "3"]


# --- selectors --------------------------------------------------------------------------------------------------


def chosen(scene):
    return [i for i, c in zip(scene.seats.ids.tolist(), scene.seats.category.tolist()) if c]


@pytest.mark.parametrize(
    ("selector", "ids"),
    [
        ("S/A/odd", ["S/1/-2", "S/1/1"]), ("S/A/even", ["S/1/-1", "S/1/2"]), ("S/A/2-4 even", ["S/1/-1", "S/1/2"]),
        ("S/A/1,even", ["S/1/-2", "S/1/-1", "S/1/2"]), ("*/*/table", ["t/1/1", "t/1/2", "t/1/3", "t/2/1", "t/2/2", "t/2/3", "t/3/1", "t/3/2", "t/3/3"]),
        ("id:S/2/-2", ["S/2/-2"]), ("id: S/2/-2 , t/3/1", ["S/2/-2", "t/3/1"]), ("t/Rose-Lily/A", ["t/1/1", "t/2/1"]),
        ("t/well-being", ["t/3/1", "t/3/2", "t/3/3"]), ("t/Rose/B-C", ["t/1/2", "t/1/3"]),
    ],
)  # fmt: skip
def test_selectors_know_sides_kinds_names_and_permanent_ids(selector, ids):
    named = {"tables": ["Rose", "Lily", "well-being"], "places": "letters"}
    scene = house([tables("t", -12), seating("S", (0, -3))], named, places=[{"seats": selector, "category": "VIP"}])
    assert sorted(chosen(scene)) == sorted(ids)


def test_a_selector_takes_numbers_with_their_prefix_or_without():
    for selector in ("S/PA/3", "S/PA/s3", "S/PA/s3-s3", "S/PA/3-3"):
        scene = house(
            [seating("S", (0, -3))],
            {"row_prefix": "P", "seat_prefix": "s"},
            places=[{"seats": selector, "category": "VIP"}],
        )
        assert chosen(scene) == ["S/1/1"], selector


def test_later_rules_find_the_kinds_of_places_that_earlier_ones_made():
    rules = [{"seats": "S/A/1", "place": "wheelchair"}, {"seats": "S/A/wheelchair", "category": "access"}]
    assert chosen(house([seating("S", (0, -3))], places=rules)) == ["S/1/-2"]


def test_a_range_of_rows_follows_the_lettering_when_it_begins_at_the_back():
    scene = house(
        [seating("S", (0, -3), rows=4)], {"rows_from": "back"}, places=[{"seats": "S/A-B", "category": "VIP"}]
    )
    assert {i.split("/")[1] for i in chosen(scene)} == {"3", "4"}


def test_a_row_chosen_by_name_is_no_range_over_other_rows():
    """Row A of the stalls and row A of a balcony that stands further back in the lettering are two rows."""
    both = [seating("stalls", (0, -3), rows=3), seating("balcony", (0, -12), first_row=11)]
    scene = house(
        both,
        {"of": {"balcony": {"rows": [*"0123456789", "A", "B"]}}},
        places=[{"seats": "*/A", "category": "VIP"}],
    )
    assert {i.rsplit("/", 1)[0] for i in chosen(scene)} == {"stalls/1", "balcony/1"}


def test_the_numbering_survives_the_round_trip():
    text = """name: T
elements:
  - {id: A, type: seating, rows: 2, seats: [3, 3]}
  - {id: B, type: seating, rows: 2, seats: [3, 3], front: [0, -9]}
numbering: {rows: [A, B], continuous_across: [[A], [B]], of: {A1: {start: 101, from: house_right}}}
"""
    venue = loads(text)
    again = loads(venue.to_yaml())
    assert again == venue
    assert labels(build(again)) == labels(build(venue))
    assert numbers(build(venue), "A") == ["103", "102", "101", "1", "2", "3"]
