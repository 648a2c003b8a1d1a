"""The plan: what is counted is there once, what is measured is the model's, and no word lies on another."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.drawing import lettering
from stagecraft.drawing.elevation import elevation
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Arc, Circle, Dimension, Drawing, Fill, Insert, Line, Style, Text
from stagecraft.drawing.plan import plan
from stagecraft.drawing.section import section
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Pick, Scene, Space, Underlay
from stagecraft.units import drawn
from stagecraft.venue.load import load, loads

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
HALL = """
schema: 1
name: Hall
elements:
  - id: hall
    type: room
    size: [24, 30]
    at: [0, -7.5]
    height: 7
    wall: 0.3
    doors: [{id: D1, at: [-6, -15]}, {id: D2, at: [12, 0], width: 0.9, leaves: 1, swing: in, exit: false}]
    columns: [{id: K1, at: [9, 0], diameter: 0.6}]
  - {id: stage, type: stage, size: [14, 6], height: 0.9}
  - {id: led, type: led_wall, panel: led.roe.bp2v2, columns: 16, rows: 8, at: [0, 5.2, 1.5]}
  - {id: T1, type: truss, item: truss.prolyte.h30v, from: [-9, -1], to: [9, -1], trim: 5.3, picks: [-7, 0, 7]}
  - {id: C, type: seating, rows: 12, seats: [9, 12], pitch: 0.95, gangway: 1.3, front: [0, -3.4]}
  - {id: W, type: seating, rows: 1, seats: 4, pattern: [wheelchair, companion], front: [0, -18]}
"""

Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def hall() -> Scene:
    return build(loads(HALL))


@pytest.fixture(scope="module")
def page(hall: Scene) -> Drawing:
    return plan(hall)


@cache
def example(name: str) -> Scene:
    return build(load(EXAMPLES / name / "venue.yaml"))


def box_of(text: Text, scale: float) -> Box:
    """Room of a text, worked out anew. [mm]"""
    wide, tall = (side * scale for side in lettering.size(text.text, text.height))
    x = text.at[0] - {"left": 0, "centre": wide / 2, "right": wide}[text.align]
    y = text.at[1] - {"bottom": 0, "middle": tall / 2, "top": tall}[text.valign]
    if text.turn:
        assert (text.align, text.valign) == ("centre", "middle")
        c, s = abs(math.cos(math.radians(text.turn))), abs(math.sin(math.radians(text.turn)))
        wide, tall = wide * c + tall * s, wide * s + tall * c
        x, y = text.at[0] - wide / 2, text.at[1] - tall / 2
    return x, y, x + wide, y + tall


def lines_of(text: Text, scale: float) -> list[Text]:
    """Its lines, each a text of its own where it stands: a short one leaves room beside it."""
    if "\n" not in text.text or text.turn:
        return [text]
    _, low, _, _ = box_of(text, scale)
    step = text.height * lettering.LEADING * scale
    return [
        replace(text, text=line, at=(text.at[0], low + k * step), valign="bottom")
        for k, line in enumerate(reversed(text.text.split("\n")))
    ]


def words(page: Drawing) -> list[tuple[str, Box]]:
    """Every line of text and every dimension's text with the room it takes."""
    found = [
        (mark.text, box_of(line, page.scale))
        for mark in page.marks
        if isinstance(mark, Text)
        for line in lines_of(mark, page.scale)
    ]
    for mark in page.marks:
        if isinstance(mark, Dimension):
            text = drawn(measured(mark) / 1000, page.units)
            centred = Text(mark.style, mark.text_at, text, 2.5, mark.angle, "centre", "middle")
            found.append((text, box_of(centred, page.scale)))
    return found


def measured(mark: Dimension) -> float:
    c, s = math.cos(math.radians(mark.angle)), math.sin(math.radians(mark.angle))
    return abs((mark.end[0] - mark.start[0]) * c + (mark.end[1] - mark.start[1]) * s)


def overlaps(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6 and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6


def test_every_place_is_one_insert(hall: Scene, page: Drawing) -> None:
    inserts = [mark for mark in page.marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")]
    assert Counter(mark.symbol for mark in inserts) == {"SEAT-fur.chair.banquet": 12 * 21 + 2, "SEAT-WHEELCHAIR": 2}
    assert {dict(mark.attributes)["ID"] for mark in inserts} == set(hall.seats.ids.tolist())
    by_id = {dict(mark.attributes)["ID"]: mark for mark in inserts}
    for n, seat in enumerate(hall.seats.ids.tolist()):
        assert by_id[seat].at == pytest.approx(tuple(hall.seats.at[n, :2] * 1000), abs=0.01)
        assert by_id[seat].turn == pytest.approx(hall.seats.facing[n] - 90)


@pytest.mark.parametrize("name", ["keynote-500", "ballroom", "lecture-raked", "ref-500", "minimal"])
def test_places_close_on_every_example(name: str) -> None:
    scene = example(name)
    inserts = [mark for mark in plan(scene).marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")]
    assert len(inserts) == len(scene.seats) > 0


@pytest.mark.parametrize("name", ["keynote-500", "ballroom"])
def test_every_copy_of_an_item_is_one_insert(name: str) -> None:
    scene = example(name)
    wanted: Counter[str] = Counter()
    for part in scene.parts:
        if part.item and not part.of_seats:
            wanted[part.item] += part.count
    drawn_ = Counter(
        dict(m.attributes)["ITEM"] for m in plan(scene).marks if isinstance(m, Insert) and "ITEM" in dict(m.attributes)
    )
    assert drawn_ == wanted
    assert len(drawn_) > 3


def test_a_removed_seat_is_not_drawn(hall: Scene) -> None:
    records = [
        replace(r, removed_by=np.where(np.arange(r.count) == 0, "foh", r.removed_by)) if r in hall.seat_rows else r
        for r in hall.records
    ]
    page = plan(replace(hall, records=tuple(records)))
    seats = [mark for mark in page.marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")]
    assert len(seats) == 12 * 20 + 3


def test_walls_reach_to_their_outer_faces(page: Drawing) -> None:
    points = np.array([
        p for mark in page.marks if isinstance(mark, Line) and layer_for(mark.style).name.startswith("A-WALL")
        for p in mark.points
    ])  # fmt: skip
    assert points.min(axis=0) == pytest.approx((-12300, -22800), abs=0.01)
    assert points.max(axis=0) == pytest.approx((12300, 7800), abs=0.01)


def test_cut_walls_are_hatched_with_their_openings(page: Drawing) -> None:
    import shapely

    walls = shapely.union_all([
        shapely.Polygon(mark.rings[0], mark.rings[1:]) for mark in page.marks
        if isinstance(mark, Fill) and mark.style == Style("wall", "pattern")
    ])  # fmt: skip
    assert walls.area / 1e6 == pytest.approx(24.6 * 30.6 - 24 * 30 - 0.3 * (1.8 + 0.9), abs=1e-3)


def test_the_setting_out_is_the_model_s(page: Drawing) -> None:
    """Stage 7 m either side and 6 m deep, LED face at 5.2 m, first row at 3.4 m, room 24 × 30 m, gangway 1.3 m."""
    lengths = Counter((mark.angle, round(measured(mark), 2)) for mark in page.marks if isinstance(mark, Dimension))
    assert lengths[0, 7000] == 2
    assert lengths[0, 4000] == 2
    once = ((90, 6000), (0, 24000), (90, 30000), (0, 1300))
    twice = ((90, 5200), (90, 3400))  # from the point, and in the chain from wall to wall
    for found in (*once, *twice):
        assert lengths[found] == 1 + (found in twice), found


def test_gangways_of_curved_rows_are_measured_across() -> None:
    page = plan(example("lecture-raked"))
    slanted = [mark for mark in page.marks if isinstance(mark, Dimension) and mark.angle % 90]
    assert len(slanted) >= 2
    for mark in slanted:
        assert measured(mark) == pytest.approx(math.dist(mark.start, mark.end), abs=0.01)
        assert -90 < mark.angle <= 90


def test_dimensions_stand_on_corners_of_the_model(page: Drawing) -> None:
    ends = {(round(x, 2) + 0.0, round(y, 2) + 0.0) for mark in page.marks if isinstance(mark, Dimension)
            for x, y in (mark.start, mark.end)}  # fmt: skip
    assert {(-7000, 6000), (7000, 6000), (4000, 5200), (-12000, -22500), (12000, -22500)} <= ends


@pytest.mark.parametrize("scale", [50, 100, 200])
@pytest.mark.parametrize("view", [plan, section, elevation])
@pytest.mark.parametrize("name", ["keynote-500", "ballroom", "lecture-raked"])
def test_no_two_words_overlap(name: str, view: Callable[..., Drawing], scale: float) -> None:
    found = words(view(example(name), scale=scale))
    assert len(found) > 15
    collisions = [(a[0], b[0]) for i, a in enumerate(found) for b in found[:i] if overlaps(a[1], b[1])]
    assert collisions == []


def test_a_name_without_room_is_owned_up_to() -> None:
    scene = example("keynote-500")
    page = plan(scene, 1000)
    shown = " ".join(mark.text for mark in page.marks if isinstance(mark, Text))
    (note,) = [note for note in page.notes if note.startswith("Names left out")]
    missing = note.removeprefix("Names left out for want of room: ").rstrip(".").split(", ")
    assert missing
    assert not [name for name in missing if f"{name}  TRIM" in shown]


def test_no_word_lies_on_a_seat() -> None:
    page = plan(example("keynote-500"))
    seats = np.array([mark.at for mark in page.marks if isinstance(mark, Insert) and mark.symbol.startswith("SEAT-")])
    for text, (left, low, right, high) in words(page):
        inside = (seats[:, 0] > left) & (seats[:, 0] < right) & (seats[:, 1] > low) & (seats[:, 1] < high)
        assert not inside.any(), text


def test_a_door_has_leaves_a_true_arc_and_its_clear_width(page: Drawing) -> None:
    arcs = [mark for mark in page.marks if isinstance(mark, Arc)]
    exits = [arc for arc in arcs if layer_for(arc.style).name == "A-DOOR-EXIT"]
    assert [arc.radius for arc in exits] == [900, 900]
    assert sorted(arc.centre for arc in exits) == [(-6900, -22800), (-5100, -22800)]
    assert all((arc.end - arc.start) % 360 == pytest.approx(90) for arc in arcs)
    (inner,) = [arc for arc in arcs if arc not in exits]
    assert inner.radius == 900
    assert inner.centre[0] == pytest.approx(12000)
    texts = [mark.text for mark in page.marks if isinstance(mark, Text)]
    assert "D1 EXIT\n1800 CLEAR" in texts
    assert "D2\n900 CLEAR" in texts


def test_a_leaf_closes_onto_its_jamb(page: Drawing) -> None:
    """The arc of each leaf ends where the leaf stands open, and in the opening."""
    for arc in (mark for mark in page.marks if isinstance(mark, Arc)):
        ends = [(arc.centre[0] + arc.radius * math.cos(math.radians(a)), arc.centre[1] + arc.radius * math.sin(math.radians(a)))
                for a in (arc.start, arc.end)]  # fmt: skip
        leaves = [mark for mark in page.marks if isinstance(mark, Line) and mark.style == arc.style
                  and math.dist(mark.points[0], arc.centre) < 0.01 and math.dist(*mark.points[:2]) == pytest.approx(arc.radius)]  # fmt: skip
        assert any(math.dist(leaf.points[1], end) < 0.01 for leaf in leaves for end in ends)


def test_a_column_is_a_true_circle(page: Drawing) -> None:
    assert [(m.centre, m.radius) for m in page.marks if isinstance(m, Circle) and m.style.system == "column"] == [
        ((9000, -7500), 300)
    ]


def test_what_hangs_is_dashed(page: Drawing) -> None:
    trusses = [
        m for m in page.marks if isinstance(m, Insert) and m.style.system == "truss" and "TAG" in dict(m.attributes)
    ]
    assert len(trusses) > 0
    assert {layer_for(mark.style).linetype for mark in trusses} == {"DASHED"}
    assert "T1  TRIM +5.300" in [mark.text for mark in page.marks if isinstance(mark, Text)]


def test_a_load_is_printed_only_where_somebody_entered_it(hall: Scene) -> None:
    def texts(scene: Scene) -> str:
        marks = plan(scene).marks
        return " ".join(
            [m.text for m in marks if isinstance(m, Text)] + [f"{m.attributes}" for m in marks if isinstance(m, Insert)]
        )

    assert "kg" not in texts(hall)
    assert "LOAD" not in texts(hall)
    assert any("NOT FOR RIGGING UNTIL APPROVED" in note for note in plan(hall).notes)
    pick = Pick("T1", "P9", np.array([3.0, -4.0, 5.5]), 5.3, 240.0, "AD")
    assert "240 kg (AD)" in texts(replace(hall, records=(*hall.records, pick)))


def test_seat_numbers_are_shown_where_they_can_be_read(hall: Scene) -> None:
    for scale, shown in ((100, True), (200, False)):
        chairs = [m for m in plan(hall, scale).marks if isinstance(m, Insert) and m.symbol == "SEAT-fur.chair.banquet"]
        assert {m.shown for m in chairs} == {("SEAT",) if shown else ()}


def test_every_symbol_is_defined_and_names_its_attributes(page: Drawing) -> None:
    for mark in page.marks:
        if isinstance(mark, Insert):
            slots = {slot[0] for slot in page.symbols[mark.symbol].slots}
            assert set(mark.shown) <= slots & set(dict(mark.attributes))


def test_the_extent_holds_every_word(page: Drawing) -> None:
    (left, low), (right, high) = page.extent
    for text, box in words(page):
        assert left <= box[0] + 1e-6, text
        assert low <= box[1] + 1e-6, text
        assert right >= box[2] - 1e-6, text
        assert high >= box[3] - 1e-6, text


def test_two_runs_are_the_same(hall: Scene, page: Drawing) -> None:
    assert plan(hall) == page


def test_stand_ins_are_declared(hall: Scene, page: Drawing) -> None:
    assert any("drawn as" in note for note in page.notes)


def test_an_empty_scene_is_a_plan_of_its_setting_out_point() -> None:
    page = plan(Scene(About("nothing"), {}, ()))
    assert "SETTING-OUT POINT 0, 0\n±0.000" in [mark.text for mark in page.marks if isinstance(mark, Text)]
    assert not [mark for mark in page.marks if isinstance(mark, (Insert, Dimension))]


def under(element: str, *lines: tuple[tuple[float, float], ...]) -> Underlay:
    return Underlay(element, tuple(np.array(line, float) for line in lines))


def test_an_underlay_is_shown_as_far_as_the_building_and_makes_no_room_for_itself() -> None:
    room = Space("r", rectangle(20, 30), 0.0, 6.0)
    inside, through, far = ((-9, 0), (9, 1)), ((-50, 2), (0, 2), (50, 2)), ((6000, 9000), (6003, 9000))
    bare, page = (
        plan(Scene(About("x"), {}, (room, *more))) for more in ((), (under("a", inside, through), under("b", far)))
    )
    lines = [mark.points for mark in page.marks if isinstance(mark, Line) and mark.style == Style("underlay")]
    assert lines == [((-9000, 0), (9000, 1000)), ((-11000, 2000), (0, 2000), (11000, 2000))]
    assert page.extent == bare.extent
    assert [note for note in page.notes if "Underlay" in note] == [
        "Underlay 'b' lies 10799 m away from the building and is not shown."
    ]


def test_an_underlay_that_is_all_there_is_is_shown_whole() -> None:
    page = plan(Scene(About("x"), {}, (under("a", ((-700, 0), (900, 0))),)))
    assert page.extent[0][0] <= -700e3
    assert page.extent[1][0] >= 900e3


def test_a_table_shows_its_number_and_keeps_its_name() -> None:
    page = plan(build(load(EXAMPLES / "ballroom" / "venue.yaml"), setup="banquet"))
    tables = [m for m in page.marks if isinstance(m, Insert) and m.style.system == "table"]
    facts = [dict(m.attributes) for m in tables]
    assert {m.shown for m in tables} == {("NUMBER",)}
    assert {f["TAG"] for f in facts} == {f"dinner-{f['NUMBER']}" for f in facts}
    assert {"2", "13", "25"} <= {f["NUMBER"] for f in facts}


def test_the_notes_say_how_far_rows_stand_apart(hall: Scene, page: Drawing) -> None:
    (note,) = [note for note in page.notes if note.startswith("Row spacing")]
    depth = 1000 * hall.items["fur.chair.banquet"].depth
    assert note == f"Row spacing (C): 950 back to back, seatway {950 - depth:.0f} clear."


def test_a_truss_shows_its_lacing(page: Drawing) -> None:
    symbol = page.symbols["truss.prolyte.h30v-4000"]
    (chords, lacing) = (m for m in symbol.marks if isinstance(m, Line))
    assert lacing.points[0][0] == min(p[0] for p in chords.points) == -2000
    assert lacing.points[-1][0] == 2000
    assert len({p[1] for p in lacing.points}) == 2


def test_seats_of_a_balcony_lie_beneath_those_under_it() -> None:
    page = plan(example("lecture-raked"))
    seats = [m for m in page.marks if isinstance(m, Insert) and m.symbol.startswith("SEAT-")]
    roles = [m.style.role for m in seats]
    assert roles == sorted(roles, key=lambda role: role != "overhead")
    assert Counter(m.shown for m in seats if m.style.role == "overhead") == {(): 120}


@pytest.mark.parametrize(("name", "said"), [("", 0), ("Stalls", 1)])
def test_tiers_are_named_unless_the_name_would_be_read_as_a_row(name, said):
    """Rows A to H stand on tiers called B: beside them, that letter is a row's."""
    tiers = f"  - {{id: B, name: '{name}', type: seating, rows: 8, seats: 10, riser: 0.2, front: [0, -3]}}\n"
    words = Counter(
        mark.text
        for mark in plan(build(loads("name: T\nelements:\n" + tiers))).marks
        if isinstance(mark, Text) and mark.style.system != "datum"  # B stands at the ends of section B-B too
    )
    assert words["B"] == 2  # at both ends of row B
    assert words["STALLS"] == said
