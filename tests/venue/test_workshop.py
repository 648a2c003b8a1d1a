"""One workshop file for every event: its stock and its tools come from a file that a venue uses."""

import pytest

import stagecraft as sc
from stagecraft.errors import VenueError
from stagecraft.scene import Piece

SHOP = """
schema: 1
name: Our workshop
elements: []
stock:
  - {material: plywood, thickness: 18 mm, actual: 17.6 mm, sheet: [2440 mm, 1220 mm], grain: L}
  - {material: softwood, section: [69 mm, 32 mm], lengths: [4.8, 2.4]}
workshop: {cutter: 8 mm, saw: 4 mm}
"""
EVENT = """
schema: 1
name: Gala
uses: [shop.yaml]
elements:
  - {id: P1, type: plinth, size: [1, 0.5, 0.9], fabrication: true}
stock:
  - {material: MDF, thickness: 12 mm, sheet: [2440 mm, 1220 mm]}
workshop: {cutter: 6 mm}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.yaml").write_text(SHOP)
    (tmp_path / "venue.yaml").write_text(EVENT)
    return tmp_path


def test_stock_of_a_used_file_stands_before_the_venues_own(folder):
    scene = sc.build(sc.load(folder / "venue.yaml"))
    assert [(s.material, s.kind, round(s.true, 6)) for s in scene.stock] == [
        ("plywood", "sheet", 0.0176), ("softwood", "bar", 0.032), ("MDF", "sheet", 0.012),
    ]  # fmt: skip
    assert {s.cutter for s in scene.stock if s.kind == "sheet"} == {0.006}
    assert [(s.cutter, s.lengths) for s in scene.stock if s.kind == "bar"] == [(0.004, (2.4, 4.8))]
    assert {round(p.thickness, 6) for p in scene.of(Piece)} == {0.0176}


def test_what_is_wrong_with_it_is_told_where_it_stands(folder):
    shop = folder / "shop.yaml"
    shop.write_text(SHOP.replace("lengths: [4.8, 2.4]", "lengths: [long]"))
    with pytest.raises(VenueError) as caught:
        sc.load(folder / "venue.yaml")
    (problem,) = caught.value.problems
    assert problem.file.endswith("shop.yaml")
    assert problem.line == 7
    assert "'long' is not a length" in problem.message
    shop.write_text(SHOP)
    (folder / "venue.yaml").write_text(EVENT.replace("thickness: 12 mm, ", ""))
    with pytest.raises(VenueError) as caught:
        sc.load(folder / "venue.yaml")
    (problem,) = caught.value.problems
    assert problem.file.endswith("venue.yaml")
    assert problem.line == 8
    assert problem.message.startswith("thickness belongs to a sheet")


def test_a_venue_with_a_workshop_is_the_same_when_it_is_written_and_read(folder):
    venue = sc.load(folder / "venue.yaml")
    (folder / "again.yaml").write_text(venue.to_yaml())
    assert sc.load(folder / "again.yaml") == venue
