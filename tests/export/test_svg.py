"""An SVG is the same sheet: its size in millimetres, its text as text, one definition for many seats."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest

from stagecraft.drawing.marks import Sheet, Style, Text
from stagecraft.errors import VenueError
from stagecraft.export.svg import write_svg
from stagecraft.export.write import write
from tests.export import marked

SVG = "{http://www.w3.org/2000/svg}"


def tree(paper):
    out = io.BytesIO()
    write_svg(paper, out)
    return ElementTree.fromstring(out.getvalue())


def test_the_page_is_the_sheet_in_millimetres():
    root = tree(marked.book().sheets[0])
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("420mm", "297mm", "0 0 420 297")


def test_text_is_text_and_six_chairs_are_one_definition_used_six_times():
    root = tree(marked.book().sheets[0])
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"Bühne Σκηνή Сцена", "lines {of} \\text", "4000", "800", "1", "6"} <= set(texts)
    uses = [element.get("href") for element in root.iter(f"{SVG}use")]
    assert len(uses) == 6
    assert len(set(uses)) == 1


def test_a_point_of_the_paper_lies_as_far_from_the_top_as_the_sheet_is_tall():
    (text,) = tree(Sheet("", "", (200.0, 100.0), (), (Text(Style("note"), (30.0, 20.0), "x", turn=90.0),))).iter(
        f"{SVG}text"
    )
    assert (text.get("x"), text.get("y")) == ("30", "80")
    assert text.get("transform") == "rotate(-90 30 80)"


def test_what_xml_forbids_is_left_out_and_signs_are_escaped():
    text = Text(Style("note"), (1.0, 1.0), 'a<b>&"c"\x00\ud800 🎭')
    (found,) = tree(Sheet("", "<&>", (10.0, 10.0), (), (text,))).iter(f"{SVG}text")
    assert found.text == 'a<b>&"c" 🎭'


def test_the_same_sheet_gives_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    write_svg(marked.plan(), first)
    write_svg(marked.plan(), second)
    assert first.getvalue() == second.getvalue()


def test_a_book_is_no_picture(tmp_path):
    with pytest.raises(VenueError, match="a Book can be written as dxf, pdf"):
        write(marked.book(), tmp_path / "book.svg")


@pytest.mark.parametrize(
    ("name", "align", "anchor", "direction"),
    [
        ("מסך 12:30", "left", "end", "rtl"), ("מסך", "right", "start", "rtl"), ("مسرح", "centre", "middle", "rtl"),
        ("Hall מסך", "left", None, None), ("12", "right", "end", None),
    ],
)  # fmt: skip
def test_a_line_from_right_to_left_stands_where_others_stand(name, align, anchor, direction):
    text = Text(Style("note"), (30.0, 20.0), name, 2.5, 0.0, align)
    (found,) = tree(Sheet("", "", (200.0, 100.0), (), (text,))).iter(f"{SVG}text")
    assert (found.text, found.get("x"), found.get("text-anchor"), found.get("direction")) == (
        name,
        "30",
        anchor,
        direction,
    )
