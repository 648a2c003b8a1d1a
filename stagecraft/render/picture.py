"""A finished picture of a scene, and its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stagecraft.render.camera import Size, find_seat, from_seat, standard
from stagecraft.render.ray import Look, Pixels, picture
from stagecraft.render.scene_description import describe
from stagecraft.scene import Colour, Scene

LARGEST = 16_384
"""Longest side of a picture. [pixels]"""


def still(
    scene: Scene, camera: str = "overview", seat: str | None = None, size: Size = (1280, 720), samples: int = 4,
    look: Look = "work", people: bool | None = None,
) -> Pixels:  # fmt: skip
    """(h, w, 3) picture of a scene.

    camera : `overview`, `front`, `plan` or a view saved in the venue file
    seat : look from this seat instead (`L C12`, or a permanent id)
    people : somebody on every seat; where nothing is said, only in views from a seat, and never on that seat itself

    Raises VenueError for a camera or seat that is not there, ValueError for a size or sample count that is none.
    """
    if not (0 < size[0] <= LARGEST and 0 < size[1] <= LARGEST) or samples < 1:
        raise ValueError(f"a picture is 1 to {LARGEST} pixels wide and high and takes at least one sample")
    if seat is None:
        description = describe(scene, people=bool(people))
        return picture(description, standard(camera, scene, description, size), size, samples, look)
    own = str(scene.seats.ids[find_seat(scene, seat)])
    description = describe(scene, people=people is not False, without=own)
    return picture(description, from_seat(scene, seat), size, samples, look)


def keyed(image: Pixels, heading: str, key: Sequence[tuple[Colour, str]]) -> Pixels:
    """The picture with a key in its lower left corner: colours (sRGB, 0 … 1) and what they mean, from top to bottom."""
    from PIL import Image, ImageDraw, ImageFont

    paper = Image.fromarray(image)
    draw = ImageDraw.Draw(paper, "RGBA")
    size = max(10, min(image.shape[:2]) // 36)
    font = ImageFont.load_default(size)
    step, ink = 1.7 * size, (20, 20, 20)
    x, y = 1.5 * size, image.shape[0] - step * (len(key) + 1) - 1.3 * size
    wide = max(draw.textlength(heading, font), *(2.2 * size + draw.textlength(words, font) for _, words in key))
    low = image.shape[0] - 0.7 * size
    draw.rounded_rectangle((0.7 * size, y - 0.8 * size, x + wide + 0.8 * size, low), 0.4 * size, (255, 255, 255, 225))
    draw.text((x, y + size / 2), heading, ink, font, "lm")
    for colour, words in key:
        y += step
        draw.rectangle((x, y, x + 1.5 * size, y + size), tuple(round(255 * part) for part in colour), (60, 60, 60))
        draw.text((x + 2.2 * size, y + size / 2), words, ink, font, "lm")
    return np.asarray(paper, np.uint8)


def write_png(image: Pixels, path: Path | str) -> None:
    """Write a picture; the same picture gives the same bytes."""
    Path(path).write_bytes(png(image))


def png(image: Pixels) -> bytes:
    """A picture as the bytes of a PNG file."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.fromarray(image).save(out, "PNG", optimize=True)
    return out.getvalue()
