"""The bar of long answers."""

import io

from rich.console import Console

from stagecraft.commands import _terminal


def test_a_bar_comes_only_where_it_takes_long(monkeypatch):
    """It stands on the error stream, of terminals only, and goes again."""
    said = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=said, force_terminal=True, width=80))
    clock = iter(range(100))
    monkeypatch.setattr(_terminal.time, "perf_counter", lambda: float(next(clock)) / 4)
    with _terminal.Bar("looking", 1.0) as bar:
        bar(10, 100)
        bar(20, 100)
        assert "looking" not in said.getvalue()
        for part in range(30, 100, 10):
            bar(part, 100)
    assert "looking" in said.getvalue()
