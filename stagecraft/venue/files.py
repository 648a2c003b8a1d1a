"""Files that a venue names, read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stagecraft.errors import Problem, VenueError


class Files:
    """Looks for files in the venue's folder, then in those of the venue files it uses."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    def picture(self, where: str, file: str) -> str:
        """The name of a picture that is there and can be opened."""
        for folder in self.folders:
            if (folder / file).is_file():
                return file
        raise VenueError(Problem(f"there is no file '{file}'", where))
