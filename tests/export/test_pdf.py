"""A PDF page has its exact size, its words can be searched, its lines lie where the marks say."""

from __future__ import annotations

import dataclasses
import io
import warnings

import numpy as np
import pypdfium2 as pdfium
import pytest

from stagecraft.drawing.marks import Book, Drawing, Fill, Insert, Leader, Line, Placed, Sheet, Style, Symbol, Text
from stagecraft.drawing.strokes import flattened
from stagecraft.export import _bidi, _fonts, _plot, pdf
from stagecraft.export.pdf import write_pdf
from tests.export import marked

MM = 72 / 25.4
SEAT = Style("seating")


def opened(paper):
    out = io.BytesIO()
    write_pdf(paper, out)
    return pdfium.PdfDocument(out.getvalue())


def words(page):
    return page.get_textpage().get_text_range()


def place_of(page, text):
    """Left, bottom, right, top of the first time a text stands on a page. [mm]"""
    words = page.get_textpage()
    start, count = words.search(text).get_next()
    boxes = np.array([words.get_charbox(k) for k in range(start, start + count)]) / MM
    return (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))


def test_pages_have_the_exact_size_of_their_sheets():
    sizes = [page.get_size() for page in opened(marked.book())]
    assert sizes == [pytest.approx((420 * MM, 297 * MM), abs=0.01), pytest.approx((594 * MM, 420 * MM), abs=0.01)]


def test_each_sheet_has_its_bookmark_and_the_book_its_title_and_author():
    document = opened(marked.book())
    told = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert told == [("101  General arrangement", 0), ("102  Empty / sheet", 1)]
    assert document.get_metadata_dict()["Title"] == "Aurora"
    assert document.get_metadata_dict()["Author"] == "A. Designer"


def test_words_in_latin_greek_and_cyrillic_are_found():
    found = words(opened(marked.book())[0])
    assert "Bühne Σκηνή Сцена" in found
    assert "lines {of} \\text" in found
    assert "SHEET 101" in found


def test_dimensions_print_the_measured_lengths_and_seats_their_numbers():
    found = words(opened(marked.plan())[0]).split()
    assert [found.count(size) for size in ("4000", "5000")] == [1, 2]
    assert all(str(k) in found for k in range(1, 7))


def test_the_notes_of_a_view_go_with_it_inside_the_paper():
    notes = (
        "NOT FOR RIGGING UNTIL APPROVED",
        *(f"stand-in {k}: " + "width not in the catalogue " * 9 for k in range(20)),
    )
    page = opened(dataclasses.replace(marked.plan(), notes=notes))[0]
    for words in ("NOT FOR RIGGING UNTIL APPROVED", "stand-in 19"):
        left, low, right, high = place_of(page, words)
        assert left > 20
        assert low > 10
        assert right < page.get_width() / MM - 10
        assert high < page.get_height() / MM - 10


def test_feet_are_printed_in_feet():
    assert "13'-1 1/2\"" in words(opened(marked.plan("ft"))[0])


def test_capitals_are_as_tall_as_asked_and_stand_where_asked():
    text = Text(Style("note"), (100.0, 50.0), "HEH", 5.0, 0.0, "right", "middle")
    page = opened(Sheet("1", "one", (210.0, 297.0), (), (text,)))[0]
    bitmap = np.asarray(page.render(scale=20 / MM).to_pil().convert("L"))  # 20 pixels a millimetre
    y, x = np.nonzero(bitmap < 128)
    assert np.ptp(y) / 20 == pytest.approx(5.0, abs=0.1)
    assert 297 - (y.min() + y.max()) / 40 == pytest.approx(50, abs=0.1)
    assert 99 < x.max() / 20 < 100.1


def test_marks_lie_where_the_view_places_them_and_nothing_leaves_its_window():
    page = opened(dataclasses.replace(marked.book().sheets[0], marks=()))[0]
    dark = np.asarray(page.render(scale=10 / MM).to_pil().convert("L")) < 160
    y, x = np.nonzero(dark)
    y, x = 297 - y / 10, x / 10
    left = x < 200
    assert x[left].min() >= 40 - 0.1
    assert y[left].max() <= 160 + 0.1
    wall = dark[:, round((70 + 4200 / 50) * 10) - 2 : round((70 + 4200 / 50) * 10) + 3].any(axis=1)
    assert wall.sum() / 10 == pytest.approx(5400 / 50, abs=8)  # the outer wall face, 108 mm tall on paper


def test_a_mask_hides_what_lies_beneath_a_text():
    line = Line(Style("wall", "cut"), ((0.0, 100.0), (200.0, 100.0)))
    over = Text(Style("note"), (100.0, 100.0), ".", 5.0, 0.0, "centre", "middle", True)
    page = opened(Sheet("1", "", (200.0, 200.0), (), (over, line)))[0]
    row = np.asarray(page.render(scale=10 / MM).to_pil().convert("L"))[1000]
    assert row[500] < 100
    assert row[1000] > 200


def test_hatch_lines_fill_the_area_but_not_its_holes():
    rings = (marked.box(0, 0, 100, 100), marked.box(25, 25, 75, 75))
    lines = _plot.hatch(rings)
    middles = np.array([np.mean(line, axis=0) for line in lines])
    assert not ((middles > 26) & (middles < 74)).all(axis=1).any()
    length = sum(float(np.hypot(*np.subtract(*line))) for line in lines)
    assert length * _plot.HATCH == pytest.approx(100 * 100 - 50 * 50, rel=0.01)


def test_an_arc_is_drawn_within_a_hundredth_of_a_millimetre():
    half_circle = Line(Style("stage"), ((0.0, 0.0), (100.0, 0.0)), bulges=(1.0,))
    points = np.array(flattened(half_circle, 0.01))
    assert np.hypot(points[:, 0] - 50, points[:, 1]) == pytest.approx(np.full(len(points), 50))
    assert (points[:, 1] <= 1e-9).all()  # a positive bulge runs anticlockwise: below its chord
    middles = (points[1:] + points[:-1]) / 2
    assert (50 - np.hypot(middles[:, 0] - 50, middles[:, 1])).max() <= 0.01


def test_characters_without_a_font_become_a_question_mark_and_are_named_once(monkeypatch):
    monkeypatch.setattr(_fonts, "others", lambda: ())
    _fonts.font_for.cache_clear()
    text = Text(Style("note"), (20.0, 20.0), "Saal 席 🎭 席", 5.0)
    with pytest.warns(UserWarning, match=r"no font on this machine shows 席 \(U\+5E2D\) 🎭 \(U\+1F3AD\)") as told:
        page = opened(Sheet("1", "one", (210.0, 297.0), (), (text,)))[0]
    _fonts.font_for.cache_clear()
    assert len(told) == 1
    assert "Saal ? ? ?" in words(page)


def test_control_characters_and_halves_of_characters_do_no_harm():
    text = Text(Style("note"), (20.0, 20.0), "a\x00b\ud800c\u200bd", 5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "abcd" in words(opened(Sheet("1", "\ud800", (210.0, 297.0), (), (text,)))[0])


def seen(text):
    return "".join(_bidi.turned(piece) if backwards else piece for backwards, piece in _bidi.runs(text))


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        ("אבג 12 Hall", "Hall 12 גבא"),
        ("Hall אבג דה 2", "Hall 2 הד גבא"),
        ("אבג 12:30", "12:30 גבא"),
        ("א 50% ב", "ב 50% א"),
        ("אב (גד)", "(דג) בא"),
        ("Hall 2", "Hall 2"),
        ("אבג Hall B", "Hall B גבא"),
        ("אבג Hall 2", "Hall 2 גבא"),
        ("1 אבג 2", "2 גבא 1"),
    ],
)
def test_words_from_right_to_left_stand_among_others_as_unicode_has_it(read, shown):
    assert seen(read) == shown


def installed(text):
    return all(_fonts.font_for(c) for c in text)


NAMES = {
    "Greek": "Αίθουσα Λάμδα", "Cyrillic": "Зал Чайковского", "Arabic": "مسرح الأوبرا", "Persian": "سالن وحدت",
    "Hebrew": "תיאטרון הבימה", "Japanese": "東京国際フォーラム", "Devanagari": "नमस्ते", "accents": "Café",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_venue_named_in_any_script_is_found_in_its_title_and_on_its_sheet_or_named_in_a_warning(name):
    base = marked.book()
    texts = tuple(Text(Style("title"), (200.0, 20.0 + 20 * k), name, 5.0, 0.0, align) for k, align in enumerate(("left", "centre", "right")))  # fmt: skip
    sheet = dataclasses.replace(base.sheets[0], marks=texts, views=(), title=name)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        document = opened(Book(name, (sheet,), name))
    assert document.get_metadata_dict()["Title"] == name
    assert next(iter(document.get_toc())).get_title().endswith(name)
    found = words(document[0])
    if installed(name):
        assert not told
        assert found.count(name) == 3
    else:
        assert "no font on this machine shows" in str(told[0].message)


def test_arabic_letters_are_joined():
    if not installed("سلام"):
        pytest.skip("no font with Arabic letters is installed")
    (run,) = _fonts.line("سلام", set())
    drawn = "".join(glyph.char for glyph in run.glyphs)
    assert len(drawn) == 3  # lam and alef are one
    assert drawn[1:] != "\ufefb\u0633"  # neither stands alone
    assert [glyph.x for glyph in run.glyphs] == sorted(glyph.x for glyph in run.glyphs)
    assert run.width < sum(_fonts.line(c, set())[0].width for c in "سلام")


@pytest.fixture
def only_cubic(tmp_path, monkeypatch):
    """A machine whose only font has PostScript outlines: 席 is a frame, 木 a bar."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    def drawn(*rings):
        pen = T2CharStringPen(1000, None)
        for ring in rings:
            pen.moveTo(ring[0])
            for point in ring[1:]:
                pen.lineTo(point)
            pen.closePath()
        return pen.getCharString()

    shapes = {
        ".notdef": drawn(),
        "frame": drawn(marked.box(0, 0, 1000, 1000), marked.box(200, 200, 800, 800)[::-1]),
        "bar": drawn(marked.box(0, 400, 1000, 600)),
    }
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap({ord("席"): "frame", ord("木"): "bar"})
    builder.setupCFF("Cubic", {}, shapes, {})
    builder.setupHorizontalMetrics(dict.fromkeys(shapes, (1000, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Cubic", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "NotoSansCJK-Regular.otf")
    caches = (_fonts.others, _fonts.font_for, _fonts._page, _fonts._characters)
    monkeypatch.setattr(_fonts, "_files", lambda: [tmp_path / "NotoSansCJK-Regular.otf"])
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("only_cubic")
def test_a_font_with_postscript_outlines_is_embedded_and_its_text_is_found():
    text = Text(Style("note"), (20.0, 20.0), "Saal 席木", 5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = opened(Sheet("1", "one", (100.0, 100.0), (), (text,)))[0]
    assert "Saal 席木" in words(page)
    dark = np.asarray(page.render(scale=20 / MM).to_pil().convert("L")) < 128
    left, low, right, high = place_of(page, "席")
    size = 5.0 * _fonts.lettering.metrics().em
    inside = dark[round((100 - high) * 20) : round((100 - low) * 20), round(left * 20) : round(right * 20)]
    assert inside.sum() / 400 == pytest.approx(size**2 * (1 - 0.6**2), rel=0.05)
    first, second = io.BytesIO(), io.BytesIO()
    write_pdf(Sheet("1", "one", (100.0, 100.0), (), (text,)), first)
    _fonts._page.cache_clear()
    _fonts.font_for.cache_clear()
    write_pdf(Sheet("1", "one", (100.0, 100.0), (), (text,)), second)
    assert first.getvalue() == second.getvalue()


def test_a_damaged_font_is_passed_over(tmp_path, monkeypatch):
    files = [tmp_path / f"{name}.ttf" for name in ("DejaVuSans", "unifont", "none")]
    files[0].write_bytes(b"")
    files[1].write_bytes(b"OTTO" + bytes(range(256)))
    monkeypatch.setattr(_fonts, "_files", lambda: files)
    _fonts.others.cache_clear()
    try:
        assert _fonts.others() == ()
    finally:
        monkeypatch.undo()
        _fonts.others.cache_clear()


def test_marks_stand_over_their_letters_and_are_found_with_them():
    (run,) = _fonts.line("x̣́o", set())
    assert len({glyph.x for glyph in run.glyphs}) > 1
    assert run.width == pytest.approx(sum(_fonts.line(c, set())[0].width for c in "xo"), abs=1e-3)
    text = Text(Style("note"), (20.0, 20.0), "x̣́o", 5.0)
    page = opened(Sheet("1", "one", (210.0, 297.0), (), (text,)))[0]
    assert "x̣́o" in words(page) or "x̣́o" in words(page)


def test_a_wide_foreign_font_keeps_to_the_room_that_was_planned(monkeypatch):
    name = "مسرح الأوبرا"
    if not installed(name):
        pytest.skip("no font with Arabic letters is installed")
    monkeypatch.setattr(pdf.lettering, "width", lambda text, height: 20.0)
    text = Text(Style("note"), (100.0, 100.0), name, 5.0, 0.0, "left")
    page = opened(Sheet("1", "one", (210.0, 297.0), (), (text,)))[0]
    bitmap = np.asarray(page.render(scale=10 / MM).to_pil().convert("L"))
    _, x = np.nonzero(bitmap < 128)
    assert 99.5 < x.min() / 10 < 101
    assert 118 < x.max() / 10 <= 120.1


def test_without_a_shaper_letters_stand_apart_and_it_is_said(monkeypatch):
    monkeypatch.setattr(_fonts, "_harfbuzz", lambda: None)
    if not installed("مسرح"):
        pytest.skip("no font with Arabic letters is installed")
    text = Text(Style("note"), (20.0, 20.0), "مسرح", 5.0)
    with pytest.warns(UserWarning, match="letters that should be joined stand apart: install uharfbuzz"):
        page = opened(Sheet("1", "one", (210.0, 297.0), (), (text,)))[0]
    assert "مسرح" in words(page)


def test_colours_stay_dark_enough_for_white_paper():
    for index in range(1, 255):
        assert np.dot(_plot.print_colour(index), (0.2126, 0.7152, 0.0722)) <= 0.43
    assert _plot.print_colour(7) == (0, 0, 0)


def test_an_empty_book_and_an_empty_drawing_are_pages():
    assert len(opened(Book("nothing", ()))) == 1
    assert opened(Drawing("none", ()))[0].get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.01)
    style, dot = Style("wall", "pattern"), ((1.0, 1.0),)
    nothings = (Fill(style, ()), Fill(style, (dot,), "solid"), Line(style, dot), Line(style, ()), Leader(style, dot))
    assert len(opened(Drawing("nothings", nothings))) == 1


def test_a_symbol_is_as_large_as_its_own_sheet_draws_it():
    """Two sheets at two scales, and a symbol of one name with another shape on a third."""

    def sheet(scale, half):
        symbol = Symbol("BOX", (Line(SEAT, ((-half, -half), (half, -half), (half, half), (-half, half)), True),))
        view = Drawing("plan", (Insert(SEAT, "BOX", (0.0, 0.0)),), {"BOX": symbol}, scale=scale)
        place = Placed(view, (100.0, 100.0), (0.0, 0.0), scale, ((10.0, 10.0), (190.0, 190.0)))
        return Sheet("1", "one", (200.0, 200.0), (place,), ())

    sizes = []
    for page in opened(Book("B", (sheet(100.0, 1000.0), sheet(50.0, 1000.0), sheet(100.0, 3000.0)))):
        grey = page.render(scale=4 / MM, grayscale=True).to_numpy().squeeze()
        across = np.flatnonzero((grey < 200).any(axis=0))
        sizes.append(float(np.ptp(across)) / 4)
    assert sizes == pytest.approx([20.0, 40.0, 60.0], abs=0.6)


def test_the_same_paper_gives_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    write_pdf(marked.book(), first)
    write_pdf(marked.book(), second)
    assert first.getvalue() == second.getvalue()
