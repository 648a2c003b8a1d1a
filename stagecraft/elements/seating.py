"""Seating: rows of chairs, straight, curved or chevron, flat or raked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from stagecraft.elements._base import Angle, Code, Colour, Element, ElementRef, Gap, Length, Point, Site, Size, rgb
from stagecraft.elements._row_parts import (
    Aisle,
    CrossGangway,
    Rake,
    Vomitory,
    in_metres,
    left_out,
    one_of,
    sound_area,
    sound_line,
)
from stagecraft.elements._tiers import FLAT, Laid, Opening, tiers
from stagecraft.elements._ways import TOUCH, Strip, along_strip, beside, crossing, cut, gangways, radial
from stagecraft.geometry import frame as frames
from stagecraft.geometry import rows as plan
from stagecraft.geometry.courses import Course, Parallel, Round, Row, Straight, Wings, placed, through
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.sightline import rake_risers
from stagecraft.scene import Place, Record, SeatRow, Space

CHAIR_DEPTH = 0.55
"""Stand-in for a chair whose depth the catalogue does not know. [m]"""
MOST_SEATS = 250_000
"""More places than any house on earth: a slip of the pen, refused before memory goes."""
MOST_ROWS = 2000


class Seating(Element):
    """Rows of places. Origin: middle of the front edge of the front row's chairs; rows follow one another to −y."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [one_of("rows", "depth", "within"), one_of("seats", "within", "path", "arc")]}
    )

    type: Literal["seating"] = "seating"
    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] | None = None
    """How many, from front to back."""
    depth: Size | None = None
    """Instead of `rows`: as many as fit between the front row's front edge and the last row's back. [m]"""
    seats: Annotated[int, Field(ge=1, le=2000)] | tuple[Annotated[int, Field(ge=1, le=2000)], ...] | None = None
    """Places in a row; a list gives blocks with a gangway between each two."""
    within: Annotated[str | tuple[Point, ...] | None, ElementRef()] = None
    """Instead of `seats`: corners of an area that the rows fill, or the element whose floor they fill. [m]"""
    path: tuple[Point, ...] | None = None
    """Instead of `seats`: the front row's front edge from house left to right; rows run parallel to it, as long as it is. Ids are
    counted from where it crosses x = 0, and stay when it grows at an end. [m]"""
    smooth: bool = False
    """The path is a curve through its points."""
    arc: tuple[Angle, Angle] | None = None
    """Instead of `seats`: how far curved rows go round, anticlockwise from their middle: [-100, 100] round a thrust,
    [-180, 180] in the round. [degrees]"""
    pitch: Size = 0.95
    """From row to row, back to back. [m]"""
    width: Size | tuple[Size, ...] = 0.50
    """From seat to seat along the row; a list of the widths that there are staggers by them: every second row has a seat fewer in
    each block, with wider seats, so that its ends stay in line. [m]"""
    gangway: Gap | tuple[Gap, ...] = 1.2
    """Clear width of the gangways between the blocks, and of `radial` ones. [m]"""
    radial: tuple[Angle, ...] = ()
    """Gangways that run to the centre of curved rows, anticlockwise from the rows' middle; they take the seats that stand there.
    [degrees]"""
    aisles: tuple[Aisle, ...] = ()
    """Gangways that run as they please; they take the seats that stand there, and the other seats keep their ids."""
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
    deep: dict[int, Size] = {}
    """Depth of the step of some rows, where it is more than the pitch: {5: 1.8 m} makes row 5 a platform for wheelchairs or
    cameras behind its chairs. [m]"""
    vomitories: tuple[Vomitory, ...] = ()
    """Ways in that come up through the tiers; the seats over them are left out."""
    rake: Rake | None = None
    """Instead of `riser`: risers computed for a C-value."""
    cross: tuple[CrossGangway, ...] = ()
    """Gangways along the rows."""
    sides: Gap = 0.0
    """Width of the gangway at either end of the rows (part of the tiers). [m]"""
    chair: Code | None = "fur.chair.banquet"
    """Catalogue item of the chair; null for the house's own fixed seats."""
    own_depth: Size = CHAIR_DEPTH
    """Depth of a house seat (`chair: null`); a chair of the catalogue has its own. [m]"""
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
        if (self.rows and self.depth) or not (self.rows or self.depth or self.within):
            raise ValueError("how many rows? Write either rows: 12 or depth: 14 m, which takes as many as fit")
        if self.rake is not None and self.riser != 0.0:
            raise ValueError("give either riser or rake")
        if self.front is not None and "at" in self.model_fields_set:
            raise ValueError("give either front or at, they mean the same")
        if self.seats == ():
            raise ValueError("seats lists no block: write how many sit in each, as [8, 10, 8]")
        self._consistent_sizes()
        self._consistent_course()
        blocks = len(self.counts(0))
        cuts = len(self.radial) + len(self.aisles)
        if isinstance(self.gangway, tuple) and len(self.gangway) != blocks - 1:
            raise ValueError(f"gangway lists {len(self.gangway)} widths; {blocks} blocks have {blocks - 1} gangways")
        if self.blocks and not cuts and len(self.blocks) != blocks:
            raise ValueError(f"blocks lists {len(self.blocks)} names; there are {blocks} blocks")
        self._consistent_widths()
        for row, counts in self.by_row.items():
            if isinstance(counts, tuple) and len(counts) != blocks:
                raise ValueError(f"by_row: row {row} lists {len(counts)} blocks; the element has {blocks}")
            if not sum(self.wanted(row - 1)):
                raise ValueError(f"by_row: row {row} has no place left; write without: ['{row}']")
        for row, size in self.deep.items():
            if size < self.pitch:
                raise ValueError(f"deep: row {row} is {size:g} m deep, less than the pitch of {self.pitch:g} m")
        if self.rows is not None:
            self._consistent_rows(self.rows)
        return self

    def _consistent_sizes(self) -> None:
        """Whether sizes are those of seats and rows."""
        for name in ("pitch", "width", "riser", "first_riser", "gangway", "sides", "deep", "own_depth", "wheelchair_space",
                     "eye", "eye_at", "rail_height"):  # fmt: skip
            in_metres(name, getattr(self, name) or 0.0)
        for name in ("aisles", "cross", "vomitories"):
            for n, way in enumerate(getattr(self, name), 1):
                in_metres(f"{name}[{n}].width", way.width)

    def _consistent_course(self) -> None:
        """Whether it is clear how rows run, and how long they are."""
        if self.seats is None and self.within is None and self.path is None and self.arc is None:
            raise ValueError(
                "how long are its rows? Write seats: 20, or within, path or arc, which take as many as fit"
            )
        if self.curve is not None and self.chevron:
            raise ValueError("give either curve or chevron")
        for name in ("arc", "radial"):
            if getattr(self, name) and self.curve is None:
                raise ValueError(f"{name} belongs to curved rows: write their radius, curve: 6 m")
        if self.path is not None and (self.curve is not None or self.chevron):
            raise ValueError("path: the rows run along it; leave out curve and chevron")
        if self.smooth and self.path is None:
            raise ValueError("smooth belongs to a path")
        if self.path is not None:
            sound_line("path", self.path, alone=True)
        for n, aisle in enumerate(self.aisles):
            sound_line(f"aisles[{n + 1}]", aisle.path)
        if isinstance(self.within, tuple):
            sound_area(self.within)
        if self.arc is not None and not 0 < self.arc[1] - self.arc[0] <= 360:
            raise ValueError(f"arc goes anticlockwise by up to 360°, not from {self.arc[0]:g}° to {self.arc[1]:g}°")
        if self.seats is None:
            idle = {"by_row", "grow", "align"} & self.model_fields_set
            idle |= {"sides"} & self.model_fields_set if self.within is not None else set()
            if idle:
                raise ValueError(f"{min(idle)} belongs to rows of so many seats; these are as long as they can be")
        else:
            for name in ("within", "path", "arc"):
                if getattr(self, name) is not None:
                    raise ValueError(f"give either seats or {name}: the rows are as long as it lets them")

    def _consistent_widths(self) -> None:
        if not isinstance(self.width, tuple):
            return
        if len(set(self.width)) < 2:
            raise ValueError("width lists one width: write a number, or the wider seats beside it")
        if self.stagger:
            raise ValueError("stagger: a list of widths staggers the rows already")
        if self.pattern != ("chair",):
            raise ValueError("width: a pattern of places needs one width, not a list")
        if self.seats is None:
            raise ValueError("width: a list of widths belongs to rows of so many seats; give one")

    def _consistent_rows(self, rows: int) -> None:
        """What can be wrong once it is known how many rows there are."""
        if isinstance(self.riser, tuple) and len(self.riser) != rows - 1:
            raise ValueError(f"riser lists {len(self.riser)} steps; {rows} rows have {rows - 1}")
        if self.curve is not None and self.seats is not None:
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
        for field in ("by_row", "deep"):
            for row in getattr(self, field):
                if not 1 <= row <= rows:
                    raise ValueError(f"{field}: there is no row {row}; the element has {rows}")
        for n, way in enumerate(self.vomitories, 1):
            if way.row > rows:
                raise ValueError(f"vomitories: the mouth of vomitory {n} is before row {way.row}; there are {rows}")

    @property
    def narrowest(self) -> float:
        """Least width of a seat. [m]"""
        return min(self.width) if isinstance(self.width, tuple) else self.width

    def frame(self) -> Floats:
        return frames.frame(self.front or self.at, self.turn)

    def top(self, site: Site) -> float:
        return 0.0

    def counts(self, row: int) -> list[int]:
        """Places in each block of a row (0 for the front row); one block of none where rows are as long as they can be."""
        seats = self.seats if isinstance(self.seats, tuple) else (self.seats or 0,)
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
        for row, size in self.deep.items():
            extra[row:] += size - self.pitch
        return np.arange(rows) * self.pitch + extra

    def _ends(self, depth: float, behind: Floats) -> Floats:
        """(rows,) where the floor of each row ends, behind the front row's front edge. [m]"""
        ends = behind + depth
        for row, size in self.deep.items():
            ends[row - 1] += size - self.pitch
        return ends

    def _count(self, depth: float, course: Course, area: Any) -> int:
        """How many rows there are."""
        if self.rows is not None:
            return self.rows
        room = self.depth
        if room is None:
            import shapely

            room = float(course.behind(shapely.get_coordinates(area)).max())
        rows = int((self.behind(depth, MOST_ROWS) + depth <= room + 1e-6).sum())
        if not rows:
            if self.depth is None:
                raise ValueError("within has no room behind the front row's front edge, from which rows go to −y")
            raise ValueError(f"depth of {room:g} m is less than that of a chair, {depth:g} m")
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
        if self.rows != 1 and self.pitch < depth - 1e-6 and {"chair", "companion"} & set(self.pattern):
            raise ValueError(f"pitch: from row to row {self.pitch:g} m, and a chair alone is {depth:g} m deep")
        area = self._area(site)
        course = self.course
        behind = self.behind(depth, self._count(depth, course, area))
        end = self._ends(depth, behind)
        start = np.concatenate([[behind[0] - (self.pitch - depth)], end[:-1]])
        levels = self.levels(site, behind)
        laid = Laid(course, [self._row(k, course, back, depth, area) for k, back in enumerate(behind.tolist())], depth,
                    behind, start, end, levels, self.sides, area)  # fmt: skip
        strips = list(self._strips(laid))
        openings = [Opening(laid, way.at, way.width, way.row - 1, way.height, way.rails) for way in self.vomitories]
        rows = self._kept(laid.rows, depth, area, strips, openings)
        tiered = bool(levels.max() > FLAT)
        if openings and not tiered:
            raise ValueError("vomitories lead up through tiers: give risers, or a gangway on the floor in aisles")
        names = self._names(rows, len(strips))
        silent = {left_out(words)[0] - 1 for words in self.without}
        lettered = [k for k, row in enumerate(rows) if len(row.xy) or k in silent]
        for order, k in enumerate(lettered, self.first_row - 1):
            if len(rows[k].xy):
                bare = self.deep.get(k, self.pitch) - self.pitch  # lower floor behind the chairs in front
                clear = behind[k] - behind[k - 1] - depth - bare if k else float("nan")
                yield self._seats(site, k, rows[k], levels[k], depth, tiered, clear, names, order)
        yield from tiers(self.id, laid, self.rails, self.rail_height, openings)
        yield from gangways(self.id, self.label, laid, self.gangways())
        for n, strip in enumerate(strips, len(self.gangways()) + 1):
            yield from along_strip(self.id, f"{self.label} gangway {n}", strip, laid)
        for cross in self.cross:
            yield from crossing(self.id, self.label, laid, cross.after, cross.width)
        if self.sides > 0:
            yield from beside(self.id, self.label, laid)
        for n, opening in enumerate(openings, 1):
            yield opening.walkway(self.id, f"{self.label} vomitory {n}")

    @property
    def course(self) -> Course:
        """How the rows run."""
        if self.path is not None:
            line = np.array(self.path, float)
            line = line[::-1] if line[0, 0] > line[-1, 0] + 1e-9 else line
            return Parallel(through(line) if self.smooth and len(line) > 2 else line)
        if self.curve is not None:
            return Round(self.curve, *(self.arc or (-180.0, 180.0)))
        return Wings(self.chevron) if self.chevron else Straight()

    def _area(self, site: Site) -> Any:
        """The area that the rows fill, as a shapely polygon in own coordinates."""
        if self.within is None:
            return None
        if not isinstance(self.within, str):
            return sound_area(self.within)
        import shapely

        spaces = [record for record in site.records(self.within) if isinstance(record, Space)]
        if not spaces:
            raise ValueError(
                f"within: '{self.within}' has no floor to fill: name a room, a stage, a balcony or a standing area, or write "
                "corners"
            )
        shapes = [space.outline.polygon for space in spaces]
        return shapely.transform(shapely.union_all(shapes), lambda p: site.local(np.c_[p, np.zeros(len(p))])[:, :2])

    def _strips(self, laid: Laid) -> Iterator[Strip]:
        """Gangways that cut rows wherever they run."""
        width = self.gangway if isinstance(self.gangway, float | int) else max(self.gangway, default=0.0)
        for n, angle in enumerate(self.radial, 1):
            assert isinstance(laid.course, Round)
            yield Strip(f"radial: gangway {n}", radial(laid.course, angle, laid), width)
        for n, aisle in enumerate(self.aisles, 1):
            yield Strip(f"aisles: gangway {n}", np.array(aisle.path, float), aisle.width)

    def _kept(
        self, rows: list[Row], depth: float, area: Any, strips: list[Strip], openings: list[Opening]
    ) -> list[Row]:
        """The rows without the places for which there is no room."""
        rows = self._left(rows)
        if area is not None or strips or openings:
            plans = self._plans(rows, depth)
            room = [np.ones(len(plan), np.bool_) for plan in plans]
            if area is not None:
                import shapely

                around = area.buffer(TOUCH, join_style="mitre")
                shapely.prepare(around)
                room = [np.asarray(shapely.covers(around, plan), np.bool_) for plan in plans]
            for n, opening in enumerate(openings, 1):
                taken = opening.takes(plans)
                if not any((hit & free).any() for hit, free in zip(taken, room)):
                    raise ValueError(f"vomitories: vomitory {n} meets no place: it lies beside the rows")
                room = [free & ~hit for free, hit in zip(room, taken)]
            if strips:
                ring = isinstance(self.course, Round) and self.course.whole and self.seats is None
                rows = cut(rows, plans, strips, ring, room)
            else:
                rows = [row.where(free) for row, free in zip(rows, room)]
        if not any(len(row.xy) for row in rows):
            field = next(name for name in ("within", "path", "arc", "vomitories", "seats") if getattr(self, name))
            raise ValueError(f"{field} leaves no place for a seat")
        return rows

    def _plans(self, rows: list[Row], depth: float) -> list[Any]:
        """The places of each row as shapely polygons."""
        import shapely

        deep = np.array([max(self.wheelchair_space[1], depth) if p == "wheelchair" else depth for p in self.pattern])
        return [shapely.polygons(row.corners(depth, deep[row.along.pattern])) for row in rows]

    def _names(self, rows: list[Row], cuts: int) -> tuple[str, ...]:
        """Names of the blocks from house left."""
        count = len(self.counts(0))
        if cuts:
            count = 1 + max(int(row.along.section.max()) for row in rows if len(row.xy))
            if self.blocks and len(self.blocks) != count:
                raise ValueError(f"blocks lists {len(self.blocks)} names; there are {count} blocks")
        return self.blocks or tuple(self.id if count == 1 else f"{self.id}{b + 1}" for b in range(count))

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

    def _row(self, k: int, course: Course, behind: float, depth: float, area: Any) -> Row:
        if self.seats is not None:
            return placed(self._along(k), course, behind + depth / 2)
        shift = self.narrowest / 2 if self.stagger and k % 2 else 0.0
        reach = 0.0
        if area is not None:
            west, south, east, north = area.bounds
            reach = float(np.hypot(max(abs(west), abs(east)), max(abs(south), abs(north)))) + self.pitch
            if reach * 2 / self.narrowest > MOST_SEATS:
                raise ValueError(f"within is {reach:.0f} m wide; one row may have {MOST_SEATS} seats")
        return course.filled(behind, depth, self.widths, shift, reach)

    def _left(self, rows: list[Row]) -> list[Row]:
        """The rows without the places that are left out."""
        gone: dict[int, list[plan.Whole]] = {}
        for words in self.without:
            row, slots = left_out(words)
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
        self, site: Site, k: int, row: Row, level: float, depth: float, tiered: bool, clear: float,
        names: tuple[str, ...], order: int,
    ) -> SeatRow:  # fmt: skip
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
        blank = np.full(n, "", dtype=np.str_)
        return SeatRow(
            element=self.id, key=k + 1,
            ids=np.array([f"{self.id}/{k + 1}/{slot}" for slot in row.along.slot.tolist()], dtype=np.str_),
            at=np.c_[xy, np.full(n, level)], facing=row.facing, eyes=eyes, section=row.along.section, place=place,
            width=np.where(place == "wheelchair", self.wheelchair_space[0], row.along.width), depth=depth, item=chairs,
            block=np.asarray(names, dtype=np.str_)[row.along.section], row=blank, seat=blank, category=blank,
            status=np.full(n, "open"), owner=blank, reason=blank, price=np.full(n, np.nan), removed_by=blank,
            standing=bool(np.all(place == "standing")), clear=clear, tiered=tiered,
            order=order, colour=rgb(self.colour), depths=depths if wheelchair.any() else None,
            avoid=self.avoid,
        )  # fmt: skip
