"""Tables as Markdown, read back by splitting at the bars."""

import re

from stagecraft.export.write import write
from stagecraft.schedules.table import Column, Table


def test_a_table_keeps_its_cells_its_totals_and_its_notes(tmp_path):
    table = Table(
        "Kit", (Column("what", "item"), Column("n", "quantity", "int", total=True), Column("mass", "mass kg", "number", 1, True)),
        {"what": ["a|b", "c*d"], "n": [2, 3], "mass": [1.25, None]}, ("one | note",), about={"venue": "Aurora"},
    )  # fmt: skip
    text = write(table, tmp_path / "kit.md").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "# Kit"
    assert lines[2] == "Aurora"
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines if line.startswith("|")]
    assert rows == [
        ["item", "quantity", "mass kg"], ["---", "---:", "---:"], [r"a\|b", "2", "1.2"], [r"c\*d", "3", ""], ["total", "5", "1.2"],
    ]  # fmt: skip
    assert lines[-1] == r"- one \| note"
