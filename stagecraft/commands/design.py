"""Finding numbers: risers, heights, where an object costs least, as many places as the rules allow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from stagecraft.commands._options import (
    FINDINGS,
    OK,
    SETUP,
    SHEETS,
    TABLES,
    VENUE,
    area_of,
    check_suffix,
    length_of,
    names,
    out_option,
    share_of,
)
from stagecraft.commands._terminal import Bar, print_table, write_table
from stagecraft.errors import VenueError


@click.group(short_help="Find risers, and the height of a screen or a stage.")
def design() -> None:
    """Find numbers: risers of a rake, the height of a screen or a stage. --write puts them into the file."""


_C = click.option("--c", "c", metavar="LENGTH", help="C-value; what the rules ask for where not given.")
_INTO = click.option("--write", "into", is_flag=True, help="Put it into the venue file; the old one stays as .bak.")


@design.command(short_help="Least risers with which every row sees.")
@VENUE
@click.argument("element")
@SETUP
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
    aim: Any = [length_of("--focus", size) for size in point] if point else focus
    limits = tuple((length_of("--no-riser", low), length_of("--no-riser", high)) for low, high in no_riser)
    if max_riser is not None:
        limits = (*limits, (length_of("--max-riser", max_riser), float("inf")))
    done = solve(load(venue), element, length_of("--c", c), aim, length_of("--step", step), limits,
                 length_of("--height", height), setup)  # fmt: skip
    print_table(done.table())
    rise, show = units.length(float(done.levels[-1] - done.levels[0]), done.venue.units, 3), done.venue.units
    click.echo(f"{len(done.rows)} rows rise {rise} for a C-value of {units.small(done.c, show)} to {done.focus}")
    _designed(venue, done, into)
    sys.exit(FINDINGS if done.short else OK)


_SHARE = click.option("--share", metavar="SHARE", default="100%", show_default=True, help="Of the seats: 95% or 0.95.")


@design.command(short_help="Lowest screen that a share of the seats sees.")
@VENUE
@click.argument("element")
@SETUP
@_C
@_SHARE
@_INTO
def screen(venue: Path, element: str, setup: str | None, c: str | None, share: str, into: bool) -> None:
    """Find the lowest edge of a screen or LED wall that a share of the seats sees over the heads in front."""
    from stagecraft.design.screen import lowest_screen
    from stagecraft.venue.load import load

    done = lowest_screen(load(venue), element, share_of(share), length_of("--c", c), setup)
    _print_lowered(venue, done, "lower edge", into)


@design.command(short_help="Lowest stage for its presenter to be seen.")
@VENUE
@click.argument("element")
@SETUP
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

    done = lowest_stage(load(venue), element, presenter, share_of(share), length_of("--c", c), setup)
    _print_lowered(venue, done, "deck", into)


@click.command(short_help="Say what an object costs in seats, and where it costs least.")
@click.argument("element")
@click.argument("venue", type=click.Path(path_type=Path), required=False)
@SETUP
@click.option("--within", metavar="RANGES", help='Where it may stand: "x=-6..6, y=-20..-12"; z (trim) and turn too.')
@click.option("--step", metavar="STEP", help='Of the grid: "0.5", "x=1, y=2 ft, turn=30"; 0.5 m where not given.')
@out_option(
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
        check_suffix(out, (*TABLES, *SHEETS), "what it costs is")
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
        print_table(found.summary())
        click.echo(found.sentence)
        if out is not None:
            _write_cost(found.drawing, found.table, out)
        return
    grid, size, read = ranges(within), steps(step or "0.5 m"), load(path)
    with Bar() as bar:
        done = solve(read, element, grid, size, setup, progress=bar)
    print_table(done.table())
    click.echo(done.sentence)
    for finding in done.findings:
        click.echo(f"new there: {finding.code} {finding.name}: {finding.message}")
    if out is not None:
        _write_cost(done.drawing, done.grid, out)
    if done.better:
        _designed(path, done, into)


_STYLES = ("theatre", "classroom", "cabaret", "banquet", "reception", "boardroom", "u_shape", "hollow_square")


@click.command(short_help="Put as many places into a room as the rules allow.")
@VENUE
@click.option("--style", metavar="STYLE", help=f"{', '.join(_STYLES)}.")
@click.option("--within", metavar="ROOM", help="The room; the one there is where not given.")
@SETUP
@click.option("--rules", "sets", metavar="SETS", help="Rule sets, with commas; those of the venue where not given.")
@click.option("--width", metavar="LENGTH", help="From seat to seat; 500 mm, or what is asked where not given.")
@click.option("--pitch", metavar="LENGTH", help="From row to row; the least that is allowed where not given.")
@click.option("--front", metavar="LENGTH", help="From the stage to the front row; the least where not given.")
@click.option("--replace", is_flag=True, help="Leave out all other places that stand in this set-up.")
@out_option("no drawing", "A plan of it: .pdf, .svg, .dxf or .png")
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
        check_suffix(out, SHEETS, "a plan is")
    if style is None:
        raise VenueError(f"--style: which one? {', '.join(_STYLES)}")
    style = style.lower().replace("-", "_")
    if style != "theatre" and (width or pitch) is not None:
        raise VenueError(
            f"--{'width' if width else 'pitch'} belongs to rows of chairs: leave it out, or say --style theatre"
        )
    given = Given(length_of("--width", width), length_of("--pitch", pitch), length_of("--front", front))
    done = solve(load(venue), style, within, names(sets), setup, replace, given)
    print_table(done.table())
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


@click.command(short_help="How many places a room takes, in every style.")
@VENUE
@SETUP
@click.option("--rules", "sets", metavar="SETS", help="Rule sets, with commas; those of the venue where not given.")
@click.option("--area", metavar="M2", help="Floor area that the house publishes, held against the drawing. [m²]")
@out_option("a table in the terminal", "The chart (.csv, .xlsx, .json, .md)")
def capacity(venue: Path, setup: str | None, sets: str | None, area: str | None, out: Path | None) -> None:
    """Print the capacity chart of a room: the most places of every style, and how many with a stage and FOH.

    What stands there besides the house itself is left out. Of several rooms each is a line.
    """
    from dataclasses import replace

    from stagecraft.design.capacity import capacity_chart
    from stagecraft.venue.load import load

    if out is not None:
        check_suffix(out, TABLES, "the chart is")
    read = load(venue)
    stated: dict[str, float] = {}
    if area is not None:
        rooms = [element.id for element in read.elements if element.type == "room"]
        if len(rooms) != 1:
            raise VenueError(f"--area is that of one room; there are {len(rooms)}")
        stated = {rooms[0]: area_of("--area", area)}
    table = capacity_chart(read, names(sets), setup, stated)
    if out is not None:
        write_table(table, out)
        return
    kept = tuple(
        column for column in table.columns if column.key not in ("room", "size", "area") or "style" not in table.values
    )
    if kept != table.columns:
        room, size, floor = (table.values[key][0] for key in ("room", "size", "area"))
        table = replace(
            table, columns=kept, name=f"Capacity of {room}, {size}, {floor:.0f} {'m²' if read.units == 'm' else 'ft²'}"
        )
    print_table(table)


def _write_cost(drawing: Callable[[], Any], table: Callable[[], Any], out: Path) -> None:
    from stagecraft.export.write import write

    if out.suffix.lower().removeprefix(".") in SHEETS:
        click.echo(str(write(drawing(), out)))
    else:
        write_table(table(), out)


def _print_lowered(venue: Path, done: Any, what: str, into: bool) -> None:
    from stagecraft import units

    show = done.venue.units
    print_table(done.table())
    click.echo(
        f"{what} at {units.length(done.bottom, show, 3)}, now {units.length(done.was, show, 3)}: {100 * done.share:.1f} % of "
        f"{done.seats} seats see {done.target} with a C-value of {units.small(done.c, show)}"
    )
    _designed(venue, done, into)


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
