"""Files on their way: made beside their folder, moved in when all are there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stagecraft.errors import MissingError, VenueError


@dataclass
class Outgoing:
    """Where files are made before any of them stands in its folder."""

    folder: Path
    temporary: Path
    names: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Files that cannot be made → why."""
    faults: dict[str, str] = field(default_factory=dict)
    """Files that were made, and what their readers would complain of."""

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name`, with `/` between folders."""
        self.names.append(name)
        target = self.temporary / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def move(self) -> None:
        """Every file to its place; none is touched while another program holds one of them. Raises MissingError."""
        for name in self.names:
            target = self.folder / name
            if target.exists():
                try:
                    with target.open("r+b"):
                        pass
                except OSError:
                    raise MissingError(f"{target} is held open by another program: close it and try again") from None
        for name in self.names:
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.temporary / name, target)


@contextmanager
def outgoing(folder: Path) -> Iterator[Outgoing]:
    """A place to make files for a folder, which is made where it is missing and removed again where nothing came.

    Raises VenueError where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".stagecraft-", dir=folder))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise VenueError(f"{folder} cannot be written: {reason}; choose another folder with -o") from None
    try:
        yield Outgoing(folder, temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if not any(folder.iterdir()):
            folder.rmdir()
