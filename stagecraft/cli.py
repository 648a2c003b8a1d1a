"""The command line: one short command a question. Heavy imports happen inside the command that needs them."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stagecraft import __version__
from stagecraft.commands import design, drawings, lint, places
from stagecraft.commands._options import (
    CUE,
    FINDINGS,
    OK,
    SETUP,
    SHEETS,
    TABLES,
    VENUE,
    Count,
    check_suffix,
    out_option,
    picture_size,
    session_of,
    share_of,
)
from stagecraft.commands._terminal import (
    Bar,
    Steps,
    closed_words,
    look_with_bar,
    print_built,
    print_report,
    print_table,
    print_turned,
    say,
    terminal_width,
    texts,
    write_table,
    written,
)
from stagecraft.errors import StagecraftError, VenueError, nearest

if TYPE_CHECKING:
    from stagecraft.session import Session


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="stagecraft")
def cli() -> None:
    """Venue layout and production design: one readable file gives solids, sightlines, drawings, seats and kit.

    \b
    Exit codes: 0 clean · 1 findings of severity error
                2 the file cannot be understood · 3 something is missing
    """


@cli.command(short_help="Write everything: report, drawings, seats, kit, pictures, model.")
@VENUE
@out_option("build/<name> here (build/<name>-<set-up> for one set-up)")
@click.option("--setup", metavar="NAME", help="One set-up only; all of them where not given.")
@click.option("--pictures/--no-pictures", default=True, help="Follow rays for the two pictures too.")
@click.option("--size", default="1280x720", metavar="WxH", help="Size of the pictures.")
def build(venue: Path, out: Path | None, setup: str | None, pictures: bool, size: str) -> None:
    """Write everything: report, drawings, seats, kit, pictures and a 3D model."""
    from time import perf_counter

    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    began = perf_counter()
    with Steps(console) as steps:
        steps("Load")
        from stagecraft.publish import folder_name, publish, slug
        from stagecraft.venue.load import load

        read = load(venue)
        folder = out or Path("build") / "-".join((folder_name(venue), *([slug(setup)] if setup else ())))
        done = publish(read, folder, setup, pictures, picture_size(size), step=steps)
    for report in done.reports.values():
        click.echo()
        print_report(report)
    click.echo(f"\n{read.name}: {len(done.files)} files in {done.folder}, {perf_counter() - began:.1f} s")
    print_built(done)
    for name, closed in done.closures.items():
        click.echo(f"{f'{name}: ' if len(done.closures) > 1 else ''}the count closes: {closed_words(closed)}")
    if done.removed:
        click.echo(f"removed, as this build does not make them: {written(done.removed)}")
    for name, why in done.left_out.items():
        click.echo(f"not written: {name}: {why}")
    for name, words in done.faults.items():
        click.echo(f"lint: {name}: {words}")
    for name in done.kept:
        click.echo(f"kept: {name} was changed by hand since the last build")
    sys.exit(FINDINGS if done.failed else OK)


@cli.command()
@VENUE
@SETUP
@CUE
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.option("--watch", is_flag=True, help="Answer again after each save, until Ctrl-C.")
def check(venue: Path, setup: str | None, cue: str | None, as_json: bool, watch: bool) -> None:
    """Check the venue against its rules and say what fails."""
    if watch and as_json:
        raise VenueError("--watch is for people: leave --json out")
    if watch:
        sys.exit(_watch(venue, setup, cue))
    session = session_of(venue, setup, cue)
    look_with_bar(session)
    report = session.report
    if as_json:
        import json

        from stagecraft.export.json import plain

        click.echo(json.dumps(plain(report), ensure_ascii=False, indent=1))
    else:
        print_report(report)
    sys.exit(FINDINGS if report.failed else OK)


@cli.command(short_help="Say what each row sees, or list it seat by seat.")
@VENUE
@SETUP
@CUE
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
    type=Count(1, 10_000),
    metavar="N",
    help="In lists the probability that a seat sees, over N houses of people of drawn sizes.",
)
@click.option("--seed", type=Count(0), metavar="N", help="Of the drawn people; 0 where not given.")
@click.option(
    "--least",
    metavar="SHARE",
    help="Of a target, that counts as seen: 50% or 0.5; a side view's in the rules where not given.",
)
@click.option("--section", is_flag=True, help="A section with sightlines and C-values instead of a map.")
@out_option(
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
        check_suffix(
            out, (*TABLES, *SHEETS) if seat is None else TABLES, "sightlines are" if seat is None else "one seat is"
        )
    if seat is not None and (target or section or draws or what != "c"):
        raise VenueError("--seat says all about one seat: leave --target, --what, --section and --chance out")
    if section and (out is None or out.suffix.lower().removeprefix(".") not in SHEETS):
        raise VenueError("--section is a drawing: say where it goes, as -o section.pdf")
    if section and what != "c":
        raise VenueError(f"--what {what} is a map: leave --section out")
    if what != "c" and (out is None or out.suffix.lower().removeprefix(".") not in SHEETS):
        raise VenueError(f"--what {what} is a map: say where it goes, as -o seen.pdf")
    if draws is None and (seed is not None or least is not None):
        raise VenueError("--seed and --least belong to --chance: say how many houses to draw, as --chance 200")
    if draws is not None and out is not None and out.suffix.lower().removeprefix(".") in SHEETS:
        raise VenueError("--chance is for lists: leave it out, or write the seats as .csv or .xlsx")
    enough = None if least is None else share_of(least, "--least")
    session = session_of(venue, setup, cue)
    if seat is not None:
        from stagecraft.render.camera import find_seat

        look_with_bar(session)
        about = seat_views(session.scene, session.views, find_seat(session.scene, seat), session.bands)
        if out is None:
            print_turned(about)
        else:
            write_table(about, out)
        return

    _say_nothing(session)

    def chances(table: Any) -> Any:
        return table if draws is None else _chances(session, table, target, draws, seed or 0, enough)

    if not section and (what != "c" or out is None or out.suffix.lower().removeprefix(".") not in SHEETS):
        look_with_bar(session)
    if out is None:
        print_table(chances(views_by_row(session.scene, session.views, target)), narrow=True)
        for table in (
            seen_by_row(session.scene, session.views, target, session.bands.reach),
            viewers_see(session.scene, session.views, target, session.bands.reach),
        ):  # fmt: skip
            if len(table) and table.columns[2:]:
                click.echo()
                print_table(table, narrow=True)
        click.echo("\n-o sightlines.csv writes the list of every seat, -o sightlines.pdf the heat map")
    elif section:
        from stagecraft.drawing.section import section as cut
        from stagecraft.export.write import write

        drawn = cut(session.scene, scale=None, views=session.views, target=target, full=True)
        click.echo(f"{len(session.scene.seats)} seats: {write(drawn, out)}")
    elif out.suffix.lower().removeprefix(".") in SHEETS:
        from stagecraft.checks import ruleset
        from stagecraft.drawing.heatmap import heat_map
        from stagecraft.export.write import write

        rules = session.venue.rules if session.venue is not None else ()
        sets = ruleset.chosen(rules, session.scene.about.folder)
        bands = ruleset.c_bands(sets) if what == "c" else ruleset.view_bands(sets)
        drawn = heat_map(session.scene, session.views, target, bands=bands, what=what)
        click.echo(f"{len(session.scene.seats)} seats: {write(drawn, out)}")
    else:
        write_table(chances(view_list(session.scene, session.views, target, session.bands)), out)


def _say_nothing(session: Session) -> None:
    """A word about what leaves a list of views empty."""
    from stagecraft.analysis.seen import MATTERS

    if not len(session.scene.seats):
        say("there are no seats to see from")
    elif not any(target.role in MATTERS for target in session.views.targets.values()):
        say("nothing to be seen is named: a target, a presenter or a screen")


def _chances(session: Session, table: Any, target: str | None, draws: int, seed: int, least: float | None) -> Any:
    """A table of sightlines with the probability that a seat sees."""
    from stagecraft.analysis.chance import chance
    from stagecraft.schedules.chance import with_chance

    if least is None:
        least = session.bands.get("side")
    if least is None:
        raise VenueError("the rules have no bands of view: say with --least which share of a target counts as seen")
    with Bar("drawing people") as bar:
        drawn = chance(session.scene, least, draws, seed, progress=lambda part: bar(round(part * draws), draws))
    return with_chance(table, session.scene, drawn, target)


@cli.command(short_help="List the exits: width, capacity, whose nearest they are.")
@VENUE
@SETUP
@CUE
@out_option("the terminal", "The list as .csv, .xlsx, .json or .md")
def exits(venue: Path, setup: str | None, cue: str | None, out: Path | None) -> None:
    """List the exits: clear width, whom each carries by the rules, for how many it is the nearest, and how far they have."""
    from stagecraft.schedules.exits import exit_capacity

    if out is not None:
        check_suffix(out, TABLES, "the list is")
    session = session_of(venue, setup, cue)
    table = exit_capacity(session.scene, session.exit_capacities)
    if out is None:
        print_table(table)
    else:
        write_table(table, out)


@cli.command()
@VENUE
@SETUP
@click.option("--all", "over_all", is_flag=True, help="The most of every item over all set-ups.")
@out_option("the terminal", "The list as .csv, .xlsx, .json or .md")
def kit(venue: Path, setup: str | None, over_all: bool, out: Path | None) -> None:
    """List the kit by department."""
    from stagecraft.schedules.kit import kit_list, kit_over

    if over_all and setup is not None:
        raise VenueError("--all looks at every set-up: leave --setup out")
    if out is not None:
        check_suffix(out, TABLES, "the kit is")
    session = session_of(venue, setup, None)
    if over_all and session.venue is not None and session.venue.setups:
        table = kit_over(session.at(name).scene for name in session.venue.setups)
    else:
        table = kit_list(session.scene)
    if out is None:
        print_table(table)
    else:
        write_table(table, out)


@cli.command()
@VENUE
@SETUP
@CUE
@click.option("--camera", default="overview", metavar="NAME", help="overview, front, plan or a camera of the file.")
@click.option("--from", "seat", metavar="SEAT", help='View from a seat: "L C12" is block L, row C, seat 12.')
@click.option(
    "--look",
    type=click.Choice(["work", "show", "views"]),
    help="Work light or show light (show from a seat), or seats in the colours of their views past fixed things.",
)
@click.option("--size", default="1280x720", metavar="WxH")
@click.option("--samples", type=click.IntRange(1, 256), default=4, help="Rays a pixel; more is smoother.")
@out_option("picture.png")
def picture(
    venue: Path, setup: str | None, cue: str | None, camera: str, seat: str | None, look: str | None, size: str,
    samples: int, out: Path | None,
) -> None:  # fmt: skip
    """Make a picture; needs no OpenGL."""
    from stagecraft.render.picture import keyed, still, write_png

    target = out or Path("picture.png")
    if target.suffix.lower() != ".png":
        raise VenueError(f"a picture is written as .png, not as '{target.suffix or target.name}'")
    width_height = picture_size(size)
    session = session_of(venue, setup, cue)
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
@VENUE
@SETUP
@CUE
def show(venue: Path, setup: str | None, cue: str | None) -> None:
    """Open a window to look around in; it follows the file as it is saved."""
    from stagecraft.render.viewer import show as window

    window(session_of(venue, setup, cue))


@cli.command(short_help="Say what changed between two venue files.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@SETUP
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
def diff(old: Path, new: Path, setup: str | None, as_json: bool) -> None:
    """Say what changed between two venue files: seats, findings, kit, C-values, seats that see less past fixed things."""
    import json

    from stagecraft.diff import diff as compare
    from stagecraft.diff import diff_json, diff_text

    a, b = session_of(old, setup, None), session_of(new, setup, None)
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
    from stagecraft.venue.reference import HOUSE, contents, element_text, fields_of, house_text

    if what is None:
        click.echo(contents())
        return
    kind = what.strip().casefold().replace(" ", "_").replace("-", "_")
    if kind in ELEMENTS:
        click.echo(element_text(kind, terminal_width()))
        return
    if kind in HOUSE:
        click.echo(house_text(kind, terminal_width()))
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
        click.echo(item_text(found[0], terminal_width()))
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
            *texts(
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
@out_option("the terminal")
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
                print_report(answer.report)
            else:
                click.echo(answer.problem)
            click.echo(f"\n{venue}: {answer.seconds:.2f} s; watching, Ctrl-C ends")
            code = answer.exit_code
    except KeyboardInterrupt:
        click.echo()
    return code


for command in (
    drawings.draw,
    lint.lint,
    places.seats,
    places.seat_guests,
    design.design,
    design.place,
    design.fill,
    design.capacity,
):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; the user's mistakes become one message and an exit code, ours a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    warnings.showwarning = say
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
