"""A PNG is the same sheet as pixels: its size, its colours at their places, the same bytes each time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from stagecraft.drawing.marks import Fill, Sheet, Style, Text
from stagecraft.errors import VenueError
from stagecraft.export.png import write_png
from stagecraft.export.write import write
from tests.export import marked

RED = Fill(
    Style("sight", "pattern"), (((20.0, 70.0), (30.0, 70.0), (30.0, 80.0), (20.0, 80.0)),), "solid", (1.0, 0.0, 0.0)
)


def picture(paper, **how):
    out = io.BytesIO()
    write_png(paper, out, **how)
    return Image.open(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize("dots", [72.0, 200.0])
def test_the_picture_is_as_large_as_the_sheet(dots):
    image = picture(marked.book().sheets[0], dots=dots)
    assert np.abs(np.array(image.size) - np.array([420.0, 297.0]) / 25.4 * dots).max() <= 1
    assert image.info["dpi"] == pytest.approx((dots, dots), abs=0.02)


def test_a_point_of_the_paper_lies_as_far_from_the_top_as_the_sheet_is_tall():
    pixels = np.asarray(picture(Sheet("", "", (100.0, 100.0), (), (RED,)), dots=254.0))
    red = np.argwhere((pixels == (255, 0, 0)).all(axis=2))
    low, high = red.min(axis=0), red.max(axis=0) + 1
    assert (np.abs(np.r_[low, high] - [200, 200, 300, 300]) <= 1).all()
    others = np.delete(pixels.reshape(-1, 3), red @ [pixels.shape[1], 1], axis=0)
    assert (others[:, 0] == 255).all(), "white round it, and red thinned at its edges"


def test_words_are_drawn_in_the_font_of_the_sheet():
    words = Text(Style("note"), (10.0, 50.0), "Bühne Σκηνή", 5.0)
    bare, written = (np.asarray(picture(Sheet("", "", (100.0, 100.0), (), marks))) for marks in ((), (words,)))
    assert (bare == 255).all()
    assert 2000 < (written.min(axis=2) < 128).sum() < 6000


def test_twice_gives_the_same_bytes(tmp_path):
    sheet = marked.book().sheets[0]
    one, two = (write(sheet, tmp_path / name).read_bytes() for name in ("one.png", "two.png"))
    assert one == two


def test_a_set_of_sheets_is_no_picture(tmp_path):
    with pytest.raises(VenueError, match="a Book cannot be written as png"):
        write(marked.book(), tmp_path / "drawings.png")
