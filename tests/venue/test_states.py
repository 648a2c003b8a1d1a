"""Set-ups, cues, files that use one another, elements that take after one another."""

import numpy as np
import pytest

from stagecraft.build import build
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import points
from stagecraft.scene import Screen
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load, loads

TWO_STATES = """\
name: Ballroom
brief: {guests: 100, vip: 5}
elements:
  - {id: hall, type: room, size: [20, 16], height: 5}
  - {id: A, type: seating, rows: 5, seats: 10, setup: day}
  - {id: t, type: tables, item: fur.table.round6, seats: 10, count: 3, setup: [dinner, gala]}
  - {id: foh, type: foh, at: [7, -6], size: [3, 2]}
  - {id: led, type: screen, image: [4, 2], at: [0, 5, 1], content_safe_from: 0.5}
places:
  - {seats: '*', category: guest}
setups:
  day: {places: [{seats: A/A, hold: press}]}
  dinner: {set: {foh: {size: [4, 2.4]}}, brief: {guests: 30}, places: [{seats: t/1, category: VIP}]}
  gala: {}
cues:
  Q1: {setup: day, set: {led: {content_safe_from: 1}}}
  Q2: {setup: dinner, set: {foh: {riser: 0.6}, led: {at: [1, 5, 1]}}}
  Q3: {set: {led: {turn: 10}}}
"""


@pytest.fixture
def venue():
    return loads(TWO_STATES)


def test_a_set_up_says_who_stands(venue):
    assert set(build(venue).elements) == {"hall", "A", "foh", "led"}  # the first is the default
    assert set(build(venue, "dinner").elements) == {"hall", "t", "foh", "led"}
    assert [len(build(venue, name).seats) for name in ("day", "dinner", "gala")] == [50, 30, 30]
    assert [build(venue, name).about.setup for name in (None, "gala")] == ["day", "gala"]


def test_a_set_up_changes_fields_places_and_what_was_asked(venue):
    day, dinner, gala = (build(venue, name) for name in ("day", "dinner", "gala"))
    width = [
        float(np.ptp(next(p for p in s.parts if p.name == "riser").solid.bounds[:, 0])) for s in (day, dinner, gala)
    ]
    assert width == pytest.approx([3, 4, 3])
    assert [int((s.seats.status == "hold").sum()) for s in (day, dinner, gala)] == [10, 0, 0]
    assert [int((s.seats.category == "VIP").sum()) for s in (day, dinner, gala)] == [0, 10, 0]
    assert [dict(s.about.brief) for s in (day, dinner)] == [{"guests": 100, "vip": 5}, {"guests": 30, "vip": 5}]


def test_a_cue_is_a_change_within_its_set_up(venue):
    assert [build(venue, cue=cue).about.setup for cue in ("Q1", "Q2", "Q3")] == ["day", "dinner", "day"]
    safe = [
        next(r for r in build(venue, cue=cue).records if isinstance(r, Screen)).content_safe_from
        for cue in (None, "Q1", "Q3")
    ]
    assert safe == [0.5, 1.0, 0.5]
    q2 = build(venue, cue="Q2")  # over the changes of dinner
    riser = next(part for part in q2.parts if part.name == "riser").solid.bounds
    assert np.ptp(riser, axis=0) == pytest.approx([4, 2.4, 0.6])
    assert q2.elements["led"].frame[0, 3] == 1
    assert venue["foh"].size == (3, 2)  # the venue itself is as it was


def test_a_cue_that_needs_no_set_up():
    venue = loads("name: T\nelements: [{id: l, type: lectern}]\ncues: {Q1: {set: {l: {at: [2, 1]}}}}\n")
    assert build(venue).elements["l"].frame[0, 3] == 0
    assert build(venue, cue="Q1").elements["l"].frame[0, 3] == 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"setup": "diner"}, "no set-up is called 'diner'; did you mean 'dinner'?"),
        ({"setup": "x"}, "no set-up is called 'x': there are day, dinner, gala"),
        ({"cue": "x"}, "no cue is called 'x': there are Q1, Q2, Q3"),
    ],
)
def test_a_state_that_is_not_there(venue, asked, words):
    with pytest.raises(VenueError) as caught:
        build(venue, **asked)
    assert str(caught.value) == words


def test_one_room_file_serves_twenty_events(tmp_path):
    rooms = tmp_path / "rooms"
    rooms.mkdir()
    (rooms / "own.csv").write_text("id,dept,category,manufacturer,model,width_mm,depth_mm,height_mm,source,confidence\n"
                                   "own.chair,FUR,chair,Own,Chair,500,520,880,measured,A\n")  # fmt: skip
    (rooms / "hall.yaml").write_text(
        "name: Hall\nclient: The house\ncatalogue: [own.csv]\nfeeds: {imag: [side]}\ncameras: {back: {eye: [0, -9, 2], aim: [0, 0, 1]}}\n"
        "elements:\n  - {id: hall, type: room, size: [20, 20], height: 5}\n  - {id: side, type: screen, image: [2, 1], at: [5, 5, 2]}\n"
    )
    (tmp_path / "event.yaml").write_text(
        "name: Event\nuses: [rooms/hall.yaml]\nelements:\n  - {id: A, type: seating, rows: 2, seats: 5, chair: own.chair, on: hall}\n"
    )
    venue = load(tmp_path / "event.yaml")
    assert [e.id for e in venue.elements] == ["hall", "side", "A"]
    assert (venue.name, venue.client) == ("Event", "")
    scene = build(venue)
    assert (len(scene.seats), scene.items["own.chair"].depth, scene.feeds, list(scene.cameras)) == (
        10, 0.52, {"imag": ("side",)}, ["back"],
    )  # fmt: skip
    assert scene.elements["hall"].file == "hall.yaml"
    hash = scene.about.hash
    (rooms / "hall.yaml").write_text((rooms / "hall.yaml").read_text().replace("height: 5", "height: 6"))
    assert build(load(tmp_path / "event.yaml")).about.hash != hash  # the room belongs to what was read


def test_two_files_may_use_the_same_third(tmp_path):
    (tmp_path / "a.yaml").write_text("name: A\nelements: [{id: a, type: lectern}]\n")
    (tmp_path / "b.yaml").write_text(
        "name: B\nuses: [a.yaml]\nelements: [{id: b, type: lectern, like: a, at: [1, 1]}]\n"
    )
    (tmp_path / "c.yaml").write_text("name: C\nuses: [b.yaml]\nelements: [{id: c, like: b, at: [2, 1]}]\n")
    assert [e.id for e in load(tmp_path / "c.yaml").elements] == ["a", "b", "c"]


def test_like_takes_another_elements_fields():
    venue = loads(
        "name: T\nelements:\n"
        "  - {id: A, type: seating, rows: 4, seats: 6, pitch: 1.1, front: [0, -3]}\n"
        "  - {id: B, like: A, at: [9, -3]}\n"
        "  - {id: C, like: B, rows: 2}\n"
    )
    a, b, c = venue.elements
    assert (b.rows, b.pitch, b.front, b.at) == (4, 1.1, None, (9, -3))
    assert (c.rows, c.pitch, c.at) == (2, 1.1, (9, -3))
    assert len(build(venue).seats) == 24 + 24 + 12
    assert a.id == "A"


def test_a_mirrored_twin_stands_across_the_centre_line():
    text = "name: T\nelements:\n  - {id: L, type: seating, rows: 3, seats: [4, 5], at: [-6, -3], turn: -15, mirror: true}\n"
    seats = build(loads(text)).seats
    left, right = seats.where(seats.element == "L"), seats.where(seats.element == "L_mirror")
    across = left.at * [-1, 1, 1]
    assert len(left) == len(right) == 27
    for one in across:
        assert np.linalg.norm(right.at - one, axis=1).min() < 1e-9
    assert sorted(right.facing.round(6)) == sorted((180 - left.facing).round(6))
    assert len(set(seats.ids.tolist())) == 54


def test_a_twin_may_have_fields_of_its_own():
    text = (
        "name: T\nelements:\n  - {id: L, type: seating, rows: 2, seats: 4, at: [-6, -3], turn: -15, blocks: [L]}\n"
        "  - {id: R, mirror: L, blocks: [R]}\n"
    )
    seats = build(loads(text)).seats
    left, right = seats.where(seats.block == "L"), seats.where(seats.block == "R")
    for one in left.at * [-1, 1, 1]:
        assert np.linalg.norm(right.at - one, axis=1).min() < 1e-9


def test_a_mirror_of_a_mirror_is_where_it_began():
    text = "name: T\nelements:\n  - {id: a, type: lectern, at: [3, 1], turn: 20}\n  - {id: b, mirror: a}\n  - {id: c, like: b}\n"
    scene = build(loads(text))
    x = [points(scene.elements[id].frame, np.zeros(3))[0] for id in "abc"]
    assert x == pytest.approx([3, -3, 3])  # like takes fields, never a mirror


def test_a_twin_carries_what_stands_on_it():
    text = (
        "name: T\nelements:\n  - {id: p, type: platform, at: [4, 0], size: [2, 2], height: 0.5, mirror: true}\n"
        "  - {id: l, type: lectern, on: p_mirror, at: [0.5, 0]}\n"
    )
    frame = build(loads(text)).elements["l"].frame
    assert frame[:3, 3] == pytest.approx([-3.5, 0, 0.5])  # x still runs to stage left


def test_a_venue_written_in_python_is_the_same():
    venue = Venue(name="T", elements=loads(TWO_STATES).elements, setups=loads(TWO_STATES).setups)
    assert len(build(venue).seats) == 50
