"""Set pieces on paper: one sheet each, sizes that are the model's, profiles that a machine can follow."""

import io
import math
import re

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.analysis.making import set_pieces, to_make
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.draft import Job
from stagecraft.drawing.marks import Circle, Dimension, Insert, Line, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.shop_drawing import profiles, set_sheets
from stagecraft.drawing.strokes import resolved
from stagecraft.export.dxf import write_dxf
from stagecraft.venue.document import Venue
from tests.elements.test_set_pieces import BENDY, KINDS, PLY, SKIN, built

EVERY = pytest.mark.parametrize("kind", list(KINDS))


def sheets(scene):
    return {draft.key: Composer(scene).sheet(draft) for draft in set_sheets(Job(scene))}


def texts(sheet):
    views = [mark for view in sheet.views for mark in view.drawing.marks]
    return [mark.text for mark in (*views, *sheet.marks) if isinstance(mark, Text)]


@EVERY
@pytest.mark.parametrize("units", ["m", "ft"])
def test_no_word_lies_on_anything(kind, units):
    element = {"id": "it", "fabrication": True, **KINDS[kind], "mirror": True, "at": [3, 1]}
    room = {"id": "room", "type": "room", "size": [20, 20], "height": 6}
    fields = {"name": "x", "units": units, "elements": [room, element], "stock": [PLY, SKIN, BENDY]}
    for sheet in sheets(sc.build(Venue.model_validate(fields))).values():
        assert not [str(fault) for fault in overlaps(sheet)]


@EVERY
def test_a_sheet_says_its_parts_sizes_and_places(kind):
    scene = built(kind, mirror=True)
    (made,) = set_pieces(scene)
    (sheet,) = sheets(scene).values()
    said = texts(sheet)
    assert any(word.startswith("2 off") for word in said)
    for piece in to_make(scene):
        assert piece.mark in said
        assert any(f"{round(piece.length * 1000, 1):g}" == word for word in said)
    if len(made.pieces) > 1:
        marked = [d for d in (view.drawing for view in sheet.views) if d.name == "construction it"]
        shown = [mark.text for mark in marked[0].marks if isinstance(mark, Text)]
        hidden = next((note for note in marked[0].notes if note.startswith("Hidden")), "")
        covers = {piece.mark for piece in made.pieces if piece.name in ("top", "deck", "tread")}
        for piece in made.pieces:
            assert piece.mark in shown or piece.mark in hidden or piece.mark in covers


@EVERY
def test_dimensions_in_all_are_the_models(kind):
    scene = built(kind)
    (draft,) = set_sheets(Job(scene))
    front = draft.views[0].make(20)
    dims = [mark for mark in front.marks if isinstance(mark, Dimension)]
    (made,) = set_pieces(scene)
    home = np.linalg.inv(scene.elements["it"].frame)
    parts = [part for part in made.parts if part.system != "rail"]
    corners = np.concatenate([
        part.solid.vertices @ (home @ m)[:3, :3].T + (home @ m)[:3, 3] for part in parts for m in part.transforms
    ])  # fmt: skip
    wide, _, high = np.ptp(corners, axis=0) * 1000
    assert max(abs(d.end[0] - d.start[0]) for d in dims if d.angle == 0) == pytest.approx(wide, abs=0.5)
    assert max(abs(d.end[1] - d.start[1]) for d in dims if d.angle == 90) == pytest.approx(high, abs=0.5)
    if kind not in ("fascia", "concave fascia", "half drum", "logo", "arch"):
        assert max(abs(d.end[0] - d.start[0]) for d in dims if d.angle == 0) == pytest.approx(wide, abs=0.001)


def test_a_flight_of_many_steps_is_dimensioned_where_figures_have_room():
    fields = {"width": 1.44, "height": 3.992, "going": 0.1, "steps": 24}
    (sheet,) = sheets(built("steps", **fields)).values()
    assert not [str(fault) for fault in overlaps(sheet)]
    side = next(view.drawing for view in sheet.views if view.drawing.name == "side it")
    runs = [d.end[0] - d.start[0] for d in side.marks if isinstance(d, Dimension) and d.angle == 0]
    assert max(runs) == pytest.approx(2300)
    assert sum(runs) == pytest.approx(2 * 2300)


def test_a_fascia_of_thousands_of_parts_has_a_cut_list_and_no_construction():
    (draft,) = set_sheets(Job(built("fascia", radius=460, angle=15, height=6.6)))
    assert [view.name for view in draft.views] == ["front it", "plan it", "side it", "parts it"]
    assert any(re.fullmatch(r"Its construction is not drawn: \d{4} parts\.", note) for note in draft.notes)


@pytest.mark.parametrize(("kind", "at"), [("flat", (0.0, 0.0)), ("plinth", (0.0, 0.0)), ("ramp", (0.0, 0.0))])
def test_the_plan_shows_the_origin_that_places_are_told_of(kind, at):
    (draft,) = set_sheets(Job(built(kind)))
    plan = draft.views[1].make(20)
    assert "ORIGIN" in [mark.text for mark in plan.marks if isinstance(mark, Text)]
    crossing = [mark for mark in plan.marks if isinstance(mark, Line) and mark.style.system == "datum"]
    assert [tuple(np.mean(line.points, axis=0)) for line in crossing] == [at, at]


def area(line):
    """Of a closed line with its arcs. [mm²]"""
    points = np.array(line.points)
    after = np.roll(points, -1, axis=0)
    total = float((points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]).sum() / 2)
    for (a, b), bulge in zip(zip(points, after), line.bulges):
        if bulge:
            angle, chord = 4 * math.atan(bulge), math.dist(a, b)
            radius = chord / 2 / math.sin(angle / 2)
            total += radius**2 * (angle - math.sin(angle)) / 2
    return total


@EVERY
def test_profiles_are_closed_lines_with_true_arcs_and_nothing_else(kind):
    scene = built(kind)
    drawn = profiles(scene, "it")
    assert drawn.scale == 1.0
    assert all(isinstance(mark, (Line, Circle)) for mark in drawn.marks)
    assert all(mark.closed for mark in drawn.marks if isinstance(mark, Line))
    (made,) = set_pieces(scene)
    total = sum(abs(area(m)) if isinstance(m, Line) else -math.pi * m.radius**2 for m in drawn.marks)
    holes = sum(
        2 * 1e6 * abs(area_of(ring))
        for p in made.pieces
        for ring in p.outline.holes
        if not all(a >= 0 for a in ring.arcs)
    )
    assert total - holes == pytest.approx(1e6 * sum(piece.outline.area for piece in made.pieces), rel=2e-3)


def area_of(ring):
    x, y = ring.points.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def test_4000_000_in_is_4000_000_out():
    """A skin of 8 mm on a face of R4000: the formers have R3992 and R3892, as true arcs, in the file too."""
    import ezdxf

    drawn = profiles(built("fascia"), "it")
    stream = io.BytesIO()
    write_dxf(drawn, stream)
    doc = ezdxf.read(io.StringIO(stream.getvalue().decode()))
    radii = []
    for line in doc.modelspace().query("LWPOLYLINE"):
        assert line.closed
        points = line.get_points("xyb")
        for (x0, y0, bulge), (x1, y1, _) in zip(points, points[1:] + points[:1]):
            if bulge:
                radii.append(math.dist((x0, y0), (x1, y1)) * (1 + bulge**2) / 4 / abs(bulge))
        assert line.dxf.layer == "P-SET"
    assert sorted(radii) == pytest.approx([3892.0, 3992.0], abs=1e-3)


def test_without_pieces_there_is_a_drawing_of_the_form_and_its_outlines():
    scene = built("plinth", fabrication=False)
    (draft,) = set_sheets(Job(scene))
    assert draft.kind == "Design-intent drawing"
    assert [view.name for view in draft.views] == ["front it", "plan it", "side it"]
    drawn = profiles(scene, "it")
    assert [round(area(mark)) for mark in drawn.marks] == [900_000, 1_350_000, 540_000]
    with pytest.raises(KeyError, match="is no set piece"):
        profiles(scene, "that")


def test_stock_that_nobody_named_is_said_and_no_fixing_is_invented():
    (sheet,) = sheets(built("flat", stock=[PLY, SKIN])).values()
    said = " ".join(texts(sheet))
    assert "No stock is named for 69 × 32 softwood." in said
    assert "Joints, fixings, finish and fire treatment are" in said
    assert not any(word in said.lower() for word in ("screw", "glue", "staple", "compliant", "legal", "safe"))


def test_forty_pieces_have_a_number_and_a_key_each_whatever_they_are_called():
    names = ["плита", "舞台", "a.b", "a-b", "A_B", "x" * 60]
    elements = [
        {
            "id": name,
            "name": "Lange Namen " * 16,
            "type": "plinth",
            "size": [1 + n / 10, 0.5, 0.5],
            "fabrication": n % 2 == 0,
        }
        for n, name in enumerate([*names, *(f"p{k}" for k in range(54))])
    ]
    scene = sc.build(Venue.model_validate({"name": "x", "elements": elements}))
    drafts = list(set_sheets(Job(scene)))
    assert len({draft.key for draft in drafts}) == len({draft.number for draft in drafts}) == len(elements)
    assert [draft.key for draft in drafts[:5]] == ["set-плита", "set-舞台", "set-a-b", "set-a-b-2", "set-a-b-3"]
    assert (drafts[0].number, drafts[49].number, drafts[50].number) == ("501", "550", "550.1")
    sheet = Composer(scene).sheet(drafts[0])
    assert not [str(fault) for fault in overlaps(sheet)]


def test_a_venue_without_a_set_has_no_such_sheets():
    venue = {"name": "x", "elements": [{"id": "stage", "type": "stage", "size": [6, 4], "height": 0.6}]}
    assert not list(set_sheets(Job(sc.build(Venue.model_validate(venue)))))


def test_what_is_ordered_from_a_catalogue_is_no_set_piece():
    venue = {
        "name": "x",
        "elements": [{"id": "lectern", "type": "lectern"}, {"id": "steps", "type": "stairs", "height": 0.6}],
    }
    assert not set_pieces(sc.build(Venue.model_validate(venue)))


def test_no_symbol_stands_on_these_sheets_but_the_title_block():
    (sheet,) = sheets(built("plinth")).values()
    assert not [mark for view in sheet.views for mark in view.drawing.marks if isinstance(mark, Insert)]


def test_sizes_on_paper_are_those_of_the_cut_list():
    """By the tenth of a millimetre: sheet, list and drawing say one size of a part, and a curve's is its arc's."""
    scene = built("fascia")
    former = next(piece for piece in to_make(scene) if piece.name == "former")
    half = math.radians(14)
    assert former.length * 1000 == pytest.approx(2 * 3992 * math.sin(half), abs=1e-6)
    assert former.width * 1000 == pytest.approx(3992 - 3892 * math.cos(half), abs=1e-6)
    (sheet,) = sheets(scene).values()
    (parts,) = [view for view in sheet.views if view.drawing.name == "parts it"]
    printed = {
        resolved(m, view.scale, "m").text for view in [parts] for m in view.drawing.marks if isinstance(m, Dimension)
    }
    assert {"1931.5", "215.6"} <= printed


def test_a_hole_is_dimensioned_to_its_middle_and_a_rounded_corner_to_where_its_sides_meet():
    star = [[0, 0, 0.01], [0.12, 0.28, 0.06], [0.4, 0.4, 0.01], [0.12, 0.52, 0.06], [0, 0.8, 0.01], [-0.12, 0.52, 0.06],
            [-0.4, 0.4, 0.01], [-0.12, 0.28, 0.06]]  # fmt: skip
    (sheet,) = sheets(built("logo", face=star, holes=[{"at": [0, 0.4], "diameter": 0.09}])).values()
    chains = {
        view.drawing.name: sorted(round(m.end[0] - m.start[0], 1) for m in view.drawing.marks
                                  if isinstance(m, Dimension) and m.angle == 0)
        for view in sheet.views
    }  # fmt: skip
    (wide,) = chains["plan it"]
    assert chains["front it"] == [120, 120, *[pytest.approx(wide / 2 - 120, abs=0.1)] * 2, wide]
    assert "Rounded corners are dimensioned to where their sides meet." in "\n".join(texts(sheet)).replace("\n", " ")
