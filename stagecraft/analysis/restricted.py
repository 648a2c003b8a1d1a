"""Restricted views: how much of what it came to see fixed things leave each seat, in which band, and in whose words.

Bands and reach are handed in: they stand in rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stagecraft.analysis.views import Views, Whole
from stagecraft.analysis.visible import Cause, Seen, Visible
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Bools, Scene, Strings

AWAY = -2
"""The cause of a seat that looks at the back of a screen."""
EXACT = 1e-9
"""Shares are compared as written, within this."""

_LEVEL = 0.05
"""What begins this near to the height of a person's feet stands on the same floor. [m]"""
_MIDDLE = 1 / 12
"""What is hidden this near to the middle of a target is on none of its sides, as a part of the target."""


@dataclass(frozen=True, eq=False)
class Bands(Mapping[str, float]):
    """Least share of a target that a view of each band shows, the best band first, and the rule that says so."""

    least: Mapping[str, float]
    reach: float = 0.0
    """What stands this near beside a presenter, on the same floor, is theirs. [m]"""
    rule: str = ""

    def __getitem__(self, name: str) -> float:
        return self.least[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.least)

    def __len__(self) -> int:
        return len(self.least)

    def band(self, share: float) -> str:
        """Name of the band of a share; the last one for less than any asks for, empty where there are none."""
        return next((name for name, least in self.least.items() if share >= least - EXACT), [*self.least, ""][-1])


@dataclass(frozen=True, eq=False)
class Look:
    """One target past fixed things, the screens of a feed as one; arrays in the order of `scene.seats`."""

    name: str
    """`LED wall`, `feed imag`"""
    seen: Seen
    faces: Bools
    """(n,) seats that do not turn their back to it; guests at tables turn round."""
    share: Floats
    """(n,) that is seen of what counts: of a screen from `content_safe_from` up."""
    cause: Whole
    """(n,) what takes most of the rest: an index into `Visible.causes`, −1 for nothing, `AWAY` where a screen turns its
    back."""
    place: Floats
    """(n, 2) middle of what that hides: 0 left … 1 right, 0 bottom … 1 top."""

    @property
    def past_people(self) -> Floats:
        """(n,) what people leave of `share`; what they take of a screen is that of its whole height."""
        return self.share * (1 - self.seen.people)

    @property
    def lower(self) -> Floats:
        """(n,) of the lowest third of a screen's content, where captions stand, that is seen; NaN of what is no screen."""
        return self.seen.lower if self.seen.role == "screen" else np.full(len(self.share), np.nan)


@dataclass(frozen=True, eq=False)
class Restricted:
    """What each seat has of the target that it sees least of; arrays in the order of `scene.seats`."""

    looks: tuple[Look, ...]
    share: Floats
    """(n,) NaN for killed places, and where a seat faces nothing that is to be seen."""
    band: Strings
    """(n,) empty where the share is NaN, and without bands."""
    by: Strings
    """(n,) `column K1, left of LED wall`: of everything that a seat sees less of than the best band asks for, the worst
    first, of a feed the screen that the seat sees most of; empty where there is nothing."""
    lower: Floats
    """(n,) least of the lower thirds of the screens that a seat faces; NaN where there are none."""


def restricted(scene: Scene, views: Views, bands: Mapping[str, float]) -> Restricted:
    """Band and words of every standing seat. Fixed things only: heads in front never brand a seat."""
    bands = bands if isinstance(bands, Bands) else Bands(bands)
    n, shown = len(scene.seats), views.visible
    every = tuple(looks(scene, views, bands.reach))
    kept = scene.seats.status != "kill"
    table, lower = np.full((2, len(every), n), np.nan)
    for k, one in enumerate(every):
        table[k], lower[k] = np.where(one.faces & kept, (one.share, one.lower), np.nan)
    share = np.fmin.reduce(table, axis=0, initial=np.nan)
    best = max(bands.values(), default=1.0)
    words = [""] * n
    names = [_spoken(scene, shown, one) for one in every]
    for seat in np.flatnonzero(share < best - EXACT).tolist():
        of = np.flatnonzero(table[:, seat] < best - EXACT)
        words[seat] = _together(
            [
                whys(scene, shown, every[k], seat, str(names[k][seat]))
                for k in of[np.argsort(table[of, seat], kind="stable")].tolist()
            ]
        )
    band = [bands.band(part) if part == part else "" for part in share.tolist()]
    return Restricted(
        every, share, np.array(band, np.str_).reshape(n), np.array(words, np.str_).reshape(n),
        np.fmin.reduce(lower, axis=0, initial=np.nan),
    )  # fmt: skip


def looks(scene: Scene, views: Views, reach: float, stated: bool = False) -> Iterator[Look]:
    """Every presenter, screen, feed and point of focus past fixed things.

    stated : stage edges and where presenters walk too, which judge no seat
    """
    for name, seen in to_see(scene, views.visible):
        yield look(scene, views, name, seen, reach)
    for name, seen in views.stated.targets.items() if stated else ():
        yield look(scene, views, name, seen, reach)


def look(scene: Scene, views: Views, name: str, seen: Seen, reach: float) -> Look:
    """One of them."""
    return Look(name, seen, _faces(scene, views, seen), *hidden(scene, views.visible, seen, reach))


def to_see(scene: Scene, shown: Visible) -> Iterator[tuple[str, Seen]]:
    """What people came to see, by name; the screens of a feed as one."""
    fed = {element for elements in scene.feeds.values() for element in elements}
    for name, seen in shown.targets.items():
        if seen.role != "sign" and (seen.role != "screen" or seen.element not in fed):
            yield name, seen
    for name, seen in shown.feeds.items():
        yield f"feed {name}", seen


def _faces(scene: Scene, views: Views, seen: Seen) -> Bools:
    seats, elements = scene.seats, seen.element.split()
    found = [v.angle for v in views.targets.values() if v.element in elements and v.role == seen.role]
    turned = [angle for angle in found if len(angle) == len(seats)]
    if not turned:
        return np.ones(len(seats), np.bool_)
    return np.asarray((np.fmin.reduce(turned) <= 90.0) | seats.at_table)


def hidden(scene: Scene, shown: Visible, seen: Seen, reach: float) -> tuple[Floats, Whole, Floats]:
    """`share`, `cause` and `place` of a Look. What stands within `reach` [m] beside a presenter hides nothing of them."""
    taken = np.where(seen.cause >= 0, seen.taken, 0.0)
    theirs = np.array([*_theirs(scene, shown, seen, reach), False])
    own = theirs[seen.cause]
    share = np.minimum(seen.content + (taken * own).sum(axis=1), 1.0)
    taken = np.where(own, 0.0, taken)
    most, seat = taken.argmax(axis=1), np.arange(len(share))
    cause = np.where(seen.away > taken[seat, most], AWAY, seen.cause[seat, most])
    return share, cause, seen.place[seat, most]


def from_viewers(scene: Scene, shown: Visible, seen: Seen, reach: float) -> tuple[Floats, Floats, Whole]:
    """(k,) what `Visible.viewers` see of a target past fixed things, and past people too, and what takes most of the rest.

    What stands within `reach` [m] beside a presenter hides nothing of them; causes as in a Look.
    """
    taken = np.where(seen.viewers_cause >= 0, seen.viewers_taken, 0.0)
    own = np.array([*_theirs(scene, shown, seen, reach), False])[seen.viewers_cause]
    share = np.minimum(seen.viewers + (taken * own).sum(axis=1), 1.0)
    left = np.divide(seen.viewers_free, seen.viewers, out=np.ones(len(share)), where=seen.viewers > 0)
    taken = np.where(own, 0.0, taken)
    most, viewer = taken.argmax(axis=1), np.arange(len(share))
    return share, share * left, np.where(taken[viewer, most] > 0, seen.viewers_cause[viewer, most], -1)


def _theirs(scene: Scene, shown: Visible, seen: Seen, reach: float) -> list[bool]:
    """For each cause whether it stands beside this person on the same floor."""
    figure = [p.bounds for p in scene.parts if p.element == seen.element and p.system == "person" and p.count]
    if seen.role != "person" or not figure:
        return [False] * len(shown.causes)
    low, high = np.min([b[0] for b in figure], axis=0), np.max([b[1] for b in figure], axis=0)
    at = (low + high)[:2] / 2
    near: dict[tuple[str, str], bool] = {}
    for part in scene.parts:
        if not part.count:
            continue
        box = part.bounds
        gap = np.maximum(np.maximum(box[0, :2] - at, at - box[1, :2]), 0.0)
        beside = abs(box[0, 2] - low[2]) <= _LEVEL and float(np.hypot(*gap)) <= reach + 1e-6
        key = part.element, part.name
        near[key] = beside and part.movable and near.get(key, True)
    return [near.get((cause.element, cause.name), False) for cause in shown.causes]


def why(scene: Scene, shown: Visible, look: Look, k: int) -> str:
    """What takes most of a seat's view: `column K1, left of LED wall`; empty for nothing."""
    return _together([whys(scene, shown, look, k)])


def whys(scene: Scene, shown: Visible, look: Look, k: int, name: str = "") -> tuple[str, str]:
    """The thing, and where: (`column K1`, `left of LED wall`); `name` of what is looked at, where it is not the look's own."""
    cause, name = int(look.cause[k]), name or look.name
    if cause == AWAY:
        return f"{name} turns its back", ""
    return (thing(scene, shown.causes[cause]), f"{_side(*look.place[k])}{name}") if cause >= 0 else ("", "")


def _spoken(scene: Scene, shown: Visible, look: Look) -> Strings:
    """(n,) what each seat looks at, as somebody says it who knows of no feeds: the screen that it sees most of."""
    if look.name in shown.targets:
        return np.full(len(look.share), look.name)
    elements = look.seen.element.split()
    screens = [one for one in shown.targets.values() if one.role == "screen" and one.element in elements]
    origins = [scene.elements.get(one.element) for one in screens]
    names = [(o.name if o else "") or one.element.removesuffix("_mirror") for o, one in zip(origins, screens)]
    most = np.argmax([one.share + one.free * 1e-6 for one in screens], axis=0)
    return np.asarray(np.array(names, np.str_)[most])


def _together(found: list[tuple[str, str]]) -> str:
    """`column K1, left of LED wall and in front of Host; rail, bottom of deck`"""
    known: dict[str, list[str]] = {}
    for what, where in found:
        known.setdefault(what, []).append(where)
    return "; ".join(
        ", ".join(part for part in (what, " and ".join(dict.fromkeys(where))) if part) for what, where in known.items()
    )


def _side(u: float, v: float) -> str:
    """Where on the target, in words."""
    up, across = abs(v - 0.5), abs(u - 0.5)
    if max(up, across) <= _MIDDLE:
        return "in front of "
    if across >= up:
        return "left of " if u < 0.5 else "right of "
    return "bottom of " if v < 0.5 else "top of "


def thing(scene: Scene, cause: Cause) -> str:
    """`column K1`, `Mid truss`, `balcony front`"""
    if cause.system == "column" and cause.name:
        return f"column {cause.name}"
    origin = scene.elements.get(cause.element)
    if origin is not None and origin.name:
        return f"{origin.name} {cause.name}".strip()
    if cause.name:
        return f"{cause.element} {cause.name}"
    return f"{cause.system} {cause.element}" if cause.system in ("truss", "drape", "column") else cause.element
