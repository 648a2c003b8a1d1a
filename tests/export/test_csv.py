"""A table as CSV: another program reads back what the table says, and no spreadsheet runs it."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagecraft.errors import VenueError
from stagecraft.export.csv import write_csv
from stagecraft.export.write import write
from stagecraft.schedules.kit import kit_list
from stagecraft.schedules.seats import capacity, seat_list
from stagecraft.schedules.table import Column, Table
from tests.analysis._house import row
from tests.schedules._house import hall, rows, scene

DANGEROUS = ["=1+1", "+41 44", "-A", "@SUM(A1)", "\tx", "\r=x", "  =cmd|' /C calc'!A0", "＝1", "-1"]
HARMLESS = ["A-1", "Söhne = gut", "席", "🎭", "'quoted'", 'say "hi", twice', "two\nlines", "1,5", " A", ""]


def words(*texts, **fields):
    return Table("Words", (Column("w", "word"), Column("n", "number", "int")), {"w": texts, "n": range(len(texts))},
                 **fields)  # fmt: skip


def raw(table):
    out = io.BytesIO()
    write_csv(table, out)
    return out.getvalue()


def read(table):
    return list(csv.reader(io.StringIO(raw(table).decode("utf-8-sig"), newline="")))


def test_a_seat_list_reads_back_seat_by_seat():
    table = seat_list(hall())
    heads, *body = read(table)
    assert heads == [column.head for column in table.columns]
    assert len(body) == len(table) == 11
    found = [dict(zip(heads, cells)) for cells in body]
    assert [line["id"] for line in found] == table.values["id"]
    assert [float(line["y m"]) for line in found] == pytest.approx(table.values["y"])
    assert found[0]["C-value mm"] == ""


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_would_run_is_guarded(text):
    assert read(words(text, "next"))[1][0] == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_is_as_it_was(text):
    assert read(words(text, "next"))[1][0] == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_table_for_ticketing_refuses_such_a_label_and_names_it(text):
    with pytest.raises(VenueError) as caught:
        raw(words("A", text, ticketing=True))
    assert [str(problem) for problem in caught.value.problems] == [
        f"words, {text}, word  '{text}' would run as a formula in a spreadsheet: give it another label"
    ]


def test_a_row_labelled_with_a_minus_is_refused_once_and_nothing_is_written(tmp_path):
    first, second = rows()
    house = scene(replace(first, row=np.full(6, "-A")), second)
    with pytest.raises(VenueError) as caught:
        write(seat_list(house), tmp_path / "seats.csv")
    assert str(caught.value) == (
        "seats, stalls/1/0 and 5 more, row   '-A' would run as a formula in a spreadsheet: give it another label"
    )
    assert list(tmp_path.iterdir()) == []


def test_numbers_stay_numbers_with_a_point_and_the_columns_places():
    columns = (Column("a", "a m", "length", 3), Column("b", "b", "int"), Column("c", "c", "number", 0))
    table = Table(
        "N", columns, {"a": [-1.5, -0.0001, None], "b": [-3, 0, None], "c": [1234567.5, float("nan"), np.inf]}
    )
    assert raw(table) == b"a m,b,c\n-1.500,-3,1234568\n0.000,0,\n,,\n"


def test_totals_and_notes_stand_below_an_ordinary_table():
    body = read(kit_list(hall()))
    total = body[-6]
    assert total[0] == "total"
    assert float(total[6]) == pytest.approx(3 * 18.9 + 14 * 9.35 + 82.0, abs=0.05)
    assert all(line[0].startswith("note: ") for line in body[-5:])
    assert read(capacity(hall()))[5] == ["total", "", "", "9", "1", "10", "1", "11"]


def test_a_total_of_unknowns_is_unknown():
    table = Table("T", (Column("w", "what"), Column("m", "mass kg", "number", total=True)), {"w": ["x"], "m": [None]})
    assert read(table)[-1] == ["total", ""]


def test_excel_gets_its_mark_only_where_a_letter_needs_it_and_importers_never():
    assert raw(words("plain")).startswith(b"word")
    assert raw(words("Süd")).startswith(b"\xef\xbb\xbfword")
    assert raw(words("Süd", ticketing=True)).startswith(b"word")


def test_half_a_letter_does_not_break_the_file():
    assert b"broken ?" in raw(words("broken \ud83d"))


def test_the_same_table_gives_the_same_bytes_and_bare_line_feeds(tmp_path):
    write(kit_list(hall()), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == raw(kit_list(hall()))
    assert b"\r" not in raw(kit_list(hall()))


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(VenueError, match=r"the folder .* cannot be written"):
        write_csv(words("x"), tmp_path / "file" / "a.csv")


def test_twenty_thousand_seats_are_twenty_thousand_lines():
    x = 0.55 * np.arange(100)
    body = read(seat_list(scene(*(row(k, np.c_[x, np.full(100, -k)]) for k in range(1, 201)))))
    assert len(body) == 20_001
    assert len({line[0] for line in body}) == 20_001


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_any_text_reads_back_as_it_was_or_with_an_apostrophe_before_it(texts):
    body = read(words("first", *texts))[2 : 2 + len(texts)]
    for text, (cell, _) in zip(texts, body, strict=True):
        assert cell in (text, "'" + text)
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
