"""How likely each seat sees: the same house with people of drawn sizes, many times over. No thresholds.

Every draw gives everybody another eye height, head and shoulders, normally about the figures of the house, with its
spreads and independent of each other. What stands fixed is looked at once, from the eyes of the house.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from stagecraft.analysis._crowd import Crowd, crowd
from stagecraft.analysis.seen import MATTERS
from stagecraft.analysis.visible import looks, run
from stagecraft.errors import VenueError
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.shadow import Bodies, count, hidden, people
from stagecraft.scene import Scene, Stature, Strings

_FARTHEST = 4.0
"""Nobody is drawn more standard deviations away than this."""
_CELLS = 16_000_000
"""Seats × draws × targets worked on at a time, eight bytes each."""
_EXACT = 1e-9
"""Shares are compared as written, within this."""


@dataclass(frozen=True, eq=False)
class Odds:
    """One target from every standing seat, in the order of `scene.seats`. 0 … 1"""

    target: str
    element: str
    role: str
    probability: Floats
    """(n,) that at least `Chance.least` of the target is seen."""
    mean: Floats
    """(n,) share that is seen."""
    low: Floats
    high: Floats
    """(n,) share below which 5 and 95 % of the draws lie."""


@dataclass(frozen=True, eq=False)
class Chance:
    ids: Strings
    """(n,) permanent ids of the standing seats."""
    targets: Mapping[str, Odds]
    """By name: every focus, person and screen."""
    feeds: Mapping[str, Odds]
    """By the feed's name: in each draw the screen of it that the seat sees most of."""
    least: float
    draws: int
    seed: int


@dataclass(frozen=True, eq=False)
class _Sizes:
    """Of every person (p,). [m]"""

    head: Floats
    head_breadth: Floats
    head_length: Floats
    shoulder: Floats
    shoulder_breadth: Floats


def chance(
    scene: Scene,
    least: float,
    draws: int = 200,
    seed: int = 0,
    samples: int = 1024,
    progress: Callable[[float], None] | None = None,
) -> Chance:
    """The probability that each standing seat sees at least a share of every focus, person and screen.

    least : that share of the target [0 … 1]
    draws : houses full of people
    seed : the same one gives the same people, whatever the number of threads
    samples, progress : as for `visible`

    With spreads of zero the shares are `Seen.free`. The spreads are those of the scene's stature.

    Raises VenueError where there are no seats, where nothing is to be seen, and for numbers that mean nothing.
    """
    if not 0 < least <= 1:
        raise VenueError(f"the share to be seen lies above 0 and is at most 1, not {least}")
    if draws < 1 or seed < 0:
        raise VenueError(f"chance needs at least one draw and a seed that is not negative, not {draws} and {seed}")
    n = len(scene.seats)
    if not n:
        raise VenueError("there are no seats to see from")
    every = [look for look in looks(scene, samples) if look.target.role in MATTERS]
    if not every:
        raise VenueError("nothing to be seen is named: a target, a presenter or a screen")
    house = crowd(scene)
    own = house.own[:n]
    single = {look.key: _odds(look.key, look.target.element, look.target.role, n) for look in every}
    joint: dict[str, list[int]] = {}
    for name, elements in scene.feeds.items():
        screens = [
            k for k, look in enumerate(every) if look.target.role == "screen" and look.target.element in elements
        ]
        joint |= {name: screens} if screens else {}
    feeds = {
        name: _odds(name, " ".join(every[k].target.element for k in found), "screen", n)
        for name, found in joint.items()
    }
    step = max(1, _CELLS // (draws * len(every)))
    pieces = [slice(first, min(first + step, n)) for first in range(0, n, step)]
    for done, some in enumerate(pieces):
        share = np.zeros((len(every), some.stop - some.start, draws))

        def one(draw: int, some: slice = some, share: Floats = share) -> None:
            persons, bodies = _drawn(scene.stature, house, seed, draw)
            eyes = scene.seats.eyes[some].copy()
            taken = own[some] >= 0
            eyes[taken] = persons[own[some][taken]]
            for k, look in enumerate(every):
                shadows = hidden(eyes, own[some], bodies, look.surface)
                share[k, :, draw] = count(look.left[some] & ~shadows.bits) / len(look.surface)

        run([(draw,) for draw in range(draws)], one, _part(progress, done, len(pieces)))
        for k, odds in enumerate(single.values()):
            _fill(odds, some, share[k], least)
        for name, screens in joint.items():
            _fill(feeds[name], some, share[screens].max(axis=0), least)
    return Chance(scene.seats.ids, single, feeds, least, draws, seed)


def _drawn(s: Stature, house: Crowd, seed: int, draw: int) -> tuple[Floats, Bodies]:
    """Everybody's eye (p, 3) [m] and body."""
    z = np.random.default_rng((seed, draw)).standard_normal((3, len(house.eyes)))
    tall, head, broad = np.clip(z, -_FARTHEST, _FARTHEST)
    eyes = house.eyes.copy()
    eyes[:, 2] += tall * np.where(house.upright, s.standing_spread, s.eye_spread)
    head, broad = 1 + head * s.size_spread, 1 + broad * s.size_spread
    sizes = _Sizes(
        s.head * head, s.head_breadth * head, s.head_length * head, s.shoulder * broad, s.shoulder_breadth * broad
    )
    return eyes, people(eyes, house.facing, sizes, house.upright)


def _odds(name: str, element: str, role: str, n: int) -> Odds:
    return Odds(name, element, role, *(np.zeros(n) for _ in range(4)))


def _fill(odds: Odds, some: slice, share: Floats, least: float) -> None:
    odds.probability[some] = (share >= least - _EXACT).mean(axis=1)
    odds.mean[some] = share.mean(axis=1)
    odds.low[some], odds.high[some] = np.quantile(share, [0.05, 0.95], axis=1)


def _part(progress: Callable[[float], None] | None, done: int, of: int) -> Callable[[float], None] | None:
    """Tells the whole what is done of one part."""
    return progress and (lambda part: progress((done + part) / of))
