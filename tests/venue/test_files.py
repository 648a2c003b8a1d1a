"""Files that a venue names: what is read from them, and what is said when they cannot be."""

import math
import shutil
from pathlib import Path

import ezdxf
import numpy as np
import pytest
import trimesh
from PIL import Image

from stagecraft.build import build
from stagecraft.errors import VenueError
from stagecraft.scene import Part, Space, Underlay
from stagecraft.venue.files import MOST_POINTS, Files
from stagecraft.venue.load import load

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def files(folder):
    return Files([folder])


def drawn(path, *shapes, unit=6):
    """A DXF in which every shape is added by a function of the model space."""
    drawing = ezdxf.new("R2010")
    drawing.header["$INSUNITS"] = unit
    for shape in shapes:
        shape(drawing.modelspace())
    drawing.saveas(path)
    return path.name


def polyline(points, layer="WALLS", close=True, **more):
    return lambda msp: msp.add_lwpolyline(points, format="xyb", close=close, dxfattribs={"layer": layer, **more})


def said(call, *arguments):
    """What is wrong, and the field that it is about."""
    with pytest.raises(VenueError) as caught:
        call("from", *arguments)
    (problem,) = caught.value.problems
    assert problem.path == "from"
    return problem.message


HALL = [(-12, -22.5), (12, -22.5), (12, 7.5), (-12, 7.5)]


# --- closed polylines


@pytest.mark.parametrize(
    ("unit", "metre"), [("mm", 1000), ("cm", 100), ("m", 1), ("in", 1 / 0.0254), ("ft", 1 / 0.3048)]
)
def test_a_hall_is_720_square_metres_in_whatever_unit_it_was_drawn(folder, files, unit, metre):
    drawn(folder / "hall.dxf", polyline([(x * metre, y * metre) for x, y in HALL]))
    outline = files.closed_polyline("from", "hall.dxf", "WALLS", unit)
    assert outline.area == pytest.approx(720)
    assert outline.outer.points.min(axis=0) == pytest.approx([-12, -22.5])
    assert set(outline.outer.arcs) == {-1}


def test_the_largest_of_several_is_the_hall_and_layers_are_told_apart_whatever_their_case(folder, files):
    small, other = [(0, 0), (1, 0), (1, 1), (0, 1)], [(x * 3, y * 3) for x, y in HALL]
    drawn(folder / "hall.dxf", polyline(small), polyline(HALL), polyline(other, "SITE"))
    assert files.closed_polyline("from", "hall.dxf", "walls", "m").area == pytest.approx(720)


@pytest.mark.parametrize("way", [1, -1])
def test_a_bulge_stays_an_arc_of_its_circle(folder, files, way):
    stadium = [(0, 0, 0), (20, 0, 1), (20, 10, 0), (0, 10, 1)]
    if way < 0:  # the same drawn clockwise
        stadium = [(0, 10, 0), (20, 10, -1), (20, 0, 0), (0, 0, -1)]
    drawn(folder / "hall.dxf", polyline(stadium))
    outline = files.closed_polyline("from", "hall.dxf", "WALLS", "m")
    assert outline.area == pytest.approx(200 + math.pi * 25, rel=2e-3)
    assert sorted(np.round(outline.circles, 9).tolist()) == [[0, 5, 5], [20, 5, 5]]
    points = outline.outer.points
    for a, b, arc in zip(points, np.roll(points, -1, axis=0), outline.outer.arcs):
        if arc < 0:
            assert a[1] == pytest.approx(b[1])
        else:
            x, y, radius = outline.circles[arc]
            assert np.hypot(*(a - [x, y])) == pytest.approx(radius)
            assert np.hypot(*(b - [x, y])) == pytest.approx(radius)
            assert radius - np.hypot(*((a + b) / 2 - [x, y])) <= 0.002 + 1e-9


def test_a_polyline_drawn_from_behind_is_seen_from_the_front(folder, files):
    drawn(folder / "hall.dxf", polyline([(0, 0, 0), (-20, 0, -1), (-20, 10, 0), (0, 10, 0)], extrusion=(0, 0, -1)))
    points = files.closed_polyline("from", "hall.dxf", "WALLS", "m").outer.points
    assert points.max(axis=0) == pytest.approx([25, 10], abs=0.003)


def test_a_polyline_that_ends_where_it_began_is_closed(folder, files):
    drawn(folder / "hall.dxf", polyline([*HALL, HALL[0]], close=False))
    assert files.closed_polyline("from", "hall.dxf", "WALLS", "m").area == pytest.approx(720)


def test_old_polylines_circles_and_symbols_are_read(folder, files):
    def old(msp):
        msp.add_polyline2d(HALL, close=True, dxfattribs={"layer": "OLD"})

    def round_(msp):
        msp.add_circle((3, 4), 10, dxfattribs={"layer": "ROUND"})

    def symbol(msp):
        block = msp.doc.blocks.new("HALL")
        block.add_lwpolyline(HALL, close=True, dxfattribs={"layer": "IN"})
        msp.add_blockref("HALL", (100, 0), dxfattribs={"rotation": 90})

    drawn(folder / "hall.dxf", old, round_, symbol)
    assert files.closed_polyline("from", "hall.dxf", "OLD", "m").area == pytest.approx(720)
    assert files.closed_polyline("from", "hall.dxf", "ROUND", "m").circles == ((3.0, 4.0, 10.0),)
    inside = files.closed_polyline("from", "hall.dxf", "IN", "m").outer.points
    assert [inside.min(axis=0), inside.max(axis=0)] == [pytest.approx([92.5, -12]), pytest.approx([122.5, 12])]


def test_a_room_is_built_from_a_drawing(folder):
    drawn(folder / "hall.dxf", polyline([(x * 1000, y * 1000) for x, y in HALL]), unit=4)
    (folder / "venue.yaml").write_text(
        "name: Hall\nelements:\n"
        "  - {id: room, type: room, from: hall.dxf, layer: WALLS, unit: mm, height: 7, doors: [{id: D1, at: [0, -22]}]}\n"
        "  - {id: survey, type: underlay, from: hall.dxf, unit: mm, at: [1, 2]}\n"
    )
    scene = build(load(folder / "venue.yaml"))
    (space,) = scene.of(Space)
    assert space.outline.area == pytest.approx(720)
    walls = [part for part in scene.of(Part) if part.system == "wall"]
    assert sum(part.solid.volume for part in walls) == pytest.approx((24.4 * 30.4 - 720) * 7 - 1.8 * 0.2 * 2.1)
    (underlay,) = scene.of(Underlay)
    assert underlay.lines[0].min(axis=0) == pytest.approx([-11, -20.5])


def test_a_fault_in_a_file_is_told_at_the_line_that_names_it(folder):
    drawn(folder / "hall.dxf", polyline(HALL))
    (folder / "venue.yaml").write_text(
        "name: Hall\nelements:\n  - id: room\n    type: room\n    height: 7\n    from: hall.dxf\n    layer: WAL\n"
        "    unit: m\n  - {id: rock, type: scenery, mesh: rock.obj, unit: m}\n"
    )
    with pytest.raises(VenueError) as caught:
        build(load(folder / "venue.yaml"))
    room, rock = caught.value.problems
    assert (room.path, room.line) == ("room.from", 6)
    assert room.message == "hall.dxf draws nothing on a layer 'WAL'; did you mean 'WALLS'?"
    assert (rock.path, rock.line) == ("rock.mesh", 9)
    assert rock.message == "there is no file 'rock.obj'; files there: hall.dxf, venue.yaml"


def test_layers_are_listed_when_none_is_alike(folder, files):
    drawn(folder / "hall.dxf", *(polyline(HALL, f"E{n:02d}") for n in range(11)))
    assert said(files.closed_polyline, "hall.dxf", "WALLS", "m") == (
        "hall.dxf draws nothing on a layer 'WALLS'; layers: E00, E01, E02, E03, E04, E05, E06, E07 and 3 more"
    )


def test_open_lines_are_no_room(folder, files):
    drawn(folder / "hall.dxf", polyline(HALL, close=False))
    assert said(files.closed_polyline, "hall.dxf", "WALLS", "m") == (
        "hall.dxf has no closed polyline on layer 'WALLS': join its lines into one (PEDIT, Join) and save"
    )


def test_a_hall_that_crosses_itself_is_refused_though_a_lesser_outline_would_do(folder, files):
    drawn(folder / "hall.dxf", polyline([HALL[0], HALL[2], HALL[1], HALL[3]]), polyline([(0, 0), (1, 0), (1, 1)]))
    message = said(files.closed_polyline, "hall.dxf", "WALLS", "m")
    assert message.startswith("the closed polyline on layer 'WALLS' of hall.dxf cannot be a room: the outline")


@pytest.mark.parametrize(("unit", "size"), [("mm", "0.024 × 0.03 m")])
def test_a_hall_of_three_centimetres_asks_for_its_unit(folder, files, unit, size):
    drawn(folder / "hall.dxf", polyline(HALL))
    assert said(files.closed_polyline, "hall.dxf", "WALLS", unit) == (
        f"the outline on layer 'WALLS' of hall.dxf is {size}: is its unit really {unit}?"
    )


# --- linework


def test_a_survey_in_metres_keeps_its_size():
    lines = Files([DATA]).linework("from", "barcelona_plan_metres.dxf", "m")
    points = np.concatenate(lines)
    assert np.ptp(points, axis=0) == pytest.approx([52.0, 22.75], abs=0.01)


def test_every_kind_of_line_is_shown_and_curves_stray_two_millimetres_at_most(folder, files):
    def everything(msp):
        msp.add_line((0, 0), (1, 0))
        msp.add_circle((0, 0), 5)
        msp.add_arc((0, 0), 4, 0, 90)
        msp.add_ellipse((0, 0), (3, 0), 0.5)
        msp.add_open_spline([(0, 0), (1, 2), (3, 1), (4, 4)])
        msp.add_lwpolyline([(0, 0, 1), (4, 0, 0), (9, 0, 0)], format="xyb")
        msp.add_text("not a line")
        block = msp.doc.blocks.new("TWO")
        block.add_line((0, 0), (0, 1))
        block.add_line((1, 0), (1, 1))
        msp.add_blockref("TWO", (10, 10), dxfattribs={"xscale": 2.0})

    drawn(folder / "plan.dxf", everything)
    lines = files.linework("from", "plan.dxf", "m")
    assert len(lines) == 8
    ring = lines[1]
    middles = (ring[1:] + ring[:-1]) / 2
    assert np.hypot(*ring.T) == pytest.approx(np.full(len(ring), 5))
    assert 5 - np.hypot(*middles.T).min() < 0.002 + 1e-9
    bulged = lines[5][:-1]
    assert np.hypot(*(bulged - [2, 0]).T) == pytest.approx(np.full(len(bulged), 2))
    assert bulged[:, 1].min() == pytest.approx(-2, abs=0.002)
    assert lines[5][-1].tolist() == [9, 0]
    assert np.concatenate(lines[-2:])[:, 0].tolist() == [10, 10, 12, 12]


def test_layers_that_are_off_or_frozen_are_not_shown(folder, files):
    def hidden(msp):
        msp.doc.layers.add("OFF").off()
        msp.doc.layers.add("FROZEN").freeze()
        for layer in ("0", "OFF", "FROZEN"):
            msp.add_line((0, 0), (1, 1), dxfattribs={"layer": layer})

    drawn(folder / "plan.dxf", hidden)
    assert len(files.linework("from", "plan.dxf", "m")) == 1


def test_a_drawing_with_nothing_in_it_says_where_to_look(folder, files):
    drawn(folder / "plan.dxf")
    assert said(files.linework, "plan.dxf", "m") == (
        "plan.dxf has no lines in its model space: is the drawing in a layout or in an xref?"
    )


def test_a_symbol_repeated_without_end_is_stopped(folder, files):
    def bomb(msp):
        block = msp.doc.blocks.new("ONE")
        block.add_line((0, 0), (1, 0))
        msp.add_blockref("ONE", (0, 0), dxfattribs={"row_count": 30_000, "column_count": 30_000, "row_spacing": 1})

    drawn(folder / "plan.dxf", bomb)
    assert said(files.linework, "plan.dxf", "m") == (
        f"plan.dxf has more than {MOST_POINTS} points: remove what nobody needs under the plan"
    )


def test_a_drawing_far_from_its_origin_asks_for_its_unit(folder, files):
    drawn(folder / "plan.dxf", lambda msp: msp.add_line((530_000, 180_000), (530_010, 180_000)))
    assert said(files.linework, "plan.dxf", "m") == (
        "plan.dxf reaches 530 km from its origin: is its unit really m, and is the building near 0, 0?"
    )


def test_a_file_that_was_saved_again_is_read_again(folder, files):
    drawn(folder / "plan.dxf", lambda msp: msp.add_line((0, 0), (1, 0)))
    assert len(files.linework("from", "plan.dxf", "m")) == 1
    drawn(folder / "plan.dxf", *[lambda msp: msp.add_line((0, 0), (1, 0))] * 2)
    assert len(files.linework("from", "plan.dxf", "m")) == 2


# --- files that are not there, or are not what they seem


@pytest.mark.parametrize("call", ["closed_polyline", "linework", "mesh"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hal.dxf", "there is no file 'hal.dxf'; did you mean 'hall.dxf'?"),
        ("plans", "'plans' is a folder, not a file"),
        ("../nowhere/x.dxf", "there is no file '../nowhere/x.dxf'"),
        ("empty.dxf", "'empty.dxf' is empty"),
        ("", "an empty name is no file"),
        ("x" * 300, f"'{'x' * 60}' is no name that a file can have"),
    ],
)
def test_what_is_not_there(folder, files, call, name, message):
    drawn(folder / "hall.dxf", polyline(HALL))
    (folder / "empty.dxf").touch()
    (folder / "plans").mkdir()
    arguments = {"closed_polyline": ("WALLS", "m"), "linework": ("m",), "mesh": ("m",)}[call]
    assert said(getattr(files, call), name, *arguments) == message


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02 rubbish", b"not a drawing\nat all\n", b"  0\nSECTION\n  2\nENTITIES\n  0\nLI"]
)
def test_a_file_that_is_no_drawing(folder, files, content):
    (folder / "hall.dxf").write_bytes(content)
    message = said(files.linework, "hall.dxf", "m")
    assert message == (
        "'hall.dxf' is damaged or not a DXF drawing: audit it in your CAD program and save it as DXF R2010"
    )


def test_a_drawing_that_breaks_off_is_refused(folder, files):
    whole = (DATA / "cnc_layers_inches.dxf").read_bytes()
    (folder / "half.dxf").write_bytes(whole[: len(whole) // 2])
    assert "damaged or not a DXF drawing" in said(files.linework, "half.dxf", "in")


def test_a_dwg_drawing_asks_for_a_dxf(folder, files):
    (folder / "hall.dwg").write_bytes(b"AC1032")
    assert said(files.linework, "hall.dwg", "m") == "'hall.dwg' is a DWG drawing: save it as DXF"


def test_files_are_looked_for_in_the_folder_of_the_venue_that_was_used_too(folder):
    (folder / "own").mkdir()
    (folder / "house").mkdir()
    shutil.copy(DATA / "cnc_layers_inches.dxf", folder / "house" / "plan.dxf")
    assert Files([folder / "own", folder / "house"]).linework("from", "plan.dxf", "in")


def test_names_in_any_script_are_found(folder, files):
    drawn(folder / "große Halle 大 'x' 🎪.dxf", polyline(HALL, "СТЕНЫ"))
    assert files.closed_polyline("from", "große Halle 大 'x' 🎪.dxf", "стены", "m").area == pytest.approx(720)


# --- meshes


@pytest.mark.parametrize("suffix", ["obj", "stl", "ply", "off", "glb"])
def test_a_box_of_two_by_three_by_four_feet_from_every_kind_of_file(folder, files, suffix):
    box = trimesh.creation.box((2, 3, 4))
    if suffix == "glb":  # glTF stands on its y axis
        box.apply_transform(trimesh.transformations.rotation_matrix(-math.pi / 2, (1, 0, 0)))
    box.export(folder / f"box.{suffix}")
    solid = files.mesh("mesh", f"box.{suffix}", "ft")
    assert solid.is_closed
    assert solid.volume == pytest.approx(24 * 0.3048**3, rel=1e-5)
    assert np.ptp(solid.vertices, axis=0) == pytest.approx(np.array([2, 3, 4]) * 0.3048, rel=1e-5)
    assert len(solid.surfaces) == 6, "two triangles make a side, without a line between them"


def test_a_ball_is_one_smooth_surface_and_a_can_has_three(folder, files):
    trimesh.creation.icosphere(3).export(folder / "ball.obj")
    trimesh.creation.cylinder(1, 2, sections=48).export(folder / "can.obj")
    assert len(files.mesh("mesh", "ball.obj", "m").surfaces) == 1
    assert sorted(s.kind for s in files.mesh("mesh", "can.obj", "m").surfaces) == ["free", "plane", "plane"]


def test_a_mesh_that_is_inside_out_is_turned_right(folder, files):
    box = trimesh.creation.box((1, 1, 1))
    box.invert()
    box.export(folder / "box.obj")
    assert files.mesh("mesh", "box.obj", "m").volume == pytest.approx(1)


def test_two_bodies_that_touch_stay_closed(folder, files):
    boxes = [trimesh.creation.box((1, 1, 1)).apply_translation((x, 0, 0)) for x in (0, 1)]
    trimesh.util.concatenate(boxes).export(folder / "boxes.obj")
    assert files.mesh("mesh", "boxes.obj", "m").volume == pytest.approx(2)


def test_an_open_mesh_says_how_many_edges_are_loose(folder, files):
    box = trimesh.creation.box((1, 1, 1))
    trimesh.Trimesh(box.vertices, box.faces[:-1], process=False).export(folder / "box.obj")
    assert said(files.mesh, "box.obj", "m") == (
        "box.obj is not a closed solid; 3 edges lack a neighbour: close its holes and export it again"
    )


def test_a_mesh_with_one_face_turned_asks_for_its_normals(folder, files):
    box = trimesh.creation.box((1, 1, 1))
    faces = box.faces.copy()
    faces[0] = faces[0][::-1]
    trimesh.Trimesh(box.vertices, faces, process=False).export(folder / "box.obj")
    assert "recalculate the normals" in said(files.mesh, "box.obj", "m")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.stl", b"solid nothing\nendsolid\n", "'a.stl' has no faces"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\n", "'a.obj' has no faces"),
        ("a.obj", b"\x00\xff\x13rubbish", "'a.obj' is damaged or not a OBJ mesh: export it again"),
        ("a.glb", b"glTF rubbish", "'a.glb' is damaged or not a GLB mesh: export it again"),
        ("a.obj", b"v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "'a.obj' has corners that are not numbers: export it again"),
        ("a.step", b"ISO-10303-21;", "'a.step' is no mesh file that can be read: export it as one of .obj, .stl, .ply, .off, .glb"),
    ],
)  # fmt: skip
def test_what_is_no_mesh(folder, files, name, content, message):
    (folder / name).write_bytes(content)
    found = said(files.mesh, name, "m")
    assert found == message or (found.endswith("has no faces") and b"rubbish" in content)


def test_a_flat_mesh_encloses_nothing(folder, files):
    (folder / "flat.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nf 3 2 1\n")
    assert said(files.mesh, "flat.obj", "m") == "flat.obj encloses nothing"


def test_a_mesh_in_the_wrong_unit_is_asked_about(folder, files):
    trimesh.creation.box((0.5, 0.5, 0.5)).export(folder / "rock.obj")
    assert said(files.mesh, "rock.obj", "mm") == "rock.obj is 0.0005 m long: is its unit really mm?"


def test_a_mesh_stands_as_scenery(folder):
    trimesh.creation.icosphere(2).export(folder / "rock.obj")
    (folder / "venue.yaml").write_text(
        "name: Rock\nelements:\n  - {id: rock, type: scenery, mesh: rock.obj, unit: m, at: [3, 2, 1], mirror: true}\n"
    )
    one, two = build(load(folder / "venue.yaml")).of(Part)
    assert one.solid.volume == pytest.approx(two.solid.volume)
    assert one.bounds.mean(axis=0) == pytest.approx([3, 2, 1])
    assert two.bounds.mean(axis=0) == pytest.approx([-3, 2, 1])


# --- pictures


def test_a_picture_that_opens_keeps_its_name(folder, files):
    Image.new("RGB", (16, 9)).save(folder / "slide.png")
    assert files.picture("content", "slide.png") == "slide.png"


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_picture_that_breaks_off_or_is_none(folder, files, suffix):
    Image.effect_noise((64, 64), 50).save(folder / f"whole.{suffix}")
    whole = (folder / f"whole.{suffix}").read_bytes()
    (folder / f"slide.{suffix}").write_bytes(whole[: len(whole) // 2])
    expected = f"'slide.{suffix}' is not a picture that can be opened: save it as PNG or JPEG"
    assert said(files.picture, f"slide.{suffix}") == expected
    (folder / f"slide.{suffix}").write_bytes(b"<svg/>")
    assert said(files.picture, f"slide.{suffix}") == expected


def test_a_missing_picture_names_the_pictures_that_are_there(folder, files):
    Image.new("RGB", (16, 9)).save(folder / "opening.png")
    (folder / "venue.yaml").write_text("name: x")
    assert said(files.picture, "reveal.png") == "there is no file 'reveal.png'; files there: opening.png"
