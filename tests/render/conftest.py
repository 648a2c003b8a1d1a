"""A small hall made by hand from records: a room, a stage, a screen with a picture, two lamps, twelve chairs."""

from __future__ import annotations

import numpy as np
import pytest

from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frame, frames
from stagecraft.geometry.outline import outline, rectangle
from stagecraft.scene import About, Door, Light, Origin, Part, Scene, Screen, SeatRow, Space, Target

RED, BLUE = (200, 30, 40), (20, 60, 210)


def words(value: str, count: int) -> np.ndarray:
    return np.array([value] * count)


def row(block: str, name: str, key: int, xs: list[float], y: float, element: str = "stalls") -> SeatRow:
    at = np.array([(x, y, 0.0) for x in xs])
    n = len(at)
    return SeatRow(
        element, key, np.array([f"{element}/{block}{key}/{k + 1}" for k in range(n)]), at, np.full(n, 90.0),
        at + np.array([0, 0.05, 1.2]), np.zeros(n, np.int64), words("chair", n), np.full(n, 0.5), 0.5, words("chair.x", n),
        words(block, n), words(name, n), np.array([str(k + 1) for k in range(n)]), words("", n), words("open", n),
        words("", n), words("", n), np.zeros(n), words("", n),
    )  # fmt: skip


def hall(folder, content: str = "slide.png") -> Scene:
    inside = rectangle(10, 14, (0, -3))
    corners = rectangle(10.4, 14.4, (0, -3)).outer.points
    walls = shapes.prism(outline(corners, [inside.outer.points]), 0, 5)
    rows = [row(block, name, key, xs, y) for key, (name, y) in enumerate([("A", -3.0), ("B", -4.0), ("C", -5.0)], 1)
            for block, xs in (("L", [-3.0, -2.5]), ("R", [2.5, 3.0]))]  # fmt: skip
    seats = np.concatenate([r.at for r in rows])
    ids = tuple(str(i) for r in rows for i in r.ids)
    chair = shapes.joined([shapes.box(0.45, 0.45, 0.45), shapes.box(0.45, 0.05, 0.45, (0, -0.2, 0.45))])
    records = (
        Part("room", walls, system="wall", blocks="architecture", colour=(0.83, 0.82, 0.80)),
        Space("room", inside, 0.0, 5.0),
        Door("room", "D1", np.array([-5.0, -8.0, 0.0]), 180.0, 1.8, 2.1, 2, "out", True, 0.2),
        Part("stage", shapes.box(6, 3, 0.6, (0, 2, 0)), system="stage", colour=(0.17, 0.17, 0.18)),
        Part("led", shapes.box(4, 0.1, 2, (0, 3.05, 1)), system="video", colour=(0.1, 0.1, 0.1)),
        Screen("led", np.array([[[-2, 3, 1], [2, 3, 1], [2, 3, 3], [-2, 3, 3]]], float), (640, 320), content),
        Target("speaker", "chest", np.array([[0.0, 1.0, 2.0]])),
        Part("column", shapes.cylinder(0.25, 0, 5, (4, -6)), system="column", blocks="architecture"),
        Part("stalls", chair, frames(seats, 0.0), system="seating", item="chair.x", tags=ids, of_seats=True,
             colour=(0.3, 0.35, 0.45)),
        *rows,
        Part("truss", shapes.truss_bays(6, 0.3, 0.3, 0.05), frame((0, -1, 4))[None], system="truss"),
        Light("wash", np.array([0.0, -1.0, 3.9]), np.array([0.0, 1.0, 0.6]), 20.0),
        Light("blue", np.array([-2.0, 2.5, 3.9]), np.array([-2.0, -1.0, 0.0]), 12.0, (0.1, 0.2, 1.0)),
    )  # fmt: skip
    elements = {r.element: Origin("thing", np.eye(4)) for r in records}
    saved = {"balcony": ((0.0, -9.0, 3.0), (0.0, 2.0, 1.0), 50.0)}
    return Scene(About("Hall", folder=folder), elements, records, cameras=saved)


@pytest.fixture(scope="session")
def scene(tmp_path_factory) -> Scene:
    from PIL import Image

    folder = tmp_path_factory.mktemp("hall")
    slide = np.zeros((320, 640, 3), np.uint8)
    slide[:, :320], slide[:, 320:] = RED, BLUE
    Image.fromarray(slide).save(folder / "slide.png")
    return hall(folder)
