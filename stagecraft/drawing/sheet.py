"""Sheets: views put on ISO paper with frame, title block, notes and counts. All in millimetres of the paper."""

from __future__ import annotations

from collections.abc import Iterator

from stagecraft.drawing import lettering
from stagecraft.drawing._paper import (
    COARSE,
    FILING,
    GAP,
    LEAST_TITLE,
    MARGIN,
    NONE,
    NOTE,
    SCALES,
    SIZES,
    STRIP,
    TITLE,
    Box,
    frame_marks,
    on_paper,
    shifted,
)
from stagecraft.drawing.lettering import LEAST
from stagecraft.drawing.marks import (
    Circle,
    Drawing,
    Fill,
    Line,
    Mark,
    Placed,
    Point,
    Sheet,
    Text,
)
from stagecraft.errors import VenueError

MOST_TITLE = 170.0
"""Longest line under a view. [mm]"""


def sheet_of(drawing: Drawing) -> Sheet:
    """One view alone, with its notes, on the smallest ISO paper that it fits at its scale, standing or lying."""
    papers = sorted((w * h, (w, h), name) for name, (a, b) in SIZES.items() for w, h in ((a, b), (b, a)))
    for scale in [drawing.scale, *(s for s in (*SCALES, *COARSE) if s > drawing.scale)]:
        wide, tall = on_paper(drawing, scale)
        for _, (w, h), name in papers:
            low, high = (FILING, MARGIN), (w - MARGIN, h - MARGIN)
            room = high[0] - low[0] - 2 * GAP
            title = min(
                title_width(drawing), max(room, LEAST_TITLE)
            )  # a long one is set smaller, not on a larger paper
            notes = note_lines(drawing, max(wide, title))
            below = 4.0 * len(notes) + GAP
            if max(wide, title) <= room and tall + STRIP + below + GAP <= high[1] - low[1]:
                view, marks = placed_view(drawing, scale, (low[0], low[1] + below, *high), "", name, title)
                x, y = (low[0] + high[0] - max(wide, title - 2)) / 2, view.window[0][1] - STRIP - 2
                words = [Text(NOTE, (x, y - 4.0 * k), line, 2.5, valign="top") for k, line in enumerate(notes)]
                frame = frame_marks((w, h), name)
                return Sheet("", drawing.title or drawing.name, (w, h), (view,), (*frame, *marks, *words))
    raise VenueError(f"'{drawing.title or drawing.name}' is too large for any sheet at 1:{COARSE[-1]}")


def note_lines(drawing: Drawing, room: float) -> list[str]:
    """Whose a view is and what its reader must know, in lines no longer than `room`. [mm]"""
    return [line for note in (drawing.whose, *drawing.notes) if note for line in lettering.wrap(note, room)]


def paper_of(sheet: Sheet) -> str:
    """Name of a sheet's paper: A1; a dash where it is none of ISO 216."""
    return next((name for name, (w, h) in SIZES.items() if sheet.size in ((w, h), (h, w))), NONE)


def scales_of(sheet: Sheet) -> str:
    """`1:50, 1:100`: of its views, each once."""
    return ", ".join(dict.fromkeys(f"1:{view.scale:g}" for view in sheet.views)) or NONE


def placed_view(
    drawing: Drawing, scale: float, box: Box, number: str, paper: str, title: float | None = None
) -> tuple[Placed, list[Mark]]:
    """A view in the middle of its place, its title and scale bar right below; `title`: room that these take. [mm]"""
    (ex0, ey0), (ex1, _) = drawing.extent
    wide, tall = on_paper(drawing, scale)
    middle = (box[0] + box[2]) / 2
    low = box[1] + STRIP + max((box[3] - box[1] - tall - STRIP) / 2, 0.0)
    window = ((middle - wide / 2 - 1, low - 1), (middle + wide / 2 + 1, low + tall + 1))
    placed = Placed(drawing, ((window[0][0] + window[1][0]) / 2, low), ((ex0 + ex1) / 2, ey0), scale, window)
    room = max(wide, (title_width(drawing) if title is None else title) - 2)
    return placed, _view_title(drawing, scale, number, paper, (middle - room / 2, low - 3), room)


def title_width(drawing: Drawing) -> float:
    """Room that the title of a view takes beneath it. [mm]"""
    words = lettering.width(drawing.title or drawing.name, 3.5)
    return max(LEAST_TITLE, min(words + 18.0, MOST_TITLE))


def _view_title(drawing: Drawing, scale: float, number: str, paper: str, at: Point, room: float) -> list[Mark]:
    """Number in a circle, name, scale, and a bar at the right where it has room."""
    x, y = at
    room = min(room, MOST_TITLE)
    out: list[Mark] = []
    if number:
        out += [Circle(TITLE, (x + 5, y - 6), 5.0), Text(TITLE, (x + 5, y - 6), number, 5.0, 0.0, "centre", "middle")]
        x, room = x + 13, room - 13
    bar, length = _scale_bar(scale, drawing.units)
    lines, height = lettering.fit(drawing.title or drawing.name, (max(room, 40.0), 5.0), 5.0)
    out.append(Text(TITLE, (x, y - 5), "\n".join(lines), height))
    out.append(Line(TITLE, ((x, y - 6.6), (x + room, y - 6.6))))
    words = f"1:{scale:g} @ {paper}"
    out.append(Text(NOTE, (x, y - 11.2), words, 3.5))
    if room - lettering.width(words, 3.5) > length + 16:
        out += [shifted(mark, (x + room - length - 4, y - 9.6)) for mark in bar]
    return out


def _scale_bar(scale: float, units: str) -> tuple[list[Mark], float]:
    """Alternating black and white fields with round lengths; its length. Upper left corner at 0, 0."""
    unit = 304.8 if units == "ft" else 1000.0
    step = next(s for s in _round_steps() if s * unit / scale >= 8)
    field = step * unit / scale
    count = max(2, min(5, int(60 / field)))
    out: list[Mark] = []
    for k in range(count):
        ring = ((k * field, -1.6), ((k + 1) * field, -1.6), ((k + 1) * field, 0.0), (k * field, 0.0))
        out.append(Line(TITLE, ring, closed=True))
        if k % 2 == 0:
            out.append(Fill(TITLE, (ring,), "solid"))
    for k in range(count + 1):
        number = f"{k * step:g}"
        words = number if k < count else f"{number} {units}"
        left = k * field - lettering.width(number, LEAST) / 2
        out.append(Text(NOTE, (left, -2.3), words, LEAST, valign="top"))
    return out, count * field + 6


def _round_steps() -> Iterator[float]:
    return (m * 10.0**e for e in range(-3, 6) for m in (1, 2, 5))
