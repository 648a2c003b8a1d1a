"""An issue of drawings: the set of one state of a venue, and its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stagecraft.errors import Problem, VenueError
from stagecraft.export.write import write
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table, about

if TYPE_CHECKING:
    from stagecraft.drawing.draft import Job
    from stagecraft.drawing.layers import Profile
    from stagecraft.drawing.marks import Book, Drawing, Sheet
    from stagecraft.export.cnc import Version
    from stagecraft.export.outgoing import Outgoing
    from stagecraft.session import Session

Step = Callable[[str], None]
TOGETHER = "drawings.pdf"
"""Every sheet, with bookmarks."""
REGISTER = "register"


def job_of(session: Session, since: Path | None = None, layers: str | None = None) -> Job:
    """What the sheets of a session are drawn from.

    since : file of an earlier issue to compare with; the last revision's own where it names one
    layers : names of CAD layers, instead of those of the venue file
    """
    from stagecraft.drawing.draft import Job

    return Job(
        session.scene, lambda: session.views, session.bands, session.exit_capacities, _before(session, since), _follows(session),
        layers_of(session, layers),
    )  # fmt: skip


def _before(session: Session, since: Path | None) -> tuple[str, Scene] | None:
    """The scene as it was issued before, and what that issue is called."""
    if since is not None:
        was = _issued(session, since)
        return was.about.rev or since.stem, was
    named = [one for one in session.venue.revisions if one.file] if session.venue is not None else []
    if not named:
        return None
    return named[-1].rev, _issued(session, (session.scene.about.folder or Path()) / named[-1].file)


def _issued(session: Session, path: Path) -> Scene:
    """The scene of a venue file as it was issued, in the session's set-up where it had that."""
    from stagecraft.build import build
    from stagecraft.venue.load import earlier

    venue = earlier(path, session.venue)
    return build(venue, session.setup if session.setup in venue.setups else None)


def _follows(session: Session) -> tuple[str, Scene] | None:
    """The set-up that stands before this one, in the order of the file, and its scene."""
    if session.venue is None or session.cue is not None:
        return None
    names = list(session.venue.setups)
    mine = session.scene.about.setup
    if mine not in names or names.index(mine) == 0:
        return None
    before = names[names.index(mine) - 1]
    return before, session.at(before).scene


def book_of(
    session: Session,
    only: Sequence[str] = (),
    size: str = "auto",
    since: Path | None = None,
    step: Step = lambda name: None,
    layers: str | None = None,
) -> Book:
    """The drawing set of a session, or some of its sheets by their keys.

    Raises VenueError for a sheet, view or paper that there is not, with its place in the venue file.
    """
    from stagecraft.drawing.book import compose

    step("Build the scene")
    job = job_of(session, since, layers)
    if not only:  # its sections show sightlines; of some sheets those that do ask for themselves
        step("Look from every seat")
        _ = job.views
    try:
        return compose(job, session.wishes, only, size, step)
    except VenueError as error:
        raise VenueError([_placed(problem, session) for problem in error.problems]) from None


def _placed(problem: Problem, session: Session) -> Problem:
    """A problem with the place in the venue file where the sheet was asked for."""
    if not problem.path.startswith("sheets.") or session.venue is None or problem.line:
        return problem
    return Problem(problem.message, problem.path, *session.venue._source.place(tuple(problem.path.split("."))))


def file_name(sheet: Sheet) -> str:
    """`102-seating`; of a set-up `102-banquet-seating`."""
    return "-".join(part for part in (sheet.number, sheet.key) if part)


def register(book: Book, scene: Scene) -> Table:
    """The drawing register: every sheet with its number, title, scales, paper, revision and file."""
    from stagecraft.drawing.sheet import paper_of, scales_of

    columns = tuple(Column(name, name) for name in ("number", "title", "scale", "size", "rev", "date", "file"))
    values = {
        "number": [sheet.number for sheet in book.sheets],
        "title": [sheet.title for sheet in book.sheets],
        "scale": [scales_of(sheet) for sheet in book.sheets],
        "size": [paper_of(sheet) for sheet in book.sheets],
        "rev": [scene.about.rev] * len(book.sheets),
        "date": [scene.about.date] * len(book.sheets),
        "file": [f"{file_name(sheet)}.dxf" for sheet in book.sheets],
    }
    return Table("Drawing register", columns, values, about=about(scene))


def sheet_list(session: Session, since: Path | None = None) -> Table:
    """Every sheet that applies to a session, by the name that commands and `sheets:` know it by; none is drawn."""
    from stagecraft.drawing.book import drafts
    from stagecraft.drawing.cover import COVER

    found = drafts(job_of(session, since), session.wishes)
    rows = [(COVER, "001", "Cover and drawing register"), *((d.key, d.number, d.title) for d in found.values())]
    columns = (Column("sheet", "sheet"), Column("number", "number"), Column("title", "title"))
    values = {column.key: [row[k] for row in rows] for k, column in enumerate(columns)}
    return Table("Sheets", columns, values, about=about(session.scene))


def plan_of(book: Book, scene: Scene) -> Drawing:
    """The general arrangement plan of a set; made where the set has none."""
    from stagecraft.drawing.plan import plan

    drawn = (view.drawing for sheet in book.sheets for view in sheet.views)
    return next((one for one in drawn if one.name == "plan"), None) or plan(scene)


def layers_of(session: Session, asked: str | None = None) -> Profile:
    """Names of the CAD layers: those asked for, or as the venue file wants them.

    Raises VenueError for a profile that there is not and a table that cannot be understood.
    """
    from stagecraft.drawing.layers import OWN, profile

    if asked is not None or session.venue is None or not session.venue.layers:
        return profile(asked or OWN)
    try:
        return profile(session.venue.layers, session.scene.about.folder)
    except VenueError as error:
        place = session.venue._source.place(("layers",))
        raise VenueError([p if p.line else Problem(p.message, "layers", *place) for p in error.problems]) from None


def write_set(
    book: Book, session: Session, out: Outgoing, layers: Profile, prefix: str = "", folder: str = "drawings/"
) -> None:
    """A set into a folder: one PDF of all sheets, and in the folder beside it a DXF a sheet and the register.

    Every DXF is looked through as a shop would; what it would complain of stands in `out.faults`.
    """
    from stagecraft.export.lint import lint_bytes

    write(book, out.path(f"{prefix}{TOGETHER}"))
    for sheet in book.sheets:
        name = f"{prefix}{folder}{file_name(sheet)}.dxf"
        written = write(sheet, out.path(name), profile=layers)
        if found := lint_bytes(written.read_bytes(), audit=False):
            out.faults[name] = "; ".join(finding.message for finding in found)
    listed = register(book, session.scene)
    for suffix in ("csv", "xlsx"):
        write(listed, out.path(f"{prefix}{folder}{REGISTER}.{suffix}"))


def write_workshop(
    session: Session, out: Outgoing, prefix: str = "", version: Version = "R2000", layers: str | Path = ""
) -> None:
    """What a workshop cuts from, where anything is made: cut list, stock list, and a file for the router a nested sheet.

    version : of the router's files; layers : a table of the shop's own layer names, see `export.cnc.cnc_layers`
    """
    from stagecraft.analysis.making import to_make
    from stagecraft.analysis.nesting import nested
    from stagecraft.export.cnc import cnc_files
    from stagecraft.schedules.cut_list import cut_list, stock_list

    scene = session.scene
    if not to_make(scene):
        return
    laid = nested(scene)
    for name, table in (("cut-list", cut_list(scene, laid.where)), ("stock", stock_list(scene, laid.used))):
        for suffix in ("csv", "xlsx"):
            write(table, out.path(f"{prefix}{name}.{suffix}"))
    for name, data in cnc_files(laid, version, layers).items():
        out.path(f"{prefix}cnc/{name}").write_bytes(data)
