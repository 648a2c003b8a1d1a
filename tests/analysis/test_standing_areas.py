"""Standing areas: as many people as the floor takes that is left to them."""

import math

import pytest

from stagecraft.build import build, without
from stagecraft.scene import Space
from stagecraft.venue.load import loads

AREA = "{id: crowd, type: standing, size: [10, 8]"


def crowd(*elements, area=AREA + "}", gone=()):
    lines = "".join(f"  - {element}\n" for element in (area, *elements))
    scene = without(build(loads(f"schema: 1\nname: Hall\nelements:\n{lines}")), gone)
    (space,) = [space for space in scene.of(Space) if space.use == "standing"]
    return space.capacity


def test_two_stand_on_a_square_metre():
    """UK-OLF-DANCE: 0.5 m² a person; 80 m² hold 160."""
    assert crowd() == 160
    assert crowd(area=AREA + ", density: 1.5}") == 120


@pytest.mark.parametrize(
    ("thing", "square_metres"),
    [
        ("{id: bar, type: platform, at: [0, 0], size: [4, 1], height: 1.1}", 4),
        ("{id: bar, type: platform, at: [5, 0], size: [4, 1], height: 1.1}", 2),
        ("{id: desk, type: keep_clear, size: [2, 3], why: camera track, from: 0, to: 2}", 6),
        ("{id: dance, type: platform, at: [0, 0], size: [4, 4], height: 0.03}", 0),
        ("{id: far, type: platform, at: [20, 0], size: [4, 4], height: 1}", 0),
        ("{id: gallery, type: balcony, at: [0, 0], size: [8, 3], level: 3.5}", 0),
        ("{id: host, type: presenter}", 0),
        ("{id: row, type: seating, rows: 1, seats: 10}", 10 * 0.5 * 0.508),
    ],
)
def test_what_stands_there_takes_its_floor(thing, square_metres):
    assert crowd(thing) == math.floor((80 - square_metres) * 2)
    assert crowd(thing, gone=(thing.split(",")[0].removeprefix("{id: "),)) == 160


def test_a_poseur_table_takes_its_top_and_overlaps_count_once():
    """A round of 64 sides: 32 r² sin(2π/64)."""
    tables = "{{id: {id}, type: tables, item: fur.table.round5, seats: 0, places: [[0, 0], [3, 2]]}}"
    top = 32 * (1.52 / 2) ** 2 * math.sin(2 * math.pi / 64)
    assert crowd(tables.format(id="one")) == math.floor((80 - 2 * top) * 2)
    assert crowd(tables.format(id="one"), tables.format(id="two")) == math.floor((80 - 2 * top) * 2)


def test_a_floor_that_is_all_taken_holds_nobody():
    assert crowd("{id: riser, type: platform, at: [0, 0], size: [12, 12], height: 0.4}") == 0


def test_on_a_platform_of_its_own_the_platform_takes_nothing():
    riser = "{id: riser, type: platform, at: [0, 0], size: [12, 12], height: 0.4}"
    assert crowd(riser, area=AREA + ", on: riser}") == 160


def test_what_the_licence_says_stays():
    bar = "{id: bar, type: platform, at: [0, 0], size: [4, 1], height: 1.1}"
    assert crowd(bar, area=AREA + ", capacity: 95}") == 95


def test_capacity_and_density_are_not_both_given():
    with pytest.raises(ValueError, match="give either capacity"):
        crowd(area=AREA + ", capacity: 95, density: 1}")
