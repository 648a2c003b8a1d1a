"""REF-500 under every rule set: what each rule says, as the table of the rules note has it (ref500.yaml)."""

from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stagecraft.build import build
from stagecraft.checks import check, ruleset
from stagecraft.venue.load import load

HERE = Path(__file__).resolve().parent
TABLE = YAML(typ="safe").load((HERE / "ref500.yaml").read_text(encoding="utf-8"))
ROWS = [(name, row) for name, rows in TABLE.items() for row in rows]


@cache
def house():
    return build(load(HERE.parents[1] / "assets" / "examples" / "ref-500" / "venue.yaml"))


@cache
def report(name):
    return check(house(), (name,))


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[row["rule"] for _, row in ROWS])
def test_what_a_rule_says(name, row):
    found = report(name)
    outcome = next(one for one in found.outcomes if one.rule == row["rule"])
    assert (outcome.name, outcome.verdict) == (row["check"], row["verdict"])
    if row["verdict"] == "not checked":
        assert outcome.note
    if "measured" in row:
        told = "\n".join([one.message for one in found.findings if one.rule == row["rule"]] or [outcome.measured])
        assert row["measured"] in told
        assert f"{row['asked']}" in told.split(row["measured"], 1)[1]


@pytest.mark.parametrize("name", TABLE)
def test_every_rule_about_seating_exits_and_access_has_its_row(name):
    (rules,) = ruleset.load([name])
    asked = {rule.id for rule in rules.rules if rule.check.code[:2] in ("SE", "EG", "AC")}
    assert asked == {row["rule"] for row in TABLE[name]}


def test_every_jurisdiction_is_in_the_table():
    assert set(TABLE) == {one.id for one in ruleset.load(ruleset.known_sets()) if one.jurisdiction}
