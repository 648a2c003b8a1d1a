"""Errors that are the user's to mend: one place, one value, one way on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing in a file that cannot be understood."""

    message: str
    path: str = ""
    """Where in the venue, in the reader's words: `stalls.riser`."""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line or "", self.column or "") if part)
        head = "  ".join(part for part in (place, self.path) if part)
        return f"{head}  {self.message}" if head else self.message


class StagecraftError(Exception):
    """Base of every error stagecraft raises on purpose."""

    exit_code = 2


class VenueError(StagecraftError, ValueError):
    """A venue that cannot be understood. Holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = (Problem(problems),)
        elif isinstance(problems, Problem):
            problems = (problems,)
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MissingError(StagecraftError, RuntimeError):
    """Something that the command needs is not there: a library, a display, a writable folder."""

    exit_code = 3
