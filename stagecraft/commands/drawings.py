"""The drawing set: all of it or some of its sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stagecraft.commands._options import CUE, SETUP, SHEETS, VENUE, check_suffix, out_option, session_of
from stagecraft.commands._terminal import Steps, print_table
from stagecraft.errors import VenueError

if TYPE_CHECKING:
    from stagecraft.drawing.layers import Profile
    from stagecraft.drawing.marks import Book
    from stagecraft.export.cnc import Version
    from stagecraft.session import Session

CNC = ("R2000", "R2010", "R12")
PAPERS = ("A4", "A3", "A2", "A1", "A0")


@click.command(short_help="Draw the set of sheets, or some of them.")
@VENUE
@click.argument("keys", metavar="[SHEET]...", nargs=-1)
@SETUP
@CUE
@click.option("--list", "listed", is_flag=True, help="Only list the sheets, with their names here.")
@click.option(
    "--size",
    type=click.Choice(PAPERS, case_sensitive=False),
    help="Paper of every sheet; a larger one where it is too small.",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The venue file of an earlier issue: what changed is clouded.",
)
@click.option("--layers", metavar="NAME|FILE", help="CAD layers as abtt, ncs, iso13567 or a CSV file names them.")
@click.option(
    "--cnc",
    type=click.Choice(CNC, case_sensitive=False),
    default="R2000",
    show_default=True,
    help="Version of the DXF files for the router.",
)
@click.option(
    "--cnc-layers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A CSV with the shop's own names of their layers.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    metavar="FILE.dxf",
    help="Only the solids, as a 3D DXF: polyface meshes in blocks.",
)
@out_option("the folder drawings")
def draw(
    venue: Path, keys: tuple[str, ...], setup: str | None, cue: str | None, listed: bool, size: str | None,
    since: Path | None, layers: str | None, cnc: Any, cnc_layers: Path | None, model: Path | None, out: Path | None,
) -> None:  # fmt: skip
    """Draw the set: plans, sections, elevation, layouts, each as DXF, together as one PDF, with their register.

    Name sheets to draw these alone, as: draw venue.yaml seating rigging. With -o a .pdf or .dxf holds the sheets, an .svg or
    .png one sheet; any other name is a folder.
    """
    from stagecraft.issue import book_of, layers_of, sheet_list

    target = out or Path("drawings")
    single = bool(target.suffix) and not target.is_dir()
    if single:
        check_suffix(target, SHEETS, "sheets are")
    session = session_of(venue, setup, cue)
    if model is not None:
        _model(session, model, layers_of(session, layers))
        return
    if listed:
        print_table(sheet_list(session, since))
        return
    profile = layers_of(session, layers)
    from rich.console import Console

    with Steps(Console(highlight=False, soft_wrap=True)) as steps:
        book = book_of(session, keys, (size or "auto").upper() if size else "auto", since, steps, layers)
    if single:
        _one_file(book, target, profile)
    else:
        _folder(book, session, target, profile, None if keys else (cnc.upper(), cnc_layers or ""))


def _model(session: Session, target: Path, layers: Profile) -> None:
    from stagecraft.export.write import write

    check_suffix(target, ("dxf",), "the solids are")
    parts = sum(part.count for part in session.scene.parts)
    click.echo(f"{parts} solids: {write(session.scene, target, profile=layers)}")


def _one_file(book: Book, target: Path, layers: Profile) -> None:
    from stagecraft.export.write import write

    if target.suffix.lower() in (".svg", ".png"):
        if len(book.sheets) != 1:
            keys = ", ".join(sheet.key for sheet in book.sheets)
            raise VenueError(f"'{target.name}' holds one sheet: name one of {keys}, before -o")
        write(book.sheets[0], target)
    elif target.suffix.lower() == ".dxf":
        write(book, target, profile=layers)
    else:
        write(book, target)
    click.echo(f"{len(book.sheets)} sheet(s): {target}")


def _folder(
    book: Book, session: Session, target: Path, layers: Profile, workshop: tuple[Version, Path | str] | None
) -> None:
    """The sheets with their register. A whole set has what the workshop cuts from too, and takes the place of an earlier one:
    its files that are not made any more are removed.

    workshop : version and layer names of the router's files; of some sheets only, None
    """
    from stagecraft.commands._terminal import written
    from stagecraft.export import manifest
    from stagecraft.export.outgoing import outgoing
    from stagecraft.issue import file_name, write_set, write_workshop

    with outgoing(target) as out:
        write_set(book, session, out, layers, folder="")
        if workshop:
            write_workshop(session, out, "", *workshop)
        last = manifest.begin(target) if workshop else None
        out.move()
        done = manifest.finish(last, [target / name for name in out.names], session.scene.about) if last else None
    sheets = {f"{file_name(sheet)}.dxf" for sheet in book.sheets}
    rest = written(name for name in out.names if name not in sheets)
    click.echo(f"{len(book.sheets)} sheet(s) in {target}, each as DXF; {rest}")
    for name, words in out.faults.items():
        click.echo(f"lint: {name}: {words}")
    if done and done.removed:
        click.echo(f"removed, as this set does not have them: {written(done.removed)}")
    for name in done.kept if done else ():
        click.echo(f"kept: {name} was changed by hand since it was drawn")
