"""What a workshop makes: pieces that fit together and fill what they should, by the formulas of the trade."""

import math

import manifold3d
import numpy as np
import pytest
import shapely

import stagecraft as sc
from stagecraft.analysis.making import set_pieces, to_make
from stagecraft.geometry.outline import rounded
from stagecraft.scene import Part, Piece
from stagecraft.venue.document import Venue

PLY = {"material": "plywood", "thickness": "18 mm", "sheet": ["2440 mm", "1220 mm"], "grain": "L"}
SKIN = {"material": "plywood", "thickness": "6 mm", "sheet": ["2440 mm", "1220 mm"]}
BENDY = {"material": "bendy plywood", "thickness": "8 mm", "sheet": ["2440 mm", "1220 mm"]}
KINDS = {
    "flat": {"type": "flat", "width": 1.2, "height": 2.4},
    "tall flat": {"type": "flat", "width": 2.0, "height": 4.9, "timber": ["32 mm", "69 mm"]},
    "soft flat": {"type": "flat", "width": 1.2, "height": 3.6, "skin": 0},
    "small flat": {"type": "flat", "width": 0.3, "height": 0.4},
    "plinth": {"type": "plinth", "size": [1.5, 0.6, 0.9], "rib_hole": 0.24},
    "long plinth": {"type": "plinth", "size": [5.2, 1.3, 0.4]},
    "fascia": {"type": "fascia", "radius": 4, "angle": 28, "height": 0.9},
    "concave fascia": {"type": "fascia", "radius": 4, "angle": 90, "height": 2.9, "curve": "concave"},
    "half drum": {"type": "fascia", "radius": 0.6, "angle": 180, "height": 1.0},
    "steps": {"type": "stairs", "width": 1.0, "height": 0.64, "steps": 4, "going": 0.28, "rails": True},
    "flush steps": {"type": "stairs", "width": 2.6, "height": 0.9, "steps": 5, "flush": True, "nosing": 0},
    "ramp": {"type": "ramp", "width": 1.5, "height": 0.3, "length": 4.5},
    "panel": {"type": "scenery", "size": [1.2, 0.018, 2.0], "sheet": 0.018, "material": "plywood"},
    "wing": {"type": "scenery", "size": [0.018, 1.2, 2.0], "sheet": 0.018, "material": "plywood"},
    "board": {"type": "scenery", "size": [1.2, 0.8, 0.018], "sheet": 0.018, "material": "plywood"},
    "logo": {"type": "scenery", "face": [[-0.5, 0, 0.1], [0.5, 0, 0.1], [0.7, 1, 0.2], [-0.3, 1, 0.3]], "sheet": 0.018,
             "material": "plywood", "holes": [{"at": [0, 0.5], "diameter": 0.3}, {"outline": [[0.2, 0.2], [0.3, 0.2], [0.3, 0.4]]}]},
    "arch": {"type": "scenery", "outline": [[0, 0], [2, 0], [2, 1, 0.4], [1, 0.5, 0.2], [0, 1]], "height": 0.018, "sheet": 0.018},
}  # fmt: skip
EVERY = pytest.mark.parametrize("kind", list(KINDS))


def built(kind, stock=(PLY, SKIN, BENDY), **fields):
    """The scene with one of a kind at a place of its own."""
    element = {"id": "it", "at": [1.3, -2.1], "turn": 30, "fabrication": True, **KINDS[kind], **fields}
    return sc.build(Venue.model_validate({"name": "shop", "elements": [element], "stock": list(stock)}))


def made(kind, name=None, **fields):
    return [p for p in built(kind, **fields).of(Piece) if name is None or p.name == name]


def body(solid):
    mesh = manifold3d.Mesh64(np.asarray(solid.vertices, np.float64), np.asarray(solid.faces, np.uint64))
    return manifold3d.Manifold(mesh)


def volume(pieces):
    return sum(piece.solid.volume * piece.quantity for piece in pieces)


@EVERY
def test_pieces_fill_no_place_twice_and_stay_inside_what_they_make(kind):
    scene = built(kind)
    pieces = scene.of(Piece)
    copies = [body(piece.solid.moved(place)) for piece in pieces for place in piece.transforms]
    together = manifold3d.Manifold.batch_boolean(copies, manifold3d.OpType.Add)
    chords = 1e-6 if KINDS[kind]["type"] != "fascia" else 1e-3
    assert together.volume() == pytest.approx(volume(pieces), rel=chords)
    form = [body(solid) for part in scene.parts if part.system != "rail" for solid in part.solids()]
    whole = manifold3d.Manifold.batch_boolean(form, manifold3d.OpType.Add)
    assert (together - whole).volume() < 3e-3 * together.volume()  # chords of a curve
    low, high = (
        np.min([c.bounding_box()[:3] for c in copies], axis=0),
        np.max([c.bounding_box()[3:] for c in copies], axis=0),
    )
    box = [solid.bounds for p in scene.parts if p.system != "rail" and p.name != "cloth" for solid in p.solids()]
    assert low == pytest.approx(np.min([b[0] for b in box], axis=0), abs=3e-4)
    assert high == pytest.approx(np.max([b[1] for b in box], axis=0), abs=3e-4)


@EVERY
def test_pieces_lie_flat_from_0_with_a_mark_each_and_a_place_for_each_copy(kind):
    pieces = made(kind)
    assert [piece.mark for piece in pieces] == [f"it-{n:02d}" for n in range(1, len(pieces) + 1)]
    for piece in pieces:
        assert piece.outline.outer.points.min(axis=0) == pytest.approx([0, 0], abs=1e-9)
        assert piece.outline.polygon.is_valid
        assert piece.outline.area > 0
        assert len(piece.transforms) == piece.quantity
        assert piece.solid.is_closed
        assert piece.name


@EVERY
def test_it_looks_the_same_whether_its_pieces_are_asked_for_or_not(kind):
    with_, without = built(kind), built(kind, fabrication=False)
    for one, other in zip(with_.of(Part), without.of(Part), strict=True):
        assert np.array_equal(one.solid.vertices, other.solid.vertices)
    assert with_.of(Piece)
    if "sheet" not in KINDS[kind]:
        assert not without.of(Piece)


@EVERY
def test_pieces_of_sheet_fit_on_the_workshops_sheets(kind):
    for piece in made(kind):
        if piece.kind == "sheet":
            sides = sorted([piece.length, piece.width])
            assert sides[0] <= 1.2 + 1e-9, piece.name
            assert sides[1] <= 2.42 + 1e-9, piece.name


@EVERY
def test_a_twin_across_the_centre_line_has_the_same_marks_and_twice_the_quantity(kind):
    scene = built(kind, mirror=True)
    (thing,) = set_pieces(scene)
    assert thing.elements == ("it", "it_mirror")
    assert thing.opposite == (("it_mirror",) if kind in ("logo", "arch") else ())
    once = {piece.mark: piece.quantity for piece in made(kind)}
    assert {piece.mark: piece.quantity for piece in to_make(scene)} == {mark: 2 * many for mark, many in once.items()}
    for piece in to_make(scene):
        assert len(piece.transforms) == piece.quantity
    twin = [p for p in scene.of(Piece) if p.element == "it_mirror"]
    assert volume(twin) == pytest.approx(volume(made(kind)))
    copies = [body(piece.solid.moved(place)) for piece in twin for place in piece.transforms]
    together = manifold3d.Manifold.batch_boolean(copies, manifold3d.OpType.Add)
    assert together.volume() == pytest.approx(volume(twin), rel=1e-3)


@pytest.mark.parametrize(("height", "toggles"), [(0.6, 0), (1.2, 1), (1.21, 2), (2.4, 3), (3.0, 4), (3.66, 6)])
def test_a_flat_has_as_many_toggles_as_keep_its_bays_at_600_mm(height, toggles):
    pieces = made("flat", height=height, stock=[])
    quantity = {piece.name: piece.quantity for piece in pieces}
    assert quantity.get("toggle", 0) == math.ceil(height / 0.6 - 1e-9) - 1 == toggles
    lengths = {piece.name: piece.length for piece in pieces}
    assert lengths["stile"] == pytest.approx(height)
    assert lengths["rail"] == pytest.approx(1.2 - 2 * 0.069)


def test_the_us_lesson_flat_of_4_by_8_feet():
    """Two rails of 4 ft between stiles of 1×3 in (¾ × 2½): here stiles run through, so rails are 4 ft − 2 × 2½ in."""
    pieces = made("flat", width="4 ft", height="8 ft", timber=["2.5 in", "0.75 in"], toggle_spacing="4 ft", stock=[])
    assert [(p.name, p.quantity) for p in pieces] == [
        ("skin", 1), ("stile", 2), ("rail", 2), ("toggle", 1), ("corner block", 4),
    ]  # fmt: skip
    assert next(p.length for p in pieces if p.name == "rail") == pytest.approx(43 * 0.0254)


def test_a_plinth_has_its_top_over_its_sides():
    w, d, h, t = 1.5, 0.6, 0.9, 0.018
    ribs = 2
    closed = t * (w * d + 2 * w * (h - t) + (2 + ribs) * (d - 2 * t) * (h - t)) - ribs * t * math.pi * 0.12**2
    assert volume(made("plinth")) == pytest.approx(closed, rel=1e-3)
    sizes = {p.name: (p.quantity, round(p.length, 6), round(p.width, 6)) for p in made("plinth")}
    assert sizes == {
        "top": (1, 1.5, 0.6), "front": (1, 1.5, 0.882), "back": (1, 1.5, 0.882), "end": (2, 0.564, 0.882),
        "rib": (2, 0.564, 0.882),
    }  # fmt: skip


def test_boards_are_as_thick_as_the_workshop_measures_them():
    """17.6 mm that are called 18: the sides of a plinth of 900 are 882.4 high."""
    pieces = made("plinth", stock=[{**PLY, "actual": "17.6 mm"}])
    assert {round(p.thickness, 6) for p in pieces} == {0.0176}
    assert next(p.width for p in pieces if p.name == "front") == pytest.approx(0.8824)
    scene = built("plinth", stock=[{**PLY, "actual": "17.6 mm"}])
    assert all(any(stock.suits(piece) for stock in scene.stock) for piece in scene.of(Piece))


def test_a_tread_is_a_going_and_a_nosing_and_a_riser_is_a_rise_less_the_sheet():
    pieces = made("steps")
    assert [(p.name, p.quantity, round(p.length, 6), round(p.width, 6)) for p in pieces[1:]] == [
        ("tread", 2, 1.0, 0.30), ("tread", 1, 1.0, 0.28), ("riser", 3, 1.0, 0.142),
    ]  # fmt: skip
    assert pieces[0].quantity == math.ceil(1.0 / 0.6) + 1


def test_a_ramps_sides_are_wedges_under_its_deck():
    pieces = made("ramp", stock=[])
    run, rise, t, w = 4.5, 0.3, 0.018, 1.5
    slope = math.hypot(run, rise)
    (deck,) = (p for p in pieces if p.name == "deck")
    assert deck.length == pytest.approx(slope)
    drop = t * slope / run
    assert deck.solid.volume == pytest.approx(w * (run * rise - (run - drop * run / rise) * (rise - drop)) / 2)
    side = next(p for p in pieces if p.name == "side")
    assert side.length * rise / run == pytest.approx(side.width)  # the ramp's own gradient
    assert side.outline.area == pytest.approx(side.length * side.width / 2)
    assert {p.name: p.quantity for p in pieces} == {"side": 2, "joist": 2, "head": 1, "deck": 1}


@pytest.mark.parametrize(("curve", "middle"), [("convex", 3.996), ("concave", 4.004)])
def test_a_skin_is_as_long_as_the_curve_at_the_middle_of_its_thickness(curve, middle):
    """4000.000 in, 4000.000 out."""
    pieces = made("fascia", curve=curve, stock=[])
    (skin,) = (p for p in pieces if p.name == "skin")
    angle = math.radians(28)
    assert skin.length == pytest.approx(middle * angle, abs=1e-12)
    assert skin.solid.volume == pytest.approx(skin.length * skin.width * skin.thickness, rel=1e-3)
    (former,) = (p for p in pieces if p.name == "former")
    assert former.quantity == math.ceil((0.9 - 0.018) / 0.6) + 1
    radii = sorted(r for _, _, r in former.outline.circles)
    face = 4.0 - 0.008 if curve == "convex" else 4.0 + 0.008
    assert radii == pytest.approx(sorted([face, face - 0.1 if curve == "convex" else face + 0.1]), abs=1e-12)
    assert former.outline.area == pytest.approx(angle / 2 * (max(radii) ** 2 - min(radii) ** 2), rel=1e-3)


def test_a_long_skin_is_split_at_the_length_of_a_sheet_with_an_upright_behind_each_joint():
    pieces = made("concave fascia")
    skins = [p for p in pieces if p.name == "skin"]
    assert sum(p.length * p.quantity for p in skins) == pytest.approx(3 * 4.004 * math.pi / 2)  # three rows of them
    assert sum(p.width * p.quantity for p in skins) / 3 == pytest.approx(2.9)
    assert max(p.length for p in skins) <= 2.42


def test_a_panel_says_its_grain_and_its_banded_edges():
    (piece,) = made("panel", grain="W", edge_band="2L 2W")
    assert (piece.grain, piece.edge_band) == ("W", "2L 2W")
    assert (piece.length, piece.width) == (1.2, 2.0)


def test_a_rounded_corner_is_a_true_arc_that_touches_both_sides():
    shape = rounded([(0, 0), (2, 0), (2, 1, 0.25), (0, 1)])
    assert shape.circles == ((1.75, 0.75, 0.25),)
    assert shape.area == pytest.approx(2 - 0.25**2 * (1 - math.pi / 4), abs=2e-4)
    assert shapely.Point(2, 1).distance(shape.polygon) == pytest.approx(0.25 * (math.sqrt(2) - 1), abs=1e-3)
    stadium = rounded([(0, 0, 0.5), (3, 0, 0.5), (3, 1, 0.5), (0, 1, 0.5)])
    assert stadium.area == pytest.approx(2 + math.pi / 4, abs=1e-3)
    with pytest.raises(ValueError, match=r"no room for the radius of its corner 2, 1"):
        rounded([(0, 0), (2, 0), (2, 1, 1.2), (0, 1)])
    with pytest.raises(ValueError, match="holes: one does not lie inside"):
        rounded([(0, 0), (2, 0), (2, 1)], [rounded([(0, 0.5), (0.2, 0.5), (0.2, 0.9)])])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "scenery", "mesh": "bust.obj", "unit": "mm"}, "curves in two ways cannot be laid flat"),
        ({"type": "scenery", "size": [1, 1, 1]}, "fabrication: give sheet: 18 mm"),
        ({"type": "scenery", "face": [[0, 0], [1, 0], [0, 1]]}, "a face is cut from a sheet"),
        ({"type": "scenery", "size": [1, 1, 1], "grain": "L", "fabrication": False}, "grain is said of a sheet"),
        ({"type": "flat", "width": 0.1, "height": 2}, "two stiles and two rails leave nothing"),
        ({"type": "plinth", "size": [1, 0.04, 1]}, "nothing of this plinth is left inside"),
        ({"type": "plinth", "size": [1, 0.5, 0.3], "rib_hole": 0.25}, "leaves too little of the ribs"),
        ({"type": "fascia", "radius": 0.1, "angle": 90, "height": 1}, "the formers need 0.108 m of it"),
        ({"type": "fascia", "radius": 2, "angle": 90, "height": 0.03}, "two formers need more"),
        ({"type": "fascia", "radius": 2, "angle": 0.1, "height": 1}, "two uprights have no room"),
        ({"type": "stairs", "height": 0.06, "steps": 2}, "nothing is left of steps"),
        ({"type": "ramp", "height": 0.03, "length": 1}, "too low to be made of it"),
    ],
)
def test_what_cannot_be_made_says_so_in_one_sentence(fields, words):
    with pytest.raises(ValueError, match=words):
        Venue.model_validate({"name": "x", "elements": [{"id": "it", "fabrication": True, **fields}]})


@pytest.mark.parametrize(
    ("stock", "words"),
    [
        ({"material": "ply"}, "give a sheet: "),
        ({"material": "ply", "sheet": [2.44, 1.22]}, "thickness belongs to a sheet"),
        ({"material": "pine", "section": [0.03, 0.06]}, "lengths belong to a section"),
        ({"material": "pine", "section": [0.03, 0.06], "lengths": [3], "grain": "L"}, "grain is said of sheets"),
        (
            {"material": "pine", "section": [0.03, 0.06], "lengths": [3], "actual": 0.02},
            "actual is the measured thickness",
        ),
    ],
)
def test_stock_is_a_sheet_or_bars(stock, words):
    with pytest.raises(ValueError, match=words):
        Venue.model_validate({"name": "x", "elements": [], "stock": [stock]})
