"""Who sits where: the seat list, and how many places there are of each sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stagecraft.analysis.removed import removed
from stagecraft.analysis.seen import least, to_see
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene, Seats, Strings
from stagecraft.schedules.table import Column, Table, about, in_units, runs

if TYPE_CHECKING:
    from stagecraft.analysis.views import Views


def seat_list(scene: Scene, views: Views | None = None, bands: Mapping[str, float] | None = None) -> Table:
    """Every seat that stands, by its permanent id: block by block and row by row, in the order of the venue file.

    x, y, z : middle of the place on its floor, from the venue's origin [m, or decimal feet]
    eye height : above that floor [m, or decimal feet]
    C-value, C to : the least, and to what it is taken; empty without `views` and as `least_c` says [mm, or inches]
    view, view %, view hidden by : with `views` and `bands` (least share of each band by its name, as the rules have it), the
        band and the share of what the seat sees least of past fixed things, and what takes the rest; where there are
        screens, the least share of their lower thirds, where captions stand. Heads in front do not count. Empty for killed
        places, and where a seat faces nothing that is to be seen.
    """
    unit = scene.about.units
    small = "mm" if unit == "m" else "in"
    order = by_block(scene.seats)
    seats = scene.seats.where(order)
    c_values, c_to = np.full(len(order), np.nan), np.full(len(order), "")
    if views is not None:
        c_values, c_to = least_c(scene, views)
        c_values, c_to = c_values[order], c_to[order]
    columns = [
        Column("id", "id"),
        Column("block", "block"),
        Column("row", "row"),
        Column("seat", "seat"),
        Column("place", "place"),
        Column("category", "category"),
        Column("status", "status"),
        Column("owner", "owner"),
        Column("reason", "reason"),
        Column("x", f"x {unit}", "length", 3),
        Column("y", f"y {unit}", "length", 3),
        Column("z", f"z {unit}", "length", 3),
        Column("eye", f"eye height {unit}", "length", 3),
        Column("c_value", f"C-value {small}", "number", 1 if unit == "m" else 2),
        Column("c_to", "C to"),
    ]
    values: dict[str, list[Any]] = {
        "id": seats.ids.tolist(),
        "block": seats.block.tolist(),
        "row": seats.row.tolist(),
        "seat": seats.seat.tolist(),
        "place": seats.place.tolist(),
        "category": seats.category.tolist(),
        "status": seats.status.tolist(),
        "owner": seats.owner.tolist(),
        "reason": seats.reason.tolist(),
        "x": in_units(seats.at[:, 0], unit),
        "y": in_units(seats.at[:, 1], unit),
        "z": in_units(seats.at[:, 2], unit),
        "eye": in_units(seats.eyes[:, 2] - seats.at[:, 2], unit),
        "c_value": (c_values / (0.001 if unit == "m" else 0.0254)).tolist(),
        "c_to": c_to.tolist(),
    }
    if np.isfinite(seats.price).any():
        columns.insert(6, Column("price", f"price {scene.currency}".strip(), "number", 2))
        values["price"] = seats.price.tolist()
    notes = list(_list_notes(scene, views))
    if views is not None and bands is not None:
        from stagecraft.analysis.restricted import restricted

        seen = restricted(scene, views, bands)
        columns += [Column("view", "view"), Column("view_share", "view %", "int")]
        if np.isfinite(seen.lower).any():
            columns.append(Column("lower", "lower third %", "int"))
            values["lower"] = percent(seen.lower[order])
        columns.append(Column("by", "view hidden by"))
        values["view"] = seen.band[order].tolist()
        values["view_share"] = percent(seen.share[order])
        values["by"] = [f"thing {words}" if runs(words) else words for words in seen.by[order].tolist()]
        if seen.looks:
            notes += [*band_notes(bands), *_given_by_view(scene, seen.band, bands)]
        elif len(seats):
            notes.append("view: nothing to be seen is named: a target, a presenter or a screen")
    return Table("Seats", tuple(columns), values, tuple(notes), ticketing=True, about=about(scene))


def _list_notes(scene: Scene, views: Views | None) -> Iterator[str]:
    if scene.about.people:
        yield f"eyes: {scene.about.people}"
    if views is not None:
        yield "C-value: the least, over the eyes of the rows in front; below zero it meets them; empty where nobody sits in front"
    for name, places in _standing(scene):
        yield f"{name}: standing area{'' if places is None else f' for {places}'}, not listed: it has no seats"


def _given_by_view(scene: Scene, band: Strings, bands: Mapping[str, float]) -> Iterator[str]:
    """How many places are sold with which view."""
    kept = scene.seats.status != "kill"
    counts = Counter(band[kept].tolist())
    words = [f"{name or 'nothing faced'} {counts[name]}" for name in (*bands, "") if counts[name]]
    if words and bands:
        yield "given by view: " + ", ".join(words)
    if not kept.all():
        yield f"killed, without a view: {int((~kept).sum())}"


def _standing(scene: Scene) -> Iterator[tuple[str, int | None]]:
    """Standing areas that have no places of their own, and how many stand there; None where nobody said."""
    for space in scene.standing_areas:
        yield space.element, space.capacity


def percent(shares: Floats) -> list[int | None]:
    """Whole percents, never rounded up: what is not quite enough does not look so."""
    return [int(100 * share + 1e-7) if share == share else None for share in shares.tolist()]


def band_notes(bands: Mapping[str, float], of: str = "what the seat sees least of") -> Iterator[str]:
    """Where the bands of view begin, and which rule says so; `of` what the share is."""
    if not bands:
        yield "view: no rule names bands of view"
        return
    steps = ", ".join(f"{name} from {100 * least:g} %" for name, least in bands.items() if least > 0)
    rule = getattr(bands, "rule", "")
    yield (
        f"view: share seen past fixed things of {of}{f', by {rule}' if rule else ''}: {steps}, "
        f"{[*bands][-1]} below; heads in front do not count"
    )


def least_c(scene: Scene, views: Views) -> tuple[Floats, Strings]:
    """The least C-value of every standing seat, and to what: focus, person, screen or feed. [m]

    Screens of one feed count as one, seen by whichever of them is seen best, as in the report. NaN and no name where
    nobody sits in front, where nothing is to be seen, and at tables: guests there turn and move.
    """
    c, names = least(to_see(scene, views), len(scene.seats))
    return np.where(np.isfinite(c), c, np.nan), names


def by_block(seats: Seats) -> NDArray[np.int64]:
    """Block by block and row by row, each where the file first names it; along a row as it is laid out."""
    blocks: dict[str, int] = {}
    rows: dict[tuple[str, str], int] = {}
    keys = [
        (blocks.setdefault(block, len(blocks)), rows.setdefault((block, row), len(rows)))
        for block, row in zip(seats.block.tolist(), seats.row.tolist())
    ]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def capacity(scene: Scene) -> Table:
    """Places by block, category and sort of place: open and held (these are given), killed."""
    seats = scene.seats
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for block, category, place, status in zip(
        seats.block.tolist(), seats.category.tolist(), seats.place.tolist(), seats.status.tolist()
    ):
        counts.setdefault((block, category, place), Counter())[status] += 1
    notes = []
    for name, places in _standing(scene):
        if places is None:
            notes.append(f"{name}: standing area without a stated capacity, not counted")
        else:
            counts.setdefault((name, "", "standing"), Counter())["open"] += places
    blocks = list(dict.fromkeys(block for block, _, _ in counts))
    keys = sorted(counts, key=lambda key: (blocks.index(key[0]), *key[1:]))
    columns = (
        Column("block", "block"),
        Column("category", "category"),
        Column("place", "place"),
        Column("open", "open", "int", total=True),
        Column("held", "held", "int", total=True),
        Column("given", "given", "int", total=True),
        Column("killed", "killed", "int", total=True),
        Column("all", "all", "int", total=True),
    )
    given = [counts[key]["open"] + counts[key]["hold"] for key in keys]
    values: dict[str, list[Any]] = {
        "block": [block for block, _, _ in keys],
        "category": [category for _, category, _ in keys],
        "place": [place for _, _, place in keys],
        "open": [counts[key]["open"] for key in keys],
        "held": [counts[key]["hold"] for key in keys],
        "given": given,
        "killed": [counts[key]["kill"] for key in keys],
        "all": [counts[key].total() for key in keys],
    }
    summary = [
        f"given by {name}: {', '.join(_summed(counts, index))}"
        for name, index in (("category", 1), ("place", 2))
        if counts
    ]
    notes = [*summary, *notes]
    tables = Counter(
        Counter(zip(*(words[seats.at_table].tolist() for words in (seats.element, seats.block, seats.row)))).values()
    )
    if tables:
        notes.append(
            "tables: " + ", ".join(f"{n} of {places} places" for places, n in sorted(tables.items(), reverse=True))
        )
    taken = int((scene.laid_out.removed_by != "").sum())
    if taken:
        notes.append(f"not counted, as obstacles stand there: {taken}")
        notes += [one.sentence for one in removed(scene)]
    return Table("Capacity", columns, values, tuple(notes), group="block", about=about(scene))


def _summed(counts: Mapping[tuple[str, str, str], Counter[str]], index: int) -> Iterator[str]:
    """`VIP 36`, `none 469 (458 open, 11 held; 9 killed)`: of each category or sort of place, what is given and how."""
    sums: dict[str, Counter[str]] = {}
    for key, places in counts.items():
        sums.setdefault(key[index], Counter()).update(places)
    for word, of in sorted(sums.items()):
        parts = [f"{of['open']} open, {of['hold']} held"] if of["hold"] else []
        parts += [f"{of['kill']} killed"] if of["kill"] else []
        yield f"{word or 'none'} {of['open'] + of['hold']}" + (f" ({'; '.join(parts)})" if parts else "")
