"""What is seen, as tables: row by row past fixed things and past heads, one seat in full, and from lenses and desks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stagecraft.analysis.heads import heads, in_front, people, phrase
from stagecraft.analysis.restricted import EXACT, Look, from_viewers, look, looks, restricted, thing, to_see
from stagecraft.analysis.seen import pictures, unturned
from stagecraft.analysis.views import Views
from stagecraft.analysis.visible import blocked
from stagecraft.scene import Scene, Screen
from stagecraft.schedules.seats import band_notes, percent
from stagecraft.schedules.table import Column, Table, about, in_units
from stagecraft.schedules.views import by_row, in_small, over_row, walked

_TAKES = 0.005
"""What takes less of a target is not named."""


def seen_by_row(scene: Scene, views: Views, target: str | None = None, reach: float = 0.0) -> Table:
    """How much of every target, or of the one named, each row sees, in the order of `views_by_row`.

    seen : least share past fixed things of the seats that face it [%]
    past heads : mean of what people leave of it [%]; in words what heads in front leave of presenters and screens
    reach : what stands this near beside a presenter is theirs [m]
    """
    groups = by_row(scene)
    columns = [Column("block", "block"), Column("row", "row")]
    values: dict[str, list[Any]] = {"block": [block for block, _ in groups], "row": [row for _, row in groups]}
    shown = [one for one in looks(scene, views, reach) if target is None or one.name.casefold() == target.casefold()]
    for number, one in enumerate(shown, 1):
        columns += [
            Column(f"seen_{number}", f"{one.name} least seen %", "int"), Column(f"free_{number}", "mean past heads %", "int"),
        ]  # fmt: skip
        some = [group[one.faces[group]] for group in groups.values()]
        least = [one.share[faced].min() if len(faced) else np.nan for faced in some]
        mean = [one.past_people[faced].mean() if len(faced) else np.nan for faced in some]
        values[f"seen_{number}"], values[f"free_{number}"] = percent(np.array(least)), percent(np.array(mean))
    left, names, part = heads(scene, views.visible), {one.name for one in shown}, blocked(scene.seats)[0]
    values["heads"] = [
        "; ".join(dict.fromkeys(phrase(one for one in left.get(number, ()) if one.target in names)
                                for number in np.unique(part[group]).tolist()))
        for group in groups.values()
    ]  # fmt: skip
    if shown:
        columns.append(Column("heads", "heads in front leave"))
    notes = [
        "least seen: by the worst seat of the row, past architecture, rigging and set; mean past heads: what people leave "
        "of it, over all seats of the row"
    ]
    if any(values["heads"]):
        notes.append(
            "from the waist up: half of every level is seen; clear above: all of it, height above the venue's zero"
        )
    return Table("Seen by row", tuple(columns), values, tuple(notes), group="block", about=about(scene))


def seat_views(scene: Scene, views: Views, seat: int, bands: Mapping[str, float] | None = None) -> Table:
    """Everything about what one seat sees, a line a target: of a feed the screen that it sees most of.

    seat : index into `scene.seats`
    bands : least share of each band of view by its name, as the rules have it

    Columns as in `view_list`; `taken by` names all that is fixed with its part, `in front` all who sit there.
    """
    unit, seats = scene.about.units, scene.seats
    shown = {**views.visible.targets, **views.stated.targets}
    small = "mm" if unit == "m" else "in"
    reach = getattr(bands, "reach", 0.0)
    names, every = [], []
    for key, feeds in _of_seat(scene, views, seat).items():
        view = unturned(views.targets[key], seats.at_table)
        names.append(", ".join([key, *feeds]))
        every.append((view, look(scene, views, key, shown[key], reach) if key in shown else None))
    sizes = {screen.element: screen.size[1] for screen in scene.of(Screen)}

    def of(field: str) -> list[float]:
        return [float(getattr(view, field)[seat]) for view, _ in every]

    def past(tell: Callable[[Look], Any]) -> list[Any]:
        return [tell(found) if found is not None and found.faces[seat] else None for _, found in every]

    readable = np.array([view.readable[seat] * sizes.get(view.element, np.nan) for view, _ in every])
    found: list[tuple[Column, list[Any]]] = [
        (Column("target", "target"), names),
        (Column("c", f"C {small}", "number", 0 if unit == "m" else 2), in_small(np.array(of("c")), unit)),
        (Column("over", "over row"), [str(over_row(scene, view)[seat]) for view, _ in every]),
        (Column("solid", f"C 3-D {small}", "number", 0 if unit == "m" else 2), in_small(np.array(of("c_solid")), unit)),
        (Column("between", "between heads"), ["yes" if view.between[seat] else "" for view, _ in every]),
        (Column("seen", "seen %", "int"), past(lambda one: _percent(one.share[seat]))),
        (Column("lower", "lower third %", "int"), past(lambda one: _percent(one.lower[seat]))),
        (Column("by", "taken by"), past(lambda one: _causes(scene, views, one, seat))),
        (Column("free", "past heads %", "int"), past(lambda one: _percent(one.past_people[seat]))),
        (Column("front", "in front"), past(lambda one: _people(scene, views, one, seat))),
        (Column("distance", f"distance {unit}", "length", 2), in_units(np.array(of("distance")), unit)),
        (Column("angle", "head turned deg", "number", 0), of("angle")),
        (Column("top", "top above eye deg", "number", 1), of("top")),
        (Column("bottom", "bottom above eye deg", "number", 1), of("bottom")),
        (Column("wide", "width deg", "number", 1), of("wide")),
        (Column("off", "off-axis deg", "number", 0), of("off_axis")),
        (Column("heights", "image heights", "number", 1), of("heights")),
        (Column("readable", f"least readable {small}", "number", 0 if unit == "m" else 1), in_small(readable, unit)),
        (Column("pixel", "pixel arcmin", "number", 2), of("pixel")),
    ]  # fmt: skip
    if bands:
        seen = restricted(scene, views, bands)
        state = f"{seen.band[seat]}, {int(100 * seen.share[seat] + 1e-7)} %" if seen.band[seat] else "none"
        because = f": {seen.by[seat]}" if seen.by[seat] else ""
    else:
        state = because = ""
    notes = [] if names else ["nothing to be seen is named: a target, a presenter or a screen"]
    notes += [f"band: {state}{because}"] if state else []
    notes += [f"eyes: {scene.about.people}"] if scene.about.people else []
    notes += walked(scene, names)
    row = f"{'table' if seats.place[seat] == 'table' else 'row'} {seats.row[seat] or seats.key[seat]}"
    name = f"{seats.block[seat]} {row} seat {seats.seat[seat]}".strip()
    return Table(
        f"{name} ({seats.ids[seat]})", tuple(column for column, _ in found), {column.key: line for column, line in found},
        (*notes, *(band_notes(bands) if bands else ())), about=about(scene),
    )  # fmt: skip


def _of_seat(scene: Scene, views: Views, seat: int) -> dict[str, list[str]]:
    """Targets in their order, and which feeds each is seen for; of the screens of a feed only the one seen most of."""
    shown = views.visible.targets
    best: dict[str, list[str]] = {}
    for name, screens in pictures(scene, views).items():
        if name not in views.targets:
            most = max(screens, key=lambda view: (shown[view.target].share[seat], shown[view.target].free[seat],
                                                  -float(np.nan_to_num(view.heights[seat], nan=np.inf))))  # fmt: skip
            best.setdefault(most.target, []).append(name)
    fed = {element for elements in scene.feeds.values() for element in elements}
    return {
        key: best.get(key, []) for key, view in views.targets.items()
        if key in best or view.role != "screen" or view.element not in fed
    }  # fmt: skip


def _percent(share: float) -> int | None:
    return percent(np.array([share]))[0]


def _causes(scene: Scene, views: Views, found: Look, seat: int) -> str:
    """`column K1 12 %, Mid truss 3 %`; what stands beside a presenter is theirs and is not named."""
    seen, words = found.seen, list[str]()
    if found.share[seat] < 1 - EXACT:
        words += [f"its back {_percent(seen.away[seat])} %"] if seen.away[seat] >= _TAKES else []
        for cause, part in zip(seen.cause[seat].tolist(), seen.taken[seat].tolist()):
            if cause >= 0 and part >= _TAKES:
                words.append(f"{thing(scene, views.visible.causes[cause])} {100 * part:.0f} %")
    return ", ".join(words)


def _people(scene: Scene, views: Views, found: Look, seat: int) -> str:
    return people(scene, in_front(scene, views.visible, seat, found.seen.target), str(scene.seats.block[seat]))


def viewers_see(scene: Scene, views: Views, target: str | None = None, reach: float = 0.0) -> Table:
    """What every camera and operator sees of each target, or of the one named, past fixed things and past people too. [%]

    taken by : what takes most of what is not seen past fixed things
    reach : what stands this near beside a presenter is theirs [m]
    """
    shown = views.visible
    which = [k for k, viewer in enumerate(shown.viewers) if viewer.kind in ("camera", "operator")]
    columns = [Column("viewer", "from"), Column("kind", "kind")]
    values: dict[str, list[Any]] = {
        "viewer": [shown.viewers[k].name or shown.viewers[k].element for k in which],
        "kind": [shown.viewers[k].kind for k in which],
    }
    named = [one for one in to_see(scene, shown) if target is None or one[0].casefold() == target.casefold()]
    for number, (name, seen) in enumerate(named, 1):
        columns += [
            Column(f"seen_{number}", f"{name} seen %", "int"), Column(f"free_{number}", "past people %", "int"),
        ]  # fmt: skip
        share, free, cause = from_viewers(scene, shown, seen, reach)
        names = [thing(scene, shown.causes[cause[k]]) if cause[k] >= 0 and share[k] < 1 - _TAKES else "" for k in which]
        if any(names):
            columns.insert(-1, Column(f"by_{number}", "taken by"))
            values[f"by_{number}"] = names
        values[f"seen_{number}"], values[f"free_{number}"] = percent(share[which]), percent(free[which])
    return Table("Cameras and operators", tuple(columns), values, about=about(scene))
