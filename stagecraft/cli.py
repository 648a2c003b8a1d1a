"""The command line: one short command a question. Heavy imports happen inside the command that needs them."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stagecraft import __version__
from stagecraft.errors import StagecraftError, VenueError

if TYPE_CHECKING:
    from rich.text import Text

    from stagecraft.publish import Published
    from stagecraft.schedules.closure import Closure
    from stagecraft.session import Session

OK, FINDINGS = 0, 1
"""Exit codes; errors carry their own, 2 and 3."""
_LONG = 1.0
"""What takes longer has a bar. [s]"""

_VENUE = click.argument("venue", type=click.Path(path_type=Path))
_SETUP = click.option("--setup", metavar="NAME", help="Set-up; the file's first where not given.")
_CUE = click.option("--cue", metavar="NAME", help="Cue of the show.")


_TABLES = ("csv", "xlsx", "json", "md")
_SHEETS = ("pdf", "dxf", "svg", "png")


def _out(default: str, what: str = "Where to write") -> Callable[..., Any]:
    return click.option("-o", "--out", type=click.Path(path_type=Path), help=f"{what}; {default} where not given.")


class _Count(click.IntRange):
    """A whole number between two; a slip is met in words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            span = f"from {self.min} to {self.max}" if self.max is not None else f"from {self.min} on"
            name = param.opts[0] if param is not None else "it"
            raise VenueError(f"{name}: '{value}' is not a whole number {span}") from None


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="stagecraft")
def cli() -> None:
    """Venue layout and production design: one readable file gives solids, sightlines, drawings, seats and kit.

    \b
    Exit codes: 0 clean · 1 findings of severity error
                2 the file cannot be understood · 3 something is missing
    """


@cli.command(short_help="Write everything: report, drawings, seats, kit, pictures, model.")
@_VENUE
@_out("build/<name> here (build/<name>-<set-up> for one set-up)")
@click.option("--setup", metavar="NAME", help="One set-up only; all of them where not given.")
@click.option("--pictures/--no-pictures", default=True, help="Follow rays for the two pictures too.")
@click.option("--size", default="1280x720", metavar="WxH", help="Size of the pictures.")
def build(venue: Path, out: Path | None, setup: str | None, pictures: bool, size: str) -> None:
    """Write everything: report, drawings, seats, kit, pictures and a 3D model."""
    from time import perf_counter

    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    began = perf_counter()
    with _Steps(console) as steps:
        steps("Load")
        from stagecraft.publish import folder_name, publish, slug
        from stagecraft.venue.load import load

        read = load(venue)
        folder = out or Path("build") / "-".join((folder_name(venue), *([slug(setup)] if setup else ())))
        done = publish(read, folder, setup, pictures, _size(size), step=steps)
    for report in done.reports.values():
        click.echo()
        _print_report(report)
    click.echo(f"\n{read.name}: {len(done.files)} files in {done.folder}, {perf_counter() - began:.1f} s")
    _print_built(done)
    for name, closed in done.closures.items():
        click.echo(f"{f'{name}: ' if len(done.closures) > 1 else ''}the count closes: {_closed(closed)}")
    if done.removed:
        click.echo(f"removed, as this build does not make them: {_written(done.removed)}")
    for name, why in done.left_out.items():
        click.echo(f"not written: {name}: {why}")
    for name in done.kept:
        click.echo(f"kept: {name} was changed by hand since the last build")
    sys.exit(FINDINGS if done.failed else OK)


@cli.command()
@_VENUE
@_SETUP
@_CUE
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.option("--watch", is_flag=True, help="Answer again after each save, until Ctrl-C.")
def check(venue: Path, setup: str | None, cue: str | None, as_json: bool, watch: bool) -> None:
    """Check the venue against its rules and say what fails."""
    if watch and as_json:
        raise VenueError("--watch is for people: leave --json out")
    if watch:
        sys.exit(_watch(venue, setup, cue))
    session = _session(venue, setup, cue)
    _look(session)
    report = session.report
    if as_json:
        import json

        from stagecraft.export.json import plain

        click.echo(json.dumps(plain(report), ensure_ascii=False, indent=1))
    else:
        _print_report(report)
    sys.exit(FINDINGS if report.failed else OK)


@cli.command()
@_VENUE
@_SETUP
@_CUE
@_out("drawings.pdf")
def draw(venue: Path, setup: str | None, cue: str | None, out: Path | None) -> None:
    """Draw the sheets: .pdf, .dxf, .svg or .png by the name given; the last two hold the first sheet."""
    from stagecraft.drawing.book import sheets
    from stagecraft.export.write import write

    target = out or Path("drawings.pdf")
    _suffix(target, _SHEETS, "sheets are")
    session = _session(venue, setup, cue)
    book = sheets(session.scene, views=session.views, bands=session.bands)
    paper: Any = book.sheets[0] if target.suffix.lower() in (".svg", ".png") else book
    click.echo(f"{len(book.sheets)} sheet(s): {write(paper, target)}")


@cli.command(short_help="Count the places, list every seat, or write files for ticketing.")
@_VENUE
@_SETUP
@_CUE
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    help="For ticketing: pretix, spektrix (seating plans), map (SVG), house, tables (CSV), signs, plan, tables (PDF).",
)
@click.option("--against", "earlier", metavar="FILE", type=click.Path(path_type=Path),
              help="Seating plan that was issued before: nothing is written where a seat of it would vanish.")  # fmt: skip
@_out("the count in the terminal", "The list of every seat (.csv, .xlsx, .json, .md)")
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
        _suffix(out, _TABLES, "the seat list is")
    session = _session(venue, setup, cue)
    if out is None:
        _print_table(capacity(session.scene))
        click.echo("\n-o seats.csv writes the list of every seat")
        return
    _write_table(seat_list(session.scene, session.views, session.bands), out)


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
    known = {"house": _TABLES, "plan": _SHEETS, "tables": (*_TABLES, *_SHEETS)}.get(form) or (
        _TICKETING[form].rsplit(".", 1)[-1],
    )
    _suffix(target, known, f"{form} is")
    session = _session(venue, setup, cue)
    if form == "pretix":
        return _pretix(session, target, earlier)
    from stagecraft.export.write import write
    from stagecraft.publish import ticketing_paper
    from stagecraft.schedules.row_signs import row_signs

    drawn = target.suffix.lower().removeprefix(".") in _SHEETS
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
        changed = against(plan, read_plan(_bytes(earlier), str(earlier)))
        click.echo(
            f"against {earlier}: {len(changed.vanished)} seats would vanish, {len(changed.new)} new, "
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
    click.echo(f"{len(shown.seats)} seats ({kinds}): {target}" if kinds else f"no seats, areas only: {target}")
    click.echo(f"{shown.scale:g} pixels a metre, the venue's origin at {x}, {y}")
    for element in shown.behind:
        click.echo(f"{element}: drawn behind the house, as it stands above other seats")
    return OK


@cli.command("seat-guests", short_help="Give every guest of a list a seat.")
@_VENUE
@click.argument("guests", type=click.Path(path_type=Path))
@_SETUP
@click.option("--against", "earlier", metavar="FILE", type=click.Path(path_type=Path),
              help="List that an earlier run wrote: who has a seat there keeps it.")  # fmt: skip
@_out("seated.csv", "The list with the seats (.csv)")
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
    _suffix(target, ("csv",), "the list is")
    if target.resolve() in (guests.resolve(), venue.resolve()):
        raise VenueError(f"'{target}' is what is read: name another file with -o")
    if guests.suffix.lower() in (".yaml", ".yml"):
        raise VenueError(f"'{guests}' is a venue file: the venue comes first, then the list of guests")
    file = read_guests(_bytes(guests), str(guests))
    known = read_guests(_bytes(earlier), str(earlier), earlier=True).before() if earlier is not None else file.before()
    scene = _session(venue, setup, None).scene
    people = file.guests()
    found = seated_of(scene, people, known)
    with whole(target) as temporary:
        temporary.write_bytes(guest_list(file, found, scene))
    without = sum(found.missing.values())
    click.echo(f"{len(people)} guests: {len(people) - without} seated, {without} not: {target}")
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


def _bytes(path: Path) -> bytes:
    """What a file holds, or why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise VenueError(f"'{path}' cannot be read: {(error.strerror or 'no such file').lower()}") from None


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


@cli.command(short_help="Say what each row sees, or list it seat by seat.")
@_VENUE
@_SETUP
@_CUE
@click.option("--target", metavar="NAME", help="One target or feed only; all of them where not given.")
@click.option("--seat", metavar="SEAT", help='All about one seat: "L C12" is block L, row C, seat 12.')
@click.option(
    "--what",
    type=click.Choice(["c", "share", "people"]),
    default="c",
    help="A map of C-values, of the share seen past fixed things, or past people too.",
)
@click.option(
    "--chance",
    "draws",
    type=_Count(1, 10_000),
    metavar="N",
    help="In lists the probability that a seat sees, over N houses of people of drawn sizes.",
)
@click.option("--seed", type=_Count(0), metavar="N", help="Of the drawn people; 0 where not given.")
@click.option(
    "--least",
    metavar="SHARE",
    help="Of a target, that counts as seen: 50% or 0.5; a side view's in the rules where not given.",
)
@click.option("--section", is_flag=True, help="A section with sightlines and C-values instead of a map.")
@_out(
    "the worst seat of each row in the terminal",
    "Every seat as a list (.csv, .xlsx, .json, .md) or map (.pdf, .svg, .dxf, .png)",
)
def sightlines(
    venue: Path, setup: str | None, cue: str | None, target: str | None, seat: str | None, what: Any, section: bool,
    draws: int | None, seed: int | None, least: str | None, out: Path | None,
) -> None:  # fmt: skip
    """Say what each row sees of every target: C-value of the worst seat, over which row, distance; then the share that is
    seen past fixed things and past the heads in front, in words too; and what cameras and operators see.

    With --seat all about one seat. With -o every seat: as a list, or as a heat map, to the target named or to the one each
    sees least. With --chance, in how many of so many houses full of people of drawn sizes a seat sees enough.
    """
    from stagecraft.schedules.seen import seat_views, seen_by_row, viewers_see
    from stagecraft.schedules.views import view_list, views_by_row

    if out is not None:
        _suffix(
            out, (*_TABLES, *_SHEETS) if seat is None else _TABLES, "sightlines are" if seat is None else "one seat is"
        )
    if seat is not None and (target or section or draws or what != "c"):
        raise VenueError("--seat says all about one seat: leave --target, --what, --section and --chance out")
    if section and (out is None or out.suffix.lower().removeprefix(".") not in _SHEETS):
        raise VenueError("--section is a drawing: say where it goes, as -o section.pdf")
    if section and what != "c":
        raise VenueError(f"--what {what} is a map: leave --section out")
    if what != "c" and (out is None or out.suffix.lower().removeprefix(".") not in _SHEETS):
        raise VenueError(f"--what {what} is a map: say where it goes, as -o seen.pdf")
    if draws is None and (seed is not None or least is not None):
        raise VenueError("--seed and --least belong to --chance: say how many houses to draw, as --chance 200")
    if draws is not None and out is not None and out.suffix.lower().removeprefix(".") in _SHEETS:
        raise VenueError("--chance is for lists: leave it out, or write the seats as .csv or .xlsx")
    enough = None if least is None else _part(least, "--least")
    session = _session(venue, setup, cue)
    if seat is not None:
        from stagecraft.render.camera import find_seat

        _look(session)
        about = seat_views(session.scene, session.views, find_seat(session.scene, seat), session.bands)
        if out is None:
            _print_turned(about)
        else:
            _write_table(about, out)
        return

    _say_nothing(session)

    def chances(table: Any) -> Any:
        return table if draws is None else _chances(session, table, target, draws, seed or 0, enough)

    if not section and (what != "c" or out is None or out.suffix.lower().removeprefix(".") not in _SHEETS):
        _look(session)
    if out is None:
        _print_table(chances(views_by_row(session.scene, session.views, target)), narrow=True)
        for table in (
            seen_by_row(session.scene, session.views, target, session.bands.reach),
            viewers_see(session.scene, session.views, target, session.bands.reach),
        ):  # fmt: skip
            if len(table) and table.columns[2:]:
                click.echo()
                _print_table(table, narrow=True)
        click.echo("\n-o sightlines.csv writes the list of every seat, -o sightlines.pdf the heat map")
    elif section:
        from stagecraft.drawing.section import section as cut
        from stagecraft.export.write import write

        drawn = cut(session.scene, scale=None, views=session.views, target=target, full=True)
        click.echo(f"{len(session.scene.seats)} seats: {write(drawn, out)}")
    elif out.suffix.lower().removeprefix(".") in _SHEETS:
        from stagecraft.checks import ruleset
        from stagecraft.drawing.heatmap import heat_map
        from stagecraft.export.write import write

        rules = session.venue.rules if session.venue is not None else ()
        sets = ruleset.chosen(rules, session.scene.about.folder)
        bands = ruleset.c_bands(sets) if what == "c" else ruleset.view_bands(sets)
        drawn = heat_map(session.scene, session.views, target, bands=bands, what=what)
        click.echo(f"{len(session.scene.seats)} seats: {write(drawn, out)}")
    else:
        _write_table(chances(view_list(session.scene, session.views, target, session.bands)), out)


def _say_nothing(session: Session) -> None:
    """A word about what leaves a list of views empty."""
    from stagecraft.analysis.seen import MATTERS

    if not len(session.scene.seats):
        _say("there are no seats to see from")
    elif not any(target.role in MATTERS for target in session.views.targets.values()):
        _say("nothing to be seen is named: a target, a presenter or a screen")


def _chances(session: Session, table: Any, target: str | None, draws: int, seed: int, least: float | None) -> Any:
    """A table of sightlines with the probability that a seat sees."""
    from stagecraft.analysis.chance import chance
    from stagecraft.schedules.chance import with_chance

    if least is None:
        least = session.bands.get("side")
    if least is None:
        raise VenueError("the rules have no bands of view: say with --least which share of a target counts as seen")
    with _Bar("drawing people") as bar:
        drawn = chance(session.scene, least, draws, seed, progress=lambda part: bar(round(part * draws), draws))
    return with_chance(table, session.scene, drawn, target)


@cli.command(short_help="List the exits: width, capacity, whose nearest they are.")
@_VENUE
@_SETUP
@_CUE
@_out("the terminal", "The list as .csv, .xlsx, .json or .md")
def exits(venue: Path, setup: str | None, cue: str | None, out: Path | None) -> None:
    """List the exits: clear width, whom each carries by the rules, for how many it is the nearest, and how far they have."""
    from stagecraft.schedules.exits import exit_capacity

    if out is not None:
        _suffix(out, _TABLES, "the list is")
    session = _session(venue, setup, cue)
    table = exit_capacity(session.scene, session.exit_capacities)
    if out is None:
        _print_table(table)
    else:
        _write_table(table, out)


@cli.command()
@_VENUE
@_SETUP
@click.option("--all", "over_all", is_flag=True, help="The most of every item over all set-ups.")
@_out("the terminal", "The list as .csv, .xlsx, .json or .md")
def kit(venue: Path, setup: str | None, over_all: bool, out: Path | None) -> None:
    """List the kit by department."""
    from stagecraft.schedules.kit import kit_list, kit_over

    if over_all and setup is not None:
        raise VenueError("--all looks at every set-up: leave --setup out")
    if out is not None:
        _suffix(out, _TABLES, "the kit is")
    session = _session(venue, setup, None)
    if over_all and session.venue is not None and session.venue.setups:
        table = kit_over(session.at(name).scene for name in session.venue.setups)
    else:
        table = kit_list(session.scene)
    if out is None:
        _print_table(table)
    else:
        _write_table(table, out)


@cli.command()
@_VENUE
@_SETUP
@_CUE
@click.option("--camera", default="overview", metavar="NAME", help="overview, front, plan or a camera of the file.")
@click.option("--from", "seat", metavar="SEAT", help='View from a seat: "L C12" is block L, row C, seat 12.')
@click.option(
    "--look",
    type=click.Choice(["work", "show", "views"]),
    help="Work light or show light (show from a seat), or seats in the colours of their views past fixed things.",
)
@click.option("--size", default="1280x720", metavar="WxH")
@click.option("--samples", type=click.IntRange(1, 256), default=4, help="Rays a pixel; more is smoother.")
@_out("picture.png")
def picture(
    venue: Path, setup: str | None, cue: str | None, camera: str, seat: str | None, look: str | None, size: str,
    samples: int, out: Path | None,
) -> None:  # fmt: skip
    """Make a picture; needs no OpenGL."""
    from stagecraft.render.picture import keyed, still, write_png

    target = out or Path("picture.png")
    if target.suffix.lower() != ".png":
        raise VenueError(f"a picture is written as .png, not as '{target.suffix or target.name}'")
    width_height = _size(size)
    session = _session(venue, setup, cue)
    if look == "views":
        scene, key = _by_view(session)
        image = still(scene, camera, seat=seat, size=width_height, samples=samples)
        write_png(keyed(image, "Views past fixed things", key), target)
    else:
        lit: Any = look or ("show" if seat else "work")
        write_png(still(session.scene, camera, seat=seat, size=width_height, samples=samples, look=lit), target)
    click.echo(str(target))


def _by_view(session: Session) -> tuple[Any, list[tuple[Any, str]]]:
    """The scene with its seats in the colours of their bands of view, and the key to them."""
    from stagecraft.analysis.colours import band_colours, coloured
    from stagecraft.analysis.restricted import restricted

    if not session.bands:
        raise VenueError("the rules have no bands of view to colour seats by")
    seen = restricted(session.scene, session.views, session.bands)
    key = []
    for name, colour in band_colours(session.bands).items():
        if (count := int((seen.band == name).sum())) or name:
            key.append((colour, f"{name or 'killed, or turned away'}: {count}"))
    return coloured(session.scene, seen, session.bands), key


@cli.command(short_help="Open a window to look around in.")
@_VENUE
@_SETUP
@_CUE
def show(venue: Path, setup: str | None, cue: str | None) -> None:
    """Open a window to look around in; it follows the file as it is saved."""
    from stagecraft.render.viewer import show as window

    window(_session(venue, setup, cue))


@cli.command(short_help="Say what changed between two venue files.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@_SETUP
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
def diff(old: Path, new: Path, setup: str | None, as_json: bool) -> None:
    """Say what changed between two venue files: seats, findings, kit, C-values, seats that see less past fixed things."""
    import json

    from stagecraft.diff import diff as compare
    from stagecraft.diff import diff_json, diff_text

    a, b = _session(old, setup, None), _session(new, setup, None)
    found = compare(a.scene, b.scene, a.report, b.report, a.views, b.views, b.bands)
    if as_json:
        click.echo(json.dumps(diff_json(found), ensure_ascii=False, indent=1))
        return
    for word, path, about in (("from", old, a.scene.about), ("to", new, b.scene.about)):
        state = (about.name, about.setup and f"set-up {about.setup}", about.rev, about.date)
        click.echo(f"{word:<5} {path}: {' · '.join(part for part in state if part)}")
    click.echo("\n" + diff_text(found, b.scene.about.units), nl=False)


@cli.command(short_help="Explain an element's fields, or a finding.")
@click.argument("what", metavar="ELEMENT|CODE", required=False)
def explain(what: str | None) -> None:
    """Explain an element's fields, a field of the house, or a finding: explain seating, explain people, explain SL01."""
    from stagecraft.checks import CHECKS
    from stagecraft.checks import explain as words
    from stagecraft.elements import ELEMENTS
    from stagecraft.venue.document import nearest
    from stagecraft.venue.reference import HOUSE, contents, element_text, fields_of, house_text

    if what is None:
        click.echo(contents())
        return
    kind = what.strip().casefold().replace(" ", "_").replace("-", "_")
    if kind in ELEMENTS:
        click.echo(element_text(kind, _width()))
        return
    if kind in HOUSE:
        click.echo(house_text(kind, _width()))
        return
    try:
        click.echo(words(what))
    except VenueError:
        known = [*ELEMENTS, *HOUSE, *CHECKS, *(made.code for made in CHECKS.values())]
        whose = list(dict.fromkeys(name for name, fields in fields_of() if kind in fields))
        some = ", ".join(whose[:3]) + (" …" if len(whose) > 3 else "")
        field = f"; it is a field of {some}: stagecraft explain {whose[0]}" if whose else ""
        hint = field or nearest(what, known) or "; 'stagecraft explain' lists what there is"
        raise VenueError(f"nothing is called '{what}'{hint}") from None


@cli.command(short_help="List the rule sets, or what one of them asks.")
@click.argument("name", metavar="SET", required=False)
def rules(name: str | None) -> None:
    """List the rule sets, or what one of them asks: rules, rules uk-england, rules my-rules.yaml."""
    from stagecraft.checks import rules_of, sets

    click.echo(sets() if name is None else rules_of(name))


@cli.command(short_help="Search the catalogue: catalogue led roe.")
@click.argument("words", nargs=-1)
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path), help="Also search a catalogue of your own."
)
def catalogue(words: tuple[str, ...], files: tuple[Path, ...]) -> None:
    """Search the catalogue: catalogue led roe. One item alone is shown whole, with its source."""
    from rich.console import Console
    from rich.table import Table

    from stagecraft.catalogue import load
    from stagecraft.venue.reference import item_text

    known, asked = load(files), " ".join(words)
    found = [known[asked]] if asked in known else known.search(asked)
    if not found:
        raise VenueError(f"the catalogue has nothing for '{asked}'; the nearest are {', '.join(known.nearest(asked))}")
    if len(found) == 1:
        click.echo(item_text(found[0], _width()))
        return
    table = Table(show_edge=False, pad_edge=False)
    for head in ("item", "what", "W × D × H mm", "kg", "W", "conf."):
        table.add_column(head, justify="right" if head in ("kg", "W") else "left", overflow="fold")
    for item in found:
        sides = (item.width, item.depth, item.height)
        size = " × ".join("?" if side is None else f"{side * 1000:.0f}" for side in sides) if any(sides) else ""
        mass = (
            f"{item.mass:g}" if item.mass is not None else f"{item.mass_per_metre:g}/m" if item.mass_per_metre else ""
        )
        table.add_row(
            *_texts(
                (
                    item.code,
                    item.label,
                    size,
                    mass,
                    f"{item.power:g}" if item.power is not None else "",
                    item.confidence,
                )
            )
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else 140).print(table)
    click.echo(f"{len(found)} items; stagecraft catalogue {found[0].code} shows one whole, with its source")


@cli.command()
@_out("the terminal")
def schema(out: Path | None) -> None:
    """Write the JSON schema of a venue file, for your editor."""
    import json

    from stagecraft.venue.reference import schema as made

    text = json.dumps(made(), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    from stagecraft.export.write import whole

    with whole(out) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    click.echo(str(out))


@cli.command(short_help="Write a commented starter file.")
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter file: new "Spring gala" makes Spring-gala/venue.yaml."""
    from stagecraft.assets import folder
    from stagecraft.export.write import whole
    from stagecraft.publish import slug

    place = slug(name)
    if not place:
        raise VenueError(f"'{name}' has no letter or digit to make a folder name from")
    target = Path(place) / "venue.yaml"
    if target.exists():
        raise VenueError(f"{target} is there already: it is left as it is")
    text = (folder("starter") / "venue.yaml").read_text(encoding="utf-8")
    import json

    text = text.replace("name: NAME", f"name: {json.dumps(name, ensure_ascii=False)}")
    with whole(target) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{target}\nnext: stagecraft build {target}")


@cli.group(short_help="Find risers, and the height of a screen or a stage.")
def design() -> None:
    """Find numbers: risers of a rake, the height of a screen or a stage. --write puts them into the file."""


_C = click.option("--c", "c", metavar="LENGTH", help="C-value; what the rules ask for where not given.")
_INTO = click.option("--write", "into", is_flag=True, help="Put it into the venue file; the old one stays as .bak.")


@design.command(short_help="Least risers with which every row sees.")
@_VENUE
@click.argument("element")
@_SETUP
@_C
@click.option("--focus", metavar="ID|X,Y,Z", help="What must be seen: an element or a point.")
@click.option("--step", metavar="LENGTH", default="1 mm", show_default=True, help="Round every riser up to it.")
@click.option("--height", metavar="LENGTH", help="The best C that keeps the last row's floor under it.")
@click.option("--no-riser", nargs=2, multiple=True, metavar="LOW HIGH", help="No riser between these two.")
@click.option("--max-riser", metavar="LENGTH", help="No riser higher than this.")
@_INTO
def rake(
    venue: Path, element: str, setup: str | None, c: str | None, focus: str | None, step: str, height: str | None,
    no_riser: tuple[tuple[str, str], ...], max_riser: str | None, into: bool,
) -> None:  # fmt: skip
    """Find the least risers with which every row sees over the heads in front."""
    from stagecraft import units
    from stagecraft.design.rake import rake as solve
    from stagecraft.venue.load import load

    if c is not None and height is not None:
        raise VenueError("--height finds the best C: leave --c out")
    point = focus.split(",") if focus and focus.count(",") == 2 else None
    aim: Any = [_length("--focus", size) for size in point] if point else focus
    limits = tuple((_length("--no-riser", low), _length("--no-riser", high)) for low, high in no_riser)
    if max_riser is not None:
        limits = (*limits, (_length("--max-riser", max_riser), float("inf")))
    done = solve(load(venue), element, _length("--c", c), aim, _length("--step", step), limits,
                 _length("--height", height), setup)  # fmt: skip
    _print_table(done.table())
    rise, show = units.length(float(done.levels[-1] - done.levels[0]), done.venue.units, 3), done.venue.units
    click.echo(f"{len(done.rows)} rows rise {rise} for a C-value of {units.small(done.c, show)} to {done.focus}")
    _designed(venue, done, into)
    sys.exit(FINDINGS if done.short else OK)


_SHARE = click.option("--share", metavar="SHARE", default="100%", show_default=True, help="Of the seats: 95% or 0.95.")


@design.command(short_help="Lowest screen that a share of the seats sees.")
@_VENUE
@click.argument("element")
@_SETUP
@_C
@_SHARE
@_INTO
def screen(venue: Path, element: str, setup: str | None, c: str | None, share: str, into: bool) -> None:
    """Find the lowest edge of a screen or LED wall that a share of the seats sees over the heads in front."""
    from stagecraft.design.screen import lowest_screen
    from stagecraft.venue.load import load

    done = lowest_screen(load(venue), element, _part(share), _length("--c", c), setup)
    _print_lowered(venue, done, "lower edge", into)


@design.command(short_help="Lowest stage for its presenter to be seen.")
@_VENUE
@click.argument("element")
@_SETUP
@click.option("--presenter", metavar="ID", help="Who is to be seen on it; the one presenter where not given.")
@_C
@_SHARE
@_INTO
def stage(
    venue: Path, element: str, setup: str | None, presenter: str | None, c: str | None, share: str, into: bool
) -> None:
    """Find the lowest stage on which a share of the seats sees the presenter over the heads in front."""
    from stagecraft.design.screen import lowest_stage
    from stagecraft.venue.load import load

    done = lowest_stage(load(venue), element, presenter, _part(share), _length("--c", c), setup)
    _print_lowered(venue, done, "deck", into)


@cli.command(short_help="Say what an object costs in seats, and where it costs least.")
@click.argument("element")
@click.argument("venue", type=click.Path(path_type=Path), required=False)
@_SETUP
@click.option("--within", metavar="RANGES", help='Where it may stand: "x=-6..6, y=-20..-12"; z (trim) and turn too.')
@click.option("--step", metavar="STEP", help='Of the grid: "0.5", "x=1, y=2 ft, turn=30"; 0.5 m where not given.')
@_out(
    "a short table in the terminal",
    "Every seat, or with --within every position (.csv, .xlsx, .json, .md); or a plan (.pdf, .svg, .dxf, .png)",
)
@_INTO
def place(
    element: str, venue: Path | None, setup: str | None, within: str | None, step: str | None, out: Path | None, into: bool
) -> None:  # fmt: skip
    """Say what an object costs: seats that it takes, and seats that see less for it. With --within, where it costs least.

    VENUE is venue.yaml in this folder where not given. Ranges are of the element's own `at`, in the frame that `at` is
    given in. Least are seats removed, then seats put down to a restricted or severe view, then the share that is seen
    past fixed things, then the way from where it stands. What blocks a gangway is no place; ways out and cables are not looked at.
    """
    from stagecraft.design.cost import kill_map
    from stagecraft.design.place import place as solve
    from stagecraft.design.place import ranges, steps
    from stagecraft.venue.load import load

    if out is not None:
        _suffix(out, (*_TABLES, *_SHEETS), "what it costs is")
    path = venue or Path("venue.yaml")
    if venue is None and not path.is_file():
        raise VenueError(f"there is no venue.yaml here: name the file, stagecraft place {element} FILE")
    if venue is not None and not path.exists() and Path(element).is_file():
        raise VenueError(f"the element comes first: stagecraft place {venue} {element}")
    if within is None:
        if step is not None:
            raise VenueError("--step belongs to --within: say where it may stand, as --within 'x=-6..6'")
        if into:
            raise VenueError("--write puts the best position into the file: say with --within where it may stand")
        found = kill_map(load(path), element, setup)
        _print_table(found.summary())
        click.echo(found.sentence)
        if out is not None:
            _write_cost(found.drawing, found.table, out)
        return
    grid, size, read = ranges(within), steps(step or "0.5 m"), load(path)
    with _Bar() as bar:
        done = solve(read, element, grid, size, setup, progress=bar)
    _print_table(done.table())
    click.echo(done.sentence)
    for finding in done.findings:
        click.echo(f"new there: {finding.code} {finding.name}: {finding.message}")
    if out is not None:
        _write_cost(done.drawing, done.grid, out)
    if done.better:
        _designed(path, done, into)


_STYLES = ("theatre", "classroom", "cabaret", "banquet", "reception", "boardroom", "u_shape", "hollow_square")


@cli.command(short_help="Put as many places into a room as the rules allow.")
@_VENUE
@click.option("--style", metavar="STYLE", help=f"{', '.join(_STYLES)}.")
@click.option("--within", metavar="ROOM", help="The room; the one there is where not given.")
@_SETUP
@click.option("--rules", "sets", metavar="SETS", help="Rule sets, with commas; those of the venue where not given.")
@click.option("--width", metavar="LENGTH", help="From seat to seat; 500 mm, or what is asked where not given.")
@click.option("--pitch", metavar="LENGTH", help="From row to row; the least that is allowed where not given.")
@click.option("--front", metavar="LENGTH", help="From the stage to the front row; the least where not given.")
@click.option("--replace", is_flag=True, help="Leave out all other places that stand in this set-up.")
@_out("no drawing", "A plan of it: .pdf, .svg, .dxf or .png")
@_INTO
def fill(
    venue: Path, style: str | None, within: str | None, setup: str | None, sets: str | None, width: str | None, pitch: str | None,
    front: str | None, replace: bool, out: Path | None, into: bool,
) -> None:  # fmt: skip
    """Put as many places of one style into a room as its rules allow, and say which rule or thing bound them.

    What stands there keeps its floor: stage, FOH, cameras, columns, places that you drew; ways out stay clear. --write
    puts the elements into the venue file; the next fill lays them out anew.
    """
    from stagecraft.design.fill import Given
    from stagecraft.design.fill import fill as solve
    from stagecraft.venue.load import load

    if out is not None:
        _suffix(out, _SHEETS, "a plan is")
    if style is None:
        raise VenueError(f"--style: which one? {', '.join(_STYLES)}")
    style = style.lower().replace("-", "_")
    if style != "theatre" and (width or pitch) is not None:
        raise VenueError(
            f"--{'width' if width else 'pitch'} belongs to rows of chairs: leave it out, or say --style theatre"
        )
    given = Given(_length("--width", width), _length("--pitch", pitch), _length("--front", front))
    done = solve(load(venue), style, within, _names(sets), setup, replace, given)
    _print_table(done.table())
    for finding in done.findings:
        click.echo(f"{finding.code} {finding.name}: {finding.message}")
    click.echo(done.sentence)
    if out is not None:
        from stagecraft.drawing.plan import plan
        from stagecraft.export.write import write

        click.echo(str(write(plan(done.scene), out)))
    if into:
        click.echo(f"{venue} is changed; the old one is {done.write(venue)}")
    else:
        click.echo("nothing is written: --write puts it into the file")
    if any(finding.severity == "error" for finding in done.findings):
        sys.exit(FINDINGS)


@cli.command(short_help="How many places a room takes, in every style.")
@_VENUE
@_SETUP
@click.option("--rules", "sets", metavar="SETS", help="Rule sets, with commas; those of the venue where not given.")
@click.option("--area", metavar="M2", help="Floor area that the house publishes, held against the drawing. [m²]")
@_out("a table in the terminal", "The chart (.csv, .xlsx, .json, .md)")
def capacity(venue: Path, setup: str | None, sets: str | None, area: str | None, out: Path | None) -> None:
    """Print the capacity chart of a room: the most places of every style, and how many with a stage and FOH.

    What stands there besides the house itself is left out. Of several rooms each is a line.
    """
    from dataclasses import replace

    from stagecraft.design.capacity import capacity_chart
    from stagecraft.venue.load import load

    if out is not None:
        _suffix(out, _TABLES, "the chart is")
    read = load(venue)
    stated: dict[str, float] = {}
    if area is not None:
        rooms = [element.id for element in read.elements if element.type == "room"]
        if len(rooms) != 1:
            raise VenueError(f"--area is that of one room; there are {len(rooms)}")
        stated = {rooms[0]: _above_nothing("--area", area)}
    table = capacity_chart(read, _names(sets), setup, stated)
    if out is not None:
        _write_table(table, out)
        return
    kept = tuple(
        column for column in table.columns if column.key not in ("room", "size", "area") or "style" not in table.values
    )
    if kept != table.columns:
        room, size, floor = (table.values[key][0] for key in ("room", "size", "area"))
        table = replace(
            table, columns=kept, name=f"Capacity of {room}, {size}, {floor:.0f} {'m²' if read.units == 'm' else 'ft²'}"
        )
    _print_table(table)


def _above_nothing(name: str, text: str) -> float:
    try:
        size = float(text.removesuffix("m2").removesuffix("m²"))
    except ValueError:
        size = 0.0
    if not 0 < size < float("inf"):
        raise VenueError(f"{name}: '{text}' is no area: write square metres, as 572")
    return size


def _names(sets: str | None) -> tuple[str, ...]:
    """Names between commas."""
    return tuple(name.strip() for name in sets.split(",") if name.strip()) if sets else ()


def _write_cost(drawing: Callable[[], Any], table: Callable[[], Any], out: Path) -> None:
    from stagecraft.export.write import write

    if out.suffix.lower().removeprefix(".") in _SHEETS:
        click.echo(str(write(drawing(), out)))
    else:
        _write_table(table(), out)


def _print_lowered(venue: Path, done: Any, what: str, into: bool) -> None:
    from stagecraft import units

    show = done.venue.units
    _print_table(done.table())
    click.echo(
        f"{what} at {units.length(done.bottom, show, 3)}, now {units.length(done.was, show, 3)}: {100 * done.share:.1f} % of "
        f"{done.seats} seats see {done.target} with a C-value of {units.small(done.c, show)}"
    )
    _designed(venue, done, into)


def _part(text: str, of: str = "--share") -> float:
    """`95%` or `0.95`; above nothing and at most all."""
    try:
        share = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise VenueError(f"{of}: '{text}' is no share: write 95% or 0.95")
    return share


def _length(name: str, text: str | None) -> Any:
    """[m]; None where nothing is given."""
    from stagecraft import units

    try:
        return None if text is None else units.metres(text)
    except ValueError as error:
        raise VenueError(f"{name}: {error}") from None


def _designed(path: Path, done: Any, into: bool) -> None:
    """Write what was found into the file, or say that it is not written."""
    from stagecraft.design import into_file

    for id, fields in done.changes.items():
        own = done.venue[id].setup
        states = [
            name
            for name, state in done.venue.setups.items()
            if (own is None or name in ((own,) if isinstance(own, str) else own))
            and not fields.keys() & state.set.get(id, {}).keys()
        ]
        if len(states) > 1:
            click.echo(f"{id} changes in set-ups {', '.join(states)} alike")
    if into:
        click.echo(f"{path} is changed; the old one is {into_file(path, done.changes, done.venue)}")
    else:
        click.echo("nothing is written: --write puts it into the file")


def _session(venue: Path, setup: str | None, cue: str | None) -> Session:
    from stagecraft.session import open as opened

    return opened(venue, setup, cue)


def _watch(venue: Path, setup: str | None, cue: str | None) -> int:
    """Print every answer until Ctrl-C; the exit code is that of the last one, 130 where there was none."""
    import os

    from stagecraft.watch import answers

    code = 130
    screen = sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"
    try:
        for answer in answers(venue, setup, cue):
            if screen:
                click.clear()
            if answer.report is not None:
                _print_report(answer.report)
            else:
                click.echo(answer.problem)
            click.echo(f"\n{venue}: {answer.seconds:.2f} s; watching, Ctrl-C ends")
            code = answer.exit_code
    except KeyboardInterrupt:
        click.echo()
    return code


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 16 <= int(width) <= 8192 and 16 <= int(height) <= 8192):
        raise VenueError(f"'{text}' is not a size: write 1280x720, from 16 to 8192 pixels a side")
    return int(width), int(height)


def _suffix(out: Path, known: tuple[str, ...], what: str) -> None:
    """Say at once what a file can be, before anything is looked at."""
    if out.suffix.lower().removeprefix(".") not in known:
        *most, last = (f".{name}" for name in known)
        forms = f"{', '.join(most)} or {last}" if most else last
        raise VenueError(f"'{out.name or out}': {what} written as {forms}")


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((110, 40)).columns, 140)


def _print_report(report: Any) -> None:
    from stagecraft.export.report import report_text

    click.echo(report_text(report, _width()), nl=False)


def _print_built(done: Published) -> None:
    """What was written, how many seats, and what passed, failed or was not checked: one row a set-up."""
    from rich.console import Console
    from rich.table import Table

    several = len(done.reports) > 1
    table = Table(show_edge=False, pad_edge=False)
    for head in (*(("set-up",) if several else ()), "written"):
        table.add_column(head, overflow="fold")
    for head in ("seats", "given", "checks passed", "failed", "not checked"):
        table.add_column(head, justify="right", max_width=7)
    rest = list(done.files)
    for name, report in done.reports.items():
        own = [file for file in rest if file.startswith(f"{name}/")] if several else rest
        rest = [file for file in rest if file not in own]
        counts = (report.counts["seats"], report.counts["given"])
        verdicts = [outcome.verdict for outcome in report.outcomes]
        checks = (verdicts.count(word) for word in ("pass", "fail", "not checked"))
        files = _written(file.removeprefix(f"{name}/") for file in own)
        table.add_row(*_texts((*((name,) if several else ()), files, *map(str, (*counts, *checks)))))
    if rest:
        table.add_row(*_texts(("all", _written(rest))))
    Console(highlight=False, width=_width()).print(table)


def _written(files: Iterable[str]) -> str:
    """`seats.csv/xlsx · plan.dxf`: files of one name as one word, which a terminal does not break."""
    kinds: dict[str, list[str]] = {}
    for file in files:
        stem, _, suffix = file.rpartition(".")
        kinds.setdefault(stem, []).append(suffix)
    return " · ".join(f"{stem}.{'/'.join(suffixes)}" for stem, suffixes in kinds.items())


def _closed(closed: Closure) -> str:
    """`514 places on the plan and in the list = 508 chairs on the kit + 6 wheelchair`"""
    other = (
        (closed.chairs, "chairs on the kit"),
        (closed.wheelchair, "wheelchair"),
        (closed.own_chairs, "house seats or standing"),
    )
    parts = " + ".join(f"{number} {word}" for number, word in other if number)
    return f"{closed.places} places on the plan and in the list" + (f" = {parts}" if parts else "")


def _write_table(table: Any, out: Path) -> None:
    from stagecraft.export.write import write

    click.echo(f"{len(table)} rows: {write(table, out)}")


_ASIDE = frozenset({"item", "mass", "power"})
"""Columns that a terminal has no room for; files have them."""


def _print_table(table: Any, narrow: bool = False) -> None:
    from rich.console import Console
    from rich.table import Table

    from stagecraft.export.csv import total

    click.echo(_title(table))
    view = Table(show_edge=False, pad_edge=False)
    columns = [c for c in table.columns if c.key not in _ASIDE and (c.kind != "text" or any(table.values[c.key]))]
    for column in columns:
        text = column.kind == "text"
        width = _narrow(column, table.values[column.key]) if narrow and not text else None
        view.add_column(*_texts((column.head,)), justify="left" if text else "right", overflow="fold", max_width=width)
    last = None
    for line in range(len(table)):
        group = table.values[table.group][line] if table.group else None
        shown = [_cell(c, "" if c.key == table.group and group == last else table.values[c.key][line]) for c in columns]
        view.add_row(*_texts(shown))
        last = group
    if len(table) and any(column.total for column in columns):
        view.add_section()
        sums = [_cell(c, total(table.values[c.key])) if c.total else "" for c in columns]
        view.add_row(*(["total", *sums[1:]] if not columns[0].total else sums))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(view)
    for note in table.notes:
        console.print(note, markup=False)


def _title(table: Any) -> str:
    whose = (table.name, table.about.get("venue", ""), table.about.get("set-up", ""))
    return " · ".join(word for word in whose if word)


def _narrow(column: Any, values: Any) -> int:
    """Room for figures and for the longest word of their head."""
    from stagecraft.export.csv import total

    cells = [_cell(column, value) for value in (*values, total(values) if column.total else None)]
    return max(map(len, ("seen %", *column.head.split(), *cells)))


def _print_turned(table: Any) -> None:
    """A table of few lines, each as a column; what no line has is left out."""
    from rich.console import Console
    from rich.table import Table

    click.echo(_title(table))
    first, *rest = table.columns
    view = Table(show_edge=False, pad_edge=False)
    view.add_column("")
    for head in table.values[first.key]:
        view.add_column(*_texts((head,)), justify="right", overflow="fold", max_width=15)
    for column in rest:
        if any(shown := [_cell(column, value) for value in table.values[column.key]]):
            view.add_row(*_texts((column.head, *shown)))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(view)
    for note in table.notes:
        console.print(note, markup=False)


def _texts(cells: Iterable[str]) -> list[Text]:
    """Words as they are: a block that somebody calls `[b]` is no markup."""
    from rich.text import Text

    return [Text(cell) for cell in cells]


def _cell(column: Any, value: Any) -> str:
    if value is None or value != value or value == "":
        return ""
    return f"{value:.{column.places}f}" if column.kind in ("number", "length") else str(value)


class _Steps:
    """Names each step as it runs and leaves its time behind."""

    def __init__(self, console: Any) -> None:
        self.console = console
        self._name = ""
        self._began = 0.0
        self._status: Any = None

    def __enter__(self) -> _Steps:
        return self

    def __call__(self, name: str) -> None:
        from time import perf_counter

        self._end()
        self._name, self._began = name, perf_counter()
        if self.console.is_terminal:
            self._status = self.console.status(name)
            self._status.start()

    def _end(self) -> None:
        from time import perf_counter

        if self._status is not None:
            self._status.stop()
            self._status = None
        if self._name:
            self.console.print(f"  {self._name:<28} {perf_counter() - self._began:6.2f} s", markup=False)
            self._name = ""

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._end()
        elif self._status is not None:
            self._status.stop()


def _look(session: Session) -> None:
    """What every seat sees, with a bar where that takes long."""
    with _Bar("looking", _LONG) as bar:
        session.views.look(lambda part: bar(round(100 * part), 100))


class _Bar:
    """How many of how many, on a terminal, while it lasts; not before some seconds have passed."""

    def __init__(self, word: str = "weighing", after: float = 0.0) -> None:
        self._word, self._after = word, after

    def __enter__(self) -> _Bar:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(self._word), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task("", total=None)
        self._began = time.perf_counter()
        if not self._after:
            self._progress.start()
        return self

    def __call__(self, done: int, of: int) -> None:
        if self._after and time.perf_counter() - self._began > self._after:
            self._progress.start()  # once is as good as many times
        self._progress.update(self._task, completed=done, total=of)

    def __exit__(self, *_: Any) -> None:
        self._progress.stop()


def _say(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning is one sentence, not a line of somebody's code."""
    click.echo(f"note: {message}", err=True)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; the user's mistakes become one message and an exit code, ours a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    warnings.showwarning = _say
    try:
        cli.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except StagecraftError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(OK)


if __name__ == "__main__":
    main()
