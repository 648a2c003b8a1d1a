"""The probability that a seat sees, beside its sightlines: columns for the list of seats and for that of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from stagecraft.analysis.chance import Chance, Odds
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table


def with_chance(table: Table, scene: Scene, chance: Chance, target: str | None = None) -> Table:
    """The table of sightlines, by seat or by row, with columns for each target and feed, or for the one named.

    By seat: probability that enough is seen, the mean share, and the shares below which 5 and 95 % of the draws lie;
    by row: the least probability. [%]
    """
    wanted = {
        name: odds
        for name, odds in _to_see(scene, chance).items()
        if target is None or name.casefold() == target.casefold()
    }
    columns, values = list(table.columns), dict(table.values)
    for number, (name, odds) in enumerate(wanted.items(), 1):
        found = _by_seat(table, chance, odds) if "id" in values else _by_row(table, scene, odds)
        for key, (head, numbers) in found.items():
            columns.append(
                Column(f"{key}_{number}", f"{name}: {head}" if "id" in values else f"{name} {head}", "number", 0)
            )
            values[f"{key}_{number}"] = numbers
    sizes = scene.stature
    if not wanted:
        return replace(table, notes=(*table.notes, f"{target}: nobody is judged by it, so it has no probability"))
    notes = (
        f"chance: in how many of {chance.draws} houses full of drawn people (seed {chance.seed}) a seat sees at least "
        f"{chance.least * 100:.0f} % of the target, past fixed things and people",
        f"people drawn: standard deviation of the eye {sizes.eye_spread * 1000:.0f} mm seated, "
        f"{sizes.standing_spread * 1000:.0f} mm standing, of head and shoulders {sizes.size_spread * 100:.0f} %",
    )
    return replace(table, columns=tuple(columns), values=values, notes=(*table.notes, *notes))


def _to_see(scene: Scene, chance: Chance) -> dict[str, Odds]:
    """Targets by name; the screens of a feed as `feed <name>`."""
    fed = {element for name in chance.feeds for element in scene.feeds[name]}
    alone = {name: odds for name, odds in chance.targets.items() if not (odds.role == "screen" and odds.element in fed)}
    return alone | {f"feed {name}": odds for name, odds in chance.feeds.items()}


def _by_seat(table: Table, chance: Chance, odds: Odds) -> Mapping[str, tuple[str, list[Any]]]:
    place = {id: k for k, id in enumerate(chance.ids.tolist())}
    order = [place[id] for id in table.values["id"]]
    return {
        "chance": ("chance %", (100 * odds.probability[order]).tolist()),
        "mean": ("mean share %", (100 * odds.mean[order]).tolist()),
        "low": ("share 5th %", (100 * odds.low[order]).tolist()),
        "high": ("share 95th %", (100 * odds.high[order]).tolist()),
    }


def _by_row(table: Table, scene: Scene, odds: Odds) -> Mapping[str, tuple[str, list[Any]]]:
    seats = scene.seats
    rows: dict[tuple[str, str], list[int]] = {}
    for k in np.flatnonzero(seats.status != "kill").tolist():
        rows.setdefault((str(seats.block[k]), str(seats.row[k])), []).append(k)
    least = [odds.probability[rows[block, row]].min() for block, row in zip(table.values["block"], table.values["row"])]
    return {"chance": ("chance %", [100 * float(one) for one in least])}
