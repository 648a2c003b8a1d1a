"""What commands ask for: options, and what is written behind them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stagecraft.errors import VenueError

if TYPE_CHECKING:
    from stagecraft.session import Session

OK, FINDINGS = 0, 1
"""Exit codes; errors carry their own, 2 and 3."""

VENUE = click.argument("venue", type=click.Path(path_type=Path))
SETUP = click.option("--setup", metavar="NAME", help="Set-up; the file's first where not given.")
CUE = click.option("--cue", metavar="NAME", help="Cue of the show.")

TABLES = ("csv", "xlsx", "json", "md")
SHEETS = ("pdf", "dxf", "svg", "png")
"""What tables and what drawings are written as."""


def out_option(default: str, what: str = "Where to write") -> Callable[..., Any]:
    """The option for where to write; `default` says where that is when it is not given."""
    return click.option("-o", "--out", type=click.Path(path_type=Path), help=f"{what}; {default} where not given.")


class Count(click.IntRange):
    """A whole number between two; a slip is met in words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            span = f"from {self.min} to {self.max}" if self.max is not None else f"from {self.min} on"
            name = param.opts[0] if param is not None else "it"
            raise VenueError(f"{name}: '{value}' is not a whole number {span}") from None


def read_bytes(path: Path) -> bytes:
    """What a file holds, or why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise VenueError(f"'{path}' cannot be read: {(error.strerror or 'no such file').lower()}") from None


def area_of(name: str, text: str) -> float:
    """A floor area above nothing. [m²]"""
    try:
        size = float(text.removesuffix("m2").removesuffix("m²"))
    except ValueError:
        size = 0.0
    if not 0 < size < float("inf"):
        raise VenueError(f"{name}: '{text}' is no area: write square metres, as 572")
    return size


def names(sets: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in sets.split(",") if name.strip()) if sets else ()


def share_of(text: str, of: str = "--share") -> float:
    """`95%` or `0.95`; above nothing and at most all."""
    try:
        share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise VenueError(f"{of}: '{text}' is no share: write 95% or 0.95")
    return share


def length_of(name: str, text: str | None) -> Any:
    """`600 mm`, `2 ft`; None where nothing is given. [m]"""
    from stagecraft import units

    try:
        return None if text is None else units.metres(text)
    except ValueError as error:
        raise VenueError(f"{name}: {error}") from None


def session_of(venue: Path, setup: str | None, cue: str | None) -> Session:
    """The open file, in one set-up and cue."""
    from stagecraft.session import open as opened

    return opened(venue, setup, cue)


def picture_size(text: str) -> tuple[int, int]:
    """Width and height of a picture: `1280x720`. [px]"""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 16 <= int(width) <= 8192 and 16 <= int(height) <= 8192):
        raise VenueError(f"'{text}' is not a size: write 1280x720, from 16 to 8192 pixels a side")
    return int(width), int(height)


def check_suffix(out: Path, known: tuple[str, ...], what: str) -> None:
    """Say at once what a file can be, before anything is looked at."""
    if out.suffix.lower().removeprefix(".") not in known:
        *most, last = (f".{name}" for name in known)
        forms = f"{', '.join(most)} or {last}" if most else last
        raise VenueError(f"'{out.name or out}': {what} written as {forms}")
