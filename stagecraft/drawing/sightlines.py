"""Sightlines on a section: heads of the rows, lines from the eyes to the focus, and the C-value where it binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stagecraft import units
from stagecraft.analysis.heads import left
from stagecraft.analysis.seen import one, to_see
from stagecraft.analysis.views import View, Views, Whole
from stagecraft.drawing import lettering
from stagecraft.drawing._labels import Places, Spot, around
from stagecraft.drawing._views import main_screen, mm
from stagecraft.drawing.marks import Arc, Circle, Line, Mark, Point, Style, Text
from stagecraft.geometry.frame import Floats
from stagecraft.scene import Scene

REACH = 3.0
"""Seats this far beyond the section stand for their row; where none is so near, the nearest. [m]"""
HEADS, SIGHT, NAMES = Style("sight", "beyond"), Style("sight"), Style("sight", "id")
FIRST = ("focus", "person", "screen")
"""Sightlines run to the first of these that is named."""


def sightline_marks(
    scene: Scene, views: Views, places: Places, target: str | None = None, x: float = 0.0, full: bool = False
) -> tuple[list[Mark], tuple[str, ...]]:  # fmt: skip
    """Marks for the section at `x` [m], and what a reader of them must know.

    Of each row the seat that is nearest to the section, on it or beyond, as `section` shows its chair. Of each
    block the first, the last and the worst row have their sightline; the head over which the worst row's C-value is
    least carries it.

    full : letters of the rows, the levels of the eyes of every block, and the angle from the first row up to the top of the main screen
    """
    view = aim(to_see(scene, views), target)
    seats = scene.seats
    shown = nearest(scene, x)
    if view is not None:
        shown = shown[np.isfinite(view.focus[shown]).all(axis=1)]
    if view is None or not len(shown):
        why = "there are no seats" if not len(seats) else "nothing to be seen is named" if view is None else ""
        return [], (f"No sightlines: {why or 'no seat is near the section, on it or beyond'}.",) if full else ()
    page = _Section(scene, view, places, shown)
    marks, clear = page.heads(), list[Mark]()
    drawn = np.unique(np.concatenate([page.chosen(mine) for mine in page.blocks()]))
    marks += page.lines(drawn)
    marks += page.focus(drawn)
    marks += [mark for mine in page.blocks() for mark in page.least(mine)]
    for mine in page.blocks() if full else [shown]:
        marks += page.levels(mine)
    if full:
        marks += page.rows()
        marks += page.steep(views)
        clear = page.past_heads(views)
    note = (
        f"Sightlines of the first, last and worst row of each block near the section to '{view.target}'; "
        f"C in {'millimetres' if scene.about.units == 'm' else 'inches'} over the eye that binds."
    )
    aside = float(np.abs(view.focus[drawn, 0] - x).max())
    if aside > REACH:
        note += f" They are drawn as seen from the side and run up to {units.length(aside, scene.about.units, 1)} off the section."
    return marks + clear, (f"{note} What is clear is so past heads in front." if clear else note,)


def nearest(scene: Scene, x: float) -> Whole:
    """The seat of each row that is nearest to the section, on it or beyond, within reach; first row first."""
    seats = scene.seats
    if not len(seats):
        return np.zeros(0, np.int64)
    here = (seats.at[:, 0] >= x - 1e-6) & (seats.status != "kill")
    away = np.where(here, seats.at[:, 0] - x, np.inf)
    order = np.lexsort((away, seats.rank))
    first = order[np.r_[True, np.diff(seats.rank[order]) > 0]]
    return np.asarray(first[(away[first] <= max(REACH, float(away.min()))) & np.isfinite(away[first])])


def aim(seen: dict[str, View], target: str | None = None) -> View | None:
    """What sightlines run to: the target, or the first focus, person or screen."""
    if target is not None:
        return one(seen, target)
    return next((view for role in FIRST for view in seen.values() if view.role == role), None)


@dataclass
class _Section:
    """The seats of a section and what they look at."""

    scene: Scene
    view: View
    places: Places
    shown: Whole

    def flat(self, points: Floats) -> list[Point]:
        """Points of the room on the drawing. [mm]"""
        return [mm(-y, z) for _, y, z in np.atleast_2d(points).tolist()]

    def blocks(self) -> list[Whole]:
        """The rows of each block, the nearest to the focus first."""
        seats = self.scene.seats
        of = np.where(seats.block != "", seats.block, seats.element)[self.shown]
        found = [self.shown[of == name] for name in dict.fromkeys(of.tolist())]
        return [mine[np.argsort(self.view.distance[mine], kind="stable")] for mine in found]

    def chosen(self, mine: Whole) -> Whole:
        """First, last and worst."""
        worst = self.worst(mine)
        return np.array([mine[0], mine[-1], *worst], np.int64)

    def worst(self, mine: Whole) -> Sequence[int]:
        """The row with the least C-value; none where nobody sits in front of any."""
        c = np.where(np.isfinite(self.view.c[mine]), self.view.c[mine], np.inf)
        return [int(mine[np.argmin(np.round(c, 6))])] if np.isfinite(c.min(initial=np.inf)) else []

    def heads(self) -> list[Mark]:
        size = self.scene.stature.head * 1000
        at = self.flat(self.scene.seats.eyes[self.shown])
        for u, v in at:
            self.places.lines([(u - size, v - size), (u + size, v + size)])
        return [Circle(HEADS, point, size) for point in at]

    def lines(self, some: Whole) -> list[Mark]:
        marks: list[Mark] = []
        for seat in some.tolist():
            run = (*self.flat(self.scene.seats.eyes[seat]), *self.flat(self.view.focus[seat]))
            marks.append(Line(SIGHT, run))
            self.places.lines(run)
        return marks

    def focus(self, some: Whole) -> list[Mark]:
        """The points of focus, and their name at the first."""
        e = self.places.scale
        points = list(dict.fromkeys(self.flat(np.round(self.view.focus[some], 2))))
        marks: list[Mark] = [Circle(NAMES, point, 1.0 * e) for point in points]
        for u, v in points[:1]:
            box = (u - 1.2 * e, v - 1.2 * e, u + 1.2 * e, v + 1.2 * e)
            marks += self.places.put(NAMES, self.view.target.upper(), around(box, e), 2.0)
        return marks

    def least(self, mine: Whole) -> list[Mark]:
        """The least C-value of a block, at the head that binds."""
        e, size = self.places.scale, self.scene.stature.head * 1000
        marks: list[Mark] = []
        for seat in self.worst(mine):
            words = f"C {units.drawn(float(self.view.c[seat]), self.scene.about.units)}"
            ((u, v),) = self.flat(self.scene.laid_out.eyes[self.view.over[seat]])
            box = (u - size, v - size, u + size, v + size)
            spots = [Spot(u, v + size + k * e, "centre", "bottom", (u, v + size), k) for k in (3.0, 6.0, 9.0, 12.0)]
            marks += self.places.put(NAMES, words, [*spots, *around(box, e)])
        return marks

    def levels(self, mine: Whole) -> list[Mark]:
        """Level of the eyes of the first and the last row."""
        e, marks = self.places.scale, list[Mark]()
        order = mine[np.argsort(self.view.distance[mine], kind="stable")]
        for seat in dict.fromkeys([*order[:1].tolist(), *order[-1:].tolist()]):
            eye = self.scene.seats.eyes[seat]
            ((u, v),) = self.flat(eye)
            words = f"EYE {units.level(float(eye[2]), self.scene.about.units)}"
            top = v + self.scene.stature.head * 1000
            spots = [Spot(u, top + k * e, "centre", "bottom") for k in (1.0, 4.0)]
            marks += self.places.put(NAMES, words, [*spots, *around((u - e, v - e, u + e, top), e)], 2.0)
        return marks

    def steep(self, views: Views) -> list[Mark]:
        """How far the first row looks up to the top of the main screen."""
        screen = main_screen(self.scene)
        if screen is None:
            return []
        view = next((v for v in views.targets.values() if v.role == "screen" and v.element == screen.element), None)
        if view is None:
            return []
        seat = int(self.shown[np.argmax(np.nan_to_num(view.top[self.shown], nan=-np.inf))])
        angle = float(view.top[seat])
        if not np.isfinite(angle) or angle <= 0:
            return []
        e, eye = self.places.scale, self.scene.seats.eyes[seat]
        corners = screen.facets.reshape(-1, 3)
        top = corners[np.argmax(corners[:, 2])]
        (start,), (end,) = self.flat(eye), self.flat(top)
        way = np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0]))
        size, leftwards = 12 * e, end[0] < start[0]
        level = (start[0] + (-size if leftwards else size), start[1])
        arc = Arc(NAMES, start, size, way, 180.0) if leftwards else Arc(NAMES, start, size, 0.0, way)
        marks: list[Mark] = [Line(SIGHT, (start, end)), Line(NAMES, (start, level)), arc]
        self.places.lines((start, end))
        words = f"{angle:.0f}° TO TOP OF {view.target.upper()}"
        box = (min(start[0], level[0]), start[1], max(start[0], level[0]), start[1] + size / 2)
        named = self.along(words, start, end) or self.places.put(NAMES, words, around(box, e), 2.0)
        return [*marks, *named] if named else []

    def along(self, words: str, start: Point, end: Point) -> list[Mark]:
        """Words along a line, above it, where they have room and lie on the fewest other lines."""
        e, way = self.places.scale, np.subtract(end, start)
        turn = float(np.degrees(np.arctan2(way[1], way[0])) + 90.0) % 180.0 - 90.0
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        size = 1.5 * e
        steps = np.arange(-0.5, 0.51, 0.1)[:, None] * lettering.width(words, 2.0) * e * [c, s]
        best: tuple[int, Point] | None = None
        for part in (0.55, 0.45, 0.65, 0.35, 0.75, 0.25):
            middle = start + part * way + 2.6 * e * np.array([-s, c])
            boxes = [(x - size, y - size, x + size, y + size) for x, y in (middle + steps).tolist()]
            struck = sum(self.places.struck(box) for box in boxes)
            if all(self.places.free(box) for box in boxes) and (best is None or struck < best[0]):
                best = struck, (float(middle[0]), float(middle[1]))
        return [self.places.claim(Text(NAMES, best[1], words, 2.0, turn, "centre", "middle"))] if best else []

    def past_heads(self, views: Views) -> list[Mark]:
        """From the last row to the height above which people leave the main screen clear, and that in words; nothing where
        they leave all of it, and at tables, where guests turn.
        """
        screen = main_screen(self.scene)
        if screen is None:
            return []
        seat = int(self.shown[np.argmax(self.view.distance[self.shown])])
        if self.scene.seats.at_table[seat]:
            return []
        rank, targets = int(self.scene.seats.rank[seat]), views.visible.targets.values()
        seen = next((one for one in targets if one.role == "screen" and one.element == screen.element), None)
        if seen is None or not np.isfinite(seen.row_free[rank]).any():
            return []
        found = left(self.scene, seen.target, seen, rank)
        if found.whole or not np.isfinite(found.above):
            return []
        corners = screen.facets.reshape(-1, 3)
        middle = corners.mean(axis=0)
        middle[2] = found.above
        run = (*self.flat(self.scene.seats.eyes[seat]), *self.flat(middle))
        self.places.lines(run)
        e, (u, v) = self.places.scale, run[1]
        row = self.scene.seats.row[seat] or self.scene.seats.key[seat]
        marks: list[Mark] = [Line(SIGHT, run), Circle(NAMES, (u, v), 0.6 * e)]
        return [*marks, *self.along(f"ROW {row}: {found.words}", *run)]

    def rows(self) -> list[Mark]:
        """The letter of each row beneath its chair."""
        e, seats = self.places.scale, self.scene.seats
        marks: list[Mark] = []
        for seat, (u, v) in zip(self.shown.tolist(), self.flat(seats.at[self.shown])):
            spots = [Spot(u, v - k * e, "centre", "top") for k in (1.0, 3.5)]
            marks += self.places.put(NAMES, str(seats.row[seat]), spots, 2.0, mask=False) if seats.row[seat] else []
        return marks
