"""What a fault code or a rule means, in words."""

from __future__ import annotations

import difflib
from pathlib import Path

from stagecraft.checks import ruleset
from stagecraft.checks._check import Rule
from stagecraft.checks.contents import CHECKS
from stagecraft.errors import VenueError

OURS = "house figure"
"""The source of a figure of our own, which no document asks for."""


def explain(word: str) -> str:
    """A check (by code or name), or one rule (by id): what is looked for, with which values, by which source.

    Raises VenueError that offers the nearest words.
    """
    rules = [rule for one in ruleset.load(ruleset.known_sets()) for rule in one.rules]
    key = word.strip().casefold()
    one = [rule for rule in rules if rule.id.casefold() == key]
    check = next((c for c in CHECKS.values() if key in (c.code.casefold(), c.name)), one[0].check if one else None)
    if check is None:
        known = sorted({*(c.code for c in CHECKS.values()), *CHECKS, *(rule.id for rule in rules)})
        near = difflib.get_close_matches(word, known, 3, 0.4) or [c.code for c in CHECKS.values()]
        raise VenueError(f"there is nothing to explain under '{word}'; did you mean {', '.join(near)}?")
    lines = [f"{check.code}  {check.name}", "", *check.doc.splitlines()]
    shown = one or [rule for rule in rules if rule.check is check]
    if check.model is not None:
        lines += ["", f"A fault of the model itself ({check.model}): looked for whatever the rules."]
    for rule in shown:
        values = ", ".join(f"{name} {value}" for name, value in rule.written.items())
        lines += [
            "",
            f"{rule.id}  {rule.kind}, {rule.severity}{': ' + values if values else ''}",
            f"  {rule.reference}",
        ]
        if rule.not_checked:
            lines.append(f"  Not checked: {rule.not_checked}")
        elif not rule.verified:
            lines.append("  The clause itself was not read: check the document.")
        if rule.note:
            lines.append(f"  {rule.note.strip()}")
    if check.model is None and not shown:
        lines += ["", "No rule set that comes with stagecraft asks for it."]
    return "\n".join(lines)


def sets() -> str:
    """The rule sets that come with stagecraft, a paragraph each: whose, which edition, how much of it was read."""
    out = []
    for one in ruleset.load(ruleset.known_sets()):
        made = [rule for rule in one.rules if not rule.not_checked]
        ours = sum(rule.source == OURS for rule in made)
        read = sum(rule.verified and rule.source != OURS for rule in made)
        left = len(one.rules) - len(made)
        how = {
            "with its clause read": read,
            "with a clause that was not read": len(made) - ours - read,
            "of our own": ours,
        }
        told = ", ".join(f"{n} {words}" for words, n in how.items() if n)
        out.append(
            f"{one.id}\n  {one.title}\n  {one.edition}\n  {len(made)} rules: {told}"
            f"{f'; {left} not checked, with the reason' if left else ''}"
        )
    out.append("In a venue file: rules: [uk-england]. What one of them asks: stagecraft rules uk-england.")
    return "\n\n".join(out)


def rules_of(name: str, folder: Path | None = None) -> str:
    """Every rule of one set, as a line of values and a line of its source.

    name : id of a set that comes with stagecraft, or the path of a project's own
    Raises VenueError.
    """
    (one,) = ruleset.load([name], folder)
    lines = [f"{one.title} ({one.edition})"]
    lines += ["House figures and what no chosen set rules on apply beside it."] if one.id != ruleset.HOUSE else []
    for rule in one.rules:
        lines += ["", f"{rule.id}  {rule.check.code} {rule.check.name}  {rule.kind}, {rule.severity}", *_of(rule)]
    return "\n".join(lines)


def _of(rule: Rule) -> list[str]:
    lines = [f"  {name}: {value}" for name, value in rule.written.items()]
    lines += [f"  not checked: {rule.not_checked}"] if rule.not_checked else []
    unread = "" if rule.verified or rule.not_checked else " (the clause itself was not read)"
    return [*lines, f"  {', '.join(part for part in (rule.source, rule.clause) if part)}{unread}"]
