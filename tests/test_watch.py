"""A file that is watched: a new answer after every save, whatever was saved."""

import os
import shutil
from itertools import count
from pathlib import Path

import pytest

from stagecraft import watch
from stagecraft.cli import main
from stagecraft.watch import PAUSE, answers

VENUE = """schema: 1
name: Hall
elements:
  - {id: room, type: room, size: [20, 20], height: 6, at: [0, 0]}
  - {id: A, type: seating, rows: ROWS, seats: 10, front: [0, 0]}
"""


class Desk:
    """Somebody who saves while the program sleeps: one step a sleep. The clock moves a second a look."""

    def __init__(self, *steps):
        self.steps, self.slept, self.ticks = list(steps), [], count()

    def clock(self):
        return float(next(self.ticks))

    def sleep(self, seconds):
        self.slept.append(seconds)
        assert self.steps, "nothing was saved and an answer is waited for"
        self.steps.pop(0)()


def write(path, text):
    """A save that is seen, on file systems with coarse clocks too."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def venue(rows, more=""):
    return VENUE.replace("ROWS", str(rows)) + more


def rest():
    """Nobody saves."""


def watched(path, desk):
    return answers(path, clock=desk.clock, sleep=desk.sleep)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "venue.yaml"
    write(path, venue(3))
    return path


def test_the_first_answer_comes_at_once_and_the_next_after_a_save(file):
    desk = Desk(rest, rest, lambda: write(file, venue(4)))
    said = watched(file, desk)
    first = next(said)
    assert (first.report.counts["seats"], first.exit_code, first.problem, desk.slept) == (30, 0, "", [])
    assert next(said).report.counts["seats"] == 40
    assert desk.slept == [PAUSE] * 3


def test_an_answer_says_how_long_it_took(file):
    assert next(watched(file, Desk())).seconds == 1.0


def test_a_broken_file_gives_its_message_and_is_watched_on(file):
    desk = Desk(lambda: write(file, venue("six")), lambda: write(file, venue(5)))
    said = watched(file, desk)
    next(said)
    broken = next(said)
    assert (broken.report, broken.exit_code) == (None, 2)
    assert "A.rows" in broken.problem
    mended = next(said)
    assert (mended.report.counts["seats"], mended.exit_code) == (50, 0)


def test_a_file_that_is_gone_is_waited_for(file):
    desk = Desk(file.unlink, rest, lambda: write(file, venue(2)))
    said = watched(file, desk)
    next(said)
    gone = next(said)
    assert gone.exit_code == 2
    assert "does not exist" in gone.problem
    assert next(said).report.counts["seats"] == 20


def test_a_file_that_is_used_and_its_message_count_too(file):
    hall = file.with_name("hall.yaml")
    seats = "schema: 1\nname: Rows\nelements:\n  - {id: B, type: seating, rows: ROWS, seats: 2, front: [0, -8]}\n"
    write(hall, seats.replace("ROWS", "1"))
    write(file, "uses: [hall.yaml]\n" + venue(3))
    steps = [seats.replace("ROWS", "no"), seats.replace("ROWS", "2")]
    desk = Desk(*(lambda text=text: write(hall, text) for text in steps))
    said = watched(file, desk)
    assert next(said).report.counts["seats"] == 32
    assert "hall.yaml" in next(said).problem
    assert next(said).report.counts["seats"] == 34


def test_a_catalogue_of_its_own_counts_too(file):
    from stagecraft.assets import folder

    own = file.with_name("own.csv")
    shutil.copy(next(iter(sorted(folder("catalogue").glob("*.csv")))), own)
    text = own.read_text(encoding="utf-8")
    head, row = text.splitlines()[:2]
    mine = head + "\n" + row.replace(row.split(",")[0], "own.thing", 1) + "\n"
    write(own, mine)
    write(file, venue(3, "catalogue: [own.csv]\n"))
    desk = Desk(lambda: write(own, "nonsense\n"), lambda: write(own, mine))
    said = watched(file, desk)
    assert next(said).problem == ""
    assert next(said).exit_code == 2
    assert next(said).problem == ""


def test_a_save_while_the_answer_is_made_is_not_missed(file, monkeypatch):
    answer = watch._answer

    def slow(*arguments):
        found = answer(*arguments)
        monkeypatch.setattr(watch, "_answer", answer)
        write(file, venue(6))
        return found

    monkeypatch.setattr(watch, "_answer", slow)
    desk = Desk()
    said = watched(file, desk)
    assert next(said).report.counts["seats"] == 30
    assert next(said).report.counts["seats"] == 60
    assert desk.slept == []


def test_ctrl_c_ends_with_the_code_of_the_last_answer(file, monkeypatch, capsys):
    def answered(texts):
        for text in texts:
            write(file, text)
            yield next(answers(file))
        raise KeyboardInterrupt

    for texts, code in (([venue(3)], 0), ([venue(3), venue("six")], 2), ([venue("six"), venue(3)], 0), ([], 130)):
        monkeypatch.setattr(watch, "answers", lambda *_, texts=texts: answered(texts))
        with pytest.raises(SystemExit) as end:
            main(["check", str(file), "--watch"])
        assert end.value.code == code
        said = capsys.readouterr().out
        assert said.count("watching, Ctrl-C ends") == len(texts)
        assert "\x1b" not in said


def test_json_is_not_for_watching(file, capsys):
    with pytest.raises(SystemExit) as end:
        main(["check", str(file), "--watch", "--json"])
    assert end.value.code == 2
    assert capsys.readouterr().err == "--watch is for people: leave --json out\n"


def test_everything_shipped_is_found_among_what_is_watched():
    from stagecraft.venue.load import load

    examples = Path(__file__).parents[1] / "assets" / "examples"
    for path in sorted(examples.glob("*/venue.yaml")):
        assert path in watch.files_of(load(path))


def test_what_a_session_saw_is_at_hand_for_the_next_one():
    """After an edit, a reload and a save; the views before are let go, so that a long day takes no more room."""
    from stagecraft.session import open

    example = Path(__file__).resolve().parents[1] / "assets" / "examples" / "minimal" / "venue.yaml"
    first = open(example)
    seen = first.views.visible
    for second in (first.edit("A", rows=7), first.reload(), first.at()):
        assert second.views.earlier is seen
        again = second.views.visible
        third = second.reload()
        assert third.views.earlier is again
        assert third.before is second.views


def test_a_watched_file_hands_its_views_on(file, monkeypatch):
    given = []
    real = watch._answer
    monkeypatch.setattr(
        watch, "_answer", lambda path, setup, cue, before: given.append(before) or real(path, setup, cue, before)
    )
    desk = Desk(lambda: write(file, venue("six")), lambda: write(file, venue(5)))
    said = watched(file, desk)
    for _ in range(3):
        next(said)
    assert given[0] is None
    assert given[1] is given[2]  # nothing new was seen while the file was broken
    assert given[1].scene.seats.ids.shape == (30,)
