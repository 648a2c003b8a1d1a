"""Sightlines on a section: the heads of the rows, three lines a block, the C-value where it binds."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.drawing._labels import Places
from stagecraft.drawing.marks import Circle, Line, Style, Text
from stagecraft.drawing.section import section
from stagecraft.drawing.sheet import sheet_of
from stagecraft.drawing.sightlines import sightline_marks
from stagecraft.errors import VenueError
from stagecraft.export.dxf import write_dxf
from stagecraft.scene import Screen
from tests.analysis._house import ref_500, row, scene, target

CHEST = target((0, 0, 2.2), name="host", role="person")
HEAD, SIGHT = Style("sight", "beyond"), Style("sight")


def marks(house, **how):
    return sightline_marks(house, views(house), Places(100.0), **how)[0]


def texts(found):
    return [m.text for m in found if isinstance(m, Text)]


def raked(rows=10, rise=0.12, **more):
    x = (np.arange(20) - 9.5) * 0.55
    return [row(k + 1, np.c_[x, np.full(20, -4.0 - 0.95 * k)], floor=rise * k, **more) for k in range(rows)]


def test_every_row_has_one_head_of_a_heads_size_at_its_eye():
    house = scene(*raked(), CHEST)
    heads = [m for m in marks(house) if isinstance(m, Circle) and m.style == HEAD]
    assert {m.radius for m in heads} == {120.0}
    wanted = {(round(4000 + 950 * k, 3), round(1200 + 120 * k, 3)) for k in range(10)}
    assert {(round(m.centre[0], 3), round(m.centre[1], 3)) for m in heads} == wanted


def test_lines_run_from_the_first_the_last_and_the_worst_row_to_the_focus():
    house = scene(*raked(), CHEST)
    c = views(house).targets["host"].c
    lines = [m.points for m in marks(house) if isinstance(m, Line) and m.style == SIGHT]
    assert {end for _, end in lines} == {(0.0, 2200.0)}
    rows = {round((u - 4000) / 950) for (u, _), _ in lines}
    middle = c[np.arange(10) * 20 + 10]
    assert rows == {0, 9, int(np.argmin(np.round(middle, 6)))}


def test_the_c_value_stands_at_the_head_that_binds_and_is_that_of_the_view():
    house = scene(*raked(rise=0.05), CHEST)
    view = views(house).targets["host"]
    near = np.arange(10) * 20 + 10
    worst = int(near[np.argmin(np.round(np.where(np.isfinite(view.c[near]), view.c[near], np.inf), 6))])
    (words,) = [m for m in marks(house) if isinstance(m, Text) and m.text.startswith("C ")]
    assert words.text == f"C {view.c[worst] * 1000:.0f}"
    over = house.laid_out.eyes[view.over[worst]]
    assert math.hypot(words.at[0] + over[1] * 1000, words.at[1] - over[2] * 1000) < 1500, "15 mm on paper"


def test_each_block_has_its_own_lines():
    house = scene(*raked(), *raked(rows=4, element="circle"), CHEST)
    lifted = [
        replace(r, at=r.at + [0, -12, 4], eyes=r.eyes + [0, -12, 4]) for r in house.seat_rows if r.element == "circle"
    ]
    house = scene(*raked(), *lifted, CHEST)
    found = marks(house)
    ends = {m.points[0][1] > 5000 for m in found if isinstance(m, Line) and m.style == SIGHT}
    assert ends == {True, False}
    assert len([words for words in texts(found) if words.startswith("C ")]) == 2


def test_a_named_target_is_looked_at_and_a_slip_is_met_with_the_nearest():
    house = scene(*raked(), CHEST, target((0, 2, 0.9), name="edge"))
    assert "EDGE" in texts(marks(house)), "a point of focus comes before a person"
    assert "HOST" in texts(marks(house, target="host"))
    with pytest.raises(VenueError, match="did you mean 'host'"):
        marks(house, target="hots")


def screen(low=2.0, high=6.0, y=5.0):
    corners = np.array([(-3, y, low), (3, y, low), (3, y, high), (-3, y, high)], float)
    return target(*corners, name="wall", role="screen", kind="surface", element="led"), Screen(
        "led", corners[None], None
    )


def test_the_angle_up_to_the_top_of_the_screen_is_that_of_the_first_row():
    house = scene(*raked(), *screen())
    found = marks(house, full=True)
    up = math.degrees(math.atan2(6.0 - 1.2, 5.0 + 4.0))
    assert f"{up:.0f}° TO TOP OF WALL" in texts(found)
    assert not [words for words in texts(marks(house)) if "TO TOP OF" in words], "not on the sheets"


def test_the_last_row_sees_the_screen_above_the_height_that_heads_leave_clear():
    house = scene(*raked(rise=0.0), *screen(low=1.4))
    found = marks(house, full=True)
    (words,) = [one for one in texts(found) if one.startswith("ROW J")]
    height = float(words.split("above ")[1].split()[0])
    ends = [m.points[1] for m in found if isinstance(m, Line) and m.style == SIGHT]
    assert any(abs(z / 1000 - height) <= 0.1 + 1e-6 and u == -5000.0 for u, z in ends)
    flat = 1.2 + (math.tan(math.asin(0.12 / 0.95))) * (5 + 4 + 0.95 * 9)
    assert 1.4 < height <= flat + 0.1, "no higher than over the head straight in front"
    assert sightline_marks(house, views(house), Places(100.0), full=True)[1][0].endswith("past heads in front.")


def test_where_heads_leave_all_of_the_screen_no_line_says_so():
    """Of what fixed things hide nothing is said: who reads that it is clear would take it for the whole answer."""
    house = scene(*raked(rise=0.4), *screen(low=6.0))
    assert not [words for words in texts(marks(house, full=True)) if "clear" in words]


def test_each_row_has_its_letter_beneath_its_chair():
    house = scene(*raked(rise=0.0), CHEST)
    found = [mark for mark in marks(house, full=True) if isinstance(mark, Text) and len(mark.text) == 1]
    assert [mark.text for mark in found] == list(dict.fromkeys(house.seats.row.tolist()))
    assert all(mark.at[1] < 0 and mark.valign == "top" for mark in found)
    assert not [words for words in texts(marks(house)) if len(words) == 1], "not on the sheets"


def test_killed_rows_have_no_head_and_tables_no_c_value():
    first, *others = raked()
    house = scene(replace(first, status=np.full(20, "kill")), *others, CHEST)
    assert len([m for m in marks(house) if isinstance(m, Circle) and m.style == HEAD]) == 9
    tables = scene(*(replace(r, place=np.full(20, "table")) for r in raked()), CHEST)
    assert not [words for words in texts(marks(tables)) if words.startswith("C ")], "guests at tables turn"
    assert [m for m in marks(tables) if isinstance(m, Line) and m.style == SIGHT]
    tables = scene(*(replace(r, place=np.full(20, "table")) for r in raked(rise=0.0)), *screen(low=1.4))
    assert not [words for words in texts(marks(tables, full=True)) if "clear" in words], "nor are heads in their way"


@pytest.mark.parametrize(
    ("house", "why"),
    [
        (scene(CHEST), "there are no seats"),
        (scene(), "there are no seats"),
        (scene(*raked()), "nothing to be seen is named"),
        (scene(row(1, [(-40, -4), (-41, -4)]), CHEST), "no seat is near the section, on it or beyond"),
    ],
)
def test_why_there_are_no_sightlines_is_said(house, why):
    found, notes = sightline_marks(house, views(house), Places(100.0), full=True)
    assert (found, notes) == ([], (f"No sightlines: {why}.",))
    assert f"No sightlines: {why}." in section(house, full=True, scale=None).notes


def test_one_seat_has_a_line_and_no_c_value():
    found = marks(scene(row(1, [(0, -4)]), CHEST), full=True)
    assert len([m for m in found if isinstance(m, Line) and m.style == SIGHT]) == 1
    assert not [words for words in texts(found) if words.startswith("C ")]


def test_nothing_near_the_section_draws_what_is_nearest():
    far = [replace(r, at=r.at + [40, 0, 0], eyes=r.eyes + [40, 0, 0]) for r in raked()]
    assert [m for m in marks(scene(*far, CHEST)) if isinstance(m, Circle) and m.style == HEAD]
    behind = [replace(r, at=r.at - [40, 0, 0], eyes=r.eyes - [40, 0, 0]) for r in raked()]
    assert marks(scene(*behind, CHEST)) == [], "the section looks the other way"


def test_a_section_alone_fills_its_sheet():
    import stagecraft as sc

    house = sc.build(sc.load("assets/examples/keynote-500/venue.yaml"))
    drawn = section(house, scale=None, full=True)
    sheet = sheet_of(drawn)
    assert sheet.views[0].scale == drawn.scale == 125
    assert sheet.size == (420.0, 297.0)


def test_twice_gives_the_same_bytes_and_heads_have_a_layer_of_their_own():
    made = []
    for _ in range(2):
        file = io.BytesIO()
        write_dxf(section(ref_500(CHEST), full=True), file)
        made.append(file.getvalue())
    assert made[0] == made[1]
    assert b"Q-SIGHT-HEAD" in made[0]


def test_sightlines_that_leave_the_section_say_how_far():
    def notes(house):
        return sightline_marks(house, views(house), Places(100.0))[1]

    (near,) = notes(scene(*raked(), CHEST))
    (far,) = notes(scene(*raked(), target((9.3, 0, 2.2), name="side")))
    assert "as seen from the side" not in near
    assert far.endswith("as seen from the side and run up to 9.3 m off the section.")
