"""What an output folder holds of ours, so that a rebuild takes away its own old files and nobody else's."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from stagecraft.errors import MissingError, Problem, VenueError
from stagecraft.export.json import write_json
from stagecraft.scene import About

NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """The files of one build: name, with `/` between folders, and the SHA-256 of what was written."""

    folder: Path
    venue: str = ""
    revision: str = ""
    hash: str = ""
    """Of the venue that was built."""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finished:
    """How a build left its folder."""

    manifest: Manifest
    removed: tuple[str, ...] = ()
    """Files of the last build that this one does not make."""
    kept: tuple[str, ...] = ()
    """Such files that somebody changed since: theirs now, and forgotten."""


def begin(folder: Path) -> Manifest:
    """The manifest of the last build, an empty one for a new folder; makes sure that the folder can be written.

    Raises VenueError before anything is written where it cannot.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f".{secrets.token_hex(6)}"
        trial.touch()
        trial.unlink()
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        if os.path.isfile(folder):
            reason = "it is a file"
        raise VenueError(
            Problem(f"the folder '{folder}' cannot be written: {reason}; name another one with -o")
        ) from error
    return _read(folder)


def finish(last: Manifest, files: Iterable[Path], about: About) -> Finished:
    """Take away what only the last build made, then write `manifest.json`, last of all.

    files : every file of this build, below the folder
    """
    written = {_name(last.folder, path): path for path in files}
    now = Manifest(
        last.folder, about.name, about.rev, about.hash, {name: digest(written[name]) for name in sorted(written)}
    )
    removed, kept = [], []
    for name, old in sorted(last.files.items()):
        path = last.folder.joinpath(*PurePosixPath(name).parts)
        if name in now.files or not _inside(last.folder, name) or not path.is_file():
            continue
        if digest(path) != old:
            kept.append(name)
            continue
        try:
            path.unlink()
        except OSError as error:
            raise MissingError(f"'{path}' is held open by another program: close it there and try again") from error
        removed.append(name)
        _tidy(path.parent, last.folder)
    content = {"venue": now.venue, "revision": now.revision, "hash": now.hash, "files": dict(now.files)}
    write_json(content, last.folder / NAME)
    return Finished(now, tuple(removed), tuple(kept))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(folder: Path) -> Manifest:
    """The manifest in a folder; one that is not ours or damaged names nothing, so nothing is taken away for it."""
    try:
        content: Any = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {str(name): str(value) for name, value in content["files"].items()}
        return Manifest(folder, str(content["venue"]), str(content["revision"]), str(content["hash"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest(folder)


def _name(folder: Path, path: Path) -> str:
    return Path(os.path.abspath(path)).relative_to(os.path.abspath(folder)).as_posix()


def _inside(folder: Path, name: str) -> bool:
    """Does a name lead to a place below the folder, whatever somebody wrote into the manifest?"""
    parts = PurePosixPath(name).parts
    if not parts or name == NAME or ".." in parts or PurePosixPath(name).is_absolute() or set(name) & set("\\:\0"):
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())


def _tidy(folder: Path, root: Path) -> None:
    """Take away folders that have become empty, up to the root."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
