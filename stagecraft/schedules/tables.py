"""The table plan as a list: every table, how many sit there, and what is held, killed and kept for whom."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from stagecraft.analysis.at_tables import seated_tables
from stagecraft.scene import Scene
from stagecraft.schedules.table import Column, Table, about


def table_plan(scene: Scene) -> Table:
    """One line a table, in the order of the venue file.

    table : its number (or letter) in the house; name: what it was named
    places : all that stand; open, held and killed are parts of it
    wheelchair : places among them that are kept for wheelchair users
    categories : given places (open and held) by category: `VIP 8, press 2`
    held for : whom or why, and how many: `sponsor: 10; press: 2`
    """
    seats = scene.seats
    tables = seated_tables(scene)
    values: dict[str, list[Any]] = {key: [] for key in (
        "block", "table", "name", "places", "open", "held", "killed", "wheelchair", "categories", "held_for")}  # fmt: skip
    for table in tables:
        own = table.seats
        status = seats.status[own]
        values["block"].append(table.block)
        values["table"].append(table.label or str(table.key))
        values["name"].append(table.name)
        values["places"].append(len(own))
        for key, word in (("open", "open"), ("held", "hold"), ("killed", "kill")):
            values[key].append(int((status == word).sum()))
        values["wheelchair"].append(int((seats.place[own] == "wheelchair").sum()))
        values["categories"].append(_counted(seats.category[own][status != "kill"]))
        held = own[status == "hold"]
        whom = Counter(np.where(seats.reason[held] != "", seats.reason[held], seats.owner[held]).tolist())
        values["held_for"].append("; ".join(f"{word}: {n}" for word, n in sorted(whom.items()) if word))
    columns = (
        Column("block", "block"),
        Column("table", "table"),
        Column("name", "name"),
        Column("places", "places", "int", total=True),
        Column("open", "open", "int", total=True),
        Column("held", "held", "int", total=True),
        Column("killed", "killed", "int", total=True),
        Column("wheelchair", "wheelchair", "int", total=True),
        Column("categories", "categories"),
        Column("held_for", "held for"),
    )
    apart = len(seats) - sum(values["places"])
    notes = [f"{len(tables)} tables"] if tables else ["nobody sits at tables"]
    if apart and tables:
        notes.append(f"not at tables: {apart} places")
    return Table("Table plan", columns, values, tuple(notes), group="block", about=about(scene))


def _counted(words: Any) -> str:
    counts = Counter(word for word in words.tolist() if word)
    return ", ".join(f"{word} {n}" for word, n in sorted(counts.items()))
