"""Lengths as people write them, and as they wish to read them. Inside there are only metres."""

from __future__ import annotations

import math
import re
from typing import Literal

Units = Literal["m", "ft"]

INCH = 0.0254
FOOT = 0.3048

_SCALE = {
    "": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "mm": 0.001, "cm": 0.01, "km": 1000.0,
    "in": INCH, "inch": INCH, "inches": INCH, '"': INCH, "”": INCH, "″": INCH,
    "ft": FOOT, "foot": FOOT, "feet": FOOT, "'": FOOT, "’": FOOT, "′": FOOT,
}  # fmt: skip
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_PLAIN = re.compile(rf"^\s*({_NUMBER})\s*([a-z]*|[\"'”″’′])\s*$", re.IGNORECASE)
_FEET = re.compile(
    r"^\s*([+-]?)(\d+(?:\.\d*)?)\s*(?:'|’|′|ft|feet)\s*-?\s*(?:(\d+(?:\.\d*)?)?\s*(?:(\d+)/(\d+))?\s*(?:\"|”|″|in|inches)?)\s*$",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"^\s*([+-]?)(\d+\s+)?(\d+)/(\d+)\s*(\"|”|″|in|inches|')\s*$", re.IGNORECASE)


def metres(value: object) -> float:
    """A length in metres from `0.6`, `"600 mm"`, `"2'-6\\""` or `"24 in"`. [m]

    Raises ValueError, in the reader's words, for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{_shown(value)} is not a length: write metres (2.4) or a number and unit ('600 mm')")
    if isinstance(value, (int, float)):
        return _finite(float(value) if abs(value) < 1e300 else math.inf, value)
    if match := _PLAIN.match(value):
        unit = match[2].lower()
        if unit not in _SCALE:
            known = "mm, cm, m, in, ft"
            raise ValueError(f"{_shown(value)} has an unknown unit '{match[2][:20]}': use one of {known}")
        return _finite(float(match[1]) * _SCALE[unit], value)
    if (match := _FEET.match(value)) and (not match[5] or float(match[5])):
        inches = float(match[3] or 0) + (float(match[4]) / float(match[5]) if match[4] else 0.0)
        size = float(match[2]) * FOOT + inches * INCH
        return _finite(-size if match[1] == "-" else size, value)
    if (match := _FRACTION.match(value)) and float(match[4]):
        size = (float(match[2] or 0) + float(match[3]) / float(match[4])) * (FOOT if match[5] == "'" else INCH)
        return _finite(-size if match[1] == "-" else size, value)
    if re.match(r"^\s*[+-]?\d+,\d+\s*[a-z]*\s*$", value, re.IGNORECASE):
        raise ValueError(f"{_shown(value)} is not a length: write it with a point, {value.strip().replace(',', '.')}")
    raise ValueError(f"{_shown(value)} is not a length: write metres (2.4) or a number and unit ('600 mm')")


def _finite(size: float, value: object) -> float:
    if not math.isfinite(size):
        raise ValueError(f"{_shown(value)} is not a length: it must be a finite number")
    return size


def _shown(value: object) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return f"'{str(value).lower()}'"
    text = str(value)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}…'"


def length(size: float, units: Units = "m", places: int = 2) -> str:
    """A length for people: `2.40 m` or `7'-10 1/2"` (to the nearest 1/8 in)."""
    return f"{size:.{places}f} m" if units == "m" else feet(size)


def small(size: float, units: Units = "m") -> str:
    """A small length for people: `60 mm` or `2 3/8"`."""
    return f"{size * 1000:.0f} mm" if units == "m" else feet(size)


def drawn(size: float, units: Units = "m", fine: bool = False) -> str:
    """A length as a drawing prints it: `2400`, or feet and inches; `fine`, to the tenth of a millimetre: `2092.6`."""
    if units == "m" and fine:
        return f"{round(size * 1000, 1) + 0.0:.1f}".removesuffix(".0")
    return f"{size * 1000:.0f}" if units == "m" else feet(size)


def level(z: float, units: Units = "m") -> str:
    """A level as a section prints it: `+0.800`, `±0.000`."""
    if abs(z) < 5e-4:
        return "±0.000" if units == "m" else "±0"
    return f"{float(f'{z * 1000:.0f}') / 1000:+.3f}" if units == "m" else ("+" if z > 0 else "") + feet(z)


def feet(size: float) -> str:
    """Feet and inches to the nearest eighth: `2'-6 1/2"`."""
    eighths = round(abs(size) / INCH * 8)
    sign = "-" if size < 0 and eighths else ""
    whole, rest = divmod(eighths, 8)
    foot, inch = divmod(whole, 12)
    top, bottom = rest, 8
    while top and top % 2 == 0:
        top, bottom = top // 2, bottom // 2
    part = f"{inch} {top}/{bottom}" if top else f"{inch}"
    return f"{sign}{foot}'-{part}\"" if foot else f'{sign}{part}"'
