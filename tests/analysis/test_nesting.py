"""Parts on stock: all of them, once each, inside the sheet, apart, the grain right; and what does not fit is named."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft.analysis.making import to_make
from stagecraft.analysis.nesting import nest
from stagecraft.geometry.loops import area_of, box_of, loops
from stagecraft.geometry.outline import Outline, Ring, circle, outline, sector
from stagecraft.scene import Piece, Stock
from tests.schedules.test_cut_list import workshop

PLY = Stock("ply", "sheet", 0.018, size=(2.44, 1.22), grain="L")
BARS = Stock("pine", "bar", 0.032, width=0.069, lengths=(2.4, 4.8), cutter=0.003)


def board(length: float, width: float) -> Outline:
    return outline([(0, 0), (length, 0), (length, width), (0, width)])


def part(mark: str, shape: Outline, quantity: int = 1, **fields) -> Piece:
    return Piece("it", mark, shape, 0.018, "ply", quantity, **fields)


def rib(inner: float = 2.0, outer: float = 2.2) -> Outline:
    """A curved former, lying from 0."""
    raw = sector((0, 0), inner, outer, 60, 120)
    low, _ = box_of(loops(raw)[:1])
    moved = tuple((x - low[0], y - low[1], r) for x, y, r in raw.circles)
    return Outline(Ring(raw.outer.points - low, raw.outer.arcs), circles=moved)


def shapes_of(sheet):
    return [
        shapely.Polygon(one.loops[0].chords(1e-6), [loop.chords(1e-6) for loop in one.loops[1:]]) for one in sheet.laid
    ]


def assert_nested(found, pieces):
    """The closure of a nest: every copy once, inside its margin, apart by cutter and 2 mm, area by area."""
    laid = [(one.piece.mark, one.copy) for sheet in found.sheets for one in sheet.laid]
    laid += [(piece.mark, copy) for bar in found.bars for piece, copy, _ in bar.laid]
    left = {piece.mark for piece, _ in found.left}
    assert Counter(laid) == Counter((p.mark, n) for p in pieces for n in range(1, p.quantity + 1) if p.mark not in left)
    for sheet in found.sheets:
        shapes = shapes_of(sheet)
        length, width = sheet.stock.size
        room = shapely.box(0, 0, length, width).buffer(-sheet.stock.margin, join_style="mitre").buffer(2e-5)
        assert all(room.covers(shape) for shape in shapes)
        for n, shape in enumerate(shapes):
            assert all(shape.distance(other) >= sheet.stock.cutter + 0.002 - 3e-5 for other in shapes[:n])
        assert sum(shape.area for shape in shapes) == pytest.approx(sheet.area, rel=1e-5)
    areas = {piece.mark: area_of(piece.outline) * piece.quantity for piece in pieces if piece.kind == "sheet"}
    wanted = sum(area for mark, area in areas.items() if mark not in left)
    assert sum(sheet.area for sheet in found.sheets) == pytest.approx(wanted)


def test_eight_boards_of_a_quarter_take_two_sheets():
    """(2440 − 20 − 8) / 2 = 1206 and (1220 − 20 − 8) / 2 = 596: four of them fill a sheet to the millimetre."""
    pieces = [part("A", board(1.206, 0.596), 8)]
    found = nest(pieces, (PLY,))
    assert [len(sheet.laid) for sheet in found.sheets] == [4, 4]
    corners = np.array(sorted(one.at for one in found.sheets[0].laid))
    assert corners == pytest.approx(np.array([(0.01, 0.01), (0.01, 0.614), (1.224, 0.01), (1.224, 0.614)]))
    assert_nested(found, pieces)
    assert [len(sheet.laid) for sheet in nest([part("A", board(1.2061, 0.596), 2)], (PLY,)).sheets] == [2]
    assert len(nest([part("A", board(1.2061, 0.5961), 4)], (PLY,)).sheets) == 4


def test_the_grain_of_a_part_lies_along_that_of_the_sheet():
    for grain, quarters in (("L", 0), ("W", 1)):
        found = nest([part("A", board(0.6, 0.3), 5, grain=grain)], (PLY,))
        assert {one.quarters for sheet in found.sheets for one in sheet.laid} == {quarters}
    tall = part("A", board(0.3, 1.5), grain="L")
    assert [why for _, why in nest([tall], (PLY,)).left] == ["larger than the stock"]
    assert nest([part("A", board(0.3, 1.5))], (PLY,)).sheets[0].laid[0].turned == 90


def test_parts_without_a_stock_and_too_large_ones_are_named():
    pieces = [part("A", board(2.43, 1.0)), Piece("it", "B", board(1, 1), 0.012, "ply"), part("C", board(1, 1))]
    found = nest(pieces, (PLY,))
    assert [(piece.mark, why) for piece, why in found.left] == [("A", "larger than the stock"), ("B", "no stock named")]
    assert found.where == {"C": ("F551_18mm_S01",)}
    assert found.used == {PLY: 1}
    assert nest([], (PLY,)).sheets == ()


def test_what_is_larger_than_one_stock_is_cut_from_the_next_of_the_same_material():
    large = Stock("ply", "sheet", 0.018, size=(3.05, 1.525))
    found = nest([part("A", board(2.9, 1.4)), part("B", board(1, 1))], (PLY, large))
    assert {one.piece.mark: sheet.stock for sheet in found.sheets for one in sheet.laid} == {"A": large, "B": PLY}
    assert [sheet.name for sheet in found.sheets] == ["F551_18mm_S01", "F552_18mm_S01"]


def test_bars_are_sawn_longest_first_from_the_shortest_that_holds_them():
    """2 × 2300 and 3 × 1100 with a blade of 3 mm and 10 mm at each end: 4600 + 3 ≤ 4780; 3300 + 6 ≤ 4780."""
    bar = {"thickness": 0.032, "material": "pine", "kind": "bar"}
    pieces = [Piece("it", "S", board(1.1, 0.069), quantity=3, **bar), Piece("it", "L", board(2.3, 0.069), quantity=2, **bar),
              Piece("it", "X", board(4.79, 0.069), **bar)]  # fmt: skip
    found = nest(pieces, (BARS,))
    assert [(one.length, [piece.mark for piece, _, _ in one.laid]) for one in found.bars] == [
        (4.8, ["L", "L"]), (4.8, ["S", "S", "S"]),
    ]  # fmt: skip
    assert [start for _, _, start in found.bars[1].laid] == pytest.approx([0.01, 1.113, 2.216])
    assert [(piece.mark, why) for piece, why in found.left] == [("X", "larger than the stock")]
    assert nest(pieces[:1], (BARS,)).bars[0].share == pytest.approx(3.3 / 4.8)
    assert nest([Piece("it", "S", board(1.1, 0.069), quantity=2, **bar)], (BARS,)).bars[0].length == 2.4


def test_areas_count_arcs_as_arcs():
    assert area_of(circle(0.3)) == pytest.approx(math.pi * 0.09, abs=1e-12)
    assert area_of(rib()) == pytest.approx(math.pi / 6 * (2.2**2 - 2.0**2), abs=1e-9)
    assert box_of(loops(circle(0.3)))[1] == pytest.approx([0.3, 0.3], abs=2e-6)
    low, high = box_of(loops(rib()))
    assert high - low == pytest.approx([2.2, 2.2 - 2.0 * math.sin(math.radians(60))], abs=2e-6)


def test_curved_parts_keep_their_arcs_where_they_lie():
    found = nest([part("R", rib(), 3)], (PLY,))
    assert_nested(found, [part("R", rib(), 3)])
    for sheet in found.sheets:
        for one in sheet.laid:
            assert np.count_nonzero(one.loops[0].bulges) == 2


def test_a_whole_workshop_is_nested_to_the_last_part():
    scene = workshop()
    pieces = to_make(scene)
    found = nest(pieces, scene.stock)
    lacking = {piece.mark for piece, why in found.left if why == "no stock named"}
    assert lacking == {piece.mark for piece in pieces if not any(stock.suits(piece) for stock in scene.stock)}
    assert all(piece.length > 2.42 for piece, why in found.left if why == "larger than the stock")
    assert_nested(found, pieces)
    assert {*found.where, *(piece.mark for piece, _ in found.left)} == {piece.mark for piece in pieces}


def test_curved_parts_lie_in_one_another_where_that_saves_sheets():
    """Twelve formers of 200 × 468 mm: as boxes two to a sheet, by their outlines one above the other, four at least."""
    pieces = [part("R", rib(), 12)]
    found = nest(pieces, (PLY,))
    assert len(found.sheets) <= 3
    assert_nested(found, pieces)
    locked = [part("R", rib(), 12, grain="L")]
    assert {one.turned % 180 for sheet in nest(locked, (PLY,)).sheets for one in sheet.laid} == {0}
    assert_nested(nest(locked, (PLY,)), locked)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0.05, 2.6), st.floats(0.05, 1.4), st.integers(1, 4), st.sampled_from(["", "L", "W"])),
                max_size=12))  # fmt: skip
def test_every_list_of_boards_closes_and_is_the_same_twice(boards):
    pieces = [part(f"P{n}", board(a, b), q, grain=g) for n, (a, b, q, g) in enumerate(boards)]
    found, again = nest(pieces, (PLY,)), nest(pieces, (PLY,))
    assert_nested(found, pieces)
    places = [
        [[(one.piece.mark, one.copy, one.at, one.quarters) for one in sheet.laid] for sheet in n.sheets]
        for n in (found, again)
    ]
    assert places[0] == places[1]
