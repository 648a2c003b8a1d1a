"""Row signs on paper: one half page each, whole on it, and none that cannot be read."""

from stagecraft.drawing import lettering
from stagecraft.drawing.marks import Text
from stagecraft.export.pdf import write_pdf
from stagecraft.export.row_signs import EDGE, ROW, SIZE, row_sign_book
from stagecraft.schedules.row_signs import row_signs
from tests.export.test_pretix import SEATING, TABLES, house


def texts(sheet):
    return [mark for mark in sheet.marks if isinstance(mark, Text)]


def test_two_signs_stand_on_a_page_in_the_order_of_the_list():
    table = row_signs(house({**SEATING, "rows": 1}))
    book = row_sign_book(table)
    assert len(book.sheets) == 3
    words = [[mark.text for mark in texts(sheet)] for sheet in book.sheets]
    assert words[0][:4] == ["BLOCK L", "A", "Seats 1–4", "T · house left, at seat S/1/-7"]
    assert words[2][4:7] == ["BLOCK R", "A", "Seats 4–1"]


def test_whatever_is_written_stays_within_the_sign_and_a_letter_is_large():
    long = {**SEATING, "blocks": ["x" * 60, "Ränge / left", "R"]}
    for sheet in row_sign_book(
        row_signs(
            house(
                long, numbering={"rows": ["Parterre links", "Parterre Mitte", "Parterre rechts"], "order": "odd_even"}
            )
        )
    ).sheets:
        for mark in texts(sheet):
            assert lettering.width(mark.text, mark.height) <= SIZE[0] - 2 * EDGE + 1e-6
    plain = texts(row_sign_book(row_signs(house(SEATING))).sheets[0])
    assert plain[1].height == ROW


def test_a_house_without_rows_has_a_page_that_says_so(tmp_path):
    (sheet,) = row_sign_book(row_signs(house(TABLES))).sheets
    assert "no signs" in texts(sheet)[0].text
    write_pdf(row_sign_book(row_signs(house(TABLES))), tmp_path / "signs.pdf")
    assert (tmp_path / "signs.pdf").stat().st_size > 500
