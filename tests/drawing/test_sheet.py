"""A sheet is exact in size, full of true things, and nothing on it is clipped, hidden or run into."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.build import build
from stagecraft.drawing import _paper, _title, lettering
from stagecraft.drawing._paper import COARSE, SCALES, SIZES
from stagecraft.drawing._texts import setting_out_block, sightlines_block
from stagecraft.drawing.book import compose, sheets
from stagecraft.drawing.compose import Composer
from stagecraft.drawing.cover import name_block
from stagecraft.drawing.draft import Draft, Job, View, Wish
from stagecraft.drawing.marks import Circle, Dimension, Drawing, Insert, Line, Sheet, Style, Symbol, Text
from stagecraft.drawing.overlaps import overlaps
from stagecraft.drawing.sheet import sheet_of
from stagecraft.errors import VenueError
from stagecraft.geometry import outline, shapes
from stagecraft.scene import About, Note, Part, Revision, Scene, SeatRow, Space, Target
from stagecraft.venue.load import load

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"

BANDS = {"clear": 0.95, "slight": 0.8, "severe": 0.0}
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 大劇場 " * 4
ABOUT = About(
    "Aurora launch", client="Northlight", event="Keynote", author="A. Designer", file="halls/venue.yaml",
    hash="0123456789ab", revisions=(Revision("P01", "2026-11-23", "AD", "First issue"),),
)  # fmt: skip


def hall(width=24.0, depth=30.0, height=7.0, about=ABOUT, *more):
    return Scene(about, {}, (Space("room", outline.rectangle(width, depth), 0.0, height), *more))


def row(key, seats=5):
    """A straight row on the flat floor, eyes 1.2 m high."""
    word = np.full(seats, "", np.str_)
    at = np.column_stack([0.5 * (np.arange(seats) - (seats - 1) / 2), np.full(seats, -3.0 - key), np.zeros(seats)])
    return SeatRow(
        "C", key, np.array([f"C/{key}/{k}" for k in range(seats)]), at, np.full(seats, 90.0), at + np.array([0.0, 0.0, 1.2]),
        np.zeros(seats, np.int64), np.full(seats, "chair"), np.full(seats, 0.5), 0.5, word, np.full(seats, "C"),
        np.full(seats, "XABC"[key]), np.arange(1, seats + 1).astype(np.str_), word, np.full(seats, "open"), word, word,
        np.full(seats, np.nan), word,
    )  # fmt: skip


def view(name, low, high, scale=100.0, title="", inserts=0):
    dot = Symbol("SEAT-CHAIR", (Circle(Style("seating"), (0.0, 0.0), 200.0),))
    seats = tuple(Insert(Style("seating"), "SEAT-CHAIR", (500.0 * k, 0.0)) for k in range(inserts))
    frame = Line(Style("wall", "cut"), (low, (high[0], low[1]), high, (low[0], high[1])), closed=True)
    size = Dimension(Style("dims", "dims"), low, (high[0], low[1]), (low[0], low[1] - 1000), (0.0, low[1] - 900))
    return Drawing(name, (frame, size, *seats), {dot.name: dot}, (low, high), scale, title or name)


def three(scale=100.0, inserts=7):
    return (
        view("plan", (-14e3, -25e3), (14e3, 10e3), scale, "Plan", inserts),
        view("section", (-11e3, -2e3), (26e3, 8e3), scale, "Section A–A"),
        view("elevation", (-14e3, -3e3), (14e3, 8e3), scale, "Front elevation"),
    )


def composed(scene, drawings, blocks=(), wish=None, size="auto", **more):
    """A sheet of drawings that are what they are at any scale."""
    shown = tuple(View(one.name, lambda scale, one=one: one, (one.scale,)) for one in drawings)
    draft = Draft("general", "101", "General arrangement plan", "Drawing", shown, lambda _: blocks, **more)
    return Composer(scene).sheet(draft, wish, size=size)


def of(book, key):
    """The sheet of a book by its key."""
    return next(sheet for sheet in book.sheets if sheet.key == key)


def box_of(text):
    wide, tall = lettering.size(text.text, text.height)
    left = text.at[0] - {"left": 0.0, "centre": wide / 2, "right": wide}[text.align]
    low = text.at[1] - {"bottom": 0.0, "middle": tall / 2, "top": tall}[text.valign]
    return left, low, left + wide, low + tall


def overlap(a, b, margin=0.05):
    return a[0] < b[2] - margin and b[0] < a[2] - margin and a[1] < b[3] - margin and b[1] < a[3] - margin


def values(made):
    """Texts of the title block, by their attribute; those of several lines joined."""
    (block,) = (mark for mark in made.marks if isinstance(mark, Insert))
    joined = {}
    for key, value in block.attributes:
        head, _, number = key.rpartition("_")
        joined[head if number.isdigit() else key] = (
            f"{joined.get(head, '')} {value}".strip() if number.isdigit() else value
        )
    return joined


@pytest.fixture(scope="module")
def made():
    return composed(hall(), three(), size="A1", warning="NOT FOR RIGGING UNTIL APPROVED")


def test_views_stand_inside_the_frame_and_apart_from_each_other_and_from_every_text(made):
    w, h = made.size
    windows = [(*view.window[0], *view.window[1]) for view in made.views]
    for a in windows:
        assert a[0] >= 20
        assert a[1] >= 10
        assert a[2] <= w - 10
        assert a[3] <= h - 10
    assert not any(overlap(a, b) for a, b in itertools.combinations(windows, 2))
    texts = [box_of(mark) for mark in made.marks if isinstance(mark, Text)]
    assert not any(overlap(window, text) for window in windows for text in texts)


def test_no_two_texts_of_a_sheet_run_into_each_other_and_none_leaves_the_paper(made):
    texts = [mark for mark in made.marks if isinstance(mark, Text)]
    assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= made.size[0] and b[3] <= made.size[1] for b in map(box_of, texts))
    assert not [(a.text, b.text) for a, b in itertools.combinations(texts, 2) if overlap(box_of(a), box_of(b))]


def test_a_view_shows_its_whole_extent_at_the_scale_its_title_says(made):
    for placed in made.views:
        (x0, y0), (x1, y1) = placed.drawing.extent
        corners = [
            tuple(a + (p - q) / placed.scale for a, p, q in zip(placed.at, corner, placed.anchor))
            for corner in ((x0, y0), (x1, y1))
        ]
        (left, low), (right, high) = placed.window
        assert left <= corners[0][0] < corners[1][0] <= right
        assert low <= corners[0][1] < corners[1][1] <= high
        assert placed.scale == placed.drawing.scale
    said = [mark.text for mark in made.marks if isinstance(mark, Text) and mark.text.startswith("1:")]
    assert said == ["1:100 @ A1"] * 3
    assert values(made)["SCALE"] == "1:100"


def test_a_scale_bar_is_as_long_as_it_says(made):
    bars = [
        mark
        for mark in made.marks
        if isinstance(mark, Line) and mark.style == _paper.TITLE and mark.closed and len(mark.points) == 4
    ]
    fields = [mark.points for mark in bars if abs(mark.points[0][1] - mark.points[3][1]) == pytest.approx(1.6)]
    ends = [mark for mark in made.marks if isinstance(mark, Text) and mark.text.endswith(" m") and mark.height == 1.8]
    assert len(ends) == 3
    for end, (start, *_) in zip(ends, fields[::5]):
        assert float(end.text[:-2]) * 1000 / 100 == pytest.approx(
            box_of(end)[0] + lettering.width(end.text[:-2], 1.8) / 2 - start[0], abs=0.01
        )


def test_the_title_block_names_what_the_venue_says_and_a_dash_where_it_says_nothing(made):
    told = values(made)
    assert told["TITLE"] == "Aurora launch"
    assert told["CLIENT"] == "Northlight"
    assert told["REV"] == "P01"
    assert told["DATE"] == "2026-11-23"
    assert told["REFERENCE"] == "venue.yaml 0123456789ab"
    assert told["SIZE"] == "A1"
    assert told["APPROVED"] == told["STATUS"] == "—"
    assert values(composed(hall(about=About("x")), three()))["REV"] == "—"


def cells_of(symbol):
    """Each cell as it is drawn: left, bottom, width and height, from its label and the lines round it."""
    label = _title.title_data()["label_height"]
    floors = [line.points for line in symbol.marks if not line.closed and line.points[0][1] == line.points[1][1]]
    cells = {}
    for key, (x, y), _ in symbol.slots:
        if key.startswith("LABEL_"):
            top = y + 1.2 + label
            (a, low), (b, _) = max((f for f in floors if f[0][0] == x - 1.5 and f[0][1] < y), key=lambda f: f[0][1])
            cells[key.removeprefix("LABEL_")] = (a, low, b - a, top - low)
    return cells


def test_a_title_block_grows_so_that_two_hundred_characters_are_read():
    text = ("An event whose sponsors all want to be named, each of them in full, with commas; " * 3)[:200]
    made = composed(hall(about=About(text, client=text, event=text, file="venue.yaml")), three(), size="A1")
    (block,) = (mark for mark in made.marks if isinstance(mark, Insert))
    symbol = made.symbols[block.symbol]
    assert min(height for _, _, height in symbol.slots) >= lettering.LEAST
    plain = {cell["key"]: cell["size"][1] for cell in _title.title_data()["cells"]}
    grown = {key: cell[3] for key, cell in cells_of(symbol).items()}
    assert grown["EVENT"] == grown["CLIENT"] > plain["EVENT"]
    assert grown["NUMBER"] == pytest.approx(plain["NUMBER"])


@pytest.mark.parametrize("text", [LONG, LONG.replace(" ", ""), "W" * 400, "two\nlines", "席" * 200])
def test_long_names_stay_inside_their_cells(text):
    about = About(
        text,
        client=text,
        event=text,
        author=text,
        file=text,
        revisions=(Revision(text[:30], text[:30], text[:9], text),),
    )
    made = composed(hall(about=about), three(), size="A0")
    (block,) = (mark for mark in made.marks if isinstance(mark, Insert))
    symbol = made.symbols[block.symbol]
    cells = cells_of(symbol)
    held = dict(block.attributes)
    for key, (x, y), height in symbol.slots:
        cell = cells[
            key.removeprefix("LABEL_").rsplit("_", 1)[0]
            if key.rsplit("_", 1)[-1].isdigit()
            else key.removeprefix("LABEL_")
        ]
        assert cell[0] <= x
        assert x + lettering.width(held[key], height) <= cell[0] + cell[2]
        assert cell[1] < y
        assert y + height < cell[1] + cell[3]
    assert "".join(values(made)["TITLE"].split()) == "".join(text.split())


@pytest.mark.parametrize(("height", "there"), [(20.0, True), (900.0, False)])
def test_a_table_that_can_be_spared_is_left_out_where_there_is_no_room(height, there):
    spare = _paper.Block(100.0, height, (Text(Style("note"), (0.0, -5.0), "SPARE", 2.5),))
    made = composed(hall(), three()[:1], size="A1", spare=lambda _: [spare])
    assert ("SPARE" in [mark.text for mark in made.marks if isinstance(mark, Text)]) == there


def test_a_warning_stands_where_a_draft_has_one_and_only_there(made):
    words = "NOT FOR RIGGING UNTIL APPROVED"
    assert words in [mark.text for mark in made.marks if isinstance(mark, Text)]
    assert words not in [mark.text for mark in composed(hall(), three()).marks if isinstance(mark, Text)]


def test_a_crew_finds_how_far_each_thing_reaches():
    parts = (
        Part("stage", shapes.box(14.4, 6.0, 0.9, (0.0, 3.0, 0.0)), system="stage"),
        Part("steps", shapes.box(1.2, 1.5, 0.9, (-5.4, -0.75, 0.0)), system="stair"),
        Part("steps_mirror", shapes.box(1.2, 1.5, 0.9, (5.4, -0.75, 0.0)), system="stair"),
    )
    scene = Scene(ABOUT, {}, parts)
    made = composed(scene, three(), [setting_out_block(scene)])
    texts = [mark.text for mark in made.marks if isinstance(mark, Text)]
    start = texts.index("SETTING OUT")
    assert texts[start + 6 : start + 16] == [
        "STAGE", "-7200", "7200", "0", "6000", "STEPS and its twin", "-6000", "-4800", "-1500", "0",
    ]  # fmt: skip


def test_counts_on_the_sheet_are_the_inserts_of_the_plan():
    made = composed(hall(), three(inserts=37))
    counted = Counter(mark.symbol for mark in made.views[0].drawing.marks if isinstance(mark, Insert))
    assert counted == {"SEAT-CHAIR": 37}
    texts = [mark.text for mark in made.marks if isinstance(mark, Text)]
    assert texts[texts.index("Chair") + 1] == "37"


def test_a_few_stand_ins_are_told_and_very_many_are_counted():
    def told(count):
        plan, *others = three()
        plan = dataclasses.replace(plan, notes=tuple(f"stand-in {k}" for k in range(count)))
        return [mark.text for mark in composed(hall(), (plan, *others)).marks if isinstance(mark, Text)]

    assert {f"stand-in {k}" for k in range(5)} <= set(told(5))
    assert "78 more stand-ins and omissions: see the report." in told(100)


def test_the_least_c_value_of_the_sheet_is_that_of_its_seat():
    focus = Target("screen", "lower edge", np.array([[0.0, 0.0, 1.0]]))
    house = hall(24, 30, 7, ABOUT, focus, *(row(k) for k in (1, 2, 3)))
    seen = views(house)
    made = composed(house, three(), [sightlines_block(house, seen)])
    texts = [mark.text for mark in made.marks if isinstance(mark, Text)]
    start = texts.index("lower edge")
    least = float(np.min(seen.targets["lower edge"].c))
    worst = int(np.argmin(seen.targets["lower edge"].c))
    seats = house.seats
    assert least < 0  # a flat floor does not show what is lower than the eyes in front
    assert texts[start : start + 3] == [
        "lower edge",
        f"{least * 1000:.0f} mm",
        f"C {seats.row[worst]}{seats.seat[worst]}",
    ]
    assert texts[start + 3] == f"{np.hypot(*seats.eyes[:, :2].T).max():.1f} m"


def sightlines(made):
    """The table of sightlines: its rows."""
    texts = [mark.text for mark in made.marks if isinstance(mark, Text)]
    texts = texts[texts.index("Widest angle") + 1 :]
    return [texts[k : k + 5] for k in range(0, 25, 5)]


def test_guests_at_tables_turn_and_have_no_c_value_on_the_sheet_either():
    scene = build(load(EXAMPLES / "ballroom" / "venue.yaml"), setup="banquet")
    made = of(compose(Job(scene, bands=BANDS), only=["sightlines"]), "sightlines")
    rows = [row for row in sightlines(made) if row[0] in ("Host", "LED wall")]
    assert [row[0] for row in rows] == ["Host", "LED wall"]
    for _, c, seat, far, angle in rows:
        assert (c, seat, angle) == ("—", "—", "—")
        assert re.fullmatch(r"\d+\.\d m", far)


def test_a_seat_of_a_numbered_row_is_told_apart_from_its_row():
    focus = Target("screen", "lower edge", np.array([[0.0, 0.0, 1.0]]))
    rows = [dataclasses.replace(row(k), row=np.full(5, f"{k + 10}")) for k in (1, 2, 3)]
    house = hall(24, 30, 7, ABOUT, focus, *rows)
    made = composed(house, three(), [sightlines_block(house, views(house))])
    assert re.fullmatch(r"C 1\d-\d", sightlines(made)[0][2])


def test_the_screens_of_a_feed_are_one_line_of_the_table_of_sightlines():
    scene = build(load(EXAMPLES / "keynote-500" / "venue.yaml"))
    made = of(compose(Job(scene, bands=BANDS), only=["sightlines"]), "sightlines")
    assert [row[0] for row in sightlines(made)][:3] == ["Presenter", "feed imag", "feed deck"]


@pytest.mark.parametrize("name", ["keynote-500", "lecture-raked", "ballroom", "minimal", "ref-500"])
def test_a_sheet_of_sightlines_has_map_and_section_at_one_scale_and_nothing_runs_into_anything(name):
    scene = build(load(EXAMPLES / name / "venue.yaml"))
    (second,) = compose(Job(scene, bands=BANDS), only=["sightlines"]).sheets
    assert second.number.split("-")[0] == "104"
    one, two = second.views
    assert (one.drawing.name, two.drawing.name) == ("heat map", "section")
    assert one.scale == two.scale == one.drawing.scale
    (l1, b1), (r1, t1) = one.window
    (l2, b2), (r2, t2) = two.window
    assert r1 <= l2 or r2 <= l1 or t1 <= b2 or t2 <= b1
    for left, low, right, high in ((l1, b1, r1, t1), (l2, b2, r2, t2)):
        assert left >= 20
        assert low >= 10
        assert right <= second.size[0] - 10
        assert high <= second.size[1] - 10
        inside = [m for m in second.marks if isinstance(m, Text) and left < m.at[0] < right and low < m.at[1] < high]
        assert not inside
    texts = [mark.text for mark in second.marks if isinstance(mark, Text)]
    assert "NOTES" in texts
    values = dict(next(mark for mark in second.marks if isinstance(mark, Insert)).attributes)
    assert values["TYPE"] == "Sightline drawing"
    assert (*SIZES[values["SIZE"]],) == second.size


def test_without_seats_or_anything_to_see_there_is_no_sheet_of_sightlines():
    for scene in (hall(), hall(24, 30, 7, ABOUT, row(1))):
        assert "sightlines" not in [sheet.key for sheet in sheets(scene, bands=BANDS).sheets]


def test_the_frame_is_that_of_iso_5457():
    for name, (w, h) in SIZES.items():
        frame = next(mark for mark in _paper.frame_marks((w, h), name) if mark.style == _paper.FRAME)
        assert frame.points == ((20, 10), (w - 10, 10), (w - 10, h - 10), (20, h - 10))


@pytest.mark.parametrize(("width", "height", "scale", "size"), [
    (5e3, 5e3, 50, (210.0, 297.0)), (24e3, 16e3, 100, (420.0, 297.0)), (24e3, 30e3, 50, (594.0, 841.0)), (9e5, 9e5, 500, (594.0, 841.0)),
])  # fmt: skip
def test_a_drawing_alone_takes_the_smallest_paper_at_its_scale(width, height, scale, size):
    made = sheet_of(view("plan", (0.0, 0.0), (width, height), scale))
    assert sorted(made.size) == sorted(size)
    assert made.views[0].scale >= scale
    assert made.views[0].scale in SCALES


@pytest.mark.parametrize("room", [(1, 1, 2), (12, 16, 4), (24, 30, 7), (120, 8, 4), (8, 120, 4), (400, 600, 60)])
def test_any_room_gets_a_set_at_iso_scales_and_every_view_has_its_place(room):
    book = sheets(hall(*map(float, room)))
    assert {"cover", "general", "sections", "elevation"} <= {sheet.key for sheet in book.sheets}
    for made in book.sheets:
        assert made.size in SIZES.values()
        assert {view.scale for view in made.views} <= {*SCALES, 25}
        windows = [(*view.window[0], *view.window[1]) for view in made.views]
        assert not any(overlap(a, b) for a, b in itertools.combinations(windows, 2))


@pytest.mark.parametrize("room", [(4000.0, 9000.0, 60.0), (9000.0, 30.0, 4.0)])
def test_what_is_larger_than_any_building_gets_its_sheets_too(room):
    for made in sheets(hall(*room)).sheets:
        assert made.size in SIZES.values()
        assert {view.scale for view in made.views} <= {*SCALES, *COARSE}


def test_a_scene_without_anything_still_gives_a_set():
    book = sheets(Scene(About("nothing"), {}, ()))
    assert {values(made)["TITLE"] for made in book.sheets} == {"nothing"}


def test_stand_ins_of_the_scene_reach_the_sheet_and_the_book_carries_the_name():
    book = sheets(
        hall(12, 16, 4, ABOUT, Note("sub", "sub: depth not in the catalogue, drawn as 600 mm", np.zeros(3), "stand_in"))
    )
    assert (book.title, book.author, book.units) == ("Aurora launch", "A. Designer", "m")
    texts = " ".join(mark.text for mark in of(book, "general").marks if isinstance(mark, Text))
    assert "sub: depth not in the catalogue, drawn as 600 mm" in texts


def test_an_unknown_paper_and_one_too_small_are_one_sentence():
    with pytest.raises(VenueError, match="'A9' is no paper size: use A4, A3, A2, A1, A0 or auto"):
        sheets(hall(), size="A9")
    with pytest.raises(VenueError, match="plan does not fit on A4: choose a larger paper or a coarser scale"):
        composed(hall(), three(), wish=Wish(size="A4"))


def test_the_register_lists_every_sheet_with_its_own_number_scale_and_paper():
    book = sheets(build(load(EXAMPLES / "minimal" / "venue.yaml")))
    cover, *others = book.sheets
    texts = [mark.text for mark in cover.marks if isinstance(mark, Text)]
    rows = texts[texts.index("File") + 1 :]
    for k, made in enumerate(others):
        told = values(made)
        assert rows[7 * k : 7 * k + 4] == [told["NUMBER"], told["SUBTITLE"], told["SCALE"], told["SIZE"]]
        assert told["SHEET"] == f"{k + 2} / {len(book.sheets)}"
    assert [sheet.number for sheet in book.sheets] == sorted(sheet.number for sheet in book.sheets)


def test_a_wish_changes_its_sheet_alone():
    scene = build(load(EXAMPLES / "minimal" / "venue.yaml"))
    plain = compose(Job(scene))
    wishes = {
        "general": Wish(size="A1", scale=100.0, number="A-100", title="Ground plan", notes=("Floor is parquet.",)),
        "elevation": Wish(show=False),
        "all": Wish(views=("plan", "section", "section x=2.5"), title="On one sheet"),
    }
    book = compose(Job(scene), wishes)
    keys = [sheet.key for sheet in book.sheets]
    assert "elevation" not in keys
    assert set(keys) == {sheet.key for sheet in plain.sheets} - {"elevation"} | {"all"}
    told = values(of(book, "general"))
    assert (told["NUMBER"], told["SUBTITLE"], told["SCALE"], told["SIZE"]) == ("A-100", "Ground plan", "1:100", "A1")
    assert "Floor is parquet." in [mark.text for mark in of(book, "general").marks if isinstance(mark, Text)]
    names = [view.drawing.title for view in of(book, "all").views]
    assert names[2] == "SECTION AT 2500 FROM THE CENTRE LINE"
    assert values(of(book, "all"))["NUMBER"] == "901"


@pytest.mark.parametrize(("wishes", "message"), [
    ({"genral": Wish(size="A1")}, "no sheet is called 'genral'; did you mean 'general'?"),
    ({"mine": Wish(views=("plam",))}, "no view is called 'plam'; did you mean 'plan'?"),
    ({"mine": Wish(views=("section x=two",))}, "no view is called 'section x=two'"),
    ({"general": Wish(scale=5.0)}, "does not fit on any sheet at 1:5: choose a larger paper or a coarser scale"),
])  # fmt: skip
def test_a_wish_that_cannot_be_met_is_one_sentence(wishes, message):
    with pytest.raises(VenueError) as error:
        compose(Job(build(load(EXAMPLES / "minimal" / "venue.yaml"))), wishes)
    (problem,) = error.value.problems
    assert message in problem.message
    assert problem.path.startswith("sheets.")


def test_the_same_scene_gives_the_same_sheet():
    assert sheets(hall()) == sheets(hall())


@pytest.mark.parametrize("height", [1.8, 2.5, 7.0])
def test_wrapped_lines_fit_and_lose_nothing(height):
    for text in (LONG, "a b", "", "W" * 60):
        lines = lettering.wrap(text, 40.0, height)
        assert all(lettering.width(line, height) <= 40 for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_name_in_arabic_on_two_lines_of_the_cover_does_not_run_into_itself():
    block = name_block(hall(about=About("مؤتمر الابتكار السنوي")))
    marks = tuple(_paper.shifted(mark, (100.0, 200.0)) for mark in block.marks)
    lines = [mark for mark in block.marks if isinstance(mark, Text)]
    assert len(lines) == 2
    assert not overlaps(Sheet("001", "Cover", SIZES["A3"], (), marks, {}, "cover"))
