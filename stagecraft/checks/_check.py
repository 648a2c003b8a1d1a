"""What a check is: a function over the scene whose keyword-only parameters are the schema of a rule's `with:`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NewType, TypeAlias, get_type_hints

from stagecraft.analysis.banks import Banks, banks
from stagecraft.analysis.gaps import Bodies
from stagecraft.analysis.travel import APART, Travel, travel
from stagecraft.analysis.views import Views, views
from stagecraft.checks.finding import Finding, Kind, Severity
from stagecraft.scene import Scene

Length = NewType("Length", float)
"""A length as published in a rule (`60 mm`, `12 in`), in metres in the check."""


EXACT = 1e-6
"""Lengths are compared as written, within this. [m]"""


class NotChecked(Exception):
    """A check that could not be made, and why."""


@dataclass(frozen=True)
class Remark:
    """Something a reader of the report must know, that is no fault."""

    text: str


@dataclass(frozen=True)
class Passed:
    """What was measured beside what is asked, where a rule is kept: it stands in the report's table of checks."""

    text: str


class Subject:
    """What is checked: the scene, and the analyses of it, made once for all checks."""

    def __init__(self, scene: Scene, given: Views | None = None, cues: Sequence[Scene] = ()) -> None:
        self.scene = scene
        self.cues = tuple(cues)
        """The set-up in its cues, in their order."""
        self._given = given
        self._travel: dict[float, Travel] = {}

    @cached_property
    def views(self) -> Views:
        return self._given if self._given is not None else views(self.scene)

    @cached_property
    def bodies(self) -> Bodies:
        return Bodies(self.scene)

    @cached_property
    def banks(self) -> Banks:
        return banks(self.scene)

    def travel(self, apart: float = APART) -> Travel:
        """The ways to the exits; two are a choice where their directions differ by so many degrees."""
        if apart not in self._travel:
            self._travel[apart] = travel(self.scene, apart)
        return self._travel[apart]

    def with_people(self, scene: Scene) -> Subject:
        """The same house with other people in it, whose ways out are the same."""
        other = Subject(scene)
        other._travel = self._travel
        return other


Found: TypeAlias = Iterator[Finding | Remark] | Iterator[Finding | Remark | Passed] | Iterator[Finding | Passed]


@dataclass(frozen=True)
class Check:
    """One kind of fault: its code, its name, and the function that finds it."""

    code: str
    name: str
    run: Callable[..., Found]
    model: Severity | None = None
    """Set for a fault of the model itself, which is looked for whatever the rules: how grave it is."""

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.run) or ""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Name and type of every value that a rule gives."""
        hints = get_type_hints(self.run)
        parameters = inspect.signature(self.run).parameters.values()
        return {p.name: hints[p.name] for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Values that a rule may leave out, and what holds then."""
        parameters = inspect.signature(self.run).parameters.values()
        return {
            p.name: p.default
            for p in parameters
            if p.kind is inspect.Parameter.KEYWORD_ONLY and p.default is not inspect.Parameter.empty
        }


@dataclass(frozen=True)
class Rule:
    """One demand: which check, with which values, by which clause."""

    id: str
    check: Check
    kind: Kind
    severity: Severity
    values: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    """The values as published."""
    source: str = ""
    clause: str = ""
    verified: bool = True
    """Was the clause itself read? If not, the report says so."""
    note: str = ""
    ruleset: str = ""
    not_checked: str = ""
    """Why nothing is said under this rule: its figures were not researched."""

    @property
    def reference(self) -> str:
        """`house 2026-11: Shepherd worksheet, SL-C60`"""
        text = ", ".join(part for part in (self.source, self.clause) if part)
        return ": ".join(part for part in (self.ruleset, text) if part)

    def finding(self, message: str, **more: Any) -> Finding:
        """A fault found under this rule."""
        return Finding(
            self.check.code, self.check.name, self.severity, self.kind, message, rule=self.id,
            source=self.reference, verified=self.verified, **more,
        )  # fmt: skip


def check(code: str, name: str, model: Severity | None = None) -> Callable[[Callable[..., Found]], Check]:
    """Make a check of a function `(subject, rule, *, values of the rule) -> Iterator[Finding | Remark]`."""
    return lambda run: Check(code, name, run, model)
