"""Seats by what they see: restricted ones get their category, those without a view are not sold, and it is said why."""

import numpy as np

from stagecraft.analysis.by_view import by_view
from stagecraft.analysis.restricted import restricted
from stagecraft.analysis.views import views
from stagecraft.build import build
from stagecraft.schedules.seats import capacity, seat_list
from stagecraft.session import Session
from stagecraft.venue.document import Venue
from stagecraft.venue.load import loads

HALL = [
    {"id": "hall", "type": "room", "x": [-8, 8], "y": [-14, 4], "height": 6, "columns": [{"id": "K1", "at": [0.6, -4.0], "diameter": 0.8}]},
    {"id": "host", "type": "presenter", "name": "Host", "at": [0, 1]},
    {"id": "S", "type": "seating", "rows": 8, "seats": 14, "at": [0, -5]},
]  # fmt: skip
RESTRICTED = {"view": "restricted", "category": "Restricted"}
NONE = {"view": ["severe"], "kill": "no view", "owner": "box office"}


def session(*places, **more):
    return Session.of(Venue.model_validate({"name": "T", "elements": HALL, "places": list(places), **more}))


def bands_of(plain):
    return restricted(plain.scene, plain.views, plain.bands).band


def test_the_hall_has_seats_behind_its_column():
    bands = bands_of(session())
    assert {"clear", "severe"} <= set(bands.tolist())


def test_each_seat_is_what_its_view_says():
    plain, ruled = session(), session(RESTRICTED, NONE)
    bands, seats = bands_of(plain), ruled.scene.seats
    assert plain.scene.seats.ids.tolist() == seats.ids.tolist()
    assert seats.category.tolist() == ["Restricted" if band == "restricted" else "" for band in bands]
    assert seats.status.tolist() == ["kill" if band == "severe" else "open" for band in bands]
    killed = seats.where(seats.status == "kill")
    assert all(reason.startswith("no view: column K1, ") for reason in killed.reason.tolist())
    assert set(killed.owner.tolist()) == {"box office"}


def test_the_seat_list_and_the_report_follow():
    ruled = session(RESTRICTED, NONE)
    table = seat_list(ruled.scene, ruled.views, ruled.bands)
    reasons = [reason for reason, status in zip(table.values["reason"], table.values["status"]) if status == "kill"]
    assert reasons
    assert all("column K1" in reason for reason in reasons)
    listed = [by for by, category in zip(table.values["by"], table.values["category"]) if category == "Restricted"]
    assert all("column K1" in words for words in listed)
    assert sum(capacity(ruled.scene).values["killed"]) == len(reasons)


def test_what_is_said_of_some_seats_leaves_the_views_of_the_others_as_they_were():
    plain, ruled = session(), session(NONE)
    before, after = (restricted(s.scene, s.views, s.bands) for s in (plain, ruled))
    open_ = ruled.scene.seats.status == "open"
    assert before.band[open_].tolist() == after.band[open_].tolist()
    assert np.allclose(before.share[open_], after.share[open_])


def test_it_speaks_of_the_seats_chosen_and_the_last_word_counts():
    bands = bands_of(session())
    severe = session().scene.seats.ids[bands == "severe"].tolist()
    some = session({"seats": f"id:{severe[0]}", **NONE})
    assert some.scene.seats.ids[some.scene.seats.status == "kill"].tolist() == severe[:1]
    last = session(NONE, {"view": "severe", "hold": "house seats", "release": "2026-12-01"})
    assert set(last.scene.seats.status.tolist()) == {"open", "hold"}
    assert last.scene.seats.reason[last.scene.seats.status == "hold"][0].startswith(
        "house seats, until 2026-12-01: column K1"
    )


def test_a_category_by_view_has_its_price():
    ruled = session(RESTRICTED, prices={"currency": "EUR", "standard": 60, "Restricted": 35})
    seats = ruled.scene.seats
    assert set(seats.price[seats.category == "Restricted"].tolist()) == {35.0}
    assert set(seats.price[seats.category == ""].tolist()) == {60.0}


def test_killed_seats_stay_killed_for_their_own_reason():
    bands = bands_of(session())
    severe = session().scene.seats.ids[bands == "severe"].tolist()
    ruled = session({"seats": f"id:{severe[0]}", "kill": "camera"}, NONE)
    assert ruled.scene.seats.reason[ruled.scene.seats.ids == severe[0]].tolist() == ["camera"]


def test_a_scene_that_was_built_alone_keeps_its_rules_until_they_are_carried_out():
    plain = build(Venue.model_validate({"name": "T", "elements": HALL, "places": [NONE]}))
    assert len(plain.view_rules) == 1
    assert set(plain.seats.status.tolist()) == {"open"}
    said = by_view(plain, views(plain), {"clear": 0.9, "severe": 0.0})
    assert said.view_rules == ()
    assert "kill" in said.seats.status.tolist()
    assert by_view(said, views(said), {"clear": 0.9, "severe": 0.0}) is said


def test_each_set_up_has_rules_of_its_own():
    more = {"setups": {"day": {"places": [NONE]}, "dinner": {}}}
    day = session(**more).at("day")
    assert "kill" in day.scene.seats.status.tolist()
    assert set(day.at("dinner").scene.seats.status.tolist()) == {"open"}


def test_rules_by_view_survive_the_round_trip():
    text = "name: T\nelements:\n  - {id: S, type: seating, rows: 2, seats: 4}\nplaces:\n  - {view: [restricted, severe], kill: no view}\n"
    venue = loads(text)
    assert loads(venue.to_yaml()) == venue
    assert build(venue).view_rules[0].bands == ("restricted", "severe")
