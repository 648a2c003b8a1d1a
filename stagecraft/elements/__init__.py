"""Contents page: everything that can stand in a venue. One file each; add a line here for a new one."""

from __future__ import annotations

from stagecraft.elements._base import Element, People
from stagecraft.elements.balcony import Balcony
from stagecraft.elements.camera import Camera
from stagecraft.elements.camera_platform import CameraPlatform
from stagecraft.elements.drape import Drape
from stagecraft.elements.exit_sign import ExitSign
from stagecraft.elements.fascia import Fascia
from stagecraft.elements.fire_point import FirePoint
from stagecraft.elements.flat import Flat
from stagecraft.elements.foh import Foh
from stagecraft.elements.item import CatalogueItem
from stagecraft.elements.keep_clear import ClearSpace
from stagecraft.elements.lamp import Lamp
from stagecraft.elements.lectern import Lectern
from stagecraft.elements.led_wall import LedWall
from stagecraft.elements.platform import Platform
from stagecraft.elements.plinth import Plinth
from stagecraft.elements.presenter import Presenter
from stagecraft.elements.proscenium import Proscenium
from stagecraft.elements.ramp import Ramp
from stagecraft.elements.room import Room
from stagecraft.elements.scenery import Scenery
from stagecraft.elements.screen import FlatScreen
from stagecraft.elements.seat_plan import SeatPlan
from stagecraft.elements.seating import Seating
from stagecraft.elements.stage import Stage
from stagecraft.elements.stairs import Stairs
from stagecraft.elements.standing import StandingArea
from stagecraft.elements.tables import Tables
from stagecraft.elements.target import SightTarget
from stagecraft.elements.telescopic import Telescopic
from stagecraft.elements.text import TextNote
from stagecraft.elements.truss import Truss
from stagecraft.elements.underlay import DrawingUnderlay

ELEMENTS: dict[str, type[Element]] = {
    # the house
    "room": Room,
    "proscenium": Proscenium,
    "balcony": Balcony,
    "exit_sign": ExitSign,
    "fire_point": FirePoint,
    "keep_clear": ClearSpace,
    # what people stand on
    "stage": Stage,
    "platform": Platform,
    "stairs": Stairs,
    "ramp": Ramp,
    # where the audience is
    "seating": Seating,
    "seat_plan": SeatPlan,
    "telescopic": Telescopic,
    "tables": Tables,
    "standing": StandingArea,
    # what is seen
    "led_wall": LedWall,
    "screen": FlatScreen,
    "drape": Drape,
    "scenery": Scenery,
    "flat": Flat,
    "plinth": Plinth,
    "fascia": Fascia,
    "lectern": Lectern,
    "presenter": Presenter,
    "target": SightTarget,
    # what hangs and what it takes
    "truss": Truss,
    "lamp": Lamp,
    "item": CatalogueItem,
    # who works there
    "foh": Foh,
    "camera_platform": CameraPlatform,
    "camera": Camera,
    # what is only on paper
    "underlay": DrawingUnderlay,
    "text": TextNote,
}
"""`type` in the venue file → element."""

__all__ = [
    "ELEMENTS",
    "Balcony",
    "Camera",
    "CameraPlatform",
    "CatalogueItem",
    "ClearSpace",
    "Drape",
    "DrawingUnderlay",
    "Element",
    "ExitSign",
    "Fascia",
    "FirePoint",
    "Flat",
    "FlatScreen",
    "Foh",
    "Lamp",
    "Lectern",
    "LedWall",
    "People",
    "Platform",
    "Plinth",
    "Presenter",
    "Proscenium",
    "Ramp",
    "Room",
    "Scenery",
    "SeatPlan",
    "Seating",
    "SightTarget",
    "Stage",
    "Stairs",
    "StandingArea",
    "Tables",
    "Telescopic",
    "TextNote",
    "Truss",
]
