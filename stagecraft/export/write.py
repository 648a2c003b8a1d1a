"""One door for every file: `write(paper, path)` picks the writer from the paper and the suffix."""

from __future__ import annotations

import inspect
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from stagecraft.errors import MissingError, VenueError

CONTENTS: dict[str, dict[str, str]] = {
    "dxf": dict.fromkeys(("Drawing", "Sheet", "Book"), "dxf.write_dxf")
    | {"Scene": "dxf3d.write_dxf3d", "NestSheet": "cnc.write_cnc"},
    "pdf": dict.fromkeys(("Drawing", "Sheet", "Book"), "pdf.write_pdf"),
    "svg": dict.fromkeys(("Drawing", "Sheet"), "svg.write_svg")
    | dict.fromkeys(("SeatMap", "Scene"), "seatmap.write_seatmap"),
    "png": dict.fromkeys(("Drawing", "Sheet"), "png.write_png"),
    "csv": {"Table": "csv.write_csv"},
    "xlsx": dict.fromkeys(("Table", "tuple", "list"), "xlsx.write_xlsx"),
    "json": dict.fromkeys(("Table", "Report", "Difference"), "json.write_json"),
    "md": dict.fromkeys(("Table", "Report"), "markdown.write_markdown"),
    "glb": {"Scene": "glb.write_glb"},
    "pretix": {"Scene": "pretix.write_pretix"},
    "spektrix": {"Scene": "spektrix.write_spektrix"},
}
"""The contents page: format → kind of paper → the module's function `(paper, path or binary file)`."""


def write(paper: Any, path: str | os.PathLike[str], format: str | None = None, **options: Any) -> Path:
    """Write a paper as the file that the suffix asks for: whole, or not at all. Returns where it stands.

    format : "dxf", "pdf", "csv" … where the suffix does not say it
    options : what the writer of this format takes besides: profile="abtt" names the layers of a DXF
    """
    target = Path(path)
    wanted = (format or target.suffix.removeprefix(".")).lower()
    kind = type(paper).__name__
    if wanted not in CONTENTS:
        asked = f"'{wanted}' is no format that can be written" if wanted else f"'{target.name}' has no suffix"
        raise VenueError(f"{asked}: {_choice(kind)}")
    if kind not in CONTENTS[wanted]:
        raise VenueError(f"{_a(kind)} cannot be written as {wanted}: {_choice(kind)}")
    module, function = CONTENTS[wanted][kind].split(".")
    writer = getattr(import_module(f"stagecraft.export.{module}"), function)
    for name in options:
        if name not in inspect.signature(writer).parameters:
            raise VenueError(f"{_a(kind)} as {wanted} takes no '{name}'")
    with whole(target) as temporary:
        writer(paper, temporary, **options)
    return target


def _choice(kind: str) -> str:
    """What can be written, in words."""
    known = [name for name, kinds in CONTENTS.items() if kind in kinds]
    if known:
        return f"{_a(kind)} can be written as {', '.join(known)}"
    return f"{_a(kind)} is no paper; papers are {', '.join(sorted({k for kinds in CONTENTS.values() for k in kinds}))}"


def _a(kind: str) -> str:
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


@contextmanager
def whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A file beside `path` to write to; it takes the place of `path` when the block ends well, else it is removed.

    Folders that are missing are made. The temporary name keeps the suffix.
    Raises VenueError when the folder cannot be written, MissingError when the file is held open; in one sentence.
    """
    target = Path(path)
    temporary = target.with_name(f".{secrets.token_hex(6)}{target.suffix[:16]}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch()
    except OSError as error:
        raise VenueError(f"the folder '{target.parent}' cannot be written: {_reason(error)}; choose another") from error
    try:
        yield temporary
        try:
            os.replace(temporary, target)
        except PermissionError as error:
            raise MissingError(f"'{target}' is held open by another program: close it there and try again") from error
        except OSError as error:
            raise MissingError(f"'{target}' cannot be written: {_reason(error)}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def save(data: bytes, path: str | os.PathLike[str] | BinaryIO) -> None:
    """Bytes into a file, whole or not at all, or into something that is open for writing."""
    if isinstance(path, (str, os.PathLike)):
        with whole(path) as temporary:
            temporary.write_bytes(data)
    else:
        path.write(data)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
