"""The face: verbs do, nouns are. `import stagecraft as sc` and everything below is `sc.…`."""

from __future__ import annotations

from typing import Any

from stagecraft.analysis.by_view import by_view
from stagecraft.analysis.chance import chance
from stagecraft.analysis.views import Views, views
from stagecraft.build import build
from stagecraft.checks import check
from stagecraft.checks.explain import explain
from stagecraft.checks.finding import Report
from stagecraft.design.capacity import capacity_chart
from stagecraft.design.cost import kill_map
from stagecraft.design.fill import fill
from stagecraft.design.place import place
from stagecraft.design.rake import rake
from stagecraft.design.screen import furthest_row, lowest_screen, lowest_stage
from stagecraft.diff import diff
from stagecraft.drawing.book import sheets
from stagecraft.drawing.cross_section import cross_section
from stagecraft.drawing.elevation import elevation
from stagecraft.drawing.heatmap import heat_map
from stagecraft.drawing.plan import plan
from stagecraft.drawing.seat_marks import seating_plan
from stagecraft.drawing.section import section
from stagecraft.drawing.shop_drawing import profiles
from stagecraft.drawing.table_plan import table_plan_drawing
from stagecraft.elements import *  # noqa: F403
from stagecraft.elements import __all__ as _elements
from stagecraft.errors import MissingError, VenueError
from stagecraft.export.write import write
from stagecraft.geometry.frame import Floats
from stagecraft.publish import publish
from stagecraft.render.picture import still as picture
from stagecraft.scene import Scene
from stagecraft.schedules.cut_list import cut_list, stock_list
from stagecraft.schedules.exits import exit_capacity
from stagecraft.schedules.guests import Guest, seat_guests
from stagecraft.schedules.kit import kit_list
from stagecraft.schedules.picks import picks
from stagecraft.schedules.removed import removed
from stagecraft.schedules.row_signs import row_signs
from stagecraft.schedules.seats import capacity, seat_list
from stagecraft.schedules.tables import table_plan
from stagecraft.schedules.views import view_list
from stagecraft.session import Session, open
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load, loads
from stagecraft.venue.reference import schema


def c_values(scene: Scene, views: Views | None = None) -> dict[str, Floats]:
    """Signed C-value of every seat to every target, worst over all rows in front, in the order of `scene.seats`. [m]

    Infinite where nobody sits in front, NaN where the target cannot be looked at.
    """
    made = views or globals()["views"](scene)
    return {name: view.c for name, view in made.targets.items()}


def show(what: Any) -> None:
    """Open the window: on a venue file (edits, saves, re-checks) or on a Scene (shows only).

    Raises MissingError with one sentence where there is no OpenGL or no display.
    """
    from stagecraft.render.viewer import show as window

    window(Session.of(what))


__all__ = [
    *(name for name in _elements if name not in ("ELEMENTS", "People")),
    "Guest", "MissingError", "Report", "Scene", "Session", "Venue", "VenueError", "build", "by_view", "c_values", "capacity", "capacity_chart", "chance", "check", "cross_section", "cut_list",
    "diff", "elevation", "exit_capacity", "explain", "fill", "furthest_row", "heat_map", "kill_map", "kit_list", "load", "loads", "lowest_screen",
    "lowest_stage", "open", "picks", "picture", "place", "plan", "profiles", "publish", "rake", "removed", "row_signs", "schema", "seat_guests", "seat_list", "seating_plan", "section", "sheets", "show", "stock_list", "table_plan", "table_plan_drawing",
    "view_list", "views", "write",
]  # fmt: skip
