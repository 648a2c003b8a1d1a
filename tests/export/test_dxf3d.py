"""A model for other people's programs: one INSERT a copy, closed bodies, where and as large as they are."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import ezdxf
import numpy as np
import pytest
from ezdxf import bbox

import stagecraft as sc
from stagecraft.drawing.layers import layer_for
from stagecraft.drawing.marks import Style
from stagecraft.export.dxf3d import quads, write_dxf3d
from stagecraft.export.lint import lint
from stagecraft.export.write import write
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import IDENTITY, frames
from stagecraft.geometry.outline import Outline, Ring
from stagecraft.scene import About, Part, Scene

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def built(name):
    return sc.build(sc.load(EXAMPLES / name / "venue.yaml"))


def saved(scene, path):
    write(scene, path)
    doc = ezdxf.readfile(path)
    audit = doc.audit()
    assert not audit.errors
    assert not audit.fixes
    return doc


def scene_of(*parts):
    return Scene(About("model"), {}, parts)


@pytest.fixture(scope="module", params=["minimal", "keynote-500", "lecture-raked"])
def example(request, tmp_path_factory):
    scene, path = built(request.param), tmp_path_factory.mktemp("model") / "venue-3d.dxf"
    return scene, saved(scene, path), path


def test_every_copy_of_every_part_is_one_insert_on_the_layer_of_its_system(example):
    scene, doc, _ = example
    inserts = doc.modelspace().query("INSERT")
    assert len(inserts) == len(doc.modelspace()) == sum(part.count for part in scene.parts)
    expected = Counter()
    for part in scene.parts:
        expected[layer_for(Style(part.system)).name] += part.count
    assert Counter(insert.dxf.layer for insert in inserts) == expected
    items = Counter()
    for part in scene.parts:
        items[part.item] += part.count if part.item else 0
    told = Counter(value[5:] for e in inserts for _, value in e.get_xdata("STAGECRAFT") if value.startswith("ITEM="))
    assert told == +items


def test_lint_finds_nothing_in_a_model(example):
    assert lint(example[2]) == ()


def test_the_model_is_as_large_as_the_scene_to_a_hundredth_of_a_millimetre(example):
    scene, doc, _ = example
    box = bbox.extents(doc.modelspace())
    low = np.min([part.bounds[0] for part in scene.parts if part.count], axis=0)
    high = np.max([part.bounds[1] for part in scene.parts if part.count], axis=0)
    assert np.array([box.extmin, box.extmax]) == pytest.approx(1000 * np.array([low, high]), abs=0.01)
    assert (doc.header["$ACADVER"], doc.header["$INSUNITS"], doc.header["$MEASUREMENT"]) == ("AC1024", 4, 1)


def test_every_block_is_a_closed_body_of_the_volume_of_its_solid(example):
    scene, doc, _ = example
    inserts = iter(doc.modelspace())
    blocks = {}
    for part in scene.parts:
        for _ in range(part.count):
            blocks.setdefault(next(inserts).dxf.name, part.solid)
    for name, solid in blocks.items():
        (polyface,) = doc.blocks.get(name)
        corners, faces = polyface.indexed_faces()
        places = np.array([list(corner.dxf.location) for corner in corners]) / 1000
        rings = [face.indices for face in faces]
        around = np.array([[ring[0], ring[k], ring[k + 1]] for ring in rings for k in range(1, len(ring) - 1)])
        a, b, c = np.moveaxis(places[around] - places.mean(axis=0), 1, 0)
        assert float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6) == pytest.approx(solid.volume, abs=1e-6)
        edges = Counter((ring[k - 1], ring[k]) for ring in rings for k in range(len(ring)))
        assert all(edges[end, start] == count for (start, end), count in edges.items())


@pytest.mark.gdal
@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="ogrinfo (GDAL) is not installed")
def test_gdal_sees_as_many_bodies_and_the_same_extent(example):
    scene, _, path = example
    told = subprocess.run(["ogrinfo", "-ro", "-al", "-so", str(path)], capture_output=True, text=True, check=True)
    assert "ERROR" not in told.stderr
    assert f"Feature Count: {sum(part.count for part in scene.parts)}\n" in told.stdout
    extent = np.array(re.search(r"Extent: \((.*), (.*)\) - \((.*), (.*)\)", told.stdout).groups(), float)
    low = np.min([part.bounds[0, :2] for part in scene.parts if part.count], axis=0)
    high = np.max([part.bounds[1, :2] for part in scene.parts if part.count], axis=0)
    assert extent == pytest.approx(1000 * np.array([*low, *high]), abs=0.01)


def test_a_box_has_six_faces_and_twelve_drawn_edges():
    faces = quads(shapes.box(1.0, 2.0, 3.0))
    assert faces.shape == (6, 4)
    assert (faces > 0).all()


def test_a_cylinder_shows_its_two_rims_and_no_facet():
    solid = shapes.cylinder(0.5, 0.0, 2.0)
    faces = quads(solid)
    around = len(np.unique(np.round(solid.vertices[:, :2], 9), axis=0))
    assert (faces[faces != 0] > 0).sum() == 4 * around  # each rim once from the side and once from the end
    sides = faces[(faces != 0).all(axis=1)]
    assert len(sides) >= around


@pytest.mark.parametrize("turn", [(0, 0, 0), (0, 0, 33), (90, 0, 0), (20, -50, 130), (180, 0, 0)])
def test_a_body_turned_in_any_direction_lies_where_the_scene_has_it(tmp_path, turn):
    a, b, c = np.radians(turn)
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    frame = IDENTITY.copy()
    frame[:3, :3], frame[:3, 3] = z @ y @ x, (3.0, -4.0, 5.0)
    part = Part("wedge", shapes.box(1.0, 2.0, 3.0), frame[None])
    (insert,) = saved(scene_of(part), tmp_path / "turned.dxf").modelspace()
    points = [
        v.dxf.location
        for polyface in insert.virtual_entities()
        for v in polyface.vertices
        if v.is_poly_face_mesh_vertex
    ]
    found = np.array([list(p) for p in points])
    wanted = 1000 * (part.solid.vertices @ frame[:3, :3].T + frame[:3, 3])
    assert found[np.lexsort(found.round(3).T)] == pytest.approx(wanted[np.lexsort(wanted.round(3).T)], abs=1e-3)


def test_a_shape_with_more_corners_than_a_mesh_holds_is_several_meshes(tmp_path):
    turns = np.linspace(0, 2 * np.pi, 18_000, endpoint=False)
    solid = shapes.prism(Outline(Ring(np.c_[5 * np.cos(turns), 5 * np.sin(turns)], (-1,) * len(turns))), 0.0, 1.0)
    doc = saved(scene_of(Part("drum", solid)), tmp_path / "drum.dxf")
    (insert,) = doc.modelspace()
    meshes = doc.blocks.get(insert.dxf.name).query("POLYLINE")
    assert len(meshes) > 1
    faces = 0
    for mesh in meshes:
        corners = [v for v in mesh.vertices if v.is_poly_face_mesh_vertex]
        assert len(corners) <= 32_767
        faces += len(mesh.vertices) - len(corners)
    assert faces == len(quads(solid))


def test_equal_names_with_other_shapes_are_two_blocks_and_equal_shapes_are_one(tmp_path):
    one, two = shapes.box(1.0, 1.0, 1.0), shapes.box(2.0, 1.0, 1.0)
    parts = [Part(f"e{k}", solid, item="deck") for k, solid in enumerate((one, two, shapes.box(1.0, 1.0, 1.0)))]
    inserts = saved(scene_of(*parts), tmp_path / "decks.dxf").modelspace().query("INSERT")
    assert [insert.dxf.name for insert in inserts] == ["deck", "deck-2", "deck"]


def test_names_in_any_script_and_an_empty_scene_are_written(tmp_path):
    part = Part("Bühne", shapes.box(1.0, 1.0, 1.0), item='木/"tree"', tags=("席 א 🎭",))
    (insert,) = saved(scene_of(part), tmp_path / "names.dxf").modelspace()
    assert insert.dxf.name == "木--tree-"
    assert [value for _, value in insert.get_xdata("STAGECRAFT")] == ["ELEMENT=Bühne", 'ITEM=木/"tree"', "TAG=席 א 🎭"]
    assert len(saved(scene_of(), tmp_path / "empty.dxf").modelspace()) == 0


def test_layers_may_have_other_names(tmp_path):
    write(
        scene_of(Part("wall", shapes.box(1.0, 1.0, 1.0), frames([[0.0, 0.0, 0.0]], 0.0), "wall")),
        tmp_path / "x.dxf",
        profile="abtt",
    )
    (insert,) = ezdxf.readfile(tmp_path / "x.dxf").modelspace()
    assert insert.dxf.layer == "1B Walls"


def test_the_same_scene_gives_the_same_bytes_under_any_hash_seed(tmp_path):
    program = (
        "import io, hashlib, stagecraft as sc; from stagecraft.export.dxf3d import write_dxf3d\n"
        f"out = io.BytesIO(); write_dxf3d(sc.build(sc.load({str(EXAMPLES / 'minimal' / 'venue.yaml')!r})), out)\n"
        "print(hashlib.sha256(out.getvalue()).hexdigest())"
    )
    sums = {
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
                       cwd=EXAMPLES.parents[1], text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(sums) == 1
    scene, one, two = built("minimal"), io.BytesIO(), io.BytesIO()
    write_dxf3d(scene, one)
    write_dxf3d(scene, two)
    assert one.getvalue() == two.getvalue()
