"""Rule sets as data: what is read, and the exact words when it cannot be."""

import pkgutil

import pytest

import stagecraft.checks
from stagecraft.checks import CHECKS, check, explain, rules_of, ruleset, sets
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
    assert pages - {"contents", "finding", "ruleset", "run", "explain", "values"} == {
        c.run.__module__.split(".")[-1] for c in CHECKS.values()
    }
    assert len({c.code for c in CHECKS.values()}) == len(CHECKS)


def test_the_parameters_of_a_check_are_the_schema_of_its_rules():
    assert CHECKS["low-c-value"].schema == {"c": Length}
    assert CHECKS["overlapping-solids"].schema == {}


def test_the_house_set_says_where_every_figure_comes_from():
    (house,) = ruleset.load(["house"])
    assert {*(f"SL0{k}" for k in range(1, 10)), "CL02", "EG01"} <= {rule.check.code for rule in house.rules}
    for rule in house.rules:
        assert rule.source
        assert rule.kind in ("guidance", "standard", "trade", "law")
    assert house.rules[0].values == {"c": pytest.approx(0.060)}
    assert house.rules[0].written == {"c": "60 mm"}


def test_a_project_may_bring_its_own_rules(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD, encoding="utf-8")
    report = check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path)
    assert report.rules == ("mine 1", "house 2026-11 (where the chosen rules are silent)")
    assert report.notes[0] == "no jurisdiction chosen: house rules only"
    assert "HOUSE-C60" not in {outcome.rule for outcome in report.outcomes}
    assert "HOUSE-HEADROOM" in {outcome.rule for outcome in report.outcomes}
    (found,) = (f for f in report.findings if f.code == "SL01")
    assert found.required == pytest.approx(0.0508)
    assert "row R (1 of 18)" in found.message
    assert found.source == "mine 1: my handbook"
    both = check(ref_500(CHEST), ["house", "mine.yaml"], folder=tmp_path)
    assert [f.rule for f in both.findings if f.code == "SL01"] == ["HOUSE-C60", "MY-C"]


def test_faults_of_the_model_are_looked_for_whatever_the_rules(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD, encoding="utf-8")
    for rules in (["mine.yaml"], ["house"], []):
        codes = [o.rule for o in check(ref_500(CHEST), rules, folder=tmp_path).outcomes]
        assert {"MODEL-CL01", "MODEL-MD01", "MODEL-MD02", "MODEL-MD03"} <= set(codes)


def test_no_rule_set_chosen_is_said():
    said, chosen = check(ref_500(CHEST)).notes, check(ref_500(CHEST), ["house"]).notes
    assert said == ("no jurisdiction chosen: house rules only", *chosen)


def test_a_clause_that_was_not_read_is_said(tmp_path):
    (tmp_path / "mine.yaml").write_text(HEAD + GOOD + "    verified: false\n", encoding="utf-8")
    report = check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path)
    assert any(
        note.startswith("clauses that were not read themselves, check the documents: ") and "MY-C (my handbook)" in note
        for note in report.notes
    )
    assert not report.findings[0].verified


def test_an_unknown_rule_set_offers_the_nearest():
    with pytest.raises(VenueError, match=r"there is no rule set 'hose'; known: house, "):
        ruleset.load(["hose"])
    with pytest.raises(VenueError, match="known: de-mvstaettvo, fr-erp-l, house, uk-england, us-ibc, or a path"):
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


def a_set(folder, name, head="", rules=" []\n"):
    (folder / f"{name}.yaml").write_text(f"id: {name}\ntitle: T\nedition: '1'\n{head}rules:{rules}", encoding="utf-8")


def test_a_set_may_extend_another(tmp_path):
    mine = "\n  - {id: HOUSE-HEADROOM, check: low-headroom, kind: trade, severity: note, source: us, with: {headroom: 3 m}}\n"
    a_set(tmp_path, "mine", "extends: house\nwithout: [HOUSE-CAMERA]\njurisdiction: Atlantis\n", mine)
    (house,), (made,) = ruleset.load(["house"]), ruleset.load(["mine.yaml"], tmp_path)
    assert [r.id for r in made.rules] == [r.id for r in house.rules if r.id != "HOUSE-CAMERA"]
    assert next(r for r in made.rules if r.id == "HOUSE-HEADROOM").values == {"headroom": 3.0}
    assert (made.jurisdiction, made.c_bands) == ("Atlantis", house.c_bands)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("extends: hose\n", "extends   there is no rule set 'hose'; known: house"),
        ("extends: mine.yaml\n", "'mine.yaml' extends this set in turn"),
        ("extends: gone.yaml\n", "the rule set 'gone.yaml' cannot be read"),
        ("extends: house\nwithout: [HOUSE-C61]\n", "house has no rule 'HOUSE-C61'; did you mean 'HOUSE-C60'?"),
        ("without: [HOUSE-C60]\n", "there is nothing to leave out: name the set that this one extends"),
        ("extends: 3\n", "extends   must be text"),
        ("without: HOUSE-C60\n", "without   must be a list of rules' ids"),
    ],
)
def test_a_set_that_extends_wrongly(tmp_path, head, words):
    a_set(tmp_path, "mine", head)
    with pytest.raises(VenueError) as caught:
        ruleset.load(["mine.yaml"], tmp_path)
    assert " ".join(words.split()) in " ".join(str(caught.value).split())


def test_what_was_not_researched_is_not_checked_and_the_house_does_not_step_in(tmp_path):
    row = "\n  - {id: X, check: low-headroom, kind: law, severity: error, source: s, not_checked: nobody read it}\n"
    a_set(tmp_path, "mine", rules=row)
    report = check(ref_500(CHEST), ["mine.yaml"], folder=tmp_path)
    (said,) = (o for o in report.outcomes if o.name == "low-headroom")
    assert (said.rule, said.verdict, said.note) == ("X", "not checked", "nobody read it")
    a_set(tmp_path, "mine", rules=row.replace("source: s,", "source: s, with: {headroom: 2 m},"))
    with pytest.raises(VenueError, match="either values"):
        ruleset.load(["mine.yaml"], tmp_path)


def test_of_several_sets_the_strictest_may_stand_alone(tmp_path):
    for name, c in (("low", "55 mm"), ("high", "120 mm")):
        row = f"\n  - {{id: {name}, check: low-c-value, kind: law, severity: error, source: s, with: {{c: {c}}}}}\n"
        a_set(tmp_path, name, rules=row)
    sets = ["low.yaml", "high.yaml"]
    both = check(ref_500(CHEST), sets, folder=tmp_path)
    assert [f.rule for f in both.findings if f.code == "SL01"] == ["low", "high"]
    one = check(ref_500(CHEST), sets, folder=tmp_path, combine="strictest")
    (only,) = (f for f in one.findings if f.code == "SL01")
    assert only.rule == "high"
    assert only.details[-1] == "low asks less"


def test_the_sets_of_places_say_whose_they_are():
    sets = {one.id: one.jurisdiction for one in ruleset.load(ruleset.known_sets())}
    assert all(bool(whose) == (id != "house") for id, whose in sets.items())
    assert check(ref_500(CHEST), ["uk-england"]).notes[:1] != ("no jurisdiction chosen: house rules only",)


def test_the_sets_and_their_rules_are_listed():
    listed = sets()
    assert all(one.title in listed for one in ruleset.load(ruleset.known_sets()))
    house = rules_of("house")
    assert "HOUSE-C60  SL01 low-c-value  guidance, error\n  c: 60 mm\n" in house
    assert "(the clause itself was not read)" in house
    with pytest.raises(VenueError, match="there is no rule set 'hose'"):
        rules_of("hose")


def test_figures_of_our_own_say_so_and_every_other_row_names_a_document():
    """Nobody is sent to 'a licensed copy of house figure': a figure of ours is what it says, and needs no document."""
    for one in ruleset.load(ruleset.known_sets()):
        for rule in one.rules:
            if rule.source == "house figure":
                assert rule.verified, rule.id
                assert rule.not_checked or rule.clause, rule.id


def test_what_was_not_researched_does_not_stand_among_what_is_not_there():
    """Reasons that begin with 'no …' are of checks that have nothing to look at, and share a line at the end."""
    for one in ruleset.load(ruleset.known_sets()):
        assert not [r.id for r in one.rules if r.not_checked.startswith(("no ", "nothing ", "nobody "))]


def test_the_rule_on_rows_between_two_aisles_is_found_by_its_name():
    text = explain("us-row-dual")
    assert "both 12 in + 0.3 in for each beyond 14, at most 22 in" in text
    assert "1029.13.2.1" in text


def test_the_list_of_sets_counts_what_was_read_apart_from_our_own():
    (ours,) = (part for part in sets().split("\n\n") if part.startswith("house\n"))
    assert "of our own" in ours
