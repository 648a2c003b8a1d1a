"""Sightlines as tables: every seat to every target, and the worst seat of every row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from stagecraft import units
from stagecraft.analysis.heads import WORTH
from stagecraft.analysis.restricted import AWAY, EXACT, Bands, Look, looks, thing
from stagecraft.analysis.seen import MATTERS, one, to_see
from stagecraft.analysis.views import View, Views, Whole, labels
from stagecraft.analysis.views import views as made
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene, Target
from stagecraft.schedules.seats import band_notes, by_block
from stagecraft.schedules.table import Column, Kind, Table, about, in_units
from stagecraft.units import INCH


def view_list(
    scene: Scene, views: Views | None = None, target: str | None = None, bands: Mapping[str, float] | None = None
) -> Table:
    """What every seat that stands sees of every target, or of the one named: in the order of the seat list.

    bands : least share of each band of view by its name, as the rules have it

    For each target, the screens of a feed as one:
    C : least signed C-value over all rows in front, and over which row [mm, or inches]
    next C : C-value over the next row in front [mm, or inches]
    C 3-D : least height over the heads that stand in the sightline, as solids, as a C-value [mm, or inches]
    between heads : the sightline passes between the heads of the next row
    distance : in plan, from the eye to the point that governs [m, or decimal feet]
    angle : in plan, between the way the seat faces and that point [degrees]
    top, bottom : vertical angles above the level of the eye; width : angle that the target fills in plan [degrees]
    off-axis, image heights, least readable, pixel : of a screen [degrees, heights, % of its height, arc minutes]
    seen : share past fixed things, of a screen from where its content begins; lower third : of that [%]
    taken by : what takes most of the rest; past heads : what people leave of what is seen [%]; in front : who hides most

    Empty where nobody sits in front, where a seat turns its back, and at tables, where guests turn.
    """
    unit = scene.about.units
    small = "mm" if unit == "m" else "in"
    places = 1 if unit == "m" else 2
    views = views if views is not None else made(scene)
    order = by_block(scene.seats)
    seats = scene.seats.where(order)
    columns = [Column(key, key) for key in ("id", "block", "row", "seat", "place")]
    values: dict[str, list[Any]] = {
        "id": seats.ids.tolist(), "block": seats.block.tolist(), "row": seats.row.tolist(),
        "seat": seats.seat.tolist(), "place": seats.place.tolist(),
    }  # fmt: skip
    chosen = _chosen(scene, views, target)
    past = {look.name: look for look in looks(scene, views, getattr(bands, "reach", 0.0), True)}
    for number, (name, view) in enumerate(chosen.items(), 1):

        def add(key: str, head: str, found: list[Any], kind: Kind = "number", places: int = 1) -> None:
            columns.append(Column(f"{key}_{number}", f"{name}: {head}", kind, places))  # noqa: B023  # called within this turn of the loop
            values[f"{key}_{number}"] = found  # noqa: B023  # called within this turn of the loop

        add("c", f"C {small}", in_small(view.c[order], unit), places=places)
        add("over", "over row", over_row(scene, view)[order].tolist(), "text")
        add("next", f"next C {small}", in_small(view.next_c[order], unit), places=places)
        add("solid", f"C 3-D {small}", in_small(view.c_solid[order], unit), places=places)
        add("between", "between heads", np.where(view.between[order], "yes", "").tolist(), "text")
        add("distance", f"distance {unit}", in_units(view.distance[order], unit), "length", 2)
        add("angle", "angle deg", view.angle[order].tolist())
        add("top", "top deg", view.top[order].tolist())
        add("bottom", "bottom deg", view.bottom[order].tolist())
        add("wide", "width deg", view.wide[order].tolist())
        if view.role == "screen":
            add("off", "off-axis deg", view.off_axis[order].tolist())
            add("heights", "image heights", view.heights[order].tolist())
            add("readable", "least readable %", (100 * view.readable[order]).tolist())
            add("pixel", "pixel arcmin", view.pixel[order].tolist(), places=2)
        if name not in past:
            continue
        look = past[name]
        faced = np.where(look.faces, 100.0, np.nan)[order]
        add("seen", "seen %", (look.share[order] * faced).tolist())
        if bands:
            band = Bands(bands)
            add(
                "view",
                "view",
                [band.band(s) if s == s else "" for s in np.where(look.faces, look.share, np.nan)[order]],
                "text",
            )
        if view.role == "screen":
            add("lower", "lower third %", (look.lower[order] * faced).tolist())
        add("by", "taken by", _taken_by(scene, views, look)[order].tolist(), "text")
        add("free", "past heads %", (look.past_people[order] * faced).tolist())
        add("front", "in front", _in_front(scene, look)[order].tolist(), "text")
    return Table(
        "Sightlines",
        tuple(columns),
        values,
        (*_notes(scene), *walked(scene, chosen), *_more_notes(scene, bands)),
        about=about(scene),
    )


def views_by_row(scene: Scene, views: Views | None = None, target: str | None = None) -> Table:
    """The worst seat of every row, block by block and A to Z: C-value to each target, over which row, and how far it sits.

    Killed places are empty and are not looked at. Without `target`, what judges no seat (a stage floor) is left out.
    """
    unit = scene.about.units
    small = "mm" if unit == "m" else "in"
    rows = by_row(scene)
    columns = [Column("block", "block"), Column("row", "row"), Column("seats", "seats", "int", total=True)]
    values: dict[str, list[Any]] = {
        "block": [block for block, _ in rows], "row": [row for _, row in rows],
        "seats": [len(inside) for inside in rows.values()],
    }  # fmt: skip
    groups = list(rows.values())
    left_out = []
    for number, (name, view) in enumerate(_chosen(scene, views, target).items(), 1):
        if target is None and view.role not in MATTERS:
            left_out.append(name)
            continue
        columns += [
            Column(f"c_{number}", f"{name} C {small}", "number", 0 if unit == "m" else 1),
            Column(f"over_{number}", "over"),
            Column(f"distance_{number}", unit, "length", 1),
        ]
        worst = [_worst(view, group) for group in groups]
        over = over_row(scene, view)
        values[f"c_{number}"] = in_small(view.c[worst], unit)
        values[f"over_{number}"] = over[worst].tolist()
        values[f"distance_{number}"] = in_units(view.distance[worst], unit)
    notes = list(_notes(scene))
    if left_out:
        notes.append(f"stated only when asked for (--target): {', '.join(left_out)}")
    return Table("Sightlines by row", tuple(columns), values, tuple(notes), group="block", about=about(scene))


def by_row(scene: Scene) -> dict[tuple[str, str], Whole]:
    """Seats that nobody killed, by block and row, block by block and A to Z."""
    seats = scene.seats
    order = by_block(seats)
    rows: dict[tuple[str, str], list[int]] = {}
    for k in order[seats.status[order] != "kill"].tolist():
        rows.setdefault((str(seats.block[k]), str(seats.row[k])), []).append(k)
    blocks = list(dict.fromkeys(block for block, _ in rows))
    names = sorted(rows, key=lambda name: (blocks.index(name[0]), len(name[1]), name[1]))
    return {name: np.array(rows[name]) for name in names}


def _chosen(scene: Scene, views: Views | None, target: str | None) -> dict[str, View]:
    seen = to_see(scene, views if views is not None else made(scene))
    if target is None:
        return seen
    view = one(seen, target)
    return {view.target: view}


def _worst(view: View, group: Whole) -> int:
    """The seat with the least C-value; of several (or none with one) the farthest, then the first."""
    c = np.where(np.isfinite(view.c[group]), view.c[group], np.inf)
    return int(group[np.lexsort((np.arange(len(group)), -view.distance[group], np.round(c, 6)))[0]])


def in_small(metres: Floats, unit: str) -> list[float]:
    """Millimetres or inches; empty where nobody sits in front."""
    sizes: list[float] = (np.where(np.isfinite(metres), metres, np.nan) / (0.001 if unit == "m" else INCH)).tolist()
    return sizes


def over_row(scene: Scene, view: View) -> Any:
    """(n,) the row that binds; with its block where that is another one."""
    house, seats = scene.laid_out, scene.seats
    rows = labels(house, view.over)
    if not len(house):
        return rows
    other = (view.over >= 0) & (house.block[view.over] != seats.block)
    return np.where(other, np.char.add(np.char.add(house.block[view.over], " "), rows), rows)


def _taken_by(scene: Scene, views: Views, look: Look) -> Any:
    """(n,) what takes most of what a seat does not see; empty where nothing does."""
    names = [thing(scene, cause) for cause in views.visible.causes]
    words = np.array([*names, "its back" if look.seen.role == "screen" else "", ""], np.str_)
    least = np.where(look.share < 1 - EXACT, look.cause, -1)
    return words[np.where(least == AWAY, len(names), least)]


def _in_front(scene: Scene, look: Look) -> Any:
    """(n,) who hides most, `B 11` or with the block where that is another one; empty for less than a hundredth."""
    house, seats, who = scene.laid_out, scene.seats, look.seen.front
    if not len(house):
        return np.zeros(0, np.str_)
    name = np.char.add(np.char.add(house.row[who], " "), house.seat[who])
    name = np.where(house.block[who] != seats.block, np.char.add(np.char.add(house.block[who], " "), name), name)
    return np.where((who >= 0) & (look.seen.front_taken >= WORTH) & look.faces, name, "")


def _notes(scene: Scene) -> tuple[str, ...]:
    notes = ["C: how far the sightline passes above the eyes of the row in front that binds; below zero it meets them"]
    if any(target.role in ("person", "screen") for target in scene.of(Target)):
        notes.append("C-values to a presenter are to the top of the head, to a screen to where its content begins")
    if scene.about.people:
        notes.append(f"eyes: {scene.about.people}")
    tables = int(scene.seats.at_table.sum())
    if tables:
        notes.append(f"guests at tables turn: no C-value and no angle for {tables} places")
    return tuple(notes)


def walked(scene: Scene, names: Collection[str]) -> list[str]:
    """What the figures of a place where somebody walks are figures of; nothing where none of these names is one."""
    people = {part.element for part in scene.parts if part.system == "person" and part.count}
    records = [record for record in scene.of(Target) if record.role == "floor" and record.element in people]
    found = [record.name for record in records if record.kind == "surface" and record.name in names]
    return [
        f"{name}: shares are of who walks there, on the mean; C-value, distance and angles are to its floor"
        for name in found
    ]


def _more_notes(scene: Scene, bands: Mapping[str, float] | None) -> Iterator[str]:
    size = scene.stature
    yield (
        f"C 3-D: over heads {units.small(size.head_breadth, scene.about.units)} broad, "
        f"{units.small(size.head_length, scene.about.units)} long, {units.small(size.head, scene.about.units)} above the eye"
    )
    yield "seen: share past architecture, rigging and set; past heads: what people leave of it, of a screen over its whole height"
    yield "least readable: distance / (200 x image height), pixel: one row of the screen (DISCAS, as restated by AETM)"
    if scene.feeds:
        yield (
            "of a feed: C-values, angles and sizes of the screen seen over the most, of those seen over whole heads the "
            "largest; shares of the screen seen most of"
        )
    if bands is not None:
        yield from band_notes(bands, "the target")
