"""An element alone on a site, and one small example of each type."""

from pathlib import Path

from stagecraft import catalogue as catalogues
from stagecraft.elements import ELEMENTS, People
from stagecraft.elements._base import Site
from stagecraft.geometry.frame import IDENTITY
from stagecraft.scene import Part
from stagecraft.venue.files import Files

DATA = Path(__file__).parent.parent / "data"

EXAMPLES = {
    "room": {"size": [10, 8], "height": 4, "doors": [{"id": "D1", "at": [0, -4]}], "columns": [{"id": "C", "at": [2, 2], "diameter": 0.5}]},
    "proscenium": {"opening": [12, 6], "wall": [20, 9], "thickness": 0.5},
    "balcony": {"size": [20, 5], "level": 3.5, "columns": [{"id": "B1", "at": [-4, -1], "diameter": 0.4}]},
    "exit_sign": {"at": [0, 0, 2.3]},
    "fire_point": {},
    "keep_clear": {"size": [1.2, 6], "why": "way to the fire point", "from": 0, "to": 2.1},
    "stage": {"size": [8, 4], "height": 0.8, "rails": ["rear"]},
    "platform": {"size": [4, 2.4], "height": 0.4, "rails": ["rear", "left"]},
    "stairs": {"width": 1.2, "height": 0.8, "steps": 4, "going": 0.3, "rails": True},
    "ramp": {"width": 1.5, "height": 0.3, "length": 4.5, "rails": True},
    "seating": {"rows": 4, "seats": [6, 6], "riser": 0.2},
    "seat_plan": {"file": "pretix-56-seats.json", "scale": 50},
    "telescopic": {"rows": 5, "open_rows": 3, "stored_depth": 1.2, "seats": [6, 6], "riser": 0.3, "rails": ["left"]},
    "tables": {"item": "fur.table.round6", "seats": 10, "count": 7},
    "standing": {"size": [6, 5]},
    "led_wall": {"panel": "vx.led.test", "columns": 6, "rows": 4},
    "screen": {"image": [4, 2.25]},
    "drape": {"from": [-4, 0], "to": [4, 0], "height": 5, "item": "drp.tsc.3300"},
    "scenery": {"size": [2, 0.018, 3], "sheet": 0.018, "material": "birch plywood"},
    "flat": {"width": 1.2, "height": 2.4, "fabrication": True},
    "plinth": {"size": [1.2, 0.6, 0.9], "fabrication": True},
    "fascia": {"radius": 4, "angle": 30, "height": 0.9, "fabrication": True},
    "lectern": {},
    "presenter": {"zone": [4, 2]},
    "target": {"points": [[0, 0, 1]]},
    "truss": {"from": [-5, 1], "to": [5, 1], "trim": 5, "picks": [-4, 4], "towers": [-4.5, 4.5]},
    "lamp": {"item": "lamp.test", "aim": [0, 5, 0], "count": 3},
    "item": {"item": "lamp.test", "count": 2, "stack": 2},
    "foh": {},
    "camera_platform": {"aim": [0, 20, 1.5]},
    "camera": {"aim": [3, 20, 1.5]},
    "underlay": {"from": "cnc_layers_inches.dxf", "unit": "in"},
    "text": {"text": "get-in"},
}  # fmt: skip
"""Fields of one small example of each type, `id` and `type` apart."""


def catalogue():
    """The house's catalogue, and two stand-ins for rows whose codes may change."""
    house = catalogues.load()
    panel = next(item for item in house.values() if item.category == "led_panel")
    lamp = next(item for item in house.values() if item.dept == "LX")
    return {**house, "vx.led.test": panel, "lamp.test": lamp}


def element(kind, **fields):
    """An element of this type called `it`."""
    given = {**EXAMPLES[kind], **fields}
    return ELEMENTS[kind].model_validate(
        {"id": "it", "type": kind, **{k: v for k, v in given.items() if v is not None}}
    )


def site(made, frame=IDENTITY, finished=None):
    return Site(made, frame, catalogue(), People(), Files([DATA]), finished or {})


def records(kind, only=None, **fields):
    """What an element builds in its own coordinates, all of it or one kind of record."""
    made = element(kind, **fields)
    built = list(made.build(site(made)))
    return built if only is None else [record for record in built if isinstance(record, only)]


def volume(kind, name="", **fields):
    """Volume of the parts that carry a name (all copies). [m³]"""
    return sum(part.solid.volume * part.count for part in records(kind, Part, **fields) if part.name == name)
