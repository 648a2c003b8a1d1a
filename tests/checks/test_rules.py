"""Rule sets as data: what is read, and the exact words when it cannot be."""

import pkgutil

import pytest

import stagecraft.checks
from stagecraft.checks import CHECKS, check, explain, ruleset
from stagecraft.checks._check import Length
from stagecraft.errors import VenueError
from tests.analysis._house import ref_500, target

CHEST = target((0, 0, 2.2), name="ref_chest")
HEAD = """id: mine
title: My rules
edition: "1"
rules:
"""
GOOD = """  - id: MY-C
    check: low-c-value
    kind: standard
    severity: error
    with: {c: 2 in}
    source: my handbook
"""


def wrong(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VenueError) as caught:
        ruleset.read(path)
    return [str(problem) for problem in caught.value.problems]


def test_every_check_is_on_the_contents_page():
    pages = {m.name for m in pkgutil.iter_modules(stagecraft.checks.__path__) if not m.name.startswith("_")}
    assert pages - {"contents", "finding", "ruleset", "run", "explain"} == {
        c.run.__module__.split(".")[-1] for c in CHECKS.values()
    }
    assert len({c.code for c in CHECKS.values()}) == len(CHECKS)


def test_the_parameters_of_a_check_are_the_schema_of_its_rules():
    assert CHECKS["low-c-value"].schema == {"c": Length}
    assert CHECKS["overlapping-solids"].schema == {}


def test_the_house_set_says_where_every_figure_comes_from():
    (house,) = ruleset.load(["house"])
    assert {rule.check.code for rule in house.rules} == {*(f"SL0{k}" for k in range(1, 10)), "CL02", "EG01"}
    for rule in house.rules:
        assert rule.source
        assert rule.kind in ("guidance", "standard", "trade", "law")
    assert house.rules[0].values == {"c": pytest.approx(0.060)}
    assert house.rules[0].written == {"c": "60 mm"}


def test_a_project_may_bring_its_own_rules(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD, encoding="utf-8")
    report = check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path)
    assert report.rules == ("mine 1",)
    assert not report.notes
    (found,) = (f for f in report.findings if f.code == "SL01")
    assert found.required == pytest.approx(0.0508)
    assert "row R (1 of 18)" in found.message
    assert found.source == "mine 1: my handbook"
    both = check(ref_500(CHEST), ["house", "mine.yaml"], folder=tmp_path)
    assert [f.rule for f in both.findings] == ["HOUSE-C60", "MY-C"]


def test_faults_of_the_model_are_looked_for_whatever_the_rules(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD, encoding="utf-8")
    codes = {o.code for o in check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path).outcomes}
    assert codes == {"SL01", "CL01", "MD01", "MD02", "MD03"}


def test_no_rule_set_chosen_is_said():
    said, chosen = check(ref_500(CHEST)).notes, check(ref_500(CHEST), ["house"]).notes
    assert said == ("no jurisdiction chosen: house rules only", *chosen)


def test_a_clause_that_was_not_read_is_said(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD + "    verified: false\n", encoding="utf-8")
    report = check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path)
    assert report.notes == ("MY-C: the clause itself was not read; check a licensed copy of my handbook",)
    assert not report.findings[0].verified


def test_an_unknown_rule_set_offers_the_nearest():
    with pytest.raises(VenueError, match=r"there is no rule set 'hose'; known: house, or a path to a \.yaml file"):
        ruleset.load(["hose"])
    with pytest.raises(VenueError, match="known: house"):
        ruleset.load(["zzz"])
    with pytest.raises(VenueError, match="the rule set cannot be read: No such file"):
        ruleset.load(["gone.yaml"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("c: 2 in", "d: 2 in", "mine.yaml:9:12  MY-C.with.d  unknown field; known: c"),
        ("c: 2 in", "c: two", "mine.yaml:9:12  MY-C.with.c  'two' is not a length: write metres (2.4) or a number and unit ('600 mm')"),
        ("c: 2 in", "c: -1 mm", "mine.yaml:9:12  MY-C.with.c  '-1 mm' is below zero"),
        ("low-c-value", "low-c-valu", "mine.yaml:6:5  MY-C.check  there is no check 'low-c-valu'; did you mean low-c-value?"),
        ("standard", "statute", "mine.yaml:7:5  MY-C.kind  'statute' is none of law, guidance, standard, trade"),
        ("standard", "model", "mine.yaml:7:5  MY-C.kind  'model' is none of law, guidance, standard, trade"),
        ("standard", "trade", "mine.yaml:8:5  MY-C.severity  trade practice advises and never fails: use warning or note"),
        ("severity: error", "severity: fatal", "mine.yaml:8:5  MY-C.severity  'fatal' is none of error, warning, note"),
        ("    source: my handbook\n", "", "mine.yaml:5:5  MY-C.source  is missing"),
        ("source:", "sauce: x\n    source:", "mine.yaml:10:5  MY-C.sauce  unknown field; did you mean 'source'?"),
        ("kind:", "code: SL09\n    kind:", "mine.yaml:7:5  MY-C.code  'SL09' is not the code of low-c-value, which is SL01"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_understood_is_named(tmp_path, old, new, message):
    assert message in wrong(tmp_path, HEAD + GOOD.replace(old, new))


def test_all_problems_of_a_file_come_at_once(tmp_path):
    second = GOOD.replace("MY-C", "MY-D").replace("c: 2 in", "c: x").replace("standard", "x")
    lines = wrong(tmp_path, HEAD + GOOD + second + GOOD)
    assert len(lines) == 3
    assert lines[2].endswith("MY-C  two rules have this id")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "mine.yaml  a rule set has id, title, edition and rules"),
        ("", "mine.yaml  a rule set has id, title, edition and rules"),
        ("id: x\ntitle: y\nedition: '1'\n", "mine.yaml  rules  'rules' is missing"),
        ("id: x\ntitle: y\nedition: 1\nrules: []\n", "mine.yaml:3:1  edition  'edition' must be text"),
        ("id: [\n", "mine.yaml:2:1  not YAML: "),
    ],
)
def test_a_file_that_is_no_rule_set(tmp_path, text, message):
    assert any(line.startswith(message) for line in wrong(tmp_path, text))


def test_explain_takes_code_name_and_rule():
    by_code = explain("SL01")
    assert by_code == explain("low-c-value") == explain("sl01")
    assert by_code.startswith("SL01  low-c-value\n\nA sightline passes less than C above the eyes of a row in front.")
    assert "HOUSE-C60  guidance, error: c 60 mm" in by_code
    assert "HC 164" in explain("HOUSE-C60")
    assert "looked for whatever the rules" in explain("CL01")
    with pytest.raises(VenueError, match="there is nothing to explain under 'SL1'; did you mean SL01"):
        explain("SL1")


def test_bands_of_view_are_the_best_first_and_severe_is_all_that_is_left():
    bands = ruleset.view_bands(ruleset.load(["house"]))
    assert list(bands) == ["clear", "slight", "side", "restricted", "severe"]
    assert list(bands.values()) == sorted(bands.values(), reverse=True)
    assert bands["severe"] == 0
    assert (bands.rule, bands.reach) == ("HOUSE-VIEW", 1.0)


def test_the_stricter_bands_of_view_hold(tmp_path):
    row = "  - {id: MY-VIEW, check: restricted-view, kind: trade, severity: warning, source: my handbook,\n"
    row += "     with: {clear: 0.99, slight: 0.7, side: 0.66, restricted: 0.33, reach: 1 m}}\n"
    (tmp_path / "mine.yaml").write_text(HEAD + row, encoding="utf-8")
    bands = ruleset.view_bands(ruleset.load(["house", "mine.yaml"], tmp_path))
    assert bands == {"clear": 0.99, "slight": 0.8, "side": 0.66, "restricted": 0.33, "severe": 0}
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD, encoding="utf-8")
    assert ruleset.view_bands(ruleset.load(["mine.yaml"], tmp_path)) == {}
