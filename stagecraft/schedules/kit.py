"""What has to come on the truck: items counted, weighed and powered as far as the catalogue knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from stagecraft.catalogue import DEPARTMENTS, Item
from stagecraft.scene import KitLine, Scene
from stagecraft.schedules.table import Column, Table, about


class Line(NamedTuple):
    """What makes two pieces the same line of the schedule."""

    item: str
    why: str = ""
    """Why an item that is not modelled is there: spares and the like keep a line of their own."""
    element: str = ""
    """Where the schedule is by element."""


def kit_list(scene: Scene, by: Literal["dept", "element"] = "dept") -> Table:
    """Every countable piece of a set-up, by department or by the element it belongs to.

    What the catalogue does not know stays empty and is counted in the notes. Mass [kg], power [W].
    """
    return _table(counted(scene, by), scene.items, scene, by)


def kit_over(scenes: Iterable[Scene]) -> Table:
    """The most of each item that any one set-up needs: what must be ordered for all of them."""
    scenes = list(scenes)
    if not scenes:
        raise ValueError("kit_over needs at least one scene")
    most: Counter[Line] = Counter()
    items: dict[str, Item] = {}
    for scene in scenes:
        most |= counted(scene)
        items = {**scene.items, **items}
    return _table(most, items, scenes[0], "dept")


def change_over(before: Scene, after: Scene) -> Table:
    """What goes out, comes in and moves between two set-ups, by item.

    A piece stays when one of the same item stands at the same place, to the millimetre; of the others as many
    as possible are moved, the rest goes out or comes in.
    """
    old, new = _places(before), _places(after)
    items = {**before.items, **after.items}
    rows: list[tuple[Line, int, int, int, int]] = []
    for line in _ordered({*old, *new}, items):
        was, now = old.get(line, Counter()), new.get(line, Counter())
        stays = (was & now).total()
        gone, come = was.total() - stays, now.total() - stays
        moved = min(gone, come)
        if gone or come:
            rows.append((line, gone - moved, come - moved, moved, stays))
    columns = (
        Column("dept", "department"),
        Column("item", "item"),
        Column("description", "description"),
        Column("why", "for"),
        Column("out", "out", "int", total=True),
        Column("in", "in", "int", total=True),
        Column("moved", "moved", "int", total=True),
        Column("stays", "stays", "int", total=True),
    )
    known = [items.get(row[0].item) for row in rows]
    values: dict[str, list[Any]] = {
        "dept": [_department(item) for item in known],
        "item": [row[0].item for row in rows],
        "description": [item.label if item else "" for item in known],
        "why": [row[0].why for row in rows],
        "out": [row[1] for row in rows],
        "in": [row[2] for row in rows],
        "moved": [row[3] for row in rows],
        "stays": [row[4] for row in rows],
    }
    names = [scene.about.setup or scene.about.name for scene in (before, after)]
    notes = (f"from '{names[0]}' to '{names[1]}'", "items of which nothing goes, comes or moves are left out")
    return Table("Change-over", columns, values, notes, group="dept", about=about(after))


def counted(scene: Scene, by: Literal["dept", "element"] = "dept") -> Counter[Line]:
    """How many of each line stand in a scene or are listed for it."""
    counts: Counter[Line] = Counter()
    for part in scene.parts:
        if part.item:
            counts[Line(part.item, element=part.element if by == "element" else "")] += part.count
    for line in scene.of(KitLine):
        counts[Line(line.item, line.why, line.element if by == "element" else "")] += line.quantity
    return +counts


def _places(scene: Scene) -> dict[Line, Counter[tuple[float, ...]]]:
    """Where every piece stands, in millimetres; what is not modelled stands nowhere in particular."""
    places: dict[Line, Counter[tuple[float, ...]]] = {}
    for part in scene.parts:
        if part.item:
            # A quarter aside, so that no round measure lies where rounding turns over.
            spots = np.round(part.transforms[:, :3, :].reshape(part.count, 12) * 1000.0 + 0.25)
            places.setdefault(Line(part.item), Counter()).update(map(tuple, spots.tolist()))
    for line in scene.of(KitLine):
        places.setdefault(Line(line.item, line.why), Counter())[()] += line.quantity
    return places


def _table(counts: Mapping[Line, int], items: Mapping[str, Item], scene: Scene, by: str) -> Table:
    lines = _ordered(counts, items, scene)
    known = [items.get(line.item) for line in lines]
    quantity = [counts[line] for line in lines]
    mass = [item.mass if item else None for item in known]
    power = [item.power if item else None for item in known]
    lead = Column("dept", "department") if by == "dept" else Column("element", "element")
    columns = (
        lead,
        Column("item", "item"),
        Column("maker", "maker"),
        Column("description", "description"),
        Column("quantity", "quantity", "int", total=True),
        Column("mass", "mass kg", "number", 2),
        Column("mass_all", "total mass kg", "number", 1, total=True),
        Column("power", "power W", "number", 0),
        Column("power_all", "total power W", "number", 0, total=True),
        Column("why", "for"),
        Column("confidence", "confidence"),
        Column("source", "source"),
    )
    values: dict[str, list[Any]] = {
        lead.key: [_department(item) if by == "dept" else line.element for line, item in zip(lines, known)],
        "item": [line.item for line in lines],
        "maker": [item.maker if item else "" for item in known],
        "description": [item.model if item else "" for item in known],
        "quantity": quantity,
        "mass": mass,
        "mass_all": [None if m is None else m * n for m, n in zip(mass, quantity)],
        "power": power,
        "power_all": [None if p is None else p * n for p, n in zip(power, quantity)],
        "why": [line.why for line in lines],
        "confidence": [item.confidence if item else "" for item in known],
        "source": [item.source if item else "" for item in known],
    }
    notes = []
    codes = list(dict.fromkeys(line.item for line in lines))
    found = {code: items.get(code) for code in codes}
    driven = [code for code, item in found.items() if item is None or item.powered]
    for what, of, among in (("mass", codes, "items"), ("power", driven, "items that take power")):
        gaps = sum(item is None or getattr(item, what) is None for item in map(found.get, of))
        if gaps:
            notes.append(f"{what} unknown for {gaps} of {len(of)} {among}: the total is a least figure")
    if any(item and item.category == "truss" and item.mass is not None for item in known):
        notes.append("truss: mass is length times the source's figure per metre; a short piece alone weighs more")
    strangers = [code for code, item in found.items() if item is None]
    if strangers:
        notes.append(f"not in the catalogue: {', '.join(strangers)}")
    return Table("Kit", columns, values, tuple(notes), group=lead.key, about=about(scene))


def _ordered(lines: Iterable[Line], items: Mapping[str, Item], scene: Scene | None = None) -> list[Line]:
    """By element (in the order of the file), then department, category and code."""
    elements = {name: i for i, name in enumerate(scene.elements)} if scene else {}
    departments = list(DEPARTMENTS)

    def place(line: Line) -> tuple[int, str, int, str, str, str]:
        item = items.get(line.item)
        dept = departments.index(item.dept) if item and item.dept in DEPARTMENTS else len(departments)
        category = item.category if item else ""
        return elements.get(line.element, -1), line.element, dept, category, line.item, line.why

    return sorted(lines, key=place)


def _department(item: Item | None) -> str:
    return DEPARTMENTS.get(item.dept, item.dept) if item else "Not in the catalogue"
