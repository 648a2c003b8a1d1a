"""Files that go out and come in: looked through before somebody else does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from stagecraft.commands._options import FINDINGS, OK

UNREADABLE = 2


@click.command(short_help="Look through DXF files for what shops and venues complain of.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def lint(files: tuple[Path, ...], as_json: bool) -> None:
    """Look through DXF files for what shops and venues complain of: units, layer 0, broken arcs, duplicate lines, z, far
    origin, lost attributes, dimensions that lie, small text. Our own files are held to all of it; in others most is a warning.

    Exit code 0 where nothing is found, 1 where something is, 2 where a file is no DXF or was cut off.
    """
    from stagecraft.export.lint import Unreadable, lint_text
    from stagecraft.export.lint import lint as looked

    code, out = OK, []
    for file in files:
        try:
            found = looked(file)
        except Unreadable as error:
            code = UNREADABLE
            out.append({"file": str(file), "readable": False, "why": str(error), "findings": []})
            if not as_json:
                click.echo(f"{file}: {error}")
            continue
        code = max(code, FINDINGS if found else OK)
        out.append({"file": str(file), "readable": True, "why": "", "findings": found})
        if not as_json:
            click.echo(f"{file}: {_summary(found)}")
            if found:
                click.echo(lint_text(found))
    if as_json:
        import json

        from stagecraft.export.json import plain

        click.echo(json.dumps(plain(out), ensure_ascii=False, indent=1))
    sys.exit(code)


def _summary(found: Any) -> str:
    """`2 errors, 1 warning`; `clean`."""
    count = {name: sum(finding.severity == name for finding in found) for name in ("error", "warning")}
    words = [f"{number} {name}{'s' * (number > 1)}" for name, number in count.items() if number]
    return ", ".join(words) or "clean"
