"""The heat map: every seat once, in the class of its C-value, for those who see colours and those who do not."""

from __future__ import annotations

import colorsys
import io
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from stagecraft.analysis.restricted import looks
from stagecraft.analysis.seen import least, to_see
from stagecraft.analysis.views import views
from stagecraft.checks import ruleset
from stagecraft.drawing.heatmap import RAMP, heat_map
from stagecraft.drawing.marks import Fill, Leader, Line, Style, Text
from stagecraft.drawing.sheet import sheet_of
from stagecraft.errors import VenueError
from stagecraft.export.dxf import write_dxf
from stagecraft.export.pdf import write_pdf
from stagecraft.export.svg import write_svg
from tests.analysis._house import ref_500, row, scene, target

HOUSE = ruleset.c_bands(ruleset.load(["house"]))
CHEST = target((0, 0, 2.2), name="ref_chest")
EDGE = target((0, 0, 0.9), name="ref_edge")
EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def legend(drawing):
    """Letter → number, read from the drawing: a letter's square, its words and its count stand in one line."""
    texts, e = [m for m in drawing.marks if isinstance(m, Text)], drawing.scale
    head = next(m.at for m in texts if m.text in ("C-value", "Share seen"))
    inside = [m for m in texts if m.at[1] <= head[1]]
    counts = {round(m.at[1]): int(m.text) for m in inside if m.align == "right" and m.text.isdigit()}
    out = {m.text: counts[round(m.at[1] - 1.25 * e)] for m in inside if abs(m.at[0] - head[0] - 3 * e) < 1}
    (total,) = (counts[round(m.at[1])] for m in inside if m.text == "all")
    return out, total


def letters(drawing, house):
    """Letter of every seat, read at its place on the map."""
    at = {(round(m.at[0]), round(m.at[1])): m.text for m in drawing.marks if isinstance(m, Text)}
    return [at[round(x * 1000), round(y * 1000)] for x, y, _ in house.seats.at.tolist()]


def test_house_bands_are_zero_what_is_asked_and_the_two_above_it():
    assert HOUSE == (0.0, 0.06, 0.09, 0.12)


def test_counts_of_the_legend_are_the_seats():
    house = ref_500(CHEST, EDGE)
    drawing = heat_map(house, bands=HOUSE)
    counted, total = legend(drawing)
    assert total == sum(counted.values()) == 504
    assert {k: n for k, n in counted.items() if n} == dict(Counter(letters(drawing, house)))


def test_every_letter_says_the_band_of_its_seat():
    house = ref_500(CHEST)
    c = views(house).targets["ref_chest"].c
    edges = dict(zip("EDCBA", [(-np.inf, 0.0), (0.0, 0.06), (0.06, 0.09), (0.09, 0.12), (0.12, np.inf)]))
    for letter, size in zip(letters(heat_map(house, bands=HOUSE, target="ref_chest"), house), c):
        if letter == "+":
            assert np.isposinf(size)
        else:
            low, high = edges[letter]
            assert low - 1e-6 <= size < high


def test_the_worst_and_the_best_seat_stand_out():
    house = ref_500(EDGE)
    c, _ = least(to_see(house, views(house)), 504)
    found = letters(heat_map(house, bands=HOUSE), house)
    assert found[int(np.argmin(c))] == "E"
    assert found[0] == "+"


def test_a_value_as_asked_passes():
    house = ref_500(CHEST)
    exactly = float(views(house).targets["ref_chest"].c[-1])
    found = letters(heat_map(house, bands=(exactly + 1e-9,)), house)
    assert found[-1] == "A"


def test_killed_and_turned_seats_have_classes_of_their_own():
    first, *others = ref_500().seat_rows
    house = scene(
        replace(first, status=np.full(28, "kill")), *others[:-1], replace(others[-1], facing=np.full(28, -90.0)), CHEST
    )
    counted, total = legend(heat_map(house, bands=HOUSE))
    assert (counted["×"], counted["–"], total) == (28, 28, 504)
    assert counted["+"] == 28, "row B has nobody in front any more"


def test_a_seat_is_a_filled_square_with_an_outline():
    house = ref_500(CHEST)
    drawing = heat_map(house, bands=HOUSE)
    counted, _ = legend(drawing)
    fills = [m for m in drawing.marks if isinstance(m, Fill)]
    assert all(m.colour is not None and m.style == Style("sight", "pattern") for m in fills)
    assert len(fills) == 504 + len(counted)
    assert len({m.colour for m in fills[:504]}) == len({letter for letter, n in counted.items() if n})
    squares = [m for m in drawing.marks if isinstance(m, Line) and m.style == Style("seating", "beyond")]
    assert len(squares) == 504 + len(counted)


def test_a_grey_print_keeps_the_order_of_the_bands():
    grey = [colorsys.rgb_to_yiq(*colour)[0] for colour in RAMP]
    assert all(b - a > 0.04 for a, b in pairwise(grey))


def test_one_target_is_named_in_the_title_and_a_slip_is_met_with_the_nearest():
    house = ref_500(CHEST, EDGE)
    assert heat_map(house, target="ref_edge", bands=HOUSE).title == "C-VALUE TO REF_EDGE"
    assert heat_map(house).title == "LEAST C-VALUE TO ALL THAT MUST BE SEEN"
    with pytest.raises(VenueError, match="did you mean 'ref_edge'"):
        heat_map(house, target="ref_edg")


def test_small_seats_go_without_letters_and_say_so():
    drawing = heat_map(ref_500(CHEST), scale=1000, bands=HOUSE)
    assert "At 1:1000 seats are too small for their letters; darker is lower." in drawing.notes
    assert legend(drawing)[1] == 504


def test_no_seats_and_nothing_to_see_are_said():
    assert legend(heat_map(ref_500()))[0]["–"] == 504
    assert "Nothing to be seen is named: a target, a presenter or a screen." in heat_map(ref_500()).notes
    empty = heat_map(scene(CHEST))
    assert any(isinstance(m, Text) and m.text == "0" for m in empty.marks)


def test_a_balcony_stands_beside_the_seats_beneath_it():
    import stagecraft as sc

    house = sc.build(sc.load(EXAMPLES / "lecture-raked" / "venue.yaml"))
    drawing = heat_map(house, bands=HOUSE)
    squares = [m.points for m in drawing.marks if isinstance(m, Line) and m.style == Style("seating", "beyond")]
    places = {tuple(np.round(np.mean(ring, axis=0)).tolist()) for ring in squares}
    assert len(places) == len(squares)
    assert any("to the right of where they stand" in note for note in drawing.notes)


def test_dxf_has_true_colours_on_a_layer_of_their_own_and_is_sound(tmp_path):
    import ezdxf

    house = ref_500(CHEST)
    write_dxf(heat_map(house, bands=HOUSE), tmp_path / "map.dxf")
    doc = ezdxf.readfile(tmp_path / "map.dxf")
    auditor = doc.audit()
    assert not auditor.errors
    assert not auditor.fixes
    hatches = doc.modelspace().query("HATCH")
    assert {h.dxf.layer for h in hatches} == {"Q-SIGHT-FILL"}
    assert all(h.rgb is not None for h in hatches)
    assert len({h.rgb for h in hatches}) == len(legend(heat_map(house, bands=HOUSE))[0])


def test_a_fill_without_a_colour_stays_by_layer(tmp_path):
    import ezdxf

    import stagecraft as sc

    write_dxf(sc.plan(sc.build(sc.load(EXAMPLES / "minimal" / "venue.yaml"))), tmp_path / "plan.dxf")
    hatches = ezdxf.readfile(tmp_path / "plan.dxf").modelspace().query("HATCH")
    assert len(hatches)
    assert all(h.rgb is None and h.dxf.color == 256 for h in hatches)


def test_svg_and_pdf_print_the_colours_as_given():
    drawing = heat_map(ref_500(CHEST), bands=HOUSE)
    svg, pdf = io.BytesIO(), io.BytesIO()
    write_svg(drawing, svg)
    words = svg.getvalue().decode()
    for colour in {m.colour for m in drawing.marks if isinstance(m, Fill)}:
        assert f'fill="#{"".join(f"{round(255 * part):02x}" for part in colour)}"' in words
    write_pdf(drawing, pdf)
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf.getvalue())[0]
    assert "120 mm and more" in page.get_textpage().get_text_range()
    pixels = np.asarray(page.render(scale=2).to_pil().convert("RGB")).reshape(-1, 3)
    for colour in RAMP:
        assert (np.abs(pixels - np.round(255 * np.array(colour))).max(axis=1) <= 1).any()


@pytest.mark.parametrize("writer", [write_svg, write_pdf, write_dxf])
def test_twice_gives_the_same_bytes(writer):
    made = []
    for _ in range(2):
        file = io.BytesIO()
        writer(heat_map(ref_500(CHEST), bands=HOUSE), file)
        made.append(file.getvalue())
    assert made[0] == made[1]


# what is seen past fixed things, and past people


BANDS = ruleset.view_bands(ruleset.load(["house"]))


def post(x, y, name="K1"):
    from stagecraft.geometry import shapes
    from stagecraft.geometry.frame import frame
    from stagecraft.scene import Part

    return Part("hall", shapes.box(0.4, 0.4, 5.0), frame((x, y, 0.0))[None], "column", name=name, blocks="architecture")


def wall(*, wide=6.0, low=2.0, high=5.0):
    corners = [(-wide / 2, 0, low), (wide / 2, 0, low), (wide / 2, 0, high), (-wide / 2, 0, high)]
    return target(*corners, name="LED wall", role="screen", kind="surface", element="led")


def test_every_seat_has_the_band_of_what_fixed_things_leave_and_each_short_one_its_culprit():
    house = ref_500(wall(), post(-2.0, -4.5), post(3.0, -9.0, "K2"))
    made = views(house)
    share = made.visible.targets["LED wall"].content
    drawing = heat_map(house, made, bands=BANDS, what="share")
    counted, total = legend(drawing)
    edges = {"A": (0.95, 2), "B": (0.8, 0.95), "C": (0.66, 0.8), "D": (0.33, 0.66), "E": (-1, 0.33)}
    assert counted == {k: int(((share >= low) & (share < high)).sum()) for k, (low, high) in edges.items()}
    assert total == sum(counted.values()) == 504
    found = [m.text for m in drawing.marks if isinstance(m, Text) and m.text.startswith("column K") and ":" in m.text]
    seats = {words.split(":")[0]: int(words.split(":")[1].split()[0]) for words in found}
    assert set(seats) == {"column K1", "column K2"}
    assert sum(seats.values()) == 504 - counted["A"]


def test_a_feed_is_as_good_as_its_best_screen_and_the_least_of_all_is_shown():
    screens = [
        replace(wall(), element=f"s{k}", name=f"screen {k}", points=wall().points + [12.0 * k, 0, 0]) for k in (0, 1)
    ]
    house = ref_500(*screens, post(0.0, -2.6))
    alone = heat_map(house, target="screen 0", bands=BANDS, what="share")
    fed = heat_map(replace(house, feeds={"imag": ("s0", "s1")}), bands=BANDS, what="share")
    both = heat_map(house, bands=BANDS, what="share")
    bad = [504 - legend(one)[0]["A"] for one in (fed, alone, both)]
    assert bad[0] < bad[1] <= bad[2]


def test_heads_never_brand_a_seat():
    drawing = heat_map(ref_500(wall()), bands=BANDS, what="people")
    words = " ".join(m.text for m in drawing.marks if isinstance(m, Text)).lower()
    assert not [name for name in BANDS if f"{name}:" in words]
    assert "66 % to 80 %" in words


def test_what_past_people_is_seen_is_never_more_than_past_fixed_things():
    house = ref_500(wall(), post(-2.0, -4.5))
    made = views(house)
    fixed, people = (heat_map(house, made, bands=BANDS, what=what) for what in ("share", "people"))
    for before, after in zip(letters(fixed, house), letters(people, house)):
        assert after >= before, "a later letter is a worse view"


def test_points_of_focus_are_left_to_their_c_values_where_there_is_more_to_see():
    house = ref_500(wall(), EDGE)
    people = heat_map(house, bands=BANDS, what="people")
    assert people.title.startswith("VIEW OF LED WALL")
    assert "C-values are for ref_edge." in " ".join(people.notes)
    assert legend(people) == legend(heat_map(ref_500(wall()), bands=BANDS, what="people"))
    assert legend(heat_map(house, target="ref_edge", bands=BANDS, what="people"))[1] == 504


def test_a_row_in_front_of_another_block_is_told_with_it():
    x = np.c_[(np.arange(10) - 4.5) * 0.55, np.full(10, -4.0)]
    hall = scene(row(1, x, element="front"), row(1, x - [0, 0.95], element="rear", label="M"), CHEST)
    words = [m.text for m in heat_map(hall, bands=(0.0, 1.0)).marks if isinstance(m, Text)]
    assert [text for text in words if text.endswith("over front row A")]


def test_a_target_without_a_share_and_a_map_of_something_else_are_met_in_a_sentence():
    floor = replace(target((-3, 0, 0.9), (3, 0, 0.9), name="edge"), role="floor")
    with pytest.raises(VenueError, match="'edge' is no thing of which a share is seen"):
        heat_map(ref_500(floor), target="edge", what="share")
    with pytest.raises(VenueError, match="a heat map shows c, share or people, not 'heads'"):
        heat_map(ref_500(CHEST), what="heads")


@pytest.mark.parametrize("what", ["c", "share", "people"])
def test_no_seats_nothing_to_see_and_one_seat_are_maps_that_say_so(what):
    empty = heat_map(scene(CHEST), what=what)
    assert max(sheet_of(empty).size) == 297.0, "A4 is enough"
    assert "nothing to be seen is named" in [
        m.text for m in heat_map(ref_500(), what=what).marks if isinstance(m, Text)
    ]
    assert "There are no seats: nothing is coloured." in empty.notes
    assert "Nothing to be seen is named: a target, a presenter or a screen." in heat_map(ref_500(), what=what).notes
    assert legend(heat_map(ref_500(), what=what))[0]["–"] == 504
    assert legend(heat_map(scene(row(1, [(0, -5)]), CHEST), what=what))[1] == 1


# for those who look


def _lab(rgb):
    linear = np.where(np.array(rgb) <= 0.04045, np.array(rgb) / 12.92, ((np.array(rgb) + 0.055) / 1.055) ** 2.4)
    return _lab_linear(linear)


def _lab_linear(linear):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(np.maximum(xyz @ np.clip(linear, 0, 1) / (xyz @ np.ones(3)), 1e-4))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


DICHROMATS = {
    "protanope": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranope": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanope": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear sRGB as they see it. Source: Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009), severity 1.0."""


@pytest.mark.parametrize("eye", DICHROMATS)
def test_neighbouring_colours_differ_for_every_eye(eye):
    linear = [
        np.where(np.array(c) <= 0.04045, np.array(c) / 12.92, ((np.array(c) + 0.055) / 1.055) ** 2.4) for c in RAMP
    ]
    seen = [_lab_linear(np.array(DICHROMATS[eye]) @ one) for one in linear]
    assert min(float(np.linalg.norm(b - a)) for a, b in pairwise(seen)) > 10
    assert all(b[0] > a[0] + 5 for a, b in pairwise(seen)), "lighter from step to step"


def test_letters_are_read_on_every_colour():
    light = [((_lab(c)[0] + 16) / 116) ** 3 for c in RAMP]
    assert min((y + 0.05) / 0.05 for y in light) > 4.5, "contrast of black on it, WCAG 2.1"


@pytest.mark.parametrize("name", ["keynote-500", "ref-500", "lecture-raked", "ballroom", "minimal"])
def test_the_smallest_sheet_on_which_letters_are_read_is_filled(name):
    import stagecraft as sc
    from stagecraft.drawing._paper import SIZES

    drawing = heat_map(sc.build(sc.load(EXAMPLES / name / "venue.yaml")), bands=HOUSE)
    sheet = sheet_of(drawing)
    (view,) = sheet.views
    assert view.scale == drawing.scale, "no sheet had to be looked for at another scale"
    assert sorted(sheet.size) in [sorted(SIZES[paper]) for paper in ("A4", "A3", "A2")]
    (left, low), (right, high) = view.window
    assert (right - left) * (high - low) > 0.45 * (sheet.size[0] - 30) * (sheet.size[1] - 20)
    squares = [m for m in drawing.marks if isinstance(m, Text) and m.text in "ABCDE+–×" and m.align == "centre"]
    assert min(m.height for m in squares) >= 1.8


def test_a_tiny_hall_mark_by_mark():
    """Two rows of two on a flat floor, one seat killed: every text of the map, where it stands in metres."""
    hall = scene(
        row(1, [(-0.3, -3), (0.3, -3)]), row(2, [(-0.3, -4), (0.3, -4)], status=np.array(["open", "kill"])), target((0, 0, 2.2), name="host")
    )  # fmt: skip
    drawing = heat_map(hall, bands=HOUSE)
    found = {(m.text, round(m.at[0] / 1000, 3), round(m.at[1] / 1000, 3)) for m in drawing.marks if isinstance(m, Text)}
    assert {("+", -0.3, -3.0), ("+", 0.3, -3.0), ("A", -0.3, -4.0), ("×", 0.3, -4.0)} <= found
    assert {text for text, _, _ in found} == {
        "+", "A", "×", "B", "C", "D", "E", "HOST", "C-value", "seats", "all", "0", "1", "2", "4", "120 mm and more",
        "90 mm to 120 mm", "60 mm to 90 mm", "0 mm to 60 mm", "below 0 mm", "nobody sits in front",
        "killed: nobody sits there",
    }  # fmt: skip
    assert Counter(type(m).__name__ for m in drawing.marks)["Fill"] == 3 + 6


@pytest.mark.parametrize("house", [ref_500(CHEST), scene(row(1, [(0, -5)]), CHEST), ref_500(CHEST, EDGE, wall())])
@pytest.mark.parametrize("what", ["c", "share"])
def test_without_a_room_too_the_sheet_is_the_one_that_was_meant(house, what):
    drawing = heat_map(house, bands=HOUSE if what == "c" else BANDS, what=what)
    sheet = sheet_of(drawing)
    assert sheet.views[0].scale == drawing.scale
    (left, low), (right, high) = sheet.views[0].window
    assert (right - left) * (high - low) > 0.3 * (sheet.size[0] - 30) * (sheet.size[1] - 20)


@pytest.fixture(scope="module")
def keynote():
    import stagecraft

    return stagecraft.open(EXAMPLES / "keynote-500" / "venue.yaml")


def texts(drawing):
    return [mark.text for mark in drawing.marks if isinstance(mark, Text)]


def test_reasons_of_the_least_of_many_say_of_which_one(keynote):
    seen = to_see(keynote.scene, keynote.views)
    for what, bands in (("c", HOUSE), ("people", BANDS)):
        told = texts(heat_map(keynote.scene, keynote.views, bands=bands, what=what))
        heading = told.index("Worst of each block" if what == "c" else "Least of each block")
        rows = [words for words in told[heading:] if "%" in words or " over row" in words]
        assert rows
        assert all(any(name in words for name in seen) for words in rows)
        alone = texts(heat_map(keynote.scene, keynote.views, "Presenter", bands=bands, what=what))
        assert not any("of Presenter" in words or "to Presenter" in words for words in alone)


def test_two_things_of_one_name_are_told_apart(keynote):
    told = texts(heat_map(keynote.scene, keynote.views, bands=BANDS, what="share"))
    arrays = [words for words in told if words.startswith("Main array") and "seat" not in words]
    assert sorted(arrays) == ["Main array (PA)", "Main array (PA_mirror)"]


def test_a_lectern_beside_its_presenter_hides_nothing_of_them_past_people_either(keynote):
    house = keynote.scene
    bands = keynote.bands
    (look,) = [one for one in looks(house, keynote.views, bands.reach) if one.name == "Presenter"]
    found = np.array(letters(heat_map(house, keynote.views, "Presenter", bands=bands, what="people"), house))
    kept = house.seats.status != "kill"
    assert ((look.past_people >= max(bands.values()) - 1e-6) == (found == "A"))[kept].all()


def test_a_block_is_named_behind_its_last_row_whichever_of_its_rows_was_laid_out_last():
    import stagecraft

    house = stagecraft.open(EXAMPLES / "ballroom" / "venue.yaml").scene
    named = {
        mark.text: mark.at
        for mark in heat_map(house, bands=HOUSE).marks
        if isinstance(mark, Text) and mark.height == 3.5
    }
    for block in ("L", "C", "R"):
        last = house.seats.at[house.seats.block == block][:, 1].min() * 1000
        assert last - 700 < named[block][1] < last, "by the depth of that row, not of the wheelchair places in front"


def test_the_leader_of_a_name_strikes_no_seat_and_still_reaches_from_the_thing_to_its_name(keynote):
    house = keynote.edit("cam1", at=[0.3, -12.4])
    drawing = heat_map(house.scene, house.views, bands=BANDS, what="share", scale=150)
    low, high = (house.scene.seats.at[:, :2] + side * 0.2 for side in (-1, 1))
    leaders = [mark for mark in drawing.marks if isinstance(mark, Leader)]
    pieces = [
        mark
        for mark in drawing.marks
        if isinstance(mark, Line) and mark.style == Style("note") and len(mark.points) == 2
    ]
    upright = [mark for mark in pieces if mark.points[0][0] == mark.points[1][0]]
    assert len(upright) > 1
    for mark in (*leaders, *upright):
        points = (np.linspace(mark.points[0], mark.points[-1], 200) / 1000)[:, None]
        assert not ((points > low) & (points < high)).all(axis=2).any()
    assert {mark.points[0][0] for mark in upright} <= {mark.points[0][0] for mark in leaders}


def test_a_map_alone_says_whose_it_is_and_of_which_state(keynote):
    about = keynote.scene.about
    written = " ".join(
        m.text for m in sheet_of(heat_map(keynote.scene, keynote.views, bands=HOUSE)).marks if isinstance(m, Text)
    )
    assert all(word in written for word in (about.name, about.client, about.rev, about.date, about.hash))
