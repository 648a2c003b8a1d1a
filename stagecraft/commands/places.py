"""Places: counted, listed, written for ticketing, and given to guests."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stagecraft.commands._options import (
    CUE,
    FINDINGS,
    OK,
    SETUP,
    SHEETS,
    TABLES,
    VENUE,
    check_suffix,
    out_option,
    read_bytes,
    session_of,
)
from stagecraft.commands._terminal import print_table, write_table
from stagecraft.errors import VenueError

if TYPE_CHECKING:
    from stagecraft.session import Session


@click.command(short_help="Count the places, list every seat, or write files for ticketing.")
@VENUE
@SETUP
@CUE
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    help="For ticketing: pretix, spektrix (seating plans), map (SVG), house (CSV), signs, plan (PDF), tables (CSV or PDF).",
)
@click.option("--against", "earlier", metavar="FILE", type=click.Path(path_type=Path),
              help="Seating plan that was issued before: nothing is written where a seat of it would vanish.")  # fmt: skip
@out_option("the count in the terminal", "The list of every seat (.csv, .xlsx, .json, .md)")
def seats(
    venue: Path, setup: str | None, cue: str | None, form: str | None, earlier: Path | None, out: Path | None
) -> None:
    """Count the places by block, or list every seat with its id, labels, place, status, C-value and restricted view.

    With --format the seats that can be sold are written for ticketing; killed ones are left out. Ids are permanent. For
    ushers: `signs` for the ends of rows, `plan` of the seats, and `tables`, a list as .csv or .xlsx, a drawing as .pdf, .svg
    or .dxf.

    Exit code 1 where --against finds a seat that would vanish.
    """
    from stagecraft.schedules.seats import capacity, seat_list

    if form is not None:
        sys.exit(_ticketing(venue, setup, cue, form.lower(), earlier, out))
    if earlier is not None:
        raise VenueError("--against compares seating plans: add --format pretix")
    if out is not None:
        check_suffix(out, TABLES, "the seat list is")
    session = session_of(venue, setup, cue)
    if out is None:
        if not len(counted := capacity(session.scene)):
            raise VenueError("there are no places here to count: add rows of seats, tables or a standing area")
        print_table(counted)
        click.echo("\n-o seats.csv writes the list of every seat")
        return
    write_table(seat_list(session.scene, session.views, session.bands), out)


_TICKETING = {
    "pretix": "seats.pretix.json", "spektrix": "seats.spektrix.json", "map": "seatmap.svg", "house": "house.csv",
    "signs": "row-signs.pdf", "plan": "seating-plan.pdf", "tables": "tables.csv",
}  # fmt: skip
"""Files for ticketing, and what they are called where nothing else is said."""


_NAMED = 20
"""So many ids are named at most."""


def _ticketing(
    venue: Path, setup: str | None, cue: str | None, form: str, earlier: Path | None, out: Path | None
) -> int:
    """Write a file for ticketing, and say what is in it."""
    if form not in _TICKETING:
        raise VenueError(f"--format: '{form}' is not one of {', '.join(_TICKETING)}")
    if earlier is not None and form != "pretix":
        raise VenueError("--against compares seating plans: it goes with --format pretix")
    target = out or Path(_TICKETING[form])
    known = {"house": TABLES, "plan": SHEETS, "tables": (*TABLES, *SHEETS)}.get(form) or (
        _TICKETING[form].rsplit(".", 1)[-1],
    )
    check_suffix(target, known, f"{form} is")
    session = session_of(venue, setup, cue)
    if form == "pretix":
        return _pretix(session, target, earlier)
    from stagecraft.export.write import write
    from stagecraft.publish import ticketing_paper
    from stagecraft.schedules.row_signs import row_signs

    drawn = target.suffix.lower().removeprefix(".") in SHEETS
    paper: Any = session.scene if form == "spektrix" else ticketing_paper(session, form, drawn)
    if form == "signs" and not len(row_signs(session.scene)):
        raise VenueError("no row has a way at its ends: there are no signs to print")
    count = {"house": "seat", "signs": "page"} | ({} if drawn else {"tables": "table"})
    if form == "tables" and not drawn and not len(paper):
        raise VenueError("nobody sits at tables here: there is no table plan to write")
    many = len(paper.sheets) if form == "signs" else len(paper) if form in count else 0
    said = f"{many} {count[form]}{'s' * (many != 1)}: " if form in count else ""
    click.echo(f"{said}{write(paper, target, form if form == 'spektrix' else None)}")
    return OK


def _pretix(session: Session, target: Path, earlier: Path | None) -> int:
    from stagecraft.export.pretix import against, layout, pretix, read_plan, save_plan
    from stagecraft.schedules.house import guids

    scene = session.scene
    plan, shown = pretix(scene), layout(scene)
    if earlier is not None:
        changed = against(plan, read_plan(read_bytes(earlier), str(earlier)))
        click.echo(
            f"against {earlier}: {len(changed.vanished)} seat{'s' * (len(changed.vanished) != 1)} would vanish, {len(changed.new)} new, "
            f"{changed.moved} in another category, {changed.labelled} with another label"
        )
        if not changed.kept:
            click.echo("no seat of it is here: is it the plan of another venue or another set-up?")
        if changed.labelled:
            click.echo("tickets that were sent show the earlier labels")
        if changed.vanished:
            laid = scene.laid_out
            why = {
                guid: f": {by} stands there" if by else ": killed" if status == "kill" else ""
                for guid, by, status in zip(guids(laid, scene).tolist(), laid.removed_by.tolist(), laid.status.tolist())
            }
            for guid in changed.vanished[:_NAMED]:
                click.echo(f"  {guid}{why.get(guid, ': not laid out')}")
            if len(changed.vanished) > _NAMED:
                click.echo(f"  and {len(changed.vanished) - _NAMED} more")
            click.echo(f"{target} not written: pretix takes no plan without a seat that it sold")
            return FINDINGS
    save_plan(plan, target)
    x, y = shown.origin
    kinds = ", ".join(category["name"] for category in plan["categories"])
    many = len(shown.seats)
    none = "every seat is killed" if len(scene.seats) else "no seats"
    click.echo(f"{many} seat{'s' * (many != 1)} ({kinds}): {target}" if kinds else f"{none}, areas only: {target}")
    click.echo(f"{shown.scale:g} pixels a metre, the venue's origin at {x}, {y}")
    for element in shown.behind:
        click.echo(f"{element}: drawn behind the house, as it stands above other seats")
    return OK


@click.command("seat-guests", short_help="Give every guest of a list a seat.")
@VENUE
@click.argument("guests", type=click.Path(path_type=Path))
@SETUP
@click.option("--against", "earlier", metavar="FILE", type=click.Path(path_type=Path),
              help="List that an earlier run wrote: who has a seat there keeps it.")  # fmt: skip
@out_option("seated.csv", "The list with the seats (.csv)")
def seat_guests(venue: Path, guests: Path, setup: str | None, earlier: Path | None, out: Path | None) -> None:
    """Give every guest of a list a seat: access needs first, holds respected, groups together.

    The list (CSV; commas, semicolons or tabs) has a line a guest and the columns name, group, category, access, and where
    wanted id and wish (a block or table). It is written again line for line, with seat id, block, row (or table), seat,
    the reason where somebody has none, and a note where something is not as asked. Access is wheelchair, companion,
    step-free, aisle or front (hearing, sight). What is held is for those whose group, category or id is the hold's reason
    or owner. Names stand in the list that is written and nowhere else.

    Exit code 1 where somebody has no seat.
    """
    from stagecraft.export.write import whole
    from stagecraft.schedules.guest_file import guest_list, read_guests
    from stagecraft.schedules.guests import seat_guests as seated_of

    target = out or Path("seated.csv")
    check_suffix(target, ("csv",), "the list is")
    if target.resolve() in (guests.resolve(), venue.resolve()):
        raise VenueError(f"'{target}' is what is read: name another file with -o")
    if guests.suffix.lower() in (".yaml", ".yml"):
        raise VenueError(f"'{guests}' is a venue file: the venue comes first, then the list of guests")
    file = read_guests(read_bytes(guests), str(guests))
    known = (
        read_guests(read_bytes(earlier), str(earlier), earlier=True).before() if earlier is not None else file.before()
    )
    scene = session_of(venue, setup, None).scene
    people = file.guests()
    found = seated_of(scene, people, known)
    with whole(target) as temporary:
        temporary.write_bytes(guest_list(file, found, scene))
    without = sum(found.missing.values())
    click.echo(
        f"{len(people)} guest{'s' * (len(people) != 1)}: {len(people) - without} seated, {without} not: {target}"
    )
    for column in ("group", "category", "access"):
        if column not in file.at:
            click.echo(f"the list has no column called {column}")
    for reason in found.missing:
        click.echo(f"{reason}: {_lines_of(file.lines, (n for n, why in enumerate(found.reasons) if why == reason))}")
    for note in dict.fromkeys(part for notes in found.notes for part in notes.split("; ") if part):
        click.echo(
            f"{note}: {_lines_of(file.lines, (n for n, notes in enumerate(found.notes) if note in notes.split('; ')))}"
        )
    if unknown := [n for n, _ in file.unknown()]:
        click.echo(f"access not understood: {_lines_of(file.lines, unknown)}")
    sys.exit(FINDINGS if without else OK)


def _lines_of(lines: tuple[int, ...], rows: Iterable[int]) -> str:
    """`line 4`, `14 lines: 4, 9–20, 31 …`"""
    found = [lines[n] for n in rows]
    runs: list[tuple[int, int]] = []
    for line in found:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = runs[-1][0], line
        else:
            runs.append((line, line))
    words = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:12]]
    head = "line" if len(found) == 1 else f"{len(found)} lines:"
    return f"{head} {', '.join(words)}{' …' if len(runs) > 12 else ''}"
