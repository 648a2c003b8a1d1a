"""Errors that are the user's to mend: one place, one value, one way on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    @property
    def place(self) -> str:
        """`venue.yaml:6:5`"""
        return ":".join(str(part) for part in (self.file, self.line or "", self.column or "") if part)

    def __str__(self) -> str:
        return "  ".join(part for part in (self.place, self.path, self.message) if part)


def listed(problems: Sequence[Problem]) -> str:
    """One problem a line: places, paths and messages stand below one another."""
    places = max((len(problem.place) for problem in problems), default=0)
    paths = max((len(problem.path) for problem in problems), default=0)
    lines = []
    for problem in problems:
        place = f"{problem.place:<{places}}   " if places else ""
        path = f"{problem.path:<{paths}}   " if paths else ""
        lines.append(_printable(f"{place}{path}{problem.message}"))
    return "\n".join(lines)


def _printable(text: str) -> str:
    """Text in one line, whatever somebody's file holds: line ends and control characters as \\n, \\x1b."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


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
        super().__init__(listed(self.problems))


class MissingError(StagecraftError, RuntimeError):
    """Something that the command needs is not there: a library, a display, a writable folder."""

    exit_code = 3


def nearest(word: str, known: Sequence[str], head: str = "; did you mean ") -> str:
    """`; did you mean 'riser'?`, or nothing."""
    import difflib

    lower = {k.lower(): k for k in reversed(known)}
    close = difflib.get_close_matches(word.lower(), lower, 3, 0.6)
    best = [difflib.SequenceMatcher(None, word.lower(), k).ratio() for k in close]
    meant = [lower[k] for k, ratio in zip(close, best) if ratio > best[0] - 0.08]
    return f"{head}{' or '.join(repr(k) for k in meant)}?" if meant else ""
