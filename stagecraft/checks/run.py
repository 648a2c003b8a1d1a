"""Check a scene: asked against given, every rule's outcome, findings, waivers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from stagecraft.analysis.removed import removed
from stagecraft.analysis.views import Views
from stagecraft.checks import ruleset
from stagecraft.checks._check import NotChecked, Passed, Remark, Rule, Subject
from stagecraft.checks.contents import CHECKS
from stagecraft.checks.finding import Finding, Outcome, Report, Verdict
from stagecraft.scene import Scene, Space

_RANK = {"error": 0, "warning": 1, "note": 2}
NO_JURISDICTION = "no jurisdiction chosen: house rules only"
_PEOPLE = ("guests", "crew", "staff", "wheelchair", "companion")
"""Words of a brief that are no category of seat."""


def check(
    scene: Scene,
    rules: Sequence[str] = (),
    views: Views | None = None,
    accept: Iterable[Mapping[str, Any]] = (),
    folder: Path | None = None,
    combine: Literal["all", "strictest"] = "all",
    cues: Sequence[Scene] = (),
) -> Report:
    """Everything the rules say about a scene.

    rules : ids of rule sets, or paths of a project's own from `folder`; where they are silent, and where none is named,
        our own figures (`house`)
    views : the views, where they were already made
    accept : waivers {code, on, why, by, date, print?}: `on` names an element or the finding's group. With `print` a
        waiver holds only while the geometry behind the finding stays as it was.
    combine : of several sets that find the same fault at the same place, all are told, or the strictest alone
    cues : the set-up in its cues, for what flown pieces meet on their way between them
    Faults of the model are looked for whatever the rules.

    Raises VenueError for a rule set that cannot be understood.
    """
    sets = ruleset.chosen(rules, folder if folder is not None else scene.about.folder)
    subject = Subject(scene, views, cues)
    model = [Rule(f"MODEL-{c.code}", c, "model", c.model, ruleset="model") for c in CHECKS.values() if c.model]
    chosen = [rule for one in sets for rule in one.rules] + model
    order = list(CHECKS)
    chosen.sort(key=lambda rule: order.index(rule.check.name))
    found: list[Finding] = []
    outcomes: list[Outcome] = []
    known = any(one.jurisdiction or (one.id == ruleset.HOUSE and not one.silent) for one in sets)
    notes = [] if known and rules else [NO_JURISDICTION]
    if scene.stature.name != "default" or any(row.risen is not None for row in scene.seat_rows):
        notes.append(f"people: {scene.about.people}")
    marks = _Marks(scene)
    unread: dict[str, list[str]] = {}
    for rule in chosen:
        here, remarks, passed, verdict = _one(subject, rule)
        found += [replace(finding, print=marks.of(finding)) for finding in here]
        outcomes.append(
            Outcome(rule.id, rule.check.code, rule.check.name, verdict, "\n".join(remarks), "\n".join(passed))
        )
        if not rule.verified and verdict != "not checked":
            unread.setdefault(rule.source, []).append(rule.id)
    notes += [one.sentence for one in removed(scene)]
    if unread:
        which = "; ".join(f"{', '.join(ids)} ({source})" for source, ids in unread.items())
        notes.append(f"clauses that were not read themselves, check the documents: {which}")
    if combine == "strictest":
        found = _strictest(found)
    found.sort(key=lambda finding: _RANK[finding.severity])
    open_, accepted, expired = _waive(found, accept)
    counts = count(scene)
    return Report(
        headline=headline(scene, counts), counts=counts, findings=open_, accepted=accepted, expired=expired,
        outcomes=tuple(outcomes), rules=tuple(one.label for one in sets), notes=tuple(notes),
        about=_about(scene),
    )  # fmt: skip


def _one(subject: Subject, rule: Rule) -> tuple[list[Finding], list[str], list[str], Verdict]:
    found: list[Finding] = []
    remarks: list[str] = []
    passed: list[str] = []
    if rule.not_checked:
        return [], [rule.not_checked], [], "not checked"
    try:
        for one in rule.check.run(subject, rule, **rule.values):
            if isinstance(one, Remark):
                remarks.append(one.text)
            elif isinstance(one, Passed):
                passed.append(one.text)
            else:
                found.append(one)
    except NotChecked as reason:
        return [], [*remarks, str(reason)], [], "not checked"
    failed = any(finding.severity != "note" for finding in found)
    return found, remarks, passed, "fail" if failed else "pass"


def _strictest(found: Sequence[Finding]) -> list[Finding]:
    """Of findings of one check at one place, the one that asks most; which other rules ask less is said in its details."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.code, finding.group, finding.target, finding.elements), []).append(finding)
    out = []
    for group in groups.values():
        best = max(group, key=lambda one: (-_RANK[one.severity], _short_by(one)))
        others = tuple(dict.fromkeys(f"{one.rule} asks less" for one in group if one.rule != best.rule))
        out.append(replace(best, details=(*best.details, *others)))
    return out


def _short_by(finding: Finding) -> float:
    """By which part of what is asked it falls short of it, or goes beyond."""
    if finding.measured is None or not finding.required:
        return 0.0
    return abs(finding.measured - finding.required) / abs(finding.required)


def count(scene: Scene) -> dict[str, Any]:
    """How many places of every sort.

    given : places people are given: open and held seats that stand, and the capacity of standing areas
    """
    seats, laid = scene.seats, scene.laid_out
    given = seats.status != "kill"
    standing = sum(area.capacity or 0 for area in scene.standing_areas)
    place, category = Counter(seats.place[given].tolist()), Counter(seats.category[given].tolist())
    category.pop("", None)
    return {
        "asked": dict(scene.about.brief),
        "given": int(given.sum()) + standing,
        "laid_out": len(laid),
        "removed": len(laid) - len(seats),
        "seats": len(seats),
        "open": int((seats.status == "open").sum()),
        "held": int((seats.status == "hold").sum()),
        "killed": int((seats.status == "kill").sum()),
        "standing_area": standing,
        "place": dict(sorted(place.items())),
        "category": dict(sorted(category.items())),
    }


def headline(scene: Scene, counts: Mapping[str, Any] | None = None) -> str:
    """`asked 500, given 503: 6 wheelchair with companions, VIP 36, held 11, killed 9`

    Given are the open and held places and the capacity of standing areas; killed ones are not among them. Where less
    was given of a sort than asked, that is said beside it.
    """
    counts = count(scene) if counts is None else counts
    asked: Mapping[str, int] = counts["asked"]
    place, category = counts["place"], {name.casefold(): n for name, n in counts["category"].items()}
    parts = []
    chairs, companions = place.get("wheelchair", 0), place.get("companion", 0)
    if chairs or asked.get("wheelchair"):
        beside = (
            "" if not companions else " with companions" if companions >= chairs else f" with {companions} companions"
        )
        parts.append(f"{chairs} wheelchair{beside}{_short(chairs, asked.get('wheelchair'))}")
    names = {name.casefold(): name for name in counts["category"]}
    for word in dict.fromkeys(["vip", *(w.casefold() for w in asked)]):
        if word in _PEOPLE or (word not in category and word not in (w.casefold() for w in asked)):
            continue
        want = next((n for w, n in asked.items() if w.casefold() == word), None)
        n = category.get(word, 0)
        parts.append(f"{names.get(word, 'VIP' if word == 'vip' else word)} {n}{_short(n, want)}")
    if counts["standing_area"]:
        parts.append(f"standing {counts['standing_area']}")
    if counts["held"]:
        parts.append(f"held {counts['held']}")
    if counts["killed"]:
        parts.append(f"killed {counts['killed']}")
    first = f"asked {asked['guests']}, given {counts['given']}" if "guests" in asked else f"given {counts['given']}"
    return f"{first}: {', '.join(parts)}" if parts else first


def _short(given: int, asked: int | None) -> str:
    return f" of {asked} asked" if asked is not None and given < asked else ""


def _about(scene: Scene) -> dict[str, str]:
    about = scene.about
    fields = (
        "name",
        "client",
        "event",
        "dates",
        "author",
        "setup",
        "cue",
        "units",
        "rev",
        "date",
        "file",
        "hash",
        "people",
    )
    return {name: str(getattr(about, name)) for name in fields if getattr(about, name)}


class _Marks:
    """Short hashes of the geometry behind findings: a finding keeps its mark until something moves."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.known: dict[str, bytes] = {}

    def of(self, finding: Finding) -> str:
        mark = hashlib.sha256(f"{finding.code}|{finding.target}".encode())
        for element in sorted(set(finding.elements)):
            mark.update(element.encode() + b"\0" + self._element(element))
        return mark.hexdigest()[:8]

    def _element(self, element: str) -> bytes:
        if element not in self.known:
            mark = hashlib.sha256()
            scene = self.scene
            for part in scene.parts:
                if part.element == element:
                    mark.update(_millimetres(part.transforms[:, :3]) + _millimetres(part.solid.bounds))
            for row in scene.seat_rows:
                if row.element == element:
                    mark.update("\0".join(row.ids.tolist()).encode())
                    mark.update(_millimetres(row.at) + _millimetres(row.eyes) + row.stands.tobytes())
                    mark.update((row.status != "kill").tobytes())
            for record in scene.records:
                if record.element != element:
                    continue
                for name in ("points", "facets", "line"):
                    if (value := getattr(record, name, None)) is not None:
                        mark.update(_millimetres(np.asarray(value)))
                if isinstance(record, Space):
                    mark.update(_millimetres(record.outline.outer.points))
                    mark.update(_millimetres(np.array([record.floor, record.ceiling, *(z for _, z in record.zones)])))
            self.known[element] = mark.digest()
        return self.known[element]


def _millimetres(values: np.ndarray[Any, np.dtype[np.float64]]) -> bytes:
    return np.round(values * 1000).astype("<i8").tobytes()


def _waive(
    found: Iterable[Finding], accept: Iterable[Mapping[str, Any]]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[str, ...]]:
    """Findings still open, findings that somebody accepted, and waivers that cover nothing any more."""
    waivers = [dict(entry) for entry in accept]
    open_, accepted = [], []
    used = [False] * len(waivers)
    moved: dict[int, Finding] = {}
    for finding in found:
        cover = None
        for n, waiver in enumerate(waivers):
            if not _matches(waiver, finding):
                continue
            if waiver.get("print") and str(waiver["print"]) != finding.print:
                moved.setdefault(n, finding)
                continue
            used[n] = True
            cover = cover or waiver
        if cover is None:
            open_.append(finding)
        else:
            why = {key: str(cover[key]) for key in ("why", "by", "date") if cover.get(key)}
            accepted.append(replace(finding, accepted=why))
    expired = []
    for n, waiver in enumerate(waivers):
        name = f"{waiver.get('code', '?')} on {waiver.get('on', '?')} ({waiver.get('why', 'no reason given')})"
        if n in moved and not used[n]:
            expired.append(
                f"{name}: what it excuses has changed since; look again (now {moved[n].print}, accepted {waiver['print']})"
            )
        elif not used[n]:
            expired.append(f"{name}: there is no such finding any more")
    return tuple(open_), tuple(accepted), tuple(expired)


def _matches(waiver: Mapping[str, Any], finding: Finding) -> bool:
    code, on = str(waiver.get("code", "")), str(waiver.get("on", ""))
    if code not in (finding.code, finding.name, finding.rule):
        return False
    return on in finding.elements or on == finding.group
