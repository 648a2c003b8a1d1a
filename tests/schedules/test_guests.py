"""Guests on seats: access first, holds respected, groups together, and nobody moves who need not."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.analysis.banks import banks
from stagecraft.build import build
from stagecraft.schedules._places import hold
from stagecraft.schedules.guests import ACCESS, Guest, needs, seat_guests
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
KEYNOTE = Path(__file__).parents[2] / "assets" / "examples" / "keynote-500" / "venue.yaml"
HALL = {"id": "hall", "type": "room", "x": [-12, 12], "y": [-20, 6], "height": 6}
HOST = {"id": "host", "type": "presenter", "at": [0, 1]}
ROWS = {"id": "S", "type": "seating", "rows": 4, "seats": [4, 6, 4], "at": [0, -3], "blocks": ["L", "C", "R"]}
CHAIRS = {"id": "W", "type": "seating", "rows": 1, "seats": 6, "at": [0, -1.2], "blocks": ["W"], "first_row": 10,
          "pattern": ["wheelchair", "companion"]}  # fmt: skip
TABLES = {"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 6, "count": 4, "at": [0, -4]}


def house(*elements, places=(), **more):
    return build(
        Venue.model_validate({"name": "T", "elements": [HALL, HOST, *elements], "places": list(places), **more})
    )


def guests(*lines):
    """(group, category, access, wish) each, or a group's name alone."""
    out = []
    for n, line in enumerate(lines):
        group, category, access, wish = (*((line,) if isinstance(line, str) else line), "", "", "", "")[:4]
        out.append(Guest(f"g{n}", group, category, needs(access)[0], wish))
    return out


def seated(scene, people, before=None):
    return seat_guests(scene, people, before)


def ids(scene, found):
    return [str(scene.seats.ids[k]) if k >= 0 else "" for k in found.seat.tolist()]


def labels(scene, found):
    s = scene.seats
    return [f"{s.block[k]}/{s.row[k]}/{s.seat[k]}" if k >= 0 else "" for k in found.seat.tolist()]


# --- groups -----------------------------------------------------------------------------------------------------


def test_a_group_sits_side_by_side_in_the_front_row_nearest_to_the_stage():
    scene = house(ROWS)
    assert labels(scene, seated(scene, guests("a", "a", "a"))) == ["C/A/1", "C/A/2", "C/A/3"]


def test_a_group_that_no_longer_fits_goes_to_the_next_run_and_leaves_the_gap_to_the_single():
    scene = house(ROWS)
    found = seated(scene, guests(*"aaaa", *"bbb", "c"))
    assert labels(scene, found)[:4] == ["C/A/1", "C/A/2", "C/A/3", "C/A/4"]
    assert len({label[:3] for label in labels(scene, found)[4:7]}) == 1
    assert labels(scene, found)[7] == "C/A/5"
    assert set(found.notes) == {""}


def test_a_group_longer_than_a_bank_goes_on_across_the_gangway():
    scene = house(ROWS)
    found = seated(scene, guests(*["a"] * 8))
    assert labels(scene, found) == ["L/A/1", "L/A/2", "L/A/3", "L/A/4", "C/A/1", "C/A/2", "C/A/3", "C/A/4"]
    assert set(found.notes) == {"group across a gangway"}


def test_a_group_longer_than_a_row_sits_in_rows_behind_one_another():
    scene = house(ROWS)
    found = seated(scene, guests(*["a"] * 20))
    assert len(set(ids(scene, found))) == 20
    assert {label.split("/")[1] for label in labels(scene, found)} <= {"A", "B", "C"}
    assert re.fullmatch(r"group in [23] rows", found.notes[0])


def test_a_seat_that_an_object_took_parts_neighbours():
    foh = {"id": "foh", "type": "foh", "at": [0.0, -3.6], "size": [1.6, 1.4]}
    scene = house({**ROWS, "rows": 1, "seats": 13, "blocks": ["S"]}, foh)
    here = scene.seats.seat.astype(int)
    gap = int(np.flatnonzero(np.diff(here) > 1)[0]) + 1
    found = seated(scene, guests(*["a"] * (gap + 1)))
    assert all(found.seat >= 0)
    assert {"group across a gangway", "group in 2 rows"} & set(found.notes)  # not side by side, and so it is said


def test_a_row_that_bends_keeps_its_neighbours_however_it_is_turned():
    for curve, turn in ((6.0, 0), (6.0, 90), (9.0, 180), (9.0, 211)):
        scene = house(
            {"id": "S", "type": "seating", "rows": 3, "seats": 12, "at": [0, -3], "curve": curve, "turn": turn}
        )
        found = seated(scene, guests(*"aaaa", *"bbb", *"ccccc"))
        slots = [int(scene.seats.seat[k]) for k in found.seat]
        for start, end in ((0, 4), (4, 7), (7, 12)):
            assert np.diff(slots[start:end]).tolist() == [1] * (end - start - 1)


def test_a_group_sits_at_one_table_where_it_fits_and_at_tables_near_each_other_where_not():
    scene = house(TABLES)
    found = seated(scene, guests(*["a"] * 4, *["b"] * 4, "c", "c", *["d"] * 8))
    table = [int(scene.seats.row[k]) for k in found.seat]
    assert len(set(table[:4])) == len(set(table[4:8])) == len(set(table[8:10])) == 1
    assert table[0] == table[8] != table[4]  # two more fit at the first table
    assert len(set(table[10:])) == 2
    assert found.notes[10] == "group at 2 tables"
    assert set(found.notes[:10]) == {""}


def test_the_wished_block_or_table_comes_first_and_what_is_not_met_is_said():
    scene = house(ROWS, TABLES | {"at": [0, -12]})
    found = seated(
        scene, guests(("", "", "", "R"), ("", "", "", "3"), ("", "", "", "balcony"), *[("x", "", "", "L")] * 17)
    )
    assert labels(scene, found)[0].startswith("R/A/")
    assert labels(scene, found)[1].split("/")[:2] == ["t", "3"]
    assert found.notes[2] == "wish not met: no block or table is called so"
    assert all(found.seat >= 0)
    assert "wish not met" in found.notes[3]  # seventeen do not fit into sixteen places


# --- who may sit where --------------------------------------------------------------------------------------------


def test_a_killed_seat_is_nobodys_and_a_full_house_says_so():
    scene = house(ROWS | {"rows": 1}, places=[{"seats": "C/A/1-3", "kill": "camera"}])
    found = seated(scene, guests(*[""] * 14))
    assert sorted(k for k in found.seat if k >= 0) == [k for k in range(14) if scene.seats.status[k] != "kill"]
    assert found.missing == {"no place is left": 3}
    assert [bool(reason) for reason in found.reasons] == [False] * 11 + [True] * 3  # who comes last goes without


HOLDS = [
    {"seats": "C/A/1-2", "hold": "speakers", "owner": "show caller", "release": "2026-12-01"},
    {"seats": "C/A/3", "hold": "for us", "owner": "Ann"},
]


@pytest.mark.parametrize(
    ("guest", "seat"),
    [
        (Guest("k", group="Speakers"), "C/A/1"), (Guest("k", category="speakers"), "C/A/1"), (Guest("k", id="show caller"), "C/A/1"),
        (Guest("k", group="ann"), "C/A/3"), (Guest("k"), "C/A/4"), (Guest("k", group="speaker"), "C/A/4"), (Guest("k", group="2026-12-01"), "C/A/4"),
    ],
)  # fmt: skip
def test_a_held_seat_is_for_those_it_is_held_for(guest, seat):
    scene = house(ROWS, places=HOLDS)
    assert labels(scene, seated(scene, [guest])) == [seat]


def test_a_hold_is_known_by_its_name_whatever_stands_behind_it():
    for reason in (
        "speakers",
        "speakers, until 2026-12-01",
        "speakers, until 2026-12-01: column K1, left of Host",
        "speakers: column K1",
    ):
        assert "speakers" in hold("hold", reason, "")
    assert hold("hold", "press: row one", "Client PR") == {"press", "press: row one", "client pr"}
    assert hold("open", "speakers", "Ann") == frozenset()


def test_a_group_larger_than_its_hold_goes_on_beside_it_or_stays_together_elsewhere():
    beside = house(ROWS, places=HOLDS[:1])
    assert labels(beside, seated(beside, guests(*["speakers"] * 4))) == ["C/A/1", "C/A/2", "C/A/3", "C/A/4"]
    shut_in = house(ROWS, places=HOLDS)  # the next seat is held for others
    found = seated(shut_in, guests(*["speakers"] * 4))
    assert len({label[:3] for label in labels(shut_in, found)}) == 1


VIP = [{"seats": "C/A-B", "category": "VIP"}]


def test_categories_are_matched_and_places_of_another_stay_free():
    scene = house(ROWS, places=VIP)
    found = seated(scene, guests(("", "VIP"), "", ("", "vip "), ("", "standard"), ("", "press")))
    rows = labels(scene, found)
    assert rows[0] == "C/A/1"
    assert rows[2] == "C/A/2"
    assert not any(label.startswith(("C/A", "C/B")) for label in (rows[1], rows[3]))
    assert found.reasons[4] == "no place here has this category"


def test_a_category_that_is_full_says_so_and_leaves_the_rest_alone():
    scene = house(ROWS, places=[{"seats": "C/A/1-2", "category": "VIP"}])
    found = seated(scene, guests(*[("", "VIP")] * 3))
    assert found.reasons == ("", "", "no place of this category is left")
    whole = house(ROWS, places=[{"seats": "*", "category": "VIP"}])
    assert seated(whole, guests("")).reasons == ("no place is left but those of a category",)


# --- access -------------------------------------------------------------------------------------------------------


def test_a_wheelchair_user_has_a_wheelchair_place_with_the_companion_beside():
    scene = house(ROWS, CHAIRS)
    found = seated(scene, guests("a", ("a", "", "wheelchair"), ("a", "", "companion"), "b"))
    place = [str(scene.seats.place[k]) for k in found.seat]
    assert place == ["chair", "wheelchair", "companion", "chair"]
    assert abs(found.seat[1] - found.seat[2]) == 1


def test_one_of_the_group_sits_beside_though_nobody_says_to_be_the_companion():
    scene = house(ROWS, CHAIRS)
    found = seated(scene, guests(("a", "", "wheelchair"), "a", "a"))
    assert [str(scene.seats.place[k]) for k in found.seat] == ["wheelchair", "companion", "chair"]


def test_a_companion_without_a_line_has_no_seat_and_the_note_says_so():
    scene = house(ROWS, CHAIRS)
    alone = seated(scene, guests(("", "", "wheelchair and companion")))
    assert alone.notes == ("no seat for a companion: each guest has a line",)
    both = seated(scene, guests(("a", "", "wheelchair and companion"), "a"))
    assert both.notes == ("", "")


def test_wheelchair_places_are_kept_for_wheelchairs_and_the_fourth_of_three_is_listed():
    scene = house(ROWS | {"rows": 1}, CHAIRS)
    found = seated(scene, guests(*[""] * 16, *[("", "", "wheelchair")] * 4))
    assert found.missing == {"no place is left": 2, "no wheelchair place is left": 1}
    assert {str(scene.seats.place[k]) for k in found.seat[16:19]} == {"wheelchair"}


def test_access_comes_first_whoever_stands_first_in_the_list():
    """An end of a row goes to who needs it, though the list would have filled the row before."""
    scene = house({**ROWS, "rows": 1, "seats": [2, 2], "blocks": ["L", "R"]})
    found = seated(scene, guests(*[""] * 3, ("", "", "aisle")))
    assert all(found.seat >= 0)
    wall = house({**ROWS, "rows": 1, "seats": 6, "blocks": ["S"], "at": [-10.4, -3]})  # one end at the wall
    found = seated(wall, guests(*[""] * 5, ("", "", "aisle")))
    assert labels(wall, found)[5] == "S/A/6"
    two = seated(wall, guests(("", "", "aisle"), ("", "", "aisle")))
    assert two.reasons == ("", "no place at an aisle is left")


def test_who_cannot_climb_sits_on_the_rooms_own_floor():
    scene = house(ROWS | {"riser": 0.2}, places=[{"seats": "*/A", "kill": "stage"}])
    assert seated(scene, guests(("", "", "step-free"))).reasons == ("no place without steps is left",)
    open_ = house(ROWS | {"riser": 0.2})
    found = seated(open_, guests(*[""] * 20, ("", "", "no steps"), ("", "", "step free, aisle")))
    assert {label.split("/")[1] for label in labels(open_, found)[20:]} == {"A"}


def test_the_others_of_the_group_sit_near_who_has_the_need():
    scene = house(ROWS, CHAIRS)
    found = seated(scene, guests("a", "a", ("a", "", "wheelchair"), "a"))
    at = scene.seats.at[found.seat]
    assert np.linalg.norm(at - at[2], axis=1).max() < 3.5


def test_words_for_needs_are_understood_in_any_dress_and_others_are_kept():
    assert needs("Wheelchair User; companion") == (("wheelchair", "companion"), ())
    assert needs("no stairs and AISLE, vegan/halal") == (("step-free", "aisle"), ("vegan", "halal"))
    assert needs("hearing") == (("front",), ())
    assert needs(" - ") == needs("") == needs("none") == ((), ())
    assert all(needs(word)[0] == (need,) for need, words in ACCESS.items() for word in words)


# --- staying ------------------------------------------------------------------------------------------------------

LISTS = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "c", "speakers"]), st.sampled_from(["", "", "VIP"]),
        st.sampled_from(["", "", "", "aisle", "wheelchair", "companion", "step-free"]), st.sampled_from(["", "", "R"]),
    ), max_size=40,
)  # fmt: skip


@QUICK
@given(LISTS, LISTS)
def test_whoever_has_a_seat_keeps_it_when_the_list_grows(first, more):
    scene = house(ROWS, CHAIRS, places=[*HOLDS, {"seats": "L/A-B", "category": "VIP"}])
    people = guests(*first)
    one = seated(scene, people)
    before = {guest.key: id for guest, id in zip(people, ids(scene, one)) if id}
    grown = [*people, *(Guest(f"new {n}", g.group, g.category, g.access, g.wish) for n, g in enumerate(guests(*more)))]
    two = seated(scene, grown, before)
    for had, has in zip(ids(scene, one), ids(scene, two)):
        assert not had or had == has


@QUICK
@given(LISTS)
def test_the_list_is_a_plan_of_the_house(lines):
    """Nobody on another's lap, nobody on a killed or a foreign held seat, and who has none has a reason."""
    scene = house(ROWS, CHAIRS, places=[*HOLDS, {"seats": "L/A-B", "category": "VIP"}, {"seats": "R/D", "kill": "rig"}])
    people = guests(*lines)
    found = seated(scene, people)
    taken = [k for k in found.seat.tolist() if k >= 0]
    assert len(set(taken)) == len(taken)
    for guest, k, reason in zip(people, found.seat.tolist(), found.reasons):
        assert (k < 0) == bool(reason)
        if k < 0:
            continue
        s = scene.seats
        assert s.status[k] != "kill"
        if s.status[k] == "hold":
            assert guest.group == "speakers"
        assert (s.place[k] == "wheelchair") == ("wheelchair" in guest.access)
        if s.place[k] == "chair":
            assert s.category[k] == guest.category
        if "step-free" in guest.access:
            assert abs(s.at[k, 2]) < 0.02


@QUICK
@given(LISTS, st.integers(1, 12))
def test_who_comes_at_the_end_without_needs_moves_nobody(lines, more):
    scene = house(ROWS, CHAIRS, places=HOLDS)
    people = guests(*lines)
    later = [*people, *(Guest(f"late {n}", "latecomers") for n in range(more))]
    assert ids(scene, seated(scene, people)) == ids(scene, seated(scene, later))[: len(people)]


def test_a_place_that_no_longer_suits_is_left_and_it_is_said_why():
    scene = house(ROWS, CHAIRS, places=[*HOLDS, {"seats": "C/B/1", "kill": "camera"}])
    by = {
        f"{b}/{r}/{s}": str(i)
        for b, r, s, i in zip(*(getattr(scene.seats, n).tolist() for n in ("block", "row", "seat", "ids")))
    }
    had = {"gone": "S/99/1", "killed": by["C/B/1"], "held": by["C/A/1"], "first": by["C/C/1"], "second": by["C/C/1"],
           "chair": "W/1/-3", "stays": by["R/D/4"]}  # fmt: skip
    found = seated(scene, [Guest(key) for key in had], had)
    assert found.notes == (
        "moved: the place it had is not there any more", "moved: the place it had is killed", "moved: the place it had is held for others",
        "", "moved: the place it had is somebody else's too", "moved: the place it had is for a wheelchair", "",
    )  # fmt: skip
    assert labels(scene, found)[3] == "C/C/1"
    assert labels(scene, found)[6] == "R/D/4"
    assert all(found.seat >= 0)


def test_turning_the_house_seats_everybody_the_same():
    people = guests(*"aaab", *["c"] * 9, ("d", "", "aisle"), ("", "", "", "R"))
    plain = house(ROWS)
    turned = build(Venue.model_validate({"name": "T", "elements": [
        {"id": "host", "type": "presenter", "at": [-1, 0]}, {**ROWS, "at": [3, 0], "turn": 90}]}))  # fmt: skip
    assert ids(plain, seated(plain, people)) == ids(turned, seated(turned, people))


def test_nobody_comes_and_nobody_can_sit():
    scene = house(ROWS)
    assert len(seated(scene, []).seat) == 0
    empty = build(Venue.model_validate({"name": "T", "elements": [HALL]}))
    assert seated(empty, guests("a", ("", "", "wheelchair"))).reasons == (
        "no place is left",
        "no wheelchair place is left",
    )
    dead = house(ROWS, places=[{"seats": "*", "kill": "fire"}])
    assert seated(dead, guests("a")).missing == {"no place is left": 1}


def test_three_hundred_guests_of_the_keynote_sit_with_their_groups():
    """Every group of two to eight without needs sits side by side in one bank; nine of ten groups do in all."""
    scene = build(load(KEYNOTE))
    draw = np.random.default_rng(4)
    lines: list[tuple[str, str, str]] = []
    while len(lines) < 300:
        lines += [(f"company {len(lines)}", "", "")] * int(draw.integers(2, 9))
    for n, need in zip(range(20, 92, 12), ["wheelchair"] * 6):
        lines[n] = (lines[n][0], "", need)
    found = seated(scene, guests(*lines))
    assert not found.missing
    of, groups = banks(scene).of, {}
    for (group, _, need), seat in zip(lines, found.seat.tolist()):
        groups.setdefault(group, []).append((need, int(of[seat])))
    plain = [members for members in groups.values() if not any(need for need, _ in members)]
    assert len(plain) > 40
    assert all(len({bank for _, bank in members}) == 1 for members in plain)
    together = sum(len({bank for _, bank in members}) == 1 for members in groups.values())
    assert together >= 0.88 * len(groups)
