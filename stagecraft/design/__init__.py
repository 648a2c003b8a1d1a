"""Design solvers: a venue goes in, the same venue with explicit numbers comes out."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stagecraft.errors import Problem, VenueError
from stagecraft.export.write import whole
from stagecraft.venue.document import Venue
from stagecraft.venue.edit import edited
from stagecraft.venue.load import loads


def into_file(path: str | Path, changes: Mapping[str, Mapping[str, Any]], venue: Venue) -> Path:
    """Put changed fields into a venue file, comments, order and units kept; the old file stays beside it as .bak.

    changes : element id → field → new value or `stagecraft.venue.edit.REMOVE`
    venue : what the file must then mean; where it would not, nothing is written

    Returns where the old file now stands. Raises VenueError.
    """
    return new_text(path, lambda old: edited(old, changes), venue, next(iter(changes)))


def new_text(path: str | Path, changed: Callable[[str], str], venue: Venue, id: str) -> Path:
    """Write a venue file anew; the old one stays beside it as .bak.

    changed : old text → new text
    venue : what the file must then mean; where it would not, nothing is written
    id : element that the change is about

    Returns where the old file now stands. Raises VenueError.
    """
    path = Path(path)
    if not path.stat().st_mode & stat.S_IWUSR:
        raise VenueError(f"{path}   is read-only: make it writable, or write a copy of it")
    with path.open(encoding="utf-8", newline="") as file:
        old = file.read()
    new = changed(old)
    meant = loads(new.removeprefix("\ufeff"), str(path), path.parent)
    known = {one.id: one for one in venue.elements}
    wrong = [one.id for one in meant.elements if known.get(one.id) != one]
    if wrong or set(known) != {one.id for one in meant.elements} or _rest(meant) != _rest(venue):
        raise VenueError(
            Problem(f"'{', '.join(wrong) or 'something else'}' would change with it: change the file by hand", id)
        )
    backup = path.with_name(f"{path.name}.bak")
    for target, text in ((backup, old), (path, new)):
        with whole(target) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="")
    return backup


def _rest(venue: Venue) -> Venue:
    """The venue without its elements."""
    return venue.model_copy(update={"elements": ()})
