"""Lint of DXF files: the faults that shops and venues complain of, in our own files and in drawings that come in.

A file of ours carries a registered application, STAGECRAFT, and is held to everything that we promise; in somebody else's
drawing most of it is a warning. Each kind of fault is one finding, with places and a way on.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from stagecraft.export import _lint_cnc, _lint_geometry, _lint_papers, _lint_structure
from stagecraft.export._lint import Finding, Look, look_at
from stagecraft.export._lint_tags import Unreadable, tags_of

__all__ = ["Finding", "Unreadable", "lint", "lint_bytes", "lint_text"]

CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    _lint_structure.structure, _lint_structure.units, _lint_structure.layers, _lint_geometry.flat, _lint_geometry.near,
    _lint_geometry.duplicates, _lint_geometry.round_things, _lint_papers.symbols, _lint_papers.dimensions,
    _lint_papers.texts, _lint_papers.viewports, _lint_papers.apart, _lint_cnc.machining,
)  # fmt: skip
"""The contents page."""


def lint(path: str | os.PathLike[str]) -> tuple[Finding, ...]:
    """Faults of a DXF file, errors first; the file is read twice: as it stands, and strictly by ezdxf with its audit.

    Raises Unreadable for a file that is no DXF, is empty or was cut off.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {(error.strerror or 'no such file').lower()}") from None
    return lint_bytes(data)


def lint_bytes(data: bytes, audit: bool = True) -> tuple[Finding, ...]:
    """Faults of a DXF in memory, errors first.

    audit : also read it strictly with ezdxf, which takes a few times as long as all the rest

    Raises Unreadable.
    """
    look = look_at(tags_of(data))
    found = [finding for check in CHECKS for finding in check(look)]
    if audit:
        found += _audited(look, data)
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


def lint_text(findings: tuple[Finding, ...]) -> str:
    """Findings for people, one paragraph each."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.severity:<8} {finding.code}: {finding.message}")
        more = finding.count - len(finding.where)
        lines += [f"         {place}" for place in finding.where]
        if finding.where and more > 0:
            lines.append(f"         and {more} more")
        lines.append(f"         try: {finding.fix}")
    return "\n".join(lines)


def _audited(look: Look, data: bytes) -> Iterator[Finding]:
    """What a strict reader refuses, and what its audit would mend. Binary files are read by their tags alone."""
    import ezdxf

    if look.tags.binary:
        return
    logger = logging.getLogger("ezdxf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # what it would say is in the findings
    try:
        audit = ezdxf.read(io.StringIO(_text_of(data))).audit()
    except Exception as error:  # whatever a broken file makes a reader stumble over is a finding
        words = str(error) or type(error).__name__
        yield look.about("refused", f"a strict reader refuses it: {words}", (), "export it again", 1, False)
        return
    finally:
        logger.setLevel(level)
    for code, what, entries in (("audit", "is wrong", audit.errors), ("audit", "would be mended", audit.fixes)):
        if entries:
            yield look.about(
                code, f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} {what} by an audit",
                tuple(dict.fromkeys(entry.message for entry in entries)), "run AUDIT in a CAD program and save it again",
                len(entries), None if what == "would be mended" else False,
            )  # fmt: skip


def _text_of(data: bytes) -> str:
    from stagecraft.export._lint_tags import decoded

    return decoded(data).replace("\r\n", "\n")
