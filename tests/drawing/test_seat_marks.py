"""The seating plan: every number in its seat, or at ends and tens where seats are small; rows, blocks and gangways named."""

from pathlib import Path

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.drawing._labels import text_box
from stagecraft.drawing.marks import Dimension, Fill, Insert, Line, Text
from stagecraft.drawing.seat_marks import seat_marks, seating_plan
from stagecraft.export.write import write
from stagecraft.schedules.house import on_sale
from stagecraft.venue.load import load
from tests.export.test_pretix import SEATING, STAGE, STANDING, TABLES, house

ROOMS = Path(__file__).parents[1] / "data" / "rooms"
WIDE = {"id": "S", "type": "seating", "rows": 3, "seats": [22, 22], "front": [0, -3], "blocks": ["L", "R"]}


def words(marks):
    return [mark.text for mark in marks if isinstance(mark, Text)]


def numbers(scene, scale):
    """Permanent id → number that stands in the seat."""
    at = {tuple(np.round(xy[:2] * 1000, 3)): id for xy, id in zip(scene.seats.at, scene.seats.ids.tolist())}
    found = {
        at.get(tuple(np.round(mark.at, 3))): mark.text for mark in seat_marks(scene, scale) if isinstance(mark, Text)
    }
    return {id: text for id, text in found.items() if id}


def test_every_seat_of_four_millimetres_has_its_number_in_it():
    scene = house(SEATING)
    assert numbers(scene, 125) == dict(zip(scene.seats.ids.tolist(), scene.seats.seat.tolist()))


def test_smaller_seats_have_it_at_row_ends_and_at_every_tenth():
    shown = numbers(house(WIDE), 126)
    assert [n for id, n in shown.items() if id.startswith("S/1/-")] == ["1", "10", "22"]
    assert len(shown) == 3 * 2 * 3


def test_wheelchair_places_have_their_number_behind_the_drawing_at_any_scale():
    access = {
        "id": "W",
        "type": "seating",
        "rows": 1,
        "seats": 9,
        "front": [0, -3],
        "pattern": ["chair", "wheelchair", "chair"],
    }
    scene = house(access)
    texts = words(seat_marks(scene, 400))
    wheel = scene.seats.seat[scene.seats.place == "wheelchair"].tolist()
    assert set(wheel) <= set(texts)


def test_each_run_of_seats_is_lettered_at_both_ends_and_each_block_is_named():
    texts = words(seat_marks(house(SEATING), 100))
    assert [texts.count(letter) for letter in "ABC"] == [6, 6, 6]
    assert {"BLOCK L", "BLOCK C", "BLOCK R"} <= set(texts)


def test_gangways_have_their_clear_width_measured():
    found = [mark for mark in seat_marks(house(SEATING), 50) if isinstance(mark, Dimension)]
    widths = sorted(float(np.hypot(*np.subtract(mark.end, mark.start))) for mark in found)
    assert widths == pytest.approx([1200.0, 1200.0])


@pytest.mark.parametrize("scale", [50, 100, 200])
@pytest.mark.parametrize("turn", [0, 30, 90])
def test_no_letter_name_or_width_lies_on_a_seat_or_on_another(scale, turn):
    scene = house({**WIDE, "turn": turn}, STAGE)
    marks = [mark for mark in seating_plan(scene, scale).marks if isinstance(mark, Text) and not mark.text.isdecimal()]
    boxes = [text_box(mark, scale) for mark in marks]
    for n, (a, b, c, d) in enumerate(boxes):
        for e, f, g, h in boxes[:n]:
            assert not (a < g - 1 and e < c - 1 and b < h - 1 and f < d - 1), marks[n].text
        inside = (scene.seats.at[:, 0] * 1000 > a) & (scene.seats.at[:, 0] * 1000 < c)
        assert not (inside & (scene.seats.at[:, 1] * 1000 > b) & (scene.seats.at[:, 1] * 1000 < d)).any(), marks[n].text


def test_a_seating_plan_has_a_symbol_for_every_seat_and_is_written_as_paper_and_drawing(tmp_path):
    scene = house(SEATING, STAGE, TABLES | {"at": [0, -12]})
    made = seating_plan(scene)
    inserts = [mark for mark in made.marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")]
    assert sorted(dict(mark.attributes)["ID"] for mark in inserts) == sorted(scene.seats.ids.tolist())
    assert {"STAGE", "BLOCK C", "1", "6"} <= set(words(made.marks))
    for suffix in ("pdf", "svg", "dxf"):
        assert write(made, tmp_path / f"plan.{suffix}").stat().st_size > 2000


def test_a_balcony_over_the_stalls_is_drawn_beside_them():
    scene = build(load(ROOMS / "townhall.yaml"))
    made = seating_plan(scene)
    at = {dict(m.attributes)["ID"]: m.at for m in made.marks if isinstance(m, Insert) and m.symbol.startswith("SEAT-")}
    assert len(at) == len(scene.seats) == len(on_sale(scene))
    assert min(x for id, (x, _) in at.items() if id.startswith("circle/")) > max(
        x for id, (x, _) in at.items() if id.startswith("stalls/")
    )
    assert {"LOWER SEATS", "SEATS ABOVE OTHERS"} <= set(words(made.marks))


@pytest.mark.parametrize(
    "elements", [(), (STAGE,), (STANDING,), ({**SEATING, "rows": 1, "seats": 1, "blocks": ["A"]},)]
)
def test_any_house_has_a_seating_plan(elements):
    made = seating_plan(house(*elements))
    assert np.isfinite(np.array(made.extent)).all()


def test_a_block_for_whose_name_there_is_no_room_is_noted():
    packed = [{**SEATING, "id": f"S{k}", "rows": 2, "seats": 3, "blocks": [f"a rather long name of block {k}"], "front": [k * 1.6 - 8, -3 - 2.2 * n]}
              for n in range(4) for k in range(4 * n, 4 * n + 4)]  # fmt: skip
    made = seating_plan(house(*packed), 500)
    missing = [k for k in range(16) if f"BLOCK a rather long name of block {k}" not in words(made.marks)]
    assert missing
    assert any(note.startswith("No room for the name of block") for note in made.notes)


def test_held_places_are_grey_and_killed_ones_crossed_over_their_own_corners():
    rules = [{"seats": "L/A/1-3", "hold": "press"}, {"seats": "R/B/1-2", "kill": "no view"}]
    scene = house({**WIDE, "seats": [8, 8]}, places=rules)
    drawn, plain = seating_plan(scene), seating_plan(house({**WIDE, "seats": [8, 8]}))
    grey = [mark for mark in drawn.marks if isinstance(mark, Fill) and mark.style.system == "seating"]
    crosses = [m for m in drawn.marks if isinstance(m, Line) and m.style.system == "seating" and not m.closed]
    at = {id: place[:2] * 1000 for id, place in zip(scene.seats.ids.tolist(), scene.seats.at)}
    seats = scene.seats
    for marks, status, each in ((grey, "hold", 1), (crosses, "kill", 2)):
        middles = {tuple(np.mean(m.rings[0] if status == "hold" else m.points, axis=0).round(3)) for m in marks}
        assert middles == {tuple(at[id].round(3)) for id in seats.ids[seats.status == status].tolist()}
        assert len(marks) == each * int((seats.status == status).sum())
    corners = np.array([mark.rings[0] for mark in grey])
    assert np.ptp(corners, axis=1) == pytest.approx(np.c_[seats.width, seats.depth][:3] * 1000)
    assert "Grey: held." in drawn.notes
    assert "Crossed: not given, nobody sits there." in drawn.notes
    assert not [m for m in plain.marks if isinstance(m, Fill) and m.style.system == "seating"]
    assert not [note for note in plain.notes if note.startswith(("Grey", "Crossed"))]


def test_the_control_position_is_named_beside_it_on_no_seat():
    desk = {"id": "foh", "type": "foh", "name": "Mix desk", "at": [0, -9], "size": [3.6, 1.8], "riser": 0}
    scene = house(WIDE, desk)
    drawn = seating_plan(scene)
    (name,) = [mark for mark in drawn.marks if isinstance(mark, Text) and mark.text == "MIX DESK"]
    left, low, right, high = text_box(name, drawn.scale)
    x, y = (scene.seats.at[:, :2] * 1000).T
    assert not ((x > left) & (x < right) & (y > low) & (y < high)).any()
