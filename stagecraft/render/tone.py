"""From light to pixels: film curve, sRGB, a little noise against banding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stagecraft.render.description import Floats32


def filmic(light: Floats32, exposure: float = 0.6, shadows: float = 0.0) -> Floats32:
    """Scene light → linear 0 … 1 by the fit of Narkowicz, ACES filmic tone mapping curve, 2016.

    shadows : the curve's steep foot filled up by so much of the light itself, 0 … 1
    """
    x = light * np.float32(exposure)
    y = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    if shadows:
        y = y + np.float32(shadows) * x * np.exp(x * np.float32(-1 / 0.08))
    return np.clip(y, 0.0, 1.0)


def encoded(linear: Floats32) -> Floats32:
    """Linear 0 … 1 → sRGB 0 … 1. Source: IEC 61966-2-1."""
    x = np.clip(linear, 0.0, 1.0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(x, np.float32(1 / 2.4)) - np.float32(0.055))


def decoded(image: NDArray[np.uint8]) -> Floats32:
    """sRGB bytes → linear 0 … 1."""
    x = np.arange(256, dtype=np.float32) / 255
    table = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return table[image]


def pixels(linear: Floats32) -> NDArray[np.uint8]:
    """Linear (h, w, 3) → bytes, with half a step of ordered noise so that dark slopes do not band."""
    height, width = linear.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    # interleaved gradient noise: Jimenez, Next generation post processing in Call of Duty, 2014
    noise = np.modf(52.9829189 * np.modf(0.06711056 * x + 0.00583715 * y)[0])[0] - 0.5
    return np.asarray(np.clip(np.rint(encoded(linear) * 255 + noise[..., None]), 0, 255), np.uint8)


def halved(image: Floats32) -> Floats32:
    """Half as wide and high; each pixel the mean of four."""
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    if height < 2 or width < 2:
        return image
    part = image[:height, :width]
    return (part[::2, ::2] + part[1::2, ::2] + part[::2, 1::2] + part[1::2, 1::2]) * np.float32(0.25)


def stretched(image: Floats32, height: int, width: int) -> Floats32:
    """Bilinear to another size."""
    rows, columns = _steps(image.shape[0], height), _steps(image.shape[1], width)
    tall = image[rows[0]] * (1 - rows[2])[:, None, None] + image[rows[1]] * rows[2][:, None, None]
    return np.asarray(
        tall[:, columns[0]] * (1 - columns[2])[:, None] + tall[:, columns[1]] * columns[2][:, None], np.float32
    )


def _steps(have: int, want: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats32]:
    at = np.clip((np.arange(want) + 0.5) * have / want - 0.5, 0, have - 1)
    low = np.floor(at).astype(np.int64)
    return low, np.minimum(low + 1, have - 1), (at - low).astype(np.float32)


def bloomed(linear: Floats32, amount: float = 0.10, threshold: float = 0.75) -> Floats32:
    """Bright things shine over their edges: five half-steps, added up."""
    bright = np.maximum(linear - np.float32(threshold), 0) / np.float32(1 - threshold)
    small, levels = bright, []
    for _ in range(5):
        small = halved(small)
        levels.append(small)
    glow = levels[-1]
    for level in levels[-2::-1]:
        glow = stretched(glow, *level.shape[:2]) + level
    glow = stretched(glow, *linear.shape[:2]) * np.float32(amount / len(levels))
    return 1 - (1 - linear) * (1 - np.clip(glow, 0, 1))


def vignetted(linear: Floats32, amount: float = 0.28) -> Floats32:
    """Darker towards the corners."""
    height, width = linear.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    r2 = ((x + 0.5) / width * 2 - 1) ** 2 + ((y + 0.5) / height * 2 - 1) ** 2
    return np.asarray(linear * (1 - np.float32(amount) * np.clip(r2 / 2, 0, 1) ** 1.5)[..., None])
