"""Findings: what a check saw, as values that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
Kind = Literal["model", "law", "guidance", "standard", "trade"]
Verdict = Literal["fail", "pass", "not checked"]


@dataclass(frozen=True)
class Finding:
    """One fault, worst case first, with the rest inside."""

    code: str
    """`SL01`."""
    name: str
    """`low-c-value`: the fault, never the cure."""
    severity: Severity
    kind: Kind
    message: str
    """One sentence with the measured and the asked figure."""
    elements: tuple[str, ...] = ()
    target: str = ""
    group: str = ""
    """What makes this finding one: block, pair, door. Waivers name an element or this."""
    measured: float | None = None
    required: float | None = None
    unit: str = ""
    rule: str = ""
    source: str = ""
    """Document, edition, clause."""
    verified: bool = True
    at: tuple[float, float, float] | None = None
    fix: str = ""
    details: tuple[str, ...] = ()
    """The rest of the group, one line each."""
    verdict: Verdict = "fail"
    print: str = ""
    """Hash of the geometry behind it: a waiver holds while this stays."""
    accepted: Mapping[str, str] = field(default_factory=dict)
    """The waiver that covers it: why, by, date."""


@dataclass(frozen=True)
class Outcome:
    """How one rule ended."""

    rule: str
    code: str
    name: str
    verdict: Verdict
    note: str = ""
    """Why it was not checked, and remarks that are no faults; one a line."""
    measured: str = ""
    """What was measured and what is asked, where the rule is kept; one a line."""


@dataclass(frozen=True)
class Report:
    """What the rules say about a scene: asked against given, how each rule ended, what was found and what accepted."""

    headline: str
    """Asked against given."""
    counts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...] = ()
    expired: tuple[str, ...] = ()
    """Waivers that cover nothing any more."""
    outcomes: tuple[Outcome, ...] = ()
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Does any finding have the severity error?"""
        return any(finding.severity == "error" for finding in self.findings)
