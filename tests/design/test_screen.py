"""How low a screen and a stage may be: the closed forms of a flat floor, and what is true in every house."""

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.cli import main
from stagecraft.design import into_file
from stagecraft.geometry import sightline


def flat(distance, *things, pitch=0.9, rows=16):
    """A flat floor with the last eye `distance` from y = 0, and what stands at it."""
    seating = {"id": "A", "type": "seating", "rows": rows, "seats": 8, "pitch": pitch, "eye": 1.2, "chair": None,
               "front": (0, (rows - 1) * pitch - distance + 0.45)}  # fmt: skip
    return sc.Venue(name="Flat", elements=[seating, *things])


PICTURE = {"id": "s", "type": "screen", "image": (8, 3), "at": (0, 0, 1)}


@pytest.mark.parametrize(
    ("distance", "c", "published"), [(20, 0.12, 3.867), (20, 0.06, 2.533), (25, 0.12, 4.533), (25, 0.06, 2.867)]
)
def test_a_screen_on_a_flat_floor_is_as_low_as_published(distance, c, published):
    """Reference §1.7, 7."""
    done = sc.lowest_screen(flat(distance, PICTURE), "s", c=c)
    assert done.bottom == pytest.approx(published, abs=1.01e-3)
    closed = sightline.flat_focus_height(1.2, c, distance, 0.9)
    assert 0 <= done.bottom - closed <= 1e-3 + 1e-6
    assert done.share == 1.0


def test_content_that_begins_higher_up_lets_the_screen_come_down_by_as_much():
    whole, kept = (sc.lowest_screen(flat(20, {**PICTURE, "content_safe_from": s}), "s", c=0.12) for s in (0.0, 0.5))
    assert whole.bottom - kept.bottom == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_a_share_of_the_seats_is_that_of_the_nearer_rows(share):
    """16 rows of 8: the last row that counts is the one in which the share is reached."""
    done = sc.lowest_screen(flat(20, PICTURE), "s", share, c=0.06)
    last = int(np.ceil(share * 16 - 1e-9)) - 1
    closed = sightline.flat_focus_height(1.2, 0.06, 20 - 0.9 * (15 - last), 0.9)
    assert 0 <= done.bottom - closed <= 1e-3 + 1e-6
    assert done.share >= share
    assert (done.then[0].rows, done.then[0].of) == (last + 1, 16)


@pytest.mark.parametrize("distance", [15.0, 18.0])
def test_a_stage_for_somebody_on_it_is_that_of_the_closed_form(distance):
    chest = {"id": "chest", "type": "target", "role": "person", "on": "stage", "at": (0, 0.5), "points": [(0, 0, 1.3)]}
    stage = {"id": "stage", "type": "stage", "size": (8, 4), "height": 1.2, "at": (0, -0.5)}
    steps = {"id": "steps", "type": "stairs", "at": (0, -0.5), "width": 1.2, "height": 1.2}
    done = sc.lowest_stage(flat(distance, stage, chest, steps), "stage", "chest", c=0.06)
    closed = sightline.flat_focus_height(1.2, 0.06, distance, 0.9) - 1.3
    assert 0 <= done.bottom - closed <= 1e-3 + 1e-6
    assert done.venue["stage"].height == pytest.approx(done.bottom)
    assert done.keeps == ("steps",)


def test_the_furthest_row_is_that_of_the_closed_form():
    point = {"id": "p", "type": "target", "at": (0, 0, 2.2)}
    (found,) = sc.furthest_row(flat(20, point), "p", c=0.06)
    limit = sightline.flat_furthest(2.2, 1.2, 0.06, 0.9)
    depth = 20 - 0.9 * (16 - found.rows)  # of that row, straight back
    assert depth <= limit < depth + 0.9


@pytest.mark.parametrize(("id", "share"), [("led", 0.8), ("side", 0.95)])
def test_a_millimetre_lower_too_few_see_it(keynote, id, share):
    """Hung ones come down with their drop, and the twin with them."""
    venue = sc.load(keynote)
    done = sc.lowest_screen(venue, id, share)
    x, y, drop = done.venue[id].at

    def seen(venue):
        scene = sc.build(venue)
        views = [
            v.c for v in sc.views(scene).targets.values() if v.element in (id, f"{id}_mirror") and v.role == "screen"
        ]
        best = np.fmax.reduce(views)[scene.seats.status != "kill"]
        return (best >= 0.06 - 1e-6).sum() / (~np.isnan(best)).sum()

    assert seen(done.venue) >= share
    assert seen(venue.replace(id, at=[x, y, drop + 0.001])) < share
    assert drop - venue[id].at[2] == pytest.approx(done.was - done.bottom, abs=1e-6)


def test_a_screen_does_not_sink_into_the_stage(lecture):
    assert sc.lowest_screen(sc.load(lecture), "board").bottom == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("solver", "asked", "words"),
    [
        (sc.lowest_screen, ("stage",), "it shows no picture"),
        (sc.lowest_screen, ("led", 1.2), "a share lies above 0"),
        (sc.lowest_screen, ("led", 1.0, 0.5), "cannot be reached: up against 'T3'"),
        (sc.lowest_stage, ("led",), "only a stage is raised"),
        (sc.lowest_stage, ("stage", "led"), "does not stand on 'stage'"),
        (sc.lowest_stage, ("stage", "nobody"), "does not stand on 'stage'"),
        (sc.lowest_stage, ("stage", None, 1.0, 0.3), "cannot be reached: as high as a stage may be"),
    ],
)
def test_what_cannot_be_had_is_met_with_a_word(keynote, solver, asked, words):
    with pytest.raises(sc.VenueError) as wrong:
        solver(sc.load(keynote), *asked)
    assert words in str(wrong.value)


def test_a_set_up_with_a_height_of_its_own_is_not_changed_behind_its_back():
    data = flat(20, PICTURE).raw() | {"setups": {"day": {"set": {"s": {"at": [0, 0, 3]}}}}}
    with pytest.raises(sc.VenueError, match="set-up 'day' sets it anew"):
        sc.lowest_screen(sc.Venue.model_validate(data), "s")


def test_the_command_changes_one_number_in_the_file(keynote, capsys):
    old = keynote.read_text(encoding="utf-8").splitlines()
    main(["design", "stage", str(keynote), "stage", "--share", "95%", "--write"])
    said = capsys.readouterr().out
    new = keynote.read_text(encoding="utf-8").splitlines()
    (line,) = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    height = sc.load(keynote)["stage"].height
    assert line[1] == line[0].replace("height: 0.9", f"height: {height:g}")
    assert f"deck at {height:.3f} m, now 0.900 m" in said


def test_what_is_written_keeps_the_words_of_its_neighbours(keynote):
    venue = sc.load(keynote)
    done = sc.lowest_screen(venue, "side", 0.9)
    into_file(keynote, done.changes, done.venue)
    drop = done.venue["side"].at[2]
    assert f"hung: T2, at: [-9.3, -0.3, {drop:g}], turn: 20," in keynote.read_text(encoding="utf-8")


def test_staggered_seats_see_farther_where_the_share_cannot_have_it_over_the_heads():
    """Half of the seats see a screen to a row; with every other row aside they look between the heads of the next one."""
    done = sc.lowest_screen(flat(20, PICTURE), "s", share=0.5, c=0.06)
    ((now, then),) = done.staggered
    assert now.rows == done.then[0].rows == 8
    assert then.rows > now.rows
    assert any("with staggered seats" in note for note in done.table().notes)


def test_seats_that_all_see_gain_nothing_by_stagger():
    done = sc.lowest_screen(flat(20, PICTURE), "s", c=0.06)
    assert done.staggered == ()
    assert done.table().notes == ()
