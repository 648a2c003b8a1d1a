"""The model file, read back by trimesh."""

import io
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
import trimesh

from stagecraft.export.glb import glb, write_glb
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Door, Part, Scene, Screen, Space

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
    assert image.shape == (90, 160, 3)  # the file as it is
    cut = np.ptp(mesh.visual.uv[:, 1])
    assert cut == pytest.approx(160 / 90 / 2)  # a screen of 2 : 1 shows the middle of 16 : 9
    left = mesh.vertices[:, 0] < 0
    assert mesh.visual.uv[left, 0].max() == 0
    low = mesh.vertices[:, 2] < 1.5  # own coordinates are still Z up
    assert mesh.visual.uv[low, 1].max() == pytest.approx(0.5 - cut / 2)  # trimesh counts v from below
    assert image[5, 5].tolist() == [200, 30, 40]


def binary(scene, view):
    data = glb(scene)
    start = 28 + struct.unpack("<I", data[12:16])[0] + view["byteOffset"]
    return data[start : start + view["byteLength"]]


def test_content_is_embedded_byte_for_byte_and_once(scene):
    screen = next(s for s in scene.records if isinstance(s, Screen))
    twice = Scene(scene.about, {}, (*scene.records, replace(screen, element="side")))
    content = header(glb(twice))
    assert [image["mimeType"] for image in content["images"]] == ["image/png"]
    view = content["bufferViews"][content["images"][0]["bufferView"]]
    assert binary(twice, view) == (scene.about.folder / "slide.png").read_bytes()


@pytest.mark.parametrize(
    ("save", "mime", "width"),
    [({"format": "JPEG", "exif": "turned"}, "image/jpeg", 40), ({"format": "BMP"}, "image/png", 40),
     ({"format": "PNG", "wide": 4000}, "image/png", 2048)],
)  # fmt: skip
def test_content_that_not_every_viewer_reads_alike_is_made_anew(scene, tmp_path, save, mime, width):
    from PIL import Image

    picture = Image.new("RGB", (save.pop("wide", 40), 20), (10, 20, 30))
    if save.pop("exif", ""):
        exif = Image.Exif()
        exif[0x0112] = 6
        save["exif"] = exif
    picture.save(tmp_path / "slide", **save)
    screen = replace(next(s for s in scene.records if isinstance(s, Screen)), content="slide")
    one = Scene(About("x", folder=tmp_path), {}, (screen,))
    content = header(glb(one))
    assert content["images"][0]["mimeType"] == mime
    data = binary(one, content["bufferViews"][content["images"][0]["bufferView"]])
    with Image.open(io.BytesIO(data)) as file:
        assert file.width == width
        assert 0x0112 not in file.getexif()


def test_a_doorway_is_filled_by_its_leaves(scene):
    door = Door("room", "D1", np.array([-6.0, -3.0, 0.0]), 180.0, 1.8, 2.1, 2, "out", True, 0.2)
    loaded = opened(Scene(scene.about, {}, (*scene.records, door)))
    matrix, name = loaded.graph.get("room D1 leaves")
    there = trimesh.transform_points(loaded.geometry[name].vertices, Z_UP @ matrix)
    assert there.min(axis=0) == pytest.approx([-6.13, -3.9, 0.005], abs=5e-3)
    assert there.max(axis=0) == pytest.approx([-6.07, -2.1, 2.095], abs=5e-3)


def test_a_saved_view_is_a_camera_that_looks_from_eye_to_aim(scene):
    content = header(glb(Scene(scene.about, {}, scene.records, cameras={"hero": ((1, -9, 2), (1, 1, 2), 60.0)})))
    node = next(n for n in content["nodes"] if n["name"] == "camera hero")
    matrix = np.reshape(node["matrix"], (4, 4)).T
    assert matrix @ [0, 0, 0, 1] == pytest.approx([1, -9, 2, 1])
    assert matrix @ [0, 0, -10, 1] == pytest.approx([1, 1, 2, 1])
    assert matrix @ [0, 1, 0, 0] == pytest.approx([0, 0, 1, 0])
    assert content["cameras"][node["camera"]]["perspective"]["yfov"] == pytest.approx(0.6285, abs=1e-3)


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
