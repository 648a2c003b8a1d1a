"""Where an object costs least: found by the grid, proved by the whole house, written in one line."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stagecraft as sc
from stagecraft.analysis.visible import visible
from stagecraft.cli import main
from stagecraft.design import into_file
from stagecraft.design import place as solver
from stagecraft.design.cost import cost, kill_map
from stagecraft.design.place import place, ranges, steps
from stagecraft.errors import VenueError
from stagecraft.venue.load import load, loads

HALL = """\
schema: 1
name: Hall
elements:
  - {id: hall, type: room, x: [-8, 8], y: [-14, 6], height: 6}
  - {id: stage, type: stage, size: [8, 4], height: 1, at: [0, 0]}
  - {id: speaker, type: presenter, on: stage, at: [0, 1]}
  # a bay of 3 m in the middle
  - {id: A, type: seating, rows: 10, seats: 10, width: 0.5, pitch: 1.0, front: [-4, -2.5], chair: null, mirror: true}
  - {id: foh, type: foh, at: [4, -7], size: [2.2, 1.6], riser: 0, clear: 0}   # moved on Tuesday
"""


@pytest.fixture(scope="module")
def hall():
    return loads(HALL)


@pytest.fixture(scope="module")
def found(hall):
    return place(hall, "foh", {"x": (-5, 5), "y": (-8, -6)}, {"x": 1.0, "y": 1.0})


def by_place(found):
    return {spot.at: spot for spot in found.spots}


def test_the_empty_bay_is_found(found):
    assert found.best[0].at == (0.0, -7.0), "of three places without a seat the nearest"
    assert {spot.at[0] for spot in found.spots if spot.removed == 0} == {0.0}
    assert found.then.removed.sum() == 0
    assert found.now.removed.sum() > 4
    assert found.venue["foh"].at == (0.0, -7.0)
    assert found.sentence.startswith("foh costs least at x 0.00 m, y -7.00 m: 0 seats removed, ")


def test_a_symmetric_room_has_symmetric_costs(found):
    known = by_place(found)
    for (x, y), spot in known.items():
        twin = known[-x + 0.0, y]
        assert (spot.removed, spot.downgraded, spot.low, spot.counts, spot.why) == (
            twin.removed, twin.downgraded, twin.low, twin.counts, twin.why,
        )  # fmt: skip
        assert math.isclose(spot.score, twin.score, abs_tol=0.02)


def test_the_grid_holds_every_position_once(found):
    assert len(found.spots) == len({spot.at for spot in found.spots}) == 11 * 3
    assert len(found.grid()) == 33
    assert found.table().values["what"] == ["best 1", "best 2", "best 3", "best 4", "best 5", "now"]


TALL = HALL.replace("riser: 0,", "riser: 0.6,").replace(
    "  - {id: foh", "  - {id: screen, type: screen, image: [3, 1.7], at: [-5, 4, 1.2], turn: 20}\n  - {id: foh"
)


def test_quick_figures_are_those_of_the_whole_house(monkeypatch):
    """The same samples, the same answer: every position built whole."""
    monkeypatch.setattr(solver, "SAMPLES", 1024)
    venue = loads(TALL)
    got = place(venue, "foh", {"x": (-4, 4), "y": (-9, -5)}, {"x": 2.0, "y": 2.0})
    spoiled = 0
    for spot in got.spots:
        assert not spot.why
        moved = venue.replace("foh", at=list(spot.at))
        whole = kill_map(moved, "foh")
        assert (spot.removed, spot.downgraded, spot.low) == (whole.removed.sum(), whole.spoiled.sum(), whole.low)
        assert math.isclose(spot.score, whole.score, abs_tol=1e-6)
        spoiled += spot.score > spot.removed
    assert spoiled, "somewhere it hides something"


def test_few_rays_tell_nearly_the_same(found, hall):
    for spot in (found.spots[3], found.spots[20]):
        whole = kill_map(hall.replace("foh", at=list(spot.at)), "foh")
        assert spot.removed == whole.removed.sum()
        assert math.isclose(spot.score, whole.score, abs_tol=0.2)


def test_what_is_solid_and_what_is_outside_are_no_places():
    venue = loads(
        HALL.replace("height: 6}", "height: 6, columns: [{id: K1, at: [0, -7], diameter: 0.5}]}", 1).replace(
            "x: [-8, 8]", "x: [-6.5, 6.5]"
        )
    )
    got = place(venue, "foh", {"x": (-6, 0), "y": (-7, -7)}, 3.0)
    assert [(spot.at[0], spot.why) for spot in got.spots] == [
        (-6.0, "it leaves the room"), (-3.0, ""), (0.0, "it meets hall K1"),
    ]  # fmt: skip
    assert got.table().notes == (
        "1 of 3 positions not possible: it leaves the room",
        "1 of 3 positions not possible: it meets hall K1",
    )
    with pytest.raises(VenueError, match="has no place there: it leaves the room"):
        place(venue, "foh", {"x": (20, 21)}, 1.0)


def test_where_it_stands_best_it_stays(hall):
    best = hall.replace("foh", at=[0, -7])
    got = place(best, "foh", {"x": (-4, 4)}, 2.0)
    assert got.best[0].at == got.present == (0.0,)
    assert not got.better
    assert got.sentence == "foh costs no less anywhere there than where it stands: 0 seats removed, 0 downgraded"


def test_what_costs_as_little_elsewhere_stays_too(hall):
    """Half a grid step aside there is a place as cheap; nobody carries a console for that."""
    got = place(hall.replace("foh", at=[0.2, -7]), "foh", {"x": (-4, 4)}, 2.0)
    assert got.best[0].at == (0.0,)
    assert got.then.score == got.now.score == 0
    assert not got.better


def test_a_twin_moves_along_and_neither_stands_in_the_other(hall):
    twice = hall.replace("foh", mirror=True, at=[4, -12.8])
    got = place(twice, "foh", {"x": (0, 4)}, 1.0)
    known = by_place(got)
    assert known[0.0,].why == known[1.0,].why == "it meets its twin"
    assert not known[2.0,].why
    middle = place(twice, "foh", {"x": (2, 4), "y": (-7, -7)}, 1.0)
    assert all(spot.removed % 2 == 0 for spot in middle.spots), "as many to the left as to the right"


def test_what_stands_on_it_moves_along():
    venue = loads(HALL.replace("type: foh, at: [4, -7], size: [2.2, 1.6], riser: 0, clear: 0",
                               "type: platform, at: [4, -7], size: [2.2, 1.6], height: 0.4")
                  + "  - {id: mast, type: scenery, on: foh, at: [1.0, 0], size: [0.1, 0.1, 5.0]}\n"
                  + "  - {id: bar, type: scenery, at: [3, -7, 3], size: [0.2, 3, 0.2]}\n")  # fmt: skip
    got = place(venue, "foh", {"x": (0, 4)}, 1.0)
    known = by_place(got)
    assert known[2.0,].why == "it meets bar", "the mast, one metre beside"
    assert not known[4.0,].why


def test_a_truss_has_a_trim_and_the_places_of_what_hangs_count_from_it(hall):
    data = hall.raw()
    data["elements"] += [
        {"id": "T", "type": "truss", "from": [-5, -2], "to": [5, -2], "trim": 1.6},
        {"id": "clock", "type": "target", "at": [0, 4, 2.2]},
    ]
    venue = hall.again(data)
    got = place(venue, "T", {"z": (1.5, 4.5)}, 1.0)
    assert got.best[0].at == (2.5,), "the first that hides nothing"
    assert got.changes == {"T": {"trim": 2.5}}
    assert got.spots[0].score > 0 == got.best[0].score
    moved = place(venue, "T", {"y": (-3, -1), "x": (0, 1)}, 1.0)
    (change,) = moved.changes.values()
    assert set(change) == {"from", "to"}
    assert change["to"][0] - change["from"][0] == 10


def test_a_set_up_has_its_own_answer_and_its_own_words(hall):
    data = hall.raw() | {"setups": {"day": {}, "night": {"set": {"foh": {"at": [3, -7]}}}}}
    data["elements"][-1] |= {"setup": ["day", "night"]}
    data["elements"] += [
        {"id": "late", "type": "platform", "at": [0, -7], "size": [2, 2], "height": 0.4, "setup": "night"}
    ]
    venue = hall.again(data)
    assert place(venue, "foh", {"x": (-2, 2)}, 1.0).best[0].at == (0.0,)
    with pytest.raises(VenueError, match="set-up 'night' sets it anew: change it there"):
        place(venue, "foh", {"x": (-2, 2)}, 1.0, setup="night")
    with pytest.raises(VenueError, match="does not stand in set-up 'day'"):
        place(venue, "late", {"x": (-2, 2)}, 1.0)
    assert place(venue, "late", {"y": (-12, -7)}, 2.5, setup="night").best


@pytest.mark.parametrize(
    ("within", "step"),
    [({"x": (math.nan, 1)}, 1), ({"x": (0, math.inf)}, 1), ({}, 1), ({"q": (0, 1)}, 1), ({"x": (1, 0)}, 1),
     ({"x": (0, 1)}, math.nan), ({"x": (0, 1)}, {"x": -1.0}), ({"x": (0, 1)}, 1e-9)],
)  # fmt: skip
def test_no_number_goes_by_unseen(hall, within, step):
    with pytest.raises(VenueError):
        place(hall, "foh", within, step)


def test_a_hall_without_seats_costs_nothing_anywhere():
    bare = loads("schema: 1\nname: T\nelements:\n  - {id: desk, type: platform, size: [2, 2], height: 0.4}\n")
    got = place(bare, "desk", {"x": (1, 3)}, 1.0)
    assert got.best[0].at == (1.0,)
    assert not got.better


def test_a_turn_is_tried_like_a_place(hall):
    got = place(hall.replace("foh", at=[0, -7], size=[3.6, 1.5]), "foh", {"turn": (0, 90)}, {"turn": 90})
    assert got.best[0].at == (90.0,)
    assert got.venue["foh"].turn == 90


def test_those_who_take_after_it_move_too(hall):
    data = hall.raw()
    data["elements"] += [{"id": "second", "type": "foh", "mirror": "foh"}]
    got = place(hall.again(data), "foh", {"x": (2, 5)}, 1.0)
    assert got.venue["second"].at == got.venue["foh"].at


def test_a_place_that_breaks_a_rule_is_passed_over(hall):
    """A soffit over the gangway leaves 2 m above the riser, less than the headroom of the house."""
    data = hall.raw()
    data["elements"][-1] |= {"riser": 0.5}
    data["elements"] += [{"id": "soffit", "type": "scenery", "at": [0, -7, 2.15], "size": [2.6, 12, 0.2]}]
    venue = hall.again(data)
    before = {(f.code, f.group) for f in sc.check(sc.build(venue)).findings}
    got = place(venue, "foh", {"x": (0, 4)}, 2.0)
    after = [f for f in sc.check(sc.build(got.venue)).findings if (f.code, f.group) not in before]
    assert not [f for f in after if f.severity == "error"]
    assert len(after) == len(got.findings)


def test_the_file_changes_in_one_line_and_keeps_its_comments(tmp_path):
    file = tmp_path / "venue.yaml"
    file.write_text(HALL, encoding="utf-8")
    got = place(load(file), "foh", {"x": (-2, 2)}, 0.5)
    backup = into_file(file, got.changes, got.venue)
    old, new = HALL.splitlines(), file.read_text(encoding="utf-8").splitlines()
    changed = [k for k, (a, b) in enumerate(zip(old, new)) if a != b]
    assert len(old) == len(new)
    assert [new[k] for k in changed] == [old[-1].replace("[4, -7]", "[0, -7]")]
    assert backup.read_text(encoding="utf-8") == HALL


def test_the_command_places_writes_and_stops_without_a_trace(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    file = Path("venue.yaml")
    file.write_text(HALL, encoding="utf-8")

    def run(*words):
        code = 0
        try:
            main(["place", *words])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    code, said, wrong = run("foh", "-o", "cost.csv")
    assert (code, wrong) == (0, "")
    assert "foh costs 15 seats; 0 downgraded" in said or "foh costs" in said
    assert Path("cost.csv").read_text(encoding="utf-8-sig").startswith("seat id,block,row,seat,cost,view without")

    monkeypatch.setattr(solver, "_spot", _interrupted)
    assert run("foh", "--within", "x=-2..2", "--write", "-o", "map.pdf")[0] == 130
    assert file.read_text(encoding="utf-8") == HALL
    assert sorted(path.name for path in Path().iterdir()) == ["cost.csv", "venue.yaml"]
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)

    code, said, wrong = run("foh", "--within", "x=-2..2", "--step", "x=1", "-o", "grid.csv", "--write")
    assert (code, wrong) == (0, "")
    assert "foh costs least at x 0.00 m: 0 seats removed" in said
    assert "at: [0, -7]" in file.read_text(encoding="utf-8")
    lines = Path("grid.csv").read_text(encoding="utf-8").strip().splitlines()
    notes = [line for line in lines if line.lstrip('"').startswith("note: ")]
    assert len(lines) - len(notes) == 1 + 5
    assert [note.split(":")[1] for note in notes] == [" score lost", " view"]
    code, said, _ = run("foh", "--within", "x=-2..2", "--step", "x=1", "--write")
    assert "foh costs no less anywhere there than where it stands" in said
    assert "is changed" not in said


def test_what_moves_in_other_set_ups_too_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def said(setups: str, *more: str) -> str:
        Path("venue.yaml").write_text(HALL + f"setups: {setups}\n", encoding="utf-8")
        main(["place", "foh", "--within", "x=-2..2", "--step", "x=1", *more])
        return capsys.readouterr().out

    both = "foh changes in set-ups day, night alike"
    assert both in said("{day: {}, night: {}}")
    assert both in said("{day: {}, night: {}}", "--setup", "night", "--write")
    assert "alike" not in said("{day: {}, night: {set: {foh: {at: [0, -9]}}}}")
    assert "alike" not in said("{day: {}}")


def _interrupted(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fho"], "no element is called 'fho'; did you mean 'foh'?"),
        (["foh", "--within", "x=6..-6"], "'x=6..-6' goes from the lower to the higher: x=-6..6"),
        (["foh", "--within", "q=1..2"], "'q=1..2' is no range: write it as x=-6..6; of x, y, z (trim) and turn"),
        (["foh", "--within", ""], "'' is no range: write it as x=-6..6; of x, y, z (trim) and turn"),
        (["foh", "--within", "x=a..b"], "x: 'a' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        (["foh", "--within", "x=1..2, x=3..4"], "'x' is given twice"),
        (["foh", "--within", "x=1.."], "'x=1..' is no range: write it as x=-6..6; of x, y, z (trim) and turn"),
        (["foh", "--within", "x=1..2 y=3..4"],
         "'x=1..2 y=3..4' is more than one range: put a comma between two, as x=-6..6, y=-20..-12"),
        (["foh", "--within", "x=-1,5..1,5"], "'x=-1,5..1,5': a number is written with a point (1.5), not with a comma"),
        (["foh", "--within", "z=1..2, trim=3..4"], "'z' is given twice"),
        (["foh", "--within", "x=1..2", "--step", "y=1"], "a step along y, where the grid does not go: it goes along x"),
        (["foh", "--within", "turn=nan..4"], "turn: 'nan..4' is no range of degrees"),
        (["foh", "--within", "turn=0..x"], "turn: '0..x' is no range of degrees"),
        (["foh", "--within", "x=0..1", "--step", "0"], "the step is above zero, not 0"),
        (["foh", "--within", "x=0..1", "--step", "fast"],
         "step: 'fast' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        (["foh", "--within", "x=-100..100", "--step", "1 mm"],
         "that makes 20001 positions, and 20000 are the most: take a larger step"),
        (["A", "--within", "x=0..1"], "A   is of type seating: it is no object that costs others their seats"),
        (["foh", "--write"], "--write puts the best position into the file: say with --within where it may stand"),
        (["foh", "-o", "foh.docx"], "'foh.docx': what it costs is written as"),
        (["foh", "none.yaml"], "none.yaml   does not exist"),
    ],
)  # fmt: skip
def test_a_slip_is_met_with_a_word_and_a_way_on(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("venue.yaml").write_text(HALL, encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["place", *words])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(told)


def test_no_venue_here_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["place", "foh"])
    assert capsys.readouterr().err == "there is no venue.yaml here: name the file, stagecraft place foh FILE\n"


def test_ranges_in_metres_millimetres_and_feet():
    assert ranges("x=-6..6, y=-20..-12") == {"x": (-6.0, 6.0), "y": (-20.0, -12.0)}
    assert ranges("x = -600..600 mm") == {"x": (-0.6, 0.6)}
    assert ranges("X=-10'..10'")["x"] == pytest.approx((-3.048, 3.048))
    assert ranges("x=0..10 ft")["x"] == pytest.approx((0, 3.048))
    assert ranges("x=-1'-6\"..2'")["x"] == pytest.approx((-0.4572, 0.6096))
    assert ranges("z=5..7.5,turn=0..90") == {"z": (5.0, 7.5), "turn": (0.0, 90.0)}
    assert ranges("x=3") == {"x": (3.0, 3.0)}
    assert ranges("x=−6…6") == ranges("x=-6..6")
    assert ranges("trim=5..7.5") == ranges("z=5..7.5")
    assert steps("2 ft")["y"] == pytest.approx(0.6096)
    assert steps("x=1, turn=30") == {"x": 1.0, "turn": 30.0}


box = st.tuples(*[st.floats(-6, 6)] * 3, *[st.floats(0.1, 3)] * 3)


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(*[st.floats(-6, 6)] * 3), box, box, st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=30, max_size=30)
)
def test_nothing_on_the_way_is_overlooked(eye, aim, thing, ends):
    """Whatever straight way meets the box, the quick question says so too."""

    def corners(of):
        return np.array([of[:3], np.add(of[:3], of[3:])])

    aim_box, thing_box = corners(aim), corners(thing)
    way = solver._Way(np.array([eye]), aim_box).through(thing_box)[0]
    goal = aim_box[0] + np.array(ends) * (aim_box[1] - aim_box[0])
    along = goal - eye
    with np.errstate(all="ignore"):
        a, b = (thing_box[0] - eye) / along, (thing_box[1] - eye) / along
    near, far = np.fmin(a, b).max(axis=1), np.fmax(a, b).min(axis=1)
    met = (near <= far) & (far >= 0) & (near <= 1)
    assert way or not met.any()


def test_the_seats_it_may_hide_from_are_few(hall):
    house = solver._House(hall, hall["foh"], None)
    parts = tuple(p for p in sc.build(hall).parts if p.element == "foh")
    some = house._between(parts)
    assert 0 < some.sum() < len(house.seats) / 4
    shown = visible(house.bare)
    assert len(shown.ids) == len(house.seats)
    assert cost(house.bare, house.bare).score == 0


def test_a_twin_is_asked_for_by_its_own_name():
    twins = loads(HALL + "  - {id: pillar, type: platform, size: [1, 1], height: 2, at: [4, -5], mirror: true}\n")
    with pytest.raises(VenueError, match=r"is the twin of 'pillar' \(mirror:\): ask for 'pillar'"):
        place(twins, "pillar_mirror", {"x": (3.0, 4.0)})


def test_where_nothing_is_looked_at_no_view_is_said_to_be_kept():
    blind = loads(
        "schema: 1\nname: T\nelements:\n  - {id: A, type: seating, rows: 3, seats: 6}\n"
        "  - {id: desk, type: platform, at: [0, -1], size: [1, 1], height: 0.4}\n"
    )
    away = place(blind, "desk", {"y": (1.0, 1.0)}).sentence
    assert away.startswith("desk costs least at y 1.00 m: 0 seats removed, ")
    assert away.endswith(" fewer than where it stands; what is seen is not weighed")
    assert place(blind, "desk", {"y": (-1.0, -1.0)}).sentence.endswith(" removed; what is seen is not weighed")


def test_without_seats_no_place_is_called_the_best():
    bare = loads("schema: 1\nname: T\nelements:\n  - {id: desk, type: platform, size: [2, 2], height: 0.4}\n")
    found = place(bare, "desk", {"x": (-1.0, 1.0)}, 1.0)
    assert found.sentence == "desk costs 0 seats: there are none, or all are killed"
    assert not found.better
