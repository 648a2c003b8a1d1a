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

from stagecraft.analysis.seen import least, to_see
from stagecraft.analysis.views import views
from stagecraft.checks import ruleset
from stagecraft.drawing.heatmap import RAMP, heat_map
from stagecraft.drawing.marks import Fill, Line, Style, Text
from stagecraft.errors import VenueError
from stagecraft.export.dxf import write_dxf
from stagecraft.export.pdf import write_pdf
from stagecraft.export.svg import write_svg
from tests.analysis._house import ref_500, scene, target

HOUSE = ruleset.c_bands(ruleset.load(["house"]))
CHEST = target((0, 0, 2.2), name="ref_chest")
EDGE = target((0, 0, 0.9), name="ref_edge")
EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def legend(drawing):
    """Letter → number, read from the drawing: a letter's square, its words and its count stand in one line."""
    texts = [m for m in drawing.marks if isinstance(m, Text)]
    counts = {m.at[1]: m.text for m in texts if m.align == "right" and m.text.isdigit()}
    out = {m.text: int(counts[y]) for m in texts if m.align == "centre" for y in counts
           if 0 < m.at[1] - y < 2 * drawing.scale and m.at[0] > max(x for x, _ in _seat_places(drawing))}  # fmt: skip
    (total,) = (int(counts[m.at[1]]) for m in texts if m.text == "all")
    return out, total


def _seat_places(drawing):
    head = next(m for m in drawing.marks if isinstance(m, Text) and m.text == "C-value")
    return [m.at for m in drawing.marks if isinstance(m, Text) and m.align == "centre" and m.at[0] < head.at[0]]


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
