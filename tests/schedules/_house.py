"""A small house made by hand: chairs, wheelchair places, panels, truss, picks and spares."""

from dataclasses import replace

import numpy as np

from stagecraft.catalogue import load
from stagecraft.geometry import shapes
from stagecraft.geometry.frame import frames
from stagecraft.scene import About, KitLine, Origin, Part, Pick, Revision, Scene
from tests.analysis._house import row

CHAIR = "fur.chair.banquet"
PANEL = "led.roe.bp2v2"
ITEMS = load()
PIECE = replace(ITEMS["truss.prolyte.h30v"], code="truss.prolyte.h30v-3000", model="H30V square 3.00 m", mass=18.9)
ABOUT = About(
    "Haus „Süd“ & Söhne", event="席", revisions=(Revision("P02", "2026-11-23"),), setup="day", hash="0123456789ab"
)


def chairs(rows):
    """The chairs of the seats that need one."""
    at = np.concatenate([r.at[r.stands & (r.item == CHAIR)] for r in rows])
    ids = np.concatenate([r.ids[r.stands & (r.item == CHAIR)] for r in rows])
    return Part("stalls", shapes.box(0.43, 0.5, 0.89), frames(at), "seating", CHAIR, tuple(ids.tolist()), of_seats=True)


def rows():
    """Two rows of six: two wheelchair places with companions, one place taken by the desk, one held, one killed."""
    x = np.arange(6) * 0.55
    first = row(1, np.c_[x, np.full(6, -4.0)], item=CHAIR, category="VIP")
    place = np.array(["wheelchair", "companion", "chair", "chair", "companion", "wheelchair"])
    second = row(
        2, np.c_[x, np.full(6, -5.0)], floor=0.2,
        place=place, item=np.where(place == "wheelchair", "", CHAIR),
        status=np.array(["open", "open", "hold", "kill", "open", "open"]),
        owner=np.array(["", "", "show caller", "", "", ""]),
        removed_by=np.array(["", "", "", "", "", "foh"]),
    )  # fmt: skip
    return first, second


def scene(*records, about=ABOUT, items=None):
    names = dict.fromkeys(r.element for r in records)
    origins = {name: Origin("thing", np.eye(4)) for name in names}
    found = {code: ITEMS[code] for code in (CHAIR, PANEL)} | {PIECE.code: PIECE} if items is None else items
    return Scene(about, origins, tuple(records), found)


def wall(columns=4, element="wall", y=2.0):
    at = np.array([(0.5 * c, y, 1.0 + 0.5 * r) for r in range(3) for c in range(columns)])
    return Part(element, shapes.box(0.5, 0.09, 0.5), frames(at), "video", PANEL)


def truss(pieces=3):
    at = np.array([(3.0 * n, 0.0, 5.0) for n in range(pieces)])
    return Part("T1", shapes.box(3.0, 0.29, 0.29), frames(at), "truss", PIECE.code, blocks="rigging")


def hall(*more):
    """11 places, 9 chairs... the numbers that the tests count by hand."""
    seats = rows()
    return scene(
        *seats, chairs(seats), wall(), truss(),
        KitLine("wall", PANEL, 2, "spares"), KitLine("desk", "desk.unheard.of", 1),
        Pick("T1", "T1.1", np.array([-2.0, 0.0, 5.29]), 5.0, 250.0, "A. Rigger"),
        Pick("T1", "T1.2", np.array([2.0, 0.0, 5.29]), 5.0, 250.0),
        Pick("room", "H7", np.array([0.0, 0.0, 7.0]), limit=500.0, house=True),
        *more,
    )  # fmt: skip
