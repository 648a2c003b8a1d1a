"""Read a venue file: YAML 1.2, positions kept, every problem at once."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from stagecraft.errors import Problem, VenueError, nearest
from stagecraft.venue.document import Loc, Source, Venue
from stagecraft.venue.verify import verified
from stagecraft.venue.wording import problems

MOST_VALUES = 200_000
"""Values in a file after its anchors are followed; more is a mistake, or an attack."""
MOST_BYTES = 20_000_000
MOST_LEVELS = 60
"""Levels of nesting."""
MOST_BRACKETS = 300
"""Brackets open at once, in text and comments too: more would keep the parser busy for nothing."""

Places = dict[Loc, tuple[str, int, int]]


def load(path: str | Path) -> Venue:
    """The venue in a YAML file, with everything it uses.

    Raises VenueError with all problems found: file, line, column, value and a way on.
    """
    path = Path(path)
    return _venue(_text(path), str(path), path.parent, path)


def loads(text: str, file: str = "venue.yaml", folder: Path | None = None) -> Venue:
    """The venue in a text; files it names are looked for in `folder`."""
    return _venue(text, file, folder, None)


def issued(venue: Venue) -> tuple[str, Venue] | None:
    """The last revision whose file is kept, and the venue as it was issued then; None where none is."""
    kept = [revision for revision in venue.revisions if revision.file]
    if not kept:
        return None
    return kept[-1].rev, earlier((venue._source.folder or Path()) / kept[-1].file, venue)


def earlier(path: Path, venue: Venue | None) -> Venue:
    """The venue in a file as it was issued; files that it names are looked for beside it, then beside today's venue file."""
    text = _text(path)
    today = venue._source if venue is not None else Source()
    try:
        before = loads(text, str(path), path.parent)
    except VenueError:
        if today.folder is None:
            raise
        before = loads(text, str(path), today.folder)
    folders = (*before._source.folders, *today.folders, *((today.folder,) if today.folder else ()))
    before._source = replace(before._source, folders=tuple(dict.fromkeys(folders)))
    return before


def _venue(text: str, file: str, folder: Path | None, path: Path | None) -> Venue:
    digest = hashlib.sha256()
    wrong: list[Problem] = []
    data, places, folders = _with_uses(text, file, folder, (path,) if path else (), digest, wrong)
    source = Source(file, folder, digest.hexdigest()[:12], folders, places)
    try:
        venue = Venue.model_validate(data)
    except ValidationError as error:
        wrong += problems(error, data, source)
        raise VenueError(wrong) from None
    venue._source = source
    if wrong := [*wrong, *verified(venue)]:
        raise VenueError(wrong)
    return venue


def _with_uses(
    text: str, file: str, folder: Path | None, above: tuple[Path, ...], digest: Any, wrong: list[Problem]
) -> tuple[dict[str, Any], Places, tuple[Path, ...]]:
    """A file's data with the elements, feeds, weights, cameras, catalogues and workshops of the files that it uses.

    What is wrong with those as files of their own is added to `wrong`.
    """
    digest.update(text.encode("utf-8", "surrogatepass"))
    data, places = _parsed(text, file)
    folders = [folder] if folder else []
    uses = data.get("uses")
    if not isinstance(uses, list) or not all(isinstance(one, str) for one in uses):
        return data, places, tuple(folders)
    used: dict[str, list[Any]] = {"elements": [], "stock": []}
    moved: Places = {}
    extra: dict[str, dict[str, Any]] = {"feeds": {}, "weights": {}, "cameras": {}, "workshop": {}}
    catalogue: list[str] = []
    for n, name in enumerate(uses):
        other = (folder or Path()) / name
        place = places.get(("uses", n), (file, 0, 0))
        try:
            if other.resolve() in (path.resolve() for path in above):
                raise VenueError("uses this file in turn: a ring")
            theirs, their_places, their_folders = _with_uses(
                _text(other, above[-1:]), str(other), other.parent, (*above, other), digest, wrong
            )
        except (VenueError, ValueError) as error:  # a name with a zero byte
            found = error.problems if isinstance(error, VenueError) else (Problem("is no name that a file can have"),)
            wrong += [p if p.line else Problem(f"'{name}' {p.message}", f"uses[{n + 1}]", *place) for p in found]
            continue
        wrong += _alone(theirs, Source(str(other), places=their_places))
        for key, before in used.items():
            moved |= _behind(their_places, key, len(before))
            before += members if isinstance(members := theirs.get(key), list) else []
        for key, values in extra.items():
            if isinstance(found_here := theirs.get(key), dict):
                values.update(found_here)
        catalogue += [str(PurePosixPath(name).parent / one) for one in _texts(theirs.get("catalogue"))]
        folders += their_folders
    rest = dict(places)
    for key, before in used.items():
        own = data.get(key, [])
        if isinstance(own, list) and (before or key in data or key == "elements"):
            moved |= _behind(places, key, len(before))
            rest = {loc: at for loc, at in rest.items() if loc[:1] != (key,) or len(loc) == 1}
            data[key] = before + own
    places = {**rest, **moved}
    for key, values in extra.items():
        if values and isinstance(data.get(key, {}), dict):
            data[key] = {**values, **data.get(key, {})}
    if catalogue and isinstance(data.get("catalogue", []), list):
        data["catalogue"] = [*catalogue, *data.get("catalogue", [])]
        # the venue's own entries have moved behind those of the files it uses
        own_places = {loc: at for loc, at in places.items() if loc[:1] == ("catalogue",) and len(loc) > 1}
        for loc in own_places:
            del places[loc]
        places |= {("catalogue", int(loc[1]) + len(catalogue)): at for loc, at in own_places.items()}
    del data["uses"]
    return data, places, tuple(folders)


def _behind(places: Places, key: str, count: int) -> Places:
    """Places of the members of a list that stands behind `count` others."""
    return {
        (key, loc[1] + count, *loc[2:]): at for loc, at in places.items()
        if len(loc) > 1 and loc[0] == key and isinstance(loc[1], int)
    }  # fmt: skip


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _alone(data: dict[str, Any], source: Source) -> list[Problem]:
    """What is wrong with a used file beside its elements and its stock, which are looked at where they are used."""
    lists: dict[str, list[Any]] = {key: [] for key in ("elements", "stock") if isinstance(data.get(key), list)}
    try:
        Venue.model_validate({**data, **lists})
    except ValidationError as error:
        return problems(error, data, source)
    return []


def _text(path: Path, without: tuple[Path, ...] = ()) -> str:
    """What stands in a file. without : files that are not offered in place of one that is not there"""
    try:
        if path.is_dir():
            inside = path / "venue.yaml"
            hint = f"; did you mean {inside}?" if inside.exists() else ""
            raise VenueError(Problem(f"is a folder, not a venue file{hint}", file=str(path)))
        raw = path.read_bytes()
    except FileNotFoundError:
        folder = path.parent
        known = sorted(p.name for p in folder.glob("*.y*ml") if p not in without) if folder.is_dir() else []
        starter = "" if without else "; 'stagecraft new NAME' writes a starter file"
        hint = nearest(path.name, known) or (f"; there is {known[0]}" if known else starter)
        raise VenueError(Problem(f"does not exist{hint}", file=str(path))) from None
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise VenueError(Problem(f"cannot be read: {reason}", file=str(path))) from None
    if len(raw) > MOST_BYTES:
        raise VenueError(Problem(f"has {len(raw)} bytes; a venue file has {MOST_BYTES} at most", file=str(path)))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte {raw[error.start]:#04x} is not UTF-8: save the file as UTF-8"
        raise VenueError(Problem(message, file=str(path), line=line, column=column)) from None
    return text


def _parsed(text: str, file: str) -> tuple[dict[str, Any], Places]:
    """Plain data and the place of every value. Repeated keys and anchor bombs are refused."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor
    from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

    class Constructor(RoundTripConstructor):
        """Dates stay as they are written."""

        def construct_yaml_timestamp(self, node: Any, values: Any = None) -> Any:
            return self.construct_scalar(node)

    Constructor.add_constructor("tag:yaml.org,2002:timestamp", Constructor.construct_yaml_timestamp)
    yaml = YAML(typ="rt")
    yaml.Constructor = Constructor
    if len(_open_brackets(text)) > MOST_BRACKETS:
        raise VenueError(_unreadable(RecursionError(), text, file))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            raw = yaml.load(text)
    except (YAMLError, ReusedAnchorWarning, ValueError, TypeError, RecursionError) as error:
        raise VenueError(_unreadable(error, text, file)) from None
    if raw is None:
        raise VenueError(Problem("is empty; 'stagecraft new NAME' writes a starter file", file=file))
    if not isinstance(raw, Mapping):
        what = "a list" if isinstance(raw, list) else "one value"
        raise VenueError(Problem(f"holds {what}, not a venue: it begins with name: and elements:", "", file, 1, 1))
    places: Places = {(): (file, 1, 1)}
    return _value(raw, (), places, file, [0]), places


def _value(raw: Any, loc: Loc, places: Places, file: str, count: list[int]) -> Any:
    """Plain data; a field's place is where its name begins, a list's member has its own."""
    count[0] += 1
    if count[0] > MOST_VALUES:
        _, line, column = places.get(loc[:1], (file, 0, 0))
        message = f"holds more than {MOST_VALUES} values once its anchors are followed: write them out plainly"
        raise VenueError(Problem(message, str(loc[0]) if loc else "", file, line, column))
    if len(loc) > MOST_LEVELS:
        _, line, column = places.get(loc[:1], (file, 0, 0))
        raise VenueError(Problem(f"is nested more than {MOST_LEVELS} levels deep", str(loc[0]), file, line, column))
    if isinstance(raw, (Mapping, list)):
        lines = getattr(getattr(raw, "lc", None), "data", None) or {}
        pairs = raw.items() if isinstance(raw, Mapping) else enumerate(raw)
        made: list[tuple[Any, Any]] = []
        for key, value in pairs:
            name = _key(key) if isinstance(raw, Mapping) else key
            if (where := lines.get(key)) is not None:
                places[(*loc, name)] = file, where[0] + 1, where[1] + 1
            made.append((name, _value(value, (*loc, name), places, file, count)))
        return dict(made) if isinstance(raw, Mapping) else [value for _, value in made]
    if isinstance(raw, bool) or raw is None:
        return raw
    for kind in (int, float):
        if isinstance(raw, kind):
            return kind(raw)
    return _joined(str(raw if isinstance(raw, str) else getattr(raw, "value", raw)))


def _joined(text: str) -> str:
    """Text whose characters beyond U+FFFF may be written as JSON writes them, in two halves."""
    return text if text.isprintable() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _open_brackets(text: str) -> list[int]:
    """Where the brackets begin that are still open at the end, or where there are too many."""
    opened: list[int] = []
    for found in re.finditer(r"[\[\]{}]", text):
        if found[0] in "[{":
            opened.append(found.start())
            if len(opened) > MOST_BRACKETS:
                break
        elif opened:
            opened.pop()
    return opened


def _key(key: Any) -> str:
    """A field's name as the file has it."""
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if not isinstance(key, (str, int, float)):
        return "{…}" if isinstance(key, Mapping) else "[…]"
    return _joined(str(key))


def _unreadable(error: Exception, text: str, file: str) -> Problem:
    """Why a text is not YAML, in the words of somebody who writes a venue and not a parser."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    opened = getattr(error, "context_mark", None)
    told = " ".join(str(part) for part in (getattr(error, "context", ""), getattr(error, "problem", "")) if part)
    told = told or str(error)

    def problem_at(message: str, at: int) -> Problem:
        return Problem(message, "", file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))

    if isinstance(error, RecursionError):
        return Problem("is nested too deeply to be a venue", file=file)
    if isinstance(error, TypeError):
        twice = re.search(r"\{\s*[\[{]", text)
        message = "a set of fields stands where a field's name should: is a bracket written twice?"
        return problem_at(message, twice.start()) if twice else Problem(message, file=file)
    if found := re.search(r"unacceptable character #x(\w+)", told):
        message = f"this file holds an invisible character (U+{found[1].upper().zfill(4)}): remove it"
        return problem_at(message, getattr(error, "position", 0))
    if "integer string conversion" in told and (digits := re.search(r"\d{4300,}", text)):
        return problem_at("this number has too many digits", digits.start())
    if "stream end" in told and (brackets := _open_brackets(text)):
        kind = "]" if text[brackets[-1]] == "[" else "}"
        return problem_at(f"this bracket is never closed: '{kind}' is missing", brackets[-1])
    if found := re.search(r"found duplicate anchor '(.+?)'.*?line (\d+).*?line (\d+), column (\d+)", told, re.DOTALL):
        message = f"the anchor &{found[1]} is set twice, first in line {found[2]}: give each its own name"
        return Problem(message, "", file, int(found[3]), int(found[4]))
    if found := re.search(r'found duplicate key "(.*?)"', told):
        message = f"'{found[1]}' is written twice in one place: keep one of them"
    elif "found character '\\t'" in told:
        message = "a tab stands here: indent with blanks"
    elif found := re.search("found undefined alias '(.+)'", told):
        message = f"*{found[1]} refers to nothing: no &{found[1]} stands before it"
    elif "quoted scalar" in told:
        mark, message = opened, "a quote is opened here and never closed"
    elif "mapping values are not allowed" in told:
        message = "a second ':' in one value: put text with a colon in quotes, or check the indentation"
    elif found := re.search(r"found character '(.)' that cannot start", told):
        message = f"a value cannot begin with {found[1]}: put it in quotes"
    elif found := re.search(r"scanning an? (alias|anchor|tag)", told):
        sign = {"alias": "*", "anchor": "&", "tag": "!"}[found[1]]
        mark, message = opened, f"text that begins with {sign} stands in quotes"
    elif "could not find expected ':'" in told:
        mark, message = opened, "a ':' is missing after this, or a quote or bracket above is not closed"
    elif "sequence entries are not allowed" in told:
        message = "a list entry ('- ') cannot stand here: check the indentation"
    elif "expected the node content" in told:
        message = "a value is missing before this"
    elif found := re.search(r"parsing a flow (mapping|sequence)", told):
        kind = "}" if found[1] == "mapping" else "]"
        line = f", opened in line {opened.line + 1}" if opened and mark and opened.line != mark.line else ""
        message = f"',' or '{kind}'{line} is missing before this"
    elif "block" in told:
        message = "this line does not belong to those above it: check its indentation"
    elif "for merging" in told:
        message = "<<: takes the fields of an anchor: write <<: *name"
    elif "single document" in told:
        message = "a second document begins here (---): a file holds one venue"
    else:
        message = f"this is not YAML: {told.splitlines()[0]}"
    return Problem(message, "", file, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)
