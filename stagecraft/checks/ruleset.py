"""Rule sets: thresholds with their clauses, as data."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from stagecraft import assets, units
from stagecraft.analysis.restricted import Bands
from stagecraft.checks._check import Length, Rule
from stagecraft.checks.contents import CHECKS
from stagecraft.checks.finding import Kind, Severity
from stagecraft.checks.values import By
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry.frame import Floats

HOUSE = "house"
"""The set of our own figures: it steps in where no chosen set rules on a check."""
_HEAD = {"id": str, "title": str, "edition": str, "rules": list}
_MORE = {"c_bands", "jurisdiction", "extends", "without"}
_ROW = {"id", "code", "check", "kind", "severity", "with", "source", "clause", "verified", "note", "not_checked"}


@dataclass(frozen=True)
class RuleSet:
    id: str
    title: str
    edition: str
    rules: tuple[Rule, ...]
    c_bands: tuple[float, ...] = ()
    """C-values at which a heat map takes another colour. [m]"""
    jurisdiction: str = ""
    """Whose law it is; empty for house figures and a client's or a venue's own rules."""
    silent: bool = False
    """It was not chosen, and stands in for checks that the chosen sets do not rule on."""

    @property
    def label(self) -> str:
        """`uk-england 2019`, with what it is there for where nobody chose it."""
        name = f"{self.id} {self.edition}"
        return f"{name} (where the chosen rules are silent)" if self.silent else name


def chosen(names: Iterable[str], folder: Path | None = None) -> tuple[RuleSet, ...]:
    """The rule sets that a venue is checked against: those named, and our own figures where they are silent.

    A check on which no named set has a rule is made with the rule of `house`. Without any name all of `house` applies.
    Raises VenueError with every problem found.
    """
    named = load(names, folder)
    if any(one.id == HOUSE for one in named):
        return named
    (house,) = load([HOUSE])
    if not named:
        return (house,)
    ruled = {rule.check.name for one in named for rule in one.rules}
    rest = tuple(rule for rule in house.rules if rule.check.name not in ruled)
    return (*named, replace(house, rules=rest, silent=True)) if rest else named


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


def asked_c(sets: Iterable[RuleSet]) -> list[float]:
    """C-values that the rules ask for. [m]"""
    rules = [r for one in sets for r in one.rules if r.check.name == "low-c-value" and not r.not_checked]
    return [float(rule.values["c"]) for rule in rules]


def c_bands(sets: Iterable[RuleSet]) -> tuple[float, ...]:
    """Where colours begin on a map of C-values: zero, what the rules ask for, and the bands above it. [m]"""
    sets = tuple(sets)
    asked = asked_c(sets)
    low = max(asked, default=0.0)
    return tuple(sorted({0.0, *asked, *(band for one in sets for band in one.c_bands if band > low)}))


def view_bands(sets: Iterable[RuleSet]) -> Bands:
    """Least share of a target that a view of each band shows, the best band first, `severe` last; and the rules' ids.

    The greatest of each, and of the reach beside a presenter, where several rules have it; empty where none has.
    """
    rules = [r for one in sets for r in one.rules if r.check.name == "restricted-view" and not r.not_checked]
    found: dict[str, float] = {}
    for rule in rules:
        for name, kind in rule.check.schema.items():
            if kind is float:
                found[name] = max(found.get(name, 0.0), float(rule.values[name]))
    reach = max((float(rule.values["reach"]) for rule in rules), default=0.0)
    return Bands({**found, "severe": 0.0} if found else {}, reach, ", ".join(rule.id for rule in rules))


def exit_capacities(sets: Iterable[RuleSet]) -> dict[str, Callable[[Floats], Floats]]:
    """By the id of each rule on the width of exits: the people that exits of clear widths (n,) [m] carry."""
    rules = [r for one in sets for r in one.rules if r.check.name == "narrow-exits" and not r.not_checked]
    return {rule.id: rule.values["capacity"].at for rule in rules}


def read(path: Path) -> RuleSet:
    """One rule file. Raises VenueError that names the file and the rule."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise VenueError(Problem(f"the rule set cannot be read: {reason}", "rules", str(path))) from None
    return _inheriting(_parsed(text, path), path, (path.resolve(),))


def _inheriting(own: _Read, path: Path, chain: tuple[Path, ...]) -> RuleSet:
    """The set with the rules of the one it extends: its own of the same id instead, and without those it leaves out."""
    if not own.extends:
        if own.without:
            raise VenueError(
                Problem("there is nothing to leave out: name the set that this one extends", "without", path.name)
            )
        return own.set
    ours = known_sets()
    file = own.extends.lower().endswith((".yaml", ".yml"))
    base = path.parent / own.extends if file else ours.get(own.extends)
    if base is None:
        near = difflib.get_close_matches(own.extends, ours, 3, 0.4) or list(ours)
        raise VenueError(
            Problem(f"there is no rule set '{own.extends}'; known: {', '.join(near)}", "extends", path.name)
        )
    if base.resolve() in chain:
        raise VenueError(Problem(f"'{own.extends}' extends this set in turn", "extends", path.name))
    try:
        text = base.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise VenueError(Problem(f"the rule set '{own.extends}' cannot be read", "extends", path.name)) from None
    under = _inheriting(_parsed(text, base), base, (*chain, base.resolve()))
    ids = {rule.id for rule in under.rules}
    if unknown := [id for id in own.without if id not in ids]:
        near = difflib.get_close_matches(unknown[0], ids, 1, 0.4)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise VenueError(Problem(f"{under.id} has no rule '{unknown[0]}'{hint}", "without", path.name))
    mine = {rule.id: rule for rule in own.set.rules}
    kept = [mine.get(rule.id, rule) for rule in under.rules if rule.id not in own.without]
    new = [rule for rule in own.set.rules if rule.id not in ids]
    return replace(
        own.set, rules=(*kept, *new), c_bands=own.set.c_bands or under.c_bands,
        jurisdiction=own.set.jurisdiction or under.jurisdiction,
    )  # fmt: skip


@dataclass(frozen=True)
class _Read:
    """A set as its own file has it."""

    set: RuleSet
    extends: str
    without: tuple[str, ...]


@lru_cache(maxsize=16)
def _parsed(text: str, path: Path) -> _Read:
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
    for key in ("jurisdiction", "extends"):
        if key in data and (not isinstance(data[key], str) or not data[key].strip()):
            problems.append(Problem("must be text", key, path.name, *_place(data, key)))
    without = data.get("without", [])
    if not isinstance(without, list) or not all(isinstance(one, str) for one in without):
        problems.append(Problem("must be a list of rules' ids", "without", path.name, *_place(data, "without")))
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
    made = RuleSet(data["id"], data["title"], data["edition"], tuple(rules), tuple(bands), data.get("jurisdiction", ""))
    return _Read(made, data.get("extends", ""), tuple(without))


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
    for key in ("clause", "note", "code", "not_checked"):
        if not isinstance(row.get(key, ""), str):
            wrong(key, "must be text")
    unmade = row.get("not_checked")
    if unmade is not None and "with" in row:
        wrong("not_checked", "a rule has either values (with) or the reason why it is not checked")
    if not isinstance(row.get("verified", True), bool):
        wrong("verified", "must be true or false")
    if row.get("kind") == "trade" and row.get("severity") == "error":
        wrong("severity", "trade practice advises and never fails: use warning or note")
    check = CHECKS.get(str(row.get("check", "")))
    if isinstance(row.get("check"), str) and check is None:
        near = difflib.get_close_matches(row["check"], CHECKS, 2)
        hint = f"did you mean {' or '.join(near)}?" if near else "'stagecraft explain' lists them"
        wrong("check", f"there is no check '{row['check']}'; {hint}")
    if check is not None and row.get("code", check.code) != check.code:
        wrong("code", f"'{row['code']}' is not the code of {check.name}, which is {check.code}")
    values, written = {}, {}
    given = row.get("with") or {}
    if not isinstance(given, Mapping):
        wrong("with", "must give the check's values by name")
    elif check is not None and unmade is None:
        for key in given:
            if key not in check.schema:
                problems.append(_unknown(key, check.schema, f"{name}.with", file, given))
        for key, kind in check.schema.items():
            if key not in given:
                if key not in check.defaults:
                    wrong("with", f"'{key}' is missing: {check.name} needs it")
                continue
            try:
                values[key] = _value(given[key], kind)
                written[key] = _written(values[key], given[key])
            except ValueError as error:
                problems.append(Problem(str(error), f"{name}.with.{key}", file, *_place(given, key)))
    if problems or check is None:
        return None, problems
    return Rule(
        name, check, row["kind"], row["severity"], values, written, row["source"].strip(), row.get("clause", ""),
        row.get("verified", True), row.get("note", ""), ruleset, str(unmade or "").strip(),
    ), []  # fmt: skip


def _value(given: Any, kind: Any) -> Any:
    """A value of a rule as its check takes it. Raises ValueError in the reader's words."""
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, By):
        return kind.parse(given)
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


def _written(value: Any, given: Any) -> str:
    """A value as published."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.words if isinstance(value, By) else str(given)


def _plain(kind: Any) -> Any:
    """`Length` of `Length | None`: what a value is that may be left out."""
    inner = [one for one in get_args(kind) if one is not type(None)]
    return inner[0] if len(inner) == 1 and type(None) in get_args(kind) else kind


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
