"""The kill and spoil map: every seat once, a cross for each that is gone, and what the object would cost elsewhere."""

import colorsys
import io

import numpy as np
import pytest

from stagecraft.design.cost import Sights, bands_of, kill_map, weighed
from stagecraft.design.place import place
from stagecraft.drawing.killmap import Cells
from stagecraft.drawing.marks import Fill, Line, Style, Text
from stagecraft.export.dxf import write_dxf
from stagecraft.export.pdf import write_pdf
from stagecraft.export.svg import write_svg
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-7, 7], y: [-14, 6], height: 6}
  - {id: stage, type: stage, size: [8, 4], height: 1, at: [0, 0]}
  - {id: speaker, type: presenter, on: stage, at: [0, 1]}
  - {id: A, type: seating, rows: 10, seats: 20, width: 0.5, pitch: 1.0, front: [0, -2.5], chair: null, own_depth: 0.5}
  - {id: wall, type: platform, name: Tower, at: [1, -4], size: [1.2, 1.2], height: 2.0}
places: [{seats: A/K, kill: staff}]
"""


@pytest.fixture(scope="module")
def cost():
    return kill_map(loads(HALL), "wall")


@pytest.fixture(scope="module")
def placed():
    return place(loads(HALL), "wall", {"x": (-4, 4), "y": (-8, -4)}, 2.0)


def legend(drawing):
    """Words → number, where they stand on one line."""
    texts = [m for m in drawing.marks if isinstance(m, Text)]
    right = [m for m in texts if m.align == "right" and m.text.isdigit()]
    return {m.text: int(n.text) for m in texts if m.align == "left" for n in right
            if abs(m.at[1] - n.at[1]) < 1e-6 and 0 < n.at[0] - m.at[0] < 80 * drawing.scale}  # fmt: skip


def crosses(drawing):
    """Middles of the squares with two strokes through them. [m]"""
    lines = [m.points for m in drawing.marks if isinstance(m, Line) and m.style == Style("note") and len(m.points) == 2]
    middles = [tuple(np.round(np.mean(line, axis=0) / 1000, 3)) for line in lines]
    return {at for at in middles if middles.count(at) == 2}


def test_every_seat_removed_is_crossed_and_no_other(cost):
    drawn = crosses(cost.drawing())
    at = cost.seats.at[cost.removed, :2]
    assert drawn == {tuple(np.round(one, 3)) for one in at}
    assert len(drawn) == cost.removed.sum() > 0


def test_the_legend_counts_what_is_drawn(cost):
    drawing = cost.drawing()
    counts = legend(drawing)
    assert counts["removed"] == cost.removed.sum()
    assert counts["killed before"] == 20
    worse = {words: n for words, n in counts.items() if words.startswith("sees less: ")}
    assert sum(worse.values()) == cost.spoiled.sum() > 0
    assert (
        counts["all"]
        == 200
        == counts["removed"] + counts["killed before"] + counts["as without it"] + sum(worse.values())
    )
    assert drawing.title.startswith(f"TOWER COSTS {cost.removed.sum()} SEATS; {cost.spoiled.sum()} DOWNGRADED")
    assert any(isinstance(m, Text) and m.text == "TOWER" for m in drawing.marks)


def test_letters_are_those_of_the_bands(cost):
    texts = {(round(m.at[0]), round(m.at[1])): m.text for m in cost.drawing().marks if isinstance(m, Text)}
    for k in np.flatnonzero(cost.spoiled):
        x, y = (cost.seats.at[k, :2] * 1000).round().astype(int).tolist()
        assert texts[x, y] == "ABCDE"[cost.after[k]]


def test_every_position_has_a_number_or_a_stroke(placed):
    drawing = placed.drawing()
    counts = legend(drawing)
    possible = [spot for spot in placed.spots if not spot.why]
    assert 0 < len(possible) < len(placed.spots) + 1
    assert counts.get("cannot stand there", 0) == len(placed.spots) - len(possible)
    classes = [n for words, n in counts.items() if words[0].isdigit()]
    assert sum(classes) == len(possible)
    texts = [m.text for m in drawing.marks if isinstance(m, Text)]
    assert {"BEST", "NOW", "WHERE IT COSTS LEAST", "WHAT IT COSTS ELSEWHERE"} <= set(texts)


def test_where_nothing_is_better_the_present_place_is_drawn():
    best = place(loads(HALL.replace("at: [1, -4]", "at: [6.2, -4]")), "wall", {"x": (-4, 4)}, 2.0)
    drawing = best.drawing()
    texts = [m.text for m in drawing.marks if isinstance(m, Text)]
    assert "WHERE IT STANDS" in texts
    assert "WHERE IT COSTS LEAST" not in texts
    assert drawing.title.startswith("TOWER COSTS 0 SEATS")


def test_reasons_are_rows_the_worst_first(cost):
    reasons = list(cost._reasons())
    assert sum(int(reason.what.split()[0]) for reason in reasons) == cost.spoiled.sum()
    assert reasons[0].where.endswith("of speaker")
    shares = [int(reason.where.split()[0]) for reason in reasons]
    assert shares == sorted(shares)


def test_seats_above_others_are_not_on_the_second_plan():
    venue = loads(HALL)
    data = venue.raw()
    data["elements"] += [
        {"id": "up", "type": "balcony", "at": [0, -11.5], "size": [14, 5], "level": 4},
        {"id": "B", "type": "seating", "on": "up", "rows": 2, "seats": 10, "at": [0, 1], "chair": None},
    ]
    drawing = place(venue.again(data), "wall", {"x": (-4, 4)}, 2.0).drawing()
    small = [m for m in drawing.marks if isinstance(m, Line) and m.style == Style("seating", "overhead")]
    seats = [m for m in small if len(m.points) == 4]
    assert len(seats) == 200 + legend(drawing).get("cannot stand there", 0)


def test_cheap_is_lighter_than_dear_in_a_grey_print_too():
    cells = Cells(np.zeros((6, 4, 2)), np.array([0, 3, 9, 12, 40, np.nan]), "Seats removed", 0, (0.0, 0.0))
    assert cells.classes.tolist() == [0, 0, 1, 1, 4, -1]
    grey = [colorsys.rgb_to_yiq(*cells.colour(k))[0] for k in range(5)]
    assert grey == sorted(grey, reverse=True)
    one = Cells(np.zeros((2, 4, 2)), np.array([4.0, 4.0]), "Seats removed", 0, (0.0, 0.0))
    assert one.classes.tolist() == [0, 0]


def test_a_grid_that_only_rises_needs_no_second_plan():
    venue = loads(HALL.replace("type: platform, name: Tower, at: [1, -4], size: [1.2, 1.2], height: 2.0",
                               "type: truss, from: [-3, -2], to: [3, -2], trim: 2.2"))  # fmt: skip
    drawing = place(venue, "wall", {"z": (2.0, 4.0)}, 1.0).drawing()
    assert not [m for m in drawing.marks if isinstance(m, Text) and m.text == "WHAT IT COSTS ELSEWHERE"]


def test_all_writers_take_it_and_twice_is_the_same(placed):
    for writer in (write_dxf, write_pdf, write_svg):
        one, two = io.BytesIO(), io.BytesIO()
        writer(placed.drawing(), one)
        writer(placed.drawing(), two)
        assert one.getvalue() == two.getvalue() != b""


def test_a_cost_without_its_house_says_so(cost):
    n = len(cost.seats)
    nothing = Sights((), np.zeros((0, n)), np.zeros(0))
    bare = weighed("x", bands_of(()), cost.seats, nothing, np.zeros((0, n)), cost.removed)
    with pytest.raises(ValueError, match="does not know its house"):
        bare.drawing()


def test_fills_are_colours_and_every_seat_has_its_square(cost):
    drawing = cost.drawing()
    squares = [m for m in drawing.marks if isinstance(m, Line) and m.style == Style("seating", "beyond")]
    fills = [m for m in drawing.marks if isinstance(m, Fill)]
    assert len(squares) >= 200
    assert all(m.colour is not None for m in fills)
    assert len(fills) >= cost.removed.sum() + cost.spoiled.sum()
