"""Unknown dimensions: what had to be drawn by a stand-in."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.checks._check import Remark, Rule, Subject, check
from stagecraft.checks.finding import Finding
from stagecraft.scene import Note


@check("MD03", "unknown-dimension", model="note")
def unknown_dimension(subject: Subject, rule: Rule) -> Iterator[Finding | Remark]:
    """A solid needed a dimension that the catalogue lacks, and a stated stand-in was drawn.

    One finding for each stand-in, with all elements that use it.
    """
    groups: dict[str, list[Note]] = {}
    for note in subject.scene.of(Note):
        if note.kind == "stand_in":
            groups.setdefault(note.text, []).append(note)
    for text, notes in groups.items():
        x, y, z = (float(v) for v in notes[0].at)
        yield rule.finding(
            text, elements=tuple(dict.fromkeys(note.element for note in notes)), group=text, at=(x, y, z),
            fix="enter the maker's figure in a catalogue row of the project",
        )  # fmt: skip
