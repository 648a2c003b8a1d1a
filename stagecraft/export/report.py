"""The report: for the terminal, for a mail (Markdown) and for other programs (JSON)."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from stagecraft.checks.finding import Finding, Outcome, Report

AID = "A design aid: only an authority approves a layout."
_NONE = ("no ", "nothing ", "nobody ")
"""So begins the reason of a check that has nothing to look at here."""
_MOST = 12
"""Details of one finding shown to people; JSON has them all."""
_WORST = ": worst: "
_SHORT = 24
"""Words no longer than this are not divided between two lines. [characters]"""
_UNIT = re.compile(r"(\d) (mm|m|m³|litres|places|seats)\b")
"""A number and its unit stay on one line."""


def report_text(report: Report, width: int = 100) -> str:
    """The report as a terminal shows it, in lines of at most `width` characters (no line is cut within a word)."""
    width = max(width, 40)
    lines = [
        *_wrapped(report.headline, width, 0),
        *_wrapped(" · ".join(map(_whole, _whose(report.about))), width, 0),
        "",
    ]
    told: set[str] = set()
    for run in _alike(report.findings):
        lines += [*(line for finding in run for line in _finding(finding, width, told)), ""]
    for title, texts in (
        ("Accepted", [f"{f.code} {f.message} ({_waiver(f)})" for f in report.accepted]),
        ("Waivers to look at again", report.expired),
        ("Not checked", _not_checked(report.outcomes)),
        ("Notes", _notes(report)),
    ):
        if texts:
            lines += [title, *(line for text in texts for line in _wrapped(text, width, 5)), ""]
    lines += _wrapped(summary(report), width, 0)
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """`2 errors, 1 note; checks: 5 passed, 2 failed, 0 not checked; rules: house 2026-11`"""
    grave = Counter(finding.severity for finding in report.findings)
    verdicts = Counter(outcome.verdict for outcome in report.outcomes)
    found = ", ".join(f"{grave[s]} {s}{'s' if grave[s] > 1 else ''}" for s in ("error", "warning", "note") if grave[s])
    checks = f"checks: {verdicts['pass']} passed, {verdicts['fail']} failed, {verdicts['not checked']} not checked"
    accepted = f"; {len(report.accepted)} accepted" if report.accepted else ""
    return f"{found or 'no findings'}{accepted}; {checks}; rules: {', '.join(report.rules) or 'none'}"


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Notes with one cure stand together and name it once; any other finding stands alone."""
    by_cure = groupby(enumerate(findings), lambda at: (at[1].code, at[1].fix) if at[1].severity == "note" else at[0])
    for _, pairs in by_cure:
        run = [finding for _, finding in pairs]
        yield [*(replace(finding, fix="") for finding in run[:-1]), run[-1]]


def _finding(finding: Finding, width: int, told: set[str]) -> Iterator[str]:
    """One finding; the clause of a rule is told once."""
    head, _, worst = finding.message.partition(_WORST)
    yield from _wrapped(f"{finding.code} {finding.name} ({finding.severity}) {head}", width, 5, first=0)
    if worst:
        yield from _wrapped(f"worst: {worst}", width, 5)
    if finding.kind != "model":
        clause = "" if finding.rule in told else "".join(f", {text}" for text in finding.source.split(": ", 1)[1:])
        told.add(finding.rule)
        unread = "" if finding.verified else " (clause not read)"
        yield from _wrapped(f"rule: {finding.rule}{clause}{unread}", width, 5)
    if finding.fix:
        yield from _wrapped(f"try: {finding.fix}", width, 5)


def _wrapped(text: str, width: int, indent: int, first: int | None = None) -> list[str]:
    pad = " " * indent
    lines = textwrap.wrap(
        _UNIT.sub("\\1\u00a0\\2", _plain(text)), width, initial_indent=pad if first is None else " " * first,
        subsequent_indent=pad, break_long_words=False, break_on_hyphens=False, drop_whitespace=True,
    )  # fmt: skip
    return [line.replace("\u00a0", " ") for line in lines]


def _whole(text: str) -> str:
    """A few words that stay on one line."""
    return text.replace(" ", "\u00a0") if len(text) <= _SHORT else text


def _plain(text: str) -> str:
    """One line without control characters: a name in a venue file must not steer a terminal."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)


def _whose(about: Mapping[str, str]) -> list[str]:
    rev = " ".join(part for part in (about.get("rev", ""), about.get("date", "")) if part)
    setup = f"set-up {about['setup']}" if about.get("setup") else ""
    cue = f"cue {about['cue']}" if about.get("cue") else ""
    file = f"file {about['hash']}" if about.get("hash") else ""
    parts = [about.get(key, "") for key in ("name", "client", "event", "dates")]
    return [part for part in (*parts, setup, cue, rev, file) if part]


def _waiver(finding: Finding) -> str:
    given = finding.accepted
    who = " ".join(part for part in (given.get("by", ""), given.get("date", "")) if part)
    return ", ".join(part for part in (given.get("why", ""), who) if part)


def _notes(report: Report) -> list[str]:
    """What else a reader must know: the rules chosen, the crew that the brief names, remarks of the checks."""
    asked = report.counts.get("asked", {})
    working = " and ".join(f"{word} of {asked[word]}" for word in ("crew", "staff") if asked.get(word))
    beside = [f"the brief's {working} have no places in the audience; exits are for them too"] if working else []
    return [*report.notes, *beside, *_remarks(report.outcomes)]


def _not_checked(outcomes: Iterable[Outcome]) -> list[str]:
    """Checks that were not made for one reason stand together, those that have nothing to look at in one line by code."""
    whys: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.verdict == "not checked":
            whys.setdefault(_one(outcome.note), []).append(f"{outcome.code} {outcome.name}")
    none = {why: names for why, names in whys.items() if why.startswith(_NONE)}
    short = "; ".join(f"{', '.join(name.split()[0] for name in names)}: {why}" for why, names in none.items())
    rest = [f"{', '.join(names)}: {why}" for why, names in whys.items() if why not in none]
    return [*rest, *([short] if short else [])]


def _remarks(outcomes: Iterable[Outcome]) -> list[str]:
    return [f"{o.code}: {note}" for o in outcomes if o.verdict != "not checked" for note in o.note.split("\n") if note]


def report_md(report: Report) -> str:
    """The report as Markdown text."""
    lines = [
        f"# {escaped(report.headline)}",
        "",
        escaped(" · ".join(_whose(report.about))),
        "",
        f"{escaped(summary(report))}.",
        "",
    ]
    if report.findings:
        lines += ["## Findings", ""]
    for run in _alike(report.findings):
        lines += [*(line for finding in run for line in _finding_md(finding)), ""]
    if report.accepted:
        lines += ["## Accepted", ""]
        for finding in report.accepted:
            lines.append(
                f"- **{finding.code} {finding.name}** {escaped(finding.message)} ({escaped(_waiver(finding))}; geometry `{finding.print}`)"
            )
        lines.append("")
    if report.expired:
        lines += ["## Waivers to look at again", "", *(f"- {escaped(text)}" for text in report.expired), ""]
    lines += ["## Checks", "", "| code | fault looked for | rule | outcome |", "|---|---|---|---|"]
    for outcome in report.outcomes:
        lines.append(
            f"| {outcome.code} | {outcome.name} | {escaped(outcome.rule)} | {escaped(_how(outcome, report))} |"
        )
    lines += ["", "## Places", "", *_places(report.counts), ""]
    notes = _notes(report)
    if people := report.about.get("people"):
        notes.append(f"eye and head figures: {people}")
    lines += ["## Notes", "", *(f"- {escaped(note)}" for note in notes), f"- {AID}"]
    return "\n".join(lines) + "\n"


def _finding_md(finding: Finding) -> Iterator[str]:
    yield f"- **{finding.code} {finding.name}** ({finding.severity}) {escaped(finding.message)}"
    if finding.kind != "model" and finding.source:
        yield f"  - {escaped(finding.source)}{'' if finding.verified else ' (the clause itself was not read)'}"
    if finding.fix:
        yield f"  - try: {escaped(finding.fix)}"
    for detail in finding.details[:_MOST]:
        yield f"  - {escaped(detail)}"
    if len(finding.details) > _MOST:
        yield f"  - and {len(finding.details) - _MOST} more"
    if finding.severity == "note":
        return
    on = finding.group if finding.group and " " not in finding.group else next(iter(finding.elements), finding.group)
    yield f"  - to accept: `{{code: {finding.code}, on: {_code(on)}, why: …, by: …, date: …, print: '{finding.print}'}}`"


def _places(counts: Mapping[str, Any]) -> Iterator[str]:
    yield "| | places |"
    yield "|---|---:|"
    names = {
        "given": "given (open, held and standing areas)", "open": "open", "held": "held", "killed": "killed",
        "standing_area": "standing areas", "removed": "taken away by what stands there", "laid_out": "laid out in all",
    }  # fmt: skip
    for key, name in names.items():
        if key in counts and (counts[key] or key in ("given", "open")):
            yield f"| {name} | {counts[key]} |"
    for key, sort in (("place", ""), ("category", "category ")):
        for name, n in counts.get(key, {}).items():
            yield f"| of those given: {sort}{escaped(str(name))} | {n} |"


def _how(outcome: Outcome, report: Report) -> str:
    """`pass`, `pass, with 3 notes`, `fail`, `not checked: all places are at tables`"""
    if outcome.verdict == "not checked":
        return f"not checked: {_one(outcome.note)}" if outcome.note else "not checked"
    mild = Counter(f.severity for f in report.findings if f.rule == outcome.rule and outcome.verdict == "pass")
    how = ", with ".join([outcome.verdict, *(f"{n} {s}{'s' if n > 1 else ''}" for s, n in sorted(mild.items()))])
    return f"{how}: {_one(outcome.measured)}" if outcome.measured else how


def _one(note: str) -> str:
    return "; ".join(note.split("\n"))


def _code(text: str) -> str:
    return _plain(text).replace("`", "'")


def escaped(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return re.sub(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))", r"\\\1", _plain(text))
