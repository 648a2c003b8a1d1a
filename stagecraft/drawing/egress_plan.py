"""The egress and safety plan: what a licensing officer reads, and nothing that the model does not know.

Contents after the plans that premises licences ask for: boundary, ways in and out, ways to them, areas, structures in the
way, raised areas with their height, steps and ramps, fire equipment (S.I. 2005/42, regulation 23, England and Wales).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from stagecraft import units
from stagecraft.drawing import lettering
from stagecraft.drawing._house import BACKGROUND, OVERHEAD, plan_scales
from stagecraft.drawing._labels import Align, Spot, Valign, around, within
from stagecraft.drawing._paper import COLUMN, NONE, Block, ruled
from stagecraft.drawing._plan_shapes import in_lines
from stagecraft.drawing._plan_words import called, low_ceilings
from stagecraft.drawing._views import (
    RIGGING_NOTE,
    STOREY,
    bodies,
    is_sheet,
    mm,
    name_of,
    path_marks,
    points_mm,
    upper_seats,
)
from stagecraft.drawing.draft import Carries, Draft, Job, View
from stagecraft.drawing.marks import Circle, Drawing, Fill, Line, Point, Style
from stagecraft.drawing.plan import Plan
from stagecraft.drawing.seat_marks import gangway_widths
from stagecraft.geometry.frame import Floats
from stagecraft.geometry.linework import hidden_lines
from stagecraft.scene import Bools, Door, KeepClear, Part, Scene, SeatRow, Walkway

if TYPE_CHECKING:
    from stagecraft.analysis.access import Access
    from stagecraft.analysis.routes import Obstruction
    from stagecraft.analysis.travel import Travel

TITLE = "EGRESS AND SAFETY PLAN"
STANDING = (
    "stage",
    "platform",
    "stair",
    "rail",
    "set",
    "video",
    "foh",
    "camera",
    "drape",
    "sound",
    "light",
    "item",
    "truss",
)
"""Systems whose things stand on a floor and are gone round."""
TEMPORARY = ("stage", "platform", "foh", "camera", "set")
"""Those that are structures put up for the event."""
NAMED = ("stage", "platform", "stair", "foh", "camera", "set")
LOW = 2.5
"""What hangs lower than this over the floor is drawn with its level. [m]"""
WIDE = 1.5
"""Ways to wheelchair places are not measured beyond this. [m]"""
HAND = 2.0
"""Signs hang no higher than this over the floor that they are for, nearly. [m]"""
MOST_RULES, MOST_EXITS = 3, 40
"""More rules than these, more exits than these stand in the list of exits."""
ABSENT = (
    "Not in the model, so not drawn: toilets, kitchens, alarm call points, detectors, emergency lighting, types and sizes "
    "of extinguishers, ways beyond the exits."
)
CROWD = ("guests", "crew", "staff")
"""People of the brief, in the order of the table."""
FIRE = Style("fire", "id")


def egress_sheets(job: Job) -> Iterator[Draft]:
    """103: exits, ways to them, what stands in the way, fire equipment; where a room or an exit is drawn."""
    scene = job.scene
    if not scene.rooms and not scene.of(Door):
        return
    facts = cache(lambda: _Facts(job))  # ways are looked for when the sheet is drawn, not when it is listed
    views = [View("egress", lambda scale: facts().plan(scale), plan_scales(scene))]
    if len(scene.seats) and upper_seats(scene.seats).any():
        views.append(View("egress above", lambda scale: facts().plan(scale, above=True), plan_scales(scene)))
    yield Draft(
        "egress", "103", "Egress and safety plan", "Egress and safety plan", tuple(views),
        lambda drawings: facts().blocks(drawings), (ABSENT,),
    )  # fmt: skip


def egress_plan(scene: Scene, scale: float = 100, carries: Mapping[str, Carries] | None = None) -> Drawing:
    """Plan of the exits and the ways to them, laid out for 1:`scale`.

    carries : by the id of a rule, what it says that an exit carries
    """
    return _Facts(Job(scene, carries=carries or {})).plan(scale)


class _Facts:
    """What was found out once and is drawn at several scales."""

    def __init__(self, job: Job) -> None:
        from stagecraft.analysis.access import access
        from stagecraft.analysis.gaps import Bodies
        from stagecraft.analysis.routes import HIP, obstructions
        from stagecraft.analysis.travel import travel

        self.scene = job.scene
        self.ways: Travel = travel(job.scene)
        solid = Bodies(job.scene)
        self.access: Access = access(job.scene, solid, WIDE)
        self.narrowed: list[Obstruction] = [o for o in obstructions(job.scene, solid, HIP) if o.headroom < HIP]
        self.carries = dict(list(job.carries.items())[:MOST_RULES])
        self.upper: Bools = upper_seats(job.scene.seats) if len(job.scene.seats) else np.zeros(0, np.bool_)
        count = len(self.ways.exits)
        self.open = np.array([self.ways.reached(k) for k in range(count)], np.bool_)
        self.capacity = {
            rule: np.where(self.open, np.nan_to_num(by(self.ways.clear)), 0.0).astype(np.int64)
            for rule, by in self.carries.items()
        }
        there = np.asarray(job.scene.seats.status != "kill") & ~self.ways.unreached
        self.nearest = np.bincount(self.ways.exit[there], minlength=count)[:count]
        self.farthest = np.full(count, -1)
        for k in np.flatnonzero(self.nearest).tolist():
            mine = np.flatnonzero(there & (self.ways.exit == k))
            self.farthest[k] = mine[int(np.round(self.ways.distance[mine], 6).argmax())]

    def way(self, seat: int) -> Floats:
        """(k, 2) the way of one seat to its nearest exit, without points along straight runs. [m]"""
        import shapely

        from stagecraft.analysis.travel import route

        line = route(self.scene, self.ways, seat)[:, :2]
        return shapely.get_coordinates(shapely.simplify(shapely.LineString(line), 0.01)) if len(line) > 1 else line

    def plan(self, scale: float, above: bool = False) -> Drawing:
        """The lower level, or the floor of the seats `above` others."""
        page = _Egress(self.scene, float(scale))
        page.facts, page.above = self, above
        page.underlay()
        page.walls()
        page.structures()
        page.strips()
        page.doors()
        if not above:
            page.areas()
            page.low()
        page.equipment()
        page.axes()
        page.add(list(gangway_widths(page.mine(), page.scale, page.places)))
        page.escape()
        page.narrow()
        page.names()
        page.axis_ends(sections=False)
        title = f"{TITLE}, SEATS ABOVE OTHERS" if above else TITLE
        made = page.drawing("egress above" if above else "egress", title, [*page.row_spacing(), *self.left_out()])
        return replace(made, notes=tuple(note for note in made.notes if note != RIGGING_NOTE))

    def left_out(self) -> Iterator[str]:
        """Who has no way out that could be drawn."""
        gone = self.scene.seats.status != "kill"
        if self.ways.exits and (shut := int((gone & self.ways.unreached & ~self.ways.raised).sum())):
            yield f"{shut} places from which no way leads to an exit."
        if high := int((gone & self.ways.raised).sum()):
            yield f"{high} places on raised floors from which no steps and no door are drawn: their ways are not known."
        if not self.ways.exits:
            yield "No exit is drawn."
        if self.carries:
            yield f"What exits carry: by {', '.join(self.carries)}, all exits open. Only an authority approves a capacity."

    def blocks(self, drawings: Sequence[Drawing]) -> list[Block]:
        return [block for block in (self.exits(), self.people(), self.areas()) if block is not None]

    def exits(self) -> Block | None:
        """Each exit: clear width, swing, whom it carries, for how many it is the nearest, and how far they have."""
        show, ways = self.scene.about.units, self.ways
        if not ways.exits:
            return None
        rules = list(self.capacity)
        rows = []
        for k, door in enumerate(ways.exits[:MOST_EXITS]):
            far = int(self.farthest[k])
            rows.append((
                door.name, _clear(self, k), _swing(door), *(str(self.capacity[rule][k]) for rule in rules),
                str(self.nearest[k]) if self.nearest[k] else NONE,
                units.length(float(ways.distance[far]), show, 1) if far >= 0 else NONE,
            ))  # fmt: skip
        if len(ways.exits) > 1:
            sums = (str(int(by.sum())) for by in self.capacity.values())
            farthest = [float(ways.distance[far]) for far in self.farthest.tolist() if far >= 0]
            rows.append((
                f"All {len(ways.exits)} exits", "", "", *sums, str(int(self.nearest.sum())),
                units.length(max(farthest), show, 1) if farthest else NONE,
            ))  # fmt: skip
            if rules:
                fewer = (str(int(by.sum() - by.max())) for by in self.capacity.values())
                rows.append(("Less the largest", "", "", *fewer, "", ""))
        head = (
            "Exit",
            "Clear width",
            "Opens",
            *(f"Carries by {rule}" for rule in rules),
            "Nearest to places",
            "Farthest way",
        )
        rest = COLUMN - 118.0
        name, each = (30.0, rest / len(rules)) if rules else (30.0 + rest, 0.0)
        widths = (name, 26.0, 16.0, *(each for _ in rules), 22.0, 24.0)
        return ruled("EXITS", head, rows, widths, numbers=True)

    def people(self) -> Block | None:
        """People as the brief asks for them, and the places that are drawn."""
        brief = {word.casefold(): n for word, n in self.scene.about.brief.items()}
        seats = self.scene.seats
        given = seats.status != "kill"
        held = int((seats.status == "hold").sum())
        standing = sum(space.capacity or 0 for space in self.scene.standing_areas)
        rows = [(word.capitalize(), str(brief[word]), NONE, NONE) for word in CROWD[1:] if word in brief]
        drawn = int(given.sum()) + standing
        if drawn or "guests" in brief:
            rows.insert(0, ("Guests", str(brief.get("guests", NONE)), str(drawn), str(held or NONE)))
        asked = [brief[word] for word in CROWD if word in brief]
        if len(asked) > 1:
            rows.append(("Together", str(sum(asked)), NONE, NONE))
        wheelchairs = int((given & (seats.place == "wheelchair")).sum())
        if wheelchairs or "wheelchair" in brief:
            rows.append(("Of the guests, wheelchair users", str(brief.get("wheelchair", NONE)), str(wheelchairs), NONE))
        if not rows:
            return None
        return ruled(
            "OCCUPANCY",
            ("People", "In the brief", "Places drawn", "of these held"),
            rows,
            (84.0, 32.0, 32.0, 32.0),
            numbers=True,
        )

    def areas(self) -> Block | None:
        """Standing areas, stages and wheelchair places, and how they are left."""
        show = self.scene.about.units
        rows = []
        for area in self.ways.areas:
            space = area.space
            what = "Standing area" if space.use == "standing" else "Raised area"
            level = units.level(space.floor, show)
            people = str(space.capacity) if space.capacity else NONE
            far = units.length(area.distance, show, 1) if math.isfinite(area.distance) else NONE
            rows.append((f"{what} {name_of(self.scene, space.element)}", level, people, far))
        seats, who = self.scene.seats, self.access.who
        for z in sorted({round(float(v), 3) + 0.0 for v in seats.at[who, 2]}):
            mine = np.flatnonzero(np.abs(seats.at[who, 2] - z) < 1e-3)
            width = self.access.width[mine]
            way = "way without steps not known"
            if np.isfinite(width).all():
                least = math.floor(float(width.min()) * 100 + 1e-6) / 100
                way = f"step-free way {units.drawn(least, show)}{' or more' if least >= WIDE - 1e-6 else ''} wide"
                way = "no step-free way" if least <= 0 else way
            elif self.access.ramped[mine].all():
                way = "a ramp leads to their height"
            away = self.ways.distance[who[mine]]
            farthest = units.length(float(away.max()), show, 1) if np.isfinite(away).all() else NONE
            rows.append((f"Wheelchair places: {way}", units.level(z, show), str(len(mine)), farthest))
        if not rows:
            return None
        head = ("Area", "Level", "People", "Farthest way")
        return ruled("AREAS", head, rows, (108.0, 24.0, 22.0, 26.0), numbers=True)


class _Egress(Plan):
    """The egress plan that is being drawn."""

    facts: _Facts
    above: bool

    def mine(self) -> Scene:
        """The scene without the rows and gangways of the other level."""
        upper = set(self.scene.seats.element[self.facts.upper].tolist())
        other = [
            r for r in self.scene.records if isinstance(r, (SeatRow, Walkway)) and (r.element in upper) != self.above
        ]
        return (
            replace(self.scene, records=tuple(r for r in self.scene.records if r not in other)) if upper else self.scene
        )

    def here(self, z: float) -> bool:
        """Is what stands so high on this level?"""
        return not self.facts.upper.any() or (z > self.floor + STOREY) == self.above

    def structures(self) -> None:
        """What stands on a floor, and hatched what was put up for the event; tables and banks of seats light."""
        import shapely

        seated = {row.element for row in self.scene.seat_rows}
        low = [
            part for part in self.parts
            if part.system in STANDING and not part.of_seats and not (part.item and is_sheet(part))
            and self.stands(part)
        ]  # fmt: skip
        put_up = [
            p for p in low if p.system in TEMPORARY and p.element not in seated and not p.item and p.name != "skirt"
        ]
        plans = [plan for part in put_up for plan in part.plans()]
        for polygon in shapely.get_parts(shapely.orient_polygons(shapely.union_all(plans))) if plans else ():
            if polygon.area > 0:
                rings = tuple(points_mm(np.asarray(r.coords)[:-1]) for r in (polygon.exterior, *polygon.interiors))
                self.add([Fill(Style("temporary", "pattern"), rings)])
        for path in hidden_lines(bodies(low, [Style(part.system) for part in low])):
            assert isinstance(path.group, Style)
            self.draw(list(path_marks([path], path.group)))
        tables = [part for part in self.parts if part.system == "table" and self.stands(part)]
        self.draw(list(path_marks(hidden_lines(bodies(tables, [0] * len(tables))), BACKGROUND)))

    def stands(self, part: Part) -> bool:
        """Does a thing stand on this level, not over it?"""
        if not self.above:
            return bool(part.bounds[0, 2] <= self.floor + OVERHEAD)
        upper = self.scene.seats.element[self.facts.upper]
        return part.element in upper or bool(set(self.scene.carriers(part.element)) & set(upper.tolist()))

    def strips(self) -> None:
        """Rows as strips of the depth of their chairs; places for wheelchairs one by one."""
        seats = self.scene.seats
        if len(seats):
            here, wheel = self.facts.upper == self.above, seats.place == "wheelchair"
            self.row_strips(here & ~wheel, BACKGROUND)
            self.keep_rows(np.flatnonzero(here))
            self.inserts(wheel & here, np.zeros(len(seats), np.bool_))

    def row_spacing(self) -> list[str]:
        return [] if self.above else super().row_spacing()

    def doors(self) -> None:
        for door in self.scene.of(Door):
            if self.here(float(door.at[2])):
                self.door(door)

    def door_words(self, door: Door) -> str:
        """Name, clear width, and whom it carries by each rule."""
        words = super().door_words(door)
        if door not in self.facts.ways.exits:
            return words
        k = self.facts.ways.exits.index(door)
        if not self.facts.open[k]:
            things = ", ".join(name_of(self.scene, one) for one in self.facts.ways.blocked[k] if one)
            return f"{door.name} EXIT\n" + (f"BLOCKED BY {things}" if things else "NO WAY TO IT IS DRAWN")
        told = [f"{door.name} EXIT", f"{_clear(self.facts, k)} CLEAR"]
        told += [f"{by[k]} PEOPLE ({rule})" for rule, by in self.facts.capacity.items()]
        return "\n".join(told)

    def areas(self) -> None:
        super().areas()
        for keep in self.scene.of(KeepClear):
            if keep.use == "space" and self.here(keep.low):
                low, high = keep.outline.outer.points.min(axis=0), keep.outline.outer.points.max(axis=0)
                box = (*mm(*low), *mm(*high))
                words = "\n".join(lettering.wrap(f"KEEP CLEAR: {keep.reason}", 60.0, 2.0))
                spots = [*within(box, self.scale), *around(box, self.scale)]
                self.add(self.places.name(Style("clear", "id"), words, [(spots, 2.0, None)]))

    def equipment(self) -> None:
        """Fire points with a red star, exit signs."""
        here = [part for part in self.parts if self.here(float(part.bounds[0, 2]) - HAND)]
        for part in here:
            if part.system in ("fire", "sign"):
                self.copies(part, "line", [True] * part.count)
        r = 2.2 * self.scale
        for part in here:
            if part.system == "fire":
                for x, y in (mm(*at) for at in part.transforms[:, :2, 3]):
                    box = (x - r, y - r, x + r, y + r)
                    self.places.keep([box])
                    self.add([Fill(Style("fire"), (_star((x, y), r),), "solid")])
                    words = name_of(self.scene, part.element)
                    self.add(self.places.name(FIRE, words, [(list(around(box, self.scale)), 2.0, None)]))

    def low(self) -> None:
        """What hangs low, dashed, with the level of its underside."""
        hung: dict[str, list[Part]] = {}
        for part in self.parts:
            under = float(part.bounds[0, 2]) - self.floor
            if (
                part.system not in ("wall", "sign", "seating", "person")
                and OVERHEAD < under < LOW
                and not part.of_seats
            ):
                hung.setdefault(part.element, []).append(part)
        for part in low_ceilings(self):
            hung[f"{part.element} {part.name}"] = [part]
        for key, parts in hung.items():
            style = Style(parts[0].system, "overhead")
            self.draw(list(path_marks(hidden_lines(bodies(parts, [0] * len(parts))), style)))
            low = np.min([part.bounds[0] for part in parts], axis=0)
            high = np.max([part.bounds[1] for part in parts], axis=0)
            name = parts[0].name.replace("_", " ").upper() if parts[0].system == "ceiling" else name_of(self.scene, key)
            words = f"{name}\nUNDERSIDE {units.level(float(low[2]), self.units)}"
            spots = list(around((*mm(*low[:2]), *mm(*high[:2])), self.scale))
            self.add(self.places.name(Style("note", "id"), words, [(spots, 2.0, None)]))

    def escape(self) -> None:
        """The way of the farthest place of each exit and of the farthest wheelchair user, with their lengths."""
        ways, seats = self.facts.ways, self.scene.seats
        wheel = self.facts.access.who
        wheel = wheel[np.isfinite(ways.distance[wheel])]
        longest = [wheel[int(np.round(ways.distance[wheel], 6).argmax())]] if len(wheel) else []
        drawn: set[int] = set()
        for seat in [int(s) for s in (*self.facts.farthest, *longest) if s >= 0]:
            if seat in drawn:
                continue
            drawn.add(seat)
            if self.facts.upper[seat] != self.above:
                continue
            line = self.facts.way(seat)
            if len(line) < 2:
                continue
            door = ways.exits[int(ways.exit[seat])]
            line = np.concatenate([line, [door.at[:2] + door.out * (door.depth + 0.3)]])
            points = points_mm(line)
            style = Style("escape")
            self.draw([Line(style, points)])
            self.add(
                [Circle(Style("escape", "id"), points[0], 0.8 * self.scale), _arrow(style, line, 2.5 * self.scale)]
            )
            who = "WHEELCHAIR " if seats.place[seat] == "wheelchair" else ""
            words = f"{who}{units.length(float(ways.distance[seat]), self.units, 1)} TO {door.name}"
            words = in_lines(words)
            self.add(self.places.name(Style("escape", "id"), words, [(list(_beside(line, self.scale)), 2.0, None)]))

    def narrow(self) -> None:
        """What narrows a gangway or a route, and what is left of it."""
        for found in self.facts.narrowed:
            if not self.here(found.at[2]):
                continue
            x, y = mm(*found.at[:2])
            words = f"{name_of(self.scene, found.part.element)} LEAVES {units.drawn(found.clear, self.units)} OF {units.drawn(found.walkway.width, self.units)}"
            self.add(self.places.name(FIRE, words, [(list(around((x, y, x, y), self.scale)), 2.0, None)]))

    def names(self) -> None:
        """Structures with their levels, steps and ramps with their sizes, positions of crew."""
        parts: dict[str, list[Part]] = {}
        for part in self.parts:
            if part.system in NAMED and not part.of_seats and self.stands(part):
                parts.setdefault(part.element, []).append(part)
        climbs = {way.element: way for way in self.scene.of(Walkway) if way.kind in ("step", "ramp")}
        seated = {row.element for row in self.scene.seat_rows}
        for element in sorted((e for e in parts if e not in seated), key=lambda e: NAMED.index(parts[e][0].system)):
            mine = [part for part in parts[element] if not is_sheet(part)] or parts[element]
            words = called(self, element, mine)
            if element in climbs:
                words = f"{words}\n{_climb(climbs[element], self.units)}"
            low = np.min([part.bounds[0] for part in mine], axis=0)
            high = np.max([part.bounds[1] for part in mine], axis=0)
            box = (*mm(*low[:2]), *mm(*high[:2]))
            wide, tall = (side * self.scale for side in lettering.size(words, 2.5))
            roomy = box[2] - box[0] > 1.2 * wide and box[3] - box[1] > 1.5 * tall
            style = Style("foh" if mine[0].system in ("foh", "camera") else "note", "id")
            ways = [(list(within(box, self.scale)), 2.5, None)] if roomy else []
            self.add(self.places.name(style, words, [*ways, (list(around(box, self.scale)), 2.0, None)]))


def _clear(facts: _Facts, k: int) -> str:
    """`1600`, or `1200 of 1600` where something stands before the exit."""
    door, show = facts.ways.exits[k], facts.scene.about.units
    clear = float(facts.ways.clear[k]) if facts.open[k] else 0.0
    whole = units.drawn(door.width, show)
    return whole if clear > door.width - 1e-3 else f"{units.drawn(clear, show)} of {whole}"


def _swing(door: Door) -> str:
    return {"out": "out", "in": "in", "slide": "slides"}[door.swing]


def _climb(way: Walkway, show: units.Units) -> str:
    """`5 × 180, 1200 WIDE`; a ramp's steepest gradient."""
    wide = f"{units.drawn(way.width, show)} WIDE"
    rise = np.abs(np.diff(way.line[:, 2]))
    if way.kind == "ramp":
        run = np.hypot(*np.diff(way.line[:, :2], axis=0).T)
        steep = float(np.max(rise[run > 0] / run[run > 0], initial=0.0))
        return f"1:{1 / steep:.1f}".removesuffix(".0") + f", {wide}" if steep > 0 else wide
    if way.treads is None or not len(way.treads):
        return wide
    first, count = float(way.treads[0]), len(way.treads)
    riser = (float(way.treads[-1]) - first) / (count - 1) if count > 1 else first
    return f"{count} × {units.drawn(riser, show)}, {wide}"


def _star(at: Point, radius: float) -> tuple[Point, ...]:
    """Five-pointed. [mm]"""
    turns = np.radians(90 + 36 * np.arange(10))
    r = np.where(np.arange(10) % 2, 0.4, 1.0) * radius
    return tuple((at[0] + x, at[1] + y) for x, y in zip((r * np.cos(turns)).tolist(), (r * np.sin(turns)).tolist()))


def _arrow(style: Style, line: Floats, size: float) -> Fill:
    """A head at the end of a line. [mm]"""
    tip = line[-1] * 1000
    run = tip - line[-2] * 1000
    ahead = run / max(float(np.hypot(*run)), 1e-9)
    beside = np.array([-ahead[1], ahead[0]])
    corners = np.stack([tip, tip - size * ahead + 0.3 * size * beside, tip - size * ahead - 0.3 * size * beside])
    return Fill(style, (tuple((float(x), float(y)) for x, y in corners),), "solid")


def _beside(line: Floats, scale: float) -> Iterator[Spot]:
    """Places on both sides of a line, the nearest to it and to its middle first. [mm]"""
    run = np.hypot(*np.diff(line, axis=0).T)
    along = np.r_[0.0, np.cumsum(run)]
    for off in (1.2, 2.4, 4.0):
        for share in (0.5 + side * step / 20 for step in range(10) for side in (1, -1)):
            s = share * along[-1]
            k = min(int(np.searchsorted(along, s, side="right")) - 1, len(run) - 1)
            ahead = (line[k + 1] - line[k]) / run[k]
            at = line[k] + ahead * (s - along[k])
            for way in (1.0, -1.0):
                out = way * np.array([ahead[1], -ahead[0]])
                x, y = (at * 1000 + off * scale * out).tolist()
                align: Align = "left" if out[0] > 0.2 else "right" if out[0] < -0.2 else "centre"
                valign: Valign = "bottom" if out[1] > 0.2 else "top" if out[1] < -0.2 else "middle"
                yield Spot(x, y, align, valign, None, off)
