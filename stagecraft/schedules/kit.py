"""What has to come on the truck: items counted, weighed and powered as far as the catalogue knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from stagecraft.analysis.changed import carried
from stagecraft.catalogue import DEPARTMENTS, Item
from stagecraft.scene import KitLine, Scene
from stagecraft.schedules.table import Column, Table, about

_NOT_KIT = frozenset({"person", "fire", "sign", "wall", "door", "column", "ceiling"})
"""Systems of people and of what the house has."""
_OF_ITEMS = frozenset({"", "deck", "cut deck", "head"})
"""Parts without an item of an element whose items are listed: the items themselves, drawn as one."""


class Line(NamedTuple):
    """What makes two pieces the same line of the schedule."""

    item: str
    why: str = ""
    """Why an item that is not modelled is there: spares and the like keep a line of their own."""
    element: str = ""
    """Where the schedule is by element."""


def kit_list(scene: Scene, by: Literal["dept", "element"] = "dept") -> Table:
    """Every countable piece of a set-up, by department or by the element it belongs to.

    What the catalogue does not know stays empty and is named in the notes; so is what stands there without a
    catalogue item. Mass [kg], power [W].
    """
    return _table(counted(scene, by), scene.items, [scene], by)


def kit_over(scenes: Iterable[Scene]) -> Table:
    """The most of each item that any one set-up needs: what must be ordered for all of them, beside what each takes."""
    scenes = list(scenes)
    if not scenes:
        raise ValueError("kit_over needs at least one scene")
    most: Counter[Line] = Counter()
    items: dict[str, Item] = {}
    for scene in scenes:
        most |= counted(scene)
        items = {**scene.items, **items}
    return _table(most, items, scenes, "dept")


def change_over(before: Scene, after: Scene) -> Table:
    """What goes out, comes in and moves between two set-ups, by item.

    A piece stays when one of the same item stands at the same place, to the millimetre; of the others as many
    as possible are moved, the rest goes out or comes in.
    """
    items = {**before.items, **after.items}
    found = {Line(*line): one for line, one in carried(before, after).items()}
    rows = [
        (line, *one) for line in _ordered(found, items) for one in (found[line],) if one.out or one.come or one.moved
    ]
    columns = (
        Column("dept", "department"),
        Column("item", "item"),
        Column("description", "description"),
        Column("why", "remark"),
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
    notes = [f"from '{names[0]}' to '{names[1]}'", "items of which nothing goes, comes or moves are left out"]
    stood, stands = unlisted(before), unlisted(after)
    for way, loose in (("out", _words(stood - stands)), ("in", _words(stands - stood))):
        if loose:
            notes.append(f"{way}, without a catalogue item: {loose}")
    facts = {key: value for key, value in about(after).items() if key != "set-up"}
    return Table("Change-over", columns, values, tuple(notes), group="dept", about=facts)


def counted(scene: Scene, by: Literal["dept", "element"] = "dept") -> Counter[Line]:
    """How many of each line stand in a scene or are listed for it."""
    counts: Counter[Line] = Counter()
    for part in scene.parts:
        if part.item:
            counts[Line(part.item, element=part.element if by == "element" else "")] += part.count
    for line in scene.of(KitLine):
        counts[Line(line.item, line.why, line.element if by == "element" else "")] += line.quantity
    return +counts


def unlisted(scene: Scene) -> Counter[str]:
    """What can be carried in and has no catalogue item, so that no schedule counts it: name and parts → how many."""
    listed = {part.element for part in scene.parts if part.item} | {line.element for line in scene.of(KitLine)}
    loose: dict[str, list[str]] = {}
    for part in scene.parts:
        fixed = not part.movable or part.of_seats or part.system in _NOT_KIT
        if not fixed and not part.item and (part.element not in listed or part.name not in _OF_ITEMS):
            loose.setdefault(part.element, []).append(part.name)
    found: Counter[str] = Counter()
    for element, names in loose.items():
        origin = scene.elements.get(element)
        label = (origin.name if origin else "") or element.removesuffix("_mirror")
        found[label + (f" ({', '.join(dict.fromkeys(names))})" if element in listed else "")] += 1
    return found


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} of {name}" if count > 1 else name for name, count in counts.items())


def _table(counts: Mapping[Line, int], items: Mapping[str, Item], scenes: Sequence[Scene], by: str) -> Table:
    scene = scenes[0]
    each: dict[str, Counter[Line]] = {}
    for number, one in enumerate(scenes if len(scenes) > 1 else (), 1):
        head = f"in {one.about.setup}"
        each[head if one.about.setup and head not in each else f"in {number}"] = counted(one)
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
        *(Column(name, name, "int") for name in each),
        Column("quantity", "quantity", "int"),
        Column("mass", "mass kg", "number", 2),
        Column("mass_all", "total mass kg", "number", 1, total=True),
        Column("power", "power W", "number", 0),
        Column("power_all", "total power W", "number", 0, total=True),
        Column("why", "remark"),
    )
    values: dict[str, list[Any]] = {name: [one[line] for line in lines] for name, one in each.items()} | {
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
    }
    notes = [f"quantity: the most that any one of {len(each)} set-ups takes"] if each else []
    codes = list(dict.fromkeys(line.item for line in lines))
    found = {code: items.get(code) for code in codes}
    driven = [code for code, item in found.items() if item is None or item.powered]
    for what, of, among in (("mass", codes, "items"), ("power", driven, "items that may take power")):
        gaps = [code for code in of if (item := found[code]) is None or getattr(item, what) is None]
        if gaps:
            # An empty power cell may also mean that an item takes none.
            which = "; ".join(item.label if (item := found[code]) else code for code in gaps) if what == "power" else ""
            head = f"{what} unknown for {len(gaps)} of {len(of)} {among}" + (f" ({which})" if which else "")
            notes.append(f"{head}: the total is a least figure")
    if any(item and item.category == "truss" and item.mass is not None for item in known):
        notes.append("truss: mass is length times the source's figure per metre; a short piece alone weighs more")
    if any(item and item.category == "truss" for item in known):
        notes.append("truss: what no length of the catalogue fits is listed as one piece, to be made up")
    strangers = [code for code, item in found.items() if item is None]
    if strangers:
        notes.append(f"not in the catalogue: {', '.join(strangers)}")
    loose: Counter[str] = Counter()
    for one in scenes:
        loose |= unlisted(one)
    if loose:
        notes.append(f"to be ordered beside this list, as no catalogue item is named for it: {_words(loose)}")
    facts = {key: value for key, value in about(scene).items() if not (each and key == "set-up")}
    return Table("Kit", columns, values, tuple(notes), group=lead.key, about=facts)


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
