"""Rule sets: thresholds with their clauses, as data."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from stagecraft import assets, units
from stagecraft.analysis.restricted import Bands
from stagecraft.checks._check import Length, Rule
from stagecraft.checks.contents import CHECKS
from stagecraft.checks.finding import Kind, Severity
from stagecraft.errors import Problem, VenueError

_HEAD = {"id": str, "title": str, "edition": str, "rules": list}
_MORE = {"c_bands"}
_ROW = {"id", "code", "check", "kind", "severity", "with", "source", "clause", "verified", "note"}


@dataclass(frozen=True)
class RuleSet:
    id: str
    title: str
    edition: str
    rules: tuple[Rule, ...]
    c_bands: tuple[float, ...] = ()
    """C-values at which a heat map takes another colour. [m]"""


def known_sets() -> dict[str, Path]:
    """Rule sets that come with stagecraft, by id."""
    return {path.stem: path for path in sorted(assets.folder("rules").glob("*.yaml"))}


def load(names: Iterable[str], folder: Path | None = None) -> tuple[RuleSet, ...]:
    """The rule sets named: one of ours by its id, or a project's own by its `.yaml` path from `folder`.

    Raises VenueError with every problem found.
    """
    ours = known_sets()
    sets: list[RuleSet] = []
    problems: list[Problem] = []
    for name in names:
        if name in ours:
            path = ours[name]
        elif name.lower().endswith((".yaml", ".yml")):
            path = (folder or Path()) / name
        else:
            near = difflib.get_close_matches(name, ours, 3, 0.4) or list(ours)
            problems.append(
                Problem(f"there is no rule set '{name}'; known: {', '.join(near)}, or a path to a .yaml file", "rules")
            )
            continue
        try:
            sets.append(read(path))
        except VenueError as error:
            problems += error.problems
    if problems:
        raise VenueError(problems)
    return tuple(sets)


def c_bands(sets: Iterable[RuleSet]) -> tuple[float, ...]:
    """Where colours begin on a map of C-values: zero, what the rules ask for, and the bands above it. [m]"""
    sets = tuple(sets)
    asked = [float(r.values["c"]) for one in sets for r in one.rules if r.check.name == "low-c-value"]
    low = max(asked, default=0.0)
    return tuple(sorted({0.0, *asked, *(band for one in sets for band in one.c_bands if band > low)}))


def view_bands(sets: Iterable[RuleSet]) -> Bands:
    """Least share of a target that a view of each band shows, the best band first, `severe` last; and the rules' ids.

    The greatest of each, and of the reach beside a presenter, where several rules have it; empty where none has.
    """
    rules = [rule for one in sets for rule in one.rules if rule.check.name == "restricted-view"]
    found: dict[str, float] = {}
    for rule in rules:
        for name, kind in rule.check.schema.items():
            if kind is float:
                found[name] = max(found.get(name, 0.0), float(rule.values[name]))
    reach = max((float(rule.values["reach"]) for rule in rules), default=0.0)
    return Bands({**found, "severe": 0.0} if found else {}, reach, ", ".join(rule.id for rule in rules))


def read(path: Path) -> RuleSet:
    """One rule file. Raises VenueError that names the file and the rule."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise VenueError(Problem(f"the rule set cannot be read: {reason}", "rules", str(path))) from None
    return _parsed(text, path)


@lru_cache(maxsize=16)
def _parsed(text: str, path: Path) -> RuleSet:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise VenueError(Problem(f"not YAML: {error.problem}", "", path.name, line, column)) from None
    except YAMLError as error:
        raise VenueError(Problem(f"not YAML: {error}", "", path.name)) from None
    if not isinstance(data, Mapping):
        raise VenueError(Problem("a rule set has id, title, edition and rules", "", path.name))
    problems: list[Problem] = []
    for key, kind in _HEAD.items():
        if key not in data:
            problems.append(Problem(f"'{key}' is missing", key, path.name))
        elif not isinstance(data[key], kind):
            problems.append(
                Problem(f"'{key}' must be {'text' if kind is str else 'a list'}", key, path.name, *_place(data, key))
            )
    known = {*_HEAD, *_MORE}
    problems += [_unknown(key, known, "", path.name, data) for key in data if key not in known]
    bands: list[float] = []
    given = data.get("c_bands", [])
    try:
        bands = [units.metres(size) for size in (given if isinstance(given, list) else [given])]
    except ValueError as error:
        problems.append(Problem(str(error), "c_bands", path.name, *_place(data, "c_bands")))
    if problems:
        raise VenueError(problems)
    name = f"{data['id']} {data['edition']}"
    rules, seen = [], set[str]()
    for number, row in enumerate(data["rules"], 1):
        rule, wrong = _rule(row, number, name, path.name)
        problems += wrong
        if rule is not None and rule.id in seen:
            problems.append(Problem("two rules have this id", rule.id, path.name, *_place(row, "id")))
        if rule is not None:
            seen.add(rule.id)
            rules.append(rule)
    if problems:
        raise VenueError(problems)
    return RuleSet(data["id"], data["title"], data["edition"], tuple(rules), tuple(bands))


def _rule(row: Any, number: int, ruleset: str, file: str) -> tuple[Rule | None, list[Problem]]:
    if not isinstance(row, Mapping):
        return None, [Problem("a rule has id, check, kind, severity, with and source", f"rule {number}", file)]
    name = str(row.get("id", f"rule {number}"))
    problems = [_unknown(key, _ROW, name, file, row) for key in row if key not in _ROW]

    def wrong(key: str, message: str) -> None:
        problems.append(Problem(message, f"{name}.{key}", file, *_place(row, key)))

    for key in ("id", "check", "kind", "severity", "source"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            wrong(key, "is missing" if key not in row else "must be text")
    for key, choices in (("kind", get_args(Kind)[1:]), ("severity", get_args(Severity))):
        if isinstance(row.get(key), str) and row[key] not in choices:
            wrong(key, f"'{row[key]}' is none of {', '.join(choices)}")
    for key in ("clause", "note", "code"):
        if not isinstance(row.get(key, ""), str):
            wrong(key, "must be text")
    if not isinstance(row.get("verified", True), bool):
        wrong("verified", "must be true or false")
    if row.get("kind") == "trade" and row.get("severity") == "error":
        wrong("severity", "trade practice advises and never fails: use warning or note")
    check = CHECKS.get(str(row.get("check", "")))
    if isinstance(row.get("check"), str) and check is None:
        near = difflib.get_close_matches(row["check"], CHECKS, 2) or list(CHECKS)
        wrong("check", f"there is no check '{row['check']}'; did you mean {' or '.join(near)}?")
    if check is not None and row.get("code", check.code) != check.code:
        wrong("code", f"'{row['code']}' is not the code of {check.name}, which is {check.code}")
    values, written = {}, {}
    given = row.get("with") or {}
    if not isinstance(given, Mapping):
        wrong("with", "must give the check's values by name")
    elif check is not None:
        for key in given:
            if key not in check.schema:
                problems.append(_unknown(key, check.schema, f"{name}.with", file, given))
        for key, kind in check.schema.items():
            if key not in given:
                wrong("with", f"'{key}' is missing: {check.name} needs it")
                continue
            written[key] = str(given[key])
            try:
                values[key] = _value(given[key], kind)
            except ValueError as error:
                problems.append(Problem(str(error), f"{name}.with.{key}", file, *_place(given, key)))
    if problems or check is None:
        return None, problems
    return Rule(
        name, check, row["kind"], row["severity"], values, written, row["source"].strip(), row.get("clause", ""),
        row.get("verified", True), row.get("note", ""), ruleset,
    ), []  # fmt: skip


def _value(given: Any, kind: Any) -> Any:
    """A value of a rule as its check takes it. Raises ValueError in the reader's words."""
    if kind is Length:
        size = units.metres(given)
        if size < 0:
            raise ValueError(f"'{given}' is below zero")
        return size
    if kind is bool and isinstance(given, bool):
        return given
    if kind is int and isinstance(given, int) and not isinstance(given, bool):
        return int(given)
    if kind is float and isinstance(given, (int, float)) and not isinstance(given, bool) and math.isfinite(given):
        return float(given)
    if kind is str and isinstance(given, str):
        return str(given)
    wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}[kind]
    raise ValueError(f"'{given}' is not {wanted}")


def _unknown(key: Any, known: Iterable[str], path: str, file: str, row: Any) -> Problem:
    near = difflib.get_close_matches(str(key), list(known), 1, 0.5)
    hint = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(sorted(known))}"
    return Problem(f"unknown field{hint}", ".".join(p for p in (path, str(key)) if p), file, *_place(row, key))


def _place(row: Any, key: Any) -> tuple[int, int]:
    try:
        line, column = row.lc.key(key)
    except (AttributeError, KeyError, TypeError):
        mark = getattr(row, "lc", None)
        return (mark.line + 1, mark.col + 1) if mark is not None and mark.line is not None else (0, 0)
    return line + 1, column + 1
