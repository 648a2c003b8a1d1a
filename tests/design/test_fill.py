"""Fill: as many places as a room takes, in the file as numbers, and why not more."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import stagecraft as sc
from stagecraft.analysis.banks import banks
from stagecraft.cli import main
from stagecraft.design._rows import Spacing, pack
from stagecraft.design.fill import STYLES, Given, fill
from stagecraft.errors import VenueError
from stagecraft.venue.edit import with_elements
from stagecraft.venue.load import load, loads

HALL = """\
schema: 1
name: Hall
brief: {crew: 0, staff: 0}
elements:
  - {id: hall, type: room, x: [-11, 11], y: [-20, 6], height: 5.6, doors: [{id: D1, at: [-11, -15], width: 2.4}, {id: D2, at: [11, -15], width: 2.4},
     {id: D3, at: [0, -20], width: 2.4}]}
  # the stage of the house
  - {id: stage, type: stage, size: [9.6, 3.6], height: 0.6}   # low
  - {id: foh, type: foh, at: [0, -17.5], size: [3.6, 1.8], riser: 0}
"""
ROUND = [[round(12 * math.cos(math.pi * k / 12), 3), round(12 * math.sin(math.pi * k / 12), 3)] for k in range(24)]
COLUMNS = [
    {"id": f"K{x}{y}", "at": [x, y], "diameter": 0.6} for x, y in itertools.product((-12, -6, 0, 6, 12), (-9, -3, 3, 9))
]
ROOMS = {
    "L-shape": {"outline": [[0, 0], [24, 0], [24, 10], [12, 10], [12, 24], [0, 24]], "height": 5},
    "triangle": {"outline": [[-12, 0], [12, 0], [0, 20]], "height": 5},
    "round": {"outline": ROUND, "height": 5},
    "columns": {"size": [30, 24], "height": 5, "columns": COLUMNS},
    "core": {"size": [24, 20], "holes": [[[-3, -3], [3, -3], [3, 3], [-3, 3]]], "height": 5},
}


def house(**room):
    return sc.Venue(name="House", elements=({"id": "room", "type": "room", **room},))


def own(done):
    seats = done.scene.seats
    return seats.where(np.isin(seats.element, done.elements))


def plans(scene):
    """(n,) rectangle of every place that stands."""
    seats = scene.seats
    out = []
    for (x, y), turn, w, d in zip(seats.at[:, :2], np.radians(seats.facing - 90), seats.width, seats.depth):
        corner = np.array([(-w, -d), (w, -d), (w, d), (-w, d)]) / 2
        c, s = np.cos(turn), np.sin(turn)
        out.append(shapely.Polygon(corner @ np.array([[c, s], [-s, c]]) + [x, y]))
    return np.array(out)


@pytest.fixture(scope="module")
def hall():
    return loads(HALL)


@pytest.fixture(scope="module")
def theatre(hall):
    return fill(hall, "theatre")


@pytest.mark.parametrize("style", STYLES)
def test_every_style_gives_the_places_that_it_says_and_all_stand_in_the_room(hall, style):
    done = fill(hall, style)
    standing = sum(s.capacity or 0 for s in done.scene.of(sc.scene.Space) if s.use == "standing")
    assert done.count == len(own(done)) + standing > 0
    (room,) = done.scene.rooms
    inside = room.outline.polygon.buffer(1e-6)
    assert shapely.contains(inside, plans(done.scene)).all()
    assert (done.scene.laid_out.removed_by == "").all() or style == "theatre"
    assert sc.build(done.venue).seats.ids.tolist() == done.scene.seats.ids.tolist()


def test_the_front_row_is_behind_the_stage_and_nobody_sits_in_foh_or_in_a_way_out(theatre):
    seats = own(theatre)
    assert (seats.at[:, 1] + seats.depth / 2).max() <= 0 - 0.9144 + 1e-6
    foh = shapely.box(-1.8 - 0.3, -17.5 - 0.9 - 0.3, 1.8 + 0.3, -17.5 + 0.9 + 0.3)
    out = shapely.box(-1.2, -20, 1.2, -19)
    places = plans(theatre.scene)
    assert shapely.area(shapely.intersection(places, foh)).max() < 4e-3
    assert shapely.area(shapely.intersection(places, out)).max() < 4e-3


def test_what_stands_in_the_rows_is_named_with_the_places_it_takes(theatre):
    taken = len(theatre.scene.laid_out) - len(theatre.scene.seats)
    (note,) = (note for note in theatre.notes if note.startswith("foh takes "))
    assert note.startswith(f"foh takes {taken} places: C/")


def test_rows_are_no_longer_than_their_seatway_allows(theatre):
    """Measured on the built room by somebody else's eyes: runs of chairs, and the clear width in front of them."""
    found = banks(theatre.scene)
    behind = ~np.isnan(found.seatway) & (found.seatway < 1.0)
    assert found.seatway[behind].min() >= 0.350 - 1e-6
    both = (found.left > 0.9) & (found.right > 0.9)
    assert found.count[both].max() <= 14
    assert found.count[~both].max(initial=0) <= 7
    assert ((found.left > 0.9) | (found.right > 0.9)).all(), "from every run a gangway can be reached"


@pytest.mark.parametrize("name", ROOMS)
def test_an_odd_room_is_filled_to_its_walls_and_every_run_has_a_gangway(name):
    done = fill(house(**ROOMS[name]), "theatre")
    (room,) = done.scene.rooms
    assert done.elements == ("fill",)
    assert done.count == len(done.scene.seats) > 200
    places = plans(done.scene)
    assert shapely.contains(room.outline.polygon.buffer(-1.1, join_style="mitre").buffer(1e-6), places).all()
    found = banks(done.scene)
    assert ((found.left > 1.1 - 1e-6) | (found.right > 1.1 - 1e-6)).all()
    assert (found.count <= np.where(found.seatway >= 0.4 - 1e-6, 22, 14)).all()
    assert done.area / done.count < 1.0, "a square metre a place, at the most"


def brute(area, width, pitch, gangway, both):
    """Most places of a rectangle with wall gangways kept already: every number of blocks, rows of `both` at most."""
    low, bottom, high, top = area.bounds
    rows = int((top - bottom - 0.5) / pitch + 1e-9) + 1
    best = 0
    for blocks in range(1, 12):
        wide = high - low - (blocks - 1) * gangway
        best = max(best, min(blocks * both, int(wide / width + 1e-9)))
    return rows * best


@given(st.integers(40, 300), st.integers(30, 200), st.integers(5, 20))
@settings(max_examples=40, deadline=None)
def test_a_plain_rectangle_has_the_closed_forms_number_of_places(wide, deep, both):
    """Blocks and gangways fill the width; the layout stands even about the middle, so at most one place a row is lost."""
    area = shapely.box(-wide / 20, -deep / 10, wide / 20, 0)
    spacing = Spacing(0.5, 0.5, 0.4, 1.2, both, both // 2)
    found, most = pack(area, shapely.Polygon(), 0.0, 0.0, spacing), brute(area, 0.5, 0.9, 1.2, both)
    rows = int((deep / 10 - 0.5) / 0.9 + 1e-9) + 1
    assert most - rows <= found.count <= most
    assert found.rows == rows
    assert found.longest <= both


def test_a_gangway_goes_round_a_column_and_not_through_it():
    area, column = shapely.box(-6, -10, 6, 0), shapely.box(-0.3, -5.3, 0.3, -4.7)
    found = pack(area.difference(column), column, 0.0, 0.0, Spacing(0.5, 0.5, 0.4, 1.2, 14, 7))
    ends = [b.left + 0.5 * b.mask.shape[1] for b in found.blocks]
    for end, block in zip(ends, found.blocks[1:]):
        assert block.left - end >= 1.2 - 1e-9
        assert not (end < 0.3 and block.left > -0.3)
    assert len(found.blocks) > 1


def test_what_a_column_cuts_off_from_a_gangway_keeps_what_one_gangway_serves():
    """Twelve places between two gangways, a column in the middle of one row: of five on either side three remain."""
    area, column = shapely.box(-3, -10, 3, 0), shapely.box(-0.3, -4.9, 0.3, -4.6)
    found = pack(area.difference(column), column, 0.0, 0.0, Spacing(0.5, 0.5, 0.4, 1.2, 12, 3))
    (block,) = found.blocks
    (short,) = (row for row in block.mask if not row.all())
    assert short.tolist() == [True] * 3 + [False] * 6 + [True] * 3


def test_the_count_comes_down_from_the_back_and_stays_even():
    found = pack(shapely.box(-6, -10, 6, 0), shapely.Polygon(), 0.0, 0.0, Spacing(0.5, 0.5, 0.4, 1.2, 14, 7))
    fewer = found.at_most(found.count - 25)
    assert fewer.count == found.count - 25
    whole = [sum(int(b.mask[k].sum()) for b in fewer.blocks) for k in range(len(fewer.front))]
    assert whole == sorted(whole, reverse=True)


def test_exits_bound_the_house_and_the_rule_is_named():
    """Approved Document B (2019) vol 2, tables 2.2 and 2.3: three doors of 1.25 m carry 500 with the widest discounted."""
    doors = [{"id": f"D{k}", "at": at, "width": 1.25} for k, at in enumerate(([-12, 0], [12, 0], [0, -15]), 1)]
    venue = house(x=[-12, 12], y=[-15, 15], height=7, doors=doors)
    venue = venue.again({**venue.raw(), "brief": {"crew": 0, "staff": 0}})
    done = fill(venue, "theatre", rules=["uk-england"])
    assert done.count == 500
    (ways,) = (one for one in done.bound if one.what == "ways out")
    assert "UK-EX-W" in ways.by
    assert ways.by == "UK-EX-W: D1, D2 and D3 carry 500 people without D1, asked 501"


def test_people_who_stand_are_as_many_as_can_leave():
    venue = house(size=[12, 12], height=4, doors=[{"id": "D1", "at": [0, -6], "width": 2.0}])
    done = fill(venue, "reception")
    assert 55 <= done.count <= 60, "one exit is for sixty; every piece of floor holds whole persons"
    assert not done.findings
    assert any(one.what == "ways out" for one in done.bound)
    tables = [e for e in done.venue.elements if e.type == "tables"]
    assert tables[0].seats == 0
    assert len(tables[0].places) > 5


@pytest.mark.parametrize("rules", ["house", "uk-england", "us-ibc", "de-mvstaettvo", "fr-erp-l"])
@pytest.mark.parametrize("style", ["theatre", "classroom", "banquet"])
def test_what_is_laid_out_passes_the_rules_on_seats_and_exits_of_every_set(hall, rules, style):
    done = fill(hall, style, rules=[rules])
    report = sc.check(done.scene, [rules])
    assert not [f.message for f in report.findings if f.code[:2] in ("SE", "EG") and f.severity != "note"]
    assert not done.findings or all(f.severity == "note" for f in done.findings)


def test_each_set_gives_the_seatway_of_its_own_clause(hall):
    """BS 9999: 300 mm for 14; IBC: 12 in and 0.3 in for each place beyond 14; MVStättVO: 0.40 m; ERP: a gauge of 0.35 m."""
    seatway = {}
    for rules in ("uk-england", "us-ibc", "de-mvstaettvo", "fr-erp-l"):
        found = banks(fill(hall, "theatre", rules=[rules]).scene)
        behind = ~np.isnan(found.seatway) & (found.seatway < 1.0)
        seatway[rules] = found.seatway[behind].min(), found.count.max()
    clear, longest = seatway["us-ibc"]
    assert clear >= 0.0254 * (12 + 0.3 * max(0, longest - 14)) - 1e-6
    assert seatway["uk-england"][0] >= 0.300 - 1e-6
    assert seatway["de-mvstaettvo"][0] == pytest.approx(0.40, abs=1e-6)
    assert seatway["fr-erp-l"][0] >= 0.35 - 1e-6


def test_filled_again_it_is_the_same_and_another_style_stands_in_its_place(hall, theatre):
    assert fill(theatre.venue, "theatre").venue == theatre.venue
    rounds = fill(theatre.venue, "banquet")
    assert [e.id for e in rounds.venue.elements] == ["hall", "stage", "foh", "fill"]
    assert rounds.venue["fill"].type == "tables"
    assert rounds.venue == fill(hall, "banquet").venue


def test_places_that_somebody_drew_stay_unless_they_are_to_go(hall):
    data = hall.raw()
    drawn = {"id": "mine", "type": "seating", "rows": 3, "seats": 10, "at": [0, -3]}
    venue = hall.again({**data, "elements": [*data["elements"], drawn]})
    beside, anew = fill(venue, "theatre"), fill(venue, "theatre", anew=True)
    assert venue["mine"] == beside.venue["mine"]
    drawn = beside.scene.seats.where(beside.scene.seats.element == "mine")
    assert len(drawn) == 30
    overlap = shapely.STRtree(plans(beside.scene)).query(plans(beside.scene), predicate="overlaps")
    areas = plans(beside.scene)
    assert shapely.area(shapely.intersection(areas[overlap[0]], areas[overlap[1]])).max(initial=0) < 1e-6
    assert anew.gone == ("mine",)
    assert anew.venue == fill(hall, "theatre").venue


def test_a_set_up_has_its_own(hall):
    venue = hall.again({**hall.raw(), "setups": {"day": {}, "night": {}}})
    day = fill(venue, "theatre", setup="day")
    night = fill(day.venue, "banquet", setup="night")
    assert [e.id for e in night.venue.elements][-2:] == ["fill_day", "fill_night"]
    assert sc.build(night.venue, "day").seats.ids.tolist() == day.scene.seats.ids.tolist()
    assert night.count == len(sc.build(night.venue, "night").seats)


def test_what_stands_in_another_set_up_too_stays_there(tmp_path):
    file = tmp_path / "venue.yaml"
    rows = "  - {id: mine, type: seating, rows: 3, seats: 10, at: [0, -3]}   # both\n"
    twin = "  - {id: side, type: seating, rows: 2, seats: 4, at: [-6, -3], setup: [day, night], mirror: true}\n"
    file.write_text(HALL + rows + twin + "setups: {day: {}, night: {}}\n", encoding="utf-8")
    before = sc.build(load(file), "night")
    main(["fill", str(file), "--style", "theatre", "--setup", "day", "--replace", "--write"])
    after = load(file)
    assert set(sc.build(after, "day").seats.element.tolist()) == {"fill_day"}
    assert sc.build(after, "night").seats.ids.tolist() == before.seats.ids.tolist()
    assert '- {id: mine, type: seating, rows: 3, seats: 10, at: [0, -3], setup: ["night"]}   # both' in file.read_text(
        encoding="utf-8"
    )


def test_what_was_drawn_and_is_kept_is_named(hall):
    data = hall.raw()
    drawn = {"id": "mine", "type": "seating", "rows": 3, "seats": 10, "at": [0, -3]}
    done = fill(hall.again({**data, "elements": [*data["elements"], drawn]}), "theatre")
    assert "mine: drawn before, and kept; --replace leaves out what was drawn" in done.notes


@settings(max_examples=6, deadline=None)
@given(st.sampled_from((30.0, 90.0, 137.0, -90.0)), st.sampled_from(("theatre", "banquet", "u_shape")))
def test_a_turned_house_has_as_many_places(turn, style):
    """The room, its stage and its desk turned about the origin together."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def at(x, y):
        return [round(c * x - s * y, 9), round(s * x + c * y, 9)]

    def room(go):
        ring = [go(-8, -14), go(8, -14), go(8, 4), go(-8, 4)]
        return {"id": "room", "type": "room", "outline": ring, "height": 5, "doors": [{"id": "D1", "at": go(0, -14)}]}

    stage = {"id": "stage", "type": "stage", "size": [6, 3], "height": 0.6}
    plain = sc.Venue(name="A", elements=(room(lambda x, y: [x, y]), stage))
    turned = sc.Venue(name="B", elements=(room(at), {**stage, "turn": turn}))
    assert abs(fill(plain, style).count - fill(turned, style).count) <= 0


def test_feet_and_metres_fill_alike(hall, theatre):
    feet = hall.again({**hall.raw(), "units": "ft"})
    assert fill(feet, "theatre").count == theatre.count
    assert "ft²" in fill(feet, "theatre").sentence


def test_sizes_that_are_asked_for_are_kept(hall):
    wide = fill(hall, "theatre", given=Given(width=0.55, pitch=0.95, front=2.5))
    seating = wide.venue["fill"]
    assert (seating.width, seating.pitch) == (0.55, 0.95)
    assert own(wide).at[:, 1].max() + own(wide).depth.max() / 2 <= -2.5 + 1e-6
    with pytest.raises(VenueError, match=r"a pitch of 0\.70 m leaves 192 mm of seatway"):
        fill(hall, "theatre", given=Given(pitch=0.70))


@pytest.mark.parametrize(
    ("room", "words"),
    [
        ({"size": [2, 2], "height": 3}, "room   no place fits: .* leave no floor for one"),
        ({"size": [20, 20], "height": 1.9}, "is only 1.90 m high"),
    ],
)
def test_where_nobody_can_sit_a_word_says_why(room, words):
    with pytest.raises(VenueError, match=words):
        fill(house(**room), "theatre")


def test_no_room_two_rooms_and_words_that_are_no_style():
    with pytest.raises(VenueError, match="there is no room to fill"):
        fill(sc.Venue(name="X", elements=({"id": "s", "type": "stage", "size": [4, 3], "height": 1},)), "theatre")
    rooms = [{"id": i, "type": "room", "x": [x, x + 9], "y": [0, 9], "height": 3} for i, x in (("a", 0), ("b", 20))]
    two = sc.Venue(name="X", elements=tuple(rooms))
    with pytest.raises(VenueError, match="there are 2 rooms: say which one"):
        fill(two, "theatre")
    with pytest.raises(VenueError, match="no room is called 'c'"):
        fill(two, "theatre", "c")
    with pytest.raises(VenueError, match="no style is called 'theater'; did you mean 'theatre'"):
        fill(two, "theater", "a")
    assert fill(two, "theatre", "b").scene.seats.at[:, 0].min() > 20


def test_a_room_without_an_exit_is_told():
    done = fill(house(size=[20, 20], height=4), "theatre")
    assert "no exit for" in next(finding.message for finding in done.findings if finding.name == "few-exits")


def test_written_into_the_file_every_comment_stays(tmp_path, capsys):
    file = tmp_path / "venue.yaml"
    file.write_text(HALL, encoding="utf-8")
    assert main(["fill", str(file), "--style", "theatre", "--write"]) in (None, 0)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(HALL.rstrip("\n"))
    assert load(file) == fill(loads(HALL), "theatre").venue
    main(["fill", str(file), "--style", "u-shape", "--write"])
    text = file.read_text(encoding="utf-8")
    assert text.startswith(HALL.rstrip("\n"))
    assert "type: seating" not in text
    assert load(file) == fill(loads(HALL), "u_shape").venue
    assert "places, u-shape, in hall" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--style: which one? theatre, classroom"),
        (["--style", "Banquet", "--pitch", "0.9"], "--pitch belongs to rows of chairs"),
        (["--style", "theatre", "--width", "0"], "width: 0.00 m is not between 0.3 and 3 m"),
        (["--style", "theatre", "--front", "100"], "hall   no place fits"),
        (["--style", "theatre", "-o", "x.csv"], "'x.csv': a plan is written as"),
        (["--style", "theatre", "--rules", "nope"], "there is no rule set 'nope'"),
    ],
)
def test_slips_are_met_with_a_word(tmp_path, capsys, options, words):
    file = tmp_path / "venue.yaml"
    file.write_text(HALL, encoding="utf-8")
    with pytest.raises(SystemExit) as code:
        main(["fill", str(file), *options])
    assert code.value.code == 2
    assert words in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == HALL


def test_front_counts_from_a_stage():
    with pytest.raises(VenueError, match="room   has no stage: leave front out"):
        fill(house(size=[20, 20], height=4), "theatre", given=Given(front=2.0))


def test_a_floor_that_is_not_at_level_nothing_is_filled_where_it_is():
    room = {
        "id": "room",
        "type": "room",
        "at": [0, 0, 4.5],
        "size": [20, 16],
        "height": 4,
        "doors": [{"id": "D1", "at": [0, -8]}],
    }
    for style in ("theatre", "banquet", "reception"):
        done = fill(sc.Venue(name="Upstairs", elements=(room,)), style)
        levels = [s.floor for s in done.scene.of(sc.scene.Space) if s.element in done.elements and s.use == "standing"]
        assert {*own(done).at[:, 2].round(6).tolist(), *levels} == {4.5}


NEW = {"a": {"id": "a", "type": "text", "text": "x"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("elements:\n  - {id: b, type: text}   # b\n", "elements:\n  - {id: b, type: text}   # b\n  - {id: a, type: text, text: x}\n"),
        ("elements: [{id: b, type: text}]\n", "elements: [{id: b, type: text}, {id: a, type: text, text: x}]\n"),
        ("elements:\n- id: b\n  type: text\n# end\n", "elements:\n- id: b\n  type: text\n- {id: a, type: text, text: x}\n# end\n"),
        ("uses: [r.yaml]\n", "uses: [r.yaml]\nelements:\n  - {id: a, type: text, text: x}\n"),
        ("elements:\n- id: a\n  type: text\n  text: y\n", "elements:\n- {id: a, type: text, text: x}\n"),
    ],
)  # fmt: skip
def test_an_element_comes_after_the_last_or_in_place_of_its_own(before, after):
    assert with_elements(before, NEW) == after


def test_an_element_goes_with_its_line():
    text = "elements:\n  - {id: a, type: text}  # a\n  # of b\n  - id: b\n    type: text\n"
    assert with_elements(text, {}, ["a"]) == "elements:\n  # of b\n  - id: b\n    type: text\n"
    assert with_elements(text, {}, ["b"]) == "elements:\n  - {id: a, type: text}  # a\n  # of b\n"
    with pytest.raises(VenueError, match="comes from a file that this one uses"):
        with_elements(text, {}, ["c"])
