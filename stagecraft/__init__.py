"""stagecraft: from one venue file to solids, sightlines, drawings, seat lists, kit schedules and pictures.

import stagecraft as sc

venue = sc.load("venue.yaml")
scene = sc.build(venue)
report = sc.check(scene, venue.rules)
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stagecraft.api import *  # noqa: F403


_FACE = frozenset(
    """Balcony Camera CameraPlatform CatalogueItem ClearSpace Drape DrawingUnderlay Element ExitSign Fascia FirePoint Flat
    FlatScreen Guest Foh Lamp Lectern LedWall MissingError Platform Plinth Presenter Proscenium Ramp Report Room Scene Scenery
    SeatPlan Seating Session SightTarget Stage Stairs StandingArea Tables Telescopic TextNote Truss Venue VenueError build by_view c_values
    capacity capacity_chart chance check cross_section cut_list diff elevation exit_capacity explain fill furthest_row heat_map kill_map kit_list load loads lowest_screen
    lowest_stage open picks picture place plan profiles publish rake removed row_signs schema seat_guests seat_list seating_plan section sheets show stock_list table_plan table_plan_drawing view_list
    views write""".split()
)
"""Names of the face. A test holds them against `api.__all__`."""


class _Package(ModuleType):
    """`sc.build` is the function, though a module has the same name: importing that module must not hide it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _FACE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """Names of the face are imported when they are first asked for (PEP 562)."""
    if name not in _FACE:
        raise AttributeError(f"module 'stagecraft' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module("stagecraft.api"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_FACE})
