"""Seating: rows of chairs, straight, curved or chevron, flat or raked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from stagecraft.elements._base import Code, Colour, Element, ElementRef, Gap, Length, Site, Size, rgb
from stagecraft.elements._rails import Side
from stagecraft.geometry import frame as frames
from stagecraft.geometry import rows as plan
from stagecraft.geometry import shapes
from stagecraft.geometry.courses import Course, Round, Straight, Wings
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.outline import from_polygon, sector
from stagecraft.geometry.sightline import rake_risers
from stagecraft.geometry.solid import Solid, joined
from stagecraft.scene import Edge, Part, Place, Record, SeatRow, Walkway

CHAIR_DEPTH = 0.55
"""Stand-in for a chair whose depth the catalogue does not know. [m]"""
MOST_SEATS = 250_000
"""More places than any house on earth: a slip of the pen, refused before memory goes."""
MOST_ROWS = 2000


class Rake(BaseModel):
    """Risers that give every row the same C-value to a focus."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    c: Size
    """C-value asked: 60 mm, 90 mm, 120 mm."""
    focus: Annotated[str | tuple[Length, Length, Length], ElementRef()]
    """Point of focus, or the element whose target it is."""
    step: Size | None = None
    """Round each riser up to a multiple of this. [m]"""


class CrossGangway(BaseModel):
    """A gangway that runs along the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    after: Annotated[int, Field(ge=1)]
    """It lies behind this row."""
    width: Size
    """Clear width behind the chairs of that row. [m]"""


class Seating(Element):
    """Rows of places. Origin: middle of the front edge of the front row's chairs; rows follow one another to −y."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["rows"]}, {"required": ["depth"]}]})

    type: Literal["seating"] = "seating"
    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] | None = None
    """How many, from front to back."""
    depth: Size | None = None
    """Instead of `rows`: as many as fit between the front row's front edge and the last row's back. [m]"""
    seats: Annotated[int, Field(ge=1, le=2000)] | tuple[Annotated[int, Field(ge=1, le=2000)], ...]
    """Places in a row; a list gives blocks with a gangway between each two."""
    pitch: Size = 0.95
    """From row to row, back to back. [m]"""
    width: Size | tuple[Size, ...] = 0.50
    """From seat to seat along the row; a list of the widths that there are staggers by them: every second row has a seat fewer in
    each block, with wider seats, so that its ends stay in line. [m]"""
    gangway: Gap | tuple[Gap, ...] = 1.2
    """Clear width of the gangways between the blocks. [m]"""
    front: tuple[Length, Length] | tuple[Length, Length, Length] | None = None
    """Where the middle of the front row's front edge is (another word for `at`). [m]"""
    align: Literal["left", "centre", "right"] = "centre"
    """Which ends stay in line when rows differ in length."""
    grow: Annotated[int, Field(ge=0, le=20)] = 0
    """Places that each block has more than in the row before it."""
    by_row: dict[int, Annotated[int, Field(ge=0, le=2000)] | tuple[Annotated[int, Field(ge=0, le=2000)], ...]] = {}
    """Places in the blocks of some rows, where they are others: {3: [8, 10, 0]}; gangways stay, 0 leaves a block out."""
    without: tuple[str, ...] = ()
    """Places left out, by row and slot as in permanent ids: ["4/-2", "7/3..5"]; the others keep their ids."""
    stagger: bool = False
    """Shift every second row by half a seat."""
    curve: Size | None = None
    """Radius of the front row's front edge; its centre lies in front. [m]"""
    chevron: Annotated[float, Field(ge=0, le=45, allow_inf_nan=False)] = 0.0
    """Angle by which each half is turned towards the middle. [degrees]"""
    riser: Gap | tuple[Gap, ...] = 0.0
    """Step up from row to row: one for all, or one for each row after the first. [m]"""
    first_riser: Gap = 0.0
    """Step up to the first row. [m]"""
    rake: Rake | None = None
    """Instead of `riser`: risers computed for a C-value."""
    cross: tuple[CrossGangway, ...] = ()
    """Gangways along the rows."""
    sides: Gap = 0.0
    """Width of the gangway at either end of the rows (part of the tiers). [m]"""
    chair: Code | None = "fur.chair.banquet"
    """Catalogue item of the chair; null for the house's own fixed seats."""
    own_depth: Size = CHAIR_DEPTH
    """Depth of a house seat (`chair: null`). [m]"""
    eye_at: Length = 0.45
    """Eye behind the chair's front edge. [m]"""
    eye: Size | None = None
    """Seated eye above the row's floor, if not the house's figure. [m]"""
    pattern: Annotated[tuple[Place, ...], Field(min_length=1)] = ("chair",)
    """Kinds of places, repeated along each block: [wheelchair, companion]."""
    wheelchair_space: tuple[Size, Size] = (0.90, 1.40)
    """Width and depth of a wheelchair place; the eye is over its middle. [m]"""
    blocks: tuple[str, ...] = ()
    """Names of the blocks from house left; <id>1, <id>2 … where empty."""
    first_row: Annotated[int, Field(ge=1, le=2000)] = 1
    """Number of its front row in the house's lettering: 13 begins with N where I is left out."""
    rails: tuple[Literal["rear", "left", "right"], ...] = ()
    """Sides of the tiers with a guard rail; left and right as the audience sees them."""
    rail_height: Size = 1.1
    """Top of the rail above the tier. [m]"""
    avoid: Annotated[tuple[str, ...], ElementRef()] = ()
    """Elements that take seats away though they are not made to."""
    colour: Colour = "#8c2f39"
    """Colour of the seats in pictures."""

    @model_validator(mode="after")
    def _consistent(self) -> Seating:
        blocks = len(self.counts(0))
        if (self.rows is None) == (self.depth is None):
            raise ValueError("how many rows? Write either rows: 12 or depth: 14 m, which takes as many as fit")
        if isinstance(self.gangway, tuple) and len(self.gangway) != blocks - 1:
            raise ValueError(f"gangway lists {len(self.gangway)} widths; {blocks} blocks have {blocks - 1} gangways")
        if self.rake is not None and self.riser != 0.0:
            raise ValueError("give either riser or rake")
        if self.curve is not None and self.chevron:
            raise ValueError("give either curve or chevron")
        if self.blocks and len(self.blocks) != blocks:
            raise ValueError(f"blocks lists {len(self.blocks)} names; there are {blocks} blocks")
        if self.front is not None and "at" in self.model_fields_set:
            raise ValueError("give either front or at, they mean the same")
        self._consistent_widths()
        for row, counts in self.by_row.items():
            if isinstance(counts, tuple) and len(counts) != blocks:
                raise ValueError(f"by_row: row {row} lists {len(counts)} blocks; the element has {blocks}")
            if not sum(self.wanted(row - 1)):
                raise ValueError(f"by_row: row {row} has no place left; write without: ['{row}']")
        if self.rows is not None:
            self._consistent_rows(self.rows)
        return self

    def _consistent_widths(self) -> None:
        if not isinstance(self.width, tuple):
            return
        if len(set(self.width)) < 2:
            raise ValueError("width lists one width: write a number, or the wider seats beside it")
        if self.stagger:
            raise ValueError("stagger: a list of widths staggers the rows already")
        if self.pattern != ("chair",):
            raise ValueError("width: a pattern of places needs one width, not a list")

    def _consistent_rows(self, rows: int) -> None:
        """What can be wrong once it is known how many rows there are."""
        if isinstance(self.riser, tuple) and len(self.riser) != rows - 1:
            raise ValueError(f"riser lists {len(self.riser)} steps; {rows} rows have {rows - 1}")
        if self.curve is not None:
            for k in range(rows):
                length = sum(self.counts(k)) * self.narrowest + sum(self.gangways())
                radius = self.curve + k * self.pitch
                if length > 2 * np.pi * radius:
                    raise ValueError(
                        f"curve: row {k + 1} is {length:.1f} m long, more than a whole circle of {radius:.1f} m radius"
                    )
        places = sum(sum(self.wanted(k)) for k in range(rows))
        if places > MOST_SEATS:
            raise ValueError(f"{places} places; one seating element may have {MOST_SEATS}")
        for cross in self.cross:
            if cross.after >= rows:
                raise ValueError(f"cross: after row {cross.after} there is no row; the element has {rows}")
        for row in self.by_row:
            if not 1 <= row <= rows:
                raise ValueError(f"by_row: there is no row {row}; the element has {rows}")

    @property
    def narrowest(self) -> float:
        """Least width of a seat. [m]"""
        return min(self.width) if isinstance(self.width, tuple) else self.width

    def frame(self) -> Floats:
        return frames.frame(self.front or self.at, self.turn)

    def top(self, site: Site) -> float:
        return 0.0

    def counts(self, row: int) -> list[int]:
        """Places in each block of a row (0 for the front row)."""
        seats = self.seats if isinstance(self.seats, tuple) else (self.seats,)
        return [n + self.grow * row for n in seats]

    def wanted(self, row: int) -> list[int]:
        """Places in each block of a row (0 for the front row), with what is written for that row."""
        counts = self.counts(row)
        own = self.by_row.get(row + 1, counts)
        return [own] * len(counts) if isinstance(own, int) else list(own)

    def gangways(self) -> list[float]:
        """Clear widths between the blocks. [m]"""
        gaps = len(self.counts(0)) - 1
        return list(self.gangway) if isinstance(self.gangway, tuple) else [self.gangway] * gaps

    def behind(self, depth: float, rows: int) -> Floats:
        """(rows,) distance of each row's front edge behind the front row's. [m]

        depth : of a chair
        """
        extra = np.zeros(rows)
        for cross in self.cross:
            extra[cross.after :] += max(0.0, cross.width - (self.pitch - depth))
        return np.arange(rows) * self.pitch + extra

    def _count(self, depth: float) -> int:
        """How many rows there are."""
        if self.rows is not None:
            return self.rows
        assert self.depth
        rows = int((self.behind(depth, MOST_ROWS) + depth <= self.depth + 1e-6).sum())
        if not rows:
            raise ValueError(f"depth of {self.depth:g} m is less than that of a chair, {depth:g} m")
        self._consistent_rows(rows)
        return rows

    def levels(self, site: Site, behind: Floats) -> Floats:
        """(rows,) floor of each row above the element's origin. [m]"""
        if self.rake is not None:
            focus = site.point(self.rake.focus)
            eye = self.eye or site.people.eye
            distance = float(focus[1] + behind[0] + self.eye_at)
            height = self.first_riser + eye - float(focus[2])
            steps = np.diff(behind)
            if np.allclose(steps, self.pitch):
                risers = rake_risers(distance, height, self.pitch, self.rake.c, len(behind), self.rake.step)
            else:
                risers = self._uneven(distance, height, steps)
            return self.first_riser + np.concatenate([[0.0], np.cumsum(np.maximum(risers, 0.0))])
        risers = np.broadcast_to(np.asarray(self.riser, float), max(len(behind) - 1, 0))
        return self.first_riser + np.concatenate([[0.0], np.cumsum(risers)])

    def _uneven(self, distance: float, height: float, steps: Floats) -> Floats:
        """Row by row where cross-gangways make the treads differ."""
        assert self.rake
        out = []
        for tread in steps:
            riser = float(rake_risers(distance, height, float(tread), self.rake.c, 2, self.rake.step)[0])
            out.append(riser)
            distance, height = distance + float(tread), height + max(riser, 0.0)
        return np.array(out)

    def build(self, site: Site) -> Iterator[Record]:
        item = site.item(self.chair) if self.chair else None
        depth = site.size(item, "depth", CHAIR_DEPTH) if item else self.own_depth
        behind = self.behind(depth, self._count(depth))
        levels = self.levels(site, behind)
        rows = [self._row(k, self._along(k), back + depth / 2) for k, back in enumerate(behind.tolist())]
        rows = self._left(rows)
        tiered = bool(levels.max() > 1e-9)
        for k, row in enumerate(rows):
            if len(row.xy):
                yield self._seats(site, k, row, levels[k], depth, tiered,
                                  behind[k] - behind[k - 1] - depth if k else float("nan"))  # fmt: skip
        if tiered:
            yield from self._tiers(rows, behind, levels, depth)
        yield from self._gangways(rows, levels, behind, depth)

    @property
    def course(self) -> Course:
        """How the rows run."""
        if self.curve is not None:
            return Round(self.curve)
        return Wings(self.chevron) if self.chevron else Straight()

    @property
    def widths(self) -> list[float]:
        """Widths of the places of the pattern. [m]"""
        return [self.wheelchair_space[0] if place == "wheelchair" else self.narrowest for place in self.pattern]

    def _along(self, k: int) -> plan.Along:
        """The places of a row along it."""
        counts, widths = self.counts(k), self.widths
        reach = 0.0
        if self.align != "centre":
            first = self.counts(0)
            reach = (sum(widths[i % len(widths)] for n in first for i in range(n)) + sum(self.gangways())) / 2
        shift = self.narrowest / 2 if self.stagger and k % 2 else 0.0
        row = plan.counted(counts, widths, self.gangways(), align=self.align, reach=reach, shift=shift)
        if isinstance(self.width, tuple) and k % 2:
            row = plan.with_wider(row, counts, self.width, self.align)
            counts = np.bincount(row.section, minlength=len(counts)).tolist()
        if k + 1 in self.by_row:
            try:
                row = plan.overridden(row, counts, self.wanted(k), widths, self.align)
            except ValueError as error:
                raise ValueError(f"by_row: row {k + 1} {error}") from None
        return row

    def _row(self, k: int, along: plan.Along, middle: float) -> plan.Row:
        return plan.placed(along, self.course, middle)

    def _left(self, rows: list[plan.Row]) -> list[plan.Row]:
        """The rows without the places that are left out."""
        gone: dict[int, list[plan.Whole]] = {}
        for words in self.without:
            row, slots = _range(words)
            if not 1 <= row <= len(rows):
                raise ValueError(f"without: '{words}': there is no row {row}; the element has {len(rows)}")
            known = rows[row - 1].along.slot
            found = known if slots is None else known[(known >= slots[0]) & (known <= slots[1])]
            if not len(found):
                there = f"has places {known.min()} to {known.max()}" if len(known) else "has no places"
                raise ValueError(f"without: '{words}' leaves out nothing: row {row} {there}")
            gone.setdefault(row - 1, []).append(found)
        if gone and sum(len(row.xy) for row in rows) == sum(
            len(np.unique(np.concatenate(found))) for found in gone.values()
        ):
            raise ValueError("without leaves no place")
        return [
            row.where(~np.isin(row.along.slot, np.concatenate(gone[k]))) if k in gone else row
            for k, row in enumerate(rows)
        ]

    def _seats(
        self, site: Site, k: int, row: plan.Row, level: float, depth: float, tiered: bool, clear: float
    ) -> SeatRow:
        n = len(row.xy)
        people = site.people
        place = np.asarray(self.pattern, dtype=np.str_)[row.along.pattern]
        eye = np.select(
            [place == "wheelchair", place == "standing"], [people.wheelchair_eye, people.standing_eye],
            self.eye or people.eye,
        )  # fmt: skip
        wheelchair = place == "wheelchair"
        depths = np.where(wheelchair, max(self.wheelchair_space[1], depth), depth)
        look = np.stack([np.cos(np.radians(row.facing)), np.sin(np.radians(row.facing))], axis=1)
        xy = row.xy - look * ((depths - depth) / 2)[:, None]  # all places of a row begin at its front edge
        back = np.where(wheelchair, 0.0, depth / 2 - self.eye_at)
        eyes = np.c_[xy + look * back[:, None], level + eye]
        chairs = np.where((place == "chair") | (place == "companion"), self.chair or "", "")
        names = self.blocks or tuple(
            self.id if len(self.counts(0)) == 1 else f"{self.id}{b + 1}" for b in range(len(self.counts(0)))
        )
        blank = np.full(n, "", dtype=np.str_)
        return SeatRow(
            element=self.id, key=k + 1,
            ids=np.array([f"{self.id}/{k + 1}/{slot}" for slot in row.along.slot.tolist()], dtype=np.str_),
            at=np.c_[xy, np.full(n, level)], facing=row.facing, eyes=eyes, section=row.along.section, place=place,
            width=np.where(place == "wheelchair", self.wheelchair_space[0], row.along.width), depth=depth, item=chairs,
            block=np.asarray(names, dtype=np.str_)[row.along.section], row=blank, seat=blank, category=blank,
            status=np.full(n, "open"), owner=blank, reason=blank, price=np.full(n, np.nan), removed_by=blank,
            standing=bool(np.all(place == "standing")), clear=clear, tiered=tiered,
            order=self.first_row - 1 + k, colour=rgb(self.colour), depths=depths if wheelchair.any() else None,
            avoid=self.avoid,
        )  # fmt: skip

    def _tiers(self, rows: list[plan.Row], behind: Floats, levels: Floats, depth: float) -> Iterator[Record]:
        """Solid steps: the riser stands at the back of the chairs in front."""
        steps: list[Solid] = []
        for k, row in enumerate(rows):
            if levels[k] <= 1e-9:
                continue
            start = behind[k - 1] + depth if k else behind[0] - (self.pitch - depth)
            steps.append(self._step(row, start, behind[k] + depth, levels[k]))
        yield Part(self.id, joined(steps), system="platform", name="tiers", blocks="architecture", movable=False,
                   takes_seats=False, colour=(0.32, 0.31, 0.31))  # fmt: skip
        yield from self._drops(rows, behind, levels, depth)

    def _drops(self, rows: list[plan.Row], behind: Floats, levels: Floats, depth: float) -> Iterator[Record]:
        """The rear of the tiers and their sides, and the rails along them."""
        rails: list[Solid] = []
        for k, row in enumerate(rows):
            if levels[k] <= 1e-9:
                continue
            front, rear = (
                np.c_[line, np.full(len(line), levels[k])]
                for line in self._lines(row, behind[k] - (self.pitch - depth) if not k else behind[k - 1] + depth,
                                        behind[k] + depth)
            )  # fmt: skip
            sides: list[tuple[Side, Floats]] = [
                ("left", np.array([rear[0], front[0]])),
                ("right", np.array([front[-1], rear[-1]])),
            ]
            if k == len(rows) - 1:
                sides.insert(0, ("rear", rear))
            for side, line in sides:
                yield Edge(self.id, line, float(levels[k]), side in self.rails)
                if side in self.rails:
                    rails += [shapes.guard_rail(a, b, self.rail_height) for a, b in pairwise(_thinned(line))]
        if rails:
            yield Part(self.id, joined(rails), system="rail", name="rail", soft=True, colour=(0.35, 0.35, 0.37))

    def _lines(self, row: plan.Row, start: float, end: float) -> tuple[Floats, Floats]:
        """Front and rear edge of a row's step in plan, from house left to right. [m]"""
        if self.curve is not None:
            first, last = self._sector(row, start, end)
            angle = np.radians(np.linspace(first, last, max(2, round(abs(last - first)) + 1)))
            ray = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            front, rear = ((0.0, self.curve) + (self.curve + r) * ray for r in (start, end))
            return front, rear
        if self.chevron:
            c, t = np.cos(np.radians(self.chevron)), np.tan(np.radians(self.chevron))
            half = float(np.abs(row.ends[:, 0]).max()) + self.sides * c
            front, rear = (
                np.array([(-half, half * t - r / c), (0.0, -r / c), (half, half * t - r / c)]) for r in (start, end)
            )
            return front, rear
        low, high = row.ends[0, 0] - self.sides, row.ends[1, 0] + self.sides
        return np.array([(low, -start), (high, -start)]), np.array([(low, -end), (high, -end)])

    def _sector(self, row: plan.Row, start: float, end: float) -> tuple[float, float]:
        """Angles at which a curved step begins and ends, from house left to right. [degrees]"""
        assert self.curve is not None
        first, last = np.degrees(np.arctan2(row.ends[:, 1] - self.curve, row.ends[:, 0]))
        if first >= last:
            first -= 360.0  # more than half a circle
        extra = np.degrees(self.sides / (self.curve + (start + end) / 2))
        return float(first - extra), float(last + extra)

    def _step(self, row: plan.Row, start: float, end: float, level: float) -> Solid:
        if self.curve is not None:
            first, last = self._sector(row, start, end)
            return shapes.prism(sector((0.0, self.curve), self.curve + start, self.curve + end, first, last), 0, level)
        if self.chevron:
            import shapely

            c, t = np.cos(np.radians(self.chevron)), np.tan(np.radians(self.chevron))
            half = float(np.abs(row.ends[:, 0]).max()) + self.sides * c
            near, far = -start / c, -end / c
            ring = [(-half, half * t + near), (0, near), (half, half * t + near),
                    (half, half * t + far), (0, far), (-half, half * t + far)]  # fmt: skip
            return shapes.prism(from_polygon(shapely.Polygon(ring)), 0, level)
        low, high = row.ends[0, 0] - self.sides, row.ends[1, 0] + self.sides
        return shapes.cuboid((low, -end, 0), (high, -start, level))

    def _gangways(self, rows: list[plan.Row], levels: Floats, behind: Floats, depth: float) -> Iterator[Record]:
        for n, width in enumerate(self.gangways()):
            if width <= 0:
                continue
            line = np.array([[*row.gaps[n], level] for row, level in zip(rows, levels)])
            if len(line) == 1:
                line = np.concatenate([line, line - [[0, depth / 2, 0]]])
            yield Walkway(self.id, f"{self.label} gangway {n + 1}", line, width, "gangway", levels)
        for cross in self.cross:
            k = cross.after
            back = behind[k - 1] + depth + cross.width / 2 - (behind[k] + depth / 2)
            ends = rows[k].ends + [[0.0, -back]]
            yield Walkway(self.id, f"{self.label} cross-gangway after row {k}", np.c_[ends, np.full(2, levels[k])],
                          cross.width, "cross_gangway")  # fmt: skip
        if self.sides > 0:
            for side, name in ((0, "left"), (1, "right")):
                sign = -1 if side == 0 else 1
                line = np.array(
                    [[*(row.ends[side] + [sign * self.sides / 2, 0]), level] for row, level in zip(rows, levels)]
                )
                if len(line) > 1:
                    yield Walkway(self.id, f"{self.label} {name} gangway", line, self.sides, "gangway", levels)


def _thinned(line: Floats) -> Floats:
    """A line with every sixth of its corners, its ends kept: what a rail of straight pieces follows."""
    keep = np.unique(np.append(np.arange(0, len(line), 6), len(line) - 1))
    return np.asarray(line[keep])


_LEFT_OUT = re.compile(r"(\d{1,4})(?:/(-?\d{1,4})(?:\.\.(-?\d{1,4}))?)?")


def _range(words: str) -> tuple[int, tuple[int, int] | None]:
    """Row, and first and last slot, of `4/-2`, `7/3..5` or `4` (the whole row)."""
    found = _LEFT_OUT.fullmatch(words.replace(" ", ""))
    if found is None:
        raise ValueError(f"without: '{words}' is no place: write row/slot or row/slot..slot, as 4/-2 or 7/3..5")
    row, first, last = found.groups()
    ends = None if first is None else (int(first), int(last or first))
    if ends and ends[0] > ends[1]:
        raise ValueError(f"without: '{words}': write {row}/{ends[1]}..{ends[0]}")
    return int(row), ends
