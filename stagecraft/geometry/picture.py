"""Pictures as arrays: read from a file, cut to the proportions of a surface."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(h, w, 3) sRGB, top row first."""
_TURNED = 0x0112
"""EXIF: which side of the file is up; viewers differ about it."""


def of_file(folder: Path | None, name: str) -> Pixels | None:
    """The picture `name`, looked for from `folder`; None where there is none or it cannot be read."""
    if not name:
        return None
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open((folder or Path()) / name) as file:
            return np.asarray(file.convert("RGB"))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def filled(image: Pixels, aspect: float) -> Pixels:
    """The middle of a picture in the proportions `aspect` (width ÷ height), as a media server fills a screen."""
    high, wide = image.shape[:2]
    if wide / high > aspect:
        keep = max(1, round(high * aspect))
        return image[:, (wide - keep) // 2 :][:, :keep]
    keep = max(1, round(wide / aspect))
    return image[(high - keep) // 2 :][:keep]


@dataclass(frozen=True)
class Kept:
    """A picture as a file within another file."""

    name: str
    mime: str
    size: tuple[int, int]
    """Width and height. [pixels]"""
    data: bytes


def kept(folder: Path | None, name: str, widest: int) -> Kept | None:
    """The file of a picture, byte for byte where every viewer reads it; else made anew, no wider than `widest`.

    None where there is none or it cannot be read.
    """
    image = of_file(folder, name)
    if image is None:
        return None
    from PIL import Image

    title = Path(name).stem
    with Image.open((folder or Path()) / name) as file:
        kind = {"JPEG": "image/jpeg", "PNG": "image/png"}.get(file.format or "", "")
        plain = file.mode in ("L", "P", "RGB", "RGBA") and file.getexif().get(_TURNED, 1) == 1
        if kind and plain and file.width <= widest:
            return Kept(title, kind, file.size, ((folder or Path()) / name).read_bytes())
    made = Image.fromarray(image)
    if made.width > widest:
        made = made.resize((widest, max(1, round(made.height * widest / made.width))), Image.Resampling.LANCZOS)
    out = BytesIO()
    if kind == "image/jpeg":
        made.save(out, "JPEG", quality=90)
    else:
        kind = "image/png"
        made.save(out, "PNG", compress_level=3)
    return Kept(title, kind, made.size, out.getvalue())
