"""Everything that leaves the house for one venue: papers, tables, pictures and a model, in one folder."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stagecraft.checks.finding import Report
from stagecraft.drawing.marks import Book, Drawing, Insert
from stagecraft.errors import VenueError
from stagecraft.export import manifest
from stagecraft.export.outgoing import Outgoing, outgoing
from stagecraft.export.write import write
from stagecraft.geometry.frame import Floats
from stagecraft.issue import book_of, layers_of, plan_of, write_set, write_workshop
from stagecraft.scene import Scene, Space, Target
from stagecraft.schedules.closure import Closure, closure
from stagecraft.schedules.exits import exit_capacity
from stagecraft.schedules.kit import change_over, kit_list, kit_over
from stagecraft.schedules.picks import picks
from stagecraft.schedules.row_signs import row_signs
from stagecraft.schedules.seats import capacity, seat_list
from stagecraft.schedules.table import Table
from stagecraft.schedules.tables import table_plan
from stagecraft.session import Session
from stagecraft.venue.document import Venue

if TYPE_CHECKING:
    from stagecraft.export.seatmap import SeatMap

Step = Callable[[str], None]

SOME = 80
"""So many seats round the middle of the house are tried for the picture from a seat …"""
AROUND = 4.0
"""… none farther than this from it; rows count double. [m]"""


@dataclass(frozen=True)
class Published:
    """What was written."""

    folder: Path
    files: tuple[str, ...]
    reports: dict[str, Report]
    """Set-up ("" where there is none) → report."""
    closures: dict[str, Closure]
    removed: tuple[str, ...] = ()
    """Files of an earlier build that are gone."""
    kept: tuple[str, ...] = ()
    """Files of an earlier build that somebody changed since: left alone."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Files that cannot be made → why."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """Files that were made, and what their readers would complain of."""

    @property
    def failed(self) -> bool:
        return any(report.failed for report in self.reports.values())


def publish(
    venue: Venue,
    folder: str | Path,
    setup: str | None = None,
    pictures: bool = True,
    size: tuple[int, int] = (1280, 720),
    samples: int = 4,
    step: Step = lambda name: None,
) -> Published:
    """Write every paper of a venue to a folder; with set-ups, each has a folder of its own within.

    step : called with the name of each step as it begins

    Nothing is written unless everything can be. Raises VenueError, MissingError.
    """
    folder = Path(folder)
    names = [setup] if setup else list(venue.setups) or [""]
    inside = "" if setup or len(names) == 1 else "/"
    sessions = {}
    for name in names:
        step(f"Build {name}".strip())
        session = Session(venue, setup=name or None)
        _ = session.scene
        sessions[name] = session
    reports, closures = {}, {}
    with outgoing(folder) as out:
        for name, session in sessions.items():
            prefix = f"{name}{inside}" if inside else ""
            reports[name], closures[name] = _papers(session, out, prefix, pictures, size, samples, step)
        if len(sessions) > 1:
            scenes = [session.scene for session in sessions.values()]
            step("Kit over all set-ups")
            _table(kit_over(scenes), out, "kit")
            for (before, a), (after, b) in zip(list(sessions.items()), list(sessions.items())[1:]):
                _table(change_over(a.scene, b.scene), out, f"change-over-{before}-to-{after}")
        step("Move into place")
        last = manifest.begin(folder)
        out.move()
        about = next(iter(sessions.values())).scene.about
        finished = manifest.finish(last, [folder / name for name in out.names], about)
    made = (*out.names, "manifest.json")
    return Published(folder, made, reports, closures, finished.removed, finished.kept, out.left_out, out.faults)


def _papers(
    session: Session, out: Outgoing, prefix: str, pictures: bool, size: tuple[int, int], samples: int, step: Step
) -> tuple[Report, Closure]:
    from stagecraft.export.glb import write_glb

    scene = session.scene
    of = f" {session.setup}" if prefix and session.setup else ""
    step(f"Check{of}")
    report = session.report
    write(report, out.path(f"{prefix}report.md"))
    write(report, out.path(f"{prefix}report.json"))
    step(f"Seats and kit{of}")
    seats, kit = seat_list(scene, session.views, session.bands), kit_list(scene)
    ways_out = exit_capacity(scene, session.exit_capacities)
    tables = {"seats": seats, "capacity": capacity(scene), "kit": kit, "picks": picks(scene), "exits": ways_out}
    for name, table in tables.items():
        if name not in ("picks", "exits") or len(table):
            _table(table, out, f"{prefix}{name}")
    if len(scene.seats) or any(space.use == "standing" for space in scene.of(Space)):
        step(f"Registration and ticketing{of}")
        _ticketing(session, out, prefix)
    step(f"Draw{of}")
    book = book_of(session)
    write_set(book, session, out, layers_of(session), prefix)
    write_workshop(session, out, prefix)
    closed = closure(scene, seat_inserts(plan_of(book, scene)), len(seats), kit)
    step(f"3D model{of}")
    write_glb(scene, out.path(f"{prefix}scene.glb"))
    if pictures:
        from stagecraft.render.picture import still, write_png

        step(f"Picture: overview{of}")
        write_png(still(scene, "overview", size=size, samples=samples), out.path(f"{prefix}overview.png"))
        if seat := good_seat(scene):
            step(f"Picture: from a seat{of}")
            write_png(still(scene, seat=seat, size=size, samples=samples, look="show"), out.path(f"{prefix}seat.png"))
    return report, closed


def _ticketing(session: Session, out: Outgoing, prefix: str) -> None:
    """What registration and ticketing import, and the signs that guests follow."""
    from stagecraft.export.pretix import pretix, pretix_problems, save_plan

    plan, name = pretix(session.scene), f"{prefix}seats.pretix.json"
    if wrong := pretix_problems(plan):
        out.left_out[name] = f"{wrong[0].path}: {wrong[0].message}" + (
            f" (and {len(wrong) - 1} more)" * (len(wrong) > 1)
        )
    else:
        save_plan(plan, out.path(name))
    forms = {"map": "seatmap.svg", "house": "house.csv"} if len(session.scene.seats) else {"map": "seatmap.svg"}
    if len(row_signs(session.scene)):
        forms["signs"] = "row-signs.pdf"
    for form, file in forms.items():
        write(ticketing_paper(session, form), out.path(f"{prefix}{file}"))
    if len(listed := table_plan(session.scene)):
        _table(listed, out, f"{prefix}tables")
        try:
            drawn = ticketing_paper(session, "tables", drawn=True)
        except VenueError as error:
            out.left_out[f"{prefix}tables.pdf"] = str(error)
        else:
            write(drawn, out.path(f"{prefix}tables.pdf"))


def ticketing_paper(session: Session, form: str, drawn: bool = False) -> SeatMap | Table | Book | Drawing:
    """A paper for registration, ticketing and ushers: `map`, `house` (the manifest), `signs`, `plan` or `tables`.

    drawn : the table plan as a drawing, on the smallest paper from A3 on that takes it; a list where not
    """
    from stagecraft.analysis.restricted import restricted
    from stagecraft.drawing.seat_marks import seating_plan
    from stagecraft.export.row_signs import row_sign_book
    from stagecraft.export.seatmap import SeatMap
    from stagecraft.schedules.house import house_list

    scene = session.scene
    if form == "tables":
        return _table_plan(scene) if drawn else table_plan(scene)
    if form == "plan":
        return seating_plan(scene)
    if form == "signs":
        return row_sign_book(row_signs(scene))
    bands = list(session.bands)
    seen = restricted(scene, session.views, session.bands)
    return SeatMap(scene, seen, bands) if form == "map" else house_list(scene, seen, bands[0] if bands else "")


def _table_plan(scene: Scene) -> Drawing:
    from stagecraft.drawing.table_plan import table_plan_drawing

    for paper in ("A3", "A2", "A1"):
        try:
            return table_plan_drawing(scene, paper)
        except VenueError:
            continue
    return table_plan_drawing(scene, "A0")


def _table(table: Table, out: Outgoing, name: str) -> None:
    """For other programs and for people."""
    write(table, out.path(f"{name}.csv"))
    write(table, out.path(f"{name}.xlsx"))


def seat_inserts(plan: Drawing) -> Counter[str]:
    """How often each seat symbol stands on the plan."""
    return Counter(m.symbol for m in plan.marks if isinstance(m, Insert) and m.symbol.startswith("SEAT-"))


def good_seat(scene: Scene) -> str | None:
    """Permanent id of a seat two fifths of the way back, near the middle: where a client would like to look from.

    Of the seats round there, the one that sees most of the person on the stage over and between the heads in front.
    """
    import numpy as np

    seats = scene.seats
    chairs = seats.where((seats.place != "wheelchair") & (seats.status != "kill"))
    if not len(chairs):
        return None
    middle, back = np.median(chairs.at[:, 0]), np.quantile(chairs.at[:, 1], 0.6)
    off = np.hypot(chairs.at[:, 0] - middle - 1.0, (chairs.at[:, 1] - back) * 2)
    person = next((target for target in scene.of(Target) if target.role == "person"), None)
    if person is None:
        return str(chairs.ids[int(np.argmin(off))])
    near = np.argsort(off, kind="stable")[:SOME]
    near = near[off[near] < AROUND]
    if not len(near):
        near = np.argsort(off, kind="stable")[:1]
    head = person.points[int(np.argmax(person.points[:, 2]))]
    seen = _seen_of_person(scene, chairs.eyes[near], head)
    return str(chairs.ids[near[int(np.argmax(seen - 0.03 * off[near]))]])


def _seen_of_person(scene: Scene, eyes: Floats, head: Floats) -> Floats:
    """(n,) how much of a standing person each eye sees, the head counting most: 0 nothing, 1 all."""
    import numpy as np

    from stagecraft.geometry.rays import Rays
    from stagecraft.render.ray import placed
    from stagecraft.render.scene_description import describe

    seats = scene.seats
    others = seats.eyes[seats.status != "kill"]
    things = Rays(np.concatenate([placed(one) for one in describe(scene).instances]))
    total = np.zeros(len(eyes))
    for share, drop in ((0.5, 0.0), (0.3, 0.5), (0.2, 1.0)):
        way = head - [0.0, 0.0, drop] - eyes
        length = np.linalg.norm(way, axis=1, keepdims=True)
        way = way / np.maximum(length, 1e-9)
        free = ~things.blocked(eyes + 0.3 * way, eyes + np.maximum(length - 0.6, 0.35) * way)
        for low, radius in ((0.0, 0.17), (0.33, 0.25)):  # a head, and the shoulders under it
            off = others[None] - [0.0, 0.0, low] - eyes[:, None]
            along = (off * way[:, None]).sum(axis=2)
            aside = np.linalg.norm(off - along[..., None] * way[:, None], axis=2)
            free &= ~((along > 0.3) & (along < length - 0.3) & (aside < radius)).any(axis=1)
        total += share * free
    return total


def folder_name(path: Path) -> str:
    """Name of the output folder for a venue file: its folder's, when it is called venue.yaml; else its own."""
    name = path.resolve().parent.name if path.stem == "venue" else path.stem
    return slug(name) or "venue"


def slug(text: str) -> str:
    """A file name that every system takes: letters of any script, digits, - and _."""
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[^\w\-]+", "-", text).strip("-_.")[:80]
