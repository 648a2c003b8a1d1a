"""Read a venue file: YAML 1.2, positions kept, every problem at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stagecraft.errors import Problem, VenueError
from stagecraft.venue.document import Loc, Source, Venue, nearest
from stagecraft.venue.verify import verified
from stagecraft.venue.wording import problems

MOST_VALUES = 200_000
"""Values in a file after its anchors are followed; more is a mistake, or an attack."""
MOST_BYTES = 20_000_000


def load(path: str | Path) -> Venue:
    """The venue in a YAML file, with everything it uses.

    Raises VenueError with all problems found: file, line, column, value and a way on.
    """
    path = Path(path)
    digest = hashlib.sha256()
    data, places, folders = _with_uses(path, (), digest)
    source = Source(str(path), path.parent, digest.hexdigest()[:12], folders, places)
    try:
        venue = Venue.model_validate(data)
    except ValidationError as error:
        raise VenueError(problems(error, data, source)) from None
    venue._source = source
    if wrong := verified(venue):
        raise VenueError(wrong)
    return venue


def loads(text: str, file: str = "venue.yaml", folder: Path | None = None) -> Venue:
    """The venue in a text; files it names are looked for in `folder`."""
    data, places = _parsed(text, file)
    source = Source(file, folder, hashlib.sha256(text.encode()).hexdigest()[:12], (folder,) if folder else (), places)
    try:
        venue = Venue.model_validate(data)
    except ValidationError as error:
        raise VenueError(problems(error, data, source)) from None
    venue._source = source
    if wrong := verified(venue):
        raise VenueError(wrong)
    return venue


def _with_uses(
    path: Path, above: tuple[Path, ...], digest: Any
) -> tuple[dict[str, Any], dict[Loc, tuple[str, int, int]], tuple[Path, ...]]:
    text = _text(path)
    digest.update(text.encode())
    data, places = _parsed(text, str(path))
    folders = [path.parent]
    uses = data.get("uses")
    if not isinstance(uses, list) or not all(isinstance(one, str) for one in uses):
        return data, places, tuple(folders)
    used: list[Any] = []
    moved: dict[Loc, tuple[str, int, int]] = {}
    extra: dict[str, dict[str, Any]] = {"feeds": {}, "cameras": {}}
    catalogue: list[str] = []
    for n, name in enumerate(uses):
        other = (path.parent / name).resolve()
        if other in (*above, path.resolve()):
            file, line, column = places.get(("uses", n), (str(path), 0, 0))
            raise VenueError(Problem(f"'{name}' uses this file in turn: a ring", "uses", file, line, column))
        try:
            theirs, their_places, their_folders = _with_uses(path.parent / name, (*above, path.resolve()), digest)
        except VenueError as error:
            if len(error.problems) == 1 and not error.problems[0].line:
                file, line, column = places.get(("uses", n), (str(path), 0, 0))
                raise VenueError(Problem(error.problems[0].message, f"uses[{n + 1}]", file, line, column)) from None
            raise
        start = len(used)
        elements = theirs.get("elements")
        for loc, place in their_places.items():
            if len(loc) > 1 and loc[0] == "elements" and isinstance(loc[1], int):
                moved[("elements", loc[1] + start, *loc[2:])] = place
        used += elements if isinstance(elements, list) else []
        for key, values in extra.items():
            values.update(theirs.get(key) or {})
        catalogue += [str((path.parent / name).parent / one) for one in theirs.get("catalogue") or []]
        folders += their_folders
    own = data.get("elements")
    if own is None:
        own = []
    if isinstance(own, list):
        shift = len(used)
        for loc, place in places.items():
            if loc and loc[0] == "elements" and len(loc) > 1 and isinstance(loc[1], int):
                moved[("elements", loc[1] + shift, *loc[2:])] = place
            else:
                moved.setdefault(loc, place)
        data = {**data, "elements": used + own}
        places = moved
    for key, values in extra.items():
        if values and isinstance(data.get(key, {}), dict):
            data[key] = {**values, **data.get(key, {})}
    if catalogue:
        data["catalogue"] = catalogue + list(data.get("catalogue") or [])
    del data["uses"]
    return data, places, tuple(folders)


def _text(path: Path) -> str:
    if path.is_dir():
        inside = path / "venue.yaml"
        hint = f"; did you mean {inside}?" if inside.exists() else ""
        raise VenueError(Problem(f"is a folder, not a venue file{hint}", file=str(path)))
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        known = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        hint = nearest(path.name, known) or (
            f"; there is {known[0]}" if known else "; 'stagecraft new NAME' writes one"
        )
        raise VenueError(Problem(f"there is no such file{hint}", file=str(path))) from None
    except OSError as error:
        raise VenueError(Problem(f"cannot be read: {error.strerror}", file=str(path))) from None
    if len(raw) > MOST_BYTES:
        raise VenueError(Problem(f"has {len(raw)} bytes; a venue file has {MOST_BYTES} at most", file=str(path)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte {raw[error.start]:#04x} is not UTF-8: save the file as UTF-8"
        raise VenueError(Problem(message, file=str(path), line=line, column=column)) from None
    if not text.strip():
        raise VenueError(Problem("is empty; 'stagecraft new NAME' writes a starter file", file=str(path)))
    return text


def _parsed(text: str, file: str) -> tuple[dict[str, Any], dict[Loc, tuple[str, int, int]]]:
    """Plain data and the place of every value. Repeated keys and anchor bombs are refused."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt")
    try:
        raw = yaml.load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else ""
        message = f"'{key}' is written twice in one place: keep one of them"
        raise VenueError(
            Problem(message, "", file, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"this is not YAML: {_plain(error)}"
        raise VenueError(
            Problem(message, "", file, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise VenueError(
            Problem(f"this is not YAML: {str(error).splitlines()[0] if str(error) else 'nested too deeply'}", file=file)
        ) from None
    if not isinstance(raw, Mapping):
        what = "a list" if isinstance(raw, list) else "one value"
        raise VenueError(
            Problem(f"holds {what}, not a venue: it begins with name: and elements:", file=file, line=1, column=1)
        )
    places: dict[Loc, tuple[str, int, int]] = {(): (file, 1, 1)}
    count = [0]
    data = _value(raw, (), places, file, count)
    return data, places


def _value(raw: Any, loc: Loc, places: dict[Loc, tuple[str, int, int]], file: str, count: list[int]) -> Any:
    count[0] += 1
    if count[0] > MOST_VALUES:
        raise VenueError(Problem(f"holds more than {MOST_VALUES} values once its anchors are followed", file=file))
    if len(loc) > 60:
        raise VenueError(Problem("is nested more than 60 levels deep", file=file))
    if isinstance(raw, Mapping):
        out: dict[str, Any] = {}
        for key, value in raw.items():
            position = getattr(raw, "lc", None)
            where = position.data.get(key) if position is not None and position.data else None
            here = (*loc, str(key))
            if where is not None:
                # a plain value is shown at its own place, a container at its key
                own = isinstance(value, (Mapping, list))
                places[here] = (file, where[0] + 1, where[1] + 1) if own else (file, where[2] + 1, where[3] + 1)
            out[str(key)] = _value(value, here, places, file, count)
        return out
    if isinstance(raw, list):
        items = []
        for n, value in enumerate(raw):
            position = getattr(raw, "lc", None)
            where = position.data.get(n) if position is not None and position.data else None
            if where is not None:
                places[(*loc, n)] = (file, where[0] + 1, where[1] + 1)
            items.append(_value(value, (*loc, n), places, file, count))
        return items
    if isinstance(raw, bool) or raw is None:
        return raw
    if isinstance(raw, int):
        return int(raw)
    if isinstance(raw, float):
        return float(raw)
    if isinstance(raw, str):
        return str(raw)
    return raw


def _plain(error: Any) -> str:
    text = " ".join(str(part) for part in (error.context, error.problem) if part)
    return text or "it cannot be read"
