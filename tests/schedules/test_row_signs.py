"""Signs at the ends of rows: where people come to, and which seats they reach from there."""

import pytest

from stagecraft.build import build
from stagecraft.schedules.row_signs import row_signs, spans
from stagecraft.venue.document import Venue


def house(*elements, numbering=None, room=None):
    room = {"id": "hall", "type": "room", "x": [-12, 12], "y": [-14, 6], "height": 6, **(room or {})}
    return build(Venue.model_validate({"name": "T", "numbering": numbering or {}, "elements": [room, *elements]}))


def rows(*elements, **more):
    return list(row_signs(house(*elements, **more)).rows())


SEATING = {"id": "S", "type": "seating", "rows": 2, "seats": [4, 6, 4], "at": [0, -3], "blocks": ["L", "C", "R"]}


def test_each_end_of_each_row_at_a_gangway_has_a_sign():
    signs = rows(SEATING)
    assert len(signs) == 2 * 3 * 2
    assert [s[:6] for s in signs[:6]] == [
        ("L", "A", "house left", "1–4", "→", 4), ("L", "A", "house right", "4–1", "←", 4),
        ("C", "A", "house left", "1–6", "→", 6), ("C", "A", "house right", "6–1", "←", 6),
        ("R", "A", "house left", "1–4", "→", 4), ("R", "A", "house right", "4–1", "←", 4),
    ]  # fmt: skip


def test_odd_and_even_sides_are_named():
    signs = rows({**SEATING, "rows": 1, "seats": 7, "blocks": ["S"]}, numbering={"order": "odd_even"})
    assert [s[3] for s in signs] == ["7–1 odd, 2–6 even", "6–2 even, 1–7 odd"]


def test_no_sign_stands_where_the_row_ends_at_a_wall():
    half = (4 + 6 + 4) * 0.5 / 2 + 1.2
    signs = rows(SEATING, room={"x": [-half - 0.1, 12]})
    assert [s[2] for s in signs if s[0] == "L"] == ["house right"] * 2
    assert [s[2] for s in signs if s[0] == "R"] == ["house left", "house right"] * 2


def test_who_comes_from_one_side_reaches_no_seat_behind_an_object():
    foh = {"id": "foh", "type": "foh", "at": [0.0, -3.9], "size": [1.6, 1.6]}
    signs = [s for s in rows({**SEATING, "rows": 1, "seats": 12, "blocks": ["S"]}, foh) if s[1] == "A"]
    assert [(s[2], s[3]) for s in signs] == [("house left", "1–3"), ("house right", "12–10")]


@pytest.mark.parametrize("turn", [0, 90, 180, 37])
def test_left_is_the_left_of_who_sits_there_however_the_seating_is_turned(turn):
    signs = rows({**SEATING, "at": [0, 0], "turn": turn}, room={"x": [-30, 30], "y": [-30, 30]})
    assert [s[2:5] for s in signs[:2]] == [("house left", "1–4", "→"), ("house right", "4–1", "←")]


def test_tables_and_empty_rooms_have_no_row_signs():
    assert rows({"id": "t", "type": "tables", "item": "fur.table.round6", "seats": 8, "count": 2, "at": [0, -4]}) == []
    assert rows() == []


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["1", "2", "3"], "1–3"), (["3", "2", "1"], "3–1"), (["5", "3", "1", "2", "4"], "5–1 odd, 2–4 even"), (["7"], "7"),
        (["P9", "P10", "P11"], "P9–P11"), (["A", "B", "C"], "A–C"), (["1", "2", "101", "102"], "1–2, 101–102"), ([], ""),
        (["x1", "y2"], "x1, y2"), (["10", "20"], "10, 20"),
    ],
)  # fmt: skip
def test_labels_are_put_together_where_they_run(labels, words):
    assert spans(labels) == words
