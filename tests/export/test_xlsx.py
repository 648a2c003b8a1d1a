"""A workbook, read back by openpyxl: values, formulas with the values they have, frozen heads, text that stays text."""

import io
import time
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from stagecraft.export import xlsx
from stagecraft.export.write import write
from stagecraft.export.xlsx import sheet_name, write_xlsx
from stagecraft.schedules.kit import kit_list
from stagecraft.schedules.picks import picks
from stagecraft.schedules.seats import capacity, seat_list
from stagecraft.schedules.table import Column, Table
from tests.analysis._house import row
from tests.schedules._house import hall, scene


def raw(*tables):
    out = io.BytesIO()
    write_xlsx(tables, out)
    return out.getvalue()


def read(*tables, values=False):
    return openpyxl.load_workbook(io.BytesIO(raw(*tables)), data_only=values)


def test_the_kit_has_subtotals_by_department_and_a_total_that_adds_them_up():
    sheet = read(kit_list(hall())).active
    labels = [cell.value for cell in sheet["A"]]
    assert labels[:11] == [
        "department", "Rigging", "Rigging total", "Video", "Video", "Video total", "Furniture", "Furniture total",
        "Not in the catalogue", "Not in the catalogue total", "Total",
    ]  # fmt: skip
    assert sheet["G3"].value == "=SUM(G2)"
    assert sheet["G6"].value == "=SUM(G4:G5)"
    assert sheet["G11"].value == "=SUM(G3,G6,G8,G10)"


def test_every_formula_already_holds_the_value_that_it_has():
    table = kit_list(hall())
    formulas, values = read(table).active, read(table, values=True).active
    for letter, key in (("G", "mass_all"), ("I", "power_all")):
        known = [value for value in table.values[key] if value is not None]
        assert values[f"{letter}11"].value == pytest.approx(sum(known))
        cells = formulas[f"{letter}11"].value.removeprefix("=SUM(").removesuffix(")").split(",")
        assert sum(values[cell].value or 0 for cell in cells) == pytest.approx(sum(known))


def test_a_sum_of_unknowns_is_empty_not_nought():
    sheet = read(kit_list(hall())).active
    assert sheet["G10"].value is None
    assert sheet["I3"].value is None


def test_the_head_is_frozen_filtered_and_repeated_on_every_page():
    sheet = read(kit_list(hall())).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J10"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet["A1"].font.bold


def test_columns_are_as_wide_as_what_they_hold():
    sheet = read(kit_list(hall())).active
    width = {letter: sheet.column_dimensions[letter].width for letter in "BDE"}
    assert width["B"] >= len("truss.prolyte.h30v-3000")
    assert width["D"] >= len("Banquet stacking chair")
    assert width["E"] < 15
    assert max(width.values()) <= xlsx.WIDEST + 3


def test_numbers_are_numbers_with_the_places_of_their_column():
    sheet = read(seat_list(hall())).active
    assert sheet["K2"].value == -4
    assert sheet["K2"].number_format == "#,##0.000"
    assert sheet["N2"].value is None
    assert sheet["D2"].value == "1"
    assert sheet["D2"].data_type == "s"


@pytest.mark.parametrize("text", ["=1+1", "+41", "-A", "@x", "http://example.org", "{=A1}", "席 🎭", "a\nb", "'x"])
def test_text_stays_text_whatever_it_begins_with(text):
    table = Table("T", (Column("w", text),), {"w": [text]}, notes=(text,), ticketing=True)
    sheet = read(table).active
    for cell in (sheet["A1"], sheet["A2"], sheet["A4"]):
        assert cell.value == text
        assert cell.data_type == "s"
        assert cell.hyperlink is None


def test_a_table_without_groups_has_one_sum_over_its_rows():
    table = replace(capacity(hall()), group="")
    sheet = read(table).active
    assert [sheet.cell(6, column).value for column in range(1, 8)] == [
        "Total", None, None, "=SUM(D2:D5)", "=SUM(E2:E5)", "=SUM(F2:F5)", "=SUM(G2:G5)",
    ]  # fmt: skip


def test_more_groups_than_a_sum_may_have_still_add_up():
    table = Table("T", (Column("g", "g"), Column("n", "n", "int", total=True)),
                  {"g": [f"g{k}" for k in range(400)], "n": [1] * 400}, group="g")  # fmt: skip
    sheet = read(table, values=True).active
    assert sheet["B802"].value == 400
    assert sheet["A802"].value == "Total"


def test_a_head_of_two_lines_has_room_for_both():
    sheet = read(kit_list(hall())).active
    assert sheet["G1"].value == "total mass kg"
    assert sheet.row_dimensions[1].height == 2 * xlsx.LINE


def test_a_cell_holds_the_number_that_the_csv_says():
    table = Table("T", (Column("x", "x m", "length", 3, total=True),), {"x": [5.949999999999999, 0.1 + 0.2]})
    assert [cell.value for cell in read(table, values=True).active["A"]] == ["x m", 5.95, 0.3, 6.25]


def test_seat_numbers_are_no_numbers_stored_as_text():
    parts = zipfile.ZipFile(io.BytesIO(raw(seat_list(hall()))))
    assert '<ignoredError sqref="A1:O13" numberStoredAsText="1"/>' in parts.read("xl/worksheets/sheet1.xml").decode()


def test_notes_stand_below():
    table = picks(hall())
    sheet = read(table).active
    assert sheet["A6"].value == "not for rigging until approved"


def test_several_tables_are_several_sheets():
    book = read(seat_list(hall()), capacity(hall()), kit_list(hall()))
    assert book.sheetnames == ["Seats", "Capacity", "Kit"]


def test_an_empty_table_is_a_sheet_with_its_head():
    sheet = read(seat_list(scene())).active
    assert sheet["A1"].value == "id"
    assert sheet.max_row == 1
    assert read().sheetnames == ["Empty"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kit", "Kit"),
        ("a/b\\c:d*e?f[g]", "a-b-c-d-e-f-g-"),
        ("'quoted'", "quoted"),
        ("", "Table"),
        ("history", "History-"),
        ("席" * 40, "席" * 31),
        ("🎭" * 20, "🎭" * 15),
    ],
)
def test_sheet_names_are_ones_that_excel_allows(name, expected):
    assert sheet_name(name) == expected
    assert read(Table(name, (Column("w", "w"),), {"w": ["x"]})).sheetnames == [expected]


def test_two_sheets_of_one_name_are_told_apart():
    assert sheet_name("KIT", ["Kit"]) == "KIT 2"
    assert sheet_name("x" * 40, ["x" * 31, "X" * 29 + " 2"]) == "x" * 29 + " 3"


def test_the_same_tables_give_the_same_bytes_at_any_time(monkeypatch):
    tables = seat_list(hall()), kit_list(hall())
    before = raw(*tables)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert raw(*tables) == before
    core = zipfile.ZipFile(io.BytesIO(before)).read("docProps/core.xml").decode()
    assert "2026-11-23T00:00:00Z" in core
    assert "Haus „Süd“ &amp; Söhne" in core


def test_a_name_with_an_ampersand_is_whole_in_the_page_header():
    sheet = zipfile.ZipFile(io.BytesIO(raw(kit_list(hall())))).read("xl/worksheets/sheet1.xml").decode()
    assert "&amp;LHaus „Süd“ &amp;&amp; Söhne · day · Kit&amp;RP02 2026-11-23 0123456789ab" in sheet


def test_write_knows_the_suffix(tmp_path):
    write(kit_list(hall()), tmp_path / "kit.xlsx")
    assert (tmp_path / "kit.xlsx").read_bytes() == raw(kit_list(hall()))


def test_twenty_thousand_seats_are_twenty_thousand_rows():
    x = 0.55 * np.arange(100)
    data = raw(seat_list(scene(*(row(k, np.c_[x, np.full(100, -k)]) for k in range(1, 201)))))
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    assert sheet.max_row == 20_001
