"""Sightlines as tables: every seat to every target, and the worst seat of every row."""

from __future__ import annotations

from typing import Any

import numpy as np

from stagecraft.analysis.seen import MATTERS, one, to_see
from stagecraft.analysis.views import View, Views, Whole, labels
from stagecraft.analysis.views import views as made
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene
from stagecraft.schedules.seats import _by_block
from stagecraft.schedules.table import Column, Table, about, in_units
from stagecraft.units import INCH


def view_list(scene: Scene, views: Views | None = None, target: str | None = None) -> Table:
    """What every seat that stands sees of every target, or of the one named: in the order of the seat list.

    For each target, the screens of a feed as one:
    C : least signed C-value over all rows in front, and over which row [mm, or inches]
    next C : C-value over the next row in front [mm, or inches]
    distance : in plan, from the eye to the point that governs [m, or decimal feet]
    angle : in plan, between the way the seat faces and that point [degrees]

    Empty where nobody sits in front, where a seat turns its back, and at tables, where guests turn.
    """
    unit = scene.about.units
    small = "mm" if unit == "m" else "in"
    places = 1 if unit == "m" else 2
    order = _by_block(scene.seats)
    seats = scene.seats.where(order)
    columns = [Column(key, key) for key in ("id", "block", "row", "seat", "place")]
    values: dict[str, list[Any]] = {
        "id": seats.ids.tolist(), "block": seats.block.tolist(), "row": seats.row.tolist(),
        "seat": seats.seat.tolist(), "place": seats.place.tolist(),
    }  # fmt: skip
    for number, (name, view) in enumerate(_chosen(scene, views, target).items(), 1):
        columns += [
            Column(f"c_{number}", f"{name}: C {small}", "number", places),
            Column(f"over_{number}", f"{name}: over row"),
            Column(f"next_{number}", f"{name}: next C {small}", "number", places),
            Column(f"distance_{number}", f"{name}: distance {unit}", "length", 2),
            Column(f"angle_{number}", f"{name}: angle deg", "number", 1),
        ]
        values[f"c_{number}"] = _small(view.c[order], unit)
        values[f"over_{number}"] = _over(scene, view)[order].tolist()
        values[f"next_{number}"] = _small(view.next_c[order], unit)
        values[f"distance_{number}"] = in_units(view.distance[order], unit)
        values[f"angle_{number}"] = view.angle[order].tolist()
    return Table("Sightlines", tuple(columns), values, _notes(scene), about=about(scene))


def views_by_row(scene: Scene, views: Views | None = None, target: str | None = None) -> Table:
    """The worst seat of every row, block by block and A to Z: C-value to each target, over which row, and how far it sits.

    Killed places are empty and are not looked at. Without `target`, what judges no seat (a stage floor) is left out.
    """
    unit = scene.about.units
    small = "mm" if unit == "m" else "in"
    seats = scene.seats
    order = _by_block(seats)
    order = order[seats.status[order] != "kill"]
    rows: dict[tuple[str, str], list[int]] = {}
    for k in order.tolist():
        rows.setdefault((str(seats.block[k]), str(seats.row[k])), []).append(k)
    blocks = list(dict.fromkeys(block for block, _ in rows))
    rows = dict(sorted(rows.items(), key=lambda item: (blocks.index(item[0][0]), len(item[0][1]), item[0][1])))
    columns = [Column("block", "block"), Column("row", "row"), Column("seats", "seats", "int", total=True)]
    values: dict[str, list[Any]] = {
        "block": [block for block, _ in rows], "row": [row for _, row in rows],
        "seats": [len(inside) for inside in rows.values()],
    }  # fmt: skip
    groups = [np.array(inside) for inside in rows.values()]
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
        over = _over(scene, view)
        values[f"c_{number}"] = _small(view.c[worst], unit)
        values[f"over_{number}"] = over[worst].tolist()
        values[f"distance_{number}"] = in_units(view.distance[worst], unit)
    notes = list(_notes(scene))
    if left_out:
        notes.append(f"stated only when asked for (--target): {', '.join(left_out)}")
    return Table("Sightlines by row", tuple(columns), values, tuple(notes), group="block", about=about(scene))


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


def _small(metres: Floats, unit: str) -> list[float]:
    """Millimetres or inches; empty where nobody sits in front."""
    sizes: list[float] = (np.where(np.isfinite(metres), metres, np.nan) / (0.001 if unit == "m" else INCH)).tolist()
    return sizes


def _over(scene: Scene, view: View) -> Any:
    """(n,) the row that binds; with its block where that is another one."""
    house, seats = scene.laid_out, scene.seats
    rows = labels(house, view.over)
    if not len(house):
        return rows
    other = (view.over >= 0) & (house.block[view.over] != seats.block)
    return np.where(other, np.char.add(np.char.add(house.block[view.over], " "), rows), rows)


def _notes(scene: Scene) -> tuple[str, ...]:
    notes = ["C: how far the sightline passes above the eyes of the row in front that binds; below zero it meets them"]
    if scene.about.people:
        notes.append(f"eyes: {scene.about.people}")
    tables = int((scene.seats.place == "table").sum())
    if tables:
        notes.append(f"guests at tables turn: no C-value and no angle for {tables} places")
    return tuple(notes)
