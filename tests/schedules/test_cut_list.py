"""The cut list: the same marks and quantities as the drawings, areas that are the parts'."""

import re
from itertools import pairwise

import pytest

import stagecraft as sc
from stagecraft.analysis.making import to_make
from stagecraft.analysis.nesting import nest
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Text
from stagecraft.drawing.shop_drawing import set_sheets
from stagecraft.geometry.loops import area_of
from stagecraft.scene import Piece
from stagecraft.schedules.cut_list import cut_list, stock_list
from stagecraft.venue.document import Venue
from tests.elements.test_set_pieces import BENDY, KINDS, PLY, SKIN

SOFTWOOD = {"material": "softwood", "section": ["69 mm", "32 mm"], "lengths": [2.4, 4.8]}
ACROSS = {"material": "softwood", "section": ["32 mm", "69 mm"], "lengths": [4.8]}


def workshop(stock=(PLY, SKIN, BENDY, SOFTWOOD), units="m", only=None):
    """Every kind of set piece, each with a twin across the centre line."""
    elements = [
        {"id": f"F{n}", "name": kind, "fabrication": True, **fields, "at": [2 + 3 * n, -4], "mirror": True}
        for n, (kind, fields) in enumerate(KINDS.items(), 1)
        if only is None or kind in only
    ]
    fields = {"name": "Workshop", "units": units, "elements": elements, "stock": list(stock)}
    return sc.build(Venue.model_validate(fields))


def test_the_list_has_every_mark_once_and_counts_what_stands_there():
    scene = workshop()
    table = cut_list(scene)
    marks = list(table.values["mark"])
    assert len(set(marks)) == len(marks)
    assert sum(table.values["quantity"]) == sum(piece.quantity for piece in scene.of(Piece))
    area = sum(area_of(piece.outline) * piece.quantity for piece in scene.of(Piece))
    assert sum(table.values["area"]) == pytest.approx(area)


def test_drawings_and_list_speak_of_the_same_parts():
    scene = workshop()
    listed = dict(zip(cut_list(scene).values["mark"], cut_list(scene).values["quantity"]))
    drawn = {}
    for draft in set_sheets(Job(scene)):
        for view in draft.views:
            if view.name.startswith("parts"):
                words = [mark.text for mark in view.make(20).marks if isinstance(mark, Text)]
                for mark, off in pairwise(words):
                    if " off  " in off:
                        drawn[mark.split("  ")[0]] = int(off.split(" off")[0])
    alone = {piece.mark for piece in to_make(scene) if piece.name in ("panel", "shape")}
    assert drawn == {mark: many for mark, many in listed.items() if mark not in alone}


def test_sizes_are_millimetres_and_in_feet_inches():
    mm, inches = (cut_list(workshop(units=units, only=["flat"])) for units in ("m", "ft"))
    assert list(mm.values["length"]) == [2400.0, 2400.0, 1062.0, 1062.0, 230.0]
    assert [round(v * 25.4, 6) for v in inches.values["length"]] == pytest.approx(mm.values["length"], abs=1e-4)
    assert [column.head for column in inches.columns][5] == "length in"


def test_4000_000_in_is_4000_000_in_the_list():
    fields = {"name": "x", "elements": [{"id": "F1", "type": "scenery", "size": [4, 0.018, 1.2], "sheet": 0.018}]}
    assert cut_list(sc.build(Venue.model_validate(fields))).values["length"] == [4000.0]


def test_what_has_no_stock_says_so_and_none_is_assumed():
    table = cut_list(workshop(stock=[PLY], only=["flat"]))
    assert table.values["note"] == ["no stock named"] * 5
    stock = stock_list(workshop(stock=[PLY], only=["flat"]))
    assert list(zip(stock.values["material"], stock.values["size"], stock.values["note"])) == [
        ("plywood", "2440 × 1220 × 18 mm", ""),
        ("plywood", "6 mm", "no stock named"),
        ("softwood", "69 × 32 mm", "no stock named"),
    ]
    assert not cut_list(workshop(only=[])).values["mark"]


def test_the_stock_that_is_needed_at_least_follows_from_areas_and_lengths():
    scene = workshop(only=["plinth", "flat"])
    stock = stock_list(scene)
    net = {
        kind: sum(area_of(p.outline) * p.quantity for p in to_make(scene) if abs(p.thickness - kind) < 1e-9)
        for kind in (0.018, 0.006)
    }
    assert stock.values["net"][0] == pytest.approx(net[0.018])
    assert stock.values["least"][0] == -(-net[0.018] // (2.44 * 1.22))
    bars = sum(p.length * p.quantity for p in to_make(scene) if p.kind == "bar")
    assert stock.values["net"][3] == pytest.approx(bars)
    assert stock.values["size"][3] == "69 × 32 mm, 2400 or 4800 mm long"
    assert sum(stock.values["parts"]) == sum(piece.quantity for piece in to_make(scene))


def test_a_bar_is_the_same_either_way_round():
    scene = workshop(stock=[ACROSS], only=["flat"])
    assert stock_list(scene).values["parts"][0] == 2 * 7


def test_nested_sheets_are_named_and_their_yield_is_told():
    scene = workshop(stock=[PLY], only=["plinth"])
    table = cut_list(scene, {"F5-01": ["S01", "S02"]})
    assert table.values["sheet"][0] == "S01, S02"
    stock = stock_list(scene, {scene.stock[0]: 4})
    assert stock.values["yield"][0] == pytest.approx(100 * stock.values["net"][0] / (4 * 2.44 * 1.22))


def test_list_drawing_and_nest_share_marks_quantities_and_areas():
    scene = workshop(only=["plinth", "flat", "steps", "logo", "fascia", "ramp"])
    laid = nest(to_make(scene), scene.stock)
    table, stock = cut_list(scene, laid.where), stock_list(scene, laid.used)
    assert not laid.left
    assert all(table.values["sheet"])
    for n, kind in enumerate(scene.stock):
        if kind.kind == "sheet":
            mine = [sheet for sheet in laid.sheets if sheet.stock == kind]
            assert sum(sheet.area for sheet in mine) == pytest.approx(stock.values["net"][n])
            assert sum(len(sheet.laid) for sheet in mine) == stock.values["parts"][n]
            assert stock.values["least"][n] <= stock.values["used"][n] == len(mine)
    shown: set[int] = set()
    for draft in set_sheets(Job(scene)):
        (block, *_) = draft.blocks(())
        words = [mark for mark in block.marks if isinstance(mark, Text)]
        (head,) = (word for word in words if word.text == "Sheet")
        column = " ".join(word.text for word in sorted(words, key=lambda w: -w.at[1]) if word.at[0] == head.at[0])
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", column):
            shown |= set(range(int(first), int(last or first) + 1))
    assert shown == {550 + sheet.number for sheet in laid.sheets}
