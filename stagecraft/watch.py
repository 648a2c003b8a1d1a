"""A venue file that is watched: a new answer after every save."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stagecraft.analysis.views import Views
from stagecraft.checks.finding import Report
from stagecraft.errors import StagecraftError
from stagecraft.session import open
from stagecraft.venue.document import Venue

PAUSE = 0.2
"""Between two looks at the files. [s]"""

Stamp = tuple[int, int] | None
"""When a file was last written [ns] and how long it is; None where there is none."""


@dataclass(frozen=True)
class Answer:
    """What a venue file gives as it stood."""

    report: Report | None
    problem: str
    """Why there is no report."""
    seconds: float
    """From the save seen to the answer."""
    exit_code: int


def answers(
    path: Path,
    setup: str | None = None,
    cue: str | None = None,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Answer]:
    """The answer at once, and another whenever the file, a file that it uses or its catalogue was saved. No end.

    clock, sleep : for tests; seconds
    A file that cannot be understood is an answer too, and is watched on.
    """
    known: set[Path] = {path}
    seen: Views | None = None
    while True:
        before = _stamps(known)
        began = clock()
        report, problem, code, found, seen = _answer(path, setup, cue, seen)
        yield Answer(report, problem, clock() - began, code)
        # what a broken file used before may be what has to be mended
        known = known | found if report is None else found
        stood = _stamps(known) | {file: stamp for file, stamp in before.items() if file in known}
        while _stamps(known) == stood:
            sleep(PAUSE)


def _answer(
    path: Path, setup: str | None, cue: str | None, before: Views | None
) -> tuple[Report | None, str, int, set[Path], Views | None]:
    """Report or problem, exit code, the files that it comes from, and the views for the next answer."""
    found = {path}
    try:
        session = replace(open(path, setup, cue), before=before)
        assert session.venue is not None
        found |= files_of(session.venue)
        report = session.report
    except StagecraftError as error:
        places = (Path(problem.file) for problem in getattr(error, "problems", ()) if problem.file)
        return None, str(error), error.exit_code, found | set(places), before
    return report, "", 1 if report.failed else 0, found, session.latest


def files_of(venue: Venue) -> set[Path]:
    """The venue file, the files whose elements it uses, and its own catalogues and rule sets."""
    source = venue._source
    own = [name for name in (*venue.catalogue, *venue.rules) if Path(name).suffix]
    return {Path(file) for file, _, _ in source.places.values() if file} | {
        (source.folder or Path()) / name for name in own
    }


def _stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        state = file.stat()
    except (OSError, ValueError):  # between two saves, or no name that a file can have
        return None
    return state.st_mtime_ns, state.st_size
