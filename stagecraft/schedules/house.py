"""What registration and ticketing know a place by: its id there, what it is sold as, and the manifest for house systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stagecraft.scene import Scene, Seats, Strings
from stagecraft.schedules.seats import by_block, percent
from stagecraft.schedules.table import Column, Table, about

if TYPE_CHECKING:
    from stagecraft.analysis.restricted import Restricted

PLAIN = "Standard"
"""What a place without a category is sold as."""
NEAR = 1.6
"""A companion's wheelchair place is not farther from theirs than this, middle to middle. [m]"""


def guids(seats: Seats, scene: Scene) -> Strings:
    """(n,) what ticketing knows each of these seats by: its permanent id; of a seating plan's seats, the id of that plan."""
    ids = seats.ids.tolist()
    of = {id: len(id) + 1 for id, origin in scene.elements.items() if origin.type == "seat_plan"}
    if not of:
        return seats.ids
    return np.array([id[of.get(element, 0) :] for id, element in zip(ids, seats.element.tolist())], dtype=np.str_)


def sold_as(seats: Seats) -> Strings:
    """(n,) category that a place is sold in: wheelchair places and their companions' have one of their own."""
    kinds: dict[tuple[str, str], str] = {}
    written = set(np.unique(seats.category).tolist())
    pairs = list(zip(seats.category.tolist(), seats.place.tolist()))
    for category, place in dict.fromkeys(pairs):
        kinds[category, place] = category or PLAIN
        if place in ("wheelchair", "companion"):
            name = f"{category} {place}".strip()
            name = name if category else name.capitalize()
            kinds[category, place] = name if name not in written else f"{category or PLAIN} {place} place"
    return np.array([kinds[pair] for pair in pairs], dtype=np.str_)


def on_sale(scene: Scene, killed: bool = False) -> Seats:
    """The seats that can be sold, block by block and row by row: all that stand, without (or with) those killed."""
    order = by_block(scene.seats)
    return scene.seats.where(order if killed else order[scene.seats.status[order] != "kill"])


def view_words(scene: Scene, seen: Restricted | None, best: str = "") -> dict[str, str]:
    """Permanent id → what restricts the view from there, of every seat that sees less than the best band shows."""
    if seen is None:
        return {}
    return {
        id: f"view {band}: {by}" if by else f"view {band}"
        for id, band, by in zip(scene.seats.ids.tolist(), seen.band.tolist(), seen.by.tolist())
        if by or band not in ("", best)
    }


def companion_of(seats: Seats) -> list[int]:
    """(n,) index of the wheelchair place that each companion's place belongs to, the nearest; −1 for all others."""
    import shapely

    out = np.full(len(seats), -1)
    chairs, beside = np.flatnonzero(seats.place == "wheelchair"), np.flatnonzero(seats.place == "companion")
    if len(chairs) and len(beside):
        tree = shapely.STRtree(shapely.points(seats.at[chairs, :2]))
        one, nearest = tree.query_nearest(shapely.points(seats.at[beside, :2]), max_distance=NEAR, all_matches=False)
        out[beside[one]] = chairs[nearest]
    return [int(k) for k in out.tolist()]


def house_list(scene: Scene, seen: Restricted | None = None, best: str = "") -> Table:
    """Manifest for house systems: every seat that can be sold, by the id that ticketing knows it by.

    level : name of what its rows stand on; empty on the room's floor
    category : what it is sold as, as in the pretix plan
    x, y, z : from the venue's origin [mm]
    facing : 90 looks upstage [degrees]
    view score : what the seat sees of the thing it sees least of, past fixed things [%]; empty without `seen`
    notes : for whom it is held and why, what restricts its view (`best` is the band that nothing restricts)
    """
    seats = on_sale(scene)
    known = guids(seats, scene)
    words = view_words(scene, seen, best)
    scores = dict(zip(scene.seats.ids.tolist(), percent(seen.share))) if seen is not None else {}
    beside = companion_of(seats)
    level = {id: scene.elements[origin.host].name or origin.host if origin.host in scene.elements else ""
             for id, origin in scene.elements.items()}  # fmt: skip
    held = [
        f"held for {owner}" if owner else "held" if status == "hold" else ""
        for owner, status in zip(seats.owner.tolist(), seats.status.tolist())
    ]
    notes = [
        "; ".join(part for part in (": ".join(p for p in (kept, why) if p), words.get(id, "")) if part)
        for kept, why, id in zip(held, seats.reason.tolist(), seats.ids.tolist())
    ]
    millimetres = np.round(seats.at * 1000).astype(np.int64)
    columns = (
        Column("guid", "seat_guid"), Column("level", "level"), Column("block", "block"), Column("row", "row"),
        Column("seat", "seat"), Column("category", "category"), Column("accessible", "accessible"),
        Column("companion", "companion_of"), Column("x", "x_mm", "int"), Column("y", "y_mm", "int"),
        Column("z", "z_mm", "int"), Column("facing", "facing_deg", "number", 1), Column("score", "view_score", "int"),
        Column("notes", "notes"),
    )  # fmt: skip
    values: dict[str, list[Any]] = {
        "guid": known.tolist(),
        "level": [level.get(element, "") for element in seats.element.tolist()],
        "block": seats.block.tolist(),
        "row": seats.row.tolist(),
        "seat": seats.seat.tolist(),
        "category": sold_as(seats).tolist(),
        "accessible": ["yes" if place == "wheelchair" else "" for place in seats.place.tolist()],
        "companion": [str(known[k]) if k >= 0 else "" for k in beside],
        "x": millimetres[:, 0].tolist(),
        "y": millimetres[:, 1].tolist(),
        "z": millimetres[:, 2].tolist(),
        "facing": np.mod(np.round(seats.facing, 1), 360.0).tolist(),
        "score": [scores.get(id) for id in seats.ids.tolist()],
        "notes": notes,
    }
    killed = int((scene.seats.status == "kill").sum())
    left = [f"{killed} killed places are not on sale and not listed"] if killed else []
    return Table("House", columns, values, tuple(left), ticketing=True, about=about(scene))
