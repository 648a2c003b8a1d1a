"""Pictures as arrays: read from a file, cut to the proportions of a surface."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(h, w, 3) sRGB, top row first."""


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
