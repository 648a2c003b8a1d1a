"""What people ask of a view: each target by its name, the screens of a feed as one, the least over all of them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from stagecraft.analysis.views import View, Views
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Strings

if TYPE_CHECKING:
    from stagecraft.analysis.visible import Visible

MATTERS = ("focus", "person", "screen")
"""Roles whose C-value counts; that of a stage floor is stated and judges no seat."""


def to_see(scene: Scene, views: Views) -> dict[str, View]:
    """Every target by name. Screens of one feed are one view, `feed <name>`: each seat's best of them, `_best`.

    Guests at tables turn and move: they have neither C-value nor angle.
    """
    shown = pictures(scene, views)
    fed = {element for elements in scene.feeds.values() for element in elements}
    found = {name: view for name, view in views.targets.items() if not (view.role == "screen" and view.element in fed)}
    found |= {
        name: _best(name, screens, scene.stature.head) for name, screens in shown.items() if name not in views.targets
    }
    tables = scene.seats.at_table
    return {name: unturned(view, tables) for name, view in found.items()} if tables.any() else found


def pictures(scene: Scene, views: Views) -> dict[str, list[View]]:
    """The screens of every feed, `feed <name>`, and each screen of none by itself: what counts as one picture."""
    screens = {name: view for name, view in views.targets.items() if view.role == "screen"}
    fed = {element for elements in scene.feeds.values() for element in elements}
    found = {name: [view] for name, view in screens.items() if view.element not in fed}
    for name, elements in scene.feeds.items():
        if of := [view for view in screens.values() if view.element in elements]:
            found[f"feed {name}"] = of
    return found


def one(seen: Mapping[str, View], name: str) -> View:
    """The target of that name, however it is written. Raises VenueError that offers the nearest."""
    folded = {key.casefold(): view for key, view in seen.items()}
    if name.casefold() in folded:
        return folded[name.casefold()]
    near = difflib.get_close_matches(name.casefold(), folded, 1, 0.5)
    known = ", ".join(seen) or "none is named"
    hint = f"; did you mean '{folded[near[0]].target}'?" if near else f"; targets: {known}"
    raise VenueError(f"no target is called '{name}'{hint}")


def least(seen: Mapping[str, View], count: int) -> tuple[Floats, Strings]:
    """(n,) least C-value over all that matters, and to what. [m]

    +inf where nobody sits in front of any of it, NaN where there is no answer; no name for both.
    """
    names = [name for name, view in seen.items() if view.role in MATTERS]
    if not names or not count:
        return np.full(count, np.nan), np.full(count, "", np.str_)
    every = np.stack([seen[name].c for name in names])
    lowest = np.fmin.reduce(every)
    which = np.nan_to_num(every, nan=np.inf).argmin(axis=0)
    return lowest, np.where(np.isfinite(lowest), np.array(names, dtype=np.str_)[which], "")


def score(scene: Scene, shown: Visible) -> Floats:
    """(n,) how much of all that matters each seat sees past fixed things: 0 nothing … 1 all. A measure of our own.

    The mean of the shares of every focus, person, screen and feed, weighted by `Scene.weights`; a picture counts from
    `content_safe_from` up, screens of one feed as one, each seat's best. NaN where nothing counts.
    """
    fed = {element for name in shown.feeds for element in scene.feeds[name]}
    looks = [(scene.weights.get(name, 1.0), seen) for name, seen in shown.feeds.items()]
    looks += [
        (scene.weights.get(seen.element, 1.0), seen)
        for seen in shown.targets.values() if seen.role in MATTERS and not (seen.role == "screen" and seen.element in fed)
    ]  # fmt: skip
    total = sum(weight for weight, _ in looks)
    if not total > 0:
        return np.full(len(shown.ids), np.nan)
    return np.asarray(sum(weight * seen.content for weight, seen in looks) / total)


def _best(name: str, screens: list[View], enough: float) -> View:
    """One view of several screens: for each seat the one that it sees over the most; of those that it sees over whole
    heads, a C-value of `enough` [m], the one that looks largest.
    """
    c = np.array([np.nan_to_num(view.c, nan=-np.inf, posinf=np.inf) for view in screens])
    heights = np.array([np.nan_to_num(view.heights, nan=np.inf) for view in screens])
    which = np.lexsort((heights, -np.round(np.minimum(c, enough), 9)), axis=0)[0]
    arrays = {
        field.name: np.stack([getattr(view, field.name) for view in screens])[which, np.arange(len(which))]
        for field in fields(View) if isinstance(getattr(screens[0], field.name), np.ndarray)
    }  # fmt: skip
    return replace(screens[0], target=name, element=" ".join(view.element for view in screens), **arrays)


def unturned(view: View, tables: Bools) -> View:
    """The view without C-values at tables (n,): guests there turn and move."""
    nan = np.where(tables, np.nan, 0.0)
    return replace(
        view, c=view.c + nan, over=np.where(tables, -1, view.over), part=view.part + nan, next_c=view.next_c + nan,
        next_part=view.next_part + nan, angle=view.angle + nan, c_solid=view.c_solid + nan,
        between=view.between & ~tables,
    )  # fmt: skip
