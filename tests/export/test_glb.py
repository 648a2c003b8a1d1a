"""The model file, read back by trimesh."""

import io
import json
import struct

import numpy as np
import pytest
import trimesh

from stagecraft.export.glb import glb, write_glb
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Part, Scene, Screen, Space

Z_UP = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Carries a Y-up file back into the room."""
SEATS = tuple(f"stalls/{k}/1" for k in range(1, 41))


def opened(scene):
    return trimesh.load(io.BytesIO(glb(scene)), file_type="glb")


def header(data):
    length = struct.unpack("<I", data[12:16])[0]
    return json.loads(data[20 : 20 + length])


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    from PIL import Image

    folder = tmp_path_factory.mktemp("glb")
    slide = np.zeros((90, 160, 3), np.uint8)
    slide[:, :80] = (200, 30, 40)
    Image.fromarray(slide).save(folder / "slide.png")
    at = np.array([(k % 8 - 3.5, -2 - k // 8, 0.0) for k in range(40)])
    chair = shapes.joined([shapes.box(0.45, 0.45, 0.45), shapes.box(0.45, 0.05, 0.45, (0, -0.2, 0.45))])
    records = (
        Space("room", rectangle(12, 16, (0, -3)), 0.0, 5.0),
        Part("room", shapes.box(12, 0.2, 5, (0, 5.1, 0)), system="wall"),
        Part("room", shapes.box(12, 16, 0.1, (0, -3, 5)), system="ceiling", name="lid"),
        Part("stalls", chair, frames(at, np.linspace(-20, 20, 40)), system="seating", tags=SEATS, of_seats=True,
             item="chair.x", colour=(0.2, 0.4, 0.6)),
        Part("led", shapes.box(1, 0.1, 1), frames([(-0.5, 4, 1), (0.5, 4, 1)]), system="video", tags=("C1R1", "C2R1")),
        Screen("led", np.array([[[-1, 3.95, 1], [1, 3.95, 1], [1, 3.95, 2], [-1, 3.95, 2]]], float), None, "slide.png"),
        Part("speaker", shapes.sphere(0.3, (0, 3, 2))),
    )  # fmt: skip
    return Scene(About("Hall “Ünï/çode”", folder=folder), {}, records)


def test_every_seat_is_a_node_by_its_own_name_and_all_share_one_mesh(scene):
    graph = opened(scene).graph
    seats = [name for name in graph.nodes_geometry if name in SEATS]
    assert sorted(seats) == sorted(SEATS)
    assert len({graph.get(name)[1] for name in seats}) == 1


def test_a_chair_stands_where_its_seat_is(scene):
    loaded = opened(scene)
    part = next(p for p in scene.parts if p.of_seats)
    for k in (0, 17, 39):
        matrix, geometry = loaded.graph.get(SEATS[k])
        there = trimesh.transform_points(loaded.geometry[geometry].vertices, Z_UP @ matrix)
        np.testing.assert_allclose(there.min(axis=0), part.solid.moved(part.transforms[k]).bounds[0], atol=1e-6)


def test_the_model_is_as_large_as_the_room_without_its_lid_and_stands_y_up(scene):
    bounds = opened(scene).bounds
    assert bounds[0] == pytest.approx([-6, 0, -5.2], abs=1e-5)
    assert bounds[1] == pytest.approx([6, 5, 11], abs=1e-5)


def test_parts_are_named_by_element_and_tag(scene):
    names = set(opened(scene).graph.nodes_geometry)
    assert {"led C1R1", "led C2R1", "led picture", "room", "room floor", "speaker"} <= names
    assert "room lid" not in names


def test_solids_keep_their_volume(scene):
    loaded = opened(scene)
    mesh = loaded.geometry[loaded.graph.get("speaker")[1]]
    mesh.merge_vertices(merge_norm=True, merge_tex=True)
    assert mesh.volume == pytest.approx(next(p for p in scene.parts if p.element == "speaker").solid.volume, rel=1e-5)


def test_the_screen_glows_with_its_picture_the_right_way_up(scene):
    loaded = opened(scene)
    mesh = loaded.geometry[loaded.graph.get("led picture")[1]]
    image = np.asarray(mesh.visual.material.emissiveTexture.convert("RGB"))
    assert image.shape[0] * 2 == pytest.approx(image.shape[1], abs=1)  # the screen's 2 : 1, cut from 16 : 9
    left = mesh.vertices[:, 0] < 0
    assert mesh.visual.uv[left, 0].max() == 0
    low = mesh.vertices[:, 2] < 1.5  # own coordinates are still Z up
    assert mesh.visual.uv[low, 1].max() == pytest.approx(0)  # trimesh counts v from below
    assert image[5, 5].tolist() == [200, 30, 40]


def test_colours_are_written_as_light(scene):
    looks = {m["name"]: m["pbrMetallicRoughness"]["baseColorFactor"] for m in header(glb(scene))["materials"]}
    assert looks["#336699"] == pytest.approx([0.0331, 0.1329, 0.3185, 1.0], abs=2e-3)


def test_the_file_obeys_its_own_table_of_contents(scene, tmp_path):
    write_glb(scene, tmp_path / "a.glb")
    data = (tmp_path / "a.glb").read_bytes()
    magic, version, length = struct.unpack("<III", data[:12])
    assert (magic, version, length) == (0x46546C67, 2, len(data))
    content = header(data)
    assert len(content["nodes"]) == len({node["name"] for node in content["nodes"]})
    for view in content["bufferViews"]:
        assert view["byteOffset"] % 4 == 0
        assert view["byteOffset"] + view["byteLength"] <= content["buffers"][0]["byteLength"]
    assert all(a["count"] > 0 for a in content["accessors"])


def test_the_same_scene_gives_the_same_bytes(scene):
    assert glb(scene) == glb(scene)


def test_an_empty_scene_is_still_a_file():
    content = header(glb(Scene(About("nothing"), {}, ())))
    assert [node["name"] for node in content["nodes"]] == ["nothing"]
