"""Contents page: everything that can stand in a venue. One file each; add a line here for a new one."""

from __future__ import annotations

from stagecraft.elements._base import Element, People
from stagecraft.elements.item import CatalogueItem
from stagecraft.elements.lamp import Lamp
from stagecraft.elements.lectern import Lectern
from stagecraft.elements.led_wall import LedWall
from stagecraft.elements.presenter import Presenter
from stagecraft.elements.room import Room
from stagecraft.elements.screen import FlatScreen
from stagecraft.elements.seating import Seating
from stagecraft.elements.stage import Stage
from stagecraft.elements.target import SightTarget
from stagecraft.elements.truss import Truss

ELEMENTS: dict[str, type[Element]] = {
    "room": Room,
    "stage": Stage,
    "seating": Seating,
    "led_wall": LedWall,
    "screen": FlatScreen,
    "truss": Truss,
    "lectern": Lectern,
    "presenter": Presenter,
    "lamp": Lamp,
    "item": CatalogueItem,
    "target": SightTarget,
}
"""`type` in the venue file → element."""

__all__ = [
    "ELEMENTS",
    "CatalogueItem",
    "Element",
    "FlatScreen",
    "Lamp",
    "Lectern",
    "LedWall",
    "People",
    "Presenter",
    "Room",
    "Seating",
    "SightTarget",
    "Stage",
    "Truss",
]
