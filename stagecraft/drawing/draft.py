"""Drafts: what a sheet shows, before paper and scales are chosen for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from stagecraft.analysis.views import Views
from stagecraft.analysis.views import views as seen_from
from stagecraft.drawing._paper import Block
from stagecraft.drawing.layers import OWN, Profile
from stagecraft.drawing.marks import Drawing
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene

Maker: TypeAlias = Callable[[float], Drawing]
"""Scale 1:n → the view laid out for it."""
Carries: TypeAlias = Callable[[Floats], Floats]
"""People whom exits of clear widths (n,) [m] carry."""

PLANS = (50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
"""Scales of plans, sections and elevations of a room, the finest first. 1:n"""
LAYOUTS = (10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0)
"""Scales of stage and panel layouts."""
DETAILS = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
"""Scales of things to make."""


class Later(Sequence[float]):
    """Scales that are worked out when their sheet is drawn, not when it is listed. 1:n"""

    def __init__(self, find: Callable[[], tuple[float, ...]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> tuple[float, ...]:
        return self._find()

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, index: Any) -> Any:
        return self._found[index]


@dataclass(frozen=True)
class View:
    """One view of a sheet."""

    name: str
    """What `views:` in the venue file calls it: `plan`, `section`, `led main`."""
    make: Maker
    scales: Sequence[float] = PLANS
    """Scales that its readers accept, the finest first."""


def no_blocks(drawings: Sequence[Drawing]) -> Sequence[Block]:
    return ()


@dataclass(frozen=True)
class Draft:
    """One sheet to be: its views and what is written beside them."""

    key: str
    """Its name in `stagecraft draw venue.yaml KEY`, in `sheets:` and in file names: letters, digits and hyphens."""
    number: str
    """Drawing number without the set-up: `102`."""
    title: str
    """`Seating plan`; stands in the register, the bookmarks and the title block."""
    kind: str
    """Document type of the title block: `Seating plan for ushers`, `Rigging plot`."""
    views: tuple[View, ...]
    """The first is the one that the sheet is about."""
    blocks: Callable[[Sequence[Drawing]], Sequence[Block]] = no_blocks
    """Tables beside the views, made from the views as drawn, the most needed first. Notes, symbols and line types are added."""
    notes: tuple[str, ...] = ()
    """Said beside the notes of the views."""
    warning: str = ""
    """Stands framed over the title block: NOT FOR RIGGING UNTIL APPROVED."""
    symbols: bool = True
    """Whether the symbols of the first view are listed with their numbers."""
    legend: bool = True
    """Whether line types that mean something are told."""
    notes_first: bool = True
    """Whether the notes stand above the tables."""
    spare: Callable[[Sequence[Drawing]], Sequence[Block]] = no_blocks
    """Tables that are left out where the paper has no room for them."""


@dataclass(frozen=True, eq=False)
class Job:
    """What the sheets of one state of a venue are drawn from."""

    scene: Scene
    seen: Views | Callable[[], Views] | None = None
    """What the seats see, where that was worked out before or is kept elsewhere."""
    bands: Mapping[str, float] = field(default_factory=dict)
    """Least share of each band of view by its name, as the rules have it."""
    carries: Mapping[str, Carries] = field(default_factory=dict)
    """By the id of a rule on that, what an exit carries."""
    before: tuple[str, Scene] | None = None
    """Name of an earlier issue (`P01`) and the scene as it was then."""
    follows: tuple[str, Scene] | None = None
    """Name of the set-up that stands before this one, and its scene."""

    layers: Profile = field(default_factory=lambda: Profile(OWN))
    """Names of CAD layers in the files."""

    @cached_property
    def views(self) -> Views:
        """What every seat sees."""
        if callable(self.seen):
            return self.seen()
        return self.seen if self.seen is not None else seen_from(self.scene)


Kind: TypeAlias = Callable[[Job], Iterator[Draft]]
"""One line of the contents page: the sheets of one kind that apply to a job, none where there is nothing to show."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants otherwise about a sheet."""

    show: bool = True
    size: str = ""
    """A4 … A0; chosen where empty."""
    scale: float | None = None
    """1:n of every view; chosen where not given."""
    number: str = ""
    title: str = ""
    views: tuple[str, ...] = ()
    """Names of views; those of the draft where empty."""
    notes: tuple[str, ...] = ()
    """Said besides."""
