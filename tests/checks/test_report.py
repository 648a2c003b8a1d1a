"""Asked against given, waivers and their expiry, and the report on paper."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from stagecraft.checks import check
from stagecraft.checks.finding import Finding, Outcome, Report
from stagecraft.checks.run import count, headline
from stagecraft.export.report import report_md, report_text, summary
from stagecraft.export.write import write
from stagecraft.geometry import shapes
from stagecraft.geometry.outline import rectangle
from stagecraft.scene import About, Part, Space
from tests.analysis._house import ref_500, row, scene, target

CHEST = target((0, 0, 2.2), name="ref_chest")
CROSSED = (Part("a", shapes.box(2, 2, 1)), Part("b", shapes.box(1, 1, 2)))


def house_of(n=515, brief=None, **counts):
    """A flat row of n seats in which the first ones have the place, category or status given."""
    arrays = {
        "place": np.full(n, "chair", "<U20"),
        "category": np.full(n, "", "<U20"),
        "status": np.full(n, "open", "<U20"),
    }
    start = 0
    for column, wanted in counts.items():
        for value, number in wanted.items():
            arrays[column][start : start + number] = value
            start += number
    seats = row(1, np.c_[np.arange(n) * 0.55, np.full(n, -4.0)], **arrays)
    return scene(seats, about=About("test", brief=brief or {}))


def test_the_headline_of_the_architecture():
    house = house_of(
        512, {"guests": 500, "vip": 36, "wheelchair": 6, "crew": 45},
        place={"wheelchair": 6, "companion": 6}, category={"VIP": 36}, status={"hold": 11, "kill": 9},
    )  # fmt: skip
    assert headline(house) == "asked 500, given 503: 6 wheelchair with companions, VIP 36, held 11, killed 9"


def test_what_falls_short_is_said_in_the_headline():
    house = house_of(
        90, {"guests": 100, "vip": 10, "wheelchair": 4, "press": 3}, place={"wheelchair": 2}, category={"VIP": 8}
    )
    assert headline(house) == "asked 100, given 90: 2 wheelchair of 4 asked, VIP 8 of 10 asked, press 0 of 3 asked"


def test_given_are_open_and_held_places_and_standing_areas():
    house = house_of(20, status={"hold": 3, "kill": 2})
    floor = Space("pit", rectangle(5, 5), 0, 3, "standing", capacity=40)
    both = scene(*house.records, floor)
    assert count(both)["given"] == 18 + 40
    assert headline(both) == "given 58: standing 40, held 3, killed 2"
    assert headline(scene()) == "given 0"


def waiver(on="a", **more):
    return {"code": "CL01", "on": on, "why": "bolted through", "by": "TD", "date": "2026-11-20", **more}


@pytest.mark.parametrize("on", ["a", "b", "a × b"])
@pytest.mark.parametrize("code", ["CL01", "overlapping-solids", "MODEL-CL01"])
def test_a_waiver_moves_a_finding_to_its_own_list(on, code):
    report = check(scene(*CROSSED), accept=[waiver(on, code=code)])
    assert not report.findings
    assert not report.failed
    assert report.accepted[0].accepted == {"why": "bolted through", "by": "TD", "date": "2026-11-20"}
    assert report.expired == ()


def test_a_waiver_expires_when_what_it_excuses_moves():
    mark = check(scene(*CROSSED)).findings[0].print
    kept = check(scene(*CROSSED), accept=[waiver(print=mark)])
    assert not kept.findings
    moved = (CROSSED[0], Part("b", shapes.box(1, 1, 2, (0.001, 0, 0))))
    report = check(scene(*moved), accept=[waiver(print=mark)])
    assert len(report.findings) == 1
    assert not report.accepted
    assert report.expired[0].startswith(
        "CL01 on a (bolted through): what it excuses has changed since; look again (now "
    )
    hair = (CROSSED[0], Part("b", shapes.box(1, 1, 2, (0.0001, 0, 0))))
    assert not check(scene(*hair), accept=[waiver(print=mark)]).findings


def test_a_waiver_that_covers_nothing_is_named():
    report = check(scene(*CROSSED), accept=[waiver("c")])
    assert len(report.findings) == 1
    assert report.expired == ("CL01 on c (bolted through): there is no such finding any more",)


def test_the_mark_of_a_finding_follows_its_seats_and_its_target_and_nothing_else():
    def mark(*records):
        return next(f.print for f in check(scene(*records)).findings if f.code == "SL01")

    front, rear, low = row(1, [(0, -4)]), row(2, [(0, -4.5)]), target((0, 0, 1.3))
    first = mark(front, rear, low)
    assert mark(front, rear, low, Part("far", shapes.box(1, 1, 1, (40, 40, 0)))) == first
    assert mark(front, rear, target((0, 0, 1.301))) != first
    assert mark(front, row(2, [(0, -4.502)]), low) != first


def test_markdown_begins_with_asked_against_given_and_has_it_all(tmp_path):
    report = check(ref_500(CHEST), accept=[waiver("z")])
    write(report, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# given 504"
    verdicts = Counter(outcome.verdict for outcome in report.outcomes)
    checks = (
        f"checks: {verdicts['pass']} passed, 1 failed, {verdicts['not checked']} not checked; rules: house 2026-11."
    )
    assert checks in text
    assert f"\n{summary(report)}.\n" in text
    assert (
        "- **SL01 low-c-value** (error) stalls, rows O–R (4 of 18), to ref_chest: worst: row R clears row Q by 49 mm"
        in text
    )
    assert "  - try: a focus 220 mm higher, or a riser of 70 mm from row to row" in text
    assert "| SL01 | low-c-value | HOUSE-C60 | fail |" in text
    assert "| EG01 | blocked-gangway | HOUSE-GANGWAY | not checked: no gangways are drawn |" in text
    assert "## Waivers to look at again" in text
    assert text.rstrip().endswith("A design aid: only an authority approves a layout.")


def test_the_mark_printed_in_markdown_can_be_pasted_as_a_waiver():
    text = report_md(check(scene(*CROSSED)))
    line = next(line for line in text.splitlines() if "to accept" in line)
    mark = line.split("print: '")[1].split("'")[0]
    assert not check(scene(*CROSSED), accept=[waiver(print=mark)]).findings


def test_json_holds_every_finding_and_figure(tmp_path):
    write(check(ref_500(CHEST)), tmp_path / "report.json")
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["headline"] == "given 504"
    assert data["findings"][0]["measured"] == pytest.approx(0.04935, abs=1e-5)
    assert data["findings"][0]["elements"] == ["stalls", "mark"]
    assert {o["verdict"] for o in data["outcomes"]} == {"fail", "pass", "not checked"}


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_terminal_keeps_its_width_and_says_fault_worst_and_cure(width):
    text = report_text(check(ref_500(CHEST)), width)
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= width
    flat = " ".join(text.split())
    assert "SL01 low-c-value (error) stalls, rows O–R (4 of 18), to ref_chest" in flat
    assert "worst: row R clears row Q by 49 mm, asked 60 mm" in flat
    assert "try: a focus 220 mm higher" in flat
    assert lines[0] == "given 504"


def test_notes_of_a_rule_that_passes_are_told_beside_it():
    note = Finding("MD03", "unknown-dimension", "note", "model", "x", rule="MODEL-MD03")
    passed = Outcome("MODEL-MD03", "MD03", "unknown-dimension", "pass")
    text = report_md(Report("given 0", {}, (note, note), outcomes=(passed, replace(passed, rule="R", code="X"))))
    assert "| MD03 | unknown-dimension | MODEL-MD03 | pass, with 2 notes |" in text
    assert "| X | unknown-dimension | R | pass |" in text


def test_notes_with_one_cure_stand_together():
    notes = [Finding("MD03", "unknown-dimension", "note", "model", word, fix="measure it") for word in "ab"]
    error = Finding("CL01", "overlapping-solids", "error", "model", "c", fix="measure it")
    text = report_text(Report("given 0", {}, (error, *notes)))
    assert text.count("try: measure it") == 2
    assert "MD03 unknown-dimension (note) a\nMD03 unknown-dimension (note) b\n     try: measure it\n" in text
    assert report_md(Report("given 0", {}, tuple(notes))).count("try: measure it") == 1


def test_a_crew_that_is_asked_for_is_not_forgotten():
    """The report says what becomes of them: they have no places, and leave by the exits like everybody else."""
    said = "the brief's crew of 45 have no places in the audience; exits are for them too"
    assert said in report_md(check(house_of(4, {"guests": 4, "crew": 45})))
    assert "crew" not in report_md(check(house_of(4, {"guests": 4})))


def test_date_and_state_of_the_file_stay_on_one_line():
    about = {"name": "A name", "rev": "P01", "date": "2026-11-23", "hash": "0123456789ab"}
    for width in range(40, 60):
        flat = report_text(Report("given 0", {}, (), about=about), width).splitlines()
        assert sum("P01 2026-11-23" in line for line in flat) == 1
        assert sum("file 0123456789ab" in line for line in flat) == 1


def test_names_cannot_steer_a_terminal_or_break_a_table():
    evil = "x\x1b[31m|*bold*\n# head"
    report = check(scene(row(1, [(0, -4), (1, -4)], seat="1", block=evil)))
    assert report.findings[0].group == evil
    assert "\x1b" not in report_text(report)
    text = report_md(report)
    assert "\n# head" not in text
    assert "\\*bold\\*" in text


def test_feet_in_every_figure():
    house = scene(*CROSSED, Space("room", rectangle(1.5, 9), 0, 6), about=About("t", units="ft"))
    text = report_md(check(house))
    assert "ft³" in text
    assert " m " not in text
    assert 'reaches 9 7/8" beyond the room' in text


def test_the_same_scene_gives_the_same_report_to_the_byte():
    assert report_md(check(ref_500(CHEST, *CROSSED))) == report_md(check(ref_500(CHEST, *CROSSED)))


def test_checks_that_were_not_made_for_one_reason_stand_together():
    import stagecraft

    text = report_text(stagecraft.open("assets/examples/minimal/venue.yaml").report, 200)
    (line,) = [line for line in text.splitlines() if "no screen is named" in line]
    assert line.split()[:6] == "SL04, SL05, SL06: no screen is".split()
    assert text.count("SL07: no camera is named") == 1
    assert "AC07 stage-without-ramp: a jurisdiction asks for it" in text


def test_the_terminal_tells_the_clause_of_a_rule_once_and_how_grave_each_finding_is():
    one = Finding("AC01", "few-wheelchair-places", "error", "law", "a", rule="X-N", source="x 1: Code, table 2")
    text = report_text(Report("given 0", {}, (one, replace(one, message="b", severity="warning"))), 80)
    assert "AC01 few-wheelchair-places (error) a\n     rule: X-N, Code, table 2\n" in text
    assert "AC01 few-wheelchair-places (warning) b\n     rule: X-N\n" in text
