"""`sightlines --chance`: columns in the terminal and in the list, the same for the same seed."""

import csv

import pytest

from stagecraft.cli import main

VENUE = """name: Hall
elements:
  - {id: stage, type: stage, size: [8, 4], height: 0.8, at: [0, 2]}
  - {id: who, type: presenter, on: stage}
  - {id: A, type: seating, rows: 4, seats: 5, front: [0, -3]}
"""


@pytest.fixture
def venue(tmp_path):
    path = tmp_path / "venue.yaml"
    path.write_text(VENUE)
    return path


def run(*arguments, code=0):
    got = 0
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as end:
        got = end.code
    assert got == code


def test_every_seat_has_its_probability(venue, tmp_path):
    for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2)):
        run("sightlines", venue, "--chance", 40, "--seed", seed, "--target", "who", "-o", tmp_path / name)
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert a == b != c
    rows = list(csv.DictReader(a.decode("utf-8-sig").splitlines()))
    sees = [float(row["who: chance %"]) for row in rows if row["row"]]
    assert len(sees) == 20
    assert sees[:5] == [100.0] * 5  # nobody sits in front of the first row
    assert 0 < min(sees) < 60


def test_the_terminal_says_what_counts_as_seen(venue, capsys):
    run("sightlines", venue, "--chance", 5, "--least", 0.5)
    said = capsys.readouterr().out
    assert "at least 50 % of the target" in " ".join(said.split())
    run("sightlines", venue, "--chance", 5)
    assert "at least 66 % of the target" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--seed", 1), "--seed and --least belong to --chance"),
        (("--least", 0.5), "--seed and --least belong to --chance"),
        (("--chance", 5, "-o", "map.pdf"), "--chance is for lists"),
        (("--chance", 5, "--least", "nan"), "--least: 'nan' is no share: write 95% or 0.95"),
    ],
)
def test_options_that_do_not_go_together(venue, capsys, options, words):
    run("sightlines", venue, *options, code=2)
    assert words in capsys.readouterr().err


def test_what_judges_nobody_has_no_probability(venue, capsys):
    run("sightlines", venue, "--chance", 5, "--target", "stage front edge")
    assert "stage front edge: nobody is judged by it" in capsys.readouterr().out


def test_rules_without_bands_ask_for_a_share(venue, capsys, tmp_path):
    (tmp_path / "own.yaml").write_text(
        'id: own\ntitle: Own\nedition: "1"\nrules:\n  - {id: X, code: SL01, check: low-c-value, kind: trade, severity: note, '
        "with: {c: 60 mm}, source: ours}\n"
        "  - {id: Y, code: SL02, check: restricted-view, kind: trade, severity: note, not_checked: we sell by hand, source: us}\n"
    )
    venue.write_text(VENUE + "rules: [own.yaml]\n")
    run("sightlines", venue, "--chance", 5, code=2)
    assert "say with --least" in capsys.readouterr().err
    run("sightlines", venue, "--chance", 5, "--least", 0.5)
