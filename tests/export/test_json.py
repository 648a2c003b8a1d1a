"""Values as JSON: unknown is null, numbers are rounded, any script is itself."""

import io
import json
from collections import Counter

import numpy as np

from stagecraft.checks.finding import Finding, Report
from stagecraft.export.json import plain, write_json
from stagecraft.export.write import write
from stagecraft.schedules.seats import seat_list
from tests.schedules._house import hall


def read(paper):
    out = io.BytesIO()
    write_json(paper, out)
    return json.loads(out.getvalue(), parse_constant=lambda name: pytest_fail(name))


def pytest_fail(name):
    raise AssertionError(f"{name} is no JSON")


def test_a_table_is_its_columns_and_one_object_a_row():
    found = read(seat_list(hall()))
    assert found["name"] == "Seats"
    assert found["about"]["venue"] == "Haus „Süd“ & Söhne"
    assert len(found["rows"]) == 11
    assert found["rows"][0]["id"] == "stalls/1/0"
    assert found["rows"][0]["y"] == -4.0
    assert found["rows"][0]["c_value"] is None
    assert list(found["rows"][0]) == [column["key"] for column in found["columns"]]


def test_a_report_is_its_fields():
    finding = Finding("SL01", "low-c-value", "error", "guidance", "row L", at=(1.0, 2.0, 3.00000049), measured=-0.0)
    found = read(Report("asked 500, given 503", {"seats": 503}, (finding,)))
    assert found["headline"] == "asked 500, given 503"
    assert found["findings"][0]["at"] == [1.0, 2.0, 3.0]
    assert found["findings"][0]["required"] is None


def test_what_json_has_no_word_for_is_null_or_plain():
    assert plain({"a": float("nan"), "b": np.inf, "c": np.arange(3), "d": {3, 1}, 5: np.float64(0.1)}) == {
        "a": None, "b": None, "c": [0, 1, 2], "d": [1, 3], "5": 0.1,
    }  # fmt: skip
    assert plain(Counter("aab")) == {"a": 2, "b": 1}
    assert str(plain(-0.0)) == "0.0"


def test_a_file_ends_in_a_line_feed_and_keeps_its_letters(tmp_path):
    write(seat_list(hall()), tmp_path / "seats.json")
    data = (tmp_path / "seats.json").read_bytes()
    assert data.endswith(b"}\n")
    assert "„Süd“" in data.decode("utf-8")
    assert b"\r" not in data
