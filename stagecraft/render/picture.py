"""A finished picture of a scene, and its file."""

from __future__ import annotations

from pathlib import Path

from stagecraft.render.camera import Size, find_seat, from_seat, standard
from stagecraft.render.ray import Look, Pixels, picture
from stagecraft.render.scene_description import describe
from stagecraft.scene import Scene

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
