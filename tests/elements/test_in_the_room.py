"""Elements from a venue file, standing together."""

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.scene import Part, Viewer
from stagecraft.venue.load import loads


def scene(*lines):
    return build(loads("name: Test\nelements:\n" + "".join(f"  - {{{line}}}\n" for line in lines)))


def part(of, element, name=None):
    return next(p for p in of.parts if p.element == element and name in (None, p.name))


STALLS = "id: S, type: seating, rows: 20, seats: 30, at: [0, -3], pitch: 1.0, width: 0.5"


def test_foh_takes_the_seats_that_it_and_its_clearance_stand_on():
    bare = scene(STALLS, "id: foh, type: foh, at: [0, -13], clear: 0")
    clear = scene(STALLS, "id: foh, type: foh, at: [0, -13], clear: 0.6")
    taken = [(s.laid_out.removed_by == "foh").sum() for s in (bare, clear)]
    # Chairs are 0.508 deep, one a metre: the riser from −14.2 to −11.8 meets the rows at −14 (front), −13 and −12,
    # eight places wide (3.6 m over 0.5 m, rounded out); 0.6 m more all round meets a row more and ten places.
    assert taken == [3 * 8, 4 * 10]
    assert len(bare.seats) == 600 - 24


def test_a_camera_platform_takes_seats_and_looks_over_them_at_what_it_names():
    built = scene(STALLS, "id: mark, type: target, points: [[0, 2, 1.7]]",
                  "id: cp, type: camera_platform, at: [0, -13], turn: 10, aim: mark")  # fmt: skip
    assert (built.laid_out.removed_by == "cp").any()
    (viewer,) = built.of(Viewer)
    assert viewer.aim == pytest.approx([0, 2, 1.7])
    assert viewer.eye == pytest.approx([0, -13, 2.2])


@pytest.mark.parametrize("trim", [4.0, 6.5])
def test_a_hung_drape_has_its_top_at_the_truss_and_moves_with_the_trim(trim):
    built = scene(f"id: T, type: truss, from: [-6, 3], to: [6, 3], trim: {trim}",
                  "id: D, type: drape, from: [-5, 0.2], to: [5, 0.2], height: 3, hung: T")  # fmt: skip
    low, high = part(built, "D").bounds
    assert high[2] == pytest.approx(trim)
    assert low[2] == pytest.approx(trim - 3)
    assert (low[1] + high[1]) / 2 == pytest.approx(3.2)


def test_stairs_turned_against_a_stages_sides_touch_it_and_nothing_more():
    built = scene("id: st, type: stage, size: [10, 5], height: 0.8",
                  "id: front, type: stairs, height: 0.8, at: [2, 0]",
                  "id: side, type: stairs, height: 0.8, at: [5, 3], turn: 90, mirror: true")  # fmt: skip
    assert part(built, "front").bounds[1, 1] == pytest.approx(0)
    assert part(built, "side").bounds[0, 0] == pytest.approx(5)
    assert part(built, "side_mirror").bounds[1, 0] == pytest.approx(-5)


def test_people_on_a_balcony_sit_at_its_level():
    built = scene("id: bal, type: balcony, size: [20, 5], level: 3.5, at: [0, -15]",
                  "id: B, type: seating, on: bal, rows: 3, seats: 20, at: [0, -0.7], riser: 0.2")  # fmt: skip
    assert sorted(set(np.round(built.seats.at[:, 2], 9).tolist())) == [3.5, 3.7, 3.9]
    assert built.seats.at[:, 1].max() < -15.7


def test_a_column_takes_the_places_that_it_stands_in_and_their_chairs_and_nothing_else():
    tables = "id: T, type: tables, item: fur.table.round6, seats: 10, count: 9, columns: 3, spacing: 3.4"
    free = scene(tables)
    x, y, _ = free.seats.at[0]
    column = f"id: room, type: room, size: [30, 30], height: 5, columns: [{{id: C, at: [{x}, {y}], diameter: 0.3}}]"
    built = scene(tables, column)
    gone = set(free.seats.ids.tolist()) - set(built.seats.ids.tolist())
    assert gone == {"T/1/1"}
    chairs = sum(p.count for p in built.of(Part) if p.of_seats)
    assert chairs == len(built.seats) == 89


def test_turning_the_tables_turns_every_place_and_keeps_every_id():
    def built(turn):
        return scene(f"id: T, type: tables, item: fur.table.round6, seats: 7, count: 8, open: 90, turn: {turn}").seats

    straight, turned = built(0), built(90)
    assert straight.ids.tolist() == turned.ids.tolist()
    x, y, z = straight.at.T
    assert turned.at == pytest.approx(np.stack([-y, x, z], axis=1), abs=1e-9)
    assert turned.facing == pytest.approx(straight.facing + 90)


def test_cabaret_tables_open_to_the_stage_wherever_they_stand():
    built = scene("id: mark, type: target, points: [[0, 4, 1]]",
                  "id: T, type: tables, item: fur.table.round6, seats: 6, open: 144, open_to: mark, "
                  "count: 6, columns: 3, turn: 15, at: [2, -3]")  # fmt: skip
    middles = np.repeat(part(built, "T").transforms[:, :2, 3], 6, axis=0)
    to_stage, to_seat = np.array([0, 4]) - middles, built.seats.at[:, :2] - middles
    cosine = np.einsum("ij,ij->i", to_stage, to_seat) / np.hypot(*to_stage.T) / np.hypot(*to_seat.T)
    assert np.degrees(np.arccos(cosine)).min() == pytest.approx(90)  # half of 144, and half of one of six steps of 36


def test_a_mirrored_set_of_tables_has_as_many_places_with_ids_of_its_own():
    built = scene("id: T, type: tables, item: fur.table.rect6, seats: 6, count: 3, at: [6, -3], turn: 20, mirror: true")
    assert len(built.seats) == len(set(built.seats.ids.tolist())) == 36
    assert sorted(built.seats.at[:, 0].tolist()) == pytest.approx(sorted((-built.seats.at[:, 0]).tolist()))


def test_a_door_of_an_upper_foyer_opens_above_the_floor():
    """The wall below its threshold and above its head stays; it is an exit at its own level."""
    from stagecraft.scene import Door, KeepClear
    from stagecraft.venue.document import Venue

    room = {"id": "hall", "type": "room", "x": [0, 10], "y": [0, 8], "height": 9, "wall": 0.25,
            "doors": [{"id": "D1", "at": [0, 4], "width": 1.2, "floor": 5}]}  # fmt: skip
    scene = build(Venue(name="T", elements=(room,)))
    (door,), (clear,) = scene.of(Door), scene.of(KeepClear)
    assert door.at.tolist() == [0, 4, 5]
    assert (clear.low, clear.high) == (5, 7.1)
    fill = {part.name: part.solid.bounds[:, 2].tolist() for part in scene.parts if "D1" in part.name}
    assert fill == {"sill D1": [0, 5], "lintel D1": [7.1, 9]}
    walls = sum(part.solid.volume for part in scene.parts if part.system == "wall")
    assert walls == pytest.approx(0.25 * (2 * (10.5 + 8) * 9 - 1.2 * 2.1))
    with pytest.raises(ValueError, match=r"D1 ends 7.1 m up, the room only 6 m"):
        Venue(name="T", elements=({**room, "height": 6},))
