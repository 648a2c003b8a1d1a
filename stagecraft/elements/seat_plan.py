"""Seat plan: the seats of a file that ticketing already sells from, where it has them and as it calls them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from stagecraft.elements._base import NUMBER, Code, Colour, Element, ElementRef, Length, PlanRow, Point, Site, rgb
from stagecraft.elements.seating import CHAIR_DEPTH
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Note, Record, SeatRow, Strings

PITCH = 0.5
"""Between the middles of two seats, where a plan does not say how many pixels are a metre. [m]"""
GANGWAY = 1.6
"""Seats of a row that are farther apart than this many spacings have a gangway between them."""
WHEELCHAIR = (0.90, 1.40)
"""Width and depth of a wheelchair place. [m]"""


class SeatPlan(Element):
    """Seats from a pretix seating plan (JSON), fixed where it has them, with its zones, rows, numbers, categories and ids.

    Origin: middle of the plan's upper edge, the stage beyond it. Numbering leaves these labels alone. A plan that is
    written again has the same seat ids.
    """

    type: Literal["seat_plan"] = "seat_plan"
    file: str
    """Seating plan as pretix exports it."""
    scale: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False), NUMBER] | None = None
    """Pixels of a metre; where empty, the usual way from seat to seat is taken for 0.5 m, and said."""
    focus: Annotated[str, ElementRef()] | Point | None = None
    """What rows face, an element or [x, y]; where empty they look to the plan's upper edge."""
    chair: Code | None = None
    """Catalogue item of the chair; empty for fixed seats of the house."""
    eye_at: Length = 0.45
    """Eye behind the chair's front edge. [m]"""
    colour: Colour = "#8c2e38"
    """Colour in pictures."""

    @model_validator(mode="after")
    def _once(self) -> SeatPlan:
        if self.mirror is True:
            raise ValueError("mirror: every seat of a plan has its id once; a plan has no twin")
        return self

    def top(self, site: Site) -> float:
        return 0.0

    def build(self, site: Site) -> Iterator[Record]:
        rows = site.files.seats("file", self.file)
        spacing = _spacing(rows)
        scale = self.scale or (spacing / PITCH if spacing else 50.0)
        if self.scale is None:
            said = (
                f"{spacing:g} pixels from seat to seat taken for {PITCH * 1000:.0f} mm"
                if spacing
                else "no seat has a neighbour"
            )
            yield Note(self.id, f"{self.file}: {said}: {scale:g} pixels a metre; write scale: if it is another", np.zeros(3), "stand_in")  # fmt: skip
        item = site.item(self.chair) if self.chair else None
        depth = site.size(item, "depth", CHAIR_DEPTH) if item else CHAIR_DEPTH
        width = (site.size(item, "width", PITCH) if item else spacing / scale) or PITCH
        focus = None if self.focus is None else site.point(self.focus)[:2]
        for key, row in enumerate(rows, 1):
            yield self._seats(site, key, row, scale, focus, width, depth)

    def _seats(
        self, site: Site, key: int, row: PlanRow, scale: float, focus: Floats | None, width: float, depth: float
    ) -> SeatRow:
        at = row.at / scale * (1.0, -1.0)
        facing = _facing(at, row.table, focus)
        turned = not row.table and _backwards(at, facing)  # an audience member counts from the left
        order = np.arange(len(at))[::-1] if turned else np.arange(len(at))
        at, facing = at[order], facing[order]
        names = [row.seats[k] for k in order.tolist()]
        place, category = _sold(row, [kind for _, _, kind in names])
        wheelchair = place == "wheelchair"
        gaps = np.linalg.norm(np.diff(at, axis=0), axis=1)
        apart = gaps > GANGWAY * max(width, float(np.median(gaps)) if len(gaps) else 0.0)
        look = np.stack([np.cos(np.radians(facing)), np.sin(np.radians(facing))], axis=1)
        eyes = at + np.where(wheelchair, 0.0, depth / 2 - self.eye_at)[:, None] * look
        eye = np.where(wheelchair, site.people.wheelchair_eye, site.people.eye)
        n, chairs = len(at), np.where(wheelchair, "", self.chair or "")
        blank = np.full(n, "", dtype=np.str_)
        return SeatRow(
            element=self.id, key=key, ids=np.array([f"{self.id}/{guid}" for guid, _, _ in names], dtype=np.str_),
            at=np.c_[at, np.zeros(n)], facing=facing, eyes=np.c_[eyes, eye],
            section=np.concatenate([[0], np.cumsum(apart)]).astype(np.int64) if not row.table else np.zeros(n, np.int64),
            place=place, width=np.where(wheelchair, np.maximum(WHEELCHAIR[0], width), width), depth=depth, item=chairs,
            block=np.full(n, row.zone), row=np.full(n, row.label), seat=np.array([seat for _, seat, _ in names], dtype=np.str_),
            category=category, status=np.full(n, "open"), owner=blank, reason=blank, price=np.full(n, np.nan), removed_by=blank,
            order=row.order, colour=rgb(self.colour),
            depths=np.where(wheelchair, WHEELCHAIR[1], depth) if wheelchair.any() else None,
        )  # fmt: skip


def _spacing(rows: Sequence[PlanRow]) -> float:
    """The usual way from one seat of a row to the next; 0 where no row has two. [px]"""
    ways = [np.linalg.norm(np.diff(row.at, axis=0), axis=1) for row in rows if len(row.seats) > 1]
    every = np.concatenate(ways) if ways else np.zeros(0)
    every = every[every > 1e-6]
    return float(np.median(every)) if len(every) else 0.0


def _facing(at: Floats, table: bool, focus: Floats | None) -> Floats:
    """(n,) across the row to the side of the focus; at a table to its middle. [degrees]"""
    if table:
        to = at.mean(axis=0) - at
        turn = np.degrees(np.arctan2(to[:, 1], to[:, 0]))
        return np.asarray(np.where(np.linalg.norm(to, axis=1) > 1e-6, turn, 90.0))
    aim = np.array([0.0, 1.0]) if focus is None else focus - at
    if len(at) < 2:
        aim = np.broadcast_to(aim, at.shape)
        return np.asarray(np.degrees(np.arctan2(aim[:, 1], aim[:, 0])))
    along = np.gradient(at, axis=0)
    if len(at) > 2:  # wheelchair places stand deeper than their neighbours: ends follow from the places before them
        along[[0, -1]] = along[[1, -2]] if len(at) == 3 else 2 * along[[1, -2]] - along[[2, -3]]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    side = np.sign((across * aim).sum(axis=1))
    across = across * np.where(side == 0, 1.0, side)[:, None]
    return np.asarray(np.degrees(np.arctan2(across[:, 1], across[:, 0])))


def _backwards(at: Floats, facing: Floats) -> bool:
    """Does a row run from its audience's right to its left?"""
    look = np.radians(facing)
    right = np.stack([np.sin(look), -np.cos(look)], axis=1).mean(axis=0)
    return bool(((at[-1] - at[0]) * right).sum() < -1e-9)


def _sold(row: PlanRow, kinds: list[str]) -> tuple[Strings, Strings]:
    """Place and category of seats: wheelchair places and companions' are told by the name of their category."""
    places, categories = [], []
    for kind in kinds:
        place, category = "table" if row.table else "chair", kind
        for word in ("wheelchair", "companion"):
            if kind.lower().endswith(word):
                place, category = word, kind[: -len(word)].strip()
        places.append(place)
        categories.append("" if category == "Standard" else category)
    return np.array(places, dtype=np.str_), np.array(categories, dtype=np.str_)
