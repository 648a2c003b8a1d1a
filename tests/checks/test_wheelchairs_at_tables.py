"""A wheelchair user at a table is one of its guests: in no row, in company, and on the floor between the tables."""

import pytest

from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.venue.load import loads

HALL = """
schema: 1
name: Hall
elements:
  - {{id: hall, type: room, x: [-8, 8], y: [-12, 4], height: 4, doors: [{{id: D1, at: [-4, -12]}}, {{id: D2, at: [4, -12]}}]}}
  - {{id: rounds, type: tables, item: fur.table.round6, seats: 10, count: 4, columns: 2, spacing: 4, at: [0, -2]{more}}}
rules: [uk-england]
{places}
"""


def report(more="", places=""):
    venue = loads(HALL.format(more=more, places=places))
    scene = build(venue)
    return scene, check(scene, venue.rules)


@pytest.mark.parametrize(
    "how",
    [(", wheelchair: {1: [7], 4: [3]}", ""), ("", "places: [{seats: [rounds/1/7, rounds/4/3], place: wheelchair}]")],
)
def test_it_is_in_no_row_but_one_of_the_table(how):
    scene, found = report(*how)
    assert (scene.seats.place == "wheelchair").sum() == 2
    assert scene.seats.at_table.all()
    verdicts = {one.code: one.verdict for one in found.outcomes}
    assert (verdicts["SE01"], verdicts["AC06"], verdicts["EG05"]) == ("not checked", "pass", "pass")
    assert set(scene.seats.row.tolist()) == {"1", "2", "3", "4"}


def test_laid_out_as_a_wheelchair_place_it_has_its_size_and_a_chair_that_is_only_swapped_has_not():
    _, laid = report(", wheelchair: {1: [7], 4: [3]}")
    _, swapped = report(places="places: [{seats: [rounds/1/7, rounds/4/3], place: wheelchair}]")
    assert [[f.code for f in one.findings if f.code == "AC02"] for one in (laid, swapped)] == [[], ["AC02"]]
