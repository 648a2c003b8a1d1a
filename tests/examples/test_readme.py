"""The README's lines run, and name what is there."""

import re
import shutil
from pathlib import Path

from stagecraft.cli import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Code blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_the_python_runs(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "assets" / "examples" / "minimal", tmp_path / "assets" / "examples" / "minimal")
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    headline, c_values = capsys.readouterr().out.splitlines()
    assert headline == "asked 100, given 104: 4 wheelchair with companions"
    flat, raked = map(float, re.findall(r"-?\d+\.\d+", c_values))
    assert flat < raked
    assert (tmp_path / "drawings.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "seats.csv").read_text(encoding="utf-8-sig").count("\nA/") == 96


def test_the_ten_lines_are_ten():
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line and not line.startswith("import")]) <= 10


def test_the_venue_file_is_the_minimal_example():
    (shown,) = blocks("yaml")
    text = (ROOT / "assets" / "examples" / "minimal" / "venue.yaml").read_text(encoding="utf-8")
    assert shown == text.partition("\n")[2]


def test_the_two_commands_are_those_that_ci_runs():
    main, tests, short = (block.strip() for block in blocks("sh"))
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in run if line.lstrip().startswith("python3 -m venv")] == [main, tests]
    assert short == main.partition("&& .venv/bin/")[2].replace("pip install -q . && .venv/bin/", "uv run ")
    (windows,) = blocks("bat")
    assert [line.replace("py -3", "python3").replace("Scripts", "bin").replace("\\", "/") for line in windows.splitlines()] == [
        main, tests,
    ]  # fmt: skip


def test_every_command_is_told_and_every_command_told_is_there():
    (table,) = re.findall(r"^## Commands\n(.*?)^Exit codes", README, re.DOTALL | re.MULTILINE)
    told = set(re.findall(r"`stagecraft ([\w-]+)", table))
    assert told == set(cli.commands)


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert len(links) > 4
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_is_short():
    assert README.count("\n") < 200


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:stagecraft|assets|tests|benchmarks|elements|geometry|drawing)/[\w./-]+)`", text))
    named -= {"stagecraft/elements/chandelier.py"}  # the one to be written
    assert len(named) > 15
    assert [
        name for name in sorted(named) if not ((ROOT / name).exists() or (ROOT / "stagecraft" / name).exists())
    ] == []
