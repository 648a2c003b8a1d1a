"""Venue → Scene: every element placed, mirrored, its seats numbered, and what stands in their way taken out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stagecraft import scene as waist
from stagecraft.analysis.standing import with_free_floor
from stagecraft.analysis.taken import without_taken
from stagecraft.catalogue import Catalogue, Item, UnknownItem
from stagecraft.elements._base import Element, People, Site
from stagecraft.elements._chair import chair, chair_symbol
from stagecraft.elements.seating import MOST_SEATS
from stagecraft.errors import Problem, VenueError
from stagecraft.geometry import frame as frames
from stagecraft.scene import About, Origin, Part, Record, Scene, Screen, SeatRow, Stock, Target
from stagecraft.venue.document import Loc, PlaceRule, Prices, Venue
from stagecraft.venue.files import Files
from stagecraft.venue.numbering import numbered, tagged
from stagecraft.venue.selectors import by_view, placed
from stagecraft.venue.verify import catalogue_of, verified


def build(venue: Venue, setup: str | None = None, cue: str | None = None, catalogue: Catalogue | None = None) -> Scene:
    """What stands in the room, in one set-up (the first by default) and one cue (none by default).

    Raises VenueError with every problem found.
    """
    if wrong := verified(venue):
        raise VenueError(wrong)
    catalogue = catalogue or catalogue_of(venue)
    source = venue._source
    written = {element.id: n for n, element in enumerate(venue.elements)}
    standing, setup_name, cue_name = venue.at(setup, cue)
    files = Files(source.folders or ((source.folder,) if source.folder else (Path(),)))
    finished: dict[str, tuple[Origin, tuple[Record, ...]]] = {}
    items: dict[str, Item] = {}
    stock = _stock(venue)
    problems: list[Problem] = []
    seats = 0
    for element in _in_order(standing, setup_name, written):
        try:
            for built, site in _built(element, standing, catalogue, files, finished, written, stock):
                finished |= built
                items |= site.items
                seats += sum(r.count for _, records in built.values() for r in records if isinstance(r, SeatRow))
            if seats > MOST_SEATS:
                raise VenueError(
                    Problem(f"with it {seats} places stand here; a venue may have {MOST_SEATS}", element.id)
                )
        except VenueError as error:
            problems += [_where(problem, element, written, venue) for problem in error.problems]
            if seats > MOST_SEATS:
                raise VenueError(problems) from None
            finished[element.id] = (Origin(element.type, frames.IDENTITY), ())
            if element.mirror is True:
                finished[f"{element.id}_mirror"] = finished[element.id]
    problems += _blind_feeds(venue, finished) + _weighed_in_vain(standing, finished, setup_name)
    records = _in_file_order(standing, finished)
    rows = [record for record in records if isinstance(record, SeatRow)]
    rows = numbered(rows, venue.numbering, source, problems)
    rules: dict[Loc, PlaceRule] = {("places", n): rule for n, rule in enumerate(venue.places)}
    if setup_name:
        own = venue.setups[setup_name].places
        rules |= {("setups", setup_name, "places", n): rule for n, rule in enumerate(own)}
    if not problems:  # an element that cannot be built has no seats to speak of
        rows = placed(rows, rules, standing.people, source, problems)
        seen = by_view(rows, rules, venue.prices.by_category if venue.prices else {}, source, problems)
    if problems:
        raise VenueError(sorted(problems, key=lambda p: (p.file, p.line, p.column)))
    rows = _priced(_risen(without_taken(rows, records), standing.people), venue.prices)
    others = with_free_floor([record for record in records if not isinstance(record, SeatRow)], rows)
    others = tagged(others, rows)
    for code in {code for row in rows for code in row.item.tolist() if code}:
        items.setdefault(code, catalogue[code])
    return Scene(
        about=_about(venue, standing, setup_name, cue_name),
        elements={id: origin for id, (origin, _) in finished.items()},
        records=(*others, *rows, *_chairs(rows, items)),
        items=dict(sorted(items.items())),
        feeds=dict(venue.feeds),
        weights=dict(standing.weights),
        stature=standing.people.figures,
        currency=venue.prices.currency if venue.prices else "",
        view_rules=seen,
        stock=stock,
        cameras={name: (camera.eye, camera.aim, camera.angle) for name, camera in venue.cameras.items()},
    )


def _in_order(venue: Venue, setup: str, written: Mapping[str, int]) -> list[Element]:
    """Elements so that each comes after those it names."""
    by_id = {element.id: element for element in venue.elements}
    twins = {f"{element.id}_mirror": element.id for element in venue.elements if element.mirror is True}
    problems, out, seen = [], [], set[str]()

    def visit(element: Element) -> None:
        if element.id in seen:
            return
        seen.add(element.id)
        for field, ref in element.named():
            host = by_id.get(twins.get(ref, ref))
            if host is None:
                place = venue._source.place(("elements", written[element.id], *field.split(".")))
                problems.append(Problem(f"'{ref}' does not stand in set-up '{setup}'", f"{element.id}.{field}", *place))
            else:
                visit(host)
        out.append(element)

    for element in venue.elements:
        visit(element)
    if problems:
        raise VenueError(problems)
    return out


def _built(
    element: Element, venue: Venue, catalogue: Catalogue, files: Files,
    finished: Mapping[str, tuple[Origin, tuple[Record, ...]]], written: Mapping[str, int], stock: tuple[Stock, ...],
) -> Any:  # fmt: skip
    """The element's origin and world records, and its twin's."""
    host = finished[element.on or element.hung or ""][0] if element.on or element.hung else None
    base = host.frame if host else frames.IDENTITY
    if host and element.on:
        base = base @ frames.frame((0.0, 0.0, host.top))
    own = element.frame()
    if element.hung:
        own = own.copy()
        own[2, 3] = -own[2, 3]
    site = Site(element, base @ own, catalogue, venue.people, files, finished, stock)
    local = _made(element, site)
    if element.hung:  # its highest point hangs at the drop; what it aims at depends on where that puts it
        own[2, 3] -= _highest(local)
        site = Site(element, base @ own, catalogue, venue.people, files, finished, stock)
        local = _made(element, site)
    top = element.top(site)
    file, line, _ = venue._source.place(("elements", written[element.id]))
    origin = Origin(
        element.type, site.frame, element.on or element.hung or "", bool(element.hung),
        _highest(local) if top is None else top, Path(file).name, line, element.label,
    )  # fmt: skip
    world = tuple(waist.moved(record, site.frame) for record in local)
    if isinstance(element.mirror, str):
        world = tuple(waist.mirrored(record, {element.id: element.id}) for record in world)
        origin = replace(origin, frame=frames.mirrored(origin.frame))
    yield {element.id: (origin, world)}, site
    if element.mirror is True:
        twin = f"{element.id}_mirror"
        records = tuple(waist.mirrored(record, {element.id: twin}) for record in world)
        yield {twin: (replace(origin, frame=frames.mirrored(origin.frame)), records)}, site


def _made(element: Element, site: Site) -> list[Record]:
    try:
        records = list(element.build(site))
    except VenueError:
        raise
    except (ValueError, UnknownItem) as error:
        words = str(error)
        field = words.removeprefix("the ").split(" ")[0].rstrip(":")
        raise VenueError(
            Problem(words, f"{element.id}.{field}" if field in element.model_fields_set else element.id)
        ) from None
    return [*records, *site.notes]


def _highest(records: list[Record]) -> float:
    return max((float(record.bounds[1, 2]) for record in records if isinstance(record, Part)), default=0.0)


def _where(problem: Problem, element: Element, written: Mapping[str, int], venue: Venue) -> Problem:
    field = "" if problem.path == element.id else problem.path.removeprefix(f"{element.id}.")
    loc: Loc = ("elements", written[element.id], *(part for part in field.split(".") if part))
    file, line, column = venue._source.place(loc)
    return Problem(problem.message, f"{element.id}.{field}" if field else element.id, file, line, column)


def _blind_feeds(venue: Venue, finished: Mapping[str, tuple[Origin, tuple[Record, ...]]]) -> list[Problem]:
    """Feeds that name something that shows no picture."""
    out = []
    for name, screens in venue.feeds.items():
        for n, id in enumerate(screens):
            records = finished[id][1] if id in finished else ()
            if records and not any(isinstance(record, Screen) for record in records):
                place = venue._source.place(("feeds", name, n))
                out.append(
                    Problem(
                        f"'{id}' is a {finished[id][0].type}: a feed names screens", f"feeds.{name}[{n + 1}]", *place
                    )
                )
    return out


def _weighed_in_vain(
    venue: Venue, finished: Mapping[str, tuple[Origin, tuple[Record, ...]]], setup: str
) -> list[Problem]:
    """Weights of something that nobody looks at."""
    out = []
    for name in venue.weights:
        records = finished[name][1] if name in finished and name not in venue.feeds else ()
        if records and not any(isinstance(r, Target) and r.role in ("focus", "person", "screen") for r in records):
            here = setup and name in venue.setups[setup].weights
            loc: Loc = ("setups", setup, "weights", name) if here else ("weights", name)
            message = (
                f"'{name}' is a {finished[name][0].type}: weights belong to presenters, screens, targets and feeds"
            )
            out.append(Problem(message, ".".join(map(str, loc)), *venue._source.place(loc)))
    return out


def _in_file_order(venue: Venue, finished: Mapping[str, tuple[Origin, tuple[Record, ...]]]) -> list[Record]:
    ids = [id for element in venue.elements for id in (element.id, f"{element.id}_mirror") if id in finished]
    return [record for id in dict.fromkeys(ids) for record in finished[id][1]]


def _risen(rows: list[SeatRow], people: People) -> list[SeatRow]:
    """The rows with everybody on their feet, over the same place, where the audience stands; wheelchair users stay."""
    if people.audience == "seated":
        return rows
    out = []
    for row in rows:
        up = row.place != "wheelchair"
        eyes = row.eyes.copy()
        eyes[up, 2] = row.at[up, 2] + people.standing_eye
        out.append(replace(row, eyes=eyes, risen=up))
    return out


def _priced(rows: list[SeatRow], prices: Prices | None) -> list[SeatRow]:
    """The rows with the price of each place's category; NaN where it has none."""
    if prices is None:
        return rows
    known = prices.by_category
    return [
        replace(row, price=np.array([known.get(category, np.nan) for category in row.category.tolist()], float))
        for row in rows
    ]


def without(scene: Scene, elements: Collection[str]) -> Scene:
    """The scene as if some elements, and what stands on or hangs from them, were not there; seats they took are back."""
    gone = set(elements)
    while more := {id for id, origin in scene.elements.items() if origin.host in gone} - gone:
        gone |= more
    left = [record for record in scene.records if record.element not in gone]
    others = [record for record in left if not isinstance(record, SeatRow)]
    others = [record for record in others if not (isinstance(record, Part) and record.of_seats)]
    rows = without_taken([record for record in left if isinstance(record, SeatRow)], others)
    elements_left = {id: origin for id, origin in scene.elements.items() if id not in gone}
    return replace(
        scene, elements=elements_left, records=(*with_free_floor(others, rows), *rows, *_chairs(rows, scene.items))
    )


def _chairs(rows: list[SeatRow], items: Mapping[str, Item]) -> list[Part]:
    """The chairs of the seats that remain, one part an element and item."""
    groups: dict[tuple[str, str], list[SeatRow]] = {}
    for row in rows:
        for code in dict.fromkeys(row.item[row.stands].tolist()):
            groups.setdefault((row.element, code), []).append(row)
    out = []
    for (element, code), members in groups.items():
        masks = [
            row.stands & (row.item == code) & (row.place != "wheelchair") & (row.place != "standing") for row in members
        ]
        at = np.concatenate([row.at[mask] for row, mask in zip(members, masks)])
        if not len(at):
            continue
        facing = np.concatenate([row.facing[mask] for row, mask in zip(members, masks)])
        tags = tuple(tag for row, mask in zip(members, masks) for tag in row.ids[mask].tolist())
        item = items.get(code)
        spacing = float(min(row.width.min() for row in members))
        width = min((item.width if item and item.width else spacing - 0.04), spacing) if item else spacing - 0.02
        height = item.height if item and item.height else 0.88
        depth = members[0].depth
        out.append(
            Part(
                element,
                chair(width, depth, height),
                frames.frames(at, facing - 90.0),
                "seating",
                code,
                tags,
                "chairs",
                blocks="none",
                of_seats=True,
                symbol=chair_symbol(code or "house", width, depth),
                colour=members[0].colour,
            )
        )
    return out


def _stock(venue: Venue) -> tuple[Stock, ...]:
    """What the workshop cuts from, and how."""
    shop = venue.workshop
    out = []
    for stock in venue.stock:
        if stock.sheet is not None and stock.thickness is not None:
            out.append(Stock(stock.material, "sheet", stock.thickness, stock.actual, stock.sheet, grain=stock.grain,
                             cutter=shop.cutter, margin=shop.margin))  # fmt: skip
        elif stock.section is not None and stock.lengths is not None:
            width, thickness = stock.section
            out.append(Stock(stock.material, "bar", thickness, width=width, lengths=tuple(sorted(stock.lengths)),
                             cutter=shop.saw, margin=0.0))  # fmt: skip
    return tuple(out)


def _about(venue: Venue, standing: Venue, setup: str, cue: str) -> About:
    source = venue._source
    return About(
        name=venue.name, client=venue.client, event=venue.event, dates=venue.dates, author=venue.author, datum=venue.datum,
        setup=setup, cue=cue, units=venue.units,
        revisions=tuple(waist.Revision(r.rev, r.date, r.by, r.note, r.file) for r in venue.revisions),
        brief=dict(standing.brief), file=Path(source.file).name,
        hash=source.hash or hashlib.sha256(venue.to_yaml().encode()).hexdigest()[:12], folder=source.folder,
        head=standing.people.head, people=standing.people.words,
    )  # fmt: skip
